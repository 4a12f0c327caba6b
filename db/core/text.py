"""What the program says: English source sentences, rendered in a language asked for by name.

A sentence is carried as data (key and arguments) until the edge where a person reads it, so that what is stored in
a book (labels of operations, messages) can be read in either language later, and a report's language is never ambient.
"""

from __future__ import annotations

import gettext
import os
import struct
import sys
from bisect import bisect_left
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
        said = {name: say(value, lang) for name, value in self.args.items()}
        if lang == "en" and "1" in map(str, said.values()):
            from db.core.english import counted

            sentence = counted(sentence, said)
        return sentence.format(**said)

    def __call__(self, **args: Any) -> Text:
        """The same sentence with these values filled in."""
        return Text(self.key, args)

    def __str__(self) -> str:
        return self.render("en")

    def as_json(self) -> str:
        """Canonical JSON, as stored in a book."""
        import json  # most sentences are only said, and a window starts with those

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
    import json

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


class _Catalogue(gettext.NullTranslations):
    """A compiled catalogue, whose sentences are in order: each is looked up when it is first said.

    `gettext.GNUTranslations` reads all of them at once, which is a fortieth of the window's start.
    """

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self._raw = raw
        _magic, _revision, self._count, self._keys, self._values = struct.unpack_from("<5I", raw)
        self._said: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        """The sentence in the language of the catalogue, or as it is where it has none."""
        if message not in self._said:
            self._said[message] = self._found(message)
        return self._said[message]

    def _found(self, message: str) -> str:
        wanted = message.encode()
        at = bisect_left(range(self._count), wanted, key=self._key)
        if at == self._count or self._key(at) != wanted:
            return message
        return self._string(self._values, at).decode()

    def _key(self, at: int) -> bytes:
        return self._string(self._keys, at)

    def _string(self, table: int, at: int) -> bytes:
        length, begin = struct.unpack_from("<2I", self._raw, table + 8 * at)
        return self._raw[begin : begin + length]


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    folder = RESOURCES / "translations" / lang / "LC_MESSAGES"
    source, compiled = folder / f"{_DOMAIN}.po", folder / f"{_DOMAIN}.mo"
    checkout = (RESOURCES.parent / "pyproject.toml").exists()  # elsewhere an installer may have changed the times
    if not compiled.exists() or (checkout and source.stat().st_mtime > compiled.stat().st_mtime):
        return _compile(source)
    return _Catalogue(compiled.read_bytes())


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
    return _Catalogue(buffer.getvalue())
