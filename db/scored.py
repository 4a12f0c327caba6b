"""`zhaoshang score`: the per-mu evaluation of a year by a scheme, as a list or as JSON (contract.md)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any


def score(given: Namespace) -> int:
    """Score, rank and class the companies of a year; nothing is written."""
    import db.rooms  # noqa: F401 — loads every room's tables
    from db.core.book import Book
    from db.per_mu.evaluated import run

    with Book.open(given.book) as book, book.read() as connection:
        found, _number = run(connection, given.year, given.scheme, half=given.half)
    answer = score_json(found, given.lang)
    if given.json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    for one in answer["results"]:
        shown = "—" if one["score"] is None else f"{float(one['score']):.2f}"
        print(
            f"{one['rank'] or '—'}\t{one['class']}\t{shown}\t{one['company']}\t{'；'.join(note.rstrip('。.') for note in one['notes'])}"
        )
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
    half = {"half": outcome.group.half} if outcome.group.half else {}
    return {
        "scheme": outcome.scheme.key, "year": outcome.group.year, **half, "results": results, "classes": outcome.counts(),
    }  # fmt: skip
