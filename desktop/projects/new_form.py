"""The form of a new project of a company, on the page of the company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from db.core.fields import Field
from db.core.text import _
from desktop.kit.page import Connection, Page
from desktop.kit.records import read_names
from desktop.kit.side_form import SideForm
from desktop.projects.ledger import RECORDS


class NewProjectForm(SideForm):
    """See the module. It closes once the project is in the book."""

    def __init__(
        self, page: Page, fields: Sequence[Field], company: tuple[int, str], names: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(
            page, _("New {record}", record=RECORDS.one), fields, {"investor": company[1]},
            verb=_("Add the {record}", record=RECORDS.one), names=names, needed=RECORDS.needed,
        )  # fmt: skip
        self.keep_draft("projects-of", company[0])

    def take(self) -> None:
        """Write it as one operation."""
        values = self.values()
        if values is None:
            return
        row = {key: value for key, value in values.items() if value is not None}

        def work(connection: Connection) -> Any:
            from db.projects.adding import add_projects

            return add_projects(connection, [row])

        label = _("New {record} “{name}”", record=RECORDS.one, name=RECORDS.called(row))
        self.write(label, work, lambda _ids: self.closed.emit())


def open_new(page: Page, company: tuple[int, str], opened: Callable[[NewProjectForm], None]) -> None:
    """The form of a new project of a company, with the names it proposes."""
    from db.projects.fields import field_of

    fields = [one for key in RECORDS.new if (one := field_of(key)) is not None]
    page.ask(read_names(RECORDS, fields), lambda names: opened(NewProjectForm(page, fields, company, names)), key="new")
