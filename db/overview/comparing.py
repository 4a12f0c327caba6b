"""与上期相比: a report beside the one before it, number by number and project by project.

The report before is that of the period before as it was finalised; where it is not, as the book has it now. Projects
are compared with the moment of the last finalising, or else with the end of the period before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core import moments
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview.changes import Comparison
from db.overview.corrections import ChangeLine, change_lines, last_closing
from db.overview.definitions import BY_KEY, FIGURES
from db.overview.figures import exact, figures, rendered
from db.overview.finalised import closed
from db.overview.periods import period_before

Number = int | Decimal


@dataclass(frozen=True)
class FigureLine:
    """One figure in both reports. Counts as they are, money in yuan, rates as shares with their parts beside them."""

    key: str
    label: str
    unit: str
    then: Number | None
    now: Number | None
    parts_then: tuple[Number | None, Number | None] | None = None
    parts_now: tuple[Number | None, Number | None] | None = None

    @property
    def difference(self) -> Number | None:
        """Now less then; of a rate in shares of one."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True)
class Against:
    """A report beside the one before.

    before: that period's name; final: whether its numbers are the finalised ones. since: the moment from which the
    projects are compared, in words; None where the book knows no such moment, and `why` says so. lines: new, moved
    forward, moved back, gone and corrected projects.
    """

    period: str
    before: str
    final: bool
    figures: tuple[FigureLine, ...]
    lines: tuple[ChangeLine, ...] = ()
    since: str | None = None
    why: str = ""

    def of_kind(self, *kinds: str) -> tuple[ChangeLine, ...]:
        """The lines of some kinds (corrections.KINDS)."""
        return tuple(line for line in self.lines if line.kind in kinds)


def compare(connection: Connection, period: Period, *, lang: str = "zh", anew: bool = False) -> Against:
    """The report of a period beside the one before it.

    A finalised period is shown as it was finalised, with the changes that its report told, unless `anew`.
    """
    before = period_before(period)
    stored_now = None if anew else closed(connection, period)
    stored_then = closed(connection, before)
    now = stored_now.figures(lang) if stored_now is not None else rendered(figures(connection, period), lang)
    then = stored_then.figures(lang) if stored_then is not None else rendered(figures(connection, before), lang)
    since, number, why = _moment(connection, period, before, lang)
    until = None if stored_now is None else stored_now.operation
    lines: Sequence[ChangeLine] = ()
    if number is not None and (until is None or number <= until):
        lines = change_lines(connection, Comparison(connection, METADATA, number, until), lang)
    return Against(
        period_name(period).render(lang),
        period_name(before).render(lang),
        stored_then is not None,
        tuple(figure_lines(then["figures"], now["figures"])),
        tuple(lines),
        since,
        why,
    )


def _moment(
    connection: Connection, period: Period, before: Period, lang: str
) -> tuple[str | None, int | None, str]:  # fmt: skip
    """The moment from which projects are compared: in words, as an operation; or why there is none."""
    closing = last_closing(connection, period)
    if closing is not None:
        named = _("the report of {period} as finalised", period=closing.named(lang, period.cut))
        return named.render(lang), closing.operation, ""
    try:
        number = moments.operation_at(connection, METADATA, before.last)
    except Refused as unknown:
        return None, None, unknown.render(lang)
    return _("the book on {day}", day=before.last).render(lang), number, ""


def figure_lines(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[FigureLine]:
    """The figures of two reports side by side; those that are nothing in both are left out."""
    order = [one.key for one in FIGURES] + sorted(key for key in now if key not in BY_KEY)
    found = []
    for key in order:
        if key not in now:
            continue
        one, other = now[key], then.get(key)
        line = FigureLine(
            key, one["label"], one["unit"], None if other is None else exact(other["value"]), exact(one["value"]),
            _parts(other), _parts(one),
        )  # fmt: skip
        if line.then or line.now:
            found.append(line)
    return found


def _parts(figure: Mapping[str, Any] | None) -> tuple[Number | None, Number | None] | None:
    if figure is None or figure["denominator"] is None:
        return None
    return exact(figure["numerator"]), exact(figure["denominator"])


def change_sentence(found: Against, kinds: Mapping[str, Text]) -> Text:
    """新增3个、向前推进5个、更正2处: how much of each kind, for the head of the page."""
    counts = [(label, len(found.of_kind(kind))) for kind, label in kinds.items()]
    said = [_("{kind} {count}", kind=label, count=count) for label, count in counts if count]
    return _("{changes}", changes=said) if said else _("Nothing changed.")
