"""The import page: everything that will happen, before anything is written; then one operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QWidget

from db.core.errors import Cancelled, Problem
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.dialogs import LEDGERS
from desktop.kit.page import Desk, EmptyPage, Page, with_room
from desktop.kit.parts import ElidedLabel, bar, button, clear, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.sheets import reading
from desktop.sheets.merge_work import returned
from desktop.sheets.outcome import OutcomeCard
from desktop.sheets.parts import ColumnsCard, SheetsCard
from desktop.sheets.several import FolderView, Outcome, Several, replaced, survey

if TYPE_CHECKING:
    from db.sheets.folder import Ledger
    from db.sheets.plan import Change, Plan, Question

_OF_COLUMNS = ("column:", "unit:", "meaning:", "fill:", "year:")


class ImportPage(Page):
    """`take(paths)` reads a file and shows its plan; decisions make the plan anew in the worker.

    Of a folder, or of several files, the proposed order comes first; then each file is shown and imported in turn.
    """

    title = _("Import")
    manual = "sheets"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.plan: Plan | None = None
        self._workbook: Any = None
        self.several: Several | None = None
        self._asked: Sequence[Path] = ()
        self._dropped: list[Path] = []  # that are being looked into
        self._path: Path | None = None
        self._choice = reading.Choice()
        self._left: dict[tuple[str, int, str], Change] = {}
        self.writing = False
        self._asks_again = True  # the keyboard goes to what is to be decided next
        self.add_actions(
            button(_("Another file…"), self._another), button(_("A folder of ledgers…"), self._choose_folder)
        )
        self._file_bar()
        self._body()
        self._actions()
        self.footer.hide()

    def _file_bar(self) -> None:
        picture = QLabel()
        picture.setPixmap(icons.pixmap("sheet", theme.tokens().mute))
        self._file = label("", bold=True)
        self._about = label("", size=12, tone="mute")
        self.blank = QCheckBox(tr(_("Empty cells clear values")))
        self.blank.setFont(theme.font(13))
        self.blank.toggled.connect(lambda on: self._decide(blank_clears=on))
        self._step = label("", bold=True, tone="accent")
        self._bar = bar("filter", theme.FILTER_BAR, picture, self._step, self._file, self._about, None, self.blank)
        self.content.addWidget(self._bar)

    def _body(self) -> None:
        self.sheets, self.columns, self.outcome = SheetsCard(), ColumnsCard(), OutcomeCard()
        self.sheets.toggled.connect(lambda names: self._decide(sheets=names, answers=self._choice.answers))
        self.columns.remapped.connect(self._remap)
        self.columns.questions.answered.connect(self._answer)
        self.outcome.questions.answered.connect(self._answer)
        self.outcome.left_out.connect(self._leave_out)
        left = QWidget()
        left.setFixedWidth(428)
        column_of(self.sheets, self.columns, gap=12, parent=left).setStretch(1, 1)
        page = QWidget()
        row = row_of(left, self.outcome, margins=(12, 12, 12, 12), gap=12, parent=page)
        row.setStretch(1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(with_room(page, 900 if language() == "zh" else 1040, 480))
        self._told = EmptyPage(_("Drop a ledger here."), button(_("Choose a file…"), self._another, kind="primary"))
        self._stack.addWidget(self._told)
        self.folder = FolderView()
        self.folder.confirmed.connect(self._begin)
        self.folder.left.connect(self._leave)
        self.folder.finished.connect(lambda: self.desk.go("projects"))
        self._stack.addWidget(self.folder)
        self._stack.setCurrentIndex(1)
        self.content.addWidget(self._stack, 1)
        self._bar.hide()

    def _actions(self) -> None:
        self._what = ElidedLabel()
        second = ElidedLabel(
            _("All of it can be undone at once, later too: after a restart and after other changes."),
            size=12,
            tone="mute",
        )
        left = QWidget()
        column_of(None, self._what, second, None, gap=2, parent=left)
        self._open = QHBoxLayout()
        self._open.setSpacing(4)
        self.cancel_button = button(_("Cancel"), self._leave)
        self.problems_button = button(_("Export the problems…"), self._export_problems)
        self.skip_button = button(_("Skip this file"), self._skip)
        self.rest_button = button("", self._import_rest)
        self.import_button = button(_("Import"), self._import, kind="primary")
        self.action_bar = bar("bottom", theme.ACTION_BAR, left)
        row = self.action_bar.layout()
        assert isinstance(row, QHBoxLayout)
        row.setStretch(0, 1)
        row.addLayout(self._open)
        for one in (
            self.cancel_button, self.skip_button, self.problems_button, self.rest_button, self.import_button,
        ):  # fmt: skip
            row.addWidget(one)
        self.content.addWidget(self.action_bar)
        self.action_bar.hide()

    # --- reading and planning --------------------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """One file: read it and show its plan. A folder, or several files: look into all, propose their order.

        Sheets that were sent to a unit and came back are merged on their own page, also those of a drop just before.
        """
        self.several = None
        self._dropped = list(dict.fromkeys([*self._dropped, *paths]))
        self._show_nothing(_("Looking into the files…"))

        def looked(back: list[Path]) -> None:
            self._dropped = []
            self.desk.take_returned(back)
            rest = [path for path in paths if path not in back]
            if rest and not back:
                self._take_ledger(rest)
            elif rest:
                self._show_nothing(_("Drop a ledger here."))
                self.desk.say(
                    _("{count} files are no returned sheets; drop them alone to import them.", count=len(rest))
                )

        self.desk.jobs.in_pool(self, returned(self._dropped), looked, failed=self._failed, key="look")

    def _take_ledger(self, paths: Sequence[Path]) -> None:
        if len(paths) == 1 and not paths[0].is_dir():
            self._read(paths[0])
            return
        self._asked = paths
        self._show_nothing(_("Looking into the files…"))
        self.desk.jobs.in_pool(
            self, survey(paths), self._take_ledgers, failed=self._failed, key="read", title=_("Looking into the files")
        )

    def _take_ledgers(self, ledgers: list[Ledger]) -> None:
        self.desk.guide.aside = [one.path for one in ledgers if one.readable and not one.taken and not one.same_as]
        if not ledgers:
            names = [path.name for path in self._asked]
            self._show_nothing(_("There is no table in “{folder}”. Nothing was changed.", folder=names))
            return
        self.folder.show_ledgers(ledgers)
        self._show_folder()

    def _show_folder(self) -> None:
        self._stack.setCurrentIndex(2)
        self._bar.hide()
        self.action_bar.hide()
        self.folder.take_focus()

    def _begin(self, paths: list[Path]) -> None:
        self.several = Several(paths)
        self._read(self.several.path)

    def _go_on(self, outcome: Outcome) -> None:
        """The next file, or what became of all of them."""
        assert self.several is not None
        more = bool(self.several.left)
        self.several = replaced(self.several, outcome)
        if more:
            self._read(self.several.path)
            return
        self.folder.show_outcomes(self.several.outcomes)
        self.several = None
        self._show_folder()

    def _skip(self) -> None:
        self._workbook, self.plan = None, None
        self._go_on(Outcome(skipped=True))

    def _import_rest(self) -> None:
        if self.several is not None:
            self.several.rest = True
            self._import()

    def _read(self, path: Path) -> None:
        self._path = path
        self._choice, self._left, self.plan = reading.Choice(), {}, None
        self._asks_again = True
        self._show_nothing(_("Reading “{file}”…", file=path.name))
        self.desk.jobs.in_pool(
            self, reading.read(path), self._take_workbook, failed=self._failed, key="read",
            title=_("Reading “{file}”", file=path.name),
        )  # fmt: skip

    def _take_workbook(self, workbook: Any) -> None:
        self._workbook = workbook
        self._make_plan()

    def _make_plan(self, why: Problem | None = None) -> None:
        def taken(plan: Plan) -> None:
            self._take_plan(plan)
            if why is not None:
                self._what.say(why.render(language()))

        if self._workbook is not None and not self.writing:
            self.desk.jobs.ask(
                self, reading.make_plan(self._workbook, self._choice, self.desk.today()), taken,
                failed=self._failed, key="plan",
                title=_("Working out what will happen"),
            )  # fmt: skip

    def _take_plan(self, plan: Plan) -> None:
        self.plan = plan
        if self.several is not None:
            known = self.several.known(plan.open_questions)
            if known:
                self._decide(answers={**self._choice.answers, **known})
                return
            if self.several.rest and not plan.open_questions and not plan.refused:
                self._import_or_skip(plan)
                return
        columns = [one for one in plan.open_questions if one.id.startswith(_OF_COLUMNS)]
        others = [one for one in plan.open_questions if not one.id.startswith(_OF_COLUMNS)]
        self._file.setText(plan.file)
        self._about.setText(_size_of(self._path) + " · " + tr(plan.room.label))
        before = self.blank.blockSignals(True)
        self.blank.setChecked(self._choice.blank_clears)
        self.blank.blockSignals(before)
        self.sheets.show_plan(plan)
        self.columns.show_plan(plan, len(columns))
        self.columns.questions.show_questions(columns)
        self.outcome.questions.show_questions(others)
        self.outcome.show_plan(plan, self._left)
        self._show_actions(plan)
        self._show_step()
        self._stack.setCurrentIndex(0)
        self._bar.show()
        self.action_bar.show()
        if self._asks_again:
            self._to_next()

    def _to_next(self) -> None:
        """The keyboard to the first answer of an open question, else to the button that imports."""
        self._asks_again = False
        asked = self.columns.questions.first or self.outcome.questions.first
        (asked or (self.import_button if self.import_button.isEnabled() else self.cancel_button)).setFocus()

    def _import_or_skip(self, plan: Plan) -> None:
        if plan.new_count + plan.changed_count:
            self._import()
        else:
            self._skip()

    def _show_step(self) -> None:
        """Where one is among several files."""
        several = self.several
        self.skip_button.setVisible(several is not None)
        self.rest_button.setVisible(several is not None and several.left > 0)
        self.rest_button.setEnabled(self.import_button.isEnabled())
        self._step.setVisible(several is not None)
        if several is not None:
            self._step.setText(tr(_("File {at} of {count}", at=several.at + 1, count=len(several.paths))))
            self.rest_button.setText(tr(_("This and {count} more", count=several.left)))

    def _failed(self, problem: Problem) -> None:
        self._dropped = []
        if isinstance(problem, Cancelled):
            self._leave()
        elif self.several is not None:
            self._go_on(Outcome(why=problem.sentence))
        else:
            self._show_nothing(problem.sentence)

    def _show_nothing(self, sentence: Text) -> None:
        self._told.sentence.setText(tr(sentence))
        self._told.sentence.setWordWrap(True)
        self._told.sentence.setMaximumWidth(640)
        self._told.sentence.setMinimumWidth(360)
        self._told.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.setCurrentIndex(1)
        self._bar.hide()
        self.action_bar.hide()

    # --- what a person decides -------------------------------------------------------------------------------------

    def _decide(self, **changed: Any) -> None:
        self._choice = replace(self._choice, **changed)
        self._make_plan()

    def _answer(self, question: str, answer: str) -> None:
        self._asks_again = True
        if self.several is not None and self.plan is not None:
            asked = next((one for one in self.plan.questions if one.id == question), None)
            if asked is not None:
                self.several.remember(asked, answer)
        self._decide(answers={**self._choice.answers, question: answer})

    def _remap(self, sheet: str, letter: str, key: str) -> None:
        self._answer(f"column:{sheet}!{letter}", key)

    def _assume(self) -> None:
        self._asks_again = True
        if self.several is not None and self.plan is not None:
            for one in self.plan.open_questions:
                self.several.remember(one, one.proposed)
        self._decide(assume_yes=True)

    def _leave_out(self, sheet: str, row: int, key: str) -> None:
        cell = (sheet, row, key)
        if cell in self._left:
            del self._left[cell]
        elif self.plan is not None:
            self._left |= {
                (one.sheet, one.row, one.key): one for one in self.plan.changes if (one.sheet, one.row, one.key) == cell
            }
        self._decide(leave_out=frozenset(self._left))

    # --- doing it --------------------------------------------------------------------------------------------------

    def _show_actions(self, plan: Plan) -> None:
        rows = plan.new_count + plan.changed_count
        sentence = _(
            "One operation: import “{file}”, {rows} rows (new {new}, changed {changed})",
            file=plan.file, rows=rows, new=plan.new_count, changed=plan.changed_count,
        )  # fmt: skip
        taken = any(sheet.taken for sheet in plan.sheets)
        if not taken:
            sentence = _("No sheet of “{file}” holds a ledger of projects.", file=plan.file)
        elif not rows:
            sentence = _("The book says all of this already; nothing would be written.")
        self._what.say(sentence)
        self.import_button.setText(tr(_("Import {rows} rows", rows=f"{rows:,}")))
        self.import_button.setEnabled(bool(rows) and not plan.open_questions)
        if taken and not rows and not plan.refused:
            self.ask(reading.layouts(plan), lambda known: self._offer_layout(plan, known), key="layouts")
        self.problems_button.setVisible(bool(plan.refused))
        self._show_open(plan.open_questions)
        if rows and not plan.open_questions:
            self.import_button.setDefault(True)

    def _offer_layout(self, plan: Plan, known: list[str]) -> None:
        """A ledger that came before layouts were kept says nothing new but how it looks."""
        if self.plan is plan and plan.file not in known and not plan.open_questions:
            self._what.say(
                _("The book says all of this already. Its layout can be kept, for “Export in the layout of a ledger”.")
            )
            self.import_button.setText(tr(_("Keep the layout only")))
            self.import_button.setEnabled(True)

    def _show_open(self, questions: Sequence[Question]) -> None:
        clear(self._open)
        if not questions:
            self.import_button.setToolTip("")
            return
        text = _("{count} to answer first: {where}", count=len(questions), where=[one.where for one in questions[:4]])
        self._open.addWidget(label(text, tone="amber"))
        if all(one.proposed for one in questions):
            self._open.addWidget(button(_("take the rest as proposed"), self._assume, kind="amberlink"))
        self._open.addSpacing(8)
        self.import_button.setToolTip(tr(_("{count} questions are still open", count=len(questions))))

    def _import(self) -> None:
        if self.plan is None or self.writing:
            return
        self.writing = True
        self.import_button.setEnabled(False)
        self.desk.jobs.ask(
            self, reading.write(self.plan), self._imported, failed=self._not_imported,
            title=_("Importing “{file}”", file=self.plan.file),
        )  # fmt: skip

    def _imported(self, written: reading.Written) -> None:
        self.writing = False
        assert self.plan is not None
        outcome = Outcome.of(self.plan)
        self._workbook, self.plan = None, None
        if written.first:
            self.desk.guide.begin()
        if self.several is not None:
            self._go_on(outcome)
            return
        self._show_nothing(_("Drop a ledger here."))
        self.desk.go("projects")

    def _not_imported(self, problem: Problem) -> None:
        """What was decided stays; it can be tried again, with a new plan where the book has changed meanwhile."""
        from db.sheets.outdated import Outdated

        self.writing = False
        if isinstance(problem, Outdated):
            self._make_plan(problem)
            return
        self._what.say(problem.render(language()))
        self.import_button.setEnabled(True)

    def _export_problems(self) -> None:
        if self.plan is None or self._path is None:
            return
        proposed = self._path.with_name(self._path.stem + tr(_("-problems")) + ".xlsx")
        out = self.desk.dialogs.save_file(self, _("Export the problems"), str(proposed), "*.xlsx")
        if out is None:
            return
        work = reading.problems(self.plan, self._workbook, out, language())

        def done(rows: int) -> None:
            self._what.say(_("{rows} rows with problems are in “{file}”.", rows=rows, file=out.name))

        self.desk.jobs.in_pool(self, work, done, failed=self._not_exported, title=_("Exporting the problems"))

    def _not_exported(self, problem: Problem) -> None:
        self._what.say(problem.render(language()))

    def _another(self) -> None:
        chosen = self.desk.dialogs.open_file(self, _("Choose a ledger"), LEDGERS)
        if chosen is not None:
            self.take([chosen])

    def _choose_folder(self) -> None:
        chosen = self.desk.dialogs.open_folder(self, _("Choose a folder of ledgers"))
        if chosen is not None:
            self.take([chosen])

    def _leave(self) -> None:
        """Leave what is looked at; what was imported before it stays."""
        self._workbook, self.plan = None, None
        if self.several is not None and self.several.outcomes:
            self.folder.show_outcomes(self.several.outcomes)
            self.several = None
            self._show_folder()
            return
        self.several = None
        self._show_nothing(_("Drop a ledger here."))
        self.desk.go("projects")


def _size_of(path: Path | None) -> str:
    try:
        size = path.stat().st_size if path is not None else 0
    except OSError:
        return ""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"
