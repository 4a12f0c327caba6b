"""The evaluation in pictures: distribution with class limits, by place and industry, by year, land by class, buildings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.text import Text, _
from desktop.kit import clipboard, projector, theme
from desktop.kit.bars import Bar, Bars
from desktop.kit.columns import unit_name
from desktop.kit.page import Connection, EmptyPage
from desktop.kit.parts import Segments, bar, button, column_of
from desktop.kit.words import tr
from desktop.per_mu.chart_distribution import Distribution
from desktop.per_mu.chart_planes import axes_of
from desktop.per_mu.chart_treemap import Tile, Treemap
from desktop.per_mu.evaluation_cells import Cells, mark_of, number

if TYPE_CHECKING:
    from db.per_mu.buildings import Building
    from desktop.per_mu.evaluation import EvaluationView

_KINDS = (
    ("distribution", _("Distribution")), ("street", _("Place")), ("industry", _("Industry")), ("years", _("Years")),
    ("land", _("Land by class")), ("buildings", _("Buildings")),
)  # fmt: skip
_SQUARE_METRES = Fraction(2000, 3)  # of a mu
_WAN = 10_000
_MOST = 300  # bars of buildings


class Charts(QWidget):
    """See the module. A click on a bar, a column or a tile shows these enterprises in the ranking."""

    def __init__(self, view: EvaluationView) -> None:
        super().__init__()
        self.view = view
        self.kind, self.measured = "distribution", 0
        self.by = Segments(
            [one for one in _KINDS if not (projector.on() and one[0] in ("distribution", "land"))], "distribution"
        )
        self.measure = Segments((("0", _("First")), ("1", _("Second"))), "0")
        self.copy = button(_("Copy as a picture"), self.copy_picture, small=True)
        self.bars = Bars(self)
        self.bars.hint = _("{name}: {number}. A click shows these enterprises in the ranking.")
        self.distribution, self.treemap, self.none = Distribution(), Treemap(), EmptyPage(Text(""))
        self.stack = QStackedWidget()
        for part in (self.bars, self.distribution, self.treemap, self.none):
            self.stack.addWidget(part)
        head = bar("filter", theme.FILTER_BAR, self.by, 8, self.measure, None, self.copy)
        column_of(head, self.stack, gap=0, parent=self).setStretch(1, 1)
        self.by.chosen.connect(self.show_kind)
        self.measure.chosen.connect(self._measure)
        self.bars.picked.connect(view.show_framed)
        self.distribution.picked.connect(view.show_framed)
        self.treemap.picked.connect(self._picked)
        if projector.on():
            self.kind = "street"
            self.by.choose("street")

    def _picked(self, company: int) -> None:
        self.view.show_mode("ranking")
        self.view.table.choose(company)

    def show_kind(self, kind: str) -> None:
        """Another picture."""
        self.kind = kind
        self.by.choose(kind)
        self.refresh()

    def _measure(self, key: str) -> None:
        self.measured = int(key)
        self.refresh()

    def refresh(self) -> None:
        """Draw what is chosen."""
        cells = self.view.cells
        if cells is None:
            return
        axes = axes_of(cells)
        self.measure.setVisible(axes is not None and self.kind in ("street", "industry", "years"))
        if axes is not None:
            for key, one in zip(("0", "1"), reversed(axes), strict=True):
                self.measure.buttons[key].setText(tr(one.called))
        if self.kind == "distribution":
            self.distribution.show_scores(cells)
            self.stack.setCurrentWidget(self.distribution)
        elif self.kind == "land":
            self.treemap.show_tiles(tr(_("Land by class (area: land, mark and colour: class)")), _tiles(cells))
            self.stack.setCurrentWidget(self.treemap)
        elif self.kind == "buildings":
            self._show_buildings(cells)
        elif axes is not None:
            code = axes[1 - self.measured].code
            self._show_years(cells, code) if self.kind == "years" else self._show_groups(cells, code)

    def _show_groups(self, cells: Cells, code: str) -> None:
        from db.per_mu.evaluated import weighted

        places: dict[str, list[int]] = {}
        for place, one in enumerate(cells.outcome.group.members):
            places.setdefault(one.street if self.kind == "street" else one.industry, []).append(place)
        found = [(name, weighted(cells.outcome, code, some), some) for name, some in places.items()]
        found.sort(key=lambda one: (not one[0], -(one[1] or 0)))
        members = cells.outcome.group.members
        self._show_bars(
            [
                (name or tr(_("(empty)")), value, cells.value(code, value), [members[place].company for place in some])
                for name, value, some in found
            ],
            code, upright=False,
        )  # fmt: skip

    def _show_years(self, cells: Cells, code: str) -> None:
        outcome = cells.outcome

        def work(connection: Connection) -> list[tuple[int, Fraction | None]]:
            from db.per_mu.evaluated import by_year

            return by_year(connection, outcome, code)

        def show(found: list[tuple[int, Fraction | None]]) -> None:
            if self.kind == "years":
                everyone = [one.company for one in outcome.group.members]
                self._show_bars(
                    [(str(year), value, cells.value(code, value), everyone) for year, value in found],
                    code,
                    upright=True,
                )

        self.view.page.ask(work, show, key="evaluation:years")

    def _show_bars(
        self, found: Sequence[tuple[str, Fraction | None, str, Sequence[int]]], code: str, *, upright: bool
    ) -> None:
        one = next(item for item in cells_items(self.view) if item.code == code)
        title = tr(_("{name}: ΣX ÷ ΣY of each group, {unit}", name=one.called, unit=unit_name(one.unit or "%")))
        self._draw(
            title,
            [Bar(name, int((value or 0) * 10**6), said, list(some)) for name, value, said, some in found],
            upright=upright,
        )

    def _draw(self, title: str, bars: Sequence[Bar], *, upright: bool) -> None:
        self.bars.show_bars(title, bars, upright=upright)
        self.stack.setCurrentWidget(self.bars)

    def _show_buildings(self, cells: Cells) -> None:
        """Carriers by the tax of the companies in them; enterprises by their own floor area where no carrier has any."""
        group = cells.outcome.group

        def work(connection: Connection) -> Sequence[Building]:
            from db.per_mu.buildings import buildings

            return buildings(connection, group.year, group.half)

        def show(found: Sequence[Building]) -> None:
            if self.kind == "buildings":
                self._draw_buildings(cells, found)

        self.view.page.ask(work, show, key="evaluation:buildings")

    def _draw_buildings(self, cells: Cells, carriers: Sequence[Building]) -> None:
        given, members = cells.outcome.group.given, cells.outcome.group.members
        found: list[tuple[str, Fraction, str, list[int]]] = []
        for one in carriers:
            per_mu = f" · {number(one.per_mu)} {unit_name('万元/亩')}" if one.per_mu is not None else ""
            said = f"{number(one.per_square_metre)}{per_mu}"
            found.append((one.name, one.per_square_metre, said, list(one.companies)))
        for place, member in enumerate(members if not found else ()):
            floor, tax = given["floor_area"][place], given["tax"][place]
            if floor and tax is not None:
                value = Fraction(tax * _WAN, floor) / _SQUARE_METRES
                found.append((member.name, value, number(value), [member.company]))
        if not found or projector.on():
            self.none.sentence.setText(
                tr(
                    _(
                        "No carrier with companies in it, and no enterprise of this year, has a floor area; fill it in to see tax per m²."
                    )
                )
            )
            self.stack.setCurrentWidget(self.none)
            return
        found.sort(key=lambda one: -one[1])
        title = _("Tax per m² of each carrier: Σ tax of the companies in it ÷ floor area (yuan/m²)")
        own = _("Tax per m² of floor area (yuan/m²)")
        bars = [Bar(name, int(value * 100), said, ids) for name, value, said, ids in found[:_MOST]]
        self._draw(tr(title if carriers else own), bars, upright=False)

    def picture(self) -> QPixmap:
        """What is drawn, whole."""
        return self.bars.picture() if self.stack.currentWidget() is self.bars else self.stack.currentWidget().grab()

    def copy_picture(self) -> None:
        """To the clipboard, on paper's colours."""
        with theme.on_paper():
            image = self.picture().toImage()
        clipboard.give(self.view.page.desk, image, _("The chart is on the clipboard as a picture."))


def cells_items(view: EvaluationView) -> Sequence[Any]:
    """The indicators of what is shown."""
    return view.cells.outcome.scheme.indicators if view.cells is not None else ()


def _tiles(cells: Cells) -> list[Tile]:
    found = []
    for place, one in enumerate(cells.outcome.group.members):
        land = cells.outcome.group.given["land"][place]
        if land and land > 0:
            grade = cells.outcome.classes[place]
            mark, tone = mark_of(cells.names, grade)
            order = cells.names.index(grade) if grade in cells.names else len(cells.names)
            said = f"{number(Fraction(land, 10**6))} {unit_name('亩')}"
            found.append(Tile(one.company, float(land), order, grade, mark, tone, one.name, said))
    return found
