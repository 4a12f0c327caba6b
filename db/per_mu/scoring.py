"""Scoring a group by a scheme, in whole numbers and in bulk.

A score is in 10⁻¹²: each part is the exact value cut off after the twelfth decimal, so that rounding it again for a
table is never wrong, and a score is exactly the sum of its parts. A part is a straight line over the indicator's
value, kept between floor and cap; whatever the method, only the line differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import repeat
from math import isfinite
from operator import add
from typing import TypeVar

from db.core.errors import Refused
from db.core.text import Text, _
from db.per_mu.columns import Later, Quotients, compute, least, named, nearly, scaled, sums
from db.per_mu.formulas import Condition, Missing, Node, Op, holds, names_in, value_of
from db.per_mu.groups import Group
from db.per_mu.models import BONUS, DEDUCTION, EXEMPT, MICRO, VETO
from db.per_mu.ranking import classes_of, ranks_of
from db.per_mu.schemes import (
    FIXED,
    GROUP_MEAN,
    LABELS,
    LEFT_OUT,
    MEAN,
    MEDIAN,
    RATIO,
    WEIGHTED,
    Extra,
    Indicator,
    Scheme,
    in_one,
    plain,
    problems,
)

PLACES = 12
SCALE = 10**PLACES
_FINE = 10**30
_Each = TypeVar("_Each")
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True)
class Line:
    """How an indicator's value becomes points: α + β × value, between low and high (None: no limit), exact.

    baseline: what it is measured against, as people read it; of a range its lowest and highest value.
    """

    start: Fraction
    slope: Fraction
    low: Fraction
    high: Fraction | None
    baseline: tuple[Fraction, ...]

    def points(self, value: Fraction) -> Fraction:
        """The exact points of a value."""
        found = max(self.start + self.slope * value, self.low)
        return found if self.high is None else min(found, self.high)


@dataclass
class Outcome:
    """What came out. Lists go by the group's members; a company that is exempt or undetermined has neither score nor rank.

    parts: points by indicator, bonuses and deductions in 10⁻¹²; scores their sums; both may be worked out only when they
    are looked into, for places and classes hardly need them. notes: by place, in words.
    """

    scheme: Scheme
    group: Group
    lines: dict[str, Line]
    parts: Mapping[str, Sequence[int]]
    scores: Sequence[int | None]
    ranks: Sequence[int | None]
    classes: list[str]
    notes: dict[int, list[Text]] = field(default_factory=dict)
    gaps: dict[str, frozenset[int]] = field(default_factory=dict)
    trees: Mapping[str, Node] = field(default_factory=dict)

    def whole(self) -> Outcome:
        """With parts and scores worked out: for a page, which must not wait for them while it is painted."""
        parts = {code: [*column] for code, column in self.parts.items()}
        return replace(self, parts=parts, scores=[*self.scores])

    def counts(self) -> dict[str, int]:
        """How many companies each class has, the best first."""
        found = Counter(self.classes)
        named = {name: found.pop(name, 0) for name in self.scheme.classes.names}
        return named | dict(sorted(found.items()))


def evaluate(scheme: Scheme, group: Group, last: Group | None = None) -> Outcome:
    """Score, rank and class a group. `last`: the group of the year before, where a baseline is taken from it.

    Raises `Refused` where the scheme is wrong, nobody is there, or a baseline is not above zero.
    """
    wrong = problems(scheme)
    if wrong:
        raise Refused(_("The scheme “{name}” cannot be used: {problems}", name=scheme.called, problems=in_one(wrong)))
    if not group.members:
        raise Refused(_("There is no company to evaluate."))
    if scheme.needs_last_year and (last is None or not last.members):
        raise Refused(
            _(
                "“{name}” measures against last year, and the book has no metrics of last year for it.",
                name=scheme.called,
            )
        )
    trees = scheme.trees()
    apart = _apart(scheme, group)
    inside = [place for place in range(len(group.members)) if place not in apart] if apart else None
    ranked = group if inside is None else only(group, inside)
    if not ranked.members:
        raise Refused(_("No company has all that a place in the ranking needs: {names}.",
                        names=[LABELS.get(key, Text(key)) for key in scheme.required]))  # fmt: skip
    outcome = _score(scheme, ranked, last, trees)
    return outcome if inside is None else _spread(outcome, group, inside, apart)


def _apart(scheme: Scheme, group: Group) -> dict[int, tuple[str, Text]]:
    """Companies that are not ranked, with their class and why: exempt ones, and those without what is required."""
    found: dict[int, tuple[str, Text]] = {}
    for key in scheme.required:
        column = group.given.get(key) or [None] * len(group.members)
        if (least(column) or 0) > 0:
            continue
        for place, value in [pair for pair in enumerate(column) if not pair[1] or pair[1] < 0]:
            shown = "—" if value is None else plain(Fraction(value, MICRO))
            why = _(
                "{metric}: {value}; without it there is no place in the ranking.",
                metric=LABELS.get(key, Text(key)),
                value=shown,
            )
            found.setdefault(place, (scheme.undetermined, why))
    exempt = {
        place: next((tag for tag in scheme.exempt if tag in one.tags), "")
        for place, one in enumerate(group.members if scheme.exempt else ())
        if one.tags
    }
    exempt |= {place: reason for place, told in group.adjusted.items() for kind, _p, reason in told if kind == EXEMPT}
    for place, why_exempt in exempt.items():
        if why_exempt:
            found[place] = (scheme.exempt_class or scheme.undetermined, _("exempt: {reason}", reason=why_exempt))
    return found


def only(group: Group, places: Sequence[int]) -> Group:
    """Some companies of a group, in this order."""
    given = {key: [column[place] for place in places] for key, column in group.given.items()}
    adjusted = {at: group.adjusted[place] for at, place in enumerate(places) if place in group.adjusted}
    return Group([group.members[place] for place in places], given, group.year, adjusted, group.half)


def _spread(outcome: Outcome, group: Group, inside: Sequence[int], apart: Mapping[int, tuple[str, Text]]) -> Outcome:
    """The outcome of the ranked ones, in the places of the whole group."""
    count = len(group.members)
    classes = _among([apart[place][0] if place in apart else "" for place in range(count)], inside, outcome.classes)
    none: list[int | None] = [None] * count
    parts = {code: Later(count, partial(_among, [0] * count, inside, column)) for code, column in outcome.parts.items()}
    scores = Later(count, partial(_among, [*none], inside, outcome.scores))
    ranks = _among(none, inside, outcome.ranks)
    notes = {inside[at]: told for at, told in outcome.notes.items()}
    notes |= {place: [why] for place, (_class, why) in apart.items()}
    gaps = {code: frozenset(inside[at] for at in places) for code, places in outcome.gaps.items()}
    return Outcome(outcome.scheme, group, outcome.lines, parts, scores, ranks, classes, notes, gaps, outcome.trees)


def _among(whole: list[_Each], places: Sequence[int], column: Sequence[_Each]) -> list[_Each]:
    """`whole` with a column put into these places of it."""
    for place, one in zip(places, column, strict=True):
        whole[place] = one
    return whole


def _score(scheme: Scheme, group: Group, last: Group | None, trees: Mapping[str, Node]) -> Outcome:
    count = len(group.members)
    notes: dict[int, list[Text]] = {}
    lines: dict[str, Line] = {}
    columns: dict[str, Quotients] = {}
    parts: dict[str, Sequence[int]] = {}
    given = {key: named(group.given.get(key), count) for key in set().union(*map(names_in, trees.values()))}
    for one in scheme.indicators:
        columns[one.code] = column = compute(trees[one.code], given, count)
        source = group if not one.baseline.last else last
        assert source is not None
        based = column if source is group else compute(trees[one.code], source.given, len(source.members))
        lines[one.code] = line_of(one, trees[one.code], based, source)
        _note_gaps(one, trees[one.code], column.gaps, group, notes)
        parts[one.code] = _points(lines[one.code], column, one.missing, count)
    gaps = {code: column.gaps for code, column in columns.items()}
    _leave_out(scheme, parts, gaps)
    parts |= _extras(scheme, group, notes)
    scores = Later(count, lambda: sums(list(parts.values()), count))
    ranks = _ranks(lines, columns, parts, scores)
    classes = classes_of(scheme.classes, ranks, scores, SCALE)
    _veto(scheme, group, classes, notes)
    return Outcome(scheme, group, lines, parts, scores, ranks, classes, notes, gaps, trees)


def _ranks(
    lines: Mapping[str, Line],
    columns: Mapping[str, Quotients],
    parts: Mapping[str, Sequence[int]],
    scores: Sequence[int],
) -> list[int]:
    """Places by floats; whom these leave in doubt, by the exact scores of these companies alone."""

    def exact(places: list[int]) -> list[int]:
        found = [
            _limited(lines[code], columns[code].only(places), len(places))
            if isinstance(column, Later) else [column[place] for place in places]
            for code, column in parts.items()
        ]  # fmt: skip
        return sums(found, len(places))

    try:
        near, off, share = _near(lines, columns, parts, len(scores))
    except OverflowError:
        return ranks_of(list(scores))
    return ranks_of(near, exact, off=off, share=share)


def _near(
    lines: Mapping[str, Line], columns: Mapping[str, Quotients], parts: Mapping[str, Sequence[int]], count: int
) -> tuple[list[float], float, float]:
    """Scores as floats, wrong by the second and the third × the float at most. Raises `OverflowError`.

    Every part is wrong by what `nearly` says, every sum rounds once, no part but the deductions is below zero, and both
    bounds are twice what follows from this.
    """
    near: Iterable[float] = repeat(0.0, count)
    off, share = len(parts) + 0.0, (len(parts) + 4) * 2.0**-51
    free: list[tuple[Quotients, Fraction, Fraction]] = []
    for code, column in parts.items():
        if not isinstance(column, Later):
            near = map(add, near, column)
            off += share * max(0, -min(column))
            continue
        line, of = lines[code], columns[code]
        off += float(abs(line.start) * SCALE) * 2.0**-49
        drawn = of, line.start, line.slope
        if line.high is not None or line.start < line.low or line.slope < 0 or of.least is None or of.least < 0:
            near = map(add, near, _between(line, [*nearly([drawn], SCALE, repeat(0.0, count))]))
        else:
            free.append(drawn)
    found = list(nearly(free, SCALE, near))
    if not isfinite(sum(found)):
        raise OverflowError
    return found, off, share


def line_of(one: Indicator, tree: Node, column: Quotients, group: Group) -> Line:
    """The straight line from an indicator's value to its points, with its limits. Raises `Refused` for no baseline."""
    count = len(group.members)
    if one.method != RATIO:
        return line_from(one, _ends(column, count) or ())
    base = _baseline(one, tree, column, group, count)
    if one.baseline.mode != FIXED and len(column.gaps) == count:
        raise Refused(_("No company has the data that the baseline of “{name}” is worked out from.", name=one.called))
    if base <= 0:
        raise Refused(_("The baseline of “{name}” is {value}; it must be above 0.", name=one.called, value=plain(base)))
    return line_from(one, (base,))


def line_from(one: Indicator, baseline: tuple[Fraction, ...]) -> Line:
    """The same, where it is known what values are measured against (as `Line.baseline` has it)."""
    low = one.weight * one.floor / 100
    high = None if one.cap is None else one.weight * one.cap
    if one.method == RATIO:
        slope = one.weight / baseline[0]
        start, slope = (2 * one.weight, -slope) if one.reverse else (Fraction(0), slope)
        return Line(start, slope, low, high, baseline)
    if len(set(baseline)) < 2:
        return Line(one.weight, Fraction(0), low, high, baseline)
    least, most = baseline
    rise = one.weight * (100 - one.floor) / 100 / (most - least)
    if one.reverse:
        return Line(low + rise * most, -rise, low, high, baseline)
    return Line(low - rise * least, rise, low, high, baseline)


def _baseline(one: Indicator, tree: Node, column: Quotients, group: Group, count: int) -> Fraction:
    base = one.baseline
    if base.mode == WEIGHTED:
        assert isinstance(tree, Op), one.code
        above, below = (compute(side, group.given, count) for side in (tree.left, tree.right))
        totals = [total_of(side, column.gaps, count) for side in (above, below)]
        found = totals[0] / totals[1] if totals[1] else Fraction(0)
    elif base.mode in (MEAN, MEDIAN):
        found = _middle(base.mode, column, count)
    else:
        found = base.value or Fraction(0)
    return found * base.factor


def total_of(side: Quotients, gaps: frozenset[int], count: int) -> Fraction:
    """The sum of one side of a column of quotients, without its gaps."""
    if not isinstance(side.below, int):
        return sum((side.at(place) for place in range(count) if place not in gaps), Fraction(0))
    if isinstance(side.above, int):
        return Fraction(side.above * (count - len(gaps)), side.below)
    whole = sum(side.above)
    return Fraction(whole - sum(side.above[place] for place in gaps), side.below)


def _middle(mode: str, column: Quotients, count: int) -> Fraction:
    """The median exactly; the mean of values cut off after the thirtieth decimal: their exact sum has no end of digits."""
    cut = scaled(column, (Fraction(0), Fraction(1)), _FINE, count)
    there = [place for place in range(count) if place not in column.gaps]
    if not there:
        return Fraction(0)
    if mode == MEAN:
        return Fraction(sum(cut[place] for place in there), len(there) * _FINE)
    there.sort(key=cut.__getitem__)
    return (column.at(there[(len(there) - 1) // 2]) + column.at(there[len(there) // 2])) / 2


def _ends(column: Quotients, count: int) -> tuple[Fraction, Fraction] | None:
    """The least and the largest value, exactly."""
    cut = scaled(column, (Fraction(0), Fraction(1)), SCALE, count)
    there = {value for place, value in enumerate(cut) if place not in column.gaps} if column.gaps else cut
    if not there:
        return None
    least, most = min(there), max(there)
    near = [
        [column.at(place) for place, value in enumerate(cut) if value == end and place not in column.gaps]
        for end in (least, most)
    ]
    return min(near[0]), max(near[1])


def cut_off(points: Fraction) -> int:
    """Exact points in 10⁻¹², cut off."""
    return int(points.numerator * SCALE // points.denominator)


def _points(line: Line, column: Quotients, missing: str, count: int) -> Sequence[int]:
    """What an indicator gives; where somebody has no value for it, at once."""
    if not column.gaps:
        return Later(count, partial(_limited, line, column, count))
    points, put = _limited(line, column, count), 0
    if missing == GROUP_MEAN and len(column.gaps) < count:
        there = sum(points) - sum(points[place] for place in column.gaps)
        put = there // (count - len(column.gaps))
    for place in column.gaps:
        points[place] = put
    return points


def _limited(line: Line, column: Quotients, count: int) -> list[int]:
    return _between(line, scaled(column, (line.start, line.slope), SCALE, count))


def _between(line: Line, points: list[_Number]) -> list[_Number]:
    """Kept between floor and cap, whole numbers or floats."""
    low, high = cut_off(line.low), None if line.high is None else cut_off(line.high)
    if min(points) < low:
        points = list(map(max, points, repeat(low)))
    if high is not None and max(points) > high:
        points = list(map(min, points, repeat(high)))
    return points


def _note_gaps(one: Indicator, tree: Node, gaps: frozenset[int], group: Group, notes: dict[int, list[Text]]) -> None:
    nobody = len(gaps) == len(group.members)
    said = {
        GROUP_MEAN: _("{name}: {why}, and nobody has it; 0 points.")
        if nobody
        else _("{name}: {why}; it gets the group's mean score."),
        LEFT_OUT: _("{name}: {why}; it is left out and the other weights are raised."),
    }.get(one.missing, _("{name}: {why}; it gets 0 points."))
    for place in sorted(gaps):
        found = value_of(tree, group.values(place), LABELS)
        why = found.why if isinstance(found, Missing) else Text("—")
        notes.setdefault(place, []).append(said(name=one.called, why=why))


def _leave_out(scheme: Scheme, parts: dict[str, Sequence[int]], gaps: Mapping[str, frozenset[int]]) -> None:
    """Where an item is left out, the others of that company are raised so that their weights sum to the whole again."""
    out: dict[int, Fraction] = {}
    for one in scheme.indicators:
        if one.missing == LEFT_OUT:
            for place in gaps[one.code]:
                out[place] = out.get(place, Fraction(0)) + one.weight
    if not out:
        return
    whole = sum((one.weight for one in scheme.indicators), Fraction(0))
    columns = {one.code: list(parts[one.code]) for one in scheme.indicators}
    parts |= columns
    for place, weight in out.items():
        if weight < whole:
            raised = whole / (whole - weight)
            for column in columns.values():
                column[place] = column[place] * raised.numerator // raised.denominator


def _extras(scheme: Scheme, group: Group, notes: dict[int, list[Text]]) -> dict[str, list[int]]:
    """Bonuses and deductions as two columns; none where nobody has any."""
    found: dict[str, list[int]] = {}
    kinds = ((BONUS, scheme.bonuses, scheme.bonus_cap, 1), (DEDUCTION, scheme.deductions, scheme.deduction_cap, -1))
    for kind, extras, cap, sign in kinds:
        earned: dict[int, Fraction] = {}
        for extra in extras:
            for place in _earning(scheme, extra, group):
                earned[place] = earned.get(place, Fraction(0)) + abs(extra.points)
                notes.setdefault(place, []).append(
                    _("{name}: {points} points", name=extra.name, points=_signed(sign, abs(extra.points)))
                )
        for place, told in group.adjusted.items():
            for of, points, reason in told:
                if of == kind and points:
                    earned[place] = earned.get(place, Fraction(0)) + Fraction(abs(points), MICRO)
                    shown = _signed(sign, Fraction(abs(points), MICRO))
                    notes.setdefault(place, []).append(_("{name}: {points} points", name=reason, points=shown))
        if earned:
            column = [0] * len(group.members)
            for place, whole in earned.items():
                column[place] = sign * cut_off(whole if cap is None else min(whole, cap))
            found[kind] = column
    return found


def _signed(sign: int, points: Fraction) -> str:
    return ("+" if sign > 0 else "−") + plain(points)


def _earning(scheme: Scheme, extra: Extra, group: Group) -> list[int]:
    condition = scheme.condition(extra.when) if extra.when else None
    return [
        place
        for place, one in enumerate(group.members)
        if (not extra.tag or extra.tag in one.tags)
        and (condition is None or holds(condition, group.values(place), LABELS))
    ]


def _veto(scheme: Scheme, group: Group, classes: list[str], notes: dict[int, list[Text]]) -> None:
    names = scheme.classes.names
    order = {name: place for place, name in enumerate(names)}
    rules: list[tuple[str, Condition, str]] = [
        (one.name, scheme.condition(one.when), one.best) for one in scheme.vetoes
    ]
    for place in range(len(classes)) if rules else sorted(group.adjusted):
        values = group.values(place) if rules else {}
        hit = [(name, best) for name, condition, best in rules if holds(condition, values, LABELS)]
        hit += [(reason, names[-1]) for kind, _points, reason in group.adjusted.get(place, ()) if kind == VETO]
        for name, best in hit:
            notes.setdefault(place, []).append(_("{name}: not better than class {best}", name=name, best=best))
            if order[classes[place]] < order[best]:
                classes[place] = best
