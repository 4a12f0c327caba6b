"""The milestones' chart: what is overdue is said in days, plans move and what is done does not, templates, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db.five_ones import schedule
from db.five_ones.gantt import Bar, Plan
from desktop.five_ones import gantt_export
from desktop.five_ones.gantt import GanttView
from desktop.five_ones.gantt_rows import latest
from desktop.five_ones.milestones_forms import ReplanForm, TemplateForm
from desktop.five_ones.milestones_many import ManyForm
from desktop.shell.window import Window
from tests.desktop.conftest import TODAY, Answers, at_rest, page_of, press

_DAY = TODAY.isoformat()


@pytest.fixture
def chart(qtbot: QtBot, demo: Window) -> GanttView:
    """The chart of the demonstration."""
    demo.go("five_ones")
    page = page_of(demo)
    page.show_as("gantt")  # type: ignore[attr-defined]
    at_rest(qtbot, demo)
    found = page.shown  # type: ignore[attr-defined]
    assert isinstance(found, GanttView)
    return found


def shown(chart: GanttView, row: int = 0) -> Plan:
    """The plan of a row."""
    found = chart.plan(row)
    assert found is not None
    return found


def known(chart: GanttView, number: int | None) -> Plan:
    """The plan of a project, wherever its row is."""
    return shown(chart, list(chart.ids).index(number or 0))


def bar_of(plan: Plan | None, key: str) -> Bar:
    """A milestone by its key."""
    assert plan is not None
    return next(one for one in plan.bars if one.stone.key == key)


def latest_of(plan: Plan | None) -> Bar:
    """The milestone overdue longest."""
    assert plan is not None
    found = latest(plan, _DAY)
    assert found is not None
    return found


def test_that_the_longest_overdue_stands_first_and_a_drag_plans_it_and_what_follows_anew_and_ctrl_z_takes_it_back(
    qtbot: QtBot, demo: Window, chart: GanttView
) -> None:
    days = [latest_of(chart.plan(row)).late(_DAY) for row in range(3)]
    assert days == sorted(days, reverse=True)
    plan = shown(chart, 1)
    late = latest_of(plan)
    assert f"逾期{late.late(_DAY)}天" in chart.canvas.told(1, None).replace(" ", "")
    before = [(one.stone.planned, one.stone.actual) for one in plan.bars]
    chart.canvas.look_at(str(late.stone.planned))
    start = chart.canvas.point_of(1, late, planned=True)
    QTest.mousePress(chart.canvas.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (30, 60):
        QTest.mouseMove(chart.canvas.viewport(), start + QPoint(step, 0))
        QApplication.processEvents()
    chart.canvas.dragged = (1, str(late.id), "2024-08-20")
    QTest.mouseRelease(chart.canvas.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    form = chart.form
    assert isinstance(form, ReplanForm)
    assert "顺延" in form.hint.text()
    assert form.reasons is not None
    form.reasons.chips[1].click()
    form.do.click()
    at_rest(qtbot, demo)
    after = known(chart, plan.id)  # the row may stand elsewhere now
    assert bar_of(after, late.stone.key).stone.planned == "2024-08-20"
    assert [one.stone.actual for one in after.bars] == [actual for _planned, actual in before]
    waiting = schedule.after(plan.stones, late.stone.key)
    assert waiting
    assert all(str(bar_of(after, key).stone.planned) > str(bar_of(plan, key).stone.planned) for key in waiting)
    assert bar_of(after, late.stone.key).reason == "计划调整"
    demo.undoing.undo()
    at_rest(qtbot, demo)
    back = known(chart, plan.id)
    assert [(one.stone.planned, one.stone.actual) for one in back.bars] == before


def test_that_one_project_shows_its_milestones_whose_facts_are_changed_in_the_pane_and_a_circle_is_refused_by_name(
    qtbot: QtBot, demo: Window, chart: GanttView
) -> None:
    press(chart.canvas, Qt.Key.Key_Down)
    press(chart.canvas, Qt.Key.Key_Return)
    plan = chart.one
    assert plan is not None
    assert chart.canvas.count() == len(plan.bars) > 5
    late = latest_of(plan)
    chart.choose(plan.bars.index(late))
    form = chart.pane.form
    assert form is not None
    form.editors["weight"].input.put("17")
    form.editors["unit"].input.put(chart.pane.units[0])
    form.editors["line"].input.put("并行")
    press(form.editors["weight"].input, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    changed = bar_of(chart.one, late.stone.key)
    assert (changed.stone.weight, changed.unit, changed.stone.line) == (17, chart.pane.units[0], "parallel")
    before = next(one.name for one in plan.stones if one.key in late.stone.needs)
    said = chart.canvas.told(plan.bars.index(late), str(late.id))
    assert "并行线" in said
    assert f"前置{before}" in said
    first, last = plan.bars[0].stone, plan.bars[-1].stone
    form = chart.pane.form
    assert form is not None
    form.editors["name"].input.put(first.name)
    chart.pane.save.click()
    at_rest(qtbot, demo)
    assert f"已有节点“{first.name}”" in " ".join(one.text() for one in form.editors["name"].findChildren(QLabel))
    chart.choose(0)
    chart.choose(plan.bars.index(late))
    assert chart.pane.form is not None
    assert chart.pane.form.texts() == {"name": first.name}  # what was typed is still there
    chart.choose(0)
    form = chart.pane.form
    assert form is not None
    form.editors["needs"].input.put(last.name)
    chart.pane.save.click()
    at_rest(qtbot, demo)
    said = " ".join(one.text() for one in form.editors["needs"].findChildren(QLabel))
    assert first.name in said
    assert last.name in said
    assert form.editors["needs"].typed == last.name
    press(chart.canvas, Qt.Key.Key_Escape)
    press(chart, Qt.Key.Key_Escape)
    assert chart.one is None
    assert chart.canvas.count() == len(chart.ids)


def test_that_what_is_done_cannot_be_planned_anew_and_the_day_it_was_done_can_be_filled_in(
    qtbot: QtBot, demo: Window, chart: GanttView
) -> None:
    plan = shown(chart, 1)
    done = next(one for one in plan.bars if one.stone.actual)
    chart.plan_anew(plan, done, "2024-09-01")
    assert chart.form is None
    assert done.stone.name in page_of(demo).footer.right.toolTip()  # too long for its place before it is laid out
    late = latest_of(plan)
    chart.choose(1)
    chart.canvas.choose_step(str(late.id))
    press(chart.canvas, Qt.Key.Key_F2)
    form: Any = chart.form
    form.days["day"].setText("2024-07-15")
    form.do.click()
    at_rest(qtbot, demo)
    assert bar_of(known(chart, plan.id), late.stone.key).stone.actual == "2024-07-15"


def test_that_the_milestones_of_several_selected_projects_are_put_off_in_one_step_and_ctrl_z_takes_it_back(
    qtbot: QtBot, demo: Window, chart: GanttView
) -> None:
    press(chart.canvas, Qt.Key.Key_Home)
    press(chart.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chart.canvas.chosen == {0, 1}
    plans = [shown(chart, row) for row in (0, 1)]
    press(chart.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    at_rest(qtbot, demo)
    form = page_of(demo).findChild(ManyForm)
    assert form is not None
    undone = [[one for one in plan.bars if one.stone.actual is None] for plan in plans]
    assert form.count.text().startswith(f"共{sum(map(len, undone))}个未完成节点")
    late = latest_of(plans[0]).stone.name
    form.editors["which"].input.put(late)
    form.editors["days"].input.put("10")
    form.editors["following"].input.put("否")
    form.carry_out()
    at_rest(qtbot, demo)
    assert chart.canvas.chosen == {0, 1}
    for plan in plans:
        pairs = list(zip(plan.bars, known(chart, plan.id).bars, strict=True))
        moved = {one.stone.name for one, new in pairs if one.stone.planned != new.stone.planned}
        assert moved == {late} & {one.stone.name for one in plan.bars if one.stone.actual is None}
        assert [new.stone.actual for _one, new in pairs] == [one.stone.actual for one, _new in pairs]
    demo.undoing.undo()
    at_rest(qtbot, demo)
    assert [known(chart, plan.id).stones for plan in plans] == [plan.stones for plan in plans]


def test_that_a_template_is_applied_from_a_day_off_with_a_word_and_a_shorter_plan_names_what_it_lacks(
    qtbot: QtBot, demo: Window, chart: GanttView, answers: Answers
) -> None:
    bare = next(at for at in range(len(chart.ids)) if (one := chart.plan(at)) is not None and not one.bars)
    chart.choose(bare)
    at_rest(qtbot, demo)
    number = chart.current
    chart.pane.template.click()
    form = chart.form
    assert isinstance(form, TemplateForm)
    form.choice.setCurrentIndex(form.choice.findData("land"))
    form.start.setText("2024-10-01")
    assert "2024-10-08" in form.hint.text()
    form.start.setText("2031-06-02")
    assert "2031" in form.hint.text()
    form.start.setText("2024-10-01")
    form.do.click()
    form.do.click()  # a double click applies it once
    at_rest(qtbot, demo)
    assert chart.current == number
    plan = known(chart, number)
    assert len(plan.bars) == len(chart.templates["land"].steps)
    answers.words.append("本区用地计划")
    chart.pane.template.click()
    kept = next(one for one in chart.form.findChildren(QPushButton) if one.text() == "把本计划存为模板…")
    kept.click()
    at_rest(qtbot, demo)
    assert [
        step.days for step in next(one for one in chart.templates.values() if one.name == "本区用地计划").steps
    ] == [step.days for step in chart.templates["land"].steps]
    chart.canvas.choose_step(str(plan.bars[-1].id))
    chart.pane.leave_out.click()
    at_rest(qtbot, demo)
    assert any(plan.bars[-1].stone.name in one.render("zh") for one in known(chart, number).hints)


def test_that_milestones_of_a_figure_are_shown_with_their_projects_until_esc(
    qtbot: QtBot, demo: Window, chart: GanttView
) -> None:
    whole = len(chart.ids)
    second, first = latest_of(shown(chart, 0)), latest_of(shown(chart, 1))
    wanted = {chart.ids[0], chart.ids[1]}
    demo.go("today")
    demo.show_rows("five_ones", "逾期节点", [first.id, second.id])
    at_rest(qtbot, demo)
    assert chart.isVisible()
    assert set(chart.ids) == wanted
    assert chart.current == chart.ids[0]
    assert (chart.facts.text(), chart.canvas.step) == ("逾期节点：2 个项目", str(first.id))
    press(chart.canvas, Qt.Key.Key_Escape)
    at_rest(qtbot, demo)
    assert (len(chart.ids), chart.back.isVisible()) == (whole, False)


def test_that_the_chart_leaves_as_a_workbook_with_days_and_rules_and_as_pdf(
    qtbot: QtBot, demo: Window, chart: GanttView, answers: Answers, tmp_path: Path
) -> None:
    chart.choose(1)
    chart.enter(1)
    answers.files += [tmp_path / "节点.xlsx", tmp_path / "节点.pdf"]
    gantt_export.export_excel(chart)
    at_rest(qtbot, demo)
    gantt_export.export_pdf(chart)
    at_rest(qtbot, demo)
    sheet = load_workbook(tmp_path / "节点.xlsx").active
    assert sheet is not None
    plan = chart.one
    assert plan is not None
    rows = list(sheet.iter_rows(min_row=4, max_col=10, values_only=True))
    assert [(row[1], str(row[6])[:10]) for row in rows] == [(one.stone.name, one.stone.planned) for one in plan.bars]
    assert sum(len(ranged.rules) for ranged in sheet.conditional_formatting) == 5
    assert (tmp_path / "节点.pdf").read_bytes().startswith(b"%PDF")
