"""What may happen to an issue: the whole chain, its clocks, and what is refused with what is missing."""

from __future__ import annotations

import pytest

from db.core.errors import Refused
from db.forum.models import (
    AT_CITY,
    BASICALLY,
    CLOSED,
    DISSATISFIED,
    EXPLAINED,
    IN_HAND,
    ON_HOLD,
    PLANNED,
    RETURNED,
    SATISFIED,
    SOLVED,
)
from db.forum.rules import (
    Chain,
    Standing,
    Step,
    Steps,
    act,
    asked_until,
    replay,
    replies,
    session_hints,
    visit_hint,
)

FULL = Chain(full=True)
TODAY = "2024-10-31"
ASSIGN = Step("assign", "2024-09-05", unit=1)


def go(*steps: Step, chain: Chain = FULL) -> Steps:
    """Steps that the rules allow, one after another."""
    done: Steps = ()
    for step in steps:
        done += act(done, step, chain=chain, today=TODAY)
    return done


def where(*steps: Step, chain: Chain = FULL) -> Standing:
    return replay(go(*steps, chain=chain))


def why(*steps: Step, chain: Chain = FULL) -> str:
    """The sentence with which the last step is refused."""
    done = go(*steps[:-1], chain=chain)
    with pytest.raises(Refused) as refused:
        act(done, steps[-1], chain=chain, today=TODAY)
    return refused.value.render("zh")


def test_that_working_days_leave_out_holidays_and_count_the_weekends_worked_for_them() -> None:
    assert where(ASSIGN).due_on == "2024-09-14"  # a Saturday that is worked, 调休
    longer = act((), ASSIGN, chain=FULL, today=TODAY, length=15)
    assert longer[0].due == "2024-09-27"


def test_that_the_whole_chain_ends_closed() -> None:
    done = where(
        ASSIGN, Step("accept", "2024-09-06"), Step("report", "2024-09-09", text="正在协调"),
        Step("resolve", "2024-09-10", text="已协调解决"), Step("follow_up", "2024-09-11", choice=SATISFIED),
        Step("close", "2024-09-12"),
    )  # fmt: skip
    assert (done.state, done.outcome, done.days, done.late, done.closed_on) == (CLOSED, SOLVED, 3, 0, "2024-09-12")


def test_that_an_office_without_acceptance_has_it_in_hand_at_once() -> None:
    assert where(ASSIGN, chain=Chain(full=True, accept=False)).state == IN_HAND
    assert where(ASSIGN, chain=Chain()).state == IN_HAND


def test_that_a_dissatisfied_enterprise_reopens_its_issue_with_a_new_clock_and_both_replies_kept() -> None:
    steps = go(
        ASSIGN, Step("accept", "2024-09-05"), Step("resolve", "2024-09-09", text="按规定办理", choice=EXPLAINED),
        Step("follow_up", "2024-09-10", text="没有解决", choice=DISSATISFIED),
        Step("resolve", "2024-09-18", text="已放行", choice=SOLVED),
    )  # fmt: skip
    now = replay(steps)
    assert [one.text for one in replies(steps)] == ["按规定办理", "已放行"]
    assert (now.reopened_on, now.resolved_before, now.times_assigned) == ("2024-09-10", "2024-09-09", 2)
    assert (now.assigned_on, now.due_on, now.resolved_on) == ("2024-09-10", "2024-09-20", "2024-09-18")


def test_that_what_was_assigned_twice_is_to_be_escalated_and_then_has_ten_working_days() -> None:
    twice = (ASSIGN, Step("accept", "2024-09-05"), Step("assign", "2024-09-10", unit=2))
    assert where(*twice).must_escalate
    assert "提级" in why(*twice, Step("assign", "2024-09-11", unit=3))
    now = where(*twice, Step("escalate", "2024-09-11"))
    assert (now.escalated, now.due_on, now.must_escalate) == (1, "2024-09-26", False)


def test_that_more_time_is_asked_for_a_working_day_before_and_moves_the_deadline_only_once_granted() -> None:
    taken = (ASSIGN, Step("accept", "2024-09-06"))
    asked = (*taken, Step("ask_longer", "2024-09-13", text="需勘查"))
    assert where(*asked).due_on == "2024-09-14"
    steps = go(*asked, Step("grant", "2024-09-13"))
    assert replay(steps).due_on == "2024-09-26"
    assert asked_until(steps) is None
    assert "提前1个工作日" in why(*taken, Step("ask_longer", "2024-09-14", text="需勘查"))
    assert where(*asked, Step("deny", "2024-09-13")).due_on == "2024-09-14"


def test_that_on_hold_and_with_the_city_the_clock_of_the_unit_stands_still() -> None:
    taken = (ASSIGN, Step("accept", "2024-09-06"))
    held = where(*taken, Step("hold", "2024-09-09", text="待控规", due="2024-10-15"))
    assert (held.state, held.clock_on, held.due_on) == (ON_HOLD, "2024-10-15", "2024-09-14")
    back = where(*taken, Step("hold", "2024-09-09", text="待控规", due="2024-10-15"), Step("resume", "2024-09-12"))
    assert (back.state, back.due_on) == (IN_HAND, "2024-09-20")
    city = where(*taken, Step("refer", "2024-09-09"))
    assert (city.state, city.clock_on) == (AT_CITY, "2024-09-30")


def test_that_a_plan_stays_on_the_list_until_it_is_done() -> None:
    planned = (
        ASSIGN, Step("accept", "2024-09-06"), Step("resolve", "2024-09-09", text="列入2025年计划", choice=PLANNED, due="2025-06-30"),
        Step("follow_up", "2024-09-10", choice=SATISFIED),
    )  # fmt: skip
    assert where(*planned).clock_on == "2025-06-30"
    assert "计划" in why(*planned, Step("close", "2024-09-11"))
    assert where(*planned, Step("fulfil", "2024-09-20", text="已建成"), Step("close", "2024-09-20")).state == CLOSED


def test_that_a_call_that_reaches_nobody_is_planned_again() -> None:
    now = where(
        ASSIGN, Step("accept", "2024-09-05"), Step("resolve", "2024-09-06", text="已解决"),
        Step("follow_up", "2024-09-09", choice="unreached"),
    )  # fmt: skip
    assert (now.state, now.satisfaction, now.clock_on) == ("resolved", None, "2024-09-14")


def test_that_an_answer_on_the_spot_is_assigned_and_resolved_in_one_day_and_still_to_be_called() -> None:
    now = where(Step("resolve", "2024-09-05", text="当场答复"))
    assert (now.assigned_on, now.due_on, now.days, now.late, now.clock_on) == (
        "2024-09-05",
        "2024-09-05",
        0,
        0,
        "2024-09-12",
    )


def test_that_what_was_given_back_is_assigned_anew() -> None:
    back = Step("give_back", "2024-09-06", text="不属职责")
    assert where(ASSIGN, back).state == RETURNED
    assert "1个工作日" in why(ASSIGN, Step("give_back", "2024-09-09", text="不属职责"))
    assert where(ASSIGN, back, Step("assign", "2024-09-06", unit=2)).times_assigned == 2


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((Step("accept", "2024-09-05"),), "请先交办"),
        ((Step("assign", "2024-09-05"),), "责任单位"),
        ((ASSIGN._replace(due="2024-09-01"),), "2024-09-01早于2024-09-05"),
        ((ASSIGN._replace(due="2024-12-31"),), "最长30个工作日"),
        ((ASSIGN, Step("resolve", "2024-09-06", text="好")), "请先签收"),
        ((ASSIGN, Step("accept", "2024-09-06"), Step("resolve", "2024-09-09", text=" ")), "对企业的答复"),
        ((ASSIGN, Step("accept", "2024-09-04")), "早于上一步"),
        ((ASSIGN, Step("accept", "2025-01-01")), "还没有到"),
        ((ASSIGN, Step("accept", "2024-09-06"), Step("hold", "2024-09-09", text="待批")), "复核日期"),
        ((Step("reject", "2024-09-05"),), "不予受理的理由"),
        ((ASSIGN, Step("reject", "2024-09-06", text="合同纠纷")), "交办"),
        ((Step("dance", "2024-09-05"),), "没有这一步"),
        ((Step("resolve", "2024-09-05", text="好"), Step("close", "2024-09-05")), "请先回访"),
        ((Step("resolve", "2024-09-05", text="好"), Step("follow_up", "2024-09-05", choice=DISSATISFIED)), "不满意的原因"),
    ],
)  # fmt: skip
def test_that_a_wrong_step_is_refused_with_what_is_missing(steps: tuple[Step, ...], said: str) -> None:
    assert said in why(*steps)


def test_that_an_office_may_do_without_giving_back_and_without_more_time() -> None:
    plain = Chain(full=True, give_back=False, longer=False)
    assert "未启用退回" in why(ASSIGN, Step("give_back", "2024-09-05", text="不属职责"), chain=plain)
    taken = (ASSIGN, Step("accept", "2024-09-06"))
    assert "未启用延期" in why(*taken, Step("ask_longer", "2024-09-09", text="需勘查"), chain=plain)


def test_that_a_basically_satisfied_enterprise_is_called_again_and_counts_from_its_first_call() -> None:
    now = where(
        Step("resolve", "2024-09-05", text="好"), Step("follow_up", "2024-09-06", choice=BASICALLY),
        Step("follow_up", "2024-09-13", choice=SATISFIED),
    )  # fmt: skip
    assert (now.satisfaction, now.followed_up_on) == (SATISFIED, "2024-09-06")


def test_that_too_many_of_anything_is_a_note_and_nothing_more() -> None:
    assert "10,000" in session_hints(10_000)[0].render("zh")
    assert session_hints(20) == []
    note = visit_hint(3, 2)
    assert note is not None
    assert "无事不扰" in note.render("zh")
    assert visit_hint(2, 2) is None
