"""A condition is SQL and a sentence, from one place: what the table filters by is what the chip above it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, not_, or_, select

from db.core.errors import Bug, Refused
from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.formats import show
from db.core.period import CALENDAR_MONTH, Period, add_months, month_of, period_name
from db.core.text import Text, _

OPERATORS: Mapping[str, Text] = {
    "is": _("{field} is {value}"),
    "is_not": _("{field} is not {value}"),
    "contains": _("{field} contains {value}"),
    "not_contains": _("{field} does not contain {value}"),
    "begins": _("{field} begins with {value}"),
    "at_least": _("{field} at least {value}"),
    "at_most": _("{field} at most {value}"),
    "between": _("{field} from {value} to {high}"),
    "one_of": _("{field}: {value}"),
    "none_of": _("{field}: not {value}"),
    "empty": _("{field} is empty"),
    "filled": _("{field} is filled in"),
    "in_period": _("{field} in this period"),
    "this_month": _("{field} in this month"),
    "last_month": _("{field} in the last month"),
    "this_year": _("{field} in this year"),
    "older_than_days": _("{field} more than {value} days ago"),
    "before_today": _("{field} before today"),
    "after_today": _("{field} after today"),
    "top": _("{field}: the {value} largest"),
    "bottom": _("{field}: the {value} smallest"),
    "behind": _("{field} in this period"),
    "either": _("{first} or {second}"),
}
_COUNTED = ("top", "bottom")
_OF_DAYS = {"top": _("{field}: the {value} latest"), "bottom": _("{field}: the {value} earliest")}
_SPAN = ("is", "is_not", "at_least", "at_most", "between", "top", "bottom", "one_of", "none_of", "empty", "filled")
_TIME = ("in_period", "this_month", "last_month", "this_year")
_TEXT = ("contains", "not_contains", "begins")
_CHOSEN = ("one_of", "none_of", "is", "is_not", "empty", "filled")
BY_KIND: Mapping[type[Kind], tuple[str, ...]] = {
    Words: (*_TEXT, *_CHOSEN),
    Link: (*_CHOSEN, *_TEXT),
    Choice: _CHOSEN,
    Flag: ("is", "empty", "filled"),
    Whole: _SPAN,
    Money: _SPAN,
    Area: _SPAN,
    Metric: _SPAN,
    Day: (*_TIME, "older_than_days", "before_today", "after_today", *_SPAN),
    Month: (*_TIME, *_SPAN),
}


@dataclass(frozen=True)
class Condition:
    """What one column must be. `value` is stored form: a tuple for `one_of`, a pair for `between`, a count for `top`.

    `either` has two of the others as (operator, value), of which one has to hold. Several conditions on one column all hold.
    """

    key: str
    operator: str
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        """As a saved view keeps it."""
        return {"key": self.key, "operator": self.operator, "value": _listed(self.value)}

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The two of an `either`; else itself."""
        if self.operator != "either":
            return (self,)
        return tuple(Condition(self.key, operator, value) for operator, value in self.value)


def condition_from_json(stored: Mapping[str, Any]) -> Condition:
    """What `as_json` gave."""
    return Condition(stored["key"], stored["operator"], _tupled(stored.get("value")))


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value


@dataclass(frozen=True, eq=False)
class Scope:
    """Rows that a rule of the trade names instead of a column: those behind a figure. Its one operator is `behind`.

    where: the condition in a period. at_end: whether it speaks of the last day of the period and not of all of them.
    """

    key: str
    label: Text
    where: Callable[[Period], ColumnElement[bool]]
    at_end: bool = False


@dataclass(frozen=True)
class When:
    """What conditions that speak of a period or of now depend on. cut: which days the book's months have."""

    today: str | None = None
    period: Period | None = None
    cut: str = CALENDAR_MONTH

    def span(self, operator: str) -> Period:
        """The days of which the operator speaks."""
        if operator in ("in_period", "behind"):
            if self.period is None:
                raise Refused(_("Choose a period first."))
            return self.period
        month = month_of(self.now, self.cut)
        if operator == "this_year":
            return Period.of_months(f"{month[:4]}-01", f"{month[:4]}-12", cut=self.cut)
        if operator == "last_month":
            month = add_months(month, -1)
        return Period.of_months(month, month, cut=self.cut)

    @property
    def now(self) -> str:
        """Today, which whoever asks has to say."""
        if self.today is None:
            raise Bug("a condition that depends on today needs it")
        return self.today


_ANY_TIME = When()


def require(field: Field, condition: Condition) -> None:
    """Refuse, in words, an operator that does not fit the field and a value that cannot be."""
    if condition.operator == "either":
        _require_either(field, condition)
        return
    if condition.operator not in BY_KIND[type(field.kind)] or field.read is None:
        raise Refused(fields={field.key: _("“{field}” cannot be filtered like this.", field=field.label)})
    check = _CHECKS.get(condition.operator)
    wrong = check(field, condition.value) if check is not None else None
    if wrong is not None:
        raise Refused(fields={field.key: wrong})


def _require_either(field: Field, condition: Condition) -> None:
    pairs = condition.value
    plain = isinstance(pairs, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in pairs)
    if not plain or len(pairs) != 2 or any(one.operator in (*_COUNTED, "either") for one in condition.parts):
        raise Refused(fields={field.key: _("“{field}” cannot be filtered like this.", field=field.label)})
    for one in condition.parts:
        require(field, one)


def _wrong_list(field: Field, value: Any) -> Text | None:
    if not isinstance(value, tuple) or not value:
        return _("“{field}”: choose at least one value.", field=field.label)
    if len(value) > _MOST_VALUES:
        return _("“{field}”: choose at most {count} values.", field=field.label, count=_MOST_VALUES)
    return next((why for one in value if one is not None and (why := _wrong_value(field, one))), None)


def _wrong_pair(field: Field, value: Any) -> Text | None:
    if not isinstance(value, tuple) or len(value) != 2:
        return _("“{field}” needs a smallest and a largest value.", field=field.label)
    wrong = _wrong_value(field, value[0]) or _wrong_value(field, value[1])
    if wrong is None and value[0] > value[1]:
        return _("“{field}”: the first value is larger than the second.", field=field.label)
    return wrong


def _wrong_count(field: Field, value: Any) -> Text | None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_COUNTED:
        return None
    return _("“{field}”: write a number from 1 to {most}.", field=field.label, most=_MOST_COUNTED)


def _wrong_words(field: Field, value: Any) -> Text | None:
    wrong = _wrong_value(field, value)
    if wrong is None and not value.strip():
        return _("“{field}”: write what to look for.", field=field.label)
    return wrong


_MOST_VALUES, _MOST_COUNTED = 10_000, 36_500
_LONGEST = 1000
_LARGEST = 2**63 - 1


def _wrong_value(field: Field, value: Any) -> Text | None:
    """Why this is no value of the field; None where it is one."""
    if isinstance(field.kind, Words | Link | Choice):
        if isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value:
            return None
        return _("“{field}”: write a text of at most {most} characters.", field=field.label, most=_LONGEST)
    if isinstance(field.kind, Day | Month):
        day = f"{value}-01" if isinstance(field.kind, Month) else value
        try:
            fits = isinstance(day, str) and dt.date.fromisoformat(day).isoformat() == day
        except ValueError:
            fits = False
        return None if fits else _("“{field}”: “{value}” is no date.", field=field.label, value=str(value)[:40])
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return None
    return _("“{field}”: “{value}” is no number.", field=field.label, value=str(value)[:40])


_CHECKS: Mapping[str, Callable[[Field, Any], Text | None]] = {
    **dict.fromkeys(("one_of", "none_of"), _wrong_list),
    "between": _wrong_pair,
    **dict.fromkeys(("top", "bottom", "older_than_days"), _wrong_count),
    **dict.fromkeys(_TEXT, _wrong_words),
    **dict.fromkeys(("is", "is_not", "at_least", "at_most"), _wrong_value),
}


def sql(field: Field | Scope, condition: Condition, *, when: When = _ANY_TIME) -> ColumnElement[bool]:
    """One condition as SQL; raises `Refused` where it cannot be. `top` and `bottom` depend on others: see `all_sql`."""
    if isinstance(field, Scope):
        return field.where(when.span("behind"))
    require(field, condition)
    assert field.read is not None
    return _sql(field.read(), condition, field.kind, when)


def _sql(cell: ColumnElement[Any], condition: Condition, kind: Kind, when: When) -> ColumnElement[bool]:
    operator, value = condition.operator, condition.value
    if operator == "either":
        return or_(*(_sql(cell, one, kind, when) for one in condition.parts))
    if operator in _TIME:
        return _within(cell, kind, when.span(operator))
    if operator == "older_than_days":
        return cell < (dt.date.fromisoformat(when.now) - dt.timedelta(days=value)).isoformat()
    if operator in ("before_today", "after_today"):
        return cell < when.now if operator == "before_today" else cell > when.now
    if operator not in _MADE:
        raise Bug("how many are the largest depends on the other conditions: use all_sql")
    return _MADE[operator](cell, value, kind)


def _none_of(cell: ColumnElement[Any], values: Sequence[Any], kind: Kind) -> ColumnElement[bool]:
    rest = cell.not_in([one for one in values if one is not None])
    return and_(not_(_empty(cell, kind)), rest) if None in values else or_(_empty(cell, kind), rest)


def _one_of(cell: ColumnElement[Any], values: Sequence[Any], kind: Kind) -> ColumnElement[bool]:
    filled = cell.in_([one for one in values if one is not None])
    return or_(_empty(cell, kind), filled) if None in values else filled


def _empty(cell: ColumnElement[Any], kind: Kind) -> ColumnElement[bool]:
    return or_(cell.is_(None), cell == "") if isinstance(kind, Words) else cell.is_(None)


_MADE: Mapping[str, Callable[[ColumnElement[Any], Any, Kind], ColumnElement[bool]]] = {
    "is": lambda cell, value, _kind: cell == value,
    "is_not": lambda cell, value, _kind: or_(cell.is_(None), cell != value),
    "contains": lambda cell, value, _kind: cell.icontains(value, autoescape=True),
    "not_contains": lambda cell, value, _kind: or_(cell.is_(None), not_(cell.icontains(value, autoescape=True))),
    "begins": lambda cell, value, _kind: cell.istartswith(value, autoescape=True),
    "at_least": lambda cell, value, _kind: cell >= value,
    "at_most": lambda cell, value, _kind: cell <= value,
    "between": lambda cell, value, _kind: and_(cell >= value[0], cell <= value[1]),
    "one_of": _one_of,
    "none_of": _none_of,
    "empty": lambda cell, _value, kind: _empty(cell, kind),
    "filled": lambda cell, _value, kind: not_(_empty(cell, kind)),
}


def _within(cell: ColumnElement[Any], kind: Kind, span: Period) -> ColumnElement[bool]:
    low, high = span.first, span.last
    if isinstance(kind, Month):
        low, high = span.months or (month_of(low), month_of(high))
    return and_(cell >= low, cell <= high)


def all_sql(
    fields: Mapping[str, Field],
    conditions: Iterable[Condition],
    *,
    when: When = _ANY_TIME,
    scopes: Mapping[str, Scope] | None = None,
    table: Table | None = None,
) -> list[ColumnElement[bool]]:
    """The conditions together as SQL; those on what the book does not have are left out (`views.resolve` says which).

    The largest (`top`) are those among the rows that the other conditions leave, all that tie with the last included;
    they need `table`.
    """
    known: dict[str, Field | Scope] = {**fields, **(scopes or {})}
    found: list[ColumnElement[bool]] = []
    extreme: list[tuple[Field, Condition]] = []
    for one in conditions:
        field = known.get(one.key)
        if isinstance(field, Field) and one.operator in _COUNTED:
            require(field, one)
            extreme.append((field, one))
        elif field is not None:
            found.append(sql(field, one, when=when))
    return [*found, *(_extreme(field, one, table, found) for field, one in extreme)]


def _extreme(
    field: Field, condition: Condition, table: Table | None, others: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    if table is None or field.read is None:
        raise Bug("the largest are looked for among the rows of a table")
    cell, last = field.read(), last_among(field, condition, table, others).scalar_subquery()
    return cell >= last if condition.operator == "top" else cell <= last


def last_among(
    field: Field, condition: Condition, table: Table, others: Sequence[ColumnElement[bool]]
) -> Select[tuple[Any]]:
    """The smallest of the N largest (`top`), or the largest of the N smallest, among the rows of the other conditions."""
    assert field.read is not None
    cell, largest = field.read(), condition.operator == "top"
    some = select(cell.label("value")).select_from(table).where(*others, cell.is_not(None))
    some = some.order_by(cell.desc() if largest else cell.asc()).limit(condition.value).correlate(None)
    value = some.subquery().c.value
    return select(func.min(value) if largest else func.max(value))


def others(conditions: Iterable[Condition], key: str) -> list[Condition]:
    """The conditions that are not on this column: among what they leave its check list counts."""
    return [one for one in conditions if one.key != key]


def sentence(field: Field | Scope, condition: Condition, *, period: Period | None = None) -> Text:
    """The condition in words, as the chip above the table says it; with `period`, which days "this period" is."""
    text, value = OPERATORS[condition.operator], condition.value
    if isinstance(field, Scope):
        return _of_figure(field, period)
    if condition.operator == "either":
        first, second = (sentence(field, one, period=period) for one in condition.parts)
        return text(first=first, second=second)
    if condition.operator == "in_period" and period is not None:
        return _("{field} in {period}", field=field.label, period=period_name(period))
    if condition.operator == "between":
        return text(field=field.label, value=_said(field.kind, value[0]), high=_said(field.kind, value[1]))
    if condition.operator in ("one_of", "none_of"):
        return text(field=field.label, value=[_said(field.kind, one) for one in value])
    if condition.operator in ("top", "bottom", "older_than_days"):
        if isinstance(field.kind, Day | Month):
            text = _OF_DAYS.get(condition.operator, text)
        return text(field=field.label, value=f"{value:,}")
    return text(field=field.label, value=_said(field.kind, value))


def _of_figure(scope: Scope, period: Period | None) -> Text:
    if period is None:
        return scope.label if scope.at_end else OPERATORS["behind"](field=scope.label)
    if scope.at_end:
        return _("{figure}, on {last}", figure=scope.label, last=period.last)
    return _("{figure}, {period}", figure=scope.label, period=period_name(period))


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
