"""Blocks of cells in the ledger: copied, pasted, filled, continued, emptied; the keys and the menu that do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from db.core.errors import Problem
from db.core.fields import Day, Field, Month
from db.core.text import Text, _
from desktop.kit import asking, clipboard
from desktop.kit.page import Connection
from desktop.kit.saving import Writing
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.block import Checked, Rules
    from db.core.saving import Saved
    from desktop.kit.clipboard import Rows
    from desktop.kit.editing import Editing
    from desktop.kit.table import Block


class BlockKeys:
    """See the module."""

    def __init__(self, editing: Editing) -> None:
        self.editing, self.view = editing, editing.view
        self.view.table.keys |= {
            "Ctrl+C": self.copy, "Ctrl+V": self.paste, "Ctrl+D": self.fill_down, "Ctrl+R": self.fill_right,
            "Del": self.empty, "Ctrl+;": self.write_today,
        }  # fmt: skip
        self.view.ledger.menu_parts.append(self._menu)

    def _menu(self, menu: QMenu, index: Any) -> None:
        block = self.view.table.chosen_cells()
        several = len(block.ids) > 1

        def add(to: QMenu, text: Text, do: Callable[[], object], keys: str = "", *, on: bool = True) -> None:
            action = to.addAction(tr(text) + (f"\t{keys}" if keys else ""))
            action.triggered.connect(lambda _checked=False: do())
            action.setEnabled(on)

        menu.addSeparator()
        add(menu, _("Paste"), self.paste, "Ctrl+V")
        add(menu, _("Fill down"), self.fill_down, "Ctrl+D")
        add(menu, _("Fill to the right"), self.fill_right, "Ctrl+R")
        if len(block.fields) == 1 and isinstance(block.fields[0].kind, Day):
            add(menu, _("Continue day by day"), partial(self.series, "day"), on=several)
            add(menu, _("Continue month by month"), partial(self.series, "month"), on=several)
        else:
            add(menu, _("Continue the series"), self.series, on=several and len(block.fields) == 1)
        add(menu, _("Empty the cells"), self.empty, "Del")
        menu.addSeparator()
        add(
            menu,
            _("Change {what}…", what=self.view.records.counted(len(block.ids))),
            self.change_many,
            "Ctrl+Shift+E",
            on=bool(block.ids),
        )

    @property
    def _rules(self) -> Rules:
        return self.view.records.blocks().rules

    def _block(self) -> Block | None:
        block = self.view.table.chosen_cells()
        return block if block.ids and block.fields else None

    # --- copying ---------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The chosen cells, at once where they are here, else when they came from the book."""
        block = self._block()
        if block is None:
            return
        if len(block.ids) * len(block.fields) > clipboard.MOST:
            self.view.page.desk.complain(
                Problem(_("These are too many cells for the clipboard; “Export” (Ctrl+E) writes them into a file."))
            )
            return
        model, table = self.view.model, self.view.table
        lines = table.chosen_rows()
        columns = [model.column_of(one.key) or 0 for one in block.fields]
        if all(model.known(line) for line in lines):
            self._put(block, [[model.value(line, at) for at in columns] for line in lines])
            return
        room = self.view.ledger.manner.room
        self.view.page.ask(
            asking.cells(room, block.fields, block.ids, self.editing.today),
            lambda rows: self._put(block, [row[1:] for row in rows]), key="copy",
        )  # fmt: skip

    def _put(self, block: Block, rows: Sequence[Sequence[Any]]) -> None:
        try:
            clipboard.copy_cells(block.fields, rows)
        except Problem as problem:
            self.view.page.desk.complain(problem)
            return
        self.view.page.desk.say(
            _("Copied {rows} rows, {columns} columns", rows=f"{len(rows):,}", columns=len(block.fields))
        )

    # --- pasting ---------------------------------------------------------------------------------------------------

    def paste(self) -> None:
        """What is on the clipboard, from the first chosen cell on; one cell fills all that are chosen."""
        if self._block() is None:
            return
        try:
            taken = clipboard.take()
        except Problem as problem:
            self.view.page.desk.complain(problem)
            return
        self.view.page.desk.jobs.in_pool(
            self.view, lambda _progress: clipboard.rows_of(taken), self.place, failed=self.view.page.desk.complain,
            title=_("Reading the clipboard"), key="paste",
        )  # fmt: skip

    def place(self, rows: Rows) -> None:
        """Find the cells that pasted rows go to; what goes beyond the table is asked first."""
        block = self._block()
        if block is None or not rows:
            return
        model = self.view.model
        first = model.column_of(block.fields[0].key) or 0
        fields = [column.field for column in model.columns[first:]]
        if len(rows) > 1 and _is_heading(rows[0], fields):
            rows = rows[1:]
        height, width = len(rows), len(rows[0])
        if _fits(height, len(block.ids)) and _fits(width, len(block.fields)):
            tiled = [[row[at % width] for at in range(len(block.fields))] for row in rows]
            self.paste_rows([tiled[at % height] for at in range(len(block.ids))], block.fields, block.ids)
            return
        if width > len(fields):
            sentence = _(
                "{width} columns are to be pasted; from “{field}” on there are only {left}.",
                width=width, field=fields[0].label, left=len(fields),
            )  # fmt: skip
            narrow = [row[: len(fields)] for row in rows]
            go = partial(self._place_rows, narrow, fields, block.ids[0])
            self.editing.saving.strip.ask(
                sentence,
                [(_("Paste {count} columns", count=len(fields)), go), (_("Do not paste"), self.view.table.setFocus)],
            )
            return
        self._place_rows(rows, fields[:width], block.ids[0])

    def _place_rows(self, rows: Rows, fields: Sequence[Field], first: int) -> None:
        ids = self._following(first, len(rows))
        more = len(rows) - len(ids)
        if not more:
            self.paste_rows(rows, fields, ids)
            return
        answers: list[tuple[Text, Callable[[], object]]] = []
        if any(one.key in self.view.records.needed for one in fields):
            added = _("Add {what}", what=self.view.records.counted(more))
            answers.append((added, partial(self.paste_rows, rows, fields, ids)))
        short = rows[: len(ids)]
        answers.append((_("Paste {count} rows", count=f"{len(ids):,}"), partial(self.paste_rows, short, fields, ids)))
        answers.append((_("Do not paste"), self.view.table.setFocus))
        sentence = _(
            "{count} rows are to be pasted; from here on the table has only {left}.",
            count=f"{len(rows):,}",
            left=f"{len(ids):,}",
        )
        self.editing.saving.strip.ask(sentence, answers)

    def _following(self, first: int, count: int) -> list[int]:
        """The records of the table from one on, as many as are wanted and there."""
        model = self.view.model
        line = model.row_of(first)
        found: list[int] = []
        while line is not None and line < model.lines.count and len(found) < count:
            number = model.record(line)
            if number is not None:
                found.append(number)
            line += 1
        return found

    def paste_rows(self, rows: Rows, fields: Sequence[Field], ids: Sequence[int]) -> None:
        """Check a whole block, then write it as one operation."""

        def look(connection: Connection) -> Checked:
            from db.core.block import check

            return check(connection, self._rules, fields=fields, ids=ids, cells=rows, today=self.editing.today)

        label = _("Paste {rows} rows, {columns} columns", rows=len(rows), columns=len(fields))
        self.editing.saving.save(Writing(look, fields=fields, ids=ids, label=label, done=self._tell_notes))

    def _tell_notes(self, saved: Saved) -> None:
        if saved.checked.notes:
            self.view.page.desk.say(saved.checked.notes[0])

    # --- filling ---------------------------------------------------------------------------------------------------

    def fill_down(self) -> None:
        """The first row in all the others; one row alone takes what stands above it."""
        block = self._block()
        if block is None:
            return
        ids: Sequence[int] = block.ids
        if len(ids) == 1:
            line = self.view.model.row_of(ids[0])
            above = next(
                (n for at in range((line or 0) - 1, -1, -1) if (n := self.view.model.record(at)) is not None), None
            )
            if above is None:
                return
            ids = (above, *ids)

        def look(connection: Connection) -> Checked:
            from db.core.filling import fill_down

            return fill_down(connection, self._rules, fields=block.fields, ids=ids, today=self.editing.today)

        self._save(
            look, block.fields, ids, _("Fill {fields}, {rows} rows", fields=_labels(block.fields), rows=len(ids) - 1)
        )

    def fill_right(self) -> None:
        """The first column in all the others; one column alone takes what stands left of it."""
        block = self._block()
        if block is None:
            return
        fields: Sequence[Field] = block.fields
        if len(fields) == 1:
            at = self.view.model.column_of(fields[0].key) or 0
            if not at:
                return
            fields = (self.view.model.columns[at - 1].field, *fields)

        def look(connection: Connection) -> Checked:
            from db.core.filling import fill_right

            return fill_right(connection, self._rules, fields=fields, ids=block.ids, today=self.editing.today)

        label = _("Fill {fields}, {rows} rows", fields=_labels(fields[1:]), rows=len(block.ids))
        self._save(look, fields, block.ids, label)

    def write_today(self) -> None:
        """Today in the chosen cell, to be confirmed by Enter, as in a spreadsheet."""
        index = self.view.table.currentIndex()
        if index.isValid() and self.view.model.editable(index):
            kind = self.view.model.columns[index.column()].field.kind
            if isinstance(kind, Day | Month):
                self.editing.begin(index, self.editing.today[: 7 if isinstance(kind, Month) else 10])

    def series(self, by: str = "") -> None:
        """Continue what the first cells begin."""
        block = self._block()
        if block is None or len(block.fields) != 1 or len(block.ids) < 2:
            return

        def look(connection: Connection) -> Checked:
            from db.core.filling import series

            return series(connection, self._rules, block.fields[0], block.ids, today=self.editing.today, by=by)

        label = _("Continue {fields}, {rows} rows", fields=_labels(block.fields), rows=len(block.ids) - 1)
        self._save(look, block.fields, block.ids, label)

    def empty(self) -> None:
        """Nothing in any of the chosen cells."""
        block = self._block()
        if block is None:
            return
        rows: Rows = [[""] * len(block.fields)] * len(block.ids)

        def look(connection: Connection) -> Checked:
            from db.core.block import check

            return check(
                connection, self._rules, fields=block.fields, ids=block.ids, cells=rows, today=self.editing.today
            )

        self._save(
            look,
            block.fields,
            block.ids,
            _("Empty {fields}, {rows} rows", fields=_labels(block.fields), rows=len(block.ids)),
        )

    def _save(
        self, look: Callable[[Connection], Checked], fields: Sequence[Field], ids: Sequence[int], label: Text
    ) -> None:
        self.editing.saving.save(Writing(look, fields=fields, ids=ids, label=label))

    # --- cards -----------------------------------------------------------------------------------------------------

    def change_many(self) -> None:
        """One field of all chosen records, with a preview."""
        from desktop.kit.many import ChangeMany

        block = self._block()
        if block is not None:
            ChangeMany(self.editing, block).open_over(self.view.table)


def _labels(fields: Sequence[Field]) -> list[Text]:
    """What an operation is called after."""
    return [_("“{field}”", field=one.label) for one in fields[:4]]


def _fits(given: int, chosen: int) -> bool:
    """Whether copied rows go into the chosen ones a whole number of times."""
    return chosen % given == 0 and chosen >= given


def _is_heading(row: Sequence[str | None], fields: Sequence[Field]) -> bool:
    """Whether a pasted row repeats the headings of the columns it would go to."""
    from desktop.kit.columns import Column

    names = [{tr(one.label), Column(one, 0).heading} for one in fields]
    given = [(text or "").strip() for text in row[: len(names)]]
    return bool(given) and all(text in name for text, name in zip(given, names, strict=False))
