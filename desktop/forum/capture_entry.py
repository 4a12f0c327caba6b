"""The box in which a line is typed: 企业 → 问题 → 责任单位 → 类别 → 当场答复 → 时限, hands on the keyboard all the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QWidget

from db.core.errors import Problem, Refused
from db.core.text import Text, _
from desktop.forum.capture_fields import Category, Names, Typed, YesNo
from desktop.kit.parts import column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.at_table import Captured, Known
    from db.forum.rules import Chain
    from db.forum.service import Line

_DAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


_LOW = 3  # names that fit under the lower row of fields


def said_day(day: str, chain: Chain) -> str:
    """09-14 Sat (worked): a day with its weekday, and whether it is a weekend day that is worked."""
    from db.forum.at_table import shifted

    return weekday(day) + (tr(_(" (worked weekend)")) if shifted(day, chain) else "")


def weekday(day: str) -> str:
    """09-14 Sat."""
    return f"{day[5:]} {tr(_DAYS[dt.date.fromisoformat(day).weekday()])}"


class Entry(QFrame):
    """`recorded` with a Line; `text_left` when the words of the issue are typed; `company_changed`; `edited`."""

    recorded = Signal(object)
    text_left = Signal()
    company_changed = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.setProperty("chosen", "true")
        self.known: Known | None = None
        self.chain: Chain | None = None
        self.day = ""
        self.number = 1
        self.editing: Captured | None = None
        self._unchanged: dict[str, str] = {}
        self.heading = label("", bold=True)
        self.hint = label(_("Tab goes on, Enter keeps the line and begins the next one"), size=12, tone="mute")
        self.kept = label("", size=12, tone="faint")
        self.company = Names("company", _("Enterprise"))
        self.text = Typed("text", _("What it is about"))
        self.departments = Names("department", _("Responsible department"), several=True)
        self.category = Category()
        self.answered = YesNo(_("Answered on the spot?"))
        self.due = Typed("due", _("Deadline"))
        self.reply = Typed("reply", _("Reply on the spot"))
        self.who = Names("answered_by", _("Answered by"))
        self.outcome = Names("outcome", _("How it was resolved"), closed=True)
        for one in (self.departments, self.category, self.who):
            one.most = _LOW
        self.company.begins = self.text.begins = True
        self._due_said = label("", size=12, tone="mute")
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.refusal.hide()
        self._reply_row = QWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        of = Qt.AlignmentFlag.AlignBottom
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        spans = ((self.company, 0, 0, 1), (self.text, 0, 1, 3), (self.departments, 2, 0, 1), (self.category, 2, 1, 1),
                 (self.answered, 2, 2, 1), (self.due, 2, 3, 1))  # fmt: skip
        for part, row, column, wide in spans:
            name = self._due_said if part is self.due else label(part.accessibleName(), size=12, tone="mute")
            grid.addWidget(name, row, column, 1, wide, of)
            grid.addWidget(part, row + 1, column, 1, wide)
        for column, share in enumerate((5, 3, 3, 5)):
            grid.setColumnStretch(column, share)
            grid.setColumnMinimumWidth(column, 84)
        under = QGridLayout(self._reply_row)
        under.setContentsMargins(0, 4, 0, 0)
        under.setHorizontalSpacing(8)
        under.setVerticalSpacing(3)
        for at, (field, share) in enumerate(((self.reply, 6), (self.who, 3), (self.outcome, 3))):
            under.addWidget(label(field.accessibleName(), size=12, tone="mute"), 0, at)
            under.addWidget(field, 1, at)
            under.setColumnStretch(at, share)
        self._reply_row.hide()
        lines = column_of(margins=(12, 8, 12, 12), gap=4, parent=self)
        head = row_of(self.heading, self.hint, None, self.kept, gap=8)
        lines.addLayout(head)
        lines.addLayout(grid)
        lines.addWidget(self._reply_row)
        lines.addWidget(self.refusal)

    def _connect(self) -> None:
        for one in self._typed_fields():
            one.edited.connect(self._changed)
        self.answered.edited.connect(self._show_reply)
        self.text.left.connect(self.text_left)
        self.company.edited.connect(self.company_changed)
        self.due.edited.connect(self._say_due)
        for part in (self.text, self.departments):
            part.edited.connect(self._guess)

    def _typed_fields(self) -> tuple[Typed | Names, ...]:
        return (self.company, self.text, self.departments, self.category, self.due, self.reply, self.who, self.outcome)

    # --- what it knows ---------------------------------------------------------------------------------------------

    def show_known(self, known: Known, guests: Sequence[str], chain: Chain, day: str) -> None:
        """What completes what is typed, and from which day deadlines run."""
        from db.forum.categories import categories
        from db.forum.models import OUTCOME

        self.known, self.chain, self.day = known, chain, day
        self.company.first, self.company.names = guests, known.companies
        self.departments.names = [name for name, _short, _count in known.units]
        self.departments.short = {name: short for name, short, _count in known.units if short}
        self.departments.counts = {name: count for name, _short, count in known.units}
        self.category.names = [name for name, _words in categories()]
        self.who.names = (*known.people, *self.departments.names)
        self.outcome.names = [tr(text) for _key, text in OUTCOME.options]
        self.outcome.setPlaceholderText(self.outcome.names[0])
        self._say_due()

    def say_number(self, number: int) -> None:
        """Which line of the session it will be."""
        self.number = number
        told = (
            _("Line {number}, changed", number=f"{number:,}")
            if self.editing
            else _("Line {number}", number=f"{number:,}")
        )
        self.heading.setText(tr(told))

    def _guess(self) -> None:
        if self.known is not None:
            from db.forum.at_table import guess

            first = self.departments.text().partition("、")[0].strip()
            self.category.guess(guess(self.text.text(), first, self.known.usual))

    def _say_due(self) -> None:
        if self.chain is None:
            return
        self.due.setPlaceholderText(str(self.chain.ordinary))
        told, tone = tr(self.due.field.label), "mute"
        try:
            day = None if self.answered.yes else self._deadline()
        except Refused as refused:
            told, tone = refused.render(language()), "red"
        else:
            if day is not None:
                told = f"{told} {said_day(day, self.chain)}"
        self._due_said.setProperty("tone", tone)
        self._due_said.style().polish(self._due_said)
        self._due_said.setText(told)
        self._due_said.setToolTip(told)

    def _deadline(self) -> str | None:
        from db.forum.at_table import deadline

        assert self.chain is not None
        return deadline(self.due.text() or self.due.placeholderText(), on=self.day, chain=self.chain)

    def _show_reply(self) -> None:
        self._reply_row.setVisible(self.answered.yes)
        self.due.setEnabled(not self.answered.yes)
        self._say_due()
        self.edited.emit()

    def _changed(self) -> None:
        if self.refusal.isVisible():
            self.refusal.hide()
        self.edited.emit()

    # --- what is typed ---------------------------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """What is typed and not kept; nothing where only the enterprise stands there."""
        found = {one.field.key: one.text() for one in self._typed_fields() if one.text().strip()}
        if self.answered.yes:
            found["answered"] = "1"
        return found if found.keys() - {"company"} and found != self._unchanged else {}

    def put_texts(self, texts: Mapping[str, str]) -> None:
        """What was typed before."""
        for one in self._typed_fields():
            one.put(texts.get(one.field.key, ""))
            if isinstance(one, Names):
                one.fold()
        self.answered.put(yes=bool(texts.get("answered")))

    @property
    def empty(self) -> bool:
        """Whether nothing is typed but the enterprise."""
        return not self.texts() and self.editing is None

    @property
    def unchanged(self) -> bool:
        """Whether a line that is there already stands here as it is kept."""
        return self.editing is not None and not self.texts()

    def clear(self, *, company: str) -> None:
        """The next line, of this enterprise."""
        self.editing, self._unchanged = None, {}
        self.company.begins = self.text.begins = True
        self.put_texts({"company": company})
        self.refusal.hide()
        self.kept.setText("")

    def edit(self, line: Captured, number: int) -> None:
        """A line that is there already."""
        from db.forum.models import OUTCOME

        told = {"company": line.company, "text": line.text, "department": "、".join(line.departments),
                "category": line.category, "due": line.due or ""}  # fmt: skip
        if line.answer is not None:
            said = tr(OUTCOME.label(line.outcome)) if line.outcome else ""
            told |= {
                "reply": line.answer,
                "answered_by": line.answered_by or "",
                "outcome": said,
                "answered": "1",
                "due": "",
            }
        self._unchanged = {key: text for key, text in told.items() if text.strip()}
        self.put_texts(told)
        self.editing = line
        self.company.begins = self.text.begins = False
        self.say_number(number)
        self.text.setFocus()
        self.text.end(False)

    def line(self) -> Line | None:
        """What is typed as a line; None where something is missing, which is said."""
        from db.forum.models import OUTCOME, SOLVED
        from db.forum.service import Line

        for one in (self.company, self.departments, self.category, self.who, self.outcome):
            one.settle()
        if (wrong := self._missing()) is not None:
            part, why = wrong
            part.setFocus()
            self.refusal.setText(tr(why))
            self.refusal.show()
            return None
        outcomes = {tr(text): key for key, text in OUTCOME.options}
        named = tuple(dict.fromkeys(one.strip() for one in self.departments.text().split("、") if one.strip()))
        yes, asked = self.answered.yes, bool(named) or bool(self.due.text().strip())
        return Line(
            self.company.text().strip(), self.text.text().strip(), named,
            self.category.text().strip() or self.category.placeholderText() or None,
            self.reply.text().strip() if yes else None, (self.who.text().strip() or None) if yes else None,
            outcomes.get(self.outcome.text().strip(), SOLVED), self._deadline() if asked and not yes else None,
        )  # fmt: skip

    def _missing(self) -> tuple[QWidget, Text] | None:
        """What keeps it from being a line, and why."""
        if not self.company.text().strip():
            return self.company, _("An issue needs its enterprise.")
        if not self.text.text().strip():
            return self.text, _("An issue needs its text.")
        if self.answered.yes:
            return None if self.reply.text().strip() else (self.reply, _("Write what was answered."))
        try:
            self._deadline()
        except Refused as refused:
            return self.due, refused.sentence
        return None

    def complain(self, problem: Problem) -> None:
        """Why the book did not take it."""
        self.refusal.setText(problem.render(language()))
        self.refusal.show()

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def order(self) -> list[QWidget]:
        """The fields that are to be seen, as the keyboard goes through them."""
        first = [self.company, self.text, self.departments, self.category, self.answered]
        return [*first, *((self.reply, self.who, self.outcome) if self.answered.yes else (self.due,))]

    @property
    def current(self) -> QWidget | None:
        """The field with the keyboard."""
        held = QApplication.focusWidget()
        return held if held in self.order() else None

    def step(self, by: int) -> bool:
        """The next field or the one before; False after the last."""
        order, now = self.order(), self.current
        at = order.index(now) + by if now is not None else 0
        if isinstance(now, Names):
            now.settle()
        if by > 0 and now is self.category:
            self.category.confirm()
        if at >= len(order):
            return False
        order[max(at, 0)].setFocus()
        return True

    def reply_now(self) -> None:
        """Answered on the spot: what was said."""
        self.answered.put(yes=True)
        self.reply.setFocus()

    def same_as(self, line: Captured | Line) -> None:
        """The field with the keyboard as in the line above."""
        due = line.due or ""
        told = {"company": line.company, "text": line.text, "department": "、".join(line.departments), "category": line.category or "",
                "due": due, "answered_by": line.answered_by or "", "reply": line.answer or ""}  # fmt: skip
        part = self.current
        if isinstance(part, Typed | Names) and part.field.key in told:
            part.put(told[part.field.key])
            if isinstance(part, Names):
                part.fold()

    def focusNextPrevChild(self, on: bool) -> bool:
        """Tab goes through the fields in their order."""
        return self.step(1 if on else -1) or super().focusNextPrevChild(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; in the last field it keeps the line."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if not self.step(1):
                self.record()
        else:
            super().keyPressEvent(event)

    def record(self) -> None:
        """Keep the line, where it can be."""
        line = self.line()
        if line is not None:
            self.recorded.emit(line)
