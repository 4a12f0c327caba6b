"""The history of a record in the pane: what each operation changed, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from db.core.text import Text, _
from desktop.kit.form import said
from desktop.kit.page import Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import clear, column_of, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.core.telling import Changed, Told


class ToldPage(PanePage):
    """story: the operations that touched a record, given the book and its id."""

    def __init__(self, page: Page, story: Callable[[Book, int], Sequence[Told]]) -> None:
        super().__init__(page)
        self._story = story

    def read(self) -> None:
        """Ask the book; a history is read from the whole of it."""
        number, story = self.number, self._story

        def work(book: Book, progress: Progress) -> Sequence[Told]:
            return story(book, number)

        self.page.desk.jobs.ask(self, work, self._take, failed=self.page.desk.complain, key="history")

    def show_found(self, found: Any) -> None:
        """One block an operation."""
        show_told(self.lines, found)


def show_told(lines: QVBoxLayout, told: Sequence[Told]) -> None:
    """Operations in place of what stands in a column."""
    clear(lines)
    for one in told:
        when = one.at.strftime("%Y-%m-%d %H:%M")
        box = column_of(label(f"{when} · {one.actor}", size=12, tone="faint"), label(one.label, wrap=True), gap=1)
        for change in one.changes:
            box.addWidget(label(_line(change), size=12, tone="mute", wrap=True))
        lines.addLayout(box)


def _line(change: Changed) -> str:
    if change.words is not None or change.field is None:
        return change.words.render(language()) if change.words else ""
    sentence: Text = _(
        "“{field}” from {old} to {new}", field=change.field.label, old=said(change.field, change.old),
        new=said(change.field, change.new),
    )  # fmt: skip
    return tr(sentence)
