"""Search, in plain text: what is indexed of a record, and which of it a typed word asks for.

A record is names (found by pinyin too), further text, and links to other records. It is indexed as terms: the pairs of
neighbouring Chinese characters, letters and figures in threes, the syllables of the names and the pairs of their
initials, in every reading. Terms only propose: what is a hit is decided on the text itself (`Word.rank`).
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import pairwise

from db.core import pinyin
from db.core.paths import RESOURCES
from db.core.pinyin import folded

# One character for a syllable, and one for an initial letter: they stand in texts of their own, which are cut into
# terms and searched like any other. A link, and one character of a name, begin with a
# character of their own.
_SYLLABLES, _INITIALS, _LINK, _IN_NAME = 0xE000, 0xE400, "\uf000", "\uf001"
_CUT = "\x01"  # between the records of a batch
_NOT_HAN = re.compile(r"[\x02-\x7f、。《》“”‘’—·…]+")
_NARROW = re.compile(r"[0-9a-z]+")
_RUNS = re.compile(r"[0-9a-z]+|\x01")
_MARKS = re.compile(r"[^\w\n\x01]+")
_LETTERS = re.compile(r"[a-z]")
_MOST_SPELLINGS = 16
_FEW_ENDS = 8


class Rank(IntEnum):
    """How well a record is hit, best first."""

    EXACT = 0
    BEGINS = 1
    INSIDE = 2
    SPELT_FIRST = 3
    SPELT = 4
    IN_TEXT = 5
    LINKED = 6
    WITH_GAPS = 7


@dataclass(frozen=True)
class Entry:
    """A record as it is handed in: names and texts a line each, links as `link` gives them, a space before each."""

    record: int
    names: str
    texts: str
    links: str


# names, texts, sounds, initials, links: what `Word.rank` looks at.
Kept = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Indexed:
    """A record as it is kept: folded text, how the names sound, and the terms by which it is proposed."""

    record: int
    kept: Kept
    terms: str


def link(table: str, record: int | str) -> str:
    """A record of another table as a term."""
    return f"{_LINK}{table.replace('_', '')}{record}"


@cache
def form() -> str:
    """What the terms are made by; an index of another form is made anew."""
    return f"1-{zlib.crc32((RESOURCES / 'pinyin' / 'readings.txt').read_bytes()):08x}"


@dataclass(frozen=True)
class _Tables:
    syllables: Mapping[int, str | None]
    initials: Mapping[int, str | None]
    character: Mapping[str, str]
    several: re.Pattern[str]


@cache
def _tables() -> _Tables:
    known = pinyin.table()
    character = {one: chr(_SYLLABLES + at) for at, one in enumerate(sorted(known.syllables))}
    syllables: dict[int, str | None] = {ord(char): character[some[0]] for char, some in known.of.items()}
    initials: dict[int, str | None] = {ord(char): _initial(some[0][0]) for char, some in known.of.items()}
    for code in range(0x20, 0x7F):
        if chr(code).isalnum():
            syllables[code] = initials[code] = _initial(chr(code))
    several = "".join(char for char, some in known.of.items() if len(some) > 1)
    return _Tables(syllables, initials, character, re.compile(f"[{several}{_CUT}]"))


def _initial(letter: str) -> str:
    return chr(_INITIALS + ord(letter))


# --- what is indexed ------------------------------------------------------------------------------------------------


def indexed(entries: Sequence[Entry]) -> list[Indexed]:
    """Records as they are kept. Many at once: the work is done on one long text, which is ten times as fast."""
    if not entries:
        return []
    heard = _heard(entries)
    both = _CUT.join(f"{name}\n{text}" for name, text in zip(heard.names, heard.texts, strict=True))
    initials = _CUT.join(heard.initials)
    found = zip(
        entries, heard.kept(), _pairs(_NOT_HAN.sub("\n", both)), _threes(both), _ones(_CUT.join(heard.sounds)),
        _ones(initials), _pairs(initials), _rarer(heard.bare), _ones(_CUT.join(heard.bare), _IN_NAME), strict=True,
    )  # fmt: skip
    return [
        Indexed(entry.record, kept, f"{' '.join(terms)} {entry.links}")
        for entry, kept, *terms in found
    ]  # fmt: skip


def kept(entries: Sequence[Entry]) -> list[Kept]:
    """What `Word.rank` looks at, of records that are not indexed."""
    return list(_heard(entries).kept())


@dataclass(frozen=True)
class _Heard:
    entries: Sequence[Entry]
    names: list[str]
    texts: list[str]
    bare: list[str]
    sounds: list[str]
    initials: list[str]

    def kept(self) -> Iterator[Kept]:
        links = [entry.links for entry in self.entries]
        return zip(self.names, self.texts, self.sounds, self.initials, links, strict=True)


def _heard(entries: Sequence[Entry]) -> _Heard:
    known = _tables()
    names, texts = _joined([entry.names for entry in entries]), _joined([entry.texts for entry in entries])
    bare = _MARKS.sub("", names)
    parts = (names, texts, bare, bare.translate(known.syllables), bare.translate(known.initials))
    return _Heard(entries, *([] if not entries else part.split(_CUT) for part in parts))


def _joined(texts: Sequence[str]) -> str:
    joined = _CUT.join(texts)
    if joined.count(_CUT) > max(len(texts) - 1, 0):
        joined = _CUT.join(text.replace(_CUT, " ") for text in texts)
    return folded(joined)


def _pairs(text: str) -> list[str]:
    """For each record "ab bc c": its neighbouring characters, two by two, and the last alone."""
    source = array("I", f"\n{text}\n".encode("utf-32-le"))
    out = array("I", b"\x20\0\0\0" * (3 * len(source)))
    out[0::3] = source
    out[1:-3:3] = source[1:]
    return out.tobytes().decode("utf-32-le").split(f"{_CUT} {_CUT}")


def _threes(text: str) -> list[str]:
    """For each record "abc bcd cd d": its letters and figures in threes."""
    runs = "\n".join(_RUNS.findall(text))
    source = array("I", f"\n{runs}\n".encode("utf-32-le"))
    out = array("I", b"\x20\0\0\0" * (4 * len(source)))
    out[0::4] = source
    out[1:-4:4] = source[1:]
    out[2:-8:4] = source[2:]
    return out.tobytes().decode("utf-32-le").split(f"\n{_CUT}\n")


def _ones(text: str, before: str = "") -> list[str]:
    """For each record "a b c": its characters, each as a term, `before` in front of it."""
    width = len(before) + 2
    source = array("I", text.encode("utf-32-le"))
    out = array("I", f"{before}  ".encode("utf-32-le") * len(source))
    out[len(before) :: width] = source
    return out.tobytes().decode("utf-32-le").split(f"{before}{_CUT} ")


def _rarer(names: Sequence[str]) -> list[str]:
    """For each record the terms of the readings that are not the usual ones: 重庆 is cq and zq, chong and zhong."""
    text = "\n" + f"\n{_CUT}\n".join(names) + "\n"
    found: list[str] = []
    here: list[str] = []
    for one in _tables().several.finditer(text):
        at = one.start()
        if text[at] == _CUT:
            found.append(" ".join(here))
            here = []
        else:
            here.append(_rarer_of(text[at - 1], text[at], text[at + 1]))
    return [*found, " ".join(here)]


@cache
def _rarer_of(before: str, char: str, after: str) -> str:
    terms = [_tables().character[one] for one in pinyin.readings(char)[1:]]
    here = pinyin.letters(char)
    terms += [_initial(one) for one in here]
    terms += [_initial(a) + _initial(b) for a in _letters(before) for b in here]
    terms += [_initial(b) + _initial(c) for b in here for c in _letters(after)]
    return " ".join(terms)


def _letters(char: str) -> str:
    return "" if char == "\n" else pinyin.letters(char)


# --- what is asked for ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """One way to read letters: syllables, and the first letters of all the characters they stand for.

    last: what the last of them may be, which is perhaps still being typed: jin, or jing.
    """

    syllables: tuple[str, ...]
    initials: str
    last: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """One word that was typed. `linked`: records of other tables that it hits, whose records here are hits as well.

    initials, sounds: its letters as the initials of an indexed name have them, and what its sounds are like.
    mixed: whether it may be made of Chinese, syllables and initials in turns.
    """

    text: str
    spellings: tuple[Spelling, ...] = ()
    linked: tuple[str, ...] = ()
    initials: str = ""
    sounds: re.Pattern[str] | None = None
    mixed: bool = False

    @property
    def short(self) -> bool:
        """Whether it is one character, or two figures: no term of its own, and many hits."""
        return all(term.endswith("*") for term in literal_terms(self.text)) and not self.spellings

    def in_names(self) -> tuple[str, ...]:
        """Terms that every record has whose names have all its characters."""
        return tuple(f"{_IN_NAME}{char}" for char in dict.fromkeys(self.text) if char.isalnum())

    @property
    def spelt(self) -> bool:
        """Whether it may be pinyin or initials."""
        return bool(self.spellings)

    def proposals(self) -> Iterator[tuple[str, ...]]:
        """Terms that a hit has all of, in one or another of these ways; `x*` is any term that begins so."""
        yield literal_terms(self.text)
        for spelling in self.spellings:
            if spelling.initials:
                yield from _spelt_terms(spelling)
            else:
                yield literal_terms(_NARROW.sub("\n", self.text))
        for one in self.linked:
            yield (one,)

    def rank(self, kept: Kept) -> Rank | None:
        """How a record is hit; None where it is not."""
        names, texts, sounds, initials, links = kept
        at = names.find(self.text)
        if at >= 0:
            if at and names[at - 1] != "\n":
                return Rank.INSIDE
            end = at + len(self.text)
            return Rank.EXACT if end == len(names) or names[end] == "\n" else Rank.BEGINS
        if self.text in texts:
            return Rank.EXACT if f"\n{self.text}\n" in f"\n{texts}\n" else Rank.IN_TEXT
        if self.initials and (at := initials.find(self.initials)) >= 0:
            return Rank.SPELT if at and initials[at - 1] != "\n" else Rank.SPELT_FIRST
        if self.sounds is not None and (heard := self.sounds.search(sounds)) is not None:
            at = heard.start()
            return Rank.SPELT if at and sounds[at - 1] != "\n" else Rank.SPELT_FIRST
        if self.linked and links and any(f"{one} " in f"{links} " for one in self.linked):
            return Rank.LINKED
        return self._in_another_reading(names) if self.spellings else None

    def _in_another_reading(self, names: str) -> Rank | None:
        for line in names.split("\n"):
            if not (self.mixed or _LETTERS.search(line) or _tables().several.search(line)):
                continue
            places = pinyin.places_of(self.text, line, gaps=False)
            if places is not None:
                return Rank.SPELT if places[0] else Rank.SPELT_FIRST
        return None

    def with_gaps(self, names: str) -> bool:
        """Whether its letters are initials in this order in one of the names, others between them."""
        return any(pinyin.places_of(self.text, line) is not None for line in names.split("\n"))

    def gapped_pattern(self) -> str | None:
        """What the initials of such a name are LIKE; None where it is too short for that."""
        if not self.spellings or len(self.text) < pinyin.SHORTEST_WITH_GAPS or not _NARROW.fullmatch(self.text):
            return None
        return "%" + "%".join(_initial(letter) for letter in self.text) + "%"


def words(query: str, *, mixed: bool = False) -> list[Word]:
    """What was typed, as words. `mixed`: letters may be syllables and initials in turns (hefeijdf)."""
    return [_word(text, mixed=mixed) for text in pinyin.words_of(query)]


def _word(text: str, *, mixed: bool) -> Word:
    if not pinyin.is_spelt(text):
        return Word(text)
    if not _NARROW.fullmatch(text):  # 合肥jdf: proposed by its Chinese alone
        return Word(text, (Spelling((), ""),) if literal_terms(_NARROW.sub("\n", text)) else (), mixed=True)
    full = [one for one in _readings_of(text, pure=not mixed) if one.initials != text]
    initials = text.translate(_tables().initials)
    return Word(text, (Spelling((), text), *full), initials=initials, sounds=_sounding(full), mixed=mixed)


def _sounding(spellings: Sequence[Spelling]) -> re.Pattern[str] | None:
    """The sounds of a name that has the syllables of one of these spellings, the last as far as it was typed."""
    character = _tables().character
    said = [
        "".join(character[syllable] for syllable in one.syllables) + f"[{''.join(character[end] for end in one.last)}]"
        for one in spellings
        if len(one.syllables) + 1 == len(one.initials)
    ]
    return re.compile("|".join(said)) if said else None


def _readings_of(text: str, *, pure: bool) -> list[Spelling]:
    """Letters cut into syllables, longest first; the last may still be being typed."""
    found: list[Spelling] = []
    known = pinyin.table().syllables

    def cut(at: int, syllables: tuple[str, ...], initials: str) -> None:
        if len(found) >= _MOST_SPELLINGS:
            return
        rest = text[at:]
        last = _begun(rest)
        if last:
            found.append(Spelling(syllables, initials + rest[0], last))
        for length in range(min(6, len(rest) - 1), 0, -1):
            if rest[:length] in known:
                cut(at + length, (*syllables, rest[:length]), initials + rest[0])
        if not pure:
            for length in (2, 1):
                begun = length < len(rest) and rest[:length] not in known
                if begun and (length == 1 or rest[:2] in ("zh", "ch", "sh")):
                    cut(at + length, syllables, initials + rest[0])

    cut(0, (), "")
    return found


@cache
def _begun(letters: str) -> tuple[str, ...]:
    """The syllables that letters may become: jin, or jing."""
    return tuple(sorted(one for one in pinyin.table().syllables if one.startswith(letters)))


def literal_terms(text: str) -> tuple[str, ...]:
    """The terms that a record has in which `text` stands as it is."""
    exact: list[str] = []
    begun: list[str] = []
    for run in _NARROW.findall(text):
        exact += [run[at : at + 3] for at in range(len(run) - 2)]
        begun += [f"{run}*"] if len(run) < 3 else []
    for run in _NOT_HAN.sub("\n", text).split("\n"):
        exact += [run[at : at + 2] for at in range(len(run) - 1)]
        begun += [f"{run}*"] if len(run) == 1 else []
    return tuple(dict.fromkeys(exact or begun))


def _spelt_terms(spelling: Spelling) -> Iterator[tuple[str, ...]]:
    character = _tables().character
    letters = [_initial(one) for one in spelling.initials]
    terms = [character[one] for one in spelling.syllables] + [a + b for a, b in pairwise(letters)]
    if len(spelling.last) == 1:
        terms.append(character[spelling.last[0]])
    if terms:
        yield tuple(dict.fromkeys(terms))
    elif spelling.last and len(spelling.last) <= _FEW_ENDS:
        yield from ((character[one],) for one in spelling.last)
    else:
        yield tuple(letters)
