"""Where sections and paragraphs stand in a drawn report: found again in the text of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.kit.pdf import one_at_a_time

_SURE = 10  # characters that tell a paragraph from the others
_ABOVE, _BELOW = 8.0, 6.0  # points of its line box over and under its letters

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """Where a figure or a paragraph stands: its key, its page from 0, and its box.

    The box is left, top, right, bottom in points from the page's upper left corner.
    """

    figure: str
    page: int
    box: Box


@dataclass(frozen=True)
class _Page:
    """The text of a page without spaces, and the box of each of its characters by asking the page."""

    text: str
    at: Sequence[int]
    page: Any
    width: float
    height: float

    def line(self, place: int) -> tuple[float, float]:
        """Top and bottom of the character at a place of `text`."""
        _left, bottom, _right, top = self.page.get_charbox(self.at[place])
        return self.height - top - _ABOVE, self.height - bottom + _BELOW


def find_places(path: Path, headings: Sequence[str], texts: Sequence[tuple[str, str]]) -> tuple[list[int], list[Spot]]:
    """The page on which each heading stands, and the bands of sheets on which each of the (key, text) stands.

    Both in reading order; a heading that is not found is where the one before is, a text that is not found has no band.
    """
    import pypdfium2

    with one_at_a_time:
        document = pypdfium2.PdfDocument(path)
        try:
            pages = _Pages(document)
            return list(_starts(pages, headings)), list(_bands(pages, texts))
        finally:
            document.close()


class _Pages(Sequence[_Page]):
    """The pages of a document; the text of one is read when it is first looked at: the lists behind it seldom are."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._known: dict[int, _Page] = {}

    def __len__(self) -> int:
        return len(self._document)

    def __getitem__(self, number: Any) -> Any:
        if number not in self._known:
            self._known[number] = _read(self._document[number])
        return self._known[number]


def _read(page: Any) -> _Page:
    width, height = page.get_size()
    held = page.get_textpage()
    text = held.get_text_range()
    kept = (
        [at for at, character in enumerate(text) if not character.isspace()] if len(text) == held.count_chars() else []
    )
    return _Page("".join(text[at] for at in kept), kept, held, float(width), float(height))


def _starts(pages: _Pages, headings: Sequence[str]) -> Iterator[int]:
    start = 0
    for heading in headings:
        wanted = "".join(heading.split())
        start = next((at for at in range(start, len(pages)) if wanted in pages[at].text), start)
        yield start


def _bands(pages: _Pages, texts: Sequence[tuple[str, str]]) -> Iterator[Spot]:
    page, after = 0, 0
    for key, text in texts:
        wanted = "".join(text.split())
        found = _find(pages, wanted[:_SURE], page, after) if wanted else None
        if found is None:
            continue
        page, begin = found
        ended = _find(pages, wanted[-_SURE:], page, begin)
        last, end = (ended[0], ended[1] + len(wanted[-_SURE:]) - 1) if ended is not None else (page, begin)
        for number in range(page, last + 1):
            one = pages[number]
            top = one.line(begin)[0] if number == page else 0.0
            bottom = one.line(end)[1] if number == last else one.height
            yield Spot(key, number, (0.0, top, one.width, bottom))
        page, after = last, end


def _find(pages: _Pages, wanted: str, page: int, after: int) -> tuple[int, int] | None:
    for number in range(page, len(pages)):
        place = pages[number].text.find(wanted, after if number == page else 0)
        if place >= 0:
            return number, place
    return None
