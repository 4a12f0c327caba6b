"""与上期公布数核对: up to six published numbers beside the book's own, and what each difference may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from db.core.errors import Problem
from db.core.fields import Money
from db.core.period import Period, period_name
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.choices import Choices
from desktop.kit.page import Connection, Desk, Page, with_room
from desktop.kit.parts import Tag, bar, button, clear, column_of, label, row_of, scrolled
from desktop.kit.periods import PeriodButton, last_ended, this_year_so_far
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.reconcile import Compared, Explanation, Typed

_WIDTH = 460


class Line(QWidget):
    """One published number: which figure, and what was typed. What cannot be read stays, with the reason under it."""

    def __init__(self, figure: str, done: Callable[[], object]) -> None:
        super().__init__()
        from db.overview.reconcile import choices

        self.figure = Choices([(key, text) for key, text in choices()], figure)
        self.figure.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.figure.currentIndexChanged.connect(lambda _at: self._hint())
        self.number = QLineEdit()
        self.number.setFixedWidth(132)
        self.number.returnPressed.connect(done)
        self.number.setAccessibleName(tr(_("Published number")))
        self.why = label("", size=12, tone="red", wrap=True)
        self.why.hide()
        whole = row_of(self.figure, self.number, gap=8)
        whole.setStretch(0, 1)
        lines = column_of(gap=2, parent=self)
        lines.addLayout(whole)
        lines.addWidget(self.why)
        self._hint()

    def _hint(self) -> None:
        from db.overview.definitions import BY_KEY

        money = BY_KEY[self.figure.key].of_money
        self.number.setPlaceholderText(tr(_("174.2 (¥100m)")) if money else "47")

    def typed(self) -> Typed | None:
        """What was typed; None where nothing was, or it cannot be read."""
        from db.overview.reconcile import read_number

        self.why.hide()
        try:
            return read_number(self.figure.key, self.number.text())
        except Problem as problem:
            self.why.setText(problem.render(language()))
            self.why.show()
            return None


class ReconcilePage(Page):
    """See the module."""

    title = _("Compare with the published numbers")
    manual = "first-hour"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        from db.overview.reconcile import USUAL

        self.found: list[Compared] = []
        self._asked_period = False
        today = desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 8, today.year))
        self.period.chosen.connect(self._other_period)
        self.keep_button = button(_("Keep as published figures"), self._keep)
        self.done_button = button(_("Next: last month's report"), self._done, kind="primary")
        self.add_actions(self.keep_button, self.done_button)
        self.source = QLineEdit()
        self.source.setPlaceholderText(tr(_("where they were published (may stay empty)")))
        self.source.setFixedWidth(300)
        self.content.addWidget(
            bar("filter", theme.FILTER_BAR, label(_("Published of"), tone="mute"), self.period, 12,
                label(_("Source"), tone="mute"), self.source, None)
        )  # fmt: skip
        self.lines = [Line(figure, self.compare) for figure in USUAL]
        self.content.addWidget(self._body(), 1)
        self._show([])

    def _body(self) -> QWidget:
        card = QFrame()
        card.setProperty("box", "card")
        card.setFixedWidth(_WIDTH)
        self.compare_button = button(_("Compare"), self.compare, kind="primary")
        inner = column_of(gap=10, margins=(14, 12, 14, 14))
        for line in self.lines:
            inner.addWidget(line)
        inner.addLayout(row_of(label(_("Enter compares"), size=12, tone="mute"), None, self.compare_button))
        inner.addStretch(1)
        head = bar(
            "head", 40, label(_("As published"), bold=True), label(_("up to six numbers"), size=12, tone="mute"), None,
            margins=(14, 0, 14, 0),
        )  # fmt: skip
        left = column_of(head, gap=0, margins=(1, 1, 1, 1), parent=card)
        left.addLayout(inner, 1)
        self._results = QVBoxLayout()
        self._results.setContentsMargins(0, 0, 8, 0)
        self._results.setSpacing(12)
        area = scrolled(self._results)
        body = QWidget()
        row_of(card, area, margins=(12, 12, 4, 12), gap=12, parent=body).setStretch(1, 1)
        return with_room(body, 860, 380)

    # --- what is asked ---------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The first number."""
        self.lines[0].number.setFocus()

    def refresh(self) -> None:
        """The period the book has something of, with what was kept of it; later, compare again."""
        if not self._asked_period:
            self._asked_period = True
            self.ask(_last_period, self._take_period, key="period")
        elif self.found:
            self.compare()

    def _take_period(self, period: Period | None) -> None:
        self.period.take(last_ended(period, self.desk.today()))

    def _other_period(self) -> None:
        self._show([])
        self.ask(_kept(self.period.period), self._take_kept, key="kept")

    def _take_kept(self, kept: dict[str, int]) -> None:
        from db.overview.definitions import BY_KEY

        for line in self.lines:
            value = kept.get(line.figure.key)
            line.number.setText("" if value is None else _shown(value, money=BY_KEY[line.figure.key].of_money))
        if kept:
            self.compare()

    def _typed(self) -> list[Typed]:
        found: dict[str, Typed] = {}
        for line in self.lines:
            typed = line.typed()
            if typed is not None:
                found[typed.figure] = typed
        return list(found.values())

    def compare(self) -> None:
        """Compare what was typed with the book."""
        typed = self._typed()
        if typed:
            self.ask(_compare(self.period.period, typed), self._show, key="compare")
        else:
            self._show([])

    def _keep(self) -> None:
        typed = self._typed()
        if typed:
            text = _("Published figures of {period}", period=period_name(self.period.period))
            self.write(text, _keeping(self.period.period, typed, self.source.text().strip() or None))

    def _done(self) -> None:
        if self.found:
            self.desk.guide.finish("reconcile")
        self.desk.go("sent")

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _show(self, found: list[Compared]) -> None:
        self.found = found
        clear(self._results)
        self.keep_button.setEnabled(bool(found))
        for one in found:
            self._results.addWidget(Answer(one, self.desk))
        if not found:
            text = _("Type what was published of this period. Each number is compared with the book's, and where they "
                     "differ, the rows that may be the reason are named.")  # fmt: skip
            self._results.addWidget(label(text, tone="mute", wrap=True))
        self._results.addStretch(1)
        agree = sum(one.agrees for one in found)
        facts = [("", str(agree), tr(_("agreeing"))), ("", str(len(found) - agree), tr(_("different")))]
        self.footer.show_facts(facts if found else [])
        if found and agree == len(found):
            self.desk.guide.finish("reconcile")

    def show_example(self) -> None:
        """For a picture: numbers of which two differ by a project."""
        for line, text in zip(self.lines, ("48", "175.6", "26", "", "", ""), strict=True):
            line.number.setText(text)
        self.compare()


class Answer(QFrame):
    """One number beside the book's, with what the difference may be."""

    def __init__(self, one: Compared, desk: Desk) -> None:
        super().__init__()
        self.setProperty("box", "card")
        lines = column_of(margins=(14, 10, 14, 12), gap=6, parent=self)
        tag = Tag(_("agrees"), "green") if one.agrees else Tag(_("differs"), "amber")
        published, book = (_shown(value, money=one.is_money) for value in (one.published, one.book))
        said = label(_("published {published}, in the book {book}", published=published, book=book), wrap=True)
        head = row_of(label(one.label, bold=True), tag, None, gap=10)
        if one.rows:
            head.addWidget(_rows_link(desk, one.room, one.label, one.rows))
        lines.addLayout(head)
        lines.addWidget(said)
        if one.agrees:
            return
        few = _("It may be:") if one.explanations else _(
            "No single reason was found. Look at the rows one by one, or ask how the number was counted.")  # fmt: skip
        lines.addWidget(label(few, size=12, tone="mute"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, explanation in enumerate(one.explanations):
            self._explain(grid, at, explanation, desk)
        lines.addLayout(grid)

    def _explain(self, grid: QGridLayout, at: int, one: Explanation, desk: Desk) -> None:
        words = {
            (True, True): (_("number and money"), "green"), (True, False): (_("exactly"), "green"),
            (False, False): (_("perhaps"), "grey"), (False, True): (_("perhaps"), "grey"),
        }  # fmt: skip
        tag = Tag(*words[one.closes, one.both])
        grid.addWidget(tag, at, 0)
        text = tr(one.text)
        if len(one.rows) > 1 and one.names:
            names = "、".join(one.names) if language() == "zh" else ", ".join(one.names)
            text += ("：" if language() == "zh" else ": ") + names + (" …" if len(one.rows) > len(one.names) else "")
        grid.addWidget(label(text, wrap=True), at, 1)
        if one.rows:
            grid.addWidget(_rows_link(desk, one.room, one.text, one.rows), at, 2)


def _rows_link(desk: Desk, room: str, what: Text, ids: tuple[int, ...]) -> QWidget:
    made = button(_("See {count} rows", count=len(ids)), lambda: desk.show_rows(room, tr(what), ids), kind="link")
    made.setEnabled(room == "projects")
    return made


def _shown(value: int, *, money: bool) -> str:
    from db.core.formats import show

    if not money:
        return f"{value:,}"
    if language() == "zh":
        return f"{show(Money('亿元'), value)} 亿元"
    return f"{show(Money('亿元'), value * 100)} million yuan"  # exact: rounded, two that differ could read alike


# --- what is asked of the book ---------------------------------------------------------------------------------------


def _last_period(connection: Connection) -> Period | None:
    from db.overview.last_period import last_period

    return last_period(connection)


def _cut(connection: Connection, period: Period) -> Period:
    from db.core import settings

    return Period.parse(period.text, cut=settings.get(connection, "month.cut"))


def _kept(period: Period) -> Callable[[Connection], Any]:
    def work(connection: Connection) -> Any:
        from db.overview.reconcile import kept

        return kept(connection, _cut(connection, period))

    return work


def _compare(period: Period, typed: list[Typed]) -> Callable[[Connection], Any]:
    def work(connection: Connection) -> Any:
        from db.overview.reconcile import reconcile

        return reconcile(connection, _cut(connection, period), typed)

    return work


def _keeping(period: Period, typed: list[Typed], source: str | None) -> Callable[[Connection], Any]:
    def work(connection: Connection) -> Any:
        from db.overview.reconcile import keep

        keep(connection, _cut(connection, period), typed, source=source)

    return work
