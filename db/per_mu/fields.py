"""The facts of a company's year, described once: who it is, and each metric in the unit that offices write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, func, select
from sqlalchemy import Text as SqlText

from db.companies.models import company
from db.companies.service import company_ids
from db.core.fields import Apart, Choice, Day, Field, Link, Whole, Words
from db.core.text import _
from db.core.updating import update_column
from db.people.models import unit
from db.per_mu.models import (
    BY_METRIC,
    HALF,
    METRICS,
    SCOPE,
    WHOLE_YEAR,
    Measured,
    company_year,
    evaluation,
    evaluation_result,
    metric,
)
from db.per_mu.service import put_metrics

Pairs = Sequence[tuple[int, Any]]
Read = Callable[[], ColumnElement[Any]]

ALIASES: dict[str, tuple[str, ...]] = {
    "land": ("用地面积", "占地面积", "实际用地面积", "土地面积", "用地", "占地", "评价用地面积"),
    "land_own": ("自有用地", "自有土地面积", "登记用地面积", "自有用地面积"),
    "land_out": ("出租用地", "出租面积", "租出用地", "出租土地面积"),
    "land_in": ("承租用地", "租入用地", "承租面积", "租入土地面积", "租用土地面积"),
    "floor_area": ("建筑面积", "厂房面积", "楼宇面积"),
    "revenue": ("营业收入", "主营业务收入", "营收", "开票销售", "销售收入", "全年营业收入"),
    "tax": (
        "实缴税金",
        "实缴税收",
        "税收",
        "入库税收",
        "纳税额",
        "实际入库税收",
        "税收实际贡献",
        "缴纳税金",
        "全口径税收",
    ),
    "value_added": ("工业增加值", "增加值"),
    "rd": ("研发费用", "研发经费", "R&D经费", "R&D经费支出", "研发投入", "研究与试验发展经费", "研究开发费用"),
    "profit": ("利润", "利润总额"),
    "energy": ("综合能耗", "综合能源消费量", "能耗", "能源消费量", "综合能耗（等价值）"),
    "electricity": ("用电量", "年用电量", "用电", "工业用电量"),
    "emissions": ("污染物排放量", "主要污染物排放量", "排污量", "污染物排放总量"),
    "staff": ("从业人员", "职工人数", "员工人数", "从业人数", "平均用工人数", "年平均职工人数", "从业人员平均人数"),
}


def _of_company(name: str) -> Read:
    return lambda: select(company.c[name]).where(company.c.id == company_year.c.company).scalar_subquery()


def _street(name: str) -> Read:
    joined = unit.join(company, company.c.street == unit.c.id)
    return lambda: (
        select(unit.c[name]).select_from(joined).where(company.c.id == company_year.c.company).scalar_subquery()
    )


def _value(one: Measured) -> Apart:
    """A metric in the stored unit of its kind."""
    shown: ColumnElement[Any] = metric.c.value if one.factor == 1 else metric.c.value // one.factor

    def rows() -> Select[Any]:
        return select(metric.c.entry, shown).where(metric.c.key == one.key)

    def of_one() -> ColumnElement[Any]:
        return rows().with_only_columns(shown).where(metric.c.entry == company_year.c.id).scalar_subquery()

    return Apart(of_one, rows)


def _put(key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        factor = BY_METRIC[key].factor
        put_metrics(connection, {entry: {key: None if value is None else value * factor} for entry, value in pairs})

    return write


def _put_company(connection: Connection, pairs: Pairs) -> None:
    numbers = company_ids(connection, [(str(name), None) for _entry, name in pairs])
    update_column(connection, company_year, "company", [(entry, numbers[str(name), None]) for entry, name in pairs])


def _put_year(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "year", pairs)


def _put_half(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "half", [(entry, int(half or WHOLE_YEAR)) for entry, half in pairs])


def _put_scale(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "scale", pairs)


def _put_remarks(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "remarks", pairs)


def _given(name: str) -> Read:
    """What a result list that was imported says of the company's year."""
    of = evaluation_result.join(evaluation, evaluation.c.id == evaluation_result.c.evaluation)
    whose = (
        evaluation.c.scheme.is_(None),
        evaluation.c.year == company_year.c.year,
        evaluation.c.half == company_year.c.half,
        evaluation_result.c.company == company_year.c.company,
    )
    return lambda: select(func.max(evaluation_result.c[name])).select_from(of).where(*whose).scalar_subquery()


def _put_given(key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        from db.per_mu.evaluations import put_given  # a start needs no scoring

        put_given(connection, {entry: {key: value} for entry, value in pairs})

    return write


CONFIRMED = Choice((("all", _("Confirmed")), ("some", _("Partly confirmed")), ("none", _("Not confirmed"))))


def _confirmed() -> ColumnElement[Any]:
    """Whether those who owe the data said that they are right; nothing where there are none."""
    of = select(metric.c.id).where(metric.c.entry == company_year.c.id)
    said, unsaid = of.where(metric.c.confirmed_on.is_not(None)), of.where(metric.c.confirmed_on.is_(None))
    return case(
        (and_(said.exists(), unsaid.exists()), "some"), (said.exists(), "all"), (unsaid.exists(), "none"), else_=None
    )


def _confirmed_on() -> ColumnElement[Any]:
    return select(func.max(metric.c.confirmed_on)).where(metric.c.entry == company_year.c.id).scalar_subquery()


RESULT_FIELDS: tuple[Field, ...] = (
    Field("given_score", _("Score given"), Words(), ("综合得分", "得分", "评价得分", "总得分", "总分"), "results",
          _given("score"), _put_given("given_score")),
    Field("given_rank", _("Rank given"), Whole(), ("排名", "名次", "综合排名", "位次"), "results", _given("rank"),
          _put_given("given_rank"), adds_up=False),
    Field("given_class", _("Class given"), Words(), ("评价等级", "等级", "类别", "评价结果", "分类", "评定等级", "评价类别"), "results",
          _given("class"), _put_given("given_class"), private=True),
)  # fmt: skip
METRIC_FIELDS: tuple[Field, ...] = tuple(
    Field(one.key, one.label, one.kind, ALIASES[one.key], "metrics", _value(one), _put(one.key), private=one.private)
    for one in METRICS
)
PER_MU_FIELDS: tuple[Field, ...] = (
    Field("company", _("Company"), Link("companies", "company"), ("企业名称", "单位名称", "公司名称", "企业", "单位详细名称"),
          read=_of_company("name"), write=_put_company),
    Field("credit_code", _("Credit code"), Words(identifier=True), ("统一社会信用代码", "社会信用代码", "信用代码"),
          read=_of_company("credit_code")),
    Field("year", _("Year of the data"), Whole(plain=True), ("年度", "年份", "评价年度"), read=lambda: company_year.c.year,
          write=_put_year, adds_up=False),
    Field("half", _("Half-year"), HALF, ("半年",), read=lambda: cast(cast(company_year.c.half, String), SqlText),
          write=_put_half),
    Field("scale", _("Scope"), SCOPE, ("规模", "企业规模", "规上规下", "评价范围"), read=lambda: company_year.c.scale,
          write=_put_scale),
    Field("street", _("Place"), Link("people", "unit"), ("属地", "所在街道", "所属街道", "所属园区"),
          read=_street("name"), sort=_street("position")),
    Field("industry", _("Industry"), Words(), ("所属行业", "行业", "行业名称", "产业类别"), read=_of_company("industry")),
    *METRIC_FIELDS,
    Field("confirmed", _("Confirmation"), CONFIRMED, read=_confirmed),
    Field("confirmed_on", _("Last confirmed on"), Day(), read=_confirmed_on),
    *RESULT_FIELDS,
    Field("remarks", _("Remarks"), Words(long=True), ("备注",), read=lambda: company_year.c.remarks, write=_put_remarks),
)  # fmt: skip
