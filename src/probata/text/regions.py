"""Stretches of words in code points, what stands in quotation marks, and which numbers texts share."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.text.normalise import fold_tables
from probata.text.quote_kernels import (
    NONE,
    SHORT,
    STATE,
    WRAPPED,
    drop,
    ends_sentence,
    is_space,
    may_be_mark,
    meet,
    run_on,
)
from probata.text.tokens import (
    _UNITS,
    Texts,
    _decode,
    _eight,
    _no_letters,
    _push,
    _word,
    chunks,
    in_threads,
    to_bytes,
    tokenise,
)

Array = np.ndarray[Any, np.dtype[Any]]

_ZERO, _ONE, _TEN, _56 = np.uint64(0), np.uint64(1), np.uint64(10), np.uint64(56)
_PADDED, _SHORT, _DIGITS = 1 << 10, 1 << 11, (1 << 10) - 1
"""What a group of digits is beside its value: zeros first, so that no number begins with it; shorter than three."""
_LARGEST = 10**15
"""Numbers from here on are no longer put together: they would not fit."""


def _wide(texts: Texts) -> Array:
    """The bytes of texts eight at a time."""
    return texts.data[: len(texts.data) // 8 * 8].view(np.uint64)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Runs of words, each from one word of a document up to another."""

    document: Array  # int64
    begin: Array  # int64 words
    end: Array  # int64, exclusive


def stretches(texts: Texts, given: Stretches, threads: int = 1) -> tuple[Array, Array]:
    """Where each stretch begins and ends in code points (int32, two columns), and how many of its words are quoted.

    A document is read once, as far as its stretches need it, and its words are kept no longer than that.
    """
    sizes = np.bincount(given.document, minlength=len(texts))
    edges = np.concatenate([[0], np.cumsum(sizes)])
    order = np.empty(len(given.document), np.int64)
    _by_document(given.document, edges[:-1].copy(), order)
    chosen = np.flatnonzero(sizes)
    points, quotes = np.empty((len(order), 2), np.int32), np.zeros(len(order), np.int64)
    longest = int(given.end.max(initial=0))
    kinds, wide = fold_tables().kind, _wide(texts)

    def one(low: int, high: int) -> None:
        room = np.empty((2, longest), np.int32), np.zeros(longest, np.uint8), np.zeros(STATE, np.int64)
        _read_stretches(
            (texts.data, wide, texts.starts, texts.ends, kinds), chosen[low:high], edges, order,
            (given.begin, given.end), room, points, quotes,
        )  # fmt: skip

    in_threads(one, chunks(len(chosen), threads), threads)
    return points, quotes


@njit(cache=True, nogil=True)
def _by_document(document, place, order):  # type: ignore[no-untyped-def]
    """``place``: where the stretches of each document begin; moved on."""
    for k in range(len(document)):
        order[place[document[k]]] = k
        place[document[k]] += 1


@njit(cache=True, nogil=True)
def _read_stretches(laid, chosen, edges, order, bounds, room, points, quotes):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    data, wide, starts, ends, kinds = laid
    begins, limits = bounds
    places, quoted, state = room
    for document in chosen:
        wanted = 0
        for k in range(edges[document], edges[document + 1]):
            wanted = max(wanted, limits[order[k]])
        for word in range(wanted):
            quoted[word] = 0
        any_quoted = _read(
            data,
            wide,
            starts[document],
            ends[document],
            kinds,
            np.int64(wanted),
            places[0],
            places[1],
            quoted,
            state,
        )
        for k in range(edges[document], edges[document + 1]):
            at = order[k]
            points[at, 0] = places[0, begins[at]]
            points[at, 1] = places[1, limits[at] - 1]
            if any_quoted:
                for word in range(begins[at], limits[at]):
                    quotes[at] += quoted[word]


@njit(cache=True, nogil=True, inline="always")
def _letters(wide, at, stop):  # type: ignore[no-untyped-def]
    """Where the ASCII letters and digits from ``at`` on end, as far as blocks of eight bytes before ``stop`` tell."""
    while at <= stop:
        others = _no_letters(_eight(wide, at))
        if others != _ZERO:
            below = (others & (~others + _ONE)) - _ONE
            return at + np.int64(((below & _UNITS) * _UNITS) >> _56) - 1
        at += 8
    return at


@njit(cache=True, nogil=True, inline="always")
def _placed(here, word, wanted):  # type: ignore[no-untyped-def]
    """A place in a text as ``meet`` wants it; one type for all, or it is compiled for each."""
    return np.int64(here), np.int64(word), np.int64(wanted)


@njit(cache=True, nogil=True)
def _read(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one pass over bytes, in step with _tokenise
    data, wide, at, stop, kinds, wanted, begin, end, quoted, state
):
    """Places of the first ``wanted`` words of one text, and which of them are quoted; whether any is.

    What follows them is read only as long as a quotation is open that began among them.
    """
    swift = min(stop, 8 * len(wide) - 8) - 8
    word = place = line = 0
    inside = hashtag = lower = blank = found = long_lines = ended = False
    state[:] = 0
    first_open = NONE
    before = 32
    while at < stop and (word < wanted or first_open < wanted):
        byte = data[at]
        if byte < 128:
            point, width = int(byte), 1
        else:
            point, width = _decode(data, at, stop)
        here = place
        at += width
        place += 1
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
        if (kind == 0 or kind == 4 or (hashtag and capital and lower)) and inside:
            word += 1
            inside = False
        lower = not capital
        if kind == 0:
            hashtag = point == 35
            lower = False
            if point == 10:
                length = place - line
                line = place
                long_lines |= length > WRAPPED
                if first_open < NONE:
                    ended |= blank or long_lines or (length < SHORT and ends_sentence(data, at, at - length))
                blank = True
            elif point > 32 and (point < 0xA0 or not is_space(point)):
                blank = again = False
                if ended:
                    ended = False
                    where, after = _placed(here, word, wanted), (data, np.int64(at), np.int64(stop))
                    again, more = run_on(np.int64(point), where, after, state, quoted)
                    found |= more
                    first_open = np.int64(word) if again else NONE
                doubtful = may_be_mark(point)
                if (point == 39 or point == 0x2019) and at < stop:  # mostly within a word
                    doubtful = before >= 128 or data[at] >= 128 or kinds[before] == 0 or kinds[data[at]] == 0
                if doubtful and not again:
                    where = _placed(here, word, wanted)
                    around = np.int64(before), data, np.int64(at), np.int64(stop)
                    first_open, more = meet(np.int64(point), where, around, kinds, state, quoted)
                    found |= more
            before = point
            continue
        if ended:
            drop(state)
            first_open = NONE
            ended = False
        blank = False
        before = point
        if word < wanted:
            if not inside:
                begin[word] = here
            end[word] = place
        inside = True
        if byte < 128 and not hashtag:
            while (
                word < wanted and at <= swift
            ):  # word after word, as long as there are but spaces between them
                further = _letters(wide, at, swift)
                place += further - at
                at = further
                end[word] = place
                before = int(data[at - 1])
                if at + 1 >= stop or data[at] != 32 or data[at + 1] >= 128 or kinds[data[at + 1]] & 7 != 1:
                    break
                at += 2
                place += 2
                word += 1
                if word < wanted:
                    begin[word] = place - 1
                    end[word] = place
                before = int(data[at - 1])
            continue
        if kind == 4:
            word += 1
            inside = False
    return found


@njit(cache=True, nogil=True)
def _numbers(slots, low, high, out):  # type: ignore[no-untyped-def]
    """The numbers among some words; how many."""
    many = 0
    for slot in range(low, high):
        if slots[slot] & 1 != 0:
            if many < len(out):
                out[many] = slots[slot]
            many += 1
    return many


@njit(cache=True, nogil=True)
def _in_common(a, b):  # type: ignore[no-untyped-def]
    """How many numbers two lists have in common, as multisets."""
    alike, shorter = 0, min(len(a), len(b))
    while alike < shorter and a[alike] == b[alike]:
        alike += 1
    if alike == shorter:  # most passages are the same to the letter: nothing to sort
        return alike
    a, b = np.sort(a[alike:]), np.sort(b[alike:])
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            alike += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return alike


def numbers_shared(slots: Array, bounds: Sequence[Array], out: Array) -> None:
    """For each passage (its bounds in A, then in B, as slots): numbers in A, in B, in common (rows of ``out``).

    A number that one side spells in groups of digits (1,200 or 1 200: two words) is one where the other side writes it
    as one word.
    """
    _numbers_shared(slots, *bounds, _groups(), out)


@functools.cache
def _groups() -> tuple[Array, Array]:
    """Words of one to three digits that a number in groups is made of, in order, and what each of them is."""
    heads = [(str(value), value | (_SHORT if value < 100 else 0)) for value in range(1, 1000)]
    texts, codes = zip(*heads, *((f"{value:03}", value | _PADDED) for value in range(100)), strict=True)
    tokens = tokenise(to_bytes(texts), 1)
    words = tokens.slots[tokens.first]
    order = np.argsort(words)
    return words[order], np.array(codes, np.int64)[order]


@njit(cache=True, nogil=True)
def _numbers_shared(slots, begin_a, end_a, begin_b, end_b, groups, out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    a, b = np.empty(64, np.uint32), np.empty(64, np.uint32)
    for k in range(len(begin_a)):
        many_a = _numbers(slots, begin_a[k], end_a[k], a)
        many_b = _numbers(slots, begin_b[k], end_b[k], b)
        if max(many_a, many_b) > len(a):
            a, b = np.empty(2 * max(many_a, many_b), np.uint32), np.empty(2 * max(many_a, many_b), np.uint32)
            many_a = _numbers(slots, begin_a[k], end_a[k], a)
            many_b = _numbers(slots, begin_b[k], end_b[k], b)
        common = _in_common(a[:many_a], b[:many_b])
        if common < many_a or common < many_b:
            sorted_a, sorted_b = np.sort(a[:many_a]), np.sort(b[:many_b])
            whole_a = _joined(slots, begin_a[k], end_a[k], groups, sorted_b, a)
            whole_b = _joined(slots, begin_b[k], end_b[k], groups, sorted_a, b)
            if whole_a < many_a or whole_b < many_b:
                many_a, many_b = whole_a, whole_b
                common = _in_common(a[:many_a], b[:many_b])
        out[0, k], out[1, k], out[2, k] = many_a, many_b, common


@njit(cache=True, nogil=True)
def _group(groups, word):  # type: ignore[no-untyped-def]
    """What a word of one to three digits is, -1 for any other."""
    words, codes = groups
    at = np.searchsorted(words, word)
    return codes[at] if at < len(words) and words[at] == word else -1


@njit(cache=True, nogil=True)
def _as_word(value):  # type: ignore[no-untyped-def]
    """The word number of a number in figures, as ``tokenise`` gives it."""
    unit, left = np.uint64(1), np.uint64(value)
    while left // unit >= _TEN:
        unit *= _TEN
    state = block = _ZERO
    filled = 0
    while unit > _ZERO:
        state, block, filled = _push(state, block, filled, np.uint64(48) + left // unit)
        left %= unit
        unit //= _TEN
    return np.uint32(_word(state, block, _ONE))


@njit(cache=True, nogil=True)
def _joined(slots, low, high, groups, other, out):  # type: ignore[no-untyped-def]
    """The numbers among some words, those of several words as one where the other side has that one; how many."""
    many, slot = 0, low
    while slot < high:
        word = slots[slot]
        slot += 1
        if word & 1 == 0:
            continue
        value = _group(groups, word)
        if value >= 0 and value & _PADDED == 0:
            value &= _DIGITS
            ahead = slot
            while ahead < high and value < _LARGEST:
                group = _group(groups, slots[ahead])
                if group < 0 or group & _SHORT:
                    break
                value = 1000 * value + (group & _DIGITS)
                ahead += 1
                whole = _as_word(value)
                at = np.searchsorted(other, whole)
                if at < len(other) and other[at] == whole:
                    word, slot = whole, ahead
        out[many] = word
        many += 1
    return many
