"""A card dragged with the mouse, on any board of lanes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.kit.lanes import LaneColumn


def drag(lane: LaneColumn, place: int, target: LaneColumn) -> None:
    """Drag a card to another column."""
    body = lane.body
    start = body.box(place).center()
    end = body.viewport().mapFromGlobal(target.mapToGlobal(target.rect().center()))
    QTest.mousePress(body.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for part in (start + QPoint(20, 4), end):
        QTest.mouseMove(body.viewport(), part)
    QTest.mouseRelease(body.viewport(), Qt.MouseButton.LeftButton, pos=end)
