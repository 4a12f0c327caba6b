"""The page of stars and flags: the league table explains itself, is entered into, frozen, appealed against, published."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db.contests.models import FROZEN, OPEN, PUBLISHED
from desktop.contests.page import ContestsPage
from desktop.kit.cell_parts import plain
from desktop.kit.small_form import SmallForm
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press


def contests(qtbot: QtBot, window: Window) -> ContestsPage:
    window.go("contests")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ContestsPage)
    return page


def form(page: ContestsPage) -> SmallForm:
    (found,) = [one for one in page.findChildren(SmallForm) if one.isVisible()]
    return found


def fill(page: ContestsPage, **texts: str) -> None:
    for key, text in texts.items():
        form(page).editors[key].input.put(text)
    form(page).carry_out()


def state(page: ContestsPage) -> str:
    assert page.found is not None
    return page.found.contest.state


def choose(page: ContestsPage, words: str) -> None:
    at = next(at for at in range(page.which.count()) if words in page.which.itemText(at))
    page.which.setCurrentIndex(at)
    page.which.activated.emit(at)


def test_that_a_frozen_table_explains_itself_and_an_appeal_ranks_it_anew(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    page = contests(qtbot, demo)
    assert (state(page), page.state.text, page.next_button.text()) == (FROZEN, "已锁定", "公布排行榜…")
    first = page.rows[page.table.record]
    assert (first.line.rank, first.line.flag) == (1, True)
    assert plain(page.table.cell(page.table.record, "marks")) == f"{first.line.star} 红旗"
    texts = {one.subject.name for one in (row.line for row in page.found.rows)}  # type: ignore[union-attr]
    assert len(texts) == 11
    # only those with an appeal; its decision needs a reason, and the group is ranked anew
    page.only.buttons["appealed"].click()
    (number,) = page.table.all_ids
    one = page.rows[number]
    next(iter(page.pane.decide.values())).click()
    form(page).carry_out()
    at_rest(qtbot, demo)
    assert any("请写明复核理由。" in part.text() for part in form(page).editors["decision"].findChildren(QLabel))
    fill(page, points="6", decision="材料属实")
    at_rest(qtbot, demo)
    page.only.buttons["all"].click()
    assert page.rows[number].line.score == one.line.score + 6 * 10**12
    assert page.rows[number].line.rank == 1
    assert page.rows[number].line.parts[-1].how.render("zh") == "材料属实"
    answers.files.append(tmp_path / "排行榜.xlsx")
    press(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, demo)
    assert load_workbook(tmp_path / "排行榜.xlsx").sheetnames[1:] == ["排行榜", "计分明细"]
    page.next_button.click()
    at_rest(qtbot, demo)
    assert state(page) == PUBLISHED
    assert not page.next_button.isVisible()
    # the rows behind a part open in their ledger
    page.table.choose(number)
    page.pane.behind["signed"].click()
    at_rest(qtbot, demo)
    assert demo.page is not page


def test_that_points_are_entered_weights_and_groups_changed_until_it_is_frozen(qtbot: QtBot, demo: Window) -> None:
    page = contests(qtbot, demo)
    press(page.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, demo)
    fill(page, scheme="镇街（园区）争星夺旗", period="2024-07")
    at_rest(qtbot, demo)
    assert (state(page), page.which.currentText()) == (OPEN, "镇街（园区）争星夺旗 · 2024-07")
    number = page.table.record
    before = page.rows[number].line.score
    press(page.table, Qt.Key.Key_Return)
    fill(page, industry="25")
    at_rest(qtbot, demo)
    assert form(page).isVisible()  # 25 of 20 is refused, and stays as it was typed
    fill(page, industry="17.5", why="打分表")
    at_rest(qtbot, demo)
    assert page.rows[number].line.score == before + 17_500_000_000_000
    page.weigh()
    fill(page, industry="30")
    at_rest(qtbot, demo)
    assert plain(page.table.sums["item.industry"]) == "30"
    page.put_item("signed")
    at_rest(qtbot, demo)
    assert form(page).editors["figure"].typed == "新签约项目"
    page.arrange()
    at_rest(qtbot, demo)
    fill(page, groups="城区：三孝口街道、没有这个街道")
    at_rest(qtbot, demo)
    assert form(page).isVisible()
    fill(page, groups="城区：三孝口街道、逍遥津街道", signed="三孝口街道 4")
    at_rest(qtbot, demo)
    assert [len(group.ids) for group in page.table._groups] == [2, 9]
    # what was frozen by the scheme before stays as it was, and everything is undone one by one
    choose(page, "2024-06")
    at_rest(qtbot, demo)
    assert state(page) == FROZEN
    assert [len(group.ids) for group in page.table._groups] == [6, 5]
    choose(page, "在建项目")
    at_rest(qtbot, demo)
    assert (state(page), len(page.rows) > 40) == (OPEN, True)
    page.next_button.click()
    at_rest(qtbot, demo)
    assert state(page) == FROZEN


def test_that_an_empty_book_says_what_to_do_first_and_the_past_is_only_looked_at(qtbot: QtBot, empty: Window) -> None:
    page = contests(qtbot, empty)
    assert page.stack.currentWidget() is page.none
    assert not page.next_button.isVisible()
    page.first_button.click()
    at_rest(qtbot, empty)
    fill(page, scheme="镇街（园区）争星夺旗", period="这个月")
    at_rest(qtbot, empty)
    assert "“这个月”" in form(page).said.text()
    fill(page, period="2024-06")
    at_rest(qtbot, empty)
    assert page.rows == {}
    page.next_button.click()
    at_rest(qtbot, empty)
    assert state(page) == OPEN  # nobody competes: said in the footer
    page.remove()
    at_rest(qtbot, empty)
    assert page.stack.currentWidget() is page.none


def test_that_items_stars_and_points_are_changed_on_the_page(qtbot: QtBot, demo: Window) -> None:
    page = contests(qtbot, demo)
    choose(page, "在建项目")
    at_rest(qtbot, demo)
    # a figure chosen by its label; only what the method asks for is asked
    page.put_item()
    at_rest(qtbot, demo)
    shown = form(page).editors
    assert shown["figure"].isHidden()
    shown["method"].input.put("功效系数（本组最低至最高）")
    assert not shown["figure"].isHidden()
    assert shown["steps"].isHidden()
    fill(page, name="固投", figure="固投完成", unit="亿元", weight="12")
    at_rest(qtbot, demo)
    assert page.found is not None
    made = page.found.scheme.items[4]
    assert (made.name, made.method, made.figure, made.unit, made.most) == (
        "固投",
        "efficacy",
        "fixed_assets.done",
        "亿元",
        Fraction(12),
    )
    assert plain(page.table.sums[f"item.{made.code}"]) == "12"
    # changed into a deduction by steps, then taken out; what is wrong is said and stays as it was typed
    page.put_item(made.code)
    at_rest(qtbot, demo)
    fill(page, kind="减分项", method="分档计分", steps="1 三")
    at_rest(qtbot, demo)
    assert form(page).isVisible()
    fill(page, steps="1 3\n5 6")
    at_rest(qtbot, demo)
    changed = page.found.scheme.item(made.code)
    assert (changed.kind, changed.steps) == ("deduction", ((Fraction(1), Fraction(3)), (Fraction(5), Fraction(6))))
    page.put_item(made.code)
    at_rest(qtbot, demo)
    next(one for one in form(page).findChildren(QPushButton) if one.text() == "删除指标").click()
    at_rest(qtbot, demo)
    assert made.code not in {one.code for one in page.found.scheme.items}
    # two columns of a spreadsheet with their heading
    one, two = (row.line.subject for row in page.found.rows[:2])
    page.paste_points()
    fill(page, item="领导评分", block=f"单位\t得分\n{one.name}\t8\n{two.name}\t99")
    at_rest(qtbot, demo)
    assert form(page).isVisible()  # 99 of 10: nothing is entered
    assert page.found.entries == {}
    fill(page, block=f"单位\t得分\n{one.name}\t8\n{two.name}\t9.5", why="打分表")
    at_rest(qtbot, demo)
    assert page.found.entries == {
        ("leader", one.id): (8 * 10**6, "打分表"),
        ("leader", two.id): (9_500_000, "打分表"),
    }
    page.mark()
    fill(page, stars="金星 10\n银星 5", flag="流动红旗", flags="2")
    at_rest(qtbot, demo)
    assert [row.line.flag for row in page.found.rows[:3]] == [True, True, False]
    assert page.found.rows[0].line.star == "金星"
