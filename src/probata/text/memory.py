"""Memory that many small arrays share: a large piece comes from the system in large pages, many small ones do not.

The system clears what it hands out, page by page, when it is first written to: on large corpora that is a good part
of the whole time. So arrays that are made by the hundred are cut from large pieces, and what a thread needs again and
again it keeps.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

PIECE = 1 << 25
"""Bytes of one piece: some large pages, of which what is never written to costs nothing."""
_ALIGNED = 64


class Arena:
    """Arrays cut one behind the other from large pieces; any thread may ask. Freed as a whole, with the last array."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._piece = np.empty(0, np.uint8)
        self._at = 0

    def take(self, size: int, kind: Any) -> Array:
        """An array of that many numbers of a kind, not cleared."""
        needed = -(-size * np.dtype(kind).itemsize // _ALIGNED) * _ALIGNED
        with self._lock:
            if self._at + needed > len(self._piece):
                self._piece, self._at = np.empty(max(needed, PIECE), np.uint8), 0
            cut: Array = self._piece[self._at : self._at + needed]
            self._at += needed
        found: Array = cut.view(kind)[:size]
        return found


class InTurn:
    """Places of pieces one behind the other, given out in the order of their numbers."""

    def __init__(self) -> None:
        self.end = 0
        self._turn = 0
        self._broken = False
        self._changed = threading.Condition()

    def place(self, number: int, size: int) -> int:
        """Where the piece of that number begins, once all before it have their places.

        Raises:
            RuntimeError: a piece before it will never come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._broken or self._turn == number)
            if self._broken:
                raise RuntimeError("a piece before this one failed")
            begin = self.end
            self.end += size
            self._turn += 1
            self._changed.notify_all()
            return begin

    def give_up(self) -> None:
        """Nobody waits for a piece that failed."""
        with self._changed:
            self._broken = True
            self._changed.notify_all()


class OfThread:
    """Arrays by name that a thread uses over and over."""

    def __init__(self) -> None:
        self._kept = threading.local()

    def take(self, name: str, size: int, kind: Any) -> Array:
        """At least that many numbers, with what was in them the last time."""
        kept: Array | None = getattr(self._kept, name, None)
        if kept is None or len(kept) < size:
            kept = np.empty(size + size // 4, kind)
            setattr(self._kept, name, kept)
        return kept
