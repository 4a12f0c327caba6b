"""「填上级表格」 and 「按原台账版式导出」: rows of a ledger, as its table shows them, in somebody else's layout or in one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QWidget

from db.core.errors import Refused
from db.core.fields import Choice, Field
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.small_form import SmallForm
from desktop.kit.strip import Card
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.forms_out import Understood
    from db.sheets.filling_forms import Filled
    from db.sheets.form_reading import Blank
    from db.sheets.layout_out import LaidOut
    from desktop.kit.ledger import Ledger
    from desktop.kit.page import Connection

_EACH = "each"
_NOT_ASKED = ("number", "formula")  # columns that the form fills by itself
_MOST_HIGH = 360  # of many headings, in pixels; the others are scrolled to
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
    fields: tuple[tuple[str, Text], ...] = ()
    sheets: tuple[str, ...] = ()


class Questions(SmallForm):
    """A small form that writes nothing by itself: its answers go to whoever asked."""

    def carry_out(self) -> None:
        """Hand over what was answered."""
        values = self.values()
        if values is not None:
            self.close_card()
            self.done(values)

    def scroll(self) -> None:
        """Many editors are scrolled through, so that the verb stays in sight."""
        inner = QWidget()
        inner.setProperty("clear", "true")
        column_of(*self.editors.values(), gap=8, parent=inner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setFixedHeight(min(_MOST_HIGH, inner.sizeHint().height()))
        self.lines.insertWidget(self.lines.indexOf(self.said), area)


class StaysEmpty(Card):
    """What could not be filled: a place and a reason a line, to be read and copied. again: corrects the headings."""

    def __init__(self, ledger: Ledger, lines: Lines, again: Callable[[], object] | None = None) -> None:
        super().__init__(ledger.page, _("What stays empty"))
        self.list = QPlainTextEdit("\n".join(_told(lines)))
        self.list.setReadOnly(True)
        self.list.setFont(theme.font(12))
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(tr(_("What stays empty")))
        self.list.setFixedHeight(220)
        self.copy = button(_("Copy"), lambda: QGuiApplication.clipboard().setText(self.list.toPlainText()))
        self.lines.addWidget(self.list)
        self.again = None if again is None else button(_("Change the headings…"), self._again, kind="link")
        self._do_again = again
        parts = [self.again] if self.again is not None else []
        self.lines.addLayout(row_of(*parts, None, self.copy, button(_("Close"), self.close_card, kind="primary")))

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
    if ledger.found is None:
        return
    path = ledger.page.desk.dialogs.open_file(ledger, _("Choose the blank form"), "*.xlsx")
    if path is not None:
        _begin(ToFill(ledger, path, tuple(ledger.found.outline.ids)))


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
    assert found is not None and found.sheet is not None, room
    try:
        understood = understand(connection, form.path, Asked(room=room, sheet=form.sheet, today=today))
    except Refused:
        forms = read_forms(open_form(form.path), found.sheet, {}, year=int(today[:4]), head=_HEAD)
        if form.sheet is not None or len(forms) < 2:
            raise
        return Read(None, sheets=tuple(one.page.name for one in forms))
    fields = [(one.key, one.label) for one in found.sheet.fields]
    fields += [(f"own:{name}", _word(name)) for name in sorted(found.sheet.own_headings(connection))]
    return Read(understood, tuple(fields))


def _ask_sheet(form: ToFill, read: Read, *, every: bool) -> None:
    if read.understood is not None:
        _ask_headings(form, read, read.understood, every=every)
        return
    sheets = Choice(options=tuple((name, _word(name)) for name in read.sheets))
    asking = Questions(
        form.ledger.page, _("Which sheet is to be filled?"), _("Go on"),
        [(Field("sheet", _("Sheet"), sheets), read.sheets[0], None)],
    )  # fmt: skip
    asking.done = lambda values: _begin(replace(form, sheet=values["sheet"] or read.sheets[0]), every=every)
    asking.open_over(form.ledger)


def _ask_headings(form: ToFill, read: Read, understood: Understood, *, every: bool) -> None:
    """Ask for the headings that no field is known for, or for all; and how many records of several go into a file."""
    from db.sheets.form_reading import Cards, likeness

    asked = {one.heading: one for one in understood.blanks if _is_open(one, understood, every=every)}
    kinds = Choice(options=(("none", _("Leave empty")), *read.fields))
    fields: list[tuple[Field, Any, Sequence[str] | None]] = [
        (Field(heading, _word(heading), kinds), one.key or ("none" if every else None), None)
        for heading, one in asked.items()
    ]
    single = isinstance(understood.form, Cards) and len(form.ids) > len(understood.form.records)
    if single:
        each = Choice(options=(("sheet", _("One sheet a record")), ("file", _("One file a record"))))
        fields.append((Field(_EACH, _("Several records"), each), "sheet", None))
    if not fields:
        _choose_place(form, _EACHES[0])
        return
    notes = [_("Found by characters or pinyin; left blank, it stays empty. Remembered for forms like this one.")]
    asking = Questions(
        form.ledger.page, _("What “{file}” asks for", file=form.path.name), _("Fill…"), fields,
        notes=notes if asked else (),
    )  # fmt: skip
    asking.scroll()

    def answered(values: dict[str, Any]) -> None:
        said = {likeness((heading,)): values[heading] or "none" for heading in asked}
        place = lambda _done=None: _choose_place(form, values.get(_EACH) or _EACHES[0])  # noqa: E731
        if said:
            _remember(form, understood, said, place)
        else:
            place()

    asking.done = answered
    asking.open_over(form.ledger)
