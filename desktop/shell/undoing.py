"""Ctrl+Z and Ctrl+Y: the operations of this window, newest first. Another person's are never touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.kit import words
from desktop.kit.jobs import Jobs
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.book import Announcement, Book, Undone
    from db.core.progress import Progress

_UNDO, _REDO = "undo", "redo"


class Undoing(QObject):
    """`told` says what was done or why not: text, tone, and whether Ctrl+Z would take something back."""

    told = Signal(str, str, bool)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._jobs = jobs
        self._undoable: list[int] = []
        self._redoable: list[int] = []

    @property
    def can_undo(self) -> bool:
        """Whether Ctrl+Z would take something back."""
        return bool(self._undoable)

    @property
    def can_redo(self) -> bool:
        """Whether Ctrl+Y would bring something again."""
        return bool(self._redoable)

    def forget(self) -> None:
        """Another book: nothing was done in it yet."""
        self._undoable.clear()
        self._redoable.clear()

    def wrote(self, announcement: Announcement) -> None:
        """An operation of this window was written."""
        if announcement.origin == _UNDO:
            self._redoable.append(announcement.operation)
        else:
            self._undoable.append(announcement.operation)
            if announcement.origin != _REDO:
                self._redoable.clear()

        def label_of(book: Book, progress: Progress) -> Text:
            return book.operations(limit=1)[0].label

        self._jobs.ask(self, label_of, self._say_written, key="label")

    def _say_written(self, done: Text) -> None:
        undo = bool(self._undoable)
        sentence = _("Saved · can be undone: {what}", what=done) if undo else _("Saved: {what}", what=done)
        self.told.emit(tr(sentence), "mute", undo)

    def undo(self) -> None:
        """Take back my last operation."""
        self._reverse(self._undoable, _UNDO, _("There is nothing of this window to undo."))

    def redo(self) -> None:
        """Do again what I took back."""
        self._reverse(self._redoable, _REDO, _("There is nothing to do again."))

    def _reverse(self, stack: list[int], origin: str, nothing: Text) -> None:
        if not stack:
            self.told.emit(tr(nothing), "mute", False)
            return
        number = stack.pop()

        def doing(book: Book, progress: Progress) -> Undone:
            return book.undo(number, origin=origin)

        def done(result: Undone) -> None:
            if result.conflicts:
                stack.append(number)
                reason = result.conflicts[0].sentence
                self.told.emit(tr(_("Not undone, nothing was changed: {reason}", reason=reason)), "red", False)

        def failed(problem: Problem) -> None:
            self.told.emit(problem.render(words.language()), "red", False)

        self._jobs.ask(self, doing, done, failed=failed, title=_("Undoing"))
