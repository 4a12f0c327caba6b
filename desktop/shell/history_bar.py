"""Operations searched by words, person, room and days; and a slider over the moments of the book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from db.core.fields import Day, Field
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.choices import Choices
from desktop.kit.editors import DayInput
from desktop.kit.parts import ElidedLabel, bar, button, label, restyle, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.history import Operation
    from desktop.rooms import ScreenRoom

_TYPING = 200


@dataclass(frozen=True)
class Sought:
    """What is looked for. room: its name; since, until: ISO days, both included; "" where it does not matter."""

    words: str = ""
    who: str = ""
    room: str = ""
    since: str = ""
    until: str = ""

    def fits(self, one: Operation) -> bool:
        """Whether an operation is one of those, but for its room."""
        day = f"{one.at:%Y-%m-%d}"
        said = f"{one.number} {tr(one.label)} {one.source or ''}".lower()
        return (
            (not self.who or one.actor == self.who)
            and (not self.since or day >= self.since)
            and (not self.until or day <= self.until)
            and all(word in said for word in self.words.lower().split())
        )


class SearchBar(QWidget):
    """`changed` when something else is looked for."""

    changed = Signal()

    def __init__(self, rooms: Sequence[ScreenRoom]) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr(_("What was done, in words")))
        self.words.setFixedWidth(240)
        self.words.setClearButtonEnabled(False)
        self.who = Choices([("", _("Everybody"))])
        self.room = Choices([("", _("All rooms")), *((one.name, one.label) for one in rooms)])
        self.since, self.until = (DayInput(Field(key, text, Day()), None) for key, text in _DAYS)
        self.clear_button = button(_("Show all"), self.clear, kind="link")
        for part, (_key, text) in zip((self.since, self.until), _DAYS, strict=True):
            part.setPlaceholderText(tr(text))
            part.setAccessibleName(tr(text))
            part.setFixedWidth(116)
            part.edited.connect(self._later)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING)
        self._timer.timeout.connect(self._tell)
        self.words.textChanged.connect(lambda _text: self._later())
        self.who.currentIndexChanged.connect(lambda _at: self._tell())
        self.room.currentIndexChanged.connect(lambda _at: self._tell())
        row_of(
            bar("filter", theme.FILTER_BAR, self.words, self.who, self.room, self.since, label("—", tone="faint"),
                self.until, None, self.clear_button),
            parent=self,
        )  # fmt: skip
        self.clear_button.hide()

    def show_people(self, names: Iterable[str]) -> None:
        """Whose operations there are."""
        choices: list[tuple[str, Text | str]] = [("", _("Everybody")), *((name, name) for name in names)]
        self.who.fill(choices, self.who.key)

    @property
    def sought(self) -> Sought:
        """What is looked for now; a day that is none does not count and is marked."""
        return Sought(
            self.words.text().strip(), self.who.key, self.room.key, self._day(self.since), self._day(self.until)
        )

    def _day(self, line: DayInput) -> str:
        from db.core.block import understood

        reading = understood(line.field, line.typed)
        line.setProperty("wrong", "true" if reading.refused is not None else "false")
        restyle(line)
        return str(reading.value) if reading.refused is None and reading.value is not None else ""

    def _later(self) -> None:
        self._timer.start()

    def _tell(self) -> None:
        self.clear_button.setVisible(self.sought != Sought())
        self.changed.emit()

    def clear(self) -> None:
        """Look for nothing."""
        for line in (self.words, self.since, self.until):
            line.clear()
        self.who.setCurrentIndex(0)
        self.room.setCurrentIndex(0)
        self._timer.stop()
        self._tell()


_DAYS = (("since", _("from day")), ("until", _("to day")))


class Moments(QWidget):
    """A slider over the operations, the oldest at the left; `wanted` gives the number to look at the book after.

    Enter, or letting the handle go, looks there; the arrows go on by one, the page keys by a tenth.
    """

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._operations: Sequence[Operation] = ()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr(_("Moment of the book")))
        self.slider.setMinimumWidth(260)
        self.said = ElidedLabel(size=12, tone="mute")
        self.look_button = button(_("Look at it"), self._look, small=True)
        self.slider.valueChanged.connect(lambda _at: self._say())
        self.slider.sliderReleased.connect(self._look)
        box = bar(
            "bottom", 44, label(_("Slide through time"), size=12, tone="mute"), self.slider, self.said, self.look_button
        )
        row_of(box, parent=self)
        inner = box.layout()
        assert inner is not None
        inner.setStretch(1, 2)  # type: ignore[attr-defined]
        inner.setStretch(2, 3)  # type: ignore[attr-defined]

    def show_operations(self, newest_first: Sequence[Operation], seen: int | None) -> None:
        """The moments there are; the handle stands at the one that is looked at, else at the present."""
        self._operations = newest_first
        last = max(len(newest_first) - 1, 0)
        before = self.slider.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setPageStep(max(last // 10, 1))
        at = next((at for at, one in enumerate(newest_first) if seen is not None and one.number <= seen), 0)
        self.slider.setValue(last - at)
        self.slider.blockSignals(before)
        self.setEnabled(len(newest_first) > 1)
        self._say()

    @property
    def operation(self) -> Operation | None:
        """After which the book would be looked at."""
        at = len(self._operations) - 1 - self.slider.value()
        return self._operations[at] if 0 <= at < len(self._operations) else None

    def _say(self) -> None:
        one = self.operation
        if one is not None:
            self.said.say(
                _(
                    "{when} · after no. {number}: {what}",
                    when=f"{one.at:%Y-%m-%d %H:%M}",
                    number=one.number,
                    what=one.label,
                )
            )

    def _look(self) -> None:
        if self.operation is not None:
            self.wanted.emit(self.operation.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter looks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._look()
        else:
            super().keyPressEvent(event)
