"""A folder of ledgers of years on the import page: its order, its questions, one operation a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.projects.page import ProjectsPage
from desktop.sheets.page import ImportPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of, press
from tests.desktop.ledgers import ledger, years
from tests.ending import while_there_is


@pytest.fixture
def folder(qtbot: QtBot, empty: Window, tmp_path: Path) -> ImportPage:
    """The proposal for a folder of three years, dropped on an empty book."""
    drop(empty, years(tmp_path / "历年台账"))
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    return page


def shown(page: ImportPage, *columns: int) -> list[tuple[str, ...]]:
    """What the list of files shows in these columns."""
    rows = page.folder.list.rows
    return [tuple(str(rows.index(row, at).data()) for at in columns) for row in range(rows.rowCount())]


def answer_all(qtbot: QtBot, window: Window, page: ImportPage) -> int:
    """Take every proposed answer of the file; how many were asked."""
    asked = 0
    for _question in while_there_is(lambda: page.plan is not None and page.plan.open_questions):
        assert page.plan is not None
        asked += 1
        page._answer(page.plan.open_questions[0].id, page.plan.open_questions[0].proposed)
        at_rest(qtbot, window)
    return asked


def test_that_the_old_ledgers_come_first_and_what_is_there_twice_is_left_out(folder: ImportPage) -> None:
    assert shown(folder, 0, 1, 2, 3) == [
        ("1", "导入", "2022年招商项目台账.xlsx", "2022-12-31"),
        ("2", "导入", "2023年招商项目台账 最终版.xlsx", "2023-12-31"),
        ("—", "不导入", "2023年招商项目台账 最终版(2).xlsx", "2023-12-31"),
        ("3", "导入", "招商项目台账（2024年6月）.xlsx", "2024-06-30"),
    ]
    assert folder.folder.import_button.text() == "逐个看并导入 3 个文件"


def test_that_files_are_moved_left_out_and_dated_with_the_keyboard(
    qtbot: QtBot, empty: Window, folder: ImportPage
) -> None:
    files = folder.folder
    press(files.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [name for (name,) in shown(folder, 2)][:2] == ["2023年招商项目台账 最终版.xlsx", "2022年招商项目台账.xlsx"]
    press(files.list, Qt.Key.Key_Space)
    assert shown(folder, 1)[1] == ("不导入",)
    press(files.list, Qt.Key.Key_Space)
    files.list.setCurrentIndex(files.list.rows.index(1, 3))
    files.list.rows.setData(files.list.currentIndex(), "2024年7月1日")
    assert [name for (name,) in shown(folder, 2)][-1] == "2022年招商项目台账.xlsx"
    assert shown(folder, 3, 4)[-1] == ("2024-07-01", "手工指定")
    files.list.rows.setData(files.list.rows.index(0, 3), "去年")
    assert files._what.text() == files.problem != ""
    assert len(files.chosen) == 3


def test_that_a_project_in_every_file_is_one_project_and_each_file_one_operation(
    qtbot: QtBot, empty: Window, folder: ImportPage
) -> None:
    folder.folder.import_button.click()
    at_rest(qtbot, empty)
    assert folder._step.text() == "第 1/3 个文件"
    assert answer_all(qtbot, empty, folder) == 1
    folder.import_button.click()
    at_rest(qtbot, empty)
    assert folder.plan is not None
    assert folder.plan.file == "2023年招商项目台账 最终版.xlsx"
    assert not any(one.id.startswith("column:") for one in folder.plan.open_questions), "asked once, for the first file"
    answer_all(qtbot, empty, folder)
    folder.rest_button.click()
    at_rest(qtbot, empty)
    assert shown(folder, 6) == [("新增 2，更新 0",), ("新增 1，更新 2",), ("—",), ("新增 2，更新 1",)]
    folder.folder.ledger_button.click()
    at_rest(qtbot, empty)
    shown_page = page_of(empty)
    assert isinstance(shown_page, ProjectsPage)
    assert shown_page.model.rowCount() == 5
    empty.undoing.undo()
    at_rest(qtbot, empty)
    assert shown_page.model.rowCount() == 3


def test_that_a_file_can_be_skipped_and_leaving_keeps_what_was_imported(
    qtbot: QtBot, empty: Window, folder: ImportPage
) -> None:
    folder.folder.import_button.click()
    at_rest(qtbot, empty)
    folder.skip_button.click()
    at_rest(qtbot, empty)
    answer_all(qtbot, empty, folder)
    folder.import_button.click()
    at_rest(qtbot, empty)
    folder.cancel_button.click()
    assert shown(folder, 6) == [("没有要写入的",), ("新增 3，更新 0",), ("—",), ("—",)]


def test_that_a_damaged_file_stays_out_and_a_folder_without_tables_says_so(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    place = tmp_path / "台账"
    place.mkdir()
    drop(empty, place)
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    assert page._told.sentence.text() == "“台账”里没有表格，没有改动账本。"
    (place / "2024年1月.xlsx").write_bytes(b"PK\x03\x04broken")
    ledger(place / "2024年2月.xlsx", [(1, "天枢导航芯片", "合肥天枢有限公司", 8000, "2024-02-01", "大杨镇", None)])
    page.take([place])
    at_rest(qtbot, empty)
    page.folder.toggle(0)
    assert [taken for (taken,) in shown(page, 1)] == ["不导入", "导入"]


def test_that_several_files_are_looked_at_one_after_the_other(qtbot: QtBot, empty: Window, tmp_path: Path) -> None:
    first = ledger(tmp_path / "1月.xlsx", [(1, "晴川总装线", "合肥晴川有限公司", 12000, "2024-01-05", "大杨镇", None)])
    second = ledger(
        tmp_path / "2月.xlsx", [(1, "天枢导航芯片", "合肥天枢有限公司", 8000, "2024-02-01", "大杨镇", None)]
    )
    drop(empty, second, first)
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    page.folder.import_button.click()
    at_rest(qtbot, empty)
    assert page.plan is not None
    assert page.plan.file == "1月.xlsx"
    page.import_button.click()
    at_rest(qtbot, empty)
    assert page.plan is not None
    assert page.plan.file == "2月.xlsx"
    assert not page.rest_button.isVisible()


def test_that_a_folder_is_chosen_from_the_page_and_from_the_welcome_page(
    qtbot: QtBot, window: Window, answers: Answers, tmp_path: Path
) -> None:
    place = years(tmp_path / "历年台账")
    answers.files += [place, tmp_path / "新账.zsb"]
    window.welcome.from_folder.emit()
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ImportPage)
    assert len(page.folder.ledgers) == 4
    answers.files.append(place)
    page._choose_folder()
    at_rest(qtbot, window)
    assert len(page.folder.chosen) == 3
