"""The three lists: what the ledgers suggest, what may be one, and merging in one operation."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.overview.lists import join, keep_apart, put_target, read
from db.overview.proposed import Found, lists_in
from db.overview.proposing import TARGETS, accept, propose
from db.people.alike import Pair, alike_people, alike_units, bare_person, split_level
from db.people.merging import join_people, join_units
from db.people.models import DEPARTMENT, STREET
from db.people.queries import terms
from db.people.service import add_person, add_unit, person_ids, set_term, set_unit, unit_ids
from db.projects.sheet import PROJECT_SHEET
from db.sheets.reading import read_workbook
from tests.conftest import on_a_file
from tests.factories import people, projects


def test_that_units_of_one_office_are_proposed_as_one_and_those_of_two_levels_never() -> None:
    units = [
        (1, ["区发改委"], 2), (2, ["发展和改革委员会"], 5), (3, ["市发改委"], 1), (4, ["庐阳经济开发区"], 3),
        (5, ["庐阳经开区"], 1), (6, ["杏林街道"], 4), (7, ["杏花村街道"], 4), (8, ["大杨镇"], 4), (9, ["大杨"], 1),
    ]  # fmt: skip
    pairs = {(one.gone, one.into) for one in alike_units(units, district="庐阳区")}
    assert {(1, 2), (5, 4), (9, 8)} <= pairs
    assert not {(3, 1), (1, 3), (6, 7), (7, 6)} & pairs


def test_that_a_level_is_told_from_a_name_that_begins_like_one() -> None:
    assert split_level("市场监督管理局") == ("", "市场监督管理局")
    assert split_level("合肥市发改委") == ("市", "发改委")
    assert split_level("庐阳区发改委", "庐阳区") == ("区", "发改委")


def test_that_a_person_with_a_post_beside_the_name_and_one_of_the_same_sound_are_proposed() -> None:
    found = {
        (one.gone, one.into) for one in alike_people([(1, "梁志远", 3), (2, "梁志远（区委书记）", 1), (3, "梁智远", 1)])
    }
    assert {(2, 1), (3, 1)} <= found
    assert alike_people([(1, "梁志远", 3), (2, "罗倩", 1)]) == []
    assert bare_person("郑晓燕副区长") == "郑晓燕"


def test_that_merging_moves_every_link_in_one_operation_and_undo_brings_it_back(book: Book) -> None:
    one, other = people.departments(book, "发展和改革委员会", "区发改委")
    number = projects.project(book, department="区发改委", reported_by="区发改委")
    with book.write(_("Merge")) as connection:
        assert join_units(connection, [other], one) == 2
        operation = connection.info["operation"]
        assert unit_ids(connection, ["区发改委"]) == {"区发改委": one}
    assert projects.read(book, number, "department", "reported_by") == ("发展和改革委员会", "发展和改革委员会")
    book.undo(operation)
    assert projects.read(book, number, "department") == ("区发改委",)


@on_a_file
def test_that_merged_people_are_found_by_either_name_afterwards(book: Book) -> None:
    number = projects.project(book, leader="梁书记")
    with book.write(_("Merge")) as connection:
        known = person_ids(connection, ["梁志远", "梁书记"], is_leader=True)
        set_term(connection, known["梁书记"], since="2022-01-01", until=None)
        join_people(connection, [known["梁书记"]], known["梁志远"])
        operation = connection.info["operation"]
        assert set(person_ids(connection, ["梁志远", "梁书记"]).values()) == {known["梁志远"]}
        assert terms(connection)[known["梁志远"]][0].since == "2022-01-01"
    assert projects.read(book, number, "leader") == ("梁志远",)
    book.undo(operation)
    assert projects.read(book, number, "leader") == ("梁书记",)


@on_a_file
def test_that_another_name_of_a_merged_unit_or_person_is_no_change_in_a_later_ledger(book: Book) -> None:
    number = projects.project(book, department="发展和改革委员会", street="杏林街道", leader="梁志远")
    with book.write(_("Merge")) as connection:
        known = unit_ids(connection, ["发展和改革委员会", "区发改委"])
        join_units(connection, [known["区发改委"]], known["发展和改革委员会"])
        who = person_ids(connection, ["梁志远", "梁智远"])
        join_people(connection, [who["梁智远"]], who["梁志远"])
    with book.read() as connection:
        names = {key: PROJECT_SHEET.aliases(connection, key) for key in ("department", "street", "leader", "investor")}
    assert names["department"].get("区发改委") == "发展和改革委员会"
    assert names["street"].get("庐阳区杏林街道办事处") == "杏林街道"
    assert names["leader"].get("梁 智远") == "梁志远"
    assert names["street"].get("无此街道") is None
    assert names["investor"] == {}
    assert number


@on_a_file
def test_that_nothing_merges_with_itself_or_with_what_is_gone(book: Book) -> None:
    (one,) = people.departments(book, "区发改委")
    for gone in (one, 999):
        with pytest.raises(Refused), book.write(_("Merge")) as connection:
            join_units(connection, [gone], one)


@on_a_file
def test_that_two_targets_of_one_year_are_never_thrown_together(book: Book) -> None:
    one, other = people.units(book, "大杨镇", "大杨")
    pair = Pair("unit", other, one, _("nearly the same name"))
    with book.write(_("Targets")) as connection:
        put_target(connection, 2024, "signed.count", 12, unit=one)
        put_target(connection, 2024, "signed.count", 10, unit=other)
    with pytest.raises(Refused) as refused, book.write(_("Merge")) as connection:
        join(connection, pair)
    assert "2024" in refused.value.render("zh")
    with book.write(_("Targets")) as connection:
        put_target(connection, 2024, "signed.count", 12, unit=other)
        join(connection, pair)
    with book.read() as connection:
        (whole, line) = read(connection, 2024).targets
    assert (whole.unit, line.unit, line.values) == (None, one, {"signed.count": 12})


def test_that_the_lists_show_what_the_ledgers_brought_with_how_often(book: Book) -> None:
    projects.projects(
        book,
        projects.signed("2023-05-01", 2, street="大杨镇", department="区发改委", leader="梁志远"),
        projects.signed("2023-06-01", 3, street="大杨镇", department="发展和改革委员会", leader="郑晓燕"),
    )
    with book.read() as connection:
        found = read(connection, 2024)
    assert {(one.name, one.kind, one.projects) for one in found.units} == {
        ("大杨镇", STREET, 2), ("区发改委", DEPARTMENT, 1), ("发展和改革委员会", DEPARTMENT, 1),
    }  # fmt: skip
    assert [(one.name, one.projects) for one in found.leaders] == [("梁志远", 1), ("郑晓燕", 1)]
    assert [(one.kind, one.why.render("zh")) for one in found.pairs] == [("unit", "同一单位的简称")]
    assert found.targets[0].before["signed.count"] == 2


@on_a_file
def test_that_a_pair_that_is_two_is_not_proposed_again(book: Book) -> None:
    people.departments(book, "发展和改革委员会", "区发改委")
    with book.read() as connection:
        (pair,) = read(connection, 2024).pairs
    with book.write(_("Two")) as connection:
        keep_apart(connection, pair)
    with book.read() as connection:
        assert read(connection, 2024).pairs == ()


@on_a_file
def test_that_former_names_and_terms_are_kept_as_they_are_given(book: Book) -> None:
    with book.write(_("Lists")) as connection:
        one = add_unit(connection, "区投资促进中心", kind=DEPARTMENT)
        set_unit(connection, one, short_name="区投促中心", kind=DEPARTMENT, former=["区招商局", "区招商局"])
        who = add_person(connection, "梁志远", is_leader=True)
        set_term(connection, who, since="2021-12-01", until="2024-03-31")
        assert unit_ids(connection, ["区招商局", "区投促中心"]) == {"区招商局": one, "区投促中心": one}
    with book.read() as connection:
        found = read(connection, 2024)
    assert (found.units[0].short_name, found.units[0].former) == ("区投促中心", ("区招商局",))
    assert (found.leaders[0].since, found.leaders[0].until) == ("2021-12-01", "2024-03-31")
    with pytest.raises(Refused), book.write(_("Lists")) as connection:
        set_term(connection, who, since="2024-04-01", until="2024-03-31")
    with book.write(_("Lists")) as connection:
        set_unit(connection, one, short_name="", kind=DEPARTMENT, former=[])
        set_term(connection, who, since=None, until=None)
    with book.read() as connection:
        found = read(connection, 2024)
    assert (found.units[0].short_name, found.units[0].former, found.leaders[0].since) == (None, (), None)


def _sheets(tmp_path: Path) -> Found:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "分解表"
    for line in (
        ["庐阳区2024年度招商引资目标任务分解表"], ["单位：亿元"],
        ["序号", "责任单位", "签约项目", None, "新开工项目数（个）", "到位资金（亿元）", "完成率"],
        [None, None, "个数（个）", "协议投资额", None, None, None],
        [1, "大杨镇", 12, 30.5, 8, "5.2亿元", 0.5], [2, "区投促局", None, 10, None, None, None],
        [None, "合计", 18, 52.5, 11, 7.2, None], ["注：以上为年度任务"],
    ):  # fmt: skip
        first.append(line)
    first.merge_cells("C3:D3")
    for name, lines in {
        "包联": (["区领导包联分工表"], ["序号", "姓名", "职务", "任期", "包联项目"], [1, "罗 倩", "副区长", "2022年3月—2026年2月", "甲"],
               [2, "梁志远", "区委常委", "2023-05-01至今", "乙"]),
        "单位名单": (["单位名称", "简称", "曾用名"], ["区投资促进局", "区投促局", "区招商局"], ["大杨镇", None, None]),
        "台账": (["项目名称", "责任单位", "牵头领导"], ["甲", "某局", "张三"]),
    }.items():  # fmt: skip
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "任务.xlsx")
    return lists_in(read_workbook(tmp_path / "任务.xlsx"))


@on_a_file
def test_that_lists_are_proposed_from_sheets_with_their_cells_and_written_as_one_operation(
    book: Book, tmp_path: Path
) -> None:
    with book.write(_("Units")) as connection:
        add_unit(connection, "大杨镇", kind=STREET)
        add_unit(connection, "区商务局", kind=DEPARTMENT)
        person_ids(connection, ["梁志远", "孙一鸣"], is_leader=True)
    found = _sheets(tmp_path)
    with book.read() as connection:
        proposals = propose(connection, found, 2023)
    said = {one.name.render("zh"): "，".join(text.render("zh") for text in one.then) for one in proposals}
    assert said == {
        "区投资促进局": "新单位，简称 区投促局，曾用名 区招商局",
        "单位顺序": "区投资促进局、大杨镇",
        "罗倩": "新领导，副区长，2022-03-01 起任职，任职至 2026-02-01",
        "梁志远": "区委常委，2023-05-01 起任职",
        "领导顺序": "罗倩、梁志远",
        "大杨镇（2024年）": "新签约项目 12，新签约项目协议投资额 30.5 亿元，新开工项目 8，到位资金（填报） 5.2 亿元",
        "区投促局（2024年）": "新签约项目协议投资额 10 亿元",
        "全区（2024年）": "新签约项目 18，新签约项目协议投资额 52.5 亿元，新开工项目 11，到位资金（填报） 7.2 亿元",
    }
    assert next(one.source for one in proposals if one.of == TARGETS) == ("任务.xlsx", "分解表", "C5")
    with book.write(_("Lists")) as connection:
        accept(connection, proposals)
    with book.read() as connection:
        after = read(connection, 2024)
        assert propose(connection, found, 2023) == []
    assert [one.name for one in after.units] == ["区投资促进局", "区商务局", "大杨镇"]
    assert [(one.name, one.since, one.until) for one in after.leaders] == [
        ("罗倩", "2022-03-01", "2026-02-01"), ("孙一鸣", None, None), ("梁志远", "2023-05-01", None),
    ]  # fmt: skip
    assert after.targets[0].values["signed.count"] == 18


_TURNED: dict[str, tuple[list[list[object]], str, list[tuple[str | None, dict[str, int], str]]]] = {
    "a column of units of measure, a number and a rate beside": (
        [["庐阳区2024年度招商引资目标任务分解表"], ["序号", "指标", "单位", "大杨镇", "合计"], [1, "新签约项目数", "个", 12, 19],
         [2, "到位资金", "万元", 52000, 53000], [3, "完成率", "%", 0.5, 0.4]],
        "A1:E1",
        [("大杨镇", {"signed.count": 12, "paid_in.reported": 5_2000_0000_00}, "D3"),
         (None, {"signed.count": 19, "paid_in.reported": 5_3000_0000_00}, "E3")],
    ),
    "indicators in two columns, the first of them merged": (
        [["2024年目标任务"], ["指标", None, "大杨镇", "全区"], ["签约项目", "个数（个）", 12, 15], [None, "协议投资额（亿元）", 30.5, 38.5],
         ["新开工项目数（个）", None, 8, 10]],
        "A3:A4",
        [("大杨镇", {"signed.count": 12, "signed.investment": 30_5000_0000_00, "started.count": 8}, "C3"),
         (None, {"signed.count": 15, "signed.investment": 38_5000_0000_00, "started.count": 10}, "D3")],
    ),
    "the district alone, with what was done beside": (
        [["指标名称", "2024年目标", "2024年完成"], ["新签约项目数（个）", 90, 47], ["到位资金（亿元）", 120, 60]],
        "",
        [(None, {"signed.count": 90, "paid_in.reported": 120_0000_0000_00}, "B2")],
    ),
    "a summary that names no targets": ([["项目", "大杨镇"], ["签约项目数", 3], ["开工项目数", 2]], "", []),
}  # fmt: skip


@pytest.mark.parametrize("case", _TURNED)
def test_that_targets_are_found_where_the_indicators_are_rows_and_the_units_columns(case: str, tmp_path: Path) -> None:
    lines, merged, wanted = _TURNED[case]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    if merged:
        sheet.merge_cells(merged)
    book.save(tmp_path / "表.xlsx")
    found = lists_in(read_workbook(tmp_path / "表.xlsx"))
    assert [(one.unit, dict(one.values), one.source.cell) for one in found.targets] == wanted
    assert {one.year for one in found.targets} <= {2024}
    assert [one.name for one in found.units] == [unit for unit, _values, _cell in wanted if unit]
