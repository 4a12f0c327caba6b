"""A formula said as data becomes what a workbook computes: where each table lies, and the text of each cell's formula."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from db.reports.formulas import DASH, CountOver, Formula, Growth, Ratio, RowValue, Share, SumOver, Wanted
from db.reports.report import Table


@dataclass(frozen=True)
class Placed:
    """Where a table stands in the workbook; rows counted from 0, `last` included. `total` is None without totals."""

    table: Table
    sheet: str
    header: int
    first: int
    last: int
    total: int | None

    def at(self, key: str) -> int:
        """The sheet's column of a table's column, from 0."""
        return self.table.place(key)

    def over(self, key: str) -> str:
        """The column's data cells from another sheet: '明细'!$F$5:$F$51."""
        name = xl_col_to_name(self.at(key))
        sheet = self.sheet.replace("'", "''")
        return f"'{sheet}'!${name}${self.first + 1}:${name}${self.last + 1}"

    def here(self, key: str) -> str:
        """The column's data cells from the same sheet: F5:F51."""
        name = xl_col_to_name(self.at(key))
        return f"{name}{self.first + 1}:{name}{self.last + 1}"


def place(table: Table, sheet: str) -> Placed:
    """Where the parts of `table` stand on its sheet.

    A list of records has its total in row 3, over the header in row 4: the filter then never swallows it. Any other
    table has its total under the header, so that freezing keeps it in view.
    """
    rows = max(len(table.rows), 1)
    if table.detail:
        return Placed(table, sheet, header=3, first=4, last=3 + rows, total=2 if table.totals is not None else None)
    header_end = 4 if any(column.group for column in table.columns) else 3
    total = header_end if table.totals is not None else None
    first = header_end + (total is not None)
    return Placed(table, sheet, header=2, first=first, last=first + rows - 1, total=total)


def cell_formula(formula: Formula, row: int, own: Placed, others: dict[str, Placed], *, total: bool = False) -> str:
    """The formula of the cell in `row`; a `total` leaves out the conditions that name its row."""

    def here(key: str) -> str:
        return str(xl_rowcol_to_cell(row, own.at(key)))

    match formula:
        case SumOver() | CountOver():
            return "=" + _aggregate(formula, row, own, others[formula.over], total=total)
        case Ratio(top, bottom, times, decimals):
            multiplied = f"*{times}" if times != 1 else ""
            return f'=IF({here(bottom)}=0,"{DASH}",ROUND({here(top)}/{here(bottom)}{multiplied},{decimals}))'
        case Growth(now, before, decimals):
            return f'=IF({here(before)}=0,"{DASH}",ROUND(({here(now)}-{here(before)})/{here(before)}*100,{decimals}))'
        case Share(key, decimals):
            whole = xl_rowcol_to_cell(own.total or 0, own.at(key), row_abs=True)
            return f'=IF({whole}=0,"{DASH}",ROUND({here(key)}/{whole}*100,{decimals}))'


def _aggregate(formula: SumOver | CountOver, row: int, own: Placed, other: Placed, *, total: bool) -> str:
    where = [(key, wanted) for key, wanted in formula.where if not (total and isinstance(wanted, RowValue))]
    conditions = [f"{other.over(key)},{_wanted(wanted, row, own)}" for key, wanted in where]
    cells = other.over(formula.column)
    if isinstance(formula, CountOver):
        return f"COUNTIFS({','.join(conditions)})" if conditions else f"COUNTA({cells})"
    summed = f"SUMIFS({cells},{','.join(conditions)})" if conditions else f"SUM({cells})"
    return summed if formula.divide == 1 else f"{summed}/{formula.divide}"


def _wanted(wanted: Wanted, row: int, own: Placed) -> str:
    if isinstance(wanted, RowValue):
        return str(xl_rowcol_to_cell(row, own.at(wanted.column), col_abs=True))
    return '"' + wanted.replace('"', '""') + '"'


def total_formula(key: str, own: Placed, others: dict[str, Placed]) -> str | None:
    """What stands in the total row of a column; None where it is a plain value or nothing."""
    column = own.table.columns[own.at(key)]
    if own.table.detail:
        return f"=SUBTOTAL(109,{own.here(key)})" if column.total in ("sum", "formula") else None
    if column.total == "sum":
        return f"=SUM({own.here(key)})"
    if column.total == "formula" and column.formula is not None and own.total is not None:
        return cell_formula(column.formula, own.total, own, others, total=True)
    return None
