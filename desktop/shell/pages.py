"""The pages that are no room: import, history, settings; and making any page by its name."""

from __future__ import annotations

from dataclasses import dataclass

from db.core.text import Text, _
from desktop.kit.page import Desk, Page
from desktop.rooms import ROOMS


@dataclass(frozen=True)
class LowerPage:
    """An entry at the foot of the rail."""

    name: str
    label: Text
    icon: str


LOWER = (
    LowerPage("history", _("History"), "history"),
    LowerPage("settings", _("Settings"), "settings"),
)


def make(name: str, desk: Desk) -> Page:
    """The page of this name."""
    if name == "history":
        from desktop.shell.history import HistoryPage

        return HistoryPage(desk)
    if name == "settings":
        from desktop.shell.settings import SettingsPage

        return SettingsPage(desk)
    if name == "import":
        from desktop.sheets.page import ImportPage

        return ImportPage(desk)
    return next(room for room in ROOMS if room.name == name).make(desk)
