"""Three ways, cell by cell: complete, no one-sided change lost, every true conflict reported, nothing twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.three_way import Verdict, compared, identical, verdict

VALUES = st.sampled_from([None, "", "a", "b", "c", 0, 1])
RECORDS = st.dictionaries(st.integers(1, 4), st.dictionaries(st.sampled_from("xyz"), VALUES), max_size=4)


@given(RECORDS, RECORDS, RECORDS)
@settings(max_examples=150)
def test_that_a_merge_is_complete_and_asks_only_where_both_changed(base: dict, ours: dict, theirs: dict) -> None:
    told = {(number, key): found for number, key, found in compared(base, ours, theirs)}
    merged = {number: dict(cells) for number, cells in ours.items()}
    for number, cells in theirs.items():
        for key, value in cells.items():
            was, here = base.get(number, {}).get(key), ours.get(number, {}).get(key)
            found = told.get((number, key), Verdict.SAME)
            they, we = not identical(was, value), not identical(was, here)
            both = they and we and not identical(here, value)
            assert (found is Verdict.CONFLICT) == both
            assert (found is Verdict.THEIRS) == (they and not we)
            if found is Verdict.THEIRS:
                merged.setdefault(number, {})[key] = value
            elif found in (Verdict.SAME, Verdict.OURS):
                assert not they
    again = {(number, key) for number, key, found in compared(base, merged, theirs) if found is Verdict.THEIRS}
    assert not again


@given(VALUES, VALUES, VALUES)
def test_that_who_merges_into_whom_makes_no_difference(base: object, one: object, other: object) -> None:
    turned = {Verdict.OURS: Verdict.THEIRS, Verdict.THEIRS: Verdict.OURS}
    found = verdict(base, one, other)
    assert verdict(base, other, one) is turned.get(found, found)
