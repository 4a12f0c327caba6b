"""The form of a report: what stands around its text, which sentences and tables it has, for which periods it is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from db.core.text import Text, _, say
from desktop.kit import theme
from desktop.kit.choices import Choices
from desktop.kit.parts import button, clear, column_of, label, row_of, scrolled
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.forms import Form, OwnTable
    from desktop.overview.making import Made

OTHER = "other"
BEHIND = "behind"  # an own table stands behind the text
_FILLED = "{期} {范围} {种类} {年}"
_WIDE = 96


class FormPane(QWidget):
    """Every field is taken when one leaves it.

    `changed`: the form as it is wanted now; `headed`: a line of this report alone, its place and text ("" as the form
    says); `tables_wanted`: a place of the screen where the saved views are to be offered.
    """

    changed = Signal(object)
    headed = Signal(str, str)
    tables_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._form: Form | None = None
        self._made: Made | None = None
        self.why = label("", size=12, tone="red", wrap=True)
        self.why.hide()
        self.heads: dict[str, QLineEdit] = {}
        lines = column_of(margins=(16, 12, 16, 12), gap=8)
        lines.addWidget(label(_("This report"), bold=True))
        for place, text in (("title", _("Title")), ("number", _("Issue")), ("signed_on", _("Dated"))):
            self.heads[place] = _line(text, partial(self._head, place))
            lines.addLayout(_row(text, self.heads[place]))
        lines.addSpacing(8)
        self._title = label("", bold=True, wrap=True)
        lines.addWidget(self._title)
        lines.addWidget(self.why)
        self._around(lines)
        self._sentences(lines)
        self._own_tables(lines)
        lines.addStretch(1)
        column_of(scrolled(lines), parent=self)

    def _around(self, lines: QVBoxLayout) -> None:
        from db.overview.forms import KINDS

        self.name = _line(_("Name"), lambda: self._take(name=self.name.text()))
        self.kind = Choices([*KINDS.items(), (OTHER, _("Other word…"))])
        self.kind.currentIndexChanged.connect(lambda _at: self._choose_kind())
        self.own_kind = _line(_("Own word"), lambda: self._take(kind=self.own_kind.text().strip()))
        self.pattern = _line(_("Title"), lambda: self._take(title=self.pattern.text().strip()))
        self.pattern.setPlaceholderText(tr(_("as composed")))
        self.pattern.setToolTip(tr(_("Words in braces are filled in: {words}", words=_FILLED)))
        self.addressee = _line(_("To"), lambda: self._take(addressee=self.addressee.text().strip()))
        self.signature = _line(_("Signature"), lambda: self._take(signature=self.signature.text().strip()))
        self.copies = QPlainTextEdit()
        self.copies.setFont(theme.font(13))
        self.copies.setFixedHeight(66)
        self.copies.setTabChangesFocus(True)
        self.copies.setAccessibleName(tr(_("Copies")))
        self.copies.focusOutEvent = self._left_copies  # type: ignore[method-assign]
        for text, part in (
            (_("Name"), self.name), (_("Kind"), self.kind), (_("Own word"), self.own_kind), (_("Title"), self.pattern),
            (_("To"), self.addressee), (_("Signature"), self.signature), (_("Copies"), self.copies),
        ):  # fmt: skip
            lines.addLayout(_row(text, part))

    def _left_copies(self, event: object) -> None:
        QPlainTextEdit.focusOutEvent(self.copies, event)  # type: ignore[arg-type]
        self._take(copies=self.copies.toPlainText().strip())

    def _sentences(self, lines: QVBoxLayout) -> None:
        from db.overview.forms import OPTIONAL
        from db.overview.spans import SPANS

        self.numbered = _tick(_("Numbered: No. N"), lambda on: self._take(numbered=on))
        self.draft_mark = _tick(
            _("“Draft for approval” in the footer until finalised"), lambda on: self._take(draft_mark=on)
        )
        lines.addWidget(self.numbered)
        lines.addWidget(self.draft_mark)
        self.units = Choices([("most", _("Most first")), ("order", _("In the order of units"))])
        self.units.currentIndexChanged.connect(lambda _at: self._take(units=self.units.key))
        lines.addLayout(_row(_("Unit lists"), self.units))
        lines.addSpacing(8)
        lines.addWidget(label(_("Sentences that are printed where they are wanted"), size=12, tone="mute", wrap=True))
        self.optional = {
            key: _tick(text, lambda _on: self._take(optional=_ticked(self.optional))) for key, text in OPTIONAL.items()
        }
        for one in self.optional.values():
            lines.addWidget(one)
        lines.addSpacing(8)
        lines.addWidget(label(_("Meant for the reports of"), size=12, tone="mute", wrap=True))
        self.spans = {
            key: _tick(text, lambda _on: self._take(spans=_ticked(self.spans))) for key, text in SPANS.items()
        }
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        for at, one in enumerate(self.spans.values()):
            grid.addWidget(one, at // 2, at % 2)
        lines.addLayout(grid)

    def _own_tables(self, lines: QVBoxLayout) -> None:
        lines.addSpacing(8)
        self.add_table = button(_("Add a table…"), self._want_tables, small=True)
        lines.addLayout(row_of(label(_("Own tables, from saved views"), size=12, tone="mute"), None, self.add_table))
        self._tables = QVBoxLayout()
        self._tables.setSpacing(6)
        lines.addLayout(self._tables)

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_form(self, made: Made) -> None:
        """The form of a report and the lines of the report itself; nothing may be changed in a finalised one."""
        self._made, self._form = None, made.form  # what is put into the fields is nobody's typing
        form, report = made.form, made.draft
        self.why.hide()
        self._title.setText(tr(_("Form “{form}”", form=form.name)))
        for place, line in self.heads.items():
            _put(line, str(getattr(report, place)))
        _put(self.name, say(form.name, language()))
        own = self.kind.findData(form.kind) < 0
        self.kind.setCurrentIndex(self.kind.findData(OTHER if own else form.kind))
        self._show_own_kind(form.kind if own else "")
        _put(self.pattern, form.title)
        _put(self.addressee, form.addressee)
        _put(self.signature, form.signature)
        self.signature.setPlaceholderText(report.signature)
        self.addressee.setPlaceholderText(report.addressee)
        if not self.copies.hasFocus():
            self.copies.setPlainText(form.copies)
        self.copies.setPlaceholderText("\n".join(report.copies))
        self.numbered.setChecked(form.numbered)
        self.draft_mark.setChecked(form.draft_mark)
        self.units.setCurrentIndex(self.units.findData(form.units))
        for wanted, boxes in ((form.optional, self.optional), (form.spans, self.spans)):
            for key, box in boxes.items():
                box.setChecked(key in wanted)
        self._show_tables(form.tables, [(one.key, one.heading) for one in report.sections])
        self.setEnabled(made.final is None)
        self.setToolTip("" if made.final is None else tr(_("The report is finalised. Reopen it to change it.")))
        self._made = made

    def _show_own_kind(self, word: str) -> None:
        _put(self.own_kind, word)
        for at in range(2):
            part = self.own_kind if at else self.own_kind.property("title")
            part.setVisible(self.kind.key == OTHER)

    def _show_tables(self, tables: Sequence[OwnTable], sections: Sequence[tuple[str, str]]) -> None:
        clear(self._tables)
        for at, table in enumerate(tables):
            title = _line(_("Title of the table"), _nothing)
            title.setText(table.title)
            title.editingFinished.connect(partial(self._name_table, at, title))
            place = Choices([(BEHIND, _("Behind the text")), *sections], table.section or BEHIND)
            place.setFixedWidth(112)
            place.currentIndexChanged.connect(partial(self._place_table, at, place))
            gone = button(_("Remove"), partial(self._drop_table, at), kind="link")
            row = row_of(title, place, gone, gap=6)
            row.setStretch(0, 1)
            self._tables.addLayout(row)

    def begin_naming(self) -> None:
        """The keyboard into the form's name, ready to be typed over."""
        self.name.setFocus()
        self.name.selectAll()

    def refuse(self, sentence: str) -> None:
        """Say why a change was not taken; what was typed stays."""
        self.why.setText(sentence)
        self.why.show()

    # --- taking ----------------------------------------------------------------------------------------------------

    def _take(self, **changed: object) -> None:
        if self._made is None or self._form is None:
            return
        wanted = replace(self._form, **changed)  # type: ignore[arg-type]
        if say(wanted.name, language()) == say(self._form.name, language()):
            wanted = replace(wanted, name=self._form.name)
        if wanted != self._form:
            self._form = wanted
            self.changed.emit(wanted)

    def _choose_kind(self) -> None:
        if self._made is None:
            return
        self._show_own_kind("")
        if self.kind.key == OTHER:
            self.own_kind.setFocus()
        else:
            self._take(kind=self.kind.key)

    def _head(self, place: str) -> None:
        if self._made is None:
            return
        text = self.heads[place].text().strip()
        if text != str(getattr(self._made.draft, place)):
            self.headed.emit(place, text)

    def _want_tables(self) -> None:
        self.tables_wanted.emit(self.add_table.mapToGlobal(QPoint(0, self.add_table.height() + 4)))

    def take_table(self, table: OwnTable) -> None:
        """One more table of the office's own."""
        if self._form is not None:
            self._take(tables=(*self._form.tables, table))

    def _table(self, at: int, **changed: str) -> None:
        if self._form is not None and at < len(self._form.tables):
            tables = list(self._form.tables)
            tables[at] = replace(tables[at], **changed)
            self._take(tables=tuple(tables))

    def _name_table(self, at: int, line: QLineEdit) -> None:
        self._table(at, title=line.text().strip())

    def _place_table(self, at: int, place: Choices, _index: int) -> None:
        self._table(at, section="" if place.key == BEHIND else place.key)

    def _drop_table(self, at: int) -> None:
        if self._form is not None:
            self._take(tables=(*self._form.tables[:at], *self._form.tables[at + 1 :]))


def _nothing() -> None:
    """Somebody else listens."""


def _line(name: Text, done: Callable[[], object]) -> QLineEdit:
    made = QLineEdit()
    made.setFont(theme.font(13))
    made.setAccessibleName(tr(name))
    made.editingFinished.connect(done)
    return made


def _put(line: QLineEdit, text: str) -> None:
    """Another text, but never over what is being typed."""
    if not (line.hasFocus() and line.isModified()):
        line.setText(text)
        line.setCursorPosition(0)


def _row(text: Text, part: QWidget) -> QVBoxLayout:
    title = label(text, tone="mute")
    title.setFixedWidth(_WIDE if language() == "en" else 64)
    part.setProperty("title", title)
    row = row_of(title, part, gap=8)
    row.setStretch(1, 1)
    made = QVBoxLayout()
    made.addLayout(row)
    return made


def _tick(text: Text, done: Callable[[bool], object]) -> QCheckBox:
    made = QCheckBox(tr(text))
    made.setFont(theme.font(13))
    made.clicked.connect(done)
    return made


def _ticked(boxes: dict[str, QCheckBox]) -> tuple[str, ...]:
    return tuple(key for key, box in boxes.items() if box.isChecked())
