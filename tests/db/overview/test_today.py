"""今日: the strip of key figures, and the questions of the meeting, each answered by a sentence, a table and its rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.book import Book
from db.core.filters import Condition
from db.core.period import Period
from db.core.text import _
from db.core.views import View
from db.five_ones.meetings import add_series, decide, hold, plan_next
from db.five_ones.meetings import close as close_decision
from db.forum.adding import add_issues
from db.overview.answers import Answer, Link
from db.overview.closing import close
from db.overview.meeting import QUESTIONS, questions
from db.overview.today import period_for, strip
from db.people.models import DEPARTMENT
from db.projects.bulletin import CityLine, set_city_bulletin
from db.projects.models import OVERSEAS
from db.projects.service import set_target, set_values
from db.rooms import ROOMS, look
from tests.conftest import on_a_file
from tests.factories.people import units
from tests.factories.projects import YI, projects, row, signed, write

HALF, MAY = Period.parse("2024-01..2024-06"), Period.parse("2024-05")


@pytest.fixture
def district(book: Book) -> Book:
    """Two towns and a department; four signings of this year, one started; one of last year that stands still."""
    units(book, "甲镇", "乙镇")
    units(book, "区经信局", kind=DEPARTMENT)
    projects(
        book,
        signed("2023-03-02", 5, street="乙镇", not_started_reason="land", name="久未开工", leader="周敏"),
        signed("2024-01-11", 12, street="甲镇", source_kind=OVERSEAS, investor="甲公司", name="大项目"),
        signed("2024-02-11", 2, street="乙镇", started_on="2024-05-06", department="区经信局", name="开工项目"),
        signed("2024-06-11", 3, street="乙镇", **{"paid_in_reported@2024-06": YI}),
        row(negotiating_on="2024-05-01", expected_signing="2024-09", agreed_investment=4 * YI, name="在谈项目"),
    )
    write(book, (2, "company_tags", "世界500强、制造业"))
    with book.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.count", 10)
        set_target(connection, 2024, "signed.investment", 20 * YI)
    return book


def answers(book: Book, lang: str = "zh") -> dict[str, Answer]:
    with book.read() as connection:
        return {one.key: one for one in questions(connection, HALF, lang=lang)}


def opened(book: Book, link: Link | None) -> list[int]:
    """What the ledger shows where a link leads."""
    room = next(one for one in ROOMS if one.name == "projects")
    assert link is not None
    with book.read() as connection:
        view = View("", ("name",), link.conditions)
        if link.view and room.views is not None:
            view = next(one for one in room.views(connection) if one.key == link.view)
        return sorted(look(connection, room, view, today="2024-07-17", period=HALF).outline.ids)


def test_that_the_strip_tells_last_year_target_pace_and_what_the_report_before_said(district: Book) -> None:
    close(district, MAY)
    write(district, (2, "agreed_investment", 13 * YI))
    with district.read() as connection:
        assert period_for(connection, "2024-07-17") == HALF
        assert period_for(connection, "2024-01-17").months == ("2023-01", "2023-12")
        found = {one.key: one for one in strip(connection, HALF)}
    count, money, rate = (found[key] for key in ("signed.count", "signed.investment", "start_rate.cohort"))
    assert (count.value, count.previous, count.yoy, count.change) == (3, 1, Decimal("2.0000"), 1)
    assert count.target is not None
    assert (str(count.target.completion), str(count.target.ahead)) == ("30.0", "-20.0")
    assert (money.value, money.change) == (1800000000, 400000000)
    assert (rate.numerator, rate.denominator, rate.change) == (1, 3, None)
    assert "paid_in.reported" in found


@on_a_file
def test_that_a_strip_of_a_finalised_month_is_as_it_was_finalised(district: Book) -> None:
    close(district, Period.parse("2024-06"))
    write(district, (2, "agreed_investment", 13 * YI))
    with district.read() as connection:
        found = {one.key: one.value for one in strip(connection, HALF)}
    assert found["signed.investment"] == 1700000000


@on_a_file
def test_that_every_question_is_answered_in_a_sentence_of_either_language(district: Book) -> None:
    for lang in ("zh", "en"):
        found = answers(district, lang)
        assert list(found) == list(QUESTIONS)
        for one in found.values():
            assert one.sentence.endswith("。" if lang == "zh" else ".")
            assert one.table is None or len(one.links) in (0, len(one.table.rows))


@on_a_file
def test_that_the_signings_are_told_against_target_and_schedule(district: Book) -> None:
    one = answers(district)["signed"]
    assert one.sentence == (
        "新签约项目3个，同比增长200.0%，完成年度目标（10个）的30.0%，慢于序时进度20.0个百分点；"
        "新签约项目协议投资额17.00 亿元，同比增长240.0%，完成年度目标（20.00 亿元）的85.0%，快于序时进度35.0个百分点。"
    )
    assert opened(district, one.link) == opened(district, one.links[0]) == [2, 3, 4]


@on_a_file
def test_that_a_book_without_targets_bulletin_or_stuck_projects_says_so(book: Book) -> None:
    projects(book, signed("2024-06-11", 3))
    found = answers(book)
    assert found["signed"].sentence == "新签约项目1个；新签约项目协议投资额3.00 亿元；没有设置2024年目标。"
    assert found["rank"].sentence == "还没有录入2024年6月的市级通报数。"
    assert found["stuck"].sentence == "没有签约满6个月未开工的项目。"
    assert found["kinds"].sentence == "外资无；10亿元以上无；500强无；制造业无。"
    assert found["lag"].sentence == "各单位还没有设置目标。"


@on_a_file
def test_that_an_empty_book_has_an_answer_to_everything(book: Book) -> None:
    found = answers(book)
    assert found["signed"].sentence.startswith("新签约项目0个；")
    assert all(one.sentence for one in found.values())


@on_a_file
def test_that_the_rank_is_told_with_the_citys_number_beside_ours(district: Book) -> None:
    with district.write(_("Bulletin")) as connection:
        set_city_bulletin(
            connection, "2024-06",
            [CityLine("signed.investment", 16 * YI, 3, "瑶海区20亿元、蜀山区18亿元、包河区9亿元"), CityLine("signed.count", rank=5)],
        )  # fmt: skip
    one = answers(district)["rank"]
    assert one.sentence == "新签约项目协议投资额居全市第3位、四城区第3位；新签约项目居全市第5位。"
    assert one.table is not None
    assert one.table.rows[0][1:5] == ("16.00 亿元", "17.00 亿元", 3, 3)


@on_a_file
def test_that_what_stands_still_names_reason_and_whose_it_is(district: Book) -> None:
    one = answers(district)["stuck"]
    assert one.sentence == "签约满6个月未开工项目（含往年）1个，协议投资额5.00 亿元；原因：土地1个；属地：乙镇1个。"
    assert one.table is not None
    assert one.table.rows == (("久未开工", Decimal("5.00"), "2023-03-02", "土地", "乙镇", "", "周敏"),)
    assert opened(district, one.link) == opened(district, one.links[0]) == [1]


@on_a_file
def test_that_the_years_end_and_its_gap_are_what_is_done_and_expected(district: Book) -> None:
    one = answers(district)["year_end"]
    assert one.sentence == (
        "新签约项目全年预计4个，距年度目标10个还差6个；新签约项目协议投资额全年预计21.00 亿元，可完成年度目标20.00 亿元。"
    )
    assert opened(district, one.link) == [5]


@on_a_file
def test_that_money_and_statistics_are_told_of_what_was_signed_and_started(district: Book) -> None:
    one = answers(district)["money"]
    assert one.sentence == (
        "到位资金（填报）1.00 亿元；本期签约项目资金到位率5.9%（1.00 亿元/17.00 亿元）；"
        "本期开工1个，其中1个没有到位资金、1个未入库。"
    )
    assert opened(district, one.link) == [3]
    write(district, (3, "entered_statistics_on", "2024-06-20"), (3, "paid_in_reported@2024-06", YI))
    assert answers(district)["money"].table is None


def test_that_who_lags_is_told_by_target_where_there_is_one(district: Book) -> None:
    assert "没有设置目标" in answers(district)["lag"].sentence
    with district.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.investment", 10 * YI, unit=1)
        set_target(connection, 2024, "signed.investment", 50 * YI, unit=2)
        set_target(connection, 2024, "signed.count", 4, unit=3)
    one = answers(district)["lag"]
    assert one.sentence == "3个有目标的单位中2个慢于序时进度，完成率靠后的：乙镇10.0%、区经信局25.0%。"
    assert one.table is not None
    assert [line[0] for line in one.table.rows] == ["乙镇", "区经信局", "甲镇"]
    assert [opened(district, link) for link in one.links] == [[3, 4], [3], [2]]
    assert one.links[1] == Link("projects", conditions=(
        Condition("figure:signed.count", "behind"), Condition("department", "one_of", ("区经信局",)),
    ))  # fmt: skip


def test_that_kinds_are_counted_by_what_the_ledger_opens(district: Book) -> None:
    one = answers(district)["kinds"]
    assert (
        one.sentence == "外资1个、12.00 亿元；10亿元以上1个、12.00 亿元；500强1个、12.00 亿元；制造业1个、12.00 亿元。"
    )
    assert [opened(district, link) for link in one.links] == [[2]] * 4
    with district.write(_("More")) as connection:
        set_values(connection, [(3, "agreed_investment", 10 * YI)])
    assert "10亿元以上2个" in answers(district)["kinds"].sentence


def test_that_what_the_last_meeting_decided_is_told_with_what_became_of_it(district: Book) -> None:
    with district.read() as connection:
        (none,) = [one for one in questions(connection, HALF) if one.key == "decided"]
    with district.write(_("Meetings")) as connection:
        series = add_series(connection, "双周调度会", first_on="2024-06-11")
        earlier, _moved = plan_next(connection, series, today="2024-06-01")
        hold(connection, earlier, on="2024-06-11")
        decide(connection, "上上次的事", on="2024-06-11", meeting_id=earlier)
        last, _moved = plan_next(connection, series, today="2024-06-12")
        hold(connection, last, on="2024-06-25")
        done = decide(connection, "接通临时用电", on="2024-06-25", meeting_id=last, project_id=3, due="2024-06-28")
        decide(connection, "加快主体施工", on="2024-06-25", meeting_id=last, project_id=2, unit=3, due="2024-07-09")
        close_decision(connection, done, on="2024-06-27", evidence="供电局函")
    with district.read() as connection:
        (found,) = [one for one in questions(connection, HALF, today="2024-07-17") if one.key == "decided"]
    assert none.sentence == "账本里还没有会议决定。"
    assert found.sentence == "双周调度会第2次（2024-06-25）议定2项，已办结1项，逾期1项，在办0项。"
    assert found.table is not None
    assert [(row[0], row[1], row[2]) for row in found.table.rows] == [
        ("接通临时用电", "开工项目", ""), ("加快主体施工", "大项目", "区经信局"),
    ]  # fmt: skip
    assert "供电局函" in str(found.table.rows[0][4])
    assert [opened(district, one) for one in found.links] == [[3], [2]]


def test_that_open_issues_are_told_with_whose_they_are_and_whether_the_firms_are_content(district: Book) -> None:
    with district.write(_("Issues")) as connection:
        add_issues(
            connection,
            [
                {"company": "甲公司", "text": "人才公寓配额", "raised_on": "2024-06-03", "department": "区经信局",
                 "assigned_on": "2024-06-04", "due_on": "2024-06-20"},
                {"company": "甲公司", "text": "夜间公交延时", "raised_on": "2024-06-03", "department": "区经信局",
                 "assigned_on": "2024-06-04", "due_on": "2024-06-20", "resolved_on": "2024-06-10",
                 "resolved": 1, "outcome": "solved", "satisfaction": "satisfied"},
            ],
        )  # fmt: skip
    with district.read() as connection:
        (found,) = [one for one in questions(connection, HALF, today="2024-07-17") if one.key == "raised"]
    assert found.sentence == (
        "在办诉求1件，已逾期1件；责任单位：区经信局1件；本期回访1件，满意和基本满意1件，满意率100.0%。"
    )
    assert found.table is not None
    assert [row[1] for row in found.table.rows] == ["人才公寓配额"]
    assert found.link == Link("forum", "open")
