"""What leaves a ledger in somebody else's layout: a superior's form, and the layout in which a ledger came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.kit.exporting import open_menu
from desktop.kit.ledger import Ledger
from desktop.kit.small_form import SmallForm
from desktop.sheets.filling_form import StaysEmpty
from desktop.sheets.page import ImportPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of
from tests.desktop.ledgers import three_projects

KNOWN, UNKNOWN, FILLED = "项目名称", "备案情况说明", "项目业主单位名录"


def blank(path: Path, *, title: str = "6月签约项目表") -> Path:
    """A form with two headings that no field is called by; a sum below."""
    book = openpyxl.Workbook()
    page: Any = book.active
    page["A1"] = title
    page.append(["序号", KNOWN, "协议投资额（亿元）", UNKNOWN, FILLED])
    page.append([])
    page.append(["合计", None, "=SUM(C3:C3)"])
    page.append([])
    page["A3"].number_format = "0"
    page["A4"] = "合计"
    page["C4"] = "=SUM(C3:C3)"
    book.save(path)
    return path


def ledger_of(qtbot: QtBot, window: Window) -> Ledger:
    """The ledger of the projects, with its rows."""
    window.go("projects")
    at_rest(qtbot, window)
    view = page_of(window).ledger_view()
    assert view is not None
    return view.ledger


def leave(qtbot: QtBot, window: Window, ledger: Ledger, said: str) -> None:
    """Choose an entry of the export menu."""
    menu = open_menu(ledger)
    (entry,) = [one for one in menu.actions() if one.text() == said]
    entry.trigger()
    menu.close()
    at_rest(qtbot, window)


def asked(window: Window) -> list[SmallForm]:
    """The small form that is open, if any."""
    return [one for one in page_of(window).findChildren(SmallForm) if one.isVisible()]


def rows_of(path: Path) -> list[list[Any]]:
    """What a sheet says."""
    return [list(line) for line in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_that_rows_leave_in_a_superiors_form_asked_about_once_and_in_the_layout_in_which_they_came(
    qtbot: QtBot, empty: Window, answers: Answers, tmp_path: Path
) -> None:
    ledger = ledger_of(qtbot, empty)
    leave(qtbot, empty, ledger, "按原台账版式导出…")
    assert "还没有记下" in page_of(empty).footer.right.toolTip() + page_of(empty).footer.right.text()
    drop(empty, three_projects(tmp_path / "台账.xlsx"))
    at_rest(qtbot, empty)
    imported = page_of(empty)
    assert isinstance(imported, ImportPage)
    imported.import_button.click()
    at_rest(qtbot, empty)
    ledger = ledger_of(qtbot, empty)

    # the headings that nobody knows are asked for by pinyin; the rows are those of the table
    ledger.search.setText("机器人")
    at_rest(qtbot, empty)
    answers.files += [blank(tmp_path / "六月.xlsx"), tmp_path / "六月报.xlsx"]
    leave(qtbot, empty, ledger, "填上级表格…")
    (form,) = asked(empty)
    assert set(form.editors) == {f"heading:{UNKNOWN}", f"heading:{FILLED}"}
    form.editors[f"heading:{FILLED}"].input.put("没有这一项")
    form.carry_out()
    assert form.isVisible()
    form.editors[f"heading:{FILLED}"].input.put("touzifang")
    form.carry_out()
    at_rest(qtbot, empty)
    assert rows_of(tmp_path / "六月报.xlsx")[2] == [1, "晴川机器人总装线", 1.2, None, "合肥晴川智能有限公司"]

    # what stays empty is listed and can be copied
    (card,) = [one for one in page_of(empty).findChildren(StaysEmpty) if one.isVisible()]
    assert UNKNOWN in card.list.toPlainText()
    card.copy.click()
    assert QGuiApplication.clipboard().text() == card.list.toPlainText()
    card.close_card()

    # the next form of the kind asks nothing
    ledger.search.clear()
    at_rest(qtbot, empty)
    answers.files += [blank(tmp_path / "七月.xlsx", title="7月签约项目表"), tmp_path / "七月报.xlsx"]
    leave(qtbot, empty, ledger, "填上级表格…")
    assert asked(empty) == []
    assert len([line for line in rows_of(tmp_path / "七月报.xlsx") if line[4] and line[4] != FILLED]) == 3

    # and the ledger goes out as it came
    answers.files.append(tmp_path / "原版式.xlsx")
    leave(qtbot, empty, ledger, "按原台账版式导出…")
    (form,) = asked(empty)
    form.editors["rows"].input.put("全部记录，按导入时的顺序")
    form.carry_out()
    at_rest(qtbot, empty)
    out = rows_of(tmp_path / "原版式.xlsx")
    assert out[1] == rows_of(tmp_path / "台账.xlsx")[1]
    assert [line[1] for line in out[2:5]] == ["晴川机器人总装线", "云岭光学镜头产业化", "北辰检测认证平台"]
