"""Winnowed word n-grams as sorted 64-bit keys: which documents share a run of words.

Rolling hashes of n words, the smallest of every w in a row kept (Schleimer, Wilkerson & Aiken 2003: two texts that
share n + w - 1 words in a row share a kept one), packed as hash bits above the slot of the n-gram's first word and
sorted by buckets. Equal hashes are then neighbours in the order of the documents: the sorted array is the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.text.memory import Arena, OfThread
from probata.text.tokens import Tokens, chunks, in_threads

Array = np.ndarray[Any, np.dtype[Any]]

_P = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _56 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(56)
_6, _8, _63, _ONE = np.uint64(6), np.uint64(8), np.uint64(63), np.uint64(1)
BUCKETS = 256


@dataclass(frozen=True, slots=True)
class Keys:
    """Fingerprints that may occur twice, sorted by bucket: the low ``bits`` bits are a slot, the others the hash.

    What is surely alone in the corpus has been left out.
    """

    buckets: list[Array]  # uint64, BUCKETS of them
    bits: int
    count: int
    """Fingerprints of all documents, those that are alone included."""

    def bucket(self, number: int) -> Array:
        """The keys of one bucket."""
        return self.buckets[number]


@njit(cache=True, nogil=True, inline="always")
def _mix(x):  # type: ignore[no-untyped-def]
    x ^= x >> _30
    x *= _M1
    x ^= x >> _27
    x *= _M2
    return x ^ (x >> _31)


@njit(cache=True, nogil=True)
def _winnow(slots, first, last, low, high, n, w, bits, out, counts):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0913, PLR0915
    """Write the keys of documents low..high to ``out``, count them by bucket, return how many."""
    power = np.uint64(1)
    for _ in range(n):
        power *= _P
    shift = np.uint64(bits)
    below = (np.uint64(1) << shift) - np.uint64(1)
    ring = np.empty(w, np.uint64)
    written = 0
    for document in range(low, high):
        start = first[document]
        grams = last[document] - start - n + 1
        if grams <= 0:
            continue
        rolled = np.uint64(0)
        for i in range(n - 1):
            rolled = rolled * _P + np.uint64(slots[start + i])
        least = np.uint64(0)
        least_at = -1
        emitted = -1
        window = min(w, grams)
        head = 0
        for i in range(grams):
            rolled = rolled * _P + np.uint64(slots[start + i + n - 1])
            if i > 0:
                rolled -= np.uint64(slots[start + i - 1]) * power
            value = _mix(rolled)
            ring[head] = value
            head += 1
            if head == w:
                head = 0
            if least_at < 0 or value < least:
                least = value
                least_at = i
            elif least_at <= i - w:
                least = ring[head]
                least_at = i - w + 1
                at = head
                for k in range(1, w):
                    at += 1
                    if at == w:
                        at = 0
                    if ring[at] < least:
                        least = ring[at]
                        least_at = i - w + 1 + k
            if i >= window - 1 and least_at != emitted:
                emitted = least_at
                key = _mix(least * _P)
                key = (key & ~below) | np.uint64(start + least_at)
                out[written] = key
                counts[key >> _56] += 1
                written += 1
    return written


@njit(cache=True, nogil=True)
def _scatter(source, target, at):  # type: ignore[no-untyped-def]
    for i in range(len(source)):
        key = source[i]
        bucket = key >> _56
        target[at[bucket]] = key
        at[bucket] += 1


@njit(cache=True, nogil=True)
def _leave_out_lone(keys, free):  # type: ignore[no-untyped-def]
    """Move the keys whose hash may occur twice to the front, in order; return how many.

    Most fingerprints are alone: two bit maps of eight cells a key, small enough for the cache, leave nine in ten of
    these out before anything is sorted. ``free`` is the number of hash bits below those of the bucket.
    """
    size = 6
    while size < free and (1 << size) < 8 * len(keys):
        size += 1
    shift = np.uint64(64 - size)
    once = np.zeros(1 << (size - 6), np.uint64)
    twice = np.zeros(1 << (size - 6), np.uint64)
    for i in range(len(keys)):
        cell = (keys[i] << _8) >> shift
        bit = _ONE << (cell & _63)
        word = cell >> _6
        twice[word] |= once[word] & bit
        once[word] |= bit
    kept = 0
    for i in range(len(keys)):
        key = keys[i]
        cell = (key << _8) >> shift
        keys[kept] = key
        kept += 1 if (twice[cell >> _6] >> (cell & _63)) & _ONE != 0 else 0
    return kept


def fingerprint(tokens: Tokens, n: int = 6, w: int = 4, threads: int = 1) -> Keys:
    """Fingerprint every document (work on each by itself), then bring equal fingerprints together."""
    bits, pieces, counts = winnow(tokens, n, w, threads)
    return index(bits, pieces, counts, threads)


def winnow(tokens: Tokens, n: int, w: int, threads: int = 1) -> tuple[int, list[Any], Array]:
    """The fingerprints of every document by ranges of documents, those of one range by buckets.

    Documents under n words have none. Returns the bits of a slot, the keys of each range, counts [ranges, BUCKETS].
    """
    bits = max(1, len(tokens.slots).bit_length())
    ranges = chunks(len(tokens.first), threads)
    counts = np.zeros((len(ranges), BUCKETS), np.int64)
    own, arena = OfThread(), Arena()

    def one(number: int, low: int, high: int) -> Array:
        out = own.take("keys", int((tokens.last[low:high] - tokens.first[low:high]).sum()) + 1, np.uint64)
        made = _winnow(tokens.slots, tokens.first, tokens.last, low, high, n, w, bits, out, counts[number])
        piece = arena.take(made, np.uint64)
        _scatter(out[:made], piece, np.cumsum(counts[number]) - counts[number])
        return piece

    pieces = in_threads(one, [(i, a, b) for i, (a, b) in enumerate(ranges)], threads)
    return bits, pieces, counts


def index(bits: int, pieces: list[Any], counts: Array, threads: int = 1) -> Keys:
    """Gather the keys of each bucket from the pieces, leave out those that are alone, sort the rest."""
    edges = np.zeros((len(counts), BUCKETS + 1), np.int64)
    np.cumsum(counts, axis=1, out=edges[:, 1:])
    sizes = counts.sum(axis=0)
    own, arena = OfThread(), Arena()

    def sorted_bucket(number: int) -> Array:
        mine = own.take("bucket", int(sizes[number]), np.uint64)[: sizes[number]]
        cuts = edges[:, number : number + 2].tolist()
        if len(mine):
            np.concatenate([piece[a:b] for piece, (a, b) in zip(pieces, cuts, strict=True)], out=mine)
        repeated = mine[: _leave_out_lone(mine, 56 - bits)]
        repeated.sort()
        kept = arena.take(len(repeated), np.uint64)
        kept[:] = repeated
        return kept

    buckets = in_threads(sorted_bucket, [(i,) for i in range(BUCKETS)], threads)
    return Keys(buckets, bits, int(sizes.sum()))
