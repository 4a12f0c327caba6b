"""A4 sheets as GB/T 9704-2012 wants them, and what is drawn on them, in points from the upper left corner.

All text of a sheet goes into one text object: that is what makes a table of 10,000 rows quick.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from db.reports.fonts import Typefaces
from db.reports.machine_fonts import Role

MM = 72 / 25.4
SHORT, LONG = 210 * MM, 297 * MM
TOP, LEFT, RIGHT, BOTTOM = 37 * MM, 28 * MM, 26 * MM, 35 * MM
MEASURE, DEPTH = SHORT - LEFT - RIGHT, LONG - TOP - BOTTOM
LINES = 22
LEADING = DEPTH / LINES  # 29 pt
BODY = 16.0
PITCH = MEASURE / 28  # 15.79 pt: 28 characters fill a line
PAGE_NUMBER_BELOW = 7 * MM
BLUE, PALE, GREY, BLACK = "0.122 0.373 0.749", "0.725 0.769 0.827", "0.6 0.6 0.6", "0 0 0"


@dataclass(frozen=True)
class Place:
    """Where a figure's number is printed: page from 1, points from the page's upper left corner."""

    page: int
    figure: str
    left: float
    top: float
    right: float
    bottom: float


class Paper:
    """The sheets of one document: the current one is drawn on, `next_sheet` finishes it and begins another."""

    def __init__(self, path: Path, *, title: str, language: str, machine_fonts: bool, footer: str = "") -> None:
        # Pages as bytes, not as ASCII85: a third of the time of a long table and a fifth of the file went there.
        rl_config.useA85 = 0
        # invariant: the same report gives the same bytes, so that a finalised month can be compared.
        self._path = path
        self._canvas = Canvas(str(path), pagesize=(SHORT, LONG), invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("zhaoshang")
        self._canvas.setCatalogEntry("Lang", "zh-CN" if language == "zh" else "en")
        # There is no public way to a canvas's document, and embedding a face needs it.
        self.faces = Typefaces(self._canvas._doc, machine=machine_fonts)  # noqa: SLF001
        self._footer = footer
        self._strokes: list[str] = []
        self._words: list[str] = []
        self._font: tuple[str, float] = ("", 0.0)
        self.turned = False
        self.number = 1
        self.touched = False

    @property
    def left(self) -> float:
        """The left edge of the type area; a turned sheet's margins turn with it."""
        return BOTTOM if self.turned else LEFT

    @property
    def top(self) -> float:
        """The upper edge of the type area."""
        return LEFT if self.turned else TOP

    @property
    def measure(self) -> float:
        """The width of the type area."""
        return DEPTH if self.turned else MEASURE

    @property
    def depth(self) -> float:
        """The height of the type area."""
        return MEASURE if self.turned else DEPTH

    @property
    def height(self) -> float:
        """The height of the sheet."""
        return SHORT if self.turned else LONG

    def text(self, x: float, y: float, text: str, role: Role, size: float) -> None:
        """Print `text` with its baseline beginning at (x, y)."""
        self._print(f"1 0 0 1 {x:.2f} {self.height - y:.2f} Tm", text, role, size)

    def _print(self, matrix: str, text: str, role: Role, size: float) -> None:
        words = self._words
        words.append(matrix)
        for font, codes in self.faces[role].pieces(text):
            if (font, size) != self._font:
                self._font = (font, size)
                words.append(f"/{font} {size:g} Tf")
            words.append(f"<{codes}> Tj")

    def aligned(
        self, x: float, y: float, text: str, role: Role, size: float, *, to: Literal["right", "centre"]
    ) -> None:
        """Print `text` so that it ends at, or is centred on, `x`."""
        width = self.faces[role].width(text) * size
        self.text(x - (width if to == "right" else width / 2), y, text, role, size)

    def ready(self, ops: list[str], font: str, size: float) -> None:
        """Text already coded, all in `font`: the quick way for tables."""
        if (font, size) != self._font:
            self._font = (font, size)
            self._words.append(f"/{font} {size:g} Tf")
        self._words += ops

    def spaced(
        self, x: float, y: float, text: str, roles: Sequence[Role], advances: Sequence[float], size: float
    ) -> None:
        """Print `text` with each character's own role and advance (in points)."""
        words = self._words
        words.append(f"1 0 0 1 {x:.2f} {self.height - y:.2f} Tm")
        open_codes: list[str] = []
        for character, role, advance in zip(text, roles, advances, strict=True):
            font, code, width = self.faces[role].glyphs[character]
            if (font, size) != self._font:
                if open_codes:
                    words.append(f"[{''.join(open_codes)}] TJ")
                    open_codes = []
                self._font = (font, size)
                words.append(f"/{font} {size:g} Tf")
            closer = width * 1000 - advance * 1000 / size
            open_codes.append(f"<{code}>{closer:.1f}" if abs(closer) > 0.05 else f"<{code}>")
        if open_codes:
            words.append(f"[{''.join(open_codes)}] TJ")

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, width: float, colour: str = BLACK) -> None:
        """Draw a straight line."""
        up = self.height
        self._strokes.append(f"{colour} RG {width:g} w {x0:.2f} {up - y0:.2f} m {x1:.2f} {up - y1:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle whose upper left corner is (x, y)."""
        self._strokes.append(f"{colour} rg {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f")

    def picture(self, jpeg: bytes, x: float, y: float, width: float, height: float) -> None:
        """Put a photograph with its upper left corner at (x, y)."""
        self._canvas.drawImage(ImageReader(io.BytesIO(jpeg)), x, self.height - y - height, width, height)
        self.touched = True

    def bookmark(self, heading: str, level: int) -> None:
        """Name this page in the reader's side bar."""
        key = f"p{self.number}-{heading}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(heading, key, level)

    def next_sheet(self, *, turned: bool = False) -> None:
        """Finish the sheet and begin another."""
        self._finish()
        self.number += 1
        self.turned = turned
        self._canvas.setPageSize((LONG, SHORT) if turned else (SHORT, LONG))

    def turn(self) -> None:
        """Turn a sheet on which nothing is printed yet."""
        self.turned = True
        self._canvas.setPageSize((LONG, SHORT))

    def save(self) -> None:
        """Finish the last sheet and write the file."""
        self._finish()
        # Written here and not by reportlab, which leaves the file open when the disk is full.
        self._path.write_bytes(self._canvas.getpdfdata())

    def _finish(self) -> None:
        self._page_number()
        code = [*self._strokes, f"{BLACK} rg BT", *self._words, "ET"]
        self._canvas.addLiteral("\n".join(code))
        self._canvas.showPage()
        self._strokes, self._words, self._font = [], [], ("", 0.0)
        self.touched = False

    def _page_number(self) -> None:
        """— 1 — under the type area, odd right, even left, one character in; on a turned sheet in the same place."""
        text, size = f"— {self.number} —", 14.0
        width = self.faces["table"].width(text) * size
        odd = self.number % 2 == 1
        across = SHORT - RIGHT - size - width if odd else LEFT + size
        down = LONG - BOTTOM + PAGE_NUMBER_BELOW + size * 0.3
        self._on_upright(across, down, text, size)
        if self._footer:
            width = self.faces["table"].width(self._footer) * 10.5
            across = LEFT + 10.5 if odd else SHORT - RIGHT - 10.5 - width
            self._on_upright(across, down, self._footer, 10.5)

    def _on_upright(self, x: float, y: float, text: str, size: float) -> None:
        """Print at (x, y) of the sheet held upright, whichever way this one is turned."""
        if not self.turned:
            self.text(x, y, text, "table", size)
            return
        # Turned clockwise: the upright sheet's foot is at the left, its left edge at the top.
        self._print(f"0 -1 1 0 {LONG - y:.2f} {SHORT - x:.2f} Tm", text, "table", size)
