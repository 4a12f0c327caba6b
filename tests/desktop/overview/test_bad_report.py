"""What goes wrong with a report on the screen: a sentence each, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from db.core.period import Period
from desktop.overview.page import ReportPage
from desktop.shell.offers import _commands
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of
from tests.desktop.overview.test_month import append, card_of, report_of, says, write

ABSENT = "\U0010fff0"  # no font will ever have it


def test_that_a_month_without_data_is_a_report_and_leads_back(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.period.take(Period.parse("2031-01..2031-02"))
    at_rest(qtbot, demo)
    assert page.stack.currentIndex() == 0
    assert "2031年1—2月" in says(page)
    page.period.take(Period.parse("2024-01..2024-06"))
    at_rest(qtbot, demo)
    assert "47" in says(page)


def test_that_a_character_no_font_has_is_said_once_above_the_pages_and_kept(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    append(qtbot, page, "next_steps.own", f"推进{ABSENT}项目。")
    at_rest(qtbot, demo)
    assert "U+10FFF0" in page.strip.sentence
    assert page.strip.isVisibleTo(page)
    assert ABSENT in says(page)
    page.strip.close_strip()
    page.refresh()
    at_rest(qtbot, demo)
    assert not page.strip.isVisibleTo(page)


def test_that_a_target_that_cannot_be_written_leaves_what_was_typed_and_another_way(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    card = card_of(qtbot, page, "next_steps.own")
    card.edit.moveCursor(QTextCursor.MoveOperation.End)
    write(card.edit, "一抓到底。")
    taken = tmp_path / "六月.xlsx"
    taken.mkdir()
    answers.files += [taken, tmp_path / "六月另存.xlsx"]
    page.export("xlsx")
    at_rest(qtbot, demo)
    assert "六月.xlsx" in page.strip.sentence
    assert "一抓到底。" in says(page)
    assert list(tmp_path.glob("*.part")) == []
    page.strip.buttons[0].click()
    at_rest(qtbot, demo)
    assert (tmp_path / "六月另存.xlsx").stat().st_size > 0


def test_that_the_panes_width_is_dragged_within_its_bounds_and_remembered(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    for wanted, width in ((100, 320), (2000, 560), (430, 430)):
        page.split.setSizes([page.split.width() - wanted, wanted])
        page.split.splitterMoved.emit(0, 1)
        assert (page.pane.width(), demo.preferences.pane_width) == (width, width)
    page.turn_pane()
    page.turn_pane()
    demo.go("history")
    demo.go("overview")
    at_rest(qtbot, demo)
    assert page.pane.width() == 430


def test_that_the_search_of_everything_names_the_page_whose_keys_it_shows(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    assert isinstance(page_of(demo), ReportPage)
    assert page.doing
    whys = {one.key: one.why for one in _commands(demo)}
    assert whys["overview:walk"] == "在“报表”页：Tab" or "报表" in whys["overview:walk"]
    assert "表格" not in whys["overview:walk"]
