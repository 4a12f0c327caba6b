"""The companies: everything about one of them in the pane, those that are one merged after a preview."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.companies.service import add_company, set_credit_code
from db.core.book import Book
from db.core.text import _
from db.forum.serving import add_policy, add_visit, send_policy
from desktop.companies.page import CompaniesPage, CompaniesView
from desktop.companies.same import SameCard
from desktop.forum.page import ForumPage
from desktop.kit import projector
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, page_of
from tests.factories import forum, projects
from tests.factories.companies import GOOD_CODE

NAME = "北辰光学有限公司"


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book in which one company is there under two names, and another beside it."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("companies") / "新账.zsb")
    with Book.open(path, actor="测试员") as book:
        projects.projects(
            book, projects.row(name="北辰精密光学镜头组装线", investor=NAME, agreed_investment=projects.YI)
        )
        forum.issues(book, forum.issue(company=NAME))
        with book.write(_("Companies")) as connection:
            other = add_company(connection, "北辰光学股份有限公司", tags="高企、专精特新", contact_phone="13955501234")
            set_credit_code(connection, other, "91340100MA2ABCDE12")
            add_company(connection, "天工机器人有限公司")
            add_visit(connection, NAME, on="2024-07-02", visitors="周敏", purpose="回访用电")
            send_policy(connection, add_policy(connection, "技改贴息", number="庐政〔2024〕3号"), [1], on="2024-07-03")
    return path


@pytest.fixture
def companies(qtbot: QtBot, window: Window, made: Path, tmp_path: Path) -> CompaniesView:
    """The ledger of a copy of it."""
    path = shutil.copy(made, tmp_path / "新账.zsb")
    window.open_book(str(path))
    at_rest(qtbot, window)
    window.go("companies")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, CompaniesPage)
    view: CompaniesView = page.shown
    return view


def words(part: QWidget) -> list[str]:
    """Every label and every link that is seen."""
    parts: list[QLabel | QPushButton] = [*part.findChildren(QLabel), *part.findChildren(QPushButton)]
    return [one.text() for one in parts if one.isVisible()]


def names(page: CompaniesView) -> list[str]:
    """The companies of the table."""
    return [str(page.model.index(row, 0).data()) for row in range(page.model.lines.count)]


def test_that_everything_about_one_company_is_on_one_page_and_leads_on(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    pane = companies.pane
    companies.open_record(1)
    at_rest(qtbot, window)
    seen = {}
    for tab in ("projects", "issues", "metrics", "service", "names"):
        pane.show_tab(tab)
        at_rest(qtbot, window)
        seen[tab] = words(pane.parts[tab])
    assert "北辰精密光学镜头组装线" in seen["projects"]
    assert "1.00 亿元" in "".join(seen["projects"]) or "10,000 万元" in seen["projects"]
    assert "园区南门夜间货车限行" in seen["issues"]
    assert {"走访", "周敏", "技改贴息"} <= set(seen["service"])
    assert "账里没有它的分年数据。" in seen["metrics"]
    assert "没有曾用名。" in seen["names"]
    pane.show_tab("issues")
    at_rest(qtbot, window)
    link = next(one for one in pane.parts["issues"].findChildren(QPushButton) if one.text().startswith("园区南门"))
    link.click()
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ForumPage)
    assert page.shown_as == "issues"
    assert list(page.shown.ledger.found.outline.ids) == [1]


def test_that_near_duplicates_are_merged_after_a_preview_and_ctrl_z_parts_them(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    companies.find_same()
    at_rest(qtbot, window)
    card = companies.page.findChild(SameCard)
    assert card is not None
    told = words(card)
    assert "除地名和组织形式外名称相同" in card.count.text()
    assert {NAME, "北辰光学股份有限公司", "高企、专精特新"} <= set(told)
    assert "招商项目1个" in card.moves.text()
    card.turn()
    at_rest(qtbot, window)
    assert card.shown is not None
    assert card.shown.into.name == NAME
    card.turn()
    at_rest(qtbot, window)
    card.merge()
    at_rest(qtbot, window)
    assert names(companies) == ["北辰光学股份有限公司", "天工机器人有限公司"]
    window.doing["undo"]()
    at_rest(qtbot, window)
    assert NAME in names(companies)


def test_that_two_that_are_two_are_not_asked_about_again(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    companies.doing["same"]()
    at_rest(qtbot, window)
    card = companies.page.findChild(SameCard)
    assert card is not None
    card.keep_apart()
    at_rest(qtbot, window)
    companies.find_same()
    at_rest(qtbot, window)
    assert not [one for one in companies.page.findChildren(SameCard) if one.isVisible()]
    assert "没有发现重复的企业" in window.page.footer.right.text()  # type: ignore[union-attr]


def test_that_an_odd_credit_code_is_marked_and_a_projected_screen_shows_no_phone(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    number = companies.model.record(names(companies).index("北辰光学股份有限公司"))
    assert number is not None
    companies.open_record(number)
    at_rest(qtbot, window)
    assert "13955501234" in words(companies.pane)
    assert [one.text for one in companies.pane.tags(companies.pane.record or {})] == [
        "高企",
        "专精特新",
        "核对信用代码",
    ]
    projector.switch(True)
    try:
        companies.open_record(number)
        at_rest(qtbot, window)
        assert "13955501234" not in words(companies.pane)
    finally:
        projector.switch(False)


def test_that_a_site_is_added_changed_and_taken_back_on_the_page_of_its_company(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    companies.open_record(1)
    at_rest(qtbot, window)
    pane = companies.pane
    pane.show_tab("land")
    at_rest(qtbot, window)
    pane.change_site(0)
    at_rest(qtbot, window)
    form = pane.side_form
    assert form is not None
    for key, text in (("area", "0"), ("since", "2024-01-01"), ("until", "2023-01-01")):
        form.form.editors[key].input.put(text)
    form.take()
    at_rest(qtbot, window)
    assert {"用地面积要大于0。", "截止日期不能早于起始日期。"} <= set(words(form))
    for key, text in (("area", "12.4"), ("place", "天水路8号"), ("until", "2030-12-31")):
        form.form.editors[key].input.put(text)
    form.take()
    at_rest(qtbot, window)
    written = pane.side_form is None
    assert written
    assert "自有12.4 亩 − 出租0 亩 + 租入0 亩 = 用地12.4 亩" in words(pane.parts["land"])
    pane.change_site(1)
    at_rest(qtbot, window)
    assert pane.side_form is not None
    pane.side_form.form.editors["kind"].input.put("楼层")
    pane.side_form.form.editors["area"].input.put("800㎡")
    pane.side_form.form.editors["carrier"].input.put("四里河大厦")
    pane.side_form.take()
    at_rest(qtbot, window)
    assert "楼层800 ㎡，没有用地" in words(pane.parts["land"])
    every = next(one for one in pane.parts["land"].findChildren(QPushButton) if one.text() == "在表中查看")
    every.click()
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, CompaniesPage)
    assert page.shown_as == "sites"
    assert list(page.shown.ledger.found.outline.ids) == [1]
    page.show_as("carriers")
    at_rest(qtbot, window)
    assert [str(page.shown.model.index(0, column).data()) for column in (0, 5)] == ["四里河大厦", "800"]
    window.doing["undo"]()
    window.doing["undo"]()
    at_rest(qtbot, window)
    page.show_as("sites")
    at_rest(qtbot, window)
    assert page.shown.ledger.found.outline.count == 0


def test_that_a_credit_code_that_fails_its_checksum_says_so_while_it_is_typed(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    companies.new_record()
    at_rest(qtbot, window)
    form = companies.pane.form
    assert form is not None
    code = form.editors["credit_code"]
    code.input.put("91340100MA2ABCDE12")
    assert any("91340100MA2ABCDE12" in one for one in words(code))
    code.input.put(GOOD_CODE)
    assert not any(GOOD_CODE in one for one in words(code))


def test_that_a_project_an_issue_and_a_visit_of_a_company_are_added_on_its_page(
    qtbot: QtBot, window: Window, companies: CompaniesView
) -> None:
    companies.open_record(1)
    at_rest(qtbot, window)
    pane = companies.pane
    for tab, verb, typed, shown in (
        ("projects", "新建项目", {"name": "二期扩建"}, "二期扩建"),
        ("issues", "登记诉求", {"text": "厂区门口道路积水"}, "厂区门口道路积水"),
        ("service", "安排走访", {"on_day": "2024-07-02"}, "2024-07-02"),
    ):
        pane.show_tab(tab)
        at_rest(qtbot, window)
        next(one for one in pane.parts[tab].findChildren(QPushButton) if one.text() == verb).click()
        at_rest(qtbot, window)
        form = pane.side_form
        assert form is not None
        for key, text in typed.items():
            form.form.editors[key].input.put(text)
        form.take()
        at_rest(qtbot, window)
        assert pane.side_form is None
        assert any(shown in said for said in words(pane.parts[tab]))
