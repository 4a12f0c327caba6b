"""A superior's form filled from a view of a room, and a view in the layout of a ledger: what command and window ask."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import settings
from db.core.errors import Usage
from db.core.filters import Condition
from db.core.period import Period
from db.core.progress import SILENT, Progress
from db.core.text import LANGUAGES, Text, _, say
from db.core.views import View
from db.rooms import ROOMS, Room, look, room, views
from db.sheets.filling_forms import Filled, Filling, blanks_of, fill_form, form_of, forms_of, open_form, the_one
from db.sheets.form_reading import Blank, Form, likeness
from db.sheets.headings import Vocabulary
from db.sheets.layout_out import LaidOut, write_in_layout
from db.sheets.plan import letter
from db.sheets.remembered import known_form, ledgers, remember_form
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book

# What a form's title counts, where a period is asked for and no view is named.
_COUNTED = (
    ("签约", "signed.count"),
    ("开工", "started.count"),
    ("投产", "produced.count"),
    ("在谈", "negotiating.count"),
)

_HEAD = 100  # rows in which a room's headings are looked for


@dataclass(frozen=True)
class Asked:
    """How a form is to be filled. room, view: by key or name. period: as commands take it (2024-06, 2024-01..2024-06).

    meanings: heading → field key, its label, or "none"; remembered for the forms that are like this one. sheet: the one
    to be filled. each: of a form for a single record, "sheet" or "file" a record. today: ISO day.
    """

    room: str | None = None
    view: str | None = None
    period: str | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    each: str = "sheet"
    today: str | None = None


@dataclass(frozen=True)
class Understood:
    """What a form asks for, before it is filled. recalled: whether a form like it was corrected before."""

    room: Room
    form: Form
    blanks: tuple[Blank, ...]
    meanings: Mapping[str, str]
    recalled: bool


def understand(connection: Connection, path: Path, asked: Asked) -> Understood:
    """Which room a form asks, and what fills each of its blanks. Raises `Refused` and `Usage`; nothing is written."""
    file = open_form(path)
    year = int(asked.period[:4]) if asked.period and asked.period[:4].isdigit() else _today(asked).year
    of, form = _of_form(file, asked, year)
    sheet = of.sheet
    assert sheet is not None
    headings = [likeness((one.heading,)) for one in blanks_of(form)]
    recalled = known_form(connection, of.name, headings)
    meanings = recalled | _said(sheet, asked.meanings)
    form = form_of(file, sheet, meanings, year=year, sheet=form.name)
    return Understood(of, form, blanks_of(form), meanings, bool(recalled))


def _of_form(file: Any, asked: Asked, year: int) -> tuple[Room, Form]:
    """The room that knows most of the form's headings, and the form as it reads it."""
    if asked.room is not None:
        named = room(asked.room)
        if named is None or named.sheet is None:
            known = [one.name for one in ROOMS if one.sheet is not None]
            raise Usage(_("There is no room “{room}”; there are: {known}.", room=asked.room, known=known))
        rooms: Sequence[Room] = [named]
    else:
        rooms = [one for one in ROOMS if one.sheet is not None]
    best: tuple[int, Room, list[Form]] | None = None
    for one in rooms:
        assert one.sheet is not None
        said = _said(one.sheet, asked.meanings, strict=False)
        forms = forms_of(file, one.sheet, said, year=year, sheet=asked.sheet, head=_HEAD)
        found = max((sum(_is_known(blank) for blank in blanks_of(form)) for form in forms), default=-1)
        if best is None or found > best[0]:
            best = (found, one, forms)
    assert best is not None, file.path
    return best[1], the_one(best[2], file, asked.sheet)


def _is_known(blank: Blank) -> bool:
    return blank.key is not None and blank.how != "guessed"


def _said(sheet: RoomSheet, meanings: Mapping[str, str], *, strict: bool = True) -> dict[str, str]:
    """Heading → cell key, for fields named by key or by any of their names."""
    names = Vocabulary(sheet)
    found: dict[str, str] = {}
    for heading, name in meanings.items():
        match = names.match((name,))
        key = name if name == "none" or name.startswith("own:") or sheet.field(name) else match.key if match else None
        if key is None and strict:
            raise Usage(_("There is no field “{name}”.", name=name))
        if key is not None:
            found[likeness((heading,))] = key
    return found


def fill(book: Book, path: Path, out: Path, asked: Asked, *, progress: Progress = SILENT) -> tuple[Filled, View]:
    """Fill a form with the rows of a view, and keep how its headings were corrected. Gives the view that was taken.

    Without a view the rows are what the form's title counts in the period (签约, 开工, 投产, 在谈), else the room's first
    view. Raises `Refused` (a form without a header, with two, protected, no .xlsx) and `Usage`; then nothing is written.
    """
    if out.suffix.lower() != ".xlsx":
        raise Usage(_("--out takes a file name that ends in .xlsx."))
    if out.resolve() == path.resolve():
        raise Usage(_("The form itself stays blank; choose another file name."))
    with book.read() as connection:
        found = understand(connection, path, asked)
        sheet = found.room.sheet
        assert sheet is not None
        today = _today(asked)
        period = Period.parse(asked.period, cut=settings.get(connection, "month.cut")) if asked.period else None
        view = _view(connection, found, asked, book.actor, period)
        ids = look(connection, found.room, view, today=today.isoformat(), period=period).outline.ids
        wanted = Filling(ids, today, reporting_of(connection), _month(asked.period), asked.each)
        filled = fill_form(connection, sheet, found.form, wanted, out, progress=progress)
    if asked.meanings:
        headings = [likeness((one.heading,)) for one in found.blanks]
        with book.write(_("Remember the form {file}", file=path.name)) as connection:
            remember_form(connection, found.room.name, path.name, headings, found.meanings)
    return filled, view


def _today(asked: Asked) -> dt.date:
    return dt.date.fromisoformat(asked.today) if asked.today else dt.datetime.now().astimezone().date()


def _month(period: str | None) -> str | None:
    return period if period is not None and re.fullmatch(r"\d{4}-\d{2}", period) else None


def reporting_of(connection: Connection) -> str:
    """The office with the district before it: 庐阳区投资促进中心."""
    district, office = settings.get(connection, "district.name"), settings.get(connection, "office.name")
    if office.startswith(district) or not district or not office:
        return office or district
    return district + office.removeprefix(district[-1:])


def _view(connection: Connection, found: Understood, asked: Asked, actor: str, period: Period | None) -> View:
    known = views(connection, found.room, actor)
    if asked.view is not None:
        return _named(known, asked.view)
    if period is None or found.room.scopes is None:
        return known[0]
    page = found.form.page
    first = found.blanks[0].row
    title = " ".join(str(page.said(row, column) or "") for row in range(1, first) for column in page.cells(row))
    figure = next((key for text in (found.form.name, title) for word, key in _COUNTED if word in text), None)
    if figure is None:
        return known[0]
    scope = f"figure:{figure}"
    label = found.room.scopes(connection)[scope].label
    return View(label, known[0].columns, (Condition(scope, "behind"),), known[0].order)


def in_layout(
    book: Book, room_name: str, name: str, out: Path, *, view: str | None = None, period: str | None = None,
    progress: Progress = SILENT,
) -> LaidOut:  # fmt: skip
    """Write a view of a room, or all its records in the order in which they came, in the layout of an imported ledger.

    name: of the file it came in, with or without its ending, or of its sheet; of several the newest. Raises `Usage` where
    there is no such room, layout or view.
    """
    of = room(room_name)
    if of is None or of.sheet is None:
        raise Usage(
            _("There is no room “{room}”; there are: {known}.", room=room_name,
              known=[one.name for one in ROOMS if one.sheet is not None])
        )  # fmt: skip
    with book.read() as connection:
        kept = [one for one in ledgers(connection, of.name) if "body" in one[1]]
        layout = next((one for file, one in reversed(kept) if name in (file, Path(file).stem, one["sheet"])), None)
        if layout is None:
            known = list(dict.fromkeys(file for file, _layout in kept))
            if not known:
                raise Usage(_("No ledger was imported into this room yet, so there is no layout to write in."))
            raise Usage(_("No ledger “{name}” was imported; these were: {known}.", name=name, known=known))
        today = dt.datetime.now().astimezone().date().isoformat()
        span = Period.parse(period, cut=settings.get(connection, "month.cut")) if period else None
        chosen = View(of.label, ()) if view is None else _named(views(connection, of, book.actor), view)
        ids = look(connection, of, chosen, today=today, period=span).outline.ids
        return write_in_layout(connection, of.sheet, layout, ids, out, progress=progress)


def layouts(connection: Connection, room_name: str) -> list[str]:
    """The names of the ledgers whose layouts a room keeps, newest first."""
    kept = [file for file, layout in ledgers(connection, room_name) if "body" in layout]
    return list(dict.fromkeys(reversed(kept)))


def _named(known: Sequence[View], name: str) -> View:
    names = {
        called: one for one in reversed(known) for called in (one.key, *(say(one.name, lang) for lang in LANGUAGES))
    }
    if name not in names:
        raise Usage(_("There is no view “{view}”; there are: {known}.", view=name, known=[one.name for one in known]))
    return names[name]


def fill_json(filled: Filled, view: View, lang: str) -> dict[str, Any]:
    """What `fill --json` prints (contract.md)."""
    return {
        "sheet": filled.sheet,
        "header_rows": list(filled.header) if filled.header else [],
        "columns": [
            {"heading": one.heading, "field": one.key, "unit": one.unit, "column": letter(one.column - 1), "how": one.how}
            for one in filled.columns
        ],
        "filled": filled.rows,
        "unfilled": [{"row": one.row, "column": one.column, "why": one.why.render(lang)} for one in filled.unfilled],
        "view": say(view.name, lang),
        "files": [str(file) for file in filled.files],
    }  # fmt: skip


def left_empty(filled: Filled) -> list[tuple[str, Text, int]]:
    """(column, why, how many cells) of what stays empty, for a list of a few lines; the first place where it is one."""
    found: dict[tuple[str, str], tuple[str, Text, int]] = {}
    for one in filled.unfilled:
        place, why, count = found.get((one.column, one.why.render("en")), (f"{one.column}{one.row or ''}", one.why, 0))
        found[one.column, one.why.render("en")] = (place if not count else one.column, why, count + 1)
    return list(found.values())
