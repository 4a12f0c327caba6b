"""The numbers of a report's parts as figures: a street's signings, an industry's money, what stands still and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from db.core.text import _
from db.overview.facts import REST, headed, part_key, present
from db.overview.records import Groups, parts
from db.projects.report import Line
from db.reports.report import Figure, RowsBehind

COUNT, MONEY, STUCK = "signed.count", "signed.investment", "stuck.signed_not_started.count"


def yuan(hundredths: int) -> int | Decimal:
    """Hundredths as yuan, exact."""
    return hundredths // 100 if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2)


def signed_parts(
    whole: Mapping[str, Figure], groups: Iterable[Groups], lines: Sequence[Line], *, new: str, lang: str
) -> list[Figure]:
    """Number and money of the new signings of every place, industry, source and size that has any.

    whole: the figures of all of them by key. new: the mark of a line that counts as a project.
    """
    found: list[Figure] = []
    for by in groups:
        there = present(parts(by, lines, counted=new))
        shown = headed(there) if by.by == "industry" else there
        rows = _rows(lines, by.by, {part.name for part in shown})
        for part in shown:
            mine = rows.get(part.name, [])
            counted = [line.id for line in mine if line.mark == new]
            name = _("Others").render(lang) if part.name == REST else part.name
            found.append(_part(whole[COUNT], by.by, part.name, name, len(counted), counted, lang))
            if part.money:
                ids = [line.id for line in mine]
                found.append(_part(whole[MONEY], by.by, part.name, name, yuan(part.money), ids, lang))
    return found


def _rows(lines: Sequence[Line], by: str, named: set[str]) -> dict[str, list[Line]]:
    """The lines of each part; those of no named one are the rest's."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        group = line.groups[by]
        found.setdefault(group if group in named else REST, []).append(line)
    return found


def stuck_by_reason(whole: Figure, reason_of: Callable[[int], str], lines: Sequence[Line], lang: str) -> list[Figure]:
    """How many of what was signed long ago and not started stand still for each reason."""
    rows: dict[str, list[int]] = {}
    for line in lines:
        rows.setdefault(reason_of(line.id), []).append(line.id)
    blank = _("Not stated").render(lang)
    return [_part(whole, "reason", name or blank, name or blank, len(ids), ids, lang) for name, ids in rows.items()]


def _part(
    whole: Figure, by: str, part: str, name: str, value: int | Decimal, ids: Sequence[int], lang: str
) -> Figure:  # fmt: skip
    label = _("{figure}: {part}", figure=whole.label, part=name).render(lang)
    rows = RowsBehind("projects", tuple(dict.fromkeys(ids)))
    return replace(
        whole, key=part_key(whole.key, by, part), label=label, value=value, numerator=None, denominator=None,
        previous=None, yoy=None, rows=rows,
    )  # fmt: skip
