"""Periods: what they mean in days, and the year before them."""

from __future__ import annotations

import pytest

from db.core.errors import Usage
from db.core.period import Period, month_of, months_before, period_name


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-06", "2024-06-01", "2024-06-30"),
        ("2024-01..2024-06", "2024-01-01", "2024-06-30"),
        ("2024-06-03..2024-06-16", "2024-06-03", "2024-06-16"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024Q1..2024-q3", "2024-01-01", "2024-09-30"),
    ],
)
def test_that_a_period_means_these_days(text: str, first: str, last: str) -> None:
    period = Period.parse(text)
    assert (period.first, period.last) == (first, last)


def test_that_a_statistical_month_from_the_26th_reaches_into_the_month_before() -> None:
    period = Period.parse("2024-01..2024-06", cut="26-25")
    assert (period.first, period.last) == ("2023-12-26", "2024-06-25")
    assert period.year == 2024
    assert month_of("2024-06-26", "26-25") == "2024-07"


def test_that_the_cut_of_the_month_leaves_named_days_alone() -> None:
    period = Period.parse("2024-06-03..2024-06-16", cut="26-25")
    assert (period.first, period.last) == ("2024-06-03", "2024-06-16")


@pytest.mark.parametrize(
    "text", ["", "2024-13", "2024-06..2024-01", "June", "2024-06-31..2024-07-01", "2024-6", "...", "2024-Q5"]
)
def test_that_what_is_no_period_is_a_usage_error_naming_it(text: str) -> None:
    with pytest.raises(Usage, match="is not a period"):
        Period.parse(text)


def test_that_the_year_before_of_a_leap_day_is_the_28th() -> None:
    before = Period.parse("2024-02-29..2024-02-29").year_before()
    assert (before.first, before.last) == ("2023-02-28", "2023-02-28")
    assert Period.parse("2024-02").year_before().last == "2023-02-28"


def test_that_amounts_by_month_count_in_the_period_in_which_the_month_ends() -> None:
    assert Period.parse("2024-05-20..2024-06-29").whole_months() == ("2024-05", "2024-05")
    assert Period.parse("2024-05-20..2024-06-30").whole_months() == ("2024-05", "2024-06")
    low, high = Period.parse("2024-06-03..2024-06-16").whole_months()
    assert low > high


def test_that_six_months_before_the_end_of_august_is_the_end_of_february() -> None:
    assert months_before("2024-08-31", 6) == "2024-02-29"
    assert months_before("2024-06-30", 6) == "2023-12-31"
    assert months_before("2024-06-29", 6) == "2023-12-29"


@pytest.mark.parametrize(
    ("text", "name"), [("2024-06", "2024年6月"), ("2024-01..2024-06", "2024年1—6月"), ("2024", "2024年")]
)
def test_that_a_report_names_the_period_as_people_do(text: str, name: str) -> None:
    assert period_name(Period.parse(text)).render("zh") == name
