"""The small forms that ask for a day: moving a project to another stage, filling in an actual day, planning anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day
from db.core.text import Text, _
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Chips, button, column_of, label, restyle, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.projects.flow import Way

REASONS: Sequence[Text] = (_("Entered by mistake"), _("Plans changed"), _("Beyond our control"))


class DayLine(QLineEdit):
    """A day, in any form that an import understands."""

    def __init__(self, day: str | None, name: str) -> None:
        super().__init__(day or "")
        self.setPlaceholderText("2024-06-30")
        self.setAccessibleName(name)
        self.setFixedWidth(140)

    def day(self) -> str | None:
        """ISO day, None where nothing was typed; raises `Refused`."""
        from db.core.formats import parse

        value = parse(Day(), self.text())
        return None if value is None else str(value)

    def mark(self, *, wrong: bool) -> None:
        """With a red border where it cannot be taken."""
        self.setProperty("wrong", "true" if wrong else "false")
        restyle(self)


class DayForm(QDialog):
    """Title = the action, button = the verb. Days by name; `reasons` where a reason may be given."""

    def __init__(
        self, parent: QWidget, title: Text, verb: Text, days: Sequence[tuple[str, Text, str | None]], *,
        notes: Sequence[Text] = (), reasons: bool = False, check: Callable[[Mapping[str, str | None]], Sequence[Text]],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(440)
        self.setMaximumWidth(640)
        self._check = check
        lines = column_of(label(title, size=15, bold=True, wrap=True), margins=(20, 18, 20, 18), gap=10, parent=self)
        for note in notes:
            lines.addWidget(label(note, tone="mute", wrap=True))
        self.days: dict[str, DayLine] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for at, (key, text, day) in enumerate(days):
            self.days[key] = DayLine(day, tr(text))
            self.days[key].textChanged.connect(self._typed)
            grid.addWidget(label(text, tone="mute"), at, 0)
            grid.addWidget(self.days[key], at, 1)
        grid.setColumnStretch(2, 1)
        lines.addLayout(grid)
        self.reasons = Chips(REASONS) if reasons else None
        if self.reasons is not None:
            lines.addWidget(label(_("Reason (may be left out)"), size=12, tone="mute"))
            lines.addWidget(self.reasons)
        self.hint = label("", size=12, tone="amber", wrap=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        lines.addWidget(self.hint)
        lines.addWidget(self.refusal)
        self.do = button(verb, self._done, kind="primary")
        self.do.setDefault(True)
        self.rejected.connect(self.deleteLater)
        lines.addSpacing(4)
        lines.addLayout(row_of(None, button(_("Cancel"), self.reject), self.do))
        self._typed()
        asked = self.days[days[-1][0]]  # the day of the step itself stands last
        asked.setFocus()
        asked.selectAll()

    def given(self) -> dict[str, str | None] | None:
        """Key → ISO day; None where one cannot be read, which is said then."""
        found: dict[str, str | None] = {}
        self.refusal.clear()
        for key, line in self.days.items():
            try:
                found[key] = line.day()
                line.mark(wrong=False)
            except Refused as refused:
                line.mark(wrong=True)
                self.refusal.setText(refused.render(language()))
        self.hint.setVisible(bool(self.hint.text()))
        self.refusal.setVisible(bool(self.refusal.text()))
        return None if self.refusal.text() else found

    def _typed(self) -> None:
        given = self.given()
        hints = self._check(given) if given is not None else ()
        self.hint.setText("\n".join(tr(one) for one in hints))
        self.hint.setVisible(bool(hints))

    def _done(self) -> None:
        if self.given() is not None:
            self.accept()

    def complain(self, problem: Problem) -> None:
        """Say why the room refused; nothing typed is lost."""
        self.refusal.setText(problem.render(language()))
        self.refusal.show()


def no_hints(_days: Mapping[str, str | None]) -> Sequence[Text]:
    """Nothing to say about any day."""
    return ()


def ask_move(page: Page, owner: QWidget, number: int, target: str, opened: Callable[[DayForm], None]) -> None:
    """Ask what moving a project to a stage needs, then open its form; `opened` gets the form."""
    if page.rests():
        return

    def look(connection: Connection) -> Way | None:
        from db.projects.flow import way

        return way(connection, number, target)

    def show(found: Way | None) -> None:
        if found is not None and found.stage != found.target:
            form = MoveForm(page, owner, found)
            form.open()
            opened(form)

    page.ask(look, show, key="way")


class MoveForm(DayForm):
    """Moves one project to another stage: the day, the days of stages missing on the way, a reason when it goes back."""

    def __init__(self, page: Page, owner: QWidget, way: Way) -> None:
        from db.projects.stages import stages

        known = stages()
        self.page, self.way = page, way
        target = known[way.target].label
        back = way.is_back
        title = _("Move “{name}” back to “{stage}”", name=way.name, stage=target) if back else _(
            "Move “{name}” to “{stage}”", name=way.name, stage=target
        )  # fmt: skip
        verb = _("Move back to “{stage}”", stage=target) if back else _("Move to “{stage}”", stage=target)
        proposed = way.day if back else page.desk.today().isoformat()
        days: list[tuple[str, Text, str | None]]
        days = [(stage, _("{stage} on", stage=known[stage].label), None) for stage, _needed in way.missing]
        days.append((way.target, _("{stage} on", stage=target), proposed))
        super().__init__(
            owner, title, verb, days, notes=_notes(way), reasons=back, check=lambda given: _hints(way, given)
        )
        self.accepted.connect(self._write)

    def _write(self) -> None:
        from db.projects.flow import go

        given, way = self.given() or {}, self.way
        on = given.pop(way.target)
        also = {stage: day for stage, day in given.items() if day is not None}
        why = self.reasons.chosen if self.reasons is not None else None
        stays = way.is_back and on == way.day

        def work(connection: Connection) -> None:
            go(connection, way, on=None if stays else on, also=also, reason=tr(why) if why is not None else None)

        self.page.write(_named(way, why), work, lambda _nothing: self.deleteLater(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.complain(problem)
        self.open()


def _named(way: Way, why: Text | None) -> Text:
    from db.projects.stages import stages

    target = stages()[way.target].label
    if not way.is_back:
        return _("Move “{name}” to “{stage}”", name=way.name, stage=target)
    if why is None:
        return _("Move “{name}” back to “{stage}”", name=way.name, stage=target)
    return _("Move “{name}” back to “{stage}”: {reason}", name=way.name, stage=target, reason=why)


def _notes(way: Way) -> list[Text]:
    """What is taken away, what is missing."""
    from db.projects.stages import stages

    known, found = stages(), []
    if way.lost:
        lost = [
            _("{stage} {day}", stage=known[stage].label, day=day or _("(day not known)")) for stage, day in way.lost
        ]
        found.append(_("Taken back: {stages}. The history keeps it.", stages=lost))
    needed = [known[stage].label for stage, must in way.missing if must]
    if needed:
        found.append(
            _("“{stages}” is not recorded yet; without a day it is kept as reached, day not known.", stages=needed)
        )
    optional = [known[stage].label for stage, must in way.missing if not must]
    if optional:
        found.append(_("“{stages}” is skipped where no day is given.", stages=optional))
    return found


def _hints(way: Way, given: Mapping[str, str | None]) -> Sequence[Text]:
    from db.projects.rules import date_hints

    return date_hints(given)


def ask_actual(
    page: Page, owner: QWidget, number: int, name: str, stage: str, day: str | None, opened: Callable[[DayForm], None]
) -> None:
    """A form for the day of a stage that was reached already; where it was not, filling it in is the move."""
    if page.rests():
        return
    from db.projects.fields import DATED_STAGES
    from db.projects.stages import stages

    what = stages()[stage].label
    key = next(key for key, one in DATED_STAGES.items() if one == stage)
    title = _("“{name}”: {stage} on", name=name, stage=what)
    form = DayForm(owner, title, _("Save"), [(stage, _("{stage} on", stage=what), day)], check=no_hints)

    def work(connection: Connection, on: str) -> None:
        from db.projects.service import set_values

        set_values(connection, [(number, key, on)])

    def write() -> None:
        on = (form.given() or {}).get(stage)
        if on is not None and on != day:
            page.write(_("“{name}”: {stage} on {day}", name=name, stage=what, day=on), lambda one: work(one, on))

    form.accepted.connect(write)
    form.open()
    opened(form)


def ask_plan(
    page: Page, owner: QWidget, number: int, name: str, stage: str, day: str | None, opened: Callable[[DayForm], None]
) -> None:
    """A form for another planned day, with a reason that may be left out. An empty day is no plan."""
    if page.rests():
        return
    from db.projects.stages import stages

    what = stages()[stage].label
    title = _("Plan “{name}” anew: {stage}", name=name, stage=what)
    days = [(stage, _("{stage} planned for", stage=what), day)]
    form = DayForm(owner, title, _("Plan anew"), days, reasons=True, check=no_hints)

    def write() -> None:
        on = (form.given() or {}).get(stage)
        why = form.reasons.chosen if form.reasons is not None else None
        said = _("Plan “{name}” anew: {stage} {day}", name=name, stage=what, day=on or _("without a day"))
        if why is not None:
            said = _("Plan “{name}” anew: {stage} {day}, {reason}", **{**said.args, "reason": why})

        def work(connection: Connection) -> None:
            from db.projects.service import plan

            plan(connection, number, stage, on)

        page.write(said, work)

    form.accepted.connect(write)
    form.open()
    opened(form)
