"""The small windows of a plan: planning a milestone anew, its actual day, a template applied from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from db.core.errors import Problem, Refused
from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.projects.moving import DayForm, DayLine

if TYPE_CHECKING:
    from db.core.calendar import Calendar
    from db.five_ones.gantt import Bar, Plan
    from db.five_ones.schedule import Planned, Template


class ReplanForm(DayForm):
    """Another planned day for a milestone; those that wait for it move along unless one says otherwise."""

    def __init__(self, page: Page, plan: Plan, one: Bar, day: str | None, calendar: Calendar) -> None:
        self.page, self.plan, self.one, self.calendar = page, plan, one, calendar
        self.following: QCheckBox | None = None
        title = _("Plan “{name}” anew: {stage}", name=plan.name, stage=one.stone.name)
        days = [("day", _("{stage} planned for", stage=one.stone.name), day or one.stone.planned)]
        super().__init__(page, title, _("Plan anew"), days, reasons=True, check=self._said)
        self.following = QCheckBox(tr(_("Those that wait for it move along, by as many working days")))
        self.following.setChecked(True)
        self.following.toggled.connect(self._typed)
        column = self.layout()
        assert column is not None
        column.insertWidget(column.indexOf(self.hint), self.following)  # type: ignore[attr-defined]
        self._typed()
        self.accepted.connect(self._write)

    def _said(self, given: Mapping[str, str | None]) -> Sequence[Text]:
        from db.five_ones import schedule

        day = given.get("day")
        if day is None or self.following is None:
            return ()
        try:
            found = schedule.replan(
                self.plan.stones, self.one.stone.key, day, self.calendar, following=self.following.isChecked()
            )
        except Refused as refused:
            return [Text(refused.render(language()))]
        return schedule.moved(self.plan.stones, found, self.one.stone.key, self.calendar)

    def _write(self) -> None:
        day = (self.given() or {}).get("day")
        if day is None:
            self.complain(Refused(_("Give a day. Nothing was changed.")))
            self.open()
            return
        why = self.reasons.chosen if self.reasons is not None else None
        following = self.following is not None and self.following.isChecked()
        said = _("Plan “{name}” anew: {stage} {day}", name=self.plan.name, stage=self.one.stone.name, day=day)
        if why is not None:
            said = _("Plan “{name}” anew: {stage} {day}, {reason}", **{**said.args, "reason": why})
        number, reason = self.one.id, tr(why) if why is not None else None

        def work(connection: Connection) -> None:
            from db.five_ones.service import replan

            replan(connection, number, day, following=following, reason=reason)

        self.page.write(said, work, lambda _nothing: self.deleteLater(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.complain(problem)
        self.open()


def ask_done(page: Page, plan: Plan, one: Bar) -> DayForm:
    """A form for the day on which a milestone was done; today is proposed."""
    title = _("“{name}”: {stage} done on", name=plan.name, stage=one.stone.name)
    today = page.desk.today().isoformat()

    def ahead(given: Mapping[str, str | None]) -> Sequence[Text]:
        return [_("This day is still to come.")] if (given.get("day") or "") > today else []

    form = DayForm(page, title, _("Save"), [("day", _("Done on"), one.stone.actual or today)], check=ahead)

    def work(connection: Connection, day: str | None) -> None:
        from db.five_ones.gantt import change

        change(connection, one.id, {"actual_on": day})

    def write() -> None:
        given = form.given()
        day = given["day"] if given is not None else one.stone.actual
        if day != one.stone.actual:
            said = day or _("without a day")
            named = _("“{name}”: {stage} done {day}", name=plan.name, stage=one.stone.name, day=said)
            page.write(named, lambda connection: work(connection, day))

    form.accepted.connect(write)
    form.open()
    return form


@dataclass(frozen=True)
class Planning:
    """What a template is applied to: projects, what they are called together, the plan where it is one alone."""

    numbers: Sequence[int]
    named: str
    templates: Mapping[str, Template]
    calendar: Calendar
    plan: Plan | None = None


class TemplateForm(QDialog):
    """A template from a start day on, with the days it would give; what is done keeps its day."""

    def __init__(self, page: Page, wanted: Planning, after: Callable[[], object]) -> None:
        super().__init__(page)
        self.page, self.wanted, self._after = page, wanted, after
        plan = wanted.plan
        title = _("Milestones by a template: {projects}", projects=wanted.named)
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(520)
        choices = [(key, one.name) for key, one in wanted.templates.items()]
        self.choice = Choices(choices, plan.template if plan is not None else None)
        self.choice.currentIndexChanged.connect(lambda _at: self._look())
        today = page.desk.today().isoformat()
        self.start = DayLine((plan.starts_on if plan is not None else None) or today, tr(_("Begins on")))
        self.start.textChanged.connect(lambda _text: self._look())
        self.list = PlainList(row_height=26)
        self.list.setMinimumHeight(300)
        self.hint = label("", size=12, tone="amber", wrap=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.do = button(_("Apply the template"), self._write, kind="primary")
        self.do.setDefault(True)
        self.rejected.connect(self.deleteLater)
        head = row_of(
            label(_("Template"), tone="mute"), self.choice, 8, label(_("Begins on"), tone="mute"), self.start, None
        )
        lines = column_of(label(title, size=15, bold=True, wrap=True), margins=(20, 18, 20, 18), gap=10, parent=self)
        lines.addLayout(head)
        for part in (self.list, self.hint, self.refusal):
            lines.addWidget(part)
        keep = button(_("Save this plan as a template…"), self._keep_plan)
        keep.setVisible(plan is not None and bool(plan.bars))
        lines.addLayout(row_of(keep, None, button(_("Cancel"), self.reject), self.do))
        self._look()
        self.start.setFocus()

    def _keep_plan(self) -> None:
        """Ask for a name; the milestones of the project with their working days become a template of the office."""
        plan = self.wanted.plan
        assert plan is not None
        body = _("Each milestone with the working days it takes; a template of the same name gives way to it.")
        name = self.page.desk.dialogs.ask_words(self, _("Save this plan as a template…"), body, _("Save"))
        if name is None:
            return

        def work(connection: Connection) -> None:
            from db.five_ones.planning import save_plan

            save_plan(connection, plan.id, plan.stones, name)

        named = _("Plan template “{name}”", name=name.strip())
        self.page.write(named, work, self._written, failed=self._refused)

    def _planned(self) -> Planned | None:
        from db.five_ones import schedule

        self.refusal.clear()
        try:
            day = self.start.day()
            self.start.mark(wrong=False)
            if day is None:
                return None
            return schedule.apply(self.wanted.templates[self.choice.key], day, self.wanted.calendar)
        except Refused as refused:
            self.start.mark(wrong=True)
            self.refusal.setText(refused.render(language()))
            return None

    def _look(self) -> None:
        found = self._planned() if self.wanted.templates else None
        stones = found.stones if found is not None else ()
        there = self.wanted.plan.stones if self.wanted.plan is not None else ()
        known = {one.key: one for one in there}
        headings = [Heading(_("Milestone"), 150, stretch=True), Heading(_("Line"), 96), Heading(_("Planned on"), 100)]
        if self.wanted.plan is not None:
            headings.append(Heading(_("As it is"), 150))

        def cell(row: int, column: int) -> Cell:
            from db.five_ones.models import LINE

            one = stones[row]
            was = known.get(one.key)
            if column < 2:
                return text_cell((one.name, tr(LINE.label(one.line)))[column], tone="text" if column == 0 else "mute")
            if column == 2:
                return text_cell(one.planned or "", tone="mute" if was is not None and was.actual else "text")
            return text_cell(_as_it_is(was.planned, was.actual) if was is not None else tr(_("new")), tone="mute")

        self.list.show_rows(headings, len(stones), cell)
        own = [one.name for one in there if one.key not in {other.key for other in stones}]
        hints = list(found.notes) if found is not None else []
        if self.wanted.plan is None:
            hints.append(_("Reckoned in working days; what is done keeps its day."))
        if own and found is not None:
            hints.append(_("{names} of this plan are not in the template and stay as they are.", names=own))
        self.hint.setText("\n".join(tr(one) for one in hints))
        self.hint.setVisible(bool(hints))
        self.refusal.setVisible(bool(self.refusal.text()))
        self.do.setEnabled(found is not None)

    def _write(self) -> None:
        day, key = self.start.day(), self.choice.key
        if day is None:
            return
        template, numbers = self.wanted.templates[key].name, self.wanted.numbers
        self.do.setEnabled(False)  # a second click would apply it twice
        named = _("“{name}”: plan after “{template}” from {day}", name=self.wanted.named, template=template, day=day)

        def work(connection: Connection) -> None:
            from db.five_ones.service import apply_template

            apply_template(connection, numbers, key, start=day)

        self.page.write(named, work, self._written, failed=self._refused)

    def _written(self, _nothing: object) -> None:
        self.accept()
        self.deleteLater()
        self._after()

    def _refused(self, problem: Problem) -> None:
        self.do.setEnabled(True)
        self.refusal.setText(problem.render(language()))
        self.refusal.show()


def _as_it_is(planned: str | None, actual: str | None) -> str:
    if actual:
        return tr(_("done {day}", day=actual))
    return tr(_("planned {day}", day=planned)) if planned else tr(_("without a day"))


def add_milestone(page: Page, owner: QWidget, plan: Plan) -> None:
    """Ask for the name of one more milestone and add it at the end."""
    if page.rests():
        return
    body = _("Its name; day, weight and responsible unit follow in the pane.")
    name = page.desk.dialogs.ask_words(owner, _("Add a milestone to “{name}”", name=plan.name), body, _("Add"))
    if name is None:
        return

    def work(connection: Connection) -> None:
        from db.five_ones.service import add_milestone as add

        add(connection, plan.id, name)

    page.write(_("“{name}”: new milestone “{milestone}”", name=plan.name, milestone=name.strip()), work)
