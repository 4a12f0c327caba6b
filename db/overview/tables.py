"""The tables and the chart of a report: summaries that are computed over the lists beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from db.core.text import Text, _
from db.overview.facts import Part
from db.overview.records import Marks
from db.projects.report import Line
from db.reports.formulas import CountOver, Growth, RowValue, Share, SumOver
from db.reports.report import Cell, Chart, Column, Series, Table

SIGNED_LIST, STARTED_LIST = "signed_list", "started_list"
SIGNED_BY_STREET, STARTED_BY_STREET = "signed_by_street", "started_by_street"

_TITLES: Mapping[str, tuple[Text, Text, Text]] = {
    "street": (_("New signings by place"), _("By place"), _("Place")),
    "industry": (_("New signings by industry"), _("By industry"), _("Industry")),
    "source": (_("New signings by source of funds"), _("By source of funds"), _("Source of funds")),
    "size": (_("New signings by size"), _("By size"), _("Size")),
}


def hundred_millions(money: int) -> Decimal:
    """Hundredths of a yuan in 亿元, exact."""
    return Decimal(money).scaleb(-10)


def signed_by(
    by: str, parts: Sequence[Part], before: Mapping[str, int], *, before_total: int | None, marks: Marks, stand: str,
    lang: str,
) -> Table:  # fmt: skip
    """New signings by place, industry, source or size: projects, money, share, last year, growth.

    before_total: of the whole district, which may have been published where that of its parts was not; the column of
    last year is then left open.
    """
    title, sheet, label = (text.render(lang) for text in _TITLES[by])
    known = any(before.values())
    rows = tuple(
        (part.name, part.count, hundred_millions(part.money), None, _before(before.get(part.name, 0), known), None)
        for part in parts
    )
    lost = [name for name, money in before.items() if money and name not in {part.name for part in parts}]
    rows += tuple((name, 0, Decimal(0), None, hundred_millions(before[name]), None) for name in lost)
    totals: tuple[Cell, ...] = (
        _("Total").render(lang), sum(part.count for part in parts), hundred_millions(sum(p.money for p in parts)), None,
        hundred_millions(before_total) if before_total else None, None,
    )  # fmt: skip
    note = _("By statistical date; each project counts once, at its first signing; increases add only what they add.")
    return Table(
        f"signed_by_{by}", title, _signed_columns(by, label, marks, lang), rows, sheet=sheet, stand=stand,
        unit=_("projects, 100 million yuan, %").render(lang), totals=totals, total_label=_("Total").render(lang),
        note=note.render(lang),
    )  # fmt: skip


def _before(money: int, known: bool) -> Decimal | None:
    return hundred_millions(money) if known else None


def _signed_columns(by: str, label: str, marks: Marks, lang: str) -> tuple[Column, ...]:
    here = (by, RowValue(by))
    now, before = _("This period").render(lang), _("Same period last year").render(lang)
    return (
        Column(by, label),
        Column(
            "count", _("Number of projects").render(lang), "number", group=now, total="formula", check=True, figure="signed.count",
            formula=CountOver(SIGNED_LIST, "name", (here, ("kind", marks.new))),
        ),
        Column(
            "agreed", _("Agreed investment").render(lang), "number", group=now, decimals=2, total="formula", check=True,
            figure="signed.investment", formula=SumOver(SIGNED_LIST, "agreed", (here,), divide=10000),
        ),
        Column(
            "share", _("Share").render(lang), "percent", group=now, decimals=1, total="formula", formula=Share("agreed")
        ),
        Column("before", _("Agreed investment").render(lang), "number", group=before, decimals=2, total="value"),
        Column(
            "growth", _("Year on year").render(lang), "percent", group=before, decimals=1, total="formula",
            formula=Growth("agreed", "before"),
        ),
    )  # fmt: skip


def started_by_street(
    names: Sequence[str], lines: Sequence[Line], *, marks: Marks, large: str, stand: str, lang: str
) -> Table:
    """Starts by place: all of them, and the large ones."""
    rows = tuple((name, *_begun([line for line in lines if line.groups["street"] == name], marks)) for name in names)
    here = ("street", RowValue("street"))
    every, is_large = (here,), (here, ("large", marks.large))
    whole, projects = _("Total investment").render(lang), _("Number of projects").render(lang)
    started = _("Starts").render(lang)
    columns = (
        Column("street", _("Place").render(lang)),
        Column(
            "count", projects, "number", group=started, total="formula", check=True, figure="started.count",
            formula=CountOver(STARTED_LIST, "name", every),
        ),
        Column(
            "total", whole, "number", group=started, decimals=2, total="formula", check=True,
            figure="started.investment", formula=SumOver(STARTED_LIST, "total", every, divide=10000),
        ),
        Column(
            "large_count", projects, "number", group=large, total="formula", check=True, figure="started.large.count",
            formula=CountOver(STARTED_LIST, "name", is_large),
        ),
        Column(
            "large_total", whole, "number", group=large, decimals=2, total="formula", check=True,
            figure="started.large.investment", formula=SumOver(STARTED_LIST, "total", is_large, divide=10000),
        ),
    )  # fmt: skip
    return Table(
        STARTED_BY_STREET, _("New starts by place").render(lang), columns, rows, stand=stand,
        sheet=_("Starts by place").render(lang), unit=_("projects, 100 million yuan").render(lang),
        totals=(_("Total").render(lang), *_begun(lines, marks)), total_label=_("Total").render(lang),
    )  # fmt: skip


def _begun(lines: Sequence[Line], marks: Marks) -> tuple[Cell, ...]:
    large = [line for line in lines if line.mark == marks.large]
    return (
        len(lines), hundred_millions(sum(line.money or 0 for line in lines)),
        len(large), hundred_millions(sum(line.money or 0 for line in large)),
    )  # fmt: skip


def street_chart(table: Table, *, now: str, before: str, lang: str) -> Chart:
    """Agreed investment by place, this year beside last year where last year is known."""
    at = table.place("before")
    series = [Series("agreed", now, current=True)]
    if any(row[at] for row in table.rows):
        series.insert(0, Series("before", before))
    title = _("Agreed investment of new signings (100 million yuan)").render(lang)
    return Chart("signed_chart", title, table.key, "street", tuple(series))
