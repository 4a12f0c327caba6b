"""Lists of thousands of rows in the preview: their first sheets; whole they stand in the files that are written.

A preview is drawn anew with every change of its words, and nobody turns six thousand pages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.core.text import _

if TYPE_CHECKING:
    from db.reports.report import Report, Table

MOST_ROWS = 500


def shortened(report: Report) -> Report:
    """The report as the preview shows it: the same one where no table has more than `MOST_ROWS`."""
    from db.reports.report import Table

    lang = report.language
    sections = tuple(
        replace(one, blocks=tuple(_first(block, lang) if isinstance(block, Table) else block for block in one.blocks))
        for one in report.sections
    )
    found = replace(report, sections=sections, appendix=tuple(_first(table, lang) for table in report.appendix))
    return report if found == report else found


def _first(table: Table, lang: str) -> Table:
    if len(table.rows) <= MOST_ROWS:
        return table
    left = _(
        "The preview shows the first {shown} of {count} rows; exported files have them all.",
        shown=MOST_ROWS, count=len(table.rows),
    ).render(lang)  # fmt: skip
    note = f"{table.note} {left}" if table.note else left
    return replace(table, rows=table.rows[:MOST_ROWS], note=note)
