"""What files say of the three lists, over the lists until it is taken or left: what, as it is, as the file has it, where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from db.core.errors import Problem
from db.core.progress import Progress
from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList
from desktop.kit.page import Connection
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.proposed import Found
    from db.overview.proposing import Proposal

_NAMES = {"units": _("Units"), "leaders": _("Leaders"), "targets": _("Targets")}


def read(paths: Sequence[Path]) -> Callable[[Progress], tuple[Found, list[Text]]]:
    """What the files hold, and a sentence for each that cannot be read."""

    def work(progress: Progress) -> tuple[Found, list[Text]]:
        from db.overview.proposed import Found, lists_in
        from db.sheets.folder import files_in
        from db.sheets.reading import read_workbook

        found, unread = Found(), list[Text]()
        files = list(files_in(paths))
        for done, path in enumerate(files):
            progress.step(done, len(files), _("Looking into “{file}”", file=path.name))
            try:
                found += lists_in(read_workbook(path, progress=progress))
            except Problem as problem:
                if len(files) == 1:
                    raise
                unread.append(_("{file}: {why}", file=path.name, why=problem.sentence))
        return found, unread

    return work


def propose(found: Found, year: int) -> Callable[[Connection], list[Proposal]]:
    """What of it the book does not have."""

    def work(connection: Connection) -> list[Proposal]:
        from db.overview.proposing import propose as look

        return look(connection, found, year)

    return work


def accept(proposals: Sequence[Proposal]) -> tuple[Text, Callable[[Connection], None]]:
    """Write them, as one operation."""

    def work(connection: Connection) -> None:
        from db.overview.proposing import accept as write

        write(connection, proposals)

    files = "、".join(dict.fromkeys(one.source.file for one in proposals))
    return _("Lists from “{file}”: {count} changes", file=files, count=len(proposals)), work


class _Ticks(PlainList):
    """Space ticks, as a click does; Esc leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row(), 0)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ProposalsCard(QFrame):
    """See the module. `taken` with the proposals that are ticked; `left` with none."""

    taken = Signal(list)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.proposals: list[Proposal] = []
        self.wanted: set[int] = set()
        self.count = label("", size=12, tone="mute")
        self.take_button = button("", self._take, kind="primary", small=True)
        self.leave_button = button(_("Leave all"), self.left.emit, small=True)
        self.list = _Ticks()
        self.list.setAccessibleName(tr(_("What the files say of the lists")))
        self.list.picked.connect(lambda row, _column: self._turn(row))
        self.list.left.connect(self.left)
        head = bar(
            "head", 40, label(_("From files"), bold=True), self.count, None, self.leave_button, self.take_button,
            margins=(14, 0, 10, 0),
        )  # fmt: skip
        column_of(head, self.list, gap=0, margins=(1, 1, 1, 1), parent=self).setStretch(1, 1)
        self.hide()

    def show_proposals(self, proposals: list[Proposal]) -> None:
        """All of them ticked."""
        self.proposals, self.wanted = proposals, set(range(len(proposals)))
        self.count.setText(tr(_("{count} differences; Space ticks", count=len(proposals))))
        self._show()
        self.list.selectRow(0)

    def _show(self) -> None:
        narrow = language() == "zh"
        headings = (
            Heading(Text(""), 32), Heading(_("List"), 56 if narrow else 76), Heading(_("Name"), 140, stretch=True),
            Heading(_("In the book"), 170, stretch=True), Heading(_("In the file"), 240, stretch=True),
            Heading(_("Source"), 220, stretch=True),
        )  # fmt: skip
        self.list.show_rows(headings, len(self.proposals), self._cell)
        self.take_button.setText(tr(_("Take {count}", count=len(self.wanted))))
        self.take_button.setEnabled(bool(self.wanted))

    def _cell(self, row: int, column: int) -> Cell:
        one, wanted = self.proposals[row], row in self.wanted
        joint = "，" if language() == "zh" else ", "
        texts = (
            "☑" if wanted else "☐", tr(_NAMES[one.of]), tr(one.name), joint.join(map(tr, one.now)) or "—",
            joint.join(map(tr, one.then)), " · ".join(one.source),
        )  # fmt: skip
        return Cell(texts[column], tone="text" if wanted and column not in (1, 3, 5) else "mute", bold=column == 2)

    def _turn(self, row: int) -> None:
        self.wanted ^= {row}
        self._show()

    def _take(self) -> None:
        self.taken.emit([one for at, one in enumerate(self.proposals) if at in self.wanted])
