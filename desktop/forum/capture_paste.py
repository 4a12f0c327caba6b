"""Several lines at once at the table: what was copied in a sheet or in a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core.errors import Refused
from db.core.text import _
from desktop.kit import clipboard

if TYPE_CHECKING:
    from desktop.forum.capture import CaptureView


def meant(view: CaptureView) -> bool:
    """Whether lines are on the clipboard, and the keyboard is where a new line begins."""
    return getattr(view.entry.current, "begins", False) and clipboard.holds_lines()


def paste(view: CaptureView) -> None:
    """Each of them a line of its own; all of them, or none and why."""
    from db.forum.pasted import lines_of

    entry, known = view.entry, view.entry.known
    if entry.texts():
        view.page.desk.say(_("Keep or clear the line that is typed first."))
        return
    if known is None or entry.chain is None:
        return
    try:
        lines = lines_of(
            clipboard.rows_of(clipboard.take()), company=entry.company.text().strip(), guests=entry.company.first,
            companies=known.companies, on=entry.day, chain=entry.chain,
        )  # fmt: skip
    except Refused as refused:
        entry.complain(refused)
        return
    view.record(*lines)
