"""What stands where in a printed report, the same on paper and in Word: headings, captions, annexes, tables of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from db.core.text import _
from db.reports.report import Block, Paragraph, Report, Table, numbered

_ENDS = "。！？；：.!?;:"


@dataclass(frozen=True)
class Passage:
    """A section as printed.

    heading: "" where the report's title says it all. first: the paragraph that it runs into, None where it has its own
    line. own_sheet: it begins a new sheet.
    """

    heading: str
    level: int
    first: Paragraph | None
    blocks: tuple[Block, ...]
    own_sheet: bool = False


def passages(report: Report) -> Iterator[Passage]:
    """The sections in their order, numbered; from the second level on a heading runs into the first paragraph."""
    for number, section in numbered(report):
        heading, level = number + section.heading if section.heading else "", min(max(section.level, 1), 3)
        first = section.blocks[0] if section.blocks else None
        if level > 1 and isinstance(first, Paragraph):
            stop = "" if heading.endswith(tuple(_ENDS)) else _(". ").render(report.language)
            yield Passage(heading + stop, level, first, section.blocks[1:], section.own_sheet)
        else:
            yield Passage(heading, level, None, section.blocks, section.own_sheet)


def annexes(report: Report) -> list[Table]:
    """The tables behind the text that are printed: wide ones of its sections, then those of the appendix."""
    wide = [table for table in _in_sections(report) if table.landscape]
    return [*wide, *(table for table in report.appendix if table.printed)]


def _in_sections(report: Report) -> list[Table]:
    within = (block for section in report.sections for block in section.blocks)
    return [block for block in within if isinstance(block, Table) and block.printed]


def annex_names(report: Report) -> list[str]:
    """The lines after 附件：."""
    titles = [table.title for table in annexes(report)]
    return [f"{number}. {title}" for number, title in enumerate(titles, start=1)] if len(titles) > 1 else titles


def captions(report: Report) -> dict[str, str]:
    """The caption of each printed table by its key: 表1　… in the text, 附表1　… behind it, nothing of one without a title."""
    within = [table for table in _in_sections(report) if not table.landscape]
    tables, bare = [one for one in within if one.title], [one for one in within if not one.title]
    named = {
        table.key: _("Table {number}  {title}", number=number, title=table.title)
        for number, table in enumerate(tables, start=1)
    } | {
        table.key: _("Annex table {number}  {title}", number=number, title=table.title)
        for number, table in enumerate(annexes(report), start=1)
    }
    return {key: text.render(report.language) for key, text in named.items()} | {one.key: "" for one in bare}


def unit_of(table: Table, language: str) -> str:
    """单位：万元."""
    return _("Unit: {unit}", unit=table.unit).render(language) if table.unit else ""
