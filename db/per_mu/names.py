"""Names that came with the program, as a language says them: of indicators, schemes and classes; and where schemes are from.

A scheme is data in Chinese. What somebody wrote stays as it was written; what is written as in a preset is said in
English by the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from db.core.text import Text, _
from db.per_mu.rules import STATED

LIMITED: Mapping[str, Text] = {
    "": Text(""), "cap": _("(capped)"), "floor": _("(floor)"), "raised": _("(raised for what is left out)"),
}  # fmt: skip
_BROUGHT: tuple[Text, ...] = (
    *(one.label for one in STATED),
    _("Tax per kWh"), _("Value added per tonne of pollutants"), _("undetermined"), _("Exempt"),
    _("Huangyan 2021 (above)"), _("Huangyan 2021 (below)"), _("Huangyan 2022 (above)"), _("Huangyan 2022 (below)"),
    _("Anhui counties (above)"), _("Anhui counties (below)"), _("Jingde 2022"), _("Huai'an 2024"),
    _("Published: formulas and baselines of the evaluation “by results per mu” of industry in Huangyan, Taizhou, for 2021. "
      "Assumed: the shares of the classes (A 20 %, B to 70 %, C to 95 %) and how they are rounded; check with the local document."),
    _("Published: formulas and baselines of the evaluation “by results per mu” of industry in Huangyan, Taizhou, for 2022. "
      "Assumed: the shares of the classes (A 20 %, B to 70 %, C to 95 %) and how they are rounded; check with the local document."),
    _("Published: per-mu evaluation of the counties and districts of Anhui (above scale), weights 45/20/15/15/5, bonuses and "
      "deductions, A 25 %, B to 70 %, C to 95 %, the undetermined as B. Assumed: ΣX ÷ Σ of all as the baseline, shares rounded half "
      "up; check with the local document."),
    _("Published: per-mu evaluation of the counties and districts of Anhui (below scale), ranked by tax per mu, A 25 %, B to 70 %, "
      "C to 95 %, the undetermined as B. Assumed: ΣX ÷ Σ of all as the baseline, shares rounded half up; check with the local document."),
    _("Published: per-mu evaluation of Jingde, Xuancheng, for 2022; points of an item = weight × [20 + 80 × (x − min) ÷ (max − min)] "
      "÷ 100, plus bonuses. Assumed: the indicators and their weights, the shares of the classes, the undetermined as B, all borrowed "
      "from the scheme of Anhui (above scale); check with the local document."),
    _("Published: evaluation of industry in Huai'an for 2024, Σ(x ÷ baseline × weight), weights 45/35/20, the baseline twice last "
      "year's mean, A 20 %, B to 60 %, C to 95 %, class T exempt. Assumed: which three indicators there are and their formulas, shares "
      "rounded half up; check with the local document."),
)  # fmt: skip


@cache
def _known() -> Mapping[str, Text]:
    return {one.render("zh"): one for one in _BROUGHT}


def called(name: str) -> Text | str:
    """A name out of a scheme, or its note, as a language says it."""
    return _known().get(name, name)
