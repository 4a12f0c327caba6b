"""A report as a workbook: what it says, then a sheet for each table, with formulas anybody can check.

Every total is a live formula over the lists of records and carries its value too, so that a viewer that does not
calculate shows it. Text stays text whatever it begins with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.report import Chart, Report, printed
from db.reports.whole_files import written_whole
from db.reports.xlsx_about import write_about
from db.reports.xlsx_formulas import Placed, place
from db.reports.xlsx_sheets import TableSheet
from db.reports.xlsx_styles import Styles, sheet_name

_FIRST_CHART_ROW = 1


def render_xlsx(report: Report, path: Path, *, progress: Progress = SILENT, draft: bool = False) -> None:
    """Write `report` to `path`, an .xlsx.

    draft: marked 送审稿 in the footer of every sheet, unless its form leaves that out.

    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    with written_whole(path) as part:
        workbook = Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False})
        _Writing(printed(report), workbook, progress, draft=draft).all()
        progress.step(1, 1, _("Writing “{file}”", file=path.name))
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error


class _Writing:
    """One workbook being written."""

    def __init__(self, report: Report, workbook: Any, progress: Progress, *, draft: bool) -> None:
        self.report, self.workbook, self.progress = report, workbook, progress
        self.styles = Styles(workbook)
        footer = self._say(_("&CPage &P of &N"))
        self._footer = f"{footer}&R{self._say(_('Draft for approval'))}" if draft and report.draft_mark else footer
        workbook.set_properties({"title": report.title, "author": report.signature})
        # Excel computes anew when it opens: no stored value can go stale there.
        workbook.set_calc_mode("auto")

    def _say(self, text: Text) -> str:
        return str(text.render(self.report.language))

    def all(self) -> None:
        """First what the workbook says, then its tables."""
        about = self._say(_("About"))
        placed = self._place({about})
        sheet = self.workbook.add_worksheet(about)
        definitions = {figure.key: figure.definition for figure in self.report.figures}
        charts = self.report.charts()
        write_about(sheet, self.report, self.styles, placed, footer=self._footer)
        for done, own in enumerate(placed.values()):
            self.progress.step(done, len(placed), _("Writing the sheet “{sheet}”", sheet=own.sheet))
            writing = TableSheet(
                self.workbook.add_worksheet(own.sheet), self.styles, own, placed, definitions, self.report.language
            )
            writing.write()
            writing.sheet.set_footer(self._footer)
            self._charts(writing, [chart for chart in charts if chart.table == own.table.key])

    def _place(self, taken: set[str]) -> dict[str, Placed]:
        placed = {}
        for key, table in self.report.tables().items():
            name = sheet_name(table.sheet or table.title, taken)
            taken.add(name)
            placed[key] = place(table, name)
        return placed

    def _charts(self, writing: TableSheet, charts: list[Chart]) -> None:
        row = _FIRST_CHART_ROW
        for chart in charts:
            row = writing.chart(self.workbook, chart, row)
