"""Sheets go to three units, come back mutilated, and are merged in the window by keyboard; a colleague's copy comes home."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.copies import hand_out
from db.core.text import Text
from db.projects.service import set_values
from db.projects.sheet import PROJECT_SHEET
from db.sheets.sending import Wanted, send
from desktop.sheets.asking_for import AskingFor
from desktop.sheets.merge import MergePage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of, press
from tests.desktop.ledgers import three_projects
from tests.desktop.sheets.test_forms import asked, blank, leave, ledger_of, rows_of
from tests.factories import projects
from tests.factories.projects import row

KEYS = ("name", "investor", "agreed_investment", "street", "problems", "next_step", "jobs")
MARK, NAME, INVESTOR, AGREED, STREET, PROBLEMS, NEXT, JOBS = range(8)
HEADER = 3
UNITS = ("大杨镇", "海棠街道", "双岗街道")


@pytest.fixture(scope="module")
def office(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of nine projects in three units, each of which was sent its sheet; then we went on working."""
    folder = tmp_path_factory.mktemp("office")
    with Book.open(shutil.copyfile(empty_file, folder / "办公室.zsb"), actor="高翔") as book:
        ids = projects.projects(
            book,
            *(
                row(name=f"{name}项目", investor=f"{name}公司", agreed_investment=(at + 1) * 12_345 * 10**6,
                    street=UNITS[at // 3], problems=f"{name}的问题", jobs=10 * at + 5, stage="signed")
                for at, name in enumerate("甲乙丙丁戊己庚辛壬")
            ),
        )  # fmt: skip
        for at, unit in enumerate(UNITS):
            wanted = Wanted(unit, KEYS, tuple(ids[3 * at : 3 * at + 3]), on="2024-07-01", due_on="2024-07-10")
            send(book, PROJECT_SHEET, wanted, folder / f"{unit}.xlsx")
        book.actor = "周敏"
        with book.write(Text("meanwhile")) as connection:
            set_values(connection, [(ids[0], "next_step", "八月签约"), (ids[1], "jobs", 77), (ids[3], "jobs", 99)])
    return folder


def cells_of(path: Path) -> list[list[Any]]:
    """A sheet as rows of cells."""
    page = openpyxl.load_workbook(path).worksheets[0]
    found = [list(line) for line in page.iter_rows(values_only=True)]
    last = max(at for at, line in enumerate(found) if any(cell is not None for cell in line))
    return found[: last + 1]


def save(cells: Sequence[Sequence[Any]], path: Path) -> Path:
    """As WPS saves it: without our styles, validations and hidden column."""
    book = openpyxl.Workbook()
    for line in cells:
        book.worksheets[0].append(list(line))
    book.save(path)
    return path


def of(cells: list[list[Any]], name: str) -> list[Any]:
    """The row of a project."""
    return next(line for line in cells if line[NAME] == name)


@pytest.fixture
def returns(office: Path, tmp_path: Path) -> dict[str, Path]:
    """What the three units make of their sheets."""
    first = cells_of(office / "大杨镇.xlsx")
    of(first, "甲项目")[NEXT] = "七月签约"
    of(first, "甲项目")[PROBLEMS] = "缺电"
    of(first, "乙项目")[JOBS] = 88
    body = first[HEADER + 1 :]
    random.Random(8).shuffle(body)
    first = [*first[: HEADER + 1], *body]
    second = cells_of(office / "海棠街道.xlsx")
    of(second, "丁项目")[PROBLEMS] = "缺地"
    second = [line for line in second if line[NAME] != "戊项目"]
    second = [[line[at] for at in (NAME, JOBS, MARK, PROBLEMS, AGREED, INVESTOR, STREET, NEXT)] for line in second]
    third = cells_of(office / "双岗街道.xlsx")
    third.insert(HEADER + 2, [None, "庚项目二期", "庚公司", 5_000, "双岗街道", None, None, 3])
    third[HEADER][PROBLEMS] = "存在的困难和问题"
    of(third, "辛项目")[PROBLEMS] = "缺水"
    return {
        "大杨镇": save(first, tmp_path / "回表1.xlsx"),
        "海棠街道": save(second, tmp_path / "副本 (2).xlsx"),
        "双岗街道": save(third, tmp_path / "新建 XLSX 工作表.xlsx"),
    }


@pytest.fixture
def own(office: Path, tmp_path: Path) -> Path:
    """A test's own book."""
    path = tmp_path / "办公室.zsb"
    path.write_bytes((office / "办公室.zsb").read_bytes())
    return path


@pytest.fixture
def merging(qtbot: QtBot, window: Window, own: Path) -> Callable[..., MergePage]:
    """Drops files on a window on the book, and gives the page they come to."""

    def dropping(*paths: Path) -> MergePage:
        if not window.book_name:
            window.open_book(str(own))
            at_rest(qtbot, window)
        drop(window, *paths)
        at_rest(qtbot, window)
        page = page_of(window)
        assert isinstance(page, MergePage)
        return page

    return dropping


def keys(qtbot: QtBot, window: Window, *pressed: Qt.Key) -> None:
    """Press keys where the keyboard is."""
    for key in pressed:
        widget = QApplication.focusWidget()
        assert widget is not None
        press(widget, key)
        at_rest(qtbot, window)


def value(path: Path, name: str, key: str) -> Any:
    """What the book says of a project."""
    with Book.open(path) as book, book.read() as connection:
        (number,) = [one["id"] for one in PROJECT_SHEET.existing(connection) if one["name"] == name]
        return PROJECT_SHEET.current(connection, [number], [key])[number].get(key)


def two_copies(book_file: Path, folder: Path) -> list[Path]:
    """Two colleagues took the book along, and each wrote something that the other did not; and one cell that we did, too."""
    copies = [folder / f"{who}带走.zsb" for who in ("周敏", "王芳")]
    with Book.open(book_file, actor="高翔") as book:
        for copy in copies:
            hand_out(book, copy, taken_by=copy.stem[:2])
        with book.read() as connection:
            ids = {one["name"]: one["id"] for one in PROJECT_SHEET.existing(connection)}
        with book.write(Text("here")) as connection:
            set_values(connection, [(ids["丙项目"], "jobs", 41)])
    for copy, name in zip(copies, ("丙项目", "壬项目"), strict=True):
        with Book.open(copy, actor=copy.stem[:2]) as book, book.write(Text("there")) as connection:
            set_values(connection, [(ids[name], "jobs", 42), (ids[name], "contact_name", copy.stem)])
    return copies


def given_back(qtbot: QtBot, window: Window, answers: Answers, folder: Path) -> list[list[Any]]:
    """A ledger is imported, a form of a superior filled, and the rows written in the ledger's layout: what that says."""
    drop(window, three_projects(folder / "台账.xlsx"))
    at_rest(qtbot, window)
    keys(qtbot, window, Qt.Key.Key_Space)  # import
    ledger = ledger_of(qtbot, window)
    answers.files += [blank(folder / "六月.xlsx"), folder / "六月报.xlsx", folder / "原版式.xlsx"]
    for entry in ("填上级表格…", "按原台账版式导出…"):
        leave(qtbot, window, ledger, entry)
        (form,) = asked(window)
        press(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        at_rest(qtbot, window)
    return rows_of(folder / "原版式.xlsx")


def test_that_an_office_collects_merges_fills_and_gives_back(
    qtbot: QtBot, window: Window, answers: Answers, merging: Callable[..., MergePage], returns: dict[str, Path], own: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    """A sheet sent to three units comes back mutilated in three ways and is merged by keyboard; two copies come home; a
    superior's form is filled; a ledger goes out in the layout in which it came."""
    copies = two_copies(own, tmp_path)
    page = merging(*returns.values())
    assert {one.name for one in page.deciding.table.lines} == {"甲项目", "乙项目"}
    assert page.write_button.text() == "还有 2 处未定"
    assert not page.write_button.isEnabled()
    theirs = {"甲项目": Qt.Key.Key_3, "乙项目": Qt.Key.Key_2}
    keys(qtbot, window, *(theirs[one.name] for one in page.deciding.table.lines))
    assert page.write_button.isEnabled()
    assert page.write_button.text() == "写入 2 处"
    keys(qtbot, window, Qt.Key.Key_Space)
    assert page.case is not None
    assert page.case.them == "海棠街道"
    assert page.deciding.tabs.buttons["gone"].text() == "对方删行 1"
    press(page.deciding, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, window)
    assert page.case.them == "双岗街道"
    keys(qtbot, window, *((Qt.Key.Key_2,) if page.case.undecided() else ()))
    press(page.deciding, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, window)
    assert page.units.count.text() == "已回3/3"

    page = merging(*copies)
    keys(qtbot, window, Qt.Key.Key_Space)  # merge it, and not open it
    assert page.case is not None
    assert page.case.undecided() == 1
    keys(
        qtbot, window, Qt.Key.Key_3, Qt.Key.Key_Space, Qt.Key.Key_Space
    )  # theirs; write; the next copy, which has no conflict
    press(page.deciding, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, window)
    assert [one.done for one in page.files] == [True] * 5

    out = given_back(qtbot, window, answers, tmp_path)
    assert {"甲项目", "庚项目二期", "北辰检测认证平台"} <= {str(line[1]) for line in rows_of(tmp_path / "六月报.xlsx")}
    assert out[:2] == rows_of(tmp_path / "台账.xlsx")[:2]
    assert out[-1][0] == "合计"
    window.close()
    with Book.open(own) as book:
        labels = [one.label.render("zh").partition(" ")[0].partition("回")[0] for one in book.operations()]
    assert [one for one in labels if one in UNITS] == ["双岗街道", "海棠街道", "大杨镇"]
    assert value(own, "甲项目", "next_step") == "七月签约"
    assert value(own, "乙项目", "jobs") == 77
    assert value(own, "甲项目", "problems") == "缺电"
    assert value(own, "丁项目", "jobs") == 99
    assert value(own, "戊项目", "jobs") == 45
    assert value(own, "庚项目二期", "jobs") == 3
    assert value(own, "丙项目", "jobs") == 42
    assert value(own, "壬项目", "contact_name") == "王芳带走"


def test_that_decisions_are_kept_taken_back_and_written_as_a_third_value(
    qtbot: QtBot, window: Window, new_window: Callable[..., Window], merging: Callable[..., MergePage],
    returns: dict[str, Path], own: Path,
) -> None:  # fmt: skip
    page = merging(returns["大杨镇"])
    table = page.deciding.table
    table.selectRow(next(at for at, one in enumerate(table.lines) if one.name == "甲项目"))
    keys(qtbot, window, Qt.Key.Key_3)
    assert page.case is not None
    assert page.case.undecided() == 1
    press(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.case.undecided() == 2
    table.go_to(page.case.open[0].key)
    first = table.line
    assert first is not None
    keys(qtbot, window, Qt.Key.Key_H)
    assert page.deciding.history is not None
    told = page.deciding.history.told
    page.deciding.history.close()
    assert [one.actor for one in told][:1] == ["周敏"]
    table.selectRow(next(at for at, one in enumerate(table.lines) if one.name == "乙项目"))
    table.setFocus()
    keys(qtbot, window, Qt.Key.Key_E)
    editor = page.deciding.writing.editor
    assert editor is not None
    editor.input.put("八十")
    keys(qtbot, window, Qt.Key.Key_Return)
    assert page.case.undecided() == 2
    editor.input.put("80")
    keys(qtbot, window, Qt.Key.Key_Return)
    assert page.case.undecided() == 1
    page.put_aside()
    page = merging(returns["海棠街道"], returns["海棠街道"])
    assert [one.name for one in page.files] == ["回表1.xlsx", "副本 (2).xlsx"]
    window.close()
    returns["海棠街道"].unlink()
    window = new_window()
    window.open_book(str(own))
    at_rest(qtbot, window)
    window.go("merge")
    at_rest(qtbot, window)
    shown = page_of(window)
    assert isinstance(shown, MergePage)
    page = shown
    assert [one.standing for one in page.files] == ["ready", "refused"]
    assert str(returns["海棠街道"].parent) in page.files[1].told.render("zh")
    assert page.case is not None
    assert page.case.undecided() == 1
    page.deciding.take_rest()
    at_rest(qtbot, window)
    assert page.write_button.text() == "写入 3 处"
    page.write_now()
    at_rest(qtbot, window)
    window.close()
    assert value(own, "乙项目", "jobs") == 80
    assert value(own, "甲项目", "next_step") == "七月签约"


def test_that_who_has_not_returned_is_named_with_the_days_and_reminded(
    qtbot: QtBot, window: Window, merging: Callable[..., MergePage], returns: dict[str, Path]
) -> None:
    page = merging(returns["海棠街道"])
    page.write_now()
    at_rest(qtbot, window)
    lines = [str(page.units.list.rows.index(row, 0).data()) for row in range(len(page.units.lines))]
    assert [one.replace("\n", " ") for one in lines if "天" in one] == [
        "大杨镇 逾期 7 天",
        "海棠街道 07-17 · 2/3行 · 逾期 7 天",
        "双岗街道 逾期 7 天",
    ]
    page.units.remind_button.click()
    text = QGuiApplication.clipboard().text()
    assert text.count("\n") == 2
    assert "大杨镇" in text
    page = merging(returns["海棠街道"])
    assert page.case is None
    assert "已" in page._told.sentence.text()


def test_that_a_deletion_is_kept_unless_said_and_asked_twice_where_we_changed_it(
    qtbot: QtBot,
    window: Window,
    answers: Answers,
    merging: Callable[..., MergePage],
    returns: dict[str, Path],
    own: Path,
) -> None:
    page = merging(returns["海棠街道"])
    case = page.case
    assert case is not None
    assert [(one.name, one.changed) for one in case.gone] == [("戊项目", False)]
    page.deciding.open_tab(2)
    keys(qtbot, window, Qt.Key.Key_2)
    assert len(case.delete) == 1
    keys(qtbot, window, Qt.Key.Key_1)
    assert not case.delete
    case.gone = [replace(case.gone[0], changed=True)]
    answers.yes = False
    keys(qtbot, window, Qt.Key.Key_2)
    assert not case.delete
    answers.yes = True
    keys(qtbot, window, Qt.Key.Key_2)
    page.write_now()
    at_rest(qtbot, window)
    window.close()
    with Book.open(own) as book, book.read() as connection:
        assert "戊项目" not in [one["name"] for one in PROJECT_SHEET.existing(connection)]


def test_that_sheets_are_sent_from_the_ledger_to_several_units(
    qtbot: QtBot, window: Window, answers: Answers, own: Path, tmp_path: Path
) -> None:
    window.open_book(str(own))
    at_rest(qtbot, window)
    window.go("projects")
    at_rest(qtbot, window)
    ledger = page_of(window).ledger_view()
    assert ledger is not None
    ledger.send()
    at_rest(qtbot, window)
    form = window.findChild(AskingFor)
    assert form is not None
    assert not form.do.isEnabled()
    form.choose_all()
    assert set(form.chosen) == set(UNITS)
    form.due.input.put("2024-02-30")
    form.write()
    assert form.isVisible()
    form.due.input.put("2024-07-20")
    folder = tmp_path / "发出"
    folder.mkdir()
    answers.files.append(folder)
    form.write()
    at_rest(qtbot, window)
    assert len(list(folder.glob("*.xlsx"))) == 3
    window.go("merge")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, MergePage)
    assert page.units.rounds.count() == 2
    assert page.units.count.text() == "已回0/3"
    assert {one.sending.due_on for one, _at in page.units.lines if one is not None} == {"2024-07-20"}


def test_that_a_colleagues_copy_comes_home_and_conflicts_are_decided_in_the_same_table(
    qtbot: QtBot, window: Window, merging: Callable[..., MergePage], own: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "周敏带走.zsb"
    with Book.open(own, actor="高翔") as book:
        hand_out(book, copy, taken_by="周敏")
        with book.read() as connection:
            ids = {one["name"]: one["id"] for one in PROJECT_SHEET.existing(connection)}
        with book.write(Text("here")) as connection:
            set_values(connection, [(ids["甲项目"], "jobs", 41)])
    with Book.open(copy, actor="周敏") as book, book.write(Text("there")) as connection:
        set_values(connection, [(ids["甲项目"], "jobs", 42), (ids["丙项目"], "problems", "在外面记的")])
        set_values(connection, [(ids["丙项目"], "next_step", "在外面多记的")])
    page = merging(copy)
    assert page.incoming is not None
    assert page.incoming.case is None
    keys(qtbot, window, Qt.Key.Key_Space)
    assert page.case is not None
    (line,) = page.deciding.table.lines
    assert (line.name, line.said) == ("甲项目", ("5", "41", "42"))
    keys(qtbot, window, Qt.Key.Key_E)
    editor = page.deciding.writing.editor
    assert editor is not None
    editor.input.put("40")
    keys(qtbot, window, Qt.Key.Key_Return)
    assert page.case.undecided() == 0
    page.deciding.open_tab(1)
    table = page.deciding.taken
    table.go_to(next(one.key for one in table.lines if one.said[2] == "在外面多记的"))
    keys(qtbot, window, Qt.Key.Key_2)
    assert page.write_button.text() == "写入 2 处"
    page.write_now()
    at_rest(qtbot, window)
    window.close()
    assert value(own, "甲项目", "jobs") == 40
    assert value(own, "丙项目", "problems") == "在外面记的"
    assert value(own, "丙项目", "next_step") is None


def test_that_a_copy_says_where_it_goes_and_another_book_is_simply_opened(
    qtbot: QtBot, window: Window, answers: Answers, own: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "周敏带走.zsb"
    with Book.open(own, actor="高翔") as book:
        hand_out(book, copy, taken_by="周敏")
    Book.create(tmp_path / "另一本.zsb").close()
    window.open_book(str(copy))
    at_rest(qtbot, window)
    window.merge_into(own)
    at_rest(qtbot, window)
    page = page_of(window)
    assert window.target == str(own)
    assert isinstance(page, MergePage)
    assert page.incoming is not None
    assert page.incoming.is_copy
    drop(window, tmp_path / "另一本.zsb")
    at_rest(qtbot, window)
    assert window.book_name == "另一本.zsb"


def test_that_a_file_that_cannot_be_merged_says_why_beside_the_others(
    qtbot: QtBot, window: Window, merging: Callable[..., MergePage], returns: dict[str, Path], tmp_path: Path
) -> None:
    other = cells_of(returns["双岗街道"])
    forged = [
        [re.sub("ZS.[0-9a-f]{8}", "ZS.00000000", one) if isinstance(one, str) else one for one in line]
        for line in other
    ]
    page = merging(save(forged, tmp_path / "别的账本.xlsx"), returns["大杨镇"])
    assert [one.standing for one in page.files] == ["refused", "ready"]
    assert "账本" in page.files[0].told.render("zh")
    page.step(1)
    assert page.case is not None
