"""Files held over the window and dropped: the page may say that it attaches them, otherwise the window takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QWidget

from desktop.kit.parts import label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

    from db.core.text import Text


class TakesFiles:
    """What a window needs for it, beside being a QMainWindow: `page`, `take_files`, and this before it."""

    drop_hint: QLabel | None = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Say where the files would go, where that is not the window's own work."""
        window: Any = self
        found = window.page.drop_hint(_files(event), _place(window, event)) if window.page is not None else None
        if found is not None:
            self._hint(window, *found)
        elif self.drop_hint is not None:
            self.drop_hint.hide()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is held over the window any more."""
        if self.drop_hint is not None:
            self.drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files, or let the page attach them."""
        window: Any = self
        event.acceptProposedAction()
        if self.drop_hint is not None:
            self.drop_hint.hide()
        if window.page is None or not window.page.drop(_files(event), _place(window, event)):
            window.take_files(_files(event))

    def _hint(self, window: QWidget, part: QWidget, text: Text) -> None:
        from PySide6.QtCore import Qt

        if self.drop_hint is None:
            self.drop_hint = label("", bold=True, wrap=True)
            self.drop_hint.setParent(window)
            self.drop_hint.setProperty("drop", "true")
            self.drop_hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.drop_hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        corner = part.mapTo(window, part.rect().topLeft())
        self.drop_hint.setText(tr(text))
        self.drop_hint.setGeometry(
            corner.x() + 12, corner.y() + 12, part.width() - 24, max(min(part.height() - 24, 96), 40)
        )
        self.drop_hint.raise_()
        self.drop_hint.show()


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _place(window: Any, event: QDropEvent) -> Any:
    return window.mapToGlobal(event.position().toPoint())
