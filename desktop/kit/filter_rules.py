"""The rules of a column's filter: what one is called, how many values it takes, and the line in which it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.text import Text, _
from desktop.kit.choices import Choices
from desktop.kit.columns import unit_name
from desktop.kit.parts import column_of, label, restyle, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.filters import Condition

# What a rule is called, and how many values it takes.
RULES: dict[str, tuple[Text, int]] = {
    "contains": (_("contains"), 1),
    "not_contains": (_("does not contain"), 1),
    "begins": (_("begins with"), 1),
    "between": (_("from … to …"), 2),
    "at_least": (_("at least"), 1),
    "at_most": (_("at most"), 1),
    "top": (_("the largest …"), 1),
    "bottom": (_("the smallest …"), 1),
    "this_month": (_("in this month"), 0),
    "last_month": (_("in the last month"), 0),
    "this_year": (_("in this year"), 0),
    "in_period": (_("in the period at the top"), 0),
    "older_than_days": (_("more than … days ago"), 1),
    "before_today": (_("before today"), 0),
    "after_today": (_("after today"), 0),
}
COUNTED = ("top", "bottom")
_COUNTS = (*COUNTED, "older_than_days")
_TEXT = ("contains", "not_contains", "begins")
_SPAN = ("between", "at_least", "at_most", "top", "bottom")
_TIME = ("this_month", "last_month", "this_year", "in_period")
BY_KIND: dict[type[Kind], tuple[str, ...]] = {
    Words: _TEXT, Link: _TEXT, Choice: (), Flag: (), Whole: _SPAN, Money: _SPAN, Area: _SPAN, Metric: _SPAN,
    Day: (*_TIME, "older_than_days", "before_today", "after_today", "between", "at_least", "at_most"),
    Month: (*_TIME, "between", "at_least", "at_most"),
}  # fmt: skip


class RuleLine(QWidget):
    """One rule with its values. `changed` when either is another; `condition` is what it says."""

    chosen = Signal()
    changed = Signal()

    def __init__(self, field: Field, before: Condition | None, nothing: Text) -> None:
        super().__init__()
        self._field = field
        rules = [("", nothing), *((one, RULES[one][0]) for one in BY_KIND[type(field.kind)])]
        self.rule = Choices(rules, before.operator if before is not None and before.operator in RULES else "")
        self.rule.setAccessibleName(tr(_("Rule")))
        self.values = [QLineEdit(), QLineEdit()]
        self._to = label(_("to"), tone="mute")
        self.wrong = label("", size=12, tone="red", wrap=True)
        lines = column_of(self.rule, gap=6, parent=self)
        lines.addLayout(row_of(self.values[0], self._to, self.values[1], gap=6))
        lines.addWidget(self.wrong)
        self._show_values()
        if before is not None and before.operator in RULES:
            self._fill(before)
        self.rule.currentIndexChanged.connect(self._another)
        for line in self.values:
            line.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def key(self) -> str:
        """Which rule; "" for none."""
        return self.rule.key

    def clear(self) -> None:
        """No rule; tells nobody."""
        before = self.rule.blockSignals(True)
        self.rule.setCurrentIndex(0)
        self.rule.blockSignals(before)
        self._show_values()

    def _another(self) -> None:
        self._show_values()
        if self.key and RULES[self.key][1]:
            self.values[0].setFocus()
        self.chosen.emit()
        self.changed.emit()

    def _show_values(self) -> None:
        count = RULES[self.key][1] if self.key else 0
        unit = "" if self.key in _COUNTS else unit_name(getattr(self._field.kind, "unit", ""))
        for at, line in enumerate(self.values):
            line.setVisible(at < count)
            line.setPlaceholderText(unit or ("2024-07-01" if isinstance(self._field.kind, Day) else ""))
            line.setAccessibleName(tr(self._field.label))
        self._to.setVisible(count > 1)
        self.wrong.hide()

    def _fill(self, condition: Condition) -> None:
        from db.core.formats import show

        given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for line, value in zip(self.values, given, strict=False):
            if value is not None:
                shown = str(value) if condition.operator in _COUNTS else show(self._field.kind, value, language())
                line.setText(shown)

    def condition(self) -> Condition | bool | None:
        """What it says; None for no rule, False while it is not complete or cannot be read."""
        from db.core.errors import Refused
        from db.core.filters import Condition, require

        self.wrong.hide()
        if not self.key:
            return None
        count = RULES[self.key][1]
        given = [self._read(line) for line in self.values[:count]]
        if any(value is None for value in given):
            return False
        value = None if not count else given[0] if count == 1 else tuple(given)
        made = Condition(self._field.key, self.key, value)
        try:
            require(self._field, made)
        except Refused as refused:
            self.complain(next(iter(refused.fields.values())))
            return False
        return made

    def _read(self, line: QLineEdit) -> Any:
        from db.core.formats import understand

        typed = line.text().strip()
        kind = Whole() if self.key in _COUNTS else self._field.kind
        reading = understand(kind, typed) if typed else None
        wrong = reading is not None and reading.refused is not None
        line.setProperty("wrong", "true" if wrong else "false")
        restyle(line)
        if reading is None:
            return None
        if reading.refused is not None:
            self.complain(reading.refused)
            return None
        return reading.value

    def complain(self, why: Text | str) -> None:
        """Say what cannot be taken."""
        self.wrong.setText(tr(why))
        self.wrong.show()
