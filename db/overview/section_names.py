"""What the sections of the report are called, as sentences: the history says them in the language of its reader."""

from __future__ import annotations

from collections.abc import Mapping

from db.core.text import Text, _

OPENING = "opening"
SECTIONS: Mapping[str, Text] = {
    "targets": _("Targets and results"),
    "work": _("Main work"),
    "signed": _("New signings"),
    "started": _("Starts and production"),
    "five_ones": _("Five ones and meetings"),
    "forum": _("Government–enterprise forum"),
    "per_mu": _("Per-mu benefit"),
    "activities": _("Promotion activities"),
    "negotiating": _("Projects under negotiation"),
    "problems": _("Problems"),
    "next_steps": _("Next steps"),
}


def section_name(place: str) -> Text:
    """The name of the section in which a paragraph or a text of one's own stands (`signed.places`, `problems.own`)."""
    return SECTIONS.get(place.partition(".")[0]) or _("Opening")


def headings(lang: str) -> Mapping[str, str]:
    """Key → heading in a language."""
    return {key: one.render(lang) for key, one in SECTIONS.items()}
