"""Make resources/icons/*.png from the drawings beside them: `python installer/icons.py`.

The window does not read SVG: Qt's module for it takes as long to load as the first page to come up. A picture has four
pixels for one of its drawing, so that half and a quarter of it are sharp. A drawing in `currentColor` becomes a picture
of 256 levels of cover, which the window paints in the colour it wants; one with colours of its own keeps them.
The files are committed.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, qRgb
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "icons"
FINE = 4


def drawings() -> list[Path]:
    """All but the ticks, which the style sheet reads as they are."""
    return [one for one in sorted(FOLDER.glob("*.svg")) if not one.stem.startswith("tick-")]


def picture(drawing: Path) -> QImage:
    """The drawing as its picture stands beside it."""
    text = drawing.read_text(encoding="utf-8")
    renderer = QSvgRenderer(text.replace("currentColor", "#000000").encode())
    made = QImage(renderer.defaultSize() * FINE, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(made.rect()))
    painter.end()
    return _levels(made) if "currentColor" in text else made


def _levels(drawn: QImage) -> QImage:
    """How much of each pixel is covered, as the number of its colour."""
    made = QImage(drawn.size(), QImage.Format.Format_Indexed8)
    made.setColorTable([qRgb(level, level, level) for level in range(256)])
    for y in range(drawn.height()):
        for x in range(drawn.width()):
            made.setPixel(x, y, drawn.pixelColor(x, y).alpha())
    return made


def main() -> None:
    """Make them all."""
    application = QGuiApplication.instance() or QGuiApplication(["icons", "-platform", "offscreen"])
    for drawing in drawings():
        picture(drawing).save(str(drawing.with_suffix(".png")))
    del application


if __name__ == "__main__":
    main()
