"""What the chosen cells amount to, for the right end of the footer: how many, how many filled in, sum and mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from db.core.fields import Field, Kind
from db.core.text import _
from desktop.kit import asking
from desktop.kit.columns import NUMBERS, unit_name
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.asking import Amounts
    from desktop.kit.ledger import Ledger

_RESTS = 120
_MOST = 1_000_000  # cells that are added up; above it only their number is said


class Selected(QObject):
    """Counts after the selection has rested; cells that are not here are asked for."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._ledger = ledger
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_RESTS)
        self._soon.timeout.connect(self.count)

    def wait(self) -> None:
        """Something else may be selected."""
        self._soon.start()

    def count(self) -> None:
        """Say it now, or when the book has answered."""
        spans = self._ledger.table.chosen_spans()
        if sum(len(lines) * len(columns) for lines, columns in spans) < 2:
            self._ledger.page.footer.show_chosen([])
            return
        block = self._ledger.table.chosen_cells()
        fields = [one for one in block.fields if one.read is not None]
        cells = len(block.ids) * len(fields)
        model = self._ledger.model
        if cells > _MOST:
            self._say(cells, None, fields)
        elif all(model.known(line) for line in self._ledger.table.chosen_rows()):
            columns = [model.column_of(one.key) or 0 for one in fields]
            rows = ([model.value(line, at) for at in columns] for line in self._ledger.table.chosen_rows())
            self._say(cells, asking.amounts(rows, fields), fields)
        else:
            work = asking.add_up(self._ledger.manner.room, fields, block.ids, self._ledger.today)
            self._ledger.page.ask(work, lambda found: self._say(cells, found, fields), key="selected")

    def _say(self, cells: int, found: Amounts | None, fields: list[Field]) -> None:
        facts = [(tr(_("chosen")), f"{cells:,}", tr(_("cells")))]
        if found is not None and found.filled != cells:
            facts.append((tr(_("filled in")), f"{found.filled:,}", ""))
        kind = _one_kind(fields)
        if found is not None and kind is not None and found.numbers:
            from db.core.formats import show

            unit = unit_name(getattr(kind, "unit", ""))
            facts.append((tr(_("sum")), show(kind, found.total, language()), unit))
            if found.numbers > 1:
                mean = (2 * found.total + found.numbers) // (2 * found.numbers)
                facts.append((tr(_("mean")), show(kind, mean, language(), digits=_digits(kind)), unit))
        self._ledger.page.footer.show_chosen(facts)


def _digits(kind: Kind) -> int | None:
    return 2 if getattr(kind, "unit", "") in ("万元", "亿元", "万美元") else None


def _one_kind(fields: list[Field]) -> Kind | None:
    kinds = {one.kind for one in fields if isinstance(one.kind, NUMBERS)}
    return kinds.pop() if len(kinds) == 1 else None
