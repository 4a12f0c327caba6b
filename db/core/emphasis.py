"""What stands out in a view: a condition on one field, and the tone and sign its cells get. Colour never comes alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from db.core.fields import Kind, Month
from db.core.filters import Condition, When, condition_from_json
from db.core.period import month_of
from db.core.text import Text, _

# Tone → what it is called, and the sign that goes with it.
TONES: Mapping[str, tuple[Text, str]] = {
    "red": (_("red ▲"), "▲"),
    "amber": (_("amber ◆"), "◆"),
    "green": (_("green ●"), "●"),
    "accent": (_("blue ■"), "■"),
}
# What they are on paper, which is white (RRGGBB).
PAPER: Mapping[str, str] = {"red": "B72C26", "amber": "8F5500", "green": "1E7A43", "accent": "1F5FBF"}
_KEYS = frozenset({"key", "operator", "value", "tone"})


@dataclass(frozen=True)
class Emphasis:
    """Cells of `condition.key` that meet the condition get the tone and its sign."""

    condition: Condition
    tone: str

    def as_json(self) -> dict[str, Any]:
        """As a saved view keeps it."""
        return {**self.condition.as_json(), "tone": self.tone}


def emphasis_from_json(stored: Mapping[str, Any]) -> Emphasis:
    """What `as_json` gave."""
    return Emphasis(condition_from_json(stored), stored["tone"])


def is_known(stored: Any) -> bool:
    """Whether this version understands every part of it, beside the condition."""
    return isinstance(stored, dict) and set(stored) <= _KEYS and stored.get("tone") in TONES


def holds(condition: Condition, kind: Kind, *, when: When, limit: Any = None) -> Callable[[Any], bool]:
    """Whether a stored value meets a condition, as the same condition in SQL finds it.

    limit: of `top` and `bottom` the last value that is among them; None where there is none.
    """
    operator, value = condition.operator, condition.value
    if operator == "either":
        first, second = (holds(one, kind, when=when) for one in condition.parts)
        return lambda cell: first(cell) or second(cell)
    if operator in ("this_month", "last_month", "this_year", "in_period"):
        span = when.span(operator)
        low, high = span.first, span.last
        if isinstance(kind, Month):
            low, high = span.months or (month_of(low), month_of(high))
        return lambda cell: cell is not None and low <= cell <= high
    if operator in ("top", "bottom"):
        value, operator = limit, "at_least" if operator == "top" else "at_most"
    elif operator == "older_than_days":
        value, operator = (dt.date.fromisoformat(when.now) - dt.timedelta(days=value + 1)).isoformat(), "at_most"
    elif operator in ("before_today", "after_today"):
        value = when.now
    test = _TESTS.get(operator)
    if test is None or (value is None and operator not in ("empty", "filled")):
        return lambda _cell: False
    return lambda cell: test(cell, value)


def _filled(cell: Any) -> bool:
    return cell is not None and cell != ""


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda cell, value: bool(cell == value),
    "is_not": lambda cell, value: bool(cell != value),
    "contains": lambda cell, value: cell is not None and value.lower() in cell.lower(),
    "not_contains": lambda cell, value: cell is None or value.lower() not in cell.lower(),
    "begins": lambda cell, value: cell is not None and cell.lower().startswith(value.lower()),
    "at_least": lambda cell, value: cell is not None and bool(cell >= value),
    "at_most": lambda cell, value: cell is not None and bool(cell <= value),
    "between": lambda cell, value: cell is not None and bool(value[0] <= cell <= value[1]),
    "before_today": lambda cell, value: _filled(cell) and bool(cell < value),
    "after_today": lambda cell, value: _filled(cell) and bool(cell > value),
    "one_of": lambda cell, value: (cell if cell != "" else None) in value,
    "none_of": lambda cell, value: (cell if cell != "" else None) not in value,
    "empty": lambda cell, _value: not _filled(cell),
    "filled": lambda cell, _value: _filled(cell),
}
