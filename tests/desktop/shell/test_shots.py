"""The pictures of the manual, and the command that takes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "resources" / "help" / "pictures"
PAGES = {
    "welcome",
    "today",
    "compare",
    "asof",
    "projects",
    "overview",
    "history",
    "settings",
    "sheets",
    "folder",
    "lists",
    "reconcile",
}


def shots(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "desktop", "shots", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_that_every_page_is_taken_in_the_size_and_language_asked_for(demonstration: Path, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    book = shutil.copy(demonstration, tmp_path / "账本.zsb")
    done = shots(str(book), "--out", str(tmp_path / "out"), "--size", "1366x768", "--lang", "en", "--theme", "dark")
    assert done.returncode == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{page}-en-dark.png" for page in PAGES}
    assert QImage(str(tmp_path / "out" / "projects-en-dark.png")).size().toTuple() == (1366, 768)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_the_manual_shows_every_page_as_it_is_taken_here(demonstration: Path, tmp_path: Path, lang: str) -> None:
    """With ZHAOSHANG_PICTURES=keep the pictures taken become the manual's."""
    from PySide6.QtGui import QImage

    book = shutil.copy(demonstration, tmp_path / "庐阳区招商账本.zsb")
    out = PICTURES if os.environ.get("ZHAOSHANG_PICTURES") == "keep" else tmp_path / "out"
    done = shots(str(book), "--out", str(out), "--size", "1366x768", "--lang", lang)
    assert done.returncode == 0
    for page in PAGES:
        shown, taken = (QImage(str(folder / f"{page}-{lang}.png")) for folder in (PICTURES, out))
        assert not shown.isNull(), page
        assert shown.size() == taken.size()


@pytest.mark.parametrize(
    ("book", "size", "code"), [("nowhere.zsb", "1366x768", 1), ("nowhere.zsb", "large", 2)], ids=["no book", "no size"]
)
def test_that_what_cannot_be_taken_is_a_sentence_and_an_exit_code(
    tmp_path: Path, book: str, size: str, code: int
) -> None:
    done = shots(str(tmp_path / book), "--out", str(tmp_path / "out"), "--size", size)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
