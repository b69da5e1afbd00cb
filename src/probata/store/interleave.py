"""Columns of JSON values dealt into rows, in a kernel: for the long lists of a document."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from probata.store.lettered import Lettered

Array = np.ndarray[Any, np.dtype[Any]]

_SLACK = 8
"""Bytes after a buffer that is read or written eight at a time."""
_8 = np.uint64(8)
_ZERO, _LOWEST, _LINE_BREAKS, _UNITS, _HIGH = (
    np.uint64(int.from_bytes(bytes(eight)))
    for eight in (8 * [0], 7 * [0] + [0xFF], 8 * [10], 8 * [1], 8 * [0x80])
)
_ESCAPED = np.zeros(256, np.uint8)
_ESCAPED[:32] = ord("u")
for _sign, _letter in zip(b'"\\\b\f\n\r\t', b'"\\bfnrt', strict=True):
    _ESCAPED[_sign] = _letter
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)


def interleaved(leads: list[bytes], columns: list[bytes], count: int) -> memoryview:
    """``count`` rows: of each column its lead and its next value, and the last lead after them.

    A column holds ``count`` values with a comma, a line break and two spaces between them, none of which has a line
    break in it, and a line break after the last.
    """
    slack = bytes(_SLACK)
    cells = np.frombuffer(b"".join([*columns, slack]), np.uint8)
    starts = np.cumsum([0, *map(len, columns)])
    lead = np.frombuffer(b"".join([*leads, slack]), np.uint8)
    cut = np.cumsum([0, *map(len, leads)])
    out = np.empty(len(cells) + count * len(lead) + 2 * _SLACK, np.uint8)
    made = _deal(_anywhere(cells), starts[:-1].copy(), _anywhere(lead), cut, count, _anywhere(out))
    return out[:made].data


def _anywhere(data: Array) -> Array:
    """Eight bytes from every place on as one number."""
    shape = (len(data) - _SLACK + 1,)
    return np.lib.stride_tricks.as_strided(
        data[: len(data) // 8 * 8].view(np.uint64), shape, (1,), writeable=data.flags.writeable
    )


@njit(cache=True, nogil=True)
def _deal(cells, at, lead, cut, count, out):  # type: ignore[no-untyped-def]
    """``at``: where the next value of each column begins. Eight bytes a step: what is too much is written over."""
    made = 0
    for row in range(count):
        for column in range(len(at)):
            for k in range(cut[column], cut[column + 1], 8):
                out[made + k - cut[column]] = lead[k]
            made += cut[column + 1] - cut[column]
            here = at[column]
            ends = _ZERO
            while ends == _ZERO:
                eight = cells[here]
                out[made] = eight
                apart = eight ^ _LINE_BREAKS
                ends = (
                    (apart - _UNITS) & ~apart & _HIGH
                )  # the lowest bit of it is that of the first line break
                here += 8
                made += 8
            while ends & _LOWEST == _ZERO:
                ends >>= _8
                here += 1
                made += 1
            here -= 8
            made -= 8
            if row < count - 1:
                made -= 1  # the comma
            at[column] = here + 3
        for k in range(cut[-2], cut[-1], 8):
            out[made + k - cut[-2]] = lead[k]
        made += cut[-1] - cut[-2]
    return made


def spelled(column: Lettered, quoted: bool) -> bytes:
    """Texts as JSON as ``interleaved`` takes them, or as they stand where they are JSON already."""
    data, edges, absent = column.one()
    longest = int(edges[-1] - edges[0]) * len("\\u0000") + len(column) * len('null",\n  ')
    out = np.empty(longest, np.uint8)
    return out[: _spell(data, edges, absent, quoted, out)].tobytes()


@njit(cache=True, nogil=True)
def _spell(data, edges, absent, quoted, out):  # type: ignore[no-untyped-def]
    made = 0
    for k in range(len(absent)):
        if absent[k]:
            out[made], out[made + 1], out[made + 2], out[made + 3] = 110, 117, 108, 108  # null
            made += 4
        else:
            if quoted:
                out[made] = ord('"')
                made += 1
            for at in range(edges[k], edges[k + 1]):
                sign = data[at]
                letter = _ESCAPED[sign]
                if letter == 0 or not quoted:
                    out[made] = sign
                    made += 1
                    continue
                out[made], out[made + 1] = ord("\\"), letter
                made += 2
                if letter == ord("u"):
                    out[made], out[made + 1] = ord("0"), ord("0")
                    out[made + 2], out[made + 3] = _HEX[sign >> 4], _HEX[sign & 15]
                    made += 4
            if quoted:
                out[made] = ord('"')
                made += 1
        if k < len(absent) - 1:
            out[made], out[made + 1], out[made + 2], out[made + 3] = ord(","), 10, 32, 32
            made += 4
    out[made] = 10
    return made + 1
