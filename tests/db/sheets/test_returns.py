"""A sheet comes back mutilated, and still every change is taken, every conflict asked, nothing lost and nothing invented."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from db import cli
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import Text
from db.projects.service import delete_projects
from db.projects.sheet import PROJECT_SHEET
from db.sheets import sent as sendings
from db.sheets.merge_plan import Take
from db.sheets.merging import (
    Decisions,
    Outdated,
    Written,
    added,
    apply,
    chosen,
    decisions_from_json,
    merge_json,
    undecided,
    who_changed,
)
from tests.conftest import on_a_file
from tests.db.sheets import returns
from tests.db.sheets.returns import (
    AGREED,
    HEADER,
    INVESTOR,
    JOBS,
    MARK,
    MUTILATIONS,
    NAME,
    NEXT,
    PROBLEMS,
    SIGNED,
    Sheet,
    Table,
    by_name,
    change,
    everything,
    planned,
    save_csv,
    save_xls,
    save_xlsx,
    without_headings,
)
from tests.factories import projects, spreadsheets

Save = Callable[[Sequence[Sequence[Any]], Path], Path]
TAKEN = {
    ("甲", "problems", "缺电"),
    ("乙", "agreed_investment", 30_000 * 10**6),
    ("丙", "problems", None),
    ("丁", "signed_on", "2024-06-30"),
}


def fill_in(sheet: Sheet) -> None:
    """What the street changes: four cells, and one that we change as well."""
    sheet.of("甲项目")[PROBLEMS] = "缺电"
    sheet.of("乙项目")[AGREED] = 30_000
    sheet.of("丙项目")[PROBLEMS] = None
    sheet.of("丁项目")[SIGNED] = "2024年6月30日"
    sheet.of("戊项目")[NEXT] = "七月签约"


def filled_in(book: Book, folder: Path) -> Sheet:
    """A sheet of six projects that was sent and filled in, while we went on."""
    ids = returns.fill(book)
    made = returns.sent(book, folder)
    change(book, (ids[4], "next_step", "八月签约"), (ids[5], "jobs", 99))
    fill_in(made)
    return made


@pytest.fixture
def sheet(book: Book, tmp_path: Path) -> Sheet:
    """Such a sheet, of a book that may be written."""
    return filled_in(book, tmp_path)


@pytest.fixture(scope="module")
def street(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Sheet]]:
    """Such a sheet and its book, which is only read: comparing asks no engine, and what does is tried on both below."""
    folder = tmp_path_factory.mktemp("street")
    with Book.open(shutil.copyfile(empty_file, folder / "street.zsb"), actor="测试员") as book:
        yield book, filled_in(book, folder)


def expect_the_usual(book: Book, path: Path, **other: Any) -> None:
    """The plan that follows from what was filled in, however it came back."""
    merge = planned(book, path)
    assert by_name(merge, merge.taken) == other.get("taken", TAKEN)
    assert by_name(merge, merge.conflicts) == {("戊", "next_step", "七月签约")}
    (conflict,) = merge.conflicts
    assert (conflict.base, conflict.ours) == (None, "八月签约")
    assert (merge.equal, merge.ours) == (0, 1)
    assert [one.row for one in merge.new] == []
    assert [one.why.render("en") for one in merge.refused] == []
    assert [one.name for one in merge.missing] == other.get("missing", [])


# --- mutilated ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutilate", MUTILATIONS)
def test_that_a_mutilated_return_says_what_was_filled_in(
    street: tuple[Book, Sheet], tmp_path: Path, mutilate: Callable[[Sheet], Table]
) -> None:
    book, sheet = street
    expect_the_usual(book, save_xlsx(mutilate(deepcopy(sheet)), tmp_path / "回表"))


@pytest.mark.parametrize("save", [save_xls, save_csv])
def test_that_other_programs_save_the_same(street: tuple[Book, Sheet], tmp_path: Path, save: Save) -> None:
    book, sheet = street
    expect_the_usual(book, save(sheet.cells, tmp_path / "回表"))


def test_that_columns_without_any_heading_are_known_by_what_stands_in_them(
    street: tuple[Book, Sheet], tmp_path: Path
) -> None:
    book, sheet = street
    merge = planned(book, save_xlsx(without_headings(sheet), tmp_path / "回表"))
    assert by_name(merge, merge.taken) == TAKEN
    assert any("被当作" in one.text.render("zh") or "taken for" in one.text.render("en") for one in merge.notes)


@on_a_file
def test_that_a_sheet_sent_before_its_cells_were_kept_is_compared_with_the_book_as_it_was(
    book: Book, sheet: Sheet, tmp_path: Path
) -> None:
    with book.write(Text("a book of older days")) as connection:
        connection.execute(update(sendings.sending).values(cells=None))
    expect_the_usual(book, save_xlsx(sheet.cells, tmp_path / "回表"))


@on_a_file
def test_that_numbers_saved_as_they_were_shown_are_no_change(book: Book, tmp_path: Path) -> None:
    ids = returns.fill(book, 2)
    change(book, (ids[0], "agreed_investment", 12_345_678_900))
    made = returns.sent(book, tmp_path)
    merge = planned(book, save_csv(made.cells, tmp_path / "回表"))
    assert (merge.taken, merge.conflicts) == ((), ())
    made.of("甲项目")[AGREED] = 12_346.0
    assert len(planned(book, save_xlsx(made.cells, tmp_path / "改")).taken) == 1


# --- deciding and writing ---------------------------------------------------------------------------------------------


def state(book: Book) -> dict[int, dict[str, Any]]:
    """What the book says of its projects."""
    with book.read() as connection:
        ids = [record["id"] for record in PROJECT_SHEET.existing(connection)]
        return PROJECT_SHEET.current(connection, ids, returns.KEYS)


def test_that_nothing_is_written_while_a_conflict_stands_and_all_of_it_is_one_operation(
    book: Book, sheet: Sheet, tmp_path: Path
) -> None:
    before = everything(book)
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    assert undecided(merge, Decisions()) == 1
    with pytest.raises(Refused, match="1"):
        apply(book, merge)
    assert everything(book) == before
    (conflict,) = merge.conflicts
    decided = Decisions({(conflict.id, "next_step"): Written("七月底签约")})
    assert decisions_from_json(decided.as_json()) == decided
    assert len(chosen(merge, decided)) == 5
    number = apply(book, merge, decided, on="2024-07-08")
    assert number is not None
    assert book.operations()[0].label.render("zh") == "大杨镇回表：回表.xlsx"
    after = state(book)
    assert after[conflict.id]["next_step"] == "七月底签约"
    assert after[sheet.ids[2]]["problems"] is None
    assert after[sheet.ids[5]]["jobs"] == 99
    assert book.undo(number).conflicts == ()
    assert everything(book) == before


def test_that_the_same_return_merged_twice_changes_nothing_whatever_was_decided(
    book: Book, sheet: Sheet, tmp_path: Path
) -> None:
    path = save_xlsx(sheet.cells, tmp_path / "回表")
    assert apply(book, planned(book, path), take="ours", on="2024-07-08") is not None
    after, count = state(book), len(book.operations())
    again = planned(book, path)
    assert again.already == "2024-07-08"
    assert apply(book, again, take="theirs") is None
    other = planned(book, save_xls(sheet.cells, tmp_path / "另存"))
    assert (other.taken, other.conflicts, other.missing, other.new) == ((), (), (), ())
    assert apply(book, other, take="theirs") is None
    assert (state(book), len(book.operations())) == (after, count)


@on_a_file
def test_that_a_later_return_is_compared_with_the_first(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    apply(book, planned(book, save_xlsx(sheet.cells, tmp_path / "一")), take="ours")
    sheet.of("甲项目")[PROBLEMS] = "缺电缺水"
    change(book, (sheet.ids[1], "agreed_investment", 31_000 * 10**6))
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "二"))
    assert by_name(merge, merge.taken) == {("甲", "problems", "缺电缺水")}
    assert merge.conflicts == ()


@on_a_file
def test_that_two_people_of_a_unit_do_not_turn_back_each_others_changes(book: Book, tmp_path: Path) -> None:
    returns.fill(book, 3)
    one = returns.sent(book, tmp_path)
    other = deepcopy(one)
    one.of("甲项目")[PROBLEMS], one.of("乙项目")[JOBS] = "缺电", 77
    other.of("甲项目")[PROBLEMS], other.of("丙项目")[JOBS] = "缺水", 88
    apply(book, planned(book, save_xlsx(one.cells, tmp_path / "一")))
    merge = planned(book, save_xlsx(other.cells, tmp_path / "二"))
    assert by_name(merge, merge.taken) == {("丙", "jobs", 88)}
    assert by_name(merge, merge.conflicts) == {("甲", "problems", "缺水")}
    assert "does not go on" in merge.notes[0].text.render("en")
    apply(book, merge, take="theirs")
    again = planned(book, save_xls(other.cells, tmp_path / "再"))
    assert (again.taken, again.conflicts) == ((), ())
    other.of("丙项目")[JOBS] = 25  # as it was sent: taken back
    merge = planned(book, save_xlsx(other.cells, tmp_path / "三"))
    assert by_name(merge, merge.taken) == {("丙", "jobs", 25)}


@on_a_file
def test_that_a_column_that_was_only_rounded_is_no_change(book: Book, tmp_path: Path) -> None:
    returns.fill(book, 4)
    made = returns.sent(book, tmp_path)
    made.cells[HEADER][AGREED] = "协议投资额（亿元）"
    for line in made.cells[HEADER + 1 :]:
        line[AGREED] = round(line[AGREED] / 10_000, 2)
    made.of("丁项目")[AGREED] = 8
    merge = planned(book, save_xlsx(made.cells, tmp_path / "回表"))
    assert by_name(merge, merge.taken) == {("丁", "agreed_investment", 8 * 10**10)}
    assert any("rounded" in note.text.render("en") for note in merge.notes)


@on_a_file
def test_that_a_taken_cell_can_be_turned_back(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    apply(book, merge, Decisions({(sheet.ids[0], "problems"): "ours"}), take="theirs")
    assert state(book)[sheet.ids[0]]["problems"] == "甲的问题"
    assert state(book)[sheet.ids[4]]["next_step"] == "七月签约"


@on_a_file
def test_that_who_of_us_changed_a_cell_is_said(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    told = who_changed(book, merge, merge.conflicts)
    assert [(key, who) for (_id, key), (who, _at) in told.items()] == [("next_step", "招商局")]


@on_a_file
def test_that_a_plan_that_the_book_has_left_behind_is_not_written(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    change(book, (sheet.ids[0], "problems", "另一个问题"))
    with pytest.raises(Outdated, match="甲项目"):
        apply(book, merge, take="theirs")
    assert state(book)[sheet.ids[0]]["problems"] == "另一个问题"


CELL = st.tuples(st.integers(0, 3), st.sampled_from([PROBLEMS, NEXT, JOBS]), st.sampled_from([None, 1, 2, 3]))
EDITS = st.lists(CELL, min_size=3, max_size=9)
KEY_OF = {PROBLEMS: "problems", NEXT: "next_step", JOBS: "jobs"}


@on_a_file
@given(EDITS, EDITS, st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_that_random_edits_on_both_sides_are_merged_whole(
    book: Book, tmp_path: Path, mine: list[Any], his: list[Any], dice: random.Random
) -> None:
    ids = sorted(state(book)) or returns.fill(book, 4)  # each example goes on with the book of the one before
    made = returns.sent(book, tmp_path)
    base = state(book)
    for place, column, value in mine:
        told = value if column == JOBS or value is None else f"我{value}"
        change(book, (ids[place], KEY_OF[column], told))
    body = made.cells[HEADER + 1 :]
    for place, column, value in his:
        body[place][column] = value if column == JOBS or value is None else f"他{value}"
    theirs = {(ids[at], key): body[at][column] for at in range(4) for column, key in KEY_OF.items()}
    dice.shuffle(body)
    ours, before = state(book), everything(book)
    merge = planned(book, save_xlsx([*made.cells[: HEADER + 1], *body], tmp_path / "回表"))
    conflicts = {(one.id, one.key) for one in merge.conflicts}
    take: Take = dice.choice(("ours", "theirs"))
    number = apply(book, merge, take=take)
    after = state(book)
    for (record, key), value in theirs.items():
        was, here = base[record][key], ours[record][key]
        both = was not in (value, here) and value != here
        assert ((record, key) in conflicts) == both
        assert after[record][key] == (here if value == was or (both and take == "ours") else value)
    assert number is not None
    again = planned(book, save_csv([*made.cells[: HEADER + 1], *body], tmp_path / "再来"))
    assert (again.taken, again.conflicts, again.missing, again.new) == ((), (), (), ())
    assert book.undo(number).conflicts == ()
    assert everything(book) == before


# --- rows that are gone, new, copied, invented ------------------------------------------------------------------------


@on_a_file
def test_that_deleted_rows_are_proposed_and_kept_unless_somebody_agrees(
    book: Book, sheet: Sheet, tmp_path: Path
) -> None:
    sheet.cells = [line for line in sheet.cells if line[NAME] not in ("甲项目", "己项目")]
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    assert [(one.name, one.changed) for one in merge.missing] == [("甲项目", False), ("己项目", True)]
    number = apply(book, merge, Decisions(delete=frozenset({sheet.ids[5]})), take="ours")
    assert set(state(book)) == set(sheet.ids[:5])
    assert number is not None
    assert book.undo(number).conflicts == ()
    assert set(state(book)) == set(sheet.ids)


def test_that_new_rows_are_added_once_and_matched_with_what_exists(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    known = projects.projects(book, projects.row(name="庚项目", investor="庚公司", street="大杨镇", jobs=7))[0]
    width = len(sheet.cells[HEADER])
    new = [None, "辛项目", "辛公司", 5_000, *[None] * (width - 4)]
    there = [None, "庚项目", "庚公司", 6_000, *[None] * (width - 5), 8]
    nearly = [None, "甲项目二", "甲公司", 7_000, *[None] * (width - 4)]
    path = save_xlsx([*sheet.cells, new, there, nearly], tmp_path / "回表")
    merge = planned(book, path)
    assert ("庚", "agreed_investment", 6_000 * 10**6) in by_name(merge, merge.taken)
    assert ("庚", "jobs", 8) in by_name(merge, merge.conflicts)
    assert merge.matched == (known,)
    assert [one.values["name"] for one in merge.new] == ["辛项目", "甲项目二"]
    if merge.new[1].alike is not None:
        assert [one.values["name"] for one in added(merge, Decisions())] == ["辛项目"]
    apply(book, merge, Decisions(new={merge.new[1].place: -1}), take="ours")
    assert max(cells["name"] for cells in state(book).values()) == "辛项目"
    assert len(state(book)) == 8
    again = planned(book, save_csv([*sheet.cells, new, there, nearly], tmp_path / "再来"))
    assert (again.new, again.conflicts, again.taken) == ((), (), ())


@on_a_file
def test_that_marks_copied_or_invented_make_rows_that_are_asked_about(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    copied, invented = list(sheet.of("乙项目")), list(sheet.of("丙项目"))
    copied[NAME], copied[JOBS] = "乙项目二期", 77
    invented[MARK], invented[NAME], invented[INVESTOR] = (
        f"R{sheet.sending.id}.{sheet.ids[3]}.aaaaaa",
        "壬工程",
        "壬公司",
    )
    merge = planned(book, save_xlsx([*sheet.cells, copied, invented], tmp_path / "回表"))
    assert by_name(merge, merge.taken) == TAKEN
    assert {(one.values["name"], one.copied) for one in merge.new} == {("乙项目二期", sheet.ids[1]), ("壬工程", None)}


@on_a_file
def test_that_what_was_sent_to_look_at_is_not_taken(book: Book, tmp_path: Path) -> None:
    returns.fill(book)
    made = returns.sent(book, tmp_path, editable=frozenset({"problems"}))
    fill_in(made)
    merge = planned(book, save_xlsx(made.cells, tmp_path / "回表"))
    assert {one.key for one in merge.taken} == {"problems"}
    assert {one.key for one in merge.refused} == {"agreed_investment", "signed_on", "next_step"}


@on_a_file
def test_that_cells_that_cannot_be_are_listed_and_the_others_taken(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    sheet.of("甲项目")[AGREED], sheet.of("乙项目")[SIGNED] = "很多", "2024-13-45"
    sheet.of("丙项目")[NAME], sheet.of("己项目")[JOBS] = None, "=SUM(A1:A3)"
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    assert {(one.key, one.value) for one in merge.refused} == {
        ("agreed_investment", "很多"), ("signed_on", "2024-13-45"), ("name", ""), ("jobs", "=SUM(A1:A3)"),
    }  # fmt: skip
    assert by_name(merge, merge.taken) >= {("甲", "problems", "缺电")}
    found = merge_json(merge, None, "zh")
    assert {"taken", "equal", "conflicts", "new", "missing", "refused", "operation"} <= found.keys()


@on_a_file
def test_that_a_record_deleted_here_meanwhile_is_said(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    with book.write(Text("gone")) as connection:
        delete_projects(connection, [sheet.ids[0]])
    merge = planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))
    assert [(one.key, "deleted" in one.why.render("en")) for one in merge.refused] == [("problems", True)]


# --- files that are not to be merged ----------------------------------------------------------------------------------


def with_code(sheet: Sheet, place: int, told: str) -> Table:
    """Its code over the header changed: the book, the sending, the operation or the signature."""
    parts = sheet.cells[2][NAME].split(".")
    parts[place] = told
    sheet.cells[2][NAME] = ".".join(parts)
    return sheet.cells


def save_nothing(path: Path) -> Path:
    path.with_suffix(".xlsx").write_bytes(b"")
    return path.with_suffix(".xlsx")


def unmarked(sheet: Sheet) -> Table:
    return [line[1:] for line in sheet.cells[HEADER:]]


BAD: tuple[tuple[Callable[[Sheet, Path], Path], str], ...] = (
    (lambda _sheet, path: spreadsheets.encrypted_xlsx(path.with_suffix(".xlsx")), "密码保护"),
    (lambda _sheet, path: spreadsheets.picture(path.with_suffix(".xlsx")), "不是可读取的表格"),
    (lambda _sheet, path: save_nothing(path), "是空文件"),
    (lambda sheet, path: save_xlsx(with_code(sheet, 1, "0badc0de"), path), "另一本账"),
    (lambda sheet, path: save_xlsx(with_code(sheet, 3, "999"), path), "比本账本的记录还晚"),
    (lambda sheet, path: save_xlsx(with_code(sheet, 4, "0000000000"), path), "编号被改过"),
    (lambda sheet, path: save_xlsx(unmarked(sheet), path), "不是本账本发出的表"),
)


@pytest.mark.parametrize(("make", "sentence"), BAD)
def test_that_what_is_no_return_is_a_sentence_and_nothing_is_written(
    street: tuple[Book, Sheet], tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Sheet, Path], Path],
    sentence: str,
) -> None:  # fmt: skip
    book, sheet = street
    before = everything(book)
    path = make(deepcopy(sheet), tmp_path / "回表")
    assert cli.main(["merge", book.target, str(path), "--lang", "zh"]) == 1
    assert sentence in capsys.readouterr().err
    assert everything(book) == before


@on_a_file
def test_that_an_undone_sending_is_no_longer_known(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    number = sheet.sending.operation
    assert book.undo(number).conflicts == ()
    with pytest.raises(Refused, match="does not know the sending"):
        planned(book, save_xlsx(sheet.cells, tmp_path / "回表"))


# --- who has not returned ---------------------------------------------------------------------------------------------


@on_a_file
def test_that_the_book_says_who_was_sent_what_and_who_is_late(book: Book, sheet: Sheet, tmp_path: Path) -> None:
    def standing(day: str) -> sendings.Standing:
        with book.read() as connection:
            return sendings.standings(connection, today=day)[0]

    assert [standing("2024-07-05").state, standing("2024-07-05").overdue] == [sendings.OPEN, 0]
    assert standing("2024-07-17").overdue == 7
    assert "7" in sendings.reminder(standing("2024-07-17")).render("zh")
    some = [line for line in sheet.cells if line[NAME] != "己项目"]
    apply(book, planned(book, save_xlsx(some, tmp_path / "一部分")), take="ours", on="2024-07-08")
    found = standing("2024-07-17")
    assert (found.state, found.present, found.returned_on) == (sendings.PARTLY, 5, "2024-07-08")
    apply(book, planned(book, save_xlsx(sheet.cells, tmp_path / "全部")), take="ours", on="2024-07-09")
    assert (standing("2024-07-17").state, standing("2024-07-17").overdue) == (sendings.BACK, 0)


@on_a_file
def test_that_the_sheet_looks_as_it_should(book: Book, tmp_path: Path) -> None:
    returns.fill(book, 2)
    returns.sent(book, tmp_path, editable=frozenset({"problems", "street"}), choices={"street": ["大杨镇", "杏林街道"]},
                 instructions="请镇里核对。")  # fmt: skip
    page = openpyxl.load_workbook(tmp_path / "大杨镇.xlsx").worksheets[0]
    assert page.column_dimensions["A"].hidden
    assert (
        page["B2"].value == "请镇里核对。请于2024-07-10前交回。灰底的列只看不改。新增的行填在下面；删去的行会先问过。"
    )
    assert page["B3"].value.startswith("本表编号，请勿改动：ZS.")
    assert page["D5"].protection.locked
    assert not page["H5"].protection.locked
    assert [str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation] == ["F5"]
