"""Whether every sentence has its Chinese: `python -m tests.translations` (`--update` writes the catalogue).

Sentences are found in the code as `_("...")`. The catalogue may hold no sentence that the code no longer says.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "resources" / "translations" / "zh" / "LC_MESSAGES" / "zhaoshang.po"
FORBIDDEN = {"您": "no pronoun", "！": "no exclamation mark", "成功": "say what was done"}
HALF_WIDTH = re.compile(r"[一-鿿][,;?!]|[,;?!][一-鿿]")


def sentences() -> dict[str, str]:
    """Every sentence of db and desktop, with the first place where it is said."""
    found: dict[str, str] = {}
    for floor in ("db", "desktop"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            for line, key, _comments, _context in extract_from_file("python", path, keywords={"_": None}):
                if isinstance(key, str) and key:
                    found.setdefault(key, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def catalogue() -> Catalog:
    """The Chinese catalogue as it is kept."""
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="zh")


def places(sentence: str) -> set[str]:
    """The names between braces: what is filled in."""
    return {name for _literal, name, _format, _conversion in string.Formatter().parse(sentence) if name is not None}


def wrong_wording(message: Message) -> Iterator[str]:
    """What is wrong with one translated sentence."""
    key, chinese = str(message.id), str(message.string)
    try:
        if places(key) != places(chinese):
            yield f"{key!r}: other places in {{}} than in {chinese!r}"
    except ValueError:
        yield f"{key!r}: unbalanced braces in {chinese!r}"
    for word, why in FORBIDDEN.items():
        if word in chinese:
            yield f"{key!r}: {word} in {chinese!r} ({why})"
    if HALF_WIDTH.search(chinese):
        yield f"{key!r}: half-width punctuation in {chinese!r}"


def complaints() -> list[str]:
    """Everything that is missing, stale or wrongly worded; empty when the catalogue is complete."""
    said, kept = sentences(), catalogue()
    messages = {str(message.id): message for message in kept if message.id}
    missing = [
        f"{place}: no Chinese for {key!r}"
        for key, place in said.items()
        if key not in messages or not messages[key].string
    ]
    stale = [f"no longer said: {key!r}" for key in messages if key not in said]
    wording = [fault for message in messages.values() if message.string for fault in wrong_wording(message)]
    return missing + stale + wording


def update() -> None:
    """Write new sentences into the catalogue, untranslated, and take out those no longer said."""
    said, kept = sentences(), catalogue()
    for key in [str(message.id) for message in kept if message.id and str(message.id) not in said]:
        kept.delete(key)
    for key in said:
        if key not in kept:
            kept.add(key)
    with CATALOGUE.open("wb") as stream:
        write_po(stream, kept, sort_output=True, no_location=True, width=0)


def main() -> int:
    """Check, or update and then check."""
    if "--update" in sys.argv[1:]:
        update()
    faults = complaints()
    print("\n".join(faults) if faults else f"translations: complete ({len(sentences())} sentences)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
