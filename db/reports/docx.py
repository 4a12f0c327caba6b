"""A report as a Word file, to be read and changed in Word and WPS before it is sent (送审稿).

The same order and page as the PDF: GB/T 9704-2012, text first, then signature, then wide tables and annexes on sheets of
their own. Real styles, native charts, and every number of the book in a control that says which figure it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Twips
from docx.text.paragraph import Paragraph as Line

from db.core.progress import SILENT, Progress
from db.core.text import _
from db.reports.composing import annex_names, annexes, captions, passages, unit_of
from db.reports.docx_charts import add_chart, add_photograph
from db.reports.docx_marks import OWN
from db.reports.docx_page import MEASURE, WIDE_MEASURE, blank, save, set_page
from db.reports.docx_styles import CHARACTER, Styles, inset
from db.reports.docx_tables import SQUARES, TWIP, add_copies, add_table
from db.reports.docx_text import Words, put, put_run
from db.reports.photographs import Album, no_photographs, photograph, without_photograph
from db.reports.report import Block, Chart, Paragraph, Picture, Report, Table, printed
from db.reports.table_layout import lay_out, style_of
from db.reports.typeset import title_lines
from db.reports.whole_files import written_whole

_WIDTH, _TITLE, _CHART_HEIGHT, _TALLEST = MEASURE / TWIP, 22.0, 203.0, 319.0  # points
_ANNEXES_KEPT = 15


def render_docx(
    report: Report,
    path: Path,
    *,
    progress: Progress = SILENT,
    draft: bool = False,
    machine_fonts: bool = True,
    album: Album = no_photographs,
) -> None:
    """Write `report` to `path`, a .docx.

    draft: marked 送审稿 in the footer, unless its form leaves that out. machine_fonts: name the faces that this machine
    has. album: gives the photographs.
    Raises Unavailable where the file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    with written_whole(path) as part:
        writing = _Writing(printed(report), progress, album, draft=draft, machine_fonts=machine_fonts)
        writing.write()
        save(writing.document, part)


class _Writing:
    """One document being written; `wide`: whether its last sheets are turned."""

    def __init__(self, report: Report, progress: Progress, album: Album, *, draft: bool, machine_fonts: bool) -> None:
        own = {"first": report.period[0], "last": report.period[1], "form": report.form, "language": report.language}
        self.document = blank(report.title, report.signature, {OWN + name: value for name, value in own.items()})
        self.report, self.progress, self.album = report, progress, album
        self.wide = False
        self._mark = _("Draft for approval").render(report.language) if draft and report.draft_mark else ""
        self._styles = Styles(self.document, report.language, machine_fonts=machine_fonts)
        self._words = Words()
        self._measure = SQUARES["body"]
        self._tables, self._captions = report.tables(), captions(report)

    def write(self) -> None:
        """Everything, in its order."""
        set_page(self.document.sections[0], self._mark, wide=False)
        self._text()
        self._end()
        for done, table in enumerate(annexes(self.report)):
            self._on_own_sheets(table, first=done == 0)

    def _add(self, style: str, text: str = "") -> Line:
        return put(self.document.add_paragraph(), style, text)

    def _text(self) -> None:
        report = self.report
        widths = [self._measure.widths[character] for character in report.title]
        self._add("Title", "\n".join(title_lines(report.title, widths, _WIDTH / _TITLE)))
        for line in filter(None, (report.number, report.subtitle)):
            self._add("Subtitle", line)
        if report.addressee:
            self._add("Normal")
            self._add("Addressee", report.addressee)
        for one in report.opening:
            self._paragraph(one)
        if report.opening and not report.sections and report.signature:
            # No signature stands without a word of its letter.
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        whole = len(report.sections)
        for done, passage in enumerate(passages(report)):
            self.progress.step(done, whole, _("Setting “{section}”", section=passage.heading))
            if passage.first is not None:
                begun = self._add("BodyText")
                put_run(begun, passage.heading, "RunIn" if passage.level == 2 else None)
                self._words.write(begun, passage.first)
            elif passage.heading:
                headed = self._add(f"Heading{passage.level}", passage.heading)
                headed.paragraph_format.page_break_before = passage.own_sheet or None
            for block in passage.blocks:
                if not (passage.own_sheet and isinstance(block, Picture)):
                    self._block(block)
            if passage.own_sheet:
                self._side_by_side([block for block in passage.blocks if isinstance(block, Picture)])

    def _paragraph(self, one: Paragraph) -> None:
        self._words.write(self._add("Addressee" if one.flush else "BodyText"), one)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Chart):
            size = _WIDTH, _CHART_HEIGHT
            add_chart(
                self._add("Drawing"), block, self._tables[block.table], face=self._styles.face("table"), size=size
            )
        elif isinstance(block, Picture):
            self._picture(block)
        elif block.printed and not block.landscape:
            self._table(block)

    def _table(self, table: Table, *, on_new_sheet: bool = False) -> None:
        language, wide = self.report.language, self.wide
        measure = WIDE_MEASURE if wide else MEASURE
        layout = lay_out(table, SQUARES, measure / TWIP, style_of(table), wrapping=False)
        if self._captions[table.key]:
            caption = self._add("WideCaption" if wide else "Caption", self._captions[table.key])
            caption.paragraph_format.page_break_before = on_new_sheet or None
        unit = unit_of(table, language)
        if table.stand or unit:
            line = self._add("TableLine", table.stand)
            line.paragraph_format.tab_stops.add_tab_stop(Twips(measure), WD_TAB_ALIGNMENT.RIGHT)
            if unit:
                line.add_run("\t")
                put_run(line, unit)
        rows = len(table.rows)
        said = _("Drawing “{table}”", table=table.title)
        self._styles.add_cells(layout.size)
        add_table(self.document, layout, language, each=lambda done: self.progress.step(done, rows, said))
        # A paragraph always follows a table: Word joins two tables that touch.
        self._add("TableNote", table.note)

    def _picture(self, picture: Picture) -> None:
        found = photograph(self.album(picture.hash), width=_WIDTH, height=_TALLEST)
        if found is None:
            self._add("BodyText", without_photograph(picture).render(self.report.language))
            return
        add_photograph(self._add("Drawing"), found, picture.caption or picture.name, found.fitted(_WIDTH, _TALLEST))
        self._add("Caption", picture.caption)

    def _side_by_side(self, pictures: Sequence[Picture]) -> None:
        """Photographs in one line, all equally high."""
        found = [(one, photograph(self.album(one.hash), width=_WIDTH, height=_TALLEST)) for one in pictures]
        for lost in (one for one, made in found if made is None):
            self._add("BodyText", without_photograph(lost).render(self.report.language))
        good = [(one, made) for one, made in found if made is not None]
        if not good:
            return
        line, room = self._add("Drawing"), _WIDTH * 0.9  # the rest is between them
        shapes = [made.width / made.height for _one, made in good]
        high = min(room / sum(shapes), _TALLEST / 2)
        for place, ((one, made), shape) in enumerate(zip(good, shapes, strict=True)):
            if place:
                line.add_run(" ")
            add_photograph(line, made, one.caption or one.name, (high * shape, high))
        self._add("Caption", "　".join(one.caption for one, _made in good))

    def _on_own_sheets(self, table: Table, *, first: bool) -> None:
        """A wide table begins a turned sheet; an upright one follows those before it."""
        turned = table.landscape != self.wide
        if turned:
            self.wide = table.landscape
            set_page(self.document.add_section(WD_SECTION.NEW_PAGE), self._mark, wide=self.wide)
            # The break is moved into the last paragraph there is: one of its own could come to stand alone on a sheet.
            *_others, last, added = self.document.element.body.p_lst
            last.set_sectPr(added.pPr.sectPr)
            self.document.element.body.remove(added)
        self._table(table, on_new_sheet=not turned and (self.wide or first))

    def _end(self) -> None:
        """附件, signature and date, then 报、送、发."""
        names = annex_names(self.report)
        if names:
            self._annexes(names)
        self._signature()
        if self.report.copies:
            self._add("Normal")
            add_copies(self.document, self.report.copies, MEASURE)
            self._add("TableNote")

    def _annexes(self, names: list[str]) -> None:
        word = _("Annexes: ").render(self.report.language)
        hang = Twips(round(self._measure.width(word) * CHARACTER))
        # A signature never stands alone on a sheet.
        kept = len(names) <= _ANNEXES_KEPT or None
        self._add("Normal").paragraph_format.keep_with_next = kept
        for number, name in enumerate(names):
            form = self._add("AnnexList", name if number else word + name).paragraph_format
            form.keep_with_next = kept
            form.left_indent = Twips(2 * CHARACTER) + hang
            form.first_line_indent = None if number else -hang

    def _signature(self) -> None:
        lines = [line for line in (self.report.signature, self.report.signed_on) if line]
        if not lines:
            return
        for _line in range(2):
            self._add("Normal").paragraph_format.keep_with_next = True
        longest = max(map(self._measure.width, lines))
        for line in lines:
            form = self._add("Signature", line).paragraph_format
            form.keep_with_next = line != lines[-1] or None
            # The shorter is centred on the longer, which ends four characters in.
            inset(form, "right", 4 + (longest - self._measure.width(line)) / 2)
