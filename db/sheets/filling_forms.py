"""Filling a superior's form with records of a room: the form keeps its face, what stays empty is listed with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.errors import Refused
from db.core.fields import Choice, Day, Money, Month
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.sheets.form_file import FormFile, Page
from db.sheets.form_growing import insert_rows, refresh_sums
from db.sheets.form_reading import Blank, Cards, Form, Run, Table, read_forms
from db.sheets.form_values import accepted, as_asked, asked_pattern, filled_line, left_open
from db.sheets.plan import letter
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TOLD = 500


@dataclass(frozen=True)
class Filling:
    """What a form is filled with. ids: records in their order. month: YYYY-MM that its title leaves open.

    reporting: who reports. each: of a form for a single record, "sheet" or "file" a record.
    """

    ids: Sequence[int]
    today: dt.date
    reporting: str
    month: str | None = None
    each: str = "sheet"


@dataclass(frozen=True)
class Unfilled:
    """A cell that stays empty: row as Excel numbers it (None: of no row), column letter, why."""

    row: int | None
    column: str
    why: Text


@dataclass(frozen=True)
class Filled:
    """A form that was filled. rows: how many records stand in it. header: None for a form of single records."""

    sheet: str
    header: tuple[int, int] | None
    columns: tuple[Blank, ...]
    rows: int
    unfilled: tuple[Unfilled, ...]
    files: tuple[Path, ...]


def open_form(path: Path) -> FormFile:
    """A form to be filled; raises `Refused` and `Unavailable` in words where it cannot be."""
    from db.sheets.reading import open_workbook

    with open_workbook(path) as looked:  # in a process of its own, which a hostile file may take down
        for sheet in looked.sheets:
            if sheet.expected_rows > 100_000:
                raise Refused(
                    _("The sheet “{sheet}” is no form: it has {rows} rows.", sheet=sheet.name, rows=sheet.expected_rows)
                )
    return FormFile(path)


def form_of(
    file: FormFile, room: RoomSheet, known: Mapping[str, str], *, year: int, sheet: str | None = None,
    head: int | None = None,
) -> Form:  # fmt: skip
    """The one form of a file. Raises `Refused` where there is none, or several and no sheet is named.

    head: how many rows of a sheet are looked at, for a first look; None: all.
    """
    if sheet is not None and all(page.name != sheet for page in file.pages):
        raise Refused(_("“{file}” has no sheet “{sheet}”.", file=file.path.name, sheet=sheet))
    found = [one for one in read_forms(file, room, known, year=year, head=head) if sheet in (None, one.page.name)]
    if not found:
        raise Refused(
            _("No header of a form was found in “{file}”: no row or label is called like a fact of the ledger. "
              "Nothing was written.", file=file.path.name)
        )  # fmt: skip
    if len(found) > 1:
        names = [one.page.name for one in found]
        raise Refused(
            _("Several sheets of “{file}” can be filled: {names}. Say which one.", file=file.path.name, names=names)
        )
    return found[0]


def blanks_of(form: Form) -> tuple[Blank, ...]:
    """What a form asks for, once."""
    return form.columns if isinstance(form, Table) else form.records[0]


def fill_form(
    connection: Connection, room: RoomSheet, form: Form, wanted: Filling, out: Path, *, progress: Progress = SILENT
) -> Filled:
    """Fill a form into `out` (and, a file a record, into files beside it); its own file is not touched.

    Raises `Refused` where it is protected.
    """
    file = form.page.file
    blanks = blanks_of(form)
    says = {key for run in form.runs for key in run.says} if isinstance(form, Table) else set()
    records = _Records(connection, room, wanted.ids, [*(one.key for one in blanks if one.key), *says])
    if isinstance(form, Table):
        unfilled = _fill_table(form, records, wanted, progress)
        file.save(out)
        files: tuple[Path, ...] = (out,)
        header = form.header
    else:
        files, unfilled = _fill_cards(file, form, records, wanted, out)
        header = None
    placed = len(wanted.ids) - sum(one.row is None for one in unfilled)
    return Filled(form.page.name, header, blanks, placed, tuple(unfilled), files)


class _Records:
    """The records of a form, as the room knows them."""

    def __init__(self, connection: Connection, room: RoomSheet, ids: Sequence[int], keys: Sequence[str]) -> None:
        self.room, self.ids, self._connection = room, ids, connection
        codes = [room.currencies[key] for key in keys if key in room.currencies]
        self._codes = {code: field.kind for code in codes if (field := room.field(code)) is not None}
        self._fields = {key: room.field(key) for key in keys}
        self.values = room.current(connection, ids, list(dict.fromkeys([*keys, *codes, *room.required])))

    def name(self, number: int) -> str:
        """What a record is called."""
        return str(next((self.values[number].get(key) for key in self.room.required), "") or number)

    def put(self, page: Page, blank: Blank, row: int, number: int, *, choices: list[str] | None) -> Text | None:
        """Write one cell; why not, where that cannot be."""
        key = blank.key
        assert key is not None
        known = self._fields.get(key)
        value = self.values[number].get(key)
        if value is None or value == "":
            return _("The book does not say.")
        if known is None:  # a fact of the book's own, which is text
            page.put(row, blank.column, str(value))
            return None
        if isinstance(known.kind, Money) and (why := self._foreign(key, number)) is not None:
            return why
        dated = isinstance(known.kind, Day | Month)
        pattern = asked_pattern(blank.heading) if dated else None
        found = as_asked(known, value, blank.unit, pattern, as_date=dated and page.takes_dates(row, blank.column))
        if choices is not None and str(found) not in choices:
            called = self.room.aliases(self._connection, key).items()
            other = next((name for name, whole in called if whole == found and name in choices), None)
            if other is None:
                return _("The form does not offer “{value}”.", value=str(found))
            found = other
        if blank.inside:
            page.put(row, blank.column, f"{page.said(row, blank.column)}{found}")
        else:
            page.put(row, blank.column, found)
        return None

    def _foreign(self, key: str, number: int) -> Text | None:
        code = self.room.currencies.get(key, "")
        kind, said = self._codes.get(code), self.values[number].get(code)
        if not isinstance(kind, Choice) or said in (None, kind.options[0][0]):
            return None
        return _("The amount is in {currency}.", currency=kind.label(str(said)))


# --- tables ----------------------------------------------------------------------------------------------------------


def _fill_table(form: Table, records: _Records, wanted: Filling, progress: Progress) -> list[Unfilled]:
    page = form.page
    shared, left = _shared_out(form.runs, records)
    places = _make_room(page, form, [len(some) for some in shared])
    unfilled = [
        Unfilled(form.header[1], letter(one.column - 1), _("No fact of the ledger is known for “{heading}”.", heading=one.heading))
        for one in form.columns
        if one.key is None and one.how == "none"
    ]  # fmt: skip
    unfilled += [Unfilled(None, "", _("“{name}” fits no group of the form.", name=records.name(one))) for one in left]
    number = 0
    for rows, some in zip(places, shared, strict=True):
        lists = {one.column: accepted(page, rows[0], one.column) for one in form.columns}
        for row, record in zip(rows, some, strict=False):
            number += 1
            if number % _TOLD == 0:
                progress.step(
                    number, len(records.ids), _("Filling row {done} of {total}", done=number, total=len(records.ids))
                )
            unfilled += _fill_row(form, records, row, record, number, lists)
    unfilled += _fill_lines(page, wanted, {row for rows in places for row in rows})
    refresh_sums(page, page.said)
    return unfilled


def _fill_row(
    form: Table, records: _Records, row: int, record: int, number: int, lists: Mapping[int, list[str] | None]
) -> Iterator[Unfilled]:
    for one in form.columns:
        if one.how == "number" and not form.page.formula(row, one.column):
            form.page.put(row, one.column, number)
        elif one.key is not None:
            why = records.put(form.page, one, row, record, choices=lists[one.column])
            if why is not None:
                yield Unfilled(row, letter(one.column - 1), why)


def _shared_out(runs: Sequence[Run], records: _Records) -> tuple[list[list[int]], list[int]]:
    """The records of each run of rows, and those that fit none."""
    if len(runs) == 1:
        return [list(records.ids)], []
    shared: list[list[int]] = [[] for _run in runs]
    left: list[int] = []
    for one in records.ids:
        fits = [
            place for place, run in enumerate(runs)
            if run.says and all(records.values[one].get(key) == value for key, value in run.says.items())
        ]  # fmt: skip
        (shared[fits[0]] if fits else left).append(one)
    if not any(run.says for run in runs):
        return [left, *shared[1:]], []
    return shared, left


def _make_room(page: Page, form: Table, needed: Sequence[int]) -> list[list[int]]:
    """The rows of every run once there are enough of them; the lowest run first, so that the others stay where they are."""
    asked = [one for one in form.columns if one.key is not None]
    if any(page.locked(form.runs[0].rows[0], one.column) for one in asked):
        raise Refused(
            _("The sheet “{sheet}” is protected. Nothing was written; take the protection off in Excel or WPS and try again.",
              sheet=page.name)
        )  # fmt: skip
    places = [list(run.rows) for run in form.runs]
    for at in range(len(places) - 1, -1, -1):
        rows, more = places[at], needed[at] - len(places[at])
        if more <= 0:
            continue
        single = len(rows) == 1
        after = rows[-1] if single else rows[-2]
        insert_rows(page, after, more, template=after, grow=single)
        places[at] = [*range(rows[0], rows[-1] + more + 1)]
        for lower in range(at + 1, len(places)):
            places[lower] = [row + more for row in places[lower]]
    return places


# --- cards -----------------------------------------------------------------------------------------------------------


def _fill_cards(
    file: FormFile, form: Cards, records: _Records, wanted: Filling, out: Path
) -> tuple[tuple[Path, ...], list[Unfilled]]:
    room_for = len(form.records)
    batches = [records.ids[at : at + room_for] for at in range(0, len(records.ids), room_for)] or [[]]
    unfilled: list[Unfilled] = []
    if wanted.each == "file" and len(batches) > 1:
        files: list[Path] = []
        for batch in batches:
            one = FormFile(file.path)
            page = next(page for page in one.pages if page.name == form.page.name)
            unfilled += _fill_page(page, form, records, batch, wanted)
            files.append(_beside(out, records.name(batch[0]), files))
            one.save(files[-1])
        return tuple(files), unfilled
    pages = [form.page, *(file.add_page(form.page, records.name(batch[0])) for batch in batches[1:])]
    for page, batch in zip(pages, batches, strict=True):
        unfilled += _fill_page(page, form, records, batch, wanted)
    file.save(out)
    return (out,), unfilled


def _beside(out: Path, name: str, taken: Sequence[Path]) -> Path:
    base = "".join("-" if sign in '\\/:*?"<>|\r\n\t' else sign for sign in name)[:60].strip() or "1"
    found = out.with_name(f"{out.stem}-{base}.xlsx")
    number = 2
    while found in taken:
        found = out.with_name(f"{out.stem}-{base}-{number}.xlsx")
        number += 1
    return found


def _fill_page(page: Page, form: Cards, records: _Records, batch: Sequence[int], wanted: Filling) -> list[Unfilled]:
    unfilled: list[Unfilled] = []
    for blanks, number in zip(form.records, batch, strict=False):
        for one in blanks:
            why: Text | None = _("No fact of the ledger is known for “{heading}”.", heading=one.heading)
            if one.key is not None:
                why = records.put(page, one, one.row, number, choices=accepted(page, one.row, one.column))
            if why is not None:
                unfilled.append(Unfilled(one.row, letter(one.column - 1), why))
    unfilled += _fill_lines(page, wanted, set())
    refresh_sums(page, page.said)
    return unfilled


def _fill_lines(page: Page, wanted: Filling, filled: set[int]) -> list[Unfilled]:
    """Who reports and on which day, in the lines around; what is left to people is listed."""
    left: list[Unfilled] = []
    for row in page.rows:
        for column in () if row in filled else page.cells(row):
            text: Any = page.said(row, column)
            if not isinstance(text, str) or text.startswith("=") or len(text) > 200:
                continue
            found = filled_line(text, reporting=wanted.reporting, today=wanted.today, month=wanted.month)
            if found != text:
                page.put(row, column, found)
            left += [Unfilled(row, letter(column - 1), why) for why in left_open(found)]
    return left
