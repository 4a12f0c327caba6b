"""A Word file that comes back: what it says, where, with which numbers; and files that are no report at all."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.errors import Problem, Refused, Unavailable
from db.reports.docx import render_docx
from db.reports.docx_return import Returned, read_docx
from db.reports.report import FigureNumber
from tests.db.reports.office import converted
from tests.db.reports.sample import half_year

_DOCUMENT = "word/document.xml"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "sent.docx"
    render_docx(half_year(), path, machine_fonts=False)
    return path


def _edited(sent: Path, folder: Path, edit: Callable[[str], str], part: str = _DOCUMENT) -> Path:
    """A copy of `sent` in which somebody changed the text."""
    path = folder / "back.docx"
    with zipfile.ZipFile(sent) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, edit(content.decode()).encode() if name == part else content)
    return path


def _numbers(returned: Returned, place: str) -> list[tuple[str, int, str, str]]:
    one = returned.placed()[place]
    return [(number.figure, number.nth, number.sent, one.text[number.start : number.end]) for number in one.numbers]


def test_that_an_untouched_file_says_what_was_sent_and_where(sent: Path) -> None:
    returned, report = read_docx(sent), half_year()
    assert (returned.first, returned.last, returned.language) == ("2024-01-01", "2024-06-30", "zh")
    placed = returned.placed()
    for one in report.paragraphs():
        if one.place:
            assert placed[one.place].text == one.text
            found = [run for run in one.runs if isinstance(run, FigureNumber)]
            assert _numbers(returned, one.place) == [(run.figure, run.nth, run.text, run.text) for run in found]


def test_that_a_number_altered_by_hand_is_told_from_the_one_sent(sent: Path, tmp_path: Path) -> None:
    back = _edited(
        sent, tmp_path, lambda text: text.replace(">47个<", ">48个<").replace("，同比增长46.9%", "，较快增长")
    )
    numbers = _numbers(read_docx(back), "targets.results")
    assert numbers[0] == ("signed.count", 1, "47个", "48个")
    assert numbers[1:3] == [
        ("signed.investment", 1, "174.2亿元", "174.2亿元"),
        ("signed.investment", 2, "69.6%", "69.6%"),
    ]


def test_that_tracked_changes_count_as_accepted(sent: Path, tmp_path: Path) -> None:
    def edit(text: str) -> str:
        kept = re.sub(r"<w:r><w:t[^>]*>现将[^<]*</w:t></w:r>", "", text, count=1)
        place = '<w:bookmarkStart w:id="1" w:name="_zs_opening"/>'
        deleted = '<w:del w:id="900"><w:r><w:delText>旧</w:delText></w:r></w:del>'
        return kept.replace(place, f"{place}{deleted}<w:ins w:id='901'><w:r><w:t>新话。</w:t></w:r></w:ins>")

    assert read_docx(_edited(sent, tmp_path, edit)).placed()["opening"].text == "新话。"


def test_that_a_parted_paragraph_is_one_again_and_two_made_one_stay_two(sent: Path, tmp_path: Path) -> None:
    parted = '</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t>'
    back = _edited(sent, tmp_path, lambda text: text.replace("个别街道尚无", f"{parted}个别街道尚无"))
    assert (
        read_docx(back).placed()["problems.own.2"].text == "二是省外资金到位不均衡，\n个别街道尚无新签约5亿元以上项目。"
    )

    def join(text: str) -> str:
        return re.sub(
            r"</w:p><w:p><w:pPr><w:pStyle w:val=\"BodyText\"/></w:pPr>(?=<w:bookmarkStart[^>]*own__2)", "", text
        )

    placed = read_docx(_edited(sent, tmp_path, join)).placed()
    assert placed["problems.own.1"].text.endswith("仍需加强。")
    assert placed["problems.own.2"].text.startswith("二是")


def test_that_a_copy_saved_by_libreoffice_still_says_where_each_paragraph_stands(sent: Path, tmp_path: Path) -> None:
    returned = read_docx(converted(sent, "docx", tmp_path))
    placed = returned.placed()
    for one in half_year().paragraphs():
        if one.place:
            assert placed[one.place].text == one.text
    assert returned.last == "2024-06-30"


def test_that_a_strict_file_and_one_without_places_are_read_too(sent: Path, tmp_path: Path) -> None:
    def edit(text: str) -> str:
        bare = re.sub(r"<w:bookmark(Start|End)[^>]*>", "", text).replace("<w:tag ", "<w:alias ")
        return bare.replace(
            "//schemas.openxmlformats.org/wordprocessingml/2006/", "//purl.oclc.org/ooxml/wordprocessingml/"
        )

    returned = read_docx(_edited(sent, tmp_path, edit))
    assert returned.placed() == {}
    assert half_year().opening[0].text in [one.text for one in returned.paragraphs]
    assert not any(one.numbers for one in returned.paragraphs)


def _zipped(path: Path, content: bytes, name: str = _DOCUMENT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def _document(body: str) -> bytes:
    return f'<w:document xmlns:w="x"><w:body>{body}</w:body></w:document>'.encode()


def _encrypted(path: Path) -> Path:
    _zipped(path, _document(""))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    for flags in (6, at + 8):
        struct.pack_into("<H", content, flags, 1)
    path.write_bytes(content)
    return path


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
_BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><w:document xmlns:w="x"><w:p><w:t>&c;</w:t></w:p></w:document>'
)
_OUTSIDE = (
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "secret.txt">]><w:document xmlns:w="x"><w:p><w:t>&b;</w:t></w:p></w:document>'
)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: _file(path, b""), "is no Word file"),
        (lambda path: _file(path, "通报".encode()), "is no Word file"),
        (lambda path: _zipped(path, b"<a/>", "xl/workbook.xml"), "is no Word file"),
        (lambda path: _file(path, _OLE), "old format"),
        (lambda path: _file(path, _OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
        (_encrypted, "password"),
        (lambda path: _file(path, b"PK\x03\x04" + bytes(100)), "damaged"),
        (lambda path: _zipped(path, b"<w:document"), "damaged"),
        (lambda path: _zipped(path, b"\xff\xfe\x00"), "damaged"),
        (lambda path: _zipped(path, _BOMB), "damaged"),
        (lambda path: _zipped(path, _OUTSIDE), "damaged"),
        (lambda path: _zipped(path, b"<a>" * 100_000), "damaged"),
        (lambda path: _zipped(path, _document("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 10_000)), "too large"),
        (lambda path: _zipped(path, _document(f"<w:p><w:r><w:t>{'a' * 3_000_000}</w:t></w:r></w:p>")), "too large"),
        (lambda path: _zipped(path, b" " * (80 << 20)), "too large"),
        (lambda path: path, "no longer there"),
    ],
)
def test_that_what_is_no_report_is_refused_with_a_sentence(
    make: Callable[[Path], Path], said: str, tmp_path: Path
) -> None:
    path = make(tmp_path / "通报.docx")
    with pytest.raises(Refused, match=said) as refused:
        read_docx(path)
    assert "通报.docx" in refused.value.render("zh")


def test_that_a_folder_is_no_word_file(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as problem:
        read_docx(tmp_path)
    assert isinstance(problem.value, Problem)


def test_that_half_a_file_is_refused_wherever_it_was_cut(sent: Path, tmp_path: Path) -> None:
    content = sent.read_bytes()
    for part in range(1, 8):
        path = _file(tmp_path / "half.docx", content[: len(content) * part // 8])
        with pytest.raises(Refused):
            read_docx(path)


def test_that_crooked_marks_do_no_harm(sent: Path, tmp_path: Path) -> None:
    def edit(text: str) -> str:
        lost = re.sub(r"<w:bookmarkEnd[^>]*>", "", text, count=1)
        return lost.replace("zs|signed.count|1|47个", "zs|signed.count|once|").replace("zs|started.count", "other")

    returned = read_docx(_edited(sent, tmp_path, edit))
    assert returned.placed()["opening"].text.endswith("情况通报如下：\n一、目标任务完成情况")
    assert [figure for figure, *_rest in _numbers(returned, "targets.results")] == [
        "signed.investment",
        "signed.investment",
        "started.investment",
    ]
