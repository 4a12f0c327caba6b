"""The rows of a scheme's parts as a list shows them, and the form of one of them: formulas are checked at their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.fields import Choice, Field, Flag, Metric
from db.core.text import Text, _
from db.per_mu.names import called
from desktop.kit.cells import EMPTY, Cell
from desktop.kit.columns import unit_name
from desktop.kit.lists import Heading, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button
from desktop.kit.side_form import SideForm
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.per_mu.scheme_parts import Saved

Row = Mapping[str, Any]
_MICRO = 10**6
_ARROW = 34
_WORD = re.compile(r"[a-z_]+")
HEADINGS: Mapping[str, Sequence[Heading]] = {
    "indicators": (
        Heading(_("Name of the indicator"), 160), Heading(_("Formula"), 180, stretch=True), Heading(_("Weight"), 64, right=True),
        Heading(_("Method"), 150), Heading(_("Baseline"), 190), Heading(_("Limits"), 130), Heading(_("Where a value is missing"), 130),
    ),
    "extras": (
        Heading(_("Kind"), 72), Heading(_("Name"), 220, stretch=True), Heading(_("Points"), 72, right=True),
        Heading(_("For whom"), 300, stretch=True),
    ),
    "classes": (Heading(_("Class"), 120), Heading(_("Limit"), 120, right=True), Heading("", 200, stretch=True)),
    "terms": (Heading(_("Name of the formula"), 200), Heading(_("Formula"), 400, stretch=True)),
    "facts": (Heading(_("Fact"), 200), Heading(_("Value"), 400, stretch=True)),
}  # fmt: skip
_TITLES: Mapping[str, Text] = {
    "indicators": _("Indicator"), "extras": _("Bonus, deduction or veto"), "classes": _("Class"),
    "terms": _("Formula of its own"), "facts": _("Facts of the scheme"),
}  # fmt: skip
_MEANT: Mapping[str, Text] = {
    "indicators": _("A formula takes metrics by name, + − × ÷, brackets, min and max. A unit that is not said is that of the formula."),
    "terms": _("Other formulas may name this one."),
    "extras": _("For companies with the tag, or where a comparison holds, as tax / land < 1."),
    "classes": _("By share: up to which per cent of the ranking, the last one 100. By score: from how many points. "
                 "Equal scores share the better class."),
    "facts": _("Several names have 、 between them."),
}  # fmt: skip


def number(value: int | None) -> str:
    """A number in 10⁻⁶ without needless zeros."""
    from db.per_mu.schemes import plain

    return "" if value is None else plain(Fraction(value, _MICRO))


def shown(field: Field, value: Any) -> str:
    """A stored value of a row's field."""
    if value is None or value == "":
        return ""
    if isinstance(field.kind, Metric):
        return number(value)
    if isinstance(field.kind, Choice):
        return tr(field.kind.label(str(value)))
    if isinstance(field.kind, Flag):
        return tr(_("Yes") if value else _("No"))
    return str(value)


def facts_rows(values: Row) -> list[tuple[str, str]]:
    """What a scheme says once, as label and value."""
    from db.per_mu.scheme_parts import FACTS

    return [(tr(one.label), tr(called(shown(one, values.get(one.key))))) for one in FACTS]


def cell_of(part: str, row: Row, column: int) -> Cell:
    """A cell of a part's list."""
    if not HEADINGS[part][column].text:
        return EMPTY
    texts = {"indicators": _indicator, "extras": _extra, "classes": _class, "terms": _term}[part](spoken(row))
    return text_cell(texts[column], right=HEADINGS[part][column].right)


def _indicator(row: Row) -> tuple[str, ...]:
    from db.per_mu.scheme_parts import BASELINE, METHOD, MISSING

    method = tr(METHOD.label(row["method"]))
    limits = [
        tr(_("at most {number} ×", number=number(row["cap"]))) if row.get("cap") is not None else "",
        tr(_("at least {number} %", number=number(row["floor"]))) if row.get("floor") else "",
    ]
    return (
        tr(called(row["name"])), str(row["formula"]), number(row["weight"]),
        f"{method} · {tr(_('Less is better'))}" if row.get("reverse") else method,
        _baseline(row, tr(BASELINE.label(row["mode"]))), " · ".join(filter(None, limits)), tr(MISSING.label(row["missing"])),
    )  # fmt: skip


def _baseline(row: Row, mode: str) -> str:
    if row["method"] != "ratio":
        return ""
    if row["mode"] == "fixed":
        return " ".join(filter(None, (number(row["value"]), unit_name(row.get("unit") or ""))))
    times = f"{number(row['factor'])} × " if row.get("factor") not in (None, _MICRO) else ""
    year = tr(_("of the year before")) if row.get("last") else ""
    return tr(_("{baseline} ({year})", baseline=f"{times}{mode}", year=year)) if year else f"{times}{mode}"


def _extra(row: Row) -> tuple[str, ...]:
    from db.per_mu.scheme_parts import EXTRA

    best = tr(_("no better than {name}", name=row["class"])) if row.get("class") else ""
    whom = " · ".join(str(part) for part in (row.get("tag"), row.get("when"), best) if part)
    return tr(EXTRA.label(row["kind"])), tr(called(row["name"])), number(row.get("points")), whom


def _named() -> str:
    """The metrics, as a formula names them."""
    from db.per_mu.models import METRICS

    return "、".join(one.label.render("zh") if language() == "zh" else one.key for one in METRICS)


def spoken(row: Row) -> dict[str, Any]:
    """A row whose formulas name metrics as people do: 实缴税金 / 用地面积."""
    from db.per_mu.models import BY_METRIC

    def name(found: re.Match[str]) -> str:
        of = BY_METRIC.get(found[0])
        return found[0] if of is None else of.label.render("zh")

    said = dict(row)
    if language() == "zh":
        said |= {key: _WORD.sub(name, str(row[key])) for key in ("formula", "when") if row.get(key)}
    return said


def _as_read(row: Row) -> dict[str, Any]:
    """A row that nobody changes: names and units as the language says them."""
    names = {key: tr(called(str(row[key]))) for key in ("name", "source", "undetermined", "exempt") if row.get(key)}
    return {**row, **names} | ({"unit": unit_name(str(row["unit"]))} if row.get("unit") else {})


def _class(row: Row) -> tuple[str, ...]:
    return str(row["name"]), number(row["limit"])


def _term(row: Row) -> tuple[str, ...]:
    return str(row["name"]), str(row["formula"])


class RowForm(SideForm):
    """A row of a part, or the facts (row None), or one more (row −1). `written` once it is in the book, `typed` meanwhile."""

    written = Signal()
    typed = Signal()

    def __init__(self, page: Page, one: Saved, part: str, row: int | None, *, editable: bool) -> None:
        from db.per_mu import scheme_parts

        self.one, self.part, self.row = one, part, row
        self._rows = [] if part == "facts" else scheme_parts.rows(one.data, part)
        if row is None:
            fields, self._values = scheme_parts.FACTS, scheme_parts.facts(one.data, language())
        else:
            fields = scheme_parts.PARTS[part]
            self._values = spoken(self._rows[row] if row >= 0 else scheme_parts.NEW[part])
        if not editable:
            self._values = _as_read(self._values)
        super().__init__(page, _TITLES[part], fields, self._values, verb=_("Save"))
        self.hint.setText(tr(_MEANT[part]))
        self.hint.show()
        for key in ("formula", "when"):
            if key in self.form.editors:
                self.form.editors[key].input.setToolTip(tr(_("Metrics: {names}", names=_named())))
        self._editable(editable and page.desk.seen is None)

    def _editable(self, editable: bool) -> None:
        self.do.setVisible(editable)
        for editor in self.form.editors.values():
            editor.input.setEnabled(editable)
        foot: Any = self.foot.layout()
        self.remove: QWidget | None = None
        if not editable:
            why = _("A preset is taken over first, a published version copied; the copy can be changed.")
            self.refusal.setText(tr(why))
            self.refusal.setProperty("tone", "mute")
            self.refusal.show()
        elif self.row is not None and self.row >= 0:
            up = button("", lambda: self.move_row(-1), icon="up", tip=_("Further up"))
            down = button("", lambda: self.move_row(1), icon="down", tip=_("Further down"))
            self.remove = button(_("Delete"), self.delete, kind="danger")
            for part in (up, down):
                part.setFixedWidth(_ARROW)
            for part in (up, down, self.remove):
                foot.addWidget(part)

    def take_focus(self) -> None:
        """The first field; of one more the first that is empty."""
        if self.row == -1:
            super().take_focus()
        else:
            next(iter(self.form.editors.values())).input.setFocus()

    def edited(self) -> None:
        """Checked while one types."""
        super().edited()
        self.typed.emit()

    def _said(self, values: Row) -> dict[str, Any]:
        """The scheme with these values in the row; raises `Refused` by field."""
        from db.per_mu import scheme_parts

        if self.row is None:
            return scheme_parts.with_facts(self.one.data, values)
        rows = [dict(one) for one in self._rows]
        row = {**self._values, **values}
        at = self.row if self.row >= 0 else len(rows)
        rows[at : at + 1] = [row]
        made = scheme_parts.with_rows(self.one.data, self.part, rows)
        place = self._place(scheme_parts.rows(made, self.part), row, at)
        wrong = scheme_parts.wrong(made, self.part, place)
        if wrong:
            raise Refused(fields=wrong)
        return made

    def _place(self, rows: Sequence[Row], row: Row, at: int) -> int:
        """Where the row stands now: a bonus that became a veto stands among the vetoes."""
        if self.part != "extras":
            return at
        return next(place for place, one in enumerate(rows)
                    if (one["kind"], one["name"]) == (row["kind"], row.get("name") or ""))  # fmt: skip

    def candidate(self) -> dict[str, Any] | None:
        """The scheme as it would be; None while something cannot be taken, which is said beside the field."""
        if not self.do.isVisibleTo(self):
            return dict(self.one.data)
        values = {}
        for key, editor in self.form.editors.items():
            try:
                values[key] = editor.value()
                editor.complain("")
            except Refused:
                return None  # half a number: the editor says so when it is left
        try:
            return self._said(values)
        except Refused as refused:
            for key, why in refused.fields.items():
                if key in self.form.editors:
                    self.form.editors[key].complain(tr(why))
            return None

    def take(self) -> None:
        """Save the draft with the row as it is."""
        values = self.values()
        if values is None:
            return
        try:
            data = self._said(values)
        except Refused as refused:
            self.refused(refused)
            return
        name = str(values.get("name") or "")
        self._write(data, _("Change the scheme “{scheme}”: {name}", scheme=called(self.one.name), name=name))

    def delete(self) -> None:
        """The row goes; Ctrl+Z brings it back."""
        assert self.row is not None
        rows = [one for at, one in enumerate(self._rows) if at != self.row]
        self._write_rows(
            rows, _("Delete “{name}” from the scheme “{scheme}”", name=self._name, scheme=called(self.one.name))
        )

    def move_row(self, way: int) -> None:
        """One place up or down."""
        assert self.row is not None
        rows, to = [dict(one) for one in self._rows], self.row + way
        if 0 <= to < len(rows):
            rows[self.row], rows[to] = rows[to], rows[self.row]
            self._write_rows(
                rows, _("Move “{name}” in the scheme “{scheme}”", name=self._name, scheme=called(self.one.name))
            )

    @property
    def _name(self) -> str:
        return str(self._values.get("name") or "")

    def _write_rows(self, rows: Sequence[Row], named: Text) -> None:
        from db.per_mu import scheme_parts

        self._write(scheme_parts.with_rows(self.one.data, self.part, rows), named)

    def _write(self, data: Mapping[str, Any], named: Text) -> None:
        number_ = self.one.number

        def work(connection: Connection) -> int:
            from db.per_mu.evaluations import save_scheme

            return save_scheme(connection, data, number_)

        self.page.write(named, work, lambda _id: self.written.emit(), failed=self.refused)
