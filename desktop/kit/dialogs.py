"""The one door for every question that stops a person: files to open and save, and a few confirmations.

What a question looks like is loaded when one is asked: the first page needs none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from db.core.text import Text, _
from desktop.kit.words import tr

BOOKS = "*.zsb"
LEDGERS = "*.xlsx *.xlsm *.xls *.et *.xlsb *.ods *.csv *.txt"


class Dialogs:
    """Questions as windows of their own. Tests and pictures answer through a class of the same shape."""

    def open_file(self, parent: QWidget, title: Text, kinds: str) -> Path | None:
        """A file that is there, or None."""
        from PySide6.QtWidgets import QFileDialog

        every = tr(_("All files"))
        chosen, _kind = QFileDialog.getOpenFileName(parent, tr(title), "", f"{_kinds(kinds)};;{every} (*)")
        return Path(chosen) if chosen else None

    def open_files(self, parent: QWidget, title: Text) -> list[Path]:
        """Files of any kind that are there; none where nothing was chosen."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _kind = QFileDialog.getOpenFileNames(parent, tr(title), "", f"{tr(_('All files'))} (*)")
        return [Path(one) for one in chosen]

    def open_folder(self, parent: QWidget, title: Text) -> Path | None:
        """A folder that is there, or None."""
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(parent, tr(title))
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget, title: Text, proposed: str, kinds: str) -> Path | None:
        """Where to write, or None; the suffix is added where it was not typed."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _kind = QFileDialog.getSaveFileName(parent, tr(title), proposed, _kinds(kinds))
        if not chosen:
            return None
        suffix = kinds.split(maxsplit=1)[0].lstrip("*")
        return Path(chosen if chosen.lower().endswith(suffix) else chosen + suffix)

    def confirm(
        self,
        parent: QWidget,
        title: Text,
        body: Sequence[Text],
        verb: Text,
        *,
        facts: Sequence[str] = (),
        grave: bool = False,
    ) -> bool:
        """Whether a person wants it done; the button is the verb, the safe answer is the default."""
        from desktop.kit.question import Question

        return bool(Question(parent, title, body, verb, facts=facts, grave=grave).exec())

    def tell(self, parent: QWidget, title: Text, body: Sequence[Text], *, facts: Sequence[str] = ()) -> None:
        """Something a person must have read."""
        from desktop.kit.question import Question

        Question(parent, title, body, None, facts=facts).exec()

    def ask_words(self, parent: QWidget, title: Text, body: Text, verb: Text, *, proposed: str = "") -> str | None:
        """A line of text, or None."""
        from desktop.kit.question import Question

        asked = Question(parent, title, [body], verb, field=proposed)
        return asked.words if asked.exec() else None


def _kinds(patterns: str) -> str:
    title = _("Books") if patterns == BOOKS else _("Tables") if patterns == LEDGERS else _("Files")
    return f"{tr(title)} ({patterns})"
