"""Results kept between runs, row by row under a key: what one method worked out is not worked out again.

A row's key is a hash of everything that it was made from; the *method* names what made it (versions of the code and
the model, options that matter). A changed text, model, version or option has another key or method and finds nothing.
Rows are written a batch at a time, so that a killed run loses one batch. A batch is one row of the store in which every
column is packed: reading a thousand vectors costs what copying them costs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.model import content_id
from probata.store.base import Store

__all__ = ["BATCH", "Kept", "code_of", "keys_of"]

BATCH = 2_000
"""Rows worked out before they are written: what a killed run loses at most."""

Rows = npt.NDArray[Any]
Told = Callable[[int, int], None]
"""Is given how many of the rows to be worked out are done, and how many they are."""


def keys_of(texts: Iterable[str]) -> Rows:
    """Sixteen bytes that stand for each text, as two whole numbers: shape (n, 2), uint64."""
    made = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    return _as_keys(b"".join(made))


@cache
def code_of(*places: str) -> str:
    """Hash of files of ``probata``, and of those in folders ("text"): changed files are another method."""
    digest = hashlib.sha256()
    for place in places:
        found = resources.files("probata").joinpath(place)
        inside = sorted(found.iterdir(), key=lambda file: file.name) if found.is_dir() else [found]
        for file in filter(lambda file: file.is_file(), inside):
            data = file.read_bytes()
            digest.update(f"{file.name}\x00{len(data)}\x00".encode() + data)
    return digest.hexdigest()[:20]


class Kept:
    """Rows of one kind and method. Without a store that lasts nothing is kept and everything is worked out."""

    def __init__(
        self, store: Store | None, kind: str, method: Sequence[object], dtype: npt.DTypeLike
    ) -> None:
        self._store = store if store is not None and store.lasting else None
        self._dtype = np.dtype(dtype)
        self._kind = f"kept_{kind}"
        self._method = content_id(kind, self._dtype.str, self._dtype.itemsize, *method)
        self._parts: list[tuple[str, Rows]] | None = None
        self._index: _Index | None = None

    def rows(self, keys: Rows, work: Callable[[Rows], Rows], told: Told | None = None) -> Rows:
        """One row a key (shape (n, 2), see ``keys_of``), in order: kept ones are read, the others made by ``work``.

        ``work`` is given positions in ``keys``, each distinct key once, ``BATCH`` at most.
        """
        distinct, inverse = _distinct(keys)
        wanted = keys[distinct]
        found = np.zeros(len(wanted), dtype=self._dtype)
        places = self.index.places(wanted)
        self._fill(found, places)
        lacking = np.flatnonzero(places < 0)
        for start in range(0, len(lacking), BATCH):
            if told:
                told(start, len(lacking))
            batch = lacking[start : start + BATCH]
            found[batch] = work(distinct[batch])
            self._keep(wanted[batch], found[batch])
        return found[inverse]

    def lacking(self, keys: Rows) -> Rows:
        """Which of the keys are not kept, one truth a key."""
        return np.asarray(self.index.places(keys) < 0)

    @property
    def index(self) -> _Index:
        """Where every kept row is."""
        if self._parts is None:
            names = self._store.parts(self._kind, f"{self._method}-") if self._store else []
            self._parts = [(name, _as_keys(self._read(name, "key"))) for name in names]
        if self._index is None:
            self._index = _Index.of(self._parts)
        return self._index

    def _fill(self, found: Rows, places: Rows) -> None:
        """Read the kept rows, part by part."""
        have = np.flatnonzero(places >= 0)
        if not len(have):
            return
        have = have[np.argsort(places[have], kind="stable")]
        starts = self.index.starts
        cuts = np.searchsorted(places[have], starts)
        for name, start, low, high in zip(
            self.index.names, starts, cuts, [*cuts[1:], len(have)], strict=True
        ):
            if high > low:
                to = have[low:high]
                found[to] = np.frombuffer(self._read(name, "row"), dtype=self._dtype)[places[to] - start]

    def _read(self, part: str, column: str) -> bytes:
        assert self._store is not None
        return bytes(self._store.part(self._kind, part, (column,))[column][0])

    def _keep(self, keys: Rows, made: Rows) -> None:
        if self._store is not None and len(keys):
            joined = np.ascontiguousarray(keys).tobytes()
            part = f"{self._method}-{hashlib.sha256(joined).hexdigest()[:20]}"
            self._store.add(
                self._kind, part, {"key": [joined], "row": [np.ascontiguousarray(made).tobytes()]}
            )
            self._index = None


@dataclass(frozen=True, slots=True)
class _Index:
    """Keys of all parts in order, the place of a key being its row when the parts are set one after the other."""

    names: tuple[str, ...]
    starts: Rows
    high: Rows
    low: Rows
    place: Rows

    @classmethod
    def of(cls, parts: Sequence[tuple[str, Rows]]) -> _Index:
        sizes = np.array([len(keys) for _, keys in parts], dtype=np.int64)
        keys = np.concatenate([np.empty((0, 2), np.uint64), *(keys for _, keys in parts)])
        order = np.argsort(keys[:, 0], kind="stable")
        names = tuple(name for name, _ in parts)
        return cls(names, np.cumsum(sizes) - sizes, keys[order, 0], keys[order, 1], order)

    def places(self, keys: Rows) -> Rows:
        """Place of every key, -1 where it is not kept (or where the first half of two keys is the same by chance)."""
        if not len(self.high):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.high, keys[:, 0]), len(self.high) - 1)
        same = (self.high[at] == keys[:, 0]) & (self.low[at] == keys[:, 1])
        return np.where(same, self.place[at], -1)


def _distinct(keys: Rows) -> tuple[Rows, Rows]:
    """Positions of the first of every distinct key, in order, and for every key which of these it is."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    first = order[fresh]
    rank = np.empty(len(first), dtype=np.int64)
    by_position = np.argsort(first)
    rank[by_position] = np.arange(len(first))
    inverse = np.empty(len(keys), dtype=np.int64)
    inverse[order] = rank[np.cumsum(fresh) - 1]
    return first[by_position], inverse


def _as_keys(data: bytes) -> Rows:
    return np.frombuffer(data, dtype=np.uint64).reshape(-1, 2)
