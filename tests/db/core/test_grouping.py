"""Rows in groups: every row stands once, in its groups, and sums add up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from db import rooms
from db.core import listing, views
from db.core.book import Book
from db.core.dayparts import days_of, part_name
from db.core.fields import Field
from db.core.filters import Condition, When
from db.core.grouping import Group, Outline, may_be_summed, outline
from db.core.text import _
from db.core.views import View
from db.people.models import person
from db.projects.fields import PROJECT_FIELDS
from db.projects.models import project
from tests.factories import projects
from tests.factories.projects import YI, row

FIELDS = {one.key: one for one in PROJECT_FIELDS}


def grouped(
    book: Book, *groups: str, order: Sequence[tuple[str, bool]] = (), columns: Sequence[str] = ("name", "agreed_investment"),
    conditions: Sequence[Condition] = (),
) -> Outline:  # fmt: skip
    view = View("试", tuple(columns), tuple(conditions), tuple(order), groups)
    with book.read() as connection:
        return views.look(connection, project, view, fields=FIELDS, when=When("2024-07-17")).outline


def said(found: Outline) -> list[tuple[int, Any, int, tuple[int | None, ...]]]:
    return [(one.level, one.value, one.count, one.sums) for one in found.groups]


@pytest.fixture
def six(book: Book) -> list[int]:
    return projects.projects(
        book,
        row(name="一", street="乙街道", industry="光电", agreed_investment=5 * YI),
        row(name="二", street="甲街道", industry="光电", agreed_investment=1 * YI),
        row(name="三", street="甲街道", industry="软件", agreed_investment=2 * YI),
        row(name="四", street="甲街道", industry="软件"),
        row(name="五", industry="软件", agreed_investment=4 * YI),
        row(name="六", street="乙街道", industry=""),
    )


def test_that_groups_hold_their_rows_counts_and_sums(book: Book, six: list[int]) -> None:
    found = grouped(book, "street")
    one, two, three, four, five, sixth = six
    assert list(found.ids) == [one, sixth, two, three, four, five]
    # 建制顺序 is the order in which the streets were met; what has none comes last.
    assert said(found) == [
        (0, "乙街道", 2, (5 * YI,)), (0, "甲街道", 3, (3 * YI,)), (0, None, 1, (4 * YI,)),
    ]  # fmt: skip
    assert [(group.start, group.stop) for group in found.groups] == [(0, 2), (2, 5), (5, 6)]
    assert (found.count, found.summed, found.sums) == (6, ("agreed_investment",), (12 * YI,))


def test_that_groups_stand_within_groups(book: Book, six: list[int]) -> None:
    found = grouped(book, "street", "industry")
    assert said(found) == [
        (0, "乙街道", 2, (5 * YI,)), (1, "光电", 1, (5 * YI,)), (1, None, 1, (None,)),
        (0, "甲街道", 3, (3 * YI,)), (1, "软件", 2, (2 * YI,)), (1, "光电", 1, (1 * YI,)),
        (0, None, 1, (4 * YI,)), (1, "软件", 1, (4 * YI,)),
    ]  # fmt: skip
    assert found.groups[4].path == ("甲街道", "软件")
    # Words by how many rows they have; where the view orders by them, by pinyin.
    assert [one.value for one in grouped(book, "industry").groups] == ["软件", "光电", None]
    assert [one.value for one in grouped(book, "industry", order=[("industry", False)]).groups] == [
        "光电",
        "软件",
        None,
    ]
    assert [one.value for one in grouped(book, "street", order=[("street", True)]).groups] == ["甲街道", "乙街道", None]


def test_that_the_order_holds_inside_the_groups(book: Book, six: list[int]) -> None:
    one, two, three, four, five, sixth = six
    found = grouped(book, "street", order=[("agreed_investment", True)])
    assert list(found.ids) == [one, sixth, three, two, four, five]
    found = grouped(book, "industry", order=[("street", True), ("name", False)])
    assert list(found.ids) == [three, four, five, two, one, sixth]  # san, si


def test_that_conditions_decide_what_is_grouped_and_summed(book: Book, six: list[int]) -> None:
    found = grouped(book, "street", conditions=[Condition("agreed_investment", "at_least", 2 * YI)])
    assert said(found) == [(0, "乙街道", 1, (5 * YI,)), (0, "甲街道", 1, (2 * YI,)), (0, None, 1, (4 * YI,))]
    none = grouped(book, "street", conditions=[Condition("name", "is", "无")])
    assert (list(none.ids), none.groups, none.sums) == ([], (), (None,))
    flat = grouped(book, conditions=[Condition("street", "empty")])
    assert (list(flat.ids), flat.groups, flat.sums) == ([six[4]], (), (4 * YI,))


def test_that_choices_and_leaders_stand_in_their_own_order(book: Book) -> None:
    projects.projects(
        book,
        row(leader="王二", talk_class="C", signed_on="2024-01-01"),
        row(leader="单明", talk_class="A", started_on="2024-02-01", signed_on="2024-01-01"),
        row(leader="单明", talk_class="B"),
    )
    with book.write(_("Leaders")) as connection:
        connection.execute(person.update().where(person.c.name == "单明").values(position=0))
    assert [one.value for one in grouped(book, "talk_class").groups] == ["A", "B", "C"]
    assert [one.value for one in grouped(book, "leader").groups] == ["单明", "王二"]
    assert [one.value for one in grouped(book, "stage").groups] == ["negotiating", "signed", "started"]


def test_that_only_what_adds_up_is_summed() -> None:
    kinds = {one.key for one in PROJECT_FIELDS if may_be_summed(one)}
    assert {"agreed_investment", "land_area", "jobs", "paid_in_verified"} <= kinds
    assert not kinds & {"days_in_stage", "promised_tax_per_mu", "name", "signed_on"}


def test_that_sums_beyond_what_an_engine_adds_are_right(book: Book) -> None:
    large = 9 * 10**18
    projects.projects(book, *(row(total_investment=large, street="甲街道") for _number in range(3)), row(jobs=-5))
    found = grouped(book, "street", columns=["total_investment", "jobs"])
    assert found.sums == (3 * large, -5)
    assert [one.sums for one in found.groups] == [(3 * large, None), (None, -5)]


@pytest.mark.parametrize("groups", [("street",), ("street", "stage"), ("industry", "street", "talk_class")])
def test_that_every_row_stands_once_and_every_sum_is_that_of_its_rows(book: Book, groups: tuple[str, ...]) -> None:
    random = Random(7)
    projects.projects(
        book,
        *(
            row(
                street=random.choice(["甲街道", "乙街道", "丙镇", None]), industry=random.choice(["光电", "软件", "", None]),
                talk_class=random.choice(["A", "B", None]), agreed_investment=random.choice([None, YI, 3 * YI]),
            )
            for _number in range(60)
        ),
    )  # fmt: skip
    found = grouped(book, *groups, order=[("agreed_investment", True)])
    assert sorted(found.ids) == sorted(set(found.ids))
    assert len(found.ids) == 60
    fields: list[Field] = [FIELDS[key] for key in (*groups, "agreed_investment")]
    with book.read() as connection:
        cells = {one[0]: one[1:] for one in listing.rows(connection, project, fields, found.ids)}
    assert found.sums == (_sum(cells[number][-1] for number in found.ids),)
    for group in found.groups:
        inside = found.ids[group.start : group.stop]
        assert len(inside) == group.count
        assert {tuple(one or None for one in cells[number][: group.level + 1]) for number in inside} == {group.path}
        assert group.sums == (_sum(cells[number][-1] for number in inside),)
        if group.level == len(groups) - 1:
            amounts = [cells[number][-1] for number in inside]
            assert amounts == sorted(amounts, key=lambda one: (one is None, -(one or 0)))


def _sum(amounts: Any) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def test_that_three_levels_are_enough(book: Book, six: list[int]) -> None:
    found = grouped(book, "street", "industry", "stage", "status")
    assert max(group.level for group in found.groups) == 2


def test_that_an_outline_of_nothing_has_no_groups(book: Book) -> None:
    with book.read() as connection:
        shown = views.resolve(View("空", ("name",), groups=("street",)), FIELDS)
        assert outline(connection, project, shown).groups == ()


def test_that_a_group_is_the_same_however_its_rows_change(book: Book, six: list[int]) -> None:
    before: list[Group] = list(grouped(book, "street", "industry").groups)
    projects.write(book, (six[3], "agreed_investment", 9 * YI))
    assert [one.path for one in grouped(book, "street", "industry").groups] == [one.path for one in before]


def test_that_days_are_grouped_by_year_quarter_and_month_in_their_order(book: Book) -> None:
    days = ("2024-04-02", "2023-12-31", "2024-06-30", "2024-01-01", None)
    made = projects.projects(book, *(row(name=str(at), approved_on=day) for at, day in enumerate(days)))
    view = View("试", ("name",), groups=("approved_on.year", "approved_on.quarter"), order=(("name", False),))
    with book.read() as connection:
        room = rooms.room("projects")
        assert room is not None
        look = rooms.look(connection, room, view, today="2024-07-17")
    assert look.shown.missing == ()
    assert [(one.level, one.value, one.count) for one in look.outline.groups] == [
        (0, "2023", 1), (1, "2023-Q4", 1), (0, "2024", 3), (1, "2024-Q1", 1), (1, "2024-Q2", 2), (0, None, 1), (1, None, 1),
    ]  # fmt: skip
    assert list(look.outline.ids) == [made[1], made[3], made[0], made[2], made[4]]
    assert days_of("2024-Q2") == ("2024-04-01", "2024-06-30")
    assert (days_of("2024"), days_of("2024-02")) == (("2024-01-01", "2024-12-31"), ("2024-02-01", "2024-02-29"))
    assert part_name("2024-Q2", "zh") == "2024年二季度"


def test_that_amounts_in_other_currencies_are_counted_and_never_added(book: Book) -> None:
    projects.projects(
        book,
        row(name="一", street="甲街道", agreed_investment=5 * YI),
        row(name="二", street="甲街道", agreed_investment=3 * YI, currency="USD"),
        row(name="三", street="甲街道", currency="USD"),
        row(name="四", street="乙街道", agreed_investment=2 * YI, currency="HKD"),
    )
    found = grouped(book, "street", columns=("name", "agreed_investment", "land_area"))
    assert [(one.value, one.sums, one.foreign) for one in found.groups] == [
        ("甲街道", (5 * YI, None), (1, 0)), ("乙街道", (None, None), (1, 0)),
    ]  # fmt: skip
    flat = grouped(book, columns=("name", "agreed_investment", "land_area"))
    assert (found.sums, found.foreign) == (flat.sums, flat.foreign) == ((5 * YI, None), (2, 0))
    with book.read() as connection:
        assert listing.total(connection, project, FIELDS["agreed_investment"]) == 5 * YI
