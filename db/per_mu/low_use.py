"""Land of low use: who has class D or falls below thresholds, on which land, and what was done about it (腾笼换鸟)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete, select, update

from db.companies.land import carrier_ids, in_words
from db.companies.models import carrier, company, company_site
from db.companies.queries import find_company, there_on
from db.companies.service import company_ids
from db.core import bulk, settings
from db.core.errors import Refused
from db.core.fields import Area, Day, Field, Link, Metric, Words
from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.groups import Group
from db.per_mu.models import LOW_USE, MICRO, WHOLE_YEAR, evaluation, evaluation_result, low_use_step
from db.per_mu.queries import group_of
from db.per_mu.service import LOW_USE_KEYS as KEYS
from db.reports.report import Column, Report, Section, Table

_MU = 200_000  # 1/300 m²


@dataclass(frozen=True)
class Step:
    """What was done on a day. tenant, carrier: to whom a site was let again and where; tenant_id: 0 for nobody.

    area: in 1/300 m², of the site that was let again.
    """

    id: int
    kind: str
    on_day: str
    owner: str
    progress: str
    new_use: str
    tenant: str = ""
    carrier: str = ""
    area: int | None = None
    tenant_id: int = 0


@dataclass(frozen=True)
class Limits:
    """Who counts as of low use. Thresholds in 10,000 yuan per mu; None for no threshold."""

    classes: tuple[str, ...] = ("D",)
    tax: Fraction | None = None
    revenue: Fraction | None = None


@dataclass(frozen=True)
class Low:
    """A company of low use. land: in mu; tax, revenue: 10,000 yuan; sites: its land as it is written down.

    why: class and thresholds in words. steps: the newest first.
    """

    entry: int
    company: int
    name: str
    street: str
    industry: str
    class_: str
    land: Fraction | None
    tax: Fraction | None
    revenue: Fraction | None
    why: tuple[Text, ...]
    sites: tuple[Text, ...]
    steps: tuple[Step, ...]

    @property
    def tax_per_mu(self) -> Fraction | None:
        """None where either part is missing, or the land is 0."""
        return per_mu(self.tax, self.land)

    @property
    def revenue_per_mu(self) -> Fraction | None:
        """As the tax."""
        return per_mu(self.revenue, self.land)


STEP_FIELDS: tuple[Field, ...] = (
    Field("kind", _("What was done"), LOW_USE), Field("on_day", _("Day"), Day()),
    Field("owner", _("Responsible"), Words()), Field("progress", _("Progress"), Words(long=True)),
    Field("new_use", _("New use of the site"), Words()),
    Field("tenant", _("Let again to"), Link("companies", "company")),
    Field("carrier", _("Carrier"), Link("carriers", "carrier")), Field("area", _("Area let again"), Area("亩")),
)  # fmt: skip
LIMIT_FIELDS: tuple[Field, ...] = (
    Field("classes", _("Classes of low use"), Words(tags=True)),
    Field("tax", _("Or tax per mu below"), Metric("万元/亩")),
    Field("revenue", _("Or revenue per mu below"), Metric("万元/亩")),
)


def per_mu(above: Fraction | None, land: Fraction | None) -> Fraction | None:
    """The quotient, None where there is none."""
    return above / land if above is not None and land else None


def limits(connection: Connection) -> Limits:
    """As the office set them."""
    classes, *numbers = (settings.get(connection, key).strip() for key in KEYS)
    tax, revenue = (Fraction(one) if one else None for one in numbers)
    return Limits(tuple(one.strip() for one in classes.split("、") if one.strip()), tax, revenue)


def put_limits(connection: Connection, said: Mapping[str, Any]) -> None:
    """Other limits: classes with 、 between, thresholds in 10⁻⁶ of 10,000 yuan per mu or None."""
    wrong = {key: _("A threshold is above 0.") for key in ("tax", "revenue") if _no_amount(said.get(key))}
    if wrong:
        raise Refused(fields=wrong)
    settings.put(connection, KEYS[0], str(said.get("classes") or ""))
    for setting, key in zip(KEYS[1:], ("tax", "revenue"), strict=True):
        value = said.get(key)
        settings.put(connection, setting, "" if value is None else str(Decimal(value) / MICRO))


def _no_amount(value: int | None) -> bool:
    return value is not None and value <= 0


def low(connection: Connection, year: int, *, half: int = WHOLE_YEAR) -> list[Low]:
    """The companies of low use of a year, those with most land first; and those about whom something was done already."""
    holds, group = limits(connection), group_of(connection, year, half=half)
    classes, told = _classes(connection, year, half), steps(connection)
    found: list[Low] = []
    for place, member in enumerate(group.members):
        land, tax, revenue = (_at(group, key, place) for key in ("land", "tax", "revenue"))
        why = _why(holds, classes.get(member.company, ""), per_mu(tax, land), per_mu(revenue, land))
        if why or member.company in told:
            found.append(
                Low(member.entry, member.company, member.name, member.street, member.industry,
                    classes.get(member.company, ""), land, tax, revenue, why, (), tuple(told.get(member.company, ())))
            )  # fmt: skip
    sites = _sites(connection, [one.company for one in found], f"{year}-12-31")
    found = [_with_sites(one, sites.get(one.company, ())) for one in found]
    return sorted(found, key=lambda one: (-(one.land or 0), one.entry))


def _with_sites(one: Low, sites: Sequence[Text]) -> Low:
    return replace(one, sites=tuple(sites))


def _at(group: Group, key: str, place: int) -> Fraction | None:
    value = group.given[key][place]
    return None if value is None else Fraction(value, MICRO)


def _why(holds: Limits, class_: str, tax: Fraction | None, revenue: Fraction | None) -> tuple[Text, ...]:
    found = [_("class {name}", name=class_)] if class_ and class_ in holds.classes else []
    if holds.tax is not None and tax is not None and tax < holds.tax:
        found.append(_("tax per mu {value} below {limit}", value=decimals(tax), limit=decimals(holds.tax)))
    if holds.revenue is not None and revenue is not None and revenue < holds.revenue:
        found.append(_("revenue per mu {value} below {limit}", value=decimals(revenue), limit=decimals(holds.revenue)))
    return tuple(found)


def decimals(value: Fraction) -> str:
    """One decimal, half up: 5,600.0."""
    return f"{Decimal(ratio(value.numerator, value.denominator, places=1) or 0):,}"


def _classes(connection: Connection, year: int, half: int) -> dict[int, str]:
    """Company → its class in the newest evaluation of the year that was kept, published or taken over as it was."""
    of, run = evaluation_result.c, evaluation.c
    query = select(of.company, of["class"].label("given")).join(evaluation, run.id == of.evaluation)
    query = query.where(run.year == year, run.half == half, of["class"].is_not(None))
    return {row.company: row.given for row in connection.execute(query.order_by(run.published_on.is_not(None), run.id))}


def _sites(connection: Connection, companies: Sequence[int], day: str) -> dict[int, list[Text]]:
    """Company → its land in words: own land 12.4 mu, 阜阳北路 5 号."""
    of, party = company_site.c, company.alias()
    found: dict[int, list[Text]] = {}
    for some in bulk.chunks(companies):
        query = (
            select(company_site, carrier.c.name.label("within"), party.c.name.label("other"))
            .join(carrier, carrier.c.id == of.carrier, isouter=True).join(party, party.c.id == of.party, isouter=True)
            .where(of.company.in_(some), there_on(day)).order_by(of.id)
        )  # fmt: skip
        for row in connection.execute(query):
            place = " · ".join(part for part in (row.within, row.place, row.other) if part)
            found.setdefault(row.company, []).append(in_words({"kind": row.kind, "area": row.area, "place": place}))
    return found


def steps(connection: Connection) -> dict[int, list[Step]]:
    """Company → what was done, the newest first."""
    of = low_use_step.c
    query = (
        select(low_use_step, company.c.name.label("to"), carrier.c.name.label("within"))
        .join(company, company.c.id == of.tenant, isouter=True).join(carrier, carrier.c.id == of.carrier, isouter=True)
        .order_by(of.on_day.desc(), of.id.desc())
    )  # fmt: skip
    found: dict[int, list[Step]] = {}
    for row in connection.execute(query):
        said = (row.owner or "", row.progress or "", row.new_use or "", row.to or "", row.within or "")
        made = Step(row.id, row.kind, row.on_day, *said, row.area, row.tenant or 0)
        found.setdefault(row.company, []).append(made)
    return found


def put_step(connection: Connection, whose: int, said: Mapping[str, Any], number: int = 0) -> int:
    """Add what was done about a company, or change it (`number`). Raises `Refused` by the fields of `STEP_FIELDS`.

    A tenant or carrier that nobody knows is added.
    """
    values = {one.key: said.get(one.key) for one in STEP_FIELDS if one.key in said}
    wrong: dict[str, Text] = {}
    if (not number or "kind" in values) and values.get("kind") not in dict(LOW_USE.options):
        wrong["kind"] = _("Say what was done.")
    if (not number or "on_day" in values) and not values.get("on_day"):
        wrong["on_day"] = _("Say on which day.")
    if _no_amount(values.get("area")):
        wrong["area"] = _("An area is above zero.")
    tenant = str(values.get("tenant") or "")
    if tenant and find_company(connection, tenant) == whose:
        wrong["tenant"] = _("A site is let again to another company.")
    if wrong:
        raise Refused(fields=wrong)
    if "tenant" in values:
        values["tenant"] = company_ids(connection, [(tenant, None)]).get((tenant, None))
    if "carrier" in values:
        name = str(values["carrier"] or "")
        values["carrier"] = carrier_ids(connection, [name]).get(name)
    if number:
        connection.execute(update(low_use_step).where(low_use_step.c.id == number).values(values))
        return number
    (new,) = bulk.take_ids(connection, low_use_step, 1)
    connection.execute(low_use_step.insert().values(id=new, company=whose, **values))
    return new


def delete_step(connection: Connection, number: int) -> None:
    """Away with it."""
    connection.execute(delete(low_use_step).where(low_use_step.c.id == number))


def low_report(found: Sequence[Low], year: int, lang: str) -> Report:
    """The list as a workbook: land, class, figures per mu, the newest step."""
    columns = (
        Column("place", _("No.").render(lang), "centre"), Column("company", _("Company").render(lang), "text"),
        Column("street", _("Place").render(lang), "text"), Column("industry", _("Industry").render(lang), "text"),
        Column("class", _("Class").render(lang), "centre"),
        Column("land", _("Land (mu)").render(lang), "number", decimals=2),
        Column("tax", _("Tax per mu (10,000 yuan per mu)").render(lang), "number", decimals=1),
        Column("revenue", _("Revenue per mu (10,000 yuan per mu)").render(lang), "number", decimals=1),
        Column("why", _("Why on the list").render(lang), "text"), Column("sites", _("Sites").render(lang), "text"),
        Column("kind", _("What was done").render(lang), "text"), Column("on", _("Day").render(lang), "date"),
        Column("owner", _("Responsible").render(lang), "text"), Column("progress", _("Progress").render(lang), "text"),
        Column("new_use", _("New use of the site").render(lang), "text"),
        Column("tenant", _("Let again to").render(lang), "text"), Column("carrier", _("Carrier").render(lang), "text"),
        Column("area", _("Area let again (mu)").render(lang), "number", decimals=2),
    )  # fmt: skip
    rows = []
    for place, one in enumerate(found, 1):
        step = _told(one.steps[0], lang) if one.steps else ("",) * 7 + (None,)
        rows.append((
            place, one.name, one.street, one.industry, one.class_, _number(one.land, 2), _number(one.tax_per_mu, 1),
            _number(one.revenue_per_mu, 1), _all(one.why, lang),
            _all(one.sites, lang), *step,
        ))  # fmt: skip
    title = _("Land of low use, {year}", year=year).render(lang)
    table = Table("low_use", title, columns, tuple(rows), detail=True)
    return Report(title, (Section("low_use", title, (table,)),), "zh" if lang == "zh" else "en", draft_mark=False)


def _all(said: Sequence[Text], lang: str) -> str:
    return Text("{all}", {"all": list(said)}).render(lang)


def _told(step: Step, lang: str) -> tuple[str | Decimal | None, ...]:
    area = None if step.area is None else _number(Fraction(step.area, _MU), 2)
    return (LOW_USE.label(step.kind).render(lang), step.on_day, step.owner, step.progress, step.new_use, step.tenant,
            step.carrier, area)  # fmt: skip


def _number(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else Decimal(ratio(value.numerator, value.denominator, places=places) or 0)


def limit_values(of: Limits) -> dict[str, Any]:
    """Limits as the stored values of `LIMIT_FIELDS`."""
    numbers = {"tax": of.tax, "revenue": of.revenue}
    found = {key: None if value is None else int(value * MICRO) for key, value in numbers.items()}
    return {"classes": "、".join(of.classes)} | found
