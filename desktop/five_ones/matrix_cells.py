"""What the cells of the matrix say: of projects under construction, and of those under negotiation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from db.core.fields import Money
from db.core.text import Text, _
from db.five_ones.models import GREEN, GREY, LIGHT, RED, YELLOW
from db.five_ones.rules import FOLLOWED, LEADER, ONES, PLAN, TASK_FORCE
from desktop.kit.cell_parts import Part
from desktop.kit.columns import with_unit
from desktop.kit.frozen_table import Column, Group
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.five_ones.lights import Light
    from db.five_ones.matrix import Line

LIGHT_TONES = {RED: "red", YELLOW: "amber", GREEN: "green", GREY: "grey"}
NONE = (Part("—", "faint"),)
CONTACT = "contact"  # as db.five_ones.matrix.CONTACT, which a start need not load


def money(hundredths: int | None) -> tuple[Part, ...]:
    """An amount in 万元."""
    from db.core.formats import show

    return NONE if hundredths is None else (Part(show(Money("万元"), hundredths, language(), digits=0)),)


def light_parts(light: Light | None) -> tuple[Part, ...]:
    """A light as a word; one set by hand says so."""
    if light is None:
        return NONE
    word = tr(LIGHT.label(light.colour))
    return (Part(word + ("*" if light.by_hand else ""), LIGHT_TONES[light.colour], "tag"),)


def short_day(day: str | None) -> str:
    """07-12."""
    return (day or "")[5:]


class Cells:
    """The cells of the five ones. labels: how the office calls each of them; days: within which a follow-up counts."""

    ones: Sequence[str] = ONES

    def __init__(self, labels: Mapping[str, Text], days: int) -> None:
        self.labels, self.days = labels, days

    def columns(self) -> tuple[Column, ...]:
        """Name, light, investment, the ones, how many there are."""
        zh = language() == "zh"
        followed = _("{one} (within {days} days)", one=self.labels[FOLLOWED], days=self.days)
        return (
            Column("name", _("Project name"), 146 if zh else 180),
            Column("light", _("Light"), 76 if zh else 128),
            Column("money", with_unit(tr(_("Investment")), "万元"), 92 if zh else 152, right=True),
            Column(LEADER, self.labels[LEADER], 78 if zh else 100),
            Column(TASK_FORCE, self.labels[TASK_FORCE], 70 if zh else 110),
            Column(PLAN, self.labels[PLAN], 98 if zh else 120),
            Column(FOLLOWED, followed, 158 if zh else 220),
            Column("count", _("How complete"), 108),
        )

    def cell(self, one: Line, key: str) -> tuple[Part, ...]:
        """One cell."""
        if key == "name":
            return (Part(one.name),)
        if key == "light":
            return light_parts(one.light)
        if key == "money":
            return money(one.money)
        if key == "count":
            return self._count(one)
        return self._one(one, key)

    def _count(self, one: Line) -> tuple[Part, ...]:
        flags = "".join("0" if key in one.ones.missing else "1" for key in self.ones)
        tone = "red" if one.ones.missing else "text"
        return (Part(f"{one.ones.count}/{len(self.ones)}", tone, bold=True), Part(flags, kind="pips"))

    def _one(self, one: Line, key: str) -> tuple[Part, ...]:
        missing = one.ones.missing
        if key == LEADER and key in missing:
            return (Part(tr(_("Not named")), "red", "tag"),)
        if key == FOLLOWED:
            return self._followed(one)
        if key in missing:
            return (Part(self.lacking(key), "red", "tag"),)
        has = one.has or {}
        if key == PLAN and one.plan is not None:
            return (Part(kind="tick"), Part(f"v{one.plan[0]}"), Part(short_day(one.plan[1]), "mute"))
        if key == TASK_FORCE:
            people = _("{count} people", count=one.people) if one.people else _("in words")
            return (Part(kind="tick"), Part(tr(people)))
        return (Part(kind="tick"), Part(has.get(key, "")))

    def lacking(self, key: str) -> str:
        """缺 方案."""
        return tr(_("No {one}", one=tr(self.labels[key]).lower()))

    def _followed(self, one: Line) -> tuple[Part, ...]:
        """Milestones done of all, those overdue, and the last follow-up."""
        if not one.milestones:
            return (Part(tr(_("No milestones")), "red", "tag"),)
        done = Part(f"{one.done}/{one.milestones}")
        late = (Part(tr(_("{count} late", count=one.late)), "red"),) if one.late else ()
        day = Part(short_day(one.followed_on), "mute")
        if FOLLOWED in one.ones.missing:
            return (Part(tr(_("Not followed up")), "red", "tag"), done, *late, day)
        return (Part(kind="tick"), done, *late, day)

    # --- sums and groups -------------------------------------------------------------------------------------------

    def sums(self, lines: Sequence[Line]) -> dict[str, tuple[Part, ...]]:
        """The row under the headings: how many of all have each."""
        whole = len(lines)
        found: dict[str, tuple[Part, ...]] = {"name": (Part(tr(_("Present / all")), "mute"),), "money": _total(lines)}
        for key in self.ones:
            found[key] = (Part(f"{sum(key not in one.ones.missing for one in lines)}/{whole}"),)
        found["count"] = (Part(f"{sum(not one.lacks for one in lines)}/{whole}", bold=True),)
        return found

    def groups(self, lines: Sequence[Line]) -> list[Group]:
        """Those that lack something, the worst first; those that are complete."""
        found = []
        for key, title, some in (
            ("lacking", _("Incomplete"), [one for one in lines if one.lacks]),
            ("complete", self.complete(), [one for one in lines if not one.lacks]),
        ):
            if some:
                missing = sum(len(one.ones.missing) for one in some)
                said = (Part(tr(_("{count} missing", count=missing)), "mute"),) if missing else ()
                count = tr(_("{count} projects", count=f"{len(some):,}"))
                found.append(
                    Group(
                        key,
                        f"{tr(title)} · {count}",
                        [one.project for one in some],
                        {"money": _total(some), "count": said},
                    )
                )
        return found

    def complete(self) -> Text:
        """How the group of the complete ones is called."""
        return _("Complete ones")


class StewardCells(Cells):
    """The cells of the stewards: who leads, who is the contact, when they last talked."""

    ones = (LEADER, CONTACT)

    def columns(self) -> tuple[Column, ...]:
        """Name, light, investment, leader, contact, unit, last contact, how many there are."""
        zh = language() == "zh"
        return (
            Column("name", _("Project name"), 150 if zh else 170),
            Column("light", _("Light"), 72 if zh else 128),
            Column("money", with_unit(tr(_("Investment")), "万元"), 92 if zh else 156, right=True),
            Column(LEADER, _("District leader in charge"), 90 if zh else 168),
            Column(CONTACT, _("Steward contact"), 88 if zh else 124),
            Column("unit", _("Responsible unit"), 134),
            Column("talked", _("Last contact"), 100),
            Column("count", _("How complete"), 84),
        )

    def cell(self, one: Line, key: str) -> tuple[Part, ...]:
        """One cell."""
        if key == "unit":
            return (Part(one.unit),) if one.unit else NONE
        if key == "talked":
            return (Part(one.followed_on),) if one.followed_on else NONE
        return super().cell(one, key)

    def lacking(self, key: str) -> str:
        """未明确."""
        return tr(_("Not named"))

    def complete(self) -> Text:
        """Leader and contact."""
        return _("Both named")


def _total(lines: Sequence[Line]) -> tuple[Part, ...]:
    shown = money(sum(one.money or 0 for one in lines))
    return (shown[0]._replace(bold=True),)
