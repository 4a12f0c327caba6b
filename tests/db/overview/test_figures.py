"""The figures of a period, each from rows one can count on one's fingers."""

from __future__ import annotations

from typing import Any

import pytest

from db.core.book import Book
from db.core.errors import Usage
from db.core.period import Period
from db.core.text import Text, _
from db.overview.figures import figures, rendered
from db.people.models import STREET
from db.projects.service import add_activity, add_investment, publish, set_rate, set_status, set_target
from tests.conftest import on_a_file
from tests.factories import people, projects
from tests.factories.projects import YI, choose, ids_of, row, signed, write

HALF = "2024-01..2024-06"


def ask(book: Book, period: str = HALF, **options: Any) -> dict[str, Any]:
    with book.read() as connection:
        return figures(connection, Period.parse(period), **options)


def value(book: Book, key: str, period: str = HALF, **options: Any) -> str | None:
    found: str | None = ask(book, period, **options)["figures"][key]["value"]
    return found


def test_that_a_signing_counts_at_its_recognition_not_at_its_own_date(book: Book) -> None:
    inside, outside = projects.projects(
        book,
        row(signed_on="2023-12-20", approved_on="2024-01-03", agreed_investment=3 * YI),
        row(signed_on="2024-06-20", approved_on="2024-07-03", agreed_investment=5 * YI),
    )
    found = ask(book, rows=True)
    assert found["figures"]["signed.count"]["value"] == "1"
    assert found["figures"]["signed.investment"]["value"] == "300000000"
    assert ids_of(found, "signed.count") == ids_of(found, "signed.investment") == [inside]
    assert ids_of(ask(book, "2024-07", rows=True), "signed.count") == [outside]


def test_that_the_own_date_counts_where_recognition_is_off_or_the_book_keeps_none(book: Book) -> None:
    projects.projects(book, row(signed_on="2024-03-01"), row(signed_on="2024-07-01"))
    assert value(book, "signed.count") == "1"
    projects.projects(book, row(signed_on="2024-03-01", approved_on="2024-08-01"))
    assert value(book, "signed.count") == "0"
    choose(book, recognition__used="0")
    assert value(book, "signed.count") == "2"


@on_a_file
def test_that_the_level_of_recognition_is_a_setting(book: Book) -> None:
    projects.projects(
        book,
        row(signed_on="2024-01-01", approved_on="2024-02-01", city_approved_on="2024-08-01"),
        row(signed_on="2024-01-01", approved_on="2024-02-01", city_approved_on="2024-05-01"),
    )
    assert value(book, "signed.count") == "2"
    choose(book, recognition__level="city")
    assert value(book, "signed.count") == "1"


def test_that_a_statistical_month_may_end_on_the_25th(book: Book) -> None:
    projects.projects(book, signed("2023-12-26"), signed("2024-06-25"), signed("2024-06-26"))
    with book.read() as connection:
        found = figures(connection, Period.parse(HALF, cut="26-25"))
    assert found["figures"]["signed.count"]["value"] == "2"
    assert found["period"] == {"from": "2023-12-26", "to": "2024-06-25"}


@on_a_file
def test_that_framework_agreements_do_not_count_unless_the_book_says_so(book: Book) -> None:
    projects.projects(book, signed("2024-03-01", agreement_kind="framework"), signed("2024-03-01"))
    assert value(book, "signed.count") == "1"
    choose(book, framework__counts="1")
    assert value(book, "signed.count") == "2"


@on_a_file
def test_that_a_capital_increase_adds_only_its_increment(book: Book) -> None:
    old, new = projects.projects(book, signed("2023-03-01", 4), signed("2024-03-01", 1))
    with book.write(_("Increase")) as connection:
        add_investment(connection, old, "increase", on="2024-05-01", amount=2 * YI)
    found = ask(book, rows=True)
    assert found["figures"]["signed.count"]["value"] == "1"
    assert found["figures"]["signed.investment"]["value"] == "300000000"
    assert ids_of(found, "signed.count") == [new]
    assert ids_of(found, "signed.investment") == [old, new]


def test_that_foreign_money_is_converted_at_the_rate_of_the_statistical_date(book: Book) -> None:
    with book.write(_("Rates")) as connection:
        set_rate(connection, "USD", "2024-01-01", 7_100_000)
        set_rate(connection, "USD", "2024-04-01", 7_200_000)
    early = row(signed_on="2024-01-10", approved_on="2024-02-01", agreed_investment=10**9 * 100, currency="USD")
    late = row(signed_on="2024-01-10", approved_on="2024-05-01", agreed_investment=10**9 * 100, currency="USD")
    projects.projects(book, early, late)
    assert value(book, "signed.investment") == str(7_100_000_000 + 7_200_000_000)
    assert value(book, "signed.investment", min_investment=7_150_000_000) == "7200000000"


def test_that_money_keeps_its_cents(book: Book) -> None:
    projects.projects(book, row(signed_on="2024-03-01", agreed_investment=12345))
    assert value(book, "signed.investment") == "123.45"


def test_that_starts_and_productions_count_with_their_total_investment(book: Book) -> None:
    projects.projects(
        book,
        row(signed_on="2023-01-01", started_on="2024-02-01", agreed_investment=YI, total_investment=3 * YI),
        row(signed_on="2023-01-01", started_on="2023-02-01", produced_on="2024-06-30", agreed_investment=2 * YI),
    )
    found = ask(book)["figures"]
    assert (found["started.count"]["value"], found["started.investment"]["value"]) == ("1", "300000000")
    assert (found["produced.count"]["value"], found["produced.investment"]["value"]) == ("1", "200000000")


def test_that_negotiating_is_the_stage_at_the_end_of_the_period_and_active(book: Book) -> None:
    stays, _signs, _later, held = projects.projects(
        book,
        row(negotiating_on="2024-01-01", agreed_investment=YI),
        row(negotiating_on="2024-01-01", signed_on="2024-06-30"),
        row(negotiating_on="2024-07-01"),
        row(negotiating_on="2024-01-01"),
    )
    with book.write(_("Hold")) as connection:
        set_status(connection, [held], "on_hold", on="2024-06-15")
    assert ids_of(ask(book, rows=True), "negotiating.count") == [stays]
    assert value(book, "negotiating.count", "2024-05") == "3"
    with book.write(_("Resume")) as connection:
        set_status(connection, [held], "active", on="2024-06-20")
    assert value(book, "negotiating.count") == "2"


def test_that_the_three_start_rates_are_three_figures_each_with_its_population(book: Book) -> None:
    projects.projects(
        book,
        signed("2024-02-01", started_on="2024-05-01", planned_start_on="2024-05-01"),
        signed("2024-02-01", planned_start_on="2024-09-01"),
        signed("2024-02-01", started_on="2024-07-01", planned_start_on="2024-06-01"),
        signed("2022-02-01", started_on="2022-05-01", produced_on="2023-01-01"),
        signed("2022-02-01"),
    )
    found = ask(book)["figures"]
    rates = {
        "start_rate.cohort": ("1", "3", "0.3333"),
        "start_rate.plan": ("1", "3", "0.3333"),
        "start_rate.stock": ("2", "5", "0.4000"),
        "production_rate.stock": ("1", "2", "0.5000"),
        "performance_rate": ("5", "5", "1.0000"),
    }
    for key, said in rates.items():
        assert (found[key]["numerator"], found[key]["denominator"], found[key]["value"]) == said, key


@on_a_file
def test_that_withdrawn_projects_lower_the_performance_of_contracts(book: Book) -> None:
    gone, _stays = projects.projects(book, signed("2024-02-01"), signed("2024-02-01"))
    with book.write(_("Withdraw")) as connection:
        set_status(connection, [gone], "withdrawn", on="2024-05-01")
    assert value(book, "performance_rate") == "0.5000"
    assert value(book, "performance_rate", "2024-04") == "1.0000"
    assert value(book, "signed.count") == "2"


def test_that_stopped_projects_are_taken_off_in_every_group_with_their_money_and_rows(book: Book) -> None:
    people.units(book, "甲街道", "乙镇", kind=STREET)
    talks = {"negotiating_on": "2023-01-01", "expected_signing": "2024-09", "agreed_investment": 2 * YI}
    gone, stays, back, other = projects.projects(
        book,
        row(street="甲街道", **talks),
        row(street="甲街道", **talks),
        row(street="乙镇", **talks),
        row(street="乙镇", signed_on="2022-01-01", agreed_investment=2 * YI),
    )
    with book.write(_("Hold")) as connection:
        set_status(connection, [gone, back, other], "suspended", on="2024-01-10")
        set_status(connection, [back], "active", on="2024-02-10")
        set_status(connection, [stays], "withdrawn", on="2024-07-01")
    found = ask(book, by="street")
    assert found["figures"]["negotiating.count"]["previous"] == "3"
    for name, talking, performing in (("甲街道", 1, None), ("乙镇", 1, "0.0000")):
        group = found["by"][name]
        assert group["negotiating.count"]["value"] == group["forecast.signed.count"]["value"] == str(talking)
        assert group["negotiating.investment"]["value"] == group["forecast.signed.investment"]["value"] == "200000000"
        assert group["performance_rate"]["value"] == performing
        assert group["stuck.signed_not_started.count"]["value"] == "0"
    found = ask(book, rows=True)
    assert ids_of(found, "negotiating.count") == ids_of(found, "forecast.signed.count") == [stays, back]
    assert found["figures"]["performance_rate"]["rows"]["ids"] == [other]
    assert found["figures"]["performance_rate"]["rows"]["numerator_ids"] == []


def test_that_a_rate_of_nothing_is_null(book: Book) -> None:
    found = ask(book)["figures"]
    assert found["start_rate.cohort"]["value"] is None
    assert found["start_rate.cohort"]["denominator"] == "0"
    assert found["signed.count"]["value"] == "0"
    assert found["signed.count"]["yoy"] is None


def test_that_stuck_projects_include_earlier_years_and_leave_out_what_moved_or_stopped(book: Book) -> None:
    stuck, _recent, _started, held, slow, _unknown = projects.projects(
        book,
        row(signed_on="2022-05-01"),
        row(signed_on="2024-01-31"),
        row(signed_on="2022-05-01", started_on="2024-06-30"),
        row(signed_on="2022-05-01"),
        row(signed_on="2022-05-01", started_on="2023-12-31"),
        row(stage="signed"),
    )
    with book.write(_("Hold")) as connection:
        set_status(connection, [held], "suspended", on="2024-01-01")
    found = ask(book, rows=True)
    assert ids_of(found, "stuck.signed_not_started.count") == [stuck]
    assert ids_of(found, "stuck.started_not_producing.count") == [slow]
    choose(book, stuck__months="5")
    assert value(book, "stuck.signed_not_started.count") == "2"


def test_that_amounts_kept_by_month_are_summed_over_the_months_of_the_period(book: Book) -> None:
    outside, inside = projects.projects(
        book,
        row(source_place="上海市", **{"paid_in_reported@2024-01": 100, "paid_in_reported@2024-06": 200}),
        row(source_place="安徽省", **{"paid_in_reported@2024-06": 1000, "fixed_assets_done@2024-03": 700}),
    )
    write(book, (outside, "paid_in_reported@2024-07", 9), (inside, "foreign_used@2024-02", 5000))
    found = ask(book, rows=True)["figures"]
    assert found["paid_in.reported"]["value"] == "13"
    assert found["paid_in.reported"]["rows"]["ids"] == [outside, inside]
    assert found["paid_in.outside_province"]["value"] == "3"
    assert found["fixed_assets.done"]["value"] == "7"
    assert found["foreign.used"]["value"] == "50"
    write(book, (outside, "paid_in_verified@2024-01", 50))
    found = ask(book)["figures"]
    assert (found["paid_in.verified"]["value"], found["paid_in.outside_province"]["value"]) == ("0.50", "0.50")


def test_that_projects_entered_in_statistics_are_counted(book: Book) -> None:
    projects.projects(book, row(entered_statistics_on="2024-03-03"), row(entered_statistics_on="2023-03-03"))
    assert value(book, "entered_statistics.count") == "1"


@on_a_file
def test_that_the_forecast_is_what_is_done_since_january_and_what_is_expected(book: Book) -> None:
    _done, expected, _past, held = projects.projects(
        book,
        signed("2024-02-01", 1),
        row(expected_signing="2024-09", agreed_investment=2 * YI),
        row(expected_signing="2024-05", agreed_investment=4 * YI),
        row(expected_signing="2024-09", agreed_investment=8 * YI),
    )
    with book.write(_("Hold")) as connection:
        set_status(connection, [held], "on_hold", on="2024-06-01")
    found = ask(book, "2024-06", rows=True)
    assert found["figures"]["signed.count"]["value"] == "0"
    assert found["figures"]["forecast.signed.count"]["value"] == "2"
    assert found["figures"]["forecast.signed.investment"]["value"] == "300000000"
    assert expected in ids_of(found, "forecast.signed.count")


def test_that_activities_and_the_leads_they_found_are_counted(book: Book) -> None:
    lead = projects.project(book)
    with book.write(_("Activities")) as connection:
        add_activity(connection, "outbound", on="2024-03-01", leads=[lead], place="深圳")
        add_activity(connection, "outbound", on="2024-04-01", leads=[lead])
        add_activity(connection, "received", on="2024-05-01")
        add_activity(connection, "promotion", on="2023-05-01")
    found = ask(book, rows=True)["figures"]
    counted = {key: found[f"activities.{key}"]["value"] for key in ("outbound", "received", "promotion", "leads")}
    assert counted == {"outbound": "2", "received": "1", "promotion": "0", "leads": "1"}
    assert found["activities.outbound"]["rows"]["room"] == "activities"
    assert found["activities.leads"]["rows"] == {"room": "projects", "ids": [lead]}


def test_that_last_year_comes_from_the_rows_or_from_what_was_published(book: Book) -> None:
    projects.projects(book, signed("2024-02-01", 3), signed("2023-02-01", 1), signed("2023-09-01", 1))
    found = ask(book)["figures"]["signed.investment"]
    assert (found["previous"], found["yoy"]) == ("100000000", "2.0000")
    with book.write(_("Bulletin")) as connection:
        publish(connection, "2023-06", "signed.investment", 2 * YI, source="2023年上半年通报")
    found = ask(book)["figures"]["signed.investment"]
    assert (found["previous"], found["yoy"]) == ("200000000", "0.5000")
    assert (found["previous_source"], found["previous_book"]) == ("published", "100000000")
    assert ask(book, "2024-06")["figures"]["signed.investment"]["previous"] == "0"
    choose(book, previous__source="book")
    assert ask(book)["figures"]["signed.investment"]["previous"] == "100000000"


def test_that_the_completion_of_a_target_counts_since_january(book: Book) -> None:
    projects.projects(book, signed("2024-02-01", 3), signed("2024-06-01", 1))
    with book.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.count", 5)
        set_target(connection, 2024, "signed.investment", 8 * YI)
    found = ask(book, "2024-06")["figures"]
    assert found["signed.count"]["value"] == "1"
    assert found["targets.signed.count.rate"]["value"] == "0.4000"
    rate = found["targets.signed.investment.rate"]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == ("400000000", "800000000", "0.5000")
    assert "targets.signed.count.rate" not in ask(book, "2023")["figures"]


def test_that_a_period_over_new_year_is_compared_with_the_target_of_the_year_it_ends_in(book: Book) -> None:
    projects.projects(
        book,
        signed("2023-11-01", 1, started_on="2023-12-01", **{"paid_in_reported@2023-12": 100}),
        signed("2024-02-01", 2, started_on="2024-02-03", **{"paid_in_reported@2024-02": 200}),
    )
    with book.write(_("Targets")) as connection:
        for key in ("signed.count", "started.count", "paid_in.reported", "activities.outbound"):
            set_target(connection, 2024, key, 2 if key.endswith("count") else 400)
        for day in ("2023-12-30", "2024-01-02"):
            add_activity(connection, "outbound", on=day)
    expected = {"signed.count": "1", "started.count": "1", "paid_in.reported": "2", "activities.outbound": "1"}
    for period, all_of_it in (("2023-10..2024-03", "2"), ("2024-01..2024-03", "1"), ("2024-03", "0")):
        found = ask(book, period)["figures"]
        assert found["signed.count"]["value"] == all_of_it
        assert {key: found[f"targets.{key}.rate"]["numerator"] for key in expected} == expected, period


def test_that_units_are_listed_in_their_order_with_zeros_and_add_up(book: Book) -> None:
    people.units(book, "丙街道", "甲街道", "乙镇", kind=STREET)
    projects.projects(
        book, signed("2024-02-01", 3, street="甲街道"), signed("2024-02-02", 1, street="乙镇"), signed("2024-02-03", 1)
    )
    found = ask(book, by="street")
    assert list(found["by"]) == ["丙街道", "甲街道", "乙镇", "未填"]
    counts = {name: group["signed.count"]["value"] for name, group in found["by"].items()}
    assert counts == {"丙街道": "0", "甲街道": "1", "乙镇": "1", "未填": "1"}
    assert found["figures"]["signed.count"]["value"] == "3"
    assert found["by"]["甲街道"]["signed.investment"]["value"] == "300000000"


@on_a_file
def test_that_targets_of_a_unit_stand_with_the_unit(book: Book) -> None:
    (street,) = people.units(book, "甲街道")
    projects.projects(book, signed("2024-02-01", street="甲街道"))
    with book.write(_("Targets")) as connection:
        set_target(connection, 2024, "signed.count", 4, unit=street)
    found = ask(book, by="street")
    assert found["by"]["甲街道"]["targets.signed.count.rate"]["value"] == "0.2500"
    assert "targets.signed.count.rate" not in found["figures"]


@pytest.mark.parametrize("by", ["street", "department", "industry", "source", "size"])
def test_that_every_grouping_adds_up_to_the_whole(book: Book, by: str) -> None:
    projects.projects(
        book,
        signed("2024-02-01", 3, industry="新能源", source_place="上海", department="区经信局"),
        signed("2024-02-01", 12, industry="金融", source_place="合肥", street="甲街道"),
        signed("2024-02-01", 60, source_place="新加坡", started_on="2024-03-01"),
        row(signed_on="2024-02-01", approved_on="2024-02-01"),
    )
    found = ask(book, by=by)
    for key in ("signed.count", "signed.investment", "started.count"):
        assert sum(int(group[key]["value"]) for group in found["by"].values()) == int(found["figures"][key]["value"])
    assert set(found["by_labels"]) == set(found["by"])


def test_that_sources_and_sizes_have_names_that_do_not_change(book: Book) -> None:
    projects.projects(book, signed("2024-02-01", 3, source_place="上海"))
    assert list(ask(book, by="source")["by"]) == ["省内", "省外", "境外"]
    sizes = ask(book, by="size")["by"]
    assert list(sizes) == ["1亿元以下", "1—5亿元", "5—10亿元", "10—20亿元", "20—50亿元", "50亿元以上"]
    assert sizes["1—5亿元"]["signed.count"]["value"] == "1"


@on_a_file
def test_that_an_unknown_grouping_is_a_usage_error(book: Book) -> None:
    with pytest.raises(Usage):
        ask(book, by="colour")


def test_that_only_projects_of_the_least_investment_count(book: Book) -> None:
    projects.projects(book, signed("2024-02-01", 1), row(signed_on="2024-02-01", approved_on="2024-02-01"))
    assert value(book, "signed.count", min_investment=100_000_000) == "1"
    assert value(book, "signed.count", min_investment=100_000_001) == "0"


def test_that_figures_are_as_of_a_moment_what_was_known_then(book: Book) -> None:
    projects.projects(book, signed("2024-02-01"))
    known = book.operations(limit=1)[0].number
    projects.projects(book, signed("2024-02-02"))
    assert value(book, "signed.count") == "2"
    with book.as_of(known) as then, then.read() as connection:
        assert figures(connection, Period.parse(HALF))["figures"]["signed.count"]["value"] == "1"


@on_a_file
def test_that_every_figure_has_its_words_in_both_languages(book: Book) -> None:
    for lang in ("zh", "en"):
        found = rendered(ask(book), lang)
        for key, figure in found["figures"].items():
            assert not any(isinstance(part, Text) for part in figure.values())
            assert set(figure) >= {
                "label",
                "definition",
                "unit",
                "value",
                "numerator",
                "denominator",
                "previous",
                "yoy",
            }
            assert figure["label"], key
            assert figure["definition"].endswith(("。", ".")), key


@on_a_file
def test_that_the_figures_of_a_month_take_few_queries_and_the_same_for_both_years(book: Book) -> None:
    from sqlalchemy import event

    (held,) = projects.projects(book, signed("2024-02-01"))
    with book.write(_("Hold")) as connection:
        set_status(connection, [held], "on_hold", on="2024-03-01")
    asked = []
    with book.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        figures(connection, Period.parse(HALF))
    assert len(asked) < 20
    assert len(set(asked)) < 14


@on_a_file
def test_that_the_paid_in_rate_of_the_signings_names_both_sums(book: Book) -> None:
    """9.18 of 11.45 hundred millions are 80.2 %, as published."""
    paid, _unpaid, _earlier = projects.projects(
        book,
        signed("2024-02-01", 9, **{"paid_in_reported@2024-03": 2 * YI, "paid_in_reported@2024-08": YI}),
        row(signed_on="2024-03-01", approved_on="2024-03-01", agreed_investment=245 * YI // 100),
        signed("2023-02-01", 9, **{"paid_in_reported@2024-03": 5 * YI}),
    )
    write(book, (paid, "paid_in_reported@2024-04", 718 * YI // 100))
    found = ask(book, rows=True)["figures"]["paid_in_rate.contract"]
    assert (found["numerator"], found["denominator"], found["value"]) == ("918000000", "1145000000", "0.8017")
    assert found["rows"]["numerator_ids"] == [paid]


@pytest.mark.parametrize("by", ["street", "source"])
def test_that_the_paid_in_rate_is_told_of_every_group(book: Book, by: str) -> None:
    projects.projects(
        book, signed("2024-02-01", 4, street="甲镇", source_place="上海市", **{"paid_in_reported@2024-03": YI})
    )
    groups = ask(book, by=by)["by"].values()
    assert [group["paid_in_rate.contract"]["value"] for group in groups if group["signed.count"]["value"] == "1"] == [
        "0.2500"
    ]
