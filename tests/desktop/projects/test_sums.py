"""What the rows of the ledger amount to: only amounts in one currency are added up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.progress import Progress
from db.core.text import _
from db.projects.service import set_values
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest
from tests.desktop.projects.test_ledger import page, words_of
from tests.desktop.projects.test_page import column

__all__ = ["page"]


def test_that_sums_on_the_screen_name_the_amounts_in_other_currencies_they_leave_out(
    qtbot: QtBot, demo: Window, page: ProjectsPage
) -> None:
    money = column(page, "agreed_investment")
    ids = [page.model.ids[at] for at in range(2)]
    demo.jobs.ask(demo, _in_dollars(ids[0]), lambda _nothing: None)
    at_rest(qtbot, demo)
    page.ledger.show_only("两个", ids)
    at_rest(qtbot, demo)
    assert "另有外币 1 项，未计入" in words_of(page.footer)
    page.table.choose(0, money)
    box = QItemSelection(page.model.index(0, money), page.model.index(1, money))
    page.table.selectionModel().select(box, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    at_rest(qtbot, demo)
    yuan = next(page.model.value(line, money) for line in range(2) if page.model.record(line) == ids[1])
    said = words_of(page.footer)
    assert f"合计 {yuan // 10**6:,} 万元" in said
    assert said.count("另有外币 1 项，未计入") == 2
    page.ledger.show_all()
    page.ledger.group_by("stage")
    at_rest(qtbot, demo)
    tips = [
        page.model.data(page.model.index(line, money), Qt.ItemDataRole.ToolTipRole)
        for line in range(page.model.rowCount())
        if page.model.group(line) is not None
    ]
    assert tips.count("另有外币 1 项，未计入") == 1


def _in_dollars(number: int) -> Callable[[Book, Progress], None]:
    def work(book: Book, progress: Progress) -> None:
        with book.write(_("Projects")) as connection:
            set_values(connection, [(number, "currency", "USD")])

    return work
