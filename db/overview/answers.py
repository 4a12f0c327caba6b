"""What an answer of the meeting is: a sentence, a table, and where its rows are opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.period import Period
from db.core.ratios import percent
from db.core.text import Text, _
from db.overview.behind import Rows, Worth
from db.overview.definitions import BY_KEY
from db.overview.explain import Goal, goal
from db.overview.groups import Grouping
from db.overview.measures import Basis
from db.overview.saying import counted, said_percent
from db.reports.report import Cell, Column, Table

YI = 10**10  # 亿元 in hundredths of a yuan


@dataclass(frozen=True)
class Link:
    """Where an answer leads: a page (a room, `report`, `bulletin`, `search`), there a view or conditions."""

    page: str
    view: str = ""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The answer to one question. links: where each row of the table leads, None where it leads nowhere."""

    key: str
    question: str
    sentence: str
    table: Table | None = None
    link: Link | None = None
    links: tuple[Link | None, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What all questions of one meeting are answered from, read once.

    found: the figures by place, not yet rendered. today: the day of the meeting, ISO.
    """

    connection: Connection
    period: Period
    lang: str
    basis: Basis
    found: Mapping[str, Any]
    places: Grouping
    rows: Rows = field(repr=False)
    today: str

    @property
    def figures(self) -> Mapping[str, Mapping[str, Any]]:
        """The figures of the whole."""
        whole: Mapping[str, Mapping[str, Any]] = self.found["figures"]
        return whole

    def say(self, text: Text | str) -> str:
        """A sentence in the language of the answer."""
        return text.render(self.lang) if isinstance(text, Text) else text

    def sentence(self, *clauses: Text | str) -> str:
        """Clauses as one sentence; empty ones are left out."""
        between, stop = ("；", "。") if self.lang == "zh" else ("; ", ".")
        said = between.join(self.say(one) for one in clauses if one)
        return said[:1].upper() + said[1:] + stop if said else ""

    def clause(self, *parts: Text | str) -> str:
        """Parts of one clause, with commas."""
        return ("，" if self.lang == "zh" else ", ").join(self.say(one) for one in parts if one)

    def named(self, key: str) -> Text:
        """新签约项目47个."""
        return _("{figure} {value}", figure=BY_KEY[key].label, value=counted(key, self.figures[key]["value"]))

    def goal(self, key: str, figures: Mapping[str, Any] | None = None) -> Goal | None:
        """The yearly target of a figure; None where there is none, or one of zero."""
        rate = (self.figures if figures is None else figures).get(f"targets.{key}.rate")
        return None if rate is None else goal(rate["numerator"], rate["denominator"], self.period)

    def table(self, key: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], unit: str = "") -> Table:
        """A small table; its title is the question above it."""
        return Table(key, "", tuple(columns), tuple(rows), unit=unit)


def growth(figure: Mapping[str, Any]) -> Text | str:
    """同比增长69.6%; nothing where there was nothing before."""
    if figure["yoy"] is None or not figure["previous"] or not Decimal(figure["previous"]):
        return ""
    change = percent(Decimal(figure["value"]) - Decimal(figure["previous"]), figure["previous"]) or "0.0"
    if Decimal(change) == 0:
        return _("level with last year")
    if Decimal(change) > 0:
        return _("up {share} on last year", share=said_percent(change))
    return _("down {share} on last year", share=said_percent(change[1:]))


def pace(of: Goal) -> Text:
    """快于序时进度8.1个百分点."""
    if of.ahead == 0:
        return _("level with the schedule")
    if of.ahead > 0:
        return _("{points} points ahead of the schedule", points=str(of.ahead))
    return _("{points} points behind the schedule", points=str(-of.ahead))


def hundred_million(hundredths: int) -> Decimal:
    """Hundredths of a yuan in 亿元, two decimals, as a table shows it."""
    return Decimal(hundredths).scaleb(-10).quantize(Decimal("0.01"))


def total(found: Mapping[int, Worth], ids: Sequence[int]) -> int:
    """What these rows add together."""
    return sum(found[one].money or 0 for one in ids)


def behind(figure: str, *more: Condition) -> tuple[Condition, ...]:
    """The rows behind a figure, and what else they must be."""
    return (Condition(f"figure:{figure}", "behind"), *more)
