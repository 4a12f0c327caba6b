"""「填上级表格」: a superior's blank form filled with the rows of a ledger as its table shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from db.core.errors import Refused
from db.core.fields import Choice, Field
from db.core.text import Text, _
from desktop.kit import clipboard, theme
from desktop.kit.parts import button, column_of, row_of, scrolled
from desktop.kit.small_form import SmallForm
from desktop.kit.strip import Card
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.forms_out import Understood
    from db.sheets.filling_forms import Filled
    from db.sheets.form_reading import Blank
    from desktop.kit.ledger import Ledger
    from desktop.kit.page import Connection

_EACHES = ("sheet", "file")  # how several records stand in a form for a single one
_NOT_ASKED = ("number", "formula")  # columns that the form fills by itself
_MOST_HIGH = 360  # of many headings, in pixels; the others are scrolled to
_MOST_TOLD = 220  # the same of what stays empty
_HEAD = 100  # rows in which a form is looked for, where only its sheets' names are wanted

Lines = Sequence[tuple[str, Text, int]]


@dataclass(frozen=True)
class ToFill:
    """A blank form, and the records that are to stand in it. sheet: of several the one to be filled."""

    ledger: Ledger
    path: Path
    ids: tuple[int, ...]
    sheet: str | None = None


@dataclass(frozen=True)
class Read:
    """What a form asks for. fields: what may fill a heading. sheets: where several can be filled, and none is named."""

    understood: Understood | None
    fields: Choice | None = None
    sheets: tuple[str, ...] = ()


class Questions(SmallForm):
    """A small form that writes nothing by itself: its answers go to whoever asked."""

    def carry_out(self) -> None:
        """Hand over what was answered."""
        values = self.values()
        if values is not None:
            self.close_card()
            self.done(values)

    def values(self) -> dict[str, Any] | None:
        """As of any small form; what is in no list is said without the whole list, which may have a hundred names."""
        for one in self.editors.values():
            try:
                one.value()
            except Refused:
                one.complain(tr(_("“{name}” is not in the list; ↓ shows the list.", name=one.typed)))
                one.input.setFocus()
                return None
        return super().values()

    def let_scroll(self) -> None:
        """Many editors are scrolled through, so that the verb stays in sight."""
        inner = QWidget()
        column_of(*self.editors.values(), gap=8, parent=inner)
        area = scrolled(inner)
        area.setFixedHeight(min(_MOST_HIGH, inner.sizeHint().height()))
        self.lines.insertWidget(self.lines.indexOf(self.said), area)


class StaysEmpty(Card):
    """What could not be filled: a place and a reason a line, to be read and copied. again: corrects the headings."""

    def __init__(self, ledger: Ledger, lines: Lines, again: Callable[[], object] | None = None) -> None:
        super().__init__(ledger.page, _("What stays empty"))
        self._page = ledger.page
        told = list(_told(lines))
        self.list = QPlainTextEdit("\n".join(told))
        self.list.setReadOnly(True)
        self.list.setFont(theme.font(12))
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(tr(_("What stays empty")))
        self.list.setFixedHeight(min(_MOST_TOLD, 64 + 18 * len(told)))  # a long reason takes two lines
        self.copy = button(_("Copy"), self._copy)
        self.lines.addWidget(self.list)
        self.again = None if again is None else button(_("Change the headings…"), self._again, kind="link")
        self._do_again = again
        parts = [self.again] if self.again is not None else []
        self.lines.addLayout(row_of(*parts, None, self.copy, button(_("Close"), self.close_card, kind="primary")))

    def open_over(self, area: QWidget) -> None:
        """In place of an earlier one; its copy button has the keyboard, and Esc closes it."""
        for other in self._page.findChildren(StaysEmpty):
            if other is not self and other.isVisible():
                other.close_card()
        super().open_over(area)
        self.copy.setFocus()

    def _copy(self) -> None:
        clipboard.give(self._page.desk, self.list.toPlainText(), _("Copied as text; paste it into the chat."))

    def _again(self) -> None:
        self.close_card()
        if self._do_again is not None:
            self._do_again()


def _told(lines: Lines) -> Iterable[str]:
    for place, why, count in lines:
        said = tr(_("{why} ({count} cells)", why=why, count=count)) if count > 1 else tr(why)
        yield f"{place}  {said}" if place else said


# --- a superior's form -------------------------------------------------------------------------------------------------


def fill_form(ledger: Ledger) -> None:
    """Which form; what it calls by names nobody knows is asked; then where it is to be kept."""
    if not has_rows(ledger):
        return
    assert ledger.found is not None
    path = ledger.page.desk.dialogs.open_file(ledger, _("Choose the blank form"), "*.xlsx")
    if path is not None:
        _begin(ToFill(ledger, path, tuple(ledger.found.outline.ids)))


def has_rows(ledger: Ledger) -> bool:
    """Whether the table shows any; says so where it does not."""
    if ledger.found is not None and not ledger.found.outline.ids:
        ledger.page.desk.complain(Refused(_("The table shows no rows to write.")))
    return ledger.found is not None and bool(ledger.found.outline.ids)


def _begin(form: ToFill, *, every: bool = False) -> None:
    page, room, today = form.ledger.page, form.ledger.manner.room, form.ledger.today

    def work(connection: Connection) -> Read:
        return _read(connection, form, room, today)

    reading = _("Reading “{file}”", file=form.path.name)
    page.ask(work, lambda read: _ask_sheet(form, read, every=every), key="form", title=reading)


def _read(connection: Connection, form: ToFill, room: str, today: str) -> Read:
    from db.forms_out import Asked, understand
    from db.rooms import room as room_of
    from db.sheets.filling_forms import open_form
    from db.sheets.form_reading import read_forms

    found = room_of(room)
    assert found is not None, room
    assert found.sheet is not None, room
    try:
        understood = understand(connection, form.path, Asked(room=room, sheet=form.sheet, today=today))
    except Refused:
        forms = read_forms(open_form(form.path), found.sheet, {}, year=int(today[:4]), head=_HEAD)
        if form.sheet is not None or len(forms) < 2:
            raise
        return Read(None, sheets=tuple(one.name for one in forms))
    fields = [(one.key, one.label) for one in found.sheet.fields]
    fields += [(f"own:{name}", _word(name)) for name in sorted(found.sheet.own_headings(connection))]
    aliases = tuple((alias, one.key) for one in found.sheet.fields for alias in one.aliases)
    return Read(understood, Choice(options=(("none", _("Leave empty")), *fields), aliases=aliases))


def _ask_sheet(form: ToFill, read: Read, *, every: bool) -> None:
    if read.understood is not None:
        _ask_headings(form, read.fields or Choice(), read.understood, every=every)
        return
    sheets = Choice(options=tuple((name, _word(name)) for name in read.sheets))
    asking = Questions(
        form.ledger.page, _("Which sheet is to be filled?"), _("Go on"),
        [(Field("sheet", _("Sheet"), sheets), read.sheets[0], None)],
    )  # fmt: skip
    asking.done = lambda values: _begin(replace(form, sheet=values["sheet"] or read.sheets[0]), every=every)
    asking.open_over(form.ledger)


def _ask_headings(form: ToFill, kinds: Choice, understood: Understood, *, every: bool) -> None:
    """Ask for the headings that no field is known for, or for all; and how many records of several go into a file."""
    from db.sheets.form_reading import Cards, likeness

    asked = {one.heading: one for one in understood.blanks if _is_open(one, understood, every=every)}
    fields: list[tuple[Field, Any, Sequence[str] | None]] = [
        (Field(f"heading:{heading}", _word(heading), kinds), one.key or ("none" if every else None), None)
        for heading, one in asked.items()
    ]
    if isinstance(understood.form, Cards) and len(form.ids) > len(understood.form.records):
        names = (_("One sheet a record"), _("One file a record"))
        each = Choice(options=tuple(zip(_EACHES, names, strict=True)))
        fields.append((Field("each", _("Several records"), each), _EACHES[0], None))
    if not fields:
        _choose_place(form, _EACHES[0])
        return
    note = _("By characters or pinyin; what is left blank stays empty. Remembered for forms like this one.")
    title = _("What “{file}” asks for", file=form.path.name)
    asking = Questions(form.ledger.page, title, _("Fill in…"), fields, notes=(note,) if asked else ())
    asking.let_scroll()

    def answered(values: dict[str, Any]) -> None:
        each = values.get("each") or _EACHES[0]
        said = {likeness((heading,)): values[f"heading:{heading}"] or "none" for heading in asked}
        if said:
            _remember(form, understood, said, lambda: _choose_place(form, each))
        else:
            _choose_place(form, each)

    asking.done = answered
    asking.open_over(form.ledger)


def _is_open(one: Blank, understood: Understood, *, every: bool) -> bool:
    from db.sheets.form_reading import likeness

    if one.how in _NOT_ASKED:
        return False
    return every or one.how == "guessed" or (one.how == "none" and likeness((one.heading,)) not in understood.meanings)


def _word(text: str) -> Text:
    return Text("{text}", {"text": text})


def _remember(form: ToFill, understood: Understood, said: dict[str, str], then: Callable[[], None]) -> None:
    room = form.ledger.manner.room

    def work(connection: Connection) -> None:
        from db.sheets.form_reading import likeness
        from db.sheets.remembered import remember_form

        headings = [likeness((one.heading,)) for one in understood.blanks]
        remember_form(connection, room, form.path.name, headings, {**understood.meanings, **said})

    form.ledger.page.write(_("Remember the form {file}", file=form.path.name), work, lambda _done: then())


def _choose_place(form: ToFill, each: str) -> None:
    """Ask where the filled form is to be kept, and fill it."""
    ledger, desk = form.ledger, form.ledger.page.desk
    proposed = form.path.with_name(f"{form.path.stem} {ledger.today}.xlsx")
    out = desk.dialogs.save_file(ledger, _("Save the filled form"), str(proposed), "*.xlsx")
    if out is None:
        return
    if out.resolve() == form.path.resolve():
        desk.complain(Refused(_("The form itself stays blank; choose another file name.")))
        return
    view = tr(ledger.view.name) if ledger.view is not None else ""

    def done(filled: Filled) -> None:
        from db.forms_out import left_empty

        files = filled.files
        said = out.name if len(files) == 1 else tr(_("{count} files", count=len(files)))
        desk.say(_("“{view}”: {count} records were filled into {file}.", view=view, count=filled.rows, file=said))
        lines = left_empty(filled)
        if lines:
            StaysEmpty(ledger, lines, lambda: _begin(form, every=True)).open_over(ledger)

    title = _("Filling “{file}”", file=form.path.name)
    desk.jobs.ask(ledger, _filling(form, each, out), done, failed=desk.complain, title=title, key="form")


def _filling(form: ToFill, each: str, out: Path) -> Callable[[Book, Progress], Filled]:
    ledger = form.ledger
    room, today, months = ledger.manner.room, ledger.today, ledger.wanted().period.months
    month = months[0] if ledger.follows_period and months is not None and months[0] == months[1] else None

    def work(book: Book, progress: Progress) -> Filled:
        from db.forms_out import Asked, reporting_of, understand
        from db.sheets.filling_forms import Filling
        from db.sheets.filling_forms import fill_form as fill

        with book.read() as connection:
            found = understand(connection, form.path, Asked(room=room, sheet=form.sheet, today=today))
            assert found.room.sheet is not None, room
            wanted = Filling(form.ids, dt.date.fromisoformat(today), reporting_of(connection), month, each)
            return fill(connection, found.room.sheet, found.form, wanted, out, progress=progress)

    return work
