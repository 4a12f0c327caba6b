"""What was typed into a report and not saved: kept beside the book while one types, offered again after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from db.core.period import Period
from db.core.text import _
from desktop.kit.drafts import Draft, Drafts, Keeper
from desktop.overview import deciding
from desktop.overview.writing import OWN

if TYPE_CHECKING:
    from desktop.overview.page import ReportPage


class Unsaved:
    """The drafts of one page; of a report by its days."""

    def __init__(self, page: ReportPage) -> None:
        self._page = page
        self._drafts = Drafts(page.desk.target, "report")
        self._offered: set[int] = set()
        self.keeper = Keeper(page, self._drafts, self._typed)

    def _typed(self) -> Mapping[int, Mapping[str, str]]:
        from db.overview.wording import to_markup
        from db.reports.report import Paragraph

        made = self._page.made
        if made is None:
            return {}
        cards = self._page.pane.words.cards
        texts = {place: to_markup(Paragraph(tuple(one.edit.pieces()))) for place, one in cards.items() if one.dirty}
        return {number_of(made.period): texts}

    def offer(self) -> None:
        """Ask once whether what was not saved is to be taken up again."""
        made = self._page.made
        number = number_of(made.period) if made is not None else 0
        if made is None or made.final is not None or number in self._offered:
            return
        self._offered.add(number)
        draft = self._drafts.of(number)
        if draft is None:
            return
        day = f"{draft.at.astimezone():%Y-%m-%d %H:%M}"
        asked = _("{count} paragraphs typed at {day} were not saved.", count=len(draft.texts), day=day)
        answers = [
            (_("Take them up"), lambda: self._restore(draft)),
            (_("Discard them"), lambda: self._drafts.drop(number)),
        ]
        self._page.strip.ask(asked, answers)

    def _restore(self, draft: Draft) -> None:
        made = self._page.made
        if made is None:
            return
        for place, markup in draft.texts.items():
            mode = "written" if place.endswith(OWN) else "edited"
            deciding.save_markup(self._page, made, place, mode, markup)
        self._drafts.drop(draft.record)


def number_of(period: Period) -> int:
    """A number that no other days have."""
    return int((period.first[2:] + period.last[2:]).replace("-", ""))
