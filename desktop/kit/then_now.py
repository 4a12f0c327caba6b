"""A ledger of the past beside the present: how many rows there are now, and cells that are different now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.core.fields import Field, Money
from db.core.formats import show
from db.core.text import Text, _
from desktop.kit import asking, projector
from desktop.kit.columns import large_amount
from desktop.kit.words import language

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.kit.ledger import Ledger

Cells = dict[tuple[int, str], str]


@dataclass(frozen=True)
class Present:
    """The same view now: how many rows, their sums by field, which rows of the past it has no more, and how many new."""

    count: int
    sums: Mapping[str, int | None]
    gone: int
    new: int


class ThenNow(QObject):
    """`look` when rows of the past came or one scrolls; `forget` when the present is shown again."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.ledger = ledger
        self.present: Present | None = None
        self._marked: set[int] = set()
        self._found: Cells = {}
        self._notes: tuple[Text, ...] = ()
        ledger.taken.connect(self.look)
        ledger.model.arrived.connect(self._arrived)

    @property
    def _on(self) -> bool:
        return self.ledger.page.desk.seen is not None

    def forget(self) -> None:
        """The present again: no corners, nothing said of it."""
        self._drop_marks()
        self._say(())

    def _drop_marks(self) -> None:
        self._marked.clear()
        self._found = {}
        if self.ledger.model.differs:
            self.ledger.model.show_differs({})

    def look(self) -> None:
        """Rows of the past are there: what the same view has now."""
        self._drop_marks()
        if self._on and self.ledger.found is not None:
            wanted = replace(self.ledger.wanted(), today=self.ledger.page.desk.real_today().isoformat())
            there = self.ledger.found.outline.ids
            self.ledger.page.desk.jobs.ask(self, _presence(wanted, there), self._take, key="present")
            self._arrived()

    def _take(self, found: Present | None) -> None:
        self.present = found
        self._tell()

    def _tell(self) -> None:
        found = self.present
        if found is None or not self._on:
            return
        facts: list[Text | str] = [_("{count} rows", count=f"{found.count:,}")]
        fields = self.ledger.found.fields if self.ledger.found is not None else {}
        for key, total in list(found.sums.items())[:1]:
            if total is not None and key in fields and isinstance(fields[key].kind, Money):
                facts.append(" ".join(large_amount(total)))
        notes = [_("now {facts}", facts=facts)]
        if found.gone:
            notes.append(_("{count} of these are not there now", count=found.gone))
        if found.new:
            notes.append(_("{count} came since", count=found.new))
        if self.ledger.page.desk.marking:
            notes.append(_("{count} cells on view are different", count=len(self._found)))
        self._say(tuple(notes))

    def _say(self, notes: tuple[Text, ...]) -> None:
        kept = tuple(one for one in self.ledger.notes if one not in self._notes)
        self._notes = notes
        if self.ledger.notes != (*kept, *notes):
            self.ledger.notes = (*kept, *notes)
            if self.ledger.found is not None:
                self.ledger.show_sums()

    # --- corners ---------------------------------------------------------------------------------------------------

    def _arrived(self) -> None:
        """Rows came: those that are not compared yet are."""
        ledger, model = self.ledger, self.ledger.model
        if not (self._on and ledger.page.desk.marking) or ledger.found is None:
            return
        wanted = [number for number in model.here() if number not in self._marked]
        if not wanted:
            return
        self._marked.update(wanted)
        fields = [one for one in model.fields if not projector.hides(one)]
        real = ledger.page.desk.real_today().isoformat()
        work = differences(ledger.manner.room, fields, wanted, (ledger.today, real))
        ledger.page.desk.jobs.ask(self, work, self._show)

    def _show(self, found: Cells) -> None:
        if self._on and self.ledger.page.desk.marking:
            self._found |= found
            if found:
                self.ledger.model.show_differs(dict(self._found))
            self._tell()


def _presence(wanted: asking.Wanted, there: Sequence[int]) -> Any:
    def work(book: Book, progress: Progress) -> Present | None:
        if book is book.present:
            return None
        with book.present.read() as connection:
            outline = asking.find(wanted)(connection).outline
        then, now = set(there), set(outline.ids)
        sums = dict(zip(outline.summed, outline.sums, strict=True))
        return Present(len(outline.ids), sums, len(then - now), len(now - then))

    return work


def differences(room: str, fields: Sequence[Field], ids: Sequence[int], days: tuple[str, str]) -> Any:
    """(id, field key) → what is shown there now, of cells that are different; rows that are gone have none.

    days: that of the moment, by which both are compared, as every count of days is different now; and the real one.
    """

    def work(book: Book, progress: Progress) -> Cells:
        if book is book.present:
            return {}
        read, read_now = (asking.cells(room, fields, ids, day) for day in days)
        with book.read() as connection:
            then = {row[0]: row for row in read(connection)}
        with book.present.read() as connection:
            now = {row[0]: row for row in read(connection)}
            told = {row[0]: row for row in read_now(connection)}
        return {
            (number, field.key): show(field.kind, told[number][at], language())
            for number, row in now.items() if number in then
            for at, field in enumerate(fields, 1)
            if row[at] != then[number][at]
        }  # fmt: skip

    return work
