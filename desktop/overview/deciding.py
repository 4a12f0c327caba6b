"""What a person decides about a report, each one operation on the book: words, order, what is printed, forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db.core.errors import Problem
from db.core.period import period_name
from db.core.text import Text, _, say
from desktop.kit.page import Connection
from desktop.kit.words import language

if TYPE_CHECKING:
    from db.overview.forms import Form
    from db.reports.report import Run
    from desktop.overview.making import Made
    from desktop.overview.page import ReportPage


def save_words(page: ReportPage, made: Made, place: str, mode: str, runs: Sequence[Run] | None) -> None:
    """Keep a paragraph as it was typed (mode edited or written), not printed (off) or composed again (auto)."""
    from db.overview.wording import to_markup
    from db.reports.report import Paragraph

    save_markup(page, made, place, mode, None if runs is None else to_markup(Paragraph(tuple(runs))))


def save_markup(page: ReportPage, made: Made, place: str, mode: str, markup: str | None) -> None:
    """The same of a text as the book keeps it."""
    from db.overview import wording
    from db.overview.section_names import section_name
    from db.reports.report import Mode

    automatic = made.automatic.get(place)
    wanted: Mode = mode  # type: ignore[assignment]
    same = markup is not None and automatic is not None and markup == wording.to_markup(automatic)
    if same or (mode == "written" and markup is not None and not markup.strip() and not _carried(made, place)):
        wanted = "auto"
    form = made.form
    if mode != "off" and place in form.off:
        form = replace(form, off=tuple(one for one in form.off if one != place))

    def work(connection: Connection) -> None:
        if form is not made.form:
            from db.overview.forms import save_form as save

            save(connection, form)
        wording.save(
            connection, made.period, form=form.key, place=place, markup=markup, mode=wanted, lang=language(),
            automatic=automatic,
        )  # fmt: skip

    label = wording.label(made.period, section_name(place), wanted)
    page.write(label, work, failed=page.refuse)


def _carried(made: Made, place: str) -> bool:
    """Whether a free text comes from another period: emptied, it must be kept as empty."""
    return any(one.carried and one.place.startswith(place) for one in made.draft.paragraphs())


def save_head(page: ReportPage, made: Made, place: str, text: str) -> None:
    """Keep a line around the text of this report alone; "" gives back what the form says."""
    from db.overview import wording

    def work(connection: Connection) -> None:
        wording.save(
            connection, made.period, form=made.form.key, place=place, markup=text or None,
            mode="written" if text else "auto", lang=language(),
        )  # fmt: skip

    named = period_name(made.period)
    page.write(_("Report of {period}: title and lines around the text", period=named), work, failed=page.refuse)


def turn_section(page: ReportPage, made: Made, key: str) -> None:
    """Print a section, or leave it out."""
    form = made.form
    off = tuple(one for one in form.off if one != key) if key in form.off else (*form.off, key)
    from db.overview.section_names import section_name

    heading = section_name(key)
    label = _("Form “{form}”: “{section}” is printed", form=form.name, section=heading)
    if key not in form.off:
        label = _("Form “{form}”: “{section}” is not printed", form=form.name, section=heading)
    _save_form(page, replace(form, off=off), label)


def order_sections(page: ReportPage, made: Made, keys: Sequence[str]) -> None:
    """Give the sections of the form another order."""
    _save_form(page, replace(made.form, sections=tuple(keys)), _("Form “{form}”: other order", form=made.form.name))


def save_form(page: ReportPage, form: Form, failed: Callable[[Problem], None] | None = None) -> None:
    """Keep what was changed in a form."""
    _save_form(page, form, failed=failed)


def _save_form(
    page: ReportPage, form: Form, label: Text | None = None, failed: Callable[[Problem], None] | None = None
) -> None:
    def work(connection: Connection) -> Any:
        from db.overview.forms import save_form as save

        return save(connection, form)

    page.write(label or _("Form “{form}” changed", form=form.name), work, failed=failed or page.refuse)


def choose_form(page: ReportPage, made: Made, key: str) -> None:
    """Give the report of this period another form."""
    form = next(one for one in made.forms if one.key == key)

    def work(connection: Connection) -> None:
        from db.overview.forms import choose_form as choose

        choose(connection, made.period, key)

    page.write(_("Report of {period} in the form “{form}”", period=period_name(made.period), form=form.name), work)


def copy_form(page: ReportPage, made: Made, done: Callable[[Any], None]) -> None:
    """Make a form of one's own like the present one and give it to this report."""
    taken = {say(one.name, language()) for one in made.forms}
    name = _("{form}, copy", form=made.form.name).render(language())
    name = next(one for one in (name, *(f"{name} {at}" for at in range(2, 99))) if one not in taken)

    def work(connection: Connection) -> Any:
        from db.overview.forms import choose_form as choose
        from db.overview.forms import save_form as save

        made_form = save(connection, replace(made.form, name=name, key="", spans=()))
        choose(connection, made.period, made_form.key)
        return made_form

    page.write(_("New form “{form}”", form=name), work, done)


def delete_form(page: ReportPage, made: Made) -> None:
    """Delete the office's own form; reports that had it have the usual one. The program's form is as it was at first."""

    def work(connection: Connection) -> None:
        from db.overview.forms import choose_form as choose
        from db.overview.forms import delete_form as delete

        delete(connection, made.form.key)
        if not made.form.built_in:
            choose(connection, made.period, None)

    page.write(_("Form “{form}” deleted", form=made.form.name), work)
