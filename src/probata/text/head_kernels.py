"""Where the beginnings of texts end."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def head_ends(data, starts, ends, points, out):  # type: ignore[no-untyped-def]
    """Where the first code points of each document end; bytes within a sign count for none."""
    for document in range(len(starts)):
        at, seen = starts[document], 0
        while at < ends[document]:
            if data[at] & 0xC0 != 0x80:
                if seen == points:
                    break
                seen += 1
            at += 1
        out[document] = at
