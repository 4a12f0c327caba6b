"""A page of the window: its top bar, its footer, and what it may ask of the window around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.dialogs import Dialogs
from desktop.kit.finder import FinderButton
from desktop.kit.jobs import SHOWN_AFTER, Job, Jobs
from desktop.kit.parts import ElidedLabel, bar, button, clear, column_of, label, row_of
from desktop.kit.preferences import Preferences
from desktop.kit.words import tr

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from db.core.book import Book
    from db.core.filters import Condition
    from db.core.past import Seen
    from db.core.period import Period
    from db.core.progress import Progress
    from desktop.kit.guide import Guide
    from desktop.kit.ledger_page import LedgerView

# A connection to the book: the screen hands it to a room and never looks into it.
Connection = Any


class Desk(Protocol):
    """What a page may ask of the window it is in."""

    jobs: Jobs
    dialogs: Dialogs
    preferences: Preferences
    target: str
    guide: Guide
    seen: Seen | None  # the moment as of which the book is looked at; None for now
    marking: bool  # whether what is different now is marked then

    def look_at(self, moment: str | int, named: Text | None = None) -> None:
        """Look at the book as it was at a moment: a day, a time, or just after an operation."""

    def leave_past(self) -> bool:
        """Back to the book as it is; False where one is there already."""

    def choose_moment(self) -> None:
        """Let a person choose the moment as of which the book is looked at."""

    def today(self) -> dt.date:
        """The day on which one works; that of the moment one looks at."""

    def real_today(self) -> dt.date:
        """The day of the clock, whatever moment one looks at."""

    def search_all(self) -> None:
        """Search everything."""

    def go(self, page: str) -> None:
        """Show another page."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Do with dropped or chosen files what their content asks for."""

    def take_returned(self, paths: Sequence[Path]) -> None:
        """Compare sheets that were sent and came back with the book."""

    def open_book(self, target: str) -> None:
        """A book by its path or address, in place of this one."""

    def merge_into(self, main: Path) -> None:
        """Open the main book in place of its copy, and bring the copy home."""

    def change_language(self, lang: str) -> None:
        """The window in another language."""

    def change_theme(self, name: str) -> None:
        """The window in another look."""

    def change_rows(self, height: str) -> None:
        """Tables with other row heights."""

    def change_rooms(self, rooms: dict[str, bool]) -> None:
        """Other rooms at the left."""

    def change_projector(self, to: bool) -> None:
        """Hide what is not for a projected screen, or show it again."""

    def change_name(self, name: str) -> None:
        """The name under which changes are remembered."""

    def show_rows(self, room: str, what: str, ids: Sequence[int]) -> None:
        """Open the page of a room with exactly these records; `what` says what they are."""

    def show_where(self, room: str, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """Open the page of a room with a view of it, or with what meets these conditions in a period."""

    def say(self, text: Text) -> None:
        """A line in the footer: what was done."""

    def complain(self, problem: Problem) -> None:
        """A line in the footer: what did not work, what was kept."""


class Page(QWidget):
    """A page. Subclasses fill `content` and, in `refresh`, ask the worker for what they show."""

    title: Text
    manual = "index"
    doing: Mapping[str, Callable[[], object]] = {}  # what the page's keys do, by their names in actions.py

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self.heading = label(self.title, size=16, bold=True)
        self.finder = FinderButton(desk.search_all)
        self.moments = _moments_button(desk)
        self.writers: list[QWidget] = []  # parts that change the book: they rest while one looks at the past
        self.top = bar("top", theme.TOP_BAR, self.heading, self.finder, self.moments)
        self.top_row: QHBoxLayout = self.top.layout()  # type: ignore[assignment]
        self.top_row.setContentsMargins(16, 0, 16, 0)
        self.top_row.setSpacing(12)
        self.top_row.addStretch(1)
        self.content = QVBoxLayout()
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(0)
        self.footer = Footer()
        lines = column_of(self.top, gap=0, parent=self)
        if projector.on():
            out = button(_("End projecting"), lambda: desk.change_projector(False), small=True)
            said = label(_("Projecting: tax, classes and phones are hidden"), size=12, bold=True, tone="amber")
            lines.addWidget(bar("projected", 34, said, None, out))
        lines.addLayout(self.content, 1)
        lines.addWidget(self.footer)

    def add_actions(self, *parts: QWidget) -> None:
        """Put parts at the right end of the top bar."""
        for part in parts:
            self.top_row.addWidget(part)

    def show_moment(self) -> None:
        """The book is looked at as it was, or as it is again: what changes it rests meanwhile, and says why."""
        why = tr(_("The book as of then is only looked at; Esc goes back to the present.")) if self.desk.seen else ""
        for part in self.writers:
            if why and part.property("tip") is None:
                part.setProperty("tip", part.toolTip())
            part.setEnabled(not why)
            part.setToolTip(why or str(part.property("tip") or ""))

    def rests(self) -> bool:
        """Whether nothing can be changed because one looks at the past; says so then."""
        if self.desk.seen is None:
            return False
        from db.core.past import refusal

        self.desk.complain(refusal(self.desk.seen))
        return True

    def refresh(self) -> None:
        """Read again what is shown; called when the page comes up and when the book changed."""

    def leave(self) -> None:
        """The window closes, or another book comes, or another page in its place: the last moment to remember anything."""

    def come_back(self, before: Page | None) -> None:
        """The window was made anew: where one was on the page that was in this one's place."""

    def first_sight(self) -> None:
        """Show what is known of a book before it is open, if anything is."""

    def take_focus(self) -> None:
        """Where the keyboard is when the page comes up."""
        self.setFocus()

    def pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means here while the keyboard is beside the page (in the rail); whether it means anything."""
        from desktop.kit.actions import pressed

        return pressed(self, event)

    def show_example(self) -> None:
        """Bring up what a picture of the page should show: a record chosen, a number explained."""

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Show exactly these records, where the page has any."""

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """Show a view of the page's ledger, or what meets these conditions in a period, where it has one."""

    def ledger_view(self) -> LedgerView | None:
        """The ledger of the page, which is shown from now on; None where it has none."""
        return None

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """Over which part, and in which words, it is said what dropping files here would do; None: the window says."""
        return None

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Take files that were dropped at a place of the screen; False where the window is to take them."""
        return False

    def write(
        self, text: Text, work: Callable[[Connection], Any], done: Callable[[Any], None] | None = None, *,
        failed: Callable[[Problem], None] | None = None,
    ) -> None:  # fmt: skip
        """One operation on the book, named `text`; nothing where one looks at the past, which is said then."""
        if self.rests():
            return

        def doing(book: Book, progress: Progress) -> Any:
            with book.write(text) as connection:
                return work(connection)

        self.desk.jobs.ask(self, doing, done or _nothing, failed=failed or self.desk.complain, title=text)

    def ask(
        self, work: Callable[[Connection], Any], done: Callable[[Any], None], *,
        failed: Callable[[Problem], None] | None = None, key: str = "", title: Text | None = None,
    ) -> None:  # fmt: skip
        """Read something from the book; an answer that is not wanted any more is not waited for.

        title: what is said where it takes longer than a moment.
        """
        from db.core.interrupting import Interruption
        from db.core.sweeping import sweeping_afterwards

        interruption = Interruption()

        def doing(book: Book, progress: Progress) -> Any:
            # Looking for garbage among many rows holds the window up for as long as it takes.
            with sweeping_afterwards(), book.read(interruption) as connection:
                return work(connection)

        job = self.desk.jobs.ask(
            self, doing, done, failed=failed or self.desk.complain, key=key, title=title or _("Reading the book")
        )
        job.at_cancel = interruption.stop


def _moments_button(desk: Desk) -> QWidget:
    made = button("", desk.choose_moment, icon="history", tip=_("The book as it was (Alt+T)"))
    made.setAccessibleName(tr(_("The book as it was")))
    made.setFixedWidth(36)
    made.setProperty("focusPolicy", "TabFocus")
    return made


def with_room(part: QWidget, width: int, height: int) -> QScrollArea:
    """A part that needs this much room, on a screen that may have less (200 %): it scrolls then, and is never cut."""
    part.setMinimumSize(width, height)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(part)
    return area


def _nothing(result: object) -> None:
    """Nothing is to be done with the answer."""


class Footer(QFrame):
    """Left: what the rows amount to. Right: what was just done, and that Ctrl+Z would take it back."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "bottom")
        self.setFixedHeight(theme.FOOTER)
        self.left = QHBoxLayout()
        self.left.setSpacing(4)
        self.chosen = QHBoxLayout()
        self.chosen.setSpacing(4)
        self.right = ElidedLabel(size=12, tone="mute")
        self.right.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.key = label("Ctrl Z", size=11, tone="faint")
        self.key.setProperty("key", "true")
        self.key.setFixedHeight(20)
        self.key.hide()
        row = row_of(margins=(16, 0, 16, 0), gap=8, parent=self)
        row.addLayout(self.left)
        row.addStretch(1)
        row.addLayout(self.chosen)
        row.addWidget(self.right)
        row.addWidget(self.key)

    def show_facts(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """(before, bold number, after) side by side: what the rows amount to."""
        _say_facts(self.left, facts)

    def show_chosen(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """The same of the chosen cells, nearer to the right."""
        _say_facts(self.chosen, facts)

    def say(self, text: str, tone: str, *, undo: bool) -> None:
        """The line at the right."""
        self.right.setProperty("tone", tone)
        self.right.style().unpolish(self.right)
        self.right.style().polish(self.right)
        self.right.say(text)
        self.right.updateGeometry()
        self.key.setVisible(undo)


def _say_facts(row: QHBoxLayout, facts: Sequence[tuple[str, str, str]]) -> None:
    from db.core.english import noun

    clear(row)
    for before, number, after in facts:
        for text, bold in ((before, False), (number, True), (noun(number, after), False)):
            if text:
                row.addWidget(label(text, size=12, bold=bold, tone="" if bold else "mute"))
        row.addSpacing(14)


class EmptyPage(QWidget):
    """One sentence and one or two buttons where a table would be."""

    def __init__(self, sentence: Text, *buttons: QWidget) -> None:
        super().__init__()
        self.sentence = label(sentence, tone="mute")
        lines = column_of(None, margins=(24, 24, 24, 24), gap=14, parent=self)
        lines.addLayout(row_of(None, self.sentence, None))
        lines.addLayout(row_of(None, *buttons, None))
        lines.addStretch(2)


class ThinProgress(QWidget):
    """A 2 px line under the top bar; after 0.6 s what is being done, and a way to stop it."""

    def __init__(self, window: QWidget, jobs: Jobs, corner: Callable[[], tuple[int, int]]) -> None:
        super().__init__(window)
        self._window, self._corner = window, corner
        self._part = 0.0
        self._jobs: list[Job] = []
        self._text: QLabel = label("", size=12, tone="mute")
        self._follows = False
        self.stop = button(_("Cancel"), self._cancel, small=True)
        row_of(self._text, None, self.stop, margins=(16, 4, 16, 2), parent=self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(int(SHOWN_AFTER * 1000))
        self._later.timeout.connect(self._appear)
        jobs.begun.connect(self.follow)
        jobs.ended.connect(self._ended)
        self.hide()

    @Slot(object)
    def follow(self, job: Job) -> None:
        """Show this work, if it takes long and has a name."""
        if job.title.key:
            self._jobs.append(job)
            job.told.connect(self._told)
            if not self._later.isActive() and not self.isVisible():
                self._later.start()

    @Slot(object)
    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
        if not self._jobs:
            self._later.stop()
            self._part = 0.0
            self.hide()

    @Slot(int, int, object)
    def _told(self, done: int, total: int, text: Text) -> None:
        self._part = done / total if total else 0.0
        self._text.setText(tr(text))
        self.update()

    def _appear(self) -> None:
        if self._jobs:
            if not self._text.text():
                self._text.setText(tr(self._jobs[0].title))
            self._follow()
            self.place()
            self.show()
            self.raise_()

    def _follow(self) -> None:
        """Keep its place when the window becomes wider; heard from outside, as a start need not load Qt's events."""
        if not self._follows and self._window.isVisible():
            self._follows = True
            self._window.windowHandle().widthChanged.connect(self.place)

    @Slot()
    def place(self) -> None:
        """At the right of the rail, or of the welcome page's dark side; as wide as the window."""
        left, top = self._corner()
        self.setGeometry(left, top, self._window.width() - left, 36)

    def _cancel(self) -> None:
        for job in self._jobs:
            job.cancel()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and the line."""
        of = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), of.color("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, of.color("line"))
        painter.fillRect(0, 0, self.width(), 2, of.color("accent_soft"))
        painter.fillRect(0, 0, max(24, int(self.width() * self._part)), 2, of.color("accent"))
