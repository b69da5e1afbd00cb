"""Where the beginnings of texts end, and where their ends begin."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def head_ends(data, starts, ends, points, out):  # type: ignore[no-untyped-def]
    """Where the first code points of each document end; bytes within a sign count for none.

    As many bytes as signs are still wanted cannot be too many; they are counted many at a time.
    """
    for document in range(len(starts)):
        at, end, wanted = starts[document], ends[document], points
        while wanted > 0 and at < end:
            stop = min(at + wanted, end)
            within = 0
            for byte in data[at:stop]:
                within += (byte & 0xC0) == 0x80
            wanted -= stop - at - within
            at = stop
        while at < end and data[at] & 0xC0 == 0x80:
            at += 1
        out[document] = at


@njit(cache=True, nogil=True)
def tail_starts(data, starts, ends, points, out):  # type: ignore[no-untyped-def]
    """Where the last code points of each document begin, as ``head_ends`` finds the first."""
    for document in range(len(starts)):
        at, begin, wanted = ends[document], starts[document], points
        while wanted > 0 and at > begin:
            stop = max(at - wanted, begin)
            within = 0
            for byte in data[stop:at]:
                within += (byte & 0xC0) == 0x80
            wanted -= at - stop - within
            at = stop
        out[document] = at
