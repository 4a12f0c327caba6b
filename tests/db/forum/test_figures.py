"""Figures of the forum counted by hand, as they stood at the end of a period; the section and slips made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.five_ones.meetings import decide, step
from db.forum import serving, slips
from db.forum.board import Chosen, of_slip
from db.forum.figures import ALL, counted, figures, issues_behind, then
from db.forum.models import AT_CITY, BASICALLY, DISSATISFIED, EXPLAINED, SATISFIED
from db.forum.report import sections
from db.forum.rules import Step
from db.forum.service import set_values
from db.overview.figures import figures as all_figures
from db.people import supervision
from db.reports.report import Paragraph, Report, Table
from db.reports.xlsx import render_xlsx
from tests.conftest import on_a_file
from tests.factories import forum

JULY, AUGUST = Period.parse("2024-07"), Period.parse("2024-08")
DONE = {"assigned_on": "2024-07-12", "due_on": "2024-07-23", "handling": "已解决"}


@pytest.fixture
def told(book: Book) -> Book:
    """Six issues of July: in time, late, rated thrice, one open and overdue, one refused, one with the city."""
    held = forum.session(book, 19, "2024-07-11", companies=("甲公司", "乙公司"))
    forum.issues(
        book,
        forum.issue(company="甲公司", text="一", session=19, department="区经信局", resolved_on="2024-07-19", satisfaction=SATISFIED, **DONE),
        forum.issue(company="甲公司", text="二", session=19, department="区经信局", resolved_on="2024-07-25", satisfaction=BASICALLY, **DONE),
        forum.issue(company="乙公司", text="三", session=19, department="区住建局", resolved_on="2024-07-22", outcome=EXPLAINED,
                    satisfaction=DISSATISFIED, **DONE),
        forum.issue(company="乙公司", text="四", department="区住建局", assigned_on="2024-07-12", due_on="2024-07-23"),
        forum.issue(company="丙公司", text="五"),
        forum.issue(company="丙公司", text="六", department="区发改委", assigned_on="2024-07-12", due_on="2024-07-19"),
    )  # fmt: skip
    forum.course(book, 5, Step("reject", "2024-07-12", text="合同纠纷"))
    forum.course(book, 6, Step("refer", "2024-07-15"))
    with book.write(_("Visit")) as connection:
        serving.add_visit(connection, "丁公司", on="2024-07-18")
        serving.add_steward_case(connection, "甲公司", obtained=24_000 * 10**6, obtained_on="2024-07-05")
        assert held
    return book


def test_that_each_rate_has_its_numerator_and_its_denominator(told: Book) -> None:
    with told.read() as connection:
        found, _groups = figures(connection, JULY, rows=True)
    said = {key: (one["value"], one["numerator"], one["denominator"]) for key, one in found.items()}
    assert said == {
        "forum.sessions": ("1", None, None),
        "forum.companies": ("4", None, None),
        "forum.issues": ("6", None, None),
        "forum.resolved_rate": ("0.6000", "3", "5"),
        "forum.on_time_rate": ("0.5000", "2", "4"),
        "forum.satisfaction_rate": ("0.6667", "2", "3"),
        "forum.solved_rate": ("0.6667", "2", "3"),
        "forum.follow_up_rate": ("1.0000", "3", "3"),
        "forum.mean_days": ("6.7", "20", "3"),
        "forum.median_days": ("6.0", "6", "1"),
        "stewards.companies": ("1", None, None),
        "stewards.financing": ("240000000", None, None),
    }
    assert found["forum.on_time_rate"]["rows"] == {"room": "forum", "ids": [1, 2, 3, 4], "numerator_ids": [1, 3]}


@on_a_file
def test_that_a_month_before_shows_as_previous_and_groups_add_up(told: Book) -> None:
    with told.read() as connection:
        found = all_figures(connection, JULY, by="department")
        by_session = all_figures(connection, JULY, by="session")["by"]
        by_category = all_figures(connection, JULY, by="category")["by"]
        grouped = counted(connection, JULY, "street")
    assert found["figures"]["forum.issues"]["previous"] == "0"
    assert [found["by"][name]["forum.issues"]["value"] for name in ("区经信局", "区住建局", "区发改委")] == [
        "2",
        "2",
        "1",
    ]
    assert {name: one["forum.issues"]["value"] for name, one in by_session.items()} == {"第19期": "3", "未填": "3"}
    assert by_category["未填"]["forum.issues"]["value"] == "6"
    assert grouped[None].numbers == grouped[ALL].numbers


def test_that_a_period_counts_what_stood_at_its_end_whatever_came_later(told: Book) -> None:
    with told.read() as connection:
        before = figures(connection, Period.parse("2024-07-11..2024-07-20"))[0]
    assert (before["forum.resolved_rate"]["numerator"], before["forum.satisfaction_rate"]["denominator"]) == ("1", "1")
    forum.course(told, 3, Step("reopen", "2024-08-01", due="2024-08-12"))
    with told.read() as connection:
        july, august = figures(connection, JULY)[0], figures(connection, Period.parse("2024-07..2024-08"))[0]
        assert issues_behind(connection, JULY)["resolved"] == [1, 2, 3]
    assert july["forum.resolved_rate"]["numerator"] == "3"
    assert august["forum.resolved_rate"]["numerator"] == "2"


def test_that_an_issue_whose_day_of_resolution_nobody_knows_is_resolved() -> None:
    row = ("resolved", None, None, None, None, None, None, None, None)
    assert then(row, "2024-07-31")[0][0] == "resolved"
    assert then((AT_CITY, *row[1:]), "2024-07-31")[0][0] == AT_CITY


@on_a_file
def test_that_the_section_says_what_was_held_handled_late_and_financed_in_both_languages(told: Book) -> None:
    with told.read() as connection:
        (chinese,), (english,) = sections(connection, JULY, "zh"), sections(connection, JULY, "en")
        (quiet,) = sections(connection, AUGUST, "zh")
    said = [one.text for one in chinese.blocks if isinstance(one, Paragraph)]
    assert said == [
        "举办政企有约活动1期（第19期），接待走访企业4家，收集协调诉求6件，其中不予受理1件。",
        "已办结3件，办结率60.0%（3/5）；按时办结率50.0%（2/4）；已回访3件，满意率66.7%（2/3），其中满意1件、基本满意1件；平均用时6.7个工作日。",
        "在办2件，其中逾期1件，责任单位为区住建局。",
        "金融管家帮助企业1家，获得融资2.4亿元。",
    ]
    assert [one.text for one in english.blocks if isinstance(one, Paragraph)][
        2
    ] == "2 issues are open, 1 overdue: 区住建局 1."
    assert [one.text for one in quiet.blocks if isinstance(one, Paragraph)] == ["本期未举办政企有约活动，无新增诉求。"]
    (table,) = [one for one in chinese.blocks if isinstance(one, Table)]
    assert table.totals is not None
    assert [sum(row[at] or 0 for row in table.rows) for at in range(1, 6)] == list(table.totals[1:6])  # type: ignore[misc]


@on_a_file
def test_that_a_book_without_a_forum_has_an_empty_section(book: Book) -> None:
    with book.read() as connection:
        (section,) = sections(connection, JULY, "zh")
    assert section.blocks == ()


@on_a_file
def test_that_slips_are_addressed_to_whom_they_concern(told: Book) -> None:
    with told.read() as connection:
        one = slips.slip(connection, "assignment", [3, 4], today="2024-07-26")
        both = slips.slip(connection, "feedback", [1, 3], today="2024-07-26", lang="en")
        late = slips.supervised(connection, today="2024-07-26")
        urged = slips.slip(connection, "supervision", late, today="2024-07-26", number="黄色督办单第12号")
    with told.write(_("Slips")) as connection:
        made = decide(connection, "落实首期资金", on="2024-07-01", due="2024-07-10")
        numbers = [
            step(connection, made, supervision.YELLOW, on="2024-07-12"),
            slips.supervise(connection, late, supervision.YELLOW, on="2024-07-26"),
            step(connection, made, supervision.RED, on="2024-07-27"),
            slips.supervise(connection, late, supervision.RED, on="2025-01-03"),
        ]
        again = [
            of_slip(connection, Chosen(), "supervision", today="2024-07-26", colour=one) for one in supervision.COLOURS
        ]
        closing = slips.closing(connection, late[0], today="2024-07-26")
    with told.write(_("Slips")) as connection:
        set_values(connection, [(late[0], "handling", "已约谈")])
        newest = slips.sent_slip(connection, slips.issue_again(connection, numbers[1], on="2025-01-06"))
        following = slips.supervise(connection, late, supervision.RED, on="2025-01-06")
        with pytest.raises(Refused):
            slips.issue_again(connection, "庐督办〔2024〕9号", on="2025-01-06")
    assert (following, newest.number) == ("庐督办〔2025〕2号", "庐督办〔2024〕2号（2025年1月6日重新制发）")
    editions = [slips.as_issued(told, numbers[1], at) for at in (0, 1)]
    assert [one.number for one in editions] == [numbers[1], newest.number]
    assert ["已约谈" in str(one.tables()) for one in editions] == [False, True]
    assert numbers == ["庐督办〔2024〕1号", "庐督办〔2024〕2号", "庐督办〔2024〕3号", "庐督办〔2025〕1号"]
    assert again == [[], [], late]  # what had a yellow one is next in red
    assert "黄色督办单 庐督办〔2024〕2号" in str(closing.tables()["course"].rows)
    assert (urged.title, urged.signature) == ("黄色督办单", "区政府督查室")
    assert (one.title, one.addressee) == ("政企有约交办单", "区住建局：")
    assert both.addressee == ""
    assert [column.label for column in next(iter(both.tables().values())).columns][1] == "Enterprise"
    assert late == [4]
    assert urged.number == "黄色督办单第12号"
    assert [row[2] for row in next(iter(urged.tables().values())).rows] == ["四"]


@on_a_file
def test_that_the_pack_opens_with_what_became_of_the_last_sessions_issues(told: Book, tmp_path: Path) -> None:
    later = forum.session(told, 20, "2024-07-25", companies=("甲公司",))
    with told.read() as connection:
        pack = slips.pack(connection, later, today="2024-07-24")
        closing = slips.closing(connection, 1, today="2024-07-26")
    assert pack.sections[0].blocks[0].text == "第19期：3件诉求，已办结3件。"  # type: ignore[union-attr]
    assert [row[0] for row in closing.tables()["course"].rows] == ["2024-07-12", "2024-07-19", None]
    for name, report in (("pack", pack), ("closing", closing)):
        assert made(report, tmp_path / f"{name}.xlsx") > 0


def made(report: Report, path: Path) -> int:
    """The size of the workbook made of a report."""
    render_xlsx(report, path)
    return path.stat().st_size
