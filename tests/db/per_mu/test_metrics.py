"""Metrics of a year: from sheets of any unit into the book, with what is asked about them; land, gaps, sources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.companies.land import add_site
from db.companies.models import LEASED_IN, LEASED_OUT, OWN, company
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.per_mu.models import company_year, evaluation, evaluation_result
from db.per_mu.queries import data_of, gaps, group_of, values_before
from db.per_mu.service import adjust, confirm, put_metrics
from db.per_mu.sheet import PER_MU_SHEET
from db.sheets.plan import Options, Plan
from db.sheets.planning import plan
from db.sheets.reading import read_workbook
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.factories.per_mu import micro, year_of_metrics
from tests.factories.spreadsheets import xlsx
from tests.ledgers import FOLDER, gold, needs_ledgers

FILE = "亩均数据2023.xlsx"
PER_MU, SQUARE = 200_000, 300


def planned(path: Path, book: Book | None = None, **options: Any) -> Plan:
    """What importing a workbook would do."""
    workbook, wanted = read_workbook(path), Options(today=dt.date(2024, 7, 1), **options)
    if book is None:
        return plan(workbook, PER_MU_SHEET, None, wanted)
    with book.read() as connection:
        return plan(workbook, PER_MU_SHEET, connection, wanted)


def new_rows(found: Plan) -> list[dict[str, Any]]:
    """The new records of a plan, one after the other."""
    tables = [table.columns for table in found.new]
    return [dict(zip(table, row, strict=True)) for table in tables for row in zip(*table.values(), strict=True)]


def written(tmp_path: Path, title: str, headings: list[str], *rows: list[Any], name: str = "数据.xlsx") -> Path:
    """A workbook with a title, headings and rows."""
    return xlsx(tmp_path / name, [[title], list(headings), *rows])


def test_that_a_line_of_units_and_any_name_of_a_unit_hold_for_what_is_measured(tmp_path: Path) -> None:
    path = written(tmp_path, "2023年规上企业（单位：亩、万元、万千瓦时）", ["企业名称", "用地面积", "税收", "用电量", "综合能耗（吨标准煤）"],
                   ["甲公司", 10, 20, 350, 12])  # fmt: skip
    row = new_rows(planned(path))[0]
    assert (row["tax"], row["electricity"], row["energy"]) == (20 * 10**6, 3_500_000 * 10**6, 12 * 10**6)


def test_that_a_note_below_the_table_may_say_the_units(tmp_path: Path) -> None:
    path = written(tmp_path, "2023年规上企业", ["企业名称", "用地面积", "税收", "用电量", "营业收入"], ["甲公司", 10, 2, 350, 3],
                   ["注：用地面积单位为亩；用电量单位为万千瓦时，税收、营业收入单位：亿元。"])  # fmt: skip
    found = planned(path)
    assert found.questions == ()
    row = new_rows(found)[0]
    assert (row["land"], row["tax"], row["revenue"], row["electricity"]) == (
        10 * PER_MU,
        2 * 10**10,
        3 * 10**10,
        3_500_000 * 10**6,
    )


@on_a_file
def test_that_a_table_whose_companies_are_in_no_column_is_refused_row_by_row(book: Book, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "2023年亩均",
        ["单位称呼", "统一社会信用代码", "用地面积（亩）", "税收（万元）"],
        ["甲公司", "", 10, 20],
    )
    assert [one.key for one in planned(path, book, answers={"column:台账!A": "own"}).refused] == ["company"]


@needs_ledgers
def test_that_the_ledger_of_metrics_comes_in_to_its_gold(book: Book) -> None:
    expected = gold(FILE)
    found = planned(FOLDER / FILE, book)
    assert found.questions == ()
    assert found.unaccounted() == 0
    assert [row.kind for row in found.sheets[0].skipped] == ["title", "total"]
    number = commit(book, found)
    with book.read() as connection:
        group = group_of(connection, 2023, scope="above")
        assert group_of(connection, 2023, scope="below").members == []
    keys = {"mu": "land", "revenue": "revenue", "tax": "tax", "va": "value_added", "rd": "rd", "energy": "energy",
            "staff": "staff"}  # fmt: skip
    rows = [
        {"company": one.name} | {key: group.given[ours][at] for key, ours in keys.items()}
        for at, one in enumerate(group.members)
    ]
    assert rows == [{"company": row["company"]} | {key: micro(row[key]) for key in keys} for row in expected["rows"]]
    again = planned(FOLDER / FILE, book)
    assert (again.new_count, again.changes, again.same) == (0, (), 40)
    assert number is not None
    assert book.undo(number).operation is not None
    with book.read() as connection:
        assert connection.execute(select(company_year.c.id)).all() == []


def test_that_ratios_that_contradict_their_parts_are_reported_and_sums_are_no_companies(tmp_path: Path) -> None:
    path = written(
        tmp_path, "2022年度亩均数据（规下工业企业）", ["企业名称", "用地面积（㎡）", "实缴税金（元）", "亩均税收（万元/亩）"],
        ["甲公司", 20000, 3000000, 10], ["乙公司", 20000, 3000000, 12.5], ["合计", 40000, 6000000, None],
    )  # fmt: skip
    found = planned(path)
    (table,) = found.new
    assert table.columns["land"] == [20000 * SQUARE, 20000 * SQUARE]
    assert (table.columns["year"], table.columns["scale"]) == ([2022, 2022], ["below", "below"])
    told = [note.text.render("zh") for note in found.notes]
    assert "第4行：亩均税收与分子分母不符，应为10.00；以分子分母为准。" in told
    assert not any("第3行" in one for one in told)
    assert found.unaccounted() == 0


def test_that_a_sheet_that_says_no_year_asks_for_it(tmp_path: Path) -> None:
    path = written(tmp_path, "亩均数据", ["企业名称", "用地面积（亩）", "实缴税金（万元）"], ["甲公司", 20, 300])
    assert [one.id for one in planned(path).open_questions] == ["sheet:台账!year"]
    assert planned(path, given={"year": "2023"}).open_questions == ()


@on_a_file
def test_that_leaps_and_slips_of_unit_are_asked_and_taken_as_answered(book: Book, tmp_path: Path) -> None:
    year_of_metrics(book, [("甲公司", {"land": 20, "tax": 30}), ("乙公司", {"land": 30, "revenue": 400})], year=2022)
    path = written(
        tmp_path, "2023年度", ["企业名称", "用地面积（亩）", "营业收入（万元）", "实缴税金（万元）"],
        ["甲公司", 13333.33, 500, 300], ["乙公司", 30, 410, 420],
    )  # fmt: skip
    asked = planned(path, book).open_questions
    assert [one.question.render("zh") for one in asked] == [
        "第3行：用地面积与上年的20亩相差666.67倍，是否把亩和平方米弄混了？",
        "第3行：实缴税金为300，上年为30。",
        "第4行：实缴税金高于营业收入（420万元，营业收入410万元）。",
    ]
    commit(book, planned(path, book, assume_yes=True))
    with book.read() as connection:
        group = group_of(connection, 2023)
    assert [round(value / 10**6, 2) for value in group.given["land"] if value] == [20.0, 30.0]
    assert group.given["tax"] == [micro(300), micro(420)]


@on_a_file
def test_that_a_list_of_results_is_taken_as_it_is(book: Book, tmp_path: Path) -> None:
    path = written(
        tmp_path, "2023年度亩均效益评价结果", ["企业名称", "综合得分", "排名", "评价等级"],
        ["甲公司", 86.5, 1, "A类"], ["乙公司", "59.10", 2, "D"],
    )  # fmt: skip
    commit(book, planned(path, book))
    with book.read() as connection:
        query = select(
            company.c.name, evaluation_result.c.score, evaluation_result.c.rank, evaluation_result.c["class"]
        )
        query = query.join(company, company.c.id == evaluation_result.c.company).order_by(company.c.id)
        assert list(map(tuple, connection.execute(query))) == [("甲公司", "86.5", 1, "A"), ("乙公司", "59.10", 2, "D")]
        kept = connection.execute(select(evaluation.c.year, evaluation.c.scheme, evaluation.c.source)).one()
        assert tuple(kept) == (2023, None, "数据.xlsx")


def test_that_results_in_words_are_ranks_points_and_classes(book: Book, tmp_path: Path) -> None:
    head = ["排名", "企业名称", "综合评价得分", "分档"]
    commit(book, planned(written(tmp_path, "2023年度评价结果", head, ["第1名", "甲公司", "98.5分", "A档"]), book))
    with book.read() as connection:
        of = evaluation_result.c
        assert tuple(connection.execute(select(of.rank, of.score, of["class"])).one()) == (1, "98.5", "A")


def test_that_a_heading_may_say_again_which_half_it_is_of(tmp_path: Path) -> None:
    head = ["企业名称", "1-6月营业收入（万元）", "上半年税收（万元）"]
    (row,) = new_rows(planned(written(tmp_path, "2024年1—6月亩均数据", head, ["甲公司", 1000, 80])))
    assert (row["year"], row["half"], row["revenue"], row["tax"]) == (2024, "1", 1_000_000_000, 80_000_000)


def test_that_banners_say_the_class_of_the_companies_under_them(tmp_path: Path) -> None:
    head: list[Any] = ["序号", "企业", "综合得分"]
    first: list[list[Any]] = [["A类企业（2家）"], head, [1, "甲公司", 98], [2, "乙公司", 91], ["B类企业（1家）"]]
    classes = [("甲公司", "A"), ("乙公司", "A"), ("丙公司", "B")]
    for name, rows in (("各有表头", [*first, head]), ("一个表头", first)):
        path = xlsx(tmp_path / f"{name}.xlsx", [["2023年度评价结果"], *rows, [1, "丙公司", 77.5]])
        assert [(row["company"], row["given_class"]) for row in new_rows(planned(path))] == classes


@pytest.mark.parametrize(
    "header",
    [
        [["企业名称", "占地面积（亩）", "2022年营业收入（万元）", "2022年税收（万元）", "2023年营业收入（万元）", "2023年税收（万元）"]],
        [[None, None, "2022年", None, "2023年", None],
         ["企业名称", "占地面积（亩）", "营业收入（万元）", "税收（万元）", "营业收入（万元）", "税收（万元）"]],
    ],
)  # fmt: skip
def test_that_years_next_to_each_other_are_a_year_each(tmp_path: Path, header: list[list[Any]]) -> None:
    rows = [
        *header,
        ["甲公司", 20, 3000, 200, 3300, 220],
        ["新公司", 5, None, None, 90, 3],
        ["合计", "=SUM(B3:B3)", "=SUM(C3:C3)", None, None, None],
    ]
    found = planned(xlsx(tmp_path / "两年.xlsx", [["企业基础数据（2022—2023年）"], *rows]))
    assert [(row["year"], row["land"], row["revenue"], row["tax"]) for row in new_rows(found)] == [
        (2022, 20 * PER_MU, 3_000_000_000, 200_000_000), (2023, 20 * PER_MU, 3_300_000_000, 220_000_000),
        (2023, 5 * PER_MU, 90_000_000, 3_000_000),
    ]  # fmt: skip
    (told,) = found.sheets
    assert (told.rows_read, len(told.skipped), found.unaccounted()) == (3, 2, 0)


def test_that_the_year_of_a_lone_column_is_not_that_of_the_others(tmp_path: Path) -> None:
    head = ["企业名称", "税收（万元）", "2022年税收（万元）"]
    (row,) = new_rows(planned(written(tmp_path, "2023年数据", head, ["甲公司", 200, 180]), assume_yes=True))
    assert (row["year"], row["tax"]) == (2023, 200_000_000)


@on_a_file
def test_that_a_half_year_stands_beside_its_year(book: Book, tmp_path: Path) -> None:
    for title, tax in (("2023年度", 300), ("2023年上半年", 140), ("2023年7—12月", 160)):
        path = written(tmp_path, title, ["企业名称", "实缴税金（万元）"], ["甲公司", tax], name=f"{title}.xlsx")
        commit(book, planned(path, book))
    with book.read() as connection:
        taxes = [group_of(connection, 2023, half=half).given["tax"] for half in (0, 1, 2)]
    assert taxes == [[micro(300)], [micro(140)], [micro(160)]]


@on_a_file
def test_that_land_is_own_less_leased_out_and_what_is_leased_in(book: Book) -> None:
    known = year_of_metrics(book, [
        ("甲公司", {"land": 20, "land_own": 90}), ("乙公司", {"land_own": 50, "land_out": 12, "land_in": 2}), ("丙公司", {"tax": 1}),
        ("丁公司", {"tax": 1}),
    ])  # fmt: skip
    with book.write(_("Sites")) as connection:
        number = connection.scalar(select(company_year.c.company).where(company_year.c.id == known["丙公司"]))
        assert number is not None
        for kind, mu in ((OWN, 30), (LEASED_OUT, 5), (LEASED_IN, 1)):
            add_site(connection, number, kind, area=mu * PER_MU)
    with book.read() as connection:
        group = group_of(connection, 2023)
    assert group.given["land"] == [micro(20), micro(40), micro(26), None]
    found = gaps(group, ("land", "revenue"))
    assert [gap.name for gap in found["Natural resources"]] == ["丁公司"]
    assert len(found["Statistics"]) == 4


def test_that_every_datum_names_its_source_and_a_change_takes_the_confirmation_away(book: Book) -> None:
    entry = year_of_metrics(book, [("甲公司", {"land": 20, "tax": 300})])["甲公司"]
    with book.write(_("Confirm")) as connection:
        assert confirm(connection, [entry], ["tax"], by="区税务局", on="2024-03-20") == 1
    with book.read() as connection:
        land, tax = data_of(connection, entry)
    assert (land.confirmed_by, tax.source, tax.confirmed_by) == (None, "基础数据表.xlsx", "区税务局")
    with book.write(_("Correct"), source="更正表.xlsx") as connection:
        put_metrics(connection, {entry: {"tax": micro(310), "land": None}})
    with book.read() as connection:
        (tax,) = data_of(connection, entry)
        assert (tax.value, tax.source, tax.confirmed_by) == (micro(310), "更正表.xlsx", None)
        assert values_before(connection, [1], 2024) == {1: {"tax": micro(310)}}


@on_a_file
def test_that_what_cannot_be_is_refused_in_words(book: Book) -> None:
    entry = year_of_metrics(book, [("甲公司", {"tax": -3})])["甲公司"]
    with pytest.raises(Refused) as refused, book.write(_("Wrong")) as connection:
        put_metrics(connection, {entry: {"land": -1}})
    assert refused.value.render("zh") == "用地面积不能小于0。"
    with pytest.raises(Refused, match="needs its reason"), book.write(_("Wrong")) as connection:
        adjust(connection, entry, "bonus", reason=" ", points=3)
