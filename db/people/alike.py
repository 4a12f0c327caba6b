"""Entries that may be one: 市发改委 and 发展和改革委员会, 梁志远 and 梁志远（区委书记）. Proposed, never merged here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from db.core.paths import RESOURCES
from db.core.text import Text, _
from db.people.queries import loose_name, plain_name

ALIKE = 80
MOST = 400  # entries that are compared with each other
_LEVEL = re.compile(r"^(?:[一-鿿]{1,3}(?=[省市区县][^省市区县]{2}))?(?P<level>[省市区县])(?![场委政])(?=[一-鿿]{2,})")
_IN_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_POSTS = (
    "常务副区长", "常务副市长", "常务副县长", "副区长", "副市长", "副县长", "副书记", "区长", "市长", "县长", "区委书记",
    "书记", "主任", "主席", "常委", "部长", "局长", "同志", "领导",
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one; proposed: `gone` becomes `into`. kind: unit or person."""

    kind: str
    gone: int
    into: int
    why: Text

    @property
    def mark(self) -> str:
        """How "these are two" is remembered."""
        low, high = sorted((self.gone, self.into))
        return f"{self.kind}:{low}:{high}"


@cache
def _canonical() -> Mapping[str, str]:
    data: dict[str, list[str]] = json.loads((RESOURCES / "presets" / "unit_names.json").read_text("utf-8"))
    return {name: full for full, names in data.items() for name in (full, *names)}


def split_level(name: str, district: str = "") -> tuple[str, str]:
    """A unit's level (省, 市, 区, 县, "" where it says none) and the rest of its name."""
    bare = plain_name(name)
    if district and bare.startswith(district) and len(bare) > len(district) + 1:
        return district[-1], bare[len(district) :]
    found = _LEVEL.match(bare)
    return (found["level"], bare[found.end() :]) if found else ("", bare)


def alike_units(
    units: Sequence[tuple[int, Sequence[str], int]], *, district: str = "", apart: frozenset[str] = frozenset()
) -> list[Pair]:
    """Units (id, names, how many records) that may be one; the one with more records and the fuller name stays.

    A unit of the city and one of the district are two. apart: marks of pairs that a person said are two.
    """
    from rapidfuzz import fuzz

    found = []
    known = [
        (one, [split_level(name, district) for name in names if name], names, count) for one, names, count in units
    ]
    for (one, own, names, count), (other, their, others, more) in combinations(known[:MOST], 2):
        why = _same_unit(own, their, district, fuzz.ratio)
        if why is None:
            continue
        keep_first = (count, len(names[0])) >= (more, len(others[0]))
        pair = Pair("unit", other, one, why) if keep_first else Pair("unit", one, other, why)
        if pair.mark not in apart:
            found.append(pair)
    return found


def _same_unit(
    own: Sequence[tuple[str, str]], their: Sequence[tuple[str, str]], district: str, ratio: Callable[[str, str], float]
) -> Text | None:
    canonical = _canonical()
    for level, name in own:
        for their_level, other in their:
            if level and their_level and level != their_level:
                continue
            if canonical.get(name, name) == canonical.get(other, other):
                return _("the same office under its short name")
            loose, their_loose = loose_name(name, district), loose_name(other, district)
            if loose == their_loose and len(loose) > 1:
                return _("the same name but for its ending")
            if min(len(loose), len(their_loose)) >= 3 and ratio(loose, their_loose) >= ALIKE:
                return _("nearly the same name")
    return None


def bare_person(name: str) -> str:
    """A person's name without post and brackets: 梁志远（区委书记） → 梁志远."""
    bare = plain_name(_IN_BRACKETS.sub("", name))
    for post in _POSTS:
        if bare.endswith(post) and len(bare) - len(post) >= 2:
            return bare[: -len(post)]
    return bare


def alike_people(people: Sequence[tuple[int, str, int]], *, apart: frozenset[str] = frozenset()) -> list[Pair]:
    """People (id, name, how many records) who may be one: the name with a post beside it, or of the same sound."""
    found = []
    known = [(one, name, bare_person(name), count) for one, name, count in people]
    for (one, name, bare, count), (other, their, their_bare, more) in combinations(known[:MOST], 2):
        if bare == their_bare:
            why = _("the same name with a post beside it")
        elif len(bare) == len(their_bare) >= 2 and bare[0] == their_bare[0] and _sounds(bare, their_bare):
            why = _("names of the same sound")
        else:
            continue
        first = (name == bare, count) >= (their == their_bare, more)
        pair = Pair("person", other, one, why) if first else Pair("person", one, other, why)
        if pair.mark not in apart:
            found.append(pair)
    return found


def _sounds(one: str, other: str) -> bool:
    from db.core.pinyin import full

    return not set(full(one)).isdisjoint(full(other))
