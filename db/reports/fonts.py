"""The faces of a report: the machine's own 方正小标宋, 仿宋, 楷体, 黑体 where it has them, else the bundled Noto.

A role names a chain of faces, and each character is drawn by the first face of the chain that has it: a rare name
(㛃䶮𬭎) that 仿宋_GB2312 lacks comes from Noto, and never becomes a box. reportlab reads TrueType outlines only, so other
faces are passed over. Opening a face takes long: it is opened when a character is looked for in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import category

from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

from db.core.errors import Unavailable
from db.core.paths import RESOURCES
from db.core.text import _
from db.reports.embedding import GETA, EmbeddedFace
from db.reports.machine_fonts import Role, machine_paths, rare_paths

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
_BUNDLED: dict[Role, tuple[str, ...]] = {
    "title": ("NotoSerifSC-Bold.ttf", "NotoSansSC-Bold.ttf"),
    "body": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "kai": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "hei": ("NotoSansSC-Bold.ttf", "NotoSerifSC-Bold.ttf"),
    "table": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "table_bold": ("NotoSerifSC-Bold.ttf", "NotoSansSC-Bold.ttf"),
}


class Typeface:
    """A role in one document: how wide a character is, and the codes that draw it. Widths are in em."""

    def __init__(self, faces: _Chain, missing: set[str]) -> None:
        self.glyphs: dict[str, tuple[str, str, float]] = _Glyphs(faces, missing)
        self.widths: dict[str, float] = _Widths(self.glyphs)

    def width(self, text: str) -> float:
        """The width of `text` in em."""
        return sum(map(self.widths.__getitem__, text))

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """`text` as (font name, codes), a piece for each change of face."""
        pieces: list[tuple[str, str]] = []
        current = ""
        codes: list[str] = []
        for font, code, _width in map(self.glyphs.__getitem__, text):
            if font != current:
                if codes:
                    pieces.append((current, "".join(codes)))
                current, codes = font, []
            codes.append(code)
        if codes:
            pieces.append((current, "".join(codes)))
        return pieces


class _Chain:
    """The faces of a role, best first, each opened when those before it lack a character."""

    def __init__(self, paths: Iterable[Path], opened: Callable[[Path], EmbeddedFace | None]) -> None:
        self._waiting = (face for path in paths if (face := opened(path)) is not None)
        self._open: list[EmbeddedFace] = []

    def __iter__(self) -> Iterator[EmbeddedFace]:
        yield from self._open
        for face in self._waiting:
            self._open.append(face)
            yield face

    def first(self) -> EmbeddedFace:
        """The face of the role; raises Unavailable where there is none."""
        for face in self:
            return face
        raise Unavailable(_("The fonts of the reports are missing. Set the program up again."))


class _Glyphs(dict[str, tuple[str, str, float]]):
    """Character → (font name, code, width), taken into the subset when first asked for."""

    def __init__(self, faces: _Chain, missing: set[str]) -> None:
        super().__init__()
        self._faces = faces
        self._missing = missing

    def __missing__(self, character: str) -> tuple[str, str, float]:
        face = next((face for face in self._faces if face.has(character)), None)
        if face is None and category(character) in _UNSEEN:
            # A control character or half a surrogate pair in somebody's cell: white, not a mark.
            self[character] = self[" "]
            return self[character]
        if face is None:
            self._missing.add(character)
            face = next((face for face in self._faces if face.has(GETA)), None) or self._faces.first()
        code, width = face.use(character)
        self[character] = (face.name, code, width)
        return self[character]


class _Widths(dict[str, float]):
    """Character → width in em."""

    def __init__(self, glyphs: dict[str, tuple[str, str, float]]) -> None:
        super().__init__()
        self._glyphs = glyphs

    def __missing__(self, character: str) -> float:
        width = self[character] = self._glyphs[character][2]
        return width


class Typefaces:
    """All roles of one document; a face used by several roles is embedded once. `missing`: characters no face has."""

    def __init__(self, document: Any, *, machine: bool = True) -> None:
        self.missing: set[str] = set()
        self._document = document
        self._machine = machine
        self._made: dict[Role, Typeface] = {}
        self._embedded: dict[Path, EmbeddedFace] = {}

    def __getitem__(self, role: Role, /) -> Typeface:
        if role not in self._made:
            faces = _Chain(_paths(role, machine=self._machine), self._embed)
            faces.first()
            self._made[role] = Typeface(faces, self.missing)
        return self._made[role]

    def _embed(self, path: Path) -> EmbeddedFace | None:
        if path not in self._embedded:
            face = _face(path)
            if face is None:
                return None
            self._embedded[path] = EmbeddedFace(f"Z{len(self._embedded) + 1}", face)
            self._document.delayedFonts.append(self._embedded[path])
        return self._embedded[path]


def _paths(role: Role, *, machine: bool) -> Iterator[Path]:
    own = _bundled_paths(role)
    return chain(machine_paths(role), own, rare_paths()) if machine else iter(own)


def _bundled_paths(role: Role) -> list[Path]:
    return [path for name in _BUNDLED[role] if (path := RESOURCES / "fonts" / name).is_file()]


@cache
def _face(path: Path) -> TTFontFace | None:
    """The face of a file; None where it is not a TrueType face that may be embedded."""
    try:
        return TTFontFace(str(path))
    except (TTFError, OSError):
        return None
