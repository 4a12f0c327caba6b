"""Numbers that explain themselves: last year, last month, target, rank, the rows behind, corrections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.overview.behind import SHOWN
from db.overview.closing import close
from db.overview.explain import Explanation, explain
from db.overview.periods import period_before
from db.overview.ranking import read_others
from db.projects.bulletin import CityLine, set_city_bulletin
from db.projects.service import add_investment, delete_projects, publish, set_target
from tests.conftest import on_a_file
from tests.factories.projects import YI, choose, projects, row, signed, write

HALF, MAY, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-05"), Period.parse("2024-06")


def of(book: Book, key: str, period: Period = HALF, **options: Any) -> Explanation:
    with book.read() as connection:
        return explain(connection, period, key, **options)


@pytest.fixture
def district(book: Book) -> Book:
    """Four signings this year, one of them with an increase; one last year."""
    projects(
        book,
        signed("2023-03-02", 5),
        signed("2024-01-11", 1),
        signed("2024-02-11", 2, started_on="2024-05-06"),
        signed("2024-05-11", 4),
        signed("2024-06-11", 3),
    )
    with book.write(_("Increase")) as connection:
        add_investment(connection, 1, "increase", on="2024-03-03", amount=6 * YI)
    return book


def test_that_the_rows_behind_a_sum_are_listed_by_amount_and_close(district: Book) -> None:
    found = of(district, "signed.investment").behind
    assert found is not None
    assert [(one.id, one.money, one.day) for one in found.rows] == [
        (1, 6 * YI, "2024-03-03"), (4, 4 * YI, "2024-05-11"), (5, 3 * YI, "2024-06-11"),
        (3, 2 * YI, "2024-02-11"), (2, 1 * YI, "2024-01-11"),
    ]  # fmt: skip
    assert (found.count, found.total, found.rest_count, found.rest) == (5, 16 * YI, 0, 0)
    projects(district, *[signed("2024-06-12", 1, name=f"小项目{at}") for at in range(SHOWN)], signed("2024-06-12", 9))
    said = of(district, "signed.investment")
    assert said.behind is not None
    assert (len(said.behind.rows), said.behind.rest_count) == (SHOWN, 6)
    assert sum(one.money or 0 for one in said.behind.rows) + said.behind.rest == said.behind.total
    assert said.figure.value == said.behind.total // 100


@on_a_file
def test_that_a_rate_shows_both_numbers_and_marks_the_rows_of_its_numerator(district: Book) -> None:
    said = of(district, "start_rate.cohort")
    assert (said.figure.numerator, said.figure.denominator) == (1, 4)
    assert said.behind is not None
    assert said.behind.above == 1
    assert [one.id for one in said.behind.rows if one.above] == [3]


@on_a_file
def test_that_both_last_years_are_told_whichever_the_text_uses(district: Book) -> None:
    said = of(district, "signed.investment")
    assert (said.previous_published, said.previous_book, said.difference) == (None, 500000000, None)
    with district.write(_("Bulletin")) as connection:
        publish(connection, "2023-06", "signed.investment", 7 * YI)
    for source, used in (("published", 700000000), ("book", 500000000)):
        choose(district, previous__source=source)
        said = of(district, "signed.investment")
        assert (said.previous_published, said.previous_book) == (700000000, 500000000)
        assert (said.difference, said.figure.previous) == (200000000, used)


@on_a_file
def test_that_the_value_of_the_report_before_is_the_finalised_one_where_there_is_one(district: Book) -> None:
    said = of(district, "signed.count")
    assert (said.last, said.change, said.last_period, said.last_final) == (3, 1, "2024年1—5月", False)
    close(district, MAY)
    write(district, (4, "approved_on", "2024-06-01"))
    said = of(district, "signed.count")
    assert (said.last, said.change, said.last_final) == (3, 1, True)
    assert of(district, "signed.count", JUNE).last == 1


@on_a_file
def test_that_a_target_says_how_far_and_how_far_before_the_schedule(district: Book) -> None:
    assert of(district, "signed.count").target is None
    with district.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.count", 6)
        set_target(connection, 2024, "signed.investment", 0)
    goal = of(district, "signed.count").target
    assert goal is not None
    assert (goal.done, goal.wanted, str(goal.completion), str(goal.elapsed)) == (4, 6, "66.7", "50.0")
    assert goal.ahead == Decimal("16.7")
    assert of(district, "targets.signed.count.rate").target == goal
    assert of(district, "signed.investment").target is None


def test_that_the_rank_in_the_city_and_among_the_urban_districts_is_told(district: Book) -> None:
    others = "瑶海区20亿元；蜀山区：12.5；包河区 30亿元、肥西县100亿元"
    with district.write(_("Bulletin")) as connection:
        lines = [CityLine("signed.investment", 16 * YI, 4, others), CityLine("signed.count", 4, 2, "瑶海区9个")]
        set_city_bulletin(connection, "2024-06", lines)
    rank = of(district, "signed.investment").rank
    assert rank is not None
    assert (rank.rank, rank.group, rank.group_rank) == (4, "四城区", 3)
    rank = of(district, "signed.count").rank
    assert rank is not None
    assert (rank.rank, rank.group, rank.group_rank) == (2, "", None)
    with district.write(_("Bulletin")) as connection:
        set_city_bulletin(connection, "2024-06", [CityLine("signed.count", 4, 2, group_rank=1)])
    rank = of(district, "signed.count").rank
    assert rank is not None
    assert (rank.group, rank.group_rank) == ("四城区", 1)
    assert [(one.name, one.rank) for one in read_others("signed.count", "瑶海区第1位，蜀山区第3")] == [
        ("瑶海区", 1), ("蜀山区", 3),
    ]  # fmt: skip


@on_a_file
def test_that_corrections_since_the_finalised_month_name_who_and_when(district: Book) -> None:
    close(district, MAY)
    write(district, (4, "agreed_investment", 5 * YI), (1, "industry", "金融"))
    district.actor = "李四"
    write(district, (3, "approved_on", "2023-12-20"), (3, "signed_on", "2023-12-20"))
    said = of(district, "signed.investment")
    told = {(one.id, one.key): (one.kind, one.old, one.new, one.who) for one in said.corrections}
    assert told[4, "agreed_investment"] == ("corrected", "40,000", "50,000", "测试员")
    assert told[3, "signed_on"] == ("corrected", "2024-02-11", "2023-12-20", "李四")  # no longer counted, and told
    assert (1, "industry") in told  # its increase is counted
    assert said.since == "2024年5月"
    assert of(district, "produced.count").corrections == ()


@on_a_file
def test_that_a_finalised_report_is_explained_from_what_was_stored(district: Book) -> None:
    with district.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.count", 6)
        publish(connection, "2023-06", "signed.investment", 7 * YI)
        set_city_bulletin(connection, "2024-06", [CityLine("signed.count", 4, 2, "瑶海区9个")])
    close(district, MAY)
    write(district, (4, "agreed_investment", 5 * YI))
    keys = ("signed.count", "signed.investment", "start_rate.cohort", "targets.signed.count.rate", "activities.leads")
    before = {key: of(district, key) for key in keys}
    number = close(district, JUNE)
    with district.write(_("Delete")) as connection:
        delete_projects(connection, [3, 4])
        set_target(connection, 2024, "signed.count", 60)
    choose(district, city__group_name="别的名称")
    for key, said in before.items():
        stored = of(district, key)
        assert stored.final
        assert (stored.target, stored.rank, stored.behind) == (said.target, said.rank, said.behind)
        assert (stored.last, stored.last_final, stored.since) == (said.last, said.last_final, said.since)
        assert (stored.corrections, stored.difference) == (said.corrections, said.difference)
    assert of(district, "signed.count", anew=True).figure.value == 2
    with district.as_of(number) as past, past.read() as connection:
        then = explain(connection, HALF, "signed.count", anew=True)
    assert (then.figure.value, then.behind) == (4, before["signed.count"].behind)


@on_a_file
def test_that_a_figure_nobody_knows_is_refused(district: Book) -> None:
    with pytest.raises(Refused, match="no figure"):
        of(district, "signed.colour")
    close(district, JUNE)
    with pytest.raises(Refused, match="no figure"):
        of(district, "signed.colour")


@on_a_file
def test_that_rows_without_an_amount_are_counted_and_said(book: Book) -> None:
    projects(book, row(signed_on="2024-06-02", approved_on="2024-06-02"), signed("2024-06-03", 1))
    found = of(book, "signed.count", JUNE).behind
    assert found is not None
    assert (found.count, found.without_amount, found.total) == (2, 1, YI)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024-06", "2024-05"),
        ("2024-01", "2023-12"),
        ("2024-01..2024-06", "2024-01..2024-05"),
        ("2024-01..2024-02", "2024-01"),
        ("2024-04..2024-06", "2024-01..2024-03"),
        ("2024", "2024-01..2024-11"),
        ("2024-06-03..2024-06-16", "2024-05-20..2024-06-02"),
    ],
)
def test_that_the_report_before_is_the_one_people_compare_with(period: str, before: str) -> None:
    found = period_before(Period.parse(period))
    assert (found.first, found.last) == (Period.parse(before).first, Period.parse(before).last)
