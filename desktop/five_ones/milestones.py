"""The pane beside the milestones' chart: how far a plan is, its milestones, and the form of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field, Words
from db.core.text import _
from desktop.five_ones import gantt_rows as rows
from desktop.kit import projector, theme
from desktop.kit.cells import Cell
from desktop.kit.form import Form
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from db.five_ones.gantt import Bar, Plan

_KEYS = ("name", "planned_on", "forecast_on", "actual_on", "unit", "weight", "line", "reason", "remarks")
_NEEDS = Field("needs", _("Waits for"), Words(tags=True))
_LIST, _LOW = 236, 480


class MilestonePane(QFrame):
    """Shows one plan. `chosen`: a milestone of it by its mark; the buttons ask the view for its forms."""

    chosen = Signal(str)
    template_wanted = Signal()
    add_wanted = Signal()
    replan_wanted = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.page = page
        self.plan: Plan | None = None
        self.units: Sequence[str] = ()
        self.form: Form | None = None
        self._listed = False
        self._typed: dict[int, dict[str, str]] = {}  # milestone → what stands in its form and is not saved
        self._saved = False  # what stands in the form is in the book, and is to be read anew
        self._title = label("", size=15, bold=True, wrap=True)
        self._second = label("", size=12, tone="mute", wrap=True)
        self._weight = label("", size=12, wrap=True)
        self._money = label("", size=12, wrap=True)
        self._hints = label("", size=12, tone="amber", wrap=True)
        self.list = PlainList(row_height=26)
        self.list.setFixedHeight(_LIST)
        self.list.picked.connect(self._picked)
        self._forms = QStackedWidget()
        self._nothing = label(_("Choose a milestone to change it."), tone="mute", wrap=True)
        self._nothing.setContentsMargins(16, 12, 16, 12)
        self._forms.addWidget(self._nothing)
        self.save = button(_("Save"), self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.replan = button(_("Plan anew…"), self.replan_wanted.emit, tip="Shift+F2")
        self.leave_out = button(_("Leave it out"), self._leave_out)
        self.add = button(_("Add a milestone…"), self.add_wanted.emit, small=True)
        self.template = button(_("Apply a template…"), self.template_wanted.emit, small=True)
        self.page.writers += [self.save, self.replan, self.leave_out, self.add, self.template]
        lines = column_of(gap=0, parent=self)
        head = column_of(
            self._title, self._second, self._weight, self._money, self._hints, margins=(16, 12, 16, 8), gap=4
        )
        lines.addLayout(head)
        lines.addWidget(bar("filter", 40, self.template, self.add, None))
        lines.addWidget(self.list)
        lines.addWidget(self._forms, 1)
        lines.addWidget(bar("bottom", theme.ACTION_BAR, self.save, self.replan, None, self.leave_out))
        self.show_plan(None, None)

    # --- reading ---------------------------------------------------------------------------------------------------

    def show_plan(self, plan: Plan | None, mark: str | None, *, listed: bool = True) -> None:
        """A plan, and one milestone of it; listed: with the list of all of them."""
        self.plan = plan
        day = self.page.desk.today().isoformat()
        self._listed = listed and plan is not None and bool(plan.bars)
        self.list.setVisible(self._listed and self.height() >= _LOW)
        self._title.setText(projector.covered(plan.name) if plan is not None else tr(_("No project is chosen")))
        self._second.setText(plan.unit if plan is not None else "")
        self._weight.setText(tr(rows.said_progress(plan.weight)) if plan is not None and plan.bars else "")
        self._money.setText(tr(rows.said_money(plan.money)) if plan is not None else "")
        hints = [tr(one) for one in plan.hints] if plan is not None else []
        if plan is not None and not plan.bars:
            hints = [tr(_("There are no milestones. Apply a template, or add them one by one."))]
        self._hints.setText("\n".join(hints))
        for part in (self._second, self._weight, self._money, self._hints):
            part.setVisible(bool(part.text()))
        self.add.setVisible(plan is not None)
        self.template.setVisible(plan is not None)
        self._fill(day)
        self.show_stone(mark)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window has no room for the list beside the form: milestones are chosen on the chart."""
        self.list.setVisible(self._listed and self.height() >= _LOW)
        super().resizeEvent(event)

    def _fill(self, day: str) -> None:
        bars = self.plan.bars if self.plan is not None else ()
        headings = (
            Heading(_("Milestone"), 104, stretch=True), Heading(_("Planned on"), 92), Heading(_("Done on"), 92),
            Heading(_("Weight"), 62, right=True),
        )  # fmt: skip

        def cell(row: int, column: int) -> Cell:
            one = bars[row]
            late = "red" if one.late(day) else "text"
            if column == 0:
                return text_cell(one.stone.name, tone=late)
            if column == 3:
                return text_cell(str(one.stone.weight or ""), right=True)
            return text_cell((one.stone.planned if column == 1 else one.stone.actual) or "", tone=late)

        self.list.show_rows(headings, len(bars), cell)

    def _picked(self, row: int, _column: int) -> None:
        if self.plan is not None:
            self.chosen.emit(str(self.plan.bars[row].id))

    def current(self) -> Bar | None:
        """The milestone whose form is shown."""
        number = self.form.record if self.form is not None else 0
        return next((one for one in self.plan.bars if one.id == number), None) if self.plan is not None else None

    def show_stone(self, mark: str | None) -> None:
        """The form of one milestone; what was typed into any of them and is not saved stays."""
        bars = self.plan.bars if self.plan is not None else ()
        one = next((found for found in bars if str(found.id) == mark), None)
        if self.form is not None:
            self._typed[self.form.record] = {} if self._saved else self.form.texts()
        self._saved = False
        if self.form is not None:
            self._forms.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None
        for part in (self.save, self.replan, self.leave_out):
            part.setVisible(one is not None)
        if one is None:
            self._forms.setCurrentWidget(self._nothing)
            self._nothing.setVisible(bool(bars))
            return
        self.form = self._form_of(one)
        self.form.put_texts(self._typed.get(one.id, {}))
        self._forms.addWidget(self.form)
        self._forms.setCurrentWidget(self.form)
        self.list.selectRow(bars.index(one))
        undone = one.stone.actual is None
        present = self.page.desk.seen is None
        self.save.setEnabled(present)
        self.replan.setEnabled(undone and present)
        self.leave_out.setEnabled(undone and present)

    def _form_of(self, one: Bar) -> Form:
        from db.five_ones.fields import MILESTONE_FIELDS

        assert self.plan is not None
        fields = [field for key in _KEYS for field in MILESTONE_FIELDS if field.key == key]
        stone = one.stone
        names = {other.stone.key: other.stone.name for other in self.plan.bars}
        values: dict[str, Any] = {
            "id": one.id, "name": stone.name, "planned_on": stone.planned, "forecast_on": stone.forecast,
            "actual_on": stone.actual, "unit": one.unit or None, "weight": stone.weight, "line": stone.line,
            "reason": one.reason or None, "remarks": one.remarks or None,
            "needs": "、".join(names[key] for key in stone.needs if key in names) or None,
        }  # fmt: skip
        others = [name for key, name in names.items() if key != stone.key]
        form = Form(
            [*fields[:7], _NEEDS, *fields[7:]], values, names={"unit": self.units, "needs": others}, needed=("name",),
            today=self.page.desk.today().isoformat(),
        )  # fmt: skip
        form.submitted.connect(self.carry_out)
        return form

    # --- changing --------------------------------------------------------------------------------------------------

    def carry_out(self) -> None:
        """Write what was changed in the form."""
        one, plan = self.current(), self.plan
        values = self.form.changes() if self.form is not None and self.save.isEnabled() else None
        if one is None or plan is None or not values:
            return
        needs = None
        if "needs" in values:
            needs = [name.strip() for name in str(values.pop("needs") or "").split("、") if name.strip()]
        named = _("“{name}”: milestone “{milestone}”", name=plan.name, milestone=one.stone.name)

        def work(connection: Connection) -> None:
            from db.five_ones.gantt import change

            change(connection, one.id, values, needs=needs)

        def written(_nothing: object) -> None:
            self._saved = True

        self.save.setEnabled(False)  # until it is read anew: a second click would write it twice
        self.page.write(named, work, written, failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.save.setEnabled(True)
        fields: Mapping[str, Any] = problem.fields if isinstance(problem, Refused) else {}
        if self.form is None or not self.form.complain(fields):
            self.page.desk.complain(problem)

    def _leave_out(self) -> None:
        one, plan = self.current(), self.plan
        if one is None or plan is None:
            return

        def work(connection: Connection) -> None:
            from db.five_ones.service import leave_out

            leave_out(connection, one.id)

        self.leave_out.setEnabled(False)
        named = _("“{name}”: milestone “{milestone}” left out", name=plan.name, milestone=one.stone.name)
        self.page.write(named, work)
