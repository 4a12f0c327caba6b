"""The wording (文稿): what a person changed in the text of one period's report, by form and paragraph.

A changed sentence is kept as markup in which numbers of the book stay numbers of the book: `{signed.count}` is the first
number of that figure in the sentence as composed, `{signed.investment:2}` its second, `{signed.count=48}` one that a
person typed over. So a changed sentence says what the book says now, and a number typed by hand is marked.

Places: `opening`, `signed.places`, … are composed paragraphs; `<section>.own` is what a person wrote into a section, one
paragraph a line; `title`, `number`, … are the lines around the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, or_, select, update

from db.core import history
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview.models import report_form, report_picture, report_wording
from db.overview.spans import of_days
from db.overview.writers import writer
from db.reports.report import Figure, FigureNumber, Mode, Paragraph, Run

OWN = ".own"
FREE = ("problems.own", "next_steps.own")  # what is carried over from one report to the next
HEAD = ("title", "number", "subtitle", "addressee", "signature", "signed_on", "copies")
MODES: tuple[Mode, ...] = ("auto", "edited", "off", "written")

_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|\{(?P<figure>[a-z_]+\.(?:[^\\{}:=]|\\.)+)(?::(?P<nth>[1-9]\d{0,3}))?(?:=(?P<typed>(?:[^\\{}]|\\.)*))?\}",
    re.DOTALL,
)
_IN_TEXT, _IN_NAME = re.compile(r"[\\{}]"), re.compile(r"[\\{}:=]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Wording:
    """What a person decided about one place. text: markup, None where nothing was written; base: as composed then."""

    place: str
    mode: Mode
    text: str | None = None
    base: str | None = None
    lang: str = "zh"


@dataclass(frozen=True)
class Carried:
    """A free text taken over from the report of another period (its text: 2024-05), "" where from the settings."""

    text: str
    period: str
    lang: str = "zh"


# --- markup --------------------------------------------------------------------------------------------------------


def to_markup(paragraph: Paragraph) -> str:
    """A paragraph as markup."""
    return "".join(_escaped(run, _IN_TEXT) if isinstance(run, str) else _token(run) for run in paragraph.runs)


def _token(run: FigureNumber) -> str:
    nth = f":{run.nth}" if run.nth > 1 else ""
    typed = f"={_escaped(run.typed, _IN_TEXT)}" if run.typed else ""
    return f"{{{_escaped(run.figure, _IN_NAME)}{nth}{typed}}}"


def _escaped(text: str, special: re.Pattern[str]) -> str:
    return special.sub(lambda found: f"\\{found[0]}", text)


def from_markup(
    markup: str, automatic: Paragraph | None, figures: Mapping[str, Figure], lang: str, *, mode: Mode = "edited"
) -> Paragraph:
    """The paragraph that a markup means now.

    A number reads as in the sentence as composed; where that does not have it, as its figure says, and — where there is
    no such figure. What is no token is text as it stands.
    """
    runs = automatic.runs if automatic is not None else ()
    composed = {(run.figure, run.nth): run.text for run in runs if isinstance(run, FigureNumber)}
    found: list[Run] = []
    at = 0
    for token in _TOKEN.finditer(markup):
        _append(found, markup[at : token.start()])
        at = token.end()
        if token["escaped"] is not None:
            _append(found, token["escaped"])
            continue
        key, nth = _ESCAPED.sub(r"\1", token["figure"]), int(token["nth"] or 1)
        text = composed.get((key, nth)) or writer(lang).figure_text(figures.get(key), nth)
        found.append(FigureNumber(key, text, _ESCAPED.sub(r"\1", token["typed"] or ""), nth))
    _append(found, markup[at:])
    like = automatic or Paragraph(())
    return replace(like, runs=tuple(found), mode=mode)


def _append(found: list[Run], text: str) -> None:
    if found and isinstance(found[-1], str):
        found[-1] += text
    elif text:
        found.append(text)


# --- kept in the book ----------------------------------------------------------------------------------------------


def label(period: Period, section: Text, mode: Mode) -> Text:
    """How the operation is called that changes a paragraph of a section."""
    named = {"period": period_name(period), "section": section}
    if mode == "auto":
        return _("Report of {period}, {section}: back to the composed text", **named)
    if mode == "off":
        return _("Report of {period}, {section}: a paragraph is not printed", **named)
    return _("Report of {period}, {section}: text changed", **named)


def read(connection: Connection, period: Period, form: str, lang: str) -> dict[str, Wording]:
    """Place → what was decided about it, of a period's report in a form.

    不印 and what a person wrote (free text, title) hold for every language unless there is one for `lang`; a changed
    sentence for its own only.
    """
    of = report_wording.c
    query = select(of.place, of.mode, of.text, of.base, of.lang).where(
        of.first == period.first, of.last == period.last, of.form == form
    )
    found: dict[str, Wording] = {}
    rows = connection.execute(query.order_by(of.id)).all()
    for row in sorted(rows, key=lambda row: row.lang == lang):
        if row.lang == lang or row.mode in ("off", "written"):
            found[row.place] = Wording(row.place, row.mode, row.text, row.base, row.lang)
    return found


def save(
    connection: Connection, period: Period, *, form: str, place: str, markup: str | None = None, mode: Mode = "edited",
    lang: str = "zh", automatic: Paragraph | None = None,
) -> None:  # fmt: skip
    """Keep what a person decided about a place; mode auto takes it back, off keeps the text for later.

    automatic: the paragraph as composed now; where it reads otherwise later, the report says so. A paragraph of
    a text with several (`problems.own.2`) cannot be saved alone: save the whole of `problems.own`.
    """
    if mode not in MODES or not place or re.search(r"\.own\.\d+$", place):
        raise Refused(_("There is no paragraph “{place}” in this report; nothing was changed.", place=place))
    of = report_wording.c
    this = (of.first == period.first, of.last == period.last, of.form == form, of.place == place)
    if mode == "auto":
        connection.execute(delete(report_wording).where(*this, or_(of.lang == lang, of.mode == "off")))
        return
    cells: dict[str, str | None] = {"mode": mode}
    if markup is not None:
        cells["text"] = markup.replace("\0", "")
    if automatic is not None:
        cells["base"] = to_markup(automatic)
    if connection.execute(update(report_wording).where(*this, of.lang == lang).values(cells)).rowcount:
        return
    row = {"first": period.first, "last": period.last, "form": form, "place": place, "lang": lang}
    connection.execute(insert(report_wording).values(**row, **cells))


def only_words_since(connection: Connection, change: int) -> bool:
    """Whether nothing but words, pictures and forms of reports was changed since the history's change of that number."""
    _operation, of = history.tables(METADATA)
    words = [one.name for one in (report_wording, report_picture, report_form)]
    query = select(of.c.id).where(of.c.id >= change, of.c.tbl.not_in(words)).limit(1)
    return connection.scalar(query) is None


def carry_over(connection: Connection, period: Period, form: str) -> dict[str, Carried]:
    """存在问题 and 下一步工作打算 of the newest report before: of earlier days, or of other days that end on the same."""
    of = report_wording.c
    found: dict[str, Carried] = {}
    query = select(of.place, of.text, of.first, of.last, of.lang).where(
        of.place.in_(FREE), of.mode == "written", of.text.is_not(None), of.last <= period.last
    )
    # The same form first, and of those that end on one day the one that begins like this one.
    rows = connection.execute(
        query.order_by((of.form == form).desc(), of.last.desc(), (of.first == period.first).desc(), of.id.desc())
    )
    for row in rows:
        if row.place not in found and (row.first, row.last) != (period.first, period.last):
            found[row.place] = Carried(row.text, of_days(row.first, row.last, period.cut).text, row.lang)
    return found
