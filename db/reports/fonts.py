"""The faces of a report: the machine's own 方正小标宋, 仿宋, 楷体, 黑体 where it has them, else the bundled Noto.

A role names a chain of faces, and each character is drawn by the first face of the chain that has it: a rare name
(㛃䶮𬭎) that 仿宋_GB2312 lacks comes from Noto, and never becomes a box. Licensed faces are used where they are, never
shipped; reportlab reads TrueType outlines only, so other faces are passed over.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

from db.core.errors import Unavailable
from db.core.paths import RESOURCES
from db.core.text import _
from db.reports.embedding import EmbeddedFace

Role = Literal["title", "body", "kai", "hei", "table", "table_bold"]

# File names in lower case, best first: GB/T 9704 names the _GB2312 cuts, Windows ships the sim* ones.
_SONG = ("simsun.ttc", "simsun.ttf", "宋体.ttf")
_HEI = ("simhei.ttf", "黑体.ttf", "fzhtjw.ttf")
_MACHINE: dict[Role, tuple[str, ...]] = {
    "title": ("fzxbsjw.ttf", "fzxbsk.ttf", "方正小标宋简体.ttf", "方正小标宋_gbk.ttf", "fzxiaobiaosong-b05s.ttf"),
    "body": ("仿宋_gb2312.ttf", "fangsong_gb2312.ttf", "simfang.ttf", "仿宋.ttf", "fzfsk.ttf"),
    "kai": ("楷体_gb2312.ttf", "kaiti_gb2312.ttf", "simkai.ttf", "楷体.ttf", "fzktk.ttf"),
    "hei": _HEI,
    "table": _SONG,
    "table_bold": (),
}
_BUNDLED: dict[Role, tuple[str, ...]] = {
    "title": ("NotoSerifSC-Bold.ttf", "NotoSansSC-Bold.ttf"),
    "body": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "kai": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "hei": ("NotoSansSC-Bold.ttf", "NotoSerifSC-Bold.ttf"),
    "table": ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf"),
    "table_bold": ("NotoSerifSC-Bold.ttf", "NotoSansSC-Bold.ttf"),
}


def machine_folders() -> tuple[Path, ...]:
    """Where this machine keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        return (windows, home / "AppData/Local/Microsoft/Windows/Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts")


class Typeface:
    """A role in one document: how wide a character is, and the codes that draw it. Widths are in em."""

    def __init__(self, faces: tuple[EmbeddedFace, ...]) -> None:
        self._faces = faces
        self.glyphs: dict[str, tuple[str, str, float]] = _Glyphs(faces)
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


class _Glyphs(dict[str, tuple[str, str, float]]):
    """Character → (font name, code, width), taken into the subset when first asked for."""

    def __init__(self, faces: tuple[EmbeddedFace, ...]) -> None:
        super().__init__()
        self._faces = faces

    def __missing__(self, character: str) -> tuple[str, str, float]:
        face = next((face for face in self._faces if face.has(character)), None)
        if face is None and not character.isprintable():
            # A control character or half a surrogate pair in somebody's cell: white, not a mark.
            self[character] = self[" "]
            return self[character]
        face = face or self._faces[-1]
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
    """All roles of one document; a face used by several roles is embedded once a role chain that draws with it."""

    def __init__(self, document: Any, *, machine: bool = True) -> None:
        self._document = document
        self._machine = machine
        self._made: dict[Role, Typeface] = {}
        self._embedded: dict[Path, EmbeddedFace] = {}

    def __getitem__(self, role: Role) -> Typeface:
        if role not in self._made:
            chain = tuple(self._embed(path, face) for path, face in _chain(role, machine=self._machine))
            self._made[role] = Typeface(chain)
        return self._made[role]

    def _embed(self, path: Path, face: TTFontFace) -> EmbeddedFace:
        if path not in self._embedded:
            embedded = EmbeddedFace(f"Z{len(self._embedded) + 1}", face)
            self._embedded[path] = embedded
            self._document.delayedFonts.append(embedded)
        return self._embedded[path]


def _chain(role: Role, *, machine: bool) -> list[tuple[Path, TTFontFace]]:
    paths = [*_machine_paths(role), *_bundled_paths(role)] if machine else _bundled_paths(role)
    chain = [(path, face) for path in paths if (face := _face(path)) is not None]
    if not chain:
        raise Unavailable(_("The fonts of the reports are missing. Set the program up again."))
    return chain


def _bundled_paths(role: Role) -> list[Path]:
    return [path for name in _BUNDLED[role] if (path := RESOURCES / "fonts" / name).is_file()]


def _machine_paths(role: Role) -> Iterator[Path]:
    found = _machine_fonts(machine_folders())
    for name in _MACHINE[role]:
        if name in found:
            yield found[name]
            return


@cache
def _machine_fonts(folders: tuple[Path, ...]) -> dict[str, Path]:
    wanted = {name for names in _MACHINE.values() for name in names}
    return {path.name.lower(): path for path in _files(folders) if path.name.lower() in wanted}


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _folders, names in os.walk(folder):
            yield from (Path(place) / name for name in names)


@cache
def _face(path: Path) -> TTFontFace | None:
    """The face of a file; None where it is not a TrueType face that may be embedded."""
    try:
        return TTFontFace(str(path))
    except (TTFError, OSError):
        return None
