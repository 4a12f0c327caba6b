"""One column of the board: its heading, and its cards, of which only those that can be seen are drawn and asked for."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QSizePolicy, QToolTip, QWidget

from db.core.text import Text, _
from desktop.kit import icons, projector, theme
from desktop.kit.columns import large_amount
from desktop.kit.parts import column_of, draw_tag, tag_width
from desktop.kit.words import tr
from desktop.projects.ledger import STATUS_TONES

if TYPE_CHECKING:
    from db.projects.flow import Card, Lane
    from desktop.projects.board import BoardView

CARD, GAP = 76, 8
FOLDED = 34
HEAD = 38
PART = 50
_NARROWEST, _WIDEST = 176, 420
_MORE = 36
_LEFT, _RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter) for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class LaneColumn(QFrame):
    """A stage. An empty one is a strip until it is unfolded."""

    wanted = Signal()
    pressed = Signal(int)
    opened = Signal(int)
    carried = Signal(object, QPoint)
    dropped = Signal(QPoint)

    def __init__(self, board: BoardView, stage: str) -> None:
        super().__init__()
        from db.projects.stages import stages

        self.board, self.stage = board, stage
        self.label: Text = stages()[stage].label
        self.ids: array[int] = array("q")
        self.total: int | None = None
        self.shown = 0
        self.unfolded = False
        self._chosen = False
        self._cards: dict[int, Card] = {}
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
        return not self.ids and not self.unfolded

    def show_lane(self, lane: Lane) -> None:
        """Other projects; how many of them are shown stays."""
        self.ids, self.total = lane.ids, lane.total
        self.shown = min(len(self.ids), max(PART, self.shown))
        self._cards.clear()
        self.adapt()

    def adapt(self) -> None:
        """As wide as it is to be now."""
        folded = self.folded
        self.body.setVisible(not folded)
        self.setMinimumWidth(FOLDED if folded else _NARROWEST)
        self.setMaximumWidth(FOLDED if folded else _WIDEST)
        self.head.setFixedHeight(HEAD) if not folded else self.head.setMaximumHeight(16_777_215)
        self.head.setMinimumHeight(HEAD)
        self.head.setFocusPolicy(Qt.FocusPolicy.TabFocus if folded else Qt.FocusPolicy.NoFocus)
        self.head.setAccessibleName(self.said_heading())
        self.body.setAccessibleName(self.said_heading())
        self.body.measure()
        self.head.update()

    def unfold(self) -> None:
        """Show it though it is empty, or fold it again."""
        self.unfolded = not self.unfolded
        self.adapt()

    def show_more(self) -> None:
        """The next cards, in their place."""
        self.shown = min(len(self.ids), self.shown + PART)
        self.body.measure()
        self.wanted.emit()

    @property
    def rest(self) -> int:
        """How many projects are not shown yet."""
        return len(self.ids) - self.shown

    def place_of(self, number: int) -> int | None:
        """Where a project stands in the column; it is shown then."""
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
        bar, top = self.body.verticalScrollBar(), place * (CARD + GAP)
        high = self.body.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + CARD + 2 * GAP > bar.value() + high:
            bar.setValue(top + CARD + 2 * GAP - high)
        self.wanted.emit()

    def missing(self) -> list[int]:
        """The projects one looks at whose cards are not here."""
        return [] if self.folded else [self.ids[at] for at in self.body.visible() if self.ids[at] not in self._cards]

    def take(self, found: Sequence[Card]) -> None:
        """Cards came."""
        for one in found:
            self._cards[one.id] = one
        self.body.viewport().update()

    def card(self, place: int) -> Card | None:
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
        amount, unit = large_amount(self.total or 0)
        return tr(
            _(
                "{what}: {count} · {amount} {unit}",
                what=self.label,
                count=f"{len(self.ids):,}",
                amount=amount,
                unit=unit,
            )
        )

    def said(self, card: Card) -> str:
        """A card in words."""
        parts = [projector.covered(card.name), tr(self.label), _money(card), card.leader or "", said_days(card)]
        return " · ".join(part for part in parts if part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the column."""
        of = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(of.color("accent" if self._chosen else "line"))
        painter.setBrush(of.color("panel" if self.folded else "accent_soft" if self._chosen else "line2"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class _Head(QWidget):
    """Stage, count and sum; of a folded column the whole strip."""

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
        amount, unit = large_amount(lane.total or 0)
        right = self.width() - 10
        right = _right(painter, right, self.height(), unit, 12, tone="mute") - 4
        right = _right(painter, right, self.height(), amount, 13, tone="text") - 8
        name = tr(lane.label)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(of.color("text"))
        room = right - 10
        wide = min(theme.metrics(13, bold=True).horizontalAdvance(name), room)
        shown = theme.metrics(13, bold=True).elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(10, 0, wide + 2, self.height()), _LEFT, shown)
        count = f"{len(lane.ids):,}"
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
        painter.drawText(QRect(0, y, self.width(), 18), int(Qt.AlignmentFlag.AlignCenter), f"{len(lane.ids):,}")
        if self.hasFocus():
            painter.setPen(of.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """An empty column unfolds and folds."""
        if not self._lane.ids:
            self._lane.unfold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not self._lane.ids:
            self._lane.unfold()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as a heading."""
        return QSize(_NARROWEST, HEAD)


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
        self.verticalScrollBar().setSingleStep(CARD + GAP)
        self.verticalScrollBar().valueChanged.connect(lambda _value: lane.wanted.emit())
        self.setMinimumHeight(0)

    def measure(self) -> None:
        """How far one can scroll."""
        bar, lane = self.verticalScrollBar(), self._lane
        whole = GAP + lane.shown * (CARD + GAP) + (_MORE if lane.rest else 0)
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
        first = max(0, (top - GAP) // (CARD + GAP) - 4)
        last = (top + self.viewport().height()) // (CARD + GAP) + 5
        return range(first, min(self._lane.shown, last))

    def _width(self) -> int:
        return self.viewport().width() - GAP - (0 if self.verticalScrollBar().isVisible() else GAP)

    def box(self, place: int) -> QRect:
        """Where a card is drawn."""
        top = GAP + place * (CARD + GAP) - self.verticalScrollBar().value()
        return QRect(GAP, top, self._width(), CARD)

    def more_box(self) -> QRect:
        """Where “N more” stands."""
        top = GAP + self._lane.shown * (CARD + GAP) - self.verticalScrollBar().value()
        return QRect(GAP, top, self._width(), _MORE - GAP)

    def place_at(self, where: QPoint) -> int | None:
        """The card under the mouse."""
        place = (where.y() + self.verticalScrollBar().value() - GAP) // (CARD + GAP)
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
            paint_card(painter, box, card, chosen=chosen, ring=chosen and board.hasFocus())
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
        """The card is dropped."""
        carried, self._pressed, self._carries = self._carries, None, False
        if carried:
            self._lane.dropped.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the project in full."""
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self._lane.opened.emit(self._lane.ids[place])

    def let_go(self) -> None:
        """Nothing is carried any more."""
        self._pressed, self._carries = None, False

    def _tell(self, where: QPoint, on_screen: QPoint) -> None:
        place = self.place_at(where)
        card = self._lane.card(place) if place is not None else None
        room = self._width() - 20
        if card is not None and theme.metrics(13).horizontalAdvance(projector.covered(card.name)) > room:
            QToolTip.showText(on_screen, projector.covered(card.name), self)
        else:
            QToolTip.hideText()


def paint_card(painter: QPainter, box: QRect, card: Card | None, *, chosen: bool, ring: bool) -> None:
    """Name; status or place, and amount; leader, and days in the stage."""
    of = theme.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(of.color("accent" if chosen else "line"))
    painter.setBrush(of.color("sel" if chosen else "panel"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
    if card is not None:
        inner = box.adjusted(10, 7, -10, -7)
        _words(
            painter, QRect(inner.left(), inner.top(), inner.width(), 20), projector.covered(card.name), 13, tone="text"
        )
        _second_line(painter, QRect(inner.left(), inner.top() + 21, inner.width(), 20), card, chosen=chosen)
        third = QRect(inner.left(), inner.top() + 42, inner.width(), 20)
        days = said_days(card)
        room = third.width() - theme.metrics(12).horizontalAdvance(days) - 8
        _words(painter, third, days, 12, tone="mute", right=True)
        _words(painter, QRect(third.left(), third.top(), room, 20), card.leader or "", 12, tone="mute")
    painter.restore()


def _second_line(painter: QPainter, line: QRect, card: Card, *, chosen: bool) -> None:
    amount, unit = _money(card).split(" ", 1) if card.amount is not None else ("—", "")
    wide = theme.metrics(12).horizontalAdvance(unit)
    _words(painter, line, unit, 12, tone="mute", right=True)
    number = line.adjusted(0, 0, -wide - 4 if unit else 0, 0)
    _words(painter, number, amount, 13, tone="text" if card.amount is not None else "faint", right=True)
    room = number.width() - theme.metrics(13).horizontalAdvance(amount) - 8
    if card.status != "active":
        from db.projects.models import STATUS

        word = tr(STATUS.label(card.status))
        box = QRectF(line.left(), line.top() + 1, tag_width(word), 18)
        draw_tag(painter, box, word, STATUS_TONES.get(card.status, "grey"))
    else:
        _words(
            painter, QRect(line.left(), line.top(), room, 20), card.street or "", 12, tone="mute" if chosen else "faint"
        )


def _words(painter: QPainter, box: QRect, text: str, size: int, *, tone: str, right: bool = False) -> None:
    painter.setFont(theme.font(size))
    painter.setPen(theme.tokens().color(tone))
    shown = theme.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _RIGHT if right else _LEFT, shown)


def _money(card: Card) -> str:
    return "" if card.amount is None else " ".join(large_amount(card.amount))


def said_days(card: Card) -> str:
    """How long it has been at its stage."""
    if card.days is None:
        return tr(_("day not known"))
    return tr(_("{count} days in this stage", count=f"{card.days:,}"))
