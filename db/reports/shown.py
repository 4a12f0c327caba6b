"""How the value of a table's cell reads in print."""

from __future__ import annotations

from decimal import Decimal

from db.reports.formulas import DASH, Growth, Number, Ratio, Share, growth_of, half_up, percent_of
from db.reports.report import Cell, Column, Table


def shown(value: Cell, column: Column) -> str:
    """The text of one cell: thousands separated, decimals as the column says, — where nothing is known."""
    if value is None:
        return DASH if column.numeric or column.kind == "date" else ""
    if isinstance(value, str):
        return value
    if not column.numeric:
        return str(value)
    return f"{half_up(value, column.decimals):,f}"


def as_number(value: Cell) -> Number | None:
    """The cell where it is a number."""
    return value if isinstance(value, int | Decimal) else None


def computed(table: Table, row: tuple[Cell, ...], index: int) -> Cell:
    """The cell `index` of `row`; a rate is computed from its row, so that print and workbook never differ."""
    formula = table.columns[index].formula

    def at(key: str, of: tuple[Cell, ...] = row) -> Number | None:
        return as_number(of[table.place(key)])

    if isinstance(formula, Ratio):
        top, bottom = at(formula.numerator), at(formula.denominator)
        return percent_of(top, bottom, times=formula.times, decimals=formula.decimals)
    if isinstance(formula, Growth):
        return growth_of(at(formula.now), at(formula.before), decimals=formula.decimals)
    if isinstance(formula, Share) and table.totals is not None:
        return percent_of(at(formula.column), at(formula.column, table.totals), decimals=formula.decimals)
    return row[index]
