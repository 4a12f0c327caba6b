"""The small form for several milestones at once: put off by working days, another responsible unit, done on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.fields import Day, Field, Flag, Link, Whole, Words
from db.core.text import Text, _
from desktop.five_ones.assign import named
from desktop.kit.page import Connection, Page
from desktop.kit.parts import label
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr
from desktop.projects.moving import REASONS

if TYPE_CHECKING:
    from db.five_ones.gantt import Bar, Plan

_WHICH = Field("which", _("Which milestones"), Words(tags=True))
_FOLLOWING = Field("following", _("Those that wait for them move along"), Flag())


def change_milestones(page: Page, over: QWidget, projects: Sequence[int], ids: Collection[int] | None = None) -> None:
    """Ask what is to change about the milestones of projects; ids: only these of them."""
    if page.rests() or not projects:
        return
    day = page.desk.today().isoformat()

    def read(connection: Connection) -> tuple[list[Plan], list[str]]:
        from db.five_ones.gantt import plans
        from db.people.queries import units

        return plans(connection, projects, day=day), [one.name for one in units(connection)]

    def show(found: tuple[list[Plan], list[str]]) -> None:
        plans, units = found
        if any(plan.bars for plan in plans):
            ManyForm(page, plans, units, ids).open_over(over)
        else:
            said = _("There are no milestones. Apply a template, or add them one by one.")
            page.desk.complain(Refused(said))

    page.ask(read, show, key="many milestones")


class ManyForm(SmallForm):
    """What stays empty is not changed; what is done stays as it is. Says beforehand how many milestones it concerns."""

    def __init__(self, page: Page, plans: Sequence[Plan], units: Sequence[str], ids: Collection[int] | None) -> None:
        self.plans, self.ids = plans, ids
        names = list(dict.fromkeys(one.stone.name for plan in plans for one in plan.bars if one.stone.actual is None))
        days = Field("days", _("Put off by working days (earlier: −)"), Whole())
        super().__init__(
            page, _("Change milestones: {projects}", projects=named(plans)), _("Change them"),
            [
                *([(_WHICH, None, names)] if ids is None else []),
                (days, None, None),
                (_FOLLOWING, 1, None),
                (Field("unit", _("Responsible unit"), Link("people", "unit")), None, units),
                (Field("actual_on", _("Done on"), Day()), None, None),
            ],
            reasons=REASONS,
        )  # fmt: skip
        self.count = label("", size=12, tone="mute", wrap=True)
        self.lines.insertWidget(self.lines.indexOf(self.said), self.count)
        self.named = self._named
        self.work = self._write
        self.done = self._tell
        if ids is None:
            self.editors["which"].input.setPlaceholderText(tr(_("All that are not done")))
            self.editors["which"].input.edited.connect(self._say)
        self._say()

    def _chosen(self, names: str | None) -> tuple[list[Bar], list[Bar]]:
        """The milestones that are to change, and those that are done and stay."""
        wanted = {name.strip() for name in (names or "").split("、") if name.strip()}
        mine = [
            one for plan in self.plans for one in plan.bars
            if (self.ids is None or one.id in self.ids) and (not wanted or one.stone.name in wanted)
        ]  # fmt: skip
        return [one for one in mine if one.stone.actual is None], [one for one in mine if one.stone.actual is not None]

    def _say(self) -> None:
        which = self.editors.get("which")
        undone, done = self._chosen(which.typed if which is not None else None)
        texts = [_("{count} milestones that are not done.", count=f"{len(undone):,}")]
        if done:
            texts.append(_("{count} are done and stay as they are.", count=f"{len(done):,}"))
        self.count.setText("".join(map(tr, texts)))
        self.verb.setEnabled(bool(undone))

    def _named(self, values: dict[str, Any]) -> Text:
        done: list[Text] = []
        if values["days"]:
            done.append(_("put off by {days} working days", days=values["days"]))
        if values["unit"]:
            done.append(_("responsible: {unit}", unit=values["unit"]))
        if values["actual_on"]:
            done.append(_("done {day}", day=values["actual_on"]))
        undone, _done = self._chosen(values.get("which"))
        return _("{projects}: {count} milestones {what}", projects=named(self.plans), count=len(undone), what=done)

    def _write(self, connection: Connection, values: dict[str, Any]) -> list[Text]:
        from db.five_ones.gantt import change_many

        undone, _done = self._chosen(values.get("which"))
        return change_many(
            connection, [one.id for one in undone], days=values["days"] or 0, following=values["following"] != 0,
            unit=values["unit"], done_on=values["actual_on"], reason=values["reason"],
        )  # fmt: skip

    def _tell(self, notes: list[Text]) -> None:
        if notes:
            self.page.desk.say(notes[0])
