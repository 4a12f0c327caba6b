"""What people do with companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from db.companies.land import delete_sites
from db.companies.models import company, company_name, company_site
from db.companies.queries import Known, known_companies
from db.companies.rules import credit_code_warning, plain_code, plain_codes, plain_companies, plain_company
from db.core import attachments, bulk, own
from db.core.errors import Refused
from db.core.text import Text, _
from db.core.updating import update_column
from db.people.merging import refuse_named

ROOM = "companies"
_OF_ONE = frozenset({"company_name.company", "company_site.company"})
_NAMED = _("“{name}” is named by {count} records; merge it into the right company instead, or remove those first.")


def add_company(connection: Connection, name: str, *, credit_code: str | None = None, **facts: Any) -> int:
    """Add a company. A credit code that another company has is refused, naming it."""
    name = plain_company(name)
    if not name:
        raise Refused(fields={"name": _("A company needs a name.")})
    code = plain_code(credit_code)
    if code:
        _refuse_taken_code(connection, code, None)
    (new,) = bulk.take_ids(connection, company, 1)
    connection.execute(company.insert().values(id=new, name=name, credit_code=code, **facts))
    return new


def rename_company(connection: Connection, number: int, name: str, *, on: str | None = None) -> None:
    """Give a company a new name; the old one still finds it."""
    old = connection.scalar(select(company.c.name).where(company.c.id == number))
    if old is None:
        raise Refused(_("There is no such company."))
    if not plain_company(name):
        raise Refused(fields={"name": _("A company needs a name.")})
    if plain_company(name) == old:
        return
    connection.execute(company_name.insert().values(company=number, name=old, until=on))
    connection.execute(update(company).where(company.c.id == number).values(name=plain_company(name)))


def set_credit_code(connection: Connection, number: int, code: str | None) -> None:
    """Set or clear a company's credit code; one that another company has is refused."""
    bare = plain_code(code)
    if bare:
        _refuse_taken_code(connection, bare, number)
    connection.execute(update(company).where(company.c.id == number).values(credit_code=bare))


Pair = tuple[str, str | None]
FACTS = ("intro", "tags")


def company_ids(
    connection: Connection, wanted: Iterable[Pair], facts: Mapping[Pair, Mapping[str, str]] | None = None
) -> dict[Pair, int]:
    """(name, credit code) as written → id, for many at once; unknown ones are added, with their `facts` (FACTS).

    A company found by its name that has no code yet gets the one given; one that has another code is another company.
    Facts of a company that is there already fill what is empty, and overwrite nothing.
    """
    pairs = list(dict.fromkeys(wanted))
    bare = (plain_companies([name for name, _code in pairs]), plain_codes([code for _name, code in pairs]))
    plain = dict(zip(pairs, zip(*bare, strict=True), strict=True))
    names, codes = ({one[at] for one in plain.values()} for at in (0, 1))
    register = _Register(known_companies(connection, filter(None, names), filter(None, codes)))
    found = {pair: register.find_or_add(*one) for pair, one in plain.items() if one[0]}
    facts = facts or {}
    said = {found[pair]: values for pair, values in facts.items() if pair in found}
    told = {number: tuple(map(values.get, FACTS)) for number, values in said.items()}
    nothing = (None,) * len(FACTS)
    rows = [(*row, *told.get(row[0], nothing)) for row in register.added()]
    ids = bulk.take_ids(connection, company, len(rows))
    real = dict(zip((row[0] for row in rows), ids, strict=True))
    columns = ("id", "name", "credit_code", *FACTS)
    bulk.write_new(connection, company, columns, [(real[row[0]], *row[1:]) for row in rows], ids=ids)
    update_column(connection, company, "credit_code", list(register.filled.items()))
    _fill_empty(connection, {number: values for number, values in said.items() if number not in real})
    return {pair: real.get(number, number) for pair, number in found.items()}


class _Register:
    """The companies of the book and those being added, which have ids below zero until they are written."""

    def __init__(self, known: Known) -> None:
        self._codes, self._names, self._code_of = known.by_code, known.by_name, known.code_of
        self._new: dict[int, str] = {}
        self.filled: dict[int, str] = {}

    def find_or_add(self, name: str, code: str | None) -> int:
        number = self._codes.get(code) if code else None
        if number is None:
            number = self._named(name, code)
        if code and self._code_of.get(number) is None:
            self._codes[code], self._code_of[number] = number, code
            if number > 0:
                self.filled[number] = code
        return number

    def _named(self, name: str, code: str | None) -> int:
        number = self._names.get(name)
        if number is not None and not (code and self._code_of.get(number) not in (None, code)):
            return number
        added = -1 - len(self._new)
        self._new[added] = name
        self._code_of[added] = None
        self._names.setdefault(name, added)
        return added

    def added(self) -> list[tuple[int, str, str | None]]:
        """(id below zero, name, code) of the new ones, in the order in which they were met."""
        return [(number, name, self._code_of[number]) for number, name in self._new.items()]


def _fill_empty(connection: Connection, said: Mapping[int, Mapping[str, str]]) -> None:
    for name in FACTS:
        values = {number: facts[name] for number, facts in said.items() if facts.get(name)}
        for some in bulk.chunks(list(values)):
            empty = select(company.c.id).where(company.c.id.in_(some), company.c[name].is_(None))
            ids = connection.scalars(empty).all()
            update_column(connection, company, name, [(number, values[number]) for number in ids])


def set_facts(connection: Connection, column: str, values: Mapping[int, Any]) -> None:
    """Set one column of many companies."""
    update_column(connection, company, column, list(values.items()))


def odd_codes(connection: Connection) -> list[tuple[int, Text]]:
    """Companies whose credit code fails its checksum, each with the warning."""
    query = select(company.c.id, company.c.credit_code).where(company.c.credit_code.is_not(None)).order_by(company.c.id)
    told = [(row.id, credit_code_warning(row.credit_code)) for row in connection.execute(query)]
    return [(number, why) for number, why in told if why is not None]


def _refuse_taken_code(connection: Connection, code: str, number: int | None) -> None:
    query = select(company.c.id, company.c.name).where(company.c.credit_code == code)
    for row in connection.execute(query):
        if row.id != number:
            raise Refused(fields={"credit_code": _("{name} already has this credit code.", name=row.name)})


def delete_companies(connection: Connection, ids: Sequence[int]) -> None:
    """Delete companies that nothing names any more, with their former names and sites; undo brings them back."""
    for some in bulk.chunks(list(ids)):
        refuse_named(connection, company, some, _NAMED, beside=_OF_ONE)
        sites = select(company_site.c.id).where(company_site.c.company.in_(some))
        delete_sites(connection, connection.scalars(sites).all())
        connection.execute(delete(company_name).where(company_name.c.company.in_(some)))
        own.delete_values(connection, ROOM, some)
        attachments.remove_all(connection, ROOM, some)
        connection.execute(delete(company).where(company.c.id.in_(some)))
