"""What rooms give to the report without the overview naming them: sections of their own, tables from saved views.

`db.rooms` puts both where they are found here; the overview stands below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from db.core.period import Period
from db.core.tables import METADATA
from db.overview.forms import OwnTable
from db.reports.report import Section, Table

Sections = Callable[[Connection, Period, str], Iterable[Section]]
# (connection, period, *, rows, by) → key → figure as `figures --json` prints it, of all; and group's name → the same. Under
# the name "" stand the figures of a group of which there is nothing.
Figures = Callable[..., tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]]
Tables = Callable[[Connection, OwnTable, Period, str], Table | None]


def sections(connection: Connection, period: Period, lang: str) -> list[Section]:
    """The sections that rooms contribute, each under its key; empty ones are there too, for a person may write in them."""
    found: Iterable[Sections] = METADATA.info.get("report_sections", ())
    return [section for of_room in found for section in of_room(connection, period, lang)]


def add_figures(connection: Connection, found: dict[str, Any], period: Period, *, rows: bool, by: str | None) -> None:
    """Put the rooms' figures beside those of the overview, into every group that there is."""
    contributed: Iterable[Figures] = METADATA.info.get("figures", ())
    for of_room in contributed:
        whole, grouped = of_room(connection, period, rows=rows, by=by)
        found["figures"] |= whole
        for name, of_group in found.get("by", {}).items():
            of_group.update(grouped.get(name, grouped.get("", {})))


def own_table(connection: Connection, wanted: OwnTable, period: Period, lang: str) -> Table | None:
    """A saved view as a table, None where the view is gone."""
    make: Tables | None = METADATA.info.get("own_table")
    return None if make is None else make(connection, wanted, period, lang)
