"""Stretches of words in code points, what stands in quotation marks, and which numbers texts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.text.normalise import fold_tables
from probata.text.tokens import _UNITS, Texts, _decode, _eight, _no_letters, chunks, in_threads

Array = np.ndarray[Any, np.dtype[Any]]

_ZERO, _ONE, _56 = np.uint64(0), np.uint64(1), np.uint64(56)
_LONGEST_QUOTE = 4000
"""Code points after which an unclosed quotation mark is taken for a stray one."""


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
        room = np.empty((2, longest), np.int32), np.zeros(longest, np.uint8)
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
    places, quoted = room
    for document in chosen:
        wanted = 0
        for k in range(edges[document], edges[document + 1]):
            wanted = max(wanted, limits[order[k]])
        for word in range(wanted):
            quoted[word] = 0
        any_quoted = _read(
            data, wide, starts[document], ends[document], kinds, wanted, places[0], places[1], quoted
        )
        for k in range(edges[document], edges[document + 1]):
            at = order[k]
            points[at, 0] = places[0, begins[at]]
            points[at, 1] = places[1, limits[at] - 1]
            if any_quoted:
                for word in range(begins[at], limits[at]):
                    quotes[at] += quoted[word]


@njit(cache=True, nogil=True)
def _quote_role(point, before, after, opened):  # type: ignore[no-untyped-def]  # noqa: C901
    """1 opens, 2 closes, 0 neither; ``opened`` is the mark that stands open (0 for none)."""
    if point == 34 or point == 0xFF02:
        if opened == 34 or opened == 0x201C:
            return 2
        return 1 if opened == 0 and after > 32 else 0
    if point == 0x201E:  # low mark
        return 1 if opened == 0 else 0
    if point == 0x201C:  # opens in English and French, closes in German and Russian
        if opened == 0x201E:
            return 2
        return 1 if opened == 0 else 0
    if point == 0x201D:
        if opened == 0x201C or opened == 34 or opened == 0x201E:
            return 2
        return 0
    if point == 0xAB:
        if opened == 0xBB:
            return 2
        return 1 if opened == 0 else 0
    if point == 0xBB:
        if opened == 0xAB:
            return 2
        return 1 if opened == 0 and before <= 32 and after > 32 else 0
    return 0


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


@njit(cache=True, nogil=True)
def _read(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one pass over bytes, in step with _tokenise
    data, wide, at, stop, kinds, wanted, begin, end, quoted
):
    """Places of the first ``wanted`` words of one text, and which of them are quoted; whether any is.

    What follows them is read only as long as a quotation is open that began among them.
    """
    swift = min(stop, 8 * len(wide) - 8) - 8
    word = place = 0
    inside = hashtag = lower = blank = found = False
    opened = opened_at = opened_word = 0
    before = 32
    while at < stop and (word < wanted or (opened != 0 and opened_word < wanted)):
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
                if blank and opened != 0:  # a quotation that runs on opens anew in the next paragraph
                    found |= _quote(quoted, opened_word, min(word, wanted))
                    opened = 0
                blank = True
            elif point > 32:
                blank = False
                after = np.int64(data[at]) if at < stop else np.int64(32)
                role = _quote_role(point, before, after, opened)
                if opened != 0 and here - opened_at > _LONGEST_QUOTE:
                    opened = 0
                if role == 1:
                    opened, opened_at, opened_word = point, here, word
                elif role == 2 and opened != 0:
                    found |= _quote(quoted, opened_word, min(word, wanted))
                    opened = 0
            before = point
            continue
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
def _quote(quoted, low, high):  # type: ignore[no-untyped-def]
    """Mark words as quoted; whether there are any."""
    for word in range(low, high):
        quoted[word] = 1
    return low < high


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


@njit(cache=True, nogil=True)
def numbers_shared(slots, begin_a, end_a, begin_b, end_b, out):  # type: ignore[no-untyped-def]
    """For each passage (slots on either side): numbers in A, in B, in common (rows of ``out``)."""
    a, b = np.empty(64, np.uint32), np.empty(64, np.uint32)
    for k in range(len(begin_a)):
        many_a = _numbers(slots, begin_a[k], end_a[k], a)
        many_b = _numbers(slots, begin_b[k], end_b[k], b)
        if max(many_a, many_b) > len(a):
            a, b = np.empty(2 * max(many_a, many_b), np.uint32), np.empty(2 * max(many_a, many_b), np.uint32)
            many_a = _numbers(slots, begin_a[k], end_a[k], a)
            many_b = _numbers(slots, begin_b[k], end_b[k], b)
        out[0, k], out[1, k], out[2, k] = many_a, many_b, _in_common(a[:many_a], b[:many_b])
