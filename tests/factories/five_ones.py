"""Plans, leaders and meetings for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.core.text import _
from db.five_ones import service
from db.people.service import person_ids
from tests.factories import projects
from tests.factories.projects import YI, signed

if TYPE_CHECKING:
    from db.core.book import Book


def building(book: Book, **facts: Any) -> int:
    """A project under construction since 8 January 2024."""
    return projects.project(
        book, **(signed("2023-09-01", 2) | {"total_investment": 2 * YI, "started_on": "2024-01-08"} | facts)
    )


def people(book: Book, *names: str) -> list[int]:
    """People by their names."""
    with book.write(_("People")) as connection:
        found = person_ids(connection, names)
    return [found[name] for name in names]


def complete(book: Book, number: int, *, day: str = "2024-06-20") -> None:
    """All five ones for a project: leader, task force, plan with milestones, followed up on a day."""
    chief, head, member = people(book, "吴海涛", "李处", "王科")
    from db.projects.service import add_progress

    with book.write(_("Five ones")) as connection:
        service.assign(connection, [number], "leader", chief, since="2024-01-08")
        service.set_task_force(connection, number, head, {member: "土地手续"}, since="2024-01-08")
        service.apply_template(connection, [number], "land", start="2024-06-03")
        add_progress(connection, number, "主体施工", on=day)
