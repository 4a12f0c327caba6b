"""The words of a section: each paragraph composed, changed by hand, or not printed; free text; numbers that stay live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from db.core.period import Period, period_name
from db.core.text import Text, _
from db.reports.report import Figure, FigureNumber, Mode, Paragraph, Report, Run, Section
from desktop.kit.parts import Segments, button, clear, column_of, label, row_of, scrolled
from desktop.kit.words import tr
from desktop.overview.chips import ChipEdit
from desktop.overview.photographs import Photographs
from desktop.overview.sections import OPENING

if TYPE_CHECKING:
    from desktop.overview.making import Made

OWN = ".own"
_MODES: tuple[tuple[str, Text], ...] = (("auto", _("Auto")), ("edited", _("By hand")), ("off", _("Off")))


class ParagraphCard(QFrame):
    """One paragraph. `saved`: place, mode, the paragraph's runs or None where only the mode was changed."""

    saved = Signal(str, str, object)
    copied = Signal(str)

    def __init__(self, place: str, *, own: bool, names: Mapping[str, str]) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.place, self._own, self._names = place, own, names
        self.shown: Paragraph | None = None
        self._before: list[Run] = []
        self.modes = Segments(_MODES, "auto")
        self.modes.chosen.connect(self._choose)
        if own:
            self.modes.hide()  # never shown by itself: without a parent yet it would be a window and take the keyboard
        self.heading = label(_("In your own words, a paragraph a line") if own else "", size=12, tone="mute")
        self.copy_button = button(_("Copy text"), lambda: self.copied.emit(self.text()), kind="link")
        self.edit = ChipEdit()
        self.edit.setAccessibleName(tr(_("Text of the paragraph")))
        self.edit.stood_on.connect(self._show_chip)
        self.edit.wanted.connect(self._begin_typing)
        self.edit.done.connect(self.keep)
        self.edit.left.connect(lambda: QTimer.singleShot(0, self, self._left))
        self.over = NumberLine()
        self.over.typed.connect(self._type_over)
        self.over.back.connect(self.edit.setFocus)
        self.notes = QVBoxLayout()
        self.notes.setSpacing(2)
        lines = column_of(margins=(10, 8, 10, 8), gap=6, parent=self)
        lines.addLayout(row_of(self.modes, self.heading, None, self.copy_button))
        lines.addWidget(self.edit)
        lines.addWidget(self.over)
        lines.addLayout(self.notes)

    # --- what it shows ---------------------------------------------------------------------------------------------

    def show_paragraph(self, paragraph: Paragraph, notes: Sequence[tuple[str, str]], *, fixed: bool) -> None:
        """A paragraph and (sentence, tone) under it. What is being typed stays as it is."""
        self.shown = paragraph
        self._say_mode(paragraph)
        self.modes.setEnabled(not fixed)
        self.edit.setReadOnly(fixed or paragraph.mode == "off")
        if not (self.dirty and self.edit.hasFocus()) and list(paragraph.runs) != self._before:
            self._before = list(paragraph.runs)
            self.edit.show_pieces(self._before)
        self.copy_button.setVisible(bool(paragraph.runs))
        clear(self.notes)
        for sentence, tone in (*self._altered(paragraph), *notes):
            self.notes.addWidget(label(sentence, size=12, tone=tone, wrap=True))

    def _say_mode(self, paragraph: Paragraph) -> None:
        self.modes.choose(paragraph.mode if paragraph.mode in ("off", "edited") else "auto")

    def _altered(self, paragraph: Paragraph) -> list[tuple[str, str]]:
        return [
            (tr(_("“{typed}” was typed over: the book says {text}", typed=one.typed, text=one.text)), "amber")
            for one in paragraph.altered
        ]

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not kept yet."""
        return self.edit.pieces() != self._before

    def text(self) -> str:
        """As it reads."""
        return "".join(one if isinstance(one, str) else one.printed for one in self.edit.pieces())

    # --- numbers ---------------------------------------------------------------------------------------------------

    def _show_chip(self, chip: FigureNumber | None) -> None:
        if chip is None or self.edit.isReadOnly():
            self.over.hide()
        else:
            self.over.show_number(chip, self._names.get(chip.figure, chip.figure))

    def _begin_typing(self, first: str) -> None:
        self.over.begin(first)

    def _type_over(self, typed: str) -> None:
        self.edit.type_over(typed)
        self.edit.setFocus()
        self.keep()

    def insert(self, number: FigureNumber) -> None:
        """Put a number of the book where the cursor is."""
        self.edit.insert_pieces([number])
        self.edit.setFocus()

    # --- keeping ---------------------------------------------------------------------------------------------------

    def _choose(self, mode: str) -> None:
        if mode == "edited":
            self.edit.setReadOnly(False)
            self.edit.setFocus()
            if self.shown is not None and self.shown.mode == "off":
                self.saved.emit(self.place, "edited", None)  # with the words it had before it was left out
            return
        self._before = self.edit.pieces()
        self.saved.emit(self.place, mode, None)

    def _left(self) -> None:
        """Keep what was typed once one is somewhere else than in this card."""
        inside = self.edit.hasFocus() or self.over.has_focus()
        if not inside:
            self.over.hide()
            self.keep()

    def keep(self) -> None:
        """What is typed goes into the book; nothing where nothing was changed."""
        pieces = self.edit.pieces()
        if pieces != self._before and not self.edit.isReadOnly():
            self._before = pieces
            self.saved.emit(self.place, "written" if self._own else "edited", tuple(pieces))
        elif self.shown is not None and not self.edit.hasFocus():
            self._say_mode(self.shown)


class NumberLine(QWidget):
    """What the book says at a chip, and a field to print another number: `typed`, "" for the book's; `back` with Esc."""

    typed = Signal(str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = label("", size=12, tone="mute", wrap=True)
        self.field = QLineEdit()
        self.field.setFixedWidth(104)
        self.field.setAccessibleName(tr(_("Number to print instead")))
        self.field.returnPressed.connect(lambda: self.typed.emit(self.field.text().strip()))
        self.live = button(_("As the book says"), lambda: self.typed.emit(""), kind="link")
        row = row_of(self._name, self.field, self.live, gap=8, parent=self)
        row.setStretch(0, 1)
        self.hide()

    def show_number(self, chip: FigureNumber, name: str) -> None:
        """Another chip."""
        self._name.setText(tr(_("{figure}: the book says {text}", figure=name, text=chip.text)))
        if not self.field.hasFocus():
            self.field.setText(chip.typed)
        self.live.setVisible(bool(chip.typed))
        self.show()

    def begin(self, first: str) -> None:
        """Type into the field, beginning with what was typed onto the chip."""
        if first:
            self.field.setText(first)
        self.field.setFocus()

    def has_focus(self) -> bool:
        """Whether the keyboard is here."""
        return self.field.hasFocus() or self.live.hasFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back into the text, without another number."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            super().keyPressEvent(event)


class Writing(QWidget):
    """The paragraphs of a section. `saved` as of a card; `copied`: text for the clipboard; `explained`: a figure."""

    saved = Signal(str, str, object)
    copied = Signal(str)
    explained = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, ParagraphCard] = {}
        self._figures: Sequence[Figure] = ()
        self._last: ParagraphCard | None = None
        self.heading = label("", bold=True, wrap=True)
        self.waiting = QVBoxLayout()
        self._lines = column_of(self.heading, margins=(12, 10, 12, 12), gap=10)
        self._lines.addLayout(self.waiting)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        self._lines.addLayout(self._cards)
        self.number_button = button(_("Insert a number of the book…"), self._choose_number, small=True)
        self._lines.addLayout(row_of(self.number_button, None))
        self.photographs = Photographs()
        self._lines.addWidget(self.photographs)
        self._lines.addStretch(1)
        self._area = scrolled(self._lines)
        column_of(self._area, parent=self)

    def show_section(self, made: Made, section: Section | None) -> None:
        """The words of a section, of the opening where it is None."""
        draft, fixed = made.draft, made.fixed
        paragraphs = editable(draft, section)
        self._figures = draft.figures
        self.heading.setText(section.heading if section is not None else tr(_("Opening")))
        self._show_waiting(draft, section)
        if list(self.cards) != list(paragraphs):
            self._make(paragraphs, draft)
        for place, paragraph in paragraphs.items():
            self.cards[place].show_paragraph(paragraph, notes_of(paragraph), fixed=fixed)
        self.number_button.setVisible(not fixed)
        self.photographs.show_section(made, section.key if section is not None else "")
        self.setToolTip(tr(_("The report is finalised. Reopen it to change it.")) if fixed else "")

    def _make(self, paragraphs: Mapping[str, Paragraph], draft: Report) -> None:
        clear(self._cards)
        names = {one.key: one.label for one in draft.figures}
        self.cards = {place: ParagraphCard(place, own=place.endswith(OWN), names=names) for place in paragraphs}
        self._last = next(iter(self.cards.values()), None)
        for card in self.cards.values():
            card.saved.connect(self.saved)
            card.copied.connect(self.copied)
            card.edit.cursorPositionChanged.connect(partial(self._stands, card))
            self._cards.addWidget(card)

    def _show_waiting(self, draft: Report, section: Section | None) -> None:
        clear(self.waiting)
        key = section.key if section is not None else OPENING
        for one in draft.pending:
            if one.place.partition(".")[0] != key:
                continue
            self.waiting.addWidget(label(one.sentence, size=12, tone="amber", wrap=True))
            links = row_of(gap=12)
            for figure in one.figures[:3]:
                named = next((known.label for known in draft.figures if known.key == figure), "")
                if named:
                    links.addWidget(button(named, partial(self.explained.emit, figure), kind="link"))
            links.addStretch(1)
            self.waiting.addLayout(links)

    def go_to(self, place: str) -> None:
        """The keyboard into a paragraph; into that of its own words where it is one of them."""
        head, own, _nth = place.partition(OWN)
        card = self.cards.get(head + own if own else place)
        if card is not None:
            card.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(card)

    def keep(self) -> None:
        """What is typed goes into the book now."""
        for card in self.cards.values():
            card.keep()

    def _stands(self, card: ParagraphCard) -> None:
        self._last = card

    def _choose_number(self) -> None:
        from desktop.kit.lists import Picker

        if self._last is None:
            return
        plain = [(one.key, one.label) for one in self._figures if "@" not in one.key]
        picker = Picker(self, plain, _("Search the figures"))
        picker.chosen.connect(self._insert)
        picker.open_at(self.number_button.mapToGlobal(QPoint(0, self.number_button.height() + 4)))

    def _insert(self, key: str) -> None:
        from db.overview.writers import writer
        from desktop.kit.words import language

        figure = next((one for one in self._figures if one.key == key), None)
        if figure is not None and self._last is not None:
            self._last.insert(FigureNumber(key, writer(language()).figure_text(figure, 1)))


def editable(draft: Report, section: Section | None) -> dict[str, Paragraph]:
    """Place → paragraph of a section that may be changed. What a person wrote is one text, a paragraph a line."""
    blocks = section.blocks if section is not None else draft.opening
    found: dict[str, Paragraph] = {}
    own = f"{section.key}{OWN}" if section is not None else ""
    written: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and own and block.place.startswith(own):
            written.append(block)
        elif isinstance(block, Paragraph) and block.place:
            found[block.place] = block
    if own:
        found[own] = joined(written)
    return found


def joined(paragraphs: Sequence[Paragraph]) -> Paragraph:
    """Paragraphs as one, their ends as line feeds."""
    runs: list[Run] = []
    for at, one in enumerate(paragraphs):
        for run in (("\n",) if at else ()) + one.runs:
            if isinstance(run, str) and runs and isinstance(runs[-1], str):
                runs[-1] += run
            else:
                runs.append(run)
    mode: Mode = paragraphs[0].mode if paragraphs else "auto"
    return Paragraph(tuple(runs), mode=mode, carried=paragraphs[0].carried if paragraphs else "")


def notes_of(paragraph: Paragraph) -> list[tuple[str, str]]:
    """What is said under a paragraph, with its tone."""
    if not paragraph.carried:
        return []
    named = period_name(Period.parse(paragraph.carried))
    return [(tr(_("Carried over from {period} until it is changed here", period=named)), "mute")]
