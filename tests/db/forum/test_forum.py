"""Issues in the book: captured, typed in six columns, worked on in the chain, found, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.core import attachments, block, copies, listing, settings
from db.core.book import Book
from db.core.coming_home import plan_merge
from db.core.errors import Refused
from db.core.taking_over import take_over
from db.core.text import _
from db.forum import at_table, blocks, board, queries, serving, similar, slips
from db.forum.courses import attach, files_of, rows_of, steps_of, wrong_courses
from db.forum.fields import FORUM_FIELDS, field_of
from db.forum.models import DISSATISFIED, ROOM, SATISFIED, STEPS, forum_session, issue, issue_kind, issue_step
from db.forum.rules import Step, replies
from db.forum.service import Line, capture, capture_many, delete_issues, finish, join, set_values, suggest, take
from db.people.models import DEPARTMENT
from db.people.service import merge_unit, unit_ids
from db.rooms import look, room, views
from tests.conftest import on_a_file
from tests.factories import forum

TODAY = "2024-09-06"
ASSIGN = Step("assign", "2024-07-12")


def cells(book: Book, number: int, *keys: str) -> tuple[object, ...]:
    """The stored values of an issue."""
    fields = [one for key in keys if (one := field_of(key)) is not None]
    with book.read() as connection:
        return listing.rows(connection, issue, fields, [number])[0][1:]


def assert_whole(book: Book) -> None:
    """Every issue stands where its steps say."""
    with book.read() as connection:
        assert wrong_courses(connection, list(connection.scalars(select(issue.c.id)))) == []


def test_that_a_line_needs_only_enterprise_and_text_and_its_category_is_proposed(book: Book) -> None:
    held = forum.session(book)
    with book.write(_("Capture")) as connection:
        number = capture(
            connection, Line("庐州天仪仪器有限公司", "设备更新贷款贴息拨付"), on="2024-07-11", session=held
        )
    wanted = ("company", "session", "raised_on", "category", "state", "department")
    assert cells(book, number, *wanted) == ("庐州天仪仪器有限公司", 19, "2024-07-11", "融资", "registered", None)
    with pytest.raises(Refused), book.write(_("Capture")) as connection:
        capture(connection, Line("庐州天仪仪器有限公司", "  "), on="2024-07-11")


@on_a_file
def test_that_an_answer_on_the_spot_and_several_departments_are_kept_with_the_line(book: Book) -> None:
    line = Line("天仪", "用电扩容", ("区经信局", "区住建局", "区数据局"), answer="下周通电", answered_by="周敏")
    with book.write(_("Capture")) as connection:
        number = capture(connection, line, on="2024-07-11")
    wanted = ("department", "support", "state", "handling", "resolved", "outcome")
    assert cells(book, number, *wanted) == ("区经信局", "区住建局、区数据局", "resolved", "下周通电", 1, "solved")


@on_a_file
def test_that_six_columns_are_typed_in_any_order_and_each_can_be_taken_back(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue())
    typed = [("satisfaction", SATISFIED), ("resolved_on", "2024-07-22"), ("handling", "已放行"), ("due_on", "2024-07-23"),
             ("assigned_on", "2024-07-12")]  # fmt: skip
    for key, value in typed:
        with book.write(_("Type")) as connection:
            set_values(connection, [(number, key, value)])
    keys = ("assigned_on", "due_on", "handling", "resolved_on", "resolved", "satisfaction", "state", "days")
    full = ("2024-07-12", "2024-07-23", "已放行", "2024-07-22", 1, SATISFIED, "followed_up", 6)
    assert cells(book, number, *keys) == full
    for key, empty in (("resolved", 0), ("due_on", None), ("assigned_on", None)):
        with book.write(_("Type")) as connection:
            set_values(connection, [(number, key, empty)])
    assert cells(book, number, *keys) == (None, None, "已放行", None, 0, None, "registered", None)
    assert_whole(book)


@on_a_file
def test_that_a_day_that_cannot_be_is_refused_and_nothing_is_written(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12"))
    with pytest.raises(Refused) as refused, book.write(_("Type")) as connection:
        set_values(connection, [(number, "due_on", "2024-07-01"), (number, "resolved_on", "2024-07-02")])
    assert set(refused.value.fields) == {"due_on", "resolved_on"}
    assert cells(book, number, "due_on", "resolved_on") == (None, None)


def test_that_many_are_resolved_in_one_step_and_one_undo_opens_them_again(book: Book) -> None:
    ids = forum.issues(book, *(forum.issue(text=f"第{at}件", assigned_on="2024-07-12") for at in range(3)))
    with book.write(_("Resolve")) as connection:
        finish(connection, ids, on="2024-07-19", text="已协调解决", satisfaction=SATISFIED)
        done = connection.info["operation"]
    assert {cells(book, one, "resolved_on", "satisfaction", "handling") for one in ids} == {
        ("2024-07-19", SATISFIED, "已协调解决")
    }
    book.undo(done)
    assert {cells(book, one, "resolved", "satisfaction", "state") for one in ids} == {(0, None, "in_hand")}
    assert_whole(book)


@on_a_file
def test_that_the_whole_chain_demands_an_answer_before_it_resolves_many(book: Book) -> None:
    with book.write(_("Set")) as connection:
        settings.put(connection, "forum.chain", "full")
    (number,) = forum.issues(book, forum.issue(department="区经信局"))
    forum.course(book, number, ASSIGN, Step("accept", "2024-07-12"))
    with pytest.raises(Refused), book.write(_("Resolve")) as connection:
        finish(connection, [number], on="2024-07-19")
    with book.write(_("Resolve")) as connection:
        finish(connection, [number], on="2024-07-19", text="已协调解决")
    assert cells(book, number, "state") == ("resolved",)


@on_a_file
def test_that_a_dissatisfied_enterprise_has_its_issue_open_again_with_both_replies(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(department="区经信局"))
    forum.course(
        book, number, ASSIGN, Step("resolve", "2024-07-22", text="按规定办理"),
        Step("follow_up", "2024-07-26", text="仍误发货", choice=DISSATISFIED), Step("resolve", "2024-08-02", text="已放行"),
    )  # fmt: skip
    with book.read() as connection:
        steps = steps_of(connection, [number])[number]
        told = queries.course(connection, number, today=TODAY)
    assert [one.text for one in replies(steps)] == ["按规定办理", "已放行"]
    assert told is not None
    assert len(told.steps) == 5
    assert cells(book, number, "times_assigned", "reopened_on", "state") == (2, "2024-07-26", "resolved")


def test_that_of_two_clerks_who_answer_at_once_the_second_is_told_what_the_first_wrote(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(department="区经信局"))
    forum.course(book, number, ASSIGN)
    forum.course(book, number, Step("resolve", "2024-07-15", text="已放行", author="高翔"))
    with pytest.raises(Refused) as refused, book.write(_("Answer")) as connection:
        take(connection, [number], Step("resolve", "2024-07-16", text="不予放行"), today=TODAY, seen={number: 1})
    assert "已放行" in refused.value.render("zh")
    assert "高翔" in refused.value.render("zh")
    assert cells(book, number, "handling") == ("已放行",)


@on_a_file
def test_that_what_is_assigned_to_a_department_merged_away_goes_to_the_one_it_became_part_of(book: Book) -> None:
    gone, into = forum.department(book, "区物价局"), forum.department(book, "区发改委")
    (number,) = forum.issues(book, forum.issue())
    with book.write(_("Merge")) as connection:
        merge_unit(connection, gone, into)
    with book.write(_("Assign")) as connection:
        take(connection, [number], ASSIGN._replace(unit=gone), today=TODAY, helpers=["区物价局"])
    assert cells(book, number, "department", "support") == ("区发改委", "区发改委")


def test_that_ten_thousand_issues_in_one_session_are_all_kept_shown_and_on_the_slip(book: Book) -> None:
    held, following = forum.session(book), forum.session(book, 20, "2024-07-25")
    lines = [Line(f"公司{at % 40}", f"第{at}件诉求", (f"区{at % 4}局",)) for at in range(10_000)]
    with book.write(_("Capture")) as connection:
        ids = capture_many(connection, lines, on="2024-07-11", session=held)
    with book.read() as connection:
        (first, *_more) = board.look(connection, board.Chosen(session=held), today=TODAY).columns
        session = at_table.sitting(connection, following, today=TODAY)
        chosen = board.chosen_ids(connection, board.Chosen(session=held))
        (listed,) = slips.slip(connection, "assignment", chosen, today=TODAY).tables().values()
    assert (first.count, len(first.cards)) == (10_000, 50)
    assert session is not None
    assert session.last is not None
    assert [one.number for one in session.last[2]] == list(range(1, 10_001))
    assert len(listed.rows) == len(ids) == 10_000


def test_that_a_deleted_issue_comes_back_whole(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(support="区住建局", handling="在办"))
    with book.write(_("Delete")) as connection:
        delete_issues(connection, [number])
        gone = connection.info["operation"]
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(issue_step)) == 0
    book.undo(gone)
    assert cells(book, number, "support", "handling") == ("区住建局", "在办")


@on_a_file
def test_that_files_of_a_step_come_home_with_a_copy_and_stay_with_the_issue_when_the_step_goes(
    book: Book, tmp_path: Path
) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12", handling="已放行"))
    letter = tmp_path / "复函.pdf"
    letter.write_bytes(b"%PDF-1.7 ...")
    copies.hand_out(book, tmp_path / "高翔.zsb", taken_by="高翔")
    with Book.open(tmp_path / "高翔.zsb", actor="高翔") as copy:
        with copy.write(_("Step")) as connection:
            take(connection, [number], Step("resolve", "2024-07-22", text="已放行"), today=TODAY)
            attach(connection, number, "resolve", [attachments.examine(letter)], on=TODAY, by="高翔")
        assert take_over(book, copy, plan_merge(book, copy)) is not None
    with book.write(_("Type")) as connection:
        found = board.one(connection, number, today=TODAY)
        assert found is not None
        assert [[one.name for one in found.files.get(row, ())] for row in found.rows][-1] == ["复函.pdf"]
        assert "附件：复函.pdf" in str(slips.closing(connection, number, today=TODAY).tables()["course"].rows)
        set_values(connection, [(number, "resolved", 0)])
        typed = connection.info["operation"]
        with pytest.raises(Refused):
            attach(connection, number, "resolve", [attachments.examine(letter)], on=TODAY, by="高翔")
        assert [one.name for one in attachments.of_record(connection, ROOM, number)] == ["复函.pdf"]
    book.undo(typed)
    with book.write(_("Delete")) as connection:
        assert list(files_of(connection, rows_of(connection, number))) == [found.rows[-1]]
        delete_issues(connection, [number])
        assert connection.scalar(select(func.count()).select_from(attachments.attachment)) == 0


def test_that_a_file_added_to_a_step_already_taken_is_never_left_without_it(book: Book, tmp_path: Path) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12"))
    forum.course(book, number, Step("report", "2024-07-13", text="已到现场"))
    reported, letter = book.operations(limit=1)[0].number, tmp_path / "照片.jpg"
    letter.write_bytes(b"...")
    with book.write(_("Attach")) as connection:
        row = rows_of(connection, number)[-1]
        attachments.add(connection, STEPS, row, attachments.examine(letter), on=TODAY, by="高翔")
        added = connection.info["operation"]
    assert [one.sentence.render("zh") for one in book.undo(reported).conflicts] == ["后来给它附了文件，请先移除文件。"]
    copies.hand_out(book, tmp_path / "高翔.zsb", taken_by="高翔", rooms=("projects",))
    with Book.open(tmp_path / "高翔.zsb", actor="高翔") as copy, copy.read() as connection:
        assert connection.scalar(select(func.count()).select_from(attachments.attachment)) == 0
    assert not book.undo(added).conflicts
    assert not book.undo(reported).conflicts
    with pytest.raises(Refused), book.write(_("Attach")) as connection:
        attachments.add(connection, STEPS, row, attachments.examine(letter), on=TODAY, by="高翔")


@on_a_file
def test_that_of_several_the_refused_one_is_named_and_what_is_resolved_keeps_its_reply(book: Book) -> None:
    ids = forum.issues(book, *(forum.issue(text=f"第{at}件", assigned_on="2024-07-12") for at in range(3)))
    with book.write(_("Finish")) as connection:
        finish(connection, ids[:1], on="2024-07-15", text="已放行")
    with book.write(_("Finish")) as connection:
        finish(connection, ids[:2], on="2024-07-22", text="已协调", satisfaction=SATISFIED)
    wanted = ("handling", "resolved_on", "satisfaction")
    assert cells(book, ids[0], *wanted) == ("已放行", "2024-07-15", SATISFIED)
    assert cells(book, ids[1], *wanted) == ("已协调", "2024-07-22", SATISFIED)
    with pytest.raises(Refused) as refused, book.write(_("Close")) as connection:
        take(connection, ids, Step("close", "2024-07-23"), today=TODAY)
    assert refused.value.render("zh").startswith("“第2件”：")
    assert_whole(book)


@on_a_file
def test_that_a_slip_says_a_long_text_to_its_last_word_on_paper_too(book: Book) -> None:
    long = "二期洁净车间环评与能评能否并联办理；" * 60
    ids = forum.issues(book, forum.issue(text=long + "完"), forum.issue(department="区经信局"))
    with book.read() as connection:
        paper = slips.slip(connection, "assignment", ids, today=TODAY)
    assert [one.text for one in paper.opening[1:]] == [f"第1件反映问题全文：{long}完"]


@on_a_file
def test_that_no_issue_waits_for_a_step_that_the_office_has_given_up(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(department="区经信局"))
    with book.write(_("Set")) as connection:
        settings.put(connection, "forum.chain", "full")
    forum.course(book, number, ASSIGN)
    with book.write(_("Set")) as connection:
        found = board.one(connection, number, today=TODAY)
        assert found is not None
        assert (found.card.state, found.usual, found.may["resolve"] is None) == ("assigned", "accept", False)
        settings.put(connection, "forum.chain", "six")
        found = board.one(connection, number, today=TODAY)
        assert found is not None
        assert (found.usual, found.may["resolve"]) == ("resolve", None)
    forum.course(book, number, Step("resolve", "2024-07-22", text="已放行"))
    assert_whole(book)


@on_a_file
def test_that_a_pasted_block_is_checked_as_a_whole_and_then_written(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12"))
    fields = [
        one for key in ("company", "text", "due_on", "resolved", "satisfaction") if (one := field_of(key)) is not None
    ]
    with book.read() as connection:
        bad = block.check(
            connection, blocks.RULES, fields=fields, ids=[number],
            cells=[["", "停车难", "2024-07-01", "是", "还行吧"], ["新公司", "", None, None, None]], today=TODAY,
        )  # fmt: skip
        good = block.check(
            connection, blocks.RULES, fields=fields, ids=[number],
            cells=[[None, "停车难", "2024-07-23", "是", "基本满意"], ["新公司", "招工难", None, None, None]], today=TODAY,
        )  # fmt: skip
        assert blocks.named(connection, good, fields).render("zh").startswith("修改“园区南门")
    assert {(one.row, one.column) for one in bad.bad} == {(0, 0), (0, 2), (0, 4), (1, 1)}
    assert not good.bad
    with book.write(_("Paste")) as connection:
        (new,) = blocks.write(connection, good)
    assert cells(book, number, "text", "due_on", "resolved", "satisfaction") == ("停车难", "2024-07-23", 1, "basically")
    assert cells(book, new, "company", "text") == ("新公司", "招工难")


def test_that_every_field_is_read_and_every_view_can_be_looked_at(book: Book) -> None:
    forum.session(book)
    forum.issues(
        book, forum.issue(session=19, department="区经信局", due_on="2024-07-20", assigned_on="2024-07-12"),
        forum.issue(text="停车难", resolved_on="2024-07-20", satisfaction=DISSATISFIED), forum.issue(text="招工难"),
    )  # fmt: skip
    of = room("forum")
    assert of is not None
    with book.read() as connection:
        assert len(listing.rows(connection, issue, FORUM_FIELDS, [1, 2, 3], today=TODAY)) == 3
        found = {one.key: look(connection, of, one, today=TODAY).outline.count for one in views(connection, of, "")}
        assert blocks.suggestions(connection, FORUM_FIELDS[2])[0] == "融资"
        assert blocks.suggestions(connection, next(one for one in FORUM_FIELDS if one.key == "support")) == ["区经信局"]
    assert found == {"all": 3, "open": 2, "overdue": 1, "to_assign": 1, "calls": 0, "by_department": 2, "by_session": 3,
                     "dissatisfied": 1}  # fmt: skip


def test_that_the_board_has_the_overdue_first_and_counts_working_days(book: Book) -> None:
    forum.session(book)
    soon, late, _none = forum.issues(
        book, forum.issue(text="甲", session=19, assigned_on="2024-08-30", due_on="2024-09-10", department="区经信局"),
        forum.issue(text="乙", session=19, assigned_on="2024-08-20", due_on="2024-09-03", department="区经信局"), forum.issue(text="丙"),
    )  # fmt: skip
    with book.read() as connection:
        board = {one.state: one for one in queries.board(connection, today=TODAY)}
        mine = unit_ids_of(connection, "区经信局")
        assert [one.id for one in queries.queue(connection, mine, today=TODAY)] == [late, soon]
        ages = [(one.least, one.count) for one in queries.ageing(connection, today=TODAY)]
    in_hand = board["in_hand"]
    assert (in_hand.count, in_hand.overdue) == (2, 1)
    assert [(one.text, one.left, one.session, one.number) for one in in_hand.cards] == [
        ("乙", -3, 19, 2),
        ("甲", 2, 19, 1),
    ]
    assert ages == [(0, 1), (8, 1), (16, 0), (31, 1), (61, 0)]


def unit_ids_of(connection: object, name: str) -> int:
    """A department that is there."""
    return unit_ids(connection, [name], kind=DEPARTMENT)[name]  # type: ignore[arg-type]


def test_that_similar_issues_are_found_linked_and_become_a_suggestion_with_their_evidence(book: Book) -> None:
    one, two, other = forum.issues(
        book, forum.issue(text="园区南门夜间货车限行", category="交通"), forum.issue(text="厂区南门夜间货车限行问题", category="交通"),
        forum.issue(text="续贷周转资金不足", category="融资"),
    )  # fmt: skip
    with book.read() as connection:
        found = similar.similar_to(connection, one)
        assert similar.similar(connection, "   ") == []
    assert [each.id for each in found] == [two]
    assert found[0].same_category
    with book.write(_("Link")) as connection:
        kind = join(connection, [one, two], name="货车限行")
        suggest(connection, kind, "统一发放夜间通行证", to="区交警大队", on="2024-09-06")
        assert join(connection, [two, other], name="") == kind
    with book.read() as connection:
        assert connection.scalar(select(issue_kind.c.suggestion)) == "统一发放夜间通行证"
        assert connection.scalar(select(func.count()).where(issue.c.kind == kind)) == 3
    assert cells(book, other, "kind") == ("货车限行",)
    (last,) = forum.issues(book, forum.issue(text="园区南门货车夜间限行"))
    with book.write(_("Delete")) as connection:
        delete_issues(connection, [other])
    with book.read() as connection:
        assert {each.id for each in similar.similar_to(connection, one)} == {two, last}


def test_that_a_session_has_its_guests_and_its_number_once_a_year(book: Book) -> None:
    held = forum.session(book, 1, "2024-01-22", companies=("甲公司", "乙公司"))
    with pytest.raises(Refused), book.write(_("Again")) as connection:
        serving.add_session(connection, 1, on="2024-03-01")
    later = forum.session(book, 1, "2025-01-22")
    with book.write(_("Write")) as connection:
        serving.set_session(connection, held, minutes="见附件")
        serving.delete_session(connection, later)
    forum.issues(book, forum.issue(company="甲公司", session=1, raised_on="2024-01-22"))
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(forum_session)) == 1
        invited = queries.to_invite(connection, today="2024-06-30")
    assert [(one.name, one.met_on, one.open) for one in invited] == [
        ("甲公司", "2024-01-22", 1),
        ("乙公司", "2024-01-22", 0),
    ]
    with pytest.raises(Refused), book.write(_("Delete")) as connection:
        serving.delete_session(connection, held)


@on_a_file
def test_that_more_planned_visits_than_two_a_month_get_a_note_and_asked_for_ones_do_not_count(book: Book) -> None:
    with book.write(_("Visits")) as connection:
        for day in ("2024-09-02", "2024-09-03", "2024-09-04"):
            serving.add_visit(connection, "甲公司", on=day, visitors="周敏", done=False)
        serving.add_visit(connection, "乙公司", on="2024-09-05", requested=True)
        serving.add_visit(connection, "乙公司", on="2024-09-06")
    with book.read() as connection:
        notes = [(one.company, one.note is not None) for one in queries.visits(connection, "2024-09-03", "2024-09-06")]
    assert notes == [("甲公司", True), ("甲公司", True), ("乙公司", False), ("乙公司", False)]


@on_a_file
def test_that_a_policy_goes_to_those_whose_tags_fit_and_is_not_sent_after_its_end(book: Book) -> None:
    with book.write(_("Policy")) as connection:
        from db.companies.service import add_company

        fits, _other = (
            add_company(connection, "甲公司", tags="高企、专精特新"),
            add_company(connection, "乙公司", tags="上市"),
        )
        number = serving.add_policy(connection, "研发奖补", tags="专精特新、瞪羚", until="2024-12-31")
        assert serving.send_policy(connection, number, [fits], on="2024-09-01") == [fits]
        assert serving.send_policy(connection, number, [fits], on="2024-09-01") == []
    with book.read() as connection:
        (match,) = queries.matching(connection, number)
    assert (match.company, match.fitting, match.sent_on) == (fits, ("专精特新",), "2024-09-01")
    with pytest.raises(Refused), book.write(_("Send")) as connection:
        serving.send_policy(connection, number, [fits], on="2025-01-01")


@on_a_file
def test_that_a_steward_case_says_amount_and_day_together(book: Book) -> None:
    with book.write(_("Case")) as connection:
        case = serving.add_steward_case(connection, "甲公司", need="流动资金", wanted=10**9)
        serving.obtained(connection, case, on="2024-05-01", amount=5 * 10**8, bank="徽商银行")
    with pytest.raises(Refused), book.write(_("Case")) as connection:
        serving.add_steward_case(connection, "甲公司", obtained=10**8)
