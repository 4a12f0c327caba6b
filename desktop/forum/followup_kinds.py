"""One thing → one kind of thing: issues like another one, linked under a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from db.core.errors import Problem, Refused
from db.core.text import _
from desktop.kit import projector
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.similar import Similar


class SimilarPart(PanePage):
    """The issues like one; those that are ticked become one kind of thing with it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.ticks: dict[int, QCheckBox] = {}
        self.line: QLineEdit | None = None

    def work(self, number: int) -> Any:
        """The issues like it, and what its kind is called."""

        def read(connection: Connection) -> tuple[Sequence[Similar], str]:
            from db.forum.board import kind_name
            from db.forum.similar import similar_to

            return similar_to(connection, number), kind_name(connection, number)

        return read

    def show_found(self, found: tuple[Sequence[Similar], str]) -> None:
        """A tick, the text, whose it is, how alike."""
        alike, kind = found
        self.ticks = {}
        if not alike:
            self.lines.addWidget(label(_("No issue is like this one."), tone="mute", wrap=True))
            return
        if kind:
            self.lines.addWidget(label(_("Kind of thing: {name}", name=kind), bold=True, wrap=True))
        for one in alike:
            tick = QCheckBox()
            tick.setChecked(one.kind is not None and bool(kind))
            tick.setAccessibleName(one.text)
            same = [_("{count} % alike", count=one.score)]
            same += [_("same category")] if one.same_category else []
            same += [_("same department")] if one.same_department else []
            text = column_of(
                label(projector.covered(one.text), wrap=True),
                label(" · ".join([one.company, *(tr(part) for part in same)]), size=12, tone="mute", wrap=True), gap=1,
            )  # fmt: skip
            row = row_of(tick, gap=8)
            row.addLayout(text, 1)
            row.setAlignment(tick, Qt.AlignmentFlag.AlignTop)
            self.lines.addLayout(row)
            self.ticks[one.id] = tick
        self.lines.addWidget(self._joining(kind))

    def _joining(self, kind: str) -> QWidget:
        self.line = QLineEdit(kind)
        self.line.setPlaceholderText(tr(_("Name of the kind of thing")))
        self.line.setAccessibleName(tr(_("Name of the kind of thing")))
        self.line.returnPressed.connect(self.join)
        self.do = button(_("Make them one kind"), self.join, small=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        made = QWidget()
        lines = column_of(self.line, gap=6, parent=made)
        lines.addLayout(row_of(None, self.do))
        lines.addWidget(self.refusal)
        return made

    def join(self) -> None:
        """The ticked ones and this one, under the name; one operation."""
        if self.line is None or not self.do.isEnabled():
            return
        chosen, name = [number for number, tick in self.ticks.items() if tick.isChecked()], self.line.text().strip()
        if not chosen:
            self._complain(Refused(_("Tick at least one issue.")))
            return
        ids = [self.number, *chosen]

        def work(connection: Connection) -> int:
            from db.forum.service import join

            return join(connection, ids, name=name)

        self.do.setEnabled(False)
        label_of = _("Make {count} issues one kind of thing: {name}", count=len(ids), name=name)
        self.page.write(label_of, work, lambda _kind: self.read(), failed=self._complain)

    def _complain(self, problem: Problem) -> None:
        self.do.setEnabled(True)
        self.refusal.setText(problem.render(language()))
