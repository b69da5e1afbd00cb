"""What chance makes of the order of articles."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.spread.told import Told, upper_tail


def enumerated(eighths: list[int], hits: int) -> float:
    """P(at least that many hits), from every outcome of trials whose chances are so many eighths."""
    total = Fraction(0)
    for outcome in product((0, 1), repeat=len(eighths)):
        if sum(outcome) >= hits:
            part = Fraction(1)
            for hit, eighth in zip(outcome, eighths, strict=True):
                part *= Fraction(eighth if hit else 8 - eighth, 8)
            total += part
    return float(total)


@settings(deadline=None, max_examples=60)  # the first compiles
@given(st.lists(st.integers(0, 8), max_size=8), st.integers(0, 9))
def test_p_of_unequal_chances_is_that_of_all_outcomes_added_up(eighths: list[int], hits: int) -> None:
    want = min(1.0, max(1e-15, enumerated(eighths, hits)))
    assert upper_tail(np.array(eighths) / 8, hits) == pytest.approx(want, rel=1e-12)


def test_small_p_of_many_trials_keeps_its_digits() -> None:
    from scipy.stats import binom

    assert upper_tail(np.full(5000, 0.3), 1700) == pytest.approx(float(binom.sf(1699, 5000, 0.3)), rel=1e-9)


def test_chances_of_all_outlets_of_a_story_add_up_to_one() -> None:
    told = Told((3, 5, 8, 9, 11, 12), (0, 1, 4), {1: 3, 0: 1, 4: 2}, 1, 3, None)
    assert sum(told.chance(owner, "origin") for owner in told.owners) == pytest.approx(1)
    assert sum(told.chance(owner, "second") for owner in told.owners) == pytest.approx(1)
