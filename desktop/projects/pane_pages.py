"""Tabs of the pane that are read from the book when they are shown: stages, money by month, promised beside real."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from db.core.fields import Field, Money
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.form import said
from desktop.kit.page import Connection
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import Tag, button, label, row_of
from desktop.kit.words import language, tr
from desktop.projects.moving import ask_actual, ask_plan

if TYPE_CHECKING:
    from db.projects.details import Month, Promise, Recognised, Station

_EVIDENCE = 150
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class StagesPage(PanePage):
    """Each stage with its day, what proves it, its plan and its recognitions."""

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The stages of the project."""

        def read(connection: Connection) -> Sequence[Station]:
            from db.projects.details import stations

            return stations(connection, number)

        return read

    def show_found(self, found: Sequence[Station]) -> None:
        """One block a stage."""
        from db.projects.stages import stages

        for one in found:
            self.lines.addLayout(self._station(one, stages()[one.stage].label))

    def _station(self, one: Station, name: Text) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        head = label(name, bold=one.reached, tone="" if one.reached else "mute", wrap=True)
        head.setFixedWidth(80 if language() == "zh" else 92)
        grid.addWidget(head, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        parts: list[QWidget] = []
        if one.reached:
            parts += self._reached(one)
        if one.planned:
            parts.append(self._planned(one))
        if not parts:
            parts.append(label("—", tone="faint"))
        parts += [label(_recognition(each), size=12, tone="mute", wrap=True) for each in one.recognised]
        for row, part in enumerate(parts):
            grid.addWidget(part, row, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _reached(self, one: Station) -> list[QWidget]:
        day = one.day or _("day not known")
        link = button(day, lambda: self._change_day(one), kind="link", small=True, tip=_("Change the day"))
        if one.evidence:
            shown = theme.metrics(13).elidedText(one.evidence, Qt.TextElideMode.ElideRight, _EVIDENCE)
            proof = button(shown, lambda: self._give_evidence(one), kind="link", small=True, tip=one.evidence)
            proof.setAccessibleName(one.evidence)
            lines = [_side(link), _side(label(_("Evidence"), size=12, tone="mute"), proof)]
        else:
            proof = button(_("evidence to come"), lambda: self._give_evidence(one), kind="amberlink", small=True)
            lines = [_side(link, proof)]
        if one.reason:
            lines.append(label(_("Reason: {reason}", reason=one.reason), size=12, tone="mute", wrap=True))
        return lines

    def _planned(self, one: Station) -> QWidget:
        link = button(str(one.planned), lambda: self._plan(one), kind="link", small=True, tip=_("Plan it anew"))
        parts: list[QWidget] = [label(_("Planned"), size=12, tone="mute"), link]
        if one.planned and not one.reached and one.planned < self.today:
            from db.projects.flow import days

            parts.append(Tag(_("{days} days late", days=f"{days(one.planned, self.today):,}"), "red"))
        return _side(*parts)

    def _change_day(self, one: Station) -> None:
        ask_actual(self.page, self, self.number, self.name, one.stage, one.day, self._opened)

    def _plan(self, one: Station) -> None:
        ask_plan(self.page, self, self.number, self.name, one.stage, one.planned, self._opened)

    def _give_evidence(self, one: Station) -> None:
        from db.projects.stages import stages

        number, stage = self.number, stages()[one.stage].label
        words = self.page.desk.dialogs.ask_words(
            self, _("“{name}”: evidence of {stage}", name=self.name, stage=stage),
            _("Number or name of the document; an empty line means it is to be handed in later."),
            _("Save the evidence"), proposed=one.evidence or "",
        )  # fmt: skip
        if words is None or words == (one.evidence or ""):
            return

        def work(connection: Connection) -> None:
            from db.projects.service import give_evidence

            give_evidence(connection, number, one.stage, words)

        self.page.write(_("“{name}”: evidence of {stage}", name=self.name, stage=stage), work)


class MoneyPage(PanePage):
    """What is kept by month, the newest month first, the totals above."""

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The months of the project."""

        def read(connection: Connection) -> Sequence[Month]:
            from db.projects.details import months

            return months(connection, number)

        return read

    def show_found(self, found: Sequence[Month]) -> None:
        """A small table."""
        from db.projects.details import totals
        from db.projects.fields import field_of

        if not found:
            self.lines.addWidget(label(_("Nothing is kept by month yet."), tone="mute", wrap=True))
            return
        sums = totals(tuple(found))
        fields = [one for key in sums if (one := field_of(key)) is not None]
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.addWidget(label(_("Month"), size=12, tone="mute"), 0, 0)
        for column, field in enumerate(fields, 1):
            head = label(_HEADS.get(field.key, field.label), size=12, tone="mute", wrap=True)
            head.setAlignment(_RIGHT)
            grid.addWidget(head, 0, column)
            grid.setColumnStretch(column, 1)
        self._row(grid, 1, tr(_("Total")), fields, sums, bold=True)
        for row, kept in enumerate(found, 2):
            self._row(grid, row, kept.month, fields, kept.amounts, bold=False)
        self.lines.addLayout(grid)
        foreign = any(getattr(one.kind, "unit", "") == "万美元" for one in fields)
        unit = _("In 10k yuan, foreign capital in 10k US$.") if foreign else _("In 10k yuan.")
        self.lines.addWidget(label(unit, size=12, tone="faint"))

    def _row(
        self, grid: QGridLayout, row: int, name: str, fields: Sequence[Field], amounts: Mapping[str, int], *, bold: bool
    ) -> None:
        from db.core.formats import show

        grid.addWidget(label(name, bold=bold), row, 0)
        for column, field in enumerate(fields, 1):
            value = amounts.get(field.key)
            text = "—" if value is None else show(field.kind, value, language())
            made: QLabel = label(text, bold=bold, tone="faint" if value is None else "")
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(made, row, column, _RIGHT)


_HEADS: Mapping[str, Text] = {
    "paid_in_reported": _("Reported"),
    "paid_in_verified": _("Verified"),
    "fixed_assets_done": _("Fixed assets"),
    "foreign_used": _("Foreign capital"),
}


class PromisesPage(PanePage):
    """Promised, real, and the difference."""

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The promises of the project."""

        def read(connection: Connection) -> Sequence[Promise]:
            from db.projects.details import promises

            return promises(connection, number)

        return read

    def show_found(self, found: Sequence[Promise]) -> None:
        """One block a promise."""
        found = [one for one in found if not (one.private and projector.on())]
        for one in found:
            if one.promised is not None or one.real is not None:
                self.lines.addLayout(self._promise(one))
        if not any(one.promised is not None for one in found):
            self.lines.addWidget(label(_("Nothing that was promised is written down."), tone="mute", wrap=True))

    def _promise(self, one: Promise) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(label(one.label, bold=True), 0, 0, 1, 3)
        share = _share(one)
        cells = (
            (_("Promised"), _amount(one, one.promised), ""),
            (_("Real"), _amount(one, one.real), share),
            (_("Difference"), _amount(one, one.difference), ""),
        )
        for column, (name, text, below) in enumerate(cells):
            grid.addWidget(label(name, size=12, tone="mute"), 1, column)
            grid.addWidget(label(text, tone="faint" if text == "—" else ""), 2, column)
            if below:
                grid.addWidget(label(below, size=12, tone="mute"), 3, column)
            grid.setColumnStretch(column, 1)
        real = _("Real: {source}", source=one.met_by)
        grid.addWidget(label(real, size=12, tone="faint", wrap=True), 4, 0, 1, 3)
        return grid


def _amount(one: Promise, value: int | None) -> str:
    return said(Field("amount", one.label, one.kind if isinstance(one.kind, Money) else Money()), value)


def _share(one: Promise) -> str:
    from db.core.formats import decimal_text

    if not one.promised or one.real is None:
        return ""
    return decimal_text(one.real * 100, one.promised, 1) + " %"


def _recognition(one: Recognised) -> Text:
    from db.projects.details import LEVEL_LABELS

    parts: list[Text | str] = [part for part in (one.day, one.number) if part]
    if one.amount is not None:
        parts.append(said(Field("amount", Text(""), Money()), one.amount))
    text = " · ".join(str(part) for part in parts)
    return _("{level} {facts}", level=LEVEL_LABELS[one.level], facts=text)


def _side(*parts: QWidget) -> QWidget:
    """Parts beside each other, as narrow as they are."""
    made = QWidget()
    row_of(*parts, None, gap=8, parent=made)
    return made
