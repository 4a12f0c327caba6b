"""One table on one sheet: title, unit, merged headings, totals as live formulas with their values, rows, check, chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from db.core.text import Text, _
from db.reports.formulas import DASH, half_up
from db.reports.report import Cell, Chart, Column
from db.reports.shown import computed
from db.reports.xlsx_formulas import Placed, cell_formula, total_formula
from db.reports.xlsx_styles import LAST_YEAR, THIS_YEAR, WRONG, Styles

_LONGEST_TEXT = 32767
_WIDEST, _NARROWEST = 42.0, 6.0
_HIGHEST = 409.0  # points: no spreadsheet has a higher row
_MM = 1 / 25.4


class TableSheet:
    """A table being written to its sheet."""

    def __init__(
        self, sheet: Any, styles: Styles, own: Placed, others: dict[str, Placed], definitions: dict[str, str], lang: str
    ) -> None:
        self.sheet, self.styles, self.own, self.others = sheet, styles, own, others
        self.table = own.table
        self._definitions = definitions
        self._lang = lang
        self._last = max(len(self.table.columns) - 1, 0)
        self._widths = [self._width(i, column) for i, column in enumerate(self.table.columns)]
        self._wrapping = {i for i, width in enumerate(self._widths) if width >= _WIDEST or self._longer(i, width)}

    def write(self) -> None:
        """Everything but the chart."""
        self._head()
        self._labels()
        if self.own.total is not None:
            self._totals(self.own.total)
        for number, row in enumerate(self.table.rows):
            self._row(self.own.first + number, row)
        self._foot()
        self._view()

    def _say(self, text: Text) -> str:
        return str(text.render(self._lang))

    def _head(self) -> None:
        sheet, small = self.sheet, self.styles.of()
        right = self.styles.of(align="right")
        sheet.set_row_pixels(0, 44)
        if self._last:
            sheet.merge_range(0, 0, 0, self._last, "", self.styles.title())
        sheet.write_string(0, 0, self.table.title or self.own.sheet, self.styles.title())
        sheet.set_row(1, 19.5)
        stand, unit = self.table.stand, ""
        if self.table.unit:
            unit = self._say(_("Unit: {unit}", unit=self.table.unit))
        room = sum(self._widths)
        if unit and stand and (not self._last or text_digits(stand + unit) + 2 > room):
            # Side by side the two would cover each other.
            stand, unit = f"{stand}　{unit}", ""
        sheet.write_string(1, 0, stand, small)
        if unit:
            sheet.write_string(1, self._last, unit, right)

    def _labels(self) -> None:
        header, own, columns = self.styles.header(), self.own, self.table.columns
        grouped = not self.table.detail and any(column.group for column in columns)
        lower = own.header + 1 if grouped else own.header
        sheet = self.sheet
        for i, column in enumerate(columns):
            label = column.label
            if self.table.detail and column.group:
                label = f"{column.group}\n{label}"
            if grouped and not column.group:
                sheet.merge_range(own.header, i, lower, i, "", header)
                sheet.write_string(own.header, i, label, header)
            else:
                sheet.write_string(lower, i, label, header)
            said = column.definition or self._definitions.get(column.figure, "")
            if said:
                at = own.header if grouped and not column.group else lower
                sheet.write_comment(at, i, said, {"x_scale": 2, "y_scale": 0.9, "font_size": 9})
        for group, start, end in _groups(columns) if grouped else ():
            if end - start > 1:
                sheet.merge_range(own.header, start, own.header, end - 1, "", header)
            sheet.write_string(own.header, start, group, header)
        sheet.set_row(own.header, 19.5)
        sheet.set_row(lower, 19.5 if max(len(column.label) for column in columns) < 9 or grouped else 33)

    def _totals(self, row: int) -> None:
        totals = self.table.totals or ()
        self.sheet.set_row(row, 19.5)
        for i, column in enumerate(self.table.columns):
            style = self.styles.cell(column, total=True)
            formula = total_formula(column.key, self.own, self.others)
            if formula is not None:
                self._formula(row, i, formula, computed(self.table, totals, i), style)
            else:
                self._value(row, i, totals[i], column, style)
        label = self.styles.of(
            bold=True, align="center", bg_color="#F6F7F9", border=1, border_color="#8A94A3", shrink=True
        )
        if not self.table.detail:
            words = str(totals[0] or self.table.total_label or self._say(_("Grand total")))
            self.sheet.write_string(row, 0, words, label)
            return
        at = next((i for i, value in enumerate(totals) if value is None and self.table.columns[i].kind == "text"), 0)
        words = self._say(_("Total (follows the filter)"))
        counted = f'="{words}　"&SUBTOTAL(103,{xl_range(self.own.first, at, self.own.last, at)})'
        self.sheet.write_formula(row, at, counted, label, f"{words}　{len(self.table.rows)}")

    def _row(self, row: int, cells: tuple[Cell, ...]) -> None:
        self.sheet.set_row(row, min(max(19.5, 14.5 * self._lines(cells) + 3 if self._wrapping else 0), _HIGHEST))
        for i, column in enumerate(self.table.columns):
            style = self.styles.cell(column, wrap=i in self._wrapping)
            if column.formula is not None:
                formula = cell_formula(column.formula, row, self.own, self.others)
                self._formula(row, i, formula, computed(self.table, cells, i), style)
            else:
                self._value(row, i, cells[i], column, style)

    def _lines(self, cells: tuple[Cell, ...]) -> float:
        """How many lines the longest text of the row takes: not every program measures rows when it opens a file."""
        texts = [(str(cells[i] or ""), self._widths[i]) for i in self._wrapping]
        return max(
            (sum(-(-max(text_digits(part), 1) // (width - 1)) for part in text.split("\n")) for text, width in texts)
        )

    def _formula(self, row: int, column: int, formula: str, value: Cell, style: Any) -> None:
        shown = DASH if value is None else float(value) if isinstance(value, Decimal) else value
        self.sheet.write_formula(row, column, formula, style, shown)

    def _value(self, row: int, at: int, value: Cell, column: Column, style: Any) -> None:
        """A number as a number, a date as a date, anything else as text, whatever it begins with."""
        if value is None:
            self.sheet.write_blank(row, at, None, style)
        elif isinstance(value, str):
            day = _day(value) if column.kind == "date" else None
            if day is not None:
                self.sheet.write_datetime(row, at, day, style)
            else:
                self.sheet.write_string(row, at, value[:_LONGEST_TEXT], style)
        elif column.kind == "code":
            self.sheet.write_string(row, at, str(value), style)
        else:
            self.sheet.write_number(row, at, float(value) if isinstance(value, Decimal) else value, style)

    def _foot(self) -> None:
        row = self.own.last + 1
        for column in self.table.columns:
            if column.check and self.own.total is not None and not self.table.detail:
                self._check(row, column)
                row += 1
        if self.table.note:
            self.sheet.write_string(row, 0, self.table.note, self.styles.of(font_size=9, valign="top"))

    def _check(self, row: int, column: Column) -> None:
        """核对: the sum of the rows beside the total, which comes by another route."""
        own = self.own
        assert own.total is not None
        summed, total = f"SUM({own.here(column.key)})", xl_rowcol_to_cell(own.total, own.at(column.key))
        pattern = f'"0{"." + "0" * column.decimals if column.decimals else ""}"'
        label = f"{column.group}{column.label}"
        head = self._say(_("Check of “{column}”: the rows give ", column=label))
        middle, agrees, differs = (
            self._say(text) for text in (_(", the total is "), _(", they agree"), _(", they differ by "))
        )
        formula = (
            f'="{head.replace(chr(34), chr(34) * 2)}"&TEXT({summed},{pattern})&"{middle}"&TEXT({total},{pattern})'
            f'&IF(ABS({summed}-{total})<0.0000005,"{agrees}","{differs}"&TEXT({summed}-{total},"0.######"))'
        )
        at = own.at(column.key)
        parts = sum((Decimal(str(cells[at] or 0)) for cells in self.table.rows), Decimal(0))
        whole = Decimal(str((self.table.totals or ())[at] or 0))
        value = f"{head}{half_up(parts, column.decimals):f}{middle}{half_up(whole, column.decimals):f}"
        value += agrees if parts == whole else f"{differs}{(parts - whole).normalize():f}"
        grey = self.styles.of(font_color="#5B6675")
        self.sheet.write_formula(row, 0, formula, grey, value)
        red = self.styles.of(font_color=WRONG, bold=True)
        rule = {"type": "text", "criteria": "containing", "value": differs.strip("，, "), "format": red}
        self.sheet.conditional_format(row, 0, row, 0, rule)

    def _width(self, at: int, column: Column) -> float:
        """The column's width in digits: the longest of 95 % of its cells, or what the table asks."""
        if column.width:
            return float(column.width)
        lengths = sorted(_digits(row[at], column) for row in self.table.rows)
        likes = lengths[len(lengths) * 95 // 100 if column.kind == "text" else -1] if lengths else 0.0
        total = _digits(self.table.totals[at], column) + 1 if self.table.totals else 0.0
        widest_label = max(map(text_digits, column.label.split("\n"))) + (3 if self.table.detail else 1)
        return min(max(likes + 2, total + 1, widest_label, _NARROWEST), _WIDEST)

    def _longer(self, at: int, width: float) -> bool:
        """Whether a text of the column needs more than one line."""
        texts = [row[at] for row in self.table.rows] if self.table.columns[at].kind == "text" else []
        return any("\n" in one or text_digits(one) > width for one in texts if isinstance(one, str))

    def _view(self) -> None:
        sheet, own = self.sheet, self.own
        for i, width in enumerate(self._widths):
            sheet.set_column(i, i, width)
        if self.table.detail:
            sheet.autofilter(own.header, 0, own.last, self._last)
            sheet.freeze_panes(own.first, min(2, self._last))
        else:
            sheet.freeze_panes(own.first, 1)
        page_set_up(sheet, repeat=own.first - 1 if own.total is None or not self.table.detail else own.header)

    def chart(self, workbook: Any, chart: Chart, at_row: int) -> int:
        """A native chart beside the table, embedded; the row under it."""
        own, name = self.own, self.own.sheet
        drawn = workbook.add_chart({"type": "column"})
        names = own.at(chart.category)
        for series in chart.series:
            at = own.at(series.column)
            options: dict[str, Any] = {
                "name": series.label,
                "categories": [name, own.first, names, own.last, names],
                "values": [name, own.first, at, own.last, at],
                "fill": {"color": THIS_YEAR if series.current else LAST_YEAR},
                "gap": 80,
                "overlap": 0,
            }
            if series.current:
                options["data_labels"] = {"value": True, "num_format": "0.0", "font": {"size": 9}}
            drawn.add_series(options)
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
        drawn.set_legend({"position": "bottom"})
        drawn.set_y_axis(
            {"min": 0, "num_format": "General", "major_gridlines": {"visible": True, "line": {"color": "#E1E5EB"}}}
        )
        drawn.set_size({"width": max(500, 70 * len(self.table.rows)), "height": 392})
        self.sheet.insert_chart(at_row, self._last + 2, drawn)
        return at_row + 17


def page_set_up(sheet: Any, *, repeat: int | None = None, footer: str = "") -> None:
    """A4 landscape, one page wide, the head repeated on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=15 * _MM, right=15 * _MM, top=19 * _MM, bottom=19 * _MM)
    if repeat is not None:
        sheet.repeat_rows(0, repeat)
    if footer:
        sheet.set_footer(footer)


def _groups(columns: tuple[Column, ...]) -> Iterator[tuple[str, int, int]]:
    start = 0
    for i in range(1, len(columns) + 1):
        if i == len(columns) or columns[i].group != columns[start].group:
            if columns[start].group:
                yield columns[start].group, start, i
            start = i


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    # Excel takes 1900 for a leap year: before March 1900 its dates are a day off.
    return day if day >= dt.date(1900, 3, 1) else None


def _digits(value: Cell, column: Column) -> float:
    if value is None:
        return 2.0
    if isinstance(value, str):
        return max(map(text_digits, value.split("\n")))
    number = f"{half_up(value, column.decimals):,f}" if column.numeric else str(value)
    return float(len(number))


def text_digits(text: str) -> float:
    """The width of `text` in digits."""
    return sum(2.1 if character >= "⺀" else 1.0 for character in text)
