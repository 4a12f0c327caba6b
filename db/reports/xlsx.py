"""A report as a workbook: what it says, then a sheet for each table, with formulas anybody can check.

Every total is a live formula over the lists of records and carries its value too, so that a viewer that does not
calculate shows it. Text stays text whatever it begins with.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.report import Chart, Report
from db.reports.whole_files import written_whole
from db.reports.xlsx_formulas import Placed, place
from db.reports.xlsx_sheets import TableSheet, page_set_up
from db.reports.xlsx_styles import Styles, sheet_name

_FIRST_CHART_ROW = 1


def render_xlsx(report: Report, path: Path, *, progress: Progress = SILENT, draft: bool = False) -> None:
    """Write `report` to `path`, an .xlsx; draft: marked 送审稿 in the footer of every sheet.

    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    with written_whole(path) as part:
        workbook = Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False})
        _Writing(report, workbook, progress, draft=draft).all()
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
        self._footer = f"{footer}&R{self._say(_('Draft for approval'))}" if draft else footer
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
        self._about(sheet, placed)
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

    def _about(self, sheet: Any, placed: dict[str, Placed]) -> None:
        """说明: period, moment, notes, contents, and every figure with its definition."""
        report, styles = self.report, self.styles
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 6, 13)
        sheet.set_column(7, 7, 60)
        sheet.set_row_pixels(0, 44)
        sheet.write_string(0, 0, report.title, styles.of(font_size=18, bold=True))
        lines = [report.subtitle, *self._moments(), *report.notes]
        row = 1
        for line in filter(None, lines):
            sheet.write_string(row, 0, line, styles.of())
            row += 1
        row = self._contents(sheet, row + 1, placed)
        if report.figures:
            self._figures(sheet, row + 1)
        page_set_up(sheet, footer=self._footer)

    def _moments(self) -> list[str]:
        first, last = self.report.period
        lines = [self._say(_("Period: {first} to {last}", first=first, last=last))] if first else []
        if self.report.as_of:
            lines.append(self._say(_("As known at: {moment}", moment=self.report.as_of)))
        return lines

    def _contents(self, sheet: Any, row: int, placed: dict[str, Placed]) -> int:
        header, link = self.styles.header(), self.styles.of(font_color="#1F5FBF", underline=1)
        sheet.write_string(row, 0, self._say(_("Sheet")), header)
        sheet.write_string(row, 1, self._say(_("Contents")), header)
        for own in placed.values():
            row += 1
            target = own.sheet.replace("'", "''")
            sheet.write_url(row, 0, f"internal:'{target}'!A1", link, own.sheet)
            sheet.write_string(row, 1, own.table.title, self.styles.of())
        return row + 1

    def _figures(self, sheet: Any, row: int) -> None:
        headings = (
            _("Figure"), _("Value"), _("Unit"), _("Numerator"), _("Denominator"), _("Same period last year"),
            _("Year on year %"), _("Definition"),
        )  # fmt: skip
        for column, heading in enumerate(headings):
            sheet.write_string(row, column, self._say(heading), self.styles.header())
        text = self.styles.of(border=1, border_color="#8A94A3", text_wrap=True)
        number = self.styles.of(border=1, border_color="#8A94A3", num_format="#,##0.##")
        for figure in self.report.figures:
            row += 1
            growth = None if figure.yoy is None else figure.yoy * 100
            cells = (
                figure.label, figure.value, figure.unit, figure.numerator, figure.denominator, figure.previous,
                growth, figure.definition,
            )  # fmt: skip
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(row, column, value, text)
                elif value is None:
                    sheet.write_string(
                        row, column, "—", self.styles.of(border=1, border_color="#8A94A3", align="right")
                    )
                else:
                    sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value, number)
