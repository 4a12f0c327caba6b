"""What people do with the land of companies: sites that they own, lease out or lease in, carriers and floors in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select

from db.companies.models import CARRIER, FLOORS, LEASED_IN, LEASED_OUT, OWN, SITE, carrier, company_site
from db.companies.rules import plain_company
from db.core import attachments, bulk, own
from db.core.errors import Refused
from db.core.fields import Area
from db.core.formats import show
from db.core.text import Text, _
from db.people.merging import refuse_named

SITES, CARRIERS = "sites", "carriers"


def wrong_site(site: Mapping[str, Any]) -> dict[str, Text]:
    """Key → why a site cannot be so. company and party: both as ids or both as names, whichever the caller has."""
    wrong: dict[str, Text] = {}
    kind, area, since, until = (site.get(key) for key in ("kind", "area", "since", "until"))
    if not _plain(site.get("company")):
        wrong["company"] = _("The name of the company is missing.")
    elif _plain(site.get("company")) == _plain(site.get("party")):
        wrong["party"] = _("A company leases nothing from itself, or to itself.")
    if kind not in dict(SITE.options):
        wrong["kind"] = _("A site is own, leased out, leased in, or floors of a carrier.")
    elif kind == OWN and site.get("party"):
        wrong["party"] = _("Own land is leased from nobody; what is leased out is a site of its own.")
    if area is None or area <= 0:
        wrong["area"] = _("A site needs an area above zero.")
    if since and until and until < since:
        wrong["until"] = _("A site cannot end before it begins.")
    return wrong


def _plain(name: Any) -> str:
    return plain_company(name) if isinstance(name, str) else str(name or "")


def wrong_sites(connection: Connection, ids: Sequence[int]) -> list[tuple[int, Text]]:
    """Sites that break a rule, each with the sentence."""
    found: list[tuple[int, Text]] = []
    for some in bulk.chunks(list(ids)):
        rows = connection.execute(select(company_site).where(company_site.c.id.in_(some))).mappings()
        found += [(row["id"], why) for row in rows for why in wrong_site(dict(row)).values()]
    return found


def add_site(connection: Connection, number: int, kind: str, *, area: int, **facts: Any) -> int:
    """A site of a company: `area` in 1/300 m², above zero; facts by the columns of the table. Gives its id."""
    values = {"company": number, "kind": kind, "area": area} | facts
    wrong = wrong_site(values)
    if wrong:
        raise Refused(fields=wrong)
    (new,) = bulk.take_ids(connection, company_site, 1)
    connection.execute(company_site.insert().values(id=new, **values))
    return new


def delete_sites(connection: Connection, ids: Sequence[int]) -> None:
    """Delete sites with what is kept of them; undo brings them back."""
    for some in bulk.chunks(list(ids)):
        own.delete_values(connection, SITES, some)
        attachments.remove_all(connection, SITES, some)
        connection.execute(delete(company_site).where(company_site.c.id.in_(some)))


def in_words(site: Mapping[str, Any]) -> Text:
    """A site as it is written down: Own land 12.4 mu, 阜阳北路5号."""
    floors = site["kind"] == FLOORS
    text = _("{kind} {area} m² {where}") if floors else _("{kind} {area} mu {where}")
    area = show(Area("㎡") if floors else Area("亩"), site["area"])
    return text(kind=SITE.label(site["kind"]), area=area, where=site["place"] or "")


def balance(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """(kind, area) of sites → area by kind, and of all as `balance`: own − leased out + leased in, floors left out."""
    found = dict.fromkeys((OWN, LEASED_OUT, LEASED_IN, FLOORS), 0)
    for kind, area in rows:
        found[kind] += area
    return found | {"balance": found[OWN] - found[LEASED_OUT] + found[LEASED_IN]}


# --- carriers --------------------------------------------------------------------------------------------------------


def plain_carrier(name: str) -> str:
    """A carrier's name as it is compared and kept: no blanks, brackets of one kind."""
    return plain_company(name)


def wrong_carrier(one: Mapping[str, Any]) -> dict[str, Text]:
    """Key → why a carrier cannot be so."""
    wrong: dict[str, Text] = {}
    if not plain_carrier(str(one.get("name") or "")):
        wrong["name"] = _("A carrier needs a name.")
    if one.get("kind") not in (None, *dict(CARRIER.options)):
        wrong["kind"] = _("A carrier is a park, an office building or a factory building.")
    wrong |= {
        key: _("An area is above zero.")
        for key in ("floor_area", "land")
        if (area := one.get(key)) is not None and area <= 0
    }
    return wrong


def carriers_named(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Names as written → the carriers that have them; the oldest wins."""
    plain = {name: plain_carrier(name) for name in names}
    known: dict[str, int] = {}
    for some in bulk.chunks(sorted(set(plain.values()))):
        query = select(carrier.c.name, func.min(carrier.c.id)).where(carrier.c.name.in_(some))
        known |= {row[0]: row[1] for row in connection.execute(query.group_by(carrier.c.name))}
    return {name: known[bare] for name, bare in plain.items() if bare in known}


def carrier_ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Names as written → ids; carriers nobody knows are added."""
    wanted = [name for name in dict.fromkeys(names) if plain_carrier(name)]
    known = carriers_named(connection, wanted)
    new = dict.fromkeys(plain_carrier(name) for name in wanted if name not in known)
    ids = dict(zip(new, bulk.insert(connection, carrier, ("name",), [(name,) for name in new]), strict=True))
    return known | {name: ids[plain_carrier(name)] for name in wanted if name not in known}


def add_carrier(connection: Connection, name: str, **facts: Any) -> int:
    """Add a carrier. Refused where it has no name, or another one has it."""
    wrong = wrong_carrier({"name": name} | facts)
    if not wrong and carriers_named(connection, [name]):
        wrong = {"name": _("Another carrier has this name.")}
    if wrong:
        raise Refused(fields=wrong)
    (new,) = bulk.take_ids(connection, carrier, 1)
    connection.execute(carrier.insert().values(id=new, name=plain_carrier(name), **facts))
    return new


def delete_carriers(connection: Connection, ids: Sequence[int]) -> None:
    """Delete carriers that nothing names any more; undo brings them back."""
    for some in bulk.chunks(list(ids)):
        refuse_named(
            connection, carrier, some, _("“{name}” is named by {count} records; change or remove those first.")
        )
        own.delete_values(connection, CARRIERS, some)
        attachments.remove_all(connection, CARRIERS, some)
        connection.execute(delete(carrier).where(carrier.c.id.in_(some)))
