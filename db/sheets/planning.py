"""From a workbook to a plan: what is new, what changes cell by cell, what is the same, what cannot be taken and why.

`plan` writes nothing. Each sheet is cut into tables (blocks), their columns are mapped and converted (mapping, table),
the rows recognised (settling), and every non-blank cell is accounted for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from db.core.dates import read_day
from db.core.fields import Link
from db.core.progress import SILENT, Progress
from db.core.reading import Stored
from db.core.sweeping import sweeping_afterwards
from db.core.text import Text, _
from db.sheets.asking import Desk
from db.sheets.beside import as_one, side_by_side, years_apart
from db.sheets.doubting import ask_doubts
from db.sheets.facts import given_facts, sheet_facts
from db.sheets.finding import LOOK, Block, Grid, find_blocks, headings_of
from db.sheets.headings import NUMBERING, Vocabulary, heading_text, normal
from db.sheets.layout_learned import body_of
from db.sheets.mapping import Place, map_columns
from db.sheets.matching import Register
from db.sheets.outdated import last_seen
from db.sheets.plan import Column, Counts, Options, Plan, SheetPlan, SkippedRow, letter
from db.sheets.remembered import carried_over, changed, sender
from db.sheets.room import RoomSheet
from db.sheets.rows import Shape, Skipped, skipped_line, sort_rows
from db.sheets.settling import Settled, settle
from db.sheets.table import Table, build, check_required, raw_columns, uncount
from db.sheets.upright import upright
from db.sheets.values import filled
from db.sheets.workbook import Sheet, Workbook

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LIKE_ENOUGH = 0.2  # of the columns that a room must know outright, where it does not know that of the name
_TOGETHER = 500  # rows whose cells are counted together


@dataclass
class _Page:
    """A sheet being planned."""

    sheet: Sheet
    why: Text | None = None
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    layouts: list[Mapping[str, Any]] = field(default_factory=list)


def plan(
    workbook: Workbook, room: RoomSheet, connection: Connection | None, options: Options, *, progress: Progress = SILENT
) -> Plan:
    """What importing `workbook` into `room` would do. `connection` reads the book; None plans into an empty one.

    Raises `Refused` where --set names no field or no value. Questions carry their proposed answers; the plan is made
    with these until other answers are given in `options`.
    """
    with sweeping_afterwards():
        return _plan(workbook, room, connection, options, progress)


def _plan(
    workbook: Workbook, room: RoomSheet, connection: Connection | None, options: Options, progress: Progress
) -> Plan:
    desk = Desk(options)
    vocabulary = Vocabulary(room)
    said = given_facts(room, options.given)
    names = _names(room, connection)
    pages = []
    for done, sheet in enumerate(workbook.sheets):
        progress.step(done, len(workbook.sheets), _("Reading the sheet {sheet}", sheet=sheet.name))
        tables_apart = [
            pair
            for part in side_by_side(upright(sheet, vocabulary), vocabulary)
            for pair in years_apart(part, vocabulary)
        ]
        pages += [
            _page(part, workbook, vocabulary, desk, said | year, connection, names) for part, year in tables_apart
        ]
    tables = [table for page in pages for table in page.tables]
    register = Register(room, room.existing(connection) if connection is not None else ())
    settled = settle(tables, register, desk, connection, progress)
    seen = last_seen(connection, room) if connection is not None else None
    return _finished(workbook, room, pages, settled, desk, seen)


def recognise(workbook: Workbook, rooms: Sequence[RoomSheet]) -> RoomSheet | None:
    """The room whose headings the workbook's sheets carry; None where no room knows them."""
    best: tuple[float, RoomSheet] | None = None
    for room in rooms:
        vocabulary = Vocabulary(room)
        score = max((_likeness(sheet, vocabulary) for sheet in workbook.sheets), default=0.0)
        if score > 0 and (best is None or score > best[0]):
            best = (score, room)
    return best[1] if best else None


def _likeness(sheet: Sheet, vocabulary: Vocabulary) -> float:
    """How many columns of the first table a room knows, most for its required ones."""
    head = Sheet(sheet.name, sheet.visible, sheet.first_row, sheet.rows[:200], sheet.merged)
    blocks = find_blocks(upright(head, vocabulary), vocabulary)
    if not blocks:
        return 0.0
    paths = blocks[0].paths.values()
    found = {match.key for path in paths if (match := vocabulary.match(path))}
    needed = set(vocabulary.room.required) - set(vocabulary.room.whole_sheet)
    if needed <= found:
        return len(found)
    # Where no room knows the headings outright, the one they are like.
    like = {match.key for path in paths if not vocabulary.match(path) for match in vocabulary.guess(path)[:1]}
    share = len(found) / len(paths)
    return share if needed <= found | like and share >= _LIKE_ENOUGH else 0.0


def _page(
    sheet: Sheet, workbook: Workbook, vocabulary: Vocabulary, desk: Desk, said: dict[str, Stored],
    connection: Connection | None, names: Collection[str],
) -> _Page:  # fmt: skip
    page = _Page(sheet)
    wanted = desk.options.sheets
    if wanted and sheet.name not in wanted:
        page.why = _("not asked for")
    elif not sheet.visible and not wanted:
        page.why = _("hidden sheets are not taken by themselves")
    elif not any(filled(row) for row in sheet.rows):
        page.why = _("empty")
    else:
        page.blocks = find_blocks(sheet, vocabulary)
        page.why = _without_names(page.blocks, vocabulary, desk, sheet)
    if page.why is None:
        for place in range(len(page.blocks)):
            _take_block(page, place, workbook, vocabulary, desk, said, connection, names)
    return page


def _without_names(blocks: list[Block], vocabulary: Vocabulary, desk: Desk, sheet: Sheet) -> Text | None:
    """Why a sheet is no table of the room; None where some table of it has the columns that a record needs."""
    if not blocks:
        return _("no header row was found")
    answered = {
        answer for question, answer in desk.options.answers.items() if question.startswith(f"column:{sheet.name}!")
    }
    for block in blocks:
        found = {match.key for path in block.paths.values() if (match := vocabulary.match(path))} | answered
        found |= {match.key for path in block.paths.values() for match in vocabulary.guess(path)[:1]}
        if set(vocabulary.room.required) - set(vocabulary.room.whole_sheet) <= found:
            return None
    label = next(known.label for known in vocabulary.room.fields if known.key in vocabulary.room.required)
    return _("no column for “{field}”", field=label)


def _take_block(
    page: _Page, place: int, workbook: Workbook, vocabulary: Vocabulary, desk: Desk, said: dict[str, Stored],
    connection: Connection | None, names: Collection[str],
) -> None:  # fmt: skip
    sheet, block, room = page.sheet, page.blocks[place], vocabulary.room
    grid = Grid(sheet)
    around = [text for known in (block, *page.blocks[:place][::-1]) for text in known.above]
    around += [sheet.name, workbook.path.stem or workbook.name]
    signature = _signature(block)
    by = sender(names, workbook.path.stem or workbook.name, *around)
    recalled = _recall(connection, room, block, signature, desk, sheet.name, by)
    own = room.own_headings(connection) if connection is not None else frozenset()
    rows = sort_rows(grid, block, _shape(block, vocabulary), room)
    raws = raw_columns(sheet, rows.records, grid.width)
    where = Place(
        sheet.name, tuple(around), recalled, own, lambda: connection is None or not room.existing(connection),
        tuple(line.words for line in rows.skipped if line.kind == "note"), lambda: _years_of_days(sheet, rows.records),
    )  # fmt: skip
    columns = map_columns(block, raws, vocabulary, desk, where)
    table = build(sheet, grid, columns, rows, room, desk, raws, where)
    _add_facts(table, said, sheet_facts(room, {*table.values, *said}, around, desk, sheet.name))
    check_required(table)
    ask_doubts(table, desk, connection)
    page.tables.append(table)
    page.skipped += [skipped_line(row, "title", sheet.rows[row]) for row in block.above_rows if filled(sheet.rows[row])]
    page.skipped += _header_lines(sheet, block, first=place == 0)
    page.skipped += rows.skipped
    page.layouts.append({**_layout(table, block, signature, workbook), "sender": by})


def _years_of_days(sheet: Sheet, records: Sequence[int]) -> set[int]:
    """The years that the days of a table name: its first rows are enough to tell of which year it is."""
    cells = (cell for record in records[:LOOK] for cell in sheet.rows[record])
    days = (
        read_day(cell).value for cell in cells if isinstance(cell, date) or (isinstance(cell, str) and len(cell) <= 12)
    )
    return {int(day[:4]) for day in days if isinstance(day, str)}


def _header_lines(sheet: Sheet, block: Block, *, first: bool) -> list[Skipped]:
    lines = (
        [] if first else [skipped_line(row, "header", sheet.rows[row]) for row in range(block.first, block.last + 1)]
    )
    return lines + [skipped_line(row, "numbers", sheet.rows[row]) for row in range(block.last + 1, block.start)]


def _add_facts(table: Table, said: dict[str, Stored], found: dict[str, Stored]) -> None:
    """Facts of the whole sheet as columns of their own, or in the gaps of what columns and group rows say row by row."""
    count = len(table.rows.records)
    for key, value in {**found, **said}.items():
        if key not in table.values:
            table.values[key] = [table.extras.get(place, {}).get(key, value) for place in range(count)]
            if key in found:
                table.quiet.add(key)
            continue
        for place, own in enumerate(table.values[key]):
            if own is None:
                table.extras.setdefault(place, {}).setdefault(key, value)


def _shape(block: Block, vocabulary: Vocabulary) -> Shape:
    """Which columns hold the name and the running number, for telling records from sums and notes."""
    required = set(vocabulary.room.required)
    names, likely, numbering = [], [], None
    for column, path in sorted(block.paths.items()):
        match = vocabulary.match(path)
        if match and match.key in required:
            names.append(column)
        elif not match and any(guess.key in required for guess in vocabulary.guess(path)[:1]):
            likely.append(column)
        elif numbering is None and normal(path[-1]) in NUMBERING:
            numbering = column
    return Shape(tuple(names or likely), numbering, tuple(sorted(block.paths)))


def _names(room: RoomSheet, connection: Connection | None) -> frozenset[str]:
    """Everybody whom the book knows and a ledger may be from: units, people, companies."""
    links = [one.key for one in room.fields if isinstance(one.kind, Link)] if connection is not None else []
    return frozenset(name for key in links for name in room.aliases(connection, key))  # type: ignore[arg-type]


def _signature(block: Block) -> str:
    words = "|".join(f"{column}:{'/'.join(path)}" for column, path in sorted(block.paths.items()))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _recall(
    connection: Connection | None, room: RoomSheet, block: Block, signature: str, desk: Desk, sheet: str, by: str
) -> Mapping[str, str]:
    """What was answered about this header before, or about one that is like it; what changed since is said."""
    if connection is None:
        return {}
    known = room.recall_layout(connection, signature, by)
    if known:
        return known
    headings = {letter(column): heading for column, heading in headings_of(block.paths).items()}
    before = room.like_layout(connection, list(headings.values()), by)
    if before is None:
        return {}
    for text in changed(before, headings):
        desk.note(sheet, "", text)
    return carried_over(before, headings)


def _layout(table: Table, block: Block, signature: str, workbook: Workbook) -> Mapping[str, Any]:
    """A ledger's face and what was answered about it, remembered so that it can be written again and is not asked again."""
    sheet, columns = table.sheet, table.columns
    return {
        "file": workbook.name, "sheet": sheet.name, "signature": signature,
        "above": [[heading_text(cell) for cell in sheet.rows[row]] for row in block.above_rows],
        "header": [[heading_text(cell) for cell in row] for row in sheet.rows[block.first : block.last + 1]],
        "merged": [
            [span[0] - block.first, span[1], span[2] - block.first, span[3]]
            for span in sheet.merged if block.first <= span[0] <= block.last
        ],
        "columns": {column.letter: _recalled(column) for column in columns if column.how != "month"}
        | table.fills
        | {f"unit:{column.letter}": column.unit for column in columns if column.unit},
        "body": body_of(table, block),
        "fields": [
            {"letter": one.letter, "heading": one.heading, "keys": list(one.keys), "unit": one.unit} for one in columns
        ],
    }  # fmt: skip


def _recalled(column: Column) -> str:
    """A column's meaning as it is answered: key, key+key where it is both, own, none."""
    if column.how == "own":
        return "own"
    return "+".join(column.keys) or "none"


def _finished(
    workbook: Workbook, room: RoomSheet, pages: list[_Page], settled: Settled, desk: Desk, seen: int | None
) -> Plan:
    refused = [refusal for page in pages for table in page.tables for refusal in table.refused]
    return Plan(
        path=workbook.path, file=workbook.name, room=room,
        sheets=as_one([_sheet_plan(page, settled) for page in pages]),
        new=tuple(settled.new), changes=tuple(settled.changes), same=settled.same,
        refused=tuple(sorted(refused, key=lambda one: (one.sheet, one.row))),
        notes=desk.notes(), questions=tuple(desk.questions.values()), names=settled.names, seen=seen,
    )  # fmt: skip


def _sheet_plan(page: _Page, settled: Settled) -> SheetPlan:
    sheet = page.sheet
    parts = (sheet.rows[at : at + _TOGETHER] for at in range(0, len(sheet.rows), _TOGETHER))
    total = sum(filled(column) for part in parts for column in zip_longest(*part))
    if page.why is not None:
        return SheetPlan(sheet.name, sheet.visible, False, page.why, counts=Counts(cells=total, skipped=total))
    counts = dict.fromkeys(("stored", "own", "blank", "unused", "refused", "repeated"), 0)
    repeated: list[SkippedRow] = []
    for table in page.tables:
        for name, number in table.own_counts.items():
            counts[name] += number
        again = settled.repeated.get(id(table), {})
        uncount(table, table.bad - set(again), "refused", counts)
        uncount(table, set(again), "repeated", counts)
        repeated += [SkippedRow(table.excel_row(place), "repeated", why) for place, why in again.items()]
    skipped = [SkippedRow(sheet.excel_row(line.place), line.kind, line.why) for line in page.skipped]
    headings = sum(filled(row) for block in page.blocks for row in sheet.rows[block.first : block.last + 1])
    outside = sum(line.cells for line in page.skipped if line.kind != "header")
    first = page.blocks[0]
    return SheetPlan(
        sheet.name, sheet.visible, True, None,
        header_rows=(sheet.first_row + first.first, sheet.first_row + first.last),
        columns=_all_columns(page.tables),
        rows_read=sum(len(table.rows.records) for table in page.tables),
        skipped=tuple(sorted(skipped + repeated, key=lambda row: row.row)),
        counts=Counts(cells=total, headings=headings, skipped=outside, **counts),
        layouts=tuple(page.layouts),
    )  # fmt: skip


def _all_columns(tables: Sequence[Table]) -> tuple[Column, ...]:
    """Columns of the first table, and those of stacked ones that differ from it."""
    columns: list[Column] = []
    seen: set[tuple[str, str, tuple[str, ...], str | None]] = set()
    for table in tables:
        for column in table.columns:
            mark = (column.letter, column.heading, column.keys, column.unit)
            if mark not in seen:
                seen.add(mark)
                columns.append(column)
    return tuple(columns)
