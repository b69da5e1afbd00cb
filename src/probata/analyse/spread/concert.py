"""Acting in concert: do two sources share the same stories oftener than chance allows?

**Statistics.** For a pair of sources: the number of stories that both share *inside a time window* (an hour, a day),
and the number that both share *at any time* (a site that dates its archive anew still carries the same texts); each
over all stories and over the *rare* ones, those no more popular than the rarest third of all shares of shared stories:
among popular stories two sources that act together are lost. The six are corrected for being six.
**Null model.** Sources are exchanged among shares by random swaps that never put a source twice into a story, so that
every source keeps its volume, every story its popularity and its times; only *who* shares *what* is left to chance
(randomisation of a bipartite graph with fixed margins, Strona et al. 2014). For the window the swaps stay within a
stratum (period x time of day), which keeps every source's rhythm as well. A story that everybody carries makes no tie,
because everybody carries it in the null worlds too.
**p.** The expected number comes from the swapped worlds; its sampling error is added; the tail is Poisson, which
bounds the tail of a sum of unequal indicators from above (Anderson & Samuels 1967), so p errs to the safe side. The
best of the statistics counts, at their number times its p.
**q.** Benjamini-Hochberg over all pairs of sources, also those that share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.model import Table
from probata.stats import benjamini_hochberg

Array = np.ndarray[Any, np.dtype[Any]]

VERSION = "concert/1"

WINDOW_HOURS = (1.0, 24.0)
WORLDS = 200
LEAST_SHARED = 2
"""One story in common is no tie, whatever its p."""

LEAST_EVER = 0.1
"""Sharing *at any time* counts from this share of the smaller source's stories on: an archive that is carried over, not
the repeats and templates that any two sources of one kind have in common."""

LEAST_IN_STRATUM = 20
MOST_SHARES = 2_000
"""A story that more sources than this carry links everybody with everybody: it says nothing of a pair."""

DAY, HOUR = 86_400, 3_600


@dataclass(frozen=True, slots=True)
class Shares:
    """One row a (source, story) with the first time, sorted by story and time. Times are seconds since 1970."""

    source: Array  # (n,) index into names
    story: Array  # (n,) index
    low: Array
    high: Array
    known: Array  # (n,) whether there is a time at all
    row: Array  # (n,) row of the table given
    names: Array


def ties(shares: Table, seed: int, options: Mapping[str, Any] | None = None) -> Table:
    """Test every pair of sources.

    ``shares`` has columns ``source``, ``object`` (story or link), ``earliest``, ``latest`` (``datetime64``, NaT where
    unknown; a date is the interval of its day), ``article`` (record id) and optionally ``wire`` (True for stories that
    came from a news agency: these make no tie and are counted apart) and ``weight`` (an article that stands in several
    stories counts in the one in which it weighs most, so that one shared article is one shared story). Options:
    ``window_hours`` (one or several), ``worlds``, ``progress``.

    Returns columns a, b, shared, expected, effect (shared / expected), basis (window or any time, rare stories),
    p, q, wire_shared, articles (list of ids), for pairs that share at least ``LEAST_SHARED`` stories. Cost: worlds
    x (shares + pairs of shares of one story).
    """
    options = options or {}
    shares = _one_story_each(shares)
    wire = np.asarray(shares.get("wire", np.zeros(len(shares["source"]), dtype=bool)), dtype=bool)
    told = _first_shares(shares, ~wire)
    draw = (int(options.get("worlds", WORLDS)), seed)
    progress = options.get("progress")
    ever = _substantial(told, _pairs(told, None))
    tested = [
        *_test(told, _windows(told, options), _strata(told), draw, progress),
        *_test(told, {"any time": ever}, _one_stratum(told), draw, progress),
    ]
    return _table(shares, told, _best(tested, len(told.names)), wire)


@dataclass(frozen=True, slots=True)
class Tested:
    """Candidate pairs (sorted keys) under one statistic, and the pairs of shares that it counts."""

    basis: str
    pairs: tuple[Array, Array]
    keys: Array
    observed: Array
    total: Array
    """Stories shared, summed over the worlds."""
    worlds: int

    def tail(self) -> Array:
        """P(at least the observed number); the mean is put two standard errors and one unseen event higher."""
        return _poisson_tail(self.observed, (self.total + 1 + 2 * np.sqrt(self.total + 1)) / self.worlds)


def _test(
    told: Shares,
    counted: Mapping[str, tuple[Array, Array]],
    strata: tuple[Array, Array],
    draw: tuple[int, int],
    progress: Any,
) -> list[Tested]:
    """One set of swapped worlds serves every window, over all stories and over the rare ones."""
    popularity = np.bincount(told.story)[told.story]
    several = np.sort(popularity[popularity > 1])
    cut = several[len(several) // 3] if len(several) else 0
    subsets = dict(counted)
    for basis, pairs in counted.items():
        rare = popularity[pairs[0]] <= cut
        subsets[f"{basis}, rare stories"] = (pairs[0][rare], pairs[1][rare])
    tested = []
    for name, subset in subsets.items():
        keys, observed = _observed(told, *subset)
        tested.append(Tested(name, subset, keys, observed, np.zeros(len(keys), dtype=np.int64), draw[0]))
    _count_worlds(told, strata, tested, draw, progress)
    return tested


@dataclass(frozen=True, slots=True)
class Best:
    """For every candidate pair the statistic that says most, with p and q corrected for their number."""

    tested: list[Tested]
    keys: Array
    chosen: Array
    p: Array
    q: Array


def _best(tested: list[Tested], sources: int) -> Best:
    keys = np.unique(np.concatenate([one.keys for one in tested]))
    p = np.full((len(tested), len(keys)), 2.0)  # 2: not a candidate under this statistic
    for row, one in enumerate(tested):
        p[row, np.searchsorted(keys, one.keys)] = one.tail()
    chosen = p.argmin(axis=0) if len(keys) else np.empty(0, dtype=np.int64)
    corrected = np.minimum(1.0, len(tested) * p.min(axis=0, initial=2.0))
    return Best(tested, keys, chosen, corrected, _q_over_all(corrected, sources * (sources - 1) // 2))


def _one_story_each(shares: Table) -> Table:
    """Keep an article's heaviest story; of equally heavy ones the rarest."""
    articles = np.array([str(value) for value in shares["article"]], dtype=object)
    if len(set(articles.tolist())) == len(articles):
        return shares
    _, article = np.unique(articles.astype(str), return_inverse=True)
    _, story = np.unique(np.array([str(v) for v in shares["object"]], dtype=object), return_inverse=True)
    weight = np.asarray(shares.get("weight", np.zeros(len(articles))), dtype=float)
    order = np.lexsort((story, np.bincount(story)[story], -weight, article))
    kept = np.sort(order[np.unique(article[order], return_index=True)[1]])
    return {name: np.asarray(column)[kept] for name, column in shares.items()}


def _windows(told: Shares, options: Mapping[str, Any]) -> dict[str, tuple[Array, Array]]:
    given = options.get("window_hours", WINDOW_HOURS)
    hours = given if isinstance(given, (tuple, list)) else (given,)
    return {f"within {float(hour):g} h": _pairs(told, int(float(hour) * HOUR)) for hour in hours}


def _first_shares(shares: Table, wanted: Array) -> Shares:
    """Sort by story and time and keep a source's first share of a story."""
    source = np.array([str(value) for value in shares["source"]], dtype=object)
    names, who = np.unique(source, return_inverse=True)
    _, story = np.unique(
        np.array([str(value) for value in shares["object"]], dtype=object), return_inverse=True
    )
    low, high = _seconds(shares["earliest"]), _seconds(shares["latest"])
    known = low != np.iinfo(np.int64).min  # NaT
    rows = np.flatnonzero(wanted)
    order = rows[np.lexsort((who[rows], low[rows], story[rows]))]
    _, kept = np.unique(story[order] * np.int64(len(names)) + who[order], return_index=True)
    order = order[np.sort(kept)]
    return Shares(
        who[order].astype(np.int32),
        story[order].astype(np.int32),
        low[order],
        high[order],
        known[order],
        order,
        names,
    )


def _seconds(times: Array) -> Array:
    return np.asarray(times, dtype="datetime64[us]").astype("datetime64[s]").astype(np.int64)


def _story_starts(story: Array) -> Array:
    changes = np.flatnonzero(np.diff(story)) + 1
    return np.concatenate(([0], changes, [len(story)])).astype(np.int64)


def _pairs(told: Shares, window: int | None) -> tuple[Array, Array]:
    """Positions of shares of one story inside the window (an unknown time is inside none), or at any time."""
    from probata.analyse.spread.concert_kernels import window_pairs

    if window is None:
        few = np.bincount(told.story)[told.story] <= MOST_SHARES
        low = high = np.where(few, 0, np.arange(len(told.low), dtype=np.int64) + 1)
        window = 0
    else:
        never = np.iinfo(np.int64).max // 4 + np.arange(len(told.low), dtype=np.int64) * (window + 1)
        low, high = np.where(told.known, told.low, never), np.where(told.known, told.high, never)
    room = 4 * len(low) + 1024
    while True:
        first, second, found = window_pairs(_story_starts(told.story), low, high, window, room)
        if found <= room:
            return first[:found], second[:found]
        room = found


def _observed(told: Shares, first: Array, second: Array) -> tuple[Array, Array]:
    """Candidate pairs (sorted keys) and the number of stories that each shares."""
    a, b = told.source[first].astype(np.int64), told.source[second].astype(np.int64)
    keys, counts = np.unique(np.minimum(a, b) * len(told.names) + np.maximum(a, b), return_counts=True)
    enough = counts >= LEAST_SHARED
    return keys[enough], counts[enough]


def _count_worlds(
    told: Shares, strata: tuple[Array, Array], tested: list[Tested], draw: tuple[int, int], progress: Any
) -> None:
    """Add up, over the swapped worlds, the shared stories of each candidate pair of each statistic."""
    from probata.analyse.spread.concert_kernels import count_candidates, exchange

    worlds, seed = draw
    source = told.source.copy()
    story, taken = _bit_map(told)
    exchange(source, story, *strata, taken, 20 * len(source), seed % 2**31)
    for world in range(worlds):
        exchange(source, story, *strata, taken, 3 * len(source), (seed + 1 + world) % 2**31)
        for one in tested:
            count_candidates(*one.pairs, source, len(told.names), one.keys, one.total)
        if progress and world % 20 == 0:
            progress("worlds in which chance decides", world, worlds)


def _substantial(told: Shares, pairs: tuple[Array, Array]) -> tuple[Array, Array]:
    """Pairs of shares of those sources that have a substantial part of their stories in common."""
    volume = np.bincount(told.source, minlength=len(told.names))
    a, b = told.source[pairs[0]].astype(np.int64), told.source[pairs[1]].astype(np.int64)
    _, place, counts = np.unique(
        np.minimum(a, b) * len(told.names) + np.maximum(a, b), return_inverse=True, return_counts=True
    )
    kept = counts[place] >= LEAST_EVER * np.minimum(volume[a], volume[b])
    return pairs[0][kept], pairs[1][kept]


def _bit_map(told: Shares) -> tuple[Array, Array]:
    """Compact numbers of the stories that several sources share (-1 for the others), and who shares them."""
    sizes = np.bincount(told.story)
    several = np.flatnonzero(sizes > 1)
    number = np.full(len(sizes), -1, dtype=np.int32)
    number[several] = np.arange(len(several), dtype=np.int32)
    story = number[told.story]
    taken = np.zeros((len(several) + 1, len(told.names) // 8 + 1), dtype=np.uint8)
    inside = story >= 0
    bits = np.left_shift(1, told.source[inside] & 7).astype(np.uint8)
    np.bitwise_or.at(taken, (story[inside], told.source[inside] >> 3), bits)
    return story, taken


def _strata(told: Shares) -> tuple[Array, Array]:
    """Shares by period x time of day (6-hour blocks where the hour is known; unknown times by themselves).

    Periods are weeks, or longer where weeks would hold fewer than ``LEAST_IN_STRATUM`` shares on average.
    """
    dated = told.high - told.low >= DAY - 1
    block = np.where(dated, 4, (told.low % DAY) // (6 * HOUR))
    span = max(1, int(np.ptp(told.low[told.known])) if told.known.any() else 1)
    blocks = len(np.unique(block[told.known])) if told.known.any() else 1
    weeks = max(1, min(span // (7 * DAY) + 1, len(told.low) // (LEAST_IN_STRATUM * blocks)))
    period = (told.low - told.low[told.known].min(initial=0)) * weeks // (span + 1)
    stratum = np.where(told.known, period * 8 + block, -1)
    order = np.argsort(stratum, kind="stable")
    changes = np.flatnonzero(np.diff(stratum[order])) + 1
    return order.astype(np.int64), np.concatenate(([0], changes, [len(order)])).astype(np.int64)


def _one_stratum(told: Shares) -> tuple[Array, Array]:
    n = len(told.story)
    return np.arange(n, dtype=np.int64), np.array([0, n], dtype=np.int64)


def _poisson_tail(observed: Array, mean: Array) -> Array:
    """P(Poisson(mean) >= observed); 1 where the observed number is not above what is expected."""
    from scipy.special import pdtrc

    return np.where(observed > mean, pdtrc(observed - 1, mean), 1.0)


def _q_over_all(p: Array, pairs: int) -> Array:
    """Benjamini-Hochberg with the pairs that are no candidates counted as p = 1."""
    return np.minimum(1.0, benjamini_hochberg(p) * pairs / max(1, len(p)))


def _table(shares: Table, told: Shares, best: Best, wire: Array) -> Table:
    keys, names, rows = best.keys, told.names, np.arange(len(best.keys))
    a, b = keys // max(1, len(names)), keys % max(1, len(names))
    shared, expected = np.zeros((2, len(best.tested), len(keys)))
    behind = np.empty((len(best.tested), len(keys)), dtype=object)
    for row, one in enumerate(best.tested):
        place = np.searchsorted(keys, one.keys)
        shared[row, place], expected[row, place] = one.observed, one.total / one.worlds
        behind[row] = _articles(shares, told, one.pairs, keys)
    bases = np.array([one.basis for one in best.tested], dtype=object)
    count, mean = shared[best.chosen, rows], expected[best.chosen, rows]
    columns = {
        "a": names[a],
        "b": names[b],
        "shared": count.astype(np.int64),
        "expected": mean,
        "effect": count / np.maximum(mean, 1e-3),
        "basis": bases[best.chosen],
        "p": best.p,
        "q": best.q,
        "wire_shared": _wire_shared(shares, wire, names, keys),
        "articles": behind[best.chosen, rows],
    }
    order = np.lexsort((b, a, best.p))
    return {name: column[order] for name, column in columns.items()}


def _articles(shares: Table, told: Shares, pairs: tuple[Array, Array], keys: Array) -> Array:
    """The articles behind every tie, both sides, in order of time."""
    first, second = pairs
    a, b = told.source[first].astype(np.int64), told.source[second].astype(np.int64)
    pair_keys = np.minimum(a, b) * len(told.names) + np.maximum(a, b)
    order = np.argsort(pair_keys, kind="stable")
    low = np.searchsorted(pair_keys[order], keys, "left")
    high = np.searchsorted(pair_keys[order], keys, "right")
    ids = np.array([str(value) for value in shares["article"]], dtype=object)[told.row]
    found = np.empty(len(keys), dtype=object)
    for place, (start, end) in enumerate(zip(low, high, strict=True)):
        rows = order[start:end]
        found[place] = np.column_stack((ids[first[rows]], ids[second[rows]])).ravel().tolist()
    return found


def _wire_shared(shares: Table, wire: Array, names: Array, keys: Array) -> Array:
    """How many agency stories each pair carries: shown, never counted as a tie."""
    counts = np.zeros(len(keys), dtype=np.int64)
    if not wire.any() or not len(keys):
        return counts
    told = _first_shares(shares, wire)
    first, second = _pairs(told, None)
    a, b = told.source[first].astype(np.int64), told.source[second].astype(np.int64)
    found, times = np.unique(np.minimum(a, b) * len(names) + np.maximum(a, b), return_counts=True)
    place = np.searchsorted(keys, found)
    hit = (place < len(keys)) & (keys[np.minimum(place, len(keys) - 1)] == found)
    counts[place[hit]] = times[hit]
    return counts


def groups(table: Table, level: float = 0.05) -> list[list[str]]:
    """Connected sources by significant ties only, largest first."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b, q in zip(table["a"], table["b"], table["q"], strict=True):
        if q <= level:
            parent[root(str(a))] = root(str(b))
    found: dict[str, list[str]] = {}
    for name in sorted(parent):
        found.setdefault(root(name), []).append(name)
    return sorted(found.values(), key=lambda members: (-len(members), members))
