"""A corpus with planted reuse: background spliced from real running text, families of copies at six levels.

Levels: exact; light (5 % of the words edited, a new lead); heavy (30 % edited); para (40-90 words inside another
article); para10 (the same with 10 % edits); quote (15-25 words). Boilerplate: one tail an outlet, twenty agency lines
for everybody.
Nothing of the text is shipped: it is read from the data folder, or made up from a vocabulary where there is none.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LEVELS = ("exact", "light", "heavy", "para", "para10", "quote")
WHOLE = LEVELS[:3]
AGENCY_LEAST = 150
"""Documents that the rarest agency line stands in at least: a line in fewer than a hundred is text that a hundred
documents share, and a pair that says so is not false. At 100,000 documents every line stands in five hundred."""


@dataclass
class Planted:
    """Documents in order of time, with the truth: copies as (source, copy, level) and the family of each document."""

    texts: list[str]
    outlet: np.ndarray
    hours: np.ndarray
    copies: list[tuple[int, int, str]]
    families: list[set[int]]


def running_text(data: Path | None) -> list[str]:
    """All words of the real texts one after the other; made-up words where there is no data."""
    if data is None or not (data / "news" / "reuters21578.jsonl").exists():
        return invented_text(np.random.default_rng(1))
    words: list[str] = []
    with (data / "news" / "reuters21578.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            words += json.loads(line)["text"].split()
    for path in sorted((data / "polnear").glob("*/text/*/*.txt")) or sorted(
        (data / "polnear").glob("*/text/*.txt")
    ):
        words += path.read_text(encoding="utf-8", errors="replace").split()
    with (data / "slant" / "newsmtsc_train.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            words += str(row.get("sentence_normalized") or row.get("sentence") or "").split()
    return words


def invented_text(rng: np.random.Generator, types: int = 30_000, length: int = 1_500_000) -> list[str]:
    """Words drawn with Zipf frequencies: no outside data is needed to test the engine itself."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyzéèàüöñáбвгджзлмнпрст"))
    vocabulary = ["".join(rng.choice(letters, rng.integers(2, 10))) for _ in range(types)]
    rank = np.minimum(rng.zipf(1.25, length) - 1, types - 1)
    return [vocabulary[k] for k in rank.tolist()]


class Splicer:
    """Endless text that sounds like the original word by word but repeats none of its longer runs."""

    def __init__(self, words: list[str]) -> None:
        self.words = np.array(words, dtype=object)
        plain = np.array(["".join(s for s in w.lower() if s.isalnum()) for w in words])
        _, kind = np.unique(plain, return_inverse=True)
        order = np.argsort(kind, kind="stable")
        counts = np.bincount(kind)
        starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
        self._order, self._start, self._count, self._kind = order, starts, counts, kind

    def places(self, total: int, rng: np.random.Generator) -> np.ndarray:
        """Places in the running text: many walks side by side, joined end to end."""
        lanes = max(1, total // 2000)
        steps = -(-total // lanes)
        at = rng.integers(0, len(self.words), lanes)
        out = np.empty((steps, lanes), np.int64)
        for step in range(steps):
            out[step] = at
            kind = self._kind[at]
            count = self._count[kind]
            jump = rng.random(lanes) < 0.7
            rare = count < 30
            elsewhere = self._order[self._start[kind] + (rng.random(lanes) * count).astype(np.int64)]
            away = np.where(rng.random(lanes) < 0.5, rng.integers(0, len(self.words), lanes), at)
            at = np.where(jump, np.where(rare, away, elsewhere), at) + 1
            at[at >= len(self.words)] = 0
        return out.T.ravel()[:total]


def edit(words: list[str], rate: float, pool: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Edit each word with that probability: 60 % substituted, 20 % deleted, 20 % followed by a new one."""
    found = []
    draws = rng.random((len(words), 2))
    fresh = rng.integers(0, len(pool), len(words))
    for k, word in enumerate(words):
        if draws[k, 0] >= rate:
            found.append(word)
        elif draws[k, 1] < 0.6:
            found.append(pool[fresh[k]])
        elif draws[k, 1] >= 0.8:
            found += [word, pool[fresh[k]]]
    return found


def build(documents: int, seed: int, data: Path | None = None, splicer: Splicer | None = None) -> Planted:
    """Make the corpus; the same arguments give the same texts."""
    rng = np.random.default_rng(seed)
    splicer = splicer or Splicer(running_text(data))
    lengths = np.clip(np.exp(rng.normal(5.6, 0.55, documents)), 100, 2000).astype(int)
    posts = rng.random(documents) < 0.3
    lengths[posts] = rng.integers(18, 60, int(posts.sum()))
    edges = np.concatenate([[0], np.cumsum(lengths)])
    words = splicer.words[splicer.places(int(edges[-1]), rng)]
    bodies = [words[a:b].tolist() for a, b in itertools.pairwise(edges)]
    outlets = max(30, min(300, documents // 300))
    outlet = rng.integers(0, outlets, documents)
    copies, families = _plant(bodies, posts, outlet, outlets, splicer.words, rng)
    _boilerplate(bodies, outlet, outlets, splicer, rng)
    hours = np.sort(rng.uniform(0, 90 * 24, documents)).astype(np.int64)
    return Planted([" ".join(body) for body in bodies], outlet, hours, copies, families)


def _plant(bodies, posts, outlet, outlets, pool, rng):  # type: ignore[no-untyped-def]
    free = rng.permutation(len(bodies)).tolist()
    articles = [d for d in free if not posts[d]]
    taken: set[int] = set()
    copies: list[tuple[int, int, str]] = []
    families: list[set[int]] = []
    while len(copies) < len(bodies) // 10:
        size = int(min(50, 1 + rng.zipf(1.8)))
        passage = None if rng.random() < 0.5 else LEVELS[3 + int(rng.integers(3))]
        members: list[int] = []
        while len(members) <= size and articles:
            document = articles.pop() if passage or not members else free.pop()
            if document not in taken:
                taken.add(document)
                members.append(document)
        members.sort()
        members = _source_first(members, posts)
        source, rest = members[0], members[1:]
        families.append(set(members))
        for copy in rest:
            level = passage or WHOLE[int(rng.integers(3))]
            bodies[copy] = _copy(bodies[source], bodies[copy], level, pool, rng)
            while outlet[copy] == outlet[source]:
                outlet[copy] = rng.integers(0, outlets)
            copies.append((source, copy, level))
    return copies, families


def _source_first(members: list[int], posts: np.ndarray) -> list[int]:
    """The earliest article is the source; a post before it is left out."""
    first = next(k for k, d in enumerate(members) if not posts[d])
    return members[first:]


def _copy(source: list[str], host: list[str], level: str, pool, rng) -> list[str]:  # type: ignore[no-untyped-def]
    if level == "exact":
        return list(source)
    if level == "light":
        lead = pool[rng.integers(0, len(pool), int(rng.integers(5, 15)))].tolist()
        return lead + edit(source, 0.05, pool, rng)
    if level == "heavy":
        return edit(source, 0.30, pool, rng)
    low, high = (15, 25) if level == "quote" else (40, 90)
    size = min(len(source), int(rng.integers(low, high + 1)))
    start = int(rng.integers(0, len(source) - size + 1))
    passage = source[start : start + size]
    if level == "para10":
        passage = edit(passage, 0.10, pool, rng)
    at = int(rng.integers(0, len(host) + 1))
    return host[:at] + passage + host[at:]


def _boilerplate(bodies, outlet, outlets, splicer, rng):  # type: ignore[no-untyped-def]
    def line(low: int, high: int) -> list[str]:
        size = int(rng.integers(low, high))
        return splicer.words[splicer.places(size, rng)].tolist()

    tails = [line(12, 40) for _ in range(outlets)]
    for document in np.flatnonzero(rng.random(len(bodies)) < 0.3).tolist():
        bodies[document] = bodies[document] + tails[outlet[document]]
    rarest = max(0.005, AGENCY_LEAST / len(bodies))
    for share in np.linspace(rarest, max(0.03, 2 * rarest), 20):
        agency = line(12, 30)
        for document in np.flatnonzero(rng.random(len(bodies)) < share).tolist():
            bodies[document] = bodies[document] + agency
