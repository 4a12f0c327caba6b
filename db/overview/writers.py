"""What a language's writer offers, and which there are: one module a language, composed prose and no catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from db.core.period import Period
from db.overview import sentences_en, sentences_zh
from db.overview.facts import Facts
from db.reports.report import Figure, Paragraph


class Writer(Protocol):
    """`sentences_zh` and `sentences_en` are writers."""

    HEADINGS: Mapping[str, str]
    KINDS: Mapping[str, str]

    title: Callable[[Facts, str], str]
    number_line: Callable[[int], str]
    file_stem: Callable[[Period, str], str]
    subtitle: Callable[[Facts], str]
    opening: Callable[[Facts, str], Paragraph]
    span: Callable[[Period], str]
    day: Callable[[str], str]
    figure_text: Callable[[Figure | None, int], str]
    targets: Callable[[Facts], list[Paragraph]]
    signed: Callable[[Facts], list[Paragraph]]
    started: Callable[[Facts], list[Paragraph]]
    activities: Callable[[Facts], list[Paragraph]]
    negotiating: Callable[[Facts], list[Paragraph]]
    problems: Callable[[Facts], list[Paragraph]]


def writer(lang: str) -> Writer:
    """The writer of a language."""
    return cast("Writer", sentences_en if lang == "en" else sentences_zh)
