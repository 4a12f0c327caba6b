"""The questions of the meeting, each answered in one step: a sentence, a table, and the rows to open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.period import Period, period_name
from db.core.ratios import percent
from db.core.text import Text, _
from db.overview.answers import Answer, Asked, Link, behind, growth, hundred_million, pace, total
from db.overview.behind import Rows
from db.overview.candidates import said_money
from db.overview.definitions import BY_KEY
from db.overview.figures import NOT_HERE, figures
from db.overview.groups import by_street
from db.overview.measures import Basis
from db.overview.meeting_rooms import decided, raised
from db.overview.meeting_rows import KINDS, departments_with_targets, facts_of, kinds_of, stuck_lines, without_money
from db.overview.ranking import ranks
from db.overview.saying import counted, said, said_percent
from db.overview.today import paid_in
from db.reports.report import Cell, Column

QUESTIONS: Mapping[str, Text] = {
    "signed": _("How much is signed, of the target and against the schedule?"),
    "rank": _("Where do we stand in the city?"),
    "stuck": _("What is signed and does not move, why, and whose is it?"),
    "decided": _("What did the last meeting decide, and what became of it?"),
    "year_end": _("Where will the year end, and how much is missing?"),
    "firm": _("Who is this firm, how far is it, what does it want?"),
    "money": _("Is the money in, is it in the statistics?"),
    "lag": _("Which street or department lags behind?"),
    "kinds": _("How many are foreign, over a billion yuan, of the top 500, in manufacturing?"),
    "raised": _("Whose issues are open, are the firms content?"),
}


def questions(
    connection: Connection, period: Period, *, lang: str = "zh", today: str | None = None
) -> tuple[Answer, ...]:
    """Every question with its answer, in the order in which a meeting asks them. today: its day, the period's end if None."""
    asked = ask(connection, period, lang=lang, today=today)
    return tuple(answer(asked, key) for key in QUESTIONS)


def ask(connection: Connection, period: Period, *, lang: str = "zh", today: str | None = None) -> Asked:
    """What the answers are made of."""
    basis = Basis.of(connection)
    found = figures(connection, period, by="street", only=BY_KEY, basis=basis)
    rows = Rows(connection, basis, period)
    return Asked(connection, period, lang, basis, found, by_street(connection), rows, today or period.last)


def answer(asked: Asked, key: str) -> Answer:
    """One question's answer; in a copy of the book without projects only what does not need them has one."""
    question = QUESTIONS[key].render(asked.lang)
    if asked.figures["signed.count"]["value"] is None and key not in ("firm", "raised"):
        return Answer(key, question, asked.say(NOT_HERE))
    return _ANSWERS[key](asked, key, question)


def _signed(asked: Asked, key: str, question: str) -> Answer:
    clauses: list[Text | str] = []
    rows: list[tuple[Cell, ...]] = []
    for figure in ("signed.count", "signed.investment"):
        goal, one = asked.goal(figure), asked.figures[figure]
        parts: list[Text | str] = [asked.named(figure), growth(one)]
        if goal is not None:
            share, whole = said_percent(str(goal.completion)), counted(figure, str(goal.wanted))
            parts += [_("{share} of the yearly target ({whole})", share=share, whole=whole), pace(goal)]
        clauses.append(asked.clause(*parts))
    keys = [one.removeprefix("targets.").removesuffix(".rate") for one in asked.figures if one.startswith("targets.")]
    for figure in keys:
        goal = asked.goal(figure)
        if goal is not None:
            done, wanted = (asked.say(said(figure, str(value))) for value in (goal.done, goal.wanted))
            label = asked.say(BY_KEY[figure].label)
            rows.append((label, done, wanted, goal.completion, goal.elapsed, goal.ahead))
    if not rows:
        clauses.append(_("no target is set for {year}", year=asked.period.year))
    columns = (
        Column("figure", asked.say(_("Figure"))),
        Column("done", asked.say(_("Since January")), "centre"),
        Column("wanted", asked.say(_("Yearly target")), "centre"),
        Column("completion", asked.say(_("Completed (%)")), "percent", decimals=1),
        Column("elapsed", asked.say(_("Schedule (%)")), "percent", decimals=1),
        Column("ahead", asked.say(_("Ahead (points)")), "percent", decimals=1),
    )
    table = asked.table(key, columns, rows) if rows else None
    links = tuple(Link("projects", conditions=behind(figure)) for figure in keys if asked.goal(figure) is not None)
    return Answer(key, question, asked.sentence(*clauses), table, Link("projects", "signed"), links)


def _rank(asked: Asked, key: str, question: str) -> Answer:
    found = [one for one in ranks(asked.connection, asked.period) if one.figure in BY_KEY]
    month = asked.period.months[1] if asked.period.months else asked.period.last[:7]
    if not found:
        said_month = period_name(Period.of_months(month, month))
        return Answer(
            key, question, asked.sentence(_("the city's bulletin of {month} is not entered", month=said_month)),
            link=Link("bulletin"),
        )  # fmt: skip
    clauses, rows = [], []
    for one in found:
        label = BY_KEY[one.figure].label
        places = []
        if one.rank is not None:
            places.append(_("place {rank} in the city", rank=one.rank))
        if one.group_rank is not None:
            places.append(_("place {rank} of the {group}", rank=one.group_rank, group=one.group))
        if places:
            clauses.append(_("{figure} {value}", figure=label, value=places))
        per_unit = 100 if BY_KEY[one.figure].of_money else 1
        city = None if one.value is None else str(Decimal(one.value) / per_unit)
        others = "、".join(
            f"{other.name}{asked.say(_other(one.figure, other.value, other.rank))}" for other in one.others
        )
        own = asked.figures.get(one.figure, {}).get("value")
        texts = (asked.say(counted(one.figure, value)) for value in (city, own))
        rows.append((asked.say(label), *texts, one.rank, one.group_rank, others))
    columns = (
        Column("figure", asked.say(_("Figure"))),
        Column("city", asked.say(_("City's bulletin")), "centre"),
        Column("book", asked.say(_("The book")), "centre"),
        Column("rank", asked.say(_("Place in the city")), "number"),
        Column("group", found[0].group or asked.say(_("Place among the urban districts")), "number"),
        Column("others", asked.say(_("Other districts"))),
    )
    links = tuple(Link("projects", conditions=behind(one.figure)) for one in found)
    return Answer(key, question, asked.sentence(*clauses), asked.table(key, columns, rows), Link("bulletin"), links)


def _other(figure: str, value: int | None, rank: int | None) -> Text | str:
    if value is None:
        return "" if rank is None else _("place {rank}", rank=rank)
    return said(figure, str(Decimal(value) / (100 if BY_KEY[figure].of_money else 1)))


def _stuck(asked: Asked, key: str, question: str) -> Answer:
    figure = "stuck.signed_not_started.count"
    lines = stuck_lines(asked)
    link = Link("projects", "stuck")
    if not lines.ids:
        none = _("nothing was signed {months} months ago or more and is not started", months=asked.basis.stuck_months)
        return Answer(key, question, asked.sentence(none), link=link)
    amount = said_money(total(lines.worth, lines.ids))
    head = _(
        "{count} projects were signed {months} months ago or more and are not started (earlier years included), {amount}",
        count=len(lines.ids), months=asked.basis.stuck_months, amount=amount,
    )  # fmt: skip
    tail = _("reasons: {reasons}", reasons=lines.reasons)
    where = _("places: {places}", places=lines.places)
    columns = (
        Column("name", asked.say(_("Project name"))),
        Column("amount", asked.say(_("Agreed investment")), "number", decimals=2),
        Column("signed", asked.say(_("Signed on")), "date"),
        Column("reason", asked.say(_("Why not started"))),
        Column("street", asked.say(_("Place"))),
        Column("department", asked.say(_("Responsible unit"))),
        Column("leader", asked.say(_("District leader"))),
    )
    table = asked.table(key, columns, lines.rows, asked.say(_("100 million yuan")))
    links = tuple(
        Link("projects", conditions=behind(figure, Condition("name", "one_of", (str(row[0]),)))) for row in lines.rows
    )
    return Answer(key, question, asked.sentence(head, tail, where), table, link, links)


def _year_end(asked: Asked, key: str, question: str) -> Answer:
    clauses: list[Text | str] = []
    rows: list[tuple[Cell, ...]] = []
    for done_key, whole_key in (
        ("signed.count", "forecast.signed.count"), ("signed.investment", "forecast.signed.investment"),
    ):  # fmt: skip
        whole = Decimal(asked.figures[whole_key]["value"])
        goal = asked.goal(done_key)
        done = _since_january(asked, done_key)
        clauses.append(_forecast(asked, done_key, whole, goal.wanted if goal is not None else None))
        cells = [done, whole - done, whole, *((goal.wanted, goal.wanted - whole) if goal is not None else (None, None))]
        texts = [asked.say(said(done_key, None if cell is None else str(cell))) for cell in cells]
        rows.append((asked.say(BY_KEY[done_key].label), *texts))
    heads = (_("Since January"), _("Expected"), _("Whole year"), _("Yearly target"), _("Missing"))
    columns = (
        Column("figure", asked.say(_("Figure"))),
        *(Column(f"c{at}", asked.say(label), "centre") for at, label in enumerate(heads)),
    )
    conditions = behind("forecast.signed.count", Condition("signed_on", "empty"))
    return Answer(
        key,
        question,
        asked.sentence(*clauses),
        asked.table(key, columns, rows),
        Link("projects", conditions=conditions),
    )


def _since_january(asked: Asked, key: str) -> Decimal:
    """The year so far; where the period begins later and no target counts since January, the period itself."""
    rate = asked.figures.get(f"targets.{key}.rate")
    if rate is not None:
        return Decimal(rate["numerator"])
    to_date = asked.period.year_to_date()
    if to_date.first == asked.period.first:
        return Decimal(asked.figures[key]["value"])
    return Decimal(figures(asked.connection, to_date, only=(key,), basis=asked.basis)["figures"][key]["value"])


def _forecast(asked: Asked, key: str, whole: Decimal, wanted: Any) -> Text | str:
    label, value = BY_KEY[key].label, counted(key, str(whole))
    head = _("{figure}, expected for the year: {value}", figure=label, value=value)
    if wanted is None:
        return head
    gap = Decimal(wanted) - whole
    if gap <= 0:
        return asked.clause(head, _("the target of {wanted} is reached", wanted=counted(key, str(wanted))))
    return asked.clause(
        head, _("{gap} short of the target of {wanted}", gap=counted(key, str(gap)), wanted=counted(key, str(wanted)))
    )


def _firm(asked: Asked, key: str, question: str) -> Answer:
    how = _(
        "type a name, its pinyin or a code: one page says what is built, how far it is, who answers for it and what it asks for"
    )
    return Answer(key, question, asked.sentence(how), link=Link("search"))


def _money(asked: Asked, key: str, question: str) -> Answer:
    paid = paid_in(asked.figures)
    rate = asked.figures["paid_in_rate.contract"]
    clauses: list[Text | str] = [asked.clause(asked.named(paid), growth(asked.figures[paid]))]
    if Decimal(rate["denominator"]):
        parts = [said(paid, rate[part]) for part in ("numerator", "denominator")]
        share = said_percent(percent(rate["numerator"], rate["denominator"]))
        clauses.append(
            _("of the projects signed in the period {share} of the agreed investment is paid in ({paid} of {whole})",
              share=share, paid=parts[0], whole=parts[1])
        )  # fmt: skip
    lines = without_money(asked)
    if lines.started:
        clauses.append(
            _("of {count} projects started, {unpaid} have no money yet and {outside} are not in the statistics",
              count=lines.started, unpaid=lines.unpaid, outside=lines.outside)
        )  # fmt: skip
    columns = (
        Column("name", asked.say(_("Project name"))),
        Column("total", asked.say(_("Total investment")), "number", decimals=2),
        Column("started", asked.say(_("Started on")), "date"),
        Column("paid", asked.say(_("Paid in")), "number", decimals=2),
        Column("entered", asked.say(_("Entered in statistics on")), "date"),
        Column("street", asked.say(_("Place"))),
    )
    table = asked.table(key, columns, lines.rows, asked.say(_("100 million yuan"))) if lines.rows else None
    conditions = behind("started.count", Condition("entered_statistics_on", "empty"))
    return Answer(key, question, asked.sentence(*clauses), table, Link("projects", conditions=conditions))


def _lag(asked: Asked, key: str, question: str) -> Answer:
    named = _units(asked)
    goals = {
        name: asked.goal("signed.investment", one) or asked.goal("signed.count", one) for name, one in named.items()
    }
    with_goal = [name for name in named if goals[name] is not None]

    def place(name: str) -> tuple[bool, Decimal]:
        goal = goals[name]
        return goal is None, Decimal(named[name]["signed.investment"]["value"]) if goal is None else goal.ahead

    order = sorted(named, key=place)
    rows = [_place_row(asked, name, named[name], goals[name]) for name in order]
    if with_goal:
        behind_plan = [name for name in order if (goal := goals[name]) is not None and goal.ahead < 0]
        worst = [f"{name}{goal.completion}%" for name in behind_plan[:3] if (goal := goals[name]) is not None]
        clause: Text | str = (
            _("{count} of {whole} places are behind the schedule, the last ones: {worst}",
              count=len(behind_plan), whole=len(with_goal), worst=worst)
            if behind_plan else _("no place is behind the schedule")
        )  # fmt: skip
    else:
        nothing = [name for name in order if named[name]["signed.count"]["value"] == "0"]
        clause = (
            _("no place has a target; without a new signing: {places}", places=nothing)
            if nothing
            else _("no place has a target")
        )
    columns = (
        Column("street", asked.say(_("Place"))),
        Column("count", asked.say(_("New signings")), "number"),
        Column("agreed", asked.say(_("Agreed investment")), "number", decimals=2),
        Column("started", asked.say(_("New starts")), "number"),
        Column("completion", asked.say(_("Completed (%)")), "percent", decimals=1),
        Column("ahead", asked.say(_("Ahead (points)")), "percent", decimals=1),
    )
    places = set(asked.places.known.values())
    links = tuple(
        Link(
            "projects",
            conditions=behind(
                "signed.count", Condition("street" if name in places else "department", "one_of", (name,))
            ),
        )
        for name in order
    )
    table = asked.table(key, columns, rows, asked.say(_("100 million yuan"))) if rows else None
    return Answer(key, question, asked.sentence(clause), table, Link("projects", "places"), links)


def _units(asked: Asked) -> dict[str, Mapping[str, Any]]:
    """The figures of every place, and of departments where one has a target."""
    places = set(asked.places.known.values())
    found = {name: one for name, one in asked.found["by"].items() if name in places}
    if departments_with_targets(asked.connection, asked.period.year):
        by = figures(asked.connection, asked.period, by="department", only=BY_KEY, basis=asked.basis)["by"]
        found |= {
            name: one
            for name, one in by.items()
            if asked.goal("signed.investment", one) or asked.goal("signed.count", one)
        }
    return found


def _place_row(asked: Asked, name: str, one: Mapping[str, Any], goal: Any) -> tuple[Cell, ...]:
    money = hundred_million(int(Decimal(one["signed.investment"]["value"]) * 100))
    parts = (None, None) if goal is None else (goal.completion, goal.ahead)
    return (name, int(one["signed.count"]["value"]), money, int(one["started.count"]["value"]), *parts)


def _kinds(asked: Asked, key: str, question: str) -> Answer:
    worth = asked.rows.of(("signed",))
    found = kinds_of(facts_of(asked.connection, list(worth)), worth)
    clauses = [
        _("{kind}: {count}, {amount}", kind=KINDS[kind].label, count=len(ids), amount=said_money(total(worth, ids)))
        if ids else _("{kind}: none", kind=KINDS[kind].label)
        for kind, ids in found.items()
    ]  # fmt: skip
    if Decimal(asked.figures["foreign.used"]["value"]):
        clauses.append(asked.named("foreign.used"))
    rows = [
        (asked.say(KINDS[kind].label), len(ids), hundred_million(total(worth, ids)),
         Decimal(percent(len(ids), len(worth)) or 0))
        for kind, ids in found.items()
    ]  # fmt: skip
    columns = (
        Column("kind", asked.say(_("Of the new signings"))),
        Column("count", asked.say(_("Number of projects")), "number"),
        Column("amount", asked.say(_("Agreed investment")), "number", decimals=2),
        Column("share", asked.say(_("Share of the projects (%)")), "percent", decimals=1),
    )
    links: Sequence[Link] = [
        Link("projects", conditions=behind("signed.count", *KINDS[kind].conditions)) for kind in found
    ]
    table = asked.table(key, columns, rows, asked.say(_("100 million yuan")))
    return Answer(key, question, asked.sentence(*clauses), table, Link("projects", "signed"), tuple(links))


_ANSWERS: Mapping[str, Callable[[Asked, str, str], Answer]] = {
    "signed": _signed,
    "rank": _rank,
    "stuck": _stuck,
    "decided": decided,
    "year_end": _year_end,
    "firm": _firm,
    "money": _money,
    "lag": _lag,
    "kinds": _kinds,
    "raised": raised,
}
