"""Columns of JSON values dealt into rows, in a kernel: for the long lists of a document."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]


def interleaved(leads: list[bytes], columns: list[bytes], count: int) -> bytes:
    """``count`` rows: of each column its lead and its next value, and the last lead after them.

    A column holds ``count`` values with a comma, a line break and two spaces between them, none of which has a line
    break in it.
    """
    cells = np.frombuffer(b"".join(column + b"\n" for column in columns), np.uint8)
    starts = np.concatenate([[0], np.cumsum([len(column) + 1 for column in columns])])
    lead = np.frombuffer(b"".join(leads), np.uint8)
    cut = np.concatenate([[0], np.cumsum([len(item) for item in leads])])
    out = np.empty(len(cells) + count * len(lead), np.uint8)
    return out[: _deal(cells, starts[:-1].copy(), lead, cut, count, out)].tobytes()


@njit(cache=True, nogil=True)
def _deal(cells, at, lead, cut, count, out):  # type: ignore[no-untyped-def]
    """``at``: where the next value of each column begins."""
    made = 0
    for row in range(count):
        for column in range(len(at)):
            for k in range(cut[column], cut[column + 1]):
                out[made] = lead[k]
                made += 1
            here = at[column]
            while cells[here] != 10:
                out[made] = cells[here]
                made += 1
                here += 1
            if row < count - 1:
                made -= 1  # the comma
            at[column] = here + 3
        for k in range(cut[-2], cut[-1]):
            out[made] = lead[k]
            made += 1
    return made
