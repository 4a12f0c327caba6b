"""The chart: bars by place, industry, month and stage; a click on one is a condition of the table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from db.core.text import Text
from db.projects.models import project
from desktop.kit.page import Connection
from desktop.projects.chart import ChartView
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, press
from tests.desktop.projects.test_page import ledger_of

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration, as a chart."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    press(found.table, Qt.Key.Key_4, ALT)
    at_rest(qtbot, demo)
    return found


@pytest.fixture
def chart(page: ProjectsPage) -> ChartView:
    """The chart of the demonstration."""
    (found,) = page.findChildren(ChartView)
    assert found.isVisible()
    return found


def test_that_bars_add_up_to_the_rows_and_say_their_numbers(page: ProjectsPage, chart: ChartView) -> None:
    assert sum(one.size for one in chart.bars.bars) == len(page.model.ids)
    assert chart.bars.title == "项目数 · 按属地"
    first = chart.bars.bars[0]
    assert f"{first.name} {first.said}" in chart.bars.accessibleDescription()


def test_that_a_click_on_a_bar_shows_exactly_its_projects_in_the_table(
    qtbot: QtBot, demo: Window, page: ProjectsPage, chart: ChartView
) -> None:
    bar = chart.bars.bars[1]
    where = chart.bars.box(1, chart.bars.viewport().size()).center()
    QTest.mouseClick(chart.bars.viewport(), Qt.MouseButton.LeftButton, pos=where)
    at_rest(qtbot, demo)
    assert page.shown_as == "table"
    assert len(page.model.ids) == bar.size
    assert page.ledger.view is not None
    assert [one.key for one in page.ledger.view.conditions] == ["street"]


@pytest.mark.parametrize("by", ["month", "stage", "industry"])
def test_that_the_keyboard_picks_a_bar_of_any_kind(
    qtbot: QtBot, demo: Window, page: ProjectsPage, chart: ChartView, by: str
) -> None:
    chart.by.buttons[by].click()
    at_rest(qtbot, demo)
    press(chart.bars, Qt.Key.Key_End)
    bar = chart.bars.bars[-1]
    press(chart.bars, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert len(page.model.ids) == bar.size


def test_that_a_month_is_a_span_of_days(qtbot: QtBot, demo: Window, page: ProjectsPage, chart: ChartView) -> None:
    chart.group_by("month")
    at_rest(qtbot, demo)
    bar = next(one for one in chart.bars.bars if one.value == "2024-06")
    chart.bars.picked.emit(bar.value)
    at_rest(qtbot, demo)
    assert len(page.model.ids) == bar.size
    assert page.ledger.view is not None
    assert page.ledger.view.conditions[0].value == ("2024-06-01", "2024-06-30")


def test_that_money_puts_industries_in_another_order_but_places_stay(
    qtbot: QtBot, demo: Window, chart: ChartView
) -> None:
    places = [one.value for one in chart.bars.bars]
    chart.measure.buttons["amount"].click()
    assert [one.value for one in chart.bars.bars] == places
    assert chart.bars.bars[0].said.endswith("亿元")
    chart.group_by("industry")
    at_rest(qtbot, demo)
    sizes = [one.size for one in chart.bars.bars if one.value]
    assert sizes == sorted(sizes, reverse=True)


def test_that_the_whole_chart_is_copied_as_a_picture(demo: Window, chart: ChartView) -> None:
    press(chart.bars, Qt.Key.Key_C, CTRL)
    copied = QGuiApplication.clipboard().pixmap()
    assert copied.width() >= 1800
    assert not copied.toImage().allGray()


def test_that_a_chart_follows_the_filter(qtbot: QtBot, demo: Window, page: ProjectsPage, chart: ChartView) -> None:
    page.ledger.show_only("三个", list(page.model.ids[:3]))
    at_rest(qtbot, demo)
    assert sum(one.size for one in chart.bars.bars) == 3


def test_that_bars_stand_in_their_order_or_the_largest_first_and_foreign_money_is_said(
    qtbot: QtBot, demo: Window, page: ProjectsPage, chart: ChartView
) -> None:
    own = [bar.name for bar in chart.bars.bars]
    chart.order.buttons["value"].click()
    counts = [bar.size for bar in chart.bars.bars]
    assert counts == sorted(counts, reverse=True)
    chart.order.buttons["own"].click()
    assert [bar.name for bar in chart.bars.bars] == own
    assert "外币" not in chart.facts.text()
    dollars = page.ledger.found.outline.ids[:2] if page.ledger.found is not None else ()

    def change(connection: Connection) -> None:
        connection.execute(update(project).where(project.c.id.in_(dollars)).values(currency="USD"))

    page.write(Text("Two in dollars"), change)
    at_rest(qtbot, demo)
    assert "另有外币 2 项" in chart.facts.toolTip() or "另有外币 2 项" in chart.facts.text()
    said = [one.text() for one in page.footer.findChildren(QLabel)]
    assert "另有外币 2 项，未计入" in said
