"""The rates of published bulletins, computed from rows, each with numerator and denominator; and those that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from db.core.book import Book
from db.core.period import Period
from db.core.ratios import change, percent
from db.core.text import _
from db.overview.figures import figures
from db.overview.rates import denominators, doubt
from db.projects.service import publish, set_status, set_target
from tests.conftest import on_a_file
from tests.factories.projects import projects, row, signed

HALF = Period.parse("2024-01..2024-06")


def rates(book: Book) -> dict[str, tuple[str, str, str | None]]:
    with book.read() as connection:
        found: dict[str, Any] = figures(connection, HALF)["figures"]
    return {
        key: (one["numerator"], one["denominator"], percent(one["numerator"], one["denominator"], places=2))
        for key, one in found.items()
        if one["denominator"] is not None
    }


def many(count: int, **facts: Any) -> list[dict[str, Any]]:
    return [row(**facts) for _at in range(count)]


@on_a_file
def test_that_the_stock_of_a_bulletin_gives_its_start_and_production_rates(book: Book) -> None:
    old = {"signed_on": "2022-03-01"}
    projects(
        book,
        *many(632, **old),
        *many(300, **old, started_on="2022-06-01"),
        *many(2154, **old, started_on="2022-06-01", produced_on="2023-06-01"),
    )
    found = rates(book)
    assert found["start_rate.stock"] == ("2454", "3086", "79.52")
    assert found["production_rate.stock"] == ("2154", "2454", "87.78")


@on_a_file
def test_that_the_performance_of_contracts_leaves_out_the_one_that_was_withdrawn(book: Book) -> None:
    old = {"signed_on": "2022-03-01"}
    ids = projects(
        book,
        *many(18, **old, started_on="2022-06-01", produced_on="2023-06-01"),
        *many(180, **old, started_on="2022-06-01"),
        *many(93, **old),
        *many(1, **old),
    )
    with book.write(_("Withdraw")) as connection:
        set_status(connection, ids[-1:], "withdrawn", on="2023-01-01")
    assert rates(book)["performance_rate"] == ("291", "292", "99.66")


@on_a_file
@pytest.mark.parametrize(("started", "of", "said"), [(32, 34, "94.12"), (22, 32, "68.75")])
def test_that_a_cohort_is_what_was_started_of_what_was_signed(book: Book, started: int, of: int, said: str) -> None:
    day = {"signed_on": "2024-02-01", "approved_on": "2024-02-01"}
    projects(book, *many(started, **day, started_on="2024-05-01"), *many(of - started, **day))
    assert rates(book)["start_rate.cohort"] == (str(started), str(of), said)


def test_that_targets_and_last_year_give_the_published_rates(book: Book) -> None:
    projects(
        book, *many(77, signed_on="2024-02-01"), signed("2024-02-01", 0) | {"agreed_investment": 17_420_000_000_00}
    )
    with book.write(_("Bulletin")) as connection:
        set_target(connection, 2024, "signed.count", 132)
        publish(connection, "2023-06", "signed.investment", 10_271_000_000_00)
    with book.read() as connection:
        found = figures(connection, HALF)["figures"]
    assert found["signed.investment"]["yoy"] == "0.6960"
    assert change("174.2", "102.71", places=3) == "0.696"
    assert percent(78, 132) == "59.1"
    assert percent("219.22", "589") == "37.2"
    assert found["targets.signed.count.rate"]["denominator"] == "132"


def test_that_a_published_rate_that_cannot_be_is_said() -> None:
    assert list(denominators(26, "63.3")) == []
    assert list(denominators(26, "63.4")) == [41]
    assert list(denominators(22, "68.8")) == [32]
    assert list(denominators(0, "0.0")) == []
    assert str(doubt("63.3%", 26)) == "two populations in one sentence: 26 of any number is never 63.3 %"
    assert str(doubt("68.9%", 22, 32)) == "22/32 is 68.8 %, not 68.9 %"
    assert doubt("68.8％", 22, 32) is None
    assert doubt("四成", 22, 32) is None
    assert doubt("50%", 1, 0) is None
