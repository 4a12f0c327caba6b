"""定稿 on the page: the box under the sections that says how things stand, and the questions before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLabel

from db.core.period import Period, period_name
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import Tag, button, column_of, label, row_of

if TYPE_CHECKING:
    from db.overview.finalised import Closing
    from desktop.overview.making import Made

MOST_FACTS = 30


class ClosingBox(QFrame):
    """Open or finalised, by whom and when, what there is to check. `finalise`, `reopen`, `waiting`: what was clicked."""

    finalise = Signal()
    reopen = Signal()
    waiting = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "bottom")
        self.lock = QLabel()
        self.lock.setPixmap(icons.icon("lock", theme.tokens().green).pixmap(QSize(16, 16)))
        self.name = label("", bold=True)
        self.state = Tag("")
        self.before = label("", size=12, tone="mute", wrap=True)
        self.said = label("", size=12, tone="mute", wrap=True)
        self.close_button = button(_("Finalise…"), self.finalise.emit, small=True)
        self.reopen_button = button(_("Reopen…"), self.reopen.emit, small=True)
        self.waiting_button = button("", self.waiting.emit, small=True)
        lines = column_of(margins=(14, 10, 14, 10), gap=6, parent=self)
        lines.addLayout(row_of(self.lock, self.name, self.state, None, gap=6))
        lines.addWidget(self.said)
        lines.addWidget(self.before)
        lines.addLayout(row_of(self.close_button, self.reopen_button, self.waiting_button, None, gap=6))

    def show_made(self, made: Made) -> None:
        """How the report stands."""
        from desktop.kit.words import tr

        final, count = made.final, len(made.draft.pending)
        period = made.period if final is not None else closing_period(made.period)
        named = period_name(period)
        self.lock.setVisible(final is not None)
        self.name.setText(tr(named))
        self.state.say(*((_("Finalised"), "green") if final is not None else (_("Not finalised"), "amber")))
        self.said.setText(tr(said_of(final, count)))
        self.before.setText(tr(before_of(made.last)) if made.last is not None else "")
        self.before.setVisible(made.last is not None)
        self.close_button.setVisible(final is None)
        self.reopen_button.setVisible(final is not None)
        self.waiting_button.setText(tr(_("See {count} to check", count=count)))
        self.waiting_button.setVisible(count > 0 and final is None)


def closing_period(period: Period) -> Period:
    """What is finalised where this period is looked at: of months since January the last one, which closes both."""
    if period.months is None or period.year_to_date().first != period.first or period.months[0] == period.months[1]:
        return period
    last = period.months[1]
    return Period.of_months(last, last, cut=period.cut)


def said_of(final: Closing | None, count: int) -> Text:
    """One sentence of how things stand."""
    if final is None:
        if count:
            return _("{count} places are to be checked; it can be finalised with them, and that is said.", count=count)
        return _("Once finalised its numbers stay; later changes are named in the next report.")
    day = f"{final.at:%Y-%m-%d %H:%M}"
    if final.pending:
        return _("By {who}, {day}, with {count} to check; revision {revision}", who=final.actor, day=day,
                 count=final.pending, revision=final.revision)  # fmt: skip
    return _("By {who}, {day}; revision {revision}", who=final.actor, day=day, revision=final.revision)


def before_of(last: Closing) -> Text:
    """Which report was finalised before this one."""
    return _("{period} was finalised on {day}", period=period_name(Period.parse(last.period)), day=f"{last.at:%m-%d}")


def question(made: Made) -> tuple[Text, list[Text], Text, Sequence[str]]:
    """Title, sentences, verb and facts of the question before a report is finalised."""
    period = closing_period(made.period)
    named, pending = period_name(period), made.draft.pending
    body = [_("The report is kept as it is now; later changes never touch it.")]
    if period.is_one_month() and period.year_to_date().first != period.first:
        body = [
            _(
                "The report of {month} and that of January to it are kept as they are now; "
                "later changes never touch them.",
                month=named,
            )
        ]
    body.append(_("What changes afterwards is named as a correction in the next report."))
    title = _("Finalise {month}", month=named)
    if not pending:
        return title, body, title, ()
    body.append(_("{count} places are still to be checked:", count=len(pending)))
    facts = [one.sentence for one in pending[:MOST_FACTS]]
    return title, body, _("Finalise with {count} to check", count=len(pending)), facts
