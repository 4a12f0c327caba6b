"""The land of one company in its pane: what it comes to, its sites, and the form of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.core.fields import Area, Field
from db.core.text import Text, _
from desktop.kit.form import said
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.side_form import SideForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.companies.about import Land, Site

_LAND = Field("land", _("Land"), Area("亩"))
_FLOORS = Field("floors", _("Floor area"), Area("㎡"))
_MOST = 40
_KEYS = ("kind", "place", "area", "carrier", "party", "since", "until", "remarks")


class LandPage(PanePage):
    """The balance of the company's land, and its sites. change: asked for the form of a site, 0 for a new one."""

    def __init__(
        self, page: Page, change: Callable[[int], object], show: Callable[[str, Sequence[int]], object]
    ) -> None:
        super().__init__(page)
        self._change, self._show = change, show

    def work(self, number: int) -> Callable[[Connection], Any]:
        """Its land today."""
        today = self.today

        def read(connection: Connection) -> Land:
            from db.companies.about import land

            return land(connection, number, today)

        return read

    def show_found(self, found: Land) -> None:
        """The balance first; what is over is dim at the end."""
        add = button(_("Add a site"), lambda: self._change(0), small=True)
        add.setEnabled(self.page.desk.seen is None)
        ids = [one.id for one in (*found.sites, *found.mine)]
        every = button(_("In the table"), lambda: self._show(self.name, ids), kind="link", small=True)
        every.setVisible(bool(ids))
        self.lines.addLayout(row_of(add, None, every))
        if any(found.amounts.values()):
            self.lines.addWidget(label(_balance(found.amounts), bold=True, wrap=True))
        for one in found.sites[:_MOST]:
            self.lines.addWidget(self._site(one))
        if len(found.sites) > _MOST:
            rest = f"{len(found.sites) - _MOST:,}"
            self.lines.addWidget(label(_("… and {count} more", count=rest), size=12, tone="mute"))
        if not found.sites:
            self.lines.addWidget(label(_("No site is written down."), size=12, tone="mute", wrap=True))
        if found.mine:
            heading = label(_("As others say"), bold=True)
            heading.setContentsMargins(0, 4, 0, 0)
            self.lines.addWidget(heading)
            for one in found.mine[:_MOST]:
                self.lines.addWidget(self._site(one, whose=one.company[1]))

    def _site(self, one: Site, whose: str = "") -> QWidget:
        made = QWidget()
        tone = "" if one.there else "mute"
        change = button(_("Change it"), lambda: self._change(one.id), kind="link", small=True)
        change.setEnabled(self.page.desk.seen is None)
        area = label(said(_FLOORS if one.floors else _LAND, one.area), tone=tone)
        head = row_of(label(one.kind, tone=tone), area, None, *([] if whose else [change]), gap=8)
        lines = column_of(gap=1, parent=made)
        lines.addLayout(head)
        told = [whose, *(tr(part) for part in one.facts)]
        told += [one.carrier[1]] if one.carrier is not None else []
        told += [tr(_("with {company}", company=one.party[1]))] if one.party is not None and not whose else []
        told += [] if one.there else [tr(_("does not count now"))]
        line = " · ".join(filter(None, told))
        if line:
            second = label(line, size=12, tone="mute", wrap=True)
            second.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(second)
        return made


def _balance(amounts: Mapping[str, int]) -> Text:
    parts = {key: said(_LAND, amounts[key]) for key in ("own", "leased_out", "leased_in", "balance")}
    text = _("Own {own} − leased out {leased_out} + leased in {leased_in} = {balance} of land", **parts)
    if not amounts["floors"]:
        return text
    if not any(amounts[key] for key in parts):
        return _("Floors {area}; no land", area=said(_FLOORS, amounts["floors"]))
    return _("{land}; floors {area}", land=text, area=said(_FLOORS, amounts["floors"]))


class SiteForm(SideForm):
    """One site of a company; `closed` too once it is in the book, or gone from it."""

    def __init__(
        self, page: Page, company: tuple[int, str], number: int, values: Mapping[str, Any],
        names: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        from db.companies.land_fields import SITE_FIELDS

        self.company, self.number = company[1], number
        fields = [one for one in SITE_FIELDS if one.key in _KEYS]
        title = _("A site of “{name}”", name=company[1])
        verb = _("Save") if number else _("Add the site")
        super().__init__(page, title, fields, values, verb=verb, names=names, needed=("kind", "area"))
        self.hint.setText(tr(_("An area without a unit is in mu; 800㎡ is understood too. Floors are no land.")))
        self.hint.show()
        if number:
            self.remove = button(_("Delete"), self.delete, kind="danger")
            row = self.foot.layout()
            assert row is not None
            row.addWidget(self.remove)
        self.keep_draft("site", number or -company[0])

    def take(self) -> None:
        """Write it as one operation."""
        values = self.values()
        if values is None:
            return
        number = self.number
        if not number:
            values["company"] = self.company

        def work(connection: Connection) -> int:
            from db.companies.land_blocks import put_site

            return put_site(connection, values, number)

        named = _("Change a site of “{name}”") if number else _("Add a site of “{name}”")
        self.write(named(name=self.company), work, lambda _id: self.closed.emit())

    def delete(self) -> None:
        """Away with it; Ctrl+Z brings it back."""
        number = self.number

        def work(connection: Connection) -> None:
            from db.companies.land import delete_sites

            delete_sites(connection, [number])

        self.write(_("Delete a site of “{name}”", name=self.company), work, lambda _nothing: self.closed.emit())


def ask_site(page: Page, company: tuple[int, str], number: int, show: Callable[[SiteForm], None]) -> None:
    """Read what a form of a site needs, and show it. number: 0 for a new one."""

    def work(connection: Connection) -> tuple[dict[str, Any], dict[str, list[str]]]:
        from db.companies.land_blocks import suggestions
        from db.companies.land_fields import SITE_FIELDS
        from db.companies.models import company_site
        from db.core import listing

        fields = [one for one in SITE_FIELDS if one.key in _KEYS]
        rows = listing.rows(connection, company_site, fields, [number]) if number else []
        values = dict(zip([one.key for one in fields], rows[0][1:], strict=True)) if rows else {"kind": "own"}
        return values, {one.key: suggestions(connection, one) for one in fields if one.key in ("carrier", "party")}

    page.ask(work, lambda found: show(SiteForm(page, company, number, *found)), key="site")
