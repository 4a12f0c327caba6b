"""What the menus of the evaluation offer: what goes out, what one may do with an enterprise."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from db.core.text import _
from desktop.kit import projector
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.per_mu.evaluation import EvaluationView


def export_menu(view: EvaluationView) -> QMenu:
    """What goes out."""
    made = QMenu(view)
    for kind, text in (
        ("publication", _("Publication list…")), ("lists", _("Class lists (Excel, PDF)…")),
        ("letters", _("Letters to all enterprises (PDF)…")),
    ):  # fmt: skip
        made.addAction(tr(text), partial(view.export, kind))
    made.addSeparator()
    made.addAction(tr(_("Copy the table")), view.copy_text)
    return made


def enterprise_menu(view: EvaluationView) -> QMenu:
    """What one may do with the chosen enterprise."""
    made = QMenu(view)
    made.addAction(tr(_("How its points came about")), partial(view.pane.tabs.choose, "parts"))
    made.addAction(tr(_("Export diagnosis…")), partial(view.export, "letters", view.table.ids))
    action = made.addAction(tr(_("File an objection…")), view.file_objection)
    action.setEnabled(view.pane.object_button.isEnabled())
    action = made.addAction(tr(_("Bonus, deduction, veto or exemption…")), view.adjust)
    action.setEnabled(view.about is not None and view.page.desk.seen is None and not projector.on())
    made.addSeparator()
    made.addAction(tr(_("Open the enterprise")), view.open_company)
    made.addAction(tr(_("Copy the table")), view.copy_text)
    return made
