"""What a scheme consists of, changed piece by piece: an item put in or taken out, stars and flags; points as a block."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete

from db.contests.models import PROJECT, contest_entry
from db.contests.queries import OVERDUE, League
from db.contests.schemes import GIVEN, KINDS, Item, targets_read
from db.contests.service import definition_of, enter, hold_by
from db.core import settings
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import Text, _
from db.overview.definitions import BY_KEY
from db.overview.figures import figures
from db.per_mu.models import MICRO
from db.per_mu.schemes import plain

SCALES: Mapping[str, int] = {"万元": 10**4, "亿元": 10**8}  # a unit of money → how many yuan
OF_PROJECTS: Mapping[str, Text] = {
    "paid_in.reported": BY_KEY["paid_in.reported"].label,
    "paid_in.verified": BY_KEY["paid_in.verified"].label,
    "fixed_assets.done": BY_KEY["fixed_assets.done"].label,
    "investment": _("Agreed investment"),
    OVERDUE: _("Overdue milestones"),
}


def figures_known(connection: Connection, found: League) -> dict[str, Text]:
    """Key → label of every figure by which this contest can be scored: those that are counted by unit, or by project."""
    if found.scheme.subject == PROJECT:
        return dict(OF_PROJECTS)
    period = Period.parse(found.contest.period, cut=settings.get(connection, "month.cut"))
    told = figures(connection, period, by=found.scheme.subject)
    by_unit = {key for group in told["by"].values() for key in group} or BY_KEY.keys()
    known = {
        key: one["label"] for key, one in told["figures"].items() if key in by_unit and not key.startswith("targets.")
    }
    return _distinct(known)


def _distinct(known: Mapping[str, Text]) -> dict[str, Text]:
    """A label that two figures share carries the key, so that choosing it means one of them."""
    said = [label.render("zh") for label in known.values()]
    return {
        key: _("{label} ({key})", label=label, key=key) if said.count(label.render("zh")) > 1 else label
        for key, label in known.items()
    }


def put_item(connection: Connection, number: int, values: Mapping[str, Any], *, code: str = "") -> str:
    """Put an item into the scheme of a contest that is being scored, or change the one of this code; gives its code.

    values: kind, name, method, figure, since, unit (a key of `SCALES`, else as the figure is), min_investment (yuan),
    beyond, lower, steps (“10 4” a line); weight, each, cap, target in 10⁻⁶. Raises `Refused`.
    """
    if not (values.get("name") or "").strip():
        raise Refused(fields={"name": _("An item needs a name.")})
    data = definition_of(connection, number)
    there = [(kind, place) for kind in KINDS.values() for place in range(len(data.get(kind, ())))]
    codes = {data[kind][place]["code"]: (kind, place) for kind, place in there}
    old: dict[str, Any] = {}
    wanted = KINDS[values["kind"]]
    made = code or next(f"item{at}" for at in range(1, len(codes) + 2) if f"item{at}" not in codes)
    kind, place = codes.get(code, ("", 0))
    if kind:
        old = data[kind][place]
    new = _item(old, values) | {"code": made}
    if kind == wanted:
        data[kind][place] = new
    else:
        if kind:
            del data[kind][place]
        data.setdefault(wanted, []).append(new)
    hold_by(connection, number, data)
    return made


def _item(old: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of an item: what was typed over what it was; what says nothing is left out."""
    new = dict(old) | {
        "name": values["name"].strip(),
        "method": values["method"],
        "weight": _decimal(values["weight"]) or "0",
    }
    given = values["method"] == GIVEN
    told: dict[str, Any] = {key: _decimal(values.get(key)) for key in ("each", "cap", "target")}
    told |= {key: values.get(key) or None for key in ("figure", "since", "min_investment")}
    told |= {key: bool(values.get(key)) or None for key in ("beyond", "lower")}
    told |= {"steps": _steps(values.get("steps") or "") or None}
    unit = values.get("unit") or ""
    if unit in SCALES:
        told |= {"unit": unit, "scale": str(SCALES[unit])}
    elif new.get("unit") in SCALES:
        told |= {"unit": None, "scale": None}
    for key, value in told.items():
        new.pop(key, None)
        if value is not None and not given:
            new[key] = value
    return new


def _decimal(micro: int | None) -> str | None:
    return None if micro is None else plain(Fraction(micro, MICRO))


def steps_said(item: Item) -> str:
    """Steps as a person writes them: 10 4, one a line."""
    return "\n".join(f"{plain(low)} {plain(points)}" for low, points in item.steps)


def _steps(text: str) -> list[list[str]]:
    """What `steps_said` wrote."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            low, points = (plain(Fraction(one)) for one in line.split())
        except (ValueError, ZeroDivisionError):
            raise Refused(
                fields={"steps": _("“{line}”: write from how many on, a blank and the points.", line=line)}
            ) from None
        found.append([low, points])
    return found


def drop_item(connection: Connection, number: int, code: str) -> None:
    """Take an item out of the scheme, with what was entered for it in this contest. Raises `Refused` for the last one."""
    data = definition_of(connection, number)
    for kind in KINDS.values():
        data[kind] = [one for one in data.get(kind, ()) if one["code"] != code]
    hold_by(connection, number, data)
    of = contest_entry.c
    connection.execute(delete(contest_entry).where(of.contest == number, of.item == code))


def mark(connection: Connection, number: int, *, stars: str, flag: str, flags: int) -> None:
    """Other stars (“五星 95” a line, the best first), another flag (none: "") and how many of each group have it."""
    data = definition_of(connection, number)
    found = []
    for line in filter(None, map(str.strip, stars.splitlines())):
        name, _blank, least = line.replace("\t", " ").rpartition(" ")
        try:
            found.append([name.strip(), plain(Fraction(least))])
        except (ValueError, ZeroDivisionError):
            name = ""
        if not name.strip():
            raise Refused(
                fields={"stars": _("“{line}”: write the star, a blank and from how many points on.", line=line)}
            )
    hold_by(connection, number, data | {"stars": found, "flag": flag.strip(), "flags": flags})


def enter_block(connection: Connection, found: League, item: str, text: str, *, reason: str = "") -> int:
    """Enter the points of many: two columns of a spreadsheet, who and how many; gives of how many. Raises `Refused`.

    A first line that names nobody and holds no number is the heading.
    """
    known = {one.line.subject.name: one.line.subject.id for one in found.rows}
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and not any(letter.isdigit() for letter in lines[0]) and lines[0].split("\t")[0].strip() not in known:
        del lines[0]
    told = _points(lines, known)
    if not told:
        raise Refused(fields={"block": _("There are no points here. Paste two columns: who, and the points.")})
    try:
        for name, points in told.items():
            enter(connection, found.contest.id, item, known[name], points=points, reason=reason)
    except Refused as refused:
        raise Refused(fields={"block": refused.fields.get(item, refused.sentence)}) from refused
    return len(told)


def _points(lines: list[str], known: Mapping[str, int]) -> dict[str, int]:
    told: dict[str, int] = {}
    for line in lines:
        ((name, points),) = targets_read(line, known, "block").items()
        if name in told:
            raise Refused(fields={"block": _("“{name}” is there twice.", name=name)})
        told[name] = int(Fraction(points) * MICRO)
    return told
