"""Labels and blanks in one cell of a form: which blank is whose, and what is written into it."""

from __future__ import annotations

import pytest

from db.sheets.form_lines import gaps, into_line


@pytest.mark.parametrize(
    ("text", "label", "printed", "filled"),
    [
        ("项目名称：____ 电话：________", "项目名称", "", "项目名称：甲 电话：________"),
        ("项目名称：        电话：      ", "项目名称", "", "项目名称：甲      电话：      "),
        ("一、联 系 人：____\n二、电话：____", "联系人", "", "一、联 系 人：甲\n二、电话：____"),
        ("总投资______万元，其中：外资____万美元", "外资", "万美元", "总投资______万元，其中：外资甲万美元"),
        ("总投资：    （单位：万元）", "总投资", "单位：万元", "总投资：甲（单位：万元）"),
        ("签约日期：20__年__月__日", "签约日期", "年月日", "签约日期：甲"),
        ("类型：内资□、甲□  属地：__", "类型", "内资□、甲□", "类型：内资□、甲☑  属地：__"),
        ("类型：□内资 □外资", "类型", "□内资 □外资", None),
    ],
)
def test_that_a_blank_is_found_in_the_cell_of_its_label(
    text: str, label: str, printed: str, filled: str | None
) -> None:
    assert next(one.printed for one in gaps(text) if one.label.replace(" ", "") == label) == printed
    assert into_line(text, label, "甲") == filled


@pytest.mark.parametrize(
    "text", ["单位：万元", "注：1.本表一式两份。", "□是（请注明：____）", "推进中□ 已终止□", "项：" + "_" * 3000]
)
def test_that_what_is_no_label_has_no_blank(text: str) -> None:
    assert not gaps(text)
