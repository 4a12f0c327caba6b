"""What the right mouse button and the menu key offer over a ledger: for a heading, a cell, a group."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from db.core.fields import Day, Field
from db.core.text import Text, _
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.ledger import Ledger


def _add(menu: QMenu, text: Text, do: Callable[[], object], keys: str = "", *, on: bool = True) -> None:
    shown = tr(text) + (f"\t{keys}" if keys else "")
    action = menu.addAction(shown)
    action.triggered.connect(lambda _checked=False: do())
    action.setEnabled(on)


def heading_menu(ledger: Ledger, column: int) -> QMenu:
    """Sort, filter, group, keep, hide."""
    menu = QMenu(ledger)
    view = ledger.view
    assert view is not None
    field = ledger.model.columns[column].field
    known = field.read is not None
    _add(menu, _("Sort ascending"), partial(ledger.change, order=((field.key, False),)), on=known)
    _add(menu, _("Sort descending"), partial(ledger.change, order=((field.key, True),)), on=known)
    _add(menu, _("Sort by this too"), partial(ledger.sort, column, True), "Shift+" + tr(_("click")), on=known)
    _add(menu, _("Do not sort"), partial(ledger.change, order=()), on=bool(view.order))
    menu.addSeparator()
    _add(menu, _("Filter…"), partial(ledger.filter_column, column), "Alt+↓", on=known)
    _add(
        menu, _("Remove the condition"), partial(ledger.set_condition, field.key, None),
        on=any(one.key == field.key for one in view.conditions),
    )  # fmt: skip
    menu.addSeparator()
    _add_groups(ledger, menu, field, on=known)
    _add(menu, _("Without groups"), partial(ledger.group_by, None), on=bool(view.groups))
    menu.addSeparator()
    _add(menu, _("Let cells stand out…"), partial(ledger.emphasise_column, column), on=known)
    _add(
        menu, _("Keep the columns up to here"), partial(ledger.change, frozen=column + 1), on=column + 1 != view.frozen
    )
    _add(menu, _("Let all columns scroll"), partial(ledger.change, frozen=0), on=view.frozen > 0)
    _add(menu, _("Hide this column"), partial(ledger.hide_column, column), on=len(view.columns) > 1)
    _add(menu, _("Choose columns…"), ledger.choose_columns, "Ctrl+Shift+L")
    return menu


def _add_groups(ledger: Ledger, menu: QMenu, field: Field, *, on: bool) -> None:
    """Group by a field; by a day's month, quarter or year, too."""
    assert ledger.view is not None
    keys = [(_("Group by “{field}”", field=field.label), field.key)]
    if isinstance(field.kind, Day) and on:
        from db.core.dayparts import PARTS, part_key

        keys = [
            (_("Group by “{field}”", field=said(field=field.label)), part_key(field, part))
            for part, said in PARTS.items()
        ]
    for text, key in keys:
        _add(menu, text, partial(ledger.group_by, key), on=on and key not in ledger.view.groups)


def cell_menu(ledger: Ledger, index: Any) -> QMenu:
    """Of a group: fold. Of a cell: open, copy, only these."""
    menu = QMenu(ledger)
    group = ledger.model.group(index.row())
    if group is not None:
        folded = ledger.model.lines.is_folded(ledger.model.lines.at(index.row()).group)
        _add(
            menu,
            _("Open the group") if folded else _("Fold the group"),
            partial(ledger.table.turn, index.row()),
            "Enter",
        )
        _add(menu, _("Fold all groups"), partial(ledger.model.fold_all, 0))
        _add(menu, _("Open all groups"), partial(ledger.model.fold_all, None))
        menu.addSeparator()
        _only(ledger, menu, ledger.field(group.key), group.value)
        _add(menu, _("Without groups"), partial(ledger.group_by, None))
        return menu
    _add(menu, _("Open in the pane"), ledger.table.opened.emit, "Ctrl+Enter")
    _add(menu, _("Copy"), ledger.table.copy, "Ctrl+C")
    field = ledger.model.columns[index.column()].field
    if field.read is not None:
        menu.addSeparator()
        _only(ledger, menu, field, ledger.model.value(index.row(), index.column()))
        _add(menu, _("Filter…"), partial(ledger.filter_column, index.column()), "Alt+↓")
        _add(menu, _("Let cells stand out…"), partial(ledger.emphasise_column, index.column()))
    for part in ledger.menu_parts:
        part(menu, index)
    return menu


def _only(ledger: Ledger, menu: QMenu, field: Field, value: Any) -> None:
    """Only the rows of one value, or all but them."""
    from db.core.dayparts import base_of, days_of, part_name
    from db.core.filters import Condition
    from db.core.formats import show

    empty = value is None or value == ""
    shown = tr(_("(empty)")) if empty else show(field.kind, value, language())
    part = base_of(field.key)
    if part is not None and not empty:
        only = Condition(part[0], "between", days_of(value))
        said = part_name(value, language())
        _add(menu, _("Only “{value}”", value=said), partial(ledger.set_condition, part[0], only))
        return
    said = shown if len(shown) <= 16 else f"{shown[:15]}…"
    only = Condition(field.key, "empty") if empty else Condition(field.key, "is", value)
    but = Condition(field.key, "filled") if empty else Condition(field.key, "is_not", value)
    _add(menu, _("Only “{value}”", value=said), partial(ledger.set_condition, field.key, only))
    _add(menu, _("All but “{value}”", value=said), partial(ledger.set_condition, field.key, but))


def pick_field(ledger: Ledger, under: QWidget) -> None:
    """Choose the field for a further condition."""
    from desktop.kit.lists import Picker

    if ledger.found is None:
        return
    fields = {key: one for key, one in ledger.found.fields.items() if one.read is not None}
    place = under.mapToGlobal(QPoint(0, under.height() + 4))
    picker = Picker(ledger, [(key, tr(one.label)) for key, one in fields.items()], _("Search the fields"))
    picker.chosen.connect(lambda key: ledger.edit_field(fields[key], place))
    picker.open_at(place)
