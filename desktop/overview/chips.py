"""Typing a paragraph in which the numbers of the book stand as chips: they stay live, or carry what was typed over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPyTextObject,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from db.reports.report import FigureNumber, Run
from db.reports.typeset import NO_START
from desktop.kit import theme
from desktop.kit.parts import is_ctrl_enter

_KIND = int(QTextFormat.ObjectTypes.UserObject) + 1
_FIRST = int(QTextFormat.Property.UserProperty) + 1
_OBJECT = "￼"
_MIME = "application/x-zhaoshang-paragraph"
_PAD = 4.0
_LEAST, _MOST = 40, 260


class _Tails(QSyntaxHighlighter):
    """Hides the punctuation behind a chip, which the chip draws: Qt would break a line between the two."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._hidden = QTextCharFormat()
        font = QFont(document.defaultFont())
        font.setPixelSize(1)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, -1)
        self._hidden.setFont(font)
        self._hidden.setForeground(Qt.GlobalColor.transparent)

    def highlightBlock(self, text: str) -> None:
        """Every mark of a run of punctuation that follows a chip."""
        place, behind = 0, False
        for one in text:
            if behind and one in NO_START:
                self.setFormat(place, 1, self._hidden)
            else:
                behind = one == _OBJECT
            place += 1 if one <= "\uffff" else 2  # as Qt counts


def _tail(document: QTextDocument, position: int) -> str:
    """The punctuation behind a chip that must stand in its line."""
    end = position + 1
    while document.characterAt(end) in NO_START:
        end += 1
    return "".join(document.characterAt(at) for at in range(position + 1, end))


class _Painter(QPyTextObject):
    """Draws a chip in the line, with the punctuation behind it."""

    def __init__(self, edit: QTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit

    def intrinsicSize(self, doc: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        """As wide as what it prints."""
        metrics = QFontMetricsF(doc.defaultFont())
        chip, tail = _chip_of(form).printed, _tail(doc, position)
        return QSizeF(metrics.horizontalAdvance(chip) + 2 * _PAD + metrics.horizontalAdvance(tail), metrics.height())

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, position: int, form: QTextFormat
    ) -> None:
        """A soft ground; a number typed over has a line under it, too."""
        chip, of = _chip_of(form), theme.tokens()
        tone, ground = ("amber", "amber_soft") if chip.typed else ("accent", "accent_soft")
        tail = _tail(doc, position)
        width = QFontMetricsF(doc.defaultFont()).horizontalAdvance(tail)
        box = QRectF(rect).adjusted(1, 0, -1 - width, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cursor = self._edit.textCursor()
        selected = cursor.selectionStart() <= position < cursor.selectionEnd()
        painter.setPen(QPen(of.color("accent"), 2) if selected else Qt.PenStyle.NoPen)
        painter.setBrush(of.color(ground))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1) if selected else box, 4, 4)
        painter.setPen(of.color(tone))
        painter.setFont(doc.defaultFont())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip.printed)
        if chip.typed:
            painter.setPen(QPen(of.color(tone), 1, Qt.PenStyle.DashLine))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(self._edit.palette().color(QPalette.ColorRole.Text))
        painter.drawText(QRectF(rect).adjusted(box.width() + 2, 0, 1, 0), Qt.AlignmentFlag.AlignVCenter, tail)
        painter.restore()


def _format(chip: FigureNumber) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setObjectType(_KIND)
    form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
    for at, part in enumerate((chip.figure, chip.text, chip.typed, str(chip.nth))):
        form.setProperty(_FIRST + at, part)
    return form


def _chip_of(form: QTextFormat) -> FigureNumber:
    figure, text, typed, nth = (str(form.property(_FIRST + at) or "") for at in range(4))
    return FigureNumber(figure, text, typed, int(nth or 1))


class ChipEdit(QTextEdit):
    """The editor. `stood_on`: the chip at the cursor, or None; `wanted`: keys typed onto a chip; `done`: keep it now.

    Tab goes from chip to chip and then out; a chip is one character for every key.
    """

    stood_on = Signal(object)
    wanted = Signal(str)
    done = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = _Painter(self)
        self.document().documentLayout().registerHandler(_KIND, self._painter)
        self.document().setDefaultFont(theme.font(13))
        self._tails = _Tails(self.document())
        self.document().setDocumentMargin(6)
        self.setFont(theme.font(13))
        self.setProperty("chips", "true")
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self.cursorPositionChanged.connect(self._say_chip)
        self.selectionChanged.connect(self._say_chip)
        self._fit()

    # --- what it holds ---------------------------------------------------------------------------------------------

    def show_pieces(self, pieces: Sequence[Run]) -> None:
        """Another paragraph; what was undoable before is not any more."""
        before = self.blockSignals(True)
        self.clear()
        cursor = self.textCursor()
        _write(cursor, pieces)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.blockSignals(before)
        self._fit()

    def insert_pieces(self, pieces: Sequence[Run]) -> None:
        """Put texts and numbers where the cursor is."""
        _write(self.textCursor(), pieces)

    def pieces(self) -> list[Run]:
        """What stands in it; its lines are parted by line feeds."""
        return _pieces(self.document(), 0, self.document().characterCount() - 1)

    def chip(self) -> FigureNumber | None:
        """The chip that is selected, or the one behind the cursor."""
        return _chips(self.document()).get(self._chip_place())

    def _chip_place(self) -> int:
        cursor = self.textCursor()
        low, high = cursor.selectionStart(), cursor.selectionEnd()
        if high - low > 1:
            return -1
        place = low if high > low else low - 1
        return place if place in _chips(self.document()) else -1

    def type_over(self, typed: str) -> None:
        """Print another number than the book's at the chip under the cursor; "" makes it live again."""
        place = self._chip_place()
        found = self.chip()
        if found is None:
            return
        cursor = self.textCursor()
        cursor.setPosition(place)
        cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(_OBJECT, _format(replace(found, typed="" if typed == found.text else typed)))
        self._select(place)

    def all_live(self) -> None:
        """Every number as the book has it."""
        for place in _chips(self.document()):
            self._select(place)
            self.type_over("")

    def _select(self, place: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(place)
        cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _say_chip(self) -> None:
        self.stood_on.emit(self.chip())

    # --- keys and mouse --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a chip, and a digit typed onto a selected one, ask for another number; Ctrl+Enter is done."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_ctrl_enter(event):
            self.done.emit()
            return
        selected = self.textCursor().hasSelection() and self._chip_place() >= 0
        if selected and (enter or event.key() == Qt.Key.Key_F2 or (event.text().isdigit() and event.text().isascii())):
            self.wanted.emit("" if not event.text().isdigit() else event.text())
            return
        super().keyPressEvent(event)
        if self.currentCharFormat().objectType() == _KIND:
            self.setCurrentCharFormat(QTextCharFormat())  # what is typed behind a chip is plain text

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab: the next chip, behind the last one the next part of the page."""
        places = list(_chips(self.document()))
        here = self.textCursor().selectionStart() if following else self.textCursor().selectionStart() - 1
        selected = self.textCursor().hasSelection()
        if following:
            further = [place for place in places if place > here or (place == here and not selected)]
        else:
            further = [place for place in reversed(places) if place <= here]
        if further:
            self._select(further[0])
            return True
        return super().focusNextPrevChild(following)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a chip selects it."""
        super().mouseReleaseEvent(event)
        if self.textCursor().hasSelection():
            return
        for place in _chips(self.document()):
            if self._box(place).contains(event.position()):
                self._select(place)
                return

    def _box(self, place: int) -> QRectF:
        """Where the character at `place` stands, in the viewport."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        low = self.cursorRect(cursor)
        cursor.setPosition(place + 1)
        high = self.cursorRect(cursor)
        if high.top() != low.top():
            return QRectF(low)
        return QRectF(low.left(), low.top(), high.left() - low.left(), low.height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is kept when one goes elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def resizeEvent(self, event: object) -> None:
        """As high as its lines."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        wanted = int(self.document().size().height()) + 4
        self.setFixedHeight(min(max(wanted, _LEAST), _MOST))
        more = wanted > _MOST
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if more else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)

    # --- the clipboard ---------------------------------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """The text as it is printed; for another paragraph here with its chips."""
        cursor = self.textCursor()
        pieces = _pieces(self.document(), cursor.selectionStart(), cursor.selectionEnd())
        made = QMimeData()
        made.setText("".join(one if isinstance(one, str) else one.printed for one in pieces))
        made.setData(_MIME, _packed(pieces))
        return made

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Texts, nothing else."""
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Chips as chips, other text plain."""
        held = bytes(source.data(_MIME).data())
        _write(self.textCursor(), _unpacked(held) if held else [source.text().replace(_OBJECT, "")])


def _write(cursor: QTextCursor, pieces: Sequence[Run]) -> None:
    cursor.beginEditBlock()
    for piece in pieces:
        if isinstance(piece, str):
            cursor.insertText(piece, QTextCharFormat())
        else:
            cursor.insertText(_OBJECT, _format(piece))
    cursor.setCharFormat(QTextCharFormat())
    cursor.endEditBlock()


def _chips(document: QTextDocument) -> dict[int, FigureNumber]:
    """Every chip by its place, in the order of the text. Places count as Qt does: a rare character is two."""
    found: dict[int, FigureNumber] = {}
    block = document.begin()
    while block.isValid():
        for part in block:  # type: ignore[attr-defined]
            fragment = part.fragment()
            form = fragment.charFormat()
            if form.objectType() == _KIND:
                found |= {fragment.position() + at: _chip_of(form) for at in range(fragment.length())}
        block = block.next()
    return found


def _pieces(document: QTextDocument, low: int, high: int) -> list[Run]:
    found: list[Run] = []
    chips = {place: chip for place, chip in _chips(document).items() if low <= place < high}
    cursor = QTextCursor(document)
    for end in (*chips, high):
        cursor.setPosition(low)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        text = cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n").replace(_OBJECT, "")
        found += [text] if text else []
        if end in chips:
            found.append(chips[end])
        low = end + 1
    return found


def _packed(pieces: Sequence[Run]) -> bytes:
    import json
    from dataclasses import astuple

    return json.dumps([one if isinstance(one, str) else astuple(one) for one in pieces]).encode()


def _unpacked(held: bytes) -> list[Run]:
    import json

    return [one if isinstance(one, str) else FigureNumber(*one) for one in json.loads(held)]
