"""The fields of a line at the table: they complete what is typed and leave every key that moves on to the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from db.core.fields import Field, Words
from db.core.text import Text, _
from desktop.kit.clipboard import holds_lines, holds_picture
from desktop.kit.editors import Line, Pick
from desktop.kit.suggestions import MOST, Hit, Suggestions
from desktop.kit.words import tr

_TAG = "、"


def _field(key: str, label: Text, *, tags: bool = False) -> Field:
    return Field(key, label, Words(tags=tags))


def _for_the_page(part: QLineEdit, event: QKeyEvent) -> bool:
    """What a line of text would take and is not for it: Alt and a digit, Ctrl+Z where nothing was typed, a picture.

    Several lines are for the page too where a line of the session begins.
    """
    if event.matches(QKeySequence.StandardKey.Undo):
        return not part.isUndoAvailable()
    if event.matches(QKeySequence.StandardKey.Paste):
        return holds_picture() or (holds_lines() and getattr(part, "begins", False))
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier) and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9


def _left_to_the_page(part: QLineEdit, event: QEvent) -> bool:
    """The same of a key that may be a shortcut; whether it was left."""
    waits = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
    if not waits or not _for_the_page(part, event):  # type: ignore[arg-type]
        return False
    event.ignore()
    return True


class Typed(Line):
    """A line of text. `left` when the keyboard goes elsewhere. begins: a new line of the session begins here."""

    left = Signal()
    begins = False

    def __init__(self, key: str, label: Text) -> None:
        super().__init__(_field(key, label), None)
        self.setAccessibleName(tr(label))

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is for the book where nothing was typed."""
        return False if _left_to_the_page(self, event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is not for a line of text goes on to the page."""
        if _for_the_page(self, event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self.left.emit()


class Names(Pick):
    """Names completed by characters, pinyin or initials; the first one is marked, the last entry keeps what is typed.

    counts: name → how often it was used, for the order and beside it. short: name → a shorter one that finds it, too.
    first: names that come before the others. most: so many are shown; the list must not cover what was typed before.
    closed: nothing else may stand here. begins: as of `Typed`.
    """

    most = MOST - 1
    begins = False

    def __init__(self, key: str, label: Text, *, several: bool = False, closed: bool = False) -> None:
        super().__init__(_field(key, label, tags=several), None, (), several=several, closed=closed)
        self.setAccessibleName(tr(label))
        self.counts: Mapping[str, int] = {}
        self.short: Mapping[str, str] = {}
        self.first: Sequence[str] = ()
        self._added = ""

    def found(self, words: str) -> list[Hit]:
        """The names that the words hit: exact initials first, then those used most."""
        from db.core.pinyin import initials, matches

        bare = words.strip().lower()
        every = [*self.first, *(name for name in self.names if name not in set(self.first))]
        if not bare:
            return [(name, ()) for name in every[: self.most]]
        found: list[tuple[tuple[bool, bool, bool, int, int], Hit]] = []
        for at, name in enumerate(every):
            spans, short = matches(bare, name), self.short.get(name, "")
            if spans is None and (not short or matches(bare, short) is None):
                continue
            exact = bare in initials(name) or (bool(short) and bare in initials(short))
            begins = bool(spans) and spans[0][0] == 0 if spans else False
            found.append(
                (
                    (not exact, name not in self.first, not begins, -self.counts.get(name, 0), at),
                    (name, tuple(spans or ())),
                )
            )
        return [hit for _order, hit in sorted(found, key=lambda one: one[0])[: self.most]]

    def propose(self, words: str) -> None:
        """Show the names that these words hit, and that they may stay as they are."""
        if self._list is None:
            self._list = Suggestions(self)
            self._list.taken.connect(self._take)
            self.destroyed.connect(self._list.deleteLater)
        found, bare = self.found(words), words.strip()
        if bare and [name for name, _spans in found[:1]] == [bare]:
            self._list.show_hits([])
            return
        self._added = tr(_("Add “{words}”", words=bare)) if bare else ""
        used = {name: count for name, _spans in found if (count := self.counts.get(name))}
        self._list.notes = {name: tr(_("{count} this year", count=count)) for name, count in used.items()}
        self._list.show_hits([*found, *([(self._added, ())] if bare and not self.closed else [])])
        if bare:
            self._list.step(1)

    def _take(self, name: str) -> None:
        if name == self._added:
            self._fold()
        else:
            super()._take(name)

    def put(self, text: str) -> None:
        """Other text, its beginning in sight."""
        super().put(text)
        self.setCursorPosition(0)

    def fold(self) -> None:
        """No list."""
        self._fold()

    def settle(self) -> None:
        """The marked name is meant; where letters were typed, the first that they hit."""
        words = self._words().strip()
        marked = self._list.marked if self._list is not None and self._list.isVisible() else None
        if words and words not in self.names:
            if marked is None and (self.closed or words.isascii()):
                marked = next((name for name, _spans in self.found(words)), None)
            if marked is not None and marked != self._added:
                super()._take(marked)
        self._fold()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is for the book where nothing was typed."""
        return False if _left_to_the_page(self, event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ walks the list while it is there; else it is for the line."""
        unfolded = self._list is not None and self._list.isVisible()
        if _for_the_page(self, event) or (event.key() == Qt.Key.Key_Up and not unfolded):
            event.ignore()
            return
        super().keyPressEvent(event)


class Category(Names):
    """The category: what is guessed stands in grey until Enter confirms it."""

    def __init__(self) -> None:
        super().__init__("category", _("Category of the issue"))

    def guess(self, name: str) -> None:
        """Another guess."""
        self.setPlaceholderText(name)

    def confirm(self) -> None:
        """What is guessed is meant."""
        if not self.text().strip() and self.placeholderText():
            self.setText(self.placeholderText())


class YesNo(QLineEdit):
    """Y or N, nothing else; `edited` after a change."""

    edited = Signal()

    def __init__(self, label: Text) -> None:
        super().__init__(tr(_("No")))
        self.yes = False
        self.setReadOnly(True)
        self.setAccessibleName(tr(label))
        self.setToolTip(tr(_("Y or N")))

    def put(self, *, yes: bool) -> None:
        """Yes or no."""
        if yes != self.yes:
            self.yes = yes
            self.setText(tr(_("Yes") if yes else _("No")))
            self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Y, N, or the space between them; the rest is for the line."""
        keys: dict[int, bool] = {int(Qt.Key.Key_Y): True, int(Qt.Key.Key_N): False, int(Qt.Key.Key_Space): not self.yes}
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.key() in keys:
            self.put(yes=keys[event.key()])
        else:
            event.ignore()
