"""`zhaoshang score`: the per-mu evaluation of a year by a scheme, as a list or as JSON (contract.md)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any

from db.core.errors import Refused
from db.core.text import _


def score(given: Namespace) -> int:
    """Score, rank and class the companies of a year; nothing is written."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book
    from db.per_mu.evaluations import scheme_called
    from db.per_mu.queries import group_of
    from db.per_mu.scoring import evaluate

    with Book.open(given.book) as book, book.read() as connection:
        scheme, _number = scheme_called(connection, given.scheme)
        group = group_of(connection, given.year, scope=scheme.scope)
        if not group.members:
            raise Refused(
                _(
                    "The book has no metrics of {year} for “{scheme}”. Import them first.",
                    year=given.year,
                    scheme=scheme.name,
                )
            )
        last = group_of(connection, given.year - 1, scope=scheme.scope) if scheme.needs_last_year else None
        found = evaluate(scheme, group, last)
    answer = score_json(found, given.lang)
    if given.json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    for one in answer["results"]:
        shown = "—" if one["score"] is None else f"{float(one['score']):.2f}"
        print(f"{one['rank'] or '—'}\t{one['class']}\t{shown}\t{one['company']}\t{'；'.join(one['notes'])}")
    print("  ".join(f"{name} {count}" for name, count in answer["classes"].items()))
    return 0


def score_json(outcome: Any, lang: str) -> dict[str, Any]:
    """What `score --json` prints: results by rank, those without a rank at the end."""
    from db.per_mu.evaluations import decimal

    results = []
    for place, member in enumerate(outcome.group.members):
        own = outcome.scores[place]
        results.append({
            "company": member.name, "code": member.code, "score": None if own is None else decimal(own),
            "rank": outcome.ranks[place], "class": outcome.classes[place],
            "parts": {} if own is None else {code: decimal(column[place]) for code, column in outcome.parts.items()},
            "notes": [note.render(lang) for note in outcome.notes.get(place, ())],
        })  # fmt: skip
    results.sort(key=lambda one: (one["rank"] is None, one["rank"] or 0))
    return {
        "scheme": outcome.scheme.key, "year": outcome.group.year, "results": results, "classes": outcome.counts(),
    }  # fmt: skip
