"""The pane of a number: definition, parts, last year, last report, target, rank, the rows behind it, corrections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from db.core.english import noun
from db.core.fields import Money
from db.core.ratios import is_share
from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.columns import large_amount, unit_name
from desktop.kit.lists import Heading, PlainList
from desktop.kit.parts import ElidedLabel, button, clear, column_of, label, row_of, scrolled
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.behind import Behind, BehindRow
    from db.overview.corrections import ChangeLine
    from db.overview.explain import Explanation, Goal
    from db.overview.ranking import CityRank
    from db.reports.report import Figure

SHOWN_CORRECTIONS = 6
_WAN = 10_000
Line = tuple[Text, str]


class Explained(QFrame):
    """`rows_wanted`: the figure's rows are to be opened in the ledger; `one_wanted`: one of them, by its id."""

    rows_wanted = Signal()
    one_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(16, 12, 16, 12)
        self._lines.setSpacing(6)
        column_of(scrolled(self._lines), parent=self)
        self.figure: Figure | None = None
        self._rows: Sequence[BehindRow] = ()
        self._short = False
        self.say(_("Click a number of the page, or go from one to the next with Tab and press Enter."))

    def say(self, sentence: Text) -> None:
        """Nothing is explained; why, or what to do."""
        self.figure = None
        clear(self._lines)
        self._lines.addWidget(label(sentence, tone="mute", wrap=True))
        self._lines.addStretch(1)

    def show_figure(self, figure: Figure, where: str) -> None:
        """What the report itself knows of a figure; the rest comes with `show_explanation`."""
        self.figure = figure
        clear(self._lines)
        self._lines.addWidget(label(where, size=12, tone="mute"))
        value, unit = shown(figure, figure.value)
        head = row_of(label(value, size=22, bold=True), label(unit, size=15, bold=True), gap=6)
        if figure.yoy is not None:
            tone = "green" if figure.yoy >= 0 else "red"
            head.addSpacing(6)
            head.addWidget(label(percent(figure.yoy, signed=True), bold=True, tone=tone))
        head.addStretch(1)
        self._lines.addLayout(head)
        self._lines.addWidget(label(f"{figure.label} · {figure.key}", size=12, tone="mute", wrap=True))
        self._lines.addSpacing(6)
        self._lines.addWidget(label(_("Definition"), size=12, tone="mute"))
        self._lines.addWidget(label(figure.definition, wrap=True))
        self._facts = QVBoxLayout()
        self._facts.addLayout(_grid([*_parts(figure), *_last_year(figure)]))
        self._lines.addLayout(self._facts)
        self._behind = QVBoxLayout()
        self._lines.addLayout(self._behind)
        self._lines.addStretch(1)

    def show_explanation(self, found: Explanation) -> None:
        """Everything that defends the number."""
        figure = found.figure
        clear(self._facts)
        lines = [*_parts(figure), *_years(found), *_before(found), *_goal(figure, found.target), *_rank(found.rank)]
        self._facts.addLayout(_grid(lines))
        clear(self._behind)
        if found.behind is not None:
            self._show_rows(found.behind)
        if found.corrections:
            self._show_corrections(found.corrections, found.since)

    def _show_rows(self, behind: Behind) -> None:
        """The largest of the rows behind it, and what the others add, so that the sum closes."""
        if not behind.count:
            return
        more = button(_("Open in the ledger"), self.rows_wanted.emit, kind="link")
        count = _("{count} rows behind it", count=f"{behind.count:,}")
        if behind.above is not None:
            count = _("{count} rows behind it, {above} in the numerator", count=f"{behind.count:,}", above=behind.above)
        self._behind.addLayout(row_of(label(count, tone="mute"), None, more))
        self._rows = behind.rows
        projects = behind.room == "projects"
        listed = PlainList(row_height=28)
        listed.setAccessibleName(tr(_("Rows behind the number")))
        self._short = len({one.day[:4] for one in self._rows}) == 1  # a year that all share is said by the period
        day = Heading(_("Day"), 62 if self._short else 92)
        headings = [Heading(_("Project") if projects else _("Activity"), 150, stretch=True), day]
        listed.show_rows(
            [*headings, Heading(unit_name("万元"), 88, right=True)] if projects else headings,
            len(self._rows), self._cell,
        )  # fmt: skip
        listed.setFixedHeight(36 + 28 * len(self._rows))
        listed.twice.connect(lambda row, _column: self.one_wanted.emit(self._rows[row].id))
        self._behind.addWidget(listed)
        sums = [] if not behind.rest_count else [
            (tr(_("{count} others", count=f"{behind.rest_count:,}")), money(behind.rest) if projects else "", False)
        ]  # fmt: skip
        if projects and behind.total:
            sums.append((tr(_("Together")), money(behind.total), True))
        for text, amount, bold in sums:
            line = row_of(
                ElidedLabel(text, size=12, tone="" if bold else "mute", bold=bold),
                label(amount, size=12, tone="" if bold else "mute", bold=bold), margins=(8, 2, 8, 0),
            )  # fmt: skip
            line.setStretch(0, 1)
            self._behind.addLayout(line)
        if behind.without_amount:
            told = _("{count} of them have no amount", count=behind.without_amount)
            self._behind.addWidget(label(told, size=12, tone="amber", wrap=True))

    def _cell(self, row: int, place: int) -> Cell:
        one = self._rows[row]
        tone = "text" if one.above else "mute"
        if place == 2:
            return Cell(money(one.money) if one.money is not None else "—", tone, right=True)
        return Cell((one.day[5 if self._short else 0 :] or "—") if place == 1 else one.name, tone)

    def _show_corrections(self, lines: Sequence[ChangeLine], since: str) -> None:
        self._behind.addSpacing(10)
        heading = _("Corrected since {period} was finalised", period=since)
        self._behind.addWidget(label(heading, size=12, tone="amber", wrap=True))
        for one in lines[:SHOWN_CORRECTIONS]:
            what = tr(_("{field}: {old} → {new}", field=one.field, old=one.old or "—", new=one.new or "—"))
            name = button(one.name, partial(self.one_wanted.emit, one.id), kind="link")
            self._behind.addWidget(name)
            said = f"{what if one.field else one.kind} · {one.who} {one.at[:10]}"
            self._behind.addWidget(label(said, size=12, tone="mute", wrap=True))
        if len(lines) > SHOWN_CORRECTIONS:
            rest = _("{count} others", count=len(lines) - SHOWN_CORRECTIONS)
            self._behind.addWidget(label(rest, size=12, tone="mute"))


def _grid(lines: Sequence[Line]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 8, 0, 8)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    for row, (name, text) in enumerate(lines):
        grid.addWidget(label(name, tone="mute"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, wrap=True), row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _said(figure: Figure, value: int | Decimal | None) -> str:
    return " ".join(shown(figure, value)).strip()


def _parts(figure: Figure) -> list[Line]:
    """What is divided by what, and the period's growth as a division."""
    if figure.denominator is None:
        return []
    above, below = shown_parts(figure)
    return [(_("Numerator"), above), (_("Denominator"), below)]


def _last_year(figure: Figure) -> list[Line]:
    if figure.previous is None:
        return []
    return [(_("Same period last year"), _said(figure, figure.previous)), *_growth(figure)]


def _growth(figure: Figure) -> list[Line]:
    """How the growth is reckoned, in the numbers themselves."""
    if figure.yoy is None or figure.value is None or not figure.previous:
        return []
    more, base = (" ".join(shown(figure, one)).strip() for one in (figure.value - figure.previous, figure.previous))
    return [(_("Year on year"), f"{more} ÷ {base} = {percent(figure.yoy, signed=True)}")]


def _years(found: Explanation) -> list[Line]:
    """As published and as the book has it, and what lies between them."""
    figure = found.figure
    if found.previous_published is None:
        return _last_year(figure)
    lines: list[Line] = [(_("Last year, as published"), _said(figure, found.previous_published))]
    if found.previous_book is not None:
        lines.append((_("Last year, in the book"), _said(figure, found.previous_book)))
    if found.difference:
        lines.append((_("Difference"), _said(figure, found.difference)))
    return [*lines, *_growth(figure)]


def _before(found: Explanation) -> list[Line]:
    if found.last is None:
        return []
    said = _said(found.figure, found.last)
    final = tr(_(" (finalised)")) if found.last_final else ""
    return [(_("Report before"), f"{found.last_period}{final}  {said}")]


def _goal(figure: Figure, goal: Goal | None) -> list[Line]:
    if goal is None:
        return []
    done = f"{_said(figure, goal.done)} ÷ {_said(figure, goal.wanted)} = {goal.completion}%"
    named = {"points": abs(goal.ahead), "elapsed": f"{goal.elapsed}%"}
    pace = _("{elapsed} of the year has passed, {points} points ahead of it", **named)
    if goal.ahead < 0:
        pace = _("{elapsed} of the year has passed, {points} points behind it", **named)
    elif not goal.ahead:
        pace = _("{elapsed} of the year has passed, and as much is done", elapsed=f"{goal.elapsed}%")
    return [(_("Target of the year"), done), (_("Pace of the year"), tr(pace))]


def _rank(rank: CityRank | None) -> list[Line]:
    if rank is None or rank.rank is None:
        return []
    said = tr(_("no. {rank} of the city", rank=rank.rank))
    if rank.group_rank is not None:
        said = tr(_("{city}, no. {rank} of {group}", city=said, rank=rank.group_rank, group=rank.group))
    return [(_("City's bulletin"), said)]


def money(hundredths: int) -> str:
    """In ten thousand yuan."""
    from db.core.formats import show

    return show(Money("万元"), hundredths, language())


def shown(figure: Figure, value: int | Decimal | None) -> tuple[str, str]:
    """A figure's value as the page says it, and its unit; rates as %."""
    if value is None:
        return "—", ""
    return (percent(Decimal(value)), "") if is_share(figure.unit) else amount(Decimal(value), figure.unit)


def shown_parts(figure: Figure) -> list[str]:
    """What is divided and by what, each with its own unit: 13.52 亿元 and 4,000 亩 of 元/亩."""
    from db.overview.definitions import BY_KEY, YUAN

    above, below = "", ""
    if is_share(figure.unit):
        of = BY_KEY.get(figure.key.removeprefix("targets.").removesuffix(".rate"))
        above = below = YUAN.render(language()) if of is not None and of.of_money else ""
    elif split := re.fullmatch(r"(.+?)(?:/| per )(.+)", figure.unit):
        above, below = split.groups()
    parts = ((figure.numerator, above), (figure.denominator, below))
    return [" ".join(amount(Decimal(value or 0), unit)).strip() for value, unit in parts]


def amount(number: Decimal, unit: str) -> tuple[str, str]:
    """Yuan from ten million on in 亿元, else in 万元; 元/亩 from ten thousand on in 万元/亩; anything else as it is."""
    if unit in ("元", "yuan"):
        return (
            large_amount(int(number * 100))
            if abs(number) >= 10**7 or language() == "en"
            else (money(int(number * 100)), unit_name("万元"))
        )
    if unit.startswith(("元/", "yuan per ")) and abs(number) >= _WAN:
        many = f"万{unit}" if unit.startswith("元/") else f"10k {unit.replace(' per ', '/')}"
        return f"{(number / _WAN).quantize(Decimal('0.1'), ROUND_HALF_UP):,}", many
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if number != number.to_integral_value() else f"{number:,.0f}"
    return text, noun(text, unit)


def percent(value: Decimal, *, signed: bool = False) -> str:
    """0.696 → 69.6 %."""
    number = (value * 100).quantize(Decimal("0.1"))
    return f"{number:+}%" if signed else f"{number}%"
