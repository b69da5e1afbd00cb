"""Whole articles side by side: is one a translation or a rewording of the other?

A single sentence that two articles share in other words says little: both may report one event. That most sentences of
one have their counterpart in the other, in much the same order, does not come about without one text behind both. So
the articles whose leads came near one another are aligned sentence by sentence, and a logistic model of what the
alignment is like gives the chance that one text was taken over. Who took it from whom, times and citations decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.spread.bitext_kernels import beads, in_common, measure
from probata.analyse.spread.remembered import Memory, Told

__all__ = ["FEATURES", "Aligned", "Sentences", "aligned", "chances", "features", "laid", "shipped_weights"]

Array = npt.NDArray[Any]

FEATURES = (
    "gain", "total", "covered", "closeness", "near", "mutual", "order", "margin", "ratio",
    "numbers_shared", "numbers_own", "numbers_common", "across", "near_across",
)  # fmt: skip
"""What the model weighs: the alignment (see ``bitext_kernels.COLUMNS``; gain by words of the shorter side and in all,
what is covered of the side covered more, nearness of the side less near), how unlike the lengths are, the numbers that
both have or only one has, and whether they are of two languages."""

_NUMBER = re.compile(r"\d+(?:[ .,'’\u00a0\u202f]\d{3}(?!\d))*")


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences of many articles as columns, in the order of the articles; numbers of each article."""

    edges: Array
    """Those of article a stand at ``edges[a]`` to ``edges[a + 1]``."""
    start: Array
    end: Array
    which: Array
    """Row of the sentence's vector in ``vectors``."""
    words: Array  # float64
    vectors: Array
    number: Array
    """Numbers in figures of each article, as codes in order; those of article a stand at ``at[a]`` to ``at[a + 1]``."""
    at: Array


@dataclass(frozen=True, slots=True)
class Aligned:
    """Aligned passages of some pairs; those of pair p are ``cut[p]:cut[p + 1]``, in order."""

    spans: Array
    """int64 [passages, 4]: start and end in a, then in b, code points."""
    score: Array
    cut: Array
    closeness: Array  # of a pair: mean cosine by words
    share_a: Array
    share_b: Array


LEAST_WORDS = 3
"""Words of a sentence below which it is not looked at."""


def laid(
    memory: Memory,
    texts: Sequence[str],
    langs: Sequence[str],
    rows: Array,
    limits: tuple[int, int],
    told: Told,
) -> Sentences:
    """The sentences of articles ``rows``; ``limits`` are how many code points and sentences of each are looked at."""
    longest, most = limits
    heads, spoken = [texts[i][:longest] for i in rows], [langs[i] for i in rows]
    found = memory.spans(heads, spoken, most, (0, LEAST_WORDS))
    spans = found["span"][np.arange(most) < found["count"][:, None]].astype(np.int64)
    article = np.repeat(rows, found["count"])
    said = [texts[i][start:end] for i, (start, end) in zip(article.tolist(), spans.tolist(), strict=True)]
    distinct = sorted(set(said))
    place = {text: row for row, text in enumerate(distinct)}
    numbers = [numbers_of(text) for text in heads]
    code = {number: row for row, number in enumerate(sorted(frozenset[str]().union(*numbers)))}
    many = np.zeros(len(texts) + 1, np.int64)
    many[rows + 1] = [len(found) for found in numbers]
    return Sentences(
        np.searchsorted(article, np.arange(len(texts) + 1)),
        spans[:, 0],
        spans[:, 1],
        np.array([place[text] for text in said], np.int64),
        np.array([len(text.split()) for text in said], float),
        memory.encode(distinct, told),
        np.array(
            [place for found in numbers for place in sorted(code[number] for number in found)], np.int64
        ),
        np.cumsum(many),
    )


def numbers_of(text: str) -> frozenset[str]:
    """Numbers in figures, however their thousands are set off."""
    return frozenset(re.sub(r"\D", "", found) for found in _NUMBER.findall(text))


def features(sentences: Sentences, pairs: Array, across: Array, least: Array) -> Array:
    """``FEATURES`` of each pair of articles (rows), shape (pairs, features)."""
    s = sentences
    found = measure(s.vectors, s.which, s.words, s.edges, pairs, least)
    gain, covered_a, covered_b, closeness, near_a, near_b, mutual, order, margin = found.T
    words = np.maximum(1.0, np.add.reduceat(np.append(s.words, 0.0), s.edges[:-1]) * (np.diff(s.edges) > 0))
    a, b = words[pairs[:, 0]], words[pairs[:, 1]]
    near = np.minimum(near_a, near_b)
    figures = in_common(s.number, s.at, pairs)
    fewer = np.diff(s.at)[pairs].min(axis=1, initial=1 << 40)
    return np.column_stack([
        gain / np.minimum(a, b), np.log1p(gain), np.maximum(covered_a, covered_b), closeness, near, mutual, order,
        margin, np.abs(np.log(a / b)), (figures + 0.5) / (fewer + 1), np.log1p(fewer - figures), np.log1p(figures),
        across, across * near,
    ])  # fmt: skip


def chances(weights: Mapping[str, Any], found: Array) -> Array:
    """Chance that one text is behind both articles, one a pair."""
    scaled = (found[:, [FEATURES.index(name) for name in weights["features"]]] - weights["mean"]) / weights[
        "scale"
    ]
    score = (scaled * np.array(weights["weights"])).sum(axis=1) + weights["bias"]
    return np.asarray(1 / (1 + np.exp(-score)))


def aligned(sentences: Sentences, pairs: Array, least: Array) -> Aligned:
    """The passages that stand beside one another in pairs of articles."""
    s = sentences
    spans, score, cut = beads(s.vectors, s.which, s.words, s.edges, pairs, least)
    places = np.column_stack(
        [s.start[spans[:, 0]], s.end[spans[:, 1] - 1], s.start[spans[:, 2]], s.end[spans[:, 3] - 1]]
    )
    before = np.concatenate([[0.0], np.cumsum(s.words)])
    size_a, size_b = before[spans[:, 1]] - before[spans[:, 0]], before[spans[:, 3]] - before[spans[:, 2]]
    pair = np.repeat(np.arange(len(pairs)), np.diff(cut))
    of_a, of_b, near = (
        np.bincount(pair, weight, len(pairs)) for weight in (size_a, size_b, (size_a + size_b) * score)
    )
    whole = before[s.edges[1:]] - before[s.edges[:-1]]
    closeness = near / np.maximum(1.0, of_a + of_b)
    return Aligned(places, score, cut, closeness, of_a / whole[pairs[:, 0]], of_b / whole[pairs[:, 1]])


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[str, Any]:
    """The weights that come with the package."""
    text = resources.files("probata").joinpath("data/guard/articles.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded
