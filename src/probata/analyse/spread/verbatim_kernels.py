"""Kernels for groups of identical texts: the pairs inside a group, and what one text of it shares with others.

Group g has the members ``rows[cut[g]:cut[g + 1]]``, in order of time. A passage is seven whole numbers: the two
documents, where it begins and ends in either (words), distinctive words.
"""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def within(rows, cut, lengths, owner, full, same_owner, out):  # type: ignore[no-untyped-def]
    """Whole texts of each group as passages: all pairs of up to ``full`` members, of more each with the first and the
    two before it. Returns how many were put into ``out``.
    """
    made = 0
    for group in range(len(cut) - 1):
        large = cut[group + 1] - cut[group] > full
        for later in range(cut[group] + 1, cut[group + 1]):
            earlier = cut[group]
            while earlier < later:
                x, y = rows[earlier], rows[later]
                if same_owner or owner[x] != owner[y]:
                    _put(out, made, x, y, 0, lengths[x], 0, lengths[x], lengths[x])
                    made += 1
                earlier += 1
                if large and earlier < later - 2:
                    earlier = later - 2
    return made


@njit(cache=True, nogil=True)
def spread(table, number, rows, cut, owner, low, high, window, same_owner, most, out):  # type: ignore[no-untyped-def]
    """Passages of two groups (``number`` of each document's) between the first text of the earlier and up to ``most``
    of the later. Returns how many were put into ``out``.

    Where owners do not differ, the first of the earlier group of another owner stands in; with a window, the first that
    can lie in it by its earliest and its latest time.
    """
    made = 0
    for k in range(len(table)):
        earlier, later = number[table[k, 0]], number[table[k, 1]]
        for i in range(cut[later], min(cut[later] + most, cut[later + 1])):
            for j in range(cut[earlier], cut[earlier + 1]):
                x, y = rows[j], rows[i]
                if window > 0 and max(low[x], low[y]) - min(high[x], high[y]) > window:
                    continue
                if same_owner or owner[x] != owner[y]:
                    one, two = (2, 4) if x < y else (4, 2)  # turned round where the later text came first
                    _put(
                        out, made, min(x, y), max(x, y), table[k, one], table[k, one + 1], table[k, two],
                        table[k, two + 1], table[k, 6],
                    )  # fmt: skip
                    made += 1
                    break
    return made


@njit(cache=True, nogil=True)
def _put(out, at, a, b, begin_a, end_a, begin_b, end_b, words):  # type: ignore[no-untyped-def]
    out[at, 0], out[at, 1], out[at, 6] = a, b, words
    out[at, 2], out[at, 3], out[at, 4], out[at, 5] = begin_a, end_a, begin_b, end_b
