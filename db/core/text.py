"""What the program says: English source sentences, rendered in a language asked for by name.

A sentence is carried as data (key and arguments) until the edge where a person reads it, so that what is stored in
a book (labels of operations, messages) can be read in either language later, and a report's language is never ambient.
"""

from __future__ import annotations

import gettext
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from db.core.paths import RESOURCES

LANGUAGES = ("zh", "en")
_DOMAIN = "zhaoshang"


@dataclass(frozen=True)
class Text:
    """A sentence to be said: an English source string and the values of its `{places}`."""

    key: str
    args: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def render(self, lang: str = "zh") -> str:
        """The sentence in `lang`; arguments that are sentences themselves are rendered in the same language."""
        sentence = _catalogue(lang).gettext(self.key) if self.key else ""
        if not self.args:
            return sentence
        return sentence.format(**{name: say(value, lang) for name, value in self.args.items()})

    def __call__(self, **args: Any) -> Text:
        """The same sentence with these values filled in."""
        return Text(self.key, args)

    def __str__(self) -> str:
        return self.render("en")

    def as_json(self) -> str:
        """Canonical JSON, as stored in a book."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True)


def _(key: str, /, **args: Any) -> Text:
    """Mark a source sentence for the catalogue."""
    return Text(key, args)


def say(value: object, lang: str) -> Any:
    """Render `value` if it is a sentence (or a list of them); leave anything else as it is."""
    if isinstance(value, Text):
        return value.render(lang)
    if isinstance(value, list | tuple):
        separator = "、" if lang == "zh" else ", "
        return separator.join(str(say(item, lang)) for item in value)
    return value


def text_from_json(stored: str) -> Text:
    """The sentence that `Text.as_json` stored."""
    return _revive(json.loads(stored))  # type: ignore[no-any-return]


def _plain(value: object) -> Any:
    if isinstance(value, Text):
        return {"key": value.key, "args": {name: _plain(arg) for name, arg in value.args.items()}}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str | int | bool) or value is None:
        return value
    return str(value)


def _revive(value: Any) -> Any:
    if isinstance(value, dict):
        return Text(value["key"], {name: _revive(arg) for name, arg in value["args"].items()})
    if isinstance(value, list):
        return [_revive(item) for item in value]
    return value


def system_language() -> str:
    """The language of this desk: English only where the system says so, Chinese where it is unknown."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not named and sys.platform == "win32":
        import locale

        named = locale.getlocale()[0] or ""
    return "en" if named.lower().startswith(("en_", "en-", "english")) else "zh"


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    folder = RESOURCES / "translations" / lang / "LC_MESSAGES"
    source, compiled = folder / f"{_DOMAIN}.po", folder / f"{_DOMAIN}.mo"
    checkout = (RESOURCES.parent / "pyproject.toml").exists()  # elsewhere an installer may have changed the times
    if not compiled.exists() or (checkout and source.stat().st_mtime > compiled.stat().st_mtime):
        return _compile(source)
    with compiled.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def _compile(source: Path) -> gettext.NullTranslations:
    """A checkout that was not set up by `make` has no compiled catalogue: compile it in memory."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as stream:
        catalogue = read_po(stream)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)
