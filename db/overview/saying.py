"""How a number of the contract stands in a sentence or a cell: 47, 174.20 亿元, 68.8%."""

from __future__ import annotations

from decimal import Decimal

from db.core.fields import Money
from db.core.formats import show
from db.core.ratios import percent
from db.core.text import Text, _
from db.overview.candidates import said_money
from db.overview.definitions import BY_KEY, PROJECTS, TIMES

Value = str | int | Decimal | None


def said(key: str, value: Value) -> Text | str:
    """A value of the figure `key`, money with its unit; — where there is none."""
    known = BY_KEY.get(key)
    if value is None:
        return "—"
    if known is not None and known.is_rate:
        return said_percent(percent(value, 1))
    if key == "foreign.used":
        return _("{amount} ten thousand US dollars", amount=show(Money("万美元"), int(Decimal(value) * 100)))
    return said_money(int(Decimal(value) * 100)) if known is not None and known.of_money else str(value)


def counted(key: str, value: Value) -> Text | str:
    """The same with the unit of a count: 47个, 20次."""
    known = BY_KEY.get(key)
    if value is None or known is None or known.of_money or known.is_rate:
        return said(key, value)
    if known.unit == TIMES:
        return _("{count} times", count=value)
    return _("{value} projects", value=value) if known.unit == PROJECTS else str(value)


def said_percent(text: str | None) -> str:
    """68.8 → 68.8%, — where there is none."""
    return "—" if text is None else f"{text}%"
