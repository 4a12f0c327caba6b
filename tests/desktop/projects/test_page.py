"""The ledger page: rows by window, filters, sorting, the pane, adding, changing, deleting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.core.filters import Condition
from desktop.kit.filter_chips import Chip
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press


def ledger_of(window: Window) -> ProjectsPage:
    """The ledger page, shown."""
    window.go("projects")
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    return page


def type_in(widget: QWidget, text: str) -> None:
    """Commit text as an input method does; key clicks with Hanzi end the process."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def fill(page: ProjectsPage, key: str, text: str) -> None:
    """Write into one editor of the form."""
    assert page.pane.form is not None
    line = page.pane.form.editors[key].input
    assert isinstance(line, QLineEdit)
    line.clear()
    type_in(line, text)


def column(page: ProjectsPage, key: str) -> int:
    """Where a field's column stands."""
    return next(at for at, one in enumerate(page.model.columns) if one.field.key == key)


def shown(page: ProjectsPage, row: int, key: str) -> str:
    """The text of a cell."""
    return str(page.model.index(row, column(page, key)).data())


def test_that_an_empty_book_says_what_to_do_first(qtbot: QtBot, empty: Window) -> None:
    page = ledger_of(empty)
    assert "还没有项目。把台账文件拖进来，或新建一个。" in [
        one.text() for one in page.findChildren(QLabel) if one.isVisible()
    ]
    assert not page.ledger.bar.isVisible()


def test_that_amounts_carry_no_unit_and_the_heading_does(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    at_rest(qtbot, demo)
    page.table.scrollToBottom()
    at_rest(qtbot, demo)
    assert page.model.known(page.model.rowCount() - 1)
    assert shown(page, 0, "agreed_investment").replace(",", "").isdigit()
    assert page.model.columns[column(page, "agreed_investment")].heading == "协议投资额（万元）"


def test_that_a_click_on_a_heading_sorts_and_another_turns_it_round(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    at = column(page, "agreed_investment")
    page.table.sort_wanted.emit(at, False)
    at_rest(qtbot, demo)
    largest = int(shown(page, 0, "agreed_investment").replace(",", ""))
    page.table.sort_wanted.emit(at, False)
    at_rest(qtbot, demo)
    assert int(shown(page, 0, "agreed_investment").replace(",", "")) < largest


def test_that_a_filter_is_a_chip_that_reads_as_a_sentence_and_can_be_taken_off(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    everything = page.model.rowCount()
    page.ledger.set_condition("stage", Condition("stage", "one_of", ("negotiating",)))
    at_rest(qtbot, demo)
    chip = next(one for one in page.findChildren(Chip) if one.text().startswith("阶段"))
    assert chip.text() == "阶段：在谈"
    assert 0 < page.model.rowCount() < everything
    press(chip, Qt.Key.Key_Delete)
    at_rest(qtbot, demo)
    assert page.model.rowCount() == everything


def test_that_no_match_says_so_and_one_button_clears_the_conditions(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    type_in(page.ledger.search, "没有这个名字")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=10_000)
    assert "没有符合条件的项目。" in [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_that_choosing_a_row_shows_its_facts_and_its_history_in_words(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    page.choose(4)
    at_rest(qtbot, demo)
    texts = [one.text() for one in page.pane.findChildren(QLabel)]
    assert shown(page, 4, "name") in texts
    assert "协议投资额" in texts
    page.pane.show_tab("history")
    at_rest(qtbot, demo)
    told = [one.text() for one in page.pane.findChildren(QLabel) if one.isVisible()]
    assert any("签约：" in text for text in told)


def test_that_a_new_project_needs_a_name_and_its_amount_may_be_typed_as_people_write_it(
    qtbot: QtBot, empty: Window
) -> None:
    page = ledger_of(empty)
    press(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, empty)
    fill(page, "agreed_investment", "1.2亿")
    page.pane.save()
    at_rest(qtbot, empty)
    assert page.pane.form is not None
    assert "名称" in page.pane.form.editors["name"]._reason.text()
    fill(page, "name", "晴川机器人总装线")
    page.pane.save()
    at_rest(qtbot, empty)
    assert page.model.rowCount() == 1
    assert (shown(page, 0, "name"), shown(page, 0, "agreed_investment")) == ("晴川机器人总装线", "12,000")


def test_that_what_cannot_be_read_is_refused_beside_its_field_and_nothing_typed_is_lost(
    qtbot: QtBot, demo: Window
) -> None:
    page = ledger_of(demo)
    page.choose(0)
    at_rest(qtbot, demo)
    page.pane.edit_wanted.emit()
    at_rest(qtbot, demo)
    fill(page, "planned_start_on", "2024-02-30")
    page.pane.save()
    at_rest(qtbot, demo)
    assert page.pane.form is not None
    editor = page.pane.form.editors["planned_start_on"]
    assert editor._reason.isVisibleTo(page.pane)
    assert editor.typed == "2024-02-30"


def test_that_a_change_is_saved_named_and_taken_back_by_ctrl_z(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    page.choose(0)
    at_rest(qtbot, demo)
    before = shown(page, 0, "agreed_investment")
    page.pane.edit_wanted.emit()
    at_rest(qtbot, demo)
    fill(page, "agreed_investment", "77,700")
    page.pane.save()
    at_rest(qtbot, demo)
    assert shown(page, 0, "agreed_investment") == "77,700"
    assert "可撤销：修改" in page.footer.right.toolTip() + page.footer.right.text()
    press(demo, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, demo)
    assert shown(page, 0, "agreed_investment") == before


def test_that_deleting_asks_first_and_comes_back_whole(qtbot: QtBot, demo: Window, answers: Answers) -> None:
    page = ledger_of(demo)
    page.choose(0)
    at_rest(qtbot, demo)
    name, count = shown(page, 0, "name"), page.model.rowCount()
    answers.yes = False
    page.pane.delete_wanted.emit()
    at_rest(qtbot, demo)
    assert page.model.rowCount() == count
    answers.yes = True
    page.pane.delete_wanted.emit()
    at_rest(qtbot, demo)
    assert page.model.rowCount() == count - 1
    press(demo, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, demo)
    assert (page.model.rowCount(), shown(page, 0, "name")) == (count, name)


def test_that_rows_are_copied_as_excel_takes_them(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    at_rest(qtbot, demo)
    page.table.selectRow(1)
    press(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t")[0] == shown(page, 1, "name")


def test_that_the_frozen_column_stays_and_the_name_never_scrolls_away(
    qtbot: QtBot, demo: Window, tmp_path: Path
) -> None:
    page = ledger_of(demo)
    at_rest(qtbot, demo)
    page.table.horizontalScrollBar().setValue(600)
    name = page.table.visualRect(page.model.index(0, 0))
    assert (name.left(), name.width()) == (0, page.table.frozen_width)
    assert page.table.indexAt(name.center()).column() == 0
    assert page.table.frozen_header.isVisible()


def test_that_the_first_cell_reached_by_a_key_is_chosen_and_takes_what_is_pasted(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(demo)
    assert page.table.current_cell() is None
    press(page.table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert len(page.table.chosen_cells().ids) == 1
    before = page.model.value(0, 0)
    QApplication.clipboard().setText("另一个名称")
    press(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, demo)
    assert (before == "另一个名称", page.model.value(0, 0)) == (False, "另一个名称")
