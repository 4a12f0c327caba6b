"""What the cells of the ranking say: place, change, class with its mark, points by indicator, values, land."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.names import called
from desktop.kit import projector, theme
from desktop.kit.cell_parts import MARKS, Part
from desktop.kit.frozen_table import Band, Column, Group
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.per_mu.evaluated import Board
    from db.per_mu.schemes import Indicator

TONES = ("green", "accent", "amber", "red")  # of the classes from the best down
SCALE = 10**12  # of points, as db.per_mu.scoring has it
MICRO = 10**6
_LEAST, _NAME = 62, 176


def mark_of(names: Sequence[str], grade: str) -> tuple[str, str]:
    """The mark of a class and its colour; what is no class of the ranking has a cross in grey."""
    if grade not in names:
        return MARKS[-1], "mute"
    at = min(names.index(grade), len(MARKS) - 1)
    return MARKS[at], TONES[at]


def points(scaled: int | None, places: int = 2) -> str:
    """Points as they are shown, rounded half up."""
    return "—" if scaled is None else ratio(scaled, SCALE, places=places) or "—"


def number(value: Fraction | None, places: int = 1) -> str:
    """A value with thousands separators."""
    if value is None:
        return "—"
    return f"{Decimal(ratio(value.numerator, value.denominator, places=places) or 0):,}"


class Cells:
    """Of one board. Everything goes by the company's number."""

    def __init__(self, board: Board) -> None:
        assert board.outcome is not None
        self.board, self.outcome = board, board.outcome
        self.place = {one.company: at for at, one in enumerate(self.outcome.group.members)}
        self.names = self.outcome.scheme.classes.names
        self.shown = [one for one in self.outcome.scheme.indicators if not self.hides(one.code)]
        self._places = {one.code: self._decimals(one) for one in self.shown}

    def hides(self, code: str) -> bool:
        """Whether an indicator is not for the screen now."""
        from db.per_mu.evaluated import is_private

        return projector.on() and is_private(self.outcome, code)

    def _decimals(self, one: Indicator) -> int:
        from db.per_mu.evaluated import weighted

        whole = weighted(self.outcome, one.code, range(len(self.outcome.group.members)))
        return 1 if not one.unit or whole is None or whole >= 10 else 2

    def value(self, code: str, found: Fraction | None) -> str:
        """A value of an indicator; what has no unit is a share and said in per cent."""
        one = next(item for item in self.outcome.scheme.indicators if item.code == code)
        if found is None:
            return "—"
        places = self._places.get(code, 2)
        return number(found, places) if one.unit else f"{number(found * 100, places)}%"

    def raw(self, code: str, place: int) -> Fraction | None:
        """A company's value of an indicator."""
        column = self.board.raw[code]
        return None if place in self.outcome.gaps[code] or place in column.gaps else column.at(place)

    def columns(self) -> list[Column]:
        """Place, change and name stay; then class, total, points, values, land."""
        found = [
            Column("rank", _("Rank"), 50, right=True), Column("moved", _("Change"), 60),
            Column("name", _("Enterprise"), _NAME),
        ]  # fmt: skip
        if not projector.on():
            found.append(Column("grade", _("Class"), 76))
        found.append(self._column("score", _("Total score")))
        found += [self._column(f"s:{one.code}", f"{tr(one.called)} {plain_weight(one.weight)}") for one in self.shown]
        found += [self._column(f"v:{one.code}", one.called) for one in self.shown]
        return [*found, self._column("land", _("Land (mu)"))]

    def _column(self, key: str, label: Text | str) -> Column:
        return Column(key, label, max(_LEAST, theme.metrics(12).horizontalAdvance(tr(label)) + 18), right=True)

    def bands(self) -> list[Band]:
        """Points on one side, values on the other."""
        if not self.shown:
            return []
        first, last = self.shown[0].code, self.shown[-1].code
        return [
            Band(tr(_("Points (weight)")), f"s:{first}", f"s:{last}"), Band(tr(_("Raw values")), f"v:{first}", "land"),
        ]  # fmt: skip

    def cell(self, company: int, key: str) -> tuple[Part, ...]:
        """What stands in a cell."""
        place = self.place[company]
        kind, _mark, code = key.partition(":")
        if kind == "s":
            missing = place in self.outcome.gaps[code]
            return (Part(points(self.outcome.parts[code][place]), "mute" if missing else "text"),)
        if kind == "v":
            found = self.raw(code, place)
            return (Part(tr(_("missing")), "amber"),) if found is None else (Part(self.value(code, found)),)
        return self._fixed[key](self, place)

    def _rank(self, place: int) -> tuple[Part, ...]:
        return (Part("—" if self.outcome.ranks[place] is None else f"{self.outcome.ranks[place]:,}"),)

    def _moved(self, place: int) -> tuple[Part, ...]:
        move = self.board.before.get(self.outcome.group.members[place].company)
        if move is None:
            return (Part(tr(_("new entry")), "mute"),) if self.board.before else (Part("—", "mute"),)
        return (moved(move.up),)

    def _grade(self, place: int) -> tuple[Part, ...]:
        grade = self.outcome.classes[place]
        kind, tone = mark_of(self.names, grade)
        move = self.board.before.get(self.outcome.group.members[place].company)
        was = move.grade[0] if move is not None else grade
        return (
            Part("", tone, kind),
            Part("→".join(tr(called(one)) for one in dict.fromkeys((was, grade))), bold=was != grade),
        )

    def _land(self, place: int) -> tuple[Part, ...]:
        land = self.outcome.group.given["land"][place]
        return (Part(tr(_("missing")), "amber"),) if land is None else (Part(number(Fraction(land, MICRO))),)

    _fixed: Mapping[str, Callable[[Any, int], tuple[Part, ...]]] = {
        "rank": _rank, "moved": _moved, "grade": _grade, "land": _land,
        "name": lambda self, place: (Part(self.outcome.group.members[place].name),),
        "score": lambda self, place: (Part(points(self.outcome.scores[place]), bold=True),),
    }  # fmt: skip

    def key_of(self, company: int, key: str) -> tuple[bool, Any]:
        """By what a column is sorted; what is missing comes last."""
        place = self.place[company]
        kind, _mark, code = key.partition(":")
        found: Any
        if kind == "s":
            found = -self.outcome.parts[code][place]
        elif kind == "v":
            value = self.raw(code, place)
            found = None if value is None else -value
        elif key == "moved":
            move = self.board.before.get(company)
            found = None if move is None else -move.up
        elif key == "land":
            land = self.outcome.group.given["land"][place]
            found = None if land is None else -land
        elif key == "name":
            found = self.outcome.group.members[place].name
        else:
            found = self.outcome.ranks[place]
        return (found is None, found)

    def groups(self, companies: Sequence[int], order: str) -> list[Group]:
        """By class, the best first; projected, all in one."""
        ordered = sorted(companies, key=lambda one: (self.key_of(one, order), self.key_of(one, "rank")))
        if projector.on():
            return [self._group("", tr(_("All · {count}", count=f"{len(ordered):,}")), ordered)] if ordered else []
        by: dict[str, list[int]] = {}
        for one in ordered:
            by.setdefault(self.outcome.classes[self.place[one]], []).append(one)
        known = [*self.names, *sorted(by.keys() - set(self.names))]
        return [
            self._group(
                grade, tr(_("Class {name} · {count}", name=called(grade), count=f"{len(by[grade]):,}")), by[grade]
            )
            for grade in known
            if grade in by
        ]

    def _group(self, grade: str, title: str, companies: Sequence[int]) -> Group:
        from db.per_mu.evaluated import summed, weighted

        places = [self.place[one] for one in companies]
        sums: dict[str, tuple[Part, ...]] = {}
        for one in self.shown:
            whole = weighted(self.outcome, one.code, places)
            if whole is not None:
                sums[f"v:{one.code}"] = (Part(self.value(one.code, whole), bold=True),)
        sums["land"] = (Part(number(summed(self.outcome, "land", places)), bold=True),)
        risen, fallen = self._came(grade, companies)
        told = [tr(_("{count} rose into it", count=risen))] if risen else []
        told += [tr(_("{count} fell into it", count=fallen))] if fallen else []
        return Group(grade or "all", title, companies, sums, tuple(Part(one, "mute") for one in told))

    def _came(self, grade: str, companies: Sequence[int]) -> tuple[int, int]:
        """How many rose into a class since the year before, how many fell."""
        risen = fallen = 0
        for one in companies:
            move = self.board.before.get(one)
            if move is not None and move.grade[0] != grade and {move.grade[0], grade} <= set(self.names):
                up = self.names.index(move.grade[0]) > self.names.index(grade)
                risen, fallen = risen + up, fallen + (not up)
        return risen, fallen


def moved(up: int) -> Part:
    """Places gained or lost."""
    return Part(f"↑{up}", "green") if up > 0 else Part(f"↓{-up}", "red") if up < 0 else Part("—", "mute")


def plain_weight(weight: Fraction) -> str:
    """45, 2.5."""
    from db.per_mu.schemes import plain

    return plain(weight)


def rule_of(names: Sequence[tuple[str, Fraction]], *, by_share: bool) -> str:
    """The class rule as one line: A first 25 %, B to 70 %, C to 95 %, D the rest."""
    if not by_share:
        return " · ".join(
            tr(_("{name} from {points} points", name=name, points=plain_weight(limit))) for name, limit in names
        )
    told = []
    for at, (name, limit) in enumerate(names):
        text = _("{name} first {share}%") if at == 0 else _("{name} to {share}%")
        told.append(tr(text(name=name, share=plain_weight(limit))))
    return " · ".join(told)
