"""What an editor proposes while one types: names found by their characters, their pinyin or their initials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme

MOST = 8
_LINE = 26

Hit = tuple[str, tuple[tuple[int, int], ...]]


def hits(words: str, names: Sequence[str], most: int = MOST) -> list[Hit]:
    """The names that the words hit, those that begin with them first; without words the first names."""
    if not words.strip():
        return [(name, ()) for name in names[:most]]
    from db.core.pinyin import matches

    found = [(name, spans) for name in names if (spans := matches(words, name)) is not None]
    found.sort(key=lambda one: (one[1][0][0] != 0, len(one[1]), len(one[0])) if one[1] else (True, 9, len(one[0])))
    return [(name, tuple(spans)) for name, spans in found[:most]]


class Suggestions(QFrame):
    """A list under an editor. The editor keeps the keyboard, so that an input method goes on undisturbed."""

    taken = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window())
        self.setProperty("box", "card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self._owner = owner
        self.hits: list[Hit] = []
        self.notes: Mapping[str, str] = {}  # name → what is said of it at the right
        self.current = -1
        self.hide()

    def show_hits(self, found: Sequence[Hit]) -> None:
        """Other names; nothing where there are none."""
        self.hits, self.current = list(found), -1
        self.setVisible(bool(found) and self._owner.isVisible())
        if self.isVisible():
            self._place()
            self.update()

    def step(self, by: int) -> None:
        """Mark the next or the one before."""
        if self.hits:
            self.current = (self.current + by) % len(self.hits) if self.current >= 0 or by > 0 else len(self.hits) - 1
            self.update()

    @property
    def marked(self) -> str | None:
        """The name that is marked."""
        return self.hits[self.current][0] if 0 <= self.current < len(self.hits) else None

    def _place(self) -> None:
        metrics = self.fontMetrics()
        said = (f"{name}{self.notes.get(name, '')}" for name, _spans in self.hits)
        width = max(self._owner.width(), *(metrics.horizontalAdvance(text) + 56 for text in said))
        height = len(self.hits) * _LINE + 8
        window = self.window()
        below = self._owner.mapTo(window, QPoint(0, self._owner.height() + 2))
        top = below.y() if below.y() + height <= window.height() else below.y() - self._owner.height() - height - 4
        left = max(0, min(below.x(), window.width() - width))
        self.setGeometry(left, top, min(width, 420), height)
        self.raise_()

    def _line_at(self, place: QPoint) -> int:
        return (place.y() - 4) // _LINE

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line under the mouse is marked."""
        self.current = self._line_at(event.position().toPoint())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes it."""
        at = self._line_at(event.position().toPoint())
        if 0 <= at < len(self.hits):
            self.taken.emit(self.hits[at][0])

    def sizeHint(self) -> QSize:
        """As high as its names."""
        return QSize(self.width(), len(self.hits) * _LINE + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line a name, what was hit in bold."""
        super().paintEvent(event)
        of, painter = theme.tokens(), QPainter(self)
        plain, bold = theme.font(13), theme.font(13, bold=True)
        for at, (name, spans) in enumerate(self.hits):
            box = QRect(4, 4 + at * _LINE, self.width() - 8, _LINE)
            if at == self.current:
                painter.fillRect(box, of.color("sel"))
            hit = {place for start, stop in spans for place in range(start, stop)}
            left = box.left() + 8
            for place, char in enumerate(name):
                painter.setFont(bold if place in hit else plain)
                painter.setPen(of.color("accent" if place in hit else "text"))
                width = painter.fontMetrics().horizontalAdvance(char)
                painter.drawText(QRect(left, box.top(), width + 2, _LINE), int(Qt.AlignmentFlag.AlignVCenter), char)
                left += width
            if note := self.notes.get(name):
                painter.setFont(plain)
                painter.setPen(of.color("mute" if at == self.current else "faint"))
                right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
                painter.drawText(box.adjusted(0, 0, -8, 0), right, note)
