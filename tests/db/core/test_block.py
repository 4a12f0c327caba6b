"""Blocks of cells: understood, compared, refused cell by cell, filled, continued; written as one operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from db.core.block import Checked, check
from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import Day, Field, Money, Month, Words
from db.core.filling import change_many, continued, fill_down, fill_right, series
from db.core.saving import save
from db.core.telling import last_writers
from db.core.text import Text, _
from db.people.service import add_person, add_unit
from db.projects import blocks
from db.projects.fields import field_of
from db.projects.models import project
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI, read

TODAY = "2024-07-17"


def fields(*keys: str) -> list[Field]:
    """Fields of projects."""
    return [one for key in keys if (one := field_of(key)) is not None]


def look(book: Book, ids: Sequence[int], keys: str, *rows: Sequence[str | None]) -> Checked:
    """A pasted block, checked."""
    with book.read() as connection:
        return check(connection, blocks.RULES, fields=fields(*keys.split()), ids=ids, cells=rows, today=TODAY)


def write(book: Book, checked: Checked) -> list[int]:
    """Write a checked block."""
    with book.write(_("Paste")) as connection:
        return blocks.write(connection, checked)


def said(checked: Checked) -> list[str]:
    """The sentences about the cells that cannot be taken."""
    return [one.sentence.render("zh") for one in checked.bad]


@on_a_file
def test_that_every_form_which_the_import_knows_is_understood_in_a_block(book: Book) -> None:
    ids = projects.projects(book, *[projects.row() for _at in range(3)])
    checked = look(
        book, ids, "agreed_investment signed_on land_use land_area",
        ["1.2亿", "2024.3.5", "用地", "80亩"], ["12,000", "2024年3月5日", "", "53000㎡"], ["约500万元", "20240305", "—", "/"],
    )  # fmt: skip
    assert checked.bad == ()
    write(book, checked)
    assert [read(book, number, "agreed_investment", "signed_on")[:2] for number in ids] == [
        (12000 * 10**6, "2024-03-05"), (12000 * 10**6, "2024-03-05"), (500 * 10**6, "2024-03-05"),
    ]  # fmt: skip
    assert read(book, ids[2], "remarks") == ("协议投资额：约500万元",)


@on_a_file
def test_that_one_bad_cell_is_named_with_value_reason_and_accepted_form_and_nothing_is_written(book: Book) -> None:
    first, second = projects.projects(book, projects.row(), projects.row())
    keys = fields("agreed_investment", "signed_on")
    rows = [["1", "2024-02-30"], ["a", "2024-03-01"]]
    saved = save(
        book, blocks.BLOCKS, lambda connection: check(connection, blocks.RULES, fields=keys, ids=[first, second], cells=rows, today=TODAY),
        today=TODAY, fields=keys,
    )  # fmt: skip
    assert [(one.row, one.column) for one in saved.checked.bad] == [(0, 1), (1, 0)]
    assert said(saved.checked)[0].startswith("2024-02-30 · 没有这一天。 · 2024-02-29、2024.2.29")
    assert saved.written == 0
    assert read(book, first, "agreed_investment", "signed_on") == (None, None)


@on_a_file
def test_that_a_block_which_was_copied_from_the_ledger_changes_nothing_where_it_is_pasted_back(book: Book) -> None:
    number = projects.project(book, agreed_investment=123456789, land_area=7, signed_on="2024-01-02", street="杏林街道")
    from db.core.formats import show

    keys = "name agreed_investment land_area signed_on street stage days_in_stage"
    texts = [
        show(one.kind, value)
        for one, value in zip(fields(*keys.split()), read(book, number, *keys.split()), strict=True)
    ]
    checked = look(book, [number], keys, texts)
    assert (checked.changes, checked.bad, checked.unchanged) == ((), (), 7)


@on_a_file
def test_that_a_calculated_field_is_refused_once_however_many_rows_it_has(book: Book) -> None:
    ids = projects.projects(book, projects.row(signed_on="2024-07-01"), projects.row(signed_on="2024-07-02"))
    assert said(look(book, ids, "days_in_stage", ["3"], ["4"])) == ["3 · “本阶段天数”是算出来的，不能在这里改。"]


@on_a_file
def test_that_former_and_short_names_find_the_unit_and_an_unknown_one_asks(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Units")) as connection:
        add_unit(connection, "庐阳区发展和改革委员会", kind="department", short_name="区发改委", former=("区计委",))
        add_person(connection, "高翔", is_leader=True)
    found = look(book, [number], "department leader", ["区计委", "高 翔"])
    assert found.changes == ((number, "department", "庐阳区发展和改革委员会"), (number, "leader", "高翔"))
    asked = look(book, [number], "department", ["区发改爱"])
    assert [one.sentence.render("zh") for one in asked.questions] == ["“责任单位”里还没有“区发改爱”，写入就会新增。"]


@on_a_file
def test_that_production_before_signing_names_the_missing_stage_and_its_own_row(book: Book) -> None:
    signed, talking = projects.projects(book, projects.row(signed_on="2024-01-05"), projects.row())
    checked = look(book, [signed, talking], "started_on", ["2024-03-01"], ["2024-03-01"])
    assert [(one.row, one.column) for one in checked.bad] == [(1, 0)]
    assert "签约" in said(checked)[0]
    both = look(book, [signed, talking], "started_on signed_on", ["2024-03-01", None], ["2024-03-01", "2024-02-01"])
    assert both.bad == ()
    write(book, both)
    assert read(book, talking, "stage", "signed_on") == ("started", "2024-02-01")


@on_a_file
def test_that_an_empty_cell_empties_one_that_says_nothing_leaves_and_a_name_cannot_go(book: Book) -> None:
    number = projects.project(book, name="甲", industry="汽车", remarks="旧")
    checked = look(book, [number], "industry remarks", ["", None])
    assert checked.changes == ((number, "industry", None),)
    assert [one.why.key for one in look(book, [number], "name", [" "]).bad] == ["A project needs a name."]


@on_a_file
@pytest.mark.parametrize(("typed", "asks"), [("150亿", "超过100亿元"), ("30亿", "1,000 倍"), ("500", "")])
def test_that_an_amount_a_thousand_times_its_neighbours_or_above_ten_billion_asks(
    book: Book, typed: str, asks: str
) -> None:
    projects.projects(book, *[projects.row(agreed_investment=200 * 10**6) for _at in range(5)])
    number = projects.project(book)
    questions = [one.sentence.render("zh") for one in look(book, [number], "agreed_investment", [typed]).questions]
    assert questions == [] if not asks else asks in questions[0]


def test_that_rows_below_the_records_become_projects_in_the_same_operation(book: Book) -> None:
    number = projects.project(book, name="甲")
    checked = look(book, [number], "name agreed_investment", ["甲一", "1"], ["乙", "1.2亿"], ["", "3"])
    assert [(one.row, one.column) for one in checked.bad] == [(2, 0)]
    (added,) = write(book, look(book, [number], "name agreed_investment", ["甲一", "1"], ["乙", "1.2亿"]))
    assert read(book, added, "name", "agreed_investment") == ("乙", 12000 * 10**6)
    assert read(book, number, "name") == ("甲一",)
    book.undo(book.operations(limit=1)[0].number)
    assert read(book, number, "name") == ("甲",)
    with book.read() as connection:
        assert blocks.names_of(connection, [added]) == {}


def test_that_ten_cells_of_a_record_are_one_change_of_its_history_and_are_undone_together(book: Book) -> None:
    number = projects.project(book, investor="甲公司", industry="旧")
    keys = "name industry remarks content investor_intro agreed_investment"
    write(book, look(book, [number], keys, ["新", "汽车", "话", "厂房", "大公司", "5"]))
    last = book.operations(limit=1)[0]
    assert last.rows == 2  # the project and its investor
    book.undo(last.number)
    assert read(book, number, *keys.split())[1:] == ("旧", None, None, None, None)


def test_that_cells_which_another_person_changed_stay_theirs_and_the_others_are_written(book: Book) -> None:
    number = projects.project(book, industry="汽车", remarks="旧")
    projects.write(book, (number, "industry", "家电"))
    keys = fields("industry", "remarks")
    saved = save(
        book,
        blocks.BLOCKS,
        lambda connection: check(connection, blocks.RULES, fields=keys, ids=[number], cells=[["钢铁", "新"]], today=TODAY),
        today=TODAY, fields=keys, seen={(number, "industry"): "汽车", (number, "remarks"): "旧"},
    )  # fmt: skip
    assert saved.theirs == ((number, "industry", "家电", "测试员"),)
    assert saved.mine == {(number, "industry"): "钢铁"}
    assert read(book, number, "industry", "remarks") == ("家电", "新")


@on_a_file
def test_that_of_two_who_save_at_once_each_keeps_what_only_they_changed_and_both_are_asked_of_the_rest(
    book: Book,
) -> None:
    number = projects.project(book, industry="汽车", remarks="旧", problems="原来的", site="南岗")
    projects.write(book, (number, "site", "双凤"))
    keys = fields("industry", "remarks", "problems", "site")
    seen = {
        (number, "industry"): "汽车",
        (number, "remarks"): "旧",
        (number, "problems"): "原来的",
        (number, "site"): "南岗",
    }

    def faster(connection: Connection, checked: Checked, said: Sequence[Field]) -> Text:
        """The other one saves after this save was compared and before it is written."""
        with Book.open(book.target, actor="王芳") as other:
            projects.write(
                other, (number, "industry", "家电"), (number, "problems", "一样的"), (number, "progress", "签约")
            )
        return _("Paste")

    cells = [["钢铁", "新", "一样的", "南岗"]]  # the last as it was when it was read
    saved = save(
        book, replace(blocks.BLOCKS, named=faster),
        lambda connection: check(connection, blocks.RULES, fields=keys, ids=[number], cells=cells, today=TODAY),
        today=TODAY, fields=keys, seen=seen,
    )  # fmt: skip
    assert saved.theirs == ((number, "industry", "家电", "王芳"),)
    assert read(book, number, "industry", "remarks", "problems", "site") == ("家电", "新", "一样的", "双凤")
    with book.read() as connection:
        asked = fields("industry", "progress", "remarks")
        wrote = [last_writers(connection, project, one, [number])[number].actor for one in asked]
    assert wrote == ["王芳", "王芳", "测试员"]


@on_a_file
def test_that_filling_down_repeats_the_first_row_and_to_the_right_understands_the_other_field(book: Book) -> None:
    ids = projects.projects(
        book, projects.row(agreed_investment=5 * YI, street="杏林街道"), projects.row(), projects.row()
    )
    keys = fields("agreed_investment", "street")
    with book.read() as connection:
        down = fill_down(connection, blocks.RULES, fields=keys, ids=ids, today=TODAY)
    write(book, down)
    assert [read(book, number, "agreed_investment", "street") for number in ids] == [(5 * YI, "杏林街道")] * 3
    with book.read() as connection:
        right = fill_right(
            connection, blocks.RULES, fields=fields("agreed_investment", "total_investment"), ids=ids, today=TODAY
        )
    write(book, right)
    assert read(book, ids[2], "total_investment") == (5 * YI,)


@pytest.mark.parametrize(
    ("kind", "first", "second", "by", "expected"),
    [
        (Day(), "2024-01-30", None, "", ["2024-01-30", "2024-01-31", "2024-02-01"]),
        (Day(), "2024-01-31", None, "month", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        (Day(), "2024-01-05", "2024-04-05", "", ["2024-01-05", "2024-04-05", "2024-07-05"]),
        (Day(), "2024-01-05", "2024-01-12", "", ["2024-01-05", "2024-01-12", "2024-01-19"]),
        (Month(), "2024-11", None, "", ["2024-11", "2024-12", "2025-01"]),
        (Money("万元"), 10**6, 3 * 10**6, "", [10**6, 3 * 10**6, 5 * 10**6]),
        (Money("万元"), 10**6, None, "", [10**6, 2 * 10**6, 3 * 10**6]),
        (Words(), "XM-009", None, "", ["XM-009", "XM-010", "XM-011"]),
        (Words(), "2号楼", "4号楼", "", ["2号楼", "4号楼", "6号楼"]),
    ],
)  # fmt: skip
def test_that_a_series_goes_on_in_its_step(
    kind: object, first: str | int, second: str | int | None, by: str, expected: list[str | int]
) -> None:
    assert continued(kind, first, second, 3, by=by) == expected  # type: ignore[arg-type]


@on_a_file
def test_that_a_series_of_nothing_or_of_words_is_refused_with_the_reason(book: Book) -> None:
    ids = projects.projects(book, projects.row(industry="汽车"), projects.row())
    with book.read() as connection, pytest.raises(Refused, match="no number at its end"):
        series(connection, blocks.RULES, fields("industry")[0], ids, today=TODAY)
    with book.read() as connection, pytest.raises(Refused, match="first cell is empty"):
        series(connection, blocks.RULES, fields("remarks")[0], ids, today=TODAY)


@on_a_file
def test_that_one_value_for_many_says_what_it_replaces_and_how_often(book: Book) -> None:
    ids = projects.projects(
        book, projects.row(industry="汽车"), projects.row(industry="汽车"), projects.row(industry="家电")
    )
    with book.read() as connection:
        preview = change_many(connection, blocks.RULES, fields("industry")[0], "家电", ids, today=TODAY)
    assert preview.before == (("汽车", 2), ("家电", 1))
    assert len(preview.checked.changes) == 2
    assert preview.value == "家电"


@on_a_file
def test_that_an_operation_over_one_project_names_it_and_over_many_counts_them(book: Book) -> None:
    ids = projects.projects(book, projects.row(name="北辰聚变"), projects.row())
    keys = fields("agreed_investment")
    named = []
    for chosen in (ids[:1], ids):
        with book.read() as connection:
            checked = check(
                connection, blocks.RULES, fields=keys, ids=chosen, cells=[[str(len(chosen))]] * len(chosen), today=TODAY
            )
            named.append(blocks.named(connection, checked, keys).render("zh"))
    assert named == ["修改“北辰聚变”：协议投资额", "修改 2 个项目的协议投资额"]
