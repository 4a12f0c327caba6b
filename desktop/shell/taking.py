"""What comes into an open book: sheets that were sent and came back, a colleague's copy, another book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.kit.dropping import TakesFiles
from desktop.shell import opening


class TakesReturns(TakesFiles):
    """What a window needs for it, beside being a `Desk`: this in place of `TakesFiles`."""

    def take_returned(self, paths: Sequence[Path]) -> None:
        """Sheets that were sent and came back are compared with the book."""
        window: Any = self
        if paths and window.page is not None and not window.page.rests():
            window.go("merge")
            window.page.take(paths)

    def take_books(self, paths: Sequence[Path]) -> None:
        """Copies of the open book are merged or opened, as a person wants; any other book is opened.

        What lies among them and is no book is looked at as a ledger.
        """
        window: Any = self
        books = [path for path in paths if opening.is_book(path)]
        rest = [path for path in paths if path not in books]

        def open_first(_why: object = None) -> None:
            window._waiting_files = rest  # noqa: SLF001 - a part of the window
            window.open_book(str(books[0]))

        if not window.book_name or window.seen is not None:
            open_first()
            return
        from desktop.sheets.merge_work import kin_among

        def told(kin: list[Path]) -> None:
            if not kin:
                open_first()
                return
            window.go("merge")
            window.page.take_copies(kin)
            window.take_files(rest)

        window.jobs.ask(window, kin_among(books), told, failed=open_first, key="kin")

    def merge_into(self, main: Path) -> None:
        """Open the main book in place of its copy, and bring the copy home."""
        window: Any = self
        copy = Path(window.target)
        window._waiting_files = [copy]  # noqa: SLF001 - a part of the window
        window.open_book(str(main))
