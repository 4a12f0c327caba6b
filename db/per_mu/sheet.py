"""What the import is told about metrics: a row is a company's year; year and scope are said once for a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from db.companies.models import company
from db.companies.queries import known_companies
from db.companies.rules import plain_code, plain_company
from db.companies.service import company_ids
from db.core import bulk, listing, own
from db.core.columns import Columns, size
from db.core.fields import Field, Metric
from db.core.progress import Progress
from db.core.reading import half_width
from db.core.text import Text, _
from db.core.updating import update_column
from db.people.models import STREET
from db.people.queries import place_said
from db.people.service import unit_ids
from db.per_mu.fields import PER_MU_FIELDS, RESULT_FIELDS
from db.per_mu.models import BY_METRIC, METRICS, WHOLE_YEAR, company_year
from db.per_mu.queries import values_before
from db.per_mu.rules import STATED, Odd, Stated, contradicts, doubts, refused
from db.per_mu.service import entries, put_metrics
from db.sheets import remembered
from db.sheets.room import Doubt, RoomSheet

ROOM = "per_mu"
BATCH = 2_000
_FIELDS = {one.key: one for one in PER_MU_FIELDS}
_STATED_FIELDS = tuple(Field(one.key, one.label, Metric(one.unit), one.aliases, "stated") for one in STATED)
_RESULTS = tuple(one.key for one in RESULT_FIELDS)
_CLASS = re.compile(r"(?:[(]?[一二三四五\d]+[)]?[、.．]?)?(?:评价结果|等级)?[:：]?([A-Ea-e])[类档级]")
_RANK = re.compile(r"第?(\d+)(?:名|位)?")
_COMPANY_FACTS = ("industry", "street")


def existing(connection: Connection) -> list[dict[str, Any]]:
    """Id and what tells entries apart, of all of them."""
    query = select(
        company_year.c.id,
        company.c.name.label("company"),
        company.c.credit_code,
        company_year.c.year,
        company_year.c.half,
    ).join(company, company.c.id == company_year.c.company)
    rows = connection.execute(query.order_by(company_year.c.id)).mappings()
    return [{**row, "half": str(row["half"])} for row in rows]


def current(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Id → cell key → stored value, for the cells an import wants to compare."""
    fields = [_FIELDS[key] for key in keys if key in _FIELDS]
    found: dict[int, dict[str, Any]] = {
        row[0]: dict(zip((one.key for one in fields), row[1:], strict=True))
        for row in listing.rows(connection, company_year, fields, ids)
    }
    if any(key.startswith(own.PREFIX) for key in keys):
        for number, values in own.values_of(connection, ROOM, list(found)).items():
            found[number] |= {own.PREFIX + label: value for label, value in values.items()}
    return found


def insert(connection: Connection, columns: Columns, progress: Progress) -> list[int]:
    """New years of companies; companies nobody knows are added. A company's second row fills what the first leaves out."""
    count, ids = size(columns), []
    for start in range(0, count, BATCH):
        progress.step(start, count, _("Writing {done} of {total}", done=start, total=count))
        part = {key: column[start : start + BATCH] for key, column in columns.items()}
        ids += _insert_part(connection, part)
    return ids


def _insert_part(connection: Connection, part: Columns) -> list[int]:
    count = size(part)
    nothing = [None] * count
    names, codes = part.get("company", nothing), part.get("credit_code", nothing)
    pairs = [(str(name or ""), code) for name, code in zip(names, codes, strict=True)]
    numbers = company_ids(connection, pairs)
    whose = [numbers[pair] for pair in pairs]
    ids: list[int] = [0] * count
    halves, scales, years = (part.get(key, nothing) for key in ("half", "scale", "year"))
    together: dict[tuple[int, int, str | None], list[int]] = {}
    for place in range(count):
        mark = (int(years[place] or 0), int(halves[place] or WHOLE_YEAR), scales[place])
        together.setdefault(mark, []).append(place)
    for (year, half, scale), places in together.items():
        made = entries(connection, [whose[place] for place in places], year, half=half, scale=scale)
        for place in places:
            ids[place] = made[whose[place]]
    rows: dict[int, dict[str, int | None]] = {}
    for one in METRICS:
        for place, value in enumerate(part.get(one.key, ())):
            if value is not None:
                rows.setdefault(ids[place], {}).setdefault(one.key, value * one.factor)
    put_metrics(connection, rows)
    _put_results(connection, {
        entry: said for place, entry in enumerate(ids)
        if (said := {key: value for key in _RESULTS if key in part and (value := part[key][place]) is not None})
    })  # fmt: skip
    _tell_companies(connection, part, whose)
    _put_rest(connection, part, ids)
    return ids


def _tell_companies(connection: Connection, part: Columns, whose: Sequence[int]) -> None:
    """Industry and place of a company that says neither yet."""
    for key in _COMPANY_FACTS:
        said = {number: value for number, value in zip(whose, part.get(key, ()), strict=False) if value}
        if key == "street" and said:
            known = unit_ids(connection, list(dict.fromkeys(said.values())), kind=STREET)
            said = {number: known[name] for number, name in said.items()}
        for some in bulk.chunks(list(said)):
            empty = select(company.c.id).where(company.c.id.in_(some), company.c[key].is_(None))
            update_column(connection, company, key, [(one, said[one]) for one in connection.scalars(empty).all()])


def _put_results(connection: Connection, rows: Mapping[int, Mapping[str, Any]]) -> None:
    if rows:
        from db.per_mu.evaluations import put_given  # a start needs no scoring

        put_given(connection, rows)


def _put_rest(connection: Connection, part: Columns, ids: Sequence[int]) -> None:
    update_column(connection, company_year, "remarks",
                  [(entry, value) for entry, value in zip(ids, part.get("remarks", ()), strict=False) if value])  # fmt: skip
    for key, column in part.items():
        if key.startswith(own.PREFIX):
            said = [(entry, value) for entry, value in zip(ids, column, strict=True) if value is not None]
            own.put_values(connection, _own_field(connection, key), said)


def update(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Write single cells of entries that are there already."""
    rows: dict[int, dict[str, int | None]] = {}
    facts: dict[str, dict[int, Any]] = {}
    for entry, key, value in cells:
        if key in BY_METRIC:
            rows.setdefault(entry, {})[key] = None if value is None else value * BY_METRIC[key].factor
        else:
            facts.setdefault(key, {})[entry] = value
    put_metrics(connection, rows)
    results: dict[int, dict[str, Any]] = {}
    for key in _RESULTS:
        for entry, value in facts.pop(key, {}).items():
            results.setdefault(entry, {})[key] = value
    _put_results(connection, results)
    numbers = _companies_of(connection, [entry for said in facts.values() for entry in said])
    for key, said in facts.items():
        if key in ("scale", "remarks"):
            update_column(connection, company_year, key, list(said.items()))
        elif key == "street":
            known = unit_ids(connection, [name for name in said.values() if name], kind=STREET)
            update_column(connection, company, key, [(numbers[entry], known.get(name)) for entry, name in said.items()])
        elif key == "industry":
            update_column(connection, company, key, [(numbers[entry], value) for entry, value in said.items()])
        elif key.startswith(own.PREFIX):
            own.put_values(connection, _own_field(connection, key), list(said.items()))


def _own_field(connection: Connection, key: str) -> int:
    label = key[len(own.PREFIX) :]
    return own.field_ids(connection, ROOM, [label])[label]


def _companies_of(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in bulk.chunks(sorted(set(ids))):
        query = select(company_year.c.id, company_year.c.company).where(company_year.c.id.in_(some))
        found |= {row.id: row.company for row in connection.execute(query)}
    return found


def check(columns: Columns) -> dict[int, dict[str, Text]]:
    """What cannot be: place → key → why."""
    found: dict[int, dict[str, Text]] = {}
    for key in BY_METRIC:
        for place, value in enumerate(columns.get(key, ())):
            if value is not None and value < 0:
                found.setdefault(place, {}).update(refused({key: value}))
    return {place: why for place, why in found.items() if why}


def doubtful(connection: Connection | None, columns: Columns) -> Iterator[Doubt]:
    """What is asked before a row is taken: slips of unit, leaps from last year; and ratios that contradict their parts."""
    before = _last_year(connection, columns)
    for place in range(size(columns)):
        now = _in_micro(columns, place)
        for odd in doubts(now, before.get(place, {})):
            yield _doubt(place, odd)
        for one in STATED:
            stated = columns[one.key][place] if one.key in columns else None
            if stated is not None and (found := _contradiction(place, one, stated, now)) is not None:
                yield found


def _in_micro(columns: Columns, place: int) -> dict[str, int]:
    values = {one.key: columns[one.key][place] for one in METRICS if one.key in columns}
    return {key: value * BY_METRIC[key].factor for key, value in values.items() if value is not None}


def _last_year(connection: Connection | None, columns: Columns) -> dict[int, dict[str, int]]:
    """By place, what the book has of the year before of the same company."""
    years = columns.get("year")
    if connection is None or years is None:
        return {}
    names, codes = (columns.get(key) or [None] * size(columns) for key in ("company", "credit_code"))
    plain = [(plain_company(name or ""), plain_code(code)) for name, code in zip(names, codes, strict=True)]
    known = known_companies(
        connection, [name for name, _code in plain if name], [code for _name, code in plain if code]
    )
    found: dict[int, dict[str, int]] = {}
    halves = columns.get("half") or [None] * size(columns)
    wanted: dict[tuple[int, int], dict[int, int]] = {}
    for place, (name, code) in enumerate(plain):
        number = known.by_code.get(code or "") or known.by_name.get(name)
        if number is not None and years[place]:
            wanted.setdefault((years[place], int(halves[place] or WHOLE_YEAR)), {})[place] = number
    for (year, half), places in wanted.items():
        values = values_before(connection, places.values(), year, half)
        found |= {place: values[number] for place, number in places.items() if number in values}
    return found


def _doubt(place: int, odd: Odd) -> Doubt:
    if odd.meant is None:
        return Doubt(place, odd.key, odd.kind, odd.why, options=(("as_is", _("It is right")), ("leave", _("Leave the cell out"))),
                     proposed="as_is", values={"leave": None})  # fmt: skip
    meant = Fraction(odd.meant, BY_METRIC[odd.key].factor)
    options = (("other", _("The other unit was meant")), ("as_is", _("It is right")))
    return Doubt(place, odd.key, odd.kind, odd.why, options=options, proposed="other", values={"other": round(meant)})


def _contradiction(place: int, one: Stated, stated: int, now: Mapping[str, int]) -> Doubt | None:
    right = contradicts(one, stated, now.get(one.above), now.get(one.below))
    if right is None:
        return None
    why = _("{ratio} contradicts its own parts: they give {right}. The parts are taken.", ratio=one.label, right=right)
    return Doubt(place, one.key, "contradiction", why)


def spill(key: str, words: str) -> dict[str, Any]:
    """第1名 in a column of ranks."""
    rank = _RANK.fullmatch(half_width(words)) if key == "given_rank" else None
    return {key: int(rank[1])} if rank else {}


def context(words: str) -> Mapping[str, Any]:
    """What a banner says of the companies under it: A类企业（258家） → class A; 临河镇 → the street."""
    found = _CLASS.match("".join(half_width(words).split()))
    place = place_said(words)
    return ({"given_class": found[1].upper()} if found else {}) | ({"street": place} if place else {})


PER_MU_SHEET = RoomSheet(
    room=ROOM,
    label=_("Per-mu benefit"),
    fields=(*PER_MU_FIELDS, *_STATED_FIELDS),
    monthly=frozenset(),
    logs=frozenset(),
    identity=(("company", "credit_code", "half", "year"), ("credit_code", "half", "year"), ("company", "half", "year")),
    required=("company", "year"),
    whole_sheet=("year", "half", "scale", "street", "given_class"),
    existing=existing,
    current=current,
    insert=insert,
    update=update,
    check=check,
    table=company_year.name,
    fill_down=frozenset({"street", "industry"}),
    context=context,
    spill=spill,
    remarks="remarks",
    own_headings=own.headings_of(ROOM),
    remember_layout=own.layout_keeper(ROOM),
    recall_layout=own.layout_finder(ROOM),
    like_layout=remembered.finder(ROOM),
    assumed={"half": str(WHOLE_YEAR)},
    stated=frozenset(one.key for one in STATED),
    doubts=doubtful,
)
