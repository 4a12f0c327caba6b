"""What a person chose for this desk: language, look, name, recent books. A small file of their own, never in a book."""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from db.core.paths import user_folder

KEPT_RECENT = 6


@dataclass
class Preferences:
    """Preferences of one person at one desk. `language` and `theme` may be `system`.

    rooms: which rooms the person switched on or off. called: rooms and mechanisms that the office of the book last
    worked in calls otherwise → its name. reminded: what the tray said last, as db/overview/reminding.py keeps it.
    guides: book → steps of the first hour that are done.
    """

    language: str = "system"
    theme: str = "system"
    rows: str = "normal"
    actor: str = ""
    recent: list[dict[str, str]] = field(default_factory=list)
    pane_width: int = 372
    window: list[int] = field(default_factory=list)
    rooms: dict[str, bool] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    reminders: bool = True
    reminded: dict[str, Any] = field(default_factory=dict)
    guides: dict[str, dict[str, bool]] = field(default_factory=dict)
    ledgers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The person's name as operations carry it; the account's until one is chosen."""
        return self.actor or account_name()

    def opened(self, target: str, name: str, at: str) -> None:
        """Put a book first among the recent ones."""
        others = [one for one in self.recent if one.get("target") != target]
        self.recent = [{"target": target, "name": name, "at": at}, *others][:KEPT_RECENT]
        self.save()

    def forget(self, target: str) -> None:
        """Take a book off the list; the book itself stays."""
        self.recent = [one for one in self.recent if one.get("target") != target]
        self.save()

    def save(self) -> None:
        """Write the file whole; a desk that does not allow it works on without."""
        part = _path().with_suffix(".part")
        with contextlib.suppress(OSError):
            import json

            part.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(_path())


def load() -> Preferences:
    """The person's preferences; what is missing or damaged has its default."""
    try:
        text = _path().read_text(encoding="utf-8")
    except (OSError, ValueError):
        return Preferences()
    import json  # a desk's first window has nothing to read

    try:
        stored = json.loads(text)
    except ValueError:
        return Preferences()
    if not isinstance(stored, dict):
        return Preferences()
    default = Preferences()
    known = {one.name: type(getattr(default, one.name)) for one in fields(Preferences)}
    return Preferences(**{name: value for name, value in stored.items() if isinstance(value, known.get(name, bytes))})


def account_name() -> str:
    """What the computer calls the person."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return os.environ.get("USERNAME", "")


def without_password(target: str) -> str:
    """A server's address as a recent list may keep it."""
    scheme, there, rest = target.partition("://")
    who, at, where = rest.rpartition("@")
    if not there or not at or ":" not in who:
        return target
    return f"{scheme}://{who.partition(':')[0]}@{where}"


def _path() -> Path:
    return user_folder("config") / "window.json"
