"""Chinese by its sound: sorting names, and finding them by full pinyin, by initials, or by a mixture of both.

The readings stand in resources/pinyin (made by installer/pinyin.py) and are loaded with the first name that is sorted
or searched, never at start. A character has its usual reading first; surnames and some words have their own
(`surnames.py`). ü is v, as keyboards have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from db.core.paths import RESOURCES
from db.core.surnames import SURNAMES, WORDS

Span = tuple[int, int]
_FIRST_RANK = 0x20000  # behind every other character, so that names in Chinese come after 12 and ABC
_VARIANTS = 16  # spellings of one name: 2 for each character with two readings would grow without end
_LONGEST = 64  # letters of a word that are tried as pinyin; a longer one is only looked for as it stands
SHORTEST_WITH_GAPS = 3  # letters: two of them stand in this order in nearly every name
LONGEST_NAME = 40  # characters: in a sentence nearly any letters stand in order somewhere
_WIDE = re.compile("[\uff01-\uff5e]")
_DOUBLE = ("zh", "ch", "sh")


@dataclass(frozen=True)
class Readings:
    """The tables: every reading of a character, usual one first; its rank in order; the rank of a rarer reading."""

    of: Mapping[str, tuple[str, ...]]
    ranks: Mapping[int, str]
    rarer: Mapping[tuple[str, str], str]
    syllables: frozenset[str]


@cache
def table() -> Readings:
    """Load the readings; some milliseconds, once."""
    of: dict[str, tuple[str, ...]] = {}
    also: list[tuple[str, str]] = []
    ranks: dict[int, str] = {}
    rarer: dict[tuple[str, str], str] = {}
    syllables = set()
    rank = _FIRST_RANK
    lines = (RESOURCES / "pinyin" / "readings.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("#"):
            continue
        syllable, usual, *rest = line.split("\t")
        syllables.add(syllable)
        only = (syllable,)
        for rank, char in enumerate(usual, rank):  # noqa: B020 - goes on where the syllable before ended
            of[char] = only
            ranks[ord(char)] = chr(rank)
        rank += 1
        for char in rest[0] if rest else "":
            also.append((char, syllable))
            rarer[char, syllable] = chr(rank)
            rank += 1
    for char, syllable in also:
        of[char] = (*of[char], syllable)
    ranks.update({ord(char): folded for char, folded in _ascii_pairs()})
    return Readings(of, ranks, rarer, frozenset(syllables))


def _ascii_pairs() -> Iterator[tuple[str, str]]:
    for code in range(0x21, 0x7F):
        small = chr(code).lower()
        yield chr(code), small
        yield chr(code + 0xFEE0), small  # full-width


# --- order ----------------------------------------------------------------------------------------------------------


def order_key(text: str) -> str:
    """What texts are sorted by: figures, letters, then Chinese by pinyin, tone and character. As long as the text."""
    return _keyed(text, text.translate(table().ranks))


def order_keys(texts: Sequence[str]) -> list[str]:
    """As `order_key` for many texts, all at once: in half the time."""
    joined = "\n".join(texts)
    if joined.count("\n") != len(texts) - 1:  # texts of several lines
        return [order_key(text) for text in texts]
    key, parts, end = joined.translate(table().ranks), [], 0
    for found in _words().finditer(joined):
        word = found.group()
        parts += [key[end : found.start()], _rare(word, WORDS[word])]
        end = found.end()
    return "".join([*parts, key[end:]]).split("\n")


def person_key(name: str) -> str:
    """As `order_key` for the name of a person: the surname is read as a surname."""
    key = order_key(name)
    for length in (2, 1):
        sounds = SURNAMES.get(name[:length])
        if sounds is not None:
            return _rare(name[:length], sounds) + key[length:]
    return key


def _keyed(text: str, key: str) -> str:
    for found in _words().finditer(text):
        word = found.group()
        key = key[: found.start()] + _rare(word, WORDS[word]) + key[found.end() :]
    return key


def _rare(word: str, sounds: Sequence[str]) -> str:
    known = table()
    return "".join(
        known.rarer.get((char, sound)) or known.ranks.get(ord(char), char)
        for char, sound in zip(word, sounds, strict=True)
    )


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(WORDS, key=len, reverse=True)))


# --- sounds ---------------------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Text as it is compared: one width, one case; every character keeps its place."""
    narrow = text
    for wide in set(_WIDE.findall(text)):
        narrow = narrow.replace(wide, chr(ord(wide) - 0xFEE0))
    small = narrow.lower()
    return small if len(small) == len(text) else "".join(char.lower()[0] for char in narrow)


def readings(char: str) -> tuple[str, ...]:
    """Every reading of a character, usual one first; a letter or figure is read as itself, a mark not at all."""
    found = table().of.get(char)
    if found is not None:
        return found
    return (folded(char),) if char.isalnum() else ()


def sounds(text: str) -> list[tuple[str, ...]]:
    """The readings of all characters that have any, words with a reading of their own (重庆) with that one first."""
    found = [readings(char) for char in text]
    for word in _words().finditer(text):
        for at, sound in enumerate(WORDS[word.group()], word.start()):
            found[at] = (sound, *(one for one in found[at] if one != sound))
    return [one for one in found if one]


def full(text: str) -> tuple[str, ...]:
    """The text in letters, without spaces: as it is usually read first, then its other readings (at most 16)."""
    return _variants(sounds(text))


def initials(text: str) -> tuple[str, ...]:
    """The first letters: as it is usually read first, then its other readings (at most 16)."""
    return _variants([tuple(dict.fromkeys(one[:1] for one in some)) for some in sounds(text)])


def _variants(found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys("".join(one) for one in islice(product(*found), _VARIANTS)))


# --- finding --------------------------------------------------------------------------------------------------------


def words_of(query: str) -> list[str]:
    """What was typed, as the words that are looked for."""
    return folded(query).split()


def matches(query: str, text: str) -> tuple[Span, ...] | None:
    """The places of `text` that the words of `query` hit, as (start, stop); None where one of them hits nothing.

    A word hits where it stands (upper or lower case, any width), else where its letters are the pinyin or the initials
    of neighbouring characters, else, in a name, where they are the initials of characters in this order with gaps
    between.
    """
    hit: set[int] = set()
    for word in words_of(query):
        places = places_of(word, text)
        if places is None:
            return None
        hit.update(places)
    return _spans(hit)


def marks(query: str, text: str) -> tuple[Span, ...]:
    """As `matches`, for showing: what any of the words hits."""
    hit: set[int] = set()
    for word in words_of(query):
        hit.update(places_of(word, text) or ())
    return _spans(hit)


def places_of(word: str, text: str, *, gaps: bool = True) -> Sequence[int] | None:
    """The characters of `text` that one folded word hits; None where it hits nothing."""
    small = folded(text)
    at = small.find(word)
    if at >= 0:
        return range(at, at + len(word))
    found = None
    if is_spelt(word):
        found = _neighbours(word, text, small)
        if found is None and gaps and len(word) >= SHORTEST_WITH_GAPS and len(text) <= LONGEST_NAME:
            found = _with_gaps(word, text)
    return found


def is_spelt(word: str) -> bool:
    """Whether a folded word may be pinyin or initials, in part at least."""
    return len(word) <= _LONGEST and any("a" <= char <= "z" for char in word)


def _neighbours(word: str, text: str, small: str) -> list[int] | None:
    first = word[0]
    for start, char in enumerate(text):
        if first in letters(char) or first == char:
            found = _spelt_from(word, 0, text, small, start)
            if found is not None:
                return found
    return None


def _spelt_from(word: str, done: int, text: str, small: str, at: int) -> list[int] | None:
    """The places that spell `word[done:]` from place `at` on, marks between them passed over; None where none do."""
    if done == len(word):
        return []
    while done and at < len(text) and not text[at].isalnum():
        at += 1
    if at == len(text):
        return None
    for taken in _taken(word, done, text[at], small[at]):
        rest = _spelt_from(word, done + taken, text, small, at + 1)
        if rest is not None:
            return [at, *rest]
    return None


def _taken(word: str, done: int, char: str, small: str) -> Iterator[int]:
    """How many letters of `word` from `done` on one character may stand for, the most first."""
    known = table().of.get(char)
    if known is None:
        if small and small.isalnum() and word.startswith(small, done):
            yield len(small)
        return
    if word.startswith(char, done):
        yield 1
    left = len(word) - done
    counts = set()
    for reading in known:
        if word.startswith(reading, done):
            counts.add(len(reading))
        elif left < len(reading) and reading.startswith(word[done:]):
            counts.add(left)  # still being typed
        if reading[:2] in _DOUBLE and word.startswith(reading[:2], done):
            counts.add(2)
        if word[done] == reading[0]:
            counts.add(1)
    yield from sorted(counts, reverse=True)


def _with_gaps(word: str, text: str) -> list[int] | None:
    places, at = [], 0
    for letter in word:
        while at < len(text) and letter not in letters(text[at]):
            at += 1
        if at == len(text):
            return None
        places.append(at)
        at += 1
    return places


@cache
def letters(char: str) -> str:
    """What a character may begin with: the first letters of its readings, or itself."""
    known = table().of.get(char)
    return folded(char) if known is None else "".join(dict.fromkeys(reading[0] for reading in known))


def _spans(places: set[int]) -> tuple[Span, ...]:
    found: list[Span] = []
    for at in sorted(places):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return tuple(found)
