"""Schemes as data: versions by year, the parts of one to be changed, what is wrong with it and what it would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from db.per_mu.names import called
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tabs, Tag, bar, button, clear, column_of, label, row_of
from desktop.kit.several_views import View
from desktop.kit.words import language, tr
from desktop.per_mu.schemes_rows import HEADINGS, RowForm, cell_of, facts_rows

if TYPE_CHECKING:
    from db.per_mu.scheme_parts import Effect, Saved

FACTS = "facts"
_TABS: Sequence[tuple[str, Text]] = (
    ("indicators", _("Indicators")), ("extras", _("Extras and vetoes")), ("classes", _("Classes")),
    ("terms", _("Formulas")), (FACTS, _("Facts")),
)  # fmt: skip
_ADD: Mapping[str, Text] = {
    "indicators": _("Add an indicator"), "extras": _("Add a bonus, deduction or veto"), "classes": _("Add a class"),
    "terms": _("Add a formula"),
}  # fmt: skip
_LIST = 268
_TYPING = 250
_NAMED = 6


@dataclass(frozen=True)
class Found:
    """The schemes, the newest first, and the newest year of which there are metrics."""

    schemes: Sequence[Saved]
    year: int


class SchemesView(View):
    """See the module."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.found: Found | None = None
        self.one: Saved | None = None
        self.part = "indicators"
        self.form: RowForm | None = None
        self._after: tuple[str, int] | None = None  # which version is chosen once the next answer is there
        self.copy_button = button(_("Copy to change"), self.copy_scheme, kind="primary")
        self.publish_button = button(_("Publish…"), self.publish)
        self.delete_button = button(_("Delete the draft"), self.delete_scheme)
        page.writers += [self.copy_button, self.publish_button, self.delete_button]
        self.list = PlainList(row_height=50)
        self.list.setAccessibleName(tr(_("Schemes")))
        self.list.selectionModel().currentRowChanged.connect(lambda now, _before: self._choose(now.row()))
        self.side = QFrame()
        self.side.setProperty("box", "panel")
        self._side = column_of(gap=0, parent=self.side)
        self.beside = Beside(self._middle(), self.side, page.desk.preferences)
        left = QFrame()
        left.setProperty("bar", "left")
        left.setFixedWidth(_LIST)
        column_of(self.list, gap=0, parent=left)
        row = row_of(left, self.beside, gap=0, parent=self)
        row.setStretch(1, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING)
        self._soon.timeout.connect(self.look)

    def _middle(self) -> QWidget:
        middle = QWidget()
        self.title = label("", size=15, bold=True)
        self.state = Tag("")
        self.second = label("", size=12, tone="mute", wrap=True)
        self.tabs = Tabs(_TABS)
        self.tabs.chosen.connect(self.show_part)
        self.rows = PlainList()
        self.rows.picked.connect(lambda row, _column: self.open_row(row))
        self.add_button = button("", self.add_row, small=True, icon="plus")
        self.wrong = label("", size=12, tone="red", wrap=True)
        self.told = label("", size=12, wrap=True)
        head = column_of(row_holder(self.title, self.state), self.second, margins=(16, 12, 16, 8), gap=4)
        lines = column_of(gap=0, parent=middle)
        lines.addLayout(head)
        lines.addWidget(bar("head", 36, self.tabs, self.add_button))
        lines.addWidget(self.rows, 1)
        foot = QFrame()
        foot.setProperty("box", "panel")
        column_of(self.wrong, self.told, margins=(16, 8, 16, 8), gap=4, parent=foot)
        lines.addWidget(foot)
        return middle

    def bars(self) -> Sequence[QWidget]:
        """A draft goes, is published; any version is copied to be changed."""
        return self.delete_button, self.publish_button, self.copy_button

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The schemes again; the one that is shown stays."""

        def work(connection: Connection) -> Found:
            from db.per_mu.queries import years
            from db.per_mu.scheme_parts import saved

            known = years(connection)
            return Found(saved(connection), known[0] if known else 0)

        self.page.ask(work, self._take, key="schemes", title=_("Reading the schemes"))

    def _take(self, found: Found) -> None:
        self.found = found
        wanted = self._after or ((self.one.key, self.one.version) if self.one is not None else None)
        self._after = None
        at = next((at for at, one in enumerate(found.schemes) if (one.key, one.version) == wanted), 0)
        headings = (Heading(_("Scheme"), _LIST - 2, stretch=True),)
        selection = self.list.selectionModel()
        before = selection.blockSignals(True)
        self.list.show_rows(headings, len(found.schemes), lambda row, _column: _scheme_cell(found.schemes[row]))
        self.list.selectRow(at)
        selection.blockSignals(before)
        self._show(found.schemes[at])

    def _choose(self, row: int) -> None:
        if self.found is not None and 0 <= row < len(self.found.schemes):
            self._close_form()
            self._show(self.found.schemes[row])

    def _show(self, one: Saved) -> None:
        self.one = one
        self.title.setText(tr(called(one.name)))
        text, tone = _state(one)
        self.state.say(text, tone)
        self.second.setText(_second(one))
        self.publish_button.setVisible(self.is_draft)
        self.delete_button.setVisible(self.is_draft)
        self.copy_button.setText(tr(_("Take over the preset") if not one.number else _("Copy to change")))
        self.show_part(self.part)
        self.look()

    @property
    def is_draft(self) -> bool:
        """Whether it may be changed."""
        return self.one is not None and bool(self.one.number) and self.one.published_on is None

    def show_part(self, key: str) -> None:
        """Indicators, extras, classes, formulas, or what the scheme says once."""
        from db.per_mu import scheme_parts

        if key != self.part:
            self._close_form()
        self.part = key
        one = self.one
        if one is None:
            return
        self.add_button.setVisible(key in _ADD and self.is_draft)
        self.add_button.setText(tr(_ADD.get(key, Text(""))))
        if key == FACTS:
            rows = facts_rows(scheme_parts.facts(one.data, language()))
            self.rows.show_rows(HEADINGS[FACTS], len(rows), lambda row, column: text_cell(rows[row][column]))
            return
        found = scheme_parts.rows(one.data, key)
        self.rows.show_rows(HEADINGS[key], len(found), partial(_row_cell, found, key))

    # --- what is wrong, and what it would do -----------------------------------------------------------------------

    def look(self) -> None:
        """Check what is shown or typed; then see who would move, over the metrics of the newest year."""
        from db.per_mu import scheme_parts

        one, found = self.one, self.found
        data = self.form.candidate() if self.form is not None else one.data if one is not None else None
        if one is None or found is None:
            return
        if data is None:  # what is wrong stands beside the field
            self.wrong.hide()
            self.told.setText(tr(_LATER))
            return
        problems = scheme_parts.all_wrong(data)
        self.wrong.setText("\n".join(tr(why) for why in problems))
        self.wrong.setVisible(bool(problems))
        if problems or not found.year:
            self.told.setText(tr(_LATER) if problems else tr(_CORRECT))
            return
        with_ = scheme_parts.compared(one, found.schemes)

        def work(connection: Connection) -> Effect:
            return scheme_parts.effect(connection, with_.data, data, found.year)

        self.page.ask(work, partial(self._tell, with_), failed=self._not_computed, key="effect")

    def _tell(self, with_: Saved, effect: Effect) -> None:
        same = with_ is self.one and self.form is None
        counts = "　".join(f"{tr(called(name))} {count}" for name, count in effect.counts.items())
        year = self.found.year if self.found is not None else 0
        said = [tr(_("{sums} On the metrics of {year}: {count} companies, {counts}.",
                     sums=_CORRECT, year=year, count=f"{effect.whole:,}", counts=counts))]  # fmt: skip
        if not same:
            against = _against(with_, self.one)
            said.append(tr(_("Against {other}: {up} companies rise, {down} fall.",
                             other=against, up=len(effect.up), down=len(effect.down))))  # fmt: skip
            moved = [f"{name} {old}→{new}" for name, old, new in (*effect.up, *effect.down)]
            more = _("… and {count} more", count=len(moved) - _NAMED)
            said += ["　".join([*moved[:_NAMED], *([tr(more)] if len(moved) > _NAMED else [])])] if moved else []
        self.told.setText("\n".join(said))

    def _not_computed(self, problem: Problem) -> None:
        self.told.setText(problem.render(language()))

    # --- one row ---------------------------------------------------------------------------------------------------

    def open_row(self, row: int) -> None:
        """A row of the part in the pane: to be changed in a draft, to be read else."""
        if self.one is not None:
            self._open(None if self.part == FACTS else row)

    def add_row(self) -> None:
        """A form for one more."""
        if self.one is not None and self.is_draft and not self.page.rests():
            self._open(-1)

    def _open(self, row: int | None) -> None:
        assert self.one is not None
        self._close_form()
        self.form = form = RowForm(self.page, self.one, self.part, row, editable=self.is_draft)
        self._side.addWidget(form, 1)
        form.closed.connect(self._leave)
        form.written.connect(self._written)
        form.typed.connect(self._soon.start)
        self.beside.unfold()
        if self.is_draft:
            form.take_focus()

    def _written(self) -> None:
        self._leave()
        self.refresh()

    def _leave(self) -> None:
        self._close_form()
        self.rows.setFocus()
        self.look()

    def _close_form(self) -> None:
        clear(self._side)
        self.form = None
        self.beside.fold()

    # --- versions --------------------------------------------------------------------------------------------------

    def copy_scheme(self) -> None:
        """A draft of it: the next version; of a preset the first one of this year's metrics."""
        one, found = self.one, self.found
        if one is None or found is None or self.page.rests():
            return
        data = dict(one.data) | ({} if one.number else {"year": found.year or one.year})

        def work(connection: Connection) -> int:
            from db.per_mu.evaluations import save_scheme

            return save_scheme(connection, data)

        versions = [other.version for other in found.schemes if other.key == one.key]
        self._after = (one.key, max(versions, default=0) + 1)
        self.page.write(
            _("New version of the scheme “{name}”", name=called(one.name)), work, lambda _id: self.refresh()
        )

    def publish(self) -> None:
        """From then on the version is as it is."""
        one, day = self.one, self.page.desk.today().isoformat()
        if one is None or not self.is_draft or self.page.rests():
            return
        body = [_("A published version is never changed again; it can be copied into a new one.")]
        verb = _("Publish version {number}", number=one.version)
        if not self.page.desk.dialogs.confirm(self, _("Publish the scheme"), body, verb):
            return

        def work(connection: Connection) -> None:
            from db.per_mu.evaluations import publish_scheme

            publish_scheme(connection, one.number, on=day)

        named = _("Publish version {number} of the scheme “{name}”", number=one.version, name=called(one.name))
        self.page.write(named, work, lambda _nothing: self.refresh(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.wrong.setText(problem.render(language()))
        self.wrong.show()

    def delete_scheme(self) -> None:
        """Throw the draft away; Ctrl+Z brings it back."""
        one = self.one
        if one is None or not self.is_draft or self.page.rests():
            return
        self._close_form()
        self.one = None

        def work(connection: Connection) -> None:
            from db.per_mu.evaluations import delete_scheme

            delete_scheme(connection, one.number)

        self.page.write(
            _("Delete the draft of the scheme “{name}”", name=called(one.name)), work, lambda _nothing: self.refresh()
        )

    # --- as of a page ----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The rows of the part."""
        self.list.setFocus()

    def adapt(self, width: int) -> None:
        """The form lies over the rows where the window is narrow."""
        self.beside.adapt(width)

    def show_example(self) -> None:
        """The first indicator."""
        self.open_row(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the pane away."""
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self._leave()
        else:
            super().keyPressEvent(event)


_LATER = _("Nothing is computed until this is put right.")
_CORRECT = _("The weights and formulas are in order.")


def row_holder(*parts: QWidget) -> QWidget:
    """Parts side by side, at the left."""
    made = QWidget()
    row_of(*parts, None, parent=made)
    return made


def _row_cell(found: Sequence[Mapping[str, Any]], part: str, row: int, column: int) -> Cell:
    return cell_of(part, found[row], column)


def _scheme_cell(one: Saved) -> Cell:
    text, _tone = _state(one)
    return text_cell(f"{one.year}　{tr(called(one.name))} · {tr(text)}", tone="text" if one.number else "mute")


def _state(one: Saved) -> tuple[Text, str]:
    if not one.number:
        return _("Preset"), "grey"
    if one.published_on is None:
        return _("Draft {number}", number=one.version), "amber"
    return _("Version {number}, published", number=one.version), "green"


def _second(one: Saved) -> str:
    from db.per_mu.models import SCOPE

    scope = one.data.get("scope")
    published = _("published on {day}, stays as it is", day=one.published_on) if one.published_on else Text("")
    parts = [
        str(one.year),
        tr(SCOPE.label(scope)) if scope else "",
        tr(published),
        tr(called(str(one.data.get("source") or ""))),
    ]
    return " · ".join(part for part in parts if part)


def _against(with_: Saved, one: Saved | None) -> Text:
    if with_ is one:
        return _("what is saved")
    return _("version {number}", number=with_.version)
