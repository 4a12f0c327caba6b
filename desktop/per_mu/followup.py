"""Land of low use: class D or below thresholds, on which land, and what was done about each (腾笼换鸟)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.text import Text, _
from db.per_mu.models import period_name
from desktop.kit import papers, projector, theme
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import bar, button, clear, column_of, label
from desktop.kit.several_views import View
from desktop.kit.words import tr
from desktop.per_mu.followup_pane import LimitsForm, LowPane, StepForm

if TYPE_CHECKING:
    from db.per_mu.low_use import Limits, Low, Step
    from db.reports.report import Report

_HEADINGS = (
    Heading(_("Company"), 220, stretch=True), Heading(_("Place"), 96), Heading(_("Class"), 76),
    Heading(_("Land (mu)"), 80, right=True), Heading(_("Tax per mu"), 84, right=True),
    Heading(_("Revenue per mu"), 110, right=True), Heading(_("Why on the list"), 166, stretch=True),
    Heading(_("What was done"), 116), Heading(_("Day"), 92), Heading(_("Responsible"), 88),
    Heading(_("Progress"), 120, stretch=True),
)  # fmt: skip
_NOBODY = _("No company has a class of low use or falls below the limits.")
_NO_DATA = _("No metrics yet. Companies are measured once their data of a year are there.")
_NUMBERS = frozenset((3, 4, 5))
_KIND = 7
_TONES = {"in_talks": "amber", "moved_out": "blue", "headquarters_kept": "blue", "site_relet": "green"}


@dataclass(frozen=True)
class Found:
    """What the view reads at once."""

    years: Sequence[int]
    year: int
    limits: Limits
    rows: Sequence[Low]


class LowUseView(View):
    """See the module."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.found: Found | None = None
        self.number = 0  # the company in the pane
        self.years = Choices()
        self.years.setFixedSize(110, 30)
        self.years.setAccessibleName(tr(_("Year")))
        self.years.currentIndexChanged.connect(lambda _at: self.refresh())
        self.said = label("", size=12, tone="mute")
        self.limits_button = button(_("Change the limits…"), self.change_limits, small=True)
        self.copy_button = button(_("Copy as text"), self.copy_text, small=True)
        self.export_button = button(_("Export Excel…"), self.export, icon="export")
        self.step_button = button(_("Record a step"), self.new_step, kind="primary", icon="plus")
        page.writers += [self.limits_button, self.step_button]
        self.list = PlainList()
        self.list.setAccessibleName(tr(_("Land of low use")))
        self.list.picked.connect(lambda row, _column: self.open_row(row))
        self.empty = EmptyPage(_NOBODY)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.empty)
        self._lists.addWidget(self.list)
        self.side = QFrame()
        self.side.setProperty("box", "panel")
        self._side = column_of(gap=0, parent=self.side)
        self.beside = Beside(self._lists, self.side, page.desk.preferences)
        strip = bar("filter", theme.FILTER_BAR, self.years, 8, self.said, None, self.copy_button, self.limits_button)
        column_of(strip, gap=0, parent=self).addWidget(self.beside, 1)

    def bars(self) -> Sequence[QWidget]:
        """Out as a workbook; a step of the chosen company."""
        return self.export_button, self.step_button

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The year that is chosen, the newest at first."""
        chosen = self.years.key

        def work(connection: Connection) -> Found:
            from db.per_mu import low_use
            from db.per_mu.queries import years

            known = years(connection)
            year = int(chosen) if chosen and int(chosen) in known else known[0] if known else 0
            return Found(known, year, low_use.limits(connection), low_use.low(connection, year))

        self.page.ask(work, self._take, key="low_use", title=_("Looking for land of low use"))

    def _take(self, found: Found) -> None:
        self.found = found
        self.years.fill([(str(year), tr(period_name(year))) for year in found.years], str(found.year))
        self.years.setVisible(bool(found.years))
        self._lists.setCurrentIndex(1 if found.rows else 0)
        self.list.show_rows(_HEADINGS, len(found.rows), lambda row, column: _cell(found.rows[row], column))
        self._say(found)
        at = next((at for at, one in enumerate(found.rows) if one.company == self.number), None)
        if at is not None:
            self.list.selectRow(at)
            if not self.side.isHidden():
                self._show_pane(found.rows[at])
        elif not self.side.isHidden():
            self._leave()

    def _say(self, found: Found) -> None:
        from db.per_mu.low_use import decimals

        of = found.limits
        parts = [_("class {name}", name="、".join(of.classes))] if of.classes and not projector.on() else []
        if of.tax is not None:
            parts.append(_("tax per mu below {limit}", limit=decimals(of.tax)))
        if of.revenue is not None:
            parts.append(_("revenue per mu below {limit}", limit=decimals(of.revenue)))
        rule = tr(_(" or ")).join(tr(one) for one in parts)
        said = _("On the list: {rule}", rule=rule) if of.tax is None and of.revenue is None else _(
            "On the list: {rule} (10,000 yuan per mu)", rule=rule)  # fmt: skip
        self.said.setText(tr(said) if rule and found.years else "")
        self.empty.sentence.setText(tr(_NOBODY if found.years else _NO_DATA))
        land = sum((one.land or Fraction(0) for one in found.rows), Fraction(0))
        done = sum(1 for one in found.rows if one.steps)
        self.page.footer.show_facts((
            ("", f"{len(found.rows):,}", tr(_("companies"))),
            (tr(_("Land")), decimals(land), tr(_("mu"))),
            (tr(_("followed up")), f"{done:,}", ""),
        ))  # fmt: skip
        self.page.footer.show_chosen(())

    # --- one company -----------------------------------------------------------------------------------------------

    def current(self) -> Low | None:
        """The company of the row that is chosen."""
        at = self.list.currentIndex().row()
        return self.found.rows[at] if self.found is not None and 0 <= at < len(self.found.rows) else None

    def open_row(self, row: int) -> None:
        """What is known of one: its land, why it is here, what was done."""
        if self.found is not None and row < len(self.found.rows):
            self.list.selectRow(row)
            self._show_pane(self.found.rows[row])

    def _show_pane(self, one: Low) -> None:
        self.number = one.company
        pane = LowPane(self.page, one)
        pane.closed.connect(self._leave)
        pane.new_wanted.connect(self.new_step)
        pane.step_wanted.connect(lambda step: self._step(one, step))
        self._put(pane)

    def new_step(self) -> None:
        """A form for what was done about the chosen company."""
        one = self.current()
        if one is not None and not self.page.rests():
            self._step(one, None)

    def _step(self, one: Low, step: Step | None) -> None:
        self.number = one.company

        def work(connection: Connection) -> dict[str, list[str]]:
            from db.companies.land_blocks import suggestions
            from db.per_mu.low_use import STEP_FIELDS

            return {
                field.key: suggestions(connection, field) for field in STEP_FIELDS if field.key in ("tenant", "carrier")
            }

        def show(names: dict[str, list[str]]) -> None:
            form = StepForm(self.page, one, step, names)
            form.closed.connect(lambda: self._show_pane(one))
            form.written.connect(self._written)
            self._put(form)
            form.take_focus()

        self.page.ask(work, show, key="low_use:step")

    def change_limits(self) -> None:
        """Which classes and thresholds make a place on the list."""
        if self.found is not None and not self.page.rests():
            form = LimitsForm(self.page, self.found.limits)
            form.closed.connect(self._leave)
            form.written.connect(self._written)
            self._put(form)
            form.take_focus()

    def _written(self) -> None:
        self._leave()
        self.refresh()
        self.list.setFocus()

    def _put(self, part: QWidget) -> None:
        clear(self._side)
        self._side.addWidget(part, 1)
        self.beside.unfold()

    def _leave(self) -> None:
        clear(self._side)
        self.beside.fold()

    # --- out of the window -----------------------------------------------------------------------------------------

    def copy_text(self) -> None:
        """The list for a chat, a line a company."""
        if self.found is not None and self.found.rows:
            lines = [_line(one) for one in self.found.rows]
            QGuiApplication.clipboard().setText(projector.covered("\n".join(lines)))
            self.page.desk.say(_("Copied as text; paste it into the chat."))

    def export(self) -> None:
        """The list as a workbook."""
        found = self.found
        if found is None:
            return

        def make(_connection: Connection, lang: str) -> Report:
            from db.per_mu.low_use import low_report

            return low_report(found.rows, found.year, lang)

        what = _("Land of low use, {year}", year=found.year)
        papers.save(self.page, what, make, name=tr(what), kinds="*.xlsx")

    # --- as of a page ----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The list."""
        self.list.setFocus()

    def adapt(self, width: int) -> None:
        """The pane lies over the list where the window is narrow."""
        self.beside.adapt(width)

    def show_example(self) -> None:
        """The first company."""
        self.open_row(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the pane away."""
        if event.key() == Qt.Key.Key_Escape and not self.side.isHidden():
            self._leave()
            self.list.setFocus()
        else:
            super().keyPressEvent(event)


def _texts(one: Low) -> tuple[str, ...]:
    from db.per_mu.low_use import decimals
    from db.per_mu.models import LOW_USE

    last = one.steps[0] if one.steps else None
    hidden = projector.on()
    numbers = (one.land, None if hidden else one.tax_per_mu, one.revenue_per_mu)
    why = tr(Text("{all}", {"all": list(one.why)})) or tr(_("on the list before"))
    step = (tr(LOW_USE.label(last.kind)), last.on_day, last.owner, last.progress) if last is not None else ("",) * 4
    return (
        one.name, one.street, "" if hidden else one.class_, *("" if part is None else decimals(part) for part in numbers),
        projector.COVERED if hidden else why, *step,
    )  # fmt: skip


def _cell(one: Low, column: int) -> Cell:
    text = _texts(one)[column]
    if column == _KIND:
        return Cell(text, tag=_TONES[one.steps[0].kind]) if one.steps else text_cell("")
    return text_cell(text, right=column in _NUMBERS)


def _line(one: Low) -> str:
    name, street, _class, land, _tax, _revenue, why, kind, day, owner, progress = _texts(one)
    said = _("{name} ({street}), {land} mu: {why}", name=name, street=street, land=land, why=why)
    to = [one.steps[0].tenant, one.steps[0].carrier] if one.steps else []
    done = " ".join(part for part in (day, kind, owner, progress, *to) if part) or tr(_("nothing was recorded yet"))
    return f"{tr(said)} · {done}"
