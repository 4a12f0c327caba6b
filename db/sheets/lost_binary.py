"""Errors in the binary workbooks .xls ([MS-XLS] 2.4.24, 2.4.127) and .xlsb ([MS-XLSB] 2.4.313, 2.4.653).

Both are strings of records that say their own length. An .xls without the bytes that an error is made of is passed
over; else the records are walked.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from db.core.packages import BROKEN_ZIP
from db.sheets.compound import Compound
from db.sheets.containers import BROKEN_OLE, MOST_LOST, Lost, linked_parts, workbook_stream

_CHUNK = 1 << 20
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_CODES = b"[" + b"".join(rb"\x%02x" % code for code in ERRORS) + b"]"

_FORMULA, _BOOL_OR_ERROR, _SHEET, _BEGIN, _END = 0x0006, 0x0205, 0x0085, 0x0809, 0x000A
_MAY_BE_OLD = (
    re.compile(rb"\x05\x02\x08\x00.{6}" + _CODES + rb"\x01", re.DOTALL),
    re.compile(rb"\x06\x00.[\x00-\x20].{6}\x02." + _CODES + rb".{3}\xff\xff", re.DOTALL),
)

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET_LISTED = 0, 3, 11, 156
# Blank cells, numbers, truths and shared texts, as many as follow each other: most of a sheet, taken in one step.
_PLAIN_CELLS = re.compile(rb"(?:\x02\x0c.{12}|\x05\x10.{16}|\x07\x0c.{12}|\x01\x08.{8}|\x04\x09.{9})++", re.DOTALL)
_HEAD_MOST = 8


def lost_in_old_workbook(path: Path) -> dict[int, Lost]:
    """The errors of each sheet of an .xls by its place in the workbook."""
    try:
        with path.open("rb") as file:
            records = workbook_stream(Compound(file)) or b""
        starts = list(_sheet_starts(records))
        ends = [min([later for later in starts if later > start], default=len(records)) for start in starts]
        return {place: _old_sheet(records, *span) for place, span in enumerate(zip(starts, ends, strict=True))}
    except BROKEN_OLE:
        # The parser reads the same bytes and says so.
        return {}


def _sheet_starts(records: bytes) -> Iterator[int]:
    offset = 0
    while offset + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, offset)
        if kind == _SHEET and length >= 4:
            yield struct.unpack_from("<I", records, offset + 4)[0]
        elif kind == _END:
            return
        offset += 4 + length


def _old_sheet(records: bytes, start: int, end: int) -> Lost:
    found: Lost = {}
    if not any(error.search(records, start, end) for error in _MAY_BE_OLD):
        return found
    offset, depth, count = start, 0, 0
    while offset + 4 <= end and count < MOST_LOST:
        kind, length = struct.unpack_from("<HH", records, offset)
        if kind in (_FORMULA, _BOOL_OR_ERROR) and depth == 1 and offset + 4 + length <= end:
            said = _old_error(kind, records[offset + 4 : offset + 4 + length])
            if said:
                row, column = struct.unpack_from("<HH", records, offset + 4)
                found.setdefault(row, {})[column] = said
                count += 1
        elif kind == _BEGIN:
            # A chart on the sheet is a sheet within it.
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        offset += 4 + length
    return found


def _old_error(kind: int, record: bytes) -> str:
    if kind == _BOOL_OR_ERROR:
        return ERRORS.get(record[6], "") if len(record) >= 8 and record[7] == 1 else ""
    if len(record) < 14 or record[6] != 2 or record[12:14] != b"\xff\xff":
        return ""
    return ERRORS.get(record[8], "")


def lost_in_binary_sheet(path: Path, sheet: str) -> Lost:
    """The errors of one sheet of an .xlsb."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = _parts(archive).get(sheet)
            if part is None or part not in archive.namelist():
                return {}
            with archive.open(part) as stream:
                return _new_sheet(stream)
    except (*BROKEN_ZIP, KeyError, ElementTree.ParseError):
        return {}


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet → the part that holds it."""
    targets = linked_parts(archive, "xl/_rels/workbook.bin.rels")
    parts = {}
    with archive.open("xl/workbook.bin") as stream:
        for kind, record in _records(stream):
            if kind == _SHEET_LISTED:
                key, after = _text(record, 8)
                name, _end = _text(record, after)
                parts[name] = targets.get(key, "")
    return parts


def _text(record: bytes, offset: int) -> tuple[str, int]:
    letters = struct.unpack_from("<I", record, offset)[0]
    end = offset + 4 + (0 if letters == 0xFFFFFFFF else 2 * letters)
    return record[offset + 4 : end].decode("utf-16-le", "replace"), end


def _new_sheet(stream: IO[bytes]) -> Lost:
    found: Lost = {}
    row, count = 0, 0
    for kind, record in _records(stream):
        if kind == _ROW and len(record) >= 4:
            row = struct.unpack_from("<I", record)[0]
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(record) >= 9 and record[8] in ERRORS and count < MOST_LOST:
            found.setdefault(row, {})[struct.unpack_from("<I", record)[0]] = ERRORS[record[8]]
            count += 1
    return found


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record; ends where the part is cut. Numbers are written seven bits a byte."""
    block, offset = stream.read(_CHUNK), 0
    while True:
        if plain := _PLAIN_CELLS.match(block, offset):
            offset = plain.end()
        if offset + _HEAD_MOST > len(block):
            block, offset = block[offset:] + stream.read(_CHUNK), 0
        try:
            kind, at = block[offset], offset + 1
            if kind & 0x80:
                kind, at = kind & 0x7F | block[at] << 7, at + 1
            length, shift = block[at] & 0x7F, 7
            while block[at] & 0x80 and shift < 28:
                at += 1
                length, shift = length | (block[at] & 0x7F) << shift, shift + 7
        except IndexError:
            return
        offset = at + 1 + length
        if offset > len(block):
            block, at, offset = block[at + 1 :] + stream.read(length + _CHUNK), -1, length
        yield kind, block[at + 1 : offset]
