"""SHA-256 of many texts in one go, by the functions of OpenSSL that Python's own ``hashlib`` rests on.

A call of ``hashlib`` costs more than the hashing of a short article. Where the library does not show its functions (a
Python that has it built in, or another library), ``digests`` says so and ``hashlib`` is called text by text.
"""

from __future__ import annotations

import ctypes
import hashlib
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


def digests(heads: Texts, bodies: Texts) -> Array | None:
    """SHA-256 of each head and the body after it, 32 bytes a row; None where it must be done otherwise."""
    functions = _functions()
    return None if functions is None else _worked_out(functions, heads, bodies)


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
    made = _worked_out(functions, laid_out([head]), laid_out([body]))
    return functions if made.tobytes() == hashlib.sha256(head + body).digest() else None


def _worked_out(functions: Array, heads: Texts, bodies: Texts) -> Array:
    made = np.zeros((len(heads), _SIZE), np.uint8)
    state = np.zeros(_STATE, np.uint8)
    spans = heads.starts, heads.ends, bodies.starts, bodies.ends
    _hash(functions, heads.data, bodies.data, *spans, state, made)
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
def _hash(functions, heads, bodies, head_starts, head_ends, body_starts, body_ends, state, made):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    begin, add, end = functions
    at, head, body, out = state.ctypes.data, heads.ctypes.data, bodies.ctypes.data, made.ctypes.data
    for row in range(len(head_starts)):
        _call(begin, at, 0, 0)
        _call(add, at, head + head_starts[row], head_ends[row] - head_starts[row])
        _call(add, at, body + body_starts[row], body_ends[row] - body_starts[row])
        _call(end, out + row * 32, at, 0)
