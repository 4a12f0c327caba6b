"""A scheme as data: what is scored, against which baseline, what is added, who is left out, and how classes are cut.

It travels as JSON; numbers in it are decimal texts. `Scheme.of` reads it, `problems` says what is wrong with it in words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from typing import Any

from db.core.errors import Refused
from db.core.paths import RESOURCES
from db.core.text import Text, _
from db.per_mu import formulas
from db.per_mu.formulas import Condition, Name, Node, Op
from db.per_mu.models import BY_METRIC, METRICS
from db.per_mu.names import called

RATIO, RANGE, EFFICACY = "ratio", "range", "efficacy"
FIXED, MEAN, WEIGHTED, MEDIAN = "fixed", "mean", "weighted", "median"
ZERO, GROUP_MEAN, LEFT_OUT = "zero", "mean", "left_out"
BY_SHARE, BY_SCORE = "share", "score"
FLOOR, HALF_UP, CEILING = "floor", "round", "ceil"
LABELS: Mapping[str, Text] = {one.key: one.label for one in METRICS}
_METRICS = {one.key: one.key for one in METRICS} | {one.label.render("zh"): one.key for one in METRICS}
_OF_SCHEME = "="  # before the names of formulas: an indicator may be called like a metric


@dataclass(frozen=True)
class Baseline:
    """What a value is measured against: a number, or a mean of the group times `factor`; of last year where `last`."""

    mode: str = FIXED
    value: Fraction | None = None
    factor: Fraction = Fraction(1)
    last: bool = False


@dataclass(frozen=True)
class Indicator:
    """One item. method: ratio to the baseline, or range (min–max of the group); efficacy is range with a floor of 60.

    cap: how many times its weight it may reach, None without limit; floor: what it gives at least, per cent of its
    weight. reverse: less is better. missing: what a company without a value gets. unit: of its value, that of its
    formula where none is said; "" for a share.
    """

    code: str
    name: str
    formula: str
    weight: Fraction
    method: str = RATIO
    baseline: Baseline = Baseline()
    reverse: bool = False
    cap: Fraction | None = None
    floor: Fraction = Fraction(0)
    missing: str = ZERO
    unit: str = ""

    @property
    def called(self) -> Text | str:
        """Its name as a language says it."""
        return called(self.name)


@dataclass(frozen=True)
class Extra:
    """A bonus or a deduction: points for companies with a tag, or for which a condition holds."""

    name: str
    points: Fraction
    tag: str = ""
    when: str = ""


@dataclass(frozen=True)
class Veto:
    """What keeps a company from a better class than `best`, however many points it has."""

    name: str
    when: str
    best: str


@dataclass(frozen=True)
class Classes:
    """Classes from the best down. by share: cumulative per cents of the ranking; by score: at least so many points."""

    limits: tuple[tuple[str, Fraction], ...]
    by: str = BY_SHARE
    rounding: str = HALF_UP

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, the best first."""
        return tuple(name for name, _limit in self.limits)


@dataclass(frozen=True)
class Scheme:
    """All of it.

    terms: formulas of its own that others may name. required: metrics without which (or with 0 of which) a company has
    no place in the ranking and gets the class `undetermined`. exempt: tags of companies that are not evaluated, with the
    class `exempt_class`. total: what the weights must sum to. halves: whether it also evaluates half-years.
    """

    key: str
    name: str
    year: int
    indicators: tuple[Indicator, ...]
    classes: Classes
    scope: str | None = None
    source: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    bonuses: tuple[Extra, ...] = ()
    deductions: tuple[Extra, ...] = ()
    bonus_cap: Fraction | None = None
    deduction_cap: Fraction | None = None
    vetoes: tuple[Veto, ...] = ()
    required: tuple[str, ...] = ()
    undetermined: str = "不定"
    exempt: tuple[str, ...] = ()
    exempt_class: str = ""
    total: Fraction = Fraction(100)
    halves: bool = False

    @property
    def called(self) -> Text | str:
        """Its name as a language says it."""
        return called(self.name)

    @staticmethod
    def of(data: Mapping[str, Any]) -> Scheme:
        """A scheme from its JSON. Raises `Refused` where the data are no scheme."""
        try:
            return _read(data)
        except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as wrong:
            raise Refused(_("This is no scheme: {why}.", why=str(wrong).strip("'") or "?")) from wrong

    @property
    def needs_last_year(self) -> bool:
        """Whether a baseline is taken from the year before."""
        return any(one.baseline.last for one in self.indicators)

    def trees(self) -> dict[str, Node]:
        """Code of an indicator → its formula over metrics alone. Raises `Refused`."""
        whole = formulas.expanded(self._written())
        return {one.code: whole[_OF_SCHEME + one.code] for one in self.indicators}

    def condition(self, text: str) -> Condition:
        """A condition over metrics alone. Raises `Refused`."""
        found = formulas.parse_condition(text, known_names(self))
        sides = formulas.expanded({**self._written(), "left": found.left, "right": found.right})
        return Condition(found.sign, sides["left"], sides["right"])

    def _written(self) -> dict[str, Node]:
        names = known_names(self)
        texts = dict(self.terms) | {one.code: one.formula for one in self.indicators}
        return {_OF_SCHEME + name: formulas.parse(text, names) for name, text in texts.items()}


def known_names(scheme: Scheme) -> dict[str, str]:
    """Every name a formula of this scheme may use → how it is called in its tree.

    Metrics by key and label; where they leave a name free, terms and indicators by code and name.
    """
    own = {name: name for name, _formula in scheme.terms} | {one.code: one.code for one in scheme.indicators}
    own = {one.name: one.code for one in scheme.indicators} | own
    return {name: _OF_SCHEME + code for name, code in own.items()} | _METRICS


def problems(scheme: Scheme) -> list[Text]:
    """What keeps a scheme from being used, in words; empty where nothing does."""
    found: list[Text] = []
    weights = sum((one.weight for one in scheme.indicators), Fraction(0))
    if not scheme.indicators:
        found.append(_("The scheme has no indicator."))
    elif weights != scheme.total:
        found.append(_("The weights sum to {sum}, not {total}.", sum=plain(weights), total=plain(scheme.total)))
    found += [
        _("The indicator {code} is there twice.", code=code) for code in _twice(one.code for one in scheme.indicators)
    ]
    found += [why for one in scheme.indicators for why in _wrong_indicator(one)]
    found += [_("There is no metric “{key}”.", key=key) for key in scheme.required if key not in LABELS]
    found += _wrong_classes(scheme)
    try:
        trees = scheme.trees()
        for veto in scheme.vetoes:
            scheme.condition(veto.when)
        for extra in (*scheme.bonuses, *scheme.deductions):
            if extra.when:
                scheme.condition(extra.when)
    except Refused as refused:
        return [*found, refused.sentence]
    for one in scheme.indicators:
        tree = trees[one.code]
        if one.baseline.mode == WEIGHTED and not (isinstance(tree, Op) and tree.sign == "/"):
            found.append(_("“{name}”: a weighted mean needs a formula that divides, as ΣX ÷ Σland.", name=one.called))
    return found


def in_one(sentences: Sequence[Text]) -> Text:
    """Sentences one after the other."""
    return reduce(lambda first, then: _("{first} {then}", first=first, then=then), sentences)


def _wrong_indicator(one: Indicator) -> list[Text]:
    found = []
    if one.weight < 0:
        found.append(_("“{name}”: a weight is not below 0.", name=one.called))
    if one.method not in (RATIO, RANGE, EFFICACY):
        found.append(_("“{name}”: “{method}” is no method.", name=one.called, method=one.method))
    if one.baseline.mode not in (FIXED, MEAN, WEIGHTED, MEDIAN):
        found.append(_("“{name}”: “{mode}” is no baseline.", name=one.called, mode=one.baseline.mode))
    if one.missing not in (ZERO, GROUP_MEAN, LEFT_OUT):
        found.append(_("“{name}”: “{missing}” says nothing of missing values.", name=one.called, missing=one.missing))
    if one.method == RATIO and one.baseline.mode == FIXED and (one.baseline.value is None or one.baseline.value <= 0):
        found.append(_("“{name}” needs a baseline above 0.", name=one.called))
    if one.floor < 0 or (one.cap is not None and one.cap * 100 < one.floor):
        found.append(_("“{name}”: the floor is not below 0 and not above the cap.", name=one.called))
    return found


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _wrong_classes(scheme: Scheme) -> list[Text]:
    limits = [limit for _name, limit in scheme.classes.limits]
    if not limits:
        return [_("The scheme has no classes.")]
    by_share = scheme.classes.by == BY_SHARE
    if limits != sorted(limits, reverse=not by_share):
        return [_("The limits of the classes must go from the best class down.")]
    if by_share and (limits[-1] != 100 or limits[0] < 0):
        return [_("The shares of the classes are cumulative and end at 100 per cent.")]
    unknown = sorted({one.best for one in scheme.vetoes} - set(scheme.classes.names))
    twice = [_("“{name}” is there twice.", name=name) for name in _twice(scheme.classes.names)]
    return twice + [_("There is no class “{name}”.", name=name) for name in unknown]


def plain(number: Fraction, places: int = 6) -> str:
    """A fraction in decimals without needless zeros, rounded half up."""
    scaled = number * 10**places
    digits = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign, text = "-" if digits < 0 else "", f"{abs(digits):0{places + 1}d}"
    after = text[-places:].rstrip("0") if places else ""
    return f"{sign}{text[: len(text) - places]}" + (f".{after}" if after else "")


def _number(data: Mapping[str, Any], key: str, default: str | None = None) -> Fraction | None:
    found = data.get(key, default)
    try:
        return None if found is None else Fraction(str(found))
    except (ValueError, ZeroDivisionError) as wrong:
        raise Refused(_("“{text}” is no number.", text=str(found))) from wrong


def _needed(data: Mapping[str, Any], key: str, default: str | None = None) -> Fraction:
    found = _number(data, key, default)
    if found is None:
        raise KeyError(key)
    return found


def _read(data: Mapping[str, Any]) -> Scheme:
    classes = data["classes"]
    return Scheme(
        key=str(data["key"]), name=str(data["name"]), year=int(data["year"]),
        indicators=tuple(map(_indicator, data["indicators"])),
        classes=Classes(
            tuple((str(name), Fraction(str(limit))) for name, limit in classes["limits"]),
            classes.get("by", BY_SHARE), classes.get("rounding", HALF_UP),
        ),
        scope=data.get("scope"), source=data.get("source", ""), terms=tuple((data.get("terms") or {}).items()),
        bonuses=_extras(data.get("bonuses", ())), deductions=_extras(data.get("deductions", ())),
        bonus_cap=_number(data, "bonus_cap"), deduction_cap=_number(data, "deduction_cap"),
        vetoes=tuple(Veto(one["name"], one["when"], one["class"]) for one in data.get("vetoes", ())),
        required=tuple(data.get("required", ())), undetermined=data.get("undetermined") or "不定",
        exempt=tuple(data.get("exempt", ())), exempt_class=data.get("exempt_class", ""),
        total=_needed(data, "total", "100"), halves=bool(data.get("halves", False)),
    )  # fmt: skip


def _indicator(data: Mapping[str, Any]) -> Indicator:
    base = data.get("baseline") or {}
    method = data.get("method", RATIO)
    floor = _needed(data, "floor", "60" if method == EFFICACY else "0")
    return Indicator(
        code=str(data["code"]), name=str(data["name"]), formula=str(data["formula"]), weight=_needed(data, "weight"),
        method=method, reverse=bool(data.get("reverse", False)), cap=_number(data, "cap"), floor=floor,
        missing=data.get("missing", ZERO), unit=data.get("unit") or _unit(str(data["formula"])),
        baseline=Baseline(
            base.get("mode", FIXED), _number(base, "value"), _needed(base, "factor", "1"), bool(base.get("last", False))
        ),
    )  # fmt: skip


def _unit(formula: str) -> str:
    """The unit that a formula over metrics alone has by theirs; "" where these say none, and of a share."""
    try:
        return _unit_of(formulas.parse(formula, _METRICS)) or ""
    except Refused:
        return ""


def _unit_of(node: Node) -> str | None:
    if not isinstance(node, Op):
        return BY_METRIC[node.name].unit if isinstance(node, Name) else None
    left, right = _unit_of(node.left), _unit_of(node.right)
    if node.sign == "/":
        return f"{left}/{right}" if left and right and left != right and "/" not in left + right else None
    return left if left == right and node.sign != "*" else None


def _extras(data: Sequence[Mapping[str, Any]]) -> tuple[Extra, ...]:
    return tuple(Extra(one["name"], _needed(one, "points"), one.get("tag", ""), one.get("when", "")) for one in data)


@cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """The schemes that come with the program, by key, as JSON with their sources."""
    files = sorted((RESOURCES / "presets" / "schemes").glob("*.json"))
    found = [json.loads(path.read_text("utf-8")) for path in files]
    return {one["key"]: one for one in found}
