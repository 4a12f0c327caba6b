"""What the two lists of the report page offer: the forms, and what else can be done with the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton

from db.core.text import _, say
from desktop.kit.words import language, tr
from desktop.overview import bundling, deciding, sending

if TYPE_CHECKING:
    from desktop.overview.page import ReportPage


def open_under(menu: QMenu, under: QPushButton) -> None:
    """Show a list of things to do under its button."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))


def form_menu(page: ReportPage) -> QMenu:
    """Which form the report has, and one's own."""
    menu, made = QMenu(page), page.made
    if made is None:
        return menu
    for form in made.forms:
        entry = menu.addAction(say(form.name, language()))
        entry.setCheckable(True)
        entry.setChecked(form.key == made.form.key)
        entry.triggered.connect(lambda _checked=False, key=form.key: page.with_made(deciding.choose_form, key))
    menu.addSeparator()
    gone = _("Form as the program has it") if made.form.built_in else _("Delete this form")
    for text, do in (
        (_("Change this form…"), lambda: page.show_tab("form")),
        (_("Make a form like this one"), lambda: page.with_made(deciding.copy_form, page.name_form)),
        (gone, lambda: page.with_made(deciding.delete_form)),
    ):
        menu.addAction(tr(text)).triggered.connect(lambda _checked=False, do=do: do())
    for entry in menu.actions():
        entry.setEnabled(made.final is None)
    return menu


def more_menu(page: ReportPage) -> QMenu:
    """What else can be done with the report."""
    menu = QMenu(page)
    for text, do in (
        (_("Print…"), page.print_report),
        (_("Copy the text of the report"), page.copy_text),
        (_("Copy the one-page picture"), lambda: page.after_keeping(lambda: page.with_made(sending.copy_picture))),
        (_("Save the one-page picture…"), page.save_picture),
        (_("Export all lists (zip)…"), lambda: page.after_keeping(lambda: page.with_made(bundling.export_zip))),
        (_("Export all lists (folder)…"), lambda: page.after_keeping(lambda: page.with_made(bundling.export_folder))),
        (_("Beside the report before"), lambda: page.desk.go("compare")),
        (_("Look at a Word file that came back…"), page.choose_returned),
        (_("City's bulletin and published figures"), lambda: page.desk.go("bulletin")),
        (_("Compare with the published numbers"), lambda: page.desk.go("reconcile")),
        (_("Beside the one that was sent"), lambda: page.desk.go("sent")),
    ):
        menu.addAction(tr(text)).triggered.connect(lambda _checked=False, do=do: do())
    return menu
