"""Texts that a widget paints on itself: a page with many of them comes up sooner than with a label for each."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from db.core.text import Text
from desktop.kit import theme
from desktop.kit.words import language, tr

# Left in the middle of a line; left from the top; wrapped. As numbers: see desktop/kit/parts.py on Qt's namespace.
_MIDDLE, _TOP, _WRAPPED = 0x0081, 0x0021, 0x1021
_HIGH = 2000  # pixels that no text needs


class Written(NamedTuple):
    """A text as it is painted; `tone` is a colour of the theme. A line, or wrapped to the width it is given."""

    text: str
    tone: str
    size: int = 13
    bold: bool = False
    wrap: bool = False

    @property
    def width(self) -> int:
        """Of the whole text in one line, in pixels."""
        return _room(self, _HIGH, language()).width()

    def height(self, width: int) -> int:
        """Of its lines in this width, in pixels."""
        return _room(self, width if self.wrap else _HIGH, language()).height()

    def paint(self, painter: QPainter, box: QRect) -> None:
        """Write it into a box: a line in the middle of its height, a wrapped text from its top."""
        ink(painter, self.tone)
        painter.setFont(theme.font(self.size, bold=self.bold))
        painter.drawText(box, _WRAPPED if self.wrap else _MIDDLE, self.text)


@lru_cache(256)
def _room(text: Written, width: int, lang: str) -> QRect:
    """Asked many times while a page finds its layout; `lang` is part of the face (desktop/kit/theme.py)."""
    flags = _WRAPPED if text.wrap else _TOP
    return theme.metrics(text.size, bold=text.bold).boundingRect(QRect(0, 0, width, _HIGH), flags, text.text)


def written(text: Text, tone: str, *, size: int = 13, bold: bool = False, wrap: bool = False) -> Written:
    """A sentence as this window says it."""
    return Written(tr(text), tone, size, bold, wrap)


def ink(painter: QPainter, tone: str) -> None:
    """A pen in a colour of the theme, without `setPen`, which needs Qt's namespace (an eighth of a bare window's start)."""
    _holder(str(getattr(theme.tokens(), tone))).initPainter(painter)


@cache
def _holder(color: str) -> QWidget:
    """A widget that is never shown: painters that begin as its own have this colour."""
    made, colors = QWidget(), QPalette()
    colors.setColor(QPalette.ColorRole.WindowText, QColor(color))
    made.setPalette(colors)
    return made
