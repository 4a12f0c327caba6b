"""From a trial to a published result: keep it, hear objections, decide them, publish; and a year's list taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.core.fields import Choice, Field, Words
from db.core.text import Text, _
from db.per_mu.models import period_name
from db.per_mu.names import called
from desktop.kit.page import Connection
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.per_mu.evaluated import Board
    from desktop.per_mu.evaluation import EvaluationView


def take_next(view: EvaluationView) -> None:
    """What comes next: keep, publish, or export what is published."""
    board = view.board
    if board is None or board.outcome is None:
        return
    if board.kept is None or not view.as_kept:
        _keep(view, board)
    elif board.kept.published_on is None:
        _publish(view, board.kept.number, board.kept.waiting)
    else:
        view.export("publication")


def _counts(board: Board) -> list[str]:
    assert board.outcome is not None
    return [f"{tr(called(name))} {count}" for name, count in board.outcome.counts().items()]


def _keep(view: EvaluationView, board: Board) -> None:
    """Ask, then keep it; a scheme that is not published yet is from now on."""
    assert board.outcome is not None
    page, period, key = view.page, board.period, board.scheme
    if page.rests():
        return
    name = board.outcome.scheme.called
    body = [
        _(
            "The result of {year} by “{name}” is kept as it is, whatever becomes of the data later.",
            year=period,
            name=name,
        )
    ]
    if next((one.state for one in board.schemes if one.key == key), "") != "published":
        body.append(_("The scheme is published with it and cannot be changed afterwards; a new version can be made."))
    if not page.desk.dialogs.confirm(view, _("Keep the result"), body, _("Keep the result"), facts=_counts(board)):
        return
    day = page.desk.today().isoformat()

    def work(connection: Connection) -> int:
        from db.per_mu.evaluated import keep_run

        return keep_run(connection, board.year, key, on=day, half=board.half)

    def done(_number: int) -> None:
        page.desk.say(_("The result of {year} is kept; objections can be filed now.", year=period))
        view.ask_for()

    page.write(_("Keep the result of {year}", year=period), work, done)


def _publish(view: EvaluationView, number: int, waiting: int) -> None:
    page = view.page
    if page.rests():
        return
    if waiting:
        view.strip.ask(_("{count} objections wait for a decision, which comes first.", count=waiting),
                       [(_("Show them"), lambda: _show_waiting(view))])  # fmt: skip
        return
    body = [_("From then on the result cannot be changed; the report of the month names its classes.")]
    assert view.board is not None
    if not page.desk.dialogs.confirm(view, _("Publish the result"), body, _("Publish"), facts=_counts(view.board)):
        return
    day = page.desk.today().isoformat()

    def work(connection: Connection) -> None:
        from db.per_mu.evaluations import publish_evaluation

        publish_evaluation(connection, number, on=day)

    page.write(_("Publish the result of {year}", year=view.board.period), work, lambda _found: view.refresh())


def _show_waiting(view: EvaluationView) -> None:
    """The first enterprise whose objection waits."""
    kept = view.board.kept if view.board is not None else None
    if kept is None:
        return
    number = kept.number

    def work(connection: Connection) -> list[int]:
        from db.per_mu.evaluated import objecting

        return objecting(connection, number)

    def show(found: list[int]) -> None:
        if found:
            view.table.choose(found[0])
            view.pane.tabs.choose("objections")

    view.page.ask(work, show, key="evaluation:waiting")


def file_objection(view: EvaluationView) -> None:
    """The chosen enterprise objects to its kept result."""
    kept = view.board.kept if view.board is not None else None
    company = view.table.record
    if kept is None or company not in kept.results or view.cells is None or view.page.rests():
        return
    name = view.cells.outcome.group.members[view.cells.place[company]].name
    result, day = kept.results[company], view.page.desk.today().isoformat()
    field = Field("text", _("What it objects to"), Words(long=True))
    form = SmallForm(view.page, _("Objection of {name}", name=name), _("File it"), [(field, "", None)])

    def work(connection: Connection, values: dict[str, Any]) -> int:
        from db.per_mu.evaluations import file_objection as filed

        return filed(connection, result, values["text"] or "", on=day)

    form.named = lambda _values: _("Objection of {name}", name=name)
    form.work = work
    form.done = lambda _number: _shown(view)
    form.open_over(view.table)


def _shown(view: EvaluationView) -> None:
    view.pane.tabs.choose("objections")
    view.refresh()


def decide(view: EvaluationView, number: int) -> None:
    """The review: upheld, with the class afterwards, or rejected; always with the reason."""
    if view.cells is None or view.page.rests():
        return
    classes = Choice(tuple((name, Text(name)) for name in view.cells.names))
    outcomes = Choice((("upheld", _("Upheld")), ("rejected", _("Rejected"))))
    fields = [
        (Field("outcome", _("Outcome"), outcomes), "rejected", None),
        (Field("class_after", _("Class afterwards"), classes), None, None),
        (Field("decision", _("Reason of the decision"), Words(long=True)), "", None),
    ]  # fmt: skip
    form = SmallForm(view.page, _("Decide the objection"), _("Decide"), fields)
    day = view.page.desk.today().isoformat()

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.per_mu.evaluations import decide_objection

        decide_objection(
            connection, number, upheld=values["outcome"] == "upheld", decision=values["decision"] or "", on=day,
            class_after=values["class_after"],
        )  # fmt: skip

    form.named = lambda _values: _("Decide the objection of {name}", name=view.pane.title.text())
    form.work = work
    form.done = lambda _found: _shown(view)
    form.open_over(view.table)


def take_list(view: EvaluationView) -> None:
    """The enterprises of the year before, without their data."""
    board = view.board
    if board is None:
        return
    year, before = board.year, max(one for one in board.years if one < board.year)

    def work(connection: Connection) -> int:
        from db.per_mu.evaluated import take_list as taken

        return taken(connection, before, year)

    def done(count: int) -> None:
        view.page.desk.say(_("{count} enterprises taken over; their data are missing.", count=f"{count:,}"))
        view.refresh()

    view.page.write(_("Take over the list of {year}", year=period_name(before)), work, done)
