"""The forum of the demonstration district: 23 sessions, 117 enterprises, 162 issues to early September 2024.

142 of 160 admissible issues resolved, 133 of 146 on time, 133 of 134 enterprises content; one was not, and its issue is
open again. 46 firms obtained 240 million yuan. Sessions to the middle of July come as a list, the others as they were.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.core.book import Book
from db.core.moments import ZONE
from db.core.paths import RESOURCES
from db.core.progress import SILENT, Progress
from db.core.text import _
from db.forum import serving
from db.forum.adding import add_issues
from db.forum.courses import put_steps
from db.forum.models import BASICALLY, DISSATISFIED, EXPLAINED, SATISFIED, SOLVED
from db.forum.queries import matching
from db.forum.rules import Chain, Step, Steps, act
from db.people.models import unit
from db.people.queries import find_unit, names_of_units
from db.per_mu.models import company_year
from db.projects.models import project

WAN = 10**6
LAST = "2024-09-06"
_SESSIONS, _AT_SESSIONS, _ISSUES, _COMPANIES = 23, 4, 162, 117
_FIRST, _LAST = dt.date(2024, 1, 11), dt.date(2024, 9, 5)
_LISTED = "2024-07-11"  # what happened until then comes as a list
_LOOKS = ("2024-07-26", "2024-08-09", "2024-08-23", LAST)
_CONTENT, _BASICALLY, _UNCALLED, _LATE = 133, 13, 9, 9
_FIRMS, _MONEY = 46, 24_000
_BATCH = 10_000
_LATEST = 5  # sessions at which every guest has the metrics of a year


@dataclass
class _Issue:
    """One issue before it is written: where it was raised, by whom, about what, and what became of it."""

    row: dict[str, Any]
    session: int
    place: int
    steps: Steps = ()
    number: int = field(default=0)

    @property
    def raised(self) -> str:
        return str(self.row["raised_on"])


@dataclass(frozen=True)
class _Past:
    """All that is told: the sessions' days, the enterprises (name, place), what they raised, the units by name."""

    data: dict[str, Any]
    days: list[str]
    firms: list[tuple[str, str]]
    issues: list[_Issue]
    known: dict[str, int]

    def unit(self, name: str) -> int | None:
        return find_unit(self.known, name, "庐阳区")


def tell(book: Book, seed: int) -> None:
    """Write the forum's past into a book that has its projects and companies."""
    data = json.loads((RESOURCES / "demo" / "forum.json").read_text("utf-8"))
    rng = Random(seed)  # noqa: S311 - invented data, not secrets
    with book.read() as connection:
        firms = _firms(connection, rng)
        known = names_of_units(connection, "庐阳区")
    days = _session_days()
    issues = _raise(data, firms, days, rng)
    _decide(issues, data, known, rng)
    past = _Past(data, days, firms, issues, known)
    _write_list(book, past, rng)
    for before, day in pairwise((_LISTED, *_LOOKS)):
        _write_later(book, past, before, day)


def tell_many(book: Book, count: int, seed: int, progress: Progress = SILENT) -> None:
    """As many issues for measuring, at two sessions a month over two and a half years; nine of ten are resolved."""
    data = json.loads((RESOURCES / "demo" / "forum.json").read_text("utf-8"))
    rng = Random(seed)  # noqa: S311 - invented data, not secrets
    sessions = [f"{2022 + at // 24}-{at // 2 % 12 + 1:02d}-{10 + at % 2 * 15}" for at in range(60)]
    with book.write(_("Import {file}", file=f"{count}.xlsx"), at=_moment("2024-07-01", 10)) as connection:
        firms = list(connection.scalars(select(company.c.name).order_by(company.c.id).limit(40 * len(sessions))))
        for at, day in enumerate(sessions):
            made = serving.add_session(connection, at % 24 + 1, on=day, theme=data["themes"][at % 7])
            serving.invite(connection, made, firms[at :: len(sessions)], attended=True)
        for start in range(0, count, _BATCH):
            progress.step(start, count, _("Writing issues"))
            many = range(start, min(start + _BATCH, count))
            add_issues(connection, [_any_issue(at, data, firms, sessions, rng) for at in many])


def _any_issue(at: int, data: dict[str, Any], firms: list[str], sessions: list[str], rng: Random) -> dict[str, Any]:
    """Issue `at` of a large book."""
    text, category, department = data["topics"][rng.randrange(len(data["topics"]))]
    held = at % len(sessions)
    day = dt.date.fromisoformat(sessions[held])
    guests = firms[held :: len(sessions)] or firms
    row = {
        "company": guests[at // len(sessions) % len(guests)], "text": f"{text}（{at + 1}号）", "category": category,
        "department": department, "session": held % 24 + 1, "raised_on": day.isoformat(), "assigned_on": day.isoformat(),
        "due_on": (day + dt.timedelta(days=10)).isoformat(),
    }  # fmt: skip
    if at // len(sessions) % 10 == 9:
        return row | {"handling": "正在办理。"}
    return row | {
        "resolved_on": (day + dt.timedelta(days=rng.randrange(1, 13))).isoformat(), "satisfaction": SATISFIED,
        "handling": data["replies"][at % len(data["replies"])],
    }  # fmt: skip


def _moment(day: str, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), ZONE)


def _firms(connection: Connection, rng: Random) -> list[tuple[str, str]]:
    """(name, place) of the enterprises that were met: at the latest sessions, and two of four before, measured ones."""
    place = func.min(unit.c.name)
    query = select(company.c.name, place).join(project, project.c.investor == company.c.id)
    query = (
        query.join(unit, unit.c.id == project.c.street).group_by(company.c.id, company.c.name).order_by(company.c.id)
    )
    met = rng.sample([(row[0], row[1]) for row in connection.execute(query)], _COMPANIES)
    of = company.c
    query = select(of.name, unit.c.name).join(unit, unit.c.id == of.street).order_by(of.id)
    measured = connection.execute(query.where(of.id.in_(select(company_year.c.company))))
    new = ((row[0], row[1]) for row in measured if row[0] not in dict(met))
    late = (_SESSIONS - _LATEST) * _AT_SESSIONS
    places = [at for at in range(_SESSIONS * _AT_SESSIONS) if at >= late or at % 2]
    for at, firm in zip(places, new, strict=False):
        met[at] = firm
    return met


def _session_days() -> list[str]:
    """Working days, evenly from January to September."""
    chain, span = Chain(), (_LAST - _FIRST).days
    days = [(_FIRST + dt.timedelta(days=span * at // (_SESSIONS - 1))).isoformat() for at in range(_SESSIONS)]
    return [day if chain.between((dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat(), day) else chain.after(day, 1)
            for day in days]  # fmt: skip


def _raise(data: dict[str, Any], firms: list[tuple[str, str]], days: list[str], rng: Random) -> list[_Issue]:
    """Six issues a session (five at the first), one on each visit."""
    topics = data["topics"]
    found: list[_Issue] = []

    def add(firm: tuple[str, str], day: str, session: int) -> None:
        text, category, department = topics[(len(found) * 7 + rng.randrange(2)) % len(topics)]
        if session == 19 and not any(one.session == 19 for one in found):
            text, category, department = "园区南门夜间货车限行", "交通", "区住建局"
        row = {"company": firm[0], "street": firm[1], "text": text, "category": category, "department": department,
               "raised_on": day, "session": session or None}  # fmt: skip
        found.append(_Issue(row, session, len(found)))

    for at, day in enumerate(days):
        there = firms[at * _AT_SESSIONS : (at + 1) * _AT_SESSIONS]
        for place in range(5 if at == 0 else 6):
            add(there[place % _AT_SESSIONS], day, at + 1)
    for place, firm in enumerate(firms[_SESSIONS * _AT_SESSIONS :]):
        add(firm, Chain().after(f"2024-01-{15 + place % 9:02d}", place * 6), 0)
    assert len(found) == _ISSUES
    return found


def _decide(issues: list[_Issue], data: dict[str, Any], known: dict[str, int], rng: Random) -> None:
    """What became of each, so that the sums are the published ones."""
    told = sorted(issues, key=lambda one: (one.raised, one.place))
    recent = [one for one in told if one.session >= 22]
    middle = [one for one in told if "2024-07-01" <= one.raised <= "2024-08-16" and one not in recent]
    reopened = next(one for one in issues if one.session == 19)
    overdue = [one for one in middle if one.raised >= "2024-08-01"][:3]
    waiting = [one for one in middle if one not in (*overdue, reopened)][:2]
    refused = told[20:22]
    rest = [one for one in told if one not in (*recent, *overdue, *waiting, *refused, reopened)]
    uncalled = [one for one in rest if one.raised >= "2024-07-15"][-_UNCALLED:]
    rated = [one for one in rest if one not in uncalled]
    late, basically = rated[5 : 5 + 12 * _LATE : 12], rated[3 : 3 + 10 * _BASICALLY : 10]
    assert len(rated) == _CONTENT
    teller = _Teller(data, known, rng)
    for one in rest:
        rating = None if one in uncalled else BASICALLY if one in basically else SATISFIED
        teller.resolved(one, late=one in late, rating=rating)
    for place, one in enumerate(refused):
        teller.step(one, "reject", 1, text=data["refused"][place])
    for one in overdue:
        teller.step(one, "assign", 1)
        teller.step(one, "report", 3, text="已与相关单位对接，正在办理。")
    teller.waiting(*waiting)
    teller.again(reopened)
    for place, one in enumerate(recent):
        teller.fresh(one, place)


class _Teller:
    """Adds steps that the rules allow, counted in working days from the last one."""

    def __init__(self, data: dict[str, Any], known: dict[str, int], rng: Random) -> None:
        self.data, self.known, self.rng, self.chain = data, known, rng, Chain()

    def step(self, one: _Issue, kind: str, after: int, *, length: int | None = None, **facts: Any) -> None:
        """One more step, `after` working days later."""
        last = one.steps[-1].on if one.steps else one.raised
        on = self.chain.after(str(last), after) if after else str(last)
        if kind == "assign":
            facts.setdefault("unit", find_unit(self.known, one.row["department"], "庐阳区"))
        one.steps += act(one.steps, Step(kind, on, **facts), chain=self.chain, today=LAST, length=length)

    def resolved(self, one: _Issue, *, late: bool, rating: str | None) -> None:
        """Assigned the next day, resolved in time or two days late, called, and closed where content."""
        length = 15 if one.place % 5 == 0 else 7
        self.step(one, "assign", 1, length=length)
        days = length + 2 if late else self.rng.randrange(2, length + 1)
        explained = one.place % 9 == 4
        text = self.data["explained"] if explained else self.data["replies"][one.place % len(self.data["replies"])]
        self.step(one, "resolve", days, text=text, choice=EXPLAINED if explained else SOLVED)
        if rating is not None:
            self.step(one, "follow_up", self.rng.randrange(1, 4), choice=rating)
            if rating == SATISFIED:
                self.step(one, "close", 0)
            elif one.raised < "2024-07-01":
                self.step(one, "follow_up", 5, text="再次联系，企业认可。", choice=BASICALLY)
                self.step(one, "close", 0)

    def waiting(self, held: _Issue, at_city: _Issue) -> None:
        """One on hold until the plan is approved, one with the city."""
        self.step(held, "assign", 1)
        self.step(held, "hold", 3, text="涉及控规调整，待批复后办理。", due="2024-10-15")
        self.step(at_city, "assign", 1)
        self.step(at_city, "refer", 2, text="需供电公司统筹，提请市级协调。", due="2024-09-30")

    def again(self, one: _Issue) -> None:
        """Explained, not content, assigned anew and given more time, and late all the same."""
        self.step(one, "assign", 1)
        self.step(one, "resolve", 6, text="按市级规定逐车申请夜间通行证。", choice=EXPLAINED)
        self.step(one, "follow_up", 4, text=self.data["dissatisfied"], choice=DISSATISFIED, length=7)
        due = str(one.steps[-1].due)
        asked = self.chain.between(str(one.steps[-1].on), due) - 2
        self.step(one, "ask_longer", asked, text="需与交警部门联合勘查。", due=self.chain.after(due, 5))
        self.step(one, "grant", 0, author="吴海涛")

    def fresh(self, one: _Issue, place: int) -> None:
        """Of the last two sessions: one only registered, one proposed to a unit, the others under way."""
        if one.session == _SESSIONS and place % 6 == 0:
            return
        if one.session == _SESSIONS and place % 6 == 1:
            self.step(one, "propose", 1)
            return
        self.step(one, "assign", 1, length=15)


# --- writing it down -------------------------------------------------------------------------------------------------


def _write_list(book: Book, past: _Past, rng: Random) -> None:
    with book.write(_("Import {file}", file="政企有约问题清单.xlsx"), at=_moment(_LISTED, 9)) as connection:
        for at, day in enumerate(past.days):
            if day < _LISTED:
                _session(connection, past, at, day)
        for place, (name, street) in enumerate(past.firms[_SESSIONS * _AT_SESSIONS :]):
            on = Chain().after(f"2024-01-{15 + place % 9:02d}", place * 6)
            by = past.data["leaders"][place % 4]
            serving.add_visit(connection, name, on=on, visitors=by, purpose="走访企业", unit=past.unit(street))
        _put(connection, [one for one in past.issues if one.raised < _LISTED], _LISTED)
    with book.write(_("Enter what the finance stewards achieved"), at=_moment(_LISTED, 10)) as connection:
        _steward_cases(connection, past, rng)


def _write_later(book: Book, past: _Past, before: str, last: str) -> None:
    """The sessions of a span as they were held, and at its end what was done since the last look."""
    for at, day in enumerate(past.days):
        if before <= day < last:
            label = _("Record session {number}: {count} issues", number=at + 1, count=6)
            with book.write(label, at=_moment(day, 17, 30)) as connection:
                _session(connection, past, at, day)
                _put(connection, [one for one in past.issues if one.session == at + 1], day)
    if last == LAST:
        _write_service(book, past)
    with book.write(_("Record what was done about the issues"), at=_moment(last, 17)) as connection:
        issues = past.issues
        _put(connection, [one for one in issues if not one.number and one.raised <= last], last)
        known = {one.number: _until(one, last) for one in issues if one.number and _until(one, before) != one.steps}
        put_steps(connection, known)


def _write_service(book: Book, past: _Past) -> None:
    """September's visits, to one enterprise more of them than there should be, and the policies that were sent."""
    leaders = past.data["leaders"]
    with book.write(_("Record visits and the policies sent"), at=_moment(LAST, 16)) as connection:
        for place, (on, firm, by, purpose) in enumerate(past.data["visits"]):
            serving.add_visit(
                connection, past.firms[firm][0], on=on, done=on <= LAST, requested="邀请" in purpose, purpose=purpose,
                visitors=leaders[place % 4].split("、")[place % 2], unit=past.unit(by),
            )  # fmt: skip
        for name, mark, tags, issued, until in past.data["policies"]:
            number = serving.add_policy(connection, name, number=mark, tags=tags, issued_on=issued, until=until)
            fitting = [one.company for one in matching(connection, number)][:12]
            serving.send_policy(connection, number, fitting, on="2024-09-03", author="高翔", channel="短信")


def _until(one: _Issue, day: str) -> Steps:
    return tuple(step for step in one.steps if (step.on or "") <= day)


def _session(connection: Connection, past: _Past, at: int, day: str) -> None:
    def turn(key: str) -> str:
        return str(past.data[key][at % len(past.data[key])])

    asked = dict.fromkeys(one.row["department"] for one in past.issues if one.session == at + 1)
    number = serving.add_session(
        connection, at + 1, on=day, theme=turn("themes"), place=turn("places"), leaders=turn("leaders"),
        departments="、".join(asked),
    )  # fmt: skip
    names = [name for name, _place in past.firms[at * _AT_SESSIONS : (at + 1) * _AT_SESSIONS]]
    serving.invite(connection, number, names, attended=True)


def _put(connection: Connection, issues: list[_Issue], day: str) -> None:
    if not issues:
        return
    for one, number in zip(issues, add_issues(connection, [one.row for one in issues]), strict=True):
        one.number = number
    put_steps(connection, {one.number: _until(one, day) for one in issues})


def _steward_cases(connection: Connection, past: _Past, rng: Random) -> None:
    data = past.data
    cuts = sorted(rng.sample(range(1, _MONEY // 50), _FIRMS - 1))
    parts = [(after - before) * 50 for before, after in pairwise((0, *cuts, _MONEY // 50))]
    for place, amount in enumerate(parts):
        on = (dt.date(2024, 1, 18) + dt.timedelta(days=place * 7 // 2)).isoformat()
        steward = data["stewards"][place % len(data["stewards"])]
        serving.add_steward_case(
            connection, past.firms[place][0], need=data["needs"][place % len(data["needs"])], wanted=amount * WAN,
            steward=steward, raised_on="2024-01-10", bank=steward.split()[0], obtained_on=on, obtained=amount * WAN,
        )  # fmt: skip
