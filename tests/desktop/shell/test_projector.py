"""「投屏模式」 on every page, and 「同事带一份」 in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.core.fields import Field, Words
from db.core.text import Text
from desktop.kit import projector
from desktop.kit.form import said
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
    page.copying.bring_back()
    assert "还不能把副本合回" in answers.asked[-1][1][0]
