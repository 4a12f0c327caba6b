"""A report with lists of thousands of rows: the preview has their first sheets, a file every row; counting can be stopped."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from desktop.overview import shortening
from desktop.overview.page import ReportPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of


def words_of(path: Path) -> str:
    """The text of a PDF, in one line."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def test_that_the_preview_has_the_first_rows_of_long_lists_and_the_file_has_all(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortening, "MOST_ROWS", 20)
    demo.go("overview")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, ReportPage)
    assert page.made is not None
    assert page.pages is not None
    listed = next(one for one in page.made.report.appendix if len(one.rows) == 47)
    first, last = (str(row[1]) for row in (listed.rows[0], listed.rows[-1]))
    shown = words_of(page.pages.path)
    assert first in shown
    assert last not in shown
    assert "预览只列前20行（共47行），导出的文件全部列出。" in shown
    assert page.page_label.text().endswith("长名单只列前 20 行")

    page.print_report()
    assert "名单太长" in page.strip.sentence
    answers.files.append(tmp_path / "通报.pdf")
    page.strip.buttons[0].click()
    at_rest(qtbot, demo)
    assert last in words_of(tmp_path / "通报.pdf")


def test_that_a_report_whose_counting_was_stopped_is_made_when_asked_again(qtbot: QtBot, demo: Window) -> None:
    demo.go("overview")
    page = page_of(demo)
    assert isinstance(page, ReportPage)

    def stopped() -> bool:
        for job in list(demo.jobs._waiting):
            job.cancel()
        return page.again_button.isVisible()

    qtbot.waitUntil(stopped)
    assert page.told.sentence.text() == "已取消，什么都没有改。"
    page.again_button.click()
    at_rest(qtbot, demo)
    assert page.view.page_count > 2
