"""Every key that means something, in one table: bound by the pages, shown by Ctrl+/, listed by the search of everything.

None may mean two things on one page (a test holds it). Single letters are not used: they belong to what one types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from db.core.text import Text, _

EVERYWHERE = ""


class Action(NamedTuple):
    """One thing a key does. page: where, "" for everywhere. own: the part that has the keyboard hears the key itself."""

    key: str
    text: Text
    shortcut: str
    page: str = EVERYWHERE
    own: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("find", _("Search everything"), "Ctrl+K", own=True),
    Action("go_1", _("The first room of the list at the left, and so on"), "Ctrl+1", own=True),
    Action("history", _("History"), "Ctrl+Shift+H", own=True),
    Action("settings", _("Settings"), "Ctrl+,", own=True),
    Action("moment", _("The book as it was at a moment…"), "Alt+T", own=True),
    Action("projector", _("Project the screen: hide tax, classes and phones"), "Ctrl+Shift+T", own=True),
    Action("import", _("Import a ledger…"), "Ctrl+I", own=True),
    Action("import_folder", _("Import a folder of ledgers…"), "Ctrl+Shift+I", own=True),
    Action("open_book", _("Open a book"), "Ctrl+O", own=True),
    Action("undo", _("Undo my last operation"), "Ctrl+Z", own=True),
    Action("redo", _("Redo it"), "Ctrl+Y", own=True),
    Action("manual", _("The manual at this page"), "F1", own=True),
    Action("keys", _("These keys"), "Ctrl+/", own=True),
    Action("new", _("New project"), "Ctrl+N", "projects"),
    Action("filter_words", _("Find in the table"), "Ctrl+F", "projects"),
    Action("filter_column", _("Filter by this column"), "Alt+Down", "projects"),
    Action("columns", _("Choose columns"), "Ctrl+Shift+L", "projects"),
    Action("open", _("Open the project in the pane"), "Ctrl+Return", "projects"),
    Action("enter", _("Open the project in the pane; fold a group or open it"), "Return", "projects", own=True),
    Action("fold", _("Fold a group"), "Left", "projects", own=True),
    Action("unfold", _("Open a group"), "Right", "projects", own=True),
    Action("edit", _("Change the cell"), "F2", "projects", own=True),
    Action("copy", _("Copy the chosen cells, as Excel takes them"), "Ctrl+C", "projects", own=True),
    Action("copy_text", _("Copy the chosen projects as text, for a chat"), "Ctrl+Shift+C", "projects"),
    Action("paste", _("Paste cells from Excel, WPS or this ledger"), "Ctrl+V", "projects", own=True),
    Action("fill_down", _("Fill down"), "Ctrl+D", "projects", own=True),
    Action("fill_right", _("Fill to the right"), "Ctrl+R", "projects", own=True),
    Action("empty", _("Empty the cells"), "Del", "projects", own=True),
    Action("change_many", _("Change one field of the chosen projects…"), "Ctrl+Shift+E", "projects"),
    Action("progress", _("Add an entry of progress…"), "Ctrl+J", "projects"),
    Action("today", _("In a cell: today"), "Ctrl+;", "projects", own=True),
    Action("all", _("Choose all cells"), "Ctrl+A", "projects", own=True),
    Action("swap_focus", _("Between the table, what is asked, the pane and the conditions"), "F6", "projects"),
    Action("as_table", _("As a table"), "Alt+1", "projects"),
    Action("as_board", _("On a board by stage"), "Alt+2", "projects"),
    Action("as_timeline", _("Along a line of time"), "Alt+3", "projects"),
    Action("as_chart", _("In a chart"), "Alt+4", "projects"),
    Action("stage_on", _("On the board: move the project one stage on"), "Ctrl+Right", "projects", own=True),
    Action("stage_back", _("On the board: move it one stage back"), "Ctrl+Left", "projects", own=True),
    Action("print", _("Print what the table shows…"), "Ctrl+P", "projects"),
    Action("export", _("Export what the table shows…"), "Ctrl+E", "projects"),
    Action("larger", _("Larger letters"), "Ctrl+=", "projects"),
    Action("smaller", _("Smaller letters"), "Ctrl+-", "projects"),
    Action("natural", _("Letters in their own size"), "Ctrl+0", "projects"),
    Action("leave", _("Leave the form, what is asked, then the pane"), "Esc", "projects", own=True),
    Action("copy_text", _("Copy what is due as text, for a chat"), "Ctrl+Shift+C", "today"),
    Action("step", _("Take the next step of the line"), "Return", "today", own=True),
    Action("open", _("Open the project of the line"), "Ctrl+Return", "today", own=True),
    Action("swap_focus", _("Between what is due, the questions and the figures"), "F6", "today"),
    Action("leave", _("Leave the answer"), "Esc", "today", own=True),
    *(
        Action(f"question_{at}", _("Question {number} of the meeting", number=at), f"Alt+{at}", "today")
        for at in range(1, 9)
    ),
    Action("edit", _("Change the words of the section"), "F2", "overview"),
    Action("walk", _("From number to number on the pages"), "Tab", "overview", own=True),
    Action("explain", _("What the number is made of"), "Return", "overview", own=True),
    Action("turn", _("In the list of sections: printed or not"), "Space", "overview", own=True),
    Action("up", _("In the list of sections: further up"), "Alt+Up", "overview", own=True),
    Action("down", _("In the list of sections: further down"), "Alt+Down", "overview", own=True),
    Action("keep", _("In a paragraph: keep what is typed"), "Ctrl+Return", "overview", own=True),
    Action("waiting", _("What is to be checked"), "Ctrl+J", "overview"),
    Action("pane_numbers", _("The number in the pane"), "Alt+1", "overview"),
    Action("pane_words", _("The words in the pane"), "Alt+2", "overview"),
    Action("pane_form", _("The form in the pane"), "Alt+3", "overview"),
    Action("swap_focus", _("Between sections, pages and pane"), "F6", "overview"),
    Action("copy_text", _("Copy the text of the report, for a chat"), "Ctrl+Shift+C", "overview"),
    Action("picture", _("Save the one-page picture…"), "Ctrl+Shift+P", "overview"),
    Action("print", _("Print the report…"), "Ctrl+P", "overview"),
    Action("export", _("Export Excel…"), "Ctrl+E", "overview"),
    Action("export_pdf", _("Export PDF…"), "Ctrl+Shift+D", "overview"),
    Action("export_docx", _("Export draft (Word)…"), "Ctrl+Shift+W", "overview"),
    Action("bundle", _("Export all lists (zip)…"), "Ctrl+Shift+B", "overview"),
    Action("copy_text", _("Copy the comparison as text, for a chat"), "Ctrl+Shift+C", "compare"),
    Action("export", _("Export the comparison…"), "Ctrl+E", "compare"),
    Action("swap_focus", _("Between the figures and the projects"), "F6", "compare"),
)


def of_page(page: str) -> list[Action]:
    """What works on a page, what works everywhere at the end."""
    here = [one for one in ACTIONS if page != EVERYWHERE and one.page == page]
    return here + [one for one in ACTIONS if one.page == EVERYWHERE]


def bind(widget: QWidget, page: str, doing: Mapping[str, Callable[[], object]]) -> Mapping[str, Callable[[], object]]:
    """Make the keys of a page work wherever inside it the keyboard is; gives back what each does, by its name."""
    from PySide6.QtCore import Qt

    for one in ACTIONS:
        if one.page == page and not one.own and one.key in doing:
            shortcut = QShortcut(QKeySequence(one.shortcut), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(doing[one.key])
    return doing


def pressed(page: QWidget, event: QKeyEvent) -> bool:
    """Do what a key means on a page, where the keyboard is beside it (in the rail); whether it means anything."""
    keys = QKeySequence(event.keyCombination())
    found = next((one for one in page.findChildren(QShortcut) if one.key() == keys and one.isEnabled()), None)
    if found is None:
        return False
    found.activated.emit()
    return True


def shown_keys(shortcut: str) -> str:
    """A shortcut as the window writes it: Ctrl + Shift + L."""
    names = {"Return": "Enter", "Left": "←", "Right": "→", "Down": "↓", "Up": "↑"}
    return " + ".join(names.get(part, part) for part in shortcut.split("+")) if shortcut[-1] != "+" else shortcut
