"""The window: welcome page, or rail and pages over an open book; drops, undo, keys, footer lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.kit import projector, theme, words
from desktop.kit.dialogs import BOOKS, LEDGERS, Dialogs
from desktop.kit.guide import Guide
from desktop.kit.jobs import Jobs
from desktop.kit.preferences import Preferences, without_password
from desktop.kit.words import tr
from desktop.rooms import ROOMS, at_start, shown
from desktop.shell import opening
from desktop.shell.asof import LooksBack
from desktop.shell.taking import TakesReturns
from desktop.shell.undoing import Undoing

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from db.core.book import Announcement, Book
    from db.core.filters import Condition
    from db.core.period import Period
    from db.core.progress import Progress
    from desktop.kit.jobs import Job
    from desktop.kit.page import Page, ThinProgress
    from desktop.shell.catching import Catching
    from desktop.shell.rail import Rail
    from desktop.shell.welcome import WelcomePage


_NOTHING_SAID = ("", "mute", False)
_SEARCH_AFTER = 1_500  # milliseconds after a book was opened: what a person looks at comes first


class Window(LooksBack, TakesReturns, QMainWindow):
    """See the module. It is the `Desk` of its pages."""

    book_opened = Signal(str)

    def __init__(
        self, preferences: Preferences, dialogs: Dialogs | None = None, *, today: dt.date | None = None,
        coming: str = "",
    ) -> None:  # fmt: skip
        """`coming` is the book that `begin` will open: rail and ledger stand at once, and no welcome page before."""
        super().__init__()
        self._fixed_day = today
        self.preferences = preferences
        self.dialogs = dialogs or Dialogs()
        self.jobs = Jobs(self)
        self.undoing = Undoing(self.jobs)
        self.guide = Guide(preferences, self.go)
        self.book_name = opening.called(coming) if coming else ""
        self.not_opened: Problem | None = None
        self.target = self._coming = coming
        self._pages: dict[str, Page] = {}
        self._shown = ""
        self._progress: ThinProgress | None = None
        self._catching: Catching | None = None
        self.rail: Rail | None = None
        self._welcome: WelcomePage | None = None
        self._line = _NOTHING_SAID
        self._waiting_files: list[Path] = []
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 360)  # what a screen of 1366 × 768 leaves at 200 %
        self.resize(*(preferences.window or (1366, 768)))
        self.root = QStackedWidget()
        self.setCentralWidget(self.root)
        self.jobs.begun.connect(self._work_begun)
        self.jobs.wrote.connect(self._wrote)
        self.undoing.told.connect(self._show_line)
        self._build()
        self._keys()

    # --- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        """Everything that has words or colours; again when language or look change."""
        self._drop_pages()
        while self.root.count():
            old = self.root.widget(0)
            self.root.removeWidget(old)
            old.deleteLater()
        self.guide.forget()
        self.forget_past()
        if self._progress is not None:
            self._progress.deleteLater()
        self._welcome = self.rail = self._progress = None
        if self.book_name:
            self._frame()
        else:
            self.root.setCurrentWidget(self.welcome)
        self._title()

    def _frame(self) -> None:
        """Rail and pages; made with the first book, so that the welcome page does not wait for them."""
        from desktop.shell import pages
        from desktop.shell.rail import Rail

        upper = [(room.name, room.label, room.icon) for room in shown(self.preferences)]
        rail = Rail(upper, [(one.name, one.label, one.icon) for one in pages.LOWER])
        rail.chosen.connect(self.go)
        rail.follow(self)
        self.stack = QStackedWidget()
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addWidget(self.stack, 1)
        self.rail = rail
        self._over = frame
        self.root.addWidget(frame)
        self.root.setCurrentWidget(frame)

    @Slot(object)
    def _work_begun(self, job: Job) -> None:
        """The line of progress is made with the first work."""
        if self._progress is None:
            from desktop.kit.page import ThinProgress

            self._progress = ThinProgress(self, self.jobs, self._corner)
            self._progress.follow(job)

    @property
    def _over_book(self) -> bool:
        """Whether rail and pages are shown, and not the welcome page."""
        return self.rail is not None and self.root.currentWidget() is not self._welcome

    def _corner(self) -> tuple[int, int]:
        """Where the line of progress begins."""
        return (self.rail.width() if self.rail else 0, theme.TOP_BAR) if self._over_book else (theme.WELCOME_SIDE, 0)

    @property
    def welcome(self) -> WelcomePage:
        """The first page; made when it is first wanted, as one who goes on with a book never sees it."""
        if self._welcome is None:
            self._welcome = self._make_welcome()
            self.root.addWidget(self._welcome)
        return self._welcome

    def _make_welcome(self) -> WelcomePage:
        from desktop.shell.welcome import WelcomePage

        made = WelcomePage(self.preferences, self.root)
        made.from_ledger.connect(self.choose_ledger)
        made.from_folder.connect(self.choose_folder)
        made.demonstration.connect(self.open_demonstration)
        made.open_book.connect(self._choose_book)
        made.new_book.connect(self._choose_new)
        made.connect_server.connect(self._choose_server)
        made.recent_chosen.connect(self.open_book)
        made.language_chosen.connect(self.change_language)
        made.theme_chosen.connect(self.change_theme)
        return made

    def _title(self) -> None:
        name = tr(_("Zhaoshang Ledger"))
        if self.rail is None:
            self.setWindowTitle(name)
            return
        shown = opening.called(self.target) if "://" in self.target else self.book_name.removesuffix(".zsb")
        if Path(self.target) == opening.demonstration_path():
            shown = tr(_("Demonstration"))
        self.setWindowTitle(f"{f'〔{self.seen.day}〕' if self.seen else ''}{shown} — {name}")
        self.rail.book.say(shown)
        note = tr(_("Server") if "://" in self.target else _("Local")) + " · " + self.preferences.name
        self.rail.note.say(tr(_("today is {day}", day=self.real_today().isoformat())) if self.stands_on else note)
        self.rail.mark(self._shown)

    def _keys(self) -> None:
        for at in range(1, len(ROOMS) + 1):
            self._key(f"Ctrl+{at}", lambda at=at: self._go_to(at))
        self.doing: dict[str, Callable[[], object]] = {
            "history": lambda: self.go("history"), "settings": lambda: self.go("settings"),
            "open_book": self._choose_book, "import": self.choose_ledger, "import_folder": self.choose_folder,
            "undo": self.undo_now, "redo": self.redo_now, "manual": self.show_manual, "keys": self.show_keys,
            "find": self.search_all, "projector": lambda: self.change_projector(not projector.on()),
            "moment": self.choose_moment,
        }  # fmt: skip
        for key, name in (
            ("Ctrl+Shift+H", "history"), ("Ctrl+,", "settings"), ("Ctrl+O", "open_book"), ("Ctrl+I", "import"),
            ("Ctrl+Shift+I", "import_folder"), ("Ctrl+Z", "undo"), ("Ctrl+Y", "redo"),
            ("Ctrl+Shift+Z", "redo"), ("F1", "manual"), ("Ctrl+/", "keys"), ("Ctrl+K", "find"),
            ("Ctrl+Shift+T", "projector"), ("Alt+T", "moment"),
        ):  # fmt: skip
            self._key(key, self.doing[name])

    def _key(self, keys: str, do: object) -> None:
        shortcut = QShortcut(self)
        shortcut.setProperty("key", keys)  # without QKeySequence and its enumerations (desktop/kit/parts.py)
        shortcut.activated.connect(do)

    # --- what pages ask (Desk) -----------------------------------------------------------------------------------

    @Slot(str)
    def go(self, page: str) -> None:
        """Show a page; it is made when it is first wanted."""
        if not self.book_name:
            return
        self._show(page)
        self._pages[page].refresh()
        self._pages[page].take_focus()
        self._show_line(*(self._line if self._line[1] != "red" else _NOTHING_SAID))

    def _go_to(self, place: int) -> None:
        """The room at this place of the rail."""
        rooms = shown(self.preferences)
        if place <= len(rooms):
            self.go(rooms[place - 1].name)

    def _show(self, page: str) -> None:
        self._shown = page
        if page not in self._pages:
            from desktop.shell import pages

            made = self._pages[page] = pages.make(page, self)
            made.show_moment()
            self.stack.addWidget(made)
        self._title()
        self.stack.setCurrentWidget(self._pages[page])
        self.guide.show_on(page, self._pages[page])
        self.put_banner(self._pages[page])

    @property
    def showing(self) -> str:
        """The name of that page."""
        return self._shown if self.page is not None else ""

    @property
    def page(self) -> Page | None:
        """The page that is shown over the book."""
        return self._pages.get(self._shown) if self._over_book else None

    def show_rows(self, room: str, what: str, ids: Sequence[int]) -> None:
        """The page of a room with exactly these records."""
        self.go(room)
        self._pages[room].show_only(what, ids)

    def show_where(self, room: str, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """The page of a room with a view of it, or with what meets these conditions in a period."""
        self.go(room)
        self._pages[room].show_where(period, view, conditions)

    def say(self, text: Text) -> None:
        """A line in the footer."""
        self._show_line(tr(text), "mute", False)

    def complain(self, problem: Problem) -> None:
        """A line in the footer, in red, or under the card of the welcome page."""
        self._show_line(problem.render(words.language()), "red", False)

    @Slot(str, str, bool)
    def _show_line(self, text: str, tone: str, undo: bool) -> None:
        self._line = (text, tone, undo)
        if self.page is not None:
            self.page.footer.say(text, tone, undo=undo)

    def take_files(self, paths: Sequence[Path]) -> None:
        """A book is opened; anything else is looked at as a ledger, in a new book where none is open."""
        if not paths:
            return
        if any(opening.is_book(path) for path in paths):
            self.take_books(paths)
        elif self.book_name:
            self._plan_import(paths)
        else:
            self._waiting_files = list(paths)
            self._choose_new(f"{paths[0].stem}.zsb")

    def _plan_import(self, paths: Sequence[Path]) -> None:
        if self.page is not None and self.page.rests():
            return
        from desktop.sheets.page import ImportPage

        self.go("import")
        page = self._pages["import"]
        if isinstance(page, ImportPage):
            page.take(paths)

    def choose_folder(self) -> None:
        """Ask for a folder of ledgers and propose the order in which they come in."""
        chosen = self.dialogs.open_folder(self, _("Choose a folder of ledgers"))
        if chosen is not None:
            self.take_files([chosen])

    def choose_ledger(self) -> None:
        """Ask for a ledger and show what taking it in would do."""
        chosen = self.dialogs.open_file(self, _("Choose a ledger"), LEDGERS)
        if chosen is not None:
            self.take_files([chosen])

    # --- books ---------------------------------------------------------------------------------------------------

    def open_demonstration(self) -> None:
        """The demonstration district, made the first time."""
        path, how = opening.demonstration(self.preferences.name)
        self._take(str(path), how, _("Opening the demonstration"), card=1)

    @Slot(str)
    def open_book(self, target: str) -> None:
        """A book by its path or address."""
        place = 3 if "://" in target else 2
        self._take(target, opening.existing(target, self.preferences.name), _("Opening the book"), card=place)

    def begin(self) -> None:
        """Show the ledger of the coming book, then open it; where that fails, the welcome page says why."""
        first = at_start(self.preferences)
        self._show(first)
        self._pages[first].first_sight()
        self._pages[first].take_focus()
        QTimer.singleShot(0, self, lambda: self.open_book(self._coming))

    def _choose_book(self) -> None:
        chosen = self.dialogs.open_file(self, _("Open a book"), BOOKS)
        if chosen is not None:
            self.open_book(str(chosen))

    def _choose_new(self, proposed: str = "") -> None:
        place = opening.documents() / (proposed or tr(_("Our book")) + ".zsb")
        chosen = self.dialogs.save_file(self, _("Where should the new book lie?"), str(place), BOOKS)
        if chosen is None:
            self._waiting_files = []
            return
        self._take(str(chosen), opening.new(chosen, self.preferences.name), _("Making the book"), card=2)

    def _choose_server(self) -> None:
        body = _("The address that the administrator gave: postgresql://name:password@server/book")
        address = self.dialogs.ask_words(
            self, _("Connect to the office's book"), body, _("Connect"), proposed="postgresql://"
        )
        if address:
            self.open_book(address)

    def _take(self, target: str, how: opening.Opening, title: Text, *, card: int) -> None:
        def opened(found: tuple[str, dict[str, str]]) -> None:
            name, self.stands_on = found
            if target != self._coming:
                self._drop_pages()
            self.target, self.book_name, self._coming, self.seen = target, name, "", None
            self.guide.open(without_password(target))
            listed = name if "://" not in target else opening.called(target)
            self.preferences.opened(without_password(target), listed, time.strftime("%Y-%m-%d %H:%M"))
            self._line = _NOTHING_SAID
            self.undoing.forget()
            if self.rail is None:
                self._frame()
            self.root.setCurrentWidget(self._over)
            self._title()
            self.book_opened.emit(name)
            QTimer.singleShot(_SEARCH_AFTER, self, self._start_search)
            self.go(self._shown if self._pages else at_start(self.preferences))
            files, self._waiting_files = self._waiting_files, []
            self.take_files(files)

        def failed(problem: Problem) -> None:
            self._waiting_files = []
            self.not_opened = problem
            if self._coming:
                self._coming = self.target = self.book_name = ""
                self._build()
            self.welcome.complain(card, problem.render(words.language()))
            self.complain(problem)

        self.not_opened = None
        if self._welcome is not None:
            self._welcome.complain(-1, "")
        self.jobs.take_book(self, how, opened, failed=failed, title=title)

    def _start_search(self) -> None:
        """Let the search index catch up, now and after every change."""
        if self._catching is None:
            from desktop.shell.catching import Catching

            self._catching = Catching(self.jobs)
        self._catching.soon()

    def _drop_pages(self) -> None:
        for page in self._pages.values():
            page.leave()
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()

    # --- what happens ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _wrote(self, announcement: Announcement) -> None:
        self.undoing.wrote(announcement)
        if self.page is not None:
            self.page.refresh()

    @Slot(str)
    def change_language(self, lang: str) -> None:
        """Another language, at once."""
        self.preferences.language = lang
        words.speak(lang)
        self._dress()

    @Slot(str)
    def change_theme(self, name: str) -> None:
        """Another look, at once."""
        self.preferences.theme = name
        self._dress()

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.preferences.theme)
        self._rebuild()

    @Slot(str)
    def change_rows(self, height: str) -> None:
        """Other row heights, at once."""
        self.preferences.rows = height
        self._rebuild()

    def change_rooms(self, rooms: dict[str, bool]) -> None:
        """Other rooms at the left, at once."""
        self.preferences.rooms = rooms
        self._rebuild()

    def change_projector(self, to: bool) -> None:
        """Hide tax, classes and phones on every page, or show them again; nothing of it is kept for the next start."""
        projector.switch(to)
        self._rebuild()

    def change_name(self, name: str) -> None:
        """Another name; what was written before keeps its own."""
        if name == self.preferences.actor:
            return
        self.preferences.actor = name
        self.preferences.save()
        self._title()
        actor = self.preferences.name

        def rename(book: Book, progress: Progress) -> None:
            book.actor = actor

        self.jobs.ask(self, rename, lambda _nothing: None)

    def _rebuild(self) -> None:
        """What the person chose is kept; the pages are made anew, and what was typed is there again."""
        self.preferences.save()
        shown, before = self._shown, self.page
        self._line = _NOTHING_SAID
        self._build()
        if self.book_name:
            self.go(shown)
            self._pages[shown].come_back(before)

    def show_manual(self) -> None:
        """The manual at the page one is on."""
        from desktop.shell.manual import ManualWindow

        self._manual = ManualWindow(self, self.page)
        self._manual.show()

    def search_all(self) -> None:
        """Everything by a few letters."""
        if self._over_book and not self._coming:
            from desktop.shell.offers import open_palette

            open_palette(self)

    def show_keys(self) -> None:
        """All keys that work."""
        from desktop.shell.keys import KeysWindow

        KeysWindow(self, self.showing).open()

    # --- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nobody took, as in the rail, is the page's."""
        if self.page is None or not self.page.pressed(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what is under way and let the book go; a write that was cut short leaves nothing."""
        if not self.isMaximized():
            self.preferences.window = [self.width(), self.height()]
        self.preferences.save()
        for page in self._pages.values():
            page.leave()
        self.hide()  # what waits for a server may need a moment to be told
        self.jobs.let_book_go()
        event.accept()
