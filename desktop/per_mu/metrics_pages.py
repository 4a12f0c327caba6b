"""Where each datum of a company's year comes from; and the form in which a department confirms what it gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.kit.choices import Choices
from desktop.kit.form import Editor, said
from desktop.kit.page import Connection
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.small_form import SmallForm
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.per_mu.queries import Datum
    from desktop.per_mu.metrics import MetricsView


class SourcesPage(PanePage):
    """Datum by datum: its value, the file or person it came from, who confirmed it and when, else who owes that."""

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The data of the year."""

        def read(connection: Connection) -> Sequence[Datum]:
            from db.per_mu.queries import data_of

            return data_of(connection, number)

        return read

    def show_found(self, found: Sequence[Datum]) -> None:
        """Two lines each."""
        from db.per_mu.models import BY_METRIC

        for one in found:
            of = BY_METRIC[one.key]
            field = Field(one.key, of.label, of.kind, private=of.private)
            change = button(_("Change it"), partial(self.change, one), kind="link", small=True)
            change.setAccessibleName(f"{tr(of.label)} {tr(_('Change it'))}")
            change.setEnabled(self.page.desk.seen is None)
            head = row_of(label(of.label), None, label(said(field, one.value // of.factor)), change)
            if one.confirmed_on is None:
                told, tone = tr(_("not confirmed by {department} yet", department=of.owed_by)), "amber"
            else:
                told = tr(_("confirmed by {name} on {day}", name=one.confirmed_by or "", day=one.confirmed_on))
                tone = "mute"
            second = label(" · ".join(part for part in (one.source or "", told) if part), size=12, tone=tone, wrap=True)
            lines = column_of(gap=0)
            lines.addLayout(head)
            lines.addWidget(second)
            self.lines.addLayout(lines)
        if not found:
            self.lines.addWidget(label(_("Nothing is filled in of this year."), tone="mute", wrap=True))

    def change(self, one: Datum) -> None:
        """Where a datum comes from, who confirmed it and when."""
        from db.per_mu.models import BY_METRIC

        entry, name = self.number, BY_METRIC[one.key].label
        fields: list[tuple[Field, Any, Sequence[str] | None]] = [
            (Field("source", _("Source"), Words()), one.source, None),
            (Field("by", _("Confirmed by"), Words()), one.confirmed_by, [tr(BY_METRIC[one.key].owed_by)]),
            (Field("on", _("Confirmed on"), Day()), one.confirmed_on, None),
        ]
        form = SmallForm(self.page, name, _("Save"), fields)
        form.named = lambda _values: _("“{name}”: where {metric} comes from", name=self.name, metric=name)

        def work(connection: Connection, values: dict[str, Any]) -> None:
            from db.per_mu.service import put_origin

            put_origin(connection, entry, one.key, source=values["source"], by=values["by"], on=values["on"])

        form.work = work
        form.done = lambda _nothing: self.read()
        form.open_over(self)


class ConfirmCard(Card):
    """Which department, who, on which day; its data of the chosen companies are confirmed then."""

    def __init__(self, view: MetricsView, ids: Sequence[int]) -> None:
        from db.per_mu.asking import departments

        super().__init__(view, _("Confirm data of {count} companies", count=f"{len(ids):,}"))
        self.view, self.ids = view, list(ids)
        self.choice = Choices([(one.key, one) for one in departments()])
        self.choice.setAccessibleName(tr(_("Whose data")))
        self.choice.setFixedHeight(30)
        today = view.page.desk.today().isoformat()
        self.by = Editor(Field("by", _("Confirmed by"), Words()), self.choice.currentText(), needed=True, flush=True)
        self.on = Editor(Field("on", _("Confirmed on"), Day()), today, needed=True, flush=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.refusal.hide()
        self.verb = button(_("Confirm the data"), self.carry_out, kind="primary")
        self.lines.addWidget(label(_("Whose data"), size=12, tone="mute"))
        for part in (self.choice, self.by, self.on, self.refusal):
            self.lines.addWidget(part)
        self.lines.addLayout(row_of(None, button(_("Cancel"), self.close_card), self.verb))
        self.choice.currentIndexChanged.connect(lambda _at: self.by.input.put(self.choice.currentText()))

    def carry_out(self) -> None:
        """Write it as one operation."""
        try:
            by, on = str(self.by.value() or ""), str(self.on.value() or "")
        except Refused as refused:
            self._refused(refused)
            return
        ids, department = self.ids, self.choice.key

        def work(connection: Connection) -> int:
            from db.per_mu.asking import confirm_owed

            return confirm_owed(connection, ids, department, by=by, on=on)

        named = _("Confirm the data of {department} for {count} companies",
                  department=Text(department), count=len(ids))  # fmt: skip
        self.view.page.write(named, work, lambda _count: self.close_card(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        shown = list(problem.fields.values()) if isinstance(problem, Refused) else []
        self.refusal.setText(tr(shown[0]) if shown else problem.render(language()))
        self.refusal.show()
        self.adjustSize()
