"""What the import is told about sites and carriers: a row is a site of a company, or a park, a building, a factory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, select

from db.companies.land import CARRIERS, SITES, delete_carriers, delete_sites, wrong_carrier, wrong_site, wrong_sites
from db.companies.land_fields import CARRIER_FIELDS, SITE_FIELDS
from db.companies.models import carrier, company, company_site
from db.core import listing, own, settings
from db.core.columns import Columns, size
from db.core.errors import Refused
from db.core.fields import Field
from db.core.progress import Progress
from db.core.text import Text, _
from db.people.queries import called_units
from db.sheets import remembered
from db.sheets.room import RoomSheet


def _existing_sites(connection: Connection) -> list[dict[str, Any]]:
    of = company_site.c
    query = select(of.id, company.c.name.label("company"), of.kind, of.place).join(company, company.c.id == of.company)
    return [dict(row) for row in connection.execute(query.order_by(of.id)).mappings()]


def _existing_carriers(connection: Connection) -> list[dict[str, Any]]:
    return [
        dict(row) for row in connection.execute(select(carrier.c.id, carrier.c.name).order_by(carrier.c.id)).mappings()
    ]


def _current(
    connection: Connection, ids: Sequence[int], keys: Sequence[str], *, room: str, table: Table, fields: Sequence[Field]
) -> dict[int, dict[str, Any]]:
    wanted = [one for one in fields if one.key in keys]
    rows = listing.rows(connection, table, wanted, ids)
    found: dict[int, dict[str, Any]] = {
        row[0]: dict(zip((one.key for one in wanted), row[1:], strict=True)) for row in rows
    }
    if any(key.startswith(own.PREFIX) for key in keys):
        for number, values in own.values_of(connection, room, list(found)).items():
            found[number] |= {own.PREFIX + label: value for label, value in values.items()}
    return found


def _rows(columns: Columns) -> list[dict[str, Any]]:
    return [{key: column[at] for key, column in columns.items()} for at in range(size(columns))]


def _insert(connection: Connection, columns: Columns, progress: Progress, *, room: str) -> list[int]:
    from db.companies.land_blocks import add_carriers, add_sites  # a start needs no rules

    return (add_sites if room == SITES else add_carriers)(connection, _rows(columns))


def _update(
    connection: Connection, cells: Sequence[tuple[int, str, Any]], *, room: str, fields: Sequence[Field]
) -> None:
    from db.companies.land_blocks import set_values

    set_values(connection, room, fields, cells)
    wrong = wrong_sites(connection, list({number for number, _key, _value in cells})) if room == SITES else ()
    for _number, why in wrong:
        raise Refused(why)


def _check(
    columns: Columns, *, wrong: Callable[[Mapping[str, Any]], Mapping[str, Text]]
) -> dict[int, Mapping[str, Text]]:
    found: dict[int, Mapping[str, Text]] = {}
    for place, row in enumerate(_rows(columns)):
        said = {key: why for key, why in wrong(row).items() if key in row}
        if said:
            found[place] = said
    return found


def _aliases(connection: Connection, key: str) -> Mapping[str, str]:
    return called_units(connection, settings.get(connection, "district.name")) if key == "street" else {}


def _sheet(room: str, label: Text, table: Table, fields: Sequence[Field], **more: Any) -> RoomSheet:
    return RoomSheet(
        room=room, label=label, fields=tuple(one for one in fields if one.write is not None), table=table.name,
        monthly=frozenset(), logs=frozenset(), remarks="remarks",
        current=partial(_current, room=room, table=table, fields=fields),
        insert=partial(_insert, room=room), update=partial(_update, room=room, fields=fields),
        own_headings=own.headings_of(room), remember_layout=own.layout_keeper(room),
        recall_layout=own.layout_finder(room), like_layout=remembered.finder(room), aliases=_aliases, **more,
    )  # fmt: skip


SITE_SHEET = _sheet(
    SITES, _("Sites"), company_site, SITE_FIELDS,
    identity=(("company", "kind", "place"),), required=("company", "kind", "area"),
    whole_sheet=("carrier",), existing=_existing_sites, check=partial(_check, wrong=wrong_site),
    fill_down=frozenset({"company", "carrier"}), delete=delete_sites,
)  # fmt: skip
CARRIER_SHEET = _sheet(
    CARRIERS, _("Carriers"), carrier, CARRIER_FIELDS,
    identity=(("name",),), required=("name",), whole_sheet=("street", "kind"),
    existing=_existing_carriers, check=partial(_check, wrong=wrong_carrier),
    fill_down=frozenset({"street"}), delete=delete_carriers,
)  # fmt: skip
