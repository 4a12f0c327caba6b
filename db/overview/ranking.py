"""What the city's bulletin says of us among the districts: 居全市第N位、四城区第N位."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from db.core import settings
from db.core.fields import Money, Whole
from db.core.formats import understand
from db.core.period import Period
from db.core.reading import half_width
from db.overview.definitions import BY_KEY
from db.projects.bulletin import CityLine, city_bulletin_of

_BETWEEN = re.compile(r"[；;，、\n]|,(?!\d{3})")
_OTHER = re.compile(
    r"(?P<name>[^\d:：（(]+?)\s*[:：（(]?\s*(?:第(?P<rank>\d+)位?|(?P<value>-?\d[\d.,]*\s*[^\d）)]*))[）)]?"
)


@dataclass(frozen=True)
class Other:
    """Another district in the bulletin: its value as stored, or its place, or neither."""

    name: str
    value: int | None = None
    rank: int | None = None


@dataclass(frozen=True)
class CityRank:
    """A figure of the bulletin. rank: our place in the city; group_rank: among `group` (四城区), where it can be told."""

    figure: str
    value: int | None = None
    rank: int | None = None
    group: str = ""
    group_rank: int | None = None
    others: tuple[Other, ...] = ()
    source: str | None = None


def ranks(connection: Connection, period: Period, *, chosen: Mapping[str, str] | None = None) -> list[CityRank]:
    """What the bulletin of the period's last month says, in the order in which it was entered. chosen: the settings."""
    if period.months is None:
        return []
    lines = city_bulletin_of(connection, period.months[1])
    if not lines:
        return []
    chosen = settings.get_all(connection) if chosen is None else chosen
    return [_rank(line, chosen) for line in lines]


def rank_of(connection: Connection, period: Period, figure: str) -> CityRank | None:
    """What the bulletin says of one figure; None where it says nothing."""
    return next((one for one in ranks(connection, period) if one.figure == figure), None)


def _rank(line: CityLine, chosen: Mapping[str, str]) -> CityRank:
    own = chosen["district.name"].strip()
    members = [name.strip() for name in _BETWEEN.split(chosen["city.group"]) if name.strip()]
    others = read_others(line.figure, line.others or "")
    place = line.group_rank
    if place is None and own in members:
        place = _place(line, [name for name in members if name != own], {one.name: one for one in others})
    return CityRank(
        line.figure, line.value, line.rank, chosen["city.group_name"].strip() if place is not None else "", place,
        others, line.source,
    )  # fmt: skip


def _place(line: CityLine, members: list[str], known: Mapping[str, Other]) -> int | None:
    """Our place among the members: only where the bulletin says something of each; equal values share a place."""
    found = [known[name] for name in members if name in known]
    if not members or len(found) < len(members):
        return None
    if line.rank is not None and all(one.rank is not None for one in found):
        return 1 + sum(one.rank < line.rank for one in found if one.rank is not None)
    if line.value is not None and all(one.value is not None for one in found):
        return 1 + sum(one.value > line.value for one in found if one.value is not None)
    return None


def said_others(text: str) -> int:
    """How many districts a line speaks of, whether it can be read or not."""
    return sum(bool(part.strip()) for part in _BETWEEN.split(half_width(text)))


def read_others(figure: str, text: str) -> tuple[Other, ...]:
    """瑶海区12.3亿元；蜀山区第2位 → the districts with what is said of them; money without a unit is 亿元."""
    known = BY_KEY.get(figure)
    kind = Money("亿元") if known is not None and known.of_money else Whole()
    found = []
    for part in _BETWEEN.split(half_width(text)):
        said = _OTHER.fullmatch(part.strip())
        if said is None:
            continue
        if said["rank"]:
            found.append(Other(said["name"].strip(), rank=int(said["rank"])))
            continue
        reading = understand(kind, said["value"].strip().removesuffix("个"))
        if isinstance(reading.value, int):
            found.append(Other(said["name"].strip(), reading.value))
    return tuple(found)
