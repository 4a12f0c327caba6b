"""Writing blocks of cells: checked first, asked about where it must be, told where it cannot be, named and undoable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from db.core.errors import Problem
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit.drafts import NEW
from desktop.kit.editors import shown
from desktop.kit.page import Connection
from desktop.kit.strip import MOST, Answer, Place, Strip
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.core.book import Book
    from db.core.progress import Progress
    from db.core.saving import Saved
    from desktop.kit.ledger_page import LedgerView
    from desktop.kit.records import Records

Look = Callable[[Connection], "Checked"]


@dataclass(frozen=True)
class Writing:
    """A block that is to be written, and what follows.

    look: checks it. label: what the operation is called; None for "Change “name”: fields". seen: what the cells were
    when they were read. done: after it was written. refused: instead of the list of cells that cannot be taken.
    changed_mind: the answer "no, I change it" to a question.
    """

    look: Look
    fields: Sequence[Field]
    ids: Sequence[int]
    label: Text | None = None
    seen: Mapping[tuple[int, str], Any] | None = None
    done: Callable[[Saved], object] | None = None
    refused: Callable[[Saved], object] | None = None
    failed: Callable[[Problem], None] | None = None
    changed_mind: Callable[[], object] | None = None


class Saving:
    """See the module. written: told of every record whose cells were written."""

    def __init__(self, view: LedgerView, written: Callable[[int], object]) -> None:
        self.view, self.written = view, written
        self.strip = Strip()
        self.strip.back = view.table
        view.lines.insertWidget(view.lines.indexOf(view.beside), self.strip)

    def save(self, writing: Writing, *, agreed: bool = False) -> None:
        """Check and write a block, as one operation; what must be answered first is asked in the strip."""
        if self.view.page.rests():
            return
        fields, ids = writing.fields, writing.ids
        self.strip.close_list()

        def work(book: Book, progress: Progress) -> Saved:
            from db.core.saving import save

            return save(
                book,
                self.view.records.blocks(),
                writing.look,
                label=writing.label,
                today=self.view.ledger.today,
                seen=writing.seen,
                fields=fields,
                agreed=agreed,
            )

        def take(saved: Saved) -> None:
            if saved.checked.bad and writing.refused is not None:
                writing.refused(saved)
            elif saved.checked.bad:
                self.list_bad(saved, fields=fields, ids=ids)
            elif saved.checked.questions and not agreed:
                self._ask_if_right(saved, writing)
            else:
                self._written(saved, fields, ids)
                if writing.done is not None:
                    writing.done(saved)

        desk = self.view.page.desk
        desk.jobs.ask(self.view, work, take, failed=writing.failed or desk.complain, title=writing.label or _("Saving"))

    def _written(self, saved: Saved, fields: Sequence[Field], ids: Sequence[int]) -> None:
        for number in {*ids, *(number for number, _key, _value in saved.checked.changes)}:
            self.written(number)
        if not saved.written and not saved.theirs:
            self.view.refresh()  # nothing became different: show again what is
        if saved.theirs:
            self._tell_theirs(saved, fields)

    def _ask_if_right(self, saved: Saved, writing: Writing) -> None:
        fields, ids, changed_mind = writing.fields, writing.ids, writing.changed_mind
        questions = saved.checked.questions
        count = len(saved.checked.changes) + len(saved.checked.new)
        yes = _("Write it as it is") if count == 1 else _("Write all {count} as they are", count=f"{count:,}")
        no = _("Change it") if changed_mind is not None else _("Do not write")
        answers: list[Answer] = [
            (yes, partial(self.save, writing, agreed=True)),
            (no, changed_mind or self.view.refresh),
        ]
        if len(questions) == 1:
            self.strip.ask(questions[0].sentence, answers)
            return
        sentence = _("{count} places to look at before anything is written:", count=f"{len(questions):,}")
        places = [self._place(one.row, one.column, tr(one.sentence), fields, ids) for one in questions[:MOST]]
        self.strip.ask(sentence, answers, places=places, count=len(questions))

    def list_bad(self, saved: Saved, *, fields: Sequence[Field], ids: Sequence[int]) -> None:
        """Every cell that cannot be taken, with its place; nothing was written."""
        bad = saved.checked.bad
        sentence = _("{count} cells cannot be taken; nothing was written.", count=f"{len(bad):,}")
        places = [self._place(one.row, one.column, one.line(language()), fields, ids) for one in bad[:MOST]]
        self.strip.ask(sentence, [(_("Close"), self.view.table.setFocus)], places=places, count=len(bad), tone="red")
        self.view.refresh()

    def _place(self, row: int, column: int, words: str, fields: Sequence[Field], ids: Sequence[int]) -> Place:
        """A line of the list, which leads to its cell."""
        return Place(f"{self._where(row, column, fields, ids)} · {words}", self._goer(row, column, fields, ids))

    def _where(self, row: int, column: int, fields: Sequence[Field], ids: Sequence[int]) -> str:
        """Which cell, as the table numbers it."""
        label = fields[column].label
        if row >= len(ids):
            return tr(_("new row {row}, “{field}”", row=row - len(ids) + 1, field=label))
        line = self.view.model.row_of(ids[row])
        number = self.view.model.number(line) if line is not None else None
        return tr(_("row {row}, “{field}”", row=f"{number if number is not None else row + 1:,}", field=label))

    def _goer(self, row: int, column: int, fields: Sequence[Field], ids: Sequence[int]) -> Callable[[], object]:
        return partial(self.go_to, ids[row], fields[column]) if row < len(ids) else self.view.table.setFocus

    def go_to(self, number: int, field: Field) -> None:
        """Choose a cell."""
        line, column = self.view.model.open_to(number), self.view.model.column_of(field.key)
        if line is not None:
            self.view.table.choose(line, column)
            self.view.table.setFocus()

    # --- what others changed ---------------------------------------------------------------------------------------

    def _tell_theirs(self, saved: Saved, fields: Sequence[Field]) -> None:
        """Somebody else changed cells since they were read: theirs stay unless a person says mine."""
        known = {one.key: one for one in fields}
        mine = saved.mine
        told = [
            _("“{field}” was changed by {who} to {value}", field=known[key].label, who=who,
              value=shown(known[key], now) or _("nothing"))
            for _number, key, now, who in saved.theirs
        ]  # fmt: skip

        def useas_block() -> None:
            chosen = [known[key] for key in dict.fromkeys(key for _number, key, _now, _who in saved.theirs)]
            ids = list(dict.fromkeys(number for number, _key, _now, _who in saved.theirs))
            self.save(
                Writing(
                    partial(
                        as_block, self.view.records, fields=chosen, ids=ids, values=mine, today=self.view.ledger.today
                    ),
                    fields=chosen,
                    ids=ids,
                )
            )

        self.strip.ask(
            told[0] if len(told) == 1 else _("{told}", told=told),
            [(_("Keep theirs"), self.view.refresh), (_("Use mine"), useas_block)],
        )


def as_block(
    records: Records, connection: Connection, *, fields: Sequence[Field], ids: Sequence[int], values: Mapping[tuple[int, str], Any],
    today: str,
) -> Checked:  # fmt: skip
    """Stored values as a block; of a new record where there are no ids."""
    from db.core.block import KEEP, settle

    rows = ids or [NEW]
    columns = [[values.get((number, one.key), KEEP) for number in rows] for one in fields]
    return settle(connection, records.blocks().rules, fields=fields, ids=ids, columns=columns, today=today)
