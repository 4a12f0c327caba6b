"""What the window itself offers in the palette, and what happens when something is chosen there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.core.text import Text, _
from desktop.kit import actions
from desktop.kit.words import tr
from desktop.rooms import ScreenRoom, named, shown
from desktop.shell import looking, pages
from desktop.shell.looking import Offer, Section
from desktop.shell.palette import Palette

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.shell.window import Window

_NOT_OFFERED = {"find", "go_1", "history", "settings"}  # the palette itself, and what stands among the pages


def open_palette(window: Window) -> None:
    """Open it over the window; a second Ctrl+K closes it."""
    there = window.findChild(Palette)
    if there is not None and not there.isHidden():
        there.leave()
        return
    commands = list(_commands(window))
    offers = [*_pages(window), *commands, *_settings(window)]
    here = [one for one in commands if one.key.partition(":")[0] == window.showing and not one.why]
    palette = Palette(window, window.jobs, offers, here)
    palette.chosen.connect(lambda offer: _do(window, offer))
    palette.filtered.connect(lambda section, query: _filter(window, section, query))
    window.jobs.look(palette, partial(_views, named(window.preferences)), palette.offer_also, key="views")


def _pages(window: Window) -> Iterator[Offer]:
    for room in shown(window.preferences):
        yield Offer("page", room.name, tr(room.label), icon=room.icon)
    for page in (*pages.LOWER, *pages.FURTHER):
        yield Offer("page", page.name, tr(page.label), icon=page.icon)


def _commands(window: Window) -> Iterator[Offer]:
    """All actions: of the page one is on, of other pages (one goes there first), of the window."""
    doing = window.page.doing if window.page is not None else {}
    rooms = {room.name: room for room in shown(window.preferences)}
    titles = {room.name: tr(room.label) for room in named(window.preferences)}
    here = getattr(window.page, "actions_of", window.showing)
    for one in actions.ACTIONS:
        if one.key in _NOT_OFFERED:
            continue
        keys = actions.shown_keys(one.shortcut)
        where = titles.get(actions.IN_ROOM.get(one.page, one.page), "")
        details = (where, keys) if where else (keys,)
        why: Text | str = ""
        if one.page == actions.EVERYWHERE:
            why = _why_not(window, one.key)
        elif one.page in (window.showing, here):
            own = _("in the table: {keys}", keys=keys)
            if one.page != "projects":
                own = _("on the page “{page}”: {keys}", page=where, keys=keys)
            why = "" if one.key in doing else own
        elif one.own or one.page not in rooms:
            why = _("on the page “{page}”: {keys}", page=where, keys=keys)
        yield Offer("command", f"{one.page}:{one.key}", tr(one.text), details, why=tr(why))


def _why_not(window: Window, key: str) -> Text | str:
    if key not in window.doing:
        return _("not on this page")
    if key == "undo" and not window.undoing.can_undo:
        return _("There is nothing to undo.")
    if key == "redo" and not window.undoing.can_redo:
        return _("There is nothing to redo.")
    return ""


_CHOICES = (
    ("theme", _("Look"), (("system", _("As the system")), ("light", _("Bright")), ("dark", _("Dark")))),
    ("rows", _("Rows"), (("compact", _("Compact")), ("normal", _("Normal")), ("loose", _("Loose")))),
    ("language", _("Language"), (("zh", Text("简体中文")), ("en", Text("English")))),
)


def _settings(window: Window) -> Iterator[Offer]:
    for name, label, values in _CHOICES:
        for value, said in values:
            now = getattr(window.preferences, name) == value
            why = tr(_("is so already")) if now else ""
            title = tr(_("{setting}: {value}", setting=label, value=said))
            yield Offer("setting", f"{name}:{value}", title, (tr(_("Settings")),), icon="settings", why=why)
    for text in (_("Your name"), _("Rooms")):
        yield Offer("setting", "", tr(text), (tr(_("Settings")),), icon="settings")


def _views(screens: Sequence[ScreenRoom], book: Book, progress: Progress) -> list[Offer]:
    from db import rooms

    found = []
    with book.read() as connection:
        for screen in screens:
            room = rooms.room(screen.name)
            views = rooms.views(connection, room, book.actor) if room is not None else ()
            found += [
                Offer("view", f"{screen.name}:{one.key}", tr(one.name), (screen.label,), icon=screen.icon)
                for one in views
            ]
    return found


# --- doing ----------------------------------------------------------------------------------------------------------


def _do(window: Window, offer: Offer) -> None:
    where, _sign, what = offer.key.partition(":")
    match offer.kind:
        case "record":
            _open_record(window, offer)
        case "page":
            window.go(offer.key)
        case "view":
            window.go(where)
            view = window.page.ledger_view() if window.page is not None else None
            if view is not None:
                _once(view.taken, view, lambda: view.ledger.open_view(what))
        case "command":
            if where:
                if where not in (window.showing, getattr(window.page, "actions_of", "")):
                    window.go(where)
                assert window.page is not None
                window.page.doing[what]()
            else:
                window.doing[what]()
        case _:
            _set(window, where, what)


def _set(window: Window, name: str, value: str) -> None:
    changing = {"theme": window.change_theme, "rows": window.change_rows, "language": window.change_language}
    if name in changing:
        changing[name](value)
    else:
        window.go("settings")


def _open_record(window: Window, offer: Offer) -> None:
    """A record of a room with a ledger in its pane there; of anything else, the projects that belong to it."""
    if offer.key not in looking.PAGES:
        key, record, title = offer.key, offer.record, offer.title

        def rows(book: Book, progress: Progress) -> list[int]:
            return looking.rows_of(book, key, record)

        window.jobs.ask(window, rows, lambda ids: window.show_rows("projects", title, ids), failed=window.complain)
        return
    window.go(looking.PAGES[offer.key])
    view = window.page.ledger_view() if window.page is not None else None
    assert view is not None

    def there() -> None:
        if view.model.row_of(offer.record) is not None:
            view.open_record(offer.record)
        else:  # the view leaves it out
            _once(view.taken, view, lambda: view.open_record(offer.record))
            view.show_only(offer.title, (offer.record,))

    _once(view.taken, view, there)


def _filter(window: Window, section: Section, query: str) -> None:
    def rows(book: Book, progress: Progress) -> list[int]:
        return looking.all_rows(book, section, query)

    room = looking.PAGES[section.key] if section.key in looking.OWN_ROWS else "projects"
    window.jobs.ask(window, rows, lambda ids: window.show_rows(room, f"“{query}”", ids), failed=window.complain)


def _once(signal: Any, owner: QObject, do: Any) -> None:
    """Do something the next time a signal comes, and not again."""

    def heard(*_given: object) -> None:
        signal.disconnect(heard)
        do()

    signal.connect(heard)
