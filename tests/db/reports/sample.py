"""A half-year report as a real office prints it: units, numbers that add up, names that nobody bears."""

from __future__ import annotations

from decimal import Decimal

from db.reports.formulas import CountOver, Growth, Ratio, RowValue, Share, SumOver
from db.reports.report import (
    Chart,
    Column,
    Figure,
    FigureNumber,
    Paragraph,
    Report,
    RowsBehind,
    Section,
    Series,
    Table,
)

# unit, projects, agreed investment (万元), the same period last year (亿元), started
UNITS = (
    ("庐阳经济开发区", 14, 612300, "38.20", 4),
    ("大杨镇", 9, 284000, "17.95", 3),
    ("逍遥津街道", 8, 341700, "19.40", 0),
    ("三孝口街道", 6, 216500, "11.86", 0),
    ("海棠街道", 5, 154200, "8.10", 0),
    ("双岗街道", 3, 83300, "4.90", 0),
    ("亳州路街道", 2, 50000, "2.30", 0),
)
_FIRST = (
    "恒光",
    "北辰",
    "光曜",
    "芯谷",
    "天枢",
    "科微",
    "数智",
    "汇川",
    "朗感",
    "澜图",
    "象数",
    "博检",
    "天仪",
    "瑞储",
    "聚合",
)
_SECOND = (
    "光伏逆变器智能工厂",
    "聚变电源关键部件研发与生产基地",
    "激光雷达总装",
    "智能传感器制造基地",
    "导航芯片设计中心",
    "射频芯片封测",
    "供应链金融平台",
    "红外探测器产业化",
    "工业软件总部",
    "大模型应用中心（一期）及配套算力调度平台建设",
    "卫星测控数据中心",
)
_HOMES = (
    "浙江省杭州市",
    "上海市",
    "安徽省芜湖市",
    "江苏省南京市",
    "北京市",
    "江苏省苏州市",
    "广东省东莞市",
    "山东省烟台市",
)
_REASONS = (
    "用电报装办理中",
    "环评编制中",
    "土地手续办理中",
    "装修图审查未通过，正按意见修改后重新报审，预计8月底前完成",
    "消防审查未完成",
)
_LEADERS = ("郑晓燕", "陈立", "周敏", "孙建国", "吴海涛", "㛃䶮𬭎")
_INDUSTRIES = ("光电信息", "新能源", "软件信息", "金融", "商贸", "未来产业")


def signed_rows() -> list[tuple[int | str | None, ...]]:
    """The 47 signed projects, by unit."""
    rows: list[tuple[int | str | None, ...]] = []
    for unit, count, total, _before, started in UNITS:
        left = total
        for i in range(count):
            amount = left if i == count - 1 else (total * 2 * (count - i)) // (count * (count + 1)) // 100 * 100
            left -= amount
            number = len(rows)
            rows.append(
                (
                    number + 1,
                    _FIRST[number % len(_FIRST)] + _SECOND[number % len(_SECOND)],
                    unit,
                    _HOMES[number % len(_HOMES)],
                    _INDUSTRIES[number % len(_INDUSTRIES)],
                    amount,
                    f"2024-{number % 6 + 1:02d}-{number % 27 + 1:02d}",
                    "开工" if i < started else "签约",
                    f"34010320240{number + 1000:07d}",
                    "计入",
                )
            )
    return rows


SIGNED = Table(
    key="signed_list",
    title="2024年1—6月新签约项目明细表",
    sheet="明细",
    stand="统计截止：2024-06-30",
    unit="万元",
    columns=(
        Column("no", "序号", "centre"),
        Column("name", "项目名称"),
        Column("street", "属地（开发区、乡镇街道）"),
        Column("home", "投资方所在地"),
        Column("industry", "产业"),
        Column(
            "agreed", "协议投资额", "number", total="sum", definition="认定日期在期内的正式协议；同一项目只计首次签约。"
        ),
        Column("day", "认定日期", "date"),
        Column("stage", "阶段", "centre"),
        Column("code", "项目代码", "code"),
        Column("counted", "统计", "centre"),
    ),
    rows=tuple(signed_rows()),
    totals=(None, None, None, None, None, 1742000, None, None, None, None),
    detail=True,
    landscape=True,
)

_HERE = (("street", RowValue("street")), ("counted", "计入"))
BY_STREET = Table(
    key="signed_by_street",
    title="新签约项目分布",
    sheet="汇总",
    stand="统计截止：2024-06-30　口径：按认定日期，只计首次签约",
    unit="个、亿元、%",
    columns=(
        Column("street", "属地"),
        Column(
            "count", "项目数", "number", group="本期", formula=CountOver("signed_list", "name", _HERE), total="formula",
            check=True,
        ),
        Column(
            "agreed", "协议投资额", "number", group="本期", decimals=2, total="formula", check=True,
            formula=SumOver("signed_list", "agreed", _HERE, divide=10000), figure="signed.investment",
        ),
        Column("share", "占比", "percent", group="本期", decimals=1, formula=Share("agreed"), total="formula"),
        Column("before", "协议投资额", "number", group="上年同期", decimals=2, total="sum"),
        Column("growth", "同比", "percent", group="上年同期", decimals=1, formula=Growth("agreed", "before"), total="formula"),
        Column(
            "started", "开工数", "number", group="当期开工", total="formula", check=True,
            formula=CountOver("signed_list", "name", (*_HERE, ("stage", "开工"))),
        ),
        Column("rate", "开工率", "percent", group="当期开工", decimals=1, formula=Ratio("started", "count"), total="formula"),
    ),
    rows=tuple(
        (unit, count, Decimal(agreed) / 10000, None, Decimal(before), None, started, None)
        for unit, count, agreed, before, started in UNITS
    ),
    totals=("合　计", 47, Decimal("174.2"), None, Decimal("102.71"), None, 7, None),
    note="注：按认定日期统计；同一项目只计首次签约，增资只计增量。",
)  # fmt: skip

STUCK = Table(
    key="stuck",
    title="签约满6个月未开工项目（含往年）",
    sheet="签约未开工",
    stand="截至2024年6月30日　　范围：签约满6个月尚未开工的12个项目",
    unit="万元、天",
    columns=(
        Column("no", "序号", "centre"),
        Column("name", "项目名称"),
        Column("street", "属地"),
        Column("home", "投资方所在地"),
        Column("agreed", "协议投资额", "number", total="sum"),
        Column("day", "认定日期", "date"),
        Column("days", "已签约天数", "number"),
        Column("plan", "计划开工", "date"),
        Column("leader", "牵头领导", "centre"),
        Column("unit", "责任单位"),
        Column("why", "未开工原因"),
    ),
    rows=tuple(
        (
            i + 1,
            _FIRST[i] + _SECOND[(i * 3) % len(_SECOND)],
            UNITS[i % 7][0],
            _HOMES[i % 8],
            100000 - i * 6300,
            f"2023-{i % 12 + 1:02d}-11",
            540 - i * 30,
            "2024-11-30" if i % 4 else None,
            _LEADERS[i % 6],
            ("区金融办", "区数据局", "区经信局", "区投促中心")[i % 4],
            _REASONS[i % 5],
        )
        for i in range(12)
    ),
    totals=(None, None, None, None, sum(100000 - i * 6300 for i in range(12)), *(None,) * 6),
    landscape=True,
    note="注：“已签约天数”自认定日期起计；计划开工日期已到而未开工的，列入督办。",
)

CHART = Chart(
    key="signed_chart",
    title="新签约项目协议投资额（亿元）",
    table="signed_by_street",
    category="street",
    series=(Series("before", "2023年1—6月"), Series("agreed", "2024年1—6月", current=True)),
)


def _number(figure: str, text: str, nth: int = 1) -> FigureNumber:
    return FigureNumber(figure, text, nth=nth)


def _overall() -> Paragraph:
    return Paragraph(
        (
            "1—6月，全区新签约项目",
            _number("signed.count", "47个"),
            "，同比增长46.9%；协议投资额",
            _number("signed.investment", "174.2亿元"),
            "，同比增长",
            _number("signed.investment", "69.6%", 2),
            "，完成年度目标任务的58.1%，快于序时进度8.1个百分点；新开工亿元以上项目",
            _number("started.count", "26个"),
            "，总投资",
            _number("started.investment", "196亿元"),
            "。举办对接、路演活动20场，帮助27个项目对接融资，其中8个签约落地，获得融资1.73亿元。",
        ),
        place="targets.results",
    )


def half_year() -> Report:
    """The report of the first half of 2024."""
    overall = _overall()
    units = "、".join(f"{unit}{count}个" for unit, count, *_rest in UNITS)
    return Report(
        title="关于2024年上半年全区招商引资工作情况的通报",
        subtitle="（截至2024年6月30日）",
        addressee="各镇人民政府、街道办事处，开发区管委会，区直有关单位：",
        period=("2024-01-01", "2024-06-30"),
        opening=(Paragraph(("现将2024年1—6月全区招商引资工作情况通报如下：",), place="opening"),),
        sections=(
            Section("targets", "目标任务完成情况", (overall,)),
            Section("work", "主要工作情况"),
            Section(
                "signed",
                "新签约",
                (
                    Paragraph((f"项目数分别为：{units}。",), place="signed.places"),
                    Paragraph(("投资方包括㛃䶮𬭎科技等企业；“链长制”覆盖《庐阳区产业链目录》（2024年版）所列8条产业链。",)),
                    BY_STREET,
                    CHART,
                ),
                level=2,
            ),
            Section(
                "started",
                "开工与投产",
                (Paragraph(("新开工亿元以上项目26个，总投资196亿元，其中上半年签约项目中已开工7个（7/47）。",), place="started.starts"), STUCK),
                level=2,
            ),
            Section(
                "problems",
                "存在问题",
                (
                    Paragraph(("一是部分项目签约后开工不及时，签约满6个月未开工项目12个，用地、用电等要素保障仍需加强。",), place="problems.own.1"),
                    Paragraph(("二是省外资金到位不均衡，个别街道尚无新签约5亿元以上项目。",), place="problems.own.2"),
                ),
            ),
            Section(
                "next",
                "下一步工作打算",
                (Paragraph(("坚持双周调度，对签约未开工项目逐一明确责任单位和开工时限；落实“五个一”机制，推动项目早落地、早开工、早投产。",)),),
            ),
        ),
        appendix=(SIGNED,),
        figures=(
            Figure("signed.count", "新签约项目数", "认定日期在期内；同一项目只计首次签约。", "个", 47, previous=32, yoy=Decimal("0.4688")),
            Figure(
                "signed.investment", "协议投资额", "新签约项目的协议投资额合计，增资只计增量。", "亿元",
                Decimal("174.2"), previous=Decimal("102.71"), yoy=Decimal("0.6960"), rows=RowsBehind("projects", (1, 2, 3)),
            ),
            Figure("start_rate.cohort", "开工率（当期签约）", "期内签约项目中已开工 ÷ 期内签约。", "%", Decimal("14.9"), 7, 47),
        ),
        signature="庐阳区招商引资工作领导小组办公室",
        signed_on="2024年7月8日",
        copies=("报：区委、区人大、区政府、区政协负责同志。", "发：各镇人民政府、街道办事处，区直有关单位。"),
        notes=("本表数据取自招商一本账。",),
    )  # fmt: skip
