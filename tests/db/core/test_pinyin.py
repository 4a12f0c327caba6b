"""Chinese by its sound: order, readings, and what of a name is hit."""

from __future__ import annotations

import pytest

from db.core import pinyin
from installer import pinyin as making
from tests.ending import python


def hit(query: str, text: str) -> str | None:
    """The characters that are hit, one after the other."""
    found = pinyin.matches(query, text)
    return None if found is None else "".join(text[start:stop] for start, stop in found)


def test_that_the_table_is_what_the_dictionaries_say() -> None:
    assert making.TARGET.read_text(encoding="utf-8") == making.made()


def test_that_sorting_and_searching_need_neither_the_dictionaries_nor_a_window() -> None:
    code = "import sys; from db.core import pinyin; pinyin.order_key('重庆'); pinyin.matches('cq', '重庆')"
    seen = f"{code}; print([name for name in ('pypinyin', 'sqlalchemy', 'PySide6') if name in sys.modules])"
    done = python("-c", seen)
    assert done.stdout.strip() == "[]"


def test_that_names_are_sorted_by_pinyin_and_tone_behind_figures_and_letters() -> None:
    names = ["重庆项目", "重量级", "成都基地", "12号厂房", "ＡBC中心", "abd中心", "阿里云", "长安汽车", "安庆", "合肥"]
    assert sorted(names, key=pinyin.order_key) == [
        "12号厂房", "ＡBC中心", "abd中心", "阿里云", "安庆", "长安汽车", "成都基地", "重庆项目", "合肥", "重量级",
    ]  # fmt: skip


def test_that_people_are_sorted_by_the_reading_of_their_surname() -> None:
    people = ["曾庆", "单伟", "张三", "解放", "仇英", "区亮", "查良", "万俟青", "安静", "尉迟恭", "卜算"]
    assert sorted(people, key=pinyin.person_key) == [
        "安静", "卜算", "万俟青", "区亮", "仇英", "单伟", "解放", "尉迟恭", "曾庆", "查良", "张三",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("京东方", "合肥京东方配套", "京东方"),
        ("hfjdf", "合肥京东方配套", "合肥京东方"),
        ("HFJDF", "合肥（京东方）配套", "合肥京东方"),
        ("hfjdf", "合肥精密电子封装基地", "合肥精电封"),
        ("hefeijingd", "合肥京东方配套", "合肥京东"),
        ("hefeijdf", "合肥京东方配套", "合肥京东方"),
        ("合肥jdf", "合肥京东方配套", "合肥京东方"),
        ("zhgc", "中关村", "中关村"),
        ("cq", "重庆", "重庆"),
        ("zq", "重庆", "重庆"),
        ("aixp", "AI芯片", "AI芯片"),
        ("ai", "ＡＩ芯片", "ＡＩ"),
        ("芯片 hf", "合肥芯片基地", "合肥芯片"),
        ("xa", "厦门", None),
        ("jdfhf", "合肥京东方", None),
        ("芯片 bj", "合肥芯片基地", None),
        ("", "合肥", ""),
    ],
)
def test_that_a_word_hits_what_it_spells(query: str, text: str, expected: str | None) -> None:
    assert hit(query, text) == expected


def test_that_letters_with_gaps_hit_names_and_not_sentences() -> None:
    assert hit("hfd", "合肥精密电子") == "合肥电"
    assert hit("hd", "合肥精密电子") is None
    assert hit("hfd", "合同已经签订，双方约定本月内完成土地交付，随后进入规划方案报批阶段，预计年底前动工建设") is None


def test_that_every_reading_of_a_name_has_its_letters() -> None:
    assert pinyin.initials("重庆") == ("cq", "zq")
    assert pinyin.full("重庆") == ("chongqing", "zhongqing")
    assert len(pinyin.initials("长重行乐都参差")) == 16
