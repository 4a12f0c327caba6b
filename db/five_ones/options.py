"""What an office may decide about the five ones: names, days, who issues slips."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from db.core import settings
from db.core.errors import Refused
from db.core.settings import Setting, register
from db.core.text import Text, _
from db.five_ones.rules import ONE_LABELS, ONES
from db.people import supervision

register(
    Setting("five_ones.name", _("Name of the mechanism for projects under construction"), "五个一"),
    Setting("five_ones.labels", _("Names of the five ones"), "项目、领导、专班、方案、一抓到底"),
    Setting("five_ones.follow_up_days", _("Days within which something has to be followed up"), "21"),
    Setting("five_ones.steward_name", _("Name of the mechanism for projects under negotiation"), "店小二"),
    Setting("five_ones.most_projects", _("Projects that one leader should have at most"), "6"),
    Setting("five_ones.agenda_items", _("Items proposed for one meeting"), "20"),
)


KEYS = (
    "five_ones.name", "five_ones.labels", "five_ones.follow_up_days", "five_ones.steward_name",
    "five_ones.most_projects", "five_ones.agenda_items", supervision.ISSUER, supervision.NUMBER,
)  # fmt: skip
_MOST = 999
_COUNTS = ("five_ones.follow_up_days", "five_ones.most_projects", "five_ones.agenda_items")


def save(connection: Connection, values: Mapping[str, str]) -> None:
    """Write some of them; refused, by the key, where one cannot be."""
    wrong: dict[str, Text] = {}
    for key, value in values.items():
        if not value.strip():
            wrong[key] = _("This needs a value. Nothing was changed.")
        elif key in _COUNTS and not (value.strip().isdecimal() and 1 <= int(value) <= _MOST):
            wrong[key] = _("Write a whole number from 1 to {most}. Nothing was changed.", most=_MOST)
        elif key == "five_ones.labels" and len(_split(value)) != len(ONES):
            wrong[key] = _("Write five names with 、 between them. Nothing was changed.")
        elif (why := supervision.wrong(key, value)) is not None:
            wrong[key] = why
    if wrong:
        raise Refused(fields=wrong)
    for key, value in values.items():
        settings.put(connection, key, value.strip())


def _split(said: str) -> list[str]:
    return [name.strip() for name in said.replace(",", "、").replace("，", "、").split("、") if name.strip()]


def own_names(connection: Connection) -> dict[str, str]:
    """How this office calls the two mechanisms, `five_ones` and `stewards`; without those that keep their names."""
    keys = {"five_ones": "five_ones.name", "stewards": "five_ones.steward_name"}
    called = {mechanism: settings.get(connection, key) for mechanism, key in keys.items()}
    return {name: said for name, said in called.items() if said != settings.SETTINGS[keys[name]].default}


def agenda_items(connection: Connection) -> int:
    """How many items are proposed for one meeting at once."""
    return int(settings.get(connection, "five_ones.agenda_items"))


def labels(connection: Connection) -> dict[str, Text]:
    """One → how this office calls it."""
    return labels_of(settings.get(connection, "five_ones.labels"))


def labels_of(said: str) -> dict[str, Text]:
    """The same from what the setting says."""
    named = _split(said)
    if len(named) != len(ONES) or named == _split(settings.SETTINGS["five_ones.labels"].default):
        return dict(ONE_LABELS)
    return dict(zip(ONES, map(Text, named), strict=True))
