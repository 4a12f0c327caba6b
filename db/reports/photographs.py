"""A photograph made ready for paper: upright, no larger than print needs, as JPEG; what is no picture is said so."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.core.text import Text, _
from db.reports.report import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

Album = Callable[[str], bytes | None]
"""What gives the bytes of an attachment by its hash; None where the book does not have them."""

_LARGEST = 60_000_000  # pixels: more than any camera, less than what would fill the memory
_DOTS_PER_POINT = 200 / 72
_QUALITY = 82


def no_photographs(_hash: str) -> bytes | None:
    """The album of a report that is written without its book."""
    return None


@dataclass(frozen=True)
class Photograph:
    """A JPEG with its size in pixels."""

    jpeg: bytes
    width: int
    height: int

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """The largest size within `width` by `height` that keeps its shape."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


def without_photograph(picture: Picture) -> Text:
    """What is printed where a photograph should stand."""
    name = picture.caption or picture.name or picture.hash[:8]
    return _("(The photograph “{name}” cannot be read and is left out.)", name=name)


def photograph(content: bytes | None, *, width: float, height: float) -> Photograph | None:
    """`content` ready to be printed within `width` by `height` points; None where it is no picture that can be read."""
    from PIL import ImageOps, UnidentifiedImageError
    from PIL.Image import DecompressionBombError
    from PIL.Image import open as look_at

    if content is None:
        return None
    try:
        with look_at(io.BytesIO(content)) as opened:
            if opened.width * opened.height > _LARGEST:
                return None
            opened.draft("RGB", (round(width * _DOTS_PER_POINT), round(height * _DOTS_PER_POINT)))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((round(width * _DOTS_PER_POINT), round(height * _DOTS_PER_POINT)))
            made = io.BytesIO()
            _on_white(upright).save(made, "JPEG", quality=_QUALITY)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, DecompressionBombError):
        return None
    return Photograph(made.getvalue(), *upright.size)


def _on_white(picture: Image) -> Image:
    """Without transparency, which JPEG cannot keep and paper does not have."""
    from PIL.Image import new

    if picture.mode in ("RGB", "L"):
        return picture
    seen = picture.convert("RGBA")
    ground = new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground
