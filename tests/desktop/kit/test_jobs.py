"""Work off the window's thread: answers, refusals, bugs, cancelling, threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from db.core.errors import Cancelled, Problem, Refused
from db.core.progress import Progress
from db.core.text import Text
from desktop.kit.jobs import Jobs


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.let_book_go()
    assert made.let_go


def test_that_an_answer_comes_back_on_the_windows_thread(qtbot: QtBot, jobs: Jobs) -> None:
    found: list[Any] = []
    jobs.in_pool(
        jobs, lambda progress: threading.get_ident(), lambda ident: found.append((ident, threading.get_ident()))
    )
    qtbot.waitUntil(lambda: bool(found))
    assert found[0][0] != found[0][1] == threading.get_ident()


def test_that_a_refusal_keeps_its_own_sentence(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[Problem] = []

    def refuse(progress: Progress) -> None:
        raise Refused(Text("no"))

    jobs.in_pool(jobs, refuse, told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].render("en") == "no"


@pytest.mark.logs
def test_that_a_bug_is_logged_and_becomes_a_sentence(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[Problem] = []
    jobs.in_pool(jobs, lambda progress: 1 // 0, told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert "程序出了错" in told[0].render("zh")


def test_that_a_job_that_is_cancelled_stops_at_its_next_step(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[Problem] = []
    begun = threading.Event()

    def count(progress: Progress) -> None:
        begun.set()
        for number in range(10**9):
            progress.step(number, 0, Text("counting"))

    job = jobs.in_pool(jobs, count, told.append, failed=told.append)
    assert begun.wait(10)
    job.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Cancelled)


def _say(number: int, progress: Progress) -> int:
    return number


def test_that_a_later_question_makes_the_earlier_answer_void(qtbot: QtBot, jobs: Jobs) -> None:
    found: list[int] = []
    for number in range(5):
        jobs.in_pool(jobs, partial(_say, number), found.append, key="same")
    qtbot.waitUntil(lambda: not jobs.busy)
    assert found == [4]


def test_that_nobody_is_told_who_is_gone(qtbot: QtBot, jobs: Jobs) -> None:
    import shiboken6

    found: list[int] = []
    owner = QObject()
    jobs.in_pool(owner, lambda progress: 1, found.append)
    shiboken6.delete(owner)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert found == []
