"""A yellow line under the entry: earlier issues that say nearly the same, and the offer to join them. It never waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from db.core.text import _
from desktop.forum.steps import short
from desktop.kit import projector
from desktop.kit.page import Connection, Page
from desktop.kit.parts import ElidedLabel, button, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.similar import Similar

_ALIKE, _SHOWN = 45, 5  # per cent from which an issue is offered, and how many


class AlikeStrip(QFrame):
    """`joined`: the ids of the issues with which the line will be one kind of thing."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._text = ""
        self.found: tuple[Similar, ...] = ()
        self.joined: tuple[int, ...] = ()
        self.setProperty("strip", "amber")
        self.setFixedHeight(34)
        self.said = ElidedLabel(size=12)
        self.do = button("", self.join, small=True)
        row_of(self.said, self.do, margins=(12, 0, 6, 0), parent=self).setStretch(0, 1)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # names that complete a field unfold over this room
        self.setSizePolicy(policy)
        self.hide()

    def look(self, text: str, *, category: str | None, but: int | None) -> None:
        """Look for issues like this text; but: the one that is typed anew."""
        self._text = text
        if not text:
            self.forget()
            return

        def work(connection: Connection) -> list[Similar]:
            from db.forum.similar import similar

            return similar(connection, text, category=category, but=but, limit=_SHOWN)

        def take(found: list[Similar]) -> None:
            if self._text == text:
                self._show([one for one in found if one.score >= _ALIKE])

        self._page.ask(work, take, key="alike")

    def forget(self) -> None:
        """Another line begins."""
        self._text = ""
        self._show(())

    def _show(self, found: Sequence[Similar]) -> None:
        self.found, self.joined = tuple(found), ()
        self.setVisible(bool(found))
        if found:
            self._say()

    def _say(self) -> None:
        who = "、".join(dict.fromkeys(one.company for one in self.found))
        count = len(self.found)
        if self.joined:
            self.said.say(_("It will be one kind of thing with {count} earlier ones.", count=count))
        else:
            self.said.say(
                _(
                    "{count} alike: {who} raised “{text}”",
                    count=count,
                    who=who,
                    text=projector.covered(short(self.found[0].text)),
                )
            )
        self.do.setText(tr(_("Do not join (Ctrl+J)") if self.joined else _("Join (Ctrl+J)")))

    def join(self) -> None:
        """The line will be one kind of thing with those alike, or not after all."""
        if self.found:
            self.joined = () if self.joined else tuple(one.id for one in self.found)
            self._say()
