"""与上期相比: a report beside the one before it, number by number, and what became of the projects in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QWidget

from db.core.fields import Money
from db.core.formats import show
from db.core.period import Period
from db.core.progress import Progress
from db.core.ratios import is_share
from db.core.text import _
from desktop.kit import actions, clipboard, theme
from desktop.kit.cells import Cell
from desktop.kit.columns import large_amount, unit_name
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Desk, Page
from desktop.kit.parts import ElidedLabel, Tabs, bar, button, column_of, label, panel
from desktop.kit.periods import PeriodButton, this_year_so_far
from desktop.kit.words import language, tr
from desktop.overview.explained import amount, percent

if TYPE_CHECKING:
    from db.core.period import Period as _Period
    from db.overview.comparing import Against, FigureLine, Number
    from db.overview.corrections import ChangeLine

_ALL = "all"
_MANY = 1_000_000  # counts below it stand beside their share; amounts do not fit
Parts = tuple["Number | None", "Number | None"] | None
_TONES = {"new": "green", "forward": "blue", "back": "amber", "gone": "red", "corrected": "grey"}


class ComparePage(Page):
    """See the module."""

    title = _("Beside the report before")
    manual = "overview"
    actions_of = "compare"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: Against | None = None
        self.lines: tuple[ChangeLine, ...] = ()
        self._asked_period = False
        today = desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 6, today.year))
        self.period.chosen.connect(self.refresh)
        self.copy_button = button(_("Copy as text"), self.copy_text)
        self.export_button = button(_("Export Excel…"), self.export, icon="export")
        self.add_actions(self.period, self.copy_button, self.export_button)
        self.said = ElidedLabel(tone="mute")
        self.figures = PlainList(row_height=theme.ROW_HEIGHTS[desk.preferences.rows])
        self.figures.setAccessibleName(tr(_("Figures")))
        self.figures.twice.connect(lambda row, _column: self._open_figure(row))
        self.figures.picked.connect(lambda row, column: self._open_figure(row) if column == 0 else None)
        self.changes = PlainList(row_height=theme.ROW_HEIGHTS[desk.preferences.rows])
        self.changes.setAccessibleName(tr(_("What became of the projects")))
        self.changes.twice.connect(lambda row, _column: self._open_project(row))
        self.changes.picked.connect(lambda row, column: self._open_project(row) if column == 1 else None)
        self._build()
        self.doing = actions.bind(self, "compare", self._actions())

    def _build(self) -> None:
        from db.overview.corrections import KINDS

        self.tabs = Tabs([(_ALL, _("All")), *KINDS.items()])
        self.tabs.chosen.connect(lambda _key: self._show_changes())
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.setProperty("clear", "true")
        parts.setHandleWidth(theme.PAGE_PADDING)
        for head, inside in ((label(_("Figures"), bold=True), self.figures), (self.tabs, self.changes)):
            card = panel("card")
            lines = column_of(margins=(1, 1, 1, 1), gap=0, parent=card)
            lines.addWidget(bar("head", 36, head, None, margins=(12, 0, 12, 0)))
            lines.addWidget(inside, 1)
            parts.addWidget(card)
        parts.setSizes([530, 660] if language() == "zh" else [574, 592])
        whole = QWidget()
        column_of(parts, margins=(theme.PAGE_PADDING,) * 4, gap=0, parent=whole)
        strip = bar("filter", theme.FILTER_BAR, self.said)
        self.content.addWidget(strip)
        self.content.addWidget(whole, 1)

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        return {"copy_text": self.copy_text, "export": self.export, "swap_focus": self._swap_focus}

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The comparison anew; the first time for the period that 今日 speaks of."""
        period, lang, today = self.period.period, language(), self.desk.today().isoformat()
        first, anew = not self._asked_period, self.desk.seen is not None

        def work(connection: Connection) -> tuple[_Period, Against]:
            from db.core import settings
            from db.overview.comparing import compare
            from db.overview.today import period_for

            wanted = period_for(connection, today) if first else Period.parse(
                period.text, cut=settings.get(connection, "month.cut")
            )  # fmt: skip
            return wanted, compare(connection, wanted, lang=lang, anew=anew)

        self.ask(work, self._take, key="compare", title=_("Comparing the reports"))

    def _take(self, answer: tuple[_Period, Against]) -> None:
        from db.overview.comparing import change_sentence
        from db.overview.corrections import KINDS

        self._asked_period = True
        self.period.period, self.found = answer
        self.period.say_period()
        found = self.found
        counted = tr(change_sentence(found, KINDS)) if found.since is not None else found.why
        final = (
            _("{period}, finalised", period=found.before)
            if found.final
            else _("{period}, as the book has it now", period=found.before)
        )
        since = tr(_("projects since {moment}", moment=found.since)) if found.since else ""
        self.said.say(" · ".join(one for one in (tr(_("Compared with {report}", report=final)), since, counted) if one))
        for key, text in ((_ALL, _("All")), *KINDS.items()):
            count = len(found.lines) if key == _ALL else len(found.of_kind(key))
            self.tabs.say(key, f"{tr(text)} {count:,}")
        wide, gap = 124, 104 if language() == "zh" else 112  # of a rate with its counts; of points
        self.figures.show_rows(
            (
                Heading(_("Figure"), 130, stretch=True), Heading(found.before, wide, right=True),
                Heading(found.period, wide + 4, right=True), Heading(_("Difference"), gap, right=True),
            ),
            len(found.figures), self._figure_cell,
        )  # fmt: skip
        self._show_changes()
        self.footer.show_facts([
            ("", f"{len(found.figures):,}", tr(_("figures"))), ("", f"{len(found.lines):,}", tr(_("changes"))),
        ])  # fmt: skip

    def _figure_cell(self, row: int, place: int) -> Cell:
        assert self.found is not None
        one = self.found.figures[row]
        return Cell(figure_texts(one)[place], tone=_tone(one, place), right=place > 0, bold=place == 2)

    def _show_changes(self) -> None:
        if self.found is None:
            return
        key = self.tabs.current
        self.lines = self.found.lines if key == _ALL else self.found.of_kind(key)
        long = language() != "zh"  # names of stages
        self.changes.show_rows(
            (
                Heading(_("Change"), 80 if language() == "zh" else 92),
                Heading(_("Project"), 160 if language() == "zh" else 108, stretch=True),
                Heading(_("Field"), 92 if long else 118, stretch=long), Heading(_("Before"), 72, stretch=long),
                Heading(_("Now"), 72, stretch=long), Heading(_("Who"), 56), Heading(_("When"), 92),
            ),
            len(self.lines), self._change_cell,
        )  # fmt: skip
        if self.lines:
            self.changes.selectRow(0)

    def _change_cell(self, row: int, place: int) -> Cell:
        from db.overview.corrections import KINDS

        one = self.lines[row]
        if place == 0:
            return Cell(tr(KINDS[one.kind]), tag=_TONES[one.kind])
        if place == 1:
            return Cell(one.name, tone="faint" if one.kind == "gone" else "accent")
        return text_cell(
            (one.field, one.old, one.new, one.who, one.at[5:16])[place - 2], strike=place == 3 and bool(one.old)
        )

    # --- what one may do -------------------------------------------------------------------------------------------

    def _open_figure(self, row: int) -> None:
        from db.core.filters import Condition
        from db.overview.definitions import BY_KEY

        if self.found is not None and self.found.figures[row].key in BY_KEY:
            condition = Condition(f"figure:{self.found.figures[row].key}", "behind")
            self.desk.show_where("projects", self.period.period, "", (condition,))

    def _open_project(self, row: int) -> None:
        one = self.lines[row]
        if one.kind == "gone":
            self.desk.say(
                _("“{name}” is not in the book any more; look at an earlier moment (Alt+T) to see it.", name=one.name)
            )
        else:
            self.desk.show_rows("projects", one.name, [one.id])

    def copy_text(self) -> None:
        """The comparison as lines for a chat."""
        if self.found is not None:
            text = as_text(self.found, self.said.toolTip() or self.said.text())
            clipboard.give(self.desk, text, _("Copied as text; paste it into the chat."))

    def export(self) -> None:
        """Both tables as a workbook."""
        found = self.found
        if found is None:
            return
        name = tr(_("{period} beside {before}", period=found.period, before=found.before))
        out = self.desk.dialogs.save_file(self, _("Export the comparison"), str(Path.home() / f"{name}.xlsx"), "*.xlsx")
        if out is None:
            return
        lang, seen = language(), self.desk.seen
        said = self.said.toolTip() or self.said.text()

        def work(progress: Progress) -> Path:
            from db.overview.comparison_sheet import write_comparison

            moment = "" if seen is None else seen.named.render(lang)
            return write_comparison(found, out, said=said, moment=moment, lang=lang, progress=progress)

        def done(path: Path) -> None:
            self.desk.say(_("Written: {file}", file=str(path)))

        self.desk.jobs.in_pool(self, work, done, failed=self.desk.complain, title=_("Writing “{file}”", file=out.name))

    def _swap_focus(self) -> None:
        (self.changes if self.figures.hasFocus() else self.figures).setFocus()

    def take_focus(self) -> None:
        """The figures."""
        self.figures.setFocus()


def figure_texts(one: FigureLine) -> tuple[str, str, str, str]:
    """A figure in words: what it is, then, now, the difference with its sign; — where one of them is not known."""
    then, now = _said(one, one.then, one.parts_then), _said(one, one.now, one.parts_now)
    gap = one.difference
    if gap is None:
        return one.label, then, now, "—"
    sign, apart = "+" if gap > 0 else "−" if gap < 0 else "", Decimal(gap).copy_abs()
    if is_share(one.unit):
        return one.label, then, now, tr(_("{points} points", points=f"{sign}{apart * 100:.1f}"))
    return one.label, then, now, sign + _said(one, apart)


def _said(one: FigureLine, value: Number | None, parts: Parts = None) -> str:
    """47 个; 68.8% 22/32; an amount in hundred millions with the short name of its unit, as there are many in a column."""
    from db.overview.definitions import BY_KEY

    known = BY_KEY.get(one.key)
    if value is None:
        return "—"
    if is_share(one.unit):
        counts = parts is not None and all(part is not None and part < _MANY for part in parts)
        return percent(Decimal(value)) + (f" {parts[0]}/{parts[1]}" if parts is not None and counts else "")
    if one.key == "foreign.used":
        return f"{show(Money('万美元'), int(Decimal(value) * 100), language())} {unit_name('万美元')}"
    if known is None or not known.of_money:
        return " ".join(amount(Decimal(value), one.unit)).strip()
    return " ".join(part.strip() for part in large_amount(int(value * 100), short=True))


def _tone(one: FigureLine, place: int) -> str:
    if place == 3 and one.difference:
        return "green" if one.difference > 0 else "red"
    return "accent" if place == 0 and "." in one.key else "mute" if place == 1 else "text"


def as_text(found: Against, said: str) -> str:
    """The comparison as lines for a chat: figures that are different, then each change of a project."""
    from db.overview.corrections import KINDS

    lines: list[str] = [said]
    for one in found.figures:
        if one.difference:
            name, then, now, gap = figure_texts(one)
            lines.append(tr(_("{figure}: {then} → {now} ({gap})", figure=name, then=then, now=now, gap=gap)))
    for kind, name_of in KINDS.items():
        some = found.of_kind(kind)
        if some:
            lines.append(f"【{tr(name_of)} {len(some):,}】")
            lines += [" · ".join(part for part in (one.name, one.field, _moved(one)) if part) for one in some]
    return "\n".join(lines)


def _moved(one: ChangeLine) -> str:
    return f"{one.old or '—'} → {one.new or '—'}" if one.old or one.new else ""
