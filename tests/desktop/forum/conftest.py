"""The capture page on a session of today."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from db.companies.models import company
from db.core.book import Book
from db.core.text import _
from db.forum.rules import Step
from desktop.forum.capture import CaptureView
from desktop.shell.window import Window
from tests.desktop.forum.at_table import DAY, FIRMS, UNITS, opened
from tests.factories import forum


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
        with book.write(_("Facts")) as connection:
            reached = {"contact": "周敏", "contact_phone": "13800001234"}
            connection.execute(update(company).where(company.c.name == FIRMS[0]).values(reached))
    return target


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copyfile(made, tmp_path / "政企有约.zsb")


@pytest.fixture
def view(qtbot: QtBot, new_window: Callable[..., Window], path: Path) -> CaptureView:
    """The page, on the session of today."""
    return opened(qtbot, new_window(), path)
