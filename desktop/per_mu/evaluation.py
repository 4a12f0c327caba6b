"""The evaluation of a year: ranking by class, what lifts an enterprise, charts, comparison; kept, objected to, published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from db.core.text import Text, _
from db.per_mu.models import period_name
from desktop.kit import actions, theme
from desktop.kit.beside import Beside
from desktop.kit.choices import Choices
from desktop.kit.columns import unit_name
from desktop.kit.filter_chips import Chip
from desktop.kit.frozen_table import FrozenTable
from desktop.kit.page import Connection, EmptyPage
from desktop.kit.parts import ElidedLabel, Segments, Tag, bar, button, column_of
from desktop.kit.several_views import View
from desktop.kit.strip import Strip
from desktop.kit.words import tr
from desktop.per_mu import evaluation_adjust
from desktop.per_mu.chart_planes import plane_of
from desktop.per_mu.chart_scatter import Plane
from desktop.per_mu.evaluation_cells import Cells, rule_of
from desktop.per_mu.evaluation_menus import enterprise_menu, export_menu
from desktop.per_mu.evaluation_pane import EvaluationPane

if TYPE_CHECKING:
    from db.per_mu.asked_of import About
    from db.per_mu.defending import Weighing
    from db.per_mu.evaluated import Board, Known
    from desktop.kit.several_views import SeveralViews
    from desktop.per_mu.charts import Charts
    from desktop.per_mu.compare import Compare

    _Read = tuple[Board, Cells | None, Plane | None]

_REST = 120  # milliseconds until the pane follows
_STATES = {"draft": _("draft"), "preset": _("preset")}
MODES = (("ranking", _("Ranking")), ("charts", _("Charts")), ("compare", _("Comparison")))


class EvaluationView(View):
    """See the module. F6 goes between table, pane and filter."""

    actions_of = "evaluation"

    def __init__(self, page: SeveralViews) -> None:
        super().__init__()
        self.page = page
        self.board: Board | None = None
        self.cells: Cells | None = None
        self.about: About | None = None
        self.asked, self.asked_scheme, self.as_kept = (0, 0), "", True
        self.order, self.framed = "rank", frozenset[int]()
        self.mode = "ranking"
        self._weighed: object = None  # the outcome of which the weights are shown
        self.table = FrozenTable()
        self.table.setAccessibleName(tr(_("Ranking")))
        self.table.frozen, self.table.sticky = 3, True
        self.pane = EvaluationPane(page)
        self.strip = Strip()
        self._bars()
        self.none_buttons = [
            button(_("Import metrics…"), self._import),
            button("", self._take_list),
            button(_("Show all again"), self._all_again),
        ]
        self.none = EmptyPage(Text(""), *self.none_buttons)
        self.stack = QStackedWidget()
        for part in (self.table, self.none):
            self.stack.addWidget(part)
        self._made: dict[str, Charts | Compare] = {}
        left = QWidget()
        column_of(self.strip, self.stack, gap=0, parent=left).setStretch(1, 1)
        self.beside = Beside(left, self.pane, page.desk.preferences)
        column_of(self.bar, self.beside, gap=0, parent=self).setStretch(1, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._ask_about)
        self._connect()
        self.beside.unfold()
        self.pane.show_nothing()

    def _bars(self) -> None:
        self.year = Choices()
        self.year.setAccessibleName(tr(_("Year of the data")))
        self.year.setFixedWidth(theme.metrics(13).horizontalAdvance(tr(period_name(2024, 1))) + 44)
        self.export_button = button(_("Export…"), self._open_export)
        self.next_button = button("", self._take_next, kind="primary")
        self.scheme = Choices()
        self.scheme.setAccessibleName(tr(_("Scheme")))
        self.scheme.setFixedWidth(210)
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr(_("Filter by name, place, industry")))
        self.words.setAccessibleName(tr(_("Filter by name, place, industry")))
        self.words.setFixedWidth(170)
        self.words.setClearButtonEnabled(True)
        self.state = Tag("", "grey")
        self.chip = Chip("")
        self.chip.hide()
        self.rule = ElidedLabel(size=12, tone="mute")
        self.switch = Segments(MODES, "ranking")
        self.bar = bar(
            "filter", theme.FILTER_BAR, self.scheme, self.state, self.words, self.chip, self.rule, self.switch
        )
        layout = self.bar.layout()
        assert layout is not None
        layout.setStretchFactor(self.rule, 1)  # type: ignore[attr-defined]
        self.page.writers += [self.next_button, self.pane.object_button]

    def bars(self) -> Sequence[QWidget]:
        """The year, what goes out, the next step."""
        return (self.year, self.export_button, self.next_button)

    def _connect(self) -> None:
        self.year.currentIndexChanged.connect(lambda _at: self._take_period())
        self.scheme.currentIndexChanged.connect(lambda _at: self.ask_for(scheme=self.scheme.key))
        self.words.textChanged.connect(lambda _text: self._show())
        self.chip.removed.connect(self._all_again)
        self.chip.edited.connect(self._all_again)
        self.switch.chosen.connect(self.show_mode)
        self.table.chosen.connect(lambda _number: self._rest.start())
        self.table.opened.connect(lambda _number, _key: self.pane.tabs.choose("parts"))
        self.table.menu_wanted.connect(lambda where: enterprise_menu(self).popup(where))
        self.table.heading_clicked.connect(self.sort_by)
        self.pane.scatter.picked.connect(self.table.choose)
        self.pane.scatter.framed.connect(self.show_framed)
        self.pane.tabs.chosen.connect(lambda _key: self._ask_weights())
        self.pane.letter_wanted.connect(lambda: self.export("letters", self.table.ids))
        self.pane.objection_wanted.connect(self.file_objection)
        self.pane.adjust_wanted.connect(self.adjust)
        self.pane.end_wanted.connect(partial(evaluation_adjust.end, self))
        self.pane.decided.connect(self.decide)
        keys: dict[str, Callable[[], object]] = {
            "find": self.words.setFocus, "swap_focus": self._swap_focus, "export": partial(self.export, "lists"),
            "copy_text": self.copy_text, "next": self._take_next, "object": self.file_objection,
        }  # fmt: skip
        self.doing = actions.bind(self, self.actions_of, keys)

    # --- reading ---------------------------------------------------------------------------------------------------

    def ask_for(self, *, year: int = 0, half: int = 0, scheme: str = "", kept: bool = True) -> None:
        """Another year (or half of it) or scheme; kept: as it was kept, where it was."""
        self.asked = (year, half) if year else self.asked
        self.asked_scheme, self.as_kept = scheme or self.asked_scheme, kept
        self.refresh()

    def _take_period(self) -> None:
        year, _mark, half = self.year.key.partition("/")
        self.ask_for(year=int(year), half=int(half or 0))

    def refresh(self) -> None:
        """Run it again."""
        self.adapt(self.page.window().width())
        (year, half), scheme, kept = self.asked, self.asked_scheme, self.as_kept

        def work(connection: Connection) -> _Read:
            from db.per_mu.evaluated import board

            found = board(connection, year or None, scheme, half=half, kept=kept)
            if found.outcome is None:
                return found, None, None
            cells = Cells(found)
            return found, cells, plane_of(cells)

        self.page.ask(work, self._take, key="evaluation", title=_("Evaluating"))

    def _take(self, read: _Read) -> None:
        found, self.cells, plane = read
        self.board = found
        self._fill_choices(found)
        self._say_state(found)
        if self.cells is not None:
            outcome = self.cells.outcome
            classes = outcome.scheme.classes
            self.rule.say(rule_of(classes.limits, by_share=classes.by == "share"))
            self.table.bands = self.cells.bands()
        if plane is not None:
            self.pane.scatter.show_plane(plane)
        self._show()
        self._rest.start()
        self._weighed = None
        self._ask_weights()
        if self.mode in self._made:
            self._made[self.mode].refresh()

    def _fill_choices(self, found: Board) -> None:
        known = list(found.periods)
        newest = known[0][0] + 1 if known else 0
        if newest and newest <= self.page.desk.today().year:
            known.insert(0, (newest, 0))
        self.year.fill([(_key(*one), tr(period_name(*one))) for one in known], _key(found.year, found.half))
        self.year.setVisible(bool(known))
        self.scheme.fill([(one.key, _called(one)) for one in found.schemes], found.scheme)

    def _say_state(self, found: Board) -> None:
        """Kept or not, published or not, and what comes next."""
        kept = found.kept
        self.strip.close_strip()
        if kept is None:
            self.state.say(_("trial"), "amber")
            self.next_button.setText(tr(_("Keep the result…")))
        elif not self.as_kept:
            self.state.say(_("trial with today's data"), "amber")
            self.next_button.setText(tr(_("Keep anew…")))
        elif kept.published_on is None:
            self.state.say(_("kept {day}", day=kept.done_on), "blue")
            self.next_button.setText(tr(_("Publish the result…")))
        else:
            self.state.say(_("published {day}", day=kept.published_on), "green")
            self.next_button.setText(tr(_("Export publication list…")))
        self.export_button.setEnabled(found.outcome is not None)
        self.page.show_moment()
        self.next_button.setEnabled(found.outcome is not None and self.page.desk.seen is None)
        if kept is not None and kept.drifted and self.as_kept:
            said = (
                _("{count} scores would be different with the data of today; shown is what was kept, with its data.")
                if kept.with_data
                else _("{count} scores would be different with the data of today; scores and classes are those kept, but values and "
                       "what lifts come from the data of today: the older version kept none.")
            )(count=kept.drifted)  # fmt: skip
            self.strip.ask(said, [(_("Run again"), partial(self.ask_for, kept=False))])
        elif kept is not None and not self.as_kept:
            self.strip.ask(
                _("This is a trial with the data of today."), [(_("Show what was kept"), partial(self.ask_for))]
            )
        elif (far := found.outlier) is not None:
            said = _("{name}: {indicator} is {times} times the mean of the others; is the datum right?",
                     name=far.name, indicator=far.indicator, times=f"{far.times:,}")  # fmt: skip
            self.strip.ask(said, [(_("Show it"), partial(self.table.choose, far.company))])

    def _show(self) -> None:
        """The rows that meet what is asked."""
        found = self.board
        if found is None:
            return
        if self.cells is None:
            self._show_none(found)
            return
        some = self._asked()
        self.table.sorted_by = self.order
        self.table.show_groups(self.cells.columns(), {}, self.cells.groups(some, self.order), self.cells.cell)
        self.none.sentence.setText(tr(_("No enterprise meets the conditions.")))
        for at, one in enumerate(self.none_buttons):
            one.setVisible(at == 2)
        if self.mode == "ranking":
            self.stack.setCurrentWidget(self.table if some else self.none)
        self._say_facts(some)

    def _show_none(self, found: Board) -> None:
        self.table.show_groups((), {}, (), lambda _number, _key: ())
        self.none.sentence.setText(tr(found.why or ""))
        before = max((one for one in found.years if one < found.year), default=0) if not found.half else 0
        self.none_buttons[1].setText(tr(_("Take over the list of {year}", year=period_name(before))))
        self.none_buttons[0].setVisible(True)
        self.none_buttons[1].setVisible(bool(before) and found.year not in found.years)
        self.none_buttons[2].setVisible(False)
        self.stack.setCurrentWidget(self.none)
        self.page.footer.show_facts([])
        self.rule.say("")
        self.pane.scatter.show_plane(Plane("", "", "", ()))
        self.pane.show_nothing()

    def _asked(self) -> list[int]:
        assert self.cells is not None
        words = self.words.text().strip().lower()
        return [
            one.company for one in self.cells.outcome.group.members
            if (not self.framed or one.company in self.framed)
            and (not words or words in f"{one.name} {one.street} {one.industry}".lower())
        ]  # fmt: skip

    def _say_facts(self, some: Sequence[int]) -> None:
        if self.page.shown is not self or self.cells is None or self.board is None:
            return
        from db.per_mu.evaluated import weighted

        places = [self.cells.place[one] for one in some]
        facts = [(tr(_("Evaluated")), f"{len(some):,}", "")]
        facts += [
            (
                tr(one.called),
                self.cells.value(one.code, weighted(self.cells.outcome, one.code, places)),
                unit_name(one.unit),
            )
            for one in self.cells.shown[:2]
        ]
        if self.board.kept is not None and self.board.kept.objections:
            kept = self.board.kept
            waiting = tr(_("{count} open", count=kept.waiting)) if kept.waiting else ""
            facts.append((tr(_("Objections")), str(kept.objections), waiting))
        self.page.footer.show_facts(facts)

    def _ask_about(self) -> None:
        cells, company = self.cells, self.table.record
        self.pane.scatter.choose(company)
        if cells is None or company not in cells.place:
            self.about = None
            self.pane.show_nothing()
            return
        place, kept = cells.place[company], self.board.kept if self.board is not None else None
        result = kept.results.get(company) if kept is not None else None

        def work(connection: Connection) -> About:
            from db.per_mu.asked_of import about

            return about(connection, cells.outcome, place, result)

        def show(found: About) -> None:
            if cells is self.cells:
                self.about = found
                self.pane.show_about(cells, place, found)
                self.pane.object_button.setEnabled(found.kept and self.page.desk.seen is None)

        self.page.ask(work, show, key="evaluation:about")

    def _ask_weights(self) -> None:
        """Only where they are looked at: each weight is two more runs."""
        cells, board = self.cells, self.board
        if self.pane.tabs.current != "weights" or cells is None or board is None or self._weighed is cells:
            return
        self._weighed = cells

        def work(connection: Connection) -> list[Weighing]:
            from db.per_mu.evaluated import sensitivity_of

            return sensitivity_of(connection, cells.outcome)

        self.page.ask(work, self.pane.show_weights, key="evaluation:weights", title=_("Weighing the weights"))

    # --- which rows ------------------------------------------------------------------------------------------------

    def sort_by(self, key: str) -> None:
        """Inside the classes by this column."""
        self.order = "rank" if key in ("grade", "score") else key
        self._show()

    def show_framed(self, companies: Sequence[int]) -> None:
        """Those framed on the chart; none: all again."""
        if not companies:
            self._all_again()
            return
        self.framed = frozenset(companies)
        said = tr(_("On the chart: {count}", count=len(companies)))
        self.chip.setText(said)
        self.chip.setAccessibleName(said)
        self.chip.show()
        self.show_mode("ranking")
        self._show()
        self.table.selected = set(companies)
        self.table.viewport().update()

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these entries of companies' years."""
        if self.cells is not None:
            wanted = set(ids)
            self.show_framed([one.company for one in self.cells.outcome.group.members if one.entry in wanted])

    def _all_again(self) -> None:
        self.framed = frozenset()
        self.chip.hide()
        self.words.clear()
        self._show()

    def show_mode(self, key: str) -> None:
        """Ranking, charts or comparison."""
        self.mode = key
        self.switch.choose(key)
        if key == "ranking":
            self._show()
            return
        if key not in self._made:
            self._made[key] = self._make(key)
            self.stack.addWidget(self._made[key])
        self.stack.setCurrentWidget(self._made[key])
        self._made[key].refresh()

    def _make(self, key: str) -> Charts | Compare:
        if key == "charts":
            from desktop.per_mu.charts import Charts

            return Charts(self)
        from desktop.per_mu.compare import Compare

        return Compare(self)

    # --- what one may do -------------------------------------------------------------------------------------------

    def _take_next(self) -> None:
        from desktop.per_mu import evaluation_steps

        evaluation_steps.take_next(self)

    def file_objection(self) -> None:
        """The chosen enterprise objects to its kept result."""
        from desktop.per_mu import evaluation_steps

        evaluation_steps.file_objection(self)

    def adjust(self, number: int = 0) -> None:
        """What holds for the chosen enterprise alone: one more, or a change of one."""
        evaluation_adjust.adjust(self, number)

    def decide(self, objection: int) -> None:
        """The review of an objection."""
        from desktop.per_mu import evaluation_steps

        evaluation_steps.decide(self, objection)

    def export(self, kind: str, companies: Sequence[int] = ()) -> None:
        """Publication list, class lists or letters."""
        from desktop.per_mu import evaluation_export

        evaluation_export.export(self, kind, companies)

    def _open_export(self) -> None:
        export_menu(self).popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))

    def open_company(self) -> None:
        """All that is known of it, on its own page."""
        self.page.desk.show_rows("companies", tr(_("From the evaluation")), self.table.ids)

    def copy_text(self) -> None:
        """The shown rows with their headings, as a spreadsheet or a chat takes them."""
        from desktop.per_mu import evaluation_export

        evaluation_export.copy_text(self)

    def _import(self) -> None:
        found = self.page.desk.dialogs.open_file(self, _("Import metrics"), "*.xlsx *.xls *.csv *.et")
        if found is not None:
            self.page.desk.take_files([Path(found)])

    def _take_list(self) -> None:
        from desktop.per_mu import evaluation_steps

        evaluation_steps.take_list(self)

    # --- keyboard, window ------------------------------------------------------------------------------------------

    def _swap_focus(self) -> None:
        self.beside.unfold()
        parts: list[QWidget] = [self.table, self.pane.levers.box, self.words]
        at = next((at for at, part in enumerate(parts) if part.hasFocus()), -1)
        parts[(at + 1) % len(parts)].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes away the pane over the table, then shows all again; Alt+↑ and Alt+↓ go through the enterprises."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Escape and self.beside.over and self.pane.isVisible():
            self.beside.fold()
            self.table.setFocus()
        elif event.key() == Qt.Key.Key_Escape and (self.framed or self.words.text()):
            self._all_again()
            self.table.setFocus()
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.table.record:
            ids = self.table.all_ids
            at = ids.index(self.table.record) + (1 if event.key() == Qt.Key.Key_Down else -1)
            self.table.choose(ids[min(max(at, 0), len(ids) - 1)])
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def adapt(self, width: int) -> None:
        """A narrow window has no room for the pane beside the table: F6 lays it over the table, Esc takes it away."""
        self.beside.make_room(width)

    def show_example(self) -> None:
        """An enterprise of the third class."""
        if self.cells is not None and len(self.cells.names) > 2:
            found = next(
                (
                    one
                    for one in self.table.all_ids
                    if self.cells.outcome.classes[self.cells.place[one]] == self.cells.names[2]
                ),
                0,
            )
            self.table.choose(found)


def _key(year: int, half: int) -> str:
    return f"{year}/{half}" if half else str(year)


def _called(one: Known) -> str:
    """A scheme in the list: its name and year; that it is a draft or a preset."""
    mark = "" if one.state == "published" else f" · {tr(_STATES[one.state])}"
    return f"{tr(one.called)} · {one.year}{mark}"
