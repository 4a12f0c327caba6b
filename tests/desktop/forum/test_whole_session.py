"""A whole session: typed by keyboard, assigned, followed to closing with one issue reopened, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from db.core.book import Book
from db.core.period import Period
from db.forum.at_table import sitting
from db.forum.report import sections
from db.forum.slips import slip
from db.reports.report import Paragraph, Table
from desktop.forum.board import BoardView
from desktop.forum.capture import CaptureView
from desktop.forum.issues import Finish, IssuesView
from desktop.forum.page import ForumPage
from tests.desktop.conftest import Answers, press
from tests.desktop.forum.at_table import (
    CONTROL,
    DAY,
    FIRMS,
    SESSION,
    UNITS,
    enter,
    held,
    keyed,
    lines,
    now,
    rest,
    write,
)


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
    enter(2)  # hurried
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
    followed_to_closing(
        qtbot, view, [one.id for one in kept.lines if one.answer is None], [one.id for one in kept.lines]
    )
    with Book.open(path) as book, book.read() as connection:
        kept = sitting(connection, now(view).id, today=DAY)
        told = {lang: said_of(connection, [one.id for one in found], lang) for lang in ("zh", "en")}
    assert kept is not None
    assert {one.state for one in kept.lines} == {"closed"}
    section, paper = told["zh"]
    assert (
        "举办政企有约活动2期（第22—23期），接待走访企业8家，收集协调诉求21件。已办结20件，办结率95.2%（20/21）"
        in section
    )
    assert "已回访20件，满意率100.0%（20/20）" in section
    assert paper.startswith("政企有约反馈单")
    assert "二期洁净车间环评与能评能否并联办理 区住房和城乡建设局 逐台核发通行证 已解决 2024-07-17 满意" in paper
    section, paper = told["en"]
    assert "20 issues were resolved, 95.2% (20/21)" in section
    assert paper.startswith("Feedback slip")
    assert "逐台核发通行证 Solved 2024-07-17 Satisfied" in paper


def followed_to_closing(qtbot: QtBot, view: CaptureView, unanswered: list[int], every: list[int]) -> None:
    """Resolved in one step, one of them not to the enterprise's content and opened again, followed up, closed."""
    page: ForumPage = view.page  # type: ignore[assignment]
    doubtful, *others = unanswered

    def chosen(ids: Sequence[int]) -> IssuesView:
        page.show_only("本期", ids)
        rest(qtbot, view)
        ledger: IssuesView = page.shown
        ledger.table.choose(0, 0)
        press(ledger.table, Qt.Key.Key_A, CONTROL)
        return ledger

    for ids, text in ((others, "已协调解决"), ([one for one in every if one not in unanswered], "")):
        ledger = chosen(ids)
        ledger.doing["finish"]()
        write(text)
        (card,) = (one for one in ledger.findChildren(Finish) if one.isVisible())
        card.rating.setCurrentIndex(1)
        press(held(), Qt.Key.Key_Return, CONTROL)
        rest(qtbot, view)
    page.show_as("board")
    rest(qtbot, view)
    board: BoardView = page.shown

    def step(do: Callable[[], object], text: str = "") -> None:
        do()
        rest(qtbot, view)
        assert board.pane.step_form is not None
        board.pane.step_form.form.put_texts({"text": text} if text else {})
        board.pane.step_form.do.click()
        rest(qtbot, view)
        assert board.pane.step_form is None

    def rated(number: int, rating: Qt.Key, text: str = "") -> None:
        board.choose(number)
        board.follow_up()
        rest(qtbot, view)
        assert board.pane.step_form is not None
        press(held(), rating)
        step(lambda: None, text)

    board.choose(doubtful)
    rest(qtbot, view)
    step(partial(board.pane.open_step, "resolve"), "可逐台申请")
    rated(doubtful, Qt.Key.Key_3, "逐台申请，每次两天")
    assert board.pane.forward.text() == "提级…"
    step(partial(board.pane.open_step, "escalate"))
    step(partial(board.pane.open_step, "resolve"), "逐台核发通行证")
    rated(doubtful, Qt.Key.Key_1)
    chosen(every).close_chosen()
    rest(qtbot, view)


def said_of(connection: Connection, ids: list[int], lang: str) -> tuple[str, str]:
    """What section 6 of the report says, and what stands on the feedback slip of these issues."""
    (section,) = sections(connection, Period("2024-07-01", DAY, "2024-07"), lang)
    paper = slip(connection, "feedback", ids, today=DAY, lang=lang)
    (table,) = paper.appendix
    assert isinstance(table, Table)
    cells = [*(one.label for one in table.columns), *(str(cell) for row in table.rows for cell in row)]
    return "".join(one.text for one in section.blocks if isinstance(one, Paragraph)), " ".join([paper.title, *cells])
