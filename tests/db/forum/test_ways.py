"""What may be done next with an issue, why not, which step leads into which column, the sum of its clock."""

from __future__ import annotations

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.forum import board, served
from db.forum.models import DISSATISFIED, PLANNED, SATISFIED
from db.forum.pasted import lines_of
from db.forum.rules import Chain, Step, Steps, act, replay
from db.forum.ways import Clock, clock, lanes, possible, towards, used, usual
from tests.factories import forum

TODAY = "2024-09-06"
FULL, SIX = Chain(full=True), Chain()


def course(*steps: Step, chain: Chain = FULL) -> Steps:
    """What these steps come to."""
    made: Steps = ()
    for step in steps:
        made += act(made, step, chain=chain, today=TODAY)
    return made


ASSIGN = Step("assign", "2024-08-01", unit=1)
ACCEPT = Step("accept", "2024-08-01")
RESOLVE = Step("resolve", "2024-08-05", text="已放行")
WAYS: list[tuple[tuple[Step, ...], str | None, dict[str, str]]] = [
    ((), "assign", {"assigned": "assign", "resolved": "resolve"}),
    ((ASSIGN,), "accept", {"accepted": "accept", "registered": "give_back"}),
    ((ASSIGN, ACCEPT), "report", {"in_hand": "report", "waiting": "hold", "resolved": "resolve"}),
    ((ASSIGN, ACCEPT, Step("hold", "2024-08-02", "2024-09-02", text="待批复")), "resume", {"in_hand": "resume"}),
    ((ASSIGN, ACCEPT, RESOLVE), "follow_up", {"followed_up": "follow_up", "in_hand": "reopen"}),
    ((ASSIGN, ACCEPT, RESOLVE, Step("follow_up", "2024-08-06", choice=SATISFIED)), "close", {"closed": "close"}),
    ((ASSIGN, ACCEPT, RESOLVE._replace(choice=PLANNED, due="2024-12-01"), Step("follow_up", "2024-08-06", choice=SATISFIED)),
     "fulfil", {}),
    ((ASSIGN, ACCEPT, RESOLVE, Step("follow_up", "2024-08-06", text="仍误发货", choice=DISSATISFIED)), "escalate", {}),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "next_step", "into"), WAYS)
def test_that_the_usual_step_and_those_into_other_columns_can_be_taken(
    steps: tuple[Step, ...], next_step: str | None, into: dict[str, str]
) -> None:
    made = course(*steps)
    may = possible(made, chain=FULL, today=TODAY)
    assert usual(made, chain=FULL) == next_step
    assert {lane: towards(made, lane, chain=FULL) for lane in into} == into
    open_ways = {kind for kind, why in may.items() if why is None}
    assert next_step in open_ways
    assert {kind for kind in into.values() if kind != "give_back"} <= open_ways


def test_that_a_step_that_cannot_be_says_in_words_what_is_missing() -> None:
    may = possible(course(ASSIGN), chain=FULL, today=TODAY)
    assert {kind for kind, why in may.items() if why is None} == {"assign", "accept", "report", "refer", "escalate"}
    assert may["resolve"] is not None
    assert "签收" in may["resolve"].render("zh")
    assert may["give_back"] is not None
    assert "1个工作日" in may["give_back"].render("zh").replace(" ", "")
    twice = course(ASSIGN, ACCEPT, RESOLVE, Step("follow_up", "2024-08-06", text="否", choice=DISSATISFIED))
    assert possible(twice, chain=FULL, today=TODAY)["assign"] is not None


def test_that_six_columns_offer_no_accepting_and_no_extension_and_have_fewer_columns() -> None:
    assert {"accept", "give_back", "ask_longer", "grant", "deny"}.isdisjoint(used(SIX))
    assert set(used(FULL)) - set(used(Chain(full=True, longer=False))) == {"ask_longer", "grant", "deny"}
    assert [key for key, _label, _states in lanes(SIX)] == [
        "registered",
        "in_hand",
        "waiting",
        "resolved",
        "followed_up",
        "closed",
    ]
    assert towards((), "in_hand", chain=SIX) == "assign"


def test_that_the_sum_of_a_clock_names_its_days_and_what_was_granted() -> None:
    made = course(
        ASSIGN, ACCEPT, Step("ask_longer", "2024-08-05", "2024-08-16", text="联合勘查"), Step("grant", "2024-08-06")
    )
    assert clock(made, FULL) == Clock("2024-08-01", 7, (4,), "2024-08-16", again=False)
    again = course(ASSIGN, ACCEPT, RESOLVE, Step("follow_up", "2024-08-06", text="否", choice=DISSATISFIED))
    told = clock(again, FULL)
    assert told is not None
    assert (told.on, told.days, told.again, told.until) == ("2024-08-06", 7, True, replay(again).due_on)
    assert clock((), FULL) is None


def test_that_the_board_is_one_look_and_a_slip_takes_what_it_is_about(book: Book) -> None:
    department = forum.department(book, "区经信局")
    late, other, _new, done = forum.issues(
        book, forum.issue(text="甲", assigned_on="2024-07-01", due_on="2024-07-10", department="区经信局", session=19),
        forum.issue(text="乙", assigned_on="2024-09-02", due_on="2024-09-20"),
        forum.issue(text="丁", department="区经信局"),
        forum.issue(text="丙", resolved_on="2024-09-03", handling="已办", department="区经信局"),
    )  # fmt: skip
    chosen = board.Chosen(department=department)
    with book.read() as connection:
        whole = board.look(connection, board.Chosen(), today=TODAY, most={"closed": 0})
        narrowed = board.look(connection, chosen, today=TODAY)
        slips = [
            board.of_slip(connection, chosen, kind, today=TODAY) for kind in ("assignment", "supervision", "feedback")
        ]
        both = board.of_slip(connection, board.Chosen(), "assignment", today=TODAY)
        begun = board.said(connection, chosen)
        told = board.one(connection, late, today=TODAY)
        way = board.way(connection, other, "followed_up", today=TODAY)
    assert [(one.state, one.count) for one in whole.columns if one.count] == [
        ("registered", 1),
        ("in_hand", 2),
        ("resolved", 1),
    ]
    assert [(one.state, one.count, one.overdue) for one in narrowed.columns if one.count] == [
        ("registered", 1, 0),
        ("in_hand", 1, 1),
        ("resolved", 1, 0),
    ]
    assert (whole.departments, [at for _id, at, _day in whole.sessions]) == (((department, "区经信局"),), [19])
    assert slips == [[late], [late], [done]]
    assert set(both) == {late, other}
    assert begun == {"department": "区经信局"}
    assert told is not None
    assert (told.usual, told.card.waited, told.may["follow_up"] is None) == ("resolve", 49, False)
    assert way[0] == "follow_up"
    assert way[1] is not None


def test_that_service_rows_are_written_as_a_form_says_and_refused_without_their_enterprise(book: Book) -> None:
    with book.write(_("Visit")) as connection:
        number = served.put_visit(
            connection, 0, {"company": "天仪", "on_day": "2024-09-03", "unit": "区经信局", "requested": None}
        )
        case = served.put_case(connection, 0, {"company": "天仪", "wanted": 10**8})
        policy = served.put_policy(connection, 0, {"name": "贴息办法"})
    with book.write(_("Change")) as connection:
        served.put_visit(connection, number, {"company": "安澜", "done": 1})
        served.put_case(connection, case, {"obtained": 10**8, "obtained_on": "2024-09-05"})
        served.put_policy(connection, policy, {"tags": "专精特新"})
    for wrong in ({"on_day": "2024-09-03"}, {"company": "天仪", "on_day": None}):
        with pytest.raises(Refused), book.write(_("Visit")) as connection:
            served.put_visit(connection, 0, wrong)
    with pytest.raises(Refused), book.write(_("Change")) as connection:
        served.put_case(connection, case, {"obtained": None})
    with book.read() as connection:
        (visit,) = served.visit_rows(connection, "2024-09-01", "2024-09-30")
        (money,) = served.case_rows(connection)
        (paper,) = served.policy_rows(connection)
    assert (visit["company"], visit["unit"], visit["done"], visit["requested"]) == ("安澜", "区经信局", 1, 0)
    assert (money["wanted"], money["obtained"], money["company"]) == (10**8, 10**8, "天仪")
    assert (paper["name"], paper["tags"], paper["sent"]) == ("贴息办法", "专精特新", 0)


def test_that_what_is_pasted_becomes_lines_each_with_its_enterprise_or_none_at_all() -> None:
    guests = ("合肥谱微仪器有限公司", "安徽云枢计算有限公司")

    def pasted(text: str, company: str = "") -> list[tuple[str, str]]:
        rows = [line.split("\t") for line in text.splitlines()]
        found = lines_of(rows, company=company, guests=guests, companies=(), on="2024-07-17", chain=Chain())
        return [(one.company, one.text) for one in found]

    message = "谱微：食堂晚班无餐\n\n安徽云枢计算有限公司\n1、3.5亿元贷款：贴息\n（2）10kV扩容\n新来有限公司：停车难"
    assert pasted(message) == [
        (guests[0], "食堂晚班无餐"), (guests[1], "3.5亿元贷款：贴息"), (guests[1], "10kV扩容"), ("新来有限公司", "停车难"),
    ]  # fmt: skip
    assert pasted("序号\t反映问题\t企业名称\n1\t用工难\t谱微\n2\t3.5亿元缺口\t") == [
        (guests[0], "用工难"), (guests[0], "3.5亿元缺口"),
    ]  # fmt: skip
    assert pasted("1\t谱微\t用工难\n2\t谱微\t用地难")[1] == (guests[0], "用地难")
    assert pasted(f"张三 7月17日 09:12\n{guests[0]}\t\n1. 停车难\t") == [(guests[0], "停车难")]
    for wrong in (guests[0], "用工难\n用地难", "谱微\t用工难\t\t\t99", "谱微：难\n" * 101):
        with pytest.raises(Refused):
            pasted(wrong)
