"""「同事带一份」: a copy of the book for a colleague, who took one, and what a copy says of its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from db.core.text import Text, _
from desktop.kit import theme
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
    """What the book says of copies: what it is one of, who took one, newest first, and which rooms a copy may be without.

    rooms: name → what it is called, and the rooms that go along with it. left_out: what the rooms are called that are not
    in this copy.
    """

    origin: Origin | None
    taken: tuple[Copy, ...]
    rooms: Mapping[str, tuple[Text, frozenset[str]]] = field(default_factory=dict)
    left_out: tuple[Text, ...] = ()


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
        self.boxes: dict[str, QCheckBox] = {}
        self._boxes = row_of(label(_("With it go"), size=12, tone="mute"), None, gap=14)
        lines.addLayout(self._boxes)
        lines.addWidget(self.list)
        self._show(self._known)

    def read(self) -> None:
        """Ask the book."""

        def work(connection: Connection) -> Known:
            from db.core import copies, leaving_out
            from db.rooms import labels

            origin = copies.origin_of(connection)
            left = origin.left_out if origin is not None else ()
            rooms = {
                one: (labels([one])[0], leaving_out.along([one])) for one in leaving_out.rooms() if one not in left
            }
            return Known(origin, tuple(copies.handed_out(connection)), rooms, tuple(labels(left)))

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
            if known.left_out:
                said.append(_("It is without: {rooms}.", rooms=list(known.left_out)))
        self._show_rooms()
        said += [
            _("{day} {who} ({file})", day=one.taken_on, who=one.taken_by, file=one.file or "")
            for one in known.taken[:_SHOWN]
        ]
        if len(known.taken) > _SHOWN:
            said.append(_("and {count} earlier ones", count=len(known.taken) - _SHOWN))
        self.list.setText("\n".join(tr(one) for one in said))
        self.list.setVisible(bool(said))

    def _show_rooms(self) -> None:
        """A switch for each room, once: what is chosen stays for the next copy."""
        for name, (called, _along) in self._known.rooms.items():
            if name not in self.boxes:
                box = self.boxes[name] = QCheckBox(tr(called))
                box.setFont(theme.font(13))
                box.setChecked(True)
                box.toggled.connect(lambda on, name=name: self._switch(name, on))
                self._boxes.insertWidget(self._boxes.count() - 1, box)

    def _switch(self, name: str, on: bool) -> None:
        """With a room go those that its records point at; without it none of those that point at it."""
        for other, (_called, along) in self._known.rooms.items():
            if other in self._known.rooms[name][1] if on else name in along:
                self.boxes[other].setChecked(on)

    def _chosen(self) -> list[str] | None:
        chosen = [name for name, box in self.boxes.items() if box.isChecked()]
        return None if len(chosen) == len(self.boxes) else chosen

    def take_along(self) -> None:
        """Who takes it, where it goes; then it is made."""
        desk = self._page.desk
        rooms = self._chosen()
        whole = _("The copy has the whole book, and gives numbers of its own to what is added in it.")
        some = _("The copy is without what was not ticked, and gives numbers of its own to what is added in it.")
        body = whole if rooms is None else some
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

            return hand_out(book, out, taken_by=who, rooms=rooms, on=day, progress=progress)

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
