"""The matrix as it is printed or taken along as a workbook: one table, the sums under its heading."""

from __future__ import annotations

from collections.abc import Sequence

from db.core.text import _
from db.five_ones.matrix import Line
from db.reports.report import Column, Paragraph, Report, Section, Table

_HUNDREDTHS = 1_000_000  # of 万元


def matrix_report(
    called: str, columns: Sequence[tuple[str, str, bool]], rows: Sequence[Sequence[str]], lines: Sequence[Line], *,
    day: str, lang: str,
) -> Report:  # fmt: skip
    """A report of one table. columns: key, heading, whether numbers; rows: the texts that are shown; lines: their data."""
    shown = [Column("place", _("No.").render(lang), "centre")]
    shown += [Column(key, heading, "number" if key == "money" else "text") for key, heading, _right in columns]
    at = [key for key, _heading, _right in columns].index("money")
    cells = []
    for place, (texts, line) in enumerate(zip(rows, lines, strict=True), 1):
        found: list[str | int | None] = [place, *texts]
        found[at + 1] = None if line.money is None else line.money // _HUNDREDTHS
        cells.append(tuple(found))
    complete = sum(not line.lacks for line in lines)
    said = _("{name}: {complete} of {whole} projects lack nothing on {day}.", name=called, complete=complete,
             whole=len(lines), day=day)  # fmt: skip
    table = Table("matrix", called, tuple(shown), tuple(cells))
    section = Section("matrix", "", (Paragraph((said.render(lang),)), table))
    return Report(called, (section,), "zh" if lang == "zh" else "en", period=(day, day), subtitle=day, draft_mark=False)
