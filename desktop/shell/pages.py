"""The pages that are no room: import, history, settings; and making any page by its name."""

from __future__ import annotations

from typing import NamedTuple

from db.core.text import Text, _
from desktop.kit.page import Desk, Page
from desktop.rooms import ROOMS


class LowerPage(NamedTuple):
    """An entry at the foot of the rail."""

    name: str
    label: Text
    icon: str


LOWER = (
    LowerPage("lists", _("Lists"), "sheet"),
    LowerPage("merge", _("Sent sheets"), "import"),
    LowerPage("history", _("History"), "history"),
    LowerPage("settings", _("Settings"), "settings"),
)
# Reached from the first hour's steps, from the page of reports and by searching.
FURTHER = (
    LowerPage("reconcile", _("Compare with the published numbers"), "check"),
    LowerPage("bulletin", _("City's bulletin and published figures"), "overview"),
    LowerPage("sent", _("Last month's report"), "overview"),
    LowerPage("compare", _("Beside the report before"), "overview"),
)


def make(name: str, desk: Desk) -> Page:
    """The page of this name."""
    if name == "history":
        from desktop.shell.history import HistoryPage

        return HistoryPage(desk)
    if name == "settings":
        from desktop.shell.settings import SettingsPage

        return SettingsPage(desk)
    if name == "lists":
        from desktop.people.page import ListsPage

        return ListsPage(desk)
    if name == "reconcile":
        from desktop.overview.reconcile import ReconcilePage

        return ReconcilePage(desk)
    if name == "bulletin":
        from desktop.overview.bulletin import BulletinPage

        return BulletinPage(desk)
    if name == "sent":
        from desktop.overview.sent import SentPage

        return SentPage(desk)
    if name == "compare":
        from desktop.overview.compare import ComparePage

        return ComparePage(desk)
    if name == "merge":
        from desktop.sheets.merge import MergePage

        return MergePage(desk)
    if name == "import":
        from desktop.sheets.page import ImportPage

        return ImportPage(desk)
    return next(room for room in ROOMS if room.name == name).make(desk)
