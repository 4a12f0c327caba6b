"""A scheme of a contest as data: who competes in which groups, for what, with which bonuses, deductions and stars.

It travels as JSON; numbers in it are decimal texts. `Scheme.of` reads it, `problems` says what is wrong with it in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from db.contests.models import SUBJECT
from db.core.errors import Refused
from db.core.filters import Condition, condition_from_json
from db.core.paths import RESOURCES
from db.core.text import Text, _
from db.per_mu.schemes import plain

ITEM, BONUS, DEDUCTION = "item", "bonus", "deduction"
KINDS: Mapping[str, str] = {ITEM: "items", BONUS: "bonuses", DEDUCTION: "deductions"}  # where they stand in the JSON
COUNT, TARGET, BEST, EFFICACY, STEPS, GIVEN = "count", "target", "best", "efficacy", "steps", "given"
METHODS: Mapping[str, Text] = {
    COUNT: _("count × points"),
    TARGET: _("ratio to the target"),
    BEST: _("ratio to the best of the group"),
    EFFICACY: _("between the least and the most of the group"),
    STEPS: _("points by steps"),
    GIVEN: _("entered by hand"),
}
PERIOD, YEAR = "period", "year"
MOST = 10_000  # points of an item or by an appeal: scores are kept exactly, as whole numbers of 64 bits


@dataclass(frozen=True)
class Item:
    """What earns points, or costs them.

    weight: of a ratio the points at 100 per cent, else the most it gives (the ceiling). figure: key of a figure (of a
    project one of `db.contests.queries.FACTS`), "" where it is entered by hand. since: counted in the period or since
    January. min_investment: counts only projects of at least so many yuan. scale: the figure is divided by it, and is
    then in `unit`. each: points for one. beyond: only what is above the target counts. cap: how many times its weight
    a ratio may reach. target: of everybody, targets: by name; where neither says one, the book's target of the year.
    steps: (at least, points) upwards; the highest that is reached counts. lower: less is better (逾期, 能耗); steps are
    then (at most, points), and the lowest that is kept counts.
    """

    code: str
    name: str
    kind: str = ITEM
    method: str = GIVEN
    weight: Fraction = Fraction(0)
    figure: str = ""
    since: str = PERIOD
    min_investment: int | None = None
    scale: Fraction = Fraction(1)
    unit: str = ""
    each: Fraction = Fraction(1)
    beyond: bool = False
    cap: Fraction = Fraction(1)
    target: Fraction | None = None
    targets: Mapping[str, Fraction] = field(default_factory=dict, hash=False)
    steps: tuple[tuple[Fraction, Fraction], ...] = ()
    lower: bool = False

    @property
    def most(self) -> Fraction:
        """The most points it can give or cost."""
        return self.weight * self.cap if self.method == TARGET else self.weight


@dataclass(frozen=True)
class Scheme:
    """All of it.

    subject: who competes (street, department, project). among: which projects, as a name and the conditions of a view;
    None where it is those under construction. groups: (name, its members by name); those whom no group names
    stand in the last one, "" where there are no groups. stars: (name, at least so many points), the best first. flag:
    what the first of each group get, flags: how many of them.
    """

    key: str
    name: str
    subject: str
    items: tuple[Item, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    others: str = ""
    stars: tuple[tuple[str, Fraction], ...] = ()
    flag: str = ""
    flags: int = 1
    source: str = ""
    among: tuple[str, tuple[Condition, ...]] | None = None

    @staticmethod
    def of(data: Mapping[str, Any]) -> Scheme:
        """A scheme from its JSON. Raises `Refused` where the data are no scheme."""
        try:
            return _read(data)
        except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as wrong:
            raise Refused(_("This is no scheme: {why}.", why=str(wrong).strip("'") or "?")) from wrong

    def group_of(self, name: str) -> str:
        """In which group somebody competes."""
        return next((group for group, members in self.groups if name in members), self.others)

    def item(self, code: str) -> Item:
        """One of its items; raises `Refused`."""
        found = next((one for one in self.items if one.code == code), None)
        if found is None:
            raise Refused(_("The scheme “{name}” has no item {code}.", name=self.name, code=code))
        return found


def problems(scheme: Scheme) -> list[Text]:
    """What keeps a scheme from being used, in words; empty where nothing does."""
    found: list[Text] = []
    if not scheme.items:
        found.append(_("The scheme has no item."))
    if scheme.subject not in {key for key, _label in SUBJECT.options}:
        found.append(_("“{subject}” cannot compete.", subject=scheme.subject))
    codes = [one.code for one in scheme.items]
    found += [
        _("The item {code} is there twice.", code=code) for code in sorted({c for c in codes if codes.count(c) > 1})
    ]
    found += [why for one in scheme.items for why in _wrong(one)]
    limits = [limit for _name, limit in scheme.stars]
    if limits != sorted(limits, reverse=True):
        found.append(_("The stars must go from the best down."))
    if scheme.flags < 1:
        found.append(_("At least the first of a group has the flag."))
    named = [name for _group, members in scheme.groups for name in members]
    found += [_("“{name}” is in two groups.", name=name) for name in sorted({n for n in named if named.count(n) > 1})]
    return found


def _wrong(one: Item) -> list[Text]:
    found = []
    if one.method not in METHODS:
        found.append(_("“{name}”: “{method}” is no method.", name=one.name, method=one.method))
    if one.method != GIVEN and not one.figure:
        found.append(_("“{name}” needs a figure.", name=one.name))
    if one.weight <= 0:
        found.append(_("“{name}” needs points above 0.", name=one.name))
    if one.most > MOST:
        found.append(_("“{name}”: at most {most} points.", name=one.name, most=f"{MOST:,}"))
    if one.scale <= 0 or one.each < 0 or one.cap < 0:
        found.append(_("“{name}”: numbers of a scheme are not below 0.", name=one.name))
    if any(target <= 0 for target in (*one.targets.values(), *(() if one.target is None else (one.target,)))):
        found.append(_("“{name}”: a target is above 0.", name=one.name))
    rising = [points for _limit, points in one.steps]
    if list(one.steps) != sorted(one.steps) or rising != sorted(rising, reverse=one.lower):
        falls = _("“{name}”: where less is better, the points of the steps must fall.", name=one.name)
        found.append(falls if one.lower else _("“{name}”: the steps must rise.", name=one.name))
    if one.lower and (one.method == GIVEN or one.kind == DEDUCTION or one.beyond):
        found.append(_("“{name}”: less is better only where a figure earns points, all of it.", name=one.name))
    return found


def groups_said(groups: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Groups as a person writes them: 第一组：甲、乙, one a line."""
    return "\n".join(f"{name}：{'、'.join(members)}" for name, members in groups)


def groups_read(text: str, known: Container[str]) -> list[tuple[str, tuple[str, ...]]]:
    """What `groups_said` wrote. known: who competes. Raises `Refused` naming whom nobody knows."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, members = line.replace(":", "：").partition("：")
        if not colon:
            raise Refused(fields={"groups": _("Write a group as: name：member、member, one a line.")})
        found.append(
            (name.strip(), tuple(_known(one, known, "groups") for one in _SEVERAL.split(members) if one.strip()))
        )
    return found


def targets_said(targets: Mapping[str, Fraction]) -> str:
    """Targets as a person writes them: 甲 12, one a line."""
    return "\n".join(f"{name} {plain(value)}" for name, value in targets.items())


def targets_read(text: str, known: Container[str], code: str) -> dict[str, str]:
    """What `targets_said` wrote. Raises `Refused` under the item's code."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _blank, value = line.replace("：", " ").replace("\t", " ").rpartition(" ")
        try:
            number = Fraction(value.strip())
        except (ValueError, ZeroDivisionError):
            raise Refused(fields={code: _("“{line}”: write a name, a blank and a number.", line=line)}) from None
        found[_known(name, known, code)] = plain(number)
    return found


_SEVERAL = re.compile("[、,，;；]")


def _known(name: str, known: Container[str], key: str) -> str:
    if name.strip() not in known:
        raise Refused(fields={key: _("“{name}” does not compete here.", name=name.strip())})
    return name.strip()


def number_of(data: Mapping[str, Any], key: str, default: str) -> Fraction:
    """A number of the JSON, exactly."""
    return Fraction(str(data.get(key, default)))


def _read(data: Mapping[str, Any]) -> Scheme:
    subject = str(data["subject"])
    return Scheme(
        key=str(data["key"]), name=str(data["name"]), subject=subject,
        items=tuple(_item(one, kind) for kind, name in KINDS.items() for one in data.get(name, ())),
        groups=tuple((str(one["name"]), tuple(map(str, one["members"]))) for one in data.get("groups", ())),
        others=str(data.get("others", "")),
        stars=tuple((str(name), Fraction(str(limit))) for name, limit in data.get("stars", ())),
        flag=str(data.get("flag", "")), flags=int(data.get("flags", 1)), source=str(data.get("source", "")),
        among=_among(data.get("among")),
    )  # fmt: skip


def _among(data: Mapping[str, Any] | None) -> tuple[str, tuple[Condition, ...]] | None:
    return None if data is None else (str(data["name"]), tuple(map(condition_from_json, data["conditions"])))


def _item(data: Mapping[str, Any], kind: str) -> Item:
    least, target = data.get("min_investment"), data.get("target")
    return Item(
        code=str(data["code"]), name=str(data["name"]), kind=kind, method=str(data.get("method", GIVEN)),
        weight=number_of(data, "weight", "0"), figure=str(data.get("figure", "")),
        since=str(data.get("since", PERIOD)), min_investment=None if least is None else int(least),
        scale=number_of(data, "scale", "1"), unit=str(data.get("unit", "")), each=number_of(data, "each", "1"),
        beyond=bool(data.get("beyond", False)), cap=number_of(data, "cap", "1"),
        target=None if target is None else Fraction(str(target)),
        targets={str(name): Fraction(str(value)) for name, value in (data.get("targets") or {}).items()},
        steps=tuple((Fraction(str(low)), Fraction(str(points))) for low, points in data.get("steps", ())),
        lower=bool(data.get("lower", False)),
    )  # fmt: skip


@cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """The schemes that come with the program, by key, as JSON with their sources."""
    files = sorted((RESOURCES / "presets" / "contests").glob("*.json"))
    found = [json.loads(path.read_text("utf-8")) for path in files]
    return {one["key"]: one for one in found}
