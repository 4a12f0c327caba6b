"""A condition is SQL and a sentence, from one place: what the table filters by is what the chip above it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_

from db.core.errors import Refused
from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.formats import show
from db.core.period import Period, month_of
from db.core.text import Text, _

OPERATORS: Mapping[str, Text] = {
    "is": _("{field} is {value}"),
    "is_not": _("{field} is not {value}"),
    "contains": _("{field} contains {value}"),
    "at_least": _("{field} at least {value}"),
    "at_most": _("{field} at most {value}"),
    "between": _("{field} from {value} to {high}"),
    "one_of": _("{field}: {value}"),
    "empty": _("{field} is empty"),
    "filled": _("{field} is filled in"),
    "in_period": _("{field} in this period"),
}
_SPAN = ("is", "is_not", "at_least", "at_most", "between", "one_of", "empty", "filled")
BY_KIND: Mapping[type[Kind], tuple[str, ...]] = {
    Words: ("contains", "is", "is_not", "one_of", "empty", "filled"),
    Link: ("is", "one_of", "is_not", "contains", "empty", "filled"),
    Choice: ("one_of", "is", "is_not", "empty", "filled"),
    Flag: ("is", "empty", "filled"),
    Whole: _SPAN,
    Money: _SPAN,
    Area: _SPAN,
    Metric: _SPAN,
    Day: ("in_period", *_SPAN),
    Month: ("in_period", *_SPAN),
}


@dataclass(frozen=True)
class Condition:
    """What one column must be. `value` is stored form; a tuple for `one_of`, a pair for `between`."""

    key: str
    operator: str
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        """As a saved view keeps it."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"key": self.key, "operator": self.operator, "value": value}


def condition_from_json(stored: Mapping[str, Any]) -> Condition:
    """What `as_json` gave."""
    value = stored.get("value")
    return Condition(stored["key"], stored["operator"], tuple(value) if isinstance(value, list) else value)


def sql(field: Field, condition: Condition, *, period: Period | None = None) -> ColumnElement[bool]:
    """The condition as SQL; raises `Refused` where the operator does not fit the field."""
    if condition.operator not in BY_KIND[type(field.kind)] or field.read is None:
        raise Refused(fields={field.key: _("“{field}” cannot be filtered like this.", field=field.label)})
    return _sql(field.read(), condition, field.kind, period)


def _sql(cell: ColumnElement[Any], condition: Condition, kind: Kind, period: Period | None) -> ColumnElement[bool]:
    value: Any = condition.value
    found: ColumnElement[bool]
    match condition.operator:
        case "is":
            found = cell == value
        case "is_not":
            found = or_(cell.is_(None), cell != value)
        case "contains":
            found = cell.icontains(str(value), autoescape=True)
        case "at_least":
            found = cell >= value
        case "at_most":
            found = cell <= value
        case "between":
            found = and_(cell >= value[0], cell <= value[1])
        case "one_of":
            filled = cell.in_([one for one in value if one is not None])
            found = or_(cell.is_(None), filled) if None in value else filled
        case "empty":
            found = _empty(cell, kind)
        case "filled":
            found = not_(_empty(cell, kind))
        case _:
            found = _in_period(cell, kind, period)
    return found


def _empty(cell: ColumnElement[Any], kind: Kind) -> ColumnElement[bool]:
    return or_(cell.is_(None), cell == "") if isinstance(kind, Words) else cell.is_(None)


def _in_period(cell: ColumnElement[Any], kind: Kind, period: Period | None) -> ColumnElement[bool]:
    if period is None:
        raise Refused(_("Choose a period first."))
    low, high = period.first, period.last
    if isinstance(kind, Month):
        low, high = period.months or (month_of(low), month_of(high))
    return and_(cell >= low, cell <= high)


def sentence(field: Field, condition: Condition) -> Text:
    """The condition in words, as the chip above the table says it."""
    text = OPERATORS[condition.operator]
    value = condition.value
    if condition.operator == "between":
        return text(field=field.label, value=_said(field.kind, value[0]), high=_said(field.kind, value[1]))
    if condition.operator == "one_of":
        return text(field=field.label, value=[_said(field.kind, one) for one in value])
    return text(field=field.label, value=_said(field.kind, value))


def _said(kind: Kind, value: Any) -> Text | str:
    if value is None:
        return _("(empty)")
    if isinstance(kind, Choice):
        return kind.label(value)
    if isinstance(kind, Flag):
        return _("Yes") if value else _("No")
    shown = show(kind, value)
    unit = getattr(kind, "unit", "")
    return f"{shown}{unit}" if unit else shown


def all_sql(
    fields: Mapping[str, Field], conditions: Sequence[Condition], *, period: Period | None = None
) -> list[ColumnElement[bool]]:
    """The conditions of a view; those on fields that the book does not have are left out (the view shows them)."""
    return [sql(fields[one.key], one, period=period) for one in conditions if one.key in fields]
