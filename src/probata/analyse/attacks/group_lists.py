"""Word lists learned from the sequences themselves: real logs do not name the list that a source works through.

Sources that go through one list top-down are *reads* of it, as in sequence assembly: a read that shares its steps
(item, next item) with a longer one is merged into it, new items where they fit, the rest as a piece of its own
without a known joint. A list counts where at least two sources read it. Sources that take the same items in
another order (at random, or sharing a queue) are then placed on the list that holds most of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from probata.analyse.attacks.group_events import Service

Array = np.ndarray[Any, np.dtype[Any]]

SHARED_STEPS = 3
SHARED_PART = 0.3
PLACED_PART = 0.2
PLACED_ITEMS = 3
LONGEST = 5_000


@dataclass(frozen=True)
class Lists:
    """What was learned: the list of each source (-1 none), and each event's rank in the list of its source.

    ``joint[l][r]`` says that the step from rank r-1 to r was seen inside some source's own sequence; ``readers``
    counts the sources that read the list in order.
    """

    of_source: Array
    rank: Array
    order: tuple[Array, ...]
    joint: tuple[Array, ...]
    readers: tuple[int, ...]


class _Reference:
    """One list while it is being learned: items in order, and where pieces without a known joint begin."""

    def __init__(self, read: list[int]) -> None:
        self.order = list(read)
        self.breaks: set[int] = {read[0]}
        self.place = {item: index for index, item in enumerate(read)}
        self.readers = 1

    def merge(self, read: list[int]) -> list[tuple[int, int]]:
        """Take a read in; return the new steps (item, next item) that it teaches."""
        self.readers += 1
        known = [index for index, item in enumerate(read) if item in self.place]
        steps: list[tuple[int, int]] = []
        for start, stop in _unknown_stretches(read, known):
            stretch = read[start:stop]
            before = self.place[read[start - 1]] if start else -1
            after = self.place[read[stop]] if stop < len(read) else -1
            self._insert(stretch, before, after)
            steps += list(pairwise(stretch))
        return steps

    def _insert(self, stretch: list[int], before: int, after: int) -> None:
        end = len(self.order)
        if before < 0 and after == 0:
            self.breaks.discard(self.order[0])
            self.breaks.add(stretch[0])
            self.order = stretch + self.order
        elif before >= 0 and after == before + 1 and self.order[after] not in self.breaks:
            self.order[after:after] = stretch
        else:  # at the end: with a known joint where the read came from the last item, else a piece of its own
            if not (before == end - 1 and after < 0):
                self.breaks.add(stretch[0])
            self.order += stretch
            self.place.update((item, end + index) for index, item in enumerate(stretch))
            return
        self.place = {item: index for index, item in enumerate(self.order)}


def learn_lists(service: Service) -> Lists:
    """Learn the lists of a service and place its sources on them. Time grows with events plus merges x list length."""
    reads = _reads(service)
    references = _assemble(reads)
    kept = [reference for reference in references if reference.readers >= 2]
    of_source = _place(reads, kept)
    rank = np.full(len(service.time), -1, dtype=np.int64)
    bounds = service.bounds
    for source in np.flatnonzero(of_source >= 0).tolist():
        place = kept[of_source[source]].place
        rows = slice(bounds[source], bounds[source + 1])
        rank[rows] = [place.get(item, -1) for item in service.item[rows].tolist()]
    joints = [np.array([item not in r.breaks for item in r.order], dtype=bool) for r in kept]
    orders = [np.array(r.order, dtype=np.int64) for r in kept]
    return Lists(of_source, rank, tuple(orders), tuple(joints), tuple(r.readers for r in kept))


def _reads(service: Service) -> list[list[int]]:
    """Each source's items in the order of their first use."""
    bounds = service.bounds.tolist()
    items = service.item.tolist()
    reads = []
    for start, stop in pairwise(bounds):
        read = list(dict.fromkeys(items[start:stop]))
        reads.append([item for item in read if item >= 0][:LONGEST])
    return reads


def _assemble(reads: list[list[int]]) -> list[_Reference]:
    """Greedy assembly, longest read first; ties in the order of the log."""
    references: list[_Reference] = []
    teaches: dict[tuple[int, int], list[int]] = {}
    for source in sorted(range(len(reads)), key=lambda s: -len(reads[s])):
        read = reads[source]
        if len(read) < SHARED_STEPS + 1:
            continue
        hits: dict[int, int] = {}
        for step in pairwise(read):
            for reference in teaches.get(step, ()):
                hits[reference] = hits.get(reference, 0) + 1
        best = max(hits, key=lambda r: (hits[r], -r), default=-1)
        if best >= 0 and hits[best] >= max(SHARED_STEPS, SHARED_PART * (len(read) - 1)):
            steps, number = references[best].merge(read), best
        else:
            references.append(_Reference(read))
            steps, number = list(pairwise(read)), len(references) - 1
        for step in steps:
            teaches.setdefault(step, []).append(number)
    return references


def _place(reads: list[list[int]], kept: list[_Reference]) -> Array:
    """The list that holds most of a source's items, if it holds enough of them."""
    holders: dict[int, list[int]] = {}
    for number, reference in enumerate(kept):
        for item in reference.order:
            holders.setdefault(item, []).append(number)
    placed = np.full(len(reads), -1, dtype=np.int64)
    for source, read in enumerate(reads):
        hits: dict[int, int] = {}
        for item in read:
            for number in holders.get(item, ()):
                hits[number] = hits.get(number, 0) + 1
        best = max(hits, key=lambda r: (hits[r], -r), default=-1)
        if best >= 0 and hits[best] >= min(len(read), max(PLACED_ITEMS, PLACED_PART * len(read))):
            placed[source] = best
    return placed


def _unknown_stretches(read: list[int], known: list[int]) -> list[tuple[int, int]]:
    """Maximal stretches of a read between its known positions, as (start, stop)."""
    edges = [-1, *known, len(read)]
    return [(a + 1, b) for a, b in pairwise(edges) if b - a > 1]
