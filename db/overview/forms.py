"""Forms of the report (报告样式): who it is from and for, which sections in which order, which tables of one's own.

One form comes with the program and serves every period. An office changes it or makes its own beside it; a form may be
meant for one sort of period (the fortnight's 简报), and any may be chosen for one period alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from db.core import settings
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import LANGUAGES, Text, _, say
from db.overview.models import report_form, report_wording
from db.overview.spans import SPANS, is_meant

MONTH = "month"
OWN = "form-"
LONGEST_NAME = 60
CHOICE = "form"  # the place under which a period keeps which form it has

# 通报 月报 专报 简报: the words stand with the writers of each language; any other word is printed as it is.
_NAME = _("Report of the month")
KINDS: Mapping[str, Text] = {
    "bulletin": _("Bulletin"),
    "monthly": _("Monthly report"),
    "special": _("Special report"),
    "brief": _("Brief"),
}
OPTIONAL: Mapping[str, Text] = {
    "started.cohort": _("Start rate of the period's signings"),
    "targets.gap": _("What is still missing from the year's target"),
}


@dataclass(frozen=True)
class OwnTable:
    """A saved view of a room's ledger as a table of the report. section: where it stands, "" behind the text (附表)."""

    room: str
    view: str
    title: str = ""
    section: str = ""


@dataclass(frozen=True)
class Form:
    """What an office wants of a report.

    key: `month`, or `form-<id>` of its own, "" of one that is not saved. kind: one of KINDS or the office's own word.
    title: a pattern with {期} {范围} {种类} {单位}, "" as composed. numbered: whether it says 第N期. addressee,
    signature, copies: "" as the book's settings say. sections: keys in their order, those not named as the handbook
    has them. off: sections and places that are not printed. optional: sentences of OPTIONAL that are. units: 建制顺序
    or most first. tables: the office's own. draft_mark: 送审稿 in the footer until finalised. spans: for which
    periods it is meant. unread: what a newer version wrote.
    """

    name: Text | str = _NAME
    key: str = ""
    kind: str = "bulletin"
    title: str = ""
    numbered: bool = False
    addressee: str = ""
    signature: str = ""
    copies: str = ""
    sections: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    units: Literal["most", "order"] = "most"
    tables: tuple[OwnTable, ...] = ()
    draft_mark: bool = True
    spans: tuple[str, ...] = ()
    unread: Mapping[str, Any] = field(default_factory=dict)

    @property
    def built_in(self) -> bool:
        """Whether it is the one of the program, changed or not."""
        return self.key == MONTH


BUILT_IN = Form(key=MONTH)


def forms(connection: Connection) -> list[Form]:
    """The program's form, as the office changed it, and the office's own in the order in which they were made."""
    rows = connection.execute(select(report_form).order_by(report_form.c.id)).all()
    found = [_read(row) for row in rows]
    built_in = next((one for one in found if one.key == MONTH), BUILT_IN)
    return [built_in, *(one for one in found if one.key != MONTH)]


def form(connection: Connection, name: str) -> Form:
    """The form of this key or name; Refused where there is none."""
    known = forms(connection)
    found = next((one for one in known if name in (one.key, *(say(one.name, lang) for lang in LANGUAGES))), None)
    if found is None:
        names = [one.name for one in known]
        raise Refused(_("There is no form “{form}”; there are: {known}.", form=name, known=names))
    return found


def form_of(connection: Connection, period: Period) -> Form:
    """The form of a period: the one chosen for it, else one meant for such periods, else that of the settings."""
    known = {one.key: one for one in forms(connection)}
    chosen = connection.scalar(select(report_wording.c.text).where(*_choice(period)))
    meant = next((key for key, one in known.items() if is_meant(period, one.spans)), None)
    usual = settings.get(connection, "report.form")
    return next((known[key] for key in (chosen, meant, usual) if key in known), known[MONTH])


def choose_form(connection: Connection, period: Period, key: str | None) -> None:
    """Say which form the report of a period has; None: as for every such period."""
    connection.execute(delete(report_wording).where(*_choice(period)))
    if key is not None:
        row = {"first": period.first, "last": period.last, "form": "", "place": CHOICE, "lang": "", "mode": "written"}
        connection.execute(insert(report_wording).values(text=form(connection, key).key, **row))


def _choice(period: Period) -> tuple[Any, ...]:
    of = report_wording.c
    return (of.first == period.first, of.last == period.last, of.form == "", of.place == CHOICE)


def save_form(connection: Connection, wanted: Form) -> Form:
    """Store a form, new or in the place of what it was; gives it with its key.

    Refused: no name, a name another form bears, a sort of period or an order of units that does not exist.
    """
    name = _free_name(connection, wanted)
    unknown = set(wanted.spans) - set(SPANS)
    if unknown or wanted.units not in ("most", "order"):
        raise Refused(_("The form says something this program does not know; nothing was changed."))
    cells = {"name": name, "definition": json.dumps(_plain(wanted), ensure_ascii=False, sort_keys=True)}
    of = report_form.c
    if wanted.key.startswith(OWN):
        number = int(wanted.key.removeprefix(OWN))
        if not connection.execute(update(report_form).where(of.id == number).values(cells)).rowcount:
            raise Refused(_("This form was deleted in the meantime; save it as a new one to keep it."))
        return replace(wanted, name=name)
    if wanted.built_in and connection.execute(update(report_form).where(of.key == MONTH).values(cells)).rowcount:
        return replace(wanted, name=name)
    cells |= {"key": MONTH} if wanted.built_in else {}
    number = connection.scalars(insert(report_form).values(cells).returning(of.id)).one()
    return replace(wanted, name=name, key=wanted.key or f"{OWN}{number}")


def delete_form(connection: Connection, key: str) -> None:
    """Delete a form of the office; the program's form becomes again what it was."""
    of = report_form.c
    this = of.key == MONTH if key == MONTH else of.id == _number(key)
    if not connection.execute(delete(report_form).where(this)).rowcount and key != MONTH:
        raise Refused(_("This form was deleted already."))


def _number(key: str) -> int:
    number = key.removeprefix(OWN)
    if number == key or not number.isdecimal():
        raise Refused(_("There is no form “{form}”; there are: {known}.", form=key, known=[MONTH]))
    return int(number)


def _free_name(connection: Connection, wanted: Form) -> str:
    name = " ".join(say(wanted.name, "zh").replace("\0", " ").split())
    if not name:
        raise Refused(fields={"name": _("A form needs a name.")})
    if len(name) > LONGEST_NAME:
        raise Refused(fields={"name": _("A form's name has at most {most} characters.", most=LONGEST_NAME)})
    taken = {say(one.name, "zh") for one in forms(connection) if one.key != wanted.key}
    if name in taken:
        raise Refused(fields={"name": _("There is a form “{name}” already; choose another name.", name=name)})
    return name


# --- as the book keeps it ------------------------------------------------------------------------------------------

_STRINGS = ("kind", "title", "addressee", "signature", "copies", "units")
_LISTS = ("sections", "off", "optional", "spans")
_FLAGS = ("numbered", "draft_mark")


def _plain(wanted: Form) -> dict[str, Any]:
    own = {name: getattr(wanted, name) for name in (*_STRINGS, *_FLAGS)}
    lists = {name: list(getattr(wanted, name)) for name in _LISTS}
    tables = [{one.name: getattr(table, one.name) for one in fields(table)} for table in wanted.tables]
    return {**wanted.unread, **own, **lists, "tables": tables}


def _read(row: Row[Any]) -> Form:
    stored = json.loads(row.definition)
    known: dict[str, Any] = {}
    known |= _understood(stored, _STRINGS, lambda one: isinstance(one, str))
    known |= _understood(stored, _FLAGS, lambda one: isinstance(one, bool))
    known |= {name: tuple(value) for name, value in _understood(stored, _LISTS, _are_words).items()}
    known["tables"] = tuple(_tables(stored.get("tables", [])))
    if known.get("units") not in ("most", "order"):
        known.pop("units", None)
    mine = {*_STRINGS, *_FLAGS, *_LISTS, "tables"}
    # The program's form keeps its name in both languages until somebody gives it another.
    renamed = row.key != MONTH or row.name != _NAME.render()
    return Form(
        name=row.name if renamed else _NAME, key=row.key or f"{OWN}{row.id}",
        unread={name: value for name, value in stored.items() if name not in mine}, **known,
    )  # fmt: skip


def _understood(stored: Mapping[str, Any], names: Sequence[str], fits: Callable[[Any], bool]) -> dict[str, Any]:
    return {name: stored[name] for name in names if name in stored and fits(stored[name])}


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _tables(stored: Any) -> list[OwnTable]:
    names = [one.name for one in fields(OwnTable)]
    lines = [one for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    cells = [{name: one[name] for name in names if isinstance(one.get(name), str)} for one in lines]
    return [OwnTable(**one) for one in cells if one.get("room") and one.get("view")]
