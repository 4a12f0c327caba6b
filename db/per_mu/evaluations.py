"""What people do with schemes and evaluations: save, publish, keep what came out, object, decide, publish the list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from db.core import bulk
from db.core.errors import Refused
from db.core.text import _
from db.per_mu.models import (
    FILED,
    REJECTED,
    UPHELD,
    company_year,
    evaluation,
    evaluation_result,
    objection,
    scheme,
)
from db.per_mu.names import called
from db.per_mu.schemes import Scheme, in_one, presets, problems
from db.per_mu.scoring import PLACES, Outcome
from db.per_mu.service import source_of

_CLASS_WORDS = re.compile(r"[类档级等](?:企业)?$")


def _inserted(connection: Connection, table: Any, values: Mapping[str, Any]) -> int:
    (new,) = bulk.take_ids(connection, table, 1)
    connection.execute(table.insert().values(id=new, **values))
    return new


def save_scheme(connection: Connection, data: Mapping[str, Any], number: int | None = None) -> int:
    """Save a scheme as a draft: a new version of its key, or the draft `number` anew. A published one is never changed.

    A draft may still be wrong (weights that sum to 99); it must be readable as a scheme.
    """
    read = Scheme.of(data)
    definition = json.dumps(dict(data), ensure_ascii=False, sort_keys=True)
    values = {"key": read.key, "name": read.name, "year": read.year, "definition": definition}
    if number is not None:
        _refuse_published(connection, number)
        connection.execute(update(scheme).where(scheme.c.id == number).values(**values))
        return number
    last = connection.scalar(select(func.max(scheme.c.version)).where(scheme.c.key == read.key)) or 0
    return _inserted(connection, scheme, {**values, "version": last + 1})


def delete_scheme(connection: Connection, number: int) -> None:
    """Throw a draft away."""
    _refuse_published(connection, number)
    connection.execute(delete(scheme).where(scheme.c.id == number))


def publish_scheme(connection: Connection, number: int, *, on: str) -> None:
    """From now on this version is as it is. Raises `Refused` while something is wrong with it."""
    _refuse_published(connection, number)
    wrong = problems(scheme_saved(connection, number))
    if wrong:
        raise Refused(_("The scheme cannot be published yet: {problems}", problems=in_one(wrong)))
    connection.execute(update(scheme).where(scheme.c.id == number).values(published_on=on))


def _refuse_published(connection: Connection, number: int) -> None:
    row = connection.execute(select(scheme.c.name, scheme.c.published_on).where(scheme.c.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such scheme."))
    if row.published_on is not None:
        raise Refused(
            _(
                "“{name}” was published on {day} and stays as it is; save a new version.",
                name=called(row.name),
                day=row.published_on,
            )
        )


def scheme_saved(connection: Connection, number: int) -> Scheme:
    """A version of the book."""
    text = connection.scalar(select(scheme.c.definition).where(scheme.c.id == number))
    if text is None:
        raise Refused(_("There is no such scheme."))
    return Scheme.of(json.loads(text))


def scheme_called(connection: Connection, name: str) -> tuple[Scheme, int | None]:
    """The scheme of this key or name, with its id where the book has it.

    The newest published version of the book, else its newest draft, else the preset. Raises `Refused` naming those that
    there are.
    """
    of = scheme.c
    query = select(of.id, of.published_on).where((of.key == name) | (of.name == name)).order_by(of.version.desc())
    rows = connection.execute(query).all()
    number = next((row.id for row in rows if row.published_on), rows[0].id if rows else None)
    if number is not None:
        return scheme_saved(connection, number), number
    found = presets().get(name) or next((one for one in presets().values() if one["name"] == name), None)
    if found is None:
        known = sorted({*connection.scalars(select(of.key).distinct()), *presets()})
        raise Refused(_("There is no scheme “{name}”; there are: {known}.", name=name, known=known))
    return Scheme.of(found), None


def keep_evaluation(connection: Connection, outcome: Outcome, *, number: int, on: str, name: str = "") -> int:
    """Keep what came out and what went in, with the scheme's version, whatever becomes of the metrics later."""
    content = {
        "baselines": {code: [str(one) for one in line.baseline] for code, line in outcome.lines.items()},
        "counts": outcome.counts(),
    }
    group = outcome.group
    new = _inserted(connection, evaluation, {
        "scheme": number, "name": name or outcome.scheme.name, "year": group.year, "half": group.half, "done_on": on,
        "content": json.dumps(content, ensure_ascii=False),
    })  # fmt: skip
    rows = []
    for place, member in enumerate(group.members):
        told = {
            "given": {key: value for key, column in group.given.items() if (value := column[place]) is not None},
            "tags": member.tags,
            "adjusted": group.adjusted.get(place, ()),
            "parts": {code: decimal(column[place]) for code, column in outcome.parts.items()},
            "notes": [json.loads(note.as_json()) for note in outcome.notes.get(place, ())],
        }
        score = outcome.scores[place]
        kept = json.dumps(told, ensure_ascii=False)
        shown = None if score is None else decimal(score)
        rows.append((new, member.company, shown, outcome.ranks[place], outcome.classes[place], kept))
    bulk.insert(connection, evaluation_result, ("evaluation", "company", "score", "rank", "class", "content"), rows)
    return new


def publish_evaluation(connection: Connection, number: int, *, on: str) -> None:
    """Publish a kept evaluation; refused while an objection waits for its decision, and a second time."""
    row = connection.execute(select(evaluation.c.published_on).where(evaluation.c.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such evaluation."))
    if row.published_on is not None:
        raise Refused(_("The evaluation was published on {day} already.", day=row.published_on))
    waiting = connection.scalar(
        select(func.count())
        .select_from(objection.join(evaluation_result, evaluation_result.c.id == objection.c.result))
        .where(evaluation_result.c.evaluation == number, objection.c.state == FILED)
    )
    if waiting:
        raise Refused(_("{count} objections wait for a decision, which comes first.", count=waiting))
    connection.execute(update(evaluation).where(evaluation.c.id == number).values(published_on=on))


def file_objection(connection: Connection, result: int, text: str, *, on: str) -> int:
    """A company objects to its result (异议)."""
    if not text.strip():
        raise Refused(fields={"text": _("An objection says what it is about.")})
    return _inserted(connection, objection, {"result": result, "filed_on": on, "text": text.strip(), "state": FILED})


def decide_objection(
    connection: Connection, number: int, *, upheld: bool, decision: str, on: str, class_after: str | None = None
) -> None:
    """The review of an objection: upheld, with the class afterwards, or rejected; always with the reason."""
    row = connection.execute(select(objection).where(objection.c.id == number)).one_or_none()
    if row is None or row.state != FILED:
        raise Refused(_("The objection is decided already, or gone."))
    if not decision.strip():
        raise Refused(fields={"decision": _("A decision needs its reason.")})
    values = {"state": UPHELD if upheld else REJECTED, "decided_on": on, "decision": decision.strip()}
    if upheld and class_after:
        values["class_after"] = class_after
        connection.execute(
            update(evaluation_result).where(evaluation_result.c.id == row.result).values({"class": class_after})
        )
        _count_again(connection, row.result)
    connection.execute(update(objection).where(objection.c.id == number).values(**values))


def _count_again(connection: Connection, result: int) -> None:
    """The class counts of the evaluation that a result belongs to, after one of them changed."""
    of = evaluation_result.c
    number = connection.scalar(select(of.evaluation).where(of.id == result))
    content = json.loads(connection.scalar(select(evaluation.c.content).where(evaluation.c.id == number)) or "{}")
    held = connection.execute(select(of["class"], func.count()).where(of.evaluation == number).group_by(of["class"]))
    counts = {row[0]: row[1] for row in held}
    content["counts"] = {name: counts.pop(name, 0) for name in content.get("counts", {})} | counts
    kept = json.dumps(content, ensure_ascii=False)
    connection.execute(update(evaluation).where(evaluation.c.id == number).values(content=kept))


def put_given(connection: Connection, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Results that somebody else computed, as they are: entry of a company's year → given_score, given_rank, given_class.

    They stand in one evaluation without a scheme a year; what a row does not say stays as it is.
    """
    of = company_year.c
    whose: dict[int, Any] = {}
    for some in bulk.chunks(list(rows)):
        query = select(of.id, of.company, of.year, of.half).where(of.id.in_(some))
        whose |= {row.id: row for row in connection.execute(query)}
    lists: dict[tuple[int, int], int] = {}
    for entry, said in rows.items():
        row = whose[entry]
        if (row.year, row.half) not in lists:
            lists[row.year, row.half] = _given_list(connection, row.year, row.half)
        _put_result(connection, lists[row.year, row.half], row.company, said)


def _given_list(connection: Connection, year: int, half: int) -> int:
    of = evaluation.c
    query = select(of.id).where(of.scheme.is_(None), of.year == year, of.half == half).order_by(of.id)
    found = connection.scalar(query.limit(1))
    if found is not None:
        return int(found)
    values = {"name": str(year), "year": year, "half": half, "source": source_of(connection), "content": "{}"}
    return _inserted(connection, evaluation, values)


def _put_result(connection: Connection, number: int, company: int, said: Mapping[str, Any]) -> None:
    values = {key.removeprefix("given_"): value for key, value in said.items()}
    if values.get("class"):
        values["class"] = _CLASS_WORDS.sub("", str(values["class"]).strip()).strip()
    if values.get("score"):
        values["score"] = str(values["score"]).strip().removesuffix("分").strip()
    where = (evaluation_result.c.evaluation == number, evaluation_result.c.company == company)
    if not connection.execute(update(evaluation_result).where(*where).values(values)).rowcount:
        _inserted(connection, evaluation_result, {"evaluation": number, "company": company, **values})


def decimal(scaled: int) -> str:
    """A score in 10⁻¹² as the contract prints it: no needless zeros, at least six decimals."""
    sign, digits = "-" if scaled < 0 else "", f"{abs(scaled):0{PLACES + 1}d}"
    whole, after = digits[:-PLACES], digits[-PLACES:].rstrip("0")
    return f"{sign}{whole}.{after:0<6}"
