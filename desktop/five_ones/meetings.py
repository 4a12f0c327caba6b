"""The scheduling meetings: series and their meetings at the left; agenda, minutes and decisions of one at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QWidget

from db.core.text import Text, _
from desktop.five_ones import dunning
from desktop.five_ones.meetings_agenda import AgendaPanel
from desktop.five_ones.meetings_decisions import DecisionsPanel
from desktop.five_ones.meetings_forms import DecisionCard, FormCard, SeriesCard, ask_day
from desktop.five_ones.minutes import MinutesPanel
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import Tabs, bar, button, column_of, label, row_of
from desktop.kit.several_views import View
from desktop.kit.strip import Strip
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.calendar import Calendar
    from db.five_ones.sittings import Assigned, Item, Series, Sitting

_LEFT = 236


class MeetingsView(View):
    """See the module. The agenda is proposed until the meeting is held; decisions are followed up here."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.series: Sequence[Series] = ()
        self.sittings: Sequence[Sitting] = ()
        self.agenda: Sequence[Item] = ()
        self.calendar: Calendar | None = None
        self.people: Sequence[str] = ()
        self.units: Sequence[str] = ()
        self.number: int | None = None  # the meeting that is shown
        self.form: Any = None
        self.card: FormCard | None = None
        self._series: int | None = None
        self.strip = Strip()
        self.which = Choices()
        self.which.currentIndexChanged.connect(lambda _at: self._other_series())
        self.list = PlainList(row_height=34)
        self.list.horizontalHeader().hide()
        self.list.setAccessibleName(tr(_("Meetings")))
        self.list.selectionModel().currentRowChanged.connect(lambda now, _before: self._chose(now.row()))
        self.next = button(_("Plan next"), self.plan_next, kind="primary")
        self.change = button(_("Series…"), self.ask_series)
        self.agenda_panel = AgendaPanel()
        self.agenda_panel.changed.connect(self._set_agenda)
        self.minutes = MinutesPanel(page)
        self.minutes.decision_wanted.connect(self.ask_decision)
        self.decisions = DecisionsPanel(page)
        self.decisions.wanted.connect(lambda _which: self._ask_decisions())
        self.decisions.new_wanted.connect(lambda: self.ask_decision(""))
        self.tabs = Tabs((("agenda", _("Agenda")), ("minutes", _("Minutes")), ("decisions", _("Decisions"))))
        self.tabs.chosen.connect(self.show_tab)
        self.papers = button(_("Papers…"), self._open_papers)
        self.move_button = button(_("Move…"), self.ask_move, small=True)
        self.delete_button = button(_("Delete…"), self.ask_delete, small=True)
        page.writers += [
            self.next, self.change, self.move_button, self.delete_button, *self.agenda_panel.writers(), *self.minutes.writers(),
            *self.decisions.writers(),
        ]  # fmt: skip
        self._build()

    def _build(self) -> None:
        left = QFrame()
        left.setProperty("bar", "left")
        left.setFixedWidth(_LEFT)
        lines = column_of(gap=0, parent=left)
        lines.addWidget(bar("filter", theme.FILTER_BAR, self.which, margins=(12, 0, 12, 0)))
        lines.addWidget(self.list, 1)
        lines.addWidget(bar("bottom", theme.ACTION_BAR, self.next, self.change, None, margins=(12, 0, 12, 0)))
        self._title = label("", size=15, bold=True)
        self._facts = label("", size=12, tone="mute")
        self._warned = label("", size=12, tone="amber", wrap=True)
        self._warned.setContentsMargins(16, 0, 16, 6)
        self._warned.hide()
        self.stack = QStackedWidget()
        for part in (self.agenda_panel, self.minutes, self.decisions):
            self.stack.addWidget(part)
        self._right = QWidget()
        right = column_of(gap=0, parent=self._right)
        right.addWidget(self.strip)
        right.addWidget(
            bar("filter", theme.FILTER_BAR, self._title, self._facts, None, self.move_button, self.delete_button)
        )
        right.addWidget(self._warned)
        right.addWidget(bar("head", 36, self.tabs))
        right.addWidget(self.stack, 1)
        self._first = button(_("New series…"), lambda: self.ask_series(new=True), kind="primary")
        self.empty = EmptyPage(
            _("There is no series of meetings yet. The usual one is held every two weeks."), self._first
        )
        self.empty.hide()
        self._body = QWidget()
        row_of(left, self._right, gap=0, parent=self._body).setStretch(1, 1)
        column_of(self.empty, self._body, gap=0, parent=self)
        self.setFocusProxy(self.list)

    def bars(self) -> Sequence[QWidget]:
        """The papers stand in the top bar."""
        return (self.papers,)

    def adapt(self, width: int) -> None:
        """The pane of a decision goes over the list in a narrow window."""
        self.decisions.adapt(width)

    def leave(self) -> None:
        """What is typed is kept."""
        self.minutes.keeper.end()

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The series and the meetings of the one that is shown."""
        day, wanted = self.page.desk.today().isoformat(), self._series

        def work(connection: Connection) -> tuple[Any, ...]:
            from db.core.calendar import calendar
            from db.five_ones.sittings import all_series, sittings
            from db.people.queries import names_of_people, units

            found = all_series(connection, day=day)
            shown = wanted if wanted in [one.id for one in found] else found[-1].id if found else None
            meetings = sittings(connection, shown) if shown is not None else []
            names = list(names_of_people(connection)), [one.name for one in units(connection)]
            return found, shown, meetings, calendar(connection), *names

        self.page.ask(work, self._take, key="meetings")

    def _take(self, found: tuple[Any, ...]) -> None:
        self.series, self._series, self.sittings, self.calendar, self.people, self.units = found
        self.which.fill([(str(one.id), one.name) for one in self.series], str(self._series))
        here = self.list.hasFocus() or self._first.hasFocus()
        self.empty.setVisible(not self.series)
        self._body.setVisible(bool(self.series))
        self.setFocusProxy(self.list if self.series else self._first)
        if here:
            self.setFocus()
        self.papers.setEnabled(bool(self.sittings))
        ids = [one.id for one in self.sittings]
        if self.number not in ids:
            self.number = ids[0] if ids else None
        self._fill()
        if self.number is not None:
            self.list.blockSignals(True)
            self.list.selectRow(ids.index(self.number))
            self.list.blockSignals(False)
        self._show()

    def _fill(self) -> None:
        rows = self.sittings

        def cell(row: int, _column: int) -> Cell:
            one = rows[row]
            said = tr(_("Meeting {number}", number=one.number))
            state = _("held") if one.held_on else _("planned")
            return text_cell(" · ".join((said, one.day, tr(state))))

        self.list.show_rows((Heading("", _LEFT, stretch=True),), len(rows), cell)

    @property
    def current(self) -> Sitting | None:
        """The meeting that is shown."""
        return next((one for one in self.sittings if one.id == self.number), None)

    def current_series(self) -> Series | None:
        """The series that is shown."""
        return next((one for one in self.series if one.id == self._series), None)

    def _other_series(self) -> None:
        self._series = int(self.which.key or 0) or None
        self.number = None
        self.refresh()

    def _chose(self, row: int) -> None:
        if 0 <= row < len(self.sittings) and self.sittings[row].id != self.number:
            self.number = self.sittings[row].id
            self._show()

    def _show(self) -> None:
        """The meeting: what is said of it at once, then agenda, proposals and decisions."""
        one, series = self.current, self.current_series()
        for part in (self.tabs, self.stack, self.move_button, self.delete_button):
            part.setVisible(one is not None)
        if one is None or series is None:
            self._title.setText(tr(_("No meeting is planned yet")) if series is not None else "")
            self._facts.setText("")
            self._warn(None, series)
            self.minutes.show_sitting(None, (), today=self.page.desk.today().isoformat())
            return
        self._title.setText(tr(_("{series}, meeting {number}", series=series.name, number=one.number)))
        state = _("held {day}", day=one.held_on) if one.held_on else _("planned {day}", day=one.planned_on or "")
        chair = tr(_("chair: {name}", name=one.chair)) if one.chair else ""
        self._facts.setText(" · ".join(part for part in (tr(state), one.place, chair) if part))
        for part in (self.move_button, self.delete_button):
            part.setVisible(one.held_on is None)
        self._warn(one, series)
        self._ask_agenda(one)
        self._ask_decisions()

    def _warn(self, one: Sitting | None, series: Series | None) -> None:
        said = []
        if series is not None and series.left and (one is None or one.held_on is None):
            text = _(
                "{name}, who chairs this series, has left office. Choose another chair in “Series…”.", name=series.chair
            )
            said.append(tr(text))
        self._warned.setText("\n".join(said))
        self._warned.setVisible(bool(said))

    def _ask_agenda(self, one: Sitting) -> None:
        number, held = one.id, one.held_on is not None
        day = self.page.desk.today().isoformat()

        def work(connection: Connection) -> tuple[Sequence[Item], Sequence[Item], int]:
            from db.five_ones.options import agenda_items
            from db.five_ones.sittings import agenda, proposed

            more = [] if held else proposed(connection, day=day)
            return agenda(connection, number), more, agenda_items(connection)

        def take(found: tuple[Sequence[Item], Sequence[Item], int]) -> None:
            if number == self.number and self.current is not None:
                self.agenda, proposals, most = found
                self.agenda_panel.show_items(self.agenda, proposals, held=held, most=most)
                self.minutes.show_sitting(self.current, self.agenda, today=day)

        self.page.ask(work, take, key="agenda")

    def _ask_decisions(self) -> None:
        day, number = self.page.desk.today().isoformat(), self.number
        of = number if self.decisions.shown == "meeting" else None

        def work(connection: Connection) -> Sequence[Assigned]:
            from db.five_ones.sittings import assigned

            return assigned(connection, day=day, meeting_id=of)

        self.page.ask(work, self.decisions.show_decisions, key="decisions")

    def show_tab(self, key: str) -> None:
        """Agenda, minutes or decisions."""
        self.tabs.buttons[key].setChecked(True)
        self.stack.setCurrentIndex(("agenda", "minutes", "decisions").index(key))

    def show_example(self) -> None:
        """The agenda of the newest meeting."""
        self.show_tab("agenda")

    # --- changing --------------------------------------------------------------------------------------------------

    def plan_next(self) -> None:
        """The next meeting by the rhythm of the series; where it had to make way for a holiday, that is said."""
        series, today = self.current_series(), self.page.desk.today().isoformat()
        if series is None:
            return

        def work(connection: Connection) -> tuple[int, Sequence[Text]]:
            from db.five_ones.meetings import plan_next

            return plan_next(connection, series.id, today=today)

        def done(found: tuple[int, Sequence[Text]]) -> None:
            self.number = found[0]
            self.say_notes(found[1])

        self.page.write(_("Plan the next meeting of “{name}”", name=series.name), work, done)

    def say_notes(self, notes: Sequence[Text]) -> None:
        """What is to be known of a day: that it made way for a holiday, that holidays are not published yet."""
        if notes:
            self.strip.ask(_("{notes}", notes=list(notes)), [(_("Close"), lambda: None)])

    def ask_move(self) -> None:
        """Another day."""
        one = self.current
        if one is not None and self.calendar is not None and not self.page.rests():
            self.form = ask_day(self.page, one, self.calendar, self.say_notes)

    def ask_delete(self) -> None:
        """Delete a meeting that was planned; its agenda goes with it."""
        one, desk = self.current, self.page.desk
        if one is None or self.page.rests():
            return
        title, body = (
            _("Delete meeting {number}?", number=one.number),
            [_("Its agenda goes too; Ctrl+Z brings both back.")],
        )
        if not desk.dialogs.confirm(self, title, body, _("Delete"), grave=True):
            return

        def work(connection: Connection) -> None:
            from db.five_ones import meetings

            meetings.remove(connection, one.id)

        self.page.write(_("Delete meeting {number}", number=one.number), work, failed=desk.complain)

    def ask_series(self, *, new: bool = False) -> None:
        """Other facts of the series, or a new one."""
        if not self.page.rests():
            self.card = SeriesCard(self.page, None if new else self.current_series(), self.people)
            self.card.open_over(self)

    def _set_agenda(self, items: Sequence[Item]) -> None:
        one = self.current
        if one is None:
            return

        def work(connection: Connection) -> None:
            from db.five_ones.sittings import set_items

            set_items(connection, one.id, items)

        def failed(problem: Any) -> None:
            self.page.desk.complain(problem)
            self._ask_agenda(one)

        self.page.write(_("Agenda of meeting {number}", number=one.number), work, failed=failed)

    def ask_decision(self, about: str) -> None:
        """A decision of this meeting."""
        one = self.current
        if one is None or self.calendar is None or self.page.rests():
            return
        projects: Mapping[str, int] = {item.name: item.project for item in self.agenda if item.project is not None}
        self.card = DecisionCard(self.page, one, projects, self.units, self.people, about, self.calendar)
        self.card.open_over(self.stack)

    # --- papers ----------------------------------------------------------------------------------------------------

    def papers_menu(self) -> QMenu:
        """The pack and the minutes, as files."""
        menu, one, series = QMenu(self), self.current, self.current_series()
        if one is None or series is None:
            return menu
        entries = (
            (_("Papers of the meeting, PDF…"), dunning.export_pack, "pdf", True),
            (_("Papers of the meeting, Word…"), dunning.export_pack, "docx", True),
            (_("Papers of the meeting, Excel…"), dunning.export_pack, "xlsx", True),
            (_("Minutes, Word…"), dunning.export_minutes, "docx", one.held_on is not None),
            (_("Minutes, PDF…"), dunning.export_minutes, "pdf", one.held_on is not None),
        )
        for text, do, suffix, on in entries:
            action = menu.addAction(tr(text))
            action.setEnabled(on)
            action.triggered.connect(
                lambda _checked=False, do=do, suffix=suffix: do(self.page, self, series.name, one, suffix)
            )
        if self.series:
            menu.addSeparator()
            menu.addAction(tr(_("New series…"))).triggered.connect(lambda: self.ask_series(new=True))
        return menu

    def _open_papers(self) -> None:
        self.papers_menu().popup(self.papers.mapToGlobal(self.papers.rect().bottomLeft()))
