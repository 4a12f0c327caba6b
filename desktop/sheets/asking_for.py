"""「发给单位填报」: from any ledger, a sheet a unit of the rows that the table shows; what was sent is kept by the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.form import Editor
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.kit.ledger import Ledger

_DUE_IN = 7  # days
_KEY = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class Offered:
    """What there is to choose from. units: unit → its rows among those shown. columns: those that travel, in order."""

    units: Mapping[str, Sequence[int]]
    columns: Sequence[Field]


@dataclass(frozen=True)
class Sent:
    """What became of it: the files, and why the next one could not be written."""

    files: tuple[Path, ...]
    why: Problem | None = None


def fits(room_name: str) -> bool:
    """Whether sheets are sent from a room."""
    from db import rooms

    found = rooms.room(room_name)
    return found is not None and found.sheet is not None


def ask_units(ledger: Ledger) -> None:
    """Which units, which columns, until when; then the sheets are written."""
    page, found = ledger.page, ledger.found
    if found is None or ledger.view is None or page.rests():
        return
    ids, room, wanted = list(found.outline.ids), ledger.manner.room, ledger.view.columns

    def work(connection: Any) -> Offered:
        from db.sent_out import columns_sent, units_in

        return Offered(units_in(connection, room, ids), columns_sent(connection, room, wanted))

    page.ask(work, lambda offered: AskingFor(ledger, ids, offered).open(), key="units")


class AskingFor(QDialog):
    """See the module."""

    def __init__(self, ledger: Ledger, ids: Sequence[int], offered: Offered) -> None:
        super().__init__(ledger)
        self.ledger, self.ids, self.offered = ledger, list(ids), offered
        self.setWindowTitle(tr(_("Send to units to be filled in")))
        self.setMinimumWidth(640)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        some = sorted(offered.units, key=lambda name: not offered.units[name])
        self.units = _ticks([(name, self._counted(name), False) for name in some])
        can = [(one.key, tr(one.label), True) for one in offered.columns if one.editable or one.key.startswith("own:")]
        self.columns = _ticks(can)
        self.own_rows = QCheckBox(tr(_("To each unit only the rows that name it")))
        self.own_rows.setChecked(any(offered.units.values()))
        self.own_rows.setFont(theme.font(13))
        day = (ledger.page.desk.today() + dt.timedelta(days=_DUE_IN)).isoformat()
        self.due = Editor(Field("due_on", _("Due on"), Day()), day, flush=True)
        self.instructions = QPlainTextEdit()
        self.instructions.setPlaceholderText(tr(_("What to do: stands above the table")))
        self.instructions.setAccessibleName(tr(_("Instructions")))
        self.instructions.setFixedHeight(64)
        self.instructions.setTabChangesFocus(True)
        self.do = button("", self.write, kind="primary")
        self.do.setDefault(True)
        self.units.itemChanged.connect(lambda _item: self._count())
        self.own_rows.toggled.connect(lambda _on: self._count())
        self._lay_out()
        self._count()
        self.units.setFocus()

    def _counted(self, name: str) -> str:
        return f"{name} · {tr(_('{rows} rows', rows=len(self.offered.units[name])))}"

    def _lay_out(self) -> None:
        rows = _("{count} rows as the table shows them", count=f"{len(self.ids):,}")
        title = label(_("Send to units to be filled in"), size=15, bold=True)
        every = button(_("Choose all with rows"), self.choose_all, kind="link")
        left, right = QWidget(), QWidget()
        head = row_of(label(_("Units"), bold=True), None, every)
        left_lines = column_of(gap=6, parent=left)
        left_lines.addLayout(head)
        left_lines.addWidget(self.units)
        column_of(label(_("They may change"), bold=True), self.columns, gap=6, parent=right)
        lines = column_of(title, label(rows, size=12, tone="mute"), margins=(20, 18, 20, 18), gap=10, parent=self)
        both = row_of(left, right, gap=16)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        lines.addLayout(both)
        for part in (self.own_rows, self.due, self.instructions):
            lines.addWidget(part)
        lines.addLayout(row_of(None, button(_("Cancel"), self.reject), self.do))

    def choose_all(self) -> None:
        """Every unit that occurs in the rows."""
        for at in range(self.units.count()):
            item = self.units.item(at)
            if self.offered.units[item.data(_KEY)]:
                item.setCheckState(Qt.CheckState.Checked)

    def _count(self) -> None:
        count = len(self.chosen)
        self.do.setText(tr(_("Write {count} sheets…", count=count)))
        self.do.setEnabled(count > 0)

    @property
    def chosen(self) -> list[str]:
        """The units that are ticked; of those without rows only where all rows go to each."""
        return [one for one in _ticked(self.units) if self.offered.units[one] or not self.own_rows.isChecked()]

    def write(self) -> None:
        """Ask where, write a sheet a unit."""
        try:
            due = self.due.value()
        except Refused as refused:
            self.due.complain(refused.render(language()))
            self.due.input.setFocus()
            return
        desk, ledger = self.ledger.page.desk, self.ledger
        folder = desk.dialogs.open_folder(self, _("Choose where the sheets lie"))
        if folder is None:
            return
        own = self.own_rows.isChecked()
        rows = {unit: self.offered.units[unit] if own else self.ids for unit in self.chosen}
        said = self.instructions.toPlainText().strip() or None
        work = _sending(
            ledger, rows, [one.key for one in self.offered.columns], _ticked(self.columns), due, said, folder
        )
        self.accept()

        def done(sent: Sent) -> None:
            if sent.why is not None:
                desk.complain(sent.why)
            else:
                desk.say(_("{count} sheets were written to “{folder}”; the book has noted them. Returned ones are dropped on "
                           "the window.", count=len(sent.files), folder=folder.name))  # fmt: skip

        desk.jobs.ask(ledger, work, done, failed=desk.complain, title=_("Writing sheets"), key="send")


def _ticks(lines: Sequence[tuple[str, str, bool]]) -> QListWidget:
    made = QListWidget()
    for key, text, on in lines:
        item = QListWidgetItem(text)
        item.setData(_KEY, key)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        item.setSizeHint(QSize(100, 26))
        made.addItem(item)
    made.setFixedHeight(220)
    made.setCurrentRow(0)
    return made


def _ticked(of: QListWidget) -> list[str]:
    items = [of.item(at) for at in range(of.count())]
    return [str(one.data(_KEY)) for one in items if one.checkState() == Qt.CheckState.Checked]


def _sending(
    ledger: Ledger, rows: Mapping[str, Sequence[int]], columns: Sequence[str], editable: Sequence[str], due: str | None,
    instructions: str | None, folder: Path,
) -> Any:  # fmt: skip
    assert ledger.view is not None
    room, name, today, lang = ledger.manner.room, tr(ledger.view.name), ledger.today, language()

    def work(book: Book, progress: Progress) -> Sent:
        from db.sent_out import Asked, send_unit

        files: list[Path] = []
        for unit, ids in rows.items():
            asked = Asked(unit, None, columns, editable, due, instructions, lang, today, ids)
            out = _free(folder, f"{name} {unit}".replace("/", "-"))
            progress.step(len(files), len(rows), _("Writing “{file}”", file=out.name))
            try:
                send_unit(book, room, asked, out)
            except Problem as why:
                return Sent(tuple(files), _after(why, len(files)))
            files.append(out)
        return Sent(tuple(files))

    return work


def _after(why: Problem, count: int) -> Problem:
    if not count:
        return why
    text: Text = _("{count} sheets were written and noted; then: {why}", count=count, why=why.sentence)
    return Problem(text)


def _free(folder: Path, name: str) -> Path:
    """A name that no file in the folder has."""
    out, number = folder / f"{name}.xlsx", 1
    while out.exists():
        number += 1
        out = folder / f"{name} ({number}).xlsx"
    return out
