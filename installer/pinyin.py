"""Make resources/pinyin/readings.txt from pypinyin: `python installer/pinyin.py`.

A line is a syllable, the characters that are mostly read so, and those that are also read so, each by tone. The file
is committed: loading it takes a thirtieth of importing pypinyin, which the delivered program does without.
A further reading counts where a word has it (pypinyin's own phrases) or a name (`db/core/surnames.py`); the archaic
ones of a dictionary would only bring hits that nobody understands.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "resources" / "pinyin" / "readings.txt"
_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_HEAD = """\
# Readings of Chinese characters, by syllable: those mostly read so, those also read so, each in the order of tones.
# Made by installer/pinyin.py from the dictionaries of pypinyin (LICENSE beside this file). Do not edit by hand.
"""


def made() -> str:
    """The whole file."""
    first: dict[str, list[tuple[int, str]]] = defaultdict(list)
    further: dict[str, list[tuple[int, str]]] = defaultdict(list)
    spoken = _in_words()
    for char, all_readings in _characters():
        (syllable, tone), *others = all_readings
        first[syllable].append((tone, char))
        known = {syllable}
        for other, its_tone in others:
            if other not in known and (char, other) in spoken:
                known.add(other)
                further[other].append((its_tone, char))
    lines = [
        "\t".join((syllable, _in_order(first[syllable]), _in_order(further[syllable]))).rstrip("\t")
        for syllable in sorted({*first, *further})
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _in_order(found: list[tuple[int, str]]) -> str:
    return "".join(char for _tone, char in sorted(found))


def _characters() -> list[tuple[str, list[tuple[str, int]]]]:
    from pypinyin.constants import PINYIN_DICT

    return [(chr(code), [_plain(one) for one in text.split(",")]) for code, text in sorted(PINYIN_DICT.items())]


def _in_words() -> set[tuple[str, str]]:
    """(character, syllable) as words and surnames have them."""
    from pypinyin.constants import PHRASES_DICT

    sys.path.insert(0, str(ROOT))
    from db.core.surnames import SURNAMES, WORDS

    found = {
        (char, _plain(readings[0])[0])
        for word, sounds in PHRASES_DICT.items()
        if len(word) == len(sounds)
        for char, readings in zip(word, sounds, strict=True)
    }
    for word, syllables in (*SURNAMES.items(), *WORDS.items()):
        found.update(zip(word, syllables, strict=True))
    return found


def _plain(syllable: str) -> tuple[str, int]:
    """A syllable with marks as plain letters (ü is v, as keyboards have it) and its tone, 5 where it has none."""
    parts = unicodedata.normalize("NFD", syllable.replace("ɡ", "g")).replace("u\u0308", "v")
    tone = next((_TONES[part] for part in parts if part in _TONES), 5)
    return "".join(part for part in parts if not unicodedata.combining(part)), tone


def main() -> int:
    """Write the file."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(made(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
