"""现场记录: a session typed by keyboard; drafts, lines that wait, what is alike, the end with its preview."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.errors import Refused, Unavailable
from db.core.text import _
from db.forum import at_table
from db.forum.at_table import Captured, Guest, Sitting, deadline, sitting
from db.forum.rules import Chain, Step
from db.forum.service import Line
from desktop.forum.capture import CaptureView
from desktop.forum.capture_queue import Queue
from desktop.forum.capture_sides import numbers_of
from desktop.forum.page import ForumPage
from desktop.kit import projector
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.factories import forum

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
DAY = "2024-07-17"
FIRMS = ("合肥谱微仪器有限公司", "安徽云枢计算有限公司", "合肥瑞储新能源有限公司", "合肥安澜传感有限公司", "庐阳星穹通信有限公司",
         "合肥朗感电子有限公司", "安徽启明视觉有限公司", "合肥天仪科技有限公司")  # fmt: skip
UNITS = ("区住房和城乡建设局", "区科学技术局", "区经济和信息化局", "庐阳供电公司")


class Typed(NamedTuple):
    """A line as it is typed: whose (Alt+n), its words, letters for the department, the deadline, the reply."""

    firm: int
    text: str
    letters: str = ""
    due: str = ""
    reply: str = ""


SESSION = (
    Typed(1, "二期洁净车间环评与能评能否并联办理", "zjj", "15"), Typed(1, "园区食堂晚班无餐", "", "", "9月10日起供餐到20点半"),
    Typed(1, "研发楼消防验收排期"), Typed(2, "机房柴油发电机备案材料三次退回", "gdgs", "8-2"), Typed(2, "数据中心用电扩容", "gdgs"),
    Typed(3, "储能示范项目并网验收", "gdgs", "20"), Typed(3, "人才公寓配额不足", "kjj"), Typed(3, "厂区道路破损"),
    Typed(4, "设备更新贷款贴息未拨付", "jxj"), Typed(4, "高企认定材料辅导", "kjj", "", "已约下周上门辅导"), Typed(4, "夜班公交末班延时"),
    Typed(5, "二次装修消防审查排队", "zjj", "7"), Typed(5, "货梯频发故障", "zjj"), Typed(6, "应收账款融资", "jxj"),
    Typed(6, "厂房屋顶光伏备案", "gdgs"), Typed(6, "停车位紧张"), Typed(7, "专精特新申报辅导", "jxj"), Typed(7, "招工困难"),
    Typed(8, "用地红线局部调整", "zjj"), Typed(8, "研发费用归集口径", "kjj", "", "当场说明口径"),
)  # fmt: skip


def write(text: str) -> None:
    """Chinese, as an input method commits it where the keyboard is."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(held(), event)


def held() -> QWidget:
    """The part with the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def enter(times: int = 1) -> None:
    """Enter, wherever the keyboard is."""
    for _at in range(times):
        press(held(), Qt.Key.Key_Return)


def keyed(line: Typed) -> None:
    """One line as the clerk types it; it is kept at the end."""
    press(held(), Qt.Key(int(Qt.Key.Key_0) + line.firm), ALT)
    write(line.text)
    enter()
    QTest.keyClicks(held(), line.letters)
    enter(2)
    QTest.keyClick(held(), Qt.Key.Key_Y if line.reply else Qt.Key.Key_N)
    enter()
    if line.reply:
        write(line.reply)
        enter(3)
    else:
        QTest.keyClicks(held(), line.due)
        enter()


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one session before, one today with eight enterprises, four departments."""
    target = shutil.copyfile(empty_file, tmp_path_factory.mktemp("capture") / "政企有约.zsb")
    with Book.open(target, actor="测试员") as book:
        before = forum.session(book, 22, "2024-07-04", companies=FIRMS[:2])
        row = forum.issue(
            company=FIRMS[0], text="二次装修消防审查慢", session_id=before, raised_on="2024-07-04", department=UNITS[0]
        )
        (old,) = forum.issues(book, row)
        forum.course(book, old, Step("assign", "2024-07-04"), today="2024-07-04")
        forum.session(book, 23, DAY, companies=FIRMS)
        for name in UNITS:
            forum.department(book, name)
    return target


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copyfile(made, tmp_path / "政企有约.zsb")


@pytest.fixture
def view(qtbot: QtBot, new_window: Callable[..., Window], path: Path) -> CaptureView:
    """The page, on the session of today."""
    return opened(qtbot, new_window(), path)


def opened(qtbot: QtBot, window: Window, path: Path) -> CaptureView:
    """The page in a window."""
    window.open_book(str(path))
    at_rest(qtbot, window)
    window.go("forum")
    page = window.page
    assert isinstance(page, ForumPage)
    page.show_as("capture")
    at_rest(qtbot, window)
    shown = page.shown
    assert isinstance(shown, CaptureView)
    shown.take_focus()
    return shown


def rest(qtbot: QtBot, view: CaptureView) -> None:
    """Until nothing is under way."""
    window = view.window()
    assert isinstance(window, Window)
    at_rest(qtbot, window)


def now(view: CaptureView) -> Sitting:
    """The session as the page has it."""
    assert view.sitting is not None
    return view.sitting


def lines(view: CaptureView) -> tuple[Captured, ...]:
    """What is kept."""
    return now(view).lines


def test_that_a_whole_session_is_typed_by_keyboard_and_its_issues_assigned(
    qtbot: QtBot, view: CaptureView, path: Path, answers: Answers, tmp_path: Path
) -> None:
    for one in SESSION:
        keyed(one)
    rest(qtbot, view)
    found = lines(view)
    assert [(one.company, one.text) for one in found] == [(FIRMS[one.firm - 1], one.text) for one in SESSION]
    assert (found[0].departments, found[0].due, found[0].state) == ((UNITS[0],), "2024-08-07", "pending")
    assert (found[1].answer, found[1].state, found[1].due is None) == ("9月10日起供餐到20点半", "resolved", False)
    assert [found[at].due for at in (3, 4)] == ["2024-08-02", "2024-07-26"]
    assert not view.queue.waiting
    assert all(one.attended == 1 for one in now(view).guests)
    press(held(), Qt.Key.Key_Return, CONTROL)
    rest(qtbot, view)
    proposed = [one for one in SESSION if one.letters and not one.reply]
    assert view.end_side.do.text() == f"交办 {len(proposed)} 件"
    enter()
    rest(qtbot, view)
    assert len(view.end_side.assigned) == len(proposed)
    answers.files.append(tmp_path / "交办单.pdf")
    enter()
    rest(qtbot, view)
    assert (tmp_path / "交办单.pdf").stat().st_size > 1_000
    with Book.open(path) as book, book.read() as connection:
        kept = sitting(connection, now(view).id, today=DAY)
    assert kept is not None
    assert sum(one.state == "in_hand" for one in kept.lines) == len(proposed)
    assert sum(one.state == "registered" for one in kept.lines) == len(SESSION) - len(proposed) - 3


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


def test_that_lines_wait_on_this_desk_while_the_book_cannot_be_reached(
    qtbot: QtBot, view: CaptureView, monkeypatch: pytest.MonkeyPatch, new_window: Callable[..., Window], path: Path
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(at_table, "record", _unreachable)
        keyed(SESSION[0])
        keyed(SESSION[1])
        rest(qtbot, view)
        assert not lines(view)
        assert len(view.queue.waiting) == 2
        assert view.sending.offline
        assert len(Queue(view.page.desk.target).waiting) == 2  # on the disk
        assert "离线" in view.state.text
        view.window().close()
    again = opened(qtbot, new_window(), path)
    rest(qtbot, again)
    assert [one.text for one in lines(again)] == [one.text for one in SESSION[:2]]
    assert not Queue(again.page.desk.target).waiting


def _unreachable(*_given: object, **_named: object) -> int:
    raise Unavailable(_("The server cannot be reached."))


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
