"""Finding records by what people type: Chinese of any length, pinyin, initials, codes, phones .

The index is disposable: it has a mark (the last change that is in it) and catches up in the background from the
history. What it does not know yet is looked at directly, and where there is no index, or a doubtful one, everything is:
in a copy as of a moment, in the first minutes of a new book. Losing it costs time, never a hit.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sqlalchemy import Connection, Table, select

from db.core import bulk, search_catching, search_words
from db.core.search_catching import Index, catch_up, close, subjects
from db.core.search_file import Candidate, Doubtful
from db.core.search_subjects import AT_ONCE, Further, Line, Subject, all_ids, changed_since, entries, latest_records
from db.core.search_words import Rank, Word, link
from db.core.tables import METADATA

__all__ = [
    "Found",
    "Further",
    "Hit",
    "Line",
    "Rank",
    "Subject",
    "catch_up",
    "close",
    "find",
    "gapped",
    "ids",
    "latest_records",
    "subjects",
]

FIRST = 200
_LINKED = 40  # records that a word may hit by way of another record; more of them say too little
_FEW_CHANGES = 2_000  # since the mark: so many are looked at directly, at every keystroke
_WITH_PREFIX = 20  # of more hits than are shown, so many are added that begin with what was typed


@dataclass(frozen=True)
class Hit:
    """One record that is hit, and how well."""

    record: int
    rank: Rank
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Found:
    """The first hits of each subject, best first; `more` are the subjects that have further ones."""

    hits: Mapping[str, tuple[Hit, ...]]
    more: frozenset[str] = frozenset()


# --- asking ---------------------------------------------------------------------------------------------------------


def find(connection: Connection, query: str, *, limit: int = FIRST, rooms: Sequence[str] | None = None) -> Found:
    """The first `limit` hits of each subject, best first, then latest first. `rooms`: only these."""
    look = _Look(connection)
    found = look.find(search_words.words(query), limit, rooms)
    if not any(found.hits.values()) and any(word.spelt for word in search_words.words(query)):
        found = look.find(search_words.words(query, mixed=True), limit, rooms)
    return found


def gapped(connection: Connection, query: str, *, limit: int = FIRST, keys: Sequence[str] | None = None) -> Found:
    """The records whose names have the letters of `query` as initials in this order, others between them.

    This looks at all names. `keys`: of these subjects only.
    """
    return _Look(connection).gapped(search_words.words(query), limit, keys)


def ids(connection: Connection, room: str, query: str) -> array[int]:
    """The records of a room's main table that `query` hits, all of them, in the order of their ids.

    A room that is not searched itself is hit by what its records link to: a company's year by the company.
    """
    subject = next((one for one in subjects() if one.room == room), None)
    if subject is None:
        return _through_links(connection, METADATA.tables[METADATA.info["rooms_tables"][room]], query)
    look = _Look(connection)
    for mixed in (False, True):
        asked = search_words.words(query, mixed=mixed)
        found = look.find(asked, None, [room]).hits[subject.key]
        if found or not any(word.spelt for word in asked):
            break
    return array("q", sorted(hit.record for hit in found))


def _through_links(connection: Connection, table: Table, query: str) -> array[int]:
    found: set[int] = set()
    for subject in subjects():
        for column in table.c:
            if any(key.column.table is subject.table for key in column.foreign_keys):
                for some in bulk.chunks(list(ids(connection, subject.room, query))):
                    found.update(connection.scalars(select(table.c.id).where(column.in_(some))))
    return array("q", sorted(found))


class _Look:
    """One search on one connection: with the index as far as it goes, the rest directly."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index: Index | None = None
        self._fresh: Mapping[str, set[int]] = {}
        self._found: dict[tuple[str, tuple[Word, ...], int | None], tuple[Hit, ...]] = {}
        index = search_catching.index_of(connection.engine)
        if index is not None:
            try:
                self._use(index)
            except Doubtful as doubt:
                self._give_up(doubt)

    def _use(self, index: Index) -> None:
        mark = index.mark(self._connection)
        last = search_catching.last_change(self._connection)
        if mark is None or not 0 <= last - mark.change <= _FEW_CHANGES or not mark.same_book(self._connection):
            return
        if last > mark.change:
            self._fresh = changed_since(self._connection, METADATA, subjects(), mark.change)
        self._index = index

    def find(self, words: Sequence[Word], limit: int | None, rooms: Sequence[str] | None) -> Found:
        hits: dict[str, tuple[Hit, ...]] = {}
        more = set()
        if not words:
            return Found({})
        wanted = [one for one in subjects() if rooms is None or one.room in rooms]
        for subject in wanted:
            asked = [self._linking(word, subject, limit) for word in words] if subject.links else words
            hits[subject.key] = found = self._hits(subject, asked, limit)
            if limit is not None and len(found) >= limit:
                more.add(subject.key)
        return Found(hits, frozenset(more))

    def _linking(self, word: Word, subject: Subject, limit: int | None) -> Word:
        """The word, which also hits what a record that it hits is linked to."""
        linked: list[str] = []
        for other in subjects():
            if other.key in subject.linked_tables():
                found = [hit for hit in self._hits(other, [word], limit) if hit.rank < Rank.LINKED]
                linked += [link(other.key, hit.record) for hit in (found if limit is None else found[:_LINKED])]
        return replace(word, linked=tuple(linked))

    def _hits(self, subject: Subject, words: Sequence[Word], limit: int | None) -> tuple[Hit, ...]:
        asked = (subject.key, tuple(words), limit)
        if asked not in self._found:
            self._found[asked] = self._look(subject, words, limit)
        return self._found[asked]

    def _look(self, subject: Subject, words: Sequence[Word], limit: int | None) -> tuple[Hit, ...]:
        if self._index is not None:
            try:
                return self._indexed_hits(self._index, subject, words, limit)
            except Doubtful as doubt:
                self._give_up(doubt)
        return _first(_ranked(_scanned(self._connection, subject, None), words), limit)

    def _give_up(self, doubt: Doubtful) -> None:
        """Look at the book directly; a broken index is made anew by the next `catch_up`, and nobody is told."""
        self._index = None
        search_catching.doubt(self._connection.engine, doubt)

    def _indexed_hits(
        self, index: Index, subject: Subject, words: Sequence[Word], limit: int | None
    ) -> tuple[Hit, ...]:
        key, fresh = subject.key, self._fresh.get(subject.key, set())
        found = dict[int, Hit]()
        if fresh:
            found = {hit.record: hit for hit in _ranked(_scanned(self._connection, subject, sorted(fresh)), words)}
        if any(len(word.linked) > FIRST for word in words):
            proposed = index.every(self._connection, key)
        elif limit is not None and all(word.short and word.in_names() for word in words):
            in_names = index.candidates(self._connection, key, words, limit=limit, in_names=True)
            proposed = chain(in_names, index.candidates(self._connection, key, words, limit=limit))
        else:
            proposed = index.candidates(self._connection, key, words, limit=limit)
        for hit in _ranked((one for one in proposed if one[1] not in fresh), words):
            found[hit.record] = hit
            if limit is not None and len(found) >= limit:
                begun = index.beginning(self._connection, key, words[0].text, limit=_WITH_PREFIX)
                best = {hit.record: hit for hit in _ranked((one for one in begun if one[1] not in fresh), words)}
                found = {**best, **found}
                break
        return _first(found.values(), limit)

    def gapped(self, words: Sequence[Word], limit: int, keys: Sequence[str] | None) -> Found:
        patterns = [pattern for word in words if (pattern := word.gapped_pattern()) is not None]
        if not words or len(patterns) < len(words):
            return Found({})
        hits = {}
        for subject in subjects():
            if keys is None or subject.key in keys:
                hits[subject.key] = self._gapped_hits(subject, words, patterns, limit)
        return Found(hits)

    def _gapped_hits(
        self, subject: Subject, words: Sequence[Word], patterns: Sequence[str], limit: int
    ) -> tuple[Hit, ...]:
        found: list[Hit] = []
        for number, record, kept in self._gapped_candidates(subject, patterns):
            if all(word.with_gaps(kept[0]) for word in words):
                found.append(Hit(record, Rank.WITH_GAPS, number))
                if len(found) >= limit:
                    break
        return tuple(found)

    def _gapped_candidates(self, subject: Subject, patterns: Sequence[str]) -> Iterator[Candidate]:
        fresh = self._fresh.get(subject.key, set())
        if self._index is None:
            yield from _scanned(self._connection, subject, None)
            return
        yield from _scanned(self._connection, subject, sorted(fresh)) if fresh else ()
        for one in self._index.gapped(self._connection, subject.key, patterns):
            if one[1] not in fresh:
                yield one


def _ranked(candidates: Iterable[Candidate], words: Sequence[Word]) -> Iterator[Hit]:
    for number, record, kept in candidates:
        worst = Rank.EXACT
        for word in words:
            rank = word.rank(kept)
            if rank is None:
                break
            worst = max(worst, rank)
        else:
            yield Hit(record, worst, number)


def _first(hits: Iterable[Hit], limit: int | None) -> tuple[Hit, ...]:
    if limit is None:
        return tuple(hits)
    found: list[Hit] = []
    for hit in hits:
        found.append(hit)
        if len(found) >= limit + _WITH_PREFIX:
            break
    return tuple(sorted(found, key=lambda hit: (hit.rank, -hit.number))[:limit])


def _scanned(connection: Connection, subject: Subject, records: Sequence[int] | None) -> Iterator[Candidate]:
    """Records as they stand in the book now, latest first; all of them without `records`."""
    wanted = all_ids(connection, subject) if records is None else array("q", records)
    wanted.reverse()
    for at in range(0, len(wanted), AT_ONCE):
        found = entries(connection, subject, wanted[at : at + AT_ONCE])
        found.sort(key=lambda entry: -entry.record)
        for entry, kept in zip(found, search_words.kept(found), strict=True):
            yield entry.record, entry.record, kept
