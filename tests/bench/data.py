"""The base ledger: thirty columns of Chinese text, dates, money and choices, the same for the same size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

Value = None | int | float | str | dt.date

TITLE = "庐阳区招商引资签约项目台账"
UNIT_LINE = "单位：万元、亩"
HEADINGS = (
    "序号", "项目编号", "项目名称", "投资主体", "统一社会信用代码", "产业类别", "产业链", "项目内容", "资金来源地",
    "资金类别", "协议投资额（万元）", "总投资（万元）", "固定资产投资（万元）", "预计产值（万元）", "就业人数",
    "首次洽谈时间", "签约日期", "认定日期", "开工日期", "投产日期", "属地", "责任单位", "包保区领导", "联系人",
    "联系电话", "用地方式", "用地面积（亩）", "2024年6月到位资金（万元）", "目前进展", "备注",
)  # fmt: skip
DATES = frozenset(place for place, heading in enumerate(HEADINGS) if heading.endswith(("日期", "时间")))

_PLACES = "合肥 南京 上海 杭州 苏州 深圳 北京 武汉 长沙 成都 广州 宁波 无锡 青岛 芜湖".split()
_STREETS = "大杨镇 三十岗乡 林店街道 四里河街道 海棠街道 双岗街道 亳州路街道 逍遥津街道 杏林街道 庐阳经开区".split()
_UNITS = "区投促局 区发改委 区经信局 区商务局 区科技局 区住建局 区文旅局 区金融中心 区农业农村局 区数据局".split()
_LEADERS = "张明 李卫东 王建国 陈静 刘洋 赵敏 周涛 孙丽".split()
_TRADES = "新一代信息技术 高端装备制造 生物医药 新能源 新材料 现代金融 科技服务 商贸物流 文化创意 绿色食品".split()
_CHAINS = "集成电路 智能网联汽车 光伏及储能 医疗器械 工业软件 量子信息 大数据 供应链".split()
_WORDS = "智能 传感器 研发 生产 基地 总部 中心 配套 精密 检测 冷链 储能 电池 芯片 封装 软件 平台 运营 示范 数字".split()
_SOURCES = ("省外", "省内", "境外")
_LAND = ("新增用地", "租赁厂房", "标准化厂房", "楼宇")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(random: Random) -> str:
    """A code of 18 characters with the right check character."""
    body = "91340103MA" + "".join(random.choices(_ALPHABET, k=7))
    total = sum(weight * _ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, body, strict=True))
    return body + _ALPHABET[-total % 31]


def rows(count: int, seed: int = 2024) -> Iterator[tuple[Value, ...]]:
    """`count` projects as an office's ledger has them, in the order of `HEADINGS`."""
    random = Random(seed)
    for number in range(1, count + 1):
        yield _row(random, number)


def _row(random: Random, number: int) -> tuple[Value, ...]:
    place, trade, word = random.choice(_PLACES), random.choice(_TRADES), random.choices(_WORDS, k=6)
    amount = random.randrange(500, 200_000)
    talks = dt.date(2021, 1, 1) + dt.timedelta(days=random.randrange(900))
    signed = talks + dt.timedelta(days=random.randrange(20, 300))
    begun = signed + dt.timedelta(days=random.randrange(30, 400)) if random.random() < 0.5 else None
    done = begun + dt.timedelta(days=random.randrange(200, 500)) if begun and random.random() < 0.5 else None
    land = random.choice(_LAND)
    return (
        number,
        f"LY{number:07d}",
        f"{place}{word[0]}{word[1]}{word[2]}项目{number}",
        f"{place}{word[3]}{word[4]}科技有限公司{number}",
        credit_code(random),
        trade,
        random.choice(_CHAINS),
        f"建设{word[0]}{word[1]}{word[5]}，新建生产线{random.randrange(1, 20)}条，达产后形成年产{amount}套能力",
        place,
        random.choice(_SOURCES),
        amount,
        round(amount * random.uniform(1, 1.6), 2),
        amount // 2,
        amount * 2,
        random.randrange(20, 2000),
        talks,
        signed,
        signed + dt.timedelta(days=random.randrange(1, 20)),
        begun,
        done,
        random.choice(_STREETS),
        random.choice(_UNITS),
        random.choice(_LEADERS),
        random.choice("赵钱孙李周吴郑王") + random.choice(("伟", "芳", "强", "秀英", "建华")),
        f"138{random.randrange(10**8):08d}",
        land,
        round(random.uniform(5, 200), 2) if land == "新增用地" else None,
        amount // 10 if begun else None,
        f"{word[2]}{word[3]}方案已通过评审，正在办理前期手续（{number}）",
        None if number % 3 else f"由{place}商会推荐",
    )


def stored(count: int) -> list[tuple[int | str | None, ...]]:
    """The same rows as a table keeps them: integers and text, money in hundredths, dates in ISO form."""
    return [tuple(_stored(value) for value in row) for row in rows(count)]


def _stored(value: Value) -> int | str | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return round(value * 100) if isinstance(value, float) else value


WHOLE = (0, 10, 12, 13, 14, 27)  # the columns of `stored` that hold integers
HUNDREDTHS = (11, 26)  # and those that hold hundredths
COLUMNS = tuple(f"c{number:02d}" for number in range(len(HEADINGS)))
