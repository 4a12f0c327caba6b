"""The report's PDF inside the window: pages under each other, drawn in the pool when they come into view."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from db.core.text import Text
from desktop.kit import theme
from desktop.kit.jobs import Jobs
from desktop.kit.pdf import draw_page
from desktop.overview.places import Spot

GAP = 14
KEPT_PAGES = 12
WIDEST = 1.25 * 96 / 72  # fitted to a wide desk, paper does not become larger than this


@dataclass(frozen=True)
class Pages:
    """A rendered report: file, sizes of pages in points, where the figures are, on which page a section begins.

    texts: the bands of sheets on which a paragraph stands, by its place. warning: what a person should know of the file.
    whole: whether it has every row of its lists.
    """

    path: Path
    sizes: tuple[tuple[float, float], ...]
    spots: tuple[Spot, ...] = ()
    starts: tuple[int, ...] = ()
    texts: tuple[Spot, ...] = ()
    warning: Text | None = None
    whole: bool = True


class PdfView(QAbstractScrollArea):
    """Tab goes from figure to figure, Enter picks; while Alt is held all of them are underlined.

    `turned` gives the page in view, `picked` a figure, `twice` the place of the paragraph that was clicked twice.
    """

    turned = Signal(int)
    picked = Signal(str)
    twice = Signal(str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._pages = Pages(Path(), ())
        self._pictures: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._round = 0
        self.zoom = 0.0  # 0: as wide as the window
        self.scale = 1.0  # logical pixels a point, of an upright page
        self._scales: list[float] = []  # of each page, and where its top is; the end is the last of the tops
        self._tops: list[float] = []
        self.marked = ""
        self._at = -1  # the spot that has the keyboard
        self._over: Spot | None = None
        self._underlined = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pages(self, pages: Pages) -> None:
        """Another report; the place in it stays."""
        self._pages = pages
        self._at, self._over = min(self._at, len(pages.spots) - 1), None
        self._pictures.clear()
        self._asked.clear()
        self._round += 1
        self._lay_out()
        self.viewport().update()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages.sizes)

    @property
    def page_in_view(self) -> int:
        """The page in the middle of the window, from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        return self._page_at(middle)

    def set_zoom(self, zoom: float) -> None:
        """1 is as on paper; 0 fits the width."""
        self.zoom = 0.0 if zoom == 0 else min(4.0, max(0.25, zoom))
        self._lay_out()
        self.viewport().update()

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if page < self.page_count:
            self.verticalScrollBar().setValue(int(self._tops[page]) - GAP // 2)

    def mark(self, figure: str) -> None:
        """Outline a figure wherever it stands."""
        self.marked = figure
        self.viewport().update()

    def show_place(self, place: str) -> bool:
        """Bring a paragraph into view; False where it is not on any page."""
        found = next((spot for spot in self._pages.texts if spot.figure == place), None)
        if found is not None:
            self._bring(found)
        return found is not None

    def underline(self, all_of_them: bool) -> None:
        """A line under every figure, or only under the one at the mouse."""
        self._underlined = all_of_them
        self.viewport().update()

    def _bring(self, spot: Spot) -> None:
        """Into view, where it is not: near the middle."""
        box = self._spot_box(spot, self._box(spot.page))
        high, bar = self.viewport().height(), self.verticalScrollBar()
        if box.top() < 0 or box.bottom() > high:
            bar.setValue(bar.value() + int(box.center().y() - high / 2 if box.height() < high else box.top() - GAP))

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab: the next figure, behind the last one the next part of the page."""
        to = self._at + (1 if following else -1)
        if not 0 <= to < len(self._pages.spots):
            return super().focusNextPrevChild(following)
        self._at = to
        self._bring(self._pages.spots[to])
        self.viewport().update()
        return True

    def _lay_out(self) -> None:
        """Once for all pages: a report may have thousands. Where the width is fitted, turned sheets are made smaller."""
        sizes, room = self._pages.sizes, self.viewport().width() - 2 * GAP
        if self.zoom:
            self.scale = self.zoom * 96 / 72
            self._scales = [self.scale] * len(sizes)
        else:
            self.scale = min(WIDEST, max(0.2, room / min((width for width, _height in sizes), default=595.0)))
            self._scales = [min(self.scale, max(0.2, room / width)) for width, _height in sizes]
        steps = (height * scale + GAP for (_width, height), scale in zip(sizes, self._scales, strict=True))
        self._tops = list(accumulate(steps, initial=float(GAP)))
        height = self._tops[-1] if sizes else 0
        widths = (width * scale for (width, _height), scale in zip(sizes, self._scales, strict=True))
        widest = max(widths, default=0.0) + 2 * GAP
        self.verticalScrollBar().setRange(0, max(0, int(height) - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(48)
        self.horizontalScrollBar().setRange(0, max(0, int(widest) - self.viewport().width()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())

    def _scrolled(self, value: int) -> None:
        self.turned.emit(self.page_in_view)
        self.viewport().update()

    def _page_at(self, height: float) -> int:
        return max(0, bisect_right(self._tops, height, hi=self.page_count) - 1)

    def _box(self, page: int) -> QRectF:
        width, height = (side * self._scales[page] for side in self._pages.sizes[page])
        left = max(float(GAP), (self.viewport().width() - width) / 2) - self.horizontalScrollBar().value()
        return QRectF(left, self._tops[page] - self.verticalScrollBar().value(), width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pages in view; a page that is not drawn yet is white paper."""
        of = theme.tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), of.color("desk"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        above = self.verticalScrollBar().value()
        for page in range(self._page_at(above), self.page_count):
            box = self._box(page)
            if box.top() > self.viewport().height():
                break
            painter.fillRect(box, Qt.GlobalColor.white)
            picture = self._picture(page)
            if picture is not None:
                painter.drawImage(box, picture)
            painter.setPen(QPen(of.color("line"), 1))
            painter.drawRect(box)
            self._draw_mark(painter, page, box)

    def _draw_mark(self, painter: QPainter, page: int, box: QRectF) -> None:
        ink = theme.LIGHT.color("accent")  # the paper is white in either look
        for at, spot in enumerate(self._pages.spots):
            if spot.page != page:
                continue
            place = self._spot_box(spot, box)
            if self._underlined or spot == self._over:
                painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
                painter.drawLine(place.bottomLeft(), place.bottomRight())
            own = at == self._at and self.hasFocus()
            if own or (self.marked and spot.figure == self.marked):
                painter.setPen(QPen(ink, 2.2 if own else 1.2))
                painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), 2, 2)

    def _spot_box(self, spot: Spot, page: QRectF) -> QRectF:
        left, top, right, bottom = (side * self._scales[spot.page] for side in spot.box)
        return QRectF(page.left() + left, page.top() + top, right - left, bottom - top)

    def _picture(self, page: int) -> QImage | None:
        dots = self._scales[page] * self.devicePixelRatioF()
        key = (page, round(dots * 1000))
        if key not in self._pictures and key not in self._asked:
            self._asked.add(key)
            this_round = self._round

            def drawn(image: QImage) -> None:
                if this_round == self._round:
                    self._pictures[key] = image
                    while len(self._pictures) > KEPT_PAGES:
                        gone, _image = self._pictures.popitem(last=False)
                        self._asked.discard(gone)
                    self.viewport().update()

            self._jobs.in_pool(self, draw_page(self._pages.path, page, dots), drawn)
        known = self._pictures.get(key)
        if known is None:  # the same page at another size, until it is drawn at this one
            known = next((image for (number, _dots), image in reversed(self._pictures.items()) if number == page), None)
        return known

    def _spot_at(self, place: QPointF) -> Spot | None:
        for spot in self._pages.spots:
            if self._spot_box(spot, self._box(spot.page)).adjusted(-2, -3, 2, 3).contains(place):
                return spot
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A figure that explains itself has a hand over it, and a line under it."""
        over = self._spot_at(event.position())
        if over != self._over:
            self._over = over
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.PointingHandCursor)
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a figure picks it."""
        spot = self._spot_at(event.position())
        if spot is not None:
            self._at = self._pages.spots.index(spot)
            self._pick(spot)

    def _pick(self, spot: Spot) -> None:
        self.mark(spot.figure)
        self.picked.emit(spot.figure)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice on a paragraph: change its text."""
        place = self.text_at(event.position())
        if place:
            self.twice.emit(place)

    def text_at(self, place: QPointF) -> str:
        """The paragraph that stands at a place of the view, "" where there is none."""
        for spot in self._pages.texts:
            if self._spot_box(spot, self._box(spot.page)).contains(place):
                return spot.figure
        return ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.scale * 72 / 96 * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1))
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages, plus and minus zoom."""
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_PageDown: bar.pageStep() - 40, Qt.Key.Key_PageUp: 40 - bar.pageStep()}
        key = Qt.Key(event.key())
        if key in steps:
            bar.setValue(bar.value() + steps[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if key == Qt.Key.Key_Home else bar.maximum())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            bar.setValue(bar.value() + (48 if key == Qt.Key.Key_Down else -48))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._at < len(self._pages.spots):
            self._pick(self._pages.spots[self._at])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.set_zoom(self.scale * 72 / 96 * (1 / 1.15 if key == Qt.Key.Key_Minus else 1.15))
        elif key == Qt.Key.Key_Alt:
            self.underline(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt is let go."""
        if event.key() == Qt.Key.Key_Alt:
            self.underline(False)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The figure that has the keyboard is outlined."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Alt may be let go elsewhere."""
        super().focusOutEvent(event)
        self.underline(False)

    def resizeEvent(self, event: object) -> None:
        """Where the width is fitted, the pages become wider."""
        self._lay_out()

    def sizeHint(self) -> QSize:
        """Half a sheet."""
        return QSize(640, 600)
