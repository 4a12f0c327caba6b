"""Rows and conditions, tried on projects."""

from __future__ import annotations

from typing import Any

import pytest

from db.core import filters, listing, pinyin
from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import KINDS
from db.core.filters import BY_KIND, Condition, When, condition_from_json, sentence, sql
from db.core.period import Period
from db.core.text import _
from db.people.models import person
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from db.projects.service import set_values
from tests.factories import projects
from tests.factories.projects import YI, row


@pytest.fixture
def three(book: Book) -> list[int]:
    return projects.projects(
        book,
        row(
            name="甲项目", agreed_investment=3 * YI, signed_on="2024-01-05", street="乙街道", expected_signing="2024-05"
        ),
        row(name="乙100%项目", agreed_investment=YI, signed_on="2024-02-05", street="甲街道"),
        row(name="丙项目", remarks=""),
    )


def found(book: Book, key: str, operator: str, value: Any = None, *, period: Period | None = None) -> list[int]:
    field = field_of(key)
    assert field is not None
    with book.read() as connection:
        where = [sql(field, Condition(key, operator, value), when=When(period=period))]
        ids = list(listing.ids(connection, project, where=where))
        assert listing.count(connection, project, where=where) == len(ids)
        return ids


def test_that_every_operator_finds_what_its_sentence_says(book: Book, three: list[int]) -> None:
    first, second, third = three
    june = Period.parse("2024-01")
    assert found(book, "name", "contains", "00%") == [second]
    assert found(book, "name", "is", "甲项目") == [first]
    assert found(book, "street", "is_not", "甲街道") == [first, third]
    assert found(book, "agreed_investment", "at_least", 2 * YI) == [first]
    assert found(book, "agreed_investment", "at_most", 2 * YI) == [second]
    assert found(book, "agreed_investment", "between", (YI, 3 * YI)) == [first, second]
    assert found(book, "stage", "one_of", ("signed",)) == [first, second]
    assert found(book, "street", "one_of", ("甲街道", None)) == [second, third]
    assert found(book, "remarks", "empty") == three
    assert found(book, "signed_on", "filled") == [first, second]
    assert found(book, "signed_on", "in_period", period=june) == [first]
    assert found(book, "expected_signing", "in_period", period=Period.parse("2024-05")) == [first]


def test_that_every_kind_has_its_operators_and_every_operator_a_sentence() -> None:
    assert set(BY_KIND) == set(KINDS)
    for field in PROJECT_FIELDS:
        for operator in BY_KIND[type(field.kind)]:
            value = (1, 2) if operator in ("between", "one_of", "none_of") else 1
            if operator not in ("top", "bottom", "older_than_days") and type(field.kind).__name__ in (
                "Words",
                "Link",
                "Day",
                "Month",
                "Choice",
            ):
                value = ("2024-01-01", "2024-02-01") if isinstance(value, tuple) else "2024-01-01"  # type: ignore[assignment]
            for lang in ("zh", "en"):
                assert field.label.render(lang) in sentence(field, Condition(field.key, operator, value)).render(lang)


def test_that_a_chip_reads_as_a_sentence() -> None:
    investment, stage = field_of("agreed_investment"), field_of("stage")
    assert investment is not None
    assert stage is not None
    said = sentence(investment, Condition("agreed_investment", "at_least", 5 * YI))
    assert said.render("zh") == "协议投资额不低于50,000万元"
    assert sentence(stage, Condition("stage", "one_of", ("signed", None))).render("zh") == "阶段：签约、（空）"


def test_that_a_condition_survives_being_saved() -> None:
    for condition in (
        Condition("a", "one_of", ("x", None)),
        Condition("a", "empty"),
        Condition("a", "between", (1, 2)),
    ):
        assert condition_from_json(condition.as_json()) == condition


def test_that_an_operator_that_does_not_fit_is_refused() -> None:
    name = field_of("name")
    assert name is not None
    with pytest.raises(Refused):
        sql(name, Condition("name", "between", ("a", "b")))
    day = field_of("signed_on")
    assert day is not None
    with pytest.raises(Refused):
        sql(day, Condition("signed_on", "in_period"))


def test_that_conditions_on_unknown_fields_are_left_out() -> None:
    assert filters.all_sql({}, [Condition("gone", "empty")]) == []


def test_that_rows_come_in_the_order_of_the_ids_and_empty_cells_last(book: Book, three: list[int]) -> None:
    first, second, third = three
    money, street, name = field_of("agreed_investment"), field_of("street"), field_of("name")
    assert money is not None
    assert street is not None
    assert name is not None
    with book.read() as connection:
        assert list(listing.ids(connection, project, order=[(money, True)])) == [first, second, third]
        assert list(listing.ids(connection, project, order=[(money, False)])) == [second, first, third]
        # 建制顺序 is the order in which the streets were met, not that of their names.
        assert list(listing.ids(connection, project, order=[(street, False)])) == [first, second, third]
        rows = listing.rows(connection, project, [name, money], [third, first, 999])
        assert rows == [(third, "丙项目", None), (first, "甲项目", 3 * YI)]
        assert listing.total(connection, project, money) == 4 * YI
        assert sorted(listing.values(connection, project, street), key=str) == [("乙街道", 1), ("甲街道", 1), (None, 1)]


def sorted_by(book: Book, *order: tuple[str, bool]) -> list[str]:
    fields = {one.key: one for one in PROJECT_FIELDS}
    with book.read() as connection:
        ids = listing.ids(connection, project, order=[(fields[key], descending) for key, descending in order])
        return [name for _number, name in listing.rows(connection, project, [fields["name"]], ids)]


def test_that_words_are_sorted_by_pinyin_and_people_by_their_surname(book: Book) -> None:
    projects.projects(
        book,
        row(name="重庆项目", contact_name="单明"),
        row(name="安徽项目", contact_name="曾伟"),
        row(name="ABC项目", contact_name="解强"),
        row(name="长沙项目", contact_name="陈静"),
        row(name="12号项目"),
    )
    # chang, chong; Shan, Xie, Zeng, and not dan, jie, ceng.
    assert sorted_by(book, ("name", False)) == ["12号项目", "ABC项目", "安徽项目", "长沙项目", "重庆项目"]
    assert sorted_by(book, ("name", True)) == ["重庆项目", "长沙项目", "安徽项目", "ABC项目", "12号项目"]
    by_person = ["长沙项目", "重庆项目", "ABC项目", "安徽项目", "12号项目"]
    assert sorted_by(book, ("contact_name", False)) == by_person
    assert sorted_by(book, ("contact_name", True)) == [*reversed(by_person[:4]), "12号项目"]


def test_that_rows_are_sorted_by_several_columns(book: Book) -> None:
    projects.projects(
        book,
        row(name="丙", industry="软件", agreed_investment=YI, code="b1"),
        row(name="甲", industry="光电", agreed_investment=YI, code="B2"),
        row(name="乙", industry="软件", agreed_investment=2 * YI, code="A3"),
        row(name="丁", agreed_investment=2 * YI),
    )
    assert sorted_by(book, ("industry", False), ("agreed_investment", True)) == ["甲", "乙", "丙", "丁"]
    assert sorted_by(book, ("agreed_investment", True), ("industry", False)) == ["乙", "丁", "甲", "丙"]
    assert sorted_by(book, ("agreed_investment", True), ("code", False)) == ["乙", "丁", "甲", "丙"]
    assert sorted_by(book, ("code", True)) == ["丙", "甲", "乙", "丁"]  # codes by their characters, on both engines


def test_that_days_and_sums_of_another_table_are_the_same_for_all_rows_and_under_a_condition(book: Book) -> None:
    days = ["2024-03-01", None, "2024-01-05", "2024-03-01", None, "2023-12-31"]
    projects.projects(book, *(row(signed_on="2023-01-01", approved_on=day) for day in days))
    third, *_others = [number for number, day in zip(all_ids(book), days, strict=True) if day == "2024-01-05"]
    projects.write(book, (third, "paid_in_reported@2024-05", 3 * YI), (third, "paid_in_reported@2024-06", YI))
    approved, paid, money = (field_of(key) for key in ("approved_on", "paid_in_reported", "agreed_investment"))
    assert approved is not None
    assert paid is not None
    assert money is not None
    everything = [project.c.id > 0]
    with book.read() as connection:
        for descending in (True, False):
            at_once = listing.ids(connection, project, order=[(approved, descending)])
            assert at_once == listing.ids(connection, project, where=everything, order=[(approved, descending)])
        assert [days[all_ids(book).index(number)] for number in at_once] == [
            "2023-12-31", "2024-01-05", "2024-03-01", "2024-03-01", None, None,
        ]  # fmt: skip
        sums = listing.totals(connection, project, [money, paid])
        assert sums == listing.totals(connection, project, [money, paid], where=everything) == (None, 4 * YI)


def all_ids(book: Book) -> list[int]:
    with book.read() as connection:
        return list(listing.ids(connection, project))


def test_that_names_sorted_again_stand_where_they_belong_after_every_change(book: Book) -> None:
    first, _second, _third = projects.projects(book, row(name="丙"), row(name="乙"), row(name="丁"))
    order = ["丙", "丁", "乙"]  # bing, ding, yi
    assert sorted_by(book, ("name", False)) == sorted_by(book, ("name", False)) == order
    assert sorted_by(book, ("name", True)) == order[::-1]
    name = field_of("name")
    assert name is not None
    with book.write(_("Cells")) as connection:
        set_values(connection, [(first, "name", "左")])
        assert list(listing.ids(connection, project, order=[(name, False)]))[-1] == first
    assert sorted_by(book, ("name", False)) == ["丁", "乙", "左"]
    with book.as_of(1) as past, past.read() as connection:
        assert next(iter(listing.ids(connection, project, order=[(name, False)]))) == first
    book.undo(2)
    assert sorted_by(book, ("name", False)) == order
    with book.read() as connection:
        kept = listing.ids(connection, project, where=[project.c.name != "丁"], order=[(name, True)])
        assert list(kept)[-1] == first


def values(book: Book, key: str, **more: Any) -> list[tuple[Any, int]]:
    field = field_of(key)
    assert field is not None
    with book.read() as connection:
        return listing.values(connection, project, field, **more)


def test_that_a_check_list_has_counts_in_the_right_order_and_what_is_empty_at_its_end(book: Book) -> None:
    projects.projects(
        book,
        row(street="丙镇", industry="软件", leader="王二", talk_class="B", agreed_investment=2),
        row(street="甲街道", industry="光电", leader="单明", talk_class="A", agreed_investment=10),
        row(street="甲街道", industry="软件", leader="王二", agreed_investment=2),
        row(industry=""),
        row(industry=None),
    )
    with book.write(_("Leaders")) as connection:
        connection.execute(person.update().where(person.c.name == "单明").values(position=0))
    assert values(book, "street") == [("丙镇", 1), ("甲街道", 2), (None, 2)]
    assert values(book, "industry") == [("软件", 2), ("光电", 1), (None, 2)]
    assert values(book, "leader") == [("单明", 1), ("王二", 2), (None, 2)]
    assert values(book, "talk_class") == [("A", 1), ("B", 1), (None, 3)]
    assert values(book, "agreed_investment") == [(2, 2), (10, 1), (None, 2)]
    assert values(book, "industry", limit=1) == [("软件", 2), (None, 2)]
    conditions = [Condition("industry", "is", "软件"), Condition("street", "is", "丙镇")]
    where = filters.all_sql({one.key: one for one in PROJECT_FIELDS}, filters.others(conditions, "industry"))
    assert values(book, "industry", where=where) == [("软件", 1)]


def test_that_a_check_list_is_searched_by_words_and_pinyin(book: Book) -> None:
    projects.projects(book, row(industry="新能源"), row(industry="新材料"), row(industry="软件"), row(industry=""))
    assert {value for value, _count in values(book, "industry", search="新")} == {"新能源", "新材料"}
    assert values(book, "industry", search="xny") == [("新能源", 1)]
    assert values(book, "status", search="推进") == [("active", 4)]
    assert values(book, "industry", search="无此") == []


def test_that_many_texts_are_put_in_order_as_one_by_one() -> None:
    for texts in (["重庆项目", "长沙", "12号", "甲\n乙", ""], ["重庆", "银行行长"], []):
        assert pinyin.order_keys(texts) == [pinyin.order_key(text) for text in texts]
