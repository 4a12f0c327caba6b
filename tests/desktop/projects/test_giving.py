"""What leaves the window: text for a chat, the picture of one project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from db.core.text import Text
from desktop.kit import clipboard, theme
from desktop.projects import giving
from desktop.projects.onepage import OnePage, draw
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger with its third project chosen."""
    found = page_of(demo)
    assert isinstance(found, ProjectsPage)
    found.choose(2)
    at_rest(qtbot, demo)
    return found


def test_that_the_chosen_projects_are_copied_as_text(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    name = str(page.model.value(2, 0))
    page.doing["copy_text"]()
    at_rest(qtbot, demo)
    text = QGuiApplication.clipboard().text()
    assert text.startswith(f"【{name}】")
    assert text.endswith("（截至2024年7月17日）")
    assert "可粘贴到群里" in page.footer.right.text()


def test_that_nothing_is_said_to_be_copied_while_another_program_holds_the_clipboard(
    qtbot: QtBot, demo: Window, page: ProjectsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = "剪贴板被别的程序占着，没有复制；稍后再复制一次。"
    monkeypatch.setattr(clipboard, "holds", lambda _board, _text: False)
    page.doing["copy_text"]()
    at_rest(qtbot, demo)
    assert page.footer.right.text() == held
    page.desk.say(Text(""))
    monkeypatch.setattr(QClipboard, "image", lambda _board: QImage(1, 1, QImage.Format.Format_RGB32))
    (number,) = page.rows.chosen_ids()
    giving.copy_picture(page, number)
    at_rest(qtbot, demo)
    assert page.footer.right.text() == held


def test_that_the_picture_is_copied_and_saved(
    qtbot: QtBot, demo: Window, page: ProjectsPage, answers: Answers, tmp_path: Path
) -> None:
    (number,) = page.rows.chosen_ids()
    giving.copy_picture(page, number)
    at_rest(qtbot, demo)
    assert QGuiApplication.clipboard().image().width() == 1680
    answers.files.append(tmp_path / "一页图.png")
    giving.save_picture(page, number)
    at_rest(qtbot, demo)
    assert QImage(str(tmp_path / "一页图.png")).height() >= 1184
    answers.files.append(tmp_path / "没有" / "一页图.png")
    giving.save_picture(page, number)
    at_rest(qtbot, demo)
    assert "写不进去" in page.footer.right.text()


def test_that_the_menus_offer_it(page: ProjectsPage) -> None:
    words = [one.text() for one in page.pane.menu().actions()]
    assert {"复制文字", "复制一页图", "保存一页图…"} <= set(words)
    many = QMenu()
    giving.add_to_menu(many, page, [1, 2])
    assert [one.text() for one in many.actions() if one.text()] == ["复制文字"]


def test_that_a_long_name_and_text_make_a_longer_picture_in_light_colours_always(demo: Window) -> None:
    bare = OnePage("项目", "签约", "", "", (), (), (), "", None, "账本", "2024-07-17")
    full = OnePage("很长的项目名称" * 12, "签约", "暂缓", "产业", (("签约", "24-03-05", 2),), (), (), "建设" * 190,
                   ("2024-07-01", "进展" * 190), "账本", "2024-07-17")  # fmt: skip
    light, long = draw(bare), draw(full)
    assert light.height() == 1184 < long.height()
    demo.change_theme("dark")
    assert draw(bare) == light
    assert theme.tokens().name == "dark"
    demo.change_theme("light")
