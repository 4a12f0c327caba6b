"""The text of every case beside the sentences an office would have written by hand, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.period import Period
from db.overview import sentences_en as english
from db.overview import sentences_zh as chinese
from db.overview.facts import Compared, Facts, Part, Rank, Sum, Target
from db.reports.report import Figure, FigureNumber, Paragraph

YI, WAN = 10**10, 10**6


def of(period: str, **more: object) -> Facts:
    """Two signings of 3 亿元 in all, unless said otherwise."""
    facts: dict[str, object] = {"signed": Compared(2), "invested": Compared(3 * YI)}
    return Facts(Period.parse(period), **{**facts, **more})  # type: ignore[arg-type]


def units(*counts: int) -> tuple[Part, ...]:
    """Towns in 建制顺序 with so many projects each."""
    return tuple(Part(f"{name}镇", count) for name, count in zip("甲乙丙丁", counts, strict=False))


NOTHING = {"signed": Compared(), "invested": Compared()}

# What is the case, the facts, the Chinese sentence, the English one.
FIRST = [
    ("a month", of("2024-06"), "6月，全区新签约项目2个；协议投资额3亿元。",
     "In June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan."),
    ("one project", of("2024-06", signed=Compared(1)), "6月，全区新签约项目1个；协议投资额3亿元。",
     "In June 2024, 1 project was newly signed; agreed investment came to 300 million yuan."),
    ("a month with nothing signed", of("2024-06", **NOTHING), "本月无新签约项目。", "No new signings this month."),
    ("a week with nothing signed", of("2024-06-03..2024-06-09", **NOTHING), "本周无新签约项目。",
     "No new signings this week."),
    ("ten days with nothing signed", of("2024-06-11..2024-06-20", **NOTHING), "本旬无新签约项目。",
     "No new signings in these ten days."),
    ("a fortnight with nothing signed", of("2024-06-03..2024-06-16", **NOTHING), "本期无新签约项目。",
     "No new signings this fortnight."),
    ("a quarter with nothing signed", of("2024-04..2024-06", **NOTHING), "本季度无新签约项目。",
     "No new signings this quarter."),
    ("a year with nothing signed", of("2024", **NOTHING), "全年无新签约项目。", "No new signings this year."),
    ("nothing after something last year", of("2024-06", signed=Compared(0, 5), invested=Compared(0, 9 * YI)),
     "本月无新签约项目。", "No new signings this month."),
    ("a week", of("2024-06-03..2024-06-09"), "6月3日—6月9日，全区新签约项目2个；协议投资额3亿元。",
     "In the week of 3–9 June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan."),
    ("a fortnight over the end of a month", of("2024-05-27..2024-06-09"),
     "5月27日—6月9日，全区新签约项目2个；协议投资额3亿元。",
     "In the days 27 May to 9 June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan."),
    ("a year", of("2024"), "全年，全区新签约项目2个；协议投资额3亿元。",
     "In 2024, 2 projects were newly signed; agreed investment came to 300 million yuan."),
    ("a rise", of("2024-06", signed=Compared(3, 2)), "6月，全区新签约项目3个，同比增长50.0%；协议投资额3亿元。",
     "In June 2024, 3 projects were newly signed, up 50.0% year on year; agreed investment came to 300 million yuan."),
    ("a fall", of("2024-06", invested=Compared(3 * YI, 4 * YI)),
     "6月，全区新签约项目2个；协议投资额3亿元，同比下降25.0%。",
     "In June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan, down 25.0% year on year."),
    ("no change", of("2024-06", signed=Compared(2, 2)), "6月，全区新签约项目2个，同比持平；协议投资额3亿元。",
     "In June 2024, 2 projects were newly signed, unchanged year on year; agreed investment came to 300 million yuan."),
    ("last year nothing", of("2024-06", signed=Compared(2, 0)), "6月，全区新签约项目2个；协议投资额3亿元。",
     "In June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan."),
    ("money below a hundred million", of("2024-06", invested=Compared(6500 * WAN)),
     "6月，全区新签约项目2个；协议投资额6500万元。",
     "In June 2024, 2 projects were newly signed; agreed investment came to 65 million yuan."),
    ("a target, ahead", of("2024-01..2024-06", targets={"signed.count": Target(6, 10)}, signed=Compared(6)),
     "1—6月，全区新签约项目6个，完成年度目标任务的60.0%（6/10个），快于序时进度10.0个百分点；协议投资额3亿元。",
     ("In January–June 2024, 6 projects were newly signed, 60.0% of the year's target (6/10), 10.0 percentage points "
      "ahead of schedule; agreed investment came to 300 million yuan.")),
    ("a target of zero", of("2024-01..2024-06", targets={"signed.count": Target(6, 0)}, signed=Compared(6)),
     "1—6月，全区新签约项目6个；协议投资额3亿元。",
     "In January–June 2024, 6 projects were newly signed; agreed investment came to 300 million yuan."),
    ("a target, what is missing", of("2024-01..2024-06", targets={"signed.investment": Target(3 * YI, 10 * YI)}, gap=True),
     ("1—6月，全区新签约项目2个；协议投资额3亿元，完成年度目标任务的30.0%（3/10亿元），慢于序时进度20.0个百分点，"
      "距目标还差7亿元。"),
     ("In January–June 2024, 2 projects were newly signed; agreed investment came to 300 million yuan, 30.0% of the year's "
      "target (0.3/1 billion yuan), 20.0 percentage points behind schedule, 700 million yuan short of it.")),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "zh", "en"), [case[1:] for case in FIRST], ids=[case[0] for case in FIRST])
def test_that_the_first_paragraph_reads_well_in_every_case(facts: Facts, zh: str, en: str) -> None:
    assert chinese.targets(facts)[0].text == zh
    assert english.targets(facts)[0].text == en


UNITS = [
    ("most first", units(1, 3, 2), False, "新签约项目按属地分别为：乙镇3个、丙镇2个、甲镇1个。"),
    ("ties keep the order", units(2, 3, 2, 2), False, "新签约项目按属地分别为：乙镇3个、甲镇2个、丙镇2个、丁镇2个。"),
    ("in the order of the units", units(1, 3, 0, 2), True, "新签约项目按属地分别为：甲镇1个、乙镇3个、丁镇2个。"),
    ("one unit", units(0, 3), False, "3个新签约项目均在乙镇。"),
    ("one project", units(1), True, "1个新签约项目在甲镇。"),
    ("some name no place", (*units(1, 3), Part("未填", 5, blank=True)), False,
     "新签约项目按属地分别为：乙镇3个、甲镇1个、属地未填5个。"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "in_order", "zh"), [case[1:] for case in UNITS], ids=[case[0] for case in UNITS])
def test_that_units_stand_as_the_form_wants_them(parts: tuple[Part, ...], in_order: bool, zh: str) -> None:
    facts = of("2024-06", signed=Compared(sum(part.count for part in parts)), streets=parts, in_order=in_order)
    assert chinese.signed(facts)[0].text == zh


CITY = [
    (Rank("signed.count", 47, 3), "据市级通报，新签约项目47个，居全市第3位。",
     "According to the city's bulletin: newly signed projects 47, number 3 in the city."),
    (Rank("signed.investment", 174 * YI, 3, "四城区", 2), "据市级通报，新签约项目协议投资额174亿元，居全市第3位、四城区第2位。",
     ("According to the city's bulletin: agreed investment 17.4 billion yuan, number 3 in the city, number 2 in the four "
      "urban districts.")),
    (Rank("signed.investment", None, None, "四城区", 2), "据市级通报，新签约项目协议投资额居四城区第2位。",
     "According to the city's bulletin: agreed investment, number 2 in the four urban districts."),
    (Rank("signed.count", 47, None), "据市级通报，新签约项目47个。",
     "According to the city's bulletin: newly signed projects 47."),
]  # fmt: skip


@pytest.mark.parametrize(("rank", "zh", "en"), CITY)
def test_that_the_city_gives_our_place_among_all_and_among_the_urban_districts(rank: Rank, zh: str, en: str) -> None:
    facts = of("2024-01..2024-06", ranks=(rank,))
    assert chinese.targets(facts)[1].text == zh
    assert english.targets(facts)[1].text == en


KINDS = [
    ("2024-06", "bulletin", "2024年6月全区招商引资工作情况通报", "现将2024年6月全区招商引资工作情况通报如下："),
    ("2024-06", "monthly", "2024年6月全区招商引资工作月报", "现将2024年6月全区招商引资工作情况通报如下："),
    ("2024-04..2024-06", "special", "2024年第二季度全区招商引资工作专报", "现将2024年4—6月全区招商引资工作情况报告如下："),
    ("2024-01..2024-09", "brief", "2024年前三季度全区招商引资工作简报", "现将2024年1—9月全区招商引资工作情况通报如下："),
    ("2024-07..2024-12", "快报", "2024年下半年全区招商引资工作快报", "现将2024年7—12月全区招商引资工作情况通报如下："),
    ("2024-06-03..2024-06-09", "bulletin", "2024年6月3日—6月9日全区招商引资工作情况通报",
     "现将2024年6月3日—6月9日全区招商引资工作情况通报如下："),
]  # fmt: skip


@pytest.mark.parametrize(("period", "kind", "title", "opening"), KINDS)
def test_that_title_and_opening_follow_the_kind_and_the_period(
    period: str, kind: str, title: str, opening: str
) -> None:
    facts = of(period)
    assert chinese.title(facts, kind) == title
    assert chinese.opening(facts, kind).text == opening
    assert english.title(facts, kind).startswith("Investment promotion in the district, ")


def test_that_the_city_counts_from_january_whatever_the_period() -> None:
    facts = of("2024-06", ranks=(Rank("signed.count", 47, 3),))
    assert chinese.targets(facts)[1].text == "据市级1—6月通报，新签约项目47个，居全市第3位。"
    assert english.targets(facts)[1].text.startswith("According to the city's bulletin for January–June 2024: newly")


def test_that_the_year_to_come_is_what_is_done_and_what_is_expected_against_the_target() -> None:
    facts = of("2024-01..2024-06", expected=Sum(60, 270 * YI), targets={"signed.investment": Target(3 * YI, 300 * YI)})
    assert chinese.targets(facts)[1].text == (
        "按在谈项目预计签约月份推算，预计全年新签约项目60个，协议投资额270亿元，为年度目标任务的90.0%（270/300亿元）。"
    )
    assert english.targets(facts)[1].text == (
        "By the months in which signings are expected, the whole year may bring 60 projects and 27 billion yuan, 90.0% of "
        "the year's target (27/30 billion yuan)."
    )


def test_that_a_month_without_data_is_told_in_whole_sentences() -> None:
    empty = Facts(Period.parse("2024-06"))
    for write in (chinese, english):
        told = [*write.targets(empty), *write.signed(empty), *write.started(empty)]
        assert len(told) == 4
        assert all(paragraph.text[-1] in "。." for paragraph in told)
        assert [*write.activities(empty), *write.negotiating(empty), *write.problems(empty)] == []


def test_that_every_paragraph_has_a_place_of_its_own_and_every_number_its_figure() -> None:
    facts = of(
        "2024-01..2024-06", signed=Compared(5, 4), streets=units(2, 3), targets={"signed.count": Target(5, 10)},
        industries=tuple(Part(f"产业{at}", 9 - at, YI) for at in range(8)), sources=(Part("省内", 5, YI),),
        ranks=(Rank("signed.count", 47, 3, "四城区", 2),), started=Sum(3, YI), produced=Sum(1, YI), cohort=(2, 5),
        expected=Sum(9, YI), negotiating=Sum(4, YI), activities={"outbound": 3, "promotion": 1, "leads": 2},
        stuck_signed=Sum(2, YI), stuck_reasons=(Part("土地", 1), Part("资金", 1)), stuck_started=Sum(1, YI),
    )  # fmt: skip
    for write in (chinese, english):
        parts = (write.targets, write.signed, write.started, write.activities, write.negotiating, write.problems)
        told: list[Paragraph] = [write.opening(facts), *(one for part in parts for one in part(facts))]
        places = [one.place for one in told]
        assert len(set(places)) == len(places) == 14
        assert all(places)
        for one in told:
            numbers = [(run.figure, run.nth) for run in one.runs if isinstance(run, FigureNumber)]
            assert len(set(numbers)) == len(numbers)
    rest = chinese.signed(facts)[1].text
    assert rest.endswith("；其他产业9个、3亿元，占100.0%。")


FIGURES = [
    (None, 1, "—", "—"),
    (Figure("signed.count", "", "", "", None), 1, "—", "—"),
    (Figure("signed.count", "", "", "", 47, previous=32), 1, "47个", "47 projects"),
    (Figure("signed.count", "", "", "", 47, previous=32), 2, "46.9%", "46.9%"),
    (Figure("signed.count", "", "", "", 47, previous=0), 2, "—", "—"),
    (Figure("signed.count@street@甲镇", "", "", "", 3), 1, "3个", "3 projects"),
    (Figure("signed.investment", "", "", "", 17_420_000_000), 1, "174.2亿元", "17.42 billion yuan"),
    (Figure("foreign.used", "", "", "", 1_200_000), 1, "120万美元", "1.2 million US dollars"),
    (Figure("activities.promotion", "", "", "", 20), 1, "20场", "20"),
    (Figure("start_rate.cohort", "", "", "", Decimal("0.6875"), 22, 32), 1, "68.8%", "68.8%"),
    (Figure("targets.signed.count.rate", "", "", "", None, 6, 0), 1, "—", "—"),
]


@pytest.mark.parametrize(("figure", "nth", "zh", "en"), FIGURES)
def test_that_a_number_put_into_a_text_by_hand_reads_as_it_would_in_a_sentence(
    figure: Figure | None, nth: int, zh: str, en: str
) -> None:
    assert (chinese.figure_text(figure, nth), english.figure_text(figure, nth)) == (zh, en)
