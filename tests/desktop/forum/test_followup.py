"""Calls after closing, one thing → one kind of thing → a policy; visits, finance stewards, policies sent."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.companies.models import company
from db.core.book import Book
from db.core.text import _
from db.forum import serving
from db.forum.rules import Step
from desktop.forum.followup import FollowUpView
from desktop.forum.followup_kinds import SimilarPart
from desktop.forum.page import ForumPage
from desktop.forum.service import CASES, POLICIES, ServiceView
from desktop.forum.service_form import MatchPart, RowForm
from desktop.kit import projector
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.desktop.forum.at_table import pdf_text
from tests.factories import forum

FIRM, OTHER = "庐州天仪仪器有限公司", "庐州安澜有限公司"


def fill(book: Book) -> None:
    """Three issues, two of them alike and resolved; a firm with a tag and a telephone."""
    first, second, _third = forum.issues(
        book, forum.issue(text="园区南门夜间货车限行", department="区经信局"),
        forum.issue(text="园区北门夜间货车限行", department="区经信局", company=OTHER), forum.issue(text="人才公寓配额"),
    )  # fmt: skip
    for number, on in ((first, "2024-07-05"), (second, "2024-07-12")):
        steps = Step("assign", "2024-07-02"), Step("resolve", on, text="已放行")
        forum.course(book, number, *steps, today="2024-07-17")
    with book.write(_("Firm")) as connection:
        facts = {"tags": "专精特新、规上", "contact": "周敏", "contact_phone": "13800001234"}
        connection.execute(company.update().where(company.c.name == FIRM).values(**facts))
        for day in ("2024-07-03", "2024-07-18", "2024-07-24"):
            serving.add_visit(connection, FIRM, on=day, visitors="区经信局", done=day < "2024-07-17")


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with that book."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("followup") / "政企有约.zsb")
    with Book.open(path, actor="测试员") as book:
        fill(book)
    return path


@pytest.fixture
def page(qtbot: QtBot, new_window: Callable[..., Window], made: Path, tmp_path: Path) -> ForumPage:
    """The forum of a copy of it."""
    window = new_window()
    window.open_book(str(shutil.copyfile(made, tmp_path / "政企有约.zsb")))
    at_rest(qtbot, window)
    window.go("forum")
    at_rest(qtbot, window)
    assert isinstance(window.page, ForumPage)
    return window.page


def rest(qtbot: QtBot, page: ForumPage) -> None:
    """Until nothing is under way."""
    window = page.window()
    assert isinstance(window, Window)
    at_rest(qtbot, window)


def said(part: QWidget) -> str:
    """Every sentence that a part of the window shows."""
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def show(qtbot: QtBot, page: ForumPage, key: str) -> None:
    """Another view of the page."""
    page.show_as(key)
    rest(qtbot, page)


def test_that_calls_are_made_from_their_list_and_who_was_basically_satisfied_is_called_again(
    qtbot: QtBot, page: ForumPage
) -> None:
    show(qtbot, page, "follow_up")
    view: FollowUpView = page.view("follow_up")
    assert "待回访 2 件" in view.told.text()
    shown = [str(view.list.rows.data(view.list.rows.index(0, at))) for at in range(view.list.rows.columnCount())]
    assert {FIRM, "周敏", "13800001234", "已放行"} <= set(shown)
    view.list.selectRow(0)
    press(view.list, Qt.Key.Key_R)
    rest(qtbot, page)
    assert view.pane.step_form is not None
    assert "答复：已放行" in said(view.pane.step_form)
    assert view.pane.step_form.ratings is not None
    press(view.pane.step_form.ratings, Qt.Key.Key_2)
    view.pane.step_form.do.click()
    rest(qtbot, page)
    assert [(one.card.company, one.again) for one in view.calls] == [(OTHER, False), (FIRM, True)]
    assert view.pane.issue is not None
    assert view.pane.forward.text() == "回访…"


def test_that_no_telephone_is_seen_while_the_screen_is_projected(qtbot: QtBot, page: ForumPage) -> None:
    projector.switch(True)
    try:
        show(qtbot, page, "follow_up")
        view: FollowUpView = page.view("follow_up")
        rows = view.list.rows
        cells = [str(rows.data(rows.index(0, at))) for at in range(rows.columnCount())]
    finally:
        projector.switch(False)
    assert FIRM in cells
    assert "1234" not in " ".join(cells)


def test_that_similar_issues_become_one_kind_of_thing_and_a_policy_with_its_evidence(
    qtbot: QtBot, page: ForumPage, answers: Answers, tmp_path: Path
) -> None:
    show(qtbot, page, "board")
    board = page.view("board")
    board.choose(board.lanes.lanes["resolved"].ids[0])
    rest(qtbot, page)
    board.pane.tabs.choose("similar")
    rest(qtbot, page)
    (part,) = board.pane.findChildren(SimilarPart)
    assert len(part.ticks) == 1
    part.join()
    assert "勾选" in part.refusal.text()
    next(iter(part.ticks.values())).setChecked(True)
    part.line.setText("园区货车通行")
    part.join()
    rest(qtbot, page)
    show(qtbot, page, "follow_up")
    view: FollowUpView = page.view("follow_up")
    view.show_list("kinds")
    assert [(one.name, one.issues, one.companies) for one in view.kinds] == [("园区货车通行", 2, 2)]
    view.show_kind(0)
    rest(qtbot, page)
    form = view.kind_form
    assert form is not None
    form.form.put_texts({"suggestion": "统一发放夜间通行证。", "suggested_to": "区政府"})
    form.do.click()
    rest(qtbot, page)
    assert view.kinds[0].suggestion == "统一发放夜间通行证。"
    view.show_kind(0)
    rest(qtbot, page)
    answers.files.append(tmp_path / "建议.pdf")
    assert view.kind_form is not None
    view.kind_form.paper.click()
    rest(qtbot, page)
    text = pdf_text(tmp_path / "建议.pdf")
    assert "政策建议：园区货车通行" in text
    assert "2家企业先后提出2件同类诉求" in text
    assert "统一发放夜间通行证" in text


def test_that_the_calendar_says_who_visits_whom_and_notes_in_grey_what_is_too_often(
    qtbot: QtBot, page: ForumPage
) -> None:
    show(qtbot, page, "service")
    view: ServiceView = page.view("service")
    assert sorted(view.calendar.planned) == ["2024-07-03", "2024-07-18", "2024-07-24"]
    box = view.calendar.box(dt.date(2024, 7, 24))
    QTest.mouseClick(view.calendar, Qt.MouseButton.LeftButton, pos=box.topLeft() + QPoint(20, 26))
    assert isinstance(view.form, RowForm)
    assert "超过2次" in said(view.form)
    view.form.form.put_texts({"requested": "是"})
    view.form.do.click()
    rest(qtbot, page)
    assert [one.note for one in view.calendar.planned["2024-07-18"]] == [None]
    view.turn(1)
    rest(qtbot, page)
    assert view.calendar.planned == {}
    view.new_on("2024-08-01")
    assert isinstance(view.form, RowForm)
    view.form.do.click()
    rest(qtbot, page)
    assert "企业" in said(view.form)
    view.form.form.put_texts({"company": OTHER, "unit": "区科技局"})
    view.form.do.click()
    rest(qtbot, page)
    assert [one.who for one in view.calendar.planned["2024-08-01"]] == ["区科技局"]


def test_that_a_need_of_money_goes_to_a_bank_and_is_obtained(qtbot: QtBot, page: ForumPage) -> None:
    show(qtbot, page, "service")
    view: ServiceView = page.view("service")
    view.show_list(CASES)
    rest(qtbot, page)
    view.add.click()
    assert isinstance(view.form, RowForm)
    view.form.form.put_texts({"company": FIRM, "need": "设备更新", "wanted": "500"})
    view.form.do.click()
    rest(qtbot, page)
    view.open_row(int(view.found.rows[0]["id"]) if view.found is not None else 0)
    view.form.form.put_texts({"bank": "徽商银行", "obtained": "300"})
    view.form.do.click()
    rest(qtbot, page)
    assert "请同时填写" in said(view.form)
    view.form.form.put_texts({"obtained_on": "2024-07-16"})
    view.form.do.click()
    rest(qtbot, page)
    assert view.found is not None
    assert [(row["wanted"], row["obtained"], row["bank"]) for row in view.found.rows] == [
        (500_000_000, 300_000_000, "徽商银行")
    ]
    view.open_row(int(view.found.rows[0]["id"]))
    view.form.remove.click()
    rest(qtbot, page)
    assert view.found.rows == []


def test_that_a_policy_finds_its_enterprises_and_it_is_noted_when_it_was_sent(qtbot: QtBot, page: ForumPage) -> None:
    show(qtbot, page, "service")
    view: ServiceView = page.view("service")
    view.show_list(POLICIES)
    rest(qtbot, page)
    view.add.click()
    assert isinstance(view.form, RowForm)
    view.form.form.put_texts({"name": "设备更新贴息办法", "tags": "专精特新"})
    view.form.do.click()
    rest(qtbot, page)
    assert view.found is not None
    view.open_row(int(view.found.rows[0]["id"]))
    rest(qtbot, page)
    (part,) = view.side.findChildren(MatchPart)
    assert [tick.text() for tick in part.ticks.values()] == [FIRM]
    part.send()
    rest(qtbot, page)
    assert not next(iter(part.ticks.values())).isChecked()
    assert [row["sent"] for row in view.found.rows] == [1]
