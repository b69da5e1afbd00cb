"""Seeds from shared fingerprints, and their extension to whole shared passages with gaps.

Scoring of an extension: +1 a word that agrees, -g for a jump of up to ``gap`` words after which two words agree
again; it stops when the score falls ``drop`` below its best. Words marked as common (boilerplate, an outlet's own
tail) and numbers agree but count for nothing: forms filled in anew share the words and happen to share figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.text.extend import counts_for, extend_left, extend_right
from probata.text.fingerprint import BUCKETS, Keys
from probata.text.memory import Arena, OfThread
from probata.text.tokens import Tokens, chunks, in_threads

Array = np.ndarray[Any, np.dtype[Any]]

STEP = 8
"""Buckets whose seeds share one piece of memory: large pieces are had from the system at a third of the price."""
LEAST_ROOM = 1024
LAST_PLACE = 65_535
"""The last place of a word in its document that fits into a packed seed."""
_16 = np.uint64(16)

TELLING = 15
"""Words in a row from which on what is too common is no mere phrase or credit."""
COMMON, HOUSE = 1, 2
"""Marks of a word: in a fingerprint that too many documents hold; in a text that is one outlet's own."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a seed and a passage."""

    n: int = 6
    """Words of a fingerprint: runs of five meet by chance twice as often, and quotations lose them to common ones."""
    most: int = 100
    """A fingerprint in more documents than this is common and makes no seed."""
    full: int = 12
    """Up to this many documents every pair is looked at; beyond, the first and the two before."""
    least: int = 12
    """Distinctive words that the best passage of a pair must share."""
    region: int = 8
    """Distinctive words of a further passage of such a pair."""
    scattered: int = 16
    """Distinctive words over two or more passages in the same order that make up for one long one."""
    gap: int = 4
    drop: int = 6
    same_owner: bool = False
    window: int = 0
    """How far apart in time, in the unit of the times, no pair is looked at any more; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Shared passages, sorted by (a, b, begin_a): documents and word ranges (end exclusive) on both sides."""

    a: Array
    b: Array
    begin_a: Array
    end_a: Array
    begin_b: Array
    end_b: Array
    words: Array
    """Distinctive words that agree."""

    def __len__(self) -> int:
        return len(self.a)


@njit(cache=True, nogil=True)
def _document(slot, coarse, first):  # type: ignore[no-untyped-def]
    document = coarse[slot >> 6]
    while document + 1 < len(first) and first[document + 1] <= slot:
        document += 1
    return document


@njit(cache=True, nogil=True)
def _coarse(first, last, out):  # type: ignore[no-untyped-def]
    """For every 64th slot the last document that begins at or before it."""
    document = 0
    for cell in range(len(out)):
        slot = cell << 6
        while document + 1 < len(first) and first[document + 1] <= slot:
            document += 1
        out[cell] = document


@njit(cache=True, nogil=True)
def _seeds(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one pass over the sorted keys
    keys,
    bits,
    coarse,
    first,
    owner,
    owners,
    hours,
    until,
    marks,
    wide,
    n,
    most,
    full,
    same,
    window,
    counts,
    i,
    out,
    made,
):
    """Seeds of one bucket: packed documents and place, words before it in A, in B, behind the ``made`` in ``out``.

    Begins at key ``i`` and stops where the room could run out; returns where, and how many there are now.
    """
    packed, left, right = out
    room = len(packed) - max(full * full, 3 * (most + 1))
    shift = np.uint64(bits)
    below = (np.uint64(1) << shift) - np.uint64(1)
    documents = np.empty(most + 1, np.int64)
    slots = np.empty(most + 1, np.int64)
    tally = np.zeros(owners, np.int32)
    total = len(keys)
    while i < total and made < room:
        hashed = keys[i] >> shift
        j = i + 1
        while j < total and keys[j] >> shift == hashed:
            j += 1
        if j - i == 1:
            i = j
            continue
        m = 0
        before = -1
        for k in range(i, j):
            slot = np.int64(keys[k] & below)
            document = _document(slot, coarse, first)
            if document != before:
                before = document
                if m <= most:
                    documents[m] = document
                    slots[m] = slot
                m += 1
                if m > most:
                    break
        mark = 0
        spread = False  # too common, and over many outlets
        if m > most:
            mark = 1
            counts[0] += 1
            top = 0
            for x in range(most):
                tally[owner[documents[x]]] += 1
                top = max(top, tally[owner[documents[x]]])
            for x in range(most):
                tally[owner[documents[x]]] = 0
            spread = 10 * top < 6 * most
        elif m >= 4:
            top = 0
            for x in range(m):
                tally[owner[documents[x]]] += 1
                top = max(top, tally[owner[documents[x]]])
            for x in range(m):
                tally[owner[documents[x]]] = 0
            if 10 * top >= 6 * m:
                mark = 2
                counts[1] += 1
        if mark > 0:
            for k in range(i, j):
                slot = np.int64(keys[k] & below)
                for x in range(n):
                    marks[slot + x] = mark
                if spread:
                    for x in range(n):
                        wide[slot + x] = 1
            if mark == 1 or not same:
                i = j
                continue
        i = j
        if m < 2:
            continue
        counts[2] += 1
        for y in range(1, m):
            for x in range(y):
                if m > full and x != 0 and x < y - 2:
                    continue
                a, b = documents[x], documents[y]
                if owner[a] == owner[b] and not same:
                    continue
                if window > 0 and hours[b] - until[a] > window:
                    continue
                word = min(slots[x] - first[a], LAST_PLACE)
                packed[made] = (
                    (np.uint64(a) << np.uint64(40)) | (np.uint64(b) << np.uint64(16)) | np.uint64(word)
                )
                left[made] = slots[x] - first[a]
                right[made] = slots[y] - first[b]
                made += 1
    return i, made


@njit(cache=True, nogil=True)
def _touch(order, packed, right, slots, first, last, low, high):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Read the words around many seeds: the waits for memory overlap, which they do not one by one."""
    seen = 0
    for place in range(low, high):
        k = order[place]
        b = np.int64((packed[k] >> np.uint64(16)) & np.uint64(0xFFFFFF))
        y = first[b] + np.int64(right[k])
        seen += last[b] + slots[y + 4] + slots[max(0, y - 4)] + slots[min(len(slots) - 1, y + 12)]
    return seen


@njit(cache=True, nogil=True)
def _copy(source, r, target, write):  # type: ignore[no-untyped-def]
    """One passage; a whole row assigned at once would take the compiler seconds."""
    for k in range(7):
        target[write, k] = source[r, k]


@njit(cache=True, nogil=True)
def _extend(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901, PLR0915 - one pass over the seeds of whole pairs
    order, packed, left, right, slots, marks, first, last, n, gap, drop, least, region, scattered
):
    """All passages of the pairs whose seeds lie in these arrays; ``order`` sorts them by pair."""
    room = 1024
    out = np.empty((room, 7), np.int64)
    made = 0
    i = 0
    total = len(packed)
    sixteen = np.uint64(16)
    unmarked = np.empty(0, np.uint8)
    ahead = 0
    seen = 0
    while i < total:
        if i >= ahead:
            ahead = min(total, i + 128)
            seen += _touch(order, packed, right, slots, first, last, i, ahead)
        pair = packed[order[i]] >> sixteen
        j = i + 1
        while j < total and packed[order[j]] >> sixteen == pair:
            j += 1
        a = np.int64(pair >> np.uint64(24))
        b = np.int64(pair & np.uint64(0xFFFFFF))
        begin = i
        stop = j
        i = j
        kept = made
        best = 0
        alone = stop - begin == 1
        in_order = 0
        for place in range(begin, stop):
            low_x, low_y = first[a], first[b]
            x, y = low_x + np.int64(left[order[place]]), low_y + np.int64(right[order[place]])
            high_x, high_y = last[a], last[b]
            inside = False
            for r in range(made - 1, max(kept, made - 64) - 1, -1):
                if (out[r, 2] <= x < out[r, 3]) or (out[r, 4] <= y < out[r, 5]):
                    inside = True
                    break
                if out[r, 3] <= x:
                    low_x = max(low_x, out[r, 3])
                else:
                    high_x = min(high_x, out[r, 2])
                if out[r, 5] <= y:
                    low_y = max(low_y, out[r, 5])
                else:
                    high_y = min(high_y, out[r, 4])
            if inside or x + n > high_x or y + n > high_y:
                continue
            matched = 0
            same = True
            for k in range(n):
                if slots[x + k] != slots[y + k]:
                    same = False
                    break
            if not same:
                continue
            if alone:  # most pairs: too short even if every word counts, which needs no look at the marks
                _, _, more = extend_right(slots, unmarked, x + n, y + n, high_x, high_y, gap, drop)
                _, _, before = extend_left(slots, unmarked, x, y, low_x, low_y, gap, drop)
                if n + more + before < least:
                    continue
            for k in range(n):
                matched += counts_for(slots, marks, x + k, y + k)
            end_x, end_y, more = extend_right(slots, marks, x + n, y + n, high_x, high_y, gap, drop)
            begin_x, begin_y, before = extend_left(slots, marks, x, y, low_x, low_y, gap, drop)
            matched += more + before
            if matched == 0:
                continue
            if made == room:
                room *= 2
                grown = np.empty((room, 7), np.int64)
                for r in range(made):
                    _copy(out, r, grown, r)
                out = grown
            out[made, 0], out[made, 1] = a, b
            out[made, 2], out[made, 3] = begin_x, end_x
            out[made, 4], out[made, 5] = begin_y, end_y
            out[made, 6] = matched
            if matched >= 6 and (in_order == 0 or begin_y >= out[made - 1, 5]):
                in_order += matched
            best = max(best, matched)
            made += 1
        if best < least and not (
            scattered > 0 and in_order >= scattered and made - kept > 1 and best >= region
        ):
            made = kept
            continue
        floor = region if best >= least else 6
        write = kept
        for r in range(kept, made):
            if out[r, 6] >= floor:
                _copy(out, r, out, write)
                write += 1
        made = write
    return out[:made], seen


_SEED = {"packed": np.uint64, "left": np.uint32, "right": np.uint32}
"""A seed: documents and place packed, words before it in A, words before it in B."""


def _room(own: OfThread, size: int) -> tuple[Array, ...]:
    """Room for that many seeds."""
    return tuple(own.take(name, size, kind) for name, kind in _SEED.items())


def _larger(own: OfThread, out: tuple[Array, ...], made: int, rules: Rules) -> tuple[Array, ...]:
    """The same seeds with twice the room, and room for what one fingerprint can give."""
    grown = _room(own, 2 * len(out[0]) + rules.full**2 + 3 * rules.most)
    for new, old in zip(grown, out, strict=True):
        new[:made] = old[:made]
    return grown


def shared_passages(
    tokens: Tokens, keys: Keys, owner: Array, times: tuple[Array, Array], rules: Rules, threads: int = 1
) -> tuple[Passages, dict[str, int]]:
    """Every passage that two documents share, and what was counted on the way.

    ``owner`` is the outlet's number of each document, ``times`` the first and the last time of it and of
    all that stand for it (whole numbers, in the unit of ``rules.window``).
    """
    marks = np.zeros(len(tokens.slots), np.uint8)
    wide = np.zeros(
        len(tokens.slots), np.uint8
    )  # apart: of two marks of a word it is left open which one stays
    coarse = np.empty((len(tokens.slots) >> 6) + 1, np.int64)
    _coarse(tokens.first, tokens.last, coarse)
    counts = np.zeros((BUCKETS, 3), np.int64)
    distinct, numbered = np.unique(owner, return_inverse=True)
    owners = len(distinct)

    shift, groups = _grouping(len(tokens.first))
    dealt = np.zeros((BUCKETS // STEP, groups + 1), np.int64)
    own, arena = OfThread(), Arena()

    def seeds(number: int) -> tuple[Array, ...]:
        buckets = [keys.bucket(STEP * number + k) for k in range(STEP)]
        out, made = _room(own, sum(map(len, buckets)) + LEAST_ROOM), 0
        for k, mine in enumerate(buckets):
            at = 0
            while at < len(mine):
                at, made = _seeds(
                    mine, keys.bits, coarse, tokens.first, numbered, owners, *times, marks, wide, rules.n, rules.most,
                    rules.full, rules.same_owner, rules.window, counts[STEP * number + k], at, out, made,
                )  # fmt: skip
                if at < len(mine):
                    out = _larger(own, out, made, rules)
        found = tuple(arena.take(made, kind) for kind in _SEED.values())
        _deal(*(column[:made] for column in out), shift, dealt[number], *found)
        return found

    found = in_threads(seeds, [(i,) for i in range(BUCKETS // STEP)], threads)
    seen = {
        "common": int(counts[:, 0].sum()),
        "house": int(counts[:, 1].sum()),
        "shared": int(counts[:, 2].sum()),
    }
    seen["seeds"] = sum(len(item[0]) for item in found)
    seen["common texts"], seen["common words"] = (
        _left_out(wide, tokens, threads) if seen["common"] else (0, 0)
    )

    long = bool((tokens.lengths() > LAST_PLACE).any())  # beyond it the packed place tells no order

    def extend(group: int) -> Array:
        cuts = dealt[:, group : group + 2].tolist()
        packed, left, right = (
            np.concatenate([item[column][a:b] for item, (a, b) in zip(found, cuts, strict=True)])
            for column in range(3)
        )
        order = np.lexsort((left, packed >> _16)) if long else np.argsort(packed)
        rows, _ = _extend(
            order, packed, left, right, tokens.slots, marks, tokens.first, tokens.last,
            rules.n, rules.gap, rules.drop, rules.least, rules.region, rules.scattered,
        )  # fmt: skip
        return rows  # type: ignore[no-any-return]

    pieces = in_threads(extend, [(i,) for i in range(groups)], threads)
    rows = np.concatenate([*pieces, np.empty((0, 7), np.int64)])
    first_a, first_b = tokens.first[rows[:, 0]], tokens.first[rows[:, 1]]
    passages = Passages(
        rows[:, 0], rows[:, 1], rows[:, 2] - first_a, rows[:, 3] - first_a,
        rows[:, 4] - first_b, rows[:, 5] - first_b, rows[:, 6],
    )  # fmt: skip
    return passages, seen


def _left_out(wide: Array, tokens: Tokens, threads: int) -> tuple[int, int]:
    """Documents with ``TELLING`` words or more in a row that are too common and many outlets', and such words."""

    def one(low: int, high: int) -> tuple[int, int]:
        return _runs(wide, tokens.first, tokens.last, low, high, TELLING)  # type: ignore[no-any-return]

    pieces = in_threads(one, chunks(len(tokens.first), threads), threads)
    return sum(documents for documents, _ in pieces), sum(words for _, words in pieces)


@njit(cache=True, nogil=True)
def _runs(marks, first, last, low, high, least):  # type: ignore[no-untyped-def]
    """Documents from ``low`` to ``high`` with so many marked words in a row, and the words of such runs.

    One word in ``least`` is looked at first, as such a run covers one of them.
    """
    documents = words = 0
    for document in range(low, high):
        before = words
        at = first[document] + least - 1
        while at < last[document]:
            end = at + 1
            if marks[at] != 0:
                begin = at
                while begin > first[document] and marks[begin - 1] != 0:
                    begin -= 1
                while end < last[document] and marks[end] != 0:
                    end += 1
                if end - begin >= least:
                    words += end - begin
            at = end + least - 1
        documents += words > before
    return documents, words


def _grouping(documents: int) -> tuple[np.uint64, int]:
    """How far a packed seed is shifted to give its group (of first documents), and how many groups there are."""
    shift = max(0, documents.bit_length() - 7)
    return np.uint64(40 + shift), (documents >> shift) + 1


@njit(cache=True, nogil=True)
def _deal(packed, left, right, shift, edges, packed_out, left_out, right_out):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Seeds by the group of their first document, in the order in which they come; ``edges`` bounds the groups."""
    for i in range(len(packed)):
        edges[np.int64(packed[i] >> shift) + 1] += 1
    for group in range(1, len(edges)):
        edges[group] += edges[group - 1]
    at = edges.copy()
    for i in range(len(packed)):
        k = at[np.int64(packed[i] >> shift)]
        at[np.int64(packed[i] >> shift)] += 1
        packed_out[k] = packed[i]
        left_out[k] = left[i]
        right_out[k] = right[i]
