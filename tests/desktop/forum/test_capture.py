"""现场记录: a session typed by keyboard; drafts, lines that wait, what is alike, the end with its preview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from db.core import attachments
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.forum import at_table
from db.forum.at_table import Guest, deadline, sitting
from db.forum.models import issue
from db.forum.rules import Chain
from db.forum.service import Line
from desktop.forum.capture import CaptureView
from desktop.forum.capture_queue import Queue
from desktop.forum.capture_sides import numbers_of
from desktop.forum.page import ForumPage
from desktop.kit import projector
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.desktop.forum.at_table import (
    ALT,
    CONTROL,
    DAY,
    FIRMS,
    SESSION,
    SHIFT,
    UNITS,
    Typed,
    enter,
    held,
    keyed,
    lines,
    now,
    opened,
    rest,
    write,
)  # fmt: skip
from tests.factories import forum
from tests.postgres import Server


def test_that_names_are_completed_a_guess_stays_grey_and_a_wrong_deadline_is_said(
    qtbot: QtBot, view: CaptureView
) -> None:
    entry = view.entry
    entry.company.setFocus()
    QTest.keyClicks(entry.company, "xqtx")
    assert entry.company.proposals[0] == FIRMS[4]
    enter()
    assert entry.company.text() == FIRMS[4]
    assert view.guests.current == FIRMS[4]
    write("二次装修消防审查排队")
    enter()
    QTest.keyClicks(entry.departments, "xx")
    assert entry.departments.proposals[-1] == "新增“xx”"
    entry.departments.put("")
    write("区数据局")
    enter()
    assert (entry.departments.text(), entry.category.text()) == ("区数据局", "")
    assert entry.category.placeholderText()
    enter()
    assert entry.category.text() == entry.category.placeholderText()
    enter()
    QTest.keyClicks(entry.due, "99")
    enter()
    assert entry.refusal.isVisible()
    assert not view.queue.waiting
    assert held() is entry.due
    entry.due.put("")
    rest(qtbot, view)
    assert view.alike.isVisible()
    QTest.keyClick(held(), Qt.Key.Key_J, CONTROL)
    enter()
    rest(qtbot, view)
    assert lines(view)[0].departments == ("区数据局",)
    assert lines(view)[0].kind is not None


def test_that_lines_are_typed_anew_copied_cleared_and_undone_by_keys(qtbot: QtBot, view: CaptureView) -> None:
    for one in SESSION[:2]:
        keyed(one)
    rest(qtbot, view)
    press(held(), Qt.Key.Key_Up)
    press(held(), Qt.Key.Key_Up)
    assert view.entry.text.text() == SESSION[0].text
    write("，请支持")
    press(held(), Qt.Key.Key_Return, CONTROL)
    rest(qtbot, view)
    press(held(), Qt.Key.Key_Escape)
    assert [one.text for one in lines(view)] == [f"{SESSION[0].text}，请支持", SESSION[1].text]
    assert lines(view)[0].due == "2024-08-07"
    view.entry.departments.setFocus()
    view.same()
    assert view.entry.departments.text() == ""  # the line above has none
    view.entry.text.setFocus()
    press(held(), Qt.Key.Key_D, CONTROL)
    assert view.entry.text.text() == SESSION[1].text
    press(held(), Qt.Key.Key_Escape)
    assert view.entry.text.text() == ""
    press(held(), Qt.Key.Key_Z, CONTROL)
    assert view.entry.text.text() == SESSION[1].text
    press(held(), Qt.Key.Key_Escape)
    press(held(), Qt.Key.Key_F6)
    assert view.past.list.hasFocus()
    press(held(), Qt.Key.Key_Escape)
    press(held(), Qt.Key.Key_F4)
    assert held() is view.entry.reply
    press(held(), Qt.Key.Key_Escape)
    QApplication.clipboard().setText(f"{FIRMS[2]}：招工难\n停车难\n")
    press(held(), Qt.Key.Key_V, CONTROL)
    rest(qtbot, view)
    assert [(one.company, one.text) for one in lines(view)[2:]] == [(FIRMS[2], "招工难"), (FIRMS[2], "停车难")]
    write("半句")
    press(held(), Qt.Key.Key_V, CONTROL)
    assert (view.entry.text.text(), len(lines(view))) == ("半句", 4)


def test_that_files_are_chosen_or_pasted_for_a_line_and_the_page_says_since_when_it_is_recorded(
    qtbot: QtBot, view: CaptureView, answers: Answers, tmp_path: Path, path: Path
) -> None:
    press(held(), Qt.Key.Key_A, CONTROL | SHIFT)
    assert not answers.asked
    keyed(SESSION[0])
    rest(qtbot, view)
    assert view.state.text == "记录中 00:00"
    write("半句")
    rest(qtbot, view)
    shown = " ".join(one.text() for one in view.page.footer.findChildren(QLabel) if one.isVisible())
    assert "本期 8 家 已记 1 件 录入中 1 件 当场答复 0 件 本年 2 期 8 家 2 件" in shown
    for name in ("图纸.pdf", "照片.jpg"):
        (tmp_path / name).write_bytes(name.encode())
        answers.files.append(tmp_path / name)
    press(held(), Qt.Key.Key_A, CONTROL | SHIFT)
    rest(qtbot, view)
    QApplication.clipboard().setImage(QImage(8, 8, QImage.Format.Format_RGB32))
    press(held(), Qt.Key.Key_V, CONTROL)
    rest(qtbot, view)
    assert view.entry.text.text() == "半句"
    with Book.open(path) as book, book.read() as connection:
        files = attachments.of_record(connection, "forum", lines(view)[0].id)
    *chosen, picture = sorted(one.name for one in files)
    assert chosen == ["图纸.pdf", "照片.jpg"]
    assert picture.startswith("粘贴的图片 ")


def test_that_projecting_while_one_types_hides_tax_class_and_phones_and_keeps_the_line(
    qtbot: QtBot, view: CaptureView
) -> None:
    keyed(Typed(1, "请联系13900005678协调"))
    rest(qtbot, view)
    view.which.setCurrentIndex(1)
    rest(qtbot, view)
    press(held(), Qt.Key.Key_1, ALT)
    write("半句")
    window = view.window()
    assert isinstance(window, Window)
    assert "13800001234" in shown_in(view)
    window.doing["projector"]()
    try:
        at_rest(qtbot, window)
        page = window.page
        assert isinstance(page, ForumPage)
        again: CaptureView = page.shown
        assert (again.entry.company.text(), again.entry.text.text(), now(again).number) == (FIRMS[0], "半句", 22)
        again.which.setCurrentIndex(0)
        at_rest(qtbot, window)
        again.guests.mark(FIRMS[0])
        assert "周敏" in shown_in(again)
        assert "1234" not in shown_in(again) + str(again.guests.facts.findChildren(QLabel))
        assert "5678" not in shown_in(again)
        again.end()
        rest(qtbot, again)
        assert "5678" not in shown_in(again)
    finally:
        projector.switch(to=False)


def shown_in(view: CaptureView) -> str:
    """Every word in the labels and lists of the page, tooltips too."""
    lists = [one.model() for one in view.findChildren(QAbstractItemView) if one.isVisible()]
    cells = [
        str(model.index(row, column).data(role))
        for model in lists
        for row in range(model.rowCount())
        for column in range(model.columnCount() if isinstance(model, QAbstractTableModel) else 1)
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    ]
    return " ".join([*cells, *(one.text() + one.toolTip() for one in view.findChildren(QLabel) if one.isVisible())])


def test_that_a_column_keeps_the_width_it_was_dragged_to(qtbot: QtBot, view: CaptureView) -> None:
    header = view.lines.horizontalHeader()
    header.resizeSection(3, 140)
    keyed(SESSION[0])
    rest(qtbot, view)
    assert header.sectionSize(3) == 140
    assert view.page.desk.preferences.ledgers["forum_capture"]["widths"] == {"Given to": 140}


def test_that_what_is_half_typed_comes_back_after_a_crash(
    qtbot: QtBot, view: CaptureView, new_window: Callable[..., Window], path: Path
) -> None:
    press(held(), Qt.Key.Key_2, ALT)
    write("机房柴油发电机备案")
    view.keeper.look_now()
    assert "草稿" in view.entry.kept.text()
    view.which.setCurrentIndex(1)
    rest(qtbot, view)
    assert (now(view).number, view.entry.text.text()) == (22, "机房柴油发电机备案")  # another session: nothing is lost
    view.which.setCurrentIndex(0)
    rest(qtbot, view)
    view.keeper.look_now()
    view.window().close()
    again = opened(qtbot, new_window(), path)
    assert (again.entry.text.text(), again.entry.company.text()) == ("机房柴油发电机备案", FIRMS[1])
    again.entry.record()
    rest(qtbot, again)
    assert again.drafts.of(now(again).id) is None


def test_that_lines_wait_on_this_desk_while_the_server_is_down_and_are_sent_once_when_it_is_back(
    qtbot: QtBot, new_window: Callable[..., Window], postgres_server: Server, empty_database: str
) -> None:
    with postgres_server.fresh_database(empty_database) as url:
        with Book.open(url, actor="测试员") as book:
            forum.session(book, 23, DAY, companies=FIRMS)
        view = opened(qtbot, new_window(), url)
        keyed(SESSION[1])
        rest(qtbot, view)
        postgres_server.stop()
        keyed(SESSION[2])
        keyed(SESSION[7])
        rest(qtbot, view)
        assert view.sending.offline
        assert "离线" in view.state.text
        view.window().close()
        assert [one.line.text for one in Queue(url).waiting] == [SESSION[2].text, SESSION[7].text]  # on the disk
        postgres_server.start()
        again = opened(qtbot, new_window(), url)
        rest(qtbot, again)
        postgres_server.stop()
        keyed(SESSION[10])
        rest(qtbot, again)
        postgres_server.start()
        again.sending.try_again()  # as the clock does
        rest(qtbot, again)
        with Book.open(url, actor="测试员") as book, book.read() as connection:
            texts = list(connection.scalars(select(issue.c.text).order_by(issue.c.id)))
        again.window().close()
    assert texts == [SESSION[at].text for at in (1, 2, 7, 10)]
    assert not Queue(url).waiting


def test_that_a_line_that_was_written_is_not_written_again(book: Book) -> None:
    session = forum.session(book, 3, DAY)
    line = Line(FIRMS[0], "园区食堂晚班无餐", (UNITS[0],), due="2024-07-26")
    with book.write(_("Line")) as connection:
        first = at_table.record(connection, line, on=DAY, session=session)
        assert at_table.record(connection, line, on=DAY, session=session, again=True) == first
        at_table.change(connection, first, Line(FIRMS[1], "晚班无餐", answer="已供餐"), on=DAY)
        at_table.assign(connection, session, on=DAY)
        kept = sitting(connection, session, today=DAY)
    assert kept is not None
    assert [(one.company, one.text, one.state, one.answer) for one in kept.lines] == [
        (FIRMS[1], "晚班无餐", "resolved", "已供餐")
    ]


def test_that_a_deadline_is_a_number_of_working_days_or_a_day() -> None:
    chain = Chain()
    assert deadline("7", on="2024-09-05", chain=chain) == "2024-09-14"
    assert deadline("15", on="2024-09-05", chain=chain) == "2024-09-27"
    assert (
        deadline("9-20", on="2024-09-05", chain=chain)
        == deadline("2024年9月20日", on="2024-09-05", chain=chain)
        == "2024-09-20"
    )
    assert deadline(" ", on="2024-09-05", chain=chain) is None
    assert at_table.shifted("2024-09-14", chain)
    for wrong in ("9-4", "99", "后天"):
        with pytest.raises(Refused):
            deadline(wrong, on="2024-09-05", chain=chain)


def test_that_tax_and_class_are_not_on_a_projected_screen() -> None:
    guest = Guest(1, FIRMS[0], 1, 2, 1, 2023, {"tax": 10**9, "land": 25 * 10**6, "staff": 268 * 10**6}, "B", ())
    assert numbers_of(guest) == "亩均税 40.0万 · 268人"
    projector.switch(to=True)
    try:
        assert numbers_of(guest) == "268人"
    finally:
        projector.switch(to=False)


def test_that_an_empty_book_says_so_and_leads_to_the_sessions(qtbot: QtBot, empty: Window) -> None:
    empty.go("forum")
    page = empty.page
    assert isinstance(page, ForumPage)
    page.show_as("capture")
    at_rest(qtbot, empty)
    assert page.shown.nothing.isVisible()
    assert not page.shown.finish.isEnabled()
    page.shown.make_session.click()
    assert page.shown_as == "sessions"
