"""Files for the lines of a session: dropped, chosen, or a picture from the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from db.core.text import _
from desktop.forum.steps import short
from desktop.kit.attaching import TAKEN_IN

if TYPE_CHECKING:
    from db.forum.at_table import Captured
    from desktop.forum.capture import CaptureView


def meant(view: CaptureView) -> Captured | None:
    """The line that files are for: the one that is typed anew, the one chosen in the list, else the last one kept."""
    lines = view.sitting.lines if view.sitting is not None else ()
    if view.entry.editing is not None or not lines:
        return view.entry.editing
    row = view.lines.currentIndex().row() if view.lines.hasFocus() else -1
    return lines[row] if 0 <= row < len(lines) else lines[-1]


def under(view: CaptureView, paths: Sequence[Path], place: QPoint) -> Captured | None:
    """The line to which dropped files would be attached: the one under the mouse, else the last."""
    lines = view.sitting.lines if view.sitting is not None else ()
    if not lines or any(path.is_dir() or path.suffix.lower() in TAKEN_IN for path in paths):
        return None
    index = view.lines.indexAt(view.lines.viewport().mapFromGlobal(place))
    return lines[index.row()] if index.isValid() and index.row() < len(lines) else lines[-1]


def choose(view: CaptureView) -> None:
    """Ask for files."""
    line = meant(view)
    if line is None:
        view.page.desk.say(_("Files are attached to a line that is kept; keep one first."))
    elif not view.page.rests():
        attach(view, line, view.page.desk.dialogs.open_files(view, _("Choose files to attach")))


def paste(view: CaptureView) -> None:
    """The picture that is on the clipboard."""
    from desktop.kit.attachments import pasted_picture

    line = meant(view)
    if line is None:
        choose(view)
    elif (path := pasted_picture()) is not None:
        attach(view, line, [path])


def attach(view: CaptureView, line: Captured | None, paths: Sequence[Path]) -> None:
    """These files to a line, as one operation."""
    from desktop.kit import attachments

    if line is not None and paths and not view.page.rests():
        attachments.attach(view.page, "forum", line.id, short(line.text), paths)
