"""The facts of a record, to read and to change, made from its fields: one row a fact, an editor by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.core.errors import Refused
from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.choices import Choices
from desktop.kit.parts import column_of, label, restyle
from desktop.kit.table import large_amount, unit_name, with_unit
from desktop.kit.words import language, tr

LABEL_WIDTH = 88


class FactList(QScrollArea):
    """What is known of a record: label and value under the headings of the groups; what is empty is left out."""

    def __init__(self, groups: Mapping[str, Text]) -> None:
        super().__init__()
        self._groups = groups
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_facts(self, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        """The facts of one record."""
        inner = QWidget()
        inner.setProperty("clear", "true")
        lines = column_of(margins=(16, 10, 16, 12), gap=2, parent=inner)
        group = ""
        for field in fields:
            value = values.get(field.key)
            if value is None or value == "":
                continue
            if field.group != group:
                group = field.group
                heading = label(self._groups.get(group, Text(group)), size=12, tone="mute")
                lines.addSpacing(8 if lines.count() else 0)
                lines.addWidget(heading)
            lines.addLayout(_fact(field, value))
        lines.addStretch(1)
        self.setWidget(inner)


def _fact(field: Field, value: Any) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 3, 0, 3)
    grid.setHorizontalSpacing(8)
    name = label(field.label, tone="mute", wrap=True)
    name.setFixedWidth(LABEL_WIDTH if language() == "zh" else 124)
    name.setAlignment(Qt.AlignmentFlag.AlignTop)
    text = label(said(field, value), wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    grid.addWidget(name, 0, 0)
    grid.addWidget(text, 0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def said(field: Field, value: Any) -> str:
    """A stored value with its unit, as a sentence says it: 5.20 亿元 from ten million yuan on."""
    from db.core.formats import show

    if value is None or value == "":
        return "—"
    if isinstance(field.kind, Money) and field.kind.unit == "万元" and abs(int(value)) >= 10**10:
        return " ".join(large_amount(int(value)))
    text = show(field.kind, value, language())
    unit = getattr(field.kind, "unit", "")
    return f"{text} {unit_name(unit)}" if unit else text


class Editor(QWidget):
    """A label with an editor; a changed one carries a dot, a refused one its reason in red."""

    def __init__(self, field: Field, value: Any, names: Sequence[str] = (), *, needed: bool = False) -> None:
        super().__init__()
        self.field = field
        self._before = value
        self.input = _EDITORS[type(field.kind)](field, value)
        self.input.setAcceptDrops(False)  # a file dropped here is meant for the window
        if names and isinstance(self.input, QLineEdit):
            self.input.setCompleter(_completer(names, self.input))
        unit = getattr(field.kind, "unit", "") if not isinstance(field.kind, Choice) else ""
        text = with_unit(tr(field.label), unit) if unit else tr(field.label)
        self._name = QLabel(text + (" *" if needed else ""))
        self._name.setProperty("tone", "mute")
        self._name.setFont(theme.font(12))
        self._reason = label("", size=12, tone="red", wrap=True)
        self._reason.hide()
        column_of(self._name, self.input, self._reason, margins=(8, 0, 0, 0), gap=3, parent=self)
        _when_changed(self.input, self.update)

    @property
    def typed(self) -> str:
        """What stands in the editor."""
        return _typed(self.input)

    def value(self) -> Any:
        """The stored value of what was typed; raises `Refused`."""
        from db.core.formats import parse

        if isinstance(self.input, Choices):
            key = self.input.key
            return (int(key) if key else None) if isinstance(self.field.kind, Flag) else key or None
        return parse(self.field.kind, self.typed)

    @property
    def changed(self) -> bool:
        """Whether something else stands there than at first."""
        return self.typed != _shown(self.field, self._before)

    def complain(self, reason: str) -> None:
        """Say under the editor why it cannot be taken; "" when it can."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.input.setProperty("wrong", "true" if reason else "false")
        restyle(self.input)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dot of what is not saved yet."""
        if self.changed:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.tokens().color("accent"))
            painter.drawEllipse(0, 6, 5, 5)


class Form(QScrollArea):
    """Editors for some fields of a record, by group. `submitted` when Ctrl+Enter or Enter in a line says: done."""

    submitted = Signal()

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, Any], *, groups: Mapping[str, Text] | None = None,
        names: Mapping[str, Sequence[str]] | None = None, needed: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.editors: dict[str, Editor] = {}
        inner = QWidget()
        inner.setProperty("clear", "true")
        lines: QVBoxLayout = column_of(margins=(8, 10, 16, 12), gap=10, parent=inner)
        group = ""
        for field in fields:
            if groups is not None and field.group != group:
                group = field.group
                heading = label(groups.get(group, Text(group)), bold=True)
                heading.setContentsMargins(8, 6, 0, 0)
                lines.addWidget(heading)
            made = Editor(field, values.get(field.key), (names or {}).get(field.key, ()), needed=field.key in needed)
            self.editors[field.key] = made
            if isinstance(made.input, QLineEdit):
                made.input.returnPressed.connect(self.submitted)
            lines.addWidget(made)
        lines.addStretch(1)
        self.setWidget(inner)

    def changes(self) -> dict[str, Any] | None:
        """Field key → stored value of what was changed; None where something cannot be taken (it gets the focus)."""
        found: dict[str, Any] = {}
        first: Editor | None = None
        for key, one in self.editors.items():
            one.complain("")
            if not one.changed:
                continue
            try:
                found[key] = one.value()
            except Refused as refused:
                one.complain(refused.render(language()))
                first = first or one
        if first is not None:
            first.input.setFocus()
            self.ensureWidgetVisible(first)
            return None
        return found

    def complain(self, reasons: Mapping[str, Text]) -> bool:
        """Show why the room refused, beside each field; whether any of them is here."""
        first: Editor | None = None
        for key, reason in reasons.items():
            if key in self.editors:
                self.editors[key].complain(tr(reason))
                first = first or self.editors[key]
        if first is not None:
            first.input.setFocus()
            self.ensureWidgetVisible(first)
        return first is not None


def _shown(field: Field, value: Any) -> str:
    from db.core.formats import show

    if value is None:
        return ""
    if isinstance(field.kind, Choice | Flag):
        return str(value)
    return show(field.kind, value, language())


def _typed(editor: QWidget) -> str:
    if isinstance(editor, Choices):
        return editor.key
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    return editor.text() if isinstance(editor, QLineEdit) else ""


def _when_changed(editor: QWidget, do: Callable[[], None]) -> None:
    if isinstance(editor, Choices):
        editor.currentIndexChanged.connect(lambda _at: do())
    elif isinstance(editor, QPlainTextEdit | QLineEdit):
        editor.textChanged.connect(do)


def _completer(names: Sequence[str], owner: QWidget) -> QCompleter:
    made = QCompleter(list(names), owner)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made


def _line(field: Field, value: Any) -> QWidget:
    made = QLineEdit(_shown(field, value))
    hints = {Day: "2024-06-30", Month: "2024-06"}
    made.setPlaceholderText(hints.get(type(field.kind), ""))
    return made


def _words(field: Field, value: Any) -> QWidget:
    if not (isinstance(field.kind, Words) and field.kind.long):
        return _line(field, value)
    made = QPlainTextEdit(_shown(field, value))
    made.setFixedHeight(72)
    made.setTabChangesFocus(True)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def _choice(field: Field, value: Any) -> QWidget:
    assert isinstance(field.kind, Choice)
    return Choices((("", _("(not said)")), *field.kind.options), None if value is None else str(value))


def _flag(field: Field, value: Any) -> QWidget:
    return Choices((("", _("(not said)")), ("1", _("Yes")), ("0", _("No"))), None if value is None else str(value))


_EDITORS: Mapping[type[Kind], Callable[[Field, Any], QWidget]] = {
    Words: _words, Whole: _line, Money: _line, Area: _line, Metric: _line, Day: _line, Month: _line, Flag: _flag,
    Choice: _choice, Link: _line,
}  # fmt: skip
