"""The milestones' chart as a workbook: days are data, the bars are cells that Excel colours by rules over those days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.five_ones.gantt import Bar, Plan
from db.five_ones.models import LINE
from db.reports.whole_files import written_whole
from db.reports.xlsx_sheets import page_set_up
from db.reports.xlsx_styles import BORDER, HEADER_FILL, THIS_YEAR, WRONG, Styles

PLANNED, FORECAST = "#B9C4D3", "#E0A54A"
_MOST_WEEKS = 120
_HEAD = 3  # rows above the first milestone: title, what it says, headings
_COLUMNS: Sequence[tuple[Text, float]] = (
    (_("Project name"), 26), (_("Milestone"), 14), (_("Responsible unit"), 14), (_("Line"), 8), (_("Weight"), 6),
    (_("Begins on"), 11), (_("Planned on"), 11), (_("Forecast on"), 11), (_("Done on"), 11), (_("Days overdue"), 8),
)  # fmt: skip
_BEGIN, _PLAN, _FORECAST, _DONE, _LATE = (xl_col_to_name(at) for at in range(5, 10))
_TODAY = f"${_PLAN}$2"


def write_gantt(
    plans: Sequence[Plan], path: Path, *, day: str, title: str, said: str = "", lang: str = "zh",
    progress: Progress = SILENT,
) -> int:  # fmt: skip
    """Write plans as .xlsx, a row a milestone, a column a week (a month where they reach far); how many rows.

    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    with written_whole(path) as part:
        workbook = Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = workbook.add_worksheet(_("Milestones").render(lang))
        chart = _Chart(workbook, sheet, plans, day, lang)
        chart.write(title, said, progress)
        workbook.close()
    return chart.rows


class _Chart:
    """One sheet being written."""

    def __init__(self, workbook: Any, sheet: Any, plans: Sequence[Plan], day: str, lang: str) -> None:
        self.sheet, self.plans, self.day, self.lang = sheet, plans, day, lang
        self.styles = Styles(workbook)
        self.fill = workbook.add_format
        self.rows = 0
        self.columns, self.monthly = columns(plans, day)

    def write(self, title: str, said: str, progress: Progress) -> None:
        """Head, rows, then the rules that colour."""
        self._head(title, said)
        bars = [(plan, one) for plan in self.plans for one in plan.bars]
        for at, (plan, one) in enumerate(bars):
            if at % 200 == 0:
                progress.step(at, len(bars), _("Writing the sheet “{sheet}”", sheet=title))
            self._row(_HEAD + at, plan, one)
        self.rows = len(bars)
        if bars:
            self._rules(_HEAD, _HEAD + len(bars) - 1)
            self.sheet.autofilter(_HEAD - 1, 0, _HEAD + len(bars) - 1, len(_COLUMNS) - 1)
        self.sheet.freeze_panes(_HEAD, 2)
        page_set_up(self.sheet, repeat=_HEAD - 1, footer=_("&CPage &P of &N").render(self.lang))

    def _head(self, title: str, said: str) -> None:
        sheet, head, last = self.sheet, self.styles.header(), len(_COLUMNS) - 1
        sheet.set_row(0, 33)
        sheet.merge_range(0, 0, 0, last, title, self.styles.title())
        sheet.write_string(1, 0, said, self.styles.of())
        sheet.write_string(1, 5, _("Today").render(self.lang), self.styles.of(align="right"))
        sheet.write_datetime(1, 6, _day(self.day), self.styles.of(num_format="yyyy-mm-dd", align="center"))
        for at, (text, wide) in enumerate(_COLUMNS):
            sheet.set_column(at, at, wide)
            sheet.write_string(_HEAD - 1, at, text.render(self.lang), head)
        shown = "yy-mm" if self.monthly else "m-d"
        dates = self.styles.of(
            bg_color=HEADER_FILL,
            border=1,
            border_color=BORDER,
            num_format=shown,
            rotation=90,
            align="center",
            font_size=9,
        )
        sheet.set_row(_HEAD - 1, 42)
        sheet.set_column(last + 1, last + len(self.columns), 2.7)
        for at, day in enumerate(self.columns):
            sheet.write_datetime(_HEAD - 1, last + 1 + at, _day(day), dates)

    def _row(self, row: int, plan: Plan, one: Bar) -> None:
        sheet, stone = self.sheet, one.stone
        plain = self.styles.of(border=1, border_color=BORDER)
        dated = self.styles.of(border=1, border_color=BORDER, num_format="yyyy-mm-dd", align="center")
        number = self.styles.of(border=1, border_color=BORDER, align="right")
        for at, text in enumerate((plan.name, stone.name, one.unit, LINE.label(stone.line).render(self.lang))):
            sheet.write_string(row, at, text, plain)
        sheet.write_number(row, 4, stone.weight, number)
        for at, day in enumerate(
            (one.begin or stone.planned or stone.actual, stone.planned, stone.forecast, stone.actual), 5
        ):
            if day:
                sheet.write_datetime(row, at, _day(day), dated)
            else:
                sheet.write_blank(row, at, None, dated)
        here = row + 1
        late = f'=IF(AND({_DONE}{here}="",{_PLAN}{here}<>"",{_PLAN}{here}<{_TODAY}),{_TODAY}-{_PLAN}{here},"")'
        sheet.write_formula(row, 9, late, number, one.late(self.day) or "")

    def _rules(self, first: int, last: int) -> None:
        """In this order: what is done, what is overdue, what is forecast, what is planned, the column of today."""
        if not self.columns:
            return
        left = len(_COLUMNS)
        right, here = left + len(self.columns) - 1, first + 1
        begins = xl_rowcol_to_cell(_HEAD - 1, left, row_abs=True)
        ends = f"EDATE({begins},1)-1" if self.monthly else f"{begins}+6"
        begin, plan, forecast, done = (f"${name}{here}" for name in (_BEGIN, _PLAN, _FORECAST, _DONE))
        rules: Iterable[tuple[str, dict[str, Any]]] = (
            (f'AND({done}<>"",{ends}>={begin},{begins}<={done})', {"bg_color": THIS_YEAR}),
            (f'AND({done}="",{plan}<>"",{plan}<{_TODAY},{ends}>={plan},{begins}<={_TODAY})', {"bg_color": WRONG}),
            (f'AND({done}="",{forecast}<>"",{ends}>={forecast},{begins}<={forecast})', {"bg_color": FORECAST}),
            (f'AND({done}="",{plan}<>"",{ends}>={begin},{begins}<={plan})', {"bg_color": PLANNED}),
            (f"AND({ends}>={_TODAY},{begins}<={_TODAY})", {"left": 1, "left_color": THIS_YEAR}),
        )
        for formula, look in rules:
            made = {"type": "formula", "criteria": f"={formula}", "format": self.fill(look)}
            self.sheet.conditional_format(first, left, last, right, made)


def columns(plans: Sequence[Plan], day: str) -> tuple[list[str], bool]:
    """The first days of the weeks (Mondays) over which plans lie, or of the months where those would be too many."""
    days = [when for plan in plans for one in plan.bars for when in _days(one)]
    if not days:
        return [], False
    first, last = _day(min(days)), _day(max([*days, day]))
    weeks = ((last - first).days + first.weekday()) // 7 + 1
    if weeks <= _MOST_WEEKS:
        begin = first - dt.timedelta(days=first.weekday())
        return [(begin + dt.timedelta(days=7 * at)).isoformat() for at in range(weeks)], False
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    begun = first.year * 12 + first.month - 1
    every = (begun + at for at in range(min(months, 2 * _MOST_WEEKS)))
    return [dt.date(at // 12, at % 12 + 1, 1).isoformat() for at in every], True


def _days(one: Bar) -> list[str]:
    stone = one.stone
    return [day for day in (one.begin, stone.planned, stone.forecast, stone.actual) if day]


def _day(day: str) -> dt.date:
    return dt.date.fromisoformat(day)
