"""A sheet that came back, as rows of stored values, whatever was done to it on the way.

Rows are known by their marks, columns by their headings and, where these were changed, by what stands in them; a unit
by the heading or, again, by what stands there. Nothing that a file says of itself is trusted without a signature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.core.dates import in_year, without_year
from db.core.errors import Refused
from db.core.fields import Area, Day, Field, Kind, Money
from db.core.formats import understand
from db.core.quantities import scale_of
from db.core.reading import Reading, Stored
from db.core.text import Text, _
from db.reports.ledger_columns import ledger_column
from db.sheets import sent
from db.sheets.finding import Block, Grid
from db.sheets.headings import NUMBERING, Vocabulary, heading_text, named, unit_fits
from db.sheets.plan import Note, Refusal, letter
from db.sheets.room import RoomSheet
from db.sheets.rows import Shape, sort_rows
from db.sheets.sending import field_of
from db.sheets.sent import Code, Sending
from db.sheets.values import convert_column, is_blank, own_column, visible
from db.sheets.workbook import Cell, Sheet, Workbook

_TEXT_FILES = frozenset({".csv", ".txt", ".tsv", ".htm", ".html"})
_SAMPLE = 300  # rows by which a column is known
_MOSTLY = 0.6
_HARDLY = 0.2
_UNITS = {Money: ("元", "万元", "亿元"), Area: ("亩", "㎡", "公顷")}

Same = Callable[[str], Callable[[Stored, Stored], bool]]
Base = Mapping[int, Mapping[str, Stored]]


@dataclass(slots=True)
class Row:
    """A row that came back. row: as Excel numbers it. record: whose mark it carries, None where it has none of ours.

    values: what its cells say; a blank is None, a cell that cannot be read is not in it. copied: the record whose mark it
    carries a second time.
    """

    sheet: str
    row: int
    record: int | None
    values: dict[str, Stored]
    copied: int | None = None


@dataclass
class Returned:
    """Everything a file says. columns, units: field key → letter and unit; displayed: numbers came as they were shown."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    units: dict[str, str | None] = field(default_factory=dict)
    displayed: bool = False

    def note(self, sheet: str, where: str, text: Text, *rows: int) -> None:
        """Say something that was decided without asking."""
        self.notes.append(Note(sheet, where, text, max(len(rows), 1), tuple(rows[:5])))


@dataclass(frozen=True)
class Marks:
    """Where the marks of a sheet stand: (sending, record, signature) by 0-based row, and the columns that hold them."""

    sheet: Sheet
    found: Mapping[int, tuple[int, int, str]]
    columns: frozenset[int] = frozenset()


def marks_of(workbook: Workbook) -> tuple[Code | None, list[Marks]]:
    """The code of a file, and the sheets that carry marks, visible ones first and those with most marks before others."""
    code, pages = None, []
    for sheet in workbook.sheets:
        code = code or sent.code_in(cell for row in sheet.rows[:50] for cell in row)
        found, columns = {}, set()
        for at, row in enumerate(sheet.rows):
            for place, cell in enumerate(row):
                if type(cell) is str and (mark := sent.mark_in(cell)) is not None:
                    found[at] = mark
                    columns.add(place)
                    break
        if found:
            pages.append(Marks(sheet, found, frozenset(columns)))
    if code is None:
        code = sent.code_in(cell for sheet in workbook.sheets for row in sheet.rows[50:] for cell in row)
    return code, sorted(pages, key=lambda one: (not one.sheet.visible, -len(one.found)))


def read_return(
    workbook: Workbook, room: RoomSheet, of: Sending, pages: Sequence[Marks], base: Base, same: Same
) -> Returned:
    """The rows of a file that answers the sending. base: what was sent, by which columns are known again.

    Raises `Refused` where nothing can be made of the file.
    """
    answer = Returned(displayed=workbook.path.suffix.lower() in _TEXT_FILES)
    chosen = list(pages) or [Marks(sheet, {}) for sheet in workbook.sheets if sheet.visible and sheet.rows]
    seen: set[int] = set()
    for page in chosen:
        ids = {record for number, record, _signature in page.found.values() if number == of.id}
        if seen and (ids & seen or not ids):
            text = _("The sheet repeats rows of another sheet of the file; it was not looked at.")
            answer.note(page.sheet.name, "", text)
            continue
        if _Reader(page, room, of, base, same, answer).read():
            seen |= ids
    if not answer.columns:
        raise Refused(
            _("No column of “{file}” is one of those that were sent to {unit}. Nothing was changed.",
              file=workbook.name, unit=of.unit)
        )  # fmt: skip
    _settle_copies(answer, base, same)
    return answer


class _Reader:
    """Reads one sheet into the answer."""

    def __init__(self, page: Marks, room: RoomSheet, of: Sending, base: Base, same: Same, answer: Returned) -> None:
        self._sheet, self._found, self._marked, self._room, self._of = page.sheet, page.found, page.columns, room, of
        self._base, self._same, self._answer = base, same, answer
        self._grid = Grid(page.sheet)
        self._fields = {key: field_of(room, key) for key in of.columns}
        self._ours = {
            at: record
            for (at, (_number, record, _signature)), own in zip(
                page.found.items(), sent.signed(of, page.found.values()), strict=True
            )
            if own and record in base
        }

    def read(self) -> bool:
        """Whether the sheet has columns that were sent."""
        header = self._header()
        body = range(header + 1, len(self._sheet.rows))
        columns = self._columns(header, body)
        if not columns:
            return False
        rows = self._records(header, columns)
        self._invented(rows)
        unread: set[tuple[int, str]] = set()
        values = [self._converted(key, place, unit, rows, unread) for key, (place, unit) in columns.items()]
        name, first, ours = self._sheet.name, self._sheet.first_row, self._ours
        found = [
            Row(name, first + place, ours.get(place), dict(zip(columns, said, strict=True)))
            for place, said in zip(rows, zip(*values, strict=True), strict=True)
        ]
        for at, key in unread:
            del found[at].values[key]
        self._answer.rows += found
        for key, (place, unit) in columns.items():
            self._answer.columns.setdefault(key, letter(place))
            self._answer.units.setdefault(key, unit)
        return True

    # --- header and columns ------------------------------------------------------------------------------------------

    def _header(self) -> int:
        """The row with most of the headings that were sent, -1 where none has any."""
        names = self._headings()
        best, most = -1, 0
        first = min(self._found, default=0)
        for at in range(min(len(self._sheet.rows), max(first, 30) + 1)):
            texts = {named(cell)[0] for cell in self._sheet.rows[at] if isinstance(cell, str) and len(cell) <= 60}
            count = len(texts & names.keys())
            if count > most:
                best, most = at, count
        return best

    def _headings(self) -> dict[str, str]:
        """Heading as compared → key: as it was sent, and in the other language."""
        found: dict[str, str] = {}
        for lang in ("zh", "en") if self._of.lang == "en" else ("en", "zh"):
            found |= {named(ledger_column(one, lang).label)[0]: key for key, one in self._fields.items()}
        return found

    def _columns(self, header: int, body: range) -> dict[str, tuple[int, str | None]]:
        """Key → place and unit of its column."""
        names, vocabulary = self._headings(), Vocabulary(replace(self._room, fields=tuple(self._fields.values())))
        found: dict[str, tuple[int, str | None]] = {}
        unknown: list[tuple[int, str]] = []
        for place in range(self._grid.width):
            heading = heading_text(self._grid.cell(header, place)) if header >= 0 else ""
            name, unit = named(heading)
            match = vocabulary.match((heading,)) if name else None
            key = names.get(name) or (match.key if match is not None and match.how != "guessed" else None)
            if key is None or key in found:
                unknown.append((place, heading))
            else:
                found[key] = (place, self._unit(key, place, unit, heading))
        for place, heading in unknown:
            self._known_again(place, heading, found, body)
        return found

    def _known_again(self, place: int, heading: str, found: dict[str, tuple[int, str | None]], body: range) -> None:
        """A column under another heading is known by what stands in it; else it is said that nobody took it."""
        if place in self._marked or named(heading)[0] in NUMBERING:
            return
        if all(is_blank(self._grid.cell(at, place)) for at in body):
            return
        best: tuple[float, str, str | None] = (0.0, "", None)
        for key, one in self._fields.items():
            if key in found:
                continue
            for unit in _UNITS.get(type(one.kind), (None,)):
                best = max(best, (self._likeness(key, place, unit), key, unit), key=lambda known: known[0])
        where = letter(place)
        if best[0] >= _MOSTLY:
            found[best[1]] = (place, best[2])
            text = _("The column “{heading}” was taken for “{field}”, by what stands in it.",
                     heading=heading, field=self._fields[best[1]].label)  # fmt: skip
        else:
            text = _(
                "The column “{heading}” is none of those that were sent; it was not taken.", heading=heading or where
            )
        self._answer.note(self._sheet.name, where, text)

    def _unit(self, key: str, place: int, said: str | None, heading: str) -> str | None:
        """The unit that the heading says, unless what stands below is plainly in another one."""
        one = self._fields[key]
        units = _UNITS.get(type(one.kind))
        stated = said if said and unit_fits(one, said) else None
        if units is None:
            return stated
        home = stated or str(getattr(one.kind, "unit", "")) or None
        if self._likeness(key, place, home) >= _HARDLY:
            return home
        likeness, unit = max((self._likeness(key, place, known), known) for known in units)
        if likeness < _MOSTLY or unit == home:
            return home
        text = _("“{heading}” is in {unit}: so its numbers are those that were sent.", heading=heading, unit=unit)
        self._answer.note(self._sheet.name, letter(place), text)
        return unit

    def _likeness(self, key: str, place: int, unit: str | None) -> float:
        """Which share of the cells that were sent filled stands in a column as it was sent; 0 where too few tell."""
        rows = [(at, self._base[record].get(key)) for at, record in list(self._ours.items())[:_SAMPLE]]
        rows = [(at, was) for at, was in rows if was is not None and was != ""]
        if not rows or len({was for _at, was in rows}) < min(2, len(self._ours)):
            return 0.0
        cells = [self._grid.cell(at, place) for at, _was in rows]
        values = self._values(key, cells, unit)[0]
        alike = self._same(key)
        return sum(map(alike, (was for _at, was in rows), values)) / len(rows)

    # --- rows --------------------------------------------------------------------------------------------------------

    def _records(self, header: int, columns: Mapping[str, tuple[int, str | None]]) -> list[int]:
        """Rows that are records: whatever carries a mark and says anything, and what reads like one below the header."""
        shown = tuple(sorted({place for place, _unit in columns.values()}))
        marked = {at for at in self._found if self._says(at, shown)}
        others = [
            at for at in range(header + 1, len(self._sheet.rows)) if at not in self._found and self._grid.filled(at)
        ]
        if not others:
            return sorted(marked)
        names = tuple(columns[key][0] for key in self._room.required if key in columns)
        paths: dict[int, tuple[str, ...]] = {
            place: (heading_text(self._grid.cell(header, place)) if header >= 0 else letter(place),) for place in shown
        }
        block = Block(header, header, others[0], others[-1] + 1, (), (), paths)
        read = sort_rows(self._grid, block, Shape(names, None, shown), self._room)
        free = {at for at in read.records if at not in self._found and self._says(at, shown)}
        return sorted(marked | free)

    def _says(self, at: int, places: Sequence[int]) -> bool:
        line = self._sheet.rows[at]
        for place in places:  # noqa: SIM110 - for every row of the file, and the first cell mostly says something
            if not is_blank(line[place]):
                return True
        return False

    def _invented(self, rows: Sequence[int]) -> None:
        wrong = [self._sheet.first_row + at for at in rows if at in self._found and at not in self._ours]
        if wrong:
            text = _("{count} rows carry marks that this sheet was not sent with; they are taken as rows without.",
                     count=len(wrong))  # fmt: skip
            self._answer.note(self._sheet.name, "", text, *wrong)

    def _converted(
        self, key: str, place: int, unit: str | None, rows: Sequence[int], unread: set[tuple[int, str]]
    ) -> Sequence[Stored]:
        lines = self._sheet.rows
        cells = [lines[at][place] for at in rows]
        said, odd = self._values(key, cells, unit)
        values = list(said)
        for at, reading in odd.items():
            known = self._base[self._ours[rows[at]]].get(key) if rows[at] in self._ours else None
            if isinstance(self._fields[key].kind, Day) and _is_day_of(known, cells[at]):
                values[at] = known
                continue
            why = self._why_not(key, reading)
            if why is not None:
                unread.add((at, key))
                number = self._sheet.first_row + rows[at]
                refusal = Refusal(
                    self._sheet.name, number, letter(place), key, visible(cells[at]), why, reading.accepted
                )
                self._answer.refused.append(refusal)
        return values

    def _why_not(self, key: str, reading: Reading) -> Text | None:
        if reading.blank:
            return None
        if reading.currency and key not in self._room.currencies:
            return _("This field keeps yuan; the cell says {currency}.", currency=reading.currency)
        if reading.currency:
            return _("The cell names another currency ({currency}); change amount and currency in the book.",
                     currency=reading.currency)  # fmt: skip
        return reading.refused

    def _values(
        self, key: str, cells: Sequence[Cell], unit: str | None
    ) -> tuple[Sequence[Stored], Mapping[int, Reading]]:
        formulas: set[int] = set()
        if "\n=" in "\n".join(["", *(cell for cell in cells if type(cell) is str)]):
            formulas = {at for at, cell in enumerate(cells) if type(cell) is str and cell[:1] == "=" and len(cell) > 1}
            cells = [None if at in formulas else cell for at, cell in enumerate(cells)]
        one: Field = self._fields[key]
        read = own_column(cells) if key.startswith("own:") else convert_column(cells, one.kind, unit)
        if not formulas:
            return read.values, read.odd
        why = _("A formula that no program has calculated; the cell was left as it is.")
        return read.values, {**read.odd, **{at: Reading(refused=why) for at in formulas}}


def _is_day_of(known: Stored, cell: Cell) -> bool:
    """Whether a cell says the month and the day of a known day and leaves out its year: 6.30, which a number says as 6.3."""
    if not isinstance(known, str) or len(known) != 10:
        return False
    if isinstance(cell, int | float):
        return f"{cell:g}" == f"{int(known[5:7])}.{int(known[8:])}".rstrip("0")
    return isinstance(cell, str) and without_year(cell) and understand(Day(), in_year(cell, known[:4])).value == known


def rounding(kind: Kind, unit: str | None, pairs: Sequence[tuple[int, int]]) -> int | None:
    """To which step somebody has rounded a whole column: pairs of what was sent and what came back; None where nobody has.

    Amounts to whole 万元 or to 0.01亿元, areas to a tenth at the most; a single rounded number is a change.
    """
    scale = scale_of(kind, unit)
    if scale is None or not isinstance(kind, Money | Area):
        return None
    factor, home = int(scale.factor), scale_of(kind)
    coarsest = max(factor // 100, int(home.factor) if home and isinstance(kind, Money) else factor // 10)
    for step in (one for one in (factor // 10**places for places in range(7)) if 1 < one <= coarsest):
        if any(theirs % step for _sent, theirs in pairs):
            continue
        finer = [(sent, theirs) for sent, theirs in pairs if sent % step]
        rounded = sum(abs(sent - theirs) * 2 <= step for sent, theirs in finer)
        return step if rounded >= 2 and rounded >= _MOSTLY * len(finer) else None
    return None


def _settle_copies(answer: Returned, base: Base, same: Same) -> None:
    """Of rows that carry the same mark the one most like what was sent keeps it; equal ones are dropped, others are new."""
    by_record: dict[int, list[Row]] = {}
    for row in answer.rows:
        if row.record is not None:
            by_record.setdefault(row.record, []).append(row)
    dropped: set[int] = set()
    for record, rows in by_record.items():
        if len(rows) == 1:
            continue
        first = max(rows, key=lambda row: _alike(row, base[record], same))
        for row in rows:
            if row is first:
                continue
            row.record, row.copied = None, record
            if row.values == first.values:
                dropped.add(id(row))
    if dropped:
        numbers = [row.row for row in answer.rows if id(row) in dropped]
        text = _("{count} rows stand there twice and say the same; they were taken once.", count=len(numbers))
        answer.note(answer.rows[0].sheet, "", text, *numbers)
        answer.rows = [row for row in answer.rows if id(row) not in dropped]


def _alike(row: Row, was: Mapping[str, Stored], same: Same) -> int:
    return sum(same(key)(was.get(key), value) for key, value in row.values.items())
