"""Rates against published reports, rounded half up once."""

from __future__ import annotations

import pytest

from db.core.ratios import change, percent, ratio


@pytest.mark.parametrize(
    ("above", "below", "places", "said"),
    [
        (18 + 180 + 93, 292, 2, "99.66"),
        (32, 34, 1, "94.1"),
        (22, 32, 1, "68.8"),
        (300 + 2154, 632 + 300 + 2154, 1, "79.5"),
        (2154, 300 + 2154, 1, "87.8"),
        ("9.18", "11.45", 1, "80.2"),
        ("219.22", 589, 1, "37.2"),
        (78, 132, 1, "59.1"),
    ],
)
def test_that_a_rate_agrees_with_the_published_report(above: int, below: int, places: int, said: str) -> None:
    assert percent(above, below, places=places) == said


def test_that_the_published_rise_is_computed_from_both_years() -> None:
    assert change("174.2", "102.71") == "0.6960"
    assert percent("71.49", "102.71") == "69.6"


def test_that_a_zero_denominator_has_no_rate() -> None:
    assert ratio(3, 0) is None
    assert change(3, 0) is None
    assert ratio(None, 3) is None


def test_that_halves_are_rounded_away_from_zero_once() -> None:
    assert ratio(1, 8, places=2) == "0.13"
    assert ratio(-1, 8, places=2) == "-0.13"
    assert ratio(44449, 100000, places=3) == "0.444"
    assert change(99, 100) == "-0.0100"
    assert ratio(-1, 10**9, places=4) == "0.0000"
