"""A folder of years by command: the old first, what is there twice left out, one project with its history."""

from __future__ import annotations

from pathlib import Path

from tests.desktop.ledgers import ledger, years
from tests.journeys.console import Console


def test_that_a_folder_comes_in_old_first_with_one_operation_a_file(zhaoshang: Console, tmp_path: Path) -> None:
    book, folder = tmp_path / "book.zsb", years(tmp_path / "历年台账")
    zhaoshang("new", book)
    answer = zhaoshang("import", book, folder, "--assume", "yes", "--json")
    assert answer.code == 0, answer.err
    assert [one["file"] for one in answer.json["files"]] == [
        "2022年招商项目台账.xlsx", "2023年招商项目台账 最终版.xlsx", "招商项目台账（2024年6月）.xlsx",
    ]  # fmt: skip
    assert [(one["new"], one["operation"]) for one in answer.json["files"]] == [(2, 1), (1, 2), (2, 3)]
    assert [Path(one["file"]).name for one in answer.json["left_out"]] == ["2023年招商项目台账 最终版(2).xlsx"]
    history = zhaoshang("history", book, "--room", "projects", "--id", "1", "--json").json
    assert [one["operation"] for one in history] == [2, 1]
    assert zhaoshang("undo", book, "3").code == 0
    assert zhaoshang("check", book).code == 0


def test_that_files_named_one_by_one_are_put_in_order_and_a_repeat_is_said(zhaoshang: Console, tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(1, "天枢导航芯片", "合肥天枢有限公司", 8000, "2024-01-05", "大杨镇", None)]
    more: list[tuple[object, ...]] = [(1, "天枢导航芯片", "合肥天枢有限公司", 9000, "2024-01-05", "大杨镇", None)]
    book, new = tmp_path / "book.zsb", ledger(tmp_path / "2024年6月.xlsx", more)
    old, again = ledger(tmp_path / "2024年1月.xlsx", rows), ledger(tmp_path / "2024年6月 - 副本.xlsx", more)
    zhaoshang("new", book)
    answer = zhaoshang("--lang", "zh", "import", book, new, old, again, "--assume", "yes")
    assert answer.code == 0, answer.err
    assert "2024年6月 - 副本.xlsx（与《2024年6月.xlsx》内容相同）" in answer.out
    assert answer.out.index("\n2024年1月.xlsx") < answer.out.index("\n2024年6月.xlsx")
    figure = zhaoshang("figures", book, "--period", "2024", "--json").json["figures"]["signed.investment"]
    assert figure["value"] == "90000000"


def test_that_a_folder_without_a_ledger_is_refused_in_words(zhaoshang: Console, tmp_path: Path) -> None:
    book = tmp_path / "book.zsb"
    zhaoshang("new", book)
    (tmp_path / "空").mkdir()
    answer = zhaoshang("--lang", "zh", "import", book, tmp_path / "空")
    assert (answer.code, answer.err.strip()) == (1, "文件夹里没有台账，没有改动账本。")
