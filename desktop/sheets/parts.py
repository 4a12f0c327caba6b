"""Parts of the import page: sheets, columns, questions, lists of what would happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.columns import unit_name
from desktop.kit.lists import Heading, Picker, PlainList
from desktop.kit.parts import ElidedLabel, Tag, bar, button, clear, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.sheets.plan import Column, Plan, Question, SheetPlan
    from db.sheets.room import RoomSheet

_HOW: Mapping[str, tuple[Text, str]] = {
    "exact": (_("Exact"), "green"),
    "alias": (_("Alias"), "green"),
    "month": (_("By month"), "green"),
    "said": (_("Chosen"), "blue"),
    "guessed": (_("To confirm"), "amber"),
    "own": (_("Own field"), "blue"),
    "none": (_("Left out"), "grey"),
}
DENSE = 27


def key_label(room: RoomSheet, key: str) -> str:
    """What people call a cell key: a field, one month of it, a column kept as the book's own field."""
    if key.startswith("own:"):
        return key[4:]
    field = room.field(key)
    name = tr(field.label) if field else key
    month = key.partition("@")[2]
    return f"{name} {month}" if month else name


class SheetsCard(QFrame):
    """The sheets of the file; hidden ones are listed and never taken by themselves. `toggled`: names that are taken."""

    toggled = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self._count = label("", size=12, tone="mute")
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(12, 4, 12, 6)
        self._rows.setSpacing(0)
        lines = column_of(
            bar("head", 36, label(_("Sheets"), bold=True), self._count, None, margins=(12, 0, 12, 0)),
            gap=0,
            parent=self,
        )
        lines.addLayout(self._rows)
        self.boxes: dict[str, QCheckBox] = {}

    def show_plan(self, plan: Plan) -> None:
        """The sheets with what becomes of each."""
        clear(self._rows)
        self.boxes.clear()
        taken = sum(sheet.taken for sheet in plan.sheets)
        self._count.setText(tr(_("{found} found, {taken} taken", found=len(plan.sheets), taken=taken)))
        for sheet in plan.sheets:
            self._rows.addWidget(self._row(sheet))

    def _row(self, sheet: SheetPlan) -> QWidget:
        row = QWidget()
        row.setFixedHeight(28)
        box = QCheckBox()
        box.setChecked(sheet.taken)
        box.setAccessibleName(sheet.name)
        box.toggled.connect(lambda _on: self._tell())
        self.boxes[sheet.name] = box
        name = ElidedLabel(sheet.name, tone="" if sheet.taken else "mute")
        parts: list[QWidget | int | None] = [box, name]
        if not sheet.visible:
            parts.append(Tag(_("hidden")))
        parts.append(label(_what_of(sheet), size=12, tone="mute"))
        lines = row_of(*parts, parent=row)
        lines.setStretch(1, 1)
        return row

    def _tell(self) -> None:
        self.toggled.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))


def _what_of(sheet: SheetPlan) -> Text:
    if not sheet.taken:
        return _("{why} · not imported", why=sheet.why or "")
    if sheet.header_rows is None:
        return _("{rows} rows", rows=sheet.rows_read)
    first, last = sheet.header_rows
    if first == last:
        return _("heading in row {first} · {rows} rows", first=first, rows=sheet.rows_read)
    return _("heading in rows {first}–{last} · {rows} rows", first=first, last=last, rows=sheet.rows_read)


class ColumnsCard(QFrame):
    """What each column becomes. `remapped`: sheet, letter, key of the field (own, none)."""

    remapped = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self._count = label("", size=12, tone="mute")
        self._open = Tag("")
        self.list = PlainList(row_height=DENSE)
        self.list.setToolTip("")
        self.list.picked.connect(self._pick)
        self.questions = Questions(across=False)
        head = bar("head", 36, label(_("Columns"), bold=True), self._count, None, self._open, margins=(12, 0, 12, 0))
        lines = column_of(head, gap=0, margins=(1, 1, 1, 1), parent=self)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.questions)
        self._rows: list[tuple[str, Column]] = []
        self._plan: Plan | None = None

    def show_plan(self, plan: Plan, open_columns: int) -> None:
        """The columns of all sheets that are taken."""
        self._plan = plan
        self._rows = [(sheet.name, column) for sheet in plan.sheets if sheet.taken for column in sheet.columns]
        used = sum(column.how != "none" for _sheet, column in self._rows)
        self._count.setText(tr(_("{used} of {all} imported", used=used, all=len(self._rows))))
        self._open.say(_("{count} to confirm", count=open_columns), "amber")
        self._open.setVisible(bool(open_columns))
        headings = (
            Heading(_("Col."), 42), Heading(_("Heading"), 110 if language() == "zh" else 84),
            Heading(_("Goes to"), 130, stretch=True), Heading(_("Unit"), 52 if language() == "zh" else 70),
            Heading(_("Match"), 76 if language() == "zh" else 70),
        )  # fmt: skip
        self.list.show_rows(headings, len(self._rows), self._cell)

    def _cell(self, row: int, place: int) -> Cell:
        _sheet, column = self._rows[row]
        assert self._plan is not None
        tag, tone = _HOW.get(column.how, _HOW["none"])
        if place == 0:
            return Cell(column.letter, tone="faint")
        if place == 1:
            return Cell(" ".join(column.heading.split()))
        if place == 2:
            both = " + " if language() == "en" else "、"
            text = both.join(key_label(self._plan.room, key) for key in column.keys) or tr(_("Not imported"))
            return Cell(text, tone="text" if column.keys else "faint", arrow=True)
        if place == 3:
            return Cell(unit_name(column.unit) if column.unit else "")
        asked = column.question is not None and any(
            one.id == column.question and one.answer is None for one in self._plan.questions
        )
        return Cell(tr(_HOW["guessed"][0]), tag="amber") if asked else Cell(tr(tag), tag=tone)

    def _pick(self, row: int, place: int) -> None:
        if place != 2 or self._plan is None:
            return
        sheet, column = self._rows[row]
        choices = [("none", tr(_("Do not import"))), ("own", tr(_("Keep as the book's own field")))]
        choices += [(field.key, tr(field.label)) for field in self._plan.room.fields if field.editable]
        picker = Picker(self, choices, _("Which field is “{heading}”?", heading=column.heading))
        picker.chosen.connect(lambda key: self.remapped.emit(sheet, column.letter, key))
        box = self.list.visualRect(self.list.rows.index(row, place))
        picker.open_at(self.list.viewport().mapToGlobal(QPoint(box.left(), box.bottom())))


class Questions(QFrame):
    """The first open question with its answers as buttons; then the next. `answered`: id, answer."""

    answered = Signal(str, str)

    def __init__(self, *, across: bool) -> None:
        super().__init__()
        self.setProperty("strip", "amber")
        self._across = across
        self._lines = (
            row_of(margins=(12, 8, 12, 8), gap=8, parent=self)
            if across
            else column_of(margins=(12, 8, 12, 8), gap=6, parent=self)
        )
        self.shown: Question | None = None
        self.first: QWidget | None = None  # the proposed answer, or the line for one
        self.hide()

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Questions that are open, in their order."""
        clear(self._lines)
        self.first = None
        self.shown = questions[0] if questions else None
        self.setVisible(bool(questions))
        if self.shown is None:
            return
        text = tr(self.shown.question)
        where = self.shown.where
        if where and where != self.shown.sheet and where not in text:
            text = f"{where}：{text}" if language() == "zh" else f"{where}: {text}"
        if len(questions) > 1:
            text += tr(_(" (1 of {count})", count=len(questions)))
        sentence = label(text, wrap=True)
        sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._lines.addWidget(sentence)
        answers = self._answers(self.shown)
        self.first = answers[0] if answers else None
        if self._across:
            for one in answers:
                self._lines.addWidget(one)
        else:
            self._lines.addLayout(row_of(None, *answers, gap=8))

    def _answers(self, question: Question) -> list[QWidget]:
        if not question.options:
            typed = QLineEdit(question.proposed)
            typed.setFixedWidth(150)
            take = button(_("Answer"), lambda: self._say(question, typed.text().strip()), small=True)
            typed.returnPressed.connect(take.click)
            return [typed, take]
        made: list[QWidget] = []
        options = sorted(question.options, key=lambda option: option[0] != question.proposed)
        for value, text in options[:4]:
            made.append(button(text, lambda value=value: self._say(question, value), small=True))  # type: ignore[misc]
        return made

    def _say(self, question: Question, answer: str) -> None:
        if answer:
            self.answered.emit(question.id, answer)


class RefusedDock(QFrame):
    """The rows that cannot be taken, under every tab while there are any."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", bold=True, tone="red")
        self.list = PlainList()
        head = bar(
            "head", 34, self._title,
            label(_("not written; mend them in the exported list and import that"), size=12, tone="mute"), None, margins=(12, 0, 12, 0),
        )  # fmt: skip
        column_of(head, self.list, gap=0, parent=self)
        self.hide()

    def show_plan(self, plan: Plan) -> None:
        """Cell, record, value, reason, what would be accepted."""
        self.setVisible(bool(plan.refused))
        self._title.setText(tr(_("Rows with problems: {count}", count=plan.refused_rows)))
        headings = (
            Heading(_("Cell"), 64), Heading(_("Field"), 120), Heading(_("Value in the table"), 120),
            Heading(_("Why not"), 190, stretch=True), Heading(_("Accepted"), 200, stretch=True),
        )  # fmt: skip

        def cell(row: int, place: int) -> Cell:
            one = plan.refused[row]
            if place == 0:
                return Cell(f"{one.column}{one.row}", tone="accent")
            if place == 1:
                return Cell(key_label(plan.room, one.key))
            texts = (one.value, tr(one.why), tr(one.accepted))
            return Cell(texts[place - 2], tone=("red", "text", "mute")[place - 2])

        self.list.show_rows(headings, len(plan.refused), cell)
        self.setFixedHeight(34 + theme.TABLE_HEADER + 30 * min(len(plan.refused), 4) + 4)
