"""Stories as the tests see them: who told each first, who came next, and how that would be if order were chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.corpus import EARLY, Corpus
from probata.analyse.spread.stories import Stories, origins

Array = np.ndarray[Any, np.dtype[Any]]

_LEAST = 1e-15
"""A smaller p is rounded up to it."""
_NOTHING = 1e-40
"""Chances below it add up to nothing beside the least p, however many they are."""


@dataclass(frozen=True, slots=True)
class Told:
    """One story as the tests see it: rows by outlet, who is the origin (None where undetermined), who came next."""

    rows: tuple[int, ...]
    owners: tuple[int, ...]
    held: dict[int, int]
    """Articles by owner."""
    origin: int | None
    origin_row: int
    second: int | None

    def of(self, role: str) -> int | None:
        """Who had that role (origin or pick-up) for certain."""
        return self.origin if role == "origin" else self.second

    def chance(self, owner: int, role: str) -> float:
        """Chance of the role if the articles came in random order: who prints more of the story has more chances."""
        mine, total = self.held[owner], len(self.rows)
        if role == "origin":
            return mine / total
        others = (count for other, count in self.held.items() if other != owner)
        return sum(count / total * mine / (total - count) for count in others)


@dataclass(frozen=True, slots=True)
class Carried:
    """Every story with each outlet that carried it, in order of story and outlet, and what is known of a story.

    ``origin`` is -1 where it is undetermined; ``origin_row`` is the first article that may be it.
    """

    story: Array
    owner: Array
    held: Array  # articles of the outlet in the story
    size: Array  # of each story: articles
    owners: Array  # outlets
    origin: Array
    origin_row: Array

    def by_owner(self, chosen: Array) -> list[tuple[int, Array]]:
        """Outlets in order, each with its places among the chosen ones (truths), in order of story."""
        rows = np.flatnonzero(chosen)
        rows = rows[np.argsort(self.owner[rows], kind="stable")]
        owners, begin = np.unique(self.owner[rows], return_index=True)
        return list(zip(owners.tolist(), np.split(rows, begin[1:]), strict=True)) if len(rows) else []

    def origin_by_chance(self, places: Array) -> tuple[float, float]:
        """See ``by_chance``: of one outlet in stories with a known origin, the role of the origin."""
        if not len(places):
            return 0.0, 1.0
        story = self.story[places]
        hits = self.origin[story] == self.owner[places]
        return _by_chance(self.held[places] / self.size[story], hits, self.origin_row[story])


def carried(corpus: Corpus, stories: Stories) -> Carried:
    """What ``all_told`` tells of origins, as columns."""
    owner, first = corpus.owner[stories.row], origins(corpus, stories)
    width = max(1, len(corpus.sources))
    keys, held = np.unique(stories.story * width + owner, return_counts=True)
    places = np.flatnonzero(first)
    begin = places[np.searchsorted(stories.story[places], np.arange(len(stories)))]
    other = np.bincount(stories.story, first & (owner != owner[begin][stories.story]), minlength=len(stories))
    return Carried(
        keys // width, keys % width, held, stories.sizes(), np.bincount(keys // width, minlength=len(stories)),
        np.where(other > 0, -1, owner[begin]), stories.row[begin],
    )  # fmt: skip


def all_told(corpus: Corpus, stories: Stories) -> list[Told]:
    """Every story."""
    first = origins(corpus, stories).tolist()
    rows = stories.row.tolist()
    owner, lower, upper = (
        column[stories.row].tolist() for column in (corpus.owner, corpus.lower, corpus.upper)
    )
    parts = [slice(low, high) for low, high in pairwise(stories.cut.tolist())]
    return [_told(rows[p], owner[p], first[p], (lower[p], upper[p])) for p in parts]


def _told(rows: list[int], owner: list[int], first: list[bool], times: tuple[list[int], list[int]]) -> Told:
    owners = set(compress(owner, first))
    origin = next(iter(owners)) if len(owners) == 1 else None
    held = dict(Counter(owner))
    second = _second(owner, origin, times) if origin is not None and len(held) > 1 else None
    return Told(tuple(rows), tuple(sorted(held)), held, origin, rows[first.index(True)], second)


def _second(owner: list[int], origin: int, times: tuple[list[int], list[int]]) -> int | None:
    """The outlet that surely came next after the origin, if one did."""
    others = [item for item in zip(owner, *times, strict=True) if item[0] != origin and item[1] > EARLY]
    if not others:
        return None
    soonest = min(upper for _, _, upper in others)
    owners = {who for who, lower, _ in others if lower <= soonest}
    return next(iter(owners)) if len(owners) == 1 else None


def by_chance(mine: Sequence[Told], owner: int, role: str) -> tuple[float, float]:
    """Number of stories expected, and p of the number that was found.

    Stories with one and the same first article are no independent trials: they count once for p, at the largest of
    their chances.
    """
    if not len(mine):
        return 0.0, 1.0
    chances = np.array([told.chance(owner, role) for told in mine])
    hit = np.array([told.of(role) == owner for told in mine])
    return _by_chance(chances, hit, np.array([told.origin_row for told in mine]))


def _by_chance(chances: Array, hit: Array, first: Array) -> tuple[float, float]:
    _, unit = np.unique(first, return_inverse=True)
    units = np.zeros((2, int(unit.max()) + 1))
    np.maximum.at(units[0], unit, chances)
    np.maximum.at(units[1], unit, hit)
    return float(chances.sum()), upper_tail(units[0], int(units[1].sum()))


def upper_tail(chances: Array, hits: int) -> float:
    """P(at least that many) for independent trials of unequal chance (Poisson binomial; under 1e-15 rounded up)."""
    return float(np.clip(_at_least(np.asarray(chances, float), hits), _LEAST, 1.0))


@njit(cache=True, nogil=True)
def _at_least(chances: Array, hits: int) -> float:
    """The same, trial by trial: only numbers of hits that have a chance at all, and are below ``hits``, are kept up."""
    if hits <= 0:
        return 1.0
    spread = np.zeros(hits)
    spread[0] = 1.0
    low = high = 0  # the numbers of hits kept up
    reached = 0.0
    for chance in chances:
        if high == hits - 1:
            reached += spread[high] * chance
        else:
            high += 1
        for number in range(high, low, -1):
            spread[number] = spread[number] * (1 - chance) + spread[number - 1] * chance
        spread[low] *= 1 - chance
        while low < high and spread[low] < _NOTHING:
            spread[low] = 0.0
            low += 1
        while high > low and spread[high] < _NOTHING:
            spread[high] = 0.0
            high -= 1
    return reached
