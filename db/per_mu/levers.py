"""What would lift a company to the next class: one metric after the other, everything that hangs on it moving with it.

Baselines, the other metrics and the other companies stay as they are; who reaches the points of the last company of the
class stands there with it, since ties take the better class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from db.core.text import Text, _
from db.per_mu.formulas import Missing, Name, Op, names_in, value_of
from db.per_mu.models import BY_METRIC, MICRO, Measured
from db.per_mu.ranking import class_at
from db.per_mu.schemes import LABELS, LEFT_OUT
from db.per_mu.scoring import SCALE, Outcome, cut_off

FINEST = MICRO // 10  # a change is a whole number of tenths of the metric's unit
_FARTHEST = 200  # times what the company has: farther nobody can get


@dataclass(frozen=True)
class Tried:
    """What a change would give: points in 10⁻¹², the place, the class; values of the indicators that it moves."""

    score: int
    rank: int
    grade: str
    values: Mapping[str, Fraction]


@dataclass(frozen=True)
class Lever:
    """One metric alone. change: in 10⁻⁶ of its unit, below 0 where less is better; None where no change is enough.

    code: the indicator by which it works most; before, after: its values.
    """

    metric: Measured
    change: int | None
    code: str = ""
    before: Fraction | None = None
    after: Fraction | None = None


@dataclass(frozen=True)
class Rise:
    """What keeps a company from class `grade`. line: the points of the last one there, its place and name.

    why: where there is nothing to try (exempt, without a place, kept down by a veto, or in the best class).
    """

    grade: str = ""
    line: int = 0
    rank: int = 0
    name: str = ""
    missing: int = 0
    levers: tuple[Lever, ...] = ()
    why: Text | None = None


def better(outcome: Outcome, place: int) -> str:
    """The class above that of a company; "" where there is none."""
    names, held = outcome.scheme.classes.names, outcome.classes[place]
    at = names.index(held) if held in names else 0
    return names[at - 1] if at else ""


def tried(outcome: Outcome, place: int, changes: Mapping[str, int]) -> Tried:
    """What becomes of a company whose metrics change by so many 10⁻⁶ of their units."""
    score, moved = _changed(outcome, place, changes)
    others = [one for at, one in enumerate(outcome.scores) if at != place and one is not None]
    rank = 1 + sum(one > score for one in others)
    return Tried(score, rank, class_at(outcome.scheme.classes, rank, len(others) + 1, score, SCALE), moved)


def _changed(outcome: Outcome, place: int, changes: Mapping[str, int]) -> tuple[int, dict[str, Fraction]]:
    """The points then, and the values of the indicators that moved."""
    values = outcome.group.values(place)
    for key, change in changes.items():
        values[key] = (values[key] or Fraction(0)) + Fraction(change, MICRO)
    score, moved = outcome.scores[place], dict[str, Fraction]()
    assert score is not None
    for one in outcome.scheme.indicators:
        if not names_in(outcome.trees[one.code]) & changes.keys():
            continue
        found = value_of(outcome.trees[one.code], values, LABELS)
        if not isinstance(found, Missing):
            moved[one.code] = found
            score += cut_off(outcome.lines[one.code].points(found)) - outcome.parts[one.code][place]
    return score, moved


def rise(outcome: Outcome, place: int) -> Rise:
    """What would lift a company one class up."""
    score, grade = outcome.scores[place], better(outcome, place)
    if score is None or outcome.classes[place] not in outcome.scheme.classes.names:
        return Rise(why=_("It has no place in the ranking, so nothing can be tried."))
    if not grade:
        return Rise(why=_("It is in the best class."))
    rank = outcome.ranks[place] or 0
    total = sum(one is not None for one in outcome.scores)
    if class_at(outcome.scheme.classes, rank, total, score, SCALE) != outcome.classes[place]:
        return Rise(grade, why=_("A veto or a decision holds it in this class; points alone do not lift it."))
    there = [at for at, held in enumerate(outcome.classes) if held == grade and outcome.scores[at] is not None]
    if not there:
        return Rise(grade, why=_("Class {name} is empty, so there are no points to reach.", name=grade))
    last = min(there, key=lambda at: outcome.scores[at] or 0)
    line = outcome.scores[last] or 0
    levers = tuple(_lever(outcome, place, key, line) for key in _tryable(outcome, place))
    return Rise(grade, line, outcome.ranks[last] or 0, outcome.group.members[last].name, max(0, line - score), levers)


def _tryable(outcome: Outcome, place: int) -> list[str]:
    """The metrics that stand alone on one side of an indicator's line, in the order of the indicators; land last."""
    given, found = outcome.group.given, list[str]()
    for one in outcome.scheme.indicators:
        tree = outcome.trees[one.code]
        sides = (tree.left,) if isinstance(tree, Op) and tree.sign == "/" else (tree,)
        found += [
            side.name for side in sides
            if isinstance(side, Name) and given[side.name][place] is not None and one.missing != LEFT_OUT
        ]  # fmt: skip
    if any("land" in names_in(tree) for tree in outcome.trees.values()) and given["land"][place]:
        found.append("land")
    return list(dict.fromkeys(found))


def _lever(outcome: Outcome, place: int, key: str, line: int) -> Lever:
    """The least change of one metric that reaches the line."""
    held = outcome.group.given[key][place] or 0
    reverse = any(one.reverse and key in names_in(outcome.trees[one.code]) for one in outcome.scheme.indicators)
    way = -1 if key == "land" or reverse else 1
    most = (held - FINEST if way < 0 else max(held, MICRO) * _FARTHEST) // FINEST

    def reaches(steps: int) -> bool:
        return _changed(outcome, place, {key: way * steps * FINEST})[0] >= line

    low, high = 0, 1
    while high < most and not reaches(high):
        low, high = high, high * 2
    high = min(high, most)
    if most <= 0 or not reaches(high):
        return Lever(BY_METRIC[key], None)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    change = way * high * FINEST
    return Lever(BY_METRIC[key], change, *_worked(outcome, place, key, change))


def _worked(outcome: Outcome, place: int, key: str, change: int) -> tuple[str, Fraction | None, Fraction | None]:
    after = _changed(outcome, place, {key: change})[1]
    code = max(after, key=lambda one: abs(cut_off(outcome.lines[one].points(after[one])) - outcome.parts[one][place]))
    before = value_of(outcome.trees[code], outcome.group.values(place), LABELS)
    return code, None if isinstance(before, Missing) else before, after[code]
