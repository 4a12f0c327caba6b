"""What a project's facts may be chosen from, beside stage, status and agreement; aliases are other ways to write it."""

from __future__ import annotations

from db.core.fields import Choice
from db.core.text import _

LAND_USE = Choice(
    (("land", _("On land")), ("floors", _("In leased floors"))),
    (
        ("用地", "land"),
        ("新增用地", "land"),
        ("供地", "land"),
        ("非用地", "floors"),
        ("租赁厂房", "floors"),
        ("租赁", "floors"),
        ("租用厂房", "floors"),
        ("租用", "floors"),
        ("标准化厂房", "floors"),
        ("厂房", "floors"),
        ("楼宇", "floors"),
    ),
)

TALK_CLASS = Choice(
    (("A", _("A: pushed")), ("B", _("B: followed")), ("C", _("C: in reserve"))),
    (("重点推动", "A"), ("一般跟进", "B"), ("储备", "C"), ("A类", "A"), ("B类", "B"), ("C类", "C")),
)

NOT_STARTED = Choice(
    (
        ("land", _("Land")),
        ("money", _("Money")),
        ("approval", _("Approval")),
        ("replanning", _("Change of plans")),
        ("market", _("Market")),
        ("company", _("The company itself")),
        ("other", _("Other")),
        ("normal", _("On schedule")),
    ),
    (
        ("土地", "land"),
        ("资金", "money"),
        ("审批", "approval"),
        ("规划调整", "replanning"),
        ("市场", "market"),
        ("企业自身", "company"),
        ("其他", "other"),
        ("正常推进", "normal"),
    ),
)

CURRENCY = Choice(
    (
        ("CNY", _("Yuan")),
        ("USD", _("US dollar")),
        ("EUR", _("Euro")),
        ("HKD", _("Hong Kong dollar")),
        ("JPY", _("Yen")),
        ("GBP", _("Pound")),
        ("SGD", _("Singapore dollar")),
    ),
    (
        ("人民币", "CNY"),
        ("元", "CNY"),
        ("美元", "USD"),
        ("美金", "USD"),
        ("欧元", "EUR"),
        ("港元", "HKD"),
        ("港币", "HKD"),
        ("日元", "JPY"),
        ("英镑", "GBP"),
        ("新加坡元", "SGD"),
    ),
)
