"""Beside the league table: why somebody has these points, item by item down to the rows; appeals and their decisions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from db.contests.models import FROZEN, OPEN
from db.core.text import Text, _
from db.per_mu.models import FILED, OBJECTION
from desktop.kit import theme
from desktop.kit.page import with_room
from desktop.kit.parts import Tag, button, clear, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.contests.queries import Appeal, League, Standing
    from db.contests.rules import Part

_LINE = 24  # under a heading, with a link or without
_TONES = {FILED: "amber", "upheld": "green", "rejected": "grey"}


class ContestPane(QFrame):
    """`rows_wanted`: a part, to see the rows behind it. `enter_wanted`, `appeal_wanted`; `decide_wanted`: an appeal."""

    rows_wanted = Signal(object)
    enter_wanted = Signal()
    appeal_wanted = Signal()
    decide_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.behind: dict[str, QPushButton] = {}
        self.decide: dict[int, QPushButton] = {}
        self.enter = button(_("Enter points…"), self.enter_wanted.emit)
        self.appeal = button(_("Record an appeal…"), self.appeal_wanted.emit)
        inner = QWidget()
        inner.setProperty("clear", "true")
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(16, 12, 14, 12)
        self._lines.setSpacing(4)
        self.foot = QFrame()
        self.foot.setProperty("bar", "bottom")
        row_of(self.enter, self.appeal, None, margins=(16, 8, 12, 8), parent=self.foot)
        column_of(with_room(inner, 0, 0), self.foot, gap=0, parent=self).setStretch(0, 1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nobody is chosen."""
        clear(self._lines)
        self.foot.hide()
        self._lines.addWidget(label(_("Choose a row to see where its points come from."), tone="mute", wrap=True))
        self._lines.addStretch(1)

    def show_one(self, one: Standing, found: League, *, resting: bool) -> None:
        """One competitor. resting: while one looks at the past nothing can be changed."""
        from db.contests.report import movement, points

        clear(self._lines)
        self.behind, self.decide = {}, {}
        line = one.line
        title = label(line.subject.name, size=15, bold=True, wrap=True)
        tags = [Tag(line.star, "amber")] if line.star else []
        tags += [Tag(found.scheme.flag, "red")] if line.flag else []
        head = row_of(title, *tags)
        head.setStretch(0, 1)
        self._lines.addLayout(head)
        said = [
            line.subject.group,
            tr(_("place {rank}", rank=line.rank)),
            tr(_("{points} points in all", points=f"{points(line.score):.2f}")),
        ]
        moved = movement(one.moved)
        if moved and found.last is not None:
            said.append(tr(_("{moved} since {period}", moved=moved, period=found.last.period)))
        self._lines.addWidget(label(" · ".join(part for part in said if part), size=12, tone="mute", wrap=True))
        for part in line.parts:
            self._add_part(part, f"{points(part.points):.2f}")
        if one.appeals:
            self._lines.addSpacing(10)
            self._lines.addWidget(label(_("Appeals"), size=12, tone="mute"))
        for appeal in one.appeals:
            self._add_appeal(appeal, resting=resting)
        self._lines.addStretch(1)
        state = found.contest.state
        self.enter.setVisible(state == OPEN and any(not item.figure for item in found.scheme.items))
        self.appeal.setVisible(state == FROZEN)
        self.foot.setVisible(state in (OPEN, FROZEN))
        for made in (self.enter, self.appeal):
            made.setEnabled(not resting)

    def _add_part(self, part: Part, shown: str) -> None:
        from db.contests.report import called

        self._lines.addSpacing(6)
        name = label(called(part.name, part.kind, language()), bold=True, wrap=True)
        number = label(shown, bold=True, tone="red" if part.points < 0 else "")
        head = row_of(name, number)
        head.setStretch(0, 1)
        self._lines.addLayout(head)
        how = label(part.how, size=12, tone="mute", wrap=True)
        how.setMinimumHeight(_LINE)
        below = row_of(how)
        below.setStretch(0, 1)
        if part.ids:
            self.behind[part.code] = button(
                _("{count} rows", count=f"{len(part.ids):,}"), partial(self.rows_wanted.emit, part), kind="link"
            )
            self.behind[part.code].setFont(theme.font(12))
            below.addWidget(self.behind[part.code])
        self._lines.addLayout(below)

    def _add_appeal(self, one: Appeal, *, resting: bool) -> None:
        strip = QFrame()
        strip.setProperty("strip", "amber" if one.state == FILED else "blue")
        inner = column_of(gap=4, margins=(10, 6, 8, 6), parent=strip)
        top = row_of(
            label(one.filed_on, size=12, tone="mute"), Tag(OBJECTION.label(one.state), _TONES[one.state]), None
        )
        if one.state == FILED:
            self.decide[one.id] = button(_("Decide…"), partial(self.decide_wanted.emit, one), small=True)
            self.decide[one.id].setEnabled(not resting)
            top.addWidget(self.decide[one.id])
        inner.addLayout(top)
        inner.addWidget(label(one.text, wrap=True))
        if one.decision:
            told = _("{day}: {decision}", day=one.decided_on or "", decision=Text(one.decision))
            inner.addWidget(label(told, size=12, tone="mute", wrap=True))
        self._lines.addWidget(strip)
