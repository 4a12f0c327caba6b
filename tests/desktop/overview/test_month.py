"""June of the demonstration, as the head of the section works through it: words, numbers, order, files, 定稿, July."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.period import Period
from db.core.text import Text
from db.reports.report import Paragraph, Report
from desktop.kit.pdf import sizes_of
from desktop.overview.making import Made
from desktop.overview.page import ReportPage
from desktop.overview.sending import draw_pages, export
from desktop.overview.writing import ParagraphCard
from desktop.shell.window import Window
from tests.desktop.conftest import LONG, Answers, at_rest, drop, page_of, press

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def report_of(qtbot: QtBot, window: Window) -> ReportPage:
    """The report page, with its report."""
    window.go("overview")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ReportPage)
    return page


def made(page: ReportPage) -> Made:
    """The report that is shown."""
    assert page.made is not None
    return page.made


def says(page: ReportPage) -> str:
    """The text as it is printed."""
    return made(page).report.text()


def paragraph(page: ReportPage, place: str) -> Paragraph:
    """A paragraph of the draft."""
    return next(one for one in made(page).draft.paragraphs() if one.place == place)


def write(widget: QWidget, text: str) -> None:
    """Chinese, as an input method commits it."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def card_of(qtbot: QtBot, page: ReportPage, place: str) -> ParagraphCard:
    """The card of a paragraph, with the keyboard in it."""
    page.edit(place)
    at_rest(qtbot, page.window())  # type: ignore[arg-type]
    return page.pane.words.cards[place]


def said_in(widget: QWidget) -> str:
    """Every label of a part."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def append(qtbot: QtBot, page: ReportPage, place: str, text: str) -> None:
    """Write at the end of a paragraph, and keep it."""
    card = card_of(qtbot, page, place)
    card.edit.moveCursor(QTextCursor.MoveOperation.End)
    write(card.edit, text)
    press(card.edit, Qt.Key.Key_Return, CONTROL)
    at_rest(qtbot, page.window())  # type: ignore[arg-type]


def type_over(qtbot: QtBot, page: ReportPage, place: str, digits: str, rest: str) -> None:
    """Go to the first number of a paragraph and print another one."""
    card = card_of(qtbot, page, place)
    card.edit.moveCursor(QTextCursor.MoveOperation.Start)
    press(card.edit, Qt.Key.Key_Tab)
    QTest.keyClicks(card.edit, digits[0])
    QTest.keyClicks(card.over.field, digits[1:])
    write(card.over.field, rest)
    press(card.over.field, Qt.Key.Key_Return)
    at_rest(qtbot, page.window())  # type: ignore[arg-type]


def correct(qtbot: QtBot, window: Window, investment: int, which: int = 0) -> str:
    """Correct what a project of June was agreed at, in hundredths; gives its name."""
    page = page_of(window)
    assert isinstance(page, ReportPage)
    rows = next(one.rows for one in made(page).draft.figures if one.key == "signed.investment")
    assert rows is not None
    names: list[str] = []

    def work(book: Book, progress: object) -> None:
        from sqlalchemy import select, update

        from db.projects.models import project

        with book.write(Text("更正")) as connection:
            number = rows.ids[which]
            connection.execute(update(project).where(project.c.id == number).values(agreed_investment=investment))
            names.append(connection.scalars(select(project.c.name).where(project.c.id == number)).one())

    told: list[object] = []
    window.jobs.ask(window, work, told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    assert told == [None]
    return names[0]


def test_that_june_is_worked_through_finalised_and_july_says_what_was_corrected(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    append(qtbot, page, "targets.results", "总体平稳。")
    assert "总体平稳。" in says(page)
    assert paragraph(page, "targets.results").mode == "edited"
    type_over(qtbot, page, "targets.results", "48", "个")
    assert "新签约项目48个" in says(page)
    assert [(one.typed, one.text) for one in paragraph(page, "targets.results").altered] == [("48个", "47个")]
    assert "账本为47个" in said_in(page.pane.words)

    page.sections.go_to("activities")
    press(page.sections, Qt.Key.Key_Space)
    at_rest(qtbot, demo)
    assert "招商活动\n" not in says(page)
    line = page.sections.line("activities")
    assert line is not None
    assert line.said == "不印"

    answers.files += [tmp_path / f"六月.{suffix}" for suffix in ("xlsx", "pdf", "docx")]
    for part in (page.xlsx_button, page.pdf_button, page.docx_button):
        part.click()
        at_rest(qtbot, demo)
    assert (tmp_path / "六月.pdf").read_bytes().startswith(b"%PDF")
    for suffix in ("xlsx", "docx"):
        assert zipfile.is_zipfile(tmp_path / f"六月.{suffix}")

    correct(qtbot, demo, 500 * 10**8)
    at_rest(qtbot, demo)
    assert len(made(page).draft.pending) >= 1
    page.close_button.click()
    at_rest(qtbot, demo)
    assert any("待核" in sentence for sentence in answers.asked[-1][1])
    assert page.state.text == "已定稿"
    assert page.closing.lock.isVisible()
    stored = says(page)
    assert "新签约项目48个" in stored

    name = correct(qtbot, demo, 700 * 10**8)
    at_rest(qtbot, demo)
    assert says(page) == stored
    page.period.take(Period.of_months("2024-01", "2024-07"))
    at_rest(qtbot, demo)
    changes = made(page).report.tables()["changes"]
    assert any(name in row for row in changes.rows)
    assert not changes.printed


def test_that_the_figures_are_counted_again_only_where_more_than_words_was_changed(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    first = made(page).composed
    append(qtbot, page, "targets.results", "总体平稳。")
    second = made(page).composed
    correct(qtbot, demo, 500 * 10**8)
    at_rest(qtbot, demo)
    third = made(page).composed
    assert first is not None
    assert second is not None
    assert third is not None
    assert second.found is first.found
    assert third.found is not second.found
    assert "总体平稳。" in says(page)


def test_that_a_number_typed_over_becomes_the_books_again_with_one_click(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    type_over(qtbot, page, "targets.results", "50", "个")
    card = card_of(qtbot, page, "targets.results")
    card.edit.moveCursor(QTextCursor.MoveOperation.Start)
    press(card.edit, Qt.Key.Key_Tab)
    assert card.over.live.isVisible()
    card.over.live.click()
    at_rest(qtbot, demo)
    assert paragraph(page, "targets.results").altered == ()
    assert paragraph(page, "targets.results").mode == "auto"
    demo.undoing.undo()
    at_rest(qtbot, demo)
    assert "新签约项目50个" in says(page)


def test_that_a_paragraph_left_out_keeps_its_words_and_comes_back_composed(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    append(qtbot, page, "signed.places", "（略）")
    card = card_of(qtbot, page, "signed.places")
    card.modes.buttons["off"].click()
    at_rest(qtbot, demo)
    assert "按属地分别为" not in says(page)
    card.modes.buttons["edited"].click()
    at_rest(qtbot, demo)
    assert "（略）" in says(page)
    card.modes.buttons["auto"].click()
    at_rest(qtbot, demo)
    assert "按属地分别为" in says(page)
    assert "（略）" not in says(page)


def test_that_next_steps_are_written_and_carried_over_until_they_are_touched(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    append(qtbot, page, "next_steps.own", "抓好开工。\n抓好入统。")
    assert "抓好开工。\n抓好入统。" in says(page)
    page.period.take(Period.of_months("2024-01", "2024-07"))
    at_rest(qtbot, demo)
    assert "抓好入统。" in says(page)
    card_of(qtbot, page, "next_steps.own")
    assert "沿用2024年" in said_in(page.pane.words)


def test_that_sections_are_put_in_another_order_with_the_keys(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.sections.go_to("started")
    page.sections.setFocus()
    press(page.sections, Qt.Key.Key_Up, ALT)
    at_rest(qtbot, demo)
    keys = [one.key for one in made(page).report.sections]
    assert keys.index("started") < keys.index("signed")
    assert page.sections.current == "started"
    assert "（一）开工与投产" in says(page)


def test_that_tab_walks_the_figures_and_enter_explains_with_everything(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.turn_pane()
    page.view.setFocus()
    press(page.view, Qt.Key.Key_Tab)
    press(page.view, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.pane.numbers.figure is not None
    assert page.pane.numbers.figure.key == "signed.count"
    said = said_in(page.pane.numbers)
    for words in ("口径", "上年同期", "上期", "年度目标", "序时进度", "背后的 47 行", "合计"):
        assert words in said


def test_that_another_form_is_made_named_and_given_a_title(qtbot: QtBot, demo: Window) -> None:
    from desktop.overview.menus import form_menu

    page = report_of(qtbot, demo)
    entry = next(one for one in form_menu(page).actions() if one.text() == "复制为新样式")
    entry.trigger()
    at_rest(qtbot, demo)
    form = page.pane.form
    assert page.focusWidget() is form.name
    form.name.selectAll()
    write(form.name, "专报样式")
    press(form.name, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.form_button.name == "专报样式"
    form.kind.setCurrentIndex(form.kind.findData("special"))
    at_rest(qtbot, demo)
    assert made(page).report.title.endswith("专报")
    form.heads["title"].setFocus()
    form.heads["title"].selectAll()
    write(form.heads["title"], "上半年招商专报")
    press(form.heads["title"], Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert made(page).report.title == "上半年招商专报"


def test_that_a_saved_view_becomes_a_table_of_the_report(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.pane.form.tables_wanted.emit(page.mapToGlobal(page.rect().center()))
    at_rest(qtbot, demo)
    from desktop.kit.lists import Picker

    picker = page.findChild(Picker)
    assert picker is not None
    picker.chosen.emit("projects:stuck")
    picker.close()
    at_rest(qtbot, demo)
    assert len(made(page).form.tables) == 1
    assert any(key.startswith("own") or "stuck" in key for key in made(page).report.tables())


def test_that_a_reopened_month_needs_a_reason(qtbot: QtBot, demo: Window, answers: Answers) -> None:
    page = report_of(qtbot, demo)
    page.close_button.click()
    at_rest(qtbot, demo)
    answers.words += ["", "到位资金补报"]
    page.closing.reopen_button.click()
    at_rest(qtbot, demo)
    assert page.state.text == "已定稿"
    assert "重新打开" in page.strip.sentence
    page.closing.reopen_button.click()
    at_rest(qtbot, demo)
    assert page.state.text == "未定稿"


def test_that_a_week_has_a_report(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    page.period.take(Period.parse("2024-06-10..2024-06-16"))
    at_rest(qtbot, demo)
    assert "6月10日" in says(page)
    assert page.view.page_count >= 1


def test_that_the_text_goes_to_the_clipboard_and_the_month_into_a_picture(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    page.doing["copy_text"]()
    assert QGuiApplication.clipboard().text() == says(page)
    answers.files.append(tmp_path / "六月.png")
    page.doing["picture"]()
    assert (tmp_path / "六月.png").read_bytes().startswith(b"\x89PNG")


def test_that_the_pages_are_printed_as_they_are_shown_turned_ones_turned(
    qtbot: QtBot, demo: Window, tmp_path: Path
) -> None:
    from PySide6.QtPrintSupport import QPrinter

    page = report_of(qtbot, demo)
    page.period.take(Period.parse("2024-06-10..2024-06-16"))
    at_rest(qtbot, demo)
    assert page.pages is not None
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印出.pdf"))
    draw_pages(printer, page.pages)
    lying = [width > height for width, height in sizes_of(tmp_path / "印出.pdf")]
    assert lying == [width > height for width, height in page.pages.sizes]
    assert True in lying


def test_that_a_character_no_face_has_is_said_when_the_pdf_is_written(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    assert page.made is not None
    answers.files.append(tmp_path / "六月.pdf")
    export(page, replace(page.made, report=Report("标题\U0010fff0", ())), "pdf")
    at_rest(qtbot, demo)
    assert (tmp_path / "六月.pdf").exists()
    assert "U+10FFF0" in page.strip.sentence


def test_that_a_word_file_that_comes_back_shows_what_was_changed_and_is_taken(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = report_of(qtbot, demo)
    sent = tmp_path / "送审稿.docx"
    answers.files.append(sent)
    page.docx_button.click()
    at_rest(qtbot, demo)
    edited = tmp_path / "领导改后.docx"
    with zipfile.ZipFile(sent) as before, zipfile.ZipFile(edited, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(">26个<".encode(), ">27个<".encode(), 1)
            after.writestr(entry, content)
    drop(demo, edited)
    at_rest(qtbot, demo)
    cards = page.pane.returned.cards
    assert [[(one.typed, one.text) for one in card.change.typed] for card in cards] == [[("27个", "26个")]]
    cards[0].take_button.click()
    at_rest(qtbot, demo)
    assert "亿元以上项目27个" in says(page)
    assert [one.typed for one in paragraph(page, "targets.results").altered] == ["27个"]
    shutil.copy(sent, tmp_path / "又一份.docx")
    page.take_returned(tmp_path / "又一份.docx")
    at_rest(qtbot, demo)
    assert [card.change.place for card in page.pane.returned.cards] == ["targets.results"]


def test_that_a_file_that_is_no_word_file_is_said(qtbot: QtBot, demo: Window, tmp_path: Path) -> None:
    page = report_of(qtbot, demo)
    path = tmp_path / "{不是}Word.docx"
    path.write_bytes(b"plain")
    page.take_returned(path)
    at_rest(qtbot, demo)
    assert path.name in page.strip.sentence


def test_that_what_was_typed_and_not_saved_is_offered_after_the_window_was_gone(
    qtbot: QtBot, demo: Window, new_window: Callable[..., Window]
) -> None:
    page = report_of(qtbot, demo)
    card = card_of(qtbot, page, "next_steps.own")
    write(card.edit, "抓好入统。")
    assert card.dirty
    demo.close()
    again = new_window()
    again.open_book(demo.target)
    at_rest(qtbot, again)
    page = report_of(qtbot, again)
    assert "1 段文字" in page.strip.sentence
    page.strip.buttons[0].click()
    at_rest(qtbot, again)
    assert "抓好入统。" in says(page)


def test_that_a_narrow_window_gives_the_panes_room_to_the_pages(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    assert page.pane.isVisible()
    demo.resize(1000, 700)
    QApplication.processEvents()
    assert not page.pane.isVisible()
    page.explain("signed.count")
    assert page.pane.isVisible()


def test_that_what_is_to_be_checked_is_listed_and_leads_to_its_place(qtbot: QtBot, demo: Window) -> None:
    page = report_of(qtbot, demo)
    type_over(qtbot, page, "targets.results", "50", "个")
    page.sections.go_to("problems")
    page.show_waiting()
    assert page.strip.list is not None
    page.strip.list.itemClicked.emit(page.strip.list.item(0))
    at_rest(qtbot, demo)
    assert page.sections.current == "targets"
    assert page.pane.numbers.figure is not None
    assert page.pane.numbers.figure.key == "signed.count"
