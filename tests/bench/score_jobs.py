"""Contestants that score companies by six indicators: ours in whole numbers, numpy in floats, a workbook's formulas."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from random import Random
from typing import NoReturn

from tests.bench.worker import Place

KEYS = ("tax", "land", "value_added", "energy", "emissions", "staff", "rd", "revenue")
_PAIRS = (("tax", "land"), ("value_added", "land"), ("value_added", "energy"), ("value_added", "emissions"),
          ("value_added", "staff"), ("rd", "revenue"))  # fmt: skip
_WEIGHTS = (30, 20, 20, 10, 10, 10)
_BASELINES = ("24.097", "136.16", "2.694", "4929.81", "18.14", "0.0302")
_SHARES = (20, 70, 95, 100)


def columns(rows: int) -> dict[str, list[int]]:
    """Ready columns in 10⁻⁶ of the units."""
    rng = Random(2024)
    return {key: [rng.randrange(1, 10**11) for _row in range(rows)] for key in KEYS}


def _missing(what: str) -> NoReturn:
    print(f'{{"bench": {{"missing": "{what} is not installed"}}}}', flush=True)
    raise SystemExit(0)


def ours_scores(place: Place) -> None:
    """Scores, exact ranks and classes; exact scores and parts on demand, for the explanation of any company."""
    from db.per_mu.groups import Group, Member
    from db.per_mu.schemes import Scheme, presets
    from db.per_mu.scoring import evaluate

    scheme = Scheme.of(presets()["huangyan-2022"])
    group = Group([Member(at, "") for at in range(place.rows)], columns(place.rows), 2023)
    place.begin()
    found = evaluate(scheme, group)
    place.end()
    assert sum(found.counts().values()) == place.rows


def numpy_scores(place: Place) -> None:
    """The limit: the same in floats, ranks by sorting, classes by the place."""
    try:
        import numpy  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        _missing("numpy")
    given = {key: numpy.array(column, dtype=float) for key, column in columns(place.rows).items()}
    place.begin()
    scores = numpy.zeros(place.rows)
    for (above, below), weight, base in zip(_PAIRS, _WEIGHTS, _BASELINES, strict=True):
        scores += given[above] / given[below] / float(base) * weight
    ordered = numpy.sort(scores)
    ranks = place.rows + 1 - numpy.searchsorted(ordered, scores, side="right")
    limits = numpy.array([share * place.rows // 100 for share in _SHARES])
    classes = numpy.searchsorted(limits, ranks)
    place.end()
    assert classes.max() <= len(_SHARES)


def office_scores(place: Place) -> None:
    """A peer: the formulas in a workbook, recalculated by LibreOffice."""
    import openpyxl

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        _missing("LibreOffice")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("scores")
    given = columns(place.rows)
    letters = {key: "ABCDEFGH"[at] for at, key in enumerate(KEYS)}
    for at in range(place.rows):
        row = at + 1
        parts = [
            f"{letters[above]}{row}/{letters[below]}{row}*{float(weight / Fraction(base))!r}"
            for (above, below), weight, base in zip(_PAIRS, _WEIGHTS, _BASELINES, strict=True)
        ]
        sheet.append([*(given[key][at] for key in KEYS), "=" + "+".join(parts)])
    path = place.scratch("scores.xlsx")
    book.save(path)
    profile = place.scratch("profile")
    place.begin()
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "csv", "--outdir",
               str(path.parent), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    place.end()
