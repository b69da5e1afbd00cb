"""Texts of a large Parquet file as they lie in one buffer: hashed and stored there, they never become Python text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from probata.store.columns import Array
from probata.text.buffers import Texts

_SPACE = np.zeros(256, bool)
_SPACE[[*range(33), 0xC2, 0xE1, 0xE2, 0xE3]] = True
"""Bytes with which a space can begin."""


class Room:
    """A buffer for the texts of a file, filled from the front; a further one where too little was reserved.

    Memory that is never written to costs nothing, so there is room for somewhat more than what the first rows promise.
    """

    def __init__(self, rows: int) -> None:
        self._left = rows
        self._data = np.empty(0, np.uint8)
        self._at = 0

    def put(self, pieces: Sequence[tuple[Array, Array]]) -> Texts:
        """Copy texts that come as bytes and their edges, in one or several pieces."""
        lengths = np.concatenate([np.diff(edges) for _, edges in pieces]).astype(np.int64)
        size, rows = int(lengths.sum()), len(lengths)
        if self._at + size > len(self._data):
            needed = size * max(self._left, rows) // max(rows, 1)
            self._data, self._at = np.empty(needed + needed // 4, np.uint8), 0
        ends = self._at + np.cumsum(lengths)
        for data, edges in pieces:
            piece = data[int(edges[0]) : int(edges[-1])]
            self._data[self._at : self._at + len(piece)] = piece
            self._at += len(piece)
        self._left -= rows
        return Texts(self._data, ends - lengths, ends)


class Window:
    """The texts of a run of rows; ``name`` is the engine's table that holds them too, where it has one."""

    def __init__(self, texts: Texts, absent: Array, name: str | None = None) -> None:
        self.texts, self.absent, self.name = texts, absent, name


class Held:
    """A column of texts that are rows of a window; as UTF-8 bytes they are at hand."""

    def __init__(self, window: Window, rows: Array) -> None:
        self.window, self.rows = window, rows

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, places: Sequence[int] | Array) -> Held:
        """The column of these places."""
        return Held(self.window, self.rows[np.asarray(places, dtype=np.int64)])

    @property
    def whole(self) -> bool:
        """Whether every row of the window is in the column."""
        return len(self.rows) == len(self.window.texts)

    @property
    def texts(self) -> Texts:
        """The texts; an absent one is empty."""
        return self.window.texts if self.whole else self.window.texts.rows(self.rows)

    @property
    def absent(self) -> Array:
        """Which rows have no text, not even an empty one."""
        return self.window.absent if self.whole else self.window.absent[self.rows]

    def blank(self) -> Array:
        """Which rows have no text, or nothing but space in it; only those that begin with a space are read."""
        texts = self.texts
        filled = texts.ends > texts.starts
        blank = ~filled
        rows = np.flatnonzero(filled)
        for row in rows[_SPACE[texts.data[texts.starts[rows]]]].tolist():
            blank[row] = texts[row].isspace()
        return blank
