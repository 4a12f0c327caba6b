"""The rules of the five ones in plain Python: lights, completeness, schedules, slips."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.calendar import published
from db.core.errors import Refused
from db.five_ones import lights, schedule
from db.five_ones.lights import GREEN, GREY, RED, YELLOW, delivered, judge
from db.five_ones.rules import (
    LEADER,
    ONES,
    PLAN,
    TASK_FORCE,
    Having,
    answered_by,
    completeness,
    last_substantive,
    next_meeting,
    next_slip,
    notices,
    off_holiday,
    stale,
)
from db.five_ones.schedule import Stone

TODAY = "2024-07-17"
CALENDAR = published()
ALL = tuple(one for one in delivered().values() if one.object == "project")
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2025, 1, 1)).map(dt.date.isoformat)
FACTS = st.fixed_dictionaries(
    {"phase": st.sampled_from(lights.PHASES)}
    | dict.fromkeys(lights.DAYS, st.none() | DAYS)
    | dict.fromkeys(("paid", "paid_share", "points_behind", "overdue"), st.none() | st.integers(0, 90_000))
)


def facts(phase: str, **given: Any) -> dict[str, Any]:
    return {"phase": phase} | given


# --- lights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "known", "colour"),
    [
        ("handan-2024", facts("negotiating", last_change="2024-05-18"), GREEN),
        ("handan-2024", facts("negotiating", last_change="2024-05-17"), YELLOW),
        ("handan-2024", facts("negotiating", last_change="2024-04-17"), RED),
        ("weinan-2022", facts("signed", signed_on="2023-07-17"), GREEN),
        ("weinan-2022", facts("signed", signed_on="2023-07-16"), RED),
        ("weinan-2022", facts("started", began_on="2024-04-17", paid=None, paid_share=0), RED),
        ("weinan-2022", facts("started", began_on="2024-01-16", paid=1, paid_share=14_999), RED),
        ("weinan-2022", facts("started", began_on="2024-01-16", paid=1, paid_share=15_000), GREEN),
        ("not-started", facts("signed", signed_on="2024-01-17"), YELLOW),
        ("not-started", facts("signed", signed_on="2024-01-18"), GREEN),
        ("yinchuan-2025", facts("started", points_behind=9_999), GREEN),
        ("yinchuan-2025", facts("started", points_behind=10_000), YELLOW),
        ("yinchuan-2025", facts("started", points_behind=30_000), YELLOW),
        ("yinchuan-2025", facts("started", points_behind=30_001), RED),
        ("planned-start", facts("signed", planned_start="2024-07-01"), GREEN),
        ("planned-start", facts("signed", planned_start="2024-06-30"), YELLOW),
        ("planned-start", facts("signed", planned_start="2024-04-30"), RED),
        ("statistics", facts("started", began_on="2024-06-18"), GREEN),
        ("statistics", facts("started", began_on="2024-06-17"), YELLOW),
        ("statistics", facts("started", began_on="2024-05-16"), RED),
        ("statistics", facts("started", began_on="2024-05-16", entered_on="2024-06-01"), GREEN),
    ],
)
def test_that_a_preset_turns_on_the_day_that_it_names(preset: str, known: dict[str, Any], colour: str) -> None:
    light = judge(known, [delivered()[preset]], today=TODAY)
    assert light is not None
    assert light.colour == colour


def test_that_a_light_names_its_rule_since_when_and_what_turns_it_green() -> None:
    light = judge(facts("signed", signed_on="2024-01-01", planned_start="2025-01-01"), ALL, today=TODAY)
    assert light is not None
    said = (light.preset, light.since, light.why.render("zh"), light.turns_green.render("zh"))
    assert said == ("not-started", "2024-07-01", "签约满6个月未开工", "开工并登记日期")


def test_that_talks_asleep_for_more_than_half_a_year_are_proposed_for_removal() -> None:
    light = judge(facts("negotiating", last_change="2024-01-16"), ALL, today=TODAY)
    assert light is not None
    assert (light.colour, light.propose) == (RED, "remove")


def test_that_what_cannot_be_judged_is_grey_and_says_what_is_not_known() -> None:
    light = judge(facts("started", began_on="2024-07-01", paid=1, paid_share=50_000), ALL, today=TODAY)
    assert light is not None
    assert (light.colour, "节点" in light.why.render("zh")) == (GREY, True)


@given(FACTS, st.sets(st.sampled_from((*lights.DAYS, *lights.NUMBERS[:3]))), DAYS)
def test_that_no_project_turns_green_by_losing_data(known: dict[str, Any], lost: set[str], today: str) -> None:
    before = lights.colour_of(known, ALL, today=today)
    after = lights.colour_of(known | dict.fromkeys(lost), ALL, today=today)
    assert after != GREEN or before == GREEN


@given(FACTS, DAYS)
def test_that_a_rule_holds_from_the_day_on_that_it_names(known: dict[str, Any], today: str) -> None:
    light = judge(known, ALL, today=today)
    if light is not None and light.since is not None:
        day_before = (dt.date.fromisoformat(light.since) - dt.timedelta(days=1)).isoformat()
        (rule,) = [
            rule
            for rule in delivered()[light.preset].rules
            if (rule.key, rule.light, rule.propose) == (light.rule, light.colour, light.propose)
            and known["phase"] in rule.phases
        ]
        dated = next(atom for atom in rule.when if atom.fact in lights.DAYS and atom.how != "missing")
        holds = [lights.holds(dated, known[dated.fact], day) for day in (day_before, light.since)]
        assert (holds, light.since <= today) == ([False, True], True)


def test_that_a_light_set_by_hand_needs_a_reason() -> None:
    with pytest.raises(Refused):
        lights.by_hand(None, GREEN, " ", since=TODAY, printed=True)


def test_that_a_rule_that_cannot_be_read_is_refused_with_its_name() -> None:
    with pytest.raises(Refused, match="mine"):
        lights.preset_of(
            "mine", {"source": "", "object": "project", "rules": [{"key": "x", "light": "blue", "when": []}]}
        )


# --- completeness ----------------------------------------------------------------------------------------------------

HAVING = st.builds(
    Having, st.integers(0, 1), st.integers(0, 1), st.integers(0, 2), st.integers(0, 3), st.integers(0, 1),
    st.integers(0, 1), st.integers(0, 9), st.none() | DAYS,
)  # fmt: skip


@given(HAVING, DAYS)
def test_that_completeness_is_one_to_five_and_names_all_that_is_missing(having: Having, today: str) -> None:
    found = completeness(having, today=today)
    assert 1 <= found.count <= 5
    assert sorted((*found.present, *found.missing)) == sorted(ONES)


def test_that_a_leader_without_a_plan_is_two_of_five() -> None:
    found = completeness(Having(leader=1), today=TODAY)
    assert (found.count, PLAN in found.missing, TASK_FORCE in found.missing) == (2, True, True)


def test_that_a_leader_who_left_is_named_as_such() -> None:
    found = completeness(Having(leader_left=1), today=TODAY)
    assert found.missing[LEADER].render("zh") == "牵头领导已离任，未明确接任领导"
    assert completeness(Having(), today=TODAY).missing[LEADER].render("zh") == "未明确牵头领导"


def test_that_following_through_is_milestones_and_a_follow_up_within_the_days() -> None:
    whole = Having(1, 0, 1, 2, 0, 1, 14, "2024-06-26")
    assert completeness(whole, today=TODAY).count == 5
    assert completeness(whole, today="2024-07-18").count == 4
    assert completeness(replace(whole, milestones=0), today=TODAY).count == 4


def test_that_notices_go_to_units_and_liaison_officers_never_to_leaders() -> None:
    missing = completeness(Having(), today=TODAY).missing
    told = notices("恒光", missing, unit="区发改委", liaison="吴海涛", leaders={"吴海涛"})
    assert [one.to for one in told] == ["区发改委"]


# --- the log ---------------------------------------------------------------------------------------------------------


def test_that_the_same_words_pasted_for_months_are_no_progress() -> None:
    log = [("2024-03-01", "正在办理备案"), ("2024-05-01", "正在办理备案"), ("2024-07-01", " 正在办理备案 ")]
    assert last_substantive(log) == "2024-03-01"
    found = stale(
        log, today=TODAY, passed={"started": "2024-05-01"}, reached=(), shares=[("2024-05-31", 5), ("2024-06-30", 80)]
    )
    assert [one.kind for one in found] == ["repeated", "passed", "jump"]


# --- schedules -------------------------------------------------------------------------------------------------------


def test_that_a_template_is_reckoned_in_working_days_from_its_start() -> None:
    found = schedule.apply(schedule.delivered()["land"], "2024-09-14", CALENDAR)
    days = {one.key: one.planned for one in found.stones}
    assert days["review"] == "2024-09-14"  # a Saturday worked for the holiday
    assert days["filing"] == "2024-09-30"  # ten working days: 中秋 off, Sunday the 29th worked


def test_that_a_plan_kept_as_a_template_gives_its_days_again_on_three_lines_of_twenty_steps() -> None:
    lines = [(line, at) for line in "abc" for at in range(6)]
    steps = [
        {"key": f"{line}{at}", "name": f"{line}{at}", "days": 5 + at, "needs": [f"{line}{at - 1}"] if at else ["go"]}
        for line, at in lines
    ]
    ends = {"key": "end", "name": "验收", "days": 3, "weight": 9, "needs": ["a5", "b5", "c5"]}
    own = schedule.template_of("own", {"name": "三线", "steps": [{"key": "go", "name": "签约"}, *steps, ends]})
    for template in (*schedule.delivered().values(), own):
        stones = schedule.apply(template, "2024-09-28", CALENDAR).stones
        stages = {step.key: step.stage for step in template.steps}
        kept = schedule.as_template(stones, template.name, start="2024-09-28", calendar=CALENDAR, stages=stages)
        again = schedule.template_of("again", kept)
        assert schedule.apply(again, "2024-09-28", CALENDAR).stones == stones
        assert [step.stage for step in again.steps] == [step.stage for step in template.steps]
    with pytest.raises(Refused):
        schedule.as_template([Stone("a", "甲")], "无日期", start=None, calendar=CALENDAR, stages={})


def test_that_a_plan_beyond_the_published_holidays_says_so() -> None:
    found = schedule.apply(schedule.delivered()["land"], "2035-01-08", CALENDAR)
    assert any("2035" in note.render("zh") for note in found.notes)


def test_that_milestones_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(Refused, match="a, b, a"):
        schedule.order({"a": ("b",), "b": ("a",)})


@given(st.data())
def test_that_planning_anew_never_moves_an_actual_day(data: st.DataObject) -> None:
    planned = schedule.apply(schedule.delivered()["land"], "2024-01-08", CALENDAR).stones
    done = data.draw(st.sets(st.sampled_from([one.key for one in planned])))
    stones = [replace(one, actual="2024-02-01" if one.key in done else None) for one in planned]
    several = data.draw(st.sets(st.sampled_from([one.key for one in planned])))
    found = schedule.put_off(stones, several, data.draw(st.integers(-300, 300)), CALENDAR).stones
    assert [one.actual for one in found] == [one.actual for one in stones]
    assert [one.planned for one in found if one.key in done] == [one.planned for one in stones if one.key in done]
    moved = data.draw(st.sampled_from(planned)).key
    day = data.draw(st.dates(dt.date(2023, 6, 1), dt.date(2025, 6, 1))).isoformat()
    if moved in done:
        with pytest.raises(Refused):
            schedule.replan(stones, moved, day, CALENDAR)
        return
    found = schedule.replan(stones, moved, day, CALENDAR).stones
    assert [one.actual for one in found] == [one.actual for one in stones]
    assert [one.planned for one in found if one.key in done] == [one.planned for one in stones if one.key in done]
    assert next(one.planned for one in found if one.key == moved) == day


@given(st.data())
def test_that_no_plan_looks_better_by_losing_milestones_or_their_days(data: st.DataObject) -> None:
    day = st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)).map(dt.date.isoformat)
    drawn = data.draw(st.lists(st.tuples(day, day, st.integers(1, 30)), min_size=1, max_size=6))
    stones = [Stone(str(at), "", planned, actual, weight=weight) for at, (planned, actual, weight) in enumerate(drawn)]
    expected = sum(one.weight for one in stones)
    before = schedule.by_weight(stones, expected=expected, today=TODAY).behind
    at = data.draw(st.integers(0, len(stones) - 1))
    how = data.draw(st.sampled_from(["gone", "planned", "actual"]))
    one = stones[at]
    less = {"gone": [], "planned": [replace(one, planned=None)], "actual": [replace(one, actual=None)]}[how]
    poorer = [*stones[:at], *less, *stones[at + 1 :]]
    after = schedule.by_weight(poorer, expected=expected, today=TODAY).behind
    assert after is None or (before is not None and after >= before)


def test_that_progress_is_told_by_weight_and_by_money() -> None:
    stones = [Stone("a", "", "2024-06-01", "2024-06-02", weight=40), Stone("b", "", "2024-07-01", weight=60)]
    found = schedule.by_weight(stones, expected=100, today=TODAY)
    assert [found.due, found.done, found.behind] == [1, Fraction(2, 5), 60]
    assert found.overdue == ("b",)
    money = schedule.by_money(paid=30, whole=100, first="2024-01-01", last="2024-12-31", today="2024-07-01")
    assert [money.done, money.behind] == [Fraction(3, 10), Fraction(182, 365) * 100 - 30]


def test_that_a_plan_shorter_than_its_template_is_pointed_out_and_not_refused() -> None:
    template = schedule.delivered()["land"]
    stones = schedule.apply(template, "2024-01-08", CALENDAR).stones[:-2]
    said = [one.render("zh") for one in schedule.hints(stones, template, today=TODAY)]
    assert any("投产、升规" in one for one in said)


# --- meetings and decisions ------------------------------------------------------------------------------------------


def test_that_a_meeting_makes_way_for_a_holiday_and_says_so() -> None:
    day, note = next_meeting(CALENDAR, dt.date(2024, 9, 20), 14)
    assert (day.value, note is not None) == (dt.date(2024, 10, 8), True)
    assert off_holiday(CALENDAR, dt.date(2024, 9, 14)) == (
        CALENDAR.reckoned(dt.date(2024, 9, 14), dt.date(2024, 9, 14), dt.date(2024, 9, 14)),
        None,
    )


@pytest.mark.parametrize(
    ("today", "closed", "kinds", "slip"),
    [
        ("2024-07-10", None, (), ""),
        ("2024-07-15", None, (), "reminded"),
        ("2024-07-18", None, ("reminded",), ""),
        ("2024-07-19", None, ("reminded",), "yellow_slip"),
        ("2024-07-25", None, ("reminded", "yellow_slip"), "red_slip"),
        ("2024-07-25", None, ("yellow_slip", "red_slip"), ""),
        ("2024-07-25", "2024-07-20", (), ""),
    ],
)
def test_that_a_decision_is_reminded_of_then_gets_a_yellow_and_a_red_slip(
    today: str, closed: str | None, kinds: tuple[str, ...], slip: str
) -> None:
    assert next_slip(due="2024-07-18", closed=closed, kinds=kinds, today=today) == slip


def test_that_a_red_slip_waits_until_the_yellow_one_should_have_been_answered() -> None:
    # Sent on the last day before the holidays of October 2024: the second working day after it is the 9th.
    assert [answered_by(CALENDAR, day) <= "2024-09-30" for day in ("2024-10-01", "2024-10-09", "2024-10-10")] == [
        True, True, False,
    ]  # fmt: skip
    kinds = ("reminded", "yellow_slip")
    assert next_slip(due="2024-09-27", closed=None, kinds=kinds, today="2024-10-09", waits=True) == ""
