"""The text of a report in a person's own words: numbers stay those of the book, or are marked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core import history
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview import wording
from db.overview.closing import close
from db.overview.facts import paragraph
from db.overview.report import Draft, build, draft
from db.overview.section_names import section_name
from db.overview.wording import from_markup, to_markup
from db.overview.writing import report_of
from db.reports.report import Figure, FigureNumber, Mode, Paragraph, Report, printed
from db.reports.stored import from_json, to_json
from tests.conftest import on_a_file
from tests.factories.people import units
from tests.factories.projects import choose, projects, signed

HALF, MAY_SO_FAR = Period.parse("2024-01..2024-06"), Period.parse("2024-01..2024-05")
JUNE = Period.parse("2024-06")
TODAY = dt.date(2024, 7, 8)


# --- markup --------------------------------------------------------------------------------------------------------

_KEYS = st.sampled_from(
    ["signed.count", "signed.investment", "targets.signed.count.rate", "signed.count@street@甲镇{a}:b=c\\"]
)
_WORDS = st.text(st.sampled_from("现新签约 项目：{}\\=:.signed个%，2"), max_size=12)
_RUNS = st.lists(st.one_of(_WORDS, st.builds(FigureNumber, _KEYS, _WORDS.filter(bool), _WORDS)), max_size=8)


@settings(max_examples=120)
@given(_RUNS, st.sampled_from(["", "signed.places"]), st.randoms(use_true_random=False))
def test_that_a_paragraph_becomes_markup_and_back_whatever_stands_in_it(
    runs: list[str | FigureNumber], place: str, random: object
) -> None:
    composed = paragraph(*runs, place=place)
    shuffled = list(composed.runs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    moved = replace(composed, runs=_merged(shuffled), mode="edited")
    assert from_markup(to_markup(moved), composed, {}, "zh") == moved
    assert to_markup(from_markup(to_markup(composed), composed, {}, "zh")) == to_markup(composed)


def _merged(runs: list[str | FigureNumber]) -> tuple[str | FigureNumber, ...]:
    """As a writer leaves them: no two texts beside each other."""
    found: list[str | FigureNumber] = []
    for run in runs:
        if found and isinstance(run, str) and isinstance(found[-1], str):
            found[-1] += run
        else:
            found.append(run)
    return tuple(found)


def test_that_braces_that_name_no_number_are_text() -> None:
    read = from_markup(
        "见{附件}、{a}和{signed.count}", None, {"signed.count": Figure("signed.count", "", "", "", 3)}, "zh"
    )
    assert read.text == "见{附件}、{a}和3个"
    assert from_markup("{no.such}", None, {}, "en").text == "—"


# --- in the book ---------------------------------------------------------------------------------------------------


@pytest.fixture
def june(book: Book) -> Book:
    """Two towns, three signings this half-year (two last year), one of them in June."""
    units(book, "甲镇", "乙镇")
    projects(
        book,
        signed("2023-03-02", 5, street="乙镇"), signed("2023-03-05", 1, street="乙镇"),
        signed("2024-02-11", 2, street="甲镇"), signed("2024-03-11", 3, street="乙镇"),
        signed("2024-06-11", 4, street="乙镇"),
    )  # fmt: skip
    return book


def of(book: Book, period: Period = HALF, lang: str = "zh") -> Draft:
    with book.read() as connection:
        return draft(connection, period, lang=lang, today=TODAY)


def said(report: Report, place: str) -> Paragraph:
    return next(one for one in report.paragraphs() if one.place == place)


def texts(report: Report, section: str) -> list[str]:
    found = next(one for one in report.sections if one.key == section)
    return [block.text for block in found.blocks if isinstance(block, Paragraph)]


def edit(
    book: Book, place: str, markup: str | None, mode: Mode = "edited", *, period: Period = HALF, lang: str = "zh"
) -> None:
    automatic = of(book, period, lang).automatic.get(place)
    with book.write(wording.label(period, Text("目标"), mode)) as connection:
        wording.save(
            connection, period, form="month", place=place, markup=markup, mode=mode, lang=lang, automatic=automatic
        )


RESULTS = "targets.results"
OURS = "上半年，我区新签约{signed.count}项目，同比{signed.count:2}；到账情况另报。"


@on_a_file
def test_that_a_changed_sentence_shows_the_new_number_when_the_figure_changes(june: Book) -> None:
    edit(june, RESULTS, OURS)
    told = said(of(june).report, RESULTS)
    assert (told.text, told.mode) == ("上半年，我区新签约3个项目，同比50.0%；到账情况另报。", "edited")
    assert [(run.figure, run.printed) for run in told.runs if isinstance(run, FigureNumber)] == [
        ("signed.count", "3个"), ("signed.count", "50.0%"),
    ]  # fmt: skip
    projects(june, signed("2024-04-01", 1, street="甲镇"))
    assert said(of(june).report, RESULTS).text == "上半年，我区新签约4个项目，同比100.0%；到账情况另报。"


@on_a_file
def test_that_a_number_typed_by_hand_is_printed_and_marked_with_what_the_book_says(june: Book) -> None:
    edit(june, RESULTS, "新签约{signed.count=4个}，{signed.investment=9亿元}。")
    told = said(of(june).report, RESULTS)
    assert told.text == "新签约4个，9亿元。"
    assert [(one.figure, one.typed, one.text) for one in told.altered] == [("signed.count", "4个", "3个")]
    assert any("4个" in one.sentence and "3个" in one.sentence for one in of(june).report.pending)


@on_a_file
def test_that_what_is_not_printed_stands_in_the_draft_and_not_in_the_report(june: Book) -> None:
    edit(june, "signed.places", None, "off")
    with june.read() as connection:
        report = build(connection, HALF, today=TODAY)
    whole = of(june).report
    assert said(whole, "signed.places").mode == "off"
    assert report == printed(whole)
    assert "按属地" not in report.text()
    assert "By place" not in printed(of(june, lang="en").report).text()
    edit(june, "signed.places", None, "auto")
    assert said(of(june).report, "signed.places").mode == "auto"


@on_a_file
def test_that_a_sentence_turned_off_and_on_again_keeps_its_words(june: Book) -> None:
    edit(june, RESULTS, OURS)
    edit(june, RESULTS, None, "off")
    edit(june, RESULTS, None, "edited")
    assert said(of(june).report, RESULTS).text.startswith("上半年，我区")


@on_a_file
def test_that_a_changed_sentence_is_pointed_out_when_the_composed_one_reads_otherwise(june: Book) -> None:
    edit(june, RESULTS, "新签约{signed.count}，同比增长{signed.count:2}。")
    assert of(june).report.pending == ()
    projects(june, signed("2023-04-01", 1), signed("2023-05-01", 1))
    report = of(june).report
    assert said(report, RESULTS).text == "新签约3个，同比增长25.0%。"
    assert [one.place for one in report.pending] == [RESULTS]
    assert "下降" in report.pending[0].sentence


@on_a_file
def test_that_a_changed_sentence_stays_where_nothing_is_composed_any_more(june: Book) -> None:
    edit(june, "signed.places", "乙镇贡献最大，共{signed.count@street@乙镇}。", period=JUNE)
    assert said(of(june, JUNE).report, "signed.places").text == "乙镇贡献最大，共1个。"
    with june.write(_("Undo nothing")) as connection:
        from db.projects.service import delete_projects

        delete_projects(connection, [5])
    report = of(june, JUNE).report
    assert texts(report, "signed") == ["本月无新签约项目。", "乙镇贡献最大，共—。"]
    assert "signed.places" in [one.place for one in report.pending]


@on_a_file
def test_that_the_words_of_one_language_are_not_put_into_the_other(june: Book) -> None:
    edit(june, RESULTS, OURS)
    assert said(of(june, lang="en").report, RESULTS).mode == "auto"
    edit(june, RESULTS, "Ours: {signed.count}.", lang="en")
    assert said(of(june, lang="en").report, RESULTS).text == "Ours: 3 projects."
    assert said(of(june).report, RESULTS).text.startswith("上半年，我区")


@on_a_file
def test_that_free_text_is_carried_over_until_it_is_touched(june: Book) -> None:
    edit(
        june, "problems.own", "一是储备不足，仅签约{signed.count}。\n\n二是要素保障不够。", "written", period=MAY_SO_FAR
    )
    edit(june, "next_steps.own", "坚持双周调度。", "written", period=MAY_SO_FAR)
    report = of(june).report
    assert texts(report, "problems")[-2:] == ["一是储备不足，仅签约3个。", "二是要素保障不够。"]
    own = said(report, "problems.own.1")
    assert (own.mode, own.carried) == ("written", "2024-01..2024-05")
    assert said(of(june, MAY_SO_FAR).report, "problems.own.1").text == "一是储备不足，仅签约2个。"
    edit(june, "problems.own", "只有一条。", "written")
    report = of(june).report
    assert (texts(report, "problems")[-1], said(report, "problems.own.1").carried) == ("只有一条。", "")
    assert said(report, "next_steps.own.1").carried == "2024-01..2024-05"
    edit(june, "next_steps.own", "", "written")
    assert "next_steps" not in [one.key for one in printed(of(june).report).sections]
    assert said(of(june, JUNE).report, "problems.own.1").text == "只有一条。"
    assert said(of(june, MAY_SO_FAR, "en").report, "problems.own.1").text == "一是储备不足，仅签约2个。"


@on_a_file
def test_that_without_an_earlier_report_the_text_of_the_settings_stands(june: Book) -> None:
    choose(june, report__problems="缺土地。\n缺资金。")
    assert texts(of(june).report, "problems")[-2:] == ["缺土地。", "缺资金。"]


@on_a_file
def test_that_a_person_may_write_into_any_section(june: Book) -> None:
    edit(june, "activities.own", "接待客商{signed.count}批次。", "written")
    assert texts(printed(of(june).report), "activities") == ["接待客商3个批次。"]
    edit(june, "activities.own", None, "off")
    assert "activities" not in [one.key for one in printed(of(june).report).sections]


@on_a_file
def test_that_the_lines_around_the_text_may_be_written_for_one_report(june: Book) -> None:
    edit(june, "title", "关于上半年招商引资情况的专报", "written")
    edit(june, "addressee", "区委、区政府：", "written")
    edit(june, "copies", "报：区委\n发：各镇", "written")
    edit(june, "subtitle", None, "off")
    report = of(june).report
    assert (report.title, report.addressee, report.subtitle) == ("关于上半年招商引资情况的专报", "区委、区政府：", "")
    assert report.copies == ("报：区委", "发：各镇")
    assert of(june, JUNE).report.title == "2024年6月全区招商引资工作情况通报"


def test_that_every_change_of_the_text_has_a_name_and_can_be_undone(june: Book) -> None:
    before = of(june).report
    edit(june, RESULTS, OURS)
    operation = june.operations(limit=1)[0]
    assert operation.label.render("zh") == "2024年1—6月报告·目标：修改文字"
    assert june.undo(operation.number).conflicts == ()
    assert of(june).report == before


@on_a_file
def test_that_the_text_can_be_seen_as_it_was(june: Book) -> None:
    edit(june, RESULTS, "旧文字{signed.count}。")
    then = june.operations(limit=1)[0].number
    edit(june, RESULTS, "新文字{signed.count}。")
    report, _final = report_of(june, HALF, as_of=then, today=TODAY)
    assert said(report, RESULTS).text == "旧文字3个。"


@on_a_file
def test_that_a_finalised_report_keeps_the_words_it_had(june: Book) -> None:
    edit(june, RESULTS, "新签约{signed.count=4个}。", period=JUNE)
    edit(june, "signed.places", None, "off", period=JUNE)
    edit(june, "next_steps.own", "坚持双周调度。", "written", period=JUNE)
    close(june, JUNE, today=TODAY)
    edit(june, RESULTS, "事后的话。", period=JUNE)
    edit(june, "next_steps.own", "事后的打算。", "written", period=JUNE)
    report, final = report_of(june, JUNE)
    assert final
    assert said(report, RESULTS).text == "新签约4个。"
    assert said(report, RESULTS).altered[0].text == "1个"
    assert texts(report, "next_steps") == ["坚持双周调度。"]
    assert "按属地" not in report.text()
    assert from_json(to_json(report)) == report


@on_a_file
def test_that_a_paragraph_that_cannot_be_is_refused(june: Book) -> None:
    for place in ("", "problems.own.2"):
        with pytest.raises(Refused), june.write(_("Text")) as connection:
            wording.save(connection, HALF, form="month", place=place, markup="x")


@on_a_file
def test_that_only_words_were_changed_is_known_from_the_history(book: Book) -> None:
    projects(book, signed("2024-02-11", 2, name="甲项目"))
    with book.read() as connection:
        start = history.next_change(connection, METADATA)
    label = wording.label(HALF, section_name("problems.own"), "written")
    with book.write(label) as connection:
        wording.save(connection, HALF, form="month", place="problems.own", markup="一是。", mode="written")
    with book.read() as connection:
        known = draft(connection, HALF)
        assert wording.only_words_since(connection, start)
        again = draft(connection, HALF, found=known.found, told=known.told)
        assert again.report == known.report
    assert [label.render(lang) for lang in ("zh", "en")] == [
        "2024年1—6月报告·存在问题：修改文字", "Report of 1–6/2024, Problems: text changed",
    ]  # fmt: skip
    projects(book, signed("2024-03-11", 2, name="乙项目"))
    with book.read() as connection:
        assert not wording.only_words_since(connection, start)
