"""Filling in what is missing: leader, officers, task force, plan, milestones, follow-up; handing over a person's projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.fields import Choice, Day, Field, Words
from db.core.text import Text, _
from db.five_ones.models import LEADER, LIAISON, MEMBER, ROLE
from db.five_ones.rules import FOLLOWED, PLAN, TASK_FORCE
from desktop.five_ones.matrix_cells import CONTACT
from desktop.five_ones.milestones_forms import Planning, TemplateForm
from desktop.kit.editors import Pick, take
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, label, row_of
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.gantt import Plan
    from db.five_ones.matrix import Line

_ROLES = Choice(tuple((key, text) for key, text in ROLE.options if key != MEMBER), ROLE.aliases)
_MANY = 3  # so many projects are named in a title, more are counted


def edit(page: Page, over: QWidget, one: Line, key: str) -> None:
    """Open exactly the editor of a cell: what a project lacks, or what it has to be changed."""
    if page.rests():
        return
    if key == FOLLOWED:
        key = "follow" if one.milestones else "milestones"
    makers: dict[str, Callable[[], None]] = {
        LEADER: partial(assign, page, over, [one], LEADER),
        CONTACT: partial(assign, page, over, [one], LIAISON),
        TASK_FORCE: partial(set_force, page, over, one),
        PLAN: partial(write_plan, page, over, one),
        "milestones": partial(plan_milestones, page, over, [one]),
        "follow": partial(follow_up, page, over, one),
        "talked": partial(follow_up, page, over, one),
    }
    if key in makers:
        makers[key]()


def named(lines: Sequence[Line] | Sequence[Plan]) -> str:
    """The names of a few projects, or how many there are."""
    if len(lines) <= _MANY:
        return "、".join(one.name for one in lines)
    return tr(_("{count} projects", count=len(lines)))


def _today(page: Page) -> str:
    return page.desk.today().isoformat()


# --- who -------------------------------------------------------------------------------------------------------------


def assign(page: Page, over: QWidget, lines: Sequence[Line], role: str = "") -> None:
    """One person into one role of projects, from a day to a day. role: "" where one chooses it in the form."""
    if page.rests() or not lines:
        return

    def read(connection: Connection) -> tuple[list[str], list[str]]:
        from db.five_ones.matrix import names_of

        return names_of(connection, leaders=True), names_of(connection, leaders=False)

    page.ask(read, lambda found: _AssignForm(page, lines, role, *found).open_over(over), key="assign")


class _AssignForm(SmallForm):
    """Who is proposed follows the role: a district leader is chosen from the list of leaders."""

    def __init__(
        self, page: Page, lines: Sequence[Line], role: str, leaders: list[str], everybody: list[str]
    ) -> None:  # fmt: skip
        from db.five_ones.assigning import REASONS

        what = ROLE.label(role) if role else _("a role")
        first = [(Field("role", _("As what"), _ROLES), LEADER, None)] if not role else []
        super().__init__(
            page, _("Assign {role}: {projects}", role=what, projects=named(lines)), _("Name this person"),
            [
                *first,
                (Field("person", _("Who"), Words()), None, leaders if role in ("", LEADER) else everybody),
                (Field("since", _("From the day"), Day()), _today(page), None),
                (Field("until", _("Until (may stay open)"), Day()), None, None),
            ],
            notes=_notes(lines, role), reasons=REASONS,
        )  # fmt: skip
        self._role, self._lists = role, (leaders, everybody)
        self.named = lambda values: _(
            "{projects}: {role} {name}",
            projects=named(lines),
            role=ROLE.label(self._key(values)),
            name=values["person"],
        )
        self.work = lambda connection, values: self._write(connection, [one.project for one in lines], values)
        if not role:
            self.editors["role"].input.edited.connect(self._other_role)

    def _key(self, values: dict[str, Any]) -> str:
        return self._role or str(values["role"] or LEADER)

    def _other_role(self) -> None:
        field = self.editors["role"].field
        try:
            key = take(field, self.editors["role"].typed)
        except Refused:
            return
        who = self.editors["person"].input
        if isinstance(who, Pick):
            who.names = self._lists[key != LEADER]

    def _write(self, connection: Connection, numbers: list[int], values: dict[str, Any]) -> None:
        from db.five_ones.assigning import assign_named

        assign_named(
            connection, numbers, self._key(values), values["person"] or "", since=values["since"] or _today(self.page),
            until=values["until"], reason=values["reason"],
        )  # fmt: skip


def _notes(lines: Sequence[Line], role: str) -> list[Text]:
    """Who it is now, where that is one."""
    now = {(one.has or {}).get(CONTACT if role == LIAISON else role, "") for one in lines} if role else {""}
    names = [name for name in now if name]
    return [_("Now {name}; it ends the day before.", name=names[0])] if len(names) == 1 and len(lines) == 1 else []


def set_force(page: Page, over: QWidget, one: Line) -> None:
    """Head and members of the task force, each member with what they see to."""
    today = _today(page)

    def read(connection: Connection) -> tuple[str, list[tuple[str, str]], list[str]]:
        from db.five_ones.matrix import force_of, names_of

        return *force_of(connection, one.project, day=today), names_of(connection, leaders=False)

    def show(found: tuple[str, list[tuple[str, str]], list[str]]) -> None:
        head, members, names = found
        text = "\n".join(f"{name} {duty}".strip() for name, duty in members)
        form = SmallForm(
            page, _("Task force: {project}", project=one.name), _("Set up the task force"),
            [
                (Field("head", _("Head of the task force"), Words()), head or None, names),
                (Field("members", _("Members: one a line, the name, then the duty"), Words(long=True)), text or None, None),
                (Field("since", _("From the day"), Day()), today, None),
            ],
        )  # fmt: skip
        form.named = lambda values: _("{project}: task force headed by {name}", project=one.name, name=values["head"])

        def work(connection: Connection, values: dict[str, Any]) -> None:
            from db.five_ones import assigning

            members = values["members"] or ""
            assigning.set_force(connection, one.project, values["head"] or "", members, since=values["since"] or today)

        form.work = work
        form.open_over(over)

    page.ask(read, show, key="force")


def hand_over(page: Page, over: QWidget, name: str = "") -> None:
    """All projects of one person to another, in every role, from a day on."""
    if page.rests():
        return

    def read(connection: Connection) -> list[str]:
        from db.five_ones.matrix import names_of

        return [*names_of(connection, leaders=True), *names_of(connection, leaders=False)]

    def show(names: list[str]) -> None:
        from db.five_ones.assigning import REASONS

        known = list(dict.fromkeys(names))
        form = SmallForm(
            page, _("Hand over all projects of a person"), _("Hand over"),
            [
                (Field("who", _("Whose"), Words()), name or None, known),
                (Field("to", _("To whom"), Words()), None, known),
                (Field("since", _("From the day"), Day()), _today(page), None),
            ],
            notes=[_("In every role: leader, officers, task forces. What they did before that day stays on record.")],
            reasons=REASONS,
        )  # fmt: skip
        form.named = lambda values: _("Hand over from {who} to {to}", who=values["who"], to=values["to"])

        def work(connection: Connection, values: dict[str, Any]) -> int:
            from db.five_ones.assigning import hand_over_named, known_person

            who = known_person(connection, values["who"] or "")
            since = values["since"] or _today(page)
            return hand_over_named(connection, who, values["to"] or "", on=since, reason=values["reason"])

        form.work = work
        form.done = lambda count: page.desk.say(_("{count} projects were handed over.", count=count))
        form.open_over(over)

    page.ask(read, show, key="hand")


# --- plan, milestones, follow-up -------------------------------------------------------------------------------------


def write_plan(page: Page, over: QWidget, one: Line) -> None:
    """The plan or its next version: a title, words, and a document where there is one."""

    def read(connection: Connection) -> tuple[str, str]:
        from db.five_ones.matrix import plan_words

        return plan_words(connection, one.project)

    page.ask(read, lambda found: _PlanForm(page, one, *found).open_over(over), key="plan")


class _PlanForm(SmallForm):
    """The document becomes an attachment of the project."""

    def __init__(self, page: Page, one: Line, title: str, text: str) -> None:
        version = one.plan[0] + 1 if one.plan is not None else 1
        super().__init__(
            page, _("Plan of {project}, version {version}", project=one.name, version=version), _("Save the plan"),
            [
                (Field("title", _("Name of the plan"), Words()), title or None, None),
                (Field("text", _("What is to be done"), Words(long=True)), text or None, None),
                (Field("since", _("Made on"), Day()), _today(page), None),
            ],
        )  # fmt: skip
        self.path: Path | None = None
        self.file = label(_("No document yet"), size=12, tone="mute")
        self.lines.insertLayout(
            self.lines.count() - 2, row_of(button(_("Add a document…"), self._choose, small=True), self.file, None)
        )
        self.named = lambda _values: _("{project}: plan, version {version}", project=one.name, version=version)
        self.work = lambda connection, values: self._write(connection, one, values)

    def _choose(self) -> None:
        self.path = self.page.desk.dialogs.open_file(self, _("The document of the plan"), "*")
        self.file.setText(self.path.name if self.path is not None else tr(_("No document yet")))

    def _write(self, connection: Connection, one: Line, values: dict[str, Any]) -> None:
        from db.core import attachments
        from db.five_ones.service import make_plan

        title = values["title"] or (self.path.stem if self.path is not None else None)
        if title is None and not values["text"]:
            raise Refused(fields={"title": _("Give the plan a name, its words or a document. Nothing was changed.")})
        if self.path is not None:
            looked, by = attachments.examine(self.path), self.page.desk.preferences.name
            attachments.add(connection, "projects", one.project, looked, on=_today(self.page), by=by)
        make_plan(connection, one.project, on=values["since"] or _today(self.page), title=title, text=values["text"])


def plan_milestones(page: Page, over: QWidget, lines: Sequence[Line]) -> None:
    """Milestones by a template, reckoned in working days from a start."""
    if page.rests() or not lines:
        return

    numbers, day = [one.project for one in lines], _today(page)

    def read(connection: Connection) -> Planning:
        from db.core.calendar import calendar
        from db.five_ones.gantt import plans
        from db.five_ones.service import templates

        plan = plans(connection, numbers, day=day)[0] if len(numbers) == 1 else None
        return Planning(numbers, named(lines), templates(connection), calendar(connection), plan)

    page.ask(read, lambda found: TemplateForm(page, found, over.setFocus).open(), key="template")


def follow_up(page: Page, over: QWidget, one: Line) -> None:
    """One more entry of progress; the same words as before are no follow-up."""
    notes = [_("Last on {day}", day=one.followed_on)] if one.followed_on else []
    form = SmallForm(
        page, _("Record progress: {name}", name=one.name), _("Record it"),
        [
            (Field("progress", _("What happened"), Words(long=True)), None, None),
            (Field("since", _("Day it happened"), Day()), _today(page), None),
        ],
        notes=[*notes, _("Only what was not said before counts as a follow-up.")],
    )  # fmt: skip
    form.named = lambda _values: _("“{name}”: progress", name=one.name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.projects.service import add_progress

        on = values["since"] or _today(page)
        if on > _today(page):
            raise Refused(fields={"since": _("This day is still to come. Nothing was changed.")})
        add_progress(connection, one.project, values["progress"] or "", on=on)

    form.work = work
    form.open_over(over)


def finish_milestone(page: Page, over: QWidget, number: int, project: str, name: str) -> None:
    """The day on which a milestone was done."""
    form = SmallForm(
        page, _("{project}: “{name}” is done", project=project, name=name), _("Record it"),
        [(Field("actual_on", _("Done on"), Day()), _today(page), None)],
    )  # fmt: skip

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.five_ones.sheet import set_values

        set_values(connection, [(number, "actual_on", values["actual_on"] or _today(page))])

    form.work = work
    form.open_over(over)
