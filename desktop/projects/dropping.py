"""Files dropped on the page: on the pane they are attached to its project, on a row to that row's.

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

    from desktop.projects.page import ProjectsPage

_TAKEN_IN = frozenset(one.lstrip("*") for one in f"{BOOKS} {LEDGERS}".split())


def target(page: ProjectsPage, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, int, str] | None:
    """Over which part (a place of the screen), and to which project the files would be attached; None: the window's."""
    pane, table = page.pane, page.table
    if pane.isVisible() and pane.rect().contains(pane.mapFromGlobal(place)):
        if pane.record is None or pane.form is not None or any(path.suffix.lower() == ".zsb" for path in paths):
            return None
        return pane, int(pane.record["id"]), str(pane.record["name"])
    view = table.viewport()
    if not table.isVisible() or any(path.suffix.lower() in _TAKEN_IN or path.is_dir() for path in paths):
        return None
    index = table.indexAt(view.mapFromGlobal(place))
    number = page.model.record(index.row()) if index.isValid() else None
    column = page.model.column_of("name")
    if number is None or column is None:
        return None
    return view, number, str(page.model.value(index.row(), column) or "")


def hint(page: ProjectsPage, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
    """What would happen to the files, and over which part it is said."""
    found = target(page, paths, place)
    if found is None:
        return None
    part, _number, name = found
    if part is page.pane:
        return part, _("Drop to attach to “{name}”. A ledger that is to be imported goes onto the table.", name=name)
    return part, _("Drop to attach to “{name}”.", name=name)


def take(page: ProjectsPage, paths: Sequence[Path], place: QPoint) -> bool:
    """Attach dropped files, where they are to be attached."""
    from desktop.kit.attachments import attach

    found = target(page, paths, place)
    if found is None:
        return False
    part, number, name = found
    attach(page, "projects", number, name, paths)
    if part is page.pane:
        page.pane.show_tab("files")
    return True
