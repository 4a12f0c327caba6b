"""Who leads, which plan, which milestones, what was decided at meetings: a project followed from handshake to running line.

Everything is dated: who led in March is answered from the dates, not from the history. What a plan was before it was
made anew stands in the history of the book.
"""

from __future__ import annotations

from sqlalchemy import Connection, Index, UniqueConstraint, exists, select

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _
from db.five_ones.schedule import MAIN, PARALLEL
from db.people import supervision

LEADER, RESPONSIBLE, LIAISON, HEAD, MEMBER = "leader", "responsible", "liaison", "head", "member"
ROLE = Choice(
    (
        (LEADER, _("District leader in charge")),
        (RESPONSIBLE, _("Head of the responsible unit")),
        (LIAISON, _("Liaison officer")),
        (HEAD, _("Head of the task force")),
        (MEMBER, _("Member of the task force")),
    ),
    (
        ("牵头领导", LEADER), ("牵头区领导", LEADER), ("包保领导", LEADER), ("责任单位负责人", RESPONSIBLE),
        ("联络员", LIAISON), ("联系人", LIAISON), ("组长", HEAD), ("专班组长", HEAD), ("成员", MEMBER), ("专班成员", MEMBER),
    ),
)  # fmt: skip

LINE = Choice(
    ((MAIN, _("main line")), (PARALLEL, _("parallel line"))),
    (("主线", MAIN), ("并行", PARALLEL), ("并行线", PARALLEL), ("并联", PARALLEL)),
)

GREEN, GREY, YELLOW, RED = "green", "grey", "yellow", "red"
LIGHT = Choice(
    ((RED, _("Red light")), (YELLOW, _("Yellow light")), (GREY, _("Not to be judged")), (GREEN, _("Green light"))),
    (("红灯", RED), ("红", RED), ("黄灯", YELLOW), ("黄", YELLOW), ("绿灯", GREEN), ("绿", GREEN), ("正常", GREEN)),
)

REMINDED, YELLOW_SLIP, RED_SLIP = supervision.BLUE, supervision.YELLOW, supervision.RED
ASKED, CLOSED = "report", "closed"
STEP = Choice(
    (
        (REMINDED, _("Reminded")),
        (YELLOW_SLIP, supervision.COLOURS[YELLOW_SLIP]),
        (RED_SLIP, supervision.COLOURS[RED_SLIP]),
        (ASKED, _("Report")),
        (CLOSED, _("Done")),
    )
)

# since, until: both included; None where it is open. duty: what a member of a task force sees to.
assignment = tracked(
    "assignment",
    link("project", "project", null=False, index=False),
    words("role", null=False),
    link("person", "person", null=False),
    words("duty"),
    words("since"),
    words("until"),
    words("reason"),
)
Index("ix_assignment_project", assignment.c.project, assignment.c.role)

# weight: what the weights of its milestones add up to while none of them is lost. starts_on: from where it is reckoned.
project_plan = tracked(
    "project_plan",
    link("project", "project", null=False, index=False),
    whole("version", null=False),
    words("title"),
    words("text"),
    words("made_on"),
    words("template"),
    words("starts_on"),
    whole("weight", null=False),
    UniqueConstraint("project"),
)

# first_planned_on: before anything was planned anew. key: of the template's step, "" of one that an office added.
milestone = tracked(
    "milestone",
    link("project", "project", null=False, index=False),
    words("key", null=False),
    words("name", null=False),
    words("line"),
    whole("position", null=False),
    whole("weight", null=False),
    words("first_planned_on"),
    words("planned_on"),
    words("forecast_on"),
    words("actual_on"),
    link("unit", "unit"),
    words("reason"),
    words("remarks"),
)
_m = milestone.c
# What lights, progress and overdue lists ask, answered from the index alone.
Index("ix_milestone_project", _m.project, _m.planned_on, _m.actual_on, _m.weight)
Index("ix_milestone_planned", _m.planned_on, _m.actual_on, _m.project)

milestone_need = tracked(
    "milestone_need",
    link("project", "project", null=False),
    link("milestone", "milestone", null=False, index=False),
    link("needs", "milestone", null=False),
    UniqueConstraint("milestone", "needs"),
)

light_override = tracked(
    "light_override",
    link("project", "project", null=False),
    words("light", null=False),
    words("reason", null=False),
    words("since", null=False),
    words("until"),
    whole("printed", null=False),
)

# What an office made of the presets, as JSON in the same shape; one without content switches the preset off.
light_preset = tracked("light_preset", words("key", null=False, unique=True), words("definition"))
plan_template = tracked("plan_template", words("key", null=False, unique=True), words("definition"))

meeting_series = tracked(
    "meeting_series",
    words("name", null=False),
    whole("every_days", null=False),
    words("first_on"),
    words("place"),
    link("chair", "person"),
)
meeting = tracked(
    "meeting",
    link("series", "meeting_series", null=False, index=False),
    whole("number", null=False),
    words("planned_on"),
    words("held_on"),
    words("place"),
    link("chair", "person"),
    words("attendees"),
    words("minutes"),
    UniqueConstraint("series", "number"),
)
Index("ix_meeting_day", meeting.c.held_on, meeting.c.planned_on)

agenda_item = tracked(
    "agenda_item",
    link("meeting", "meeting", null=False),
    link("project", "project"),
    whole("position", null=False),
    words("kind", null=False),
    words("text"),
    words("minutes"),
)

DECISIONS = "five_ones.decisions"  # under which the files of a decision are attached; their record is its row

decision = tracked(
    "decision",
    link("meeting", "meeting"),
    link("project", "project"),
    words("text", null=False),
    link("unit", "unit"),
    link("person", "person"),
    words("decided_on", null=False),
    words("due_on"),
    words("closed_on"),
    words("evidence"),
)
Index("ix_decision_due", decision.c.closed_on, decision.c.due_on)

decision_step = tracked(
    "decision_step",
    link("decision", "decision", null=False),
    words("kind", null=False),
    words("on_day", null=False),
    words("text"),
    words("number"),
)
supervision.REGISTER.append((decision_step.c.number, decision_step.c.on_day))

OF_PROJECTS = (milestone_need, milestone, assignment, project_plan, light_override)


def used(connection: Connection) -> bool:
    """Whether the office works with this room at all."""
    tables = (assignment, project_plan, milestone, light_override, meeting_series, agenda_item, decision)
    return any(connection.execute(select(*(exists().select_from(table) for table in tables))).one())
