"""Conditions as chips that read as sentences: a click edits, the cross (or Delete) removes; what does not fit folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from db.core.text import _
from desktop.kit import icons, theme
from desktop.kit.words import tr

_GAP = 8
_WIDEST = 400


class Chip(QPushButton):
    """One condition; the cross removes it. `text()` is the whole sentence, however much of it is painted."""

    edited = Signal()
    removed = Signal()

    def __init__(self, text: str, *, on: bool = True) -> None:
        super().__init__(text)
        self._on = on
        self.setProperty("chip", "on" if on else "true")
        self.setFont(theme.font(13))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.clicked.connect(self.edited)

    def sizeHint(self) -> QSize:
        """Text and mark."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 40
        if wide > _WIDEST:
            self.setToolTip(self.text())
        return QSize(min(wide, _WIDEST), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, text at the left, cross or arrow at the right."""
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QStyle, QStyleOptionButton, QStylePainter

        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = self.text(), ""  # type: ignore[attr-defined]
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter = QPainter(self)
        of = theme.tokens()
        inner = self.rect().adjusted(12, 0, -26, 0)
        painter.setPen(of.color("accent" if self._on else "mute"))
        painter.setFont(self.font())
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width() + 2)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
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
        if self._on and event.key() in _REMOVING:
            self.removed.emit()
            return
        super().keyPressEvent(event)


_REMOVING = (0x01000007, 0x01000003)  # Delete, Backspace (Qt.Key)


class ChipRow(QWidget):
    """Chips side by side. Those that do not fit fold into one from the right; what stands beside the row never moves.

    A chip is (sentence, what a click does with the widget it came from, what removing does).
    """

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        self._more = Chip("", on=False)
        self._more.setParent(self)
        self._more.edited.connect(self._open_folded)
        self._folded: list[Chip] = []
        self.add = QPushButton(tr(_("Condition")), self)
        self.add.setProperty("chip", "add")
        self.add.setFont(theme.font(13))
        self.add.setAutoDefault(False)
        self.add.setIcon(icons.icon("plus", theme.tokens().mute, 12))
        self.add.setIconSize(QSize(12, 12))
        self.add.setAccessibleName(tr(_("Add a condition")))
        self.add.setToolTip(tr(_("Add a condition")))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)

    def show_chips(self, wanted: Sequence[tuple[str, Callable[[QWidget], object], Callable[[], object]]]) -> None:
        """Other conditions; the keyboard stays in the row when the chip it was on is gone."""
        held = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), None)
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for text, edit, remove in wanted:
            chip = Chip(text)
            chip.setParent(self)
            chip.edited.connect(partial(edit, chip))
            chip.removed.connect(remove)
            self.chips.append(chip)
        self._place()
        if held is not None:
            (self.chips[min(held, len(self.chips) - 1)] if self.chips else self.add).setFocus()

    def _place(self) -> None:
        room = self.width() - self.add.sizeHint().width() - _GAP
        widths = [chip.sizeHint().width() + _GAP for chip in self.chips]
        fitting = len(widths)
        if sum(widths) > room:
            self._more.setText(tr(_("{count} more conditions", count=len(widths))))
            room -= self._more.sizeHint().width() + _GAP
            while fitting and sum(widths[:fitting]) > room:
                fitting -= 1
        self._folded = self.chips[fitting:]
        x = 0
        for at, chip in enumerate(self.chips):
            chip.setVisible(at < fitting)
            if at < fitting:
                chip.setGeometry(x, 1, widths[at] - _GAP, 26)
                x += widths[at]
        self._more.setVisible(bool(self._folded))
        if self._folded:
            self._more.setText(tr(_("{count} more conditions", count=len(self._folded))))
            self._more.setGeometry(x, 1, self._more.sizeHint().width(), 26)
            x += self._more.width() + _GAP
        self.add.setGeometry(x, 1, self.add.sizeHint().width(), 26)

    def _open_folded(self) -> None:
        menu = QMenu(self)
        for chip in self._folded:
            one = menu.addMenu(chip.text())
            one.addAction(tr(_("Change the condition…")), partial(self._edit_folded, chip))
            one.addAction(tr(_("Remove the condition")), chip.removed.emit)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _edit_folded(self, chip: Chip) -> None:
        chip.move(self._more.pos())
        chip.edited.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and unfold."""
        self._place()
