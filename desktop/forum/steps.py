"""The small form of each step: what it asks for, in the pane beside the board, with the deadline it would begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from db.core.errors import Refused
from db.core.fields import Day, Field, Link, Whole, Words
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.page import Connection, Page
from desktop.kit.parts import ElidedLabel, button, clear, column_of, label, restyle, row_of
from desktop.kit.side_form import SideForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.attachments import Incoming
    from db.core.book import Book
    from db.core.progress import Progress
    from db.forum.board import Issue

WEEKDAYS: Sequence[Text] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
RATINGS: Sequence[tuple[str, Text]] = (
    ("satisfied", _("Satisfied")), ("basically", _("Basically satisfied")), ("dissatisfied", _("Dissatisfied")),
    ("unreached", _("Nobody reached")),
)  # fmt: skip
_ON = Field("on", _("Day"), Day())
_LENGTH = Field("length", _("Working days"), Whole())
_WHO = Field("author", _("By whom"), Words())
_NOTE = Field("text", _("Note"), Words(long=True))
_REASON = Field("text", _("Reason"), Words(long=True))
_DONE = Field("text", _("What was done"), Words(long=True))
_UNIT = Field("department", _("Responsible department"), Link("people", "unit"))
_HELPERS = Field("helpers", _("Supporting departments"), Words(tags=True))


def _until(text: Text) -> Field:
    return Field("due", text, Day())


# What each step asks for besides its day and who took it.
ASKED: Mapping[str, tuple[Field, ...]] = {
    "propose": (_UNIT, _NOTE),
    "reject": (_REASON,),
    "assign": (_UNIT, _HELPERS, _LENGTH, _NOTE),
    "accept": (_NOTE,),
    "give_back": (_REASON,),
    "report": (_DONE,),
    "ask_longer": (_LENGTH, _REASON),
    "grant": (_until(_("Granted until")), _NOTE),
    "deny": (_NOTE,),
    "hold": (_until(_("To be looked at again on")), _REASON),
    "resume": (_NOTE,),
    "refer": (_LENGTH, _NOTE),
    "escalate": (_LENGTH, _NOTE),
    "resolve": (Field("text", _("Reply to the enterprise"), Words(long=True)),),
    "fulfil": (_DONE,),
    "follow_up": (Field("text", _("What the enterprise says"), Words(long=True)),),
    "reopen": (_LENGTH, _REASON),
    "close": (_NOTE,),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "assign": ("department",), "reject": ("text",), "give_back": ("text",), "report": ("text",), "ask_longer": ("text",),
    "hold": ("text", "due"), "resolve": ("text",), "fulfil": ("text",), "propose": ("department",),
}  # fmt: skip


class Ratings(QWidget):
    """How content the enterprise is: 1, 2, 3 or 4 choose while none of the fields has the keyboard."""

    rated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setSpacing(6)
        grid.setColumnStretch(2, 1)
        self.chips: dict[str, QPushButton] = {}
        for at, (key, text) in enumerate(RATINGS, 1):
            chip = button(f"{at} {tr(text)}", partial(self.choose, key))
            chip.setProperty("chip", "add")
            chip.setFont(theme.font(12))
            self.chips[key] = chip
            grid.addWidget(chip, (at - 1) // 2, (at - 1) % 2)
        self.chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(_("Satisfaction")))

    def choose(self, key: str) -> None:
        """This one."""
        self.chosen = key
        for name, chip in self.chips.items():
            chip.setProperty("chip", "chosen" if name == key else "add")
            restyle(chip)
        self.rated.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit."""
        at = event.key() - int(Qt.Key.Key_1)
        if 0 <= at < len(RATINGS):
            self.choose(RATINGS[at][0])
        else:
            super().keyPressEvent(event)


class FilesPart(QWidget):
    """The files that will lie at a step: chosen, or dropped on the form; each can be taken off again."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.paths: list[Path] = []
        self._names = column_of(gap=0)
        lines = column_of(margins=(16, 0, 16, 6), gap=2, parent=self)
        lines.addLayout(self._names)
        lines.addLayout(row_of(button(_("Attach files…"), self.choose, small=True, icon="plus"), None))

    def choose(self) -> None:
        """Ask for files."""
        self.add(self.page.desk.dialogs.open_files(self, _("Choose files to attach")))

    def add(self, paths: Sequence[Path]) -> None:
        """These too."""
        self.paths += [one for one in paths if one not in self.paths]
        self._show()

    def _show(self) -> None:
        clear(self._names)
        for path in self.paths:
            off = button(_("Take off"), partial(self._take_off, path), kind="link")
            off.setAccessibleName(tr(_("Take off {file}", file=path.name)))
            name = ElidedLabel(tone="mute")
            name.say(projector.covered(path.name))
            row = row_of(name, off, gap=8)
            row.setStretch(0, 1)
            self._names.addLayout(row)

    def _take_off(self, path: Path) -> None:
        self.paths.remove(path)
        self._show()


@dataclass(frozen=True)
class Given:
    """What a form says: the step's day, words and who, and what else it asks for; keys as in `ASKED`."""

    kind: str
    values: Mapping[str, Any]
    rating: str = ""


class StepForm(SideForm):
    """The form of one step with one issue. `taken` once it is written."""

    taken = Signal(str)

    def __init__(self, page: Page, issue: Issue, kind: str, names: Mapping[str, Sequence[str]]) -> None:
        from db.forum.rules import KINDS

        self.page, self.issue, self.kind = page, issue, kind
        self.ratings = Ratings() if kind == "follow_up" else None
        fields = (_ON, *self._extra(), *ASKED[kind], _WHO)
        super().__init__(
            page, KINDS[kind], fields, self._proposed(page.desk.today().isoformat()), verb=KINDS[kind], names=names,
            needed=NEEDED.get(kind, ()), above=_about(issue, self.ratings),
        )  # fmt: skip
        self.keep_draft(f"forum-{kind}", issue.card.id)
        self.files = FilesPart(page)
        row: Any = self.layout()
        row.insertWidget(row.indexOf(self.hint), self.files)
        if self.ratings is not None:
            self.ratings.rated.connect(lambda _key: self.edited())
        self.edited()

    def _extra(self) -> tuple[Field, ...]:
        """How it was resolved, and where six columns are enough, how content the enterprise is at once."""
        if self.kind != "resolve":
            return ()
        from db.forum.fields import field_of

        asked = ("outcome",) if self.issue.chain.full else ("outcome", "satisfaction")
        found = [one for key in asked if (one := field_of(key)) is not None]
        return (*found, _until(_("By when the plan will be done")))

    def _proposed(self, today: str) -> dict[str, Any]:
        """What stands in the form at first."""
        chain = self.issue.chain
        lengths = {"escalate": chain.escalated, "refer": chain.city}
        return {
            "on": today, "author": self.page.desk.preferences.name, "length": lengths.get(self.kind, chain.ordinary),
            "outcome": "solved", "department": self.issue.department or None, "helpers": self.issue.support or None,
            "due": self.issue.asked if self.kind == "grant" else None,
        }  # fmt: skip

    def take_focus(self) -> None:
        """Where one begins: the rating, else what must be said, else the day."""
        if self.ratings is not None:
            self.ratings.setFocus()
            return
        asked = [one.key for one in ASKED[self.kind]]
        wanted = next((key for key in NEEDED.get(self.kind, ()) if not self.form.editors[key].typed), None)
        self.form.editors[wanted or (asked[0] if asked else "on")].input.setFocus()

    # --- what it comes to ------------------------------------------------------------------------------------------

    def edited(self) -> None:
        """The deadline that the step would begin, with its weekday, and that it is worked on a shifted day."""
        super().edited()
        said = self._deadline()
        self.hint.setText(said)
        self.hint.setVisible(bool(said))

    def _deadline(self) -> str:
        days = self.form.editors.get("length")
        again = self.ratings is not None and self.ratings.chosen == "dissatisfied"
        if days is None and not again:
            return ""
        try:
            on = self.form.editors["on"].value()
            length = self.issue.chain.ordinary if days is None else days.value()
        except Refused:
            return ""
        if not on or not length:
            return ""
        begun = self.issue.clock.until if self.kind == "ask_longer" and self.issue.clock is not None else on
        said = day_said(self.issue.chain.after(begun, length))
        if again:
            return tr(_("The issue is opened again, both replies are kept; the new deadline is {day}.", day=said))
        return tr(_("Until {day}.", day=said))

    # --- taking it -------------------------------------------------------------------------------------------------

    def given(self) -> Given | None:
        """What was typed; None where something cannot be taken, which is said there."""
        values = self.values()
        rating = self.ratings.chosen if self.ratings is not None else ""
        return None if values is None else Given(self.kind, values, rating)

    def take(self) -> None:
        """Write the step with its files as one operation; what is missing is said, and nothing typed is lost."""
        given = self.given()
        if given is None:
            return
        from db.forum.rules import KINDS

        name = _("{step}: “{name}”", step=KINDS[self.kind], name=short(self.issue.card.text))
        paths, today, by = tuple(self.files.paths), self.page.desk.today().isoformat(), self.page.desk.preferences.name

        def examined(_book: Book, progress: Progress) -> list[Incoming]:
            from db.core import attachments

            return [attachments.examine(path, progress=progress) for path in paths]

        def write(files: Sequence[Incoming]) -> None:
            self.do.setEnabled(True)
            work = taking(self.issue, given, today, files=files, by=by)
            self.write(name, work, lambda _nothing: self.taken.emit(self.kind))

        if not self.do.isEnabled():
            return
        if not paths:
            write(())
            return
        self.do.setEnabled(False)
        self.page.desk.jobs.ask(self, examined, write, failed=self.failed, title=_("Attaching files"))

    def add_files(self, paths: Sequence[Path]) -> None:
        """These lie at the step when it is written."""
        self.files.add(paths)


def _about(issue: Issue, ratings: Ratings | None) -> QWidget:
    """What the step is about: the issue, and where the enterprise is called, the reply that it was given."""
    from db.forum.rules import replies

    made = QWidget()
    lines = column_of(margins=(16, 0, 16, 0), gap=4, parent=made)
    lines.addWidget(
        label(projector.covered(f"{issue.card.company} · {issue.card.text}"), size=12, tone="mute", wrap=True)
    )
    given = replies(issue.steps)
    if ratings is not None:
        if given:
            last = _("Reply: {text}", text=projector.covered(given[-1].text or ""))
            lines.addWidget(label(last, size=12, tone="mute", wrap=True))
        lines.addWidget(ratings)
    return made


def taking(
    issue: Issue, given: Given, today: str, *, files: Sequence[Incoming] = (), by: str = ""
) -> Callable[[Connection], None]:
    """The work that writes a step, and what goes with it. by: who attached the files."""
    number, values = issue.card.id, dict(given.values)

    def work(connection: Connection) -> None:
        from db.forum import courses
        from db.forum.rules import Step
        from db.forum.service import set_values, take

        choice = given.rating or (values.get("outcome") if given.kind == "resolve" else None) or None
        step = Step(
            given.kind,
            values["on"],
            values.get("due"),
            text=values.get("text"),
            author=values.get("author"),
            choice=choice,
        )
        helpers = values.get("helpers")
        take(
            connection, [number], step, today=today, length=values.get("length"), department=values.get("department"),
            helpers=[helpers] if helpers else [] if "helpers" in values else None, seen={number: len(issue.steps)},
        )  # fmt: skip
        if files:
            courses.attach(connection, number, given.kind, files, on=today, by=by)
        if given.kind == "propose":
            set_values(connection, [(number, "department", values["department"])])
        if given.kind == "resolve" and values.get("satisfaction"):
            call = Step("follow_up", step.on, text=step.text, author=step.author, choice=values["satisfaction"])
            take(connection, [number], call, today=today)

    return work


def open_form(page: Page, issue: Issue, kind: str, opened: Callable[[StepForm], None]) -> None:
    """Make the form of a step, with the names it proposes."""
    if page.rests():
        return
    wanted = [one for one in ASKED[kind] if one.key in ("department", "helpers")]

    def work(connection: Connection) -> dict[str, Sequence[str]]:
        from db.projects.blocks import suggestions

        return {one.key: suggestions(connection, _UNIT) for one in wanted}

    def show(names: Mapping[str, Sequence[str]]) -> None:
        opened(StepForm(page, issue, kind, names))

    if wanted:
        page.ask(work, show, key="step:names")
    else:
        show({})


def short(text: str) -> str:
    """The first words of an issue."""
    bare = text.splitlines()[0] if text else ""
    return bare if len(bare) <= 30 else f"{bare[:29]}…"


def day_said(day: str) -> str:
    """A day with its weekday; 调休上班 where a weekend day is worked."""
    on = dt.date.fromisoformat(day)
    weekday = tr(WEEKDAYS[on.weekday()])
    if on.weekday() >= 5:
        return tr(_("{day} ({weekday}, worked for a holiday)", day=day, weekday=weekday))
    return tr(_("{day} ({weekday})", day=day, weekday=weekday))
