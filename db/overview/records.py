"""The records behind a report's numbers, read once: lists and summaries are made of the same lines.

A line carries the names of the groups it is counted in, as the summaries print them, so that a workbook can count by
them; the groups are those of the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, func, literal, literal_column, select, union_all

from db.core import bulk
from db.core.period import Period
from db.overview.facts import Part
from db.overview.groups import BLANK, GROUPINGS, Grouping
from db.overview.measures import Basis, Measure, agreed, increases, reached, whole
from db.overview.published import Published
from db.people.queries import names_on
from db.projects.models import investment_event, project, recognition
from db.projects.report import Line

_Dated = tuple[Measure, ColumnElement[Any]]  # what is counted, and the day of each
BY = ("street", "industry", "source", "size")
_OWN_DAY = {"signed": project.c.signed_on, "started": project.c.began_on, "produced": project.c.produced_on}


class Groups:
    """The groups of one way to break figures down, named in one language; units as they were called on the day `at`."""

    def __init__(self, connection: Connection, by: str, lang: str, *, at: str) -> None:
        self.by = by
        self.grouping: Grouping = GROUPINGS[by](connection)
        self.lang = lang
        taken = set(self.grouping.known.values())
        called = names_on(connection, at) if self.grouping.is_unit else {}
        # A name that another unit bears by now would make two units one.
        self._called = {number: name for number, name in called.items() if name not in taken}
        self._names: dict[Any, str] = {}

    def name(self, value: Any) -> str:
        """What the group of a value is called."""
        if value not in self._names:
            self._names[value] = self._name(self.grouping.group(value))
        return self._names[value]

    def _name(self, group: Any) -> str:
        if self.lang != "zh" and group in self.grouping.labels:
            return self.grouping.labels[group].render(self.lang)
        return BLANK if group is None else self._called.get(group) or str(self.grouping.known.get(group, group))

    def names(self, used: Sequence[str]) -> list[str]:
        """Every group in order: units all of them, others where they occur; what is not stated comes last."""
        known = [self.name(value) for value in self.grouping.known]
        listed = known if self.grouping.is_unit else [name for name in known if name in used]
        blank = self.name(None)
        others = sorted(name for name in set(used) - set(known) if name != blank)
        return [*listed, *others, *([blank] if blank in used else [])]


@dataclass(frozen=True)
class Lines:
    """The lines of the lists of a report. The mark of a signing says whether it is new, that of a start how large."""

    signed: Sequence[Line]
    started: Sequence[Line]
    produced: Sequence[Line]
    stuck_signed: Sequence[Line]
    stuck_started: Sequence[Line]


@dataclass(frozen=True)
class Marks:
    """The words by which a summary counts: a new signing, what an increase adds, a large start, any other."""

    new: str
    increase: str
    large: str
    other: str


def read_lines(
    connection: Connection,
    basis: Basis,
    period: Period,
    groups: Sequence[Groups],
    marks: Marks,
    *,
    threshold: int,
    stuck: tuple[Sequence[int], Sequence[int]],
) -> Lines:
    """Every line of the lists.

    threshold: from what total investment (hundredths of yuan) a start is large. stuck: the projects signed long ago
    and not started, and those started long ago and not producing.
    """
    reader = _Reader(connection, basis, period, groups)
    signed, increased, started, produced = reader.lines(
        reader.reached("signed", agreed), reader.increases(), reader.reached("started", whole),
        reader.reached("produced", whole),
    )  # fmt: skip
    new, added = [(line, marks.new) for line in signed], [(line, marks.increase) for line in increased]
    sizes = [marks.large if (line.money or 0) >= threshold else marks.other for line in started]
    return Lines(
        reader.in_order([_marked(line, mark) for line, mark in new + added]),
        reader.in_order([_marked(line, mark) for line, mark in zip(started, sizes, strict=True)]),
        reader.in_order(produced),
        _largest_first(reader.stuck(stuck[0], started=False)),
        _largest_first(reader.stuck(stuck[1], started=True)),
    )


def _marked(line: Line, mark: str) -> Line:
    return Line(line.id, line.day, line.money, line.groups, mark)


def _largest_first(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-(line.money or 0), line.id))


class _Reader:
    def __init__(self, connection: Connection, basis: Basis, period: Period, groups: Sequence[Groups]) -> None:
        self.connection, self.basis, self.period, self.groups = connection, basis, period, groups

    def reached(self, stage: str, money: Any) -> _Dated:
        """Projects whose signing, start or production has its statistical date in the period."""
        day = recognition.c.recognised_on if stage in self.basis.recognised else _OWN_DAY[stage]
        return reached(self.basis, stage, self.period, money), day

    def increases(self) -> _Dated:
        """What capital increases of the period add."""
        of = investment_event.c
        return increases(self.basis, self.period), func.coalesce(of.recognised_on, of.happened_on)

    def stuck(self, ids: Sequence[int], *, started: bool) -> list[Line]:
        """Signed long ago and not started, or started long ago and not producing."""
        end: ColumnElement[Any] = literal(self.period.last, Text())
        since, money = (project.c.began_on, whole(end)) if started else (project.c.signed_on, agreed(end))
        found: list[Line] = []
        for some in bulk.chunks(ids):
            found += self.lines((Measure(project, (project.c.id.in_(list(some)),), money), since))[0]
        return found

    def lines(self, *wanted: _Dated) -> list[list[Line]]:
        """Of each the lines, in no order; all are asked for at once."""
        asked = []
        groups = [one.grouping.of_project for one in self.groups]
        for at, (measure, day) in enumerate(wanted):
            money = literal(None) if measure.money is None else measure.money
            query = select(literal_column(str(at)), project.c.id, day, money, *groups)
            asked.append(query.select_from(measure.source).where(*measure.conditions))
        found: list[list[Line]] = [[] for _one in wanted]
        for at, number, day, amount, *values in self.connection.execute(union_all(*asked)):
            found[at].append(Line(number, day or "", None if amount is None else int(amount), self._named(values)))
        return found

    def _named(self, values: Sequence[Any]) -> Mapping[str, str]:
        return {found.by: found.name(value) for found, value in zip(self.groups, values, strict=True)}

    def in_order(self, lines: Sequence[Line]) -> list[Line]:
        """By place in 建制顺序, then by day."""
        first = self.groups[0]
        used = [line.groups[first.by] for line in lines]
        place = {name: at for at, name in enumerate(first.names(used))}
        return sorted(lines, key=lambda line: (place[line.groups[first.by]], line.day, line.id))


def parts(groups: Groups, lines: Sequence[Line], *, counted: str | None = None) -> list[Part]:
    """The groups with projects (those marked `counted`, all where None) and money, in their order."""
    counts: dict[str, int] = {}
    money: dict[str, int] = {}
    for line in lines:
        name = line.groups[groups.by]
        counts[name] = counts.get(name, 0) + (counted is None or line.mark == counted)
        money[name] = money.get(name, 0) + (line.money or 0)
    blank = groups.name(None)
    return [
        Part(name, counts.get(name, 0), money.get(name, 0), blank=name == blank) for name in groups.names(list(counts))
    ]


def before_by_group(
    connection: Connection, basis: Basis, period: Period, groups: Sequence[Groups]
) -> dict[str, dict[str, int]]:
    """By what is grouped → group → agreed investment of the same period last year: as published for a unit, or from the book."""
    before = period.year_before()
    found: dict[str, dict[str, int]] = {one.by: {} for one in groups}
    columns = {f"g{at}": one.grouping.of_project.label(f"g{at}") for at, one in enumerate(groups)}
    for measure in (reached(basis, "signed", before, agreed), increases(basis, before)):
        query = select(func.sum(measure.money), *columns.values()).select_from(measure.source)
        for money, *values in connection.execute(query.where(*measure.conditions).group_by(*columns)):
            for one, value in zip(groups, values, strict=True):
                name, sums = one.name(value), found[one.by]
                sums[name] = sums.get(name, 0) + int(money or 0)
    published = Published.of(connection, basis, before)
    for one in groups:
        for value in one.grouping.known if one.grouping.is_unit else ():
            told = published.value("signed.investment", value)
            if told is not None:
                found[one.by][one.name(value)] = told
    return found
