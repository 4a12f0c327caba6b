"""Everything that may go wrong, sorted once. Each carries a sentence for people and the exit code of a command.

- Refused: the input or a rule says no; nothing was changed (exit 1).
- Usage: the command was written wrongly (exit 2).
- Unavailable: the environment says no: disk full, file locked, server gone, newer book (exit 3).
- Cancelled: a person said stop (exit 130).
- Bug: we were wrong. It is logged with its traceback; people get a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from db.core.text import Text, _, say


class Problem(Exception):
    """What a person is told: what happened, what was kept, what to do."""

    exit_code = 1

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def render(self, lang: str = "zh") -> str:
        """The sentence in `lang`."""
        return self.sentence.render(lang)

    def __str__(self) -> str:
        return self.render("en")


class Refused(Problem):
    """A rule says no. `fields` names the field keys and why, for showing beside the field, cell or row."""

    exit_code = 1

    def __init__(self, sentence: Text | None = None, fields: Mapping[str, Text] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(sentence or _("{reasons}", reasons=list(self.fields.values())))


class Usage(Problem):
    """The command line was written wrongly."""

    exit_code = 2


class Unavailable(Problem):
    """The environment says no; nothing was changed."""

    exit_code = 3


class Cancelled(Problem):
    """A person stopped a job; nothing was changed."""

    exit_code = 130

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or _("Cancelled. Nothing was changed."))


class Bug(Exception):
    """The program broke one of its own laws."""


__all__ = ["Bug", "Cancelled", "Problem", "Refused", "Unavailable", "Usage", "say"]
