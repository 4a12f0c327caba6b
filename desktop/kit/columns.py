"""A column of a ledger over its field: heading, unit, width, side, the tones and marks of its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Metric, Money, Month, Whole, Words
from db.core.text import Text, _
from desktop.kit.words import language, tr

NUMBERS = (Money, Area, Metric, Whole)


@dataclass(frozen=True)
class Late:
    """A day that has passed while `until` (another field of the row) is empty; said in days, never by colour alone."""

    until: str | None = None
    tone: str = "red"


@dataclass(frozen=True)
class Above:
    """An amount of at least so many stored units stands in bold."""

    value: int


class Mark(NamedTuple):
    """What a view lets stand out: which stored values, in which tone, with which sign before them."""

    holds: Callable[[Any], bool]
    tone: str
    sign: str


@dataclass(frozen=True)
class Column:
    """A column over a field. tones: stored value → tone of its tag; emphasis: when a cell stands out.

    marks: what a view says stands out; the first that holds counts.
    """

    field: Field
    width: int
    tones: Mapping[str, str] | None = None
    emphasis: Late | Above | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether this book lacks the field; its column stays, and says so."""
        return self.field.read is None

    @property
    def heading(self) -> str:
        """Label and unit; cells carry no unit."""
        if self.missing:
            return tr(_("{field} (not in this book)", field=self.field.label))
        unit = getattr(self.field.kind, "unit", "")
        if not unit or isinstance(self.field.kind, Choice):
            return tr(self.field.label)
        return with_unit(tr(self.field.label), unit)

    @property
    def right(self) -> bool:
        """Whether its cells are numbers."""
        return isinstance(self.field.kind, NUMBERS)

    @property
    def firm(self) -> bool:
        """Whether its cells make no sense when they are cut: numbers, dates, choices."""
        return isinstance(self.field.kind, (*NUMBERS, Day, Month, Choice, Flag))


def missing_field(key: str) -> Field:
    """What stands for a field that a view names and this book lacks."""
    return Field(key, Text(key.removeprefix("own:")), Words())


def unit_name(unit: str) -> str:
    """A unit as the window says it."""
    from db.core import formats

    return formats.unit_name(unit, language())


def with_unit(label: str, unit: str) -> str:
    """A heading with its unit; one pair of brackets is enough: 到位资金（核定，万元）."""
    if language() == "zh":
        return f"{label[:-1]}，{unit}）" if label.endswith("）") else f"{label}（{unit}）"
    name = unit_name(unit)
    if not name:
        return label
    return f"{label[:-1]}, {name})" if label.endswith(")") else f"{label} ({name})"


def large_amount(hundredths: int, *, short: bool = False) -> tuple[str, str]:
    """An amount as a sentence says it, and its unit: 174.20 亿元; 620 million yuan, 17.42 billion yuan.

    short: as a card or a column has room for: 620 m yuan, 17.42 bn yuan.
    """
    from db.core import english
    from db.core.formats import show

    if language() == "zh":
        return show(Money(), hundredths, unit="亿元", digits=2), "亿元"
    number, unit = english.amount(hundredths)
    return number, unit.replace("million", "m").replace("billion", "bn") if short else unit


def width_for(kind: Kind) -> int:
    """How wide a column of this kind begins."""
    if isinstance(kind, Day | Month):
        return 96
    if isinstance(kind, NUMBERS):
        return 120
    narrow = 88 if language() == "zh" else 156
    return narrow if isinstance(kind, Choice | Flag) else 152
