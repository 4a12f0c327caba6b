"""Which record of the book a row is: by code, by credit code and name, by name, as the room says; never by likeness.

A less telling combination does not match where a more telling one contradicts: the same name with another investor is
another project, and is asked about. Names that are only alike are proposed as questions.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import and_, itemgetter, or_
from typing import Any

from db.core.columns import Columns, size
from db.sheets.room import RoomSheet

ALIKE = 90
_WIDEST = 400
_TAILS = ("有限责任公司", "股份有限公司", "有限公司", "建设项目", "工程项目", "项目", "工程")  # the longer first


def same_name(value: Any) -> Any:
    """A name as it is compared: half width, no spaces, lower case."""
    if type(value) is not str:
        return value
    return unicodedata.normalize("NFKC", value).replace(" ", "").lower() or None


def same_names(values: Sequence[Any]) -> list[Any]:
    """`same_name` of a whole column, in one go where it is plain text."""
    if not all(type(value) is str for value in values if value is not None):
        return list(map(same_name, values))
    text = "\n".join([value or "" for value in values])
    compared = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    if compared == text:
        return [value or None for value in values]
    found = compared.split("\n")
    return [value or None for value in found] if len(found) == len(values) else list(map(same_name, values))


@dataclass
class Found:
    """What a row was recognised as: candidates in order, by which keys; `contrary`: the same name, but another."""

    ids: list[int] = field(default_factory=list)
    keys: tuple[str, ...] = ()
    contrary: list[int] = field(default_factory=list)


class Register:
    """All records known so far: those of the book (positive ids) and the new ones of the file (negative)."""

    def __init__(
        self, room: RoomSheet, existing: Iterable[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """rows: the only ones that will be looked for; a record that shares nothing with any of them is left aside."""
        self.identity = room.identity
        self.keys = tuple(dict.fromkeys(key for combination in room.identity for key in combination))
        self._index: list[dict[Any, list[int]]] = [{} for _combination in room.identity]
        self._said: dict[int, tuple[Any, ...]] = {}
        self._pick = [itemgetter(*map(self.keys.index, combination)) for combination in room.identity]
        self._rivals = [self._rivals_of(place) for place in range(len(room.identity))]
        known = list(existing)
        columns = [same_names([record.get(key) for record in known]) for key in self.keys]
        self._known = dict(zip(self.keys, columns, strict=True)) | {"id": [record["id"] for record in known]}
        self.book = bool(known)
        wanted = range(len(known)) if rows is None else self._sharing(rows)
        for at in wanted:
            self.add(known[at]["id"], tuple(column[at] for column in columns))

    def _sharing(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """The places of the book's records that say anything that one of these rows says."""
        found: set[int] = set()
        for key in self.keys:
            said = set(same_names([row.get(key) for row in rows])) - {None}
            if said:
                found.update(at for at, value in enumerate(self._known[key]) if value in said)
        return sorted(found)

    def _rivals_of(self, place: int) -> tuple[int, ...]:
        """Keys of more telling combinations that may contradict this one: all for a single key, else single ones."""
        own = self.identity[place]
        rivals = [c for c in self.identity[:place] if len(own) == 1 or len(c) == 1]
        return tuple({self.keys.index(key) for c in rivals for key in c if key not in own})

    def add(self, record_id: int, said: tuple[Any, ...]) -> None:
        """Remember a record by its identity values, in the order of `keys`."""
        self._said[record_id] = said
        for index, pick in zip(self._index, self._pick, strict=True):
            found = pick(said)
            if found is None or (type(found) is tuple and None in found):
                continue
            known = index.get(found)
            if known is None:
                index[found] = [record_id]
            else:
                known.append(record_id)

    def find(self, said: tuple[Any, ...]) -> Found:
        """The records that a row with these identity values can be."""
        contrary: list[int] = []
        for place, (index, pick) in enumerate(zip(self._index, self._pick, strict=True)):
            found = index.get(pick(said))
            if found is None:
                continue
            combination, rivals = self.identity[place], self._rivals[place]
            fitting = [one for one in found if not self._contradicts(self._said[one], said, rivals)]
            if fitting:
                return Found(fitting, combination)
            contrary += [one for one in found if one not in contrary]
        return Found(contrary=contrary)

    @staticmethod
    def _contradicts(known: tuple[Any, ...], said: tuple[Any, ...], rivals: tuple[int, ...]) -> bool:
        return any(known[place] and said[place] and known[place] != said[place] for place in rivals)

    def said(self, record_id: int, key: str) -> Any:
        """One identity value of a known record, as compared."""
        return self._said[record_id][self.keys.index(key)]

    def differ(self, record_id: int, said: tuple[Any, ...], but: str) -> bool:
        """Whether a known record and a row contradict each other in anything but `but`."""
        rest = tuple(place for place, key in enumerate(self.keys) if key != but)
        return self._contradicts(self._said[record_id], said, rest)

    def agree(self, record_id: int, said: tuple[Any, ...], but: str) -> bool:
        """Whether both say the same of at least one thing besides `but`."""
        known = self._said[record_id]
        return any(key != but and said[at] and known[at] == said[at] for at, key in enumerate(self.keys))

    def names(self, key: str) -> dict[int, str]:
        """The compared name of every record of the book."""
        return {one: name for one, name in zip(self._known["id"], self._known[key], strict=True) if name}


class Likeness:
    """Finds names that are nearly the same, looking only among names that begin or end alike."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._begins: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._ends: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for item in names.items():
            core, size = self._core(item[1])
            self._begins[core[:size]].append(item)
            self._ends[core[-size:]].append(item)

    @staticmethod
    def _core(name: str) -> tuple[str, int]:
        """A name without what many end in, and how many of its characters tell at either end."""
        for tail in _TAILS:
            if name.endswith(tail):
                name = name[: -len(tail)]
                break
        return name, 4 if len(name) >= 6 else 2

    def nearest(self, name: str) -> int | None:
        """The record whose name is at least 90 % the same, or None."""
        best: tuple[float, int] | None = None
        core, size = self._core(name)
        for bucket in self._begins.get(core[:size], ()), self._ends.get(core[-size:], ()):
            near = [item for item in bucket[:_WIDEST] if abs(len(item[1]) - len(name)) <= 3]
            if not near:
                continue
            from rapidfuzz import fuzz, process  # hardly any new name is like another one

            found = process.extractOne(name, [item[1] for item in near], scorer=fuzz.ratio, score_cutoff=ALIKE)
            if found and (best is None or found[1] > best[0]):
                best = (found[1], near[found[2]][0])
        return best[1] if best else None


def identity_columns(register: Register, values: Columns, extras: Mapping[int, Mapping[str, Any]]) -> Columns:
    """What the rows of a table are recognised by, as compared: its columns and what single rows have besides."""
    count = size(values)
    columns = {key: same_names(values[key]) if key in values else [None] * count for key in register.keys}
    for place, extra in extras.items():
        for key, column in columns.items():
            if column[place] is None and key in extra:
                column[place] = same_name(extra[key])
    return columns


def alone(identity: Sequence[Sequence[str]], tables: Sequence[Columns]) -> list[Sequence[bool]]:
    """Of every row of the tables of a file, whether no other row can be the same record.

    Most rows are: whatever they are recognised by says something that no other row says. Nobody need remember them.
    """
    repeated: dict[str, set[Any]] = {}
    for key in {key for combination in identity for key in combination}:
        counts = Counter(chain.from_iterable(table[key] for table in tables))
        repeated[key] = {value for value, count in counts.items() if count > 1 and value is not None}
    found: list[Sequence[bool]] = []
    for table in tables:
        own = {key: [value not in repeated[key] for value in column] for key, column in table.items()}
        told = [_each(or_, [own[key] for key in combination]) for combination in identity]
        found.append(_each(and_, told))
    return found


def _each(joined: Callable[[bool, bool], bool], lists: Sequence[list[bool]]) -> list[bool]:
    return reduce(lambda some, more: list(map(joined, some, more)), lists)
