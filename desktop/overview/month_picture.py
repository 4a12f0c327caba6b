"""「一页图」 of a report: its key figures, how far the targets are, and the units, as one picture for a chat or a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from db.core.text import _
from desktop.kit import theme
from desktop.kit.words import tr
from desktop.overview.explained import percent, shown, shown_parts

if TYPE_CHECKING:
    from db.reports.report import Figure, Report
    from desktop.overview.making import Made

WIDTH, MARGIN = 840, 44
_RATIO = 2  # sharp on a telephone
_TILE, _APART, _BAR = 92.0, 12.0, 30.0
_MOST_UNITS = 10
KEYS = (
    "signed.count", "signed.investment", "started.large.count", "started.large.investment", "produced.count",
    "paid_in.verified", "paid_in.reported", "negotiating.count", "foreign.used",
)  # fmt: skip
_TILES = 6


@dataclass(frozen=True)
class Bar:
    """A line with a bar: what, how long of 1, and what stands at its end."""

    name: str
    part: float
    said: str


def draw(made: Made, book: str) -> QImage:
    """The picture, always on light ground: it is sent to others."""
    with theme.on_paper():
        tall = _Sheet(None).fill(made, book)
        image = QImage(WIDTH * _RATIO, round(tall) * _RATIO, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_RATIO)
        image.fill(theme.tokens().color("panel"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Sheet(painter).fill(made, book)
        painter.end()
    return image


def tiles(report: Report) -> list[Figure]:
    """The figures that are worth a tile, in their order; those that are nothing are left out."""
    known = {one.key: one for one in report.figures}
    return [known[key] for key in KEYS if key in known and known[key].value][:_TILES]


def targets(report: Report) -> list[Bar]:
    """How far each yearly target is."""
    found = []
    for one in report.figures:
        if one.key.startswith("targets.") and one.value is not None and one.denominator:
            of = next((each for each in report.figures if one.key == f"targets.{each.key}.rate"), None)
            name, said = (
                (of.label, [_money(of, one.numerator), _money(of, one.denominator)])
                if of
                else (one.label, shown_parts(one))
            )
            found.append(
                Bar(
                    name,
                    float(min(Decimal(one.value), Decimal(1))),
                    f"{percent(Decimal(one.value))}  {said[0]} / {said[1]}",
                )
            )
    return found


def _money(of: Figure, value: object) -> str:
    return " ".join(shown(of, value)).strip()  # type: ignore[arg-type]


def units(report: Report) -> tuple[str, list[Bar]]:
    """The first chart's rows: its title, and a bar for each."""
    chart = next(iter(report.charts()), None)
    if chart is None:
        return "", []
    table = report.tables()[chart.table]
    current = next((one.column for one in chart.series if one.current), chart.series[-1].column)
    name, value = table.place(chart.category), table.place(current)
    rows = [(str(row[name]), Decimal(str(row[value] or 0))) for row in table.rows]
    rows = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:_MOST_UNITS]
    longest = max((row[1] for row in rows), default=Decimal(1))
    return chart.title, [Bar(one, float(number / longest), f"{number:,.2f}") for one, number in rows]


class _Sheet:
    """Draws from the top down; without a painter it only measures."""

    def __init__(self, painter: QPainter | None) -> None:
        self.painter = painter
        self.y = 36.0

    def fill(self, made: Made, book: str) -> float:
        """Everything; gives the height it needs."""
        report = made.report
        self._line(report.title, 26, "text", bold=True, tall=38)
        stand = f"{report.number}　{report.subtitle}".strip("　 ")
        self._line(stand, 13, "mute", tall=34)
        self._tiles(tiles(report))
        self._bars(tr(_("Targets of the year")), targets(report), "green")
        title, bars = units(report)
        self._bars(title, bars, "accent")
        if not tiles(report) and not bars:
            self._line(tr(_("Nothing happened in this period.")), 15, "mute", tall=48)
        self._foot(made, book)
        return self.y + 56

    def _line(self, text: str, size: int, tone: str, *, tall: float, bold: bool = False) -> None:
        box = QRectF(MARGIN, self.y, WIDTH - 2 * MARGIN, tall)
        fits = next((one for one in range(size, 11, -1) if _wide(text, one, bold) <= box.width()), 12)
        self._put(text, box, fits, tone, bold=bold)
        self.y += tall

    def _put(self, text: str, box: QRectF, size: int, tone: str, *, bold: bool = False, right: bool = False) -> None:
        if self.painter is None:
            return
        self.painter.setPen(theme.tokens().color(tone))
        self.painter.setFont(theme.font(size, bold=bold))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown_text = theme.metrics(size, bold=bold).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
        self.painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown_text)

    def _ground(self, box: QRectF, tone: str, radius: float) -> None:
        if self.painter is not None:
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(theme.tokens().color(tone))
            self.painter.drawRoundedRect(box, radius, radius)

    def _tiles(self, figures: Sequence[Figure]) -> None:
        wide = (WIDTH - 2 * MARGIN - 2 * _APART) / 3
        for at, figure in enumerate(figures):
            left, top = MARGIN + (wide + _APART) * (at % 3), self.y + (_TILE + _APART) * (at // 3)
            self._ground(QRectF(left, top, wide, _TILE), "bg", 6)
            inner = wide - 28
            self._put(figure.label, QRectF(left + 14, top + 8, inner, 24), 12, "mute")
            value, unit = shown(figure, figure.value)
            self._put(value, QRectF(left + 14, top + 30, inner, 34), 24, "accent", bold=True)
            after = _wide(value, 24, bold=True) + 20
            self._put(unit, QRectF(left + after, top + 36, inner - after + 14, 28), 13, "mute")
            if figure.yoy is not None:
                tone = "green" if figure.yoy >= 0 else "red"
                said = tr(_("{change} on last year", change=percent(figure.yoy, signed=True)))
                self._put(said, QRectF(left + 14, top + 62, inner, 22), 12, tone)
        self.y += (_TILE + _APART) * ((len(figures) + 2) // 3) + (10 if figures else 0)

    def _bars(self, title: str, bars: Sequence[Bar], tone: str) -> None:
        if not bars:
            return
        self._line(title, 15, "text", bold=True, tall=34)
        names = min(max(_wide(one.name, 13, bold=False) for one in bars) + 12, 240)
        said = max(_wide(one.said, 13, bold=False) for one in bars) + 12
        room = WIDTH - 2 * MARGIN - names - said
        for one in bars:
            self._put(one.name, QRectF(MARGIN, self.y, names - 8, _BAR), 13, "text")
            self._ground(QRectF(MARGIN + names, self.y + 9, room, 12), "line2", 3)
            self._ground(QRectF(MARGIN + names, self.y + 9, max(room * one.part, 3), 12), tone, 3)
            self._put(one.said, QRectF(WIDTH - MARGIN - said, self.y, said, _BAR), 13, "text", right=True)
            self.y += _BAR
        self.y += 14

    def _foot(self, made: Made, book: str) -> None:
        if self.painter is None:
            return
        of = theme.tokens()
        self.painter.fillRect(QRectF(0, 0, WIDTH, 6), of.color("accent"))
        top = self.y + 12
        self.painter.setPen(of.color("line"))
        self.painter.drawLine(QPointF(MARGIN, top), QPointF(WIDTH - MARGIN, top))
        box = QRectF(MARGIN, top + 6, WIDTH - 2 * MARGIN, 24)
        self._put(made.report.signature or book, box, 12, "faint")
        state = tr(_("Finalised") if made.final is not None else _("Not finalised"))
        self._put(f"{tr(_('data up to {day}', day=made.period.last))} · {state}", box, 12, "faint", right=True)


def _wide(text: str, size: int, bold: bool) -> int:
    return theme.metrics(size, bold=bold).horizontalAdvance(text)
