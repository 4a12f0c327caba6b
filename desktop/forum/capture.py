"""现场记录: one clerk types while people speak, a line an issue; the hands never leave the keyboard.

Every line is one operation, kept on this desk before it is sent (`capture_queue.py`); what is half typed is a draft.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.forum import capture_files, capture_paste, slips
from desktop.forum.capture_parts import CaptureParts
from desktop.forum.capture_queue import Queue, Waiting
from desktop.forum.capture_sending import Sender
from desktop.forum.steps import short
from desktop.kit.clipboard import holds_picture
from desktop.kit.drafts import Drafts, Keeper
from desktop.kit.page import Connection, Page
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.at_table import Captured, Known, Sitting
    from db.forum.service import Line
    from desktop.kit.several_views import View

_NARROW = 1180  # windows below this width show the last session only when it is asked for
_MINUTE = 60_000
_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class CaptureView(CaptureParts):
    """See the module."""

    actions_of = "forum_capture"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.session: int | None = None
        self._wanted: int | None = None
        self.queue = Queue(page.desk.target)
        self.sending = Sender(page, self.queue)
        self._restored: set[int] = set()
        self._cleared: dict[str, str] = {}
        self.drafts = Drafts(page.desk.target, "forum-capture")
        self._connect()
        self.keeper = Keeper(self, self.drafts, self._typed)
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE)
        self._clock.timeout.connect(lambda: self.say_state(offline=self.sending.offline))
        self._clock.start()
        self.doing = {
            "end": self.end, "attach": self.attach_files, "reply": self.entry.reply_now, "last_session": self.swap_focus, "same": self.same,
            "join": self.alike.join,
            "line_before": partial(self.walk, -1), "clear": self.clear,
        }  # fmt: skip

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(lambda _at: self._choose())
        self.guests.chosen.connect(self.speak)
        self.entry.recorded.connect(self.record)
        self.entry.text_left.connect(self._look_for_alike)
        self.entry.company_changed.connect(self._mark_speaker)
        self.entry.edited.connect(self._say_footer)
        self.lines.picked.connect(lambda row, _column: self.edit(row))
        self.past.list.left.connect(self.swap_focus)
        self.past.list.picked.connect(lambda at: self.speak(self.past.list.items[at].company))
        self.end_side.left.connect(self._back_to_lines)
        self.end_side.agreed.connect(self.assign)
        self.end_side.slip.connect(self._save_slip)
        self.sending.written.connect(self.refresh)
        self.sending.changed.connect(self._show_lines)
        self.attach.clicked.connect(lambda _checked=False: self.attach_files())
        self.pack.clicked.connect(lambda _checked=False: self.save_pack())
        self.finish.clicked.connect(lambda _checked=False: self.end())
        self.make_session.clicked.connect(lambda _checked=False: self._go_to_sessions())

    def bars(self) -> Sequence[QWidget]:
        """The pack, the end."""
        return (self.pack, self.finish)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The session, its lines, the names that complete what is typed."""
        wanted, today = self._wanted or self.session, self.page.desk.today().isoformat()

        def work(connection: Connection) -> Any:
            from db.forum import at_table

            every = at_table.sessions(connection)
            ids = [one[0] for one in every]
            held = next((one[0] for one in every if one[2] and one[2] <= today), ids[0] if ids else None)
            chosen = wanted if wanted in ids else held
            if chosen is None:
                return every, None, None
            return every, at_table.sitting(connection, chosen, today=today), at_table.known(connection, today=today)

        self.page.ask(work, lambda found: self._take(*found), key="capture", title=_("Reading the session"))

    def _take(self, every: Sequence[tuple[int, int, str]], sitting: Sitting | None, known: Known | None) -> None:
        names = [(str(number), _("Session {number}, {day}", number=at, day=day or "—")) for number, at, day in every]
        self.which.fill(names, str(sitting.id) if sitting is not None else None)
        self.sitting = sitting
        self._stack.setCurrentWidget(self.split if sitting is not None else self.nothing)
        self.strip.setVisible(sitting is not None)
        self.pack.setEnabled(sitting is not None)
        for one in (self.finish, self.attach):
            one.setEnabled(sitting is not None and self.page.desk.seen is None)
        if sitting is None or known is None:
            return
        fresh = self.session != sitting.id
        self.session, self._wanted = sitting.id, None
        people = _("with {leaders}", leaders=sitting.leaders) if sitting.leaders else None
        self.about.say("　".join(part for part in (sitting.theme, sitting.place, tr(people) if people else "") if part))
        self.entry.show_known(known, [one.name for one in sitting.guests], sitting.chain, sitting.day)
        self.guests.show_sitting(sitting)
        self.past.show_sitting(sitting)
        self._show_lines()
        self._mark_speaker()
        if fresh:
            self._restore(sitting.id)
        self.sending.send()

    def _show_lines(self) -> None:
        if self.sitting is None:
            return
        here = self.waiting_here()
        self.lines.show_lines(self.sitting, here, frozenset(self.sending.refused))
        if self.entry.editing is None:
            self.entry.say_number(len(self.sitting.lines) + len(here) + 1)
        self._say_footer()

    def waiting_here(self) -> list[Waiting]:
        """New lines of this session that are not in the book yet."""
        return [one for one in self.queue.waiting if one.session == self.session and not one.issue]

    def _say_footer(self) -> None:
        if self.sitting is None:
            return
        lines, waiting = self.sitting.lines, len(self.queue.waiting)
        answered = sum(1 for one in lines if one.answer is not None)
        facts = [
            (tr(_("this session")), f"{len(self.sitting.guests)}", tr(_("enterprises"))),
            (tr(_("kept")), f"{len(lines):,}", tr(_("issues"))),
            *([(tr(_("being typed")), "1", tr(_("issues")))] if self.entry.texts() else []),
            (tr(_("answered on the spot")), f"{answered:,}", tr(_("issues"))),
        ]  # fmt: skip
        self.page.footer.show_facts(facts)
        wait = (
            tr(_("the book cannot be reached;")) if self.sending.offline else "",
            f"{waiting}",
            tr(_("lines wait on this desk")),
        )
        held, met, raised = self.sitting.year
        year = [
            (tr(_("this year")), f"{held:,}", tr(_("sessions"))), ("", f"{met:,}", tr(_("enterprises"))),
            ("", f"{raised:,}", tr(_("issues"))),
        ]  # fmt: skip
        self.page.footer.show_chosen([wait] if waiting else year)
        self.say_state(offline=self.sending.offline)

    def _choose(self) -> None:
        """Another session; what is typed comes along. A line that is typed anew belongs to its own."""
        if not self.which.key or int(self.which.key) == self.session:
            return
        if self.entry.editing is not None:
            self.page.desk.say(_("Keep or clear the line that is typed first."))
            self.refresh()
            return
        self.keeper.look_now()  # so that the draft goes along
        self.open_session(int(self.which.key))

    def open_session(self, session: int) -> None:
        """The lines of this session."""
        self._wanted = session
        self.refresh()

    # --- drafts ----------------------------------------------------------------------------------------------------

    def _typed(self) -> Mapping[int, Mapping[str, str]]:
        """What is half typed, for the keeper, which writes it at once."""
        texts = self.entry.texts() if self.session is not None else {}
        if texts:
            now = dt.datetime.now().astimezone()
            self.entry.kept.setText(tr(_("draft kept {time}", time=f"{now:%H:%M}")))
        if not texts or self.session is None:
            return {}
        if self.entry.editing is not None:
            texts["issue"] = str(self.entry.editing.id)
        return {self.session: texts}

    def _restore(self, session: int) -> None:
        draft = self.drafts.of(session) if session not in self._restored else None
        self._restored.add(session)
        if draft is not None and self.entry.empty and self.sitting is not None:
            lines = self.sitting.lines
            at = next((at for at, one in enumerate(lines) if str(one.id) == draft.texts.get("issue")), None)
            if at is not None:
                self.entry.edit(lines[at], at + 1)
            self.entry.put_texts(draft.texts)
            when = draft.at.astimezone()
            self.page.desk.say(_("The line that was half typed at {time} is here again.", time=f"{when:%m-%d %H:%M}"))

    def come_back(self, before: View) -> None:
        """The same session: what is half typed belongs to it."""
        if isinstance(before, CaptureView) and before.session is not None:
            self.open_session(before.session)

    def leave(self) -> None:
        """What is typed is kept for good."""
        self.keeper.end()

    # --- a line ----------------------------------------------------------------------------------------------------

    def record(self, *lines: Line) -> None:
        """Keep lines here, send them to the book, begin the next one."""
        if self.sitting is None or self.page.rests() or not lines:
            return
        issue = self.entry.editing.id if self.entry.editing is not None else 0
        for line in lines:
            self.queue.add(self.sitting.id, line, on=self.sitting.day, alike=self.alike.joined, issue=issue)
        self.keeper.forget(self.sitting.id)
        self._cleared = {}
        self.alike.forget()
        self.entry.clear(company=line.company)
        self._show_lines()
        self.entry.text.setFocus()
        self.sending.send()

    def edit(self, row: int) -> None:
        """A line of the list into the entry; what is typed there already goes first."""
        if self.sitting is None or not (self.entry.empty or self.entry.unchanged):
            self.page.desk.say(_("Keep or clear the line that is typed first."))
            return
        if row < len(self.sitting.lines):
            self.entry.edit(self.sitting.lines[row], row + 1)
            return
        one = self.waiting_here()[row - len(self.sitting.lines)]
        if (problem := self.sending.take_back(one.key)) is not None:
            self.entry.put_texts(_texts_of(one.line))
            self._show_lines()
            self.entry.complain(problem)
            self.entry.text.setFocus()

    def walk(self, by: int) -> bool:
        """From an empty entry to the line before, and on from there; whether there was anywhere to go."""
        if self.sitting is None or not (self.entry.empty or self.entry.unchanged):
            return False
        every, editing = self.sitting.lines, self.entry.editing
        at = next((at for at, one in enumerate(every) if editing is not None and one.id == editing.id), len(every)) + by
        if 0 <= at < len(every):
            self.edit(at)
            return True
        if at >= len(every) and editing is not None:
            self.entry.clear(company=editing.company)
            self._show_lines()
            self.entry.text.setFocus()
            return True
        return False

    def same(self) -> None:
        """The field as in the line above."""
        above = self._above()
        if above is not None:
            self.entry.same_as(above)

    def _above(self) -> Captured | Line | None:
        waiting = self.waiting_here()
        if waiting and self.entry.editing is None:
            return waiting[-1].line
        lines = self.sitting.lines if self.sitting is not None else ()
        return lines[self.entry.number - 2] if 1 < self.entry.number <= len(lines) + 1 else None

    def clear(self) -> None:
        """Away with what is typed; Ctrl+Z brings it back."""
        texts, company = self.entry.texts(), self.entry.company.text()
        if self.entry.editing is None and texts:
            self._cleared = texts
            self.page.desk.say(_("Cleared; Ctrl+Z brings it back."))
        if self.session is not None:
            self.keeper.forget(self.session)
        self.alike.forget()
        self.entry.clear(company=self.entry.editing.company if self.entry.editing is not None else company)
        self._show_lines()
        self.entry.text.setFocus()

    def bring_back(self) -> None:
        """What was cleared."""
        self.entry.put_texts(self._cleared)
        self._cleared = {}

    # --- who speaks, what is alike ---------------------------------------------------------------------------------

    def speak(self, name: str) -> None:
        """Another enterprise raises the issue."""
        self.entry.company.put(name)
        self.entry.company.fold()
        self.entry.text.setFocus()

    def _mark_speaker(self) -> None:
        name = self.entry.company.text().strip()
        self.guests.mark(name)
        self.past.mark(name)

    def _look_for_alike(self) -> None:
        mine = self.entry.editing
        guessed = self.entry.category.placeholderText() or None
        self.alike.look(self.entry.text.text().strip(), category=guessed, but=mine.id if mine is not None else None)

    # --- the end ---------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Keep the line that is typed, then show what would be assigned."""
        if self.sitting is None or self.page.rests():
            return
        if self.entry.texts():
            self.entry.record()
            if self.entry.texts():
                return  # something is missing, and said
        self.page.desk.jobs.ask(self, _nothing, lambda _nothing: self._preview(), key="end")

    def _preview(self) -> None:
        """Once every line before it was heard of."""
        session, today = self.session, self.page.desk.today().isoformat()
        assert session is not None

        def work(connection: Connection) -> Any:
            from db.forum.at_table import sitting

            return sitting(connection, session, today=today)

        def take(found: Sitting | None) -> None:
            if found is not None:
                self.end_side.show_preview(found, len([one for one in self.queue.waiting if one.session == session]))
                self.middle.setCurrentWidget(self.end_side)
                self.end_side.take_focus()

        self.page.ask(work, take, key="preview")

    def assign(self) -> None:
        """All that have a department, as one operation."""
        if self.sitting is None:
            return
        session, day, today = self.sitting.id, self.sitting.day, self.page.desk.today().isoformat()

        def work(connection: Connection) -> Any:
            from db.forum import at_table

            ids = at_table.assign(connection, session, on=day)
            return ids, at_table.sitting(connection, session, today=today)

        def done(found: tuple[list[int], Sitting]) -> None:
            self.end_side.show_done(found[1], found[0])

        def failed(problem: Problem) -> None:
            self.end_side.refused()
            self.page.desk.complain(problem)

        self.page.write(
            _("Assign the issues of session {number}", number=self.sitting.number), work, done, failed=failed
        )

    def _back_to_lines(self) -> None:
        self.middle.setCurrentIndex(0)
        self.take_focus()

    def _save_slip(self, ids: list[int]) -> None:
        number = self.sitting.number if self.sitting is not None else ""
        slips.save_slip(self.page, "assignment", ids, about=tr(_("Session {number}", number=number)))

    def save_pack(self) -> None:
        """What the leaders read before the session."""
        if self.sitting is not None:
            slips.save_pack(self.page, self.sitting.id, self.sitting.number)

    def _go_to_sessions(self) -> None:
        page: Any = self.page
        page.show_as("sessions")

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The first field that is empty."""
        if self.middle.currentWidget() is self.end_side:
            self.end_side.take_focus()
        else:
            (self.entry.text if self.entry.company.text().strip() else self.entry.company).setFocus()

    def swap_focus(self) -> None:
        """To the last session's issues, and back."""
        if self.past.list.hasFocus():
            self.take_focus()
            self.adapt(self.window().width())
        else:
            self.past.show()
            self.past.list.setFocus()

    def adapt(self, width: int) -> None:
        """The last session folds away in a narrow window."""
        self.past.setVisible(width >= _NARROW or self.past.list.hasFocus())

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here, whichever field has the keyboard; None where nothing."""
        if self.middle.currentWidget() is self.end_side or self.sitting is None:
            return None
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == _ALT and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            name = self.guests.number(key - Qt.Key.Key_0)
            return partial(self.speak, name) if name is not None else _ignore
        if event.matches(QKeySequence.StandardKey.Paste):
            lines = partial(capture_paste.paste, self) if capture_paste.meant(self) else None
            return partial(capture_files.paste, self) if holds_picture() else lines
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.bring_back if self._cleared and self.entry.empty else None
        known: Mapping[tuple[int, Any], Callable[[], object]] = {
            (Qt.Key.Key_D, _CONTROL): self.same, (Qt.Key.Key_J, _CONTROL): self.alike.join, (Qt.Key.Key_Return, _CONTROL): self.end,
            (Qt.Key.Key_Enter, _CONTROL): self.end, (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier): self.entry.reply_now,
            (Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier): self.swap_focus, (Qt.Key.Key_A, _CONTROL | _SHIFT): self.attach_files,
        }  # fmt: skip
        if (found := known.get((key, held))) is not None:
            return found
        if key == Qt.Key.Key_Escape and not held and (self.entry.texts() or self.entry.editing is not None):
            return self.clear
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not held and self.entry.current is not None:
            return partial(self.walk, -1 if key == Qt.Key.Key_Up else 1)
        return None

    def event(self, event: QEvent) -> bool:
        """Its keys come before those of the page: Alt+1 is an enterprise here."""
        waits = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if waits and self._meant(event) is not None:  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field took."""
        do = self._meant(event)
        if do is not None:
            do()
        else:
            super().keyPressEvent(event)

    # --- files -----------------------------------------------------------------------------------------------------

    def attach_files(self) -> None:
        """Ask for files for a line."""
        capture_files.choose(self)

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """To which line."""
        line = capture_files.under(self, paths, place)
        return None if line is None else (self.lines, _("Drop to attach to “{name}”.", name=short(line.text)))

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Attach them."""
        line = capture_files.under(self, paths, place)
        capture_files.attach(self, line, paths)
        return line is not None

    def show_example(self) -> None:
        """A line half typed."""
        if self.sitting is not None and self.sitting.guests:
            self.speak(self.sitting.guests[-1].name)
            self.entry.text.put("B3栋8层扩租，二次装修消防审查排队20天，盼提前介入")


def _texts_of(line: Line) -> dict[str, str]:
    """A line as it was typed."""
    found = {"company": line.company, "text": line.text, "department": "、".join(line.departments), "category": line.category or "",
             "due": line.due or ""}  # fmt: skip
    if line.answer is not None:
        found |= {"reply": line.answer, "answered_by": line.answered_by or "", "answered": "1"}
    return found


def _ignore() -> None:
    """The key is taken, and means nothing."""


def _nothing(_book: object, _progress: object) -> None:
    """Only that what was asked before is over."""
