"""Defending a score: opened down to the source datum, which weights decide, who moved and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection

from db.core.text import Text
from db.per_mu.formulas import Missing, names_in, value_of
from db.per_mu.groups import Group
from db.per_mu.models import BY_METRIC
from db.per_mu.queries import Datum, data_of
from db.per_mu.schemes import LABELS, LEFT_OUT, Indicator, Scheme
from db.per_mu.scoring import SCALE, Outcome, evaluate

_STEP = Fraction(1, 10)  # by how much a weight is moved to see whether it decides


@dataclass(frozen=True)
class Part:
    """One item of a score. value: of the indicator, None with the reason in `why`; exact: before it was cut off.

    limited: "cap" or "floor" where a limit decided, "raised" where it also stands for items that are left out. data:
    the metrics under it, with where they come from.
    """

    indicator: Indicator
    value: Fraction | None
    why: Text | None
    baseline: tuple[Fraction, ...]
    exact: Fraction
    points: int
    limited: str
    data: tuple[Datum, ...]


@dataclass(frozen=True)
class Explanation:
    """A score opened. points in 10⁻¹²; extras: bonuses and deductions; they and the parts sum to the score."""

    company: int
    name: str
    parts: tuple[Part, ...]
    extras: Mapping[str, int]
    score: int | None
    rank: int | None
    of: int
    grade: str
    notes: tuple[Text, ...]


def explain(outcome: Outcome, place: int, connection: Connection | None = None) -> Explanation:
    """How one company came to its score; with a connection down to each datum's source."""
    member = outcome.group.members[place]
    data = _data(connection, outcome.group, place) if connection is not None else {}
    parts = tuple(_part(outcome, one, place, data) for one in outcome.scheme.indicators)
    if any(one.value is None and one.indicator.missing == LEFT_OUT for one in parts):
        parts = tuple(one if one.value is None else replace(one, limited="raised") for one in parts)
    codes = {one.code for one in outcome.scheme.indicators}
    extras = {code: column[place] for code, column in outcome.parts.items() if code not in codes}
    return Explanation(
        member.company, member.name, parts, extras, outcome.scores[place], outcome.ranks[place],
        sum(rank is not None for rank in outcome.ranks), outcome.classes[place], tuple(outcome.notes.get(place, ())),
    )  # fmt: skip


def _data(connection: Connection, group: Group, place: int) -> dict[str, Datum]:
    """What went in, by metric: as the book tells it, or the value alone where the book has another one by now."""
    told = {one.key: one for one in data_of(connection, group.members[place].entry)}
    found: dict[str, Datum] = {}
    for key, column in group.given.items():
        value, datum = column[place], told.get(key)
        if value is not None:
            same = datum is not None and datum.value == value
            found[key] = datum if datum is not None and same else Datum(key, value, None, None, None)
    return found


def _part(outcome: Outcome, one: Indicator, place: int, data: Mapping[str, Datum]) -> Part:
    tree, line = outcome.trees[one.code], outcome.lines[one.code]
    found = value_of(tree, outcome.group.values(place), LABELS)
    points = outcome.parts[one.code][place]
    under = tuple(data[key] for key in BY_METRIC if key in names_in(tree) and key in data)
    if isinstance(found, Missing):
        return Part(one, None, found.why, line.baseline, Fraction(points, SCALE), points, "", under)
    exact, free = line.points(found), line.start + line.slope * found
    limited = "" if exact == free else "cap" if exact < free else "floor"
    return Part(one, found, None, line.baseline, exact, points, limited, under)


@dataclass(frozen=True)
class Weighing:
    """How much hangs on one weight: companies that change class when it is raised or lowered by a tenth."""

    indicator: Indicator
    raised: int
    lowered: int


def sensitivity(scheme: Scheme, group: Group, last: Group | None = None) -> list[Weighing]:
    """Which weights decide, the most telling first; the others are raised or lowered so that the sum stays."""
    base = evaluate(scheme, group, last)
    found = []
    for at, one in enumerate(scheme.indicators):
        moved = []
        for factor in (1 + _STEP, 1 - _STEP):
            rest = scheme.total - one.weight
            if not rest:
                moved.append(0)
                continue
            others = (scheme.total - one.weight * factor) / rest
            items = [
                replace(item, weight=item.weight * (factor if place == at else others))
                for place, item in enumerate(scheme.indicators)
            ]
            other = evaluate(replace(scheme, indicators=tuple(items)), group, last)
            moved.append(sum(one != two for one, two in zip(base.classes, other.classes, strict=True)))
        found.append(Weighing(one, *moved))
    return sorted(found, key=lambda one: -(one.raised + one.lowered))


@dataclass(frozen=True)
class Move:
    """A company in two evaluations. parts: by how much each item both have changed its points, the largest first."""

    company: int
    name: str
    rank: tuple[int | None, int | None]
    grade: tuple[str, str]
    score: tuple[int | None, int | None]
    parts: tuple[tuple[str, int], ...]

    @property
    def up(self) -> int:
        """Places gained; 0 where it has no place in one of them."""
        before, now = self.rank
        return 0 if before is None or now is None else before - now


def moves(before: Outcome, now: Outcome) -> list[Move]:
    """Two schemes, or two years, side by side: who is in both, by places gained or lost, the most moved first."""
    places = {one.company: place for place, one in enumerate(before.group.members)}
    both = [code for code in now.parts if code in before.parts]
    found = []
    for at, one in enumerate(now.group.members):
        place = places.get(one.company)
        if place is None:
            continue
        parts = [(code, now.parts[code][at] - before.parts[code][place]) for code in both]
        parts.sort(key=lambda pair: -abs(pair[1]))
        found.append(Move(
            one.company, one.name, (before.ranks[place], now.ranks[at]), (before.classes[place], now.classes[at]),
            (before.scores[place], now.scores[at]), tuple(parts),
        ))  # fmt: skip
    return sorted(found, key=lambda one: (-abs(one.up), one.company))


def low_efficiency(outcome: Outcome, *, grade: str = "", below: Mapping[str, Fraction] | None = None) -> list[int]:
    """Places of the low-efficiency list: the class `grade` (the last one where not said), or indicators below a value."""
    last = grade or outcome.scheme.classes.names[-1]
    found = {place for place, held in enumerate(outcome.classes) if held == last}
    for code, limit in (below or {}).items():
        for place in range(len(outcome.group.members)):
            value = value_of(outcome.trees[code], outcome.group.values(place), LABELS)
            if not isinstance(value, Missing) and value < limit:
                found.add(place)
    return sorted(found)
