"""The pictures of the manual, and the command that takes them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ending import python

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "resources" / "help" / "pictures"
PAGES = {"welcome", "compare", "asof", "history", "settings", "sheets", "folder", "lists", "reconcile"}
ROOMS = ("today", "projects", "five_ones", "forum", "companies", "per_mu", "contests", "overview")


def shots(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return python("-m", "desktop", "shots", *arguments, cwd=ROOT, check=False)


@pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
def test_that_the_manual_shows_every_page_as_it_is_taken_here(
    demonstration: Path, tmp_path: Path, lang: str, theme: str
) -> None:
    """With ZHAOSHANG_PICTURES=keep the pictures taken become the manual's, in fewer colours, a quarter of the size."""
    from PIL import Image
    from PySide6.QtGui import QImage

    book = shutil.copy(demonstration, tmp_path / "庐阳区招商账本.zsb")
    out, end = tmp_path / "out", f"-{lang}.png" if theme == "light" else f"-{lang}-{theme}.png"
    if os.environ.get("ZHAOSHANG_PICTURES") == "keep":
        out, theme, end = PICTURES, "light", f"-{lang}.png"
    done = shots(str(book), "--out", str(out), "--size", "1366x768", "--lang", lang, "--theme", theme)
    assert done.returncode == 0
    if out == PICTURES:
        for path in out.glob(f"*{end}"):
            few = Image.open(path).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(path, optimize=True)
    pages = {path.name.removesuffix(end) for path in out.iterdir() if path.name.endswith(end)}
    assert pages >= PAGES
    assert {page.partition("-")[0] for page in pages} == PAGES | set(ROOMS)
    assert {path.name.removesuffix(f"-{lang}.png") for path in PICTURES.glob(f"*-{lang}.png")} == pages
    for page in pages:
        shown, taken = QImage(str(PICTURES / f"{page}-{lang}.png")), QImage(str(out / f"{page}{end}"))
        assert shown.size().toTuple() == taken.size().toTuple() == (1366, 768), page


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
