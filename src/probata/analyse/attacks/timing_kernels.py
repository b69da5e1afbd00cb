"""Numba kernels of the timing test: moments that meet, and how many meetings independent trains would have."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from probata.analyse.attacks.group_kernels import poisson_weight

Array = np.ndarray[Any, np.dtype[Any]]


@njit(cache=True, nogil=True)
def meetings(moments: tuple[Array, Array, Array], widths: Array) -> tuple[Array, Array, Array, Array]:
    """Pairs of sources with moments closer than the widths.

    Onset with onset, offset with offset, and an onset after another's offset count. One sweep over the sorted
    moments fills an open-addressing table keyed by the pair; the table is sized by the number of close moments.

    Args:
        moments: time (ascending, seconds), source code, kind: bit 0 set for an offset, bit 1+w set where
            the moment does not count at width w.
        widths: half-widths in seconds, ascending.

    Returns:
        first and second source (first < second), counts and time span from first to last meeting
        (pairs x widths).
    """
    time, source, kind = moments
    n, wide = len(time), widths[-1]
    total = 0
    y = 0
    for x in range(n):
        while y < n and time[y] - time[x] <= wide:
            y += 1
        total += y - x - 1
    size = 16
    while size < 2 * total:
        size *= 2
    keys = np.full(size, -1, np.int64)
    counts = np.zeros((size, len(widths)), np.int32)
    begin = np.zeros((size, len(widths)))
    span = np.zeros((size, len(widths)))
    for x in range(n):
        y = x + 1
        while y < n and time[y] - time[x] <= wide:
            a, b = source[x], source[y]
            if a != b and (kind[x] & 1) >= (kind[y] & 1):
                key = (min(a, b) << 31) | max(a, b)
                slot = ((key * 0x9E3779B97F4A7C1) >> 20) & (size - 1)
                while keys[slot] != -1 and keys[slot] != key:
                    slot = (slot + 1) & (size - 1)
                keys[slot] = key
                both = kind[x] | kind[y]
                for w in range(len(widths)):
                    if time[y] - time[x] <= widths[w] and not (both >> (w + 1)) & 1:
                        if counts[slot, w] == 0:
                            begin[slot, w] = time[x]
                        counts[slot, w] += 1
                        span[slot, w] = time[x] - begin[slot, w]
            y += 1
    filled = np.flatnonzero(keys >= 0)
    return keys[filled] >> 31, keys[filled] & ((1 << 31) - 1), counts[filled], span[filled]


@njit(cache=True, nogil=True)
def _density(a: Array, b: Array, a_rate: Array, shift: float) -> float:
    """Expected meetings a second of width: each pair of moments under independent uniform shifts of +-shift.

    The lag of two uniform shifts is triangular on +-2 shift (in operational time); the rate turns a second of
    clock time into operational seconds.
    """
    reach = 2.0 * shift
    total = 0.0
    low = 0
    for x in range(len(a)):
        while low < len(b) and b[low] < a[x] - reach:
            low += 1
        y = low
        while y < len(b) and b[y] <= a[x] + reach:
            total += a_rate[x] * (reach - abs(a[x] - b[y])) / (reach * reach)
            y += 1
    return total


@njit(cache=True, nogil=True)
def weigh(
    found: tuple[Array, Array, Array, Array],
    trains: tuple[Array, Array, Array, Array, Array],
    bounds: Array,
    setup: tuple[Array, float, float, float],
) -> tuple[Array, Array, Array]:
    """Ties: pairs whose meetings are more than independent trains give, with -log10 of the Poisson tail.

    Args:
        found: what ``meetings`` returned.
        trains: onsets and offsets in operational time, their rates there, and run lengths in clock seconds.
        bounds: where each source's runs begin.
        setup: widths, shift, least weight of a tie, least span in seconds between first and last meeting.
    """
    first, second, counts, span = found
    onset, offset, onset_rate, offset_rate, length = trains
    widths, shift, least, apart = setup
    weight = np.zeros(len(first))
    for e in range(len(first)):
        i0, i1 = bounds[first[e]], bounds[first[e] + 1]
        j0, j1 = bounds[second[e]], bounds[second[e] + 1]
        starts = -1.0
        for w in range(len(widths)):
            if counts[e, w] < 2 or span[e, w] < apart:
                continue
            if starts < 0.0:
                starts = _density(onset[i0:i1], onset[j0:j1], onset_rate[i0:i1], shift)
            if poisson_weight(counts[e, w], 2 * widths[w] * starts) <= least:
                continue
            long_i, long_j = length[i0:i1] > 2 * widths[w], length[j0:j1] > 2 * widths[w]
            ends_i, ends_j = offset[i0:i1][long_i], offset[j0:j1][long_j]
            rate_i, rate_j = offset_rate[i0:i1][long_i], offset_rate[j0:j1][long_j]
            mean = 2 * widths[w] * (starts + _density(ends_i, ends_j, rate_i, shift))
            mean += widths[w] * _density(ends_j, onset[i0:i1], rate_j, shift)
            mean += widths[w] * _density(ends_i, onset[j0:j1], rate_i, shift)
            weight[e] = max(weight[e], poisson_weight(counts[e, w], mean))
    kept = np.flatnonzero(weight > least)
    return first[kept], second[kept], weight[kept]
