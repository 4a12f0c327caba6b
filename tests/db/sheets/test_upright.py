"""Cards and tables on their side come in as records, and what is wrong in them is told by its own cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.sheets.headings import Vocabulary
from db.sheets.planning import plan
from db.sheets.upright import upright
from db.sheets.workbook import Cell
from tests.db.sheets.sample import book, new_records, options, room, sheet

CARD: list[list[Cell]] = [
    ["项目信息登记表", None, None, None],
    ["项目名称", "甲园区", "投资方", "甲公司"],
    ["协议投资额（万元）", 300, "签约日期", "2024-05-01"],
    ["红黑榜", "红", None, None],
]
OVER_ALL = ((0, 0, 0, 3), (3, 1, 3, 3))


def test_that_a_card_is_a_record_with_its_unknown_label_kept() -> None:
    found = plan(book(sheet(*CARD, merged=OVER_ALL)), room(), None, options())
    ((_row, record),) = new_records(found)
    assert record == {
        "name": "甲园区", "investor": "甲公司", "agreed_investment": 3_000_000_00, "signed_on": "2024-05-01", "own:红黑榜": "红",
    }  # fmt: skip
    assert found.unaccounted() == 0


def test_that_cards_below_each_other_are_a_record_each() -> None:
    second: list[list[Cell]] = [[*row] for row in CARD[1:]]
    second[0][1] = "乙园区"
    found = plan(book(sheet(*CARD, *second, merged=OVER_ALL)), room(), None, options())
    assert [record["name"] for _row, record in new_records(found)] == ["甲园区", "乙园区"]


def test_that_a_table_on_its_side_has_a_column_a_record_and_tells_its_own_cells() -> None:
    rows: list[list[Cell]] = [
        ["项目名称", "甲", "乙", "丙"], ["投资方", "甲公司", "乙公司", None], ["协议投资额（万元）", 300, "很多", 500], ["签约日期", None, "2024-05-02", None],
    ]  # fmt: skip
    found = plan(book(sheet(*rows)), room(), None, options())
    assert [record["name"] for _row, record in new_records(found)] == ["甲", "丙"]
    assert [(one.row, one.column, one.value) for one in found.refused] == [(3, "C", "很多")]
    assert found.unaccounted() == 0


def test_that_a_card_with_more_beside_a_label_than_it_asks_for_is_left_as_it_is() -> None:
    crowded: list[list[Cell]] = [row[:] for row in CARD]
    crowded[2] = ["协议投资额（万元）", 300, "签约日期", "2024-05-01", "2024-06-01"]
    assert upright(left := sheet(*crowded), Vocabulary(room())) is left


@given(
    st.lists(
        st.tuples(st.sampled_from(["甲", "乙", "签约", "开工"]), st.sampled_from(["签约", "开工", "投产", "停工"])),
        min_size=1,
    )
)
def test_that_a_table_whose_cells_are_called_like_headings_is_no_card(rows: list[tuple[str, str]]) -> None:
    numbered: list[list[Cell]] = [[f"{name}{place}", stage, 3] for place, (name, stage) in enumerate(rows)]
    found = plan(book(sheet(["项目名称", "红黑榜", "协议投资额（万元）"], *numbered)), room(), None, options())
    assert [record["name"] for _row, record in new_records(found)] == [row[0] for row in numbered]
