"""The section of the report, the pack of a meeting, slips, one-pagers; lists and node plans that come as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import func, select, update

import db.rooms  # noqa: F401 - a book needs every table
from db.core import block
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import Text, _
from db.five_ones import blocks, meetings, papers, reading, service, sittings
from db.five_ones.fields import MILESTONE_FIELDS
from db.five_ones.models import agenda_item, assignment, meeting, milestone
from db.five_ones.people_sheet import PEOPLE_SHEET
from db.five_ones.report import lights_table, sections
from db.five_ones.sheet import FORCE_SHEET, MILESTONE_SHEET
from db.five_ones.wide_sheet import WIDE_SHEET
from db.overview.report import build
from db.people.models import person, unit
from db.people.queries import leaders, people_in
from db.people.service import add_unit
from db.projects.models import project
from db.reports.pdf import render_pdf
from db.reports.report import Paragraph, Table
from db.sheets.plan import Plan
from db.sheets.planning import plan
from db.sheets.room import RoomSheet
from db.sheets.workbook import Cell
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.db.sheets.sample import book as workbook
from tests.db.sheets.sample import new_records, options, sheet
from tests.factories.five_ones import building

HALF = Period.parse("2024-01..2024-06")
DAY = "2024-06-30"


@pytest.fixture(scope="module")
def told(demonstration: Path) -> Iterator[Book]:
    """The demonstration, only to be read."""
    with Book.open(demonstration) as book:
        yield book


def test_that_the_section_says_how_many_have_all_five_with_numerator_and_denominator(told: Book) -> None:
    with told.read() as connection:
        report = build(connection, HALF)
        found = reading.completeness_of(connection, day=DAY)
    (section,) = [one for one in report.sections if one.key == "five_ones"]
    text = "".join(one.text for one in section.blocks if isinstance(one, Paragraph))
    whole = sum(1 for one in found.values() if one.count == 5)
    assert f"“五个一”齐全的{whole}个" in text
    assert f"（{whole}/{len(found)}）" in text
    assert "召开调度会12次，交办事项24项" in text
    figure = next(one for one in report.figures if one.key == "five_ones.complete_rate")
    assert (figure.numerator, figure.denominator) == (whole, len(found))


@on_a_file
def test_that_the_section_of_a_book_without_plans_says_nothing(book: Book) -> None:
    building(book)
    with book.read() as connection:
        assert [one.blocks for lang in ("zh", "en") for one in sections(connection, HALF, lang)] == [(), ()]


def test_that_the_list_of_lights_names_units_and_never_leaders(told: Book) -> None:
    with told.read() as connection:
        table = lights_table(connection, reading.lights(connection, day=DAY), "zh")
        chiefs = {one.name for one in leaders(connection)}
        units = set(connection.scalars(select(unit.c.name)))
    assert table is not None
    assert {row[table.place("unit")] for row in table.rows} <= {*units, ""}
    assert not {str(cell) for row in table.rows for cell in row} & chiefs


def test_that_reminders_go_to_no_leader(told: Book) -> None:
    with told.read() as connection:
        found = meetings.reminders(connection, day="2024-07-12")
        chiefs = {one.name for one in leaders(connection)}
    assert found
    assert not {one.to for one in found} & chiefs


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_the_pack_has_a_page_for_every_project_of_the_agenda(told: Book, lang: str, tmp_path: Path) -> None:
    with told.read() as connection:
        number = connection.scalar(select(func.max(meeting.c.id)).where(meeting.c.held_on.is_not(None)))
        assert number is not None
        found = papers.pack(connection, number, day="2024-07-05", lang=lang)
    assert [one.key for one in found.sections[:2]] == ["agenda", "decisions"]
    (agenda,) = (block for block in found.sections[0].blocks if isinstance(block, Table))
    assert {row[agenda.place("why")] for row in agenda.rows} == {_("Report").render(lang)}
    assert all(one.own_sheet for one in found.sections[2:])
    page = next(
        one
        for one in found.sections[1:]
        if any(isinstance(b, Table) and b.key.startswith("milestones") for b in one.blocks)
    )
    kinds = {block.key.partition(".")[0] for block in page.blocks if isinstance(block, Table)}
    assert {"facts", "ones", "milestones", "standing"} <= kinds
    # A sheet a project, and what stands before them.
    before = render_pdf(replace(found, sections=found.sections[:2]), tmp_path / "before.pdf").pages
    assert render_pdf(found, tmp_path / "pack.pdf").pages == before + len(found.sections) - 2


@on_a_file
def test_that_an_agenda_says_its_reasons_in_the_language_asked_for_and_old_ones_as_they_were_kept(book: Book) -> None:
    number = building(book)
    why = _("Decided and not done: {text} ({days} days overdue)", text="出具[规划条件]；报区里", days=3)
    with book.write(_("Meeting")) as connection:
        series = meetings.add_series(connection, "双周调度会", first_on="2024-06-03")
        made, _notes = meetings.plan_next(connection, series, today="2024-06-03")
        meetings.set_agenda(
            connection, made,
            [
                meetings.Proposed(number, "甲", ("light",), (why, _("Report"))),
                meetings.Proposed(None, "", ("decision",), (Text("[{研究}]"),)),
            ],
        )  # fmt: skip
        said = [papers.pack_tables(connection, made, day="2024-06-03", lang=lang).sections[0] for lang in ("zh", "en")]
        sittings.set_items(connection, made, sittings.agenda(connection, made))
        again = papers.pack_tables(connection, made, day="2024-06-03", lang="en").sections[0]
        connection.execute(
            update(agenda_item).values(text="议定未办结：甲；红灯").where(agenda_item.c.project == number)
        )
        before = sittings.agenda(connection, made)
    tables = [block for section in (*said, again) for block in section.blocks if isinstance(block, Table)]
    told = [(table.rows[0][table.place("why")], table.rows[1][table.place("item")]) for table in tables]
    assert told[0] == (f"{why.render('zh')}\n{_('Report').render('zh')}", "[{研究}]")
    assert told[1] == told[2] == (f"{why.render('en')}\nReport", "[{研究}]")
    assert sittings.said_together(before[0].reasons, "en") == "议定未办结：甲; 红灯"


@on_a_file
def test_that_a_project_with_a_long_text_goes_on_under_its_heading_with_nothing_cut(book: Book, tmp_path: Path) -> None:
    number = building(book)
    long = "；".join(f"第{at}处，供电外线路径需穿越既有铁路专用线，协调周期长" for at in range(60))
    with book.write(_("Meeting")) as connection:
        connection.execute(update(project).where(project.c.id == number).values(problems=long))
        series = meetings.add_series(connection, "双周调度会", first_on="2024-06-03")
        made, _notes = meetings.plan_next(connection, series, today="2024-06-03")
        meetings.set_agenda(connection, made, [meetings.Proposed(number, "甲", ("light",), ())])
    with book.read() as connection:
        found = papers.pack(connection, made, day="2024-06-03")
    render_pdf(found, tmp_path / "pack.pdf")
    with pypdfium2.PdfDocument(tmp_path / "pack.pdf") as document:
        pages = [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]
    assert len(pages) > 2
    assert all("（续）" in page for page in pages[2:])
    assert all(f"第{at}处" in "".join(pages) for at in range(60))


@on_a_file
def test_that_a_slip_has_issuer_number_and_whom_it_is_for(book: Book) -> None:
    number = building(book)
    with book.write(_("Decide")) as connection:
        owner = add_unit(connection, "区住建局", kind="department")
        made = meetings.decide(
            connection, "出具规划条件", on="2024-06-01", project_id=number, unit=owner, due="2024-06-10"
        )
        meetings.step(connection, made, "yellow_slip", on="2024-06-12")
    with book.read() as connection:
        found = papers.slip(connection, made, kind="yellow_slip", day="2024-06-20")  # written again: as it was sent
        with pytest.raises(Refused):
            papers.slip(connection, made, kind="report", day="2024-06-12")
    said = (found.title, found.number, found.addressee, found.signature, found.signed_on)
    assert said == ("黄色督办单", "庐督办〔2024〕1号", "区住建局：", "区政府督查室", "2024年6月12日")
    assert "办理情况：逾期2天" in found.text()


def test_that_a_leader_sees_what_was_promised_and_what_is_done_of_thirty_projects_on_one_page(
    told: Book, tmp_path: Path
) -> None:
    with told.read() as connection:
        first = reading.leaders_load(connection, day=DAY)[0]
        found, in_english = (papers.one_pager(connection, first.person, day=DAY, lang=lang) for lang in ("zh", "en"))
    table = found.tables()["projects"]
    assert len(table.rows) == len(first.projects)
    assert [sum(int(row[at] or 0) for row in table.rows) for at in (4, 5)] == [first.promised, first.done]
    for paper, count, pages in ((found, 30, 1), (found, 60, 2), (in_english, 30, 1)):
        rows = paper.tables()["projects"].rows
        many = replace(paper.tables()["projects"], rows=tuple(rows[at % len(rows)] for at in range(count)))
        whole = replace(paper, sections=(replace(paper.sections[0], blocks=(many,)),))
        assert render_pdf(whole, tmp_path / "一页纸.pdf").pages == pages


# --- workbooks and blocks --------------------------------------------------------------------------------------------


def imported(book: Book, room: RoomSheet, head: list[Cell], *rows: list[Cell]) -> Plan:
    """Import a sheet that was typed by hand."""
    with book.read() as connection:
        found = plan(workbook(sheet(head, *rows)), room, connection, options())
    commit(book, found)
    return found


NODES: list[Cell] = ["项目名称", "节点", "计划完成时间", "实际完成时间", "责任单位", "权重", "主线/并行线"]


@on_a_file
def test_that_a_node_plan_is_imported_and_again_changes_nothing(book: Book) -> None:
    number = building(book, name="恒光红外探测器产业化")
    rows: list[list[Cell]] = [
        ["恒光红外探测器产业化", "备案", "2024-03-01", "2024-03-05", "区发改委", 40, "并行"],
        ["恒光红外探测器产业化", "设备安装", "2024-09-30", None, "区经信局", 60, None],
    ]
    first = imported(book, MILESTONE_SHEET, NODES, *rows)
    again = imported(book, MILESTONE_SHEET, NODES, *rows)
    assert (new_records(first) != [], new_records(again)) == (True, [])
    with book.read() as connection:
        stones = service.stones_of(connection, number)
    assert [(one.name, one.planned, one.actual, one.weight, one.line) for one in stones] == [
        ("备案", "2024-03-01", "2024-03-05", 40, "parallel"), ("设备安装", "2024-09-30", None, 60, "main"),
    ]  # fmt: skip


@on_a_file
def test_that_a_node_plan_of_an_unknown_project_is_refused_by_name(book: Book) -> None:
    with pytest.raises(Refused, match="没有的项目"):
        imported(book, MILESTONE_SHEET, NODES, ["没有的项目", "备案", "2024-03-01", None, "区发改委", 40, None])


def test_that_a_plan_with_a_column_a_milestone_is_imported_adds_what_is_missing_and_keeps_what_is_done(
    book: Book,
) -> None:
    number = building(book, name="恒光红外探测器产业化")
    with book.write(_("Plan")) as connection:
        service.add_milestone(connection, number, "备案", planned="2024-03-01", weight=40)
    head: list[Cell] = ["序号", "项目名称", "备案", "备案实际", "环评计划时间", "施工许可证", "竣工"]
    row: list[Cell] = [1, "恒光红外探测器产业化", "2024-03-01", "2024-03-05", "2024-04-10", "2024-05-20", None]
    imported(book, WIDE_SHEET, head, row)
    again = imported(book, WIDE_SHEET, head, row)
    with book.read() as connection:
        stones = service.stones_of(connection, number)
    assert [(one.name, one.planned, one.actual, one.weight) for one in stones] == [
        ("备案", "2024-03-01", "2024-03-05", 40), ("环评", "2024-04-10", None, 0), ("施工许可", "2024-05-20", None, 0),
    ]  # fmt: skip
    assert new_records(again) == []
    with pytest.raises(Refused, match=r"B3.*没有的项目"):
        imported(book, WIDE_SHEET, head, row, [2, "没有的项目", "2024-03-01", None, None, None, None])


@on_a_file
def test_that_a_task_force_list_says_who_leads_and_who_is_in_it(book: Book) -> None:
    number = building(book, name="恒光红外探测器产业化")
    head: list[Cell] = ["项目名称", "牵头区领导", "专班组长", "专班成员", "专班联络员"]
    imported(book, FORCE_SHEET, head, ["恒光红外探测器产业化", "吴海涛", "李处", "王科（区住建局）、赵工", "余婷"])
    of = assignment.c
    with book.read() as connection:
        query = select(of.role, person.c.name).join(person, person.c.id == of.person).where(of.project == number)
        found = sorted(tuple(row) for row in connection.execute(query))
        force = reading.completeness_of(connection, day="2099-01-01", ids=[number])[number].present
    assert found == sorted(
        [("leader", "吴海涛"), ("head", "李处"), ("member", "王科"), ("member", "赵工"), ("liaison", "余婷")]
    )
    assert {"leader", "task_force"} <= set(force)


@on_a_file
def test_that_a_list_with_a_row_a_person_says_who_leads_and_what_members_do(book: Book) -> None:
    number = building(book, name="恒光红外探测器产业化")
    head: list[Cell] = ["项目名称", "专班职务", "姓名", "单位", "电话"]
    rows: list[list[Cell]] = [
        ["恒光红外探测器产业化", "组长", "李华", "区发改委", "13900000001"],
        ["恒光红外探测器产业化", "副组长", "王科", "区住建局", None],
        ["恒光红外探测器产业化", "成员", "赵一", None, None],
        ["恒光红外探测器产业化", "联络员", "余婷", None, None],
    ]
    first = imported(book, PEOPLE_SHEET, head, *rows)
    again = imported(book, PEOPLE_SHEET, head, *rows)
    of = assignment.c
    with book.read() as connection:
        query = select(of.role, person.c.name, of.duty, person.c.phone).join(person, person.c.id == of.person)
        found = {tuple(row) for row in connection.execute(query.where(of.project == number, of.until.is_(None)))}
    assert (len(new_records(first)), len(new_records(again)), again.changed_count) == (4, 0, 0)
    assert found == {
        ("head", "李华", None, "13900000001"), ("member", "王科", "副组长", None), ("member", "赵一", None, None),
        ("liaison", "余婷", None, None),
    }  # fmt: skip
    promoted: list[list[Cell]] = [
        ["恒光红外探测器产业化专班", "组长", "钱九", "区发改委", None],
        ["恒光红外探测器产业化", "成员", "王科", None, None],
    ]
    imported(book, PEOPLE_SHEET, head, *promoted)
    with book.read() as connection:
        found = {tuple(row) for row in connection.execute(query.where(of.project == number, of.until.is_(None)))}
    assert {("head", "钱九", None, None), ("member", "王科", None, None)} <= found
    assert len(found) == 4


def test_that_the_people_in_a_cell_are_told_apart() -> None:
    assert people_in("组长：张三；李四（区发改委）、王五") == ["张三", "李四", "王五"]
    assert people_in("区工信局：郑  伟、张 三；临河镇：李四 13900000000") == ["郑伟", "张三", "李四"]
    assert people_in("张三 副区长、李四 区工信局局长 王五（常务副主任）、赵局长") == ["张三", "李四", "王五", "赵局长"]


@on_a_file
def test_that_a_pasted_day_for_what_is_done_is_refused_and_the_others_are_written(book: Book) -> None:
    number = building(book)
    with book.write(_("Plan")) as connection:
        service.add_milestone(connection, number, "备案", planned="2024-03-01", actual="2024-03-05", weight=1)
        service.add_milestone(connection, number, "环评", planned="2024-04-01", weight=2)
    with book.read() as connection:
        ids = list(connection.scalars(select(milestone.c.id).order_by(milestone.c.position)))
        fields = [one for one in MILESTONE_FIELDS if one.key in ("planned_on", "weight")]
        cells = [["2024-05-01", "5"], ["2024-05-06", "7"]]
        found = block.check(connection, blocks.RULES, fields=fields, ids=ids, cells=cells, today=DAY)
    assert [one.row for one in found.bad] == [0]
    with book.write(_("Paste")) as connection:
        blocks.write(connection, replace(found, changes=tuple(one for one in found.changes if one[0] == ids[1])))
    with book.read() as connection:
        assert [one.planned for one in service.stones_of(connection, number)] == ["2024-03-01", "2024-05-06"]
