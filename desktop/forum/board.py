"""看板: the issues as cards in columns by where they stand, the overdue first; beside them the one that is chosen."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from db.core.errors import Refused
from db.core.text import Text, _
from desktop.forum import board_card, slips
from desktop.forum.board_new import NewIssueForm, open_new
from desktop.forum.board_settings import ChainForm, open_settings
from desktop.forum.issue_pane import IssuePane, TakesFiles, hand_to_ledger
from desktop.kit import actions, clipboard, projector, theme
from desktop.kit.beside import Beside
from desktop.kit.card_board import CardBoard
from desktop.kit.choices import Choices
from desktop.kit.lanes import LaneColumn
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.side_form import SideForm
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.board import Board, Chosen
    from db.forum.queries import Card

PART = 50
_WIDE = 1600  # windows from this width on have room for what is registered
_STRIPS = ("registered", "closed")


class IssueLanes(CardBoard, QWidget):
    """The columns. It says to its view which card was chosen, opened, moved."""

    card_height, lane_narrowest, lane_gap, margin = board_card.CARD, 118, 4, 8

    def __init__(self, view: BoardView) -> None:
        super().__init__()
        self.view = view
        column_of(self.make_board(), gap=0, parent=self)
        self.setAccessibleName(tr(_("Board of the forum")))

    def draw_card(self, painter: QPainter, box: QRect, card: Card | None, *, chosen: bool, ring: bool) -> None:
        """See `board_card`."""
        board_card.paint_card(painter, box, card, chosen=chosen, ring=ring)

    def tip(self, card: Card, room: int) -> str:
        """The whole text, and the day on which its clock ends."""
        until = [tr(_("until {day}", day=card.clock_on))] if card.clock_on else []
        return "\n".join([projector.covered(card.text), " · ".join([board_card.in_words(card), *until])])

    def said(self, card: Card) -> str:
        """A card in words."""
        return board_card.in_words(card)

    def choose_card(self, number: int) -> None:
        """It is the one in the pane, where the pane is open; what lies under the mouse does not move."""
        self.mark_current(number)
        if self.view.pane.isVisible():
            self.view.choose(number)

    def click_card(self, number: int) -> None:
        """The pane opens."""
        self.view.choose(number)

    def open_card(self, number: int) -> None:
        """The keyboard goes into the pane."""
        self.view.choose(number)
        self.view.pane.setFocus()

    def move_on(self, *, back: bool = False) -> None:
        """To the column beside."""
        if self.at is not None:
            keys = list(self.lanes)
            at = keys.index(self.at[0]) + (-1 if back else 1)
            if 0 <= at < len(keys):
                self.view.move_to(self.lanes[keys[at]])

    def moved_to(self, card: Card, lane: LaneColumn) -> None:
        """A card was dropped on another column."""
        self.view.choose(card.id)
        self.view.move_to(lane)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of every board; R calls the enterprise, N takes a new issue."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() == Qt.Key.Key_R:
            self.view.follow_up()
        elif event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() == Qt.Key.Key_N:
            self.view.new()
        elif not self.pressed_key(event):
            super().keyPressEvent(event)


class BoardView(TakesFiles):
    """See the module."""

    actions_of = "forum_board"

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.board: Board | None = None
        self.other: SideForm | None = None  # a form in the place of the issue
        self._most: dict[str, int] = {}
        self._wanted: str | None = None  # the column to which the chosen one is to be moved, once it is read
        kept: dict[str, Any] = page.desk.preferences.ledgers.setdefault("forum", {})
        self._unfolded: dict[str, bool] = kept.setdefault("unfolded", {})
        self.department, self.session, self.category = (Choices() for _at in range(3))
        for part, name, width in (
            (self.department, _("Department"), 150), (self.session, _("Session"), 170), (self.category, _("Category of the issue"), 120),
        ):  # fmt: skip
            part.setAccessibleName(tr(name))
            part.setFixedWidth(width)
            part.currentIndexChanged.connect(lambda _at: self.refresh())
        hint = label(_("The overdue first, then the fewest working days left"), size=12, tone="faint")
        self.chain = button("", self.change_chain, small=True, icon="settings", tip=_("How issues are worked on…"))
        self.chain.setAccessibleName(tr(_("How issues are worked on")))
        self.lanes = IssueLanes(self)
        self.pane = IssuePane(page)
        hand_to_ledger(self.pane)
        self.pane.closed.connect(self._close_pane)
        self.pane.changed.connect(lambda _kind: self.lanes.setFocus())
        self.pane.step_wanted.connect(lambda way: self.lanes.walk(Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up))
        self.nothing = EmptyPage(
            _("There are no issues yet. Drop a list here, or register one."),
            button(_("Register an issue"), self.new, kind="primary"),
        )
        self.none_meets = EmptyPage(
            _("No issue meets the conditions."), button(_("Clear the conditions"), self.show_all)
        )
        self._shown = QStackedWidget()
        for shown in (self.lanes, self.nothing, self.none_meets):
            self._shown.addWidget(shown)
        self.beside = Beside(self._shown, self.pane, page.desk.preferences)
        column_of(
            bar("filter", theme.FILTER_BAR, self.department, self.session, self.category, hint, None, self.chain),
            gap=0,
            parent=self,
        ).addWidget(self.beside, 1)
        self.papers = button(_("Slips"), self._open_papers, icon="export")
        self.add = button(_("Register an issue"), self.new, kind="primary", icon="plus", tip=_("Register an issue (N)"))
        page.writers += [self.add, self.chain]
        self.doing = actions.bind(self, self.actions_of, self._actions())
        self._fill_choices((), (), ())

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        return {
            "new": self.new, "export": self._open_papers, "copy_text": self.copy_text, "swap_focus": self.swap_focus,
        }  # fmt: skip

    def bars(self) -> Sequence[QWidget]:
        """Papers, a new issue."""
        return (self.papers, self.add)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def today(self) -> str:
        """ISO day."""
        return self.page.desk.today().isoformat()

    def chosen(self) -> Chosen:
        """What of the issues is shown."""
        from db.forum.board import Chosen

        return Chosen(_number(self.department.key), _number(self.session.key), self.category.key or None)

    def refresh(self) -> None:
        """The columns with their first cards, and the issue in the pane."""
        chosen, today, most = self.chosen(), self.today, self._cards_wanted()

        def work(connection: Connection) -> Board:
            from db.forum.board import look

            return look(connection, chosen, today=today, most=most)

        self.page.ask(work, self._take, key="board", title=_("Reading the board"))

    def _cards_wanted(self) -> dict[str, int]:
        folded = {key: 0 for key in _STRIPS if not self._is_unfolded(key)}
        return self._most | folded

    def _is_unfolded(self, key: str) -> bool:
        wide = key == "registered" and self.window().width() >= _WIDE
        return self._unfolded.get(key, wide)

    def _take(self, found: Board) -> None:
        self.board = found
        if [one.state for one in found.columns] != list(self.lanes.lanes):
            self._lay_out(found)
        for one in found.columns:
            lane = self.lanes.lanes[one.state]
            late = tr(_("overdue {count}", count=f"{one.overdue:,}")) if one.overdue else ""
            lane.numbers = ((late, 12, "red"),) if late else ()
            lane.show_ids(array("q", [card.id for card in one.cards]), one.count)
            lane.shown = len(one.cards)
            lane.take(one.cards)
            lane.adapt()
        none = not any(one.count for one in found.columns)
        narrowed = any(one.key for one in (self.department, self.session, self.category))
        self._shown.setCurrentWidget(self.lanes if not none else self.none_meets if narrowed else self.nothing)
        self._fill_choices(found.departments, found.sessions, found.categories)
        self._say_footer(found)
        self.lanes.mark_current(self.lanes.current)
        if self.pane.isVisible() and self.pane.asked:
            self.pane.show_issue(self.pane.asked)

    def _lay_out(self, found: Board) -> None:
        self.lanes.lay_out([(one.state, one.label) for one in found.columns])
        for key, lane in self.lanes.lanes.items():
            lane.folds = key in _STRIPS
            lane.unfolded = not lane.folds or self._is_unfolded(key)
            lane.turned.connect(lambda lane=lane: self._turned(lane))
            lane.further.connect(lambda lane=lane: self._show_more(lane))

    def show_all(self) -> None:
        """Without conditions."""
        for one in (self.department, self.session, self.category):
            one.setCurrentIndex(0)

    def _turned(self, lane: LaneColumn) -> None:
        self._unfolded[lane.key] = lane.unfolded
        self.page.desk.preferences.save()
        self.refresh()

    def _show_more(self, lane: LaneColumn) -> None:
        if lane.rest:
            self._most[lane.key] = lane.shown + PART
            self.refresh()

    def _fill_choices(
        self,
        departments: Sequence[tuple[int, str]],
        sessions: Sequence[tuple[int, int, str]],
        categories: Sequence[str],
    ) -> None:
        held = [
            (
                str(number),
                _("Session {number} · {day}", number=at, day=day[5:]) if day else _("Session {number}", number=at),
            )
            for number, at, day in sessions
        ]
        for part, every, found in (
            (self.department, _("All departments"), [(str(number), name) for number, name in departments]),
            (self.session, _("All sessions"), held),
            (self.category, _("All categories"), [(name, name) for name in categories]),
        ):
            part.fill([("", every), *found], part.key)

    def _say_footer(self, found: Board) -> None:
        from db.forum.figures import RATES

        of = found.numbers
        facts = [(tr(_("This year")), f"{of['all']:,}", tr(_("issues")))]
        rates = RATES[:3] if language() == "zh" or self.window().width() >= _WIDE else (RATES[0], RATES[2])
        facts += [(tr(one.label), *rate_said(of[one.above], of[one.below])) for one in rates]
        self.page.footer.show_facts(facts)
        open_now = [one for one in found.columns if one.state not in ("resolved", "followed_up", "closed")]
        self.page.footer.show_chosen([
            (tr(_("open now")), f"{sum(one.count for one in open_now):,}", ""),
            (tr(_("overdue now")), f"{sum(one.overdue for one in open_now):,}", ""),
        ])  # fmt: skip

    # --- the chosen issue ------------------------------------------------------------------------------------------

    def choose(self, number: int) -> None:
        """This issue, in the pane too."""
        self._drop_other()
        self.lanes.mark_current(number)
        self.beside.unfold()
        self.pane.show_issue(number)

    def _close_pane(self) -> None:
        self.beside.fold()
        self.lanes.setFocus()

    def move_to(self, lane: LaneColumn) -> None:
        """The form of the step that brings the chosen issue into a column; where none may, what is missing."""
        number, board = self.lanes.current, self.board
        if number is None or board is None or self.page.rests():
            return
        today = self.today

        def work(connection: Connection) -> tuple[str | None, Text | None]:
            from db.forum.board import way

            return way(connection, number, lane.key, today=today)

        def take(found: tuple[str | None, Text | None]) -> None:
            kind, why = found
            if kind is None or why is not None:
                self.page.desk.complain(Refused(why or _("No step leads to “{column}”.", column=lane.label)))
            else:
                self._open(number, kind)

        self.page.ask(work, take, key="way")

    def _open(self, number: int, kind: str) -> None:
        """The form of a step, once the issue is in the pane."""
        self.choose(number)
        self.pane.when_shown(number, partial(self.pane.open_step, kind))

    def follow_up(self) -> None:
        """The form for what the enterprise says."""
        if self.lanes.current is not None and not self.page.rests():
            self._open(self.lanes.current, "follow_up")

    # --- others ----------------------------------------------------------------------------------------------------

    def new(self) -> None:
        """The form of a new issue, where the pane is."""
        if not self.page.rests():
            open_new(self.page, self.chosen(), self._show_new)

    def _show_new(self, form: NewIssueForm) -> None:
        form.added.connect(self.choose)
        self._put(form)
        form.take_focus()

    def change_chain(self) -> None:
        """The form of how the office works on issues."""
        if not self.page.rests():
            open_settings(self.page, self._show_chain)

    def _show_chain(self, form: ChainForm) -> None:
        form.kept.connect(self._drop_other)
        self._put(form)

    def _put(self, form: SideForm) -> None:
        self._drop_other()
        self.other = form
        self.beside.unfold()
        self.pane.put(form)
        form.closed.connect(self._drop_other)

    def _drop_other(self) -> None:
        if self.other is not None:
            self.pane.take_away(self.other)
            self.other = None
            if not self.pane.asked:
                self._close_pane()

    def papers_menu(self) -> QMenu:
        """The slips of what the board shows; for a department the list that it fills in and sends back."""
        chosen, today = self.chosen(), self.today

        def ids(kind: str, colour: str) -> Callable[[Connection], Sequence[int]]:
            def work(connection: Connection) -> Sequence[int]:
                from db.forum.board import of_slip

                return of_slip(connection, chosen, kind, today=today, colour=colour)

            return work

        parts = (self.department, self.session, self.category)
        about = " ".join(one.currentText() for one in parts if one.key)
        unit = self.department.currentText() if self.department.key else ""
        made = slips.several_menu(self, self.page, ids, about or tr(_("All")), unit=unit)
        made.addSeparator()
        entry = made.addAction(tr(_("Copy the open issues as text")) + "\tCtrl+Shift+C")
        entry.triggered.connect(lambda _checked=False: self.copy_text())
        return made

    def copy_text(self) -> None:
        """The open issues of what the board shows, the overdue first, as lines for a chat."""
        chosen, today, lang = self.chosen(), self.today, language()

        def work(connection: Connection) -> tuple[str, int]:
            from db.forum.board import as_text

            return as_text(connection, chosen, today=today, lang=lang)

        def take(found: tuple[str, int]) -> None:
            said = _("Copied {count} open issues; paste them into the chat.", count=f"{found[1]:,}")
            clipboard.give(self.page.desk, projector.covered(found[0]), said)

        self.page.ask(work, take, key="copied")

    def _open_papers(self) -> None:
        menu = self.papers_menu()
        menu.popup(self.papers.mapToGlobal(self.papers.rect().bottomLeft()))

    def swap_focus(self) -> None:
        """Board, pane, conditions."""
        held = self.focusWidget()
        if held is self.lanes and self.pane.isVisible():
            self.pane.setFocus()
        elif self.pane.isAncestorOf(held) or held is self.pane:
            self.department.setFocus()
        else:
            self.lanes.setFocus()

    def take_focus(self) -> None:
        """The cards."""
        self.lanes.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the pane away."""
        if event.key() == Qt.Key.Key_Escape and self.pane.isVisible():
            self._close_pane()
        else:
            super().keyPressEvent(event)

    def adapt(self, width: int) -> None:
        """The pane lies over the board where the window is narrow."""
        self.beside.adapt(width)

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """The first of these issues."""
        if ids:
            self.choose(ids[0])

    def show_example(self) -> None:
        """The most urgent issue, with its course."""
        lane = next((one for one in self.lanes.lanes.values() if one.ids and not one.folded), None)
        if lane is not None:
            self.choose(lane.ids[0])


def _number(key: str) -> int | None:
    return int(key) if key else None


def rate_said(above: int, below: int) -> tuple[str, str]:
    """A share with its numbers: 88.8 %, (142/160)."""
    from db.core.ratios import percent

    return (f"{percent(above, below)}%" if below else "—"), f"({above:,}/{below:,})"
