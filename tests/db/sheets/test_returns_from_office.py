"""Sheets that LibreOffice opened and saved: as they were sent from every room, and mutilated in every way in every format."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import cycle
from pathlib import Path

import openpyxl
import pytest

from db.core.book import Book
from db.sent_out import Asked, send_unit, sending_rooms
from db.sheets.merging import Merge, apply, plan_return
from db.sheets.reading import read_workbook
from tests.db.reports.office import all_converted
from tests.db.sheets import returns
from tests.db.sheets.returns import (
    AGREED,
    HEADER,
    INVESTOR,
    JOBS,
    MARK,
    MUTILATIONS,
    NAME,
    Sheet,
    Table,
    columns_moved,
    columns_renamed,
    other_days,
    other_units,
    planned,
    sorted_anew,
)
from tests.db.sheets.test_returns import TAKEN, expect_the_usual, filled_in

KINDS = ("xlsx", "xls", "ods", "csv")
SHEETS = tuple(sending_rooms())
ROOM_KINDS = dict(zip((one.name for one in SHEETS), cycle(KINDS[:3]), strict=False))
NEW = {"乙项目二期", "壬工程", "辛项目"}


def everything_at_once(sheet: Sheet) -> Table:
    """Sorted anew, rows gone, new, copied and with an invented mark, columns renamed and moved, other units and days."""
    sheet.cells = [line for line in sheet.cells if line[NAME] != "己项目"]
    width = len(sheet.cells[HEADER])
    copied, invented = list(sheet.of("乙项目")), list(sheet.of("丙项目"))
    copied[NAME], copied[JOBS] = "乙项目二期", 77
    invented[MARK], invented[NAME], invented[INVESTOR] = (
        f"R{sheet.sending.id}.{sheet.ids[3]}.aaaaaa",
        "壬工程",
        "壬公司",
    )
    sheet.cells += [copied, invented, [None, "辛项目", "辛公司", 5_000, *[None] * (width - 4)]]
    for mutilate in (sorted_anew, other_units, other_days, columns_renamed):
        sheet.cells = mutilate(sheet)
    sheet.cells[HEADER][AGREED] = "协议投资额（亿元）"
    return columns_moved(sheet)


@pytest.fixture(scope="module")
def folder(empty_file: Path, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two books, and what came back from them, saved by LibreOffice; `back` says where."""
    folder = tmp_path_factory.mktemp("office")
    sheets: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    shutil.copy(empty_file, folder / "street.zsb")
    with Book.open(folder / "street.zsb", actor="测试员") as book:
        made = filled_in(book, folder)
    for at, mutilate in enumerate((*MUTILATIONS, everything_at_once)):
        path = returns.save_xlsx(mutilate(deepcopy(made)), folder / mutilate.__name__)
        path = path.rename(folder / f"{mutilate.__name__}.xlsx")
        for kind in KINDS if mutilate is everything_at_once else (KINDS[at % 4],):
            sheets[kind].append(path)
    _in_place(folder / "大杨镇.xlsx", made.cells)
    for kind in KINDS:
        sheets[kind].append(folder / "大杨镇.xlsx")
    shutil.copy(demonstration, folder / "district.zsb")
    with Book.open(folder / "district.zsb", actor="测试员") as book:
        for one in SHEETS:
            assert one.sheet is not None
            with book.read() as connection:
                some = tuple(record["id"] for record in one.sheet.existing(connection))[:40]
            keys = [field.key for field in one.sheet.fields]
            send_unit(book, one.name, Asked("大杨镇", columns=keys, records=some), folder / f"{one.name}.xlsx")
            sheets[ROOM_KINDS[one.name]].append(folder / f"{one.name}.xlsx")
    for kind, sent in sheets.items():
        all_converted(sent, kind, folder)
    return folder


def back(folder: Path, name: str, kind: str) -> Path:
    """What was saved of the sheet of that name."""
    return folder / f"as-{kind}" / f"{name}.{kind}"


def _in_place(path: Path, cells: Table) -> None:
    """What the street filled in, in the very sheet that was sent, with its faces and lists."""
    book = openpyxl.load_workbook(path)
    for row, line in enumerate(cells, 1):
        for column, cell in enumerate(line, 1):
            book.worksheets[0].cell(row, column).value = cell
    book.save(path)


@pytest.fixture(scope="module")
def street(folder: Path) -> Iterator[Book]:
    """The book that sent the mutilated sheets."""
    with Book.open(folder / "street.zsb", actor="测试员") as book:
        yield book


@pytest.mark.parametrize("kind", KINDS)
def test_that_what_was_filled_in_comes_back_in_any_format(street: Book, folder: Path, kind: str) -> None:
    expect_the_usual(street, back(folder, "大杨镇", kind))


@pytest.mark.parametrize(("at", "mutilate"), [*enumerate(MUTILATIONS)])
def test_that_a_mutilated_return_saved_by_another_program_says_the_same(
    street: Book, folder: Path, at: int, mutilate: Callable[[Sheet], Table]
) -> None:
    expect_the_usual(street, back(folder, mutilate.__name__, KINDS[at % 4]))


def expect_everything(merge: Merge) -> None:
    """Every true change arrives, the conflict is listed, nothing is deleted, what nobody knows is asked about."""
    assert returns.by_name(merge, merge.taken) == TAKEN
    assert returns.by_name(merge, merge.conflicts) == {("戊", "next_step", "七月签约")}
    assert [one.name for one in merge.missing] == ["己项目"]
    assert {one.values["name"] for one in merge.new} == NEW
    assert merge.refused == ()


def test_that_all_of_it_at_once_is_understood_and_the_next_return_changes_nothing(folder: Path) -> None:
    shutil.copy(folder / "street.zsb", folder / "again.zsb")
    with Book.open(folder / "again.zsb", actor="测试员") as book:
        for kind in KINDS:
            expect_everything(merge := planned(book, back(folder, "everything_at_once", kind)))
        assert apply(book, merge, take="theirs", on="2024-07-08") is not None
        count = len(book.operations())
        for kind in KINDS[:2]:
            merge = planned(book, back(folder, "everything_at_once", kind))
            assert (merge.taken, merge.conflicts, merge.missing, merge.new, merge.refused) == ((),) * 5
            assert apply(book, merge, take="theirs") is None
        assert len(book.operations()) == count


@pytest.mark.parametrize("room", [one.name for one in SHEETS])
def test_that_a_sheet_of_any_room_comes_back_from_another_program_as_it_left(folder: Path, room: str) -> None:
    with Book.open(folder / "district.zsb", actor="测试员") as book:
        workbook = read_workbook(back(folder, room, ROOM_KINDS[room]))
        merge = plan_return(book, workbook, [one.sheet for one in SHEETS if one.sheet is not None])
        assert (merge.taken, merge.conflicts, merge.missing, merge.new, merge.refused) == ((),) * 5
