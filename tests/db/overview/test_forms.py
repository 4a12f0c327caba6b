"""Forms of the report: the office's own order, tables, title, numbering and names of files, for any period."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from db.cli import main
from db.core import attachments, views
from db.core.book import Book
from db.core.errors import Refused
from db.core.filters import Condition
from db.core.period import Period
from db.core.text import _
from db.core.views import View
from db.overview import closing, photographs, wording
from db.overview.file_names import file_name
from db.overview.forms import (
    BUILT_IN,
    Form,
    OwnTable,
    choose_form,
    delete_form,
    form,
    form_of,
    forms,
    save_form,
)
from db.overview.report import build, draft
from db.overview.spans import issue, span_kind
from db.overview.writing import report_of, write_report
from db.people.service import rename_unit
from db.reports.report import Paragraph, Picture, Report, Section, Table, numbered, printed
from tests.conftest import on_a_file
from tests.factories.people import units
from tests.factories.projects import YI, choose, projects, signed

HALF, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-06")
WEEK, WEEK_AFTER = Period.parse("2024-06-10..2024-06-16"), Period.parse("2024-06-17..2024-06-23")
TODAY = dt.date(2024, 7, 8)


@pytest.fixture
def june(book: Book) -> Book:
    """Two towns, three signings this half-year."""
    units(book, "甲镇", "乙镇")
    projects(
        book,
        signed("2024-02-11", 2, street="甲镇", name="光电项目"),
        signed("2024-03-11", 3, street="乙镇", name="金融项目"),
        signed("2024-06-11", 4, street="乙镇", name="软件项目"),
    )
    return book


def keep(book: Book, wanted: Form) -> Form:
    with book.write(_("Form")) as connection:
        return save_form(connection, wanted)


def of(book: Book, period: Period = HALF, lang: str = "zh", wanted: Form | None = None) -> Report:
    with book.read() as connection:
        return build(connection, period, lang=lang, today=TODAY, form=wanted)


def headings(report: Report) -> list[str]:
    return [f"{number}{section.heading}" for number, section in numbered(report)]


@on_a_file
def test_that_an_office_sets_the_order_of_sections_and_leaves_some_out(june: Book) -> None:
    own = keep(
        june, Form(name="简本", sections=("problems", "work", "started", "signed", "targets"), off=("signed.sources",))
    )
    assert headings(of(june, wanted=own)) == [
        "一、主要工作情况", "（一）开工与投产", "（二）新签约", "二、目标任务完成情况",
    ]  # fmt: skip
    assert "资金来源" not in of(june, wanted=own).text()
    none = keep(june, replace(own, off=("work",)))
    assert headings(of(june, wanted=none)) == ["一、目标任务完成情况"]
    with june.read() as connection:
        whole = draft(connection, HALF, today=TODAY, form=none)
    assert [one.key for one in whole.report.sections if one.off] == ["work"]
    assert printed(whole.report) == of(june, wanted=none)


@on_a_file
def test_that_a_section_of_a_room_to_come_stands_where_the_handbook_has_it(
    june: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db.core.tables import METADATA

    said = Paragraph(("举办政企有约2期。",), place="forum.sessions")
    monkeypatch.setitem(
        METADATA.info, "report_sections", (lambda _book, _period, _lang: [Section("forum", "政企有约", (said,), 2)],)
    )
    assert headings(of(june)) == [
        "一、目标任务完成情况", "二、主要工作情况", "（一）新签约", "（二）开工与投产", "（三）政企有约",
    ]  # fmt: skip
    assert of(june).text().count("举办政企有约2期。") == 1


@on_a_file
def test_that_the_title_block_is_the_forms_own_and_else_that_of_the_settings(june: Book) -> None:
    choose(june, report__addressee="各镇街：", report__copies="报：区委")
    own = keep(
        june, Form(name="专报", kind="special", title="{年}年{范围}招商{种类}（{期}）", signature="领导小组办公室")
    )
    report = of(june, wanted=own)
    assert (report.title, report.signature) == ("2024年全区招商专报（2024年1—6月）", "领导小组办公室")
    assert (report.addressee, report.copies, report.form) == ("各镇街：", ("报：区委",), own.key)
    assert report.opening[0].text == "现将2024年1—6月全区招商引资工作情况报告如下："
    assert of(june, wanted=replace(own, title="关于{项目}的{种类}")).title == "关于{项目}的专报"


@on_a_file
def test_that_a_brief_is_numbered_by_the_year_and_on_from_the_number_that_was_typed(june: Book) -> None:
    brief = keep(june, Form(name="简报", kind="brief", numbered=True, spans=("week",)))
    assert [of(june, week).number for week in (WEEK, WEEK_AFTER)] == ["第24期", "第25期"]
    with june.write(_("Number")) as connection:
        wording.save(connection, WEEK, form=brief.key, place="number", markup="第3期", mode="written")
    assert [of(june, week).number for week in (WEEK, WEEK_AFTER)] == ["第3期", "第4期"]
    assert of(june, WEEK_AFTER, "en").number == "No. 4"
    assert of(june, JUNE).number == ""
    assert "第4期" in of(june, WEEK_AFTER).text()


@on_a_file
def test_that_a_period_has_the_form_chosen_for_it_or_meant_for_its_kind(june: Book) -> None:
    weekly = keep(june, Form(name="周报", spans=("week",)))
    usual = keep(june, Form(name="通用"))
    with june.read() as connection:
        assert [form_of(connection, one).key for one in (WEEK, JUNE)] == [weekly.key, "month"]
    choose(june, report__form=usual.key)
    with june.write(_("Choice")) as connection:
        choose_form(connection, WEEK, "通用")
    with june.read() as connection:
        assert [form_of(connection, one).key for one in (WEEK, WEEK_AFTER, JUNE)] == [
            usual.key, weekly.key, usual.key,
        ]  # fmt: skip
    with june.write(_("Choice")) as connection:
        choose_form(connection, WEEK, None)
        delete_form(connection, usual.key)
    with june.read() as connection:
        assert [form_of(connection, one).key for one in (WEEK, JUNE)] == [weekly.key, "month"]


@on_a_file
def test_that_the_programs_form_can_be_changed_and_given_back(june: Book) -> None:
    before = of(june)
    keep(june, replace(BUILT_IN, units="order", off=("problems",)))
    keep(june, replace(BUILT_IN, units="order", addressee="区政府："))
    with june.read() as connection:
        assert [(one.key, one.name, one.units, one.off) for one in forms(connection)] == [
            ("month", BUILT_IN.name, "order", ()),
        ]  # fmt: skip
    assert "按属地分别为：甲镇1个、乙镇2个。" in of(june).text()
    assert "按属地分别为：乙镇2个、甲镇1个。" in before.text()
    with june.write(_("Back")) as connection:
        delete_form(connection, "month")
    assert of(june) == before


@on_a_file
def test_that_a_form_is_found_by_its_name_and_an_impossible_one_is_refused(june: Book) -> None:
    own = keep(
        june, Form(name=" 双周  简报 ", spans=("fortnight",), tables=(OwnTable("projects", "signed", "表", ""),))
    )
    with june.read() as connection:
        assert form(connection, "双周 简报") == own
        assert form(connection, own.key) == own
        with pytest.raises(Refused, match="no form"):
            form(connection, "没有的")
    wrong = (Form(name=" "), Form(name="双周 简报"), Form(name="长" * 61), Form(name="甲", spans=("decade",)))
    for one in (*wrong, replace(own, key="form-99")):
        with pytest.raises(Refused):
            keep(june, one)


@on_a_file
def test_that_what_a_newer_version_wrote_into_a_form_is_kept(june: Book) -> None:
    own = keep(june, Form(name="甲", unread={"watermark": "内部"}))
    keep(june, replace(own, kind="monthly"))
    with june.read() as connection:
        found = form(connection, "甲")
    assert (found.kind, found.unread) == ("monthly", {"watermark": "内部"})


@on_a_file
def test_that_changes_of_forms_are_undone_like_any_other(june: Book) -> None:
    keep(june, Form(name="甲"))
    operation = june.operations(limit=1)[0].number
    assert june.undo(operation).conflicts == ()
    with june.read() as connection:
        assert forms(connection) == [BUILT_IN]


@on_a_file
def test_that_optional_sentences_are_printed_where_the_form_wants_them(june: Book) -> None:
    assert "开工率" not in of(june).text()
    own = keep(june, Form(name="甲", optional=("started.cohort",)))
    assert "本期签约的3个项目中，已开工0个，开工率0.0%（0/3）。" in of(june, wanted=own).text()


# --- own tables, photographs ---------------------------------------------------------------------------------------


def test_that_a_saved_view_becomes_a_table_of_the_report(june: Book) -> None:
    large = View(
        "三亿元以上", ("name", "street", "agreed_investment", "approved_on"),
        (Condition("agreed_investment", "at_least", 3 * YI),), (("agreed_investment", True),),
    )  # fmt: skip
    with june.write(_("View")) as connection:
        key = views.save_view(connection, "projects", large).key
    places = (OwnTable("projects", key, "重点项目", "signed"), OwnTable("projects", key))
    own = keep(june, Form(name="甲", tables=places))
    report = of(june, wanted=own)
    table = report.tables()["own_1"]
    assert (table.title, [one.label for one in table.columns]) == (
        "重点项目", ["序号", "项目名称", "属地", "协议投资额（万元）", "认定日期"],
    )  # fmt: skip
    assert table.rows == (
        (1, "软件项目", "乙镇", 40000, "2024-06-11"), (2, "金融项目", "乙镇", 30000, "2024-03-11"),
    )  # fmt: skip
    assert table.totals == (None, "合　计", None, 70000, None)
    assert report.appendix[-1].title == "三亿元以上"
    last = next(one for one in report.sections if one.key == "signed").blocks[-1]
    assert isinstance(last, Table)
    assert last.key == "own_1"
    with june.write(_("View")) as connection:
        views.delete_view(connection, key)
    report = of(june, wanted=own)
    assert "own_1" not in report.tables()
    assert [one.sentence for one in report.pending] == [
        "表“重点项目”缺失：所用视图已删除。",
        "表“2”缺失：所用视图已删除。",
    ]


@on_a_file
def test_that_a_marked_attachment_is_printed_until_it_is_removed(june: Book, tmp_path: Path) -> None:
    path, note = tmp_path / "开工现场.jpg", tmp_path / "说明.txt"
    path.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    note.write_text("x", encoding="utf-8")
    with june.write(_("Attach")) as connection:
        number, other = (
            attachments.add(connection, "projects", 1, attachments.examine(one), on="2024-06-01", by="高翔")
            for one in (path, note)
        )
        photographs.mark(connection, HALF, "started", attachment=number)
        with pytest.raises(Refused, match="no picture"):
            photographs.mark(connection, HALF, "started", attachment=other)
    report = of(june)
    (picture,) = report.pictures()
    assert (picture.caption, picture.name) == ("开工现场", "开工现场.jpg")
    assert isinstance(next(one for one in report.sections if one.key == "started").blocks[-1], Picture)
    with june.read() as connection:
        assert photographs.contents_of(connection, report) == {picture.hash: path.read_bytes()}
    with june.write(_("Caption")) as connection:
        photographs.mark(connection, HALF, "signed", attachment=number, caption="签约现场")
        attachments.remove(connection, number)
    report = of(june)
    assert report.pictures() == ()
    assert "照片“签约现场”缺失：附件已移除。" in [one.sentence for one in report.pending]
    with june.write(_("Out")) as connection:
        photographs.unmark(connection, HALF, attachment=number)
    assert of(june).pending == ()


@on_a_file
def test_that_no_photograph_goes_into_a_finalised_report(june: Book, tmp_path: Path) -> None:
    path = tmp_path / "开工现场.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    with june.write(_("Attach")) as connection:
        number = attachments.add(
            connection, "projects", 1, attachments.examine(path), on="2024-06-01", by="高翔"
        )  # fmt: skip
    closing.close(june, HALF)
    with pytest.raises(Refused, match="finalised"), june.write(_("Mark")) as connection:
        photographs.mark(connection, HALF, "started", attachment=number)
    with june.read() as connection:
        assert photographs.marked(connection, HALF) == []


# --- names, periods, files -----------------------------------------------------------------------------------------


@on_a_file
def test_that_files_are_named_by_the_rule_of_the_office(june: Book) -> None:
    report = of(june)

    def name() -> str:
        with june.read() as connection:
            return file_name(connection, HALF, report)

    assert name() == "招商引资工作情况通报_2024年1—6月"
    choose(june, report__file_name="{单位}{期}{标题}")
    assert name() == "区投资促进中心2024年1—6月2024年上半年全区招商引资工作情况通报"
    choose(june, report__file_name="招商/{种类}：{日期} *{无此项}. ")
    assert name() == "招商_通报：2024-06-30 _{无此项}"
    choose(june, report__file_name="...")
    assert name() == "招商引资工作情况通报_2024年1—6月"
    choose(june, report__file_name="{标题}" * 20)
    assert 150 < len(name().encode()) <= 180


@pytest.mark.parametrize(
    ("period", "kind", "number"),
    [
        ("2024-06", "month", 6), ("2024-01..2024-06", "cumulative", 6), ("2024-01..2024-03", "quarter", 1),
        ("2024-10..2024-12", "quarter", 4), ("2024-02..2024-06", "days", 6), ("2023-11..2024-02", "days", 2),
        ("2024", "year", 1), ("2024-01-01..2024-01-07", "week", 1), ("2024-12-18..2024-12-31", "fortnight", 27),
        ("2024-01-15..2024-01-28", "fortnight", 2), ("2024-02-21..2024-02-29", "ten_days", 6),
        ("2024-06-11..2024-06-20", "ten_days", 17), ("2024-06-05..2024-06-08", "days", 23),
    ],
)  # fmt: skip
def test_that_every_period_is_of_a_kind_and_has_a_number_in_its_year(period: str, kind: str, number: int) -> None:
    found = Period.parse(period)
    assert (span_kind(found), issue(found)) == (kind, number)


@on_a_file
def test_that_a_unit_is_called_as_it_was_in_the_period(june: Book) -> None:
    with june.write(_("Rename")) as connection:
        rename_unit(connection, 2, "乙街道", on="2024-06-05")
    assert "乙街道2个、甲镇1个" in of(june).text()
    may = of(june, Period.parse("2024-01..2024-05"))
    assert "甲镇1个、乙镇1个" in may.text()
    assert [row[0] for row in may.tables()["signed_by_street"].rows] == ["甲镇", "乙镇"]


@on_a_file
def test_that_a_report_can_be_written_in_another_form_than_its_own(june: Book, tmp_path: Path) -> None:
    keep(june, Form(name="专报", kind="special"))
    (written,) = write_report(june, JUNE, tmp_path, ("xlsx",), form="专报")
    assert written.path.name == "招商引资工作专报_2024年6月.xlsx"
    with pytest.raises(Refused, match="no form"):
        report_of(june, JUNE, form="没有的")


@on_a_file
def test_that_a_character_no_face_has_is_said_beside_the_written_files(
    june: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(june, Form(name="专报", addressee="各单位\U0010fff0："))
    out = tmp_path / "out"
    wanted = ["report", june.target, "--period", "2024-06", "--out", str(out), "--form", "专报", "--lang", "zh"]
    assert main([*wanted, "--format", "pdf,docx"]) == 0
    assert len(list(out.iterdir())) == 2
    assert "U+10FFF0" in capsys.readouterr().err
