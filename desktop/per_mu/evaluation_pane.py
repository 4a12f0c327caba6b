"""Beside the ranking: the chart, and of the chosen enterprise what would lift it, how its points came about, objections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from db.core.text import Text, _
from db.per_mu.names import LIMITED, called
from desktop.companies.parts import PartsPage
from desktop.kit import projector
from desktop.kit.columns import unit_name
from desktop.kit.page import Connection, Page, with_room
from desktop.kit.parts import Tag, button, clear, column_of, label, row_of
from desktop.kit.tabs import FoldingTabs
from desktop.kit.words import tr
from desktop.per_mu.chart_scatter import Scatter
from desktop.per_mu.evaluation_adjust import kind_and_points
from desktop.per_mu.evaluation_cells import Cells, number, plain_weight, points
from desktop.per_mu.levers import Levers

if TYPE_CHECKING:
    from db.companies.about import Part as CompanyPart
    from db.per_mu.asked_of import About
    from db.per_mu.defending import Explanation, Part, Weighing
    from db.per_mu.queries import Adjusted

_TAGS = ("green", "blue", "amber", "red")


class EvaluationPane(QFrame):
    """`letter_wanted`, `objection_wanted`: the buttons. `decided`: the objection to be decided.

    `adjust_wanted`, `end_wanted`: the adjustment that changes or ends; 0 for a new one.
    """

    letter_wanted = Signal()
    objection_wanted = Signal()
    decided = Signal(int)
    company_wanted = Signal()
    adjust_wanted = Signal(int)
    end_wanted = Signal(int)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.scatter = Scatter()
        self.title = label("", size=15, bold=True, wrap=True)
        self.tag = Tag("", "grey")
        self.tabs = FoldingTabs((
            ("levers", _("Rise")), ("parts", _("Make-up of points")), ("years", _("Years")),
            ("weights", _("Weights")), ("objections", _("Objections")),
        ))  # fmt: skip
        self.record: Mapping[str, Any] | None = None
        self.levers = Levers()
        self.parts, self.weights, self.objections = _Lines(), _Lines(), _Lines()
        self.stack = QStackedWidget()
        self.years = PartsPage(page, _trend)
        self._pages = {
            "levers": with_room(self.levers, 0, 0), "parts": with_room(self.parts, 0, 0), "years": self.years,
            "weights": with_room(self.weights, 0, 0), "objections": with_room(self.objections, 0, 0),
        }  # fmt: skip
        for one in self._pages.values():
            self.stack.addWidget(one)
        self.tabs.chosen.connect(self._turn)
        self.letter = button(_("Export diagnosis…"), self.letter_wanted.emit)
        self.object_button = button(_("File an objection…"), self.objection_wanted.emit)
        self.foot = QFrame()
        self.foot.setProperty("bar", "bottom")
        row_of(self.letter, self.object_button, None, margins=(16, 8, 12, 8), parent=self.foot)
        self.head = QWidget()
        self.head.setProperty("clear", "true")
        lines = column_of(margins=(16, 8, 12, 2), gap=6, parent=self.head)
        lines.addLayout(row_of(self.title, self.tag, None))
        lines.addWidget(self.tabs)
        edge = QFrame()
        edge.setProperty("bar", "top")
        edge.setFixedHeight(1)
        whole = column_of(self.scatter, edge, self.head, self.stack, self.foot, gap=0, parent=self)
        whole.setStretch(0, 9)
        whole.setStretch(3, 12)

    def _turn(self, key: str) -> None:
        self.stack.setCurrentWidget(self._pages[key])
        self._ask_years()

    def _ask_years(self) -> None:
        """Only where they are looked at."""
        if self.tabs.current == "years" and self.record is not None and self.years.number != self.record["id"]:
            self.years.show_record(self.record)

    def show_nothing(self) -> None:
        """No enterprise is chosen."""
        self.title.setText("")
        self.record = None
        self.tag.hide()
        for one in (self.parts, self.weights, self.objections):
            one.say(_("Choose an enterprise in the table."))
        self.levers.hide()
        self.head.hide()
        self.foot.hide()

    def show_about(self, cells: Cells, place: int, found: About) -> None:
        """One enterprise."""
        member = cells.outcome.group.members[place]
        self.title.setText(member.name)
        self.record = {"id": member.company, "name": member.name}
        self.years.number = 0
        self._ask_years()
        rank, grade = cells.outcome.ranks[place], cells.outcome.classes[place]
        tone = _TAGS[min(cells.names.index(grade), len(_TAGS) - 1)] if grade in cells.names else "grey"
        said = _("no. {rank}", rank=rank) if rank is not None else _("no place")
        graded = _("class {name} · {said}", name=called(grade), said=said)
        self.tag.say(said if projector.on() else graded, "grey" if projector.on() else tone)
        self.tag.show()
        for part in (self.levers, self.head, self.foot):
            part.show()
        if projector.on():
            self.levers.hide()
        to = found.rise.grade
        self.tabs.say("levers", _("Rise to {grade}", grade=to) if to and not projector.on() else _("Rise"))
        self.tabs.say(
            "objections", _("Objections {count}", count=len(found.objections)) if found.objections else _("Objections")
        )
        self.levers.show_rise(cells, place, found.rise)
        self._show_parts(cells, found.explanation, found.adjusted)
        self._show_objections(found)

    def _show_parts(self, cells: Cells, found: Explanation, adjusted: Sequence[Adjusted]) -> None:
        lines = self.parts.begin()
        ranked = found.score is not None
        if not ranked:
            _add_notes(lines, found)
        for one in found.parts:
            if not cells.hides(one.indicator.code):
                self._add_part(lines, cells, one, ranked=ranked)
        names = {"bonus": _("Bonus"), "deduction": _("Deduction")}
        for code, extra in found.extras.items():
            if extra:
                lines.addLayout(row_of(label(names.get(code, Text(code))), None, label(points(extra), bold=True)))
        lines.addLayout(row_of(label(_("Total score"), bold=True), None, label(points(found.score), bold=True)))
        if ranked:
            _add_notes(lines, found)
        if not projector.on():
            self._add_adjusted(lines, adjusted)
        lines.addStretch(1)

    def _add_adjusted(self, lines: QVBoxLayout, adjusted: Sequence[Adjusted]) -> None:
        """What holds for it alone by now, each to be changed or ended; and the way to one more."""
        lines.addSpacing(6)
        if adjusted:
            lines.addWidget(label(_("Adjustments"), bold=True))
        for one in adjusted:
            ways = [
                button(_("Change it…"), partial(self.adjust_wanted.emit, one.id), kind="link", small=True),
                button(_("End…"), partial(self.end_wanted.emit, one.id), kind="link", small=True),
            ]
            lines.addLayout(row_of(label(kind_and_points(one)), None, *ways))
            lines.addWidget(label(one.reason, size=12, tone="mute", wrap=True))
        lines.addLayout(row_of(button(_("Adjust…"), partial(self.adjust_wanted.emit, 0), small=True), None))

    def _add_part(self, lines: QVBoxLayout, cells: Cells, one: Part, *, ranked: bool) -> None:
        item = one.indicator
        head = f"{tr(item.called)} {plain_weight(item.weight)}"
        lines.addLayout(row_of(label(head), None, label(points(one.points) if ranked else "—", bold=True)))
        if one.value is None:
            lines.addWidget(label(one.why if one.why is not None else "—", size=12, tone="amber", wrap=True))
        elif len(one.baseline) == 1:
            told = _("{value} ÷ baseline {base} × {weight}")
            if item.reverse:
                told = _("(2 − {value} ÷ baseline {base}) × {weight}")
            told = told(value=cells.value(item.code, one.value), base=cells.value(item.code, one.baseline[0]),
                        weight=plain_weight(item.weight))  # fmt: skip
            below = one.value < 0 and one.limited == "floor"
            limited = _("(below 0, so the floor counts)") if below else LIMITED[one.limited]
            lines.addWidget(label(f"{tr(told)} {tr(limited)}", size=12, tone="mute", wrap=True))
        elif len(set(one.baseline)) == 1:
            told = _("{value}, as everybody has it; all of its points", value=cells.value(item.code, one.value))
            lines.addWidget(label(told, size=12, tone="mute", wrap=True))
        else:
            ends = " — ".join(cells.value(item.code, end) for end in one.baseline)
            told = _("{value}, between {ends}", value=cells.value(item.code, one.value), ends=ends)
            lines.addWidget(label(told, size=12, tone="mute", wrap=True))
        for datum in one.data:
            lines.addWidget(label(_datum(datum), size=12, tone="faint", wrap=True))
        lines.addSpacing(6)

    def _show_objections(self, found: About) -> None:
        lines = self.objections.begin()
        if not found.objections:
            said = (
                _("No objection.")
                if found.kept
                else _("Objections are filed against a kept result; keep the result first.")
            )
            lines.addWidget(label(said, tone="mute", wrap=True))
        for one in found.objections:
            lines.addWidget(label(f"{one.filed_on} {one.text}", wrap=True))
            if one.state == "filed":
                decide = button(_("Decide…"), partial(self.decided.emit, one.id), small=True)
                lines.addLayout(row_of(Tag(one.said, "amber"), decide, None))
            else:
                after = f" → {one.class_after}" if one.class_after else ""
                lines.addLayout(
                    row_of(Tag(one.said, "green"), label(f"{one.decided_on}{after}", size=12, tone="mute"), None)
                )
                lines.addWidget(label(one.decision or "", size=12, tone="mute", wrap=True))
        lines.addStretch(1)

    def show_weights(self, found: list[Weighing]) -> None:
        """Which weights decide."""
        lines = self.weights.begin()
        told = _("How many change class when one weight goes up or down by a tenth, the others in proportion.")
        lines.addWidget(label(told, size=12, tone="mute", wrap=True))
        for one in found:
            said = _("up {raised} · down {lowered}", raised=one.raised, lowered=one.lowered)
            lines.addLayout(row_of(label(one.indicator.called), None, label(said, bold=one is found[0])))
        lines.addStretch(1)


def _trend(connection: Connection, number: int) -> Sequence[CompanyPart]:
    from db.per_mu.about_company import trend

    return trend(connection, number)


def _add_notes(lines: QVBoxLayout, found: Explanation) -> None:
    """What is to be known of it; of one without a place this comes first."""
    for note in found.notes:
        lines.addWidget(label(note, size=12, tone="amber", wrap=True))


def _datum(found: object) -> str:
    """Tax paid 1,612.0 万元 · source · confirmed by whom, when."""
    from fractions import Fraction

    from db.per_mu.models import BY_METRIC, MICRO
    from db.per_mu.queries import Datum

    assert isinstance(found, Datum)
    one = BY_METRIC[found.key]
    said = f"{tr(one.label)} {number(Fraction(found.value, MICRO))} {unit_name(one.unit)}"
    confirmed = (
        tr(_("confirmed by {who}, {day}", who=found.confirmed_by, day=found.confirmed_on or "—"))
        if found.confirmed_by
        else tr(_("not confirmed"))
    )
    return " · ".join(part for part in (said, found.source or "", confirmed) if part)


class _Lines(QWidget):
    """Lines that are made anew for every enterprise."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("clear", "true")
        self._lines = column_of(margins=(16, 8, 12, 8), gap=4, parent=self)

    def begin(self) -> QVBoxLayout:
        """Empty."""
        clear(self._lines)
        return self._lines

    def say(self, text: Text) -> None:
        """One sentence."""
        self.begin().addWidget(label(text, tone="mute", wrap=True))
        self._lines.addStretch(1)
