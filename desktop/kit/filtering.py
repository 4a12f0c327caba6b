"""The filter of one column as a spreadsheet has it: a check list with counts, and two rules. It takes effect at once.

The list and the rules stand for each other: whichever was touched last is what is asked.
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
    QVBoxLayout,
    QWidget,
)

from db.core.fields import Field, Flag
from db.core.text import _
from desktop.kit import asking, theme
from desktop.kit.choices import Choices
from desktop.kit.filter_rules import BY_KIND, COUNTED, RULES, RuleLine
from desktop.kit.lists import show_inside
from desktop.kit.parts import ElidedLabel, button, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.filters import Condition
    from desktop.kit.ledger import Ledger

LISTED = 1000
_WIDTH, _LINE, _SHOWN = 300, 26, 9
_BESIDE = 240  # pixels of everything but the list
_LIVE = 180
_VALUE, _COUNT = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
_EVERY = object()


class FilterWindow(QFrame):
    """See the module. Esc or Enter leaves; Space ticks; Tab goes from the rule to the search and the list."""

    def __init__(self, ledger: Ledger, field: Field) -> None:
        super().__init__(ledger, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr(_("Filter by “{field}”", field=field.label)))
        self._ledger, self._field = ledger, field
        self._before = ledger.conditions_on(field.key)
        self._listing = True
        self._filling = False
        self._entered = False  # before the values were there
        self._live = QTimer(self)
        self._live.setSingleShot(True)
        self._live.setInterval(_LIVE)
        self._live.timeout.connect(self._apply)
        self._build()
        self._ask_values()

    # --- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        lines = column_of(margins=(12, 10, 12, 10), gap=8, parent=self)
        head = row_of(ElidedLabel(self._field.label, bold=True), gap=4)
        head.setStretch(0, 1)
        for text, descending in ((_("Ascending"), False), (_("Descending"), True)):
            head.addWidget(button(text, partial(self._sort, descending=descending), kind="link", small=True))
            head.addSpacing(6)
        lines.addLayout(head)
        self._build_rules(lines)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_("Search the values")))
        self.search.setAccessibleName(tr(_("Search the values")))
        self.list = QListWidget()
        self.list.setAccessibleName(tr(_("Values")))
        self.list.setItemDelegate(_Counted(self.list))
        self.list.setUniformItemSizes(True)
        self._set_height()
        self.note = label("", size=12, tone="mute", wrap=True)
        lines.addWidget(self.search)
        lines.addWidget(self.list)
        lines.addWidget(self.note)
        self.clear_button = button(_("Remove the condition"), self._remove, small=True)
        lines.addLayout(row_of(self.clear_button, None, button(_("Close"), self.close, small=True)))
        self.setFixedWidth(_WIDTH)
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._ticked)

    def _build_rules(self, lines: QVBoxLayout) -> None:
        """Two rules, as a spreadsheet has them: both, or either of them. The second one shows with the first."""
        first, second = self._rules_before()
        self.first = RuleLine(self._field, first, _("Any value"))
        self.second = RuleLine(self._field, second, _("no second rule"))
        self.join = Choices([("and", _("and")), ("or", _("or"))], "or" if self._is_either() else "and")
        self.join.setAccessibleName(tr(_("Both rules, or either of them")))
        self.join.setFixedWidth(72)
        if not BY_KIND[type(self._field.kind)]:
            return
        self._further = QWidget()
        beside = row_of(self.join, self.second, gap=6, parent=self._further)
        beside.setStretch(1, 1)
        beside.setAlignment(self.join, Qt.AlignmentFlag.AlignTop)
        lines.addWidget(self.first)
        lines.addWidget(self._further)
        self._further.setVisible(bool(self.first.key))
        for one in (self.first, self.second):
            one.chosen.connect(self._rule_chosen)
            one.changed.connect(self._rule_typed)
        self.join.currentIndexChanged.connect(self._rule_typed)

    def _is_either(self) -> bool:
        return len(self._before) == 1 and self._before[0].operator == "either"

    def _rules_before(self) -> tuple[Condition | None, Condition | None]:
        parts = [part for one in self._before for part in one.parts if part.operator in RULES]
        return (parts[0] if parts else None, parts[1] if len(parts) > 1 else None)

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
        self._set_height()
        self._filling = False
        self._narrow(self.search.text())  # what was typed while the values were on their way
        self.adjustSize()
        if self._entered:
            self._enter()

    def _set_height(self) -> None:
        """As many lines as there are, at most nine, and no more than a low screen (200 %) has room for."""
        room = (self.screen().availableGeometry().height() - _BESIDE) // _LINE
        self.list.setFixedHeight(_LINE * min(_SHOWN, max(3, room), max(3, self.list.count())))

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
        condition = next((one for one in self._before if one.operator not in (*RULES, "either")), None)
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
        for one in (self.first, self.second):
            one.clear()
        self._rule_chosen()
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
        if BY_KIND[type(self._field.kind)]:
            self._further.setVisible(bool(self.first.key))
            if not self.first.key:
                self.second.clear()
        self.adjustSize()

    def _rule_typed(self) -> None:
        self._listing = False
        self._live.start()

    def _apply(self) -> None:
        conditions = self._of_list() if self._listing else self._of_rules()
        if conditions is not None and conditions != self._ledger.conditions_on(self._field.key):
            self._ledger.set_conditions(self._field.key, conditions)

    def _of_list(self) -> tuple[Condition, ...] | None:
        """The condition of the ticks; none for all of them, None where nothing is ticked."""
        from db.core.filters import Condition

        items = self._items()
        on = [item.data(_VALUE) for item in items if item.checkState() == Qt.CheckState.Checked]
        off = [item.data(_VALUE) for item in items if item.checkState() != Qt.CheckState.Checked]
        self.note.setText("" if on else tr(_("Tick at least one value.")))
        self.note.setVisible(not on)
        if not on:
            return None
        if not off:
            return ()
        key, several = self._field.key, not isinstance(self._field.kind, Flag)
        if on == [None]:
            return (Condition(key, "empty"),)
        if off == [None]:
            return (Condition(key, "filled"),)
        if not several:
            return (Condition(key, "is", on[0]),)
        fewer_off = len(off) * 2 < len(on)
        return (Condition(key, "none_of", tuple(off)) if fewer_off else Condition(key, "one_of", tuple(on)),)

    def _of_rules(self) -> tuple[Condition, ...] | None:
        """What the rules say, without a second one that is not complete; None while the first is not."""
        from db.core.filters import Condition

        said = [self.first.condition(), self.second.condition() if self.first.key else None]
        self.adjustSize()
        if said[0] is False:
            return None
        rules = tuple(one for one in said if isinstance(one, Condition))
        if len(rules) < 2 or self.join.key == "and":
            return rules
        if any(one.operator in COUNTED for one in rules):
            self.second.complain(_("The largest and the smallest can only be asked for together with “and”."))
            return None
        return (Condition(self._field.key, "either", tuple((one.operator, one.value) for one in rules)),)

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
            self._enter()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Take what the search left, or what stands here; while the values are on their way, wait for them."""
        searching = self.search.hasFocus() and bool(self.search.text().strip())
        self._entered = searching and not self.list.count()
        if self._entered:
            return
        if searching and self._items(shown=True):
            self.only_matches()
        self._live.stop()
        self._apply()
        self.close()


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
