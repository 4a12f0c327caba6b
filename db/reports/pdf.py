"""A report as PDF, on the page of GB/T 9704-2012.

Text first, with its upright tables and charts where they stand; then signature and date; then the wide tables and the
appendix on sheets of their own. Nothing is left behind when it fails or is stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.composing import Passage, annex_names, annexes, captions, passages, unit_of
from db.reports.machine_fonts import Role
from db.reports.paper import LEADING, PITCH, Paper, Place
from db.reports.pdf_charts import HEIGHT, draw_chart
from db.reports.pdf_rows import TableDrawing
from db.reports.pdf_text import INDENT, Column, styled
from db.reports.photographs import Album, no_photographs, photograph, without_photograph
from db.reports.report import Chart, Paragraph, Picture, Report, Table, printed
from db.reports.table_layout import lay_out, style_of, wrap
from db.reports.whole_files import written_whole

_TALLEST = 11 * LEADING  # a photograph takes half a sheet at most
_LOWEST, _UNDER = 3 * LEADING, 9.0  # of photographs side by side: where they would be lower they go to the next sheet
_HEADING_ROLES: tuple[Role, ...] = ("hei", "kai", "body")


@dataclass(frozen=True)
class Rendered:
    """What was written: how many pages, and where the figures stand in the text (for a page that explains them).

    missing: the characters that no face has, printed as 〓; `warning` says so in a sentence.
    """

    pages: int
    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()

    @property
    def warning(self) -> Text | None:
        """What a person should know of it."""
        if not self.missing:
            return None
        named = [f"{character} (U+{ord(character):04X})" for character in self.missing]
        return _(
            "No font of this computer has {characters}; 〓 is printed instead. Install a font that has them, and "
            "make the file again.",
            characters=", ".join(named),
        )


def render_pdf(
    report: Report,
    path: Path,
    *,
    progress: Progress = SILENT,
    draft: bool = False,
    machine_fonts: bool = True,
    album: Album = no_photographs,
) -> Rendered:
    """Write `report` to `path`.

    draft: marked 送审稿 in the footer, unless its form leaves that out. machine_fonts: use the machine's own 仿宋, 楷体
    and so on where it has them. album: gives the photographs.
    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    report = printed(report)
    footer = _("Draft for approval").render(report.language) if draft and report.draft_mark else ""
    with written_whole(path) as part:
        paper = Paper(part, title=report.title, language=report.language, machine_fonts=machine_fonts, footer=footer)
        setting = _Setting(report, paper, progress, album)
        setting.all()
        paper.save()
    return Rendered(paper.number, tuple(setting.column.places), tuple(sorted(paper.faces.missing)))


def render_letters(
    title: str, letters: Sequence[Report], path: Path, *, progress: Progress = SILENT, machine_fonts: bool = True
) -> Rendered:
    """Write several short papers to one file, each on a new sheet; as `render_pdf`."""
    whole = [printed(one) for one in letters]
    places: list[Place] = []
    with written_whole(path) as part:
        paper = Paper(part, title=title, language=whole[0].language, machine_fonts=machine_fonts, footer="")
        for done, one in enumerate(whole):
            progress.step(done, len(whole), _("Writing “{file}”", file=path.name))
            if done:
                paper.next_sheet()
            setting = _Setting(one, paper, SILENT, no_photographs)
            setting.all()
            places += setting.column.places
        paper.save()
    return Rendered(paper.number, tuple(places), tuple(sorted(paper.faces.missing)))


class _Setting:
    """One report being set: how its tables are captioned, and whether the next may share a sheet."""

    def __init__(self, report: Report, paper: Paper, progress: Progress, album: Album) -> None:
        self.report, self.paper, self.progress, self.album = report, paper, progress, album
        self.column = Column(paper)
        self._tables = report.tables()
        self._captions = captions(report)
        self._sharing = False

    def all(self) -> None:
        """Set the whole report, in order."""
        self._opening()
        for done, passage in enumerate(passages(self.report)):
            self.progress.step(done, len(self.report.sections), _("Setting “{section}”", section=passage.heading))
            self._passage(passage)
        self._end()
        for table in annexes(self.report):
            self._on_own_sheets(table)

    def _opening(self) -> None:
        report, column = self.report, self.column
        self.paper.bookmark(report.title, 0)
        column.title(report.title)
        for line in filter(None, (report.number, report.subtitle)):
            column.centred(line, "kai")
        column.to_grid()
        if report.addressee:
            column.skip(1)
            column.paragraph(styled([report.addressee]), indent=0)
        for paragraph in report.opening:
            if paragraph is report.opening[-1] and not report.sections and report.signature:
                column.need(
                    column.lines(styled(paragraph.runs)) + 2
                )  # no signature stands without a word of its letter
            self._paragraph(paragraph)

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.column.to_grid()
        self.column.paragraph(styled(paragraph.runs), indent=0 if paragraph.flush else INDENT)

    def _passage(self, passage: Passage) -> None:
        column, role = self.column, _HEADING_ROLES[passage.level - 1]
        column.to_grid()
        column.running = ""
        if passage.own_sheet:
            column.next_sheet()
            column.running = _("{caption} (continued)", caption=passage.heading).render(self.report.language)
        column.need(2)
        self._keep_with_table(passage)
        if passage.level == 1 and passage.heading:
            self.paper.bookmark(passage.heading, 0)
        if passage.first is not None:
            column.paragraph(styled(passage.first.runs, heading=passage.heading, heading_role=role))
        elif passage.heading:
            column.paragraph(styled([passage.heading], role=role))
        for block in passage.blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Chart):
                self._chart(block)
            elif isinstance(block, Picture) and not passage.own_sheet:
                self._picture(block)
            elif isinstance(block, Table) and block.printed and not block.landscape:
                self._table(block, close=passage.own_sheet)
        if passage.own_sheet:
            self._side_by_side([block for block in passage.blocks if isinstance(block, Picture)])

    def _keep_with_table(self, passage: Passage) -> None:
        """Where the heading alone would stay behind, it goes to the next sheet with the table that begins under it."""
        column, first = self.column, passage.blocks[0] if passage.blocks else None
        if passage.first is not None or not isinstance(first, Table) or not first.printed or first.landscape:
            return
        if passage.heading and column.room < self.paper.depth / 2:
            needed = LEADING * 1.25 + self._drawing(first).beginning()
            if column.room < needed <= self.paper.depth:
                column.next_sheet()

    def _table(self, table: Table, *, close: bool) -> None:
        column, drawing = self.column, self._drawing(table)
        column.y += LEADING / 4
        column.y = drawing.draw(column.y, column.next_sheet, self.progress)
        if not close:
            column.y += LEADING / 4
            column.to_grid()

    def _drawing(self, table: Table) -> TableDrawing:
        layout, language = lay_out(table, self.paper.faces, self.paper.measure, style_of(table)), self.report.language
        return TableDrawing(self.paper, layout, self._captions[table.key], unit_of(table, language), language)

    def _chart(self, chart: Chart) -> None:
        column = self.column
        if column.room < HEIGHT:
            column.next_sheet()
        column.y = draw_chart(self.paper, chart, self._tables[chart.table], column.y)
        self.paper.touched = True
        column.to_grid()

    def _picture(self, picture: Picture) -> None:
        """A photograph in the middle, never larger than half a sheet, and its caption under it."""
        column, paper = self.column, self.paper
        found = photograph(self.album(picture.hash), width=paper.measure, height=_TALLEST)
        if found is None:
            words = without_photograph(picture).render(self.report.language)
            column.paragraph(styled([words]))
            return
        width, height = found.fitted(paper.measure, _TALLEST)
        if column.room < height + (2 * LEADING if picture.caption else LEADING):
            column.next_sheet()
        paper.picture(found.jpeg, paper.left + (paper.measure - width) / 2, column.y + LEADING / 4, width, height)
        column.y += height + LEADING / 2
        column.caption(picture.caption)
        column.to_grid()

    def _side_by_side(self, pictures: Sequence[Picture]) -> None:
        """Photographs in one row, all as high as width and what is left of the sheet allow; their captions under them."""
        column, paper = self.column, self.paper
        found = [(one, photograph(self.album(one.hash), width=paper.measure, height=_TALLEST)) for one in pictures]
        for lost in (one for one, made in found if made is None):
            column.to_grid()
            column.paragraph(styled([without_photograph(lost).render(self.report.language)]))
        good = [(one, made) for one, made in found if made is not None]
        if not good:
            return
        shapes = [made.width / made.height for _one, made in good]
        gaps = LEADING / 4 * (len(good) - 1)
        high = min((paper.measure - gaps) / sum(shapes), _TALLEST)
        if column.room < min(high, _LOWEST) + LEADING:
            column.next_sheet()
        high = min(high, column.room - LEADING)
        x, y = paper.left + (paper.measure - gaps - high * sum(shapes)) / 2, column.y + LEADING / 4
        for (one, made), shape in zip(good, shapes, strict=True):
            paper.picture(made.jpeg, x, y, high * shape, high)
            words = wrap(one.caption, paper.faces, "hei", max(high * shape / _UNDER, 4.0))[0]
            paper.aligned(x + high * shape / 2, y + high + _UNDER * 1.3, words, "hei", _UNDER, to="centre")
            x += high * shape + LEADING / 4
        column.y = y + high + LEADING * 0.75

    def _on_own_sheets(self, table: Table) -> None:
        """A wide table begins a turned sheet; an upright one shares a sheet with those before it where it fits whole."""
        turned, column = table.landscape, self.column
        if turned or not self._sharing:
            column.next_sheet(turned=turned)
        drawing = self._drawing(table)
        if self._sharing and not turned:
            column.y += LEADING
            if column.room < drawing.height():
                column.next_sheet()
        column.y = drawing.draw(column.y, lambda: column.next_sheet(turned=turned), self.progress)
        self._sharing = not turned

    def _end(self) -> None:
        """附件, signature and date kept together, then 报、送、发."""
        report, column = self.report, self.column
        column.running = ""
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
        titles = len(annexes(self.report))
        signed = bool(self.report.signature or self.report.signed_on)
        needed = (1 + titles + 2) * LEADING
        if titles and signed and self.column.room < needed <= self.paper.depth:
            self.column.next_sheet()

    def _list_appendix(self) -> None:
        names = annex_names(self.report)
        if not names:
            return
        column = self.column
        column.to_grid()
        column.skip(1)
        word = _("Annexes: ").render(self.report.language)
        hang = sum(column.widths(styled([word])))
        for number, name in enumerate(names):
            head = "" if number else word
            indent = -hang if head else 0.0
            column.paragraph(styled([head + name]), left=INDENT + hang, indent=indent, justified=False)

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
