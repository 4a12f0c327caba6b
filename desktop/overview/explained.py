"""The pane of the clicked number: value, definition, numerator and denominator, last year, the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from db.core.fields import Money
from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.columns import large_amount, unit_name
from desktop.kit.lists import Heading, PlainList
from desktop.kit.parts import ElidedLabel, button, clear, column_of, label, row_of
from desktop.kit.words import language

if TYPE_CHECKING:
    from db.reports.report import Figure

SHOWN_ROWS = 12


class Explained(QFrame):
    """`rows_wanted`: the figure whose rows are to be opened in the ledger."""

    rows_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "right")
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(16, 12, 16, 12)
        self._lines.setSpacing(6)
        inner = QWidget()
        inner.setProperty("clear", "true")
        inner.setLayout(self._lines)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        column_of(area, margins=(1, 0, 0, 0), parent=self)
        self.figure: Figure | None = None
        self._rows: list[tuple[Any, ...]] = []

    def show_figure(self, figure: Figure, where: str) -> None:
        """One figure; its rows come later."""
        self.figure = figure
        clear(self._lines)
        self._lines.addWidget(label(where, size=12, tone="mute"))
        value, unit = shown(figure, figure.value)
        head = row_of(label(value, size=22, bold=True), label(unit, size=15, bold=True), gap=6)
        if figure.yoy is not None:
            tone = "green" if figure.yoy >= 0 else "red"
            head.addSpacing(6)
            head.addWidget(label(percent(figure.yoy, signed=True), bold=True, tone=tone))
        head.addStretch(1)
        self._lines.addLayout(head)
        self._lines.addWidget(label(f"{figure.label} · {figure.key}", size=12, tone="mute", wrap=True))
        self._lines.addSpacing(6)
        self._lines.addWidget(label(_("Definition"), size=12, tone="mute"))
        self._lines.addWidget(label(figure.definition, wrap=True))
        self._lines.addLayout(self._parts(figure))
        self._behind = QVBoxLayout()
        self._lines.addLayout(self._behind)
        self._lines.addStretch(1)

    def _parts(self, figure: Figure) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        parts: list[tuple[Text, str]] = []
        if figure.denominator is not None:
            parts.append((_("Numerator"), " ".join(shown(figure, figure.numerator, part=True))))
            parts.append((_("Denominator"), " ".join(shown(figure, figure.denominator, part=True))))
        if figure.previous is not None:
            parts.append((_("Same period last year"), " ".join(shown(figure, figure.previous))))
        for row, (name, text) in enumerate(parts):
            grid.addWidget(label(name, tone="mute"), row, 0)
            grid.addWidget(label(text), row, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def show_rows(self, rows: Sequence[tuple[Any, ...]], count: int) -> None:
        """The largest of the rows behind it, and how many others there are, so that the sum closes."""
        clear(self._behind)
        if not count:
            return
        more = button(_("Open in the ledger"), self.rows_wanted.emit, kind="link")
        self._behind.addLayout(row_of(label(_("{count} rows behind it", count=f"{count:,}"), tone="mute"), None, more))
        self._rows = list(rows[:SHOWN_ROWS])
        rest = rows[SHOWN_ROWS:]
        listed = PlainList(row_height=28)
        headings = (
            Heading(_("Project"), 150, stretch=True),
            Heading(_("Recognised"), 92),
            Heading(f"{unit_name('万元')}", 84, right=True),
        )
        listed.show_rows(headings, len(self._rows), self._cell)
        listed.setFixedHeight(36 + 28 * len(self._rows))
        self._behind.addWidget(listed)
        if rest:
            total = sum(row[3] or 0 for row in rest)
            left = ElidedLabel(_("{count} others", count=f"{len(rest):,}"), size=12, tone="mute")
            line = row_of(left, label(_money(total), size=12, tone="mute"), margins=(8, 2, 8, 0))
            line.setStretch(0, 1)
            self._behind.addLayout(line)

    def _cell(self, row: int, place: int) -> Cell:
        one = self._rows[row]
        if place == 2:
            return Cell(_money(one[3]) if one[3] is not None else "—", right=True)
        return Cell(str(one[place + 1] or "—"))


def _money(value: int) -> str:
    from db.core.formats import show

    return show(Money("万元"), value, language())


def shown(figure: Figure, value: int | Decimal | None, *, part: bool = False) -> tuple[str, str]:
    """A figure's value as the page says it, and its unit: money from ten million yuan on in 亿元, rates as %."""
    if value is None:
        return "—", ""
    if figure.denominator is not None and not part:
        return percent(Decimal(value)), ""
    number = Decimal(value)
    if figure.unit in ("元", "yuan"):
        return (
            large_amount(int(number * 100)) if abs(number) >= 10**7 else (_money(int(number * 100)), unit_name("万元"))
        )
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if number != number.to_integral_value() else f"{number:,.0f}"
    return text, figure.unit


def percent(value: Decimal, *, signed: bool = False) -> str:
    """0.696 → 69.6 %."""
    number = (value * 100).quantize(Decimal("0.1"))
    return f"{number:+}%" if signed else f"{number}%"
