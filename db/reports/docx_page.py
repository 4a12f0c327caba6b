"""The ground of a Word file: its page and footers, its settings, what it says of itself, and how it is put on the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

from db.reports.docx_styles import CHARACTER, LINE
from db.reports.docx_text import W15, clean, element, put, put_run, say, word

# Twentieths of a point, as everything that Word measures.
_SHEET = (11906, 16838)
_TOP, _RIGHT, _BOTTOM, _LEFT = 2098, 1474, 1984, 1588
MEASURE, WIDE_MEASURE = _SHEET[0] - _LEFT - _RIGHT, _SHEET[1] - _TOP - _BOTTOM
_HEAD, _FOOT = 850, 1247  # the page number stands 7 mm under the type area
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same report gives the same bytes
_PACKED = (".jpg", ".xlsx")
_LONGEST_PROPERTY = 255
_MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006"
_KEPT = (
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS, RELATIONSHIP_TYPE.CORE_PROPERTIES,
)  # fmt: skip
# Punctuation may give way, and lines are counted as in a Chinese document.
_SETTINGS = (
    f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
    '<w:drawingGridVerticalSpacing w:val="290"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def blank(title: str, author: str, own: Mapping[str, str]) -> Document:
    """A document without anything but its page, its settings and what it says of itself: `own`, when it comes back."""
    document = docx.Document()
    package = document.part.package
    for bearer in (package, document.part):
        for key in [key for key, link in bearer.rels.items() if link.reltype not in _KEPT]:
            del bearer.rels[key]
    package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).element.clear()
    document.core_properties.title = clean(title)[:_LONGEST_PROPERTY]
    document.core_properties.author = clean(author)[:_LONGEST_PROPERTY]
    said = Part(PackURI("/docProps/custom.xml"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, _own_properties(own), package)
    package.relate_to(said, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    document.settings.element[:] = parse_xml(_SETTINGS)[:]
    document.settings.odd_and_even_pages_header_footer = True
    # Where Word 2010 is told to pass over the hidden frames of the controls, which it does not know.
    document.element.set(f"{{{_MARKUP}}}Ignorable", "w15")
    etree.cleanup_namespaces(document.element, top_nsmap={"w15": W15}, keep_ns_prefixes=["w15", "r", "wp"])
    say(document.element.body.sectPr.find(qn("w:docGrid")), type="lines", linePitch=LINE)
    return document


def _own_properties(values: Mapping[str, str]) -> bytes:
    lines = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(clean(value))}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), start=2)
    )
    return f'<Properties xmlns="{_KINDS}/custom-properties" xmlns:vt="{_KINDS}/docPropsVTypes">{lines}</Properties>'.encode()


def set_page(section: Section, mark: str, *, wide: bool) -> None:
    """The page of a part of the document and its footers; mark: of a draft, "" for none."""
    width, height = _SHEET
    top, right, bottom, left = _TOP, _RIGHT, _BOTTOM, _LEFT
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    if wide:
        # Turned clockwise: the margins turn with the sheet.
        width, height = height, width
        top, right, bottom, left = left, top, right, bottom
    section.page_width, section.page_height = Twips(width), Twips(height)
    section.top_margin, section.bottom_margin = Twips(top), Twips(bottom)
    section.left_margin, section.right_margin = Twips(left), Twips(right)
    section.header_distance, section.footer_distance = Twips(_HEAD), Twips(min(_FOOT, bottom - 500))
    for footer, even in ((section.footer, False), (section.even_page_footer, True)):
        footer.is_linked_to_previous = False
        _foot(footer.paragraphs[0], mark, even=even, measure=width - left - right)


def _foot(paragraph: Paragraph, mark: str, *, even: bool, measure: int) -> None:
    """— 1 —, odd pages right and even left, one character in; on the other side the mark of a draft, to be deleted."""
    put(paragraph, "Footer")
    paragraph.paragraph_format.left_indent = Twips(CHARACTER)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Twips(measure - CHARACTER), WD_TAB_ALIGNMENT.RIGHT)
    if not even:
        _mark(paragraph, mark)
        paragraph.add_run("\t")
    paragraph.add_run("— ")
    field = word("fldSimple", instr=" PAGE ")
    element(paragraph).append(field)
    field.append(put_run(paragraph, "1"))
    paragraph.add_run(" —")
    if even:
        paragraph.add_run("\t")
        _mark(paragraph, mark)


def _mark(paragraph: Paragraph, mark: str) -> None:
    if mark:
        put_run(paragraph, mark, "DraftMark")


def save(document: Document, path: Path) -> None:
    """Write the package, without the moment at which it was made."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
