"""Words as 32-bit numbers straight from UTF-8 bytes: the first stage of everything that compares texts.

All texts lie in one byte buffer. A word's number depends on its folded letters only (``normalise``), so capitals,
accents, look-alike letters and zero-width characters do not change it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit

from probata.text.buffers import Texts as Texts  # whoever compares texts takes both from here
from probata.text.buffers import joined, laid_out
from probata.text.memory import InTurn, OfThread
from probata.text.normalise import fold_tables

Array = np.ndarray[Any, np.dtype[Any]]

_P = np.uint64(0x9E3779B97F4A7C15)
_M = np.uint64(0xBF58476D1CE4E5B9)
_7, _32, _33, _56, _63 = np.uint64(7), np.uint64(32), np.uint64(33), np.uint64(56), np.uint64(63)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_APART = np.uint64(1 << 40)
"""Set in the block of a letter that is no ASCII sign: no eight letters look like it."""


def _every(byte: int) -> np.uint64:
    """A number of eight such bytes."""
    return np.uint64(int.from_bytes(8 * bytes([byte])))


_UNITS, _LOW, _HIGH, _CASE = _every(1), _every(0x7F), _every(0x80), _every(0x20)
_FROM_A, _AFTER_Z = _every(0x80 - ord("a")), _every(0x7F - ord("z"))
_FROM_0, _AFTER_9 = _every(0x80 - ord("0")), _every(0x7F - ord("9"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """Word numbers in slots: document d has ``slots[first[d]:last[d]]``, one document after the other.

    The lowest bit of a number says that the word begins with a digit, 0 to 9 in whatever guise.
    """

    slots: Array  # uint32
    first: Array  # int64 [documents]
    last: Array  # int64 [documents]
    digest: Array  # uint64 [documents]: equal for documents with the same words in the same order

    def lengths(self) -> Array:
        """Words of each document."""
        return self.last - self.first


def to_bytes(texts: Sequence[str | None]) -> Texts:
    """Lay texts out in one buffer; ``None`` is an empty text, half surrogate pairs become separators."""
    encoded = (
        laid_out([_encode(text) for text in texts[base : base + 8192]]) for base in range(0, len(texts), 8192)
    )
    return joined(encoded, len(texts))


def _encode(text: str | None) -> bytes:
    if not text:
        return b""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def chunks(documents: int, threads: int) -> list[tuple[int, int]]:
    """Ranges of documents: more than threads, so that a long document does not hold up the others."""
    parts = max(1, min(documents, 8 * threads + documents // 4096))
    edges = np.linspace(0, documents, parts + 1).astype(np.int64)
    return [(int(a), int(b)) for a, b in pairwise(edges) if b > a]


def in_threads(work: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], threads: int) -> list[Any]:
    """Run the jobs on that many threads; results come in the order of the jobs."""
    if threads <= 1 or len(jobs) <= 1:
        return [work(*job) for job in jobs]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda job: work(*job), jobs))


def tokenise(texts: Texts, threads: int = 1) -> Tokens:
    """Number the words of every document.

    How many slots a range of documents takes is known once it is read: it is read into memory of the thread's own,
    then copied behind the ranges before it. So the slots lie close together, and no memory between them is touched.
    """
    tables, ascii_fold = fold_tables(), ascii_table()
    documents = len(texts)
    room = texts.room()
    slots = np.empty(int(room[-1]) + 1, np.uint32)  # never touched beyond the last word
    first, last = np.zeros(documents, np.int64), np.zeros(documents, np.int64)
    digest = np.zeros(documents, np.uint64)
    wide = texts.data[: len(texts.data) // 8 * 8].view(np.uint64)
    turns, own = InTurn(), OfThread()

    def one(number: int, low: int, high: int) -> None:
        try:
            mine = own.take("slots", int(room[high] - room[low]), np.uint32)
            where = texts.data, wide, texts.starts, texts.ends
            _tokenise(*where, 0, low, high, ascii_fold, *tables, mine, first, last, digest)
            words = int(last[high - 1])
            begin = turns.place(number, words)
        except BaseException:
            turns.give_up()
            raise
        slots[begin : begin + words] = mine[:words]
        first[low:high] += begin
        last[low:high] += begin

    in_threads(one, [(k, low, high) for k, (low, high) in enumerate(chunks(documents, threads))], threads)
    return Tokens(slots[: max(1, turns.end)], first, last, digest)


def ascii_table() -> Array:
    """Folded byte of each ASCII byte, 0 where it separates and for the bytes of all other signs."""
    tables = fold_tables()
    folded = np.zeros(256, np.uint8)
    folded[:128] = np.where((tables.kind[:128] & 7) == 1, tables.folded[:128], 0)
    return folded


@njit(cache=True, nogil=True)
def _decode(data, at, end):  # type: ignore[no-untyped-def]
    """Code point and width in bytes at a byte >= 128; broken bytes are separators one byte wide."""
    lead = data[at]
    if lead >= 0xF0 and at + 3 < end:
        point = (
            ((lead & 7) << 18)
            | ((data[at + 1] & 63) << 12)
            | ((data[at + 2] & 63) << 6)
            | (data[at + 3] & 63)
        )
        return np.int64(point), 4
    if 0xE0 <= lead < 0xF0 and at + 2 < end:
        return np.int64(((lead & 15) << 12) | ((data[at + 1] & 63) << 6) | (data[at + 2] & 63)), 3
    if 0xC0 <= lead < 0xE0 and at + 1 < end:
        return np.int64(((lead & 31) << 6) | (data[at + 1] & 63)), 2
    return np.int64(0), 1


@njit(cache=True, nogil=True, inline="always")
def _stir(state, block):  # type: ignore[no-untyped-def]
    """The state of a word after eight more bytes of it, or one more letter that is no ASCII sign."""
    state = (state ^ block) * _P
    return state ^ (state >> _32)


@njit(cache=True, nogil=True, inline="always")
def _word(state, block, number):  # type: ignore[no-untyped-def]
    """The number of a word that ends with the bytes of ``block``."""
    return ((_stir(state, block) * _M) >> _33) << _ONE | number


@njit(cache=True, nogil=True, inline="always")
def _push(state, block, filled, byte):  # type: ignore[no-untyped-def]
    """One more byte of a word: its state, the bytes that wait, and how many these are."""
    block |= byte << np.uint64(filled << 3)
    if filled < 7:
        return state, block, filled + 1
    return _stir(state, block), _ZERO, 0


@njit(cache=True, nogil=True, inline="always")
def _put(slots, slot, total, token):  # type: ignore[no-untyped-def]
    """A word into its slot; the next slot, and the digest of the words so far."""
    slots[np.uint64(slot)] = token
    return slot + 1, (total ^ token) * _P


@njit(cache=True, nogil=True, inline="always")
def _eight(wide, at):  # type: ignore[no-untyped-def]
    """The eight bytes from ``at`` on, the first one lowest, out of the two aligned numbers that hold them."""
    shift = np.uint64((at & 7) << 3)
    # without a sign: a place that has one is first asked whether it counts from the end
    place = np.uint64(at >> 3)
    return (wide[place] >> shift) | ((wide[place + _ONE] << _ONE) << (_63 - shift))


@njit(cache=True, nogil=True, inline="always")
def _no_letters(eight):  # type: ignore[no-untyped-def]
    """The highest bit of every byte that is no ASCII letter or digit, all eight at once.

    With the highest bits out of the way no sum of two bytes runs over into the next: adding 128 - x sets the highest
    bit of bytes from x on.
    """
    plain = eight & _LOW
    small = plain | _CASE
    letter = (small + _FROM_A) & ~(small + _AFTER_Z)
    digit = (plain + _FROM_0) & ~(plain + _AFTER_9)
    return ~((letter | digit) & ~eight) & _HIGH


@njit(cache=True, nogil=True)
def _tokenise(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one hot loop over bytes
    data,
    wide,
    starts,
    ends,
    slot,
    low,
    high,
    ascii_fold,
    kinds,
    folded,
    lengths,
    sequence,
    slots,
    first,
    last,
    digest,
):
    """A word is hashed eight bytes at a time; a letter that is no ASCII sign ends a block and is one by itself."""
    whole = 8 * (len(wide) - 1)
    for document in range(low, high):
        at, end = starts[document], ends[document]
        first[document] = slot
        state = block = number = _ZERO
        filled = 0
        total = np.uint64(1469598103934665603)
        inside = hashtag = lower = False
        swift = min(end - 8, whole - 8)
        while at < end:
            byte = data[np.uint64(at)]
            if byte < 128:
                letter = ascii_fold[byte]
                if letter == 0:
                    at += 1
                    hashtag = byte == 35
                    lower = False
                    if inside:
                        slot, total = _put(slots, slot, total, _word(state, block, number))
                        inside = False
                    continue
                capital = 65 <= byte <= 90
                if hashtag and inside and capital and lower:
                    slot, total = _put(slots, slot, total, _word(state, block, number))
                    inside = False
                lower = not capital
                if not inside:
                    inside = True
                    number = _ONE if letter < 58 else _ZERO
                    state = block = _ZERO
                    filled = 0
                if filled > 0 or hashtag or at > swift:
                    at += 1
                    state, block, filled = _push(state, block, filled, np.uint64(letter))
                    continue
                while inside and at <= swift:  # word after word, as long as they are plain
                    eight = _eight(wide, at)
                    others = _no_letters(eight)
                    if others == _ZERO:
                        state = _stir(state, eight | _CASE)
                        at += 8
                        continue
                    lowest = others & (~others + _ONE)
                    block = (eight | _CASE) & ((lowest >> _7) - _ONE)
                    filled = np.int64((((lowest - _ONE) & _UNITS) * _UNITS) >> _56) - 1  # type: ignore[assignment]
                    at += filled
                    byte = data[np.uint64(at)]
                    if byte >= 128 or byte == 35:
                        break
                    slot, total = _put(slots, slot, total, _word(state, block, number))
                    at += 1
                    letter = ascii_fold[data[np.uint64(at)]] if at < end else np.uint8(0)
                    inside = letter != 0
                    number = _ONE if letter < 58 else _ZERO
                    state = block = _ZERO
                    filled = 0
                continue
            point, width = _decode(data, at, end)
            at += width
            if point < 0x20000:
                kind = kinds[point]
            elif point < 0x40000:
                kind = np.uint8(4)
            else:
                kind = np.uint8(2)
            capital = (kind & 8) != 0
            kind = kind & 7
            if kind == 2:
                continue
            splits = kind == 0 or kind == 4 or (hashtag and capital and lower)
            if splits and inside:
                slot, total = _put(slots, slot, total, _word(state, block, number))
                inside = False
            lower = not capital
            if kind == 0:
                hashtag = point == 35  # as an overlong form, which is read as what it stands for
                lower = False
                continue
            begun = inside
            if not inside:
                inside = True
                state = block = number = _ZERO
                filled = 0
            count = 1
            begin = 0
            if kind == 3:
                count, begin = lengths[point], folded[point]
            for k in range(count):
                if kind == 3:
                    letter32 = np.uint64(sequence[begin + k])
                else:
                    letter32 = np.uint64(folded[point]) if point < 0x20000 else np.uint64(point)
                if not begun:
                    begun = True
                    number = _ONE if 48 <= letter32 < 58 else _ZERO
                if letter32 < 128:
                    state, block, filled = _push(state, block, filled, letter32)
                    continue
                if filled > 0:
                    state = _stir(state, block)
                    block = _ZERO
                    filled = 0
                state = _stir(state, letter32 | _APART)
            if kind == 4:
                slot, total = _put(slots, slot, total, _word(state, block, number))
                inside = False
        if inside:
            slot, total = _put(slots, slot, total, _word(state, block, number))
        last[document] = slot
        digest[document] = total


@njit(cache=True, nogil=True)
def _places(data, begin, end, kinds, wanted, starts_out, ends_out):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0913, PLR0915
    """Code point offsets of the words in one text, in step with ``_tokenise``; return how many words."""
    at = begin
    point_at = 0
    word = 0
    inside = False
    hashtag = False
    lower = False
    word_end = 0
    while at < end:
        byte = data[at]
        if byte < 128:
            point, width = np.int64(byte), 1
        else:
            point, width = _decode(data, at, end)
        here = point_at
        at += width
        point_at += 1
        if point < 0x20000:
            kind = kinds[point]
        elif point < 0x40000:
            kind = np.uint8(4)
        else:
            kind = np.uint8(2)
        capital = (kind & 8) != 0
        kind = kind & 7
        if kind == 2:
            continue
        splits = kind == 0 or kind == 4 or (hashtag and capital and lower)
        if splits and inside:
            if word < wanted:
                ends_out[word] = word_end
            word += 1
            inside = False
        lower = not capital
        if kind == 0:
            hashtag = point == 35
            lower = False
            continue
        if not inside:
            if word < wanted:
                starts_out[word] = here
            inside = True
        word_end = here + 1
        if kind == 4:
            if word < wanted:
                ends_out[word] = word_end
            word += 1
            inside = False
    if inside:
        if word < wanted:
            ends_out[word] = word_end
        word += 1
    return word


def places(texts: Texts, document: int, words: int) -> tuple[Array, Array]:
    """Start and end (exclusive) in code points of each word of one document."""
    begins, ends = np.zeros(words, np.int64), np.zeros(words, np.int64)
    tables = fold_tables()
    low, high = int(texts.starts[document]), int(texts.ends[document])
    _places(texts.data, low, high, tables.kind, words, begins, ends)
    return begins, ends
