"""The drawn part of the milestones' chart: a row a project, or, of one project, a row a milestone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter

from db.core.text import _
from db.five_ones.schedule import PARALLEL
from desktop.five_ones import gantt_rows as rows
from desktop.kit import projector
from desktop.kit.day_lines import DayLines
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.gantt import Bar, Plan
    from desktop.five_ones.gantt import GanttView


class GanttLines(DayLines):
    """A mark is a milestone, by its id. Only planned days can be dragged: what happened never moves."""

    several = True

    def __init__(self, view: GanttView) -> None:
        super().__init__(view.today, rows.PROJECT_ROW)
        self.view = view
        self.setAccessibleName(tr(_("Milestones: hollow marks are planned, full ones done, red is overdue")))

    def show_one(self, *, one: bool) -> None:
        """The milestones of one project, or all projects."""
        self.row_height = rows.STONE_ROW if one else rows.PROJECT_ROW
        self.heading = _("Milestone") if one else _("Project")
        self.show_row(None)
        self.verticalScrollBar().setValue(0)
        self.measure()

    def count(self) -> int:
        """Milestones of the one project, or projects."""
        one = self.view.one
        return len(one.bars) if one is not None else len(self.view.ids)

    def bars(self, row: int) -> Sequence[Bar]:
        """The milestones of a row."""
        if self.view.one is not None:
            return self.view.one.bars[row : row + 1]
        plan = self.view.plan(row)
        return plan.bars if plan is not None else ()

    def bar(self, row: int, key: str | None) -> Bar | None:
        """A milestone of a row by its mark."""
        return next((one for one in self.bars(row) if str(one.id) == key), None)

    def plan_of(self, row: int) -> Plan | None:
        """The project that a row belongs to."""
        return self.view.one or self.view.plan(row)

    def day_of(self, row: int, one: Bar) -> str | None:
        """The planned day; where it is being dragged, the day under the mouse."""
        dragged = self.dragged
        return dragged[2] if dragged is not None and dragged[:2] == (row, str(one.id)) else one.stone.planned

    def point_of(self, row: int, one: Bar, *, planned: bool) -> QPoint:
        """The middle of a mark, in the viewport."""
        single = self.view.one is not None
        day = one.stone.planned if planned else one.stone.actual or one.stone.forecast
        above, below = (rows.STONE_PLANNED, rows.STONE_ACTUAL) if single else (rows.PLANNED, rows.ACTUAL)
        return QPoint(int(self.x_of(day or self.day)), self.top_of(row) + (above if planned else below))

    def marks(self, row: int) -> Sequence[tuple[str, str, QPoint, bool]]:
        """The planned day of each milestone, then the actual or forecast one."""
        found = []
        for one in self.bars(row):
            if one.stone.planned:
                free = one.stone.actual is None
                found.append((str(one.id), one.stone.planned, self.point_of(row, one, planned=True), free))
            other = one.stone.actual or one.stone.forecast
            if other:
                found.append((str(one.id), other, self.point_of(row, one, planned=False), False))
        return found

    def draw_row(self, painter: QPainter, row: int) -> None:
        """A project, or a milestone."""
        plan = self.plan_of(row)
        if plan is None:
            return
        if self.view.one is not None:
            rows.draw_needs(self, painter, row, plan)
            rows.draw_stone(self, painter, row, plan.bars[row])
        else:
            rows.draw_project(self, painter, row, plan)

    def name(self, row: int) -> tuple[str, str] | None:
        """Name, and who is responsible; of a project how many milestones are done."""
        plan = self.plan_of(row)
        if plan is None:
            return None
        if self.view.one is not None:
            one = plan.bars[row]
            weight = tr(_("weight {number}", number=one.stone.weight)) if one.stone.weight else ""
            line = tr(_("parallel line")) if one.stone.line == PARALLEL else ""
            return one.stone.name, " · ".join(part for part in (line, one.unit, weight) if part)
        done = f"{plan.done}/{len(plan.bars)}" if plan.bars else tr(_("no milestones"))
        late = sum(1 for one in plan.bars if one.late(self.day))
        overdue = tr(_("{count} overdue", count=late)) if late else ""
        return projector.covered(plan.name), " · ".join(part for part in (done, overdue, plan.unit) if part)

    def told(self, row: int, key: str | None) -> str:
        """The plan in words, or one milestone of it."""
        plan = self.plan_of(row) if row < self.count() else None
        if plan is None:
            return ""
        one = self.bar(row, key)
        if one is None and self.view.one is not None:
            one = plan.bars[row]
        return rows.said(one, self.day, plan) if one is not None else rows.said_plan(plan, self.day)

    def choose_row(self, row: int) -> None:
        """The project or milestone is the current one."""
        self.view.choose(row)

    def choose_step(self, key: str | None) -> None:
        """Its facts stand in the pane."""
        super().choose_step(key)
        self.view.show_stone(key)

    def enter_row(self, row: int) -> None:
        """The project alone; of one project, the form of the milestone."""
        self.view.enter(row)

    def fill_in(self, row: int, key: str) -> None:
        """The actual day."""
        self.view.fill_in(self.plan_of(row), self.bar(row, key))

    def plan_anew(self, row: int, key: str, day: str | None) -> None:
        """Another planned day."""
        self.view.plan_anew(self.plan_of(row), self.bar(row, key), day)
