"""Typing a paragraph with numbers of the book in it."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock
from pytestqt.qtbot import QtBot

from db.reports.report import FigureNumber, Run
from db.reports.typeset import NO_START
from desktop.overview.chips import ChipEdit


def _starts(block: QTextBlock) -> list[str]:
    """The first character of every line of a block behind its first line."""
    text, lines = block.text().encode("utf-16-le"), block.layout()
    starts = [lines.lineAt(at).textStart() * 2 for at in range(1, lines.lineCount())]
    return [text[at : at + 2].decode("utf-16-le", "replace") for at in starts]


def test_that_no_line_begins_with_the_punctuation_behind_a_number(qtbot: QtBot) -> None:
    edit = ChipEdit()
    qtbot.addWidget(edit)
    edit.show()
    runs: list[Run] = ["𬭎新签约项目"]
    for at, mark in enumerate(("，", "）。", "、", "％", "，") * 3):
        runs += [FigureNumber("signed.count", "8" * (at % 5 + 1)), mark + "协议投资额"[: at % 6]]
    seen: list[str] = []
    for width in range(200, 300, 3):
        edit.setFixedWidth(width)
        edit.show_pieces(runs)
        seen += _starts(edit.document().firstBlock())
        assert edit.pieces() == runs
    assert len(seen) > 100
    assert not NO_START.intersection(seen)
