"""The footer of a ledger: at its left what all rows amount to, at its right the chosen cells: number, sum, mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from db.core.fields import Field, Kind, Money
from db.core.text import Text, _
from desktop.kit import asking
from desktop.kit.columns import NUMBERS, large_amount, unit_name
from desktop.kit.rows import KEPT_WINDOWS, WINDOW
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.asking import Amounts, Found
    from desktop.kit.ledger import Ledger

_RESTS = 120
_SAID = 2  # sums of all rows
_MOST = 1_000_000  # cells that are added up; above it only their number is said


def amount_to(found: Found, named: Text, notes: Sequence[Text]) -> list[tuple[str, str, str]]:
    """What all rows amount to, (before, bold number, after), then the notes. named: how rows are counted."""
    from db.core.formats import foreign_said

    outline, fields, left_out = found.outline, found.fields, 0
    facts = [("" if language() == "en" else "共", f"{len(outline.ids):,}", tr(named))]
    for key, total, foreign in zip(outline.summed, outline.sums, outline.foreign, strict=True):
        if (total is not None or foreign) and isinstance(fields[key].kind, Money) and len(facts) <= _SAID:
            facts.append((tr(fields[key].label), *large_amount(total or 0)))
            left_out = max(left_out, foreign)
    told = [foreign_said(left_out)] if left_out else []
    return facts + [("", "", tr(one)) for one in (*told, *notes, *found.missing[:1])]


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
        model, few = self._ledger.model, len(block.ids) <= WINDOW * KEPT_WINDOWS
        if cells > _MOST:
            self._say(cells, None, fields)
        elif (
            few
            and not any(one.currency for one in fields)
            and all(model.known(line) for line in self._ledger.table.chosen_rows())
        ):
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
        if found is not None and kind is not None and found.foreign:
            from db.core.formats import foreign_said

            facts.append(("", "", tr(foreign_said(found.foreign))))
        self._ledger.page.footer.show_chosen(facts)


def _digits(kind: Kind) -> int | None:
    return 2 if getattr(kind, "unit", "") in ("万元", "亿元", "万美元") else None


def _one_kind(fields: list[Field]) -> Kind | None:
    kinds = {one.kind for one in fields if isinstance(one.kind, NUMBERS)}
    return kinds.pop() if len(kinds) == 1 else None
