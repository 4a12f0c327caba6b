"""A field reads one column, one event's date, one month's amount, one linked name or a computed value, all alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from db.core import tables
from db.core.book import Book
from db.core.fields import Area, Day, Field, Link, Metric, Money, Whole, Words
from db.core.formats import show
from db.core.history import history_tables
from db.core.listing import ids, rows
from db.core.sqlfunc import days_between
from db.core.tables import link, tracked, whole, words
from db.core.text import Text

SCHEMA = MetaData(naming_convention=tables.METADATA.naming_convention)
history_tables(SCHEMA)
firm = tracked("firm", words("name"), metadata=SCHEMA)
deal = tracked("deal", words("name"), whole("amount"), whole("land"), link("investor", "firm"), metadata=SCHEMA)
event = tracked("event", link("deal", "deal"), words("what"), words("day"), metadata=SCHEMA)
paid = tracked("paid", link("deal", "deal"), words("month"), whole("amount"), metadata=SCHEMA)


def signed() -> Any:
    query = select(event.c.day).where(event.c.deal == deal.c.id, event.c.what == "signed")
    return query.order_by(event.c.day).limit(1).correlate(deal).scalar_subquery()


def started() -> Any:
    query = select(event.c.day).where(event.c.deal == deal.c.id, event.c.what == "started")
    return query.order_by(event.c.day).limit(1).correlate(deal).scalar_subquery()


def paid_in_june() -> Any:
    return (
        select(paid.c.amount)
        .where(paid.c.deal == deal.c.id, paid.c.month == "2024-06")
        .correlate(deal)
        .scalar_subquery()
    )


def investor() -> Any:
    return select(firm.c.name).where(firm.c.id == deal.c.investor).correlate(deal).scalar_subquery()


FIELDS = (
    Field("name", Text("Name"), Words(), read=lambda: deal.c.name),
    Field("amount", Text("Amount"), Money("亿元"), read=lambda: deal.c.amount),
    Field("signed", Text("Signed"), Day(), read=signed),
    Field("paid_in@2024-06", Text("Paid in"), Money("万元"), read=paid_in_june),
    Field("investor", Text("Investor"), Link(room="companies", table="firm"), read=investor),
    Field("to_start", Text("Days to start"), Whole("天"), read=lambda: days_between(signed(), started())),
    Field("land", Text("Land"), Area("亩"), read=lambda: deal.c.land),
    Field("density", Text("Per mu"), Metric("万元/亩"), read=lambda: deal.c.amount / deal.c.land),
)


@pytest.fixture
def deals(book_target: str) -> Iterator[Book]:
    """Two projects: one with everything, one with nothing but a name."""
    with Book.create(book_target, schema=SCHEMA, actor="测试员") as book:
        with book.write(Text("put")) as connection:
            connection.execute(firm.insert().values(name="皖江电子"))
            connection.execute(deal.insert().values(name="乙", amount=12_000_000_000, land=20_000_000, investor=1))
            connection.execute(deal.insert().values(name="甲"))
            days = [("started", "2024-07-01"), ("signed", "2024-06-03"), ("signed", "2024-05-31")]
            connection.execute(event.insert(), [{"deal": 1, "what": what, "day": day} for what, day in days])
            months = [("2024-05", 100), ("2024-06", 250_000_000)]
            connection.execute(
                paid.insert(), [{"deal": 1, "month": month, "amount": amount} for month, amount in months]
            )
        yield book


def test_that_every_sort_of_fact_is_read_through_its_field(deals: Book) -> None:
    with deals.read() as connection:
        full, empty = rows(connection, deal, FIELDS, [1, 2])
    assert full == (1, "乙", 12_000_000_000, "2024-05-31", 250_000_000, "皖江电子", 31, 20_000_000, 600)
    assert empty == (2, "甲", None, None, None, None, None, None, None)
    values: list[Any] = list(full[1:])
    shown = [show(field.kind, value) for field, value in zip(FIELDS, values, strict=True)]
    assert shown[:6] == ["乙", "1.2", "2024-05-31", "250", "皖江电子", "31"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_that_every_sort_of_fact_can_be_sorted_and_chosen_by(deals: Book, field: Field) -> None:
    assert field.read is not None
    with deals.read() as connection:
        # Empty cells come last in both directions; "甲" has nothing but its name, and its name is the smaller one here.
        first, last = (
            list(ids(connection, deal, order=[(field, False)])),
            list(ids(connection, deal, order=[(field, True)])),
        )
        assert sorted(first) == sorted(last) == [1, 2]
        assert first == last == [1, 2] or field.key == "name"
        chosen = ids(connection, deal, where=[field.read().is_not(None)])
        assert list(chosen) == ([1, 2] if field.key == "name" else [1])


def test_that_a_field_that_was_not_given_a_way_to_write_is_not_editable() -> None:
    assert not any(field.editable for field in FIELDS)
    assert Field("x", Text("x"), Words(), write=lambda connection, pairs: None).editable
