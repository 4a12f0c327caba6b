from __future__ import annotations

import errno
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import reportlab
from pypdf import PdfReader

from db.core.errors import Cancelled, Unavailable
from db.core.paths import RESOURCES
from db.core.text import Text
from db.reports import fonts, machine_fonts, whole_files
from db.reports.pdf import Rendered, render_pdf
from db.reports.pdf_charts import scale_of
from db.reports.report import Block, Column, FigureNumber, Paragraph, Report, Section, Table
from tests.db.reports.sample import SIGNED, half_year
from tests.ending import run


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rendered]:
    path = tmp_path_factory.mktemp("pdf") / "通报.pdf"
    return path, render_pdf(half_year(), path, machine_fonts=False)


def _text(path: Path) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))


def _small(*runs: str | FigureNumber) -> Report:
    return Report("标题", (Section("s", "情况", (Paragraph(runs),)),))


def test_that_the_text_of_a_report_extracts_as_chinese(printed: tuple[Path, Rendered]) -> None:
    text = _text(printed[0])
    for wanted in (
        "47个",
        "174.2亿元",
        "69.6%",
        "一、目标任务完成情况",
        "（一）新签约。",
        "附件：1.签约满6个月未开工项目",
        "2.2024年1—6月新签约项目明细表",
    ):
        assert wanted in text
    assert "现将2024年1—6月全区招商引资工作情况通报如下：" in text


@pytest.mark.parametrize("name", ["㛃", "䶮", "𬭎"])
def test_that_rare_names_are_drawn_and_extract_right_in_every_reader(printed: tuple[Path, Rendered], name: str) -> None:
    path = printed[0]
    assert name in _text(path)
    document = pypdfium2.PdfDocument(path)
    # A document's pages are numbered from 0; the first holds the sentence with the names.
    assert name in document[0].get_textpage().get_text_bounded()
    document.close()
    poppler = run("pdftotext", path, "-").stdout
    assert name in poppler


def test_that_a_character_no_face_has_is_a_geta_still_extracts_and_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    # The last is younger than the interpreter's table of characters, and no less a character for that.
    rendered = render_pdf(_small("姓名\U0003134a、\U000323af。"), path, machine_fonts=False)
    assert "姓名\U0003134a、\U000323af。" in _text(path)
    assert rendered.missing == ("\U0003134a", "\U000323af")
    assert rendered.warning is not None
    assert "U+3134A" in rendered.warning.render("zh")
    assert render_pdf(_small("姓名㛃𬭎。"), path, machine_fonts=False).warning is None


def test_that_every_used_font_is_embedded_as_a_subset(printed: tuple[Path, Rendered]) -> None:
    fonts: dict[str, Any] = {}
    for page in PdfReader(printed[0]).pages:
        resources: Any = page["/Resources"]
        fonts |= dict(resources["/Font"].items())
    composite = [font.get_object() for font in fonts.values() if font.get_object()["/Subtype"] == "/Type0"]
    assert len(composite) >= 3
    for font in composite:
        inner = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font
    assert printed[0].stat().st_size < 400_000


def test_that_pages_are_numbered_and_wide_tables_lie_on_turned_sheets(printed: tuple[Path, Rendered]) -> None:
    reader = PdfReader(printed[0])
    assert len(reader.pages) == printed[1].pages
    for number, page in enumerate(reader.pages, start=1):
        assert f"—{number}—" in re.sub(r"\s", "", page.extract_text())
    widths = [float(page.mediabox.width) for page in reader.pages]
    assert widths[0] < 600 < widths[-1]
    assert widths == sorted(widths), "text first, then the tables on turned sheets"


def test_that_odd_page_numbers_stand_right_and_even_ones_left(printed: tuple[Path, Rendered]) -> None:
    document = pypdfium2.PdfDocument(printed[0])

    def across(number: int) -> float:
        page = document[number - 1].get_textpage()
        found = page.search(f"— {number} —").get_next()
        return float(page.get_charbox(found[0])[0])

    first, second = across(1), across(2)
    document.close()
    assert first > 400
    assert second < 120


def test_that_a_body_page_holds_22_lines_of_28_characters(tmp_path: Path) -> None:
    path = tmp_path / "grid.pdf"
    body = "招商引资工作情况通报" * 200
    render_pdf(_small(body), path, machine_fonts=False)
    page = PdfReader(path).pages[1].extract_text().split("\n")
    lines = [line for line in page if "招商" in line]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines} == {28}


def test_that_a_table_over_several_sheets_repeats_its_header_and_says_so(printed: tuple[Path, Rendered]) -> None:
    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(printed[0]).pages]
    continued = [page for page in pages if "明细表（续）" in page]
    assert len(continued) >= 2
    assert all("项目名称" in page and "认定日期" in page for page in continued)
    assert sum(page.count("恒光光伏逆变器智能工厂") for page in pages) >= 1
    whole = "".join(pages)
    assert all(str(row[8]) in whole for row in SIGNED.rows), "no row is lost at a page's end"


def test_that_a_table_of_fewer_than_six_rows_is_not_parted(tmp_path: Path) -> None:
    for lead in range(8, 20):
        table = Table(
            "t", "小表", (Column("a", "甲"), Column("b", "数", "number")), tuple((f"行{i}x", i) for i in range(5))
        )
        blocks: tuple[Block, ...] = (*(Paragraph((f"段{i}",)) for i in range(lead)), table)
        path = tmp_path / f"{lead}.pdf"
        render_pdf(Report("标题", (Section("s", "情况", blocks),)), path, machine_fonts=False)
        pages = [page.extract_text() for page in PdfReader(path).pages]
        assert len([page for page in pages if re.search(r"行\dx", page)]) == 1, lead


def test_that_each_figure_printed_in_the_text_has_its_place(printed: tuple[Path, Rendered]) -> None:
    places = printed[1].places
    assert {place.figure for place in places} == {
        "signed.count",
        "signed.investment",
        "started.count",
        "started.investment",
    }
    document = pypdfium2.PdfDocument(printed[0])
    page = document[0]
    height, text = page.get_height(), page.get_textpage()
    first = places[0]
    read = text.get_text_bounded(first.left, height - first.bottom, first.right, height - first.top)
    document.close()
    assert read.strip() == "47个"


def test_that_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.pdf", tmp_path / "2.pdf"
    render_pdf(half_year(), one, machine_fonts=False)
    render_pdf(half_year(), two, machine_fonts=False)
    assert one.read_bytes() == two.read_bytes()


def test_that_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    render_pdf(half_year(), path, draft=True, machine_fonts=False)
    assert all("送审稿" in page.extract_text() for page in PdfReader(path).pages)


def test_that_an_english_report_says_nothing_in_chinese_of_its_own(tmp_path: Path) -> None:
    table = Table(
        "t", "Signed", (Column("a", "Unit"), Column("n", "Projects", "number")), (("Dayang", 9),), unit="projects"
    )
    path = tmp_path / "en.pdf"
    words = "In the first half of the year 47 projects were signed, 69.6% more than a year before. " * 4
    report = Report("Report", (Section("s", "Overview", (Paragraph((words,)), table)),), language="en")
    render_pdf(report, path, machine_fonts=False, draft=True)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert not re.search(r"[⺀-鿿]", text)
    assert "1. Overview" in text


class _Stopping:
    def step(self, done: int, total: int, text: Text) -> None:
        raise Cancelled


def test_that_stopping_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        render_pdf(half_year(), tmp_path / "a.pdf", progress=_Stopping(), machine_fonts=False)
    assert list(tmp_path.iterdir()) == []


def test_that_an_earlier_file_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"earlier")
    with pytest.raises(Cancelled):
        render_pdf(half_year(), path, progress=_Stopping(), machine_fonts=False)
    assert path.read_bytes() == b"earlier"


def test_that_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        render_pdf(half_year(), tmp_path / "none" / "a.pdf", machine_fonts=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_that_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    part = tmp_path / "a.pdf.part"
    part.symlink_to("/dev/full")
    with pytest.raises(Unavailable, match="disk is full"):
        render_pdf(half_year(), tmp_path / "a.pdf", machine_fonts=False)
    assert list(tmp_path.iterdir()) == []


def test_that_a_file_open_elsewhere_is_told_from_a_folder_without_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    with pytest.raises(Unavailable, match="open in another program"), whole_files.written_whole(path):
        raise PermissionError(errno.EACCES, "used by another process")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(Unavailable, match="is a folder"), whole_files.written_whole(folder) as part:
        part.write_bytes(b"x")


def test_that_an_axis_begins_at_zero_and_ends_above_the_highest_bar() -> None:
    from decimal import Decimal

    for value in ("0.3", "1", "9.99", "61.23", "70", "174.2", "99999"):
        scale = scale_of(Decimal(value))
        assert scale.end >= Decimal(value)
        assert 1 <= scale.end / scale.step <= 8


def _faces(path: Path) -> set[str]:
    names = set()
    for page in PdfReader(path).pages:
        resources: Any = page["/Resources"]
        names |= {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    return {name.partition("+")[2] for name in names if "+" in name}


def test_that_the_machines_own_faces_are_used_and_broken_ones_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = RESOURCES / "fonts"
    folder = tmp_path / "fonts"
    folder.mkdir()
    shutil.copy(bundled / "NotoSansSC-Regular.ttf", folder / "SIMFANG.TTF")
    (folder / "simkai.ttf").write_bytes(b"no font")
    monkeypatch.setattr(machine_fonts, "machine_folders", lambda: (folder,))
    path = tmp_path / "own.pdf"
    render_pdf(_small("正文用本机仿宋。"), path)
    assert "NotoSansSC-Regular" in _faces(path)
    assert "正文用本机仿宋。" in _text(path)
    render_pdf(_small("正文用自带字体。"), path, machine_fonts=False)
    assert "NotoSansSC-Regular" not in _faces(path)


def test_that_a_character_of_the_machines_rare_faces_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = tmp_path / "bundled"
    (bundled / "fonts").mkdir(parents=True)
    rare = tmp_path / "rare"
    rare.mkdir()
    shutil.copy(RESOURCES / "fonts" / "NotoSerifSC-Regular.ttf", rare / "simsunb.ttf")
    shutil.copy(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", rare / "simfang.ttf")
    monkeypatch.setattr(fonts, "RESOURCES", bundled)
    monkeypatch.setattr(machine_fonts, "machine_folders", lambda: (rare,))
    report = Report("", (), opening=(Paragraph(("Name 㛃",), flush=True),))
    rendered = render_pdf(report, tmp_path / "a.pdf")
    assert rendered.missing == ()
    assert _faces(tmp_path / "a.pdf") == {"NotoSerifSC-Regular", "BitstreamVeraSans-Roman"}


def test_that_a_document_names_the_faces_this_machine_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SIMFANG.TTF").touch()
    monkeypatch.setattr(machine_fonts, "machine_folders", lambda: (tmp_path,))
    assert machine_fonts.name_in_document("body") == "仿宋"
    assert machine_fonts.name_in_document("title") == "方正小标宋简体"
    assert machine_fonts.name_in_document("body", machine=False) == "仿宋_GB2312"


def test_that_a_table_of_five_thousand_rows_prints_every_one_under_its_heading(tmp_path: Path) -> None:
    columns = (Column("no", "序号", "centre"), Column("name", "项目名称"), Column("agreed", "协议投资额", "number"))
    rows = tuple((number, f"第{number}个项目", number * 7) for number in range(1, 5001))
    table = Table("t", "项目明细", columns, rows, "万元", totals=(None, None, 87517500), landscape=True)
    rendered = render_pdf(Report("题", (), appendix=(table,)), tmp_path / "a.pdf", machine_fonts=False)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    pages = [document[at].get_textpage().get_text_range() for at in range(1, len(document))]
    document.close()
    assert rendered.pages == len(pages) + 1
    assert all("项目名称" in page for page in pages)
    assert ["（续）" in page for page in pages] == [False] + [True] * (len(pages) - 1)
    assert re.findall(r"第(\d+)个项目", "".join(pages)) == [str(number) for number in range(1, 5001)]


def test_that_missing_fonts_are_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "RESOURCES", tmp_path)
    with pytest.raises(Unavailable, match="fonts"):
        render_pdf(_small("无字体。"), tmp_path / "a.pdf", machine_fonts=False)
    assert list(tmp_path.iterdir()) == []


def test_that_control_characters_and_essays_in_cells_do_no_harm(tmp_path: Path) -> None:
    columns = (Column("a", "名称"), Column("b", "进展"))
    table = Table("t", "表\t题", columns, (("坏\x00字\ud800符\n两行", "推进中，" * 900), ("", "")), landscape=True)
    path = tmp_path / "a.pdf"
    assert render_pdf(Report("题\x07目", (Section("s", "节", (table,)),)), path, machine_fonts=False).pages == 2
    assert "…" in _text(path)
    assert "〓" not in _text(path)


def test_that_a_table_without_rows_or_columns_worth_naming_still_prints(tmp_path: Path) -> None:
    table = Table("t", "空表", (Column("a", "甲"), Column("n", "数", "number")), (), totals=(None, 0))
    path = tmp_path / "a.pdf"
    render_pdf(Report("题", (Section("s", "节", (table,)),)), path, machine_fonts=False)
    assert "合计" in _text(path)


@pytest.mark.parametrize(
    "stand", ["", "统计截止：2024-06-30", "统计截止：2024-06-30　口径：按认定日期，只计首次签约的正式协议，" * 3]
)
@pytest.mark.parametrize("title", ["短", "全区新签约亿元以上工业和生产性服务业项目分布情况一览", "很长的表名" * 20])
def test_that_caption_date_and_unit_never_overlap(tmp_path: Path, title: str, stand: str) -> None:
    columns = (Column("a", "甲"), Column("n", "数", "number"))
    table = Table("t", title, columns, (("行", 1),), unit="个、亿元、百分点", stand=stand)
    path = tmp_path / "a.pdf"
    render_pdf(Report("题", (Section("s", "节", (table,)),)), path, machine_fonts=False)
    document = pypdfium2.PdfDocument(path)
    page = document[0].get_textpage()
    boxes = [page.get_charbox(i) for i in range(page.count_chars()) if page.get_text_range(i, 1).strip()]
    document.close()
    for at, (left, bottom, right, top) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = (
                other[0] >= right - 0.6 or other[2] <= left + 0.6 or other[1] >= top - 0.6 or other[3] <= bottom + 0.6
            )
            assert apart, (boxes[at], other)


@pytest.mark.parametrize("lines", range(14, 22))
def test_that_a_signature_is_never_alone_on_a_sheet_when_there_are_annexes(tmp_path: Path, lines: int) -> None:
    annex = replace(next(iter(half_year().tables().values())), title="新签约项目分布")
    text = tuple(Paragraph((f"第{number}行文字。",)) for number in range(lines))
    report = Report(
        "通报",
        (Section("one", "总体情况", text),),
        appendix=(annex,),
        signature="区投资促进中心",
        signed_on="2024年7月5日",
    )
    render_pdf(report, tmp_path / "r.pdf")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages]
    (signed,) = [page for page in pages if "区投资促进中心" in page]
    assert "附件" in signed or "行文字" in signed
