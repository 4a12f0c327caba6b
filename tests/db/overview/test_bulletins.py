"""Bulletins in: the city's table of districts, whichever way it is turned, and what was published of earlier years."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from db.cli import main
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.overview.bulletins import (
    CityTable,
    PublishedTable,
    city_table,
    keep_city,
    month_in,
    published_table,
    read_city,
)
from db.overview.figures import figures
from db.overview.published import keep_published
from db.overview.ranking import rank_of
from db.projects.bulletin import CityLine, city_bulletin_of
from db.sheets.workbook import Cell, Sheet, Workbook
from tests.conftest import on_a_file
from tests.factories.people import units
from tests.factories.projects import YI, choose

WIDE: list[list[Cell]] = [
    ["2024年1—6月全市招商引资主要指标完成情况通报", None, None, None, None, None, None],
    ["单位：个、亿元", None, None, None, None, None, None],
    ["序号", "县（市）区", "新签约项目", None, None, "协议投资额", None],
    [None, None, "个数", "同比（%）", "位次", "总量", "位次"],
    [1, "瑶海区", 52, 12.5, 1, 150.2, 4],
    [2, "庐阳区", 47, 46.9, 2, 174.2, 3],
    [3, "蜀山区", 40, 3.1, 4, 200, 1],
    [4, "包河区", 41, -3, 3, 180.5, 2],
    [None, "全市合计", 180, None, None, 704.9, None],
]
MERGED = ((2, 2, 2, 4), (2, 5, 2, 6), (2, 0, 3, 0), (2, 1, 3, 1))


def workbook(
    rows: list[list[Cell]], merged: tuple[tuple[int, int, int, int], ...] = (), name: str = "通报.xlsx"
) -> Workbook:
    width = max(len(row) for row in rows)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    return Workbook(Path(name), name, (Sheet("Sheet1", True, 1, padded, merged),))


def city(book: Book, rows: list[list[Cell]], *merged: tuple[int, int, int, int]) -> CityTable:
    with book.read() as connection:
        return city_table(connection, workbook(rows, merged))


def published(book: Book, rows: list[list[Cell]], name: str = "历年通报.xlsx") -> PublishedTable:
    with book.read() as connection:
        return published_table(connection, workbook(rows, (), name))


@on_a_file
def test_that_the_usual_table_of_districts_gives_value_rank_and_the_others(book: Book) -> None:
    found = city(book, WIDE, *MERGED)
    assert found.month is not None
    assert (found.month.last, found.month.cumulative) == ("2024-06", True)
    source = "2024年1—6月全市招商引资主要指标完成情况通报"
    assert found.lines == (
        CityLine("signed.count", 47, 2, "瑶海区52个；蜀山区40个；包河区41个", source),
        CityLine(
            "signed.investment", 1742 * YI // 10, 3, "瑶海区150.2亿元；蜀山区200亿元；包河区180.5亿元", source
        ),
    )  # fmt: skip
    assert (found.unknown, found.refused) == ((), ())


def test_that_a_bulletin_is_kept_and_told_as_a_rank(book: Book) -> None:
    with book.write(_("Bulletin")) as connection:
        assert keep_city(connection, city_table(connection, workbook(WIDE, MERGED))) == 2
        rank = rank_of(connection, Period.parse("2024-01..2024-06"), "signed.investment")
    assert rank is not None
    assert (rank.rank, rank.group, rank.group_rank) == (3, "四城区", 3)
    with book.write(_("Later")) as connection:
        later: list[list[Cell]] = [
            ["2024年1—6月通报", None],
            ["县区", "到位资金（万元）"],
            ["庐阳区", 523000],
            ["瑶海区", 600000],
        ]
        keep_city(connection, city_table(connection, workbook(later)))
    with book.read() as connection:
        kept = {one.figure: (one.value, one.rank) for one in city_bulletin_of(connection, "2024-06")}
    assert kept == {
        "signed.count": (47, 2), "signed.investment": (1742 * YI // 10, 3), "paid_in.reported": (523 * YI // 10, 2),
    }  # fmt: skip


@on_a_file
def test_that_a_table_of_figures_under_districts_or_with_a_rank_is_read(book: Book) -> None:
    turned: list[list[Cell]] = [
        ["2024年6月全市通报"],
        ["指标", "单位", "瑶海区", "庐阳区", "蜀山区"],
        ["新签约项目", "个", 9, 7, 8],
        ["实际使用外资", "万美元", 100, 250.5, 90],
    ]
    assert [(one.figure, one.value, one.rank) for one in city(book, turned).lines] == [
        ("signed.count", 7, 3), ("foreign.used", 2_505_000_00, 1),
    ]  # fmt: skip
    ranked: list[list[Cell]] = [
        ["2024年6月庐阳区主要指标在全市位次"],
        ["指标名称", "1—6月累计", "同比（%）", "全市位次", "四城区位次"],
        ["协议投资额（亿元）", 174.2, 69.6, "第3位", 2],
        ["固定资产投资（亿元）", 88, 5, 4, 3],
    ]
    assert [(one.figure, one.value, one.rank, one.group_rank) for one in city(book, ranked).lines] == [
        ("signed.investment", 1742 * YI // 10, 3, 2), ("fixed_assets.done", 88 * YI, 4, 3),
    ]  # fmt: skip


@on_a_file
def test_that_a_bulletin_without_us_or_without_a_month_is_refused_in_words(book: Book) -> None:
    choose(book, district__name="高新区")
    with pytest.raises(Refused, match="no row or column of 高新区"):
        city(book, WIDE, *MERGED)
    choose(book, district__name="庐阳区")
    undated = city(book, WIDE[1:], *((row - 1, left, low - 1, right) for row, left, low, right in MERGED))
    assert undated.month is None
    with book.write(_("Bulletin")) as connection:
        with pytest.raises(Refused, match="which month"):
            keep_city(connection, undated)
        assert keep_city(connection, undated, month="2024-06") == 2
    with pytest.raises(Refused):
        city(book, [["没有表"], ["说明", "文字"]])
    with pytest.raises(Refused):
        city(book, [[]])


@on_a_file
def test_that_a_cell_that_is_no_number_is_left_out_and_said(book: Book) -> None:
    rows: list[list[Cell]] = [
        ["2024年6月通报"],
        ["县区", "新签约项目", "协议投资额"],
        ["庐阳区", "约四十", 174.2],
        ["瑶海区", "—", 9],
    ]
    found = city(book, rows)
    assert [one.figure for one in found.lines] == ["signed.investment"]
    assert found.refused == ("庐阳区 约四十",)


@on_a_file
def test_that_a_workbook_from_a_file_is_read(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "2024年6月市通报.xlsx"
    written = xlsxwriter.Workbook(str(path))
    sheet = written.add_worksheet("通报")
    for number, row in enumerate([["县（市）区", "新签约项目（个）", "位次"], ["庐阳区", 47, 2], ["瑶海区", 52, 1]]):
        sheet.write_row(number, 0, row)
    written.close()
    with book.read() as connection:
        found = read_city(connection, path)
    assert found.month is not None
    assert found.month.last == "2024-06"
    assert [(one.figure, one.value, one.rank) for one in found.lines] == [("signed.count", 47, 2)]


def test_that_months_of_last_year_are_taken_as_published_numbers(book: Book) -> None:
    rows: list[list[Cell]] = [
        ["2023年招商引资通报数", None, None],
        ["月份", "新签约项目（个）", "协议投资额（亿元）"],
        ["1—5月", 27, 90.5],
        ["1—6月", 32, 102.71],
        ["6月", 5, 12.21],
        ["备注行", 1, 1],
    ]
    found = published(book, rows)
    assert found.unknown == ("备注行",)
    with book.write(_("Published")) as connection:
        assert keep_published(connection, found.lines, source=found.source) == 6
        keep_published(connection, found.lines, source=found.source)
    with book.read() as connection:
        half = figures(connection, Period.parse("2024-01..2024-06"))["figures"]
        june = figures(connection, Period.parse("2024-06"))["figures"]
    assert (half["signed.count"]["previous"], half["signed.investment"]["previous"]) == ("32", "10271000000")
    assert (june["signed.count"]["previous"], june["signed.count"]["previous_source"]) == ("5", "published")


@on_a_file
def test_that_units_of_one_month_are_taken_with_the_whole(book: Book) -> None:
    first, second = units(book, "甲镇", "乙街道")
    rows: list[list[Cell]] = [
        ["2023年上半年各属地招商引资情况", None, None],
        ["属地", "新签约项目", "协议投资额（万元）"],
        ["甲镇", 3, 10000], ["乙街道", 4, 25000.5], ["丙乡", 1, 1], ["合计", 8, 35000.5],
    ]  # fmt: skip
    found = published(book, rows)
    assert found.unknown == ("丙乡",)
    assert {(one.unit, one.figure): one.value for one in found.lines} == {
        (first, "signed.count"): 3, (first, "signed.investment"): YI, (second, "signed.count"): 4,
        (second, "signed.investment"): 2_500_050_000 * 10, (None, "signed.count"): 8,
        (None, "signed.investment"): 3_500_050_000 * 10,
    }  # fmt: skip
    assert {(one.month, one.cumulative) for one in found.lines} == {("2023-06", True)}
    with pytest.raises(Refused, match="no published numbers"):
        published(book, [["属地", "新签约项目"], ["甲镇", 3]], "台账.xlsx")


@pytest.mark.parametrize(
    ("text", "month", "cumulative"),
    [
        ("2024年1—6月", "2024-06", True),
        ("2024年1-6月", "2024-06", True),
        ("2024年6月", "2024-06", False),
        ("２０２４年１２月份通报", "2024-12", False),
        ("2024年上半年", "2024-06", True),
        ("2024年前三季度", "2024-09", True),
        ("2024年1月", "2024-01", True),
    ],
)
def test_that_a_title_says_the_months(text: str, month: str, cumulative: bool) -> None:
    found = month_in([text])
    assert found is not None
    assert (found.last, found.cumulative) == (month, cumulative)


def test_that_a_title_without_a_month_says_none() -> None:
    assert month_in(["招商引资通报", "2024年13月", ""]) is None


@on_a_file
def test_that_a_bulletin_is_taken_by_the_command_as_one_operation(
    book_target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "市级通报.csv"
    path.write_text("县（市）区,新签约项目,位次\n庐阳区,47,2\n瑶海区,52,1\n", encoding="utf-8")
    assert main(["new", book_target, "--lang", "zh"]) == 0
    wanted = ["import", book_target, str(path), "--as", "city_bulletin", "--json"]
    assert main(wanted) == 1
    assert "哪个月" in capsys.readouterr().err
    assert main([*wanted, "--set", "unit=亿元"]) == 2
    capsys.readouterr()
    assert main([*wanted, "--set", "month=2024-06"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["numbers"], answer["unknown"], answer["refused"]) == (1, [], [])
    assert answer["operation"] is not None
    published_path = tmp_path / "2023年通报.csv"
    published_path.write_text("月份,新签约项目\n2023年1—6月,32\n", encoding="utf-8")
    assert main(["import", book_target, str(published_path), "--as", "published", "--dry-run", "--lang", "zh"]) == 0
    assert "读到1个数" in capsys.readouterr().out
