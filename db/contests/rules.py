"""Scoring a contest: pure and exact. A score is in 10⁻¹² and is the sum of its parts; every part says how it came about.

A part of an item or a bonus never falls when its number rises (rises where less is better), and no part goes beyond its
ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from db.contests.schemes import BEST, COUNT, DEDUCTION, EFFICACY, GIVEN, STEPS, TARGET, Item, Scheme
from db.core.text import Text, _
from db.per_mu.ranking import ranks_of
from db.per_mu.schemes import plain
from db.per_mu.scoring import SCALE, cut_off

_SIXTY = Fraction(60)  # what the least of a group gets by efficacy, in per cent
# A number of a scheme's unit in either language; a unit that somebody made up stands as it is.
_IN_UNIT: Mapping[str, Text] = {
    "个": _("{number} items"), "家": _("{number} enterprises"), "人": _("{number} people"), "亩": _("{number} mu"),
    "万元": _("{number} ten thousand yuan"), "亿元": _("{number} hundred million yuan"),
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Who competes: a unit or a project."""

    id: int
    name: str
    group: str = ""


@dataclass(frozen=True)
class Datum:
    """What an item is scored from, in the item's unit: value and target; the rows behind it; why, where it was entered.

    value of an item entered by hand: the points.
    """

    value: Fraction | None
    target: Fraction | None = None
    room: str = ""
    ids: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """The points of one item. points in 10⁻¹², below 0 of a deduction. how: in words."""

    code: str
    name: str
    kind: str
    points: int
    how: Text
    room: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """One competitor: score in 10⁻¹², the place in its group, the star it earned, whether it carries the flag."""

    subject: Subject
    parts: tuple[Part, ...]
    score: int
    rank: int = 0
    star: str = ""
    flag: bool = False


_NOTHING = Datum(None)


def score(scheme: Scheme, subjects: Sequence[Subject], data: Mapping[tuple[str, int], Datum]) -> list[Line]:
    """Every competitor, ranked. data: (code of the item, id of the competitor) → what it is scored from."""
    lines: list[Line] = []
    for group in dict.fromkeys(one.group for one in subjects):
        members = [one for one in subjects if one.group == group]
        columns = []
        for item in scheme.items:
            found = [data.get((item.code, one.id), _NOTHING) for one in members]
            columns.append([_part(item, one, found) for one in found])
        for place, one in enumerate(members):
            parts = tuple(column[place] for column in columns)
            lines.append(Line(one, parts, sum(part.points for part in parts)))
    return ranked(scheme, lines)


def ranked(scheme: Scheme, lines: Sequence[Line]) -> list[Line]:
    """The lines with places, stars and flags by their scores: group by group, the first first; equal scores share a place.

    A flag is for the first of a group (as many as the scheme says), where they have earned anything.
    """
    groups = [name for name, _members in scheme.groups]
    order = {name: place for place, name in enumerate([*groups, scheme.others])}
    found: list[Line] = []
    for group in sorted({one.subject.group for one in lines}, key=lambda name: (order.get(name, len(order)), name)):
        members = [one for one in lines if one.subject.group == group]
        for one, rank in zip(members, ranks_of([one.score for one in members]), strict=True):
            star = next((name for name, least in scheme.stars if one.score >= least * SCALE), "")
            flag = bool(scheme.flag) and rank <= scheme.flags and one.score > 0
            found.append(Line(one.subject, one.parts, one.score, rank, star, flag))
    at = {one.subject.id: place for place, one in enumerate(lines)}
    places = {name: place for place, name in enumerate(dict.fromkeys(one.subject.group for one in found))}
    return sorted(found, key=lambda one: (places[one.subject.group], one.rank, at[one.subject.id]))


def moved(now: int, before: int | None) -> int | None:
    """How many places up (below 0: down) since the last period; None where there was none."""
    return None if before is None else before - now


def _part(item: Item, datum: Datum, group: Sequence[Datum]) -> Part:
    points, how = points_of(item, datum, group)
    sign = -1 if item.kind == DEDUCTION else 1
    return Part(item.code, item.name, item.kind, sign * cut_off(points), how, datum.room, datum.ids)


def points_of(item: Item, datum: Datum, group: Sequence[Datum]) -> tuple[Fraction, Text]:
    """The exact points of an item, between 0 and the most it gives, and how they came about. group: of all its members."""
    target = datum.target
    if datum.value is None:
        return Fraction(0), _("nothing entered yet") if item.method == GIVEN else _("no datum, no points")
    value = _counted(item, datum)
    if value is None:
        return Fraction(0), _("no target, no points")
    there = [one for one in (_counted(item, other) for other in group) if one is not None]
    methods = _LESS if item.lower else _METHODS
    exact, how = methods[item.method](item, value, target or Fraction(1), there)
    if item.method == GIVEN:
        how = Text(datum.reason) if datum.reason else _("entered by hand")
    found = min(max(exact, Fraction(0)), item.most)
    if item.beyond:
        how = _("beyond the target of {target}: {how}", target=_said(item, target), how=how)
    least, most = plain(Fraction(0)), plain(item.most)
    if exact < 0:
        return found, _("{how}; at least {least}", how=how, least=least)
    if item.kind == DEDUCTION:
        return found, _("{how} taken off, at most {most}", how=how, most=most)
    return found, _("{how}; at most {most}", how=how, most=most)


def _counted(item: Item, datum: Datum) -> Fraction | None:
    """What of a datum counts: all of it, or what is beyond its target; None where something is missing for that."""
    if datum.value is None or (datum.target is None and (item.method == TARGET or item.beyond)):
        return None
    if item.beyond and datum.target is not None:
        return max(datum.value - datum.target, Fraction(0))
    return datum.value


def _said(item: Item, number: Fraction | None) -> Text | str:
    if number is None:
        return "—"
    shown = plain(number, 2)
    return _IN_UNIT[item.unit](number=shown) if item.unit in _IN_UNIT else shown + item.unit


def _count(item: Item, value: Fraction, _target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    return item.each * value, _("{value} × {each} points", value=_said(item, value), each=plain(item.each))


def _ratio(item: Item, value: Fraction, target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    how = _("{value} ÷ target {target} × {weight} points", value=_said(item, value), target=_said(item, target),
            weight=plain(item.weight))  # fmt: skip
    return item.weight * value / target, how


def _best(item: Item, value: Fraction, _target: Fraction, there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    best = max(there)
    how = _("{value} ÷ best {best} × {weight} points", value=_said(item, value), best=_said(item, best),
            weight=plain(item.weight))  # fmt: skip
    return (item.weight * value / best if best > 0 else Fraction(0)), how


def _efficacy(item: Item, value: Fraction, _target: Fraction, there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    least, most = min(there), max(there)
    share = Fraction(1) if least == most else (value - least) / (most - least)
    how = _("{value} between {least} and {most}, {weight} points in all", value=_said(item, value),
            least=_said(item, least), most=_said(item, most), weight=plain(item.weight))  # fmt: skip
    return item.weight * (_SIXTY + (100 - _SIXTY) * share) / 100, how


def _steps(item: Item, value: Fraction, _target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    low, points = max((step for step in item.steps if step[0] <= value), default=(None, Fraction(0)))
    if low is None:
        return points, _("{value}: below the first step", value=_said(item, value))
    return points, _("{value} reaches {step}", value=_said(item, value), step=_said(item, low))


def _given(item: Item, value: Fraction, _target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    return value, _("entered by hand")


# --- less is better ----------------------------------------------------------------------------------------------------


def _count_less(item: Item, value: Fraction, _target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    how = _("{weight} points less {value} × {each} points", weight=plain(item.weight), value=_said(item, value),
            each=plain(item.each))  # fmt: skip
    return item.weight - item.each * value, how


def _ratio_less(item: Item, value: Fraction, target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    how = _("(2 − {value} ÷ target {target}) × {weight} points", value=_said(item, value), target=_said(item, target),
            weight=plain(item.weight))  # fmt: skip
    return item.weight * (2 - value / target), how


def _best_less(item: Item, value: Fraction, _target: Fraction, there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    least = min(there)
    how = _("least {least} ÷ {value} × {weight} points", value=_said(item, value), least=_said(item, least),
            weight=plain(item.weight))  # fmt: skip
    return (item.weight if value <= least else item.weight * least / value if least > 0 else Fraction(0)), how


def _efficacy_less(item: Item, value: Fraction, target: Fraction, there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    least, most = min(there), max(there)
    points, _how = _efficacy(item, least + most - value, target, there)
    how = _("{value} between {least} (best) and {most}, {weight} points in all", value=_said(item, value),
            least=_said(item, least), most=_said(item, most), weight=plain(item.weight))  # fmt: skip
    return points, how


def _steps_less(item: Item, value: Fraction, _target: Fraction, _there: Sequence[Fraction]) -> tuple[Fraction, Text]:
    limit, points = min((step for step in item.steps if step[0] >= value), default=(None, Fraction(0)))
    if limit is None:
        return points, _("{value}: above the last step", value=_said(item, value))
    return points, _("{value} keeps within {step}", value=_said(item, value), step=_said(item, limit))


_LESS = {
    COUNT: _count_less,
    TARGET: _ratio_less,
    BEST: _best_less,
    EFFICACY: _efficacy_less,
    STEPS: _steps_less,
    GIVEN: _given,
}
_METHODS = {COUNT: _count, TARGET: _ratio, BEST: _best, EFFICACY: _efficacy, STEPS: _steps, GIVEN: _given}
