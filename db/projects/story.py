"""What happened to one project, in words: who changed which fact from what to what, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.core import telling
from db.core.book import Book
from db.core.fields import Money
from db.core.formats import show
from db.core.telling import Child, Told
from db.core.text import Text, _
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import monthly_amount, progress_entry, project, stage_event
from db.projects.stages import STAGE_CHOICE


def story(book: Book, number: int) -> list[Told]:
    """The history of the project `number`, newest first."""
    children = [Child(table, table.c.project, _words) for table in (stage_event, progress_entry, monthly_amount)]
    return telling.story(book, project, PROJECT_FIELDS, number, children)


def _words(row: Mapping[str, Any]) -> Text:
    if "stage" in row:
        day = row["happened_on"] or _("day not known")
        return _("{stage}: {day}", stage=STAGE_CHOICE.label(row["stage"]), day=day)
    if "text" in row:
        return _("Progress: {text}", text=row["text"])
    field = field_of(row["measure"])
    amount = show(field.kind if field else Money(), row["amount"])
    return _(
        "{what}, {month}: {amount}", what=field.label if field else row["measure"], month=row["month"], amount=amount
    )
