"""The timeline: planned above actual, what is overdue said in days, moving and filling in days, labels that never overlap."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.kit.day_lines import NAMES
from desktop.kit.labels import APART, Wish, place
from desktop.kit.scale import Scale
from desktop.projects.moving import DayForm, MoveForm
from desktop.projects.page import ProjectsPage
from desktop.projects.timeline import TimelineView
from desktop.shell.window import Window
from tests.desktop.conftest import TODAY, at_rest, press
from tests.desktop.projects.test_page import ledger_of
from tests.ending import while_there_is

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_DAY = TODAY.isoformat()


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration, along a line of time."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    press(found.table, Qt.Key.Key_3, ALT)
    at_rest(qtbot, demo)
    return found


@pytest.fixture
def line(page: ProjectsPage) -> TimelineView:
    """The timeline of the demonstration."""
    (found,) = page.findChildren(TimelineView)
    assert found.isVisible()
    return found


def first_planned(view: TimelineView, *, reached: bool) -> tuple[int, str]:
    """A row in sight with a planned start, and its stage."""
    for row in view.canvas.visible():
        course = view.course(row)
        for step in course.steps if course is not None else ():
            if step.planned and step.reached == reached:
                view.canvas.look_at(step.planned)
                return row, step.stage
    raise AssertionError("no such row")


def mark(view: TimelineView, row: int, stage: str) -> QPoint:
    """Where the planned diamond of a step is."""
    course = view.course(row)
    assert course is not None
    step = next(one for one in course.steps if one.stage == stage)
    return view.canvas.point_of(row, step, planned=True)


def form_of(view: TimelineView) -> DayForm:
    """The form that is open."""
    assert view.form is not None
    assert view.form.isVisible()
    return view.form


def test_that_rows_in_sight_are_read_and_what_is_overdue_is_said_in_days(
    qtbot: QtBot, demo: Window, line: TimelineView
) -> None:
    assert all(line.course(row) is not None for row in line.canvas.visible())
    assert line.course(len(line.ids) - 1) is None
    late = next(row for row in line.canvas.visible() if line.course(row).overdue(_DAY))  # type: ignore[union-attr]
    line.choose(line.ids[late])
    step, days = line.course(late).overdue(_DAY)  # type: ignore[union-attr,misc]
    assert days == (TODAY - dt.date.fromisoformat(str(step.planned))).days
    assert f"逾期 {days} 天" in line.canvas.accessibleDescription()
    assert "逾期" in line.facts.text()
    press(line.canvas, Qt.Key.Key_End)
    at_rest(qtbot, demo)
    assert line.course(len(line.ids) - 1) is not None


def test_that_ctrl_wheel_zooms_and_the_day_in_the_middle_stays(line: TimelineView) -> None:
    def wheel(way: int) -> None:
        where = QPointF(line.canvas.viewport().rect().center())
        event = QWheelEvent(
            where, line.canvas.mapToGlobal(where), QPoint(), QPoint(0, way), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(line.canvas.viewport(), event)

    line.canvas.look_at("2024-03-15")
    wheel(120)
    assert (line.canvas.scale.zoom, line.zoom.buttons["week"].isChecked()) == ("week", True)
    middle = dt.date.fromisoformat(line.canvas.middle())
    assert abs((middle - dt.date(2024, 3, 15)).days) <= 1
    wheel(-120)
    wheel(-120)
    assert line.canvas.scale.zoom == "quarter"


def test_that_t_goes_to_today_wherever_one_was(line: TimelineView) -> None:
    line.canvas.look_at("2023-01-01")
    press(line.canvas, Qt.Key.Key_T)
    x = line.canvas.x_of(_DAY)
    assert NAMES < x < line.canvas.viewport().width()


def test_that_a_double_click_on_a_planned_mark_fills_in_the_actual_day(
    qtbot: QtBot, demo: Window, line: TimelineView
) -> None:
    row, stage = first_planned(line, reached=False)
    number = line.ids[row]
    QTest.mouseDClick(line.canvas.viewport(), Qt.MouseButton.LeftButton, pos=mark(line, row, stage))
    at_rest(qtbot, demo)
    form = form_of(line)
    assert isinstance(form, MoveForm)
    assert (form.way.id, form.way.target) == (number, stage)
    form.days[stage].setText("2024.7.10")
    form.do.click()
    at_rest(qtbot, demo)
    course = line.course(list(line.ids).index(number))
    assert course is not None
    assert {one.stage: one.actual for one in course.steps}[stage] == "2024-07-10"


def test_that_a_planned_mark_is_dragged_to_another_day_and_the_first_plan_stays_as_a_ghost(
    qtbot: QtBot, demo: Window, line: TimelineView
) -> None:
    row, stage = first_planned(line, reached=False)
    course = line.course(row)
    assert course is not None
    before = next(one.planned for one in course.steps if one.stage == stage)
    start, view = mark(line, row, stage), line.canvas.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(30, 0))
    QTest.mouseMove(view, start + QPoint(78, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(78, 0))
    form = form_of(line)
    proposed = form.days[stage].text()
    assert abs((dt.date.fromisoformat(proposed) - dt.date.fromisoformat(str(before))).days - 30) <= 1
    assert form.reasons is not None
    form.reasons.chips[1].click()
    form.do.click()
    at_rest(qtbot, demo)
    course = line.course(row)
    assert course is not None
    step = next(one for one in course.steps if one.stage == stage)
    assert (step.planned, step.first) == (proposed, before)
    assert "计划调整" in demo.page.footer.right.toolTip() + demo.page.footer.right.text()  # type: ignore[union-attr]


def test_that_the_keyboard_reaches_rows_steps_and_both_forms(
    qtbot: QtBot, demo: Window, page: ProjectsPage, line: TimelineView
) -> None:
    row, stage = first_planned(line, reached=False)
    line.choose(line.ids[row])
    course = line.course(row)
    assert course is not None
    for _step in while_there_is(lambda: line.canvas.step != stage):
        press(line.canvas, Qt.Key.Key_Right)
    assert "计划" in line.canvas.accessibleDescription()
    press(line.canvas, Qt.Key.Key_F2, SHIFT)
    form_of(line).reject()
    press(line.canvas, Qt.Key.Key_F2)
    at_rest(qtbot, demo)
    assert isinstance(form_of(line), MoveForm)
    form_of(line).reject()
    press(line.canvas, Qt.Key.Key_Down)
    assert line.current == line.ids[row + 1]
    press(line.canvas, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.pane.record is not None
    assert page.pane.record["id"] == line.ids[row + 1]


def test_that_a_day_that_was_reached_is_corrected_without_moving_back(
    qtbot: QtBot, demo: Window, line: TimelineView
) -> None:
    row = next(at for at in line.canvas.visible() if line.course(at) is not None)
    course = line.course(row)
    assert course is not None
    step = next(one for one in course.steps if one.actual)
    line.fill_in(course, step)
    form = form_of(line)
    assert not isinstance(form, MoveForm)
    form.days[step.stage].setText("2024-01-03")
    form.do.click()
    at_rest(qtbot, demo)
    after = line.course(row)
    assert after is not None
    assert (after.stage, next(one.actual for one in after.steps if one.stage == step.stage)) == (
        course.stage, "2024-01-03",
    )  # fmt: skip


def test_that_an_empty_book_has_an_empty_timeline(qtbot: QtBot, empty: Window) -> None:
    page = ledger_of(empty)
    page.show_as("timeline")
    at_rest(qtbot, empty)
    (line,) = page.findChildren(TimelineView)
    assert line.nothing.isVisible()
    press(line.canvas, Qt.Key.Key_Down)
    assert line.current is None


@given(st.lists(st.builds(Wish, st.floats(0, 1000), st.floats(10, 120), st.integers(0, 9)), max_size=14))
def test_that_labels_never_lie_upon_each_other_nor_outside(wishes: list[Wish]) -> None:
    found = place(wishes, 0, 1000)
    kept = sorted((left, left + wish.width) for wish, left in zip(wishes, found, strict=True) if left is not None)
    assert all(left >= 0 and right <= 1000.001 for left, right in kept)
    assert all(after[0] - before[1] >= APART - 1e-6 for before, after in pairwise(kept))
    if any(wish.width < 100 for wish in wishes):
        assert kept


def test_that_a_lone_label_stands_in_the_middle_and_the_heavier_of_two_wins() -> None:
    assert place([Wish(100, 40)], 0, 300) == [80]
    assert place([Wish(100, 300, 1), Wish(105, 300, 5)], 0, 320)[0] is None


@pytest.mark.parametrize("zoom", ["week", "month", "quarter"])
def test_that_a_place_and_its_day_are_the_same_both_ways(zoom: str) -> None:
    scale = Scale("2023-02-28", "2024-12-31", zoom)
    for day in ("2023-02-28", "2024-02-29", "2024-07-17"):
        assert scale.day(scale.x(day)) == day
    names = [tick.name for tick in scale.ticks(scale.x("2024-01-01"), scale.x("2024-12-31"))]
    assert len(names) >= 4
