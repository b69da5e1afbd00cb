"""What the concert test works on: one share a source and story, pairs of shares by window, strata of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.spread import share_kernels as kernels
from probata.analyse.spread.concert_kernels import listed, partners
from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_IN_STRATUM = 30
HOUR = 3_600
BLOCKS = (2, 3, 6, 12, 24)
"""Hours of a block of the day: the shortest that leaves ``LEAST_IN_STRATUM`` shares a block."""
ROOM, ROOM_A_SHARE = 500_000, 4
"""Pairs of shares that a window may count: so many, or so many times the number of shares. Where there are more, the
most popular stories are left out of that window: what everybody shares says least of a pair."""

_MANY_WEEKS = 1 << 20
_NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Every:
    """All shares by story and time, also of stories that one source alone has: chance may exchange them."""

    source: Array  # (all,) int32 index into names
    shared: Array  # (all,) bool: several sources share the story
    week: Array  # (all,) int32
    hour: Array  # (all,) uint8: of the day; or DATED, UNKNOWN

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True)
class Shares:
    """One row a (source, story), of stories that several sources share, sorted by story and time, unknown times last.
    In seconds.
    """

    source: Array  # (n,) int32 index into names
    story: Array  # (n,) int32 index
    low: Array
    high: Array
    known: Array  # (n,) whether there is a time at all
    row: Array  # (n,) row of the table given
    names: Array
    start: Array  # (stories + 1,) where each story's shares begin
    popularity: Array  # (stories,)
    every: Every


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

    number: Array  # int32
    names: Any  # of text or times; a range where nobody asks for a name

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
        return Coded(values.number.astype(np.int32, copy=False), values.names)
    texts = [str(value) for value in values]
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    names = np.empty(len(place), dtype=object)
    names[:] = list(place)
    return Coded(np.fromiter(map(place.__getitem__, texts), np.int32, len(texts)), names)


def timed(values: Any) -> Coded:
    """Times as microseconds by number."""
    given = values if isinstance(values, Coded) else Coded(np.arange(len(values), dtype=np.int32), values)
    micros = np.asarray(given.names, dtype="datetime64[us]").view(np.int64)
    return Coded(given.number.astype(np.int32, copy=False), np.ascontiguousarray(micros))


def one_story_each(shares: Table, last: Array | None = None) -> Array:
    """Whether a row is kept: an article's heaviest story; of equally heavy ones the rarest. Columns are ``Coded`` or
    arrays.

    ``last``: the rows that are kept only where an article has no others.
    """
    article = shares["article"]
    kept: Array = kernels.tally(article.number, len(article.names))[article.number] == 1
    several = np.flatnonzero(~kept)
    if not len(several):
        return kept
    story = _by_appearance(shares["object"], np.ones(len(kept), bool))
    popularity = kernels.tally(story, int(story.max()) + 1)
    story = story[several]
    weight = (
        np.asarray(shares["weight"], dtype=float)[several] if "weight" in shares else np.zeros(len(several))
    )
    doubt = np.zeros(len(several), bool) if last is None else last[several]
    best = np.full(len(article.names), -1, np.int32)
    rare = popularity[story].astype(np.int64) << 32 | story
    kernels.heaviest(article.number[several], doubt, np.nan_to_num(weight, nan=-np.inf), rare, best)
    kept[several[best[best >= 0]]] = True
    return kept


def _by_appearance(column: Coded, kept: Array) -> Array:
    """A number for each row that rises in the order in which the entries of those that are kept appear."""
    number = column.number
    if not (number[1:] < number[:-1]).any():
        return number
    appeared = np.zeros(len(column), np.int32)
    appeared[kept] = column[kept].appearing()[1]
    return appeared


def single_shares(shares: Table, kept: Array, wanted: Array) -> Shares:
    """Sort by story and time and keep one share of a source that shared a story again and again, drawn among them.

    Its first would lie earlier than that of others, so that two such sources would seem to meet; one that is drawn
    lies where any share may lie. Columns are ``Coded`` or arrays. ``kept``: the rows there are; of these ``wanted``.
    """
    names, who = _sources(shares["source"], kept)
    rows = np.flatnonzero(kept & wanted)
    story = _by_appearance(shares["object"], kept)[rows]
    if (story[1:] < story[:-1]).any():
        order = np.argsort(story, kind="stable")
        rows, story = rows[order], story[order]
    rows, story = _one_of_each(shares, rows, story, who)
    shared = _met(story)
    every = Every(who[rows], shared, np.empty(len(rows), np.int32), np.empty(len(rows), np.uint8))
    earliest, latest = shares["earliest"], shares["latest"]
    times = ((column.number, column.names) for column in (earliest, latest))
    kernels.moments(rows, *times, every.week, every.hour)
    rows, story = rows[shared], story[shared]
    known, low, high = _seconds(shares, rows)
    story = np.cumsum(np.diff(story, prepend=-1) != 0) - 1
    popularity = np.bincount(story, minlength=0)
    return Shares(
        who[rows], story.astype(np.int32), low, high, known, rows, names,
        np.concatenate(([0], np.cumsum(popularity))).astype(np.int64), popularity, every,
    )  # fmt: skip


def _sources(column: Coded, kept: Array) -> tuple[Array, Array]:
    """Names of the sources of the rows that are kept in order, and the place of each row's (of those) among them."""
    seen = np.zeros(len(column.names), bool)
    seen[column.number[kept]] = True
    used = np.flatnonzero(seen)
    names, place = np.unique(column.names[used].astype(object), return_inverse=True)
    places = np.zeros(len(column.names), np.int32)
    places[used] = place
    return names, places[column.number]


def _met(story: Array) -> Array:
    """Whether a neighbour has the same story: nearly all stories have one share and need no sorting."""
    same = np.concatenate([[False], story[1:] == story[:-1], [False]])
    return np.asarray(same[1:] | same[:-1])[: len(story)]


def _one_of_each(shares: Table, rows: Array, story: Array, who: Array) -> tuple[Array, Array]:
    """One row of each story and source, and its story; given and kept in order of story.

    Those of one story then come in order of time.
    """
    several = np.flatnonzero(_met(story))
    mine, stories = rows[several], story[several]
    known, low, high = _seconds(shares, mine)
    source = who[mine]
    wrong = np.zeros(len(mine), bool)
    kernels.out_of_order(stories, low, high, source, wrong)
    order = np.lexsort((source[wrong], high[wrong], low[wrong], stories[wrong]))
    mine[wrong], source[wrong], known[wrong] = (part[wrong][order] for part in (mine, source, known))
    rows[several] = mine
    keep, drawn = np.ones(len(rows), bool), np.zeros(len(mine), bool)
    sources = int(who.max(initial=0)) + 1
    met, times = np.full(sources, -1, np.int32), np.zeros(sources, np.int32)
    kernels.one_of_each(stories, source, known, met, times, drawn)
    keep[several] = drawn
    return rows[keep], story[keep]


def _seconds(shares: Table, rows: Array) -> tuple[Array, Array, Array]:
    """Whether the time of each row is known, its earliest and its latest second."""
    low, high = (
        shares[end].text(rows).view("datetime64[us]").astype("datetime64[s]").astype(np.int64)
        for end in ("earliest", "latest")
    )
    known = (low != kernels.ABSENT) & (high != kernels.ABSENT)
    return known, np.where(known, low, _NEVER), np.where(known, high, _NEVER)


def count_what(told: Shares, hours: tuple[float, ...]) -> Counted:
    """Pairs of shares inside each window and at any time, over all stories and over the rare ones.

    Times that overlap could lie together and count (where most are dates the name says so); an unknown time lies in
    no window.
    """
    hour = told.every.hour
    dated = np.count_nonzero(hour == kernels.DATED) > np.count_nonzero(hour != kernels.UNKNOWN) / 2
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
    room = max(ROOM, ROOM_A_SHARE * len(told.every))
    by_popularity = np.bincount(told.popularity, weights=pairs) if len(pairs) else np.zeros(1)
    within = np.cumsum(by_popularity) <= room
    return np.asarray(within[told.popularity])


def strata(every: Every) -> Array:
    """Number of each share's stratum: period and time of day.

    Blocks of the day of two hours (or more, see ``BLOCKS``) where the hour is known, dates by themselves, unknown
    times by themselves. A period is a week, or as many weeks in a row as hold ``LEAST_IN_STRATUM`` shares a block.
    """
    block, many = _block(kernels.tally(every.hour, kernels.UNKNOWN + 1))
    week = _from_nought(every.week)
    held = np.zeros(int(week.max(initial=0)) + 1, np.int64)
    kernels.held_by_week(week, every.hour, held)
    period = (np.cumsum(held) - held) // (LEAST_IN_STRATUM * max(1, many)) + 1
    stratum = np.empty(len(every), np.int32)
    kernels.stratify(week, every.hour, period, block, stratum)
    return stratum


def _from_nought(week: Array) -> Array:
    """Numbers of the weeks from 0 on, without the weeks between where one lies absurdly far from the others."""
    low = int(week.min(initial=0))
    if int(week.max(initial=0)) - low > _MANY_WEEKS:
        return np.unique(week, return_inverse=True)[1].astype(np.int32)
    return np.asarray(week - np.int32(low))


def _block(hours: Array) -> tuple[Array, int]:
    """Block of the day by hour, see ``BLOCKS``, and how many there are; 15 where only the date is known.

    ``hours``: how many shares each hour has.
    """
    enough = hours[: kernels.UNKNOWN].sum() / LEAST_IN_STRATUM
    for length in BLOCKS:
        block = np.append(np.arange(kernels.DATED) // length, 15)
        many = len(np.unique(block[hours[: kernels.UNKNOWN] > 0]))
        if many <= enough:
            break
    return block, many
