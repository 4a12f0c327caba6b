"""Service beside the forum as lists: visits, what finance stewards look after, policies; read, and written as a form says.

A row is field key → stored value, links as names; `id` with it. Amounts are hundredths of a yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from db.companies.models import SCALE, company
from db.companies.service import company_ids
from db.core.errors import Refused
from db.core.fields import Day, Field, Flag, Link, Money, Words
from db.core.text import _
from db.forum import serving
from db.forum.models import policy, policy_sent, steward_case, visit
from db.people.models import DEPARTMENT, unit
from db.people.service import unit_ids

Row = Mapping[str, Any]

_COMPANY = Field("company", _("Enterprise"), Link("companies", "company"))
_REMARKS = Field("remarks", _("Remarks"), Words(long=True))

VISIT_FIELDS: tuple[Field, ...] = (
    _COMPANY,
    Field("on_day", _("Day of the visit"), Day()),
    Field("unit", _("Unit that visits"), Link("people", "unit")),
    Field("visitors", _("Who visits"), Words()),
    Field("purpose", _("What for"), Words()),
    Field("requested", _("On request"), Flag()),
    Field("done", _("Took place"), Flag()),
    Field("notes", _("What came of it"), Words(long=True)),
)
CASE_FIELDS: tuple[Field, ...] = (
    _COMPANY,
    Field("steward", _("Finance steward"), Words(person=True)),
    Field("raised_on", _("Raised on"), Day()),
    Field("need", _("What the money is for"), Words()),
    Field("wanted", _("Amount wanted"), Money()),
    Field("bank", _("Bank"), Words()),
    Field("product", _("Kind of loan"), Words()),
    Field("obtained_on", _("Obtained on"), Day()),
    Field("obtained", _("Amount obtained"), Money()),
    _REMARKS,
)
POLICY_FIELDS: tuple[Field, ...] = (
    Field("name", _("Policy"), Words()),
    Field("number", _("Document number"), Words()),
    Field("tags", _("For which enterprises (tags, industries)"), Words(tags=True)),
    Field("scale", _("For which size"), SCALE),
    Field("issued_on", _("Issued on"), Day()),
    Field("until", _("To be asked for until"), Day()),
    Field("summary", _("What it offers"), Words(long=True)),
)


def visit_rows(connection: Connection, first: str, last: str) -> list[Row]:
    """The visits from a day to a day, in their order."""
    of = visit.c
    query = select(
        of.id, company.c.name.label("company"), of.on_day, unit.c.name.label("unit"), of.visitors, of.purpose, of.notes,
        of.requested, of.done,
    ).select_from(visit.join(company, company.c.id == of.company).outerjoin(unit, unit.c.id == of.unit))  # fmt: skip
    query = query.where(of.on_day.between(first, last)).order_by(of.on_day, of.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def case_rows(connection: Connection) -> list[Row]:
    """What finance stewards look after: what is not yet obtained first, then the newest."""
    of = steward_case.c
    query = select(steward_case, company.c.name).join(company, company.c.id == of.company)
    query = query.order_by(of.obtained_on.is_not(None), of.obtained_on.desc(), of.raised_on.desc(), of.id)
    return [dict(row) | {"company": row["name"]} for row in connection.execute(query).mappings()]


def policy_rows(connection: Connection) -> list[Row]:
    """The policies, the newest first; `sent`: to how many enterprises each was sent."""
    of = policy.c
    sent = select(func.count(policy_sent.c.company.distinct())).where(policy_sent.c.policy == of.id).scalar_subquery()
    query = select(policy, sent.label("sent")).order_by(of.issued_on.desc(), of.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def put_visit(connection: Connection, number: int, facts: Row) -> int:
    """Write what a form says of a visit; number: 0 for a new one. Gives its id."""
    told = dict(facts)
    if "unit" in told:
        named = told["unit"]
        told["unit"] = unit_ids(connection, [named], kind=DEPARTMENT)[named] if named else None
    for key in ("requested", "done"):
        if key in told:
            told[key] = int(told[key] or 0)
    if number:
        serving.set_visit(connection, number, **_linked(connection, told))
        return number
    day = told.pop("on_day", None)
    if not day:
        raise Refused(fields={"on_day": _("Say on which day.")})
    return serving.add_visit(connection, _company(told), on=day, done=bool(told.pop("done", 0)),
                             requested=bool(told.pop("requested", 0)), **told)  # fmt: skip


def put_case(connection: Connection, number: int, facts: Row) -> int:
    """Write what a form says of a need of money; number: 0 for a new one. Gives its id."""
    told = dict(facts)
    if number:
        serving.set_steward_case(connection, number, **_linked(connection, told))
        return number
    return serving.add_steward_case(connection, _company(told), **told)


def put_policy(connection: Connection, number: int, facts: Row) -> int:
    """Write what a form says of a policy; number: 0 for a new one. Gives its id."""
    told = dict(facts)
    if number:
        serving.set_policy(connection, number, **told)
        return number
    return serving.add_policy(connection, str(told.pop("name", "") or ""), **told)


def _company(told: dict[str, Any]) -> str:
    name = str(told.pop("company", "") or "").strip()
    if not name:
        raise Refused(fields={"company": _("Say which enterprise.")})
    return name


def _linked(connection: Connection, told: dict[str, Any]) -> dict[str, Any]:
    """With the id of the enterprise in place of its name."""
    if "company" not in told:
        return told
    name = _company(told)
    return told | {"company": company_ids(connection, [(name, None)])[name, None]}


def names(connection: Connection, fields: Sequence[Field]) -> dict[str, Sequence[str]]:
    """What the editors of a form propose."""
    from db.projects import blocks

    return {one.key: blocks.suggestions(connection, one) for one in fields if isinstance(one.kind, Link)}
