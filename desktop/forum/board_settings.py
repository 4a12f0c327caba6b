"""How the office works on issues: six columns or the whole chain, which of its steps, how many working days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal

from db.core.errors import Refused
from db.core.fields import Choice, Field, Whole, Words
from db.core.text import _
from desktop.kit.page import Connection, Page
from desktop.kit.side_form import SideForm

_PREFIXES = ("forum.", "supervision.")


class ChainForm(SideForm):
    """See the module. `kept` once it is written."""

    kept = Signal()

    def __init__(self, page: Page, fields: Sequence[Field], values: Mapping[str, str | int]) -> None:
        super().__init__(page, _("How issues are worked on"), fields, values, verb=_("Save"))

    def take(self) -> None:
        """What was changed, as one operation."""
        changes = self.form.changes()
        if changes is None:
            return

        def work(connection: Connection) -> None:
            from db.core import settings
            from db.people import supervision

            wrong = {key: why for key, value in changes.items() if (why := supervision.wrong(key, str(value or "")))}
            if wrong:
                raise Refused(fields=wrong)
            for key, value in changes.items():
                settings.put(connection, key, settings.SETTINGS[key].default if value is None else str(value))

        if changes:
            self.write(_("Change how issues are worked on"), work, lambda _n: self.kept.emit())
        else:
            self.closed.emit()


def open_settings(page: Page, opened: Callable[[ChainForm], None]) -> None:
    """Make the form, with what holds now."""

    def work(connection: Connection) -> Mapping[str, str]:
        from db.core import settings
        from db.forum.courses import chain_of

        chain_of(connection)  # the room's settings are known from here on
        return {key: value for key, value in settings.get_all(connection).items() if key.startswith(_PREFIXES)}

    def show(found: Mapping[str, str]) -> None:
        from db.core.settings import SETTINGS

        fields, values = [], dict[str, str | int]()
        for key, value in found.items():
            of = SETTINGS[key]
            if of.options or not of.default.isdigit():
                fields.append(Field(key, of.label, Choice(of.options) if of.options else Words()))
                values[key] = value
            else:
                fields.append(Field(key, of.label, Whole()))
                values[key] = int(value if value.isdigit() else of.default)
        opened(ChainForm(page, fields, values))

    page.ask(work, show, key="chain")
