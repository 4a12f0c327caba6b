"""What stands on the first page: a card for each way to begin, and the dark side with what the program promises.

Both paint their texts themselves (desktop/kit/writing.py); a screen reader is told them as name and description.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from db import __version__
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import button, label, restyle
from desktop.kit.writing import Written, ink, written

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_PROMISES = (
    (_("Every change is remembered"), _("When, who and what; any of it can be undone")),
    (_("Any table can come in"), _("Ledgers in any layout, entered once")),
    (_("Every number explains itself"), _("Definition, numerator and denominator, the rows behind")),
    (_("Works offline"), _("The data stay on this computer")),
)
_EDGE, _TOP, _GAP, _HEAD_GAP = 21, 17, 8, 12  # of a card, its border included
_ICON, _BODY, _NOTE_GAP, _KEY_PADDING = 24, 40, 10, 9


class Card(QFrame):
    """One way to begin."""

    def __init__(
        self, icon: str, title: Text, body: Text, key: int, note: Text, *ways: tuple[Text, Callable[[], None]]
    ) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self._icon = icon
        self._title = written(title, "text", size=16, bold=True)
        self._key = Written(f"Alt {key}", "faint", 11)
        self._body = written(body, "mute", wrap=True)
        self._note = written(note, "mute", size=12)
        self.setAccessibleName(self._title.text)
        self.setAccessibleDescription(" ".join(one.text for one in (self._body, self._note, self._key) if one.text))
        self.buttons: list[QPushButton] = [button(text, do) for text, do in ways]
        for one in self.buttons:
            one.setParent(self)
        self._first = ways[0][1]
        self._problem: QLabel | None = None
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def problem(self) -> QLabel:
        """The line under the buttons; made when it is first wanted."""
        if self._problem is None:
            self._problem = label("", size=12, tone="red", wrap=True)
            self._problem.setParent(self)
            self._problem.hide()
        return self._problem

    def begin(self) -> None:
        """Take this way, as its first button does."""
        self._first()

    def choose(self, *, chosen: bool) -> None:
        """Show that Enter takes this way."""
        self.setProperty("chosen", "true" if chosen else "false")
        self.buttons[0].setProperty("kind", "primary" if chosen else "")
        if self.isVisible():  # else the first painting is still to come
            restyle(self)
            restyle(self.buttons[0])

    def complain(self, sentence: str) -> None:
        """Why this way did not work, under the card's buttons."""
        if sentence or self._problem is not None:
            self.problem.setText(sentence)
            self.problem.setVisible(bool(sentence))
            self.updateGeometry()
            self._place()

    def _head_height(self) -> int:
        return max(_ICON, self._title.height(self.width()), self._key.height(self.width()) + 2)

    def _problem_height(self, width: int) -> int:
        """Of the line and the gap above it; nothing where there is none."""
        said = self._problem is not None and not self._problem.isHidden()
        return self.problem.heightForWidth(width - 2 * _EDGE) + _GAP if said else 0

    def heightForWidth(self, width: int) -> int:
        """Heading, text, buttons, and the problem if there is one."""
        body = max(_BODY, self._body.height(width - 2 * _EDGE))
        return 2 * _TOP + self._head_height() + body + theme.BUTTON + 2 * _GAP + self._problem_height(width)

    def minimumSizeHint(self) -> QSize:
        """The heading, and the buttons with the note, must have their room."""
        head = _ICON + 2 * _HEAD_GAP + self._title.width + self._key.width + 2 * _KEY_PADDING
        ways = sum(one.sizeHint().width() + _GAP for one in self.buttons) - _GAP + _NOTE_GAP + self._note.width
        width = 2 * _EDGE + max(head, ways)
        return QSize(width, 2 * _TOP + self._head_height() + _BODY + theme.BUTTON + 2 * _GAP)

    def sizeHint(self) -> QSize:
        """As narrow as it may be."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons at the bottom."""
        self._place()

    def _place(self) -> None:
        problem, left = self._problem_height(self.width()), _EDGE
        whole = self.heightForWidth(self.width())
        bottom = max(self.height(), whole) - _TOP - problem  # in a window too small the text stays readable
        if problem:
            self.problem.setGeometry(_EDGE, bottom + _GAP, self.width() - 2 * _EDGE, problem - _GAP)
        for one in self.buttons:
            size = one.sizeHint()
            one.setGeometry(left, bottom - size.height(), size.width(), size.height())
            left += size.width() + _GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and what is written on it."""
        super().paintEvent(event)
        painter = QPainter(self)
        inside, head = self.width() - 2 * _EDGE, self._head_height()
        top = _TOP + (head - _ICON) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(_EDGE, top, icons.pixmap(self._icon, theme.tokens().accent, _ICON))
        self._title.paint(painter, QRect(_EDGE + _ICON + _HEAD_GAP, _TOP, inside, head))
        wide = self._key.width + 2 * _KEY_PADDING
        key = QRect(self.width() - _EDGE - wide, _TOP, wide, head)
        self._key.paint(painter, key.adjusted(_KEY_PADDING, 0, 0, 0))
        self._body.paint(painter, QRect(_EDGE, _TOP + head + _GAP, inside, self.height()))
        last = self.buttons[-1].geometry()
        self._note.paint(painter, QRect(last.right() + 1 + _NOTE_GAP, last.top(), inside, last.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink(painter, "line")
        painter.drawRoundedRect(QRectF(key).adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5)


class Promises(QFrame):
    """The dark side: name, and what the program promises."""

    _LEFT, _TOP, _RIGHT, _BOTTOM, _MARK = 36, 44, 24, 28, 44

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(theme.WELCOME_SIDE)
        name = written(_("Zhaoshang Ledger"), "rail_on", size=26, bold=True)
        line = written(_("The ledger of investment promotion in a district"), "rail_text", wrap=True)
        self._version = written(_("Version {version}", version=__version__), "rail_text", size=12)
        lines = [(22, name), (4, line)]  # each with the gap above it
        above = 36
        for title, body in _PROMISES:
            lines += [
                (above, written(title, "rail_on", bold=True)), (4, written(body, "rail_text", wrap=True)),
            ]  # fmt: skip
            above = 18
        inside = theme.WELCOME_SIDE - self._LEFT - self._RIGHT
        self._lines: list[tuple[QRect, Written]] = []
        y = self._TOP + self._MARK
        for gap, one in lines:
            self._lines.append((QRect(self._LEFT, y + gap, inside, one.height(inside)), one))
            y += gap + one.height(inside)
        self.setMinimumHeight(y + 22 + self._version.height(inside) + self._BOTTOM)
        self.setAccessibleName(name.text)
        self.setAccessibleDescription("\n".join(one.text for _gap, one in [*lines[1:], (0, self._version)]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, mark and texts."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self._LEFT, self._TOP, icons.pixmap("app", "", self._MARK))
        for box, one in self._lines:
            one.paint(painter, box)
        height = self._version.height(self.width())
        self._version.paint(painter, QRect(self._LEFT, self.height() - self._BOTTOM - height, self.width(), height))
