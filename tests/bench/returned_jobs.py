"""Contestants about what leaves and comes back: a returned sheet merged three ways, a superior's form filled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import fixtures
from tests.bench.worker import Place

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TODAY = "2024-06-30"
_COLUMNS = ("name", "investor", "agreed_investment", "land_area", "street", "signed_on", "problems", "next_step",
            "jobs")  # fmt: skip
_HEADER = 4  # row of the headings in a sheet for a unit, the mark in its first column
_PROBLEMS, _NEXT_STEP, _JOBS = 7, 8, 9
_ASKED = ("序号", "项目名称", "项目单位", "所属行业", "总投资（亿元）", "签约时间（××××年××月）", "计划开工时间", "责任领导",
          "责任单位", "存在问题")  # fmt: skip


def _book(place: Place) -> Path:
    return place.folder / f"sent-{place.rows}.zsb"


def _sheet(place: Place) -> Path:
    return place.folder / f"returned-{place.rows}.xlsx"


def _form(place: Place) -> Path:
    return place.folder / f"form-{place.rows}.xlsx"


def _filled(place: Place) -> Path:
    return place.folder / f"filled-{place.rows}.xlsx"


# --- a returned sheet -------------------------------------------------------------------------------------------------


def returned(place: Place) -> None:
    """A book that has sent all its projects to a unit and was changed since, and the sheet that came back."""
    from tests.bench.measure import run, worker

    fixtures.demonstration(place)
    if not _sheet(place).exists():
        run(worker("returned_jobs:make_returned", place.folder, place.rows))


def make_returned(place: Place) -> None:
    """Every fifteenth project is changed here; there the rows are turned round and edited."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.text import Text
    from db.projects.service import set_values
    from db.projects.sheet import PROJECT_SHEET
    from db.sheets.sending import Wanted, send

    shutil.copy(place.demonstration, _book(place))
    with Book.open(str(_book(place))) as book:
        with book.read() as connection:
            ids = [record["id"] for record in PROJECT_SHEET.existing(connection)]
        out = place.scratch("sent.xlsx")
        send(book, PROJECT_SHEET, Wanted("大杨镇", _COLUMNS, tuple(ids), on=TODAY), out)
        with book.write(Text("meanwhile")) as connection:
            set_values(connection, [(number, "problems", "用电扩容正在办理") for number in ids[::15]])
    _edited(out, _sheet(place))


def _edited(sent: Path, back: Path) -> None:
    """As a unit sends it: rows turned round and edited, a hundredth of them gone, as many new."""
    import openpyxl

    rows = openpyxl.load_workbook(sent).worksheets[0].iter_rows(values_only=True)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("大杨镇")
    for _line in range(_HEADER):
        sheet.append(next(rows))
    body = [list(row) for row in rows if row[0]]
    for row in _changed(body):
        sheet.append(row)
    for at in range(len(body) // 100):
        sheet.append([None, f"新来的项目{at}", f"新来的公司{at}", 1000 + at])
    book.save(back)


def _changed(body: list[list[Any]]) -> Iterator[list[Any]]:
    for at, row in reversed(list(enumerate(body))):
        if at % 5 == 0:
            row[_PROBLEMS] = f"消防验收还差{at}项材料"
        if at % 7 == 0:
            row[_JOBS] = at + 1
        if at % 11 == 0:
            row[_NEXT_STEP] = "下月报审"
        if at % 100 != 1:
            yield row


def ours_merge(place: Place) -> None:
    """Read, compared with what was sent and what is, and written as one operation, theirs where both changed a cell."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.projects.sheet import PROJECT_SHEET
    from db.sheets.merging import apply, plan_return
    from db.sheets.reading import read_workbook

    path = place.scratch("merged.zsb")
    shutil.copy(_book(place), path)
    with Book.open(str(path)) as book:
        place.begin()
        merge = plan_return(book, read_workbook(_sheet(place)), [PROJECT_SHEET])
        operation = apply(book, merge, take="theirs", on=TODAY)
        place.end()
    path.unlink()
    assert operation is not None
    assert len(merge.new) == len(merge.missing) == place.rows // 100
    assert len(merge.taken) > place.rows * 0.3
    assert merge.conflicts


def our_reading(place: Place) -> None:
    """The limit: reading the sheet."""
    from db.sheets.reading import read_workbook

    place.begin()
    found = read_workbook(_sheet(place))
    place.end()
    assert len(found.sheets[0].rows) >= place.rows


def parser_alone(place: Place) -> None:
    """A peer that only parses it, in this process."""
    from python_calamine import CalamineWorkbook

    place.begin()
    count = sum(1 for _row in CalamineWorkbook.from_path(str(_sheet(place))).get_sheet_by_index(0).iter_rows())
    place.end()
    assert count >= place.rows


# --- a form -----------------------------------------------------------------------------------------------------------


def blank(place: Place) -> None:
    """The demonstration book, a form with as many blank rows, and the same one filled."""
    from tests.bench.measure import run, worker

    fixtures.demonstration(place)
    if not _filled(place).exists():
        run(worker("returned_jobs:make_form", place.folder, place.rows))


def make_form(place: Place) -> None:
    """A superior's form: title, who reports, ten headings, ruled rows, a sum, signatures."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "附表1"
    sheet["A1"], sheet["A2"], sheet["H2"] = (
        "全市重点签约项目情况统计表", "填报单位（盖章）：", "填报日期：      年   月   日",
    )  # fmt: skip
    sheet.merge_cells("A1:J1")
    last = 3 + place.rows
    _ruled(sheet, last + 1)
    for at, heading in enumerate(_ASKED, 1):
        sheet.cell(3, at, heading)
    sheet.cell(last + 1, 1, "合计")
    sheet.cell(last + 1, 5, f"=SUM(E4:E{last})")
    sheet.merge_cells(start_row=last + 1, end_row=last + 1, start_column=1, end_column=2)
    sheet.cell(last + 2, 1, "单位负责人：            填表人：            联系电话：")
    book.save(_form(place))
    _fill(place, _filled(place))


def _ruled(sheet: Worksheet, last: int) -> None:
    from openpyxl.styles import Border, Side

    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for line in range(3, last + 1):
        for at in range(1, len(_ASKED) + 1):
            sheet.cell(line, at).border = border


def ours_fill(place: Place) -> None:
    """The form understood and filled with all projects."""
    out = place.scratch("filled.xlsx")
    _fill(place, out)
    out.unlink()


def _fill(place: Place, out: Path) -> None:
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.forms_out import Asked, fill

    with Book.open(str(place.demonstration)) as book:
        place.begin()
        done, _view = fill(book, _form(place), out, Asked(view="all", today=TODAY))
        place.end()
    assert done.rows == place.rows
    assert all(one.key for one in done.columns[1:]), "all but the running number come from the book"


def openpyxl_blank(place: Place) -> None:
    """The limit: openpyxl loading the blank form and saving it."""
    _loaded_and_saved(place, _form(place))


def openpyxl_filled(place: Place) -> None:
    """A peer: openpyxl loading the filled form and saving it."""
    _loaded_and_saved(place, _filled(place))


def _loaded_and_saved(place: Place, path: Path) -> None:
    import openpyxl

    out = place.scratch("saved.xlsx")
    place.begin()
    openpyxl.load_workbook(path).save(out)
    place.end()
    out.unlink()
