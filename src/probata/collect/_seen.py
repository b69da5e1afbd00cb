"""Which records were read before, by their ids: without a look-up a record where many come at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from probata.store.columns import Array
from probata.store.lettered import hashes_of

LARGE = 50_000
"""Records that come together from which on their hashes are sorted instead."""


class Seen:
    """Ids of the records read so far, and the line of each.

    As long as records come in large batches and none twice, only their hashes are compared, in sorted arrays. What
    looks like a repeat then, be it one or two ids with one hash, is looked up by the ids themselves, and so is all
    after it.
    """

    def __init__(self) -> None:
        self._lines: dict[str, Any] = {}
        self._runs: list[Array] = []
        self._waiting: list[tuple[Any, Sequence[Any]]] = []

    def add(self, ids: Any, lines: Sequence[Any]) -> bool:
        """Remember records; where one of them was read before or comes twice, say so and remember none.

        Ids are a sequence of text or ``Lettered``, whose hashes are others: a batch of one kind after one of the
        other is looked up.
        """
        alike = all(type(ids) is type(before) for before, _ in self._waiting)
        if not self._lines and alike and (self._waiting or len(ids) >= LARGE):
            hashes = np.sort(hashes_of(ids))
            if self._are_new(hashes):
                self._keep(hashes)
                self._waiting.append((ids, lines))
                return True
        known, ids = self.lines, list(ids)
        if len(set(ids)) < len(ids) or not known.keys().isdisjoint(ids):
            return False
        known.update(zip(ids, lines, strict=True))
        return True

    def _are_new(self, hashes: Array) -> bool:
        """Whether sorted hashes differ among themselves and from all before."""
        if (hashes[1:] == hashes[:-1]).any():
            return False
        return not any(
            (run[np.minimum(np.searchsorted(run, hashes), len(run) - 1)] == hashes).any()
            for run in self._runs
        )

    def _keep(self, hashes: Array) -> None:
        """Put by sorted hashes: each run is at least twice as long as the next, so that none is merged often."""
        self._runs += [hashes] if len(hashes) else []
        while len(self._runs) > 1 and 2 * len(self._runs[-1]) > len(self._runs[-2]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]), kind="stable")]

    @property
    def lines(self) -> dict[str, Any]:
        """The line of every id; may be added to."""
        for ids, lines in self._waiting:
            self._lines.update(zip(ids, lines, strict=True))
        self._waiting, self._runs = [], []
        return self._lines
