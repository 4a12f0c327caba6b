"""What a light says and why; setting one by hand, which needs a reason, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.fields import Choice, Day, Field, Flag, Words
from db.core.text import Text, _
from db.five_ones.models import GREEN, GREY, LIGHT
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.lights import Light
    from db.five_ones.matrix import Line

_BY_HAND = Choice(tuple((key, text) for key, text in LIGHT.options if key != GREY), LIGHT.aliases)


def told(light: Light) -> list[str]:
    """Why it is what it is, since when, and what turns it green."""
    found = [tr(light.why)]
    if light.since is not None:
        found.append(tr(_("Since {day}", day=light.since)))
    if light.colour != GREEN and light.turns_green.key:
        found.append(tr(_("Turns green: {how}", how=light.turns_green)))
    if light.by_hand and light.computed:
        found.append(tr(_("By the rules: {light}", light=LIGHT.label(light.computed))))
    return found


def text_of(lines: Sequence[Line]) -> str:
    """Red and yellow lights as lines for a chat."""
    lit = [(one, one.light) for one in lines if one.light is not None and one.light.colour not in (GREEN, GREY)]
    return "\n".join("；".join([f"{one.name} {tr(LIGHT.label(light.colour))}", *told(light)]) for one, light in lit)


def set_light(page: Page, over: QWidget, one: Line) -> None:
    """A light by hand, or back to what the rules say."""
    if page.rests():
        return
    light, today = one.light, page.desk.today().isoformat()
    form = SmallForm(
        page, _("Set the light by hand: {project}", project=one.name), _("Set the light"),
        [
            (Field("light", _("Light"), _BY_HAND), light.colour if light is not None and light.colour != GREY else None, None),
            (Field("reason", _("Reason (needed)"), Words(long=True)), None, None),
            (Field("since", _("From the day"), Day()), today, None),
            (Field("until", _("Until (may stay open)"), Day()), None, None),
            (Field("printed", _("Named in reports"), Flag()), 1, None),
        ],
        notes=[] if light is None else [Text(line) for line in told(light)],
    )  # fmt: skip
    form.named = lambda values: _(
        "{project}: light set by hand to {light}", project=one.name, light=LIGHT.label(values["light"] or "")
    )

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.five_ones import service

        service.set_light(
            connection, one.project, values["light"] or "", reason=values["reason"] or "", since=values["since"] or today,
            until=values["until"], printed=bool(values["printed"]),
        )  # fmt: skip

    form.work = work
    if light is not None and light.by_hand:

        def back() -> None:
            def clear(connection: Connection) -> None:
                from db.five_ones import service

                service.clear_light(connection, one.project, on=today)

            page.write(_("{project}: light by the rules again", project=one.name), clear, lambda _n: form.close_card())

        form.foot.insertWidget(0, button(_("By the rules again"), back))
    form.open_over(over)
