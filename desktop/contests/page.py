"""Stars and flags: the league table of a period, why each has its points, what is entered, frozen, appealed, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget

from db.contests.models import FROZEN, OPEN, PROJECT, PUBLISHED, STATE
from db.contests.schemes import ITEM
from db.core.text import Text, _
from db.per_mu.schemes import plain
from desktop.contests import forms, item_forms
from desktop.contests.cells import columns, groups, parts_of, sums
from desktop.contests.pane import ContestPane
from desktop.kit import actions, theme
from desktop.kit.beside import Beside
from desktop.kit.choices import Choices
from desktop.kit.frozen_table import FrozenTable
from desktop.kit.page import Connection, Desk, EmptyPage, Page
from desktop.kit.parts import Segments, Tag, bar, button, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.contests.queries import Appeal, Contest, League, Standing
    from db.contests.rules import Part
    from db.reports.report import Report

_USUAL = 100  # points that the items of a scheme come to
_TONES = {OPEN: "blue", FROZEN: "amber", PUBLISHED: "green"}
_MEETS: dict[str, Callable[[Standing], bool]] = {
    "marked": lambda one: bool(one.line.star or one.line.flag),
    "moved": lambda one: bool(one.moved),
    "appealed": lambda one: bool(one.appeals),
}


class ContestsPage(Page):
    """See the module. Enter on a row opens the points that are entered by hand."""

    title = _("Stars and flags")
    manual = "contests"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.number = 0
        self.found: League | None = None
        self.rows: dict[int, Standing] = {}
        self._bars()
        self.table = FrozenTable()
        self.table.setAccessibleName(tr(self.title))
        self.pane = ContestPane()
        self.first_button = button(_("New contest…"), self.begin, kind="primary")
        self.none = EmptyPage(
            _("No contest yet. Choose a scheme and a period; its figures come from the book."), self.first_button
        )
        self.stack = QStackedWidget()
        for part in (self.table, self.none):
            self.stack.addWidget(part)
        self.beside = Beside(self.stack, self.pane, desk.preferences)
        self.content.addWidget(self.bar)
        self.content.addWidget(self.beside, 1)
        self._connect()
        self.writers += [self.new_button, self.first_button, self.next_button]

    def _bars(self) -> None:
        self.export_button = button(_("Export"), self._open_export, icon="export")
        self.new_button = button(_("New contest…"), self.begin, icon="plus")
        self.next_button = button(_("Freeze the scores…"), self.go_on, kind="primary")
        self.add_actions(self.export_button, self.new_button, self.next_button)
        self.which = Choices()
        self.which.setMinimumWidth(280)
        self.which.setAccessibleName(tr(_("Contest")))
        self.state = Tag("", "grey")
        self.stand = label("", size=12, tone="mute")
        shown = (("all", _("All")), ("marked", _("Stars")), ("moved", _("Up or down")), ("appealed", _("Appeals")))
        self.only = Segments(shown, "all")
        self.more = button(_("More…"), self._open_more, small=True)
        self.bar = bar("filter", theme.FILTER_BAR, self.which, self.state, self.stand, None, self.only, self.more)

    def _connect(self) -> None:
        self.which.activated.connect(lambda _at: self.show_contest(int(self.which.key or 0)))
        self.only.chosen.connect(lambda _key: self._show())
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(lambda _number, _key: self.enter())
        self.table.menu_wanted.connect(self._menu)
        self.pane.rows_wanted.connect(self._rows)
        self.pane.enter_wanted.connect(self.enter)
        self.pane.appeal_wanted.connect(self.appeal)
        self.pane.decide_wanted.connect(self.decide)
        keys: dict[str, Callable[[], object]] = {
            "new": self.begin, "export": partial(self.export, "xlsx"), "print": partial(self.export, "pdf"),
            "swap_focus": self._swap_focus,
        }  # fmt: skip
        self.doing = actions.bind(self, self.manual, keys)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """All contests, and the league table of the one that is shown; the latest one at first."""
        self.beside.adapt(self.window().width())
        wanted = self.number

        def work(connection: Connection) -> tuple[list[Contest], League | None]:
            from db.contests.queries import contests, league

            known = contests(connection)
            shown = next((one for one in known if one.id == wanted), known[0] if known else None)
            return known, None if shown is None else league(connection, shown.id)

        self.ask(work, self._take, key="contests", title=_("Scoring the contest"))

    def show_contest(self, number: int) -> None:
        """Another one."""
        self.number = number
        self.refresh()

    def _take(self, answer: tuple[list[Contest], League | None]) -> None:
        known, self.found = answer
        there = self.found is not None
        self.stack.setCurrentWidget(self.table if there else self.none)
        for part in (self.bar, self.export_button, self.next_button):
            part.setVisible(there)
        if self.found is None:
            self.rows = {}
            self.footer.show_facts([])
            self.beside.fold()
            return
        of = self.found.contest
        self.number = of.id
        self.which.fill([(str(one.id), f"{one.name} · {one.period}") for one in known], str(of.id))
        self.state.say(STATE.label(of.state), _TONES[of.state])
        day = of.published_on or of.frozen_on
        among = self.found.scheme.among
        told = [day or tr(_("from the book as it is")), *([among[0]] if among is not None else [])]
        whole = sum((one.weight for one in self.found.scheme.items if one.kind == ITEM), Fraction(0))
        if of.state == OPEN and whole != _USUAL:
            told.append(tr(_("the items come to {points} points", points=plain(whole))))
        self.stand.setText(" · ".join(told))
        self.next_button.setText(tr(_("Publish the table…") if of.state == FROZEN else _("Freeze the scores…")))
        self.next_button.setVisible(of.state != PUBLISHED)
        self.rows = {one.line.subject.id: one for one in self.found.rows}
        self.beside.unfold()
        self._show()

    def _show(self) -> None:
        if self.found is None:
            return
        key = next((key for key, part in self.only.buttons.items() if part.isChecked()), "all")
        meets = _MEETS.get(key)
        some = [one for one in self.found.rows if meets is None or meets(one)]
        found = self.found
        self.table.show_groups(
            columns(found),
            sums(found),
            groups(some),
            lambda number, key: parts_of(self.rows[number], key, found),
        )
        self._chosen(self.table.record)
        self.footer.show_facts(
            [
                (tr(_("Competing")), f"{len(found.rows):,}", ""),
                (tr(_("Appeals")), f"{sum(len(one.appeals) for one in found.rows):,}", ""),
            ]
        )

    def _chosen(self, number: int) -> None:
        one = self.rows.get(number)
        if one is None or self.found is None:
            self.pane.show_nothing()
        else:
            self.pane.show_one(one, self.found, resting=self.desk.seen is not None)

    def show_moment(self) -> None:
        """The buttons of the pane rest too."""
        super().show_moment()
        self._chosen(self.table.record)

    # --- what one may do -------------------------------------------------------------------------------------------

    def _current(self) -> Standing | None:
        return self.rows.get(self.table.record)

    def begin(self) -> None:
        """A scheme for a period: last month is proposed."""
        if self.rests():
            return
        today = self.desk.today()
        last = f"{today.year - (today.month == 1):04d}-{(today.month - 2) % 12 + 1:02d}"

        def work(connection: Connection) -> dict[str, tuple[str, int | None]]:
            from db.contests.queries import schemes

            return schemes(connection)

        self.ask(work, lambda known: forms.begin(self, self.stack, known, last), key="contests:schemes")

    def go_on(self) -> None:
        """Freeze what is being scored; publish what is frozen."""
        if self.found is None or self.rests():
            return
        of, today = self.found.contest, self.desk.today().isoformat()
        if of.state == OPEN:
            ask = (
                _("Freeze the scores?"), [_("They stay as they are now, whatever becomes of the figures; appeals are heard then.")],
                _("Freeze the scores"),
            )  # fmt: skip
        else:
            ask = (_("Publish the league table?"), [_("It is not changed any more.")], _("Publish the table"))
        if not self.desk.dialogs.confirm(self, *ask):
            return

        def work(connection: Connection) -> None:
            from db.contests import service

            (service.freeze if of.state == OPEN else service.publish)(connection, of.id, on=today)

        named = (
            _("Freeze the scores of “{name}”", name=of.name) if of.state == OPEN
            else _("Publish the league table of “{name}”", name=of.name)
        )  # fmt: skip
        self.write(named, work)

    def enter(self) -> None:
        """Points by hand of the current row."""
        one = self._current()
        if one is None or self.found is None or self.rests():
            return
        if self.found.contest.state != OPEN:
            self.desk.say(_("The scores are frozen; an appeal can still change them."))
        elif self._by_hand:
            forms.enter(self, self.stack, self.found, one)

    def appeal(self) -> None:
        """An appeal against the current row's result."""
        one = self._current()
        if one is not None and one.result is not None and not self.rests():
            forms.appeal(self, self.stack, one)

    def decide(self, appeal: Appeal) -> None:
        """What becomes of an appeal."""
        one = self._current()
        if one is not None and not self.rests():
            forms.decide(self, self.stack, appeal, one.line.subject.name)

    def weigh(self) -> None:
        """Other points of the items."""
        if self.found is not None and not self.rests():
            forms.weigh(self, self.stack, self.found)

    def arrange(self) -> None:
        """Groups and targets."""
        found, actor = self.found, self.desk.preferences.name
        if found is None or self.rests():
            return

        def work(connection: Connection) -> dict[str, tuple[Text, Mapping[str, Any]]]:
            from db.contests.among import offered

            return offered(connection, actor=actor, lang=language()) if found.scheme.subject == PROJECT else {}

        self.ask(work, lambda among: forms.arrange(self, self.stack, found, among), key="contests:among")

    @property
    def _by_hand(self) -> bool:
        return self.found is not None and any(not item.figure for item in self.found.scheme.items)

    def put_item(self, code: str = "") -> None:
        """A new item of the scheme, or the one of this code."""
        found = self.found
        if found is None or self.rests():
            return

        def work(connection: Connection) -> dict[str, Text]:
            from db.contests.items import figures_known

            return figures_known(connection, found)

        self.ask(work, lambda known: item_forms.put_item(self, self.stack, found, known, code), key="contests:figures")

    def mark(self) -> None:
        """Stars and flags."""
        if self.found is not None and not self.rests():
            item_forms.mark(self, self.stack, self.found)

    def paste_points(self) -> None:
        """Points of many at once."""
        if self.found is not None and self._by_hand and not self.rests():
            item_forms.paste_points(self, self.stack, self.found)

    def remove(self) -> None:
        """Throw the contest away."""
        if self.found is None or self.rests():
            return
        of = self.found.contest
        body = [_("What was entered for it goes too; Ctrl+Z brings it back.")]
        if not self.desk.dialogs.confirm(self, _("Delete this contest?"), body, _("Delete"), grave=True):
            return

        def work(connection: Connection) -> None:
            from db.contests import service

            service.remove(connection, of.id)

        self.write(_("Delete the contest “{name}”", name=of.name), work)

    def export(self, kind: str) -> None:
        """The league table with every point explained, as Excel or PDF."""
        if self.found is None:
            return
        from desktop.kit.papers import save

        found = self.found

        def make(_connection: Connection, lang: str) -> Report:
            from db.contests.report import league_report

            return league_report(found, lang=lang)

        of = found.contest
        kinds = "*.xlsx *.pdf *.docx" if kind == "xlsx" else "*.pdf *.xlsx *.docx"
        save(self, _("Export the league table"), make, name=f"{of.name} {of.period}", kinds=kinds)

    def _rows(self, part: Part) -> None:
        one = self._current()
        if one is not None:
            self.desk.show_rows(part.room, f"{one.line.subject.name} · {part.name}", part.ids)

    # --- menus and keys --------------------------------------------------------------------------------------------

    def more_menu(self) -> QMenu:
        """What is done less often."""
        made = QMenu(self)
        state = self.found.contest.state if self.found is not None else PUBLISHED
        made.addMenu(self.items_menu()).setEnabled(state == OPEN and self.desk.seen is None)
        for text, do, may in (
            (_("Points of the items…"), self.weigh, state == OPEN),
            (_("Stars and flags…"), self.mark, state == OPEN),
            (_("Paste points…"), self.paste_points, state == OPEN and self._by_hand),
            (_("Groups and targets…"), self.arrange, state == OPEN),
            (_("Delete this contest…"), self.remove, state != PUBLISHED),
        ):
            made.addAction(tr(text), do).setEnabled(may and self.desk.seen is None)
        return made

    def items_menu(self) -> QMenu:
        """The items of the scheme, to be changed, and a new one."""
        made = QMenu(tr(_("Items of the scheme")), self)
        for one in self.found.scheme.items if self.found is not None else ():
            made.addAction(f"{one.name}…", partial(self.put_item, one.code))
        made.addSeparator()
        made.addAction(tr(_("Add an item…")), self.put_item)
        return made

    def _open_more(self) -> None:
        self.more_menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _open_export(self) -> None:
        made = QMenu(self)
        made.addAction(tr(_("Export Excel…")), partial(self.export, "xlsx"))
        made.addAction(tr(_("Export PDF…")), partial(self.export, "pdf"))
        made.popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))

    def _menu(self, where: QPoint) -> None:
        made = QMenu(self)
        state = self.found.contest.state if self.found is not None else PUBLISHED
        for text, do, may in (
            (_("Enter points…"), self.enter, state == OPEN), (_("Record an appeal…"), self.appeal, state == FROZEN),
        ):  # fmt: skip
            made.addAction(tr(text), do).setEnabled(may and self.desk.seen is None)
        made.popup(where)

    def _swap_focus(self) -> None:
        self.beside.unfold()
        parts = [self.table, self.pane.enter if self.pane.enter.isVisible() else self.pane.appeal, self.which]
        at = next((at for at, part in enumerate(parts) if part.hasFocus()), -1)
        parts[(at + 1) % len(parts)].setFocus()

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """The contest in which these kept results are."""
        wanted = list(ids)

        def work(connection: Connection) -> int:
            from db.contests.queries import contest_with

            return contest_with(connection, wanted)

        self.ask(work, self.show_contest, key="contests:only")

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has no room for the pane beside the table."""
        super().resizeEvent(event)
        self.beside.make_room(self.window().width(), wanted=self.found is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes away the pane over the table."""
        if event.key() == Qt.Key.Key_Escape and self.beside.over and self.pane.isVisible():
            self.beside.fold()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)
