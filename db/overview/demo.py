"""The demonstration district: a book with a past, from whose records the published half-year figures are computed.

47 signings of 17.42 billion yuan against 32 of 10.271 billion the year before, 26 starts with 19.6 billion in all,
20 promotion events (handbook part 2). Everything else is invented; the same seed gives the same book. With `scale`
it is a large book for measuring instead.
"""

from __future__ import annotations

import datetime as dt
import json
from random import Random
from typing import Any

from db.core import settings
from db.core.book import Book
from db.core.moments import ZONE
from db.core.paths import RESOURCES
from db.core.period import Period, period_name
from db.core.progress import SILENT, Progress
from db.core.tables import METADATA
from db.core.text import _
from db.five_ones import demo as five_ones
from db.forum import demo as forum
from db.overview import wording
from db.overview.demo_enterprises import add_enterprises, describe_investors, publish
from db.overview.demo_rows import Row, Storyteller
from db.overview.forms import BUILT_IN
from db.overview.section_names import section_name
from db.people.models import DEPARTMENT, person
from db.people.service import add_unit, person_ids
from db.projects import service
from db.projects.bulletin import CityLine, set_city_bulletin

WAN, YI = 10**6, 10**10  # 10,000 yuan and 100 million yuan in hundredths
STARTS_TOTAL = 1_960_000
LATE = 13_700  # recorded after the end of June: the book as of 30 June still says 46 and 172.83
HALF_YEAR = (dt.date(2024, 1, 1), dt.date(2024, 6, 30))


# The records end on 12 July; those of the forum, as published, in the first days of September.
_STANDS = "=2024-07-17;forum=2024-09-06"


def make_demo(book: Book, *, scale: int | None = None, seed: int = 2024, progress: Progress = SILENT) -> None:
    """Fill an empty book with the demonstration district, or with `scale` projects and half as many issues for measuring."""
    data = json.loads((RESOURCES / "demo" / "luyang.json").read_text("utf-8"))
    book.actor = data["clerk"]
    teller = Storyteller(data, Random(seed))  # noqa: S311 — invented data, not secrets
    with book.write(_("Set up the demonstration district"), at=_moment("2024-01-02", 9)) as connection:
        _units_and_people(connection, data)
        _targets(connection, data)
    if scale is not None:
        _large(book, teller, scale, progress)
        forum.tell_many(book, (scale + 1) // 2, seed, progress)
        return
    _story(book, teller, data, seed)


def _moment(day: str, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), ZONE)


def _units_and_people(connection: Any, data: dict[str, Any]) -> None:
    for street in data["streets"]:
        add_unit(connection, street["name"], kind=street["kind"], short_name=street["short"])
    for name, short in data["departments"]:
        add_unit(connection, name, kind=DEPARTMENT, short_name=short)
    leaders = person_ids(connection, data["leaders"], is_leader=True)
    for place, name in enumerate(data["leaders"]):
        connection.execute(person.update().where(person.c.id == leaders[name]).values(position=place + 1))
    settings.put(connection, "district.name", "庐阳区")
    settings.put(connection, "days.standing", _STANDS)


def _targets(connection: Any, data: dict[str, Any]) -> None:
    for figure, value in data["targets"].items():
        amount = value if figure.endswith("count") else value * YI
        service.set_target(connection, 2024, figure, amount)


def _story(book: Book, teller: Storyteller, data: dict[str, Any], seed: int) -> None:
    """The past as an office would have recorded it: the old ledgers first, then month by month."""
    old = teller.old_projects() + teller.last_year()
    signed, late = teller.this_year(LATE)
    starts = teller.starts(signed, old, STARTS_TOTAL)
    with book.write(
        _("Import {file}", file="2022—2023年签约项目台账.xlsx"), at=_moment("2024-01-03", 10)
    ) as connection:
        ids = service.add_projects(connection, [row for row, _later in old])
    numbers = dict(zip((row["name"] for row, _later in old), ids, strict=True))
    with book.write(_("Import {file}", file="在谈项目.xls"), at=_moment("2024-01-04", 15)) as connection:
        service.add_projects(connection, teller.talks())
    for month in range(1, 7):
        _month(book, data["clerk"], teller, month, signed, starts, numbers)
    _per_mu(book, data, seed)
    _activities(book, data, teller.rng)
    _reported(book)
    with book.write(_("Add the project {name}", name=late["name"]), at=_moment("2024-07-10", 16, 20)) as connection:
        service.add_projects(connection, [late])
    file = "企业库.xlsx"
    with book.write(_("Import {file}", file=file), source=file, at=_moment("2024-07-10", 16, 40)) as connection:
        describe_investors(connection, data, seed)
    five_ones.tell(book, seed)
    for tell in METADATA.info.get("demonstrations", ()):  # rooms above this one
        tell(book, seed)
    forum.tell(book, seed)


def _month(
    book: Book, clerk: str, teller: Storyteller, month: int, signed: list[tuple[Row, str]], starts: dict[str, Row],
    numbers: dict[str, int],
) -> None:  # fmt: skip
    """What the office recorded at the end of one month: new signings, starts and productions, money, progress."""
    key = f"2024-{month:02d}"
    named = period_name(Period.parse(key))
    new = [row for row, recognised in signed if recognised[:7] == key]
    day = (dt.date(2024 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=2)).isoformat()
    with book.write(_("Record the signings of {month}", month=named), at=_moment(day, 17)) as connection:
        numbers.update(zip((row["name"] for row in new), service.add_projects(connection, new), strict=True))
    cells: list[tuple[int, str, Any]] = []
    for name, facts in starts.items():
        days = [value for fact, value in facts.items() if fact in ("started_on", "produced_on")]
        if name in numbers and any(value[:7] == key for value in days):
            cells += [
                (numbers[name], fact, value)
                for fact, value in facts.items()
                if fact == "total_investment" or str(value)[:7] == key
            ]
    cells += teller.money(key, numbers)
    with book.write(
        _("Record starts, production and money of {month}", month=named), at=_moment(day, 17, 30)
    ) as connection:
        service.set_values(connection, cells)
    with book.write(_("Record the progress of {month}", month=named), at=_moment(day, 18)) as connection:
        for number, text in teller.progress(numbers):
            service.add_progress(connection, number, text, on=day, author=clerk)


def _per_mu(book: Book, data: dict[str, Any], seed: int) -> None:
    """The enterprises' metrics as the departments sent them, and the evaluation of the year before."""
    file = "2022—2023年亩均数据.xlsx"
    with book.write(_("Import {file}", file=file), source=file, at=_moment("2024-06-28", 19)) as connection:
        add_enterprises(connection, data, seed)
    with book.write(_("Publish the evaluation of {year}", year=2023), at=_moment("2024-06-28", 20)) as connection:
        publish(connection)


def _activities(book: Book, data: dict[str, Any], rng: Random) -> None:
    with book.write(_("Record the promotion activities"), at=_moment("2024-06-29", 11)) as connection:
        for kind, (count, titles) in data["activities"].items():
            for _number in range(count):
                day = HALF_YEAR[0] + dt.timedelta(days=rng.randrange(178))
                service.add_activity(
                    connection, kind, on=day.isoformat(), title=rng.choice(titles), place=rng.choice(data["places"])
                )


def _reported(book: Book) -> None:
    """What the head of the section wrote into May's report, and what the city says of the half-year."""
    may = Period.parse("2024-01..2024-05")
    with book.write(
        wording.label(may, section_name("next_steps"), "written"), at=_moment("2024-06-07", 16)
    ) as connection:
        for place, lines in _WRITTEN.items():
            wording.save(connection, may, form=BUILT_IN.key, place=place, markup="\n".join(lines), mode="written")
    told = [
        CityLine("signed.count", 47, 3, source="合投促〔2024〕15号", group_rank=2),
        CityLine("signed.investment", 1742 * YI // 10, 2, source="合投促〔2024〕15号", group_rank=1),
    ]
    label = _("Enter the city's bulletin of {month}", month=period_name(Period.parse("2024-06")))
    with book.write(label, at=_moment("2024-07-09", 9)) as connection:
        set_city_bulletin(connection, "2024-06", told)


_WRITTEN = {
    "problems.own": (
        "三是储备项目偏小。在谈项目{negotiating.count}，拟投资{negotiating.investment}，其中10亿元以上项目偏少。",
    ),
    "next_steps.own": (
        "一是紧盯目标抓签约。对照年度目标任务逐月分解，加快推进在谈项目签约落地。",
        "二是双周调度抓开工。对签约满6个月未开工项目逐一明确责任单位和开工时限。",
        "三是要素保障抓投产。加强土地、资金、审批协调，推动在建项目早竣工、早投产。",
    ),
}


def _large(book: Book, teller: Storyteller, scale: int, progress: Progress) -> None:
    batch = 10_000
    with book.write(_("Import {file}", file=f"{scale}.xlsx"), at=_moment("2024-07-01", 9)) as connection:
        for start in range(0, scale, batch):
            progress.step(start, scale, _("Writing projects"))
            service.add_projects(connection, [teller.any_project(n) for n in range(start, min(start + batch, scale))])
    progress.step(scale, scale, _("Writing projects"))
