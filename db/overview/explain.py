"""A number that explains itself: definition, parts, last year, last month, target, rank, rows behind, corrections.

Of a finalised report everything is what was stored with it; `anew` looks at the book (or a copy as of a moment).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Connection

from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.ratios import percent
from db.core.tables import METADATA
from db.core.text import _
from db.overview.behind import Behind, BehindRow, Rows, Worths
from db.overview.behind_ones import KEYS as ONES_KEYS
from db.overview.behind_ones import behind_ones
from db.overview.changes import Comparison
from db.overview.corrections import ChangeLine, Since, change_lines, last_closing
from db.overview.definitions import BY_KEY
from db.overview.facts import Facts
from db.overview.figures import exact, figures, rendered, shown
from db.overview.finalised import Closed, closed
from db.overview.measures import Basis
from db.overview.periods import period_before
from db.overview.published import Published
from db.overview.ranking import CityRank, Other, ranks
from db.reports.report import Figure, Report, RowsBehind

Number = int | Decimal
_Kept = TypeVar("_Kept")
_MOST_CHANGES = 20
# Field keys that decide whether and when a project counts, and by how much.
_DATES = {"signed": "signed_on", "started": "began_on", "produced": "produced_on"}


@dataclass(frozen=True)
class Goal:
    """A yearly target. done, wanted: in the figure's unit. completion, elapsed and ahead: per cent with one decimal.

    ahead: how many points of a hundred before (behind: negative) the part of the year that has passed (序时进度).
    """

    done: Number
    wanted: Number
    completion: Decimal
    elapsed: Decimal
    ahead: Decimal


@dataclass(frozen=True)
class Explanation:
    """Everything that defends one number in a meeting; None or empty where there is nothing to say.

    previous_published, previous_book: the same period last year; `figure.previous` is the one the text uses. last: the
    value of `last_period` (the report before), final where that is finalised. since: the finalised report from which
    the corrections are counted.
    """

    figure: Figure
    previous_published: Number | None = None
    previous_book: Number | None = None
    last: Number | None = None
    last_period: str = ""
    last_final: bool = False
    target: Goal | None = None
    rank: CityRank | None = None
    behind: Behind | None = None
    corrections: tuple[ChangeLine, ...] = ()
    since: str = ""
    final: bool = False

    @property
    def difference(self) -> Number | None:
        """What was published of last year less what the book has of it; None where one of them is not known."""
        if self.previous_published is None or self.previous_book is None:
            return None
        return self.previous_published - self.previous_book

    @property
    def change(self) -> Number | None:
        """How much more (less: negative) than in the report before."""
        if self.last is None or self.figure.value is None:
            return None
        return self.figure.value - self.last


def explain(
    connection: Connection,
    period: Period,
    key: str,
    *,
    lang: str = "zh",
    report: Report | None = None,
    anew: bool = False,
    figures_of: Mapping[str, Any] | None = None,
) -> Explanation:
    """Explain the figure `key` of a period; raises `Refused` for one that nobody knows.

    report: the one that is looked at, for figures that only a report has (large starts). anew: the book, also where
    the period is finalised. figures_of: those of the period with their rows, where somebody has them.
    """
    found = None if anew else closed(connection, period)
    if found is not None:
        return _as_stored(found, key, lang)
    return Explainer(connection, period, found=figures_of).explain(key, lang, report)


def _as_stored(found: Closed, key: str, lang: str) -> Explanation:
    figure = next((one for one in found.report(lang).figures if one.key == key), None)
    if figure is None:
        raise _unknown(key)
    stored, told = found.explained(key, lang)
    return _revived(figure, stored, told)


def _unknown(key: str) -> Refused:
    return Refused(_("There is no figure “{key}” in this report.", key=key))


class Explainer:
    """Explains any figure of one period; what several of them need is read once."""

    def __init__(self, connection: Connection, period: Period, *, found: Mapping[str, Any] | None = None) -> None:
        self._connection, self._period = connection, period
        self._basis = Basis.of(connection)
        if found is None:
            found = figures(connection, period, rows=True, basis=self._basis)["figures"]
        self._found = found
        self.rows = Rows(connection, self._basis, period)
        self._lines: dict[str, list[ChangeLine]] = {}

    @cached_property
    def _before(self) -> tuple[Mapping[str, Any], bool]:
        """The figures of the report before, and whether that is finalised."""
        before = period_before(self._period)
        found = closed(self._connection, before)
        if found is not None:
            return found.figures()["figures"], True
        return figures(self._connection, before, basis=self._basis)["figures"], False

    @cached_property
    def _published(self) -> Published:
        return Published.known(self._connection, self._period.year_before())

    @cached_property
    def _ranks(self) -> Mapping[str, CityRank]:
        return {one.figure: one for one in ranks(self._connection, self._period)}

    @cached_property
    def _since(self) -> Since | None:
        return last_closing(self._connection, self._period)

    @cached_property
    def _changed(self) -> Comparison | None:
        return None if self._since is None else Comparison(self._connection, METADATA, self._since.operation)

    def explain(self, key: str, lang: str = "zh", report: Report | None = None) -> Explanation:
        """One figure. report: where the figure is looked up that no computation knows."""
        return self._explained(key, lang, report)[0]

    def _explained(self, key: str, lang: str, report: Report | None) -> tuple[Explanation, list[int]]:
        """The explanation, and which of all changes its corrections are."""
        figure = self._figure(key, lang, report)
        bare = _bare(key)
        worth = self._worth(bare, figure)
        lines = self._lines_in(lang)
        corrected = self._corrections(bare, worth, lang)
        published, book = self._last_year(key)
        figures_before, is_final = self._before
        found = Explanation(
            figure,
            previous_published=published,
            previous_book=book,
            last=exact(figures_before[key]["value"]) if key in figures_before else None,
            last_period=period_name(period_before(self._period)).render(lang),
            last_final=is_final,
            target=self._goal(bare),
            rank=self._ranks.get(bare),
            behind=self._behind(bare, worth),
            corrections=tuple(lines[at] for at in corrected),
            since="" if self._since is None else self._since.named(lang, self._period.cut),
        )
        return found, corrected

    def stored(self, reports: Mapping[str, Report]) -> dict[str, Any]:
        """What a finalised report keeps to explain its figures, ready for JSON: what is said once, what in each language.

        reports: by language.
        """
        kept: dict[str, Any] = {}
        for lang, report in reports.items():
            for one in report.figures:
                if one.key not in kept:
                    found, corrected = self._explained(one.key, lang, report)
                    kept[one.key] = _plain(found) | {"corrections": corrected}
        before = period_name(period_before(self._period))
        said = {
            lang: {
                "last_period": before.render(lang),
                "since": "" if self._since is None else self._since.named(lang, self._period.cut),
                "changes": [asdict(line) for line in self._lines_in(lang)],
            }
            for lang in reports
        }
        return {"figures": kept, "said": said}

    def _figure(self, key: str, lang: str, report: Report | None) -> Figure:
        if key in self._found:
            one = rendered({key: self._found[key]}, lang)[key]
            rows = one["rows"]
            return Figure(
                key, one["label"], one["definition"], one["unit"], exact(one["value"]), exact(one["numerator"]),
                exact(one["denominator"]), exact(one["previous"]), None if one["yoy"] is None else Decimal(one["yoy"]),
                RowsBehind(rows["room"], tuple(rows["ids"])) if rows else None,
            )  # fmt: skip
        found = next((one for one in report.figures if one.key == key), None) if report is not None else None
        if found is None:
            raise _unknown(key)
        return found

    def _last_year(self, key: str) -> tuple[Number | None, Number | None]:
        """As published and as the book has it."""
        known, found = BY_KEY.get(key), self._found.get(key)
        if found is None:
            return None, None
        book = exact(found.get("previous_book", found["previous"]))
        told = None if known is None else self._published.value(key, None)
        if told is None or known is None:
            return None, book
        return exact(shown(known, told)), book

    def _goal(self, key: str) -> Goal | None:
        """Nothing where there is no target, or one of zero: nothing can be completed of it."""
        rate = self._found.get(f"targets.{key}.rate")
        if rate is None or not Decimal(rate["denominator"]):
            return None
        return goal(rate["numerator"], rate["denominator"], self._period)

    def _worth(self, key: str, figure: Figure) -> Worths:
        known = BY_KEY.get(key)
        if known is not None:
            return self.rows.of(known.below or known.above)
        if figure.rows is None:
            return {}
        # A figure of the report alone is a part of one that is known: of a street, of the large ones.
        whole = max((one for one in BY_KEY if key.startswith(one)), key=len, default="")
        first = key.partition(".")[0]
        names = BY_KEY[whole].above if whole else (first,) if first in _DATES else ()
        ids = set(figure.rows.ids)
        return {number: one for number, one in self.rows.of(names).items() if number in ids}

    def _behind(self, key: str, worth: Worths) -> Behind | None:
        known = BY_KEY.get(key)
        if known is not None:
            return self.rows.behind(known)
        if key in ONES_KEYS and key in self._found:
            return behind_ones(self._connection, key, self._found[key]["rows"], self._period.last)
        return self.rows.shown(worth) if worth else None

    def _lines_in(self, lang: str) -> list[ChangeLine]:
        if lang not in self._lines:
            self._lines[lang] = [] if self._changed is None else change_lines(self._connection, self._changed, lang)
        return self._lines[lang]

    def _corrections(self, key: str, ids: Container[int], lang: str) -> list[int]:
        """Places of the changes of projects that are behind the figure, or were: with their old day in the period."""
        if self._changed is None:
            return []
        day = _DATES.get(key.partition(".")[0], "")
        first, last = self._period.first, self._period.last
        was = {number for number, row in self._changed.old.items() if day and first <= str(row.get(day) or "") <= last}
        lines = self._lines_in(lang)
        return [at for at, line in enumerate(lines) if line.id in ids or line.id in was][:_MOST_CHANGES]


def _bare(key: str) -> str:
    """The figure that a target is set for; any other as it is."""
    return key.removeprefix("targets.").removesuffix(".rate") if key.startswith("targets.") else key


def goal(done: str, wanted: str, period: Period) -> Goal | None:
    """How far a target is, and how far it should be; None for a target of zero."""
    share, elapsed = percent(done, wanted), Facts(period).elapsed
    if share is None:
        return None
    passed = percent(elapsed.numerator, elapsed.denominator)
    # From the two fractions at once: the difference of two rounded numbers would be rounded twice.
    above = Decimal(done) * elapsed.denominator - Decimal(wanted) * elapsed.numerator
    ahead = percent(above, Decimal(wanted) * elapsed.denominator)
    return Goal(
        exact(done) or 0, exact(wanted) or 0, Decimal(share), Decimal(passed or 0), Decimal(ahead or 0)
    )  # fmt: skip


# --- as a finalised report keeps it -----------------------------------------------------------------------------------


def _plain(of: Explanation) -> dict[str, Any]:
    """Ready for JSON, without the figure, which the report itself has, and what is said; numbers as decimal strings."""
    found: dict[str, Any] = _texts(asdict(replace(of, figure=_NO_FIGURE)))
    return {key: value for key, value in found.items() if key not in ("figure", "last_period", "since", "corrections")}


_NO_FIGURE = Figure("", "", "", "", None)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _revived(figure: Figure, stored: Mapping[str, Any], said: Mapping[str, Any]) -> Explanation:
    """What `Explainer.stored` gave; what a newer program added is dropped, what an older one did not store is empty."""
    target, rank, behind = stored.get("target"), stored.get("rank"), stored.get("behind")
    changes = said.get("changes", ())
    return Explanation(
        figure,
        previous_published=_number(stored.get("previous_published")),
        previous_book=_number(stored.get("previous_book")),
        last=_number(stored.get("last")),
        last_period=said.get("last_period", ""),
        last_final=bool(stored.get("last_final")),
        target=Goal(*(Decimal(target[one.name]) for one in fields(Goal))) if target else None,
        rank=_known(CityRank, rank, others=tuple(_known(Other, one) for one in rank["others"])) if rank else None,
        behind=_known(Behind, behind, rows=tuple(_known(BehindRow, one) for one in behind["rows"])) if behind else None,
        corrections=tuple(_known(ChangeLine, changes[at]) for at in stored.get("corrections", ())),
        since=said.get("since", ""),
        final=True,
    )


def _known(kind: type[_Kept], stored: Mapping[str, Any], **made: Any) -> _Kept:
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in stored.items() if key in names} | made)


def _number(stored: int | str | None) -> Number | None:
    return stored if stored is None or isinstance(stored, int) else exact(stored)
