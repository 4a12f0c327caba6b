"""Section （三） of a period's report: the five ones and scheduling, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from db.core import settings
from db.core.period import Period
from db.core.text import Text, _
from db.five_ones import reading
from db.five_ones.figures import Standing, standing_of
from db.five_ones.lights import Light
from db.five_ones.models import LIGHT, RED, YELLOW, decision, meeting, meeting_series, used
from db.five_ones.options import labels_of
from db.five_ones.rules import ONES, Completeness
from db.people.models import unit
from db.projects.models import project
from db.reports.report import Block, Column, FigureNumber, Paragraph, Run, Section, Table

KEY = "five_ones"


def sections(connection: Connection, period: Period, lang: str) -> Sequence[Section]:
    """One section; without a word in it where nothing of this room was used."""
    chosen = settings.get_all(connection)
    called = chosen["five_ones.name"]
    heading = f"“{called}”与调度" if lang == "zh" else "Five ones and scheduling"
    blocks: list[Block] = []
    if used(connection):
        day, days = period.last, int(chosen["five_ones.follow_up_days"])
        ones, lit = reading.completeness_of(connection, day=day, days=days), reading.lights(connection, day=day)
        found = standing_of(ones, lit, reading.overdue(connection, day=day))
        say = _chinese if lang == "zh" else _english
        held = _held(connection, period)
        if found.building:
            blocks.append(say(called, found, _missing(ones.values(), labels_of(chosen["five_ones.labels"]), lang)))
        blocks.append(_lights(found, lang))
        if held[0]:
            blocks.append(_meetings(held, lang))
        table = lights_table(connection, lit, lang)
        if table is not None:
            blocks.append(table)
    return (Section(KEY, heading, tuple(blocks), 2),)


def _missing(ones: Iterable[Completeness], known: Mapping[str, Text], lang: str) -> list[tuple[str, int]]:
    """What is missing and in how many projects, the commonest first. known: how the office calls each."""
    counts = dict.fromkeys(ONES, 0)
    for one in ones:
        for key in one.missing:
            counts[key] += 1
    order = sorted((key for key in ONES if counts[key]), key=lambda key: -counts[key])
    return [(known[key].render(lang), counts[key]) for key in order]


def _percent(above: int, below: int) -> str:
    """One decimal, half up."""
    tenths = (2000 * above + below) // (2 * below)
    return f"{tenths // 10}.{tenths % 10}"


def _chinese(called: str, found: Standing, missing: Sequence[tuple[str, int]]) -> Paragraph:
    above, below = len(found.complete), len(found.building)
    rate = FigureNumber("five_ones.complete_rate", f"{_percent(above, below)}%")
    runs: list[Run] = [f"期末在建项目{below}个，“{called}”齐全的{above}个，齐全率", rate, f"（{above}/{below}）"]
    if missing:
        runs.append("；缺" + "、".join(f"{name}的{count}个" for name, count in missing))
    return Paragraph((*runs, "。"), place="five_ones.complete")


def _english(called: str, found: Standing, missing: Sequence[tuple[str, int]]) -> Paragraph:
    above, below = len(found.complete), len(found.building)
    rate = FigureNumber("five_ones.complete_rate", f"{_percent(above, below)}%")
    runs: list[Run] = [
        f"Of {below} projects under construction, {above} have all five ones: ",
        rate,
        f" ({above}/{below})",
    ]
    if missing:
        runs.append("; missing are " + ", ".join(f"{name.lower()} in {count}" for name, count in missing))
    return Paragraph((*runs, "."), place="five_ones.complete")


def _lights(found: Standing, lang: str) -> Paragraph:
    zh = lang == "zh"

    def number(key: str, count: int) -> FigureNumber:
        return FigureNumber(key, f"{count}个" if zh else str(count))

    red, yellow = (number(f"lights.{one}.count", len(of)) for one, of in ((RED, found.red), (YELLOW, found.yellow)))
    late = number("milestones.overdue.count", len(found.late))
    if zh:
        runs: tuple[Run, ...] = ("期末红灯项目", red, "、黄灯项目", yellow, "；逾期节点", late, "。")
    else:
        runs = (
            "At the end of the period ",
            red,
            " projects had a red light and ",
            yellow,
            " a yellow one; ",
            late,
            " milestones were overdue.",
        )
    return Paragraph(runs, place="five_ones.lights")


def _held(connection: Connection, period: Period) -> tuple[int, int, int]:
    """Meetings held in the period, what they decided, and how much of it is done by its end."""
    of, made = meeting.c, decision.c
    query = select(of.id, made.id, made.closed_on).select_from(meeting.outerjoin(decision, made.meeting == of.id))
    rows = connection.execute(query.where(of.held_on.between(period.first, period.last))).all()
    done = [day for _meeting, _decision, day in rows if day is not None and day <= period.last]
    return len({row[0] for row in rows}), sum(row[1] is not None for row in rows), len(done)


def _meetings(held: tuple[int, int, int], lang: str) -> Paragraph:
    count, decided, done = held
    if lang == "zh":
        told = f"，交办事项{decided}项，已办结{done}项" if decided else ""
        return Paragraph((f"召开调度会{count}次{told}。",), place="five_ones.meetings")
    told = f"; of {decided} decisions {done} are done" if decided else ""
    return Paragraph((f"Scheduling meetings held: {count}{told}.",), place="five_ones.meetings")


def lights_table(connection: Connection, lights: Mapping[int, Light], lang: str) -> Table | None:
    """The red and yellow ones of the lights of projects, with the rule, since when, and what turns them green.

    Units are named, never leaders. A project whose light was set by hand is named only where that is wished.
    """

    def said(text: Text) -> str:
        return text.render(lang)

    found = {number: one for number, one in lights.items() if one.colour in (RED, YELLOW)}
    printed = {number: one for number, one in found.items() if not one.by_hand or one.printed}
    if not printed:
        return None
    of = project.c
    query = select(of.id, of.name, unit.c.name).select_from(project.outerjoin(unit, unit.c.id == of.department))
    names = {row[0]: (row[1], row[2] or "") for row in connection.execute(query) if row[0] in printed}
    order = sorted(printed, key=lambda number: (printed[number].colour != RED, printed[number].since or "9999", number))
    rows = tuple(
        (
            place, names[number][0], said(LIGHT.label(printed[number].colour)), said(printed[number].why),
            printed[number].since, said(printed[number].turns_green), names[number][1],
        )
        for place, number in enumerate(order, 1)
    )  # fmt: skip
    columns = (
        Column("place", said(_("No.")), "centre"),
        Column("name", said(_("Project name"))),
        Column("light", said(_("Light")), "centre"),
        Column("why", said(_("Why"))),
        Column("since", said(_("Since")), "date"),
        Column("green", said(_("What turns it green"))),
        Column("unit", said(_("Responsible unit"))),
    )
    return Table(
        "lights", said(_("Projects with a red or yellow light")), columns, rows, sheet=said(_("Lights")), landscape=True
    )


def series_names(connection: Connection) -> dict[int, str]:
    """Id → name of the series of meetings."""
    return dict(map(tuple, connection.execute(select(meeting_series.c.id, meeting_series.c.name))))
