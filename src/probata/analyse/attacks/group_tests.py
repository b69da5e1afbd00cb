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
LEVEL = 0.05
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

    ``critical`` is the score that 5 % of the draws reach once the groups found are set aside.
    """

    test: str
    service: Service
    tested: Array
    p: float
    groups: tuple[Found, ...]
    ties: Ties
    draws: int
    critical: float


Step = tuple[timing.Grouping, Callable[[int, int], Array]]
"""The groups among the sources still in question, and the sampler of their null (draws, seed)."""


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

    def step(gone: Array) -> Step:
        runs = timing.without(ready.runs, gone)
        found = timing.timing_groups(runs, ready.clock)
        return found, lambda b, s: timing.timing_null(runs, ready.clock, b, s)

    outcome = _step_down("acting_together", (ready.service, ready.runs.tested), step, draws, seed)
    notable = tuple(group for group in outcome.groups if group.p <= LEVEL)
    whole = timing.joined(ready.runs, ready.clock, tuple(group.members for group in notable))
    grown = [replace(group, members=members) for group, members in zip(notable, whole, strict=True)]
    return replace(outcome, groups=(*grown, *(group for group in outcome.groups if group.p > LEVEL)))


def hand_over(ready: Prepared, draws: int, seed: int) -> Outcome | None:
    """Relays between sources."""
    tested = np.unique(ready.segments.source)
    if len(tested) < timing.MEMBERS:
        return None

    def step(gone: Array) -> Step:
        kept = handover.without(ready.segments, gone)
        found = handover.relay_groups(kept, ready.clock, ready.rate)
        return found, lambda b, s: handover.relay_null(kept, ready.clock, ready.rate, b, s)

    return _step_down("hand_over", (ready.service, tested), step, draws, seed)


def dividing_work(ready: Prepared, draws: int, seed: int) -> Outcome | None:
    """Overlap of the sparse users of each learned list; ``None`` where no list has three of them."""
    if not ready.coverages:
        return None

    def step(gone: Array) -> Step:
        kept = [work.without(coverage, gone) for coverage in ready.coverages]
        return work.all_groups(kept), lambda b, s: work.division_null(kept, b, s)

    tested = np.unique(np.concatenate([coverage.users for coverage in ready.coverages]))
    return _step_down("dividing_work", (ready.service, tested), step, draws, seed)


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


def _step_down(
    test: str, what: tuple[Service, Array], step: Callable[[Array], Step], draws: int, seed: int
) -> Outcome:
    """Test the groups from the strongest down, each time without the members of those already found.

    A large group would otherwise hide smaller ones: shifted or dealt anew, its many members still make the largest
    scores of the null. Removing what was rejected keeps the family-wise error (step-down of Westfall & Young 1993);
    p never falls from one step to the next.
    """
    service, tested = what
    gone = np.zeros(len(service.names), dtype=bool)
    settled: list[Found] = []
    floor, first = 0.0, None
    while True:
        found, sample = step(gone)
        first = first or found
        null = _null(sample, found.scores, draws, seed + 2 * len(settled))
        groups = [
            Found(members, score, max(floor, permutation_p(score, null)))
            for members, score in zip(found.members, found.scores, strict=True)
        ]
        fresh = [group for group in groups if group.p <= LEVEL]
        if not fresh:
            break
        settled += fresh
        floor = max(group.p for group in fresh)
        gone[np.concatenate([group.members for group in fresh])] = True
    settled += groups
    best = min((group.p for group in settled), default=1.0)
    return Outcome(
        test, service, tested, best, tuple(settled), first.ties, len(null), float(np.quantile(null, 0.95))
    )
