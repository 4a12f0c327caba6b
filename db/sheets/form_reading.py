"""What a superior's blank form asks for: a table with a header, or cards of single records with labels beside the blanks.

The same heading engine as the import's finds header, units and lines around. Rows and columns are numbered from 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from db.core.fields import Area, Metric, Money
from db.core.quantities import scale_of
from db.sheets.finding import Block, Grid, find_blocks, headings_of, unit_of, without_units
from db.sheets.form_file import FormFile, Page
from db.sheets.form_lines import Gap, gaps
from db.sheets.form_values import asked_pattern, asks_for, filled_by_itself, left_open, of_reporter
from db.sheets.headings import (
    NUMBERING,
    SUMS,
    Vocabulary,
    heading_text,
    month_heading,
    named,
    normal,
    unit_fits,
    unit_for,
    unit_in,
    years_in,
)
from db.sheets.room import RoomSheet
from db.sheets.rows import Shape, sort_rows
from db.sheets.values import is_blank
from db.sheets.workbook import Cell

_DOTS = re.compile(r"[.…·\s]+")
_GUESS = 80.0
_MANY_LABELS = 3

Place = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True)
class Blank:
    """A column of a table, or one blank of a card. key: the cell key that fills it, None where nothing does.

    how: exact, alias, month, guessed, remembered, number (序号), formula, none. unit: of the numbers asked for.
    inside: the blank follows its label in the same cell. pattern: how days are to be written, where the heading does not
    say it.
    """

    row: int
    column: int
    heading: str
    key: str | None = None
    unit: str | None = None
    how: str = "none"
    inside: bool = False
    pattern: str | None = None


@dataclass(frozen=True)
class Run:
    """Rows of a table to be filled one after the other; group: the words above them, says: what these say of the rows."""

    rows: tuple[int, ...]
    says: Mapping[str, object]
    group: str = ""


@dataclass(frozen=True)
class Table:
    """A form with a row a record. name: of its sheet, and of itself where the sheet holds several."""

    name: str
    page: Page
    header: tuple[int, int]
    columns: tuple[Blank, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Cards:
    """A form with the blanks of one record or of several on a page. more: pages that are drawn like the first."""

    name: str
    page: Page
    records: tuple[tuple[Blank, ...], ...]
    more: tuple[Page, ...] = ()


Form = Table | Cards


def read_forms(
    file: FormFile, room: RoomSheet, known: Mapping[str, str], *, year: int, head: int | None = None
) -> list[Form]:
    """The forms of a workbook's visible sheets. known: heading → cell key or "none", as it was corrected before.

    year: of months that only say 1月. head: how many rows of a sheet are looked at, None: all.
    """
    vocabulary = Vocabulary(room)
    found = [one for page in file.pages if page.visible for one in _forms(page, vocabulary, known, year, head)]
    return _joined(found)


def _joined(forms: list[Form]) -> list[Form]:
    """Sheets with the same blanks at the same places (项目1, 项目2 …) are one form for several records."""
    first = forms[0] if forms else None
    if not isinstance(first, Cards) or any(not isinstance(one, Cards) or one.records != first.records for one in forms):
        return forms
    return [replace(first, more=tuple(one.page for one in forms[1:]))]


def _forms(page: Page, vocabulary: Vocabulary, known: Mapping[str, str], year: int, head: int | None) -> list[Form]:
    sheet = page.sheet(head=head)
    grid = Grid(sheet)
    around = [sheet.name, page.file.path.stem]
    cards = _labels(page, grid, vocabulary, known)
    beside = [one for one in cards if one.key is not None and (one.inside or _right_of_label(grid, one))]
    if len(beside) >= max(_MANY_LABELS, len(_named_cells(grid, vocabulary, {})) / 2):
        return [_cards(page, grid, cards, vocabulary, around)]
    blocks = find_blocks(sheet, vocabulary)
    if _labels_above(blocks) or (not blocks and sum(one.key is not None for one in cards) > 1):
        return [_cards(page, grid, cards, vocabulary, around)]
    tables = [_table(page, grid, block, vocabulary, known, [*block.above, *around], year) for block in blocks]
    if len(tables) == 1:
        return [*tables]
    return [replace(one, name=_called(page, block)) for one, block in zip(tables, blocks, strict=True)]


def _called(page: Page, block: Block) -> str:
    """A table among several on a sheet: by the line above it, else by the row of its header."""
    lines = [text for text in block.above if "单位" not in text and unit_in(text) is None]
    return f"{page.name} {lines[-1] if lines else block.first + 1}"


# --- tables ------------------------------------------------------------------------------------------------------------


def _table(
    page: Page, grid: Grid, block: Block, vocabulary: Vocabulary, known: Mapping[str, str], around: list[str], year: int
) -> Table:
    years = set(years_in(around))
    year = years.pop() if len(years) == 1 else year
    shown = headings_of(block.paths)
    columns = [
        _column(place, path, shown[place], block, vocabulary, known, around, year)
        for place, path in sorted(block.paths.items())
    ]
    columns = _settled(columns)
    runs = _runs(page, grid, block, columns, vocabulary)
    first = runs[0].rows[0] if runs else block.end + 1
    columns = [
        replace(one, key=None, how="formula") if page.formula(first, one.column) and one.how != "number" else one
        for one in columns
    ]
    hints = range(block.last + 1, first - 1)
    columns = [replace(one, pattern=_pattern(grid, hints, one.column - 1)) for one in columns]
    return Table(page.name, page, (block.first + 1, block.last + 1), tuple(columns), tuple(runs))


def _pattern(grid: Grid, hints: range, column: int) -> str | None:
    """How a line between header and blank rows writes days: XXXX/XX/XX, or an example."""
    said = (asked_pattern(f"({heading_text(grid.cell(row, column))})") for row in hints if row < len(grid.rows))
    return next((one for one in said if one is not None), None)


def _column(
    place: int, path: tuple[str, ...], heading: str, block: Block, vocabulary: Vocabulary, known: Mapping[str, str],
    around: Sequence[str], year: int,
) -> Blank:  # fmt: skip
    bare = without_units(path)
    blank = Blank(block.last + 1, place + 1, heading)
    if normal(bare[-1]) in NUMBERING:
        return blank if normal(bare[-1]) == "id" else replace(blank, how="number")
    key, how = _meaning(bare, vocabulary, known, year)
    if len(bare) > 1 and normal(bare[-1]) in SUMS and how != "remembered":
        return blank
    return replace(blank, key=key, how=how, unit=_unit(key, unit_of(path), vocabulary.room, around))


def _meaning(
    path: tuple[str, ...], vocabulary: Vocabulary, known: Mapping[str, str], year: int
) -> tuple[str | None, str]:
    """The cell key that a heading asks for and how that is known."""
    said = known.get(likeness(path))
    if said is not None:
        return (None, "none") if said == "none" else (said, "remembered")
    month = month_heading(path, vocabulary)
    if month is not None:
        return f"{month.key}@{month.year or year}-{month.month:02d}", "month"
    found = vocabulary.match(path)
    if found is not None:
        return found.key, found.how
    unclear = vocabulary.ambiguous.get(named(path[-1])[0])
    if unclear:
        return unclear[0], "guessed"
    total = _total(path[-1], vocabulary)
    if total is not None:
        return total, "alias"
    guess = next((one for one in vocabulary.guess(path) if one.score >= _GUESS), None)
    return (guess.key, "guessed") if guess is not None else (None, "none")


def _total(heading: str, vocabulary: Vocabulary) -> str | None:
    """累计到位资金 asks for what all months of a monthly fact come to."""
    name = named(heading)[0]
    found = vocabulary.known.get(name.removeprefix("累计")) if name.startswith("累计") else None
    return found.key if found is not None and found.key in vocabulary.room.monthly else None


def likeness(path: Sequence[str]) -> str:
    """A heading as forms are compared by: without units, blanks and brackets."""
    return "/".join(named(text)[0] for text in path)


def _settled(columns: Sequence[Blank]) -> list[Blank]:
    """Of several columns for one fact the surer keeps it; a guess never fills what another column fills."""
    order = {"remembered": 0, "exact": 1, "month": 1, "alias": 2, "guessed": 3}
    best: dict[str, Blank] = {}
    for one in columns:
        if one.key is not None and (one.key not in best or order[one.how] < order[best[one.key].how]):
            best[one.key] = one
    return [
        replace(one, key=None, how="none") if one.how == "guessed" and one.key and best[one.key] is not one else one
        for one in columns
    ]


def _unit(key: str | None, own: str | None, room: RoomSheet, around: Sequence[str]) -> str | None:
    field = room.field(key) if key else None
    if field is None or not isinstance(field.kind, Money | Area | Metric):
        return None
    if isinstance(field.kind, Metric):
        return own if own and scale_of(field.kind, own) else None
    return own if own and unit_fits(field, own) else unit_for(field, list(around)) or field.kind.unit


def _runs(page: Page, grid: Grid, block: Block, columns: Sequence[Blank], vocabulary: Vocabulary) -> list[Run]:
    """The rows to fill, group by group: drawn like the first of them, and empty but for numbers and formulas.

    None where the first row under the header says something already.
    """
    required = vocabulary.room.required
    numbering = next((one.column - 1 for one in columns if one.how == "number"), None)
    names = tuple(one.column - 1 for one in columns if one.key in required) or (columns[0].column - 1,)
    drawn = replace(block, end=len(grid.rows))
    silent = _without_formulas(grid)
    rows = sort_rows(silent, drawn, Shape(names, numbering, tuple(sorted(block.paths))), vocabulary.room)
    other = {line.place: line for line in rows.skipped if line.kind != "numbered"}
    asked = [one.column - 1 for one in columns if one.key is not None]
    runs: list[Run] = []
    current: list[int] = []
    says: Mapping[str, object] = {}
    group = ""
    for place in range(block.start, block.end):
        row = place + 1
        first = runs[0].rows[0] if runs else current[0] if current else row
        if place not in other and _is_slot(silent, place, asked) and (_drawn(page, row) or not _drawn(page, first)):
            current.append(row)
            continue
        if current:
            runs.append(Run(tuple(current), says, group))
            current = []
        kind = other[place].kind if place in other else ""
        if kind == "group":
            group = other[place].words
            says = vocabulary.room.context(group)
        elif kind == "note":
            break
    if current:
        runs.append(Run(tuple(current), says, group))
    full = not runs and block.start < len(grid.rows) and not _is_slot(silent, block.start, asked)
    return runs if runs or full else [Run((block.start + 1,), {})]


def _without_formulas(grid: Grid) -> Grid:
    """A formula in a row to be filled says nothing yet; one beside 合计 is a number."""
    copied = Grid.__new__(Grid)
    copied.__dict__.update(grid.__dict__)
    copied.rows = [tuple(map(_silent, row)) if any(row) else row for row in grid.rows]
    return copied


def _silent(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and (cell.startswith("=") or _DOTS.fullmatch(cell)) else cell


def _is_slot(silent: Grid, place: int, asked: Sequence[int]) -> bool:
    return not any(silent.rows[place]) or all(is_blank(silent.cell(place, column)) for column in asked)


def _drawn(page: Page, row: int) -> bool:
    return any(page.face(row, column) != "0" for column in page.cells(row))


# --- cards -------------------------------------------------------------------------------------------------------------


def _inside(grid: Grid, vocabulary: Vocabulary, known: Mapping[str, str]) -> list[Blank]:
    """The blanks of the cells that hold them together with their labels; of who reports and signs only what is asked."""
    found = []
    for row, line in enumerate(grid.rows):
        words = "　".join(cell for cell in line if isinstance(cell, str))
        for column, cell in enumerate(line):
            here = gaps(cell) if isinstance(cell, str) and not cell.startswith("=") else []
            if len(here) > 1 or any(gap.drawn for gap in here):
                found += [
                    blank
                    for gap in here
                    if not filled_by_itself(f"{gap.label}：") and not of_reporter(words, gap.label)
                    and ((blank := _in_cell((row, column), gap, vocabulary, known)).key or not left_open(f"{gap.label}："))
                ]  # fmt: skip
    return found


def _in_cell(place: Place, gap: Gap, vocabulary: Vocabulary, known: Mapping[str, str]) -> Blank:
    """A blank after its label. A number before words that are no unit is left to a person."""
    blank = Blank(place[0] + 1, place[1] + 1, gap.label, inside=True)
    if likeness((gap.label,)) not in known and not _means(gap.label, vocabulary):
        return blank
    key, how = _meaning((gap.label,), vocabulary, known, 0)
    unit = unit_in(gap.printed) or named(gap.label)[1]
    field = vocabulary.room.field(key) if key else None
    measured = field is not None and isinstance(field.kind, Money | Area | Metric)
    if field is not None and measured and gap.printed and (unit is None or not unit_fits(field, unit)):
        return replace(blank, heading=f"{gap.label}（{gap.printed}）")
    return replace(blank, key=key, unit=unit, how=how)


def _named_cells(grid: Grid, vocabulary: Vocabulary, known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """(row, column, text) of every cell that is called like a fact."""
    found = []
    for row, line in enumerate(grid.rows):
        for column, cell in enumerate(line):
            text = heading_text(cell) if isinstance(cell, str) and not cell.startswith("=") else ""
            if text and len(text) <= 40 and (likeness((text,)) in known or _means(text, vocabulary)):
                found.append((row, column, text))
    return found


def _unknown_labels(grid: Grid, taken: set[tuple[int, int]], columns: set[int]) -> list[Blank]:
    """Short texts with a blank at their right, below or above known labels: they ask for what the ledger does not know."""
    found = []
    for row, line in enumerate(grid.rows):
        for column, cell in enumerate(line):
            text = heading_text(cell) if isinstance(cell, str) and not cell.startswith("=") else ""
            if column not in columns or not 2 <= len(text) <= 20 or text.endswith(("：", ":")):
                continue
            beside = (row, (grid.span(row, column) or (row, column, row, column))[3] + 1)
            if filled_by_itself(text) or asks_for(text) is not None:
                continue
            if beside not in taken and _empty(grid, *beside):
                found.append(Blank(row + 1, beside[1] + 1, text))
    return found


def _means(text: str, vocabulary: Vocabulary) -> bool:
    name = named(text.rstrip("：: "))[0]
    return name not in NUMBERING and (
        vocabulary.match((text.rstrip("：: "),)) is not None or name in vocabulary.ambiguous
    )


def _labels(page: Page, grid: Grid, vocabulary: Vocabulary, known: Mapping[str, str]) -> list[Blank]:
    """Every label with the blank that belongs to it: drawn in its own cell, at its right, else below, else just after it."""
    found = _inside(grid, vocabulary, known)
    taken = {(one.row - 1, one.column - 1) for one in found}
    columns: set[int] = set()
    names = [one for one in _named_cells(grid, vocabulary, known) if one[:2] not in taken]
    labels = {(row, (grid.span(row, column) or (row, column, row, column))[3]) for row, column, _text in names}
    for row, column, text in names:
        top, left, bottom, right = grid.span(row, column) or (row, column, row, column)
        beside = ((top, right + 1), (bottom + 1, left))
        if _rather_below(page, grid, *beside, after_label=(top, left - 1) in labels):
            beside = beside[::-1]
        place = next((one for one in beside if one not in taken and _empty(grid, *one)), None)
        inside = place is None and text.endswith(("：", ":"))
        if place is None and not inside:
            continue
        key, how = _meaning((text.rstrip("：: "),), vocabulary, known, 0)
        place = place or (row, column)
        taken.add(place)
        found.append(
            Blank(place[0] + 1, place[1] + 1, text.rstrip("：: "), key, named(text.rstrip("：: "))[1], how, inside)
        )
        if place == (top, right + 1):
            columns.add(column)
    return found + _unknown_labels(grid, taken, columns)


def _rather_below(page: Page, grid: Grid, right: Place, below: Place, *, after_label: bool) -> bool:
    """Whether a label stands above its blank though nothing stands at its right: it ends a row of labels, or the drawing."""
    if not _empty(grid, *right) or not _empty(grid, *below):
        return False
    beside, under = (page.face(row + 1, column + 1) != "0" for row, column in (right, below))
    return under > beside or (after_label and under == beside)


def _empty(grid: Grid, row: int, column: int) -> bool:
    """Whether something is to be written there: it is blank, or says only a unit, boxes to tick or where a day goes."""
    if row >= len(grid.rows) or column >= grid.width:
        return False
    span, cell = grid.span(row, column), grid.cell(row, column)
    if span is not None and span[:2] != (row, column):
        return False
    return is_blank(cell) or (isinstance(cell, str) and asks_for(cell) is not None)


def _right_of_label(grid: Grid, one: Blank) -> bool:
    left = one.column - 2
    span = grid.span(one.row - 1, left) if left >= 0 else None
    cell = grid.cell(span[0], span[1]) if span else grid.cell(one.row - 1, left) if left >= 0 else None
    return isinstance(cell, str) and heading_text(cell).rstrip("：: ") == one.heading


def _labels_above(blocks: Sequence[Block]) -> bool:
    """Whether what looks like several headers is single records with their labels above the blanks: one row between."""
    return any(after.first - before.last == 2 for before, after in pairwise(blocks))


def _cards(page: Page, grid: Grid, blanks: Sequence[Blank], vocabulary: Vocabulary, around: Sequence[str]) -> Cards:
    """Of what is asked as often as the name, whatever comes first begins a record; records stand below or beside another."""
    lines = [heading_text(cell) for row in grid.rows for cell in row if isinstance(cell, str) and "单位" in cell]
    blanks = [one if one.inside else replace(one, unit=unit_in(_said(grid, one)) or one.unit) for one in blanks]
    ordered = sorted(blanks, key=lambda blank: (blank.row, blank.column))
    asked = Counter(one.key for one in ordered if one.key is not None)
    often = next((asked[key] for key in vocabulary.room.required if key in asked), max(asked.values(), default=0))
    begins = next((one.key for one in ordered if one.key is not None and asked[one.key] == often), None)
    first = [one for one in ordered if one.key == begins] if begins is not None else ordered[:1]
    records: list[list[Blank]] = [[] for _one in first]
    for one in ordered:
        unit = _unit(one.key, one.unit, vocabulary.room, [*lines, *around])
        records[_card_of(one, first)].append(replace(one, unit=unit))
    records = records + _beside(page, grid, records[0]) if len(records) == 1 else records
    return Cards(page.name, page, tuple(map(tuple, records)))


def _said(grid: Grid, one: Blank) -> str:
    return asks_for(str(grid.cell(one.row - 1, one.column - 1) or "")) or ""


def _beside(page: Page, grid: Grid, blanks: Sequence[Blank]) -> list[list[Blank]]:
    """The same blanks again in the next columns, as far as each is drawn and has a heading: 项目一, 项目二."""
    columns = {one.column for one in blanks}
    above = min(one.row for one in blanks) - 2
    if len(columns) > 1 or len(blanks) < _MANY_LABELS or above < 0 or any(one.inside for one in blanks):
        return []
    found: list[list[Blank]] = []
    (first,) = columns
    headings = [heading_text(grid.cell(above, column)) for column in range(first - 1, grid.width)]
    for column, heading in enumerate(headings[1:], first + 1):
        moved = [replace(one, column=column) for one in blanks]
        drawn = all(_empty(grid, one.row - 1, column - 1) and page.face(one.row, column) != "0" for one in moved)
        if not drawn or not headings[0] or not heading or headings.count(heading) > 1:
            break
        found.append(moved)
    return found


def _card_of(one: Blank, first: Sequence[Blank]) -> int:
    """Which record a blank belongs to: the last that begins above it or in its row, and there not to the right of it."""
    row = max((other.row for other in first if other.row <= one.row), default=first[0].row)
    beside = [at for at, other in enumerate(first) if other.row == row]
    return max((at for at in beside if first[at].column <= one.column), default=beside[0])
