"""A scheme's JSON as rows of facts that a form can show, and back; and what a change of it would do.

A part is a list of the scheme (indicators, own formulas, extras, classes); `FACTS` are what it says once. Numbers are
in 10⁻⁶, as `Metric` keeps them; names of several things have 、 between them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from db.core.errors import Refused
from db.core.fields import Choice, Field, Flag, Metric, Whole, Words
from db.core.text import LANGUAGES, Text, _
from db.per_mu import formulas
from db.per_mu.groups import Group
from db.per_mu.models import BONUS, DEDUCTION, METRICS, MICRO, SCOPE, VETO, WHOLE_YEAR, scheme
from db.per_mu.schemes import (
    BY_SCORE,
    BY_SHARE,
    CEILING,
    EFFICACY,
    FIXED,
    FLOOR,
    GROUP_MEAN,
    HALF_UP,
    LEFT_OUT,
    MEAN,
    MEDIAN,
    RANGE,
    RATIO,
    WEIGHTED,
    ZERO,
    Scheme,
    known_names,
    plain,
    presets,
    problems,
)

Data = Mapping[str, Any]
INDICATORS, TERMS, EXTRAS, CLASSES = "indicators", "terms", "extras", "classes"
METHOD = Choice(
    ((RATIO, _("Ratio to the baseline")), (RANGE, _("Range, lowest to highest")), (EFFICACY, _("Efficacy, from 60")))
)
BASELINE = Choice(
    ((FIXED, _("A number")), (MEAN, _("Mean of the group")), (WEIGHTED, _("ΣX ÷ Σland of the group")),
     (MEDIAN, _("Median of the group")))
)  # fmt: skip
MISSING = Choice(
    ((ZERO, _("0 points")), (GROUP_MEAN, _("The group's mean score")), (LEFT_OUT, _("Left out, the rest raised")))
)
EXTRA = Choice(((BONUS, _("Bonus")), (DEDUCTION, _("Deduction")), (VETO, _("Veto"))))
BY = Choice(((BY_SHARE, _("By share of the ranking")), (BY_SCORE, _("By score"))))
ROUNDING = Choice(((FLOOR, _("Rounded down")), (HALF_UP, _("Rounded half up")), (CEILING, _("Rounded up"))))
_N = Metric("")

PARTS: Mapping[str, tuple[Field, ...]] = {
    INDICATORS: (
        Field("name", _("Name of the indicator"), Words()), Field("formula", _("Formula"), Words(long=True)),
        Field("unit", _("Unit"), Words()), Field("weight", _("Weight"), _N), Field("method", _("Method"), METHOD),
        Field("mode", _("Baseline"), BASELINE), Field("value", _("Value of the baseline"), _N),
        Field("factor", _("Baseline times"), _N), Field("last", _("Of the year before"), Flag()),
        Field("reverse", _("Less is better"), Flag()), Field("cap", _("At most so many times the weight"), _N),
        Field("floor", _("At least so many per cent of the weight"), _N), Field("missing", _("Where a value is missing"), MISSING),
    ),
    TERMS: (Field("name", _("Name of the formula"), Words()), Field("formula", _("Formula"), Words(long=True))),
    EXTRAS: (
        Field("kind", _("Kind"), EXTRA), Field("name", _("Name"), Words()), Field("points", _("Points"), _N),
        Field("tag", _("For companies with the tag"), Words()), Field("when", _("Where this holds"), Words(long=True)),
        Field("class", _("Veto: no better class than"), Words()),
    ),
    CLASSES: (Field("name", _("Class"), Words()), Field("limit", _("Limit"), _N)),
}  # fmt: skip
FACTS: tuple[Field, ...] = (
    Field("name", _("Name of the scheme"), Words()), Field("year", _("Year of the data"), Whole(plain=True)),
    Field("halves", _("Half-years too"), Flag()), Field("scope", _("Scope"), SCOPE), Field("total", _("The weights sum to"), _N),
    Field("by", _("How classes are cut"), BY), Field("rounding", _("Shares are"), ROUNDING),
    Field("required", _("Needed for a place in the ranking"), Words(tags=True)),
    Field("undetermined", _("Class without them"), Words()), Field("exempt", _("Exempt: companies with the tag"), Words(tags=True)),
    Field("exempt_class", _("Class of the exempt"), Words()), Field("bonus_cap", _("Bonuses at most"), _N),
    Field("deduction_cap", _("Deductions at most"), _N), Field("source", _("Source"), Words(long=True)),
)  # fmt: skip
NEW: Mapping[str, Data] = {
    INDICATORS: {"weight": 0, "method": RATIO, "mode": WEIGHTED, "factor": MICRO, "floor": 0, "missing": ZERO},
    TERMS: {}, EXTRAS: {"kind": BONUS}, CLASSES: {},
}  # fmt: skip
_NAMES = {lang: {one.key: one.label.render(lang) for one in METRICS} for lang in LANGUAGES}
_KEYS = {name: one.key for one in METRICS for name in (one.key, *(names[one.key] for names in _NAMES.values()))}
_OWN_NUMBERS = {"weight", "cap", "floor"}


def rows(data: Data, part: str) -> list[dict[str, Any]]:
    """The rows of a part, as the stored values of its fields."""
    if part == TERMS:
        return [{"name": name, "formula": text} for name, text in (data.get("terms") or {}).items()]
    if part == CLASSES:
        return [{"name": name, "limit": _micro(limit)} for name, limit in data["classes"]["limits"]]
    if part == EXTRAS:
        return [
            {"kind": kind, "name": one["name"], "points": _micro(one.get("points")), "tag": one.get("tag") or None,
             "when": one.get("when") or None, "class": one.get("class")}
            for kind, key in _EXTRA_LISTS for one in data.get(key, ())
        ]  # fmt: skip
    return [_indicator(one) for one in data["indicators"]]


_EXTRA_LISTS = ((BONUS, "bonuses"), (DEDUCTION, "deductions"), (VETO, "vetoes"))


def _indicator(one: Data) -> dict[str, Any]:
    base, method = one.get("baseline") or {}, one.get("method", RATIO)
    return {
        "code": one["code"], "name": one["name"], "formula": one["formula"], "unit": one.get("unit") or None,
        "weight": _micro(one["weight"]), "method": method, "mode": base.get("mode", FIXED),
        "value": _micro(base.get("value")), "factor": _micro(base.get("factor", "1")), "last": int(bool(base.get("last"))),
        "reverse": int(bool(one.get("reverse"))), "cap": _micro(one.get("cap")),
        "floor": _micro(one.get("floor", "60" if method == EFFICACY else "0")), "missing": one.get("missing", ZERO),
    }  # fmt: skip


def with_rows(data: Data, part: str, of: Sequence[Data]) -> dict[str, Any]:
    """The scheme with other rows in a part."""
    made = dict(data)
    if part == TERMS:
        made["terms"] = {str(one.get("name") or ""): str(one.get("formula") or "") for one in of}
    elif part == CLASSES:
        made["classes"] = {
            **data["classes"],
            "limits": [[str(one.get("name") or ""), _text(one.get("limit"))] for one in of],
        }
    elif part == EXTRAS:
        for kind, key in _EXTRA_LISTS:
            made[key] = [_extra(one) for one in of if one["kind"] == kind]
    else:
        made["indicators"] = [_indicator_data(one, at, of) for at, one in enumerate(of)]
    return made


def _extra(one: Data) -> dict[str, Any]:
    said = {"name": str(one.get("name") or ""), "when": str(one.get("when") or "")}
    if one["kind"] == VETO:
        return {**said, "class": str(one.get("class") or "")}
    return {**said, "points": _text(one.get("points")), "tag": str(one.get("tag") or "")}


def _indicator_data(one: Data, at: int, of: Sequence[Data]) -> dict[str, Any]:
    base = {"mode": one["mode"], "factor": _text(one.get("factor") or MICRO), "last": bool(one.get("last"))}
    if one.get("value") is not None:
        base["value"] = _text(one["value"])
    made = {
        "code": one.get("code") or _free_code(of), "name": str(one.get("name") or ""), "formula": str(one.get("formula") or ""),
        "unit": one.get("unit") or "", "method": one["method"], "baseline": base, "reverse": bool(one.get("reverse")),
        "missing": one["missing"],
    }  # fmt: skip
    return made | {key: _text(one[key]) for key in sorted(_OWN_NUMBERS) if one.get(key) is not None}


def _free_code(of: Sequence[Data]) -> str:
    taken = {one.get("code") for one in of}
    return next(code for at in range(1, len(of) + 2) if (code := f"i{at}") not in taken)


def facts(data: Data, lang: str = "zh") -> dict[str, Any]:
    """What a scheme says once, as the stored values of `FACTS`; metrics by their names in a language."""
    classes = data["classes"]
    return {
        "name": data["name"], "year": int(data["year"]), "scope": data.get("scope"),
        "halves": int(bool(data.get("halves"))), "total": _micro(data.get("total", "100")),
        "by": classes.get("by", BY_SHARE), "rounding": classes.get("rounding", HALF_UP),
        "required": "、".join(_NAMES[lang].get(key, key) for key in data.get("required", ())) or None,
        "undetermined": data.get("undetermined") or None, "exempt": "、".join(data.get("exempt", ())) or None,
        "exempt_class": data.get("exempt_class") or None, "bonus_cap": _micro(data.get("bonus_cap")),
        "deduction_cap": _micro(data.get("deduction_cap")), "source": data.get("source") or None,
    }  # fmt: skip


def with_facts(data: Data, said: Data) -> dict[str, Any]:
    """The scheme with other facts. Raises `Refused` by field for metrics that nobody knows, and a name that is missing."""
    if not str(said.get("name") or "").strip():
        raise Refused(fields={"name": _("A scheme needs a name.")})
    wanted = _several(said.get("required"))
    unknown = [name for name in wanted if name not in _KEYS]
    if unknown:
        raise Refused(fields={"required": _("There is no metric “{key}”.", key=unknown[0])})
    made = dict(data) | {key: said.get(key) for key in ("name", "year", "scope")} | {"halves": bool(said.get("halves"))}
    made |= {key: _text(said.get(key)) for key in ("bonus_cap", "deduction_cap")}
    made |= {key: said.get(key) or "" for key in ("undetermined", "exempt_class", "source")}
    made |= {"total": _text(said.get("total") or 100 * MICRO), "required": [_KEYS[name] for name in wanted]}
    made |= {"exempt": _several(said.get("exempt"))}
    made["classes"] = {**data["classes"], "by": said.get("by") or BY_SHARE, "rounding": said.get("rounding") or HALF_UP}
    return made


def _several(said: object) -> list[str]:
    return [one.strip() for one in str(said or "").split("、") if one.strip()]


def _micro(number: object) -> int | None:
    return None if number is None else int(Fraction(str(number)) * MICRO)


def _text(value: int | None) -> str | None:
    return None if value is None else plain(Fraction(value, MICRO))


def wrong(data: Data, part: str, at: int) -> dict[str, Text]:
    """What is wrong with one row, by its fields: a formula that is not understood, a name that is missing."""
    row = rows(data, part)[at]
    found: dict[str, Text] = {}
    if not str(row.get("name") or "").strip():
        found["name"] = _("A name is missing.")
    if part == CLASSES and row.get("limit") is None:
        found["limit"] = _("A limit is missing.")
    if part == EXTRAS and row["kind"] != VETO and row.get("points") is None:
        found["points"] = _("The points are missing.")
    if found:
        return found
    names = known_names(Scheme.of(data))
    read = formulas.parse_condition if part == EXTRAS else formulas.parse
    key = "when" if part == EXTRAS else "formula"
    needed = part in (INDICATORS, TERMS) or row.get("kind") == VETO
    if part != CLASSES and (row.get(key) or needed):
        try:
            read(str(row.get(key) or ""), names)
        except Refused as refused:
            found[key] = refused.sentence
    return found


def all_wrong(data: Data) -> list[Text]:
    """What keeps a scheme from being used, in words; also where it can hardly be read."""
    try:
        return problems(Scheme.of(data))
    except Refused as refused:
        return [refused.sentence]


@dataclass(frozen=True)
class Effect:
    """Who would get another class: (name, before, after), and how many each class would have."""

    up: tuple[tuple[str, str, str], ...]
    down: tuple[tuple[str, str, str], ...]
    counts: Mapping[str, int]
    whole: int


def effect(connection: Connection, now: Data, then: Data, year: int, half: int = WHOLE_YEAR) -> Effect:
    """What becomes of the companies of a year, evaluated by `then` instead of `now`. Raises `Refused` as `evaluate`."""
    from db.per_mu.queries import group_of
    from db.per_mu.scoring import evaluate

    groups: dict[tuple[int, str | None], Group] = {}

    def group(of: int, scope: str | None) -> Group:
        if (of, scope) not in groups:
            groups[of, scope] = group_of(connection, of, half=half, scope=scope)
        return groups[of, scope]

    made = []
    for read in (Scheme.of(now), Scheme.of(then)):
        last = group(year - 1, read.scope) if read.needs_last_year else None
        made.append(evaluate(read, group(year, read.scope), last))
    before, after = made
    names = after.scheme.classes.names
    was = {one.company: before.classes[place] for place, one in enumerate(before.group.members)}
    up: list[tuple[str, str, str]] = []
    down: list[tuple[str, str, str]] = []
    for place, one in enumerate(after.group.members):
        old, new = was.get(one.company, ""), after.classes[place]
        if old in names and new in names and old != new:
            (up if names.index(new) < names.index(old) else down).append((one.name, old, new))
    return Effect(tuple(up), tuple(down), after.counts(), len(after.group.members))


@dataclass(frozen=True)
class Saved:
    """A version of the book; a preset has the number 0."""

    number: int
    key: str
    name: str
    year: int
    version: int
    published_on: str | None
    data: Data


def saved(connection: Connection) -> list[Saved]:
    """The schemes of the book, the newest year and version first; then the presets that the program brings."""
    of = scheme.c
    query = select(scheme).order_by(of.year.desc(), of.name, of.version.desc())
    found = [
        Saved(row.id, row.key, row.name, row.year, row.version, row.published_on, json.loads(row.definition))
        for row in connection.execute(query)
    ]
    brought = presets().values()
    return found + [Saved(0, one["key"], one["name"], one["year"], 0, None, one) for one in brought]


def compared(of: Saved, among: Sequence[Saved]) -> Saved:
    """What a version is compared with: the newest published one of its key before it, else what is saved of itself."""
    earlier = [
        one for one in among if one.number and one.key == of.key and one.published_on and one.version < of.version
    ]
    return max(earlier, key=lambda one: one.version, default=of)
