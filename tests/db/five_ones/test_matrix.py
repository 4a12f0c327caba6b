"""The matrix as data: who stands where, whose load, what the radar sees, who may be named, what explains a figure."""

from __future__ import annotations

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.five_ones import assigning, matrix, options, radar, reading, service
from db.five_ones.models import HEAD, LEADER, RED
from db.overview.due import todo, watched
from db.overview.explain import explain
from db.people.service import add_person, set_term
from db.projects.service import add_progress, plan
from tests.conftest import on_a_file
from tests.factories.five_ones import building, complete, people

TODAY = "2024-06-30"


def test_that_lines_stand_worst_first_and_loads_follow_the_order_of_leaders(book: Book) -> None:
    whole, half, nothing = building(book), building(book), building(book)
    complete(book, whole)
    (chief,) = people(book, "陈立")
    with book.write(_("Leader")) as connection:
        service.assign(connection, [half], LEADER, chief, since="2024-05-01")
    with book.read() as connection:
        found = matrix.lines(connection, day=TODAY)
        order = matrix.order_of(connection, LEADER)
    assert [one.project for one in found] == [nothing, half, whole]
    assert LEADER in found[0].ones.missing
    shares = matrix.shares(found, LEADER, order)
    assert [share.name for share in shares][-1] == ""
    assert sum(len(share.projects) for share in shares) == 3


@on_a_file
def test_that_only_leaders_in_office_are_named_and_others_become_known(book: Book) -> None:
    number = building(book)
    with book.write(_("Term")) as connection:
        gone = add_person(connection, "吴海涛", is_leader=True)
        set_term(connection, gone, since="2021-01-01", until="2024-05-31")
        assigning.assign_named(connection, [number], LEADER, "吴海涛", since="2024-05-01")
    for name, why in (("吴海涛", "2024-05-31"), ("无此人", "无此人"), (" ", "")):
        with pytest.raises(Refused) as refused, book.write(_("Leader")) as connection:
            assigning.assign_named(connection, [number], LEADER, name, since="2024-06-01")
        assert why in refused.value.fields["person"].render("zh")
    with book.write(_("Head")) as connection:
        assigning.set_force(connection, number, "新组长", "甲 土地\n乙：环评\n丙", since="2024-06-01")
    with book.read() as connection:
        assert matrix.force_of(connection, number, day=TODAY) == (
            "新组长",
            [("甲", "土地"), ("乙", "环评"), ("丙", "")],
        )
        assert next(one.role for one in matrix.serving(connection, number, day=TODAY)) == HEAD
    with pytest.raises(Refused), book.write(_("Head")) as connection:
        assigning.set_force(connection, number, "新组长", " \n", since="2024-06-02")


@on_a_file
def test_that_the_radar_sees_repeated_words_and_passed_days_alone(book: Book) -> None:
    repeated, passed, quiet = building(book), building(book), building(book)
    with book.write(_("Log")) as connection:
        for day in ("2024-02-10", "2024-04-10", "2024-06-10"):
            add_progress(connection, repeated, "正在办理手续", on=day)
        add_progress(connection, quiet, "基础完工", on="2024-06-20")
        plan(connection, passed, "produced", "2024-06-01")
    with book.read() as connection:
        found = radar.all_stale(connection, day=TODAY)
        assert {number: [one.kind for one in seen] for number, seen in found.items()} == {
            repeated: ["repeated"], passed: ["passed"],
        }  # fmt: skip
        assert radar.all_stale(connection, day=TODAY, ids=[passed]).keys() == {passed}


@on_a_file
def test_that_settings_are_refused_together_and_presets_go_and_come(book: Book) -> None:
    with pytest.raises(Refused) as refused, book.write(_("Settings")) as connection:
        options.save(
            connection, {"five_ones.labels": "一、二", "five_ones.most_projects": "0", "supervision.number": "1号"}
        )
    assert len(refused.value.fields) == 3
    with book.write(_("Settings")) as connection:
        options.save(connection, {"five_ones.labels": "甲，乙，丙，丁，戊"})
        service.switch_preset(connection, "weinan-2022", on=False)
        assert "weinan-2022" not in {one.key for one in reading.presets(connection)}
        service.switch_preset(connection, "weinan-2022", on=True)
        assert "weinan-2022" in {one.key for one in reading.presets(connection)}
        assert [one.key for one in options.labels(connection).values()] == list("甲乙丙丁戊")


def test_that_the_figures_show_their_rows_and_today_what_is_due(book: Book) -> None:
    number = building(book)
    with book.write(_("Plan")) as connection:
        service.add_milestone(connection, number, "主体封顶", planned="2024-06-01")
        service.set_light(connection, number, RED, reason="停工", since="2024-06-05")
    with book.read() as connection:
        month = Period.parse("2024-06")
        red, late, rate = (
            explain(connection, month, key).behind
            for key in ("lights.red.count", "milestones.overdue.count", "five_ones.complete_rate")
        )
        due = [one for one in todo(connection, TODAY).due if one.kind == "milestone"]
        still = [one.key for one in watched(connection, TODAY)]
    assert red is not None
    assert [(row.id, row.day) for row in red.rows] == [(number, "2024-06-05")]
    assert late is not None
    assert [(row.id, row.day) for row in late.rows] == [(number, "2024-06-01")]
    assert rate is not None
    assert (rate.count, rate.above) == (1, 0)
    assert [(one.project, one.late) for one in due] == [(number, 29)]
    assert still == ["lights.red", "ones"]
