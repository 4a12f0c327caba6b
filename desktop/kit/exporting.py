"""What a ledger shows as a workbook: its columns and rows in their order, the conditions as sentences above them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from db.core.errors import Refused
from db.core.text import Text, _
from desktop.kit import asking, projector
from desktop.kit.leaving import OFFERED
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.past import Seen
    from db.core.progress import Progress
    from desktop.kit.ledger import Ledger


def open_menu(ledger: Ledger) -> QMenu:
    """Under the button that was pressed: what can leave from here."""
    menu = QMenu(ledger)
    menu.addAction(f"{tr(_('Export what the table shows…'))}\tCtrl+E").triggered.connect(
        lambda _on=False: export(ledger)
    )
    for one in OFFERED:
        if one.fits(ledger.manner.room):
            entry = menu.addAction(tr(one.text) + (f"\t{one.keys}" if one.keys else ""))
            entry.triggered.connect(lambda _on=False, one=one: one.do(ledger))
    pressed = QApplication.focusWidget()
    under = isinstance(pressed, QPushButton) and pressed.isVisible()
    menu.popup(pressed.mapToGlobal(QPoint(0, pressed.height() + 4)) if pressed is not None and under else QCursor.pos())
    return menu


def export(ledger: Ledger) -> None:
    """Ask where, write it, say how many rows it has."""
    view = ledger.view
    if view is None:
        return
    desk = ledger.page.desk
    name = f"{tr(view.name)} {ledger.today}.xlsx".replace("/", "-")
    out = desk.dialogs.save_file(ledger, _("Export what the table shows"), str(Path.home() / name), "*.xlsx")
    if out is None:
        return

    def done(count: int) -> None:
        desk.say(_("{count} rows exported to {file}", count=f"{count:,}", file=out.name))

    desk.jobs.ask(
        ledger,
        _writing(ledger, out),
        done,
        failed=desk.complain,
        title=_("Export “{name}”", name=view.name),
        key="export",
    )


def _writing(ledger: Ledger, out: Path) -> Any:
    wanted, lang = ledger.wanted(), language()
    moment = _moment(ledger.page.desk.seen)

    def work(book: Book, progress: Progress) -> int:
        from db import rooms
        from db.sheets.export import write_view

        room = rooms.room(wanted.room)
        assert room is not None
        with book.read() as connection:
            view, look = asking.to_export(connection, wanted, projector.hides)
            if not look.shown.columns:
                raise Refused(_("There is nothing to export."))
            told = () if moment is None else (moment,)
            look = replace(look, cover=projector.covered if projector.on() else None, said=(*told, *look.said))
            return write_view(connection, room.table, view, look, out, today=wanted.today, lang=lang, progress=progress)

    return work


def _moment(seen: Seen | None) -> Text | None:
    """What every sheet says that shows the book as it was."""
    if seen is None:
        return None
    from db.core.past import told

    return told(seen)
