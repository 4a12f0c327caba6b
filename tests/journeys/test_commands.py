"""The outside of the program: exit codes, refusals in words, nothing changed where something is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ending import python
from tests.journeys.console import Console


def test_that_commands_never_import_qt() -> None:
    code = "import sys, db.cli, db.commands, db.rooms; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert python("-c", code, check=False).returncode == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("figures", "{book}", "--period", "2024-13"), 2),
        (("figures", "{book}"), 2),
        (("fly", "{book}"), 2),
        (("export", "{book}", "nowhere", "--out", "{folder}/x.xlsx"), 2),
        (("export", "{book}", "projects", "--out", "{folder}/x.xlsx", "--view", "没有这个视图"), 2),
        (("export", "{book}", "projects", "--out", "{folder}/x.xlsx", "--period", "2024"), 2),
        (("import", "{book}", "nowhere.xlsx"), 3),
        (("figures", "{folder}/none.zsb", "--period", "2024"), 1),
        (("figures", "{folder}", "--period", "2024"), 1),
        (("figures", "{book}", "--period", "2024", "--as-of", "1999-01-01"), 1),
        (("undo", "{book}", "999"), 1),
        (("new", "{book}"), 1),
        (("new", "{folder}/no/such/folder.zsb"), 3),
        (("figures", "postgresql://nobody@127.0.0.1:1/none", "--period", "2024"), 3),
        (("check", "postgresql://nobody@server:port/none"), 1),
        (("upgrade", __file__), 1),
    ],
)
def test_that_what_cannot_be_done_is_said_in_words_with_its_exit_code(
    zhaoshang: Console, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    book = tmp_path / "book.zsb"
    zhaoshang("new", book)
    answer = zhaoshang("--lang", "zh", *(word.format(book=book, folder=tmp_path) for word in words))
    assert answer.code == code
    assert answer.out == ""
    assert any("一" <= letter <= "鿿" for letter in answer.err)
    assert "Traceback" not in answer.err


def test_that_a_command_speaks_the_language_asked_for(zhaoshang: Console, tmp_path: Path) -> None:
    zh = zhaoshang("figures", tmp_path / "none.zsb", "--period", "2024", "--lang", "zh")
    en = zhaoshang("figures", tmp_path / "none.zsb", "--period", "2024", "--lang", "en")
    assert zh.err.startswith("没有账本")
    assert en.err.startswith("There is no book")


def test_that_help_is_complete_in_chinese(zhaoshang: Console) -> None:
    said = zhaoshang("--lang", "zh", "--help")
    assert said.code == 0
    assert "用法：" in said.out
    assert "usage" not in said.out
    assert "options" not in said.out
