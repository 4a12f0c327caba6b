"""The list under the palette's field: sections with a heading, hits with what was matched in bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from db.core.text import _
from desktop.kit import icons, projector, theme
from desktop.kit.columns import large_amount
from desktop.kit.words import tr
from desktop.shell.looking import Offer, Section

ROW, HEADING = 36, 28
IN_VIEW = 10
_LEFT, _TEXT_AT = 18, 43
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


@dataclass(frozen=True)
class Item:
    """One line of the list: a heading, or an offer of this section."""

    section: Section
    offer: Offer | None = None


def _covered(offer: Offer) -> Offer:
    """As it may be seen: no telephone number in a name while the screen is projected."""
    if offer.kind != "record" or not projector.on():
        return offer
    title = projector.covered(offer.title)
    details = tuple(projector.covered(tr(one)) for one in offer.details)
    return replace(offer, title=title, details=details, spans=offer.spans if title == offer.title else ())


def details_of(offer: Offer) -> str:
    """What stands beside the name."""
    return tr(offer.why) if offer.why else " · ".join(tr(one) for one in offer.details)


def right_of(offer: Offer) -> str:
    """What stands at the right: an amount, or how many projects."""
    if offer.amount is not None:
        return " ".join(large_amount(offer.amount))
    return tr(_("Projects: {count}", count=offer.count)) if offer.count else ""


class Items(QAbstractListModel):
    """The lines as a model, so that they are spoken as well as painted."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.items = []
        for section in sections:
            self.items.append(Item(section))
            self.items += [Item(section, _covered(offer)) for offer in section.offers]
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many lines, headings among them."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is spoken of a line."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        item = self.items[index.row()]
        if item.offer is None:
            return heading(item.section) if role != Qt.ItemDataRole.ToolTipRole else None
        return ", ".join(part for part in (item.offer.title, details_of(item.offer), right_of(item.offer)) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if self.items[index.row()].offer is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def heading(section: Section) -> str:
    """The section's name and how many hits it has."""
    return f"{tr(section.label)}  {section.total}{'+' if section.more else ''}"


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.model().items[index.row()]  # type: ignore[attr-defined]
        return QSize(100, HEADING if item.offer is None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.model().items[index.row()]  # type: ignore[attr-defined]
        of, place = theme.tokens(), option.rect  # type: ignore[attr-defined]
        if item.offer is None:
            painter.setFont(theme.font(12))
            painter.setPen(of.color("mute"))
            inside = place.adjusted(_LEFT, 0, -_LEFT, 0)
            painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, heading(item.section))
            return
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(place, of.color("sel"))
            painter.fillRect(QRect(place.left(), place.top(), 3, place.height()), of.color("accent"))
        paint_offer(painter, place, item.offer)


def paint_offer(painter: QPainter, place: QRect, offer: Offer) -> None:
    """Icon, name with its hits, what tells it apart, and at the right what it amounts to."""
    of = theme.tokens()
    ink = "mute" if offer.why else "text"
    drawn = icons.pixmap(offer.icon, of.faint if offer.why else of.mute)
    painter.drawPixmap(QRect(place.left() + _LEFT, place.center().y() - 7, 16, 16), drawn)
    right = place.right() - _LEFT
    said = right_of(offer)
    if said:
        small = theme.metrics(12)
        width = small.horizontalAdvance(said)
        painter.setFont(theme.font(12))
        painter.setPen(of.color("mute"))
        painter.drawText(
            QRect(right - width, place.top(), width + 2, place.height()), Qt.AlignmentFlag.AlignVCenter, said
        )
        right -= width + 16
    at = _paint_title(
        painter, QRect(place.left() + _TEXT_AT, place.top(), right - place.left() - _TEXT_AT, ROW), offer, ink
    )
    more = details_of(offer)
    if more and right - at > 40:
        painter.setFont(theme.font(12))
        painter.setPen(of.color("mute"))
        room = QRect(at + 10, place.top(), right - at - 10, place.height())
        fitting = theme.metrics(12).elidedText(more, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fitting)


def _paint_title(painter: QPainter, room: QRect, offer: Offer, ink: str) -> int:
    """The name, its hits bold and in accent; where it ends."""
    of, at = theme.tokens(), room.left()
    for text, hit in _pieces(offer):
        face, metrics = theme.font(13, bold=hit), theme.metrics(13, bold=hit)
        left = room.right() - at
        if left < 12:
            break
        fitting = _fitting(metrics, text, left)
        painter.setFont(face)
        painter.setPen(of.color("accent" if hit else ink))
        width = metrics.horizontalAdvance(fitting)
        painter.drawText(QRect(at, room.top(), width + 2, room.height()), Qt.AlignmentFlag.AlignVCenter, fitting)
        at += width
        if fitting != text:
            break
    return at


def _fitting(metrics: QFontMetrics, text: str, width: int) -> str:
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def _pieces(offer: Offer) -> list[tuple[str, bool]]:
    pieces, at = [], 0
    for start, stop in offer.spans:
        pieces += [(offer.title[at:start], False), (offer.title[start:stop], True)]
        at = stop
    pieces.append((offer.title[at:], False))
    return [(text, hit) for text, hit in pieces if text]


def _height(items: Sequence[Item]) -> int:
    """Of the first ten hits and the headings before them."""
    height, hits = 0, 0
    for item in items:
        if hits == IN_VIEW:
            break
        height += HEADING if item.offer is None else ROW
        hits += item.offer is not None
    return height


class HitList(QListView):
    """The list; the field keeps the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.found = Items()
        self.setModel(self.found)
        self.setItemDelegate(_Painter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr(_("What was found")))

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Other lines, the first hit chosen, the list as high as it has to be."""
        self.found.show_sections(sections)
        self.setFixedHeight(_height(self.found.items))
        self.scrollToTop()
        self.step(0)

    def shrink(self, height: int) -> None:
        """No higher than this, in a low window."""
        self.setFixedHeight(min(self.height(), max(height, ROW)))

    @property
    def item(self) -> Item | None:
        """The line that is chosen."""
        row = self.currentIndex().row()
        return self.found.items[row] if 0 <= row < len(self.found.items) else None

    def keep(self, offer: Offer) -> None:
        """Choose this offer, where it is still among the hits."""
        for row, item in enumerate(self.found.items):
            if item.offer is not None and (item.offer.kind, item.offer.key, item.offer.record) == (
                offer.kind, offer.key, offer.record,
            ):  # fmt: skip
                self.setCurrentIndex(self.found.index(row, 0))

    def step(self, way: int) -> None:
        """Choose the next hit (1), the one before (-1), the first (0); from the last to the first."""
        rows = [at for at, item in enumerate(self.found.items) if item.offer is not None]
        if not rows:
            return
        now = self.currentIndex().row()
        at = (rows.index(now) + way) % len(rows) if way and now in rows else 0
        self.setCurrentIndex(self.found.index(rows[at], 0))
        if at == 0:
            self.scrollToTop()  # its heading is seen, too
