"""A new issue from the board: whose it is and what it is about; the rest may come later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from db.core.fields import Field
from db.core.text import _
from desktop.forum.steps import short
from desktop.kit.drafts import NEW
from desktop.kit.page import Connection, Page
from desktop.kit.side_form import SideForm

if TYPE_CHECKING:
    from db.forum.board import Chosen

_KEYS = ("company", "text", "department", "support", "category", "session", "raised_on")
_NEEDED = ("company", "text")


class NewIssueForm(SideForm):
    """See the module. `added` with its id. of: the company on whose page it is registered."""

    added = Signal(int)

    def __init__(
        self, page: Page, fields: Sequence[Field], values: Mapping[str, Any], names: Mapping[str, Sequence[str]],
        *, of: int = NEW,
    ) -> None:  # fmt: skip
        super().__init__(
            page, _("Register an issue"), fields, values, verb=_("Register the issue"), names=names, needed=_NEEDED
        )
        self.keep_draft("forum-new", -of)

    def take(self) -> None:
        """Keep it, as one operation."""
        values = self.values()
        if values is None:
            return

        def work(connection: Connection) -> int:
            from db.forum.adding import add_issues
            from db.forum.categories import propose

            row = {key: value for key, value in values.items() if value is not None}
            row.setdefault("category", propose(str(row.get("text") or "")))
            return add_issues(connection, [row])[0]

        name = _("Register an issue: “{name}”", name=short(str(values.get("text") or "")))
        self.write(name, work, self.added.emit)


def open_new(
    page: Page, chosen: Chosen | None, opened: Callable[[NewIssueForm], None], company: tuple[int, str] = (NEW, "")
) -> None:
    """Make the form, with the names it proposes and what the board is narrowed to, or the company that raises it."""
    today = page.desk.today().isoformat()

    def work(connection: Connection) -> tuple[list[Field], dict[str, Any], dict[str, Sequence[str]]]:
        from db.forum.blocks import suggestions
        from db.forum.board import Chosen, said
        from db.forum.fields import field_of

        fields = [one for key in _KEYS if (one := field_of(key)) is not None]
        values = {"raised_on": today, "company": company[1] or None} | said(connection, chosen or Chosen())
        return fields, values, {one.key: suggestions(connection, one) for one in fields}

    page.ask(work, lambda found: opened(NewIssueForm(page, *found, of=company[0])), key="new")
