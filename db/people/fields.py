"""The facts of units and people, described once."""

from __future__ import annotations

from sqlalchemy import select

from db.core.fields import Field, Flag, Link, Whole, Words
from db.core.text import _
from db.people.models import UNIT_KIND, person, unit

UNIT_FIELDS = (
    Field("name", _("Name"), Words(), ("单位名称", "单位"), read=lambda: unit.c.name),
    Field("short_name", _("Short name"), Words(), ("简称",), read=lambda: unit.c.short_name),
    Field("kind", _("Kind"), UNIT_KIND, ("类别",), read=lambda: unit.c.kind),
    Field("position", _("Order"), Whole(), ("建制顺序", "序号"), read=lambda: unit.c.position, adds_up=False),
)

PERSON_FIELDS = (
    Field("name", _("Name"), Words(person=True), ("姓名",), read=lambda: person.c.name),
    Field("title", _("Post"), Words(), ("职务",), read=lambda: person.c.title),
    Field(
        "unit",
        _("Unit"),
        Link("people", "unit"),
        ("单位",),
        read=lambda: select(unit.c.name).where(unit.c.id == person.c.unit).scalar_subquery(),
    ),
    Field("phone", _("Phone"), Words(identifier=True), ("电话", "联系电话"), read=lambda: person.c.phone),
    Field("is_leader", _("Leader"), Flag(), ("领导",), read=lambda: person.c.is_leader),
    Field("position", _("Order"), Whole(), ("领导排序",), read=lambda: person.c.position, adds_up=False),
)
