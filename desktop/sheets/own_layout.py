"""「按原台账版式导出」: rows of a ledger in the layout in which a file of the office came in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import Refused
from db.core.fields import Choice, Field
from db.core.text import Text, _
from desktop.sheets.filling_form import Questions, StaysEmpty

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.sheets.layout_out import LaidOut
    from desktop.kit.ledger import Ledger
    from desktop.kit.page import Connection

_SHOWN, _ALL = "shown", "all"


def export_in_layout(ledger: Ledger) -> None:
    """Which layout, which rows, where to; a room into which no ledger was imported says so."""
    if ledger.found is None:
        return
    room = ledger.manner.room

    def work(connection: Connection) -> list[str]:
        from db.forms_out import layouts

        return layouts(connection, room)

    ledger.page.ask(work, lambda names: _ask(ledger, names), key="layout")


def _ask(ledger: Ledger, names: list[str]) -> None:
    if not names:
        no_layout = _(
            "The book keeps no layout here yet. Import the ledger once more as it is: nothing is changed by it, and then "
            "it can go out in its layout."
        )
        ledger.page.desk.complain(Refused(no_layout))
        return
    count = f"{len(ledger.model.ids):,}"
    layouts = Choice(options=tuple((name, Text("{text}", {"text": name})) for name in names))
    rows = Choice(options=((_SHOWN, _("{count} rows as the table shows them", count=count)),
                           (_ALL, _("All records, in the order in which they came"))))  # fmt: skip
    asking = Questions(
        ledger.page, _("Export in the layout of a ledger"), _("Export…"),
        [(Field("layout", _("Layout of"), layouts), names[0], None), (Field("rows", _("Which rows"), rows), _SHOWN, None)],
    )  # fmt: skip
    asking.done = lambda values: _choose_place(ledger, values["layout"] or names[0], values["rows"] or _SHOWN)
    asking.open_over(ledger)


def _choose_place(ledger: Ledger, name: str, rows: str) -> None:
    desk = ledger.page.desk
    proposed = str(Path.home() / f"{Path(name).stem} {ledger.today}.xlsx")
    out = desk.dialogs.save_file(ledger, _("Export in the layout of a ledger"), proposed, "*.xlsx")
    if out is None:
        return

    def done(laid: LaidOut) -> None:
        desk.say(_("{count} records were written to {file}.", count=laid.rows, file=out.name))
        if laid.left_out:
            StaysEmpty(ledger, [("", why, 1) for why in laid.left_out]).open_over(ledger)

    work = _all(ledger, name, out) if rows == _ALL else _shown(ledger, name, out)
    title = _("Export “{name}”", name=name)
    desk.jobs.ask(ledger, work, done, failed=desk.complain, title=title, key="layout")


def _all(ledger: Ledger, name: str, out: Path) -> Callable[[Book, Progress], LaidOut]:
    room = ledger.manner.room

    def work(book: Book, progress: Progress) -> LaidOut:
        from db.forms_out import in_layout

        return in_layout(book, room, name, out, progress=progress)

    return work


def _shown(ledger: Ledger, name: str, out: Path) -> Callable[[Book, Progress], LaidOut]:
    assert ledger.found is not None
    room, ids = ledger.manner.room, tuple(ledger.found.outline.ids)

    def work(book: Book, progress: Progress) -> LaidOut:
        from db.rooms import room as room_of
        from db.sheets.layout_out import write_in_layout
        from db.sheets.remembered import ledgers

        of = room_of(room)
        assert of is not None, room
        assert of.sheet is not None, room
        with book.read() as connection:
            kept = [one for file, one in ledgers(connection, room) if file == name and "body" in one]
            return write_in_layout(connection, of.sheet, kept[-1], ids, out, progress=progress)

    return work
