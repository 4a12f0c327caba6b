"""Spreadsheets as they come in from outside: odd ones, damaged ones, hostile ones; all of them tiny and made here."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HEADINGS: list[object] = ["序号", "项目名称", "协议投资额"]
ROWS: list[list[object]] = [[1, "光伏组件项目", 1.5], [2, "储能电池项目", 23000]]


def xlsx(path: Path, rows: list[list[object]] | None = None, **options: object) -> Path:
    """A sound .xlsx with one sheet 台账."""
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet("台账")
    for number, row in enumerate([HEADINGS, *ROWS] if rows is None else rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def xls(path: Path) -> Path:
    """A sound .xls with one sheet 台账, a merged title and a hidden sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write_merge(0, 0, 0, 2, "签约项目台账")
    for number, row in enumerate([HEADINGS, *ROWS], start=1):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.add_sheet("旧表").visibility = 1
    book.save(str(path))
    return path


def ods(path: Path) -> Path:
    """A sound .ods."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="台账")
    for cells in [HEADINGS, *ROWS]:
        row = TableRow()
        for cell in cells:
            if isinstance(cell, str):
                made = TableCell(valuetype="string")
                made.addElement(P(text=cell))
            else:
                made = TableCell(valuetype="float", value=cell)
            row.addElement(made)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The zipped workbook with each part passed through `change`."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))
    return path


def packed_bomb(path: Path) -> Path:
    """A few hundred KB that unpack to 100 MB of spaces."""
    xlsx(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.xml", "w") as part:
        for _each in range(100):
            part.write(b" " * (1 << 20))
    return path


def boastful_zip(path: Path) -> Path:
    """A part of a few bytes that declares 3 GiB."""
    xlsx(path)
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<I", 3 << 30)
    path.write_bytes(raw)
    return path


def entity_bomb(path: Path) -> Path:
    """Ten entities that each expand to ten of the next, in the sheet."""
    lines = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "ha">' + lines + b"]>"

    def change(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return content
        head, mark, rest = content.partition(b"?>")
        return head + mark + bomb + rest

    return rewritten(xlsx(path), change)


def far_cell(path: Path, row: int = 1_048_575, column: int = 16_383) -> Path:
    """Two cells, the first and by default the last there can be: 17 thousand million in between."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "项目名称")
    sheet.write(row, column, "x")
    book.close()
    return path


def phantom_rows(path: Path) -> Path:
    """Three rows of cells and a declared dimension of everything, with formatted blank rows to the end."""

    def change(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return content
        blanks = b"".join(b'<row r="%d" ht="20" customHeight="1"/>' % row for row in range(4, 1_048_577))
        content = content.replace(b'ref="A1:C3"', b'ref="A1:XFD1048576"')
        return content.replace(b"</sheetData>", blanks + b"</sheetData>")

    return rewritten(xlsx(path), change)


def small_xls() -> bytes:
    """An old workbook always laid out the same, for damaging."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "项目")
    sheet.write(1, 0, 1.5)
    sheet.write_merge(2, 3, 1, 2, "m")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def encrypted_xlsx(path: Path) -> Path:
    """The container in which Excel keeps a workbook with a password: no Workbook stream, but EncryptedPackage."""
    raw = bytearray(xls(path).read_bytes())
    entry = raw.index("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    raw[entry : entry + len(name)] = name
    raw[entry + 64 : entry + 66] = struct.pack("<H", len(name) + 2)
    path.write_bytes(raw)
    return path


def word_document(path: Path) -> Path:
    """An old Word document's container."""
    raw = bytearray(xls(path).read_bytes())
    entry = raw.index("Workbook".encode("utf-16-le"))
    name = "WordDocument".encode("utf-16-le")
    raw[entry : entry + len(name)] = name
    raw[entry + 64 : entry + 66] = struct.pack("<H", len(name) + 2)
    path.write_bytes(raw)
    return path


def encrypted_xls(path: Path) -> Path:
    """A workbook whose first record after its beginning is FILEPASS."""
    raw = xls(path).read_bytes()
    beginning = raw.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    record = b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(48)
    path.write_bytes(raw[:beginning] + record + raw[beginning + len(record) :])
    return path


def encrypted_ods(path: Path) -> Path:
    """The manifest says that its content is encrypted."""

    def change(name: str, content: bytes) -> bytes:
        if name != "META-INF/manifest.xml":
            return content
        return content.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")

    return rewritten(ods(path), change)


def word_docx(path: Path) -> Path:
    """A zip with a Word document in it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return path


def picture(path: Path) -> Path:
    """The first bytes of a PNG."""
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return path


def cut(path: Path, keep: float = 0.6) -> Path:
    """The same file as a broken download leaves it."""
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    return path


def unfinished_formulas(path: Path) -> Path:
    """Cells that parsers take for blank: an error, and a formula saved without its value."""

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"<f>B2+B3</f><v>0</v>", b"<f>B2+B3</f>")

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["项目名称", "投资额"])
    sheet.write(1, 0, "甲")
    sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
    sheet.write(2, 0, "乙")
    sheet.write(2, 1, 5)
    sheet.write_formula("B4", "=B2+B3")
    book.close()
    return rewritten(path, change)


# What an error is in .xls and .xlsb.
ERROR_CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def xls_with_errors(path: Path, rows: list[list[object]]) -> Path:
    """An .xls of two sheets, 说明 and 台账; text that is the name of an error is that error."""
    book = xlwt.Workbook()
    book.add_sheet("说明").write(0, 0, "填报说明")
    sheet = book.add_sheet("台账")
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell in ERROR_CODES:
                sheet.row(number).set_cell_error(column, ERROR_CODES[str(cell)])
            else:
                sheet.write(number, column, cell)
    book.save(str(path))
    return path


def _record(kind: int, content: bytes = b"") -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return (bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])) + length + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path: Path, rows: list[list[object]]) -> Path:
    """A binary workbook with the sheets 说明 and 台账: text, numbers, errors; text after = is the error of a formula."""
    cells = bytearray()
    for number, row in enumerate(rows):
        cells += _record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0, 0) + bytes(4))
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(cell, str) and cell.lstrip("=") in ERROR_CODES:
                code = bytes([ERROR_CODES[cell.lstrip("=")]])
                formula = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + bytes(4)
                cells += _record(11, place + code + formula) if cell[0] == "=" else _record(3, place + code)
            elif isinstance(cell, str):
                cells += _record(6, place + _wide(cell))
            elif isinstance(cell, int | float):
                cells += _record(5, place + struct.pack("<d", cell))
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, max(len(rows) - 1, 0), 0, 20))
    names = ("说明", "台账")
    listed = b"".join(
        _record(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name)) for n, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="http://x/worksheet" Target="worksheets/sheet{n}.bin"/>' for n in (1, 2)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        archive.writestr("xl/workbook.bin", _record(131) + _record(143) + listed + _record(144) + _record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", f'<?xml version="1.0"?><Relationships>{links}</Relationships>')
        archive.writestr("xl/worksheets/sheet1.bin", sheet + _record(145) + _record(146) + _record(130))
        archive.writestr("xl/worksheets/sheet2.bin", sheet + _record(145) + cells + _record(146) + _record(130))
    return path


def ods_with_rows(path: Path, rows: str) -> Path:
    """An .ods whose second sheet 台账 holds `rows` as they are written."""
    spaces = "".join(f' xmlns:{name}="urn:{name}"' for name in ("office", "table", "text", "calcext", "dc"))
    first = '<table:table table:name="说明"><table:table-row><table:table-cell/></table:table-row></table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body><office:spreadsheet>{first}'
        f'<table:table table:name="台账">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(ods(path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, "content.xml": content.encode()}.items():
            archive.writestr(name, part)
    return path


def web_page(path: Path, encoding: str = "gb18030") -> Path:
    """What many systems export as .xls: a web page."""
    page = (
        '<html><head><meta charset="gb2312"><style>td {mso-number-format:"\\@"}</style></head><body><table border=1>'
        "<tr><th colspan=3>签约项目&nbsp;台账</th></tr>"
        "<tr><td rowspan='2'>城东街道<td>甲项目<td>913401048335H79HJA</tr>"
        "<tr><td>乙<br>项目</td><td>330106199001011234</td></tr>"
        "</table></body></html>"
    )
    path.write_bytes(page.encode(encoding))
    return path
