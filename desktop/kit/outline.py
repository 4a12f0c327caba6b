"""Which line of a table shows what: a record, or the heading of a group. Folded groups hide what is under them.

Nothing here grows with the records: a stretch of records is one entry, whether it holds three or 100,000.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from db.core.grouping import Group

Path = tuple[Any, ...]


class Line(NamedTuple):
    """What a line shows: the place of a group among the groups, or of a record among the ids; -1 for the other."""

    group: int
    record: int


class Lines:
    """The lines of a table over `count` records and their groups (outer before inner, in the order of the records)."""

    def __init__(self, count: int, groups: Sequence[Group] = (), folded: Collection[Path] = ()) -> None:
        self.groups = groups
        self.records = count
        self.folded = frozenset(folded)
        self.depth = 1 + max((group.level for group in groups), default=-1)
        self._starts: list[int] = []
        self._shows: list[Line] = []
        self._headings: dict[int, int] = {}
        self._first_records: list[int] = []
        self._first_lines: list[int] = []
        self.count = self._lay_out()

    def _lay_out(self) -> int:
        if not self.groups:
            return self._add_records(0, 0, self.records)
        line = hidden_below = 0
        for at, group in enumerate(self.groups):
            if group.start < hidden_below:
                continue
            self._starts.append(line)
            self._shows.append(Line(at, -1))
            self._headings[at] = line
            line += 1
            if group.path in self.folded:
                hidden_below = group.stop
            elif group.level == self.depth - 1:
                line = self._add_records(line, group.start, group.stop)
        return line

    def _add_records(self, line: int, first: int, stop: int) -> int:
        self._starts.append(line)
        self._shows.append(Line(-1, first))
        self._first_records.append(first)
        self._first_lines.append(line)
        return line + stop - first

    def at(self, line: int) -> Line:
        """What a line shows."""
        part = bisect_right(self._starts, line) - 1
        shows = self._shows[part]
        return shows if shows.group >= 0 else Line(-1, shows.record + line - self._starts[part])

    def records_in(self, lines: range) -> Iterator[range]:
        """The records (their places among the ids) that stand in some lines, as they follow each other."""
        for part in range(max(0, bisect_right(self._starts, lines.start) - 1), len(self._starts)):
            start = self._starts[part]
            if start >= lines.stop:
                return
            stop = self._starts[part + 1] if part + 1 < len(self._starts) else self.count
            first = self._shows[part].record - start
            if self._shows[part].record >= 0 and max(start, lines.start) < min(stop, lines.stop):
                yield range(first + max(start, lines.start), first + min(stop, lines.stop))

    def line_of(self, record: int) -> int | None:
        """The line of a record (its place among the ids); None where it is folded away."""
        part = bisect_right(self._first_records, record) - 1
        if part < 0:
            return None
        line = self._first_lines[part] + record - self._first_records[part]
        shown = self.at(line) if line < self.count else None
        return line if shown is not None and shown.record == record else None

    def heading_of(self, group: int) -> int | None:
        """The line of a group's heading; None where an outer group is folded."""
        return self._headings.get(group)

    def groups_of(self, record: int) -> list[int]:
        """The groups a record stands in, outer first."""
        return [at for at, group in enumerate(self.groups) if group.start <= record < group.stop]

    def is_folded(self, group: int) -> bool:
        """Whether only the heading of a group is shown."""
        return self.groups[group].path in self.folded

    def with_folds(self, folded: Collection[Path]) -> Lines:
        """The same records and groups, folded otherwise."""
        return Lines(self.records, self.groups, folded)
