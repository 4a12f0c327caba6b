"""The companies: their ledger, everything about one of them in the pane, those that are one; their sites, and carriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from db.core.text import Text, _
from desktop.companies.parts import offered, own_tab
from desktop.kit.ledger import Manner
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records
from desktop.kit.several_views import PageView, SeveralViews
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.companies.alike import Pair
    from db.core.fields import Field
    from db.core.saving import Blocks
    from desktop.companies.about import Tab
    from desktop.companies.ledgers import LandView
    from desktop.kit.side_form import SideForm

_TAGS = 200  # pixels of tags beside a credit code in the narrowest pane
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


def _land(page: Page) -> QWidget:
    from desktop.companies.land import LandPage

    view: CompaniesView = page.view("companies")  # type: ignore[attr-defined]
    return LandPage(page, view.pane.change_site, page.show_sites)  # type: ignore[attr-defined]


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
            FACTS, *offered(), PaneTab("land", _("Sites"), _land), PaneTab("names", _("Former names"), own_tab),
            PaneTab("files", _("Attachments"), _files), PaneTab("history", _("History"), _history),
        ),
    )  # fmt: skip


class CompanyPane(RecordPane):
    """A company: its code, its place, what stands out about it."""

    def __init__(self, page: Page, records: Records) -> None:
        self.side_form: SideForm | None = None
        super().__init__(page, records)

    @property
    def busy(self) -> bool:
        """A form of its facts, of a site, of what is added to it."""
        return super().busy or self.side_form is not None

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One company."""
        self._leave_side()
        super().show_record(record)

    def change_site(self, number: int) -> None:
        """The form of one of its sites, of a new one for 0, in place of the facts."""
        from desktop.companies.land import ask_site

        if self.record is not None and not self.page.rests():
            ask_site(self.page, (self.number, str(self.record["name"])), number, self._show_side)

    def add_of(self, tab: Tab) -> None:
        """The form of one more of what a tab tells, of this company."""
        if self.record is not None and tab.form is not None and not self.page.rests():
            tab.form(self.page, (self.number, str(self.record["name"])), self._show_side)

    def _show_side(self, form: SideForm) -> None:
        self._leave_side()
        self.side_form = form
        form.closed.connect(self._leave_side)
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.take_focus()

    def _leave_side(self) -> None:
        form, self.side_form = self.side_form, None
        if form is not None:
            self._stack.setCurrentIndex(0)
            self._stack.removeWidget(form)
            form.deleteLater()
            self.setFocus()

    def show_form(
        self, fields: Sequence[Field], record: Mapping[str, Any] | None, names: Mapping[str, Sequence[str]]
    ) -> None:
        """The form of its facts: a credit code that fails its checksum says so while one types."""
        from db.companies.rules import credit_code_warning

        super().show_form(fields, record, names)
        code = self.form.editors.get("credit_code") if self.form is not None else None
        if code is not None:
            code.warn_of(credit_code_warning)

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Credit code, place, industry."""
        return [str(record[key]) for key in ("credit_code", "street", "industry") if record.get(key)]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Its tags; a credit code that fails its checksum."""
        from db.companies.rules import credit_code_warning

        odd = credit_code_warning(record.get("credit_code")) is not None
        last = [Tag(_("check the credit code"), "amber")] if odd else []
        room = _TAGS - sum(one.sizeHint().width() for one in last)
        made: list[Tag] = []
        for word in str(record.get("tags") or "").split("、"):
            tag = Tag(word.strip(), "blue")
            room -= tag.sizeHint().width()
            if room < 0:
                break
            made += [tag] if word.strip() else []
        return [*made, *last]


class CompaniesView(LedgerView):
    """The ledger; near-duplicates, export and a new one in the top bar."""

    pane: CompanyPane

    def __init__(self, page: Page) -> None:
        self.same_button = button(_("Near-duplicates…"), self.find_same)
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New company"), self.new_record, kind="primary", icon="plus")
        first = button(_("New company"), self.new_record)
        super().__init__(page, _records(), keys="companies", pane=CompanyPane, first_steps=(first,))
        page.writers += [self.same_button, self.new_button]
        self.ledger.menu_parts.append(self._menu)
        self.bind(same=self.find_same)

    def bars(self) -> Sequence[QWidget]:
        """Those that are one; what goes out, and what comes in."""
        return self.same_button, self.export_button, self.new_button

    def find_same(self) -> None:
        """Companies of the book that may be one, pair by pair with what merging would do."""
        if self.page.rests():
            return

        def work(connection: Connection) -> list[Pair]:
            from db.companies.merging import apart, near_duplicates

            return near_duplicates(connection, apart=apart(connection))

        self.page.ask(work, self._show_pairs, key="same", title=_("Looking for companies that are one"))

    def merge_chosen(self) -> None:
        """The chosen companies, each with the first of them."""
        from db.companies.alike import Pair

        into, *others = self.chosen_ids()
        self._show_pairs([Pair(one, into, _("as you said")) for one in others])

    def _show_pairs(self, pairs: list[Pair]) -> None:
        from desktop.companies.same import SameCard

        if not pairs:
            self.page.desk.say(_("No two companies look like one."))
            return
        SameCard(self.page, pairs).open_over(self.table)

    def _menu(self, menu: QMenu, _index: Any) -> None:
        several = len(self.chosen_ids()) > 1
        entry = menu.addAction(tr(_("Merge the chosen companies…")))
        entry.triggered.connect(lambda _checked=False: self.merge_chosen())
        entry.setEnabled(several and self.page.desk.seen is None)


def _sites(page: Page) -> LandView:
    from desktop.companies.ledgers import sites

    return sites(page)


def _carriers(page: Page) -> LandView:
    from desktop.companies.ledgers import carriers

    return carriers(page)


class CompaniesPage(SeveralViews):
    """See the module."""

    title = _("Companies")
    manual = "companies"
    rows = "companies"
    views = (
        PageView("companies", _("Companies"), CompaniesView),
        PageView("sites", _("Sites"), _sites),
        PageView("carriers", _("Carriers"), _carriers),
    )

    def show_sites(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these sites in their table."""
        self.show_as("sites")
        self.shown.show_only(what, ids)
