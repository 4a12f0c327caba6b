"""Small ledgers as offices keep them, made for one test each."""

from __future__ import annotations

from pathlib import Path

import openpyxl

HEADINGS = ("序号", "项目名称", "投资主体", "协议投资额（万元）", "签约日期", "属地", "备注")


def ledger(
    path: Path, rows: list[tuple[object, ...]], *, title: str = "签约项目台账", headings: tuple[str, ...] = HEADINGS
) -> Path:
    """A title, a heading row, the rows, a sum row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "签约项目"
    sheet.append([title])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    sheet.append(["合计", None, None, sum(row[3] for row in rows if isinstance(row[3], int | float))])
    book.save(path)
    return path


def three_projects(path: Path) -> Path:
    """Three projects without a fault."""
    return ledger(
        path,
        [
            (1, "晴川机器人总装线", "合肥晴川智能有限公司", 12000, "2024-03-05", "大杨镇", None),
            (2, "云岭光学镜头产业化", "合肥云岭光电有限公司", 34500, "2024.4.18", "庐阳经济开发区", "一期"),
            (3, "北辰检测认证平台", "安徽北辰检测有限公司", 9800, "2024年5月20日", "双岗街道", None),
        ],
    )
