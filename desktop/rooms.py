"""The rooms on the screen: name, what the rail calls it, icon, page. A page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from db.core.text import Text, _
from desktop.kit.page import Desk, Page
from desktop.kit.preferences import Preferences


class ScreenRoom(NamedTuple):
    """An entry of the rail. asked: whether it is there from the start; a person may switch it on or off."""

    name: str
    label: Text
    icon: str
    make: Callable[[Desk], Page]
    asked: bool = True


def _projects(desk: Desk) -> Page:
    from desktop.projects.page import ProjectsPage

    return ProjectsPage(desk)


def _overview(desk: Desk) -> Page:
    from desktop.overview.page import ReportPage

    return ReportPage(desk)


ROOMS = (
    ScreenRoom("projects", _("Project ledger"), "projects", _projects),
    ScreenRoom("overview", _("Reports"), "overview", _overview),
)


def shown(preferences: Preferences) -> tuple[ScreenRoom, ...]:
    """The rooms that are switched on at this desk; all of them where none would be left."""
    found = tuple(room for room in ROOMS if preferences.rooms.get(room.name, room.asked))
    return found or ROOMS
