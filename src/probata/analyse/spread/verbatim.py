"""Which articles share words, and which words: identical texts by their digest, all else by passages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from probata.analyse.spread import verbatim_kernels as kernels
from probata.text.align import Passages, Rules, shared_passages
from probata.text.fingerprint import fingerprint
from probata.text.tokens import Texts, Tokens, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]
Progress = Callable[[str, int, int], None]

_48 = np.uint64(48)
IDENTICAL_LEAST = 8
"""Words from which on two identical texts count as a copy: under that, anybody may write them."""
EXPAND = 50
"""Members of a group of identical texts that are shown beside an earlier text; the others are one step away."""
LONGEST = 1 << 30
"""More words than any text has."""
MOST_DAYS = 36_500.0
"""Windows of a century and more are all the same."""
LARGE = 300_000
"""Documents from which on the fast setting is used unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Times:
    """When each text was published: the earliest and the latest it could be, in whole numbers.

    A text comes before another where its earliest time does; one without comes where its latest time is.
    """

    low: Array
    high: Array
    hour: int = 1
    """How many of these units an hour has."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Texts, their words and every shared passage between two of them (a before b in the given order)."""

    texts: Texts
    tokens: Tokens
    passages: Passages
    counts: dict[str, int]
    rules: Rules
    window: int


def quiet(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def rules_for(documents: int, options: dict[str, Any] | Any, hour: int = 1) -> tuple[Rules, int]:
    """Rules and winnowing window: recall first up to ``LARGE`` documents, then cost counts too.

    Raises:
        ValueError: ``min_words`` is less than what surely has a fingerprint.
    """
    fast = bool(options.get("fast", documents >= LARGE))
    usual, window = Rules(), 5 if fast else 4
    least, seen = int(options.get("min_words", usual.least)), usual.n + window - 1
    if least < seen:
        raise ValueError(f"min_words must be {seen} or more: shorter passages need not have a fingerprint")
    least = min(least, LONGEST)
    rules = Rules(
        least=least,
        scattered=max(usual.scattered, ceil(least * usual.scattered / usual.least)),
        same_owner=bool(options.get("same_outlet", False)),
        window=ceil(24 * hour * days_of(options)),  # 0 is no limit
        most=min(int(options.get("max_documents", usual.most)), max(documents, usual.most)),
    )
    return (replace(rules, full=6) if fast else rules), window


def days_of(options: dict[str, Any] | Any) -> float:
    """The window in days; 0 for none."""
    days = float(options.get("window_days") or 0)
    return days if 0 <= days < MOST_DAYS else MOST_DAYS  # also where it is no number


def find_shared(
    texts: Texts | Sequence[str | None],
    owner: Array,
    times: Times | Array,
    options: Any = None,
    progress: Progress = quiet,
) -> Shared:
    """Find every passage that texts of different owners share; texts come in order of time.

    ``times`` may be exact: whole hours. ``options``: min_words, same_outlet, window_days, fast, threads, max_documents.
    The result does not depend on the number of threads.

    Raises:
        ValueError: see ``rules_for``.
    """
    options = options or {}
    threads = int(options.get("threads") or os.cpu_count() or 1)
    times = times if isinstance(times, Times) else Times(times, times)
    rules, window = rules_for(len(texts), options, times.hour)
    progress("words", 0, 4)
    laid = texts if isinstance(texts, Texts) else to_bytes(texts)
    tokens = tokenise(laid, threads)
    progress("fingerprints", 1, 4)
    groups = identical_groups(tokens, owner, rules.least if rules.least > Rules().least else IDENTICAL_LEAST)
    searched = Tokens(
        tokens.slots, tokens.first, np.where(groups.first, tokens.last, tokens.first), tokens.digest
    )
    keys = fingerprint(searched, rules.n, window, threads)
    progress("passages", 2, 4)
    bounds = groups.since(times.low), groups.until(times.high)
    passages, counts = shared_passages(searched, keys, groups.owner, bounds, rules, threads)
    counts |= {"fingerprints": keys.count, "words": int(tokens.lengths().sum())}
    counts["repeated whole"] = int((~groups.first).sum())
    progress("identical texts", 3, 4)
    passages = _near(with_identical(passages, groups, tokens, (owner, times), rules), times, rules.window)
    progress("passages", 4, 4)
    return Shared(laid, tokens, passages, counts, rules, window)


@dataclass(frozen=True, slots=True)
class Groups:
    """Texts with the same words in the same order: only the first of each is searched."""

    first: Array  # bool: first of its group, or alone
    owner: Array  # int64: own number where the members of a group have several owners
    rows: Array
    """Members of the groups of two or more, group after group, each in order of time."""
    cut: Array
    """Bounds of the groups in ``rows``."""

    def since(self, low: Array) -> Array:
        """The earliest time at which each text could have been published, of those that are searched."""
        return self._bound(low, np.minimum)

    def until(self, high: Array) -> Array:
        """The latest."""
        return self._bound(high, np.maximum)

    def _bound(self, times: Array, extreme: np.ufunc) -> Array:
        if not len(self.rows):
            return times
        bound = times.copy()
        bound[self.rows[self.cut[:-1]]] = extreme.reduceat(times[self.rows], self.cut[:-1])
        return bound

    def numbered(self, documents: Array) -> tuple[Array, Array, Array]:
        """Number of the group of each document that is first or alone, rows and bounds; of groups of one, those that
        ``documents`` (bool) asks for.
        """
        firsts = self.rows[self.cut[:-1]]
        alone = documents.copy()
        alone[firsts] = False
        added = np.flatnonzero(alone)
        number = np.empty(len(documents), np.int32)
        number[firsts] = np.arange(len(firsts))
        number[added] = len(firsts) + np.arange(len(added))
        cut = np.append(self.cut, self.cut[-1] + 1 + np.arange(len(added)))
        return number, np.append(self.rows, added), cut


def identical_groups(tokens: Tokens, owner: Array, least: int = IDENTICAL_LEAST) -> Groups:
    """Group texts by their digest; texts under ``least`` words are each alone."""
    lengths = tokens.lengths()
    rows = _repeated(tokens.digest)
    rows = rows[lengths[rows] >= least]
    rows = rows[np.argsort(tokens.digest[rows], kind="stable")]  # texts of one digest in order of time
    digest, length = tokens.digest[rows], lengths[rows]
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (digest[1:] != digest[:-1]) | (length[1:] != length[:-1])
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(rows)))
    first = np.ones(len(owner), bool)
    first[rows[~fresh]] = False
    several = sizes > 1
    rows, cut = rows[np.repeat(several, sizes)], np.concatenate([[0], np.cumsum(sizes[several])])
    owners, firsts = owner.copy(), rows[cut[:-1]]
    if len(firsts):
        mine = owner[rows]
        differ = np.maximum.reduceat(mine, cut[:-1]) != np.minimum.reduceat(mine, cut[:-1])
        owners[firsts[differ]] = -1 - firsts[differ]
    return Groups(first, owners, rows, cut)


def _repeated(digest: Array) -> Array:
    """Rows whose digest others have too: few, which takes less than to sort all rows."""
    ordered = np.sort(digest)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    begins = np.zeros(1 << 16, bool)
    begins[twice >> _48] = True
    rows = np.flatnonzero(begins[digest >> _48])
    return rows[np.isin(digest[rows], twice)]


def with_identical(
    passages: Passages, groups: Groups, tokens: Tokens, sources: tuple[Array, Times], rules: Rules
) -> Passages:
    """Add the pairs inside groups of identical texts, and give passages to members whose owners differ.

    ``sources`` are the owner and the times of each text.
    """
    owner, _ = sources
    grouped = np.zeros(len(owner), bool)
    grouped[groups.rows] = True
    touched = grouped[passages.a] | grouped[passages.b]
    theirs = np.column_stack([column[touched] for column in _columns(passages)])
    more = _told(theirs, groups, tokens, sources, rules)
    columns = list(zip(_columns(passages), more.T, strict=True))
    kept = np.append(np.flatnonzero(~touched), len(passages) + np.arange(len(more)))
    a, b, begin = (np.append(*columns[k])[kept] for k in range(3))
    kept = kept[_order(a * len(owner) + b, begin)]
    return Passages(*(np.append(*column)[kept] for column in columns))  # one by one: the memory is used again


def _told(table: Array, groups: Groups, tokens: Tokens, sources: tuple[Array, Times], rules: Rules) -> Array:
    """What the passages of groups (in seven columns) and the groups themselves come to, between single texts."""
    owner, times = sources
    texts = np.zeros(len(owner), bool)
    texts[table[:, :2]] = True
    number, rows, cut = groups.numbered(texts)
    own = np.diff(groups.cut)
    room = np.minimum(EXPAND, np.diff(cut)[number[table[:, 1]]]).sum()
    room += np.where(own > rules.full, 3 * own, own * (own - 1) // 2).sum()
    out = np.empty((room, 7), np.int64)
    made = kernels.spread(
        table, number, rows, cut, owner, times.low, times.high, rules.window, rules.same_owner, EXPAND, out
    )
    whole = tokens.lengths(), owner, rules.full, rules.same_owner
    return out[: made + kernels.within(groups.rows, groups.cut, *whole, out[made:])]


def _columns(passages: Passages) -> list[Array]:
    return [getattr(passages, name) for name in Passages.__slots__]


def _near(passages: Passages, times: Times, window: int) -> Passages:
    """Passages of articles whose times can lie so near: texts that stand for identical ones lie at other times."""
    if not window:
        return passages
    a, b = passages.a, passages.b
    kept = np.maximum(times.low[a], times.low[b]) - np.minimum(times.high[a], times.high[b]) <= window
    return Passages(*(column[kept] for column in _columns(passages)))


def _order(pair: Array, begin: Array) -> Array:
    """Places of the rows by pair, then begin; most come in that order, which takes little time."""
    order = np.argsort(pair, kind="stable")
    one, placed = pair[order], begin[order]
    if ((one[1:] == one[:-1]) & (placed[1:] < placed[:-1])).any():
        return np.lexsort((begin, pair))
    return order
