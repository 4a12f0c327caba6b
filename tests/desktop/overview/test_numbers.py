"""How the pane of a number says a value and what it is divided by."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from db.reports.report import Figure
from desktop.kit import words
from desktop.overview.explained import shown, shown_parts


@pytest.fixture(autouse=True)
def _in_chinese(qtbot: QtBot) -> None:
    words.speak("zh")


@pytest.mark.parametrize(
    ("key", "unit", "value", "parts", "said", "above", "below"),
    [
        ("start_rate.cohort", "比率", "0.1489", (7, 47), "14.9%", "7", "47"),
        ("targets.signed.investment.rate", "比率", "0.4839", (17420000000, 36000000000), "48.4%", "174.20 亿元", "360.00 亿元"),
        ("per_mu.tax", "元/亩", "338000", (1352000000, 4000), "33.8 万元/亩", "13.52 亿元", "4,000 亩"),
        ("forum.mean_days", "工作日", "6.1", (666, 109), "6.1 工作日", "666", "109"),
        ("signed.investment", "元", "17420000000", None, "174.20 亿元", "", ""),
    ],
)  # fmt: skip
def test_that_a_quotient_is_said_in_its_own_unit_and_only_a_share_in_per_cent(
    key: str, unit: str, value: str, parts: tuple[int, int] | None, said: str, above: str, below: str
) -> None:
    figure = Figure(key, "指标", "口径", unit, Decimal(value), *(parts or ()))
    assert " ".join(shown(figure, figure.value)).strip() == said
    if parts is not None:
        assert shown_parts(figure) == [above, below]
