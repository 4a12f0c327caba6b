"""The layout of a ledger, learned when it comes in: what its rows are, by what it is grouped, and its empty shell.

The shell is the ledger's own file with one row of each sort left (the header, a group, a record, a sum, the notes), so that
whatever its sender drew is there when the ledger goes out again.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from db.core.errors import Problem
from db.core.fields import Choice, Link
from db.core.reading import Stored
from db.sheets.finding import Block
from db.sheets.form_file import FormFile, Page, corners
from db.sheets.form_growing import striped
from db.sheets.form_values import DAY_IN_WORDS
from db.sheets.rows import Skipped

if TYPE_CHECKING:
    from db.sheets.table import Table

_LARGEST = 2**20  # bytes of a file of which a shell is made: a second of work; larger ones go out in plain cells
_SHELL = 400_000  # bytes of a shell that is kept
_GROUPS = 200
_NAMES = 5000
_LOOKED_AT = 200  # records


def body_of(table: Table, block: Block) -> Mapping[str, Any]:
    """What stands under a header, rows as Excel numbers them: a record, the groups, the sums, and from where the notes.

    within: how many records follow the first without anything between. stripe (of a shell): the record that is drawn in
    the other of two faces.
    """
    first = table.sheet.first_row
    records = [first + place for place in table.rows.records]
    kinds: dict[str, list[Skipped]] = {}
    for one in table.rows.skipped:
        kinds.setdefault(one.kind, []).append(one)
    totals, groups = kinds.get("total", []), kinds.get("group", [])[:_GROUPS]
    within = [*records, *(first + one.place for one in (*totals, *groups))]
    return {
        "first": first + block.start,
        "last": max(within, default=first + block.start),
        "until": records[-1] if records else first + block.start,
        "record": records[0] if records else first + block.start,
        "within": sum(one == records[0] + place for place, one in enumerate(records)),
        "groups": [[first + one.place, one.words] for one in groups],
        "totals": [[first + one.place, one.words] for one in totals],
        "grouped": _grouped(table, groups),
        "tall": _tall(table),
        "days": _days(table),
    }  # fmt: skip


def _grouped(table: Table, groups: Sequence[Skipped]) -> Mapping[str, Any]:
    """By which fact the group rows part the records, and how each of its values is called; {} where there are none.

    named: it is only their names, so that a record which is new belongs to none.
    """
    if not groups:
        return {}
    starts = [one.place for one in groups]
    members: list[list[int]] = [[] for _one in groups]
    for place, row in enumerate(table.rows.records):
        group = sum(start < row for start in starts) - 1
        if group >= 0:
            members[group].append(place)
    kept = [(one, some) for one, some in zip(groups, members, strict=True) if some]
    candidates = dict(table.values)
    said = {key for extra in table.extras.values() for key in extra}
    for key in said:
        plain = candidates.get(key) or [None] * len(table.rows.records)
        candidates[key] = [table.extras.get(place, {}).get(key, value) for place, value in enumerate(plain)]
    for key, values in candidates.items():
        called = _called(table, key, values, kept)
        if called is not None:
            return {"key": key, "words": called, "named": False}
    return _by_name(table, kept)


def _by_name(table: Table, groups: Sequence[tuple[Skipped, list[int]]]) -> Mapping[str, Any]:
    """No fact parts the records (一、工业项目 where no column says so): they stay where their names stood."""
    key = table.room.required[0]
    names = table.values.get(key)
    if names is None or len(names) > _NAMES:
        return {}
    return {"key": key, "words": [(names[place], one.words) for one, some in groups for place in some], "named": True}


def _called(
    table: Table, key: str, values: Sequence[Stored], groups: Sequence[tuple[Skipped, list[int]]]
) -> list[tuple[Stored, str]] | None:
    field = table.room.field(key)
    told = {one for place in table.told for one in table.told[place]}
    if key not in told and (field is None or not isinstance(field.kind, Link | Choice)):
        return None
    found: list[tuple[Stored, str]] = []
    for one, some in groups:
        inside = {values[place] for place in some}
        value = next(iter(inside))
        label = field.kind.label(str(value)).render("zh") if field and isinstance(field.kind, Choice) else str(value)
        if len(inside) > 1 or value is None or (key not in told and label not in one.words):
            return None
        found.append((value, one.words))
    return found if len({value for value, _words in found}) == len(found) else None


def _days(table: Table) -> dict[str, str]:
    """Letter → how a column writes its days as words: as its first one does."""
    found: dict[str, str] = {}
    for one in table.columns:
        cells = (table.cell(place, one.place) for place in range(min(len(table.rows.records), _LOOKED_AT)))
        said = next((cell.strip() for cell in cells if cell is not None and cell != "" and isinstance(cell, str)), "")
        if DAY_IN_WORDS.fullmatch(said):
            found[one.letter] = said
    return found


def _tall(table: Table) -> list[int]:
    """Columns (from 1) whose cells are merged over several records that say the same."""
    records = set(table.rows.records)
    return sorted({
        left + 1 for top, left, bottom, right in table.sheet.merged
        if bottom > top and left == right and top in records and bottom in records
    })  # fmt: skip


def with_shell(path: Path, layout: Mapping[str, Any]) -> Mapping[str, Any]:
    """A layout with the empty shell of its file, where one can be made; else as it is."""
    try:
        if path.suffix.lower() != ".xlsx" or path.stat().st_size > _LARGEST:
            return layout
        file = FormFile(path)
        page = next((one for one in file.pages if one.name == layout["sheet"]), None)
        if page is None:
            return layout
        body = layout["body"]
        rows = range(body["record"], body["record"] + 4)
        if body["within"] >= len(rows) and striped(page, rows):
            layout = {**layout, "body": {**body, "stripe": rows[1]}}
        _empty(page, layout["body"])
        _alone(file, page)
        with tempfile.TemporaryDirectory() as folder:
            file.save(Path(folder) / "shell.xlsx")
            shell = (Path(folder) / "shell.xlsx").read_bytes()
    except (Problem, OSError, ValueError, KeyError, AttributeError, etree.LxmlError):
        return layout  # the layout goes out in plain cells then; an import is never refused for its face
    return layout if len(shell) > _SHELL else {**layout, "shell": base64.b64encode(shell).decode()}


def _empty(page: Page, body: Mapping[str, Any]) -> None:
    """Leave one row of each sort; all texts go into their cells, for the file's list of texts holds every record."""
    patterns = {body["record"], *(row for row, _words in body["totals"]), *(row for row, _words in body["groups"][:1])}
    patterns |= {body["stripe"]} if "stripe" in body else set()
    gone = {row for row in page.rows if body["first"] <= row <= body["last"] and row not in patterns}
    for row in gone:
        page.data.remove(page.rows[row])
    page.forget()
    for row in page.rows:
        for column in page.cells(row):
            said = page.said(row, column)
            if isinstance(said, str) and not page.formula(row, column):
                page.put(row, column, said)
    for one in list(page.root.iter(f"{page.space}mergeCell")):
        top, _left, bottom, _right = corners(one.get("ref"))
        if top in gone or (bottom > top and body["first"] <= top <= body["last"]):
            one.getparent().remove(one)


def _alone(file: FormFile, page: Page) -> None:
    """The workbook with this sheet only, without the texts of the others."""
    book, rels = file.xml("xl/workbook.xml"), file.xml("xl/_rels/workbook.xml.rels")
    targets = {number: part for number, _kind, part in file.related("xl/workbook.xml")}
    gone = {one.part for one in file.pages if one is not page} | {
        part for _number, kind, part in file.related("xl/workbook.xml") if kind in ("sharedStrings", "externalLink")
    }
    marks = {number for number, part in targets.items() if part in gone}
    place = file.pages.index(page)
    for one in list(book.iter(etree.Element)):
        name = etree.QName(one).localname
        related = next((value for key, value in one.attrib.items() if key.endswith("}id")), None)
        other_name = name == "definedName" and one.get("localSheetId") not in (None, str(place))
        if (name in ("sheet", "externalReference") and related in marks) or other_name:
            one.getparent().remove(one)
        elif name == "definedName" and one.get("localSheetId") is not None:
            one.set("localSheetId", "0")
        elif name == "workbookView":
            one.set("activeTab", "0")
            one.attrib.pop("firstSheet", None)
    for one in list(rels):
        if one.get("Id") in marks:
            rels.remove(one)
    types = file.xml("[Content_Types].xml")
    for one in list(types):
        if (one.get("PartName") or "")[1:] in gone:
            types.remove(one)
    for part in gone:
        folder, _slash, name = part.rpartition("/")
        for doomed in (part, f"{folder}/_rels/{name}.rels"):
            file.forget_part(doomed)
    file.pages = [page]
