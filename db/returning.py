"""`zhaoshang export --for`, `copy` and `merge`: what leaves and comes back, sheets and copies of the book (contract.md)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.errors import Problem, Refused, Usage
from db.core.text import Text, _

if TYPE_CHECKING:
    from db.core.book import Book


def _open(target: str) -> Book:
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book

    return Book.open(target)


def _tell(given: Namespace, sentence: Text) -> None:
    if not given.json:
        print(sentence.render(given.lang))


def export(given: Namespace) -> int:
    """A room's records as a workbook: for a unit that fills it in and sends it back, or as they are."""
    if given.layout is not None:
        from db.form_commands import export_in_layout

        if given.unit is not None:
            raise Usage(_("--layout does not go with --for."))
        return export_in_layout(given)
    if given.unit is None:
        from db.commands import export as plainly

        if given.due or given.columns or given.editable or given.say:
            raise Usage(_("--due, --columns, --editable and --say go with --for."))
        return plainly(given)
    if given.period:
        raise Usage(_("--period does not go with --for."))
    from db.sent_out import Asked, send_unit

    with _open(given.book) as book:
        asked = Asked(
            given.unit, given.view, _listed(given.columns), _listed(given.editable), given.due, given.say, given.lang
        )
        noted = send_unit(book, given.room, asked, Path(given.out))
    _tell(given, _("The sheet for {unit} with {count} rows was written to {file}; the book has noted it.",
                   unit=noted.unit, count=len(noted.records), file=given.out))  # fmt: skip
    return 0


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def merge(given: Namespace) -> int:
    """A returned sheet, or a copy of the book that comes home."""
    if given.file.startswith("postgresql") or _is_book(Path(given.file)):
        return _merge_book(given)
    return _merge_sheet(given)


def copy(given: Namespace) -> int:
    """A copy for a colleague, with ids of its own: of the whole book, or of some of its rooms."""
    from db.commands import shown_progress
    from db.core.copies import hand_out
    from db.rooms import labels

    with _open(given.book) as book, shown_progress(given) as progress:
        rooms = _listed(given.rooms)
        made = hand_out(book, given.copy, taken_by=given.who or book.actor, rooms=rooms, progress=progress)
    _tell(given, _("“{file}” is the copy of {who}; the book has noted it.", file=given.copy, who=made.taken_by))
    if made.left_out:
        _tell(given, _("It is without: {rooms}.", rooms=labels(made.left_out)))
    return 0


def _is_book(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\x00"
    except OSError:
        return False


def _merge_sheet(given: Namespace) -> int:
    from db.rooms import ROOMS
    from db.sheets.merging import Decisions, apply, demand_decisions, merge_json, plan_return
    from db.sheets.reading import read_workbook

    with _open(given.book) as book:
        found = plan_return(book, read_workbook(given.file), [one.sheet for one in ROOMS if one.sheet is not None])
        operation, refused = None, None
        try:
            demand_decisions(found, Decisions(), take=given.take)
            operation = None if given.dry_run else apply(book, found, take=given.take)
        except Refused as problem:
            refused = problem
        answer = merge_json(found, operation, given.lang)
    if found.already is not None:
        _tell(given, _("This file was merged on {day} already; nothing was written.", day=found.already))
    for one in (
        []
        if given.json
        else [*answer["notes"], *(f"✕ {bad['column']}{bad['row']} {bad['why']}" for bad in answer["refused"])]
    ):
        print(one)
    return _answered(given, answer, refused)


def _merge_book(given: Namespace) -> int:
    from db.core.coming_home import plan_merge
    from db.core.taking_over import Agreed, demand_decisions, take_over

    with _open(given.book) as book, _open(given.file) as other:
        found = plan_merge(book, other)
        operation, refused = None, None
        try:
            demand_decisions(found, Agreed(), take=given.take)
            operation = None if given.dry_run else take_over(book, other, found, take=given.take)
        except Refused as problem:
            refused = problem
    for one in _notes(found):
        _tell(given, one)
    return _answered(given, book_json(found, operation, given.lang), refused)


def book_json(found: Any, operation: int | None, lang: str) -> dict[str, Any]:
    """The same shape as for a sheet; `field` is a column of `table`, null where the whole record is meant."""
    return {
        "taken": found.taken,
        "equal": found.equal,
        "conflicts": [
            {"table": one.table, "id": one.id, "field": one.column, "base": one.base, "ours": one.ours, "theirs": one.theirs}
            for one in found.conflicts
        ],
        "new": [{"table": name, "id": number} for name, one in found.tables.items() for number in sorted(one.insert)],
        "missing": [one.id for one in found.gone],
        "gone": [{"table": one.table, "id": one.id, "name": one.name, "changed": one.changed} for one in found.gone],
        "refused": [{"table": name, "id": number, "why": why.render(lang)} for name, number, why in found.left_out],
        "notes": [one.render(lang) for one in _notes(found)],
        "operation": operation,
    }  # fmt: skip


def _notes(found: Any) -> list[Text]:
    from db.merge_told import notes

    return notes(found)


def _answered(given: Namespace, answer: dict[str, Any], refused: Problem | None) -> int:
    if given.json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _tell(given, _("Taken {taken}, the same {equal}, conflicts {conflicts}, new {new}, gone there and kept here {missing}.",
                       taken=answer["taken"], equal=answer["equal"], conflicts=len(answer["conflicts"]),
                       new=len(answer["new"]), missing=len(answer["missing"])))  # fmt: skip
        if answer["operation"] is not None:
            _tell(given, _("Written as operation {number}; “zhaoshang undo” takes all of it back.",
                           number=answer["operation"]))  # fmt: skip
    if refused is None:
        return 0
    print(refused.render(given.lang), file=sys.stderr)
    return refused.exit_code
