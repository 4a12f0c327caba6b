"""Photographs in the report: marked from the report page and from a project's files, with words and an order."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from db.core.text import Text
from db.overview.photographs import PICTURES
from desktop import rooms
from desktop.kit.attachments import Attachments
from desktop.kit.lists import Picker
from desktop.kit.page import Connection
from desktop.overview.page import ReportPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, page_of, press


@pytest.fixture
def album(qtbot: QtBot, demo: Window, tmp_path: Path) -> Window:
    """The demonstration with two pictures and a note attached to its first project."""
    from db.core import attachments

    files = []
    for name, colour in (("开工现场.png", "red"), ("签约仪式.jpg", "blue")):
        image = QImage(60, 40, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        path = tmp_path / name
        assert image.save(str(path))
        files.append(path)
    note = tmp_path / "说明.txt"
    note.write_text("x", encoding="utf-8")

    def attach(connection: Connection) -> None:
        for path in (*files, note):
            attachments.add(connection, "projects", 1, attachments.examine(path), on="2024-06-28", by="测试员")

    page_of(demo).write(Text("附件"), attach)
    at_rest(qtbot, demo)
    return demo


def report_of(qtbot: QtBot, window: Window) -> ReportPage:
    """The report page on its second heading, whose words are shown."""
    window.go("overview")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ReportPage)
    page.edit("started")
    at_rest(qtbot, window)
    return page


def captions(page: ReportPage) -> list[str]:
    """What stands under the photographs of the pages."""
    assert page.made is not None
    return [one.caption for one in page.made.report.pictures()]


def choose(qtbot: QtBot, window: Window, text: str) -> None:
    """Pick the line that says this in the list that is open."""
    picker = next(one for one in window.findChildren(Picker) if one.isVisible())
    found = picker._list.findItems(text, Qt.MatchFlag.MatchContains)
    picker._list.setCurrentItem(found[0])
    press(picker._line, Qt.Key.Key_Return)
    at_rest(qtbot, window)


def test_that_photographs_are_added_captioned_ordered_and_taken_out_with_undo(qtbot: QtBot, album: Window) -> None:
    page = report_of(qtbot, album)
    pages = page.pages
    for name in ("开工现场", "签约仪式"):
        page.pane.words.photographs.add_button.click()
        at_rest(qtbot, album)
        assert not any("说明" in str(one) for one in captions(page))
        choose(qtbot, album, name)
    assert captions(page) == ["开工现场", "签约仪式"]
    assert page.pages is not pages
    first = page.pane.words.photographs.cards[0]
    first.caption.setText("6月28日集中开工")
    first.caption.editingFinished.emit()
    at_rest(qtbot, album)
    page.pane.words.photographs.cards[0].down.click()
    at_rest(qtbot, album)
    assert captions(page) == ["签约仪式", "6月28日集中开工"]
    page.pane.words.photographs.cards[0].out.click()
    at_rest(qtbot, album)
    assert captions(page) == ["6月28日集中开工"]
    album.undoing.undo()
    at_rest(qtbot, album)
    assert captions(page) == ["签约仪式", "6月28日集中开工"]


def test_that_a_projects_picture_is_offered_to_the_report_and_a_note_is_not(qtbot: QtBot, album: Window) -> None:
    files = Attachments(page_of(album), "projects")
    files.show_record({"id": 1, "name": "甲"})
    at_rest(qtbot, album)
    files.list.setCurrentRow([one.name for one in files.found].index("说明.txt"))
    assert files.further_button.isHidden()
    files.list.setCurrentRow([one.name for one in files.found].index("签约仪式.jpg"))
    assert not files.further_button.isHidden()
    assert "放入报告…" in [one.text() for one in files.menu().actions()]
    files.further_button.click()
    at_rest(qtbot, album)
    choose(qtbot, album, "新签约")
    page = report_of(qtbot, album)
    assert page.made is not None
    assert [one.section for one in page.made.photographs] == ["signed"]
    assert [one.name for one in page.made.photographs] == ["签约仪式.jpg"]


def test_that_the_screen_offers_just_the_kinds_of_pictures_a_report_prints() -> None:
    assert rooms.PICTURES == PICTURES
