"""What is special about the ledger of projects, and what the page asks of the book about one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.core.fields import Field, Link
from db.core.text import _
from desktop.kit.columns import Above, Late
from desktop.kit.ledger import Manner
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.core.filters import Condition
    from db.core.period import Period
    from desktop.projects.page import ProjectsPage

STATUS_TONES = {"on_hold": "amber", "suspended": "amber", "withdrawn": "grey", "transferred": "grey"}
_PROPOSED = frozenset({"industry", "chain", "source_place", "company_tags"})  # others would be read for nothing

MANNER = Manner(
    room="projects",
    named=_("projects in the list"),
    nothing=_("No projects yet. Drop a ledger here, or add one."),
    no_match=_("No project meets the conditions."),
    widths={
        "name": 236,
        "investor": 200,
        "progress": 280,
        "street": 132,
        "code": 96,
        "contact": 168,
        "talk_class": 116,
    },
    tones={"status": STATUS_TONES, "talk_class": {"A": "blue", "B": "grey", "C": "grey"}},
    emphasis={
        "planned_signing_on": Late("signed_on", "amber"),
        "planned_start_on": Late("started_on"),
        "planned_production_on": Late("produced_on"),
        "next_step_due": Late(tone="amber"),
        "agreed_investment": Above(10**12),  # 100 亿元, in hundredths
        "total_investment": Above(10**12),
    },
)


def record(number: int, today: str) -> Callable[[Connection], Mapping[str, Any] | None]:
    """All facts of one project: field key → stored value, its `id`, and the `fields`; None where it is gone."""

    def work(connection: Connection) -> Mapping[str, Any] | None:
        from db import rooms
        from db.core import listing

        room = rooms.room("projects")
        assert room is not None
        fields = [one for one in rooms.fields(connection, room) if one.read is not None]
        found = listing.rows(connection, room.table, fields, [number], today=today)
        if not found:
            return None
        return {"fields": fields, "id": number} | dict(zip([one.key for one in fields], found[0][1:], strict=True))

    return work


def names(fields: Sequence[Field]) -> Callable[[Connection], dict[str, list[str]]]:
    """What the editors of a form propose: units and people in their order, words that are there often."""

    def work(connection: Connection) -> dict[str, list[str]]:
        from db.projects.blocks import suggestions

        return {
            one.key: suggestions(connection, one)
            for one in fields
            if isinstance(one.kind, Link) or one.key in _PROPOSED
        }

    return work


def show_where(page: ProjectsPage, period: Period, view: str, conditions: Sequence[Condition]) -> None:
    """A view of the program, or all projects that meet these conditions in a period, in the table."""
    ledger = page.ledger
    page.period.period = period
    page.period.say_period()
    page.show_as("table")

    def show() -> None:
        assert ledger.found is not None
        key = view or "all"
        base = next((one for one in ledger.found.views if one.key == key), ledger.found.views[0])
        ledger.search.clear()
        ledger.only, ledger.words = None, ""
        ledger.view = replace(base, conditions=(*base.conditions, *conditions), groups=base.groups if view else ())
        ledger.refresh()

    if ledger.found is not None:
        show()
        return

    def first() -> None:
        ledger.taken.disconnect(first)
        show()

    ledger.taken.connect(first)
