"""Finalised months: what was finalised is what is printed, whatever happens later."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db import __version__
from db.core import settings
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close, closed, closings, reopen, reopened, revisions
from db.overview.explain import explain
from db.overview.report import build
from db.overview.writing import figures_of, report_of
from db.people.service import merge_unit, rename_unit
from db.projects.models import project
from db.projects.service import add_projects, delete_projects, publish, set_target, set_values
from db.reports.stored import to_json
from tests.conftest import on_a_file
from tests.factories.projects import YI, choose, projects, signed, write

HALF, MAY, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-05"), Period.parse("2024-06")
TODAY = dt.date(2024, 7, 12)


@pytest.fixture
def june(book: Book) -> Book:
    """A book with two signings of June and one of May."""
    projects(
        book,
        signed("2024-05-02", 3, street="甲镇"),
        signed("2024-06-02", 4, street="甲镇"),
        signed("2024-06-20", 5, street="乙镇"),
    )
    return book


def test_that_a_closed_month_keeps_its_report_when_a_project_is_deleted_later(june: Book) -> None:
    with june.read() as connection:
        before = {lang: build(connection, JUNE, lang=lang, today=TODAY) for lang in ("zh", "en")}
    close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [2])
    write(june, (3, "agreed_investment", 50 * YI))
    choose(june, report__title="别的标题")
    for lang, report in before.items():
        assert report_of(june, JUNE, lang=lang) == (replace(report, draft_mark=False), True)
    assert figures_of(june, JUNE)["figures"]["signed.count"]["value"] == "2"
    assert figures_of(june, JUNE)["figures"]["signed.count"]["rows"] == {"room": "projects", "ids": [2, 3]}
    with june.read() as connection:
        assert build(connection, JUNE, today=TODAY) != before["zh"]


@on_a_file
def test_that_closing_a_month_closes_the_year_to_date_with_it(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [1])
    assert "新签约项目3个" in report_of(june, HALF)[0].text()
    with june.read() as connection:
        found = closings(connection)
        assert [(one.period, one.first, one.last, one.operation) for one in found] == [
            ("2024-06", "2024-06-01", "2024-06-30", number),
            ("2024-01..2024-06", "2024-01-01", "2024-06-30", number),
        ]
        assert [one.heads["signed.count"] for one in found] == ["2", "3"]
        assert {(one.actor, one.revision, one.pending, one.reason) for one in found} == {("测试员", 1, 0, "")}
        assert closed(connection, Period.parse("2024-05")) is None


@on_a_file
def test_that_the_book_can_be_looked_at_as_it_was_at_the_closing(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [1, 2, 3])
    stored, _final = report_of(june, JUNE)
    anew, final = report_of(june, JUNE, as_of=number, today=TODAY)
    assert anew.sections == stored.sections
    assert not final
    with june.read() as connection:
        found = closed(connection, JUNE)
        assert found is not None
        assert (found.operation, found.program) == (number, __version__)


@on_a_file
def test_that_closing_twice_is_refused_and_changes_nothing(june: Book) -> None:
    close(june, JUNE, today=TODAY)
    operations = len(june.operations())
    for period in (JUNE, HALF):
        with pytest.raises(Refused, match="finalised already"):
            close(june, period)
    assert len(june.operations()) == operations


@on_a_file
def test_that_a_closing_is_signed_on_its_own_day_where_no_other_is_named(june: Book) -> None:
    with june.read() as connection:
        first = build(connection, JUNE, today=TODAY)
    close(june, JUNE)
    assert report_of(june, JUNE)[0].signed_on
    assert first.signed_on == "2024年7月12日"


@on_a_file
def test_that_a_closing_is_not_undone_but_reopened_as_a_step_of_its_own(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    assert [conflict.tbl for conflict in june.undo(number).conflicts] == ["closed_month"]
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    again = reopen(june, JUNE, reason="漏报一个项目")
    assert june.undo(again).conflicts == ()
    assert "新签约项目2个" in report_of(june, JUNE)[0].text()
    reopen(june, JUNE, reason="漏报一个项目")
    assert "新签约项目1个" in report_of(june, JUNE)[0].text()
    with pytest.raises(Refused, match="is not finalised"):
        reopen(june, JUNE, reason="漏报一个项目")
    close(june, JUNE, today=TODAY)


@on_a_file
def test_that_a_reopening_needs_a_reason_and_keeps_what_was_finalised(june: Book) -> None:
    first = close(june, JUNE, today=TODAY)
    with pytest.raises(Refused, match="Say why"):
        reopen(june, JUNE, reason=" ")
    again = reopen(june, JUNE, reason="漏报一个项目")
    assert june.operations(limit=1)[0].label.render("zh") == "2024年6月重新打开：漏报一个项目"
    projects(june, signed("2024-06-28", 1, street="甲镇"))
    second = close(june, JUNE, today=TODAY)
    with june.read() as connection:
        told = revisions(connection, JUNE)
        assert [(one.revision, one.operation, one.reopened, one.reason) for one in told] == [
            (1, first, again, "漏报一个项目"),
            (2, second, None, ""),
        ]
        assert [one.heads["signed.count"] for one in told] == ["2", "3"]
        before = reopened(connection, JUNE, 1)
        assert before is not None
        assert "新签约项目2个" in before.report().text()
        assert [one.revision for one in closings(connection)] == [2, 2]


@on_a_file
def test_that_every_other_operation_can_still_be_undone_beside_a_closed_month(june: Book) -> None:
    close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    gone = june.operations(limit=1)[0].number
    assert june.undo(gone).conflicts == ()


_STEPS = st.lists(
    st.sampled_from(
        ("amount", "delete", "rename", "merge", "setting", "target", "published", "undo", "new", "reopen may")
    ),
    min_size=3,
    max_size=6,
    unique=True,
)


def _later(book: Book, step: str) -> None:
    """Something that happens after a month was finalised."""
    if step == "undo":
        book.undo(1)  # refused in words where it cannot be; either way the report stays
        book.undo(book.operations(limit=1)[0].number)
        return
    if step == "reopen may":
        close(book, MAY, today=TODAY)
        reopen(book, MAY, reason="漏报")
        return
    with book.write(_("Later")) as connection:
        some = connection.scalars(select(project.c.id).order_by(project.c.id)).all()
        if step == "delete":
            delete_projects(connection, some[:1])
        elif step == "rename":
            rename_unit(connection, 1, "甲街道", on="2024-07-01")
        elif step == "merge":
            merge_unit(connection, 2, into=1)
        elif step == "setting":
            settings.put(connection, "recognition.used", "0")
            settings.put(connection, "report.signature", "别的单位")
            settings.put(connection, "stuck.months", "1")
        elif step == "target":
            set_target(connection, 2024, "signed.count", 99)
        elif step == "published":
            publish(connection, "2023-06", "signed.count", 1)
        elif step == "new":
            add_projects(connection, [signed("2024-06-03", 7, street="丙镇")])
        else:
            set_values(connection, [(some[-1], "agreed_investment", 8 * YI), (some[-1], "name", "别的名称")])


@hypothesis.settings(max_examples=2)
@given(_STEPS)
def test_that_a_finalised_report_is_the_same_canonical_data_after_anything_that_happens_later(
    empty_file: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    with ExitStack() as stack:
        target = shutil.copy(empty_file, tmp_path_factory.mktemp("later") / "book.zsb")
        book = stack.enter_context(Book.open(target, actor="测试员"))
        rows = [signed(day, 3, street=street) for day, street in (("2024-05-02", "甲镇"), ("2024-06-02", "乙镇"))]
        projects(book, *rows, signed("2024-06-20", 5, street="甲镇"))
        close(book, JUNE, today=TODAY)
        before = _canonical(book)
        for step in steps:
            _later(book, step)
        assert _canonical(book) == before


def _canonical(book: Book) -> list[str]:
    """Report, figures and explanations of both finalised periods in both languages, as text."""
    found = []
    for period in (JUNE, HALF):
        for lang in ("zh", "en"):
            found.append(to_json(report_of(book, period, lang=lang)[0]))
            found.append(json.dumps(figures_of(book, period, lang=lang), sort_keys=True, ensure_ascii=False))
            with book.read() as connection:
                found.append(repr(explain(connection, period, "signed.investment", lang=lang)))
    return found
