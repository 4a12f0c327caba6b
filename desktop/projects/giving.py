"""What leaves the window: a few lines for a chat group, a picture of one project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from db.core.errors import Refused, Unavailable
from db.core.text import _
from desktop.kit import clipboard, projector
from desktop.kit.page import Connection, Page
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.projects.onepage import OnePage


def copy_text(page: Page, ids: Sequence[int]) -> None:
    """A few lines about these projects onto the clipboard."""
    today, lang = page.desk.today(), language()
    if not ids:
        page.desk.complain(Refused(_("Choose one project or several first.")))
        return

    def work(connection: Connection) -> str:
        from db.projects.copied import copied

        return copied(connection, ids, today=today, lang=lang)

    def take(text: str) -> None:
        said = _("Copied the text of {count} projects; paste it into the chat.", count=len(ids))
        clipboard.give(page.desk, projector.covered(text), said)

    page.ask(work, take)


def copy_picture(page: Page, number: int) -> None:
    """The picture of a project onto the clipboard."""

    def take(found: OnePage | None) -> None:
        if found is not None:
            said = _("Copied the one-page picture of “{name}”; paste it into the chat.", name=found.name)
            clipboard.give(page.desk, _drawn(found), said)

    _read(page, number, take)


def save_picture(page: Page, number: int) -> None:
    """The picture of a project as a PNG file."""

    def take(found: OnePage | None) -> None:
        if found is None:
            return
        name = "".join("_" if one in '\\/:*?"<>|' else one for one in found.name)[:60]
        proposed = f"{name}-{found.day}.png"
        out = page.desk.dialogs.save_file(page, _("Save the one-page picture"), proposed, "*.png")
        if out is not None:
            _save(page, _drawn(found), out)

    _read(page, number, take)


def _save(page: Page, image: QImage, out: Path) -> None:
    if image.save(str(out)):
        page.desk.say(_("Saved as {file}.", file=str(out)))
    else:
        sentence = _("“{file}” cannot be written: the disk is full, or its folder is read-only.", file=out.name)
        page.desk.complain(Unavailable(sentence))


def _drawn(found: OnePage) -> QImage:
    from desktop.projects.onepage import draw

    return draw(found)


def _read(page: Page, number: int, take: Any) -> None:
    from desktop.projects.onepage import read

    name = Path(page.desk.target.rpartition("/")[2].partition("?")[0]).stem
    page.ask(read(number, name, page.desk.today()), take, key="onepage")


def add_to_menu(menu: QMenu, page: Page, ids: Sequence[int]) -> None:
    """The entries of a context menu, or of the pane's ⋯."""
    menu.addSeparator()
    entries = [(_("Copy as text"), lambda: copy_text(page, ids))]
    if len(ids) == 1:
        entries += [
            (_("Copy the one-page picture"), lambda: copy_picture(page, ids[0])),
            (_("Save the one-page picture…"), lambda: save_picture(page, ids[0])),
        ]
    for text, do in entries:
        menu.addAction(tr(text)).triggered.connect(lambda _checked=False, do=do: do())
