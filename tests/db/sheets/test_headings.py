"""Where a table begins, and which field each of its columns is."""

from __future__ import annotations

import pytest

from db.sheets.finding import find_blocks
from db.sheets.headings import Vocabulary, named, unit_in
from db.sheets.plan import Plan
from db.sheets.planning import plan, recognise
from db.sheets.workbook import Cell
from tests.db.sheets.sample import book, new_records, options, room, sheet


def keys(found: Plan, place: int = 0) -> dict[str, str]:
    """Column letter → field key."""
    return {column.letter: "+".join(column.keys) for column in found.sheets[place].columns}


def planned(*rows: list[Cell], **given: object) -> Plan:
    """A plan of one sheet typed by hand."""
    return plan(book(sheet(*rows)), room(), None, options(**given))


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [("投资额（万元）", "投资额", "万元"), ("总 投 资\n(亿元)", "总投资", "亿元"), ("用地面积（亩）", "用地面积", "亩"),
     ("投资额(单位：万元)", "投资额", "万元"), ("建筑面积㎡", "建筑面积", "m2"), ("到位资金（填报）", "到位资金填报", None),
     ("*项目名称：", "项目名称", None)],
)  # fmt: skip
def test_that_a_heading_is_its_name_and_its_unit(heading: str, name: str, unit: str | None) -> None:
    assert named(heading) == (name, unit)


def test_that_only_a_unit_is_a_unit() -> None:
    assert [unit_in(text) for text in ("单位：万元", "（亩）", "万元", "单位：区科技局", "投资额")] == [
        "万元",
        "亩",
        "万元",
        None,
        None,
    ]


def test_that_the_header_is_found_below_titles_notes_and_unit_lines() -> None:
    made = sheet(
        ["某区台账"],
        [],
        ["填报单位：投促中心", None, "单位：万元"],
        ["序号", "项目名称", "协议投资额"],
        [1.0, "甲项目", 5.0],
    )
    (block,) = find_blocks(made, Vocabulary(room()))
    assert (block.first, block.last, block.start, block.end) == (3, 3, 4, 5)
    assert block.above == ("某区台账", "填报单位：投促中心", "单位：万元")


def test_that_three_header_rows_with_units_below_are_one_header() -> None:
    found = planned(
        ["项目名称", "投资额", None, "时间", None],
        [None, "协议投资额", "其中：固定资产投资", "签约", "认定"],
        [None, "（亿元）", "（万元）", "日期", "日期"],
        ["甲项目", 1.5, 20.0, "2024.1.2", "2024.2.3"],
    )
    assert found.sheets[0].header_rows == (1, 3)
    assert keys(found) == {
        "A": "name",
        "B": "agreed_investment",
        "C": "fixed_investment",
        "D": "signed_on",
        "E": "recognised_on",
    }
    assert [column.unit for column in found.sheets[0].columns] == [None, "亿元", "万元", None, None]


def test_that_a_row_of_column_numbers_is_no_record() -> None:
    found = planned(["序号", "项目名称", "投资方"], ["甲", "乙", 1.0], [1.0, "甲项目", "某公司"])
    assert found.sheets[0].skipped[0].kind == "numbers"
    assert found.new_count == 1


def test_that_month_columns_become_months_of_one_field() -> None:
    found = planned(
        ["2023年台账", None, "单位：万元"],
        ["项目名称", "到位资金", None, None, None],
        [None, "1月", "2月", "1—2月", "累计"],
        ["甲项目", 1.0, 2.0, 3.0, 3.0],
    )
    assert keys(found)["B"] == "paid_in_reported@2023-01"
    assert keys(found)["C"] == "paid_in_reported@2023-02"
    assert all(keys(found)[letter].startswith("own:") for letter in "DE")


def test_that_a_month_names_its_year_itself_or_is_asked_about() -> None:
    found = planned(["项目名称", "2022年3月到位资金（万元）", "4月到位资金（万元）"], ["甲项目", 1.0, 2.0])
    assert keys(found) == {"A": "name", "B": "paid_in_reported@2022-03", "C": "paid_in_reported@2024-04"}
    assert [question.id for question in found.questions] == ["year:Sheet1"]
    answered = planned(
        ["项目名称", "3月到位资金（万元）"], ["甲项目", 1.0], answers={"year:Sheet1": "2021"}, assume_yes=False
    )
    assert keys(answered)["B"] == "paid_in_reported@2021-03"
    assert answered.open_questions == ()


def test_that_a_sum_of_what_is_kept_by_month_is_kept_as_told_and_said() -> None:
    found = planned(["项目名称", "到位资金（万元）"], ["甲项目", 1.0])
    assert keys(found) == {"A": "name", "B": "own:到位资金（万元）"}
    assert (found.questions, len(found.notes)) == ((), 1)


def test_that_the_marks_of_a_sheet_that_was_sent_are_no_column_of_a_ledger() -> None:
    found = planned(["项目名称", "行号标记"], ["甲项目", "R1.2.a1b2c3"])
    assert (keys(found)["B"], found.questions, len(found.notes)) == ("", (), 1)


def test_that_a_group_changes_what_a_heading_means() -> None:
    found = planned(
        ["项目名称", "计划", None, "上年同期", None],
        [None, "开工时间", "签约日期", "协议投资额", None],
        ["甲项目", "2024.1.2", "2024.1.3", 5.0, None],
        assume_yes=False,
    )
    assert keys(found)["B"] == "planned_start_on"
    assert {question.where for question in found.open_questions} == {"C", "D"}


def test_that_a_heading_that_is_only_like_a_field_is_asked_and_its_cells_must_fit() -> None:
    rows: list[list[Cell]] = [["项目名称", "协议投资金额（万元）", "协议投资规模说明"], ["甲项目", 5.0, "一般"]]
    found = planned(*rows, assume_yes=False)
    (money, words) = found.open_questions
    assert (money.where, money.proposed) == ("B", "agreed_investment")
    assert words.proposed == "own"
    assert keys(planned(*rows, answers={money.id: "total_investment", words.id: "none"}))["B"] == "total_investment"


def test_that_a_word_that_tells_things_apart_is_never_guessed_over() -> None:
    assert keys(planned(["项目名称", "投资方简介"], ["甲项目", "行业龙头"])) == {"A": "name", "B": "own:投资方简介"}


def test_that_of_two_columns_for_one_field_the_better_keeps_it_and_nothing_is_lost() -> None:
    found = planned(["项目名称", "签约时间", "签约日期"], ["甲项目", "2024.1.2", "2024.1.3"])
    assert keys(found) == {"A": "name", "B": "own:签约时间", "C": "signed_on"}
    assert found.unaccounted() == 0


def test_that_a_single_column_of_investment_is_asked_once_and_proposed_as_both() -> None:
    rows: list[list[Cell]] = [["项目名称", "拟投资额（亿元）"], ["甲项目", 5.0]]
    found = planned(*rows, assume_yes=False)
    assert [(question.id, question.proposed) for question in found.open_questions] == [("meaning:拟投资额亿元", "both")]
    assert keys(found)["B"] == "total_investment+agreed_investment"
    assert keys(planned(*rows, answers={"meaning:拟投资额亿元": "agreed_investment"}))["B"] == "agreed_investment"
    both = planned(["项目名称", "投资额（亿元）", "协议投资额（亿元）"], ["甲项目", 5.0, 5.0], assume_yes=False)
    assert keys(both) == {"A": "name", "B": "total_investment", "C": "agreed_investment"}
    assert both.open_questions == ()


def test_that_a_missing_unit_is_asked_with_the_range_of_the_numbers() -> None:
    rows: list[list[Cell]] = [["项目名称", "协议投资额"], ["甲项目", 5.0], ["乙项目", 30_000.0]]
    (question,) = planned(*rows, assume_yes=False).open_questions
    assert (question.id, question.proposed) == ("unit:Sheet1!B", "万元")
    assert "5" in question.question.render("zh")
    assert planned(*rows, given={"unit": "亿元"}).sheets[0].columns[1].unit == "亿元"
    assert planned(["项目名称", "协议投资额"], ["甲项目", "5亿元"], assume_yes=False).open_questions == ()


def test_that_the_headings_unit_beats_the_unit_line_and_the_nearer_line_beats_the_farther() -> None:
    found = planned(
        ["单位：万元、亩"], ["项目名称", "协议投资额", "总投资（亿元）", "用地面积"], ["甲项目", 1.0, 1.0, 1.0],
        [], ["续表", None, "单位：亿元"], ["项目名称", "协议投资额"], ["乙项目", 1.0],
    )  # fmt: skip
    records = [record for _row, record in new_records(found)]
    assert records[0] == {"name": "甲项目", "agreed_investment": 10**6, "total_investment": 10**10, "land": 200_000}
    assert records[1] == {"name": "乙项目", "agreed_investment": 10**10}


def test_that_a_page_header_repeated_below_is_skipped_and_said() -> None:
    header: list[Cell] = ["序号", "项目名称", "投资方"]
    found = planned(header, [1.0, "甲项目", "某公司"], header, [2.0, "乙项目", "某公司"])
    assert found.new_count == 2
    assert [(row.row, row.kind) for row in found.sheets[0].skipped] == [(3, "header")]


def test_that_a_sheet_without_a_ledger_is_listed_with_the_reason() -> None:
    found = plan(
        book(sheet(["填表说明"], ["1.按月填报"]), sheet(["企业", "税收"], ["甲", 1.0], name="税收")),
        room(),
        None,
        options(),
    )
    assert [(page.taken, page.why is not None) for page in found.sheets] == [(False, True), (False, True)]
    assert found.unaccounted() == 0


def test_that_the_room_is_told_from_the_headings() -> None:
    known = room()
    assert recognise(book(sheet(["序号", "项目名称", "投资方"], [1.0, "甲", "乙"])), [known]) is known
    assert recognise(book(sheet(["某某"], ["甲"])), [known]) is None
