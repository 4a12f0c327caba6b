"""What people do with metrics: enter them, confirm them, add what a number does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select, update

from db.companies.models import company
from db.core import bulk
from db.core.errors import Refused
from db.core.settings import Setting, register
from db.core.tables import METADATA
from db.core.text import Text, _
from db.core.updating import update_column
from db.per_mu.models import (
    ADJUSTMENT,
    BONUS,
    BY_METRIC,
    DEDUCTION,
    WHOLE_YEAR,
    adjustment,
    company_year,
    metric,
)
from db.per_mu.rules import is_year, no_year, refused

Values = Mapping[str, int | None]

register(
    Setting("low_use.classes", _("Classes of low use"), "D"),
    Setting("low_use.tax_per_mu", _("Low use below this tax per mu (10,000 yuan per mu)"), ""),
    Setting("low_use.revenue_per_mu", _("Low use below this revenue per mu (10,000 yuan per mu)"), ""),
)
LOW_USE_KEYS = ("low_use.classes", "low_use.tax_per_mu", "low_use.revenue_per_mu")


def entries(
    connection: Connection, companies: Sequence[int], year: int, *, half: int = WHOLE_YEAR, scale: str | None = None
) -> dict[int, int]:
    """Company → its entry of the year, made where there is none; `scale` fills what an entry does not say."""
    if not is_year(year):
        raise Refused(fields={"year": no_year(year)})
    known: dict[int, int] = {}
    unsaid = []
    for some in bulk.chunks(list(dict.fromkeys(companies))):
        query = select(company_year.c.id, company_year.c.company, company_year.c.scale)
        where = (company_year.c.year == year, company_year.c.half == half, company_year.c.company.in_(some))
        for row in connection.execute(query.where(*where)):
            known[row.company] = row.id
            if scale is not None and row.scale is None:
                unsaid.append((row.id, scale))
    update_column(connection, company_year, "scale", unsaid)
    new = [one for one in dict.fromkeys(companies) if one not in known]
    ids = bulk.insert(
        connection, company_year, ("company", "year", "half", "scale"), [(one, year, half, scale) for one in new]
    )
    return known | dict(zip(new, ids, strict=True))


def put_metrics(connection: Connection, rows: Mapping[int, Values], *, source: str | None = None) -> None:
    """Entry → metric → value in 10⁻⁶ of its unit. None takes a datum away; one that changes is no longer confirmed.

    Raises `Refused` for what cannot be; nothing is written then.
    """
    for values in rows.values():
        wrong = refused(values)
        if wrong:
            raise Refused(fields=wrong)
    known: dict[tuple[int, str], tuple[int, int]] = {}
    for some in bulk.chunks(list(rows)):
        query = select(metric.c.id, metric.c.entry, metric.c.key, metric.c.value).where(metric.c.entry.in_(some))
        known |= {(row.entry, row.key): (row.id, row.value) for row in connection.execute(query)}
    source = source or source_of(connection)
    new, changed, gone = [], [], []
    for entry, values in rows.items():
        for key, value in values.items():
            if key not in BY_METRIC:
                raise Refused(_("There is no metric “{key}”.", key=key))
            there = known.get((entry, key))
            if value is None:
                gone += [there[0]] if there else []
            elif there is None:
                new.append((entry, key, value, source))
            elif there[1] != value:
                changed.append((value, source, None, None, there[0]))
    bulk.insert(connection, metric, ("entry", "key", "value", "source"), new)
    if changed:
        bulk.update(connection, metric, ("value", "source", "confirmed_by", "confirmed_on"), changed)
    for some in bulk.chunks(gone):
        connection.execute(delete(metric).where(metric.c.id.in_(some)))


def source_of(connection: Connection) -> str | None:
    """What the operation that is under way says of where its data come from: a file; else who did it."""
    number = connection.info.get("operation")
    operation = METADATA.tables["operation"]
    row = connection.execute(
        select(operation.c.source, operation.c.actor).where(operation.c.number == number)
    ).one_or_none()
    return None if row is None else row.source or row.actor


def confirm(connection: Connection, entries: Sequence[int], keys: Sequence[str], *, by: str, on: str) -> int:
    """The unit that owns these data says that they are right; gives how many were confirmed."""
    count = 0
    for some in bulk.chunks(list(entries)):
        where = (metric.c.entry.in_(some), metric.c.key.in_(list(keys)))
        count += connection.execute(update(metric).where(*where).values(confirmed_by=by, confirmed_on=on)).rowcount
    return count


def put_origin(
    connection: Connection, entry: int, key: str, *, source: str | None, by: str | None, on: str | None
) -> None:
    """Where a datum of a company's year comes from, who says that it is right and when; nobody where neither is said."""
    if bool(by) != bool(on):
        raise Refused(fields={"on" if by else "by": _("Say who confirmed it, and when.")})
    where = (metric.c.entry == entry, metric.c.key == key)
    values = {"source": source or None, "confirmed_by": by or None, "confirmed_on": on or None}
    if not connection.execute(update(metric).where(*where).values(values)).rowcount:
        raise Refused(_("This datum is gone; nothing was changed."))


def adjust(
    connection: Connection, entry: int, kind: str, *, reason: str, points: int | None = None, number: int = 0
) -> int:
    """A bonus, a deduction (points in 10⁻⁶), a veto or an exemption of one company, always with its reason.

    number: the one that becomes this, where it is there already. Gives its id.
    """
    if kind not in dict(ADJUSTMENT.options):
        raise Refused(fields={"kind": _("An adjustment is a bonus, a deduction, a veto or an exemption.")})
    if not reason.strip():
        raise Refused(fields={"reason": _("An adjustment needs its reason.")})
    if kind in (BONUS, DEDUCTION) and not points:
        raise Refused(fields={"points": _("A bonus or a deduction needs its points.")})
    values = {"entry": entry, "kind": kind, "points": abs(points) if points else None, "reason": reason.strip()}
    if number:
        _changed(connection.execute(update(adjustment).where(adjustment.c.id == number).values(**values)).rowcount)
        return number
    (new,) = bulk.take_ids(connection, adjustment, 1)
    connection.execute(adjustment.insert().values(id=new, **values))
    return new


def end_adjustment(connection: Connection, number: int) -> None:
    """It does not count any more; the history keeps it."""
    _changed(connection.execute(delete(adjustment).where(adjustment.c.id == number)).rowcount)


def _changed(count: int) -> None:
    if not count:
        raise Refused(_("This adjustment was removed in the meantime."))


def wrong_years(connection: Connection, ids: Sequence[int]) -> list[tuple[int, Text]]:
    """Entries that break the rules of metrics, each with the sentence (`check`, and after an undo)."""
    found: list[tuple[int, Text]] = []
    for some in bulk.chunks(list(ids)):
        query = select(metric.c.entry, metric.c.key, metric.c.value, company.c.name)
        query = query.join(company_year, company_year.c.id == metric.c.entry)
        query = query.join(company, company.c.id == company_year.c.company)
        for row in connection.execute(query.where(metric.c.entry.in_(some), metric.c.value < 0)):
            why = refused({row.key: row.value})
            found += [(int(row.entry), _("{name}: {why}", name=row.name, why=one)) for one in why.values()]
    return found
