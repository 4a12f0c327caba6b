"""What the import is told about issues: a list in any layout, sessions as banner rows or as a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.models import company
from db.core import listing, own, settings
from db.core.columns import Columns, size
from db.core.dates import read_day
from db.core.fields import Field, Flag, Whole
from db.core.formats import understand
from db.core.reading import half_width
from db.core.text import _
from db.forum.adding import add_columns, refused
from db.forum.courses import chain_of
from db.forum.fields import FORUM_FIELDS, field_of
from db.forum.models import DISSATISFIED, DONE, ROOM, SATISFACTION, SATISFIED, STATE, forum_session, issue
from db.forum.rules import Chain
from db.forum.service import delete_issues, set_values
from db.people.queries import called_units
from db.sheets import remembered
from db.sheets.room import Doubt, RoomSheet

Cell = tuple[int, str, Any]

_NUMERALS = {sign: at for at, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SESSION = re.compile(r"第\s*(?P<number>\d+|[〇零一二两三四五六七八九十百]+)\s*(?:期|次|场|届|季)")
_DAY = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")
_DONE = re.compile(
    r"(?:已经?|均已|全部|现场|当场|当日|即时)*(?:办结|解决|完成|销号|办理完成|办理完毕|处理完毕|答复完毕|落实到位|整改到位)"
)
_IN_HAND = re.compile(
    r"(?:(?:尚未|暂未|还未|未|没有|待|正在|正|持续|长期|继续|加快|积极)(?:办结|办理|解决|完成|销号|答复|落实|推进|协调|处理|跟进|整改|坚持)?"
    r"|(?:办理|处理|推进|协调|落实|解决|跟进|整改|进行)|在办)中?"
)
_BRACKET = re.compile(r"\(([^()]*)\)$")
_VAGUE = re.compile(
    r"(?:[一二两三四五六七八九十半\d]+个?半?(?:月|周|星期|季度|年)(?:之?内|以内|左右)?|长期(?:坚持|推进)?|持续(?:推进|跟进)?|尽快|及时|立即|立行立改|即知即改"
    r"|(?:\d{4}年|今年|明年|年)?(?:年?底|年?内|[上下]半年|第?[一二三四]季度)(?:之?前)?)"
)
_TERM = re.compile(r"(\d{1,3})\s*(?:个)?\s*(?:工作)?[日天]?(?:内|以内|之内)?")


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


def spill(key: str, words: str) -> dict[str, Any]:
    """What words mean where a number, a day or yes and no belong: 第3期, 15个工作日, 正在办理, 已办结（满意）."""
    if key == "session" and (said := session_said(words)):
        return {"session": said["session"]}
    if key in ("due_on", TERM):
        return _deadline(key, half_width(words))
    if key == "satisfaction":
        ticked = understand(Flag(), words).value
        return {} if ticked is None else {key: SATISFIED if ticked else DISSATISFIED}
    return _whether_resolved(words) if key == "resolved" else {}


def _deadline(key: str, words: str) -> dict[str, Any]:
    """15个工作日 is a term, 2024.5.31 in a column of terms a day; 一个月内, 长期 are kept as words."""
    if term := _TERM.fullmatch(words):
        return {TERM: int(term[1])}
    if key == TERM and (day := read_day(words).value) is not None:
        return {"due_on": day}
    return {"remarks": words} if _VAGUE.fullmatch("".join(words.split())) else {}


def _whether_resolved(words: str) -> dict[str, Any]:
    """已办结, 正在办理, a state of the board; in brackets behind it what the enterprise thinks of it."""
    plain = "".join(half_width(words).split())
    beside = _BRACKET.search(plain)
    rating = understand(SATISFACTION, beside[1].removeprefix("企业")).value if beside else None
    if beside and rating is None:
        return {}
    bare = plain[: beside.start()] if beside else plain
    state = understand(STATE, bare).value
    done = state in DONE if state is not None else bool(_DONE.fullmatch(bare))
    if state is None and not done and not _IN_HAND.fullmatch(bare):
        return {}
    return {"resolved": int(done)} | ({"satisfaction": rating} if rating is not None else {})


def doubtful(connection: Connection | None, columns: Columns) -> Iterator[Doubt]:
    """A deadline told in working days is the day on which they end; where no column tells what is done, 已办结 does."""
    if "resolved" not in columns:
        for place, handled in enumerate(columns.get("handling", ())):
            if handled and _whether_resolved(str(handled)).get("resolved"):
                why = _("“{words}” says that it is done; no column says so.", words=handled)
                yield Doubt(place, "resolved", "done", why, values={"": 1})
    if TERM not in columns:
        return
    chain = chain_of(connection) if connection is not None else Chain()
    given = columns.get("assigned_on") or [None] * size(columns)
    for place, (term, day) in enumerate(zip(columns[TERM], given, strict=True)):
        if term and day:
            due = chain.after(str(day), int(term))
            why = _("{count} working days after the assignment on {day} are {due}.", count=term, day=day, due=due)
            yield Doubt(place, "due_on", "term", why, values={"": due})
        elif term:
            why = _("A deadline in working days, but no day of the assignment to count from: it was left out.")
            yield Doubt(place, "due_on", "term", why)


def aliases(connection: Connection, key: str) -> Mapping[str, str]:
    """Other names of units → the name of the book, so that a short or former name is no change."""
    return (
        called_units(connection, settings.get(connection, "district.name")) if key in ("street", "department") else {}
    )


TERM = "term"
_TERMS = (
    "办理时限（工作日）",
    "办理时限（天）",
    "时限（工作日）",
    "时限（天）",
    "办理天数",
    "限办天数",
    "办理期限（工作日）",
    "办结时限（工作日）",
)

FORUM_SHEET = RoomSheet(
    room=ROOM,
    label=_("Forum"),
    fields=(*FORUM_FIELDS, Field(TERM, _("Working days for it"), Whole("工作日"), _TERMS, "stated")),
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
    stated=frozenset({TERM}),
    doubts=doubtful,
    delete=delete_issues,
)
