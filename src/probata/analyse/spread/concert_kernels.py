"""Kernels of the concert test: pairs of shares inside a window, exchanges that keep the margins, counting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]


@njit(cache=True, nogil=True)
def window_pairs(start: Array, low: Array, high: Array, window: int, room: int) -> tuple[Array, Array, int]:
    """Pairs of shares of one story whose times could lie at most ``window`` apart.

    ``start`` (stories + 1,) marks each story's shares, which are sorted by ``low``; times are integers of one unit.
    Returns positions (first, second) and the number found, which may exceed ``room``: then call again with room.
    """
    first = np.empty(room, dtype=np.int32)
    second = np.empty(room, dtype=np.int32)
    found = 0
    for story in range(len(start) - 1):
        for x in range(start[story], start[story + 1]):
            for y in range(x + 1, start[story + 1]):
                if low[y] - high[x] > window:
                    if low[y] - low[x] > window and high[x] == low[x]:
                        break  # exact times: whoever comes later is farther still
                    continue
                if found < room:
                    first[found], second[found] = x, y
                found += 1
    return first, second, found


@njit(cache=True, nogil=True)
def exchange(
    source: Array, story: Array, order: Array, bounds: Array, taken: Array, tries: int, seed: int
) -> int:
    """Exchange the sources of two shares of one stratum, ``tries`` times; no source twice in a story.

    ``order`` lists shares by stratum, ``bounds`` (strata + 1,) their borders. ``taken`` is the bit map story x
    source of what is the case now, kept up to date; stories that one source alone shares have number -1 and need
    no bits. Returns how many exchanges were made.
    """
    np.random.seed(seed)
    done = 0
    width = taken.shape[1]
    strata = len(bounds) - 1
    for _ in range(tries):
        position = np.random.randint(0, len(order))
        low, high = 0, strata  # the stratum that holds the position
        while high - low > 1:
            middle = (low + high) // 2
            if bounds[middle] <= position:
                low = middle
            else:
                high = middle
        size = bounds[low + 1] - bounds[low]
        if size < 2:
            continue
        x = order[position]
        y = order[bounds[low] + np.random.randint(0, size)]
        a, b, s, t = source[x], source[y], story[x], story[y]
        if a == b or (s == t and s >= 0):
            continue
        if s >= 0 and b >> 3 < width and taken[s, b >> 3] & (1 << (b & 7)):
            continue
        if t >= 0 and a >> 3 < width and taken[t, a >> 3] & (1 << (a & 7)):
            continue
        if s >= 0:
            taken[s, a >> 3] &= 255 ^ (1 << (a & 7))
            taken[s, b >> 3] |= 1 << (b & 7)
        if t >= 0:
            taken[t, b >> 3] &= 255 ^ (1 << (b & 7))
            taken[t, a >> 3] |= 1 << (a & 7)
        source[x], source[y] = b, a
        done += 1
    return done


@njit(cache=True, nogil=True)
def count_candidates(
    first: Array, second: Array, source: Array, sources: int, keys: Array, counts: Array
) -> None:
    """Add to ``counts`` how many window pairs fall on each candidate pair of sources (``keys`` sorted)."""
    for i in range(len(first)):
        a, b = source[first[i]], source[second[i]]
        if a == b:
            continue
        key = min(a, b) * np.int64(sources) + max(a, b)
        low, high = 0, len(keys)
        while low < high:
            middle = (low + high) // 2
            if keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        if low < len(keys) and keys[low] == key:
            counts[low] += 1
