"""What stands out in a column of a view: up to three rules, each with a colour and the sign that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from db.core.fields import Field
from db.core.text import _
from desktop.kit.choices import Choices
from desktop.kit.filter_rules import RuleLine
from desktop.kit.lists import show_inside
from desktop.kit.parts import ElidedLabel, button, column_of, label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.ledger import Ledger

_RULES, _WIDTH, _LIVE = 3, 380, 180


class EmphasisWindow(QFrame):
    """See the module. It takes effect at once, and is saved with the view. Enter and Esc leave."""

    def __init__(self, ledger: Ledger, field: Field) -> None:
        super().__init__(ledger, Qt.WindowType.Popup)
        from db.core.emphasis import TONES

        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr(_("What stands out in “{field}”", field=field.label)))
        self._ledger, self._field = ledger, field
        assert ledger.view is not None
        before = [one for one in ledger.view.emphasis if one.condition.key == field.key]
        self._live = QTimer(self)
        self._live.setSingleShot(True)
        self._live.setInterval(_LIVE)
        self._live.timeout.connect(self._apply)
        lines = column_of(margins=(12, 10, 12, 10), gap=8, parent=self)
        lines.addWidget(ElidedLabel(_("What stands out in “{field}”", field=field.label), bold=True))
        self.rules: list[RuleLine] = []
        self.tones: list[Choices] = []
        for at in range(_RULES):
            known = before[at] if at < len(before) else None
            rule = RuleLine(field, known.condition if known is not None else None, _("no rule"))
            tone = Choices(
                [(key, said) for key, (said, _sign) in TONES.items()], known.tone if known else list(TONES)[at]
            )
            tone.setAccessibleName(tr(_("Colour and sign")))
            tone.setFixedWidth(104)
            rule.changed.connect(self._live.start)
            rule.chosen.connect(self.adjustSize)
            tone.currentIndexChanged.connect(self._live.start)
            line = row_of(rule, tone, gap=6)
            line.setStretch(0, 1)
            line.setAlignment(tone, Qt.AlignmentFlag.AlignTop)
            lines.addLayout(line)
            self.rules.append(rule)
            self.tones.append(tone)
        lines.addWidget(label(_("The first rule that holds counts."), size=12, tone="mute"))
        lines.addLayout(row_of(button(_("Nothing stands out"), self._clear, small=True), None,
                               button(_("Close"), self.close, small=True)))  # fmt: skip
        self.setFixedWidth(_WIDTH)

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, inside the screen."""
        self.adjustSize()
        show_inside(self, place)
        self.rules[0].rule.setFocus()

    def _clear(self) -> None:
        for one in self.rules:
            one.clear()
        self._apply()
        self.close()

    def _apply(self) -> None:
        from db.core.emphasis import Emphasis
        from db.core.filters import Condition

        view = self._ledger.view
        said = ((rule.condition(), tone.key) for rule, tone in zip(self.rules, self.tones, strict=True))
        made = tuple(Emphasis(one, tone) for one, tone in said if isinstance(one, Condition))
        if view is not None:
            others = tuple(one for one in view.emphasis if one.condition.key != self._field.key)
            if (*others, *made) != view.emphasis:
                self._ledger.change(emphasis=(*others, *made))
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what stands here, and leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._live.stop()
            self._apply()
            self.close()
        else:
            super().keyPressEvent(event)
