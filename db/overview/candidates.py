"""The rows that may make a published number another than the book's: rule by rule, and definition by definition."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, literal, or_, select
from sqlalchemy import Text as SqlText

from db.core import bulk, settings
from db.core.english import Amount
from db.core.fields import Money
from db.core.formats import show
from db.core.period import Period
from db.core.text import Text, _
from db.overview.measures import Basis, agreed, increases, reached, whole
from db.projects.models import ACTIVE, FRAMEWORK, LEVELS, project, recognition

NEAR, EDGE, ALIKE = 31, 5, 92
MOST = 400  # rows of one rule; a rule that fits more explains nothing
_YI = 10**8 * 100
_OWN_DAY = {"signed": project.c.signed_on, "started": project.c.began_on, "produced": project.c.produced_on}
LEVEL_NAMES = {"district": _("district level"), "city": _("city level"), "province": _("province level")}


@dataclass(frozen=True)
class Row:
    """A project as far as a stage is concerned. days: level → day of recognition. Money in hundredths of yuan."""

    id: int
    name: str
    status: str
    framework: bool
    own: str
    days: Mapping[str, str]
    money: int | None
    agreed: int | None
    total: int | None


@dataclass(frozen=True)
class Candidate:
    """A row by which the published number may differ: `count` and `money` are what it would add to the book's."""

    kind: str
    id: int
    name: str
    count: int
    money: int
    text: Callable[[Sequence[Candidate]], Text] = dataclasses.field(compare=False, repr=False)
    note: Text | str = ""


@dataclass(frozen=True)
class Effect:
    """What an explanation would add to the book's number and money."""

    kind: str
    text: Text
    rows: tuple[int, ...]
    names: tuple[str, ...]
    count: int
    money: int


@dataclass(frozen=True)
class Stage:
    """One stage in one period: what the book counts, and the rows near it that it does not."""

    name: str
    basis: Basis
    period: Period
    counted: Mapping[int, int]
    rows: Mapping[int, Row]
    threshold: int

    @classmethod
    def read(cls, connection: Connection, basis: Basis, name: str, period: Period) -> Stage:
        """Rows whose day, at any level, lies within a month of the period."""
        first, last = (_moved(period.first, -NEAR), _moved(period.last, NEAR))
        counted = _counted(connection, basis, name, period)
        rows = _rows(connection, name, first, last, period, set(counted))
        bands = settings.get(connection, "size.bands").split(",")
        return cls(name, basis, period, counted, rows, int(bands[0]) * _YI)

    def day(self, row: Row) -> str:
        """The day by which the book counts it; "" where it has none."""
        return row.days.get(self.basis.level, "") if self.name in self.basis.recognised else row.own

    def inside(self, day: str) -> bool:
        """Whether a day lies in the period."""
        return self.period.first <= day <= self.period.last

    @property
    def own(self) -> list[Row]:
        """The rows that the book counts."""
        return [self.rows[one] for one in self.counted if one in self.rows]

    @property
    def others(self) -> list[Row]:
        """The rows near the period that it does not count."""
        return [row for row in self.rows.values() if row.id not in self.counted]


def _moved(day: str, days: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=days)).isoformat()


def _counted(connection: Connection, basis: Basis, name: str, period: Period) -> dict[int, int]:
    measure = reached(basis, name, period, agreed if name == "signed" else whole)
    assert measure.money is not None
    query = select(project.c.id, measure.money).select_from(measure.source).where(*measure.conditions)
    return {row[0]: int(row[1] or 0) for row in connection.execute(query.order_by(project.c.id))}


def _rows(connection: Connection, name: str, first: str, last: str, period: Period, also: set[int]) -> dict[int, Row]:
    own, of = _OWN_DAY[name], recognition.c
    near = exists().where(of.project == project.c.id, of.stage == name, of.recognised_on.between(first, last))
    end = literal(period.last, SqlText())
    p = project.c
    query = select(p.id, p.name, p.status, p.agreement_kind, own.label("own"), agreed(end).label("agreed"),
                   whole(end).label("total"))  # fmt: skip
    found: dict[int, Any] = {
        row.id: row for row in connection.execute(query.where(or_(own.between(first, last), near)))
    }
    for some in bulk.chunks(sorted(also - set(found))):
        found |= {row.id: row for row in connection.execute(query.where(p.id.in_(list(some))))}
    days: dict[int, dict[str, str]] = {}
    for some in bulk.chunks(sorted(found)):
        asked = select(of.project, of.level, of.recognised_on).where(of.project.in_(list(some)), of.stage == name)
        for row in connection.execute(asked.where(of.recognised_on.is_not(None))):
            days.setdefault(row.project, {})[row.level] = row.recognised_on
    return {
        one: Row(
            one, row.name, row.status, row.agreement_kind == FRAMEWORK, row.own or "", days.get(one, {}),
            _whole(row.agreed if name == "signed" else row.total), _whole(row.agreed), _whole(row.total),
        )
        for one, row in sorted(found.items())
    }  # fmt: skip


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


# --- rules -----------------------------------------------------------------------------------------------------------


def candidates(stage: Stage) -> list[list[Candidate]]:
    """The rows of every rule that has some, nearest first."""
    rules = (
        _after, _before, _not_recognised, *(_level(level) for level in LEVELS), _framework, _edge, _own_elsewhere,
        _small, _stopped, _twice, _slips, _without_amount,
    )  # fmt: skip
    found = [list(rule(stage)) for rule in rules]
    return [rule for rule in found if rule and len(rule) <= MOST]


def _plus(kind: str, row: Row, text: Callable[[Sequence[Candidate]], Text], note: Text | str = "") -> Candidate:
    return Candidate(kind, row.id, row.name, 1, row.money or 0, text, note)


def _minus(
    kind: str, stage: Stage, row: Row, text: Callable[[Sequence[Candidate]], Text], note: Text | str = ""
) -> Candidate:
    return Candidate(kind, row.id, row.name, -1, -stage.counted.get(row.id, 0), text, note)


def _many(one: Text, many: Text) -> Callable[[Sequence[Candidate]], Text]:
    """One row by its name, several by their number."""

    def said(rows: Sequence[Candidate]) -> Text:
        if len(rows) == 1:
            return one(name=rows[0].name, note=rows[0].note)
        return many(count=len(rows))

    return said


_AFTER = _many(
    _("“{name}” is dated {note}, just after the period"), _("{count} projects are dated just after the period")
)
_BEFORE = _many(
    _("“{name}” is dated {note}, just before the period"), _("{count} projects are dated just before the period")
)


def _can_count(stage: Stage, row: Row) -> bool:
    return stage.basis.framework_counts or not row.framework


def _after(stage: Stage) -> Iterator[Candidate]:
    rows = [row for row in stage.others if stage.day(row) > stage.period.last and _can_count(stage, row)]
    for row in sorted(rows, key=stage.day):
        yield _plus("after", row, _AFTER, stage.day(row))


def _before(stage: Stage) -> Iterator[Candidate]:
    rows = [row for row in stage.others if "" < stage.day(row) < stage.period.first and _can_count(stage, row)]
    for row in sorted(rows, key=stage.day, reverse=True):
        yield _plus("before", row, _BEFORE, stage.day(row))


_UNRECOGNISED = _many(
    _("“{name}” happened on {note} and is not recognised"),
    _("{count} projects happened in the period and are not recognised"),
)


def _not_recognised(stage: Stage) -> Iterator[Candidate]:
    if stage.name in stage.basis.recognised:
        for row in stage.others:
            if stage.inside(row.own) and not stage.day(row) and _can_count(stage, row):
                yield _plus("unrecognised", row, _UNRECOGNISED, row.own)


def _level(level: str) -> Callable[[Stage], Iterator[Candidate]]:
    text = _many(
        _("“{name}” is recognised at the {level} on {note}", level=LEVEL_NAMES[level]),
        _("{count} projects are recognised in the period at the {level} only", level=LEVEL_NAMES[level]),
    )

    def said(rows: Sequence[Candidate]) -> Text:
        made = text(rows)
        return made(**{**made.args, "level": LEVEL_NAMES[level]})

    def rule(stage: Stage) -> Iterator[Candidate]:
        if level == stage.basis.level and stage.name in stage.basis.recognised:
            return
        for row in stage.others:
            if stage.inside(row.days.get(level, "")) and _can_count(stage, row):
                yield _plus("level", row, said, row.days[level])

    return rule


_IS_FRAMEWORK = _many(
    _("“{name}” is a framework agreement and is not counted"),
    _("{count} framework agreements of the period are not counted"),
)
_COUNTED_FRAMEWORK = _many(
    _("“{name}” is a framework agreement, which the book counts"), _("{count} framework agreements are counted")
)


def _framework(stage: Stage) -> Iterator[Candidate]:
    if stage.basis.framework_counts:
        for row in stage.own:
            if row.framework:
                yield _minus("framework", stage, row, _COUNTED_FRAMEWORK)
        return
    for row in stage.others:
        if row.framework and stage.inside(stage.day(row) or row.own):
            yield _plus("framework", row, _IS_FRAMEWORK)


_AT_EDGE = _many(
    _("“{name}” is dated {note}, at the edge of the period; it may have been reported in the next one"),
    _("{count} projects are dated in the last days of the period; they may have been reported in the next one"),
)
_ELSEWHERE = _many(
    _("“{name}” itself happened on {note}, outside the period; only its recognition lies in it"),
    _("{count} projects happened outside the period; only their recognition lies in it"),
)


def _edge(stage: Stage) -> Iterator[Candidate]:
    late = _moved(stage.period.last, -EDGE)
    for row in sorted(stage.own, key=stage.day, reverse=True):
        if stage.day(row) > late:
            yield _minus("edge", stage, row, _AT_EDGE, stage.day(row))


def _own_elsewhere(stage: Stage) -> Iterator[Candidate]:
    if stage.name in stage.basis.recognised:
        for row in stage.own:
            if row.own and not stage.inside(row.own):
                yield _minus("elsewhere", stage, row, _ELSEWHERE, row.own)


_BELOW = _many(_("“{name}” is below the threshold: {note}"), _("{count} projects are below the threshold"))
_STOPPED = _many(_("“{name}” no longer goes on ({note})"), _("{count} projects no longer go on"))


def _small(stage: Stage) -> Iterator[Candidate]:
    for row in stage.own:
        if row.money is not None and row.money < stage.threshold:
            yield _minus("small", stage, row, _BELOW, said_money(row.money))


def _stopped(stage: Stage) -> Iterator[Candidate]:
    from db.projects.models import STATUS

    for row in stage.own:
        if row.status != ACTIVE:
            made = _minus("stopped", stage, row, _STOPPED)
            label = STATUS.label(row.status)
            yield dataclasses.replace(made, text=_noted(_STOPPED, label))


def _noted(text: Callable[[Sequence[Candidate]], Text], note: Text) -> Callable[[Sequence[Candidate]], Text]:
    def said(rows: Sequence[Candidate]) -> Text:
        made = text(rows)
        return made(**{**made.args, "note": note}) if "note" in made.args else made

    return said


_DOUBLE = _many(_("“{name}” and “{note}” may be one project"), _("{count} projects may stand in the book twice"))


def _twice(stage: Stage) -> Iterator[Candidate]:
    from rapidfuzz import fuzz, process

    rows = stage.own
    if len(rows) > 3000:
        return
    names = [row.name for row in rows]
    gone: set[int] = set()
    for at, row in enumerate(rows):
        if at in gone:
            continue
        for _name, _score, place in process.extract(row.name, names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=4):
            if place > at and place not in gone:
                gone.add(place)
                yield _minus("twice", stage, rows[place], _DOUBLE, names[at])


_SLIP = _many(
    _("the amount of “{name}” may be in 万 instead of 亿, or the other way round: {note}"),
    _("the amounts of {count} projects may be in 万 instead of 亿, or the other way round"),
)
_NO_AMOUNT = _many(_("“{name}” has no amount"), _("{count} projects have no amount"))


def _slips(stage: Stage) -> Iterator[Candidate]:
    """Amounts that are ten thousand times those of the others, or a ten-thousandth."""
    for row in stage.own:
        if row.money and (row.money >= 100 * _YI or row.money < _YI // 1000):
            right = row.money // 10_000 if row.money >= 100 * _YI else row.money * 10_000
            yield Candidate("slip", row.id, row.name, 0, right - row.money, _SLIP, said_money(row.money))


def _without_amount(stage: Stage) -> Iterator[Candidate]:
    for row in stage.own:
        if row.money is None:
            yield Candidate("blank", row.id, row.name, 0, 0, _NO_AMOUNT)


def said_money(value: int) -> Text:
    """52,000 万元 or 5.20 亿元, as sentences say it; 520 million yuan."""
    told = (
        _("{amount} hundred million yuan", amount=show(Money("亿元"), value, digits=2))
        if abs(value) >= _YI
        else _("{amount} ten thousand yuan", amount=show(Money("万元"), value))
    )
    return Amount(told.key, told.args, value)


# --- definitions -----------------------------------------------------------------------------------------------------


def other_definitions(
    connection: Connection, basis: Basis, name: str, period: Period, stage: Stage
) -> list[Effect]:  # fmt: skip
    """What the book would say under another definition: the other investment, level, event's own date, frameworks."""
    now = (len(stage.counted), sum(stage.counted.values()))
    added = _increased(connection, basis, period) if name == "signed" else 0
    found = [_other_money(stage, name, now[1])]
    if added:
        found.append(Effect("increases", _("without what capital increases add"), (), (), 0, -added))
    for text, other in _other_bases(basis, name, stage.threshold):
        rows = _counted(connection, other, name, period)
        if not rows:  # nothing is counted that way in this book: it explains nothing
            continue
        moved = tuple(sorted(set(rows) ^ set(stage.counted)))
        names = tuple(stage.rows[one].name for one in moved if one in stage.rows)
        found.append(
            Effect("definition", text, moved, names, len(rows) - now[0], sum(rows.values()) - now[1])
        )  # fmt: skip
    return [one for one in found if one.count or one.money]


def _other_money(stage: Stage, name: str, now: int) -> Effect:
    rows = stage.own
    other = sum((row.total if name == "signed" else row.agreed) or 0 for row in rows)
    text = (
        _("by total instead of agreed investment") if name == "signed" else _("by agreed instead of total investment")
    )
    differing = tuple(row.id for row in rows if row.total != row.agreed)
    names = tuple(row.name for row in rows if row.total != row.agreed)
    return Effect("money", text, differing, names, 0, other - now)


def _other_bases(basis: Basis, name: str, threshold: int) -> Iterator[tuple[Text, Basis]]:
    if name in basis.recognised:
        yield (
            _("by the event's own date instead of its recognition"),
            dataclasses.replace(basis, recognised=frozenset()),
        )
    for level in LEVELS:
        if level != basis.level:
            yield (
                _("by recognition at the {level}", level=LEVEL_NAMES[level]),
                dataclasses.replace(basis, level=level, recognised=basis.recognised | {name}),
            )
    text = _("without framework agreements") if basis.framework_counts else _("with framework agreements")
    yield text, dataclasses.replace(basis, framework_counts=not basis.framework_counts)
    for yi in sorted({threshold // _YI, 1, 5, 10, 20, 50}):
        amount = _("{number}00 million yuan", number=yi)
        yield _("only those of {amount} or more", amount=amount), dataclasses.replace(basis, min_investment=yi * _YI)


def _increased(connection: Connection, basis: Basis, period: Period) -> int:
    measure = increases(basis, period)
    query = select(func.sum(measure.money)).select_from(measure.source).where(*measure.conditions)
    return int(connection.scalar(query) or 0)


def same_amount(connection: Connection, stage: Stage, gap: int, within: int) -> list[Effect]:
    """A project, or two, whose amount is exactly the difference; and an amount off by a power of ten."""
    found = []
    if gap < 0:
        found += _pairs(stage, -gap, within)
    else:
        found += _elsewhere_in_book(connection, stage, gap, within)
    for row in stage.own:
        for tens in (4, -4, 1, -1, 2, -2, 3, -3):
            other = _scaled(row.money, tens)
            if other is not None and abs(other - (row.money or 0) - gap) <= within:
                text = _("“{name}” at {amount} instead of {now} is exactly the difference", name=row.name,
                         amount=said_money(other), now=said_money(row.money or 0))  # fmt: skip
                found.append(Effect("slip", text, (row.id,), (row.name,), 0, other - (row.money or 0)))
    return found[:6]


def _scaled(money: int | None, tens: int) -> int | None:
    if not money:
        return None
    if tens > 0:
        return int(money * 10**tens)
    return int(money // 10**-tens) if money % 10**-tens == 0 else None


def _pairs(stage: Stage, gap: int, within: int) -> list[Effect]:
    """One or two counted projects that the published sum lacks."""
    amounts = sorted((money, one) for one, money in stage.counted.items() if money)
    found = []
    for money, one in amounts:
        if abs(money - gap) <= within:
            text = _("“{name}” alone is the difference: {amount}", name=stage.rows[one].name, amount=said_money(money))
            found.append(Effect("equals", text, (one,), (stage.rows[one].name,), -1, -money))
    low, high = 0, len(amounts) - 1
    while low < high and len(found) < 3:
        total = amounts[low][0] + amounts[high][0]
        if abs(total - gap) <= within:
            ids = (amounts[low][1], amounts[high][1])
            names = tuple(stage.rows[one].name for one in ids)
            text = _("“{first}” and “{second}” together are the difference", first=names[0], second=names[1])
            found.append(Effect("equals", text, ids, names, -2, -total))
        low, high = (low + 1, high) if total < gap else (low, high - 1)
    return found


def _elsewhere_in_book(connection: Connection, stage: Stage, gap: int, within: int) -> list[Effect]:
    """Projects that are not counted and whose amount is the difference, those dated nearest to the period first."""
    p, own = project.c, _OWN_DAY[stage.name]
    amount = func.coalesce(p.agreed_investment, p.total_investment)
    if stage.name != "signed":
        amount = func.coalesce(p.total_investment, p.agreed_investment)
    query = select(p.id, p.name, amount.label("money"), own.label("own"))
    query = query.where(amount.between(gap - within, gap + within)).order_by(p.id).limit(MOST)
    rows = [row for row in connection.execute(query) if row.id not in stage.counted]
    found = []
    for row in sorted(rows, key=lambda row: _far(stage.period, row.own))[:3]:
        text = _(
            "“{name}”, which is not counted ({day}), has exactly the difference: {amount}",
            name=row.name, day=row.own or _("no date"), amount=said_money(int(row.money)),
        )  # fmt: skip
        found.append(Effect("equals", text, (row.id,), (row.name,), 1, int(row.money)))
    return found


def _far(period: Period, day: str | None) -> int:
    """Days between a day and the period; very far where there is none."""
    if not day:
        return 10**6
    one, first, last = (dt.date.fromisoformat(text) for text in (day, period.first, period.last))
    return max((first - one).days, (one - last).days, 0)
