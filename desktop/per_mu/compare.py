"""Two evaluations side by side: last year, or another scheme; who changes class comes first, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.text import Text, _
from db.per_mu.models import period_name
from db.per_mu.names import called
from desktop.kit import projector, theme
from desktop.kit.cell_parts import Part
from desktop.kit.choices import Choices
from desktop.kit.frozen_table import Column, FrozenTable, Group
from desktop.kit.page import Connection, EmptyPage
from desktop.kit.parts import ElidedLabel, bar, column_of, label
from desktop.kit.words import language, tr
from desktop.per_mu.evaluation_cells import mark_of, moved, points

if TYPE_CHECKING:
    from db.per_mu.defending import Move
    from db.per_mu.evaluated import Beside
    from desktop.per_mu.evaluation import EvaluationView

_YEAR = "year:"
_LEAST, _MOST = 90, 190


class Compare(QWidget):
    """See the module. A row chosen here is chosen in the ranking."""

    def __init__(self, view: EvaluationView) -> None:
        super().__init__()
        self.view = view
        self.against = Choices()
        self.against.setAccessibleName(tr(_("Compare with")))
        self.against.setFixedWidth(260)
        self.facts = ElidedLabel(size=12, tone="mute")
        self.table = FrozenTable()
        self.table.setAccessibleName(tr(_("Comparison")))
        self.table.frozen, self.table.sticky = 1, True
        self.none = EmptyPage(Text(""))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.none)
        self.found: Beside | None = None
        self._moves: dict[int, Move] = {}
        head = bar("filter", theme.FILTER_BAR, label(_("Compare with"), size=12, tone="mute"), self.against, self.facts)
        layout = head.layout()
        assert layout is not None
        layout.setStretchFactor(self.facts, 1)  # type: ignore[attr-defined]
        column_of(head, self.stack, gap=0, parent=self).setStretch(1, 1)
        self.against.currentIndexChanged.connect(lambda _at: self.refresh())
        self.table.chosen.connect(self._chosen)

    def _chosen(self, company: int) -> None:
        if company:
            self.view.table.choose(company)

    def refresh(self) -> None:
        """Run the other one, and put both side by side."""
        board = self.view.board
        if board is None or board.outcome is None:
            return
        choices = [(f"{_YEAR}{one}", tr(period_name(one, board.half))) for one in board.years if one < board.year]
        choices += [(one.key, tr(one.called)) for one in board.schemes if one.key != board.scheme]
        self.against.fill(choices, self.against.key)
        outcome, key = board.outcome, self.against.key

        def work(connection: Connection) -> Beside:
            from db.per_mu.evaluated import beside

            year = int(key.removeprefix(_YEAR)) if key.startswith(_YEAR) else outcome.group.year
            return beside(connection, outcome, year, "" if key.startswith(_YEAR) else key)

        self.view.page.ask(work, self._take, key="evaluation:compare", title=_("Comparing"))

    def _take(self, found: Beside) -> None:
        self.found = found
        self._moves = {one.company: one for one in found.moves}
        changed = [one.company for one in found.moves if one.grade[0] != one.grade[1]]
        same = [one.company for one in found.moves if one.grade[0] == one.grade[1]]
        groups = [
            Group("changed", tr(_("Class changes · {count}", count=len(changed))), changed, {}),
            Group("same", tr(_("Same class · {count}", count=len(same))), same, {}),
        ]
        if projector.on():
            groups = [Group("all", tr(_("All · {count}", count=len(self._moves))), [*changed, *same], {})]
        self.none.sentence.setText(tr(found.why or _("Nobody is in both.")))
        self.table.show_groups(self._columns(found), {}, [one for one in groups if one.ids], self.cell)
        self.stack.setCurrentWidget(self.table if found.moves else self.none)
        if found.moves:
            told = _("{count} in both · {changed} change class · {gone} only there · {new} only here",
                     count=len(found.moves), changed=len(changed), gone=found.gone, new=found.new)  # fmt: skip
            self.facts.say("" if projector.on() else told)

    def _columns(self, found: Beside) -> list[Column]:
        classes = [] if projector.on() else [Column("grade", _("Class"), 84)]
        board = self.view.board
        assert board is not None
        here = board.period if found.scheme == "" else _("this scheme")
        there = period_name(found.year, board.half) if found.scheme == "" else called(found.scheme)
        return [
            Column("name", _("Enterprise"), 200), *classes, Column("moved", _("Change"), 64),
            Column("why", _("Why"), 300),
            _numbers("rank0", _("Rank, {which}", which=there)),
            _numbers("rank1", _("Rank, {which}", which=here)),
            _numbers("score0", _("Score, {which}", which=there)),
            _numbers("score1", _("Score, {which}", which=here)),
        ]  # fmt: skip

    def cell(self, company: int, key: str) -> tuple[Part, ...]:
        """What stands in a cell."""
        one = self._moves[company]
        if key == "name":
            return (Part(one.name),)
        if key == "grade":
            kind, tone = mark_of(self.view.cells.names if self.view.cells is not None else (), one.grade[1])
            same = one.grade[0] == one.grade[1]
            return (
                Part("", tone, kind),
                Part("→".join(tr(called(grade)) for grade in dict.fromkeys(one.grade)), bold=not same),
            )
        if key == "moved":
            return (moved(one.up),)
        if key == "why":
            return (Part(self.why(one), "mute"),)
        at = int(key[-1])
        return (
            Part("—" if one.rank[at] is None else str(one.rank[at]))
            if key.startswith("rank")
            else Part(points(one.score[at])),
        )

    def why(self, one: Move) -> str:
        """The items that moved it most, those with the sign of the whole first."""
        cells = self.view.cells
        if cells is None:
            return ""
        names = {item.code: tr(item.called) for item in cells.shown}
        told = [
            f"{names[code]} {'+' if by > 0 else '−'}{points(abs(by))}" for code, by in one.parts if code in names and by
        ]
        if self.found is not None and self.found.scheme and not told:
            return tr(_("the schemes share no item"))
        return ("，" if language() == "zh" else ", ").join(told[:3])


def _numbers(key: str, label: Text) -> Column:
    """A column of numbers as wide as its heading, where that is not too long."""
    wide = theme.metrics(12).horizontalAdvance(tr(label)) + 18
    return Column(key, tr(label), min(max(_LEAST, wide), _MOST), right=True)
