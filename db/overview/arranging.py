"""Sections in the order of the form, with what a person wrote: composed text in, the text of the report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.core.text import Text, _
from db.overview.forms import Form
from db.overview.wording import OWN, Carried, Wording, from_markup, to_markup
from db.reports.report import Block, Figure, Paragraph, Pending, Picture, Section, Table

# As the handbook (§9) has them; rooms to come find their place here.
HANDBOOK = (
    "targets", "work", "signed", "started", "five_ones", "forum", "per_mu", "activities", "negotiating",
    "problems", "next_steps",
)  # fmt: skip


@dataclass
class Arranging:
    """One text under way. pending grows while sections are arranged."""

    form: Form
    lang: str
    figures: Mapping[str, Figure]
    wordings: Mapping[str, Wording]
    carried: Mapping[str, Carried]
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Table]] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)

    def sections(self, composed: Sequence[Section]) -> tuple[Section, ...]:
        """Every section, off ones marked, in the order of the form."""
        return tuple(self._section(one) for one in in_order(composed, self.form.sections))

    def paragraph(self, composed: Paragraph) -> Paragraph:
        """A composed paragraph as it was left: as it is, changed by hand, or not printed."""
        kept = self.wordings.get(composed.place)
        if kept is not None and kept.mode == "edited" and kept.text is not None:
            self._compare(kept, composed)
            return from_markup(kept.text, composed, self.figures, self.lang)
        off = composed.place in self.form.off or (kept is not None and kept.mode == "off")
        return replace(composed, mode="off") if off else composed

    def _compare(self, kept: Wording, composed: Paragraph) -> None:
        """A sentence whose composed words are others now may say 增长 of what fell: somebody has to look."""
        if kept.base is not None and kept.base != to_markup(composed):
            why = _("This sentence was changed by hand; the composed one reads differently since: {text}",
                    text=composed.text)  # fmt: skip
            self._pend(composed.place, why)

    def _pend(self, place: str, why: Text) -> None:
        self.pending.append(Pending(place, why.render(self.lang)))

    def _section(self, composed: Section) -> Section:
        blocks = [self.paragraph(one) if isinstance(one, Paragraph) else one for one in composed.blocks]
        last = max((at for at, one in enumerate(blocks) if isinstance(one, Paragraph)), default=-1) + 1
        known = {one.place for one in composed.blocks if isinstance(one, Paragraph)}
        key = composed.key
        written = [*self._left_alone(key, known), *self._own(key)]
        more: list[Block] = [*written, *self.pictures.get(key, ())]
        blocks = [*blocks[:last], *more, *blocks[last:], *self.tables.get(key, ())]
        return replace(composed, blocks=tuple(blocks), off=composed.off or key in self.form.off)

    def _left_alone(self, key: str, known: set[str]) -> list[Paragraph]:
        """Changed sentences whose composed ones are no longer said: kept, and pointed out."""
        found = []
        for place, kept in self.wordings.items():
            if place in known or kept.mode != "edited" or not kept.text or place.partition(".")[0] != key:
                continue
            said = from_markup(kept.text, None, self.figures, self.lang)
            found.append(replace(said, place=place))
            self._pend(place, _("This sentence was changed by hand; the report no longer composes one here."))
        return found

    def _own(self, key: str) -> list[Paragraph]:
        """What a person wrote into the section, or what is carried over; its numbers in the language it is written in."""
        place = f"{key}{OWN}"
        kept, carried = self.wordings.get(place), self.carried.get(place)
        text: Wording | Carried
        if kept is not None:
            mode, text, origin = ("off" if kept.mode == "off" else "written"), kept, ""
        elif carried is not None:
            mode, text, origin = "written", carried, carried.period
        else:
            return []
        lines = [line.strip() for line in (text.text or "").splitlines() if line.strip()]
        return [
            replace(
                from_markup(line, None, self.figures, text.lang, mode="off" if mode == "off" else "written"),
                place=f"{place}.{at}", carried=origin,
            )
            for at, line in enumerate(lines, 1)
        ]  # fmt: skip


def in_order(sections: Sequence[Section], wanted: Sequence[str]) -> list[Section]:
    """Sections as `wanted` names them, one below another staying under it; the others where the handbook has them."""
    place = {key: at for at, key in enumerate(_whole_order(wanted, [one.key for one in sections]))}
    chapters: list[tuple[Section, list[Section]]] = []
    for one in sections:
        if one.level == 1 or not chapters:
            chapters.append((one, []))
        else:
            chapters[-1][1].append(one)
    chapters.sort(key=lambda chapter: place[chapter[0].key])
    return [one for head, under in chapters for one in (head, *sorted(under, key=lambda section: place[section.key]))]


def _whole_order(wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    order = list(dict.fromkeys(wanted))
    known = [*HANDBOOK, *(key for key in there if key not in HANDBOOK)]
    for at, key in enumerate(known):
        if key not in order:
            before = next((one for one in reversed(known[:at]) if one in order), None)
            order.insert(0 if before is None else order.index(before) + 1, key)
    return order
