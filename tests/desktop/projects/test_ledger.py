"""Working on the ledger: filters, chips, sorting, columns, groups, views, footer, paper, workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from db.core import pinyin
from db.core.filters import Condition
from desktop.kit import asking, printing
from desktop.kit.chooser import Chooser
from desktop.kit.emphasis import EmphasisWindow
from desktop.kit.filtering import FilterWindow
from desktop.kit.menus import cell_menu, heading_menu
from desktop.kit.view_menu import save_as, view_menu
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, press
from tests.desktop.projects.test_page import column, ledger_of, shown, type_in

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    return found


def filter_window(qtbot: QtBot, window: Window, page: ProjectsPage, key: str) -> FilterWindow:
    """The filter of a column, opened by Alt+↓."""
    page.table.choose(0, column(page, key))
    at_rest(qtbot, window)
    press(page.table, Qt.Key.Key_Down, ALT)
    at_rest(qtbot, window)
    return next(one for one in page.findChildren(FilterWindow) if one.isVisible())


def tick(window: FilterWindow, text: str) -> None:
    """Tick or untick a value with the keyboard."""
    items = window.list.findItems(text, Qt.MatchFlag.MatchExactly)
    window.list.setFocus()
    window.list.setCurrentItem(items[0])
    press(window.list, Qt.Key.Key_Space)


def chosen(menu: QMenu, text: str) -> None:
    """Choose an entry of a menu by its words."""
    action = next(one for one in menu.actions() if one.text().split("\t")[0] == text)
    assert action.isEnabled(), text
    action.trigger()


def view_said(page: ProjectsPage) -> tuple[str, bool]:
    """The name of the view and whether it has the dot of a changed one."""
    return page.ledger.view_button.name, page.ledger.view_button.changed


def lies_over(page: ProjectsPage) -> bool:
    """Whether the pane covers a part of the table."""
    return page.beside.over


def words_of(widget: QWidget) -> str:
    """All that is written on a widget."""
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def test_that_the_check_list_counts_values_and_takes_effect_at_once(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    everything = page.model.rowCount()
    window = filter_window(qtbot, demo, page, "stage")
    listed = [window.list.item(at).text() for at in range(window.list.count())]
    assert listed[0] == "（全选）"
    assert listed.index("在谈") < listed.index("签约") < listed.index("开工")
    tick(window, "（全选）")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == everything
    assert "至少勾选一个值。" in words_of(window)
    tick(window, "开工")
    at_rest(qtbot, demo)
    assert {shown(page, line, "stage") for line in range(page.model.rowCount())} == {"开工"}
    assert [one.text() for one in page.ledger.chips.chips] == ["阶段：开工"]
    press(window, Qt.Key.Key_Return)
    assert not window.isVisible()


def test_that_the_list_is_searched_by_pinyin_and_enter_takes_what_is_left(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    window = filter_window(qtbot, demo, page, "street")
    window.search.setFocus()
    type_in(window.search, "dyz")
    press(window.search, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert [one.text() for one in page.ledger.chips.chips] == ["属地：大杨镇"]
    assert {shown(page, line, "street") for line in range(page.model.rowCount())} == {"大杨镇"}


def test_that_amounts_are_filtered_by_a_range_typed_as_people_write_it(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    window = filter_window(qtbot, demo, page, "agreed_investment")
    window.first.rule.setCurrentIndex(window.first.rule.findData("between"))
    type_in(window.first.values[0], "1亿")
    type_in(window.first.values[1], "不多")
    at_rest(qtbot, demo)
    qtbot.waitUntil(window.first.wrong.isVisible, timeout=5000)
    assert page.ledger.view is not None
    assert page.ledger.view.conditions == ()
    window.first.values[1].clear()
    type_in(window.first.values[1], "20000")
    qtbot.waitUntil(lambda: len(page.ledger.chips.chips) == 1, timeout=5000)
    at_rest(qtbot, demo)
    amounts = [int(shown(page, line, "agreed_investment").replace(",", "")) for line in range(page.model.rowCount())]
    assert amounts
    assert all(10_000 <= one <= 20_000 for one in amounts)


def test_that_dates_offer_this_year_and_the_largest_few_are_taken_by_number(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    window = filter_window(qtbot, demo, page, "approved_on")
    window.first.rule.setCurrentIndex(window.first.rule.findData("this_year"))
    press(window, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 47
    window = filter_window(qtbot, demo, page, "agreed_investment")
    window.first.rule.setCurrentIndex(window.first.rule.findData("top"))
    type_in(window.first.values[0], "5")
    press(window.first.values[0], Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 5


def test_that_two_rules_on_a_column_both_hold_or_either_of_them_and_come_back(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    def chips() -> list[str]:
        at_rest(qtbot, demo)
        return [one.text() for one in page.ledger.chips.chips]

    window = filter_window(qtbot, demo, page, "name")
    assert not window.second.isVisible()
    window.first.rule.setCurrentIndex(window.first.rule.findData("contains"))
    type_in(window.first.values[0], "2")
    window.second.rule.setCurrentIndex(window.second.rule.findData("not_contains"))
    type_in(window.second.values[0], "5")
    press(window.second.values[0], Qt.Key.Key_Return)
    assert chips() == ["项目名称包含2", "项目名称不包含5"]
    window = filter_window(qtbot, demo, page, "name")
    assert (window.first.values[0].text(), window.second.values[0].text(), window.join.key) == ("2", "5", "and")
    window.join.setCurrentIndex(window.join.findData("or"))
    press(window.second.values[0], Qt.Key.Key_Return)
    assert chips() == ["项目名称包含2，或项目名称不包含5"]
    window = filter_window(qtbot, demo, page, "name")
    assert window.join.key == "or"
    window.first.rule.setCurrentIndex(0)
    press(window, Qt.Key.Key_Return)
    assert chips() == []


def test_that_cells_stand_out_by_rule_with_a_sign_and_the_view_is_changed(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    at = column(page, "agreed_investment")
    page.ledger.emphasise_column(at)
    window = QApplication.activePopupWidget()
    assert isinstance(window, EmphasisWindow)
    window.rules[0].rule.setCurrentIndex(window.rules[0].rule.findData("top"))
    type_in(window.rules[0].values[0], "1")
    press(window, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    page.ledger.sort(at, False)
    at_rest(qtbot, demo)
    cells = [shown(page, line, "agreed_investment") for line in range(2)]
    assert [cell.startswith("▲ ") for cell in cells] == [True, False]
    assert page.ledger.is_changed
    assert page.ledger.view is not None
    assert page.ledger.view.as_json()["emphasis"] == [
        {"key": "agreed_investment", "operator": "top", "value": 1, "tone": "red"}
    ]


def test_that_days_are_grouped_by_quarter_and_only_one_is_kept(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.ledger.group_by("approved_on.quarter")
    at_rest(qtbot, demo)
    assert (page.model.index(0, 0).data() or "").startswith("2022年一季度 · ")
    menu = cell_menu(page.ledger, page.model.index(0, 0))
    next(one for one in menu.actions() if one.text() == "只看“2022年一季度”").trigger()
    at_rest(qtbot, demo)
    assert [one.text() for one in page.ledger.chips.chips] == ["认定日期在2022-01-01至2022-03-31之间"]


def test_that_chips_that_do_not_fit_fold_into_one_and_nothing_beside_them_moves(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    where = page.ledger.chips.geometry()
    keys = ("stage", "status", "street", "industry", "name", "source_place", "leader", "department")
    conditions = tuple(Condition(key, "filled") for key in keys)
    page.ledger.change(conditions=conditions)
    at_rest(qtbot, demo)
    chips = page.ledger.chips
    hidden = [one for one in chips.chips if not one.isVisible()]
    assert hidden
    assert chips._more.text() == f"另 {len(hidden)} 个条件"
    assert chips.geometry() == where
    assert chips.add.geometry().right() < chips.width()


def test_that_shift_adds_a_further_column_to_the_order_and_headings_are_numbered(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    page.table.sort_wanted.emit(column(page, "stage"), False)
    page.table.sort_wanted.emit(column(page, "agreed_investment"), True)
    at_rest(qtbot, demo)
    assert page.ledger.view is not None
    assert page.ledger.view.order == (("stage", False), ("agreed_investment", True))
    assert page.table.header.marks.sorted == {
        column(page, "stage"): (1, False), column(page, "agreed_investment"): (2, True),
    }  # fmt: skip


def test_that_groups_carry_subtotals_and_what_is_folded_is_remembered_for_the_view(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    at = column(page, "street")
    chosen(heading_menu(page.ledger, at), "按“属地”分组")
    at_rest(qtbot, demo)
    group = page.model.group(0)
    assert group is not None
    page.table.turn(0)
    folded = page.model.rowCount()
    chosen(heading_menu(page.ledger, at), "取消分组")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 173
    page.ledger.group_by("street")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == folded
    chosen(cell_menu(page.ledger, page.model.index(0, 0)), "只看“" + str(group.value) + "”")
    at_rest(qtbot, demo)
    assert len(page.model.ids) == group.count


def test_that_columns_are_chosen_searched_moved_and_hidden_by_the_keyboard(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    press(page.table, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    at_rest(qtbot, demo)
    chooser = page.findChild(Chooser)
    assert chooser is not None
    type_in(chooser.search, "xmdm")
    assert not chooser.list.item(0).isHidden() or chooser.list.currentRow() >= 0
    chooser.search.clear()
    chooser.list.setCurrentRow(1)
    before = page.ledger.view.columns if page.ledger.view is not None else ()
    press(chooser.list, Qt.Key.Key_Down, ALT)
    at_rest(qtbot, demo)
    assert page.ledger.view is not None
    assert page.ledger.view.columns[:3] == (before[0], before[2], before[1])
    press(chooser.list, Qt.Key.Key_Space)
    at_rest(qtbot, demo)
    assert before[1] not in page.ledger.view.columns
    assert before[1] not in [one.field.key for one in page.model.columns]
    chooser.close()


def test_that_a_changed_view_has_a_dot_is_saved_under_a_name_shared_renamed_and_deleted(
    qtbot: QtBot, demo: Window, page: ProjectsPage, answers: Answers
) -> None:
    assert view_said(page) == ("全部项目", False)
    page.ledger.set_condition("street", Condition("street", "is", "大杨镇"))
    at_rest(qtbot, demo)
    assert view_said(page) == ("全部项目", True)
    answers.words.append("大杨镇的项目")
    save_as(page.ledger)
    at_rest(qtbot, demo)
    assert view_said(page) == ("大杨镇的项目", False)
    chosen(view_menu(page.ledger), "共享给大家")
    at_rest(qtbot, demo)
    assert page.ledger.base is not None
    assert page.ledger.base.owner is None
    answers.words.append("大杨镇")
    chosen(view_menu(page.ledger), "重命名…")
    at_rest(qtbot, demo)
    assert page.ledger.view_button.name == "大杨镇"
    chosen(view_menu(page.ledger), "全部项目")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 173
    chosen(view_menu(page.ledger), "大杨镇")
    at_rest(qtbot, demo)
    chosen(view_menu(page.ledger), "删除视图")
    at_rest(qtbot, demo)
    assert page.ledger.view_button.name == "全部项目"
    press(demo, Qt.Key.Key_Z, CTRL)
    at_rest(qtbot, demo)
    assert "大杨镇" in [one.text() for one in view_menu(page.ledger).actions()]


def test_that_changes_to_a_view_can_be_taken_back(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.ledger.group_by("stage")
    at_rest(qtbot, demo)
    chosen(view_menu(page.ledger), "放弃改动")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 173
    assert not page.ledger.is_changed


def test_that_a_column_and_a_condition_that_this_book_lacks_are_shown_as_missing_and_kept(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    assert page.ledger.view is not None
    page.ledger.change(
        columns=("name", "own:园区编号", "stage"), conditions=(Condition("own:园区编号", "is", "A1"),), order=()
    )
    at_rest(qtbot, demo)
    assert page.model.columns[1].heading == "园区编号（本账本没有）"
    assert page.model.index(0, 1).data() == "—"
    assert [one.text() for one in page.ledger.chips.chips] == ["园区编号（本账本没有）"]
    assert page.ledger.view.columns[1] == "own:园区编号"


def test_that_the_built_in_views_say_what_is_behind_their_figures(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    page.ledger.open_view("signed")
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 47
    assert page.period.isVisible()
    assert "174.20" in words_of(page.footer)


def test_that_the_footer_says_count_sum_and_mean_of_the_chosen_cells(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    at = column(page, "agreed_investment")
    block = QItemSelection(page.model.index(0, at), page.model.index(2, at))
    page.table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    qtbot.waitUntil(lambda: "合计" in words_of(page.footer), timeout=5000)
    amounts = [int(shown(page, line, "agreed_investment").replace(",", "")) for line in range(3)]
    said = words_of(page.footer)
    assert f"已选 3 格 合计 {sum(amounts):,} 万元" in said
    assert f"平均 {sum(amounts) / 3:,.2f}" in said


def test_that_a_width_and_the_zoom_are_remembered_at_this_desk(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.table.widened.emit("street", 210)
    press(page.table, Qt.Key.Key_Equal, CTRL)
    demo.go("history")
    demo.go("projects")
    at_rest(qtbot, demo)
    assert page.model.columns[column(page, "street")].width == 210
    assert demo.preferences.ledgers["projects"]["zoom"] == 1.1


def test_that_below_1200_pixels_the_pane_lies_over_the_table(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.choose(1)
    at_rest(qtbot, demo)
    assert lies_over(page) is False
    beside = page.table.width()
    demo.resize(1100, 700)
    at_rest(qtbot, demo)
    assert lies_over(page) is True
    assert page.table.width() > beside - 200
    assert page.pane.geometry().right() == page.beside.rect().right()
    demo.resize(1366, 768)
    at_rest(qtbot, demo)
    assert lies_over(page) is False


def test_that_the_pane_stays_closed_until_it_is_asked_for(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.choose(1)
    at_rest(qtbot, demo)
    assert page.pane.isVisible()
    press(page.pane, Qt.Key.Key_Escape)
    page.choose(3)
    at_rest(qtbot, demo)
    assert not page.pane.isVisible()
    press(page.table, Qt.Key.Key_Return, CTRL)
    at_rest(qtbot, demo)
    assert shown(page, 3, "name") in [one.text() for one in page.pane.findChildren(QLabel)]


def test_that_paper_repeats_headings_numbers_its_pages_and_says_the_conditions(
    qtbot: QtBot, demo: Window, page: ProjectsPage, tmp_path: Path
) -> None:
    import pypdfium2

    page.ledger.change(columns=("name", "stage", "agreed_investment", "approved_on"), groups=("street",))
    page.ledger.set_condition("agreed_investment", Condition("agreed_investment", "at_least", 10**9))
    at_rest(qtbot, demo)
    sheets: list[printing.Sheet] = []
    work = asking.cells("projects", page.model.fields, page.model.ids, page.ledger.today)
    page.ask(work, lambda rows: sheets.append(printing.sheet_of(page.ledger, rows)))
    at_rest(qtbot, demo)
    writer = QPdfWriter(str(tmp_path / "账本.pdf"))
    pages = printing.draw(writer, sheets[0])
    document = pypdfium2.PdfDocument(tmp_path / "账本.pdf")
    texts = [one.get_textpage().get_text_range() for one in document]
    document.close()
    assert pages == len(texts) > 1
    assert all(
        "协议投资额" in text and f"第 {at} " in text and f"共 {pages} " in text for at, text in enumerate(texts, 1)
    )
    assert "不低于1,000万元" in texts[0]
    assert sheets[0].lines[0][0].bold


def test_that_too_many_rows_for_paper_are_refused_in_a_sentence(
    qtbot: QtBot, demo: Window, page: ProjectsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST", 100)
    printing.print_ledger(page.ledger)
    assert page.footer.right.toolTip() or page.footer.right.text()
    assert "173 行太多" in page.footer.right.text() + page.footer.right.toolTip()


def test_that_the_workbook_has_the_columns_and_rows_of_the_table(
    qtbot: QtBot, demo: Window, page: ProjectsPage, answers: Answers, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    page.ledger.change(columns=("street", "name", "agreed_investment"))
    page.ledger.set_condition("street", Condition("street", "is", "大杨镇"))
    at_rest(qtbot, demo)
    out = tmp_path / "大杨镇.xlsx"
    answers.files.append(out)
    press(page.table, Qt.Key.Key_E, CTRL)
    at_rest(qtbot, demo)
    sheet = load_workbook(out).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = next(row for row in rows if "项目名称" in row)
    assert heads[1:4] == ["属地", "项目名称", "协议投资额（万元）"]
    body = rows[rows.index(heads) + 1 :]
    assert [row[2] for row in body[: page.model.rowCount()]] == [
        shown(page, line, "name") for line in range(page.model.rowCount())
    ]


def test_that_a_query_that_is_no_longer_wanted_is_stopped_under_way(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    answers: list[int] = []
    page.ask(lambda connection: connection.exec_driver_sql(endless).scalar(), answers.append, key="listing")
    page.ask(lambda connection: connection.exec_driver_sql("SELECT 7").scalar(), answers.append, key="listing")
    qtbot.waitUntil(lambda: answers == [7], timeout=10_000)
    at_rest(qtbot, demo)
    assert answers == [7]


def test_that_no_match_offers_to_take_the_last_condition_off(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.ledger.set_condition("street", Condition("street", "is", "没有这条街"))
    at_rest(qtbot, demo)
    assert page.ledger.drop_last.isVisible()
    assert page.ledger.drop_last.text() == "去掉“属地”"
    page.ledger.drop_last.click()
    at_rest(qtbot, demo)
    assert page.model.rowCount() == 173


def test_that_printing_shows_a_preview_that_outlives_the_call(qtbot: QtBot, demo: Window, page: ProjectsPage) -> None:
    page.ledger.open_view("signed")
    at_rest(qtbot, demo)
    press(page.table, Qt.Key.Key_P, CTRL)
    at_rest(qtbot, demo)
    window = page.findChild(QPrintPreviewDialog)
    assert window is not None
    assert window.isVisible()
    assert "本期签约" in window.windowTitle()
    window.close()


def test_that_what_is_typed_is_found_by_initials_and_exported_as_it_was_found(
    qtbot: QtBot, demo: Window, page: ProjectsPage, answers: Answers, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    name, everything = shown(page, 0, "name"), page.model.rowCount()
    type_in(page.ledger.search, pinyin.initials(name)[0])
    qtbot.waitUntil(lambda: 0 < page.model.rowCount() < everything, timeout=10_000)
    at_rest(qtbot, demo)
    found = [shown(page, line, "name") for line in range(page.model.rowCount())]
    assert name in found
    out = tmp_path / "找到的.xlsx"
    answers.files.append(out)
    press(page.table, Qt.Key.Key_E, CTRL)
    at_rest(qtbot, demo)
    cells = [str(cell.value) for row in load_workbook(out).worksheets[0].iter_rows() for cell in row if cell.value]
    assert set(found) <= set(cells)
    assert any("含“" in cell for cell in cells)
