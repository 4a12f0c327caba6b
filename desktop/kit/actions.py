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


def _of_ledger(page: str, one: Text, new: Text | None) -> tuple[Action, ...]:
    """What works in the ledger of any room (desktop/kit/ledger_page.py). one: what a record is called."""
    added = () if new is None else (Action("new", new, "Ctrl+N", page),)
    return (
        *added,
        Action("filter_words", _("Find in the table"), "Ctrl+F", page),
        Action("filter_column", _("Filter by this column"), "Alt+Down", page),
        Action("columns", _("Choose columns"), "Ctrl+Shift+L", page),
        Action("open", _("Open the {record} in the pane", record=one), "Ctrl+Return", page),
        Action(
            "enter", _("Open the {record} in the pane; fold a group or open it", record=one), "Return", page, own=True
        ),
        Action("fold", _("Fold a group"), "Left", page, own=True),
        Action("unfold", _("Open a group"), "Right", page, own=True),
        Action("edit", _("Change the cell"), "F2", page, own=True),
        Action("copy", _("Copy the chosen cells, as Excel takes them"), "Ctrl+C", page, own=True),
        Action("paste", _("Paste cells from Excel, WPS or this ledger"), "Ctrl+V", page, own=True),
        Action("fill_down", _("Fill down"), "Ctrl+D", page, own=True),
        Action("fill_right", _("Fill to the right"), "Ctrl+R", page, own=True),
        Action("empty", _("Empty the cells"), "Del", page, own=True),
        Action("change_many", _("Change one field of each chosen {record}…", record=one), "Ctrl+Shift+E", page),
        Action("today", _("In a cell: today"), "Ctrl+;", page, own=True),
        Action("all", _("Choose all cells"), "Ctrl+A", page, own=True),
        Action("swap_focus", _("Between the table, what is asked, the pane and the conditions"), "F6", page),
        Action("print", _("Print what the table shows…"), "Ctrl+P", page),
        Action("export", _("Export what the table shows…"), "Ctrl+E", page),
        Action("send", _("Send to units to be filled in…"), "Ctrl+Shift+U", page),
        Action("larger", _("Larger letters"), "Ctrl+=", page),
        Action("smaller", _("Smaller letters"), "Ctrl+-", page),
        Action("natural", _("Letters in their own size"), "Ctrl+0", page),
        Action("leave", _("Leave the form, what is asked, then the pane"), "Esc", page, own=True),
    )


# Keys of one view of a page of several: what stands here is the room it is in.
IN_ROOM: Mapping[str, str] = {"issues": "forum", "metrics": "per_mu", "sites": "companies", "carriers": "companies"}

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
    *_of_ledger("projects", _("project"), _("New project")),
    Action("copy_text", _("Copy the chosen projects as text, for a chat"), "Ctrl+Shift+C", "projects"),
    Action("progress", _("Add an entry of progress…"), "Ctrl+J", "projects"),
    Action("as_table", _("As a table"), "Alt+1", "projects"),
    Action("as_board", _("On a board by stage"), "Alt+2", "projects"),
    Action("as_timeline", _("Along a line of time"), "Alt+3", "projects"),
    Action("as_chart", _("In a chart"), "Alt+4", "projects"),
    Action("stage_on", _("On the board: move the project one stage on"), "Ctrl+Right", "projects", own=True),
    Action("stage_back", _("On the board: move it one stage back"), "Ctrl+Left", "projects", own=True),
    Action("copy_text", _("Copy what is due as text, for a chat"), "Ctrl+Shift+C", "today"),
    Action("step", _("Take the next step of the line"), "Return", "today", own=True),
    Action("open", _("Open the project of the line"), "Ctrl+Return", "today", own=True),
    Action("swap_focus", _("Between what is due, the questions and the figures"), "F6", "today"),
    Action("leave", _("Leave the answer"), "Esc", "today", own=True),
    *(
        Action(f"question_{at}", _("Question {number} of the meeting", number=at), f"Alt+{at % 10}", "today")
        for at in range(1, 11)
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
    Action("new", _("Register an issue"), "Ctrl+N", "forum_board"),
    Action("new_here", _("On the board: register an issue"), "N", "forum_board", own=True),
    Action("follow_up", _("On the board: what the enterprise says; then 1, 2, 3"), "R", "forum_board", own=True),
    Action("step_on", _("On the board: bring the issue into the next column"), "Ctrl+Right", "forum_board", own=True),
    Action("step_back", _("On the board: bring it into the one before"), "Ctrl+Left", "forum_board", own=True),
    Action("open", _("On the board: into the pane"), "Return", "forum_board", own=True),
    Action("export", _("Slips…"), "Ctrl+E", "forum_board"),
    Action("copy_text", _("Copy the open issues as text, for a chat"), "Ctrl+Shift+C", "forum_board"),
    Action("swap_focus", _("Between the cards, the pane and the conditions"), "F6", "forum_board"),
    Action("leave", _("Leave the form, then the pane"), "Esc", "forum_board", own=True),
    *(
        Action(
            f"speaks_{at}",
            _("Enterprise {number} of the table speaks", number=at),
            f"Alt+{at}",
            "forum_capture",
            own=True,
        )
        for at in range(1, 10)
    ),
    Action("same", _("The field as in the line above"), "Ctrl+D", "forum_capture", own=True),
    Action("line_before", _("In an empty entry: change the line before"), "Up", "forum_capture", own=True),
    Action("reply", _("Answered on the spot: the reply"), "F4", "forum_capture", own=True),
    Action("join", _("One kind of thing with the similar issues, or not"), "Ctrl+J", "forum_capture", own=True),
    Action("attach", _("Attach files to the line, or the one before"), "Ctrl+Shift+A", "forum_capture", own=True),
    Action("last_session", _("Between the lines and the last session"), "F6", "forum_capture", own=True),
    Action("clear", _("Clear the entry; Ctrl+Z brings it back"), "Esc", "forum_capture", own=True),
    Action("end", _("End the capture: what is assigned to whom"), "Ctrl+Return", "forum_capture", own=True),
    Action("new", _("New session"), "Ctrl+N", "forum_sessions"),
    Action("export", _("Pack for the leaders…"), "Ctrl+E", "forum_sessions"),
    Action("find", _("Filter by name, leader, unit"), "Ctrl+F", "matrix"),
    Action("enter", _("Open the editor of the cell; fold a group"), "Return", "matrix", own=True),
    Action("select", _("Select the project, or not"), "Space", "matrix", own=True),
    Action("all", _("Select all projects"), "Ctrl+A", "matrix", own=True),
    Action("assign", _("Assign a person to the selected projects…"), "Ctrl+Shift+A", "matrix"),
    Action("copy_text", _("Copy lights as text"), "Ctrl+Shift+C", "matrix"),
    Action("export", _("Export Excel…"), "Ctrl+E", "matrix"),
    Action("swap_focus", _("Between the table, what leaders have and the filter"), "F6", "matrix"),
    Action("leave", _("Show all again"), "Esc", "matrix", own=True),
    Action("as_gantt", _("Milestones"), "Alt+3", "five_ones", own=True),
    Action("as_meetings", _("Meetings"), "Alt+4", "five_ones", own=True),
    Action("done_on", _("Of a milestone: the day it was done…"), "F2", "five_ones", own=True),
    Action("replan", _("Plan a milestone anew…"), "Shift+F2", "five_ones", own=True),
    Action("many", _("Change the milestones of all selected rows…"), "Ctrl+Shift+E", "five_ones", own=True),
    Action("up", _("On the agenda: further up"), "Alt+Up", "five_ones", own=True),
    Action("down", _("On the agenda: further down"), "Alt+Down", "five_ones", own=True),
    Action("copy_text", _("Copy the comparison as text, for a chat"), "Ctrl+Shift+C", "compare"),
    Action("export", _("Export the comparison…"), "Ctrl+E", "compare"),
    Action("swap_focus", _("Between the figures and the projects"), "F6", "compare"),
    Action("find", _("Filter by name, place, industry"), "Ctrl+F", "evaluation"),
    Action("export", _("Class lists (Excel, PDF)…"), "Ctrl+E", "evaluation"),
    Action("copy_text", _("Copy the table"), "Ctrl+Shift+C", "evaluation"),
    Action("next", _("Keep the result, publish it, export the publication list"), "Ctrl+Shift+P", "evaluation"),
    Action("object", _("File an objection…"), "Ctrl+Shift+J", "evaluation"),
    Action("swap_focus", _("Between the table, what is tried and the filter"), "F6", "evaluation"),
    Action("leave", _("Show all again"), "Esc", "evaluation", own=True),
    Action("new", _("New contest…"), "Ctrl+N", "contests"),
    Action("enter", _("Enter points…"), "Return", "contests", own=True),
    Action("export", _("Export Excel…"), "Ctrl+E", "contests"),
    Action("print", _("Export PDF…"), "Ctrl+P", "contests"),
    Action("swap_focus", _("Between the table, the pane and the choice of the contest"), "F6", "contests"),
    *_of_ledger("issues", _("issue"), _("New issue")),
    Action("finish", _("Resolve the chosen issues in one step…"), "Ctrl+Shift+J", "issues"),
    *_of_ledger("metrics", _("year of a company"), _("New year of a company")),
    Action("confirm", _("Confirm the data of the chosen companies…"), "Ctrl+Shift+J", "metrics"),
    Action("filter_words", _("Find operations by words"), "Ctrl+F", "history"),
    Action("write", _("Write what was decided"), "Ctrl+Return", "merge"),
    Action("before", _("The file before"), "Ctrl+PgUp", "merge"),
    Action("after", _("The next file"), "Ctrl+PgDown", "merge"),
    Action("copy_text", _("Copy the reminder of those who have not returned"), "Ctrl+Shift+C", "merge"),
    *(
        Action(f"tab_{at}", text, f"Alt+{at}", "merge")
        for at, text in enumerate(
            (_("Conflicts"), _("Taken as they are"), _("Gone at their side"), _("New at their side"), _("Unchanged")), 1
        )
    ),
    Action("take_base", _("Of a cell: take what was sent, and go on"), "1", "merge", own=True),
    Action("take_ours", _("Of a cell: keep what the book says now"), "2", "merge", own=True),
    Action("take_theirs", _("Of a cell: take what they say"), "3", "merge", own=True),
    Action("third", _("Of a cell: write another value"), "E", "merge", own=True),
    Action("story", _("Of a cell: its history"), "H", "merge", own=True),
    *_of_ledger("companies", _("company"), _("New company")),
    Action("same", _("Companies that may be one…"), "Ctrl+Shift+M", "companies"),
    *_of_ledger("sites", _("site"), _("New site")),
    *_of_ledger("carriers", _("carrier"), _("New carrier")),
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
