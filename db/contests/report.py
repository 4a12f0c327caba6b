"""The league table on paper: as a report of its own (Excel, PDF), and as a section of the month for which it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, select

from db.contests.models import PUBLISHED, contest
from db.contests.schemes import BONUS, DEDUCTION
from db.core.period import Period, period_name
from db.core.text import Text, _
from db.per_mu.schemes import plain
from db.reports.report import Column, Paragraph, Report, Section, Table

if TYPE_CHECKING:
    from db.contests.queries import League, Standing

KEY = "contests"
SCALE = 10**12
KINDS: Mapping[str, Text] = {BONUS: _("bonus"), DEDUCTION: _("deduction"), "appeal": _("appeal")}


def points(scaled: int) -> Decimal:
    """Points in 10⁻¹² as they are printed: two decimals, half up."""
    return Decimal(plain(Fraction(scaled, SCALE), 2))


def movement(rows: int | None) -> str:
    """How a place moved: ▲2, ▼1, — where it stayed, nothing where there was none before."""
    if rows is None:
        return ""
    return f"▲{rows}" if rows > 0 else f"▼{-rows}" if rows < 0 else "—"


def marks(one: Standing, flag: str) -> str:
    """Star and flag."""
    return "、".join(word for word in (one.line.star, flag if one.line.flag else "") if word)


def league_report(found: League, *, lang: str) -> Report:
    """The league table, and every point of it explained as an appendix."""
    name = period_name(Period(found.contest.first_on, found.contest.last_on, found.contest.period, _months(found)))
    title = _("{name}: league table", name=found.contest.name).render(lang)
    section = Section(
        KEY, _("Results of the contest").render(lang), (Paragraph((said(found, lang),)), league_table(found, lang))
    )
    return Report(
        title, (section,), "zh" if lang == "zh" else "en", period=(found.contest.first_on, found.contest.last_on),
        subtitle=f"（{name.render(lang)}）" if lang == "zh" else f"({name.render(lang)})",
        appendix=(explained(found, lang),), draft_mark=found.contest.state != PUBLISHED,
    )  # fmt: skip


def _months(found: League) -> tuple[str, str] | None:
    low, _dots, high = found.contest.period.partition("..")
    return (low, high or low) if len(low) == 7 else None


def said(found: League, lang: str) -> str:
    """One sentence: how many competed, and who carries the flag."""
    flags = [one.line.subject.name for one in found.rows if one.line.flag]
    count = len(found.rows)
    among = f"（{found.scheme.among[0]}）" if found.scheme.among is not None else ""
    if lang == "zh":
        told = f"，{'、'.join(flags)}获{found.scheme.flag}" if flags else ""
        return f"“{found.contest.name}”共评{count}个{among}，按得分排名，同分同名次{told}。"
    told = f"; the flag goes to {', '.join(flags)}" if flags else ""
    return f"{found.contest.name}: {count}{among} were ranked by points, equal points share a place{told}."


def league_table(found: League, lang: str) -> Table:
    """Place, movement, name, group, star, score, and the points of every item."""
    grouped = any(one.line.subject.group for one in found.rows)
    columns = [
        Column("rank", _("Place in the group").render(lang) if grouped else _("Rank").render(lang), "centre"),
        Column("moved", _("Up or down").render(lang), "centre"),
        Column("name", _("Name").render(lang)),
        *([Column("group", _("Group").render(lang))] if grouped else ()),
        Column("star", _("Stars").render(lang), "centre"),
        Column("score", _("Score").render(lang), "number", decimals=2),
    ]
    columns += [Column(f"item.{one.code}", one.name, "number", decimals=2) for one in found.scheme.items]
    appealed = any(part.kind == "appeal" for one in found.rows for part in one.line.parts)
    if appealed:
        columns.append(Column("appeal", KINDS["appeal"].render(lang), "number", decimals=2))
    rows = tuple(_row(one, found, grouped=grouped, appealed=appealed) for one in found.rows)
    return Table(KEY, found.contest.name, tuple(columns), rows, landscape=True, sheet=_("League table").render(lang))


def _row(one: Standing, found: League, *, grouped: bool, appealed: bool) -> tuple[Any, ...]:
    by = {part.code: part.points for part in one.line.parts}
    cells: list[Any] = [one.line.rank, movement(one.moved), one.line.subject.name]
    cells += [one.line.subject.group] if grouped else []
    cells += [marks(one, found.scheme.flag), points(one.line.score)]
    cells += [points(by.get(item.code, 0)) for item in found.scheme.items]
    if appealed:
        heard = sum(part.points for part in one.line.parts if part.kind == "appeal")
        cells.append(points(heard) if heard else None)
    return tuple(cells)


def explained(found: League, lang: str) -> Table:
    """A row for every part of every score: how it came about and how many rows are behind it."""
    grouped = any(one.line.subject.group for one in found.rows)
    columns = (
        *((Column("group", _("Group").render(lang)),) if grouped else ()),
        Column("name", _("Name").render(lang)),
        Column("item", _("Scored item").render(lang)),
        Column("points", _("Points").render(lang), "number", decimals=2),
        Column("how", _("How it came about").render(lang)),
        Column("rows", _("Rows behind it").render(lang), "number"),
    )
    rows = tuple(
        (*((one.line.subject.group,) if grouped else ()), one.line.subject.name, called(part.name, part.kind, lang),
         points(part.points), part.how.render(lang), len(part.ids) or None)
        for one in found.rows
        for part in one.line.parts
    )  # fmt: skip
    title = _("Points explained").render(lang)
    return Table("contests.points", title, columns, rows, sheet=title)


def called(name: str, kind: str, lang: str) -> str:
    """An item with its kind, where it is no plain one."""
    word = KINDS.get(kind)
    if word is None:
        return name
    if not name:
        return word.render(lang)
    return f"{name}（{word.render(lang)}）" if lang == "zh" else f"{name} ({word.render(lang)})"


def sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    """One section where a league table was published for just this period; else none."""
    of = contest.c
    same = (of.published_on.is_not(None), of.first_on == period.first, of.last_on == period.last)
    if not connection.scalar(select(exists().where(*same))):
        return ()
    from db.contests.queries import league

    blocks: list[Paragraph | Table] = []
    for place, number in enumerate(connection.scalars(select(of.id).where(*same).order_by(of.id)), 1):
        found = league(connection, number)
        table = league_table(found, lang)
        blocks += [Paragraph((said(found, lang),), place=f"contests.league{place}"), table]
    return (Section(KEY, _("Stars and flags").render(lang), tuple(blocks), 2),)
