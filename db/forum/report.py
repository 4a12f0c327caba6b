"""Section 6 of the report (政企有约): sentences from the figures, and the issues by department."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import ModuleType

from sqlalchemy import Connection, select

from db.core.period import Period
from db.core.ratios import percent
from db.core.text import Text, _
from db.forum.figures import Numbers
from db.forum.models import forum_session, issue, steward_case, visit
from db.forum.section_facts import Facts, gather
from db.reports.report import Cell, Column, Section, Table

KEY = "forum"


def _writer(lang: str) -> ModuleType:
    from db.forum import sentences_en, sentences_zh

    return sentences_zh if lang == "zh" else sentences_en


def sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    """The section; it says that nothing happened only where the book keeps issues at all."""
    write = _writer(lang)
    facts = gather(connection, period, blank=write.NOT_SAID)
    if not _used(connection):
        return (Section(KEY, write.HEADING, (), 2),)
    table = by_unit(facts, period, lang)
    blocks = (*write.paragraphs(facts), *([table] if table is not None else []))
    return (Section(KEY, write.HEADING, blocks, 2),)


def _used(connection: Connection) -> bool:
    return any(
        connection.scalar(select(table.c.id).limit(1)) is not None
        for table in (issue, forum_session, visit, steward_case)
    )


_RATES: tuple[tuple[str, str, Text, str, str], ...] = (
    ("resolved_rate", "forum.resolved_rate", _("Resolved (%)"), "resolved", "admissible"),
    ("on_time_rate", "forum.on_time_rate", _("On time (%)"), "on_time", "due"),
    ("satisfaction_rate", "forum.satisfaction_rate", _("Satisfied (%)"), "content", "rated"),
)
_COUNTS: tuple[tuple[str, Text], ...] = (
    ("all", _("Issues")), ("admissible", _("Admissible")), ("resolved", _("Resolved")), ("open", _("Still open")),
    ("overdue", _("Overdue")),
)  # fmt: skip


def by_unit(facts: Facts, period: Period, lang: str) -> Table | None:
    """诉求 by responsible department, in 建制顺序; None where there are none."""
    if not facts.units:
        return None

    def said(text: Text) -> str:
        return text.render(lang)

    columns = (
        Column("unit", said(_("Responsible department"))),
        *(Column(key, said(label), "number", total="sum", check=True) for key, label in _COUNTS),
        *(
            Column(key, said(label), "percent", decimals=1, total="value", figure=figure)
            for key, figure, label, _a, _b in _RATES
        ),
    )
    return Table(
        key="forum_units", title=said(_("Issues by department")), columns=columns,
        rows=tuple((one.name, *_cells(one.of.numbers)) for one in facts.units),
        stand=said(_("Up to {day}", day=period.last)), totals=(None, *_cells(facts.issues)),
        note=said(_("Issues raised in the period, as they stand at its end; resolved ÷ admissible, on time ÷ due,"
                    " satisfied and basically satisfied ÷ followed up.")),
        sheet=said(_("Issues of the forum")),
    )  # fmt: skip


def _cells(of: Numbers) -> tuple[Cell, ...]:
    counts: list[Cell] = [of[key] for key, _label in _COUNTS]
    rates: list[Cell] = [_percent(of[above], of[below]) for _key, _figure, _label, above, below in _RATES]
    return (*counts, *rates)


def _percent(above: int, below: int) -> Decimal | None:
    text = percent(above, below)
    return None if text is None else Decimal(text)
