"""The pane: one project in tabs, the next stage, its log, the history of each fact, promised beside real."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.core.text import Text
from desktop.projects.moving import MoveForm
from desktop.projects.page import ProjectsPage
from desktop.projects.pane import Pane
from desktop.projects.pane_log import HistoryPage, LogPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.desktop.projects.test_page import ledger_of, type_in

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration, its third project in the pane."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    found.choose(2)
    at_rest(qtbot, demo)
    qtbot.waitUntil(found.pane.isVisible)
    at_rest(qtbot, demo)
    return found


@pytest.fixture
def pane(page: ProjectsPage) -> Pane:
    """The pane with a project in it."""
    return page.pane


def write(qtbot: QtBot, demo: Window, page: ProjectsPage, key: str, value: object) -> None:
    """One cell of the project in the pane, changed elsewhere."""
    assert page.pane.record is not None
    number = page.pane.record["id"]

    def work(connection: object) -> None:
        from db.projects.service import set_values

        set_values(connection, [(number, key, value)])  # type: ignore[arg-type]

    page.write(Text("x"), work)
    at_rest(qtbot, demo)


def words(part: QWidget) -> list[str]:
    """Everything that is written there."""
    found = [one.text() for one in part.findChildren(QLabel) if one.isVisible()]
    return found + [one.text() for one in part.findChildren(QPushButton) if one.isVisible()]


def test_that_the_head_names_project_stage_and_recognition_and_the_bar_the_next_stage(pane: Pane) -> None:
    assert pane.record is not None
    said = words(pane)
    assert str(pane.record["name"]) in said
    assert any(f"认定 {pane.record['approved_on']}" in one for one in said)
    assert pane.forward.text() in ("推进到“开工”…", "推进到“装修”…")


def test_that_all_tabs_fit_on_one_line_and_the_last_fold_where_the_pane_is_narrow(
    qtbot: QtBot, demo: Window, pane: Pane
) -> None:
    assert pane.tabs.folded == []
    pane.tabs.setMaximumWidth(240)
    qtbot.waitUntil(lambda: bool(pane.tabs.folded))
    assert pane.tabs.folded[-1] == "promises"
    menu = pane.tabs.menu()
    menu.actions()[-1].trigger()
    at_rest(qtbot, demo)
    assert pane.tabs.current == "promises"
    assert "promises" not in pane.tabs.folded
    assert pane.tabs.folded


def test_that_stages_show_what_is_to_be_handed_in_and_take_the_evidence(
    qtbot: QtBot, demo: Window, page: ProjectsPage, pane: Pane, answers: Answers
) -> None:
    pane.show_tab("stages")
    at_rest(qtbot, demo)
    part = pane.parts["stages"]
    asked = [one for one in part.findChildren(QPushButton) if one.text() == "依据待补"]
    answers.words.append("协议〔2024〕18号")
    asked[0].click()
    at_rest(qtbot, demo)
    assert "协议〔2024〕18号" in words(part)
    assert any(one.startswith("区认定") for one in words(part))


def test_that_the_primary_button_moves_to_the_next_stage(qtbot: QtBot, demo: Window, pane: Pane) -> None:
    pane.forward.click()
    at_rest(qtbot, demo)
    form = pane.day_form
    assert isinstance(form, MoveForm)
    form.do.click()
    at_rest(qtbot, demo)
    assert pane.record is not None
    assert pane.record["stage"] == form.way.target


def test_that_a_line_of_progress_is_written_with_the_keyboard_and_comes_first(
    qtbot: QtBot, demo: Window, page: ProjectsPage, pane: Pane
) -> None:
    pane.note.click()
    at_rest(qtbot, demo)
    log = pane.parts["log"]
    assert isinstance(log, LogPage)
    press(log.text, Qt.Key.Key_Return, CTRL)
    assert log.refusal.isVisible()
    assert log.day.text() == "2024-07-17"
    type_in(log.text, "环评已受理，厂房已选定")
    log.day.setText("7月32日")
    press(log.text, Qt.Key.Key_Return, CTRL)
    assert log.text.toPlainText() == "环评已受理，厂房已选定"
    log.day.setText("2024.7.16")
    press(log.text, Qt.Key.Key_Return, CTRL)
    at_rest(qtbot, demo)
    said = words(log)
    assert said.index("2024-07-16") < said.index("环评已受理，厂房已选定")
    assert log.text.toPlainText() == ""


def test_that_the_values_of_one_fact_over_time_can_be_chosen(
    qtbot: QtBot, demo: Window, page: ProjectsPage, pane: Pane
) -> None:
    write(qtbot, demo, page, "agreed_investment", 77_700 * 10**6)
    pane.show_tab("history")
    at_rest(qtbot, demo)
    part = pane.parts["history"]
    assert isinstance(part, HistoryPage)
    assert len(words(part)) > 3
    part.show_field("agreed_investment")
    at_rest(qtbot, demo)
    said = words(part)
    assert said[0] == "7.77 亿元"
    assert "现在" not in said[0]
    assert len([one for one in said if one.endswith("亿元")]) == 2


def test_that_money_by_month_and_promised_beside_real_follow_the_record(
    qtbot: QtBot, demo: Window, page: ProjectsPage, pane: Pane
) -> None:
    pane.show_tab("money")
    at_rest(qtbot, demo)
    assert "还没有按月的资金。" in words(pane.parts["money"])
    write(qtbot, demo, page, "paid_in_verified@2024-05", 1_000 * 10**6)
    write(qtbot, demo, page, "paid_in_verified@2024-06", 500 * 10**6)
    at_rest(qtbot, demo)
    said = words(pane.parts["money"])
    assert [one for one in said if one in ("1,500", "500", "1,000")] == ["1,500", "500", "1,000"]
    pane.show_tab("promises")
    at_rest(qtbot, demo)
    said = words(pane.parts["promises"])
    assert "1,500 万元" in said or "0.15 亿元" in said
    assert any(one.endswith(" %") for one in said)


def test_that_alt_down_shows_the_next_project_in_the_same_tab(
    qtbot: QtBot, demo: Window, page: ProjectsPage, pane: Pane
) -> None:
    pane.show_tab("stages")
    at_rest(qtbot, demo)
    pane.setFocus()
    press(pane, Qt.Key.Key_Down, ALT)
    at_rest(qtbot, demo)
    assert pane.record is not None
    assert pane.record["id"] == page.model.ids[3]
    assert pane.tabs.current == "stages"
    press(pane, Qt.Key.Key_Up, ALT)
    at_rest(qtbot, demo)
    assert pane.record["id"] == page.model.ids[2]


def test_that_the_menu_offers_every_other_stage_and_deleting(pane: Pane) -> None:
    texts = [one.text() for one in pane.menu().actions()]
    assert {"修改", "改到其他阶段", "删除…"} <= set(texts)
