"""The facts of a project, described once: what people call them, how they are read, how they are written.

The headings under which real ledgers carry them are data: resources/presets/headings_projects.json. The order here is
that of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from db.core.fields import Area, Day, Field, Kind, Link, Money, Month, Whole, Words
from db.core.headings import headings
from db.core.text import Text, _
from db.projects import expressions as read
from db.projects import splits
from db.projects import writing as write
from db.projects.choices import CURRENCY, LAND_USE, NOT_STARTED, TALK_CLASS
from db.projects.models import (
    AGREEMENT,
    FIXED_DONE,
    FOREIGN_USED,
    MEASURES,
    PAID_REPORTED,
    PAID_VERIFIED,
    SOURCE,
    STATUS,
)
from db.projects.stages import PATH_CHOICE, STAGE_CHOICE

GROUPS: Mapping[str, Text] = {
    "facts": _("Project"),
    "money": _("Money"),
    "stage": _("Stage and dates"),
    "people": _("Who is responsible"),
    "place": _("Land and floors"),
    "talks": _("Talks and follow-up"),
    "promises": _("Promises and papers"),
    "own": _("Own fields"),
}

# Field key → the stage whose day it is.
DATED_STAGES: Mapping[str, str] = {
    "lead_on": "lead",
    "negotiating_on": "negotiating",
    "ready_on": "ready",
    "signed_on": "signed",
    "established_on": "established",
    "fitting_out_on": "fitting_out",
    "started_on": "started",
    "moved_in_on": "moved_in",
    "completed_on": "completed",
    "operating_on": "operating",
    "produced_on": "produced",
    "in_statistics_on": "in_statistics",
    "at_capacity_on": "at_capacity",
}

# Field key → (stage, level, column) of the recognition it is.
RECOGNITIONS: Mapping[str, tuple[str, str, str]] = {
    "approved_on": ("signed", "district", "recognised_on"),
    "approval_number": ("signed", "district", "number"),
    "approved_amount": ("signed", "district", "amount"),
    "city_approved_on": ("signed", "city", "recognised_on"),
    "province_approved_on": ("signed", "province", "recognised_on"),
    "start_approved_on": ("started", "district", "recognised_on"),
    "production_approved_on": ("produced", "district", "recognised_on"),
}

# Field key → the stage for which it is the planned day.
PLANNED_STAGES: Mapping[str, str] = {
    "planned_signing_on": "signed",
    "planned_start_on": "started",
    "planned_production_on": "produced",
}

# Field key → column of the company that invests.
COMPANY_FACTS: Mapping[str, str] = {
    "credit_code": "credit_code",
    "investor_intro": "intro",
    "company_tags": "tags",
}


_aliases = headings("projects")


def _plain(key: str, label: Text, kind: Kind, group: str) -> Field:
    """A fact that is a column of the project."""
    return Field(key, label, kind, _aliases(key), group, read.column(key), write.column(key))


def _reached(key: str, label: Text) -> Field:
    stage = DATED_STAGES[key]
    return Field(key, label, Day(), _aliases(key), "stage", read.reached(stage), write.reached(stage))


def _planned(key: str, label: Text) -> Field:
    stage = PLANNED_STAGES[key]
    return Field(key, label, Day(), _aliases(key), "stage", read.planned(stage), write.planned(stage))


def _recognition(key: str, label: Text, kind: Kind) -> Field:
    where = RECOGNITIONS[key]
    return Field(key, label, kind, _aliases(key), "stage", read.recognised(*where), write.recognised(*where))


def _unit(key: str, label: Text, group: str) -> Field:
    kind = Link("people", "unit")
    return Field(
        key, label, kind, _aliases(key), group, read.unit_called(key), write.unit_link(key), read.unit_place(key)
    )


def _company(key: str, label: Text, kind: Kind) -> Field:
    name = COMPANY_FACTS[key]
    return Field(key, label, kind, _aliases(key), "facts", read.of_investor(name), write.of_investor(name))


def _by_month(measure: str, label: Text, unit: str) -> Field:
    """Kept by month; read here as the sum of all months. One month is `key@YYYY-MM` (`field_of`)."""
    return Field(measure, label, Money(unit), _aliases(measure), "money", read.amount(measure))


def _split(key: str, label: Text) -> Field:
    """The part of a fact kept by month that came from one origin."""
    measure, origin = splits.PARTS[key]
    return Field(key, label, Money("万元"), _aliases(key), "money", read.amount(measure, origin=origin))


_LONG, _CODE, _SOMEBODY = Words(long=True), Words(identifier=True), Words(person=True)

_FACTS = (
    Field("name", _("Project name"), Words(), _aliases("name"), "facts", read.column("name"), write.name),
    _plain("code", _("Project code"), _CODE, "facts"),
    Field(
        "investor",
        _("Investor"),
        Link("companies", "company"),
        _aliases("investor"),
        "facts",
        read.of_investor("name"),
        write.investor,
    ),
    _company("credit_code", _("Credit code"), _CODE),
    _company("investor_intro", _("About the investor"), _LONG),
    _company("company_tags", _("Tags"), Words(tags=True)),
    _plain("industry", _("Industry"), Words(), "facts"),
    _plain("chain", _("Industry chain"), Words(), "facts"),
    _plain("content", _("What is built"), _LONG, "facts"),
    Field(
        "source_place",
        _("Origin of funds"),
        Words(),
        _aliases("source_place"),
        "facts",
        read.column("source_place"),
        write.source_place,
    ),
    _plain("source_kind", _("Inside, outside or overseas"), SOURCE, "facts"),
    _plain("path", _("Path"), PATH_CHOICE, "facts"),
    _plain("remarks", _("Remarks"), _LONG, "facts"),
)

_CURRENCY = _plain("currency", _("Currency"), CURRENCY, "money")
# Amounts that are in the project's own currency; whatever is kept by month is in the one of its measure.
IN_CURRENCY = ("agreed_investment", "total_investment", "fixed_investment", "first_phase_investment")

_MONEY = (
    _plain("agreed_investment", _("Agreed investment"), Money("万元"), "money"),
    _plain("total_investment", _("Total investment"), Money("万元"), "money"),
    _plain("fixed_investment", _("Fixed-asset investment"), Money("万元"), "money"),
    _plain("first_phase_investment", _("First-phase investment"), Money("万元"), "money"),
    _CURRENCY,
    _by_month(PAID_REPORTED, _("Paid in (reported)"), "万元"),
    _split("paid_in_reported_inside", _("Paid in from inside the province (reported)")),
    _split("paid_in_reported_outside", _("Paid in from outside the province (reported)")),
    _split("paid_in_reported_overseas", _("Paid in from overseas (reported)")),
    _by_month(PAID_VERIFIED, _("Paid in (verified)"), "万元"),
    _split("paid_in_verified_inside", _("Paid in from inside the province (verified)")),
    _split("paid_in_verified_outside", _("Paid in from outside the province (verified)")),
    _split("paid_in_verified_overseas", _("Paid in from overseas (verified)")),
    _by_month(FIXED_DONE, _("Fixed-asset investment done"), "万元"),
    _by_month(FOREIGN_USED, _("Foreign capital used"), "万美元"),
    _plain("expected_output", _("Expected output"), Money("万元"), "money"),
    _plain("expected_tax", _("Expected tax"), Money("万元"), "money"),
    _plain("jobs", _("Jobs"), Whole("人"), "money"),
)

_STAGE = (
    Field(
        "stage",
        _("Stage"),
        STAGE_CHOICE,
        _aliases("stage"),
        "stage",
        read.column("stage"),
        write.stage,
        read.stage_order,
    ),
    Field("status", _("Status"), STATUS, _aliases("status"), "stage", read.column("status"), write.status),
    Field("days_in_stage", _("Days in this stage"), Whole("天"), (), "stage", read.days_in_stage, adds_up=False),
    _reached("lead_on", _("Lead since")),
    _reached("negotiating_on", _("First talks")),
    _reached("ready_on", _("Ready to sign since")),
    _reached("signed_on", _("Signed on")),
    _reached("established_on", _("Established on")),
    _reached("fitting_out_on", _("Fitting out since")),
    _reached("started_on", _("Started on")),
    _reached("moved_in_on", _("Moved in on")),
    _reached("completed_on", _("Completed on")),
    _reached("operating_on", _("Operating since")),
    _reached("produced_on", _("In production since")),
    _reached("in_statistics_on", _("In the statistics since")),
    _reached("at_capacity_on", _("At capacity since")),
    _planned("planned_signing_on", _("Planned signing")),
    _planned("planned_start_on", _("Planned start")),
    _planned("planned_production_on", _("Planned production")),
    _recognition("approved_on", _("Recognised on"), Day()),
    _recognition("approval_number", _("Recognition number"), _CODE),
    _recognition("approved_amount", _("Recognised amount"), Money("万元")),
    _recognition("city_approved_on", _("Recognised by the city on"), Day()),
    _recognition("province_approved_on", _("Recognised by the province on"), Day()),
    _recognition("start_approved_on", _("Start recognised on"), Day()),
    _recognition("production_approved_on", _("Production recognised on"), Day()),
    _plain("entered_statistics_on", _("Entered in statistics on"), Day(), "stage"),
    _plain("upscaled_on", _("Above designated size since"), Day(), "stage"),
    _plain("not_started_reason", _("Why not started"), NOT_STARTED, "stage"),
)

_PEOPLE = (
    _unit("street", _("Place"), "people"),
    _unit("department", _("Responsible unit"), "people"),
    Field(
        "leader",
        _("District leader"),
        Link("people", "person"),
        _aliases("leader"),
        "people",
        read.person_called("leader"),
        write.leader,
        read.person_place("leader"),
    ),
    _plain("task_force", _("Task force"), _LONG, "people"),
    Field(
        "liaison", _("Liaison officer"), _SOMEBODY, _aliases("liaison"), "people", read.column("liaison"), write.liaison
    ),
    Field(
        "contact",
        _("Contact and phone"),
        Words(),
        _aliases("contact"),
        "people",
        read.contact,
        write.contact,
    ),
    _plain("contact_name", _("Contact"), _SOMEBODY, "people"),
    _plain("contact_post", _("Contact's post"), Words(), "people"),
    _plain("contact_phone", _("Contact's phone"), _CODE, "people"),
)

_PLACE = (
    _plain("land_use", _("Land or floors"), LAND_USE, "place"),
    _plain("land_area", _("Land area"), Area("亩"), "place"),
    _plain("floor_area", _("Floor area"), Area("㎡"), "place"),
    _plain("site", _("Building and floor"), Words(), "place"),
)

_TALKS = (
    Field("progress", _("Progress"), _LONG, _aliases("progress"), "talks", read.newest_progress, write.progress),
    _plain("problems", _("Problems"), _LONG, "talks"),
    _plain("next_step", _("Next step"), _LONG, "talks"),
    _plain("next_step_due", _("Next step due"), Day(), "talks"),
    _plain("talk_class", _("Class of talks"), TALK_CLASS, "talks"),
    _plain("expected_signing", _("Expected month of signing"), Month(), "talks"),
    _plain("blocker", _("Sticking point"), _LONG, "talks"),
    _plain("demands", _("What the company asks for"), _LONG, "talks"),
    _plain("last_contact_on", _("Last contact"), Day(), "talks"),
    _plain("first_report_on", _("First reported on"), Day(), "talks"),
    _unit("reported_by", _("First reported by"), "talks"),
    _plain("lead_source", _("Source of the lead"), Words(), "talks"),
    _plain("referrer", _("Referrer"), _SOMEBODY, "talks"),
    _plain("reminder_on", _("Remind on"), Day(), "talks"),
)

_PROMISES = (
    _plain("agreement_kind", _("Kind of agreement"), AGREEMENT, "promises"),
    _plain("agreement_number", _("Agreement number"), _CODE, "promises"),
    _plain("minutes_number", _("Minutes number"), _CODE, "promises"),
    Field(
        "promised_tax_per_mu",
        _("Promised tax per mu"),
        Money("万元"),
        _aliases("promised_tax_per_mu"),
        "promises",
        read.column("promised_tax_per_mu"),
        write.column("promised_tax_per_mu"),
        adds_up=False,
    ),
    _plain("policy_promises", _("Policy promises"), _LONG, "promises"),
    _plain("fair_competition", _("Fair-competition review"), Words(), "promises"),
    _plain("permits", _("Permits"), _LONG, "promises"),
    _plain("fund", _("Fund"), Words(), "promises"),
    _plain("confidential", _("Confidentiality"), Words(), "promises"),
)

# Tax, the class of talks, phones: not for a screen that is projected.
PRIVATE = frozenset({"expected_tax", "promised_tax_per_mu", "talk_class", "contact", "contact_phone", "confidential"})

PROJECT_FIELDS: tuple[Field, ...] = tuple(
    replace(one, private=one.key in PRIVATE, currency=_CURRENCY if one.key in IN_CURRENCY else None)
    if one.key in PRIVATE or one.key in IN_CURRENCY
    else one
    for one in (*_FACTS, *_MONEY, *_STAGE, *_PEOPLE, *_PLACE, *_TALKS, *_PROMISES)
)


@cache
def _by_key() -> dict[str, Field]:
    return {field.key: field for field in PROJECT_FIELDS}


def field_of(key: str) -> Field | None:
    """The field of a key; `paid_in_reported@2024-06` is one month of a fact kept by month. None where unknown."""
    plain, at, month = key.partition("@")
    known = _by_key().get(plain)
    if known is None or not at:
        return known
    if plain not in MEASURES and plain not in splits.PARTS:
        return None
    label = _("{label}, {month}", label=known.label, month=month)
    measure, origin = splits.kept_as(plain)
    if origin:
        shown, written = read.amount(measure, month, origin=origin), splits.part(measure, month, origin)
    else:
        shown, written = read.amount(measure, month), splits.total(measure, month)
    return Field(key, label, known.kind, (), "money", shown, written)
