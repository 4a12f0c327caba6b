"""The sites of the companies and the carriers, each as a ledger beside that of the companies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.text import Text, _
from desktop.kit.form import said
from desktop.kit.ledger import Manner
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Page
from desktop.kit.parts import Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.saving import Blocks
    from db.core.telling import Told

_SITE_TONES = {"own": "green", "leased_out": "amber", "leased_in": "blue", "floors": "grey"}
_SITES = Manner(
    room="sites",
    named=_("sites in the list"),
    nothing=_("No sites yet. Drop a list of land or leases here, or add one."),
    no_match=_("No site meets the conditions."),
    widths={"company": 220, "kind": 96, "place": 200, "area": 96, "area_m2": 112, "counts": 104, "carrier": 160, "party": 200,
            "remarks": 160},
    tones={"kind": _SITE_TONES},
)  # fmt: skip
_CARRIERS = Manner(
    room="carriers",
    named=_("carriers in the list"),
    nothing=_("No parks, buildings or factories yet. Drop a list of them here, or add one."),
    no_match=_("No carrier meets the conditions."),
    widths={"name": 200, "kind": 112, "place": 200, "floor_area": 120, "taken": 120, "free": 120, "remarks": 200},
)


def _site_blocks() -> Blocks:
    from db.companies.land_blocks import SITE_BLOCKS

    return SITE_BLOCKS


def _carrier_blocks() -> Blocks:
    from db.companies.land_blocks import CARRIER_BLOCKS

    return CARRIER_BLOCKS


def _story_of_site(book: Book, number: int) -> Sequence[Told]:
    from db.companies.land_fields import SITE_FIELDS
    from db.companies.models import company_site
    from db.core import telling

    return telling.story(book, company_site, SITE_FIELDS, number)


def _story_of_carrier(book: Book, number: int) -> Sequence[Told]:
    from db.companies.land_fields import CARRIER_FIELDS
    from db.companies.models import carrier
    from db.core import telling

    return telling.story(book, carrier, CARRIER_FIELDS, number)


def _history(page: Page, story: Callable[[Book, int], Sequence[Told]]) -> QWidget:
    from desktop.kit.told import ToldPage

    return ToldPage(page, story)


def _files(page: Page, room: str) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, room)


def _in_it(page: Page) -> QWidget:
    from db.companies.about import in_carrier
    from desktop.companies.parts import PartsPage

    return PartsPage(page, in_carrier)


def _tabs(room: str, story: Callable[[Book, int], Sequence[Told]], *between: PaneTab) -> tuple[PaneTab, ...]:
    return (
        FACTS, *between, PaneTab("files", _("Attachments"), partial(_files, room=room)),
        PaneTab("history", _("History"), partial(_history, story=story)),
    )  # fmt: skip


def _called(values: Mapping[str, Any]) -> str:
    return " ".join(str(values[key]) for key in ("company", "place") if values.get(key))


def _sites_counted(count: int) -> Text:
    return _("{count} sites", count=f"{count:,}")


def _carriers_counted(count: int) -> Text:
    return _("{count} carriers", count=f"{count:,}")


SITES = Records(
    _SITES, _site_blocks, _("site"), _sites_counted, goes=_("“{name}” goes with its attachments."), called=_called,
    title="company", new=("company", "kind", "place", "area", "carrier", "party", "since", "until", "remarks"),
    needed=("company", "kind", "area"), groups=lambda: {"facts": _("Facts")},
    tabs=_tabs("sites", _story_of_site),
)  # fmt: skip
CARRIERS = Records(
    _CARRIERS, _carrier_blocks, _("carrier"), _carriers_counted,
    goes=_("“{name}” goes with its attachments. One that sites name stays."),
    new=("name", "kind", "street", "place", "floor_area", "land", "remarks"), one_by_one=frozenset({"name"}),
    groups=lambda: {"facts": _("Facts")},
    tabs=_tabs("carriers", _story_of_carrier, PaneTab("in_it", _("Companies in it"), _in_it)),
)  # fmt: skip


class SitePane(RecordPane):
    """A site: what kind it is, where."""

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Its carrier, its place."""
        return [str(record[key]) for key in ("carrier", "street") if record.get(key)]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Own, leased out, leased in, floors."""
        field = next(one for one in record["fields"] if one.key == "kind")
        return [Tag(said(field, record["kind"]), _SITE_TONES.get(str(record["kind"]), "grey"))]


class LandView(LedgerView):
    """Sites, or carriers."""

    def __init__(self, page: Page, records: Records, new: Text, pane: Callable[[Page, Records], RecordPane]) -> None:
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(new, self.new_record, kind="primary", icon="plus")
        first = button(new, self.new_record)
        super().__init__(page, records, keys=records.manner.room, pane=pane, first_steps=(first,))
        page.writers.append(self.new_button)
        self.bind()

    def bars(self) -> Sequence[QWidget]:
        """What goes out, and what comes in."""
        return self.export_button, self.new_button


def sites(page: Page) -> LandView:
    """The sites."""
    return LandView(page, SITES, _("New site"), SitePane)


def carriers(page: Page) -> LandView:
    """The carriers."""
    return LandView(page, CARRIERS, _("New carrier"), RecordPane)
