"""What English says of one thing, and of amounts that Chinese counts in 亿元."""

from __future__ import annotations

import pytest

from db.core.english import noun
from db.core.text import Text, _
from db.overview.candidates import said_money


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (_("See {count} rows", count=1), "See 1 row"),
        (_("See {count} rows", count="21"), "See 21 rows"),
        (_("{count} framework agreements are counted", count=1), "1 framework agreement is counted"),
        (_("{count} projects may stand in the book twice", count=1), "1 project may stand in the book twice"),
        (_("{who}: {count} cells", who="1 rows", count="1"), "1 rows: 1 cell"),
        (_("The reminders of {count} units are copied, for a chat.", count=1), "The reminders of 1 unit are copied, for a chat."),
        (_("{one} (within {days} days)", one=_("{count} companies", count=1), days=1), "1 company (within 1 day)"),
    ],
)  # fmt: skip
def test_that_one_thing_is_said_in_the_singular(sentence: Text, said: str) -> None:
    assert sentence.render("en") == said


def test_that_what_stands_after_a_number_shown_by_itself_agrees_with_it() -> None:
    assert [noun("1", "projects in the list"), noun("11", "issues"), noun("1", "billion yuan"), noun("1", "个项目")] == [
        "project in the list", "issues", "billion yuan", "个项目",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hundredths", "chinese", "english"),
    [(90_900_000_000, "9.09 亿元", "909 million yuan"), (1_742_000_000_00 * 100, "1742.00 亿元", "174.20 billion yuan"),
     (52_000_000_00, "5,200 万元", "52 million yuan")],
)  # fmt: skip
def test_that_an_amount_is_said_in_the_units_of_the_language(hundredths: int, chinese: str, english: str) -> None:
    told = _("{amount} in all", amount=said_money(hundredths))
    assert told.args["amount"].render("zh").replace(",", "") == chinese.replace(",", "")
    assert str(told) == f"{english} in all"
