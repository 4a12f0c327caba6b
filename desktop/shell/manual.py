"""The manual, beside the window: resources/help in the window's language, at the page one is on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from db.core.paths import RESOURCES
from db.core.text import _
from desktop.kit import theme
from desktop.kit.parts import bar, button, column_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.page import Page

HELP = RESOURCES / "help"
_PICTURE = 2  # QTextDocument.ResourceType.ImageResource, which arrives as a number


class _Browser(QTextBrowser):
    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures no wider than the window."""
        name = QUrl(name)
        path = name.toLocalFile() or str(Path(self.source().toLocalFile()).parent / name.path())
        if kind == _PICTURE and Path(path).suffix == ".png":
            image = QImage(path)
            if image.isNull():  # pictures are made, not kept; the words stand without them
                image = QImage(1, 1, QImage.Format.Format_ARGB32)
                image.fill(Qt.GlobalColor.transparent)
                return image
            width = max(320, self.viewport().width() - 40)
            if image.width() > width:
                image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            return image
        return super().loadResource(kind, name)


class ManualWindow(QDialog):
    """A window of its own, so that one can read and work; its title names the page of the window it was opened at."""

    def __init__(self, parent: QWidget, page: Page | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._at, self._named = (page.manual, page.heading.text()) if page is not None else ("welcome", "")
        self.resize(760, 720)
        self.browser = _Browser()
        self.browser.setOpenExternalLinks(False)
        self.browser.document().setDocumentMargin(24)
        self.browser.document().setDefaultFont(theme.font(14))
        self.browser.sourceChanged.connect(self._came)
        back = button(_("Back"), self.browser.backward)
        back.setEnabled(False)
        self.browser.backwardAvailable.connect(back.setEnabled)
        contents = button(_("Table of contents"), lambda: self.open_page("index"))
        column_of(bar("top", theme.TOP_BAR, contents, back, None), self.browser, gap=0, parent=self)
        self.open_page(self._at)

    def open_page(self, page: str) -> None:
        """A page of the manual; the contents where there is none of that name."""
        wanted = HELP / language() / f"{page}.md"
        path = wanted if wanted.exists() else HELP / language() / "index.md"
        self.browser.setSource(QUrl.fromLocalFile(str(path)))

    def _came(self, url: QUrl) -> None:
        named = self._named if Path(url.toLocalFile()).stem == self._at else ""
        self.setWindowTitle(" — ".join(part for part in (named, tr(_("Manual"))) if part))
        self._space_out()

    def _space_out(self) -> None:
        """Markdown comes without any air between its paragraphs."""
        document = self.browser.document()
        document.blockSignals(True)
        block = document.begin()
        while block.isValid():
            form = block.blockFormat()
            heading = form.headingLevel() > 0
            if not form.property(QTextFormat.Property.TableCellRowSpan) and QTextCursor(block).currentTable() is None:
                form.setTopMargin(14 if heading else 2)
                form.setBottomMargin(6)
            form.setLineHeight(140 if not heading else 120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()
        document.blockSignals(False)
