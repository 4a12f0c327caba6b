"""The timeline: above a thin line with what was planned, below it a bar with what happened, until today."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from db.core.text import _
from desktop.kit.day_lines import Legend
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Segments, label
from desktop.kit.words import tr
from desktop.projects.course_lines import CourseLines
from desktop.projects.moving import DayForm, ask_actual, ask_move, ask_plan
from desktop.projects.view import RowsView

if TYPE_CHECKING:
    from db.projects.schedule import Course, Step, Tally

WINDOW, KEPT = 64, 24
_MARKS = (("plan", _("planned")), ("actual", _("actual")), ("done", _("so far")), ("late", _("overdue")))
_SAID = _("Hollow marks are planned, full ones actual, red is overdue")


class TimelineView(RowsView):
    """See the module. T goes to today; F2 fills in the actual day of a step, Shift+F2 plans it anew."""

    def __init__(self, page: Page) -> None:
        self.facts = label("", size=12, tone="mute")
        self.zoom = Segments((("week", _("Weeks")), ("month", _("Months")), ("quarter", _("Quarters"))), "month")
        super().__init__(page, self.facts, None, Legend(_MARKS, _SAID), 12, self.zoom)
        self.canvas = CourseLines(self)
        self.put(self.canvas)
        self.setFocusProxy(self.canvas)
        self.form: DayForm | None = None
        self.first_plans: dict[int, str] = {}
        self._courses: dict[int, Course] = {}
        self._windows: OrderedDict[int, Sequence[int]] = OrderedDict()
        self._state = 0
        self._came = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fetch)
        self.zoom.chosen.connect(self.set_zoom)
        self.canvas.scrolled.connect(self._soon.start)
        self.canvas.zoomed.connect(self.set_zoom)

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """How far the days reach and what they amount to, then the projects one looks at."""
        ids, today = self.ids, self.today

        def work(connection: Connection) -> tuple[tuple[str, str], Tally, dict[int, str]]:
            from db.projects.schedule import extent, first_plans, tally

            return extent(connection, today=today), tally(connection, ids, today=today), first_plans(connection)

        self.page.ask(work, self._take, key="extent")

    def _take(self, found: tuple[tuple[str, str], Tally, dict[int, str]]) -> None:
        (first, last), tally, self.first_plans = found
        self._state += 1
        self._courses.clear()
        self._windows.clear()
        self.canvas.reach(first, last)
        self._say(tally)
        if not self._came:
            self._came = True
            self.canvas.go_to_today()
        self.show_current(self.current)
        self._soon.start()

    def _say(self, tally: Tally) -> None:
        text = _(
            "{count} projects · {planned} planned days, {reached} reached, {overdue} overdue",
            count=f"{len(self.ids):,}", planned=f"{tally.planned:,}", reached=f"{tally.reached:,}",
            overdue=f"{tally.overdue:,}",
        )  # fmt: skip
        self.facts.setText(tr(text))

    def course(self, place: int) -> Course | None:
        """The course of the project at a place, None while it is not here."""
        return self._courses.get(self.ids[place])

    def _fetch(self) -> None:
        rows = self.canvas.visible()
        if not rows:
            return
        for window in range(rows.start // WINDOW, (rows.stop - 1) // WINDOW + 1):
            if window not in self._windows:
                ids = self._windows[window] = self.ids[window * WINDOW : (window + 1) * WINDOW]
                self.page.ask(partial(_courses, ids, self.first_plans), partial(self._arrived, self._state))

    def _arrived(self, state: int, found: Sequence[Course]) -> None:
        if state != self._state:
            return
        for one in found:
            self._courses[one.id] = one
        while len(self._windows) > KEPT:
            _window, gone = self._windows.popitem(last=False)
            for number in gone:
                self._courses.pop(number, None)
        self.canvas.describe()
        self.canvas.viewport().update()

    # --- where one is ----------------------------------------------------------------------------------------------

    def show_current(self, number: int | None) -> None:
        """The row of this project is the current one, and in sight."""
        self.current = number
        place = None
        if number is not None:
            try:
                place = self.ids.index(number)
            except ValueError:
                place = None
        self.canvas.show_row(place)

    def set_zoom(self, zoom: str) -> None:
        """Weeks, months or quarters; the day in the middle stays there."""
        self.zoom.choose(zoom)
        self.canvas.set_zoom(zoom)

    # --- changing --------------------------------------------------------------------------------------------------

    def fill_in(self, course: Course, step: Step) -> None:
        """The form for the actual day of a step."""
        if step.reached:
            ask_actual(self.page, self, course.id, course.name, step.stage, step.actual, self._opened)
        else:
            ask_move(self.page, self, course.id, step.stage, self._opened)

    def plan_anew(self, course: Course, step: Step, day: str | None = None) -> None:
        """The form for another planned day, proposed where it was dragged."""
        ask_plan(self.page, self, course.id, course.name, step.stage, day or step.planned, self._opened)

    def _opened(self, form: DayForm) -> None:
        self.form = form
        form.rejected.connect(self.canvas.setFocus)


def _courses(ids: Sequence[int], first: dict[int, str], connection: Connection) -> list[Course]:
    from db.projects.schedule import courses

    return courses(connection, ids, first=first)
