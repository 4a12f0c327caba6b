"""Questions of an import, gathered in one place; an unanswered one is worked on with its proposed answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from db.core.text import Text
from db.sheets.plan import Note, Options, Question


@dataclass
class Desk:
    """Where a plan in the making asks, notes and remembers what was answered."""

    options: Options
    questions: dict[str, Question] = field(default_factory=dict)
    _notes: dict[tuple[str, str, str], tuple[Text, int, list[int]]] = field(default_factory=dict)

    def ask(self, question: Question, *, before: str | None = None) -> str:
        """The answer given now or `before`, else the proposed one; the same id is the same question."""
        known = self.questions.get(question.id)
        if known is None:
            answer = self.options.answers.get(question.id) or before
            if answer is None and self.options.assume_yes and question.proposed:
                answer = question.proposed
            known = Question(
                question.id,
                question.sheet,
                question.where,
                question.question,
                question.proposed,
                question.options,
                answer,
            )
            self.questions[question.id] = known
        return known.answer if known.answer is not None else known.proposed

    def answered(self, question_id: str) -> str | None:
        """What a person answered, asked or not."""
        return self.options.answers.get(question_id)

    def note(self, sheet: str, where: str, text: Text, row: int | None = None) -> None:
        """Say something once for all cells of a place; the first rows are named."""
        about = "".join(value.key for value in text.args.values() if isinstance(value, Text))
        count_key = (sheet, where, text.key + about)
        first, count, rows = self._notes.get(count_key, (text, 0, []))
        if row is not None and len(rows) < 5:
            rows.append(row)
        self._notes[count_key] = (first, count + 1, rows)

    def notes(self) -> tuple[Note, ...]:
        """All notes in the order in which they first came up."""
        return tuple(
            Note(sheet, where, text, count, tuple(rows))
            for (sheet, where, _key), (text, count, rows) in self._notes.items()
        )
