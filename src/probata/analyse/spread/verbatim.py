"""Which articles share words, and which words: identical texts by their digest, all else by passages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from probata.text.align import Passages, Rules, shared_passages
from probata.text.fingerprint import fingerprint
from probata.text.tokens import Texts, Tokens, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]
Progress = Callable[[str, int, int], None]

IDENTICAL_LEAST = 8
"""Words from which on two identical texts count as a copy: under that, anybody may write them."""
EXPAND = 50
"""Members of a group of identical texts that are shown beside an earlier text; the others are one step away."""
LARGE = 300_000
"""Documents from which on the fast setting is used unless another is asked for."""


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


def rules_for(documents: int, options: dict[str, Any] | Any) -> tuple[Rules, int]:
    """Rules and winnowing window: recall first up to ``LARGE`` documents, then cost counts too."""
    fast = bool(options.get("fast", documents >= LARGE))
    rules = Rules(
        least=int(options.get("min_words", 12)),
        same_owner=bool(options.get("same_outlet", False)),
        window=ceil(24 * float(options.get("window_days", 0))),  # an hour at least: 0 is no limit
        most=int(options.get("max_documents", 100)),
    )
    if not fast:
        return rules, 4
    return replace(rules, full=6), 5


def find_shared(
    texts: Texts | Sequence[str | None],
    owner: Array,
    hours: Array,
    options: Any = None,
    progress: Progress = quiet,
) -> Shared:
    """Find every passage that texts of different owners share; texts come in order of time.

    ``options``: min_words, same_outlet, window_days, fast, threads, max_documents. The result does not
    depend on the number of threads.
    """
    options = options or {}
    threads = int(options.get("threads") or os.cpu_count() or 1)
    rules, window = rules_for(len(texts), options)
    progress("words", 0, 4)
    laid = texts if isinstance(texts, Texts) else to_bytes(texts)
    tokens = tokenise(laid, threads)
    progress("fingerprints", 1, 4)
    groups = identical_groups(tokens, owner)
    searched = Tokens(
        tokens.slots, tokens.first, np.where(groups.first, tokens.last, tokens.first), tokens.digest
    )
    keys = fingerprint(searched, rules.n, window, threads)
    progress("passages", 2, 4)
    times = hours, groups.until(hours)
    passages, counts = shared_passages(searched, keys, groups.owner, times, rules, threads)
    counts |= {"fingerprints": keys.count, "words": int(tokens.lengths().sum())}
    counts["repeated whole"] = int((~groups.first).sum())
    progress("identical texts", 3, 4)
    passages = _near(with_identical(passages, groups, tokens, (owner, hours), rules), hours, rules.window)
    progress("passages", 4, 4)
    return Shared(laid, tokens, passages, counts, rules, window)


@dataclass(frozen=True, slots=True)
class Groups:
    """Texts with the same words in the same order: only the first of each is searched."""

    first: Array  # bool: first of its group, or alone
    owner: Array  # int64: own number where the members of a group have several owners
    members: dict[int, list[int]]
    """First member -> all members in order of time, for groups of two or more."""

    def until(self, hours: Array) -> Array:
        """The last time at which each text was published, of those that are searched."""
        last = hours.copy()
        for first, rows in self.members.items():
            last[first] = hours[rows[-1]]
        return last


def identical_groups(tokens: Tokens, owner: Array) -> Groups:
    """Group texts by their digest; texts under ``IDENTICAL_LEAST`` words are each alone."""
    lengths = tokens.lengths()
    rows = np.flatnonzero(lengths >= IDENTICAL_LEAST)
    order = rows[np.argsort(tokens.digest[rows], kind="stable")]  # texts of one digest in order of time
    digest, length = tokens.digest[order], lengths[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (digest[1:] != digest[:-1]) | (length[1:] != length[:-1])
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(order)))
    first = np.ones(len(owner), bool)
    first[order[~fresh]] = False
    owners = owner.copy()
    members: dict[int, list[int]] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        rows_here = order[start : start + size]
        members[int(rows_here[0])] = rows_here.tolist()
        if len(np.unique(owner[rows_here])) > 1:
            owners[rows_here[0]] = -1 - int(rows_here[0])
    return Groups(first, owners, members)


def with_identical(
    passages: Passages, groups: Groups, tokens: Tokens, sources: tuple[Array, Array], rules: Rules
) -> Passages:
    """Add the pairs inside groups of identical texts, and give passages to members whose owners differ.

    ``sources`` are the owner and the hour of each text.
    """
    owner, _ = sources
    extra = [row for rows in groups.members.values() for row in _within(rows, tokens, owner, rules)]
    table = np.stack([getattr(passages, name) for name in Passages.__slots__], axis=1).reshape(-1, 7)
    if groups.members:
        grouped = np.zeros(len(owner), bool)
        grouped[np.fromiter(groups.members, np.int64)] = True
        touched = grouped[table[:, 0]] | grouped[table[:, 1]]
        spread = [row for row in table[touched].tolist() for row in _spread(row, groups, sources, rules)]
        table = np.concatenate([table[~touched], np.array(spread, np.int64).reshape(-1, 7)])
    table = np.concatenate([table, np.array(extra, np.int64).reshape(-1, 7)])
    table = table[_order(table, len(owner))]
    return Passages(*(table[:, k] for k in range(7)))


def _near(passages: Passages, hours: Array, window: int) -> Passages:
    """Passages of articles that many hours apart or less: texts that stand for identical ones lie at other times."""
    if not window:
        return passages
    kept = hours[passages.b] - hours[passages.a] <= window
    return Passages(*(getattr(passages, name)[kept] for name in Passages.__slots__))


def _order(table: Array, documents: int) -> Array:
    """Places of the rows by document, other document, begin; most come in that order, which takes little time."""
    pair = table[:, 0] * documents + table[:, 1]
    order = np.argsort(pair, kind="stable")
    pair, begin = pair[order], table[order, 2]
    if ((pair[1:] == pair[:-1]) & (begin[1:] < begin[:-1])).any():
        return np.lexsort((table[:, 2], table[:, 1], table[:, 0]))
    return order


def _within(rows: list[int], tokens: Tokens, owner: Array, rules: Rules) -> list[list[int]]:
    words = int(tokens.last[rows[0]] - tokens.first[rows[0]])
    found = []
    for y in range(1, len(rows)):
        nearby = range(y) if len(rows) <= rules.full else sorted({0, max(0, y - 2), y - 1})
        for x in nearby:
            if rules.same_owner or owner[rows[x]] != owner[rows[y]]:
                found.append([rows[x], rows[y], 0, words, 0, words, words])
    return found


def _spread(row: list[int], groups: Groups, sources: tuple[Array, Array], rules: Rules) -> list[list[int]]:
    """A passage of two groups of identical texts: the first of the earlier with up to ``EXPAND`` of the later.

    Where owners do not differ, the first member of the earlier group of another owner stands in; with a window, the
    first that lies in it.
    """
    a, b, *places = row
    owner, hours = sources
    earlier = groups.members.get(a, [a])
    since = hours[earlier]
    found = []
    for y in groups.members.get(b, [b])[:EXPAND]:
        low = int(np.searchsorted(since, hours[y] - rules.window)) if rules.window else 0
        near = (earlier[k] for k in range(low, len(earlier)))
        x = next((x for x in near if rules.same_owner or owner[x] != owner[y]), None)
        if x is None:
            continue
        if x < y:
            found.append([x, y, *places])
        else:
            begin_a, end_a, begin_b, end_b, words = places
            found.append([y, x, begin_b, end_b, begin_a, end_a, words])
    return found
