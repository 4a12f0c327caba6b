"""Schemes in the window: presets taken over, parts changed with checks at their place, published versions frozen."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import Metric
from db.per_mu import scheme_parts
from db.per_mu.models import MICRO
from db.per_mu.schemes import Scheme, presets
from desktop.per_mu.page import PerMuPage
from desktop.per_mu.schemes import SchemesView
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, page_of
from tests.factories import per_mu


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with the metrics of twenty companies: the more tax per mu, the less revenue."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("schemes") / "新账.zsb")
    with Book.open(path, actor="测试员") as book:
        rows = [
            (f"企业{at:02d}", {"land": 10, "tax": 100 + 20 * at, "revenue": 9000 - 400 * at, "value_added": 1000, "rd": 90,
                             "energy": 50, "staff": 80})
            for at in range(20)
        ]  # fmt: skip
        per_mu.year_of_metrics(book, rows)
    return path


@pytest.fixture
def view(qtbot: QtBot, window: Window, made: Path, tmp_path: Path) -> SchemesView:
    """The schemes of a copy of it."""
    window.open_book(str(shutil.copy(made, tmp_path / "新账.zsb")))
    at_rest(qtbot, window)
    window.go("per_mu")
    page = page_of(window)
    assert isinstance(page, PerMuPage)
    page.show_as("schemes")
    at_rest(qtbot, window)
    found = page.shown
    assert isinstance(found, SchemesView)
    return found


def take_over(qtbot: QtBot, window: Window, view: SchemesView, key: str) -> None:
    """A draft of a preset."""
    assert view.found is not None
    view.list.selectRow([one.key for one in view.found.schemes].index(key))
    view.copy_scheme()
    at_rest(qtbot, window)
    assert view.is_draft


def type_into(view: SchemesView, row: int, **texts: str) -> Any:
    """Open a row and type."""
    view.open_row(row)
    form = view.form
    assert form is not None
    for key, text in texts.items():
        form.form.editors[key].input.put(text)
    return form


def test_that_a_preset_is_read_only_and_a_draft_of_it_says_while_one_types_what_is_wrong_and_who_would_move(
    qtbot: QtBot, window: Window, view: SchemesView
) -> None:
    assert view.found is not None
    assert len([one for one in view.found.schemes if not one.number]) == len(presets()) == 8
    view.list.selectRow(0)
    assert not type_into(view, 0).do.isVisible()

    take_over(qtbot, window, view, "anhui-county")
    assert view.one is not None
    assert (view.one.version, view.one.year) == (1, 2023)
    assert "20 家" in view.told.text()

    type_into(view, 0, weight="44")
    at_rest(qtbot, window)
    assert view.wrong.text() == "权重合计为99，应为100。"
    form = type_into(view, 0, formula="实缴税金 / 土地")
    form.take()
    assert "土地" in form.form.editors["formula"]._reason.text()

    type_into(view, 0, formula="营业收入 / 用地面积").take()
    at_rest(qtbot, window)
    assert view.one.version == 1
    assert view.wrong.text() == ""
    type_into(view, 0, formula="实缴税金 / 用地面积")
    at_rest(qtbot, window)
    assert "与已保存的内容相比：" in view.told.text()
    assert "0 家升，0 家降" not in view.told.text()


def test_that_a_published_version_stays_and_its_copy_is_compared_with_it(
    qtbot: QtBot, window: Window, view: SchemesView
) -> None:
    take_over(qtbot, window, view, "anhui-county")
    view.publish()
    at_rest(qtbot, window)
    assert not view.is_draft
    assert not type_into(view, 0, weight="40").do.isVisible()

    view.copy_scheme()
    at_rest(qtbot, window)
    assert view.one is not None
    assert view.one.version == 2
    view.show_part("extras")
    view.add_row()
    form = view.form
    assert form is not None
    for key, text in (("name", "亩均税收过低"), ("kind", "一票否决"), ("when", "亩均税收 < 20"), ("class", "D")):
        form.form.editors[key].input.put(text)
    at_rest(qtbot, window)
    assert "与第 1 版相比：0 家升，" in view.told.text()
    form.take()
    at_rest(qtbot, window)
    assert [one["name"] for one in scheme_parts.rows(view.one.data, "extras")] == ["亩均税收过低"]

    view.show_part("classes")
    type_into(view, 3, limit="99")
    at_rest(qtbot, window)
    assert "累计" in view.wrong.text() or "100" in view.wrong.text()

    view.delete_scheme()
    at_rest(qtbot, window)
    assert view.found is not None
    assert [one.version for one in view.found.schemes if one.number] == [1]


@pytest.mark.parametrize("key", sorted(presets()))
def test_that_a_scheme_taken_apart_into_rows_and_put_together_is_the_same_scheme(key: str) -> None:
    data = dict(presets()[key])
    again = data
    for part in scheme_parts.PARTS:
        again = scheme_parts.with_rows(again, part, scheme_parts.rows(again, part))
    assert Scheme.of(scheme_parts.with_facts(again, scheme_parts.facts(again))) == Scheme.of(data)


def test_that_a_circle_of_formulas_is_named_and_facts_that_nobody_knows_are_refused() -> None:
    data = scheme_parts.with_rows(
        presets()["anhui-county"], "terms", [{"name": "甲", "formula": "乙 + 1"}, {"name": "乙", "formula": "甲 / 2"}]
    )
    assert any("甲 → 乙 → 甲" in why.render("zh") for why in scheme_parts.all_wrong(data))
    with pytest.raises(Refused) as refused:
        scheme_parts.with_facts(data, {**scheme_parts.facts(data), "required": "用地面积、职工"})
    assert set(refused.value.fields) == {"required"}


def test_that_numbers_of_a_row_keep_every_digit_of_the_scheme() -> None:
    row = scheme_parts.rows(presets()["huangyan-2021-below"], "indicators")[0]
    assert row["value"] == 16_601_058
    fields = {one.key: one for one in scheme_parts.PARTS["indicators"]}
    assert isinstance(fields["value"].kind, Metric)
    assert row["weight"] == 50 * MICRO
