"""The rooms on the screen: name, what the rail calls it, icon, page. A page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.core.text import Text, _
from desktop.kit.page import Desk, Page


@dataclass(frozen=True)
class ScreenRoom:
    """An entry of the rail."""

    name: str
    label: Text
    icon: str
    make: Callable[[Desk], Page]


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
