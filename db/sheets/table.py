"""One table of a sheet as stored values: columns converted, refusals and notes gathered, every cell counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from db.core.dates import in_year, without_year
from db.core.fields import Day, Field, Money, Month
from db.core.reading import Reading, Stored
from db.core.text import Text, _
from db.sheets.asking import Desk
from db.sheets.finding import Grid
from db.sheets.headings import bare_heading
from db.sheets.mapping import Place, year_meant
from db.sheets.plan import Column, Question, Refusal, letter
from db.sheets.room import RoomSheet
from db.sheets.rows import FILLED_DOWN, Sorted, filled_down, follow_marks, merged_values, seems_filled_down
from db.sheets.values import Column as Cells
from db.sheets.values import convert_column, is_blank, own_column, visible
from db.sheets.workbook import Cell, Sheet

HUGE = 100 * 10**8 * 100
TIMES = 1000
_SLIPS_ONE_BY_ONE = 20


@dataclass
class Table:
    """Records of one table. `values`: column by column, by cell key; `extras`: what single rows have besides."""

    sheet: Sheet
    room: RoomSheet
    columns: list[Column]
    rows: Sorted
    letters: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[Stored]] = field(default_factory=dict)
    extras: dict[int, dict[str, Stored]] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    blanks: dict[int, set[int]] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)
    quiet: set[str] = field(default_factory=set)
    fills: dict[str, str] = field(default_factory=dict)  # fill:<letter> → yes or no, as answered now or before
    told: dict[int, frozenset[str]] = field(default_factory=dict)  # by group rows: for new records only
    own_counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("stored", "own", "blank", "unused"), 0))

    def excel_row(self, place: int) -> int:
        """The row of a record as Excel numbers it."""
        return self.sheet.excel_row(self.rows.records[place])

    def cell(self, place: int, column: int) -> Cell:
        """The cell of a record as it stands in the file."""
        row = self.sheet.rows[self.rows.records[place]]
        return row[column] if column < len(row) else None

    def refuse(self, place: int, key: str, value: object, why: Text, accepted: Text | str = "") -> None:
        """Refuse a record for one of its cells."""
        self.bad.add(place)
        first = self.columns[0].place if self.columns else 0
        at = next((column.place for column in self.columns if column.letter == self.letters.get(key)), first)
        record = self.rows.records[place]
        row, where = self.sheet.excel_row(record, at), letter(self.sheet.excel_column(record, at))
        words = "" if value is None else visible(value)
        self.refused.append(Refusal(self.sheet.name, row, where, key, words, why, accepted))


def raw_columns(sheet: Sheet, records: Sequence[int], width: int) -> dict[int, Sequence[Cell]]:
    """The cells of every column in these rows; columns without any are left out."""
    rows = [sheet.rows[record] for record in records]
    if any(len(row) != width for row in rows):
        rows = [(*row, *[None] * (width - len(row))) for row in rows]
    columns = enumerate(zip(*rows, strict=True))
    return {place: cells for place, cells in columns if any(cell is not None and cell != "" for cell in cells)}


def build(
    sheet: Sheet, grid: Grid, columns: list[Column], rows: Sorted, room: RoomSheet, desk: Desk,
    raws: dict[int, Sequence[Cell]], where: Place,
) -> Table:  # fmt: skip
    """Convert every column of a table; `raws` is emptied on the way, so that memory holds one column twice, not all."""
    fills = {key: answer for key, answer in where.recalled.items() if key.startswith("fill:")}
    table = Table(sheet, room, columns, rows, fills=fills)
    merged = merged_values(grid, rows.records, raws)
    for column in columns:
        cells: list[Cell] = list(raws.pop(column.place, ()) or [None] * len(rows.records))
        if not column.keys:
            table.own_counts["unused"] += column.cells
            continue
        _take_column(table, column, cells, merged.get(column.place, {}), desk, where)
    for place, said in enumerate(map(rows.context.get, rows.records)):
        if said:
            table.extras.setdefault(place, {}).update(said)
            table.told[place] = frozenset(said)
    return table


def _take_column(
    table: Table, column: Column, cells: list[Cell], merged: dict[int, Cell], desk: Desk, where: Place
) -> None:
    key = column.keys[0]
    given = column.cells
    for place, value in merged.items():
        cells[place] = value
    if merged and key in table.room.required:
        table.shared |= set(merged)
    field_of = table.room.field(key)
    if key.startswith("own:") or field_of is None:
        table.own_counts["own"] += given
        _keep(table, column, own_column(cells).values)
        return
    cells = _as_above(table, column, cells, key, desk)
    if isinstance(field_of.kind, Day | Month) and any(map(without_year, set(cells))):
        named = year_meant(desk, where)
        cells = [in_year(str(cell), named) if without_year(cell) else cell for cell in cells]
        desk.note(table.sheet.name, column.letter, _("Days that name no year were read as of {year}.", year=named))
    converted = convert_column(cells, field_of.kind, column.unit)
    values = converted.values
    if isinstance(field_of.kind, Money):
        values = _slips(table, column, field_of, converted, desk)
    table.own_counts["stored"] += given
    _keep(table, column, values)
    odd = converted.odd
    blanks = {place for place, reading in odd.items() if reading.blank}
    if blanks:
        habit = blanks.difference(merged)
        table.blanks[column.place] = habit
        table.own_counts["stored"] -= len(habit)
        table.own_counts["blank"] += len(habit)
    for place, reading in odd.items():
        if not reading.blank:
            _odd(table, column, field_of, place, cells[place], reading, desk)


def _keep(table: Table, column: Column, values: list[Stored]) -> None:
    for key in column.keys:
        table.values[key] = values
        table.letters[key] = column.letter


def _as_above(table: Table, column: Column, cells: list[Cell], key: str, desk: Desk) -> list[Cell]:
    """〃 and 同上 are followed; empty cells of a column that says things once for several rows are asked about."""
    name = table.sheet.name
    marks = follow_marks(cells)
    if marks:
        desk.note(name, column.letter, _("{count} cells say “as above”; they take the value above.", count=marks))
    most = 1.0 if key in table.room.required else FILLED_DOWN  # no record without it: one gap is enough to ask
    if key not in table.room.fill_down or not seems_filled_down(cells, table.rows.breaks, most):
        return cells
    taken, count = filled_down(cells, table.rows.breaks)
    text = _("“{heading}” is empty in {count} rows under a filled one. Do they take the value above?",
             heading=column.heading, count=count)  # fmt: skip
    options = (("yes", _("take the value above")), ("no", _("leave empty")))
    question = Question(f"fill:{name}!{column.letter}", name, column.letter, text, "yes", options)
    fill = f"fill:{column.letter}"
    answer = table.fills[fill] = desk.ask(question, before=table.fills.get(fill))
    return taken if answer == "yes" else cells


def _odd(table: Table, column: Column, known: Field, place: int, raw: Cell, reading: Reading, desk: Desk) -> None:
    """One cell that is more than a value: words for the room, refused, remarked, noted."""
    sheet, row = table.sheet.name, table.excel_row(place)
    day_in_words = isinstance(known.kind, Day | Month) and (reading.refused is not None or reading.remark)
    spilt = table.room.spill(known.key, visible(raw).strip()) if reading.words or day_in_words else {}
    if spilt:
        for key in column.keys:
            table.values[key][place] = None  # 2024年9月（预计）is no day on which something was
        for key, value in spilt.items():
            _spill(table, place, key, value, column)
            target = table.room.field(key)
            label = target.label if target else key
            desk.note(sheet, column.letter, _("Words in the place of a value go to “{field}”.", field=label), row)
        return
    if reading.refused is not None:
        table.refuse(place, column.keys[0], raw, reading.refused, reading.accepted)
        return
    if reading.currency:
        _foreign(table, column, known, place, raw, reading)
    if reading.remark and table.room.remarks:
        table.remarks.setdefault(place, []).append(f"{bare_heading(column.heading)}：{visible(raw).strip()}")
    if reading.note:
        desk.note(sheet, column.letter, reading.note, row)


def _spill(table: Table, place: int, key: str, value: Stored, column: Column) -> None:
    """What words mean in another field, in one that is only read to be checked, or in none but the remarks."""
    if key == table.room.remarks:
        table.remarks.setdefault(place, []).append(f"{bare_heading(column.heading)}：{value}")
    elif key in column.keys:
        table.values[key][place] = value
    elif key in table.room.stated:
        table.values.setdefault(key, [None] * len(table.rows.records))[place] = value
    else:
        table.extras.setdefault(place, {})[key] = value


def _foreign(table: Table, column: Column, known: Field, place: int, raw: Cell, reading: Reading) -> None:
    currency_key = table.room.currencies.get(known.key)
    if currency_key:
        table.extras.setdefault(place, {})[currency_key] = reading.currency
        return
    why = _("This field keeps yuan; the cell says {currency}.", currency=reading.currency)
    table.refuse(place, column.keys[0], raw, why, "1250万元")


def _slips(table: Table, column: Column, known: Field, converted: Cells, desk: Desk) -> list[Stored]:
    """Ask about amounts over 100 亿元, or 1,000 times the middle of their column: 万元 and 亿元 are often mixed up."""
    values = converted.values
    numbers = [value for value in values if type(value) is int and value > 0]
    if not numbers:
        return values
    largest, some = max(numbers), sorted(numbers[:: len(numbers) // 1000 + 1])
    if largest <= HUGE and largest < TIMES // 4 * some[len(some) // 4]:
        return values  # far from asking, whatever the exact middle is
    numbers.sort()
    middle = numbers[len(numbers) // 2]
    limit = min(HUGE + 1, TIMES * middle) if len(numbers) >= 5 else HUGE + 1
    if largest < limit:
        return values
    places = [place for place, value in enumerate(values) if isinstance(value, int) and value >= limit]
    together = len(places) > _SLIPS_ONE_BY_ONE
    shrunk = list(values)
    for place in places:
        if _ask_slip(table, column, known, place, values[place], middle, desk, len(places) if together else 0) == "wan":
            value = values[place]
            assert isinstance(value, int)
            shrunk[place] = value // 10_000
    return shrunk


def _ask_slip(table: Table, column: Column, known: Field, place: int, value: Stored, middle: int, desk: Desk,
              together: int) -> str:  # fmt: skip
    from db.core.formats import show

    sheet, row = table.sheet.name, table.excel_row(place)
    where = column.letter if together else f"{column.letter}{row}"
    assert isinstance(value, int)
    amount = show(Money("亿元"), value, digits=2)
    if together:
        text = _(
            "{count} amounts of “{heading}” are over 10 billion yuan or 1,000 times their neighbours. Are they right?",
            count=together,
            heading=column.heading,
        )
    else:
        text = _(
            "“{heading}” is {amount} × 100 million yuan; the middle of the column is {middle} × 10,000. Is it right?",
            heading=column.heading,
            amount=amount,
            middle=show(Money("万元"), middle),
        )
    options = (("as_is", _("It is right")), ("wan", _("Ten thousand times too large")))
    return desk.ask(Question(f"slip:{sheet}!{where}", sheet, where, text, "as_is", options))


def check_required(table: Table) -> None:
    """A row without a name is no record."""
    for key in table.room.required:
        column = table.values.get(key, [])
        known = table.room.field(key)
        label = known.label if known else Text(key)
        for place in range(len(table.rows.records)):
            value = column[place] if column else None
            if value in (None, "") and table.extras.get(place, {}).get(key) is None:
                table.refuse(place, key, None, _("“{field}” is missing.", field=label))


def uncount(table: Table, places: set[int], into: str, counts: dict[str, int]) -> None:
    """Move the cells of these records from where their columns counted them to `into` (refused, repeated)."""
    for place in places:
        for column in table.columns:
            if is_blank(table.cell(place, column.place)):
                continue
            counts[_counted_as(column, place in table.blanks.get(column.place, ()))] -= 1
            counts[into] += 1


def _counted_as(column: Column, blank: bool) -> str:
    if not column.keys:
        return "unused"
    if column.keys[0].startswith("own:"):
        return "own"
    return "blank" if blank else "stored"
