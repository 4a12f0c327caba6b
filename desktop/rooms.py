"""The rooms on the screen: name, what the rail calls it, icon, page. A page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from db.core.text import Text, _
from desktop.companies.about import ABOUT, Company, Tab
from desktop.kit import leaving
from desktop.kit.further import OFFERED, Further
from desktop.kit.preferences import Preferences

if TYPE_CHECKING:
    from db.core.attachments import Attachment
    from desktop.kit.ledger import Ledger
    from desktop.kit.page import Desk, Page
    from desktop.kit.side_form import SideForm


class ScreenRoom(NamedTuple):
    """An entry of the rail. asked: whether it is there from the start; a person may switch it on or off."""

    name: str
    label: Text
    icon: str
    make: Callable[[Desk], Page]
    asked: bool = True


def _today(desk: Desk) -> Page:
    from desktop.overview.today import TodayPage

    return TodayPage(desk)


def _projects(desk: Desk) -> Page:
    from desktop.projects.page import ProjectsPage

    return ProjectsPage(desk)


def _five_ones(desk: Desk) -> Page:
    from desktop.five_ones.page import FiveOnesPage

    return FiveOnesPage(desk)


def _forum(desk: Desk) -> Page:
    from desktop.forum.page import ForumPage

    return ForumPage(desk)


def _companies(desk: Desk) -> Page:
    from desktop.companies.page import CompaniesPage

    return CompaniesPage(desk)


def _per_mu(desk: Desk) -> Page:
    from desktop.per_mu.page import PerMuPage

    return PerMuPage(desk)


def _contests(desk: Desk) -> Page:
    from desktop.contests.page import ContestsPage

    return ContestsPage(desk)


def _overview(desk: Desk) -> Page:
    from desktop.overview.page import ReportPage

    return ReportPage(desk)


ROOMS = (
    ScreenRoom("today", _("Today"), "today", _today),
    ScreenRoom("projects", _("Project ledger"), "projects", _projects),
    ScreenRoom("five_ones", _("Five ones"), "five_ones", _five_ones, asked=False),
    ScreenRoom("forum", _("Forum"), "forum", _forum),
    ScreenRoom("companies", _("Companies"), "company", _companies, asked=False),
    ScreenRoom("per_mu", _("Per-mu benefit"), "per_mu", _per_mu, asked=False),
    ScreenRoom("contests", _("Stars and flags"), "contests", _contests, asked=False),
    ScreenRoom("overview", _("Reports"), "overview", _overview),
)


def _print_in_report(page: Page, attachment: Attachment) -> None:
    from desktop.overview.photographs import offer

    offer(page, attachment)


# As db.overview.photographs.PICTURES (a test holds it), which a start need not load.
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp"))
OFFERED[:] = [Further(_("Print in the report…"), PICTURES, _print_in_report)]


def _sheets_are_sent(room: str) -> bool:
    from desktop.sheets.asking_for import fits

    return fits(room)


def _ask_units(ledger: Ledger) -> None:
    from desktop.sheets.asking_for import ask_units

    ask_units(ledger)


def _fill_form(ledger: Ledger) -> None:
    from desktop.sheets.filling_form import fill_form

    fill_form(ledger)


def _export_in_layout(ledger: Ledger) -> None:
    from desktop.sheets.own_layout import export_in_layout

    export_in_layout(ledger)


leaving.OFFERED[:] = [
    leaving.Offer(_("Send to units to be filled in…"), "Ctrl+Shift+U", _ask_units, _sheets_are_sent),
    leaving.Offer(_("Fill in a superior's form…"), "", _fill_form, _sheets_are_sent),
    leaving.Offer(_("Export in the layout of a ledger…"), "", _export_in_layout, _sheets_are_sent),
]


def _projects_of(connection: Any, company: int) -> Any:
    from db.projects.about_company import about

    return about(connection, company)


def _issues_of(connection: Any, company: int) -> Any:
    from db.forum.about_company import issues

    return issues(connection, company)


def _service_of(connection: Any, company: int) -> Any:
    from db.forum.about_company import service

    return service(connection, company)


def _metrics_of(connection: Any, company: int) -> Any:
    from db.per_mu.about_company import about

    return about(connection, company)


def _new_project(page: Any, company: Company, show: Callable[[SideForm], None]) -> None:
    from desktop.projects.new_form import open_new

    open_new(page, company, show)


def _new_issue(page: Any, company: Company, show: Callable[[SideForm], None]) -> None:
    from desktop.forum.board_new import NewIssueForm, open_new

    def opened(form: NewIssueForm) -> None:
        form.added.connect(form.closed)
        show(form)

    open_new(page, None, opened, company)


def _new_visit(page: Any, company: Company, show: Callable[[SideForm], None]) -> None:
    from desktop.forum.service_form import RowForm, open_visit

    def opened(form: RowForm) -> None:
        form.written.connect(form.closed)
        show(form)

    open_visit(page, company, opened)


# What rooms above the companies tell of one of them, as tabs of its pane.
ABOUT[:] = [
    Tab("projects", _("Projects"), _projects_of, _("New project"), _new_project),
    Tab("issues", _("Issues"), _issues_of, _("Register an issue"), _new_issue),
    Tab("metrics", _("Metrics by year"), _metrics_of),
    Tab("service", _("Service"), _service_of, _("Plan a visit"), _new_visit),
]


def named(preferences: Preferences) -> tuple[ScreenRoom, ...]:
    """All rooms, as the book one works in calls them."""
    own = preferences.called
    return tuple(room._replace(label=Text(own[room.name])) if room.name in own else room for room in ROOMS)


def shown(preferences: Preferences) -> tuple[ScreenRoom, ...]:
    """The rooms that are switched on at this desk; all of them where none would be left."""
    rooms = named(preferences)
    return tuple(room for room in rooms if preferences.rooms.get(room.name, room.asked)) or rooms


def at_start(preferences: Preferences) -> str:
    """The page a book opens with: the ledger, whose rows are there before the book is (desktop/kit/sight.py)."""
    names = [room.name for room in shown(preferences)]
    return "projects" if "projects" in names else names[0]
