"""The bar over the ledger: words of the name, and a chip for each condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from db.core.fields import Field
from db.core.period import Period
from db.core.text import _
from desktop.kit import theme
from desktop.kit.filter_chips import CheckList, Chip, chip_text
from desktop.kit.page import Page
from desktop.kit.parts import clear, row_of
from desktop.kit.periods import PeriodButton, this_year_so_far
from desktop.kit.words import tr
from desktop.projects import ledger

_TYPING = 200


class Conditions(QFrame):
    """`wanted` is what the rows must be; `changed` when it is something else."""

    changed = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.wanted = ledger.Wanted(sort="approved_on", descending=True)
        self._fields: Mapping[str, Field] = {}
        self.setProperty("bar", "filter")
        self.setFixedHeight(theme.FILTER_BAR)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_("Filter by name (Ctrl+F)")))
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self.search.setFixedWidth(220)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        row = row_of(self.search, margins=(16, 0, 16, 0), parent=self)
        row.addLayout(self._chips)
        row.addStretch(1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)
        self._typing.timeout.connect(self._words_typed)
        self.search.textChanged.connect(lambda _text: self._typing.start())

    def want(self, **changed: Any) -> None:
        """Other rows, or another order."""
        self.wanted = replace(self.wanted, **changed)
        self.changed.emit()

    def set_values(self, key: str, values: tuple[Any, ...]) -> None:
        """The values a field may have; none of them for any."""
        self.want(conditions={**self.wanted.conditions, key: values})

    def remove_all(self) -> None:
        """No condition at all; the order stays."""
        self.search.clear()
        self.want(conditions={}, recognised=None, words="", only=None)

    def _words_typed(self) -> None:
        if self.search.text().strip() != self.wanted.words:
            self.want(words=self.search.text().strip())

    def show_chips(self, fields: Mapping[str, Field]) -> None:
        """A chip for each field one may filter by; one that is on says its condition."""
        self._fields = fields
        clear(self._chips)
        if self.wanted.only is not None:
            only = Chip(self.wanted.only[0], on=True)
            only.edited.connect(partial(self.want, only=None))
            only.removed.connect(partial(self.want, only=None))
            self._chips.addWidget(only)
        for key in ledger.FILTERS:
            values = self.wanted.conditions.get(key, ())
            chip = Chip(chip_text(fields[key], values), on=bool(values))
            chip.edited.connect(partial(self._edit, key, chip))
            chip.removed.connect(partial(self.set_values, key, ()))
            self._chips.addWidget(chip)
        self._chips.addWidget(self._recognised(fields["approved_on"]))

    def _recognised(self, field: Field) -> Chip:
        days = self.wanted.recognised
        if days is None:
            chip = Chip(tr(field.label), on=False)
        else:
            chip = Chip(tr(_("{field}: {first} to {last}", field=field.label, first=days[0], last=days[1])), on=True)
            chip.removed.connect(partial(self.want, recognised=None))
        chip.edited.connect(partial(self._choose_period, chip))
        return chip

    def _edit(self, key: str, chip: Chip) -> None:
        chosen: Sequence[Any] = self.wanted.conditions.get(key, ())
        x = chip.x()

        def show(found: list[tuple[Any, int]]) -> None:
            values = CheckList(self, self._fields[key], found, chosen, partial(self.set_values, key))
            values.open_under(self, x)

        self._page.ask(ledger.choices(key), show, key="choices")

    def _choose_period(self, chip: Chip) -> None:
        days = self.wanted.recognised
        today = self._page.desk.today()
        now = this_year_so_far(today) if days is None else Period.of_months(days[0][:7], days[1][:7])
        chooser = PeriodButton(now, (today.year - 6, today.year))
        chooser.setParent(chip)
        chooser.chosen.connect(lambda: self.want(recognised=(chooser.period.first, chooser.period.last)))
        chooser.click()
