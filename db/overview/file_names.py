"""What the files of a report are called: by the office's rule, a setting, or composed."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from db.core import settings
from db.core.period import Period
from db.overview.forms import BUILT_IN, Form, forms
from db.overview.writers import writer
from db.reports.report import Report

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_FITS = 180  # bytes of UTF-8, with room for an ending and “(2)”


def file_name(connection: Connection, period: Period, report: Report) -> str:
    """The name of a report's files without an ending.

    The rule may say {期} {标题} {期号} {种类} {单位} {日期} {年}; what it says otherwise stays. A name that no file
    system takes is mended.
    """
    rule = settings.get(connection, "report.file_name").strip()
    found = _form(connection, report.form)
    write = writer(report.language)
    kind = write.KINDS.get(found.kind, found.kind)
    words = {
        "期": write.span(period), "标题": report.title, "期号": report.number, "种类": kind, "单位": report.signature,
        "日期": period.last, "年": str(period.year),
    }  # fmt: skip
    composed = re.sub(r"\{([^{}]+)\}", lambda one: words.get(one[1], one[0]), rule)
    return _mended(composed) or _mended(write.file_stem(period, found.kind))


def _form(connection: Connection, key: str) -> Form:
    return next((one for one in forms(connection) if one.key == key), BUILT_IN)


def _mended(name: str) -> str:
    kept = _FORBIDDEN.sub("_", " ".join(name.split())).strip(" .")
    return kept.encode("utf-8", "replace")[:_FITS].decode("utf-8", "ignore").strip(" .")
