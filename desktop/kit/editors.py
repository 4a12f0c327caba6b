"""One editor for each kind of fact, the same in a cell and in a form. What is typed travels as text.

Money says how it was understood while one types, choices and links are found by pinyin, tags come one by one, long
text has lines. The stored value is asked for at the end (`take`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from db.core.errors import Refused
from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.text import _
from desktop.kit import theme
from desktop.kit.columns import unit_name
from desktop.kit.parts import is_ctrl_enter
from desktop.kit.suggestions import Suggestions, hits
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.month import MonthView

NUMBERS = (Money, Area, Metric, Whole)
_TAG = "、"


def shown(field: Field, value: Any) -> str:
    """A stored value as it is typed."""
    from db.core.formats import show

    return "" if value is None else show(field.kind, value, language())


def take(field: Field, text: str) -> Any:
    """The stored value of what was typed; raises `Refused` with the reason and the forms that would be taken."""
    from db.core.block import understood

    reading = understood(field, text)
    if reading.refused is None:
        return reading.value
    if not reading.accepted:
        raise Refused(reading.refused)
    raise Refused(_("{why} Accepted: {forms}", why=reading.refused, forms=reading.accepted))


def understood_as(field: Field, text: str) -> tuple[str, bool]:
    """What stands beside an editor while one types, and whether it is a refusal: = 12,000 万元."""
    from db.core.block import understood

    unit = unit_name(getattr(field.kind, "unit", "")) if isinstance(field.kind, NUMBERS) else ""
    reading = understood(field, text)
    if reading.blank:
        return unit, False
    if reading.refused is not None:
        return tr(reading.refused), True
    said = shown(field, reading.value)
    note = tr(reading.note) if reading.note is not None else ""
    if isinstance(field.kind, NUMBERS):
        said = f"= {said} {unit}".rstrip()
    elif not isinstance(field.kind, Day | Month) or said == text.strip():
        said = ""
    else:
        said = f"= {said}"
    return " · ".join(part for part in (said, note) if part), False


class Line(QLineEdit):
    """One line of text, a number or a day. `edited` after every change; Ctrl+; writes today.

    today: the day on which one works, ISO, as whoever opens the editor says it.
    """

    edited = Signal()
    today = ""

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__(shown(field, value))
        self.field = field
        self.setAcceptDrops(False)  # a file dropped here is meant for the window
        hints = {Day: "2024-06-30", Month: "2024-06"}
        self.setPlaceholderText(hints.get(type(field.kind), ""))
        self.textChanged.connect(lambda _text: self.edited.emit())

    @property
    def typed(self) -> str:
        """What stands here, to be understood."""
        return self.text()

    def put(self, text: str) -> None:
        """Other text."""
        self.setText(text)

    def settle(self) -> None:
        """The last moment before the text is taken."""

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is for the form around it, before the keys of the page."""
        return _taken_for_form(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+; is today, as in a spreadsheet."""
        if event.key() == Qt.Key.Key_Semicolon and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if isinstance(self.field.kind, Day | Month):
                self.setText(self.now[:7] if isinstance(self.field.kind, Month) else self.now)
            return
        super().keyPressEvent(event)

    @property
    def now(self) -> str:
        """Today."""
        return self.today or dt.datetime.now().astimezone().date().isoformat()


class DayInput(Line):
    """A day; Alt+↓ unfolds its month."""

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__(field, value)
        self.month: MonthView | None = None

    @property
    def unfolded(self) -> bool:
        """Whether the month is to be seen."""
        return self.month is not None and self.month.isVisible()

    def unfold(self) -> None:
        """The month of the day that stands here, else of today."""
        from db.core.dates import read_day
        from desktop.kit.month import MonthView

        if self.month is None:
            self.month = MonthView(self)
            self.month.taken.connect(self.setText)
            self.destroyed.connect(self.month.deleteLater)
        typed = read_day(self.text().strip()).value if self.text().strip() else None
        today = dt.date.fromisoformat(self.now)
        self.month.open_on(dt.date.fromisoformat(typed) if isinstance(typed, str) else today, today)

    def event(self, event: QEvent) -> bool:
        """Alt+↓ and the keys of the unfolded month come before those of the page."""
        waits = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if waits and (self.unfolded or _unfolds(event)):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is meant for the month; typing folds it."""
        if _unfolds(event):
            self.unfold()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.unfolded and self.month is not None:
            if self.month.key(event.key(), control=control):
                return
            self.month.hide()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The month goes with the keyboard."""
        super().focusOutEvent(event)
        if self.month is not None:
            self.month.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """The month goes with its editor."""
        super().hideEvent(event)
        if self.month is not None:
            self.month.hide()


def _unfolds(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Down and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)


class Pick(Line):
    """A line with names to choose from. closed: nothing else can be taken. several: tags, one after the other."""

    def __init__(
        self, field: Field, value: Any, names: Sequence[str], *, closed: bool = False, several: bool = False
    ) -> None:
        super().__init__(field, value)
        self.names, self.closed, self.several = names, closed, several
        self._list: Suggestions | None = None
        self._quiet = False
        self.edited.connect(self._propose)

    @property
    def proposals(self) -> list[str]:
        """The names that are proposed now."""
        return [name for name, _spans in self._list.hits] if self._list is not None else []

    def _words(self) -> str:
        return self.text().rpartition(_TAG)[2] if self.several else self.text()

    def _propose(self) -> None:
        if not self._quiet and self.hasFocus():
            self.propose(self._words())

    def propose(self, words: str) -> None:
        """Show the names that these words hit."""
        if self._list is None:
            self._list = Suggestions(self)
            self._list.taken.connect(self._take)
            self.destroyed.connect(self._list.deleteLater)
        found = hits(words, self.names)
        self._list.show_hits([] if [name for name, _spans in found] == [words] else found)
        if self.closed and words.strip() and found:
            self._list.step(1)

    def _take(self, name: str) -> None:
        before = self.text().rpartition(_TAG)
        self._quiet = True
        self.setText(f"{before[0]}{before[1]}{name}" if self.several else name)
        self._quiet = False
        self._fold()

    def _fold(self) -> None:
        if self._list is not None:
            self._list.show_hits([])

    def settle(self) -> None:
        """The marked name is meant; so is the first one where pinyin was typed, or where nothing else can be taken."""
        words = self._words().strip()
        marked = self._list.marked if self._list is not None else None
        if words and words not in self.names and marked is None and (self.closed or words.isascii()):
            found = hits(words, self.names, 1)
            marked = found[0][0] if found else None
        if marked is not None and words not in self.names:
            self._take(marked)
        self._fold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ and ↑ mark a name; Esc first folds the list."""
        unfolded = self._list is not None and self._list.isVisible()
        if event.key() == Qt.Key.Key_Down and not unfolded:
            self.propose("" if self.text() in self.names else self._words())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._list is not None:
            self._list.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape and unfolded:
            self._fold()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What is meant is settled when one leaves."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with its editor."""
        super().hideEvent(event)
        self._fold()


class Lines(QPlainTextEdit):
    """Long text."""

    edited = Signal()

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__(shown(field, value))
        self.field = field
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setFont(theme.font(13))
        self.textChanged.connect(self.edited)

    @property
    def typed(self) -> str:
        """What stands here."""
        return self.toPlainText()

    def put(self, text: str) -> None:
        """Other text."""
        self.setPlainText(text)

    def settle(self) -> None:
        """Nothing is chosen here."""

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is for the form around it, before the keys of the page."""
        return _taken_for_form(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a new line here."""
        if is_ctrl_enter(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(super().sizeHint().width(), 72)


Input = Line | Lines


def _taken_for_form(event: QEvent) -> bool:
    """Whether a key would be a shortcut of the page, but is meant for the form; then it comes as an ordinary key."""
    if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_ctrl_enter(event):
        event.accept()
        return True
    return False


def input_for(field: Field, value: Any, names: Sequence[str] | None = None) -> Input:
    """The editor of a fact, with what stands there now. names: what is proposed; None where nothing ever is."""
    return _MAKERS[type(field.kind)](field, value, names)


def _words(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    assert isinstance(field.kind, Words)
    if field.kind.long:
        return Lines(field, value)
    return Pick(field, value, names, several=field.kind.tags) if names is not None else Line(field, value)


def _line(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    return Line(field, value)


def _day(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    return DayInput(field, value)


def _link(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    return Pick(field, value, names or ())


def _choice(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    assert isinstance(field.kind, Choice)
    return Pick(field, value, [tr(label) for _key, label in field.kind.options], closed=True)


def _flag(field: Field, value: Any, names: Sequence[str] | None) -> Input:
    return Pick(field, value, [tr(_("Yes")), tr(_("No"))], closed=True)


_MAKERS: Mapping[type[Kind], Callable[[Field, Any, Sequence[str] | None], Input]] = {
    Words: _words, Whole: _line, Money: _line, Area: _line, Metric: _line, Day: _day, Month: _line, Flag: _flag,
    Choice: _choice, Link: _link,
}  # fmt: skip
