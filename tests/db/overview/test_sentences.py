"""The composed sentences of a report, each case beside the sentence an office would have written by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from db.core.period import Period
from db.overview import sentences_en as english
from db.overview import sentences_zh as chinese
from db.overview.facts import Compared, Facts, Part, Rank, Sum, Target, decimals, per_cent
from db.reports.report import Paragraph

YI, WAN = 10**10, 10**6
HALF = Period.parse("2024-01..2024-06")
JUNE = Period.parse("2024-06")


def texts(paragraphs: list[Paragraph]) -> list[str]:
    return [paragraph.text for paragraph in paragraphs]


def half_year(**more: object) -> Facts:
    """The published half year: 47 projects, 174.2 亿元 against 102.71, 26 large starts."""
    facts = {
        "signed": Compared(47, 32),
        "invested": Compared(1742 * YI // 10, 10271 * YI // 100),
        "started": Sum(30, 200 * YI),
        "started_large": Sum(26, 196 * YI),
    }
    return Facts(HALF, **{**facts, **more})  # type: ignore[arg-type]


def test_that_the_first_paragraph_says_the_published_half_year() -> None:
    assert texts(chinese.targets(half_year())) == [
        (
            "1—6月，全区新签约项目47个，同比增长46.9%；协议投资额174.2亿元，同比增长69.6%；"
            "新开工亿元以上项目26个，总投资196亿元。"
        )
    ]
    assert texts(english.targets(half_year())) == [
        (
            "In January–June 2024, 47 projects were newly signed, up 46.9% year on year; agreed investment came to"
            " 17.42 billion yuan, up 69.6% year on year; 26 projects of at least 100 million yuan started construction,"
            " with a total investment of 19.6 billion yuan."
        )
    ]


@pytest.mark.parametrize(
    ("period", "title", "opening"),
    [
        ("2024-01..2024-06", "2024年上半年全区", "2024年1—6月全区"),
        ("2024-01..2024-05", "2024年1—5月全区", "2024年1—5月全区"),
        ("2024-06", "2024年6月全区", "2024年6月全区"),
        ("2024", "2024年全区", "2024年全区"),
        ("2024-06-03..2024-06-16", "2024年6月3日—6月16日全区", "2024年6月3日—6月16日全区"),
        ("2024-05-27..2024-06-02", "2024年5月27日—6月2日全区", "2024年5月27日—6月2日全区"),
        ("2023-11..2024-02", "2023年11月—2024年2月全区", "2023年11月—2024年2月全区"),
    ],
)
def test_that_the_title_and_the_opening_name_the_period(period: str, title: str, opening: str) -> None:
    facts = Facts(Period.parse(period))
    assert chinese.title(facts) == f"{title}招商引资工作情况通报"
    assert chinese.opening(facts).text == f"现将{opening}招商引资工作情况通报如下："


def test_that_a_county_is_not_called_a_district() -> None:
    facts = Facts(JUNE, scope="全县", signed=Compared(1), invested=Compared(YI))
    assert chinese.title(facts) == "2024年6月全县招商引资工作情况通报"
    assert texts(chinese.targets(facts)) == ["6月，全县新签约项目1个；协议投资额1亿元。"]
    assert english.title(facts) == "Investment promotion in the county, June 2024"


def test_that_a_fall_is_told_as_such_with_a_positive_number() -> None:
    facts = Facts(HALF, signed=Compared(22, 32), invested=Compared(50 * YI, 100 * YI))
    assert texts(chinese.targets(facts)) == [
        "1—6月，全区新签约项目22个，同比下降31.3%；协议投资额50亿元，同比下降50.0%。"
    ]
    assert "22 projects were newly signed, down 31.3% year on year" in texts(english.targets(facts))[0]


@pytest.mark.parametrize("previous", [None, 0])
def test_that_without_a_previous_year_nothing_is_said_of_it(previous: int | None) -> None:
    facts = Facts(HALF, signed=Compared(3, previous), invested=Compared(12 * YI, previous))
    assert texts(chinese.targets(facts)) == ["1—6月，全区新签约项目3个；协议投资额12亿元。"]
    assert "year on year" not in texts(english.targets(facts))[0]


def test_that_an_equal_previous_year_is_said_to_be_equal() -> None:
    facts = Facts(HALF, signed=Compared(3, 3), invested=Compared(12 * YI, 12 * YI))
    assert texts(chinese.targets(facts)) == ["1—6月，全区新签约项目3个，同比持平；协议投资额12亿元，同比持平。"]
    assert "3 projects were newly signed, unchanged year on year" in texts(english.targets(facts))[0]


def test_that_a_change_too_small_to_print_is_not_printed_as_zero() -> None:
    facts = Facts(HALF, signed=Compared(3), invested=Compared(100 * YI + YI // 100, 100 * YI))
    assert texts(chinese.targets(facts)) == ["1—6月，全区新签约项目3个；协议投资额100.01亿元，与上年同期基本持平。"]


def test_that_nothing_signed_is_said_for_a_month_and_for_a_period() -> None:
    assert texts(chinese.targets(Facts(JUNE, signed=Compared(0, 4)))) == ["本月无新签约项目。"]
    assert texts(chinese.targets(Facts(HALF))) == ["本期无新签约项目。"]
    assert texts(chinese.signed(Facts(JUNE))) == ["本月无新签约项目。"]
    assert texts(english.targets(Facts(JUNE))) == ["No new signings this month."]
    assert texts(english.signed(Facts(HALF))) == ["No new signings this period."]


def test_that_increases_alone_are_no_new_signing_but_are_told() -> None:
    facts = Facts(JUNE, invested=Compared(2 * YI))
    assert texts(chinese.targets(facts)) == ["本月无新签约项目；增资扩产新增协议投资额2亿元。"]


def test_that_a_target_is_told_with_numerator_denominator_and_schedule() -> None:
    faster = half_year(targets={"signed.investment": Target(1742 * YI // 10, 300 * YI)})
    assert (
        "同比增长69.6%，完成年度目标任务的58.1%（174.2/300亿元），快于序时进度8.1个百分点；"
        in texts(chinese.targets(faster))[0]
    )
    assert (
        "58.1% of the year's target (17.42/30 billion yuan), 8.1 percentage points ahead of schedule"
        in (texts(english.targets(faster))[0])
    )
    slower = half_year(targets={"signed.count": Target(47, 132)})
    assert "，完成年度目标任务的35.6%（47/132个），慢于序时进度14.4个百分点；" in texts(chinese.targets(slower))[0]
    even = half_year(targets={"signed.count": Target(47, 94)})
    assert "完成年度目标任务的50.0%（47/94个），与序时进度持平；" in texts(chinese.targets(even))[0]
    assert "50.0% of the year's target (47/94), on schedule" in texts(english.targets(even))[0]


def test_that_a_period_inside_the_year_compares_the_year_to_date_with_the_target() -> None:
    facts = Facts(JUNE, signed=Compared(9), invested=Compared(36 * YI), targets={"signed.count": Target(47, 90)})
    assert texts(chinese.targets(facts)) == [
        (
            "6月，全区新签约项目9个；协议投资额36亿元；"
            "1—6月累计新签约项目47个，完成年度目标任务的52.2%（47/90个），快于序时进度2.2个百分点。"
        )
    ]


def test_that_nothing_is_said_of_a_target_that_is_not_set() -> None:
    assert "目标" not in texts(chinese.targets(half_year()))[0]
    assert "目标" not in texts(chinese.targets(half_year(targets={"signed.count": Target(47, 0)})))[0]


def test_that_the_city_rank_is_told_where_the_bulletin_has_one() -> None:
    ranks = (Rank("signed.investment", 170 * YI, 2), Rank("signed.count", 45, None), Rank("unknown", 1, 1))
    assert texts(chinese.targets(half_year(ranks=ranks)))[1:] == [
        "据市级通报，新签约项目协议投资额170亿元，居全市第2位；新签约项目45个。"
    ]
    assert texts(english.targets(half_year(ranks=ranks)))[1:] == [
        (
            "According to the city's bulletin: agreed investment 17 billion yuan, number 2 in the city;"
            " newly signed projects 45."
        )
    ]


def test_that_the_expected_year_stands_beside_the_target() -> None:
    facts = half_year(expected=Sum(83, 270 * YI), targets={"signed.investment": Target(1742 * YI // 10, 360 * YI)})
    assert texts(chinese.targets(facts))[1] == (
        "按在谈项目预计签约月份推算，预计全年新签约项目83个，协议投资额270亿元，为年度目标任务的75.0%（270/360亿元）。"
    )


def test_that_units_come_in_descending_order_and_ties_keep_their_own() -> None:
    parts = (Part("甲镇", 5), Part("乙镇", 34), Part("丙镇", 5), Part("丁镇", 0), Part("未填", 40, blank=True))
    told = texts(chinese.signed(Facts(HALF, signed=Compared(84), streets=parts)))
    assert told == ["新签约项目按属地分别为：乙镇34个、甲镇5个、丙镇5个、属地未填40个。"]


def test_that_one_unit_is_not_told_as_several() -> None:
    parts = (Part("甲镇", 0), Part("乙镇", 3))
    facts = Facts(JUNE, signed=Compared(3), streets=parts)
    assert texts(chinese.signed(facts)) == ["3个新签约项目均在乙镇。"]
    assert texts(english.signed(facts)) == ["All 3 newly signed projects are in 乙镇."]
    one = Facts(JUNE, signed=Compared(1), streets=(Part("乙镇", 1),))
    assert texts(chinese.signed(one)) == ["1个新签约项目在乙镇。"]


def test_that_places_nobody_filled_in_are_no_place() -> None:
    facts = Facts(JUNE, signed=Compared(3), streets=(Part("甲镇", 0), Part("未填", 3, blank=True)))
    assert texts(chinese.signed(facts)) == ["新签约项目3个。"]


def test_that_industries_sources_and_sizes_are_told_with_their_money() -> None:
    facts = Facts(
        HALF,
        signed=Compared(24),
        invested=Compared(100 * YI),
        industries=(Part("软件信息", 10, 247 * YI // 10), Part("光电信息", 14, 753 * YI // 10)),
        sources=(Part("省内", 4, 20 * YI), Part("省外", 20, 80 * YI), Part("境外", 0)),
        sizes=(Part("1—5亿元", 23, 70 * YI), Part("20—50亿元", 1, 30 * YI)),
    )
    assert texts(chinese.signed(facts)) == [
        "分产业看，光电信息14个、75.3亿元，占协议投资额的75.3%；软件信息10个、24.7亿元，占24.7%。",
        "分资金来源看，省内4个（20亿元）、省外20个（80亿元）。",
        "分投资规模看，20—50亿元1个（30亿元）、1—5亿元23个（70亿元）。",
    ]


def test_that_a_tail_of_industries_is_summed_up() -> None:
    parts = tuple(Part(f"产业{n}", 10 - n, YI) for n in range(7))
    told = texts(chinese.signed(Facts(HALF, signed=Compared(49), invested=Compared(7 * YI), industries=parts)))[0]
    assert told.endswith("产业4" + "6个、1亿元，占14.3%；其他产业9个、2亿元，占28.6%。")


def test_that_starts_and_productions_are_told_by_total_investment() -> None:
    assert texts(chinese.started(half_year(produced=Sum(9, 5000 * WAN)))) == [
        "新开工项目30个，总投资200亿元，其中亿元以上项目26个，总投资196亿元。",
        "新投产项目9个，总投资5000万元。",
    ]
    assert texts(chinese.started(Facts(JUNE))) == ["本月无新开工项目。", "本月无新投产项目。"]
    every = Facts(HALF, started=Sum(2, 3 * YI), started_large=Sum(2, 3 * YI))
    assert texts(chinese.started(every))[0] == "新开工项目2个，总投资3亿元，均为亿元以上项目。"


def test_that_the_start_rate_of_the_signings_is_off_and_prints_its_population_when_on() -> None:
    assert len(chinese.started(half_year())) == 2
    assert (
        texts(chinese.started(half_year(cohort=(22, 32))))[2]
        == "本期签约的32个项目中，已开工22个，开工率68.8%（22/32）。"
    )
    assert len(chinese.started(Facts(JUNE, cohort=(0, 0)))) == 2


def test_that_activities_are_told_and_none_are_not() -> None:
    held = {"outbound": 31, "received": 0, "promotion": 20, "leads": 5}
    assert texts(chinese.activities(half_year(activities=held))) == [
        "开展外出招商31次，举办推介、对接、路演活动20场，发现项目线索5个。"
    ]
    assert texts(english.activities(half_year(activities=held))) == [
        "There were 31 outbound visits, 20 promotion events, and 5 projects found through them."
    ]
    assert chinese.activities(half_year(activities={"leads": 3})) == []


def test_that_problems_say_what_stands_still_and_why() -> None:
    facts = half_year(
        stuck_signed=Sum(12, 60 * YI),
        stuck_reasons=(Part("资金", 3), Part("土地", 5), Part("未填", 4, blank=True)),
        stuck_started=Sum(2, YI),
    )
    assert texts(chinese.problems(facts)) == [
        "一是签约满6个月未开工项目（含往年）12个，协议投资额60亿元，未开工原因分别为：土地5个、资金3个、原因未填4个。",
        "二是开工满6个月未投产项目（含往年）2个，总投资1亿元。",
    ]
    one = half_year(stuck_signed=Sum(2, 0), stuck_reasons=(Part("土地", 2),), months=9)
    assert texts(chinese.problems(one)) == ["签约满9个月未开工项目（含往年）2个，未开工原因均为土地。"]
    assert chinese.problems(half_year()) == []


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (1742 * YI // 10, "174.2亿元", "17.42 billion yuan"),
        (196 * YI, "196亿元", "19.6 billion yuan"),
        (YI, "1亿元", "100 million yuan"),
        (5000 * WAN, "5000万元", "50 million yuan"),
        (6175 * WAN // 10, "617.5万元", "6.18 million yuan"),
        (YI - 1, "1亿元", "100 million yuan"),
        (12_345 * YI // 1000, "12.35亿元", "1.23 billion yuan"),
    ],
)
def test_that_money_is_told_in_the_unit_that_fits_without_zeros_at_the_end(amount: int, zh: str, en: str) -> None:
    assert chinese.money(amount) == zh
    assert english.money(amount) == en


def test_that_rates_are_rounded_half_up_once() -> None:
    assert per_cent(Fraction(22, 32)) == "68.8"
    assert per_cent(Fraction(-1, 2)) == "50.0"
    assert decimals(-25, 10, 0) == "-3"


def test_that_days_of_the_year_are_the_schedule_of_a_period_of_days() -> None:
    assert Facts(Period.parse("2024-01-01..2024-06-30")).elapsed == Fraction(182, 366)


def test_that_every_number_of_the_first_paragraph_names_its_figure() -> None:
    runs = chinese.targets(half_year())[0].runs
    assert [(run.figure, run.text) for run in runs if not isinstance(run, str)] == [
        ("signed.count", "47个"),
        ("signed.count", "46.9%"),
        ("signed.investment", "174.2亿元"),
        ("signed.investment", "69.6%"),
        ("started.large.count", "26个"),
        ("started.large.investment", "196亿元"),
    ]
