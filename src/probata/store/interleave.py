"""Columns of JSON values dealt into rows, in a kernel: for the long lists of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numba import njit

from probata.store.lettered import Lettered

Array = np.ndarray[Any, np.dtype[Any]]
Column = Lettered | bytes | memoryview

_SLACK = 16
"""Bytes after a buffer that is read or written eight or sixteen at a time."""
_WIDEST = len("\\u0000")
"""Bytes that one byte of a text may become."""
_VALUES, _READY, _TEXT = range(3)
"""What a column holds: JSON values one a line, texts that are JSON already, texts."""


def _eight(letters: bytes) -> np.uint64:
    """Eight bytes, or a few and nothing after them, as one number, the first as the lowest."""
    return np.uint64(int.from_bytes(letters, "little"))


_7, _8, _32, _56 = map(np.uint64, (7, 8, 32, 56))
_ONE, _LOWEST, _QUOTE, _NULL = map(_eight, (b"\1", b"\xff", b'"', b"null"))
_UNITS, _HIGH, _BREAKS, _QUOTES, _SLASHES = (
    _eight(8 * sign) for sign in (b"\1", b"\x80", b"\n", b'"', b"\\")
)
_SPELLED = [orjson.dumps(chr(sign))[1:-1] if sign < 128 else bytes([sign]) for sign in range(256)]
_WIDTH = np.array([len(spelled) for spelled in _SPELLED])
_ESCAPED = np.array([_eight(spelled) for spelled in _SPELLED])


def interleaved(leads: list[bytes], columns: Sequence[tuple[Column, bool]], count: int) -> memoryview:
    """``count`` rows: of each column its lead and its next value, and the last lead after them.

    A column is ``Lettered`` and whether its texts are JSON already; or JSON values as they stand in an indented list:
    with a comma, a line break and two spaces between them, and a line break after the last.

    Raises:
        TypeError: values of several lines, as lists and mappings are when indented.
    """
    kinds, sizes = np.zeros(len(columns), np.int64), np.empty((len(columns), count), np.int64)
    cells: list[Any] = [values for values, _ in columns]
    for number, (values, ready) in enumerate(columns):
        if isinstance(values, Lettered):
            data, edges, absent = values.one()
            kinds[number] = _READY if ready else _TEXT
            sizes[number] = np.where(absent, -1, np.diff(edges))
            cells[number] = data[int(edges[0]) : int(edges[-1])]
    told = b"".join([*cells, *leads, bytes(_SLACK)])
    cut = np.cumsum([0, *map(len, cells), *map(len, leads)])
    at, ends, lead = cut[: len(cells)].copy(), cut[1 : len(cells) + 1], cut[len(cells) :]
    room = _WIDEST * len(told) + count * (int(lead[-1] - lead[0]) + len(columns) * len("null"))
    out = np.empty(room, np.uint8)
    made = _deal(_anywhere(told), at, kinds, sizes, lead, _anywhere(out))
    if (at < ends).any():
        raise TypeError("values of several lines")
    return out[:made].data


def _anywhere(data: bytes | Array) -> Array:
    """Eight bytes from every place on as one number."""
    return np.ndarray(len(data) - 7, np.uint64, data, strides=(1,))


@njit(cache=True, nogil=True)
def _deal(told, at, kinds, sizes, lead, out):  # type: ignore[no-untyped-def]
    """``at``: where the next value of each column begins. Eight bytes a step: what is too much is written over."""
    made, count = 0, sizes.shape[1]
    for row in range(count):
        for column in range(len(at)):
            made = _copy(told, lead[column], lead[column + 1], out, made)
            start = at[column]
            if kinds[column] == _VALUES:
                size = _line(told, start, out, made)
                at[column] = start + size + 3
                made += size - (row < count - 1)  # without the comma
            elif sizes[column, row] < 0:
                out[made] = _NULL
                made += 4
            else:
                at[column] = end = start + sizes[column, row]
                if kinds[column] == _READY:
                    made = _copy(told, start, end, out, made)
                else:
                    out[made] = _QUOTE
                    made = _spell(told, start, end, out, made + 1)
                    out[made] = _QUOTE
                    made += 1
        made = _copy(told, lead[-2], lead[-1], out, made)
    return made


@njit(inline="always")
def _copy(told, start, end, out, made):  # type: ignore[no-untyped-def]
    out[made], out[made + 8] = told[start], told[start + 8]  # most are no longer
    for k in range(start + 16, end, 8):
        out[made + k - start] = told[k]
    return made + end - start


@njit(inline="always")
def _line(told, start, out, made):  # type: ignore[no-untyped-def]
    """Copy what stands before the next line break; how much that is."""
    here, found = start, np.int64(8)
    while found == 8:
        out[made + here - start] = told[here]
        apart = told[here] ^ _BREAKS
        ends = (apart - _UNITS) & ~apart & _HIGH  # the lowest bit of it is that of the first line break
        found = np.int64((((ends - _ONE) & ~ends) >> _7 & _UNITS) * _UNITS >> _56)  # bytes before it
        here += found
    return here - start


@njit(inline="always")
def _spell(told, start, end, out, made):  # type: ignore[no-untyped-def]
    """Copy a text, byte by byte where one of eight has to be escaped."""
    for k in range(start, end, 8):
        eight, size = told[k], min(end - k, 8)
        quote, slash = eight ^ _QUOTES, eight ^ _SLASHES
        odd = (eight - _UNITS * _32) & ~eight | (quote - _UNITS) & ~quote | (slash - _UNITS) & ~slash
        out[made] = eight
        if odd & _HIGH == 0:
            made += size
            continue
        for _ in range(size):
            out[made] = _ESCAPED[eight & _LOWEST]
            made += _WIDTH[eight & _LOWEST]
            eight >>= _8
    return made
