"""Which category an issue is proposed to have, from its words."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from db.core.paths import RESOURCES


@cache
def categories() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(category, the words that speak for it), in the order in which they are offered."""
    found: dict[str, Any] = json.loads((RESOURCES / "presets" / "issue_categories.json").read_text(encoding="utf-8"))
    return tuple((name, tuple(words)) for name, words in found["categories"])


def propose(text: str) -> str | None:
    """The category most of whose words stand in the text, None where none does; it is a proposal, never a rule."""
    told = [(sum(word in text for word in words), -at, name) for at, (name, words) in enumerate(categories())]
    count, _place, name = max(told)
    return name if count else None
