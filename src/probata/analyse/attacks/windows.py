"""Correlations: how many events, or different values, one group makes within a sliding span of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]


@njit(cache=True, nogil=True)
def _mark(  # noqa: C901, PLR0913 - one compiled loop: calls inside it would cost more than they clear
    group: Array, time: Array, value: Array, span: int, least: int, most: float, width: int, marks: Array
) -> None:
    """Mark the rows of every window (one group, ``span`` long) that holds ``least`` rows, or values where
    ``width`` > 0.

    Rows are sorted by group, then time. ``most`` bounds the rows a value within the window, on average.
    """
    counts = np.zeros(max(width, 1), dtype=np.int64)
    low = 0
    marked = 0
    different = 0
    for high in range(len(group)):
        if group[high] != group[low]:
            for at in range(low, high):
                counts[value[at]] = 0
            low, different = high, 0
        if width > 0 and value[high] >= 0:
            if counts[value[high]] == 0:
                different += 1
            counts[value[high]] += 1
        while time[high] - time[low] > span:
            if width > 0 and value[low] >= 0:
                counts[value[low]] -= 1
                if counts[value[low]] == 0:
                    different -= 1
            low += 1
        rows = high - low + 1
        seen = different if width > 0 else rows
        if seen >= least and (width == 0 or rows <= most * different):
            for at in range(max(low, marked), high + 1):
                marks[at] = True
            marked = high + 1


def flagged(
    group: Array, time: Array, value: Array | None, span: int, least: int, most: float | None = None
) -> Array:
    """Truth by row: is it part of a window that reaches the threshold.

    Args:
        group: codes of the group, -1 where the row has none (never marked).
        time: microseconds.
        value: codes of the counted field, -1 where absent; None to count rows.
        span: microseconds.
        least: threshold.
        most: rows a value at most, on average over the window.
    """
    made = np.zeros(len(group), dtype=bool)
    rows = np.flatnonzero(group >= 0)
    order = rows[np.lexsort((time[rows], group[rows]))]
    if not len(order):
        return made
    codes = np.zeros(len(order), dtype=np.int64) if value is None else value[order].astype(np.int64)
    width = 0 if value is None else int(codes.max(initial=-1)) + 1
    if value is not None and width == 0:
        return made
    marks = np.zeros(len(order), dtype=np.bool_)
    limit = np.inf if most is None else float(most)
    _mark(
        group[order].astype(np.int64), time[order].astype(np.int64), codes, span, least, limit, width, marks
    )
    made[order] = marks
    return made
