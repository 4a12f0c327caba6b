"""The facts of sites and of carriers, described once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, not_, select

from db.companies.land import carrier_ids, plain_carrier
from db.companies.models import CARRIER, FLOORS, LEASED_OUT, SITE, carrier, company, company_site
from db.companies.queries import there_now
from db.companies.service import company_ids
from db.core.fields import Area, Day, Field, Link, Whole, Words
from db.core.headings import headings
from db.core.text import _
from db.core.updating import update_column
from db.people.models import STREET, unit
from db.people.service import unit_ids

Pairs = Sequence[tuple[int, Any]]
_at, _of = company_site.c, carrier.c


def _column(table: Table, key: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: table.c[key]


def _write(table: Table, key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        update_column(connection, table, key, pairs)

    return write


def _company(key: str) -> Callable[[], ColumnElement[Any]]:
    one = company.alias()
    return lambda: select(one.c.name).where(one.c.id == _at[key]).scalar_subquery()


def _write_company(key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        known = company_ids(connection, [(name, None) for _number, name in pairs if name])
        update_column(connection, company_site, key, [(number, known.get((name, None))) for number, name in pairs])

    return write


def _write_carrier(connection: Connection, pairs: Pairs) -> None:
    known = carrier_ids(connection, [name for _number, name in pairs if name])
    update_column(connection, company_site, "carrier", [(number, known.get(name)) for number, name in pairs])


def _carrier_name() -> ColumnElement[Any]:
    return select(_of.name).where(_of.id == _at.carrier).scalar_subquery()


def _street(name: str) -> Callable[[], ColumnElement[Any]]:
    query = select(unit.c[name]).join(company, company.c.street == unit.c.id)
    return lambda: query.where(company.c.id == _at.company).scalar_subquery()


def _counts() -> ColumnElement[Any]:
    """What the site adds to the land that its company uses now."""
    return case((not_(there_now()) | (_at.kind == FLOORS), 0), (_at.kind == LEASED_OUT, -_at.area), else_=_at.area)


_called = headings("sites")

SITE_FIELDS: tuple[Field, ...] = (
    Field("company", _("Company"), Link("companies", "company"), _called("company"),
          read=_company("company"), write=_write_company("company")),
    Field("kind", _("Kind of site"), SITE, _called("kind"), read=_column(company_site, "kind"),
          write=_write(company_site, "kind")),
    Field("place", _("Address"), Words(), _called("place"), read=_column(company_site, "place"),
          write=_write(company_site, "place")),
    Field("area", _("Area"), Area("亩"), _called("area"), read=_column(company_site, "area"),
          write=_write(company_site, "area")),
    Field("area_m2", _("Converted"), Area("㎡"), read=_column(company_site, "area")),
    Field("counts", _("Counts as land"), Area("亩"), read=_counts),
    Field("carrier", _("Carrier"), Link("carriers", "carrier"), _called("carrier"),
          read=_carrier_name, write=_write_carrier),
    Field("party", _("Leased from, or to"), Link("companies", "company"), _called("party"),
          read=_company("party"), write=_write_company("party")),
    Field("since", _("Site from"), Day(), _called("since"), read=_column(company_site, "since"),
          write=_write(company_site, "since")),
    Field("until", _("Site until"), Day(), _called("until"), read=_column(company_site, "until"),
          write=_write(company_site, "until")),
    Field("street", _("Place"), Link("people", "unit"), read=_street("name"), sort=_street("position")),
    Field("remarks", _("Remarks"), Words(long=True), _called("remarks"), read=_column(company_site, "remarks"),
          write=_write(company_site, "remarks")),
)  # fmt: skip


# --- carriers --------------------------------------------------------------------------------------------------------


def _write_name(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, carrier, "name", [(number, plain_carrier(str(name or ""))) for number, name in pairs])


def _write_street(connection: Connection, pairs: Pairs) -> None:
    known = unit_ids(connection, [name for _number, name in pairs if name], kind=STREET)
    update_column(connection, carrier, "street", [(number, known.get(name)) for number, name in pairs])


def _its_street(name: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: select(unit.c[name]).where(unit.c.id == _of.street).scalar_subquery()


def _companies_in() -> ColumnElement[Any]:
    query = select(func.count(func.distinct(_at.company)))
    return query.where(_at.carrier == _of.id, there_now(), _at.kind != LEASED_OUT).scalar_subquery()


def _taken() -> ColumnElement[Any]:
    query = select(func.coalesce(func.sum(_at.area), 0))
    return query.where(_at.carrier == _of.id, there_now(), _at.kind == FLOORS).scalar_subquery()


_carrier_called = headings("carriers")

CARRIER_FIELDS: tuple[Field, ...] = (
    Field("name", _("Carrier"), Words(), _carrier_called("name"), read=_column(carrier, "name"), write=_write_name),
    Field("kind", _("Kind of carrier"), CARRIER, _carrier_called("kind"), read=_column(carrier, "kind"), write=_write(carrier, "kind")),
    Field("street", _("Place"), Link("people", "unit"), _carrier_called("street"), read=_its_street("name"),
          write=_write_street, sort=_its_street("position")),
    Field("place", _("Address"), Words(), _carrier_called("place"), read=_column(carrier, "place"), write=_write(carrier, "place")),
    Field("floor_area", _("Floor area"), Area("㎡"), _carrier_called("floor_area"),
          read=_column(carrier, "floor_area"), write=_write(carrier, "floor_area")),
    Field("land", _("Site area"), Area("亩"), _carrier_called("land"), read=_column(carrier, "land"), write=_write(carrier, "land")),
    Field("companies", _("Companies in it"), Whole(), read=_companies_in),
    Field("taken", _("Floors taken"), Area("㎡"), read=_taken),
    Field("free", _("Floors free"), Area("㎡"), read=lambda: _of.floor_area - _taken()),
    Field("remarks", _("Remarks"), Words(long=True), _carrier_called("remarks"), read=_column(carrier, "remarks"),
          write=_write(carrier, "remarks")),
)  # fmt: skip
