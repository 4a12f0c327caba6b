"""Papers of the forum out of the window: slips, closing reports, policy suggestions, each as PDF, Excel or Word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from db.core.errors import Refused
from db.core.text import Text, _
from desktop.kit import projector
from desktop.kit.page import Connection, Page
from desktop.kit.papers import save, save_past
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.forum.slips import Kind
    from db.reports.report import Report

SLIPS: tuple[tuple[Kind, Text], ...] = (("assignment", _("Assignment slip…")), ("feedback", _("Feedback slip…")))
Ids = Sequence[int] | Callable[[Connection], Sequence[int]]
_RETURNED = ("company", "text", "support", "assigned_on", "due_on", "handling", "resolved_on")
_FILLED_IN = ("handling", "resolved_on")


def save_slip(page: Page, kind: Kind, ids: Ids, *, about: str) -> None:
    """A slip for these issues; about: what they have in common, for the file's name."""
    today = page.desk.today().isoformat()

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import slip

        return slip(connection, kind, _chosen(connection, ids), today=today, lang=lang)

    from db.forum.slips import TITLES

    save(page, TITLES[kind], make, name=f"{tr(TITLES[kind])} {about} {today}")


def _chosen(connection: Connection, ids: Ids) -> Sequence[int]:
    found = ids(connection) if callable(ids) else ids
    if not found:
        raise Refused(_("There is no such issue here, so there is nothing to write."))
    return found


def save_supervision(page: Page, colour: str, ids: Ids, *, about: str) -> None:
    """A supervision slip of a colour: it takes the next number, and the course of each issue says that it went out."""
    if page.rests():
        return
    today, author = page.desk.today().isoformat(), page.desk.preferences.name

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import slip, supervise

        chosen = _chosen(connection, ids)
        number = supervise(connection, chosen, colour, on=today, author=author)
        return slip(connection, "supervision", chosen, today=today, lang=lang, number=number, colour=colour)

    from db.people.supervision import COLOURS

    what = COLOURS[colour]
    operation = _("{slip}: {text}", slip=what, text=about)
    save(page, what, make, name=f"{tr(what)} {about} {today}", operation=operation)


def save_again(page: Page, number: str) -> None:
    """A supervision slip once more under its own number, as the facts on it are now; each course says that it went out."""
    if page.rests():
        return
    today, author = page.desk.today().isoformat(), page.desk.preferences.name

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import issue_again, sent_slip

        return sent_slip(connection, issue_again(connection, number, on=today, author=author), lang=lang)

    what = _("Issue {number} again", number=number)
    save(page, what, make, name=f"{number} {today}", operation=what)


def save_issued(page: Page, number: str, edition: int) -> None:
    """An edition of a supervision slip (from 0), as it went out."""

    def make(book: Book, lang: str) -> Report:
        from db.forum.slips import as_issued

        return as_issued(book, number, edition, lang=lang)

    save_past(page, _("Supervision slip {number}", number=number), make, name=f"{number}-{edition + 1}")


def save_returnable(page: Page, unit: str, ids: Ids) -> None:
    """The open issues of a department as a workbook that comes back filled in and is compared then."""
    if page.rests():
        return
    what, today = _("List to be filled in by {unit}", unit=unit), page.desk.today().isoformat()
    name = f"{tr(what)} {today}.xlsx".replace("/", "-")
    out = page.desk.dialogs.save_file(page, what, str(Path.home() / name), "*.xlsx")
    if out is None:
        return
    lang = language()

    def work(book: Book, progress: Progress) -> None:
        from db.sent_out import Asked, send_unit

        with book.read() as connection:
            chosen = _chosen(connection, ids)
        asked = Asked(unit, None, _RETURNED, _FILLED_IN, lang=lang, today=today, records=chosen)
        send_unit(book, "forum", asked, out, progress=progress)

    def done(_nothing: None) -> None:
        page.desk.say(_("Saved as {file}.", file=str(out)))

    page.desk.jobs.ask(page, work, done, failed=page.desk.complain, title=what)


def save_closing(page: Page, number: int, *, about: str) -> None:
    """The closing report of an issue."""
    today = page.desk.today().isoformat()

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import closing

        return closing(connection, number, today=today, lang=lang)

    title = _("Closing report of an issue")
    save(page, title, make, name=f"{tr(title)} {about}")


def save_pack(page: Page, session: int, number: int) -> None:
    """The leaders' pack of a session; while one projects, without what is not for the screen."""
    today = page.desk.today().isoformat()

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import pack

        return pack(connection, session, today=today, lang=lang, projected=projector.on())

    title = _("Pack of session {number} of the forum", number=number)
    save(page, title, make, name=f"{tr(title)} {today}")


def save_suggestion(page: Page, kind: int, *, about: str) -> None:
    """A policy suggestion with its evidence."""
    today = page.desk.today().isoformat()

    def make(connection: Connection, lang: str) -> Report:
        from db.forum.slips import suggestion

        return suggestion(connection, kind, today=today, lang=lang)

    title = _("Policy suggestion: {name}", name=about)
    save(page, title, make, name=tr(title))


def add_to_menu(menu: QMenu, page: Page, number: int, about: str, *, sent: Sequence[str] = ()) -> None:
    """The papers of one issue; sent: the numbers of the supervision slips that it had."""
    menu.addSeparator()
    _add_slips(menu, page, lambda _kind, _colour: [number], about)
    for mark in sent:
        _entry(menu, _("Issue {number} again…", number=mark), partial(save_again, page, mark))
    _entry(menu, _("Closing report…"), partial(save_closing, page, number, about=about))


def several_menu(
    owner: Any, page: Page, shown: Callable[[str, str], Ids], about: str, *, unit: str = ""
) -> QMenu:  # fmt: skip
    """The papers of what the board shows; `shown(kind, colour)` gives the ids. unit: the one whose issues alone these are."""
    made = QMenu(owner)
    _add_slips(made, page, shown, about)
    if unit:
        what = _("List to be filled in by {unit}", unit=unit)
        _entry(made, _("{step}…", step=what), partial(save_returnable, page, unit, shown("assignment", "")))
    return made


def _add_slips(menu: QMenu, page: Page, shown: Callable[[str, str], Ids], about: str) -> None:
    from db.people.supervision import COLOURS

    for kind, text in SLIPS:
        _entry(menu, text, partial(save_slip, page, kind, shown(kind, ""), about=about))
    for colour, name in COLOURS.items():
        do = partial(save_supervision, page, colour, shown("supervision", colour), about=about)
        _entry(menu, _("{step}…", step=name), do)


def _entry(menu: QMenu, text: Text, do: Callable[[], object]) -> None:
    menu.addAction(tr(text)).triggered.connect(lambda _checked=False: do())
