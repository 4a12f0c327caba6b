"""The rooms on the screen: name, what the rail calls it, icon, page. A page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from db.core.text import Text, _
from desktop.kit.further import OFFERED, Further
from desktop.kit.preferences import Preferences

if TYPE_CHECKING:
    from db.core.attachments import Attachment
    from desktop.kit.page import Desk, Page


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


def _overview(desk: Desk) -> Page:
    from desktop.overview.page import ReportPage

    return ReportPage(desk)


ROOMS = (
    ScreenRoom("today", _("Today"), "today", _today),
    ScreenRoom("projects", _("Project ledger"), "projects", _projects),
    ScreenRoom("overview", _("Reports"), "overview", _overview),
)


def _print_in_report(page: Page, attachment: Attachment) -> None:
    from desktop.overview.photographs import offer

    offer(page, attachment)


# As db.overview.photographs.PICTURES (a test holds it), which a start need not load.
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp"))
OFFERED[:] = [Further(_("Print in the report…"), PICTURES, _print_in_report)]


def shown(preferences: Preferences) -> tuple[ScreenRoom, ...]:
    """The rooms that are switched on at this desk; all of them where none would be left."""
    found = tuple(room for room in ROOMS if preferences.rooms.get(room.name, room.asked))
    return found or ROOMS


def at_start(preferences: Preferences) -> str:
    """The page a book opens with: the ledger, whose rows are there before the book is (desktop/kit/sight.py)."""
    names = [room.name for room in shown(preferences)]
    return "projects" if "projects" in names else names[0]
