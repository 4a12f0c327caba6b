"""Projects and their dated facts.

A project's own row says what it is; what happened to it stands in dated rows beside it. Five dates on the row itself
(`negotiating_on` … `produced_on`) and its `stage` repeat what the stage events say, so that the figures of 100,000
projects are one look at an index: `standing.py` writes them with every event, and `check` compares them.
An event whose day is not known has no date; the dates on the row then are '' (before everything).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _

ACTIVE = "active"
STATUS = Choice(
    (
        (ACTIVE, _("Active")),
        ("on_hold", _("On hold")),
        ("suspended", _("Suspended")),
        ("withdrawn", _("Withdrawn")),
        ("transferred", _("Transferred")),
    ),
    (
        ("推进中", ACTIVE), ("正常推进", ACTIVE), ("正常", ACTIVE), ("暂缓", "on_hold"), ("暂停", "on_hold"),
        ("中止", "suspended"), ("终止", "withdrawn"), ("退出", "withdrawn"), ("流失", "withdrawn"),
        ("转出", "transferred"),
    ),
)  # fmt: skip

FRAMEWORK = "framework"
AGREEMENT = Choice(
    (
        (FRAMEWORK, _("Framework agreement")),
        ("formal", _("Formal agreement")),
        ("supplement", _("Supplementary agreement")),
        ("increase", _("Capital increase")),
    ),
    (
        ("框架", FRAMEWORK), ("框架协议", FRAMEWORK), ("战略合作协议", FRAMEWORK),
        ("正式", "formal"), ("正式协议", "formal"),
        ("投资协议", "formal"), ("正式合同", "formal"), ("补充", "supplement"), ("补充协议", "supplement"),
        ("增资", "increase"),
        ("增资扩产", "increase"),
    ),
)  # fmt: skip

INSIDE, OUTSIDE, OVERSEAS = "inside", "outside", "overseas"
SOURCE = Choice(
    ((INSIDE, _("Inside the province")), (OUTSIDE, _("Outside the province")), (OVERSEAS, _("Overseas"))),
    (("省内", INSIDE), ("省外", OUTSIDE), ("境外", OVERSEAS), ("外资", OVERSEAS)),
)

LEVELS = ("district", "city", "province")

PAID_REPORTED, PAID_VERIFIED, FIXED_DONE, FOREIGN_USED = (
    "paid_in_reported",
    "paid_in_verified",
    "fixed_assets_done",
    "foreign_used",
)
MEASURES = (PAID_REPORTED, PAID_VERIFIED, FIXED_DONE, FOREIGN_USED)

CNY = "CNY"

project = tracked(
    "project",
    words("name", null=False),
    words("code"),
    link("investor", "company"),
    words("path", null=False),
    words("stage", null=False),
    words("status", null=False),
    words("negotiating_on"),
    words("left_negotiating_on"),
    words("signed_on"),
    words("began_on"),
    words("produced_on"),
    whole("agreed_investment"),
    whole("total_investment"),
    whole("fixed_investment"),
    whole("first_phase_investment"),
    words("currency", null=False),
    words("agreement_kind"),
    words("agreement_number"),
    words("minutes_number"),
    words("industry"),
    words("chain"),
    words("content"),
    words("source_place"),
    words("source_kind"),
    words("land_use"),
    whole("land_area"),
    whole("floor_area"),
    words("site"),
    whole("expected_output"),
    whole("expected_tax"),
    whole("promised_tax_per_mu"),
    whole("jobs"),
    link("street", "unit"),
    link("department", "unit"),
    link("leader", "person"),
    link("reported_by", "unit", index=False),
    words("first_report_on"),
    words("lead_source"),
    words("referrer"),
    words("talk_class"),
    words("task_force"),
    words("liaison"),
    words("contact_name"),
    words("contact_post"),
    words("contact_phone"),
    words("demands"),
    words("last_contact_on"),
    words("expected_signing"),
    words("blocker"),
    words("not_started_reason"),
    words("problems"),
    words("next_step"),
    words("next_step_due"),
    words("reminder_on"),
    words("entered_statistics_on"),
    words("upscaled_on"),
    words("permits"),
    words("policy_promises"),
    words("fair_competition"),
    words("fund"),
    words("confidential"),
    words("remarks"),
)
_p = project.c


def _where_filled(column: Column[Any]) -> dict[str, Any]:
    """Only rows that say it: most projects do not, and pay nothing for the index."""
    return {"sqlite_where": column.is_not(None)}  # on a server too: `tables.as_on_a_file`


Index("ix_project_name", _p.name)
Index("ix_project_code", _p.code, **_where_filled(_p.code))
# What figures ask, answered from the index alone.
_money = (_p.agreement_kind, _p.agreed_investment, _p.total_investment, _p.currency)
Index("ix_project_signed", _p.signed_on, _p.began_on, _p.produced_on, *_money)
Index("ix_project_began", _p.began_on, *_money)
Index("ix_project_produced", _p.produced_on, *_money)
Index("ix_project_negotiating", _p.left_negotiating_on, _p.negotiating_on, *_money)
Index("ix_project_expected", _p.expected_signing, **_where_filled(_p.expected_signing))
Index("ix_project_entered", _p.entered_statistics_on, **_where_filled(_p.entered_statistics_on))
# Deleting a unit, an import undone say, looks through all projects without it.
Index("ix_project_reported_by", _p.reported_by, **_where_filled(_p.reported_by))

stage_path = tracked(
    "stage_path", words("key", null=False, unique=True), words("name", null=False), whole("position", null=False)
)
path_step = tracked(
    "path_step",
    link("path", "stage_path", null=False, index=False),
    words("stage", null=False),
    whole("position", null=False),
    UniqueConstraint("path", "stage"),
)

stage_event = tracked(
    "stage_event",
    link("project", "project", null=False, index=False),
    words("stage", null=False),
    words("happened_on"),
    words("evidence"),
    words("reason"),
    UniqueConstraint("project", "stage"),
)

recognition = tracked(
    "recognition",
    link("project", "project", null=False, index=False),
    words("stage", null=False),
    words("level", null=False),
    words("recognised_on"),
    words("number"),
    whole("amount"),
    UniqueConstraint("project", "stage", "level"),
)
Index(
    "ix_recognition_period",
    recognition.c.level, recognition.c.stage, recognition.c.recognised_on, recognition.c.project,
)  # fmt: skip

status_event = tracked(
    "status_event",
    link("project", "project", null=False),
    words("status", null=False),
    words("happened_on"),
    words("reason"),
)

# Capital increases and supplements after the first signing; `amount` is what they add.
investment_event = tracked(
    "investment_event",
    link("project", "project", null=False),
    words("kind", null=False),
    words("happened_on"),
    words("recognised_on"),
    words("number"),
    whole("amount"),
    words("currency", null=False),
)
Index("ix_investment_event_day", investment_event.c.happened_on, investment_event.c.kind)

planned_date = tracked(
    "planned_date",
    link("project", "project", null=False, index=False),
    words("stage", null=False),
    words("planned_on"),
    UniqueConstraint("project", "stage"),
)
Index("ix_planned_date_day", planned_date.c.stage, planned_date.c.planned_on, planned_date.c.project)

# origin: inside, outside, overseas; '' where the office does not split.
monthly_amount = tracked(
    "monthly_amount",
    link("project", "project", null=False, index=False),
    words("month", null=False),
    words("measure", null=False),
    words("origin", null=False),
    whole("amount"),
    words("currency", null=False),
    UniqueConstraint("project", "month", "measure", "origin"),
)
Index("ix_monthly_amount_month", monthly_amount.c.measure, monthly_amount.c.month)

progress_entry = tracked(
    "progress",
    link("project", "project", null=False),
    words("on_day"),
    words("text", null=False),
    words("author"),
)

target = tracked(
    "target",
    link("unit", "unit"),
    whole("year", null=False),
    words("figure", null=False),
    whole("value", null=False),
)

activity = tracked(
    "activity",
    words("kind", null=False),
    words("on_day", null=False),
    words("title"),
    link("leader", "person"),
    link("unit", "unit"),
    words("place"),
    words("companies"),
    words("remarks"),
)
Index("ix_activity_day", activity.c.on_day, activity.c.kind)

activity_lead = tracked(
    "activity_lead",
    link("activity", "activity", null=False, index=False),
    link("project", "project", null=False),
    UniqueConstraint("activity", "project"),
)

# What was published before the book existed (历史公布数). Counts as they are, money in hundredths.
published_figure = tracked(
    "published_figure",
    words("month", null=False),
    whole("cumulative", null=False),
    link("unit", "unit"),
    words("figure", null=False),
    whole("value", null=False),
    words("source"),
)

# What the city's bulletin says of us (市级通报数). group_rank: our place among the urban districts.
city_bulletin = tracked(
    "city_bulletin",
    words("month", null=False),
    words("figure", null=False),
    whole("value"),
    whole("rank"),
    whole("group_rank"),
    words("others"),
    words("source"),
)

# rate: how many 10⁻⁶ yuan one unit of the currency is worth from that day on.
exchange_rate = tracked(
    "exchange_rate",
    words("currency", null=False),
    words("from_day", null=False),
    whole("rate", null=False),
    UniqueConstraint("from_day", "currency"),
)

CHILDREN = (
    stage_event, recognition, status_event, investment_event, planned_date, monthly_amount, progress_entry,
    activity_lead,
)  # fmt: skip
