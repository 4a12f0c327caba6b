"""Units in 建制顺序, and finding them by what a ledger calls them."""

from __future__ import annotations

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.people.models import DEPARTMENT, PARK, STREET, ZONE
from db.people.queries import leaders, loose_name, units
from db.people.service import (
    add_person,
    add_unit,
    merge_unit,
    person_ids,
    place_kind,
    rename_unit,
    reorder_people,
    reorder_units,
    unit_ids,
)
from tests.conftest import on_a_file
from tests.factories import people


def test_that_a_unit_is_found_by_full_short_and_former_name_and_without_prefix_and_suffix(book: Book) -> None:
    with book.write(_("Units")) as connection:
        commission = add_unit(
            connection, "区发展和改革委员会", kind=DEPARTMENT, short_name="区发改委", former=["区计划委员会"]
        )
        street = add_unit(connection, "杏林街道", kind=STREET)
        said = ["区发展和改革委员会", "区发改委", "发改委", "庐阳区发改委", "区计划委员会", "区　发改委"]
        assert unit_ids(connection, said) == dict.fromkeys(said, commission)
        places = ["杏林街道", "杏林", "庐阳区杏林街道", "杏林街道办事处"]
        assert unit_ids(connection, places, kind=STREET) == dict.fromkeys(places, street)


@on_a_file
def test_that_a_shortened_name_that_two_units_share_finds_neither(book: Book) -> None:
    first, second = people.units(book, "大杨镇", "大杨街道")
    with book.write(_("Units")) as connection:
        found = unit_ids(connection, ["大杨镇", "大杨街道", "大杨"], kind=STREET)
    assert (found["大杨镇"], found["大杨街道"]) == (first, second)
    assert found["大杨"] not in (first, second)


@on_a_file
def test_that_an_unknown_unit_is_added_once_at_the_end_of_the_order(book: Book) -> None:
    people.units(book, "亳州路街道")
    with book.write(_("Import")) as connection:
        found = unit_ids(connection, ["三十岗乡", "三十岗乡 ", "亳州路街道"], kind=STREET)
    assert found["三十岗乡"] == found["三十岗乡 "]
    with book.read() as connection:
        assert [one.name for one in units(connection)] == ["亳州路街道", "三十岗乡"]


@on_a_file
def test_that_units_are_listed_in_the_order_they_were_put_in(book: Book) -> None:
    first, second, third = people.units(book, "甲街道", "乙街道", "丙街道")
    with book.write(_("Order")) as connection:
        reorder_units(connection, [third, first, second])
    with book.read() as connection:
        assert [one.id for one in units(connection)] == [third, first, second]


@on_a_file
def test_that_a_renamed_unit_is_still_found_by_its_old_name(book: Book) -> None:
    (office,) = people.departments(book, "区投资促进局")
    with book.write(_("Rename")) as connection:
        rename_unit(connection, office, "区投资促进中心", on="2023-01-01")
    with book.write(_("Import")) as connection:
        assert unit_ids(connection, ["区投资促进局", "区投资促进中心"]) == {
            "区投资促进局": office,
            "区投资促进中心": office,
        }


def test_that_a_merged_unit_is_no_longer_listed_and_its_name_means_the_other(book: Book) -> None:
    gone, stays = people.units(book, "老街道", "新街道")
    with book.write(_("Merge")) as connection:
        merge_unit(connection, gone, stays)
        assert unit_ids(connection, ["老街道"], kind=STREET) == {"老街道": stays}
    with book.read() as connection:
        assert [one.id for one in units(connection)] == [stays]


@on_a_file
def test_that_two_units_of_one_name_are_refused_beside_the_name(book: Book) -> None:
    people.units(book, "甲街道")
    with pytest.raises(Refused) as refused:
        people.units(book, "甲街道")
    assert "甲街道" in refused.value.fields["name"].render("zh")


@on_a_file
def test_that_leaders_are_listed_in_their_order_and_found_by_name(book: Book) -> None:
    with book.write(_("Leaders")) as connection:
        first = add_person(connection, "梁志远", title="区委书记", is_leader=True)
        second = add_person(connection, "郑晓燕", is_leader=True)
        add_person(connection, "罗倩")
        reorder_people(connection, [second, first])
        found = person_ids(connection, ["梁志远", "梁 志远", "新领导"], is_leader=True)
    assert found["梁志远"] == found["梁 志远"] == first
    with book.read() as connection:
        assert [one.name for one in leaders(connection)] == ["郑晓燕", "梁志远", "新领导"]


def test_that_a_name_tells_what_kind_of_place_it_is() -> None:
    assert place_kind("庐阳经济开发区") == ZONE
    assert place_kind("大数据产业园") == PARK
    assert place_kind("三十岗乡") == STREET


def test_that_a_name_is_never_shortened_to_one_character() -> None:
    assert loose_name("乡街道") == "乡街道"
    assert loose_name("区委") == "区委"
