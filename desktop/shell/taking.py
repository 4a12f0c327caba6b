"""What comes into an open book: sheets that were sent and came back, a colleague's copy, another book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.kit.dropping import TakesFiles


class TakesReturns(TakesFiles):
    """What a window needs for it, beside being a `Desk`: this in place of `TakesFiles`."""

    def take_returned(self, paths: Sequence[Path]) -> None:
        """Sheets that were sent and came back are compared with the book."""
        window: Any = self
        if paths and window.page is not None and not window.page.rests():
            window.go("merge")
            window.page.take(paths)

    def take_book(self, path: Path) -> None:
        """A copy of the open book is merged or opened, as a person wants; any other book is opened."""
        window: Any = self
        if not window.book_name or window.seen is not None:
            window.open_book(str(path))
            return
        from desktop.sheets.merge_work import is_kin

        def told(kin: bool) -> None:
            if not kin:
                window.open_book(str(path))
                return
            window.go("merge")
            window.page.take_copy(path)

        window.jobs.ask(window, is_kin(path), told, failed=lambda _why: window.open_book(str(path)), key="kin")

    def merge_into(self, main: Path) -> None:
        """Open the main book in place of its copy, and bring the copy home."""
        window: Any = self
        copy = Path(window.target)
        window._waiting_files = [copy]  # noqa: SLF001 - a part of the window
        window.open_book(str(main))
