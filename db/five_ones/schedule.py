"""Milestones as a net: templates, reckoning in working days, what cannot be, progress by weight and by money.

Plain Python over plain data. An actual day is never moved by anything here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from db.core.calendar import Calendar, add_working_days, working_days_between
from db.core.errors import Refused
from db.core.paths import RESOURCES
from db.core.text import Text, _

MAIN, PARALLEL = "main", "parallel"


@dataclass(frozen=True)
class Step:
    """A step of a template. days: working days it takes after what it needs. stage: the stage it stands for."""

    key: str
    name: str
    days: int
    weight: int
    line: str = MAIN
    needs: tuple[str, ...] = ()
    stage: str | None = None


@dataclass(frozen=True)
class Template:
    """A plan as delivered or as an office keeps it."""

    key: str
    name: str
    source: str
    steps: tuple[Step, ...]

    @property
    def weight(self) -> int:
        """What the weights add up to."""
        return sum(step.weight for step in self.steps)


@dataclass(frozen=True)
class Stone:
    """A milestone of a project: days as ISO text, None where they are not known. needs: keys of others."""

    key: str
    name: str
    planned: str | None = None
    actual: str | None = None
    forecast: str | None = None
    weight: int = 0
    line: str = MAIN
    needs: tuple[str, ...] = ()

    def overdue(self, today: str) -> bool:
        """Whether it should be done and is not."""
        return self.actual is None and self.planned is not None and self.planned < today


def days_late(stone: Stone, today: str) -> int:
    """By how many days a milestone is overdue, 0 where it is not."""
    if not stone.overdue(today):
        return 0
    assert stone.planned is not None
    return (dt.date.fromisoformat(today) - dt.date.fromisoformat(stone.planned)).days


@dataclass(frozen=True)
class Planned:
    """A net with its days, and what is to be said about it (a calendar that ends)."""

    stones: tuple[Stone, ...]
    notes: tuple[Text, ...] = ()


def order(needs: Mapping[str, Sequence[str]], names: Mapping[str, str] | None = None) -> list[str]:
    """Every key after all that it needs; a circle is refused, naming the milestones in it (by `names` where given)."""
    found: list[str] = []
    walked: dict[str, bool] = {}  # False while it is being walked

    def walk(key: str, way: tuple[str, ...]) -> None:
        if walked.get(key):
            return
        if key in walked:
            circle = [(names or {}).get(one, one) for one in (*way[way.index(key) :], key)]
            raise Refused(
                fields={"needs": _("These milestones wait for each other: {names}. Nothing was changed.", names=circle)}
            )
        walked[key] = False
        for need in needs.get(key, ()):
            if need in needs:
                walk(need, (*way, key))
        walked[key] = True
        found.append(key)

    for key in needs:
        walk(key, ())
    return found


def apply(template: Template, start: str, calendar: Calendar) -> Planned:
    """The milestones of a template from a start date, in working days; each begins when all it needs is done."""
    steps = {step.key: step for step in template.steps}
    first = dt.date.fromisoformat(start)
    begin, notes = _from_working_day(calendar, first)
    ends: dict[str, dt.date] = {}
    for key in order({step.key: step.needs for step in template.steps}):
        step = steps[key]
        ready = max((ends[need] for need in step.needs if need in ends), default=begin)
        ends[key] = add_working_days(calendar, ready, step.days).value if step.days else ready
    last = max(ends.values(), default=begin)
    told = calendar.reckoned(last, first, last).note
    stones = [
        Stone(s.key, s.name, ends[s.key].isoformat(), None, None, s.weight, s.line, s.needs) for s in template.steps
    ]
    return Planned(tuple(stones), (*notes, *([told] if told is not None else [])))


def _from_working_day(calendar: Calendar, day: dt.date) -> tuple[dt.date, list[Text]]:
    begin = day
    while not calendar.works(begin):
        begin += dt.timedelta(days=1)
    if begin == day:
        return begin, []
    note = _("{day} is a day off; the plan begins on {begin}.", day=day.isoformat(), begin=begin.isoformat())
    return begin, [note]


def replan(stones: Sequence[Stone], key: str, planned: str, calendar: Calendar, *, following: bool = True) -> Planned:
    """Plan one milestone anew, and those after it by as many working days. What is done keeps its days.

    Refused where the milestone is done already.
    """
    by_key = {stone.key: stone for stone in stones}
    if by_key[key].actual is not None:
        raise Refused(fields={"planned_on": _("“{name}” is done; its plan stays as it was.", name=by_key[key].name)})
    moved = {key: planned}
    old = by_key[key].planned
    if following and old is not None:
        shift = working_days_between(calendar, dt.date.fromisoformat(old), dt.date.fromisoformat(planned)).value
        moved |= _later(stones, after(stones, key), shift, calendar)
    found = tuple(replace(stone, planned=moved.get(stone.key, stone.planned)) for stone in stones)
    days = sorted(dt.date.fromisoformat(day) for day in (*moved.values(), *([old] if old else [])))
    told = calendar.reckoned(planned, days[0], days[-1]).note
    return Planned(found, () if told is None else (told,))


def put_off(
    stones: Sequence[Stone], keys: Collection[str], days: int, calendar: Calendar, *, following: bool = True
) -> Planned:
    """Plan milestones anew by as many working days (earlier where negative), and those that wait for any of them.

    What is done keeps its days; what has none is still without.
    """
    wanted = set(keys).union(*(after(stones, key) for key in keys)) if following else set(keys)
    moved = _later(stones, wanted, days, calendar)
    found = tuple(replace(stone, planned=moved.get(stone.key, stone.planned)) for stone in stones)
    reached = sorted(dt.date.fromisoformat(day) for day in moved.values())
    told = calendar.reckoned(days, reached[0], reached[-1]).note if reached else None
    return Planned(found, () if told is None else (told,))


def _later(stones: Sequence[Stone], keys: Collection[str], days: int, calendar: Calendar) -> dict[str, str]:
    """Key → the planned day so many working days later, of those of the milestones that are not done and have a day."""
    return {
        stone.key: add_working_days(calendar, dt.date.fromisoformat(stone.planned), days).value.isoformat()
        for stone in stones
        if stone.key in keys and stone.actual is None and stone.planned is not None
    }


def moved(before: Sequence[Stone], found: Planned, key: str, calendar: Calendar) -> list[Text]:
    """What planning a milestone anew would do, to be said before it is done."""
    said: list[Text] = []
    pairs = list(zip(before, found.stones, strict=True))
    new = next(one.planned for one in found.stones if one.key == key)
    if new is not None and not calendar.works(dt.date.fromisoformat(new)):
        said.append(_("{day} is a day off.", day=new))
    along = [one for was, one in pairs if was.planned != one.planned and one.key != key]
    if along:
        last = max(str(one.planned) for one in along)
        said.append(_("{count} milestones move along, the last to {day}.", count=len(along), day=last))
    return [*said, *found.notes]


def after(stones: Sequence[Stone], key: str) -> list[str]:
    """The keys of all that wait for `key`, directly or not, in order."""
    waiting = {key}
    found = []
    for one in order({stone.key: stone.needs for stone in stones}):
        needs = next(stone.needs for stone in stones if stone.key == one)
        if one != key and waiting.intersection(needs):
            waiting.add(one)
            found.append(one)
    return found


def hints(stones: Sequence[Stone], template: Template | None, *, today: str) -> list[Text]:
    """What is odd about a plan, and never refused: shorter than its template, without days, done in the future."""
    found = []
    if template is not None:
        there = {stone.key for stone in stones}
        short = [step.name for step in template.steps if step.key not in there]
        if short:
            found.append(_("The plan lacks {names} of its template.", names=short))
    undated = [stone.name for stone in stones if stone.planned is None and stone.actual is None]
    if undated:
        found.append(_("No day is planned for {names}.", names=undated))
    ahead = [stone.name for stone in stones if stone.actual is not None and stone.actual > today]
    if ahead:
        found.append(_("{names}: done on a day that is still to come.", names=ahead))
    by_key = {stone.key: stone for stone in stones}
    pairs = [(stone, by_key[key]) for stone in stones for key in stone.needs if key in by_key]
    return found + [
        _("{later} is planned before {earlier}.", later=stone.name, earlier=need.name)
        for stone, need in pairs
        if stone.planned and need.planned and stone.planned < need.planned
    ]


# --- progress --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a plan is. due and done: of the whole, None where it cannot be said. overdue: keys."""

    due: Fraction | None
    done: Fraction | None
    overdue: tuple[str, ...] = ()

    @property
    def behind(self) -> Fraction | None:
        """Percentage points behind schedule, never below 0."""
        if self.due is None or self.done is None:
            return None
        return max(self.due - self.done, Fraction(0)) * 100


def by_weight(stones: Sequence[Stone], *, expected: int, today: str) -> Progress:
    """What should be done and what is done, by weight.

    expected: what the weights add up to while none of the milestones is lost. Where some are, or where one that is to
    be done has no day, it cannot be said.
    """
    late = tuple(stone.key for stone in stones if stone.overdue(today))
    whole = sum(stone.weight for stone in stones)
    done = sum(stone.weight for stone in stones if stone.actual is not None and stone.actual <= today)
    # What is done and has no planned day counts as due: losing the day must not make a plan look better.
    wanted = [stone.planned or (stone.actual if (stone.actual or "~") <= today else None) for stone in stones]
    if not whole or whole < expected or None in wanted:
        return Progress(None, None, late)
    due = sum(stone.weight for stone, day in zip(stones, wanted, strict=True) if day is not None and day <= today)
    return Progress(Fraction(due, whole), Fraction(done, whole), late)


def by_money(*, paid: int | None, whole: int | None, first: str | None, last: str | None, today: str) -> Progress:
    """Money invested against the share of the time gone from the start to the planned end."""
    done = Fraction(paid or 0, whole) if whole else None
    if not first or not last or last <= first:
        return Progress(None, done)
    begin, end, now = (dt.date.fromisoformat(day) for day in (first, last, today))
    gone = min(max((now - begin).days, 0), (end - begin).days)
    return Progress(Fraction(gone, (end - begin).days), done)


# --- templates -------------------------------------------------------------------------------------------------------


def template_of(key: str, data: Mapping[str, Any]) -> Template:
    """A template from its JSON; a circle or an unknown need is refused."""
    try:
        steps = tuple(
            Step(
                str(one["key"]), str(one["name"]), int(one.get("days", 0)), int(one.get("weight", 0)),
                str(one.get("line", MAIN)), tuple(one.get("needs", ())), one.get("stage"),
            )
            for one in data["steps"]
        )  # fmt: skip
        found = Template(key, str(data["name"]), str(data.get("source", "")), steps)
    except (KeyError, TypeError, ValueError) as wrong:
        raise Refused(_("The plan template “{key}” cannot be read: {what}", key=key, what=str(wrong))) from wrong
    known = {step.key for step in steps}
    strange = sorted({need for step in steps for need in step.needs} - known)
    if strange:
        raise Refused(_("The plan template “{key}” waits for unknown steps: {names}", key=key, names=strange))
    order({step.key: step.needs for step in steps})
    return found


def as_template(
    stones: Sequence[Stone], name: str, *, start: str | None, calendar: Calendar, stages: Mapping[str, str | None]
) -> dict[str, Any]:
    """A plan as the JSON of a template: each milestone with the working days it takes after all it waits for.

    start: of the plan, the first planned day where None. stages: key → the stage a milestone stands for. Refused where
    a milestone has no day.
    """
    ends = {stone.key: stone.planned or stone.actual for stone in stones}
    undated = [stone.name for stone in stones if ends[stone.key] is None]
    if undated or not stones:
        raise Refused(_("Every milestone of a template needs a day; {names} have none.", names=undated))
    days = {key: dt.date.fromisoformat(end) for key, end in ends.items() if end is not None}
    begin, _notes = _from_working_day(calendar, dt.date.fromisoformat(start) if start else min(days.values()))
    steps = []
    for stone in stones:
        ready = max((days[key] for key in stone.needs if key in days), default=begin)
        taken = max(working_days_between(calendar, ready, days[stone.key]).value, 0)
        steps.append(
            {"key": stone.key, "name": stone.name, "days": taken, "weight": stone.weight, "line": stone.line,
             "needs": [key for key in stone.needs if key in days], "stage": stages.get(stone.key)}
        )  # fmt: skip
    return {"name": name, "source": "", "steps": steps}


@cache
def delivered() -> Mapping[str, Template]:
    """The templates that come with the program, by key."""
    folder = RESOURCES / "presets" / "plans"
    return {
        path.stem: template_of(path.stem, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    }
