"""What the palette shows for what was typed: gathered on the worker's thread, without Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.core.text import Text, _

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.interrupting import Interruption
    from db.core.progress import Progress
    from db.core.search import Line

Span = tuple[int, int]
SHOWN = 5  # hits of a section
_OF_ONE = 50  # where only one section is wanted
RECENT = 5  # records where nothing is typed
_ICONS = {"project": "projects", "issue": "forum", "company": "company", "unit": "sheet", "person": "person"}
PAGES = {"project": "projects", "issue": "forum", "company": "companies"}  # whose ledger has the record itself
OWN_ROWS = ("project", "issue")  # all hits are rows there; those of others lead to projects


@dataclass(frozen=True)
class Offer:
    """One line one may choose. `why` says why it cannot be chosen now; empty where it can.

    kind: "record" (`key` is the table's, `record` the id), or what the window does with `key`.
    """

    kind: str
    key: str
    title: str
    details: tuple[Text | str, ...] = ()
    amount: int | None = None
    count: int | None = None
    icon: str = "command"
    record: int = 0
    why: str = ""
    spans: tuple[Span, ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Section:
    """Offers of one kind: how many there are in all (`more`: at least), and the first of them."""

    key: str
    label: Text
    offers: tuple[Offer, ...]
    total: int
    more: bool = False
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found, the section with the best hit first. how: what letters were taken for."""

    query: str
    sections: tuple[Section, ...]
    how: Text | None = None


def look(
    book: Book, query: str, offers: Sequence[Offer], labels: Mapping[str, Text], only: str, *,
    interruption: Interruption | None = None,
) -> Answer:  # fmt: skip
    """Records and the window's own offers that `query` hits; with `only` those of one section, more of them."""
    shown = SHOWN if not only else _OF_ONE
    return _answer(query, [*_records(book, query, shown, only, interruption), *_offered(query, offers, labels, only)])


def look_here(query: str, offers: Sequence[Offer], labels: Mapping[str, Text], only: str) -> Answer:
    """What the window itself offers, until the book has answered."""
    return _answer(query, _offered(query, offers, labels, only))


def _answer(query: str, sections: list[Section]) -> Answer:
    sections.sort(key=lambda one: one.offers[0].rank)
    return Answer(query, tuple(sections), _how(query, sections))


def _offered(query: str, offers: Sequence[Offer], labels: Mapping[str, Text], only: str) -> list[Section]:
    shown, sections = SHOWN if not only else _OF_ONE, []
    kinds = dict.fromkeys(one.kind for one in offers if only in ("", one.kind))
    for kind in kinds:
        hits = [hit for one in offers if one.kind == kind and (hit := _hit(query, one)) is not None]
        hits.sort(key=lambda one: one.rank)
        if hits:
            sections.append(Section(kind, labels[kind], tuple(hits[:shown]), len(hits)))
    return sections


def _records(
    book: Book, query: str, shown: int, only: str, interruption: Interruption | None
) -> list[Section]:  # fmt: skip
    from db.core import search

    sections = []
    with book.read(interruption) as connection:
        found = search.find(connection, query)
        few = [key for key, hits in found.hits.items() if len(hits) < SHOWN]
        gapped = search.gapped(connection, query, keys=few)
        for subject in reversed(search.subjects()):
            if subject.key not in _ICONS:  # its room has no page yet that could open one
                continue
            hits = list(found.hits.get(subject.key, ()))
            known = {hit.record for hit in hits}
            if len(hits) < SHOWN:
                hits += [hit for hit in gapped.hits.get(subject.key, ()) if hit.record not in known]
            if not hits or only not in ("", subject.key):
                continue
            ranks = {hit.record: int(hit.rank) for hit in hits[:shown]}
            lines = subject.lines(connection, list(ranks))
            offers = [_of_line(subject.key, line, query, ranks[line.record]) for line in lines]
            offers.sort(key=lambda one: list(ranks).index(one.record))
            if offers:
                ids = tuple(hit.record for hit in hits)
                more = subject.key in found.more
                counted = _counted(connection, subject.key, offers)
                sections.append(Section(subject.key, subject.label, counted, len(hits), more, ids))
    return sections


def _of_line(key: str, line: Line, query: str, rank: int) -> Offer:
    from db.core import pinyin

    details = tuple(one for one in line.details if one)
    spans = pinyin.marks(query, line.title)
    return Offer("record", key, line.title, details, line.amount, None, _ICONS[key], line.record, "", spans, rank)


def _counted(connection: Any, key: str, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    from db.projects.searched import count_linked

    counts = count_linked(connection, key, [one.record for one in offers])
    return tuple(replace(one, count=counts.get(one.record)) for one in offers)


def _hit(query: str, offer: Offer) -> Offer | None:
    from db.core import pinyin

    spans = pinyin.matches(query, offer.title)
    if not spans:
        return None
    begins = spans[0][0] == 0
    if pinyin.folded(query) in pinyin.folded(offer.title):
        rank = 1 if begins else 2
    else:
        rank = 7 if len(spans) > len(pinyin.words_of(query)) else 3 if begins else 4
    return replace(offer, spans=spans, rank=rank)


def _how(query: str, sections: Sequence[Section]) -> Text | None:
    """Whether letters were taken for initials or for pinyin, as the best hit tells."""
    from db.core import pinyin

    letters = "".join(pinyin.words_of(query))
    if not letters.isascii() or not sections or not sections[0].offers[0].spans:
        return None
    best = sections[0].offers[0]
    hit = "".join(best.title[start:stop] for start, stop in best.spans)
    if pinyin.folded(hit) == letters:
        return None
    return _("Initials") if len(hit) == len(letters) else _("Pinyin")


def recent(book: Book, progress: Progress) -> Answer:
    """The projects that were changed last."""
    from db.core import search

    (subject,) = [one for one in search.subjects() if one.key == "project"]
    with book.read() as connection:
        ids = search.latest_records(connection, book.schema, "project", RECENT)
        lines = {line.record: line for line in subject.lines(connection, ids)}
        offers = [_of_line("project", lines[number], "", 0) for number in ids if number in lines]
    if not offers:
        return Answer("", ())
    return Answer("", (Section("project", _("Changed last"), tuple(offers), len(offers)),))


def all_rows(book: Book, section: Section, query: str) -> list[int]:
    """The records that all hits of a section are, or the projects they lead to."""
    from db.core import search
    from db.projects.searched import of_linked

    with book.read() as connection:
        hits = list(section.ids)
        if section.more:
            found = search.find(connection, query, limit=100_000)
            hits = [hit.record for hit in found.hits[section.key]]
        return sorted(hits) if section.key in OWN_ROWS else of_linked(connection, section.key, hits)


def rows_of(book: Book, key: str, record: int) -> list[int]:
    """The projects that a company, unit or person is linked to."""
    from db.projects.searched import of_linked

    with book.read() as connection:
        return of_linked(connection, key, [record])
