"""Photographs in the report: attachments of records, marked for a section of one period's report."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from db.core import attachments, contents
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.text import _
from db.overview.models import closed_at, report_picture
from db.projects.models import project
from db.reports.report import Picture, Report

OFFERED = 500
PICTURES = attachments.PICTURES


@dataclass(frozen=True)
class Marked:
    """A photograph that a report prints. place: where it stands among the others; hash: "" where it was removed."""

    place: int
    attachment: int
    section: str
    caption: str
    name: str
    hash: str

    @property
    def gone(self) -> bool:
        """Whether the attachment was removed."""
        return not self.hash


def mark(connection: Connection, period: Period, section: str, *, attachment: int, caption: str | None = None) -> None:
    """Print an attachment in a section of a period's report; once more changes section and caption.

    caption: the file's name without its suffix where None. Refused where it is no picture, and of a finalised report.
    """
    if closed_at(connection, period) is not None:
        raise Refused(
            _(
                "The report of {period} is finalised. Reopen it to print the photograph in it.",
                period=period_name(period),
            )
        )
    one = attachments.get(connection, attachment)
    if one.suffix not in PICTURES:
        raise Refused(_("“{file}” is no picture; only pictures can stand in the report.", file=one.name))
    of = report_picture.c
    said = one.name.removesuffix(one.suffix) if caption is None else caption.strip()
    cells = {"section": section, "caption": said}
    this = (of.first == period.first, of.last == period.last, of.attachment == attachment)
    if not connection.execute(update(report_picture).where(*this).values(cells)).rowcount:
        row = {"first": period.first, "last": period.last, "attachment": attachment}
        connection.execute(insert(report_picture).values(**row, **cells))


def unmark(connection: Connection, period: Period, *, attachment: int) -> None:
    """Take a photograph out of a period's report; the attachment stays."""
    of = report_picture.c
    this = (of.first == period.first, of.last == period.last, of.attachment == attachment)
    connection.execute(delete(report_picture).where(*this))


def caption(connection: Connection, period: Period, *, attachment: int, said: str) -> None:
    """Print other words under a photograph; none where they are empty."""
    of = report_picture.c
    this = (of.first == period.first, of.last == period.last, of.attachment == attachment)
    connection.execute(update(report_picture).where(*this).values(caption=said.strip()))


def move(connection: Connection, period: Period, *, attachment: int, by: int) -> None:
    """Print a photograph one place earlier (by -1) or later (1) among those of its section; nothing at an end."""
    every = marked(connection, period)
    one = next((one for one in every if one.attachment == attachment), None)
    same = [other for other in every if one is not None and other.section == one.section]
    at = next((place for place, other in enumerate(same) if other.attachment == attachment), 0)
    if one is None or not 0 <= at + by < len(same):
        return
    # The places stay; what stands in the two of them changes hands.
    other, of = same[at + by], report_picture.c
    for place, now in ((one.place, other), (other.place, one)):
        cells = {"attachment": now.attachment, "caption": now.caption}
        connection.execute(update(report_picture).where(of.id == place).values(cells))


def marked(connection: Connection, period: Period) -> list[Marked]:
    """The photographs of a period's report in the order in which they are printed, those that are gone among them."""
    of = report_picture.c
    query = (
        select(
            of.id, of.attachment, of.section, of.caption, attachments.attachment.c.name, attachments.attachment.c.hash
        )
        .outerjoin(attachments.attachment, attachments.attachment.c.id == of.attachment)
        .where(of.first == period.first, of.last == period.last)
        .order_by(of.id)
    )
    return [
        Marked(row.id, row.attachment, row.section, row.caption or "", row.name or "", row.hash or "")
        for row in connection.execute(query)
    ]


def offered(connection: Connection, *, limit: int = OFFERED) -> list[tuple[int, str]]:
    """(attachment, "project · file") of the pictures in the book, those attached last first."""
    of = attachments.attachment.c
    named = or_(*(func.lower(of.name).like(f"%{suffix}") for suffix in sorted(PICTURES)))
    query = (
        select(of.id, of.name, project.c.name.label("record"))
        .outerjoin(project, and_(of.room == "projects", project.c.id == of.record))
        .where(named)
        .order_by(of.id.desc())
        .limit(limit)
    )
    return [(row.id, " · ".join(filter(None, (row.record, row.name)))) for row in connection.execute(query)]


def pictures_of(connection: Connection, period: Period) -> tuple[dict[str, list[Picture]], list[tuple[str, str]]]:
    """Section → its photographs in the order in which they are printed; and (section, caption) of those that are gone."""
    found: dict[str, list[Picture]] = {}
    gone: list[tuple[str, str]] = []
    for one in marked(connection, period):
        if one.gone:
            gone.append((one.section, one.caption))
        else:
            found.setdefault(one.section, []).append(Picture(one.hash, one.caption, one.name))
    return found, gone


def contents_of(connection: Connection, report: Report) -> dict[str, bytes]:
    """Hash → bytes of the report's photographs; what the book does not have is left out."""
    wanted = {one.hash for one in report.pictures()}
    found = {one: b"".join(contents.parts(connection, one)) for one in sorted(wanted)}
    return {one: data for one, data in found.items() if data}
