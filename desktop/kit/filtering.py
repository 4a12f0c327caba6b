"""The filter of one column as a spreadsheet has it: a check list with counts, and a rule. It takes effect at once.

The list and the rule stand for each other: whichever was touched last is the condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.text import Text, _
from desktop.kit import asking, theme
from desktop.kit.choices import Choices
from desktop.kit.columns import unit_name
from desktop.kit.lists import show_inside
from desktop.kit.parts import button, column_of, label, restyle, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.filters import Condition
    from desktop.kit.ledger import Ledger

LISTED = 1000
_WIDTH, _LINE, _SHOWN = 300, 26, 9
_LIVE = 180
_VALUE, _COUNT = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
_EVERY = object()

# What a rule is called, and how many values it takes.
_RULES: dict[str, tuple[Text, int]] = {
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
}
_COUNTS = ("top", "bottom", "older_than_days")
_TEXT = ("contains", "not_contains", "begins")
_SPAN = ("between", "at_least", "at_most", "top", "bottom")
_TIME = ("this_month", "last_month", "this_year", "in_period")
_BY_KIND: dict[type[Kind], tuple[str, ...]] = {
    Words: _TEXT, Link: _TEXT, Choice: (), Flag: (), Whole: _SPAN, Money: _SPAN, Area: _SPAN, Metric: _SPAN,
    Day: (*_TIME, "older_than_days", "between", "at_least", "at_most"), Month: (*_TIME, "between", "at_least", "at_most"),
}  # fmt: skip


class FilterWindow(QFrame):
    """See the module. Esc or Enter leaves; Space ticks; Tab goes from the rule to the search and the list."""

    def __init__(self, ledger: Ledger, field: Field) -> None:
        super().__init__(ledger, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr(_("Filter by “{field}”", field=field.label)))
        self._ledger, self._field = ledger, field
        self._before = _condition_on(ledger, field.key)
        self._listing = True
        self._filling = False
        self._live = QTimer(self)
        self._live.setSingleShot(True)
        self._live.setInterval(_LIVE)
        self._live.timeout.connect(self._apply)
        self._build()
        self._ask_values()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        lines = column_of(margins=(12, 10, 12, 10), gap=8, parent=self)
        head = row_of(label(self._field.label, bold=True), None, gap=4)
        for text, descending in ((_("Ascending"), False), (_("Descending"), True)):
            head.addWidget(button(text, partial(self._sort, descending=descending), kind="link", small=True))
            head.addSpacing(6)
        lines.addLayout(head)
        rules = [("", _("Any value")), *((one, _RULES[one][0]) for one in _BY_KIND[type(self._field.kind)])]
        self.rule = Choices(rules, self._before.operator if self._before else "")
        self.rule.setAccessibleName(tr(_("Rule")))
        self.values = [QLineEdit(), QLineEdit()]
        self._to = label(_("to"), tone="mute")
        self._wrong = label("", size=12, tone="red", wrap=True)
        if len(rules) > 1:
            lines.addWidget(self.rule)
            lines.addLayout(row_of(self.values[0], self._to, self.values[1], gap=6))
            lines.addWidget(self._wrong)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_("Search the values")))
        self.search.setAccessibleName(tr(_("Search the values")))
        self.list = QListWidget()
        self.list.setAccessibleName(tr(_("Values")))
        self.list.setItemDelegate(_Counted(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(_LINE * _SHOWN)
        self.note = label("", size=12, tone="mute", wrap=True)
        lines.addWidget(self.search)
        lines.addWidget(self.list)
        lines.addWidget(self.note)
        self.clear_button = button(_("Remove the condition"), self._remove, small=True)
        lines.addLayout(row_of(self.clear_button, None, button(_("Close"), self.close, small=True)))
        self.setFixedWidth(_WIDTH)
        self._show_rule()
        if self._before is not None and self._before.operator in _RULES:
            self._fill_rule(self._before)
        self.rule.currentIndexChanged.connect(self._rule_chosen)
        for line in self.values:
            line.textChanged.connect(self._rule_typed)
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._ticked)

    def _show_rule(self) -> None:
        count = _RULES[self.rule.key][1] if self.rule.key else 0
        unit = "" if self.rule.key in _COUNTS else unit_name(getattr(self._field.kind, "unit", ""))
        for at, line in enumerate(self.values):
            line.setVisible(at < count)
            line.setPlaceholderText(unit or ("2024-07-01" if isinstance(self._field.kind, Day) else ""))
            line.setAccessibleName(tr(self._field.label))
        self._to.setVisible(count > 1)
        self._wrong.hide()
        self.adjustSize()

    def _fill_rule(self, condition: Condition) -> None:
        from db.core.formats import show

        given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for line, value in zip(self.values, given, strict=False):
            if value is not None:
                shown = str(value) if condition.operator in _COUNTS else show(self._field.kind, value, language())
                line.setText(shown)

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, inside the screen."""
        self.adjustSize()
        show_inside(self, place)
        self.search.setFocus()

    # --- the list --------------------------------------------------------------------------------------------------

    def _ask_values(self) -> None:
        work = asking.values(self._ledger.wanted(), self._field.key, LISTED)
        self._ledger.page.ask(work, self._show_values, key="values")

    def _show_values(self, found: Sequence[tuple[Any, int]]) -> None:
        self._filling = True
        self.list.clear()
        chosen = self._chosen_before([value or None if value == "" else value for value, _count in found])
        every = self._line(tr(_("(all)")), _EVERY, sum(count for _value, count in found))
        empty = [pair for pair in found if pair[0] in (None, "")]
        for value, count in [*(pair for pair in found if pair[0] not in (None, "")), *empty]:
            item = self._line(self._said(value), None if value == "" else value, count)
            item.setCheckState(_checked(on=(None if value == "" else value) in chosen))
        every.setCheckState(self._all_state())
        if len(found) >= LISTED:
            self.note.setText(tr(_("The {count} most frequent values; find others by a rule.", count=LISTED)))
        self.note.setVisible(len(found) >= LISTED)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(_LINE * min(_SHOWN, max(3, self.list.count())))
        self._filling = False
        self.adjustSize()

    def _line(self, text: str, value: Any, count: int) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setData(_VALUE, value)
        item.setData(_COUNT, f"{count:,}")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setSizeHint(QSize(100, _LINE))
        self.list.addItem(item)
        return item

    def _said(self, value: Any) -> str:
        from db.core.formats import show

        if value is None or value == "":
            return tr(_("(empty)"))
        return show(self._field.kind, value, language()).replace("\n", " ")

    def _chosen_before(self, values: Sequence[Any]) -> set[Any]:
        condition = self._before
        given = condition.value if condition is not None else None
        match condition.operator if condition is not None else "":
            case "one_of":
                return set(given or ())
            case "none_of":
                return set(values) - set(given or ())
            case "is":
                return {given}
            case "is_not":
                return set(values) - {given}
            case "empty":
                return {None}
            case "filled":
                return set(values) - {None}
            case _:
                return set(values)

    def _items(self, *, shown: bool = False) -> list[QListWidgetItem]:
        items = [self.list.item(at) for at in range(1, self.list.count())]
        return [item for item in items if not item.isHidden()] if shown else items

    def _all_state(self) -> Qt.CheckState:
        ticks = {item.checkState() for item in self._items(shown=True)}
        return ticks.pop() if len(ticks) == 1 else Qt.CheckState.PartiallyChecked

    def _narrow(self, typed: str) -> None:
        from db.core import pinyin

        words = typed.strip()
        for item in self._items():
            item.setHidden(bool(words) and pinyin.matches(words, item.text()) is None)
        self._filling = True
        if self.list.count():
            self.list.item(0).setCheckState(self._all_state())
        self._filling = False

    def _ticked(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        self._filling = True
        if item.data(_VALUE) is _EVERY:
            for one in self._items(shown=True):
                one.setCheckState(_checked(on=item.checkState() != Qt.CheckState.Unchecked))
        self.list.item(0).setCheckState(self._all_state())
        self._filling = False
        self._use_list()

    def _use_list(self) -> None:
        self._listing = True
        before = self.rule.blockSignals(True)
        self.rule.setCurrentIndex(0)
        self.rule.blockSignals(before)
        self._show_rule()
        self._live.start()

    def only_matches(self) -> None:
        """Tick exactly what the search left."""
        self._filling = True
        for item in self._items():
            item.setCheckState(_checked(on=not item.isHidden()))
        self._filling = False
        self._use_list()

    # --- what comes of it ------------------------------------------------------------------------------------------

    def _rule_chosen(self) -> None:
        self._listing = False
        self._show_rule()
        if self.rule.key and _RULES[self.rule.key][1]:
            self.values[0].setFocus()
        self._live.start()

    def _rule_typed(self) -> None:
        self._listing = False
        self._live.start()

    def _apply(self) -> None:
        condition = self._of_list() if self._listing else self._of_rule()
        if condition is not False and condition != _condition_on(self._ledger, self._field.key):
            self._ledger.set_condition(self._field.key, condition)  # type: ignore[arg-type]

    def _of_list(self) -> Condition | bool | None:
        """The condition of the ticks; None for all of them, False for none."""
        from db.core.filters import Condition

        items = self._items()
        on = [item.data(_VALUE) for item in items if item.checkState() == Qt.CheckState.Checked]
        off = [item.data(_VALUE) for item in items if item.checkState() != Qt.CheckState.Checked]
        self.note.setText("" if on else tr(_("Tick at least one value.")))
        self.note.setVisible(not on)
        if not on:
            return False
        if not off:
            return None
        key, several = self._field.key, not isinstance(self._field.kind, Flag)
        if on == [None]:
            return Condition(key, "empty")
        if off == [None]:
            return Condition(key, "filled")
        if not several:
            return Condition(key, "is", on[0])
        fewer_off = len(off) * 2 < len(on)
        return Condition(key, "none_of", tuple(off)) if fewer_off else Condition(key, "one_of", tuple(on))

    def _of_rule(self) -> Condition | bool | None:
        """The condition of the rule; None for any value, False while it is not complete or cannot be read."""
        from db.core.errors import Refused
        from db.core.filters import Condition, require

        self._wrong.hide()
        if not self.rule.key:
            return None
        count = _RULES[self.rule.key][1]
        given = [self._read(line) for line in self.values[:count]]
        if any(value is None for value in given):
            return False
        value = None if not count else given[0] if count == 1 else tuple(given)
        condition = Condition(self._field.key, self.rule.key, value)
        try:
            require(self._field, condition)
        except Refused as refused:
            self._complain(next(iter(refused.fields.values())))
            return False
        return condition

    def _read(self, line: QLineEdit) -> Any:
        from db.core.formats import understand

        typed = line.text().strip()
        kind = Whole() if self.rule.key in _COUNTS else self._field.kind
        reading = understand(kind, typed) if typed else None
        wrong = reading is not None and reading.refused is not None
        line.setProperty("wrong", "true" if wrong else "false")
        restyle(line)
        if reading is None:
            return None
        if reading.refused is not None:
            self._complain(reading.refused)
            return None
        return reading.value

    def _complain(self, why: Text | str) -> None:
        self._wrong.setText(tr(why))
        self._wrong.show()
        self.adjustSize()

    def _sort(self, *, descending: bool) -> None:
        self._ledger.change(order=((self._field.key, descending),))
        self.close()

    def _remove(self) -> None:
        self._live.stop()
        self._ledger.set_condition(self._field.key, None)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes into the list; Enter takes what the search left, or closes; Esc closes."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.search.hasFocus() and self.search.text().strip() and self._items(shown=True):
                self.only_matches()
            self._live.stop()
            self._apply()
            self.close()
        else:
            super().keyPressEvent(event)


class _Counted(QStyledItemDelegate):
    """A line of the list with its count at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tick and text as the style draws them, then the count."""
        box = option.rect  # type: ignore[attr-defined]
        count = str(index.data(_COUNT) or "")
        room = theme.metrics(12).horizontalAdvance(count) + 14
        shorter = QStyleOptionViewItem(option)
        shorter.rect = box.adjusted(0, 0, -room, 0)  # type: ignore[attr-defined]
        super().paint(painter, shorter, index)
        painter.setPen(theme.tokens().color("faint"))
        painter.setFont(theme.font(12))
        painter.drawText(
            box.adjusted(0, 0, -8, 0), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count
        )


def _checked(*, on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def _condition_on(ledger: Ledger, key: str) -> Condition | None:
    conditions = ledger.view.conditions if ledger.view is not None else ()
    return next((one for one in conditions if one.key == key), None)
