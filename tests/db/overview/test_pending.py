"""处待核: what does not reconcile is said with its rows, in the report and in the record; nothing is mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from db.core.book import Book
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close, closings
from db.overview.figures import figures
from db.overview.measures import Basis
from db.overview.pending import agrees, pending
from db.overview.report import build
from db.projects.bulletin import CityLine, set_city_bulletin
from db.projects.service import publish
from db.reports.report import FigureNumber, Paragraph, Pending, Report, Section
from tests.conftest import on_a_file
from tests.factories.projects import YI, projects, row, signed, write

HALF, MAY, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-05"), Period.parse("2024-06")


def of(book: Book, period: Period = HALF, report: Report | None = None) -> list[Pending]:
    with book.read() as connection:
        found = figures(connection, period, rows=True)["figures"]
        basis, paper = Basis.of(connection), report or build(connection, period)
        return list(pending(connection, basis, period, found=found, report=paper))


def said(book: Book, period: Period = HALF) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.sentence, one.ids) for one in of(book, period)]


@pytest.fixture
def district(book: Book) -> Book:
    """Three signings in two towns, one of May and two of June."""
    projects(
        book,
        signed("2024-05-11", 1, street="甲镇"),
        signed("2024-06-11", 2, street="乙镇", started_on="2024-06-20"),
        signed("2024-06-12", 3, street="乙镇"),
    )
    return book


@on_a_file
def test_that_a_report_that_adds_up_has_nothing_pending(district: Book) -> None:
    close(district, MAY)
    assert of(district) == []
    assert district.operations(limit=1)[0].label.render("zh") == "2024年5月定稿"


def test_that_parts_without_a_place_or_an_amount_are_said_with_their_rows(district: Book) -> None:
    (number,) = projects(district, row(signed_on="2024-06-13", approved_on="2024-06-13"))
    assert said(district) == [
        ("新签约项目：各属地合计3，全部为4；1个项目未填属地", (number,)),
        ("新签约项目协议投资额：计入的项目中有1个没有金额（或缺汇率）", (number,)),
    ]


def test_that_reported_and_verified_money_are_reconciled_month_by_month(district: Book) -> None:
    write(district, (1, "paid_in_reported@2024-05", 3 * YI), (2, "paid_in_reported@2024-06", YI))
    assert of(district) == []  # an office that verifies nothing
    write(district, (1, "paid_in_verified@2024-05", 4 * YI))
    assert said(district) == [
        ("到位资金：1笔已填报未核定，共1.00 亿元", (2,)),
        ("到位资金：1笔核定数大于填报数，共多1.00 亿元", (1,)),
    ]
    assert said(district, MAY) == [("到位资金：1笔核定数大于填报数，共多1.00 亿元", (1,))]


@on_a_file
def test_that_what_was_published_of_the_same_period_is_reconciled(district: Book) -> None:
    with district.write(_("Bulletin")) as connection:
        publish(connection, "2024-06", "signed.count", 4)
        publish(connection, "2024-06", "signed.investment", 604 * YI // 100)
        publish(connection, "2024-06", "signed.count", 1, unit=1)
        publish(connection, "2024-06", "signed.count", 2, unit=2)
        set_city_bulletin(connection, "2024-06", [CityLine("signed.investment", 5 * YI, 3)])
    assert [sentence for sentence, _ids in said(district)] == [
        "新签约项目：公布数4，账本数3",
        "新签约项目：公布的各单位数合计3，公布的总数为4",
        "新签约项目协议投资额：公布数6.04 亿元，账本数6.00 亿元",
        "新签约项目协议投资额：市级通报数5.00 亿元，账本数6.00 亿元",
    ]
    assert said(district, JUNE) == []


def test_that_a_published_sum_is_compared_as_exactly_as_it_was_told() -> None:
    assert agrees("signed.investment", 1742 * 10**9, "174231234567.89".replace("174231234567.89", "17420499999"))
    assert not agrees("signed.investment", 1742 * 10**9, "17425100000")
    assert not agrees("signed.count", 47, "48")


@on_a_file
def test_that_corrections_of_finalised_months_are_pointed_out_with_their_rows(district: Book) -> None:
    close(district, MAY)
    (late,) = projects(district, signed("2024-05-30", 1, street="甲镇"))
    assert said(district) == [
        ("新签约项目：2024年5月定稿数1，加2024年6月2为3，2024年1—6月为4".replace("2024年5月", "2024年1—5月"), (late,)),
        (
            "新签约项目协议投资额：2024年1—5月定稿数1.00 亿元，加2024年6月5.00 亿元为6.00 亿元，2024年1—6月为7.00 亿元",
            (late,),
        ),
    ]


def typed(report: Report, *runs: FigureNumber | str, mode: str = "edited") -> Report:
    paragraph = Paragraph(runs, place="signed.1", mode=mode)  # type: ignore[arg-type]
    return replace(report, sections=(Section("signed", "", (paragraph,)),), appendix=())


@on_a_file
def test_that_numbers_typed_over_the_books_are_said(district: Book) -> None:
    with district.read() as connection:
        report = build(connection, HALF)
    changed = typed(report, FigureNumber("signed.count", "3个", "4个"))
    (one,) = of(district, report=changed)
    assert (one.place, one.sentence, one.figures) == (
        "signed.1", "新签约项目：文稿为4个，账本为3个", ("signed.count",),
    )  # fmt: skip
    assert of(district, report=typed(report, FigureNumber("signed.count", "3个", "4个"), mode="off")) == []
    impossible = typed(report, FigureNumber("start_rate.cohort", "33.3%", "63.3%"))
    assert [one.sentence for one in of(district, report=impossible)] == [
        "本期签约项目开工率：文稿为63.3%，账本为33.3%",
        "1除以任何整数都得不到63.3%：一句话里混了两个口径",
    ]


@on_a_file
def test_that_two_start_rates_in_one_text_ask_which_is_meant(district: Book) -> None:
    with district.read() as connection:
        report = build(connection, HALF)
    both = typed(report, FigureNumber("start_rate.cohort", "33.3%"), FigureNumber("start_rate.stock", "33.3%"))
    (one,) = of(district, report=both)
    assert one.figures == ("start_rate.cohort", "start_rate.stock")
    assert "1/3" in one.sentence


@on_a_file
def test_that_a_table_whose_rows_are_not_its_total_is_said(district: Book) -> None:
    with district.read() as connection:
        report = build(connection, HALF)
    table = report.tables()["signed_by_street"]
    assert table.totals is not None
    totals = (table.totals[0], 5, Decimal(6), *table.totals[3:])
    wrong = replace(table, totals=totals)
    rates = replace(wrong, key="rates", columns=tuple(replace(one, total="value") for one in table.columns))  # no sums
    (one,) = of(district, report=replace(typed(report, "。"), appendix=(wrong, rates)))
    assert one.sentence == f"《{table.title}》：各行合计3，合计行为5，指标为3"
    assert one.figures == ("signed.count",)


@on_a_file
def test_that_a_month_is_finalised_with_what_is_pending_and_the_record_says_so(district: Book) -> None:
    projects(district, signed("2024-06-13", 1))
    number = close(district, JUNE, today=dt.date(2024, 7, 12))
    operation = district.operations(limit=1)[0]
    assert (operation.number, operation.label.render("zh")) == (number, "2024年6月带1处待核定稿")
    with district.read() as connection:
        assert [one.pending for one in closings(connection)] == [1, 1]
