"""Drafts: one small file a book and record, that survives what was typed elsewhere and damage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from db.core.paths import user_folder
from desktop.kit.drafts import Drafts, Keeper


@pytest.fixture
def typed() -> dict[int, dict[str, str]]:
    """What is typed now."""
    return {}


@pytest.fixture
def keeper(qtbot: QtBot, typed: dict[int, dict[str, str]]) -> Iterator[Keeper]:
    """A keeper of a book."""
    owner = QObject()
    yield Keeper(owner, Drafts("甲.zsb", "projects"), lambda: typed)
    owner.deleteLater()


def test_that_a_draft_is_of_one_book_and_one_record_and_a_damaged_one_is_none() -> None:
    drafts = Drafts("甲.zsb", "projects")
    drafts.keep(7, {"remarks": "写到一半"})
    kept = drafts.of(7)
    assert kept is not None
    assert kept.texts == {"remarks": "写到一半"}
    assert drafts.of(8) is None
    assert Drafts("乙.zsb", "projects").of(7) is None
    for path in (user_folder("data") / "drafts").glob("*/projects-7.json"):
        path.write_text("{", encoding="utf-8")
    assert drafts.of(7) is None
    drafts.drop(7)


def test_that_a_cell_that_was_saved_leaves_what_else_an_older_draft_of_the_record_has(
    keeper: Keeper, typed: dict[int, dict[str, str]]
) -> None:
    drafts = Drafts("甲.zsb", "projects")
    drafts.keep(7, {"remarks": "昨天写的"})
    typed[7] = {"industry": "汽车"}
    keeper.look_now()
    both = drafts.of(7)
    assert both is not None
    assert both.texts == {"remarks": "昨天写的", "industry": "汽车"}
    keeper.forget(7, ["industry"])
    left = drafts.of(7)
    assert left is not None
    assert left.texts == {"remarks": "昨天写的"}
    keeper.forget(7)
    assert drafts.of(7) is None


def test_that_what_is_undone_by_hand_is_no_draft_any_more(keeper: Keeper, typed: dict[int, dict[str, str]]) -> None:
    typed[3] = {"remarks": "一"}
    keeper.look_now()
    typed[3] = {}
    keeper.look_now()
    assert Drafts("甲.zsb", "projects").of(3) is None
