"""Supervision slips, whichever room sends them: who issues them, their colours, one running number a year.

A blue one reminds before the deadline, a yellow one is sent when it has passed, a red one when it is overdue again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from db.core import settings
from db.core.settings import Setting, register
from db.core.text import Text, _

BLUE, YELLOW, RED = "reminded", "yellow_slip", "red_slip"
COLOURS: Mapping[str, Text] = {
    BLUE: _("Blue supervision slip"),
    YELLOW: _("Yellow supervision slip"),
    RED: _("Red supervision slip, interview"),
}
ANSWER_DAYS = 2  # working days, as the slips ask
ASKED: Mapping[str, Text] = {
    BLUE: _("The deadline is near. Finish it in time, and report how far it is before the deadline."),
    YELLOW: _("Report how it is handled and by when it will be done, within two working days of receiving this slip."),
    RED: _(
        "It is overdue again after a yellow slip. Whoever is responsible is asked to explain it in person, "
        "within two working days of receiving this slip."
    ),
}
ISSUER, NUMBER = "supervision.issuer", "supervision.number"
register(
    Setting(ISSUER, _("Who issues supervision slips"), "区政府督查室"),
    Setting(NUMBER, _("Number of supervision slips"), "庐督办〔{year}〕{number}号"),
)

# Where rooms keep the numbers that were given: the number, None where a row has none, and the day.
REGISTER: list[tuple[ColumnElement[Any], ColumnElement[Any]]] = []


def next_number(connection: Connection, on: str) -> str:
    """The number of the next slip of the year of a day; one that was given is not given again."""
    year = on[:4]
    given: set[str] = set()
    for number, day in REGISTER:
        given |= set(connection.scalars(select(number).where(number.is_not(None), day.startswith(year))))
    pattern = settings.get(connection, NUMBER).replace("{year}", year)
    return next(
        made
        for at in range(len(given) + 1, 2 * len(given) + 2)
        if (made := pattern.replace("{number}", str(at))) not in given
    )


def wrong(key: str, value: str) -> Text | None:
    """Why one of these settings cannot have a value; None where it can, or is another setting."""
    if key in (ISSUER, NUMBER) and not value.strip():
        return _("This needs a value. Nothing was changed.")
    if key == NUMBER and "{number}" not in value:
        return _("Write {number} where the running number stands. Nothing was changed.", number="{number}")
    return None
