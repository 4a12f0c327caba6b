"""The pane beside a ledger: one record in tabs, what one may do with it, and the form to change or add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.form import FactList, Form
from desktop.kit.page import Page
from desktop.kit.parts import Tag, bar, button, clear, column_of, is_ctrl_enter, label, row_of
from desktop.kit.tabs import FoldingTabs
from desktop.kit.titles import title_row
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.records import PaneTab, Records


class RecordPane(QFrame):
    """Shows a record, or a form. The ledger's view answers the signals; the tabs ask the book themselves.

    A room that has more to say of a record makes one of its own: `second`, `tags`, `first_buttons`, `add_to_menu`.
    """

    closed = Signal()
    edit_wanted = Signal()
    delete_wanted = Signal()
    step_wanted = Signal(int)
    saved = Signal(dict)

    def __init__(self, page: Page, records: Records) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.page, self.records = page, records
        self.record: Mapping[str, Any] | None = None
        self._groups: dict[str, Text] = {}
        self._tabs: dict[str, PaneTab] = {one.key: one for one in records.tabs}
        self.is_new = False
        self.form: Form | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._facts = FactList(self._groups)
        self.parts: dict[str, Any] = {}
        self.tabs = FoldingTabs([(one.key, one.label) for one in records.tabs])
        self.tabs.chosen.connect(self._show_tab)
        self._stack.addWidget(self._reading())
        self._form_side = QWidget()
        column_of(gap=0, parent=self._form_side)
        self._stack.addWidget(self._form_side)

    def _reading(self) -> QWidget:
        side = QWidget()
        self._title = label("", size=15, bold=True, wrap=True)
        self._tags = row_of(gap=6)
        self._below = QWidget()
        self._below.setProperty("clear", "true")
        self._second = label("", size=12, tone="mute", wrap=True)
        lines = column_of(gap=0, parent=side)
        head = column_of(margins=(16, 12, 10, 4), gap=4)
        head.addLayout(title_row(self._title, self.closed.emit))
        second = row_of(self._second, gap=8, parent=self._below)
        second.insertLayout(0, self._tags)
        second.setStretch(1, 1)
        head.addWidget(self._below)
        lines.addLayout(head)
        lines.addWidget(bar("head", 36, self.tabs, margins=(16, 0, 16, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._facts)
        lines.addWidget(self._pages, 1)
        self.more = button("⋯", self._open_menu, tip=_("More"))
        self.more.setAccessibleName(tr(_("More")))
        lines.addWidget(bar("bottom", theme.ACTION_BAR, *self.first_buttons(), None, self.more))
        return side

    # --- what a room says itself -----------------------------------------------------------------------------------

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Facts for the line under the name."""
        return ()

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Words on soft ground before them."""
        return ()

    def first_buttons(self) -> Sequence[QWidget]:
        """What one does most often with such a record, at the left of the bar at the bottom."""
        change = button(_("Change facts"), self.edit_wanted.emit)
        self.page.writers.append(change)
        return (change,)

    def add_to_menu(self, menu: QMenu) -> None:
        """What else one may do with the record."""

    # --- tabs ------------------------------------------------------------------------------------------------------

    def _show_tab(self, key: str) -> None:
        make = self._tabs[key].make
        if make is None:
            self._pages.setCurrentWidget(self._facts)
            return
        if key not in self.parts:
            self.parts[key] = make(self.page)
            self._pages.addWidget(self.parts[key])
        self._pages.setCurrentWidget(self.parts[key])
        if self.record is not None:
            self.parts[key].show_record(self.record)

    def show_tab(self, key: str) -> None:
        """As if its word had been clicked."""
        self.tabs.choose(key)

    def learn_groups(self) -> None:
        """The headings of the groups; the room is loaded by now."""
        if not self._groups:
            self._groups.update(self.records.groups())

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One record: its head, and the tab that is up."""
        self._drop_form()
        self.record = record
        self._title.setText(str(record["name"]))
        self._second.setText(" · ".join(part for part in self.second(record) if part))
        clear(self._tags)
        for tag in self.tags(record):
            self._tags.addWidget(tag)
        self._below.setVisible(bool(self._second.text() or self._tags.count()))
        self.show_facts()
        self._stack.setCurrentIndex(0)
        self._show_tab(self.tabs.current)

    def show_facts(self) -> None:
        """The facts of the record; those of the past say what is different now, where that is wanted."""
        desk, record = self.page.desk, self.record
        if record is None:
            return
        left_out = (self.records.title, *self.records.in_head)
        facts = [one for one in record["fields"] if one.key not in left_out and not projector.hides(one)]
        self._facts.show_facts(self._in_groups(facts), record)
        if desk.seen is None or not desk.marking:
            return
        from desktop.kit.then_now import differences

        def take(found: Mapping[tuple[int, str], str]) -> None:
            if self.record is record and found:
                self._facts.show_facts(facts, record, {key: now for (_number, key), now in found.items()})

        days = desk.today().isoformat(), desk.real_today().isoformat()
        work = differences(self.records.manner.room, facts, [record["id"]], days)
        desk.jobs.ask(self, work, take, key="differs")

    def _in_groups(self, fields: Sequence[Field]) -> list[Field]:
        """Group by group, each in the order of the room."""
        order = {key: at for at, key in enumerate(self._groups)}
        return sorted(fields, key=lambda one: order.get(one.group, len(order)))

    @property
    def busy(self) -> bool:
        """Whether something is being typed that another record must not take the place of."""
        return self.form is not None

    @property
    def number(self) -> int:
        """The id of the record that is shown; 0 for none."""
        return int(self.record["id"]) if self.record is not None else 0

    # --- what one may do -------------------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """What else one may do with the record."""
        made, one = QMenu(self), self.records.one
        made.addAction(tr(_("Change facts"))).triggered.connect(lambda _checked=False: self.edit_wanted.emit())
        self.add_to_menu(made)
        made.addSeparator()
        for text, keys, way in (
            (_("Previous {record}", record=one), "Alt+↑", -1), (_("Next {record}", record=one), "Alt+↓", 1),
        ):  # fmt: skip
            entry = made.addAction(f"{tr(text)}\t{keys}")
            entry.triggered.connect(lambda _checked=False, way=way: self.step_wanted.emit(way))
        made.addSeparator()
        made.addAction(tr(_("Delete…"))).triggered.connect(lambda _checked=False: self.delete_wanted.emit())
        return made

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()) - menu.rect().bottomLeft())

    # --- the form --------------------------------------------------------------------------------------------------

    def show_form(
        self, fields: Sequence[Field], record: Mapping[str, Any] | None, names: Mapping[str, Sequence[str]]
    ) -> None:
        """A form: of one record, or of a new one where `record` is None."""
        self._drop_form()
        title = (
            _("New {record}", record=self.records.one)
            if record is None
            else _("Change “{name}”", name=str(record["name"]))
        )
        if record is None:
            shown = [by for key in self.records.new for by in fields if by.key == key]
        else:
            shown = self._in_groups([one for one in fields if one.editable and not projector.hides(one)])
        groups = None if record is None else self._groups
        self.form = Form(
            shown,
            record or {},
            groups=groups,
            names=names,
            needed=self.records.needed,
            today=self.page.desk.today().isoformat(),
        )
        self.form.submitted.connect(self.save)
        lines = self._form_side.layout()
        assert isinstance(lines, QVBoxLayout)
        head = label(title, size=15, bold=True, wrap=True)
        lines.addLayout(_titled(head, self.leave_form))
        lines.addWidget(self.form, 1)
        verb = _("Add the {record}", record=self.records.one) if record is None else _("Save")
        lines.addWidget(
            bar(
                "bottom",
                theme.ACTION_BAR,
                button(verb, self.save, kind="primary"),
                button(_("Cancel"), self.leave_form),
                None,
            )
        )
        self.is_new = record is None
        self._stack.setCurrentIndex(1)
        if shown:
            self.form.editors[shown[0].key].input.setFocus()

    def save(self) -> None:
        """Hand the changed values to the page."""
        changes = self.form.changes() if self.form is not None else None
        if changes is not None:
            self.saved.emit(changes)

    def leave_form(self, *, closing: bool = True) -> None:
        """Back to the facts; the form of a new one leaves nothing behind."""
        was_new = self.form is not None and self.is_new
        self._drop_form()
        self._stack.setCurrentIndex(0)
        if was_new and closing:
            self.closed.emit()

    def _drop_form(self) -> None:
        self.form = None
        lines = self._form_side.layout()
        if lines is not None:
            clear(lines)

    def event(self, event: QEvent) -> bool:
        """Alt+↑ and Alt+↓ are ours here, over the table they open a filter; so is Ctrl+Enter while there is a form."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if not (_step(event) or (self.form is not None and is_ctrl_enter(event))):
            return super().event(event)
        event.accept()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form, then the pane; Ctrl+Enter saves; Alt+↑ and Alt+↓ show the record before and after."""
        if _step(event) and self.form is None:
            self.step_wanted.emit(_step(event))
        elif event.key() == Qt.Key.Key_Escape:
            if self.form is not None:
                self.leave_form()
            else:
                self.closed.emit()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.form:
            self.save()
        else:
            super().keyPressEvent(event)


def _titled(title: QLabel, on_close: Any) -> Any:
    box = column_of(margins=(16, 12, 10, 6))
    box.addLayout(title_row(title, on_close))
    return box


def _step(event: QKeyEvent) -> int:
    """-1 for Alt+↑, 1 for Alt+↓."""
    if event.modifiers() != Qt.KeyboardModifier.AltModifier:
        return 0
    return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
