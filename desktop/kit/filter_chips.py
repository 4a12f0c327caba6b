"""Filters as chips that read as sentences: a click edits, the cross (or Delete) removes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from db.core.fields import Field
from db.core.text import _
from desktop.kit import icons, theme
from desktop.kit.parts import column_of, label, row_of
from desktop.kit.words import language, tr


class Chip(QPushButton):
    """One condition. Off it names its field; on it says the condition and has a cross."""

    edited = Signal()
    removed = Signal()

    def __init__(self, text: str, *, on: bool) -> None:
        super().__init__(text)
        self._on = on
        self.setProperty("chip", "on" if on else "true")
        self.setFont(theme.font(13))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.edited)

    def sizeHint(self) -> QSize:
        """Text and mark."""
        size = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 40, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, text at the left, cross or arrow at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        of = theme.tokens()
        box = QRectF(self.width() - 20, self.height() / 2 - 4, 8, 8)
        icons.draw(painter, "close" if self._on else "down", box, of.accent if self._on else of.mute)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross has an invisible margin."""
        if self._on and event.position().x() > self.width() - 26 and self.rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the focused one."""
        if self._on and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)


def chip_text(field: Field, values: Sequence[Any]) -> str:
    """What a chip says of its condition."""
    from db.core.formats import show

    if not values:
        return tr(field.label)
    shown = [tr(_("(empty)")) if one is None else show(field.kind, one, language()) for one in values]
    joined = ("、" if language() == "zh" else ", ").join(shown[:3])
    if len(shown) > 3:
        joined = tr(_("{some} and {count} more", some=joined, count=len(shown) - 3))
    return tr(_("{field}: {value}", field=field.label, value=joined))


class CheckList(QFrame):
    """The values of a field with their counts, under a chip; every click takes effect at once. Esc closes."""

    def __init__(
        self,
        owner: QWidget,
        field: Field,
        found: Sequence[tuple[Any, int]],
        chosen: Sequence[Any],
        done: Callable[[tuple[Any, ...]], None],
    ) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picked = list(chosen)
        self._done = done
        inner = QWidget()
        inner.setProperty("clear", "true")
        lines = column_of(margins=(12, 8, 12, 8), gap=0, parent=inner)
        for value, count in found:
            lines.addLayout(self._line(field, value, count))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        column_of(area, margins=(1, 1, 1, 1), parent=self)
        self.setFixedSize(max(200, inner.sizeHint().width() + 24), min(400, 28 * len(found) + 20))

    def _line(self, field: Field, value: Any, count: int) -> QHBoxLayout:
        from db.core.formats import show

        box = QCheckBox(tr(_("(empty)")) if value is None else show(field.kind, value, language()))
        box.setFont(theme.font(13))
        box.setFixedHeight(28)
        box.setChecked(value in self._picked)
        box.toggled.connect(lambda on: self._toggle(value, on=on))
        return row_of(box, None, 16, label(f"{count:,}", size=12, tone="faint"))

    def _toggle(self, value: Any, *, on: bool) -> None:
        self._picked = [*self._picked, value] if on else [one for one in self._picked if one != value]
        self._done(tuple(self._picked))

    def open_under(self, owner: QWidget, x: int) -> None:
        """Show it below a bar, `x` from its left edge."""
        self.move(owner.mapToGlobal(QPoint(x, owner.height() - 4)))
        self.show()
