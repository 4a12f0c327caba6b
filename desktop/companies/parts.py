"""Tabs of the pane that tell about one company: what this room keeps, and what rooms above it do (desktop/rooms.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.core.text import _
from desktop.companies.about import ABOUT, About, Tab
from desktop.kit import projector, theme
from desktop.kit.bars import Bar, Bars
from desktop.kit.columns import with_unit
from desktop.kit.form import said
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.records import PaneTab
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.companies.about import Line, Part
    from db.core.book import Book
    from db.core.telling import Told

_MOST = 40  # lines of a part; the rest is counted
_BARS = 152  # pixels of points with their numbers and years
_WIDE, _NARROW = 240, 160  # pixels of a title that leads somewhere, in the narrowest pane


class PartsPage(PanePage):
    """Parts of lines about the company; a line that is a record of another page leads there. tab: by whose form one is added."""

    def __init__(self, page: Page, about: About, tab: Tab | None = None) -> None:
        super().__init__(page)
        self._about, self._tab = about, tab

    def work(self, number: int) -> Callable[[Connection], Any]:
        """What the room tells."""
        about = self._about

        def read(connection: Connection) -> Sequence[Part]:
            return about(connection, number)

        return read

    def show_found(self, found: Sequence[Part]) -> None:
        """A heading with its lines under it; the way to one more is first."""
        if self._tab is not None and self._tab.verb is not None:
            add = button(self._tab.verb, self._add, small=True)
            add.setEnabled(self.page.desk.seen is None)
            self.lines.addLayout(row_of(add, None))
        for part in found:
            if part.points:
                if not (part.private and projector.on()):
                    self.lines.addWidget(self._bars(part))
                continue
            heading = label(part.heading, bold=True)
            heading.setContentsMargins(0, 4, 0, 0)
            self.lines.addWidget(heading)
            for line in part.lines[:_MOST]:
                self.lines.addWidget(self._line(line))
            if len(part.lines) > _MOST:
                self._say_rest(part)
            if not part.lines:
                self.lines.addWidget(label(part.nothing, size=12, tone="mute", wrap=True))

    def _add(self) -> None:
        self.page.view("companies").pane.add_of(self._tab)  # type: ignore[attr-defined]

    def _say_rest(self, part: Part) -> None:
        rest = f"{len(part.lines) - _MOST:,}"
        self.lines.addWidget(label(_("… and {count} more", count=rest), size=12, tone="mute"))

    def _bars(self, part: Part) -> QWidget:
        """Its points side by side, the number over each; a click leads to the record it stands in."""
        made = Bars(self)
        made.setFixedHeight(_BARS)
        made.hint = _("{name}: {number}. A click shows what it stands in.")
        bars = [Bar(one.name, one.size, one.said, one.record) for one in part.points]
        made.show_bars(with_unit(tr(part.heading), part.unit), bars, upright=True)
        made.picked.connect(lambda record: self.page.desk.show_rows(record[0], self.name, [record[1]]))
        return made

    def _line(self, line: Line) -> QWidget:
        """The title, or the way to it; under it day and facts; an amount at the right."""
        made = QWidget()
        title = projector.covered(tr(line.title))
        head = QWidget()
        name: QWidget = label(title, wrap=True)
        if line.record is not None:
            room, number = line.record
            room_for = _NARROW if line.value is not None else _WIDE
            cut = theme.metrics(13).elidedText(title, Qt.TextElideMode.ElideRight, room_for)
            name = button(cut, lambda: self.page.desk.show_rows(room, title, [number]), kind="link", small=True)
            name.setAccessibleName(title)
            name.setToolTip(title)
        row = row_of(name, gap=8, parent=head)
        row.setStretch(0, 1)
        if line.record is not None:
            row.setAlignment(name, Qt.AlignmentFlag.AlignLeft)
        if line.value is not None:
            row.addWidget(label(said(*line.value)), 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        lines = column_of(head, gap=1, parent=made)
        told = [line.day, *(projector.covered(tr(one)) for one in line.facts)]
        if any(told):
            lines.addWidget(label(" · ".join(filter(None, told)), size=12, tone="mute", wrap=True))
        return made


def offered() -> list[PaneTab]:
    """The tabs that rooms above contribute."""
    return [PaneTab(one.key, one.word, partial(PartsPage, about=one.about, tab=one)) for one in ABOUT]


def own_tab(page: Page) -> QWidget:
    """Former names."""

    def about(connection: Connection, number: int) -> Sequence[Part]:
        from db.companies.about import about as read

        return read(connection, number)

    return PartsPage(page, about)


def story(book: Book, number: int) -> list[Told]:
    """The history of a company, with the sites that it got."""
    from db.companies.fields import COMPANY_FIELDS
    from db.companies.land import in_words
    from db.companies.models import company, company_site
    from db.core import telling

    sites = telling.Child(company_site, company_site.c.company, in_words)
    return telling.story(book, company, COMPANY_FIELDS, number, (sites,))
