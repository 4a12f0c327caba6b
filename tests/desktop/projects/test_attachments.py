"""Attachments in the pane: dropped, seen, opened, saved, renamed, removed; a ledger on the table is still imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.kit.attachments import Attachments
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press


@pytest.fixture
def pane(qtbot: QtBot, demo: Window) -> Attachments:
    """The attachments of the third project of the ledger."""
    page = page_of(demo)
    assert isinstance(page, ProjectsPage)
    page.choose(2)
    at_rest(qtbot, demo)
    page.pane.show_tab("files")
    at_rest(qtbot, demo)
    part: Attachments = page.pane.parts["files"]
    return part


def picture(folder: Path, name: str = "现场.png") -> Path:
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    assert image.save(str(folder / name))
    return folder / name


def pdf(folder: Path) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    paper = Canvas(str(folder / "协议.pdf"))
    for page in ("one", "two"):
        paper.drawString(100, 700, page)
        paper.showPage()
    paper.save()
    return folder / "协议.pdf"


def drop_on(window: Window, part: QWidget, place: QPoint, *paths: Path) -> str:
    """Hold files over a part and let them go; what was said meanwhile."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = window.mapFromGlobal(part.mapToGlobal(place))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragMoveEvent(QDragMoveEvent(where, copy, mime, left, none))
    hint = window.drop_hint
    said = "" if hint is None or hint.isHidden() else hint.text()
    window.dropEvent(QDropEvent(QPointF(where), copy, mime, left, none))
    assert hint is None or hint.isHidden()
    return said


def names(pane: Attachments) -> list[str]:
    return [one.name for one in pane.found]


def line(window: Window) -> str:
    return page_of(window).footer.right.text()


def test_that_a_file_dropped_on_the_pane_is_attached_and_shown(
    qtbot: QtBot, demo: Window, pane: Attachments, tmp_path: Path
) -> None:
    said = drop_on(demo, pane, pane.rect().center(), picture(tmp_path))
    assert "松开即添加为" in said
    assert "要导入的台账请拖到表格上" in said
    at_rest(qtbot, demo)
    assert names(pane) == ["现场.png"]
    assert pane.view.picture.image.width() == 320
    assert "测试员 · 2024-07-17" in pane.list.item(0).data(Qt.ItemDataRole.UserRole + 1)
    demo.undoing.undo()
    at_rest(qtbot, demo)
    assert names(pane) == []
    demo.undoing.redo()
    at_rest(qtbot, demo)
    assert names(pane) == ["现场.png"]


def test_that_a_pdf_is_turned_page_by_page_and_a_text_is_read(
    qtbot: QtBot, demo: Window, pane: Attachments, tmp_path: Path
) -> None:
    pane.attach([pdf(tmp_path)])
    at_rest(qtbot, demo)
    assert not pane.view.picture.image.isNull()
    pane.view.turn(1)
    at_rest(qtbot, demo)
    assert pane.view.page == 1
    note = tmp_path / "说明.txt"
    note.write_bytes("请按期开工".encode("gb18030"))
    pane.attach([note])
    at_rest(qtbot, demo)
    pane.list.setCurrentRow(1)
    at_rest(qtbot, demo)
    assert pane.view.text.toPlainText() == "请按期开工"


def test_that_what_is_attached_is_opened_saved_renamed_and_removed(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = page_of(demo)
    assert isinstance(page, ProjectsPage)
    opened: list[Path] = []

    def take(path: Path) -> bool:
        opened.append(path)
        return True

    pane = Attachments(page, "projects", opener=take)
    qtbot.addWidget(pane)
    pane.show_record({"id": 3, "name": "芯谷"})
    source = pdf(tmp_path)
    pane.attach([source])
    at_rest(qtbot, demo)
    pane.read()
    at_rest(qtbot, demo)
    pane.open_current()
    at_rest(qtbot, demo)
    assert [path.read_bytes() for path in opened] == [source.read_bytes()]
    assert not opened[0].stat().st_mode & 0o200
    answers.files.append(tmp_path / "另存.pdf")
    pane.save_current()
    at_rest(qtbot, demo)
    assert (tmp_path / "另存.pdf").read_bytes() == source.read_bytes()
    answers.words.append("投资协议")
    pane.rename_current()
    at_rest(qtbot, demo)
    assert names(pane) == ["投资协议.pdf"]
    pane.show()
    pane.list.setFocus()
    press(pane, Qt.Key.Key_Delete)
    pane.remove_current()
    at_rest(qtbot, demo)
    assert names(pane) == []


def test_that_one_bad_file_among_good_ones_is_named_and_the_others_are_kept(
    qtbot: QtBot, demo: Window, pane: Attachments, tmp_path: Path
) -> None:
    empty, program = tmp_path / "空.docx", tmp_path / "安装.exe"
    empty.touch()
    program.write_bytes(b"MZ\0")
    drop_on(demo, pane, pane.rect().center(), empty, picture(tmp_path), program)
    at_rest(qtbot, demo)
    assert names(pane) == ["现场.png"]
    said = demo.page.footer.right._whole if demo.page is not None else ""
    assert said.startswith("已添加 1 个，2 个没有添加：“空.docx”是空文件")


def test_that_a_picture_on_a_row_is_attached_and_a_ledger_there_is_imported(
    qtbot: QtBot, demo: Window, pane: Attachments, tmp_path: Path
) -> None:
    page = page_of(demo)
    assert isinstance(page, ProjectsPage)
    table = page.table
    box = table.visualRect(page.model.index(2, 0)).center()
    said = drop_on(demo, table.viewport(), box, picture(tmp_path, "奠基.png"))
    assert "松开即添加为" in said
    at_rest(qtbot, demo)
    assert names(pane) == ["奠基.png"]
    ledger = tmp_path / "台账(1).csv"
    ledger.write_text("项目名称,投资方\n新来的项目,某公司\n", encoding="utf-8")
    assert drop_on(demo, table.viewport(), box, ledger) == ""
    at_rest(qtbot, demo)
    assert page_of(demo) is not page
