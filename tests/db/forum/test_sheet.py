"""Lists of issues in any layout come in, come in again without a change, and leave no trace when undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Connection, func, select

from db.cli import main
from db.core.book import Book
from db.core.period import Period
from db.core.text import _
from db.forum.figures import figures
from db.forum.models import SATISFACTION, forum_session, issue, issue_step
from db.forum.sheet import FORUM_SHEET, session_said
from db.people.service import merge_unit
from db.sheets.plan import Options, Plan
from db.sheets.planning import plan
from db.sheets.reading import read_workbook
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.factories import forum
from tests.ledgers import FOLDER, gold, needs_ledgers

LIST = "政企有约问题清单.xlsx"


def planned(book: Book, path: Path) -> Plan:
    """What importing a file would do."""
    with book.read() as connection:
        return plan(read_workbook(path), FORUM_SHEET, connection, Options(dt.date(2024, 9, 6), assume_yes=True))


def stored(connection: Connection) -> list[tuple[object, ...]]:
    """Session, company, dates and rating of every issue, as the gold has them."""
    from db.companies.models import company

    of = issue.c
    source = issue.join(company, company.c.id == of.company).outerjoin(forum_session, forum_session.c.id == of.session)
    columns = (forum_session.c.number, company.c.name, of.assigned_on, of.due_on, of.resolved_on, of.satisfaction)
    return [tuple(row) for row in connection.execute(select(*columns).select_from(source).order_by(of.id))]


@needs_ledgers
def test_that_the_list_of_the_forum_comes_in_to_its_gold_once_and_its_undo_leaves_nothing(book: Book) -> None:
    expected = gold(LIST)
    number = commit(book, planned(book, FOLDER / LIST))
    assert number is not None
    rating = {label.render("zh"): key for key, label in SATISFACTION.options}
    rows = [
        (
            one["session"],
            one["company"],
            one["assigned"],
            one["due"],
            one["done"],
            rating.get(one["satisfaction"] or ""),
        )
        for one in expected["rows"]
    ]
    with book.read() as connection:
        assert stored(connection) == rows
        found, _none = figures(connection, Period.parse("2024"))
    told = {key: (one["value"], one["numerator"], one["denominator"]) for key, one in found.items()}
    assert told["forum.sessions"][0] == str(expected["sessions"])
    assert told["forum.companies"][0] == str(expected["companies"])
    assert told["forum.issues"][0] == str(expected["issues"])
    assert told["forum.resolved_rate"][1:] == (str(expected["resolved"]), str(expected["issues"]))
    assert told["forum.on_time_rate"][1] == str(expected["on_time"])
    assert told["forum.satisfaction_rate"][1:] == (str(expected["satisfied"]), str(expected["rated"]))
    again = planned(book, FOLDER / LIST)
    assert (again.new_count, again.changed_count, again.same) == (0, 0, expected["issues"])
    book.undo(number)
    with book.read() as connection:
        assert [
            connection.scalar(select(func.count()).select_from(one)) for one in (issue, issue_step, forum_session)
        ] == [0, 0, 0]


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    """A workbook of these rows."""
    made = Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    made.save(path)
    return path


@on_a_file
def test_that_sessions_in_a_column_and_states_in_words_are_understood(book: Book, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "诉求.xlsx", ("届次", "诉求企业", "诉求内容", "牵头单位", "完成情况", "是否办结", "满意情况"),
        ("第十二期", "甲公司", "停车难", "区住建局", "已解决", "已办结", "满意"),
        ("", "", "招工难", "区商务局", "在办", "办理中", ""),
        ("第13期", "乙公司", "用电扩容", "区经信局", "", "否", ""),
    )  # fmt: skip
    assert commit(book, planned(book, path)) is not None
    with book.read() as connection:
        rows = connection.execute(
            select(forum_session.c.number, issue.c.state).join(issue, issue.c.session == forum_session.c.id)
        )
        assert sorted(map(tuple, rows)) == [(12, "followed_up"), (12, "registered"), (13, "registered")]


@on_a_file
def test_that_a_list_in_an_offices_own_words_is_understood(book: Book, tmp_path: Path) -> None:
    head = (
        "届次",
        "召开日期",
        "参会企业",
        "反映的问题及建议",
        "牵头办理单位",
        "交办日期",
        "答复意见",
        "办结期限",
        "办理状态",
    )
    path = sheet(
        tmp_path / "第三季度.xlsx", ("恳谈会诉求办理情况汇总表（截至2024年8月31日）",), head,
        ("第十八期", "2024.6.7", "甲公司", "道路破损", "区住建局", "6月11日", "已修复", "15个工作日", "已办结（满意）"),
        ("", "", "", "子女入学", "区教体局", "6.11", "", "", "正在办理"),
        ("第十九期", "2024年6月21日", "乙公司", "用电增容", "区发改局", "", "", "", "现场办结"),
        ("合计", "", "2家", "3件", "", "", "", "", "办结2件"),
    )  # fmt: skip
    found = planned(book, path)
    assert (found.refused, found.unaccounted()) == ((), 0)
    commit(book, found)
    with book.read() as connection:
        of = issue.c
        columns = (forum_session.c.number, of.assigned_on, of.due_on, of.state, of.satisfaction)
        rows = connection.execute(select(*columns).join(issue, of.session == forum_session.c.id).order_by(of.id)).all()
    assert list(map(tuple, rows)) == [
        (18, "2024-06-11", "2024-07-02", "followed_up", "satisfied"),
        (18, "2024-06-11", None, "in_hand", None),
        (19, None, None, "resolved", None),
    ]


@on_a_file
def test_that_terms_days_and_vague_words_may_stand_in_one_column_of_deadlines(book: Book, tmp_path: Path) -> None:
    head = ("企业", "诉求", "牵头单位", "交办日期", "办理时限（工作日）", "办理情况")
    path = sheet(
        tmp_path / "诉求.xlsx", ("企业诉求交办台账",), head,
        ("甲公司", "道路破损", "区住建局", "2024-05-06", 7, "已解决"),
        ("甲公司", "子女入学", "区教体局", "2024-05-08", "15个工作日", "正在协调"),
        ("乙公司", "用电增容", "区发改局", "2024-05-10", "2024.5.31", "已办结"),
        ("乙公司", "招工难", "区人社局", "2024-05-10", "一个月内", ""),
    )  # fmt: skip
    found = planned(book, path)
    assert (found.refused, found.unaccounted()) == ((), 0)
    commit(book, found)
    with book.read() as connection:
        rows = connection.execute(select(issue.c.due_on, issue.c.state, issue.c.remarks).order_by(issue.c.id)).all()
    assert list(map(tuple, rows)) == [
        ("2024-05-14", "resolved", None),
        ("2024-05-28", "in_hand", None),
        ("2024-05-31", "resolved", None),
        (None, "in_hand", "办理时限（工作日）：一个月内"),
    ]


@on_a_file
def test_that_a_tick_in_the_column_of_satisfaction_is_a_rating(book: Book, tmp_path: Path) -> None:
    head = ("企业", "问题", "主办", "协办", "办结时间", "满意")
    rows = (
        ("甲公司", "路灯不亮", "区住建局", "区城管局", "2024-07-20", "√"),
        ("乙公司", "积水", "区水务局", "", "2024-07-21", "×"),
    )
    commit(book, planned(book, sheet(tmp_path / "交办.xlsx", head, *rows)))
    with book.read() as connection:
        assert connection.scalars(select(issue.c.satisfaction).order_by(issue.c.id)).all() == [
            "satisfied",
            "dissatisfied",
        ]


def test_that_a_sheet_may_be_a_session(book: Book, tmp_path: Path) -> None:
    made = Workbook()
    for number in (20, 21):
        page = made.create_sheet(f"第{number}期")
        for row in (("企业名称", "诉求", "责任部门"), (f"企业{number}", "招工难", "区人社局")):
            page.append(row)
    del made["Sheet"]
    made.save(tmp_path / "分期.xlsx")
    commit(book, planned(book, tmp_path / "分期.xlsx"))
    with book.read() as connection:
        assert connection.scalars(select(forum_session.c.number).order_by(forum_session.c.number)).all() == [20, 21]


@on_a_file
def test_that_a_list_come_back_filled_in_changes_only_its_cells(book: Book, tmp_path: Path) -> None:
    head = ("企业名称", "反映问题", "责任单位", "办理情况", "办结时间", "满意度")
    assert commit(
        book, planned(book, sheet(tmp_path / "a.xlsx", head, ("甲公司", "停车难", "区住建局", None, None, None)))
    )
    back = sheet(tmp_path / "b.xlsx", head, ("甲公司", "停车难", "区住建局", "已增设车位", "2024-07-22", "满意"))
    found = planned(book, back)
    assert {one.key for one in found.changes} == {"handling", "resolved_on", "satisfaction"}
    commit(book, found)
    with book.read() as connection:
        row = connection.execute(select(issue.c.state, issue.c.handling, issue.c.resolved_on)).one()
    assert tuple(row) == ("followed_up", "已增设车位", "2024-07-22")


@on_a_file
def test_that_the_command_names_the_rows_that_cannot_be_and_takes_the_rest_when_told_to(
    book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, into = forum.department(book, "区物价局"), forum.department(book, "区发改委")
    with book.write(_("Merge")) as connection:
        merge_unit(connection, gone, into)
    target = str(book.path)
    book.close()
    path = sheet(
        tmp_path / "a.xlsx", ("企业名称", "反映问题", "责任单位", "交办时间", "时限", "办结时间"),
        ("甲公司", "停车难", "区物价局", "2024-07-12", "2024-07-01", None), ("甲公司", "招工难", "区物价局", "2024-07-12", None, "2024-07-01"),
        ("甲公司", "用电扩容", "区物价局", "2024-07-12", "2024-07-23", None),
    )  # fmt: skip
    given = ["import", target, str(path), "--as", "forum", "--assume", "yes", "--lang", "zh"]
    assert main(given) == 1
    told = "".join(capsys.readouterr())
    assert "时限2024-07-01早于2024-07-12" in told
    assert "办结时间2024-07-01早于交办时间2024-07-12" in told
    assert main([*given, "--partial"]) == 0
    with Book.open(target, actor="测试员") as again, again.read() as connection:
        assert connection.execute(select(issue.c.text, issue.c.department)).all() == [("用电扩容", into)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("第1期（2024年1月22日）", {"session": 1, "raised_on": "2024-01-22"}),
        ("第二十三期 2024.9.5", {"session": 23, "raised_on": "2024-09-05"}),
        ("“政企有约”第一百零二次活动", {"session": 102}),
        ("第十期", {"session": 10}),
        ("二、融资类", {}),
    ],
)
def test_that_a_banner_says_which_session_it_is(words: str, said: dict[str, object]) -> None:
    assert session_said(words) == said
