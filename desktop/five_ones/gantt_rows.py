"""What a row of the milestones' chart draws, a project with all its milestones or one milestone, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from db.core.text import Text, _
from db.five_ones.schedule import PARALLEL
from desktop.kit import projector, theme
from desktop.kit.day_lines import NAMES, diamond, short
from desktop.kit.labels import Wish, place
from desktop.kit.words import tr

if TYPE_CHECKING:
    from fractions import Fraction

    from db.five_ones.gantt import Bar, Plan
    from db.five_ones.schedule import Progress
    from desktop.five_ones.gantt_lines import GanttLines

PROJECT_ROW, STONE_ROW = 56, 44
PLANNED, ACTUAL, WORDS = 14, 32, 38  # from the top of a project's row
STONE_PLANNED, STONE_ACTUAL = 15, 29  # from the top of a milestone's row
_APART = 7  # between an arrow and the marks that it joins


def draw_project(lines: GanttLines, painter: QPainter, row: int, plan: Plan) -> None:
    """A thin line with what was planned, under it a bar with what happened."""
    of, top = theme.tokens(), lines.top_of(row)
    planned = [(one, lines.day_of(row, one)) for one in plan.bars]
    days = [day for _one, day in planned if day]
    if days:
        painter.setPen(QPen(of.color("faint"), 1.2))
        y = top + PLANNED
        painter.drawLine(QPointF(lines.x_of(min(days)), y), QPointF(lines.x_of(max(days)), y))
    _draw_actual(lines, painter, top + ACTUAL, plan)
    for one, day in planned:
        ring = lines.row == row and lines.step == str(one.id)
        if day:
            late = one.late(lines.day) > 0
            ink = of.red if late else of.accent if ring else of.mute
            diamond(painter, QPointF(lines.x_of(day), top + PLANNED), ink, full=False, large=ring)
        if one.stone.actual:
            diamond(painter, QPointF(lines.x_of(one.stone.actual), top + ACTUAL), of.accent, full=True, large=ring)
        elif one.stone.forecast:
            diamond(painter, QPointF(lines.x_of(one.stone.forecast), top + ACTUAL), of.amber, full=False, large=ring)
    _draw_labels(lines, painter, top + WORDS + 11, plan)


def _draw_actual(lines: GanttLines, painter: QPainter, y: int, plan: Plan) -> None:
    of = theme.tokens()
    actual = [one.stone.actual for one in plan.bars if one.stone.actual]
    if actual:
        last = max(actual) if plan.done == len(plan.bars) else max(lines.day, *actual)
        x = lines.x_of(min(actual))
        painter.fillRect(QRectF(x, y - 3, lines.x_of(last) - x, 6), of.color("accent"))
    late = latest(plan, lines.day)
    if late is not None and late.stone.planned:
        x, here = lines.x_of(late.stone.planned), lines.x_of(lines.day)
        painter.fillRect(QRectF(x, y - 3, here - x, 6), of.color("red"))
        painter.setPen(of.color("red"))
        painter.setFont(theme.font(12))
        painter.drawText(QPointF(here + 8, y + 5), tr(said_late(late, lines.day)))


def _draw_labels(lines: GanttLines, painter: QPainter, y: int, plan: Plan) -> None:
    of, metrics, wide = theme.tokens(), theme.metrics(11), float(lines.viewport().width())
    late = latest(plan, lines.day)
    wishes, texts = [], []
    for one in plan.bars:
        day = one.stone.actual or one.stone.forecast or one.stone.planned
        if day is None or not NAMES - 8 <= lines.x_of(day) <= wide + 8:
            continue
        text = f"{one.stone.name} {short(day)}"
        weight = 99 if late is one else one.stone.weight + (0 if one.stone.actual else 20)
        wishes.append(Wish(lines.x_of(day), metrics.horizontalAdvance(text) + 1, weight))
        texts.append((one, text))
    painter.setFont(theme.font(11))
    for (one, text), left in zip(texts, place(wishes, NAMES + 4, wide - 4), strict=True):
        if left is not None:
            painter.setPen(of.color("red" if one is late else "text" if one.stone.actual else "mute"))
            painter.drawText(QPointF(left, y), text)


def draw_stone(lines: GanttLines, painter: QPainter, row: int, one: Bar) -> None:
    """The planned span hollow, the real one full, what is overdue red; days beside it."""
    of, top = theme.tokens(), lines.top_of(row)
    planned, actual, forecast = lines.day_of(row, one), one.stone.actual, one.stone.forecast
    late = one.late(lines.day) > 0
    ring = lines.row == row and lines.step == str(one.id)
    if one.first:
        diamond(painter, QPointF(lines.x_of(one.first), top + STONE_PLANNED), of.line, full=False)
    if planned:
        _hollow(painter, lines, (one.begin, planned), top + STONE_PLANNED, dashed=one.stone.line == PARALLEL)
    until = actual or (lines.day if one.begin is not None and one.begin <= lines.day else None)
    if until is not None and one.begin is not None and (actual or one.begin <= lines.day):
        x = lines.x_of(one.begin)
        ink = of.color("accent" if actual else "line")
        painter.fillRect(QRectF(x, top + STONE_ACTUAL - 4, max(2.0, lines.x_of(until) - x), 8), ink)
    if late and planned:
        x = lines.x_of(planned)
        painter.fillRect(QRectF(x, top + STONE_ACTUAL - 4, max(2.0, lines.x_of(lines.day) - x), 8), of.color("red"))
    if forecast and not actual:
        diamond(painter, QPointF(lines.x_of(forecast), top + STONE_ACTUAL), of.amber, full=False, large=ring)
    if planned:
        ink_of = of.red if late else of.accent if ring else of.mute
        diamond(painter, QPointF(lines.x_of(planned), top + STONE_PLANNED), ink_of, full=False, large=ring)
    if actual:
        diamond(painter, QPointF(lines.x_of(actual), top + STONE_ACTUAL), of.accent, full=True, large=ring)
    _draw_days(lines, painter, row, one)


def draw_needs(lines: GanttLines, painter: QPainter, row: int, plan: Plan) -> None:
    """Thin arrows from what a milestone waits for; red where it is planned before that is done."""
    of, one = theme.tokens(), plan.bars[row]
    day, y = one.begin or lines.day_of(row, one), lines.top_of(row) + STONE_PLANNED
    if day is None:
        return
    places = {other.stone.key: at for at, other in enumerate(plan.bars)}
    for at in (places[key] for key in one.stone.needs if key in places):
        end = plan.bars[at].stone.actual or lines.day_of(at, plan.bars[at])
        if end is None:
            continue
        wrong = end > (one.stone.actual or lines.day_of(row, one) or end)
        painter.setPen(QPen(of.color("red" if wrong else "accent" if row == lines.row else "faint"), 1))
        x, to = lines.x_of(end), lines.x_of(day)
        down = 1 if at < row else -1
        start = lines.top_of(at) + (STONE_ACTUAL if plan.bars[at].stone.actual else STONE_PLANNED) + down * _APART
        _arrow(painter, QPointF(x, start), QPointF(to, y), down=down)


def _arrow(painter: QPainter, start: QPointF, end: QPointF, *, down: int) -> None:
    """Down or up, then across; its head just before where it ends."""
    across = end.x() - start.x()
    if abs(across) < 2 * _APART:
        tip, way = QPointF(start.x(), end.y() - down * _APART), QPointF(0, down)
    else:
        way = QPointF(1 if across > 0 else -1, 0)
        tip = end - way * _APART
        painter.drawLine(QPointF(start.x(), end.y()), tip)
    painter.drawLine(start, QPointF(start.x(), end.y() if way.x() else tip.y()))
    side = QPointF(way.y(), way.x())
    for one in (side, -side):
        painter.drawLine(tip, tip - way * 4 + one * 3)


def _hollow(painter: QPainter, lines: GanttLines, span: tuple[str | None, str], y: int, *, dashed: bool) -> None:
    of = theme.tokens()
    pen = QPen(of.color("mute"), 1.2)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    begin, end = lines.x_of(span[0] or span[1]), lines.x_of(span[1])
    if end > begin:
        painter.drawRoundedRect(QRectF(begin, y - 4, end - begin, 8), 2, 2)


def _draw_days(lines: GanttLines, painter: QPainter, row: int, one: Bar) -> None:
    of, top = theme.tokens(), lines.top_of(row)
    stone, late = one.stone, one.late(lines.day)
    days = [day for day in (lines.day_of(row, one), stone.actual, stone.forecast) if day]
    if not days:
        return
    end = max([*days, *([lines.day] if late else [])])
    if stone.actual:
        text = _("done {day}", day=short(stone.actual))
    elif late:
        text = _("planned {day}, overdue by {days} days", day=short(stone.planned or ""), days=f"{late:,}")
    elif stone.forecast:
        text = _("forecast {day}", day=short(stone.forecast))
    else:
        text = _("planned {day}", day=short(lines.day_of(row, one) or ""))
    painter.setFont(theme.font(11))
    painter.setPen(of.color("red" if late else "text" if stone.actual else "mute"))
    painter.drawText(QPointF(lines.x_of(end) + 12, top + 26), tr(text))


# --- words -----------------------------------------------------------------------------------------------------------


def latest(plan: Plan, today: str) -> Bar | None:
    """The milestone that has been overdue longest."""
    late = [one for one in plan.bars if one.late(today)]
    return max(late, key=lambda one: one.late(today), default=None)


def said_late(one: Bar, today: str) -> Text:
    """Which milestone is overdue, and by how many days."""
    return _("{stage} overdue by {days} days", stage=one.stone.name, days=f"{one.late(today):,}")


def said(one: Bar, today: str, plan: Plan) -> str:
    """A milestone of a plan in words."""
    stone = one.stone
    parts = [stone.name]
    if stone.planned:
        parts.append(tr(_("planned {day}", day=stone.planned)))
    if one.first:
        parts.append(tr(_("planned at first {day}", day=one.first)))
    if stone.forecast:
        parts.append(tr(_("forecast {day}", day=stone.forecast)))
    if stone.actual:
        parts.append(tr(_("actual {day}", day=stone.actual)))
    elif one.late(today):
        parts.append(tr(_("{days} days late", days=f"{one.late(today):,}")))
    if stone.line == PARALLEL:
        parts.append(tr(_("parallel line")))
    before = [other.name for other in plan.stones if other.key in stone.needs]
    if before:
        parts.append(tr(_("waits for {names}", names=before)))
    parts += [part for part in (one.unit, one.reason) if part]
    return " · ".join(parts)


def said_plan(plan: Plan, today: str) -> str:
    """A project's plan in words, one line a milestone."""
    lines = [projector.covered(plan.name), tr(said_progress(plan.weight)), tr(said_money(plan.money))]
    return "\n".join([*(line for line in lines if line), *(said(one, today, plan) for one in plan.bars)])


def percent(share: Fraction) -> str:
    """A share as a person reads it: 62.5%."""
    from db.reports.formulas import percent_of

    found = percent_of(share.numerator, share.denominator)
    return f"{found}%"


def said_progress(of: Progress) -> Text:
    """Progress by weight against schedule."""
    if of.due is None or of.done is None:
        return _("By weight: cannot be said; days or weights are missing")
    if of.behind:
        points = f"{float(of.behind):.1f}"
        return _(
            "By weight: {done} done, {due} due, {points} points behind",
            done=percent(of.done),
            due=percent(of.due),
            points=points,
        )
    return _("By weight: {done} done, {due} due", done=percent(of.done), due=percent(of.due))


def said_money(of: Progress) -> Text:
    """Progress by money against the time gone."""
    if of.done is None:
        return _("By money: the investment is not known")
    if of.due is None:
        return _("By money: {done} paid in", done=percent(of.done))
    return _("By money: {done} paid in, {due} of the time gone", done=percent(of.done), due=percent(of.due))
