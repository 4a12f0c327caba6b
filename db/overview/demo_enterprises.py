"""Sixty above-scale enterprises of the demonstration district with two years of metrics (handbook part 2).

Their sums give the published figures exactly: 617.5 × 10,000 yuan of revenue and 33.8 of tax per mu in 2023, and 25.3
of tax in 2022, which is +33.6 %. The investors have the facts of a register. Single values are invented; the same seed gives the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from db.companies.land import add_carrier, add_site
from db.companies.models import ABOVE, BELOW, FLOORS, LEASED_IN, LEASED_OUT, OWN, company
from db.companies.service import company_ids, set_facts
from db.people.models import STREET
from db.people.service import unit_ids
from db.per_mu.evaluations import keep_evaluation, publish_evaluation, publish_scheme, save_scheme, scheme_saved
from db.per_mu.models import MICRO
from db.per_mu.queries import group_of
from db.per_mu.schemes import presets
from db.per_mu.scoring import evaluate
from db.per_mu.service import confirm, entries, put_metrics
from db.projects.models import project

COUNT = 60
_SQUARE_METRE, _MU, _SITE_UNIT = 300, 200_000, 5  # 1/300 m²; and how many 10⁻⁶ mu that is
_TENTHS = 10  # land is invented in tenths of a mu
# year → land in mu, revenue and tax in 10,000 yuan: 617.5 and 33.8 per mu; 562.4 and 25.3
_TOTALS: Mapping[int, tuple[int, int, int]] = {2022: (3_950, 2_221_480, 99_935), 2023: (4_000, 2_470_000, 135_200)}
_FIELDS = ("光电科技", "传感技术", "智能装备", "新能源科技", "软件", "仪器仪表", "半导体", "信息技术")
_INDUSTRY = ("光电信息与仪器仪表", "光电信息与仪器仪表", "未来产业", "新能源", "软件和信息技术", "光电信息与仪器仪表",
             "光电信息与仪器仪表", "软件和信息技术")  # fmt: skip
_TAGS = ("高新技术企业", "专精特新", "上市", "外资")
_PARKS = (("庐州北部智造园", "park"), ("中科传感谷", "park"), ("四里河数字大厦", "building"), ("大杨软件大厦", "building"),
          ("天水路标准厂房一期", "factory"), ("三十岗仪器厂房", "factory"))  # fmt: skip
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def add_enterprises(connection: Connection, data: Mapping[str, Any], seed: int) -> None:
    """The enterprises with their metrics of 2022 and 2023."""
    rng = Random(seed)  # noqa: S311 — invented data, not secrets
    streets = [one["name"] for one in data["streets"]]
    pairs = [(_name(data["brands"], at), _code(rng)) for at in range(COUNT)]
    numbers = [company_ids(connection, pairs)[pair] for pair in pairs]
    of_street = unit_ids(connection, streets, kind=STREET)
    shares = [rng.choice(streets[: 2 + at % 5]) for at in range(COUNT)]
    set_facts(connection, "street", {number: of_street[name] for number, name in zip(numbers, shares, strict=True)})
    set_facts(connection, "industry", {number: _INDUSTRY[at % 8] for at, number in enumerate(numbers)})
    set_facts(connection, "scale", dict.fromkeys(numbers, ABOVE))
    set_facts(connection, "tags", {number: rng.choice(_TAGS) for at, number in enumerate(numbers) if at % 3 == 0})
    rows = _metrics(rng)
    for year, values in rows.items():
        made = entries(connection, numbers, year, scale=ABOVE)
        put_metrics(connection, {made[number]: values[at] for at, number in enumerate(numbers)})
        confirm(connection, list(made.values()), ("tax",), by="区税务局", on=f"{year + 1}-03-20")
    _add_land(
        connection, numbers, [int(one["land"] or 0) for one in rows[2023]], [of_street[name] for name in shares], seed
    )


def _add_land(
    connection: Connection, numbers: Sequence[int], land: Sequence[int], streets: Sequence[int], seed: int
) -> None:
    """Sites that come to the land of 2023: one in six leases some of its own out, to its neighbour; one in three has floors."""
    rng = Random(seed + 2 * COUNT)  # noqa: S311 — invented data, not secrets
    carriers = [
        add_carrier(connection, name, kind=kind, street=streets[at], place=f"{name[:3]}路{8 + at * 6}号",
                    floor_area=(36_000 + 9_500 * at) * _SQUARE_METRE, land=(60 + 15 * at) * _MU)
        for at, (name, kind) in enumerate(_PARKS)
    ]  # fmt: skip
    leased = {at: rng.randint(2, 5) * _MU for at in range(5, COUNT - 1, 6)}
    for at, number in enumerate(numbers):
        out, taken = leased.get(at, 0), leased.get(at - 1, 0)
        own = land[at] // _SITE_UNIT + out - taken
        road = f"{('阜阳北路', '天水路', '固镇路', '四里河路')[at % 4]}{12 + at * 3}号"
        add_site(connection, number, OWN, area=own, place=road, since=f"{2008 + at % 12}-0{1 + at % 9}-01")
        if out:
            lease = {"place": f"{road}东侧", "since": "2021-07-01", "until": "2027-06-30"}
            add_site(connection, number, LEASED_OUT, area=out, party=numbers[at + 1], **lease)
            add_site(connection, numbers[at + 1], LEASED_IN, area=out, party=number, **lease)
        if at % 3 == 0:
            floors = rng.randint(9, 40) * 100 * _SQUARE_METRE
            place = f"{2 + at % 9}层"
            add_site(
                connection,
                number,
                FLOORS,
                area=floors,
                place=place,
                carrier=carriers[at // 3 % len(carriers)],
                since="2022-01-01",
            )


def describe_investors(connection: Connection, data: Mapping[str, Any], seed: int) -> None:
    """The register of enterprises says of the investors what a project of theirs says; one in nine has no code yet."""
    rng = Random(seed + COUNT)  # noqa: S311 — invented data, not secrets; other codes than those above
    of, trades = project.c, data["trades"]
    query = select(of.investor, of.industry, of.street, company.c.name).join(company, company.c.id == of.investor)
    rows = connection.execute(query.order_by(of.investor, of.id.desc())).all()
    named = [row for row in rows if any(word in row.name for word in trades[row.industry]["words"])]
    first = {row.investor: row for row in (*rows, *named)}  # the project that gave the firm its name, else its first
    registered = [number for at, number in enumerate(first) if at % 9]
    set_facts(connection, "credit_code", {number: _code(rng) for number in registered})
    for column in ("industry", "street"):
        set_facts(connection, column, {number: getattr(row, column) for number, row in first.items()})
    set_facts(connection, "scale", dict.fromkeys(registered, BELOW))
    set_facts(connection, "chain", {number: rng.choice(trades[row.industry]["chain"]) for number, row in first.items()})
    set_facts(connection, "tags", {number: rng.choice(_TAGS) for number in registered[::3]})


def publish(connection: Connection) -> None:
    """The evaluation of 2023 by the county scheme: the scheme published, the results kept and published."""
    number = save_scheme(connection, {**presets()["anhui-county"], "year": 2023})
    publish_scheme(connection, number, on="2024-04-10")
    scheme = scheme_saved(connection, number)
    outcome = evaluate(scheme, group_of(connection, 2023, scope=scheme.scope))
    kept = keep_evaluation(connection, outcome, number=number, on="2024-05-15")
    publish_evaluation(connection, kept, on="2024-06-20")


def _name(brands: Sequence[str], at: int) -> str:
    brand, other = brands[at % len(brands)], brands[(at * 7 + 3) % len(brands)]
    return f"庐州{brand}{other if other != brand else '中科'}{_FIELDS[at % len(_FIELDS)]}有限公司"


def _code(rng: Random) -> str:
    from stdnum.cn import uscc

    body = "91340103" + "".join(rng.choice(_DIGITS) for _place in range(9))
    return body + uscc.calc_check_digit(body)


def _metrics(rng: Random) -> dict[int, list[dict[str, int | None]]]:
    """Year → the metrics of every enterprise in 10⁻⁶ of their units."""
    land = [rng.randint(12, 130) for _place in range(COUNT)]
    revenue = [size * rng.uniform(0.25, 2.2) for size in land]
    tax = [amount * rng.uniform(0.02, 0.09) for amount in revenue]
    found: dict[int, list[dict[str, int | None]]] = {}
    for year, totals in _TOTALS.items():
        drift = [rng.uniform(0.9, 1.1) for _place in range(COUNT)]
        lands = _exactly([float(size) for size in land], totals[0] * _TENTHS)
        revenues = _exactly([amount * by for amount, by in zip(revenue, drift, strict=True)], totals[1])
        taxes = _exactly([amount * by for amount, by in zip(tax, drift, strict=True)], totals[2])
        found[year] = [
            _of_one(rng, land=lands[at] * MICRO // _TENTHS, revenue=revenues[at] * MICRO, tax=taxes[at] * MICRO)
            for at in range(COUNT)
        ]
    return found


def _of_one(rng: Random, *, land: int, revenue: int, tax: int) -> dict[str, int | None]:
    whole = revenue // MICRO
    values: dict[str, int | None] = {
        "land": land, "revenue": revenue, "tax": tax,
        "value_added": whole * rng.randint(18, 34) // 100 * MICRO,
        "rd": whole * rng.randint(10, 60) // 1000 * MICRO,
        "energy": max(whole * rng.randint(3, 30) // 1000, 5) * MICRO,
        "electricity": max(whole * rng.randint(8, 40), 1000) * MICRO,
        "staff": max(whole // rng.randint(60, 160), 20) * MICRO,
    }  # fmt: skip
    if rng.random() < 0.6:
        values["emissions"] = rng.randint(1, 400) * MICRO // 10
    return values


def _exactly(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in about these proportions that sum to `total`; the largest takes the rest."""
    whole = sum(weights)
    found = [int(total * weight / whole) for weight in weights]
    found[found.index(max(found))] += total - sum(found)
    return found
