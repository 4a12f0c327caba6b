"""A file is written whole or not at all: beside its place first, then put there; what goes wrong is said in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.core.errors import Unavailable
from db.core.text import _

_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a `*.part` beside `path` to write to, put in place at the end, removed when the writing fails or is stopped.

    Raises Unavailable where the disk is full, the folder may not be written or the file is open in another program.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise explained(error, path) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def explained(error: OSError, path: Path) -> Unavailable:
    """What the system says of a file or folder that cannot be written, in words."""
    if error.errno in _FULL:
        return Unavailable(
            _("The disk is full. “{file}” was not written; free some space and try again.", file=path.name)
        )
    if isinstance(error, FileExistsError):
        return Unavailable(_("“{file}” is a file, not a folder. Nothing was written; choose a folder.", file=path.name))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unavailable(_("The folder of “{file}” does not exist. Nothing was written.", file=path.name))
    if isinstance(error, IsADirectoryError):
        return Unavailable(_("“{file}” is a folder. Nothing was written.", file=path.name))
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        if path.is_dir():
            return Unavailable(_("“{file}” is a folder. Nothing was written.", file=path.name))
        if path.exists() and os.access(path.parent, os.W_OK):
            return Unavailable(
                _(
                    "“{file}” is open in another program. Close it there and try again, or save as another file.",
                    file=path.name,
                )
            )
        return Unavailable(_("The folder of “{file}” may not be written. Nothing was written.", file=path.name))
    return Unavailable(
        _("“{file}” could not be written: {reason}", file=path.name, reason=error.strerror or str(error))
    )
