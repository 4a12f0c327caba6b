"""What is due, and the two answers that one day may have."""

from __future__ import annotations

import datetime as dt
import json

from db.core.book import Book
from db.core.past import look, told
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close
from db.overview.due import STEP, Due, due_now, todo, unit_of
from db.overview.reminding import Reminded, as_kept, remind, reminded
from db.overview.two_answers import both, choices, moment_name
from db.people.models import DEPARTMENT
from db.people.service import add_person
from tests.factories.people import units
from tests.factories.projects import YI, projects, row, signed, write

HALF = Period.parse("2024-01..2024-06")


def test_that_the_two_answers_for_one_day_explain_themselves(book: Book) -> None:
    projects(book, signed("2024-03-02", 5, name="北辰项目"), signed("2024-06-11", 3, name="南湖项目"))
    number = close(book, HALF)
    projects(book, signed("2024-06-20", 2, name="晚报项目"))
    write(book, (1, "agreed_investment", 6 * YI))
    with book.read() as connection:
        (report,) = choices(connection)
    assert (report.operation, report.period) == (number, HALF.text)
    assert "定稿时" in moment_name(report).render("zh")
    past = look(book, number + 2, named=_("Rename"))
    with book.read() as now, past.read() as then:
        found = both(now, then, past.seen.number, past.seen.day)
        same = both(now, then, number, past.seen.day)
    past.close()
    assert found is not None
    assert found.render("zh") == "2024年1—6月：此刻账本3个、11.00 亿元，定稿2个、8.00 亿元"
    assert same is None
    assert "账本" in told(past.seen).render("zh")


def test_that_what_is_due_is_counted_from_the_day_one_looks_at(book: Book) -> None:
    projects(
        book,
        row(
            negotiating_on="2024-05-01", next_step="报规划方案", next_step_due="2024-07-10", name="逾期", liaison="高翔"
        ),
        row(negotiating_on="2024-05-01", next_step_due="2024-07-17", name="今天"),
        row(negotiating_on="2024-05-01", reminder_on="2024-07-19", name="本周", liaison="高翔"),
        row(negotiating_on="2024-05-01", next_step_due="2024-07-25", name="下周"),
        row(negotiating_on="2024-05-01", expected_signing="2024-06", name="该签了"),
        row(negotiating_on="2024-05-01", next_step_due="2024-07-01", status="withdrawn", name="退出"),
        signed("2024-02-01", 3, planned_start_on="2024-06-30", name="该开工"),
        signed("2024-02-01", 3, planned_start_on="2024-06-30", started_on="2024-06-20", name="已开工"),
        signed("2023-02-01", 3, name="久未开工"),
    )
    with book.read() as connection:
        found = todo(connection, "2024-07-17")
        mine = todo(connection, "2024-07-17", whose="高翔")
        now = due_now(connection, "2024-07-17", "高翔")
        earlier = todo(connection, "2024-06-30")
    groups = {name: [(one.name, one.kind, one.late) for one in found.of(name)] for name in ("overdue", "today", "week")}
    assert groups["overdue"] == [("该开工", "plan", 17), ("该签了", "signing", 17), ("逾期", "step", 7)]
    assert groups["today"] == [("今天", "step", 0)]
    assert groups["week"] == [("本周", "reminder", -2)]
    assert [one.name for one in mine.due] == ["逾期", "本周"]
    assert [one.name for one in now] == ["逾期"]
    assert [one.name for one in earlier.of("overdue")] == []
    assert [one.name for one in earlier.of("today")] == ["该开工", "该签了"]
    assert {one.key: len(one.ids) for one in found.still}["stuck"] == 1


def test_that_a_departments_things_are_its_own_and_those_of_its_people(book: Book) -> None:
    due = {"negotiating_on": "2024-05-01", "next_step_due": "2024-07-10"}
    units(book, "区经信局", "区商务局", kind=DEPARTMENT)
    with book.write(_("People")) as connection:
        add_person(connection, "高翔", unit_id=1)
    projects(
        book,
        row(**due, name="主管", department="区经信局"),
        row(**due, name="联络", liaison="高翔", department="区商务局"),
        row(**due, name="别人的", department="区商务局"),
    )
    with book.read() as connection:
        assert unit_of(connection, "高翔") == "区经信局"
        assert unit_of(connection, "余婷") == ""
        found = todo(connection, "2024-07-17", of_unit="区经信局")
    assert [one.name for one in found.due] == ["主管", "联络"]


def test_that_a_desk_is_reminded_once_of_each_thing_and_at_most_once_an_hour() -> None:
    late, new, newer = (
        Due(STEP, at, f"项目{at}", f"2024-07-1{7 - days}", days, "报规划方案") for at, days in ((1, 3), (2, 0), (3, 0))
    )

    def ask(before: Reminded, clock: str, *due: Due, today: str = "2024-07-17") -> tuple[list[str], Reminded]:
        now = dt.datetime.fromisoformat(f"{today}T{clock}+08:00")
        said, after = remind(due, before, book="庐阳区.zsb", today=today, now=now)
        return ([] if said is None else [one.render("zh") for one in (said.title, *said.lines)]), after

    assert ask(Reminded(), "08:30")[0] == []
    first, told = ask(Reminded(), "08:30", late)
    assert first == ["今日：逾期 1 件，今天到期 0 件", "项目1：报规划方案"]
    assert ask(told, "09:40", late) == ([], told)
    assert ask(told, "09:20", late, new) == ([], told)
    assert reminded(json.loads(json.dumps(as_kept(told)))) == told  # the program was closed and opened again
    assert reminded({}) == reminded({"at": "gestern", "of": ["", ""], "things": []}) == Reminded()
    assert ask(told, "08:20", late, new)[0] != []  # the clock was put back
    second, told = ask(told, "09:30", late, new)
    assert second == ["今日：逾期 1 件，今天到期 1 件", "项目2：报规划方案"]
    assert ask(told, "11:00", new) == ([], told)
    assert len(ask(told, "08:00", late, new, newer, today="2024-07-18")[0]) == 4
    many = [Due(STEP, at, f"项目{at}", "2024-07-17", 0, "报建") for at in range(1, 6)]
    assert ask(told, "11:00", *many)[0][-1] == "另有 1"  # the second is known
