"""What is to be asked about the metrics of a year: doubtful data, answered with one key, several at once; what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QWidget

from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import clipboard, papers, projector, theme
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.form import said
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.per_mu.asking import Owed, Question
    from db.reports.report import Report
    from desktop.per_mu.metrics import MetricsView

Period = tuple[int, int]
_REASON = 190


@dataclass(frozen=True)
class Found:
    """What a part reads at once: the periods that there are, the one that is shown, its rows."""

    periods: Sequence[Period]
    period: Period
    rows: Sequence[Any]


class AnswerList(PlainList):
    """A list of which several rows are chosen; it leaves the keys of the answers, and Ctrl+Enter, to the part around it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(self.SelectionMode.ExtendedSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As a list, but for those."""
        if event.text().isdigit() or (_is_enter(event) and event.modifiers()):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Part(QWidget):
    """A list of one period. Subclasses read its rows, say the columns and what one may do with a row."""

    headings: Sequence[Heading] = ()
    nothing: Text = _("No metrics yet.")

    def __init__(self, view: MetricsView) -> None:
        super().__init__()
        self.view, self.page = view, view.page
        self.found: Found | None = None
        self.periods = Choices()
        self.periods.setFixedSize(190, 30)
        self.periods.setAccessibleName(tr(_("Year")))
        self.periods.currentIndexChanged.connect(lambda _at: self.refresh())
        self.said = label("", size=12, tone="mute")
        self.list = AnswerList()
        self.list.twice.connect(lambda row, _column: self.open_row(row))
        self.empty = EmptyPage(self.nothing)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        lines = column_of(
            bar("filter", theme.FILTER_BAR, self.periods, 8, self.said, None, *self.doing()), gap=0, parent=self
        )
        lines.addWidget(self._stack, 1)

    def doing(self) -> Sequence[QWidget]:
        """Buttons at the right of the bar."""
        return ()

    def rows(self, connection: Connection, period: Period) -> Sequence[Any]:
        """The rows of a period."""
        raise NotImplementedError

    def cell(self, row: Any, column: int) -> Cell:
        """One cell."""
        raise NotImplementedError

    def counted(self) -> Text:
        """What the bar says of the rows."""
        raise NotImplementedError

    def refresh(self) -> None:
        """The period that is chosen; the newest at first."""
        chosen = self.periods.key

        def work(connection: Connection) -> Found:
            from db.per_mu.queries import periods

            known = periods(connection)
            wanted = next((one for one in known if _key(one) == chosen), known[0] if known else (0, 0))
            return Found(known, wanted, self.rows(connection, wanted) if known else ())

        self.page.ask(work, self._take, key="asked", title=_("Looking through the metrics"))

    def _take(self, found: Found) -> None:
        from db.per_mu.models import period_name

        self.found = found
        self.periods.fill([(_key(one), period_name(*one)) for one in found.periods], _key(found.period))
        self.said.setText(tr(self.counted()) if found.periods else "")
        self._stack.setCurrentIndex(1 if found.rows else 0)
        at = self.list.currentIndex().row()
        self.list.show_rows(self.headings, len(found.rows), lambda row, column: self.cell(found.rows[row], column))
        if found.rows:
            self.list.selectRow(min(max(at, 0), len(found.rows) - 1))

    def current(self) -> Any:
        """The row that is chosen, None for none."""
        at = self.list.currentIndex().row()
        return self.found.rows[at] if self.found is not None and 0 <= at < len(self.found.rows) else None

    def chosen(self) -> list[Any]:
        """The rows that are chosen, from above."""
        at = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self.found.rows[row] for row in at if row < len(self.found.rows)] if self.found is not None else []

    def open_row(self, row: int) -> None:
        """The company's year in the table."""
        if self.found is not None:
            self.view.show_company(self.found.rows[row].name, self.found.rows[row].entry)

    def take_focus(self) -> None:
        """The list."""
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter opens the company's year."""
        at = self.list.currentIndex().row()
        if _is_enter(event) and event.modifiers() and at >= 0:
            self.open_row(at)
        else:
            super().keyPressEvent(event)


def _key(period: Period) -> str:
    return f"{period[0]}-{period[1]}"


def _value(key: str, micro: int | None) -> str:
    """A datum with its unit; covered where the screen is projected."""
    from db.per_mu.models import BY_METRIC

    of = BY_METRIC[key]
    return "" if micro is None else said(Field(key, of.label, of.kind, private=of.private), micro // of.factor)


class QuestionsPart(Part):
    """Doubtful data: 1 it is right, 2 the other unit was meant, 3 the datum is taken out."""

    headings = (
        Heading(_("Company"), 220, stretch=True), Heading(_("Datum"), 110), Heading(_("Value"), 140, right=True),
        Heading(_("Year before"), 140, right=True), Heading(_("Question"), 330, stretch=True), Heading(_("From"), 150),
    )  # fmt: skip
    nothing = _("Nothing is doubtful in this year.")

    def doing(self) -> Sequence[QWidget]:
        """The answers, each with its key."""
        from db.per_mu.asking import LEAVE, OTHER_UNIT, RIGHT

        self.answers: dict[str, QPushButton] = {
            RIGHT: button(_("1 It is right"), lambda: self.say(RIGHT), small=True),
            OTHER_UNIT: button(_("2 The other unit was meant"), lambda: self.say(OTHER_UNIT), small=True),
            LEAVE: button(_("3 Take the datum out"), lambda: self.say(LEAVE), small=True),
        }
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr(_("Reason (may be left out)")))
        self.reason.setAccessibleName(tr(_("Reason (may be left out)")))
        self.reason.setMinimumWidth(_REASON)
        self.reason.returnPressed.connect(self.list.setFocus)
        self.list.selectionModel().selectionChanged.connect(lambda _now, _before: self._offer())
        self.list.rows.modelReset.connect(self._offer)
        return (self.reason, *self.answers.values())

    def rows(self, connection: Connection, period: Period) -> Sequence[Any]:
        """What is doubtful and not confirmed."""
        from db.per_mu.asking import questions

        return questions(connection, *period)

    def counted(self) -> Text:
        """How many."""
        rows = self.found.rows if self.found is not None else ()
        return _("{count} questions", count=f"{len(rows):,}")

    def cell(self, row: Question, column: int) -> Cell:
        """Company, datum, value, last year's, why, from where."""
        from db.per_mu.models import BY_METRIC

        key = row.odd.key
        texts = (
            row.name, tr(BY_METRIC[key].label), _value(key, row.value), _value(key, row.before),
            projector.covered(tr(row.odd.why)), row.source or "",
        )  # fmt: skip
        return text_cell(texts[column], right=column in (2, 3), tone="amber" if column == 4 else "text")

    def _offer(self) -> None:
        asked: Sequence[Question] = self.chosen()
        rests = self.page.desk.seen is not None
        for key, part in self.answers.items():
            part.setEnabled(any(key in one.answers for one in asked) and not rests)
        self.page.footer.show_chosen((("", f"{len(asked):,}", tr(_("chosen"))),) if len(asked) > 1 else ())

    def say(self, answer: str) -> None:
        """Answer the questions of the chosen rows, with the reason that is typed; the next one is chosen."""
        asked: Sequence[Question] = [one for one in self.chosen() if answer in one.answers]
        if not asked or self.page.rests():
            return
        by, on, reason = self.page.desk.preferences.name, self.page.desk.today().isoformat(), self.reason.text().strip()

        def work(connection: Connection) -> int:
            from db.per_mu import asking

            return asking.answer(connection, asked, answer, by=by, on=on, reason=reason)

        def done(_count: int) -> None:
            self.reason.clear()
            self.refresh()

        self.page.write(_named(asked, answer, reason), work, done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 answer."""
        at = event.key() - Qt.Key.Key_1
        if 0 <= at < len(self.answers) and not event.modifiers():
            self.say(list(self.answers)[at])
        else:
            super().keyPressEvent(event)


_ANSWERED = {
    "right": _("“{name}”: {metric} is right"),
    "other_unit": _("“{name}”: {metric} was given in the other unit"),
    "leave": _("“{name}”: {metric} is taken out"),
}
_SEVERAL = {
    "right": _("{count} data are right"),
    "other_unit": _("{count} data were given in the other unit"),
    "leave": _("{count} data are taken out"),
}


def _named(asked: Sequence[Question], answer: str, reason: str) -> Text:
    """What the operation is called."""
    from db.per_mu.models import BY_METRIC

    if len(asked) == 1:
        named = _ANSWERED[answer](name=asked[0].name, metric=BY_METRIC[asked[0].odd.key].label)
    else:
        named = _SEVERAL[answer](count=f"{len(asked):,}")
    return _("{what}: {reason}", what=named, reason=reason) if reason else named


class GapsPart(Part):
    """What the evaluation of the year needs and nobody has given, by the department that owes it."""

    headings = (
        Heading(_("Owed by"), 140), Heading(_("Company"), 260, stretch=True), Heading(_("What is missing"), 360, stretch=True),
    )  # fmt: skip
    nothing = _("Nothing that the evaluation needs is missing in this year.")

    def doing(self) -> Sequence[QWidget]:
        """In the table, as text for a chat, as a workbook with a sheet a department."""
        self.table_button = button(_("In the table"), self.show_in_table, small=True)
        self.table_button.setToolTip(
            tr(_("These years in the table; Ctrl+Shift+U sends them to units to be filled in"))
        )
        self.copy_button = button(_("Copy as text"), self.copy_text, small=True)
        self.sheet_button = button(_("Export Excel…"), self.export, small=True)
        return self.table_button, self.copy_button, self.sheet_button

    def rows(self, connection: Connection, period: Period) -> Sequence[Any]:
        """Department by department."""
        from db.per_mu.asking import owed

        return owed(connection, *period)

    def counted(self) -> Text:
        """How many of which department."""
        from db.per_mu.asking import by_department

        rows: Sequence[Owed] = self.found.rows if self.found is not None else ()
        told = [
            _("{department} {count}", department=name, count=len(some)) for name, some in by_department(rows).items()
        ]
        return _("Companies that lack data: {told}", told=told) if told else Text("")

    def cell(self, row: Owed, column: int) -> Cell:
        """Department, company, metrics."""
        lacks = tr(Text("{all}", {"all": list(row.metrics)}))
        return text_cell((tr(row.owed_by), row.name, lacks)[column])

    def show_in_table(self) -> None:
        """The chosen companies' years, all of the list where one is chosen."""
        rows: Sequence[Owed] = self.chosen()
        if self.found is not None and self.found.rows:
            entries = dict.fromkeys(one.entry for one in (rows if len(rows) > 1 else self.found.rows))
            self.view.show_only(tr(_("What is missing")), list(entries))

    def copy_text(self) -> None:
        """Onto the clipboard."""
        from db.per_mu.asking import owed_text

        if self.found is not None and self.found.rows:
            text = owed_text(self.found.rows, self.found.period[0], language())
            clipboard.give(self.page.desk, text, _("Copied as text; paste it into the chat."))

    def export(self) -> None:
        """A workbook."""
        found = self.found
        if found is None or not found.rows:
            return

        def make(_connection: Connection, lang: str) -> Report:
            from db.per_mu.asking import owed_report

            return owed_report(found.rows, found.period[0], lang)

        what = _("Data of {year} that are missing", year=found.period[0])
        papers.save(self.page, what, make, name=tr(what), kinds="*.xlsx")
