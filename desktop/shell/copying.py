"""「同事带一份」: a copy of the book for a colleague, who took one, and what a copy says of its way back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from db.core.text import _
from desktop.kit.dialogs import BOOKS
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.copies import Copy, Origin
    from db.core.progress import Progress

_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """What the book says of copies: what it is one of, and who took one, newest first."""

    origin: Origin | None
    taken: tuple[Copy, ...]


class Copying(QWidget):
    """Two buttons and a list, in the settings."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._known = Known(None, ())
        self.take_button = button(_("A colleague takes a copy along…"), self.take_along)
        self.back_button = button(_("Merge back into the main book…"), self.bring_back)
        self.list = label("", size=12, tone="mute", wrap=True)
        lines = column_of(gap=8, parent=self)
        lines.addLayout(row_of(self.take_button, self.back_button, None))
        lines.addWidget(self.list)
        self._show(self._known)

    def read(self) -> None:
        """Ask the book."""

        def work(connection: Connection) -> Known:
            from db.core import copies

            return Known(copies.origin_of(connection), tuple(copies.handed_out(connection)))

        self._page.ask(work, self._show, key="copies")

    def _show(self, known: Known) -> None:
        self._known = known
        self.back_button.setVisible(known.origin is not None)
        said = []
        if known.origin is not None:
            said.append(
                _("This book is the copy that {who} took of “{book}” on {day}.", who=known.origin.taken_by,
                  book=known.origin.book, day=known.origin.taken_on)
            )  # fmt: skip
        said += [
            _("{day} {who} ({file})", day=one.taken_on, who=one.taken_by, file=one.file or "")
            for one in known.taken[:_SHOWN]
        ]
        if len(known.taken) > _SHOWN:
            said.append(_("and {count} earlier ones", count=len(known.taken) - _SHOWN))
        self.list.setText("\n".join(tr(one) for one in said))
        self.list.setVisible(bool(said))

    def take_along(self) -> None:
        """Who takes it, where it goes; then it is made."""
        desk = self._page.desk
        body = _("The copy has the whole book, and gives numbers of its own to what is added in it.")
        who = desk.dialogs.ask_words(self, _("Who takes the copy along?"), body, _("Choose a place…"))
        if who is None or not who.strip():
            return
        name = Path(desk.target.rpartition("/")[2].partition("?")[0]).stem
        proposed = f"{name}-{who.strip()}-{desk.today().isoformat()}.zsb".replace("/", "-")
        out = desk.dialogs.save_file(self, _("Where should the copy lie?"), proposed, BOOKS)
        if out is None:
            return
        day = desk.today()

        def work(book: Book, progress: Progress) -> Copy:
            from db.core.copies import hand_out

            return hand_out(book, out, taken_by=who, on=day, progress=progress)

        def made(copy: Copy) -> None:
            desk.say(_("“{file}” is the copy of {who}; the book has noted it.", file=out.name, who=copy.taken_by))
            self.read()

        desk.jobs.ask(self, work, made, failed=desk.complain, title=_("Copying the book"))

    def bring_back(self) -> None:
        """Open the main book, which asks whether this copy is to be merged into it."""
        desk = self._page.desk
        main = desk.dialogs.open_file(self, _("Choose the main book"), BOOKS)
        if main is not None:
            desk.merge_into(main)
