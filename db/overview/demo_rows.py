"""The rows of the demonstration district: invented projects whose sums are the published ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

Row = dict[str, Any]

WAN = 10**6
_FIRST = dt.date(2024, 1, 4)


class Storyteller:
    """Tells the same district for the same seed. Amounts inside are in 10,000 yuan until they become rows."""

    def __init__(self, data: dict[str, Any], rng: Random) -> None:
        self.data = data
        self.rng = rng
        pairs = [(brand, industry, what) for industry, what in data["products"] for brand in data["brands"]]
        rng.shuffle(pairs)
        self._names: Iterator[tuple[str, str, str]] = iter(pairs)
        self._investors: dict[tuple[str, str, str], str] = {}

    def signings(self, year: int, key: str) -> list[tuple[Row, str]]:
        """The first half-year's signings of `year`: each street's count and sum exact; with the recognition date."""
        found: list[tuple[Row, str]] = []
        for street in self.data["streets"]:
            count, total = street[key]
            found += [self._signed(street["name"], amount, year) for amount in self._split(total, count, least=2_000)]
        return found

    def last_year(self) -> list[tuple[Row, str]]:
        """The 32 signings of the half-year before, most of them started in its second half."""
        found = self.signings(2023, "previous")
        for place, (row, recognised) in enumerate(found):
            if place % 8 > 2:
                row["started_on"] = (dt.date.fromisoformat(recognised) + dt.timedelta(days=182)).isoformat()
        return found

    def this_year(self, late: int) -> tuple[list[tuple[Row, str]], Row]:
        """The 47 signings of 2024, and the one of them (of `late`) that was recorded only in July."""
        zone = self.data["streets"][0]
        count, total = zone["signed"]
        zone["signed"] = (count - 1, total - late)
        found = self.signings(2024, "signed")
        row, _day = self._signed(zone["name"], late, 2024)
        row["approved_on"], row["signed_on"] = "2024-06-28", "2024-06-20"
        return found, row

    def old_projects(self) -> list[tuple[Row, str]]:
        """Signings of 2022 and of the second half of 2023, none in a first half-year that is compared."""
        found = []
        for place in range(58):
            street = self.data["streets"][place % 7]["name"]
            row, _day = self._signed(street, self.rng.randrange(60, 700) * 100, 2023)
            recognised = dt.date(2022, 3, 1) + dt.timedelta(days=self.rng.randrange(280))
            if place >= 20:
                recognised = dt.date(2023, 7, 3) + dt.timedelta(days=self.rng.randrange(175))
            row["approved_on"] = recognised.isoformat()
            row["signed_on"] = (recognised - dt.timedelta(days=9)).isoformat()
            if place < 20:
                row["started_on"] = (dt.date(2023, 1, 5) + dt.timedelta(days=place * 8)).isoformat()
            elif place % 2 and recognised < dt.date(2023, 10, 20):
                row["started_on"] = (recognised + dt.timedelta(days=65)).isoformat()
            if place < 6:
                row["produced_on"] = f"2023-{5 + place:02d}-15"
            found.append((row, row["approved_on"]))
        return found

    def starts(self, signed: list[tuple[Row, str]], old: list[tuple[Row, str]], total: int) -> dict[str, Row]:
        """26 starts of the half-year with `total` investment in all (7 of this year's signings), 9 productions."""
        mine: list[Row] = []
        for street in self.data["streets"]:
            early = [row for row, day in signed if row["street"] == street["name"] and day < "2024-05-20"]
            mine += early[: street["started"]]
        waiting = [row for row, day in old if day >= "2023-03-01" and "started_on" not in row]
        chosen = mine + waiting[: 26 - len(mine)]
        rest = total - sum(row["agreed_investment"] // WAN for row in mine)
        amounts = [row["agreed_investment"] // WAN for row in mine] + self._split(rest, 26 - len(mine), least=10_000)
        found: dict[str, Row] = {}
        for row, amount in zip(chosen, amounts, strict=True):
            soonest = max(dt.date.fromisoformat(row["approved_on"]) + dt.timedelta(days=20), _FIRST)
            span = max((dt.date(2024, 6, 25) - soonest).days, 1)
            day = soonest + dt.timedelta(days=self.rng.randrange(span))
            found[row["name"]] = {"started_on": day.isoformat(), "total_investment": amount * WAN}
        running = [row for row, _day in old if "started_on" in row and "produced_on" not in row][:8]
        for place, row in enumerate(running):
            found[row["name"]] = {"produced_on": f"2024-{place % 6 + 1:02d}-{10 + place}"}
        return found

    def talks(self) -> list[Row]:
        """Projects under negotiation."""
        found = []
        for place in range(36):
            row = self._bare(self.data["streets"][place % 9]["name"], self.rng.randrange(30, 600) * 100)
            row |= {
                "stage": "negotiating",
                "negotiating_on": (dt.date(2023, 10, 8) + dt.timedelta(days=self.rng.randrange(85))).isoformat(),
                "talk_class": "ABC"[place % 3],
                "expected_signing": f"2024-{7 + place % 6:02d}",
                "next_step": "商定协议文本",
            }
            found.append(row)
        return found

    def money(self, month: str, numbers: dict[str, int]) -> list[tuple[int, str, int]]:
        """Paid-in funds of a month, of some projects."""
        paid = self.rng.sample(sorted(numbers.values()), k=min(len(numbers), 18))
        cells = []
        for number in paid:
            amount = self.rng.randrange(5, 90) * 100 * WAN
            cells += [
                (number, f"paid_in_reported@{month}", amount),
                (number, f"paid_in_verified@{month}", amount * 9 // 10),
                (number, f"fixed_assets_done@{month}", amount * 6 // 10),
            ]
        return cells

    def progress(self, numbers: dict[str, int]) -> list[tuple[int, str]]:
        """A month's entries of the log."""
        told = self.rng.sample(sorted(numbers.values()), k=min(len(numbers), 25))
        return [(number, self.rng.choice(self.data["progress"])) for number in told]

    def any_project(self, number: int) -> Row:
        """Project `number` of a large book: a third each signed, started and in production, some under negotiation."""
        data, rng = self.data, self.rng
        industry, what = data["products"][number % len(data["products"])]
        brand = data["brands"][number // 7 % len(data["brands"])]
        row = self._facts(f"{brand}{what}{number}号项目", f"{brand}{number // 2}{data['forms'][number % 3]}", industry)
        row |= {
            "street": data["streets"][number % 11]["name"],
            "agreed_investment": rng.randrange(20, 5000) * 100 * WAN,
        }
        row["total_investment"] = row["agreed_investment"]
        day = dt.date(2019, 1, 5) + dt.timedelta(days=number * 7 % 1990)
        row["negotiating_on"] = day.isoformat()
        if number % 8:
            row["signed_on"] = (day + dt.timedelta(days=60)).isoformat()
            row["approved_on"] = (day + dt.timedelta(days=75)).isoformat()
        if number % 8 > 2:
            row["started_on"] = (day + dt.timedelta(days=200)).isoformat()
        if number % 8 > 5:
            row["produced_on"] = (day + dt.timedelta(days=600)).isoformat()
        return row

    def _signed(self, street: str, amount: int, year: int) -> tuple[Row, str]:
        recognised = dt.date(year, 1, 8) + dt.timedelta(days=self.rng.randrange(168))
        row = self._bare(street, amount) | {
            "agreement_kind": "formal",
            "signed_on": (recognised - dt.timedelta(days=self.rng.randrange(3, 20))).isoformat(),
            "approved_on": recognised.isoformat(),
            "approval_number": f"{recognised:%Y}第{recognised.month}批",
            "planned_start_on": (recognised + dt.timedelta(days=self.rng.randrange(120, 300))).isoformat(),
            "not_started_reason": self.rng.choice(self.data["reasons"]),
        }
        return row, recognised.isoformat()

    def _bare(self, street: str, amount: int) -> Row:
        brand, industry, what = next(self._names)
        firm = (self.rng.choice(("庐州", "皖中", "江淮")), brand, self.rng.choice(self.data["forms"]))
        row = self._facts(brand + what, self._investor(firm, industry), industry)
        row |= {"street": street, "agreed_investment": amount * WAN, "total_investment": amount * WAN}
        row["fixed_investment"] = amount * self.rng.randrange(40, 80) // 100 * WAN
        row["progress"] = self.rng.choice(self.data["progress"])
        return row

    def _investor(self, firm: tuple[str, str, str], industry: str) -> str:
        """A firm's name, with a word of the trade of its first project; two of them are in the ledgers in two ways."""
        place, brand, form = firm
        if firm not in self._investors:
            word = self.data["trades"][industry]["words"][self.data["forms"].index(form)]
            name = f"{place}{brand}{word}{form}"
            self._investors[firm] = self.data["written_otherwise"].get(name, name)
        return self._investors[firm]

    def _facts(self, name: str, investor: str, industry: str) -> Row:
        data, rng = self.data, self.rng
        floors = rng.random() < 0.7
        return {
            "name": name,
            "investor": investor,
            "industry": industry,
            "source_place": rng.choice(data["places"]),
            "department": rng.choice(data["departments"])[0],
            "leader": rng.choice(data["leaders"]),
            "land_use": "floors" if floors else "land",
            "floor_area" if floors else "land_area": rng.randrange(10, 90) * (30_000 if floors else 200_000),
        }

    def _split(self, total: int, count: int, *, least: int) -> list[int]:
        """`count` amounts in hundreds, none below `least`, that sum to `total` exactly."""
        if not count:
            return []
        weights = [self.rng.random() + 0.25 for _place in range(count)]
        spare = total - least * count
        parts = [least + int(spare * weight / sum(weights)) // 100 * 100 for weight in weights]
        parts[parts.index(max(parts))] += total - sum(parts)
        return parts
