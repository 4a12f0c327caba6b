"""A small room for the import's tests: projects kept in a plain dictionary instead of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from db.core.columns import Columns, size
from db.core.fields import Area, Choice, Day, Field, Link, Money, Whole, Words
from db.core.progress import Progress
from db.core.text import Text, _
from db.sheets.plan import Options, Plan
from db.sheets.reading import read_workbook
from db.sheets.room import RoomSheet
from db.sheets.workbook import Cell, Sheet, Span, Workbook
from tests.ledgers import FOLDER

TODAY = date(2024, 9, 30)


def label(chinese: str) -> Text:
    """A label that needs no catalogue."""
    return Text(chinese)


FIELDS = (
    Field("code", label("项目编号"), Words(identifier=True), ("项目代码",)),
    Field("name", label("项目名称"), Words(), ("项目", "名称")),
    Field("investor", label("投资方"), Link(room="companies", table="company"), ("投资主体", "投资企业", "投资单位")),
    Field("credit_code", label("统一社会信用代码"), Words(identifier=True), ("信用代码",)),
    Field("industry", label("产业类别"), Link(), ("所属行业", "产业")),
    Field("agreed_investment", label("协议投资额"), Money("万元"), ("协议投资", "合同投资额")),
    Field("total_investment", label("总投资"), Money("万元"), ("投资总额", "总投资额")),
    Field("fixed_investment", label("固定资产投资"), Money("万元"), ("其中固定资产投资", "固投")),
    Field("land", label("用地面积"), Area("亩"), ("需用土地", "用地")),
    Field("land_use", label("用地方式"), Choice(options=(("land", label("新增用地")), ("leased", label("租赁厂房"))))),
    Field("source_place", label("资金来源地"), Words()),
    Field("signed_on", label("签约日期"), Day(), ("签约时间",)),
    Field("recognised_on", label("认定日期"), Day(), ("认定时间",)),
    Field("planned_start_on", label("计划开工时间"), Day(), ("计划开工",)),
    Field("first_talk_on", label("首次洽谈时间"), Day(), ("首谈时间",)),
    Field("department", label("责任单位"), Link(room="people", table="unit"), ("对接单位", "牵头单位")),
    Field("street", label("属地"), Link(room="people", table="unit"), ("所在街道",)),
    Field("lead", label("牵头领导"), Link(room="people", table="leader"), ("包保区领导", "责任领导", "包保领导")),
    Field("contact", label("联系人"), Words(), ("联系人及电话",)),
    Field("content", label("建设内容"), Words(long=True), ("项目内容",)),
    Field("progress", label("进展"), Words(long=True), ("目前进展", "项目进展", "进展情况")),
    Field("next_step", label("下一步计划"), Words(long=True)),
    Field("jobs", label("就业人数"), Whole("人"), ("带动就业",)),
    Field("paid_in_reported", label("到位资金"), Money("万元"), ("到位资金（填报）", "到位")),
    Field("stage", label("阶段"), Choice(options=(("negotiating", label("在谈")), ("signed", label("签约"))))),
    Field("remarks", label("备注"), Words(long=True)),
)


@dataclass
class Shelf:
    """Where the sample room keeps its records."""

    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    layouts: list[Mapping[str, Any]] = field(default_factory=list)

    def existing(self, connection: object) -> list[dict[str, Any]]:
        """id and identity keys."""
        keys = ("code", "credit_code", "name", "investor")
        return [{"id": one, **{key: record.get(key) for key in keys}} for one, record in self.records.items()]

    def current(self, connection: object, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Stored values."""
        return {one: {key: self.records[one].get(key) for key in keys} for one in ids}

    def insert(self, connection: object, columns: Columns, progress: Progress) -> list[int]:
        """New records."""
        first = len(self.records) + 1
        new = list(range(first, first + size(columns)))
        self.records.update(zip(new, filled_rows(columns), strict=True))
        return new

    def update(self, connection: object, cells: Sequence[tuple[int, str, Any]]) -> None:
        """Single cells."""
        for one, key, value in cells:
            self.records[one][key] = value

    def remember(self, connection: object, layout: Mapping[str, Any]) -> None:
        """A layout."""
        self.layouts.append(layout)


def spill(key: str, words: str) -> dict[str, Any]:
    """Leased floors are written where land is asked for."""
    return {"land_use": "leased"} if key == "land" and words == "租赁厂房" else {}


def filled_rows(columns: Columns) -> list[dict[str, Any]]:
    """Records as rows, with the cells that say something."""
    rows = zip(*columns.values(), strict=True)
    return [{key: value for key, value in zip(columns, row, strict=True) if value is not None} for row in rows]


def new_records(found: Plan) -> list[tuple[int, dict[str, Any]]]:
    """The new records of a plan, each with its row in Excel."""
    return [pair for new in found.new for pair in zip(new.rows, filled_rows(new.columns), strict=True)]


def check(columns: Columns) -> dict[int, dict[str, Text]]:
    """A recognition before the signing cannot be."""
    found = {}
    for place, row in enumerate(filled_rows(columns)):
        if row.get("signed_on", "") > row.get("recognised_on", "9"):
            found[place] = {"recognised_on": _("Recognised before it was signed.")}
    return found


def room(shelf: Shelf | None = None) -> RoomSheet:
    """The sample room over a shelf."""
    shelf = shelf or Shelf()
    return RoomSheet(
        room="projects",
        label=label("项目"),
        fields=FIELDS,
        monthly=frozenset({"paid_in_reported"}),
        logs=frozenset({"progress"}),
        identity=(("code",), ("credit_code", "name"), ("name", "investor"), ("name",)),
        required=("name",),
        whole_sheet=("stage",),
        existing=shelf.existing,
        current=shelf.current,
        insert=shelf.insert,
        update=shelf.update,
        check=check,
        fill_down=frozenset({"lead"}),
        spill=spill,
        own_headings=lambda _connection: frozenset(),
        ambiguous={
            "投资额": ("total_investment", "agreed_investment"),
            "拟投资额": ("total_investment", "agreed_investment"),
        },
        remarks="remarks",
        remember_layout=shelf.remember,
    )


def sheet(*rows: Sequence[Cell], name: str = "Sheet1", merged: tuple[Span, ...] = (), visible: bool = True) -> Sheet:
    """A sheet typed by hand."""
    return Sheet(name, visible, 1, [tuple(row) for row in rows], merged)


def book(*sheets: Sheet, name: str = "台账.xlsx") -> Workbook:
    """A workbook typed by hand."""
    return Workbook(Path(name), name, tuple(sheets))


def options(**given: Any) -> Options:
    """Options with every proposed answer taken, unless said otherwise."""
    return Options(**{"today": TODAY, "assume_yes": True, **given})


def ledger(file: str) -> Workbook:
    """One of the shared ledgers."""
    return read_workbook(FOLDER / file)
