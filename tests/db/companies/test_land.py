"""Sites and carriers: what cannot be, what a sheet brings, what counts as land, and that a merged company's records follow."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update

import db.rooms  # noqa: F401 - a book needs every table
from db.companies import about
from db.companies.land import add_carrier, add_site, delete_carriers
from db.companies.land_blocks import CARRIER_BLOCKS, SITE_BLOCKS, put_site
from db.companies.land_fields import CARRIER_FIELDS, SITE_FIELDS
from db.companies.land_sheets import CARRIER_SHEET, SITE_SHEET
from db.companies.merging import join_companies
from db.companies.models import carrier, company, company_site
from db.companies.queries import land_of
from db.core import attachments, block, bulk, listing, own, saving
from db.core.book import Book
from db.core.errors import Refused
from db.core.saving import Blocks, Saved
from db.core.text import _
from db.forum.models import issue
from db.people.merging import links_to
from db.per_mu.buildings import buildings
from db.projects.models import project
from db.sheets.plan import Options, Plan
from db.sheets.planning import plan
from db.sheets.reading import read_workbook
from db.sheets.room import RoomSheet
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.factories import companies, forum, projects
from tests.factories.per_mu import year_of_metrics
from tests.factories.spreadsheets import xlsx

TODAY = "2024-07-17"
MU, SQUARE = 200_000, 300


def save(book: Book, blocks: Blocks, ids: list[int], rows: list[list[str]], *keys: str) -> Saved:
    """A block as a person pastes it."""
    known = {one.key: one for one in (SITE_FIELDS if blocks is SITE_BLOCKS else CARRIER_FIELDS)}
    fields = [known[key] for key in keys]
    return saving.save(
        book, blocks,
        lambda connection: block.check(connection, blocks.rules, fields=fields, ids=ids, cells=rows, today=TODAY),
        today=TODAY, fields=fields, agreed=True,
    )  # fmt: skip


def planned(book: Book, path: Path, room: RoomSheet) -> Plan:
    """What importing a workbook would do."""
    with book.read() as connection:
        return plan(read_workbook(path), room, connection, Options(today=dt.date(2024, 7, 17)))


def test_that_pasted_sites_are_checked_whole_and_undone_as_one(book: Book) -> None:
    rows = [
        ["天工公司", "自有", "天水路8号", "12.4", "", ""],
        ["天工公司", "租入", "固镇路3号", "2,000㎡", "北辰公司", "2030-12-31"],
        ["天工公司", "楼层", "5层", "800㎡", "", ""],
    ]
    keys = ("company", "kind", "place", "area", "party", "until")
    saved = save(book, SITE_BLOCKS, [], rows, *keys)
    assert len(saved.added) == 3
    with book.read() as connection:
        (number,) = connection.scalars(select(company.c.id).where(company.c.name == "天工公司"))
        land = about.land(connection, number, TODAY)
        assert land_of(connection, TODAY) == {number: 12 * MU + 4 * MU // 10 + 2_000 * SQUARE}
        assert land.amounts["balance"] == land_of(connection, TODAY)[number]
        assert land.amounts["floors"] == 800 * SQUARE
        other = connection.scalar(select(company.c.id).where(company.c.name == "北辰公司")) or 0
        assert [one.company[1] for one in about.land(connection, other, TODAY).mine] == ["天工公司"]
    bad = save(
        book, SITE_BLOCKS, list(saved.added), [["0", "天工公司"], ["3", "天工公司"]], "area", "party"
    ).checked.bad
    assert {one.why.render("zh") for one in bad} == {
        "自有用地没有出租方；出租的部分另记一处。", "用地面积要大于0。", "企业不能向自己租入或租出。",
    }  # fmt: skip
    late = save(book, SITE_BLOCKS, [saved.added[1]], [["2031-01-01"]], "since").checked.bad
    assert [one.why.render("zh") for one in late] == ["截止日期不能早于起始日期。"]
    book.undo(book.operations()[0].number)
    with book.read() as connection:
        assert connection.execute(select(company_site)).all() == []


@on_a_file
def test_that_a_site_of_which_something_is_wrong_adds_no_company_or_carrier(book: Book) -> None:
    number = companies.company(book, "天工公司")
    with book.write(_("Site")) as connection:
        with pytest.raises(Refused) as refused:
            put_site(connection, {"company": "天工公司", "kind": "own", "area": 0, "carrier": "新楼", "since": None})
        assert set(refused.value.fields) == {"area"}
        site = add_site(connection, number, "leased_in", area=MU)
        with pytest.raises(Refused, match="from itself"):
            put_site(connection, {"party": "天工公司"}, site)
    with book.read() as connection:
        assert connection.execute(select(carrier)).all() == []


def test_that_sheets_of_sites_and_carriers_come_in_and_change_when_they_come_again(book: Book, tmp_path: Path) -> None:
    headings: list[object] = ["企业名称", "用地方式", "坐落", "面积（平方米）", "所在载体", "截止日期"]
    first = [
        ["天工公司", "自有用地", "天水路8号", 20_000, None, None],
        ["天工公司", "厂房", "5层", 800, "四里河大厦", "2027-06-30"],
    ]
    path = xlsx(tmp_path / "场地.xlsx", [["企业场地台账"], headings, *first])
    commit(book, planned(book, path, SITE_SHEET))
    again = xlsx(tmp_path / "场地2.xlsx", [["企业场地台账"], headings, first[0], [*first[1][:3], 900, *first[1][4:]]])
    commit(book, planned(book, again, SITE_SHEET))
    towers = xlsx(
        tmp_path / "载体.xlsx",
        [["载体名称", "载体类型", "属地", "建筑面积（万平方米）"], ["四里河大厦", "楼宇", "大杨镇", 3.5]],
    )
    commit(book, planned(book, towers, CARRIER_SHEET))
    with book.read() as connection:
        areas = connection.execute(select(company_site.c.kind, company_site.c.area).order_by(company_site.c.id)).all()
        assert [tuple(row) for row in areas] == [("own", 20_000 * SQUARE), ("floors", 900 * SQUARE)]
        keys = ("kind", "floor_area", "taken", "free", "companies", "street")
        fields = [next(one for one in CARRIER_FIELDS if one.key == key) for key in keys]
        (number,) = connection.scalars(select(carrier.c.id))
        row = listing.rows(connection, carrier, fields, [number], today=TODAY)[0][1:]
        assert row == ("building", 35_000 * SQUARE, 900 * SQUARE, 34_100 * SQUARE, 1, "大杨镇")
        (later,) = listing.rows(connection, carrier, fields, [number], today="2028-01-01")
        assert later[3:5] == (0, 35_000 * SQUARE)
    with pytest.raises(Refused, match="四里河大厦"), book.write(_("Delete")) as connection:
        delete_carriers(connection, [number])
    twice = save(book, CARRIER_BLOCKS, [], [["四里河大厦", "1"], ["新楼", "0"]], "name", "floor_area").checked.bad
    assert [one.why.render("zh") for one in twice] == ["已有同名载体。", "面积要大于0。"]


def test_that_tax_of_a_building_is_what_its_companies_pay_each_by_its_area_there(book: Book) -> None:
    year_of_metrics(book, [("甲公司", {"tax": 300}), ("乙公司", {"tax": 100}), ("丙公司", {"tax": 50})])
    with book.write(_("Carriers")) as connection:
        one = add_carrier(connection, "一号楼", floor_area=10_000 * SQUARE, land=10 * MU)
        other = add_carrier(connection, "二号楼", floor_area=1_000 * SQUARE)
        first, second, third = connection.scalars(select(company.c.id).order_by(company.c.id))
        add_site(connection, first, "floors", area=200 * SQUARE, carrier=one)
        add_site(connection, first, "floors", area=100 * SQUARE, carrier=other)
        add_site(connection, second, "floors", area=900 * SQUARE, carrier=one)
        add_site(connection, third, "leased_out", area=MU, carrier=one)
        add_site(connection, third, "floors", area=MU, carrier=other, until="2023-06-30")
    with book.read() as connection:
        found = buildings(connection, 2023)
    assert [(it.name, it.per_square_metre, it.per_mu, it.companies) for it in found] == [
        ("二号楼", Fraction(1_000), None, (first,)), ("一号楼", Fraction(300), Fraction(30), (first, second)),
    ]  # fmt: skip


# Of a column that cannot be just anything: what a record that is named by it must say.
_SAYS: dict[str, dict[str, Any]] = {
    "company_site": {"kind": "leased_in", "area": 1},
    "company_year": {"year": 2023, "half": 0},
}


def record(connection: Connection, table: Table, **said: Any) -> int:
    """Some record of any table, with whatever it cannot do without; of projects and issues, the one that there is."""
    if table in (project, issue):
        number = connection.scalar(select(table.c.id)) or 0
        if said:
            connection.execute(update(table).where(table.c.id == number).values(said))
        return number
    values = _SAYS.get(table.name, {}) | said
    for column in table.columns:
        if column.name == "id" or column.name in values or column.nullable:
            continue
        target = next(iter(column.foreign_keys), None)
        if target is not None:
            values[column.name] = record(connection, target.column.table)
        else:
            values[column.name] = 1 if column.type.python_type is int else "甲"
    (number,) = bulk.take_ids(connection, table, 1)
    connection.execute(table.insert().values(id=number, **values))
    return number


def test_that_every_record_of_every_room_that_names_a_company_follows_it_and_comes_back_with_undo(book: Book) -> None:
    projects.projects(book, projects.row())
    forum.issues(book, forum.issue())
    columns = list(links_to(company))
    assert len({column.table.name for column in columns}) > 10
    with book.write(_("Everything")) as connection:
        gone, into = (record(connection, company, name=name) for name in ("天工公司", "天工股份公司"))
        made = {column: record(connection, column.table, **{column.name: gone}) for column in columns}
        connection.execute(
            attachments.attachment.insert().values(room="companies", record=gone, name="执照.pdf", hash="0", size=1)
        )
        field = own.field_ids(connection, "companies", ["法人"])["法人"]
        own.put_values(connection, field, [(gone, "周敏")])

    def named(connection: Connection) -> dict[str, int]:
        told = {str(c): connection.scalar(select(c).where(c.table.c.id == at)) or 0 for c, at in made.items()}
        told["file"] = connection.scalar(select(attachments.attachment.c.record)) or 0
        return told | {"own": connection.scalar(select(own.own_value.c.record)) or 0}

    with book.write(_("Merge")) as connection:
        assert set(named(connection).values()) == {gone}
        join_companies(connection, [gone], into)
        operation = connection.info["operation"]
    with book.read() as connection:
        assert set(named(connection).values()) == {into}
    assert book.undo(operation).operation is not None
    with book.read() as connection:
        assert set(named(connection).values()) == {gone}


def test_that_a_lease_between_two_that_are_one_keeps_its_land_and_loses_its_party(book: Book) -> None:
    one, other = companies.company(book, "天工公司"), companies.company(book, "天工股份公司")
    with book.write(_("Lease")) as connection:
        add_site(connection, one, "leased_out", area=MU, party=other)
        add_site(connection, other, "leased_in", area=MU, party=one)
        join_companies(connection, [one], other)
    with book.read() as connection:
        rows = connection.execute(select(company_site.c.company, company_site.c.party)).all()
        assert [tuple(row) for row in rows] == [(other, None), (other, None)]
        assert land_of(connection, TODAY) == {other: 0}
