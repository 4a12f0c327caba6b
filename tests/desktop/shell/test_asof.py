"""The window on the book as it was: every page, read-only, and back to where one was."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.overview.page import ReportPage
from desktop.overview.today import TodayPage
from desktop.projects.page import ProjectsPage
from desktop.shell.asof_picker import MomentPicker
from desktop.shell.history import HistoryPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press
from tests.desktop.shell.test_window import texts_of

JUNE = "2024-06-30"


def ledger_of(qtbot: QtBot, window: Window) -> ProjectsPage:
    window.go("projects")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    return page


def look_at(qtbot: QtBot, window: Window, moment: str | int = JUNE) -> None:
    window.look_at(moment)
    at_rest(qtbot, window)


def test_that_every_page_shows_the_book_of_then_and_esc_leads_back_to_where_one_was(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(qtbot, demo)
    now = page.model.rowCount()
    page.choose(7)
    at_rest(qtbot, demo)
    page.table.verticalScrollBar().setValue(60)
    chosen, scrolled = page.current, page.table.verticalScrollBar().value()
    look_at(qtbot, demo)
    assert page.model.rowCount() == now - 1
    assert demo.windowTitle().startswith("〔2024-06-30〕")
    said = " ".join(texts_of(page))
    assert "2024年6月30日 24:00的账本" in said
    assert f"现在 {now} 行" in said
    assert demo.today().isoformat() == JUNE
    demo.go("today")
    at_rest(qtbot, demo)
    today = page_of(demo)
    assert isinstance(today, TodayPage)
    assert today.read is not None
    assert (today.read.heads[0].value, today.read.period.text) == (38, "2024-01..2024-05")
    demo.go("projects")
    at_rest(qtbot, demo)
    page.pane.closed.emit()
    press(page.table, Qt.Key.Key_Escape)
    at_rest(qtbot, demo)
    assert (demo.seen, page.model.rowCount()) == (None, now)
    assert (page.current, page.table.verticalScrollBar().value(), page.pane.isHidden()) == (chosen, scrolled, False)
    assert "〔" not in demo.windowTitle()


def test_that_nothing_can_be_changed_there_and_the_reason_is_said(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = ledger_of(qtbot, demo)
    page.choose(2)
    look_at(qtbot, demo)
    assert not page.model.editable(page.model.index(0, page.model.column_of("agreed_investment") or 0))
    for part in (page.new_button, page.import_button, page.pane.forward, page.pane.note):
        assert not part.isEnabled()
        assert "Esc" in part.toolTip()
    page.new_project()
    page.doing["progress"]()
    assert page.pane.form is None
    assert "不能改" in demo.page.footer.right.toolTip() + demo.page.footer.right.text()  # type: ignore[union-attr]
    page.pane.delete_wanted.emit()
    demo.take_files([tmp_path / "台账.xlsx"])
    at_rest(qtbot, demo)
    assert (answers.asked, demo.showing) == ([], "projects")
    demo.leave_past()
    at_rest(qtbot, demo)
    assert page.new_button.isEnabled()
    assert "Esc" not in page.new_button.toolTip()


def test_that_an_export_prints_the_moment(qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path) -> None:
    page = ledger_of(qtbot, demo)
    look_at(qtbot, demo)
    answers.files.append(tmp_path / "当时.xlsx")
    page.export_view()
    at_rest(qtbot, demo)
    sheet = load_workbook(tmp_path / "当时.xlsx").active
    assert sheet is not None
    head = " ".join(str(cell.value) for line in sheet.iter_rows(max_row=4) for cell in line if cell.value)
    assert "2024年6月30日 24:00的账本" in head
    demo.go("overview")
    at_rest(qtbot, demo)
    report = page_of(demo)
    assert isinstance(report, ReportPage)
    assert report.made is not None
    assert "2024年6月30日 24:00的账本" in report.made.report.subtitle
    assert (report.made.fixed, report.closing.isEnabled()) == (True, False)


def test_that_cells_that_are_different_now_carry_a_corner_and_say_what_stands_there(qtbot: QtBot, demo: Window) -> None:
    page = ledger_of(qtbot, demo)
    look_at(qtbot, demo, "2024-04-30")
    demo.mark_differences()
    at_rest(qtbot, demo)
    assert page.model.differs
    number, key = next(where for where in page.model.differs if where[1] == "stage")
    line, column = page.model.row_of(number), page.model.column_of(key)
    assert line is not None
    assert column is not None
    index = page.model.index(line, column)
    told = str(index.data(Qt.ItemDataRole.ToolTipRole))
    assert told.startswith("现在是 ")
    assert told.removeprefix("现在是 ") != index.data()
    page.open_record(number)
    at_rest(qtbot, demo)
    tips = {one.toolTip() for one in page.pane.findChildren(QLabel) if one.toolTip().startswith("现在是 ")}
    assert tips & {f"现在是 {now}" for (which, _key), now in page.model.differs.items() if which == number}
    demo.leave_past()
    at_rest(qtbot, demo)
    assert page.model.differs == {}


def test_that_finalised_reports_come_first_and_any_day_second(qtbot: QtBot, demo: Window, answers: Answers) -> None:
    demo.go("overview")
    at_rest(qtbot, demo)
    report = page_of(demo)
    assert isinstance(report, ReportPage)
    report.closing.finalise.emit()
    at_rest(qtbot, demo)
    ledger_of(qtbot, demo)
    demo.choose_moment()
    at_rest(qtbot, demo)
    picker = demo.findChild(MomentPicker)
    assert isinstance(picker, MomentPicker)
    assert picker.list.count() == 1
    assert "2024年1—6月定稿时" in picker.list.item(0).text()
    assert "47个" in picker.list.item(0).text()
    picker.line.setText("2024-07-17")
    picker.take_typed()
    assert "没有过完" in picker.refusal.text()
    picker.line.setText("2024年7月5日 9:30")
    picker.take_typed()
    at_rest(qtbot, demo)
    assert demo.seen is not None
    assert demo.seen.named.render("zh") == "2024年7月5日 9:30".replace(" 9", " 09")
    demo.go_days(-1)
    at_rest(qtbot, demo)
    assert demo.seen.day == "2024-07-04"


def test_that_a_click_on_a_time_of_the_history_shows_the_book_just_before_it(qtbot: QtBot, demo: Window) -> None:
    column = 1
    demo.go("history")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, HistoryPage)
    count = page.list.rows.rowCount()
    page.list.picked.emit(2, column)
    at_rest(qtbot, demo)
    assert demo.seen is not None
    assert demo.seen.number == count - 3
    assert str(page.list.rows.index(3, 6).data()) == "正在看这里"
    assert page.list.rows.rowCount() == count
    page.list.picked.emit(count - 1, column)
    at_rest(qtbot, demo)
    assert "账本从第1号操作开始" in page.footer.right.toolTip() + page.footer.right.text()
    page.list.selectRow(0)
    page.undo_chosen()
    at_rest(qtbot, demo)
    assert not demo.leave_past()  # one is in the present already
    assert page.list.rows.rowCount() == count + 1
