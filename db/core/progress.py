"""How a long job tells how far it is, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol

from db.core.text import Text


class Progress(Protocol):
    """Called by long jobs between steps; `step` raises `Cancelled` when a person said stop."""

    def step(self, done: int, total: int, text: Text) -> None:
        """`done` of `total` (0 where unknown), and what is being done."""


class Silent:
    """Nobody watches."""

    def step(self, done: int, total: int, text: Text) -> None:
        """Do nothing."""


SILENT = Silent()
