"""收表汇总: returned sheets and copies of the book merged by key, cell by cell; nothing is written before all is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.kit import actions, clipboard, theme
from desktop.kit.dialogs import LEDGERS
from desktop.kit.drafts import NEW, Drafts
from desktop.kit.page import Desk, EmptyPage, Page
from desktop.kit.parts import ElidedLabel, bar, button, clear, column_of, panel, row_of
from desktop.kit.words import language, tr
from desktop.sheets import merge_work as work
from desktop.sheets.merge_case import BookCase, Case, SheetCase
from desktop.sheets.merge_tabs import Deciding
from desktop.sheets.merge_units import Units
from desktop.sheets.reading import read

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from db.sheets.sent import Standing

NOTHING = Text("")
_COPY = _("a copy of the book")
READING, READY, REFUSED, MERGED = "reading", "ready", "refused", "merged"


@dataclass
class Incoming:
    """A file that was dropped. is_copy: a copy of the book; agreed: it is to be merged and not opened.

    standing: reading, ready, refused, merged.
    """

    path: Path
    is_copy: bool = False
    agreed: bool = False
    case: Case | None = None
    told: Text = NOTHING
    standing: str = READING

    @property
    def name(self) -> str:
        """The file's."""
        return self.path.name

    @property
    def sending(self) -> int | None:
        """Which sheet it answers."""
        return self.case.merge.sending.id if isinstance(self.case, SheetCase) else None

    @property
    def done(self) -> bool:
        """Whether it was merged."""
        return self.standing == MERGED

    @property
    def waits(self) -> bool:
        """Whether it is still to be merged, or a copy of which nobody has said yet."""
        return self.standing == READY or self.unasked

    @property
    def unasked(self) -> bool:
        """Whether it is a copy that may be merged or opened."""
        return self.is_copy and self.standing == READING and not self.agreed

    def state(self) -> tuple[Text, str]:
        """A word and its tone."""
        if self.unasked:
            return _("undecided"), "amber"
        if self.standing == READY and self.case is not None:
            rest = self.case.undecided()
            decided = _("all decided") if self.case.cells or self.case.rows else _("no conflict")
            return (_("conflicts {count}", count=rest), "amber") if rest else (decided, "blue")
        return {
            READING: (_("being read"), "grey"), REFUSED: (_("not taken"), "red"), MERGED: (_("merged"), "green"),
        }.get(self.standing, (Text(""), "grey"))  # fmt: skip


class MergePage(Page):
    """`take(paths)` compares returned sheets with the book, `take_copies(paths)` copies of it."""

    title = _("Collect returned sheets")
    manual = "sheets"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.files: list[Incoming] = []
        self.at: int | None = None
        self.writing = False
        self._rest = 0  # decisions that were missing when one was made last
        self._drafts = {kind: Drafts(desk.target, kind) for kind in ("returned", "copy")}
        self._waiting = Drafts(desk.target, "merge")
        self._about = ElidedLabel(size=13, tone="mute")
        self.top_row.insertWidget(1, self._about)
        self.before_button = button(_("File before"), lambda: self.step(-1))
        self.after_button = button(_("Next file"), lambda: self.step(1))
        self.add_actions(self.before_button, self.after_button, button(_("Choose files…"), self.choose_file))
        self.units = Units()
        self.units.chosen.connect(self.show_file)
        self.units.reminded.connect(self._reminded)
        self.deciding = Deciding(self)
        self.deciding.changed.connect(self._decided)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.deciding)
        self._told = EmptyPage(
            _("Drop what came back here."), button(_("Choose files…"), self.choose_file, kind="primary")
        )
        self._stack.addWidget(self._told)
        self._copy = QWidget()
        column_of(gap=0, parent=self._copy)
        self._stack.addWidget(self._copy)
        self._stack.setCurrentIndex(1)
        right = QWidget()
        column_of(panel("card", column_of(self._stack, margins=(1, 1, 1, 1))), margins=(12, 12, 12, 12), parent=right)
        body = QWidget()
        row_of(self.units, right, gap=0, parent=body).setStretch(1, 1)
        self.content.addWidget(body, 1)
        self._bar()
        self.footer.hide()
        self.action_bar.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._ask_who)
        self.deciding.table.seen.connect(self._later.start)
        self.deciding.taken.seen.connect(self._later.start)
        self.doing = actions.bind(self, "merge", {
            "write": self.write_now, "before": lambda: self.step(-1), "after": lambda: self.step(1),
            "copy_text": self.units.copy_reminder,
            **{f"tab_{at}": partial(self.deciding.open_tab, at - 1) for at in range(1, 6)},
        })  # fmt: skip

    def _bar(self) -> None:
        self.sentence = ElidedLabel()
        self.second = ElidedLabel(size=12, tone="mute")
        left = QWidget()
        column_of(None, self.sentence, self.second, None, gap=2, parent=left)
        self.aside_button = button(_("Put aside"), self.put_aside)
        self.write_button = button("", self.write_now, kind="primary")
        self.action_bar = bar("bottom", theme.ACTION_BAR, left, self.aside_button, self.write_button)
        row: Any = self.action_bar.layout()
        row.setStretch(0, 1)
        self.writers.append(self.write_button)
        self.content.addWidget(self.action_bar)

    # --- files -----------------------------------------------------------------------------------------------------

    @property
    def incoming(self) -> Incoming | None:
        """The file that is shown."""
        return self.files[self.at] if self.at is not None and self.at < len(self.files) else None

    @property
    def case(self) -> Case | None:
        """What is decided of it."""
        one = self.incoming
        return one.case if one is not None and one.standing == READY else None

    def _bring_waiting(self) -> None:
        """The files that were not merged when the window was closed; one that has gone is said."""
        kept = self._waiting.of(NEW)
        if self.files or kept is None:
            return
        for text, kind in kept.texts.items():
            path = Path(text)
            copy = kind == "copy"
            self.files.append(Incoming(path, is_copy=copy, told=_COPY if copy else NOTHING))
            if not path.exists():
                self.files[-1].standing = REFUSED
                self.files[-1].told = _(
                    "“{file}” was waiting here and is not in {folder} any more. What was decided of it is kept; drop it again.",
                    file=path.name, folder=str(path.parent),
                )  # fmt: skip
        self._keep_waiting()
        self.show_file(0)
        self._read_next()

    def _keep_waiting(self) -> None:
        waiting = {str(one.path): "copy" if one.is_copy else "sheet" for one in self.files
                   if one.standing in (READING, READY)}  # fmt: skip
        if waiting:
            self._waiting.keep(NEW, waiting)
        else:
            self._waiting.drop(NEW)

    def take(self, paths: Sequence[Path]) -> None:
        """Returned sheets: read one after the other, and the first is shown as soon as it was compared."""
        self._bring_waiting()
        first = len(self.files)
        for path in paths:
            old = next((one for one in self.files if one.path == path), None)
            if old is not None:
                old.case, old.standing = None, READING
                first = min(first, self.files.index(old))
            else:
                self.files.append(Incoming(path))
        self._keep_waiting()
        self.show_file(first)
        self._read_next()

    def take_copies(self, paths: Sequence[Path]) -> None:
        """Copies of the book, one after the other: merge it, or open it."""
        self._bring_waiting()
        self.files = [one for one in self.files if one.path not in paths]
        first = len(self.files)
        self.files += [Incoming(path, is_copy=True, told=_COPY) for path in paths]
        self._keep_waiting()
        self.show_file(first)

    def _offer_copy(self, one: Incoming) -> None:
        lines: Any = self._copy.layout()
        clear(lines)
        ask = EmptyPage(
            _("“{file}” is a copy of this book, or this one is a copy of it.", file=one.name),
            button(_("Merge it into this book"), lambda: self._read_copy(one), kind="primary"),
            button(_("Open it instead"), lambda: self.desk.open_book(str(one.path))),
        )
        lines.addWidget(ask)
        self._stack.setCurrentWidget(self._copy)
        ask.findChildren(type(self.write_button))[0].setFocus()

    def _read_copy(self, one: Incoming) -> None:
        one.agreed, one.standing = True, READING
        self._show_nothing(_("Comparing with “{book}”…", book=one.name))
        self._ask(one, work.compare_book(one.path))

    def _read_next(self) -> None:
        one = next((one for one in self.files if one.standing == READING and not one.is_copy), None)
        if one is None:
            return
        self.desk.jobs.in_pool(
            self, read(one.path), lambda found: self._ask(one, work.compare(found)),
            failed=lambda problem: self._refused(one, problem), key="read", title=_("Reading “{file}”", file=one.name),
        )  # fmt: skip

    def _ask(self, one: Incoming, compared: Any) -> None:
        self.desk.jobs.ask(
            self, compared, lambda case: self._compared(one, case), failed=lambda problem: self._refused(one, problem),
            key="compare", title=_("Comparing “{file}” with the book", file=one.name),
        )  # fmt: skip

    def _compared(self, one: Incoming, case: Case) -> None:
        before, one.case, one.standing = one.case, case, READY
        if isinstance(case, SheetCase) and case.merge.already is not None:
            one.standing = MERGED
            one.told = _("This file was merged on {day} already; nothing was written.", day=case.merge.already)
        elif isinstance(case, BookCase) and case.says_nothing:
            one.standing = MERGED
            one.told = _(
                "“{file}” says nothing new; nothing was written. {notes}", file=one.name, notes=list(case.told.notes)
            )
        else:
            self._bring_draft(case, before)
        self._keep_waiting()
        self._show_if_current(one)
        self._read_next()

    def _bring_draft(self, case: Case, before: Case | None) -> None:
        kind, number, name = case.draft
        draft = self._drafts[kind].of(number)
        kept = before.as_text() if before is not None else draft.texts.get(name, "") if draft is not None else ""
        if kept:
            case.take_text(kept)

    def _refused(self, one: Incoming, problem: Problem) -> None:
        one.standing, one.told = REFUSED, problem.sentence
        self._keep_waiting()
        self._show_if_current(one)
        self._read_next()

    def _show_if_current(self, one: Incoming) -> None:
        if self.incoming is one:
            self.show_file(self.at or 0)
        else:
            self._show_units()

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_moment(self) -> None:
        """Nothing is written while one looks at the past; back in the present, not before all is decided."""
        super().show_moment()
        self._show_bar()

    def refresh(self) -> None:
        """Who was sent what; files that wait since the window was closed come first."""
        self._bring_waiting()
        self.ask(work.standings(self.desk.today()), self._take_standings, key="standings")

    def _take_standings(self, found: list[Standing]) -> None:
        self.units.show_found(found, self.files, self.at)

    def _show_units(self) -> None:
        self.units.show_found(self.units.found, self.files, self.at)
        self.before_button.setEnabled(len(self.files) > 1)
        self.after_button.setEnabled(len(self.files) > 1)

    def show_file(self, at: int) -> None:
        """One of the files that were dropped."""
        self.at = at
        one, case = self.incoming, self.case
        self._about.say(case.title if case is not None else one.name if one is not None else "")
        if case is not None:
            self._rest = case.undecided()
            self.deciding.show_case(case)
            self._stack.setCurrentIndex(0)
            self.deciding.take_focus()
            self._later.start()
        elif one is not None and one.unasked:
            self._offer_copy(one)
        elif one is not None and one.standing == READING:
            self._show_nothing(_("Reading “{file}”…", file=one.name))
        elif one is not None:
            self._show_nothing(one.told)
        self._show_units()
        self._show_bar()

    def _show_nothing(self, sentence: Text) -> None:
        self._told.sentence.setText(tr(sentence))
        self._told.sentence.setWordWrap(True)
        self._told.sentence.setMinimumWidth(360)
        self._told.sentence.setMaximumWidth(640)
        self._stack.setCurrentIndex(1)

    def _show_bar(self) -> None:
        case = self.case
        self.action_bar.setVisible(case is not None)
        if case is None:
            return
        rest, total = case.undecided(), case.total()
        taken = case.plan.taken if isinstance(case, BookCase) else len(case.taken)
        self.sentence.say(
            _("One operation: merge “{file}”; {taken} taken as they are, {done} of {conflicts} conflicts decided",
              file=case.title, taken=taken, done=len(case.conflicts) - len(case.open), conflicts=len(case.conflicts))
        )  # fmt: skip
        self.second.say(
            _("It is written when all is decided, and can be undone whole. What is decided stays when you leave.")
        )
        text = _("{count} still open", count=rest) if rest else _("Write {count} changes", count=total)
        if not rest and not total:
            text = _("Note that it came back")
        self.write_button.setText(tr(text))
        self.write_button.setEnabled(not rest and not self.writing and self.desk.seen is None)
        self.deciding.show_counts()

    def _decided(self) -> None:
        case = self.case
        if case is None:
            return
        kind, number, name = case.draft
        drafts = self._drafts[kind]
        draft = drafts.of(number)
        drafts.keep(number, {**(draft.texts if draft is not None else {}), name: case.as_text()})
        self._show_bar()
        self._show_units()
        before, self._rest = self._rest, case.undecided()
        if before and not self._rest:
            self.write_button.setFocus()

    def _ask_who(self) -> None:
        case, table = self.case, self.deciding.shown_cells()
        if case is None or table is None:
            return
        lines = [one for one in table.in_sight() if one.key not in table.who]
        if not lines:
            return

        def take(found: work.Who) -> None:
            if self.case is case:
                table.who |= {one.key: found[one.key] for one in lines if one.key in found}
                table.again()

        self.desk.jobs.ask(self, work.who(case, lines), take, failed=lambda _problem: None, key="who")

    def take_focus(self) -> None:
        """What is to be decided, else the list of units."""
        if self.case is not None:
            self.deciding.take_focus()
        else:
            self.units.list.setFocus()

    # --- doing -----------------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """The file before, or the next one."""
        if self.files:
            self.show_file(((self.at or 0) + by) % len(self.files))

    def put_aside(self) -> None:
        """Go on with another file; what was decided is kept."""
        waiting = [at for at, one in enumerate(self.files) if one.waits and at != self.at]
        if waiting:
            later = [at for at in waiting if at > (self.at or 0)]
            self.show_file((later or waiting)[0])
            return
        self.at = None
        self._about.say("")
        self._show_nothing(_("Put aside. What was decided is kept; choose the unit at the left to go on."))
        self._show_bar()
        self._show_units()
        self.units.list.setFocus()

    def write_now(self) -> None:
        """One operation, when all is decided."""
        one, case = self.incoming, self.case
        if one is None or case is None or self.writing or case.undecided() or self.rests():
            return
        self.writing = True
        self.write_button.setEnabled(False)
        self.desk.jobs.ask(
            self, work.write(case, self.desk.real_today()), lambda number: self._written(one, case, number),
            failed=lambda problem: self._not_written(one, problem), title=_("Merging “{file}”", file=one.name),
        )  # fmt: skip

    def _written(self, one: Incoming, case: Case, number: int | None) -> None:
        self.writing = False
        kind, record, name = case.draft
        self._drafts[kind].drop(record, {name})
        one.standing = MERGED
        self._keep_waiting()
        one.told = (
            _("“{file}” was merged as operation {number}; Ctrl+Z undoes it whole.", file=one.name, number=number)
            if number is not None
            else _("“{file}” says nothing new; nothing was written.", file=one.name)
        )
        waiting = [at for at, other in enumerate(self.files) if other.waits]
        self.show_file(waiting[0] if waiting else self.files.index(one))
        self.refresh()

    def _not_written(self, one: Incoming, problem: Problem) -> None:
        """What was decided stays; where the book has changed meanwhile, it is compared anew."""
        from db.sheets.outdated import Outdated

        self.writing = False
        self.desk.complain(problem)
        if isinstance(problem, Outdated):
            one.standing = READING
            self._read_next()
        elif one.is_copy:
            self._read_copy(one)
        self._show_bar()
        self.second.say(problem.render(language()))

    def choose_file(self) -> None:
        """Returned files, or a copy of the book."""
        chosen = self.desk.dialogs.open_file(self, _("Choose what came back"), f"{LEDGERS} *.zsb")
        if chosen is not None:
            self.desk.take_files([chosen])

    def _reminded(self, text: str, count: int) -> None:
        clipboard.give(self.desk, text, _("The reminders of {count} units are copied, for a chat.", count=count))

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """They are merged."""
        return self.units, _("Merge what came back")
