"""A TrueType face in one PDF document, embedded as a subset with two-byte codes.

reportlab's own embedding cuts a face into fonts of 256 characters and writes wrong ToUnicode entries above U+FFFF
(𬭎 then cannot be copied or searched). One composite font per face avoids both: each used character gets its own code,
and its ToUnicode entry is UTF-16.
"""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import TTFontFace

GETA = "〓"  # stands for a character that no face has: printers' usage, and never an empty box
_PER_BLOCK = 100  # a CMap may hold a hundred entries in one block


class EmbeddedFace:
    """Which characters of `face` the document uses, under which codes."""

    def __init__(self, name: str, face: TTFontFace) -> None:
        self.name = name
        self.face = face
        self._shown: list[str] = []
        self._drawn: list[int] = []

    def has(self, character: str) -> bool:
        """Whether the face draws it."""
        return ord(character) in self.face.charToGlyph

    def use(self, character: str) -> tuple[str, float]:
        """Take the character into the subset: its code as four hexadecimal digits, its width in em."""
        drawn = ord(character if self.has(character) else GETA)
        self._shown.append(character)
        self._drawn.append(drawn)
        return f"{len(self._shown):04X}", self._width(drawn) / 1000

    def _width(self, code: int) -> float:
        return float(self.face.charWidths.get(code, self.face.defaultWidth))

    def addObjects(self, document: Any) -> None:  # noqa: N802 - the name by which reportlab asks
        """Write the font; reportlab calls this once, when the document is saved."""
        if not self._shown:
            return
        base = f"ZSBAAA+{self.face.name.decode('latin-1')}"
        inner = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": self.face.addSubsetObjects(document, base, self._drawn),
                "DW": 1000,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray([round(self._width(code)) for code in self._drawn])]),
                "CIDToGIDMap": self._stream(document, self._glyph_numbers(), f"glyphs {self.name}"),
            }
        )
        outer = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(base),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(inner, f"inner {self.name}")]),
                "ToUnicode": self._stream(document, self._to_unicode(base).encode("ascii"), f"unicode {self.name}"),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(outer, self.name)

    def _stream(self, document: Any, content: bytes, name: str) -> Any:
        stream = pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress])
        return document.Reference(stream, name)

    def _glyph_numbers(self) -> bytes:
        """Code → glyph of the subset, which numbers its glyphs in order of their first appearance."""
        seen: dict[int, int] = {0: 0}
        numbers = [0, *(seen.setdefault(self.face.charToGlyph.get(code, 0), len(seen)) for code in self._drawn)]
        return b"".join(number.to_bytes(2, "big") for number in numbers)

    def _to_unicode(self, base: str) -> str:
        entries = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for code, character in enumerate(self._shown, start=1)
        ]
        blocks = [entries[start : start + _PER_BLOCK] for start in range(0, len(entries), _PER_BLOCK)]
        lines = [
            "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{base} def", "/CMapType 2 def",
            "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange",
        ]  # fmt: skip
        for block in blocks:
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines)
