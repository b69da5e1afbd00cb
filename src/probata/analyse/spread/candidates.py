"""Passages that could say the same: blocks of vectors inside a window of time, then the likest of each passage.

A block product only nominates; the cosine that counts is worked out pair by pair in one fixed order, so that it does
not depend on which other passages there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]
Report = Callable[[str, int, int], None]

BLOCK = 2048
HELD = 4_000_000
"""Candidates held before those that cannot be among the likest are let go."""
_MARGIN = 1e-4
"""More than a product of unit vectors can differ from the cosine worked out in order."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages of many articles as columns, in the order of the articles."""

    article: Array
    title: Array  # bool: from the title, not the text
    start: Array
    end: Array
    which: Array
    """Place of the passage's words in ``texts``."""
    texts: tuple[str, ...]
    """Distinct, sorted."""
    vectors: Array
    """float32, one row a distinct text."""

    def __len__(self) -> int:
        return len(self.article)


def pair_numbers(rank: Array, a: Array, b: Array) -> Array:
    """A number for each pair of articles (rows), whichever comes first: rank * articles + rank, the smaller first."""
    one, two = rank[a], rank[b]
    return np.asarray(np.minimum(one, two) * len(rank) + np.maximum(one, two), np.int64)


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether two articles are compared: one entry an article."""

    first: Array  # int64: microseconds
    last: Array
    source: Array  # int64: -1 where unknown or where articles of one source are compared too
    lang: Array  # int64
    rank: Array  # int64: place of the id among the sorted ids
    known: Array  # int64, sorted: numbers of pairs that are left out

    def known_pairs(self, a: Array, b: Array) -> Array:
        """Whether two articles are left out, a pair of rows an entry."""
        return np.isin(pair_numbers(self.rank, a, b), self.known)


@dataclass(frozen=True, slots=True)
class Limits:
    """Lowest cosines, the window in microseconds, and how many candidates a passage and the guard are given."""

    same_language: float
    across_languages: float
    window: int
    nearest: int
    most: int


@dataclass(frozen=True, slots=True)
class Near:
    """Candidate pairs of passages (i before j) with their cosine, the likest first."""

    i: Array
    j: Array
    score: Array
    left_out: int = 0
    """Less like pairs beyond ``Limits.most``."""

    def __len__(self) -> int:
        return len(self.i)

    def taken(self, rows: Array) -> Near:
        """Some of them."""
        return Near(self.i[rows], self.j[rows], self.score[rows])


def near_leads(leads: Passages, facts: Facts, limits: Limits, report: Report) -> Near:
    """Pairs of leads whose articles lie inside the window, the ``nearest`` of either passage."""
    columns = np.stack(
        [leads.article, facts.first[leads.article], facts.last[leads.article],
         facts.source[leads.article], facts.lang[leads.article]], axis=1,
    )  # fmt: skip
    order = np.argsort(columns[:, 1], kind="stable")
    begins = columns[order, 1]
    cosines = np.array([limits.same_language, limits.across_languages], dtype=np.float32) - np.float32(
        _MARGIN
    )
    held: list[tuple[Array, Array]] = []
    best = Near(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    for top in range(0, len(order), BLOCK):
        report("comparing leads", top, len(order))
        rows = order[top : top + BLOCK]
        end = int(np.searchsorted(begins, columns[rows, 2].max() + limits.window, side="right"))
        block = leads.vectors[leads.which[rows]]
        for left in range(top, end, BLOCK):
            others = order[left : min(left + BLOCK, end)]
            likeness = block @ leads.vectors[leads.which[others]].T
            x, y = _nominated(likeness, columns[rows], columns[others], cosines, (limits.window, left == top))
            held.append((rows[x], others[y]))
        if sum(len(x) for x, _ in held) > HELD or top + BLOCK >= len(order):
            best = _joined(best, _scored(leads, facts, limits, held), limits.nearest)
            held = []
    likest = best.taken(np.arange(min(len(best), limits.most)))
    return replace(likest, left_out=len(best) - len(likest))


def _nominated(
    likeness: Array, a: Array, b: Array, cosines: Array, rules: tuple[int, bool]
) -> tuple[Array, Array]:
    """Places in a block worth a cosine; called again where there were more than expected."""
    room = 1 << 14
    while True:
        x, y, found = _nominate(likeness, a, b, cosines, rules[0], rules[1], room)
        if found <= room:
            return x[:found], y[:found]
        room = found


@njit(cache=True, nogil=True)
def _nominate(likeness, a, b, cosines, window, diagonal, room):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Columns of ``a`` and ``b``: article, first, last, source, language."""
    x = np.empty(room, np.int64)
    y = np.empty(room, np.int64)
    least = min(cosines[0], cosines[1])
    found = 0
    for row in range(likeness.shape[0]):
        for column in range(row + 1 if diagonal else 0, likeness.shape[1]):
            value = likeness[row, column]
            if value < least or value < (cosines[0] if a[row, 4] == b[column, 4] else cosines[1]):
                continue
            if a[row, 0] == b[column, 0] or (a[row, 3] == b[column, 3] and a[row, 3] >= 0):
                continue
            if max(a[row, 1], b[column, 1]) - min(a[row, 2], b[column, 2]) > window:
                continue
            if found < room:
                x[found], y[found] = row, column
            found += 1
    return x, y, found


def _scored(leads: Passages, facts: Facts, limits: Limits, held: list[tuple[Array, Array]]) -> Near:
    """The nominated pairs that are near indeed and not left out."""
    x, y = (np.concatenate([np.empty(0, np.int64), *(pair[side] for pair in held)]) for side in (0, 1))
    i, j = np.minimum(x, y), np.maximum(x, y)
    keep = ~facts.known_pairs(leads.article[i], leads.article[j])
    i, j = i[keep], j[keep]
    score = _cosines(leads.vectors, leads.which[i], leads.which[j])
    alike = facts.lang[leads.article[i]] == facts.lang[leads.article[j]]
    near = score >= np.where(alike, limits.same_language, limits.across_languages)
    return Near(i[near], j[near], score[near])


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _cosine(table, x, y):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for k in range(table.shape[1]):
        total += table[x, k] * table[y, k]
    return total


@njit(cache=True, nogil=True)
def _cosines(table, x, y):  # type: ignore[no-untyped-def]
    found = np.empty(len(x), np.float32)
    for pair in range(len(x)):
        found[pair] = _cosine(table, x[pair], y[pair])
    return found


def _joined(one: Near, two: Near, nearest: int) -> Near:
    """Both together, kept where among the likest of either passage: whoever is not here never will be."""
    i, j, score = (np.concatenate([getattr(one, name), getattr(two, name)]) for name in ("i", "j", "score"))
    order = np.lexsort((j, i, -score))
    i, j, score = i[order], j[order], score[order]
    keep = np.minimum(*ranks(i, j)) < nearest
    return Near(i[keep], j[keep], score[keep])


def ranks(i: Array, j: Array) -> tuple[Array, Array]:
    """For each pair, the likest first: how many likelier ones its first and its second passage have."""
    both = np.stack([i, j], axis=1).ravel()
    order = np.argsort(both, kind="stable")
    starts = np.flatnonzero(np.diff(both[order], prepend=-1))
    place = np.arange(len(both)) - np.repeat(starts, np.diff(starts, append=len(both)))
    rank = np.empty(len(both), np.int64)
    rank[order] = place
    return rank[::2], rank[1::2]


def near_bodies(bodies: Passages, facts: Facts, limits: Limits, one: Array, two: Array) -> Near:
    """For each pair of articles (rows) the three sentences of ``one`` that are likest to some sentence of ``two``."""
    edges = np.searchsorted(bodies.article, np.arange(len(facts.first) + 1))
    least = np.where(facts.lang[one] == facts.lang[two], limits.same_language, limits.across_languages)
    i, j, score = _likest(bodies.vectors, bodies.which, edges, np.stack([one, two], axis=1), least)
    i, j = np.minimum(i, j), np.maximum(i, j)
    order = np.lexsort((j, i, -score))[: limits.most]
    return Near(i[order], j[order], score[order], len(i) - len(order))


@njit(cache=True, nogil=True)
def _likest(table, which, edges, pairs, least):  # type: ignore[no-untyped-def]
    i = np.empty(3 * len(pairs), np.int64)
    j = np.empty(3 * len(pairs), np.int64)
    score = np.empty(3 * len(pairs), np.float32)
    found = 0
    for pair in range(len(pairs)):
        first = found
        for x in range(edges[pairs[pair, 0]], edges[pairs[pair, 0] + 1]):
            best, at = np.float32(-2.0), -1
            for y in range(edges[pairs[pair, 1]], edges[pairs[pair, 1] + 1]):
                value = _cosine(table, which[x], which[y])
                if value > best:
                    best, at = value, y
            if at < 0 or best < least[pair]:
                continue
            place = found  # insertion into the best three, an earlier sentence before an equal later one
            while place > first and score[place - 1] < best:
                place -= 1
            if place >= first + 3:
                continue
            for k in range(min(found, first + 2), place, -1):
                i[k], j[k], score[k] = i[k - 1], j[k - 1], score[k - 1]
            i[place], j[place], score[place] = x, at, best
            found = min(found + 1, first + 3)
    return i[:found], j[:found], score[:found]
