"""Acting in concert: do two sources share the same stories oftener than chance allows?

**Statistics.** For a pair of sources: the number of stories that both share *inside a time window* (an hour, a day),
and the number that both share *at any time* (a site that dates its archive anew still carries the same texts); each
over all stories and over the *rare* ones, those no more popular than the rarest third of all shares of shared stories:
among popular stories two sources that act together are lost. The six are corrected for being six (or fewer, where some
count the same).
**Null model.** Sources are exchanged among shares by random swaps that never put a source twice into a story, so that
every source keeps its volume, every story its popularity and its times; only *who* shares *what* is left to chance
(randomisation of a bipartite graph with fixed margins, Strona et al. 2014). Swaps stay within a stratum (period x time
of day), which keeps every source's rhythm and the months it was active as well. A story that everybody carries makes
no tie, because everybody carries it in the null worlds too. Of a source that shares a story again and again one share
counts, drawn among them: repeating neither makes a tie nor hides one.
**p.** The expected number comes from the swapped worlds; its sampling error is added; the tail is Poisson, which
bounds the tail of a sum of unequal indicators from above (Anderson & Samuels 1967), so p errs to the safe side. The
best of the statistics counts, at their number times its p.
**q.** Benjamini-Hochberg over all pairs of sources, also those that share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from probata.analyse.spread import concert_worlds
from probata.analyse.spread.concert_shares import (
    Counted,
    Shares,
    coded,
    count_what,
    one_story_each,
    single_shares,
    timed,
)
from probata.analyse.spread.concert_worlds import LEVEL, WORLDS, Compared, compare
from probata.model import Table
from probata.stats import count_interval

Array = np.ndarray[Any, np.dtype[Any]]

VERSION = "concert/3"

WINDOW_HOURS = (1.0, 24.0)
MOST_KEPT = 10_000
"""Rows of the table: so many pairs, most telling first, and all significant ones."""


def ties(shares: Table, seed: int, options: Mapping[str, Any] | None = None) -> Table:
    """Test every pair of sources.

    ``shares`` has columns ``source``, ``object`` (story or link), ``earliest``, ``latest`` (``datetime64``, NaT where
    unknown; a date is the interval of its day), ``article`` (record id) and optionally ``wire`` (True for stories that
    came from a news agency: these make no tie and are counted apart) and ``weight`` (an article that stands in several
    stories counts in the one in which it weighs most, so that one shared article is one shared story). Options:
    ``window_hours`` (one or several), ``worlds`` (most worlds a pair may need), ``progress``.

    Returns columns a, b, shared, expected, effect (shared / expected) and its interval effect_low, effect_high, the
    interval of shared - expected excess_low, excess_high (95 % for the best of the statistics: exact Poisson limits at
    their number, less what is expected within two errors), basis (window or any time, rare stories), p, q,
    wire_shared, articles (list of ids), for pairs that share at least two stories, most telling first (``MOST_KEPT``
    and all with q <= .05). Cost: rounds of 20 worlds x (shares + pairs of shares of one story).
    """
    options = options or {}
    shares = _numbered(shares)
    kept, told, counted = _prepared(shares, options)
    found = compare(told, counted, seed, int(options.get("worlds", WORLDS)), options.get("progress"))
    return _table(shares, kept, told, counted, found)


def comparable(shares: Table, options: Mapping[str, Any] | None = None) -> bool:
    """Whether ``ties`` would have a row if there were none but the stories that came from no agency."""
    shares = _numbered(shares)
    _, told, counted = _prepared(shares, options or {}, shares["wire"])
    return concert_worlds.comparable(told, counted)


def _numbered(shares: Table) -> dict[str, Any]:
    """Columns by number; which shares are of an agency's stories."""
    names, times = ("source", "object", "article"), ("earliest", "latest")
    wire = np.asarray(shares.get("wire", np.zeros(len(shares["source"]), dtype=bool)), dtype=bool)
    return {
        **shares,
        **{name: coded(shares[name]) for name in names},
        **{name: timed(shares[name]) for name in times},
        "wire": wire,
    }


def _prepared(
    shares: dict[str, Any], options: Mapping[str, Any], last: Array | None = None
) -> tuple[Array, Shares, Counted]:
    """Which rows are kept, one story an article; those of no agency's stories, and what of these is counted."""
    kept = one_story_each(shares, last)
    told = single_shares(shares, kept, ~shares["wire"])
    given = options.get("window_hours", WINDOW_HOURS)
    hours = tuple(float(hour) for hour in (given if isinstance(given, (tuple, list)) else (given,)))
    return kept, told, count_what(told, hours)


def _table(shares: dict[str, Any], kept: Array, told: Shares, counted: Counted, found: Compared) -> Table:
    """The most telling pairs, all significant ones among them."""
    q = found.q(found.highest)
    order = np.lexsort((found.b, found.a, -found.observed.max(axis=1, initial=0), found.highest))
    order = order[: max(MOST_KEPT, int(np.count_nonzero(q <= LEVEL)))]
    listed = found.only(order)
    rows = np.arange(len(order))
    count, total = listed.observed[rows, listed.chosen], listed.total[rows, listed.chosen]
    worlds = np.maximum(1, listed.worlds)
    low, high = count_interval(count, 1 - LEVEL / len(counted.names))
    most = listed.mean(2.0, rows)[rows, listed.chosen]
    least = np.maximum(listed.mean(-2.0, rows)[rows, listed.chosen], 1 / worlds)
    return {
        "a": told.names[listed.a],
        "b": told.names[listed.b],
        "shared": count,
        "expected": total / worlds,
        "effect": count * worlds / np.maximum(total, 1),  # what no world showed is under one in all of them
        "effect_low": low / most,
        "effect_high": high / least,
        "excess_low": low - most,
        "excess_high": high - listed.mean(-2.0, rows)[rows, listed.chosen],
        "basis": np.array(counted.names, dtype=object)[listed.chosen],
        "p": listed.highest,
        "q": q[order],
        "wire_shared": _wire_shared(shares, kept, told.names, listed),
        "articles": _articles(shares, told, counted, listed),
    }


def _articles(shares: Table, told: Shares, counted: Counted, kept: Compared) -> Array:
    """The articles behind every pair, both sides, story by story."""
    a, b = told.source[counted.first].astype(np.int64), told.source[counted.second].astype(np.int64)
    pair = _row_of(kept, np.minimum(a, b), np.maximum(a, b))
    hit = np.flatnonzero(pair >= 0)
    hit = hit[counted.inside[counted.cell[hit], kept.chosen[pair[hit]]]]
    hit = hit[np.argsort(pair[hit], kind="stable")]
    both = np.column_stack((told.row[counted.first[hit]], told.row[counted.second[hit]])).ravel()
    ids = shares["article"].text(both)
    ends = 2 * np.searchsorted(pair[hit], np.arange(len(kept.a) + 1))
    behind = np.empty(len(kept.a), dtype=object)
    for number in range(len(kept.a)):
        behind[number] = ids[ends[number] : ends[number + 1]].tolist()
    return behind


def _row_of(kept: Compared, a: Array, b: Array) -> Array:
    """The row of each pair a < b of sources, or -1."""
    keys = kept.a.astype(np.int64) * kept.sources + kept.b
    order = np.argsort(keys)
    key = a * kept.sources + b
    if not len(keys):
        return np.full(len(key), -1, dtype=np.int64)
    at = order[np.minimum(np.searchsorted(keys[order], key), len(keys) - 1)]
    return np.asarray(np.where(keys[at] == key, at, -1))


def _wire_shared(shares: dict[str, Any], kept: Array, names: Array, listed: Compared) -> Array:
    """How many agency stories each pair carries: shown, never counted as a tie."""
    if not (shares["wire"] & kept).any() or not len(listed.a):
        return np.zeros(len(listed.a), dtype=np.int64)
    told = single_shares(shares, kept, shares["wire"])
    counted = count_what(told, ())
    place = np.minimum(np.searchsorted(names, told.names), len(names) - 1)
    number = np.where(names[place] == told.names, place, -1)
    a, b = number[told.source[counted.first]], number[told.source[counted.second]]
    pair = _row_of(listed, np.minimum(a, b), np.maximum(a, b))
    return np.bincount(pair[(pair >= 0) & (a >= 0) & (b >= 0)], minlength=len(listed.a))


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
