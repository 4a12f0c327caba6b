"""今日: the key figures, what is due, and the questions of the meeting, each one step away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.text import Text, _
from desktop.kit import actions, clipboard, theme
from desktop.kit.page import Connection, Desk, Page, with_room
from desktop.kit.parts import Segments, button, column_of, label, panel, row_of
from desktop.kit.scale import MONTHS
from desktop.kit.words import language, tr
from desktop.overview.today_answers import AnswerView, QuestionList
from desktop.overview.today_list import TodoList
from desktop.overview.today_strip import KeyFigures

if TYPE_CHECKING:
    from db.core.period import Period
    from db.overview.answers import Answer, Link
    from db.overview.due import Due, Still, Todo
    from db.overview.explain import Explanation
    from db.overview.today import Head

_NARROW = 760
_QUESTIONS = {"zh": 372, "en": 280}  # what is due has longer words in English


@dataclass(frozen=True)
class Read:
    """What the page shows at first: the period it speaks of, the strip, what is due.

    unit: the department or place whose things are shown, "" where those of another are or none is known.
    """

    period: Period
    heads: tuple[Head, ...]
    todo: Todo
    projects: int
    unit: str = ""


class TodayPage(Page):
    """See the module."""

    title = _("Today")
    manual = "today"
    actions_of = "today"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.read: Read | None = None
        self.answers: tuple[Answer, ...] = ()
        self._kept = desk.preferences.ledgers.setdefault("today", {})
        self.whose = str(self._kept.get("whose", "all"))
        self.span = str(self._kept.get("span", "week"))
        self.day = label("", tone="mute")
        self.top_row.insertWidget(1, self.day)
        self.unit_button = button(
            "", self.choose_unit, kind="link", tip=_("Choose the department or place that is meant")
        )
        self.unit_button.hide()
        whose = (("mine", _("Mine")), ("unit", _("My department")), ("all", _("All")))
        self.switch = Segments(whose, self.whose)
        self.switch.chosen.connect(partial(self._remember, "whose"))
        self.days = Segments((("today", _("Until today")), ("week", _("This week"))), self.span)
        self.days.chosen.connect(partial(self._remember, "span"))
        self.copy_button = button(_("Copy as text"), self.copy_text, tip=_("What is due, for a chat (Ctrl+Shift+C)"))
        self.add_actions(self.unit_button, self.switch, self.days, self.copy_button)
        self.figures = KeyFigures()
        self.figures.rows_wanted.connect(self._open_figure)
        self.figures.explanation_wanted.connect(self._explain)
        self.list = TodoList()
        self.list.opened.connect(self._open_project)
        self.list.step_wanted.connect(self._step)
        self.list.still_wanted.connect(self._open_still)
        self.answer = AnswerView()
        self.answer.closed.connect(self._close_answer)
        self.answer.link_wanted.connect(self._follow)
        self.answer.copied.connect(self._copy)
        self.questions = QuestionList()
        self.questions.chosen.connect(self.show_answer)
        self._build()
        self.doing = actions.bind(self, "today", self._actions())

    def _build(self) -> None:
        self.stack = QStackedWidget()
        for part in (self.list, self.answer):
            self.stack.addWidget(part)
        left, right = panel("card"), panel("card")
        column_of(self.stack, margins=(1, 1, 1, 1), gap=0, parent=left)
        column_of(self.questions, margins=(1, 1, 1, 1), gap=0, parent=right)
        right.setMinimumWidth(_QUESTIONS[language()])
        whole = QWidget()
        lines = column_of(self.figures, margins=(theme.PAGE_PADDING,) * 4, gap=theme.PAGE_PADDING, parent=whole)
        body = row_of(left, right, gap=theme.PAGE_PADDING)
        body.setStretch(0, 3)
        body.setStretch(1, 1)
        lines.addLayout(body, 1)
        self.content.addWidget(with_room(whole, 900, 420), 1)

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        asked = {f"question_{at}": partial(self._ask_number, at) for at in range(1, 11)}
        return {"copy_text": self.copy_text, "swap_focus": self._swap_focus, **asked}

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Figures and what is due, then the answers."""
        today, lang = self.desk.today(), language()
        weekdays = (
            _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
        )  # fmt: skip
        day = _("{day} {month}", month=MONTHS[today.month - 1], day=today.day)
        self.day.setText(f"{tr(day)} {tr(weekdays[today.weekday()])}")
        name, whose, chosen = self.desk.preferences.name, self.whose, str(self._kept.get("unit", ""))

        def work(connection: Connection) -> Read:
            from db.core import listing
            from db.overview.due import Todo, todo, unit_of
            from db.overview.today import period_for, strip
            from db.projects.models import project

            period = period_for(connection, today.isoformat())
            unit = (chosen or unit_of(connection, name)) if whose == "unit" else ""
            found = Todo((), ())
            if unit or whose != "unit":
                found = todo(connection, today.isoformat(), whose=name if whose == "mine" else "", of_unit=unit)
            return Read(period, strip(connection, period, lang=lang), found, listing.count(connection, project), unit)

        self.ask(work, self._take, key="today")

    def _take(self, read: Read) -> None:
        self.read = read
        self.figures.show_heads(read.heads, read.period)
        self._show_todo(read)
        self._watch(read)
        period, lang, today = read.period, language(), self.desk.today().isoformat()

        def work(connection: Connection) -> tuple[Answer, ...]:
            from db.overview.meeting import questions

            return questions(connection, period, lang=lang, today=today)

        self.ask(work, self._take_answers, key="answers", title=_("Answering the questions of the meeting"))

    def _watch(self, read: Read) -> None:
        """Lights and gaps come after what is due: in a large book they take longer."""
        today, whose = self.desk.today().isoformat(), self.whose
        if whose == "unit" and not read.unit:
            return
        name = self.desk.preferences.name if whose == "mine" else ""

        def work(connection: Connection) -> tuple[Still, ...]:
            from db.overview.due import watched

            return watched(connection, today, whose=name, of_unit=read.unit)

        def take(found: tuple[Still, ...]) -> None:
            if found and self.read is read:
                self.read = replace(read, todo=replace(read.todo, still=(*read.todo.still, *found)))
                self._show_todo(self.read)

        self.ask(work, take, key="watched")

    def _take_answers(self, found: tuple[Answer, ...]) -> None:
        self.answers = found
        self.questions.show_answers(found)
        shown = next((one for one in found if one.key == self.answer.key), None)
        if self.stack.currentWidget() is self.answer and shown is not None:
            self.answer.show_answer(shown)

    def _show_todo(self, read: Read) -> None:
        from db.overview.due import WEEK, Todo

        later = len(read.todo.of(WEEK))
        shown = (
            read.todo if self.span == "week" else Todo(tuple(x for x in read.todo.due if x.late >= 0), read.todo.still)
        )
        self.list.show_todo(shown, self._nothing(read, later), later=later if self.span == "today" else 0)
        self.unit_button.setText(read.unit or tr(_("Choose the department…")))
        self.unit_button.setVisible(self.whose == "unit")
        self._say_counts(read.todo)

    def _nothing(self, read: Read, later: int) -> Text:
        """What is said where no line is."""
        if not read.projects:
            return _(
                "Nothing is due. When projects are in the book, plans, next steps and reminders come up here by their day."
            )
        if self.whose == "unit" and not read.unit:
            return _("The book does not know in which department “{name}” works. Choose it above.",
                     name=self.desk.preferences.name)  # fmt: skip
        if self.span == "today" and later:
            return _("Nothing is due today. {count} things come later this week.", count=later)
        if self.whose == "mine":
            return _("Nothing of yours is due this week. Yours is what you lead or look after; “All” shows everything.")
        return _("Nothing is due today, and nothing else this week.")

    def _say_counts(self, todo: Todo) -> None:
        from db.overview.due import OVERDUE, TODAY, WEEK

        groups = ((OVERDUE, _("overdue")), (TODAY, _("due today")), (WEEK, _("later this week")))
        facts = [(tr(name), str(len(todo.of(group))), "") for group, name in groups]
        self.footer.show_facts([(tr(_("To do")), str(len(todo.due)), tr(_("things"))), *facts])

    # --- what one may do -------------------------------------------------------------------------------------------

    def _remember(self, what: str, key: str) -> None:
        """Show other things, the next time too."""
        self._kept[what] = key
        self.desk.preferences.save()
        self.whose, self.span = (
            str(self._kept.get(name, now)) for name, now in (("whose", self.whose), ("span", self.span))
        )
        self.refresh()

    def choose_unit(self) -> None:
        """Ask which department or place is meant by one's own."""
        from desktop.kit.lists import Picker

        def work(connection: Connection) -> list[str]:
            from db.people.queries import units

            return [one.name for one in units(connection)]

        def take(names: list[str]) -> None:
            picker = Picker(self, [(name, name) for name in names], _("Search the departments"))
            picker.chosen.connect(partial(self._remember, "unit"))
            picker.open_at(self.unit_button.mapToGlobal(QPoint(0, self.unit_button.height() + 4)))

        self.ask(work, take, key="units")

    def _open_figure(self, key: str) -> None:
        from db.core.filters import Condition

        if self.read is not None:
            self.desk.show_where("projects", self.read.period, "", (Condition(f"figure:{key}", "behind"),))

    def _explain(self, key: str, at: QWidget) -> None:
        if self.read is None:
            return
        period, lang = self.read.period, language()

        def work(connection: Connection) -> Explanation:
            from db.overview.explain import explain

            return explain(connection, period, key, lang=lang)

        self.ask(work, lambda found: self._show_explanation(key, found, at), key="explain")

    def _show_explanation(self, key: str, found: Explanation, at: QWidget) -> None:
        from desktop.overview.today_strip import DefinitionWindow

        window = DefinitionWindow(self, found)
        for signal in (window.explained.rows_wanted, window.explained.one_wanted):
            signal.connect(window.close)
        window.explained.rows_wanted.connect(lambda: self._open_figure(key))
        window.explained.one_wanted.connect(lambda number: self._open_project(number, ""))
        window.open_under(at)

    def _open_project(self, number: int, name: str) -> None:
        self.desk.show_rows("projects", name or tr(_("From today")), [number])

    def _open_still(self, found: Still) -> None:
        self.desk.show_rows("projects", tr(found.sentence), found.ids)

    def _step(self, one: Due) -> None:
        from desktop.overview.next_step import take_step

        take_step(self, self.list, one)

    def _follow(self, link: Link) -> None:
        if self.read is None:
            return
        if link.view or link.conditions or link.page == "projects":
            self.desk.show_where(link.page, self.read.period, link.view, link.conditions)
        elif link.page == "search":
            self.desk.search_all()
        else:
            self.desk.go({"report": "overview"}.get(link.page, link.page))

    def _compare(self) -> None:
        self.desk.go("compare")

    # --- questions -------------------------------------------------------------------------------------------------

    def _ask_number(self, at: int) -> None:
        if at <= len(self.answers):
            self.show_answer(self.answers[at - 1].key)

    def show_answer(self, key: str) -> None:
        """The answer in the place of what is due; of a question that is a search, the search."""
        found = next((one for one in self.answers if one.key == key), None)
        if found is None:
            return
        if found.link is not None and found.link.page == "search":
            self.desk.search_all()
            return
        self.answer.show_answer(found)
        self.questions.mark(key)
        self.stack.setCurrentWidget(self.answer)
        self.answer.take_focus()

    def _close_answer(self) -> None:
        self.stack.setCurrentWidget(self.list)
        self.questions.mark("")
        self.list.setFocus()

    # --- text ------------------------------------------------------------------------------------------------------

    def copy_text(self) -> None:
        """What is due, as lines for a chat; an answer where one is shown."""
        if self.stack.currentWidget() is self.answer:
            self._copy(self.answer.text())
        elif self.read is not None:
            day = self.desk.today().isoformat()
            heads = [self.figures.text(), ""] if self.figures.text() else []
            self._copy("\n".join([tr(_("Today, {day}", day=day)), *heads, self.list.text()]).rstrip())

    def _copy(self, text: str) -> None:
        clipboard.give(self.desk, text, _("Copied as text; paste it into the chat."))

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """What is due, or the answer."""
        if self.stack.currentWidget() is self.answer:
            self.answer.take_focus()
        else:
            self.list.setFocus()

    def show_example(self) -> None:
        """The first question that has a table."""

    def _swap_focus(self) -> None:
        parts: list[Any] = [self.stack.currentWidget(), self.questions, self.figures]
        at = next((at for at, one in enumerate(parts) if any(has.hasFocus() for has in _all_of(one))), -1)
        to = parts[(at + 1) % len(parts)]
        to.take_focus() if hasattr(to, "take_focus") else to.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has room for the switches alone; Ctrl+Shift+C copies there, too."""
        super().resizeEvent(event)
        for part in (self.day, self.copy_button):
            part.setVisible(self.width() >= _NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves an answer."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape and self.stack.currentWidget() is self.answer:
            self._close_answer()
        else:
            super().keyPressEvent(event)


def _all_of(part: QWidget) -> list[QWidget]:
    return [part, *part.findChildren(QWidget)]
