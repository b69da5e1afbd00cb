"""Columns of text in buffers: rows taken out of them, and equal texts numbered alike."""

from __future__ import annotations

import numpy as np
from numba import njit

_P = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def gathered(data, starts, ends, edges, out):  # type: ignore[no-untyped-def]
    """Copy each text behind the one before; ``edges`` says where each begins."""
    for row in range(len(starts)):
        shift = edges[row] - starts[row]
        for at in range(starts[row], ends[row]):
            out[at + shift] = data[at]


@njit(cache=True, nogil=True)
def numbered(data, starts, ends, cells, numbers):  # type: ignore[no-untyped-def]
    """Give equal texts one number, from 0 in the order in which they first come; the row where each first came.

    ``cells`` (a power of two of them, all -1) hold numbers by the hash of their text. Where half of them are full the
    numbering stops, and the rows come back as None.
    """
    firsts = np.empty(len(cells) // 2, np.int64)
    many = 0
    last = len(cells) - 1
    for row in range(len(starts)):
        hashed = np.uint64(0)
        for at in range(starts[row], ends[row]):
            hashed = (hashed ^ data[at]) * _P
            hashed ^= hashed >> np.uint64(29)
        cell = np.int64(hashed >> np.uint64(32)) & last
        while True:
            number = cells[cell]
            if number < 0:
                if many == len(firsts):
                    return None
                cells[cell] = many
                firsts[many] = row
                numbers[row] = many
                many += 1
                break
            other = firsts[number]
            if _same(data, starts[row], ends[row], starts[other], ends[other]):
                numbers[row] = number
                break
            cell = (cell + 1) & last
    return firsts[:many]


@njit(cache=True, nogil=True)
def _same(data, start, end, other_start, other_end):  # type: ignore[no-untyped-def]
    if end - start != other_end - other_start:
        return False
    return (data[start:end] == data[other_start:other_end]).all()
