"""A Word file that comes back: which sentences and numbers were changed by hand."""

from __future__ import annotations

from dataclasses import replace

from db.overview.returned import changed
from db.reports.docx_return import Returned, ReturnedNumber, ReturnedParagraph
from db.reports.report import Column, FigureNumber, Paragraph, Report, Section, Table

SIGNED = Paragraph(
    (
        "新签约项目",
        FigureNumber("signed.count", "47个"),
        "，协议投资额",
        FigureNumber("signed.investment", "174.2亿元"),
        "。",
    ),
    place="signed.places",
)
OWN = (
    Paragraph(("抓好开工。",), place="next_steps.own.1", mode="written"),
    Paragraph(("抓好入统。",), place="next_steps.own.2", mode="written"),
)
TABLE = Table("list", "新签约项目明细表", (Column("name", "项目"),), (("光伏基地",),), stand="统计截止：2024-06-30")
REPORT = Report(
    "通报",
    (Section("signed", "新签约", (SIGNED, TABLE), 2), Section("next_steps", "下一步工作打算", OWN)),
)


def came(text: str, *numbers: tuple[str, str, str], place: str = "signed.places") -> ReturnedParagraph:
    """A paragraph of the file; numbers as (figure, as it reads now, as it was sent)."""
    found = []
    for figure, now, sent in numbers:
        start = text.index(now)
        found.append(ReturnedNumber(figure, 1, start, start + len(now), sent))
    return ReturnedParagraph(text, place, tuple(found))


def own(*texts: str) -> list[ReturnedParagraph]:
    """The free text as the file has it."""
    return [ReturnedParagraph(text, f"next_steps.own.{at}") for at, text in enumerate(texts, 1)]


def back(*paragraphs: ReturnedParagraph) -> Returned:
    """A file of these paragraphs and the unchanged free text."""
    return Returned((*paragraphs, *own("抓好开工。", "抓好入统。")))


def test_that_a_file_left_as_it_was_sent_has_no_changes() -> None:
    assert changed(REPORT, back(came(SIGNED.text))) == []


def test_that_a_number_changed_in_its_control_is_told_and_the_others_stay_the_books() -> None:
    text = "新签约项目48个，协议投资额174.2亿元。"
    numbers = ("signed.count", "48个", "47个"), ("signed.investment", "174.2亿元", "174.2亿元")
    [one] = changed(REPORT, back(came(text, *numbers)))
    assert (one.place, one.after) == ("signed.places", text)
    assert [(number.typed, number.text) for number in one.typed] == [("48个", "47个")]
    assert [run for run in one.runs if isinstance(run, FigureNumber) and not run.typed] == [SIGNED.runs[3]]
    assert Paragraph(one.runs).text == text


def test_that_a_number_which_the_book_counts_anew_since_it_was_sent_stays_live() -> None:
    newer = replace(
        SIGNED, runs=("新签约项目", FigureNumber("signed.count", "49个"), SIGNED.runs[2], SIGNED.runs[3], "。")
    )
    report = replace(REPORT, sections=(Section("signed", "新签约", (newer,), 2), REPORT.sections[1]))
    text = "新签约项目47个，协议投资额174.2亿元，好于预期。"
    numbers = ("signed.count", "47个", "47个"), ("signed.investment", "174.2亿元", "174.2亿元")
    [one] = changed(report, back(came(text, *numbers)))
    assert one.typed == ()
    assert Paragraph(one.runs).text == "新签约项目49个，协议投资额174.2亿元，好于预期。"


def test_that_paragraphs_without_their_marks_are_found_by_their_words_behind_their_heading() -> None:
    text = "（一）新签约。新签约项目48个，协议投资额174.2亿元。"
    [one] = changed(REPORT, back(ReturnedParagraph(text)))
    assert one.place == "signed.places"
    assert [(number.typed, number.text) for number in one.typed] == [("48个", "47个")]


def test_that_free_text_comes_back_as_one_and_a_paragraph_taken_out_is_told() -> None:
    [signed, steps] = changed(REPORT, Returned(tuple(own("抓好开工。", "抓好入统和投产。"))))
    assert (signed.place, signed.after, signed.runs) == ("signed.places", "", ())
    assert (steps.place, Paragraph(steps.runs).text) == ("next_steps.own", "抓好开工。\n抓好入统和投产。")


def test_that_headings_and_lines_of_tables_are_no_new_paragraphs_but_a_new_one_is() -> None:
    lines = [
        "附表1　新签约项目明细表",
        "统计截止：2024-06-30　单位：个",
        "一、下一步工作打算",
        "另请注意三季度的入统时点。",
    ]
    found = changed(REPORT, back(came(SIGNED.text), *(ReturnedParagraph(line) for line in lines)))
    assert [(one.place, one.after) for one in found] == [("", "另请注意三季度的入统时点。")]
