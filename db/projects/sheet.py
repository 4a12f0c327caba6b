"""What the import is told about projects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.models import company
from db.companies.service import company_ids
from db.core import bulk, listing, own, settings
from db.core.columns import Columns
from db.core.dates import MEANT
from db.core.formats import understand
from db.core.reading import half_width
from db.core.text import Text, _
from db.core.updating import update_column
from db.people.queries import called_people, called_units, place_said
from db.projects import rules, splits
from db.projects.adding import ROOM, add_columns
from db.projects.choices import LAND_USE
from db.projects.fields import DATED_STAGES, IN_CURRENCY, PROJECT_FIELDS, field_of
from db.projects.models import MEASURES, STATUS, monthly_amount, project
from db.projects.service import delete_projects, set_values
from db.projects.stages import STAGE_CHOICE
from db.projects.standing import UNKNOWN, events_of
from db.sheets import remembered
from db.sheets.room import RoomSheet

Cell = tuple[int, str, Any]

_SAID = re.compile(r"^[（(]?[一二三四五六七八九十\d]*[、.．)）\s]*(?P<what>.+?)(?:类|情况)?(?:项目)?(?:[（(].*[)）])?$")
_PLANNED = {"signed_on": "planned_signing_on", "started_on": "planned_start_on", "produced_on": "planned_production_on"}
_REASONS = (
    ("land", "土地|用地|征地|征迁|拆迁|供地|挂牌|选址|厂房"), ("money", "资金|融资|贷款"), ("approval", "审批|手续|环评|能评|许可|报批"),
    ("replanning", "规划"), ("market", "市场|行情|行业"), ("company", "企业(?:自身|内部|战略|经营|原因)|投资方"), ("normal", "正常"),
)  # fmt: skip
_PLANS = frozenset((*_PLANNED.values(), "expected_signing", "next_step_due"))
_MEANT = (re.compile(rf"{MEANT}(?P<day>.+)"), re.compile(r"(?P<day>.+)\((?:预计|计划|拟|待定|力争)\)"))
# A time nobody can name a day of: 年底, 2025年, 四季度, 明年上半年, 长期.
_SOMETIME = re.compile(
    r"(?:\d{4}年?|(?:\d{2}|今|明|本|当)年)?(?:第?[一二三四1-4](?:、?[一二三四1-4])?季度|Q[1-4]|[上下]半年|年?[初中底末])?(?:之?前|以前|左右)?"
    r"|长期(?:推进|坚持)?|持续(?:推进|跟进)?|适时|尽快|近期|.*(?:后|以后|之后)"
)
_BOTH = ("agreed_investment", "total_investment")


def existing(connection: Connection) -> list[dict[str, Any]]:
    """Id and what tells projects apart, of all of them."""
    query = select(
        project.c.id, project.c.code, project.c.name, company.c.name.label("investor"), company.c.credit_code
    ).select_from(project.outerjoin(company, company.c.id == project.c.investor))
    rows = connection.execute(query.order_by(project.c.id))
    names = list(rows.keys())
    return [dict(zip(names, row, strict=True)) for row in rows.all()]


def current(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Id → cell key → stored value, for the cells an import wants to compare."""
    plain = [key for key in keys if "@" not in key and not key.startswith(own.PREFIX)]
    fields = [field for key in plain if (field := field_of(key)) is not None and field.read is not None]
    names = [field.key for field in fields]
    found: dict[int, dict[str, Any]] = {
        row[0]: dict(zip(names, row[1:], strict=True)) for row in listing.rows(connection, project, fields, ids)
    }
    if any("@" in key for key in keys):
        _add_months(connection, found, {key for key in keys if "@" in key})
    if any(key.startswith(own.PREFIX) for key in keys):
        for number, values in own.values_of(connection, ROOM, list(found)).items():
            found[number] |= {own.PREFIX + label: value for label, value in values.items()}
    return found


def _add_months(connection: Connection, found: dict[int, dict[str, Any]], keys: set[str]) -> None:
    of = monthly_amount.c
    for some in bulk.chunks(list(found)):
        query = select(of.project, of.measure, of.month, of.origin, of.amount).where(of.project.in_(some))
        for row in connection.execute(query):
            for key in splits.adds_to(row.measure, row.month, row.origin):
                if key in keys:
                    found[row.project][key] = found[row.project].get(key, 0) + (row.amount or 0)


def update(connection: Connection, cells: Sequence[Cell]) -> None:
    """Write single cells of projects that are there already.

    A ledger that says a project has started without saying when it was signed is believed: the signing's day stays to
    be supplied. A credit code says which company the investor is.
    """
    dated = [cell for cell in cells if cell[1] in DATED_STAGES and cell[2]]
    missing = _missing_signings(connection, dated)
    coded = {number: value for number, key, value in cells if key == "credit_code" and value}
    plain = [cell for cell in cells if not (cell[1] in ("credit_code", "investor") and cell[0] in coded)]
    _identify(connection, coded, {number: value for number, key, value in cells if key == "investor"})
    set_values(connection, [*plain, *missing])


def _missing_signings(connection: Connection, dated: Sequence[Cell]) -> list[Cell]:
    given: dict[int, set[str]] = {}
    for number, key, _day in dated:
        given.setdefault(number, set()).add(DATED_STAGES[key])
    keys = {stage: key for key, stage in DATED_STAGES.items()}
    events = events_of(connection, list(given))
    return [
        (number, keys[missing], UNKNOWN)
        for number, stages in given.items()
        for missing in sorted(
            {one for stage in stages for one in rules.missing_before(stage, {*stages, *events[number]})}
        )
    ]


def _identify(connection: Connection, codes: Mapping[int, str], investors: Mapping[int, str | None]) -> None:
    if not codes:
        return
    names: dict[int, str] = {}
    for some in bulk.chunks(list(codes)):
        query = select(project.c.id, company.c.name).join(company, company.c.id == project.c.investor)
        names |= {row.id: row.name for row in connection.execute(query.where(project.c.id.in_(some)))}
    pairs = {number: (investors.get(number) or names.get(number) or "", code) for number, code in codes.items()}
    known = company_ids(connection, (pair for pair in pairs.values() if pair[0]))
    update_column(connection, project, "investor", [(n, known[pair]) for n, pair in pairs.items() if pair in known])


def spill(key: str, words: str) -> dict[str, Any]:
    """What words mean where a number, a day or a stage belongs.

    租赁厂房 in a column of land says that the project takes floors, 预计2024年9月 in one of starts when it is planned,
    四季度 in one of plans no day at all (it is kept in the remarks), 暂缓 in one of stages what its status is, and a
    reason in words one of the kinds of reasons.
    """
    if key in _PLANNED or key in _PLANS:
        return _planned(key, half_width(words))
    if key == "stage":
        status = understand(STATUS, words).value
        return {} if status is None else {"status": status}
    if key == "not_started_reason":
        meant = [reason for reason, sign in _REASONS if re.search(sign, words)]
        return {key: meant[0] if len(meant) == 1 else "other", "remarks": words}
    if key not in ("land_area", "floor_area"):
        return {}
    bare = words.strip()
    known = dict(LAND_USE.aliases)
    if bare in known:
        return {"land_use": known[bare]}
    return {"land_use": "floors"} if re.search("租|厂房|楼", bare) else {}


def _planned(key: str, words: str) -> dict[str, Any]:
    """预计2024年9月, 2024年9月（预计）where an actual day belongs is a plan, and no event; 年底 is a plan without a day."""
    plan = _PLANNED.get(key, key)
    said = next((found["day"] for pattern in _MEANT if (found := pattern.fullmatch("".join(words.split())))), None)
    field = field_of(plan)
    value = understand(field.kind, said).value if said and field else None
    if value is not None:
        return {plan: value}
    vague = said is not None or key in _PLANS
    return {"remarks": words} if vague and _SOMETIME.fullmatch(said or words) else {}


def context(words: str) -> Mapping[str, Any]:
    """What a group row or a title says of the projects under it: 二、在建项目 → started; 临河镇（3个）→ the street."""
    found = _SAID.match(words.strip())
    what = found["what"] if found else words
    stage = next((stage for name, stage in STAGE_CHOICE.aliases if what == name), None)
    place = place_said(words)
    return ({"stage": stage} if stage else {}) | ({"street": place} if place else {})


def aliases(connection: Connection, key: str) -> Mapping[str, str]:
    """Other names of units and people → the name of the book, so that a short or former name is no change."""
    if key in ("street", "department", "reported_by"):
        return called_units(connection, settings.get(connection, "district.name"))
    return called_people(connection) if key == "leader" else {}


def refused_amounts(columns: Columns) -> dict[int, dict[str, Text]]:
    """Amounts that cannot be, and parts of a month that exceed it; place → key → why."""
    found = rules.refused_amounts(columns)
    for place, why in splits.exceeding(columns).items():
        found.setdefault(place, {}).update(why)
    return found


PROJECT_SHEET = RoomSheet(
    room=ROOM,
    label=_("Projects"),
    fields=PROJECT_FIELDS,
    monthly=frozenset((*MEASURES, *splits.PARTS)),
    logs=frozenset({"progress"}),
    identity=(("code",), ("credit_code", "name"), ("name", "investor"), ("name",)),
    required=("name",),
    whole_sheet=("stage", "street", "department", "status"),
    existing=existing,
    current=current,
    insert=add_columns,
    update=update,
    check=refused_amounts,
    table=project.name,
    fill_down=frozenset({"leader", "street", "department", "industry"}),
    spill=spill,
    context=context,
    ambiguous=dict.fromkeys(("投资额", "投资金额", "投资规模", "项目投资", "投资", "项目投资额"), _BOTH),
    remarks="remarks",
    currencies=dict.fromkeys(IN_CURRENCY, "currency"),
    own_headings=own.headings_of(ROOM),
    remember_layout=own.layout_keeper(ROOM),
    recall_layout=own.layout_finder(ROOM),
    like_layout=remembered.finder(ROOM),
    aliases=aliases,
    delete=delete_projects,
)
