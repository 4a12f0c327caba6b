"""The facts of a record, to read and to change, made from its fields: one row a fact, an editor by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.core.errors import Refused
from db.core.fields import Choice, Field, Money
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.columns import large_amount, unit_name, with_unit
from desktop.kit.editors import Line, Lines, input_for, shown, take, understood_as
from desktop.kit.grid import CORNER
from desktop.kit.parts import column_of, label, restyle
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

    def show_facts(
        self, fields: Sequence[Field], values: Mapping[str, Any], differs: Mapping[str, str] | None = None
    ) -> None:
        """The facts of one record. differs: field key → what stands there now, where one looks at the past."""
        now = differs or {}
        inner = QWidget()
        inner.setProperty("clear", "true")
        lines = column_of(margins=(16, 10, 16, 12), gap=2, parent=inner)
        group = ""
        for field in fields:
            value = values.get(field.key)
            if (value is None or value == "") and field.key not in now:
                continue
            if field.group != group:
                group = field.group
                heading = label(self._groups.get(group, Text(group)), size=12, tone="mute")
                lines.addSpacing(8 if lines.count() else 0)
                lines.addWidget(heading)
            lines.addLayout(_fact(field, value, now.get(field.key)))
        if not lines.count():
            lines.addWidget(label(_("No fact is filled in yet."), tone="mute", wrap=True))
        lines.addStretch(1)
        self.setWidget(inner)


class _Corner(QWidget):
    """What is different now: a small triangle, as in a cell of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(CORNER, CORNER)

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the upper right corner."""
        painter = QPainter(self)
        for at in range(CORNER):
            painter.fillRect(at, at, CORNER - at, 1, theme.tokens().color("amber"))


def _fact(field: Field, value: Any, now: str | None) -> QGridLayout:
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
    if now is not None:
        corner = _Corner()
        for part in (text, corner):
            part.setToolTip(tr(_("now {value}", value=now or "—")))
        grid.addWidget(corner, 0, 2, Qt.AlignmentFlag.AlignTop)
    return grid


def said(field: Field, value: Any) -> str:
    """A stored value with its unit, as a sentence says it: 5.20 亿元 from a hundred million yuan on, in English millions."""
    from db.core.english import noun
    from db.core.formats import show

    if value is None or value == "":
        return "—"
    if projector.hides(field):
        return projector.COVERED
    if (
        isinstance(field.kind, Money)
        and field.kind.unit == "万元"
        and (abs(int(value)) >= 10**10 or language() == "en")
    ):
        return " ".join(large_amount(int(value)))
    text = projector.covered(show(field.kind, value, language()))
    unit = getattr(field.kind, "unit", "")
    return f"{text} {noun(text, unit_name(unit))}".rstrip() if unit else text


class Editor(QWidget):
    """A label with an editor; a changed one carries a dot, a refused one its reason in red.

    flush: under the title of a card, which is all to be saved: no dot, and no room for one.
    """

    def __init__(
        self, field: Field, value: Any, names: Sequence[str] | None = None, *, needed: bool = False, flush: bool = False
    ) -> None:
        super().__init__()
        self.field = field
        self.before = value
        self._flush = flush
        self.input = input_for(field, value, names)
        unit = getattr(field.kind, "unit", "") if not isinstance(field.kind, Choice) else ""
        text = with_unit(tr(field.label), unit) if unit else tr(field.label)
        self._name = QLabel(text + (" *" if needed else ""))
        self._name.setProperty("tone", "mute")
        self._name.setFont(theme.font(12))
        self.input.setAccessibleName(tr(field.label))
        self._reason = label("", size=12, tone="red", wrap=True)
        self._reason.hide()
        if isinstance(self.input, Lines):
            self.input.setFixedHeight(72)
            self.input.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column_of(self._name, self.input, self._reason, margins=(0 if flush else 8, 0, 0, 0), gap=3, parent=self)
        self.input.edited.connect(self._edited)

    def _edited(self) -> None:
        """While one types: how it is understood. A reason stays until something else is typed."""
        text, wrong = understood_as(self.field, self.typed)
        self._say("" if wrong else text if text.startswith("=") else "", tone="mute")
        self.update()

    def _say(self, text: str, *, tone: str) -> None:
        self._reason.setProperty("tone", tone)
        restyle(self._reason)
        self._reason.setText(text)
        self._reason.setVisible(bool(text))

    @property
    def typed(self) -> str:
        """What stands in the editor."""
        return self.input.typed

    def value(self) -> Any:
        """The stored value of what was typed; raises `Refused`."""
        self.input.settle()
        return take(self.field, self.typed)

    @property
    def changed(self) -> bool:
        """Whether something else stands there than at first."""
        return self.typed != shown(self.field, self.before)

    def warn_of(self, odd: Callable[[str], Text | None]) -> None:
        """Say under the editor, while one types, what is odd about it; it can be taken all the same."""

        def look() -> None:
            why = odd(self.typed)
            if why is not None:
                self._say(tr(why), tone="amber")

        self.input.edited.connect(look)

    def complain(self, reason: str) -> None:
        """Say under the editor why it cannot be taken; "" when it can."""
        self._say(reason, tone="red")
        self.input.setProperty("wrong", "true" if reason else "false")
        restyle(self.input)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dot of what is not saved yet."""
        if self.changed and not self._flush:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.tokens().color("accent"))
            painter.drawEllipse(0, 6, 5, 5)


class Form(QScrollArea):
    """Editors for some fields of a record, by group. `submitted` when Ctrl+Enter or Enter in a line says: done.

    record: the id of what is changed, 0 of a new one.
    """

    submitted = Signal()

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, Any], *, groups: Mapping[str, Text] | None = None,
        names: Mapping[str, Sequence[str]] | None = None, needed: Sequence[str] = (), today: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.editors: dict[str, Editor] = {}
        self.record = int(values.get("id") or 0)
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
            made = Editor(field, values.get(field.key), (names or {}).get(field.key), needed=field.key in needed)
            if isinstance(made.input, Line):
                made.input.today = today
            self.editors[field.key] = made
            if isinstance(made.input, Line):
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

    def texts(self) -> dict[str, str]:
        """Field key → what was typed and is not saved."""
        return {key: one.typed for key, one in self.editors.items() if one.changed}

    def put_texts(self, texts: Mapping[str, str]) -> None:
        """What was typed before, as a draft kept it."""
        for key, text in texts.items():
            if key in self.editors:
                self.editors[key].input.put(text)

    def seen(self, keys: Iterable[str]) -> dict[str, Any]:
        """Field key → the stored value that stood there when the form was opened."""
        return {key: self.editors[key].before for key in keys if key in self.editors}

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
