"""The drawn part of the timeline: one row a project, its stages as marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter

from db.core.text import _
from desktop.kit import projector
from desktop.kit.day_lines import DayLines
from desktop.kit.words import tr
from desktop.projects.course_row import BAR, PLAN, ROW, CourseRow, label_of, said, said_course

if TYPE_CHECKING:
    from db.projects.schedule import Course, Step
    from desktop.projects.timeline import TimelineView


class CourseLines(DayLines):
    """The rows of the timeline one looks at."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view.today, ROW)
        self.view = view
        self.setAccessibleName(tr(_("Timeline: planned and actual days; the table (Alt+1) has the same in words")))

    def count(self) -> int:
        """The projects of the ledger."""
        return len(self.view.ids)

    def point_of(self, row: int, step: Step, *, planned: bool) -> QPoint:
        """The middle of a diamond, in the viewport."""
        day = step.planned if planned else step.actual
        return QPoint(int(self.x_of(day or self.view.today)), self.top_of(row) + (PLAN if planned else BAR))

    def marks(self, row: int) -> Sequence[tuple[str, str, QPoint, bool]]:
        """The planned day of a stage, then its actual one."""
        course = self.view.course(row)
        return [
            (step.stage, day, self.point_of(row, step, planned=planned), planned)
            for step in (course.steps if course is not None else ())
            for planned, day in ((True, step.planned), (False, step.actual))
            if day
        ]

    def draw_row(self, painter: QPainter, row: int) -> None:
        """The course of the project."""
        course = self.view.course(row)
        if course is not None:
            CourseRow(self, painter, row, course).draw()

    def name(self, row: int) -> tuple[str, str] | None:
        """The project; how far it is and who leads it."""
        course = self.view.course(row)
        if course is None:
            return None
        second = " · ".join(part for part in (tr(label_of(course.stage)), course.leader or "") if part)
        return projector.covered(course.name), second

    def told(self, row: int, key: str | None) -> str:
        """The course in words, or one step of it."""
        course, step = self._of(row, key)
        if course is None:
            return ""
        return said(step) if step is not None else said_course(course, self.view.today)

    def choose_row(self, row: int) -> None:
        """The project is the current one."""
        self.view.choose(self.view.ids[row])

    def enter_row(self, row: int) -> None:
        """The project in full."""
        self.view.opened.emit(self.view.ids[row])

    def fill_in(self, row: int, key: str) -> None:
        """The actual day of a step."""
        course, step = self._of(row, key)
        if course is not None and step is not None:
            self.view.fill_in(course, step)

    def plan_anew(self, row: int, key: str, day: str | None) -> None:
        """Another planned day of a step."""
        course, step = self._of(row, key)
        if course is not None and step is not None:
            self.view.plan_anew(course, step, day)

    def _of(self, row: int, key: str | None) -> tuple[Course | None, Step | None]:
        course = self.view.course(row) if row < self.count() else None
        steps = course.steps if course is not None else ()
        return course, next((one for one in steps if one.stage == key), None)
