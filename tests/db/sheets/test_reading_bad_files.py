"""Bad files: one true sentence, whatever they are, and never a traceback."""

from __future__ import annotations

import errno
import os
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.errors import Problem, Refused, Unavailable
from db.sheets import child
from db.sheets.child import Limits
from db.sheets.reading import read_workbook, unreadable
from tests.factories import spreadsheets as make

TOO_LARGE, PROTECTED, DAMAGED, NOT_A_TABLE = "too large", "password-protected", "is damaged.", "not a table"
TERMS = {TOO_LARGE: "过大", PROTECTED: "密码保护", DAMAGED: "已损坏", NOT_A_TABLE: "不是可读取的表格"}

CASES: list[tuple[str, Callable[[Path], Path], str]] = [
    ("bomb.xlsx", make.packed_bomb, TOO_LARGE),
    ("boast.xlsx", make.boastful_zip, TOO_LARGE),
    ("far.xlsx", make.far_cell, TOO_LARGE),
    ("secret.xlsx", make.encrypted_xlsx, PROTECTED),
    ("secret.xls", make.encrypted_xls, PROTECTED),
    ("secret.ods", make.encrypted_ods, PROTECTED),
    ("cut.xlsx", lambda path: make.cut(make.xlsx(path)), DAMAGED),
    ("cut.xls", lambda path: make.cut(make.xls(path), 0.4), DAMAGED),
    ("cut.ods", lambda path: make.cut(make.ods(path)), DAMAGED),
    ("letter.docx", make.word_docx, NOT_A_TABLE),
    ("letter.xls", make.word_document, NOT_A_TABLE),
    ("picture.xlsx", make.picture, NOT_A_TABLE),
]


def sentence(path: Path, kind: type[Problem] = Refused, limits: Limits | None = None) -> str:
    with pytest.raises(kind) as caught:
        read_workbook(path, limits=limits)
    said = caught.value.render("en")
    assert path.name in said
    assert "Nothing was changed" in said
    assert "{" not in said + caught.value.render("zh")
    assert "未作任何改动" in caught.value.render("zh")
    return said


@pytest.mark.parametrize(("name", "maker", "word"), CASES, ids=[case[0] for case in CASES])
def test_that_a_bad_file_is_refused_with_the_true_reason(
    tmp_path: Path, name: str, maker: Callable[[Path], Path], word: str
) -> None:
    path = maker(tmp_path / name)
    assert word in sentence(path)
    with pytest.raises(Refused) as caught:
        read_workbook(path)
    assert TERMS[word] in caught.value.render("zh")


def test_that_an_entity_bomb_is_refused_before_any_parser_sees_it(tmp_path: Path) -> None:
    assert "damaged or hostile" in sentence(make.entity_bomb(tmp_path / "laughs.xlsx"))


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n1 0 obj", b"\x00\x01\x02\x03" * 500, b"\xff\xd8\xff\xe0JFIF", b"<html>no table</html>", b" \r\n\t \n"],
    ids=["pdf", "binary", "jpeg", "page without a table", "white space"],
)
@pytest.mark.parametrize("suffix", ["xls", "csv", "xlsx"])
def test_that_what_is_no_table_is_called_so(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    assert NOT_A_TABLE in sentence(path)


def test_that_an_empty_file_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").touch()
    assert "is empty" in sentence(tmp_path / "empty.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "is a folder" in sentence(tmp_path / "folder.xlsx")
    assert "was not found" in sentence(tmp_path / "missing.xlsx", Unavailable)
    assert "was not found" in sentence(tmp_path / "empty.xlsx" / "x.xlsx", Unavailable)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_that_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert NOT_A_TABLE in sentence(tmp_path / "pipe.xlsx")


def test_that_no_permission_and_a_file_open_elsewhere_are_the_environments_fault() -> None:
    assert "may not be read by this account" in str(unreadable("a.xlsx", PermissionError(errno.EACCES, "")))
    sharing = PermissionError(errno.EACCES, "")
    sharing.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    for failure in (sharing, OSError(errno.EBUSY, "")):
        problem = unreadable("a.xlsx", failure)
        assert "open in another program" in problem.render("en")
        assert "正在其他程序中打开" in problem.render("zh")
        assert problem.exit_code == 3
    assert "from its disk" in str(unreadable("a.xlsx", OSError(errno.EIO, "")))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is permitted to this account")
def test_that_a_file_without_permission_is_the_environments_fault(tmp_path: Path) -> None:
    path = make.xlsx(tmp_path / "a.xlsx")
    path.chmod(0)
    assert "may not be read by this account" in sentence(path, Unavailable)


@pytest.mark.parametrize("keep", [0.02, 0.1, 0.3, 0.5, 0.8, 0.97])
def test_that_a_cut_download_is_a_sentence_wherever_it_was_cut(tmp_path: Path, keep: float) -> None:
    sentence(make.cut(make.xlsx(tmp_path / "a.xlsx"), keep))
    assert outcome(make.cut(make.xls(tmp_path / "a.xls"), keep)) in ("read", "refused")


def test_that_a_parser_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = make.xlsx(tmp_path / "slow.xlsx", [[n] for n in range(20_000)])
    assert "within 0 seconds" in sentence(path, limits=Limits(seconds=0.01))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_that_a_parser_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = make.far_cell(tmp_path / "thick.xlsx", 1_000_000, 10)
    assert TOO_LARGE in sentence(path, limits=Limits(memory=200 << 20))


def test_that_a_parser_taken_over_by_a_file_cannot_call_anything_here() -> None:
    class Attack:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
            return os.system, ("echo taken over",)

    with pytest.raises(child.Died):
        child.unpacked(pickle.dumps(("rows", Attack())))
    assert child.unpacked(pickle.dumps(("end",))) == ("end",)


@pytest.mark.parametrize(
    ("offset", "value"),
    # Seen to abort the parsing library's process, and to make it panic.
    [(1551, 255), (1551, 127), (1894, 127)],
)
def test_that_an_old_workbook_on_which_the_parser_dies_is_a_sentence(tmp_path: Path, offset: int, value: int) -> None:
    raw = bytearray(make.small_xls())
    raw[offset] = value
    (tmp_path / "crash.xls").write_bytes(raw)
    assert sentence(tmp_path / "crash.xls")


def test_that_random_damage_to_an_old_workbook_never_brings_the_program_down(tmp_path: Path) -> None:
    sound, chance = make.small_xls(), random.Random(20240601)
    for number in range(25):
        raw = bytearray(sound)
        for _each in range(6):
            raw[chance.randrange(512, len(raw))] = chance.choice((0, 127, 255))
        path = tmp_path / f"{number}.xls"
        path.write_bytes(raw)
        assert outcome(path) in ("read", "refused")


def test_that_damage_around_errors_never_brings_the_program_down(tmp_path: Path) -> None:
    rows: list[list[object]] = [["项目名称", "#REF!"], ["甲", "=#N/A"]]
    sound = make.xls_with_errors(tmp_path / "a.xls", rows).read_bytes()
    chance = random.Random(20240602)
    for number in range(12):
        raw = bytearray(sound)
        for _each in range(8):
            # The list of sectors and the chains are in the header and at the end: circles and ways out of the file.
            place = chance.choice((chance.randrange(44, 512), chance.randrange(len(raw) - 1024, len(raw))))
            raw[place] = chance.choice((0, 1, 2, 127, 255))
        path = tmp_path / f"{number}.xls"
        path.write_bytes(raw)
        assert outcome(path) in ("read", "refused")
    for keep in (0.3, 0.6, 0.9):
        assert outcome(make.cut(make.xlsb(tmp_path / "b.xlsb", rows), keep)) == "refused"
    record = make.xlsb(tmp_path / "c.xlsb", [["#REF!", "长" * 50]] * 40)
    assert outcome(make.rewritten(record, lambda name, part: part[: len(part) // 2] if "sheet2" in name else part)) in (
        "read",
        "refused",
    )


def test_that_an_error_repeated_without_end_is_too_large(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:formula="of:=1/0" table:number-columns-repeated="999999999" office:value-type="string"'
    )
    cell += ' office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    path = make.ods_with_rows(tmp_path / "d.ods", f"<table:table-row>{cell}</table:table-row>")
    assert TOO_LARGE in sentence(path)


def outcome(path: Path) -> str:
    try:
        read_workbook(path, limits=Limits(seconds=20))
    except Refused:
        return "refused"
    return "read"
