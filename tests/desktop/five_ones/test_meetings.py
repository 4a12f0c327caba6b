"""The fortnightly meeting from its agenda to a closed decision, in the window; bad days and people are said in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.core.text import _
from db.five_ones.meetings import KINDS
from desktop.five_ones import dunning
from desktop.five_ones.meetings import MeetingsView
from desktop.five_ones.meetings_forms import CloseCard, DecisionCard, FormCard, SeriesCard
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of


def shown(qtbot: QtBot, window: Window) -> MeetingsView:
    """The meetings of a window."""
    window.go("five_ones")
    page: Any = page_of(window)
    page.show_as("meetings")
    at_rest(qtbot, window)
    assert isinstance(page.shown, MeetingsView)
    return page.shown


@pytest.fixture
def meetings(qtbot: QtBot, demo: Window) -> MeetingsView:
    """The meetings of the demonstration: thirteen were held, the fourteenth is planned."""
    return shown(qtbot, demo)


def fill(card: FormCard | None, kind: type[FormCard], **texts: str) -> FormCard:
    """Type into a card."""
    assert isinstance(card, kind)
    for key, text in texts.items():
        card.form.editors[key].input.put(text)
    return card


def said(card: FormCard) -> str:
    """All that a card says."""
    return " ".join(one.text() for one in card.findChildren(QLabel))


def prepared(qtbot: QtBot, meetings: MeetingsView, answers: Answers, folder: Path) -> list[str]:
    """Three items on the agenda, in another order, and the papers written; the names of the projects."""
    window: Any = meetings.window()
    agenda = meetings.agenda_panel
    assert not any(agenda.ticked)
    agenda.take.click()
    at_rest(qtbot, window)
    # As many as one meeting can hear, the most urgent first; the others are counted, and one more click away.
    assert agenda.ticked == [True] * 20 + [False] * (len(agenda.items) - 20)
    urgent = [min(map(list(KINDS).index, one.kinds)) for one in agenda.items]
    assert urgent == sorted(urgent)
    assert f"另有 {len(agenda.items) - 20} 项未列入" in agenda.said.text()
    agenda.take.click()
    at_rest(qtbot, window)
    assert sum(agenda.ticked) == 40
    for _time in range(2):
        window.undoing.undo()
        at_rest(qtbot, window)
    at_rest(qtbot, window)
    assert not any(agenda.ticked)
    for row in range(3):  # each tick puts one behind those that are on it
        agenda.tick(row)
        at_rest(qtbot, window)
    agenda.move_to(2, 0)
    at_rest(qtbot, window)
    names = [one.name for one in meetings.agenda]
    assert len(names) == 3
    assert [one.name for one in agenda.items[:3]] == names

    answers.files += [folder / "材料.xlsx", folder / "材料.pdf"]
    current, series = meetings.current, meetings.current_series()
    assert current is not None
    assert series is not None
    for suffix in ("xlsx", "pdf"):
        dunning.export_pack(meetings.page, meetings, series.name, current, suffix)
        at_rest(qtbot, window)
    book = load_workbook(folder / "材料.xlsx", read_only=True)
    assert {"议程", "节点", "议定事项"} <= set(book.sheetnames)
    assert (folder / "材料.pdf").stat().st_size > 10_000
    return names


def minuted(qtbot: QtBot, meetings: MeetingsView) -> None:
    """The meeting was held, and something was said about the first item."""
    window: Any = meetings.window()
    meetings.show_tab("minutes")
    form = meetings.minutes.form
    assert form is not None
    assert form.editors["held_on"].typed == "2024-07-15"
    form.editors["attendees"].input.put("各责任单位")
    about = f"item-{meetings.agenda[0].id}"
    form.editors[about].input.put("加快主体施工")
    meetings.minutes.save.click()
    at_rest(qtbot, window)
    assert meetings.agenda[0].minutes == "加快主体施工"
    assert meetings.current is not None
    assert (meetings.current.held_on, meetings.current.attendees) == ("2024-07-15", "各责任单位")


def decided(qtbot: QtBot, meetings: MeetingsView, about: str) -> None:
    """A decision about a project, overdue by now."""
    window: Any = meetings.window()
    meetings.ask_decision(about)
    assert "2024-07-13不是工作日" in said(fill(meetings.card, DecisionCard, due_on="2024-07-13"))
    card = fill(meetings.card, DecisionCard, text="5个工作日内完成临时用电接入", unit="区商务局", due_on="2024-07-16")
    assert "不是工作日" not in said(card)
    assert card.form.editors["project"].typed == about
    card.verb.click()
    at_rest(qtbot, window)
    meetings.show_tab("decisions")
    decisions = meetings.decisions
    (one,) = decisions.found
    assert (one.project, one.owner, one.overdue("2024-07-17"), one.decision.slip) == (
        about, "区商务局", True, "yellow_slip"
    )  # fmt: skip
    decisions.copy()
    assert "区商务局：" in QGuiApplication.clipboard().text()
    assert "2024-07-16到期，已逾期" in QGuiApplication.clipboard().text()


def supervised(qtbot: QtBot, meetings: MeetingsView, answers: Answers, folder: Path) -> None:
    """A yellow slip in Word and PDF, and the minutes."""
    window: Any = meetings.window()
    decisions, series = meetings.decisions, meetings.current_series()
    assert series is not None
    assert meetings.current is not None
    answers.files += [folder / "督办单.docx", folder / "督办单.pdf", folder / "纪要.docx"]
    decisions.issue("yellow_slip", "docx")
    at_rest(qtbot, window)
    decisions.issue("yellow_slip", "pdf", again=True)
    at_rest(qtbot, window)
    text = "\n".join(line.text for line in Document(str(folder / "督办单.docx")).paragraphs)
    assert "黄色督办单" in text
    assert "区商务局：" in text
    assert "区政府督查室" in text
    assert (folder / "督办单.pdf").exists()
    assert decisions.found[0].decision.kinds == ("yellow_slip",)
    dunning.export_minutes(meetings.page, meetings, series.name, meetings.current, "docx")
    at_rest(qtbot, window)
    said_there = [line.text for line in Document(str(folder / "纪要.docx")).paragraphs]
    assert "加快主体施工" in said_there


def test_that_the_fortnightly_meeting_is_prepared_held_minuted_and_followed_up_without_leaving_the_window(
    qtbot: QtBot, demo: Window, meetings: MeetingsView, answers: Answers, tmp_path: Path
) -> None:
    names = prepared(qtbot, meetings, answers, tmp_path)
    minuted(qtbot, meetings)
    decided(qtbot, meetings, names[0])
    supervised(qtbot, meetings, answers, tmp_path)
    decisions = meetings.decisions
    decisions.ask_close()
    close = fill(decisions.card, CloseCard)
    close.verb.click()
    at_rest(qtbot, demo)
    assert "依据" in said(close)
    assert "未作改动" in said(close)
    proof = tmp_path / "通电照片.txt"
    proof.write_text("已通电", encoding="utf-8")
    assert isinstance(close, CloseCard)
    answers.files.append(proof)
    close.choose()
    close.verb.click()
    at_rest(qtbot, demo)
    assert not decisions.found[0].decision.open
    assert decisions.found[0].decision.evidence == "通电照片.txt"
    assert [file.name for file in decisions.pane.files.found] == ["通电照片.txt"]
    demo.undoing.undo()
    at_rest(qtbot, demo)
    assert decisions.found[0].decision.open


def test_that_an_item_with_minutes_stays_on_the_agenda_and_typed_minutes_come_back_after_another_meeting(
    qtbot: QtBot, demo: Window, meetings: MeetingsView
) -> None:
    meetings.agenda_panel.tick(0)
    at_rest(qtbot, demo)
    meetings.show_tab("minutes")
    form = meetings.minutes.form
    assert form is not None
    key = f"item-{meetings.agenda[0].id}"
    form.editors[key].input.put("尚未保存")
    meetings.list.selectRow(1)
    at_rest(qtbot, demo)
    meetings.list.selectRow(0)
    at_rest(qtbot, demo)
    form = meetings.minutes.form
    assert form is not None
    assert form.editors[key].typed == "尚未保存"
    meetings.minutes.save.click()
    at_rest(qtbot, demo)
    meetings.agenda_panel.changed.emit([])
    at_rest(qtbot, demo)
    assert [one.minutes for one in meetings.agenda] == ["尚未保存"]
    assert "不能移出议程" in page_of(demo).footer.right.text()


def test_that_the_next_meeting_makes_way_for_a_holiday_with_a_word_and_a_leader_who_left_cannot_chair_or_be_charged(
    qtbot: QtBot, empty: Window
) -> None:
    def leaders(connection: Any) -> None:
        from db.people.service import add_person, set_term

        for name, until in (("吴海涛", "2024-03-31"), ("周敏", None)):
            number = add_person(connection, name, is_leader=True)
            set_term(connection, number, title="副区长", since="2021-01-01", until=until)

    meetings = shown(qtbot, empty)
    assert meetings.empty.isVisible()
    meetings.page.write(_("Leaders"), leaders)
    at_rest(qtbot, empty)
    meetings.ask_series(new=True)
    card = fill(meetings.card, SeriesCard, name="双周调度会", first_on="2024-10-01", chair="吴海涛")
    card.verb.click()
    at_rest(qtbot, empty)
    assert "已离任" in said(card)
    assert card.form.editors["name"].typed == "双周调度会"
    fill(card, SeriesCard, chair="周敏").verb.click()
    at_rest(qtbot, empty)
    meetings.next.click()
    at_rest(qtbot, empty)
    assert meetings.current is not None
    assert meetings.current.planned_on == "2024-10-08"
    assert "2024-10-08" in meetings.strip.sentence
    meetings.ask_move()
    meetings.form.days["day"].setText("2031-10-04")
    assert "2031年" in meetings.form.hint.text()
    assert "2031-10-06" in meetings.form.hint.text()
    meetings.form.do.click()
    at_rest(qtbot, empty)
    assert meetings.current.planned_on == "2031-10-06"
    assert "改期至2031-10-06" in page_of(empty).footer.right.text()
    meetings.ask_delete()
    at_rest(qtbot, empty)
    assert not meetings.sittings
    empty.undoing.undo()
    at_rest(qtbot, empty)
    meetings.ask_decision("")
    decision = fill(meetings.card, DecisionCard, text="明确选址", person="吴海涛", due_on="2024-08-01")
    decision.verb.click()
    at_rest(qtbot, empty)
    assert "已离任" in said(decision)
    assert decision.form.editors["text"].typed == "明确选址"
    fill(decision, DecisionCard, person="周敏").verb.click()
    at_rest(qtbot, empty)
    meetings.ask_delete()
    at_rest(qtbot, empty)
    assert meetings.current is not None
    assert "已议定1项" in page_of(empty).footer.right.text()
