"""The projects of one company, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.companies.about import Line, Part
from db.core.fields import Field, Money
from db.core.text import _
from db.projects.fields import field_of
from db.projects.models import project
from db.projects.stages import STAGE_CHOICE

_AMOUNT = field_of("agreed_investment") or Field("agreed_investment", _("Agreed investment"), Money())


def about(connection: Connection, number: int) -> Sequence[Part]:
    """Each with its stage and what was agreed."""
    of = project.c
    query = select(of.id, of.name, of.code, of.stage, of.agreed_investment).where(of.investor == number)
    lines = tuple(
        Line(
            row.name, tuple(filter(None, (STAGE_CHOICE.label(row.stage), row.code))),
            value=(_AMOUNT, row.agreed_investment) if row.agreed_investment is not None else None,
            record=("projects", row.id),
        )
        for row in connection.execute(query.order_by(of.id.desc()))
    )  # fmt: skip
    return (Part(_("Projects"), lines, _("It has no project in the book.")),)
