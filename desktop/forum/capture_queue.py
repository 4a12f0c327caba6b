"""Lines that are not in the book yet: each is kept on this desk before it is sent, and forgotten once it is written.

So a line survives a crash between Enter and the book, and a book that cannot be reached.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from desktop.kit.drafts import NEW, Drafts

if TYPE_CHECKING:
    from db.forum.service import Line


@dataclass(frozen=True)
class Waiting:
    """A line that waits. on: the day of the session. alike: issues it is joined with. issue: what it changes, 0 a new one.

    again: it was sent before, by a program that ended before it heard what became of it.
    """

    key: int
    session: int
    on: str
    line: Line
    alike: tuple[int, ...] = ()
    issue: int = 0
    again: bool = False


class Queue:
    """The lines of one book that wait, in their order."""

    def __init__(self, target: str) -> None:
        self._drafts = Drafts(target, "forum-lines")
        draft = self._drafts.of(NEW)
        kept = draft.texts if draft is not None else {}
        self.waiting: list[Waiting] = [
            one for key in sorted(kept, key=_place) if (one := _read(_place(key), kept[key])) is not None
        ]
        self._next = max((one.key for one in self.waiting), default=0) + 1

    def add(self, session: int, line: Line, *, on: str, alike: Sequence[int] = (), issue: int = 0) -> Waiting:
        """Keep a line before it is sent."""
        one = Waiting(self._next, session, on, line, tuple(alike), issue)
        self._next += 1
        self.waiting.append(one)
        self._keep()
        return one

    def drop(self, key: int) -> None:
        """It is written, or not wanted any more."""
        self.waiting = [one for one in self.waiting if one.key != key]
        self._keep()

    def _keep(self) -> None:
        texts = {str(one.key): json.dumps(asdict(one), ensure_ascii=False) for one in self.waiting}
        if texts:
            self._drafts.keep(NEW, texts)
        else:
            self._drafts.drop(NEW)


def _place(key: str) -> int:
    return int(key) if key.isdigit() else 0


def _read(key: int, text: str) -> Waiting | None:
    """A line as it was kept; None where it cannot be understood."""
    from db.forum.service import Line

    try:
        told: dict[str, Any] = json.loads(text)
        said = told["line"] | {"departments": tuple(told["line"]["departments"])}
        return Waiting(
            key,
            int(told["session"]),
            str(told["on"]),
            Line(**said),
            tuple(told["alike"]),
            int(told["issue"]),
            again=True,
        )
    except (ValueError, KeyError, TypeError):
        return None
