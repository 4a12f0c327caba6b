"""「一页图」: one project as a picture of half a sheet, for a chat group or a slide. Tax, phones and classes are not in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from db.core.fields import Money
from db.core.formats import show
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.columns import large_amount
from desktop.kit.page import Connection
from desktop.kit.parts import draw_tag, tag_width
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, MARGIN = 840, 44
_LEAST, _MOST = 592, 1400  # high: half a sheet lying; a long text makes it longer
_RATIO = 2  # sharp on a telephone
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere


@dataclass(frozen=True)
class OnePage:
    """What the picture says. steps: (stage, day or plan, 2 reached / 1 planned / 0 neither); amounts and people: pairs."""

    name: str
    stage: str
    status: str
    about: str
    steps: tuple[tuple[str, str, int], ...]
    amounts: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    content: str
    progress: tuple[str, str] | None
    book: str
    day: str


def read(number: int, book_name: str, today: dt.date) -> Callable[[Connection], OnePage | None]:
    """What the picture of a project says; None where it is gone."""

    def work(connection: Connection) -> OnePage | None:
        from db.core import listing
        from db.projects.details import log, stations
        from db.projects.fields import field_of
        from db.projects.models import CNY, STATUS, project
        from db.projects.stages import stages

        keys = ("name", "stage", "status", "street", "industry", "source_place", "investor", "department", "leader",
                "agreed_investment", "total_investment", "paid_in_verified", "content", "code", "currency")  # fmt: skip
        fields = [known for key in keys if (known := field_of(key)) is not None]
        rows = listing.rows(connection, project, fields, [number], today=today.isoformat())
        if not rows:
            return None
        of = dict(zip([one.key for one in fields], rows[0][1:], strict=True))
        label = {one.key: tr(one.label) for one in fields}
        every = stages()
        steps = tuple(
            (
                tr(every[one.stage].label),
                (one.day or one.planned or "")[2:],
                2 if one.reached else 1 if one.planned else 0,
            )
            for one in stations(connection, number)
        )
        amounts = tuple(
            (label[key], *_amount(of[key], of["currency"] if key != "paid_in_verified" else CNY))
            for key in ("agreed_investment", "total_investment", "paid_in_verified")
            if of[key]
        )
        people = tuple((label[key], of[key]) for key in ("investor", "leader", "department", "street") if of[key])
        entry = next(iter(log(connection, number)), None)
        about = " · ".join(part for part in (of["code"], of["industry"], of["source_place"]) if part)
        status = tr(STATUS.label(of["status"])) if of["status"] not in (None, "active") else ""
        return OnePage(
            projector.covered(of["name"]), tr(every[of["stage"]].label) if of["stage"] else "", status, about, steps, amounts, people,
            projector.covered(of["content"] or ""),
            (entry.day or "", projector.covered(" ".join(entry.text.split()))) if entry is not None else None,
            book_name, today.isoformat(),
        )  # fmt: skip

    return work


def _amount(hundredths: int, currency: str) -> tuple[str, str]:
    from db.projects.copied import in_currency

    large = abs(hundredths) >= 10**10 or language() == "en"
    number, unit = large_amount(hundredths) if large else (show(Money(), hundredths, language()), "万元")
    return number, in_currency(unit, currency, language())


def draw(page: OnePage) -> QImage:
    """The picture, always on light ground: it is sent to others."""
    with theme.on_paper():
        height = min(max(_Sheet(None).fill(page), _LEAST), _MOST)
        image = QImage(WIDTH * _RATIO, round(height) * _RATIO, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_RATIO)
        image.fill(theme.tokens().color("panel"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Sheet(painter).fill(page)
        _foot(painter, page, height)
        painter.end()
    return image


def _foot(painter: QPainter, page: OnePage, height: float) -> None:
    of = theme.tokens()
    painter.fillRect(QRectF(0, 0, WIDTH, 6), of.color("accent"))
    painter.setPen(of.color("line"))
    painter.drawLine(QPointF(MARGIN, height - 44), QPointF(WIDTH - MARGIN, height - 44))
    painter.setPen(of.color("faint"))
    painter.setFont(theme.font(12))
    box = QRectF(MARGIN, height - 38, WIDTH - 2 * MARGIN, 24)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, page.book)
    said = tr(_("as of {day}", day=page.day))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)


def _wide(text: str, size: int, bold: bool) -> int:
    return theme.metrics(size, bold=bold).horizontalAdvance(text)


class _Sheet:
    """Writes from the top down; without a painter it only measures."""

    def __init__(self, painter: QPainter | None) -> None:
        self.painter = painter
        self.y = 40.0

    def fill(self, page: OnePage) -> float:
        """Everything; gives the height that it needs, with the foot."""
        self._head(page)
        self._steps(page.steps)
        self._amounts(page.amounts)
        self._pairs(page.people)
        if page.content:
            self._paragraph(_("What is built"), page.content)
        if page.progress is not None:
            day, text = page.progress
            self._paragraph(_("Newest progress, {day}", day=day) if day else _("Newest progress"), text)
        return self.y + 52

    def _text(
        self, text: str, size: int, tone: str, *, bold: bool = False, left: float = MARGIN, width: float = 0.0
    ) -> float:
        """Wrapped text at the present height; gives how high it is."""
        wide = width or WIDTH - MARGIN - left
        box = theme.metrics(size, bold=bold).boundingRect(0, 0, int(wide), 4000, int(_TOP), text)
        if self.painter is not None:
            self.painter.setFont(theme.font(size, bold=bold))
            self.painter.setPen(theme.tokens().color(tone))
            self.painter.drawText(QRectF(left, self.y, wide, box.height() + 4), int(_TOP), text)
        return float(box.height())

    def _head(self, page: OnePage) -> None:
        self.y += self._text(page.name, 28, "text", bold=True) + 10
        left = float(MARGIN)
        for text, tone in ((page.stage, "blue"), (page.status, "amber")):
            if text and self.painter is not None:
                draw_tag(self.painter, QRectF(left, self.y + 1, tag_width(text), 18), text, tone)
            left += tag_width(text) + 8 if text else 0
        if page.about:
            self._text(page.about, 13, "mute", left=left)
        self.y += 36

    def _steps(self, steps: Sequence[tuple[str, str, int]]) -> None:
        if not steps:
            return
        painter, of = self.painter, theme.tokens()
        apart = (WIDTH - 2 * MARGIN) / len(steps)
        middle = self.y + 8
        done = max((at for at, step in enumerate(steps) if step[2] == 2), default=-1)
        for at, (stage, day, state) in enumerate(steps):
            x = MARGIN + apart * (at + 0.5)
            if painter is None:
                continue
            if at:
                painter.setPen(QPen(of.color("accent" if at <= done else "line"), 2))
                painter.drawLine(QPointF(x - apart + 8, middle), QPointF(x - 8, middle))
            painter.setPen(QPen(of.color("accent" if state else "line"), 2))
            painter.setBrush(of.color("accent" if state == 2 else "panel"))
            painter.drawEllipse(QPointF(x, middle), 6, 6)
            size = 13 if apart >= 72 else 11
            for text, tone, low, bold in (
                (stage, "text" if state else "faint", 16, at == done),
                (day, "mute", 36, False),
            ):
                fits = next((one for one in (size, 12, 11, 10) if _wide(text, one, bold) <= apart - 2), 10)
                painter.setFont(theme.font(fits if low == 16 else 11, bold=bold))
                painter.setPen(of.color(tone))
                shown = theme.metrics(fits, bold=bold).elidedText(text, Qt.TextElideMode.ElideRight, int(apart))
                box = QRectF(x - apart / 2, middle + low - 6, apart, 22)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown if low == 16 else text)
        if painter is not None:
            painter.setPen(of.color("mute"))
        self.y += 76

    def _amounts(self, amounts: Sequence[tuple[str, str, str]]) -> None:
        if not amounts:
            return
        apart = (WIDTH - 2 * MARGIN) / 3
        tall = 78.0
        for at, (what, number, unit) in enumerate(amounts):
            left = MARGIN + apart * at
            if self.painter is None:
                continue
            of = theme.tokens()
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(of.color("bg"))
            self.painter.drawRoundedRect(QRectF(left, self.y, apart - 12, tall), 6, 6)
            top = self.y
            self.y = top + 12
            self._text(what, 12, "mute", left=left + 14, width=apart - 36)
            self.y = top + 34
            self._text(number, 24, "accent", bold=True, left=left + 14, width=apart - 36)
            wide = theme.metrics(24, bold=True).horizontalAdvance(number)
            self.y = top + 46
            self._text(unit, 13, "mute", left=left + 20 + wide, width=120)
            self.y = top
        self.y += tall + 22

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Two beside each other."""
        half = (WIDTH - 2 * MARGIN) / 2
        for at in range(0, len(pairs), 2):
            tallest = 0.0
            for place, (what, value) in enumerate(pairs[at : at + 2]):
                left = MARGIN + half * place
                self._text(what, 13, "mute", left=left, width=96)
                tallest = max(tallest, self._text(value, 13, "text", left=left + 100, width=half - 116))
            self.y += tallest + 8
        self.y += 10 if pairs else 0

    def _paragraph(self, heading: Text, text: str) -> None:
        self.y += self._text(tr(heading), 12, "mute") + 4
        self.y += self._text(text if len(text) <= 400 else text[:399] + "…", 14, "text") + 14
