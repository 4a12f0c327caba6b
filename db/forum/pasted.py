"""Lines of a session that come in one piece: cells of a sheet, a message of a chat, a list that an enterprise brought."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.core.errors import Refused
from db.core.text import Text, _
from db.forum.at_table import deadline
from db.forum.fields import field_of
from db.forum.rules import Chain
from db.forum.service import Line
from db.forum.writing import names_in

MOST = 100  # lines; more is a list to be imported
_COLUMNS = ("company", "text", "department", "category", "due_on")
_MARK = re.compile(  # 1、 1. （1） 一、 ① •: not the number of 3.5亿元
    r"\s*(?:[（(][\d一二三四五六七八九十]{1,3}[)）]|\d{1,3}(?:[、)）]|[.．](?!\d))|[一二三四五六七八九十]{1,3}[、.．]|[①-⑳]|[-•·●▪*]\s)\s*"
)
# Above each message of a chat: who wrote it, and when.
_SENT = re.compile(r"\S{1,20}\s+(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?")
_ENDINGS = ("公司", "集团", "合作社")  # of the name of an enterprise that the book does not know yet

Rows = Sequence[Sequence[str | None]]


def lines_of(
    rows: Rows, *, company: str, guests: Sequence[str], companies: Sequence[str], on: str, chain: Chain
) -> list[Line]:
    """Rows of cells as lines, each with its enterprise: its own, that of the row above, at first `company`.

    Columns are told by their headings, without them by their order: enterprise, issue, department, category, deadline.
    A row of one cell may be a message: “enterprise: issue”, or an enterprise whose issues follow. Refused, with the row
    that is wrong, or where nothing is an issue: then there are none.
    """
    cells = _filled(rows)
    if len(cells) > MOST:
        raise Refused(
            _("{count} lines are too many for one paste (at most {most}); import the list instead. Nothing was kept.",
              count=len(cells), most=MOST)
        )  # fmt: skip
    keys = _headed(cells[0]) if cells else {}
    if keys:
        cells = cells[1:]
    elif cells:
        first = int(len(cells[0]) > 1 and all(row[0].isdigit() or not row[0] for row in cells))  # 序号
        keys = dict(enumerate(_COLUMNS if len(cells[0]) > first + 1 else ("text",), first))
    found: list[Line] = []
    for number, row in enumerate(cells, 1):
        told = dict.fromkeys(_COLUMNS, "") | {key: row[at] for at, key in keys.items() if at < len(row)}
        told["text"] = _MARK.sub("", told["text"], count=1) if _MARK.match(told["text"]) else told["text"]
        if "company" not in keys.values():
            told["company"], told["text"] = _said_by(told["text"], guests, companies)
        company = _named(told["company"], guests, companies) or told["company"] or company
        if told["text"]:
            found.append(_line(number, told, company, on, chain))
    if not found:
        raise Refused(_("Nothing that was pasted is an issue. Nothing was kept."))
    return found


def _filled(rows: Rows) -> list[list[str]]:
    """The rows that say something, of a chat only what was written, as far as there is something at their right."""
    cells = [[(cell or "").strip() for cell in row] for row in rows]
    cells = [row for row in cells if any(row) and not _SENT.fullmatch("".join(row))]
    width = max((at + 1 for row in cells for at, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in cells]


def _headed(row: Sequence[str]) -> dict[int, str]:
    """Column → which fact it is, where a row is one of headings; {} where it is not."""
    known = {name: key for key in _COLUMNS if (field := field_of(key)) is not None
             for name in (field.label.render("zh"), field.label.render("en"), *field.aliases)}  # fmt: skip
    found = {at: known[name] for at, name in enumerate(row) if name in known}
    return found if "text" in found.values() else {}


def _said_by(text: str, guests: Sequence[str], companies: Sequence[str]) -> tuple[str, str]:
    """(enterprise, what it says) of a line of a message; "" where it names none."""
    head, mark, _rest = text.replace(":", "：").partition("：")
    name = _named(head, guests, companies)
    if not name or not (mark or head == name):
        return "", text
    return name, text[len(head) + 1 :].strip()


def _named(said: str, guests: Sequence[str], companies: Sequence[str]) -> str:
    """The enterprise that is meant: as it is called, by a part of the name of one guest only, or a new one; "" if none."""
    if said in companies or said in guests:
        return said
    meant = [one for one in guests if len(said) > 1 and said in one]
    return meant[0] if len(meant) == 1 else said if said.endswith(_ENDINGS) else ""


def _line(number: int, told: dict[str, str], company: str, on: str, chain: Chain) -> Line:
    if not company:
        raise _wrong(number, _("An issue needs its enterprise."))
    try:
        due = deadline(told["due_on"], on=on, chain=chain)
    except Refused as refused:
        raise _wrong(number, next(iter(refused.fields.values()), refused.sentence)) from refused
    return Line(company, told["text"], tuple(names_in(told["department"])), told["category"] or None, due=due)


def _wrong(number: int, why: Text) -> Refused:
    return Refused(_("Line {number} of what was pasted: {why} Nothing was kept.", number=number, why=why))
