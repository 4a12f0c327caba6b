"""Ledgers made at random, in the layouts that offices think of: every cell is accounted for, every value is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.sheets.plan import Plan
from db.sheets.planning import plan
from db.sheets.workbook import Cell, Sheet, Span
from tests.db.sheets.sample import book, new_records, options, room, sheet

PER = {"万元": 10**6, "亿元": 10**10, "元": 10**2}
WORDS = ("微测", "蓝海", "锐科", "启明", "北辰", "恒光", "芯谷", "星图")
SCRAPS = (
    None,
    "",
    "项目名称",
    "投资方",
    "协议投资额",
    "合计",
    "1月",
    3.0,
    "甲项目",
    "注：",
    "2024.2.30",
    "（万元）",
    "一、",
)
KINDS = ("传感器项目", "产业园项目", "二期扩建项目", "区域总部", "智能工厂", "研发基地（一期）")


@dataclass
class Typed:
    """One column as an office types it: heading path, and for every record the cell and the stored value."""

    key: str
    path: tuple[str, ...]
    write: Callable[[st.DrawFn, int], tuple[Cell, Any]]


@dataclass
class Ledger:
    """A generated sheet with what is in it."""

    sheet: Sheet
    records: list[dict[str, Any]] = field(default_factory=list)
    columns: list[Typed] = field(default_factory=list)


def _blank(draw: st.DrawFn) -> Cell:
    return draw(st.sampled_from([None, None, "/", "待定", "　", "—"]))


def _maybe(write: Callable[[st.DrawFn, int], tuple[Cell, Any]]) -> Callable[[st.DrawFn, int], tuple[Cell, Any]]:
    def sometimes(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
        return (_blank(draw), None) if draw(st.integers(0, 5)) == 0 else write(draw, place)

    return sometimes


def _name(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
    name = draw(st.sampled_from(WORDS)) + draw(st.sampled_from(WORDS)) + str(place) + draw(st.sampled_from(KINDS))
    typed: list[Cell] = [name, name + "\n", "　" + name, name[:4] + "\n" + name[4:]]
    return draw(st.sampled_from(typed)), name


def _text(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
    text = draw(
        st.sampled_from(["南京锐科新能源有限公司", "区科技局", "大杨镇", "1.已注册；2.备案中", "=已开工", "A区3号楼"])
    )
    return text, text


def _own(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
    forms: list[tuple[Cell, Any]] = [
        ("甲", "甲"),
        (12.0, "12"),
        (3.25, "3.25"),
        ("无", "无"),
        (None, None),
        (True, "TRUE"),
    ]
    return draw(st.sampled_from(forms))


def _day(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
    day = draw(st.dates(date(2015, 1, 1), date(2030, 12, 31)))
    whole = day.replace(day=1).isoformat()
    y, m, d = day.year, day.month, day.day
    stored = day.isoformat()
    wide = f"{y}．{m}．{d}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    clock = datetime(y, m, d)  # noqa: DTZ001 - a cell of Excel knows no zone
    forms: list[tuple[Cell, Any]] = [
        (day, stored), (clock, stored), (f"{y}.{m}.{d}", stored), (f"{y}年{m}月{d}日", stored),
        (f"{y}/{m:02d}/{d:02d}", stored), (float(f"{y}{m:02d}{d:02d}"), stored), (f"{y}{m:02d}{d:02d}", stored),
        (f"{stored} 00:00:00", stored), (float((day - date(1899, 12, 30)).days), stored), (wide, stored),
        (f"{y}年{m}月", whole), (f"{y}-{m:02d}", whole), (f" {y} 年\n{m}月 ", whole),
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


def _money(unit: str) -> Callable[[st.DrawFn, int], tuple[Cell, Any]]:
    def write(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
        tenths = draw(st.integers(1, 9_999 if unit == "亿元" else 999_999))
        number, stored = tenths / 10, tenths * PER[unit] // 10
        small = stored <= 10**12
        forms: list[tuple[Cell, Any]] = [(number, stored), (str(number), stored), (f"{number:,}", stored)]
        forms += [(f"{number}{unit}", stored), (f"人民币{number:,} {unit}", stored)]
        forms += [(tenths // 10, tenths // 10 * PER[unit])] if tenths >= 10 else []
        forms += [(f"{tenths * PER[unit] // 1000}元", tenths * PER[unit] // 1000 * 100)] if unit != "元" else []
        wide = str(number).translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
        return draw(st.sampled_from([*forms, (wide, stored)])) if small else (number, stored)

    return write


def _land(draw: st.DrawFn, place: int) -> tuple[Cell, Any]:
    mu = draw(st.integers(1, 5000))
    forms: list[tuple[Cell, Any]] = [(float(mu), mu * 200_000), (f"{mu}亩", mu * 200_000), (f"{mu}平方米", mu * 300)]
    return draw(st.sampled_from([*forms, (mu / 10, mu * 20_000)]))


def _chance(draw: st.DrawFn) -> bool:
    return draw(st.booleans())


@st.composite
def _columns(draw: st.DrawFn, unit: str, in_heading: bool) -> list[Typed]:
    tail = f"（{unit}）" if in_heading else ""
    name_heading = draw(st.sampled_from(["项目名称", "项 目\n名 称", "*项目名称"]))
    wide = draw(st.booleans())
    money = [
        Typed(
            "agreed_investment",
            ("投资额" + tail, "协议投资额") if wide else ("协议投资额" + tail,),
            _maybe(_money(unit)),
        ),
        Typed(
            "fixed_investment",
            ("投资额" + tail, "其中：固定资产投资") if wide else ("固定资产投资" + tail,),
            _maybe(_money(unit)),
        ),
    ]
    days = [
        Typed("signed_on", ("时间节点", "签约日期") if wide else ("签约时间",), _maybe(_day)),
        Typed("planned_start_on", ("时间节点", "计划开工时间") if wide else ("计划开工",), _maybe(_day)),
    ]
    count = draw(st.integers(0, 4))
    months = [
        Typed(f"paid_in_reported@2024-{month:02d}", ("2024年到位资金" + tail, f"{month}月"), _maybe(_money(unit)))
        for month in range(1, count + 1)
    ]
    plain = [
        Typed("investor", (draw(st.sampled_from(["投资方", "投资主体", "投资企业"])),), _maybe(_text)),
        Typed("land", ("用地面积（亩）",), _maybe(_land)),
        Typed("street", ("属地",), _maybe(_text)),
        Typed("progress", ("目前进展",), _maybe(_text)),
    ]
    own = [
        Typed(f"own:{name}", (name,), _own)
        for name in draw(st.sets(st.sampled_from(["红黑榜", "码头吨位", "档案盒"]), max_size=2))
    ]
    parts = [part for part in (money, days, months, *([one] for one in (*plain, *own))) if part and _chance(draw)]
    drawn = draw(st.permutations(parts))
    return [Typed("name", (name_heading,), _name), *(column for part in drawn for column in part)]


def _header(columns: list[Typed], numbered: bool, merge: bool, top: int) -> tuple[list[list[Cell]], list[Span]]:
    paths = [("序号",), *(c.path for c in columns)] if numbered else [c.path for c in columns]
    depth = max(map(len, paths))
    rows: list[list[Cell]] = [[None] * len(paths) for _row in range(depth)]
    spans: list[Span] = []
    for place, path in enumerate(paths):
        first = place == 0 or paths[place - 1][0] != path[0] or len(path) == 1
        if first:
            rows[0][place] = path[0]
        if len(path) > 1:
            rows[1][place] = path[1]
        elif depth == 2 and merge:
            spans.append((top, place, top + 1, place))
        if first and len(path) > 1 and merge:
            last = max(at for at, other in enumerate(paths) if other[0] == path[0])
            if last > place:
                spans.append((top, place, top, last))
    return rows, spans


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A sheet in some layout, and what is in it."""
    unit, in_heading = draw(st.sampled_from(["万元", "亿元", "元"])), draw(st.booleans())
    columns = draw(_columns(unit, in_heading))
    numbered, width = draw(st.booleans()), len(columns) + 1
    rows: list[list[Cell]] = []
    if draw(st.booleans()):
        rows.append(["某区2024年重点项目台账"])
    if not in_heading or draw(st.booleans()):
        rows.append([*[None] * (width // 2), f"单位：{unit}"])
    top = len(rows)
    header, spans = _header(columns, numbered, draw(st.booleans()), top)
    rows += header
    if len(rows) and draw(st.booleans()) and top and rows[0][0]:
        spans.append((0, 0, 0, width - 1))
    result = Ledger(sheet())
    result.columns = columns
    grouped = draw(st.booleans()) and width >= 4
    for place in range(draw(st.integers(1, 8))):
        if grouped and draw(st.integers(0, 2)) == 0:
            rows += (
                [["小计"], [None, "一、工业项目"] if numbered else ["（二）服务业项目"]]
                if place
                else [["一、工业项目"]]
            )
        if place == 4 and draw(st.booleans()):
            rows += [list(row) for row in header]
        typed = [column.write(draw, place) for column in columns]
        rows.append([*([float(place + 1)] if numbered else []), *(cell for cell, _value in typed)])
        pairs = zip((column.key for column in columns), typed, strict=True)
        result.records.append({key: value for key, (_cell, value) in pairs if value is not None})
    if draw(st.booleans()):
        rows.append([*([None] if numbered else []), "合计", *[123.5] * draw(st.integers(0, len(columns) - 1))])
    if draw(st.booleans()):
        rows += [[], ["注：1.本表含意向项目。"], ["审核人：      填报人："]]
    result.sheet = sheet(*rows, name=draw(st.sampled_from(["Sheet1", "重点项目"])), merged=tuple(spans))
    return result


def _records(found: Plan) -> list[dict[str, Any]]:
    return [record for _row, record in new_records(found)]


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not None and key != "remarks"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers())
def test_that_every_cell_of_a_random_ledger_is_accounted_for_and_every_value_is_what_was_typed(made: Ledger) -> None:
    found = plan(book(made.sheet), room(), None, options())
    assert found.unaccounted() == 0
    assert [refusal.why.render("en") for refusal in found.refused] == []
    assert [_without_empty(record) for record in _records(found)] == made.records


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), ledgers())
def test_that_a_hidden_sheet_is_listed_and_never_taken_by_itself(made: Ledger, hidden: Ledger) -> None:
    dark = Sheet("底稿", False, 1, hidden.sheet.rows, hidden.sheet.merged)
    found = plan(book(made.sheet, dark), room(), None, options())
    assert [(page.name, page.taken) for page in found.sheets] == [(made.sheet.name, True), ("底稿", False)]
    assert len(_records(found)) == len(made.records)
    assert found.unaccounted() == 0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), ledgers())
def test_that_two_tables_below_each_other_are_both_read(first: Ledger, second: Ledger) -> None:
    below = len(first.sheet.rows) + 1
    for record in second.records:
        record["name"] = "下" + record["name"]
    at = next(place for place, column in enumerate(second.columns) if column.key == "name")
    names = {record["name"][1:]: record["name"] for record in second.records}
    rows = [list(row) for row in second.sheet.rows]
    for row in rows:
        for place in (at, at + 1):
            if place < len(row) and isinstance(row[place], str):
                plain = "".join(str(row[place]).split())
                row[place] = names.get(plain, row[place])
    merged = tuple((a + below, b, c + below, d) for a, b, c, d in second.sheet.merged)
    both = sheet(*first.sheet.rows, [], *rows, merged=(*first.sheet.merged, *merged))
    found = plan(book(both), room(), None, options())
    assert found.unaccounted() == 0
    assert [_without_empty(record)["name"] for record in _records(found)] == [
        record["name"] for record in (*first.records, *second.records)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.sampled_from(SCRAPS), max_size=6),
        max_size=14,
    )
)  # fmt: skip
def test_that_the_counts_add_up_whatever_the_sheet_holds(rows: list[list[Cell]]) -> None:
    found = plan(book(sheet(*rows)), room(), None, options())
    assert found.unaccounted() == 0
    assert all(count >= 0 for page in found.sheets for count in vars(page.counts).values())
