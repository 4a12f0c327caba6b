"""A small language for indicators: numbers, metrics by name, + − × ÷, brackets, min, max; conditions compare two of them.

Read by a parser of its own: nothing is ever handed to Python. Values are exact fractions. A value that is missing, or
a division by zero or less, makes the result missing, and the reason says which: measured against a loss, the worst
would come out best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from db.core.errors import Refused
from db.core.text import Text, _

LONGEST, DEEPEST = 1_000, 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<percent>%?)|(?P<name>[^\W\d]\w*(?:&\w+)?)|(?P<sign><=|>=|<>|[-+*/(),<>=]))"
)
_LOOKS = str.maketrans({"×": "*", "÷": "/", "−": "-", "（": "(", "）": ")", "，": ",", "＋": "+", "－": "-", "／": "/",
                        "＊": "*", "≤": "<=", "≥": ">=", "≠": "<>", "＝": "=", "＜": "<", "＞": ">", "\u3000": " "})  # fmt: skip
_COMPARING = ("<", ">", "<=", ">=", "=", "<>")


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: Fraction


@dataclass(frozen=True)
class Name:
    """A metric, or a formula of the scheme."""

    name: str


@dataclass(frozen=True)
class Op:
    """left ⟨+ − * /⟩ right, or min, max of the two."""

    sign: str
    left: Node
    right: Node


Node = Number | Name | Op


@dataclass(frozen=True)
class Condition:
    """left ⟨comparison⟩ right."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Missing:
    """Why there is no value: a metric that is not there, or a division by zero or less."""

    why: Text


Value = Fraction | Missing


def parse(text: str, names: Mapping[str, str]) -> Node:
    """A formula as a tree. `names`: every name that may stand in it, as written → as it is called in the tree.

    Raises `Refused` with a sentence: what is not understood, and where.
    """
    return _Reader(text, names).formula()


def parse_condition(text: str, names: Mapping[str, str]) -> Condition:
    """Two formulas compared: 亩均税收 < 1. Raises `Refused`."""
    return _Reader(text, names).condition()


class _Reader:
    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        self.text, self.names = text, names
        if len(text) > LONGEST:
            raise Refused(_("The formula is longer than {count} characters.", count=LONGEST))
        self.tokens = _tokens(text)
        self.at, self.depth = 0, 0

    def formula(self) -> Node:
        found = self._sum()
        self._end()
        return found

    def condition(self) -> Condition:
        left = self._sum()
        sign = self._next()
        if sign not in _COMPARING:
            raise Refused(
                _("“{formula}” compares nothing; a condition has <, >, <=, >= or = in it.", formula=self.text)
            )
        self.at += 1
        found = Condition(sign, left, self._sum())
        self._end()
        return found

    def _end(self) -> None:
        if self.at < len(self.tokens):
            raise self._unexpected()

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _unexpected(self) -> Refused:
        found = self._next()
        if not found:
            return Refused(_("The formula “{formula}” breaks off.", formula=self.text))
        return Refused(_("“{token}” is not expected in the formula “{formula}”.", token=found, formula=self.text))

    def _sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(_("The formula “{formula}” has too many brackets.", formula=self.text))
        found = self._product()
        while self._next() in ("+", "-"):
            sign = self._take()
            found = Op(sign, found, self._product())
        self.depth -= 1
        return found

    def _product(self) -> Node:
        found = self._factor()
        while self._next() in ("*", "/"):
            sign = self._take()
            found = Op(sign, found, self._factor())
        return found

    def _factor(self) -> Node:
        signs = 0
        while self._next() in ("-", "+"):
            signs += self._take() == "-"
        found = self._atom()
        return Op("-", Number(Fraction(0)), found) if signs % 2 else found

    def _atom(self) -> Node:
        word = self._next()
        if word == "(":
            self._take()
            found = self._sum()
            self._expect(")")
            return found
        if word[:1].isdigit() or word[:1] == ".":
            number = Fraction(self._take().rstrip("%"))
            return Number(number / 100 if word.endswith("%") else number)
        if word.lower() in ("min", "max"):
            return self._call()
        if word and (word[0].isalpha() or word[0] == "_"):
            known = self.names.get(word)
            if known is None:
                raise Refused(_("“{name}” in the formula “{formula}” is no metric.", name=word, formula=self.text))
            self._take()
            return Name(known)
        raise self._unexpected()

    def _call(self) -> Node:
        name = self._take().lower()
        self._expect("(")
        found = self._sum()
        while self._next() == ",":
            self._take()
            found = Op(name, found, self._sum())
        self._expect(")")
        return found

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise self._unexpected()
        self.at += 1


def _tokens(text: str) -> list[str]:
    plain, at, found = text.translate(_LOOKS), 0, []
    while plain[at:].strip():
        token = _TOKEN.match(plain, at)
        if token is None:
            raise Refused(
                _("“{token}” is not understood in the formula “{formula}”.", token=plain[at:].strip()[0], formula=text)
            )
        found.append(token[0].strip())
        at = token.end()
    if not found:
        raise Refused(_("The formula is empty."))
    return found


def names_in(node: Node) -> set[str]:
    """Every name that a formula stands on."""
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Op):
        return names_in(node.left) | names_in(node.right)
    return set()


def expanded(formulas: Mapping[str, Node]) -> dict[str, Node]:
    """Formulas in which those named in each other are written out.

    A circle is refused, with its names; so is what grows longer than a formula may be.
    """
    done: dict[str, Node] = {}
    parts: dict[str, int] = {}

    def write_out(name: str, on_the_way: tuple[str, ...]) -> None:
        if name in on_the_way:
            circle = " → ".join(one.lstrip("=") for one in [*on_the_way[on_the_way.index(name) :], name])
            raise Refused(_("The formulas go in a circle: {circle}.", circle=circle))
        if name in done:
            return
        too_long = Refused(_("“{name}” is too long with the formulas that it names.", name=name.lstrip("=")))
        if len(on_the_way) > DEEPEST:
            raise too_long
        for one in sorted(names_in(formulas[name]) & formulas.keys()):
            write_out(one, (*on_the_way, name))
        parts[name] = _parts(formulas[name], parts)
        if parts[name] > LONGEST:
            raise too_long
        done[name] = _replaced(formulas[name], done)

    for name in formulas:
        write_out(name, ())
    return done


def _replaced(node: Node, done: Mapping[str, Node]) -> Node:
    if isinstance(node, Op):
        return Op(node.sign, _replaced(node.left, done), _replaced(node.right, done))
    return done.get(node.name, node) if isinstance(node, Name) else node


def _parts(node: Node, known: Mapping[str, int]) -> int:
    """How many numbers, names and signs a formula has, with those of the formulas in it."""
    if isinstance(node, Op):
        return 1 + _parts(node.left, known) + _parts(node.right, known)
    return known.get(node.name, 1) if isinstance(node, Name) else 1


def value_of(node: Node, values: Mapping[str, Fraction | None], labels: Mapping[str, Text]) -> Value:
    """What a formula gives for these metrics; `labels` says what a missing one is called."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        found = values.get(node.name)
        return Missing(_missing(labels.get(node.name, Text(node.name)))) if found is None else found
    left, right = value_of(node.left, values, labels), value_of(node.right, values, labels)
    if isinstance(left, Missing):
        return left
    if isinstance(right, Missing):
        return right
    if node.sign == "/":
        if right <= 0:
            return Missing(_nothing_in(node.right, right, labels))
        return left / right
    return _COMPUTE[node.sign](left, right)


_COMPUTE: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "min": min,
    "max": max,
}


def holds(condition: Condition, values: Mapping[str, Fraction | None], labels: Mapping[str, Text]) -> bool:
    """Whether a condition is true; a condition over a missing value is not."""
    left, right = value_of(condition.left, values, labels), value_of(condition.right, values, labels)
    if isinstance(left, Missing) or isinstance(right, Missing):
        return False
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right,
            "=": left == right, "<>": left != right}[condition.sign]  # fmt: skip


@lru_cache(maxsize=64)
def _missing(label: Text) -> Text:
    return _("{metric} is missing", metric=label)


def _nothing_in(node: Node, value: Fraction, labels: Mapping[str, Text]) -> Text:
    if isinstance(node, Name):
        said = _("{metric} is below 0") if value else _("{metric} is 0")
        return said(metric=labels.get(node.name, Text(node.name)))
    return _("a division by less than 0") if value else _("a division by 0")
