"""SHA-256 of many texts in one go, by the functions of OpenSSL that Python's own ``hashlib`` rests on.

A call of ``hashlib`` costs more than the hashing of a short article. Where the library does not show its functions (a
Python that has it built in, or another library), ``hashlib`` is called text by text.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from probata.store.columns import Array
from probata.text.buffers import Texts, laid_out

_NAMES = ("SHA256_Init", "SHA256_Update", "SHA256_Final")
_STATE = 512
"""Bytes for the state of a hash, which takes 112."""
_SIZE = 32


def digests(head: bytes, pieces: Sequence[Texts], between: bytes) -> Array:
    """SHA-256 of each row's pieces behind the head, with ``between`` before each of them: 32 bytes a row."""
    functions = _functions()
    if functions is not None:
        return _worked_out(functions, head, pieces, between)
    rows = zip(*(_bytes(piece) for piece in pieces), strict=True)
    made = b"".join(hashlib.sha256(between.join((head, *row))).digest() for row in rows)
    return np.frombuffer(made, np.uint8).reshape(-1, _SIZE)


def _bytes(texts: Texts) -> Iterator[bytes]:
    data = texts.data.data
    return (
        bytes(data[start:end]) for start, end in zip(texts.starts.tolist(), texts.ends.tolist(), strict=True)
    )


@cache
def _functions() -> Array | None:
    """Addresses of the three functions, once they were found to do what is expected of them."""
    try:
        import _hashlib

        library = ctypes.CDLL(_hashlib.__file__)
        found = [ctypes.cast(getattr(library, name), ctypes.c_void_p).value for name in _NAMES]
    except (ImportError, AttributeError, OSError, TypeError):
        return None
    functions = np.array(found, np.int64)
    head, body = b"one", b"text over a block " * 9
    made = _worked_out(functions, head, [laid_out([body])], b"|")
    return functions if made.tobytes() == hashlib.sha256(head + b"|" + body).digest() else None


def _worked_out(functions: Array, head: bytes, pieces: Sequence[Texts], between: bytes) -> Array:
    made = np.zeros((len(pieces[0]), _SIZE), np.uint8)
    places = np.stack([piece.data.ctypes.data + piece.starts for piece in pieces])
    lengths = np.stack([piece.ends - piece.starts for piece in pieces])
    first, link = (np.frombuffer(bytearray(part), np.uint8) for part in (head, between))
    _hash(functions, first, link, places, lengths, np.zeros(_STATE, np.uint8), made)
    return made


@intrinsic
def _call(typing: Any, function: Any, first: Any, second: Any, third: Any) -> Any:
    """Call the function at an address with a state, an address and a length (or what it wants of these)."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        from llvmlite import ir  # type: ignore[import-untyped]

        place = cgutils.voidptr_t
        kind = ir.FunctionType(ir.IntType(32), [place, place, ir.IntType(64)])
        called = builder.inttoptr(given[0], kind.as_pointer())
        pointers = [builder.inttoptr(address, place) for address in given[1:3]]
        return builder.call(called, [*pointers, given[3]])

    return types.int32(types.int64, types.int64, types.int64, types.int64), build


@njit(cache=True, nogil=True)
def _hash(functions, head, between, places, lengths, state, made):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    begin, add, end = functions
    at, first, link, out = state.ctypes.data, head.ctypes.data, between.ctypes.data, made.ctypes.data
    for row in range(len(made)):
        _call(begin, at, 0, 0)
        _call(add, at, first, len(head))
        for piece in range(len(places)):
            _call(add, at, link, len(between))
            _call(add, at, places[piece, row], lengths[piece, row])
        _call(end, out + row * 32, at, 0)
