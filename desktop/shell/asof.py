"""Looking at the book as it was: what the window does for it, and the strip that says so on every page.

The book's thread gives every question to the copy of that moment (db/core/past.py), so that pages, exports and reports
need not know. What would change the book rests meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from db.core.text import Text, _

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QMainWindow

    from db.core.book import Book
    from db.core.past import Seen
    from db.core.progress import Progress
    from desktop.shell.asof_banner import Banner

    _Around = QMainWindow
else:
    _Around = object


class LooksBack(_Around):
    """What a window needs for it, beside what `Desk` says: `_pages`, `page`, and this before QMainWindow."""

    seen: Seen | None = None
    marking = False  # whether cells that are different now carry a corner
    banner: Banner | None = None
    stands_on: Mapping[str, str] = {}  # page → the day that is always today there; "" for the others
    _fixed_day: dt.date | None = None
    _shown = ""

    def today(self) -> dt.date:
        """The day on which one works, or that of the moment one looks at."""
        import datetime as dt

        return dt.date.fromisoformat(self.seen.day) if self.seen is not None else self.real_today()

    def real_today(self) -> dt.date:
        """The day of the clock; a test fixes it, and so does a demonstration."""
        import datetime as dt

        standing = self.stands_on.get(self._shown) or self.stands_on.get("")
        if standing and self._fixed_day is None:
            return dt.date.fromisoformat(standing)
        return self._fixed_day or dt.datetime.now().astimezone().date()

    def look_at(self, moment: str | int, named: Text | None = None) -> None:
        """Look at the book as it was at a moment; where there is none such, it is said, and one stays where one is."""

        def opening(book: Book, progress: Progress) -> Book:
            from db.core.past import look

            return look(book, moment, named=named, progress=progress)

        self._turn(opening, _("Looking up the book as it was"))

    def leave_past(self) -> bool:
        """Back to the book as it is; filter, selection and place stay. False where one is there already."""
        if self.seen is None:
            return False
        self._turn(lambda book, _progress: book, _("Back to the present"))
        return True

    def _turn(self, opening: Callable[[Book, Progress], Book], title: Text) -> None:
        desk: Any = self
        desk.jobs.look_at(self, opening, self._turned, failed=desk.complain, title=title)

    def _turned(self, book: Any) -> None:
        desk: Any = self
        self.seen = None if book.present is book else book.seen
        self.marking = self.marking and self.seen is not None
        for page in desk._pages.values():  # noqa: SLF001 - a part of the window
            page.show_moment()
        desk._title()  # noqa: SLF001
        if desk.page is not None:
            self.put_banner(desk.page)
            desk.page.refresh()

    def forget_past(self) -> None:
        """Another book, or the same pages made anew in another look."""
        self.banner = None

    def put_banner(self, page: Any) -> None:
        """The strip under the top bar of this page, while one looks at the past."""
        if self.banner is not None and isValid(self.banner):
            self.banner.hide()
            self.banner.deleteLater()
        self.banner = None
        if self.seen is not None:
            from desktop.shell.asof_banner import Banner

            self.banner = Banner(self, self.seen)
            page.layout().insertWidget(1, self.banner)
            self._tell_both()

    def _tell_both(self) -> None:
        """What the report of that time says as finalised, and what the book says here."""
        desk: Any = self
        seen, banner = self.seen, self.banner

        def work(book: Book, progress: Progress) -> Text | None:
            from db.overview.two_answers import both

            with book.present.read() as now, book.read() as then:
                return both(now, then, seen.number, seen.day) if seen is not None and book is not book.present else None

        def take(found: Text | None) -> None:
            if banner is self.banner and banner is not None and isValid(banner):
                banner.say_both(found)

        desk.jobs.ask(banner, work, take, failed=lambda _problem: None, key="both")

    def choose_moment(self) -> None:
        """The finalised reports first, any other moment second."""
        from desktop.shell.asof_picker import MomentPicker

        desk: Any = self
        if desk.page is not None:
            MomentPicker(desk).open_under(self.banner.choice if self.banner is not None else desk.page.moments)

    def go_days(self, count: int) -> None:
        """So many days later; today or later is the present."""
        import datetime as dt

        if self.seen is None:
            return
        desk: Any = self
        day = dt.date.fromisoformat(self.seen.day) + dt.timedelta(days=count)
        if day >= desk.real_today():
            self.leave_past()
        else:
            self.look_at(day.isoformat())

    def mark_differences(self) -> None:
        """Let cells that are different now carry a corner, or no more."""
        desk: Any = self
        if self.seen is not None:
            self.marking = not self.marking
            if self.banner is not None:
                self.banner.marks.setChecked(self.marking)
            for page in desk._pages.values():  # noqa: SLF001 - a part of the window
                page.show_moment()

    def undo_now(self) -> None:
        """Undo acts on the present: back there first."""
        desk: Any = self
        self.leave_past()
        desk.undoing.undo()

    def redo_now(self) -> None:
        """As `undo_now`."""
        desk: Any = self
        self.leave_past()
        desk.undoing.redo()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing nearer wants it, goes back to the present."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape and self.leave_past():
            return
        super().keyPressEvent(event)
