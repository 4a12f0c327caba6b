"""Whether the numbers a report's tables carry are those its formulas give: asked before anything is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from db.reports.formulas import CountOver, RowValue, SumOver
from db.reports.report import Cell, Report, Table
from db.reports.shown import as_number


@dataclass(frozen=True)
class Disagreement:
    """A cell whose value is not what its formula gives. `row` counts from 0; -1 is the total."""

    table: str
    column: str
    row: int
    carried: Cell
    given: Decimal


def disagreements(report: Report) -> list[Disagreement]:
    """Every sum and count over a list of records that does not give the value beside it."""
    tables = report.tables()
    return [found for table in tables.values() for found in _of_table(table, tables)]


def _of_table(table: Table, tables: dict[str, Table]) -> Iterator[Disagreement]:
    rows = [*enumerate(table.rows), *([(-1, table.totals)] if table.totals is not None else [])]
    for index, column in enumerate(table.columns):
        formula = column.formula
        for number, row in rows:
            if number == -1 and column.total == "sum":
                given = sum((Decimal(as_number(cells[index]) or 0) for cells in table.rows), Decimal(0))
            elif isinstance(formula, SumOver | CountOver) and (number >= 0 or column.total == "formula"):
                given = aggregate(formula, tables[formula.over], table, row, total=number == -1)
            else:
                continue
            carried = as_number(row[index])
            if carried is None or Decimal(carried) != given:
                yield Disagreement(table.key, column.key, number, row[index], given)


def aggregate(formula: SumOver | CountOver, over: Table, own: Table, row: tuple[Cell, ...], *, total: bool) -> Decimal:
    """What the formula gives for `row` of `own`; for the total the conditions that name the row are left out."""
    wanted: list[tuple[int, Cell]] = []
    for key, value in formula.where:
        if isinstance(value, RowValue):
            if not total:
                wanted.append((over.place(key), row[own.place(value.column)]))
        else:
            wanted.append((over.place(key), value))
    at = over.place(formula.column)
    found = [cells[at] for cells in over.rows if all(cells[place] == value for place, value in wanted)]
    if isinstance(formula, CountOver):
        # Without conditions a workbook counts the cells that are not empty.
        return Decimal(len(found) if wanted else sum(value is not None for value in found))
    return sum((Decimal(as_number(value) or 0) for value in found), Decimal(0)) / formula.divide
