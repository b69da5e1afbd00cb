"""A column of text that lies in buffers as an engine hands it over: no text of it is a string of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from probata.store.columns import Array

Part = tuple[Array, Array, Array]
"""All bytes in one array, their edges (one more than texts), and which texts are absent."""


class Lettered:
    """Texts in one or several parts; a slice shares their bytes."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._ends = list(accumulate(len(absent) for *_, absent in self.parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, rows: slice) -> Lettered:
        """These rows, which follow one another."""
        start, stop, _ = rows.indices(len(self))
        found = []
        while start < stop:
            number = bisect_right(self._ends, start)
            data, edges, absent = self.parts[number]
            before = self._ends[number] - len(absent)
            end = min(stop, self._ends[number])
            low, high = start - before, end - before
            found.append((data, edges[low : high + 1], absent[low:high]))
            start = end
        return Lettered(found)

    def tolist(self) -> list[str | None]:
        """Each text as a string, None where there is none."""
        found: list[str | None] = []
        for data, edges, absent in self.parts:
            if absent.all():
                found += [None] * len(absent)
                continue
            first = int(edges[0])
            whole, places = data[first : edges[-1]].tobytes(), (edges - first).tolist()
            found += [
                None if none else whole[low:high].decode()
                for low, high, none in zip(places[:-1], places[1:], absent.tolist(), strict=True)
            ]
        return found

    def one(self) -> Part:
        """All of it in one part."""
        if len(self.parts) == 1:
            return self.parts[0]
        lengths = [np.diff(edges) for _, edges, _ in self.parts]
        edges = np.concatenate([[0], np.cumsum(np.concatenate([np.zeros(0, np.int64), *lengths]))])
        data = [data[int(edges[0]) : int(edges[-1])] for data, edges, _ in self.parts]
        return (
            np.concatenate([np.zeros(0, np.uint8), *data]),
            edges,
            np.concatenate([np.zeros(0, bool), *(absent for *_, absent in self.parts)]),
        )
