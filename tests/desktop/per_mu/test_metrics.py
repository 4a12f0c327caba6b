"""The metrics of companies by year, what is asked about them and what is missing; land of low use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.companies.service import company_ids
from db.core.book import Book
from db.core.text import _
from db.per_mu import low_use
from db.per_mu.evaluations import put_given
from db.per_mu.models import MICRO
from db.per_mu.service import entries
from desktop.kit import projector
from desktop.kit.small_form import SmallForm
from desktop.per_mu.followup import LowUseView
from desktop.per_mu.followup_pane import LimitsForm, StepForm
from desktop.per_mu.metrics import GAPS, QUESTIONS, MetricsView
from desktop.per_mu.metrics_asked import GapsPart, QuestionsPart
from desktop.per_mu.metrics_pages import ConfirmCard
from desktop.per_mu.page import PerMuPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press
from tests.factories import per_mu

BEICHEN, TIANGONG, XINGTU = "北辰光学有限公司", "天工机器人有限公司", "星图软件有限公司"
WHOLE = {"land": 20, "revenue": 9000, "tax": 400, "value_added": 2000, "rd": 300, "energy": 50, "staff": 90}


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of three companies: m² written as mu, ten times the revenue, staff and energy missing; one of class D."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("per_mu") / "新账.zsb")
    with Book.open(path, actor="测试员") as book:
        per_mu.year_of_metrics(book, [(name, WHOLE) for name in (BEICHEN, TIANGONG, XINGTU)], year=2022)
        now = per_mu.year_of_metrics(
            book,
            [
                (BEICHEN, {**WHOLE, "land": 13333}),
                (TIANGONG, {**WHOLE, "revenue": 95000}),
                (XINGTU, {**WHOLE, "staff": None, "energy": None, "tax": 30}),
            ],
        )
        with book.write(_("Results")) as connection:
            put_given(connection, {now[XINGTU]: {"given_class": "D"}, now[BEICHEN]: {"given_class": "A"}})
    return path


@pytest.fixture
def page(qtbot: QtBot, window: Window, made: Path, tmp_path: Path) -> PerMuPage:
    """The page of a copy of it, with the metrics."""
    window.open_book(str(shutil.copy(made, tmp_path / "新账.zsb")))
    at_rest(qtbot, window)
    window.go("per_mu")
    found = page_of(window)
    assert isinstance(found, PerMuPage)
    found.show_as("metrics")
    at_rest(qtbot, window)
    return found


def metrics(page: PerMuPage) -> MetricsView:
    """The view of the metrics."""
    view = page.view("metrics")
    assert isinstance(view, MetricsView)
    return view


def words(part: QWidget) -> str:
    """Every label that is seen."""
    return " ".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def cells(view: MetricsView, key: str) -> list[str]:
    """A column of the table, as it is shown."""
    found = view.ledger.found
    assert found is not None
    at = [one.key for one in view.model.fields].index(key)
    return [str(view.model.index(row, at).data()) for row in range(view.model.lines.count)]


def test_that_the_newest_year_is_a_ledger_whose_data_say_where_they_come_from_and_who_confirmed_them(
    qtbot: QtBot, window: Window, page: PerMuPage
) -> None:
    view = metrics(page)
    assert sorted(cells(view, "company")) == sorted([BEICHEN, TIANGONG, XINGTU])
    assert set(cells(view, "year")) == {"2023"}
    view.ledger.search.setText("bcgx")
    at_rest(qtbot, window)
    assert cells(view, "company") == [BEICHEN]
    view.ledger.search.clear()
    at_rest(qtbot, window)

    view.choose(cells(view, "company").index(TIANGONG))
    at_rest(qtbot, window)
    view.pane.show_tab("sources")
    at_rest(qtbot, window)
    assert "基础数据表.xlsx · 税务部门未核实" in words(view.pane)

    change = next(
        one for one in view.pane.parts["sources"].findChildren(QPushButton) if "营业收入" in one.accessibleName()
    )
    change.click()
    form = page.findChild(SmallForm)
    assert isinstance(form, SmallForm)
    form.editors["source"].input.put("统计月报")
    form.editors["by"].input.put("区统计局")
    form.carry_out()
    at_rest(qtbot, window)
    assert "填写核实人和核实日期。" in words(form)
    form.editors["on"].input.put("2024-07-01")
    form.carry_out()
    at_rest(qtbot, window)
    assert "统计月报 · 区统计局 2024-07-01 核实" in words(view.pane)

    view.confirm()
    card = view.findChild(ConfirmCard)
    assert isinstance(card, ConfirmCard)
    card.choice.setCurrentIndex(card.choice.findData("Tax office"))
    card.by.input.put("区税务局")
    card.carry_out()
    at_rest(qtbot, window)
    assert "区税务局 2024-07-17 核实" in words(view.pane)
    assert cells(view, "confirmed")[cells(view, "company").index(TIANGONG)] == "部分核实"


def test_that_a_year_is_added_in_the_window_once_and_a_second_time_is_refused(
    qtbot: QtBot, window: Window, page: PerMuPage
) -> None:
    view = metrics(page)
    for tax in ("120", "130"):
        view.new_record()
        at_rest(qtbot, window)
        form = view.pane.form
        assert form is not None
        for key, text in (("company", "新来科技有限公司"), ("year", "2023"), ("land", "8"), ("tax", tax)):
            form.editors[key].input.put(text)
        view.pane.save()
        at_rest(qtbot, window)
        if view.pane.form is None or view.editing.saving.strip.isVisible():
            for one in view.editing.saving.strip.buttons[:1]:
                one.click()  # a new company is asked about once
            at_rest(qtbot, window)
    assert view.pane.form is not None
    assert "已有这一年的数据" in words(view)
    assert cells(view, "company").count("新来科技有限公司") == 1


def test_that_doubtful_data_are_answered_with_one_key_and_missing_ones_listed_by_who_owes_them(
    qtbot: QtBot, window: Window, page: PerMuPage, answers: Answers, tmp_path: Path
) -> None:
    view = metrics(page)
    view.show_part(QUESTIONS)
    at_rest(qtbot, window)
    part = view.part(QUESTIONS)
    assert isinstance(part, QuestionsPart)
    assert [(one.name, one.odd.kind) for one in part.found.rows] == [  # type: ignore[union-attr]
        (BEICHEN, "mu_or_metres"), (TIANGONG, "ten_times"), (XINGTU, "ten_times"),
    ]  # fmt: skip
    press(part.list, Qt.Key.Key_2)  # the other unit was meant
    at_rest(qtbot, window)
    part.list.selectAll()
    part.reason.setText("集团合并报表")
    press(part.list, Qt.Key.Key_1)  # ten times last year's is right, of both
    at_rest(qtbot, window)
    assert part.found.rows == []  # type: ignore[union-attr]
    assert "2 项数据属实：集团合并报表" in window.page.footer.right.text()  # type: ignore[union-attr]
    window.doing["undo"]()
    at_rest(qtbot, window)
    assert [one.name for one in part.found.rows] == [TIANGONG, XINGTU]  # type: ignore[union-attr]
    part.list.selectRow(0)
    part.reason.setText("扩产")
    press(part.list, Qt.Key.Key_1)
    at_rest(qtbot, window)
    assert [one.name for one in part.found.rows] == [XINGTU]  # type: ignore[union-attr]
    part.open_row(0)
    at_rest(qtbot, window)
    assert cells(view, "company") == [XINGTU]
    view.ledger.show_all()
    at_rest(qtbot, window)
    assert cells(view, "land")[cells(view, "company").index(BEICHEN)] == "19.9995"
    assert cells(view, "remarks")[cells(view, "company").index(TIANGONG)].endswith("：扩产")

    view.show_part(GAPS)
    at_rest(qtbot, window)
    gaps = view.part(GAPS)
    assert isinstance(gaps, GapsPart)
    gaps.show_in_table()
    at_rest(qtbot, window)
    assert cells(view, "company") == [XINGTU]
    view.show_part(GAPS)
    at_rest(qtbot, window)
    gaps.copy_text()
    assert QGuiApplication.clipboard().text() == f"统计部门（2023年）：1 家企业缺数据\n{XINGTU}：综合能耗、从业人员"
    out = tmp_path / "缺报.xlsx"
    answers.files.append(out)
    gaps.export()
    at_rest(qtbot, window)
    assert out.exists()


def test_that_land_of_low_use_is_followed_up_with_day_owner_and_progress_and_the_limits_can_be_changed(
    qtbot: QtBot,
    window: Window,
    page: PerMuPage,
    answers: Answers,
    tmp_path: Path,
) -> None:
    page.show_as("low")
    at_rest(qtbot, window)
    view = page.shown
    assert isinstance(view, LowUseView)
    assert view.found is not None
    assert [one.name for one in view.found.rows] == [XINGTU]

    view.open_row(0)
    view.new_step()
    at_rest(qtbot, window)
    form = view.findChild(StepForm)
    assert isinstance(form, StepForm)
    form.take()
    at_rest(qtbot, window)
    assert "选择处置方式。" in words(form)
    for key, text in (
        ("kind", "保留总部"),
        ("owner", "大杨镇"),
        ("progress", "生产线已迁出"),
        ("tenant", XINGTU),
        ("area", "0"),
    ):
        form.form.editors[key].input.put(text)
    form.take()
    at_rest(qtbot, window)
    assert all(why in words(form) for why in ("承接企业须是另一家企业。", "面积要大于0。"))
    for key, text in (("tenant", BEICHEN), ("carrier", "四里河数字大厦"), ("area", "2,000㎡")):
        form.form.editors[key].input.put(text)
    form.take()
    at_rest(qtbot, window)
    step = view.found.rows[0].steps[0]
    assert (step.kind, step.on_day, step.owner) == ("headquarters_kept", "2024-07-17", "大杨镇")
    assert (step.tenant, step.carrier, step.area) == (BEICHEN, "四里河数字大厦", 2_000 * 300)

    view.change_limits()
    limits = view.findChild(LimitsForm)
    assert isinstance(limits, LimitsForm)
    limits.form.editors["tax"].input.put("25")
    limits.take()
    at_rest(qtbot, window)
    assert {one.name for one in view.found.rows} == {BEICHEN, TIANGONG, XINGTU}
    view.copy_text()
    assert f"2024-07-17 保留总部 大杨镇 生产线已迁出 {BEICHEN} 四里河数字大厦" in QGuiApplication.clipboard().text()
    answers.files.append(tmp_path / "低效用地.xlsx")
    view.export()
    at_rest(qtbot, window)
    assert (tmp_path / "低效用地.xlsx").exists()


def test_that_a_projected_screen_shows_neither_tax_nor_class_of_low_use(
    qtbot: QtBot, window: Window, page: PerMuPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "on", lambda: True)
    page.show_as("low")
    view = page.shown
    at_rest(qtbot, window)
    shown = [view.list.rows.index(0, column).data() for column in range(view.list.rows.columnCount())]
    assert (shown[2], shown[4]) == ("—", "—")
    assert "D" not in "".join(shown)


def test_that_a_company_without_land_is_no_reason_to_divide_by_nothing(book: Book) -> None:
    with book.write(_("Metrics")) as connection:
        (number,) = company_ids(connection, [(BEICHEN, None)]).values()
        (entry,) = entries(connection, [number], 2023).values()
        low_use.put_limits(connection, {"classes": "D", "tax": 10 * MICRO, "revenue": None})
        put_given(connection, {entry: {"given_class": "D"}})
    with book.read() as connection:
        (one,) = low_use.low(connection, 2023)
        report = low_use.low_report([one], 2023, "zh")
    assert one.tax_per_mu is None
    assert [why.render("zh") for why in one.why] == ["D类"]
    assert report.sections[0].blocks
