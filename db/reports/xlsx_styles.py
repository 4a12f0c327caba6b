"""The faces, fills and formats of a workbook, and the names its sheets may bear."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from db.reports.report import Column

SONG, HEI = "宋体", "黑体"
HEADER_FILL, TOTAL_FILL, BORDER = "#EAF0F8", "#F6F7F9", "#8A94A3"
THIS_YEAR, LAST_YEAR, WRONG = "#1F5FBF", "#B9C4D3", "#B72C26"
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        """The format with these properties; 宋体 10.5 and centred in height unless said."""
        wanted = {"font_name": SONG, "font_size": 10.5, "valign": "vcenter", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(wanted)
        return self._made[key]

    def title(self) -> Any:
        """Row 1."""
        return self.of(font_size=18, bold=True, align="center")

    def header(self) -> Any:
        """Headings of columns and of groups."""
        return self.of(
            font_name=HEI, bg_color=HEADER_FILL, border=1, border_color=BORDER, align="center", text_wrap=True
        )

    def cell(self, column: Column, *, total: bool = False, wrap: bool = False) -> Any:
        """A cell of this column, in a row or in the total."""
        properties: dict[str, Any] = {"border": 1, "border_color": BORDER, "num_format": number_format(column)}
        if column.numeric:
            properties["align"] = "right"
        elif column.kind in ("date", "centre"):
            properties["align"] = "center"
        if total:
            properties |= {"bold": True, "bg_color": TOTAL_FILL}
        if wrap:
            properties["text_wrap"] = True
        return self.of(**properties)


def number_format(column: Column) -> str:
    """How Excel shows this column."""
    if column.kind == "date":
        return "yyyy-mm-dd"
    if not column.numeric:
        return "@" if column.kind == "code" else "General"
    decimals = f".{'0' * column.decimals}" if column.decimals else ""
    return f"0{decimals}" if column.kind == "percent" else f"#,##0{decimals}"


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of the marks it forbids, no apostrophe at an end, not taken yet."""
    cleaned = " ".join(wanted.translate(_FORBIDDEN).split()).strip("'") or "Sheet"
    if cleaned.lower() == "history":  # reserved by Excel
        cleaned += "_"
    used = {name.lower() for name in taken}
    name, number = _cut(cleaned, _LONGEST_NAME), 1
    while name.lower() in used:
        number += 1
        ending = f"({number})"
        name = _cut(cleaned, _LONGEST_NAME - len(ending)) + ending
    return name


def _cut(text: str, longest: int) -> str:
    """At most `longest` UTF-16 units, which is how Excel counts."""
    while len(text.encode("utf-16-le")) // 2 > longest:
        text = text[:-1]
    return text.strip().strip("'")
