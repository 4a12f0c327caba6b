"""What an attachment looks like, inside the window: a picture, the pages of a PDF, the beginning of a text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea, QStackedWidget, QWidget

from db.core.progress import Progress
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.jobs import Jobs
from desktop.kit.parts import ElidedLabel, bar, button, column_of, label
from desktop.kit.pdf import draw_page, sizes_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.book import Book

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"))
TEXTS = frozenset((".txt", ".md", ".csv", ".json", ".log", ".xml", ".ini"))
_MOST_PIXELS = 2000  # of a side: a photograph of 48 megapixels is not kept whole
_MOST_TEXT = 64 * 2**10
_PICTURE_TOO_LARGE = 48 * 2**20


@dataclass(frozen=True)
class Glimpse:
    """What can be shown. path: of a PDF taken out of the book; sizes: of its pages, in points."""

    note: Text | None = None
    image: QImage | None = None
    text: str | None = None
    path: Path | None = None
    sizes: tuple[tuple[float, float], ...] = ()


def look(book: Book, number: int, folder: Path, progress: Progress) -> Glimpse:
    """What an attachment looks like; on the book's thread."""
    from db.core import attachments, contents

    with book.present.read() as connection:  # no copy of a moment has contents
        one = attachments.get(connection, number)
        if one.suffix == ".pdf":
            return _pdf(attachments.take_out(connection, number, folder, progress=progress))
        if one.suffix in TEXTS:
            return Glimpse(text=_decoded(contents.beginning(connection, one.hash)[:_MOST_TEXT]))
        if one.suffix in PICTURES and one.size <= _PICTURE_TOO_LARGE:
            return _picture(b"".join(contents.parts(connection, one.hash)))
    return Glimpse(_("No preview of this kind of file. Open it with its own program."))


def _pdf(path: Path) -> Glimpse:
    import pypdfium2

    try:
        sizes = sizes_of(path)
    except pypdfium2.PdfiumError:
        sizes = ()
    if not sizes:
        return Glimpse(_("This PDF cannot be shown here: it is damaged or asks for a password."))
    return Glimpse(path=path, sizes=sizes)


def _picture(data: bytes) -> Glimpse:
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _MOST_PIXELS:
        reader.setScaledSize(size.scaled(_MOST_PIXELS, _MOST_PIXELS, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return Glimpse(_("This picture cannot be shown here: it is damaged.")) if image.isNull() else Glimpse(image=image)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the end may be in the middle of a character
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("gb18030", "replace")


class _Picture(QWidget):
    """An image as wide as there is room, never larger than it is."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        """Another one."""
        self.image = image
        self._fit()

    def _fit(self) -> None:
        size = self._size()
        self.setFixedHeight(max(size.height() + 16, 16))
        self.update()

    def _size(self) -> QSize:
        if self.image.isNull():
            return QSize()
        natural = self.image.deviceIndependentSize().toSize()
        width = min(self.width() - 32, natural.width())
        return QSize(width, max(1, round(natural.height() * width / max(natural.width(), 1))))

    def resizeEvent(self, event: object) -> None:
        """The width of the pane changed."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image and a line around it."""
        size = self._size()
        if size.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRect((self.width() - size.width()) // 2, 8, size.width(), size.height())
        painter.drawImage(box, self.image)
        painter.setPen(theme.tokens().color("line"))
        painter.drawRect(box.adjusted(0, 0, -1, -1))


class GlimpseView(QWidget):
    """Shows a `Glimpse`; the pages of a PDF one at a time."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._glimpse = Glimpse()
        self.page = 0
        self.note: QLabel = label("", tone="mute", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture = _Picture()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.picture)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.stack = QStackedWidget()
        for one in (self.note, self._area, self.text):
            self.stack.addWidget(one)
        self._where = ElidedLabel(size=12, tone="mute")
        self._back = button("‹", lambda: self.turn(-1), small=True, tip=_("Previous page"))
        self._on = button("›", lambda: self.turn(1), small=True, tip=_("Next page"))
        for turning in (self._back, self._on):
            turning.setAccessibleName(turning.toolTip())
        self._turning = bar("filter", 34, self._back, self._where, self._on, margins=(16, 0, 16, 0))
        self._turning.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column_of(self._turning, self.stack, gap=0, parent=self)
        self.show_glimpse(Glimpse(Text("")))

    def show_glimpse(self, glimpse: Glimpse) -> None:
        """Another attachment."""
        self._glimpse, self.page = glimpse, 0
        self._turning.setVisible(len(glimpse.sizes) > 1)
        if glimpse.text is not None:
            self.text.setPlainText(glimpse.text)
            self.stack.setCurrentWidget(self.text)
        elif glimpse.image is not None or glimpse.path is not None:
            self.picture.show_image(glimpse.image or QImage())
            self.stack.setCurrentWidget(self._area)
            self.turn(0)
        else:
            self.note.setText(tr(glimpse.note or Text("")))
            self.stack.setCurrentWidget(self.note)

    def turn(self, by: int) -> None:
        """Another page of a PDF."""
        shown = self._glimpse
        if shown.path is None:
            return
        self.page = min(max(self.page + by, 0), len(shown.sizes) - 1)
        self._back.setEnabled(self.page > 0)
        self._on.setEnabled(self.page < len(shown.sizes) - 1)
        self._where.say(_("Page {page} of {pages}", page=self.page + 1, pages=len(shown.sizes)))
        ratio = self.devicePixelRatioF()
        wide = max(self.width() - 32, 280)
        scale = min(wide * ratio / max(shown.sizes[self.page][0], 1), 4.0)

        def drawn(image: QImage) -> None:
            image.setDevicePixelRatio(ratio)
            self.picture.show_image(image)
            self._area.verticalScrollBar().setValue(0)

        self._jobs.in_pool(self, draw_page(shown.path, self.page, scale), drawn, key="page")
