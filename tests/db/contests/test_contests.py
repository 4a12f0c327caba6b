"""A contest of the book: scored from figures, frozen, appealed against, published, compared with the period before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection

from db.contests import service
from db.contests.among import offered
from db.contests.models import FROZEN, OPEN, PUBLISHED
from db.contests.queries import League, contests, league
from db.contests.report import league_report, movement, points, sections
from db.contests.report import said as summary
from db.core.book import Book
from db.core.errors import Refused
from db.core.filters import Condition
from db.core.period import Period
from db.core.text import _
from db.core.views import View, delete_view, save_view
from db.five_ones.service import add_milestone
from db.overview.report import build
from db.projects.service import delete_projects, set_target
from db.reports.xlsx import render_xlsx
from tests.conftest import on_a_file
from tests.factories.people import departments, units
from tests.factories.projects import YI, choose, project, write

SCHEME: dict[str, Any] = {
    "key": "own", "name": "镇街争星", "subject": "street", "flag": "红旗", "stars": [["五星", "45"], ["一星", "10"]],
    "items": [
        {"code": "signed", "name": "新签约", "method": "target", "figure": "signed.count", "since": "year", "weight": "30"},
        {"code": "visit", "name": "现场观摩", "weight": "20"},
    ],
    "bonuses": [
        {"code": "large", "name": "10亿元以上", "method": "count", "figure": "signed.count", "min_investment": 1000000000,
         "each": "4", "weight": "4"},
    ],
    "deductions": [{"code": "stuck", "name": "未开工", "method": "count", "figure": "stuck.signed_not_started.count", "weight": "5"}],
}  # fmt: skip
MICRO = 10**6


class Town:
    """Two streets with a target of four signings each; 东街 signed two in May and June, 西街 one large one in June."""

    def __init__(self, book: Book) -> None:
        self.book = book
        choose(book, recognition__used="0")
        self.east, self.west = units(book, "东街", "西街")
        self.may = project(book, name="甲", street="东街", signed_on="2024-05-06", agreed_investment=2 * YI)
        self.june = project(book, name="乙", street="东街", signed_on="2024-06-06", agreed_investment=3 * YI)
        self.large = project(book, name="丙", street="西街", signed_on="2024-06-07", agreed_investment=12 * YI)
        self.old = project(book, name="丁", street="西街", signed_on="2023-06-07", agreed_investment=YI)
        with book.write(_("Scheme")) as connection:
            for one in (self.east, self.west):
                set_target(connection, 2024, "signed.count", 4, unit=one)
            self.scheme = service.save_scheme(connection, SCHEME)

    def do(self, work: Any, *args: Any, **more: Any) -> Any:
        with self.book.write(_("Contest")) as connection:
            return work(connection, *args, **more)

    def league(self, number: int) -> League:
        with self.book.read() as connection:
            return league(connection, number)

    def told(self, number: int) -> list[tuple[str, int, str]]:
        return [(one.line.subject.name, one.line.rank, str(points(one.line.score))) for one in self.league(number).rows]


def test_that_a_contest_is_scored_from_figures_frozen_appealed_and_published(book: Book) -> None:
    town = Town(book)
    may = town.do(service.begin, town.scheme, "2024-05")
    town.do(service.freeze, may, on="2024-06-03")
    town.do(service.publish, may, on="2024-06-05")
    assert town.told(may) == [("东街", 1, "7.5"), ("西街", 2, "-1")]

    june = town.do(service.begin, town.scheme, "2024-06")
    town.do(service.enter, june, "visit", town.east, points=10 * MICRO, reason="观摩打分表")
    town.do(service.enter, june, "visit", town.west, points=15 * MICRO)
    # 西街: 1 of 4 × 30, 15 by hand, +4 for the large one, −1 for the old one; 东街: 2 of 4 × 30 and 10.
    assert town.told(june) == [("西街", 1, "25.5"), ("东街", 2, "25")]
    found = town.league(june)
    assert (found.contest.state, [one.moved for one in found.rows]) == (OPEN, [1, -1])
    west = {part.code: part for part in found.rows[0].line.parts}
    assert [west[code].ids for code in ("signed", "large", "stuck")] == [(town.large,), (town.large,), (town.old,)]
    assert west["signed"].how.render("zh") == "1÷目标4×30分；最高30分"
    assert {part.code: part.how.render("zh") for part in found.rows[1].line.parts}["visit"] == "观摩打分表；最高20分"

    town.do(service.freeze, june, on="2024-07-03")
    write(book, (town.large, "agreed_investment", 2 * YI))  # known later: what is frozen stays
    assert town.told(june)[0] == ("西街", 1, "25.5")
    assert town.league(june).rows[0].line.parts == found.rows[0].line.parts
    east = next(one for one in town.league(june).rows if one.line.subject.id == town.east)
    appeal = town.do(service.appeal, east.result, "6月另有一个项目", on="2024-07-04")
    with pytest.raises(Refused, match="1 appeal waits"):
        town.do(service.publish, june, on="2024-07-05")
    town.do(service.decide, appeal, upheld=True, decision="补充材料属实", on="2024-07-06", points=2 * MICRO)
    town.do(service.publish, june, on="2024-07-08")
    assert town.told(june) == [("东街", 1, "27"), ("西街", 2, "25.5")]
    first = town.league(june).rows[0]
    assert (first.line.flag, first.appeals[0].decision, first.line.parts[-1].how.render("zh")) == (
        True, "补充材料属实", "补充材料属实",
    )  # fmt: skip
    assert sum(part.points for part in first.line.parts) == first.line.score
    assert book.operations()[0].number > 0
    book.undo(book.operations()[0].number)  # the publication
    with book.read() as connection:
        assert [one.state for one in contests(connection)] == [FROZEN, PUBLISHED]


@on_a_file
def test_that_what_cannot_be_is_refused_in_words(book: Book) -> None:
    town = Town(book)
    june = town.do(service.begin, town.scheme, "2024-06")
    cases: list[tuple[str, Any]] = [
        ("已开评", lambda c: service.begin(c, town.scheme, "2024-06")),
        ("不需录入", lambda c: service.enter(c, june, "signed", town.east, points=1)),
        ("0至20分", lambda c: service.enter(c, june, "visit", town.east, points=21 * MICRO)),
        (
            "最多10,000分",
            lambda c: service.save_scheme(c, SCHEME | {"items": [SCHEME["items"][1] | {"weight": "1e30"}]}),
        ),
        ("没有指标no", lambda c: service.enter(c, june, "no", town.east, points=1)),
        ("先锁定得分", lambda c: service.publish(c, june, on="2024-07-01")),
        ("先锁定得分", lambda c: service.appeal(c, 999, "不服", on="2024-07-01")),
        ("没有这项评比", lambda c: league(c, 999)),
        ("没有指标“x.y”", _held_wrong),
    ]
    for said, work in cases:
        with pytest.raises(Refused) as refused:
            town.do(work)
        assert said in refused.value.render("zh") + str([one.render("zh") for one in refused.value.fields.values()])
    town.do(service.freeze, june, on="2024-07-03")
    with pytest.raises(Refused, match="was frozen on 2024-07-03"):
        town.do(service.enter, june, "visit", town.east, points=1)
    result = town.league(june).rows[0].result
    filed = town.do(service.appeal, result, "不服", on="2024-07-03")
    with pytest.raises(Refused):
        town.do(service.decide, filed, upheld=True, decision="属实", on="2024-07-03", points=10**12)
    town.do(service.decide, filed, upheld=False, decision="不属实", on="2024-07-03")
    with pytest.raises(Refused) as refused:
        town.do(service.appeal, result, "  ", on="2024-07-03")
    assert "申诉" in refused.value.fields["text"].render("zh")
    town.do(service.publish, june, on="2024-07-04")
    for again in (service.publish, service.freeze):
        with pytest.raises(Refused):
            town.do(again, june, on="2024-07-05")
    book.undo(book.operations()[0].number)  # the publication
    with pytest.raises(Refused, match="needs a figure"):
        town.do(
            service.save_scheme, SCHEME | {"items": [{"code": "a", "name": "甲", "method": "count", "weight": "9"}]}
        )
    # a scheme that was used gets a new version, and what was frozen stays as it was scored
    newer = town.do(service.save_scheme, SCHEME | {"stars": []})
    assert newer != town.scheme
    assert town.do(service.save_scheme, SCHEME | {"stars": [], "flag": ""}) == newer
    town.do(service.remove, june)
    with book.read() as connection:
        assert contests(connection) == []


def _held_wrong(connection: Connection) -> None:
    wrong = SCHEME | {"key": "wrong", "items": [{**SCHEME["items"][0], "figure": "x.y"}]}
    league(connection, service.begin(connection, service.save_scheme(connection, wrong), "2024-06"))


@on_a_file
def test_that_departments_and_projects_compete_too(book: Book) -> None:
    town = Town(book)
    departments(book, "区商务局")
    write(
        book,
        (town.may, "department", "区商务局"),
        (town.may, "started_on", "2024-05-20"),
        (town.june, "started_on", "2024-06-20"),
    )
    by_unit = town.do(
        service.save_scheme,
        SCHEME
        | {
            "key": "departments",
            "subject": "department",
            "items": [
                {
                    "code": "signed",
                    "name": "新签约",
                    "method": "best",
                    "figure": "signed.count",
                    "since": "year",
                    "weight": "30",
                }
            ],
        },
    )
    number = town.do(service.begin, by_unit, "2024-06")
    assert town.told(number) == [("区商务局", 1, "30")]
    assert town.league(number).rows[0].line.parts[0].ids == (town.may,)
    sizes = {"key": "sizes", "name": "项目", "subject": "project", "items": [
        {"code": "size", "name": "投资", "method": "efficacy", "figure": "investment", "weight": "10"},
        {"code": "step", "name": "分档", "method": "steps", "figure": "investment", "scale": "100000000", "weight": "3",
         "steps": [["1", "1"], ["3", "3"]]},
    ]}  # fmt: skip
    number = town.do(service.begin, town.do(service.save_scheme, sizes), "2024-06")
    assert town.told(number) == [("乙", 1, "13"), ("甲", 2, "7")]
    # a project that is deleted later stays in what was frozen, under its name; undoing brings its link back
    town.do(service.freeze, number, on="2024-07-01")
    town.do(delete_projects, [town.may, town.june])
    assert town.told(number) == [("乙", 1, "13"), ("甲", 2, "7")]
    book.undo(book.operations()[0].number)
    assert [one.line.subject.id for one in town.league(number).rows] == [town.june, town.may]


@on_a_file
def test_that_the_projects_of_a_view_compete_and_less_is_better_where_the_scheme_says_so(book: Book) -> None:
    town = Town(book)
    with book.write(_("Plans")) as connection:
        for number, days in (
            (town.may, ("2024-05-20", "2024-06-03")),
            (town.june, ("2024-06-20",)),
            (town.large, ("2024-08-01",)),
        ):
            for day in days:
                add_milestone(connection, number, f"节点{day}", planned=day, weight=1)
        kept = save_view(
            connection, "projects", View("亿元以上", ("name",), (Condition("agreed_investment", "at_least", 2 * YI),))
        )
        known = offered(connection, actor="测试员", lang="zh")
    late = {"key": "late", "name": "在建", "subject": "project", "items": [
        {"code": "late", "name": "逾期节点", "method": "efficacy", "figure": "milestones.overdue.count", "weight": "10",
         "lower": True},
    ]}  # fmt: skip
    number = town.do(service.begin, town.do(service.save_scheme, late), "2024-06")
    assert town.told(number) == []  # none is under construction
    town.do(service.rearrange, number, among=known[f"view:{kept.key}"][1])
    # none overdue, one, two; 丁 (below two 亿元) does not compete
    assert town.told(number) == [("丙", 1, "10"), ("乙", 2, "8"), ("甲", 3, "6")]
    (part,) = town.league(number).rows[2].line.parts
    assert (part.room, len(part.ids)) == ("five_ones", 2)
    assert part.how.render("zh") == "2，本组最低0（最好）、最高2，满分10分；最高10分"
    assert "（亿元以上）" in summary(town.league(number), "zh")
    town.do(delete_view, kept.key)
    assert len(town.told(number)) == 3
    town.do(service.rearrange, number, among=known["stage:signed"][1])
    assert [name for name, _rank, _score in town.told(number)] == ["丙", "乙", "甲", "丁"]
    assert town.told(number)[3] == ("丁", 4, "0")  # without milestones nothing is kept in time
    wrong = late | {"key": "wrong", "deductions": [{**late["items"][0], "code": "off"}]}  # type: ignore[dict-item]
    with pytest.raises(Refused, match="less is better only where a figure earns points"):
        town.do(service.save_scheme, wrong)


@on_a_file
def test_that_a_published_league_table_goes_to_excel_pdf_and_the_months_report(book: Book, tmp_path: Path) -> None:
    town = Town(book)
    june = town.do(service.begin, town.scheme, "2024-06")
    month = Period.parse("2024-06")
    town.do(service.freeze, june, on="2024-07-03")
    with book.read() as connection:
        assert sections(connection, month, "zh") == ()
        paper = league_report(league(connection, june), lang="zh")
    assert paper.draft_mark
    render_xlsx(paper, tmp_path / "league.xlsx")
    rows = list(load_workbook(tmp_path / "league.xlsx")["排行榜"].iter_rows(values_only=True))
    assert any(row[0] == 1 and "东街" in row and 15 in row for row in rows)
    town.do(service.publish, june, on="2024-07-05")
    with book.read() as connection:
        text = build(connection, month).text()
        assert sections(connection, Period.parse("2024-01..2024-06"), "zh") == ()
    assert "“镇街争星”共评2个，按得分排名，同分同名次，东街获红旗。" in text
    assert [movement(one) for one in (2, -1, 0, None)] == ["▲2", "▼1", "—", ""]
    assert points(-1_500_000_000_000) == Decimal("-1.5")
