"""Kernels of the concert test: pairs of shares inside a window, exchanges that keep the margins, counting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]

AHEAD = 128
"""Offers of exchange drawn at once."""


@njit(cache=True, nogil=True)
def partners(start: Array, low: Array, high: Array, window: int, until: Array, pairs: Array) -> None:
    """For each share where the shares of its story end whose times could lie at most ``window`` after its own.

    ``start`` (stories + 1,) marks each story's shares, which are sorted by ``low``. Fills ``until`` (shares,): share x
    has the partners x + 1 .. until[x] - 1; and ``pairs`` (stories,): how many pairs of each story that makes.
    """
    for story in range(len(start) - 1):
        for x in range(start[story], start[story + 1]):
            left, right = x + 1, start[story + 1]
            while left < right:
                middle = (left + right) // 2
                if low[middle] - high[x] <= window:
                    left = middle + 1
                else:
                    right = middle
            until[x] = left
            pairs[story] += left - x - 1


@njit(cache=True, nogil=True)
def listed(until: Array, mask: Array, room: int) -> tuple[Array, Array, Array]:
    """Pairs of shares with the statistics that count them.

    ``until`` (windows, shares), see ``partners``; ``mask`` (windows, shares): bits of the statistics that a window
    stands for, 0 where the share's story is not counted in it. ``room``: number of pairs, at least.
    """
    first = np.empty(room, dtype=np.int32)
    second = np.empty(room, dtype=np.int32)
    bits = np.empty(room, dtype=np.uint16)
    found = 0
    windows = len(until)
    for x in range(until.shape[1]):
        end = x + 1
        for window in range(windows):
            if mask[window, x]:
                end = max(end, until[window, x])
        for y in range(x + 1, end):
            both = 0
            for window in range(windows):
                if y < until[window, x]:
                    both |= mask[window, x]
            if both:
                first[found], second[found], bits[found] = x, y, both
                found += 1
    return first[:found], second[:found], bits[:found]


@njit(cache=True, nogil=True)
def sweep(
    source: Array, held: Array, story: Array, start: Array, large: Array, taken: Array,
    places: tuple[Array, Array, Array], state: Array, times: int,
) -> int:  # fmt: skip
    """Offer each active share an exchange of sources with a random share of its stratum, ``times`` over.

    Which shares meet never depends on who holds them, and no source is put twice into a story, so that every
    assignment with these margins is visited alike. ``held`` has the shares by stratum: ``~x`` for a share x, but for
    one that is its story's only one its source, as any may hold it. ``places``: active shares; where the stratum of
    each begins in ``held``, and its size. ``large`` (stories,) is the row of a story in the bit map ``taken`` (rows x
    sources / 8), or -1 where its few shares are looked through instead. ``state`` (1,) uint64 is the random state
    (xorshift64*, Vigna 2016). Returns how many exchanges were made.
    """
    active, begin, size = places
    met = np.empty((2, AHEAD), dtype=np.int32)
    word = state[0]
    done = 0
    for _ in range(times):
        for left in range(0, len(active), AHEAD):
            right = min(left + AHEAD, len(active))
            for i in range(left, right):
                word ^= word >> np.uint64(12)
                word ^= word << np.uint64(25)
                word ^= word >> np.uint64(27)
                drawn = (word * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(32)
                at = begin[i] + np.int64((drawn * np.uint64(size[i])) >> np.uint64(32))
                met[0, i - left] = at
                met[1, i - left] = held[
                    at
                ]  # who is met lies anywhere: fetched at once, not one after the other
            for i in range(left, right):
                x, at = active[i], met[0, i - left]
                y = ~held[at]
                a, b, s = source[x], source[y] if y >= 0 else ~y, story[x]
                if a == b:
                    continue
                if y < 0:
                    if _holds(source, start, large, taken, s, b):
                        continue
                    held[at] = a
                elif s != story[y]:
                    t = story[y]
                    if _holds(source, start, large, taken, s, b) or _holds(source, start, large, taken, t, a):
                        continue
                    _move(large, taken, t, b, a)
                    source[y] = a
                else:
                    source[x], source[y] = b, a
                    done += 1
                    continue
                _move(large, taken, s, a, b)
                source[x] = b
                done += 1
    state[0] = word
    return done


@njit(cache=True, nogil=True, inline="always")
def _holds(source: Array, start: Array, large: Array, taken: Array, story: int, who: int) -> bool:
    row = large[story]
    if row >= 0:
        return bool(taken[row, who >> 3] & (1 << (who & 7)))
    for place in range(start[story], start[story + 1]):  # noqa: SIM110 - numba compiles no generator
        if source[place] == who:
            return True
    return False


@njit(cache=True, nogil=True, inline="always")
def _move(large: Array, taken: Array, story: int, out: int, into: int) -> None:
    row = large[story]
    if row >= 0:
        taken[row, out >> 3] &= 255 ^ (1 << (out & 7))
        taken[row, into >> 3] |= 1 << (into & 7)


@njit(cache=True, nogil=True)
def count_pairs(
    pairs: tuple[Array, Array, Array, Array], source: Array, index: tuple[Array, Array, Array, Array],
    counts: Array,
) -> None:  # fmt: skip
    """Add to ``counts`` (candidates, cells) on which candidate pair of sources each pair of shares falls.

    ``pairs``: shares in pairs with a later one, where the pairs of each begin (and the last end), the later share and
    the cell of each pair. ``index``: whether a source is in any candidate pair; a symmetric table sources x sources of
    candidate numbers (-1: none), empty where it would be too large; then ``row`` (sources + 1,) marks each smaller
    source's candidates, whose larger sources ``other`` lists in order.
    """
    first, begin, second, cell = pairs
    asked, table, row, other = index
    direct = len(table) > 0
    for x in range(len(first)):
        a = source[first[x]]
        if not asked[a]:
            continue
        for i in range(begin[x], begin[x + 1]):
            b = source[second[i]]
            if not asked[b]:
                continue
            place = table[a, b] if direct else _place(min(a, b), max(a, b), row, other)
            if place >= 0:
                counts[place, cell[i]] += 1


@njit(cache=True, nogil=True)
def _place(a: int, b: int, row: Array, other: Array) -> int:
    """The number of the candidate pair a < b, or -1."""
    low, high = row[a], row[a + 1]
    while low < high:
        middle = (low + high) // 2
        if other[middle] < b:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < row[a + 1] and other[low] == b else -1
