"""The report of a period: figures and records put into the order of the handbook (§9), in the form of the office, as data.

Composed sections come first, then what a person decided about them (wording.py): order, what is not printed, sentences
changed by hand, free text. Sections stand where there is something to say in them and are numbered by what stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core import settings
from db.core.period import Period
from db.core.text import Text, _
from db.overview import contributed, heading, wording
from db.overview.arranging import Arranging
from db.overview.corrections import changes_table
from db.overview.facts import Facts, Part, Sum
from db.overview.figures import figures, must_have_projects
from db.overview.forms import Form, form_of
from db.overview.gathering import gather
from db.overview.measures import Basis
from db.overview.part_figures import signed_parts, stuck_by_reason, yuan
from db.overview.pending import pending as unsettled
from db.overview.photographs import pictures_of
from db.overview.records import BY, Groups, Lines, Marks, before_by_group, parts, read_lines
from db.overview.tables import SIGNED_LIST, STARTED_LIST, signed_by, started_by_street, street_chart
from db.overview.writers import writer
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
from db.reports.report import Block, Figure, Paragraph, Pending, Report, RowsBehind, Section, Table, printed

_YI = 10**10


@dataclass(frozen=True)
class Draft:
    """A report with everything that is not printed: off paragraphs, off and empty sections.

    automatic: place → the paragraph as composed, whatever was made of it. found, told: its figures and what the rooms
    say, which stay when only words are changed.
    """

    report: Report
    automatic: Mapping[str, Paragraph]
    form: Form
    found: Mapping[str, Any]
    told: Sequence[Section]


def build(
    connection: Connection,
    period: Period,
    *,
    lang: str = "zh",
    as_of: str | None = None,
    today: dt.date | None = None,
    form: Form | None = None,
    found: Mapping[str, Any] | None = None,
) -> Report:
    """The report of a period from the book (or a copy of it as of a moment) that `connection` reads, as it is printed.

    as_of: how that moment is printed. today: the date of the signature, left out where None. form: that of the period
    where None. found: `figures(connection, period, rows=True)`, where somebody has them.
    """
    return printed(draft(connection, period, lang=lang, as_of=as_of, today=today, form=form, found=found).report)


def draft(
    connection: Connection,
    period: Period,
    *,
    lang: str = "zh",
    as_of: str | None = None,
    today: dt.date | None = None,
    form: Form | None = None,
    found: Mapping[str, Any] | None = None,
    told: Sequence[Section] | None = None,
) -> Draft:
    """The same with what is not printed, to work on. told: `contributed.sections`, where somebody has them.

    Refused in a copy of the book without projects.
    """
    wanted = form_of(connection, period) if form is None else form
    return _Building(connection, period, lang, wanted, found, told).draft(as_of=as_of, today=today)


@dataclass(frozen=True)
class _Tables:
    by_street: Table | None
    appendix: tuple[Table, ...]


class _Building:
    def __init__(
        self, connection: Connection, period: Period, lang: str, form: Form, found: Mapping[str, Any] | None,
        told: Sequence[Section] | None,
    ) -> None:  # fmt: skip
        self.connection, self.period, self.lang, self.form = connection, period, lang, form
        self.writer = writer(lang)
        self.chosen = settings.get_all(connection)
        self.basis = Basis.of(connection, chosen=self.chosen)
        self.threshold = int(self.chosen["report.threshold"] or 1)
        self.large = _("{amount} or more", amount=_amount(self.threshold)).render(lang)
        words = (_("New signing"), _("Increase"), _("Yes"), _("No"))
        self.marks = Marks(*(self._say(word) for word in words))
        self.groups = {by: Groups(connection, by, lang, at=period.last) for by in BY}
        self.found = figures(connection, period, rows=True, basis=self.basis) if found is None else found
        must_have_projects(self.found["figures"])
        self.told = contributed.sections(connection, period, lang) if told is None else told
        self.lines = read_lines(
            connection, self.basis, period, list(self.groups.values()), self.marks, threshold=self.threshold * _YI,
            stuck=(self._ids("stuck.signed_not_started.count"), self._ids("stuck.started_not_producing.count")),
        )  # fmt: skip
        # Of every record of the lists at once: each is read but once.
        self.shown = described(connection, sorted({line.id for line in _every(self.lines)}), lang)
        self.reasons: Mapping[int, str] = {}
        self.facts = self._facts()
        self.stand = _("Up to {day}", day=period.last).render(lang)

    def _say(self, text: Text) -> str:
        return text.render(self.lang)

    def _ids(self, figure: str) -> list[int]:
        ids: list[int] = self.found["figures"][figure]["rows"]["ids"]
        return ids

    def _facts(self) -> Facts:
        facts = gather(self.connection, self.period, self.found["figures"], self.chosen, self.form)
        lines, new = self.lines, self.marks.new
        grouped = {by: parts(groups, lines.signed, counted=new) for by, groups in self.groups.items()}
        large = [line for line in lines.started if line.mark == self.marks.large]
        self.reasons = {
            line.id: self.shown.get(line.id, {}).get("not_started_reason", "") for line in lines.stuck_signed
        }
        return replace(
            facts,
            streets=grouped["street"], industries=grouped["industry"], sources=grouped["source"], sizes=grouped["size"],
            threshold=self.threshold,
            started_large=Sum(len(large), sum(line.money or 0 for line in large)),
            stuck_signed=_sum(lines.stuck_signed),
            stuck_started=_sum(lines.stuck_started),
            stuck_reasons=_reasons(list(self.reasons.values()), self.lang),
        )  # fmt: skip

    def draft(self, *, as_of: str | None, today: dt.date | None) -> Draft:
        """Everything in its order."""
        tables, known = self._tables(), self._figures()
        composed = self._sections(tables)
        opening = self.writer.opening(self.facts, self.form.kind)
        text = self._arranging({one.key: one for one in known})
        missing = self._own_tables(text)
        sections = text.sections(composed)
        report = Report(
            title="", sections=sections, language="en" if self.lang == "en" else "zh",
            period=(self.period.first, self.period.last), as_of=as_of or "", opening=(text.paragraph(opening),),
            appendix=(*tables.appendix, *text.tables.get("", ())), figures=tuple(known),
            notes=(_("Every total is a formula over the lists behind it.").render(self.lang),),
            form=self.form.key, draft_mark=self.form.draft_mark,
        )  # fmt: skip
        report = heading.headed(
            self.connection, self.period, report, self.form, text.wordings, self.facts, chosen=self.chosen, today=today
        )
        paragraphs = [opening, *(one for section in composed for one in section.blocks if isinstance(one, Paragraph))]
        paper = printed(report)
        left_out = {one.key for one in sections} - {one.key for one in paper.sections}
        against = unsettled(self.connection, self.basis, self.period, found=self.found["figures"], report=paper)
        doubts = (*text.pending, *against)
        told = [one for one in doubts if one.place.partition(".")[0] not in left_out]
        report = replace(report, pending=(*told, *missing))
        automatic = {one.place: one for one in paragraphs if one.place}
        return Draft(report, automatic, self.form, self.found, self.told)

    def _arranging(self, known: Mapping[str, Figure]) -> Arranging:
        kept = wording.read(self.connection, self.period, self.form.key, self.lang)
        carried = wording.carry_over(self.connection, self.period, self.form.key)
        for place, key in zip(wording.FREE, ("report.problems", "report.next_steps"), strict=True):
            carried.setdefault(place, wording.Carried(self.chosen[key], ""))
        return Arranging(self.form, self.lang, known, kept, carried)

    def _own_tables(self, text: Arranging) -> list[Pending]:
        """The office's own tables and photographs into the text; what of them is no longer there is said."""
        found: dict[str, list[Table]] = {}
        missing: list[Pending] = []
        for at, one in enumerate(self.form.tables, 1):
            table = contributed.own_table(self.connection, one, self.period, self.lang)
            if table is None:
                why = _("The table “{table}” is not there: its view was deleted.", table=one.title or str(at))
                missing.append(Pending(one.section, self._say(why)))
            else:
                found.setdefault(one.section, []).append(replace(table, key=f"own_{at}"))
        pictures, gone = pictures_of(self.connection, self.period)
        for section, caption in gone:
            why = _("The photograph “{caption}” is not there: its attachment was removed.", caption=caption)
            missing.append(Pending(section, self._say(why)))
        text.tables, text.pictures = found, pictures
        return missing

    def _figures(self) -> list[Figure]:
        whole = _stored_figures(self.found["figures"], self.lang)
        by_key = {one.key: one for one in whole}
        lines, stuck = self.lines, by_key["stuck.signed_not_started.count"]
        parts_of = signed_parts(by_key, self.groups.values(), lines.signed, new=self.marks.new, lang=self.lang)
        reasons = stuck_by_reason(stuck, lambda number: self.reasons.get(number, ""), lines.stuck_signed, self.lang)
        return [*whole, *self._large_figures(), *parts_of, *reasons]

    def _sections(self, tables: _Tables) -> list[Section]:
        facts, write = self.facts, self.writer
        chart: tuple[Block, ...] = ()
        if tables.by_street is not None:
            spans = (write.span(self.period), write.span(self.period.year_before()))
            table = tables.by_street
            chart = (table, street_chart(table, now=spans[0], before=spans[1], lang=self.lang))
        return [
            self._section("targets", write.targets(facts)),
            Section("work", write.HEADINGS["work"]),
            self._section("signed", (*write.signed(facts), *chart), 2),
            self._section("started", write.started(facts), 2),
            *self.told,
            self._section("activities", write.activities(facts), 2),
            self._section("negotiating", write.negotiating(facts), 2),
            self._section("problems", write.problems(facts)),
            self._section("next_steps", ()),
        ]

    def _section(self, key: str, blocks: Sequence[Block], level: int = 1) -> Section:
        return Section(key, self.writer.HEADINGS[key], tuple(blocks), level)

    def _tables(self) -> _Tables:
        lines = self.lines
        summaries = self._signed_by() if lines.signed else {}
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

    def _signed_by(self) -> dict[str, Table]:
        before = before_by_group(self.connection, self.basis, self.period, list(self.groups.values()))
        whole, lines, marks = self.facts.invested.previous, self.lines.signed, self.marks
        return {
            by: signed_by(
                by, parts(groups, lines, counted=marks.new), before[by], before_total=whole, marks=marks,
                stand=self.stand, lang=self.lang,
            )
            for by, groups in self.groups.items()
        }  # fmt: skip

    def _lists(self) -> list[Table]:
        lines, lang, end, shown = self.lines, self.lang, self.period.last, self.shown
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
                "started.large.investment", self._say(total), said, self._say(_("yuan")), yuan(large.money), rows=rows
            ),
        ]


def _amount(threshold: int) -> Text:
    return _("{number}00 million yuan", number=threshold)


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
