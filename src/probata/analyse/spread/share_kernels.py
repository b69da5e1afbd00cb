"""Kernels that read a million shares without a copy of them: what is counted, when each was, who may change places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]

DAY, HOUR, MICRO = 86_400, 3_600, 1_000_000
DATED, UNKNOWN = 24, 25
"""Instead of the hour of a share: only its date is known, or less; nothing is known."""
ABSENT = np.iinfo(np.int64).min  # NaT
_FIRST, _SECOND, _THIRD = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
_NONE, _27, _30, _31, _32 = (np.uint64(number) for number in (0, 27, 30, 31, 32))


@njit(cache=True, nogil=True)
def tally(number: Array, many: int) -> Array:
    """How often each number below ``many`` appears."""
    times = np.zeros(many, np.int32)
    for one in number:
        times[one] += 1
    return times


@njit(cache=True, nogil=True)
def heaviest(article: Array, doubt: Array, weight: Array, rare: Array, best: Array) -> None:
    """Put into ``best`` (-1 before) the place of each article's best row: without doubt, then heavy, then ``rare``."""
    for k in range(len(article)):
        old = best[article[k]]
        if old < 0:
            best[article[k]] = k
        elif doubt[k] != doubt[old]:
            if doubt[old]:
                best[article[k]] = k
        elif weight[k] != weight[old]:
            if weight[k] > weight[old]:
                best[article[k]] = k
        elif rare[k] < rare[old]:
            best[article[k]] = k


@njit(cache=True, nogil=True)
def out_of_order(story: Array, low: Array, high: Array, who: Array, wrong: Array) -> None:
    """Mark the rows of a story that do not come in order of ``low``, then ``high``, then ``who``."""
    begin = 0
    for k in range(1, len(story)):
        if story[k] != story[begin]:
            begin = k
        elif low[k] != low[k - 1]:
            wrong[begin] |= low[k] < low[k - 1]
        elif high[k] != high[k - 1]:
            wrong[begin] |= high[k] < high[k - 1]
        else:
            wrong[begin] |= who[k] < who[k - 1]
    for k in range(1, len(story)):
        if story[k] == story[k - 1]:
            wrong[k] = wrong[k - 1]


@njit(cache=True, nogil=True)
def one_of_each(story: Array, who: Array, known: Array, met: Array, times: Array, keep: Array) -> None:
    """Draw one row of each story and ``who``, every one as likely (Vitter 1985, "Random Sampling with a Reservoir"); of
    rows without a known time only where there are no others. Those come last.

    ``met`` (-1 before) and ``times`` are by ``who``. What is drawn hangs on the numbers alone, never on a clock.
    """
    for k in range(len(story)):
        one = who[k]
        last = met[one]
        if last < 0 or story[last] != story[k]:
            met[one], times[one], keep[k] = k, 1, True
            continue
        if known[last] and not known[k]:
            continue
        times[one] += 1
        if _mixed(np.uint64(story[k]) << _32 | np.uint64(one), times[one]) % np.uint64(times[one]) == _NONE:
            keep[last], keep[k] = False, True
            met[one] = k


@njit(cache=True, nogil=True)
def _mixed(number: np.uint64, step: int) -> np.uint64:
    """A number in which every bit of both shows (the finaliser of SplitMix64; Steele et al. 2014)."""
    x = number * _FIRST + np.uint64(step) * _SECOND
    x ^= x >> _30
    x *= _SECOND
    x ^= x >> _27
    x *= _THIRD
    return x ^ (x >> _31)


@njit(cache=True, nogil=True)
def moments(
    rows: Array, earliest: tuple[Array, Array], latest: tuple[Array, Array], week: Array, hour: Array
) -> None:
    """Week and hour of each row; times are given as the number of each row's and the microseconds by number."""
    for k in range(len(rows)):
        low, high = earliest[1][earliest[0][rows[k]]], latest[1][latest[0][rows[k]]]
        if low == ABSENT or high == ABSENT:
            week[k], hour[k] = 0, UNKNOWN
            continue
        low, high = low // MICRO, high // MICRO
        week[k] = low // (7 * DAY)
        hour[k] = DATED if high - low >= DAY - 1 else low % DAY // HOUR


@njit(cache=True, nogil=True)
def held_by_week(week: Array, hour: Array, held: Array) -> None:
    """Add to ``held`` how many shares whose time is known each week has."""
    for k in range(len(week)):
        if hour[k] != UNKNOWN:
            held[week[k]] += 1


@njit(cache=True, nogil=True)
def stratify(week: Array, hour: Array, period: Array, block: Array, out: Array) -> None:
    """Number of each share's stratum by the period of its week and the block of its hour."""
    for k in range(len(week)):
        out[k] = 0 if hour[k] == UNKNOWN else period[week[k]] * 16 + block[hour[k]]


@njit(cache=True, nogil=True)
def deal(stratum: Array, shared: Array, source: Array, at: Array, held: Array) -> None:
    """Lay the shares out by stratum, see ``sweep``: each begins at ``at``, which is moved on."""
    x = 0
    for k in range(len(stratum)):
        place = at[stratum[k]]
        at[stratum[k]] = place + 1
        held[place] = ~x if shared[k] else source[k]
        x += shared[k]
