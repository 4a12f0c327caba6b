"""Which line of a table shows what, with groups that fold."""

from __future__ import annotations

import random

from db.core.grouping import Group
from desktop.kit.outline import Lines


def of_two_levels() -> list[Group]:
    """Ten records: 大杨镇 (signed 3, started 2), 双岗街道 (signed 5)."""
    return [
        Group(0, "street", "大杨镇", 0, 5, 5, (50,), ("大杨镇",)),
        Group(1, "stage", "signed", 0, 3, 3, (30,), ("大杨镇", "signed")),
        Group(1, "stage", "started", 3, 5, 2, (20,), ("大杨镇", "started")),
        Group(0, "street", "双岗街道", 5, 10, 5, (50,), ("双岗街道",)),
        Group(1, "stage", "signed", 5, 10, 5, (50,), ("双岗街道", "signed")),
    ]


def told(lines: Lines) -> list[str]:
    """What each line shows: 大杨镇, signed, 0, 1 …"""
    shown = [lines.at(line) for line in range(lines.count)]
    return [str(lines.groups[one.group].value) if one.group >= 0 else str(one.record) for one in shown]


def test_that_without_groups_every_line_is_a_record() -> None:
    lines = Lines(100_000)
    assert (lines.count, lines.at(99_999).record, lines.line_of(77)) == (100_000, 99_999, 77)


def test_that_headings_stand_above_their_records_on_two_levels() -> None:
    lines = Lines(10, of_two_levels())
    assert told(lines) == [
        "大杨镇", "signed", "0", "1", "2", "started", "3", "4", "双岗街道", "signed", "5", "6", "7", "8", "9",
    ]  # fmt: skip


def test_that_a_folded_group_hides_its_inner_groups_and_a_record_in_it_has_no_line() -> None:
    lines = Lines(10, of_two_levels(), [("大杨镇",), ("双岗街道", "signed")])
    assert told(lines) == ["大杨镇", "双岗街道", "signed"]
    assert lines.line_of(1) is None
    assert lines.line_of(9) is None


def test_that_every_line_and_its_record_find_each_other_however_groups_are_folded() -> None:
    groups = of_two_levels()
    choose = random.Random(7)
    for _round in range(40):
        folded = {group.path for group in groups if choose.random() < 0.4}
        lines = Lines(10, groups, folded)
        for line in range(lines.count):
            shown = lines.at(line)
            found = lines.heading_of(shown.group) if shown.group >= 0 else lines.line_of(shown.record)
            assert found == line
        span = range(choose.randrange(lines.count), lines.count + 1)
        inside = [record for some in lines.records_in(span) for record in some]
        assert inside == [lines.at(line).record for line in span[:-1] if lines.at(line).record >= 0]
        hidden = [record for record in range(10) if lines.line_of(record) is None]
        assert lines.count == 10 - len(hidden) + sum(lines.heading_of(at) is not None for at in range(len(groups)))
