"""The entry point `zhaoshang`: a command goes to `db.cli` without Qt; no command opens the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or the window; the exit code."""
    if argv is None:
        sys.unraisablehook = _note
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] == "--book" or arguments[0].startswith("--book="):
        return _window(arguments)
    if arguments[0] == "shots":
        from desktop.shots import main as shots

        return shots(arguments[1:])
    from db.cli import main as command

    return command(arguments)


def _note(failure: sys.UnraisableHookArgs) -> None:
    """What fails while something is let go of (a file on a full disk) was said before: it goes into the log."""
    from db.core.log import note_failure

    if failure.exc_value is not None:
        note_failure(failure.exc_value)


def _window(arguments: list[str]) -> int:
    book = arguments[0].partition("=")[2] if arguments and "=" in arguments[0] else "".join(arguments[1:2])
    if (arguments and not book) or len(arguments) > 2:
        print("zhaoshang [--book BOOK]", file=sys.stderr)
        return 2
    from desktop.app import run

    return run(book or None)


if __name__ == "__main__":
    sys.exit(main())
