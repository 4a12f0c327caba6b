"""Section 亩均效益 of the report: one sentence from the figures, the classes last published, a table by place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, select

from db.companies.models import ABOVE
from db.core.period import Period
from db.core.ratios import ratio
from db.people.models import unit
from db.per_mu.figures import FIGURES, Quotient, Sums, growth, sums, year_of
from db.per_mu.groups import Group
from db.per_mu.models import WHOLE_YEAR, evaluation
from db.per_mu.queries import group_of
from db.reports.report import Column, FigureNumber, Paragraph, Run, Section, Table

KEY = "per_mu"
_HEADING = {"zh": "亩均效益", "en": "Per-mu benefit"}
_BY_KEY = {one.key: one for one in FIGURES}
_ORDER = ("per_mu.revenue", "per_mu.tax", "per_head.revenue", "per_head.tax")
_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {"per_mu.revenue": "亩均营业收入", "per_mu.tax": "亩均税收", "per_head.revenue": "人均营业收入", "per_head.tax": "人均税收"},
    "en": {"per_mu.revenue": "revenue per mu", "per_mu.tax": "tax per mu", "per_head.revenue": "revenue per head",
           "per_head.tax": "tax per head"},
}  # fmt: skip


def sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    """The section; empty where the book has no metrics of above-scale industry."""
    year = year_of(connection, period)
    if year is None:
        return (Section(KEY, _HEADING[lang], (), 2),)
    now = group_of(connection, year, scope=ABOVE, keys=("tax", "revenue", "staff"))
    before = group_of(connection, year - 1, scope=ABOVE, keys=("tax", "revenue", "staff"))
    paragraphs = [
        one for one in (_results(year, now, before, lang), _classes(connection, year, lang)) if one is not None
    ]
    table = _by_place(connection, now, year, lang)
    return (Section(KEY, _HEADING[lang], (*paragraphs, *([table] if table is not None else [])), 2),)


def _results(year: int, now: Group, before: Group, lang: str) -> Paragraph | None:
    clauses: list[list[Run]] = []
    count = 0
    for key in _ORDER:
        one = _BY_KEY[key]
        said, earlier = sums(now, one), sums(before, one)
        if said.value is not None:
            count = max(count, len(said.entries))
            clauses.append(_clause(one, said, earlier, lang))
    if not clauses:
        return None
    joined: list[Run] = []
    for at, clause in enumerate(clauses):
        joined += (["；" if lang == "zh" else "; "] if at else []) + clause
    head = (
        f"{year}年，规上工业企业{count}家，" if lang == "zh" else f"In {year} the {count} above-scale enterprises had "
    )
    return Paragraph((head, *joined, "。" if lang == "zh" else "."), place="per_mu.results")


def _clause(one: Quotient, now: Sums, before: Sums, lang: str) -> list[Run]:
    value = now.value or Fraction(0)
    name, change = _NAMES[lang][one.key], growth(now, before, places=3)
    if lang == "zh":
        shown = ratio(value.numerator, value.denominator, places=1)
        found: list[Run] = [name, FigureNumber(one.key, f"{shown}万元")]
    else:
        found = [f"a {name} of ", FigureNumber(one.key, f"{_thousands(value)} yuan")]
    if change is None:
        return found
    per_cent = Decimal(change) * 100
    text = f"{abs(per_cent):.1f}%"
    if lang == "zh":
        words = "，与上年持平" if per_cent == 0 else "，同比增长" if per_cent > 0 else "，同比下降"
    else:
        words = ", as the year before" if per_cent == 0 else ", up " if per_cent > 0 else ", down "
    return [*found, words, *([FigureNumber(one.key, text, nth=2)] if per_cent else [])]


def _thousands(value: Fraction) -> str:
    yuan = value * 10_000
    return f"{Decimal(ratio(yuan.numerator, yuan.denominator, places=0) or 0):,}"


def _classes(connection: Connection, year: int, lang: str) -> Paragraph | None:
    of = evaluation.c
    whole = (of.year == year, of.half == WHOLE_YEAR, of.published_on.is_not(None))
    query = select(of.name, of.content).where(*whole).order_by(of.id.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    counts: Mapping[str, int] = {} if row is None else json.loads(row.content).get("counts", {})
    if row is None or not counts:
        return None
    if lang == "zh":
        listed = "、".join(f"{name}类{count}家" for name, count in counts.items())
        return Paragraph((f"{year}年度亩均效益综合评价结果为：{listed}。",), place="per_mu.classes")
    listed = ", ".join(f"{count} in class {name}" for name, count in counts.items())
    return Paragraph((f"The evaluation of {year}: {listed}.",), place="per_mu.classes")


_TITLES = {
    "zh": ("规上工业亩均效益（按属地）", "属地", "企业数", "用地（亩）", "营业收入（万元）", "税收（万元）", "亩均营业收入（万元/亩）",
           "亩均税收（万元/亩）", "其他"),
    "en": ("Above-scale industry per mu, by place", "Place", "Enterprises", "Land (mu)", "Revenue (10,000 yuan)",
           "Tax (10,000 yuan)", "Revenue per mu (10,000 yuan)", "Tax per mu (10,000 yuan)", "Others"),
}  # fmt: skip


def _by_place(connection: Connection, now: Group, year: int, lang: str) -> Table | None:
    """Of every place the sums and the quotients of the sums; places in 建制顺序."""
    title, *heads, others = _TITLES[lang]
    places: dict[str, list[int]] = {}
    for at, one in enumerate(now.members):
        places.setdefault(one.street, []).append(at)
    if not set(places) - {""}:
        return None
    order = {name: at for at, name in enumerate(connection.scalars(select(unit.c.name).order_by(unit.c.position)))}
    rows = [
        (name or others, *_numbers(now, places[name]))
        for name in sorted(places, key=lambda name: order.get(name, len(order)))
    ]
    kinds = (0, 2, 2, 2, 1, 1)
    columns = (
        Column("place", heads[0]),
        *(
            Column(key, label, "number", decimals=digits, total="sum" if at < 4 else "value")
            for at, (key, label, digits) in enumerate(
                zip(("count", "land", "revenue", "tax", "revenue_per_mu", "tax_per_mu"), heads[1:], kinds, strict=True)
            )
        ),
    )
    total = ("", *_numbers(now, range(len(now.members))))
    stand = f"{year}年" if lang == "zh" else str(year)
    return Table("per_mu_by_place", title, columns, tuple(rows), stand=stand, totals=total)


def _numbers(group: Group, places: Sequence[int]) -> tuple[int | Decimal | None, ...]:
    revenue, tax = (sums(group, _BY_KEY[key], places) for key in ("per_mu.revenue", "per_mu.tax"))
    found: list[int | Decimal | None] = [len(places)]
    for value in (max(revenue.below, tax.below), revenue.above, tax.above, revenue.value, tax.value):
        text = None if value is None else ratio(value.numerator, value.denominator, places=2)
        found.append(None if text is None else Decimal(text))
    return tuple(found)
