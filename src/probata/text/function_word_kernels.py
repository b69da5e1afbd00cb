"""Function words found among the words of texts, counted by language, and what the counts tell."""

from __future__ import annotations

import numpy as np
from numba import njit

_ZERO, _ONE, _BYTE = np.uint64(0), np.uint64(1), np.uint64(255)


@njit(cache=True, nogil=True)
def tell(  # type: ignore[no-untyped-def]
    slots, first, last, cells, words, masks, languages, spoken, least, share, own, rival, best, ahead
):
    """Set ``best`` where one language has many function words and no other has many that this one lacks."""
    counts, shared = np.zeros(languages, np.int64), np.zeros(languages, np.int64)
    packed = np.zeros(masks.shape[1], np.uint64)
    room = np.empty(256, np.uint64)
    for piece in range(len(first)):
        length = last[piece] - first[piece]
        if length >= len(room):
            room = np.empty(2 * length, np.uint64)
        found = room[: _find(slots[first[piece] : last[piece]], cells, words, room)]
        _count(found, masks, packed, counts)
        top = np.argmax(counts)
        if top >= spoken or counts[top] == 0:
            continue
        ahead[piece] = top
        if counts[top] < least or counts[top] < share * length:
            continue
        if not _far_ahead(counts, top, own, rival):
            kept = _keep(found, masks, top)
            _count(found[:kept], masks, packed, shared)
            if not _alone(counts, shared, top, own, rival):
                continue
        best[piece] = top


@njit(cache=True, nogil=True)
def _find(slots, cells, words, found):  # type: ignore[no-untyped-def]
    """List the function words of a piece and return how many there are.

    Whether a word is one cannot be foreseen, and a wrong guess takes the processor longer than all the rest: so there
    is no branch on it. Each word is written down, and overwritten by the next one where it is none.
    """
    last_cell = np.uint64(len(cells) - 1)
    many = 0
    for number in slots:
        cell = (np.uint64(number) >> _ONE) & last_cell
        word = np.uint64(cells[cell])
        while (
            word * (np.uint64(words[word]) ^ np.uint64(number)) != _ZERO
        ):  # neither empty nor the word itself
            cell = (cell + _ONE) & last_cell
            word = np.uint64(cells[cell])
        found[many] = word
        many += word != _ZERO
    return many


@njit(cache=True, nogil=True)
def _count(found, masks, packed, counts):  # type: ignore[no-untyped-def]
    """Count the words that each language has."""
    counts[:] = 0
    for low in range(0, len(found), 255):
        packed[:] = 0
        for word in found[low : low + 255]:
            for group in range(len(packed)):
                packed[group] += masks[word, group]
        for place in range(len(counts)):  # unpacked before a byte runs over
            counts[place] += np.int64((packed[place >> 3] >> np.uint64(8 * (place & 7))) & _BYTE)


@njit(cache=True, nogil=True)
def _keep(found, masks, top):  # type: ignore[no-untyped-def]
    """Keep only the words that ``top`` has, and return how many there are."""
    group, shift = top >> 3, np.uint64(8 * (top & 7))
    kept = np.int64(0)
    for word in found:
        found[kept] = word
        kept += np.int64((masks[word, group] >> shift) & _ONE)
    return kept


@njit(cache=True, nogil=True)
def _far_ahead(counts, top, own, rival):  # type: ignore[no-untyped-def]
    """Whether ``top`` stands alone whichever words it shares: of most texts this spares counting them."""
    for place in range(len(counts)):
        if place != top and (counts[top] - counts[place] < own or rival * counts[place] > counts[top]):
            return False
    return True


@njit(cache=True, nogil=True)
def _alone(counts, shared, top, own, rival):  # type: ignore[no-untyped-def]
    """Whether ``top`` has words enough that any one other language lacks, and that one few that ``top`` lacks."""
    for place in range(len(counts)):
        mine, theirs = counts[top] - shared[place], counts[place] - shared[place]
        if place != top and (mine < own or rival * theirs > mine):
            return False
    return True
