"""Where the program notes its own mistakes."""

from __future__ import annotations

import contextlib
import datetime as dt
import traceback
from pathlib import Path

from db.core.paths import user_folder


def note_failure(error: BaseException) -> Path:
    """Append a traceback to the person's log file; returns the file."""
    path = user_folder("log") / "zhaoshang.log"
    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    text = "".join(traceback.format_exception(error))
    with contextlib.suppress(OSError), path.open("a", encoding="utf-8") as log:  # a full disk takes no note either
        log.write(f"--- {when}\n{text}\n")
    return path
