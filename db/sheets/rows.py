"""What each row under a header is: a record, a group, a sum, a note, or nothing; and what "as above" means in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from db.core.reading import Stored, half_width
from db.core.text import Text, _
from db.sheets.finding import Block, Grid
from db.sheets.headings import heading_text, unit_in
from db.sheets.room import RoomSheet
from db.sheets.values import AS_ABOVE, filled, is_blank
from db.sheets.workbook import Cell

_TOTAL = re.compile(
    r"(?:[（(]?[一二三四五六七八九十\d]*[)）、.]?)?[\u4e00-\u9fffA-Za-z\d]{0,12}?(?:小计|合计|总计|共计|累计|总和|平均值?|均值)"
    r"(?:[:：].*|[(（].*[)）]|\d+个?|[一二三四五六七八九十\d]*个?项目)?"
)
_TOTAL_ALONE = frozenset({"计", "总", "sum", "average", "total", "subtotal", "grandtotal"})
_NOTE = re.compile(
    r"(?:备?注\s*\d*\s*[:：.、]|注\d*$|说明\s*[:：]|填[表报]说明|统计口径|审核人|审批人|审核[:：]|填[报表制]人|填[报表制]单位|填[报表制]日期|"
    r"填[报表制]时间|制表|单位负责人|负责人(签字|[:：])|联系人?电话\s*[:：]|联系人\s*[:：]|分管领导\s*[:：]|主要领导\s*[:：]|"
    r"数据来源|资料来源|以下空白|以上|\(?盖章\)?|报送|截至|\*|※|\d+[.、．].{12,})"
)
_LEVELS = (
    re.compile(r"第[一二三四五六七八九十百\d]+(?:期|批|次|季度|场|届|章|部分)"),
    re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．:：]"),
    re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"),
)
_COUNTED = re.compile(
    r"\s*[\u4e00-\u9fff]{0,6}[:：]?\s*\d+\s*[个家件户项人次](?:[,，、;；].*)?"
)  # 办结3件 in a row of sums
_HINT = re.compile(r"\([^()]+\)")
_NUMERAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?")


@dataclass(frozen=True)
class Skipped:
    """A row that is not a record: its 0-based place, what it is (total, note, group, blank, header, title), why."""

    place: int
    kind: str
    why: Text
    cells: int
    words: str = ""


@dataclass
class Sorted:
    """The rows of one table: records in order, the others with the reason, and what the groups say of their rows."""

    records: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    context: dict[int, Mapping[str, Stored]] = field(default_factory=dict)
    breaks: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Shape:
    """What is known of a table's columns before its rows are sorted: names, numbering, all columns with a heading."""

    names: tuple[int, ...]
    numbering: int | None
    columns: tuple[int, ...]


def sort_rows(grid: Grid, block: Block, shape: Shape, room: RoomSheet) -> Sorted:
    """Every row of a table sorted once; `breaks` holds the places in `records` before which a group begins."""
    result = Sorted()
    stack: dict[int, Mapping[str, Stored]] = {}
    numbered = _is_numbered(grid, block, shape)
    said: Mapping[str, Stored] = {}
    before = ""
    for place in range(block.start, block.end):
        row = grid.rows[place]
        kind, level, words = _kind(grid, place, row, shape, numbered)
        if before == "note" and kind in ("record", "group") and len(grid.filled(place)) == 1:
            kind, words = "note", words or heading_text(row[grid.filled(place)[0]])
        if kind == "note" and not _NOTE.match(half_width(words)) and room.context(words):
            kind = "group"  # a banner in the column of the numbers
        before = kind if kind != "blank" else before
        if kind == "record":
            if said:
                result.context[place] = said
            result.records.append(place)
            continue
        if kind == "blank":
            continue
        if kind == "group":
            stack = {known: says for known, says in stack.items() if known < level} | {level: room.context(words)}
            said = {key: value for _level, says in sorted(stack.items()) for key, value in says.items()}
        result.breaks.add(len(result.records))
        result.skipped.append(Skipped(place, kind, _WHY[kind](text=words), filled(row), words))
    return result


_WHY = {
    "group": _("group row: {text}"),
    "total": _("sum row: {text}"),
    "note": _("note: {text}"),
    "numbered": _("a number and nothing else"),
    "title": _("title or unit line: {text}"),
    "header": _("header repeated"),
    "numbers": _("numbers of the columns"),
}


def skipped_line(place: int, kind: str, row: Sequence[Cell]) -> Skipped:
    """A title, header or column-number row as a skipped row."""
    words = " ".join(heading_text(cell) for cell in row if not is_blank(cell))
    return Skipped(place, kind, _WHY[kind](text=words[:60]), filled(row), words)


def _kind(grid: Grid, place: int, row: Sequence[Cell], shape: Shape, numbered: bool) -> tuple[str, int, str]:
    """What a row is, the level of a group, and its words."""
    if _plainly_a_record(row, shape):
        return "record", 0, ""
    name = _name_cell(grid, place, shape)
    if isinstance(name, str) and _says_much(row) and not _suspicious(name, row):
        return "record", 0, ""
    columns = [column for column, cell in enumerate(row) if not is_blank(cell)]
    if not columns:
        return "blank", 0, ""
    texts = [half_width(heading_text(row[column])) for column in columns]
    if any(_is_total(text) for text in texts[:4]) and _is_sum_row(row, columns, shape):
        return (
            "total",
            0,
            next(heading_text(row[at]) for at, text in zip(columns, texts, strict=True) if _is_total(text)),
        )
    if len(columns) <= 3 and _NOTE.match(texts[0]) and not isinstance(row[columns[0]], float):
        return "note", 0, _words(row, columns)
    if len(columns) > 1 and _only_hints(texts):
        return "title", 0, _words(row, columns)
    level = _group_level(grid, place, row, columns, shape, numbered)
    if level is not None:
        return "group", level, _words(row, [at for at in columns if isinstance(row[at], str)])
    if columns == [shape.numbering] and _number_like(texts[0]):
        return "numbered", 0, texts[0]
    if is_blank(name) and len(columns) <= 2 and shape.names and not set(columns) & set(shape.columns[1:]):
        return "note", 0, _words(row, columns)
    return "record", 0, ""


def _only_hints(texts: Sequence[str]) -> bool:
    """How to fill in the columns, in brackets under the header: （全称）（万元）（年月日）."""
    hints = [bool(_HINT.fullmatch(text)) for text in texts]
    return any(hints) and all(
        hint or unit_in(text) or text == "年月日" for hint, text in zip(hints, texts, strict=True)
    )


def _plainly_a_record(row: Sequence[Cell], shape: Shape) -> bool:
    """Whether a row is what most rows are: four filled cells, and a name that looks like nothing else."""
    names = shape.names
    if not names or len(row) <= max(3, names[0]) or not all(row[:4]):
        return False
    name, first = row[names[0]], row[0]
    if type(name) is not str or not name or name.isspace() or _looks_special(name):
        return False
    return type(first) is not str or first is name or not (first.isspace() or _looks_special(first))


def _says_much(row: Sequence[Cell]) -> bool:
    """Whether more than three cells are filled; for most rows the first of them say so."""
    return (len(row) > 3 and all(row[:4])) or len(row) - row.count(None) - row.count("") > 3


def _words(row: Sequence[Cell], columns: list[int]) -> str:
    return " ".join(heading_text(row[column]) for column in columns)


def _name_cell(grid: Grid, place: int, shape: Shape) -> Cell:
    for column in shape.names:
        cell = grid.cell(place, column)
        if not is_blank(cell):
            return cell
        span = grid.span(place, column)
        if span and span[0] < place:
            return grid.cell(span[0], span[1])
    return None


def _suspicious(name: str, row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if not is_blank(cell)), None)
    return _looks_special(name) or (isinstance(first, str) and first is not name and _looks_special(first))


def _looks_special(text: str) -> bool:
    return text[-1:] in "计:：" or "计" in text or text[0] in "一二三四五六七八九十（(第注备说审填※*"


def _is_total(text: str) -> bool:
    plain = "".join(text.split())
    return bool(_TOTAL.fullmatch(plain)) or plain.lower().replace(" ", "") in _TOTAL_ALONE


def _is_sum_row(row: Sequence[Cell], columns: list[int], shape: Shape) -> bool:
    """A sum says nothing in words but its own word (a project may be called 累计)."""
    words = [row[column] for column in columns if isinstance(row[column], str)]
    plain = [
        text for text in words if isinstance(text, str) and not _number_like(text) and not _COUNTED.fullmatch(text)
    ]
    return len(plain) <= 2


def _number_like(text: str) -> bool:
    """A number, or a formula that nobody has reckoned yet."""
    return text.startswith("=") or bool(
        re.fullmatch(r"[\d.,%\-—/\s]*(?:个|家|人|件|户|次|万元|亿元|亿|亩|项)?", half_width(text))
    )


def _group_level(
    grid: Grid, place: int, row: Sequence[Cell], columns: list[int], shape: Shape, numbered: bool
) -> int | None:
    """The level of a group row (0 a banner, 1 一、 2 （一）), None for anything else."""
    words = [(column, cell) for column in columns if isinstance(cell := row[column], str) and not _number_like(cell)]
    if not words or len(words) > 2:
        return None
    column, text = words[0][0], half_width(words[0][1])
    if len(words) == 2:
        return 1 if _NUMERAL.fullmatch(text) and column == columns[0] and words[1][0] - column <= 2 else None
    rest_is_numbers = all(column == other or other != shape.numbering for other in columns)
    for level, pattern in enumerate(_LEVELS):
        if pattern.match(text) and rest_is_numbers:
            return level
    if len(columns) > 1:
        return None
    span = grid.span(place, column)
    if span and span[3] - span[1] >= 2 and span[0] == span[2]:
        return 0
    if column in shape.names:
        return 3 if numbered else None
    return 3 if column < min(shape.names, default=0) and column != shape.numbering else None


def _is_numbered(grid: Grid, block: Block, shape: Shape) -> bool:
    """Whether records carry a running number, so that a lone name without one is a group."""
    if shape.numbering is None:
        return False
    rows = range(block.start, min(block.end, block.start + 300))
    with_name = [row for row in rows if any(not is_blank(grid.cell(row, name)) for name in shape.names)]
    with_number = [row for row in with_name if not is_blank(grid.cell(row, shape.numbering))]
    return len(with_number) >= 0.5 * max(1, len(with_name))


def merged_values(grid: Grid, records: Sequence[int], columns: Iterable[int]) -> dict[int, dict[int, Cell]]:
    """Values that vertically merged cells give to their lower rows: column → place in `records` → cell."""
    wanted, at = set(columns), {row: place for place, row in enumerate(records)}
    found: dict[int, dict[int, Cell]] = {}
    last = max(records, default=-1)
    for (row, column), span in grid.spans.items():
        value = grid.cell(row, column) if span[2] > row else None
        if column not in wanted or is_blank(value) or span[3] - span[1] > 1:
            continue
        for below in range(row + 1, min(span[2], last) + 1):
            if below in at and is_blank(grid.cell(below, column)):
                found.setdefault(column, {})[at[below]] = value
    return found


def follow_marks(raws: list[Cell]) -> int:
    """Replace 〃 and 同上 by the value above, in place; how many there were."""
    if AS_ABOVE.isdisjoint(raws):
        return 0
    count, above = 0, None
    for place, raw in enumerate(raws):
        if isinstance(raw, str) and raw in AS_ABOVE:
            raws[place] = above
            count += 1
        elif not is_blank(raw):
            above = raw
    return count


FILLED_DOWN = 0.7


def seems_filled_down(raws: Sequence[Cell], breaks: set[int], most: float = FILLED_DOWN) -> bool:
    """Whether a column gives its value once for the rows that follow: the first cell is filled, others are not.

    most: the share of filled cells up to which it seems so; of whole columns nothing is to be filled.
    """
    starts = all(not is_blank(raws[place]) for place in {0, *breaks} if place < len(raws))
    return len(raws) >= 3 and starts and 1 <= (count := filled(raws)) <= most * len(raws) and count < len(raws)


def filled_down(raws: Sequence[Cell], breaks: set[int]) -> tuple[list[Cell], int]:
    """Every empty cell takes the value above it, not across a group row; and how many cells did."""
    result: list[Cell] = []
    above: Cell = None
    count = 0
    for place, raw in enumerate(raws):
        if place in breaks:
            above = None
        if is_blank(raw):
            count += above is not None
            result.append(above)
        else:
            result.append(raw)
            above = raw
    return result, count
