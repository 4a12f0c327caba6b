"""`zhaoshang shots BOOK --out DIR`: every page of the window as a PNG, for the manual and for looking."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import Problem, Refused, Usage
from db.core.text import LANGUAGES, _, system_language

if TYPE_CHECKING:
    from desktop.shell.window import Window

_LONGEST = 120_000


def main(argv: Sequence[str]) -> int:
    """Run the command; the exit code."""
    lang = system_language()
    try:
        given = _parser().parse_args(list(argv))
    except SystemExit as left:
        return int(left.code or 0)
    lang = given.lang or lang
    try:
        return _shoot(given, lang)
    except Problem as problem:
        print(problem.render(lang), file=sys.stderr)
        return problem.exit_code


def _parser() -> argparse.ArgumentParser:
    lang = system_language()
    parser = argparse.ArgumentParser(prog="zhaoshang shots", description=_("Every page as a picture").render(lang))
    parser.add_argument("book", metavar="BOOK")
    parser.add_argument("--out", required=True, metavar="DIR", type=Path)
    parser.add_argument("--size", default="1366x768", metavar="WxH")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", default="1", choices=("1", "1.5", "2"))
    parser.add_argument("--ledger", type=Path, metavar="FILE", help=_("a ledger for the import page").render(lang))
    return parser


def _shoot(given: argparse.Namespace, lang: str) -> int:
    width, times, height = given.size.partition("x")
    if not (times and width.isdigit() and height.isdigit()):
        raise Usage(_("--size is written 1366x768."))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = given.scale
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhaoshang-shots-") as home:
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = home
        taken = take(
            given.book, given.out, (int(width), int(height)), lang=lang, theme=given.theme, ledger=given.ledger
        )
    for path in taken:
        print(path)
    return 0


def take(
    book: str, out: Path, size: tuple[int, int], *, lang: str, theme: str, ledger: Path | None = None
) -> list[Path]:
    """Pictures of every page; their paths."""
    from desktop.app import make_window
    from desktop.kit.preferences import Preferences

    window = make_window(Preferences(language=lang, theme=theme, actor="高翔"))
    window.resize(*size)
    window.show()
    taken: list[Path] = []

    def shoot(name: str) -> None:
        _settle(window, lambda: not window.jobs.busy)
        path = out / f"{name}-{lang}-{theme}-{size[0]}.png"
        window.grab().save(str(path))
        taken.append(path)

    try:
        shoot("welcome")
        window.open_book(book)
        _settle(window, lambda: bool(window.book_name))
        for name in ("projects", "overview", "history", "settings"):
            window.go(name)
            _settle(window, lambda: not window.jobs.busy)
            if window.page is not None:
                window.page.show_example()
            shoot(name)
        if ledger is not None:
            window.take_files([ledger])
            shoot("sheets")
    finally:
        window.close()
    return taken


def _settle(window: Window, ready: Callable[[], bool]) -> None:
    """Let the window work until it is ready and quiet."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    clock = QElapsedTimer()
    clock.start()
    quiet = 0
    while quiet < 4:
        loop = QEventLoop()
        QTimer.singleShot(60, loop.quit)
        loop.exec()
        quiet = quiet + 1 if ready() else 0
        if clock.elapsed() > _LONGEST:
            raise Refused(_("The book could not be opened, or a page did not come."))
