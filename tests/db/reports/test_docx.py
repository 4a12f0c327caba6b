"""The Word file: opened by an independent reader and by LibreOffice, its styles, page, tables, numbers and pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from db.core.errors import Cancelled
from db.core.text import Text
from db.reports.docx import render_docx
from db.reports.pdf import render_pdf
from db.reports.report import Chart, Column, FigureNumber, Paragraph, Picture, Report, Section, Table
from db.reports.shown import computed, shown
from db.reports.xlsx import render_xlsx
from tests.db.reports.office import converted
from tests.db.reports.sample import BY_STREET, SIGNED, STUCK, half_year


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    render_docx(half_year(), path, draft=True, machine_fonts=False)
    return path


@pytest.fixture(scope="module")
def opened(written: Path) -> Document:
    return docx.Document(str(written))


def _small(*blocks: Paragraph | Table | Chart | Picture) -> Report:
    return Report("标题", (Section("s", "情况", blocks),))


def _bare(text: str) -> str:
    return "".join(text.split())


def test_that_all_paragraphs_stand_in_the_order_of_the_report(opened: Document) -> None:
    report = half_year()
    text = _bare("\n".join("".join(node.text or "" for node in p._p.iter(qn("w:t"))) for p in opened.paragraphs))
    at = 0
    for line in (report.title, report.addressee, *(one.text for one in report.paragraphs()), report.signature):
        found = text.find(_bare(line), at)
        assert found >= at, line
        at = found


def test_that_the_look_is_in_styles_with_the_faces_of_the_standard(opened: Document) -> None:
    wanted = {
        "Title": ("方正小标宋简体", 22), "Body Text": ("仿宋_GB2312", 16), "Subtitle": ("楷体_GB2312", 16),
        "Heading 1": ("黑体", 16), "Caption": ("黑体", 12),
    }  # fmt: skip
    default = opened.styles["Normal"]
    for name, (face, size) in wanted.items():
        style = opened.styles[name]
        fonts = (style.element if style.element.find(f".//{qn('w:rFonts')}") is not None else default.element).find(
            f".//{qn('w:rFonts')}"
        )
        assert fonts.get(qn("w:eastAsia")) == face
        assert (style.font.size or default.font.size).pt == size
    used = {paragraph.style.name for paragraph in opened.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Salutation", "Body Text", "Heading 1", "Caption", "Signature"} <= used


def test_that_a_heading_of_the_second_level_runs_into_its_paragraph_in_its_own_style(opened: Document) -> None:
    (paragraph,) = [one for one in opened.paragraphs if one.text.startswith("（一）新签约")]
    assert paragraph.runs[0].text == "（一）新签约。"
    assert paragraph.runs[0].style.name == "（一）标题"


def test_that_the_page_is_that_of_the_standard_and_wide_tables_lie_on_turned_ones(opened: Document) -> None:
    first = opened.sections[0]
    paper, around = first._sectPr.find(qn("w:pgSz")), first._sectPr.find(qn("w:pgMar"))
    margins = [int(around.get(qn(f"w:{side}"))) for side in ("top", "left", "right", "bottom")]
    assert [round(twips / 1440 * 25.4) for twips in margins] == [37, 28, 26, 35]
    grid = int(first._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))
    assert (int(paper.get(qn("w:h"))) - margins[0] - margins[3]) // grid == 22
    assert opened.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    assert opened.settings.odd_and_even_pages_header_footer


def test_that_page_numbers_stand_right_on_odd_and_left_on_even_pages_and_the_draft_opposite(
    opened: Document, tmp_path: Path
) -> None:
    section = opened.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [odd.text, even.text] == ["送审稿\t—  —", "—  —\t送审稿"]
    assert all(one._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE" for one in (odd, even))
    for report, draft in ((half_year(), False), (replace(half_year(), draft_mark=False), True)):
        render_docx(report, tmp_path / "final.docx", draft=draft, machine_fonts=False)
        assert "送审稿" not in docx.Document(str(tmp_path / "final.docx")).sections[0].footer.paragraphs[0].text


def test_that_every_number_of_the_book_is_in_a_control_without_a_frame(opened: Document) -> None:
    controls = list(opened.element.iter(qn("w:sdt")))
    numbers = [run for one in half_year().paragraphs() for run in one.runs if isinstance(run, FigureNumber)]
    tags = [one.find(f".//{qn('w:tag')}").get(qn("w:val")) for one in controls]
    assert tags == [f"zs|{number.figure}|{number.nth}|{number.text}" for number in numbers]
    hidden = "{http://schemas.microsoft.com/office/word/2012/wordml}appearance"
    assert all(one.find(f".//{hidden}") is not None for one in controls)
    keys = [one.get(qn("w:val")) for one in opened.element.iter(qn("w:id"))]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("table", [BY_STREET, STUCK, SIGNED], ids=lambda table: table.key)
def test_that_tables_hold_every_row_with_widths_for_word_and_for_wps(opened: Document, table: Table) -> None:
    last = str(table.rows[-1][table.place("name" if table is not BY_STREET else "street")])
    (found,) = [one for one in opened.tables if last in {cell.text for cell in one.rows[-1].cells}
                and len(one.columns) == len(table.columns)]  # fmt: skip
    texts = [[cell.text for cell in row.cells] for row in found.rows]
    for row in table.rows:
        assert [shown(computed(table, row, at), column) for at, column in enumerate(table.columns)] in texts
    grid = [int(one.get(qn("w:w"))) for one in found._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert int(found._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w"))) == sum(grid)
    heads = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in found.rows]
    assert heads == [True] * sum(heads) + [False] * (len(heads) - sum(heads))
    assert sum(heads) == (2 if any(column.group for column in table.columns) else 1)


def test_that_a_chart_is_native_shows_its_numbers_and_can_be_edited(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        (name,) = [one for one in archive.namelist() if re.fullmatch(r"word/charts/\w+\.xml", one)]
        chart = ElementTree.fromstring(archive.read(name))
        (numbers,) = [one for one in archive.namelist() if one.startswith("word/embeddings/")]
        sheet = load_workbook(io.BytesIO(archive.read(numbers)))["Sheet1"]
    values = [node.text for node in chart.iter() if node.tag.endswith("}v")]
    assert "61.23" in values
    assert "庐阳经济开发区" in values
    assert [cell.value for cell in sheet[2]] == ["庐阳经济开发区", 38.2, 61.23]


def test_that_every_part_is_well_formed_and_named_in_the_list_of_kinds(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        assert archive.testzip() is None
        kinds = archive.read("[Content_Types].xml").decode()
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
            assert f'"/{name}"' in kinds or f'Extension="{name.rpartition(".")[2]}"' in kinds


@pytest.fixture(scope="module")
def on_paper(written: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    reader = PdfReader(converted(written, "pdf", tmp_path_factory.mktemp("paper")))
    return [page.extract_text() for page in reader.pages]


def test_that_libreoffice_prints_every_word_and_number_of_it(on_paper: list[str]) -> None:
    report, text = half_year(), _bare("".join(on_paper))
    for one in report.paragraphs():
        assert _bare(one.text)[:24] in text
        for run in one.runs:
            assert not isinstance(run, FigureNumber) or run.printed in text
    assert "合计" in text
    assert "1,742,000" in text


def test_that_libreoffice_lays_it_out_in_about_as_many_pages_as_the_pdf(on_paper: list[str], tmp_path: Path) -> None:
    pages = render_pdf(half_year(), tmp_path / "r.pdf", machine_fonts=False).pages
    assert abs(len(on_paper) - pages) <= 1
    assert [f"— {number} —" in text for number, text in enumerate(on_paper, start=1)] == [True] * len(on_paper)
    repeated = [text for text in on_paper if "序号" in text]
    assert len(repeated) >= 4


def _photographs() -> Iterator[tuple[str, bytes]]:
    for name, size, mode, kind in (("a", (2400, 1800), "RGB", "JPEG"), ("b", (300, 500), "RGBA", "PNG")):
        made = io.BytesIO()
        Image.new(mode, size, (90, 140, 190, 120)[: len(mode)]).save(made, kind)
        yield name, made.getvalue()
    yield "c", b"no picture"


def test_that_photographs_are_scaled_captioned_and_said_where_they_cannot_be_read(tmp_path: Path) -> None:
    album = dict(_photographs())
    report = _small(Picture("a", "图1　开工现场"), Picture("b"), Picture("c", "图3"), Picture("d", name="丢失.jpg"))
    render_docx(report, tmp_path / "r.docx", album=album.get, machine_fonts=False)
    found = docx.Document(str(tmp_path / "r.docx"))
    assert len(found.inline_shapes) == 2
    assert all(shape.width.mm <= 156.5 and shape.height.mm <= 113 for shape in found.inline_shapes)
    wide, tall = found.inline_shapes
    sides = [one.get(side) for one in found.element.iter(qn("wp:inline")) for side in ("distL", "distR")]
    assert set(sides) == {"0"}  # three in a line fit as reckoned
    assert wide.width / wide.height == pytest.approx(4 / 3, rel=0.01)
    assert tall.width / tall.height == pytest.approx(3 / 5, rel=0.01)
    text = "\n".join(one.text for one in found.paragraphs)
    assert "图1　开工现场" in text
    assert "（照片“图3”无法读取，未印出。）" in text
    assert "丢失.jpg" in text
    render_pdf(report, tmp_path / "r.pdf", album=album.get, machine_fonts=False)
    pages = PdfReader(tmp_path / "r.pdf").pages
    assert sum(len(page.images) for page in pages) == 2
    assert "丢失.jpg" in "".join(page.extract_text() for page in pages)


def test_that_what_is_off_is_on_no_face_and_what_was_typed_is_printed_on_each(tmp_path: Path) -> None:
    altered = Paragraph(("新签约", FigureNumber("signed.count", "47个", "48个"), "。"), place="signed.places")
    report = _small(altered, Paragraph(("不印的话。",), mode="off"))
    report = replace(report, number="第6期", sections=(*report.sections, Section("off", "不印的节", off=True)))
    render_docx(report, tmp_path / "r.docx", machine_fonts=False)
    render_pdf(report, tmp_path / "r.pdf", machine_fonts=False)
    render_xlsx(report, tmp_path / "r.xlsx")
    word = "".join(node.text or "" for node in docx.Document(str(tmp_path / "r.docx")).element.iter(qn("w:t")))
    paper = "".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    for text in (_bare(word), _bare(paper)):
        assert "新签约48个。" in text
        assert "第6期" in text
        assert "不印" not in text
    assert load_workbook(tmp_path / "r.xlsx").worksheets[0]["A2"].value == "第6期"


def test_that_the_same_report_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    render_docx(half_year(), tmp_path / "again.docx", draft=True, machine_fonts=False)
    assert (tmp_path / "again.docx").read_bytes() == written.read_bytes()


def test_that_an_english_report_says_nothing_in_chinese_of_its_own(tmp_path: Path) -> None:
    columns = (Column("a", "Place"), Column("n", "Statistical date", "number"))
    table = Table("t", "Signings", columns, (("East", 1),), totals=(None, 1), unit="10,000 yuan")
    report = Report(
        "Report", (Section("s", "Signed", (Paragraph(("One.",)), table), 2),), "en", appendix=(replace(table, key="u"),)
    )
    render_docx(report, tmp_path / "r.docx", draft=True, machine_fonts=False)
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        shown_parts = archive.read("word/document.xml") + archive.read("word/footer1.xml")
        names = re.findall(r'<w:name w:val="([^"]*)"', archive.read("word/styles.xml").decode())
    text = "".join(node for node in re.findall(r">([^<]+)</w:t>", shown_parts.decode()))
    assert not re.search(r"[一-鿿]", text + "".join(names))
    assert "Draft for approval" in text
    assert "Statistical date" in text


def test_that_awkward_text_is_kept_as_far_as_xml_can_hold_it(tmp_path: Path) -> None:
    columns = (Column("a", "名<称>&"), Column("b", "进\n展"))
    table = Table("t", "表\x07题", columns, (("坏\x00字\ud800符", "一行\n两行 <b>"),))
    report = replace(_small(Paragraph(("A & B < C\ufffe",)), table), signature="长" * 300 + "\x00")
    render_docx(report, tmp_path / "r.docx", machine_fonts=False)
    found = docx.Document(str(tmp_path / "r.docx"))
    assert "A & B < C" in [one.text for one in found.paragraphs]
    assert [cell.text for cell in found.tables[0].rows[-1].cells] == ["坏字符", "一行\n两行 <b>"]


class _Stopping:
    def step(self, done: int, total: int, text: Text) -> None:
        raise Cancelled


def test_that_stopping_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        render_docx(half_year(), tmp_path / "a.docx", progress=_Stopping(), machine_fonts=False)
    assert list(tmp_path.iterdir()) == []
