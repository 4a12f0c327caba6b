"""The report page: sections, the very PDF that will be exported, and beside it numbers, words and the form."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from db.core.errors import Cancelled, Problem
from db.core.period import Period
from db.core.text import Text, _
from desktop.kit import actions
from desktop.kit.page import Desk
from desktop.kit.strip import Place
from desktop.kit.words import language, tr
from desktop.overview import deciding, making, menus, sending, shortening
from desktop.overview.finalising import closing_period, question
from desktop.overview.layout import MAKING, ReportLayout
from desktop.overview.preview import Pages
from desktop.overview.sections import OPENING, section_of
from desktop.overview.unsaved import Unsaved
from desktop.overview.writing import OWN

if TYPE_CHECKING:
    from db.overview.explain import Explanation
    from db.reports.report import Figure, Section

_MOST_WAITING = 200


class ReportPage(ReportLayout):
    """See the module. `exported_to`: the folder into which a file was last written."""

    title = _("Reports")
    manual = "overview"
    actions_of = "overview"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.made: making.Made | None = None
        self.pages: Pages | None = None
        self._asked_period = False
        self._then: Callable[[], object] | None = None  # waits until what was typed is kept and drawn
        self.exported_to: Path | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="zhaoshang-preview-", ignore_cleanup_errors=True)
        self.destroyed.connect(self._folder.cleanup)
        self._drawn = 0
        self._warned: Text | None = None
        self._unsaved = Unsaved(self)
        self.strip.back = self.view
        self._connect()
        self.writers += [self.closing, self.form_button]
        self.doing = actions.bind(self, "overview", self._actions())

    # --- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        for part, suffix in ((self.xlsx_button, "xlsx"), (self.pdf_button, "pdf"), (self.docx_button, "docx")):
            part.clicked.connect(lambda _checked=False, suffix=suffix: self.export(suffix))
        for opens, menu in ((self.form_button, menus.form_menu), (self.more_button, menus.more_menu)):
            opens.clicked.connect(lambda _checked=False, at=opens, menu=menu: menus.open_under(menu(self), at))
        self.period.chosen.connect(self._other_period)
        self.again_button.clicked.connect(self._make_again)
        self.view.turned.connect(self._turned)
        self.view.picked.connect(self.explain)
        self.view.twice.connect(self.edit)
        self.sections.gone_to.connect(self._go_to_section)
        self.sections.entered.connect(self.edit)
        self.sections.figure.connect(self.explain)
        self.sections.turned.connect(lambda key: self.with_made(deciding.turn_section, key))
        self.sections.ordered.connect(lambda keys: self.with_made(deciding.order_sections, keys))
        self.closing.finalise.connect(lambda: self.after_keeping(self._finalise))
        self.closing.reopen.connect(self._reopen)
        self.closing.waiting.connect(self.show_waiting)
        pane = self.pane
        pane.numbers.rows_wanted.connect(self._open_rows)
        pane.numbers.one_wanted.connect(self._open_one)
        pane.words.saved.connect(lambda place, mode, runs: self.with_made(deciding.save_words, place, mode, runs))
        pane.words.copied.connect(lambda text: sending.copy_words(self, text))
        pane.words.explained.connect(self.explain)
        pane.words.photographs.page = self
        pane.form.changed.connect(lambda form: deciding.save_form(self, form, self._refuse_form))
        pane.form.headed.connect(lambda place, text: self.with_made(deciding.save_head, place, text))
        pane.form.tables_wanted.connect(self._offer_views)
        pane.returned.taken.connect(self._take_changed)
        pane.returned.shown.connect(self.view.show_place)

    def _actions(self) -> dict[str, Callable[[], object]]:
        return {
            "export": lambda: self.export("xlsx"), "export_pdf": lambda: self.export("pdf"),
            "export_docx": lambda: self.export("docx"), "bundle": self.export_bundle, "print": self.print_report,
            "copy_text": self.copy_text,
            "picture": self.save_picture, "pane_numbers": lambda: self.show_tab("numbers"),
            "pane_words": lambda: self.show_tab("words"), "pane_form": lambda: self.show_tab("form"),
            "swap_focus": self.swap_focus, "waiting": self.show_waiting, "edit": self.edit_current,
        }  # fmt: skip

    def with_made(self, do: Callable[..., object], *given: object) -> None:
        """Something that is done with the present report."""
        if self.made is not None:
            do(self, self.made, *given)

    # --- making ----------------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The preview, so that the page keys turn pages."""
        self.view.setFocus()

    def refresh(self) -> None:
        """The report of the period anew; the first time for the last period the book has something of."""
        if self._asked_period:
            self._make()
            return
        self._asked_period = True
        self.ask(making.last_period, self._take_period, failed=self._without_period, key="period")

    def _without_period(self, problem: Problem) -> None:
        self._asked_period = False
        self._failed(problem)

    def _take_period(self, period: Period | None) -> None:
        if period is not None:
            self.period.take(period)
        else:
            self._make()

    def _other_period(self) -> None:
        self.pane.words.keep()
        self.pane.returned.forget()
        self._make()

    def _make(self) -> None:
        from db.core.interrupting import Interruption

        interruption = Interruption()
        work = making.make_report(
            self.period.period, language(), self.desk.today(), before=self.made, interruption=interruption
        )
        job = self.desk.jobs.ask(
            self, work, self._take_report, failed=self._failed, title=_("Counting"), key="report"
        )  # fmt: skip
        job.at_cancel = interruption.stop

    def _make_again(self) -> None:
        self.told.sentence.setText(tr(MAKING))
        self.again_button.hide()
        self.refresh()

    def _take_report(self, made: making.Made) -> None:
        self.made = made
        self._drawn += 1
        path = Path(self._folder.name) / f"report-{self._drawn}.pdf"
        self.desk.jobs.in_pool(
            self, making.draw_preview(made, path), self._take_pages, failed=self._failed, key="preview",
            title=_("Drawing the pages"),
        )  # fmt: skip

    def _take_pages(self, pages: Pages) -> None:
        before, self.pages = self.pages, pages
        made = self.made
        assert made is not None
        self.sections.fixed = made.fixed
        self.sections.show_report(made.draft)
        self._say_state(made)
        self.view.show_pages(pages)
        self._turned(0 if before is None else self.view.page_in_view)
        self.stack.setCurrentIndex(0)
        self.pane.show_made(made, self._section())
        self._explain_first(made)
        if before is not None:
            before.path.unlink(missing_ok=True)
        if self.strip.isVisible() and self.strip.list is not None:
            self._list_waiting()
        self._warn(pages.warning)
        self._unsaved.offer()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _warn(self, warning: Text | None) -> None:
        """Say once what is wrong with the pages, unless something else is asked just now."""
        if warning is not None and warning != self._warned and not self.strip.isVisible():
            self.strip.ask(warning, [(_("Close"), lambda: None)])
            self._warned = warning

    def _explain_first(self, made: making.Made) -> None:
        """The figure that was explained, or the first one of the text."""
        known = [one.key for one in made.draft.figures]
        first = self.view.marked if self.view.marked in known else ""
        if not first and self.pages is not None:
            first = next((spot.figure for spot in self.pages.spots if spot.figure in known), "")
        if first:
            self._show_number(first)
        else:
            self.pane.numbers.say(_("There is no number in this report."))

    def _say_state(self, made: making.Made) -> None:
        report = made.report
        self.form_button.say(made.form.name)
        self.stand.setText(tr(_("data up to {day}", day=made.period.last)))
        self.state.say(*((_("Finalised"), "green") if made.final is not None else (_("Not finalised"), "amber")))
        self.mark.say(_("Draft for approval"), "grey")
        self.state.show()
        self.mark.setVisible(made.draft_mark)
        self.docx_button.setText(tr(_("Export draft (Word)…") if made.draft_mark else _("Export Word…")))
        waiting = len(made.draft.pending)
        self.count.setText(tr(_("{count} to check", count=waiting)) if waiting else str(len(report.sections)))
        self.closing.show_made(made)
        tables = len(report.tables())
        facts = [("", str(len(report.sections)), tr(_("sections")))]
        if self.pages is not None and self.pages.whole:
            facts.append(("", str(len(self.pages.sizes)), tr(_("pages"))))
        self.footer.show_facts([*facts, ("", str(tables), tr(_("tables")))])

    def _failed(self, problem: Problem) -> None:
        self._then = None
        if self.pages is not None:
            if not isinstance(problem, Cancelled):
                self.refuse(problem)
            return
        self.told.sentence.setText(problem.render(language()))
        self.again_button.show()
        self.stack.setCurrentIndex(1)

    def refuse(self, problem: Problem) -> None:
        """Say above the report what did not work; it stays as it was."""
        self.strip.ask(Text(problem.render(language())), [(_("Close"), lambda: None)], tone="red")

    def _refuse_form(self, problem: Problem) -> None:
        self.pane.form.refuse(problem.render(language()))

    # --- sections, words and numbers -------------------------------------------------------------------------------

    def _section(self) -> Section | None:
        made, key = self.made, self.sections.current
        if made is None or key == OPENING:
            return None
        return next((one for one in made.draft.sections if one.key == key), None)

    def _go_to_section(self, key: str) -> None:
        made = self.made
        if made is None or self.pages is None:
            return
        self.pane.words.keep()
        keys = [one.key for one in made.report.sections]
        if key in keys:
            self.view.go_to(self.pages.starts[keys.index(key)])
        elif key == OPENING:
            self.view.go_to(0)
        self.pane.words.show_section(made, self._section())

    def edit(self, place: str) -> None:
        """The keyboard into the words of a paragraph, or of a section's first one."""
        self.sections.go_to(section_of(place))
        self.show_tab("words")
        cards = self.pane.words.cards
        self.pane.words.go_to(place if "." in place or place in cards else next(iter(cards), ""))

    def edit_current(self) -> None:
        """The words of the section that is the current one."""
        self.edit(self.sections.current or OPENING)

    def _turned(self, page: int) -> None:
        said = tr(_("page {page} of {count}", page=page + 1, count=self.view.page_count))
        if self.pages is not None and not self.pages.whole:
            said += " · " + tr(_("long lists: {count} rows each", count=shortening.MOST_ROWS))
        self.page_label.say(said)

    def explain(self, key: str) -> None:
        """Show what a figure is made of."""
        self._show_number(key)
        self.show_tab("numbers")

    def _show_number(self, key: str) -> None:
        made = self.made
        figure = self._figure(key)
        if made is None or figure is None:
            return
        self.pane.numbers.show_figure(figure, tr(_("The chosen number")))
        self.view.mark(key)

        def take(found: Explanation) -> None:
            if self.pane.numbers.figure is figure:
                self.pane.numbers.show_explanation(found)

        self.ask(making.explain(made, key, language()), take, key="rows")

    def _figure(self, key: str) -> Figure | None:
        made = self.made
        return None if made is None else next((one for one in made.draft.figures if one.key == key), None)

    def _open_rows(self) -> None:
        figure = self.pane.numbers.figure
        if figure is not None and figure.rows is not None:
            self.desk.show_rows(figure.rows.room, figure.label, figure.rows.ids)

    def _open_one(self, number: int) -> None:
        figure = self.pane.numbers.figure
        if figure is not None:
            self.desk.show_rows("projects", figure.label, [number])

    def show_waiting(self) -> None:
        """What is to be checked, as a list above the report; a click walks to the place."""
        if not self._list_waiting():
            self.desk.say(_("Nothing is to be checked."))
        elif self.strip.list is not None:
            self.strip.list.setFocus()

    def _list_waiting(self) -> bool:
        pending = self.made.draft.pending if self.made is not None else ()
        if not pending:
            self.strip.close_strip()
            return False
        places = [Place(one.sentence, self._walker(one.place, one.figures)) for one in pending[:_MOST_WAITING]]
        sentence = _("{count} places are to be checked. Choose one to go there.", count=len(pending))
        self.strip.ask(sentence, [(_("Close"), lambda: None)], places=places, count=len(pending))
        return True

    def _walker(self, place: str, figures: Sequence[str]) -> Callable[[], object]:
        def walk() -> None:
            self.sections.go_to(section_of(place))
            self.view.show_place(place)
            known = next((key for key in figures if self._figure(key) is not None), "")
            if known:
                self.explain(known)
            else:
                self.show_tab("words")

        return walk

    # --- forms -----------------------------------------------------------------------------------------------------

    def name_form(self, _form: Any) -> None:
        """Let a new form be named."""
        self.show_tab("form")
        self._then = self.pane.form.begin_naming

    def _offer_views(self, place: QPoint) -> None:
        from desktop.kit.lists import Picker

        def take(found: list[tuple[str, str]]) -> None:
            picker = Picker(self, found, _("Search the views"))
            names = dict(found)
            picker.chosen.connect(lambda key: self._add_table(key, names[key]))
            picker.open_at(place)

        self.ask(making.offered_views(self.desk.preferences.name, language()), take, key="views")

    def _add_table(self, key: str, name: str) -> None:
        from db.overview.forms import OwnTable

        room, _colon, view = key.partition(":")
        self.pane.form.take_table(OwnTable(room, view, name.partition(" · ")[2] or name))

    # --- leaving ---------------------------------------------------------------------------------------------------

    def after_keeping(self, do: Callable[[], object]) -> None:
        """Do it with what is typed in it: kept, counted and drawn first where something is not."""
        if self.made is None or self.pages is None:
            return
        if any(card.dirty for card in self.pane.words.cards.values()):
            self._then = do
            self.pane.words.keep()
        else:
            do()

    def export(self, suffix: str) -> None:
        """The report as a file."""
        self.after_keeping(lambda: self.with_made(sending.export, suffix))

    def export_bundle(self) -> None:
        """The report and every list in one file, for the city."""
        from desktop.overview.bundling import export_zip

        self.after_keeping(lambda: self.with_made(export_zip))

    def print_report(self) -> None:
        """The report on paper."""
        self.after_keeping(lambda: self.with_made(sending.print_report, self.pages))

    def copy_text(self) -> None:
        """The report as text, for a chat."""
        self.after_keeping(lambda: self.with_made(sending.copy_report))

    def save_picture(self) -> None:
        """The month as a picture."""
        self.after_keeping(lambda: self.with_made(sending.save_picture))

    def choose_returned(self) -> None:
        """Ask for the Word file that came back."""
        chosen = self.desk.dialogs.open_file(self, _("Look at a Word file that came back"), "*.docx")
        if chosen is not None:
            self.take_returned(chosen)

    def _take_changed(self, place: str, runs: Any) -> None:
        self.with_made(deciding.save_words, place, "written" if place.endswith(OWN) else "edited", runs)

    def take_returned(self, path: Path) -> None:
        """Show what was changed by hand in a Word file that came back."""
        made = self.made
        if made is None:
            return

        def take(found: Any) -> None:
            self.pane.returned.show_changes(path.name, found, fixed=made.fixed)
            self.show_tab("returned")

        self.desk.jobs.in_pool(
            self, making.read_returned(made, path), take, failed=self.refuse, key="returned",
            title=_("Reading “{file}”", file=path.name),
        )  # fmt: skip

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """A Word file is compared with the report."""
        if any(one.suffix.lower() == ".docx" for one in paths):
            return self.view, _("Drop it to see what was changed in this Word file")
        return None

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Take a Word file that came back."""
        files = [one for one in paths if one.suffix.lower() == ".docx"]
        if files:
            self.take_returned(files[0])
        return bool(files)

    def leave(self) -> None:
        """What is typed and not saved is offered again the next time."""
        self._unsaved.keeper.end()

    # --- finalising ------------------------------------------------------------------------------------------------

    def _finalise(self) -> None:
        made = self.made
        if made is None or made.final is not None:
            return
        title, body, verb, facts = question(made)
        if self.desk.dialogs.confirm(self, title, body, verb, facts=facts):
            work = making.finalise(closing_period(made.period), self.desk.today())
            self.desk.jobs.ask(self, work, lambda _number: None, failed=self.refuse, title=_("Finalising"))

    def _reopen(self) -> None:
        made = self.made
        if made is None or made.final is None:
            return
        body = _("Its numbers will be those of the book again. Why it is reopened is kept in the history.")
        reason = self.desk.dialogs.ask_words(self, _("Reopen the report"), body, _("Reopen"))
        if reason is None:
            return
        work = making.reopen(made, reason)
        self.desk.jobs.ask(self, work, lambda _number: None, failed=self.refuse, title=_("Reopening"))
