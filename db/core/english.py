"""What English says otherwise than the sentences have it.

Counts: 1 row is …, where the sentence is written for {count} rows that are …. Amounts: in millions, where they have 亿元.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.core.formats import decimal_text
from db.core.text import Text

_ENDS_ALIKE = (
    "adjustments amounts appeals calls carriers cells changes characters columns conditions conflicts days decisions"
    " differences enterprises fields figures files hits issues items kinds leaders letters lines matters meetings metrics"
    " milestones months names numbers objections ones operations others pages paragraphs places points projects"
    " proposals questions records rows scores seconds sections sessions sheets sites steps tables targets things times"
    " units values visits weeks years"
)
_ONE = {noun: noun[:-1] for noun in _ENDS_ALIKE.split()}
_ONE |= {"agreements": "agreement", "companies": "company", "copies": "copy", "entries": "entry", "people": "person"}
_DOES = {
    "are": "is", "were": "was", "have": "has", "become": "becomes", "carry": "carries", "come": "comes", "fit": "fits",
    "go": "goes", "lack": "lacks", "move": "moves", "rise": "rises", "say": "says", "stand": "stands", "stay": "stays",
    "wait": "waits",
}  # fmt: skip
_COUNTED = re.compile(
    r"(?P<of>\bof )?\{(?P<place>\w+)\}(?P<between>(?: (?!(?:of|is|in|under)\b)[a-z-]+){0,2}?)"
    rf" (?P<noun>{'|'.join(_ONE)})\b(?:(?P<rest>[^,;:.·{{]*?)(?<! may)(?<! will) (?P<verb>{'|'.join(_DOES)})\b)?"
)


def counted(sentence: str, said: Mapping[str, Any]) -> str:
    """The sentence, its places still open, with a noun and its verb in the singular where the place before it says 1.

    said: what will stand in the places.
    """

    def one(found: re.Match[str]) -> str:
        of, place, between, noun, rest, verb = found.group("of", "place", "between", "noun", "rest", "verb")
        if str(said[place]) != "1":
            return found[0]
        does = "" if verb is None else rest + " " + (verb if of else _DOES[verb])  # of 1 unit: another is who does it
        return f"{of or ''}{{{place}}}{between} {_ONE[noun]}{does}"

    return _COUNTED.sub(one, sentence)


def noun(number: str, said: str) -> str:
    """What stands after a number that is shown by itself, rows in the list: row in the list where it is 1."""
    return counted(f"{{number}} {said}", {"number": number}).removeprefix("{number} ")


def amount(hundredths: int) -> tuple[str, str]:
    """An amount of yuan and its unit: 620 million yuan, 17.42 billion yuan."""
    if abs(hundredths) >= 10**11:
        return decimal_text(hundredths, 10**11, 2), "billion yuan"
    return decimal_text(hundredths, 10**8), "million yuan"


@dataclass(frozen=True)
class Amount(Text):
    """A Chinese amount, 5.20 亿元 or 52,000 万元, that is another number in English: 520 million yuan."""

    hundredths: int = 0

    def render(self, lang: str = "zh") -> str:
        """The amount as a sentence in `lang` says it."""
        return " ".join(amount(self.hundredths)) if lang == "en" else super().render(lang)
