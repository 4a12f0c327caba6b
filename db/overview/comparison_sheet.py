"""与上期相比 as a workbook: the figures of both reports, and what became of the projects in between."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from db.core.progress import SILENT, Progress
from db.core.ratios import is_share
from db.core.text import Text, _
from db.overview.comparing import Against, FigureLine, Number
from db.overview.corrections import KINDS
from db.overview.definitions import BY_KEY
from db.reports.report import Cell, Column, Report, Section, Table

_YI = 10**8  # yuan


def write_comparison(
    found: Against, out: Path, *, said: str, moment: str = "", lang: str = "zh", progress: Progress = SILENT
) -> Path:
    """Write both tables to `out`, an .xlsx. said: with what it is compared; moment: as of which the book was looked at."""
    from db.reports.xlsx import render_xlsx

    render_xlsx(comparison_report(found, said=said, moment=moment, lang=lang), out, progress=progress)
    return out


def comparison_report(found: Against, *, said: str, moment: str = "", lang: str = "zh") -> Report:
    """The comparison as data. Amounts in 亿元, rates and their difference in hundredths."""

    def say(text: Text) -> str:
        return text.render(lang)

    figures = Table(
        "figures",
        say(_("Figures beside the report before")),
        (
            Column("figure", say(_("Figure"))), Column("unit", say(_("Unit")), "centre"),
            Column("then", found.before, "number", decimals=2), Column("now", found.period, "number", decimals=2),
            Column("difference", say(_("Difference")), "number", decimals=2),
        ),
        tuple(_figure(one, lang) for one in found.figures),
        stand=said,
        sheet=say(_("Figures")),
    )  # fmt: skip
    changes = Table(
        "changes",
        say(_("What became of the projects")),
        tuple(
            Column(key, say(label))
            for key, label in (
                ("kind", _("Change")), ("project", _("Project")), ("field", _("Field")), ("before", _("Before")),
                ("now", _("Now")), ("who", _("Who")), ("at", _("When")),
            )
        ),
        tuple((say(KINDS[one.kind]), one.name, one.field, one.old, one.new, one.who, one.at) for one in found.lines),
        stand=said,
        sheet=say(_("Changes")),
    )  # fmt: skip
    language: Literal["zh", "en"] = "en" if lang == "en" else "zh"
    title = say(_("{period} beside {before}", period=found.period, before=found.before))
    blocks = (figures, changes) if found.lines else (figures,)
    return Report(title, (Section("compare", title, blocks),), language=language, as_of=moment, draft_mark=False)


def _figure(one: FigureLine, lang: str) -> tuple[Cell, ...]:
    known = BY_KEY.get(one.key)
    rate = is_share(one.unit)
    money = known is not None and known.of_money and one.key != "foreign.used"
    unit = "%" if rate else _("100 million yuan").render(lang) if money else one.unit

    def scaled(value: Number | None) -> Cell:
        if value is None:
            return None
        return Decimal(value) * 100 if rate else Decimal(value) / _YI if money else value

    return one.label, unit, scaled(one.then), scaled(one.now), scaled(one.difference)
