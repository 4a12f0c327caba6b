"""The minutes of a meeting, typed in the window: the day, who was there, what was said as a whole and about each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.drafts import Drafts, Keeper
from desktop.kit.form import Form
from desktop.kit.page import Connection, Page
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.sittings import Item, Sitting

_HEAD = (
    Field("held_on", _("Held on"), Day()),
    Field("attendees", _("Attendees"), Words()),
    Field("minutes", _("Minutes"), Words(long=True)),
)


class MinutesPanel(QWidget):
    """`decision_wanted`: a decision is to be written, about the item (its title) in whose lines the keyboard is."""

    decision_wanted = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.setProperty("box", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.form: Form | None = None
        self.sitting: Sitting | None = None
        self._titles: Mapping[str, str] = {}
        self._saved = False
        self._typed: dict[int, dict[str, str]] = {}  # meeting → what was typed about it
        self.drafts = Drafts(page.desk.target, "five_ones.minutes")
        self.keeper = Keeper(self, self.drafts, self.unsaved)
        self.said = label("", size=12, tone="mute")
        self.save = button(_("Save the minutes"), self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.decide = button(_("New decision…"), lambda: self.decision_wanted.emit(self.item()))
        self._lines: QVBoxLayout = column_of(gap=0, parent=self)
        self._lines.addWidget(bar("bottom", theme.ACTION_BAR, self.save, self.decide, None, self.said))

    def writers(self) -> Sequence[QWidget]:
        """What rests while one looks at the past."""
        return (self.save, self.decide)

    def unsaved(self) -> Mapping[int, Mapping[str, str]]:
        """What is typed and not in the book."""
        typed = self.form.texts() if self.form is not None else {}
        if self.sitting is not None:
            # The day is proposed, not typed; alone it is nothing to keep.
            kept = {} if self._saved else {key: text for key, text in typed.items() if key != "held_on"}
            self._typed[self.sitting.id] = kept
        return self._typed

    def show_sitting(self, sitting: Sitting | None, items: Sequence[Item], *, today: str) -> None:
        """A meeting with its agenda. What was typed about it and not saved comes back."""
        same = self.sitting is not None and sitting is not None and self.sitting.id == sitting.id and not self._saved
        self.keeper.look_now()
        typed = self._typed.get(sitting.id, {}) if sitting is not None else {}
        if same and self.form is not None:
            typed = self.form.texts()
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self.sitting, self._saved = sitting, False
        for part in (self.save, self.decide):
            part.setVisible(sitting is not None)
        if sitting is None:
            self.said.setText("")
            return
        self._titles = {f"item-{one.id}": one.title for one in items}
        fields = [*_HEAD, *(Field(key, Text(name), Words(long=True)) for key, name in self._titles.items())]
        values: dict[str, Any] = {
            "id": sitting.id, "held_on": sitting.held_on, "attendees": sitting.attendees or None,
            "minutes": sitting.minutes or None, **{f"item-{one.id}": one.minutes or None for one in items},
        }  # fmt: skip
        self.form = Form(fields, values, needed=("held_on",), today=today)
        self.form.submitted.connect(self.carry_out)
        self._lines.insertWidget(0, self.form, 1)
        draft = self.drafts.of(sitting.id)
        self.form.put_texts({**(draft.texts if draft is not None else {}), **typed})
        if sitting.held_on is None and not self.form.editors["held_on"].typed:
            self.form.editors["held_on"].input.put(min(sitting.planned_on or today, today))
        restored = draft is not None and not typed
        self.said.setText(tr(_("What was typed and not saved is here again.")) if restored else "")

    def item(self) -> str:
        """The title of the item in whose lines the keyboard is, "" elsewhere."""
        editors = self.form.editors if self.form is not None else {}
        return next((self._titles.get(key, "") for key, one in editors.items() if one.input.hasFocus()), "")

    def carry_out(self) -> None:
        """Write what was typed, as one operation."""
        form, sitting = self.form, self.sitting
        if form is None or sitting is None or form.changes() is None:
            return
        values = {key: one.value() for key, one in form.editors.items()}
        if not values["held_on"]:
            form.complain({"held_on": _("Say on which day the meeting was held.")})
            return
        items = {int(key[5:]): str(values[key] or "") for key in values if key.startswith("item-")}

        def work(connection: Connection) -> None:
            from db.five_ones.sittings import write_minutes

            write_minutes(
                connection, sitting.id, on=values["held_on"], attendees=values["attendees"], minutes=values["minutes"],
                items=items,
            )  # fmt: skip

        self.page.write(
            _("Minutes of meeting {number}", number=sitting.number), work, self._written, failed=self._refused
        )

    def _written(self, _nothing: object) -> None:
        self._saved = True
        if self.sitting is not None:
            self.keeper.forget(self.sitting.id)

    def _refused(self, problem: Problem) -> None:
        fields = problem.fields if isinstance(problem, Refused) else {}
        if self.form is None or not self.form.complain(fields):
            self.page.desk.complain(problem)
