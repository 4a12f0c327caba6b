"""Filters as chips that read as sentences: a click edits, the cross (or Delete) removes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from db.core.fields import Field
from db.core.text import _
from desktop.kit import icons, theme
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


def choose_values(
    owner: QWidget,
    field: Field,
    found: Sequence[tuple[Any, int]],
    chosen: Sequence[Any],
    done: Callable[[tuple[Any, ...]], None],
) -> QMenu:
    """A check list of a field's values with their counts, under the chip; every click takes effect."""
    from db.core.formats import show

    menu = QMenu(owner)
    picked = list(chosen)

    def toggle(value: Any) -> None:
        if value in picked:
            picked.remove(value)
        else:
            picked.append(value)
        done(tuple(picked))

    for value, count in found:
        text = tr(_("(empty)")) if value is None else show(field.kind, value, language())
        action = QAction(f"{text}  {count}", menu)
        action.setCheckable(True)
        action.setChecked(value in picked)
        action.triggered.connect(lambda _checked=False, value=value: toggle(value))
        menu.addAction(action)
    menu.popup(owner.mapToGlobal(QPoint(0, owner.height() + 2)))
    return menu
