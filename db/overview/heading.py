"""The lines around a report's text: title, 第N期, to whom, from whom, copies: the form, the settings, one's own words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from db.core.period import Period
from db.overview.facts import Facts
from db.overview.forms import Form
from db.overview.models import report_wording
from db.overview.spans import issue, of_days
from db.overview.wording import HEAD, Wording
from db.overview.writers import writer
from db.reports.report import Report


def headed(
    connection: Connection, period: Period, report: Report, form: Form, kept: Mapping[str, Wording], facts: Facts, *,
    chosen: Mapping[str, str], today: dt.date | None,
) -> Report:  # fmt: skip
    """The report with the lines around its text. chosen: the settings. today: the date of the signature, left out where None."""
    write = writer(report.language)
    pattern = form.title.strip() or chosen["report.title"].strip()
    lines: dict[str, str] = {
        "title": filled(pattern, form, facts, report.language) if pattern else write.title(facts, form.kind),
        "number": write.number_line(_issue(connection, period, form)) if form.numbered else "",
        "subtitle": write.subtitle(facts),
        "addressee": form.addressee.strip() or chosen["report.addressee"].strip(),
        "signature": form.signature.strip() or chosen["report.signature"].strip() or chosen["office.name"],
        "signed_on": write.day(today.isoformat()) if today else "",
        "copies": form.copies.strip() or chosen["report.copies"],
    }
    lines |= {place: "" for place in HEAD if place in form.off}
    for place in HEAD:
        own = kept.get(place)
        if own is not None:
            lines[place] = "" if own.mode == "off" else own.text or ""
    copies = tuple(line.strip() for line in lines.pop("copies").splitlines() if line.strip())
    said: dict[str, Any] = {place: " ".join(text.split()) for place, text in lines.items()}
    return replace(report, copies=copies, **said)


def filled(pattern: str, form: Form, facts: Facts, lang: str, **more: str) -> str:
    """A pattern of title or file name: {期} the period, {范围} 全区, {种类} 通报, {年} and `more`; others stay as they are."""
    write = writer(lang)
    words = {
        "期": write.span(facts.period), "范围": facts.scope, "种类": write.KINDS.get(form.kind, form.kind),
        "年": str(facts.period.year), **more,
    }  # fmt: skip
    return re.sub(r"\{([^{}]+)\}", lambda found: words.get(found[1], found[0]), pattern)


def _issue(connection: Connection, period: Period, form: Form) -> int:
    """Which issue of its year it is, counted on from the last number that was typed."""
    of = report_wording.c
    query = select(of.text, of.first, of.last).where(
        of.place == "number", of.form == form.key, of.last < period.last, of.last >= f"{period.year}-01-01"
    )
    own = issue(period)
    for row in connection.execute(query.order_by(of.last.desc())).all():
        typed = re.search(r"\d+", row.text or "")
        if typed is not None:
            return own + int(typed[0]) - issue(of_days(row.first, row.last, period.cut))
    return own
