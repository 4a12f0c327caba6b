"""The manual is tested: its commands run as printed, its pictures and links are there, both languages say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from db import cli

HELP = Path(__file__).resolve().parents[1] / "resources" / "help"
CHAPTERS = sorted(path.name for path in (HELP / "zh").glob("*.md"))


def _commands(text: str) -> list[list[str]]:
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_every_command_of_the_manual_runs_as_printed(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = _commands((HELP / lang / "commands.md").read_text("utf-8"))
    assert len(commands) > 10
    for name, *words in commands:
        assert name == "zhaoshang"
        assert cli.main(["--lang", lang, *words]) == 0, " ".join(words)


def test_that_both_languages_have_the_same_chapters() -> None:
    assert sorted(path.name for path in (HELP / "en").glob("*.md")) == CHAPTERS


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_that_links_and_pictures_of_a_chapter_exist(lang: str, chapter: str) -> None:
    text = (HELP / lang / chapter).read_text("utf-8")
    for place in re.findall(r"\]\(([^)#]+)\)", text):
        assert (HELP / lang / place).resolve().exists(), place
