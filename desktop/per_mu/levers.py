"""“What would lift it to B”: a line for every lever, and a slider that tries one, linked with the box beside it."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.columns import unit_name
from desktop.kit.parts import button, clear, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.per_mu.evaluation_cells import Cells, number, points

if TYPE_CHECKING:
    from db.per_mu.levers import Lever, Rise

MICRO = 10**6
_STEPS = 200  # of the slider, the middle is what is needed
_CHANGES = {True: _("{metric}: less"), False: _("{metric}: more")}


class Levers(QWidget):
    """Of the chosen enterprise. `tried` after every step of the slider."""

    tried = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("clear", "true")
        self.cells: Cells | None = None
        self.place = 0
        self.rise: Rise | None = None
        self.lever: Lever | None = None
        self.rows: dict[str, QPushButton] = {}
        self.head = QWidget()
        self.head.setProperty("clear", "true")
        self._head: QVBoxLayout = column_of(gap=6, parent=self.head)
        self.name = label("", size=12, tone="mute")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 2 * _STEPS)
        self.slider.setAccessibleName(tr(_("Try a change")))
        self.box = QDoubleSpinBox()
        self.box.setDecimals(1)
        self.box.setKeyboardTracking(False)
        self.box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setFixedWidth(86)
        self.unit = label("", size=12, tone="mute")
        self.says = label("", wrap=True)
        self.tries = QWidget()
        self.tries.setProperty("clear", "true")
        inner = column_of(gap=6, parent=self.tries)
        inner.addLayout(row_of(self.name, self.slider, self.box, self.unit))
        inner.addWidget(self.says)
        lines = column_of(self.head, self.tries, None, margins=(16, 8, 8, 8), gap=10, parent=self)
        lines.setSpacing(10)
        self.slider.valueChanged.connect(self._slid)
        self.box.valueChanged.connect(self._typed)

    def show_rise(self, cells: Cells, place: int, found: Rise) -> None:
        """Another enterprise."""
        self.cells, self.place, self.rise = cells, place, found
        self.rows = {}
        clear(self._head)
        score = cells.outcome.scores[place]
        if found.why is not None:
            self._head.addWidget(label(found.why, tone="mute", wrap=True))
        else:
            told = _("Last of class {grade}: no. {rank} {name}, {line} points; here {score}, {missing} short",
                     grade=found.grade, rank=found.rank, name=found.name, line=points(found.line), score=points(score),
                     missing=points(found.missing))  # fmt: skip
            self._head.addWidget(label(told, size=12, tone="mute", wrap=True))
            self._head.addLayout(self._grid(found))
        open_levers = [one for one in found.levers if one.change is not None and one.metric.key in self.rows]
        self.tries.setVisible(bool(open_levers))
        self.lever = None
        if open_levers:
            self.take(open_levers[0])

    def _grid(self, found: Rise) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        for column, text in enumerate((_("One alone"), _("From → to"), _("Needed"))):
            grid.addWidget(label(text, size=12, tone="mute"), 0, column)
        shown = [one for one in found.levers if not (projector.on() and one.metric.private)]
        for row, one in enumerate(shown, 1):
            pick = button(tr(one.metric.label).replace("&", "&&"), partial(self.take, one), kind="link", small=True)
            pick.setEnabled(one.change is not None)
            pick.setToolTip(tr(_("Try it below")))
            self.rows[one.metric.key] = pick
            grid.addWidget(pick, row, 0)
            grid.addWidget(label(self._way(one), size=12), row, 1)
            if one.change is None:
                grid.addWidget(label(_("Capped: not enough alone"), size=12, tone="amber", wrap=True), row, 2)
            else:
                grid.addWidget(label(self.needed(one), size=12, bold=True), row, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _way(self, one: Lever) -> str:
        assert self.cells is not None
        if one.change is None or not one.code:
            return "—"
        if one.metric.key == "land":
            held = Fraction(self.cells.outcome.group.given["land"][self.place] or 0, MICRO)
            unit, told = "亩", f"{number(held)} → {number(held + Fraction(one.change, MICRO))}"
        else:
            unit = next(item.unit for item in self.cells.outcome.scheme.indicators if item.code == one.code)
            before, after = (self.cells.value(one.code, value) for value in (one.before, one.after))
            told = f"{before} → {after}"
        return f"{told} {unit_name(unit)}".rstrip() if language() == "zh" else told  # English units have no room

    def needed(self, one: Lever) -> str:
        """170.4 万元 more, 4.9 mu less."""
        assert one.change is not None
        sign = "−" if one.change < 0 else "+"
        return f"{sign}{number(abs(Fraction(one.change, MICRO)))} {unit_name(one.metric.unit)}"

    def take(self, one: Lever) -> None:
        """Try this one with the slider; it stands at what is needed."""
        if one.change is None:
            return
        self.lever = one
        for key, pick in self.rows.items():
            pick.setFont(theme.font(13, bold=key == one.metric.key))
        self.name.setText(tr(_CHANGES[one.change < 0](metric=one.metric.label)))
        self.unit.setText(unit_name(one.metric.unit))
        needed = abs(one.change) / MICRO
        most = 2 * needed
        if one.change < 0 and self.cells is not None:
            held = self.cells.outcome.group.given[one.metric.key][self.place] or 0
            most = min(most, held / MICRO - 0.1)
        self.box.setRange(0, most)
        self.box.setValue(needed)
        self._typed(needed)

    def _slid(self, at: int) -> None:
        value = round(self.box.maximum() * at / (2 * _STEPS), 1)
        if abs(value - self.box.value()) >= 0.05:
            before = self.box.blockSignals(True)
            self.box.setValue(value)
            self.box.blockSignals(before)
            self._try()

    def _typed(self, value: float) -> None:
        before = self.slider.blockSignals(True)
        self.slider.setValue(round(2 * _STEPS * value / self.box.maximum()) if self.box.maximum() else 0)
        self.slider.blockSignals(before)
        self._try()

    def _try(self) -> None:
        from db.per_mu.levers import tried

        if self.cells is None or self.lever is None or self.lever.change is None:
            return
        tenths = round(self.box.value() * 10)
        change = tenths * (MICRO // 10) * (-1 if self.lever.change < 0 else 1)
        found = tried(self.cells.outcome, self.place, {self.lever.metric.key: change})
        held = self.cells.outcome.classes[self.place]
        said = _("→ {points} points, no. {rank}, {becomes} (ties take the better class; other data and enterprises unchanged)",
                 points=points(found.score), rank=found.rank, becomes=_becomes(held, found.grade))  # fmt: skip
        self.says.setText(tr(said))
        self.tried.emit()


def _becomes(held: str, grade: str) -> Text:
    return _("stays in class {grade}", grade=grade) if held == grade else _("moves to class {grade}", grade=grade)
