"""`zhaoshang import` of what is no ledger: the city's bulletin and numbers that were published (--as …)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from db.core.errors import Usage
from db.core.text import _

KINDS = ("city_bulletin", "published")  # of db.overview.bulletins, which is loaded when one is taken


def import_(given: Namespace) -> int:
    """Ledgers in, or bulletins where --as says so: one operation a file."""
    if given.room not in KINDS:
        from db.commands import import_ as take_ledgers

        return take_ledgers(given)
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book
    from db.overview.bulletins import take, told

    said = dict(pair.partition("=")[::2] for pair in given.given)
    if said.keys() - {"month"}:
        raise Usage(_("Of a bulletin only --set month=YYYY-MM can be said."))
    answers = []
    with Book.open(given.book) as book:
        for name in given.files:
            path = Path(name)
            table, operation = take(book, path, given.room, month=said.get("month"), write=not given.dry_run)
            answers.append({
                "file": str(path), "numbers": len(table.lines), "unknown": list(table.unknown),
                "refused": list(table.refused), "operation": operation,
            })  # fmt: skip
            if not given.json:
                print(f"{path.name}: {told(table).render(given.lang)}")
    if given.json:
        json.dump(answers[0] if len(answers) == 1 else {"files": answers}, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    return 0
