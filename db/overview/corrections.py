"""What changed in the book's projects, line by line, for people; and 《数据变动说明》, the table of it in a workbook.

The table is internal: it stands in the workbook and is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.formats import show
from db.core.own import PREFIX
from db.core.period import Period, period_name
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview.changes import Comparison
from db.overview.models import closed_month
from db.people.models import unit
from db.projects.fields import field_of
from db.projects.models import project
from db.projects.stages import order, stages
from db.reports.report import Cell, Column, Table

NEW, FORWARD, BACK, GONE, CORRECTED = "new", "forward", "back", "gone", "corrected"
KINDS: Mapping[str, Text] = {
    NEW: _("New"),
    FORWARD: _("Moved on"),
    BACK: _("Moved back"),
    GONE: _("Gone"),
    CORRECTED: _("Corrected"),
}
_UNITS = ("street", "department", "reported_by")


@dataclass(frozen=True)
class ChangeLine:
    """One change of one project, in words. key: of the field, "" of what is new or gone. at: day and time, local."""

    kind: str
    id: int
    name: str
    key: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    who: str = ""
    at: str = ""


@dataclass(frozen=True)
class Since:
    """The finalised report from which changes are counted: of `period`, finalised by `operation`."""

    period: str
    first: str
    last: str
    operation: int

    def named(self, lang: str, cut: str) -> str:
        """How it is called: 2024年5月."""
        return period_name(Period.parse(self.period, cut=cut)).render(lang)


def last_closing(connection: Connection, period: Period) -> Since | None:
    """The newest report that was finalised of days before the end of `period`; None where there is none."""
    of = closed_month.c
    query = select(of.period, of.first, of.last, of.operation).where(of.last < period.last)
    row = connection.execute(
        query.order_by(of.last.desc(), of.operation.desc(), of.first.desc()).limit(1)
    ).one_or_none()
    return None if row is None else Since(*row)


def change_lines(connection: Connection, found: Comparison, lang: str) -> list[ChangeLine]:
    """Every change between the two moments of a comparison: new, moved and gone projects first, then corrections."""
    made = [*_moves(found, lang), *_corrections(connection, found, lang)]
    if not made:
        return []
    names, by = _names(connection, [line[1] for line in made if line[1] not in found.names]), found.authors()
    operations = {one.operation: one for one in by.values()}
    signed = {number: (one.name, f"{one.at:%Y-%m-%d %H:%M}") for number, one in operations.items()}
    lines = []
    for kind, number, key, field, old, new in made:
        name = found.names.get(number) or names.get(number, str(number))
        author = by.get((number, key))
        who, at = ("", "") if author is None else signed[author.operation]
        lines.append(ChangeLine(kind, number, name, key, field, old, new, who, at))
    return lines


_Said = tuple[str, int, str, str, str, str]


def _moves(found: Comparison, lang: str) -> Iterator[_Said]:
    known, stage = stages(), _("Stage").render(lang)
    for number in found.new:
        yield NEW, number, "", "", "", ""
    for number, (old, new) in found.moved.items():
        kind = FORWARD if order(new) > order(old) else BACK
        yield kind, number, "stage", stage, known[old].label.render(lang), known[new].label.render(lang)
    for number in found.gone:
        yield GONE, number, "", "", "", ""


def _corrections(connection: Connection, found: Comparison, lang: str) -> Iterator[_Said]:
    of = unit.c
    merged = {row.id: row.merged_into for row in connection.execute(select(of.id, of.merged_into))}
    for number, key, old, new in found.corrected:
        if key in _UNITS and old is not None and merged.get(old) == new:
            continue  # two units became one: the project stayed where it is
        label = _label(key)
        before, now = (_shown(found, key, value, lang) for value in (old, new))
        yield CORRECTED, number, key, label.render(lang) if isinstance(label, Text) else label, before, now


def _label(key: str) -> Text | str:
    """The field with its unit."""
    field = field_of(key)
    if field is None:
        return key.removeprefix(PREFIX)
    unit_said = getattr(field.kind, "unit", "")
    return _("{field} ({unit})", field=field.label, unit=unit_said) if unit_said else field.label


def _shown(found: Comparison, key: str, value: Any, lang: str) -> str:
    if value is None or value == "":
        return ""
    field = field_of(key)
    return found.linked(key, value) or (str(value) if field is None else show(field.kind, value, lang))


def _names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in bulk.chunks(sorted(set(ids))):
        rows = connection.execute(select(project.c.id, project.c.name).where(project.c.id.in_(list(some))))
        found |= {row.id: row.name for row in rows}
    return found


def changes_table(connection: Connection, period: Period, lang: str) -> Table | None:
    """What changed since the newest report that was finalised of days before the end of `period`.

    None where there is no such report, or where nothing changed.
    """
    before = last_closing(connection, period)
    if before is None:
        return None
    lines = change_lines(connection, Comparison(connection, METADATA, before.operation), lang)
    if not lines:
        return None
    labels = (
        _("Project name"), _("Change"), _("Field"), _("Before"), _("Now"), _("Changed by"), _("Changed at"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, KINDS[one.kind].render(lang), one.field, one.old, one.new, one.who, one.at) for one in lines
    )
    title = _("What changed since the report of {period}", period=before.named(lang, period.cut))
    return Table(
        "changes",
        title.render(lang),
        tuple(Column(key, label.render(lang)) for key, label in zip(_KEYS, labels, strict=True)),
        rows,
        sheet=_("Changes").render(lang),
        printed=False,
    )


_KEYS = ("name", "change", "field", "before", "now", "who", "at")
