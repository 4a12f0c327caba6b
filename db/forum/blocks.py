"""Blocks of cells of issues: what `db/core/block.py` must know of the room, writing what was checked, names to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.block import Change, Checked, Rules
from db.core.fields import Field, Link
from db.core.reading import Stored
from db.core.saving import Blocks
from db.core.text import Text, _
from db.forum import six_columns
from db.forum.adding import add_issues
from db.forum.categories import categories
from db.forum.courses import chain_of, steps_of
from db.forum.models import DISSATISFIED, DONE, issue
from db.forum.rules import KINDS
from db.forum.service import delete_issues, names_of, reopen_dissatisfied, set_values
from db.people.models import unit
from db.projects import blocks as projects_blocks

_NEVER_EMPTY: Mapping[str, Text] = {
    "company": _("An issue needs its enterprise."),
    "text": _("An issue needs its text."),
    "handling": _("What was done is a log; a line is added, never emptied."),
}


def refuse(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that the room's rules refuse: (place in the changes and then the new rows, field key, why)."""
    found = [
        (place, key, _NEVER_EMPTY[key])
        for place, (_number, key, value) in enumerate(changes)
        if key in _NEVER_EMPTY and (value is None or not str(value).strip())
    ]
    found += _impossible(connection, changes)
    found += _without_reason(connection, changes)
    for at, row in enumerate(new):
        place = len(changes) + at
        found += [(place, key, _NEVER_EMPTY[key]) for key in ("company", "text") if not str(row.get(key) or "").strip()]
        steps = six_columns.written(row, unit=None, chain=chain_of(connection), on=None)
        found += [(place, key, why) for key, why in six_columns.refused(steps).items()]
    return found


def _impossible(connection: Connection, changes: Sequence[Change]) -> list[tuple[int, str, Text]]:
    """Days of one issue that cannot stand together; all its cells count."""
    touched: dict[int, dict[str, tuple[int, Stored]]] = {}
    for place, (number, key, value) in enumerate(changes):
        if key in six_columns.COLUMNS:
            touched.setdefault(number, {})[key] = (place, value)
    if not touched:
        return []
    chain, courses = chain_of(connection), steps_of(connection, sorted(touched))
    found = []
    for number, cells in touched.items():
        steps = courses[number]
        for key in (one for one in six_columns.COLUMNS if one in cells):
            steps = six_columns.typed(steps, key, cells[key][1], unit=None, chain=chain, on=None)
        for key, why in six_columns.refused(steps).items():
            place, blamed = (cells[key][0], key) if key in cells else (next(iter(cells.values()))[0], next(iter(cells)))
            found.append((place, blamed, why))
    return found


def _without_reason(connection: Connection, changes: Sequence[Change]) -> list[tuple[int, str, Text]]:
    """In the whole chain an issue is opened again by its own step, which asks for the reason."""
    again = _reopened(connection, changes)
    if not again or not chain_of(connection).full:
        return []
    why = _("The enterprise's reason is missing: enter it as the step “{step}” of the issue.", step=KINDS["follow_up"])
    return [(place, key, why) for place, (number, key, _value) in enumerate(changes) if (number, key) in again]


RULES = Rules(issue, projects_blocks.links, refuse, frozenset({"people"}), "remarks")


def write(connection: Connection, checked: Checked) -> list[int]:
    """Write what a checked block changes and adds; gives the ids of new issues. 不满意 opens what was resolved again."""
    again = _reopened(connection, checked.changes)
    set_values(connection, [one for one in checked.changes if (one[0], one[1]) not in again])
    reopen_dissatisfied(connection, [number for number, _key in again])
    return add_issues(connection, checked.new) if checked.new else []


_RESOLVED = frozenset(("resolved_on", "resolved", "outcome"))


def _reopened(connection: Connection, changes: Sequence[Change]) -> set[tuple[int, str]]:
    """The cells that say 不满意 of issues that are resolved already; one resolved in the same block is a list of the past."""
    said = {number for number, key, value in changes if key == "satisfaction" and value == DISSATISFIED}
    said -= {number for number, key, _value in changes if key in _RESOLVED}
    found: set[int] = set()
    for some in bulk.chunks(sorted(said)):
        found |= set(connection.scalars(select(issue.c.id).where(issue.c.id.in_(some), issue.c.state.in_(DONE))))
    return {(number, "satisfaction") for number in found}


def named(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """What changing these cells is called: the issue and the fields, or the fields and how many issues."""
    labels = {one.key: one.label for one in fields}
    said = [labels[key] for key in dict.fromkeys(key for _number, key, _value in checked.changes) if key in labels][:4]
    ids = list(dict.fromkeys(number for number, _key, _value in checked.changes))
    again = _reopened(connection, checked.changes)
    if again and len(checked.changes) == len(again) == 1:
        (number, _key) = next(iter(again))
        return _("“{name}”: dissatisfied, opened again", name=names_of(connection, [number]).get(number, ""))
    if not ids:
        return _("Add {count} issues", count=len(checked.new))
    if len(ids) == 1:
        return _("Change “{name}”: {fields}", name=names_of(connection, ids).get(ids[0], ""), fields=said)
    return _("Change {fields} of {count} issues", fields=said, count=len(ids))


def suggestions(connection: Connection, one: Field) -> list[str]:
    """What an editor proposes: departments with most issues first, places in 建制顺序, categories, newest enterprises."""
    if one.key == "category":
        used = [str(name) for name in connection.scalars(select(issue.c.category).distinct()) if name]
        return list(dict.fromkeys([*(name for name, _words in categories()), *sorted(used)]))
    if isinstance(one.kind, Link) or one.key == "support":
        field = one if isinstance(one.kind, Link) else Field(one.key, one.label, Link("people", unit.name))
        return projects_blocks.suggestions(connection, field)
    return []


BLOCKS = Blocks(RULES, write, named, suggestions, delete_issues)
