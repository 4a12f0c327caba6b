"""The list under the view button: built-in views, shared ones, mine; saving, renaming, sharing, deleting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from db.core.text import Text, _
from desktop.kit.page import Connection
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.views import View
    from desktop.kit.ledger import Ledger


def open_views(ledger: Ledger) -> None:
    """Show it under its button."""
    button = ledger.view_button
    view_menu(ledger).popup(button.mapToGlobal(QPoint(0, button.height() + 2)))


def view_menu(ledger: Ledger) -> QMenu:
    """The list, the view that is shown ticked."""
    menu = QMenu(ledger)
    found, view, base = ledger.found, ledger.view, ledger.base
    if found is None or view is None or base is None:
        return menu
    _list_views(ledger, menu, found.views, view.key)
    menu.addSeparator()
    changed = ledger.is_changed
    _add(menu, _("Save the changes to “{name}”", name=view.name), partial(_save, ledger), on=changed and base.saved)
    _add(menu, _("Save as a new view…"), partial(save_as, ledger))
    _add(menu, _("Take the changes back"), partial(ledger.open_view, view.key), on=changed)
    menu.addSeparator()
    _add(menu, _("Rename…"), partial(rename, ledger), on=base.saved)
    if base.owner is None:
        _add(menu, _("Keep to myself"), partial(_own, ledger, ledger.page.desk.preferences.name), on=base.saved)
    else:
        _add(menu, _("Share with everybody"), partial(_own, ledger, None), on=base.saved)
    _add(menu, _("Delete the view"), partial(_delete, ledger), on=base.saved)
    return menu


def _list_views(ledger: Ledger, menu: QMenu, views: tuple[View, ...], shown: str) -> None:
    group = QActionGroup(menu)
    parts: tuple[tuple[Text, list[View]], ...] = (
        (_("Built-in views"), [one for one in views if not one.saved]),
        (_("Shared views"), [one for one in views if one.saved and one.owner is None]),
        (_("My views"), [one for one in views if one.saved and one.owner is not None]),
    )
    for title, some in parts:
        if some:
            heading = menu.addAction(tr(title))
            heading.setEnabled(False)
        for one in some:
            action = menu.addAction(tr(one.name))
            action.setCheckable(True)
            action.setChecked(one.key == shown)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, key=one.key: ledger.open_view(key))


def _add(menu: QMenu, text: Text, do: Callable[[], object], *, on: bool = True) -> None:
    action = menu.addAction(tr(text))
    action.triggered.connect(lambda _checked=False: do())
    action.setEnabled(on)


def save_as(ledger: Ledger) -> None:
    """Ask for a name and keep the view as mine."""
    assert ledger.view is not None
    asked = ledger.page.desk.dialogs.ask_words(
        ledger, _("Save as a new view"), _("A name for it; it is yours until you share it."), _("Save the view"),
        proposed=tr(ledger.view.name),
    )  # fmt: skip
    if asked:
        view = replace(_as_shown(ledger), name=asked, key="", owner=ledger.page.desk.preferences.name)
        _store(ledger, view, _("Save the view “{name}”", name=asked))


def _as_shown(ledger: Ledger) -> View:
    """The view with the widths of this desk."""
    assert ledger.view is not None
    widths = {column.field.key: column.width for column in ledger.model.columns}
    return replace(ledger.view, widths={**ledger.view.widths, **widths, **ledger.kept_widths})


def _save(ledger: Ledger) -> None:
    view = _as_shown(ledger)
    _store(ledger, view, _("Change the view “{name}”", name=view.name))


def _own(ledger: Ledger, owner: str | None) -> None:
    assert ledger.base is not None
    label = _("Share the view “{name}”", name=ledger.base.name)
    if owner is not None:
        label = _("Keep the view “{name}” to myself", name=ledger.base.name)
    _store(ledger, replace(ledger.base, owner=owner), label)


def _store(ledger: Ledger, view: View, label: Text) -> None:
    def work(connection: Connection) -> View:
        from db.core.views import save_view

        return save_view(connection, ledger.manner.room, view)

    ledger.page.write(label, work, ledger.open_saved)


def rename(ledger: Ledger) -> None:
    """Ask for another name."""
    base = ledger.base
    assert base is not None
    asked = ledger.page.desk.dialogs.ask_words(
        ledger,
        _("Rename the view"),
        _("Another name for “{name}”", name=base.name),
        _("Rename"),
        proposed=tr(base.name),
    )
    if not asked:
        return

    def work(connection: Connection) -> None:
        from db.core.views import rename_view

        rename_view(connection, base.key, asked)

    def done(_nothing: Any) -> None:
        if ledger.view is not None:
            ledger.change(name=asked)

    ledger.page.write(_("Rename the view “{name}”", name=base.name), work, done)


def _delete(ledger: Ledger) -> None:
    base = ledger.base
    assert base is not None

    def work(connection: Connection) -> None:
        from db.core.views import delete_view

        delete_view(connection, base.key)

    ledger.page.write(_("Delete the view “{name}”", name=base.name), work, lambda _nothing: ledger.open_view(""))
