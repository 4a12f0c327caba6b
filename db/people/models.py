"""Who does the work: departments, streets, parks and the people in them.

Units are listed in 建制顺序 and people in 领导排序: both are data (`position`), never an alphabet.
"""

from __future__ import annotations

from sqlalchemy import Index

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _

DEPARTMENT, STREET, PARK, ZONE = "department", "street", "park", "zone"

UNIT_KIND = Choice(
    (
        (DEPARTMENT, _("Department")),
        (STREET, _("Street or town")),
        (PARK, _("Park")),
        (ZONE, _("Development zone")),
    )
)
# Where a project lies: 属地（开发区、乡镇街道）.
PLACES = (STREET, ZONE, PARK)

unit = tracked(
    "unit",
    words("name", null=False, unique=True),
    words("short_name"),
    words("kind", null=False),
    whole("position", null=False),
    link("merged_into", "unit"),
)

unit_name = tracked(
    "unit_name",
    link("unit", "unit", null=False),
    words("name", null=False),
    words("until"),
)

person = tracked(
    "person",
    words("name", null=False),
    words("title"),
    link("unit", "unit"),
    words("phone"),
    whole("is_leader", null=False),
    whole("position", null=False),
)
Index("ix_person_name", person.c.name)

# When somebody leads: from a day to a day, both included; None where it is open.
person_term = tracked(
    "person_term",
    link("person", "person", null=False),
    words("title"),
    words("since"),
    words("until"),
)

# Other names under which ledgers know a person.
person_name = tracked(
    "person_name",
    link("person", "person", null=False),
    words("name", null=False),
)
