"""Kernels that grow stories: which articles belong to which story, and by which passage of each.

A membership (an article in a story) is one row of whole numbers, see ``STORY`` to ``NEXT``. The memberships of an
article are chained in the order in which they came: ``chains[article, FIRST]``, then column ``NEXT``, -1 at the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]

STORY, ROW, BEGIN, END, WORDS, LINKS, RELATION, LATER, LOW, HIGH, NEXT, TOOK, TAKEN = range(13)
"""Columns of a membership: story, article; words of its passage by the strongest link that brought it, that link's
strength and relation, how many links; whether it surely came after another member; its longest passage there; the next
one; strength (-1: none) and relation of the strongest link by which it took the passage over."""
FIRST, LAST, LENGTH = range(3)
"""Columns of an article's chain."""
ORIGIN = 0
"""Relation of an anchor to its own story."""
STORIES, MEMBERS = range(2)
"""Places of what is counted."""

OVERLAP = 0.5
"""Share of the shorter of two passages of one article from which on they are the same passage."""
SAME = 0.8
"""Share of the longer of two passages of one article from which on they are word for word the same story."""


def grow(links: Array, passages: Array, whole: Array, articles: int) -> tuple[Array, Array]:
    """Memberships, and the anchor of each story.

    ``links``: earlier article, later article, sign of their order (-1: the earlier one is first), relation, and where
    its passages begin and end in ``passages`` (begin and end in the earlier one, begin and end in the later one,
    strength). ``whole``: earlier and later article, relation and sign of links without passages.
    """
    chains = np.full((articles, 3), -1, np.int32)
    chains[:, LENGTH] = 0
    anchors = np.full(articles, -1, np.int32)  # an article anchors one story at most
    count = np.zeros(2, np.int64)
    members = _grow(links, passages, whole, chains, anchors, count, np.empty((1024, 13), np.int32))
    return members[: count[MEMBERS]], anchors[: count[STORIES]]


@njit(cache=True, nogil=True)
def _grow(links, passages, whole, chains, anchors, count, members):  # type: ignore[no-untyped-def]
    """Fill chains, anchors and counts; the memberships, moved where there was too little room for them."""
    for k in range(len(links)):
        x, y = links[k, 0], links[k, 1]
        for p in range(links[k, 4], links[k, 5]):
            members = _with_room(members, count[MEMBERS] + chains[x, LENGTH] + 2)
            _take_up(members, chains, count, anchors, x, y, passages[p], links[k, 2], links[k, 3])
    for k in range(len(whole)):
        members = _with_room(members, count[MEMBERS] + 2)
        _join_whole(members, chains, count, anchors, whole[k, 0], whole[k, 1], whole[k, 2], whole[k, 3])
    return members


@njit(cache=True, nogil=True)
def _with_room(members, room):  # type: ignore[no-untyped-def]
    if room <= len(members):
        return members
    larger = np.empty((2 * room, members.shape[1]), np.int32)
    for at in range(len(members)):  # an assignment of slices would take six seconds to compile
        for column in range(members.shape[1]):
            larger[at, column] = members[at, column]
    return larger


@njit(cache=True, nogil=True)
def _take_up(members, chains, count, anchors, x, y, passage, sign, relation):  # type: ignore[no-untyped-def]
    """Let y join the stories to which the passage of x belongs; where none covers it, the story that x anchors."""
    begin, end = passage[0], passage[1]
    at = chains[x, FIRST]
    if at < 0:
        there = _reprinted(members, chains, anchors, y, passage[2], passage[3])
        if there >= 0:
            story = members[there, STORY]
            joined = _join(members, chains, count, anchors, story, x, begin, end, passage[4], relation)
            _note(members, anchors, joined, there, sign, passage[4], relation)
            return
    own, covered, found = -1, 0, False
    while at >= 0:
        common = min(members[at, HIGH], end) - max(members[at, LOW], begin)
        shorter = min(members[at, HIGH] - members[at, LOW], end - begin)
        if anchors[members[at, STORY]] == x:
            own = at
        elif common >= OVERLAP * shorter:
            found, covered = True, max(covered, common)
            _follow(members, chains, count, anchors, at, y, passage, sign, relation)
        at = members[at, NEXT]
    if found and covered >= OVERLAP * (end - begin):
        return
    if own < 0:
        own = _start(members, chains, count, anchors, x, begin, end)
    _follow(members, chains, count, anchors, own, y, passage, sign, relation)


@njit(cache=True, nogil=True)
def _reprinted(members, chains, anchors, y, begin, end):  # type: ignore[no-untyped-def]
    """Where y is in a story by that passage though another article anchors it; -1 for nowhere.

    An article that no earlier one brought into a story joins it there. So it is where an outlet prints one text twice
    before another takes it up: pairs of one outlet are not looked for.
    """
    at = chains[y, FIRST]
    while at >= 0:
        low, high = members[at, LOW], members[at, HIGH]
        common = min(high, end) - max(low, begin)
        if anchors[members[at, STORY]] != y and common >= SAME * max(high - low, end - begin):
            return at
        at = members[at, NEXT]
    return -1


@njit(cache=True, nogil=True)
def _follow(members, chains, count, anchors, at, y, passage, sign, relation):  # type: ignore[no-untyped-def]
    """Let y join the story of the membership ``at``, and note which of the two took the passage over."""
    story = members[at, STORY]
    joined = _join(members, chains, count, anchors, story, y, passage[2], passage[3], passage[4], relation)
    _note(members, anchors, at, joined, sign, passage[4], relation)


@njit(cache=True, nogil=True)
def _note(members, anchors, of_x, of_y, sign, words, relation):  # type: ignore[no-untyped-def]
    """Keep a link with the side that took the passage over: the later row, unless its order says the contrary.

    An anchor takes nothing over as long as the order is open.
    """
    taker = of_x if sign > 0 else of_y
    if sign != 0:
        members[taker, LATER] = 1
    elif anchors[members[taker, STORY]] == members[taker, ROW]:
        return
    if words > members[taker, TOOK]:
        members[taker, TOOK], members[taker, TAKEN] = words, relation


@njit(cache=True, nogil=True)
def _start(members, chains, count, anchors, row, begin, end):  # type: ignore[no-untyped-def]
    """A new story with that article as its anchor."""
    story = count[STORIES]
    anchors[story] = row
    count[STORIES] += 1
    return _append(members, chains, count, story, row, begin, end, 0, ORIGIN, 0)


@njit(cache=True, nogil=True)
def _join(members, chains, count, anchors, story, row, begin, end, words, relation):  # type: ignore[no-untyped-def]
    """Let an article join a story by one more link; where its membership is."""
    at = chains[row, FIRST]
    while at >= 0 and members[at, STORY] != story:
        at = members[at, NEXT]
    if at < 0:
        return _append(members, chains, count, story, row, begin, end, words, relation, 1)
    members[at, LINKS] += 1
    if words > members[at, WORDS] and row != anchors[story]:
        members[at, BEGIN], members[at, END] = begin, end
        members[at, WORDS], members[at, RELATION] = words, relation
    if members[at, HIGH] - members[at, LOW] < end - begin:
        members[at, LOW], members[at, HIGH] = begin, end
    return at


@njit(cache=True, nogil=True)
def _append(members, chains, count, story, row, begin, end, words, relation, links):  # type: ignore[no-untyped-def]
    at = count[MEMBERS]
    members[at, STORY], members[at, ROW] = story, row
    members[at, BEGIN], members[at, END], members[at, LOW], members[at, HIGH] = begin, end, begin, end
    members[at, WORDS], members[at, LINKS], members[at, RELATION] = words, links, relation
    members[at, LATER], members[at, NEXT] = 0, -1
    members[at, TOOK], members[at, TAKEN] = -1, ORIGIN
    if chains[row, FIRST] < 0:
        chains[row, FIRST] = at
    else:
        members[chains[row, LAST], NEXT] = at
    chains[row, LAST] = at
    chains[row, LENGTH] += 1
    count[MEMBERS] += 1
    return at


@njit(cache=True, nogil=True)
def _join_whole(members, chains, count, anchors, x, y, relation, sign):  # type: ignore[no-untyped-def]
    """Let y join the story that x anchors, else the first that x is in, else a new one."""
    at = chains[x, FIRST]
    while at >= 0 and anchors[members[at, STORY]] != x:
        at = members[at, NEXT]
    if at < 0:
        at = chains[x, FIRST]
    if at < 0:
        at = _start(members, chains, count, anchors, x, 0, 0)
    joined = _join(members, chains, count, anchors, members[at, STORY], y, 0, 0, 0, relation)
    _note(members, anchors, at, joined, sign, 0, relation)
