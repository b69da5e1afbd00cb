"""Share of attempts made by groups, with bounds; and the smallest group that this log could have shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from probata.analyse.attacks import timing
from probata.analyse.attacks.group_tests import Outcome, Prepared

Array = np.ndarray[Any, np.dtype[Any]]

SIZES = (3, 4, 6, 8, 12, 16, 24)
TRIALS = 20
POWER = 0.8
COMMANDS = 3
JITTER = 60.0


@dataclass(frozen=True)
class Share:
    """Bounds on a share of attempts.

    Attributes:
        estimate: attempts of the sources in significant groups over all attempts.
        low: the same with only those members that are tied to at least two others.
        high: attempts of found members, of sources that the test cannot judge, and of the largest sources
            that a missed group just below the detectable size could have had.
        untestable: share of attempts by sources that the test cannot judge.
        mde: share of attempts of the smallest group found with 80 % power, members of the usual size.
    """

    estimate: float
    low: float
    high: float
    untestable: float
    mde: float | None


def planted_size(ready: Prepared, critical: float, seed: int) -> int | None:
    """Smallest number of sources that, made to act on common commands, this log shows in 80 % of trials.

    Sources are drawn from the log, their runs replaced by the same ``COMMANDS`` moments (each member within a
    minute), and the best group's score is compared with what chance reaches in 5 % of the draws. ``None`` where
    not even the largest size tried is found.
    """
    runs = ready.runs
    span = float(runs.offset.max() - runs.onset.min()) if len(runs.onset) else 0.0
    if span < 4 * timing.APART:
        return None
    rng = np.random.default_rng([seed, 51])
    for size in SIZES:
        if size > len(runs.tested):
            return None
        hits = 0
        for _ in range(TRIALS):
            planted = _plant(runs, rng.choice(runs.tested, size, replace=False), rng, span)
            scores = timing.timing_groups(planted, ready.clock).scores
            hits += bool(scores) and scores[0] > critical
        if hits >= POWER * TRIALS:
            return size
    return None


def share_of(outcomes: list[Outcome], significant: list[list[int]], total: int, size: int | None) -> Share:
    """Bounds on the share of attempts in the significant groups of one test over its services.

    Args:
        outcomes: of one test, a service each.
        significant: for each outcome, the indices of its significant groups.
        total: attempts in the whole log, tested or not.
        size: smallest detectable group, ``None`` where unknown (then nothing is excluded from above).
    """
    inside = firm = testable = 0
    left: list[int] = []
    for outcome, chosen in zip(outcomes, significant, strict=True):
        counts = outcome.service.counts
        members = [outcome.groups[k].members for k in chosen]
        joined = np.unique(np.concatenate(members)) if members else np.zeros(0, np.int64)
        inside += int(counts[joined].sum())
        firm += sum(int(counts[_firm(outcome, group)].sum()) for group in members)
        testable += int(counts[outcome.tested].sum())
        left += counts[np.setdiff1d(outcome.tested, joined)].tolist()
    total = max(total, 1)
    left.sort(reverse=True)
    untestable = max(total - testable, 0)
    missed = sum(left) if size is None else sum(left[: size - 1])
    usual = float(np.median(left)) if left else 0.0
    return Share(
        estimate=inside / total,
        low=firm / total,
        high=min(1.0, (inside + untestable + missed) / total),
        untestable=untestable / total,
        mde=None if size is None else min(1.0, size * usual / total),
    )


def _firm(outcome: Outcome, group: Array) -> Array:
    """Members tied to at least two other members."""
    ties = outcome.ties
    own = np.isin(ties.first, group) & np.isin(ties.second, group)
    degree = np.bincount(
        np.concatenate([ties.first[own], ties.second[own]]), minlength=len(outcome.service.names)
    )
    return group[degree[group] >= 2]


def _plant(runs: timing.Runs, chosen: Array, rng: np.random.Generator, span: float) -> timing.Runs:
    """Replace the runs of the chosen sources by common commands; run lengths are drawn from the log."""
    keep = ~np.isin(runs.source, chosen)
    begin = float(runs.onset.min())
    commands = begin + rng.uniform(0, span, COMMANDS)
    owner = np.repeat(chosen, COMMANDS)
    onset = np.tile(commands, len(chosen)) + rng.uniform(0, JITTER, len(owner))
    length = np.tile(rng.choice(runs.offset - runs.onset, COMMANDS), len(chosen))
    source = np.concatenate([runs.source[keep], owner])
    onset = np.concatenate([runs.onset[keep], onset])
    offset = np.concatenate([runs.offset[keep], onset[-len(owner) :] + length])
    order = np.lexsort((onset, source))
    bounds = np.searchsorted(source[order], np.arange(len(runs.bounds)))
    return replace(runs, onset=onset[order], offset=offset[order], source=source[order], bounds=bounds)
