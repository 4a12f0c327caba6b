"""From a folder of ledgers to the report, with the keyboard alone: not one click, not one call past a key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.overview.page import ReportPage
from desktop.overview.reconcile import ReconcilePage
from desktop.people.page import ListsPage
from desktop.projects.board import BoardView
from desktop.projects.page import ProjectsPage
from desktop.rooms import shown
from desktop.sheets.page import ImportPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, answers, new_window, open_windows, page_of, window
from tests.desktop.ledgers import years
from tests.ending import while_there_is
from tests.journeys.hands import Hands, said

__all__ = ["answers", "new_window", "open_windows", "window"]


def room(window: Window, name: str) -> str:
    """The key of a room of the rail."""
    return f"Ctrl+{[one.name for one in shown(window.preferences)].index(name) + 1}"


def import_the_folder(hands: Hands, answers: Answers, folder: Path) -> None:
    """The files in their order; what is asked is taken as proposed once, and held for the rest."""
    answers.files.append(folder)
    hands.press("Ctrl+Shift+I")
    page = page_of(hands.window)
    assert isinstance(page, ImportPage)
    hands.keys("Down", "Space")  # the second file is left out
    assert len(page.folder.chosen) == 2
    hands.press("Space")  # and taken again
    hands.tab_to(page.folder.import_button)
    hands.press("Space")
    for _file in range(3):
        assert page.plan is not None
        if page.plan.open_questions:
            hands.tab_to(lambda one: said(one) == "其余按建议")
            hands.press("Space")
        assert hands.at is page.import_button
        hands.press("Space")
    assert hands.at is page.folder.ledger_button
    hands.press("Return")


def check_the_lists(hands: Hands) -> ListsPage:
    """Found by its name; a short name typed in Chinese, two units that are one, and on."""
    hands.press("Ctrl+K")
    hands.write("名单")
    hands.press("Return")
    page = page_of(hands.window)
    assert isinstance(page, ListsPage)
    assert hands.at is page.units.list
    hands.press("Right")
    hands.write("经开")
    hands.press("Return")
    assert page.lists is not None
    assert page.lists.units[0].short_name == "经开"
    for _pair in while_there_is(lambda: page.lists is not None and page.lists.pairs):
        hands.tab_to(lambda one: said(one).startswith("合并为"))
        hands.press("Space")
    assert page.isAncestorOf(hands.at)
    hands.tab_to(page.checked_button, back=True)
    hands.press("Space")
    return page


def filter_by_place(hands: Hands, page: ProjectsPage) -> None:
    """The column, Alt+↓, pinyin, Enter."""
    assert hands.at is page.table
    place = page.model.column_of("street")
    assert place is not None
    hands.keys("Down", "Home", *["Right"] * place, "Alt+Down")
    hands.write("dayang")
    hands.press("Return")
    assert page.ledger.said_conditions().startswith("属地：大杨镇 · 共 2 行")


def edit_paste_undo(hands: Hands, page: ProjectsPage) -> None:
    """An amount with its unit typed in a cell; two pasted, which ask whether the unit is right; both taken back."""
    money = page.model.column_of("agreed_investment")
    assert money is not None
    before = [page.model.value(line, money) for line in range(2)]
    hands.keys("Ctrl+Home", *["Right"] * money)
    hands.write("1.2亿")
    hands.press("Return")
    assert page.model.value(0, money) == 1_2000_0000_00
    hands.press("Ctrl+Z")
    QApplication.clipboard().setText("2\n3\n")
    hands.keys("Ctrl+Home", *["Right"] * money)
    hands.press("Ctrl+V")
    assert page.editing.saving.strip.isVisible()
    hands.keys("F6", "Space")
    hands.rest()
    assert [page.model.value(line, money) for line in range(2)] == [2_0000_00, 3_0000_00]
    assert hands.at is page.table
    hands.press("Ctrl+Z")
    assert [page.model.value(line, money) for line in range(2)] == before


def move_on_the_board(hands: Hands) -> None:
    """One stage on, with the day in the small form; and back."""
    hands.press("Alt+2")
    board = hands.at
    assert isinstance(board, BoardView)

    def stage() -> str:
        return next(key for key, lane in board.lanes.items() if lane.place_of(board.current or 0) is not None)

    before = stage()
    hands.press("Ctrl+Right")
    hands.write("2024-07-01")
    hands.press("Return")
    assert stage() != before
    assert hands.at is board
    hands.press("Ctrl+Z")
    assert stage() == before


def test_that_the_journey_from_a_folder_to_the_report_needs_no_mouse(
    qtbot: QtBot, window: Window, answers: Answers, tmp_path: Path
) -> None:
    hands = Hands(qtbot, window)
    answers.files.append(tmp_path / "新账.zsb")
    hands.tab_to(lambda one: "新建" in said(one) or "新建" in one.accessibleName())
    hands.press("Space")
    import_the_folder(hands, answers, years(tmp_path / "历年台账"))
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    assert page.model.rowCount() == 5
    check_the_lists(hands)
    reconcile = page_of(window)
    assert isinstance(reconcile, ReconcilePage)
    hands.write("3")
    hands.press("Return")
    assert reconcile.found
    hands.press(room(window, "projects"))
    filter_by_place(hands, page)
    edit_paste_undo(hands, page)
    move_on_the_board(hands)
    for key in ("Alt+3", "Alt+4"):
        hands.press(key)
        assert page.isAncestorOf(hands.at)
    hands.keys("Tab")
    assert window.rail is not None
    assert window.rail.isAncestorOf(hands.at)
    hands.press("Alt+1")
    assert hands.at is page.table
    hands.press(room(window, "overview"))
    report = page_of(window)
    assert isinstance(report, ReportPage)
    assert report.view.page_count > 2
    answers.files.append(tmp_path / "通报.pdf")
    hands.tab_to(report.pdf_button, back=True)
    hands.press("Space")
    assert (tmp_path / "通报.pdf").read_bytes().startswith(b"%PDF")
