"""Text of news agencies: recognised by its credit line, or by a source that is said to be an agency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.corpus import Corpus
from probata.analyse.spread.credits import FIRST_WORDS, HEAD, TAIL, agency_of, is_agency
from probata.model import Source
from probata.text.head_kernels import head_ends, tail_starts
from probata.text.tokens import Texts, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]


def wire_texts(
    corpus: Corpus, rows: Array, outlets: Sequence[Source], threads: int = 1
) -> tuple[Array, dict[int, str]]:
    """Which articles carry agency text (one truth an article; only ``rows`` are looked at), and which agency."""
    agency: dict[int, str] = {}
    flagged = {
        name.casefold()
        for outlet in outlets
        if outlet.wire
        for name in (outlet.id, outlet.name, *outlet.domains)
    }
    agencies = np.array([is_agency(name) or _without_ending(name) in flagged or name.casefold() in flagged
                         for name in corpus.sources], bool)  # fmt: skip
    wire = agencies[corpus.owner]
    for row in rows[wire[rows] | _worth_reading(corpus.texts, rows, threads)].tolist():
        if wire[row]:
            agency[row] = str(corpus.sources[corpus.owner[row]])
            continue
        name = agency_of(corpus.texts[row])
        if name:
            wire[row], agency[row] = True, name
    return wire, agency


def _without_ending(name: str) -> str:
    return re.sub(r"\.\w+$", "", name).casefold()


def _worth_reading(texts: Texts, rows: Array, threads: int) -> Array:
    """Whether one of ``FIRST_WORDS`` stands in the head or the tail, as the numbers of the words there tell.

    Most texts need never be made into text.
    """
    wanted = tokenise(to_bytes(sorted(FIRST_WORDS)), 1)
    numbers = wanted.slots[wanted.first]
    found = np.zeros(len(rows), bool)

    def one(low: int, high: int) -> None:
        starts, ends = texts.starts[rows[low:high]], texts.ends[rows[low:high]]
        heads, tails = np.empty_like(ends), np.empty_like(starts)
        head_ends(texts.data, starts, ends, HEAD, heads)
        tail_starts(texts.data, starts, ends, TAIL, tails)
        for piece in (Texts(texts.data, starts, heads), Texts(texts.data, tails, ends)):
            words = tokenise(piece)
            _look(words.slots, words.first, words.last, numbers, found[low:high])

    in_threads(one, chunks(len(rows), threads), threads)
    return found


@njit(cache=True, nogil=True)
def _look(slots, first, last, numbers, found):  # type: ignore[no-untyped-def]
    wanted = np.zeros(1 << 16, np.uint8)  # small enough to stay in the nearest memory
    for number in numbers:
        wanted[number >> np.uint32(16)] = 1
    for k in range(len(first)):
        for slot in range(first[k], last[k]):
            word = slots[slot]
            if wanted[word >> np.uint32(16)] != 0 and (numbers == word).any():
                found[k] = True
                break
