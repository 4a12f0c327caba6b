"""What the page of the three lists asks of the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from db.core.text import Text, _
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.overview.lists import LeaderLine, Lists, UnitLine
    from db.people.alike import Pair

Work = Callable[[Connection], object]


def read(year: int) -> Callable[[Connection], Lists]:
    """All three lists."""

    def work(connection: Connection) -> Lists:
        from db.overview.lists import read as look

        return look(connection, year)

    return work


def names_in(text: str) -> list[str]:
    """Former names as they are typed: 区招商局、区投促局."""
    for sign in ("，", ",", "；", ";", " "):
        text = text.replace(sign, "、")
    return [name for name in text.split("、") if name]


def change_unit(line: UnitLine, key: str, text: str) -> tuple[Text, Work]:
    """One cell of the list of units, as an operation; key: name, short_name, former, kind."""

    def work(connection: Connection) -> None:
        from db.people.service import rename_unit, set_unit

        if key == "name":
            rename_unit(connection, line.id, text)
            return
        short = text if key == "short_name" else line.short_name
        former = names_in(text) if key == "former" else line.former
        set_unit(connection, line.id, short_name=short, kind=text if key == "kind" else line.kind, former=former)

    return _("Lists: {name}", name=line.name), work


def change_leader(line: LeaderLine, key: str, text: str) -> tuple[Text, Work]:
    """One cell of the list of leaders; key: name, title, since, until."""

    def work(connection: Connection) -> None:
        from db.core.fields import Day
        from db.core.formats import parse
        from db.people.service import set_person, set_term

        if key in ("since", "until"):
            day = parse(Day(), text)
            since, until = (day, line.until) if key == "since" else (line.since, day)
            set_term(connection, line.id, since=_words(since), until=_words(until), title=line.title)
            return
        name, title = (text, line.title) if key == "name" else (line.name, text)
        set_person(connection, line.id, name=name, title=title, is_leader=True)

    return _("Lists: {name}", name=line.name), work


def _words(value: object) -> str | None:
    return None if value is None else str(value)


def change_target(year: int, figure: str, unit: int | None, text: str) -> tuple[Text, Work]:
    """One target; an empty text takes it away."""

    def work(connection: Connection) -> None:
        from db.overview.lists import put_target
        from db.overview.reconcile import read_number

        typed = read_number(figure, text)
        put_target(connection, year, figure, None if typed is None else typed.value, unit=unit)

    return _("Targets of {year}", year=year), work


def order_units(ids: Sequence[int]) -> tuple[Text, Work]:
    """Units in this order."""

    def work(connection: Connection) -> None:
        from db.people.service import reorder_units

        reorder_units(connection, ids)

    return _("Lists: order of the units"), work


def order_leaders(ids: Sequence[int]) -> tuple[Text, Work]:
    """Leaders in this order."""

    def work(connection: Connection) -> None:
        from db.people.service import reorder_people

        reorder_people(connection, ids)

    return _("Lists: order of the leaders"), work


def add_unit(name: str) -> tuple[Text, Work]:
    """A unit that no ledger named."""

    def work(connection: Connection) -> None:
        from db.people.models import DEPARTMENT
        from db.people.service import add_unit as add

        add(connection, name, kind=DEPARTMENT)

    return _("Lists: {name}", name=name), work


def add_leader(name: str) -> tuple[Text, Work]:
    """A leader whom no ledger named."""

    def work(connection: Connection) -> None:
        from db.people.service import add_person

        add_person(connection, name, is_leader=True)

    return _("Lists: {name}", name=name), work


def merge(pair: Pair, name: str, into: str) -> tuple[Text, Work]:
    """Two that are one."""

    def work(connection: Connection) -> None:
        from db.overview.lists import join

        join(connection, pair)

    return _("Lists: “{name}” is “{into}”", name=name, into=into), work


def apart(pair: Pair) -> tuple[Text, Work]:
    """Two that are two."""

    def work(connection: Connection) -> None:
        from db.overview.lists import keep_apart

        keep_apart(connection, pair)

    return _("Lists: two that look alike are two"), work
