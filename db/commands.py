"""What each command does. One function a command, named like it; each gives its exit code."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.errors import Refused, Unavailable, Usage
from db.core.progress import SILENT, Progress
from db.core.ratios import is_share, percent
from db.core.text import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book
    from db.sheets.room import RoomSheet


class _Bar:
    """Progress on a terminal, shown for work over a second."""

    def __init__(self, lang: str) -> None:
        from tqdm import tqdm

        self._lang = lang
        self._bar = tqdm(
            total=0, delay=1.0, leave=False, file=sys.stderr, bar_format="{desc} {n_fmt}/{total_fmt} |{bar}|"
        )

    def step(self, done: int, total: int, text: Text) -> None:
        """Show how far it is."""
        self._bar.total = total
        self._bar.set_description_str(text.render(self._lang), refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()


@contextmanager
def shown_progress(given: Namespace) -> Iterator[Progress]:
    """A bar where somebody looks at a terminal."""
    if given.json or not sys.stderr.isatty():
        yield SILENT
        return
    bar = _Bar(_lang(given))
    try:
        yield bar
    finally:
        bar.close()


def _lang(given: Namespace) -> str:
    return str(given.lang)


def _tell(given: Namespace, sentence: Text) -> None:
    if not given.json:
        print(sentence.render(_lang(given)))


def _print_json(found: object) -> None:
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def _open(given: Namespace) -> Book:
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book

    return Book.open(given.book)


@contextmanager
def _new_book(given: Namespace) -> Iterator[Book]:
    """A new book that vanishes again when it cannot be finished."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book

    book = Book.create(given.book)
    try:
        yield book
    except BaseException:
        book.close()
        if book.path is not None:
            book.path.unlink(missing_ok=True)
        raise
    book.close()


def _called(target: str) -> str:
    from db.core.engines import called

    return called(target)


def new(given: Namespace) -> int:
    """An empty book."""
    with _new_book(given):
        _tell(given, _("An empty book was made: {file}", file=_called(given.book)))
    return 0


def demo(given: Namespace) -> int:
    """The demonstration district."""
    from db.overview.demo import make_demo

    if given.scale is not None and not 1 <= given.scale <= 10_000_000:
        raise Usage(_("--scale takes a number from 1 to 10,000,000."))
    with _new_book(given) as book, shown_progress(given) as progress:
        make_demo(book, scale=given.scale, seed=given.seed, progress=progress)
    _tell(given, _("The demonstration district was made: {file}", file=_called(given.book)))
    return 0


def import_(given: Namespace) -> int:
    """Ledgers in: the plan, then one operation a file."""
    if given.problems and Path(given.problems).suffix.lower() != ".xlsx":
        raise Usage(_("--problems takes a file name that ends in .xlsx."))
    if given.problems and len(given.files) > 1:
        raise Usage(_("--problems takes one ledger at a time."))
    taken, left_out = _in_order(given)
    answers = [_import_one(given, path) for path in taken]
    if given.json:
        many = {"files": [found for _code, found in answers], "left_out": left_out}
        _print_json(answers[0][1] if len(given.files) == len(answers) == 1 else many)
    return max((code for code, _found in answers), default=1)


def _in_order(given: Namespace) -> tuple[list[Path], list[dict[str, str]]]:
    """The ledgers to take, the old ones first, and those left out with the reason: what is there twice, what is none."""
    named = [Path(name) for name in given.files]
    folders = any(path.is_dir() for path in named)
    if len(named) == 1 and not folders:
        return named, []
    from db.rooms import ROOMS
    from db.sheets.folder import survey

    with shown_progress(given) as progress:
        rooms = [one.sheet for one in ROOMS if one.sheet is not None]
        found = survey(named, rooms, progress=progress, sort=folders)
    # What is named by itself is tried, and refused in words.
    out = [one for one in found if one.same_as is not None or (one.why is not None and one.path not in named)]
    left_out = [{"file": str(one.path), "why": one.why.render(_lang(given))} for one in out if one.why is not None]
    for one in left_out:
        _tell(given, _("Left out: {file} ({why}).", file=one["file"], why=one["why"]))
    taken = [one.path for one in found if one not in out]
    if not taken and folders:
        print(_("There is no ledger in the folder; nothing was changed.").render(_lang(given)), file=sys.stderr)
    return taken, left_out


def _import_one(given: Namespace, path: Path) -> tuple[int, dict[str, Any]]:
    from db.sheets.planning import plan
    from db.sheets.problems import write_problems
    from db.sheets.reading import read_workbook
    from db.sheets.writing import commit, import_json, refuse_unfinished

    with _open(given) as book, shown_progress(given) as progress:
        workbook = read_workbook(path, progress=progress)
        with book.read() as connection:
            room = _room_sheet(given, workbook, connection)
            planned = plan(workbook, room, connection, _options(given), progress=progress)
        if given.problems and planned.refused:
            write_problems(planned, workbook, Path(given.problems), lang=_lang(given))
        del workbook  # its cells are in the plan now
        operation, code = None, 0
        try:
            if given.dry_run:
                refuse_unfinished(planned, partial=given.partial)
            else:
                operation = commit(book, planned, partial=given.partial, source=str(path), progress=progress)
        except Refused as refused:
            code = refused.exit_code
            print(refused.render(_lang(given)), file=sys.stderr)
    _tell_import(given, planned, operation, code)
    return code, import_json(planned, operation, _lang(given))


def _room_sheet(given: Namespace, workbook: Any, connection: Connection) -> RoomSheet:
    from db.rooms import ROOMS, room
    from db.sheets.planning import recognise

    if given.room:
        found = room(given.room)
        if found is None or found.sheet is None:
            known = [one.name for one in ROOMS if one.sheet is not None]
            raise Usage(
                _("Ledgers cannot be taken into “{room}”; they can into: {known}.", room=given.room, known=known)
            )
        return found.sheet
    sheets = [one.sheet for one in ROOMS if one.sheet is not None]
    return recognise(workbook, sheets) or sheets[0]


def _options(given: Namespace) -> Any:
    from db.sheets.plan import Options

    pairs = [pair.partition("=") for pair in given.given]
    if any(not sign for _key, sign, _value in pairs):
        raise Usage(_("--set takes FIELD=VALUE."))
    return Options(
        today=dt.datetime.now().astimezone().date(),
        sheets=tuple(given.sheet),
        given={key: value for key, _sign, value in pairs},
        assume_yes=given.assume == "yes",
        blank_clears=given.blank_clears,
    )


def _tell_import(given: Namespace, planned: Any, operation: int | None, code: int) -> None:
    lang = _lang(given)
    if given.json:
        return
    if len(given.files) > 1 or Path(given.files[0]).is_dir():
        print(planned.file)
    for sheet in planned.sheets:
        if sheet.taken:
            skipped = len(sheet.skipped)
            _tell(given, _("Sheet {sheet}: {rows} rows read, {skipped} lines skipped.", sheet=sheet.name, rows=sheet.rows_read,
                           skipped=skipped))  # fmt: skip
        else:
            _tell(given, _("Sheet {sheet}: not taken ({why}).", sheet=sheet.name, why=sheet.why or ""))
    _tell(given, _("New {new}, changed {changed}, the same {same}, with problems {wrong}.", new=planned.new_count,
                   changed=planned.changed_count, same=planned.same, wrong=planned.refused_rows))  # fmt: skip
    for note in planned.notes:
        print("·", note.text.render(lang))
    for question in planned.questions:
        proposed = question.proposed_text
        shown = proposed.render(lang) if isinstance(proposed, Text) else proposed
        print("?", question.question.render(lang), f"[{shown}]" if shown else "")
    for refusal in planned.refused[:20]:
        print("✕", f"{refusal.sheet}!{refusal.column}{refusal.row}", refusal.value, refusal.why.render(lang))
    if operation is not None:
        _tell(given, _("Written as operation {number}; “zhaoshang undo” takes all of it back.", number=operation))
    elif code == 0 and not given.dry_run:
        told = _("The book says all of this already; nothing was written.")
        _tell(given, told if planned.same else _("There is no row under the header; nothing was written."))


def export(given: Namespace) -> int:
    """A room's records as a workbook, or a view of them."""
    from db.exporting import write_out

    with _open(given) as book, book.read() as connection, shown_progress(given) as progress:
        count = write_out(
            connection, given.room, Path(given.out), actor=book.actor, view=given.view, period=given.period,
            lang=_lang(given), progress=progress,
        )  # fmt: skip
    _tell(given, _("{count} records were written to {file}.", count=count, file=given.out))
    return 0


@contextmanager
def _at(book: Book, as_of: str | None) -> Iterator[Connection]:
    if as_of is None:
        with book.read() as connection:
            yield connection
    else:
        with book.as_of(as_of) as then, then.read() as connection:
            yield connection


def _period(connection: Connection, text: str) -> Any:
    from db.core import settings
    from db.core.period import Period

    return Period.parse(text, cut=settings.get(connection, "month.cut"))


def figures(given: Namespace) -> int:
    """The figures of a period."""
    from db.core.period import Period
    from db.overview import figures as computing

    Period.parse(given.period)
    with _open(given) as book, _at(book, given.as_of) as connection:
        found = computing.rendered(
            computing.figures(
                connection, _period(connection, given.period), by=given.by, min_investment=given.min_investment,
                rows=given.rows, as_of=given.as_of,
            ),
            _lang(given),
        )  # fmt: skip
    if given.json:
        _print_json(found)
    else:
        if found["figures"]["signed.count"]["value"] is None:
            _tell(given, computing.NOT_HERE)
        _print_figures(found["figures"])
        for name, group in found.get("by", {}).items():
            print(f"\n{found.get('by_labels', {}).get(name, name)}")
            _print_figures(group)
    return 0


def _print_figures(found: Mapping[str, Mapping[str, Any]]) -> None:
    for key, figure in found.items():
        above, below = figure["numerator"], figure["denominator"]
        rate = below is not None and is_share(figure["unit"])
        parts = f" ({above}/{below})" if rate else f" {figure['unit']}"
        told = "—" if figure["value"] is None else f"{Decimal(figure['value']):,}"
        value = _percent(above, below) if rate else told
        yoy = ""
        if figure.get("yoy") is not None:
            yoy = "  " + _percent(str(Decimal(figure["value"]) - Decimal(figure["previous"])), figure["previous"], "+")
        print(f"{figure['label']}  {value}{parts}{yoy}  [{key}]")


def _percent(above: str | None, below: str | None, sign: str = "") -> str:
    """One decimal, rounded half up from the parts themselves; nothing to divide by is no rate."""
    found = percent(above, below)
    return "—" if found is None else f"{Decimal(found):{sign}}%"


def report(given: Namespace) -> int:
    """The report of a period as files."""
    from db.core.period import Period
    from db.overview.writing import figures_of, write_report

    Period.parse(given.period)
    with _open(given) as book, shown_progress(given) as progress:
        with book.read() as connection:
            period = _period(connection, given.period)
        files = write_report(
            book, period, Path(given.out), tuple(filter(None, map(str.strip, given.format.split(",")))),
            lang=_lang(given), as_of=given.as_of, form=given.form, progress=progress,
        )  # fmt: skip
        if given.json:
            found = figures_of(book, period, lang=_lang(given), as_of=given.as_of)
            _print_json({"files": [str(file.path) for file in files], "figures": found["figures"]})
    for file in files:
        _tell(given, _("Written: {file}", file=str(file.path)))
        if file.warning is not None:
            print(file.warning.render(_lang(given)), file=sys.stderr)
    return 0


def close(given: Namespace) -> int:
    """Finalise a month."""
    from db.overview.closing import close as finalise

    with _open(given) as book:
        with book.read() as connection:
            period = _period(connection, given.period)
        number = finalise(book, period)
    _tell(given, _("{period} is finalised (operation {number}).", period=given.period, number=number))
    return 0


def changes(given: Namespace) -> int:
    """What changed between two moments."""
    from db.overview.changes import changes as compare

    with _open(given) as book:
        found = compare(book, given.since, given.until)
    if given.json:
        _print_json(found)
        return 0
    labels = {"new": _("New"), "moved": _("Moved"), "gone": _("Gone"), "corrected": _("Corrected")}
    for key, label in labels.items():
        print(f"{label.render(_lang(given))}: {len(found[key])}")
        for entry in found[key]:
            print(
                "  ", " ".join(f"{name}={value}" for name, value in entry.items()) if isinstance(entry, dict) else entry
            )
    return 0


def history(given: Namespace) -> int:
    """The operations, of the book or of one record."""
    if (given.room is None) != (given.id is None):
        raise Usage(_("--room and --id go together."))
    with _open(given) as book:
        operations = book.operations()
        if given.room is not None:
            touched = _operations_of(book, given.room, given.id)
            operations = [one for one in operations if one.number in touched]
    found = [
        {
            "operation": one.number, "at": one.at.isoformat(), "actor": one.actor, "label": one.label.render(_lang(given)),
            "source": one.source, "undone_by": one.undone_by, "rows": one.rows,
        }
        for one in operations
    ]  # fmt: skip
    if given.json:
        _print_json(found)
    else:
        for line in found:
            print("  ".join(str(line[name]) for name in ("operation", "at", "actor", "label", "rows")))
    return 0


def _operations_of(book: Book, room_name: str, number: int) -> set[int]:
    from db.core.history import record_changes
    from db.rooms import room

    found = room(room_name)
    if found is None:
        raise Usage(_("There is no room “{room}”.", room=room_name))
    with book.read() as connection:
        return {operation for _change, operation in record_changes(connection, book.schema, found.table.name, number)}


def undo(given: Namespace) -> int:
    """Undo one operation."""
    with _open(given) as book:
        done = book.undo(given.operation)
    if given.json:
        _print_json(
            {
                "operation": done.operation,
                "restored": done.restored,
                "conflicts": [
                    {"room": one.tbl, "id": one.row, "field": one.column, "why": one.sentence.render(_lang(given))}
                    for one in done.conflicts
                ],
            }
        )
    if done.conflicts:
        sentence = _("Operation {number} was not undone: {count} records changed since. The first: {why}",
                     number=given.operation, count=len(done.conflicts), why=done.conflicts[0].sentence)  # fmt: skip
        print(sentence.render(_lang(given)), file=sys.stderr)
        return 1
    _tell(given, _("Operation {number} was undone; {count} records are as they were.", number=given.operation,
                   count=done.restored))  # fmt: skip
    return 0


def upgrade(given: Namespace) -> int:
    """Bring a book to this program's schema, after a copy was made."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.backup import upgrade as bring_up

    (old, copy), name = bring_up(given.book), _called(given.book)
    if copy is None:
        _tell(given, _("“{file}” is up to date ({revision}).", file=name, revision=old))
    else:
        _tell(given, _("“{file}” was upgraded; the book as it was is kept in {copy}.", file=name, copy=str(copy)))
    return 0


def check(given: Namespace) -> int:
    """Integrity of file, schema, history and rules."""
    from db.core.checking import check as examine

    with _open(given) as book:
        problems = [
            {name: part.render(_lang(given)) if isinstance(part, Text) else part for name, part in
             (("what", one.what), ("where", one.where), ("advice", one.advice))}
            for one in examine(book)
        ]  # fmt: skip
    if given.json:
        _print_json({"ok": not problems, "problems": problems})
    for problem in problems:
        if not given.json:
            print("✕", problem["what"], problem["where"], problem["advice"])
    if not problems:
        _tell(given, _("Nothing is wrong with “{file}”.", file=_called(given.book)))
    return 1 if problems else 0


def backup(given: Namespace) -> int:
    """Copy a book safely, even while it is open."""
    from db.core.backup import backup as keep

    with _open(given) as book:
        kept = keep(book, Path(given.out) if given.out else _backup_name(book))
    _tell(given, _("Backed up to {file}.", file=str(kept)))
    return 0


def _backup_name(book: Book) -> Path:
    stamp = f"{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}"
    if book.path is not None:
        return book.path.with_name(f"{book.path.stem}-{stamp}.zsb")
    return Path(f"zhaoshang-{stamp}.zsb")


def restore(given: Namespace) -> int:
    """Make a book from a backup. Never writes over a book."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.backup import restore as bring_back

    if not Path(given.book).exists():
        raise Unavailable(_("There is no backup “{file}”.", file=given.book))
    bring_back(Path(given.book), given.target)
    _tell(given, _("Restored to {file}.", file=_called(given.target)))
    return 0
