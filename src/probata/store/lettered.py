"""A column of text that lies in buffers as an engine hands it over: no text of it is a string of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from probata.store.columns import Array
from probata.text.buffers import Texts

_P = np.uint64(0x9E3779B97F4A7C15)

Part = tuple[Array, Array, Array]
"""All bytes in one array, their edges (one more than texts), and which texts are absent."""


class Lettered:
    """Texts in one or several parts; a slice shares their bytes."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._ends = list(accumulate(len(absent) for *_, absent in self.parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.tolist())

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

    def copy(self) -> Lettered:
        """The same in one part of its own: buffers of an engine are freed with all columns that came with them."""
        data, edges, absent = self.one()
        low, high = int(edges[0]), int(edges[-1])
        return Lettered([(data[low:high].copy(), edges.astype(np.int64) - low, absent.copy())])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """The texts as an array of objects."""
        array = np.empty(len(self), dtype=object)
        array[:] = self.tolist()
        return array if dtype is None else array.astype(dtype)

    @property
    def rows(self) -> Array:
        """The number of each text."""
        return np.arange(len(self))

    @property
    def texts(self) -> Texts:
        """The texts over the same bytes, where all lie in one part; an absent one is empty."""
        data, edges, _ = self.one()
        places = edges.astype(np.int64, copy=False)
        return Texts(data, places[:-1], places[1:])

    @property
    def absent(self) -> Array:
        """Which texts are absent."""
        return self.one()[2]

    def filled(self) -> Lettered:
        """The same with no empty text: it counts as absent."""
        data, edges, absent = self.one()
        return Lettered([(data, edges, absent | (edges[1:] == edges[:-1]))])

    def only(self, places: Sequence[int] | Array) -> Lettered:
        """The texts of these places, copied behind one another."""
        rows = np.asarray(places, np.int64)
        return Lettered([(*joined_bytes(self.texts.rows(rows)), self.absent[rows])])

    def numbered(self) -> tuple[list[str], Array]:
        """The distinct texts in order, and of each row the place of its text among them; "" for an absent one."""
        # imported here: a compiler is not loaded for short columns
        from probata.store.letter_kernels import numbered

        texts, numbers = self.texts, np.empty(len(self), np.int64)
        firsts, cells = None, _CELLS
        while firsts is None:
            firsts = numbered(texts.data, texts.starts, texts.ends, np.full(cells, -1, np.int64), numbers)
            cells *= 8
        distinct = self.only(firsts).tolist()
        names = sorted(name or "" for name in distinct)
        place = {name: number for number, name in enumerate(names)}
        return names, np.array([place[name or ""] for name in distinct], np.int64)[numbers]

    def hashes(self) -> Array:
        """A number for each text, int64 and the same for the same text; seldom the same for two others.

        Texts of one length, as ids are, are taken by their bytes, sixteen of them.
        """
        data, edges, absent = self.one()
        width = int(edges[1] - edges[0]) if len(self) else 0
        if width < _HASHED or absent.any() or not (np.diff(edges) == width).all():
            return np.fromiter(map(hash, self.tolist()), np.int64, len(self))
        letters = data[int(edges[0]) : int(edges[-1])].reshape(-1, width)[:, :_HASHED]
        halves = np.ascontiguousarray(letters).view(np.uint64)
        return (halves[:, 0] ^ halves[:, 1] * _P).view(np.int64)


_HASHED = 16
_CELLS = 1 << 14
_MANY = 1000
"""Texts from which on a kernel copies them one by one."""


def same_texts(texts: Sequence[str] | Lettered, others: Sequence[str] | Lettered) -> bool:
    """Whether both are the same, none of them absent; those in a buffer do not become strings for it."""
    if len(texts) != len(others):
        return False
    one, other = _as_bytes(texts), _as_bytes(others)
    return one is not None and other is not None and one[0] == other[0] and bool((one[1] == other[1]).all())


def _as_bytes(texts: Sequence[str] | Lettered) -> tuple[bytes, Array] | None:
    """All bytes and the length of each text in bytes; None where a text is absent."""
    if isinstance(texts, Lettered):
        data, edges, absent = texts.one()
        return None if absent.any() else (data[int(edges[0]) : int(edges[-1])].tobytes(), np.diff(edges))
    whole = "".join(texts)
    encoded = whole.encode()
    lengths = map(len, texts) if len(encoded) == len(whole) else (len(text.encode()) for text in texts)
    return encoded, np.fromiter(lengths, np.int64, len(texts))


def hashes_of(texts: Any) -> Array:
    """``Lettered.hashes`` of texts in a buffer, Python's own of others."""
    return (
        texts.hashes() if isinstance(texts, Lettered) else np.fromiter(map(hash, texts), np.int64, len(texts))
    )


def joined_bytes(texts: Texts) -> tuple[Array, Array]:
    """The bytes of texts one after another, and their edges; copied only where something lies between them."""
    edges = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(texts.ends - texts.starts, out=edges[1:])
    if not len(texts):
        return texts.data[:0], edges
    low, high = int(texts.starts[0]), int(texts.ends[-1])
    if bool((texts.starts[1:] == texts.ends[:-1]).all()):
        return texts.data[low:high], edges
    if len(texts) > _MANY:
        from probata.store.letter_kernels import gathered

        out = np.empty(int(edges[-1]), np.uint8)
        gathered(texts.data, texts.starts, texts.ends, edges, out)
        return out, edges
    spans = zip(texts.starts.tolist(), texts.ends.tolist(), strict=True)
    return np.concatenate([texts.data[start:end] for start, end in spans]), edges
