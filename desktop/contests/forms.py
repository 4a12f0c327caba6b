"""The small forms of the contests: a new period, points by hand, other weights, an appeal and its decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.fields import Choice, Field, Metric, Words
from db.core.text import Text, _
from db.per_mu.models import OBJECTION, REJECTED, UPHELD
from desktop.kit.page import Connection
from desktop.kit.parts import button
from desktop.kit.small_form import SmallForm

if TYPE_CHECKING:
    from db.contests.queries import Appeal, League, Standing
    from desktop.contests.page import ContestsPage

_MICRO = 10**6


def begin(page: ContestsPage, area: QWidget, known: Mapping[str, tuple[str, int | None]], period: str) -> None:
    """Hold a scheme for a period."""
    kinds = Choice(tuple((key, Text(name)) for key, (name, _number) in known.items()))
    form = SmallForm(
        page, _("New contest"), _("Begin"),
        [
            (Field("scheme", _("Scheme"), kinds), next(iter(known), None), None),
            (Field("period", _("Period"), Words()), period, None),
        ],
        notes=[_("A month 2024-06, a quarter 2024-04..2024-06 or a year 2024. Figures come from the book by themselves.")],
    )  # fmt: skip
    form.named = lambda values: _("Begin a contest for {period}", period=values["period"] or "")

    def work(connection: Connection, values: dict[str, Any]) -> int:
        from db.contests.service import begin_by

        return begin_by(connection, values["scheme"] or next(iter(known)), values["period"] or "")

    form.work, form.done = work, page.show_contest
    form.open_over(area)


def enter(page: ContestsPage, area: QWidget, found: League, one: Standing) -> None:
    """Points by hand of one competitor, with what they rest on."""
    from db.contests.schemes import GIVEN

    items = [item for item in found.scheme.items if item.method == GIVEN]
    subject = one.line.subject
    entered = {item.code: found.entries.get((item.code, subject.id)) for item in items}
    reason = next((told[1] for told in entered.values() if told and told[1]), None)
    fields: list[Any] = [
        (Field(item.code, _("{name}, at most {most}", name=Text(item.name), most=str(item.most)), Metric("分")),
         told[0] if (told := entered[item.code]) else None, None)
        for item in items
    ]  # fmt: skip
    form = SmallForm(
        page, _("Points of {name}", name=subject.name), _("Enter the points"),
        [*fields, (Field("why", _("What they rest on"), Words()), reason, None)],
    )  # fmt: skip
    form.named = lambda _values: _("Enter points of {name}", name=subject.name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests import service

        for item in items:
            why = values["why"] or ""
            service.enter(connection, found.contest.id, item.code, subject.id, points=values[item.code], reason=why)

    form.work = work
    form.foot.insertWidget(0, button(_("Paste points…"), page.paste_points))
    form.open_over(area)


def weigh(page: ContestsPage, area: QWidget, found: League) -> None:
    """Other points of the items; what was frozen keeps its own."""
    fields: list[Any] = [
        (Field(item.code, Text(item.name), Metric("分")), int(item.weight * _MICRO), None)
        for item in found.scheme.items
    ]
    form = SmallForm(
        page, _("Points of the items"), _("Save the points"), fields,
        notes=[_("For this contest and later ones; what was frozen stays as it was scored.")],
    )  # fmt: skip
    form.named = lambda _values: _("Change the points of “{name}”", name=found.scheme.name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests.service import rearrange

        weights = {item.code: int(values[item.code] or 0) for item in found.scheme.items}
        rearrange(connection, found.contest.id, weights=weights)

    form.work = work
    form.open_over(area)


def arrange(
    page: ContestsPage, area: QWidget, found: League, among: Mapping[str, tuple[Text, Mapping[str, Any]]]
) -> None:
    """Who competes with whom, and the targets that the scheme names. among: which projects may compete, none of units."""
    from db.contests.schemes import TARGET, groups_said, targets_said

    items = [item for item in found.scheme.items if item.method == TARGET or item.beyond]
    fields: list[Any] = [
        (Field("groups", _("Groups"), Words(long=True)), groups_said(found.scheme.groups) or None, None)
    ]
    if among:
        from db.contests.among import among_of

        now = among_of(found.scheme)
        chosen = next((key for key, (_label, kept) in among.items() if kept == now), None)
        if chosen is None:
            chosen, among = "kept", {"kept": (Text(now["name"]), now), **among}
        labels = Choice(tuple((key, label) for key, (label, _kept) in among.items()))
        fields.insert(0, (Field("among", _("Projects that compete"), labels), chosen, None))
    fields += [
        (Field(item.code, _("Target: {name}", name=Text(item.name)), Words(long=True)), targets_said(item.targets) or None, None)
        for item in items
    ]  # fmt: skip
    form = SmallForm(
        page, _("Groups and targets"), _("Save groups and targets"), fields,
        notes=[
            _("A group a line, name：member、member; a target a line, name and number. Whoever has none: the book's yearly target.")
        ],
    )  # fmt: skip
    form.named = lambda _values: _("Change groups and targets of “{name}”", name=found.scheme.name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests.schemes import groups_read, targets_read
        from db.contests.service import rearrange

        known = {one.line.subject.name for one in found.rows}
        targets = {item.code: targets_read(values[item.code] or "", known, item.code) for item in items}
        kept = among.get(values.get("among") or "")
        rearrange(
            connection, found.contest.id, targets=targets, groups=groups_read(values["groups"] or "", known),
            among=kept[1] if kept is not None else None,
        )  # fmt: skip

    form.work = work
    form.open_over(area)


def appeal(page: ContestsPage, area: QWidget, one: Standing) -> None:
    """Somebody appeals against a result."""
    name, result, today = one.line.subject.name, one.result or 0, page.desk.today().isoformat()
    form = SmallForm(
        page, _("Appeal of {name}", name=name), _("Record the appeal"),
        [(Field("text", _("Ground of the appeal"), Words(long=True)), None, None)],
    )  # fmt: skip
    form.named = lambda _values: _("Record an appeal of {name}", name=name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests import service

        service.appeal(connection, result, values["text"] or "", on=today)

    form.work = work
    form.open_over(area)


def decide(page: ContestsPage, area: QWidget, one: Appeal, name: str) -> None:
    """The decision on an appeal, with its reason; where it is upheld, by how much the score changes."""
    today = page.desk.today().isoformat()
    outcomes = Choice(tuple((key, OBJECTION.label(key)) for key in (UPHELD, REJECTED)))
    form = SmallForm(
        page, _("Appeal of {name}", name=name), _("Record the outcome"),
        [
            (Field("upheld", _("Outcome"), outcomes), UPHELD, None),
            (Field("points", _("Points added or taken off"), Metric("分")), None, None),
            (Field("decision", _("Reason"), Words(long=True)), None, None),
        ],
        notes=[Text(one.text)],
    )  # fmt: skip
    form.named = lambda _values: _("Decide the appeal of {name}", name=name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests import service

        service.decide(
            connection, one.id, upheld=values["upheld"] == UPHELD, decision=values["decision"] or "", on=today,
            points=values["points"] or 0,
        )  # fmt: skip

    form.work = work
    form.open_over(area)
