"""One column of a board: its heading, and its cards, of which only those that can be seen are drawn and asked for.

What a card looks like and how high it is says the board (`CardBoard`), and so what stands at the right of a heading.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QSizePolicy, QToolTip, QWidget

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import column_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.card_board import CardBoard

GAP = 8
FOLDED = 34
HEAD = 38
PART = 50
_WIDEST = 420
_MORE = 36
_LEFT, _RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter) for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class LaneColumn(QFrame):
    """A column. An empty one is a strip until it is unfolded, and so is one that is folded for good (`folds`).

    count: how many records are in it, of which `ids` are known. numbers: (text, size, tone) at the right of its heading,
    the rightmost first.
    """

    wanted = Signal()
    pressed = Signal(int)
    clicked = Signal(int)
    opened = Signal(int)
    carried = Signal(object, QPoint)
    dropped = Signal(QPoint)

    turned = Signal()
    further = Signal()

    def __init__(self, board: CardBoard, key: str, label: Text) -> None:
        super().__init__()
        self.board, self.key, self.label = board, key, label
        self.high = board.card_height
        self.ids: array[int] = array("q")
        self.count = 0
        self.numbers: Sequence[tuple[str, int, str]] = ()
        self.shown = 0
        self.folds = False
        self.unfolded = False
        self._chosen = False
        self._cards: dict[int, Any] = {}
        self.body = _Cards(self)
        lines = column_of(gap=0, parent=self)
        self.head = _Head(self)
        lines.addWidget(self.head)
        lines.addWidget(self.body, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    @property
    def folded(self) -> bool:
        """Whether it is a strip."""
        return (self.folds or not self.ids) and not self.unfolded

    @property
    def turns(self) -> bool:
        """Whether a click on its heading folds or unfolds it."""
        return self.folds or not self.ids

    def show_ids(self, ids: array[int], count: int | None = None) -> None:
        """Other records; how many of them are shown stays. count: of all, where not all are known."""
        self.ids, self.count = ids, len(ids) if count is None else count
        self.shown = min(len(self.ids), max(PART, self.shown))
        self._cards.clear()
        self.adapt()

    def adapt(self) -> None:
        """As wide as it is to be now."""
        folded = self.folded
        self.body.setVisible(not folded)
        self.setMinimumWidth(FOLDED if folded else self.board.lane_narrowest)
        self.setMaximumWidth(FOLDED if folded else _WIDEST)
        self.head.setFixedHeight(HEAD) if not folded else self.head.setMaximumHeight(16_777_215)
        self.head.setMinimumHeight(HEAD)
        self.head.setFocusPolicy(Qt.FocusPolicy.TabFocus if folded else Qt.FocusPolicy.NoFocus)
        self.head.setAccessibleName(self.said_heading())
        self.body.setAccessibleName(self.said_heading())
        self.body.measure()
        self.head.update()

    def unfold(self) -> None:
        """Show it though it is a strip, or fold it again."""
        self.unfolded = not self.unfolded
        self.adapt()
        self.turned.emit()

    def show_more(self) -> None:
        """The next cards, in their place; `further` where more of them must be known first."""
        if self.shown == len(self.ids):
            self.further.emit()
            return
        self.shown = min(len(self.ids), self.shown + PART)
        self.body.measure()
        self.wanted.emit()

    @property
    def rest(self) -> int:
        """How many records are not shown yet."""
        return self.count - self.shown

    def place_of(self, number: int) -> int | None:
        """Where a record stands in the column; it is shown then."""
        try:
            place = self.ids.index(number)
        except ValueError:
            return None
        while place >= self.shown:
            self.shown = min(len(self.ids), self.shown + PART)
        self.body.measure()
        return place

    def reveal(self, place: int) -> None:
        """Scroll to a card."""
        bar, top = self.body.verticalScrollBar(), place * (self.high + GAP)
        high = self.body.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + self.high + 2 * GAP > bar.value() + high:
            bar.setValue(top + self.high + 2 * GAP - high)
        self.wanted.emit()

    def missing(self) -> list[int]:
        """The records one looks at whose cards are not here."""
        return [] if self.folded else [self.ids[at] for at in self.body.visible() if self.ids[at] not in self._cards]

    def take(self, found: Sequence[Any]) -> None:
        """Cards came; each has its `id`."""
        for one in found:
            self._cards[one.id] = one
        self.body.viewport().update()

    def card(self, place: int) -> Any:
        """The card at a place, None while it is not here."""
        return self._cards.get(self.ids[place])

    def mark(self, *, chosen: bool) -> None:
        """Whether a card would be dropped here."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()
            self.body.viewport().update()

    @property
    def is_target(self) -> bool:
        """Whether a card would be dropped here."""
        return self._chosen

    def let_go(self) -> None:
        """The mouse carries nothing any more."""
        self.body.let_go()

    def said_heading(self) -> str:
        """The heading in words."""
        numbers = " ".join(text for text, _size, _tone in reversed(self.numbers))
        return " · ".join(part for part in (f"{tr(self.label)} {self.count:,}", numbers) if part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the column."""
        of = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(of.color("accent" if self._chosen else "line"))
        painter.setBrush(of.color("panel" if self.folded else "accent_soft" if self._chosen else "line2"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class _Head(QWidget):
    """Name, count and numbers; of a folded column the whole strip."""

    def __init__(self, lane: LaneColumn) -> None:
        super().__init__()
        self._lane = lane
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line, or the words below each other."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._lane.folded:
            self._paint_strip(painter)
        else:
            self._paint_line(painter)

    def _paint_line(self, painter: QPainter) -> None:
        of, lane = theme.tokens(), self._lane
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, 8)
        painter.save()
        painter.setClipRect(self.rect())
        painter.setPen(of.color("accent" if lane.is_target else "line"))
        painter.setBrush(of.color("panel"))
        painter.drawRoundedRect(box, 8, 8)
        painter.drawLine(QPointF(0, self.height() - 0.5), QPointF(self.width(), self.height() - 0.5))
        painter.restore()
        right = self.width() - 10
        for text, size, tone in lane.numbers:
            right = _right(painter, right, self.height(), text, size, tone=tone) - 4
        right -= 4
        name = tr(lane.label)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(of.color("text"))
        room = right - 10
        wide = min(theme.metrics(13, bold=True).horizontalAdvance(name), room)
        shown = theme.metrics(13, bold=True).elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(10, 0, wide + 2, self.height()), _LEFT, shown)
        count = f"{lane.count:,}"
        painter.setFont(theme.font(12))
        painter.setPen(of.color("mute"))
        left = 10 + wide + 8
        if left + theme.metrics(12).horizontalAdvance(count) <= right:
            painter.drawText(QRect(left, 0, right - left, self.height()), _LEFT, count)

    def _paint_strip(self, painter: QPainter) -> None:
        of, lane = theme.tokens(), self._lane
        icons.draw(painter, "right", QRectF(self.width() / 2 - 4, 17, 8, 8), of.mute)
        painter.setFont(theme.font(12))
        painter.setPen(of.color("text"))
        name = tr(lane.label)
        y = 38
        if name.isascii():  # letters are read sideways, Chinese from the top down
            painter.save()
            painter.translate(self.width() / 2 + 5, y)
            painter.rotate(90)
            painter.drawText(QPointF(0, 9), name)
            painter.restore()
            y += theme.metrics(12).horizontalAdvance(name) + 8
        else:
            for sign in name:
                painter.drawText(QRect(0, y, self.width(), 18), int(Qt.AlignmentFlag.AlignCenter), sign)
                y += 18
            y += 6
        painter.setPen(of.color("faint"))
        painter.drawText(QRect(0, y, self.width(), 18), int(Qt.AlignmentFlag.AlignCenter), f"{lane.count:,}")
        if self.hasFocus():
            painter.setPen(of.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A strip unfolds, and folds again."""
        if self._lane.turns:
            self._lane.unfold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._lane.turns:
            self._lane.unfold()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as a heading."""
        return QSize(self._lane.board.lane_narrowest, HEAD)


def _right(painter: QPainter, right: int, height: int, text: str, size: int, *, tone: str) -> int:
    """Text that ends at `right`; where it begins."""
    width = theme.metrics(size).horizontalAdvance(text)
    painter.setFont(theme.font(size))
    painter.setPen(theme.tokens().color(tone))
    painter.drawText(QRect(right - width - 1, 0, width + 2, height), _RIGHT, text)
    return right - width


class _Cards(QAbstractScrollArea):
    """The cards below each other."""

    def __init__(self, lane: LaneColumn) -> None:
        super().__init__()
        self._lane = lane
        self._pressed: tuple[QPoint, int] | None = None
        self._carries = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(lane.high + GAP)
        self.verticalScrollBar().valueChanged.connect(lambda _value: lane.wanted.emit())
        self.setMinimumHeight(0)

    def measure(self) -> None:
        """How far one can scroll."""
        bar, lane = self.verticalScrollBar(), self._lane
        whole = GAP + lane.shown * (lane.high + GAP) + (_MORE if lane.rest else 0)
        bar.setRange(0, max(0, whole - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer cards can be seen."""
        self.measure()
        self._lane.wanted.emit()

    def visible(self) -> range:
        """The places one looks at, and a few before and after."""
        top = self.verticalScrollBar().value()
        first = max(0, (top - GAP) // (self._lane.high + GAP) - 4)
        last = (top + self.viewport().height()) // (self._lane.high + GAP) + 5
        return range(first, min(self._lane.shown, last))

    def _width(self) -> int:
        return self.viewport().width() - GAP - (0 if self.verticalScrollBar().isVisible() else GAP)

    def box(self, place: int) -> QRect:
        """Where a card is drawn."""
        top = GAP + place * (self._lane.high + GAP) - self.verticalScrollBar().value()
        return QRect(GAP, top, self._width(), self._lane.high)

    def more_box(self) -> QRect:
        """Where “N more” stands."""
        top = GAP + self._lane.shown * (self._lane.high + GAP) - self.verticalScrollBar().value()
        return QRect(GAP, top, self._width(), _MORE - GAP)

    def place_at(self, where: QPoint) -> int | None:
        """The card under the mouse."""
        place = (where.y() + self.verticalScrollBar().value() - GAP) // (self._lane.high + GAP)
        inside = 0 <= place < self._lane.shown and self.box(place).contains(where)
        return place if inside else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards that can be seen."""
        painter = QPainter(self.viewport())
        lane, board = self._lane, self._lane.board
        for place in self.visible():
            box, card = self.box(place), lane.card(place)
            if box.bottom() < 0 or box.top() > self.viewport().height():
                continue
            number = lane.ids[place]
            if board.dragged is not None and board.dragged.id == number:
                painter.setOpacity(0.35)
            chosen = number == board.current
            board.draw_card(painter, box, card, chosen=chosen, ring=chosen and board.hasFocus())
            painter.setOpacity(1.0)
        if lane.rest:
            painter.setFont(theme.font(12))
            painter.setPen(theme.tokens().color("accent"))
            text, box = tr(_("{count} more", count=f"{lane.rest:,}")), self.more_box()
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
            left = box.center().x() + theme.metrics(12).horizontalAdvance(text) / 2 + 5
            icons.draw(painter, "down", QRectF(left, box.center().y() - 3, 8, 8), theme.tokens().accent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a card, or show more of them."""
        where = event.position().toPoint()
        place = self.place_at(where)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if place is not None:
            self._pressed = (where, place)
            self._lane.pressed.emit(self._lane.ids[place])
        elif self._lane.rest and self.more_box().contains(where):
            self._lane.show_more()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A card comes along with the mouse; a long name is told while it rests."""
        where = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._tell(where, event.globalPosition().toPoint())
            return
        far = (where - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance()
        card = self._lane.card(self._pressed[1])
        if (far or self._carries) and card is not None:
            self._carries = True
            self._lane.carried.emit(card, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The card is dropped, or it was only clicked."""
        pressed, carried, self._pressed, self._carries = self._pressed, self._carries, None, False
        if carried:
            self._lane.dropped.emit(event.globalPosition().toPoint())
        elif pressed is not None:
            self._lane.clicked.emit(self._lane.ids[pressed[1]])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the record in full."""
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self._lane.opened.emit(self._lane.ids[place])

    def let_go(self) -> None:
        """Nothing is carried any more."""
        self._pressed, self._carries = None, False

    def _tell(self, where: QPoint, on_screen: QPoint) -> None:
        place = self.place_at(where)
        card = self._lane.card(place) if place is not None else None
        said = self._lane.board.tip(card, self._width() - 20) if card is not None else ""
        if said:
            QToolTip.showText(on_screen, said, self)
        else:
            QToolTip.hideText()
