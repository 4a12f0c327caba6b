"""The model of a ledger: windows of rows, folding, what stands out."""

from __future__ import annotations

import tracemalloc

from pytestqt.qtbot import QtBot

from desktop.kit.rows import KEPT_WINDOWS, WINDOW
from tests.desktop.kit.lines import DUE, MONEY, model


def test_that_only_the_rows_one_looks_at_are_asked_for(qtbot: QtBot) -> None:
    rows, store = model(100_000)
    assert rows.index(0, 0).data() is None
    store.answer()
    assert rows.index(0, 0).data() == "项目1"
    assert [len(ids) for ids in store.asked] == [WINDOW]
    assert not rows.known(99_999)


def test_that_scrolling_through_100000_rows_keeps_a_bounded_number_of_them(qtbot: QtBot) -> None:
    rows, store = model(100_000)

    def scroll(first: int, last: int) -> None:
        for line in range(first, last, WINDOW):
            rows.cells(line)
            store.answer()

    scroll(0, 10_000)
    tracemalloc.start()
    scroll(10_000, 20_000)
    early = tracemalloc.take_snapshot()
    scroll(20_000, 60_000)
    late = tracemalloc.take_snapshot()
    tracemalloc.stop()
    grown = sum(
        one.size_diff for one in late.compare_to(early, "filename") if "kit/rows.py" in one.traceback[0].filename
    )
    assert grown < 300_000
    assert sum(rows.known(line) for line in range(0, 100_000, WINDOW)) <= KEPT_WINDOWS


def test_that_a_row_that_left_the_store_comes_back_when_one_looks_again(qtbot: QtBot) -> None:
    rows, store = model(20_000)
    for line in range(0, 20_000, WINDOW):
        rows.cells(line)
        store.answer()
    assert not rows.known(0)
    rows.cells(0)
    store.answer()
    assert rows.index(0, 0).data() == "项目1"


def test_that_a_heading_says_name_count_and_subtotal_and_folding_hides_its_rows_only(qtbot: QtBot) -> None:
    rows, _store = model(100_000, streets=4)
    assert rows.index(0, 0).data() in ("街道0 · 25,000 个", "街道0 · 25,000")
    assert rows.index(0, 1).data() == f"{sum(range(1, 25_001)):,}"
    assert rows.rowCount() == 100_004
    rows.fold(0, folded=True)
    assert rows.rowCount() == 75_004
    assert rows.row_of(25_000) is None
    assert rows.row_of(25_001) == 2
    assert rows.open_to(25_000) == 25_000


def test_that_all_groups_fold_and_open_at_once(qtbot: QtBot) -> None:
    rows, _store = model(1000, streets=5)
    rows.fold_all(0)
    assert rows.rowCount() == 5
    rows.fold_all(None)
    assert rows.rowCount() == 1005


def test_that_a_day_that_passed_says_how_late_it_is_until_the_thing_is_done(qtbot: QtBot) -> None:
    rows, store = model(10)
    rows.cells(0)
    store.answer()
    late, done = rows.cells(0), rows.cells(1)
    assert late is not None
    assert done is not None
    assert (late[3].text, late[3].tone, "17" in late[3].after) == ("2024-06-30", "red", True)
    assert (done[3].tone, done[3].after) == ("text", "")
    assert DUE.key == rows.columns[3].field.key


def test_that_a_typed_value_is_shown_at_once(qtbot: QtBot) -> None:
    rows, store = model(10)
    rows.cells(0)
    store.answer()
    rows.put(1, MONEY.key, 77 * 10**6)
    assert rows.index(0, 1).data() == "77"
    assert rows.index(0, 0).data() == "项目1"
