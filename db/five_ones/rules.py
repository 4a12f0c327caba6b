"""Rules of the five ones in plain Python: what is missing, what was followed up, what is stale, who is to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.core.calendar import Calendar, Reckoned, add_working_days
from db.core.errors import Refused
from db.core.text import Text, _
from db.people import supervision

PROJECT, LEADER, TASK_FORCE, PLAN, FOLLOWED = "project", "leader", "task_force", "plan", "followed"
ONES = (PROJECT, LEADER, TASK_FORCE, PLAN, FOLLOWED)
FOLLOW_UP_DAYS = 21
_YEAR = 366

ONE_LABELS: Mapping[str, Text] = {
    PROJECT: _("Project"),
    LEADER: _("Leader"),
    TASK_FORCE: _("Task force"),
    PLAN: _("Written plan"),
    FOLLOWED: _("Followed through"),
}


@dataclass(frozen=True)
class Having:
    """What a project has on a day. The flags are 1 or 0; leader_left: one is named whose term is over.

    followed_on: the last day of substantive progress or of a meeting that dealt with it.
    """

    leader: int = 0
    leader_left: int = 0
    head: int = 0
    members: int = 0
    force_in_words: int = 0
    plan: int = 0
    milestones: int = 0
    followed_on: str | None = None


@dataclass(frozen=True)
class Completeness:
    """Which of the five ones a project has; missing: one → what is missing, in words."""

    present: tuple[str, ...]
    missing: Mapping[str, Text]

    @property
    def count(self) -> int:
        """0 to 5."""
        return len(self.present)


def completeness(having: Having, *, today: str, days: int = FOLLOW_UP_DAYS) -> Completeness:
    """The five ones of a project under construction: itself, leader, task force, plan, followed through.

    A task force has a head and at least one member, or stands in words in the ledger. Followed through: milestones,
    and a follow-up within `days` days.
    """
    missing: dict[str, Text] = {}
    if not having.leader:
        left = _("The leader in charge has left; no other is named")
        missing[LEADER] = left if having.leader_left else _("No leader in charge is named")
    if not (having.force_in_words or (having.head and having.members)):
        missing[TASK_FORCE] = _("The task force has no members") if having.head else _("No task force is set up")
    if not having.plan:
        missing[PLAN] = _("There is no plan")
    why = _not_followed(having, today, days)
    if why is not None:
        missing[FOLLOWED] = why
    return Completeness(tuple(one for one in ONES if one not in missing), missing)


def _not_followed(having: Having, today: str, days: int) -> Text | None:
    if not having.milestones:
        return _("There are no milestones")
    if having.followed_on is None:
        return _("Nothing was followed up yet")
    gone = (dt.date.fromisoformat(today) - dt.date.fromisoformat(having.followed_on)).days
    if gone <= days:
        return None
    return _("Last followed up on {day}, {gone} days ago", day=having.followed_on, gone=gone)


# --- the log ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stale:
    """Why data look untended. kind: repeated (the same words for months), passed (a date went by), jump."""

    kind: str
    sentence: Text
    since: str | None


def last_substantive(entries: Iterable[tuple[str | None, str]]) -> str | None:
    """The last day on which the log (day, text) said something it had not said before: pasting is no progress."""
    seen: set[str] = set()
    last: str | None = None
    for day, text in sorted(entries, key=lambda one: one[0] or ""):
        bare = text.strip()
        if bare not in seen:
            seen.add(bare)
            last = day or last
    return last


def stale(
    entries: Sequence[tuple[str | None, str]], *, today: str, months: int = 2, passed: Mapping[str, str | None],
    reached: Collection[str], shares: Sequence[tuple[str, int]] = (),
) -> list[Stale]:  # fmt: skip
    """What the radar sees. passed: stage → planned day; reached: stages reached; shares: (day, per cent done)."""
    from db.core.period import months_before

    found = []
    dated = sorted((day, text) for day, text in entries if day)
    substantive = last_substantive(dated)
    if dated and substantive is not None and dated[-1][0] > substantive and substantive <= months_before(today, months):
        sentence = _("The same progress has been reported since {day}", day=substantive)
        found.append(Stale("repeated", sentence, substantive))
    for stage, day in sorted(passed.items()):
        if day is not None and day < today and stage not in reached:
            found.append(Stale("passed", _("The planned day {day} has passed without a change of stage", day=day), day))
    for (_before, low), (day, high) in pairwise(shares):
        if high - low > 50 or high < low:
            sentence = _("Progress jumps from {low} to {high} percent on {day}", low=low, high=high, day=day)
            found.append(Stale("jump", sentence, day))
    return found


# --- who is told -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """One line to a unit or a liaison officer. Leaders are never told by the program."""

    project: str
    to: str
    sentence: Text


def notices(
    project: str, missing: Mapping[str, Text], *, unit: str | None, liaison: str | None, leaders: Collection[str]
) -> list[Notice]:
    """Who is told what is missing: the responsible unit and the liaison officer, never a district leader."""
    receivers = [name for name in dict.fromkeys((unit, liaison)) if name and name not in leaders]
    said = list(missing.values())
    return [
        Notice(project, name, _("{project}: {missing}", project=project, missing=said)) for name in receivers if said
    ]


# --- meetings and decisions ------------------------------------------------------------------------------------------


def must_come_round(every_days: int) -> None:
    """Refused where a series would be held more often than once a day, or more seldom than once a year."""
    if not 1 <= every_days <= _YEAR:
        said = _("A series is held every 1 to {most} days. Nothing was changed.", most=_YEAR)
        raise Refused(fields={"every_days": said})


def next_meeting(calendar: Calendar, last: dt.date, every_days: int) -> tuple[Reckoned[dt.date], Text | None]:
    """The day of the next meeting of a series, and a sentence where it had to make way for a holiday."""
    must_come_round(every_days)
    wanted = last + dt.timedelta(days=every_days)
    day, note = off_holiday(calendar, wanted)
    return day, note


def off_holiday(calendar: Calendar, wanted: dt.date) -> tuple[Reckoned[dt.date], Text | None]:
    """The day itself where people work, else the next working day; said in a sentence."""
    day = wanted
    while not calendar.works(day):
        day += dt.timedelta(days=1)
    found = calendar.reckoned(day, wanted, day)
    if day == wanted:
        return found, None
    note = _("{wanted} is a day off; the meeting is on {day}.", wanted=wanted.isoformat(), day=day.isoformat())
    return found, note


REMINDED, YELLOW_SLIP, RED_SLIP = supervision.BLUE, supervision.YELLOW, supervision.RED


def answered_by(calendar: Calendar, today: str) -> str:
    """The first day of which a slip still waits today for the answer that it asked for."""
    return add_working_days(calendar, dt.date.fromisoformat(today), -supervision.ANSWER_DAYS).value.isoformat()


def next_slip(
    *, due: str | None, closed: str | None, kinds: Collection[str], today: str, waits: bool = False, remind_days: int = 3
) -> str:  # fmt: skip
    """What is to be sent about a decision today: "", a reminder, a yellow slip once overdue, then a red one.

    waits: the yellow slip was sent only now (`answered_by`); a red one follows where it was not heeded.
    """
    if due is None or closed is not None:
        return ""
    if today > due:
        if RED_SLIP in kinds:
            return ""
        return "" if waits else RED_SLIP if YELLOW_SLIP in kinds else YELLOW_SLIP
    near = (dt.date.fromisoformat(due) - dt.date.fromisoformat(today)).days <= remind_days
    return REMINDED if near and REMINDED not in kinds else ""
