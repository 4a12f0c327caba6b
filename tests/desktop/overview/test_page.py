"""The report page: the very PDF, and every number explains itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.core.period import Period
from desktop.overview.page import ReportPage
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of


def report_of(qtbot: QtBot, window: Window) -> ReportPage:
    """The report page, with its report."""
    window.go("overview")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ReportPage)
    return page


def test_that_the_first_report_is_of_the_last_period_the_book_knows(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    assert page.period.period.months == ("2024-01", "2024-06")
    assert page.period.name == "2024年1—6月"
    assert page.view.page_count > 3


def test_that_a_number_of_the_text_explains_itself_and_leads_to_its_rows(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.explain("signed.count")
    at_rest(qtbot, demo)
    said = [one.text() for one in page.pane.findChildren(QLabel)]
    assert "47" in said
    assert "背后的 47 行" in said
    page.pane.numbers.rows_wanted.emit()
    at_rest(qtbot, demo)
    ledger = page_of(demo)
    assert isinstance(ledger, ProjectsPage)
    assert ledger.model.rowCount() == 47


def test_that_the_report_is_written_as_a_workbook_and_as_a_pdf(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    answers.files += [tmp_path / "月报.xlsx", tmp_path / "月报.pdf"]
    page.xlsx_button.click()
    page.pdf_button.click()
    at_rest(qtbot, demo)
    assert (tmp_path / "月报.xlsx").read_bytes()[:2] == b"PK"
    assert (tmp_path / "月报.pdf").read_bytes()[:4] == b"%PDF"
    assert "月报" in page.footer.right.toolTip() + page.footer.right.text()


def test_that_a_file_that_cannot_be_written_is_said_and_the_page_stays(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    (tmp_path / "不是文件夹").write_bytes(b"")
    answers.files.append(tmp_path / "不是文件夹" / "月报.pdf")
    page.pdf_button.click()
    at_rest(qtbot, demo)
    assert page.strip.isVisible()
    assert [one.text() for one in page.strip.buttons] == ["另存为…", "重试", "关闭"]
    answers.files.append(tmp_path / "月报.pdf")
    page.strip.buttons[0].click()
    at_rest(qtbot, demo)
    assert (tmp_path / "月报.pdf").exists()
    assert not page.strip.isVisible()
    assert page.view.page_count > 3


def test_that_another_period_is_drawn_anew(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.period.take(Period.of_months("2024-05", "2024-05"))
    at_rest(qtbot, demo)
    assert "2024-05-31" in page.stand.text()


def test_that_a_finalised_month_says_so_and_cannot_be_finalised_twice(
    qtbot: QtBot, demo: Window, answers: Answers
) -> None:
    page = report_of(qtbot, demo)
    page.close_button.click()
    at_rest(qtbot, demo)
    assert page.state.text == "已定稿"
    assert not page.close_button.isVisible()


def test_that_an_empty_book_has_a_report_too(qtbot: QtBot, empty: Window) -> None:
    page = report_of(qtbot, empty)
    assert page.view.page_count >= 1
