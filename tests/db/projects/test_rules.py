"""What cannot be, and what is only odd."""

from __future__ import annotations

import pytest

from db.projects.rules import (
    amount_hints,
    date_hints,
    gap,
    missing_before,
    refused_amounts,
    source_kind,
    split_contact,
)
from db.projects.stages import order, preset_paths, stages
from db.projects.standing import Standing, standing


def test_that_production_before_signing_names_the_missing_stage() -> None:
    assert missing_before("produced", {"negotiating"}) == ("signed",)
    found = gap({"negotiating", "produced"})
    assert found is not None
    assert "签约" in found.render("zh")
    assert "投产" in found.render("zh")
    assert gap({"signed", "produced"}) is None


def test_that_every_path_names_known_stages_in_their_order() -> None:
    for path in preset_paths().values():
        assert set(path.steps) <= set(stages())
        assert list(path.steps) == sorted(path.steps, key=order)


def test_that_a_stage_dated_before_an_earlier_one_is_a_hint() -> None:
    hints = date_hints({"signed": "2024-05-01", "started": "2024-04-01", "produced": None})
    assert [hint.render("zh") for hint in hints] == ["开工日期早于签约日期。"]
    assert date_hints({"signed": "2024-04-01", "started": "2024-05-01"}) == []


def test_that_only_an_investment_below_zero_is_refused() -> None:
    found = refused_amounts({"agreed_investment": [-1, None], "total_investment": [0, 1]})
    assert {place: set(why) for place, why in found.items()} == {0: {"agreed_investment"}}


def test_that_fixed_assets_above_the_whole_and_a_huge_amount_are_hints() -> None:
    assert len(amount_hints({"agreed_investment": 100, "fixed_investment": 200})) == 1
    assert len(amount_hints({"agreed_investment": 2 * 10**12})) == 1
    assert amount_hints({"agreed_investment": 100, "fixed_investment": 50}) == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("安徽省合肥市", "inside"),
        ("合肥", "inside"),
        ("庐阳区", "inside"),
        ("上海市", "outside"),
        ("浙江省杭州市", "outside"),
        ("深圳", "outside"),
        ("内蒙古自治区", "outside"),
        ("新加坡", "overseas"),
        ("香港", "overseas"),
        ("中国香港", "overseas"),
        ("美国", "overseas"),
        ("省外", "outside"),
        ("本地", "inside"),
        ("", None),
        (None, None),
    ],
)
def test_that_a_place_of_origin_is_inside_outside_or_overseas(place: str | None, kind: str | None) -> None:
    assert source_kind(place, "安徽省") == kind


@pytest.mark.parametrize(
    ("cell", "name", "phone"),
    [
        ("罗倩 13800000001", "罗倩", "13800000001"),
        ("罗倩13800000001", "罗倩", "13800000001"),
        ("罗倩：0551-65551234", "罗倩", "0551-65551234"),
        ("罗倩、马骏 13800000001/13800000002", "罗倩 马骏", "13800000001、13800000002"),
        ("13800000001", None, "13800000001"),
        ("罗倩", "罗倩", None),
        ("", None, None),
    ],
)
def test_that_a_cell_with_contact_and_phone_is_split(cell: str, name: str | None, phone: str | None) -> None:
    assert split_contact(cell) == (name, phone)


def test_that_a_stage_without_a_day_stands_before_every_date() -> None:
    found = standing({"signed": None, "started": "2024-05-01"})
    assert found == Standing("started", None, "", "", "2024-05-01", None)


def test_that_fitting_out_counts_as_started_and_operating_as_produced() -> None:
    found = standing({"signed": "2024-01-01", "fitting_out": "2024-02-01", "operating": "2024-03-01"})
    assert (found.began_on, found.produced_on, found.stage) == ("2024-02-01", "2024-03-01", "operating")
