"""Beside the matrix: what leaders have, the chosen project's ones with what fills them in, and the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from db.core.text import Text, _
from db.five_ones.models import GREEN, GREY, LIGHT
from db.five_ones.rules import FOLLOWED, LEADER, PLAN, PROJECT, TASK_FORCE
from desktop.five_ones.leaders import LoadList
from desktop.five_ones.lights import told
from desktop.five_ones.matrix_cells import CONTACT, LIGHT_TONES
from desktop.kit import theme
from desktop.kit.columns import large_amount
from desktop.kit.page import with_room
from desktop.kit.parts import Tag, button, clear, column_of, label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from fractions import Fraction

    from db.five_ones.matrix import Coming, Detail
    from db.five_ones.schedule import Progress

_NAME, _VERB, _TITLE = 72, 78, 320
_HIGH, _FEW, _ALL = 760, 5, 12  # pixels of the pane; rows of loads
# One → what fills it in, what changes it.
_VERBS = {
    LEADER: (_("Name one…"), _("Change…")), CONTACT: (_("Name one…"), _("Change…")),
    TASK_FORCE: (_("Set up…"), _("Change…")), PLAN: (_("Write it…"), _("New version…")),
    FOLLOWED: (_("Record…"), _("Record…")),
}  # fmt: skip


class MatrixPane(QFrame):
    """`edit_wanted`: the key of a one, or "light". `meeting_wanted`, `notices_wanted`, `open_wanted`: the buttons."""

    edit_wanted = Signal(str)
    meeting_wanted = Signal()
    notices_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.load = LoadList()
        self.buttons: dict[str, QPushButton] = {}
        self.project = QWidget()
        self.project.setProperty("clear", "true")
        self._lines = QVBoxLayout(self.project)
        self._lines.setContentsMargins(16, 10, 12, 10)
        self._lines.setSpacing(6)
        self.meeting = label("", size=12, tone="mute", wrap=True)
        self.prepare = button(_("Prepare the meeting…"), self.meeting_wanted.emit, kind="primary")
        self.notices = button(_("Notices…"), self.notices_wanted.emit)
        foot = QFrame()
        foot.setProperty("bar", "bottom")
        lines = column_of(self.meeting, gap=8, margins=(16, 8, 12, 10), parent=foot)
        lines.addLayout(row_of(self.prepare, self.notices, None))
        whole = column_of(self.load, gap=0, parent=self)
        edge = QFrame()
        edge.setProperty("bar", "top")
        edge.setFixedHeight(10)
        whole.addWidget(edge)
        whole.addWidget(with_room(self.project, 0, 0), 1)
        whole.addWidget(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A high window has room for all loads."""
        super().resizeEvent(event)
        self.load.fit(_FEW if self.height() < _HIGH else _ALL)

    def show_meeting(self, found: Coming | None, lacking: int) -> None:
        """The next meeting; how many projects lack something."""
        if found is None:
            said = _("No meeting is planned.")
        elif found.items:
            said = _(
                "{name}, meeting {number} · {day} · {count} items", name=found.name, number=found.number, day=found.day,
                count=found.items,
            )  # fmt: skip
        else:
            said = _(
                "{name}, meeting {number} · {day} · agenda not set", name=found.name, number=found.number, day=found.day
            )
        self.meeting.setText(tr(said))
        self.notices.setText(tr(_("Notices ({count})…", count=lacking)))
        self.notices.setEnabled(lacking > 0)

    def show_nothing(self) -> None:
        """No project is chosen."""
        clear(self._lines)
        self.buttons = {}
        self._lines.addWidget(label(_("Choose a project to see what it has and lacks."), tone="mute", wrap=True))
        self._lines.addStretch(1)

    def show_detail(self, found: Detail, labels: dict[str, Text], ones: Sequence[str], *, resting: bool) -> None:
        """One project; its buttons rest while one looks at the past."""
        clear(self._lines)
        self.buttons = {}
        one = found.line
        title = button(one.name, self.open_wanted.emit, kind="link", tip=_("Open in the ledger"))
        title.setFont(theme.font(15, bold=True))
        title.setText(title.fontMetrics().elidedText(one.name, Qt.TextElideMode.ElideRight, _TITLE))
        self.buttons["light"] = button(_("Set by hand…"), partial(self.edit_wanted.emit, "light"), kind="link")
        self._lines.addLayout(row_of(title, None))
        self._lines.addLayout(row_of(*self._tags(found), None, self.buttons["light"]))
        said = [f"{one.ones.count}/{len(ones)}", one.place, one.unit]
        if one.money is not None:
            said.append(" ".join(large_amount(one.money)))
        self._lines.addWidget(label(" · ".join(part for part in said if part), size=12, tone="mute", wrap=True))
        self._add_light(found)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for row, key in enumerate(ones):
            self._add_one(grid, row, found, key, labels)
        grid.setColumnStretch(1, 1)
        self._lines.addLayout(grid)
        for words in _progress(found):
            self._lines.addWidget(label(words, size=12, tone="mute", wrap=True))
        for stale in one.stale:
            self._lines.addWidget(label(stale.sentence, size=12, tone="amber", wrap=True))
        self._add_people(found)
        self._lines.addStretch(1)
        for part in self.buttons.values():
            part.setEnabled(not resting)

    def _tags(self, found: Detail) -> list[QWidget]:
        light = found.line.light
        return [] if light is None else [Tag(LIGHT.label(light.colour), LIGHT_TONES[light.colour])]

    def _add_light(self, found: Detail) -> None:
        light = found.line.light
        if light is None or (light.colour == GREEN and not light.by_hand):
            return
        strip = QFrame()
        strip.setProperty("strip", {"red": "red", "amber": "amber"}.get(LIGHT_TONES[light.colour], "blue"))
        inner = column_of(gap=2, margins=(10, 6, 8, 6), parent=strip)
        source = [tr(_("By {source}", source=found.source))] if found.source else []
        for at, words in enumerate([*told(light), *source]):
            tone = LIGHT_TONES[light.colour] if at == 0 and light.colour not in (GREY, GREEN) else "mute"
            inner.addWidget(label(words, size=12, bold=at == 0, tone=tone, wrap=True))
        self._lines.addWidget(strip)

    def _add_one(self, grid: QGridLayout, row: int, found: Detail, key: str, labels: dict[str, Text]) -> None:
        one, missing = found.line, found.line.ones.missing.get(key)
        name = label(labels[key], tone="mute", wrap=True)
        name.setFixedWidth(_NAME)
        grid.addWidget(name, row, 0)
        said = tr(missing) if missing is not None else _has(found, key)
        grid.addWidget(label(said, tone="red" if missing is not None else "", wrap=True), row, 1)
        if key in _VERBS:
            verb = _VERBS[key][missing is None]
            if key == FOLLOWED and not one.milestones:
                verb = _("Plan them…")
            self.buttons[key] = button(verb, partial(self.edit_wanted.emit, key), small=True)
            self.buttons[key].setAccessibleName(f"{tr(labels[key])} {tr(verb)}")
            self.buttons[key].setFixedWidth(max(_VERB, self.buttons[key].sizeHint().width()))
            grid.addWidget(self.buttons[key], row, 2)

    def _add_people(self, found: Detail) -> None:
        from db.five_ones.models import ROLE

        now = [one for one in found.serving if one.now and one.role in ("responsible", "liaison")]
        before = [one for one in found.serving if not one.now and one.until is not None and one.role == LEADER]
        for one in now:
            self._lines.addWidget(label(f"{tr(ROLE.label(one.role))} {one.name}", size=12, tone="mute", wrap=True))
        for one in before[:2]:
            words = _("Before: {name}, {since} to {until}", name=one.name, since=one.since or "…", until=one.until)
            self._lines.addWidget(
                label(tr(words) + (f" · {one.reason}" if one.reason else ""), size=12, tone="faint", wrap=True)
            )


def _has(found: Detail, key: str) -> str:
    """What a project has of a one."""
    one, has = found.line, found.line.has or {}
    if key == PROJECT:
        return tr(_("In the ledger"))
    if key == TASK_FORCE:
        count = tr(_("{count} people", count=one.people)) if one.people else ""
        head = has.get(TASK_FORCE, "")
        return "，".join(part for part in (head if not one.people else tr(_("Head {name}", name=head)), count) if part)
    if key == PLAN and one.plan is not None:
        return " · ".join(part for part in (found.plan_title, f"v{one.plan[0]}", one.plan[1] or "") if part)
    if key == FOLLOWED:
        late = [tr(_("{name} late since {day}", name=name, day=day)) for name, day in found.late[:2]]
        followed = tr(_("last on {day}", day=one.followed_on)) if one.followed_on else ""
        return " · ".join(part for part in (f"{one.done}/{one.milestones}", *late, followed) if part)
    return has.get(key, "")


def _progress(found: Detail) -> list[str]:
    said = []
    for text, one in ((_("By weight"), found.by_weight), (_("By money"), found.by_money)):
        if one.done is not None and (one.due is not None or one.done):
            said.append(f"{tr(text)} {_shares(one)}")
    return said


def _shares(one: Progress) -> str:
    done = tr(_("{share} done", share=_percent(one.done)))
    due = tr(_("{share} due", share=_percent(one.due)))
    return done if one.due is None else f"{done} · {due}"


def _percent(share: Fraction | None) -> str:
    """One decimal, half up."""
    if share is None:
        return "—"
    tenths = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{tenths // 10}.{tenths % 10}%"
