"""Groups of a form's rows that go by what records say: （一）大杨镇, 二、新材料产业, 三、省级重点项目."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from db.core.fields import Choice, Field, Link, Words
from db.sheets.form_reading import Run
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NUMERAL = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．:：\s]+)+")
_KIND = re.compile(r"(?:产业|行业|领域|类)?(?:项目|企业|问题)?(?:情况)?(?:[（(][^（()）]*[)）])?[:：]?$")


def understood(connection: Connection, room: RoomSheet, runs: Sequence[Run], ids: Sequence[int]) -> tuple[Run, ...]:
    """The runs of a form, those whose group the room cannot tell by what its records themselves are called in a field."""
    if len(runs) == 1 or all(run.says or not run.group for run in runs):
        return tuple(runs)
    fields = [one for one in room.fields if one.read is not None and _names_kinds(one)]
    keys = [one.key for one in fields] + [f"own:{name}" for name in sorted(room.own_headings(connection))]
    values = room.current(connection, ids, keys)
    said = {key: {value for one in values.values() if isinstance(value := one.get(key), str)} for key in keys}
    called = {key: _called(connection, room, one, said[key]) for key, one in zip(keys, fields, strict=False)}
    called |= {key: {value: value for value in said[key]} for key in keys if key not in called}
    return tuple(run if run.says or not run.group else replace(run, says=_says(run.group, called)) for run in runs)


def _names_kinds(field: Field) -> bool:
    return isinstance(field.kind, Choice | Link) or (isinstance(field.kind, Words) and not field.kind.long)


def _called(connection: Connection, room: RoomSheet, field: Field, values: set[str]) -> Mapping[str, str]:
    """What a value of a field is called → the value."""
    if isinstance(field.kind, Choice):
        return {**{name: key for name, key in field.kind.aliases if key in values},
                **{field.kind.label(key).render("zh"): key for key in values}}  # fmt: skip
    others = room.aliases(connection, field.key)
    return {**{name: whole for name, whole in others.items() if whole in values}, **{one: one for one in values}}


def _says(group: str, called: Mapping[str, Mapping[str, str]]) -> Mapping[str, object]:
    for name in _names(group):
        for key, values in called.items():
            if name in values:
                return {key: values[name]}
    return {}


def _names(group: str) -> Iterator[str]:
    """A group row as it may be called in a cell: 二、新材料产业项目 → 新材料产业项目, 新材料产业, 新材料."""
    bare = _NUMERAL.sub("", group.strip())
    yield bare
    yield re.sub(r"(?:项目|企业|问题)$", "", bare)
    yield _KIND.sub("", bare)
