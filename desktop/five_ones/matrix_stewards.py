"""店小二: who leads each project under negotiation and who is its contact, and when they last talked."""

from __future__ import annotations

from collections.abc import Mapping

from db.core.text import Text, _
from desktop.five_ones.matrix import MatrixView
from desktop.five_ones.matrix_cells import Cells, StewardCells


class StewardsView(MatrixView):
    """As the matrix, with two ones: a leader in charge and a contact."""

    negotiating = True
    shown_keys = ("all", "lacking", "lights", "stale")

    def make_cells(self, labels: Mapping[str, Text], days: int) -> Cells:
        """What the cells say."""
        return StewardCells(labels, days)

    def empty(self) -> Text:
        """What is said where there is no project."""
        return _("No project is under negotiation. It appears here once it is moved to “Negotiating” in the ledger.")
