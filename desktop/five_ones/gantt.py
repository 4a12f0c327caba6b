"""The milestones' chart: all projects with a plan, or one of them; dragging plans anew, what is done never moves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from db.core.text import _
from desktop.five_ones.gantt_lines import GanttLines
from desktop.five_ones.milestones import MilestonePane
from desktop.kit.beside import Beside
from desktop.kit.day_lines import NAMES, Legend
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import Segments, bar, button, column_of, label
from desktop.kit.several_views import View
from desktop.kit.words import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.core.calendar import Calendar
    from db.five_ones.gantt import Bar, Overview, Plan
    from db.five_ones.schedule import Template
    from desktop.projects.moving import DayForm

WINDOW, KEPT = 64, 24
_NARROW = 900
_MARKS = (
    ("plan", _("planned")), ("actual", _("actual")), ("forecast", _("forecast")), ("done", _("so far")),
    ("late", _("overdue")),
)  # fmt: skip
_SAID = _("Hollow marks are planned, full ones actual, red is overdue")


class GanttView(View):
    """See the module. Enter shows one project, Esc all of them; T goes to today; F2, Shift+F2 as on the timeline.

    Ctrl+Shift+E changes the milestones of all selected rows.
    """

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.ids: Sequence[int] = ()
        self.one: Plan | None = None
        self.current: int | None = None
        self.form: Any = None
        self.about: Overview | None = None
        self.templates: Mapping[str, Template] = {}
        self.calendar: Calendar | None = None
        self._plans: dict[int, Plan] = {}
        self._windows: OrderedDict[int, Sequence[int]] = OrderedDict()
        self._only: Sequence[int] | None = None
        self._what = ""
        self._state, self._came = 0, False
        self.facts = label("", size=12, tone="mute")
        self.back = button(_("All projects"), self._back, small=True, tip="Esc")
        self.zoom = Segments((("week", _("Weeks")), ("month", _("Months")), ("quarter", _("Quarters"))), "month")
        self.export_button = button(_("Export…"), self._open_export, tip="Ctrl+E")
        self.many_button = button(
            _("Change milestones…"), self.change_many, small=True, tip=_("Of all selected rows (Ctrl+Shift+E)")
        )
        page.writers.append(self.many_button)
        self.canvas = GanttLines(self)
        self.pane = MilestonePane(page)
        self._ledger = button(_("Open the ledger"), lambda: page.desk.go("projects"))
        self.empty = EmptyPage(
            _(
                "No project is under construction or has milestones. It appears here by itself once construction starts."
            ),
            self._ledger,
        )
        self.empty.hide()
        self._beside = Beside(self.canvas, self.pane, page.desk.preferences)
        self.legend = Legend(_MARKS, _SAID)
        column_of(
            bar("filter", 40, self.back, self.facts, None, self.legend, 12, self.many_button, 12, self.zoom),
            self.empty,
            gap=0,
            parent=self,
        ).addWidget(self._beside, 1)
        self.setFocusProxy(self.canvas)
        self.back.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fetch)
        self.zoom.chosen.connect(self.set_zoom)
        self.canvas.zoomed.connect(self.set_zoom)
        self.canvas.scrolled.connect(self._soon.start)
        self.pane.chosen.connect(self._chosen_in_list)
        self.pane.template_wanted.connect(self.ask_template)
        self.pane.add_wanted.connect(self._add)
        self.pane.replan_wanted.connect(lambda: self.plan_anew(self._plan(), self.pane.current(), None))

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.page.desk.today().isoformat()

    def bars(self) -> Sequence[QWidget]:
        """Exporting stands in the top bar."""
        return (self.export_button,)

    def adapt(self, width: int) -> None:
        """A narrow window has room for the chart alone: Enter or F6 lays the pane over it, Esc takes it away."""
        self._beside.make_room(width)
        self.legend.setVisible(width >= _NARROW)
        self.many_button.setVisible(width >= _NARROW)
        self.export_button.setVisible(width >= _NARROW)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Which projects there are, then the plans one looks at."""
        day = self.today
        self.canvas.day = day

        def work(connection: Connection) -> tuple[Any, ...]:
            from db.core.calendar import calendar
            from db.five_ones.gantt import overview
            from db.five_ones.service import templates
            from db.people.queries import units

            names = [one.name for one in units(connection)]
            return overview(connection, day=day), calendar(connection), templates(connection), names

        self.page.ask(work, self._take, key="gantt")

    def _take(self, found: tuple[Any, ...]) -> None:
        self.about, self.calendar, self.templates, self.pane.units = found
        assert self.about is not None
        self._state += 1
        self._windows.clear()
        chosen = self._chosen()
        known = set(self.about.ids)
        self.ids = self.about.ids if self._only is None else [one for one in self._only if one in known]
        self.canvas.reach(self.about.first, self.about.last)
        here = self.canvas.hasFocus() or self._ledger.hasFocus()
        self.empty.setVisible(not self.ids)
        self._beside.setVisible(bool(self.ids))
        self.setFocusProxy(self.canvas if self.ids else self._ledger)
        if here:
            self.setFocus()
        if self.ids and not self._beside.over:
            self._beside.unfold()
        self._say()
        if self.current not in known:
            self.current, self.one = (self.ids[0] if self.ids else None), None
        self._place(chosen)
        self._ask_current()
        self._soon.start()

    def _say(self) -> None:
        if self.one is not None:
            self.facts.setText("")
            return
        about = self.about
        if self._only is not None:
            self.facts.setText(tr(_("{what}: {count} projects", what=self._what, count=f"{len(self.ids):,}")))
        elif about is not None:
            text = _(
                "{count} projects · {planned} milestones, {reached} done, {overdue} overdue",
                count=f"{len(self.ids):,}", planned=f"{about.milestones:,}", reached=f"{about.done:,}",
                overdue=f"{about.overdue:,}",
            )  # fmt: skip
            self.facts.setText(tr(text))

    def plan(self, place: int) -> Plan | None:
        """The plan of the project at a place, None while it is not here."""
        return self._plans.get(self.ids[place]) if place < len(self.ids) else None

    def _plan(self) -> Plan | None:
        return self.one or (self._plans.get(self.current) if self.current is not None else None)

    def _ask_current(self) -> None:
        """The plan in the pane is always read, whether its row is in sight or not."""
        if self.current is not None:
            self.page.ask(
                partial(_read, [self.current], self.today), partial(self._arrived, self._state), key="gantt plan"
            )
        else:
            self.pane.show_plan(None, None)

    def _fetch(self) -> None:
        if not self._came and self.about is not None:  # now the pane has its room, and the chart the rest
            self._came = True
            self.canvas.go_to_today()
        rows = self.canvas.visible() if self.one is None else range(0)
        if not rows:
            return
        for window in range(rows.start // WINDOW, (rows.stop - 1) // WINDOW + 1):
            if window not in self._windows:
                ids = self._windows[window] = self.ids[window * WINDOW : (window + 1) * WINDOW]
                self.page.ask(partial(_read, ids, self.today), partial(self._arrived, self._state))

    def _arrived(self, state: int, found: Sequence[Plan]) -> None:
        if state != self._state:
            return
        for one in found:
            self._plans[one.id] = one
            if one.id == self.current:
                self._current_came(one)
        while len(self._windows) > KEPT:
            _window, gone = self._windows.popitem(last=False)
            for number in gone:
                self._plans.pop(number, None)
        self.canvas.describe()
        self.canvas.viewport().update()

    def _current_came(self, plan: Plan) -> None:
        if self.one is not None:
            self.one = plan
            self.canvas.measure()
        self.pane.show_plan(plan, self.canvas.step, listed=self.one is None)

    # --- where one is ----------------------------------------------------------------------------------------------

    def _place(self, chosen: Collection[int] = ()) -> None:
        if self.one is None and self.current is not None and self.current in self.ids:
            step = self.canvas.step
            self.canvas.show_row(list(self.ids).index(self.current))
            self.canvas.step = step
            self.canvas.chosen |= {row for row, one in enumerate(self.ids) if one in chosen}

    def _chosen(self) -> set[int]:
        """The projects of the selected rows; none where one project fills the chart."""
        if self.one is not None:
            return set()
        return {self.ids[row] for row in self.canvas.chosen if row < len(self.ids)}

    def choose(self, row: int) -> None:
        """Another project is the current one; of one project, another milestone."""
        self.canvas.show_row(row)
        if self.one is not None:
            one = self.one.bars[row]
            self.canvas.step = str(one.id)
            self.pane.show_stone(self.canvas.step)
            self._see(one.stone.planned or one.stone.actual)
        elif self.ids[row] != self.current:
            self.current = self.ids[row]
            plan = self.plan(row)
            if plan is not None:
                self.pane.show_plan(plan, None)
            else:
                self._ask_current()

    def show_stone(self, mark: str | None) -> None:
        """A milestone was chosen on the chart."""
        if mark is not None:
            self.pane.show_stone(mark)

    def _chosen_in_list(self, mark: str) -> None:
        self.canvas.step = mark
        self.pane.show_stone(mark)
        one = self.pane.current()
        self._see((one.stone.planned or one.stone.actual) if one is not None else None)
        self.canvas.viewport().update()

    def _see(self, day: str | None) -> None:
        """Scroll where a day is out of sight."""
        if day is not None and not NAMES < self.canvas.x_of(day) < self.canvas.viewport().width() - 120:
            self.canvas.look_at(day)

    def enter(self, row: int) -> None:
        """Show the project of a row alone; of one project, go into the form of the milestone."""
        if self.one is not None:
            self._into_pane()
            return
        plan = self.plan(row)
        if plan is not None:
            self.show_project(plan)

    def _into_pane(self) -> None:
        self._beside.unfold()
        if self.pane.form is not None:
            self.pane.form.editors["planned_on"].input.setFocus()
        else:
            self.pane.list.setFocus()

    def show_project(self, plan: Plan) -> None:
        """One project: a row a milestone."""
        self.current, self.one = plan.id, plan
        self.canvas.show_one(one=True)
        self.back.show()
        self._say()
        self.pane.show_plan(plan, None, listed=False)
        days = sorted(day for one in plan.bars if (day := one.stone.planned or one.stone.actual))
        if days:
            self.canvas.look_at(days[0], 0.06)
            if self.canvas.x_of(days[-1]) > self.canvas.viewport().width():
                self.canvas.go_to_today()
        self.canvas.setFocus()

    def leave_one(self) -> None:
        """All projects again, where one was."""
        if self.one is None:
            return
        self.one = None
        self.canvas.show_one(one=False)
        self.back.setVisible(self._only is not None)
        self._say()
        self._place()
        self._ask_current()
        self._soon.start()
        self.canvas.go_to_today()
        self.canvas.setFocus()

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly the projects of these milestones, the first milestone chosen; Esc shows all projects again."""

        def work(connection: Connection) -> list[int]:
            from db.five_ones.gantt import projects_of

            return projects_of(connection, ids)

        def show(found: list[int]) -> None:
            self._only, self._what = found, what
            self.current, self.one = (found[0] if found else None), None
            self.canvas.show_one(one=False)
            self.canvas.show_row(None)
            self.canvas.step = str(ids[0]) if ids else None
            self.back.show()
            self.refresh()

        self.page.ask(work, show, key="gantt only")

    def _all_again(self) -> None:
        self._only = None
        self.back.hide()
        self.refresh()
        self.canvas.setFocus()

    def _back(self) -> None:
        """From one project to those that were shown before, from some projects to all."""
        if self.one is not None:
            self.leave_one()
        elif self._only is not None:
            self._all_again()

    def show_example(self) -> None:
        """The milestone that has been overdue longest, of the first project."""
        from desktop.five_ones.gantt_rows import latest

        plan = self._plan()
        late = latest(plan, self.today) if plan is not None else None
        if late is not None:
            self.canvas.step = str(late.id)
            self.pane.show_stone(self.canvas.step)

    def set_zoom(self, zoom: str) -> None:
        """Weeks, months or quarters; the day in the middle stays there."""
        self.zoom.choose(zoom)
        self.canvas.set_zoom(zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the pane, then shows all projects again; F6 goes between chart and pane; Ctrl+E exports."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        over = self._beside.over and self.pane.isVisible()
        focus: QWidget | None = self.window().focusWidget()
        inside = focus is not None and self.pane.isAncestorOf(focus)
        if event.key() == Qt.Key.Key_Escape and (over or inside):
            if over:
                self._beside.fold()
            self.canvas.setFocus()
        elif event.key() == Qt.Key.Key_F6:
            self.canvas.setFocus() if inside else self._into_pane()
        elif event.key() == Qt.Key.Key_Escape and (self.one is not None or self._only is not None):
            self._back()
        elif event.key() == Qt.Key.Key_E and control:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.change_many() if shift else self._open_export()
        else:
            super().keyPressEvent(event)

    # --- changing --------------------------------------------------------------------------------------------------

    def fill_in(self, plan: Plan | None, one: Bar | None) -> None:
        """The form for the day on which a milestone was done."""
        if plan is None or one is None or self.page.rests():
            return
        from desktop.five_ones.milestones_forms import ask_done

        self._opened(ask_done(self.page, plan, one))

    def plan_anew(self, plan: Plan | None, one: Bar | None, day: str | None) -> None:
        """The form for another planned day, proposed where it was dragged."""
        if plan is None or one is None or self.calendar is None or self.page.rests():
            return
        from desktop.five_ones.milestones_forms import ReplanForm

        if one.stone.actual is not None:
            from db.core.errors import Refused

            self.page.desk.complain(Refused(_("“{name}” is done; its plan stays as it was.", name=one.stone.name)))
            return
        form = ReplanForm(self.page, plan, one, day, self.calendar)
        form.open()
        self._opened(form)

    def _opened(self, form: DayForm) -> None:
        self.form = form
        form.rejected.connect(self.canvas.setFocus)

    def ask_template(self) -> None:
        """The form that applies a template to the current project."""
        plan = self._plan()
        if plan is None or self.calendar is None or self.page.rests():
            return
        from desktop.five_ones.milestones_forms import Planning, TemplateForm

        wanted = Planning([plan.id], plan.name, self.templates, self.calendar, plan)
        self.form = TemplateForm(self.page, wanted, self.canvas.setFocus)
        self.form.open()

    def change_many(self) -> None:
        """The form for the milestones of the selected projects; of one project, for the selected milestones."""
        from desktop.five_ones.milestones_many import change_milestones

        if self.one is not None:
            rows = (row for row in self.canvas.chosen if row < self.canvas.count())
            change_milestones(self.page, self.canvas, [self.one.id], {self.one.bars[row].id for row in rows} or None)
        else:
            chosen = self._chosen()
            change_milestones(self.page, self.canvas, [one for one in self.ids if one in chosen])

    def _add(self) -> None:
        plan = self._plan()
        if plan is not None:
            from desktop.five_ones.milestones_forms import add_milestone

            add_milestone(self.page, self, plan)

    # --- files -----------------------------------------------------------------------------------------------------

    def export_menu(self) -> QMenu:
        """What the chart can be written as."""
        from desktop.five_ones import gantt_export

        menu = QMenu(self)
        for text, do in (
            (_("Excel, with coloured bars…"), gantt_export.export_excel),
            (_("PDF…"), gantt_export.export_pdf),
            (_("Print…"), gantt_export.print_chart),
        ):
            menu.addAction(tr(text)).triggered.connect(lambda _checked=False, do=do: do(self))
        return menu

    def _open_export(self) -> None:
        menu = self.export_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))


def _read(ids: Sequence[int], day: str, connection: Connection) -> list[Plan]:
    from db.five_ones.gantt import plans

    return plans(connection, ids, day=day)
