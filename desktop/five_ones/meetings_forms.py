"""The small forms of the meetings: a series, another day, a decision, and closing one with what proves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.dates import read_day
from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Whole, Words
from db.core.text import Text, _
from desktop.kit.form import Form
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr
from desktop.projects.moving import DayForm

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.calendar import Calendar
    from db.core.progress import Progress
    from db.five_ones.sittings import Assigned, Series, Sitting


class FormCard(Card):
    """A form over the page with one verb; what is refused is said beside its field, and nothing typed is lost."""

    def __init__(
        self, page: Page, title: Text, verb: Text, fields: Sequence[Field], values: Mapping[str, Any], *,
        names: Mapping[str, Sequence[str]] | None = None, needed: Sequence[str] = (), height: int = 340,
    ) -> None:  # fmt: skip
        super().__init__(page, title)
        self.page = page
        self.setFixedWidth(420)
        self.form = Form(fields, values, names=names, needed=needed, today=page.desk.today().isoformat())
        self.form.setFixedHeight(height)
        self.form.submitted.connect(self.carry_out)
        self.verb = button(verb, self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.lines.addWidget(self.form)
        self.lines.addWidget(self.said)
        self.foot = row_of(None, button(_("Cancel"), self.close_card), self.verb)
        self.lines.addLayout(self.foot)

    def open_over(self, area: QWidget) -> None:
        """The first line has the keyboard."""
        super().open_over(area)
        next(iter(self.form.editors.values())).input.setFocus()

    def carry_out(self) -> None:
        """Read the form and do it."""
        if self.form.changes() is not None:
            self.do({key: one.value() for key, one in self.form.editors.items()})

    def do(self, values: Mapping[str, Any]) -> None:
        """What the verb does with the values."""

    def written(self, _result: object) -> None:
        """It is in the book."""
        self.close_card()

    def refuse(self, problem: Problem) -> None:
        """Why not, beside the field where there is one."""
        if not self.form.complain(problem.fields if isinstance(problem, Refused) else {}):
            self.complain(problem.render(language()))


class SeriesCard(FormCard):
    """A new series of meetings, or other facts of one."""

    def __init__(self, page: Page, series: Series | None, people: Sequence[str]) -> None:
        self.series = series
        fields = [
            Field("name", _("Name of the series"), Words()), Field("every_days", _("Days between two meetings"), Whole()),
            Field("place", _("Where it is held"), Words()), Field("chair", _("Chair"), Words(person=True)),
        ]  # fmt: skip
        values: dict[str, Any] = {"every_days": 14}
        if series is None:
            fields.insert(2, Field("first_on", _("First meeting on"), Day()))
        else:
            values = {
                "name": series.name, "every_days": series.every_days, "place": series.place or None,
                "chair": series.chair or None,
            }  # fmt: skip
        title = _("New series of meetings") if series is None else _("Change the series “{name}”", name=series.name)
        super().__init__(page, title, _("Save"), fields, values, names={"chair": people}, needed=("name",), height=290)

    def do(self, values: Mapping[str, Any]) -> None:
        """Write the series."""
        number, day = self.series.id if self.series is not None else None, self.page.desk.today().isoformat()

        def work(connection: Connection) -> int:
            from db.five_ones.sittings import save_series

            return save_series(connection, number, values, day=day)

        self.page.write(
            _("Series of meetings “{name}”", name=values["name"] or ""), work, self.written, failed=self.refuse
        )


class DecisionCard(FormCard):
    """What was decided: what is to be done, about which project, by whom, until when."""

    def __init__(
        self, page: Page, sitting: Sitting, projects: Mapping[str, int], units: Sequence[str], people: Sequence[str],
        about: str, calendar: Calendar,
    ) -> None:  # fmt: skip
        self.sitting, self.projects, self.calendar = sitting, projects, calendar
        fields = [
            Field("text", _("Matter assigned"), Words(long=True)), Field("project", _("Project"), Words()),
            Field("unit", _("Responsible unit"), Words()), Field("person", _("Responsible person"), Words(person=True)),
            Field("due_on", _("Deadline"), Day()),
        ]  # fmt: skip
        names = {"project": list(projects), "unit": units, "person": people}
        super().__init__(
            page, _("New decision of meeting {number}", number=sitting.number), _("Record the decision"), fields, {},
            names=names, needed=("text",), height=380,
        )  # fmt: skip
        if about in projects:
            self.form.editors["project"].input.put(about)
        self.hint = label("", size=12, tone="amber", wrap=True)
        self.hint.hide()
        self.lines.insertWidget(self.lines.indexOf(self.said), self.hint)
        self.form.editors["due_on"].input.edited.connect(self._look_at_day)

    def _look_at_day(self) -> None:
        """A deadline on a day off is taken, and pointed out."""
        day = read_day(self.form.editors["due_on"].typed.strip()).value
        off = isinstance(day, str) and not self.calendar.works(dt.date.fromisoformat(day))
        self.hint.setText(tr(_("{day} is a day off.", day=day)) if off else "")
        self.hint.setVisible(off)
        self.adjustSize()

    def do(self, values: Mapping[str, Any]) -> None:
        """Write the decision; the next one can follow at once."""
        number, projects = self.sitting.id, self.projects
        on = self.sitting.held_on or self.page.desk.today().isoformat()

        def work(connection: Connection) -> int:
            from db.five_ones.sittings import decide

            return decide(connection, number, values, on=on, projects=projects)

        said = str(values["text"] or "").replace("\n", " ")
        named = _("Decision: {text}", text=said if len(said) <= 24 else f"{said[:23]}…")
        self.page.write(named, work, self.written, failed=self.refuse)


class CloseCard(FormCard):
    """A decision is done: on which day, and what proves it, in words or as files beside it."""

    def __init__(self, page: Page, one: Assigned) -> None:
        self.one = one
        self.files: list[Path] = []
        fields = [Field("on", _("Done on"), Day()), Field("evidence", _("Evidence"), Words(long=True))]
        super().__init__(page, _("Close the decision"), _("Close it"), fields, {}, needed=("on",), height=210)
        self.form.editors["on"].input.put(page.desk.today().isoformat())
        self.names = label("", size=12, tone="mute", wrap=True)
        self.names.hide()
        self.lines.insertWidget(2, self.names)
        self.foot.insertWidget(0, button(_("Attach a file…"), self.choose))

    def choose(self) -> None:
        """One more file that proves it."""
        chosen = self.page.desk.dialogs.open_file(self, _("Choose a file to attach"), "*")
        if chosen is not None:
            self.files.append(chosen)
            self.names.setText("、".join(path.name for path in self.files))
            self.names.show()
            self.adjustSize()

    def do(self, values: Mapping[str, Any]) -> None:
        """Close it and attach the files, as one operation; where a file cannot be taken, nothing is written."""
        if self.page.rests():
            return
        one, files, desk = self.one.decision, tuple(self.files), self.page.desk
        on = str(values["on"] or desk.today().isoformat())
        evidence = str(values["evidence"] or "") or "、".join(path.name for path in files)

        def work(book: Book, progress: Progress) -> None:
            from db.core import attachments
            from db.five_ones import meetings
            from db.five_ones.models import DECISIONS

            good = [attachments.examine(path, progress=progress) for path in files]
            with book.write(_("Decision closed: {text}", text=one.text)) as connection:
                meetings.close(connection, one.id, on=on, evidence=evidence)
                for file in good:
                    attachments.add(connection, DECISIONS, one.id, file, on=on, by=book.actor, progress=progress)

        desk.jobs.ask(self, work, self.written, failed=self.refuse, title=_("Closing the decision"))


class ReportCard(FormCard):
    """What the responsible unit reported about a decision."""

    def __init__(self, page: Page, one: Assigned, record: Callable[[str, Callable[[Any], None]], None]) -> None:
        self.one, self.record = one, record
        fields = [Field("text", _("What was reported"), Words(long=True))]
        super().__init__(page, _("Record a report"), _("Record it"), fields, {}, needed=("text",), height=130)

    def do(self, values: Mapping[str, Any]) -> None:
        """Write the step."""
        if not str(values["text"] or "").strip():
            self.form.complain({"text": _("Write what was reported.")})
            return
        self.record(str(values["text"]), self.written)


def ask_day(page: Page, sitting: Sitting, calendar: Calendar, wrote: Callable[[Any], None]) -> DayForm:
    """Another day for a meeting; a day on which nobody works is said, and the next working day taken."""

    def check(given: Mapping[str, str | None]) -> Sequence[Text]:
        from db.five_ones import rules

        day = given.get("day")
        if day is None:
            return ()
        wanted, note = rules.off_holiday(calendar, dt.date.fromisoformat(day))
        return [one for one in (note, wanted.note) if one is not None]

    title = _("Put meeting {number} on another day", number=sitting.number)
    form = DayForm(page, title, _("Move it"), [("day", _("Planned for"), sitting.planned_on)], check=check)

    def write() -> None:
        from db.five_ones import rules

        day = (form.given() or {}).get("day")
        if day is None or day == sitting.planned_on:
            return

        def work(connection: Connection) -> Sequence[Text]:
            from db.five_ones import meetings

            return meetings.move(connection, sitting.id, day)

        taken, _note = rules.off_holiday(calendar, dt.date.fromisoformat(day))
        named = _("Meeting {number} moved to {day}", number=sitting.number, day=taken.value.isoformat())
        page.write(named, work, wrote)

    form.accepted.connect(write)
    form.open()
    return form
