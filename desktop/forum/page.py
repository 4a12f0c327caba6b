"""The government–enterprise forum: its issues, the board, the capture of a session, sessions, service."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from db.core.text import _
from desktop.kit.several_views import PageView, SeveralViews
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.forum.issue_pane import IssuePane
    from desktop.kit.page import Page
    from desktop.kit.several_views import View


def _board(page: Page) -> View:
    from desktop.forum.board import BoardView

    return BoardView(page)


def _issues(page: Page) -> View:
    from desktop.forum.issues import IssuesView

    return IssuesView(page)


def _follow_up(page: Page) -> View:
    from desktop.forum.followup import FollowUpView

    return FollowUpView(page)


def _service(page: Page) -> View:
    from desktop.forum.service import ServiceView

    return ServiceView(page)


def _capture(page: Page) -> View:
    from desktop.forum.capture import CaptureView

    return CaptureView(page)


def _sessions(page: Page) -> View:
    from desktop.forum.sessions import SessionsView

    return SessionsView(page)


class ForumPage(SeveralViews):
    """See the module."""

    title = _("Forum")
    manual = "forum"
    rows = "issues"
    views = (
        PageView("board", _("Board"), _board),
        PageView("issues", _("Issues"), _issues),
        PageView("capture", _("Capture"), _capture),
        PageView("sessions", _("Session list"), _sessions),
        PageView("follow_up", _("Follow-up"), _follow_up),
        PageView("service", _("Service"), _service),
    )

    def in_ledger(self, number: int, do: Callable[[IssuePane], None]) -> None:
        """An issue in the ledger, alone, and what is to be done with it in the pane there."""
        self.show_only(tr(_("this issue")), [number])
        self.shown.come_back_to(number, folded=False)
        self.shown.pane.when_shown(number, partial(do, self.shown.pane))
