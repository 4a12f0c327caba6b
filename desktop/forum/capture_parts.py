"""The parts of the capture page and where they stand: enterprises, lines and entry, the last session."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from db.core.text import _
from desktop.forum.capture_alike import AlikeStrip
from desktop.forum.capture_end import EndSide
from desktop.forum.capture_entry import Entry
from desktop.forum.capture_lines import CapturedList
from desktop.forum.capture_sides import GuestSide, PastSide
from desktop.kit import theme
from desktop.kit.choices import Choices
from desktop.kit.page import EmptyPage, Page
from desktop.kit.parts import ElidedLabel, Tag, bar, button, column_of, label, row_of
from desktop.kit.several_views import View
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.at_table import Sitting

_OVER = 12 * 60  # minutes after which nobody records any more
_KEYS = (
    ("Alt 1—9", _("firm")), ("Ctrl D", _("same")), ("↑", _("line above")), ("F4", _("reply")),
    ("F6", _("last time")), ("Esc", _("clear")), ("Ctrl ↵", _("end")),
)  # fmt: skip


class CaptureParts(View):
    """What stands on the page; `CaptureView` is what it does."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.sitting: Sitting | None = None
        self.which = Choices()
        self.which.setAccessibleName(tr(_("Session")))
        self.which.setFixedWidth(190)
        self.about = ElidedLabel(tone="mute")
        self.attach = button(
            _("Attach files…"), small=True, icon="plus", tip=_("To the line, or the one before (Ctrl+Shift+A)")
        )
        self.state = Tag("", "green")
        self.guests, self.past, self.entry, self.end_side = GuestSide(), PastSide(), Entry(), EndSide()
        self.lines = CapturedList()
        self.lines.remember(page.desk.preferences, "forum_capture")
        self.alike = AlikeStrip(page)
        self.pack = button(_("Pack for the leaders…"), icon="export")
        self.finish = button(_("End and assign…"), kind="primary", tip=_("Ctrl+Enter"))
        page.writers += [self.finish, self.attach]
        self.make_session = button(_("New session"), kind="primary", icon="plus")
        self.nothing = EmptyPage(_("There is no session yet."), self.make_session)
        self._lay_out()

    def _lay_out(self) -> None:
        keys = QFrame()
        keys.setProperty("bar", "bottom")
        keys.setFixedHeight(34)
        hints = row_of(margins=(12, 0, 12, 0), gap=6, parent=keys)
        for key, text in _KEYS:
            mark = label(key, size=11, tone="mute")
            mark.setProperty("key", "true")
            mark.setFixedHeight(20)
            hints.addWidget(mark)
            hints.addWidget(label(text, size=12, tone="mute"))
            hints.addSpacing(6)
        hints.addStretch(1)
        typing = QWidget()
        typed = column_of(gap=0, parent=typing)
        typed.addWidget(self.lines, 1)
        typed.addLayout(column_of(self.entry, self.alike, margins=(12, 10, 12, 10), gap=8))
        typed.addWidget(keys)
        self.middle = QStackedWidget()
        for part in (typing, self.end_side):
            self.middle.addWidget(part)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        for part, least, most in ((self.guests, 220, 360), (self.middle, 420, 16_000), (self.past, 240, 424)):
            part.setMinimumWidth(least)
            part.setMaximumWidth(most)
            self.split.addWidget(part)
        self.split.setStretchFactor(1, 1)
        kept = self.page.desk.preferences.ledgers.setdefault("forum_capture", {})
        self.split.setSizes(kept.get("parts") or [256, 674, 284])
        self.split.splitterMoved.connect(lambda _at, _which: kept.update(parts=self.split.sizes()))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.split)
        self.strip = bar("filter", theme.FILTER_BAR, self.which, self.about, self.attach, self.state)
        told: QHBoxLayout = self.strip.layout()  # type: ignore[assignment]
        told.setStretch(1, 1)
        column_of(self.strip, gap=0, parent=self).addWidget(self._stack, 1)

    def say_state(self, *, offline: bool) -> None:
        """That each line is saved at once, since when lines are kept today; or that the book cannot be reached."""
        now = self.sitting
        begun = now.begun if now is not None and now.day == self.page.desk.today().isoformat() else None
        minutes = (dt.datetime.now(dt.UTC) - begun) // dt.timedelta(minutes=1) if begun is not None else _OVER
        if offline:
            self.state.say(_("Offline: lines are kept here"), "amber")
        elif 0 <= minutes < _OVER:
            self.state.say(_("Recording {time}", time=f"{minutes // 60:02d}:{minutes % 60:02d}"), "green")
        else:
            self.state.say(_("Each line is saved at once"), "green")
        self.state.setToolTip("" if offline else tr(_("Each line is saved at once")))
