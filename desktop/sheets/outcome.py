"""The right side of the import page: what would happen, by tabs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget

from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList
from desktop.kit.parts import Tabs, bar, column_of, label
from desktop.kit.words import language, tr
from desktop.sheets.parts import Questions, RefusedDock, key_label

if TYPE_CHECKING:
    from db.core.fields import Field
    from db.sheets.plan import Change, NewRows, Plan

Left = Mapping[tuple[str, int, str], "Change"]

_TABS: Mapping[str, Text] = {
    "new": _("New"), "changed": _("Changed"), "same": _("The same"), "refused": _("With problems"),
    "skipped": _("Skipped"), "notes": _("Notes"),
}  # fmt: skip


class OutcomeCard(QFrame):
    """Tabs with counts. `left_out`: sheet, row and key of a cell that was double-clicked."""

    left_out = Signal(str, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.tabs = Tabs([(key, text) for key, text in _TABS.items()])
        self.tabs.chosen.connect(lambda _key: self._show())
        self.tabs.buttons["refused"].setProperty("tone", "red")
        self.questions = Questions(across=True)
        self.list = PlainList()
        self.list.twice.connect(self._twice)
        self._sentence: QLabel = label("", tone="mute", wrap=True)
        self.dock = RefusedDock()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        said = QFrame()
        column_of(self._sentence, None, margins=(16, 14, 16, 0), parent=said)
        self._stack.addWidget(said)
        self._hint = label("", size=12, tone="mute", wrap=True)
        self._hint.setContentsMargins(12, 6, 12, 8)
        lines = column_of(
            bar("head", 36, self.tabs, margins=(16, 0, 16, 0)), self.questions, gap=0, margins=(1, 1, 1, 1), parent=self
        )
        lines.addWidget(self._stack, 1)
        lines.addWidget(self._hint)
        lines.addWidget(self.dock)
        self._plan: Plan | None = None
        self._changes: list[Change] = []
        self._left: Left = {}

    def show_plan(self, plan: Plan, left: Left) -> None:
        """The plan; `left` are changes that a person keeps out. The tab stays, unless it has become empty."""
        first = self._plan is None
        self._plan, self._left = plan, left
        self._changes = sorted([*plan.changes, *left.values()], key=lambda one: (one.sheet, one.row))
        counts = self._counts(plan)
        for key, text in _TABS.items():
            self.tabs.say(key, f"{tr(text)} {counts[key]:,}")
            self.tabs.buttons[key].setVisible(bool(counts[key]) or key in ("new", "changed", "same"))
        if first or not counts[self.tabs.current]:
            best = next((key for key in ("changed", "new", "refused", "same") if counts[key]), "new")
            self.tabs.buttons["new" if counts["new"] >= counts["changed"] else best].setChecked(True)
        self.dock.show_plan(plan)
        self._show()

    def _counts(self, plan: Plan) -> dict[str, int]:
        return {
            "new": plan.new_count, "changed": plan.changed_count, "same": plan.same, "refused": plan.refused_rows,
            "skipped": sum(len(sheet.skipped) for sheet in plan.sheets), "notes": len(plan.notes),
        }  # fmt: skip

    def _show(self) -> None:
        if self._plan is None:
            return
        plan, tab = self._plan, self.tabs.current
        self._hint.setText("")
        self._stack.setCurrentIndex(0)
        self.dock.setVisible(bool(plan.refused) and tab != "refused")
        if tab == "new" and plan.new_count:
            self._show_new(plan)
        elif tab == "changed" and self._changes:
            self._show_changes(plan)
        elif tab == "refused":
            self._stack.setCurrentIndex(1)
            self._sentence.setText("")
            self.dock.show_plan(plan)
            self.dock.setFixedHeight(max(120, self.height() - 40))
        elif tab == "skipped":
            self._show_skipped(plan)
        elif tab == "notes":
            self._show_notes(plan)
        else:
            self._stack.setCurrentIndex(1)
            same = _("{count} rows say what the book says already; nothing is written for them.", count=plan.same)
            self._sentence.setText(tr(same if tab == "same" and plan.same else _("Nothing here.")))
        self._hint.setVisible(bool(self._hint.text()))

    def _show_new(self, plan: Plan) -> None:
        tables = plan.new
        keys = list(dict.fromkeys(key for table in tables for key in table.columns))
        headings = [Heading(_("Row"), 56, right=True)]
        headings += [_heading(plan, key) for key in keys]
        starts: list[tuple[int, NewRows]] = []
        count = 0
        for table in tables:
            starts.append((count, table))
            count += len(table.rows)

        def cell(row: int, place: int) -> Cell:
            start, table = next(one for one in reversed(starts) if one[0] <= row)
            if place == 0:
                return Cell(f"{table.rows[row - start]}", tone="faint", right=True)
            key = keys[place - 1]
            value = table.value(row - start, key)
            return Cell(
                _shown(plan.room.field(key), value) or "—",
                tone="text" if value is not None else "faint",
                right=headings[place].right,
            )

        self.list.show_rows(headings, count, cell)

    def _show_changes(self, plan: Plan) -> None:
        headings = (
            Heading(_("Row"), 56, right=True), Heading(_("Project"), 170), Heading(_("Field"), 130),
            Heading(_("In the book now"), 170, stretch=True), Heading(_("New in the table"), 190, stretch=True),
        )  # fmt: skip

        def cell(row: int, place: int) -> Cell:
            one = self._changes[row]
            out = (one.sheet, one.row, one.key) in self._left
            again = row > 0 and self._changes[row - 1].row == one.row and self._changes[row - 1].sheet == one.sheet
            if place == 0:
                return Cell("" if again else str(one.row), tone="faint", right=True)
            if place == 1:
                return Cell("" if again else plan.names.get(one.id, ""), tone="faint" if out else "text")
            if place == 2:
                return Cell(key_label(plan.room, one.key), tone="faint" if out else "text")
            field = plan.room.field(one.key)
            if place == 3:
                old = _said(field, one.old)
                return Cell(
                    old or tr(_("(empty)")), tone="faint" if out or not old else "red", strike=bool(old) and not out
                )
            new = _said(field, one.new) or tr(_("(empty)"))
            return Cell(f"{new} · {tr(_('Not imported'))}" if out else new, tone="faint" if out else "green")

        self.list.show_rows(headings, len(self._changes), cell)
        hint = _(
            "{cells} cells of {rows} rows differ. Empty cells clear nothing; a double click leaves one cell out.",
            cells=len(plan.changes), rows=plan.changed_count,
        )  # fmt: skip
        self._hint.setText(tr(hint))

    def _show_skipped(self, plan: Plan) -> None:
        rows = [(sheet.name, one) for sheet in plan.sheets for one in sheet.skipped]
        headings = (
            Heading(_("Sheet"), 140),
            Heading(_("Row"), 56, right=True),
            Heading(_("Why it is skipped"), 300, stretch=True),
        )

        def cell(row: int, place: int) -> Cell:
            sheet, one = rows[row]
            return (Cell(sheet), Cell(str(one.row), tone="faint", right=True), Cell(tr(one.why)))[place]

        self.list.show_rows(headings, len(rows), cell)

    def _show_notes(self, plan: Plan) -> None:
        headings = (
            Heading(_("Sheet"), 140),
            Heading(_("Column"), 64),
            Heading(_("What was decided"), 300, stretch=True),
            Heading(_("Cells"), 64, right=True),
        )

        def cell(row: int, place: int) -> Cell:
            one = plan.notes[row]
            return (
                Cell(one.sheet),
                Cell(one.where, tone="accent"),
                Cell(tr(one.text)),
                Cell(f"{one.count:,}", right=True),
            )[place]

        self.list.show_rows(headings, len(plan.notes), cell)

    def _twice(self, row: int, place: int) -> None:
        if self.tabs.current == "changed" and place >= 3:
            one = self._changes[row]
            self.left_out.emit(one.sheet, one.row, one.key)


def _heading(plan: Plan, key: str) -> Heading:
    from desktop.kit.columns import Column, width_for

    field = plan.room.field(key)
    if field is None or key.startswith("own:"):
        return Heading(key_label(plan.room, key), 120)
    column = Column(field, width_for(field.kind))
    text = column.heading if "@" not in key else key_label(plan.room, key)
    width = 190 if key in ("name", "investor") else column.width
    return Heading(
        text,
        max(width, 24 + (13 if language() == "zh" else 7) * len(text)) if column.right else width,
        right=column.right,
    )


def _shown(field: Field | None, value: object) -> str:
    from db.core.formats import show

    if value is None:
        return ""
    return show(field.kind, value, language()) if field is not None else str(value)  # type: ignore[arg-type]


def _said(field: Field | None, value: object) -> str:
    from desktop.kit.form import said

    if value is None or value == "":
        return ""
    return said(field, value) if field is not None else str(value)
