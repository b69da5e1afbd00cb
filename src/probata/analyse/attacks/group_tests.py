"""Runs every coordination test on one service: observed groups, their scores, and p by permutation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from probata.analyse.attacks import handover, timing, work
from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_lists import Lists, learn_lists
from probata.analyse.attacks.timing import Clock, Runs, Ties
from probata.stats import permutation_p

Array = np.ndarray[Any, np.dtype[Any]]

FIRST_DRAWS = 99
GO_ON = 0.1
"""The first 99 draws settle a test whose p is above this; others go on to the number asked."""


@dataclass(frozen=True)
class Found:
    """One group of sources that a test singled out in one service."""

    members: Array
    score: float
    p: float


@dataclass(frozen=True)
class Outcome:
    """What one test says of one service: p of the best group (1 where there is none) and all groups.

    ``critical`` is the score that 5 % of the draws reach: what a group must exceed.
    """

    test: str
    service: Service
    tested: Array
    p: float
    groups: tuple[Found, ...]
    ties: Ties
    draws: int
    critical: float


@dataclass(frozen=True)
class Prepared:
    """A service with everything the tests need, made once."""

    service: Service
    lists: Lists
    runs: Runs
    clock: Clock
    segments: handover.Segments
    rate: Array
    coverages: list[work.Coverage] = field(default_factory=list)


def prepare(service: Service) -> Prepared:
    """Learn lists, cut runs and segments, fit the operational clock."""
    lists = learn_lists(service)
    runs = timing.runs_of(service)
    clock = timing.clock_of(runs)
    segments = handover.segments_of(service, lists)
    rate = handover.stop_rate(segments, clock)
    return Prepared(service, lists, runs, clock, segments, rate, work.coverages(service, lists))


def acting_together(ready: Prepared, draws: int, seed: int) -> Outcome | None:
    """Timing of runs of activity; ``None`` where fewer than three sources have events enough."""
    if len(ready.runs.tested) < timing.MEMBERS:
        return None
    found = timing.timing_groups(ready.runs, ready.clock)
    null = _null(lambda b, s: timing.timing_null(ready.runs, ready.clock, b, s), found.scores, draws, seed)
    outcome = _outcome("acting_together", ready, ready.runs.tested, found, null)
    notable = tuple(group for group in outcome.groups if group.p <= GO_ON)
    whole = timing.joined(ready.runs, ready.clock, tuple(group.members for group in notable))
    grown = [replace(group, members=members) for group, members in zip(notable, whole, strict=True)]
    return replace(outcome, groups=(*grown, *outcome.groups[len(grown) :]))


def hand_over(ready: Prepared, draws: int, seed: int) -> Outcome | None:
    """Relays between sources."""
    tested = np.unique(ready.segments.source)
    if len(tested) < timing.MEMBERS:
        return None
    found = handover.relay_groups(ready.segments, ready.clock, ready.rate)
    null = _null(
        lambda b, s: handover.relay_null(ready.segments, ready.clock, ready.rate, b, s),
        found.scores,
        draws,
        seed,
    )
    return _outcome("hand_over", ready, tested, found, null)


def dividing_work(ready: Prepared, draws: int, seed: int) -> Outcome | None:
    """Overlap of the sparse users of each learned list; ``None`` where no list has three of them."""
    if not ready.coverages:
        return None
    parts = [work.division_groups(coverage) for coverage in ready.coverages]
    pairs = [pair for part in parts for pair in zip(part.members, part.scores, strict=True)]
    pairs.sort(key=lambda pair: -pair[1])
    ties = Ties(
        np.concatenate([part.ties.first for part in parts]),
        np.concatenate([part.ties.second for part in parts]),
        np.concatenate([part.ties.weight for part in parts]),
    )
    found = timing.Grouping(tuple(m for m, _ in pairs), tuple(s for _, s in pairs), ties)
    null = _null(lambda b, s: work.division_null(ready.coverages, b, s), found.scores, draws, seed)
    tested = np.unique(np.concatenate([coverage.users for coverage in ready.coverages]))
    return _outcome("dividing_work", ready, tested, found, null)


TESTS: dict[str, Callable[[Prepared, int, int], Outcome | None]] = {
    "acting_together": acting_together,
    "dividing_work": dividing_work,
    "hand_over": hand_over,
}
"""Every test of coordination, in the order in which they are reported."""


def _null(sample: Callable[[int, int], Array], scores: tuple[float, ...], draws: int, seed: int) -> Array:
    """Draws from the null: 99, then the rest where these leave the best score among the extreme ones."""
    null = sample(min(FIRST_DRAWS, draws), seed)
    if draws > len(null) and scores and permutation_p(scores[0], null) <= GO_ON:
        null = np.concatenate([null, sample(draws - len(null), seed + 1)])
    return null


def _outcome(test: str, ready: Prepared, tested: Array, found: timing.Grouping, null: Array) -> Outcome:
    groups = tuple(
        Found(members, score, permutation_p(score, null))
        for members, score in zip(found.members, found.scores, strict=True)
    )
    best = min((group.p for group in groups), default=1.0)
    critical = float(np.quantile(null, 0.95)) if len(null) else 0.0
    return Outcome(test, ready.service, tested, best, groups, found.ties, len(null), critical)
