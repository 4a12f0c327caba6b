"""Contestants that read spreadsheets, import them and write them out."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.data import COLUMNS, DATES, HEADINGS, HUNDREDTHS, TITLE, WHOLE
from tests.bench.worker import Place

Stored = int | str | None


def calamine(place: Place) -> None:
    """The limit of reading: the parser itself, row by row."""
    from python_calamine import CalamineWorkbook

    count = sum(1 for _row in CalamineWorkbook.from_path(str(place.ledger)).get_sheet_by_index(0).iter_rows())
    assert count >= place.rows


def ours_read(place: Place) -> None:
    """Our reading, through the parser's own process."""
    from db.sheets.reading import open_workbook

    with open_workbook(place.ledger) as book:
        count = sum(len(block) for block in book.sheets[0].rows())
    assert count >= place.rows


def openpyxl_read(place: Place) -> None:
    """openpyxl, read-only."""
    from openpyxl import load_workbook

    book = load_workbook(place.ledger, read_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) >= place.rows
    book.close()


def ours_import(place: Place) -> None:
    """The command `import` on an empty book, as a person runs it."""
    from db.cli import main

    book = place.scratch("import.zsb")
    assert main(["new", str(book)]) == 0
    assert main(["import", str(book), str(place.ledger), "--assume", "yes", "--lang", "en"]) == 0
    book.unlink()


def _source(place: Place) -> Iterator[tuple[Stored, ...]]:
    """The rows to be written, from a plain table: cheap, and never all of them in memory."""
    connection = sqlite3.connect(place.table)
    yield from connection.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger ORDER BY id")
    connection.close()


def ours_out(place: Place) -> None:
    """Our streamed ledger."""
    from db.reports.streamed import LedgerColumn, write_ledger

    columns = [
        LedgerColumn(
            key, heading,
            "date" if at in DATES else "number" if at in WHOLE or at in HUNDREDTHS else "choice" if at == 9 else "text",
            divide=100 if at in HUNDREDTHS else 1, decimals=2 if at in HUNDREDTHS else 0,
            labels={name: name for name in ("省外", "省内", "境外")} if at == 9 else {},
        )
        for at, (key, heading) in enumerate(zip(COLUMNS, HEADINGS, strict=True))
    ]  # fmt: skip
    out = place.scratch("ours.xlsx")
    write_ledger(out, TITLE, columns, _source(place), count=place.rows)
    out.unlink()


def hand_streamed(place: Place) -> None:
    """The limit of writing: XML made by hand."""
    from tests.bench.sheet_xml import write_stored

    out = place.scratch("hand.xlsx")
    write_stored(out, _source(place))
    out.unlink()


def xlsxwriter_out(place: Place) -> None:
    """XlsxWriter with constant memory, a method for each kind of cell."""
    from xlsxwriter import Workbook

    out = place.scratch("xlsxwriter.xlsx")
    with Workbook(str(out), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("签约项目")
        head = book.add_format({"bold": True, "bg_color": "#EEEEEE"})
        day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(HEADINGS) - 1, 16)
        sheet.freeze_panes(1, 0)
        sheet.data_validation(1, 9, place.rows, 9, {"validate": "list", "source": ["省外", "省内", "境外"]})
        for at, heading in enumerate(HEADINGS):
            sheet.write_string(0, at, heading, head)
        for number, row in enumerate(_source(place), 1):
            for at, value in enumerate(row):
                _put(sheet, number, at, value, day, money)
    out.unlink()


def _put(sheet: Any, number: int, at: int, value: Stored, day: Any, money: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(number, at, value / 100 if at in HUNDREDTHS else value, money if at in HUNDREDTHS else None)
    elif value is not None and at in DATES:
        sheet.write_datetime(number, at, dt.date.fromisoformat(value), day)
    elif value is not None:
        sheet.write_string(number, at, value)


def openpyxl_out(place: Place) -> None:
    """openpyxl, write-only."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("签约项目")
    sheet.freeze_panes = "A2"
    sheet.append(HEADINGS)
    for row in _source(place):
        sheet.append([_python(value, at) for at, value in enumerate(row)])
    out = place.scratch("openpyxl.xlsx")
    book.save(out)
    out.unlink()


def _python(value: Stored, at: int) -> Any:
    if isinstance(value, str) and at in DATES:
        return dt.date.fromisoformat(value)
    return value / 100 if isinstance(value, int) and at in HUNDREDTHS else value


def libreoffice(program: str, folder: Path, rows: int, kind: str) -> list[str]:
    """LibreOffice reads the ledger and writes it as `kind`; of a kind that no filter has, it only loads it."""
    profile = (folder / "office").as_uri()
    source, out = folder / f"ledger-{rows}.xlsx", folder / "scratch"
    options = ["--headless", "--norestore", "--convert-to", kind, "--outdir", str(out)]
    return [program, f"-env:UserInstallation={profile}", *options, str(source)]
