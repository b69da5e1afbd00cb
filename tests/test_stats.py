"""Facts about the statistics that every question uses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.stats import (
    benjamini_hochberg,
    bootstrap_interval,
    detectable_effect,
    holm,
    permutation_p,
    proportion_interval,
)

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_a_permutation_p_is_never_zero() -> None:
    """The observed arrangement is one of the possible ones."""
    assert permutation_p(10.0, np.zeros(99)) == pytest.approx(0.01)


def test_a_permutation_p_counts_ties_against_the_finding() -> None:
    """A null draw equal to the observed value is as extreme as it."""
    assert permutation_p(1.0, np.array([1.0, 0.0, 2.0])) == pytest.approx(0.75)


@given(P_VALUES)
def test_adjusted_p_values_are_never_smaller_than_the_raw_ones(values: list[float]) -> None:
    """Correction only ever weakens."""
    p = np.array(values)
    assert (benjamini_hochberg(p) >= p - 1e-12).all()
    assert (holm(p) >= benjamini_hochberg(p) - 1e-12).all()


def test_benjamini_hochberg_agrees_with_scipy() -> None:
    """A second implementation gives the same q-values."""
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(1).random(50) ** 2
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))


def test_unknown_p_values_stay_unknown_and_do_not_count() -> None:
    """A tie that could not be tested takes nothing from the others."""
    q = benjamini_hochberg(np.array([0.01, np.nan, 0.04]))
    assert q[0] == pytest.approx(0.02)
    assert np.isnan(q[1])


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_proportion_lies_in_its_interval(hits: int, misses: int) -> None:
    """The exact interval holds the share that was seen."""
    low, high = proportion_interval(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low <= hits / (hits + misses) <= high


def test_the_bootstrap_interval_of_a_mean_has_about_its_standard_error() -> None:
    """Half the width is close to 1.96 standard errors for a mean of 400 normal draws."""
    units = np.random.default_rng(2).normal(size=400)
    low, high = bootstrap_interval(units, lambda chosen: float(chosen.mean()), seed=3)
    assert (high - low) / 2 == pytest.approx(1.96 / 20, rel=0.15)


def test_the_detectable_effect_of_a_normal_test_is_two_point_eight_standard_errors() -> None:
    """5 % two-sided and 80 % power give 1.96 + 0.84."""
    assert detectable_effect(1.0) == pytest.approx(2.80, abs=0.01)
