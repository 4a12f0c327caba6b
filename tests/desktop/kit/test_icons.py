"""Icons: the pictures the window reads are those of the drawings, in the colour asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.kit import icons
from installer.icons import drawings, picture

NEAR = 2  # levels of 255 by which another build of Qt may draw an edge


@pytest.mark.parametrize("drawing", drawings(), ids=lambda one: str(one.stem))
def test_that_each_picture_is_that_of_its_drawing(qtbot: QtBot, drawing: Path) -> None:
    made, kept = (_levels(one) for one in (picture(drawing), QImage(str(drawing.with_suffix(".png")))))
    assert len(made) == len(kept)
    assert max(abs(one - other) for one, other in zip(made, kept, strict=True)) <= NEAR


def _levels(image: QImage) -> bytes:
    plain = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return bytes(plain.constBits())


def test_that_an_icon_has_the_colour_it_is_asked_for_and_nothing_beside_its_lines(qtbot: QtBot) -> None:
    drawn = icons.pixmap("book", "#b72c26", 16).toImage()
    colours = {
        drawn.pixelColor(x, y).name() for x in range(32) for y in range(32) if drawn.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#b72c26"}
    assert drawn.pixelColor(0, 0).alpha() == 0


def test_that_the_mark_of_the_program_keeps_its_own_colours(qtbot: QtBot) -> None:
    drawn = icons.pixmap("app", "", 44).toImage()
    assert QColor("#1F5FBF").name() == drawn.pixelColor(10, 44).name()
