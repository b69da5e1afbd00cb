"""What the concert test works on: one share a source and story, pairs of shares by window, strata of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.spread.concert_kernels import listed, partners
from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_IN_STRATUM = 30
DAY, HOUR = 86_400, 3_600
BLOCKS = (2, 3, 6, 12, 24)
"""Hours of a block of the day: the shortest that leaves ``LEAST_IN_STRATUM`` shares a block."""
ROOM, ROOM_A_SHARE = 500_000, 4
"""Pairs of shares that a window may count: so many, or so many times the number of shares. Where there are more, the
most popular stories are left out of that window: what everybody shares says least of a pair."""

_UNKNOWN = np.iinfo(np.int64).min  # NaT
_NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Shares:
    """One row a (source, story) with the first time, sorted by story and time, unknown times last. In seconds."""

    source: Array  # (n,) int32 index into names
    story: Array  # (n,) int32 index
    low: Array
    high: Array
    known: Array  # (n,) whether there is a time at all
    again: Array  # (n,) whether the source shared the story more than once
    row: Array  # (n,) row of the table given
    names: Array
    start: Array  # (stories + 1,) where each story's shares begin
    popularity: Array  # (stories,)


@dataclass(frozen=True, slots=True)
class Counted:
    """Pairs of shares of one story, each with its cell: the set of statistics that count it."""

    first: Array
    second: Array
    cell: Array  # (pairs,) uint8
    inside: Array  # (cells, statistics) bool
    names: list[str]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as the number of each entry among ``names``; names may be more than the entries use."""

    number: Array  # int64
    names: Array  # object, or the numbers themselves where nobody asks for a name

    def __len__(self) -> int:
        return len(self.number)

    def __getitem__(self, rows: Array) -> Coded:
        """The column of these rows."""
        return Coded(self.number[rows], self.names)

    def text(self, rows: Array) -> Array:
        """Names of the entries of these rows."""
        return np.asarray(self.names[self.number[rows]])

    def appearing(self) -> tuple[Array, Array]:
        """Distinct numbers in order of appearance, and the place of each entry's number among them."""
        count = len(self.number)
        first = np.full(len(self.names), count, np.int64)
        first[self.number[::-1]] = np.arange(count - 1, -1, -1)
        distinct = self.number[first[self.number] == np.arange(count)]
        place = np.empty(len(self.names), np.int64)
        place[distinct] = np.arange(len(distinct))
        return distinct, place[self.number]


def coded(values: Any) -> Coded:
    """Number the entries of a column by their text."""
    if isinstance(values, Coded):
        return values
    texts = [str(value) for value in values]
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    names = np.empty(len(place), dtype=object)
    names[:] = list(place)
    return Coded(np.fromiter(map(place.__getitem__, texts), np.int64, len(texts)), names)


def one_story_each(shares: Table, last: Array | None = None) -> Table:
    """Keep an article's heaviest story; of equally heavy ones the rarest. Columns are ``Coded`` or arrays.

    ``last``: the rows that are kept only where an article has no others.
    """
    article = shares["article"].number
    keep = np.bincount(article)[article] == 1
    several = np.flatnonzero(~keep)
    if not len(several):
        return shares
    _, story = shares["object"].appearing()
    weight = np.asarray(shares.get("weight", np.zeros(len(article))), dtype=float)
    popularity = np.bincount(story)
    story = story[several]
    doubt = np.zeros(len(several), bool) if last is None else last[several]
    order = several[np.lexsort((story, popularity[story], -weight[several], doubt, article[several]))]
    heaviest = order[np.unique(article[order], return_index=True)[1]]
    keep[heaviest] = True
    kept = np.flatnonzero(keep)
    return {name: column[kept] for name, column in shares.items()}


def first_shares(shares: Table, wanted: Array) -> Shares:
    """Sort by story and time and keep a source's first share of a story. Columns are ``Coded`` or arrays."""
    used, who = shares["source"].appearing()
    names, place = np.unique(shares["source"].names[used].astype(object), return_inverse=True)
    who = place[who] if len(who) else who
    _, story = shares["object"].appearing()
    low, high = _seconds(shares["earliest"]), _seconds(shares["latest"])
    known = (low != _UNKNOWN) & (high != _UNKNOWN)
    low, high = np.where(known, low, _NEVER), np.where(known, high, _NEVER)
    order = _by_story_and_time(np.flatnonzero(wanted), story, (who, high, low))
    order, again = _first_of_each(
        order, story[order] * np.int64(max(1, len(names))) + who[order], story[order]
    )
    story = np.cumsum(np.diff(story[order], prepend=-1) != 0) - 1
    popularity = np.bincount(story, minlength=0)
    return Shares(
        who[order].astype(np.int32), story.astype(np.int32), low[order], high[order], known[order], again, order,
        names, np.concatenate(([0], np.cumsum(popularity))).astype(np.int64), popularity,
    )  # fmt: skip


def _by_story_and_time(rows: Array, story: Array, keys: tuple[Array, ...]) -> Array:
    """Rows sorted by story, then by the keys, last first; nearly all stories have one share and need no sorting."""
    shared = np.bincount(story[rows])[story[rows]] > 1
    several = rows[shared]
    several = several[np.lexsort((*(key[several] for key in keys), story[several]))]
    both = np.concatenate([several, rows[~shared]])
    return both[np.argsort(story[both], kind="stable")]


def _first_of_each(order: Array, key: Array, story: Array) -> tuple[Array, Array]:
    """The first row of each key, and whether it has more; rows, keys and stories are in order of the story."""
    new = np.append(np.diff(story, prepend=-1) != 0, True)
    keep = new[:-1] & new[1:]  # the only share of a story: nearly all
    again = np.zeros(len(order), dtype=bool)
    several = np.flatnonzero(~keep)
    _, kept, times = np.unique(key[several], return_index=True, return_counts=True)
    keep[several[kept]] = True
    again[several[kept]] = times > 1
    return order[keep], again[keep]


def _seconds(times: Any) -> Array:
    return np.asarray(times, dtype="datetime64[us]").astype("datetime64[s]").astype(np.int64)


def count_what(told: Shares, hours: tuple[float, ...]) -> Counted:
    """Pairs of shares inside each window and at any time, over all stories and over the rare ones.

    Times that overlap could lie together and count (where most are dates the name says so); an unknown time lies in
    no window.
    """
    dated = (
        np.count_nonzero(told.known & (told.high - told.low >= DAY - 1)) > np.count_nonzero(told.known) / 2
    )
    names = [f"within {hour:g} h{' by date' if dated else ''}" for hour in hours] + ["any time"]
    names += [f"{name}, rare stories" for name in names]
    windows = len(hours) + 1
    until = np.zeros((windows, len(told.low)), dtype=np.int32)
    mask = np.zeros((windows, len(told.low)), dtype=np.int32)
    rare = told.popularity <= _rare(told)
    room = 0
    never = _NEVER + np.arange(len(told.low)) * (int(max(hours, default=0) * HOUR) + 1)
    low, high = np.where(told.known, told.low, never), np.where(told.known, told.high, never)
    for number in range(windows):
        pairs = np.zeros(len(told.popularity), dtype=np.int64)
        if number < len(hours):
            partners(told.start, low, high, round(hours[number] * HOUR), until[number], pairs)
        else:
            until[number] = told.start[told.story + 1]
            pairs = told.popularity * (told.popularity - 1) // 2
        kept = _affordable(told, pairs)
        room += int(pairs[kept].sum())
        bits = kept * (1 << number) + (kept & rare) * (1 << (number + windows))
        mask[number] = bits[told.story]
    first, second, bits = listed(until, mask, room)
    seen = np.flatnonzero(np.bincount(bits, minlength=1))
    cell = np.zeros(int(seen.max(initial=0)) + 1, dtype=np.uint8)
    cell[seen] = np.arange(len(seen))
    inside = (seen[:, None] >> np.arange(2 * windows)) & 1 == 1
    _, distinct = np.unique(
        inside, axis=1, return_index=True
    )  # two that count the same pairs are one statistic
    kept = np.sort(distinct)
    return Counted(first, second, cell[bits], inside[:, kept], [names[k] for k in kept])


def _rare(told: Shares) -> int:
    """Popularity of the rarest third of all shares of shared stories."""
    times = np.bincount(told.popularity)
    shares = times * np.arange(len(times))
    shares[:2] = 0
    within = np.cumsum(shares)
    return int(np.searchsorted(within, within[-1] // 3, side="right")) if shares.any() else 0


def _affordable(told: Shares, pairs: Array) -> Array:
    """The stories that a window counts: all, or the rarer ones as far as their pairs go into ``ROOM``.

    Popularity decides, and the pairs of a story depend on its times alone: both are the same in every world.
    """
    room = max(ROOM, ROOM_A_SHARE * len(told.story))
    by_popularity = np.bincount(told.popularity, weights=pairs) if len(pairs) else np.zeros(1)
    within = np.cumsum(by_popularity) <= room
    return np.asarray(within[told.popularity])


def strata(told: Shares) -> Array:
    """Number of each share's stratum: period, time of day, and whether the source shared the story again.

    Blocks of the day of two hours (or more, see ``BLOCKS``) where the hour is known, dates by themselves, unknown
    times by themselves. A period is a week, or as many weeks in a row as hold ``LEAST_IN_STRATUM`` shares a block.
    Who shares a story again and again has an earlier first share of it than who shares it once, so these change
    places among themselves only.
    """
    block = _block(told)
    week = told.low[told.known] // (7 * DAY)
    weeks = np.unique(week)
    week = np.searchsorted(weeks, week)
    held = np.bincount(week, minlength=len(weeks))
    need = LEAST_IN_STRATUM * max(1, _distinct(block[told.known]))
    period = np.zeros(len(told.low), dtype=np.int64)
    period[told.known] = ((np.cumsum(held) - held) // need)[week] + 1
    return np.asarray(np.where(told.known, period * 16 + block, 0) * 2 + told.again)


def _block(told: Shares) -> Array:
    """Block of the day of each share; 15 where only the date, or less, is known."""
    dated = told.high - told.low >= DAY - 1
    enough = np.count_nonzero(told.known) / LEAST_IN_STRATUM
    for hours in BLOCKS:
        block = np.where(dated, 15, (told.low % DAY) // (hours * HOUR))
        if _distinct(block[told.known]) <= enough:
            break
    return block


def _distinct(block: Array) -> int:
    return int(np.count_nonzero(np.bincount(block)))
