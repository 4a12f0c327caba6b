"""The styles of a Word file: title, headings, text, tables, each with its face for Hanzi, and what stands in for a face.

Everything looks by a style and nothing by itself, so that the office can change the look of the whole text at one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, Twips
from docx.text.parfmt import ParagraphFormat

from db.core.text import Text, _
from db.reports.docx_text import say, word
from db.reports.machine_fonts import Role, name_in_document

CHARACTER = 316  # twips: 16 pt set at 15.79, 28 of them in the 156 mm of a line
LINE = 579  # twips: 22 of them are the 225 mm of the type area
_CENTRED, _LEFT, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
_BLACK, _GREY = "000000", "999999"


@dataclass(frozen=True)
class _Look:
    """What a style says itself; for the rest it is like Normal.

    size: in points. line: in twips, or 1 for a line of its own height. before, after: twips. closer: 16 pt set at 15.75.
    indented: by two characters. left, right: characters in. kept: with the next paragraph. free: of the grid of lines.
    level: of a heading.
    """

    role: Role | None = None
    size: float = 0
    align: WD_ALIGN_PARAGRAPH | None = None
    line: float = 0
    before: int = 0
    after: int = 0
    closer: bool = False
    indented: bool = False
    left: int = 0
    right: int = 0
    kept: bool = False
    free: bool = False
    level: int = 0


def _heading(role: Role, level: int) -> _Look:
    return _Look(role, closer=True, indented=True, kept=True, level=level)


def _caption(size: float) -> _Look:
    return _Look("hei", size, _CENTRED, 400, 120, kept=True, free=True)


# A name of Word's own is a str, one of ours a Text.
_LOOKS: tuple[tuple[str, str | Text, _Look], ...] = (
    ("BodyText", "Body Text", _Look(closer=True, indented=True)),
    ("Addressee", "Salutation", _Look(closer=True)),
    ("Title", "Title", _Look("title", 22, _CENTRED, 720, kept=True, free=True)),
    ("Subtitle", "Subtitle", _Look("kai", align=_CENTRED, closer=True)),
    ("Heading1", "Heading 1", _heading("hei", 1)),
    ("Heading2", "Heading 2", _heading("kai", 2)),
    ("Heading3", "Heading 3", _heading("body", 3)),
    ("Caption", "Caption", _caption(12)),
    ("WideCaption", _("Caption of a wide table"), _caption(14)),
    ("TableLine", _("Line under a caption"), _Look("table", 10.5, line=340, kept=True, free=True)),
    ("TableNote", _("Note under a table"), _Look("table", 9, line=280, after=160, free=True)),
    ("Drawing", _("Picture and chart"), _Look(align=_CENTRED, line=1.0, before=120, kept=True, free=True)),
    ("AnnexList", _("List of annexes"), _Look(align=_LEFT, closer=True)),
    ("Signature", "Signature", _Look(align=_RIGHT, closer=True, right=4)),
    ("Copies", _("Copies to"), _Look(size=14, line=500, left=1, right=1, free=True)),
    ("Footer", "Footer", _Look("table", 14, _LEFT, 360, free=True)),
)
_CELLS: tuple[tuple[str, WD_ALIGN_PARAGRAPH, Role, Text], ...] = (
    ("Left", _LEFT, "table", _("Table text {size}")),
    ("Right", _RIGHT, "table", _("Table number {size}")),
    ("Centre", _CENTRED, "table", _("Table centred {size}")),
    ("Head", _CENTRED, "hei", _("Table heading {size}")),
)
_FAMILIES: dict[Role, str] = {"title": "roman", "body": "roman", "kai": "modern", "hei": "modern", "table": "roman"}
_OTHER_NAMES = {
    "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "方正小标宋简体": "方正小标宋_GBK", "黑体": "SimHei", "宋体": "SimSun",
    "仿宋": "FangSong", "楷体": "KaiTi",
}  # fmt: skip


def cell_style(align: str, size: float) -> str:
    """The key of the style of a table's cell: `Left`, `Right`, `Centre` or `Head`, and its size in points."""
    return f"Cell{align}{size * 2:g}"


def inset(form: ParagraphFormat, side: str, characters: float, *, width: float = CHARACTER) -> None:
    """The `left` or `right` edge so many characters in; in characters too, which Word keeps where the size is changed."""
    setattr(form, f"{side}_indent", Twips(round(characters * width)))
    say(form.element.pPr.ind, **{f"{side}Chars": round(characters * 100)})


class Styles:
    """The styles of one document, in the faces of this machine or in those that the standard asks for."""

    def __init__(self, document: Document, language: str, *, machine_fonts: bool) -> None:
        self._styles, self._language, self._machine = document.styles, language, machine_fonts
        self._sizes: set[float] = set()
        self._begin()
        for key, name, look in _LOOKS:
            self._add(key, name, look)
        self._for_words()
        self._for_tables()
        self._replace_font_table(document)

    def face(self, role: Role) -> str:
        """The face of the Hanzi of a role."""
        return name_in_document(role, machine=self._machine)

    def add_cells(self, size: float) -> None:
        """The styles of a table's cells in a size, where they are not there yet."""
        if size in self._sizes:
            return
        self._sizes.add(size)
        for align, side, role, name in _CELLS:
            self._add(cell_style(align, size), name(size=f"{size:g}"), _Look(role, size, side, 1.0, free=True))

    def _begin(self) -> None:
        """Of the template only the styles that every document has; Normal is the text of the standard."""
        for style in list(self._styles):
            if not style.element.default:
                style.delete()
        defaults = self._styles.element.find(qn("w:docDefaults"))
        defaults.find(qn("w:pPrDefault")).clear()
        language = word("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
        defaults.find(f".//{qn('w:rPr')}")[:] = [self._faces("body"), word("kern", val=0), word("sz", val=32), language]
        normal = self._styles["Normal"]
        self._dress(normal, _Look("body", 16, WD_ALIGN_PARAGRAPH.JUSTIFY, LINE))
        normal.paragraph_format.widow_control = False
        # No gap between Hanzi and the letters and figures beside them.
        for kind in ("autoSpaceDE", "autoSpaceDN"):
            normal.element.pPr.insert_element_before(word(kind, val=0), "w:spacing")

    def _named(self, key: str, name: str | Text, kind: WD_STYLE_TYPE, within: str | None = None) -> Any:
        shown, builtin = (name, True) if isinstance(name, str) else (name.render(self._language), False)
        style = self._styles.add_style(shown, kind, builtin)
        style.element.styleId = key
        style.element.basedOn_val = within
        style.quick_style = True
        return style

    def _add(self, key: str, name: str | Text, look: _Look) -> None:
        self._dress(self._named(key, name, WD_STYLE_TYPE.PARAGRAPH, "Normal"), look)

    def _dress(self, style: Any, look: _Look) -> None:
        form, letters, lines = style.paragraph_format, style.element.get_or_add_rPr(), style.element.get_or_add_pPr()
        if look.role:
            letters.append(self._faces(look.role))
        if look.size:
            style.font.size = Pt(look.size)
        if look.closer:
            # By the styles and not by a grid of characters: LibreOffice gives one that is wider than its place two of them.
            letters.insert_element_before(word("spacing", val=-5), "w:sz")
        if look.line:
            form.line_spacing = look.line if look.line < 10 else Twips(round(look.line))
            form.space_before, form.space_after = Twips(look.before), Twips(look.after)
        if look.indented:
            form.first_line_indent = Twips(2 * CHARACTER)
            say(lines.ind, firstLineChars=200)
        for side, characters in (("left", look.left), ("right", look.right)):
            if characters:
                inset(form, side, characters, width=look.size * 20 or CHARACTER)
        if look.kept:
            form.keep_with_next = True
        form.alignment = look.align
        if look.free:
            lines.insert_element_before(word("snapToGrid", val=0), "w:spacing", "w:ind", "w:jc")
        if look.level:
            style.font.bold = False
            style.next_paragraph_style = self._styles["Body Text"]
            lines.append(word("outlineLvl", val=look.level - 1))

    def _faces(self, role: Role) -> BaseOxmlElement:
        han = self.face(role)
        latin = han if self._language == "zh" else "Times New Roman"
        return word("rFonts", ascii=latin, hAnsi=latin, eastAsia=han, cs=latin, hint="eastAsia")

    def _for_words(self) -> None:
        heading = self._named("RunIn", _("Heading that runs in"), WD_STYLE_TYPE.CHARACTER)
        heading.element.get_or_add_rPr().append(self._faces("kai"))
        self._named("Strong", "Strong", WD_STYLE_TYPE.CHARACTER).font.bold = True
        self._named("DraftMark", _("Draft for approval"), WD_STYLE_TYPE.CHARACTER).font.size = Pt(10.5)

    def _for_tables(self) -> None:
        grid, rules = (
            self._named(key, name, WD_STYLE_TYPE.TABLE, "TableNormal").element
            for key, name in (("Report", _("Report table")), ("CopiesTable", _("Copies table")))
        )
        inside = (4, _GREY)
        borders = _edges("tblBorders", top=(9, _BLACK), bottom=(9, _BLACK), insideH=inside, insideV=inside)
        margins = word("tblCellMar", word("left", w=100, type="dxa"), word("right", w=100, type="dxa"))
        first = word("tcPr", _edges("tcBorders", bottom=(6, _BLACK)))
        grid.append(word("tblPr", borders, margins))
        grid.append(word("tcPr", word("vAlign", val="center")))
        grid.append(word("tblStylePr", first, type="firstRow"))
        line = (6, _BLACK)
        rules.append(word("tblPr", _edges("tblBorders", top=line, bottom=line, insideH=(4, _BLACK))))

    def _replace_font_table(self, document: Document) -> None:
        """What stands in for a face where a desk does not have it."""
        fonts = []
        for name, role in {self.face(role): role for role in _FAMILIES}.items():
            other = [word("altName", val=_OTHER_NAMES[name])] if name in _OTHER_NAMES else []
            kinds = word("charset", val="86"), word("family", val=_FAMILIES[role]), word("pitch", val="auto")
            fonts.append(word("font", *other, *kinds, name=name))
        package = document.part.package
        made = XmlPart(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, word("fonts", *fonts), package)
        document.part.relate_to(made, RELATIONSHIP_TYPE.FONT_TABLE)


def _edges(tag: str, **lines: tuple[int, str]) -> BaseOxmlElement:
    """Borders by their side: eighths of a point, and the colour."""
    drawn = (word(side, val="single", sz=eighths, space=0, color=colour) for side, (eighths, colour) in lines.items())
    return word(tag, *drawn)
