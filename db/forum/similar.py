"""Issues that say nearly the same: one thing → one kind of thing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.forum.models import issue

_NEAR, _BETTER = 45, 12  # per cent of characters in common; what category and department add
_CANDIDATES = 200
_i = issue.c


@dataclass(frozen=True)
class Similar:
    """An issue like another: how much, in per cent, and whether the category and the department are the same."""

    id: int
    text: str
    company: str
    score: int
    same_category: bool
    same_department: bool
    kind: int | None


def similar(
    connection: Connection, text: str, *, category: str | None = None, department: int | None = None, but: int | None = None,
    limit: int = 8,
) -> list[Similar]:  # fmt: skip
    """Issues whose text is like `text`, the most alike first; `but`: the issue itself."""
    from rapidfuzz import fuzz, process

    said = _plain(text)
    if not said:
        return []
    numbers, texts = _texts(connection)
    near = process.extract(said, texts, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_CANDIDATES, processor=None)
    chosen = {numbers[at]: score for _text, score, at in near if numbers[at] != but}
    if not chosen:
        return []
    query = select(_i.id, _i.text, company.c.name, _i.category, _i.department, _i.kind).join(
        company, company.c.id == _i.company
    )
    found = []
    for row in connection.execute(query.where(_i.id.in_(list(chosen)))):
        alike = category is not None and row.category == category
        same = department is not None and row.department == department
        score = min(100, round((chosen[row.id] + _shared(said, _plain(row.text))) / 2 + (_BETTER * (alike + same)) / 2))
        found.append(Similar(row.id, row.text, row.name, score, alike, same, row.kind))
    return sorted(found, key=lambda one: (-one.score, -one.id))[:limit]


def similar_to(connection: Connection, number: int, *, limit: int = 8) -> list[Similar]:
    """Issues like one of the book."""
    row = connection.execute(select(_i.text, _i.category, _i.department).where(_i.id == number)).one_or_none()
    if row is None:
        return []
    return similar(connection, row.text, category=row.category, department=row.department, but=number, limit=limit)


def _texts(connection: Connection) -> tuple[Sequence[int], list[str]]:
    """All issues, as ids and texts: as one value, since handed over row by row they cost three times as much."""
    if connection.dialect.name == "sqlite":
        ids = _without_gaps(connection)
        if ids is not None:  # a file is read in the order of its ids
            return ids, json.loads(connection.scalar(select(func.json_group_array(_i.text))) or "[]")
        numbers, texts = connection.execute(select(func.json_group_array(_i.id), func.json_group_array(_i.text))).one()
        return json.loads(numbers), json.loads(texts)
    cursor: Any = connection.execute(select(_i.id, _i.text)).cursor
    rows = cursor.fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def _without_gaps(connection: Connection) -> range | None:
    """The ids of all issues where they follow one another, which need not be read; None where some are missing."""
    asked = (
        select(one).select_from(issue).scalar_subquery() for one in (func.min(_i.id), func.max(_i.id), func.count())
    )
    first, last, count = connection.execute(select(*asked)).one()
    return range(first, last + 1) if count and count == last - first + 1 else None


def _plain(text: str) -> str:
    return "".join(text.split())


def _shared(one: str, other: str) -> float:
    """How much of the pairs of neighbouring characters both have, in per cent."""
    first, second = _pairs(one), _pairs(other)
    both = len(first & second)
    return 200 * both / (len(first) + len(second)) if first or second else 100.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
