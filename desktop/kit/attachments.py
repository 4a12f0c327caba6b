"""The files beside a record: dropped or chosen, listed, looked at, opened, saved, renamed, removed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QStyle, QStyledItemDelegate, QWidget

from db.core.errors import Problem, Refused
from db.core.paths import user_folder
from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.clipboard import holds_picture
from desktop.kit.further import OFFERED, Further
from desktop.kit.glimpse import Glimpse, GlimpseView, look
from desktop.kit.page import Connection, Page
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.attachments import Attachment
    from db.core.book import Book
    from db.core.progress import Progress

_ROW = 44
_KEPT_OPEN = 24 * 3600  # seconds that a copy for another program stays


def opened_folder() -> Path:
    """Where copies for other programs lie; those of earlier days are taken away."""
    folder = user_folder("cache") / "opened"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*/*"):
        with contextlib.suppress(OSError):  # another program has it open
            if time.time() - old.stat().st_mtime > _KEPT_OPEN:
                old.chmod(0o600)
                old.unlink()
                old.parent.rmdir()
    return folder


def open_with_desk(path: Path) -> bool:
    """Let the desk's own program open a file."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_outside(page: Page, number: int, *, opener: Callable[[Path], bool] = open_with_desk) -> None:
    """Let the desk's program open a copy of an attachment."""
    desk = page.desk

    def work(book: Book, progress: Progress) -> Path:
        from db.core import attachments

        with book.present.read() as connection:  # no copy of a moment has contents
            return attachments.take_out(connection, number, opened_folder(), progress=progress)

    def opened(path: Path) -> None:
        if not opener(path):
            desk.complain(
                Refused(_("No program on this computer opens “{file}”. Save it and open it there.", file=path.name))
            )

    desk.jobs.ask(page, work, opened, failed=desk.complain, title=_("Opening the attachment"))


def pasted_picture() -> Path | None:
    """The picture on the clipboard as a file that may be attached."""
    if not holds_picture():
        return None
    folder = opened_folder() / f"{time.time_ns():x}"
    folder.mkdir()
    name = tr(_("Picture of the clipboard"))
    path = folder / f"{name} {time.strftime('%Y-%m-%d %H%M%S')}.png"
    return path if QGuiApplication.clipboard().image().save(str(path)) else None


class _Lines(QStyledItemDelegate):
    """A name over size, person and day."""

    def sizeHint(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines."""
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        """Ground, name, facts, line."""
        of, box = theme.tokens(), QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, of.color("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, of.color("line2"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box.left(), box.top(), 3, box.height() - 1, of.color("accent"))
        painter.setPen(of.color("line2"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inner = box.adjusted(16, 4, -16, -5)
        for text, size, tone, place in (
            (index.data(), 13, "text", Qt.AlignmentFlag.AlignTop),
            (index.data(Qt.ItemDataRole.UserRole + 1), 12, "mute", Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(theme.font(size))
            painter.setPen(of.color(tone))
            shown = theme.metrics(size).elidedText(str(text), Qt.TextElideMode.ElideMiddle, inner.width())
            painter.drawText(inner, int(place | Qt.AlignmentFlag.AlignLeft), shown)


class Attachments(QWidget):
    """The files of one record of a room; made once, then shown record after record."""

    def __init__(self, page: Page, room: str, *, opener: Callable[[Path], bool] = open_with_desk) -> None:
        super().__init__()
        self._page, self._room, self._opener = page, room, opener
        self._record, self._name = 0, ""
        self.found: Sequence[Attachment] = ()
        self.add_button = button(_("Attach files…"), self.choose, small=True, icon="plus")
        self.note = label(_("Drop files here"), size=12, tone="faint")
        self.list = QListWidget()
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.list.currentRowChanged.connect(lambda _row: self._show_current())
        self.list.itemActivated.connect(lambda _item: self.open_current())
        self.list.setAccessibleName(tr(_("Attachments")))
        self.view = GlimpseView(page.desk.jobs)
        self.open_button = button(_("Open"), self.open_current, small=True)
        self.save_button = button(_("Save as…"), self.save_current, small=True)
        self.rename_button = button(_("Rename…"), self.rename_current, small=True)
        self.remove_button = button(_("Remove"), self.remove_current, small=True)
        self._doing = bar(
            "filter", 40, self.open_button, self.save_button, self.rename_button, self.remove_button, None
        )
        self.further_button = button("", lambda: self.do_further(self._further()[0]), kind="link")
        column_of(
            bar("filter", 40, self.add_button, self.note, None, self.further_button),
            self.list,
            self._doing,
            gap=0,
            parent=self,
        ).addWidget(self.view, 1)
        self._fill(())

    # --- reading ---------------------------------------------------------------------------------------------------

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Another record, or the same one changed."""
        self._record, self._name = int(record["id"]), str(record["name"])
        self.read()

    def read(self) -> None:
        """Ask the book."""
        room, record = self._room, self._record

        def work(connection: Connection) -> Sequence[Attachment]:
            from db.core import attachments

            return attachments.of_record(connection, room, record)

        self._page.ask(work, self._fill, key=f"attachments:{room}")

    def _fill(self, found: Sequence[Attachment]) -> None:
        before = self.current
        self.found = found
        self.list.blockSignals(True)
        self.list.clear()
        for one in found:
            item = QListWidgetItem(projector.covered(one.name))
            item.setToolTip(projector.covered(one.name))
            said = [size_text(one.size), one.added_by, one.added_on]
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setData(Qt.ItemDataRole.UserRole + 1, " · ".join(part for part in said if part))
            self.list.addItem(item)
        self.list.setFixedHeight(min(max(len(found), 0), 5) * _ROW)
        places = [one.id for one in found]
        if found:
            self.list.setCurrentRow(places.index(before) if before in places else len(found) - 1)
        self.list.blockSignals(False)
        self._doing.setVisible(bool(found))
        self.list.setVisible(bool(found))
        self._show_current()

    @property
    def current(self) -> int | None:
        """The number of the attachment that is chosen."""
        row = self.list.currentRow()
        return int(self.list.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else None

    def _chosen(self) -> Attachment | None:
        return next((one for one in self.found if one.id == self.current), None)

    def _show_current(self) -> None:
        number = self.current
        self._show_further()
        if number is None:
            self.view.show_glimpse(
                Glimpse(_("Nothing is attached. Drop files here: pictures, PDF, tables, up to 200 MB."))
            )
            return

        if projector.on():
            self.view.show_glimpse(Glimpse(_("While the screen is projected, attachments are not shown.")))
            return

        def work(book: Book, progress: Progress) -> Glimpse:
            return look(book, number, opened_folder(), progress)

        def failed(problem: Problem) -> None:
            self.view.show_glimpse(Glimpse(problem.sentence))

        self._page.desk.jobs.ask(self, work, self.view.show_glimpse, failed=failed, key="glimpse")

    # --- what one may do -------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and attach them."""
        chosen = self._page.desk.dialogs.open_files(self, _("Choose files to attach"))
        if chosen:
            self.attach(chosen)

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files to the record that is shown."""
        attach(self._page, self._room, self._record, self._name, paths)

    def open_current(self) -> None:
        """Let the desk's program open a copy."""
        if self.current is not None:
            open_outside(self._page, self.current, opener=self._opener)

    def save_current(self) -> None:
        """Write it to a file of its own."""
        one, desk = self._chosen(), self._page.desk
        if one is None:
            return
        out = desk.dialogs.save_file(self, _("Save the attachment"), one.name, f"*{one.suffix}")
        if out is None:
            return

        def work(book: Book, progress: Progress) -> Path:
            from db.core import attachments

            with book.present.read() as connection:  # no copy of a moment has contents
                return attachments.save_as(connection, one.id, out, progress=progress)

        def saved(path: Path) -> None:
            desk.say(_("Saved as {file}.", file=str(path)))

        desk.jobs.ask(self, work, saved, failed=desk.complain, title=_("Saving the attachment"))

    def rename_current(self) -> None:
        """Another name."""
        one = self._chosen()
        if one is None:
            return
        body = _("The new name; the ending stays unless you type another one.")
        name = self._page.desk.dialogs.ask_words(self, _("Rename the attachment"), body, _("Rename"), proposed=one.name)
        if name is None or name.strip() == one.name:
            return

        def work(connection: Connection) -> None:
            from db.core import attachments

            attachments.rename(connection, one.id, name)

        self._page.write(
            _("Rename attachment “{file}” of “{record}”", file=one.name, record=self._name), work, self._wrote
        )

    def remove_current(self) -> None:
        """Take it off; Ctrl+Z brings it back."""
        one = self._chosen()
        if one is None:
            return

        def work(connection: Connection) -> None:
            from db.core import attachments

            attachments.remove(connection, one.id)

        self._page.write(
            _("Remove attachment “{file}” of “{record}”", file=one.name, record=self._name), work, self._wrote
        )

    def _wrote(self, _result: object) -> None:
        self.read()

    def menu(self) -> QMenu:
        """What one may do with the chosen one."""
        made = QMenu(self)
        for text, do in (
            (_("Open"), self.open_current),
            (_("Save as…"), self.save_current),
            (_("Rename…"), self.rename_current),
            (_("Remove"), self.remove_current),
        ):
            made.addAction(tr(text)).triggered.connect(lambda _checked=False, do=do: do())
        for one in self._further():
            made.addAction(tr(one.text)).triggered.connect(lambda _checked=False, one=one: self.do_further(one))
        return made

    def _further(self) -> list[Further]:
        chosen = self._chosen()
        return [] if chosen is None else [one for one in OFFERED if chosen.suffix in one.suffixes]

    def do_further(self, what: Further) -> None:
        """What a room above offers to do with the chosen one."""
        chosen = self._chosen()
        if chosen is not None:
            what.do(self._page, chosen)

    def _show_further(self) -> None:
        """A button for what is offered first: not everybody looks into the menu."""
        found = self._further()
        self.further_button.setVisible(bool(found))
        if found:
            self.further_button.setText(tr(found[0].text))

    def _open_menu(self, place: Any) -> None:
        if self.current is not None:
            self.menu().popup(self.list.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, F2 renames, Delete removes."""
        does = {Qt.Key.Key_F2: self.rename_current, Qt.Key.Key_Delete: self.remove_current}
        do = does.get(Qt.Key(event.key()))
        if do is not None and self.list.hasFocus():
            do()
        else:
            super().keyPressEvent(event)


def attach(page: Page, room: str, record: int, name: Text | str, paths: Sequence[Path]) -> None:
    """Attach files to a record as one operation; those that cannot be are named, the others are attached."""
    desk, day = page.desk, page.desk.today().isoformat()

    def work(book: Book, progress: Progress) -> tuple[int, list[Problem]]:
        from db.core import attachments

        good, bad = [], []
        for path in paths:
            try:
                good.append(attachments.examine(path, progress=progress))
            except Problem as problem:
                if problem.exit_code == 130:
                    raise
                bad.append(problem)
        if not good:
            return 0, bad
        done = 0
        with book.write(_label(name, [one.name for one in good])) as connection:
            for one in good:
                try:
                    attachments.add(connection, room, record, one, on=day, by=book.actor, progress=progress)
                    done += 1
                except Refused as problem:
                    bad.append(problem)
        return done, bad

    def attached(result: tuple[int, list[Problem]]) -> None:
        done, bad = result
        if bad:
            said = bad[0].sentence
            if done or len(bad) > 1:
                said = _("{done} attached, {bad} not: {why}", done=done, bad=len(bad), why=said)
            # After the line that says what was saved, which is asked of the book too.
            desk.jobs.ask(page, lambda _book, _progress: None, lambda _nothing: desk.complain(Refused(said)))

    desk.jobs.ask(page, work, attached, failed=desk.complain, title=_("Attaching files"))


def _label(name: Text | str, files: Sequence[str]) -> Text:
    if len(files) == 1:
        return _("Attach “{file}” to “{record}”", file=files[0], record=name)
    return _("Attach {count} files to “{record}”", count=len(files), record=name)


def size_text(size: int) -> str:
    """3.4 MB, 812 KB."""
    if size >= 2**20:
        return f"{size / 2**20:.1f} MB"
    return f"{max(round(size / 2**10), 1)} KB"
