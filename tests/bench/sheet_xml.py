"""A workbook written by hand as a stream of XML: the least that a styled ledger can cost, and the files to be read.

Header in bold on grey, number and date formats, widths, a frozen header, a validation list; nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.bench.data import DATES, HEADINGS, HUNDREDTHS, Value

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = dt.date(1899, 12, 30).toordinal()
_BLOCK = 500
Line = Callable[[int, Sequence[Any]], str]

_CONTENT = f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>%s</Types>"""
_CONTENT_STRINGS = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
_ROOT = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" \
Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_WORKBOOK = f"""{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="签约项目" sheetId="1" \
r:id="rId1"/></sheets></workbook>"""
_PARTS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" \
Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" \
Target="styles.xml"/>%s</Relationships>"""
_PARTS_STRINGS = f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" \
formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/>\
<sz val="11"/><name val="宋体"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEEEEEE"/>\
</patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="4"><xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="164" \
applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>"""


def letters(column: int) -> str:
    """A, B … Z, AA for columns counted from 0."""
    return letters(column // 26 - 1) + chr(65 + column % 26) if column > 25 else chr(65 + column)


def write(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    above: Sequence[str] = (),
    shared: bool = False,
    line: Line | None = None,
) -> None:
    """Write a ledger of `HEADINGS`; `above` are lines before the header. Strings in the cells, or `shared`."""
    strings: dict[str, int] = {}
    with ZipFile(path, "w", ZIP_DEFLATED) as folder:
        with folder.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            said = _shared(strings) if shared else _inline
            _sheet(sheet, rows, above, said, line or _lines(said))
        if shared:
            with folder.open("xl/sharedStrings.xml", "w", force_zip64=True) as table:
                _strings(table, strings)
        folder.writestr("[Content_Types].xml", _CONTENT % (_CONTENT_STRINGS if shared else ""))
        folder.writestr("_rels/.rels", _ROOT)
        folder.writestr("xl/workbook.xml", _WORKBOOK)
        folder.writestr("xl/_rels/workbook.xml.rels", _PARTS % (_PARTS_STRINGS if shared else ""))
        folder.writestr("xl/styles.xml", _STYLES)


def _escaped(text: str) -> str:
    if "&" in text or "<" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text


def _inline(text: str) -> str:
    return f' t="inlineStr"><is><t>{_escaped(text)}</t></is></c>'


def _shared(strings: dict[str, int]) -> Callable[[str], str]:
    return lambda text: f' t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'


def write_stored(path: Path, rows: Iterable[Sequence[int | str | None]]) -> None:
    """The same, strings in the cells, from values as a table stores them: ISO dates, hundredths as integers."""
    days: dict[str, str] = {}
    kinds = [_day(days) if at in DATES else _hundredth if at in HUNDREDTHS else None for at in range(len(HEADINGS))]
    openings = list(zip((f'<c r="{letters(at)}' for at in range(len(HEADINGS))), kinds, strict=True))
    write(path, rows, line=lambda number, row: _stored_line(number, row, openings))


def _day(known: dict[str, str]) -> Callable[[Any], str]:
    def cell(value: str) -> str:
        if value not in known:
            known[value] = f'" s="2"><v>{dt.date.fromisoformat(value).toordinal() - _EPOCH}</v></c>'
        return known[value]

    return cell


def _hundredth(value: int) -> str:
    return f'" s="3"><v>{value / 100}</v></c>'


def _stored_line(number: int, row: Sequence[Any], openings: list[tuple[str, Callable[[Any], str] | None]]) -> str:
    place = str(number)
    cells = [f'<row r="{place}">']
    for value, (opening, kind) in zip(row, openings, strict=True):
        if value is None:
            continue
        if kind is not None:
            cells.append(f"{opening}{place}{kind(value)}")
        elif type(value) is int:
            cells.append(f'{opening}{place}"><v>{value}</v></c>')
        else:
            cells.append(f'{opening}{place}" t="inlineStr"><is><t>{_escaped(value)}</t></is></c>')
    cells.append("</row>")
    return "".join(cells)


def _sheet(
    stream: IO[bytes], rows: Iterable[Sequence[Value]], above: Sequence[str], said: Callable[[str], str], line: Line
) -> None:
    top = len(above) + 1
    columns = [letters(place) for place in range(len(HEADINGS))]
    widths = "".join(f'<col min="{n}" max="{n}" width="16" customWidth="1"/>' for n in range(1, len(HEADINGS) + 1))
    pane = f'<pane ySplit="{top}" topLeftCell="A{top + 1}" state="frozen"/>'
    begin = f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    lines = [f'<row r="{at}"><c r="A{at}"{said(text)}</row>' for at, text in enumerate(above, 1)]
    names = "".join(f'<c r="{c}{top}" s="1"{said(text)}' for c, text in zip(columns, HEADINGS, strict=True))
    stream.write(f'{_HEAD}{begin}<cols>{widths}</cols><sheetData>{"".join(lines)}<row r="{top}">{names}</row>'.encode())
    number, lines = top, []
    for number, row in enumerate(rows, top + 1):
        lines.append(line(number, row))
        if len(lines) == _BLOCK:
            stream.write("".join(lines).encode())
            lines.clear()
    listed = f'<dataValidation type="list" sqref="J{top + 1}:J{number}"><formula1>"省外,省内,境外"</formula1></dataValidation>'
    end = f'</sheetData><dataValidations count="1">{listed}</dataValidations></worksheet>'
    stream.write(("".join(lines) + end).encode())


def _lines(said: Callable[[str], str]) -> Line:
    openings = [f'<c r="{letters(place)}' for place in range(len(HEADINGS))]

    def line(number: int, row: Sequence[Value]) -> str:
        cells = [
            f"{opening}{number}{_cell(value, said)}"
            for value, opening in zip(row, openings, strict=True)
            if value is not None
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'

    return line


def _cell(value: Value, said: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return '"' + said(value)
    if isinstance(value, dt.date):
        return f'" s="2"><v>{value.toordinal() - _EPOCH}</v></c>'
    return f'" s="3"><v>{value}</v></c>' if isinstance(value, float) else f'"><v>{value}</v></c>'


def _strings(stream: IO[bytes], strings: dict[str, int]) -> None:
    stream.write(f'{_HEAD}<sst xmlns="{_MAIN}" count="{len(strings)}" uniqueCount="{len(strings)}">'.encode())
    lines = [f"<si><t>{_escaped(text)}</t></si>" for text in strings]
    for start in range(0, len(lines), _BLOCK):
        stream.write("".join(lines[start : start + _BLOCK]).encode())
    stream.write(b"</sst>")
