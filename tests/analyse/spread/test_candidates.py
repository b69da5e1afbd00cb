"""Candidates are those that comparing everything with everything, one pair at a time, would give."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.spread import candidates
from probata.analyse.spread.candidates import Facts, Limits, Near, Passages, near_bodies, near_leads

DAY = 10


def world(seed: int, articles: int) -> tuple[Passages, Facts]:
    """Short random vectors (many equal), times (some unknown), sources and languages."""
    chance = np.random.default_rng(seed)
    vectors = chance.integers(-1, 2, (12, 3)).astype(np.float32) + np.float32(0.1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    count = int(chance.integers(0, 3 * articles))
    article = np.sort(chance.integers(0, articles, count))
    first = chance.integers(0, 5 * DAY, articles)
    last = first + chance.integers(0, DAY, articles)
    unknown = chance.random(articles) < 0.1
    first, last = np.where(unknown, -(1 << 60), first), np.where(unknown, 1 << 60, last)
    known = np.array([1], np.int64)  # the first two by rank
    source, lang = chance.integers(-1, 3, articles), chance.integers(0, 2, articles)
    facts = Facts(first, last, source, lang, chance.permutation(articles), known)
    zero = np.zeros(count, np.int64)
    passages = Passages(
        article, zero == 1, zero, zero, chance.integers(0, 12, count), tuple("abcdefghijkl"), vectors
    )
    return passages, facts


def apart(passages: Passages, facts: Facts, limits: Limits, i: int, j: int) -> float | None:
    """Cosine of two passages where they may be compared and are near, else None."""
    a, b = passages.article[i], passages.article[j]
    score = candidates._cosines(passages.vectors, passages.which[[i]], passages.which[[j]])[0]
    low, high = sorted((int(facts.rank[a]), int(facts.rank[b])))
    wanted = limits.same_language if facts.lang[a] == facts.lang[b] else limits.across_languages
    if a == b or score < wanted or low * len(facts.rank) + high in facts.known:
        return None
    if facts.source[a] == facts.source[b] >= 0:
        return None
    gap = max(facts.first[a], facts.first[b]) - min(facts.last[a], facts.last[b])
    return float(score) if gap <= limits.window else None


def told(near: Near) -> list[tuple[int, int, float]]:
    return list(zip(near.i.tolist(), near.j.tolist(), near.score.tolist(), strict=True))


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 4), st.sampled_from([2, 3, 2048]))
@settings(max_examples=60, deadline=None)
def test_leads_are_those_of_a_search_by_hand(seed: int, articles: int, nearest: int, block: int) -> None:
    """In blocks of any size, with few candidates held at a time: the nearest of either passage, the likest first."""
    passages, facts = world(seed, articles)
    limits = Limits(0.8, 0.6, DAY, nearest, 40)
    found = [
        (i, j, score)
        for i in range(len(passages)) for j in range(i + 1, len(passages))
        if (score := apart(passages, facts, limits, i, j)) is not None
    ]  # fmt: skip
    taken: Counter[int] = Counter()
    expected = []
    for i, j, score in sorted(found, key=lambda item: (-item[2], item[0], item[1])):
        taken.update((i, j))
        if min(taken[i], taken[j]) <= nearest:
            expected.append((i, j, score))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK", block)
        patch.setattr(candidates, "HELD", 5)
        assert told(near_leads(passages, facts, limits, lambda *_: None)) == expected[:40]


@given(st.integers(0, 10_000), st.integers(2, 8))
@settings(max_examples=40, deadline=None)
def test_bodies_are_those_of_a_search_by_hand(seed: int, articles: int) -> None:
    """Of two articles the three sentences of the first that are likest to some sentence of the second, if near."""
    passages, facts = world(seed, articles)
    limits = Limits(0.8, 0.6, DAY, 10, 1000)
    one, two = np.array([0, articles - 1]), np.array([articles - 1, 0])
    expected = []
    for a, b in zip(one, two, strict=True):
        least = limits.same_language if facts.lang[a] == facts.lang[b] else limits.across_languages
        best = []
        for i in np.flatnonzero(passages.article == a).tolist():
            others = np.flatnonzero(passages.article == b)
            scores = candidates._cosines(
                passages.vectors, passages.which[np.full(len(others), i)], passages.which[others]
            )
            if len(scores):
                best.append((float(scores.max()), i, int(others[scores.argmax()])))
        best.sort(key=lambda item: -item[0])
        expected += [(min(i, j), max(i, j), score) for score, i, j in best[:3] if score >= least]
    expected.sort(key=lambda item: (-item[2], item[0], item[1]))
    assert told(near_bodies(passages, facts, limits, one, two)) == expected
