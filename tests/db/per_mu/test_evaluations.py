"""An evaluation of the book: run, explained down to the datum, objected to, frozen and published; figures and report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from db import cli
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import Text, _
from db.overview.figures import figures
from db.overview.report import build
from db.per_mu.about_company import trend
from db.per_mu.defending import explain, low_efficiency, moves, sensitivity
from db.per_mu.evaluated import board, keep_run, sensitivity_of
from db.per_mu.evaluations import (
    decide_objection,
    decimal,
    delete_scheme,
    file_objection,
    keep_evaluation,
    publish_evaluation,
    publish_scheme,
    save_scheme,
    scheme_called,
    scheme_saved,
)
from db.per_mu.groups import Group
from db.per_mu.levers import FINEST, rise
from db.per_mu.models import evaluation, evaluation_result
from db.per_mu.queries import group_of
from db.per_mu.schemes import Scheme, presets
from db.per_mu.scoring import Outcome, evaluate
from db.per_mu.service import adjust
from db.reports.report import Paragraph
from tests.conftest import on_a_file
from tests.factories.per_mu import micro, year_of_metrics

HALF_YEAR = Period.parse("2024-01..2024-06")
COMPANIES = [(f"企业{at}", {"land": 10, "tax": at * 10, "revenue": at * 100 + 50}) for at in range(1, 9)]
DATA: dict[str, Any] = {
    "key": "own", "name": "本区2023", "year": 2023, "required": ["land"],
    "classes": {"limits": [["A", "25"], ["B", "50"], ["C", "75"], ["D", "100"]]},
    "indicators": [
        {"code": "tax", "name": "亩均税收", "formula": "tax / land", "weight": "70", "baseline": {"value": "4"}, "cap": "1.5"},
        {"code": "revenue", "name": "亩均营收", "formula": "revenue / land", "weight": "30", "baseline": {"value": "45"}},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def district(demonstration: Path) -> Iterator[Connection]:
    """The demonstration, to be read."""
    with Book.open(str(demonstration)) as book, book.read() as connection:
        yield connection


@pytest.fixture(scope="module")
def outcome(district: Connection) -> Outcome:
    """Its enterprises of 2023 by the county scheme."""
    scheme, number = scheme_called(district, "anhui-county")
    assert number is not None
    return evaluate(scheme, group_of(district, 2023, scope=scheme.scope))


def whole(book: Book) -> tuple[Outcome, int]:
    """Eight companies scored by a published scheme of the book."""
    year_of_metrics(book, COMPANIES)
    with book.write(_("Scheme")) as connection:
        number = save_scheme(connection, DATA)
        publish_scheme(connection, number, on="2024-03-01")
    with book.read() as connection:
        return evaluate(scheme_saved(connection, number), group_of(connection, 2023)), number


@on_a_file
def test_that_a_published_scheme_stays_as_it_is_and_a_new_version_stands_beside_it(book: Book) -> None:
    with book.write(_("Save")) as connection:
        number = save_scheme(connection, {**DATA, "indicators": DATA["indicators"][:1]})
        with pytest.raises(Refused) as refused:
            publish_scheme(connection, number, on="2024-03-01")
        assert refused.value.render("zh") == "方案还不能发布：权重合计为70，应为100。"
        save_scheme(connection, DATA, number)
        publish_scheme(connection, number, on="2024-03-01")
    for change in (lambda one: save_scheme(one, DATA, number), lambda one: delete_scheme(one, number)):
        with pytest.raises(Refused, match="published on 2024-03-01"), book.write(_("Change")) as connection:
            change(connection)
    with book.write(_("Next")) as connection:
        draft = save_scheme(connection, {**DATA, "name": "本区2024", "year": 2024})
    with book.read() as connection:
        assert scheme_called(connection, "own") == (Scheme.of(DATA), number)  # the draft is not in force yet
        assert scheme_saved(connection, draft).year == 2024
        assert scheme_called(connection, "jingde-2022") == (Scheme.of(presets()["jingde-2022"]), None)


def test_that_a_kept_evaluation_says_the_same_when_the_metrics_change_later(book: Book) -> None:
    found, number = whole(book)
    with book.write(_("Keep")) as connection:
        kept = keep_evaluation(connection, found, number=number, on="2024-05-01")
    year_of_metrics(book, [("企业1", {"tax": 9999})])
    with book.read() as connection:
        of = evaluation_result.c
        rows = connection.execute(
            select(of.score, of.rank, of["class"]).where(of.evaluation == kept).order_by(of.id)
        ).all()
        content = json.loads(connection.scalar(select(evaluation.c.content)) or "")
    assert [tuple(row) for row in rows] == [
        (decimal(score or 0), rank, name)
        for score, rank, name in zip(found.scores, found.ranks, found.classes, strict=True)
    ]
    assert content["counts"] == {"A": 2, "B": 2, "C": 2, "D": 2}
    # opened, it stands on the data it was computed from: what lifts a company, the values, the weights that decide
    with book.read() as connection:
        shown = board(connection, 2023, "own")
        assert shown.kept is not None
        assert shown.outcome is not None
        assert (shown.kept.with_data, shown.kept.drifted) == (True, 1)
        assert [rise(shown.outcome, place) for place in range(8)] == [rise(found, place) for place in range(8)]
        assert sensitivity_of(connection, shown.outcome) == sensitivity(found.scheme, found.group)
        told = explain(shown.outcome, 0, connection).parts[0]
    assert told.value == 1
    assert [(one.key, one.value, one.source) for one in told.data] == [
        ("land", micro(10), "基础数据表.xlsx"), ("tax", micro(10), None),
    ]  # fmt: skip


@on_a_file
def test_that_half_years_are_evaluated_where_the_scheme_says_so_beside_the_same_half(book: Book) -> None:
    for year, half, factor in ((2023, 1, 1), (2023, 0, 3), (2024, 1, 2)):
        year_of_metrics(
            book, [(name, {**of, "tax": of["tax"] * factor}) for name, of in COMPANIES], year=year, half=half
        )
    with book.write(_("Scheme")) as connection:
        save_scheme(connection, DATA)
    with book.read() as connection:
        refused = board(connection, 2024, "own", half=1)
    assert refused.why is not None
    assert refused.why.render("zh") == "“本区2023”只评全年；可复制一版，在“概况”中选上“也评半年度”。"
    with book.write(_("Scheme")) as connection:
        save_scheme(connection, {**DATA, "halves": True}, refused.number)
        keep_run(connection, 2024, "own", on="2024-07-15", half=1)
    with book.read() as connection:
        found = board(connection, 2024, "own", half=1)
        assert found.outcome is not None
        assert (found.period.render("zh"), found.years) == ("2024年上半年", (2024, 2023))
        assert found.before[found.outcome.group.members[0].company].score == (
            evaluate(found.outcome.scheme, group_of(connection, 2023, half=1)).scores[0], found.outcome.scores[0],
        )  # fmt: skip
        assert board(connection, 2023, "own").kept is None
        assert found.kept is not None


@on_a_file
def test_that_an_evaluation_is_published_once_its_objections_are_decided(book: Book) -> None:
    found, number = whole(book)
    with book.write(_("Keep")) as connection:
        kept = keep_evaluation(connection, found, number=number, on="2024-05-01")
        result = connection.scalar(select(evaluation_result.c.id).where(evaluation_result.c.rank == 3)) or 0
        filed = file_objection(connection, result, "用地面积含代征绿地", on="2024-05-06")
        with pytest.raises(Refused, match="1 objection waits"):
            publish_evaluation(connection, kept, on="2024-05-20")
        with pytest.raises(Refused, match="needs its reason"):
            decide_objection(connection, filed, upheld=True, decision="", on="2024-05-10")
        decide_objection(connection, filed, upheld=True, decision="核减4亩", on="2024-05-10", class_after="A")
        publish_evaluation(connection, kept, on="2024-05-20")
        with pytest.raises(Refused, match="already"):
            publish_evaluation(connection, kept, on="2024-05-21")
        assert connection.scalar(select(evaluation_result.c["class"]).where(evaluation_result.c.id == result)) == "A"


@on_a_file
def test_that_adjustments_of_the_office_count_and_say_their_reason(book: Book) -> None:
    known = year_of_metrics(book, COMPANIES)
    with book.write(_("Adjust")) as connection:
        adjust(connection, known["企业1"], "bonus", reason="获省级奖励", points=micro(5))
        adjust(connection, known["企业8"], "veto", reason="发生较大安全事故")
        adjust(connection, known["企业7"], "exempt", reason="在建")
    with book.read() as connection:
        found = evaluate(Scheme.of(DATA), group_of(connection, 2023))
    assert [note.render("zh") for note in found.notes[0]] == ["获省级奖励：+5分"]
    assert (found.classes[7], found.ranks[7]) == ("D", 1)
    assert (found.classes[6], found.ranks[6]) == ("不定", None)


def test_that_a_score_opens_down_to_the_source_of_each_datum(book: Book) -> None:
    found, _number = whole(book)
    with book.read() as connection:
        told = explain(found, 7, connection)
    tax, revenue = told.parts
    assert (tax.value, tax.baseline, tax.points, tax.limited) == (Fraction(8), (Fraction(4),), 105 * 10**12, "cap")
    assert [(one.key, one.value, one.source) for one in tax.data] == [
        ("land", micro(10), "基础数据表.xlsx"), ("tax", micro(80), "基础数据表.xlsx"),
    ]  # fmt: skip
    assert tax.points + revenue.points == told.score
    assert (told.rank, told.of, told.grade) == (1, 8, "A")


@on_a_file
def test_that_what_lifts_a_company_really_lifts_it(book: Book) -> None:
    found, _number = whole(book)
    assert found.classes[1] == "D"
    levers = {one.metric.key: one for one in rise(found, 1).levers}
    assert levers["tax"].code == "tax"
    more = levers["tax"].change
    assert more is not None
    columns = {key: list(column) for key, column in found.group.given.items()}
    columns["tax"][1] = (columns["tax"][1] or 0) + more
    assert evaluate(found.scheme, Group(found.group.members, columns, 2023)).classes[1] == "C"
    columns["tax"][1] = (columns["tax"][1] or 0) - FINEST
    assert evaluate(found.scheme, Group(found.group.members, columns, 2023)).classes[1] == "D"
    assert rise(found, 7).why is not None  # the best class
    assert {one.metric.key: one.change for one in rise(found, 3).levers}["tax"] is not None


def test_that_two_schemes_side_by_side_name_who_moves_and_which_item_moved_it(
    outcome: Outcome, district: Connection
) -> None:
    other = evaluate(Scheme.of(presets()["jingde-2022"]), outcome.group)
    found = moves(outcome, other)
    assert len(found) == 60
    assert found[0].up != 0
    assert all(abs(one.up) >= abs(two.up) for one, two in pairwise(found))
    first = found[0]
    assert first.parts[0][1] == max((points for _code, points in first.parts), key=abs)
    before = evaluate(outcome.scheme, group_of(district, 2022, scope="above"))
    assert len(moves(before, outcome)) == 60


def test_that_sensitivity_names_every_weight_and_the_low_efficiency_list_is_the_last_class(outcome: Outcome) -> None:
    found = sensitivity(outcome.scheme, outcome.group)
    assert {one.indicator.code for one in found} == {one.code for one in outcome.scheme.indicators}
    assert [outcome.classes[place] for place in low_efficiency(outcome)] == ["D", "D", "D"]
    by_tax = low_efficiency(outcome, below={"tax_per_mu": Fraction(5)})
    assert set(low_efficiency(outcome)) <= set(by_tax)


def test_that_the_demonstration_computes_the_published_figures_from_sixty_records(district: Connection) -> None:
    found = figures(district, HALF_YEAR, rows=True, by="street")
    tax, revenue = found["figures"]["per_mu.tax"], found["figures"]["per_mu.revenue"]
    assert (tax["value"], revenue["value"]) == ("338000", "6175000")
    assert Decimal(tax["yoy"]).quantize(Decimal("0.001")) == Decimal("0.336")
    assert (tax["numerator"], tax["denominator"]) == ("1352000000", "4000")
    assert (tax["rows"]["room"], len(tax["rows"]["ids"])) == ("per_mu", 60)
    parts = [of["per_mu.tax"] for of in found["by"].values()]
    assert sum(Decimal(one["numerator"]) for one in parts) == Decimal(tax["numerator"])
    assert any(one["value"] is None for one in parts)  # a street without enterprises


def test_that_the_years_of_one_company_stand_side_by_side_up_to_its_score_and_class(
    outcome: Outcome, district: Connection
) -> None:
    place = outcome.classes.index("C")
    parts = trend(district, outcome.group.members[place].company)
    assert [one.heading.render("en") for one in parts if isinstance(one.heading, Text)] == [
        "Revenue", "Tax paid", "Revenue per mu", "Tax per mu", "Score and class",
    ]  # fmt: skip
    tax = outcome.group.values(place)["tax"]
    assert tax is not None
    assert [(one.name, one.said) for one in parts[1].points][-1] == ("2023", f"{float(tax):,.1f}")
    assert all([one.name for one in part.points] == ["2022", "2023"] for part in parts[:4])
    assert parts[1].points[-1].record == ("per_mu", outcome.group.members[place].entry)
    assert [one.said for one in parts[4].points] == [f"{rounded(outcome.scores[place])} C"]


def rounded(score: int | None) -> str:
    return str(Decimal(decimal(score or 0)).quantize(Decimal("0.01"), ROUND_HALF_UP))


@on_a_file
def test_that_a_group_is_the_sum_over_the_sum_and_never_a_mean_of_ratios(book: Book) -> None:
    year_of_metrics(book, [("甲", {"land": 1, "tax": 100}), ("乙", {"land": 99, "tax": 100}), ("丙", {"tax": 7})])
    year_of_metrics(book, [("丁", {"land": 50, "tax": 1})], scale="below")
    with book.read() as connection:
        found = figures(connection, HALF_YEAR, rows=True)["figures"]
    assert found["per_mu.tax"]["value"] == "20000"
    assert len(found["per_mu.tax"]["rows"]["ids"]) == 2
    assert found["per_head.tax"]["value"] is None


def test_that_the_report_says_section_seven_in_both_languages(district: Connection) -> None:
    for lang, words in (
        ("zh", "2023年，规上工业企业60家，亩均营业收入617.5万元，同比增长9.8%；亩均税收33.8万元，同比增长33.6%；"),
        ("en", "In 2023 the 60 above-scale enterprises had a revenue per mu of 6,175,000 yuan, up 9.8%; "),
    ):
        report = build(district, HALF_YEAR, lang=lang)
        (section,) = [one for one in report.sections if one.key == "per_mu"]
        texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
        assert texts[0].startswith(words)
        assert "A" in texts[1]
        table = report.tables()["per_mu_by_place"]
        assert table.totals is not None
        assert table.totals[table.place("tax_per_mu")] == Decimal("33.80")


def test_that_the_command_scores_as_the_contract_says(
    demonstration: Path, outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["score", str(demonstration), "--year", "2023", "--scheme", "anhui-county", "--json", "--lang", "zh"]
    assert cli.main(given) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["scheme"], found["year"], found["classes"]) == ("anhui-county", 2023, outcome.counts())
    first = found["results"][0]
    assert set(first) == {"company", "code", "score", "rank", "class", "parts", "notes"}
    assert Decimal(first["score"]) == sum(map(Decimal, first["parts"].values()))
    assert [one["rank"] for one in found["results"]] == sorted(one["rank"] for one in found["results"])
    assert cli.main([*given[:-3], "--lang", "zh"]) == 0
    assert capsys.readouterr().out.endswith("A 15  B 27  C 15  D 3\n")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--year", "2023", "--scheme", "没有"], "没有名为“没有”的方案"),
        (["--year", "2019", "--scheme", "anhui-county"], "账本中没有“安徽县市区规上”可用的2019年度数据，请先导入。"),
        (["--year", "2022", "--scheme", "huaian-2024"], "“淮安2024”以上年数据为基准，账本中没有相应的上年数据。"),
    ],
)
def test_that_what_cannot_be_scored_is_refused_in_words(
    demonstration: Path, given: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["score", str(demonstration), *given, "--lang", "zh"]) == 1
    assert sentence in capsys.readouterr().err
