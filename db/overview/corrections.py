"""《数据变动说明》: what changed since the last finalised report, as a table of the workbook that is not printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.formats import show
from db.core.own import PREFIX
from db.core.period import Period
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview.changes import Comparison
from db.overview.models import closed_month
from db.projects.fields import field_of
from db.projects.models import project
from db.projects.stages import order, stages
from db.reports.report import Cell, Column, Table

_Row = tuple[int, Text, Text | str, Text | str, Text | str]


def changes_table(connection: Connection, period: Period, lang: str) -> Table | None:
    """What changed since the newest report that was finalised of days before the end of `period`.

    None where there is no such report, or where nothing changed.
    """
    of = closed_month.c
    query = select(of.period, of.operation).where(of.last < period.last).order_by(of.last.desc(), of.operation.desc())
    before = connection.execute(query.limit(1)).one_or_none()
    if before is None:
        return None
    found = Comparison(connection, METADATA, before.operation)
    lines = [*_moves(found), *_corrections(found, lang)]
    if not lines:
        return None
    names = _names(connection, [line[0] for line in lines])
    rows: list[tuple[Cell, ...]] = [
        (names.get(number) or found.gone.get(number, str(number)), *(_say(part, lang) for part in parts))
        for number, *parts in lines
    ]
    labels = (_("Project name"), _("Change"), _("Field"), _("Before"), _("Now"))
    return Table(
        "changes",
        _("What changed since the report of {period}", period=before.period).render(lang),
        tuple(Column(key, _say(label, lang)) for key, label in zip(_KEYS, labels, strict=True)),
        tuple(rows),
        sheet=_("Changes").render(lang),
        printed=False,
    )


_KEYS = ("name", "change", "field", "before", "now")


def _moves(found: Comparison) -> Iterator[_Row]:
    known = stages()
    for number in found.new:
        yield number, _("New"), "", "", ""
    for number, (old, new) in found.moved.items():
        word = _("Moved forward") if order(new) > order(old) else _("Moved back")
        yield number, word, _("Stage"), known[old].label, known[new].label
    for number in found.gone:
        yield number, _("Gone"), "", "", ""


def _corrections(found: Comparison, lang: str) -> Iterator[_Row]:
    for number, key, old, new in found.corrected:
        yield number, _("Corrected"), _label(key), _shown(found, key, old, lang), _shown(found, key, new, lang)


def _label(key: str) -> Text | str:
    """The field with its unit."""
    field = field_of(key)
    if field is None:
        return key.removeprefix(PREFIX)
    unit = getattr(field.kind, "unit", "")
    return _("{field} ({unit})", field=field.label, unit=unit) if unit else field.label


def _shown(found: Comparison, key: str, value: Any, lang: str) -> str:
    if value is None or value == "":
        return ""
    field = field_of(key)
    return found.linked(key, value) or (str(value) if field is None else show(field.kind, value, lang))


def _say(part: Text | str, lang: str) -> str:
    return part.render(lang) if isinstance(part, Text) else part


def _names(connection: Connection, ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in bulk.chunks(sorted(set(ids))):
        rows = connection.execute(select(project.c.id, project.c.name).where(project.c.id.in_(list(some))))
        found |= {row.id: row.name for row in rows}
    return found
