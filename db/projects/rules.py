"""Rules about projects, in plain Python: what cannot be is refused, what is odd is a hint."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from db.core.columns import Columns
from db.core.paths import RESOURCES
from db.core.text import Text, _
from db.projects.models import INSIDE, OUTSIDE, OVERSEAS
from db.projects.stages import order, stages

_PLAIN_CONTACT = re.compile(r"([一-鿿]{2,8}) ?(1\d{10})", re.ASCII)
_PHONE = re.compile(r"(?:\+?86[- ]?)?(?:1\d{10}|\d{3,4}[- ]\d{7,8}(?:[- ]\d{1,6})?|\d{7,8})")
MONEY = frozenset(("agreed_investment", "total_investment", "fixed_investment", "first_phase_investment"))


def missing_before(stage: str, reached: Collection[str]) -> tuple[str, ...]:
    """The stages that must have been reached before `stage` and were not (production before signing cannot be)."""
    known = stages().get(stage)
    return tuple(need for need in known.needs if need not in reached) if known else ()


def gap(reached: Collection[str]) -> Text | None:
    """Why these stages cannot stand together, naming the missing one; None where they can."""
    for stage in sorted(reached, key=order):
        missing = missing_before(stage, reached)
        if missing:
            return cannot_be(stage, missing)
    return None


def cannot_be(stage: str, missing: Collection[str]) -> Text:
    """The sentence that names what is missing before a stage."""
    known = stages()
    return _(
        "“{stage}” cannot be without “{missing}”; record that date too.",
        stage=known[stage].label,
        missing=[known[one].label for one in missing],
    )


def date_hints(dates: Mapping[str, str | None]) -> list[Text]:
    """What is odd about the dates of the stages: a later stage dated before an earlier one. Hints, never a block."""
    known = stages()
    dated = sorted((stage for stage, day in dates.items() if day), key=order)
    return [
        _("{later} is dated before {earlier}.", later=known[after].label, earlier=known[before].label)
        for before, after in pairwise(dated)
        if str(dates[after]) < str(dates[before])
    ]


def refused_amounts(columns: Columns) -> dict[int, dict[str, Text]]:
    """Amounts that cannot be, of many projects at once: an investment below zero; place → key → why."""
    found: dict[int, dict[str, Text]] = {}
    for key in sorted(MONEY & columns.keys()):
        for place, value in enumerate(columns[key]):
            if value is not None and value < 0:
                found.setdefault(place, {})[key] = _("An investment cannot be below zero.")
    return found


def amount_hints(row: Mapping[str, Any]) -> list[Text]:
    """What is odd about the amounts of one project."""
    found = []
    total = row.get("total_investment") or row.get("agreed_investment")
    if total and (row.get("fixed_investment") or 0) > max(total, row.get("agreed_investment") or 0):
        found.append(_("The fixed-asset investment is larger than the whole investment."))
    if (row.get("agreed_investment") or 0) >= 100 * 10**8 * 100:
        found.append(_("More than 10 billion yuan: is this right?"))
    return found


@cache
def _places() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESOURCES / "presets" / "source_places.json").read_text(encoding="utf-8"))
    return found


def source_kind(place: str | None, province: str) -> str | None:
    """Whether a place of origin is inside the home province, outside it or overseas; None where nothing is said.

    A name that is no province, city or word of ours is taken as overseas only if it is no Chinese district either.
    """
    bare = unicodedata.normalize("NFKC", place or "").strip()
    if not bare:
        return None
    data = _places()
    home = province.removesuffix("省").removesuffix("市")
    if any(bare.startswith(word) for word in data["inside"]):
        return INSIDE
    if any(bare.startswith(word) for word in data["outside"]):
        return OUTSIDE
    if any(word in bare for word in data["overseas"]):
        return OVERSEAS
    for level in ("cities", "districts"):
        for owner, names in data[level].items():
            if any(bare.startswith(name) for name in names):
                return INSIDE if owner == home else OUTSIDE
    for name in data["provinces"]:
        if bare.removeprefix("中国").startswith(name):
            return INSIDE if name == home else OUTSIDE
    return OUTSIDE if bare.endswith(("省", "市", "县", "区", "自治州")) or bare == "中国" else OVERSEAS


def split_contact(text: str) -> tuple[str | None, str | None]:
    """(name, phone) of a cell that holds both: 罗倩 13800000001."""
    plain = _PLAIN_CONTACT.fullmatch(text)
    if plain:
        return plain[1], plain[2]
    bare = unicodedata.normalize("NFKC", text).strip()
    phones = _PHONE.findall(bare)
    name = _PHONE.sub(" ", bare)
    name = re.sub(r"[\s,，、;；:：/()（）]+", " ", name).strip()
    return name or None, "、".join(phones) or None
