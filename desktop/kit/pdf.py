"""Pages of a PDF as pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

from db.core.progress import Progress

# The library behind it may be used by one thread at a time.
one_at_a_time = threading.Lock()


def sizes_of(path: Path) -> tuple[tuple[float, float], ...]:
    """The size of every page, in points."""
    import pypdfium2

    with one_at_a_time:
        document = pypdfium2.PdfDocument(path)
        try:
            return tuple((float(width), float(height)) for width, height in (page.get_size() for page in document))
        finally:
            document.close()


def draw_page(path: Path, number: int, scale: float) -> Callable[[Progress], QImage]:
    """One page as a picture."""

    def work(progress: Progress) -> QImage:
        import pypdfium2

        with one_at_a_time:
            document = pypdfium2.PdfDocument(path)
            try:
                bitmap = document[number].render(scale=scale, rev_byteorder=False)
                image = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_BGR888
                )
                return image.copy()
            finally:
                document.close()

    return work
