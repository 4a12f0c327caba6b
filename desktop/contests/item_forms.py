"""Forms by which a scheme is changed while it is scored: an item, stars and flags; and points pasted as two columns."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.contests.models import PROJECT
from db.contests.schemes import (
    BEST,
    BONUS,
    COUNT,
    DEDUCTION,
    EFFICACY,
    GIVEN,
    ITEM,
    METHODS,
    PERIOD,
    STEPS,
    TARGET,
    YEAR,
    Item,
)
from db.core.fields import Choice, Field, Flag, Metric, Money, Whole, Words
from db.core.text import Text, _
from desktop.kit.columns import unit_name
from desktop.kit.page import Connection
from desktop.kit.parts import button, row_of
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.contests.queries import League
    from desktop.contests.page import ContestsPage

_MICRO = 10**6
_WIDTH = 560
_PAIRS = (
    ("name", "kind"), ("method", "figure"), ("since", "unit"), ("min_investment", "weight"), ("each", "cap"),
    ("target", "beyond"),
)  # fmt: skip
_KINDS = Choice(((ITEM, _("Earns points")), (BONUS, _("Bonus")), (DEDUCTION, _("Costs points"))))
_SINCE = Choice(((PERIOD, _("in the period")), (YEAR, _("since January"))))
_SCORED = frozenset({COUNT, TARGET, BEST, EFFICACY, STEPS})
# Editor → the methods by which it says something.
_ASKED: Mapping[str, frozenset[str]] = {
    "figure": _SCORED, "since": _SCORED, "unit": _SCORED, "min_investment": _SCORED, "each": frozenset({COUNT}),
    "lower": _SCORED, "cap": frozenset({TARGET}), "target": frozenset({TARGET, COUNT}), "beyond": frozenset({COUNT}),
    "steps": frozenset({STEPS}),
}  # fmt: skip


def put_item(page: ContestsPage, area: QWidget, found: League, known: Mapping[str, Text], code: str = "") -> None:
    """A new item, or the one of this code; known: key → label of the figures."""
    item = found.scheme.item(code) if code else Item("", "")
    title = _("Item “{name}”", name=item.name) if code else _("New item")
    form = SmallForm(
        page, title, _("Save the item"), _fields(found, item, known),
        notes=[_("For this contest and later ones; what was frozen stays as it was scored.")],
    )  # fmt: skip
    _lay_in_pairs(form)
    form.named = lambda values: _("Change the item “{name}”", name=values["name"] or "")

    def work(connection: Connection, values: dict[str, Any]) -> str:
        from db.contests import items

        asked = {key: value for key, value in values.items() if _asks(values["method"] or GIVEN, key, found, item)}
        least = asked.get("min_investment")
        given = asked | {"min_investment": None if least is None else least // 100}
        return items.put_item(connection, found.contest.id, given, code=code)

    form.work = work
    if code:
        form.foot.insertWidget(0, button(_("Remove the item"), partial(_drop, form, page, found, item), kind="danger"))
    method = form.editors["method"]
    method.input.edited.connect(partial(_show_asked, form, found, item))
    _show_asked(form, found, item)
    form.open_over(area)


def _fields(found: League, item: Item, known: Mapping[str, Text]) -> list[tuple[Field, Any, None]]:
    from db.contests.items import SCALES, steps_said

    figures = dict(known)
    if item.figure:
        figures.setdefault(item.figure, Text(item.figure))
    units = Choice((("", _("as the figure is")), *((key, Text(unit_name(key))) for key in SCALES)))
    return [
        (Field("name", _("Name"), Words()), item.name or None, None),
        (Field("kind", _("Earns or costs"), _KINDS), item.kind, None),
        (Field("method", _("Method"), Choice(tuple(METHODS.items()))), item.method, None),
        (Field("figure", _("Figure"), Choice(tuple(figures.items()))), item.figure or None, None),
        (Field("since", _("Counted"), _SINCE), item.since, None),
        (Field("unit", _("Money in"), units), item.unit if item.unit in SCALES else "", None),
        (Field("min_investment", _("Only projects of at least"), Money("万元")),
         None if item.min_investment is None else item.min_investment * 100, None),
        (Field("weight", _("Points"), Metric("分")), _micro(item.weight) or None, None),
        (Field("each", _("Points for one"), Metric("分")), _micro(item.each), None),
        (Field("cap", _("At most so many times its points"), Metric("")), _micro(item.cap), None),
        (Field("target", _("Target of everybody"), Metric("")), None if item.target is None else _micro(item.target), None),
        (Field("beyond", _("Only what is beyond the target"), Flag()), int(item.beyond), None),
        (Field("lower", _("Less is better"), Flag()), int(item.lower), None),
        (Field("steps", _("Steps: from how many on, and the points, one a line"), Words(long=True)), steps_said(item) or None, None),
    ]  # fmt: skip


def _micro(number: Fraction) -> int:
    return int(number * _MICRO)


def _lay_in_pairs(form: SmallForm) -> None:
    """Two editors side by side: under each other they would be higher than a small screen."""
    form.setFixedWidth(_WIDTH)
    for pair in _PAIRS:
        left, right = (form.editors[key] for key in pair)
        place = form.lines.indexOf(left)
        for one in (left, right):
            form.lines.removeWidget(one)
        row = row_of(left, right)
        for one in (left, right):
            row.setAlignment(one, Qt.AlignmentFlag.AlignTop)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        form.lines.insertLayout(place, row)


def _asks(method: str, key: str, found: League, item: Item) -> bool:
    """Whether an editor says something by this method; what stood in the scheme can always be seen."""
    if key == "min_investment" and found.scheme.subject == PROJECT:
        return False
    return (
        key not in _ASKED or method in _ASKED[key] or (item.beyond and method != GIVEN and key in ("beyond", "target"))
    )


def _show_asked(form: SmallForm, found: League, item: Item) -> None:
    """Only what the chosen method asks for."""
    typed = form.editors["method"].typed.strip()
    method = next((key for key, label in METHODS.items() if tr(label) == typed), "")
    for key, editor in form.editors.items():
        editor.setVisible(_asks(method, key, found, item))
    form.adjustSize()


def _drop(form: SmallForm, page: ContestsPage, found: League, item: Item) -> None:
    def work(connection: Connection) -> None:
        from db.contests.items import drop_item

        drop_item(connection, found.contest.id, item.code)

    def done(_found: None) -> None:
        form.close_card()

    page.write(_("Remove the item “{name}”", name=item.name), work, done)


def mark(page: ContestsPage, area: QWidget, found: League) -> None:
    """From how many points on there is a star, and who has the flag."""
    from db.per_mu.schemes import plain

    scheme = found.scheme
    stars = "\n".join(f"{name} {plain(least)}" for name, least in scheme.stars)
    form = SmallForm(
        page, _("Who gets stars and flags"), _("Save stars and flags"),
        [
            (Field("stars", _("Stars: name and points, one a line, the best first"), Words(long=True)), stars or None, None),
            (Field("flag", _("Flag (empty: none)"), Words()), scheme.flag or None, None),
            (Field("flags", _("Flags in each group"), Whole()), scheme.flags, None),
        ],
        notes=[_("For this contest and later ones; what was frozen stays as it was scored.")],
    )  # fmt: skip
    form.named = lambda _values: _("Change stars and flags of “{name}”", name=scheme.name)

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.contests import items

        flags = 1 if values["flags"] is None else values["flags"]
        items.mark(connection, found.contest.id, stars=values["stars"] or "", flag=values["flag"] or "", flags=flags)

    form.work = work
    form.open_over(area)


def paste_points(page: ContestsPage, area: QWidget, found: League) -> None:
    """Points of many by hand at once, as two columns of a spreadsheet."""
    given = [(item.code, Text(item.name)) for item in found.scheme.items if item.method == GIVEN]
    form = SmallForm(
        page, _("Paste points"), _("Enter the points"),
        [
            (Field("item", _("Item of the scheme"), Choice(tuple(given))), given[0][0], None),
            (Field("block", _("Two columns from the spreadsheet: who, and the points"), Words(long=True)), None, None),
            (Field("why", _("What they rest on"), Words()), None, None),
        ],
    )  # fmt: skip
    names = dict(given)
    form.named = lambda values: _("Enter points: {name}", name=names.get(values["item"], ""))

    def work(connection: Connection, values: dict[str, Any]) -> int:
        from db.contests import items

        item = values["item"] or given[0][0]
        return items.enter_block(connection, found, item, values["block"] or "", reason=values["why"] or "")

    form.work = work
    form.done = lambda count: page.desk.say(_("Points of {count} entered.", count=f"{count:,}"))
    form.open_over(area)
    form.editors["block"].input.setFocus()
