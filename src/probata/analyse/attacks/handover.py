"""Hand-over: does a source start right after another stopped, where the list goes on, again and again?

Each source's events are cut into *segments* at pauses; a segment that starts shortly after the nearest stop of
another source is a *relay*. A relay weighs as much as its lag is surprising at the local rate of stops, more
where its first item follows the last item of the one that stopped in the order learned from all sequences, less
where it does not. Sources with enough relays among themselves form a group (weighted core); its score is the sum.
**Null**: as for timing, every source's whole train is shifted in operational time, items carried along.
A second null keeps all times and deals whole segments at random among the sources on the same list.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_kernels import core_groups, group_scores
from probata.analyse.attacks.group_lists import Lists
from probata.analyse.attacks.timing import MEMBERS, Clock, Grouping, Ties

Array = np.ndarray[Any, np.dtype[Any]]

PAUSE = 300.0
LATEST = 300.0
TOLL = 0.5
"""Taken off every relay: a chance relay weighs less than nothing on average, so that chains do not grow by chance."""
CORE = 2.5
SPELL = 3
RATE_STEPS = 73
FOLLOWS = 3
CONTENT = 2.0
AGAINST = 1.0


@dataclass(frozen=True)
class Segments:
    """Segments of activity: times of their first and last event, source, and list positions there (-1 unknown)."""

    start: Array
    stop: Array
    source: Array
    on: Array
    first: Array
    last: Array
    follows: Array
    """Per list position code: number of positions after it that are reached without an unknown joint (0-3)."""
    begin_row: Array
    end_row: Array
    duty: Array
    """False for a segment of one or two events of a source that makes more: not a spell of duty to hand over."""


def segments_of(service: Service, lists: Lists, pause: float = PAUSE) -> Segments:
    """Cut each source's events at pauses longer than ``pause`` seconds."""
    time, source = service.time, service.source
    new = np.ones(len(time), dtype=bool)
    new[1:] = (source[1:] != source[:-1]) | (np.diff(time) > pause)
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(time)) - 1
    on = lists.of_source[source[starts]]
    short = ends - starts + 1 < SPELL
    position = _positions(lists, source)
    return Segments(
        start=time[starts],
        stop=time[ends],
        source=source[starts],
        on=on,
        first=position[starts],
        last=position[ends],
        follows=_reach(lists),
        begin_row=starts,
        end_row=ends,
        duty=~short | (service.counts[source[starts]] < SPELL),
    )


def without(segments: Segments, gone: Array) -> Segments:
    """The segments of the sources that are not ``gone`` (a truth a source)."""
    kept = ~gone[segments.source]
    rows = {
        item.name: getattr(segments, item.name)[kept] for item in fields(segments) if item.name != "follows"
    }
    return replace(segments, **rows)


def _positions(lists: Lists, source: Array) -> Array:
    """One code for a position on any list: positions of list l are offset by the lengths of those before."""
    if not lists.order:
        return np.full(len(lists.rank), -1, dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum([len(order) for order in lists.order])])
    on = lists.of_source[source]
    return np.where(lists.rank >= 0, lists.rank + offset[np.maximum(on, 0)], -1)


def _reach(lists: Lists) -> Array:
    """For each position code, how many of the next ``FOLLOWS`` positions follow it without an unknown joint."""
    parts = [np.zeros(0, dtype=np.int64)]
    for joint in lists.joint:
        reach = np.zeros(len(joint), dtype=np.int64)
        padded = np.concatenate([joint[1:], np.zeros(FOLLOWS, dtype=bool)])
        going = np.ones(len(joint), dtype=bool)
        for step in range(FOLLOWS):
            going &= padded[step : step + len(joint)]
            reach += going
        parts.append(reach)
    return np.concatenate(parts)


def relay_groups(segments: Segments, clock: Clock, rate: Array, shift: Array | None = None) -> Grouping:
    """Relays between sources, and groups of sources with enough relays among themselves."""
    sources = int(segments.source.max()) + 1 if len(segments.source) else 0
    giver, taker, weight = relays(segments, clock, rate, shift)[:3]
    first = np.minimum(segments.source[giver], segments.source[taker])
    second = np.maximum(segments.source[giver], segments.source[taker])
    ties = _sum_ties(first, second, weight, sources)
    label = core_groups(sources, ties.first, ties.second, ties.weight, CORE)
    score, size = group_scores(sources, label, ties.first, ties.second, ties.weight)
    kept = np.flatnonzero(size >= MEMBERS)
    kept = kept[np.argsort(-score[kept], kind="stable")]
    members = tuple(np.flatnonzero(label == k) for k in kept) if shift is None else ()
    return Grouping(members, tuple(score[kept].tolist()), ties)


def relays(
    segments: Segments, clock: Clock, rate: Array, shift: Array | None = None
) -> tuple[Array, Array, Array, Array]:
    """Every relay: giving segment, taking segment, weight, lag in seconds."""
    start, stop = segments.start, segments.stop
    if shift is not None:
        moved = shift[segments.source]
        start = clock.real(clock.operational(start) + moved)
        stop = clock.real(clock.operational(stop) + moved)
    by_start, by_stop = np.argsort(start, kind="stable"), np.argsort(stop, kind="stable")
    local = rate[np.clip(np.searchsorted(clock.edges, start) - 1, 0, len(rate) - 1)]
    found: tuple[Array, Array, Array, Array] = _relays(
        (start, stop, by_start, by_stop, local),
        (segments.source, segments.first, segments.last, segments.follows, segments.duty),
        (LATEST, TOLL, CONTENT, AGAINST),
    )
    return found


def stop_rate(segments: Segments, clock: Clock) -> Array:
    """Stops a second around each step of the clock's grid, over twelve hours (as far as trains are shifted)."""
    counts = np.histogram(segments.stop, clock.edges)[0].astype(float)
    smooth = np.convolve(counts, np.ones(RATE_STEPS), mode="same")[: len(counts)] / (
        RATE_STEPS * (clock.edges[1] - clock.edges[0])
    )
    return np.asarray(np.maximum(smooth, 1e-5))


def relay_null(segments: Segments, clock: Clock, rate: Array, draws: int, seed: int) -> Array:
    """Largest group score in each of ``draws`` worlds of independently shifted trains."""
    rng = np.random.default_rng([seed, 31])
    sources = int(segments.source.max()) + 1 if len(segments.source) else 0
    best = np.zeros(draws)
    for draw in range(draws):
        found = relay_groups(segments, clock, rate, clock.shifts(rng, sources))
        best[draw] = found.scores[0] if found.scores else 0.0
    return best


def _sum_ties(first: Array, second: Array, weight: Array, sources: int) -> Ties:
    keys, inverse = np.unique(first * np.int64(max(sources, 1)) + second, return_inverse=True)
    total = np.bincount(inverse, weights=weight, minlength=len(keys))
    positive = total > 0
    keys, total = keys[positive], total[positive]
    order = np.argsort(-total, kind="stable")
    return Ties(keys[order] // max(sources, 1), keys[order] % max(sources, 1), total[order])


@njit(cache=True, nogil=True)
def _relays(
    times: tuple[Array, Array, Array, Array, Array],
    what: tuple[Array, Array, Array, Array, Array],
    setup: tuple[float, float, float, float],
) -> tuple[Array, Array, Array, Array]:
    start, stop, by_start, by_stop, local = times
    source, first, last, follows, duty = what
    latest, toll, content, against = setup
    n = len(start)
    giver, taker = np.empty(n, np.int64), np.empty(n, np.int64)
    weight, lag = np.empty(n), np.empty(n)
    found, behind = 0, 0
    for k in range(n):
        s = by_start[k]
        while behind < n and stop[by_stop[behind]] <= start[s]:
            behind += 1
        y = behind - 1
        while y >= 0 and source[by_stop[y]] == source[s]:
            y -= 1
        if y < 0 or start[s] - stop[by_stop[y]] > latest:
            continue
        g = by_stop[y]
        if not (duty[g] and duty[s]):
            continue
        delay = max(start[s] - stop[g], 1.0)
        w = -np.log10(1.0 - np.exp(-local[s] * delay)) - toll
        if first[s] >= 0 and last[g] >= 0:
            step = first[s] - last[g]
            if 0 < step <= follows[last[g]]:
                w += content
            else:
                w -= against
        giver[found], taker[found], weight[found], lag[found] = g, s, w, start[s] - stop[g]
        found += 1
    return giver[:found], taker[:found], weight[:found], lag[:found]
