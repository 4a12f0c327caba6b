"""When a desk is reminded of what 今日 shows as due: once a thing and day, and at most once an hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.core.text import Text, _
from db.overview.due import OVERDUE, Due

PAUSE = dt.timedelta(hours=1)
_NOTHING = dt.timedelta()  # a clock that was put back since must not silence the desk
_NAMED = 3  # things that are said by their names

Thing = tuple[str, int, str, int, str]


@dataclass(frozen=True)
class Reminded:
    """What was said last. of: the book and the day; things: all that were due then."""

    at: dt.datetime | None = None
    of: tuple[str, str] = ("", "")
    things: frozenset[Thing] = frozenset()


def as_kept(one: Reminded) -> dict[str, Any]:
    """What was said, as a desk's file keeps it while the program is closed."""
    at = None if one.at is None else one.at.isoformat()
    return {"at": at, "of": list(one.of), "things": sorted(map(list, one.things))}


def reminded(kept: Mapping[str, Any]) -> Reminded:
    """What `as_kept` made; nothing was said where it cannot be read."""
    try:
        book, day = map(str, kept["of"])
        things = frozenset((str(a), int(b), str(c), int(d), str(e)) for a, b, c, d, e in kept["things"])
        at = dt.datetime.fromisoformat(kept["at"])
        return Reminded(at if at.tzinfo is not None else at.astimezone(), (book, day), things)
    except (KeyError, TypeError, ValueError):
        return Reminded()


@dataclass(frozen=True)
class Reminder:
    """What is said: how much is due, and the first of what was not said before."""

    title: Text
    lines: tuple[Text, ...]


def counted(due: Sequence[Due]) -> Text:
    """How many things are overdue and due today."""
    late = sum(1 for one in due if one.group == OVERDUE)
    return _("{late} overdue, {today} due today", late=late, today=len(due) - late)


def remind(
    due: Sequence[Due], before: Reminded, *, book: str, today: str, now: dt.datetime
) -> tuple[Reminder | None, Reminded]:
    """What is to be said now, None for nothing, and what has been said then.

    due: what is one's own and due by `today`. In another book and on another day all of it is new. What comes up less
    than an hour after the last reminder waits for the next time this is asked.
    """
    fresh = [one for one in due if before.of != (book, today) or _thing(one) not in before.things]
    if not fresh or (before.at is not None and _NOTHING <= now - before.at < PAUSE):
        return None, before
    fresh.sort(key=lambda one: -one.late)
    lines = [_("{project}: {what}", project=one.name, what=one.what) for one in fresh[:_NAMED]]
    if len(fresh) > _NAMED:
        lines.append(_("… and {count} more", count=len(fresh) - _NAMED))
    said = Reminder(_("Today: {what}", what=counted(due)), tuple(lines))
    return said, Reminded(now, (book, today), frozenset(_thing(one) for one in due))


def _thing(one: Due) -> Thing:
    return (one.kind, one.project, one.stage, one.milestone, one.day)
