"""The facts of companies, described once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection

from db.companies.models import company
from db.companies.service import rename_company, set_credit_code
from db.core.fields import Field, Kind, Words
from db.core.text import Text, _
from db.core.updating import update_column

Pairs = Sequence[tuple[int, Any]]


def _rename(connection: Connection, pairs: Pairs) -> None:
    for number, name in pairs:
        rename_company(connection, number, name or "")


def _code(connection: Connection, pairs: Pairs) -> None:
    for number, code in pairs:
        set_credit_code(connection, number, code)


def _plain(key: str, label: Text, kind: Kind, *aliases: str) -> Field:
    def write(connection: Connection, pairs: Pairs) -> None:
        update_column(connection, company, key, pairs)

    return Field(key, label, kind, aliases, read=_column(key), write=write)


def _column(key: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: company.c[key]


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
    _plain("country", _("Country"), Words(), "国别", "国家"),
    _plain("province", _("Province"), Words(), "省份", "所在省"),
    _plain("city", _("City"), Words(), "城市", "所在市"),
    _plain("tags", _("Tags"), Words(), "企业标签", "企业类型"),
    _plain("intro", _("About the company"), Words(long=True), "企业简介", "公司简介"),
    _plain("remarks", _("Remarks"), Words(long=True), "备注"),
)
