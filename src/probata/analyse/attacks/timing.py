"""Acting together: do runs of activity of several sources start and stop together, beyond chance?

Per source, a gap longer than ``RUN_GAP`` ends a *run*; onsets and offsets of runs are its moments. Two sources are tied
where more of their moments fall within a width of each other than their own rhythms and the hour's give (Poisson
tail of the count expected under independent shifts, exact by linearity). Ties make cohesive groups; a group's score
is the sum of its ties. **Null**: every source's whole train shifted by its own uniform offset (keeps counts, bursts,
the order inside a source, the day's rhythm and every rush slower than the shift), the whole search repeated, the
largest score kept (a max-statistic: family-wise over groups; the jitter method of Amarasingham et al. 2012).
Content, client and place are not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_kernels import cohesive, group_scores, poisson_weight
from probata.analyse.attacks.timing_kernels import tie_weights

Array = np.ndarray[Any, np.dtype[Any]]

RUN_GAP = 1_800.0
WIDTHS = (60.0, 180.0, 600.0)
SHIFT = 6 * 3_600.0
APART = 3_600.0
"""A tie needs meetings on two occasions at least this far apart: once is what a public event makes."""
LEAST_WEIGHT = 2.6
COHESION = 0.4
WEAKEST = 1.0
JOINS = 0.8
STEP = 600.0
RUSH_STEPS = 7
RUSH = 25.0
RUSH_SHARE = 0.02
ON_SCHEDULE = 5.0
MEMBERS = 3
FEWEST_EVENTS = 4


@dataclass(frozen=True)
class Runs:
    """Runs of activity, sorted by source, then time; ``bounds`` says where each source's begin."""

    onset: Array
    offset: Array
    source: Array
    bounds: Array
    tested: Array
    """Codes of the sources that have enough events to be tested."""
    minute: float = 0.0
    """Seconds into the hour at second 0 of the service."""


@dataclass(frozen=True)
class Clock:
    """A monotone map between clock seconds and operational seconds, on a grid; rate 1 outside it."""

    edges: Array
    warped: Array
    speed: Array
    scheduled: bool = False
    """Runs start by the clock (jobs at a minute of the hour): trains may be shifted by whole hours only."""

    def shifts(self, rng: np.random.Generator, sources: int) -> Array:
        """One uniform shift in +-``SHIFT`` seconds for each source."""
        hours = int(SHIFT // 3_600)
        whole = rng.integers(-hours, hours + 1, sources) * 3_600.0
        even: Array = rng.uniform(-SHIFT, SHIFT, sources)
        return whole if self.scheduled else even

    def operational(self, time: Array) -> Array:
        """Clock to operational seconds."""
        return _line(time, self.edges, self.warped)

    def real(self, operational: Array) -> Array:
        """Operational to clock seconds."""
        return _line(operational, self.warped, self.edges)

    def rate(self, time: Array) -> Array:
        """Operational seconds a clock second at each moment."""
        index = np.clip(np.searchsorted(self.edges, time, side="right") - 1, -1, len(self.edges) - 1)
        return np.where(index < 0, 1.0, self.speed[index])


def _line(x: Array, known: Array, values: Array) -> Array:
    """Linear interpolation that goes on with slope 1 beyond both ends."""
    inside: Array = np.interp(x, known, values)
    inside += np.minimum(0.0, x - known[0]) + np.maximum(0.0, x - known[-1])
    return inside


@dataclass(frozen=True)
class Ties:
    """Undirected ties, strongest first: pairs of source codes with a weight (-log10 p, capped)."""

    first: Array
    second: Array
    weight: Array


@dataclass(frozen=True)
class Grouping:
    """Groups found, best first (members are source codes), their scores, and the ties used."""

    members: tuple[Array, ...]
    scores: tuple[float, ...]
    ties: Ties


def runs_of(service: Service, gap: float = RUN_GAP, fewest: int = FEWEST_EVENTS) -> Runs:
    """Cut each source's events into runs; sources with fewer than ``fewest`` events are left out."""
    enough = service.counts >= fewest
    rows = np.flatnonzero(enough[service.source])
    time, source = service.time[rows], service.source[rows]
    new = np.ones(len(time), dtype=bool)
    new[1:] = (source[1:] != source[:-1]) | (np.diff(time) > gap)
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(time)) - 1
    owner = source[starts] if len(starts) else source
    bounds = np.searchsorted(owner, np.arange(len(service.names) + 1))
    into_hour = float(service.origin.astype("datetime64[us]").astype(np.int64) % 3_600_000_000) / 1e6
    offset = time[ends] if len(starts) else time
    return Runs(time[starts], offset, owner, bounds, np.flatnonzero(enough), into_hour)


def clock_of(runs: Runs) -> Clock:
    """Operational time of a service: runs faster in hours in which very many sources start at once.

    A public event (an exploit is published, a list is posted) makes independent actors rush within the hour. Where
    the onsets within an hour exceed what a group of ``RUSH`` could add to the usual number, operational time speeds
    up with the square of the excess, so that shifted trains stay inside the rush.
    """
    if not len(runs.onset):
        return Clock(np.array([0.0, STEP]), np.array([0.0, STEP]), np.ones(2))
    scheduled = on_schedule(runs)
    edges = np.arange(runs.onset.min() - STEP, runs.offset.max() + 2 * STEP, STEP)
    counts = np.histogram(runs.onset, edges)[0].astype(float)
    half = RUSH_STEPS // 2  # "same" would give the length of the kernel for a log shorter than it
    smooth = np.convolve(counts, np.ones(RUSH_STEPS))[half : half + len(counts)]
    usual = smooth[smooth > 0].mean() if np.any(smooth > 0) else 0.0
    excess = np.maximum(0.0, smooth - usual) / max(RUSH, RUSH_SHARE * len(runs.tested))
    speed = np.ones(len(excess)) if scheduled else 1.0 + excess**2
    operational = np.concatenate([[0.0], np.cumsum(speed * STEP)])
    return Clock(edges, operational, np.append(speed, 1.0), scheduled)


def without(runs: Runs, gone: Array) -> Runs:
    """The runs of the sources that are not ``gone`` (a truth a source)."""
    kept = ~gone[runs.source]
    source = runs.source[kept]
    bounds = np.searchsorted(source, np.arange(len(runs.bounds)))
    tested = runs.tested[~gone[runs.tested]]
    return Runs(runs.onset[kept], runs.offset[kept], source, bounds, tested, runs.minute)


def timing_groups(runs: Runs, clock: Clock, shift: Array | None = None) -> Grouping:
    """Ties and cohesive groups of a set of runs, each source's train shifted by ``shift`` seconds if given."""
    sources = len(runs.bounds) - 1
    ties = _ties(runs, clock, np.zeros(sources) if shift is None else shift, LEAST_WEIGHT)
    label = cohesive(sources, ties.first, ties.second, ties.weight, COHESION)
    score, size = group_scores(sources, label, ties.first, ties.second, ties.weight)
    kept = np.flatnonzero(size >= MEMBERS)
    kept = kept[np.argsort(-score[kept], kind="stable")]
    members = tuple(np.flatnonzero(label == k) for k in kept) if shift is None else ()
    return Grouping(members, tuple(score[kept].tolist()), ties)


def on_schedule(runs: Runs) -> bool:
    """Say whether runs favour a minute of the hour (scheduled jobs): then trains are shifted by whole hours.

    For each minute the distinct hours in which a run starts there are counted, so that one command to many
    sources counts once; the fullest minute is compared with a Poisson count, corrected for sixty minutes.
    """
    if not len(runs.onset):
        return False
    moment = np.unique(np.floor((runs.onset + runs.minute) / 60.0))
    counts = np.bincount(np.mod(moment, 60).astype(np.int64), minlength=60)
    return bool(poisson_weight(int(counts.max()), float(counts.mean())) > ON_SCHEDULE)


def timing_null(runs: Runs, clock: Clock, draws: int, seed: int) -> Array:
    """Largest group score in each of ``draws`` worlds of independently shifted trains."""
    rng = np.random.default_rng([seed, 21])
    sources = len(runs.bounds) - 1
    best = np.zeros(draws)
    for draw in range(draws):
        found = timing_groups(runs, clock, clock.shifts(rng, sources))
        best[draw] = found.scores[0] if found.scores else 0.0
    return best


def joined(runs: Runs, clock: Clock, groups: tuple[Array, ...]) -> tuple[Array, ...]:
    """Add to each group the sources left over that are tied to it on average, counting weaker ties too.

    For groups already found significant: the score and p are those of the group before it was joined.
    """
    sources = len(runs.bounds) - 1
    ties = _ties(runs, clock, np.zeros(sources), WEAKEST)
    free = np.ones(sources, dtype=bool)
    for group in groups:
        free[group] = False
    whole = []
    for group in groups:
        inside = np.zeros(sources, dtype=bool)
        inside[group] = True
        strength = np.bincount(ties.first, ties.weight * inside[ties.second], sources)
        strength += np.bincount(ties.second, ties.weight * inside[ties.first], sources)
        more = np.flatnonzero(free & (strength >= JOINS * len(group)))
        free[more] = False
        whole.append(np.sort(np.concatenate([group, more])))
    return tuple(whole)


def _ties(runs: Runs, clock: Clock, shift: Array, least: float) -> Ties:
    moved = shift[runs.source]
    onset, offset = clock.operational(runs.onset) + moved, clock.operational(runs.offset) + moved
    onset_time, offset_time = clock.real(onset), clock.real(offset)
    time = np.concatenate([onset_time, offset_time])
    order = np.argsort(time, kind="stable")
    kind = np.concatenate([np.zeros(len(onset), np.int64), _offset_kind(runs)])[order]
    source = np.concatenate([runs.source, runs.source])[order]
    place = np.argsort(source, kind="stable")
    index = (np.searchsorted(source[place], np.arange(len(runs.bounds))), place)
    trains = (onset, offset, clock.rate(onset_time), clock.rate(offset_time), runs.offset - runs.onset)
    setup = (np.array(WIDTHS), SHIFT, least, APART, clock.scheduled)
    first, second, weight = tie_weights((time[order], source, kind), index, trains, runs.bounds, setup)
    order = np.lexsort((second, first, -weight))
    return Ties(first[order], second[order], weight[order])


def _offset_kind(runs: Runs) -> Array:
    """1 for an offset, and bit 1+w where its run is too short for width w (its offset repeats its onset)."""
    kind = np.ones(len(runs.onset), np.int64)
    for index, width in enumerate(WIDTHS):
        kind |= (runs.offset - runs.onset <= 2 * width).astype(np.int64) << (index + 1)
    return kind
