"""A report to JSON and back, equal: what a finalised month stores.

Every object names its class; a Decimal is {"decimal": "61.23"}; tuples are lists. A field that an older program did
not write takes its default, a field this program does not know is dropped.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from db.reports import formulas, report

_CLASSES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        report.Report, report.Section, report.Paragraph, report.FigureNumber, report.Table, report.Column,
        report.Chart, report.Series, report.Figure, report.RowsBehind, report.Picture, report.Pending,
        formulas.SumOver, formulas.CountOver, formulas.Ratio, formulas.Growth, formulas.Share, formulas.RowValue,
    )
}  # fmt: skip


def to_json(stored: report.Report) -> str:
    """Canonical JSON of a report."""
    return json.dumps(_plain(stored), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> report.Report:
    """The report that `to_json` wrote."""
    revived = _revive(json.loads(text))
    assert isinstance(revived, report.Report)
    return revived


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


def _revive(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_revive(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "decimal" in value:
        return Decimal(value["decimal"])
    kind = _CLASSES[value["is"]]
    known = {field.name for field in fields(kind)}
    return kind(**{name: _revive(item) for name, item in value.items() if name in known})
