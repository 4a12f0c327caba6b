"""The strip of key figures: value, last year, target and pace. A value opens its rows, › its definition."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.columns import large_amount
from desktop.kit.lists import show_inside
from desktop.kit.parts import ElidedLabel, clear, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.overview.explained import Explained

if TYPE_CHECKING:
    from db.core.period import Period
    from db.overview.explain import Explanation
    from db.overview.today import Head

_HEIGHT = 88


class KeyFigures(QFrame):
    """`rows_wanted` and `explanation_wanted` give a figure's key; the latter also the button it was asked from."""

    rows_wanted = Signal(str)
    explanation_wanted = Signal(str, QWidget)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.setFixedHeight(_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self.values: dict[str, QPushButton] = {}
        self.more: dict[str, QToolButton] = {}
        self._texts: list[str] = []

    def show_heads(self, heads: Sequence[Head], period: Period) -> None:
        """Other figures."""
        held = next((key for key, one in self.values.items() if one.hasFocus()), "")
        clear(self._row)
        self.values, self.more, self._texts = {}, {}, []
        for at, head in enumerate(heads):
            self._row.addWidget(self._one(head, period, last=at == len(heads) - 1), 1)
        if held in self.values:
            self.values[held].setFocus()

    def _one(self, head: Head, period: Period, *, last: bool) -> QWidget:
        made = QFrame()
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if not last:
            made.setProperty("bar", "left")
        more = self.more[head.key] = QToolButton()
        more.setIcon(icons.icon("right", theme.tokens().mute, 8))
        more.setIconSize(QSize(8, 8))
        more.setFixedSize(24, 24)
        more.setToolTip(tr(_("What it is made of")))
        more.setAccessibleName(tr(_("{figure}: what it is made of", figure=head.label)))
        more.clicked.connect(lambda _checked=False: self.explanation_wanted.emit(head.key, more))
        number, unit = value_of(head)
        said = number + unit
        value = self.values[head.key] = QPushButton(number)
        value.setProperty("kind", "figure")
        value.setFont(theme.font(18, bold=True))
        value.setToolTip(tr(_("Open the rows in the ledger: {definition}", definition=head.definition)))
        value.setAccessibleName(f"{head.label} {said}")
        value.setAutoDefault(False)
        value.clicked.connect(partial(self.rows_wanted.emit, head.key))
        second = row_of(value, *([label(unit, size=12, tone="mute"), 4] if unit else [4]), gap=4)
        for text, tone in beside(head):
            second.addWidget(label(text, size=12, tone=tone))
        second.addStretch(1)
        below = " · ".join(tr(one) for one in under(head, period))
        self._texts.append(
            "，".join(part for part in (f"{head.label}{said}", *(one for one, _t in beside(head)), below) if part)
        )
        lines = QVBoxLayout(made)
        lines.setContentsMargins(14, 6, 8, 8)
        lines.setSpacing(2)
        top = row_of(ElidedLabel(head.label, tone="mute"), more)
        top.setStretch(0, 1)
        lines.addLayout(top)
        lines.addLayout(second)
        lines.addWidget(ElidedLabel(below, size=12, tone="mute"))
        return made

    def take_focus(self) -> None:
        """The first value."""
        if self.values:
            next(iter(self.values.values())).setFocus()

    def text(self) -> str:
        """The strip as lines for a chat."""
        return "\n".join(self._texts)


def value_of(head: Head) -> tuple[str, str]:
    """47 and 个, 174.20 and 亿元, 14.9% and nothing."""
    from db.overview.definitions import BY_KEY
    from db.overview.saying import said

    known = BY_KEY[head.key]
    if head.value is not None and known.of_money:
        number, unit = large_amount(int(head.value * 100))
        return number, " " + unit.strip()
    return tr(said(head.key, head.value)), "" if known.is_rate else _unit(head.unit)


def _unit(unit: str) -> str:
    return unit if language() == "zh" else f" {unit}"


def beside(head: Head) -> list[tuple[str, str]]:
    """What stands beside the value: parts of a rate, the change on last year."""
    from db.overview.saying import said

    found = []
    if head.denominator is not None:
        parts = [tr(said(_plain(head.key), one)) for one in (head.numerator, head.denominator)]
        found.append((" / ".join(parts), "mute"))
    elif head.yoy is not None:
        share = f"{head.yoy * 100:+.1f}%"
        found.append((tr(_("{share} y/y", share=share)), "green" if head.yoy >= 0 else "red"))
    return found


def _plain(key: str) -> str:
    """A key by which the parts of a rate are said: as counts."""
    return "signed.count" if key.startswith(("start_rate", "production_rate")) else key


def under(head: Head, period: Period) -> list[Text | str]:
    """The line under the value: target and pace, else what it was last year, else the period."""
    from db.core.period import period_name
    from db.overview.saying import counted

    if head.target is not None:
        ahead = head.target.ahead
        pace = (
            _("{points} points ahead", points=str(ahead)) if ahead > 0
            else _("{points} points behind", points=str(-ahead)) if ahead < 0 else _("on schedule")
        )  # fmt: skip
        return [_("target {share}%", share=str(head.target.completion)), pace]
    found: list[Text | str] = []
    if head.change and head.denominator is None:
        change = counted(head.key, Decimal(head.change).copy_abs())
        found.append(_("{change} more than the report before", change=change) if head.change > 0
                     else _("{change} less than the report before", change=change))  # fmt: skip
    if head.previous is not None and head.denominator is None:
        found.append(_("last year {value}", value=counted(head.key, head.previous)))
    return found or [period_name(period)]


class DefinitionWindow(QFrame):
    """What a figure is made of, under its button; Esc closes it."""

    def __init__(self, owner: QWidget, found: Explanation) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedSize(400, 520)
        self.explained = Explained()
        self.explained.show_figure(found.figure, "")
        self.explained.show_explanation(found)
        column_of(self.explained, margins=(1, 1, 1, 1), parent=self)

    def open_under(self, part: QWidget) -> None:
        """Show it under a part of the page."""
        show_inside(self, part.mapToGlobal(QPoint(0, part.height() + 4)))
