"""Companies that may be one: another spelling, another legal form, nearly the same name. Proposed, never merged here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from db.core.text import Text, _

ALIKE = 88
MOST = 200  # companies that share a beginning or an end and are compared with each other
_FORM = re.compile(r"(?:集团)?(?:有限责任公司|股份有限公司|有限公司|公司|集团|厂)(?:[（(][^（()）]*[)）])?$")
_PLACE = re.compile(r"^(?:安徽省?|合肥市?|庐阳区?|中国)+(?=.{2})")
_BRACKETS = re.compile(r"[（(](?:安徽|合肥|中国)[)）]")


@dataclass(frozen=True)
class Company:
    """A company as it is compared: its names, the present one first, its code, how many records name it."""

    id: int
    names: tuple[str, ...]
    code: str | None = None
    records: int = 0


@dataclass(frozen=True)
class Pair:
    """Two companies that may be one; proposed: `gone` becomes `into`."""

    gone: int
    into: int
    why: Text


def core_name(name: str) -> str:
    """What is left of a name without place and legal form: 合肥恒光信息技术有限公司 → 恒光信息技术."""
    bare = _FORM.sub("", _BRACKETS.sub("", name))
    return _PLACE.sub("", bare) or name


def alike_companies(companies: Sequence[Company], *, apart: Iterable[frozenset[int]] = ()) -> list[Pair]:
    """Companies that may be one; two different credit codes are two companies. apart: pairs that a person said are two.

    The one with a code, then with more records, then with the lower id stays.
    """
    from rapidfuzz import fuzz

    told = set(apart)
    found: dict[frozenset[int], Pair] = {}
    for near in _neighbours(companies):
        for one, other in combinations(near[:MOST], 2):
            mark = frozenset((one.id, other.id))
            if mark in told or mark in found or (one.code and other.code and one.code != other.code):
                continue
            own, their = core_name(one.names[0]), core_name(other.names[0])
            why = None
            if one.code and one.code == other.code:
                why = _("the same credit code")
            elif set(one.names) & set(other.names):
                why = _("a former name of the other")
            elif own == their and len(own) > 1:
                why = _("the same name but for place and legal form")
            elif min(len(own), len(their)) >= 4 and fuzz.ratio(own, their) >= ALIKE:
                why = _("nearly the same name")
            if why is not None:
                stays, goes = sorted((one, other), key=lambda of: (not of.code, -of.records, of.id))
                found[mark] = Pair(goes.id, stays.id, why)
    return list(found.values())


def _neighbours(companies: Sequence[Company]) -> Iterable[list[Company]]:
    """Companies that share a code, a name, or the beginning or end of what tells their name apart."""
    groups: dict[tuple[str, str], list[Company]] = defaultdict(list)
    for one in companies:
        marks = {("name", name) for name in one.names} | ({("code", one.code)} if one.code else set())
        core = core_name(one.names[0])
        marks |= {("begins", core[:2]), ("ends", core[-4:])}
        for mark in marks:
            groups[mark].append(one)
    return [near for near in groups.values() if len(near) > 1]
