"""The matrix of the five ones: who lacks what, the worst first; whose load is too great; what fills in what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget, QWidget

from db.core.text import Text, _
from db.five_ones.models import GREEN, GREY, LEADER
from desktop.five_ones.matrix_cells import Cells
from desktop.five_ones.matrix_pane import MatrixPane
from desktop.kit import actions, clipboard, theme
from desktop.kit.beside import Beside
from desktop.kit.cell_parts import plain
from desktop.kit.columns import large_amount
from desktop.kit.filter_chips import Chip
from desktop.kit.frozen_table import FrozenTable
from desktop.kit.page import Connection, EmptyPage
from desktop.kit.parts import Segments, bar, button, column_of
from desktop.kit.several_views import View
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.matrix import Detail, Line, Sheet
    from desktop.kit.several_views import SeveralViews

_NARROW = 900
_REST = 120  # milliseconds until the pane follows
SHOWN = (
    ("all", _("All")), ("lacking", _("Lacking")), ("lights", _("Lights on")), ("late", _("Late")),
    ("stale", _("Untended")),
)  # fmt: skip


class MatrixView(View):
    """See the module. Enter on a cell opens its editor; F6 goes between table, pane and filter."""

    actions_of = "matrix"
    negotiating = False
    shown_keys: tuple[str, ...] = ("all", "lacking", "lights", "late", "stale")

    def __init__(self, page: SeveralViews) -> None:
        super().__init__()
        self.page = page
        self.sheet: Sheet | None = None
        self.lines: dict[int, Line] = {}
        self.detail: Detail | None = None
        self.by, self.only, self.whose = LEADER, "", ""
        self.ids: frozenset[int] | None = None
        self.cells = self.make_cells({}, 0)
        self.table = FrozenTable()
        self.table.setAccessibleName(tr(page.title))
        self.pane = MatrixPane()
        self._filter_bar()
        self.none_button = button(_("Open the ledger"), self._leave_none)
        self.none = EmptyPage(self.empty(), self.none_button)
        self.stack = QStackedWidget()
        for part in (self.table, self.none):
            self.stack.addWidget(part)
        self.beside = Beside(self.stack, self.pane, page.desk.preferences)
        column_of(self.bar, self.beside, gap=0, parent=self).setStretch(1, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._ask_detail)
        self._connect()
        self.beside.unfold()
        self.pane.show_nothing()

    def _filter_bar(self) -> None:
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr(_("Filter by name, leader, unit")))
        self.words.setAccessibleName(tr(_("Filter by name, leader, unit")))
        self.words.setFixedWidth(170)
        self.words.setClearButtonEnabled(True)
        self.words.setAcceptDrops(False)
        self.which = Segments([one for one in SHOWN if one[0] in self.shown_keys], "all")
        self.chip = Chip("")
        self.chip.removed.connect(self._all_again)
        self.chip.edited.connect(self._all_again)
        self.chip.hide()
        self.assign_button = button(
            _("Assign…"), self.assign, small=True, tip=_("To all selected projects (Ctrl+Shift+A)")
        )
        self.hand_button = button(_("Hand over…"), self.hand_over, small=True)
        self.more = button(_("More…"), self._open_more, small=True)
        self.bar = bar(
            "filter",
            theme.FILTER_BAR,
            self.words,
            self.which,
            self.chip,
            None,
            self.assign_button,
            self.hand_button,
            self.more,
        )
        self.page.writers += [self.assign_button, self.hand_button]

    def _connect(self) -> None:
        self.words.textChanged.connect(lambda _text: self._show())
        self.which.chosen.connect(lambda _key: self._show())
        self.table.chosen.connect(lambda _number: self._rest.start())
        self.table.opened.connect(self.open_cell)
        self.table.menu_wanted.connect(self._menu)
        self.pane.load.picked.connect(self.show_of)
        self.pane.load.by_changed.connect(self._other_load)
        self.pane.edit_wanted.connect(self.edit)
        self.pane.open_wanted.connect(self.open_project)
        self.pane.notices_wanted.connect(self.show_notices)
        self.pane.meeting_wanted.connect(self._to_meeting)
        keys: dict[str, Callable[[], object]] = {
            "find": self.words.setFocus, "swap_focus": self._swap_focus, "assign": self.assign,
            "copy_text": self.copy_text, "export": partial(self.export, "xlsx"),
        }  # fmt: skip
        self.doing = actions.bind(self, self.actions_of, keys)

    # --- what differs between the five ones and the stewards ---------------------------------------------------------

    def make_cells(self, labels: Mapping[str, Text], days: int) -> Cells:
        """What the cells say."""
        return Cells(labels, days)

    def empty(self) -> Text:
        """What is said where there is no project."""
        return _("No project has started yet. It appears here once it is moved to “Started” in the ledger.")

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.page.desk.today().isoformat()

    def refresh(self) -> None:
        """Read all lines again."""
        self.adapt(self.page.window().width())
        day, negotiating = self.today, self.negotiating

        def work(connection: Connection) -> Sheet:
            from db.five_ones.matrix import sheet

            return sheet(connection, day=day, negotiating=negotiating)

        title = _("Reading the five ones")
        self.page.ask(work, self._take, key=f"matrix:{negotiating}", title=title)

    def _take(self, found: Sheet) -> None:
        self.sheet = found
        self.lines = {one.project: one for one in found.lines}
        self.cells = self.make_cells(found.labels, found.days)
        self._show()
        self._show_load()
        self.pane.show_meeting(
            found.meeting, sum(one.lacks or (self.negotiating and bool(one.stale)) for one in found.lines)
        )
        self._rest.start()

    def _show(self) -> None:
        """The lines that meet what is asked."""
        if self.sheet is None:
            return
        some = self._asked()
        cells = self.cells
        self.table.show_groups(
            cells.columns(),
            cells.sums(some),
            cells.groups(some),
            lambda number, key: cells.cell(self.lines[number], key),
        )
        none_at_all = not self.sheet.lines
        self.none.sentence.setText(tr(self.empty() if none_at_all else _("No project meets the conditions.")))
        self.none_button.setText(tr(_("Open the ledger") if none_at_all else _("Show all again")))
        self.stack.setCurrentWidget(self.table if some else self.none)
        self._say_facts(some)

    def _asked(self) -> list[Line]:
        """The lines that meet the filter."""
        found = self.sheet.lines if self.sheet is not None else ()
        if self.ids is not None:
            found = tuple(one for one in found if one.project in self.ids)
        if self.only == LEADER:
            found = tuple(one for one in found if (one.has or {}).get(LEADER, "") == self.whose)
        elif self.only:
            found = tuple(one for one in found if one.unit == self.whose)
        chosen = next((key for key, part in self.which.buttons.items() if part.isChecked()), "all")
        meets, words = _MEETS.get(chosen), self.words.text().strip().lower()
        return [one for one in found if (meets is None or meets(one)) and (not words or words in _words_of(one))]

    def _say_facts(self, some: Sequence[Line]) -> None:
        if self.page.shown is not self:
            return
        amount, unit = large_amount(sum(one.money or 0 for one in some))
        complete, late = sum(not one.lacks for one in some), sum(one.late for one in some)
        facts = [
            (tr(_("Project count")), f"{len(some):,}", ""), (tr(_("Investment")), amount, unit),
            (tr(_("All there")), f"{complete}/{len(some)}", ""),
        ]  # fmt: skip
        self.page.footer.show_facts(
            [*facts, (tr(_("Milestones overdue")), str(late), "")] if not self.negotiating else facts
        )

    def _show_load(self) -> None:
        from db.five_ones.matrix import shares

        if self.sheet is not None:
            order = self.sheet.leaders if self.by == LEADER else self.sheet.units
            self.pane.load.show_shares(shares(self.sheet.lines, self.by, order), self.by, self.sheet.most)

    def _other_load(self, by: str) -> None:
        self.by = by
        self._show_load()

    def _ask_detail(self) -> None:
        one, day = self.lines.get(self.table.record), self.today
        if one is None:
            self.detail = None
            self.pane.show_nothing()
            return

        def work(connection: Connection) -> Detail:
            from db.five_ones.matrix import detail

            return detail(connection, one, day=day)

        self.page.ask(work, self._show_detail, key="matrix:detail")

    def _show_detail(self, found: Detail) -> None:
        self.detail = found
        resting = self.page.desk.seen is not None
        self.pane.show_detail(found, dict(self.cells.labels), self.cells.ones, resting=resting)

    # --- which lines -----------------------------------------------------------------------------------------------

    def show_of(self, by: str, name: str) -> None:
        """Only the projects of a leader or unit; the same once more: all again."""
        if (self.only, self.whose) == (by, name):
            self._all_again()
            return
        self.only, self.whose = by, name
        field = _("District leader in charge") if by == LEADER else _("Responsible unit")
        self._say_chip(_("{field} is {value}", field=field, value=name or _("nobody")))

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly the projects of these milestones, which are the records of this room."""
        wanted = list(ids)

        def work(connection: Connection) -> list[int]:
            from db.five_ones.matrix import projects_of

            return projects_of(connection, wanted)

        def show(found: list[int]) -> None:
            self.ids = frozenset(found)
            self._say_chip(Text(what))

        self.page.ask(work, show, key="matrix:only")

    def _say_chip(self, text: Text) -> None:
        self.chip.setText(tr(text))
        self.chip.setAccessibleName(tr(text))
        self.chip.setToolTip(tr(_("Show all again")))
        self.chip.show()
        self._show()

    def _leave_none(self) -> None:
        if self.lines:
            self.words.clear()
            self.which.buttons["all"].click()
            self._all_again()
        else:
            self.page.desk.go("projects")

    def _all_again(self) -> None:
        self.only, self.whose, self.ids = "", "", None
        self.chip.hide()
        self._show()

    # --- what one may do -------------------------------------------------------------------------------------------

    def chosen(self) -> list[Line]:
        """The selected projects."""
        return [self.lines[number] for number in self.table.ids]

    def open_cell(self, number: int, key: str) -> None:
        """The editor of a cell; of the name, the project in the ledger; of the count, what is missing first."""
        one = self.lines[number]
        if key in ("name", "money", "unit"):
            self.open_project()
        elif key == "count":
            self.edit(next(iter(one.ones.missing), "follow"))
        else:
            self.edit(key)

    def edit(self, key: str) -> None:
        """Open an editor for the current project."""
        one = self.lines.get(self.table.record)
        if one is None:
            return
        if key == "light":
            from desktop.five_ones.lights import set_light

            set_light(self.page, self.table, one)
        else:
            from desktop.five_ones.assign import edit

            edit(self.page, self.table, one, key)

    def assign(self) -> None:
        """One person into a role of all selected projects."""
        from desktop.five_ones.assign import assign

        assign(self.page, self.table, self.chosen())

    def hand_over(self) -> None:
        """All projects of a person; of the leader that is shown, or whose project is the current one."""
        from desktop.five_ones.assign import hand_over

        one = self.lines.get(self.table.record)
        name = self.whose if self.only == LEADER else (one.has or {}).get(LEADER, "") if one is not None else ""
        hand_over(self.page, self.table, name)

    def open_project(self) -> None:
        """The current project in the ledger."""
        one = self.lines.get(self.table.record)
        if one is not None:
            self.page.desk.show_rows("projects", one.name, [one.project])

    def show_notices(self) -> None:
        """Who is to be told what is missing."""
        from desktop.five_ones.assign_notices import show_notices

        show_notices(self.page, self.table, negotiating=self.negotiating)

    def _to_meeting(self) -> None:
        if "meetings" in self.page.switch.buttons:
            self.page.show_as("meetings")

    def export(self, kind: str) -> None:
        """The lines that are shown, as Excel or PDF."""
        from desktop.five_ones.matrix_export import export

        export(self, kind)

    def one_pager(self, name: str) -> None:
        """All projects of a leader, promised against delivered, as PDF."""
        from desktop.five_ones.matrix_export import one_pager

        one_pager(self, name)

    def copy_text(self) -> None:
        """The lights that are on, with rule and what turns them green, as lines for a chat; else the selected rows."""
        from desktop.five_ones.lights import text_of

        some = self.chosen()
        text = text_of(some if len(some) > 1 else self._asked())
        text = text or "\n".join(self.said(one) for one in some)
        clipboard.give(self.page.desk, text, _("Copied as text; paste it into the chat."))

    def said(self, one: Line) -> str:
        """A line as one sentence."""
        return " · ".join(text for column in self.cells.columns() if (text := plain(self.cells.cell(one, column.key))))

    # --- menus and keys --------------------------------------------------------------------------------------------

    def more_menu(self) -> QMenu:
        """What is done less often."""
        made = QMenu(self)
        for part in (self.assign_button, self.hand_button):
            if part.isHidden():
                made.addAction(part.text(), part.click).setEnabled(part.isEnabled())
        made.addAction(tr(_("Export Excel…")), partial(self.export, "xlsx"))
        made.addAction(tr(_("Export PDF…")), partial(self.export, "pdf"))
        made.addAction(tr(_("Copy lights as text")), self.copy_text)
        pagers = made.addMenu(tr(_("One-pager of a leader (PDF)")))
        for share in self.pane.load.shares if self.by == LEADER else ():
            if share.name:
                pagers.addAction(share.name, partial(self.one_pager, share.name))
        pagers.setEnabled(not pagers.isEmpty())
        made.addSeparator()
        made.addAction(tr(_("Names, days and rules…")), self._settings)
        return made

    def _settings(self) -> None:
        from desktop.five_ones.settings import change

        change(self.page, self.table)

    def _open_more(self) -> None:
        self.more_menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """What one may do with the selected projects."""
        from desktop.five_ones.assign import plan_milestones
        from desktop.five_ones.milestones_many import change_milestones

        made, numbers = QMenu(self), [one.project for one in self.chosen()]
        made.addAction(tr(_("Assign…")), self.assign)
        made.addAction(
            tr(_("Milestones by a template…")), lambda: plan_milestones(self.page, self.table, self.chosen())
        )
        made.addAction(tr(_("Change milestones…")), partial(change_milestones, self.page, self.table, numbers))
        made.addAction(tr(_("Set the light by hand…")), partial(self.edit, "light"))
        made.addSeparator()
        made.addAction(tr(_("Open in the ledger")), self._open_chosen)
        made.addAction(tr(_("Copy lights as text")), self.copy_text)
        for action in made.actions()[:4]:
            action.setEnabled(self.page.desk.seen is None)
        return made

    def _open_chosen(self) -> None:
        some = self.chosen()
        self.page.desk.show_rows("projects", tr(_("From the matrix")), [one.project for one in some])

    def _menu(self, where: QPoint) -> None:
        self.menu().popup(where)

    def _swap_focus(self) -> None:
        self.beside.unfold()
        parts: list[QWidget] = [self.table, self.pane.load.list, self.words]
        at = next((at for at, part in enumerate(parts) if part.hasFocus()), -1)
        parts[(at + 1) % len(parts)].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes away the pane over the table, then shows all again."""
        if event.key() == Qt.Key.Key_Escape and self.beside.over and self.pane.isVisible():
            self.beside.fold()
            self.table.setFocus()
        elif event.key() == Qt.Key.Key_Escape and (self.only or self.ids is not None or self.words.text()):
            self.words.clear()
            self._all_again()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def adapt(self, width: int) -> None:
        """A narrow window has no room for the pane beside the table: F6 lays it over the table, Esc takes it away.

        Nor for all buttons: what they do stands in the menu then.
        """
        narrow = width < _NARROW
        self.words.setFixedWidth(120 if narrow else 170)
        for part in (self.assign_button, self.hand_button):
            part.setVisible(not narrow)
        self.beside.make_room(width)


def _is_lit(one: Line) -> bool:
    return one.light is not None and one.light.colour not in (GREEN, GREY)


_MEETS: Mapping[str, Callable[[Line], bool]] = {
    "lacking": lambda one: one.lacks,
    "lights": _is_lit,
    "late": lambda one: one.late > 0,
    "stale": lambda one: bool(one.stale),
}


def _words_of(one: Line) -> str:
    """What the filter by words looks at."""
    return " ".join((one.name, one.place, one.unit, *(one.has or {}).values())).lower()
