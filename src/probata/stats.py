"""Permutation p-values, exact and bootstrap intervals, multiple testing: pure functions on arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def permutation_p(observed: float, null: Array) -> float:
    """One-sided p of ``observed`` among draws from the null, never 0 (Phipps & Smyth 2010).

    ``(1 + #{null >= observed}) / (1 + draws)``.
    """
    return float((1 + np.count_nonzero(np.asarray(null) >= observed)) / (1 + len(null)))


def benjamini_hochberg(p: Array) -> Array:
    """q-values that control the false discovery rate (Benjamini & Hochberg 1995); NaN stays NaN."""
    p = np.asarray(p, dtype=float)
    q = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def holm(p: Array) -> Array:
    """Adjusted p-values that control the family-wise error rate (Holm 1979)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return adjusted


def proportion_interval(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval (Clopper & Pearson 1934); (0, 1) for no trials."""
    from scipy.special import betaincinv  # what scipy.stats.beta calls; that takes a second to import

    if n == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits == n else float(betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


def count_interval(count: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Exact interval of the mean behind Poisson counts (Garwood 1936)."""
    from scipy.special import gammaincinv

    count, tail = np.asarray(count, dtype=float), (1 - level) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    return low, np.asarray(gammaincinv(count + 1, 1 - tail))


def bootstrap_interval(
    units: Array, statistic: Callable[[Array], float], seed: int, draws: int = 999, level: float = 0.95
) -> tuple[float, float]:
    """Percentile interval over whole units (clusters) drawn with replacement (Efron 1979)."""
    rng = np.random.default_rng(seed)
    size = len(units)
    values = np.array([statistic(units[rng.integers(0, size, size)]) for _ in range(draws)])
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def detectable_effect(standard_error: float, level: float = 0.05, power: float = 0.8) -> float:
    """Smallest effect found with the given power by a two-sided normal test: about 2.8 SE."""
    from scipy.special import ndtri

    return float((ndtri(1 - level / 2) + ndtri(power)) * standard_error)
