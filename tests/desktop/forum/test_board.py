"""The board of the forum: issues from the table to closing, lawful moves, what is missing in words, slips."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.core import settings
from db.core.book import Book
from db.core.text import _
from db.forum.rules import Step
from db.people.models import DEPARTMENT
from db.people.service import merge_unit, unit_ids
from desktop.forum import slips
from desktop.forum.board import BoardView
from desktop.forum.board_new import NewIssueForm
from desktop.forum.board_settings import ChainForm
from desktop.forum.page import ForumPage
from desktop.forum.steps import StepForm
from desktop.kit.lanes import FOLDED
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.desktop.forum.at_table import pdf_text
from tests.desktop.kit.cards import drag
from tests.factories import forum
from tests.postgres import Server

CTRL = Qt.KeyboardModifier.ControlModifier
OPENED = Callable[..., BoardView]


@pytest.fixture
def opened(qtbot: QtBot, new_window: Callable[..., Window], empty_file: Path, tmp_path: Path) -> OPENED:
    """Opens the board on a book that `fill` fills."""

    def open_it(fill: Callable[[Book], object], *, full: bool = False, lang: str = "zh") -> BoardView:
        path = shutil.copyfile(empty_file, tmp_path / "政企有约.zsb")
        with Book.open(path, actor="测试员") as book:
            if full:
                with book.write(_("Set")) as connection:
                    settings.put(connection, "forum.chain", "full")
            fill(book)
        return shown_board(qtbot, new_window(lang), path)

    return open_it


def shown_board(qtbot: QtBot, window: Window, target: Path | str) -> BoardView:
    """The board of a book in a window."""
    window.open_book(str(target))
    at_rest(qtbot, window)
    window.go("forum")
    at_rest(qtbot, window)
    page = window.page
    assert isinstance(page, ForumPage)
    page.show_as("board")
    at_rest(qtbot, window)
    board = page.view("board")
    assert isinstance(board, BoardView)
    return board


def window_of(board: BoardView) -> Window:
    """The window around it."""
    found = board.window()
    assert isinstance(found, Window)
    return found


def rest(qtbot: QtBot, board: BoardView) -> None:
    """Until nothing is under way."""
    at_rest(qtbot, window_of(board))


def form_of(board: BoardView, kind: str) -> StepForm:
    """The form that is open, of this step."""
    form = board.pane.step_form
    assert form is not None, board.page.footer.right.text()
    assert form.kind == kind
    return form


def take(qtbot: QtBot, board: BoardView, kind: str, **texts: str) -> None:
    """Fill the open form and take the step."""
    form = form_of(board, kind)
    form.form.put_texts(texts)
    form.do.click()
    rest(qtbot, board)
    assert board.pane.step_form is None, form.refusal.text()


def said(part: QWidget) -> str:
    """Every sentence that a part of the window shows."""
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def told(board: BoardView) -> str:
    """What the footer says."""
    return board.page.footer.right.toolTip() or board.page.footer.right.text()


def states(board: BoardView) -> dict[str, int]:
    """Column → how many issues are in it."""
    return {key: lane.count for key, lane in board.lanes.lanes.items() if lane.count}


def step(qtbot: QtBot, board: BoardView, way: Qt.Key = Qt.Key.Key_Right) -> None:
    """Ctrl and an arrow on the board."""
    press(board.lanes, way, CTRL)
    rest(qtbot, board)


def call(qtbot: QtBot, board: BoardView, rating: Qt.Key) -> None:
    """R on the board, then how content the enterprise is, then Enter."""
    press(board.lanes, Qt.Key.Key_R)
    rest(qtbot, board)
    ratings = form_of(board, "follow_up").ratings
    assert ratings is not None
    press(ratings, rating)
    press(ratings, Qt.Key.Key_Return)
    rest(qtbot, board)


def test_that_captured_issues_are_followed_on_the_board_to_closing_with_one_reopened(
    qtbot: QtBot, opened: OPENED
) -> None:
    def fill(book: Book) -> None:
        _first, second = forum.issues(book, forum.issue(), forum.issue(text="设备更新贷款贴息", department="区经信局"))
        forum.course(
            book, second, Step("assign", "2024-07-12"), Step("resolve", "2024-07-15", text="已拨付"), today="2024-07-17"
        )

    board = opened(fill)
    lane = board.lanes.lanes["registered"]
    assert (lane.width(), states(board)) == (FOLDED, {"registered": 1, "resolved": 1})
    press(lane.head, Qt.Key.Key_Return)
    rest(qtbot, board)
    (first,), (second,) = lane.ids, board.lanes.lanes["resolved"].ids
    board.choose(first)
    step(qtbot, board)
    assert "2024-07-26（星期五）" in said(form_of(board, "assign"))
    take(qtbot, board, "assign", department="区经信局")
    board.pane.forward.click()
    take(qtbot, board, "resolve", text="按市级规定办理通行证")
    assert states(board) == {"resolved": 2}
    call(qtbot, board, Qt.Key.Key_3)
    assert "不满意的原因" in said(form_of(board, "follow_up"))
    assert "重办" in form_of(board, "follow_up").hint.text()
    take(qtbot, board, "follow_up", text="逐车申请每次2天")
    assert states(board) == {"in_hand": 1, "resolved": 1}
    assert "须提级" in said(board.pane)
    board.pane.forward.click()
    take(qtbot, board, "escalate")
    board.pane.forward.click()
    take(qtbot, board, "resolve", text="已放行")
    assert board.pane.tabs.buttons["replies"].text() == "答复 2"
    for number in (first, second):
        board.choose(number)
        call(qtbot, board, Qt.Key.Key_1)
        step(qtbot, board)
        take(qtbot, board, "close")
    assert states(board) == {"closed": 2}
    assert "(2/2)" in said(board.page.footer)


def test_that_only_lawful_moves_are_taken_and_the_others_say_what_is_missing(qtbot: QtBot, opened: OPENED) -> None:
    def fill(book: Book) -> None:
        (number,) = forum.issues(book, forum.issue(department="区经信局"))
        forum.course(book, number, Step("assign", "2024-07-16"), today="2024-07-17")

    board = opened(fill, full=True)
    assert list(board.lanes.lanes)[1:4] == ["assigned", "accepted", "in_hand"]
    lane = board.lanes.lanes["assigned"]
    drag(lane, 0, board.lanes.lanes["resolved"])
    rest(qtbot, board)
    assert board.pane.step_form is None
    assert "签收" in told(board)
    drag(lane, 0, board.lanes.lanes["accepted"])
    rest(qtbot, board)
    take(qtbot, board, "accept")
    assert states(board) == {"accepted": 1}


def test_that_more_time_is_off_once_it_is_too_late_and_says_why(qtbot: QtBot, opened: OPENED) -> None:
    def fill(book: Book) -> None:
        number, other = forum.issues(
            book, forum.issue(department="区经信局"), forum.issue(text="乙", department="区经信局")
        )
        for one, due in ((number, "2024-07-17"), (other, "2024-07-26")):
            steps = Step("assign", "2024-07-15", due), Step("accept", "2024-07-15")
            forum.course(book, one, *steps, today="2024-07-17")

    board = opened(fill, full=True)
    late, early = board.lanes.lanes["accepted"].ids
    board.choose(late)
    rest(qtbot, board)
    assert not board.pane.longer.isEnabled()
    assert "提前1个工作日" in board.pane.longer.toolTip()
    board.choose(early)
    rest(qtbot, board)
    board.pane.longer.click()
    rest(qtbot, board)
    take(qtbot, board, "ask_longer", length="3", text="需与交警联合勘查")
    assert board.pane.forward.text() == "批准延期…"
    board.pane.forward.click()
    rest(qtbot, board)
    take(qtbot, board, "grant")
    assert board.pane.issue is not None
    assert board.pane.issue.clock is not None
    assert (board.pane.issue.clock.granted, board.pane.issue.clock.until) == ((3,), "2024-07-31")


def test_that_the_office_switches_to_the_whole_chain_and_the_board_has_its_columns(
    qtbot: QtBot, opened: OPENED
) -> None:
    board = opened(lambda book: forum.issues(book, forum.issue()))
    assert "accepted" not in board.lanes.lanes
    board.chain.click()
    rest(qtbot, board)
    assert isinstance(board.other, ChainForm)
    board.other.form.put_texts({"forum.chain": "全流程（交办至销号）", "forum.days.ordinary": "5"})
    board.other.do.click()
    rest(qtbot, board)
    assert "accepted" in board.lanes.lanes
    assert board.board is not None
    assert (board.board.chain.full, board.board.chain.ordinary) == (True, 5)


def test_that_what_is_typed_in_a_form_is_there_again_after_esc_and_in_another_window_and_written_once(
    qtbot: QtBot, opened: OPENED, new_window: Callable[..., Window]
) -> None:
    board = opened(lambda book: forum.issues(book, forum.issue(assigned_on="2024-07-12", department="区经信局")))
    target = board.page.desk.target
    number = board.lanes.lanes["in_hand"].ids[0]
    board.choose(number)
    rest(qtbot, board)
    board.pane.note.click()
    form_of(board, "report").form.put_texts({"text": "已约谈"})
    press(form_of(board, "report"), Qt.Key.Key_Escape)
    assert board.pane.step_form is None
    board.pane.note.click()
    assert form_of(board, "report").form.editors["text"].typed == "已约谈"
    window_of(board).close()
    again = shown_board(qtbot, new_window(), Path(target))
    again.choose(number)
    rest(qtbot, again)
    again.pane.note.click()
    form = form_of(again, "report")
    assert form.form.editors["text"].typed == "已约谈"
    form.do.click()
    form.do.click()  # hurried
    press(form, Qt.Key.Key_Return)
    rest(qtbot, again)
    assert again.pane.step_form is None
    assert again.pane.issue is not None
    assert [one.kind for one in again.pane.issue.steps] == ["assign", "report"]
    again.pane.note.click()
    assert form_of(again, "report").form.editors["text"].typed == ""


def test_that_facts_are_changed_and_an_issue_is_deleted_from_the_board_by_way_of_the_ledger(
    qtbot: QtBot, opened: OPENED, answers: Answers
) -> None:
    rows = forum.issue(assigned_on="2024-07-12"), forum.issue(text="停车难", assigned_on="2024-07-12")
    board = opened(lambda book: forum.issues(book, *rows))
    board.choose(board.lanes.lanes["in_hand"].ids[1])
    rest(qtbot, board)
    board.pane.show_tab("facts")
    assert board.pane.parts.keys() == {"course"}
    page: ForumPage = window_of(board).page  # type: ignore[assignment]
    entries = {one.text(): one for one in board.pane.menu().actions()}
    entries["修改"].trigger()
    rest(qtbot, board)
    ledger = page.shown
    assert (page.shown_as, ledger.model.lines.count) == ("issues", 1)
    assert ledger.pane.form is not None
    ledger.pane.form.put_texts({"text": "园区停车难"})
    ledger.pane.save()
    rest(qtbot, board)
    page.show_as("board")
    rest(qtbot, board)
    assert board.pane.record is not None
    assert board.pane.record["text"] == "园区停车难"
    next(one for one in board.pane.menu().actions() if one.text() == "删除…").trigger()
    rest(qtbot, board)
    page.show_as("board")
    rest(qtbot, board)
    assert states(board) == {"in_hand": 1}
    assert not board.pane.isVisible()


def test_that_files_lie_at_a_step_are_opened_there_and_a_slip_goes_out_again_under_its_number(
    qtbot: QtBot, opened: OPENED, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = forum.issue(assigned_on="2024-07-01", due_on="2024-07-10", department="区经信局", session=19)
    board = opened(lambda book: forum.issues(book, row))
    board.choose(board.lanes.lanes["in_hand"].ids[0])
    rest(qtbot, board)
    pane = board.pane
    pane.note.click()
    form = form_of(board, "report")
    for name in ("会议纪要.txt", "照片.txt", "太大.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    answers.files += [tmp_path / "会议纪要.txt", tmp_path / "太大.txt"]
    form.files.choose()
    place = pane.mapToGlobal(pane.rect().center())
    assert board.drop_hint([tmp_path / "照片.txt"], place) is not None
    assert board.drop([tmp_path / "照片.txt"], place)
    (tmp_path / "太大.txt").unlink()
    form.form.put_texts({"text": "现场协调"})
    form.do.click()
    rest(qtbot, board)
    assert "太大.txt" in form.refusal.text()
    next(one for one in form.files.findChildren(QPushButton) if "太大.txt" in one.accessibleName()).click()
    take(qtbot, board, "report")
    assert pane.issue is not None
    assert [[one.name for one in files] for files in pane.issue.files.values()] == [["会议纪要.txt", "照片.txt"]]
    seen: list[Path] = []

    def open_it(url: QUrl) -> bool:
        seen.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_it)
    links = {one.text(): one for one in pane.parts["course"].findChildren(QPushButton)}
    links["照片.txt"].click()
    rest(qtbot, board)
    assert [one.read_text(encoding="utf-8") for one in seen] == ["照片.txt"]
    first = pane.parts["course"].steps[0]
    assert board.drop([tmp_path / "照片.txt"], first.mapToGlobal(first.rect().center()))
    rest(qtbot, board)
    answers.files.append(tmp_path / "会议纪要.txt")
    pane.parts["course"].steps[0].add.click()
    rest(qtbot, board)
    assert [len(files) for files in pane.issue.files.values()] == [2, 2]
    for _undone in range(2):
        window_of(board).doing["undo"]()
        rest(qtbot, board)
    assert [len(files) for files in pane.issue.files.values()] == [2]
    answers.files += [tmp_path / name for name in ("督办.pdf", "重发.pdf", "原件.pdf")]
    for text in ("黄色督办单…", "重新制发庐督办〔2024〕1号…"):
        next(one for one in pane.menu().actions() if one.text() == text).trigger()
        rest(qtbot, board)
    assert [one.kind for one in pane.issue.steps][-2:] == ["supervise", "reissue"]
    next(one for one in pane.parts["course"].findChildren(QPushButton) if one.text() == "发出时的督办单…").click()
    rest(qtbot, board)
    assert "重新制发" in pdf_text(tmp_path / "重发.pdf")
    assert "重新制发" not in pdf_text(tmp_path / "原件.pdf")


def test_that_two_who_answer_one_issue_at_once_lose_nothing_and_a_department_merged_away_is_still_answered_for(
    qtbot: QtBot, new_window: Callable[..., Window], postgres_server: Server, empty_database: str
) -> None:
    with (
        postgres_server.fresh_database(empty_database) as url,
        Book.open(url, actor="另一人") as book,
        closing(new_window()) as window,
    ):
        (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12", department="区经信局"))
        board = shown_board(qtbot, window, url)
        board.choose(number)
        rest(qtbot, board)
        board.pane.open_step("resolve")
        forum.course(book, number, Step("resolve", "2024-07-17", text="已放行", author="另一人"), today="2024-07-17")
        form = form_of(board, "resolve")
        form.form.put_texts({"text": "已协调交警"})
        form.do.click()
        rest(qtbot, board)
        assert "此前已有人记了“办结”（2024-07-17，另一人）：已放行。" in form.refusal.text()
        board.refresh()
        rest(qtbot, board)
        assert board.pane.step_form is form
        assert form.form.editors["text"].typed == "已协调交警"
        press(form, Qt.Key.Key_Escape)
        with book.write(_("Merge")) as connection:
            gone, into = (unit_ids(connection, [name], kind=DEPARTMENT)[name] for name in ("区经信局", "区发改委"))
            merge_unit(connection, gone, into)
        call(qtbot, board, Qt.Key.Key_3)
        take(qtbot, board, "follow_up", text="仍不能进")
        assert states(board) == {"in_hand": 1}
        assert board.pane.issue is not None
        assert board.pane.issue.replies == 1


def test_that_a_department_sees_its_queue_and_a_new_issue_begins_with_it(
    qtbot: QtBot, opened: OPENED, answers: Answers, tmp_path: Path
) -> None:
    rows = [
        forum.issue(text=f"第{at}件", assigned_on="2024-07-12", due_on="2024-07-15", department="区经信局")
        for at in range(60)
    ]
    board = opened(lambda book: forum.issues(book, *rows, forum.issue(assigned_on="2024-07-12", department="区住建局")))
    lane = board.lanes.lanes["in_hand"]
    assert (lane.count, lane.shown, lane.rest) == (61, 50, 11)
    lane.show_more()
    rest(qtbot, board)
    assert (lane.shown, lane.rest) == (61, 0)
    assert lane.numbers[0][0] == "逾期 60"
    board.copy_text()
    rest(qtbot, board)
    first, *_more, last = QGuiApplication.clipboard().text().splitlines()
    assert first == "1. 庐州天仪仪器有限公司 · 第0件 · 区经信局 · 逾期2个工作日"
    assert last.startswith("61. ")
    assert board.actions_of == "forum_board"  # whose keys Ctrl+/ lists
    assert not [one for one in board.papers_menu().actions() if "填报清单" in one.text()]
    board.department.setCurrentIndex(board.department.findText("区住建局"))
    rest(qtbot, board)
    assert states(board) == {"in_hand": 1}
    answers.files.append(tmp_path / "填报.xlsx")
    next(one for one in board.papers_menu().actions() if one.text() == "区住建局填报清单…").trigger()
    rest(qtbot, board)
    sheet = load_workbook(tmp_path / "填报.xlsx").worksheets[0]
    assert any(cell.value == "园区南门夜间货车限行" for row in sheet.iter_rows() for cell in row)
    press(board.lanes, Qt.Key.Key_N)
    rest(qtbot, board)
    form = board.other
    assert isinstance(form, NewIssueForm)
    assert form.form.editors["department"].typed == "区住建局"
    form.form.put_texts({"company": "庐州安澜有限公司", "text": "设备更新贷款贴息拨付"})
    form.do.click()
    rest(qtbot, board)
    assert states(board) == {"registered": 1, "in_hand": 1}
    assert board.pane.issue is not None
    assert board.pane.issue.category == "融资"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_slips_come_out_as_pdf_and_workbook_in_both_languages(
    qtbot: QtBot, opened: OPENED, answers: Answers, tmp_path: Path, lang: str
) -> None:
    row = forum.issue(assigned_on="2024-07-01", due_on="2024-07-10", department="区经信局", session=19)
    board = opened(
        lambda book: forum.issues(book, row, forum.issue(text="二", resolved_on="2024-07-12", handling="已办")),
        lang=lang,
    )
    paths = [tmp_path / name for name in ("交办.pdf", "督办.xlsx", "反馈.pdf", "销号.pdf")]
    answers.files += paths
    papers = board.papers_menu().actions()
    for at in (0, 3, 1):  # assigned, the yellow one of those supervised, answered
        papers[at].trigger()
        rest(qtbot, board)
    board.choose(board.lanes.lanes["in_hand"].ids[0])
    rest(qtbot, board)
    next(one for one in board.pane.menu().actions() if one.text() in ("办结报告…", "Closing report…")).trigger()
    rest(qtbot, board)
    first = pdf_text(paths[0])
    assert ("政企有约交办单" if lang == "zh" else "Assignment slip") in first
    assert "园区南门夜间货车限行" in first
    sheet = load_workbook(paths[1]).worksheets[-1]
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert "2024-07-10" in " ".join(cells)
    assert ("时限" if lang == "zh" else "Deadline") in " ".join(cells)
    assert board.pane.issue is not None
    sent = board.pane.issue.steps[-1]
    assert (sent.kind, sent.choice, sent.text) == ("supervise", "yellow_slip", "庐督办〔2024〕1号")
    assert "已办" in pdf_text(paths[2])
    assert ("办理经过" if lang == "zh" else "Course of the issue") in pdf_text(paths[3])


def test_that_an_empty_board_offers_a_first_issue_and_a_slip_of_nothing_is_refused_in_words(
    qtbot: QtBot, opened: OPENED, answers: Answers, tmp_path: Path
) -> None:
    board = opened(lambda book: None)
    assert "还没有诉求" in said(board)
    answers.files.append(tmp_path / "督办.pdf")
    slips.save_supervision(board.page, "red_slip", [], about="")
    rest(qtbot, board)
    assert not (tmp_path / "督办.pdf").exists()
    assert "没有" in told(board)


def test_that_the_board_as_it_was_is_shown_and_only_looked_at(qtbot: QtBot, demo: Window) -> None:
    demo.go("forum")
    page = demo.page
    assert isinstance(page, ForumPage)
    page.show_as("board")
    at_rest(qtbot, demo)
    board = page.view("board")
    now = states(board)
    demo.look_at("2024-07-31")
    at_rest(qtbot, demo)
    assert sum(states(board).values()) < sum(now.values())
    board.show_example()
    at_rest(qtbot, demo)
    assert not board.pane.forward.isEnabled()
    assert not board.add.isEnabled()
    press(board.lanes, Qt.Key.Key_R)
    at_rest(qtbot, demo)
    assert board.pane.step_form is None
    press(board.lanes, Qt.Key.Key_Escape)
    assert not board.pane.isVisible()
