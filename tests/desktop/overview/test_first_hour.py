"""Published numbers beside the book's, the report beside the one that was sent, rooms as switches, and the whole first hour."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.kit.guide import Strip
from desktop.kit.parts import Tag
from desktop.kit.preferences import Preferences
from desktop.overview.reconcile import Answer, ReconcilePage
from desktop.overview.sent import SentPage
from desktop.people.page import ListsPage
from desktop.projects.page import ProjectsPage
from desktop.rooms import ROOMS, shown
from desktop.sheets.page import ImportPage
from desktop.shell.settings import SettingsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of, press
from tests.desktop.ledgers import years
from tests.ending import while_there_is


def strip_of(window: Window) -> Strip:
    """The strip that says what is done of the first hour."""
    return window.findChildren(Strip)[-1]


def reconcile_page(qtbot: QtBot, window: Window) -> ReconcilePage:
    """The page, at rest."""
    window.go("reconcile")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ReconcilePage)
    return page


def compare(qtbot: QtBot, window: Window, *numbers: str) -> list[Answer]:
    """Type the numbers one under the other and press Enter; the answers."""
    page = reconcile_page(qtbot, window)
    for line, number in zip(page.lines, numbers, strict=False):
        line.number.setText(number)
    press(page.lines[0].number, Qt.Key.Key_Return)
    at_rest(qtbot, window)
    return [one for one in page.findChildren(Answer) if one.isVisibleTo(page)]


def words(answer: Answer) -> str:
    """All that an answer says."""
    return " ".join(
        [*(one.text() for one in answer.findChildren(QLabel)), *(one.text for one in answer.findChildren(Tag))]
    )


def test_that_published_numbers_agree_or_name_the_rows_which_open_in_the_ledger(qtbot: QtBot, demo: Window) -> None:
    agrees, money = compare(qtbot, demo, "47", "174.2亿元")
    assert "公布 47，账本 47" in words(agrees)
    assert "相符" in words(agrees)
    assert "相符" in words(money)
    (answer,) = compare(qtbot, demo, "48", "")
    assert "公布 48，账本 47" in words(answer)
    assert "可能是：" in words(answer)
    link = next(
        one for one in answer.findChildren(QPushButton) if one.text().startswith("看这") and "47" not in one.text()
    )
    count = int("".join(char for char in link.text() if char.isdigit()))
    link.click()
    at_rest(qtbot, demo)
    ledger = page_of(demo)
    assert isinstance(ledger, ProjectsPage)
    assert ledger.model.rowCount() == count


def test_that_a_number_that_cannot_be_read_stays_with_its_reason(qtbot: QtBot, demo: Window) -> None:
    assert compare(qtbot, demo, "很多", "174.2") != []
    page = page_of(demo)
    assert isinstance(page, ReconcilePage)
    assert page.lines[0].number.text() == "很多"
    assert page.lines[0].why.isVisible()


def test_that_numbers_are_kept_as_published_and_come_back_with_the_period(qtbot: QtBot, demo: Window) -> None:
    compare(qtbot, demo, "46", "170")
    page = page_of(demo)
    assert isinstance(page, ReconcilePage)
    page._keep()
    at_rest(qtbot, demo)
    for line in page.lines:
        line.number.clear()
    page.period.take(page.period.period)
    at_rest(qtbot, demo)
    assert page.lines[0].number.text() == "46"
    assert len(page.found) == 2
    demo.undoing.undo()
    at_rest(qtbot, demo)
    page.period.take(page.period.period)
    at_rest(qtbot, demo)
    assert page.lines[0].number.text() == ""


def test_that_the_report_stands_beside_a_pdf_a_picture_or_the_reason_why_not(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    demo.go("sent")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, SentPage)
    assert page.ours.page_count > 2
    picture = tmp_path / "半年通报.png"
    image = QImage(400, 3000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.save(str(picture))
    answers.files.append(picture)
    page.choose_button.click()
    at_rest(qtbot, demo)
    assert (page.theirs.page_count, page._theirs.currentIndex(), page._name.text()) == (1, 0, "半年通报.png")
    page.ours.verticalScrollBar().setValue(page.ours.verticalScrollBar().maximum())
    assert page.theirs.verticalScrollBar().value() == page.theirs.verticalScrollBar().maximum() > 0
    page.show_sent(Path(shutil.copy(page.ours._pages.path, tmp_path / "通报.pdf")))
    at_rest(qtbot, demo)
    assert page.theirs.page_count == page.ours.page_count
    for name, content in (("坏.pdf", b"%PDF-1.7 broken"), ("通报.docx", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(content)
        page.show_sent(tmp_path / name)
        at_rest(qtbot, demo)
        assert name in page._missing.sentence.text()


def test_that_rooms_are_switched_off_and_on_at_this_desk_but_never_all(qtbot: QtBot, demo: Window) -> None:
    demo.go("settings")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, SettingsPage)
    page.rooms["overview"].click()
    at_rest(qtbot, demo)
    assert demo.rail is not None
    assert "overview" not in demo.rail.buttons
    assert set(demo.rail.buttons) & {room.name for room in ROOMS} == {"today", "projects", "forum"}
    page = page_of(demo)
    assert isinstance(page, SettingsPage)
    assert not page.rooms["projects"].isEnabled() or len(page.rooms) > 2
    page.rooms["overview"].click()
    at_rest(qtbot, demo)
    assert "overview" in demo.rail.buttons
    assert [one.name for one in shown(Preferences(rooms={"projects": False, "overview": False}))] != []


def test_that_the_first_hour_goes_from_a_folder_to_the_lists_the_numbers_and_the_report(
    qtbot: QtBot, empty: Window, new_window: Callable[..., Window], tmp_path: Path
) -> None:
    drop(empty, years(tmp_path / "历年台账"))
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    page.folder.import_button.click()
    at_rest(qtbot, empty)
    for _file in range(3):
        if page.plan is not None and page.plan.open_questions:
            page._assume()
            at_rest(qtbot, empty)
        page.import_button.click()
        at_rest(qtbot, empty)
    page.folder.ledger_button.click()
    at_rest(qtbot, empty)
    guide = strip_of(empty)
    assert empty.guide.done == {"lists": False, "reconcile": False, "sent": False}
    guide.steps["lists"].click()
    at_rest(qtbot, empty)
    lists = page_of(empty)
    assert isinstance(lists, ListsPage)
    for _pair in while_there_is(lambda: lists.lists is not None and lists.lists.pairs):
        assert lists.lists is not None
        lists._merge(lists.lists.pairs[0])
        at_rest(qtbot, empty)
    lists.checked_button.click()
    at_rest(qtbot, empty)
    numbers = page_of(empty)
    assert isinstance(numbers, ReconcilePage)
    answers = compare(qtbot, empty, "2", "3")
    assert "“望湖总部楼宇”" in words(answers[0])
    assert "2024-07-02" in words(answers[0])
    numbers.done_button.click()
    at_rest(qtbot, empty)
    report = page_of(empty)
    assert isinstance(report, SentPage)
    assert report.ours.page_count > 0
    report.done_button.click()
    at_rest(qtbot, empty)
    assert empty.guide.done == {"lists": True, "reconcile": True, "sent": True}
    strip_of(empty).close_button.click()
    assert not any(one.isVisible() for one in empty.findChildren(Strip))
    assert empty.preferences.guides[empty.target]["closed"]
