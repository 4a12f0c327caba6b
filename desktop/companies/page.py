"""The companies: their ledger, everything about one of them in the pane, and those that are one under two names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from db.core.text import Text, _
from desktop.companies.parts import offered, own_tab
from desktop.kit.ledger import Manner
from desktop.kit.ledger_page import LedgerView
from desktop.kit.one_ledger import LedgerPage
from desktop.kit.page import Connection, Desk, Page
from desktop.kit.parts import Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from db.companies.alike import Pair
    from db.core.saving import Blocks

MANNER = Manner(
    room="companies",
    named=_("companies in the list"),
    nothing=_("No companies yet. They come with projects and issues, or are added here."),
    no_match=_("No company meets the conditions."),
    widths={"name": 236, "credit_code": 168, "industry": 120, "chain": 120, "street": 120, "tags": 176, "remarks": 200},
)


def _blocks() -> Blocks:
    from db.companies.blocks import BLOCKS

    return BLOCKS


def _counted(count: int) -> Text:
    return _("{count} companies", count=f"{count:,}")


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "companies")


def _history(page: Page) -> QWidget:
    from desktop.companies.parts import story
    from desktop.kit.told import ToldPage

    return ToldPage(page, story)


def _records() -> Records:
    """Rooms above have put their tabs into `ABOUT` by the time a page is made."""
    return Records(
        MANNER, _blocks, _("company"), _counted,
        goes=_("“{name}” goes with its former names, sites and attachments. One that projects or issues name stays."),
        new=("name", "credit_code", "scale", "industry", "street", "tags", "contact", "contact_phone"),
        proposed=frozenset({"industry", "chain", "tags", "country", "province", "city"}),
        one_by_one=frozenset({"credit_code"}),
        groups=lambda: {"facts": _("Facts")},
        tabs=(
            FACTS, *offered(), PaneTab("names", _("Names and sites"), own_tab),
            PaneTab("files", _("Attachments"), _files), PaneTab("history", _("History"), _history),
        ),
    )  # fmt: skip


class CompanyPane(RecordPane):
    """A company: its code, its place, what stands out about it."""

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Credit code, place, industry."""
        return [str(record[key]) for key in ("credit_code", "street", "industry") if record.get(key)]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Its tags; a credit code that fails its checksum."""
        from db.companies.rules import credit_code_warning

        made = [Tag(one.strip(), "blue") for one in str(record.get("tags") or "").split("、")[:3] if one.strip()]
        if credit_code_warning(record.get("credit_code")) is not None:
            made.append(Tag(_("check the credit code"), "amber"))
        return made


class CompaniesPage(LedgerPage):
    """See the module."""

    title = _("Companies")
    manual = "companies"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ledger.menu_parts.append(self._menu)
        self.writers += [self.same_button, self.new_button]
        self.doing = self.rows.bind(same=self.find_same)

    def make_rows(self) -> LedgerView:
        """The ledger; near-duplicates, export and a new one in the top bar."""
        self.same_button = button(_("Near-duplicates…"), self.find_same)
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New company"), self.new_company, kind="primary", icon="plus")
        self.add_actions(self.same_button, self.export_button, self.new_button)
        first = button(_("New company"), self.new_company)
        return LedgerView(self, _records(), keys="companies", pane=CompanyPane, first_steps=(first,))

    def new_company(self) -> None:
        """An empty form in the pane."""
        self.rows.new_record()

    # --- companies that are one ------------------------------------------------------------------------------------

    def find_same(self) -> None:
        """Companies of the book that may be one, pair by pair with what merging would do."""
        if self.rests():
            return

        def work(connection: Connection) -> list[Pair]:
            from db.companies.merging import apart, near_duplicates

            return near_duplicates(connection, apart=apart(connection))

        self.ask(work, self._show_pairs, key="same", title=_("Looking for companies that are one"))

    def merge_chosen(self) -> None:
        """The chosen companies, each with the first of them."""
        from db.companies.alike import Pair

        into, *others = self.rows.chosen_ids()
        self._show_pairs([Pair(one, into, _("as you said")) for one in others])

    def _show_pairs(self, pairs: list[Pair]) -> None:
        from desktop.companies.same import SameCard

        if not pairs:
            self.desk.say(_("No two companies look like one."))
            return
        SameCard(self, pairs).open_over(self.table)

    def _menu(self, menu: QMenu, _index: Any) -> None:
        several = len(self.rows.chosen_ids()) > 1
        entry = menu.addAction(tr(_("Merge the chosen companies…")))
        entry.triggered.connect(lambda _checked=False: self.merge_chosen())
        entry.setEnabled(several and self.desk.seen is None)
