"""Another desk: a process of its own that works on a book of the little town, and says on its output what it does.

python -m tests.db.core.desk write TARGET N     N operations with one street each
python -m tests.db.core.desk bulk TARGET        operations with 400 shops each, until it is killed
python -m tests.db.core.desk hold TARGET        keeps the book open as a window does, until its input ends
python -m tests.db.core.desk look TARGET        as a person who may only read it: reads, then tries to write
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from db.core import bulk
from db.core.book import Book
from db.core.errors import Problem, Unavailable
from db.core.text import Text, _
from tests.db.core.town import put, state, town

ROWS = 400


def start(command: str, target: str, *more: str) -> subprocess.Popen[str]:
    """Let another desk work; its output can be read line by line."""
    words = [sys.executable, "-m", "tests.db.core.desk", command, target, *more]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say(*words: object) -> None:
    """One line, at once."""
    print(*words, flush=True)


def write(target: str, times: str) -> None:
    """Many small operations, beside those of others."""
    with Book.open(target, schema=town(), actor=str(os.getpid())) as book:
        for number in range(int(times)):
            put(book, "street", name=f"{os.getpid()} {number}")


def bulk_until_killed(target: str) -> None:
    """Large operations; a line where each begins, in its middle, and after its commit."""
    schema = town()
    with Book.open(target, schema=schema) as book:
        for number in count(1):
            with book.write(Text("bulk")) as connection:
                say("begun", number)
                for _half in range(2):
                    rows = [("名" * 50, 1)] * (ROWS // 2)
                    bulk.insert(connection, schema.tables["shop"], ("note", "area"), rows)
                    say("half", number)
            say("done", number)


def hold(target: str) -> None:
    """A window."""
    with Book.open(target, schema=town(), hold=True):
        say("open")
        sys.stdin.read()


def look(target: str) -> None:
    """Somebody who may read the book and not write it."""
    with tempfile.TemporaryDirectory() as folder, Book.create(f"{folder}/warm.zsb", schema=town()) as warm:
        put(warm, "street", name="x")  # loads what is loaded late, while it still can be read
        state(warm)
        Unavailable(_("Cancelled. Nothing was changed.")).render("zh")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    with Book.open(target, schema=town(), actor="读者") as book:
        say(*sorted(cells["name"] for cells in state(book)["street"].values()))
        try:
            put(book, "street", name="不许")
        except Problem as problem:
            say(problem.exit_code, problem.render("zh"))
    say(*sorted(path.name for path in Path(target).parent.iterdir()))


COMMANDS: dict[str, Callable[..., None]] = {"write": write, "bulk": bulk_until_killed, "hold": hold, "look": look}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
