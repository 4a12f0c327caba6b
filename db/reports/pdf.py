"""A report as PDF, on the page of GB/T 9704-2012.

Text first, with its upright tables and charts where they stand; then signature and date; then the wide tables and the
appendix on sheets of their own. Nothing is left behind when it fails or is stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.core.progress import SILENT, Progress
from db.core.text import _
from db.reports.fonts import Role
from db.reports.paper import LEADING, MEASURE, PITCH, Paper, Place
from db.reports.pdf_charts import HEIGHT, draw_chart
from db.reports.pdf_rows import TableDrawing
from db.reports.pdf_tables import TURNED, UPRIGHT, lay_out
from db.reports.pdf_text import INDENT, Column, Styled, styled
from db.reports.report import Chart, Paragraph, Report, Section, Table, numbered
from db.reports.whole_files import written_whole

_ENDS = "。！？；：.!?;:"
_HEADING_ROLES: tuple[Role, ...] = ("hei", "kai", "body")


@dataclass(frozen=True)
class Rendered:
    """What was written: how many pages, and where the figures stand in the text (for a page that explains them)."""

    pages: int
    places: tuple[Place, ...]


def render_pdf(
    report: Report, path: Path, *, progress: Progress = SILENT, draft: bool = False, machine_fonts: bool = True
) -> Rendered:
    """Write `report` to `path`.

    draft: marked 送审稿 in the footer. machine_fonts: use the machine's own 仿宋, 楷体 and so on where it has them.
    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    footer = _("Draft for approval").render(report.language) if draft else ""
    with written_whole(path) as part:
        paper = Paper(part, title=report.title, language=report.language, machine_fonts=machine_fonts, footer=footer)
        setting = _Setting(report, paper, progress)
        setting.all()
        paper.save()
    return Rendered(paper.number, tuple(setting.column.places))


class _Setting:
    """One report being set: which table has which number, what waits for a turned sheet."""

    def __init__(self, report: Report, paper: Paper, progress: Progress) -> None:
        self.report, self.paper, self.progress = report, paper, progress
        self.column = Column(paper)
        self._tables = report.tables()
        self._numbers: dict[str, int] = {}
        self._waiting: list[tuple[Table, str]] = []
        self._sharing = False

    def all(self) -> None:
        """Set the whole report, in order."""
        self._opening()
        for done, (number, section) in enumerate(numbered(self.report)):
            self.progress.step(done, len(self.report.sections), _("Setting “{section}”", section=section.heading))
            self._section(number, section)
        self._end()
        for table, words in self._waiting:
            self._on_own_sheets(table, words)
        for place, table in enumerate(self._appendix(), start=1):
            named = _("Annex table {number}  {title}", number=place, title=table.title)
            self._on_own_sheets(table, named.render(self.report.language))

    def _appendix(self) -> list[Table]:
        return [table for table in self.report.appendix if table.printed]

    def _opening(self) -> None:
        report, column = self.report, self.column
        self.paper.bookmark(report.title, 0)
        column.title(report.title)
        if report.subtitle:
            column.centred(report.subtitle, "kai")
        column.to_grid()
        if report.addressee:
            column.skip(1)
            column.paragraph(styled([report.addressee]), indent=0)
        for paragraph in report.opening:
            self._paragraph(paragraph)

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.column.to_grid()
        self.column.paragraph(styled(paragraph.runs), indent=0 if paragraph.flush else INDENT)

    def _section(self, number: str, section: Section) -> None:
        column = self.column
        column.to_grid()
        blocks = list(section.blocks)
        level = min(max(section.level, 1), 3)
        role = _HEADING_ROLES[level - 1]
        heading = number + section.heading
        column.need(2)
        if level == 1:
            self.paper.bookmark(heading, 0)
        if level > 1 and blocks and isinstance(blocks[0], Paragraph):
            stop = "" if heading.endswith(tuple(_ENDS)) else _(". ").render(self.report.language)
            first = blocks.pop(0)
            assert isinstance(first, Paragraph)
            column.paragraph(styled(first.runs, heading=heading + stop, heading_role=role))
        else:
            column.paragraph(styled([heading], role=role))
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Chart):
                self._chart(block)
            elif block.printed:
                self._table(block)

    def _table(self, table: Table) -> None:
        self._numbers[table.key] = len(self._numbers) + 1
        caption = _("Table {number}  {title}", number=self._numbers[table.key], title=table.title)
        words = caption.render(self.report.language)
        if table.landscape:
            self._waiting.append((table, words))
            return
        drawing = TableDrawing(
            self.paper,
            lay_out(table, self.paper.faces, MEASURE, UPRIGHT),
            words,
            self._unit(table),
            self.report.language,
        )
        column = self.column
        column.y += LEADING / 4
        column.y = drawing.draw(column.y, column.next_sheet, self.progress)
        column.y += LEADING / 4
        column.to_grid()

    def _unit(self, table: Table) -> str:
        return _("Unit: {unit}", unit=table.unit).render(self.report.language) if table.unit else ""

    def _chart(self, chart: Chart) -> None:
        column = self.column
        if column.room < HEIGHT:
            column.next_sheet()
        column.y = draw_chart(self.paper, chart, self._tables[chart.table], column.y)
        self.paper.touched = True
        column.to_grid()

    def _on_own_sheets(self, table: Table, caption: str) -> None:
        """A wide table begins a turned sheet; an upright one shares a sheet with those before it where it fits whole."""
        turned, column = table.landscape, self.column
        if turned or not self._sharing:
            column.next_sheet(turned=turned)
        layout = lay_out(table, self.paper.faces, self.paper.measure, TURNED if turned else UPRIGHT)
        drawing = TableDrawing(self.paper, layout, caption, self._unit(table), self.report.language)
        if self._sharing and not turned:
            column.y += LEADING
            if column.room < drawing.height():
                column.next_sheet()
        column.y = drawing.draw(column.y, lambda: column.next_sheet(turned=turned), self.progress)
        self._sharing = not turned

    def _end(self) -> None:
        """附件, signature and date kept together, then 报、送、发."""
        report, column = self.report, self.column
        self._keep_company()
        self._list_appendix()
        if report.signature or report.signed_on:
            column.to_grid()
            # A signature never stands alone on a sheet: with too little room it moves up to what there is.
            column.skip(2 if column.room >= 4 * LEADING else 0)
            column.need(2)
            column.signed(report.signature, report.signed_on)
        if report.copies:
            self._copies()

    def _keep_company(self) -> None:
        """Where only the signature would be left for the next sheet, the list of annexes goes there with it."""
        titles = len(self._appendix())
        signed = bool(self.report.signature or self.report.signed_on)
        needed = (1 + titles + 2) * LEADING
        if titles and signed and self.column.room < needed <= self.paper.depth:
            self.column.next_sheet()

    def _list_appendix(self) -> None:
        titles = [table.title for table in self._appendix()]
        if not titles:
            return
        column = self.column
        column.to_grid()
        column.skip(1)
        word = _("Annexes: ").render(self.report.language)
        hang = sum(column.widths(styled([word])))
        for number, title in enumerate(titles, start=1):
            text = f"{number}. {title}" if len(titles) > 1 else title
            head = word if number == 1 else ""
            left = INDENT + hang
            whole: Styled = styled([head + text])
            column.paragraph(whole, left=left, indent=-hang if head else 0.0, justified=False)

    def _copies(self) -> None:
        """The lines 报、送、发 between two rules, 14 pt."""
        column, paper = self.column, self.paper
        size, leading = 14.0, 25.0
        if column.room < leading * len(self.report.copies) + LEADING:
            column.next_sheet()
        y = column.y + LEADING
        left, right = paper.left, paper.left + paper.measure
        for line in self.report.copies:
            paper.rule(left, y, right, y, width=0.75 if line == self.report.copies[0] else 0.5)
            paper.text(left + PITCH, y + leading * 0.68, line, "body", size)
            y += leading
        paper.rule(left, y, right, y, width=0.75)
        column.y = y
