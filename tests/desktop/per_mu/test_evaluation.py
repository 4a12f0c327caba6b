"""The evaluation in the window: the same as `zhaoshang score`, explained, tried, objected to, kept, published, sent out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db import cli
from db.core.book import Book
from db.core.text import _
from db.per_mu.evaluated import board, weighted
from db.per_mu.evaluations import decimal, save_scheme
from db.per_mu.levers import rise, tried
from db.per_mu.scoring import Outcome
from desktop.kit.bars import Bars
from desktop.kit.cell_parts import plain
from desktop.kit.small_form import SmallForm
from desktop.per_mu.chart_scatter import Dot, Plane, Scatter
from desktop.per_mu.chart_treemap import Tile, squarified
from desktop.per_mu.evaluation import EvaluationView
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press
from tests.factories import per_mu


@pytest.fixture
def view(qtbot: QtBot, demo: Window) -> EvaluationView:
    demo.go("per_mu")
    page_of(demo).show_as("evaluation")  # type: ignore[attr-defined]
    at_rest(qtbot, demo)
    found = page_of(demo).shown  # type: ignore[attr-defined]
    assert isinstance(found, EvaluationView)
    return found


def rested(qtbot: QtBot, view: EvaluationView) -> None:
    at_rest(qtbot, view.window())  # type: ignore[arg-type]


def outcome_of(view: EvaluationView) -> Outcome:
    assert view.cells is not None
    return view.cells.outcome


def says(view: EvaluationView, company: int, key: str) -> str:
    assert view.cells is not None
    return plain(view.cells.cell(company, key))


def form(view: EvaluationView) -> SmallForm:
    (found,) = [one for one in view.page.findChildren(SmallForm) if one.isVisible()]
    return found


@pytest.fixture(scope="module")
def county(demonstration: Path) -> Outcome:
    """The demonstration by the county's scheme, with the data of the book."""
    with Book.open(demonstration) as book, book.read() as connection:
        found = board(connection, 2023, "anhui-county", kept=False).outcome
    assert found is not None
    return found


def test_that_the_window_shows_what_the_command_prints(
    qtbot: QtBot, view: EvaluationView, demonstration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["score", str(demonstration), "--year", "2023", "--scheme", "anhui-county", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    found = outcome_of(view)
    shown = {
        one.name: (decimal(found.scores[at] or 0), found.ranks[at], found.classes[at])
        for at, one in enumerate(found.group.members)
    }
    assert shown == {one["company"]: (one["score"], one["rank"], one["class"]) for one in printed["results"]}
    assert found.counts() == printed["classes"]
    # grouped by class, the best first; the values of a class are sums divided by sums
    groups = view.table._groups
    assert [one.title for one in groups] == ["A类 · 15家", "B类 · 27家", "C类 · 15家", "D类 · 3家"]
    land = sum(float(plain(one.sums["land"]).replace(",", "")) for one in groups)
    assert round(land, 1) == 4000.0
    texts = [one.text() for one in view.page.footer.findChildren(QLabel)]
    assert "33.8" in texts
    assert "617.5" in texts
    # sorted inside the classes; filtered by words; framed on the chart
    view.sort_by("land")
    first = groups[0].ids
    lands = [float(says(view, one, "land").replace(",", "")) for one in view.table.all_ids[: len(first)]]
    assert lands == sorted(lands, reverse=True)
    view.words.setText("逍遥津")
    streets = {one.company: one.street for one in found.group.members}
    assert {streets[one] for one in view.table.all_ids} == {"逍遥津街道"}
    view.words.setText("没有这样的企业")
    assert view.stack.currentWidget() is view.none
    press(view, Qt.Key.Key_Escape)
    view.pane.scatter.frame(QRectF(view.pane.scatter.rect()))
    assert len(view.table.selected) == 60
    view.pane.scatter.framed.emit(first[:3])
    assert set(view.table.all_ids) == set(first[:3])
    view.copy_text()
    assert QGuiApplication.clipboard().text().count("\n") == 3
    press(view, Qt.Key.Key_Escape)
    assert len(view.table.all_ids) == 60


def test_that_points_open_down_to_the_datum_and_the_slider_says_what_lifts(qtbot: QtBot, view: EvaluationView) -> None:
    view.show_example()
    rested(qtbot, view)
    about, levers = view.about, view.pane.levers
    view.pane.tabs.choose("years")
    rested(qtbot, view)
    bars = view.pane.years.findChildren(Bars)
    assert [[one.name for one in of.bars] for of in bars] == [["2022", "2023"]] * 4 + [["2023"]]
    assert about is not None
    assert sum(one.points for one in about.explanation.parts) == about.explanation.score
    data = {one.key: one for part in about.explanation.parts for one in part.data}
    assert data["tax"].confirmed_by == "区税务局"
    assert data["tax"].source
    assert view.pane.tabs.buttons["levers"].text() == "如何升到B"
    assert "进入B类" in levers.says.text()
    needed = levers.box.value()
    levers.box.setValue(round(needed - 0.1, 1))
    assert "仍在C类" in levers.says.text()
    levers.slider.setValue(levers.slider.maximum())
    assert levers.box.value() == pytest.approx(2 * needed, abs=0.1)
    assert "进入B类" in levers.says.text()
    levers.rows["land"].click()
    assert levers.name.text() == "用地面积减少"
    assert "进入B类" in levers.says.text()
    # which weights decide is asked for when it is looked at
    view.pane.tabs.choose("weights")
    rested(qtbot, view)
    assert "亩均税收" in view.pane.weights.findChildren(type(view.pane.title))[1].text()
    # beside last year and beside another scheme, those that change class first
    view.show_mode("compare")
    rested(qtbot, view)
    compare: Any = view._made["compare"]
    changed = compare.table._groups[0]
    assert changed.key == "changed"
    assert all("→" in plain(compare.cell(one, "grade")) for one in changed.ids)
    compare.against.setCurrentIndex(compare.against.findData("jingde-2022"))
    rested(qtbot, view)
    assert compare.found.scheme
    assert len(compare.table.all_ids) == 60
    assert compare.why(compare.found.moves[0])


def test_that_the_charts_lead_back_to_the_ranking(qtbot: QtBot, view: EvaluationView) -> None:
    view.show_mode("charts")
    charts: Any = view._made["charts"]
    assert sum(map(len, charts.distribution.columns)) == 60
    assert [grade for _score, grade, _said in charts.distribution.limits] == ["A", "B", "C"]
    charts.show_kind("years")
    rested(qtbot, view)
    assert [(one.name, one.said) for one in charts.bars.bars] == [("2022", "25.3"), ("2023", "33.8")]
    charts.show_kind("land")
    assert len(charts.treemap.boxes) == 60
    charts.show_kind("buildings")
    rested(qtbot, view)
    assert [one.name for one in charts.bars.bars][::5] == ["中科传感谷", "天水路标准厂房一期"]  # the best, the last
    assert charts.bars.bars[0].said == "2,502.6 · 151.8 万元/亩"
    charts.show_kind("street")
    street = charts.bars.bars[0]
    charts.bars.picked.emit(street.value)
    assert view.mode == "ranking"
    assert set(view.table.all_ids) == set(street.value)


def test_that_a_result_is_run_explained_kept_objected_to_decided_and_published_as_the_command_scores_it(
    qtbot: QtBot,
    view: EvaluationView,
    demo: Window,
    answers: Answers,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert view.next_button.text() == "导出公示稿…"
    view.ask_for(scheme="jingde-2022")
    rested(qtbot, view)
    assert view.state.text == "试算，未定版"
    assert not view.pane.object_button.isEnabled()
    view.next_button.click()
    rested(qtbot, view)
    assert view.board is not None
    assert view.board.kept is not None
    assert next(one.state for one in view.board.schemes if one.key == "jingde-2022") == "published"
    capsys.readouterr()
    assert cli.main(["score", demo.target, "--year", "2023", "--scheme", "jingde-2022", "--json"]) == 0
    printed = {
        one["company"]: (one["score"], one["rank"], one["class"])
        for one in json.loads(capsys.readouterr().out)["results"]
    }
    shown = outcome_of(view)
    assert printed == {
        one.name: (decimal(shown.scores[at] or 0), shown.ranks[at], shown.classes[at])
        for at, one in enumerate(shown.group.members)
    }
    company = view.table._groups[1].ids[0]
    view.table.choose(company)
    rested(qtbot, view)
    assert view.about is not None
    assert sum(one.points for one in view.about.explanation.parts) == view.about.explanation.score
    view.file_objection()
    made = form(view)
    made.editors["text"].input.put("用地面积不对")
    made.carry_out()
    rested(qtbot, view)
    view.next_button.click()
    assert "先" in view.strip.sentence
    view.strip.buttons[0].click()
    rested(qtbot, view)
    assert view.about is not None
    (objection,) = view.about.objections
    view.decide(objection.id)
    made = form(view)
    made.editors["outcome"].input.put("upheld")
    made.editors["class_after"].input.put("A")
    made.carry_out()
    rested(qtbot, view)
    assert made.isVisible()  # a decision needs its reason
    made.editors["decision"].input.put("经复核属实")
    made.carry_out()
    rested(qtbot, view)
    assert says(view, company, "grade").endswith("A")
    view.next_button.click()
    rested(qtbot, view)
    assert view.state.text == "2024-07-17公布"
    _sent_out(qtbot, view, answers, tmp_path, company)


def _sent_out(qtbot: QtBot, view: EvaluationView, answers: Answers, tmp_path: Path, company: int) -> None:
    lists, letters, public = (tmp_path / name for name in ("名单.xlsx", "告知书.pdf", "公示.pdf"))
    answers.files += [lists, letters, public]
    view.export("lists")
    rested(qtbot, view)
    book = load_workbook(lists)
    assert {"A", "B", "C", "D"} <= {one[:1] for one in book.sheetnames}
    view.export("letters", view.table._groups[0].ids[:2])
    rested(qtbot, view)
    pages = [page.extract_text() for page in PdfReader(letters).pages]
    names = [says(view, one, "name") for one in view.table._groups[0].ids[:2]]
    assert [name in "".join(pages).replace("\n", "") for name in names] == [True, True]
    view.next_button.click()
    rested(qtbot, view)
    assert "公示" in PdfReader(public).pages[0].extract_text()


def test_that_a_year_without_data_offers_the_list_of_the_year_before(qtbot: QtBot, view: EvaluationView) -> None:
    view.year.setCurrentIndex(view.year.findData("2024"))
    rested(qtbot, view)
    assert view.stack.currentWidget() is view.none
    view.none_buttons[1].click()
    rested(qtbot, view)
    assert view.board is not None
    assert view.board.years[0] == 2024
    # without any land nobody has a place, which is said in a sentence
    assert view.board.outcome is None
    assert "没有" in view.none.sentence.text()


def test_that_each_lever_is_just_enough(county: Outcome) -> None:
    place = county.classes.index("C")
    found = rise(county, place)
    assert found.grade == "B"
    assert {one.metric.key for one in found.levers} >= {"tax", "revenue", "land"}
    for one in found.levers:
        if one.change is not None:
            step = 10**5 if one.change > 0 else -(10**5)
            assert tried(county, place, {one.metric.key: one.change}).grade == "B"
            assert tried(county, place, {one.metric.key: one.change - step}).grade == "C"
    assert rise(county, county.classes.index("A")).why is not None
    assert weighted(county, "tax_per_mu", []) is None


def test_that_what_lies_beyond_the_axis_stands_on_its_edge_and_few_points_are_not_drawn(qtbot: QtBot) -> None:
    chart = Scatter()
    qtbot.addWidget(chart)
    chart.resize(400, 300)
    dots = [Dot(at, 10 + at, 5, "circle", "green", str(at)) for at in range(1, 30)]
    chart.show_plane(
        Plane("", "", "", [*dots, Dot(99, 10_000, 5, "cross", "red", "远"), Dot(98, 12, -3, "cross", "red", "负")])
    )
    assert chart.where(chart.plane.dots[-2])[1]
    assert chart.where(chart.plane.dots[-2])[0].x() == chart.where(Dot(0, 10**9, 5, "", "", ""))[0].x()
    assert chart.where(chart.plane.dots[-1])[1]
    assert not chart.where(dots[0])[1]
    tiles = [Tile(at, float(at), 0, "A", "circle", "green", "", "") for at in range(9, 0, -1)]
    boxes = squarified(tiles, QRectF(0, 0, 300, 150))
    assert sum(box.width() * box.height() for box, _tile in boxes) == pytest.approx(45_000)
    assert all(box.width() * box.height() == pytest.approx(1000 * one.size) for box, one in boxes)


def test_that_nothing_private_is_on_a_projected_screen(qtbot: QtBot, demo: Window) -> None:
    demo.change_projector(True)
    try:
        demo.go("per_mu")
        at_rest(qtbot, demo)
        page: Any = page_of(demo)
        view = page.shown
        keys = [one.key for one in view.table.columns]
        assert "grade" not in keys
        assert "v:tax_per_mu" not in keys
        assert len(view.table._groups) == 1
        assert "类" not in view.pane.tag.text
    finally:
        demo.change_projector(False)


def test_that_an_enterprise_is_adjusted_with_a_reason_and_the_effect_is_shown(
    qtbot: QtBot, view: EvaluationView, demo: Window
) -> None:
    view.ask_for(kept=False)
    rested(qtbot, view)
    view.show_example()
    rested(qtbot, view)
    company, found = view.table.record, outcome_of(view)
    assert view.cells is not None
    before = found.scores[view.cells.place[company]]
    next(one for one in view.pane.parts.findChildren(QPushButton) if one.text() == "调整…").click()
    made = form(view)
    made.editors["points"].input.put("3")
    made.carry_out()
    rested(qtbot, view)
    assert made.isVisible()  # without its reason nothing is written
    made.editors["reason"].input.put("省级专精特新")
    made.carry_out()
    rested(qtbot, view)
    assert before is not None
    assert outcome_of(view).scores[view.cells.place[company]] == before + 3 * 10**12
    assert any("省级专精特新" in one.text() for one in view.pane.parts.findChildren(QLabel))
    # a veto: the last class, whatever the points; what is there already is said
    view.adjust()
    made = form(view)
    assert any("省级专精特新" in one.text() for one in made.findChildren(QLabel))
    made.editors["kind"].input.put("一票否决")
    made.editors["reason"].input.put("重大安全事故")
    made.carry_out()
    rested(qtbot, view)
    assert says(view, company, "grade").endswith("D")
    # from its own list it changes and ends again, each with the reason that the history keeps
    for text, values, said in (
        ("终止…", {"why": "事故定级有误"}, "终止{name}的加分：事故定级有误"),
        (
            "修改…",
            {"kind": "减分", "points": "2", "reason": "环保处罚", "why": "改为减分"},
            "修改{name}的减分：改为减分",
        ),
    ):
        next(one for one in view.pane.parts.findChildren(QPushButton) if one.text() == text).click()
        made = form(view)
        made.carry_out()
        rested(qtbot, view)
        assert made.isVisible()  # without its reason nothing is written
        for key, value in values.items():
            made.editors[key].input.put(value)
        made.carry_out()
        rested(qtbot, view)
        with Book.open(demo.target) as book:
            assert book.operations(limit=1)[0].label.render("zh") == said.format(name=view.pane.title.text())
    assert outcome_of(view).scores[view.cells.place[company]] == before - 2 * 10**12


EQUAL = {"land": 20, "revenue": 9000, "tax": 400, "value_added": 2000, "rd": 300, "energy": 50, "staff": 90}
ODD: dict[int, tuple[tuple[dict[str, int], ...], str, str]] = {
    2020: ((EQUAL, EQUAL, EQUAL), "spread", "各企业数值相同，均得满分"),
    2021: ((EQUAL, {**EQUAL, "land": 0}, EQUAL), "anhui-county", "用地面积：0，不参加排名。"),
    2022: ((EQUAL, {**EQUAL, "tax": -40}, EQUAL), "anhui-county", "低于0，按保底计"),
    2019: (tuple({**EQUAL, "land": 0} for _at in range(3)), "anhui-county", "没有一家企业具备参加排名所需的数据"),
    2018: (tuple({**EQUAL, "tax": -40} for _at in range(3)), "anhui-county", "应大于0"),
    2017: ((EQUAL, EQUAL, EQUAL), "ninety-nine", "权重合计为99，应为100"),
    2016: ((EQUAL, EQUAL, EQUAL), "circle", "公式循环引用：乙 → 甲 → 乙。"),
    2015: (
        (EQUAL, {**EQUAL, "tax": 10**9}, EQUAL),
        "anhui-county",
        "企业1：亩均税收是其他企业平均值的 2,500,000 倍，数据是否有误？",
    ),
}


def own_scheme(key: str, **indicator: str) -> dict[str, Any]:
    """A scheme of one indicator."""
    item = {"code": "tax_per_mu", "name": "亩均税收", "formula": "tax / land", "unit": "万元/亩", **indicator}
    classes = {"by": "share", "rounding": "round", "limits": [["A", "25"], ["B", "70"], ["C", "95"], ["D", "100"]]}
    return {"key": key, "name": key, "year": 2023, "classes": classes, "indicators": [item]}


@pytest.fixture
def odd(qtbot: QtBot, window: Window, tmp_path: Path) -> EvaluationView:
    """The evaluation of a book whose every year is odd in another way."""
    import db.rooms  # noqa: F401 — every table

    path = tmp_path / "新账.zsb"
    with Book.create(path, actor="测试员") as book:
        for year, (values, _key, _said) in ODD.items():
            per_mu.year_of_metrics(book, [(f"企业{at}", one) for at, one in enumerate(values)], year=year)
        with book.write(_("Schemes")) as connection:
            save_scheme(connection, own_scheme("spread", weight="100", method="efficacy"))
            save_scheme(connection, own_scheme("ninety-nine", weight="99", method="efficacy"))
            circle = own_scheme("circle", weight="100", formula="甲 / land", method="efficacy")
            save_scheme(connection, {**circle, "terms": {"甲": "乙 + 1", "乙": "甲 + 1"}})
    window.open_book(str(path))
    at_rest(qtbot, window)
    window.go("per_mu")
    page_of(window).show_as("evaluation")  # type: ignore[attr-defined]
    at_rest(qtbot, window)
    found = page_of(window).shown  # type: ignore[attr-defined]
    assert isinstance(found, EvaluationView)
    return found


def test_that_odd_data_are_answered_with_a_sentence(qtbot: QtBot, odd: EvaluationView) -> None:
    for year, (_values, key, said) in ODD.items():
        odd.ask_for(year=year, scheme=key)
        rested(qtbot, odd)
        assert odd.board is not None
        if odd.board.outcome is not None:
            odd.table.choose(next(one.company for one in odd.board.outcome.group.members if one.name == "企业1"))
            rested(qtbot, odd)
            texts = [one.text() for one in odd.pane.parts.findChildren(QLabel)] + [odd.strip.sentence]
        else:
            assert odd.stack.currentWidget() is odd.none
            texts = [odd.none.sentence.text()]
        assert any(said in one for one in texts), f"{year} {texts}"
