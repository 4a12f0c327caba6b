"""Who is to be told what is missing: units and liaison officers, as text to copy. A district leader is never told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from db.core.text import _
from desktop.kit import clipboard
from desktop.kit.choices import Choices
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.rules import Notice

_TEXT, _LEAST = 360, 60  # pixels


def show_notices(page: Page, over: QWidget, *, negotiating: bool = False) -> None:
    """The card over the page, about the five ones or about the projects under negotiation."""
    today = page.desk.today().isoformat()

    def read(connection: Connection) -> list[Notice]:
        from db.five_ones.meetings import reminders, steward_reminders

        return (steward_reminders if negotiating else reminders)(connection, day=today)

    page.ask(read, lambda found: NoticesCard(page, found).open_over(over), key="notices")


def written(found: Sequence[Notice], to: str) -> str:
    """One letter to each receiver, or to one of them."""
    letters: dict[str, list[str]] = {}
    for one in found:
        letters.setdefault(one.to, []).append(tr(one.sentence))
    texts = []
    for name, said in letters.items():
        if to in ("", name):
            items = [f"{at}. {text}" for at, text in enumerate(said, 1)]
            head = tr(_("{name}: please complete these projects and report back.", name=name))
            texts.append("\n".join([head, *items]))
    return "\n\n".join(texts)


class NoticesCard(Card):
    """Choose one receiver or all; the text may be copied for a chat or the office's own system."""

    def __init__(self, page: Page, found: Sequence[Notice]) -> None:
        super().__init__(page, _("Notices of what is missing"))
        self.setFixedWidth(520)
        self.page, self._found = page, found
        receivers = list(dict.fromkeys(one.to for one in found))
        self.receiver = Choices(
            [("", tr(_("All receivers ({count})", count=len(receivers)))), *((n, n) for n in receivers)]
        )
        self.receiver.setAccessibleName(tr(_("Receiver")))
        self.receiver.currentIndexChanged.connect(lambda _at: self._say())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFixedHeight(_TEXT)
        self.text.setAccessibleName(tr(_("Notices of what is missing")))
        note = _("To responsible units and liaison officers; district leaders are never told by the program.")
        self.lines.addWidget(label(note, size=12, tone="mute", wrap=True))
        self.lines.addWidget(self.receiver)
        self.lines.addWidget(self.text)
        self.copy = button(_("Copy as text"), self.copy_text, kind="primary")
        self.lines.addLayout(row_of(None, button(_("Close"), self.close_card), self.copy))
        self._say()

    def _say(self) -> None:
        self.text.setPlainText(
            written(self._found, self.receiver.key) or tr(_("Nothing is missing; nobody is to be told."))
        )

    def copy_text(self) -> None:
        """Onto the clipboard."""
        clipboard.give(self.page.desk, self.text.toPlainText(), _("Copied as text; paste it into the chat."))

    def open_over(self, area: QWidget) -> None:
        """As high as the page has room for; the receivers have the keyboard."""
        top = area.mapTo(self.page, area.rect().topRight()).y()
        around = self.sizeHint().height() - _TEXT
        self.text.setFixedHeight(max(_LEAST, min(_TEXT, self.page.height() - top - around - 16)))
        super().open_over(area)
        self.receiver.setFocus()
