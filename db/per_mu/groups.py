"""Companies that are scored together, with their metrics column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from db.core.text import Text
from db.per_mu.models import MICRO, WHOLE_YEAR, period_name


@dataclass(frozen=True)
class Member:
    """A company in a group."""

    company: int
    name: str
    code: str | None = None
    tags: str = ""
    entry: int = 0
    street: str = ""
    industry: str = ""


Adjustment = tuple[str, int | None, str]


@dataclass(frozen=True)
class Group:
    """The companies that are scored together, and their metrics column by column in 10⁻⁶ of the unit.

    half: which half of the year, 0 the whole. adjusted: by place, what the office entered for it: (kind, points in
    10⁻⁶ or None, reason).
    """

    members: Sequence[Member]
    given: Mapping[str, Sequence[int | None]]
    year: int = 0
    adjusted: Mapping[int, tuple[Adjustment, ...]] = field(default_factory=dict)
    half: int = WHOLE_YEAR

    @property
    def period(self) -> Text:
        """The year, or which half of it, in words."""
        return period_name(self.year, self.half)

    def values(self, place: int) -> dict[str, Fraction | None]:
        """The metrics of one company, in units."""
        return {
            key: None if (value := column[place]) is None else Fraction(value, MICRO)
            for key, column in self.given.items()
        }
