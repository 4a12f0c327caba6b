"""A page of several views with a switch in its top bar (Alt+1, Alt+2 …); each view is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.text import Text
from desktop.kit.page import Desk, Page
from desktop.kit.parts import Segments

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QResizeEvent

    from db.core.filters import Condition
    from db.core.period import Period
    from desktop.kit.ledger_page import LedgerView


class PageView(NamedTuple):
    """A view. make: given the page, a widget that is a `View` by its methods."""

    key: str
    label: Text
    make: Callable[[Any], View]


class View(QWidget):
    """What a view of such a page may answer to; all of it may be left as it is.

    actions_of, doing: its keys, by their page in desktop/kit/actions.py, and what each does.
    """

    actions_of = ""
    doing: Mapping[str, Callable[[], object]] = {}

    def bars(self) -> Sequence[QWidget]:
        """Parts of its own in the top bar, at the right of the switch, shown while the view is."""
        return ()

    def refresh(self) -> None:
        """Read again what is shown."""

    def leave(self) -> None:
        """The window closes, or another book comes."""

    def come_back(self, before: View) -> None:
        """The page was made anew; what this view showed before."""

    def take_focus(self) -> None:
        """Where the keyboard is when the view comes up."""
        self.setFocus()

    def adapt(self, width: int) -> None:
        """The window has this width now."""

    def show_moment(self) -> None:
        """One looks at the book as it was, or as it is again."""

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these records."""

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """A view of the room's table, or what meets these conditions in a period."""

    def show_example(self) -> None:
        """What a picture of the view should show."""

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """As of a page."""
        return None

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """As of a page."""
        return False


class SeveralViews(Page):
    """See the module. `rows` is the view that shows records of the room in a table: others hand them on to it."""

    views: tuple[PageView, ...] = ()
    rows = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._made: dict[str, View] = {}
        self.shown_as = self.views[0].key
        self.switch = Segments([(one.key, one.label) for one in self.views], self.shown_as)
        self.switch.chosen.connect(self.show_as)
        self.add_actions(self.switch)
        self._stack = QStackedWidget()
        self.content.addWidget(self._stack, 1)
        for at, one in enumerate(self.views, 1):
            key = QShortcut(QKeySequence(f"Alt+{at}"), self)
            key.activated.connect(lambda to=one.key: self.show_as(to))

    def view(self, key: str) -> Any:
        """A view of the page; made when it is first wanted."""
        if key not in self._made:
            made = self._made[key] = next(one for one in self.views if one.key == key).make(self)
            self._stack.addWidget(made)
            self.add_actions(*made.bars())
            for part in made.bars():
                part.setVisible(key == self.shown_as)
            made.show_moment()
        return self._made[key]

    @property
    def shown(self) -> Any:
        """The view that is shown."""
        return self.view(self.shown_as)

    def show_as(self, key: str) -> None:
        """Another view, with what is in the book now."""
        shown = self.view(key)
        if key != self.shown_as:
            self.footer.show_facts([])
            self.footer.show_chosen([])
        self.shown_as = key
        self.doing = shown.doing
        self.switch.choose(key)
        for name, one in self._made.items():
            for part in one.bars():
                part.setVisible(name == key)
        self._stack.setCurrentWidget(shown)
        shown.adapt(self.window().width())
        shown.refresh()
        shown.take_focus()

    @property
    def actions_of(self) -> str:
        """The keys of the view that is shown; those of the page where it has none of its own."""
        return self.shown.actions_of or self.manual

    def refresh(self) -> None:
        """The view that is shown, again."""
        self._stack.setCurrentWidget(self.shown)
        self.doing = self.shown.doing
        self.shown.refresh()

    def leave(self) -> None:
        """Each view that was made."""
        for one in self._made.values():
            one.leave()

    def come_back(self, before: Page | None) -> None:
        """The same view."""
        if isinstance(before, SeveralViews):
            if before.shown_as != self.shown_as:
                self.show_as(before.shown_as)
            self.shown.come_back(before.shown)

    def take_focus(self) -> None:
        """The view's."""
        self.shown.take_focus()

    def show_moment(self) -> None:
        """Each view that was made."""
        super().show_moment()
        for one in self._made.values():
            one.show_moment()

    def ledger_view(self) -> LedgerView | None:
        """The view that has rows."""
        if not self.rows:
            return None
        if self.shown_as != self.rows:
            self.show_as(self.rows)
        found: LedgerView = self.shown
        return found

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """In the view that has rows."""
        if self.rows:
            self.show_as(self.rows)
        self.shown.show_only(what, ids)

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """In the view that has rows."""
        if self.rows:
            self.show_as(self.rows)
        self.shown.show_where(period, view, conditions)

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """The view's."""
        found: tuple[QWidget, Text] | None = self.shown.drop_hint(paths, place)
        return found

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """The view's."""
        return bool(self.shown.drop(paths, place))

    def show_example(self) -> None:
        """The view's."""
        self.shown.show_example()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The view folds its pane away in a narrow window."""
        super().resizeEvent(event)
        if self._made:
            self.shown.adapt(self.window().width())
