"""The measured quantities: a volume with what it hangs on, a share of a country as a range, a burst against
placebo days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.attacks.geo import Database
from probata.stats import permutation_p, proportion_interval

Array = np.ndarray[Any, np.dtype[Any]]

UNITS = ("events", "sources", "sessions", "networks")
DRAWS = 499
BLOCK = 7
"""Days of a block when days are drawn again: attacks come in runs."""


@dataclass(frozen=True, slots=True)
class Share:
    """A country's share by database and as a whole."""

    estimate: float
    low: float
    high: float
    n: float
    by_database: Mapping[str, tuple[float, float]]
    """Share, and share of what the database does not know."""


def country_share(
    table: Mapping[str, Array], databases: Sequence[Database], country: str, unit: str, seed: int
) -> Share | None:
    """Share of a country over the sources of a table (``attempts``, ``sessions``, ``network``, ``country_i``).

    The interval spans every database: its lower end counts addresses that a database does not know as
    elsewhere, its upper end counts them in, and both carry the chance of having seen these sources and no
    others (exact binomial for sources and networks; sources drawn again for events and sessions, whose sources
    weigh unequally).
    """
    keep = np.array([ip is not None for ip in table["ip"]], dtype=bool) & (table["attempts"] > 0)
    if not keep.any():
        return None
    weight = {"events": table["attempts"], "sessions": table["sessions"]}.get(unit, np.ones(len(keep)))[
        keep
    ].astype(float)
    if weight.sum() == 0:
        return None
    lows, highs, shares = [], [], {}
    n = 0.0
    for number, base in enumerate(databases):
        codes = table[f"country_{number}"][keep]
        hit = np.array([c == country for c in codes], dtype=float)
        dark = np.array([c is None for c in codes], dtype=float)
        w = weight
        if unit == "networks":
            hit, dark, w = _by_network(table["network"][keep], hit, dark)
        low, high, n = _bounds(hit, dark, w, unit, seed)
        lows.append(low)
        highs.append(high)
        shares[base.name] = (float((hit * w).sum() / w.sum()), float((dark * w).sum() / w.sum()))
    values = [share for share, _ in shares.values()]
    return Share(float(np.mean(values)), min(lows), max(highs), n, shares)


def _by_network(networks: Array, hit: Array, dark: Array) -> tuple[Array, Array, Array]:
    """One row a network: the majority of its sources decides, and it is unknown where all are."""
    _, place = np.unique(networks.astype(str), return_inverse=True)
    size = np.bincount(place)
    share = np.bincount(place, weights=hit) / size
    unknown = np.bincount(place, weights=dark) / size
    return (share > 0.5).astype(float), (unknown == 1).astype(float), np.ones(len(size))


def _bounds(hit: Array, dark: Array, weight: Array, unit: str, seed: int) -> tuple[float, float, float]:
    n = float(weight.sum())
    if unit in ("sources", "networks"):
        low = proportion_interval(int(hit.sum()), int(n))[0]
        return low, proportion_interval(int((hit + dark).sum()), int(n))[1], n
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(hit), (DRAWS, len(hit))) if len(hit) <= 20_000 else None
    if drawn is not None and len(hit) > 1:
        totals = weight[drawn].sum(axis=1)
        lower = (weight * hit)[drawn].sum(axis=1) / totals
        upper = (weight * np.minimum(1, hit + dark))[drawn].sum(axis=1) / totals
        lo, hi = float(np.quantile(lower, 0.025)), float(np.quantile(upper, 0.975))
        few = (
            proportion_interval(int(hit.sum()), len(hit)),
            proportion_interval(int((hit + dark).sum()), len(hit)),
        )
        if len(hit) < 30:  # drawing few sources again says too little of those not seen
            return min(lo, few[0][0]), max(hi, few[1][1]), n
        return lo, hi, n
    if len(hit) <= 1:
        return 0.0, 1.0, n
    return (*_delta(weight, hit, dark), n)


def _delta(weight: Array, hit: Array, dark: Array) -> tuple[float, float]:
    """Normal interval of a ratio of sums over many sources (linearised)."""
    ends = []
    for marks, sign in ((hit, -1.0), (np.minimum(1, hit + dark), 1.0)):
        share = float((weight * marks).sum() / weight.sum())
        spread = float(np.sqrt((weight**2 * (marks - share) ** 2).sum()) / weight.sum())
        ends.append(min(1.0, max(0.0, share + sign * 1.96 * spread)))
    return ends[0], ends[1]


@dataclass(frozen=True, slots=True)
class Burst:
    """Rate around an event over the rate elsewhere, against every other placement of the same window."""

    ratio: float
    low: float
    high: float
    p: float
    needed: float
    """Smallest ratio that would have been significant at 5 %."""
    placements: int
    inside: float
    outside: float


def burst(counts: Array, start: int, width: int, seed: int) -> Burst | None:
    """Test days ``start .. start + width - 1`` of a daily series.

    Null: the window could have stood anywhere in the log, so that it is compared with all placements that do
    not overlap it (exact permutation; runs of attack days stay whole). None where there are fewer than 20 such
    placements.
    """
    size = len(counts)
    if start < 0 or start + width > size or size - width < 20:
        return None
    sums = np.convolve(counts, np.ones(width), mode="valid")
    total = counts.sum()
    away = [i for i in range(len(sums)) if abs(i - start) >= width]
    if len(away) < 20 or total == 0:
        return None
    ratios = np.array([_ratio(sums[i], total, width, size) for i in range(len(sums))])
    null = ratios[away]
    observed = float(ratios[start])
    low, high = _ratio_interval(counts, start, width, seed)
    needed = float(np.sort(null)[-max(1, int(0.05 * (len(null) + 1)))])
    return Burst(
        observed, min(low, observed), max(high, observed), permutation_p(observed, null), needed, len(null),
        float(sums[start] / width), float((total - sums[start]) / (size - width)),
    )  # fmt: skip


def _ratio(inside: float, total: float, width: int, size: int) -> float:
    """Rate inside over rate outside; half an event is added to each so that empty days give a number."""
    return float(((inside + 0.5) / width) / ((total - inside + 0.5) / (size - width)))


def _ratio_interval(counts: Array, start: int, width: int, seed: int) -> tuple[float, float]:
    """The rate outside drawn again in blocks of days; the window's own count as a Poisson quantity."""
    from scipy.stats import gamma

    rng = np.random.default_rng(seed)
    inside = float(counts[start : start + width].sum())
    outside = np.concatenate([counts[:start], counts[start + width :]])
    block = min(BLOCK, len(outside))
    pieces = -(-len(outside) // block)
    at = rng.integers(0, len(outside) - block + 1, (DRAWS, pieces))
    rates = np.array([outside[(row[:, None] + np.arange(block)).ravel()[: len(outside)]].sum() for row in at])
    rates = (rates + 0.5) / len(outside)
    own = gamma.rvs(inside + 0.5, random_state=rng, size=DRAWS) / width
    low, high = np.quantile(own / rates, (0.025, 0.975))
    return float(low), float(high)
