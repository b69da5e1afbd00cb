"""Words of chosen documents in code points, and what stands in quotation marks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit

from probata.text.normalise import fold_tables
from probata.text.tokens import Texts, Tokens, _decode, in_threads

Array = np.ndarray[Any, np.dtype[Any]]

_LONGEST_QUOTE = 4000
"""Code points after which an unclosed quotation mark is taken for a stray one."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of chosen documents one after the other; ``base[k]`` is where the k-th chosen document begins."""

    documents: Array  # int64, sorted
    base: Array  # int64 [chosen + 1]
    begin: Array  # int32 code point offsets
    end: Array  # int32, exclusive
    quoted: Array  # uint8: the word stands in quotation marks

    def at(self, documents: Array) -> Array:
        """Where the words of these documents begin."""
        return np.asarray(self.base[np.searchsorted(self.documents, documents)])


def words_of(texts: Texts, tokens: Tokens, documents: Array, threads: int = 1) -> Words:
    """Read the words of the chosen documents (sorted, distinct) once more, this time with their places."""
    lengths = (tokens.last - tokens.first)[documents]
    base = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    total = int(base[-1])
    begin, end = np.zeros(total, np.int32), np.zeros(total, np.int32)
    quoted = np.zeros(total, np.uint8)
    kinds = fold_tables().kind
    edges = np.linspace(0, len(documents), 8 * threads + 1).astype(int)
    jobs = [(int(a), int(b)) for a, b in pairwise(edges) if b > a]

    def one(low: int, high: int) -> None:
        _read(texts.data, texts.starts, texts.ends, documents, base, low, high, kinds, begin, end, quoted)

    in_threads(one, jobs, threads)
    return Words(documents, base, begin, end, quoted)


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


@njit(cache=True, nogil=True)
def _read(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one pass over bytes, in step with _tokenise
    data, starts, ends, documents, base, low, high, kinds, begin, end, quoted
):
    for chosen in range(low, high):
        document = documents[chosen]
        word = base[chosen]
        limit = base[chosen + 1]
        at, stop = starts[document], ends[document]
        place = 0
        inside = False
        hashtag = False
        lower = False
        opened = 0
        opened_at = 0
        opened_word = word
        before = 32
        blank = False
        while at < stop:
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
                        for k in range(opened_word, min(word, limit)):
                            quoted[k] = 1
                        opened = 0
                    blank = True
                elif point > 32:
                    blank = False
                    after = np.int64(data[at]) if at < stop else np.int64(32)
                    role = _quote_role(point, before, after, opened)
                    if opened != 0 and here - opened_at > 4000:
                        opened = 0
                    if role == 1:
                        opened, opened_at, opened_word = point, here, word
                    elif role == 2 and opened != 0:
                        for k in range(opened_word, min(word, limit)):
                            quoted[k] = 1
                        opened = 0
                before = point
                continue
            blank = False
            before = point
            if word < limit:
                if not inside:
                    begin[word] = here
                end[word] = here + 1
            inside = True
            if kind == 4:
                word += 1
                inside = False


@njit(cache=True, nogil=True)
def _shared_numbers(slots_a, slots_b):  # type: ignore[no-untyped-def]
    """Numbers on either side of a passage, and how many they have in common (as multisets)."""
    a = np.empty(len(slots_a), np.uint32)
    b = np.empty(len(slots_b), np.uint32)
    many_a = 0
    many_b = 0
    for i in range(len(slots_a)):
        if slots_a[i] & 1 != 0:
            a[many_a] = slots_a[i]
            many_a += 1
    for i in range(len(slots_b)):
        if slots_b[i] & 1 != 0:
            b[many_b] = slots_b[i]
            many_b += 1
    a = np.sort(a[:many_a])
    b = np.sort(b[:many_b])
    i = 0
    j = 0
    common = 0
    while i < many_a and j < many_b:
        if a[i] == b[j]:
            common += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return many_a, many_b, common


@njit(cache=True, nogil=True)
def describe(  # type: ignore[no-untyped-def]  # noqa: PLR0913
    slots, first_a, first_b, base_a, base_b, begin_a, end_a, begin_b, end_b, quoted, out
):
    """For each passage: numbers in A, in B, in common, quoted words in A, in B (columns of ``out``)."""
    for k in range(len(begin_a)):
        wa, wb = base_a[k], base_b[k]
        many_a, many_b, common = _shared_numbers(
            slots[first_a[k] + begin_a[k] : first_a[k] + end_a[k]],
            slots[first_b[k] + begin_b[k] : first_b[k] + end_b[k]],
        )
        out[k, 0], out[k, 1], out[k, 2] = many_a, many_b, common
        quotes = 0
        for i in range(wa + begin_a[k], wa + end_a[k]):
            quotes += quoted[i]
        out[k, 3] = quotes
        quotes = 0
        for i in range(wb + begin_b[k], wb + end_b[k]):
            quotes += quoted[i]
        out[k, 4] = quotes
