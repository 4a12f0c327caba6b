"""The headings under which real ledgers carry a field: data, resources/presets/headings_*.json, key → headings."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

from db.core.paths import RESOURCES


@cache
def _said(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((RESOURCES / "presets" / f"headings_{name}.json").read_text("utf-8"))
    return found


def headings(name: str) -> Callable[[str], tuple[str, ...]]:
    """What ledgers call the fields of a list (projects, forum, per_mu…): key → headings, none where it has only its label."""
    return lambda key: tuple(_said(name).get(key, ()))
