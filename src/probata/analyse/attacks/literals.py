"""Many literals in many texts at once: the automaton of Aho and Corasick (1975) over bytes, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]


@njit(cache=True, nogil=True)
def _run(text: Array, edges: Array, step: Array, first: Array, following: Array, hits: Array) -> None:
    """Mark in ``hits`` (text, literal) every literal that ends somewhere in each text."""
    for row in range(len(edges) - 1):
        state = 0
        for at in range(edges[row], edges[row + 1]):
            state = step[state, text[at]]
            found = first[state]
            while found >= 0:
                hits[row, found] = True
                found = following[found]


@njit(cache=True, nogil=True)
def _fold(step: Array, fail: Array, order: Array) -> int:
    """Breadth first: fold the fail links into the table of steps; return how many states were ordered."""
    head = tail = 0
    for byte in range(256):
        to = step[0, byte]
        if to < 0:
            step[0, byte] = 0
        elif to > 0:
            order[tail] = to
            tail += 1
    while head < tail:
        state = order[head]
        head += 1
        for byte in range(256):
            to = step[state, byte]
            if to < 0:
                step[state, byte] = step[fail[state], byte]
            else:
                fail[to] = step[fail[state], byte]
                order[tail] = to
                tail += 1
    return tail


class Literals:
    """A set of literals, compared without regard to case (ASCII and Unicode lower case on both sides)."""

    def __init__(self, literals: Sequence[str]) -> None:
        self.literals = tuple(dict.fromkeys(text.lower() for text in literals if text))
        raw = [text.encode("utf-8", "surrogatepass") for text in self.literals]
        states = 1 + sum(len(word) for word in raw)
        step = np.full((states, 256), -1, dtype=np.int32)
        ends: dict[int, list[int]] = {}
        count = 1
        for number, word in enumerate(raw):
            state = 0
            for byte in word:
                if step[state, byte] < 0:
                    step[state, byte] = count
                    count += 1
                state = int(step[state, byte])
            ends.setdefault(state, []).append(number)
        self._step = step[:count]
        self._link(count, ends)

    def _link(self, count: int, ends: dict[int, list[int]]) -> None:
        """Fail links, folded into the table; what a state reports is a list of its own and its fail state's
        literals.

        Lists are chained through one entry a (state, literal): copies keep the chains short and simple.
        """
        fail, order = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
        ordered = _fold(self._step, fail, order)
        reports: dict[int, list[int]] = {0: []}
        for state in order[:ordered].tolist():
            reports[state] = ends.get(state, []) + reports[int(fail[state])]
        first = np.full(count, -1, dtype=np.int32)
        which: list[int] = []
        after: list[int] = []
        for state, found in reports.items():
            for number in reversed(found):
                which.append(number)
                after.append(int(first[state]))
                first[state] = len(which) - 1
        self._first, self._which, self._after = (
            first,
            np.array(which, dtype=np.int64),
            np.array(after, dtype=np.int32),
        )

    def hits(self, texts: Sequence[str]) -> Array:
        """Truth by (text, literal): does the text, lowered, hold the literal."""
        made = np.zeros((len(texts), max(1, len(self._which))), dtype=np.bool_)
        if not texts or not self.literals:
            return made[:, : len(self.literals)]
        raw = [text.lower().encode("utf-8", "surrogatepass") for text in texts]
        edges = np.zeros(len(raw) + 1, dtype=np.int64)
        np.cumsum([len(piece) for piece in raw], out=edges[1:])
        data = np.frombuffer(b"".join(raw), dtype=np.uint8)
        _run(data, edges, self._step, self._first, self._after, made)
        found = np.zeros((len(texts), len(self.literals)), dtype=np.bool_)
        for entry, number in enumerate(self._which.tolist()):
            found[:, number] |= made[:, entry]
        return found
