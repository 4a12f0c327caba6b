"""Files dropped on a ledger: on the pane they are attached to its record, on a row to that row's.

A ledger on the table is still a ledger to take in, which is the window's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from db.core.text import Text, _
from desktop.kit.dialogs import BOOKS, LEDGERS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.kit.ledger_page import LedgerView

TAKEN_IN = frozenset(one.lstrip("*") for one in f"{BOOKS} {LEDGERS}".split())


def target(view: LedgerView, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, int, str] | None:
    """Over which part (a place of the screen), and to which record the files would be attached; None: the window's."""
    pane, table = view.pane, view.table
    if pane.isVisible() and pane.rect().contains(pane.mapFromGlobal(place)):
        if pane.record is None or pane.form is not None or any(path.suffix.lower() == ".zsb" for path in paths):
            return None
        return pane, int(pane.record["id"]), str(pane.record["name"])
    port = table.viewport()
    if not table.isVisible() or any(path.suffix.lower() in TAKEN_IN or path.is_dir() for path in paths):
        return None
    index = table.indexAt(port.mapFromGlobal(place))
    number = view.model.record(index.row()) if index.isValid() else None
    column = view.model.column_of(view.records.title)
    if number is None or column is None:
        return None
    return port, number, str(view.model.value(index.row(), column) or "")


def hint(view: LedgerView, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
    """What would happen to the files, and over which part it is said."""
    found = target(view, paths, place)
    if found is None:
        return None
    part, _number, name = found
    if part is view.pane:
        return part, _("Drop to attach to “{name}”. A ledger that is to be imported goes onto the table.", name=name)
    return part, _("Drop to attach to “{name}”.", name=name)


def take(view: LedgerView, paths: Sequence[Path], place: QPoint) -> bool:
    """Attach dropped files, where they are to be attached."""
    from desktop.kit.attachments import attach

    found = target(view, paths, place)
    if found is None:
        return False
    part, number, name = found
    attach(view.page, view.records.manner.room, number, name, paths)
    if part is view.pane:
        view.pane.show_tab("files")
    return True
