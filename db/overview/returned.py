"""A Word file that came back beside the report: which sentences and numbers were changed by hand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import Match, SequenceMatcher

from rapidfuzz import fuzz, process

from db.overview.wording import OWN
from db.reports.docx_return import Returned, ReturnedParagraph
from db.reports.report import FigureNumber, Paragraph, Report, Run, numbered

_ALIKE = 60.0  # of a hundred, from which a paragraph without its mark is taken for one of the report
_LEAST = 8  # characters of a new paragraph


@dataclass(frozen=True)
class Changed:
    """A paragraph that reads differently in the file.

    place: as `wording.save` takes it, "" for one that the report does not have. before, after: how it reads; after ""
    where it was taken out. runs: as it came back, ready for `to_markup`: numbers that were left alone are the book's,
    the others carry what was typed. typed: those others.
    """

    place: str
    before: str
    after: str
    runs: tuple[Run, ...] = ()

    @property
    def typed(self) -> tuple[FigureNumber, ...]:
        """The numbers that were changed by hand."""
        return tuple(run for run in self.runs if isinstance(run, FigureNumber) and run.typed)


def changed(report: Report, returned: Returned) -> list[Changed]:
    """The differences, in the report's order, new paragraphs last."""
    ours = {one.place: one for one in report.paragraphs() if one.place and one.mode != "off"}
    theirs = returned.placed()
    unmarked = _unmarked(report, returned)
    theirs |= _alike({place: one for place, one in ours.items() if place not in theirs}, unmarked)
    found: dict[str, Changed] = {}
    for place, paragraph in ours.items():
        came = theirs.get(place)
        if came is not None and _bare(came.text) == _bare(paragraph.text):
            continue
        runs = () if came is None else _runs(paragraph, came)
        found[place] = Changed(place, paragraph.text, "" if came is None else came.text, runs)
    taken = {id(one) for one in theirs.values()}
    new = [one for one in unmarked if id(one) not in taken]
    return [*_whole(ours, found), *(Changed("", "", one.text, (one.text,)) for one in new)]


def _bare(text: str) -> str:
    return "".join(text.split())


def _unmarked(report: Report, returned: Returned) -> list[ReturnedParagraph]:
    """Paragraphs without their mark that are neither a heading nor a line around the text or a table."""
    known = {_bare(line) for line in _around(report)}
    tables = report.tables().values()
    ends = tuple(_bare(part) for one in tables for part in (one.title, one.note) if part)
    begins = tuple(_bare(one.stand) for one in tables if one.stand)
    heads = [number + section.heading for number, section in numbered(report)]
    found = []
    for one in returned.paragraphs:
        bare = _bare(one.text)
        if not one.place and len(bare) >= _LEAST and bare not in known and not _of_a_table(bare, begins, ends):
            head = next((head for head in heads if one.text.startswith(head)), "")
            found.append(replace(one, text=one.text[len(head) :].lstrip("。. ")) if head and not one.numbers else one)
    return found


def _of_a_table(line: str, begins: tuple[str, ...], ends: tuple[str, ...]) -> bool:
    return line.startswith(begins) or line.endswith(ends)


def _around(report: Report) -> Iterator[str]:
    yield from (report.title, report.number, report.subtitle, report.addressee, report.signature, report.signed_on)
    yield from report.copies
    for number, section in numbered(report):
        yield number + section.heading
        yield section.heading
    for picture in report.pictures():
        yield picture.caption


def _alike(missing: Mapping[str, Paragraph], unmarked: Sequence[ReturnedParagraph]) -> dict[str, ReturnedParagraph]:
    """For paragraphs whose marks another program dropped: the one that reads most like it, each once."""
    left = list(unmarked)
    found = {}
    for place, paragraph in missing.items():
        best = process.extractOne(paragraph.text, [one.text for one in left], scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if best is not None:
            found[place] = left.pop(best[2])
    return found


def _runs(ours: Paragraph, theirs: ReturnedParagraph) -> tuple[Run, ...]:
    """The text as it came back, its numbers where they stand in it."""
    spans = list(_by_controls(ours, theirs)) if theirs.numbers else list(_by_text(ours, theirs.text))
    runs: list[Run] = []
    at = 0
    for start, end, number in spans:
        if start < at:
            continue
        runs += [theirs.text[at:start]] if start > at else []
        runs.append(number)
        at = end
    return (*runs, theirs.text[at:]) if at < len(theirs.text) else tuple(runs)


def _by_controls(ours: Paragraph, theirs: ReturnedParagraph) -> Iterator[tuple[int, int, FigureNumber]]:
    known = {(run.figure, run.nth): run for run in ours.runs if isinstance(run, FigureNumber)}
    for one in theirs.numbers:
        text = theirs.text[one.start : one.end]
        of_book = known.get((one.figure, one.nth))
        if of_book is None or not text:
            continue
        yield one.start, one.end, of_book if text == one.sent else replace(of_book, typed=text)


def _by_text(ours: Paragraph, text: str) -> Iterator[tuple[int, int, FigureNumber]]:
    """Where the marks are gone: what stands now between the words that stood around a number."""
    matching = SequenceMatcher(None, ours.text, text, autojunk=False).get_matching_blocks()
    at = 0
    for run in ours.runs:
        words = run if isinstance(run, str) else run.printed
        if isinstance(run, FigureNumber):
            low, high = _moved(matching, at), _moved(matching, at + len(words), ending=True)
            now = text[low:high] if low is not None and high is not None else ""
            if low is not None and high is not None and now and any(one.isdigit() for one in now):
                yield low, high, run if now == words else replace(run, typed=now)
        at += len(words)


def _moved(matching: Sequence[Match], place: int, *, ending: bool = False) -> int | None:
    """Where the place before (after, for an ending) a character of ours is in theirs, by the words beside it."""
    for block in matching:
        a, b, size = block
        if ending and a <= place < a + size:
            return b + place - a
        if not ending and a < place <= a + size:
            return b + place - a
    return 0 if place == 0 and not ending else None


def _whole(ours: Mapping[str, Paragraph], found: Mapping[str, Changed]) -> list[Changed]:
    """What a person wrote into a section is one text: its changed paragraphs together with those left alone."""
    told: dict[str, Changed] = {}
    for place, paragraph in ours.items():
        head, own, _nth = place.partition(OWN)
        if not own:
            if place in found:
                told[place] = found[place]
            continue
        whole = head + own
        one = found.get(place, Changed(place, paragraph.text, paragraph.text, paragraph.runs))
        before = told.get(whole)
        told[whole] = replace(one, place=whole) if before is None else _under(before, one)
    return [one for one in told.values() if _bare(one.before) != _bare(one.after)]


def _under(one: Changed, other: Changed) -> Changed:
    before, after = ("\n".join(filter(None, texts)) for texts in ((one.before, other.before), (one.after, other.after)))
    between = ("\n",) if one.runs and other.runs else ()
    return Changed(one.place, before, after, (*one.runs, *between, *other.runs))
