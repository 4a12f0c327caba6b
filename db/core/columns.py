"""Records column by column: key → one value a record, all columns equally long.

Many new records travel so: half the memory of rows, no dictionary a record, and a whole column is looked at at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import Any

Columns = Mapping[str, Sequence[Any]]


def size(columns: Columns) -> int:
    """How many records these are."""
    return len(next(iter(columns.values()), ()))


def of_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns; what a row does not say is None."""
    return {key: [row.get(key) for row in rows] for key in sorted(set().union(*rows))} if rows else {}


def below(parts: Sequence[Columns]) -> Columns:
    """One after the other; a key that a part lacks is None in its records."""
    if len(parts) == 1:
        return parts[0]
    keys = dict.fromkeys(chain.from_iterable(parts))
    return {key: [*chain.from_iterable(part.get(key) or repeat(None, size(part)) for part in parts)] for key in keys}
