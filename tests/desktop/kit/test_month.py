"""The month under the editor of a day: with the keyboard, holidays named, and today as the desk says it."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.fields import Day, Field
from db.core.text import Text
from desktop.kit.editors import DayInput, input_for
from desktop.kit.month import moved
from desktop.kit.words import speak
from tests.desktop.conftest import press

FIELD = Field("signed_on", Text("Signed on"), Day())
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def editor(qtbot: QtBot, day: str | None) -> DayInput:
    """The editor of a day, at a desk where it is 2024-07-17."""
    speak("zh")
    made = input_for(FIELD, day)
    assert isinstance(made, DayInput)
    made.today = "2024-07-17"
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    return made


def test_that_arrows_and_pages_go_through_days_and_months_and_enter_takes(qtbot: QtBot) -> None:
    line = editor(qtbot, "2024-06-09")
    press(line, Qt.Key.Key_Down, ALT)
    assert line.unfolded
    press(line, Qt.Key.Key_Right)
    assert line.accessibleDescription() == "2024-06-10 一 休"
    press(line, Qt.Key.Key_PageDown)
    press(line, Qt.Key.Key_Up)
    assert line.text() == "2024-06-09"
    press(line, Qt.Key.Key_Return)
    assert (line.text(), line.unfolded) == ("2024-07-03", False)


def test_that_a_shifted_working_day_is_named_and_escape_takes_nothing(qtbot: QtBot) -> None:
    line = editor(qtbot, "2024-09-13")
    press(line, Qt.Key.Key_Down, ALT)
    press(line, Qt.Key.Key_Right)
    assert line.accessibleDescription() == "2024-09-14 六 班"
    press(line, Qt.Key.Key_Escape)
    assert (line.text(), line.unfolded) == ("2024-09-13", False)


def test_that_an_empty_day_begins_today_and_typing_folds_the_month(qtbot: QtBot) -> None:
    line = editor(qtbot, None)
    press(line, Qt.Key.Key_Down, ALT)
    assert line.month is not None
    assert line.month.day == dt.date(2024, 7, 17)
    press(line, Qt.Key.Key_2)
    assert (line.text(), line.unfolded) == ("2", False)
    press(line, Qt.Key.Key_Semicolon, CONTROL)
    assert line.text() == "2024-07-17"


def test_that_a_month_later_is_its_last_day_where_it_is_shorter() -> None:
    assert moved(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert moved(dt.date(2024, 1, 31), -2) == dt.date(2023, 11, 30)
    assert moved(dt.date(2199, 12, 31), 1) == dt.date(2199, 12, 31)
