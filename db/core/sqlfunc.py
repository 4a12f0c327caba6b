"""The few SQL expressions that the two engines write differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 - used as a function
    """Whole days from one ISO date text to another; null where either is null."""

    name = "days_between"
    type = BigInteger()
    inherit_cache = True

    def __init__(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> None:
        super().__init__(first, last)


@compiles(days_between, "sqlite")
def _sqlite_days(element: Any, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between)
def _postgres_days(element: Any, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST({last} AS date) - CAST({first} AS date))"
