"""Files that come from outside: from a chat's download folder, a stick, a letter. Which are none to take, by name alone."""

from __future__ import annotations

from pathlib import Path

from db.core.text import Text, _

_UNFINISHED = frozenset({".tmp", ".part", ".crdownload", ".download", ".partial", ".opdownload"})


def unfinished(path: Path) -> Text | None:
    """Why a file is none to read, by its name alone: another program's lock, half a download; None where it may be."""
    name = path.name
    if name.startswith(("~$", ".~", ".")):
        return _("“{file}” is only the mark of an open file.", file=name)
    if path.suffix.lower() in _UNFINISHED:
        return _("“{file}” is not downloaded to its end.", file=name)
    return None
