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


YEAR_HEADINGS = (*HEADINGS[:6], "责任单位", "区级责任领导", "开工日期")


def years(folder: Path) -> Path:
    """A folder as it grows over three years: the same projects again and again, a final version twice, a lock file."""
    first = ("晴川机器人总装线", "合肥晴川智能有限公司")
    second = ("云岭光学镜头产业化", "合肥云岭光电有限公司")
    third = ("北辰检测认证平台", "安徽北辰检测有限公司")
    fourth = ("天枢导航芯片", "合肥天枢有限公司")
    old: list[tuple[object, ...]] = [
        (1, *first, 12000, "2022-03-05", "大杨镇", "区发改委", "梁志远", None),
        (2, *second, 34500, "2022-04-18", "庐阳经济开发区", "区投促中心", "郑晓燕", None),
    ]
    middle: list[tuple[object, ...]] = [
        (1, *first, 15000, "2022-03-05", "大杨镇", "发展和改革委员会", "梁志远", "2023-02-10"),
        (2, *second, 34500, "2022-04-18", "庐阳经开区", None, None, None),
        (3, *third, 9800, "2023-05-20", "双岗街道", "区商务局", "罗倩", None),
    ]
    new: list[tuple[object, ...]] = [
        *middle[:1],
        (2, *second, 36000, "2022-04-18", "庐阳经济开发区", "区投促中心", "郑晓燕", "2024-01-15"),
        *middle[2:],
        (4, *fourth, 8000, "2024-06-01", "大杨镇", "区科技局", "罗倩", None),
        (5, "望湖总部楼宇", "安徽望湖置业有限公司", 22000, "2024-07-02", "海棠街道", "区商务局", "罗倩", None),
    ]
    files = {
        "2022年招商项目台账": old, "2023年招商项目台账 最终版": middle, "2023年招商项目台账 最终版(2)": middle,
        "招商项目台账（2024年6月）": new,
    }  # fmt: skip
    folder.mkdir()
    for name, rows in files.items():
        ledger(folder / f"{name}.xlsx", rows, headings=YEAR_HEADINGS)
    (folder / "~$招商项目台账（2024年6月）.xlsx").write_bytes(b"\x05")
    return folder
