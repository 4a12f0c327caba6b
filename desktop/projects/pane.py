"""The pane beside the ledger: one project's facts, its history, and the form to change or add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.form import FactList, Form, said
from desktop.kit.parts import Tabs, Tag, bar, button, clear, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.projects.ledger import STATUS_TONES

if TYPE_CHECKING:
    from db.projects.story import Changed, Told

NEW_FIELDS = ("name", "investor", "agreed_investment", "street", "stage", "approved_on", "industry", "source_place")


class Pane(QFrame):
    """Shows facts and history, or a form. The page answers the signals."""

    closed = Signal()
    edit_wanted = Signal()
    delete_wanted = Signal()
    saved = Signal(dict)
    history_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self._groups: dict[str, Text] = {}
        self.is_new = False
        self.form: Form | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._facts = FactList(self._groups)
        self._story = QVBoxLayout()
        self._tabs = Tabs((("facts", _("Facts")), ("history", _("History"))))
        self._tabs.chosen.connect(self._tab)
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
        head.addWidget(self._second)
        head.addLayout(self._tags)
        lines.addLayout(head)
        lines.addWidget(bar("head", 36, self._tabs, margins=(16, 0, 16, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._facts)
        self._pages.addWidget(self._story_side())
        lines.addWidget(self._pages, 1)
        self._edit = button(_("Change facts"), self.edit_wanted.emit, kind="primary")
        remove = button(_("Delete…"), self.delete_wanted.emit)
        lines.addWidget(bar("bottom", theme.ACTION_BAR, self._edit, None, remove))
        return side

    def _story_side(self) -> QWidget:
        inner = QWidget()
        inner.setProperty("clear", "true")
        self._story.setContentsMargins(16, 10, 16, 12)
        self._story.setSpacing(10)
        inner.setLayout(self._story)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        return area

    def _tab(self, key: str) -> None:
        self._pages.setCurrentIndex(0 if key == "facts" else 1)
        if key == "history":
            self.history_wanted.emit()

    @property
    def shows_history(self) -> bool:
        """Whether the history tab is up."""
        return self._tabs.current == "history"

    def learn_groups(self) -> None:
        """The headings of the groups; the room is loaded by now."""
        if not self._groups:
            from db.projects.fields import GROUPS

            self._groups.update(GROUPS)

    def show_record(self, record: Mapping[str, Any]) -> None:
        """The facts of one project."""
        self._drop_form()
        fields: list[Field] = record["fields"]
        by_key = {one.key: one for one in fields}
        self._title.setText(str(record["name"]))
        parts = [record.get("code"), record.get("street"), record.get("investor")]
        if record.get("approved_on"):
            parts.append(tr(_("recognised {day}", day=record["approved_on"])))
        self._second.setText(" · ".join(str(part) for part in parts if part))
        clear(self._tags)
        self._tags.addWidget(Tag(said(by_key["stage"], record["stage"]), "blue"))
        status = record.get("status")
        if status and status != "active":
            self._tags.addWidget(Tag(said(by_key["status"], status), STATUS_TONES.get(status, "grey")))
        self._tags.addStretch(1)
        self._facts.show_facts([one for one in fields if one.key not in ("name", "stage")], record)
        self._stack.setCurrentIndex(0)

    def show_story(self, told: Sequence[Told]) -> None:
        """What happened to it."""
        clear(self._story)
        for one in told:
            when = one.at.strftime("%Y-%m-%d %H:%M")
            box = column_of(label(f"{when} · {one.actor}", size=12, tone="faint"), label(one.label, wrap=True), gap=1)
            for change in one.changes:
                box.addWidget(label(_line(change), size=12, tone="mute", wrap=True))
            self._story.addLayout(box)
        self._story.addStretch(1)

    def show_form(
        self, fields: Sequence[Field], record: Mapping[str, Any] | None, names: Mapping[str, Sequence[str]]
    ) -> None:
        """A form: of one project, or of a new one where `record` is None."""
        self._drop_form()
        title = _("New project") if record is None else _("Change “{name}”", name=str(record["name"]))
        if record is None:
            shown = [by for key in NEW_FIELDS for by in fields if by.key == key]
        else:
            shown = [one for one in fields if one.editable]
        groups = None if record is None else self._groups
        self.form = Form(shown, record or {}, groups=groups, names=names, needed=("name",))
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form, then the pane; Ctrl+Enter saves."""
        if event.key() == Qt.Key.Key_Escape:
            if self.form is not None:
                self.leave_form()
            else:
                self.closed.emit()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.form:
            self.save()
        else:
            super().keyPressEvent(event)


def _line(change: Changed) -> str:
    if change.words is not None or change.field is None:
        return change.words.render(language()) if change.words else ""
    sentence = _(
        "“{field}” from {old} to {new}", field=change.field.label, old=said(change.field, change.old),
        new=said(change.field, change.new),
    )  # fmt: skip
    return tr(sentence)


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
