"""The contests of the demonstration district: the streets' stars and flags of May, published, and of June, frozen.

Figures are those of the book; what is entered by hand is invented.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from sqlalchemy import Connection

from db.contests import service
from db.contests.models import PROJECT
from db.contests.queries import competitors, contest_of, league, scheme_saved
from db.contests.schemes import GIVEN, presets
from db.core.book import Book
from db.core.moments import ZONE
from db.core.text import _
from db.per_mu.models import MICRO

FIRST = ("庐阳经济开发区", "大杨镇", "逍遥津街道", "三孝口街道", "海棠街道", "双岗街道")
_SIGNED = {
    "庐阳经济开发区": 26,
    "大杨镇": 17,
    "逍遥津街道": 15,
    "三孝口街道": 12,
    "海棠街道": 10,
    "双岗街道": 6,
    "亳州路街道": 4,
}
_PAID = {
    "庐阳经济开发区": 24,
    "大杨镇": 20,
    "逍遥津街道": 16,
    "三孝口街道": 14,
    "海棠街道": 14,
    "双岗街道": 12,
    "亳州路街道": 8,
}
_REASONS = ("现场观摩打分表", "领导评分汇总表")


def tell(book: Book, seed: int) -> None:
    """Write it into the book, as operations of July."""
    rng = Random(seed)  # noqa: S311 - invented data, not secrets
    with book.write(_("Save the scheme “{name}”", name=scheme()["name"]), at=_at(0)) as connection:
        saved = service.save_scheme(connection, scheme())
        projects = service.save_scheme(connection, presets()[PROJECT + "s"])
    may = _hold(book, saved, "2024-05", rng, _at(5))
    with book.write(_("Freeze the scores of “{name}”", name=scheme()["name"]), at=_at(10)) as connection:
        service.freeze(connection, may, on="2024-06-11")
    with book.write(_("Publish the league table of “{name}”", name=scheme()["name"]), at=_at(15)) as connection:
        service.publish(connection, may, on="2024-06-18")
    june = _hold(book, saved, "2024-06", rng, _at(20))
    with book.write(_("Freeze the scores of “{name}”", name=scheme()["name"]), at=_at(25)) as connection:
        service.freeze(connection, june, on="2024-07-10")
        found = league(connection, june).rows[3]
        assert found.result is not None
        service.appeal(connection, found.result, "6月底签约的1个亿元项目补充了证明材料，申请计入。", on="2024-07-10")
    _hold(book, projects, "2024-06", rng, _at(30))


def scheme() -> dict[str, Any]:
    """The preset of the streets with the district's groups and yearly targets."""
    made = dict(presets()["streets"])
    targets = {"signed": _SIGNED, "paid_in": _PAID, "beyond": _SIGNED}
    goals = {"signed": "2", "paid_in": "5", "beyond": "2"}  # of the smaller streets
    for part in ("items", "bonuses"):
        made[part] = [
            one
            | {
                "targets": {name: str(value) for name, value in targets[one["code"]].items()},
                "target": goals[one["code"]],
            }
            if one["code"] in targets
            else one
            for one in made[part]
        ]
    return made | {"groups": [{"name": "第一组", "members": list(FIRST)}], "others": "第二组"}


def _at(minute: int) -> dt.datetime:
    return dt.datetime(2024, 7, 10, 18, minute, tzinfo=ZONE)


def _hold(book: Book, saved: int, period: str, rng: Random, at: dt.datetime) -> int:
    with book.write(_("Begin a contest for {period}", period=period), at=at) as connection:
        number = service.begin(connection, saved, period)
        if contest_of(connection, number).subject != PROJECT:
            _enter(connection, number, saved, rng)
    return number


def _enter(connection: Connection, number: int, saved: int, rng: Random) -> None:
    """Points by hand, in halves."""
    read = scheme_saved(connection, saved)
    for one in competitors(connection, read):
        for place, item in enumerate(item for item in read.items if item.method == GIVEN):
            least = int(item.most * 2) * (7 if one.name in FIRST else 6) // 10
            halves = rng.randrange(least, int(item.most * 2) + 1)
            reason = _REASONS[place % len(_REASONS)]
            service.enter(connection, number, item.code, one.id, points=halves * MICRO // 2, reason=reason)
