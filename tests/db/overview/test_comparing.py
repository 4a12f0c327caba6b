"""与上期相比: a report beside the one before, number by number and project by project."""

from __future__ import annotations

from typing import Any

import pytest

from db.core.book import Book
from db.core.own import add_values
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close
from db.overview.comparing import Against, change_sentence, compare
from db.overview.corrections import KINDS
from db.people.service import merge_unit, rename_unit
from db.projects.service import delete_projects, move
from tests.conftest import on_a_file
from tests.factories.projects import YI, projects, row, signed, write

HALF, MAY, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-05"), Period.parse("2024-06")


def of(book: Book, period: Period = HALF, **options: Any) -> Against:
    with book.read() as connection:
        return compare(connection, period, **options)


@pytest.fixture
def district(book: Book) -> Book:
    """Two signings, one of them producing, and one in talks; May is finalised; then everything that can happen."""
    projects(
        book,
        signed("2024-02-11", 2, street="甲镇", name="甲项目"),
        signed("2024-03-11", 3, street="乙镇", started_on="2024-04-01", produced_on="2024-05-01", name="乙项目"),
        row(negotiating_on="2024-05-01", agreed_investment=4 * YI, name="丙项目"),
        row(name="丁项目"),
    )
    return book


@on_a_file
def test_that_two_reports_stand_side_by_side_with_their_differences(district: Book) -> None:
    close(district, MAY)
    write(district, (1, "agreed_investment", 5 * YI), (3, "signed_on", "2024-06-03"), (3, "approved_on", "2024-06-03"))
    found = of(district)
    assert (found.before, found.final, found.since) == ("2024年1—5月", True, "2024年5月定稿时的报告")
    told = {line.key: (line.then, line.now, line.difference) for line in found.figures}
    assert told["signed.count"] == (2, 3, 1)
    assert told["signed.investment"] == (500000000, 1200000000, 700000000)
    assert "activities.leads" not in told
    rate = next(line for line in found.figures if line.key == "start_rate.cohort")
    assert (rate.parts_then, rate.parts_now) == ((1, 2), (1, 3))


def test_that_projects_are_new_moved_gone_and_corrected_with_who_and_when(district: Book) -> None:
    close(district, MAY)
    projects(district, row(name="戊项目"))
    with district.write(_("Move")) as connection:
        move(connection, [3], "signed", on="2024-06-03")
        move(connection, [2], "started", on="2024-04-01")
    with district.write(_("Delete")) as connection:
        delete_projects(connection, [4])
    district.actor = "李四"
    write(district, (1, "agreed_investment", 5 * YI))
    found = of(district)
    told = {(line.kind, line.name, line.old, line.new, line.who) for line in found.lines}
    assert told == {
        ("new", "戊项目", "", "", "测试员"),
        ("forward", "丙项目", "在谈", "签约", "测试员"),
        ("back", "乙项目", "投产", "开工", "测试员"),
        ("gone", "丁项目", "", "", "测试员"),
        ("corrected", "甲项目", "20,000", "50,000", "李四"),
    }
    assert all(len(line.at) == len("2024-06-03 09:00") for line in found.lines)
    assert change_sentence(found, KINDS).render("zh") == "新增1、向前推进1、退回1、已删除1、更正1"


@on_a_file
def test_that_a_merged_or_renamed_unit_is_no_correction(district: Book) -> None:
    close(district, MAY)
    with district.write(_("Units")) as connection:
        rename_unit(connection, 1, "甲街道")
        merge_unit(connection, 2, into=1)
    assert of(district).lines == ()
    assert change_sentence(of(district), KINDS).render("zh") == "没有变动。"


@on_a_file
def test_that_a_finalised_report_keeps_its_comparison(district: Book) -> None:
    close(district, MAY)
    write(district, (1, "agreed_investment", 5 * YI))
    close(district, JUNE)
    before = of(district)
    write(district, (1, "agreed_investment", 6 * YI), (2, "name", "新名"))
    with district.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    after = of(district)
    assert after.figures == before.figures
    assert [(line.kind, line.id, line.new) for line in after.lines] == [("corrected", 1, "50,000")]
    assert after.lines == before.lines
    assert {line.kind for line in of(district, anew=True).lines} == {"corrected", "gone"}


@on_a_file
def test_that_without_a_finalised_report_the_book_is_compared_and_a_missing_past_is_said(district: Book) -> None:
    found = of(district)
    assert not found.final
    assert {line.key: line.then for line in found.figures}["signed.count"] == 2
    assert found.since is None
    assert "账本" in found.why
    assert found.lines == ()


@on_a_file
def test_that_an_empty_book_and_a_period_of_days_are_compared_and_explained(book: Book) -> None:
    from db.overview.explain import explain

    for period in (HALF, Period.parse("2024-06-03..2024-06-16")):
        found = of(book, period)
        assert (found.figures, found.lines) == ((), ())
        assert found.why
        with book.read() as connection:
            said = explain(connection, period, "start_rate.cohort")
        assert (said.figure.value, said.figure.denominator, said.last, said.target) == (None, 0, None, None)
        assert said.behind is not None
        assert said.behind.rows == ()


@on_a_file
def test_that_own_facts_of_other_rooms_are_no_correction_of_the_project_with_the_same_number(district: Book) -> None:
    close(district, MAY)
    with district.write(_("Own facts")) as connection:
        add_values(connection, "companies", "评级", [(1, "甲级")])
        add_values(connection, "projects", "编号", [(1, "7")])
    assert [(line.name, line.key, line.new) for line in of(district).lines] == [("甲项目", "own:编号", "7")]
