"""Changing cells in the ledger: editors in place, blocks from and to spreadsheets, drafts, two windows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.kit import clipboard
from desktop.kit.cell_editor import CellEditor
from desktop.kit.editors import Line, Pick
from desktop.kit.many import ChangeMany
from desktop.projects.many import AddProgress
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, press
from tests.desktop.projects.test_page import column, ledger_of, shown, type_in
from tests.ending import python

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration, its rows there."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    found.table.setFocus()
    return found


def rest(qtbot: QtBot, page: ProjectsPage) -> None:
    """Wait until nothing is under way."""
    window = page.window()
    assert isinstance(window, Window)
    at_rest(qtbot, window)


def edit(page: ProjectsPage, row: int, key: str) -> CellEditor:
    """Open the editor of a cell by F2."""
    page.table.choose(row, column(page, key))
    press(page.table, Qt.Key.Key_F2)
    assert page.editing.editor is not None
    return page.editing.editor


def retype(editor: CellEditor, text: str) -> None:
    """Other text, through the input method."""
    editor.input.selectAll()
    type_in(editor.input, text)


def ids_of(page: ProjectsPage, *rows: int) -> list[int]:
    """The records of some lines."""
    return [number for row in rows if (number := page.model.record(row)) is not None]


def of(page: ProjectsPage, number: int, key: str) -> str:
    """The text of a record's cell, wherever it stands now."""
    row = page.model.row_of(number)
    assert row is not None
    return shown(page, row, key)


def answer(page: ProjectsPage, text: str) -> None:
    """Press an answer of the strip."""
    strip = page.editing.saving.strip
    button = next(one for one in strip.buttons if one.text() == text)
    button.click()


def paste(qtbot: QtBot, page: ProjectsPage, row: int, key: str, text: str, html: str = "") -> None:
    """Paste from a cell on."""
    mime = QMimeData()
    mime.setText(text)
    if html:
        mime.setHtml(html)
    clipboard.put(mime)
    page.table.choose(row, column(page, key))
    press(page.table, Qt.Key.Key_V, CTRL)
    rest(qtbot, page)


def choose_block(page: ProjectsPage, rows: range, keys: tuple[str, str]) -> None:
    """Select a block of cells."""
    from PySide6.QtCore import QItemSelection, QItemSelectionModel

    first, last = column(page, keys[0]), column(page, keys[1])
    page.table.choose(rows.start, first)
    block = QItemSelection(page.model.index(rows.start, first), page.model.index(rows.stop - 1, last))
    page.table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


# --- one cell --------------------------------------------------------------------------------------------------------


def test_that_money_says_how_it_is_understood_is_saved_by_enter_and_named_by_undo(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    (number,) = ids_of(page, 2)
    before, name = of(page, number, "agreed_investment"), of(page, number, "name")
    editor = edit(page, 2, "agreed_investment")
    retype(editor, "1.2亿")
    assert editor.hint.text() == "= 12,000 万元"
    press(editor.input, Qt.Key.Key_Return)
    assert page.table.currentIndex().row() == 3
    assert shown(page, 2, "agreed_investment") == "12,000"
    rest(qtbot, page)
    assert of(page, number, "agreed_investment") == "12,000"
    assert page.footer.right.text() == f"已保存 · 可撤销：修改“{name}”：协议投资额"
    press(page.window(), Qt.Key.Key_Z, CTRL)
    rest(qtbot, page)
    assert of(page, number, "agreed_investment") == before


def test_that_tab_goes_right_and_escape_gives_up(qtbot: QtBot, page: ProjectsPage) -> None:
    (number,) = ids_of(page, 1)
    before = of(page, number, "agreed_investment")
    editor = edit(page, 1, "agreed_investment")
    retype(editor, "77")
    press(editor.input, Qt.Key.Key_Escape)
    assert page.editing.editor is None
    assert of(page, number, "agreed_investment") == before
    at = column(page, "agreed_investment")
    press(edit(page, 1, "agreed_investment").input, Qt.Key.Key_Tab)
    assert page.table.currentIndex().column() == at + 1


def test_that_what_cannot_be_read_stays_with_its_reason_in_the_cell_and_in_the_footer(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    editor = edit(page, 0, "signed_on")
    retype(editor, "2024-02-30")
    press(editor.input, Qt.Key.Key_Return)
    assert page.editing.editor is editor
    assert editor.input.typed == "2024-02-30"
    assert "没有这一天" in editor.input.toolTip()
    qtbot.waitUntil(lambda: "没有这一天" in page.footer.right.text() + page.footer.right.toolTip())


def test_that_chinese_begun_on_a_cell_goes_on_in_its_editor_with_what_is_being_composed(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    page.table.choose(0, column(page, "industry"))
    QApplication.sendEvent(page.table, QInputMethodEvent("qi'che", []))
    editor = page.editing.editor
    assert editor is not None
    assert isinstance(editor.input, Line)
    assert editor.input.text() == ""  # what stood there gives way; the preedit is shown by the editor itself
    type_in(editor.input, "汽车电子")
    press(editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    assert of(page, ids_of(page, 0)[0], "industry") == "汽车电子"


def test_that_a_choice_is_found_by_initials_and_a_link_by_pinyin(qtbot: QtBot, page: ProjectsPage) -> None:
    (number,) = ids_of(page, 0)
    editor = edit(page, 0, "status")
    retype(editor, "zh")
    assert isinstance(editor.input, Pick)
    assert editor.input.proposals[:1] == ["暂缓"] or "暂缓" in editor.input.proposals
    retype(editor, "zanhuan")
    press(editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    assert of(page, number, "status") == "暂缓"
    editor = edit(page, page.model.row_of(number) or 0, "street")
    rest(qtbot, page)
    assert isinstance(editor.input, Pick)
    wanted = next(name for name in editor.input.names if name != editor.before)
    from db.core.pinyin import full

    retype(editor, full(wanted)[0])
    assert editor.input.proposals[0] == wanted
    press(editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    assert of(page, number, "street") == wanted


def test_that_an_actual_date_moves_the_stage_and_one_without_signing_goes_back_to_its_cell(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    lines = range(page.model.lines.count)
    row = next(at for at in lines if page.model.known(at) and shown(page, at, "stage") == "签约")
    (number,) = ids_of(page, row)
    retype(edit(page, row, "started_on"), "2024.7.1")
    press(page.editing.editor.input, Qt.Key.Key_Return)  # type: ignore[union-attr]
    rest(qtbot, page)
    assert of(page, number, "stage") == "开工"
    retype(edit(page, page.model.row_of(number) or 0, "signed_on"), "")
    editor = page.editing.editor
    assert editor is not None
    editor.input.put("")
    press(editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    again = page.editing.editor
    assert again is not None
    assert again.number == number
    assert "签约" in again.input.toolTip()


def test_that_an_amount_above_ten_billion_asks_in_a_strip_and_no_goes_back_to_what_was_typed(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    (number,) = ids_of(page, 0)
    retype(edit(page, 0, "agreed_investment"), "120亿")
    press(page.editing.editor.input, Qt.Key.Key_Return)  # type: ignore[union-attr]
    rest(qtbot, page)
    strip = page.editing.saving.strip
    assert strip.isVisible()
    assert "超过100亿元" in strip.sentence
    assert [one.text() for one in strip.buttons] == ["照此写入", "修改"]
    answer(page, "修改")
    assert page.editing.editor is not None
    assert page.editing.editor.input.typed == "120亿"
    press(page.editing.editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    answer(page, "照此写入")
    rest(qtbot, page)
    assert of(page, number, "agreed_investment") == "1,200,000"


def test_that_long_text_has_lines_and_enter_goes_on(qtbot: QtBot, page: ProjectsPage) -> None:
    (number,) = ids_of(page, 0)
    editor = edit(page, 0, "progress")
    retype(editor, "已对接")
    press(editor.input, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    type_in(editor.input, "下周复会")
    press(editor.input, Qt.Key.Key_Return)
    rest(qtbot, page)
    assert of(page, number, "progress") == "已对接\n下周复会"


# --- blocks ----------------------------------------------------------------------------------------------------------


def test_that_a_copied_block_has_text_with_tabs_and_a_table_with_types(qtbot: QtBot, page: ProjectsPage) -> None:
    choose_block(page, range(2), ("name", "agreed_investment"))
    press(page.table, Qt.Key.Key_C, CTRL)
    rest(qtbot, page)
    mime = QGuiApplication.clipboard().mimeData()
    lines = mime.text().split("\n")
    assert [line.split("\t")[0] for line in lines] == [shown(page, 0, "name"), shown(page, 1, "name")]
    assert 'x:num="' in mime.html()
    assert 'class="t"' in mime.html()
    assert clipboard.rows_of(clipboard.take()) == [
        line.split("\t") for line in mime.text().replace(",", "").split("\n")
    ]


def test_that_a_pasted_block_is_one_operation_with_a_name_and_one_undo(qtbot: QtBot, page: ProjectsPage) -> None:
    numbers = ids_of(page, 0, 1, 2)
    before = [of(page, number, "agreed_investment") for number in numbers]
    paste(qtbot, page, 0, "agreed_investment", "1亿\n2亿\n3亿\n")
    assert [of(page, number, "agreed_investment") for number in numbers] == ["10,000", "20,000", "30,000"]
    assert "粘贴 3 行 1 列" in page.footer.right.text()
    press(page.window(), Qt.Key.Key_Z, CTRL)
    rest(qtbot, page)
    assert [of(page, number, "agreed_investment") for number in numbers] == before


def test_that_a_block_with_bad_cells_writes_nothing_and_lists_them_and_a_click_goes_there(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    numbers = ids_of(page, 0, 1, 2)
    before = [of(page, number, "agreed_investment") for number in numbers]
    paste(qtbot, page, 0, "agreed_investment", "1亿\n很多\n不详\n")
    strip = page.editing.saving.strip
    assert strip.sentence == "2 格不能采用，一格也没有写入。"
    assert strip.list is not None
    assert strip.list.item(0).text() == "第 2 行“协议投资额” · 很多 · 不是数字 · 12.5、1250万元、1.25亿元"
    strip.list.itemClicked.emit(strip.list.item(1))
    assert page.table.current_cell() is not None
    assert page.table.current_cell()[0] == numbers[2]  # type: ignore[index]
    assert [of(page, number, "agreed_investment") for number in numbers] == before


def test_that_one_copied_cell_fills_all_chosen_ones(qtbot: QtBot, page: ProjectsPage) -> None:
    numbers = ids_of(page, 0, 1, 2, 3)
    QGuiApplication.clipboard().setText("钢铁")
    choose_block(page, range(4), ("industry", "industry"))
    press(page.table, Qt.Key.Key_V, CTRL)
    rest(qtbot, page)
    assert {of(page, number, "industry") for number in numbers} == {"钢铁"}


def test_that_rows_beyond_the_table_are_offered_as_new_projects(qtbot: QtBot, page: ProjectsPage) -> None:
    last = page.model.lines.count - 1
    page.table.choose(last, 0)
    rest(qtbot, page)
    name = shown(page, last, "name")
    paste(qtbot, page, last, "name", f"{name}\n新项目甲\n新项目乙")
    assert [one.text() for one in page.editing.saving.strip.buttons] == ["新建 2 个项目", "只粘贴 1 行", "不粘贴"]
    answer(page, "新建 2 个项目")
    rest(qtbot, page)
    assert page.model.lines.count == last + 3


def test_that_fifty_thousand_cells_of_rubbish_are_one_sentence_and_a_list(qtbot: QtBot, page: ProjectsPage) -> None:
    width = len(page.model.columns)
    rows = 50_000 // width + 1
    paste(
        qtbot, page, 0, page.model.columns[0].field.key, "\n".join("\t".join(["？！"] * width) for _at in range(rows))
    )
    assert page.editing.saving.strip.sentence.startswith("剪贴板有 ")
    answer(page, f"只粘贴 {page.model.lines.count} 行")
    rest(qtbot, page)
    strip = page.editing.saving.strip
    assert strip.sentence.endswith("格不能采用，一格也没有写入。")
    assert strip.list is not None
    assert strip.list.count() <= 501


def test_that_merged_cells_quoted_lines_and_the_exact_digits_of_a_spreadsheet_are_understood() -> None:
    html = (
        "<html><body><table><tr><td rowspan=2>杏林街道</td><td x:num='1234.5678'>1,235</td></tr>"
        "<tr><td x:num>7</td></tr><tr><td colspan=2>甲<br>乙</td></tr><tr><td x:num='12'>###</td><td>6%</td></tr></table>"
    )
    rows = clipboard.rows_of(clipboard.Taken(html, "不同"))
    assert rows == [["杏林街道", "1234.5678"], ["杏林街道", "7"], ["甲\n乙", None], ["12", "6%"]]
    text = '甲\t"两行\n的格"\r\n"引""号"\t"单\r\n'
    assert clipboard.rows_of(clipboard.Taken("", text)) == [["甲", "两行\n的格"], ['引"号', '"单']]


def test_that_a_clipboard_that_another_program_holds_is_said_in_a_sentence(
    qtbot: QtBot, page: ProjectsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "holds", lambda _board, _text: False)
    page.table.choose(0, 0)
    press(page.table, Qt.Key.Key_C, CTRL)
    rest(qtbot, page)
    assert page.footer.right.text() == "剪贴板被别的程序占着，没有复制；稍后再按 Ctrl+C。"
    QGuiApplication.clipboard().clear()
    press(page.table, Qt.Key.Key_V, CTRL)
    assert page.footer.right.text() == "剪贴板上没有可以粘贴到这里的内容。"


def test_that_the_program_ends_quietly_after_cells_were_copied() -> None:
    copy = (
        "from desktop.app import application; application(); from desktop.kit import clipboard; "
        "from db.core.fields import Field, Words; from db.core.text import Text; "
        "clipboard.copy_cells([Field('a', Text('a'), Words())], [['甲']])"
    )
    assert python("-c", copy, check=False).returncode == 0


def test_that_filling_emptying_and_series_are_named_operations(qtbot: QtBot, page: ProjectsPage) -> None:
    numbers = ids_of(page, 0, 1, 2)
    paste(qtbot, page, 0, "industry", "第1批")
    choose_block(page, range(3), ("industry", "industry"))
    press(page.table, Qt.Key.Key_D, CTRL)
    rest(qtbot, page)
    assert {of(page, number, "industry") for number in numbers} == {"第1批"}
    assert page.footer.right.text().endswith("填充“产业类别” 2 行")
    choose_block(page, range(3), ("industry", "industry"))
    page.editing.blocks.series()
    rest(qtbot, page)
    assert [of(page, number, "industry") for number in numbers] == ["第1批", "第2批", "第3批"]
    choose_block(page, range(3), ("industry", "industry"))
    press(page.table, Qt.Key.Key_Delete)
    rest(qtbot, page)
    assert {of(page, number, "industry") for number in numbers} == {"—"}


# --- many ------------------------------------------------------------------------------------------------------------


def test_that_a_field_of_many_projects_is_changed_after_a_preview(qtbot: QtBot, page: ProjectsPage) -> None:
    numbers = ids_of(page, 0, 1, 2)
    choose_block(page, range(3), ("industry", "industry"))
    page.doing["change_many"]()
    card = page.findChild(ChangeMany)
    assert isinstance(card, ChangeMany)
    type_in(card.input, "钢铁")
    qtbot.waitUntil(lambda: "→ 钢铁" in card.said.text())
    assert card.verb.text() == "修改 3 个项目"
    card.verb.click()
    rest(qtbot, page)
    assert {of(page, number, "industry") for number in numbers} == {"钢铁"}
    assert "修改 3 个项目的“" in page.footer.right.text()


def test_that_one_key_adds_an_entry_of_progress_to_the_chosen_projects(qtbot: QtBot, page: ProjectsPage) -> None:
    numbers = ids_of(page, 0, 1)
    choose_block(page, range(2), ("name", "name"))
    page.doing["progress"]()
    card = page.findChild(AddProgress)
    assert isinstance(card, AddProgress)
    assert card.day.text() == "2024-07-17"
    press(card.text, Qt.Key.Key_Return, CTRL)
    assert card.said.isVisible()
    type_in(card.text, "现场会已开")
    card.verb.click()
    rest(qtbot, page)
    assert {of(page, number, "progress") for number in numbers} == {"现场会已开"}


# --- drafts and two windows --------------------------------------------------------------------------------------------


def form_with(qtbot: QtBot, page: ProjectsPage, key: str, text: str) -> None:
    """The form of the first project with something typed into it."""
    page.choose(0)
    rest(qtbot, page)
    page.pane.edit_wanted.emit()
    rest(qtbot, page)
    assert page.pane.form is not None
    page.pane.form.editors[key].input.put(text)


def test_that_closing_in_the_middle_of_an_edit_keeps_a_draft_which_is_offered_and_brought_back(
    qtbot: QtBot, new_window: Callable[..., Window], demonstration: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "庐阳区.zsb"
    shutil.copy(demonstration, copy)
    first = new_window()
    first.open_book(str(copy))
    at_rest(qtbot, first)
    page = ledger_of(first)
    at_rest(qtbot, first)
    form_with(qtbot, page, "remarks", "写到一半")
    first.close()
    second = new_window()
    second.open_book(str(copy))
    at_rest(qtbot, second)
    page = ledger_of(second)
    at_rest(qtbot, second)
    page.choose(0)
    rest(qtbot, page)
    strip = page.editing.saving.strip
    assert "有未保存的修改（" in strip.sentence
    answer(page, "恢复")
    rest(qtbot, page)
    assert page.pane.form is not None
    assert page.pane.form.editors["remarks"].typed == "写到一半"
    page.pane.save()
    rest(qtbot, page)
    assert page.editing.drafts.of(ids_of(page, 0)[0]) is None


def test_that_a_form_left_on_purpose_leaves_no_draft(qtbot: QtBot, page: ProjectsPage) -> None:
    form_with(qtbot, page, "remarks", "不要了")
    page.editing.keeper.look_now()
    (number,) = ids_of(page, 0)
    assert page.editing.drafts.of(number) is not None
    page.pane.leave_form()
    page.editing.keeper.look_now()
    assert page.editing.drafts.of(number) is None


def test_that_a_cell_another_person_changed_meanwhile_is_said_and_the_other_cells_are_saved(
    qtbot: QtBot, page: ProjectsPage
) -> None:
    form_with(qtbot, page, "remarks", "我的话")
    assert page.pane.form is not None
    page.pane.form.editors["industry"].input.put("钢铁")
    (number,) = ids_of(page, 0)

    def other(connection: object) -> None:
        from db.projects.service import set_values

        set_values(connection, [(number, "industry", "家电")])  # type: ignore[arg-type]

    from db.core.text import _

    page.write(_("Cells"), other)
    rest(qtbot, page)
    page.pane.save()
    rest(qtbot, page)
    assert page.editing.saving.strip.sentence.endswith("已被 测试员 改为 家电")
    assert [one.text() for one in page.editing.saving.strip.buttons] == ["保留对方", "用我的"]
    answer(page, "用我的")
    rest(qtbot, page)
    assert of(page, number, "industry") == "钢铁"


def test_that_the_strip_is_no_box_and_escape_closes_it(qtbot: QtBot, page: ProjectsPage) -> None:
    paste(qtbot, page, 0, "agreed_investment", "很多")
    strip = page.editing.saving.strip
    assert isinstance(strip.buttons[0], QPushButton)
    assert QApplication.activeModalWidget() is None
    press(strip.buttons[0], Qt.Key.Key_Escape)
    assert not strip.isVisible()


def test_that_a_cell_editor_goes_along_when_the_table_is_scrolled(qtbot: QtBot, page: ProjectsPage) -> None:
    editor: QWidget = edit(page, 3, "agreed_investment")
    top = editor.y()
    page.table.verticalScrollBar().setValue(page.table.verticalScrollBar().value() + 30)
    assert editor.y() == top - 30
