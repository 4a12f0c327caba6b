"""The month's report: figures and records of a period put into the order of the handbook (§9), as data.

Sections stand where there is something to say in them and are numbered by what stands. Nothing is invented: problems
and next steps beyond the figures are what the office wrote in its settings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, cast

from sqlalchemy import Connection

from db.core import settings
from db.core.period import Period
from db.core.text import Text, _
from db.overview import sentences_en, sentences_zh
from db.overview.corrections import changes_table
from db.overview.facts import Facts, Part, Sum
from db.overview.figures import figures
from db.overview.gathering import gather
from db.overview.measures import Basis
from db.overview.records import BY, Groups, Lines, Marks, before_by_group, parts, read_lines
from db.overview.tables import SIGNED_LIST, STARTED_LIST, signed_by, started_by_street, street_chart
from db.projects.choices import NOT_STARTED
from db.projects.report import (
    Line,
    ListWords,
    activity_list,
    begun_list,
    described,
    signed_list,
    stuck_signed_list,
    stuck_started_list,
)
from db.reports.report import Block, Figure, Paragraph, Report, RowsBehind, Section, Table

_YI = 10**10


class Writer(Protocol):
    """What a language's writer offers; `sentences_zh` and `sentences_en` are writers."""

    HEADINGS: Mapping[str, str]

    title: Callable[[Facts], str]
    subtitle: Callable[[Facts], str]
    opening: Callable[[Facts], Paragraph]
    span: Callable[[Period], str]
    day: Callable[[str], str]
    targets: Callable[[Facts], list[Paragraph]]
    signed: Callable[[Facts], list[Paragraph]]
    started: Callable[[Facts], list[Paragraph]]
    activities: Callable[[Facts], list[Paragraph]]
    negotiating: Callable[[Facts], list[Paragraph]]
    problems: Callable[[Facts], list[Paragraph]]
    next_steps: Callable[[Facts], list[Paragraph]]


def writer(lang: str) -> Writer:
    """The writer of a language."""
    return cast("Writer", sentences_en if lang == "en" else sentences_zh)


def build(
    connection: Connection,
    period: Period,
    *,
    lang: str = "zh",
    as_of: str | None = None,
    today: dt.date | None = None,
) -> Report:
    """The report of a period from the book (or a copy of it as of a moment) that `connection` reads.

    as_of: how that moment is printed. today: the date of the signature, left out where None.
    """
    return _Building(connection, period, lang).report(as_of=as_of, today=today)


@dataclass(frozen=True)
class _Tables:
    by_street: Table | None
    appendix: tuple[Table, ...]


class _Building:
    def __init__(self, connection: Connection, period: Period, lang: str) -> None:
        self.connection, self.period, self.lang = connection, period, lang
        self.writer = writer(lang)
        self.chosen = settings.get_all(connection)
        self.basis = Basis.of(connection)
        self.threshold = int(self.chosen["report.threshold"] or 1)
        self.large = _("{amount} or more", amount=_amount(self.threshold)).render(lang)
        words = (_("New signing"), _("Increase"), _("Yes"), _("No"))
        self.marks = Marks(*(self._say(word) for word in words))
        self.groups = {by: Groups(connection, by, lang) for by in BY}
        self.found = figures(connection, period, rows=True)
        self.lines = read_lines(
            connection, self.basis, period, list(self.groups.values()), self.marks, threshold=self.threshold * _YI,
            stuck=(self._ids("stuck.signed_not_started.count"), self._ids("stuck.started_not_producing.count")),
        )  # fmt: skip
        self.facts = self._facts()
        self.stand = _("Up to {day}", day=period.last).render(lang)

    def _say(self, text: Text) -> str:
        return text.render(self.lang)

    def _ids(self, figure: str) -> list[int]:
        ids: list[int] = self.found["figures"][figure]["rows"]["ids"]
        return ids

    def _facts(self) -> Facts:
        facts = gather(self.connection, self.period, self.found["figures"], self.chosen)
        lines, new = self.lines, self.marks.new
        grouped = {by: parts(groups, lines.signed, counted=new) for by, groups in self.groups.items()}
        large = [line for line in lines.started if line.mark == self.marks.large]
        shown = described(self.connection, [line.id for line in lines.stuck_signed], self.lang)
        return replace(
            facts,
            streets=grouped["street"], industries=grouped["industry"], sources=grouped["source"], sizes=grouped["size"],
            threshold=self.threshold,
            started_large=Sum(len(large), sum(line.money or 0 for line in large)),
            stuck_signed=_sum(lines.stuck_signed),
            stuck_started=_sum(lines.stuck_started),
            stuck_reasons=_reasons([of.get("not_started_reason", "") for of in shown.values()], self.lang),
        )  # fmt: skip

    def report(self, *, as_of: str | None, today: dt.date | None) -> Report:
        """Everything in its order."""
        tables, facts, chosen = self._tables(), self.facts, self.chosen
        return Report(
            title=chosen["report.title"].strip() or self.writer.title(facts),
            subtitle=self.writer.subtitle(facts),
            language="en" if self.lang == "en" else "zh",
            addressee=chosen["report.addressee"].strip(),
            period=(self.period.first, self.period.last),
            as_of=as_of or "",
            opening=(self.writer.opening(facts),),
            sections=tuple(self._sections(tables)),
            appendix=tables.appendix,
            figures=(*_stored_figures(self.found["figures"], self.lang), *self._large_figures()),
            signature=chosen["report.signature"].strip() or chosen["office.name"],
            signed_on=self.writer.day(today.isoformat()) if today else "",
            copies=tuple(_paragraphs(chosen["report.copies"])),
            notes=(_("Every total is a formula over the lists behind it.").render(self.lang),),
        )

    def _sections(self, tables: _Tables) -> list[Section]:
        facts, write = self.facts, self.writer
        chart: tuple[Block, ...] = ()
        if tables.by_street is not None:
            spans = (write.span(self.period), write.span(self.period.year_before()))
            table = tables.by_street
            chart = (table, street_chart(table, now=spans[0], before=spans[1], lang=self.lang))
        work = [
            self._section("signed", (*write.signed(facts), *chart), 2),
            self._section("started", write.started(facts), 2),
            self._section("activities", write.activities(facts), 2),
            self._section("negotiating", write.negotiating(facts), 2),
        ]
        found = [
            self._section("targets", write.targets(facts)),
            Section("work", write.HEADINGS["work"]),
            *work,
            self._section("problems", write.problems(facts)),
            self._section("next_steps", write.next_steps(facts)),
        ]
        return [section for section in found if section.blocks or section.key == "work"]

    def _section(self, key: str, blocks: Sequence[Block], level: int = 1) -> Section:
        return Section(key, self.writer.HEADINGS[key], tuple(blocks), level)

    def _tables(self) -> _Tables:
        lines = self.lines
        summaries = {by: self._signed_by(by) for by in BY} if lines.signed else {}
        behind = [table for by, table in summaries.items() if by != "street"]
        if lines.started:
            street = self.groups["street"]
            names = street.names([line.groups["street"] for line in lines.started])
            behind.append(
                started_by_street(
                    names, lines.started, marks=self.marks, large=self.large, stand=self.stand, lang=self.lang
                )
            )
        return _Tables(summaries.get("street"), (*behind, *self._lists()))

    def _signed_by(self, by: str) -> Table:
        groups = self.groups[by]
        before = before_by_group(self.connection, self.basis, self.period, groups)
        grouped = parts(groups, self.lines.signed, counted=self.marks.new)
        whole = self.facts.invested.previous
        return signed_by(
            by, grouped, before, before_total=whole, marks=self.marks, stand=self.stand, lang=self.lang
        )  # fmt: skip

    def _lists(self) -> list[Table]:
        lines, lang, end = self.lines, self.lang, self.period.last
        shown = described(self.connection, sorted({line.id for line in _every(lines)}), lang)
        found = []
        if lines.signed:
            words = self._words(SIGNED_LIST, _("List of new signings"), _("Signings"))
            found.append(signed_list(words, lines.signed, shown, lang))
        if lines.started:
            words = self._words(STARTED_LIST, _("List of new starts"), _("List of starts"))
            found.append(begun_list(words, lines.started, shown, lang, large=self.large))
        if lines.produced:
            words = self._words("produced_list", _("List of projects newly in production"), _("Productions"))
            found.append(begun_list(words, lines.produced, shown, lang))
        months = self.basis.stuck_months
        if lines.stuck_signed:
            title = _("Signed {months} months ago or more and not started (earlier years included)", months=months)
            words = self._words("stuck_signed", title, _("Signed, not started"))
            found.append(stuck_signed_list(words, lines.stuck_signed, shown, lang, end=end))
        if lines.stuck_started:
            title = _("Started {months} months ago or more and not producing (earlier years included)", months=months)
            words = self._words("stuck_started", title, _("Started, not producing"))
            found.append(stuck_started_list(words, lines.stuck_started, shown, lang, end=end))
        held = self._activities()
        if held:
            words = self._words("activities", _("List of promotion activities"), _("Activities"))
            found.append(activity_list(self.connection, words, held, lang))
        changed = changes_table(self.connection, self.period, lang)
        return [*found, changed] if changed is not None else found

    def _words(self, key: str, title: Text, sheet: Text) -> ListWords:
        return ListWords(key, self._say(title), self._say(sheet), self.stand)

    def _activities(self) -> list[int]:
        keys = ("activities.outbound", "activities.received", "activities.promotion")
        return sorted({row for key in keys for row in self._ids(key)})

    def _large_figures(self) -> list[Figure]:
        large = self.facts.started_large
        ids = tuple(line.id for line in self.lines.started if line.mark == self.marks.large)
        rows = RowsBehind("projects", ids)
        definition = _(
            "Newly started projects with a total investment of {amount} or more.", amount=_amount(self.threshold)
        )
        count, total = _("Large projects newly started"), _("Total investment of large projects newly started")
        said = self._say(definition)
        return [
            Figure("started.large.count", self._say(count), said, self._say(_("projects")), large.count, rows=rows),
            Figure(
                "started.large.investment", self._say(total), said, self._say(_("yuan")), _yuan(large.money), rows=rows
            ),
        ]


def _amount(threshold: int) -> Text:
    return _("{number}00 million yuan", number=threshold)


def _yuan(hundredths: int) -> int | Decimal:
    return hundredths // 100 if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2)


def _sum(lines: Sequence[Line]) -> Sum:
    return Sum(len(lines), sum(line.money or 0 for line in lines))


def _every(lines: Lines) -> list[Line]:
    return [*lines.signed, *lines.started, *lines.produced, *lines.stuck_signed, *lines.stuck_started]


def _reasons(reasons: Sequence[str], lang: str) -> list[Part]:
    """How often each reason is given, in the order of the choices; what is not stated comes last."""
    order = [label.render(lang) for _key, label in NOT_STARTED.options]
    known = [name for name in order if name in reasons] + sorted(set(reasons) - {*order, ""})
    found = [Part(name, reasons.count(name)) for name in known]
    blank = reasons.count("")
    return [*found, Part(_("Not stated").render(lang), blank, blank=True)] if blank else found


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _stored_figures(found: Mapping[str, Any], lang: str) -> list[Figure]:
    """The figures as the report keeps them."""
    return [
        Figure(
            key, one["label"].render(lang), one["definition"].render(lang), one["unit"].render(lang),
            _exact(one["value"]), _exact(one["numerator"]), _exact(one["denominator"]), _exact(one["previous"]),
            None if one["yoy"] is None else Decimal(one["yoy"]),
            RowsBehind(one["rows"]["room"], tuple(one["rows"]["ids"])) if one["rows"] else None,
        )
        for key, one in found.items()
    ]  # fmt: skip


def _exact(text: str | None) -> int | Decimal | None:
    if text is None:
        return None
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)
