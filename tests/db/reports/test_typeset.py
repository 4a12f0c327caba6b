from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from db.reports.docx_tables import SQUARES
from db.reports.table_layout import wrap
from db.reports.typeset import NO_END, NO_START, Line, break_lines, is_wide, spread, title_lines

_WORDS = st.sampled_from(
    "新签约 项目 庐阳 同比增长 69.6% 174.2亿元 47个 1—6月 2024年 （ ） 《 》 “ ” ， 。 ； ： 、 GDP 3.5万平方米 8.1个百分点 —— …… 7/47".split()
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=60).map("".join)
_PARAGRAPH = (
    "1—6月，全区新签约项目47个，协议投资额174.2亿元，同比增长69.6%；新开工亿元以上项目26个，总投资196亿元。"
    "举办对接、路演活动20场，帮助27个项目对接融资，其中8个签约落地，获得融资1.73亿元。"
)


def _widths(text: str) -> list[float]:
    return [1.0 if is_wide(character) else 0.5 for character in text]


def _lines(text: str, first: float = 26, full: float = 28) -> list[tuple[str, Line]]:
    return [(text[line.start : line.end], line) for line in break_lines(text, _widths(text), first, full)]


@given(_TEXTS, st.integers(10, 30))
def test_that_no_character_is_lost_or_doubled(text: str, measure: int) -> None:
    assert "".join(line for line, _line in _lines(text, measure, measure)) == text


@given(_TEXTS, st.integers(14, 30))
def test_that_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, measure: int) -> None:
    # Where more marks follow each other, or a longer word stands, than a line holds, no breaking can obey.
    assume(not re.search(rf"[{re.escape(''.join(NO_START | NO_END))}]{{5,}}|[0-9A-Za-z.,%/—]{{12,}}", text))
    lines = [line for line, _line in _lines(text, measure, measure)]
    assert not [line for line in lines[1:] if line[0] in NO_START]
    assert not [line for line in lines[:-1] if line.rstrip()[-1] in NO_END]


@given(_TEXTS, st.integers(14, 30))
def test_that_no_number_is_cut(text: str, measure: int) -> None:
    assume(not re.search(r"[0-9A-Za-z.,%/—]{12,}", text))
    lines = [line for line, _line in _lines(text, measure, measure)]
    for before, after in pairwise(lines):
        assert not (re.search(r"[0-9.]$", before) and re.match(r"[0-9.%]", after))


@given(_TEXTS, st.integers(14, 30))
def test_that_every_line_can_be_made_to_fit_its_measure(text: str, measure: int) -> None:
    for line, which in _lines(text, measure, measure):
        advances = spread(line, _widths(line), measure)
        ends = sum(advances[: len(line.rstrip())])
        assert ends <= measure + 1e-6 or len(line) == 1 or re.fullmatch(r"[^⺀-鿿]*", line), (line, ends)
        assert which.end > which.start


def test_that_a_number_keeps_its_unit_where_the_line_allows() -> None:
    for full in range(12, 40):
        lines = [line for line, _line in _lines(_PARAGRAPH, full - 2, full)]
        for before, after in pairwise(lines):
            assert not (before[-1].isdigit() and re.match("亿元|个|场|月", after)), (full, before, after)


def test_that_all_lines_but_the_last_are_flush() -> None:
    for line, which in _lines(_PARAGRAPH):
        measure = 26 if which.start == 0 else 28
        if not which.last:
            assert abs(sum(spread(line, _widths(line), measure)) - measure) < 1e-6


def test_that_justifying_never_opens_a_number() -> None:
    line = "资额174.2亿元，同比增长69.6%，完成"
    advances = spread(line, _widths(line), 28)
    natural = _widths(line)
    inside = [i for i in range(len(line) - 1) if re.fullmatch(r"[0-9.]{2}", line[i : i + 2])]
    assert inside
    assert all(advances[i] == natural[i] for i in inside)


def test_that_a_word_wider_than_the_line_is_cut_rather_than_lost() -> None:
    lines = [line for line, _line in _lines("x" * 100, 10, 10)]
    assert len(lines) == 5


def test_that_a_dash_of_two_is_not_parted() -> None:
    text = "一" * 9 + "——" + "二" * 9
    assert all(not line.startswith("—") for line, _line in _lines(text, 10, 10)[1:])


def test_that_a_long_title_stands_on_two_lines_of_nearly_the_same_length() -> None:
    title = "关于2024年上半年全区招商引资工作情况和下一步工作安排的通报"
    lines = title_lines(title, _widths(title), 20)
    assert "".join(lines) == title
    assert abs(len(lines[0]) - len(lines[1])) <= 6


_ENGLISH = (
    "In January to June 2024, 47 projects were newly signed in 大杨镇, 三十岗乡 and 四里河街道, among them "
    "合肥量子精密仪器产业园一期项目 (1.2 billion yuan), 合肥聚变新能产业园 and the second phase of 长三角数字科技示范园 "
    "by 安徽新能源科技股份有限公司; the agreed investment was 17.42 billion yuan, up 69.6% on the year before."
)


@given(st.integers(16, 30))
def test_that_a_chinese_name_in_an_english_line_is_not_set_wide(measure: int) -> None:
    for line, at in _lines(_ENGLISH, measure, measure):
        own = _widths(line)
        opened = [new - old for new, old in zip(spread(line, own, measure), own, strict=True)]
        if at.last or not any(opened) or " " not in line.strip():
            continue
        spaces = [more for more, character in zip(opened, line, strict=True) if character == " "]
        hanzi = [
            more for more, (one, two) in zip(opened, pairwise(line), strict=False) if is_wide(one) and is_wide(two)
        ]
        assert all(4 * more <= max(spaces) + 1e-9 for more in hanzi)


@given(st.integers(16, 30))
def test_that_a_short_chinese_name_in_english_is_not_parted(measure: int) -> None:
    lines = [line for line, _line in _lines(_ENGLISH, measure, measure)]
    assert "".join(lines) == _ENGLISH
    assert [name for name in ("大杨镇", "三十岗乡") if not any(name in line for line in lines)] == []


@given(st.integers(24, 30))
def test_that_english_with_chinese_names_is_flush(measure: int) -> None:
    for line, at in _lines(_ENGLISH, measure, measure):
        advances = spread(line, _widths(line), measure)
        assert at.last or abs(sum(advances[: len(line.rstrip())]) - measure) < 0.01


def test_that_no_line_of_a_cell_is_wider_than_its_column() -> None:
    text = "红灯：满3个月无进展（自2024-06-09起）。转绿条件：登记实质性进展，或移出在谈项目库"
    for room in range(8, 40):
        lines = wrap(text, SQUARES, "table", float(room))
        assert all(SQUARES["table"].width(line) <= room + 0.01 for line in lines), room
        assert "".join(lines) == text
