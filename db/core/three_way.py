"""The comparison behind everything that comes back: base, ours, theirs, cell by cell. Pure functions.

A returned sheet, a copy of the book and a save that met somebody else's save all ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

Id = TypeVar("Id")
Cells = Mapping[str, Any]


class Verdict(Enum):
    """What becomes of a cell: nobody changed it, both the same, only we, only they, or both and differently."""

    SAME = "same"
    EQUAL = "equal"
    OURS = "ours"
    THEIRS = "theirs"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Written:
    """A third value that somebody wrote in place of both."""

    value: Any


def identical(one: Any, other: Any) -> bool:
    """Whether two stored values say the same; an empty text says as little as nothing."""
    return bool((one if one != "" else None) == (other if other != "" else None))


def verdict(base: Any, ours: Any, theirs: Any, same: Callable[[Any, Any], bool] = identical) -> Verdict:
    """What becomes of one cell. same: whether what they say is what stands in a book."""
    if same(base, theirs):
        return Verdict.SAME if identical(base, ours) else Verdict.OURS
    if base == ours:
        return Verdict.THEIRS  # as a rule, and then the two need not be compared once more
    if same(ours, theirs):
        return Verdict.EQUAL
    return Verdict.THEIRS if identical(base, ours) else Verdict.CONFLICT


def compared(
    base: Mapping[Id, Cells], ours: Mapping[Id, Cells], theirs: Mapping[Id, Cells],
    same: Callable[[str], Callable[[Any, Any], bool]] = lambda _key: identical,
) -> Iterator[tuple[Id, str, Verdict]]:  # fmt: skip
    """Every cell that they say something about and that is not the same in all three, with its verdict.

    theirs holds only what they say: a cell that is not in it was not sent back. same: by key, how values are compared.
    """
    nothing: Cells = {}
    how: dict[str, Callable[[Any, Any], bool]] = {}
    for number, cells in theirs.items():
        was, now = base.get(number, nothing), ours.get(number, nothing)
        if _within(cells, was) and _within(cells, now):
            continue  # most rows come back as they left, and nobody touched them
        for key, value in cells.items():
            old, here = was.get(key), now.get(key)
            if value == old == here:
                continue
            alike = how.get(key) or how.setdefault(key, same(key))
            found = verdict(old, here, value, alike)
            if found is not Verdict.SAME:
                yield number, key, found


def _within(cells: Cells, known: Cells) -> bool:
    """Whether all that is said here is said there; as a rule neither says more, which is quicker to see."""
    return cells == known if len(cells) == len(known) else cells.items() <= known.items()
