"""A room's ledger: the bar with view, words and conditions; the table; what is asked of the book for them.

The view is data (db/core/views.py): columns, conditions, order, groups. Everything a person does to the table makes
another view of it, and the rows of that one are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedLayout, QWidget

from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import asking, projector, sight, theme
from desktop.kit.columns import Above, Late, missing_field
from desktop.kit.filter_chips import ChipRow
from desktop.kit.header import Marks
from desktop.kit.page import EmptyPage, Page
from desktop.kit.parts import button, row_of
from desktop.kit.rows import Rows
from desktop.kit.selected import Selected, amount_to
from desktop.kit.table import LedgerTable
from desktop.kit.view_button import ViewButton
from desktop.kit.view_columns import columns_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from db.core.filters import Condition
    from db.core.period import Period
    from db.core.views import View
    from desktop.kit.asking import Found
    from desktop.kit.rows import Deliver

_TYPING = 200
MOST_GROUPS = 3


@dataclass(frozen=True)
class Manner:
    """What is special about the ledger of a room. tones, emphasis: by field key. named: how its rows are counted."""

    room: str
    named: Text
    nothing: Text
    no_match: Text
    widths: Mapping[str, int] = field(default_factory=dict)
    tones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    emphasis: Mapping[str, Late | Above] = field(default_factory=dict)


class Ledger(QWidget):
    """See the module. `taken` when rows came; `chosen` when other cells are selected."""

    taken = Signal()
    chosen = Signal()

    def __init__(self, page: Page, manner: Manner, period: Callable[[], Period], *first_steps: QWidget) -> None:
        super().__init__()
        self.page, self.manner, self._period = page, manner, period
        self.view: View | None = None
        self.base: View | None = None
        self.found: Found | None = None
        self.words = ""
        self.notes: tuple[Text, ...] = ()  # what the sums do not say
        self.only: tuple[str, tuple[int, ...]] | None = None
        self._sight: sight.Sight | None = None
        self.menu_parts: list[Callable[[QMenu, Any], None]] = []
        self._kept: dict[str, Any] = page.desk.preferences.ledgers.setdefault(manner.room, {})
        self.model = Rows([], self._fetch, today=self.today)
        self.table = LedgerTable(self.model, row_height=theme.ROW_HEIGHTS[page.desk.preferences.rows])
        self.table.setAccessibleName(tr(page.title))
        self._build_bar()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self.add_steps = EmptyPage(manner.nothing, *first_steps)
        self.drop_last = button("", self._drop_last)
        self.no_match = EmptyPage(manner.no_match, self.drop_last, button(_("Remove all conditions"), self.remove_all))
        for part in (self.table, self.add_steps, self.no_match):
            self._stack.addWidget(part)
        self.selected = Selected(self)
        self._connect()
        self.table.set_zoom(self._kept.get("zoom", 1.0))

    def _build_bar(self) -> None:
        self.view_button = ViewButton()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_("Find in the table (Ctrl+F)")))
        self.search.setAccessibleName(tr(_("Find in the table")))
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(176)
        self.chips = ChipRow()
        self.bar = QFrame()
        self.bar.setProperty("bar", "filter")
        self.bar.setFixedHeight(theme.FILTER_BAR)
        self.bar_row = row_of(self.view_button, self.search, self.chips, margins=(16, 0, 16, 0), parent=self.bar)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)

    def _connect(self) -> None:
        self.view_button.clicked.connect(self._open_views)
        self.chips.add.clicked.connect(self._open_fields)
        self._typing.timeout.connect(self._words_typed)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.table.setFocus)
        table = self.table
        table.sort_wanted.connect(self.sort)
        table.filter_wanted.connect(self.filter_column)
        table.moved.connect(self.move_column)
        table.widened.connect(self._keep_width)
        table.zoomed.connect(lambda zoom: self._keep("zoom", zoom))
        table.menu_wanted.connect(self._cell_menu)
        table.heading_menu_wanted.connect(self._heading_menu)
        table.chosen_changed.connect(self.chosen)
        self.chosen.connect(self.selected.wait)
        self.model.arrived.connect(self.selected.wait)
        self.model.folded.connect(self._keep_folds)
        self.model.modelReset.connect(self.selected.wait)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.page.desk.today().isoformat()

    def wanted(self) -> asking.Wanted:
        """What is asked for now."""
        return asking.Wanted(
            self.manner.room, self.page.desk.preferences.name, self.today, self._period(), self.view,
            str(self._kept.get("view", "")), self.words, self.only,
        )  # fmt: skip

    def refresh(self) -> None:
        """Rows, views and fields again; what was chosen stays chosen."""
        self.page.ask(asking.find(self.wanted()), self._take, key="listing")

    def _take(self, found: Found) -> None:
        self.found, self.view, self.base = found, found.view, found.base
        self.model.today, self.model.words = self.today, self.words
        table = self.table
        current = table.current_cell()
        at = table.horizontalScrollBar().value(), table.verticalScrollBar().value()
        self.model.show_outline(
            found.outline,
            columns_of(found, self.manner, self.kept_widths),
            folded=self._folds(),
            more=tuple(found.fields.values()),
        )
        self._after_sight(found)
        table.freeze(found.view.frozen)
        table.show_marks(self._marks())
        table.horizontalScrollBar().setValue(at[0])
        table.verticalScrollBar().setValue(at[1])
        if current is not None:
            self._choose_again(*current)
        self._stack.setCurrentIndex(0 if found.outline.ids else 1 if not found.all_rows else 2)
        self.bar.setVisible(bool(found.all_rows))
        self._show_bar()
        self.show_sums()
        self.taken.emit()

    # --- the first sight -------------------------------------------------------------------------------------------

    def first_sight(self) -> None:
        """The rows that the book showed when it was left, until it is open; they can be looked at and scrolled."""
        self._sight = sight.remembered(self.page.desk.target, today=self.today)
        if self._sight is not None:
            self.table.blockSignals(True)  # there is no view yet that a click could change
            sight.show(self._sight, self.table)
            self.view_button.show_view(self._sight.name, changed=False)
            self.page.footer.show_facts(self._sight.facts)

    def _after_sight(self, found: Found) -> None:
        before, self._sight = self._sight, None
        self.table.blockSignals(False)
        if before is not None and before.operation == found.operation:
            self.model.fill(before.fields, before.rows)  # so that nothing flickers
        if len(found.outline.ids) > sight.ROWS and not found.outline.groups:
            self.model.cells(sight.ROWS - 1)  # asked for: in a large book the next sight has as many

    def leave(self) -> None:
        """Remember what will be shown when the book comes up again: the view as it was saved."""
        first, view, found = self.model.first(sight.ROWS), self.view, self.found
        if first is None or view is None or found is None or self.is_changed or self.words or self.only is not None:
            return
        if self.page.desk.seen is not None:
            return
        marked = sorted(self._marks().sorted.items(), key=lambda one: one[1][0])
        order = [(at, descending) for at, (_place, descending) in marked]
        shown = sight.Sight(
            found.operation, tr(view.name), self.model.columns, *first, view.frozen, order, self._facts(found)
        )
        sight.keep(self.page.desk.target, shown, day=self.today if view.conditions else "")

    def _fetch(self, fields: Sequence[Field], ids: Sequence[int], deliver: Deliver) -> None:
        self.page.ask(asking.cells(self.manner.room, fields, ids, self.today), deliver)

    def _choose_again(self, number: int, one: Field) -> None:
        line, column = self.model.row_of(number), self.model.column_of(one.key)
        if line is not None:
            index = self.model.index(line, column or 0)
            self.table.selectionModel().setCurrentIndex(index, self.table.selectionModel().SelectionFlag.ClearAndSelect)

    def _marks(self) -> Marks:
        assert self.view is not None
        places = {column.field.key: at for at, column in enumerate(self.model.columns)}
        order = [(key, descending) for key, descending in self.view.order if key in places]
        conditions = {one.key for one in self.view.conditions} if self.only is None else set()
        return Marks(
            {places[key]: (place, descending) for place, (key, descending) in enumerate(order, 1)},
            {places[key] for key in conditions if key in places},
        )

    def _show_bar(self) -> None:
        assert self.view is not None
        self.view_button.show_view(tr(self.view.name), changed=self.is_changed)
        chips: list[tuple[str, Callable[[QWidget], object], Callable[[], object]]] = []
        if self.only is not None:
            chips.append((self.only[0], lambda _chip: self.show_all(), self.show_all))
        else:
            chips += [
                (self.sentence(one), partial(self.edit_condition, one.key), partial(self.drop_condition, one))
                for one in self.view.conditions
            ]
        self.chips.show_chips(chips)
        last = self.view.conditions[-1:] if self.only is None else ()
        self.drop_last.setVisible(bool(last))
        if last and self.found is not None:
            known = self.found.fields.get(last[0].key) or self.found.scopes.get(last[0].key)
            self.drop_last.setText(tr(_("Remove “{field}”", field=known.label if known is not None else last[0].key)))

    def said_conditions(self) -> str:
        """All conditions in one line, with how many rows meet them and the day."""
        assert self.view is not None
        said = [self.only[0]] if self.only is not None else [self.sentence(one) for one in self.view.conditions]
        if self.words:
            said.append(tr(_("with “{words}”", words=self.words)))
        count = tr(_("{count} rows, {day}", count=f"{len(self.model.ids):,}", day=self.today))
        joined = ("；" if language() == "zh" else "; ").join(said)
        return f"{joined} · {count}" if joined else count

    def sentence(self, condition: Condition) -> str:
        """A condition as its chip says it; one that this book cannot follow says so."""
        from db.core import filters

        assert self.found is not None
        known = self.found.fields.get(condition.key) or self.found.scopes.get(condition.key)
        if known is None or condition.operator not in filters.OPERATORS:
            return tr(_("{field} (not in this book)", field=condition.key.removeprefix("own:")))
        if isinstance(known, Field) and projector.hides(known):
            return tr(_("{field}: not shown", field=known.label))
        return tr(filters.sentence(known, condition, period=self._period()))

    def show_sums(self) -> None:
        """What the rows amount to, in the footer."""
        assert self.found is not None
        self.page.footer.show_facts(self._facts(self.found))

    def _facts(self, found: Found) -> list[tuple[str, str, str]]:
        return amount_to(found, self.manner.named, self.notes)

    # --- the view --------------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        """Whether the table shows something else than the view as it was saved."""
        if self.view is None or self.base is None:
            return False
        return any(getattr(self.view, name) != getattr(self.base, name) for name in _SAVED)

    @property
    def follows_period(self) -> bool:
        """Whether a condition speaks of the period."""
        conditions = self.view.conditions if self.view is not None and self.only is None else ()
        return any(one.operator in _OF_PERIOD for one in conditions)

    def change(self, **changed: Any) -> None:
        """Other columns, conditions, order or groups."""
        if self.view is not None:
            self.view = replace(self.view, **changed)
            self.refresh()

    def open_view(self, key: str) -> None:
        """Another view, as it was saved."""
        self._keep("view", key)
        self.only = None
        if self.found is not None:
            self.view = next((one for one in self.found.views if one.key == key), None)
        self.table.verticalScrollBar().setValue(0)
        self.refresh()

    def open_saved(self, view: View) -> None:
        """A view that was just stored."""
        self._keep("view", view.key)
        self.view = view
        self.refresh()

    def set_condition(self, key: str, condition: Condition | None) -> None:
        """The only condition on one field, None for none."""
        self.set_conditions(key, () if condition is None else (condition,))

    def set_conditions(self, key: str, conditions: Sequence[Condition]) -> None:
        """All that is asked of one field; it keeps its place among the others."""
        assert self.view is not None
        self.only = None
        before = self.view.conditions
        at = next((at for at, one in enumerate(before) if one.key == key), len(before))
        others = [one for one in before[at:] if one.key != key]
        self.change(conditions=(*before[:at], *conditions, *others))

    def conditions_on(self, key: str) -> tuple[Condition, ...]:
        """What is asked of one field."""
        return tuple(one for one in self.view.conditions if one.key == key) if self.view is not None else ()

    def drop_condition(self, condition: Condition) -> None:
        """One condition less; others on the same field stay."""
        self.set_conditions(condition.key, [one for one in self.conditions_on(condition.key) if one != condition])

    def remove_all(self) -> None:
        """No condition at all; order and groups stay."""
        self.search.clear()
        self.words, self.only = "", None
        self.change(conditions=())

    def _drop_last(self) -> None:
        assert self.view is not None
        self.drop_condition(self.view.conditions[-1])

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these records, under a chip that says what they are."""
        self.only, self.words = (what, tuple(ids)), ""
        self.refresh()

    def show_all(self) -> None:
        """The view's own rows again."""
        self.only = None
        self.refresh()

    def _words_typed(self) -> None:
        if self.search.text().strip() != self.words:
            self.words = self.search.text().strip()
            self.refresh()

    def sort(self, column: int, further: bool) -> None:
        """By this column, the other way round where it is so already; `further`: after the ones that are there."""
        assert self.view is not None
        key = self.model.columns[column].field.key
        first = self.model.columns[column].right
        here = dict(self.view.order)
        descending = not here[key] if key in here else first
        if further:
            order = [(one, descending if one == key else way) for one, way in self.view.order]
            order += [] if key in here else [(key, first)]
        else:
            order = [(key, descending)]
        self.change(order=tuple(order))

    def group_by(self, key: str | None) -> None:
        """Group by one more field; None for no groups."""
        assert self.view is not None
        if key is None:
            self.change(groups=())
        elif key not in self.view.groups:
            self.change(groups=(*self.view.groups, key)[-MOST_GROUPS:])

    def move_column(self, before: int, after: int) -> None:
        """A column to another place; tells the book nothing, the rows stay."""
        assert self.view is not None
        columns = list(self.view.columns)
        columns.insert(after, columns.pop(before))
        self.set_columns(columns)

    def hide_column(self, column: int) -> None:
        """Take a column out of the view; a frozen one makes the frozen part smaller."""
        assert self.view is not None
        columns = [key for at, key in enumerate(self.view.columns) if at != column]
        self.set_columns(columns, frozen=self.view.frozen - (column < self.view.frozen))

    def field(self, key: str) -> Field:
        """A field by its key; one that this book lacks, too."""
        assert self.found is not None
        return self.found.fields.get(key) or missing_field(key)

    def set_columns(self, columns: Sequence[str], *, frozen: int | None = None) -> None:
        """Which columns, from left to right, and how many of them stay."""
        assert self.view is not None
        if columns:
            stay = self.view.frozen if frozen is None else frozen
            self.change(columns=tuple(columns), frozen=max(0, min(stay, len(columns))))

    # --- what is kept at this desk ---------------------------------------------------------------------------------

    def _keep(self, name: str, value: Any) -> None:
        self._kept[name] = value
        self.page.desk.preferences.save()

    @property
    def kept_widths(self) -> dict[str, int]:
        """Widths that columns of this view were dragged to."""
        return dict(self._kept.get("widths", {}).get(self.view.key, {})) if self.view is not None else {}

    def _keep_width(self, key: str, width: int) -> None:
        if self.view is not None:
            self._kept.setdefault("widths", {}).setdefault(self.view.key, {})[key] = width

    def _folds(self) -> list[tuple[Any, ...]]:
        assert self.view is not None
        of = "|".join((self.view.key, *self.view.groups))
        return [tuple(path) for path in self._kept.get("folded", {}).get(of, ())]

    def _keep_folds(self) -> None:
        assert self.view is not None
        of = "|".join((self.view.key, *self.view.groups))
        self._kept.setdefault("folded", {})[of] = [list(path) for path in self.model.lines.folded]

    # --- pop-ups ---------------------------------------------------------------------------------------------------

    def filter_column(self, column: int) -> None:
        """The filter of a column, under its heading."""
        self.edit_field(self.model.columns[column].field, self._under(column))

    def _under(self, column: int) -> QPoint:
        header = self.table.frozen_header if column < self.table.frozen_columns else self.table.header
        return header.mapToGlobal(QPoint(header.sectionViewportPosition(column), header.height()))

    def emphasise_column(self, column: int) -> None:
        """What stands out in a column, under its heading."""
        from desktop.kit.emphasis import EmphasisWindow

        EmphasisWindow(self, self.model.columns[column].field).open_at(self._under(column))

    def edit_condition(self, key: str, chip: QWidget) -> None:
        """The filter of a chip's field, under the chip; what a rule of the trade says can only be removed."""
        assert self.found is not None
        if key in self.found.fields:
            self.edit_field(self.found.fields[key], chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def edit_field(self, one: Field, place: QPoint) -> None:
        """The filter of a field at a place of the screen."""
        from desktop.kit.filtering import FilterWindow

        if self.view is not None and one.read is not None:
            FilterWindow(self, one).open_at(place)

    def filter_current(self) -> None:
        """The filter of the column one is in."""
        self.filter_column(max(0, self.table.currentIndex().column()))

    def choose_columns(self) -> None:
        """Which columns are shown."""
        from desktop.kit.chooser import Chooser

        if self.found is not None and self.view is not None:
            Chooser(self).open_at(self.table.mapToGlobal(QPoint(self.table.width() - 360, self.table.header.height())))

    def print_view(self) -> None:
        """What the table shows on paper, after a preview."""
        from desktop.kit.printing import print_ledger

        print_ledger(self)

    def _open_fields(self) -> None:
        from desktop.kit.menus import pick_field

        pick_field(self, self.chips.add)

    def _open_views(self) -> None:
        from desktop.kit.view_menu import open_views

        open_views(self)

    def _cell_menu(self, index: Any, place: QPoint) -> None:
        from desktop.kit.menus import cell_menu

        cell_menu(self, index).popup(place)

    def _heading_menu(self, column: int, place: QPoint) -> None:
        from desktop.kit.menus import heading_menu

        heading_menu(self, column).popup(place)


_SAVED = ("columns", "conditions", "order", "groups", "frozen", "emphasis")
_OF_PERIOD = ("in_period", "behind")
