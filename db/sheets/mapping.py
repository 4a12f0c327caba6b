"""Which field each column of a table fills, in which unit, and what has to be asked about that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from db.core.fields import Area, Field, Metric, Money, Whole
from db.core.formats import plain_text, understand
from db.core.quantities import money_scale, number_digits
from db.core.text import Text, _
from db.sheets.asking import Desk
from db.sheets.finding import Block, headings_of, unit_of, without_units
from db.sheets.headings import (
    NUMBERING,
    SUMS,
    Match,
    Vocabulary,
    month_heading,
    named,
    normal,
    unit_fits,
    unit_for,
    unit_noted,
    years_in,
)
from db.sheets.plan import Column, Question, letter
from db.sheets.sent import mark_in
from db.sheets.values import converter, filled, is_blank
from db.sheets.workbook import Cell

_RANK = {"said": 4, "exact": 3, "month": 3, "alias": 2, "guessed": 0}
_SAMPLE = 200


@dataclass(frozen=True)
class Place:
    """Where a table stands and what is said around it: lines above, the sheet's and the file's name."""

    sheet: str
    around: tuple[str, ...]
    recalled: Mapping[str, str]
    own: frozenset[str] = frozenset()
    fresh: Callable[[], bool] = bool  # whether the room has no record yet
    notes: tuple[str, ...] = ()  # below it
    years: Callable[[], Collection[int]] = frozenset  # that the days of the table name


@dataclass
class _Draft:
    """A column on its way to a decision."""

    place: int
    path: tuple[str, ...]
    heading: str
    raws: Sequence[Cell]
    keys: tuple[str, ...] = ()
    how: str = "own"
    score: float = 0.0
    guesses: tuple[Match, ...] = ()


def map_columns(
    block: Block, raws: Mapping[int, Sequence[Cell]], vocabulary: Vocabulary, desk: Desk, where: Place
) -> list[Column]:
    """A decision for every column that has a heading or data. `raws`: the cells of each column in its records."""
    shown = headings_of(block.paths)
    drafts = [
        _Draft(place, without_units(block.paths.get(place, ())), shown.get(place, ""), raws.get(place, ()))
        for place in sorted(set(block.paths) | set(raws))
    ]
    for draft in drafts:
        _first_look(draft, vocabulary, desk, where)
    _settle_rivals(drafts)
    _settle_ambiguous(drafts, vocabulary, desk)
    taken = {key for draft in drafts if draft.how != "guessed" for key in draft.keys}
    columns: list[Column] = []
    for draft in drafts:
        if any(other is not draft and other.heading == draft.heading for other in drafts) and not draft.keys:
            draft.heading = f"{draft.heading}{letter(draft.place)}"
        if draft.how in ("guessed", "own"):
            _ask_meaning(draft, vocabulary, desk, where, taken)
            taken |= set(draft.keys)
        columns.append(_with_unit(draft, block, vocabulary, desk, where))
    return columns


def _question_id(where: Place, draft: _Draft) -> str:
    return f"column:{where.sheet}!{letter(draft.place)}"


def _first_look(draft: _Draft, vocabulary: Vocabulary, desk: Desk, where: Place) -> None:
    said = desk.answered(_question_id(where, draft)) or where.recalled.get(letter(draft.place))
    if said and said not in vocabulary.room.monthly:
        keys = tuple(said.split("+"))
        known = said in ("own", "none") or all(vocabulary.room.field(key) for key in keys)
        draft.how = (said if said in ("own", "none") else "said") if known else "own"
        draft.keys = keys if draft.how == "said" else ()
        if draft.how == "own":
            draft.score = 100.0
        return
    name = normal(draft.path[-1]) if draft.path else ""
    if name in NUMBERING or (len(draft.path) > 1 and name in SUMS) or (name == "编号" and _only_counts(draft.raws)):
        draft.how = "none"
        return
    if (mark := next((raw for raw in draft.raws if not is_blank(raw)), None)) and mark_in(mark):
        draft.how = "none"
        text = _("This sheet was sent by a book; its marks are not imported. To take back what came of it, merge it.")
        desk.note(where.sheet, letter(draft.place), text)
        return
    month = month_heading(draft.path, vocabulary) if draft.path else None
    if month:
        year = month.year or year_meant(desk, where)
        draft.keys, draft.how = (f"{month.key}@{year}-{month.month:02d}",), "month"
        return
    found = vocabulary.match(draft.path) if draft.path else None
    if found:
        if found.key in vocabulary.room.monthly:
            _take_sum(draft, desk, where)
            return
        draft.keys, draft.how, draft.score = (found.key,), found.how, found.score
        draft.guesses = (found,) if found.how == "guessed" else ()


def _only_counts(raws: Sequence[Cell]) -> bool:
    """Whether what is headed 编号 numbers the rows of this sheet, and is no code that another sheet knows as well."""
    texts = [plain_text(raw) for raw in raws if not is_blank(raw)]
    return bool(texts) and all(text.isdecimal() and len(text) <= 4 for text in texts)


def _take_sum(draft: _Draft, desk: Desk, where: Place) -> None:
    """One sum of what is kept by month can be no month: it stays as it is told, where the book has no months behind it."""
    if all(is_blank(raw) for raw in draft.raws):
        draft.how = "none"
        return
    if draft.heading in where.own or where.fresh():
        draft.score = 100.0
        text = _(
            "“{heading}” is kept by month; this sum of months is kept as a field of its own.", heading=draft.heading
        )
    else:
        draft.how = "none"
        text = _("“{heading}” is kept by month; this sum of months is not imported.", heading=draft.heading)
    desk.note(where.sheet, letter(draft.place), text)


def year_meant(desk: Desk, where: Place) -> str:
    """The year of columns and days that only say 1月, 6月5日: said around the table, else asked."""
    years = set(years_in(list(where.around)))
    given = desk.options.given.get("year")
    if given:
        return given
    if len(years) == 1:
        return str(years.pop())
    today = desk.options.today.year
    proposed = str(max(years or {year for year in where.years() if year <= today}, default=today))
    text = _("Which year are the months and days of this sheet that name none?")
    options = tuple((str(year), Text(str(year))) for year in sorted(years | {int(proposed), today, today - 1}))
    answer = desk.ask(Question(f"year:{where.sheet}", where.sheet, where.sheet, text, proposed, options))
    return answer if re.fullmatch(r"\d{4}", answer) else proposed


def _settle_rivals(drafts: list[_Draft]) -> None:
    """Of several columns for one field the better match keeps it; of equals the one with data, then the first."""
    best: dict[str, _Draft] = {}
    for draft in drafts:
        for key in draft.keys:
            rival = best.get(key)
            if rival is None or _strength(draft) > _strength(rival):
                best[key] = draft
    for draft in drafts:
        if draft.keys and any(best[key] is not draft for key in draft.keys):
            draft.keys, draft.how, draft.guesses, draft.score = (), "own", (), 0.0


def _strength(draft: _Draft) -> tuple[int, bool]:
    return _RANK[draft.how], any(not is_blank(raw) for raw in draft.raws)


def _settle_ambiguous(drafts: list[_Draft], vocabulary: Vocabulary, desk: Desk) -> None:
    """One column that may mean two fields of which no other column is either: asked once, proposed: it is both."""
    for draft in drafts:
        name = named(draft.path[-1])[0] if draft.path else ""
        meanings = vocabulary.ambiguous.get(name, ())
        if not meanings or draft.how in ("said", "none"):
            continue
        elsewhere = {key for other in drafts if other is not draft for key in other.keys}
        free = tuple(key for key in meanings if key not in elsewhere)
        if len(free) == len(meanings) > 1:
            draft.keys, draft.how = _ask_both(draft, free, vocabulary, desk), "alias"
        elif not draft.keys and free:
            draft.keys, draft.how = free[:1], "alias"


def _ask_both(draft: _Draft, keys: tuple[str, ...], vocabulary: Vocabulary, desk: Desk) -> tuple[str, ...]:
    labels = {key: _label(key, vocabulary) for key in keys}
    text = _(
        "“{heading}” is the only amount of its sort. Is it {meanings}, or both?",
        heading=draft.heading,
        meanings=list(labels.values()),
    )
    options = (("both", _("both")), *labels.items())
    answer = desk.ask(Question(f"meaning:{normal(draft.heading)}", "", letter(draft.place), text, "both", options))
    return (answer,) if answer in labels else keys


def _label(key: str, vocabulary: Vocabulary) -> Text:
    field = vocabulary.room.field(key)
    return field.label if field else Text("{key}", {"key": key})


def _ask_meaning(draft: _Draft, vocabulary: Vocabulary, desk: Desk, where: Place, taken: set[str]) -> None:
    """A heading that is only like a field's is asked; one that is like none is proposed as the book's own field."""
    if all(is_blank(raw) for raw in draft.raws):
        draft.keys, draft.how = (), "none"
        return
    draft.heading = draft.heading or _("Column {letter}", letter=letter(draft.place)).render("zh")
    own = f"own:{draft.heading}"
    if draft.score == 100.0 or draft.heading in where.own:
        draft.keys, draft.how = (own,), "own"
        return
    guesses = [
        match
        for match in (draft.guesses or (vocabulary.guess(draft.path) if draft.path else ()))
        if match.key not in taken and _fits(match, draft, vocabulary)
    ][:3]
    options = [(match.key, _label(match.key, vocabulary)) for match in guesses]
    kept = [("own", _("keep as the book's own field"))] if vocabulary.room.keeps_own else []
    options += [*kept, ("none", _("do not import"))]
    proposed = guesses[0].key if guesses and guesses[0].score >= 70 else options[len(guesses)][0]
    text = _("Which field is the column “{heading}”?", heading=draft.heading)
    answer = desk.ask(
        Question(_question_id(where, draft), where.sheet, letter(draft.place), text, proposed, tuple(options))
    )
    if answer == "none":
        draft.keys, draft.how = (), "none"
    elif answer == "own" or vocabulary.room.field(answer) is None:
        draft.keys, draft.how = (own,), "own"
    else:
        draft.keys, draft.how = (answer,), "guessed"


def _fits(match: Match, draft: _Draft, vocabulary: Vocabulary) -> bool:
    """Whether the column's cells can be read as the guessed field: four of five of the first hundreds."""
    field = vocabulary.room.field(match.key)
    if field is None or match.key in vocabulary.room.monthly:
        return False
    sample = [raw for raw in draft.raws if not is_blank(raw)][:_SAMPLE]
    one = converter(field.kind)
    readable = sum(one(raw).refused is None for raw in sample)
    return readable >= 0.8 * len(sample)


def _with_unit(draft: _Draft, block: Block, vocabulary: Vocabulary, desk: Desk, where: Place) -> Column:
    key = draft.keys[0] if draft.keys else None
    field = vocabulary.room.field(key) if key and not key.startswith("own:") else None
    unit = (
        _unit(draft, block, field, desk, where)
        if field and isinstance(field.kind, Money | Area | Whole | Metric)
        else None
    )
    cells = filled(draft.raws)
    how = "exact" if draft.how == "said" else draft.how
    question = _question_id(where, draft)
    return Column(draft.place, letter(draft.place), draft.heading, draft.keys, unit, how,
                  question if question in desk.questions else None, cells)  # fmt: skip


def _unit(draft: _Draft, block: Block, field: Field, desk: Desk, where: Place) -> str | None:
    """The column's unit: its heading, the unit line, --set unit, else asked with a proposal from the numbers' size."""
    full = block.paths.get(draft.place, ())
    own = unit_of(full)
    if isinstance(field.kind, Whole):
        return None
    if own and unit_fits(field, own):
        return own
    said = unit_for(field, list(where.around)) or _given_unit(field, desk)
    said = said or unit_noted(field, draft.heading, where.notes)
    if said or isinstance(field.kind, Metric):
        return said
    numbers = _bare_numbers(draft.raws, field)
    if not any(numbers):
        return field.kind.unit if isinstance(field.kind, Money | Area) else None
    return _ask_unit(draft, field, numbers, desk, where, _beside(full, block, field))


def _beside(path: tuple[str, ...], block: Block, field: Field) -> str | None:
    """The one unit that the other columns of its group say, else those of the table: 总投资（亿元） | 其中：固投."""
    paths = [other for other in block.paths.values() if other != path]
    for near in ([other for other in paths if len(path) > 1 and other[0] == path[0]], paths):
        units = {unit for other in near if (unit := unit_of(other)) and unit_fits(field, unit)}
        if len(units) == 1:
            return units.pop()
    return None


def _given_unit(field: Field, desk: Desk) -> str | None:
    given = desk.options.given.get("unit", "")
    return given if given and unit_fits(field, given) else None


def _bare_numbers(raws: Sequence[Cell], field: Field) -> list[float]:
    """The numbers of a column that do not name their unit themselves (a sample)."""
    found: list[float] = []
    for raw in raws:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            digits, decimals = number_digits(raw)
            found.append(digits / 10**decimals)
        elif isinstance(raw, str) and not is_blank(raw):
            reading = understand(field.kind, raw, unit="元" if isinstance(field.kind, Money) else "㎡")
            if isinstance(reading.value, int) and not reading.sized:
                found.append(reading.value / (100 if isinstance(field.kind, Money) else 300))
        if len(found) >= _SAMPLE:
            break
    return [number for number in found if number]


def _ask_unit(draft: _Draft, field: Field, numbers: list[float], desk: Desk, where: Place, beside: str | None) -> str:
    kind = field.kind
    units = ("万元", "亿元", "元") if isinstance(kind, Money) else ("亩", "㎡")
    proposed = beside or (kind.unit if isinstance(kind, Money | Area) else units[0])
    middle = sorted(numbers)[len(numbers) // 2]
    if isinstance(kind, Money) and money_scale(kind.unit) == money_scale("万元"):
        proposed = "元" if middle >= 5_000_000 else proposed
    low, high = (f"{number:,.10g}" for number in (min(numbers), max(numbers)))
    text = _("“{heading}” does not say its unit. The numbers lie between {low} and {high}. Which unit is it?",
             heading=draft.heading, low=low, high=high)  # fmt: skip
    ids = f"unit:{where.sheet}!{letter(draft.place)}"
    options = tuple((unit, Text("{unit}", {"unit": unit})) for unit in dict.fromkeys((proposed, *units)))
    before = where.recalled.get(f"unit:{letter(draft.place)}")
    answer = desk.ask(Question(ids, where.sheet, letter(draft.place), text, proposed, options), before=before)
    return answer if unit_fits(field, answer) else proposed
