"""What a whole sheet says once: --set FIELD=VALUE, the title, the unit line, the name of the sheet or of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from db.core.errors import Refused
from db.core.fields import Choice, Field, Link, Month, Whole, Words
from db.core.formats import parse
from db.core.reading import Stored, half_width
from db.core.text import Text, _
from db.sheets.asking import Desk
from db.sheets.headings import normal, years_in
from db.sheets.plan import Question
from db.sheets.room import RoomSheet

FREE = frozenset({"unit", "year"})
_MONTH = re.compile(r"(20\d{2})年(\d{1,2})月(?!\d*[-—–~至到])")


def given_facts(room: RoomSheet, given: Mapping[str, str]) -> dict[str, Stored]:
    """--set FIELD=VALUE as stored values; a field may be named by key or label. Raises `Refused`."""
    facts: dict[str, Stored] = {}
    for name, value in given.items():
        field = room.field(name) or next((known for known in room.fields if _called(known, name)), None)
        if field is None and name in FREE:
            continue
        if field is None:
            raise Refused(_("There is no field “{name}”.", name=name))
        facts[field.key] = parse(field.kind, value)
    return facts


def _called(field: Field, name: str) -> bool:
    names = (field.label.render("zh"), field.label.render("en"), *field.aliases)
    return normal(name) in {normal(known) for known in names}


def sheet_facts(room: RoomSheet, known: set[str], around: Sequence[str], desk: Desk, sheet: str) -> dict[str, Stored]:
    """What the lines around a table say of all its rows, for keys that no column and no --set gives."""
    facts: dict[str, Stored] = {}
    for key in room.whole_sheet:
        field = room.field(key)
        if field is None or key in known:
            continue
        found = _said(field, around)
        if found is None:
            found = next((said[key] for text in around if key in (said := room.context(text))), None)
        if found is not None:
            facts[key] = found
            desk.note(sheet, "", _("{field}: “{value}”, from the title or the name of the sheet or file.",
                                   field=field.label, value=_shown(field, found)))  # fmt: skip
        elif key in room.assumed:
            facts[key] = room.assumed[key]
        elif key in room.required:
            _ask(field, desk, sheet, facts)
    return facts


def _shown(field: Field, value: Stored) -> Text | str:
    return field.kind.label(str(value)) if isinstance(field.kind, Choice) else str(value)


def _ask(field: Field, desk: Desk, sheet: str, facts: dict[str, Stored]) -> None:
    """Only a person can know: there is no proposal, so --assume yes does not answer it."""
    text = _(
        "{field} of this sheet? No column, title or sheet name says it (--set {key}=…).",
        field=field.label,
        key=field.key,
    )
    options = field.kind.options if isinstance(field.kind, Choice) else ()
    answer = desk.ask(Question(f"sheet:{sheet}!{field.key}", sheet, sheet, text, "", options))
    if answer:
        facts[field.key] = parse(field.kind, answer)


def _said(field: Field, around: Sequence[str]) -> Stored:
    kind = field.kind
    if isinstance(kind, Whole) and "year" in field.key:
        return next(iter(years_in(list(around))), None)
    if isinstance(kind, Month):
        found = next((match for text in around if (match := _MONTH.search(half_width(text)))), None)
        return f"{found[1]}-{int(found[2]):02d}" if found else None
    if isinstance(kind, Choice):
        return _chosen(kind, around)
    if isinstance(kind, Words | Link):
        return _labelled(field, around)
    return None


def _chosen(kind: Choice, around: Sequence[str]) -> str | None:
    """The one option that the lines name; of 拟签约 and 签约 the longer word wins, two different ones say nothing."""
    spellings = {spelling: key for spelling, key in kind.aliases if len(spelling) >= 2}
    spellings |= {label.render("zh"): key for key, label in kind.options}
    for text in around:
        left, found = half_width(text), set()
        for spelling in sorted(spellings, key=len, reverse=True):
            if len(spelling) >= 2 and spelling in left:
                found.add(spellings[spelling])
                left = left.replace(spelling, "□")
        if len(found) == 1:
            return str(found.pop())
    return None


def _labelled(field: Field, around: Sequence[str]) -> str | None:
    names = (field.label.render("zh"), *field.aliases)
    for text in around:
        for name in names:
            found = re.search(re.escape(name) + r"\s*[:：]\s*([^\s:：，,；;]+)", half_width(text))
            if found:
                return found[1]
    return None
