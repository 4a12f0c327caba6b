"""A folder of ledgers: how old each is, in which order, what is there twice, which questions are one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.core.errors import Cancelled
from db.core.incoming import unfinished
from db.core.text import Text, _
from db.projects.sheet import PROJECT_SHEET
from db.sheets.folder import (
    NAME,
    SAID,
    SHEET,
    TIME,
    core_name,
    dated,
    day_in,
    files_in,
    question_mark,
    survey,
)
from db.sheets.plan import Question
from tests.desktop.ledgers import ledger

ROWS: list[tuple[object, ...]] = [(1, "晴川机器人总装线", "合肥晴川智能有限公司", 12000, "2024-03-05", "大杨镇", None)]
OTHER: list[tuple[object, ...]] = [(1, "晴川机器人总装线", "合肥晴川智能有限公司", 15000, "2024-03-05", "大杨镇", None)]


def aged(path: Path, day: int) -> Path:
    """The file as if written on that day of 2020."""
    os.utime(path, (1_577_836_800 + day * 86_400,) * 2)
    return path


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024年6月招商项目台账", "2024-06-30"),
        ("台账20240615", "2024-06-15"),
        ("2024.6.30签约", "2024-06-30"),
        ("签约202402", "2024-02-29"),
        ("2024年1—6月", "2024-06-30"),
        ("2024年1月至6月", "2024-06-30"),
        ("2023年度汇总", "2023-12-31"),
        ("2024年上半年", "2024-06-30"),
        ("2024年第三季度", "2024-09-30"),
        ("2023招商台账（11月）", "2023-11-30"),
        ("2024 台账 0630", "2024-06-30"),
        ("台账最终版(2)", None),
    ],
)
def test_that_a_name_says_how_old_its_ledger_is(name: str, day: str | None) -> None:
    assert day_in(name) == day


def test_that_old_ledgers_come_first_by_name_then_by_a_line_in_them_then_by_the_time_of_the_file(
    tmp_path: Path,
) -> None:
    ledger(tmp_path / "台账（2024年6月）.xlsx", ROWS)
    ledger(tmp_path / "签约情况.xlsx", OTHER, title="签约项目台账（截至2024年3月31日）")
    aged(ledger(tmp_path / "旧表.xlsx", [(*ROWS[0][:3], 9000, *ROWS[0][4:])]), 5)
    (tmp_path / "2023年").mkdir()
    ledger(tmp_path / "2023年" / "台账（11月）.xlsx", [(*ROWS[0][:3], 8000, *ROWS[0][4:])])
    found = survey([tmp_path], [PROJECT_SHEET])
    assert [(one.name, one.day, one.how) for one in found] == [
        ("旧表.xlsx", "2020-01-06", TIME),
        ("台账（11月）.xlsx", "2023-11-30", NAME),
        ("签约情况.xlsx", "2024-03-31", SHEET),
        ("台账（2024年6月）.xlsx", "2024-06-30", NAME),
    ]
    assert all(one.taken for one in found)


def test_that_versions_of_one_day_go_from_the_draft_to_the_last_final_version(tmp_path: Path) -> None:
    names = ("2024年6月台账 最终版(2)", "2024年6月台账 最终版", "2024年6月台账初稿", "2024年6月台账")
    for at, name in enumerate(names):
        ledger(tmp_path / f"{name}.xlsx", [(*ROWS[0][:3], 9000 + at, *ROWS[0][4:])])
    found = survey([tmp_path], [PROJECT_SHEET])
    assert [one.path.stem for one in found] == [names[2], names[3], names[1], names[0]]
    assert [one.sibling for one in found] == [None, f"{names[2]}.xlsx", f"{names[3]}.xlsx", f"{names[1]}.xlsx"]
    assert core_name(names[0]) == core_name(names[2]) == "2024年6月台账"


def test_that_a_file_with_the_same_cells_is_left_out_however_it_was_saved(tmp_path: Path) -> None:
    ledger(tmp_path / "2024年6月.xlsx", ROWS)
    ledger(tmp_path / "2024年6月 - 副本.xlsx", ROWS)
    found = survey([tmp_path], [PROJECT_SHEET])
    assert [(one.name, one.taken, one.same_as) for one in found] == [
        ("2024年6月.xlsx", True, None),
        ("2024年6月 - 副本.xlsx", False, "2024年6月.xlsx"),
    ]


def test_that_a_month_without_a_year_is_of_the_years_of_the_others_and_a_text_table_may_be_a_repeat(
    tmp_path: Path,
) -> None:
    lines = "项目名称,协议投资额（万元）\n晴川机器人总装线,12000\n"
    for name in ("2019年台账", "2019年台账(2)", "台账0630"):
        more = "云岭光学镜头,9000\n" if name == "台账0630" else ""
        (tmp_path / f"{name}.csv").write_text(lines + more, encoding="utf-8")
    found = survey([tmp_path], [PROJECT_SHEET])
    assert [(one.path.stem, one.day, one.taken) for one in found] == [
        ("台账0630", "2019-06-30", True),
        ("2019年台账", "2019-12-31", True),
        ("2019年台账(2)", "2019-12-31", False),
    ]


def test_that_marks_of_open_files_and_half_downloads_are_passed_over(tmp_path: Path) -> None:
    good = ledger(tmp_path / "2024年6月.xlsx", ROWS)
    for name in ("~$2024年6月.xlsx", "台账.xlsx.crdownload", "说明.docx", ".隐藏.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    assert list(files_in([tmp_path])) == [good]
    assert list(files_in([good, tmp_path])) == [good]
    assert unfinished(tmp_path / "~$2024年6月.xlsx") is not None
    assert unfinished(good) is None


def test_that_a_file_that_cannot_be_read_or_holds_no_ledger_is_left_out_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "2024年1月.xlsx").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "2024年2月.csv").write_text("时间,地点\n9点,会议室\n", encoding="utf-8")
    damaged, other = survey([tmp_path], [PROJECT_SHEET])
    assert (damaged.readable, damaged.taken, other.readable, other.taken) == (False, False, True, False)
    assert damaged.why is not None
    assert "2024年1月.xlsx" in damaged.why.render("zh")


def test_that_a_day_said_by_a_person_sets_the_order_anew(tmp_path: Path) -> None:
    old = ledger(tmp_path / "2023年台账.xlsx", ROWS)
    new = ledger(tmp_path / "2024年6月台账.xlsx", OTHER)
    found = dated(survey([tmp_path], [PROJECT_SHEET]), old, "2024-07-15")
    assert [(one.path, one.how) for one in found] == [(new, NAME), (old, SAID)]


def test_that_files_named_one_by_one_keep_their_order_where_nothing_says_their_day(tmp_path: Path) -> None:
    first = aged(ledger(tmp_path / "甲.xlsx", OTHER), 9)
    second = aged(ledger(tmp_path / "乙.xlsx", ROWS), 3)
    assert [one.path for one in survey([first, second], [PROJECT_SHEET], sort=False)] == [first, second]
    assert [one.path for one in survey([first, second], [PROJECT_SHEET])] == [second, first]


def test_that_looking_into_a_folder_can_be_stopped(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: int, total: int, text: Text) -> None:
            raise Cancelled

    ledger(tmp_path / "2024年6月.xlsx", ROWS)
    with pytest.raises(Cancelled):
        survey([tmp_path], [PROJECT_SHEET], progress=Stopped())


def test_that_a_question_is_the_same_in_another_file_but_for_rows_and_counts() -> None:
    def asked(sheet: str, row: int, name: str, proposed: str = "same") -> Question:
        text = _("Row {row}, “{name}”, is nearly the same as “{known}” in the book. Is it the same?",
                 row=row, name=name, known="乙")  # fmt: skip
        return Question(f"alike:{sheet}!B{row}", sheet, f"B{row}", text, proposed, (("same", _("the same record")),))

    assert question_mark(asked("一月", 3, "甲")) == question_mark(asked("二月", 9, "甲"))
    assert question_mark(asked("一月", 3, "甲")) != question_mark(asked("一月", 3, "丙"))
    assert question_mark(asked("一月", 3, "甲")) != question_mark(asked("一月", 3, "甲", "new"))
