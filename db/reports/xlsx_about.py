"""The first sheet of a workbook, 说明: period, moment, notes, contents, and every figure with its definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from db.core.text import Text, _
from db.reports.formulas import Number, growth_of
from db.reports.report import Figure, Report
from db.reports.xlsx_formulas import Placed
from db.reports.xlsx_sheets import page_set_up, text_digits
from db.reports.xlsx_styles import BORDER, Styles

_YI = 10**8
_PART = "@"  # in the key of a part's figure (a street's signings): its definition is that of the whole
_HEADINGS = (
    (_("Figure"), 30.0), (_("Value"), 13.0), (_("Unit"), 9.0), (_("Numerator"), 15.0), (_("Denominator"), 15.0),
    (_("Same period last year"), 15.0), (_("Year on year %"), 13.0), (_("Definition"), 64.0),
)  # fmt: skip
_Shown = str | Number | None


def write_about(sheet: Any, report: Report, styles: Styles, placed: Mapping[str, Placed], *, footer: str) -> None:
    """Write the sheet, set up for print."""
    for column, (_heading, width) in enumerate(_HEADINGS):
        sheet.set_column(column, column, width)
    sheet.set_row_pixels(0, 44)
    sheet.write_string(0, 0, report.title, styles.of(font_size=18, bold=True))
    row = 1
    for line in filter(None, (report.number, report.subtitle, *_moments(report), *report.notes)):
        sheet.write_string(row, 0, line, styles.of())
        row += 1
    row = _contents(sheet, row + 1, styles, placed.values(), report.language)
    figures = [figure for figure in report.figures if _PART not in figure.key]
    if figures:
        _figures(sheet, row + 1, styles, figures, report.language)
    page_set_up(sheet, footer=footer)


def _moments(report: Report) -> list[str]:
    first, last = report.period
    period = _("Period: {first} to {last}", first=first, last=last) if first != last else _("Date: {day}", day=first)
    lines: list[Text] = [period] if first else []
    if report.as_of:
        lines.append(_("As known at: {moment}", moment=report.as_of))
    return [line.render(report.language) for line in lines]


def _contents(sheet: Any, row: int, styles: Styles, placed: Iterable[Placed], lang: str) -> int:
    link = styles.of(font_color="#1F5FBF", underline=1)
    sheet.write_string(row, 0, _("Sheet").render(lang), styles.header())
    sheet.write_string(row, 1, _("Contents").render(lang), styles.header())
    for own in placed:
        row += 1
        target = own.sheet.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{target}'!A1", link, own.sheet)
        sheet.write_string(row, 1, own.table.title or own.sheet, styles.of())
    return row + 1


def _figures(sheet: Any, row: int, styles: Styles, figures: Iterable[Figure], lang: str) -> None:
    for column, (heading, _width) in enumerate(_HEADINGS):
        sheet.write_string(row, column, heading.render(lang), styles.header())
    bordered = {"border": 1, "border_color": BORDER}
    text, dash = styles.of(**bordered, text_wrap=True), styles.of(**bordered, align="right")
    for figure in figures:
        row += 1
        cells = _cells(figure, lang)
        sheet.set_row(row, max(19.5, 14.5 * _lines(cells) + 3))
        for column, (value, pattern) in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(row, column, value, text)
            elif value is None:
                sheet.write_string(row, column, "—", dash)
            else:
                number = styles.of(**bordered, align="right", num_format=pattern)
                sheet.write_number(row, column, float(value), number)


def _lines(cells: Sequence[tuple[_Shown, str]]) -> float:
    """How many lines the longest text of a row takes."""
    texts = [
        (value, width)
        for (value, _pattern), (_h, width) in zip(cells, _HEADINGS, strict=True)
        if isinstance(value, str)
    ]
    return max(-(-text_digits(value) // (width - 1)) for value, width in texts)


def _cells(figure: Figure, lang: str) -> tuple[tuple[_Shown, str], ...]:
    """A figure as people say it, each cell with its format: money in 亿元, a share in per cent."""
    unit, times, pattern = figure.unit, Decimal(1), "#,##0"
    if unit == _("yuan").render(lang):
        unit, times, pattern = _("100 million yuan").render(lang), Decimal(1) / _YI, "#,##0.00"
    elif unit == _("share").render(lang):
        unit, times, pattern = "%", Decimal(100), "0.00"
    value, previous = (None if one is None else one * times for one in (figure.value, figure.previous))
    growth = None if figure.yoy is None else growth_of(figure.value, figure.previous)
    return (
        (figure.label, ""), (value, pattern), (unit, ""), (figure.numerator, "#,##0"), (figure.denominator, "#,##0"),
        (previous, pattern), (growth, "0.0"), (figure.definition, ""),
    )  # fmt: skip
