"""A report is data: texts, tables, charts and figures, nothing drawn yet.

The same report is rendered to Excel, PDF and Word, and a finalised month (定稿) stores exactly this. Everything is
frozen and can be written to JSON and read back equal; texts are already in the report's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from db.reports.formulas import Formula

Cell = int | str | Decimal | None


@dataclass(frozen=True)
class FigureNumber:
    """A number in a sentence: which figure it is (so that a page can explain it) and how it reads.

    text: as the book has it. typed: what a person put in its place, "" where nobody did. nth: which number of this
    figure it is in its sentence as composed (the value is the first, its growth the second), wherever it was moved.
    """

    figure: str
    text: str
    typed: str = ""
    nth: int = 1

    @property
    def printed(self) -> str:
        """What stands on paper."""
        return self.typed or self.text


Run = str | FigureNumber
Mode = Literal["auto", "edited", "off", "written"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text and numbers.

    flush: without the first-line indent (an addressee). place: which paragraph of the report it is, for ever
    (`signed.places`), "" where nobody may change it. mode: 自动 as composed, 手改 changed by a person, 不印 left out of
    what is printed, written by a person where nothing is composed. carried: the period its text was taken over from.
    """

    runs: tuple[Run, ...]
    flush: bool = False
    place: str = ""
    mode: Mode = "auto"
    carried: str = ""

    @property
    def text(self) -> str:
        """The paragraph as it reads."""
        return "".join(run if isinstance(run, str) else run.printed for run in self.runs)

    @property
    def altered(self) -> tuple[FigureNumber, ...]:
        """The numbers that say something else than the book: 「数字已手改：账本为47」."""
        return tuple(run for run in self.runs if isinstance(run, FigureNumber) and run.typed not in ("", run.text))


@dataclass(frozen=True)
class Column:
    """A column of a table.

    kind: `number` (right), `percent` (right; a number, unit in the header), `text` (left), `date` (ISO), `centre`,
    `code` (identifiers, never a number). decimals: how many are shown. group: heading above this and its neighbours.
    width: in characters, 0 to measure. formula: how a workbook computes it. total: what stands in the total row of a
    workbook: the column's `formula` without its row, the `sum` of the rows, a plain `value`, or nothing.
    check: the total is compared with the sum of the rows in a line under the table.
    definition: what is counted (口径), a comment on the header cell. plain: no thousands separator.
    """

    key: str
    label: str
    kind: Literal["text", "number", "percent", "date", "centre", "code"] = "text"
    group: str = ""
    width: int = 0
    decimals: int = 0
    formula: Formula | None = None
    total: Literal["", "sum", "formula", "value"] = ""
    check: bool = False
    definition: str = ""
    figure: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("number", "percent")


@dataclass(frozen=True)
class Table:
    """Rows under headings. Numbers are exact (int or Decimal) in the unit the header names.

    totals: one cell per column, printed first and bold under `total_label` (合　计 where empty); None where there is no
    total row. detail: a list of records over which other tables compute; in a workbook its total follows the filter.
    title: after 表N in the caption, "" where it is printed without one, as part of a form. sheet: name of its sheet, the
    title where empty. stand: the line with date and population (统计截止…，范围…).
    dense: upright, as small as can be read, so that a list is one sheet. most_lines: of a cell on paper; what follows
    them is in the workbook.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    unit: str = ""
    stand: str = ""
    totals: tuple[Cell, ...] | None = None
    total_label: str = ""
    note: str = ""
    landscape: bool = False
    detail: bool = False
    sheet: str = ""
    printed: bool = True
    dense: bool = False
    most_lines: int = 8

    def place(self, key: str) -> int:
        """Where the column `key` stands, counted from 0; raises KeyError."""
        for index, column in enumerate(self.columns):
            if column.key == key:
                return index
        raise KeyError(key)


@dataclass(frozen=True)
class Series:
    """One column of a table as the bars of a chart. `current`: this period's, drawn in the one accent colour."""

    column: str
    label: str
    current: bool = False


@dataclass(frozen=True)
class Chart:
    """Clustered columns over the rows of a table; `category` is the column with the names under the axis."""

    key: str
    title: str
    table: str
    category: str
    series: tuple[Series, ...]
    kind: Literal["columns"] = "columns"


@dataclass(frozen=True)
class Picture:
    """A photograph. hash: of the attachment's content; who draws is given the bytes by hash. name: of the file."""

    hash: str
    caption: str = ""
    name: str = ""


Block = Paragraph | Table | Chart | Picture


@dataclass(frozen=True)
class Section:
    """A part of the text. Level 1 is 一、 on its own line, 2 is （一） before its first sentence, 3 is 1.

    off: left out of what is printed; only a draft has such sections. own_sheet: it is a sheet of paper of its own:
    tables close together, photographs side by side at the end; what does not fit goes on under the heading again.
    """

    key: str
    heading: str
    blocks: tuple[Block, ...] = ()
    level: int = 1
    off: bool = False
    own_sheet: bool = False


@dataclass(frozen=True)
class RowsBehind:
    """The records a figure was computed from."""

    room: str
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number that explains itself. Values are exact; `unit` says of what; None where there is nothing to say."""

    key: str
    label: str
    definition: str
    unit: str
    value: int | Decimal | None
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    previous: int | Decimal | None = None
    yoy: Decimal | None = None
    rows: RowsBehind | None = None


@dataclass(frozen=True)
class Pending:
    """Something to look at before the report is sent (待核): where, what in words, which figures and records."""

    place: str
    sentence: str
    figures: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    room: str = "projects"


@dataclass(frozen=True)
class Report:
    """A report as data.

    subtitle: the line under the title (（截至2024年6月30日）). period: first and last day. as_of: the moment until
    which things were known, "" for now. appendix: tables behind the text, each on new pages, listed as 附件.
    copies: 报、送、发 lines at the end. notes: lines for the workbook's first sheet. form: key of the form it was made
    by. number: 第6期, a line of its own between title and subtitle, "" where it has none. draft_mark: until it is
    finalised its footer says 送审稿. pending: what is to be looked at.
    """

    title: str
    sections: tuple[Section, ...]
    language: Literal["zh", "en"] = "zh"
    subtitle: str = ""
    addressee: str = ""
    period: tuple[str, str] = ("", "")
    as_of: str = ""
    opening: tuple[Paragraph, ...] = ()
    appendix: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    signature: str = ""
    signed_on: str = ""
    copies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    form: str = ""
    number: str = ""
    draft_mark: bool = True
    pending: tuple[Pending, ...] = ()

    def blocks(self) -> Iterator[Block]:
        """Every block, in reading order, the appendix last."""
        yield from self.opening
        for section in self.sections:
            yield from section.blocks
        yield from self.appendix

    def tables(self) -> dict[str, Table]:
        """All tables by key, in reading order."""
        return {block.key: block for block in self.blocks() if isinstance(block, Table)}

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs, in reading order."""
        return (block for block in self.blocks() if isinstance(block, Paragraph))

    def pictures(self) -> tuple[Picture, ...]:
        """All photographs, in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Picture))

    def charts(self) -> tuple[Chart, ...]:
        """All charts, in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Chart))

    def text(self) -> str:
        """Headings and paragraphs as plain text, for a chat group or a test."""
        lines = [
            self.title,
            self.number,
            self.subtitle,
            self.addressee,
            *(paragraph.text for paragraph in self.opening),
        ]
        for number, section in numbered(self):
            lines.append(f"{number}{section.heading}")
            lines += [block.text for block in section.blocks if isinstance(block, Paragraph)]
        return "\n".join(line for line in [*lines, self.signature, self.signed_on] if line)


def printed(draft: Report) -> Report:
    """A draft without what is not printed: off sections with those under them, off paragraphs, empty headings."""
    on: list[Section] = []
    off_from = 0  # the level of the off section under which the reading is, 0 for none
    for one in draft.sections:
        if not off_from or one.level <= off_from:
            off_from = one.level if one.off else 0
        if not off_from:
            on.append(replace(one, blocks=_without_off(one.blocks)))
    kept: list[Section] = []
    for one in reversed(on):  # a heading without text of its own stands where a section under it does
        if one.blocks or (kept and kept[-1].level > one.level):
            kept.append(one)
    opening = tuple(one for one in draft.opening if one.mode != "off")
    return replace(draft, sections=tuple(reversed(kept)), opening=opening)


def _without_off(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(one for one in blocks if not (isinstance(one, Paragraph) and one.mode == "off"))


_CHINESE = "〇一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一; for headings, below 100."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
    return head + (_CHINESE[ones] if ones or not tens else "")


def numbered(report: Report) -> Iterator[tuple[str, Section]]:
    """Each section with its number as printed: 一、 （一） 1. in Chinese, 1. 1.1 a) in English."""
    counts = [0, 0, 0]
    for section in report.sections:
        level = min(max(section.level, 1), 3) - 1
        counts[level] += 1
        counts[level + 1 :] = [0] * (2 - level)
        if report.language == "zh":
            number = (f"{chinese_number(counts[0])}、", f"（{chinese_number(counts[1])}）", f"{counts[2]}.")[level]
        else:
            number = (f"{counts[0]}. ", f"{counts[0]}.{counts[1]} ", f"{chr(96 + counts[2])}) ")[level]
        yield number, section
