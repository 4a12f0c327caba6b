"""The pane beside the ledger: one project in tabs, what one may do with it, and the form to change or add one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QStackedLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import icons, projector, theme
from desktop.kit.form import FactList, Form, said
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tag, bar, button, clear, column_of, label, row_of
from desktop.kit.tabs import FoldingTabs
from desktop.kit.words import tr
from desktop.projects.ledger import STATUS_TONES
from desktop.projects.moving import DayForm, ask_move

NEW_FIELDS = ("name", "investor", "agreed_investment", "street", "stage", "approved_on", "industry", "source_place")


_AROUND = 80  # margins, gaps, and what a button has beside its words


class PaneTab(NamedTuple):
    """A tab. make: a widget with `show_record(record)`, made when the tab is first shown; None for the facts."""

    key: str
    label: Text
    make: Callable[[Page], Any] | None = None


def _stages(page: Page) -> QWidget:
    from desktop.projects.pane_pages import StagesPage

    return StagesPage(page)


def _money(page: Page) -> QWidget:
    from desktop.projects.pane_pages import MoneyPage

    return MoneyPage(page)


def _log(page: Page) -> QWidget:
    from desktop.projects.pane_log import LogPage

    return LogPage(page)


def _history(page: Page) -> QWidget:
    from desktop.projects.pane_log import HistoryPage

    return HistoryPage(page)


def _promises(page: Page) -> QWidget:
    from desktop.projects.pane_pages import PromisesPage

    return PromisesPage(page)


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "projects")


# In the order in which they stand; what does not fit folds from the right.
TABS: tuple[PaneTab, ...] = (
    PaneTab("facts", _("Facts")),
    PaneTab("stages", _("Stages"), _stages),
    PaneTab("money", _("Money"), _money),
    PaneTab("log", _("Progress"), _log),
    PaneTab("files", _("Attachments"), _files),
    PaneTab("history", _("History"), _history),
    PaneTab("promises", _("Promised and real"), _promises),
)


class Pane(QFrame):
    """Shows a project, or a form. The page answers the signals; the tabs ask the book themselves."""

    closed = Signal()
    edit_wanted = Signal()
    delete_wanted = Signal()
    step_wanted = Signal(int)
    saved = Signal(dict)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.page = page
        self.record: Mapping[str, Any] | None = None
        self.day_form: DayForm | None = None
        self._groups: dict[str, Text] = {}
        self._next: str | None = None
        self._said_forward = tr(_("Move the stage…"))
        self.is_new = False
        self.form: Form | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._facts = FactList(self._groups)
        self.parts: dict[str, Any] = {}
        self.tabs = FoldingTabs([(one.key, one.label) for one in TABS])
        self.tabs.chosen.connect(self._show_tab)
        self._stack.addWidget(self._reading())
        self._form_side = QWidget()
        column_of(gap=0, parent=self._form_side)
        self._stack.addWidget(self._form_side)

    def _reading(self) -> QWidget:
        side = QWidget()
        self._title = label("", size=15, bold=True, wrap=True)
        self._tags = row_of(gap=6)
        self._second = label("", size=12, tone="mute", wrap=True)
        lines = column_of(gap=0, parent=side)
        head = column_of(margins=(16, 12, 10, 4), gap=4)
        head.addLayout(_title_row(self._title, self.closed.emit))
        second = row_of(self._second, gap=8)
        second.insertLayout(0, self._tags)
        second.setStretch(1, 1)
        head.addLayout(second)
        lines.addLayout(head)
        lines.addWidget(bar("head", 36, self.tabs, margins=(16, 0, 16, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._facts)
        lines.addWidget(self._pages, 1)
        self.forward = button(_("Move the stage…"), self.move_on, kind="primary")
        self.note = button(_("Add progress"), self.add_progress)
        self.more = button("⋯", self._open_menu, tip=_("More"))
        self.more.setAccessibleName(tr(_("More")))
        lines.addWidget(bar("bottom", theme.ACTION_BAR, self.forward, self.note, None, self.more))
        return side

    # --- tabs ------------------------------------------------------------------------------------------------------

    def _show_tab(self, key: str) -> None:
        make = next(one.make for one in TABS if one.key == key)
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
            from db.projects.fields import GROUPS

            self._groups.update(GROUPS)

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One project: its head, and the tab that is up."""
        self._drop_form()
        self.record = record
        by_key = {one.key: one for one in record["fields"]}
        self._title.setText(str(record["name"]))
        parts = [record.get("code"), record.get("street")]
        if record.get("approved_on"):
            parts.append(tr(_("recognised {day}", day=record["approved_on"])))
        self._second.setText(" · ".join(str(part) for part in parts if part))
        clear(self._tags)
        self._tags.addWidget(Tag(said(by_key["stage"], record["stage"]), "blue"))
        status = record.get("status")
        if status and status != "active":
            self._tags.addWidget(Tag(said(by_key["status"], status), STATUS_TONES.get(status, "grey")))
        facts = [one for one in record["fields"] if one.key not in ("name", "stage") and not projector.hides(one)]
        self._facts.show_facts(facts, record)
        self._stack.setCurrentIndex(0)
        self._show_tab(self.tabs.current)
        self._ask_next()

    # --- what one may do -------------------------------------------------------------------------------------------

    def _ask_next(self) -> None:
        number = self._number

        def work(connection: Connection) -> str | None:
            from db.projects.flow import next_stage

            return next_stage(connection, number)

        self.page.ask(work, self._take_next, key="pane:next")

    @property
    def _number(self) -> int:
        return int(self.record["id"]) if self.record is not None else 0

    def _take_next(self, stage: str | None) -> None:
        from db.projects.stages import stages

        self._next = stage
        self.forward.setVisible(stage is not None)
        if stage is not None:
            self._said_forward = tr(_("To “{stage}”…", stage=stages()[stage].label))
            self._fit()

    def _fit(self) -> None:
        """The primary button gives way where the pane is too narrow for all its words."""
        others = self.note.sizeHint().width() + self.more.sizeHint().width()
        room = max(40, self.width() - others - _AROUND)
        shown = theme.metrics(13).elidedText(self._said_forward, Qt.TextElideMode.ElideRight, room)
        self.forward.setText(shown)
        if self.page.desk.seen is None:  # else it says why it rests
            self.forward.setToolTip("" if shown == self._said_forward else self._said_forward)
        self.forward.setAccessibleName(self._said_forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wider or narrower."""
        super().resizeEvent(event)
        self._fit()

    def move_on(self) -> None:
        """The form for the next stage of its path."""
        if self._next is not None:
            self._move_to(self._next)

    def _move_to(self, stage: str) -> None:
        ask_move(self.page, self, self._number, stage, self._opened)

    def _opened(self, form: DayForm) -> None:
        self.day_form = form

    def add_progress(self) -> None:
        """The log, with the keyboard where the next entry is written."""
        self.show_tab("log")
        self.parts["log"].begin()

    def menu(self) -> QMenu:
        """What else one may do with the project."""
        from db.projects.stages import stages

        made = QMenu(self)
        made.addAction(tr(_("Change facts"))).triggered.connect(lambda _checked=False: self.edit_wanted.emit())
        move = made.addMenu(tr(_("Move to another stage")))
        here = self.record["stage"] if self.record is not None else ""
        for key, one in stages().items():
            entry = move.addAction(tr(one.label))
            entry.setEnabled(key != here)
            entry.triggered.connect(lambda _checked=False, key=key: self._move_to(key))
        made.addSeparator()
        made.addAction(tr(_("Previous project")) + "\tAlt+↑").triggered.connect(
            lambda _checked=False: self.step_wanted.emit(-1)
        )
        made.addAction(tr(_("Next project")) + "\tAlt+↓").triggered.connect(
            lambda _checked=False: self.step_wanted.emit(1)
        )
        if self.record is not None:
            from desktop.projects.giving import add_to_menu

            add_to_menu(made, self.page, [self._number])
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
        """A form: of one project, or of a new one where `record` is None."""
        self._drop_form()
        title = _("New project") if record is None else _("Change “{name}”", name=str(record["name"]))
        if record is None:
            shown = [by for key in NEW_FIELDS for by in fields if by.key == key]
        else:
            shown = [one for one in fields if one.editable and not projector.hides(one)]
        groups = None if record is None else self._groups
        self.form = Form(
            shown, record or {}, groups=groups, names=names, needed=("name",), today=self.page.desk.today().isoformat()
        )
        self.form.submitted.connect(self.save)
        lines = self._form_side.layout()
        assert isinstance(lines, QVBoxLayout)
        head = label(title, size=15, bold=True, wrap=True)
        lines.addLayout(_titled(head, self.leave_form))
        lines.addWidget(self.form, 1)
        verb = _("Add the project") if record is None else _("Save")
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
        """Back to the facts; a new project's form leaves nothing behind."""
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
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            saves = self.form is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if _step(event) or (saves and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form, then the pane; Ctrl+Enter saves; Alt+↑ and Alt+↓ show the project before and after."""
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


def _title_row(title: QLabel, on_close: Any) -> Any:
    cross = QToolButton()
    cross.setIcon(icons.icon("close", theme.tokens().mute, 8))
    cross.setIconSize(QSize(8, 8))
    cross.setFixedSize(24, 24)
    cross.setToolTip(tr(_("Close (Esc)")))
    cross.setAccessibleName(tr(_("Close (Esc)")))
    cross.clicked.connect(lambda _checked=False: on_close())
    row = row_of(title, cross, gap=8)
    row.setStretch(0, 1)
    row.setAlignment(cross, Qt.AlignmentFlag.AlignTop)
    return row


def _titled(title: QLabel, on_close: Any) -> Any:
    box = column_of(margins=(16, 12, 10, 6))
    box.addLayout(_title_row(title, on_close))
    return box


def _step(event: QKeyEvent) -> int:
    """-1 for Alt+↑, 1 for Alt+↓."""
    if event.modifiers() != Qt.KeyboardModifier.AltModifier:
        return 0
    return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
