"""Photographs in the report: those of a section with their words and order, and choosing one from the book's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from db.core.period import period_name
from db.core.text import _
from desktop.kit.lists import Picker
from desktop.kit.page import Connection
from desktop.kit.parts import button, clear, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.attachments import Attachment
    from db.core.period import Period
    from db.core.text import Text
    from db.overview.photographs import Marked
    from desktop.kit.page import Page
    from desktop.overview.making import Made
    from desktop.overview.page import ReportPage

_WIDE, _HIGH = 84, 56


class PhotographCard(QFrame):
    """One photograph. `captioned`: other words under it; `moved`: by -1 or 1; `removed`."""

    captioned = Signal(str)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, one: Marked, data: bytes | None, *, fixed: bool, first: bool, last: bool) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self._said = one.caption
        picture = label("", size=12, tone="faint")
        picture.setFixedSize(_WIDE, _HIGH)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        image = QImage.fromData(data) if data is not None else QImage()
        if image.isNull():
            picture.setText(tr(_("Removed") if one.gone else _("not printed")))
        else:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            picture.setPixmap(QPixmap.fromImage(image.scaled(_WIDE, _HIGH, keep, smooth)))
        picture.setToolTip(one.name)
        self.caption = QLineEdit(one.caption)
        self.caption.setPlaceholderText(tr(_("Words under the photograph")))
        self.caption.setAccessibleName(tr(_("Words under the photograph")))
        self.caption.editingFinished.connect(self._tell)
        self.up = button(_("Earlier"), partial(self.moved.emit, -1), kind="link")
        self.down = button(_("Later"), partial(self.moved.emit, 1), kind="link")
        self.out = button(_("Take out"), self.removed.emit, kind="link")
        self.up.setHidden(first)
        self.down.setHidden(last)
        does = row_of(self.up, self.down, None, self.out, gap=10)
        side = column_of(self.caption, gap=4)
        side.addLayout(does)
        whole = row_of(picture, margins=(8, 8, 8, 8), gap=10, parent=self)
        whole.addLayout(side, 1)
        for part in (self.caption, self.up, self.down, self.out):
            part.setEnabled(not fixed)

    def _tell(self) -> None:
        said = self.caption.text().strip()
        if said != self._said:
            self._said = said
            self.captioned.emit(said)


class Photographs(QWidget):
    """The photographs of a section; `add_button` chooses another. What is done goes to the page it stands on."""

    def __init__(self) -> None:
        super().__init__()
        self.page: ReportPage | None = None
        self.cards: list[PhotographCard] = []
        self._shown: object = None
        self._section = ""
        self.heading = label(_("Photographs"), size=12, tone="mute")
        self.add_button = button(_("Add a photograph…"), self._choose, small=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        whole = column_of(self.heading, gap=8, parent=self)
        whole.addLayout(self._lines)
        whole.addLayout(row_of(self.add_button, None))

    def show_section(self, made: Made, section: str) -> None:
        """Those of another section, or the same ones changed. "": a part of the report that prints none."""
        found = [one for one in made.photographs if one.section == section]
        fixed = made.fixed
        self._section = section
        self.setVisible(bool(section) and not (fixed and not found))
        self.add_button.setVisible(not fixed)
        if self._shown == (found, fixed):
            return
        self._shown = (found, fixed)
        clear(self._lines)
        self.cards = [self._card(found, at, made.pictures, fixed=fixed) for at in range(len(found))]
        for card in self.cards:
            self._lines.addWidget(card)

    def _card(self, found: Sequence[Marked], at: int, pictures: Mapping[str, bytes], *, fixed: bool) -> PhotographCard:
        one = found[at]
        last = at == len(found) - 1
        card = PhotographCard(one, pictures.get(one.hash), fixed=fixed, first=at == 0, last=last)
        card.captioned.connect(partial(self._caption, one))
        card.moved.connect(partial(self._move, one))
        card.removed.connect(partial(self._remove, one))
        return card

    def _choose(self) -> None:
        page = self.page
        if page is None:
            return

        def work(connection: Connection) -> list[tuple[int, str]]:
            from db.overview.photographs import offered

            return offered(connection)

        page.ask(work, self._offer, key="photographs")

    def _offer(self, found: Sequence[tuple[int, str]]) -> None:
        page = self.page
        if page is None:
            return
        if not found:
            page.desk.say(_("No picture is attached to a project. Attach one in the pane of the project first."))
            return
        picker = Picker(self, [(str(number), said) for number, said in found], _("Search the pictures"))
        picker.chosen.connect(lambda key: self.add(int(key)))
        picker.open_at(self.add_button.mapToGlobal(QPoint(0, self.add_button.height() + 4)))

    def add(self, attachment: int) -> None:
        """Print an attachment in the section that is shown."""
        page, section = self.page, self._section
        if page is not None and page.made is not None:
            write_mark(page, page.made.period, section, attachment)

    def _caption(self, one: Marked, said: str) -> None:
        self._write(_("Words under the photograph “{name}”", name=one.name), "caption", one, said=said)

    def _move(self, one: Marked, by: int) -> None:
        self._write(_("Order of the photographs"), "move", one, by=by)

    def _remove(self, one: Marked) -> None:
        self._write(_("Take the photograph “{name}” out of the report", name=one.caption or one.name), "unmark", one)

    def _write(self, text: Text, what: str, one: Marked, **given: object) -> None:
        page = self.page
        if page is None or page.made is None:
            return
        period = page.made.period

        def work(connection: Connection) -> None:
            from db.overview import photographs

            getattr(photographs, what)(connection, period, attachment=one.attachment, **given)

        page.write(text, work, failed=page.refuse)


def write_mark(page: Page, period: Period, section: str, attachment: int) -> None:
    """Print an attachment in a section of a period's report."""

    def work(connection: Connection) -> None:
        from db.overview.photographs import mark

        mark(connection, period, section, attachment=attachment)

    page.write(_("Photograph in the report of {period}", period=period_name(period)), work)


def offer(page: Page, attachment: Attachment) -> None:
    """Let the section be chosen in which a picture of a project is printed, in the report the report page begins with."""

    def work(connection: Connection) -> tuple[Period | None, list[tuple[str, str]]]:
        from db.overview.forms import form_of
        from db.overview.last_period import last_period
        from db.overview.writers import writer

        period = last_period(connection)
        if period is None:
            return None, []
        headings = writer(language()).HEADINGS
        sections = [key for key in form_of(connection, period).sections if key in headings]
        return period, [(key, headings[key]) for key in sections or headings]

    def take(found: tuple[Period | None, list[tuple[str, str]]]) -> None:
        period, sections = found
        if period is None:
            page.desk.say(_("There is no report yet: no project is signed."))
            return
        picker = Picker(page, sections, _("Section of the report of {period}", period=period_name(period)))
        picker.chosen.connect(lambda key: write_mark(page, period, key, attachment.id))
        picker.open_at(QCursor.pos())

    page.ask(work, take, key="sections")
