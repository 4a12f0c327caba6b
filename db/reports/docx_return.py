"""Reading a Word file that comes back edited: its paragraphs, where each stands in the report, and the book's numbers.

What comes from outside is not trusted: nothing is unpacked beyond a limit, a document type is refused, text is read as
it streams by. python-docx, which writes, unpacks every part whole and knows no strict files, in which alone the
namespaces are others; names are compared without them.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate

from db.core.errors import Refused, Unavailable
from db.core.packages import BROKEN_ZIP, OLE
from db.core.text import _
from db.reports.docx_marks import BOOKMARK, CONTROL, OWN

_LARGEST_FILE, _LARGEST_TEXT, _ENTRIES = 50 << 20, 64 << 20, 5_000
_PARAGRAPHS, _CHARACTERS, _DEPTH = 5_000, 2_000_000, 200
_AT_ONCE = 1 << 18
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class ReturnedNumber:
    """A number still in its control: from `start` to `end` of its paragraph's text. sent: how it read when it left."""

    figure: str
    nth: int
    start: int
    end: int
    sent: str


@dataclass(frozen=True)
class ReturnedParagraph:
    """A paragraph outside tables. place: where it stands in the report, "" where the file no longer says so."""

    text: str
    place: str = ""
    numbers: tuple[ReturnedNumber, ...] = ()


@dataclass(frozen=True)
class Returned:
    """What a Word file says: its paragraphs in order, and of which period and form it calls itself ("" unknown)."""

    paragraphs: tuple[ReturnedParagraph, ...]
    first: str = ""
    last: str = ""
    form: str = ""
    language: str = ""

    def placed(self) -> dict[str, ReturnedParagraph]:
        """The paragraphs by place; one that was parted into several is joined again."""
        found: dict[str, ReturnedParagraph] = {}
        for paragraph in self.paragraphs:
            if paragraph.place in found:
                found[paragraph.place] = _joined(found[paragraph.place], paragraph)
            elif paragraph.place:
                found[paragraph.place] = paragraph
        return found


def _joined(one: ReturnedParagraph, other: ReturnedParagraph) -> ReturnedParagraph:
    if not one.text or not other.text:
        return other if other.text else one
    shift = len(one.text) + 1
    moved = (replace(number, start=number.start + shift, end=number.end + shift) for number in other.numbers)
    return ReturnedParagraph(f"{one.text}\n{other.text}", one.place, (*one.numbers, *moved))


def read_docx(path: Path) -> Returned:
    """Read `path`. Raises Refused where it is no Word file, protected, damaged or too large, Unavailable where it is locked."""
    try:
        with path.open("rb") as file:
            _look(file, path)
            with zipfile.ZipFile(file) as archive:
                return _read(archive, path)
    except FileNotFoundError as error:
        raise Refused(_("“{file}” is no longer there. Nothing was changed.", file=path.name)) from error
    except OSError as error:
        raise Unavailable(_("“{file}” cannot be read. Nothing was changed.", file=path.name)) from error
    except (*BROKEN_ZIP, ExpatError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Refused:
    return Refused(_("“{file}” is damaged and cannot be read. Nothing was changed.", file=path.name))


def _too_large(path: Path) -> Refused:
    return Refused(_("“{file}” is too large for a report. Nothing was changed.", file=path.name))


def _no_word_file(path: Path) -> Refused:
    return Refused(_("“{file}” is no Word file (.docx). Nothing was changed.", file=path.name))


def _protected(path: Path) -> Refused:
    return Refused(_("“{file}” is protected by a password. Save it without one and choose it again.", file=path.name))


def _look(file: IO[bytes], path: Path) -> None:
    """Tell from the content what the file is; whatever its name says."""
    head = file.read(8)
    if head[:4] == b"PK\x03\x04":
        if file.seek(0, 2) > _LARGEST_FILE:
            raise _too_large(path)
        return
    if head != OLE:
        raise _no_word_file(path)
    if _ENCRYPTED in file.read(_LARGEST_FILE):
        raise _protected(path)
    raise Refused(_("“{file}” is in the old format of Word. Save it as .docx and choose it again.", file=path.name))


def _read(archive: zipfile.ZipFile, path: Path) -> Returned:
    entries = archive.infolist()
    names = {entry.filename: entry for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _protected(path)
    if len(entries) > _ENTRIES:
        raise _too_large(path)
    if "word/document.xml" not in names:
        raise _no_word_file(path)
    text, own = _Document(path), _OwnProperties(path)
    _feed(archive, names["word/document.xml"], text, path)
    if "docProps/custom.xml" in names:
        _feed(archive, names["docProps/custom.xml"], own, path)
    said = (own.values.get(OWN + name, "") for name in ("first", "last", "form", "language"))
    return Returned(tuple(text.paragraphs), *said)


class _Reading:
    """What listens to the parser: elements open and close, text comes between."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.depth = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def closed(self, tag: str) -> None:
        """An element ends."""

    def said(self, text: str) -> None:
        """Text of the innermost element."""


def _feed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, reading: _Reading, path: Path) -> None:
    parser = ParserCreate()

    def opened(tag: str, attributes: dict[str, str]) -> None:
        reading.depth += 1
        if reading.depth > _DEPTH:
            raise _damaged(path)
        reading.opened(tag.rpartition(":")[2], {name.rpartition(":")[2]: value for name, value in attributes.items()})

    def closed(tag: str) -> None:
        reading.depth -= 1
        reading.closed(tag.rpartition(":")[2])

    def refused(*_of_the_document_type: object) -> None:
        raise _damaged(path)

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reading.said, refused
    parser.buffer_text = True
    unpacked = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_AT_ONCE):
            unpacked += len(piece)
            if unpacked > _LARGEST_TEXT:
                raise _too_large(path)
            parser.Parse(piece, False)
    parser.Parse(b"", True)


class _OwnProperties(_Reading):
    """What the file says of itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.values: dict[str, str] = {}
        self._name = ""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "property":
            self._name = attributes.get("name", "")

    def said(self, text: str) -> None:
        if self._name and len(self.values) < 100:
            self.values[self._name] = (self.values.get(self._name, "") + text)[:200]


_DELETED = frozenset(("del", "moveFrom", "delText", "instrText"))
_ASIDE = frozenset(("tbl", "txbxContent", "drawing", "pict", "Fallback"))


class _Document(_Reading):
    """The paragraphs of the text, outside tables and drawings, as they read with every tracked change accepted."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.paragraphs: list[ReturnedParagraph] = []
        self._text = ""
        self._total = 0
        self._numbers: list[ReturnedNumber] = []
        self._controls: list[tuple[str, int, str, int] | None] = []
        self._open: dict[str, str] = {}  # bookmarks that began and have not ended: number → place
        self._place, self._from = "", 0
        self._skipped = 0
        self._listens = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "bookmarkEnd":
            self._open.pop(attributes.get("id", ""), None)
        elif tag in _DELETED or tag in _ASIDE:
            self._skipped += 1
        elif not self._skipped:
            self._begins(tag, attributes)

    def _begins(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "p":
                self._text, self._from, self._numbers = "", 0, []
                self._place = next(iter(self._open.values()), "")
            case "t":
                self._listens = True
            case "br" | "cr":
                self.said("\n", heard=True)
            case "tab" if self._text:
                self.said("\t", heard=True)
            case "sdt":
                self._controls.append(None)
            case "tag" if self._controls:
                self._controls[-1] = self._control(attributes.get("val", ""))
            case "bookmarkStart":
                self._bookmark(attributes)

    def closed(self, tag: str) -> None:
        if tag in _DELETED or tag in _ASIDE:
            self._skipped -= 1
        elif self._skipped:
            return
        elif tag == "t":
            self._listens = False
        elif tag == "sdt" and self._controls:
            self._number(self._controls.pop())
        elif tag == "p":
            self._finish()

    def said(self, text: str, *, heard: bool = False) -> None:
        if (self._listens or heard) and not self._skipped:
            self._total += len(text)
            if self._total > _CHARACTERS:
                raise _too_large(self.path)
            self._text += text

    def _bookmark(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if not name.startswith(BOOKMARK):
            return
        if self._place:  # two paragraphs were made one
            self._finish()
        self._place, self._from = name[len(BOOKMARK) :].replace("__", "."), len(self._text)
        # One at a time: where somebody lost the end of one, the next ends it.
        self._open = {attributes.get("id", ""): self._place}

    def _control(self, tag: str) -> tuple[str, int, str, int] | None:
        kind, _sign, rest = tag.partition("|")
        parts = rest.split("|", 2)
        if kind != CONTROL or len(parts) != 3 or not parts[1].isdigit():
            return None
        return parts[0], int(parts[1]), parts[2], len(self._text)

    def _number(self, control: tuple[str, int, str, int] | None) -> None:
        if control is not None and control[3] >= self._from:
            figure, nth, sent, start = control
            self._numbers.append(ReturnedNumber(figure, nth, start, len(self._text), sent))

    def _finish(self) -> None:
        """A paragraph ends; what stands before its bookmark is the heading that runs into it."""
        if len(self.paragraphs) >= _PARAGRAPHS:
            raise _too_large(self.path)
        own = self._text[self._from :]
        start = self._from + len(own) - len(own.lstrip())
        text = own.strip()
        if text or self._place:
            numbers = tuple(replace(one, start=one.start - start, end=one.end - start) for one in self._numbers)
            self.paragraphs.append(ReturnedParagraph(text, self._place, numbers))
        self._numbers = []
