"""Many texts as UTF-8 bytes in one buffer: how they are kept, compared and handed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Texts:
    """UTF-8 bytes of all documents, in whatever order they lie: document d is ``data[starts[d]:ends[d]]``."""

    data: Array  # uint8
    starts: Array  # int64 [documents]
    ends: Array  # int64 [documents]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, document: int) -> str:
        """One document as text; bytes that are no UTF-8 show as U+FFFD."""
        return self.data[self.starts[document] : self.ends[document]].tobytes().decode("utf-8", "replace")

    def rows(self, documents: Array) -> Texts:
        """These documents in this order, over the same bytes."""
        return Texts(self.data, self.starts[documents], self.ends[documents])

    def heads(self, points: int) -> Texts:
        """The first code points of each document, over the same bytes."""
        # imported here: a compiler is not loaded for texts that stay as they are
        from probata.text.head_kernels import head_ends

        ends = np.empty(len(self), np.int64)
        head_ends(self.data, self.starts, self.ends, points, ends)
        return Texts(self.data, self.starts, ends)

    def room(self) -> Array:
        """Slots before each document (and in all): a word takes two bytes with what separates it, the last one."""
        room = np.zeros(len(self) + 1, np.int64)
        np.cumsum((self.ends - self.starts) // 2 + 1, out=room[1:])
        return room


def laid_out(texts: Sequence[bytes]) -> Texts:
    """Texts one after another in a buffer of their own."""
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    data = np.frombuffer(bytearray().join(texts), np.uint8)  # one that may be written to, as all others
    return Texts(data, np.append(np.zeros(1, np.int64), ends)[:-1], ends)


def joined(pieces: Iterable[Texts], documents: int) -> Texts:
    """``documents`` texts that come in pieces in one buffer: that of the pieces where all share one, else a new one.

    A piece is let go of once it is copied. The room is guessed from what came so far: memory that is never written
    to costs nothing.
    """
    starts, ends = np.zeros(documents, np.int64), np.zeros(documents, np.int64)
    data, own, at, seen = np.empty(0, np.uint8), False, 0, 0
    for piece in pieces:
        if not len(piece):
            continue
        low, high = int(piece.starts.min()), int(piece.ends.max())
        shift, rows = 0, slice(seen, seen + len(piece))
        seen += len(piece)
        if rows.start == 0:
            data = piece.data
        if piece.data is data:
            at = max(at, high)
        else:
            if not own or at + high - low > len(data):
                needed = (at + high - low) * (documents + seen) // seen
                larger = np.empty(needed + needed // 8, np.uint8)  # to grow again would touch all of it twice
                larger[:at] = data[:at]
                data, own = larger, True
            data[at : at + high - low] = piece.data[low:high]
            shift, at = at - low, at + high - low
        starts[rows], ends[rows] = piece.starts + shift, piece.ends + shift
    return Texts(data[:at], starts, ends)
