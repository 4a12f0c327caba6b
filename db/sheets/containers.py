"""What a file is, told from its content, and what speaks against handing it to a parser.

Runs in the parser's child process and knows nothing of the rest of the program. The suffix of a name is never
believed: offices keep text and web pages named .xls, and old workbooks named .xlsx.
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from db.core.packages import BROKEN_ZIP, OLE
from db.sheets.compound import Compound

Lost = dict[int, dict[int, str]]  # row → column (both 0-based) → what stands there
MOST_LOST = 500_000  # cells; more would not leave the parser the memory it needs

PROTECTED, DAMAGED, HOSTILE, TOO_LARGE, NOT_A_TABLE = "protected", "damaged", "hostile", "too_large", "not_a_table"

_ENTRIES = 20_000
_FILEPASS = 0x002F
_PROLOG = 64 * 1024
_SMALL_PART = 16 * 1024 * 1024
# An honest sheet of repeated text packs at most about 1:100; a bomb packs at 1:1000.
_RATIO, _RATIO_FROM = 200, 64 * 1024 * 1024
BROKEN_OLE = (struct.error, IndexError, ValueError)


class Unfit(Exception):
    """The file will not be read; `word` is one of the reasons above."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def kind_of(path: Path, unpacked_limit: int) -> str:
    """One of "xlsx", "xlsb", "ods" (zipped workbooks), "xls" (any OLE workbook) and "text"; raises `Unfit`."""
    with path.open("rb") as file:
        head = file.read(8)
        if not head:
            raise Unfit(NOT_A_TABLE)
        if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            return _inspect_zip(file, unpacked_limit)
        if head == OLE:
            return _inspect_ole(file)
    return "text"


def _inspect_zip(file: IO[bytes], unpacked_limit: int) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _weigh(entries, unpacked_limit)
            kind = _recognised(archive, entries)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _refuse_doctype(archive, entry)
    except BROKEN_ZIP as broken:
        raise Unfit(DAMAGED) from broken
    return kind


def _weigh(entries: list[zipfile.ZipInfo], unpacked_limit: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit(PROTECTED)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Unfit(DAMAGED)
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > _ENTRIES or unpacked > unpacked_limit:
        raise Unfit(TOO_LARGE)
    if unpacked > _RATIO_FROM and unpacked > _RATIO * max(packed, 1):
        raise Unfit(TOO_LARGE)


def _recognised(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    manifest = names.get("meta-inf/manifest.xml")
    if "encrypted-package" in names or (
        manifest is not None and b"encryption-data" in _part(archive, manifest, _SMALL_PART)
    ):
        raise Unfit(PROTECTED)
    if any(re.fullmatch(r"(.*/)?workbook\d*\.xml", name) for name in names):
        return "xlsx"
    if any(re.fullmatch(r"(.*/)?workbook\d*\.bin", name) for name in names):
        return "xlsb"
    if "content.xml" in names and "mimetype" in names:
        if b"spreadsheet" in _part(archive, names["mimetype"], 200):
            return "ods"
        raise Unfit(NOT_A_TABLE)
    raise Unfit(DAMAGED if any(name.startswith("xl/") for name in names) else NOT_A_TABLE)


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    with archive.open(entry) as stream:
        return stream.read(limit)


def _refuse_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No office program writes a document type; entity bombs and references to other files need one."""
    refuse_doctype(_part(archive, entry, _PROLOG))


def refuse_doctype(start: bytes) -> None:
    """Look at what stands before the root element of `start`; raises `Unfit`."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "replace").encode()
    prolog = re.sub(rb"<\?.*?\?>|<!--.*?-->", b"", start, flags=re.DOTALL).lstrip(b"\xef\xbb\xbf \t\r\n")
    if prolog[:2] in (b"<!", b"<?") or (not prolog and len(start) >= _PROLOG):
        raise Unfit(HOSTILE)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet of an .xlsx → the archive's part that holds it; {} where that is not to be found out."""
    try:
        book = ElementTree.fromstring(_part(archive, archive.getinfo("xl/workbook.xml"), _SMALL_PART))  # noqa: S314 - no document type
        targets = linked_parts(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, ElementTree.ParseError):
        return {}
    parts = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            key = next((v for k, v in element.attrib.items() if k.startswith("{") and k.endswith("}id")), "")
            parts[element.get("name", "")] = targets.get(key, "")
    return parts


def linked_parts(archive: zipfile.ZipFile, links: str) -> dict[str, str]:
    """Key of each link of a workbook → the archive's part it leads to; raises KeyError and ParseError."""
    found = ElementTree.fromstring(_part(archive, archive.getinfo(links), _SMALL_PART))  # noqa: S314 - no document type
    targets = {link.get("Id", ""): link.get("Target", "") for link in found}
    return {key: to.lstrip("/") if to.startswith("/") else f"xl/{to}" for key, to in targets.items()}


def _inspect_ole(file: IO[bytes]) -> str:
    try:
        container = Compound(file)
        if container.names & {"encryptedpackage", "encryptioninfo"}:
            raise Unfit(PROTECTED)
        book = workbook_stream(container, 512)
        if book is None:
            raise Unfit(NOT_A_TABLE if container.names - {"root entry"} else DAMAGED)
        if _has_password(book):
            raise Unfit(PROTECTED)
    except BROKEN_OLE as broken:
        raise Unfit(DAMAGED) from broken
    return "xls"


def workbook_stream(container: Compound, most: int = 1 << 62) -> bytes | None:
    """The records of an old workbook, or the first `most` bytes of them; None where the container holds none."""
    name = next((name for name in ("workbook", "book") if name in container.names), None)
    return None if name is None else container.read(name, most)


def _has_password(start: bytes) -> bool:
    """A FILEPASS record among the first ones of the workbook ([MS-XLS] 2.4.117)."""
    offset = 0
    while offset + 4 <= len(start):
        record, length = struct.unpack_from("<HH", start, offset)
        if record == _FILEPASS:
            return True
        offset += 4 + length
    return False
