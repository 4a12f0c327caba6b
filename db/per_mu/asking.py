"""What is to be asked about the metrics of a year: doubtful data, and data that are missing, by who owes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.companies.models import company
from db.core import bulk
from db.core.errors import Refused
from db.core.text import Text, _
from db.core.updating import update_column
from db.per_mu import queries
from db.per_mu.formulas import names_in
from db.per_mu.models import BY_METRIC, METRICS, WHOLE_YEAR, company_year, metric, scheme
from db.per_mu.rules import Odd, doubts
from db.per_mu.schemes import Scheme
from db.per_mu.service import confirm, put_metrics
from db.reports.report import Column, Report, Section, Table

RIGHT, OTHER_UNIT, LEAVE = "right", "other_unit", "leave"
_USUAL = ("land", "revenue", "tax", "value_added", "rd", "energy", "staff")


@dataclass(frozen=True)
class Question:
    """A doubtful datum of a company's year. value, before: in 10⁻⁶ of the unit; before: last year's, where there is one."""

    entry: int
    company: int
    name: str
    odd: Odd
    value: int
    before: int | None
    source: str | None

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be answered."""
        return (RIGHT, OTHER_UNIT, LEAVE) if self.odd.meant is not None else (RIGHT, LEAVE)


@dataclass(frozen=True)
class Owed:
    """What one company lacks of what one department owes."""

    owed_by: Text
    entry: int
    company: int
    name: str
    metrics: tuple[Text, ...]


def questions(connection: Connection, year: int, half: int = WHOLE_YEAR) -> list[Question]:
    """What of a year is doubtful and not confirmed, company by company."""
    of, at = company_year.c, metric.c
    query = (
        select(of.id, of.company, company.c.name, at.key, at.value, at.source, at.confirmed_on)
        .join(company_year, of.id == at.entry)
        .join(company, company.c.id == of.company)
        .where(of.year == year, of.half == half)
        .order_by(of.id)
    )
    whose: dict[int, tuple[int, str]] = {}
    values: dict[int, dict[str, int]] = {}
    sources: dict[tuple[int, str], str | None] = {}
    settled: set[tuple[int, str]] = set()
    for entry, number, name, key, value, source, confirmed_on in connection.execute(query):
        whose[entry] = (number, name)
        values.setdefault(entry, {})[key] = value
        sources[entry, key] = source
        if confirmed_on is not None:
            settled.add((entry, key))
    before = queries.values_before(connection, [number for number, _name in whose.values()], year, half)
    found = []
    for entry, (number, name) in whose.items():
        earlier = before.get(number, {})
        for odd in doubts(values[entry], earlier):
            if (entry, odd.key) not in settled:
                value, source = values[entry][odd.key], sources[entry, odd.key]
                found.append(Question(entry, number, name, odd, value, earlier.get(odd.key), source))
    return found


def answer(connection: Connection, asked: Sequence[Question], said: str, *, by: str, on: str, reason: str = "") -> int:
    """They are right (and confirmed), the other unit was meant, or the data are taken out; gives how many were answered.

    Those that are not answered so are left; refused where that is all of them. reason: goes to the remarks of the years.
    """
    taken = [one for one in asked if said in one.answers]
    if not taken:
        raise Refused(_("This question is not answered so."))
    if said == RIGHT:
        for one in taken:
            confirm(connection, [one.entry], [one.odd.key], by=by, on=on)
    else:
        values: dict[int, dict[str, int | None]] = {}
        for one in taken:
            values.setdefault(one.entry, {})[one.odd.key] = one.odd.meant if said == OTHER_UNIT else None
        put_metrics(connection, values)
    if reason.strip():
        _remark(connection, taken, reason.strip())
    return len(taken)


def _remark(connection: Connection, asked: Sequence[Question], reason: str) -> None:
    about: dict[int, list[str]] = {}
    for one in asked:
        about.setdefault(one.entry, []).append(BY_METRIC[one.odd.key].label.render("zh"))
    rows: dict[int, str | None] = {}
    for some in bulk.chunks(list(about)):
        query = select(company_year.c.id, company_year.c.remarks).where(company_year.c.id.in_(some))
        rows |= {row.id: row.remarks for row in connection.execute(query)}
    more = [(entry, f"{'、'.join(about[entry])}：{reason}") for entry in about]
    told = [(entry, f"{rows[entry]}\n{said}" if rows.get(entry) else said) for entry, said in more]
    update_column(connection, company_year, "remarks", told)


def confirm_owed(connection: Connection, entries: Sequence[int], department: str, *, by: str, on: str) -> int:
    """A department says that all it gave for these years is right (`departments`); gives how many data that are.

    Raises `Refused` where it is not said who or when, or there is nothing to confirm.
    """
    missing = {"by": by, "on": on}
    wrong = {key: _("Say who confirmed it, and when.") for key, value in missing.items() if not value.strip()}
    if wrong:
        raise Refused(fields=wrong)
    keys = [one.key for one in METRICS if department in ("", one.owed_by.key)]
    count = confirm(connection, entries, keys, by=by.strip(), on=on)
    if not count:
        raise Refused(_("There is nothing of it to confirm."))
    return count


def departments() -> list[Text]:
    """Who owes metrics, in the order of the metrics."""
    return list(dict.fromkeys(one.owed_by for one in METRICS))


def wanted(connection: Connection, year: int) -> tuple[str, ...]:
    """The metrics that the evaluation of a year needs: those of its newest schemes, else the usual ones."""
    of = scheme.c
    query = select(of.id, of.key).where(of.year == year).order_by(of.published_on.is_not(None), of.version)
    newest = {key: number for number, key in connection.execute(query)}
    named: set[str] = set()
    for number in newest.values():
        named |= _named_by(connection, number)
    return tuple(one.key for one in METRICS if one.key in (named or _USUAL))


def _named_by(connection: Connection, number: int) -> set[str]:
    from db.per_mu.evaluations import scheme_saved  # that room of code needs scoring

    found: Scheme = scheme_saved(connection, number)
    try:
        trees = found.trees()
    except Refused:
        return set(found.required)  # a draft that is not right yet
    return {key for tree in trees.values() for key in names_in(tree) if key in BY_METRIC} | set(found.required)


def owed(connection: Connection, year: int, half: int = WHOLE_YEAR) -> list[Owed]:
    """What is missing of what the evaluation needs, department by department, company by company."""
    group = queries.group_of(connection, year, half=half)
    found: list[Owed] = []
    for gaps in queries.gaps(group, wanted(connection, year)).values():
        together: dict[int, list[queries.Gap]] = {}
        for gap in gaps:
            together.setdefault(gap.entry, []).append(gap)
        found += [
            Owed(some[0].metric.owed_by, entry, some[0].company, some[0].name, tuple(one.metric.label for one in some))
            for entry, some in together.items()
        ]
    return found


def owed_text(found: Sequence[Owed], year: int, lang: str) -> str:
    """The same for a chat: a paragraph a department."""
    lines = []
    for name, some in by_department(found).items():
        heading = _("{department}, {year}: {count} companies lack data", department=name, year=year, count=len(some))
        lines.append(heading.render(lang))
        lines += [_("{name}: {metrics}", name=one.name, metrics=list(one.metrics)).render(lang) for one in some]
        lines.append("")
    return "\n".join(lines).strip()


def by_department(found: Sequence[Owed]) -> Mapping[Text, list[Owed]]:
    """Department → what it owes."""
    grouped: dict[Text, list[Owed]] = {}
    for one in found:
        grouped.setdefault(one.owed_by, []).append(one)
    return grouped


def owed_report(found: Sequence[Owed], year: int, lang: str) -> Report:
    """The same as a workbook with a sheet a department, to be filled in."""
    sections: list[Section] = []
    for name, some in by_department(found).items():
        said = name.render(lang)
        keys = dict.fromkeys(label for one in some for label in one.metrics)
        columns = (
            Column("place", _("No.").render(lang), "centre"),
            Column("company", _("Company").render(lang), "text"),
            *(Column(f"m{at}", label.render(lang), "text") for at, label in enumerate(keys)),
        )
        missing = _("missing").render(lang)
        rows: tuple[tuple[int | str, ...], ...] = tuple(
            (place, one.name, *(missing if label in one.metrics else "" for label in keys))
            for place, one in enumerate(some, 1)
        )
        table = Table(f"owed{len(sections)}", said, columns, rows, sheet=said)
        sections.append(Section(f"owed{len(sections)}", said, (table,)))
    title = _("Data of {year} that are missing", year=year).render(lang)
    return Report(title, tuple(sections), "zh" if lang == "zh" else "en", draft_mark=False)
