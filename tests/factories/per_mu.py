"""Groups, schemes and metrics for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from db.core.text import _
from db.per_mu.groups import Group, Member
from db.per_mu.models import METRICS, MICRO
from db.per_mu.schemes import Scheme, presets

if TYPE_CHECKING:
    from db.core.book import Book

Units = str | int | Fraction | None


def micro(value: Units) -> int | None:
    """A value in units as it is stored."""
    return None if value is None else int(Fraction(value) * MICRO)


def group(*companies: Mapping[str, Units], year: int = 2023, tags: Mapping[int, str] | None = None) -> Group:
    """Companies as they are scored; values in units (10,000 yuan, mu, tce, people)."""
    members = [
        Member(at + 1, f"企业{at + 1}", tags=(tags or {}).get(at, ""), entry=at + 1) for at in range(len(companies))
    ]
    given = {one.key: [micro(of.get(one.key)) for of in companies] for one in METRICS}
    return Group(members, given, year)


def preset(name: str, **changes: Any) -> Scheme:
    """A preset, with some of its data changed."""
    return Scheme.of({**presets()[name], **changes})


def simple(*indicators: Mapping[str, Any], **more: Any) -> Scheme:
    """A scheme of these indicators in four classes by share."""
    classes = {"by": "share", "rounding": "round", "limits": [["A", "25"], ["B", "70"], ["C", "95"], ["D", "100"]]}
    return Scheme.of({
        "key": "own", "name": "本区方案", "year": 2023, "classes": classes,
        "indicators": [{"code": f"x{at}", "name": f"指标{at}", **one} for at, one in enumerate(indicators)], **more,
    })  # fmt: skip


def year_of_metrics(
    book: Book, companies: Sequence[tuple[str, Mapping[str, Units]]], *, year: int = 2023, half: int = 0,
    scale: str | None = "above",
) -> dict[str, int]:  # fmt: skip
    """Companies with metrics of a year in a book; name → entry."""
    from db.companies.service import company_ids
    from db.per_mu.service import entries, put_metrics

    with book.write(_("Metrics")) as connection:
        numbers = company_ids(connection, [(name, None) for name, _values in companies])
        made = entries(connection, list(numbers.values()), year, half=half, scale=scale)
        found = {name: made[numbers[name, None]] for name, _values in companies}
        rows = {found[name]: {key: micro(value) for key, value in values.items()} for name, values in companies}
        put_metrics(connection, rows, source="基础数据表.xlsx")
    return found
