"""The facts of companies, described once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from db.companies.models import FLOORS, LEASED_OUT, SCALE, company, company_site
from db.companies.queries import there_now
from db.companies.service import rename_company, set_credit_code
from db.core.fields import Apart, Area, Field, Kind, Link, Words
from db.core.text import Text, _
from db.core.updating import update_column
from db.people.models import STREET, unit
from db.people.service import unit_ids

Pairs = Sequence[tuple[int, Any]]


def _rename(connection: Connection, pairs: Pairs) -> None:
    for number, name in pairs:
        rename_company(connection, number, name or "")


def _code(connection: Connection, pairs: Pairs) -> None:
    for number, code in pairs:
        set_credit_code(connection, number, code)


def _place(connection: Connection, pairs: Pairs) -> None:
    known = unit_ids(connection, [name for _number, name in pairs if name], kind=STREET)
    update_column(connection, company, "street", [(number, known.get(name)) for number, name in pairs])


def _plain(key: str, label: Text, kind: Kind, *aliases: str, private: bool = False) -> Field:
    def write(connection: Connection, pairs: Pairs) -> None:
        update_column(connection, company, key, pairs)

    return Field(key, label, kind, aliases, read=_column(key), write=write, private=private)


def _column(key: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: company.c[key]


def _street(name: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: select(unit.c[name]).where(unit.c.id == company.c.street).scalar_subquery()


def _land() -> Apart:
    """Own land − leased out + leased in, of the sites that it has now."""
    of = company_site.c
    sign = func.sum(case((of.kind == LEASED_OUT, -of.area), else_=of.area))

    def one() -> ColumnElement[Any]:
        return select(sign).where(of.company == company.c.id, of.kind != FLOORS, there_now()).scalar_subquery()

    return Apart(one, lambda: select(of.company, sign).where(of.kind != FLOORS, there_now()).group_by(of.company))


COMPANY_FIELDS = (
    Field("name", _("Company"), Words(), ("企业名称", "单位名称", "公司名称"), read=_column("name"), write=_rename),
    Field(
        "credit_code",
        _("Credit code"),
        Words(identifier=True),
        ("统一社会信用代码", "社会信用代码", "信用代码"),
        read=_column("credit_code"),
        write=_code,
    ),
    _plain("scale", _("Size of the company"), SCALE, "规模", "企业规模", "规上规下"),
    _plain("industry", _("Industry"), Words(), "所属行业", "行业", "产业类别"),
    _plain("chain", _("Chain position"), Words(), "产业链环节", "产业链"),
    Field(
        "street", _("Place"), Link("people", "unit"), ("属地", "所在街道", "所属街道"),
        read=_street("name"), write=_place, sort=_street("position"),
    ),
    _plain("tags", _("Tags"), Words(tags=True), "企业标签", "企业类型"),
    Field("site_land", _("Land of its sites"), Area("亩"), read=_land()),
    _plain("contact", _("Contact"), Words(person=True), "联系人", "企业联系人"),
    _plain("contact_phone", _("Contact's phone"), Words(identifier=True), "联系电话", "电话", private=True),
    _plain("country", _("Country"), Words(), "国别", "国家"),
    _plain("province", _("Province"), Words(), "省份", "所在省"),
    _plain("city", _("City"), Words(), "城市", "所在市"),
    _plain("intro", _("About the company"), Words(long=True), "企业简介", "公司简介"),
    _plain("remarks", _("Remarks"), Words(long=True), "备注"),
)  # fmt: skip
