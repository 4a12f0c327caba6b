"""What holds for one enterprise alone: a bonus, a deduction, a veto or an exemption, with its reason and its effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from db.core.errors import Refused
from db.core.fields import Field, Metric, Words
from db.core.text import Text, _
from db.per_mu.models import ADJUSTMENT, BONUS, DEDUCTION
from db.per_mu.names import called
from desktop.kit import projector
from desktop.kit.page import Connection
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr
from desktop.per_mu.evaluation_cells import points

if TYPE_CHECKING:
    from db.per_mu.evaluated import Board
    from db.per_mu.groups import Member
    from db.per_mu.queries import Adjusted
    from db.per_mu.schemes import Scheme
    from db.per_mu.scoring import Outcome
    from desktop.per_mu.evaluation import EvaluationView


def adjust(view: EvaluationView, number: int = 0) -> None:
    """Ask what is adjusted for the chosen enterprise, or how one that holds changes; write it, and say what it changed."""
    found = _chosen(view)
    if found is None:
        return
    board, member, known = found
    one = next((one for one in known if one.id == number), None)
    notes = [_("It holds for {year}, whatever the scheme.", year=board.period)]
    if board.kept is not None:
        notes.append(_("What was kept stays; the effect is shown with the data of today."))
    notes += [_so_far(other) for other in known if other is not one]
    fields: list[tuple[Field, Any, Sequence[str] | None]] = [
        (Field("kind", _("Kind"), ADJUSTMENT), BONUS if one is None else one.kind, None),
        (Field("points", _("Points (of a bonus or a deduction)"), Metric("分")), one.points if one is not None else None, None),
        (Field("reason", _("Reason"), Words(long=True)), one.reason if one is not None else None, None),
    ]  # fmt: skip
    named = _("{kind} of {name}")
    if one is not None:
        named = _("{kind} of {name} changed: {why}")
        fields.append((_WHY, None, None))
    form = SmallForm(view.page, _("Adjust {name}", name=member.name), _("Adjust"), fields, notes=notes)
    form.named = lambda values: named(
        kind=ADJUSTMENT.label(values["kind"] or ""), name=member.name, why=values.get("why") or ""
    )

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.per_mu import service

        kind = values["kind"] or ""
        if one is not None:
            _needs_why(values)
        service.adjust(
            connection, member.entry, kind, reason=values["reason"] or "", number=number,
            points=values["points"] if kind in (BONUS, DEDUCTION) else None,
        )  # fmt: skip

    _open(view, form, work)


def end(view: EvaluationView, number: int) -> None:
    """Ask why one that holds ends; what it was stays in the history."""
    found = _chosen(view)
    one = next((one for one in found[2] if one.id == number), None) if found is not None else None
    if found is None or one is None:
        return
    name, label = found[1].name, ADJUSTMENT.label(one.kind)
    form = SmallForm(view.page, _("End an adjustment of {name}", name=name), _("End it"), [(_WHY, None, None)],
                     notes=[_so_far(one)])  # fmt: skip
    form.named = lambda values: _("{kind} of {name} ended: {why}", kind=label, name=name, why=values["why"] or "")

    def work(connection: Connection, values: dict[str, Any]) -> None:
        from db.per_mu import service

        _needs_why(values)
        service.end_adjustment(connection, number)

    _open(view, form, work)


_WHY = Field("why", _("Why it changes"), Words(long=True))


def _needs_why(values: dict[str, Any]) -> None:
    if not (values["why"] or "").strip():
        raise Refused(fields={"why": _("Say why; it stands in the history.")})


def _chosen(view: EvaluationView) -> tuple[Board, Member, Sequence[Adjusted]] | None:
    """What is shown, the enterprise in it, and what holds for that one; None where nothing may be adjusted now."""
    board, cells, company, about = view.board, view.cells, view.table.record, view.about
    if board is None or cells is None or about is None or projector.on() or view.page.rests():
        return None
    if company not in cells.place:
        return None
    return board, cells.outcome.group.members[cells.place[company]], about.adjusted


def _open(view: EvaluationView, form: SmallForm, work: Callable[[Connection, dict[str, Any]], None]) -> None:
    """Over the table; once it is written, what became of the enterprise is said."""
    found = _chosen(view)
    assert found is not None
    assert view.cells is not None
    board, member, scheme = found[0], found[1], view.cells.outcome.scheme

    def whole(connection: Connection, values: dict[str, Any]) -> Text:
        before = _run(connection, board, scheme)
        work(connection, values)
        return _effect(member.name, member.company, before, _run(connection, board, scheme))

    form.work = whole
    form.done = lambda said: _shown(view, said)
    form.open_over(view.table)


def _so_far(one: Adjusted) -> Text:
    return _("So far: {kind}, {reason}", kind=kind_and_points(one), reason=one.reason)


def kind_and_points(one: Adjusted) -> str:
    """Bonus 3."""
    kind = tr(ADJUSTMENT.label(one.kind))
    return f"{kind} {points(one.points * 10**6)}" if one.points else kind


def _run(connection: Connection, board: Board, scheme: Scheme) -> Outcome | None:
    """None where nobody can be ranked, as when the last one is exempt: that is no reason not to write it."""
    from db.per_mu.evaluated import outcome_of

    try:
        return outcome_of(connection, board.year, scheme, half=board.half)
    except Refused:
        return None


def _effect(name: str, company: int, before: Outcome | None, after: Outcome | None) -> Text:
    """Score, place and class of the enterprise, before and afterwards."""
    if before is None or after is None:
        return _("{name} is adjusted; nobody is ranked now.", name=name)
    was, now = (_standing(outcome, company) for outcome in (before, after))
    if was == now:
        return _("{name} is adjusted; score, place and class stay as they were.", name=name)
    return _("{name}: {was} → {now}", name=name, was=was, now=now)


def _standing(outcome: Outcome, company: int) -> str:
    place = next(at for at, one in enumerate(outcome.group.members) if one.company == company)
    rank = outcome.ranks[place]
    if rank is None:
        return tr(_("no place, class {grade}", grade=called(outcome.classes[place])))
    score = points(outcome.scores[place])
    return tr(
        _("{score} points, no. {rank}, class {grade}", score=score, rank=rank, grade=called(outcome.classes[place]))
    )


def _shown(view: EvaluationView, said: Text) -> None:
    """The effect is what one sees next, also where a kept result was shown."""
    view.page.desk.say(said)
    view.pane.tabs.choose("parts")
    view.ask_for(kept=False)
