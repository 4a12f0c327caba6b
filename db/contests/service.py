"""What people do with contests: save a scheme, hold it for a period, enter points, freeze, hear appeals, publish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from db.contests.models import (
    FROZEN,
    OPEN,
    PROJECT,
    PUBLISHED,
    contest,
    contest_appeal,
    contest_entry,
    contest_result,
    contest_scheme,
)
from db.contests.queries import Contest, as_kept, contest_of, entries_of, results, scheme_saved, schemes, scored
from db.contests.rules import Line, Part, ranked
from db.contests.schemes import GIVEN, KINDS, MOST, Scheme, presets, problems
from db.core import bulk, settings
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import Text, _
from db.per_mu.models import FILED, MICRO, REJECTED, UPHELD
from db.per_mu.schemes import plain
from db.per_mu.scoring import SCALE

APPEAL = "appeal"  # the kind of the part by which a decision changed a score


def _inserted(connection: Connection, table: Table, **values: Any) -> int:
    (new,) = bulk.take_ids(connection, table, 1)
    connection.execute(table.insert().values(id=new, **values))
    return new


def save_scheme(connection: Connection, data: Mapping[str, Any]) -> int:
    """Save a scheme as a new version of its key; contests that were held keep theirs. Raises `Refused`.

    The last version is written over while no contest is held by it.
    """
    read = Scheme.of(data)
    wrong = problems(read)
    if wrong:
        raise Refused(_("The scheme “{name}” cannot be used: {problems}", name=read.name, problems=wrong))
    values = {
        "key": read.key, "name": read.name, "subject": read.subject,
        "definition": json.dumps(dict(data), ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    of = contest_scheme.c
    last = connection.execute(select(of.id, of.version).where(of.key == read.key).order_by(of.version.desc())).first()
    held = select(contest.c.id).where(contest.c.scheme == (last.id if last else 0)).limit(1)
    if last is not None and connection.scalar(held) is None:
        connection.execute(update(contest_scheme).where(of.id == last.id).values(**values))
        return int(last.id)
    return _inserted(connection, contest_scheme, **values, version=(last.version if last else 0) + 1)


def begin(connection: Connection, scheme: int, period: str, *, name: str = "") -> int:
    """Hold a scheme for a period. Raises `Refused` where it is held for it already, `Usage` where that is no period."""
    read = scheme_saved(connection, scheme)
    span = Period.parse(period, cut=settings.get(connection, "month.cut"))
    same = select(contest.c.id).join(contest_scheme, contest_scheme.c.id == contest.c.scheme)
    same = same.where(contest_scheme.c.key == read.key, contest.c.period == span.text)
    if connection.scalar(same) is not None:
        raise Refused(_("“{name}” is held for {period} already.", name=read.name, period=span.text))
    return _inserted(
        connection, contest, scheme=scheme, name=name or read.name, period=span.text, first_on=span.first,
        last_on=span.last,
    )  # fmt: skip


def begin_by(connection: Connection, key: str, period: str) -> int:
    """The same by the key of a scheme; one that comes with the program is saved first."""
    _name, number = schemes(connection)[key]
    return begin(connection, save_scheme(connection, presets()[key]) if number is None else number, period)


def rearrange(
    connection: Connection, number: int, *, weights: Mapping[str, int] | None = None,
    targets: Mapping[str, Mapping[str, str]] | None = None, groups: Sequence[tuple[str, Sequence[str]]] | None = None,
    among: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Change the scheme of a contest that is being scored, as a new version; what was frozen keeps its own.

    weights: item → points in 10⁻⁶. targets: item → name → decimal. groups: (name, members). among: as
    `among.offered` gives it. What is None stays.
    """
    data = definition_of(connection, number)
    for one in (one for kind in KINDS.values() for one in data.get(kind, ())):
        if weights and one["code"] in weights:
            one["weight"] = plain(Fraction(weights[one["code"]], MICRO))
        if targets and one["code"] in targets:
            one["targets"] = dict(targets[one["code"]])
    if groups is not None:
        data["groups"] = [{"name": name, "members": list(members)} for name, members in groups]
    if among is not None:
        data["among"] = dict(among) or None
    return hold_by(connection, number, data)


def definition_of(connection: Connection, number: int) -> dict[str, Any]:
    """The scheme of a contest as JSON, to be changed. Raises `Refused` once it is frozen."""
    of = _open(connection, number)
    text = connection.scalar(select(contest_scheme.c.definition).where(contest_scheme.c.id == of.scheme))
    found: dict[str, Any] = json.loads(str(text))
    return found


def hold_by(connection: Connection, number: int, data: Mapping[str, Any]) -> int:
    """Hold a contest by a changed scheme, saved as a new version. Raises `Refused` for what is wrong with it."""
    saved = save_scheme(connection, data)
    connection.execute(update(contest).where(contest.c.id == number).values(scheme=saved))
    return saved


def remove(connection: Connection, number: int) -> None:
    """Throw a contest away with what was entered for it; refused once it is published."""
    of = contest_of(connection, number)
    if of.state == PUBLISHED:
        raise Refused(_("“{name}” was published on {day} and stays as it is.", name=of.name, day=of.published_on))
    kept = select(contest_result.c.id).where(contest_result.c.contest == number)
    connection.execute(delete(contest_appeal).where(contest_appeal.c.result.in_(kept)))
    for table in (contest_result, contest_entry):
        connection.execute(delete(table).where(table.c.contest == number))
    connection.execute(delete(contest).where(contest.c.id == number))


def enter(
    connection: Connection, number: int, item: str, subject: int, *, points: int | None, reason: str = ""
) -> None:
    """Enter points in 10⁻⁶ for an item that no figure gives; None takes them back. Raises `Refused`."""
    of = _open(connection, number)
    scheme = scheme_saved(connection, of.scheme)
    one = scheme.item(item)
    if one.method != GIVEN:
        raise Refused(_("“{name}” comes from a figure and is not entered.", name=one.name))
    if points is not None and not 0 <= points <= one.most * MICRO:
        raise Refused(fields={item: _("“{name}”: from 0 to {most} points.", name=one.name, most=str(one.most))})
    at, to = contest_entry.c, _whose(of)
    same = (at.contest == number) & (at.item == item) & (at[to] == subject)
    if points is None:
        connection.execute(delete(contest_entry).where(same))
        return
    values: dict[str, Any] = {"points": points, "reason": reason.strip() or None}
    if not connection.execute(update(contest_entry).where(same).values(**values)).rowcount:
        _inserted(connection, contest_entry, contest=number, item=item, **{to: subject}, **values)


def _whose(of: Contest) -> str:
    return "project" if of.subject == PROJECT else "unit"


def _open(connection: Connection, number: int) -> Contest:
    of = contest_of(connection, number)
    if of.state != OPEN:
        raise Refused(_("“{name}” was frozen on {day}; an appeal can still change it.", name=of.name, day=of.frozen_on))
    return of


def freeze(connection: Connection, number: int, *, on: str) -> None:
    """Keep the league table as it is now, whatever becomes of the figures later. Raises `Refused`."""
    of = _open(connection, number)
    scheme = scheme_saved(connection, of.scheme)
    lines = scored(connection, of, scheme, entries_of(connection, number))
    if not lines:
        raise Refused(_("Nobody competes in “{name}”.", name=of.name))
    columns = ("contest", _whose(of), "name", "team", "score", "rank", "star", "flag", "content")
    rows = [(number, one.subject.id, one.subject.name, *_cells(one)) for one in lines]
    bulk.insert(connection, contest_result, columns, rows)
    connection.execute(update(contest).where(contest.c.id == number).values(frozen_on=on))


def _cells(one: Line) -> tuple[Any, ...]:
    content = json.dumps([as_kept(part) for part in one.parts], ensure_ascii=False)
    return one.subject.group or None, one.score, one.rank, one.star or None, int(one.flag), content


def forget_projects(connection: Connection, numbers: Sequence[int]) -> None:
    """What was entered for projects goes with them; what was frozen stays under their names."""
    for some in bulk.chunks(list(numbers)):
        connection.execute(delete(contest_entry).where(contest_entry.c.project.in_(some)))
        connection.execute(update(contest_result).where(contest_result.c.project.in_(some)).values(project=None))


def publish(connection: Connection, number: int, *, on: str) -> None:
    """Publish a frozen league table; refused while an appeal waits for its decision."""
    of = contest_of(connection, number)
    if of.state != FROZEN:
        raise Refused(
            _("“{name}” was published on {day} and stays as it is.", name=of.name, day=of.published_on)
            if of.published_on
            else _("Freeze the scores first; then they can be published.")
        )
    waiting = connection.scalar(
        select(func.count())
        .select_from(contest_appeal.join(contest_result, contest_result.c.id == contest_appeal.c.result))
        .where(contest_result.c.contest == number, contest_appeal.c.state == FILED)
    )
    if waiting:
        raise Refused(_("{count} appeals wait for their decision; decide them first.", count=waiting))
    connection.execute(update(contest).where(contest.c.id == number).values(published_on=on))


def appeal(connection: Connection, result: int, text: str, *, on: str) -> int:
    """Somebody appeals against a frozen result (申诉). Raises `Refused` without a reason."""
    if not text.strip():
        raise Refused(fields={"text": _("An appeal says what it is about.")})
    number = connection.scalar(select(contest_result.c.contest).where(contest_result.c.id == result))
    if number is None:
        raise Refused(_("Freeze the scores first; then there is something to appeal against."))
    of = contest_of(connection, number)
    if of.state == PUBLISHED:
        raise Refused(_("“{name}” was published on {day} and stays as it is.", name=of.name, day=of.published_on))
    return _inserted(connection, contest_appeal, result=result, filed_on=on, text=text.strip(), state=FILED)


def decide(connection: Connection, number: int, *, upheld: bool, decision: str, on: str, points: int = 0) -> None:
    """Decide an appeal, always with the reason. points: by how much the score changes where it is upheld, in 10⁻⁶.

    The change is a part of the score, and the group is ranked anew.
    """
    row = connection.execute(select(contest_appeal).where(contest_appeal.c.id == number)).one_or_none()
    if row is None or row.state != FILED:
        raise Refused(_("The appeal is decided already, or gone."))
    if not decision.strip():
        raise Refused(fields={"decision": _("A decision needs its reason.")})
    if abs(points) > MOST * MICRO:
        raise Refused(fields={"points": _("At most {most} points.", most=f"{MOST:,}")})
    values: dict[str, Any] = {
        "state": UPHELD if upheld else REJECTED, "decided_on": on, "decision": decision.strip(),
        "points": points if upheld else None,
    }  # fmt: skip
    connection.execute(update(contest_appeal).where(contest_appeal.c.id == number).values(**values))
    if upheld and points:
        _change(connection, row.result, number, points, decision.strip())


def _change(connection: Connection, result: int, number: int, points: int, why: str) -> None:
    of = contest_of(
        connection, connection.scalar(select(contest_result.c.contest).where(contest_result.c.id == result)) or 0
    )
    scheme = scheme_saved(connection, of.scheme)
    lines = results(connection, of)
    old = lines[result]
    part = Part(f"{APPEAL}-{number}", "", APPEAL, points * (SCALE // MICRO), Text(why))
    lines[result] = replace(old, parts=(*old.parts, part), score=old.score + part.points)
    numbers = {one.subject.id: key for key, one in lines.items()}
    for one in ranked(scheme, list(lines.values())):
        team, total, rank, star, flag, content = _cells(one)
        values = {"team": team, "score": total, "rank": rank, "star": star, "flag": flag, "content": content}
        key = numbers[one.subject.id]
        connection.execute(update(contest_result).where(contest_result.c.id == key).values(**values))
