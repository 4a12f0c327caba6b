"""Projects and activities as the lists behind a report: plain lines in, tables out.

Each list is marked as detail: the summaries beside it are computed over it, in print and as live formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import compress
from typing import Any

from sqlalchemy import Connection, func, select

from db.core import bulk, listing
from db.core.fields import Field
from db.core.formats import show
from db.core.text import Text, _
from db.people.models import person, unit
from db.projects.fields import field_of
from db.projects.models import activity, activity_lead, project
from db.reports.report import Cell, Column, Table

# What the lists look up for their projects.
KEYS = ("name", "investor", "source_place", "stage", "department", "planned_start_on", "not_started_reason")

ACTIVITY_KINDS: Mapping[str, Text] = {
    "outbound": _("Outbound visit"),
    "received": _("Visit received"),
    "promotion": _("Promotion event"),
}


@dataclass(frozen=True)
class Line:
    """One project in a list: its statistical day, its money (hundredths of yuan) and the groups it is counted in.

    groups: street, industry, source, size → the name of the group, as the summaries say it. mark: what else a summary
    counts by (new or increase, large or not), as words.
    """

    id: int
    day: str
    money: int | None
    groups: Mapping[str, str]
    mark: str = ""


@dataclass(frozen=True)
class ListWords:
    """What a list is called: key, title, name of its sheet, the line with its date."""

    key: str
    title: str
    sheet: str
    stand: str


Shown = Mapping[int, Mapping[str, str]]
Cells = Callable[[int, Line, Mapping[str, str]], Cell]
_Columns = Sequence[tuple[Column, Cells]]


def ten_thousands(money: int | None) -> int | Decimal | None:
    """Hundredths of a yuan in 万元, exact."""
    if money is None:
        return None
    return money // 10**6 if money % 10**6 == 0 else Decimal(money).scaleb(-6).normalize()


def described(connection: Connection, ids: Sequence[int], lang: str) -> Shown:
    """Id → key → what a list shows of a project; dates as ISO text."""
    fields = [_field(key) for key in KEYS]
    found: dict[int, Mapping[str, str]] = {}
    for row in listing.rows(connection, project, fields, ids):
        values = zip(fields, row[1:], strict=True)
        found[row[0]] = {field.key: show(field.kind, value, lang) for field, value in values}
    return found


def _field(key: str) -> Field:
    found = field_of(key)
    assert found is not None, key
    return found


def signed_list(words: ListWords, lines: Sequence[Line], shown: Shown, lang: str) -> Table:
    """New signings and what capital increases added."""
    columns: _Columns = (
        *_head(lang),
        (Column("kind", _say(_("Counted as"), lang), "centre"), lambda _place, line, _of: line.mark),
        _group("street", _("Place"), lang),
        _known("investor", _("Investor"), lang),
        _known("source_place", _("Origin of funds"), lang),
        _group("industry", _("Industry"), lang),
        _group("source", _("Source of funds"), lang),
        _group("size", _("Size"), lang),
        _money("agreed", _("Agreed investment"), lines, lang),
        _day("day", _("Statistical date"), lang),
        _known("stage", _("Stage"), lang, "centre"),
    )
    return _table(words, columns, lines, shown, lang)


def begun_list(words: ListWords, lines: Sequence[Line], shown: Shown, lang: str, *, large: str = "") -> Table:
    """Starts or productions, by total investment. large: heading of the column that marks the large ones."""
    columns: list[tuple[Column, Cells]] = [
        *_head(lang),
        _group("street", _("Place"), lang),
        _known("investor", _("Investor"), lang),
        _group("industry", _("Industry"), lang),
        _money("total", _("Total investment"), lines, lang),
    ]
    if large:
        columns.append((Column("large", large, "centre"), lambda _place, line, _of: line.mark))
    columns += [
        _day("day", _("Statistical date"), lang),
        _known("department", _("Responsible unit"), lang),
    ]
    return _table(words, columns, lines, shown, lang)


def stuck_signed_list(words: ListWords, lines: Sequence[Line], shown: Shown, lang: str, *, end: str) -> Table:
    """Signed long ago and not started, the largest first; days are counted to `end`. Units are named, not leaders."""
    columns: _Columns = (
        *_head(lang),
        _group("street", _("Place"), lang),
        _known("investor", _("Investor"), lang),
        _money("agreed", _("Agreed investment"), lines, lang),
        _day("day", _("Signed on"), lang),
        (Column("days", _say(_("Days since"), lang), "number"), lambda _place, line, _of: _days(line.day, end)),
        (
            Column("planned", _say(_("Planned start"), lang), "date"),
            lambda _place, _line, of: of.get("planned_start_on") or None,
        ),
        _known("department", _("Responsible unit"), lang),
        _known("not_started_reason", _("Why not started"), lang),
    )
    return _table(words, columns, lines, shown, lang)


def stuck_started_list(words: ListWords, lines: Sequence[Line], shown: Shown, lang: str, *, end: str) -> Table:
    """Started long ago and not producing, the largest first."""
    columns: _Columns = (
        *_head(lang),
        _group("street", _("Place"), lang),
        _known("investor", _("Investor"), lang),
        _money("total", _("Total investment"), lines, lang),
        _day("day", _("Started on"), lang),
        (Column("days", _say(_("Days since"), lang), "number"), lambda _place, line, _of: _days(line.day, end)),
        _known("department", _("Responsible unit"), lang),
    )
    return _table(words, columns, lines, shown, lang)


def activity_list(connection: Connection, words: ListWords, ids: Sequence[int], lang: str) -> Table:
    """Promotion activities by day, each with the leads it found."""
    rows: list[tuple[Cell, ...]] = []
    for some in bulk.chunks(list(ids)):
        rows += [tuple(row) for row in connection.execute(_activities(some))]
    rows.sort(key=lambda row: (str(row[0]), str(row[2] or "")))
    columns = (
        Column("no", _say(_("No."), lang), "centre"),
        Column("day", _say(_("Date"), lang), "date"),
        Column("kind", _say(_("Kind"), lang), "centre"),
        Column("title", _say(_("Activity"), lang)),
        Column("place", _say(_("Where"), lang)),
        Column("unit", _say(_("Organised by"), lang)),
        Column("leader", _say(_("Headed by"), lang), "centre"),
        Column("companies", _say(_("Companies"), lang)),
        Column("leads", _say(_("Leads"), lang), "number", total="sum"),
    )
    cells = tuple((place, row[0], _kind(str(row[1]), lang), *row[2:]) for place, row in enumerate(rows, 1))
    leads = sum(int(str(row[-1] or 0)) for row in rows)
    table = Table(
        words.key, words.title, columns, cells, sheet=words.sheet, stand=words.stand, landscape=True, detail=True,
        unit=_say(_("projects"), lang), totals=(*[None] * 8, leads), total_label=_say(_("Total"), lang),
    )  # fmt: skip
    table = without_empty(table, ("title", "place", "unit", "leader", "companies", "leads"))
    return table if leads else replace(table, totals=None, unit="")


def without_empty(table: Table, keys: Sequence[str]) -> Table:
    """The table without those of the columns `keys` in which no record says anything."""
    said = [any(row[at] for row in table.rows) or column.key not in keys for at, column in enumerate(table.columns)]
    return replace(
        table,
        columns=tuple(compress(table.columns, said)),
        rows=tuple(tuple(compress(row, said)) for row in table.rows),
        totals=None if table.totals is None else tuple(compress(table.totals, said)),
    )


def _activities(ids: Sequence[int]) -> Any:
    of = activity.c
    counted = select(func.count()).where(activity_lead.c.activity == of.id).scalar_subquery()
    source = activity.outerjoin(unit, unit.c.id == of.unit).outerjoin(person, person.c.id == of.leader)
    columns = (of.on_day, of.kind, of.title, of.place, unit.c.name, person.c.name, of.companies, counted)
    return select(*columns).select_from(source).where(of.id.in_(list(ids)))


def _kind(key: str, lang: str) -> str:
    known = ACTIVITY_KINDS.get(key)
    return known.render(lang) if known else key


def _say(text: Text, lang: str) -> str:
    return text.render(lang)


def _head(lang: str) -> _Columns:
    return (
        (Column("no", _say(_("No."), lang), "centre"), lambda place, _line, _of: place),
        _known("name", _("Project name"), lang),
    )


def _known(key: str, label: Text, lang: str, kind: Any = "text") -> tuple[Column, Cells]:
    return Column(key, _say(label, lang), kind), lambda _place, _line, of: of.get(key, "")


def _group(key: str, label: Text, lang: str) -> tuple[Column, Cells]:
    return Column(key, _say(label, lang)), lambda _place, line, _of: line.groups.get(key, "")


def _day(key: str, label: Text, lang: str) -> tuple[Column, Cells]:
    return Column(key, _say(label, lang), "date"), lambda _place, line, _of: line.day or None


def _money(key: str, label: Text, lines: Sequence[Line], lang: str) -> tuple[Column, Cells]:
    parts = any((line.money or 0) % 10**6 for line in lines)
    column = Column(key, _say(label, lang), "number", decimals=2 if parts else 0, total="sum")
    return column, lambda _place, line, _of: ten_thousands(line.money)


def _days(since: str, until: str) -> int | None:
    return (date.fromisoformat(until) - date.fromisoformat(since)).days if since else None


def _table(words: ListWords, columns: _Columns, lines: Sequence[Line], shown: Shown, lang: str) -> Table:
    rows = tuple(
        tuple(cell(place, line, shown.get(line.id, {})) for _column, cell in columns)
        for place, line in enumerate(lines, 1)
    )
    whole = ten_thousands(sum(line.money or 0 for line in lines))
    totals = tuple(whole if column.total == "sum" else None for column, _cell in columns)
    table = Table(
        words.key, words.title, tuple(column for column, _cell in columns), rows, sheet=words.sheet,
        stand=words.stand, unit=_say(_("10,000 yuan"), lang), totals=totals, total_label=_say(_("Total"), lang),
        landscape=True, detail=True,
    )  # fmt: skip
    return without_empty(table, (*KEYS[1:], "planned"))
