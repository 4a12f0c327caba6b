"""The five ones: which project lacks what, who leads how many, plans and meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core.text import _
from desktop.kit.several_views import PageView, SeveralViews
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.several_views import View


def _matrix(page: FiveOnesPage) -> View:
    from desktop.five_ones.matrix import MatrixView

    return MatrixView(page)


def _stewards(page: FiveOnesPage) -> View:
    from desktop.five_ones.matrix_stewards import StewardsView

    return StewardsView(page)


def _gantt(page: FiveOnesPage) -> View:
    from desktop.five_ones.gantt import GanttView

    return GanttView(page)


def _meetings(page: FiveOnesPage) -> View:
    from desktop.five_ones.meetings import MeetingsView

    return MeetingsView(page)


class FiveOnesPage(SeveralViews):
    """See the module."""

    title = _("Five ones")
    manual = "five_ones"
    rows = "gantt"  # the room's records are milestones
    views = (
        PageView("matrix", _("Matrix"), _matrix),
        PageView("stewards", _("Stewards"), _stewards),
        PageView("gantt", _("Milestones"), _gantt),
        PageView("meetings", _("Meetings"), _meetings),
    )

    def refresh(self) -> None:
        """The view that is shown, again, under the office's own names."""
        called = self.desk.preferences.called
        self.heading.setText(called.get("five_ones") or tr(self.title))
        self.switch.buttons["stewards"].setText(called.get("stewards") or tr(_("Stewards")))
        super().refresh()

    def ledger_view(self) -> None:
        """Milestones are not shown in a table."""
        return
