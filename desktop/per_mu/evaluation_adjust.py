"""What holds for one enterprise alone: a bonus, a deduction, a veto or an exemption, with its reason and its effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.core.errors import Refused
from db.core.fields import Field, Metric, Words
from db.core.text import Text, _
from db.per_mu.models import ADJUSTMENT, BONUS, DEDUCTION
from desktop.kit import projector
from desktop.kit.page import Connection
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr
from desktop.per_mu.evaluation_cells import points

if TYPE_CHECKING:
    from db.per_mu.groups import Adjustment
    from db.per_mu.schemes import Scheme
    from db.per_mu.scoring import Outcome
    from desktop.per_mu.evaluation import EvaluationView


def adjust(view: EvaluationView) -> None:
    """Ask what is adjusted for the chosen enterprise, write it, and say what it changed."""
    board, cells, company = view.board, view.cells, view.table.record
    if board is None or cells is None or company not in cells.place or projector.on() or view.page.rests():
        return
    place, scheme, year = cells.place[company], cells.outcome.scheme, board.year
    member = cells.outcome.group.members[place]
    notes = [_("It holds for {year}, whatever the scheme.", year=str(year))]
    if board.kept is not None:
        notes.append(_("What was kept stays; the effect is shown with the data of today."))
    notes += [_so_far(one) for one in cells.outcome.group.adjusted.get(place, ())]
    form = SmallForm(
        view.page, _("Adjust {name}", name=member.name), _("Adjust"),
        [
            (Field("kind", _("Kind"), ADJUSTMENT), BONUS, None),
            (Field("points", _("Points (of a bonus or a deduction)"), Metric("分")), None, None),
            (Field("reason", _("Reason"), Words(long=True)), None, None),
        ],
        notes=notes,
    )  # fmt: skip
    form.named = lambda values: _("{kind} of {name}", kind=ADJUSTMENT.label(values["kind"] or ""), name=member.name)

    def work(connection: Connection, values: dict[str, Any]) -> Text:
        from db.per_mu import service

        kind, given = values["kind"] or "", values["points"]
        before = _run(connection, year, scheme)
        service.adjust(
            connection, member.entry, kind, reason=values["reason"] or "",
            points=given if kind in (BONUS, DEDUCTION) else None,
        )  # fmt: skip
        return _effect(member.name, company, before, _run(connection, year, scheme))

    form.work = work
    form.done = lambda said: _shown(view, said)
    form.open_over(view.table)


def _so_far(one: Adjustment) -> Text:
    kind, given, reason = one
    label = ADJUSTMENT.label(kind)
    if not given:
        return _("So far: {kind}, {reason}", kind=label, reason=reason)
    return _("So far: {kind} {points}, {reason}", kind=label, points=points(given * 10**6), reason=reason)


def _run(connection: Connection, year: int, scheme: Scheme) -> Outcome | None:
    """None where nobody can be ranked, as when the last one is exempt: that is no reason not to write it."""
    from db.per_mu.evaluated import outcome_of

    try:
        return outcome_of(connection, year, scheme)
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
        return tr(_("no place, class {grade}", grade=outcome.classes[place]))
    score = points(outcome.scores[place])
    return tr(_("{score} points, no. {rank}, class {grade}", score=score, rank=rank, grade=outcome.classes[place]))


def _shown(view: EvaluationView, said: Text) -> None:
    """The effect is what one sees next, also where a kept result was shown."""
    view.page.desk.say(said)
    view.pane.tabs.choose("parts")
    view.ask_for(kept=False)
