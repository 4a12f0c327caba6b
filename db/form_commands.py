"""`zhaoshang fill`, and `zhaoshang export --layout`: a superior's form, and a ledger in the layout in which it came."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from db.core.errors import Usage
from db.core.text import Text, _


def fill(given: Namespace) -> int:
    """Fill a superior's form."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book
    from db.forms_out import Asked, fill_json, left_empty
    from db.forms_out import fill as fill_out

    pairs = [pair.partition("=") for pair in given.meanings]
    if any(not sign for _heading, sign, _field in pairs):
        raise Usage(_("--map takes HEADING=FIELD."))
    meanings = {heading: name for heading, _sign, name in pairs}
    asked = Asked(given.room, given.view, given.period, meanings, given.sheet, given.each)
    with Book.open(given.book) as book:
        filled, view = fill_out(book, Path(given.form), Path(given.out), asked)
    if given.json:
        json.dump(fill_json(filled, view, given.lang), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    _tell(
        given,
        _("“{view}”: {count} records were filled into {file}.", view=view.name, count=filled.rows, file=given.out),
    )
    for place, why, count in left_empty(filled):
        print("·", place, why.render(given.lang), f"× {count}" if count > 1 else "")
    return 0


def export_in_layout(given: Namespace) -> int:
    """A room's records in the layout in which a ledger came."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book
    from db.forms_out import in_layout

    with Book.open(given.book) as book:
        done = in_layout(book, given.room, given.layout, Path(given.out), view=given.view, period=given.period)
    _tell(given, _("{count} records were written to {file}.", count=done.rows, file=given.out))
    for one in done.left_out:
        print("·", one.render(given.lang))
    return 0


def _tell(given: Namespace, sentence: Text) -> None:
    print(sentence.render(given.lang))
