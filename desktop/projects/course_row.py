"""One row of the timeline: plan line, bar, what is overdue, labels; and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.day_lines import NAMES, diamond, short
from desktop.kit.labels import Wish, place
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.projects.schedule import Course, Step
    from desktop.projects.course_lines import CourseLines

ROW = 56
PLAN, BAR, WORDS = 14, 32, 38  # from the top of a row: plan line, middle of the bar, labels


class CourseRow:
    """Draws the course of one project."""

    def __init__(self, lines: CourseLines, painter: QPainter, row: int, course: Course) -> None:
        self.lines, self.painter, self.row, self.course = lines, painter, row, course
        self.top = lines.top_of(row)
        self.today = lines.view.today
        self.late = course.overdue(self.today)

    def draw(self) -> None:
        """Plan, bar, what is overdue, labels."""
        self._plan()
        self._bar()
        self._labels()

    def _plan(self) -> None:
        of, y = theme.tokens(), self.top + PLAN
        planned = [(one, one.planned) for one in self.course.steps if one.planned]
        if not planned:
            return
        days = [self._day_of(one, day) for one, day in planned]
        self.painter.setPen(QPen(of.color("faint"), 1.2))
        begin = [one.actual for one in self.course.steps if one.actual][:1]
        self.painter.drawLine(QPointF(self.lines.x_of(min([*days, *begin])), y), QPointF(self.lines.x_of(max(days)), y))
        for (step, _planned), day in zip(planned, days, strict=True):
            if step.first:
                diamond(self.painter, QPointF(self.lines.x_of(step.first), y), of.line, full=False)
            late = self.late is not None and self.late[0].stage == step.stage
            ring = self.lines.row == self.row and self.lines.step == step.stage
            color = of.red if late else of.accent if ring else of.mute
            diamond(self.painter, QPointF(self.lines.x_of(day), y), color, full=False, large=ring)

    def _day_of(self, step: Step, day: str) -> str:
        dragged = self.lines.dragged
        return dragged[2] if dragged is not None and dragged[:2] == (self.row, step.stage) else day

    def _bar(self) -> None:
        of, y = theme.tokens(), self.top + BAR
        actual = [one.actual for one in self.course.steps if one.actual]
        if actual:
            ends = self.course.is_over or self.course.status not in ("active", "on_hold")
            last = max(actual) if ends else max(self.today, *actual)
            x = self.lines.x_of(min(actual))
            self.painter.fillRect(QRectF(x, y - 3, self.lines.x_of(last) - x, 6), of.color("accent"))
        if self.late is not None and self.late[0].planned is not None:
            self._overdue(self.late[0].planned, y)
        for step in self.course.steps:
            if step.actual:
                ring = self.lines.row == self.row and self.lines.step == step.stage
                diamond(self.painter, QPointF(self.lines.x_of(step.actual), y), of.accent, full=True, large=ring)

    def _overdue(self, since: str, y: int) -> None:
        of, x, here = theme.tokens(), self.lines.x_of(since), self.lines.x_of(self.today)
        self.painter.fillRect(QRectF(x, y - 3, here - x, 6), of.color("red"))
        self.painter.setPen(of.color("red"))
        self.painter.drawLine(QPointF(x, self.top + PLAN + 5), QPointF(x, y - 3))
        self.painter.setFont(theme.font(12))
        assert self.late is not None
        self.painter.drawText(QPointF(here + 8, y + 5), tr(said_late(*self.late)))

    def _labels(self) -> None:
        of = theme.tokens()
        metrics = theme.metrics(11)
        late = self.late[0].stage if self.late is not None else None
        steps = [(one, one.actual or one.planned) for one in self.course.steps if one.actual or one.planned]
        texts = [f"{tr(label_of(one.stage))} {short(day)}" for one, day in steps if day]
        wishes = [
            Wish(self.lines.x_of(day), metrics.horizontalAdvance(text) + 1, _weight(step, late))
            for (step, day), text in zip(steps, texts, strict=True)
            if day
        ]
        self.painter.setFont(theme.font(11))
        wide = float(self.lines.viewport().width())
        seen = [one for one in range(len(wishes)) if NAMES - 8 <= wishes[one].x <= wide + 8]
        found = place([wishes[one] for one in seen], NAMES + 4, wide - 4)
        for at, left in zip(seen, found, strict=True):
            if left is not None:
                step = steps[at][0]
                color = "red" if step.stage == late else "text" if step.reached else "mute"
                self.painter.setPen(of.color(color))
                self.painter.drawText(QPointF(left, self.top + WORDS + 11), texts[at])


def _weight(step: Step, late: str | None) -> int:
    """What is overdue matters most, then the signing, the start and the production, then what happened."""
    if step.stage == late:
        return 9
    return (4 if step.stage in ("signed", "started", "produced") else 0) + (2 if step.reached else 1)


def label_of(stage: str) -> Text:
    """What people call a stage."""
    from db.projects.stages import stages

    return stages()[stage].label


def said_late(step: Step, days: int) -> Text:
    """Which step is overdue, and by how many days."""
    return _("{stage} overdue by {days} days", stage=label_of(step.stage), days=f"{days:,}")


def said(step: Step) -> str:
    """A step in words."""
    parts = [tr(label_of(step.stage))]
    if step.planned:
        parts.append(tr(_("planned {day}", day=step.planned)))
    if step.first:
        parts.append(tr(_("planned at first {day}", day=step.first)))
    if step.reached:
        parts.append(tr(_("actual {day}", day=step.actual or _("day not known"))))
    return " · ".join(parts)


def said_course(course: Course, today: str) -> str:
    """A project's course in words, one line a step."""
    late = course.overdue(today)
    lines = [projector.covered(course.name), *(said(one) for one in course.steps)]
    return "\n".join([*lines, tr(said_late(*late))] if late is not None else lines)
