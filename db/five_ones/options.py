"""What an office may decide about the five ones: names, days, who issues slips."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core import settings
from db.core.settings import Setting, register
from db.core.text import Text, _
from db.five_ones.rules import ONE_LABELS, ONES

register(
    Setting("five_ones.name", _("Name of the mechanism for projects under construction"), "五个一"),
    Setting("five_ones.labels", _("Names of the five ones"), "项目、领导、专班、方案、一抓到底"),
    Setting("five_ones.follow_up_days", _("Days within which something has to be followed up"), "21"),
    Setting("five_ones.steward_name", _("Name of the mechanism for projects under negotiation"), "店小二"),
    Setting("five_ones.most_projects", _("Projects that one leader should have at most"), "6"),
    Setting("supervision.issuer", _("Who issues supervision slips"), "区政府督查室"),
    Setting("supervision.number", _("Number of supervision slips"), "庐督办〔{year}〕{number}号"),
)


def labels(connection: Connection) -> dict[str, Text]:
    """One → how this office calls it."""
    said = settings.get(connection, "five_ones.labels").replace(",", "、").replace("，", "、").split("、")
    named = [Text(name.strip()) for name in said if name.strip()]
    default = [part.strip() for part in settings.SETTINGS["five_ones.labels"].default.split("、")]
    if len(named) != len(ONES) or [one.key for one in named] == default:
        return dict(ONE_LABELS)
    return dict(zip(ONES, named, strict=True))
