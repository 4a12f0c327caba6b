"""Projects as a few lines of text for a chat group: short, readable on a telephone, nothing that should not go round.

One writer per language; the rows are read once for both. Phones, tax and the class of talks are never in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.core import listing
from db.core.fields import Money
from db.core.formats import show
from db.core.text import say
from db.projects.choices import CURRENCY
from db.projects.details import log
from db.projects.fields import field_of
from db.projects.models import CNY, STATUS, project
from db.projects.stages import STAGE_CHOICE

MOST = 50  # more is a table, not a message
_KEYS = (
    "name", "stage", "status", "agreed_investment", "paid_in_verified", "street", "department", "leader", "investor",
    "next_step", "next_step_due", "progress", "currency",
)  # fmt: skip
_LONGEST = 120  # characters of a progress entry in a list
_ENDS = "。；;，,、. "


@dataclass(frozen=True)
class Brief:
    """What is said of one project. facts: field key → stored value; entry: the newest progress, its day."""

    facts: Mapping[str, Any]
    entry: tuple[str | None, str] | None


def briefs(connection: Connection, ids: Sequence[int], *, today: dt.date) -> list[Brief]:
    """What is known of these projects, in their order; one that is gone is left out."""
    fields = [known for key in _KEYS if (known := field_of(key)) is not None]
    found = listing.rows(connection, project, fields, list(ids), today=today.isoformat())
    made = []
    for row in found:
        facts = dict(zip([one.key for one in fields], row[1:], strict=True))
        newest = log(connection, row[0])[:1]
        made.append(Brief(facts, (newest[0].day, " ".join(newest[0].text.split())) if newest else None))
    return made


def copied(connection: Connection, ids: Sequence[int], *, today: dt.date, lang: str) -> str:
    """The text: of one project in full, of several a line or two each. At most `MOST` of them."""
    found = briefs(connection, list(ids)[:MOST], today=today)
    writer = _chinese if lang == "zh" else _english
    more = len(ids) - MOST if len(ids) > MOST else 0
    return writer(found, today, more) if found else ""


def money(hundredths: int, lang: str, currency: str = CNY) -> str:
    """1.2亿元, 3000万美元; in English 120 million yuan."""
    if lang == "zh":
        unit = "亿元" if abs(hundredths) >= 10**10 else "万元"
        amount = show(Money(), hundredths, unit=unit, digits=None).replace(",", "")
        return amount + in_currency(unit, currency, lang)
    millions = hundredths / 10**8
    return f"{millions:,.2f}".rstrip("0").rstrip(".") + " " + in_currency("million yuan", currency, lang)


def in_currency(unit: str, currency: str, lang: str) -> str:
    """万元 of another currency: 万美元; million yuan: million US dollar."""
    if currency == CNY:
        return unit
    called = CURRENCY.label(currency).render(lang)
    return unit.removesuffix("元") + called if lang == "zh" else unit.removesuffix("yuan") + called


def _label(choice: Any, key: str | None, lang: str) -> str:
    return str(say(choice.label(key), lang)) if key else ""


def _state(brief: Brief, lang: str) -> str:
    """The stage, and the status where it is not under way."""
    stage = _label(STAGE_CHOICE, brief.facts["stage"], lang)
    status = brief.facts["status"]
    told = _label(STATUS, status, lang) if status and status != "active" else ""
    join = "（{}）" if lang == "zh" else " ({})"
    return stage + (join.format(told) if told else "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip(_ENDS) + "…"


# --- Chinese -------------------------------------------------------------------------------------------------------


def _chinese(found: Sequence[Brief], today: dt.date, more: int) -> str:
    until = f"截至{today.year}年{today.month}月{today.day}日"
    if len(found) == 1 and not more:
        return _one_chinese(found[0], until)
    lines = [f"【项目情况】{len(found) + more}个，{until}"]
    for number, one in enumerate(found, 1):
        lines += ["", f"{number}. {one.facts['name']}", "　".join(_head_chinese(one))]
        if one.entry is not None:
            lines.append(_entry_chinese(one.entry, today))
    if more:
        lines += ["", f"另有{more}个，见台账。"]
    return "\n".join(lines)


def _head_chinese(brief: Brief) -> list[str]:
    facts = brief.facts
    amount = money(facts["agreed_investment"], "zh", facts["currency"]) if facts["agreed_investment"] else ""
    return [part for part in (_state(brief, "zh"), amount, facts["street"], facts["leader"]) if part]


def _one_chinese(brief: Brief, until: str) -> str:
    facts = brief.facts
    amounts = [
        f"{word}{money(facts[key], 'zh', facts['currency'] if key == 'agreed_investment' else CNY)}"
        for key, word in (("agreed_investment", "协议投资"), ("paid_in_verified", "到位资金"))
        if facts[key]
    ]
    people = [
        f"{word}{facts[key]}" for key, word in (("leader", "牵头领导："), ("department", "责任单位：")) if facts[key]
    ]
    lines = [
        f"【{facts['name']}】",
        f"阶段：{_state(brief, 'zh')}" + (f"（{facts['street']}）" if facts["street"] else ""),
        "，".join(amounts),
        f"投资方：{facts['investor']}" if facts["investor"] else "",
        "；".join(people),
        _entry_chinese(brief.entry, None) if brief.entry is not None else "",
        _next_chinese(facts),
        f"（{until}）",
    ]
    return "\n".join(line for line in lines if line)


def _entry_chinese(entry: tuple[str | None, str], today: dt.date | None) -> str:
    day, text = entry
    when = f"（{_day_chinese(day, today)}）" if day else ""
    return f"进展{when}：{_short(text) if today is not None else text}"


def _next_chinese(facts: Mapping[str, Any]) -> str:
    if not facts["next_step"]:
        return ""
    due = f"（{_day_chinese(facts['next_step_due'], None)}前）" if facts["next_step_due"] else ""
    return f"下一步：{facts['next_step'].rstrip(_ENDS)}{due}"


def _day_chinese(day: str, today: dt.date | None) -> str:
    year, month, date = (int(part) for part in day.split("-"))
    return f"{month}月{date}日" if today is not None and year == today.year else f"{year}年{month}月{date}日"


# --- English -------------------------------------------------------------------------------------------------------


def _english(found: Sequence[Brief], today: dt.date, more: int) -> str:
    until = f"as of {today.isoformat()}"
    if len(found) == 1 and not more:
        return _one_english(found[0], until)
    lines = [f"{len(found) + more} projects, {until}"]
    for number, one in enumerate(found, 1):
        facts = one.facts
        amount = money(facts["agreed_investment"], "en", facts["currency"]) if facts["agreed_investment"] else ""
        head = [part for part in (_state(one, "en"), amount, facts["street"], facts["leader"]) if part]
        lines += ["", f"{number}. {facts['name']}", " · ".join(head)]
        if one.entry is not None:
            lines.append(_entry_english((one.entry[0], _short(one.entry[1]))))
    if more:
        lines += ["", f"And {more} more, see the ledger."]
    return "\n".join(lines)


def _one_english(brief: Brief, until: str) -> str:
    facts = brief.facts
    told = (("investor", "Investor"), ("leader", "District leader"), ("department", "Responsible unit"))
    amounts = (("agreed_investment", "Agreed investment"), ("paid_in_verified", "Paid in"))
    due = f" (by {facts['next_step_due']})" if facts["next_step_due"] else ""
    lines = [
        str(facts["name"]),
        f"Stage: {_state(brief, 'en')}" + (f", {facts['street']}" if facts["street"] else ""),
        *(
            f"{word}: {money(facts[key], 'en', facts['currency'] if key == 'agreed_investment' else CNY)}"
            for key, word in amounts
            if facts[key]
        ),
        *(f"{word}: {facts[key]}" for key, word in told if facts[key]),
        _entry_english(brief.entry) if brief.entry is not None else "",
        f"Next: {facts['next_step'].rstrip(_ENDS)}{due}" if facts["next_step"] else "",
        f"({until})",
    ]
    return "\n".join(line for line in lines if line)


def _entry_english(entry: tuple[str | None, str]) -> str:
    day, text = entry
    return f"Progress ({day}): {text}" if day else f"Progress: {text}"
