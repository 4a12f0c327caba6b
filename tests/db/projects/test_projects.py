"""Projects: adding, moving, writing cells, undoing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from db.core import own
from db.core.book import Book
from db.core.errors import Refused
from db.core.tables import METADATA, is_tracked
from db.core.text import _
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import CHILDREN, path_step, progress_entry, project, stage_path
from db.projects.service import add_activity, add_progress, delete_projects, move, set_status
from db.projects.stages import Path, paths, preset_paths
from db.projects.standing import wrong_standings
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI, read, row, write


def test_that_a_project_needs_only_a_name(book: Book) -> None:
    number = projects.project(book, name="极简项目")
    assert read(book, number, "name", "stage", "status", "currency", "path") == (
        "极简项目", "negotiating", "active", "CNY", "land",
    )  # fmt: skip
    with pytest.raises(Refused):
        projects.project(book, name=" ")


def test_that_every_fact_of_a_new_project_is_read_back(book: Book) -> None:
    said = {
        "name": "甲项目", "code": "XM-1", "investor": "甲公司", "credit_code": "91340108AG26E4H6DP",
        "investor_intro": "做仪器", "industry": "新能源", "source_place": "新加坡", "agreed_investment": 5 * YI,
        "fixed_investment": 3 * YI, "signed_on": "2024-04-21", "approved_on": "2024-05-25", "approval_number": "1号",
        "planned_start_on": "2024-08-01", "street": "杏林街道", "department": "区经信局", "leader": "梁志远",
        "contact": "罗倩 13800000001", "progress": "已来考察", "land_area": 34 * 200_000, "next_step": "继续跟进",
    }  # fmt: skip
    number = projects.project(book, **said)
    assert dict(zip(said, read(book, number, *said), strict=True)) == said
    assert read(book, number, "source_kind", "contact_name", "contact_phone", "stage") == (
        "overseas", "罗倩", "13800000001", "signed",
    )  # fmt: skip


def test_that_every_editable_field_is_written_and_read_back(book: Book) -> None:
    number = projects.project(book, investor="甲公司", signed_on="2024-01-01", name="起点")
    sample = {
        "Words": "文字", "Whole": 12, "Money": 123400, "Area": 3400, "Day": "2024-03-04", "Month": "2024-09", "Flag": 1,
        "Link": "某某",
    }  # fmt: skip
    special = {"credit_code": "91340100MA2RAKPB15", "contact": "罗倩 13800000001", "source_place": "上海市"}
    for field in PROJECT_FIELDS:
        if not field.editable or field.key == "stage":
            continue
        kind = type(field.kind).__name__
        value = special.get(field.key) or (field.kind.options[-1][0] if kind == "Choice" else sample[kind])  # type: ignore[attr-defined]
        write(book, (number, field.key, value))
        assert read(book, number, field.key) == (value,), field.key


def test_that_every_optional_field_can_be_emptied(book: Book) -> None:
    number = projects.project(book, investor="甲公司", credit_code="91340100MA2RAKPB15", street="甲街道", leader="乙",
                              approved_on="2024-01-02", planned_start_on="2024-02-01", remarks="话")  # fmt: skip
    keys = ("remarks", "street", "leader", "approved_on", "planned_start_on", "credit_code", "investor")
    for key in keys:
        write(book, (number, key, None))
        assert read(book, number, key) == (None,), key


def test_that_typing_a_date_is_the_move_and_emptying_it_takes_it_back(book: Book) -> None:
    number = projects.project(book, signed_on="2024-01-05")
    write(book, (number, "started_on", "2024-03-01"))
    assert read(book, number, "stage", "days_in_stage", today="2024-03-11") == ("started", 10)
    write(book, (number, "started_on", None))
    assert read(book, number, "stage", "started_on") == ("signed", None)


@on_a_file
def test_that_production_before_signing_is_refused_with_the_missing_stage_named(book: Book) -> None:
    number = projects.project(book)
    with pytest.raises(Refused) as refused:
        write(book, (number, "produced_on", "2024-06-01"))
    assert "签约" in refused.value.fields["stage"].render("zh")
    with pytest.raises(Refused), book.write(_("Move")) as connection:
        move(connection, [number], "produced", on="2024-06-01")
    assert read(book, number, "stage", "produced_on") == ("negotiating", None)


@on_a_file
def test_that_several_missing_stages_are_recorded_in_one_step_each_with_its_date(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Move")) as connection:
        move(connection, [number], "produced", on="2024-06-01", also={"signed": "2023-01-01", "started": "2023-05-01"})
    assert read(book, number, "signed_on", "started_on", "produced_on", "stage") == (
        "2023-01-01", "2023-05-01", "2024-06-01", "produced",
    )  # fmt: skip
    other = projects.project(book)
    write(book, (other, "produced_on", "2024-06-01"), (other, "signed_on", "2023-01-01"))
    assert read(book, other, "stage") == ("produced",)


def test_that_moving_back_takes_later_stages_away_and_undo_brings_them_again(book: Book) -> None:
    number = projects.project(book, signed_on="2024-01-01", started_on="2024-02-01", produced_on="2024-06-01")
    with book.write(_("Back")) as connection:
        move(connection, [number], "signed", on=None, reason="录入更正")
    assert read(book, number, "stage", "signed_on", "started_on", "produced_on") == ("signed", "2024-01-01", None, None)
    assert book.undo(book.operations(limit=1)[0].number).conflicts == ()
    assert read(book, number, "stage", "started_on", "produced_on") == ("produced", "2024-02-01", "2024-06-01")


def test_that_undoing_a_signing_that_a_start_stands_on_is_a_conflict(book: Book) -> None:
    number = projects.project(book)
    write(book, (number, "signed_on", "2024-01-01"))
    signing = book.operations(limit=1)[0].number
    write(book, (number, "started_on", "2024-03-01"))
    assert book.undo(signing).conflicts
    assert read(book, number, "stage", "signed_on") == ("started", "2024-01-01")


def test_that_undoing_an_older_cell_keeps_the_row_and_its_events_in_agreement(book: Book) -> None:
    number = projects.project(book, signed_on="2024-01-01")
    write(book, (number, "started_on", "2024-03-01"))
    start = book.operations(limit=1)[0].number
    write(book, (number, "remarks", "话"))
    assert book.undo(start).conflicts == ()
    assert read(book, number, "stage", "started_on", "remarks") == ("signed", None, "话")
    with book.read() as connection:
        assert wrong_standings(connection, [number]) == []


def test_that_progress_is_a_log_whose_newest_entry_is_shown(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Progress")) as connection:
        add_progress(connection, number, "后来", on="2024-06-02")
        add_progress(connection, number, "起初", on="2024-05-01")
    write(book, (number, "progress", "如今"))
    assert read(book, number, "progress") == ("如今",)
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(progress_entry)) == 3


def test_that_amounts_are_kept_by_month_and_read_by_month_and_in_all(book: Book) -> None:
    number = projects.project(book, **{"paid_in_reported@2024-05": 100, "paid_in_reported@2024-06": 50})
    write(book, (number, "paid_in_reported@2024-06", 70), (number, "paid_in_reported@2024-07", 1))
    assert read(book, number, "paid_in_reported", "paid_in_reported@2024-06") == (171, 70)
    write(book, (number, "paid_in_reported@2024-06", None))
    assert read(book, number, "paid_in_reported") == (101,)


def test_that_a_column_kept_as_an_own_field_is_read_written_and_undone(book: Book) -> None:
    number = projects.project(book, **{"own:怪列": "值"})
    write(book, (number, "own:怪列", "新值"), (number, "own:别列", "二"))
    with book.read() as connection:
        assert own.values_of(connection, "projects", [number])[number] == {"怪列": "新值", "别列": "二"}
        assert [field.key for field in own.own_fields(connection, "projects", project)] == ["own:怪列", "own:别列"]
    book.undo(book.operations(limit=1)[0].number)
    with book.read() as connection:
        assert own.values_of(connection, "projects", [number])[number] == {"怪列": "值"}


def test_that_a_deleted_project_takes_everything_of_its_own_along_and_undo_brings_it_back(book: Book) -> None:
    number = projects.project(
        book,
        signed_on="2024-01-01",
        approved_on="2024-01-02",
        progress="话",
        status="on_hold",
        planned_start_on="2024-03-01",
        **{"own:列": "值", "fixed_assets_done@2024-01": 5},
    )
    with book.write(_("Visit")) as connection:
        add_activity(connection, "outbound", on="2024-01-01", leads=[number])
    with book.write(_("Delete")) as connection:
        delete_projects(connection, [number])
    with book.read() as connection:
        left = {table.name for table in CHILDREN if connection.scalar(select(func.count()).select_from(table))}
        assert left == set()
    assert book.undo(book.operations(limit=1)[0].number).conflicts == ()
    assert read(book, number, "signed_on", "approved_on", "progress", "status", "planned_start_on") == (
        "2024-01-01", "2024-01-02", "话", "on_hold", "2024-03-01",
    )  # fmt: skip


def test_that_a_status_is_dated(book: Book) -> None:
    number = projects.project(book, signed_on="2024-01-01")
    with book.write(_("Hold")) as connection:
        set_status(connection, [number], "suspended", on="2024-05-01", reason="客观原因")
    assert read(book, number, "status", "stage") == ("suspended", "signed")


def test_that_many_projects_are_added_in_few_statements(book: Book) -> None:
    rows = [row(investor=f"公司{at}", street="甲街道", signed_on="2024-01-01") for at in range(300)]
    numbers = projects.projects(book, *rows)
    assert numbers == sorted(numbers)
    assert read(book, numbers[299], "name", "investor", "street") == (rows[299]["name"], "公司299", "甲街道")


def test_that_a_rename_of_the_investor_is_seen_in_every_project(book: Book) -> None:
    first = projects.project(book, investor="甲公司")
    write(book, (first, "investor", "乙公司"))
    assert read(book, first, "investor") == ("乙公司",)


@on_a_file
def test_that_a_negative_investment_is_refused_everywhere(book: Book) -> None:
    with pytest.raises(Refused):
        projects.project(book, agreed_investment=-1)
    number = projects.project(book)
    with pytest.raises(Refused):
        write(book, (number, "total_investment", -5))


def test_that_tracked_tables_hold_only_integers_and_text() -> None:
    for table in METADATA.tables.values():
        if is_tracked(table):
            assert {column.type.python_type for column in table.columns} <= {int, str}, table.name


def test_that_no_two_fields_share_a_heading() -> None:
    seen: dict[str, str] = {}
    for field in PROJECT_FIELDS:
        for alias in field.aliases:
            assert seen.setdefault(alias, field.key) == field.key, alias


def test_that_one_month_of_a_monthly_fact_is_a_field_of_its_own() -> None:
    month = field_of("paid_in_verified@2024-06")
    assert month is not None
    assert month.editable
    assert month.label.render("zh") == "到位资金（核定）（2024-06）"
    assert field_of("remarks@2024-06") is None
    assert field_of("nothing") is None


@on_a_file
def test_that_the_paths_a_book_keeps_take_the_place_of_those_delivered(book: Book) -> None:
    with book.read() as connection:
        assert paths(connection) == preset_paths()
    with book.write(_("Paths")) as connection:
        for place, name in ((2, "空白"), (1, "本区工业")):
            connection.execute(stage_path.insert().values(id=place, key=f"own{place}", name=name, position=place))
        for place, stage in enumerate(("produced", "signed")):
            connection.execute(path_step.insert().values(path=1, stage=stage, position=-place))
    with book.read() as connection:
        found = paths(connection)
    assert list(found.values()) == [Path("own1", "本区工业", ("signed", "produced")), Path("own2", "空白", ())]
    book.undo(book.operations(limit=1)[0].number)
    with book.read() as connection:
        assert paths(connection) == preset_paths()
