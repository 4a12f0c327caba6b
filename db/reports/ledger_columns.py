"""How the facts of a room become columns of an exported ledger."""

from __future__ import annotations

from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Metric, Money, Whole, Words
from db.core.text import _
from db.reports.streamed import LedgerColumn

_HUNDREDTHS = {"元": 100, "美元": 100, "万元": 10**6, "万美元": 10**6, "亿元": 10**10, "亿美元": 10**10}
_AREA = {"亩": 200_000, "㎡": 300, "平方米": 300}


def ledger_column(field: Field, lang: str) -> LedgerColumn:
    """The column of one field: stored values in, shown in the field's unit, which its heading names."""
    label, unit = field.label.render(lang), getattr(field.kind, "unit", "")
    heading = _("{label} ({unit})", label=label, unit=unit).render(lang) if unit else label
    kind: Kind = field.kind
    match kind:
        case Money(unit=unit):
            decimals = 0 if unit.startswith("万") else 2
            return LedgerColumn(field.key, heading, "number", _HUNDREDTHS.get(unit, 100), decimals, 13)
        case Area(unit=unit):
            return LedgerColumn(field.key, heading, "number", _AREA.get(unit, 300), 2, 11)
        case Metric():
            return LedgerColumn(field.key, heading, "number", 10**6, 2, 12)
        case Whole():
            return LedgerColumn(field.key, heading, "number", width=9)
        case Day():
            return LedgerColumn(field.key, heading, "date", width=11.5)
        case Choice(options=options):
            labels = {key: text.render(lang) for key, text in options}
            return LedgerColumn(field.key, heading, "choice", labels=labels, width=11)
        case Flag():
            labels = {"1": _("Yes").render(lang), "0": _("No").render(lang)}
            return LedgerColumn(field.key, heading, "choice", labels=labels, width=8)
        case Words(identifier=True):
            return LedgerColumn(field.key, heading, "code", width=21)
        case Words(long=True):
            return LedgerColumn(field.key, heading, width=40)
    return LedgerColumn(field.key, heading, width=16)
