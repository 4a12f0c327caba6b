"""Settings of a book: tracked like everything a figure depends on, so that an old report keeps its own.

A room registers what it needs with `register`; what was never set has its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection, select, update

from db.core.errors import Refused
from db.core.tables import tracked, words
from db.core.text import Text, _

setting = tracked("setting", words("key", null=False, unique=True), words("value"))

YES, NO = "1", "0"


@dataclass(frozen=True)
class Setting:
    """One thing an office may decide. `options` is empty where any text will do."""

    key: str
    label: Text
    default: str
    options: tuple[tuple[str, Text], ...] = ()


_YES_NO = ((YES, _("Yes")), (NO, _("No")))

SETTINGS: dict[str, Setting] = {}


def register(*found: Setting) -> None:
    """Make settings known; called where a room is defined."""
    SETTINGS.update({one.key: one for one in found})


register(
    Setting("district.name", _("Name of the district"), "庐阳区"),
    Setting("district.province", _("Home province"), "安徽省"),
    Setting("office.name", _("Name of the office"), "区投资促进中心"),
    Setting(
        "month.cut",
        _("Statistical month"),
        "calendar",
        (("calendar", _("Calendar month")), ("26-25", _("26th to 25th"))),
    ),
    Setting("recognition.used", _("Signings count once recognised"), YES, _YES_NO),
    Setting(
        "recognition.level",
        _("Level of recognition that counts"),
        "district",
        (("district", _("District level")), ("city", _("City level")), ("province", _("Province level"))),
    ),
    Setting("days.standing", _("Days on which the book stands still"), ""),
    Setting("framework.counts", _("Framework agreements count as signings"), NO, _YES_NO),
    Setting("stuck.months", _("Months after which a project counts as stuck"), "6"),
    Setting("size.bands", _("Size bands (100 million yuan)"), "1,5,10,20,50"),
    Setting(
        "previous.source",
        _("Previous year's figures come from"),
        "published",
        (("published", _("Published figures, where there are any")), ("book", _("The book"))),
    ),
)


def get(connection: Connection, key: str) -> str:
    """The value of one setting, or its default."""
    stored = connection.scalar(select(setting.c.value).where(setting.c.key == key))
    return stored if stored is not None else _known(key).default


def get_all(connection: Connection) -> Mapping[str, str]:
    """Every setting with its value in this book."""
    stored = connection.execute(select(setting.c.key, setting.c.value).where(setting.c.value.is_not(None)))
    values = {key: known.default for key, known in SETTINGS.items()} | {row.key: row.value for row in stored}
    return MappingProxyType(values)


def put(connection: Connection, key: str, value: str) -> None:
    """Set one setting. An option that does not exist is refused."""
    known = _known(key)
    if known.options and value not in {option for option, _label in known.options}:
        raise Refused(_("“{value}” is not a choice for “{setting}”.", value=value, setting=known.label))
    changed = connection.execute(update(setting).where(setting.c.key == key).values(value=value))
    if not changed.rowcount:
        connection.execute(setting.insert().values(key=key, value=value))


def standing_days(connection: Connection) -> dict[str, str]:
    """Page ("" for all others) → the day, ISO, that is always today there: a demonstration does not grow old."""
    kept = get(connection, "days.standing")
    return {page: day for page, _mark, day in (one.partition("=") for one in kept.split(";"))} if kept else {}


def _known(key: str) -> Setting:
    if key not in SETTINGS:
        raise Refused(_("There is no setting “{key}”.", key=key))
    return SETTINGS[key]
