"""Paragraphs of a Word file: text in a style, and the numbers of the book in controls that nobody sees."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import count
from typing import cast

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as Line

from db.reports.docx_marks import bookmark_of, tag_of
from db.reports.report import FigureNumber, Paragraph

W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_FORBIDDEN = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = parse_xml(
    f'<w:sdt {nsdecls("w")} xmlns:w15="{W15}"><w:sdtPr><w:tag/><w:id/><w15:appearance w15:val="hidden"/></w:sdtPr>'
    "<w:sdtContent/></w:sdt>"
)


def clean(text: str) -> str:
    """`text` without the characters that XML forbids; of those that are no letters only the end of a line stays."""
    return _FORBIDDEN.sub("", text)


def word(tag: str, *within: BaseOxmlElement, **values: str | int) -> BaseOxmlElement:
    """An element of Word's own language, for what python-docx has no name for."""
    made = OxmlElement(f"w:{tag}")
    made.extend(within)
    return say(made, **values)


def say(made: BaseOxmlElement, **values: str | int) -> BaseOxmlElement:
    """Set what an element of that language says of itself."""
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def element(line: Line) -> CT_P:
    """What a paragraph is in the file."""
    return cast("CT_P", line.paragraph_format.element)


def put(line: Line, style: str, text: str = "") -> Line:
    """Text in the style of that key; a line break where it has one."""
    # Not `line.style = …`, which looks through all styles each time.
    element(line).style = style
    if text:
        put_run(line, text)
    return line


def put_run(line: Line, text: str, style: str | None = None) -> CT_R:
    """Text at the end of a paragraph, in the style of words of that key; the run as it is in the file."""
    run = element(line).add_r()
    run.text = clean(text)
    if style:
        run.style = style
    return run


class Words:
    """Writes the runs of the report's paragraphs; no two controls or bookmarks of a document have the same number."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def write(self, line: Line, paragraph: Paragraph) -> None:
        """Add what a paragraph of the report says, in the bookmark of its place."""
        name, key = bookmark_of(paragraph.place), 0
        if name:
            key = next(self._numbers)
            element(line).append(word("bookmarkStart", id=key, name=name))
        for one in paragraph.runs:
            if isinstance(one, FigureNumber):
                self._number(line, one)
            else:
                put_run(line, one)
        if name:
            element(line).append(word("bookmarkEnd", id=key))

    def _number(self, line: Line, number: FigureNumber) -> None:
        """A number of the book, in a control without a frame."""
        run = put_run(line, number.printed)
        tag = clean(tag_of(number))
        if not tag:
            return
        control = deepcopy(_CONTROL)
        properties, content = control
        say(properties[0], val=tag)
        say(properties[1], val=next(self._numbers))
        content.append(run)
        element(line).append(control)
