"""What an evaluation sends out, as report data: the publication list, lists by class, a letter to every enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import Connection

from db.core import settings
from db.core.dates import day_in_words
from db.core.formats import unit_name
from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.defending import Explanation, explain
from db.per_mu.evaluated import summed, weighted
from db.per_mu.levers import rise
from db.per_mu.models import BY_METRIC, MICRO
from db.per_mu.names import LIMITED, called
from db.per_mu.schemes import plain
from db.per_mu.scoring import SCALE, Outcome
from db.reports.report import Block, Cell, Column, Paragraph, Report, Section, Table

_MARKS = ("○", "□", "△", "×")  # of the classes from the best down, as on the screen


class _Words:
    """A language, and what a paper of it shares."""

    def __init__(self, connection: Connection, outcome: Outcome, day: str, lang: str) -> None:
        self.connection, self.outcome, self.day, self.lang = connection, outcome, day, lang
        self.language: Literal["zh", "en"] = "zh" if lang == "zh" else "en"

    def __call__(self, text: Text | str) -> str:
        return text if isinstance(text, str) else text.render(self.lang)

    def unit(self, unit: str) -> str:
        """A unit in the language."""
        return unit_name(unit, self.lang)

    def with_unit(self, words: str, unit: str) -> str:
        """A heading with its unit in brackets."""
        return f"{words}（{unit}）" if self.lang == "zh" else f"{words} ({self.unit(unit)})"

    @property
    def gap(self) -> str:
        """What stands between a number and its unit."""
        return "" if self.lang == "zh" else " "

    def report(self, title: Text, **more: Any) -> Report:
        """A paper with the office's name and the day under it."""
        return Report(
            title=self(title), language=self.language, period=(self.day, self.day), draft_mark=False,
            signature=settings.get(self.connection, "office.name"), signed_on=day_in_words(self.day, self.lang), **more,
        )  # fmt: skip


def _score(scaled: int | None, places: int = 2) -> Decimal | None:
    text = None if scaled is None else ratio(scaled, SCALE, places=places)
    return None if text is None else Decimal(text)


def _value(value: Fraction | None, unit: str, places: int = 2) -> Decimal | None:
    if value is None:
        return None
    scaled = value if unit else value * 100
    return Decimal(ratio(scaled.numerator, scaled.denominator, places=places) or 0)


def _by_class(outcome: Outcome) -> dict[str, list[int]]:
    """Class → its places in the group by rank, the best class first."""
    ordered = sorted(
        range(len(outcome.classes)), key=lambda at: (outcome.ranks[at] is None, outcome.ranks[at] or 0, at)
    )
    found: dict[str, list[int]] = {name: [] for name in outcome.scheme.classes.names}
    for at in ordered:
        found.setdefault(outcome.classes[at], []).append(at)
    return {name: places for name, places in found.items() if places}


def _class_mark(say: _Words, outcome: Outcome, grade: str) -> str:
    """A class with its mark, as on the screen: ○ A."""
    names = outcome.scheme.classes.names
    return f"{_MARKS[min(names.index(grade), len(_MARKS) - 1)]} {grade}" if grade in names else say(called(grade))


def publication(connection: Connection, outcome: Outcome, *, day: str, lang: str = "zh") -> Report:
    """公示稿: names and classes, no number of anybody; what to do who objects."""
    say = _Words(connection, outcome, day, lang)
    by, year = _by_class(outcome), outcome.group.period
    counted = ("，" if lang == "zh" else ", ").join(
        say(_("class {name} {count}", name=called(n), count=len(p))) for n, p in by.items()
    )
    opening = (
        Paragraph((say(_("{count} enterprises were evaluated for {year} by “{scheme}”: {counted}.",
                         count=len(outcome.classes), year=year, scheme=outcome.scheme.called, counted=counted)),)),
        Paragraph((say(_("Whoever objects may do so in writing, with reasons and evidence, during the publication.")),)),
    )  # fmt: skip
    columns = (
        Column("at", say(_("No.")), "centre"), Column("name", say(_("Enterprise"))),
        Column("code", say(_("Credit code")), "code"), Column("place", say(_("Place"))), Column("grade", say(_("Class")), "centre"),
    )  # fmt: skip
    members = outcome.group.members
    rows = tuple(
        (at, members[place].name, members[place].code or "", members[place].street, _class_mark(say, outcome, grade))
        for at, (grade, place) in enumerate(((grade, place) for grade, places in by.items() for place in places), 1)
    )
    title = _("Result of the per-mu evaluation of {year}", year=year)
    table = Table("publication", say(title), columns, rows)
    return say.report(_("Publication of the result of the per-mu evaluation of {year}", year=year), sections=(),
                      opening=opening, appendix=(table,))  # fmt: skip


def class_lists(connection: Connection, outcome: Outcome, *, day: str, lang: str = "zh") -> Report:
    """A list for every class with points and values; the sums are ΣX ÷ Σland."""
    say = _Words(connection, outcome, day, lang)
    tables = tuple(_class_list(say, outcome, grade, places) for grade, places in _by_class(outcome).items())
    year = outcome.group.period
    opening = (Paragraph((say(_("Scheme “{name}”; a value of a class is the sum over its enterprises divided by the sum.",
                                name=outcome.scheme.called)),)),)  # fmt: skip
    return say.report(_("Class lists of the per-mu evaluation of {year}", year=year), sections=(), opening=opening,
                      appendix=tables)  # fmt: skip


def _class_list(say: _Words, outcome: Outcome, grade: str, places: Sequence[int]) -> Table:
    items = outcome.scheme.indicators
    points, values = say(_("Points (weight)")), say(_("Raw values"))
    columns = (
        Column("rank", say(_("Rank")), "number"), Column("name", say(_("Enterprise"))), Column("grade", say(_("Class")), "centre"),
        Column("score", say(_("Total score")), "number", decimals=2),
        *(Column(f"s_{one.code}", f"{say(one.called)} {plain(one.weight)}", "number", group=points, decimals=2) for one in items),
        *(
            Column(f"v_{one.code}", say.with_unit(say(one.called), one.unit or "%"), "number", group=values, decimals=2, total="value")
            for one in items
        ),
        Column("land", say(_("Land (mu)")), "number", decimals=1, total="sum"),
    )  # fmt: skip
    rows = tuple(_row(say, outcome, grade, place) for place in places)
    blank: tuple[Cell, ...] = (None,) * (4 + len(items))
    whole = tuple(_value(weighted(outcome, one.code, places), one.unit) for one in items)
    land = summed(outcome, "land", places)
    totals = (*blank, *whole, Decimal(ratio(land.numerator, land.denominator, places=1) or 0))
    title = say(_("Class {name} · {count}", name=called(grade), count=len(places)))
    return Table(
        f"class_{grade}",
        title,
        columns,
        rows,
        totals=totals,
        landscape=True,
        sheet=say(_("Class {name}", name=called(grade))),
    )


def _row(say: _Words, outcome: Outcome, grade: str, place: int) -> tuple[Cell, ...]:
    found = explain(outcome, place)
    land = outcome.group.given["land"][place]
    shown = None if land is None else Decimal(ratio(land, MICRO, places=1) or 0)
    scored = found.score is not None
    return (
        found.rank, found.name, _class_mark(say, outcome, grade), _score(found.score),
        *(_score(one.points) if scored else None for one in found.parts),
        *(_value(one.value, one.indicator.unit) for one in found.parts), shown,
    )  # fmt: skip


def letter(connection: Connection, outcome: Outcome, place: int, *, day: str, lang: str = "zh") -> Report:
    """One enterprise's own numbers: its place and class, its points item by item, its data and sources, what would lift it."""
    say = _Words(connection, outcome, day, lang)
    found, year = explain(outcome, place, connection), outcome.group.period
    told = _("In the per-mu evaluation of {year} by “{scheme}” you have {points} points, no. {rank} of {of}, class {grade}.",
             year=year, scheme=outcome.scheme.called, points=str(_score(found.score)), rank=found.rank or "", of=found.of,
             grade=_class_mark(say, outcome, found.grade))  # fmt: skip
    if found.score is None:
        told = _("In the per-mu evaluation of {year} by “{scheme}” you have no place in the ranking; class {grade}.",
                 year=year, scheme=outcome.scheme.called, grade=called(found.grade))  # fmt: skip
    notes = tuple(Paragraph((say(note),)) for note in found.notes)
    sections = [
        Section("points", say(_("How the points came about")), (_points(say, found), *notes)),
        Section("rise", say(_("What would lift the class")), _rise(say, outcome, place)),
        Section("data", say(_("The data and where they come from")), (_data(say, found), _asked(say))),
    ]
    mark = "：" if lang == "zh" else ":"
    return say.report(_("Result of the per-mu evaluation of {year}", year=year), addressee=f"{found.name}{mark}",
                      opening=(Paragraph((say(told),)),), sections=tuple(sections))  # fmt: skip


def _asked(say: _Words) -> Paragraph:
    return Paragraph((say(_("Whoever finds a datum wrong may object in writing with evidence, and it is reviewed.")),))


def _points(say: _Words, found: Explanation) -> Table:
    columns = (
        Column("item", say(_("Indicator"))), Column("value", say(_("Value")), "number", decimals=2),
        Column("unit", say(_("Unit")), "centre"), Column("base", say(_("Baseline")), "centre"),
        Column("weight", say(_("Weight")), "number", decimals=1), Column("points", say(_("Points")), "number", decimals=2, total="value"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in found.parts:
        base = " — ".join(str(_value(end, one.indicator.unit)) for end in one.baseline)
        name, unit = f"{say(one.indicator.called)}{say(LIMITED[one.limited])}", say.unit(one.indicator.unit or "%")
        rows.append((name, _value(one.value, one.indicator.unit), unit, base,
                     Decimal(plain(one.indicator.weight)), _score(one.points)))  # fmt: skip
    names = {"bonus": _("Bonus"), "deduction": _("Deduction")}
    rows += [(say(names[code]), None, "", "", None, _score(extra)) for code, extra in found.extras.items() if extra]
    return Table("points", say(_("How the points came about")), columns, tuple(rows),
                 totals=(None, None, None, None, None, _score(found.score)))  # fmt: skip


def _rise(say: _Words, outcome: Outcome, place: int) -> tuple[Block, ...]:
    found = rise(outcome, place)
    if found.why is not None:
        return (Paragraph((say(found.why),)),)
    told = _("The last of class {grade} has {line} points, {missing} more. One of these alone would be enough, the other data and "
             "enterprises unchanged:", grade=found.grade, line=str(_score(found.line)), missing=str(_score(found.missing)))  # fmt: skip
    lines = []
    for one in found.levers:
        if one.change is None:
            lines.append(_("{metric}: capped, not enough alone", metric=one.metric.label))
            continue
        amount = f"{Decimal(ratio(abs(one.change), MICRO, places=1) or 0):,}{say.gap}{say.unit(one.metric.unit)}"
        lines.append((_("{metric}: {amount} less") if one.change < 0 else _("{metric}: {amount} more"))(
            metric=one.metric.label, amount=amount))  # fmt: skip
    return (Paragraph((say(told),)), *(Paragraph((say(line),)) for line in lines))


def _data(say: _Words, found: Explanation) -> Table:
    columns = (
        Column("datum", say(_("Datum"))), Column("value", say(_("Value")), "number", decimals=1),
        Column("unit", say(_("Unit")), "centre"), Column("source", say(_("Source"))), Column("by", say(_("Confirmed by"))),
    )  # fmt: skip
    data = {one.key: one for part in found.parts for one in part.data}
    rows = tuple(
        (say(BY_METRIC[key].label), Decimal(ratio(one.value, MICRO, places=1) or 0), say.unit(BY_METRIC[key].unit), one.source or "",
         " ".join(part for part in (one.confirmed_by or "", one.confirmed_on or "") if part))
        for key, one in data.items()
    )  # fmt: skip
    return Table("data", say(_("The data and where they come from")), columns, rows)
