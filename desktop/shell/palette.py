"""Ctrl+K: everything by a few letters. Records, pages, views, commands and settings, over the page that is dimmed.

The first hit is chosen as soon as there are any. Each answer replaces the one before it at once and then stays as it
is, so that nothing moves under the choice while nothing is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QWidget

from db.core.text import _
from desktop.kit import icons, theme
from desktop.kit.parts import column_of, label, row_of
from desktop.kit.words import tr
from desktop.shell import looking
from desktop.shell.looking import Answer, Offer, Section
from desktop.shell.palette_list import HitList

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.kit.jobs import Job, Jobs

WIDTH, TOP, FIELD = 680, 64, 48
_COMMANDS_OF_PAGE = 5
_SLOW = 300  # milliseconds after which something is shown, whatever the book does
LABELS = {
    "record": _("Records"),
    "page": _("Pages"),
    "view": _("Views"),
    "command": _("Commands"),
    "setting": _("Settings"),
}


class Palette(QWidget):
    """See the module. `chosen` says which offer, `filtered` which section of what was typed."""

    chosen = Signal(object)
    filtered = Signal(object, str)

    def __init__(self, window: QWidget, jobs: Jobs, offers: Sequence[Offer], here: Sequence[Offer]) -> None:
        super().__init__(window)
        self._jobs, self._offers, self._here = jobs, offers, here
        self._only: Section | None = None
        self._answer = Answer("", ())
        self._window = window
        self._job: Job | None = None
        self._moved: Offer | None = None  # what was chosen among the first hits, before the book had answered
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW)
        self._slow.timeout.connect(self._still_looking)
        self._before: QWidget | None = window.focusWidget()
        self._build()
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._focus_went)  # type: ignore[union-attr]
        self.show()
        self.raise_()
        self.field.setFocus()
        self._ask()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.card = QFrame(self)
        self.card.setProperty("box", "card")
        self.card.setFixedWidth(WIDTH)
        self.field = _Field(self)
        self.field.setPlaceholderText(tr(_("Search projects, companies, commands (pinyin initials will do)")))
        self.field.setAccessibleName(tr(_("Search everything")))
        self.field.textChanged.connect(self._ask)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("search", theme.tokens().mute))
        self.scope = label("", size=12, tone="accent")
        self.scope.hide()
        self.count = label("", size=12, tone="mute")
        head = QWidget()
        head.setFixedHeight(FIELD)
        row_of(sign, self.scope, self.field, self.count, margins=(18, 0, 18, 0), gap=10, parent=head)
        self.list = HitList(self.card)
        self.list.clicked.connect(lambda _index: self.open_chosen())
        self.nothing = label("", tone="mute")
        self.nothing.setContentsMargins(18, 14, 18, 14)
        self.nothing.hide()
        lines = column_of(head, _line(), self.nothing, self.list, _line(), self._hints(), gap=0, parent=self.card)
        lines.setContentsMargins(1, 1, 1, 1)

    def _hints(self) -> QWidget:
        strip = QWidget()
        strip.setObjectName("paletteHints")
        strip.setFixedHeight(36)
        self.keys: dict[str, QWidget] = {}
        parts: list[QWidget | None] = []
        for keys, text in (
            ("↑ ↓", _("choose")), ("Enter", _("open")), ("Ctrl Enter", _("filter the table")),
            ("Tab", _("only these")), ("Esc", _("close")),
        ):  # fmt: skip
            key = label(keys, size=11, tone="mute")
            key.setProperty("key", "true")
            key.setFixedHeight(20)
            pair = QWidget()
            row_of(key, label(text, size=12, tone="mute"), gap=6, parent=pair)
            self.keys[keys] = pair
            parts += [None, pair] if keys == "Esc" else [pair]
        row_of(*parts, margins=(18, 0, 18, 0), gap=16, parent=strip)
        return strip

    # --- asking ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        query, only = self.field.text().strip(), self._only.key if self._only is not None else ""
        if not query and not only:
            self._jobs.look(self, looking.recent, self._take_recent, failed=self._failed, key="palette")
            return
        from db.core.interrupting import Interruption

        offers, interruption = self._offers, Interruption()

        def look(book: Book, progress: Progress) -> Answer:
            return looking.look(book, query, offers, LABELS, only, interruption=interruption)

        self._job = self._jobs.look(self, look, self._take, failed=self._failed, key="palette")
        self._job.at_cancel = interruption.stop
        self._slow.start()

    def _still_looking(self) -> None:
        """The book takes its time: what the window itself offers, and that there is more to come."""
        query, only = self.field.text().strip(), self._only.key if self._only is not None else ""
        if query:
            self._show(looking.look_here(query, self._offers, LABELS, only))
            self.nothing.setVisible(False)
            self.count.setText(tr(_("Searching…")))

    def offer_also(self, offers: Sequence[Offer]) -> None:
        """What the book itself offers: its saved views."""
        self._offers = [*self._offers, *offers]

    def _take_recent(self, answer: Answer) -> None:
        here = tuple(self._here[:_COMMANDS_OF_PAGE])
        commands = (Section("command", _("On this page"), here, len(here)),) if here else ()
        self._take(Answer("", (*answer.sections, *commands)))

    def _failed(self, problem: Any) -> None:
        """The book cannot be asked now: what the window itself offers is still there."""
        self._take(Answer(self.field.text().strip(), ()))

    def _take(self, answer: Answer) -> None:
        self._slow.stop()
        moved = self._moved if answer.query == self._answer.query else None
        self._show(answer)
        if moved is not None:
            self.list.keep(moved)
        self._moved = None

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        self.list.show_sections(answer.sections)
        total = sum(section.total for section in answer.sections)
        more = "+" if any(section.more for section in answer.sections) else ""
        said = tr(_("{count} hits", count=f"{total}{more}"))
        self.count.setText("" if not answer.query else f"{tr(answer.how)} · {said}" if answer.how else said)
        self.nothing.setVisible(not answer.sections)
        self.nothing.setText(tr(_("Nothing is called “{words}”.", words=answer.query)) if answer.query else "")
        self.list.setVisible(bool(answer.sections))
        self._show_keys()
        self._place()

    def _show_keys(self) -> None:
        """Only keys that work now are shown."""
        item = self.list.item
        record = item is not None and item.offer is not None and item.offer.kind == "record"
        self.keys["Ctrl Enter"].setVisible(record and bool(self._answer.query))
        self.keys["Tab"].setVisible(item is not None and (bool(self._answer.query) or self._only is not None))

    # --- doing -----------------------------------------------------------------------------------------------------

    def open_chosen(self) -> None:
        """Do what the chosen line says; one that cannot be done now stays and says why."""
        item = self.list.item
        if item is not None and item.offer is not None and not item.offer.why:
            self.leave()
            self.chosen.emit(item.offer)

    def filter_chosen(self) -> None:
        """All hits of the chosen line's section as the rows of the table."""
        item = self.list.item
        if item is not None and item.offer is not None and item.offer.kind == "record" and self._answer.query:
            self.leave()
            self.filtered.emit(item.section, self._answer.query)

    def narrow(self) -> None:
        """Only the section of the chosen line; again: everything."""
        item = self.list.item
        if self._only is not None:
            self._only = None
        elif item is not None and self._answer.query:
            self._only = item.section
        self.scope.setText(tr(self._only.label) if self._only is not None else "")
        self.scope.setVisible(self._only is not None)
        self._ask()

    def leave(self) -> None:
        """Go, and give the keyboard back."""
        if self.isHidden():
            return
        self._slow.stop()
        if self._job is not None:
            self._job.cancel()
        QApplication.instance().focusChanged.disconnect(self._focus_went)  # type: ignore[union-attr]
        self._window.removeEventFilter(self)
        if self._before is not None:
            self._before.setFocus()
        self.hide()
        self.deleteLater()

    def key(self, event: QKeyEvent) -> bool:
        """What a key in the field does here; False where the field itself takes it."""
        doing = self._doing(event)
        if doing is None:
            return False
        doing()
        self._show_keys()
        return True

    def _doing(self, event: QKeyEvent) -> Callable[[], None] | None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Down:
                return lambda: self._step(1)
            case Qt.Key.Key_Up:
                return lambda: self._step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return self.filter_chosen if control else self.open_chosen
            case Qt.Key.Key_Tab:
                return self.narrow
            case Qt.Key.Key_Backspace if self._only is not None and not self.field.text():
                return self.narrow
            case Qt.Key.Key_Escape:
                return self.leave
        return None

    def _step(self, way: int) -> None:
        self.list.step(way)
        self._moved = self.list.item.offer if self.list.item is not None else None

    # --- Qt --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def _place(self) -> None:
        self.card.setFixedWidth(min(WIDTH, self.width() - 32))
        self.list.shrink(self.height() - TOP - FIELD - 36 - 24)
        self.card.adjustSize()
        self.card.move(QPoint((self.width() - self.card.width()) // 2, TOP))

    def _focus_went(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Another part of the window was clicked, or a key led elsewhere: the palette goes."""
        if now is not None and now is not self.field and not self.isAncestorOf(now) and now.window() is self.window():
            self._before = None
            self.leave()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page under it is dimmed."""
        painter = QPainter(self)
        painter.fillRect(QRect(QPoint(0, 0), self.size()), theme.dim())


class _Field(QLineEdit):
    """The field; its keys go to the palette first. What an input method composes is not searched before it is there."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self.setFrame(False)
        self.setObjectName("paletteField")
        self.setFont(theme.font(15))
        self.setAcceptDrops(False)

    def event(self, event: QEvent) -> bool:
        """Tab is a key like the others here."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            return self._palette.key(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter and Esc belong to the list."""
        if not self._palette.key(event):
            super().keyPressEvent(event)


def _line() -> QFrame:
    made = QFrame()
    made.setFixedHeight(1)
    made.setStyleSheet(f"background: {theme.tokens().line}; border: 0")
    return made
