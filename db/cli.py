"""The commands that need no window (contract.md). Errors are a sentence on standard error and an exit code.

Nothing here imports Qt. What each command does stands in `db.commands`, imported once it is known which one is meant.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from db import __version__
from db.core.errors import Cancelled, Problem, Usage
from db.core.text import LANGUAGES, Text, _, system_language

_LOG = logging.getLogger("zhaoshang")


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are the house's errors (exit 2), in the person's language."""

    lang = "zh"

    def format_help(self) -> str:
        """The help, with argparse's own words in the person's language too."""
        text = super().format_help()
        words = {"usage:": _("Usage:"), "positional arguments:": _("Arguments:"), "options:": _("Options:")}
        for word, ours in words.items():
            text = text.replace(word, ours.render(self.lang), 1)
        return text.replace("show this help message and exit", _("show this help").render(self.lang)).replace(
            "show program's version number and exit", _("show the version").render(self.lang)
        )

    def error(self, message: str) -> NoReturn:
        if "required" in message:
            raise Usage(_("The command “{command}” needs more: {usage}", command=self.prog, usage=self._usage_line()))
        raise Usage(_("The command was not understood: {usage}", usage=self._usage_line()))

    def _usage_line(self) -> str:
        return " ".join(self.format_usage().removeprefix("usage: ").split())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 refused, 2 usage, 3 environment, 130 cancelled."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = _language(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        chosen = build_parser(lang).parse_args(arguments)
        chosen.lang = lang
        return int(chosen.run(chosen) or 0)
    except Problem as problem:
        print(problem.render(lang), file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print(Cancelled().render(lang), file=sys.stderr)
        return Cancelled.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 — the last door: a traceback is never shown to a person
        return _our_fault(error, lang)


def _our_fault(error: BaseException, lang: str) -> int:
    """The program is wrong: people get a sentence, the log gets the traceback."""
    from db.core.log import note_failure

    where = note_failure(error)
    sentence = _("The program made a mistake; nothing was changed. What happened is noted in {file}.", file=str(where))
    print(sentence.render(lang), file=sys.stderr)
    return Problem.exit_code


def _language(arguments: Sequence[str]) -> str:
    for place, word in enumerate(arguments):
        if word == "--lang" and arguments[place + 1 : place + 2] and arguments[place + 1] in LANGUAGES:
            return arguments[place + 1]
        if word.startswith("--lang=") and word[7:] in LANGUAGES:
            return word[7:]
    return system_language()


def build_parser(lang: str) -> argparse.ArgumentParser:
    """Every command with its options; the helps in `lang`."""

    def say(text: Text) -> str:
        return text.render(lang).replace("%", "%%")

    class Parser(_Parser):
        """Speaks `lang`."""

    Parser.lang = lang
    parser = Parser(prog="zhaoshang", description=say(_("One book for investment promotion in which nothing is lost.")))
    parser.add_argument("--version", action="version", version=f"zhaoshang {__version__}")
    parser.add_argument("--lang", choices=LANGUAGES, help=say(_("language of the messages")))
    commands = parser.add_subparsers(dest="command", metavar=say(_("COMMAND")), required=True, parser_class=Parser)
    for add in (_book_commands, _sheet_commands, _figure_commands, _history_commands, _care_commands):
        add(commands, say)
    return parser


def _command(commands: Any, say: Any, name: str, about: Text, *, json: bool = False) -> argparse.ArgumentParser:
    from db import commands as does

    made: argparse.ArgumentParser = commands.add_parser(name, help=say(about), description=say(about))
    made.add_argument("--lang", choices=LANGUAGES, default=None, help=say(_("language of the messages")))
    if json:
        made.add_argument("--json", action="store_true", help=say(_("print one JSON object and nothing else")))
    made.set_defaults(run=getattr(does, name.replace("import", "import_"), None), json=False)
    made.add_argument("book", metavar="BOOK", help=say(_("a book: a file *.zsb or a postgresql:// address")))
    return made


def _book_commands(commands: Any, say: Any) -> None:
    _command(commands, say, "new", _("make an empty book"))
    demo = _command(commands, say, "demo", _("make the demonstration district"))
    large = _("a large book of N projects and half as many issues, for measuring")
    demo.add_argument("--scale", type=int, metavar="N", help=say(large))
    demo.add_argument("--seed", type=int, default=2024, metavar="S", help=say(_("the same seed gives the same book")))


def _sheet_commands(commands: Any, say: Any) -> None:
    from db.bulletins_in import import_
    from db.returning import export, merge

    taken = _command(commands, say, "import", _("take ledgers in, as one operation each"), json=True)
    taken.set_defaults(run=import_)
    taken.add_argument("files", nargs="+", metavar="FILE")
    taken.add_argument("--as", dest="room", metavar="ROOM", help=say(_("the room the ledger belongs to")))
    taken.add_argument("--sheet", action="append", default=[], metavar="NAME", help=say(_("only this sheet")))
    taken.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", dest="given",
                       help=say(_("what holds for a whole sheet")))  # fmt: skip
    taken.add_argument("--assume", choices=["yes"], help=say(_("take the proposed answers")))
    taken.add_argument("--dry-run", action="store_true", help=say(_("show what would happen; write nothing")))
    taken.add_argument("--partial", action="store_true", help=say(_("take the good rows")))
    taken.add_argument("--blank-clears", action="store_true", help=say(_("empty cells clear values")))
    taken.add_argument("--problems", metavar="OUT.xlsx", help=say(_("write the rows with problems to this file")))
    given = _command(commands, say, "export", _("write a room's records to a workbook"))
    given.add_argument("room", metavar="ROOM")
    given.add_argument("--out", required=True, metavar="FILE.xlsx")
    given.add_argument("--view", metavar="NAME", help=say(_("a view as it stands: columns, rows, order and groups")))
    given.add_argument(
        "--period", metavar="P", help=say(_("what “this period” means in it; this year so far unless said"))
    )
    given.set_defaults(run=export)
    given.add_argument("--for", dest="unit", metavar="UNIT", help=say(_("a sheet for this unit that can come back")))
    given.add_argument("--layout", metavar="NAME", help=say(_("in the layout of this ledger that was imported")))
    given.add_argument("--due", metavar="DAY", help=say(_("until when it is to come back")))
    given.add_argument("--columns", metavar="FIELD,…", help=say(_("these columns instead of the view's")))
    given.add_argument("--editable", metavar="FIELD,…", help=say(_("only these columns may be changed")))
    given.add_argument("--say", metavar="TEXT", help=say(_("instructions above the header")))
    _form_commands(commands, say)
    back = _command(commands, say, "merge", _("merge a returned sheet, or a copy of the book"), json=True)
    back.set_defaults(run=merge)
    back.add_argument("file", metavar="FILE")
    back.add_argument("--take", choices=["ask", "ours", "theirs"], default="ask",
                      help=say(_("what becomes of cells that both sides changed")))  # fmt: skip
    back.add_argument("--dry-run", action="store_true", help=say(_("show what would happen; write nothing")))


def _form_commands(commands: Any, say: Any) -> None:
    from db.form_commands import fill

    filled = _command(commands, say, "fill", _("fill a superior's form"), json=True)
    filled.set_defaults(run=fill)
    filled.add_argument("form", metavar="FORM.xlsx")
    filled.add_argument("--out", required=True, metavar="FILE.xlsx")
    filled.add_argument("--period", metavar="P", help=say(_("of which period; what the form's title counts in it")))
    filled.add_argument("--view", metavar="NAME", help=say(_("the rows of this view, in its order")))
    filled.add_argument("--as", dest="room", metavar="ROOM", help=say(_("the room the form asks")))
    filled.add_argument("--sheet", metavar="NAME", help=say(_("only this sheet")))
    filled.add_argument("--map", action="append", default=[], metavar="HEADING=FIELD", dest="meanings",
                        help=say(_("what fills a heading; remembered for forms like this one")))  # fmt: skip
    filled.add_argument("--each", choices=["sheet", "file"], default="sheet",
                        help=say(_("of a form for a single record: a sheet or a file a record")))  # fmt: skip


def _figure_commands(commands: Any, say: Any) -> None:
    from db.scored import score as scored

    figures = _command(commands, say, "figures", _("compute the figures of a period"), json=True)
    figures.add_argument("--period", required=True, metavar="P")
    figures.add_argument("--by", choices=["street", "department", "industry", "source", "size", "category", "session"])
    figures.add_argument("--min-investment", type=int, metavar="YUAN")
    figures.add_argument("--rows", action="store_true", help=say(_("with the ids of the rows behind each")))
    figures.add_argument("--as-of", metavar="T")
    report = _command(commands, say, "report", _("write the report of a period"), json=True)
    report.add_argument("--period", required=True, metavar="P")
    report.add_argument("--out", required=True, metavar="DIR")
    report.add_argument("--format", default="xlsx,pdf", metavar="xlsx,pdf,docx")
    report.add_argument("--form", metavar="NAME", help=say(_("a form of the office instead of the period's")))
    report.add_argument("--as-of", metavar="T")
    score = _command(commands, say, "score", _("evaluate companies per mu by a scheme"), json=True)
    score.set_defaults(run=scored)
    score.add_argument("--year", required=True, type=int, metavar="Y")
    score.add_argument(
        "--half", type=int, choices=(1, 2), default=0, help=say(_("the first or second half of the year"))
    )
    score.add_argument("--scheme", required=True, metavar="NAME", help=say(_("a scheme of the book, or a preset")))
    close = _command(commands, say, "close", _("finalise a month"))
    close.add_argument("period", metavar="P")


def _history_commands(commands: Any, say: Any) -> None:
    changes = _command(commands, say, "changes", _("what changed between two moments"), json=True)
    changes.add_argument("--since", required=True, metavar="T|P")
    changes.add_argument("--until", metavar="T|P")
    history = _command(commands, say, "history", _("list the operations, newest first"), json=True)
    history.add_argument("--room", metavar="ROOM")
    history.add_argument("--id", type=int, metavar="N")
    undo = _command(commands, say, "undo", _("undo one operation"), json=True)
    undo.add_argument("operation", type=int, metavar="OPERATION")


def _care_commands(commands: Any, say: Any) -> None:
    from db.returning import copy as take_along

    _command(commands, say, "upgrade", _("bring a book to this version of the program"))
    _command(commands, say, "check", _("check file, schema, history and rules"), json=True)
    backup = _command(commands, say, "backup", _("copy a book safely, even while it is open"))
    backup.add_argument("--out", metavar="FILE")
    copy = _command(commands, say, "copy", _("make a copy that a colleague takes along, with ids of its own"))
    copy.set_defaults(run=take_along)
    copy.add_argument("copy", metavar="COPY.zsb")
    copy.add_argument("--for", dest="who", metavar="NAME", help=say(_("who takes it along")))
    copy.add_argument("--rooms", metavar="A,B",
                      help=say(_("only these rooms: projects, forum, per_mu, five_ones, contests")))  # fmt: skip
    restore = _command(commands, say, "restore", _("make a book from a backup"))
    restore.add_argument("target", metavar="NEW_BOOK")


if __name__ == "__main__":
    sys.exit(main())
