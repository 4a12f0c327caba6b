"""The report of a period, from projects recorded through their room to sections, tables and files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from db.core.book import Book
from db.core.errors import Unavailable, Usage
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close
from db.overview.figures import figures
from db.overview.report import build
from db.overview.writing import figures_of, report_of, write_report
from db.people.service import merge_unit
from db.projects.models import city_bulletin
from db.projects.service import add_activity, add_investment, delete_projects, publish, set_rate, set_target
from db.reports.formulas import CountOver, RowValue, SumOver
from db.reports.report import Paragraph, Report, Table, numbered
from db.reports.stored import from_json, to_json
from tests.conftest import on_a_file
from tests.factories.people import units
from tests.factories.projects import YI, choose, project, projects, signed, write

HALF = Period.parse("2024-01..2024-06")
MAY = Period.parse("2024-05")
TODAY = dt.date(2024, 7, 8)


def of(book: Book, period: Period = HALF, lang: str = "zh") -> Report:
    with book.read() as connection:
        return build(connection, period, lang=lang, today=TODAY)


def paragraphs(report: Report, key: str) -> list[str]:
    section = next(section for section in report.sections if section.key == key)
    return [block.text for block in section.blocks if isinstance(block, Paragraph)]


def headings(report: Report) -> list[str]:
    return [f"{number}{section.heading}" for number, section in numbered(report)]


@pytest.fixture
def district(book: Book) -> Book:
    """Three towns; this year 4 signings and a start, last year one signing; one signed long ago and not started."""
    units(book, "甲镇", "乙镇", "丙镇")
    begun = {"started_on": "2024-05-06", "total_investment": 6 * YI}
    projects(
        book,
        signed("2023-03-02", 5, street="乙镇", industry="金融", source_place="上海市", produced_on="2024-02-01",
               started_on="2023-06-01"),
        signed("2023-10-02", 2, street="丙镇", industry="金融", not_started_reason="land", department="区经信局",
               name="久未开工"),
        signed("2024-01-11", 1, street="丙镇", industry="新能源", source_place="合肥市"),
        signed("2024-02-11", 2, street="乙镇", industry="新能源", source_place="上海市", **begun),
        signed("2024-03-11", 3, street="乙镇", industry="光电", source_place="新加坡"),
        signed("2024-05-11", 4, street="丙镇", industry="光电", source_place="上海市"),
    )  # fmt: skip
    with book.write(_("Activities")) as connection:
        add_activity(connection, "outbound", on="2024-04-02", title="赴上海拜访", place="上海市", leads=[3])
        add_activity(connection, "promotion", on="2024-06-02", title="推介会")
        add_activity(connection, "promotion", on="2024-07-02", title="下半年推介会")
    return book


@on_a_file
def test_that_the_sections_stand_in_the_order_of_the_handbook_and_are_numbered_by_what_is_there(district: Book) -> None:
    assert headings(of(district)) == [
        "一、目标任务完成情况", "二、主要工作情况", "（一）新签约", "（二）开工与投产", "（三）招商活动", "三、存在问题",
    ]  # fmt: skip
    choose(district, report__next_steps="坚持双周调度。\n\n狠抓开工。")
    assert headings(of(district))[-1] == "四、下一步工作打算"
    assert paragraphs(of(district), "next_steps") == ["坚持双周调度。", "狠抓开工。"]


def test_that_the_report_says_what_was_recorded(district: Book) -> None:
    report = of(district)
    assert report.title == "2024年上半年全区招商引资工作情况通报"
    assert report.opening[0].text == "现将2024年1—6月全区招商引资工作情况通报如下："
    assert (report.signature, report.signed_on) == ("区投资促进中心", "2024年7月8日")
    assert paragraphs(report, "targets") == [
        "1—6月，全区新签约项目4个，同比增长300.0%；协议投资额10亿元，同比增长100.0%；新开工亿元以上项目1个，总投资6亿元。"
    ]
    assert paragraphs(report, "signed") == [
        "新签约项目按属地分别为：乙镇2个、丙镇2个。",
        "分产业看，光电2个、7亿元，占协议投资额的70.0%；新能源2个、3亿元，占30.0%。",
        "分资金来源看，省内1个（1亿元）、省外2个（6亿元）、境外1个（3亿元）。",
        "分投资规模看，均为1—5亿元的项目。",
    ]
    assert paragraphs(report, "started") == [
        "新开工项目1个，总投资6亿元，为亿元以上项目。",
        "新投产项目1个，总投资5亿元。",
    ]
    assert paragraphs(report, "activities") == ["开展外出招商1次，举办推介、对接、路演活动1场，发现项目线索1个。"]
    assert paragraphs(report, "problems") == ["签约满6个月未开工项目（含往年）1个，协议投资额2亿元，未开工原因为土地。"]


@on_a_file
def test_that_a_month_without_signings_says_so_and_has_no_empty_tables(book: Book) -> None:
    report = of(book, MAY)
    assert paragraphs(report, "targets") == ["本月无新签约项目。"]
    assert headings(report) == ["一、目标任务完成情况", "二、主要工作情况", "（一）新签约", "（二）开工与投产"]
    assert report.appendix == ()
    assert report.charts() == ()


@on_a_file
def test_that_the_english_report_is_as_complete(district: Book) -> None:
    chinese, english = of(district), of(district, lang="en")
    assert [section.key for section in english.sections] == [section.key for section in chinese.sections]
    assert list(english.tables()) == list(chinese.tables())
    assert [len(table.rows) for table in english.tables().values()] == [
        len(table.rows) for table in chinese.tables().values()
    ]
    assert "4 projects were newly signed, up 300.0% year on year" in paragraphs(english, "targets")[0]
    assert english.tables()["signed_by_source"].rows[0][0] == "Inside the province"


@on_a_file
def test_that_a_falling_half_year_is_told_as_a_fall(book: Book) -> None:
    projects(book, signed("2023-03-02", 5), signed("2023-04-02", 5), signed("2024-03-02", 4))
    assert paragraphs(of(book), "targets") == [
        "1—6月，全区新签约项目1个，同比下降50.0%；协议投资额4亿元，同比下降60.0%。"
    ]


@on_a_file
def test_that_last_year_may_come_from_what_was_published(district: Book) -> None:
    with district.write(_("Publish")) as connection:
        publish(connection, "2023-06", "signed.investment", 4 * YI)
        publish(connection, "2023-06", "signed.count", 4)
    assert paragraphs(of(district), "targets")[0].startswith(
        "1—6月，全区新签约项目4个，同比持平；协议投资额10亿元，同比增长150.0%；"
    )
    assert of(district).tables()["signed_by_street"].totals[4] == 4  # type: ignore[index]


@on_a_file
def test_that_targets_are_told_where_they_are_set(district: Book) -> None:
    with district.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.investment", 16 * YI)
    assert (
        "协议投资额10亿元，同比增长100.0%，完成年度目标任务的62.5%（10/16亿元），快于序时进度12.5个百分点；"
        in (paragraphs(of(district), "targets")[0])
    )
    assert (
        "1—5月累计协议投资额10亿元，完成年度目标任务的62.5%（10/16亿元），快于序时进度20.8个百分点"
        in (paragraphs(of(district, MAY), "targets")[0])
    )


@on_a_file
def test_that_the_city_bulletin_gives_the_rank(district: Book) -> None:
    with district.write(_("Bulletin")) as connection:
        connection.execute(
            insert(city_bulletin).values(month="2024-06", figure="signed.investment", value=9 * YI, rank=3)
        )
    assert paragraphs(of(district), "targets")[1] == "据市级通报，新签约项目协议投资额9亿元，居全市第3位。"


@on_a_file
def test_that_the_start_rate_of_the_signings_is_printed_only_when_the_office_wants_it(district: Book) -> None:
    assert "开工率" not in of(district).text()
    choose(district, report__start_rate="1")
    assert paragraphs(of(district), "started")[2] == "本期签约的4个项目中，已开工1个，开工率25.0%（1/4）。"


def columns(table: Table, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[table.place(key)] for key in keys) for row in table.rows]


def test_that_the_summary_by_place_lists_every_place_and_is_computed_over_the_list(district: Book) -> None:
    table = of(district).tables()["signed_by_street"]
    assert columns(table, "street", "count", "agreed", "before") == [
        ("甲镇", 0, 0, 0), ("乙镇", 2, 5, 5), ("丙镇", 2, 5, 0),
    ]  # fmt: skip
    assert table.totals == ("合　计", 4, 10, None, 5, None)
    assert table.columns[1].formula == CountOver(
        "signed_list", "name", (("street", RowValue("street")), ("kind", "新签约"))
    )
    assert table.columns[2].formula == SumOver("signed_list", "agreed", (("street", RowValue("street")),), divide=10000)


BY = ("street", "industry", "source", "size")


@on_a_file
def test_that_last_years_column_is_that_of_the_figures(district: Book) -> None:
    projects(district, signed("2023-02-02", 7, industry="商贸"), signed("2023-02-03", 60, street="甲镇"))
    tables = of(district).tables()
    with district.read() as connection:
        for by in BY:
            found = figures(connection, HALF, by=by)["by"]
            expected = {name: Decimal(one["signed.investment"]["previous"]) / 10**8 for name, one in found.items()}
            told = {name: before for name, before in columns(tables[f"signed_by_{by}"], by, "before") if before}
            assert told == {name: value for name, value in expected.items() if value}, by
            assert sum(told.values()) == 72, by


@on_a_file
def test_that_the_summaries_agree_with_the_figures_by_group(district: Book) -> None:
    tables = of(district).tables()
    with district.read() as connection:
        for by in BY:
            found = figures(connection, HALF, by=by)["by"]
            rows = columns(tables[f"signed_by_{by}"], by, "count", "agreed")
            assert {name: (count, agreed) for name, count, agreed in rows if count} == {
                name: (int(one["signed.count"]["value"]), Decimal(one["signed.investment"]["value"]) / 10**8)
                for name, one in found.items()
                if one["signed.count"]["value"] != "0"
            }, by


@on_a_file
def test_that_an_increase_adds_its_money_and_no_project(district: Book) -> None:
    with district.write(_("Increase")) as connection:
        add_investment(connection, 1, "increase", on="2024-06-03", amount=YI)
    report = of(district)
    assert "新签约项目4个" in report.text()
    assert "协议投资额11亿元" in report.text()
    listed = columns(report.tables()["signed_list"], "kind", "street", "agreed")
    assert ("增资", "乙镇", 10000) in listed
    assert report.tables()["signed_by_street"].totals[:3] == ("合　计", 4, 11)  # type: ignore[index]


@on_a_file
def test_that_a_merged_place_is_counted_as_the_one_it_became_part_of(district: Book) -> None:
    with district.write(_("Merge")) as connection:
        merge_unit(connection, 3, 1)
    assert paragraphs(of(district), "signed")[0] == "新签约项目按属地分别为：甲镇2个、乙镇2个。"


@on_a_file
def test_that_foreign_money_stands_in_the_list_in_yuan(district: Book) -> None:
    with district.write(_("Rate")) as connection:
        set_rate(connection, "USD", "2024-01-01", 7_100_000)
    project(district, **signed("2024-06-01", 1, currency="USD", street="甲镇"))
    assert ("甲镇", 71000) in columns(of(district).tables()["signed_list"], "street", "agreed")


def test_that_the_lists_hold_every_record_once_in_the_order_of_the_units(district: Book) -> None:
    tables = of(district).tables()
    assert columns(tables["signed_list"], "no", "street", "day") == [
        (1, "乙镇", "2024-02-11"), (2, "乙镇", "2024-03-11"), (3, "丙镇", "2024-01-11"), (4, "丙镇", "2024-05-11"),
    ]  # fmt: skip
    assert columns(tables["started_list"], "street", "total", "large") == [("乙镇", 60000, "是")]
    assert columns(tables["produced_list"], "street", "total") == [("乙镇", 50000)]
    assert columns(tables["stuck_signed"], "name", "agreed", "days", "not_started_reason") == [
        ("久未开工", 20000, 272, "土地")
    ]
    assert columns(tables["activities"], "day", "kind", "leads") == [
        ("2024-04-02", "外出招商", 1), ("2024-06-02", "推介活动", 0),
    ]  # fmt: skip
    assert {key for key, table in tables.items() if table.detail} == {
        "signed_list", "started_list", "produced_list", "stuck_signed", "activities",
    }  # fmt: skip


@on_a_file
def test_that_every_table_names_its_unit(district: Book) -> None:
    assert [table.key for table in of(district).tables().values() if not table.unit] == []


@on_a_file
def test_that_the_chart_compares_the_places_with_last_year_where_last_year_is_known(district: Book, book: Book) -> None:
    (chart,) = of(district).charts()
    assert [(series.column, series.label, series.current) for series in chart.series] == [
        ("before", "2023年1—6月", False), ("agreed", "2024年1—6月", True),
    ]  # fmt: skip
    write(book, (1, "approved_on", "2022-03-02"))
    (chart,) = of(district).charts()
    assert [series.column for series in chart.series] == ["agreed"]


@on_a_file
def test_that_the_figures_of_the_report_are_those_of_the_contract_with_their_rows(district: Book) -> None:
    stored = {figure.key: figure for figure in of(district).figures}
    assert (stored["signed.investment"].value, stored["signed.investment"].yoy) == (10**9, Decimal("1.0000"))
    assert stored["signed.count"].rows is not None
    assert len(stored["signed.count"].rows.ids) == 4
    assert stored["started.large.investment"].value == 6 * 10**8
    numbers = {
        run.figure for block in of(district).blocks() if hasattr(block, "runs") for run in block.runs if not isinstance(run, str)
    }  # fmt: skip
    assert numbers <= set(stored)


@on_a_file
def test_that_a_report_is_stored_and_read_back_equal(district: Book) -> None:
    report = of(district)
    assert from_json(to_json(report)) == report


@on_a_file
def test_that_the_office_may_set_title_addressee_signature_and_copies(district: Book) -> None:
    choose(
        district, report__title="关于招商引资情况的专报", report__addressee="区委、区政府：", report__signature="领导小组办公室",
        report__copies="报：区委\n发：各镇", report__threshold="5",
    )  # fmt: skip
    report = of(district)
    assert (report.title, report.addressee) == ("关于招商引资情况的专报", "区委、区政府：")
    assert (report.signature, report.copies) == ("领导小组办公室", ("报：区委", "发：各镇"))
    assert "新开工5亿元以上项目1个，总投资6亿元" in report.text()


def test_that_a_report_as_of_a_moment_knows_nothing_later(district: Book) -> None:
    number = district.operations(limit=1)[0].number
    project(district, **signed("2024-06-20", 9, street="甲镇"))
    now, _final = report_of(district, HALF, today=TODAY)
    then, final = report_of(district, HALF, as_of=number, today=TODAY)
    assert "新签约项目5个" in now.text()
    assert "新签约项目4个" in then.text()
    assert not final
    assert figures_of(district, HALF, as_of=number)["figures"]["signed.count"]["value"] == "4"


@on_a_file
def test_that_what_changed_since_the_last_finalised_report_is_told_in_the_workbook_only(district: Book) -> None:
    assert "changes" not in of(district).tables()
    close(district, MAY)
    write(district, (4, "agreed_investment", 5 * YI), (4, "street", "甲镇"), (3, "started_on", "2024-06-03"))
    number = project(district, name="新项目")
    with district.write(_("Delete")) as connection:
        delete_projects(connection, [2])
    table = of(district).tables()["changes"]
    assert not table.printed
    assert table.title == "2024年5月以来的数据变动说明"
    assert {row[5] for row in table.rows} == {"测试员"}
    assert {row[1:5] for row in table.rows} == {
        ("新增", "", "", ""),
        ("向前推进", "阶段", "签约", "开工"),
        ("已删除", "", "", ""),
        ("更正", "协议投资额（万元）", "20,000", "50,000"),
        ("更正", "属地", "乙镇", "甲镇"),
    }
    assert {row[0] for row in table.rows} >= {"新项目", "久未开工"}
    assert number == 7


@on_a_file
def test_that_the_files_are_written_whole_under_the_name_of_the_period(district: Book, tmp_path: Path) -> None:
    out = tmp_path / "out" / "deep"
    paths = [one.path for one in write_report(district, HALF, out, ("xlsx", "pdf", "xlsx"))]
    assert [path.name for path in paths] == [
        "招商引资工作情况通报_2024年1—6月.xlsx",
        "招商引资工作情况通报_2024年1—6月.pdf",
    ]
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in paths)
    sheets = load_workbook(paths[0], data_only=True)
    assert sheets["按属地"]["C5"].value == 10
    live = load_workbook(paths[0])["按属地"]["C5"].value
    assert live.startswith("=SUM")
    assert "新签约明细" in live


@on_a_file
def test_that_an_unknown_format_and_a_folder_that_cannot_be_are_refused(district: Book, tmp_path: Path) -> None:
    with pytest.raises(Usage):
        write_report(district, HALF, tmp_path, ("odt",))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Unavailable):
        write_report(district, HALF, tmp_path / "file" / "out", ("pdf",))
