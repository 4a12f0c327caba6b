"""What an evaluation sends out of the window: publication list, class lists, letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import Refused
from db.core.text import Text, _
from desktop.kit import clipboard, papers, projector
from desktop.kit.cell_parts import plain
from desktop.kit.page import Connection
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.reports.report import Report
    from desktop.per_mu.evaluation import EvaluationView
    from desktop.per_mu.evaluation_cells import Cells

_TITLES = {"publication": _("Publication list"), "lists": _("Class lists"), "letters": _("Letters")}


def export(view: EvaluationView, kind: str, companies: Sequence[int]) -> None:
    """Ask where and write it; letters to all enterprises where none are said."""
    cells = view.cells
    if cells is None:
        return
    if projector.on():
        view.page.desk.complain(
            Refused(_("While projecting nothing with tax or classes is written; end projecting first."))
        )
        return
    day, outcome, period = view.page.desk.today().isoformat(), cells.outcome, tr(cells.board.period)
    if kind == "letters":
        _letters(view, cells, companies, day)
        return

    def make(connection: Connection, lang: str) -> Report:
        from db.per_mu import papers as of

        return (of.publication if kind == "publication" else of.class_lists)(connection, outcome, day=day, lang=lang)

    title = _TITLES[kind]
    kinds = "*.pdf *.docx *.xlsx" if kind == "publication" else "*.xlsx *.pdf"
    papers.save(view.page, title, make, name=f"{period} {tr(title)} {day}", kinds=kinds)


def copy_text(view: EvaluationView) -> None:
    """The shown rows with their headings on the clipboard; those that are marked, where more than one is."""
    if view.cells is None:
        return
    columns = view.cells.columns()
    some = view.table.selected if len(view.table.selected) > 1 else set(view.table.all_ids)
    rows = [[tr(one.label) for one in columns]]
    rows += [
        [plain(view.cells.cell(company, one.key)) for one in columns]
        for company in view.table.all_ids
        if company in some
    ]
    clipboard.copy_shown(rows)
    view.page.desk.say(_("{count} rows copied.", count=f"{len(rows) - 1:,}"))


def _letters(view: EvaluationView, cells: Cells, companies: Sequence[int], day: str) -> None:
    outcome, page, lang = cells.outcome, view.page, language()
    places = [cells.place[one] for one in companies if one in cells.place] or list(range(len(outcome.classes)))
    title = _TITLES["letters"]
    about = outcome.group.members[places[0]].name if len(places) == 1 else str(len(places))
    name = f"{tr(cells.board.period)} {tr(title)} {about} {day}.pdf".replace("/", "-")
    out = page.desk.dialogs.save_file(view, title, str(Path.home() / name), "*.pdf")
    if out is None:
        return

    def work(book: Book, progress: Progress) -> Text:
        from db.per_mu.papers import letter
        from db.reports.pdf import render_letters

        with book.read() as connection:
            letters = [letter(connection, outcome, place, day=day, lang=lang) for place in places]
        found = render_letters(tr(title), letters, out, progress=progress)
        return found.warning or _("{count} letters in {file}.", count=len(letters), file=str(out))

    page.desk.jobs.ask(
        page,
        work,
        page.desk.say,
        failed=page.desk.complain,
        title=_("Writing “{file}”", file=Text(out.name)),
        key="export",
    )
