"""Filling a superior's form with records of a room: the form keeps its face, what stays empty is listed with the reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.errors import Refused
from db.core.fields import Choice, Day, Money, Month
from db.core.progress import SILENT, Progress
from db.core.quantities import scale_of
from db.core.text import Text, _
from db.sheets.form_file import FormFile, Page
from db.sheets.form_groups import understood
from db.sheets.form_growing import insert_rows, refresh_sums, striped
from db.sheets.form_lines import gaps, into_line
from db.sheets.form_reading import Blank, Cards, Form, Run, Table, read_forms
from db.sheets.form_values import (
    accepted,
    as_asked,
    asked_pattern,
    asks_for,
    by_hand,
    filled_line,
    into_blank,
    left_open,
)
from db.sheets.plan import letter
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TOLD = 500
_OTHERS = re.compile("其[他它余]")


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
    """The one form of a file. Raises `Refused` where there is none, or several and none is named, or where it is full.

    sheet: the name of a sheet or of a form. head: how many rows of a sheet are looked at, for a first look; None: all.
    """
    return the_one(forms_of(file, room, known, year=year, sheet=sheet, head=head), file, sheet)


def forms_of(
    file: FormFile, room: RoomSheet, known: Mapping[str, str], *, year: int, sheet: str | None = None,
    head: int | None = None,
) -> list[Form]:  # fmt: skip
    """The forms of a file that go by a name, all where none is given; those that are full only where no other is there."""
    every = read_forms(file, room, known, year=year, head=head)
    named = [one for one in every if sheet in (None, one.name)] or [one for one in every if one.page.name == sheet]
    return [one for one in named if not isinstance(one, Table) or one.runs] or named


def the_one(found: Sequence[Form], file: FormFile, sheet: str | None) -> Form:
    """The only one of the forms that go by a name; raises `Refused` where there is none, or several, or where it is full."""
    if not found and sheet is not None and all(page.name != sheet for page in file.pages):
        raise Refused(_("“{file}” has no sheet “{sheet}”.", file=file.path.name, sheet=sheet))
    if not found:
        raise Refused(
            _("No header of a form was found in “{file}”: no row or label is called like a fact of the ledger. "
              "Nothing was written.", file=file.path.name)
        )  # fmt: skip
    if len(found) > 1:
        names = [one.name for one in found]
        raise Refused(_("“{file}” holds several forms: {names}. Say which one.", file=file.path.name, names=names))
    (form,) = found
    if isinstance(form, Table) and not form.runs:
        raise Refused(
            _(
                "The table of “{sheet}” has no blank row to fill. Nothing was written; leave its first row blank.",
                sheet=form.name,
            )
        )
    return form


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
    if isinstance(form, Table):
        form = replace(form, runs=understood(connection, room, form.runs, wanted.ids))
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
        if isinstance(known.kind, Money) and (why := self._foreign(blank, known.kind, number)) is not None:
            return why
        dated = isinstance(known.kind, Day | Month)
        as_date = dated and not blank.inside and page.takes_dates(row, blank.column)
        said = page.said(row, blank.column)
        asked = self._asked(blank, said)
        pattern = self._pattern(blank, asked, as_date=as_date) if dated else None
        found = as_asked(known, value, blank.unit, pattern, as_date=as_date)
        if dated and asked == "年":
            found = str(found).removesuffix("年")
        if choices is not None and not blank.inside and str(found) not in choices:
            called = self.room.aliases(self._connection, key).items()
            other = next((name for name, whole in called if whole == found and name in choices), None)
            if other is None:
                return _("The form does not offer “{value}”.", value=str(found))
            found = other
        shown = f"{found:f}" if isinstance(found, Decimal) else str(found)
        if blank.inside or asked is not None:
            filled = into_line(str(said), blank.heading, shown) if blank.inside else into_blank(str(said), shown)
            if filled is None:
                return _("The form does not offer “{value}”.", value=shown)
            found = filled if filled != shown else found
        page.put(row, blank.column, found)
        return None

    @staticmethod
    def _pattern(blank: Blank, asked: str | None, *, as_date: bool) -> str | None:
        """How a blank wants a day; in the words of a cell days are written in words."""
        said = asked_pattern(blank.heading) or (asked if asked is not None and asked.startswith("年") else None)
        return said or ("年月日" if blank.inside else None if as_date else blank.pattern)

    @staticmethod
    def _asked(blank: Blank, said: Any) -> str | None:
        """What the blank says before it is filled: a unit, 年月日 or boxes to tick."""
        if not isinstance(said, str):
            return None
        if not blank.inside:
            return asks_for(said)
        return next((one.printed or None for one in gaps(said) if one.label == blank.heading), None)

    def _foreign(self, blank: Blank, kind: Money, number: int) -> Text | None:
        """Why an amount cannot stand where another currency is asked for."""
        scale = scale_of(kind, blank.unit)
        wanted = scale.currency if scale is not None else ""
        code = self.room.currencies.get(blank.key or "", "")
        of, said = self._codes.get(code), self.values[number].get(code)
        if not isinstance(of, Choice):
            own = scale_of(kind)
            return None if own and own.currency == wanted else _("The amount is in {currency}.", currency=kind.unit)
        said = str(said or of.options[0][0])
        if said == (wanted or of.options[0][0]):
            return None
        return _("The amount is in {currency}.", currency=of.label(said))


# --- tables ----------------------------------------------------------------------------------------------------------


def _fill_table(form: Table, records: _Records, wanted: Filling, progress: Progress) -> list[Unfilled]:
    page = form.page
    shared, left = _shared_out(form.runs, records)
    again = _numbered_anew(form)
    places = _make_room(page, form, [len(some) for some in shared])
    unfilled = [
        Unfilled(form.header[1], letter(one.column - 1), _("No fact of the ledger is known for “{heading}”.", heading=one.heading))
        for one in form.columns
        if one.key is None and one.how == "none"
    ]  # fmt: skip
    unfilled += [Unfilled(None, "", _("“{name}” fits no group of the form.", name=records.name(one))) for one in left]
    unknown = list(dict.fromkeys(run.group for run in form.runs if run.group))
    if len(unknown) > 1 and not any(run.says for run in form.runs):
        why = _("Nothing in the ledger says which rows belong under {groups}; please move them there.", groups=unknown)
        unfilled.append(Unfilled(places[0][0], "", why))
    number = 0
    for rows, some in zip(places, shared, strict=True):
        number = 0 if again else number
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


def _numbered_anew(form: Table) -> bool:
    """Whether the form counts the rows of every group from 1."""
    column = next((one.column for one in form.columns if one.how == "number"), None)
    return column is not None and all(str(form.page.said(run.rows[0], column)) == "1" for run in form.runs)


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
    rest = next((place for place, run in enumerate(runs) if not run.says and _OTHERS.search(run.group)), None)
    for one in records.ids:
        fits = [
            place for place, run in enumerate(runs)
            if run.says and all(records.values[one].get(key) == value for key, value in run.says.items())
        ]  # fmt: skip
        (shared[fits[0]] if fits else left if rest is None else shared[rest]).append(one)
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
        at_end = len(rows) == 1 or striped(page, rows)
        after = rows[-1] if at_end else rows[-2]
        insert_rows(page, after, more, templates=rows[-2:] if len(rows) > 1 and at_end else [after], grow=at_end)
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
    pages = [form.page, *form.more]
    pages += [file.add_page(form.page, records.name(batch[0])) for batch in batches[len(pages) :]]
    for page, batch in zip(pages, batches, strict=False):
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
    for blanks, number in reversed(list(zip(form.records, batch, strict=False))):
        for one in reversed(blanks):  # the last of a cell first: what stands before a blank tells where it is
            why: Text | None = _("No fact of the ledger is known for “{heading}”.", heading=one.heading)
            if one.key is not None:
                why = records.put(page, one, one.row, number, choices=accepted(page, one.row, one.column))
            if why is not None:
                unfilled.insert(0, Unfilled(one.row, letter(one.column - 1), why))
    every = [one for blanks in form.records for one in blanks]
    inside: dict[tuple[int, int], list[str]] = {}
    for one in every:
        if one.inside:
            inside.setdefault((one.row, one.column), []).append(one.heading)
    unfilled += _fill_lines(page, wanted, {one.row for one in every if one.key and not one.inside}, inside)
    refresh_sums(page, page.said)
    return unfilled


def _fill_lines(
    page: Page, wanted: Filling, filled: set[int], told: Mapping[tuple[int, int], Collection[str]] | None = None
) -> list[Unfilled]:
    """Who reports and on which day, in the lines around; what is left to people is listed.

    filled: rows with records. told: (row, column) of a cell → its labels whose blanks are filled or listed already.
    """
    left: list[Unfilled] = []
    for row in page.rows:
        for column in () if row in filled else page.cells(row):
            text: Any = page.said(row, column)
            if not isinstance(text, str) or text.startswith("=") or len(text) > 200:
                continue
            found = filled_line(text, reporting=wanted.reporting, today=wanted.today, month=wanted.month)
            if found != text:
                page.put(row, column, found)
            listed = (told or {}).get((row, column), ())
            whys = [why for why in left_open(found) if why not in map(by_hand, listed)]
            if not listed:
                whys += [by_hand(one.label) for one in gaps(found) if one.drawn and not left_open(f"{one.label}：")]
            left += [Unfilled(row, letter(column - 1), why) for why in whys]
    return left
