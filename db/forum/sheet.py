"""What the import is told about issues: a list in any layout, sessions as banner rows or as a column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.models import company
from db.core import listing, own, settings
from db.core.dates import read_day
from db.core.text import _
from db.forum.adding import ROOM, add_columns, refused
from db.forum.fields import FORUM_FIELDS, field_of
from db.forum.models import forum_session, issue
from db.forum.service import delete_issues, set_values
from db.people.queries import called_units
from db.sheets import remembered
from db.sheets.room import RoomSheet

Cell = tuple[int, str, Any]

_NUMERALS = {sign: at for at, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SESSION = re.compile(r"第\s*(?P<number>\d+|[〇零一二两三四五六七八九十百]+)\s*(?:期|次|场|届|季)")
_DAY = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")
_WORDS: Mapping[str, Mapping[str, int]] = {
    "resolved": {
        "已办结": 1,
        "办结": 1,
        "已完成": 1,
        "已解决": 1,
        "未办结": 0,
        "正在办理": 0,
        "办理中": 0,
        "未完成": 0,
        "在办": 0,
    },
}


def existing(connection: Connection) -> list[dict[str, Any]]:
    """Id and what tells issues apart, of all of them."""
    query = select(
        issue.c.id, issue.c.text, company.c.name.label("company"), forum_session.c.number.label("session")
    ).select_from(
        issue.join(company, company.c.id == issue.c.company).outerjoin(
            forum_session, forum_session.c.id == issue.c.session
        )
    )
    return [dict(row) for row in connection.execute(query.order_by(issue.c.id)).mappings()]


def current(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Id → cell key → stored value, for the cells an import wants to compare."""
    fields = [one for key in keys if (one := field_of(key)) is not None and one.read is not None]
    names = [one.key for one in fields]
    rows = listing.rows(connection, issue, fields, ids)
    found: dict[int, dict[str, Any]] = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    if any(key.startswith(own.PREFIX) for key in keys):
        for number, values in own.values_of(connection, ROOM, list(found)).items():
            found[number] |= {own.PREFIX + label: value for label, value in values.items()}
    return found


def update(connection: Connection, cells: Sequence[Cell]) -> None:
    """Write single cells of issues that are there already."""
    set_values(connection, cells)


def session_said(words: str) -> dict[str, int | str]:
    """What a banner says: 第1期（2024年1月22日） → the session's number and day; {} where it names none."""
    found = _SESSION.search(words)
    if found is None:
        return {}
    said: dict[str, int | str] = {"session": _number(found["number"])}
    day = _DAY.search(words)
    value = read_day("".join(day[0].split())).value if day else None
    return said | ({"raised_on": value} if isinstance(value, str) else {})


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    hundreds, _mark, rest = words.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    number = _NUMERALS.get(hundreds, 1 if hundreds else 0) * 100
    return number + (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones.lstrip("零〇"), 0)


def context(words: str) -> Mapping[str, Any]:
    """What a group row or a title says of the issues under it."""
    return session_said(words)


def spill(key: str, words: str) -> tuple[str, Any] | None:
    """What words mean where a number or a day belongs: 第3期 in a column of sessions, 已办结 in one of yes and no."""
    if key == "session" and (said := session_said(words)):
        return "session", said["session"]
    if key == "resolved" and words.strip() in _WORDS[key]:
        return key, _WORDS[key][words.strip()]
    return None


def aliases(connection: Connection, key: str) -> Mapping[str, str]:
    """Other names of units → the name of the book, so that a short or former name is no change."""
    return (
        called_units(connection, settings.get(connection, "district.name")) if key in ("street", "department") else {}
    )


FORUM_SHEET = RoomSheet(
    room=ROOM,
    label=_("Forum"),
    fields=FORUM_FIELDS,
    monthly=frozenset(),
    logs=frozenset({"handling"}),
    identity=(("text", "company", "session"), ("text", "company")),
    required=("company", "text"),
    whole_sheet=("session",),
    existing=existing,
    current=current,
    insert=add_columns,
    update=update,
    check=refused,
    table=issue.name,
    fill_down=frozenset({"company", "session", "raised_on"}),
    spill=spill,
    context=context,
    remarks="remarks",
    own_headings=own.headings_of(ROOM),
    remember_layout=own.layout_keeper(ROOM),
    recall_layout=own.layout_finder(ROOM),
    like_layout=remembered.finder(ROOM),
    aliases=aliases,
    delete=delete_issues,
)
