"""Kernels for groups of identical texts: the pairs inside a group, and what one text of it shares with others.

Group g has the members ``rows[cut[g]:cut[g + 1]]``, in order of time. A passage is seven whole numbers: the two
documents, where it begins and ends in either (words), distinctive words.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def within(rows, cut, lengths, owner, full, same_owner):  # type: ignore[no-untyped-def]
    """Whole texts of each group as passages: all pairs of up to ``full`` members, of more each with the first and the
    two before it.
    """
    room = 0
    for group in range(len(cut) - 1):
        size = cut[group + 1] - cut[group]
        room += size * (size - 1) // 2 if size <= full else 3 * size
    out, made = np.empty((room, 7), np.int64), 0
    for group in range(len(cut) - 1):
        first, large = cut[group], cut[group + 1] - cut[group] > full
        for later in range(first + 1, cut[group + 1]):
            earlier = first
            while earlier < later:
                x, y = rows[earlier], rows[later]
                if same_owner or owner[x] != owner[y]:
                    _put(out, made, x, y, 0, lengths[x], 0, lengths[x], lengths[x])
                    made += 1
                earlier = max(earlier + 1, later - 2) if large else earlier + 1
    return out[:made]


@njit(cache=True, nogil=True)
def spread(table, number, rows, cut, owner, hours, window, same_owner, most):  # type: ignore[no-untyped-def]
    """Passages of two groups (``number`` of each document's) between the first text of the earlier and up to ``most``
    of the later.

    Where owners do not differ, the first of the earlier group of another owner stands in; with a window (hours), the
    first that lies in it.
    """
    room = 0
    for k in range(len(table)):
        later = number[table[k, 1]]
        room += min(most, cut[later + 1] - cut[later])
    out, made = np.empty((room, 7), np.int64), 0
    for k in range(len(table)):
        earlier, later = number[table[k, 0]], number[table[k, 1]]
        for y in rows[cut[later] : min(cut[later] + most, cut[later + 1])]:
            for x in rows[cut[earlier] : cut[earlier + 1]]:
                if window > 0 and hours[x] < hours[y] - window:
                    continue
                if same_owner or owner[x] != owner[y]:
                    _between(out, made, x, y, table[k])
                    made += 1
                    break
    return out[:made]


@njit(cache=True, nogil=True)
def _between(out, at, x, y, passage):  # type: ignore[no-untyped-def]
    """A passage whose texts others stand for; it is turned round where the second of these came first."""
    begin_a, end_a, begin_b, end_b, words = passage[2], passage[3], passage[4], passage[5], passage[6]
    if x < y:
        _put(out, at, x, y, begin_a, end_a, begin_b, end_b, words)
    else:
        _put(out, at, y, x, begin_b, end_b, begin_a, end_a, words)


@njit(cache=True, nogil=True)
def _put(out, at, a, b, begin_a, end_a, begin_b, end_b, words):  # type: ignore[no-untyped-def]
    out[at, 0], out[at, 1], out[at, 6] = a, b, words
    out[at, 2], out[at, 3], out[at, 4], out[at, 5] = begin_a, end_a, begin_b, end_b
