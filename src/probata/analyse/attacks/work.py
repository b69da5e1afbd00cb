"""Dividing work: do sources cover one list with less overlap than independent users of it would have?

Only sources that take a list *sparsely* are comparable (a top-down reader of a stretch overlaps others by
necessity, or not at all by where it started). Two of them are expected to share as many items as their densities
inside their common window give; sharing almost none is evidence that they divide the list (log-likelihood ratio of
``DIVIDES`` times the expected overlap against the expected overlap). **Null**: each source keeps its window, the number
and lengths of its unbroken stretches - its own order - and their places in the window are dealt anew; the whole
search is repeated and the largest score kept. The list and its order are learned from all sequences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_kernels import cohesive_dense
from probata.analyse.attacks.group_lists import Lists
from probata.analyse.attacks.timing import MEMBERS, Grouping, Ties

Array = np.ndarray[Any, np.dtype[Any]]

DIVIDES = 0.1
"""Overlap of sources that divide work, as a share of what independent ones would have."""
STRETCHES = 5
DENSEST = 0.7
COHESION = 0.4
MOST = 600
"""Sparse users of one list beyond this number (those with the fewest items) are not compared."""


@dataclass(frozen=True)
class Coverage:
    """Sparse users of one list: ranks used by each, ascending; ``bounds`` says where each user's begin."""

    users: Array
    rank: Array
    bounds: Array
    dropped: int


def coverages(service: Service, lists: Lists) -> list[Coverage]:
    """The sparse users of each learned list."""
    rows = np.flatnonzero(lists.rank >= 0)
    key = np.unique(service.source[rows] * np.int64(1 << 31) + lists.rank[rows])
    source, rank = key >> 31, key & ((1 << 31) - 1)
    found = []
    for number in range(len(lists.order)):
        users = np.unique(source[lists.of_source[source] == number])
        sparse = [(u, r) for u in users.tolist() if _sparse(r := rank[source == u])]
        sparse.sort(key=lambda pair: -len(pair[1]))
        kept = sorted(sparse[:MOST], key=lambda pair: pair[0])
        if len(kept) >= MEMBERS:
            sizes = [len(r) for _, r in kept]
            found.append(
                Coverage(
                    users=np.array([u for u, _ in kept], dtype=np.int64),
                    rank=np.concatenate([r for _, r in kept]),
                    bounds=np.concatenate([[0], np.cumsum(sizes)]),
                    dropped=len(sparse) - len(kept),
                )
            )
    return found


def _sparse(rank: Array) -> bool:
    stretches = 1 + np.count_nonzero(np.diff(rank) > 1)
    return bool(stretches >= STRETCHES and len(rank) <= DENSEST * (rank[-1] - rank[0] + 1))


def division_groups(coverage: Coverage, seed: int = -1) -> Grouping:
    """Groups of sparse users that share fewer items than chance; places dealt anew where a seed is given."""
    if len(coverage.users) < MEMBERS:
        empty = np.zeros(0, dtype=np.int64)
        return Grouping((), (), Ties(empty, empty, np.zeros(0)))
    rank = coverage.rank if seed < 0 else deal(coverage.rank, coverage.bounds, seed)
    weight = _weights(rank, coverage.bounds, DIVIDES)
    users = len(coverage.users)
    first, second = np.nonzero(np.triu(weight > 0))
    order = np.argsort(-weight[first, second], kind="stable")
    first, second = first[order], second[order]
    label, score = cohesive_dense(weight, first, second, COHESION)
    size = np.bincount(label, minlength=users)
    kept = np.flatnonzero(size >= MEMBERS)
    kept = kept[np.argsort(-score[kept], kind="stable")]
    members = tuple(coverage.users[label == k] for k in kept) if seed < 0 else ()
    ties = Ties(coverage.users[first], coverage.users[second], weight[first, second])
    return Grouping(members, tuple(score[kept].tolist()), ties)


def all_groups(found: list[Coverage]) -> Grouping:
    """The groups of every list together, best first."""
    parts = [division_groups(coverage) for coverage in found]
    pairs = [pair for part in parts for pair in zip(part.members, part.scores, strict=True)]
    pairs.sort(key=lambda pair: -pair[1])
    ties = Ties(
        np.concatenate([part.ties.first for part in parts]),
        np.concatenate([part.ties.second for part in parts]),
        np.concatenate([part.ties.weight for part in parts]),
    )
    return Grouping(tuple(m for m, _ in pairs), tuple(s for _, s in pairs), ties)


def without(coverage: Coverage, gone: Array) -> Coverage:
    """The coverage of the users that are not ``gone`` (a truth a source)."""
    kept = ~gone[coverage.users]
    sizes = np.diff(coverage.bounds)
    rank = coverage.rank[np.repeat(kept, sizes)]
    bounds = np.concatenate([[0], np.cumsum(sizes[kept])])
    return Coverage(coverage.users[kept], rank, bounds, coverage.dropped)


def division_null(found: list[Coverage], draws: int, seed: int) -> Array:
    """Largest group score over all lists in each of ``draws`` dealings."""
    seeds = np.random.default_rng([seed, 41]).integers(0, 2**31, (draws, max(len(found), 1)))
    best = np.zeros(draws)
    for draw in range(draws):
        for index, coverage in enumerate(found):
            scores = division_groups(coverage, int(seeds[draw, index])).scores
            best[draw] = max(best[draw], scores[0] if scores else 0.0)
    return best


@njit(cache=True, nogil=True)
def deal(rank: Array, bounds: Array, seed: int) -> Array:
    """Deal the stretches of each user anew inside its window: lengths shuffled, gaps a random composition."""
    np.random.seed(seed)
    out = rank.copy()
    for user in range(len(bounds) - 1):
        own = rank[bounds[user] : bounds[user + 1]]
        n = len(own)
        cuts = np.flatnonzero(np.diff(own) > 1)
        stretches = len(cuts) + 1
        lengths = np.empty(stretches, np.int64)
        before = 0
        for k in range(stretches):
            stop = cuts[k] + 1 if k < len(cuts) else n
            lengths[k] = stop - before
            before = stop
        np.random.shuffle(lengths)
        absent = own[-1] - own[0] + 1 - n
        gaps = _composition(absent, stretches - 1)
        place, index = own[0], bounds[user]
        for k in range(stretches):
            for _ in range(lengths[k]):
                out[index] = place
                index += 1
                place += 1
            if k < stretches - 1:
                place += gaps[k]
    return out


@njit(cache=True, nogil=True)
def _composition(total: int, parts: int) -> Array:
    """A uniform random composition of ``total`` into ``parts`` positive whole numbers."""
    chosen = np.random.permutation(max(total - 1, 0))[: parts - 1] + 1
    chosen = np.sort(chosen)
    gaps = np.empty(parts, np.int64)
    before = 0
    for k in range(parts - 1):
        gaps[k] = chosen[k] - before
        before = chosen[k]
    gaps[parts - 1] = total - before
    return gaps


@njit(cache=True, nogil=True)
def _weights(rank: Array, bounds: Array, divides: float) -> Array:
    """Log-likelihood ratio (nats, over the mean stretch length) of dividing against independence: users x users."""
    users = len(bounds) - 1
    words = (rank.max() >> 6) + 1
    bits = np.zeros((users, words), np.uint64)
    stretch = np.empty(users)
    for u in range(users):
        own = rank[bounds[u] : bounds[u + 1]]
        stretch[u] = len(own) / (1 + np.count_nonzero(np.diff(own) > 1))
        for r in own:
            bits[u, r >> 6] |= np.uint64(1) << np.uint64(r & 63)
    weight = np.zeros((users, users))
    for a in range(users):
        own = rank[bounds[a] : bounds[a + 1]]
        for b in range(a + 1, users):
            other = rank[bounds[b] : bounds[b + 1]]
            low, high = max(own[0], other[0]), min(own[-1], other[-1])
            if high < low:
                continue
            in_a = np.searchsorted(own, high + 1) - np.searchsorted(own, low)
            in_b = np.searchsorted(other, high + 1) - np.searchsorted(other, low)
            shared = 0
            for word in range(low >> 6, (high >> 6) + 1):
                shared += _ones(bits[a, word] & bits[b, word])
            expected = in_a * in_b / (high - low + 1)
            clump = max(1.0, 0.5 * (stretch[a] + stretch[b]))
            value = ((1.0 - divides) * expected + shared * np.log(divides)) / clump
            weight[a, b] = value
            weight[b, a] = value
    return weight


@njit(cache=True, nogil=True)
def _ones(word: int) -> int:
    """Number of bits set in a 64-bit word (Hacker's Delight, 5-1)."""
    x = np.uint64(word)
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
