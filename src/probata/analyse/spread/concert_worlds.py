"""Worlds in which chance decides who shares what: how often each pair of sources then shares a story.

Worlds are drawn in rounds. After a round only pairs are drawn on whose verdict would change within the sampling error
of what is expected of them: most pairs are settled by the first round.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.spread.concert_kernels import count_pairs, sweep
from probata.analyse.spread.concert_shares import Counted, Shares, strata
from probata.analyse.spread.share_kernels import deal, tally
from probata.stats import benjamini_hochberg

Array = np.ndarray[Any, np.dtype[Any]]
Index = tuple[Array, Array, Array, Array]
Runs = tuple[Array, Array, Array, Array]
Places = tuple[Array, Array, Array]

WORLDS = 200
"""Most worlds that a pair may need."""
ROUND, FEW = 20, 20_000
"""Worlds of the first round; all of them where there are only so many pairs of shares to count."""
CHAINS = 2
"""Independent chains of worlds, each on a thread."""
BURN_IN = 10
LEVEL = 0.05
LEAST_SHARED = 2
"""One story in common is no tie, whatever its p."""
LEAST_EVER = 0.1
"""Sharing *at any time* counts from this share of the smaller source's stories on: an archive that is carried over, not
the repeats and templates that any two sources of one kind have in common."""
_TABLE = 2_000  # sources up to which candidates are looked up in a table of all pairs
_SCANNED, _BITS = 16, 1 << 28  # shares of a story up to which they are looked through; bytes of the bit map


@dataclass(slots=True)
class Compared:
    """Candidate pairs of sources: what they share and what they share in the worlds, by statistic."""

    names: list[str]
    a: Array
    b: Array
    sources: int
    observed: Array  # (pairs, statistics)
    candidate: Array  # (pairs, statistics) bool: enough in common to be looked at
    total: Array  # (pairs, statistics): summed over the worlds
    worlds: Array  # (pairs,)
    chosen: Array  # (pairs,): the most telling statistic
    lowest: Array  # (pairs,): p if no more were expected than the worlds' error allows
    highest: Array  # (pairs,): p if as many were expected as it allows; this one is reported

    def only(self, rows: Array) -> Compared:
        """Some pairs, in that order."""
        parts = (
            self.observed,
            self.candidate,
            self.total,
            self.worlds,
            self.chosen,
            self.lowest,
            self.highest,
        )
        return Compared(
            self.names, self.a[rows], self.b[rows], self.sources, *(part[rows] for part in parts)
        )  # fmt: skip

    def mean(self, errors: float, rows: Array) -> Array:
        """Expected numbers of some pairs, put that many standard errors (and one unseen event) off."""
        total = self.total[rows]
        step = 1 + np.abs(errors) * np.sqrt(total + 1)
        moved = total + (step if errors > 0 else -step)
        return np.asarray(np.maximum(moved, 1e-9) / np.maximum(self.worlds[rows], 1)[:, None])

    def p(self, errors: float, rows: Array) -> Array:
        """P(at least the observed number) of some pairs, of their most telling statistic, times their number."""
        from scipy.special import pdtrc

        if not len(rows):
            return np.empty(0)
        observed, mean = self.observed[rows], self.mean(errors, rows)
        tail = np.where(observed > mean, pdtrc(np.maximum(observed - 1, 0), mean), 1.0)
        tail = np.where(self.candidate[rows], tail, 2.0)
        self.chosen[rows] = tail.argmin(axis=1)
        return np.asarray(np.minimum(1.0, len(self.names) * tail.min(axis=1)))

    def q(self, p: Array) -> Array:
        """Benjamini-Hochberg over all pairs of sources: those that are no candidates have p = 1."""
        pairs = self.sources * (self.sources - 1) // 2
        return np.asarray(np.minimum(1.0, benjamini_hochberg(p) * pairs / max(1, len(p))))

    def settle(self, rows: Array) -> Array:
        """Work out p of some pairs, and tell which are significant or not as what is expected lies in its error."""
        self.lowest[rows] = self.p(-2.0, rows)
        self.highest[rows] = self.p(2.0, rows)
        return rows[(self.q(self.lowest)[rows] <= LEVEL) & (self.q(self.highest)[rows] > LEVEL)]


def compare(
    told: Shares, counted: Counted, seed: int, worlds: int, progress: Callable[[str, int, int], None] | None
) -> Compared:
    """Count what is shared and what would be by chance, in as many worlds as it takes and ``worlds`` at most."""
    found = _candidates(told, counted)
    runs = _runs(counted)
    chains = _Chain.several(told, counted, seed) if len(found.a) else []
    open_pairs = np.arange(len(found.a))
    drawn = 0
    with ThreadPoolExecutor(CHAINS) as pool:
        while drawn < worlds and len(open_pairs):
            number = min(max(ROUND, drawn), worlds - drawn) if len(counted.first) > FEW else worlds
            if progress:
                progress("worlds in which chance decides", drawn, worlds)
            index = index_of(found.a[open_pairs], found.b[open_pairs], found.sources)
            parts = [number // CHAINS + (chain < number % CHAINS) for chain in range(CHAINS)]
            jobs = [
                pool.submit(chain.count, runs, index, (len(open_pairs), len(counted.inside)), part)
                for chain, part in zip(chains, parts, strict=True)
            ]
            cells = [job.result() for job in jobs]
            found.total[open_pairs] += sum(cells) @ counted.inside.astype(np.int64)
            found.worlds[open_pairs] += number
            drawn += number
            open_pairs = found.settle(open_pairs)
    return found


def comparable(told: Shares, counted: Counted) -> bool:
    """Whether any two sources share enough to be looked at."""
    return len(_candidates(told, counted).a) > 0


def _candidates(told: Shares, counted: Counted) -> Compared:
    """Pairs of sources that share enough under one statistic at least."""
    sources = len(told.names)
    a, b = told.source[counted.first], told.source[counted.second]
    a, b = np.minimum(a, b), np.maximum(a, b)
    if sources <= _TABLE:
        seen = np.bincount(a * np.int64(sources) + b, minlength=1)
        keys = np.flatnonzero(seen >= LEAST_SHARED)
    else:
        keys, times = np.unique(a * np.int64(sources) + b, return_counts=True)
        keys = keys[times >= LEAST_SHARED]
    a, b = keys // max(1, sources), keys % max(1, sources)
    cells = np.zeros((len(keys), len(counted.inside)), dtype=np.int64)
    count_pairs(_runs(counted), told.source, index_of(a, b, sources), cells)
    observed = cells @ counted.inside.astype(np.int64)
    volume = tally(told.every.source, sources)
    least = np.full(observed.shape, float(LEAST_SHARED))
    ever = np.array([name.startswith("any time") for name in counted.names])
    least[:, ever] = np.maximum(LEAST_SHARED, LEAST_EVER * np.minimum(volume[a], volume[b]))[:, None]
    candidate = observed >= least
    kept = candidate.any(axis=1)
    shape = (int(kept.sum()), len(counted.names))
    return Compared(
        counted.names, a[kept], b[kept], sources, observed[kept], candidate[kept],
        np.zeros(shape, dtype=np.int64), np.zeros(shape[0], dtype=np.int64), np.zeros(shape[0], dtype=np.int64),
        np.ones(shape[0]), np.ones(shape[0]),
    )  # fmt: skip


def _runs(counted: Counted) -> Runs:
    """The pairs of shares by their first share, see ``count_pairs``."""
    begin = np.flatnonzero(np.diff(counted.first, prepend=-1))
    return counted.first[begin], np.append(begin, len(counted.first)), counted.second, counted.cell


def index_of(a: Array, b: Array, sources: int) -> Index:
    """See ``count_pairs``; pairs are in order of a, b."""
    asked = np.zeros(sources, dtype=np.bool_)
    asked[a] = asked[b] = True
    row = np.searchsorted(a, np.arange(sources + 1)).astype(np.int64)
    table = np.full((sources, sources) if sources <= _TABLE else (0, 0), -1, dtype=np.int32)
    if len(table):
        table[a, b] = table[b, a] = np.arange(len(a))
    return asked, table, row, b.astype(np.int64)


@dataclass(slots=True)
class _Chain:
    """One chain of worlds: who holds each share now. It begins when its first world is asked for."""

    told: Shares
    source: Array
    held: Array
    large: Array
    taken: Array
    places: Places
    state: Array
    sweeps: int = 0
    """Between one world and the next; 0 before the first."""

    @classmethod
    def several(cls, told: Shares, counted: Counted, seed: int) -> list[_Chain]:
        """Independent chains of the same shares."""
        (places, held), (large, taken) = _places(told, counted), _bit_map(told)
        seeds = [np.random.SeedSequence([seed % 2**63, number]) for number in range(CHAINS)]
        states = [drawn.generate_state(1, np.uint64) | np.uint64(1) for drawn in seeds]
        return [
            cls(told, told.source.copy(), held.copy(), large, taken.copy(), places, state) for state in states
        ]

    def _begin(self) -> None:
        """Forget what is the case."""
        active = max(1, len(self.places[0]))
        accepted = self._mix(BURN_IN) / (BURN_IN * active)
        self.sweeps = int(np.clip(round(0.8 / max(accepted, 0.1)), 1, 8))
        if self.sweeps > 1:
            self._mix(BURN_IN * (self.sweeps - 1))

    def _mix(self, times: int) -> int:
        told = self.told
        return int(sweep(
            self.source, self.held, told.story, told.start, self.large, self.taken, self.places, self.state,
            times,
        ))  # fmt: skip

    def count(self, runs: Runs, index: Index, shape: tuple[int, int], worlds: int) -> Array:
        """(pairs, cells) summed over that many worlds."""
        cells = np.zeros(shape, dtype=np.int64)
        if worlds and not self.sweeps:
            self._begin()
        for _ in range(worlds):
            self._mix(self.sweeps)
            count_pairs(runs, self.source, index, cells)
        return cells


def _places(told: Shares, counted: Counted) -> tuple[Places, Array]:
    """Shares that a statistic counts, and the shares by stratum: see ``sweep``."""
    every = told.every
    stratum = strata(every)
    sizes = tally(stratum, int(stratum.max(initial=0)) + 1)
    begin = np.cumsum(sizes) - sizes
    held = np.empty(len(every), np.int32)
    deal(stratum, every.shared, every.source, begin.copy(), held)
    active = np.zeros(len(told.source), dtype=bool)
    active[counted.first] = active[counted.second] = True
    mine = stratum[every.shared]
    active &= sizes[mine] > 1
    offered = np.flatnonzero(active)
    mine = mine[offered]
    return (offered.astype(np.int32), begin[mine].astype(np.int32), sizes[mine]), held


def _bit_map(told: Shares) -> tuple[Array, Array]:
    """Rows of the stories with many shares (-1 for the others), and which source holds a share of them."""
    width = len(told.names) // 8 + 1
    many = _SCANNED
    while int((told.popularity > many).sum()) * width > _BITS:
        many *= 2
    rows = np.flatnonzero(told.popularity > many)
    large = np.full(len(told.popularity), -1, dtype=np.int32)
    large[rows] = np.arange(len(rows), dtype=np.int32)
    taken = np.zeros((len(rows), width), dtype=np.uint8)
    held = np.flatnonzero(large[told.story] >= 0) if len(told.story) else np.empty(0, np.int64)
    bits = np.left_shift(1, told.source[held] & 7).astype(np.uint8)
    np.bitwise_or.at(taken, (large[told.story[held]], told.source[held] >> 3), bits)
    return large, taken
