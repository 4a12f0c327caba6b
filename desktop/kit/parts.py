"""Small parts of every page: labels, buttons, tags, chips, switches, bars. What they look like is in window.qss.

What the first page needs names the enumerations of Qt's namespace as properties ("textFormat"): PySide makes all 140
classes of that namespace when Python first touches it, which is an eighth of a bare window's start. QStyle costs a
third of that. `tests/desktop/shell/test_start.py` watches over both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.core.text import Text
from desktop.kit import icons, theme
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

_Laid = TypeVar("_Laid", bound=QBoxLayout)


def label(text: Text | str = "", *, size: int = 13, bold: bool = False, tone: str = "", wrap: bool = False) -> QLabel:
    """A piece of text; tone is mute, faint, accent, red, amber or green."""
    made = QLabel(tr(text))
    made.setFont(theme.font(size, bold=bold))
    made.setProperty("textFormat", "PlainText")
    if tone:
        made.setProperty("tone", tone)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class ElidedLabel(QLabel):
    """One line that ends in … where it does not fit; the whole text is its tooltip then."""

    def __init__(self, text: Text | str = "", *, size: int = 13, bold: bool = False, tone: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setFont(theme.font(size, bold=bold))
        self.setProperty("textFormat", "PlainText")
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: Text | str) -> None:
        """Show another text."""
        self._whole = tr(text)
        self._fit()

    def _fit(self) -> None:
        width = max(self.width(), 8)
        metrics = QFontMetrics(self.font())
        shown = elided(metrics, self._whole, width)
        self.setText(shown)
        self.setToolTip("" if shown == self._whole else self._whole)

    def resizeEvent(self, event: object) -> None:
        """Fit the text anew."""
        self._fit()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """It may become very narrow."""
        return QSize(16, self.sizeHint().height())


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """The text, or what fits of it with … at the end."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    from PySide6.QtCore import Qt

    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def button(
    text: Text | str, on_click: Callable[[], object] | None = None, *, kind: str = "", small: bool = False,
    icon: str = "", tip: Text | str = "",
) -> QPushButton:  # fmt: skip
    """A button: kind is primary, link, danger or nothing. The label is a verb and its object."""
    made = QPushButton(tr(text))
    made.setFont(theme.font(13))
    if kind:
        made.setProperty("kind", kind)
    if small:
        made.setProperty("small", "true")  # not “size”, which every widget has of its own
    if icon:
        of = theme.tokens()
        made.setIcon(icons.icon(icon, of.on_accent if kind == "primary" else of.accent if kind == "link" else of.text))
    if tip:
        made.setToolTip(tr(tip))
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(False)
    return made


_TONES = {
    "red": ("red", "red_soft"), "amber": ("amber", "amber_soft"), "green": ("green", "green_soft"),
    "blue": ("accent", "accent_soft"), "grey": ("mute", "line2"),
}  # fmt: skip


class Tag(QWidget):
    """A word of 2—6 characters on soft ground; 18 high, radius 4."""

    def __init__(self, text: Text | str, tone: str = "grey") -> None:
        super().__init__()
        self._text, self._tone = tr(text), tone
        self.setFont(theme.font(12))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: Text | str, tone: str) -> None:
        """Another word, another tone."""
        self._text, self._tone = tr(text), tone
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """The word it shows."""
        return self._text

    def sizeHint(self) -> QSize:
        """The word and six pixels on either side."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._text) + 12, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and word."""
        painter = QPainter(self)
        draw_tag(painter, QRectF(self.rect()), self._text, self._tone)


def tag_width(text: str) -> int:
    """How wide a tag in a table is."""
    return QFontMetrics(theme.font(12)).horizontalAdvance(text) + 12


def draw_tag(painter: QPainter, box: QRectF, text: str, tone: str) -> None:
    """A tag as it is painted everywhere; a word for which there is no room ends in dots."""
    from PySide6.QtCore import Qt

    if box.width() < tag_width(text):
        text = QFontMetrics(theme.font(12)).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) - 8)
    ink, ground = _TONES[tone]
    of = theme.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(of.color(ground))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(of.color(ink))
    painter.setFont(theme.font(12))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class Segments(QWidget):
    """A switch between a few words. `chosen` gives the key."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, Text]], current: str) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = row_of(margins=(0, 0, 0, 0), gap=0, parent=self)
        for at, (key, text) in enumerate(choices):
            one = QPushButton(tr(text))
            one.setCheckable(True)
            one.setChecked(key == current)
            one.setAutoDefault(False)
            place = (
                "only" if len(choices) == 1 else "first" if at == 0 else "last" if at == len(choices) - 1 else "middle"
            )
            one.setProperty("segment", place)
            one.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(one)
            self.buttons[key] = one
            row.addWidget(one)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def choose(self, key: str) -> None:
        """Show that this one is chosen; tells nobody."""
        self.buttons[key].setChecked(True)


class Tabs(QWidget):
    """Words on one line, each with a count in it; `chosen` gives the key."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, Text]]) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = row_of(margins=(0, 0, 0, 0), gap=16, parent=self)
        for key, text in choices:
            one = QPushButton(tr(text))
            one.setCheckable(True)
            one.setAutoDefault(False)
            one.setProperty("tab", "true")
            one.setFont(theme.font(13))
            one.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(one)
            self.buttons[key] = one
            self._make_room(key)
            row.addWidget(one)
        row.addStretch(1)
        if self.buttons:
            next(iter(self.buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The key of the word that is chosen."""
        return next(key for key, one in self.buttons.items() if one.isChecked())

    def say(self, key: str, text: Text | str) -> None:
        """Another text of one tab."""
        self.buttons[key].setText(tr(text))
        self._make_room(key)

    def _make_room(self, key: str) -> None:
        """The chosen word is bold, and none moves when another is chosen."""
        one = self.buttons[key]
        one.setMinimumWidth(theme.metrics(13, bold=True).horizontalAdvance(one.text()) + 6)


def row_of(
    *parts: QWidget | int | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8,
    parent: QWidget | None = None,
) -> QHBoxLayout:  # fmt: skip
    """Parts side by side: a widget, a number for a gap, None for what stretches."""
    return _laid(QHBoxLayout(parent) if parent is not None else QHBoxLayout(), parts, margins, gap)


def column_of(
    *parts: QWidget | int | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8,
    parent: QWidget | None = None,
) -> QVBoxLayout:  # fmt: skip
    """Parts under each other, as in `row_of`."""
    return _laid(QVBoxLayout(parent) if parent is not None else QVBoxLayout(), parts, margins, gap)


def _laid(layout: _Laid, parts: Sequence[QWidget | int | None], margins: tuple[int, int, int, int], gap: int) -> _Laid:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)
    return layout


def bar(
    kind: str, height: int, *parts: QWidget | int | None, margins: tuple[int, int, int, int] = (16, 0, 16, 0)
) -> QFrame:
    """A bar of a page: top, filter, bottom or head."""
    made = QFrame()
    made.setProperty("bar", kind)
    made.setFixedHeight(height)
    row_of(*parts, margins=margins, parent=made)
    return made


def panel(kind: str = "panel", layout: QLayout | None = None) -> QFrame:
    """A box on the page: panel or card."""
    made = QFrame()
    made.setProperty("box", kind)
    if layout is not None:
        made.setLayout(layout)
    return made


def scrolled(inner: QWidget | QLayout) -> QScrollArea:
    """A part, or what a layout arranges, that is scrolled down where it needs more room than it has; never sideways."""
    if isinstance(inner, QLayout):
        held = QWidget()
        held.setLayout(inner)
        inner = held
    inner.setProperty("clear", "true")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setProperty("horizontalScrollBarPolicy", "ScrollBarAlwaysOff")
    area.setWidget(inner)
    return area


def restyle(widget: QWidget) -> None:
    """Let a changed property take its colours."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            clear(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Chips(QWidget):
    """A few words of which at most one is chosen."""

    def __init__(self, texts: Sequence[Text]) -> None:
        super().__init__()
        self._texts = texts
        row = row_of(gap=6, parent=self)
        self.chips = []
        for text in texts:
            chip = button(text)
            chip.setCheckable(True)
            chip.setProperty("chip", "add")
            chip.toggled.connect(self._toggled)
            self.chips.append(chip)
            row.addWidget(chip)
        row.addStretch(1)

    def _toggled(self, on: bool) -> None:
        for one in self.chips:
            if on and one is not self.sender():
                one.setChecked(False)
            one.setProperty("chip", "chosen" if one.isChecked() else "add")
            restyle(one)

    @property
    def chosen(self) -> Text | None:
        """The chosen one."""
        return next((text for text, one in zip(self._texts, self.chips, strict=True) if one.isChecked()), None)


def is_ctrl_enter(event: QKeyEvent) -> bool:
    """Whether a key says that what was typed is to be taken."""
    from PySide6.QtCore import Qt

    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
