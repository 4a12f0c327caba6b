"""Carrying out a plan: one named operation, all rows or the good ones; and what a command prints of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.core.columns import below
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.sweeping import sweeping_afterwards
from db.core.text import _, say
from db.sheets.outdated import refuse_outdated
from db.sheets.plan import Plan, Question, Refusal
from db.sheets.room import BATCH

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book


def commit(
    book: Book, plan: Plan, *, partial: bool = False, source: str | None = None, progress: Progress = SILENT
) -> int | None:
    """Write a plan as one operation and give its number; None where the book says all of it already.

    The layout of the ledger is kept then too, as an operation of its own where it is not known yet. Raises `Refused`,
    and writes nothing, while a question is open, or where rows have problems and `partial` is not said; `Outdated` where
    somebody has meanwhile written what the plan would write, too.
    """
    refuse_unfinished(plan, partial=partial)
    rows = bool(plan.new or plan.changes)
    label = _("Import {file}", file=plan.file) if rows else _("Layout of {file}", file=plan.file)
    plan = _with_faces(plan)
    with book.write(label, source=source or plan.file) as connection:
        number: int = connection.info["operation"]
        refuse_outdated(connection, plan, number)
        write_rows(connection, plan, progress)
    return number if rows else None


def _with_faces(plan: Plan) -> Plan:
    """With the empty shell of the file in its layouts, made before the book is locked; of sheets alike the last is kept."""
    from db.sheets.layout_learned import with_shell

    layouts = [layout for sheet in plan.sheets for layout in sheet.layouts]
    kept = {id(layout) for layout in {(one["signature"], one.get("sender")): one for one in layouts}.values()}
    sheets = [
        replace(sheet, layouts=tuple(with_shell(plan.path, layout) for layout in sheet.layouts if id(layout) in kept))
        for sheet in plan.sheets
    ]
    return replace(plan, sheets=tuple(sheets))


def refuse_unfinished(plan: Plan, *, partial: bool) -> None:
    """Raise `Refused` where a plan may not be written yet: nothing found, a question open, a row with problems."""
    if not any(sheet.taken for sheet in plan.sheets):
        raise Refused(_("“{file}” holds no ledger of this room. {reasons}", file=plan.file, reasons=_reasons(plan)))
    if plan.open_questions:
        asked = [question.question for question in plan.open_questions[:5]]
        raise Refused(_("{count} questions are open: {questions}", count=len(plan.open_questions), questions=asked))
    if plan.refused and not partial:
        first = plan.refused[0]
        sentence = _(
            "{count} rows have problems; nothing was changed. The first: {where} “{value}”: {why}",
            count=plan.refused_rows, where=f"{first.sheet}!{first.column}{first.row}", value=first.value, why=first.why,
        )  # fmt: skip
        raise Refused(sentence)


def _reasons(plan: Plan) -> list[Any]:
    return [_("{sheet}: {why}.", sheet=sheet.name, why=sheet.why) for sheet in plan.sheets[:5] if sheet.why]


def write_rows(connection: Connection, plan: Plan, progress: Progress = SILENT) -> None:
    """Insert the new records and change the cells, within an operation that is under way."""
    if plan.new:
        with sweeping_afterwards():
            plan.room.insert(connection, below([table.columns for table in plan.new]), progress)
    cells = [(change.id, change.key, change.new) for change in plan.changes]
    for start in range(0, len(cells), BATCH):
        progress.step(start, len(cells), _("Writing {done} of {total}", done=start, total=len(cells)))
        plan.room.update(connection, cells[start : start + BATCH])
    for sheet in plan.sheets:
        for layout in sheet.layouts:
            plan.room.remember_layout(connection, layout)


def import_json(plan: Plan, operation: int | None, lang: str = "zh") -> dict[str, Any]:
    """What `import --json` prints (contract.md); sentences in `lang`, keys never."""
    return {
        "file": plan.file,
        "sheets": [_sheet_json(plan, place, lang) for place in range(len(plan.sheets))],
        "new": plan.new_count,
        "changed": plan.changed_count,
        "same": plan.same,
        "refused": [_refusal_json(refusal, lang) for refusal in plan.refused],
        "questions": [_question_json(question, lang) for question in plan.questions],
        "notes": [
            {
                "sheet": note.sheet,
                "where": note.where,
                "note": note.text.render(lang),
                "count": note.count,
                "rows": list(note.rows),
            }
            for note in plan.notes
        ],
        "operation": operation,
    }


def _sheet_json(plan: Plan, place: int, lang: str) -> dict[str, Any]:
    sheet = plan.sheets[place]
    counts = sheet.counts
    return {
        "sheet": sheet.name,
        "room": plan.room.room if sheet.taken else None,
        "taken": sheet.taken,
        "why": sheet.why.render(lang) if sheet.why else None,
        "header_rows": list(sheet.header_rows) if sheet.header_rows else None,
        "columns": [
            {
                "heading": one.heading, "field": one.key, "fields": list(one.keys), "unit": one.unit,
                "column": one.letter, "how": one.how,
            }
            for one in sheet.columns
        ],
        "rows_read": sheet.rows_read,
        "skipped_rows": [{"row": row.row, "why": row.why.render(lang)} for row in sheet.skipped],
        "cells": {
            "all": counts.cells, "headings": counts.headings, "skipped": counts.skipped, "stored": counts.stored,
            "own": counts.own, "blank": counts.blank, "unused": counts.unused, "refused": counts.refused,
            "repeated": counts.repeated,
        },
    }  # fmt: skip


def _refusal_json(refusal: Refusal, lang: str) -> dict[str, Any]:
    return {
        "sheet": refusal.sheet, "row": refusal.row, "column": refusal.column, "value": refusal.value,
        "why": refusal.why.render(lang), "field": refusal.key, "accepted": say(refusal.accepted, lang),
    }  # fmt: skip


def _question_json(question: Question, lang: str) -> dict[str, Any]:
    where = (
        f"{question.sheet}!{question.where}" if question.sheet and question.sheet != question.where else question.where
    )
    return {
        "where": where, "question": question.question.render(lang), "proposed": say(question.proposed_text, lang),
        "id": question.id, "answer": question.answer, "options": dict(_options(question, lang)),
    }  # fmt: skip


def _options(question: Question, lang: str) -> Mapping[str, str]:
    return {value: text.render(lang) for value, text in question.options}
