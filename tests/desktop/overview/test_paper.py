"""The demonstration's report of the half-year on paper, beside pictures of its pages that somebody looked at.

Only the program's own fonts are used, so that machines agree. Where a page is meant to look otherwise, the picture that
a failing test names takes the place of the one in `pages/`, once somebody has looked at it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from db.core.book import Book
from db.core.period import Period
from db.overview.report import build
from db.reports.pdf import render_pdf

KEPT = Path(__file__).parent / "pages"
SCALE = 0.4  # a sheet is 238 pixels wide: where everything stands is seen, the edges of letters are not
DIFFERENT, ALLOWED = 64, 0.004  # of 255 levels of grey; of all pixels


@pytest.fixture(scope="module")
def pages(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    """The first page, the first one with a table and the last one, which is turned, in grey."""
    path = tmp_path_factory.mktemp("paper") / "通报.pdf"
    with Book.open(demonstration, actor="测试员") as book, book.read() as connection:
        report = build(connection, Period.parse("2024-01..2024-06"), today=dt.date(2024, 7, 17))
    render_pdf(report, path, machine_fonts=False, draft=True)
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    wanted = {"first": 0, "table": next(at for at, text in enumerate(texts) if "表1" in text), "last": len(texts) - 1}
    found = {
        name: document[at].render(scale=SCALE, grayscale=True).to_pil().convert("L") for name, at in wanted.items()
    }
    document.close()
    return found


@pytest.mark.parametrize("name", ["first", "table", "last"])
def test_that_a_page_looks_as_it_did_when_somebody_looked_at_it(
    pages: dict[str, Image.Image], name: str, tmp_path: Path
) -> None:
    now, kept = pages[name], Image.open(KEPT / f"{name}.png").convert("L")
    now.save(tmp_path / f"{name}.png", optimize=True)
    assert now.size == kept.size, f"compare {tmp_path / name}.png with {KEPT / name}.png"
    levels = ImageChops.difference(now, kept).histogram()
    share = sum(levels[DIFFERENT:]) / (now.width * now.height)
    assert share <= ALLOWED, (
        f"{share:.2%} of the page is different: compare {tmp_path / name}.png with {KEPT / name}.png"
    )
