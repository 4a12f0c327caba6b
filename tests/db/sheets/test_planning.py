"""What an import will do, before anything is written; the two real ledgers against their gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.core.errors import Refused
from db.sheets.plan import Plan
from db.sheets.planning import plan
from db.sheets.problems import write_problems
from db.sheets.workbook import Cell
from db.sheets.writing import import_json, refuse_unfinished, write_rows
from tests.db.sheets.sample import Shelf, book, ledger, new_records, options, room, sheet
from tests.ledgers import gold, needs_ledgers

HEAD: list[Cell] = ["序号", "项目名称", "投资方", "协议投资额（万元）", "签约日期", "备注"]


def planned(*rows: list[Cell], shelf: Shelf | None = None, merged: Any = (), **given: Any) -> Plan:
    """A plan of one sheet typed by hand; with a shelf, against what it holds."""
    return plan(book(sheet(*rows, merged=merged)), room(shelf), _connection(shelf), options(**given))


def _connection(shelf: Shelf | None) -> Any:
    """The sample room needs no database: anything that is not None says that there is a book."""
    return None if shelf is None else shelf


def records(found: Plan) -> list[dict[str, Any]]:
    """The new records."""
    return [record for _row, record in new_records(found)]


def shelved(*rows: list[Cell]) -> Shelf:
    """A shelf with these rows imported."""
    shelf = Shelf()
    write_rows(_connection(shelf), planned(*rows, shelf=shelf))
    return shelf


@needs_ledgers
def test_that_the_ledger_of_signings_comes_in_to_its_gold() -> None:
    found, expected = plan(ledger("签约项目台账.xlsx"), room(), None, options()), gold("签约项目台账.xlsx")
    assert found.unaccounted() == 0
    assert found.sheets[0].header_rows == tuple(expected["header_rows"])
    assert sum(record["agreed_investment"] for record in records(found)) == int(expected["sum_agreed_investment"]) * 100
    assert found.questions == ()
    for (row, record), wanted in zip(new_records(found), expected["rows"], strict=True):
        assert (row, record["name"], record["investor"]) == (wanted["row"], wanted["name"], wanted["investor"])
        assert record["agreed_investment"] == int(wanted["agreed_investment"]) * 100
        assert record["fixed_investment"] == int(wanted["fixed"]) * 100
        assert (record["signed_on"], record["recognised_on"]) == (wanted["signed_on"], wanted["approved_on"])
    assert [row.row for row in found.sheets[0].skipped] == [1, 2, 5, 29, 30, 49, 50, 52, 53]


@needs_ledgers
def test_that_the_ledger_of_negotiations_comes_in_to_its_gold() -> None:
    found, expected = plan(ledger("在谈项目.xls"), room(), None, options()), gold("在谈项目.xls")
    assert found.unaccounted() == 0
    assert sum(record["agreed_investment"] for record in records(found)) == int(expected["sum_agreed_investment"]) * 100
    for record, wanted in zip(records(found), expected["rows"], strict=True):
        assert (record["name"], record["lead"]) == (wanted["name"], wanted["lead"])
        assert record.get("land") == (wanted["land_mu"] and wanted["land_mu"] * 200_000)
    assert {record["stage"] for record in records(found)} == {"negotiating"}
    assert sum(record.get("land_use") == "leased" for record in records(found)) == 9


@needs_ledgers
def test_that_the_same_ledger_again_changes_nothing() -> None:
    for file, count in (("签约项目台账.xlsx", 41), ("在谈项目.xls", 18)):
        shelf = Shelf()
        write_rows(_connection(shelf), plan(ledger(file), room(shelf), _connection(shelf), options()))
        again = plan(ledger(file), room(shelf), _connection(shelf), options())
        assert (again.new_count, again.changes, again.same) == (0, (), count)


def test_that_sums_groups_and_notes_are_no_records_and_say_why() -> None:
    found = planned(
        HEAD,
        ["一", "工业项目", None, 30.0],
        [1.0, "甲项目", "甲公司", 10.0],
        [2.0, "乙项目", "乙公司", 20.0],
        [None, "小  计", None, 30.0],
        ["（二）服务业项目"],
        [3.0, "累计达产项目", "丙公司", 5.0, "2024.1.2"],
        ["合计：3个", None, None, 35.0],
        ["注：1.不含涉密项目"],
        ["2.按认定口径"],
        [9.0],
    )
    assert [record["name"] for record in records(found)] == ["甲项目", "乙项目", "累计达产项目"]
    assert [row.kind for row in found.sheets[0].skipped] == [
        "group",
        "total",
        "group",
        "total",
        "note",
        "note",
        "numbered",
    ]
    assert found.unaccounted() == 0


def test_that_merged_cells_hold_for_all_their_rows() -> None:
    found = planned(
        ["属地", "项目名称", "牵头领导"], ["大杨镇", "甲项目", "张三"], [None, "乙项目", None], [None, "丙项目", "〃"],
        merged=((1, 0, 3, 0), (1, 2, 2, 2)), assume_yes=False,
    )  # fmt: skip
    assert [(record["street"], record["lead"]) for record in records(found)] == [("大杨镇", "张三")] * 3
    assert found.open_questions == ()


def test_that_a_value_said_once_is_filled_down_only_when_answered_and_not_over_a_group() -> None:
    rows: list[list[Cell]] = [
        ["序号", "项目名称", "包保领导"], [1.0, "甲", "张三"], [2.0, "乙", None], ["二、其他项目"], [3.0, "丙", "李四"], [4.0, "丁", None],
    ]  # fmt: skip
    (question,) = planned(*rows, assume_yes=False).open_questions
    assert question.id == "fill:Sheet1!C"
    assert [record.get("lead") for record in records(planned(*rows))] == ["张三", "张三", "李四", "李四"]
    left = planned(*rows, answers={question.id: "no"})
    assert [record.get("lead") for record in records(left)] == ["张三", None, "李四", None]


def test_that_days_without_a_year_are_of_the_year_said_around_or_asked() -> None:
    rows: list[list[Cell]] = [["项目名称", "签约日期"], ["甲", "6月5日"], ["乙", "7.15"], ["丙", "2023年12月1日"]]
    days = [record["signed_on"] for record in records(planned(["2024年签约项目"], *rows))]
    assert days == ["2024-06-05", "2024-07-15", "2023-12-01"]
    (question,) = planned(*rows, assume_yes=False).open_questions
    assert question.id == "year:Sheet1"
    answered = records(planned(*rows, answers={question.id: "2022"}))
    assert [record["signed_on"] for record in answered] == ["2022-06-05", "2022-07-15", "2023-12-01"]


def test_that_a_refused_cell_says_where_what_why_and_what_is_accepted() -> None:
    found = planned(
        HEAD,
        [1.0, "甲项目", "甲公司", "很多", "2024-02-30"],
        [2.0, "乙项目", "乙公司", 5.0],
        [3.0, None, "丙公司", 6.0],
    )
    told = [(refusal.row, refusal.column, refusal.value, refusal.key) for refusal in found.refused]
    assert told == [(2, "D", "很多", "agreed_investment"), (2, "E", "2024-02-30", "signed_on"), (4, "B", "", "name")]
    assert found.refused[1].accepted == "2024-02-29、2024.2.29、2024年2月29日"
    assert [record["name"] for record in records(found)] == ["乙项目"]
    assert found.sheets[0].counts.refused == 8
    assert found.unaccounted() == 0
    with pytest.raises(Refused, match="2 rows have problems"):
        refuse_unfinished(found, partial=False)
    refuse_unfinished(found, partial=True)


def test_that_a_rule_across_fields_refuses_the_row_beside_its_cell() -> None:
    found = planned(["项目名称", "签约日期", "认定日期"], ["甲", "2024.5.1", "2024.4.1"])
    assert [(refusal.column, refusal.value) for refusal in found.refused] == [("C", "2024.4.1")]


def test_that_words_beside_amounts_reach_the_remarks_once() -> None:
    rows: list[list[Cell]] = [HEAD, [1.0, "甲项目", "甲公司", "约12亿左右", None, "已注册"]]
    assert records(planned(*rows))[0]["remarks"] == "已注册；协议投资额：约12亿左右"
    shelf = shelved(*rows)
    assert planned(*rows, shelf=shelf).same == 1


def test_that_words_among_numbers_go_where_the_room_says_and_foreign_money_is_refused_without_a_place() -> None:
    found = planned(
        ["项目名称", "用地面积（亩）", "协议投资额（万元）"], ["甲", "租赁厂房", 5.0], ["乙", 5.0, "500万美元"]
    )
    assert records(found) == [{"name": "甲", "land_use": "leased", "agreed_investment": 5 * 10**6}]
    assert [refusal.value for refusal in found.refused] == ["500万美元"]


def test_that_empty_cells_clear_nothing_unless_asked() -> None:
    shelf = shelved(HEAD, [1.0, "甲项目", "甲公司", 10.0, "2024.1.2", "旧"])
    rows: list[list[Cell]] = [HEAD, [1.0, "甲项目", "甲公司", 12.0, "/", None]]
    changed = planned(*rows, shelf=shelf)
    assert [(c.key, c.old, c.new) for c in changed.changes] == [("agreed_investment", 10 * 10**6, 12 * 10**6)]
    cleared = {change.key for change in planned(*rows, shelf=shelf, blank_clears=True).changes}
    assert cleared == {"agreed_investment", "signed_on", "remarks"}


def test_that_a_single_cell_can_be_left_out() -> None:
    shelf = shelved(HEAD, [1.0, "甲项目", "甲公司", 10.0])
    rows: list[list[Cell]] = [HEAD, [1.0, "甲项目", "甲公司", 12.0, "2024.1.2"], [2.0, "乙项目", "乙公司", 5.0]]
    found = planned(
        *rows, shelf=shelf, leave_out=frozenset({("Sheet1", 2, "agreed_investment"), ("Sheet1", 3, "investor")})
    )
    assert [change.key for change in found.changes] == ["signed_on"]
    assert records(found)[0].get("investor") is None


def test_that_another_investor_makes_another_project_and_a_missing_one_does_not() -> None:
    shelf = shelved(["项目名称", "投资方"], ["甲项目", "甲公司"])
    assert planned(["项目名称", "投资方"], ["甲项目", "乙公司"], shelf=shelf).new_count == 1
    assert planned(["项目名称", "投资方"], ["甲 项目", None], shelf=shelf).same == 1
    assert planned(["项目名称", "投资方"], ["甲项目", "甲公司"], shelf=shelf).same == 1


def test_that_a_nearly_equal_name_is_asked_and_never_guessed() -> None:
    shelf = shelved(["项目名称", "投资方"], ["微测蓝海传感器产业园一期项目", "甲公司"])
    rows: list[list[Cell]] = [["项目名称", "投资方", "备注"], ["微测蓝海传感器产业园1期项目", "甲公司", "新"]]
    asked = planned(*rows, shelf=shelf, assume_yes=False)
    assert [(question.where, question.proposed) for question in asked.open_questions] == [("A2", "same")]
    found = planned(*rows, shelf=shelf, answers={asked.open_questions[0].id: "new"})
    assert (found.new_count, found.changed_count) == (1, 0)
    other: list[Cell] = ["微测蓝海传感器产业园1期项目", "另一公司", "新"]
    assert planned(rows[0], other, shelf=shelf, assume_yes=False).open_questions == ()


def test_that_a_row_said_twice_is_listed_and_two_that_differ_are_asked_about() -> None:
    rows: list[list[Cell]] = [HEAD[1:], ["甲项目", "甲公司", 5.0], ["甲项目", "甲公司", 5.0], ["甲项目", "甲公司", 6.0]]
    found = planned(*rows, assume_yes=False)
    assert [(row.row, row.kind) for row in found.sheets[0].skipped] == [(3, "repeated")]
    (question,) = found.open_questions
    assert (question.where, question.proposed, found.new_count) == ("A4", "two", 2)
    one = planned(*rows, answers={question.id: "one"})
    assert (one.new_count, records(one)[0]["agreed_investment"], one.unaccounted()) == (1, 5 * 10**6, 0)


def test_that_two_sheets_of_one_file_may_speak_of_the_same_record() -> None:
    first = sheet(["项目名称", "投资方"], ["甲项目", "甲公司"], name="签约")
    second = sheet(["项目名称", "属地"], ["甲项目", "大杨镇"], name="开工")
    found = plan(book(first, second), room(), None, options())
    assert [(record["name"], record["street"]) for record in records(found)] == [("甲项目", "大杨镇")]
    assert found.unaccounted() == 0


def test_that_an_amount_a_thousand_times_its_neighbours_is_asked_and_kept_or_mended() -> None:
    usual: list[list[Cell]] = [[f"{number}号项目", 1.0 + number] for number in range(6)]
    rows: list[list[Cell]] = [["项目名称", "协议投资额（亿元）"], *usual, ["大项目", 52_000.0]]
    asked = planned(*rows, assume_yes=False)
    assert [(question.where, question.proposed) for question in asked.open_questions] == [("B8", "as_is")]
    assert records(planned(*rows))[6]["agreed_investment"] == 52_000 * 10**10
    assert records(planned(*rows, answers={"slip:Sheet1!B8": "wan"}))[6]["agreed_investment"] == 52_000 * 10**6


def test_that_what_holds_for_the_sheet_is_taken_from_its_title_or_from_the_command() -> None:
    rows: list[list[Cell]] = [["在谈项目情况表"], ["项目名称", "投资方"], ["甲项目", "甲公司"]]
    assert records(planned(*rows))[0]["stage"] == "negotiating"
    assert records(planned(*rows, given={"阶段": "签约"}))[0]["stage"] == "signed"
    with pytest.raises(Refused, match="no field"):
        planned(*rows, given={"没有的": "1"})
    assert "stage" not in records(planned(["在谈和签约项目表"], *rows[1:]))[0]


def test_that_hidden_sheets_are_taken_only_by_name() -> None:
    hidden = sheet(["项目名称"], ["甲项目"], name="底稿", visible=False)
    assert plan(book(hidden), room(), None, options()).new_count == 0
    assert plan(book(hidden), room(), None, options(sheets=("底稿",))).new_count == 1


def test_that_an_import_prints_what_the_contract_promises() -> None:
    found = planned(["单位：万元"], HEAD, [1.0, "甲项目", "甲公司", "abc"], ["合计"])
    told = import_json(found, None)
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    page = told["sheets"][0]
    assert (page["sheet"], page["room"], page["header_rows"], page["rows_read"]) == ("Sheet1", "projects", [2, 2], 1)
    assert [row["row"] for row in page["skipped_rows"]] == [1, 4]
    assert page["columns"][3] | {"how": ""} == {
        "heading": "协议投资额（万元）", "field": "agreed_investment", "fields": ["agreed_investment"], "unit": "万元",
        "column": "D", "how": "",
    }  # fmt: skip
    assert (told["new"], told["changed"], told["same"], told["operation"]) == (0, 0, 0, None)
    assert {key: told["refused"][0][key] for key in ("sheet", "row", "column", "value")} == {
        "sheet": "Sheet1", "row": 3, "column": "D", "value": "abc",
    }  # fmt: skip


def test_that_nothing_is_written_while_a_question_is_open_or_where_there_is_no_ledger() -> None:
    with pytest.raises(Refused, match="question is open"):
        refuse_unfinished(planned(["项目名称", "红黑榜"], ["甲", "乙"], assume_yes=False), partial=True)
    with pytest.raises(Refused, match="no ledger"):
        refuse_unfinished(planned(["天气"], ["晴"]), partial=True)


def test_that_the_layout_of_a_ledger_is_remembered() -> None:
    shelf = shelved(["台账"], HEAD, [1.0, "甲项目", "甲公司", 10.0])
    (layout,) = shelf.layouts
    assert layout["columns"]["D"] == "agreed_investment"
    assert layout["above"] == [["台账"]]
    assert layout["header"][0][1] == "项目名称"


def test_that_refused_rows_go_back_in_the_users_own_sheet(tmp_path: Path) -> None:
    source = tmp_path / "台账.xlsx"
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in (HEAD, [1, "甲项目", "甲公司", "abc", "2024-02-30"], [2, "乙项目", "乙公司", 5]):
        page.append(row)
    page["B2"].font = openpyxl.styles.Font(bold=True)
    made.save(source)
    typed = sheet(HEAD, [1.0, "甲项目", "甲公司", "abc", "2024-02-30"], [2.0, "乙项目", "乙公司", 5.0], name=page.title)
    workbook = book(typed)
    for path in (source, tmp_path / "台账.csv"):
        from db.sheets.workbook import Workbook

        there = Workbook(path, path.name, workbook.sheets)
        out = tmp_path / f"{path.suffix[1:]}.xlsx"
        assert write_problems(plan(there, room(), None, options()), there, out) == 1
        marked = openpyxl.load_workbook(out)[page.title]
        assert [marked[cell].fill.fgColor.rgb for cell in ("D2", "E2")] == ["FFFBEAE9"] * 2
        assert marked["G1"].value == "问题说明"
        assert "没有这一天" in str(marked["G2"].value)
        assert marked["G3"].value is None
    assert openpyxl.load_workbook(tmp_path / "xlsx.xlsx")[page.title]["B2"].font.bold


def test_that_a_title_that_is_called_like_a_heading_is_no_header() -> None:
    found = planned(["项目"], ["共 2 条"], HEAD, [1, "甲", "甲公司", 100], [2, "乙", "乙公司", 200])
    assert found.sheets[0].header_rows == (3, 3)
    assert [record["name"] for record in records(found)] == ["甲", "乙"]
