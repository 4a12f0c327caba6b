"""The form of one visit, one need of money, one policy; and the enterprises that a policy fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from db.core.errors import Problem
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, label, row_of
from desktop.kit.side_form import SideForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.queries import Match
    from db.forum.served import Row

_NEEDED = {"visits": ("company", "on_day"), "cases": ("company",), "policies": ("name",)}
_LABELS: Mapping[str, tuple[Text, Text]] = {
    "visits": (_("Plan a visit: {name}"), _("Change the visit: {name}")),
    "cases": (_("Record a need of money: {name}"), _("Change the need of money: {name}")),
    "policies": (_("Record a policy: {name}"), _("Change the policy: {name}")),
}
_GONE: Mapping[str, Text] = {
    "visits": _("Delete the visit: {name}"), "cases": _("Delete the need of money: {name}"),
    "policies": _("Delete the policy: {name}"),
}  # fmt: skip
_SHOWN = 60


class RowForm(SideForm):
    """See the module. `written` once it is in the book, or gone from it. `of` in a row: the company on whose page it is new."""

    written = Signal()

    def __init__(
        self, page: Page, which: str, title: Text, fields: Sequence[Field], row: Row, names: Mapping[str, Sequence[str]]
    ) -> None:
        self.which, self.number = which, int(row.get("id") or 0)
        self.name = str(row.get("company") or row.get("name") or "")
        verb = _("Save") if self.number else _("Add")
        super().__init__(page, title, fields, row, verb=verb, names=names, needed=_NEEDED[which])
        self.keep_draft(f"forum-{which}", self.number or -int(row.get("of") or 0))
        page_rests = page.desk.seen is not None
        self.do.setEnabled(not page_rests)
        if self.number:
            self.remove = button(_("Delete"), self.delete, kind="danger")
            self.remove.setEnabled(not page_rests)
            foot: Any = self.foot.layout()
            foot.addWidget(self.remove)

    def say(self, note: str) -> None:
        """A grey note: nothing more than that."""
        self.hint.setText(note)
        self.hint.show()

    def take(self) -> None:
        """Write what the form says, as one operation."""
        changes = self.form.changes()
        if changes is None:
            return
        which, number = self.which, self.number
        facts = changes if number else (self.values() or {})
        new, changed = _LABELS[which]
        name = str(facts.get("company") or facts.get("name") or self.name)

        def work(connection: Connection) -> int:
            from db.forum import served

            put = {"visits": served.put_visit, "cases": served.put_case, "policies": served.put_policy}[which]
            return put(connection, number, facts)

        said = (changed if number else new)(name=name)
        self.write(said, work, lambda _id: self.written.emit())

    def delete(self) -> None:
        """Away with it; Ctrl+Z brings it back."""
        which, number = self.which, self.number

        def work(connection: Connection) -> None:
            from db.forum import serving

            gone = {
                "visits": serving.delete_visit, "cases": serving.delete_steward_case, "policies": serving.delete_policy,
            }[which]  # fmt: skip
            gone(connection, number)

        self.write(_GONE[which](name=self.name), work, lambda _nothing: self.written.emit())


def visit_on(day: str) -> Row:
    """A visit that is not in the book yet."""
    return {"on_day": day, "done": 0, "requested": 0}


def open_visit(page: Page, company: tuple[int, str], opened: Callable[[RowForm], None]) -> None:
    """The form of a visit to a company, with the names it proposes."""
    from db.forum.served import VISIT_FIELDS

    row = {**visit_on(page.desk.today().isoformat()), "company": company[1], "of": company[0]}

    def work(connection: Connection) -> Mapping[str, Sequence[str]]:
        from db.forum import served

        return served.names(connection, VISIT_FIELDS)

    page.ask(
        work, lambda names: opened(RowForm(page, "visits", _("Plan a visit"), VISIT_FIELDS, row, names)), key="new"
    )


class MatchPart(PanePage):
    """The enterprises that a policy fits; those that are ticked get it, and it is noted when."""

    def __init__(self, page: Page, number: int, name: str) -> None:
        super().__init__(page)
        self.ticks: dict[int, QCheckBox] = {}
        self.show_record({"id": number, "name": name})

    def work(self, number: int) -> Any:
        """Those whose tags and size fit, who was not told yet first."""

        def read(connection: Connection) -> Sequence[Match]:
            from db.forum.queries import matching

            return matching(connection, number)

        return read

    def show_found(self, found: Sequence[Match]) -> None:
        """A tick each; why it fits, when it was sent."""
        fresh = sum(1 for one in found if one.sent_on is None)
        said = _("{count} enterprises fit, {fresh} of them were not told yet", count=len(found), fresh=fresh)
        self.lines.addWidget(label(said, size=12, tone="mute", wrap=True))
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.do = button(_("Note that it was sent"), self.send, small=True)
        self.do.setEnabled(self.page.desk.seen is None)
        self.lines.addLayout(row_of(self.do, None))
        self.lines.addWidget(self.refusal)
        self.ticks = {}
        for one in found[:_SHOWN]:
            tick = QCheckBox(one.name)
            tick.setChecked(one.sent_on is None)
            why = [*one.fitting, tr(_("sent {day}", day=one.sent_on)) if one.sent_on else ""]
            note = label(" · ".join(part for part in why if part), size=12, tone="mute")
            self.lines.addLayout(row_of(tick, None, note))
            self.ticks[one.company] = tick
        if len(found) > _SHOWN:
            self.lines.addWidget(label(_("{count} more", count=len(found) - _SHOWN), size=12, tone="faint"))

    def send(self) -> None:
        """Note that it was sent to those that are ticked, today."""
        chosen = [number for number, tick in self.ticks.items() if tick.isChecked()]
        number, today, author = self.number, self.today, self.page.desk.preferences.name

        def work(connection: Connection) -> list[int]:
            from db.forum.serving import send_policy

            return send_policy(connection, number, chosen, on=today, author=author)

        said = _("Send “{name}” to {count} enterprises", name=self.name, count=len(chosen))
        if chosen:
            self.page.write(said, work, lambda _new: self.read(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.refusal.setText(tr(problem.sentence))
