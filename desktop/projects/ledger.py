"""What is special about the ledger of projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from db.core.text import Text, _
from desktop.kit.columns import Above, Late
from desktop.kit.ledger import Manner
from desktop.kit.page import Page
from desktop.kit.records import FACTS, PaneTab, Records

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from db.core.saving import Blocks

STATUS_TONES = {"on_hold": "amber", "suspended": "amber", "withdrawn": "grey", "transferred": "grey"}

MANNER = Manner(
    room="projects",
    named=_("projects in the list"),
    nothing=_("No projects yet. Drop a ledger here, or add one."),
    no_match=_("No project meets the conditions."),
    widths={
        "name": 236,
        "investor": 200,
        "progress": 280,
        "street": 132,
        "code": 96,
        "contact": 168,
        "talk_class": 116,
    },
    tones={"status": STATUS_TONES, "talk_class": {"A": "blue", "B": "grey", "C": "grey"}},
    emphasis={
        "planned_signing_on": Late("signed_on", "amber"),
        "planned_start_on": Late("started_on"),
        "planned_production_on": Late("produced_on"),
        "next_step_due": Late(tone="amber"),
        "agreed_investment": Above(10**12),  # 100 亿元, in hundredths
        "total_investment": Above(10**12),
    },
)


def _stages(page: Page) -> QWidget:
    from desktop.projects.pane_pages import StagesPage

    return StagesPage(page)


def _money(page: Page) -> QWidget:
    from desktop.projects.pane_pages import MoneyPage

    return MoneyPage(page)


def _log(page: Page) -> QWidget:
    from desktop.projects.pane_log import LogPage

    return LogPage(page)


def _history(page: Page) -> QWidget:
    from desktop.projects.pane_log import HistoryPage

    return HistoryPage(page)


def _promises(page: Page) -> QWidget:
    from desktop.projects.pane_pages import PromisesPage

    return PromisesPage(page)


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "projects")


# In the order in which they stand; what does not fit folds from the right.
TABS = (
    FACTS,
    PaneTab("stages", _("Stages"), _stages),
    PaneTab("money", _("Money"), _money),
    PaneTab("log", _("Progress"), _log),
    PaneTab("files", _("Attachments"), _files),
    PaneTab("history", _("History"), _history),
    PaneTab("promises", _("Promised and real"), _promises),
)


def _blocks() -> Blocks:
    from db.projects.blocks import BLOCKS

    return BLOCKS


def _groups() -> Mapping[str, Text]:
    from db.projects.fields import GROUPS

    return GROUPS


def _counted(count: int) -> Text:
    return _("{count} projects", count=f"{count:,}")


RECORDS = Records(
    MANNER, _blocks, _("project"), _counted,
    goes=_("“{name}” goes with everything that belongs to it: stages, amounts, progress."),
    in_head=("stage",),
    new=("name", "investor", "agreed_investment", "street", "stage", "approved_on", "industry", "source_place"),
    proposed=frozenset({"industry", "chain", "source_place", "company_tags"}),  # others would be read for nothing
    one_by_one=frozenset({"progress"}),
    groups=_groups,
    tabs=TABS,
)  # fmt: skip
