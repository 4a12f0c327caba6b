"""Stored values and what people read and type."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import Refused
from db.core.fields import KINDS, Area, Choice, Day, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.formats import PARSE, SHOW, decimal_text, parse, plain_text, show, understand
from db.core.text import _

STAGE = Choice(options=(("signed", _("Yes")), ("lead", _("No"))), aliases=(("已签约", "signed"),))


def test_that_every_kind_can_be_shown_and_understood() -> None:
    assert set(SHOW) == set(PARSE) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "stored", "text"),
    [
        (Money("万元"), 52_000 * 10**6, "52,000"),
        (Money("万元"), 130_839_400_000, "130,839.4"),
        (Money("亿元"), 1_768_100_000_00, "17.681"),
        (Area("亩"), 34 * 200_000, "34"),
        (Area("㎡"), 3601, "12"),
        (Whole("个"), 1234, "1,234"),
        (Metric("吨标煤"), 12_500_000, "12.5"),
        (Day(), "2024-09-05", "2024-09-05"),
        (Flag(), 1, "是"),
        (STAGE, "signed", "是"),
        (STAGE, "unknown", "unknown"),
        (Words(), None, ""),
    ],
)
def test_that_a_stored_value_is_shown_in_the_unit_of_its_field(kind: Kind, stored: Any, text: str) -> None:
    assert show(kind, stored, "zh") == text


def test_that_decimals_are_rounded_half_up_once() -> None:
    assert show(Money("亿元"), 1_741_850_000_00, digits=2) == "17.42"
    assert [decimal_text(value, 100, 1) for value in (6875, 6874, -6875, -4)] == ["68.8", "68.7", "-68.8", "0.0"]


@given(st.integers(0, 10**14))
def test_that_what_is_shown_of_money_reads_back_as_itself(hundredths: int) -> None:
    assert parse(Money("元"), show(Money("元"), hundredths)) == hundredths


@given(st.integers(0, 10**9))
def test_that_four_decimals_of_a_mu_read_back_exactly(ten_thousandths: int) -> None:
    assert parse(Area("亩"), show(Area("亩"), ten_thousandths * 20)) == ten_thousandths * 20


def test_that_a_form_is_told_why_and_what_is_accepted() -> None:
    with pytest.raises(Refused) as refused:
        parse(Day(), "2024-02-30")
    assert "2024-02-29、2024.2.29、2024年2月29日" in refused.value.render("zh")
    assert "没有这一天" in refused.value.render("zh")


def test_that_nothing_typed_is_no_value() -> None:
    assert [parse(kind, raw) for kind in (Money(), Day(), Words()) for raw in ("", None, " 　")] == [None] * 9


@pytest.mark.parametrize(("raw", "stored"), [("是", 1), ("√", 1), (True, 1), ("否", 0), ("无", 0), (0.0, 0)])
def test_that_yes_and_no_have_many_spellings(raw: object, stored: int) -> None:
    assert parse(Flag(), raw) == stored


def test_that_a_choice_is_known_by_key_label_and_alias_and_refused_otherwise() -> None:
    assert [parse(STAGE, raw) for raw in ("signed", "是", "yes", "已 签约")] == ["signed"] * 4
    reading = understand(STAGE, "开工")
    assert reading.refused is not None
    assert reading.words


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        (Words(), "天仪\n项目　", "天仪项目"),
        (Words(long=True), "一\r\n二", "一\n二"),
        (Words(identifier=True), " 9134 0108ag２6e4h6dp ", "91340108AG26E4H6DP"),
        (Words(identifier=True), 340104199001011.0, "340104199001011"),
        (Words(), 12.0, "12"),
        (Words(), date(2024, 9, 5), "2024-09-05"),
        (Link(), "区经信局\n", "区经信局"),
    ],
)
def test_that_text_is_trimmed_and_identifiers_never_become_numbers(kind: Kind, raw: object, stored: str) -> None:
    assert parse(kind, raw) == stored


def test_that_an_identifier_whose_digits_the_file_has_lost_is_said() -> None:
    assert understand(Words(identifier=True), 3.40104199001011e17).note is not None
    assert understand(Words(identifier=True), "340104199001011234").note is None


def test_that_a_cell_of_any_type_can_be_text() -> None:
    midnight = datetime(2024, 9, 5)  # noqa: DTZ001 - a cell of Excel knows no zone
    cells = [12.0, 0.1 + 0.2, True, midnight, midnight.replace(hour=10, minute=30), 7]
    assert [plain_text(cell) for cell in cells] == ["12", "0.3", "TRUE", "2024-09-05", "2024-09-05 10:30:00", "7"]


def test_that_a_month_keeps_no_day() -> None:
    assert [parse(Month(), raw) for raw in ("2024.9", "2024年9月5日", 202409.0, date(2024, 9, 5))] == ["2024-09"] * 4
