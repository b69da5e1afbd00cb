"""Numba kernels of the timing test: moments that meet, and how many meetings independent trains would have."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from probata.analyse.attacks.group_kernels import poisson_weight

Array = np.ndarray[Any, np.dtype[Any]]


@njit(cache=True, nogil=True)
def _counts(x: int, y: int) -> bool:
    """Of two moments in order of time: onset with onset, offset with offset, or an onset after an offset."""
    return (x & 1) >= (y & 1)


@njit(cache=True, nogil=True)
def candidates(
    moments: tuple[Array, Array, Array], index: tuple[Array, Array], wide: float, apart: float
) -> tuple[Array, Array]:
    """Pairs of sources with moments closer than ``wide`` on occasions at least ``apart`` seconds apart.

    A source at a time: its moments' neighbours in time are counted in one array over all sources, which stays in
    the processor's cache.

    Args:
        moments: time (ascending, seconds), source code, kind: bit 0 set for an offset, bit 1+w set where
            the moment does not count at width w.
        index: bounds and places: ``place[bounds[s]:bounds[s + 1]]`` are the positions of the moments of source s.
        wide: the largest half-width in seconds.
    """
    time, source, kind = moments
    bounds, place = index
    n, sources = len(time), len(bounds) - 1
    met = np.zeros(sources, np.int32)
    early, late = np.zeros(sources), np.zeros(sources)
    touched = np.empty(sources, np.int64)
    first, second = np.empty(1024, np.int64), np.empty(1024, np.int64)
    found = 0
    for s in range(sources):
        filled = 0
        for at in place[bounds[s] : bounds[s + 1]]:
            y = at + 1
            while y < n and time[y] - time[at] <= wide:
                if source[y] > s and _counts(kind[at], kind[y]):
                    if met[source[y]] == 0:
                        touched[filled] = source[y]
                        filled += 1
                        early[source[y]] = time[at]
                    met[source[y]] += 1
                    late[source[y]] = time[at]
                y += 1
            y = at - 1
            while y >= 0 and time[at] - time[y] <= wide:
                if source[y] > s and _counts(kind[y], kind[at]):
                    if met[source[y]] == 0:
                        touched[filled] = source[y]
                        filled += 1
                        early[source[y]] = time[y]
                    met[source[y]] += 1
                    late[source[y]] = max(late[source[y]], time[y])
                y -= 1
        for k in range(filled):
            if met[touched[k]] >= 2 and late[touched[k]] - early[touched[k]] >= apart - wide:
                if found == len(first):
                    first = np.concatenate((first, np.empty_like(first)))
                    second = np.concatenate((second, np.empty_like(second)))
                first[found], second[found] = s, touched[k]
                found += 1
            met[touched[k]] = 0
    return first[:found], second[:found]


@njit(cache=True, nogil=True)
def meetings(
    moments: tuple[Array, Array, Array], own: Array, other: Array, widths: Array
) -> tuple[Array, Array]:
    """Meetings of two sources at each width, and the seconds from the first to the last of them."""
    time, _, kind = moments
    counts, span = np.zeros(len(widths), np.int64), np.zeros(len(widths))
    begin = np.zeros(len(widths))
    for x in own:
        for y in other:
            early, late = (x, y) if x < y else (y, x)
            lag = time[late] - time[early]
            if lag > widths[-1] or not _counts(kind[early], kind[late]):
                continue
            for w in range(len(widths)):
                if lag <= widths[w] and not ((kind[x] | kind[y]) >> (w + 1)) & 1:
                    if counts[w] == 0:
                        begin[w] = time[early]
                    counts[w] += 1
                    begin[w] = min(begin[w], time[early])
                    span[w] = max(span[w], time[early])
    return counts, span - begin


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
def _hourly(a: Array, b: Array, width: float, shift: float, two_sided: bool) -> float:
    """Expected meetings of two trains under independent shifts by whole hours in +-shift (a after b if one-sided)."""
    choices = 2 * int(shift // 3600.0) + 1
    total = 0.0
    low = 0
    for x in range(len(a)):
        while low < len(b) and b[low] < a[x] - choices * 3600.0:
            low += 1
        y = low
        while y < len(b) and b[y] <= a[x] + choices * 3600.0:
            hours = np.round((a[x] - b[y]) / 3600.0)
            rest = a[x] - b[y] - 3600.0 * hours
            if abs(hours) < choices and abs(rest) <= width and (two_sided or rest > 0.0):
                total += (choices - abs(hours)) / (choices * choices)
            y += 1
    return total


@njit(cache=True, nogil=True)
def tie_weights(
    moments: tuple[Array, Array, Array],
    index: tuple[Array, Array],
    trains: tuple[Array, Array, Array, Array, Array],
    bounds: Array,
    setup: tuple[Array, float, float, float, bool],
) -> tuple[Array, Array, Array]:
    """Ties: pairs whose meetings are more than independent trains give, with -log10 of the Poisson tail.

    Args:
        moments: as for ``candidates``, and ``index`` its bounds and places.
        trains: onsets and offsets in operational time, their rates there, and run lengths in clock seconds.
        bounds: where each source's runs begin.
        setup: widths, shift, least weight of a tie, least span in seconds between first and last meeting,
            whether shifts are whole hours.
    """
    onset, offset, onset_rate, offset_rate, length = trains
    widths, shift, least, apart, scheduled = setup
    starts_at, place = index
    first, second = candidates(moments, index, widths[-1], apart)
    weight = np.zeros(len(first))
    for e in range(len(first)):
        i, j = first[e], second[e]
        own, other = place[starts_at[i] : starts_at[i + 1]], place[starts_at[j] : starts_at[j + 1]]
        counts, span = meetings(moments, own, other, widths)
        i0, i1, j0, j1 = bounds[i], bounds[i + 1], bounds[j], bounds[j + 1]
        for w in range(len(widths)):
            if counts[w] < 2 or span[w] < apart:
                continue
            width = widths[w]
            if scheduled:
                starts = _hourly(onset[i0:i1], onset[j0:j1], width, shift, True)
            else:
                starts = 2 * width * _density(onset[i0:i1], onset[j0:j1], onset_rate[i0:i1], shift)
            if poisson_weight(counts[w], starts) <= least:
                continue
            long_i, long_j = length[i0:i1] > 2 * width, length[j0:j1] > 2 * width
            ends_i, ends_j = offset[i0:i1][long_i], offset[j0:j1][long_j]
            if scheduled:
                mean = starts + _hourly(ends_i, ends_j, width, shift, True)
                mean += _hourly(onset[i0:i1], ends_j, width, shift, False)
                mean += _hourly(onset[j0:j1], ends_i, width, shift, False)
            else:
                rate_i, rate_j = offset_rate[i0:i1][long_i], offset_rate[j0:j1][long_j]
                mean = starts + 2 * width * _density(ends_i, ends_j, rate_i, shift)
                mean += width * _density(ends_j, onset[i0:i1], rate_j, shift)
                mean += width * _density(ends_i, onset[j0:j1], rate_i, shift)
            weight[e] = max(weight[e], poisson_weight(counts[w], mean))
    kept = np.flatnonzero(weight > least)
    return first[kept], second[kept], weight[kept]
