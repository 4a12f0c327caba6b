"""The stages that new projects have reached, by what their cells say.

Which cells are filled decides that, and a ledger knows few combinations of them: each is thought through once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from db.core.columns import Columns, size
from db.projects import rules
from db.projects.fields import DATED_STAGES, RECOGNITIONS
from db.projects.stages import later_than, order
from db.projects.standing import UNKNOWN, Standing, shape

Event = tuple[int, str, str | None]
_Dates = Callable[[Sequence[Any]], Sequence[str | None]]
_NOBODY_KNOWS = -1


class _Shape(NamedTuple):
    """What a combination of filled cells amounts to: events with the place of their day among the dated cells.

    stage: the last one. dates: picks those of `Standing` from the days, None where it has not happened.
    """

    events: tuple[tuple[str, int], ...]
    stage: str
    dates: _Dates


class Reached:
    """What new projects have reached. A stage given without a day is reached on a day not known."""

    def __init__(self, columns: Columns) -> None:
        count = size(columns)
        dated = [key for key in DATED_STAGES if key in columns]
        recognised = [key for key in RECOGNITIONS if key in columns]
        stages = (tuple(DATED_STAGES[key] for key in dated), tuple(RECOGNITIONS[key][0] for key in recognised))
        filled = [list(map(bool, columns[key])) for key in dated]
        filled += [[value is not None for value in columns[key]] for key in recognised]
        said = columns.get("stage") or repeat(None, count)
        combinations = zip(*filled, strict=True) if filled else repeat((), count)
        self._shapes = [_shape(stages, *of) for of in zip(said, combinations, strict=True)]
        # The last one is the day that nobody knows.
        self._days = [columns[key] for key in dated] + [[None] * count]

    @property
    def count(self) -> int:
        """How many events there are."""
        return sum(len(one.events) for one in self._shapes)

    def events(self, ids: Sequence[int]) -> Iterator[Event]:
        """(project, stage, day), project by project."""
        for number, one, days in zip(ids, self._shapes, zip(*self._days, strict=True), strict=True):
            for stage, place in one.events:
                yield number, stage, days[place]

    def standings(self) -> dict[str, list[str | None]]:
        """The columns of `Standing`."""
        names = Standing._fields[1:]
        known = ([day or UNKNOWN for day in column] for column in self._days)
        lines = zip(self._shapes, zip(repeat(None), *known, strict=False), strict=True)
        dates = [one.dates(days) for one, days in lines]
        columns = map(list, zip(*dates, strict=True)) if dates else ([] for _name in names)
        return {"stage": [one.stage for one in self._shapes], **dict(zip(names, columns, strict=True))}


def _dates(places: Sequence[Sequence[int]]) -> _Dates:
    """Picks the first of these days for each date of `Standing`; days are looked up behind a None, for what is not yet."""
    found = [[place + 1 if place >= 0 else place for place in some] or [0] for some in places]
    single = itemgetter(*(some[0] for some in found))
    several = [(at, itemgetter(*some)) for at, some in enumerate(found) if len(some) > 1]

    def pick(days: Sequence[Any]) -> Sequence[str | None]:
        picked = list(single(days))
        for at, get in several:
            picked[at] = min(get(days))
        return picked

    return pick if several else single


@cache
def _shape(stages: tuple[tuple[str, ...], tuple[str, ...]], said: str | None, filled: tuple[bool, ...]) -> _Shape:
    """`stages` of the dated and of the recognition cells; `filled`: which of these cells say something."""
    dated, recognised = stages
    places = {stage: at for at, stage in enumerate(dated) if filled[at]}
    for stage, given in zip(recognised, filled[len(dated) :], strict=True):
        if given:
            places.setdefault(stage, _NOBODY_KNOWS)
    if said and places.keys().isdisjoint(later_than(said)):
        places.setdefault(said, _NOBODY_KNOWS)
    if not places:
        places = {"negotiating": _NOBODY_KNOWS}
    for stage in sorted(places, key=order):
        for missing in rules.missing_before(stage, tuple(places)):
            places.setdefault(missing, _NOBODY_KNOWS)
    last, of = shape(tuple(places))
    dates = tuple(tuple(places[stage] for stage in some) for some in of)
    return _Shape(tuple(places.items()), last, _dates(dates))
