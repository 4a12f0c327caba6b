"""「投屏模式」 on every page, and 「同事带一份」 in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.fields import Field, Words
from db.core.progress import Progress
from db.core.text import Text, _
from db.projects.service import set_values
from desktop.kit import asking, projector
from desktop.kit.attachments import Attachments, attach
from desktop.kit.form import said
from desktop.kit.printing import sheet_of
from desktop.projects.giving import copy_text
from desktop.projects.onepage import OnePage, read
from desktop.projects.page import ProjectsPage
from desktop.shell.settings import SettingsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of

SECRET = {"expected_tax", "promised_tax_per_mu", "talk_class", "contact", "contact_phone"}


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    yield
    projector.switch(False)


def words_on(window: Window) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def projects(window: Window) -> ProjectsPage:
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    return page


def test_that_tax_classes_and_phones_are_nowhere_while_the_screen_is_projected(qtbot: QtBot, demo: Window) -> None:
    page = projects(demo)
    page.ledger.change(columns=("name", "talk_class", "contact_phone", "expected_tax", "street"))
    at_rest(qtbot, demo)
    assert {one.field.key for one in page.model.columns} >= {"talk_class", "contact_phone", "expected_tax"}
    demo.doing["projector"]()
    at_rest(qtbot, demo)
    page = projects(demo)
    page.ledger.change(columns=("name", "talk_class", "contact_phone", "expected_tax", "street"))
    at_rest(qtbot, demo)
    assert [one.field.key for one in page.model.columns] == ["name", "street"]
    page.choose(2)
    at_rest(qtbot, demo)
    assert "投屏模式：税收、分类、电话已隐藏" in words_on(demo)
    shown = words_on(demo)
    assert not any(word in shown for word in ("预计税收", "企业电话", "在谈分类"))
    demo.go("settings")
    at_rest(qtbot, demo)
    assert "投屏模式：税收、分类、电话已隐藏" in words_on(demo)
    demo.change_projector(False)
    at_rest(qtbot, demo)
    assert "结束投屏" not in words_on(demo)


def test_that_a_private_value_and_a_phone_in_a_text_are_covered() -> None:
    tax = Field("tax", Text("税"), Words(), private=True)
    note = Field("note", Text("备注"), Words())
    text = "联系王经理13856012345，或 0551-62345678"
    assert said(tax, "300") == "300"
    assert said(note, text) == text
    projector.switch(True)
    assert said(tax, "300") == projector.COVERED
    assert said(note, text) == "联系王经理138•••，或 0551•••"
    assert said(note, "编号340102202400123") == "编号340102202400123"


def test_that_the_fields_themselves_say_that_they_are_private(demo: Window) -> None:
    from db.projects.fields import PROJECT_FIELDS

    assert {one.key for one in PROJECT_FIELDS if one.private} >= SECRET


def test_that_a_colleague_takes_a_copy_along_and_the_copy_knows_it(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    demo.go("settings")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, SettingsPage)
    assert page.copying.back_button.isHidden()
    answers.words.append("高翔")
    answers.files.append(tmp_path / "高翔带走.zsb")
    page.copying.take_along()
    at_rest(qtbot, demo)
    assert "2024-07-17 高翔（高翔带走.zsb）" in page.copying.list.text()
    demo.open_book(str(tmp_path / "高翔带走.zsb"))
    at_rest(qtbot, demo)
    demo.go("settings")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, SettingsPage)
    assert not page.copying.back_button.isHidden()
    assert "高翔于2024-07-17从“庐阳区.zsb”带走的副本" in page.copying.list.text()


def test_that_nothing_that_is_given_away_while_projecting_has_a_phone_in_it(
    qtbot: QtBot, demo: Window, tmp_path: Path
) -> None:
    file = tmp_path / "联系13856012345.txt"
    file.write_text("王经理 13856012345", encoding="utf-8")
    number = projects(demo).model.ids[0]

    def say(book: Book, progress: Progress) -> None:
        with book.write(_("Projects")) as connection:
            set_values(
                connection, [(number, "progress", "已约王经理13856012345"), (number, "content", "找13856012345")]
            )

    demo.jobs.ask(demo, say, lambda _nothing: None)
    at_rest(qtbot, demo)
    attach(projects(demo), "projects", number, "甲", [file])
    at_rest(qtbot, demo)
    for projected in (False, True):
        demo.change_projector(projected)
        at_rest(qtbot, demo)
        page = projects(demo)
        page.ledger.change(columns=("name", "progress", "content"))
        page.choose(0)
        at_rest(qtbot, demo)
        page.pane.show_tab("files")
        at_rest(qtbot, demo)
        files: Attachments = page.pane.parts["files"]
        copy_text(page, [number])
        pictures: list[OnePage | None] = []
        rows: list[list[tuple[object, ...]]] = []
        page.ask(read(number, "庐阳区", demo.today()), pictures.append)
        page.ask(asking.cells("projects", page.model.fields, [number], page.ledger.today), rows.append)
        at_rest(qtbot, demo)
        printed = [cell.text for cell in sheet_of(page.ledger, rows.pop()).lines[0]]
        shown = files.view.text.toPlainText() if files.view.stack.currentWidget() is files.view.text else ""
        given = [QGuiApplication.clipboard().text(), str(pictures), " ".join(printed), files.list.item(0).text(), shown]
        assert ["13856012345" in one for one in given] == [not projected] * len(given)
