"""Cells of issues that are typed: what others wrote meanwhile stays, and 不满意 opens what was resolved again."""

from __future__ import annotations

from db.core import block, listing, saving, settings
from db.core.book import Book
from db.core.saving import Saved
from db.core.text import _
from db.forum import blocks
from db.forum.courses import steps_of, wrong_courses
from db.forum.fields import field_of
from db.forum.models import DISSATISFIED, SATISFIED, issue
from db.forum.rules import replies
from db.forum.service import set_values
from tests.factories import forum

TODAY = "2024-09-06"
RESOLVED = {"assigned_on": "2024-07-12", "resolved_on": "2024-07-22", "handling": "已放行", "satisfaction": SATISFIED}


def cells(book: Book, number: int, *keys: str) -> tuple[object, ...]:
    """The stored values of an issue."""
    fields = [one for key in keys if (one := field_of(key)) is not None]
    with book.read() as connection:
        return listing.rows(connection, issue, fields, [number])[0][1:]


def save(book: Book, number: int, typed: dict[str, str], seen: dict[str, object] | None = None) -> Saved:
    """A row of cells as a person types it."""
    fields = [one for key in typed if (one := field_of(key)) is not None]
    known = {(number, key): value for key, value in (seen or {}).items()}
    return saving.save(
        book,
        blocks.BLOCKS,
        lambda connection: block.check(
            connection, blocks.RULES, fields=fields, ids=[number], cells=[list(typed.values())], today=TODAY
        ),
        today=TODAY, fields=fields, seen=known,  # type: ignore[arg-type]
    )  # fmt: skip


def test_that_a_dissatisfied_enterprise_opens_its_issue_again_with_a_new_clock_and_both_replies(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(**RESOLVED))
    assert cells(book, number, "state") == ("followed_up",)
    assert save(book, number, {"satisfaction": "不满意"}).written == 1
    state, day, due, again, rated = cells(
        book, number, "state", "reopened_on", "due_on", "times_assigned", "satisfaction"
    )
    assert (state, again, rated) == ("in_hand", 2, DISSATISFIED)
    assert str(due) > str(day)
    assert book.operations()[0].label.render("zh") == "“园区南门夜间货车限行”：不满意，重新办理"
    assert save(book, number, {"resolved_on": str(day), "handling": "已改为夜间放行"}).written == 2
    with book.read() as connection:
        assert [one.text for one in replies(steps_of(connection, [number])[number])] == ["已放行", "已改为夜间放行"]
        assert wrong_courses(connection, [number]) == []


def test_that_a_row_of_the_past_that_says_resolved_and_dissatisfied_is_taken_as_it_is(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12"))
    save(book, number, {"resolved_on": "2024-07-22", "satisfaction": "不满意"})
    assert cells(book, number, "state", "satisfaction", "reopened_on") == ("followed_up", DISSATISFIED, None)


def test_that_the_whole_chain_asks_for_the_reason_before_it_opens_an_issue_again(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(**RESOLVED))
    with book.write(_("Set")) as connection:
        settings.put(connection, "forum.chain", "full")
    saved = save(book, number, {"satisfaction": "不满意"})
    assert saved.written == 0
    assert "缺少企业不满意的原因" in saved.checked.bad[0].sentence.render("zh")
    assert cells(book, number, "state", "satisfaction") == ("followed_up", SATISFIED)


def test_that_of_two_clerks_who_answer_at_once_neither_overwrites_the_other(book: Book) -> None:
    (number,) = forum.issues(book, forum.issue(assigned_on="2024-07-12", handling="在办"))
    with book.write(_("Type")) as connection:
        set_values(connection, [(number, "handling", "已放行")])
    saved = save(
        book, number, {"handling": "正在协调", "category": "交通"}, seen={"handling": "在办", "category": None}
    )
    assert saved.theirs == ((number, "handling", "已放行", "测试员"),)
    assert saved.mine == {(number, "handling"): "正在协调"}
    assert cells(book, number, "handling", "category") == ("已放行", "交通")
