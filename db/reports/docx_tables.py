"""Tables of a Word file: widths for Word (on the table) and for WPS (on its grid), the head repeated on each page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import groupby, pairwise

from docx.document import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.shared import Pt, Twips

from db.reports.docx_styles import cell_style
from db.reports.docx_text import clean, say, word
from db.reports.machine_fonts import Role
from db.reports.table_layout import Layout, Measure
from db.reports.typeset import is_wide

TWIP = 20  # in a point
# In em. A little more than they take, for no two faces are of the same width, and Word breaks what does not fit.
_HAN, _LATIN, _BOLD = 1.03, 0.55, 0.62
_KEPT = 12  # rows: a table of fewer stays whole on a page; of a longer one so many stay with its caption, at least
_WITH_CAPTION = 5
_TEXT = qn("w:t")
_ALIGN = {"number": "Right", "percent": "Right", "date": "Centre", "centre": "Centre"}


class _Measure(dict[str, float]):
    """A full square for a Hanzi, about half of one for anything else, in em."""

    def __init__(self, latin: float) -> None:
        super().__init__()
        self._latin = latin

    def __missing__(self, character: str) -> float:
        width = self[character] = _HAN if is_wide(character) else self._latin
        return width

    @property
    def widths(self) -> Mapping[str, float]:
        """Character → width."""
        return self

    def width(self, text: str) -> float:
        """The width of `text`."""
        return sum(map(self.__getitem__, text))


_PLAIN = _Measure(_LATIN)
SQUARES: dict[Role, Measure] = {"body": _PLAIN, "hei": _PLAIN, "table": _PLAIN, "table_bold": _Measure(_BOLD)}
"""The measures of a document whose faces are those of the desk that opens it."""


def add_table(document: Document, layout: Layout, language: str, *, each: Callable[[int], None]) -> None:
    """Write a table whose cells' styles are there already; `each` hears how many rows are done."""
    table = _begin(document, "Report", [round(edge * TWIP) for edge in layout.edges])
    _head(table, layout)
    if layout.totals is not None:
        _totals(table, layout, layout.totals, language)
    styles = [cell_style(_ALIGN.get(column.kind, "Left"), layout.size) for column in layout.table.columns]
    kept = _row(table, styles, height=layout.style.row)
    for cell in kept.tc_lst:
        _fill(cell, " ")
    free = deepcopy(kept)
    for cell in free.tc_lst:
        cell.p_lst[0].get_or_add_pPr().keepNext_val = None
    table.remove(table.tr_lst[0])
    table.remove(kept)
    last_kept = _rows_kept(layout)
    for done, texts in enumerate(layout.texts, start=1):
        row = deepcopy(kept if done <= last_kept else free)
        for place, text in zip(list(row.iter(_TEXT)), texts, strict=True):
            if "\n" in text:
                place.getparent().text = clean(text)
            else:
                place.text = clean(text)
        table.append(row)
        each(done)


def add_copies(document: Document, lines: Iterable[str], width: int) -> None:
    """报、送、发, each in a row that is so many twips wide."""
    table = _begin(document, "CopiesTable", [0, width])
    for line in lines:
        _fill(_row(table, ["Copies"]).tc_lst[0], line)
    table.remove(table.tr_lst[0])


def _begin(document: Document, style: str, edges: Sequence[int]) -> CT_Tbl:
    """A table at the end of the document with one empty row, of which copies are made; it is taken out at the end.

    Asked for a row or a cell, python-docx looks through the whole table each time.
    """
    made = document.add_table(0, len(edges) - 1)
    made.autofit = False
    for column, (left, right) in zip(made.columns, pairwise(edges), strict=True):
        column.width = Twips(right - left)
    made.add_row()
    table: CT_Tbl = document.element.body.tbl_lst[-1]
    table.tblPr.style = style
    say(table.tblPr.find(qn("w:tblW")), w=edges[-1] - edges[0], type="dxa")
    row = table.tr_lst[0]
    row.get_or_add_trPr().append(word("cantSplit"))
    for cell in row.tc_lst:
        cell.p_lst[0].get_or_add_pPr().keepNext_val = True
    return table


def _row(table: CT_Tbl, styles: Sequence[str], *, height: float = 0, head: bool = False) -> CT_Row:
    """A row at the end, each cell in the style of that key; it is not parted, nor from the row after it."""
    row = deepcopy(table.tr_lst[0])
    if height:
        row.trHeight_val, row.trHeight_hRule = Pt(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    if head:
        row.get_or_add_trPr().append(word("tblHeader"))
    for cell, style in zip(row.tc_lst, styles, strict=True):
        cell.p_lst[0].style = style
    table.append(row)
    return row


def _fill(cell: CT_Tc, text: str, style: str | None = None) -> None:
    run = cell.p_lst[0].add_r()
    if style:
        run.style = style
    run.text = clean(text)


def _rows_kept(layout: Layout) -> int:
    """How many rows stay on the page of those after them."""
    rows = len(layout.texts)
    return rows - 1 if rows < _KEPT else _WITH_CAPTION


def _head(table: CT_Tbl, layout: Layout) -> None:
    """The header: one row, or two where columns stand under a common heading; none where no column has a label."""
    if not layout.label_height:
        return
    columns, labels = layout.table.columns, ["\n".join(lines) for lines in layout.labels]
    styles = [cell_style("Head", layout.size)] * len(columns)
    upper = _row(table, styles, height=layout.style.row, head=True).tc_lst if layout.grouped else []
    lower = _row(table, styles, height=layout.label_height, head=True).tc_lst
    if not layout.grouped:
        for cell, label in zip(lower, labels, strict=True):
            _fill(cell, label)
        return
    for group, members in groupby(range(len(columns)), key=lambda at: columns[at].group or f"\0{at}"):
        places = list(members)
        if columns[places[0]].group:
            _fill(upper[places[0]].merge(upper[places[-1]]), group)
            for at in places:
                _fill(lower[at], labels[at])
        else:
            _fill(upper[places[0]].merge(lower[places[0]]), labels[places[0]])


def _totals(table: CT_Tbl, layout: Layout, totals: Sequence[str], language: str) -> None:
    span, label = layout.total_label(language)
    ends = ["Right" if column.numeric else "Left" for column in layout.table.columns[span:]]
    styles = [cell_style(align, layout.size) for align in ["Centre"] * span + ends]
    first, *rest = _row(table, styles, height=layout.style.row).tc_lst
    _fill(first.merge([first, *rest][span - 1]), label, "Strong")
    for cell, text in zip(rest[span - 1 :], totals[span:], strict=True):
        _fill(cell, text, "Strong")
