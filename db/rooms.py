"""The list of rooms and what each contributes. Importing it loads every table, so that a book is whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Table

from db.companies import models as in_companies
from db.companies.fields import COMPANY_FIELDS
from db.companies.land import wrong_sites
from db.companies.land_fields import CARRIER_FIELDS, SITE_FIELDS
from db.companies.land_sheets import CARRIER_SHEET, SITE_SHEET
from db.companies.models import carrier, company, company_site
from db.companies.searched import SEARCHED as COMPANIES_SEARCHED
from db.companies.views import built_in as companies_views
from db.companies.views import of_carriers, of_sites
from db.contests import models as in_contests
from db.contests.fields import CONTEST_FIELDS
from db.contests.models import contest_result
from db.core import attachments, calendar, copies, own, settings
from db.core import views as viewing
from db.core.dayparts import base_of, part_of
from db.core.fields import Field
from db.core.filters import Scope, When
from db.core.period import Period, month_of
from db.core.reversal import Conflict
from db.core.tables import METADATA
from db.core.text import Text, _
from db.core.views import Look, View
from db.five_ones import models as in_five_ones
from db.five_ones import options as five_ones_options
from db.five_ones.fields import MILESTONE_FIELDS, project_fields
from db.five_ones.models import assignment, milestone
from db.five_ones.models import used as uses_five_ones
from db.five_ones.people_sheet import FIELDS as PERSON_FIELDS
from db.five_ones.people_sheet import PEOPLE_SHEET
from db.five_ones.sheet import FORCE_FIELDS, FORCE_SHEET, MILESTONE_SHEET
from db.five_ones.wide_sheet import FIELDS as WIDE_FIELDS
from db.five_ones.wide_sheet import WIDE_SHEET
from db.forum import models as in_forum
from db.forum import rules
from db.forum.courses import put_steps, steps_of, wrong_courses
from db.forum.fields import FORUM_FIELDS
from db.forum.models import issue
from db.forum.searched import SEARCHED as FORUM_SEARCHED
from db.forum.sheet import FORUM_SHEET
from db.forum.views import built_in as forum_views
from db.overview import models as in_overview
from db.overview.models import closings_stay
from db.people import models as in_people
from db.people.fields import UNIT_FIELDS
from db.people.models import person, unit
from db.people.searched import SEARCHED as PEOPLE_SEARCHED
from db.per_mu import models as in_per_mu
from db.per_mu.fields import PER_MU_FIELDS
from db.per_mu.models import company_year
from db.per_mu.sheet import PER_MU_SHEET
from db.per_mu.views import built_in as per_mu_views
from db.projects import models as in_projects
from db.projects import standing
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from db.projects.searched import SEARCHED as PROJECTS_SEARCHED
from db.projects.sheet import PROJECT_SHEET
from db.projects.standing import Standing, wrong_standings
from db.projects.views import built_in
from db.sheets import sent
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from db.core.book import Book
    from db.overview.contributed import Figures
    from db.overview.forms import OwnTable
    from db.reports.report import Section
    from db.reports.report import Table as ReportTable

__all__ = [
    "ROOMS",
    "Room",
    "attachments",
    "calendar",
    "checks_after_reversal",
    "copies",
    "facts",
    "field",
    "fields",
    "five_ones_options",
    "known_to",
    "look",
    "room",
    "scopes",
    "sent",
    "settings",
    "views",
    "when",
]

Touched = dict[str, list[int]]


@dataclass(frozen=True)
class Room:
    """A room: its name on every floor, what its main table is, and what it gives to the others.

    sheet: how a ledger becomes its records, None where nothing is imported into it.
    wrong: records of the main table that break the room's rules, each with the sentence (`check`, and after an undo).
    views: those that come with the program. scopes: rows that conditions of a view may name, by their keys.
    sections: what it says in the report of a period, in a language; the overview sets their places by their keys.
    figures: its figures of a period, of all and by group (`db.overview.contributed.Figures`).
    to_projects: what it tells of a project, as facts of the project ledger.
    """

    name: str
    label: Text
    table: Table
    fields: tuple[Field, ...]
    sheet: RoomSheet | None = None
    wrong: Callable[[Connection, Sequence[int]], list[tuple[int, Text]]] | None = None
    views: Callable[[Connection], tuple[View, ...]] | None = None
    scopes: Callable[[Connection], dict[str, Scope]] | None = None
    sections: Callable[[Connection, Period, str], Sequence[Section]] | None = None
    figures: Figures | None = None
    to_projects: Callable[[Connection], Sequence[Field]] | None = None


def _behind_figures(connection: Connection) -> dict[str, Scope]:
    from db.overview.scopes import figure_scopes  # most views name no figure

    return figure_scopes(connection)


def _per_mu_sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    from db.per_mu.report import sections  # a start needs no report

    return sections(connection, period, lang)


def _per_mu_figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
    from db.per_mu.figures import figures

    return figures(connection, period, rows=rows, by=by)


def _wrong_years(connection: Connection, ids: Sequence[int]) -> list[tuple[int, Text]]:
    from db.per_mu.service import wrong_years

    return wrong_years(connection, ids)


def _forum_sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    from db.forum.report import sections

    return sections(connection, period, lang)


def _forum_figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
    from db.forum.figures import figures

    return figures(connection, period, rows=rows, by=by)


def _five_ones_sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    from db.five_ones.report import sections

    return sections(connection, period, lang)


def _five_ones_figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
    if not uses_five_ones(connection):
        return {}, {}  # an office without this room does not wait for its rules to be loaded
    from db.five_ones.figures import figures

    return figures(connection, period, rows=rows, by=by)


def _contests_sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    from db.contests.report import sections

    return sections(connection, period, lang)


def _tell_contests(book: Book, seed: int) -> None:
    from db.contests.demo import tell

    tell(book, seed)


def _forget_projects(connection: Connection, ids: Sequence[int]) -> None:
    from db.five_ones.service import forget_projects

    forget_projects(connection, ids)


def _follow_ledger(connection: Connection, role: str, named: Mapping[int, int | None]) -> None:
    from db.five_ones.service import follow_ledger

    follow_ledger(connection, role, named)


def _forget_in_contests(connection: Connection, ids: Sequence[int]) -> None:
    from db.contests.service import forget_projects

    forget_projects(connection, ids)


def _refresh_issues(connection: Connection, ids: Sequence[int]) -> None:
    put_steps(connection, steps_of(connection, ids))


ROOMS: tuple[Room, ...] = (
    Room("people", _("Departments and streets"), unit, UNIT_FIELDS),
    Room("companies", _("Companies"), company, COMPANY_FIELDS, views=companies_views),
    Room("projects", _("Projects"), project, PROJECT_FIELDS, PROJECT_SHEET, wrong_standings, built_in, _behind_figures),
    Room(
        "forum",
        _("Forum"),
        issue,
        FORUM_FIELDS,
        FORUM_SHEET,
        wrong_courses,
        forum_views,
        sections=_forum_sections,
        figures=_forum_figures,
    ),
    Room(
        "per_mu",
        _("Per-mu benefit"),
        company_year,
        PER_MU_FIELDS,
        PER_MU_SHEET,
        _wrong_years,
        per_mu_views,
        sections=_per_mu_sections,
        figures=_per_mu_figures,
    ),
    Room(
        "five_ones",
        _("Five ones"),
        milestone,
        MILESTONE_FIELDS,
        MILESTONE_SHEET,
        sections=_five_ones_sections,
        figures=_five_ones_figures,
        to_projects=project_fields,
    ),
    Room("contests", _("Stars and flags"), contest_result, CONTEST_FIELDS, sections=_contests_sections),
    Room("task_force_people", _("Task forces, a row a person"), assignment, PERSON_FIELDS, PEOPLE_SHEET),
    Room("task_forces", _("Task forces"), assignment, FORCE_FIELDS, FORCE_SHEET),
    Room("node_plans", _("Node plans, a column a milestone"), milestone, WIDE_FIELDS, WIDE_SHEET),
    Room("sites", _("Sites"), company_site, SITE_FIELDS, SITE_SHEET, wrong_sites, of_sites),
    Room("carriers", _("Carriers"), carrier, CARRIER_FIELDS, CARRIER_SHEET, views=of_carriers),
)


def room(name: str) -> Room | None:
    """The room of this name."""
    return next((one for one in ROOMS if one.name == name), None)


def labels(names: Collection[str]) -> list[Text]:
    """What rooms are called, in the order of the list."""
    return [one.label for one in ROOMS if one.name in names]


def fields(connection: Connection, of: Room) -> list[Field]:
    """The facts of a room's records, what other rooms tell of them, the book's own ones at the end."""
    more = [one.to_projects for one in ROOMS if one.to_projects is not None] if of.table is project else []
    told = [field for told_by in more for field in told_by(connection)]
    return [*of.fields, *told, *own.own_fields(connection, of.name, of.table)]


def facts(connection: Connection, of: Room) -> list[Field]:
    """The same without what other rooms tell: what a record takes along when it leaves."""
    return [*of.fields, *own.own_fields(connection, of.name, of.table)]


def field(connection: Connection, of: Room, key: str) -> Field | None:
    """One fact by its key; also one month of a fact kept by month, a part of a day, and the book's own ones."""
    if of.table is project and "@" in key:
        return field_of(key)
    known = {one.key: one for one in fields(connection, of)}
    part = base_of(key)
    if key not in known and part is not None and part[0] in known:
        return part_of(known[part[0]], part[1])
    return known.get(key)


def known_to(connection: Connection, of: Room, view: View) -> dict[str, Field]:
    """Key → fact of a room's records, with the single months that a view names."""
    found = {one.key: one for one in fields(connection, of)}
    for key in view.keys:
        if key not in found and (one := field(connection, of, key)) is not None:
            found[key] = one
    return found


def scopes(connection: Connection, of: Room) -> dict[str, Scope]:
    """Key → rows that a condition may name beside the facts: those behind a figure."""
    return of.scopes(connection) if of.scopes is not None else {}


def views(connection: Connection, of: Room, actor: str) -> list[View]:
    """The views of a room that `actor` may choose from: those of the program, then shared ones, then their own."""
    everything = (View(of.label, tuple(one.key for one in of.fields), key="all"),)
    offered = of.views(connection) if of.views is not None else everything
    return [*offered, *viewing.views(connection, of.name, actor)]


def when(connection: Connection, today: str, period: Period | None = None) -> When:
    """What "this month" and "this period" mean in this book; the period is this year so far unless it is said."""
    cut = settings.get(connection, "month.cut")
    if period is None:
        month = month_of(today, cut)
        period = Period.of_months(f"{month[:4]}-01", month, cut=cut)
    return When(today, period, cut)


def look(
    connection: Connection, of: Room, view: View, *, today: str, period: Period | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> Look:  # fmt: skip
    """The rows of a view of a room, in order and groups, and what of the view this book cannot show."""
    known = known_to(connection, of, view)
    named = scopes(connection, of) if any(one.key not in known for one in view.conditions) else {}
    return viewing.look(
        connection, of.table, view, fields=known, scopes=named, when=when(connection, today, period), where=where
    )


def _tables_apart() -> dict[str, tuple[str, ...]]:
    """The rooms that a copy of the book may be without, each with its tables; the monthly reports go with the projects."""
    of = {"projects": (in_projects, in_overview), "forum": (in_forum,), "per_mu": (in_per_mu,), "five_ones": (in_five_ones,),
          "contests": (in_contests,)}  # fmt: skip
    found: dict[str, tuple[str, ...]] = {}
    seen = {one for module in (in_people, in_companies) for one in vars(module).values() if isinstance(one, Table)}
    for name, modules in of.items():
        mine = {one for module in modules for one in vars(module).values() if isinstance(one, Table)} - seen
        found[name] = tuple(sorted(one.name for one in mine))
        seen |= mine
    return found


def _own_table(connection: Connection, wanted: OwnTable, period: Period, lang: str) -> ReportTable | None:
    from db.view_tables import table_of  # most reports have none

    return table_of(connection, wanted, period, lang)


def checks_after_reversal(connection: Connection, touched: Touched) -> list[Conflict]:
    """Run the rooms' rules on the records that an undo touched."""
    found: list[Conflict] = []
    for one in ROOMS:
        if one.wrong is not None and touched.get(one.table.name):
            wrong = one.wrong(connection, touched[one.table.name])
            found += [Conflict(one.table.name, number, None, sentence) for number, sentence in wrong]
    return found


METADATA.info["checks"] = (checks_after_reversal, closings_stay)
METADATA.info["search"] = (*PEOPLE_SEARCHED, *COMPANIES_SEARCHED, *PROJECTS_SEARCHED, *FORUM_SEARCHED)
METADATA.info["report_sections"] = tuple(one.sections for one in ROOMS if one.sections is not None)
METADATA.info["figures"] = tuple(one.figures for one in ROOMS if one.figures is not None)
METADATA.info["demonstrations"] = (_tell_contests,)
METADATA.info["forget_projects"] = (_forget_projects, _forget_in_contests)
METADATA.info["people_named"] = (_follow_ledger,)
METADATA.info["own_table"] = _own_table
METADATA.info["apart"] = _tables_apart()
METADATA.info["rooms_tables"] = {one.name: one.table.name for one in ROOMS} | {
    in_forum.STEPS: in_forum.issue_step.name,
    in_five_ones.DECISIONS: in_five_ones.decision.name,
}
# What merging copies of a book must know: who is the same though both wrote it down, and which cells follow from others.
METADATA.info["told_apart"] = {company.name: ("credit_code", "name"), carrier.name: ("name",), person.name: ("name",)}
METADATA.info["derived"] = {
    project.name: (Standing._fields, standing.refresh),
    issue.name: (rules.Standing._fields, _refresh_issues),
}
METADATA.info["complete"] = True
