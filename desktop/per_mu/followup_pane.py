"""A company of low use in the pane: its land, why it is on the list, what was done; the forms of a step and of the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from db.core.fields import Area, Field
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.form import said
from desktop.kit.page import Connection, Page
from desktop.kit.parts import bar, button, column_of, elided, label, row_of, scrolled
from desktop.kit.side_form import SideForm
from desktop.kit.titles import title_row
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.per_mu.low_use import Limits, Low, Step


_LET = Field("area", _("Area let again"), Area("亩"))
_TENANT = 300  # pixels of a name that leads somewhere, in the narrowest pane


class LowPane(QFrame):
    """See the module. `step_wanted` with the step that is to be changed."""

    closed = Signal()
    new_wanted = Signal()
    step_wanted = Signal(object)

    def __init__(self, page: Page, one: Low) -> None:
        super().__init__()
        self.page = page
        self.setProperty("box", "panel")
        head = column_of(margins=(16, 12, 10, 8), gap=4)
        head.addLayout(title_row(label(one.name, size=15, bold=True, wrap=True), self.closed.emit))
        head.addWidget(
            label(" · ".join(part for part in (one.street, one.industry) if part), size=12, tone="mute", wrap=True)
        )
        lines = column_of(gap=0, parent=self)
        lines.addLayout(head)
        lines.addWidget(self._inner(one), 1)
        add = button(_("Record a step"), self.new_wanted.emit, kind="primary")
        add.setEnabled(page.desk.seen is None)
        company = button(_("Open the company"), lambda: page.desk.show_rows("companies", one.name, [one.company]))
        lines.addWidget(bar("bottom", theme.ACTION_BAR, add, company, None))

    def _inner(self, one: Low) -> QWidget:
        inner = QWidget()
        lines = column_of(margins=(16, 4, 16, 12), gap=6, parent=inner)
        lines.addWidget(_heading(_("Why on the list")))
        why = [tr(part) for part in one.why] or [tr(_("on the list before"))]
        lines.addWidget(label(projector.COVERED if projector.on() else "\n".join(why), wrap=True))
        lines.addWidget(_heading(_("Sites")))
        sites = [tr(part) for part in one.sites] or [tr(_("No site is written down."))]
        lines.addWidget(label("\n".join(sites), tone="" if one.sites else "mute", wrap=True))
        lines.addWidget(_heading(_("What was done")))
        for step in one.steps:
            lines.addWidget(self._step(step))
        if not one.steps:
            lines.addWidget(label(_("Nothing was recorded yet."), tone="mute", wrap=True))
        lines.addStretch(1)
        return scrolled(inner)

    def _step(self, step: Step) -> QWidget:
        from db.per_mu.models import LOW_USE

        made = QWidget()
        change = button(_("Change it"), lambda: self.step_wanted.emit(step), kind="link", small=True)
        change.setEnabled(self.page.desk.seen is None)
        lines = column_of(gap=1, parent=made)
        lines.addLayout(row_of(label(LOW_USE.label(step.kind)), label(step.on_day, size=12, tone="mute"), None, change))
        told = [step.owner, step.progress, tr(_("new use: {use}", use=step.new_use)) if step.new_use else ""]
        told += [step.carrier, said(_LET, step.area) if step.area is not None else ""]
        line = " · ".join(part for part in told if part)
        if line:
            lines.addWidget(label(line, size=12, tone="mute", wrap=True))
        if step.tenant:
            text = tr(_("let again to {company}", company=step.tenant))
            shown = elided(theme.metrics(12), text, _TENANT)
            to = button(
                shown,
                lambda: self.page.desk.show_rows("companies", step.tenant, [step.tenant_id]),
                kind="link",
                small=True,
            )
            to.setToolTip(text)
            lines.addWidget(to, 0, Qt.AlignmentFlag.AlignLeft)
        return made


def _heading(text: Text) -> QWidget:
    made = label(text, bold=True)
    made.setContentsMargins(0, 6, 0, 0)
    return made


class StepForm(SideForm):
    """What was done about one company. `written` once it is in the book, or gone from it."""

    written = Signal()

    def __init__(self, page: Page, one: Low, step: Step | None, names: Mapping[str, Sequence[str]]) -> None:
        from db.per_mu.low_use import STEP_FIELDS

        self.one, self.step = one, step
        keys = [field.key for field in STEP_FIELDS]
        values = (
            {"on_day": page.desk.today().isoformat()} if step is None else {key: getattr(step, key) for key in keys}
        )
        verb = _("Record the step") if step is None else _("Save")
        super().__init__(
            page,
            Text("{name}", {"name": one.name}),
            STEP_FIELDS,
            values,
            verb=verb,
            names=names,
            needed=("kind", "on_day"),
        )
        self.keep_draft("low_use", step.id if step is not None else -one.company)
        if step is not None:
            self.remove = button(_("Delete"), self.delete, kind="danger")
            row = self.foot.layout()
            assert row is not None
            row.addWidget(self.remove)

    def take(self) -> None:
        """Write it as one operation."""
        values = self.values()
        if values is None:
            return
        company, number = self.one.company, self.step.id if self.step is not None else 0

        def work(connection: Connection) -> int:
            from db.per_mu.low_use import put_step

            return put_step(connection, company, values, number)

        new, changed = _("Land of low use: a step of “{name}”"), _("Land of low use: change a step of “{name}”")
        named = (changed if number else new)(name=self.one.name)
        self.write(named, work, lambda _id: self.written.emit())

    def delete(self) -> None:
        """Away with it; Ctrl+Z brings it back."""
        assert self.step is not None
        number = self.step.id

        def work(connection: Connection) -> None:
            from db.per_mu.low_use import delete_step

            delete_step(connection, number)

        named = _("Land of low use: delete a step of “{name}”", name=self.one.name)
        self.write(named, work, lambda _nothing: self.written.emit())


class LimitsForm(SideForm):
    """Who is on the list. `written` once it is in the book."""

    written = Signal()

    def __init__(self, page: Page, limits: Limits) -> None:
        from db.per_mu.low_use import LIMIT_FIELDS, limit_values

        super().__init__(page, _("Limits of low use"), LIMIT_FIELDS, limit_values(limits), verb=_("Save"))
        self.hint.setText(tr(_("Several classes have 、 between them. A threshold that is empty does not count.")))
        self.hint.show()

    def take(self) -> None:
        """Write them as one operation."""
        values = self.values()
        if values is None:
            return

        def work(connection: Connection) -> None:
            from db.per_mu.low_use import put_limits

            put_limits(connection, values)

        self.write(_("Change the limits of low use"), work, lambda _nothing: self.written.emit())
