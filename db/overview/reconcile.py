"""与公布数核对: a number that was published beside the book's own, and what the difference may be.

Nothing is decided here. Each explanation is a rule that a clerk would try by hand: a date just outside the period, a
framework agreement, another level of recognition, another definition; with the rows it is about, and whether it
closes the difference. Counts are as they are, money in hundredths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from db.core.errors import Refused
from db.core.fields import Money, Whole
from db.core.formats import understand
from db.core.period import Period, month_of
from db.core.reading import half_width
from db.core.text import Text, _
from db.overview.candidates import Candidate, Effect, Stage, candidates, other_definitions, same_amount
from db.overview.definitions import BY_KEY
from db.overview.figures import figures, must_have_projects
from db.overview.measures import Basis
from db.overview.paid import PAID, paid_explanations
from db.overview.published import PublishedLine, keep_published
from db.projects.models import published_figure

USUAL = (
    "signed.count", "signed.investment", "started.count", "started.investment", "produced.count", "paid_in.reported",
)  # fmt: skip
SHOWN = 6
_STAGES = ("signed", "started", "produced")
_DECIMALS = re.compile(r"\d+(?:\.(\d+))?\s*(万|亿)?")


@dataclass(frozen=True)
class Typed:
    """A published number. within: how much it was rounded by at most: 174.2 亿元 is right to 0.05 亿元."""

    figure: str
    value: int
    within: int = 0


@dataclass(frozen=True)
class Explanation:
    """What a difference may be. rows: the records in question, of `room`; names: what the first of them are called.

    closes: the difference is exactly this. both: it closes that of the number and that of the money.
    """

    kind: str
    text: Text
    rows: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    closes: bool = False
    both: bool = False
    left: int = 0
    room: str = "projects"


@dataclass(frozen=True)
class Compared:
    """A published number beside the book's. agrees: the same, as exactly as it was published."""

    figure: str
    label: Text
    is_money: bool
    published: int
    book: int
    agrees: bool
    rows: tuple[int, ...] = ()
    room: str = "projects"
    explanations: tuple[Explanation, ...] = ()

    @property
    def difference(self) -> int:
        """Published less the book."""
        return self.published - self.book


def choices() -> list[tuple[str, Text]]:
    """The figures that can be compared: whatever is counted or summed, no rate."""
    return [(one.key, one.label) for one in BY_KEY.values() if not one.is_rate]


def read_number(figure: str, text: str) -> Typed | None:
    """What a person typed: 47; 174.2亿元, 1742000万元; money without a unit is 亿元. None where nothing was typed."""
    if not text.strip():
        return None
    of = BY_KEY[figure]
    unit = "万美元" if figure == "foreign.used" else "亿元"
    reading = understand(Money(unit) if of.of_money else Whole(), text.strip())
    if reading.refused is not None or not isinstance(reading.value, int):
        raise Refused(reading.refused or _("This is not a number."))
    return Typed(figure, reading.value, _rounding(text, unit) if of.of_money else 0)


def _rounding(text: str, unit: str) -> int:
    """Half of the last decimal that was given, in hundredths; a number without decimals is taken as it stands."""
    found = _DECIMALS.search(half_width(text).replace(",", ""))
    if not found or not found[1]:
        return 0
    scale = 10**8 if (found[2] or unit[0]) == "亿" else 10**4
    return int(Decimal(scale * 100) / 2 / 10 ** len(found[1]))


def reconcile(connection: Connection, period: Period, typed: Sequence[Typed]) -> list[Compared]:
    """Each published number with the book's and what the difference may be, in the order they were typed.

    Refused in a copy of the book without projects.
    """
    basis = Basis.of(connection)
    found = figures(connection, period, rows=True, basis=basis)["figures"]
    must_have_projects(found)
    work = _Work(connection, basis, period)
    book = {one.figure: _stored(one.figure, found[one.figure]) for one in typed}
    gaps = {one.figure: one.value - book[one.figure] for one in typed if not _agrees(one, book[one.figure])}
    compared = []
    for one in typed:
        rows = found[one.figure]["rows"] or {"ids": [], "room": "projects"}
        made: list[Explanation] = []
        if one.figure in gaps:
            made = _explained(connection, work, period, one, gaps, {known.figure: known for known in typed})
        compared.append(
            Compared(
                one.figure, BY_KEY[one.figure].label, BY_KEY[one.figure].of_money, one.value, book[one.figure],
                one.figure not in gaps, tuple(rows["ids"]), rows["room"], tuple(_best(made)),
            )
        )  # fmt: skip
    return compared


def _stored(key: str, figure: Mapping[str, Any]) -> int:
    value = Decimal(figure["value"] or 0)
    return int(value * 100) if BY_KEY[key].of_money else int(value)


def _agrees(typed: Typed, book: int) -> bool:
    return abs(typed.value - book) <= typed.within


def _best(made: Sequence[Explanation]) -> list[Explanation]:
    """What closes the difference first; one explanation for the same rows is enough."""
    ranked = sorted(made, key=lambda one: (not one.both, not one.closes, abs(one.left)))
    found: list[Explanation] = []
    for one in ranked:
        if not one.rows or all(one.rows != known.rows for known in found):
            found.append(one)
    closing = [one for one in found if one.closes]
    return (closing + [one for one in found if not one.closes][: max(2, SHOWN - len(closing))])[:SHOWN]


class _Work:
    """One comparison: what several numbers need is read once."""

    def __init__(self, connection: Connection, basis: Basis, period: Period) -> None:
        self._connection, self._basis, self._period = connection, basis, period
        self._stages: dict[str, tuple[Stage, list[list[Candidate]], list[Effect]]] = {}

    def stage(self, name: str) -> tuple[Stage, list[list[Candidate]], list[Effect]]:
        """A stage, the rows of each rule, and what other definitions would say."""
        if name not in self._stages:
            stage = Stage.read(self._connection, self._basis, name, self._period)
            others = other_definitions(self._connection, self._basis, name, self._period, stage)
            self._stages[name] = stage, candidates(stage), others
        return self._stages[name]

    @cached_property
    def others(self) -> list[tuple[Text, Mapping[str, Any]]]:
        """The figures of the month alone, since January, and with months cut otherwise."""
        period = self._period
        if period.months is None:
            return []
        low, high = period.months
        cut = "26-25" if period.cut == "calendar" else "calendar"
        found = (
            (_("of the month alone"), Period.of_months(high, high, cut=period.cut)),
            (_("since January"), period.year_to_date()),
            (_("with months cut otherwise"), Period.of_months(low, high, cut=cut)),
        )
        return [
            (text, figures(self._connection, other, rows=True)["figures"])
            for text, other in found
            if (other.first, other.last) != (period.first, period.last)
        ]


def _explained(
    connection: Connection, work: _Work, period: Period, one: Typed, gaps: Mapping[str, int], typed: Mapping[str, Typed]
) -> list[Explanation]:
    name, _dot, what = one.figure.partition(".")
    found = _other_periods(work, one)
    if one.figure in PAID:
        parts = paid_explanations(connection, period, one.figure, gaps[one.figure], one.within)
        return found + [_said(part, one, gaps, typed, "") for part in parts]
    if name not in _STAGES or what not in ("count", "investment"):
        return found
    stage, rules, others = work.stage(name)
    for rule in rules:
        found += _of_rule(rule, one, gaps, typed)
    found += [made for part in others if (made := _said(part, one, gaps, typed, name)).closes]
    money = typed.get(f"{name}.investment")
    if money is not None and money.figure in gaps:
        parts = same_amount(connection, stage, gaps[money.figure], money.within)
        made_of = [_said(part, one, gaps, typed, name) for part in parts]
        found += [made for made in made_of if what == "investment" or made.both]
    return found


def _of_rule(
    rule: Sequence[Candidate], one: Typed, gaps: Mapping[str, int], typed: Mapping[str, Typed]
) -> list[Explanation]:
    """One rule's rows: those that close the difference, if some do, else all of them as a hint."""
    name = one.figure.partition(".")[0]
    count, money = gaps.get(f"{name}.count"), gaps.get(f"{name}.investment")
    within = typed[f"{name}.investment"].within if f"{name}.investment" in typed else 0
    wanted = _fitting(rule, count, money, within)
    chosen = [rule[at] for at in wanted] if wanted else list(rule)
    whole = Effect(
        chosen[0].kind, chosen[0].text(chosen), tuple(row.id for row in chosen), tuple(row.name for row in chosen),
        sum(row.count for row in chosen), sum(row.money for row in chosen),
    )  # fmt: skip
    made = _said(whole, one, gaps, typed, name)
    helps = (whole.count if one.figure.endswith(".count") else whole.money) * gaps[one.figure] > 0
    return [made] if helps else []


def _fitting(rule: Sequence[Candidate], count: int | None, money: int | None, within: int) -> tuple[int, ...]:
    """Places of rows of a rule that together are the difference: as many as lack, with the amount that lacks."""
    from itertools import combinations

    few = list(range(min(len(rule), 24)))
    sizes = [abs(count)] if count and rule[0].count else [1, 2, 3]
    for size in sizes:
        if not 1 <= size <= len(rule):
            continue
        if money is None:
            return tuple(few[:size]) if len(rule) == size else ()
        if size > 3:
            continue
        for some in combinations(few, size):
            if abs(sum(rule[at].money for at in some) - money) <= within:
                return some
    if count and len(rule) == abs(count):
        return tuple(range(len(rule)))
    return ()


def _said(effect: Effect, one: Typed, gaps: Mapping[str, int], typed: Mapping[str, Typed], name: str) -> Explanation:
    """An effect as an explanation of one number."""
    gap = gaps[one.figure]
    count, money = f"{name}.count", f"{name}.investment"
    counted = count in typed and effect.count == gaps.get(count, 0)
    paid = money in typed and abs(effect.money - gaps.get(money, 0)) <= typed[money].within
    own = effect.count if one.figure == count else effect.money
    closes = abs(own - gap) <= one.within
    return Explanation(
        effect.kind, effect.text, effect.rows, effect.names[:3], closes, counted and paid, gap - own,
    )  # fmt: skip


def _other_periods(work: _Work, one: Typed) -> list[Explanation]:
    """The number may be of another period: of the month alone, since January, of months cut otherwise."""
    found = []
    for text, other in work.others:
        said = other[one.figure]
        if one.value and _agrees(one, _stored(one.figure, said)):
            rows = said["rows"] or {"ids": [], "room": "projects"}
            sentence = _("the book says exactly this {when}", when=text)
            found.append(Explanation("period", sentence, tuple(rows["ids"]), closes=True, room=rows["room"]))
    return found


def keep(connection: Connection, period: Period, typed: Sequence[Typed], *, source: str | None = None) -> None:
    """Keep the typed numbers as published figures (历史公布数) of the period's last month; a number typed anew replaces."""
    month = period.months[1] if period.months else month_of(period.last, period.cut)
    one_month = period.is_one_month() and not period.text.startswith(f"{month[:4]}-01..")
    cumulative = not one_month or month.endswith("-01")
    lines = [PublishedLine(month, cumulative, one.figure, one.value) for one in typed]
    keep_published(connection, lines, source=source)


def kept(connection: Connection, period: Period) -> dict[str, int]:
    """What was published of the period before, by figure, for filling the fields in."""
    from sqlalchemy import select

    month = period.months[1] if period.months else month_of(period.last, period.cut)
    cumulative = int(not period.is_one_month() or month.endswith("-01"))
    of = published_figure.c
    query = select(of.figure, of.value).where(of.month == month, of.cumulative == cumulative, of.unit.is_(None))
    return {row.figure: row.value for row in connection.execute(query.order_by(of.id))}
