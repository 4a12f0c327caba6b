"""What the keys do on a group's heading in a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from desktop.kit.table import LedgerTable


def group_key(table: LedgerTable, key: int, line: int) -> bool:
    """← folds, → opens, Enter turns; ← on a folded one goes to the outer heading. Whether the key meant anything."""
    rows = table.rows
    folded = rows.lines.is_folded(rows.lines.at(line).group)
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        table.turn(line)
    elif key == Qt.Key.Key_Left and not folded:
        rows.fold(line, folded=True)
    elif key == Qt.Key.Key_Left:
        _go_outwards(table, line)
    elif key == Qt.Key.Key_Right:
        rows.fold(line, folded=False)
    else:
        return False
    return True


def _go_outwards(table: LedgerTable, line: int) -> None:
    level = table.rows.lines.groups[table.rows.lines.at(line).group].level
    for above in range(line - 1, -1, -1):
        group = table.rows.group(above)
        if group is not None and group.level < level:
            table.choose(above)
            return
