"""At which operation a book's file stands, told by the standard library alone.

A window asks before anything of the engine is loaded, to know whether what it remembers of a book is still true.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any
from urllib.parse import quote


def last_operation(target: str) -> list[Any] | None:
    """Number, moment, person and label of the newest operation: two copies of a book never share one by chance.

    None where it cannot be told at once: a server's book, a file that is gone, locked or no book, a book without any.
    """
    path = Path(target)
    if "://" in target or not path.is_file():
        return None
    import sqlite3

    place = quote(path.resolve().as_posix(), safe="/:")
    asked = "SELECT number, at, actor, label FROM operation ORDER BY number DESC LIMIT 1"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=0)) as connection:
            found = connection.execute(asked).fetchone()
    except sqlite3.Error:
        return None
    return None if found is None else list(found)
