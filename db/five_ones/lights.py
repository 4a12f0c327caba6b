"""Lights: rules as data (resources/presets/lights, or an office's own), judged here in plain Python.

A preset says for which projects it is and under which conditions a light turns yellow or red. Nothing is green that
cannot be judged: where a fact that a rule asks for is not known, the light is grey and names it, so that no project
turns green by losing data.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from db.core.errors import Refused
from db.core.paths import RESOURCES
from db.core.period import add_months, months_before
from db.core.text import Text, _

GREEN, GREY, YELLOW, RED = "green", "grey", "yellow", "red"
ORDER = (GREEN, GREY, YELLOW, RED)  # the worse the later
_RANK = {colour: at for at, colour in enumerate(ORDER)}
NEGOTIATING, SIGNED, STARTED = "negotiating", "signed", "started"
PHASES = (NEGOTIATING, SIGNED, STARTED)
PER_POINT = 1_000  # shares are kept in thousandths of a percentage point

# Facts of a project; the days are ISO text. What a share or a count means stands in `reading.py`.
DAYS = ("last_change", "signed_on", "began_on", "planned_start", "entered_on")
NUMBERS = ("paid", "paid_share", "points_behind", "overdue", "missed", "slips")
_SHARES = ("paid_share", "points_behind")

FACT_LABELS: Mapping[str, Text] = {
    "last_change": _("the day of the first talks or of any progress"),
    "signed_on": _("the day of signing"),
    "began_on": _("the day of the start"),
    "planned_start": _("the planned day of the start"),
    "entered_on": _("the day of entry in statistics"),
    "paid": _("the money paid in"),
    "paid_share": _("the total investment"),
    "points_behind": _("milestones with days"),
    "overdue": _("the milestones"),
}

# Key of a rule → why the light is what it is, and what turns it green. {n}: the number of the condition.
RULE_WORDS: Mapping[str, tuple[Text, Text]] = {
    "no_progress": (_("No progress for {n} months"), _("Record substantive progress")),
    "no_progress_red": (_("No progress for {n} months"), _("Record substantive progress, or take it out of the pool")),
    "signed_not_started": (_("Signed {n} months ago and not started"), _("Start construction and record the day")),
    "started_no_money": (_("Started {n} months ago and no money paid in"), _("Record money paid in")),
    "started_little_money": (
        _("Started {n} months ago, under {m}% paid in"),
        _("Money paid in reaches {m} percent"),
    ),
    "behind_schedule": (_("{n} points or more behind schedule"), _("Finish the milestones that are due")),
    "start_overdue": (_("Planned start passed {n} months ago"), _("Start construction and record the day")),
    "not_in_statistics": (
        _("Started {n} months ago, not in statistics"), _("Enter it in statistics and record the day"),
    ),
    "task_missed": (_("Monthly task missed {n} months running"), _("Meet the task of a month")),
    "decision_overdue": (_("Past its deadline"), _("Report it as done, with evidence")),
}  # fmt: skip


@dataclass(frozen=True)
class Atom:
    """One condition. how: months, over_months, months_passed (of a day), at_least, above, below (of a number), missing."""

    fact: str
    how: str
    value: int = 0


@dataclass(frozen=True)
class Rule:
    """When all its conditions hold, the light is this one. propose: "remove" where it should leave the pool."""

    key: str
    light: str
    when: tuple[Atom, ...]
    phases: tuple[str, ...]
    propose: str = ""
    words: tuple[str, str] | None = None


@dataclass(frozen=True)
class Preset:
    """Rules from one source for one sort of object: projects in some phases, units, decisions."""

    key: str
    source: str
    object: str
    rules: tuple[Rule, ...]

    def needs(self, phase: str) -> tuple[str, ...]:
        """The facts without which nothing is green: those by whose absence a rule would not hold."""
        asked = (atom for rule in self.rules if phase in rule.phases for atom in rule.when if atom.how != "missing")
        return tuple(dict.fromkeys(atom.fact for atom in asked))

    @cached_property
    def at(self) -> Mapping[str, tuple[tuple[Rule, ...], tuple[str, ...]]]:
        """Phase → its rules, the red ones first, and what must be known; asked for every project, so kept."""
        phases = dict.fromkeys(phase for rule in self.rules for phase in rule.phases)
        order = sorted(self.rules, key=lambda rule: rule.light != RED)
        return {one: (tuple(rule for rule in order if one in rule.phases), self.needs(one)) for one in phases}


@dataclass(frozen=True)
class Light:
    """A light with its reason. since: the day from which the rule holds, where it follows from one day.

    by_hand: set by a person, with the reason; `computed` is then what the rules say.
    """

    colour: str
    why: Text
    turns_green: Text
    rule: str = ""
    preset: str = ""
    since: str | None = None
    propose: str = ""
    by_hand: bool = False
    printed: bool = True
    computed: str = ""


Facts = Mapping[str, Any]


_HOWS = ("missing", "months", "over_months", "months_passed", "at_least", "above", "below")


def holds(atom: Atom, value: Any, today: str) -> bool:
    """Whether a condition holds of a value; of one that is not known only `missing` does."""
    how = atom.how
    if how == "missing":
        return not value
    if value is None:
        return False
    if how == "at_least":
        return bool(value >= _number(atom))
    if how == "above":
        return bool(value > _number(atom))
    if how == "below":
        return bool(value < _number(atom))
    limit = _limit(how, atom.value, today)
    return bool(value < limit if how == "over_months" else value[: len(limit)] <= limit)


@lru_cache(maxsize=1024)
def _limit(how: str, months: int, today: str) -> str:
    """The last day (or month, where months are counted) for which so many months have gone."""
    return add_months(today[:7], -months) if how == "months_passed" else months_before(today, months)


def _number(atom: Atom) -> int:
    return atom.value * PER_POINT if atom.fact in _SHARES else atom.value


def judge(facts: Facts, presets: Sequence[Preset], *, today: str) -> Light | None:
    """The worst light of all presets that are for this project's `phase`; None where none is."""
    found: Light | None = None
    for preset in presets:
        light = _judge_by(preset, facts, today)
        if light is not None and (found is None or _RANK[light.colour] > _RANK[found.colour]):
            found = light
    return found


def colour_of(facts: Facts, presets: Sequence[Preset], *, today: str) -> str | None:
    """Only the colour of `judge`."""
    light = judge(facts, presets, today=today)
    return light.colour if light is not None else None


def _judge_by(preset: Preset, facts: Facts, today: str) -> Light | None:
    mine = preset.at.get(facts.get("phase", ""))
    if mine is None:
        return None
    rules, needs = mine
    for rule in rules:
        for atom in rule.when:
            if not holds(atom, facts.get(atom.fact), today):
                break
        else:
            return _explained(preset, rule, facts)
    unknown = tuple(fact for fact in needs if facts.get(fact) is None)
    return _unknown(preset.key, unknown) if unknown else _green(preset.key)


@lru_cache(maxsize=1024)
def _unknown(preset: str, facts: tuple[str, ...]) -> Light:
    missing = [FACT_LABELS.get(fact, Text(fact)) for fact in facts]
    return Light(GREY, _("Not known: {facts}", facts=missing), _("Record {facts}", facts=missing), "", preset)


@cache
def _green(preset: str) -> Light:
    return Light(GREEN, _("No rule is broken"), Text(""), "", preset)


def _explained(preset: Preset, rule: Rule, facts: Facts) -> Light:
    dated = next((atom for atom in rule.when if atom.fact in DAYS and atom.how != "missing"), None)
    first = dated or rule.when[0]
    last = rule.when[-1]
    numbers = {"n": first.value, "m": last.value}
    if rule.words is not None:
        why, green = (Text(words) for words in rule.words)
    else:
        known = RULE_WORDS.get(rule.key, (Text(rule.key), Text("")))
        why, green = (Text(words.key, numbers) for words in known)
    since = turned_on(dated, str(facts[dated.fact])) if dated is not None else None
    return Light(rule.light, why, green, rule.key, preset.key, since, rule.propose)


@lru_cache(maxsize=8192)
def turned_on(atom: Atom, day: str) -> str:
    """The first day on which a condition about `day` held."""
    if atom.how == "months_passed":
        return f"{add_months(day[:7], atom.value)}-01"
    found = dt.date.fromisoformat(f"{add_months(day[:7], atom.value)}-01") + dt.timedelta(days=int(day[8:]) - 4)
    while not holds(atom, day, found.isoformat()):  # at most a few days: months end differently
        found += dt.timedelta(days=1)
    return found.isoformat()


def by_hand(light: Light | None, colour: str, reason: str, *, since: str, printed: bool) -> Light:
    """A light that a person set; refused without a reason."""
    if not reason.strip():
        raise Refused(fields={"reason": _("Say why the light is set by hand. Nothing was changed.")})
    computed = light.colour if light is not None else ""
    return Light(
        colour, _("Set by hand: {reason}", reason=reason), _("Take back what was set by hand"), since=since,
        by_hand=True, printed=printed, computed=computed,
    )  # fmt: skip


# --- presets ---------------------------------------------------------------------------------------------------------


def preset_of(key: str, data: Mapping[str, Any]) -> Preset:
    """A preset from its JSON; what cannot be understood is refused with a sentence that names it."""
    try:
        phases = tuple(data.get("phases", ()))
        return Preset(key, str(data["source"]), str(data["object"]), tuple(_rule(one, phases) for one in data["rules"]))
    except (KeyError, TypeError, ValueError) as wrong:
        raise Refused(_("The rule “{key}” of the lights cannot be read: {what}", key=key, what=str(wrong))) from wrong


def _rule(data: Mapping[str, Any], phases: tuple[str, ...]) -> Rule:
    if data["light"] not in (YELLOW, RED):
        raise ValueError(data["light"])
    atoms = tuple(_atom(one) for one in data["when"])
    own = tuple(data.get("phases", phases))
    said = (str(data["why"]), str(data.get("turns_green", ""))) if "why" in data else None
    return Rule(str(data["key"]), data["light"], atoms, own, str(data.get("propose", "")), said)


def _atom(data: Mapping[str, Any]) -> Atom:
    (how,) = set(data) - {"fact"}
    fact = str(data["fact"])
    dated = how in ("months", "over_months", "months_passed")
    if fact not in (DAYS if dated else (*DAYS, *NUMBERS)) or how not in _HOWS:
        raise ValueError(f"{fact} {how}")
    if how in ("at_least", "above", "below") and fact in DAYS:
        raise ValueError(f"{fact} {how}")
    return Atom(fact, how, 0 if how == "missing" else int(data[how]))


@cache
def delivered() -> Mapping[str, Preset]:
    """The presets that come with the program, by key."""
    folder = RESOURCES / "presets" / "lights"
    return {
        path.stem: preset_of(path.stem, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    }


def chosen(own: Iterable[tuple[str, str | None]], *, object_is: str = "project") -> tuple[Preset, ...]:
    """The presets in force: those delivered, and the office's own instead of or beside them; None switches one off."""
    found: dict[str, Preset] = dict(delivered())
    for key, definition in own:
        if definition is None:
            found.pop(key, None)
        else:
            found[key] = preset_of(key, json.loads(definition))
    return tuple(one for one in found.values() if one.object == object_is)
