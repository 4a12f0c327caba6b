"""The metrics of companies by year as a ledger, what is to be asked about them, and what is missing, by who owes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from db.core.text import Text, _
from desktop.kit.form import said
from desktop.kit.ledger import Manner
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Page
from desktop.kit.parts import Segments, Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.saving import Blocks

DATA, QUESTIONS, GAPS = "data", "questions", "gaps"
CONFIRMED_TONES = {"all": "green", "some": "amber", "none": "grey"}
MANNER = Manner(
    room="per_mu",
    named=_("years of companies in the list"),
    nothing=_("No metrics yet. Drop the departments' tables here, or add the first year of a company."),
    no_match=_("Nothing meets the conditions."),
    widths={"company": 236, "year": 64, "half": 72, "confirmed": 96, "given_class": 72, "remarks": 200},
    tones={"confirmed": CONFIRMED_TONES},
)


def _blocks() -> Blocks:
    from db.per_mu.blocks import BLOCKS

    return BLOCKS


def _groups() -> Mapping[str, Text]:
    return {"facts": _("Facts"), "metrics": _("Metrics"), "results": _("Results taken over")}


def _counted(count: int) -> Text:
    return _("{count} companies", count=f"{count:,}")


def _called(values: Mapping[str, Any]) -> str:
    """The company and the year."""
    return f"{values.get('company') or ''} {values.get('year') or ''}".strip()


def _sources(page: Page) -> QWidget:
    from desktop.per_mu.metrics_pages import SourcesPage

    return SourcesPage(page)


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "per_mu")


RECORDS = Records(
    MANNER, _blocks, _("year of a company"), _counted,
    goes=_("“{name}” goes with its data, its bonuses and deductions. Results of evaluations that were kept stay."),
    called=_called,
    title="company",
    new=("company", "year", "half", "scale", "land", "revenue", "tax", "value_added", "rd", "energy", "electricity",
         "emissions", "staff", "profit"),
    needed=("company", "year"),
    one_by_one=frozenset({"company", "year"}),
    groups=_groups,
    tabs=(FACTS, PaneTab("sources", _("Sources"), _sources), PaneTab("files", _("Attachments"), _files)),
)  # fmt: skip


class YearPane(RecordPane):
    """A company's year: what it is evaluated by, where each datum comes from, who confirmed it."""

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Place and industry."""
        return [str(record[key]) for key in ("credit_code", "street", "industry") if record.get(key)]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Whether those who owe the data confirmed them."""
        field = next(one for one in record["fields"] if one.key == "confirmed")
        value = record.get("confirmed")
        return [Tag(said(field, value), CONFIRMED_TONES.get(str(value), "grey"))] if value else []


class MetricsView(LedgerView):
    """See the module."""

    def __init__(self, page: Page) -> None:
        self.which = DATA
        self.switch = Segments(((DATA, _("Data")), (QUESTIONS, _("Questions")), (GAPS, _("What is missing"))), DATA)
        self.switch.chosen.connect(self.show_part)
        self.confirm_button = button(_("Confirm…"), self.confirm, small=True)
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New year of a company"), self.new_record, kind="primary", icon="plus")
        first = button(_("New year of a company"), self.new_record)
        super().__init__(page, RECORDS, keys="metrics", pane=YearPane, first_steps=(first,))
        page.writers += [self.confirm_button, self.new_button]
        self.ledger.bar_row.addWidget(self.confirm_button)
        self.ledger.menu_parts.append(self._menu)
        self._parts: dict[str, Any] = {}
        self.bind(confirm=self.confirm)

    def bars(self) -> Sequence[QWidget]:
        """Which of the three; what goes out, and what comes in."""
        return self.switch, self.export_button, self.new_button

    def part(self, key: str) -> Any:
        """The questions, or what is missing; made when it is first wanted."""
        if key not in self._parts:
            from desktop.per_mu.metrics_asked import GapsPart, QuestionsPart

            made = self._parts[key] = QuestionsPart(self) if key == QUESTIONS else GapsPart(self)
            self.shapes.addWidget(made)
        return self._parts[key]

    def show_part(self, key: str) -> None:
        """The data, the questions or what is missing."""
        self.which = key
        self.switch.choose(key)
        data = key == DATA
        self.ledger.bar.setVisible(data)
        self.export_button.setVisible(data)
        self.new_button.setVisible(data)
        self.close_pane()
        self.page.footer.show_facts(())
        self.page.footer.show_chosen(())
        self.shapes.setCurrentWidget(self.ledger if data else self.part(key))
        self.refresh()
        self.take_focus()

    def refresh(self) -> None:
        """What is shown."""
        if self.which == DATA:
            super().refresh()
        else:
            self.part(self.which).refresh()

    def take_focus(self) -> None:
        """The table, or the list."""
        if self.which == DATA:
            super().take_focus()
        else:
            self.part(self.which).take_focus()

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """In the table."""
        if self.which != DATA:
            self.show_part(DATA)
        super().show_only(what, ids)

    def show_company(self, name: str, entry: int) -> None:
        """One year of a company in the table, with the pane."""
        self.show_only(name, [entry])
        self.come_back_to(entry, folded=False)

    def confirm(self) -> None:
        """A department confirms what it gave for the chosen companies."""
        from desktop.per_mu.metrics_pages import ConfirmCard

        ids = self.chosen_ids()
        if ids and self.which == DATA and not self.page.rests():
            ConfirmCard(self, ids).open_over(self.table)

    def _menu(self, menu: QMenu, _index: Any) -> None:
        ids = self.chosen_ids()
        entry = menu.addAction(tr(_("Confirm the data of {what}…", what=_counted(len(ids)))) + "\tCtrl+Shift+J")
        entry.triggered.connect(lambda _checked=False: self.confirm())
        entry.setEnabled(bool(ids) and self.page.desk.seen is None)
