"""One project on one sheet of a meeting's papers: facts, five ones, milestones, how it stands, decisions, photographs.

The sheet is a form: tables without captions close together, so that a usual project fits; what is long runs on, whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from db.core import attachments, listing, settings
from db.core.fields import Field
from db.core.formats import show
from db.core.text import Text, _
from db.five_ones import reading, service
from db.five_ones.lights import Light
from db.five_ones.meetings import Decision
from db.five_ones.options import labels
from db.five_ones.paper_parts import decisions_table, form, since_then
from db.five_ones.rules import ONES, Completeness
from db.five_ones.schedule import Stone, days_late
from db.projects.details import Entry, log
from db.projects.fields import field_of
from db.projects.models import project
from db.reports.report import Block, Column, Picture, Table

_FACTS = (
    "investor", "industry", "total_investment", "street", "department", "stage", "started_on", "paid_in_verified",
)  # fmt: skip
_WORDS = ("problems", "next_step")
NEWEST, _PHOTOGRAPHS, _DECISIONS = 3, 3, 3
_SIDE_BY_SIDE = 4  # milestones: more of them stand in two columns


def project_page(
    connection: Connection, number: int, *, decided: Sequence[Decision], day: str, since: str | None, lang: str
) -> tuple[Block, ...]:
    """Everything of one project. since: the day of the meeting before, None where there was none."""
    known = _cells(connection, number, day, lang)
    blocks: list[Block] = [_facts(number, known, lang)]
    ones = reading.completeness_of(connection, day=day, ids=[number]).get(number)
    if ones is not None:
        blocks.append(_ones(connection, number, ones, lang))
    stones = service.stones_of(connection, number)
    if stones:
        blocks.append(_stones(number, stones, day, lang))
    light = reading.lights(connection, day=day, ids=[number]).get(number)
    blocks.append(form(f"standing.{number}", _standing(connection, number, known, light, day, since, lang)))
    mine = sorted((one for one in decided if one.project == number), key=lambda one: (not one.open, one.decided_on))
    if mine:
        newest = [one for one in mine if one.open] or mine[-_DECISIONS:]
        blocks.append(decisions_table(connection, newest, f"decisions.{number}", day=day, lang=lang))
    return (*blocks, *_photographs(connection, number))


def _cells(connection: Connection, number: int, day: str, lang: str) -> Mapping[str, tuple[str, str]]:
    """Key → (label, value) of the facts that are known."""
    fields = [one for key in (*_FACTS, *_WORDS) if (one := field_of(key)) is not None]
    ((_id, *values),) = listing.rows(connection, project, fields, [number], today=day)
    told = {field.key: _pair(field, value, lang) for field, value in zip(fields, values, strict=True)}
    return {key: pair for key, pair in told.items() if pair[1]}


def _pair(field: Field, value: Any, lang: str) -> tuple[str, str]:
    named = getattr(field.kind, "unit", "")
    return field.label.render(lang) + (f"（{named}）" if named and lang == "zh" else ""), show(field.kind, value, lang)


def _facts(number: int, known: Mapping[str, tuple[str, str]], lang: str) -> Table:
    """Two facts a row."""
    told = [known[key] for key in _FACTS if key in known]
    told += [("", "")] * (len(told) % 2)
    columns = (Column("what", ""), Column("how", "", width=14), Column("what_2", ""), Column("how_2", "", width=14))
    rows = tuple((*left, *right) for left, right in zip(told[::2], told[1::2], strict=True))
    return Table(f"facts.{number}", "", columns, rows, sheet=_("Facts").render(lang))


def _ones(connection: Connection, number: int, ones: Completeness, lang: str) -> Table:
    """One row: how many of the five, and what is missing under the name of each."""
    known = labels(connection)
    columns = (
        Column("count", settings.get(connection, "five_ones.name"), "centre"),
        *(Column(key, known[key].render(lang), "centre" if key not in ones.missing else "text") for key in ONES),
    )
    cells = tuple(ones.missing.get(key, _("There")).render(lang) for key in ONES)
    return Table(f"ones.{number}", "", columns, ((f"{ones.count}/5", *cells),))


def _stones(number: int, stones: Sequence[Stone], day: str, lang: str) -> Table:
    """The milestones, in two columns where they are many: planned, and what became of each."""
    rows: list[tuple[str | None, ...]] = [(one.name, one.planned, _state(one, day, lang)) for one in stones]
    wide = len(rows) > _SIDE_BY_SIDE
    columns = _columns("", lang)
    if wide:
        half = (len(rows) + 1) // 2
        rest = [*rows[half:], ("", "", "")]
        rows = [(*left, *right) for left, right in zip(rows[:half], rest, strict=False)]
        columns = (*columns, *_columns("_2", lang))
    return Table(f"milestones.{number}", "", columns, tuple(rows), sheet=_("Milestones").render(lang))


def _columns(mark: str, lang: str) -> tuple[Column, ...]:
    return (
        Column(f"name{mark}", _("Milestone").render(lang)), Column(f"planned{mark}", _("Planned on").render(lang), "date"),
        Column(f"state{mark}", _("Done on").render(lang), "centre"),
    )  # fmt: skip


def _state(one: Stone, day: str, lang: str) -> str:
    """The day on which it was done, else by how much it is overdue, else when it is expected."""
    if one.actual is not None:
        return one.actual
    if one.overdue(day):
        return _("overdue by {days} days", days=days_late(one, day)).render(lang)
    return _("expected {day}", day=one.forecast).render(lang) if one.forecast else ""


def _standing(
    connection: Connection, number: int, known: Mapping[str, tuple[str, str]], light: Light | None, day: str,
    since: str | None, lang: str,
) -> list[tuple[str, str]]:  # fmt: skip
    """Light, what happened since the last meeting, problems, next step, the newest progress."""
    rows: list[tuple[str, str]] = []
    entries = [one for one in log(connection, number) if one.day is None or one.day <= day]
    if light is not None and (light.printed or not light.by_hand):
        rows.append((_("Light").render(lang), light_said(light).render(lang)))
    if since is not None:
        words = since_then(connection, number, entries, since, day)
        rows.append((_("Since the meeting of {day}", day=since).render(lang), words.render(lang)))
    rows += [known[key] for key in _WORDS if key in known]
    return rows + [(progress_label(one, since, lang), one.text) for one in entries[:NEWEST]]


def light_said(light: Light) -> Text:
    """A light with its reason, since when, and what turns it green."""
    words = reading.light_since(light)
    if light.turns_green.key:
        return _("{light}. To turn green: {what}", light=words, what=light.turns_green)
    return words


def progress_label(one: Entry, since: str | None, lang: str) -> str:
    """进展 with its day, marked where it came after the last meeting."""
    said = _("Progress {day}", day=one.day or "").render(lang).strip()
    if one.day is not None and since is not None and one.day > since:
        said += "\n" + _("(since the meeting)").render(lang)
    return said


def _photographs(connection: Connection, number: int) -> list[Picture]:
    """The newest photographs of the project."""
    found = [one for one in attachments.of_record(connection, "projects", number) if one.suffix in attachments.PICTURES]
    return [Picture(one.hash, one.name.removesuffix(one.suffix), one.name) for one in found[-_PHOTOGRAPHS:]]
