"""场次: made, changed, who came, whom to invite, the pack for the leaders."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.forum import serving, sessions
from desktop.forum.page import ForumPage
from desktop.forum.sessions import SessionsView
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.factories import forum

FIRM, OTHER = "庐州天仪仪器有限公司", "庐州安澜有限公司"


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one session, at which one enterprise raised one issue; another has one from a visit."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("sessions") / "政企有约.zsb")
    with Book.open(path, actor="测试员") as book:
        first = forum.session(book, 1, "2024-07-04", companies=(FIRM,))
        forum.issues(
            book,
            forum.issue(session_id=first, raised_on="2024-07-04"),
            forum.issue(company=OTHER, raised_on="2024-03-01"),
        )
    return path


@pytest.fixture
def view(qtbot: QtBot, new_window: Callable[..., Window], made: Path, tmp_path: Path) -> SessionsView:
    """The page of a copy of it."""
    window = new_window()
    window.open_book(str(shutil.copyfile(made, tmp_path / "政企有约.zsb")))
    at_rest(qtbot, window)
    window.go("forum")
    page = window.page
    assert isinstance(page, ForumPage)
    page.show_as("sessions")
    at_rest(qtbot, window)
    shown = page.shown
    assert isinstance(shown, SessionsView)
    return shown


def rest(qtbot: QtBot, view: SessionsView) -> None:
    """Until nothing is under way."""
    window = view.window()
    assert isinstance(window, Window)
    at_rest(qtbot, window)


def test_that_a_session_is_made_its_list_filled_and_its_pack_saved(
    qtbot: QtBot, view: SessionsView, answers: Answers, tmp_path: Path
) -> None:
    view.new()
    assert view.form is not None
    editors = view.form.form.editors
    assert editors["number"].typed == "2"
    editors["theme"].input.put("光电信息专场")
    editors["agenda"].input.put("通报上期去向")
    view.form.take()
    rest(qtbot, view)
    assert [(row["number"], row["theme"]) for row in view.rows] == [(2, "光电信息专场"), (1, None)]
    view.open_row(int(view.rows[0]["id"]))
    rest(qtbot, view)
    part = view.guests
    assert part is not None
    assert [one.of.name for one in part.proposed] == [OTHER]  # the other was met a few days ago
    part.proposals.selectRow(0)
    part.ask_in.click()
    part.more.put(FIRM)
    part.invite_typed()
    rest(qtbot, view)
    assert [row["name"] for row in part.rows] == [OTHER, FIRM]
    part.list.setCurrentIndex(part.list.rows.index(0, 0))
    press(part.list, Qt.Key.Key_Space)
    rest(qtbot, view)
    part.list.rows.setData(part.list.rows.index(0, 2), "张伟")
    rest(qtbot, view)
    assert [(row["attended"], row["people"]) for row in part.rows] == [(1, "张伟"), (None, None)]
    answers.files.append(tmp_path / "材料.pdf")
    view.save_pack()
    rest(qtbot, view)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "材料.pdf"))
    assert text.index("上期") < text.index("通报上期去向")
    assert OTHER in text


def test_that_what_cannot_be_is_refused_beside_the_field_and_nothing_is_lost(qtbot: QtBot, view: SessionsView) -> None:
    view.open_row(int(view.rows[0]["id"]))
    rest(qtbot, view)
    assert view.form is not None
    assert view.guests is not None
    view.tabs.buttons["guests"].click()
    view.guests.list.setFocus()
    view.guests.list.setCurrentIndex(view.guests.list.rows.index(0, 0))
    QTest.keyClick(view.guests.list, Qt.Key.Key_Delete)
    view.form.delete()
    rest(qtbot, view)
    assert not view.guests.refusal.isHidden()
    assert not view.form.refusal.isHidden()
    assert [row["issues"] for row in view.rows] == [1]
    view.new()
    view.form.form.editors["number"].input.put("1")
    view.form.take()
    rest(qtbot, view)
    assert "已有第1期" in view.form.form.editors["number"]._reason.text()
    assert len(view.rows) == 1


def test_that_two_sessions_of_a_year_never_have_one_number(book: Book) -> None:
    with book.write(_("Sessions")) as connection:
        serving.add_session(connection, 1, on="2024-01-11")
        second = sessions.put_session(connection, 0, {"number": 2, "held_on": "2024-02-01"})
        with pytest.raises(Refused):
            sessions.put_session(connection, second, {"number": 1})
        sessions.put_session(connection, second, {"number": 1, "held_on": "2025-01-09"})
        assert [(row["number"], row["held_on"]) for row in sessions.session_rows(connection)] == [
            (1, "2025-01-09"),
            (1, "2024-01-11"),
        ]
        assert sessions.next_number(connection, "2024") == 2
