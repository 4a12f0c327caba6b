"""服务: who visits whom, what the finance stewards look after, the policies and to whom they were sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.fields import Field, Flag
from db.core.period import Period, period_name
from db.core.text import Text, _
from desktop.forum.service_form import MatchPart, RowForm, visit_on
from desktop.forum.service_month import VisitMonth
from desktop.kit import projector, theme
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.columns import with_unit
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import Segments, Tabs, bar, button, column_of, label
from desktop.kit.several_views import View
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.queries import Planned
    from db.forum.served import Row

VISITS, CASES, POLICIES = "visits", "cases", "policies"
_ADD: Mapping[str, Text] = {
    VISITS: _("Plan a visit"), CASES: _("Record a need of money"), POLICIES: _("Record a policy"),
}  # fmt: skip
_NONE: Mapping[str, Text] = {
    VISITS: _("No visit in this month."),
    CASES: _("No enterprise has asked a finance steward for money yet."),
    POLICIES: _("No policy is recorded yet."),
}
# What stands in the list of each: field key, width, whether it takes the room that is left.
_SHOWN: Mapping[str, Sequence[tuple[str, int, bool]]] = {
    VISITS: (("on_day", 112, False), ("company", 200, True), ("unit", 130, False), ("visitors", 110, False),
             ("purpose", 160, True), ("requested", 100, False), ("done", 100, False)),
    CASES: (("company", 200, True), ("steward", 130, False), ("raised_on", 96, False), ("need", 150, True),
            ("wanted", 118, False), ("bank", 120, False), ("obtained_on", 96, False), ("obtained", 118, False)),
    POLICIES: (("name", 240, True), ("number", 130, False), ("tags", 160, True), ("scale", 90, False),
               ("issued_on", 96, False), ("until", 96, False), ("sent", 84, False)),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What the view reads at once: the rows, the fields, the names, the notes of the month's visits."""

    rows: Sequence[Row]
    fields: Sequence[Field]
    names: Mapping[str, Sequence[str]]
    planned: Sequence[Planned]


class ServiceView(View):
    """See the module."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.which = VISITS
        self.found: Found | None = None
        self.form: QFrame | None = None
        today = page.desk.today()
        self.month = dt.date(today.year, today.month, 1)
        self.switch = Segments(
            ((VISITS, _("Visits")), (CASES, _("Finance stewards")), (POLICIES, _("Policies for enterprises"))), VISITS
        )
        self.switch.chosen.connect(self.show_list)
        self.before = button("", lambda: self.turn(-1), small=True, icon="left", tip=_("The month before"))
        self.after = button("", lambda: self.turn(1), small=True, icon="right", tip=_("The month after"))
        self.title = label("", bold=True)
        self.add = button("", self.new, kind="primary", icon="plus")
        page.writers.append(self.add)
        self.calendar = VisitMonth()
        self.calendar.chosen.connect(self.open_row)
        self.calendar.day_chosen.connect(self.new_on)
        self.nothing = EmptyPage(_NONE[VISITS])
        self._lists = QStackedWidget()
        self._lists.addWidget(self.nothing)
        self.lists = {key: PlainList() for key in _SHOWN}
        for key, one in self.lists.items():
            one.remember(page.desk.preferences, f"forum_{key}")
        for one in self.lists.values():
            one.picked.connect(lambda row, _column: self._open_at(row))
            self._lists.addWidget(one)
        self.side = QFrame()
        self.side.setProperty("box", "panel")
        self._side = column_of(gap=0, parent=self.side)
        left = QWidget()
        column_of(self.calendar, self._lists, gap=0, parent=left).setStretch(1, 1)
        self.beside = Beside(left, self.side, page.desk.preferences)
        self.strip = bar("filter", theme.FILTER_BAR, self.switch, 8, self.before, self.title, self.after, None)
        column_of(self.strip, gap=0, parent=self).addWidget(self.beside, 1)

    def bars(self) -> Sequence[QWidget]:
        """One more."""
        return (self.add,)

    @property
    def table(self) -> PlainList:
        """The one that is shown."""
        return self.lists[self.which]

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The list that is shown."""
        which, first = self.which, self.month.isoformat()
        last = (_next_month(self.month) - dt.timedelta(days=1)).isoformat()

        def work(connection: Connection) -> Found:
            from db.forum import served
            from db.forum.queries import visits

            fields = _fields(which)
            names = served.names(connection, fields)
            if which == VISITS:
                return Found(served.visit_rows(connection, first, last), fields, names, visits(connection, first, last))
            rows = served.case_rows(connection) if which == CASES else served.policy_rows(connection)
            return Found(rows, fields, names, ())

        self.page.ask(work, self._take, key="service", title=_("Reading the list"))

    def _take(self, found: Found) -> None:
        self.found = found
        self.add.setText(tr(_ADD[self.which]))
        visits = self.which == VISITS
        for part in (self.before, self.after, self.title, self.calendar):
            part.setVisible(visits)
        self.title.setText(tr(period_name(Period.parse(f"{self.month:%Y-%m}"))))
        if visits:
            self.calendar.show_month(self.month, self.page.desk.today(), found.planned)
        self.nothing.sentence.setText(tr(_NONE[self.which]))
        self._lists.setCurrentWidget(self.table if found.rows else self.nothing)
        self.table.show_rows(self._headings(found), len(found.rows), partial(_cell, found, self.which))
        self._say_footer(found)

    def _headings(self, found: Found) -> list[Heading]:
        from desktop.kit.columns import NUMBERS

        known = {one.key: one for one in found.fields}
        made = []
        for key, width, stretch in _SHOWN[self.which]:
            field = known.get(key)
            text = tr(_("Sent to") if field is None else field.label)
            unit = "" if field is None else getattr(field.kind, "unit", "")
            text = with_unit(text, unit) if unit else text
            right = field is None or isinstance(field.kind, NUMBERS)
            made.append(Heading(text, width, right=right, stretch=stretch))
        return made

    def _say_footer(self, found: Found) -> None:
        facts = [("", f"{len(found.rows):,}", tr(_("rows")))]
        if self.which == CASES:
            for key, name in (("wanted", _("wanted")), ("obtained", _("obtained"))):
                from desktop.kit.columns import large_amount

                amount, unit = large_amount(sum(row[key] or 0 for row in found.rows))
                facts.append((tr(name), amount, unit))
        if self.which == VISITS:
            many = sum(1 for one in found.planned if one.note is not None)
            facts.append((tr(_("to enterprises visited often")), f"{many:,}", ""))
        self.page.footer.show_facts(facts)
        self.page.footer.show_chosen(())

    # --- turning ---------------------------------------------------------------------------------------------------

    def show_list(self, key: str) -> None:
        """Visits, needs of money, or policies."""
        self.switch.choose(key)
        self.which = key
        self._close_side()
        self.refresh()

    def turn(self, way: int) -> None:
        """The month before or after."""
        self.month = _next_month(self.month) if way > 0 else (self.month - dt.timedelta(days=1)).replace(day=1)
        self.refresh()

    # --- one row ---------------------------------------------------------------------------------------------------

    def _open_at(self, row: int) -> None:
        if self.found is not None:
            self.open_row(int(self.found.rows[row]["id"]))

    def open_row(self, number: int) -> None:
        """What is known of one, to be changed."""
        if self.found is not None:
            row = next((one for one in self.found.rows if one["id"] == number), None)
            if row is not None:
                self._open(row)

    def new(self) -> None:
        """A form for one more."""
        self.new_on(self.page.desk.today().isoformat())

    def new_on(self, day: str) -> None:
        """A visit on a day of the calendar."""
        self._open(visit_on(day))

    def _open(self, row: Row) -> None:
        if self.found is None or (not row.get("id") and self.page.rests()):
            return
        note = next((one.note for one in self.found.planned if one.id == row.get("id")), None)
        form = RowForm(self.page, self.which, _title(self.which, row), self.found.fields, row, self.found.names)
        if note is not None:
            form.say(tr(note))
        self._close_side()
        self.form = form
        if self.which == POLICIES and row.get("id"):
            self._show_fitting(form, row)
        else:
            self._side.addWidget(form, 1)
        form.closed.connect(self._leave)
        form.written.connect(self._leave)
        self.beside.unfold()
        if not row.get("id"):
            form.take_focus()

    def _show_fitting(self, form: RowForm, row: Row) -> None:
        """A policy has a second page: the enterprises that it fits."""
        tabs, pages = Tabs((("facts", _("Facts")), ("fitting", _("Enterprises it fits")))), QStackedWidget()
        pages.addWidget(form)
        pages.addWidget(MatchPart(self.page, int(row["id"]), str(row["name"])))
        tabs.chosen.connect(lambda key: pages.setCurrentIndex(int(key == "fitting")))
        self._side.addWidget(bar("head", 36, tabs))
        self._side.addWidget(pages, 1)

    def _leave(self) -> None:
        self._close_side()
        self.table.setFocus()

    def _close_side(self) -> None:
        from desktop.kit.parts import clear

        clear(self._side)
        self.form = None
        self.beside.fold()

    def take_focus(self) -> None:
        """The list."""
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the pane away."""
        if event.key() == Qt.Key.Key_Escape and self.side.isVisible():
            self._leave()
        else:
            super().keyPressEvent(event)

    def adapt(self, width: int) -> None:
        """The form lies over the list where the window is narrow."""
        self.beside.adapt(width)

    def show_example(self) -> None:
        """The first row."""
        if self.found is not None and self.found.rows:
            self._open_at(0)


def _cell(found: Found, which: str, row: int, column: int) -> Cell:
    """A cell of a list, as it was read."""
    from db.core.formats import show
    from desktop.kit.columns import NUMBERS

    key = _SHOWN[which][column][0]
    value = found.rows[row].get(key)
    field = next((one for one in found.fields if one.key == key), None)
    if field is None:
        return text_cell(f"{value or 0:,}", right=True)
    if isinstance(field.kind, Flag):
        return Cell(tr(_("Yes")), tag="green" if key == "done" else "grey") if value else text_cell("")
    text = "" if value is None else projector.covered(show(field.kind, value, language()))
    return text_cell(text, right=isinstance(field.kind, NUMBERS))


def _fields(which: str) -> Sequence[Field]:
    from db.forum import served

    return {VISITS: served.VISIT_FIELDS, CASES: served.CASE_FIELDS, POLICIES: served.POLICY_FIELDS}[which]


def _title(which: str, row: Row) -> Text:
    if not row.get("id"):
        return _ADD[which]
    return Text("{name}", {"name": str(row.get("company") or row.get("name") or "")})


def _next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)
