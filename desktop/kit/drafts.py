"""What was typed and not saved, kept in the person's own folder every two seconds: one small file a book and record."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from db.core.paths import user_folder
from desktop.kit.preferences import without_password

EVERY = 2_000
NEW = 0  # a record that is not in the book yet


@dataclass(frozen=True)
class Draft:
    """Field key → text of what was not saved of a record (NEW for a new one), and when it was typed."""

    record: int
    texts: Mapping[str, str]
    at: dt.datetime


class Drafts:
    """The drafts of one room of one book."""

    def __init__(self, target: str, room: str) -> None:
        name = hashlib.sha256(without_password(target).encode()).hexdigest()[:16]
        self._folder = user_folder("data") / "drafts" / name
        self._room = room

    def _path(self, record: int) -> Path:
        return self._folder / f"{self._room}-{record}.json"

    def keep(self, record: int, texts: Mapping[str, str]) -> None:
        """Write a draft whole; a desk that does not allow it works on without."""
        part = self._path(record).with_suffix(".part")
        told = {"at": dt.datetime.now(dt.UTC).isoformat(), "texts": dict(texts)}
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            part.replace(self._path(record))

    def of(self, record: int) -> Draft | None:
        """The draft of a record; a damaged one is none."""
        try:
            told = json.loads(self._path(record).read_text(encoding="utf-8"))
            texts = {str(key): str(text) for key, text in told["texts"].items()}
            return Draft(record, texts, dt.datetime.fromisoformat(told["at"])) if texts else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def drop(self, record: int, keys: Collection[str] | None = None) -> None:
        """These texts were saved or are not wanted, None for all; what else the draft has stays."""
        draft = self.of(record) if keys is not None else None
        rest = {key: text for key, text in draft.texts.items() if key not in (keys or ())} if draft is not None else {}
        if rest:
            self.keep(record, rest)
            return
        with contextlib.suppress(OSError):
            self._path(record).unlink(missing_ok=True)


class Keeper(QObject):
    """Looks every two seconds at what is typed. `look` gives the records with the texts that are not saved."""

    def __init__(self, owner: QObject, drafts: Drafts, look: Callable[[], Mapping[int, Mapping[str, str]]]) -> None:
        super().__init__(owner)
        self._drafts, self._look = drafts, look
        self._kept: dict[int, dict[str, str]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look_now)
        self._timer.start()

    def look_now(self) -> None:
        """Keep what changed since the last look; what was left or undone by hand meanwhile is no draft any more."""
        now = {record: dict(texts) for record, texts in self._look().items() if texts}
        for record, texts in now.items():
            if texts != self._kept.get(record):
                before = self._drafts.of(record)
                kept = {} if before is None else {
                    key: text for key, text in before.texts.items() if key not in self._kept.get(record, ())
                }  # fmt: skip
                self._drafts.keep(record, kept | texts)
                self._kept[record] = texts
        for record in self._kept.keys() - now.keys():
            self.forget(record, self._kept[record].keys())

    def end(self) -> None:
        """Keep what is typed for good: what a closing window still does to its parts saves nothing."""
        self.look_now()
        self._timer.stop()

    def give_up(self) -> None:
        """Everything was saved: nothing is kept, and nothing looked at any more."""
        self._timer.stop()
        for record in self._look():
            self.forget(record)
        self._look = dict

    def forget(self, record: int, keys: Collection[str] | None = None) -> None:
        """These texts were saved or given up; None for all that is kept of the record."""
        kept = self._kept.pop(record, {})
        rest = {key: text for key, text in kept.items() if keys is not None and key not in keys}
        if rest:
            self._kept[record] = rest
        self._drafts.drop(record, keys)
