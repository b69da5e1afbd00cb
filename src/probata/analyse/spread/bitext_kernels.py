"""Sentences of two articles laid side by side, compiled.

Alignment in order by dynamic programming (Gale & Church 1993), scored by sentence vectors (Thompson & Koehn 2019,
Vecalign): one sentence beside one, or beside two that say it together. The vector of two sentences is the sum of both
by their words, so that nothing is embedded twice: all follows from the cosines of single sentences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.candidates import _cosine

__all__ = ["COLUMNS", "beads", "in_common", "measure"]

Array = np.ndarray[Any, np.dtype[Any]]

COLUMNS = ("gain", "covered_a", "covered_b", "closeness", "near_a", "near_b", "mutual", "order", "margin")
"""What ``measure`` works out of a pair.

``gain``: words of the aligned passages times what their cosine lies above the least one; ``covered``: share of a
side's words in aligned passages; ``closeness``: mean cosine of these by words; ``near``: mean over a side's sentences,
by words, of the cosine with the nearest sentence of the other; ``mutual``: words of sentences that are nearest to one
another, by those of the shorter side; ``order``: how far these come in the same order (-1 to 1); ``margin``: how much
nearer the nearest sentence is than all are in the mean, for the side of fewer sentences (the mean of both).
"""


@njit(cache=True, nogil=True)
def measure(table, which, words, edges, pairs, least):  # type: ignore[no-untyped-def]
    """``COLUMNS`` of each pair of articles, shape (pairs, 9).

    ``which`` and ``words`` belong to the sentences, those of article a stand at ``edges[a]`` to ``edges[a + 1]``;
    ``least`` is the cosine of a pair from which passages are worth aligning.
    """
    found = np.zeros((len(pairs), 9))
    for pair in range(len(pairs)):
        a, b = pairs[pair]
        if edges[a] == edges[a + 1] or edges[b] == edges[b + 1]:
            continue
        near = _nearness(table, which[edges[a] : edges[a + 1]], which[edges[b] : edges[b + 1]])
        of_a, of_b = words[edges[a] : edges[a + 1]], words[edges[b] : edges[b + 1]]
        spans, score, gain = _aligned(
            near,
            of_a,
            of_b,
            _joined(table, which, words, edges, a),
            _joined(table, which, words, edges, b),
            least[pair],
        )
        _passages(found[pair], spans, score, gain, of_a, of_b)
        _sentences(found[pair], near, of_a, of_b, least[pair])
    return found


@njit(cache=True, nogil=True)
def beads(table, which, words, edges, pairs, least):  # type: ignore[no-untyped-def]
    """Aligned passages of each pair: sentences (first and behind the last of a, then of b), cosine, and where each
    pair's begin and end.
    """
    spans, scores, cut = [], [], np.zeros(len(pairs) + 1, np.int64)
    for pair in range(len(pairs)):
        a, b = pairs[pair]
        found, score, _ = _aligned(
            _nearness(table, which[edges[a] : edges[a + 1]], which[edges[b] : edges[b + 1]]),
            words[edges[a] : edges[a + 1]], words[edges[b] : edges[b + 1]],
            _joined(table, which, words, edges, a), _joined(table, which, words, edges, b), least[pair],
        )  # fmt: skip
        found[:, :2] += edges[a]
        found[:, 2:] += edges[b]
        spans.append(found)
        scores.append(score)
        cut[pair + 1] = cut[pair] + len(found)
    together, values = np.empty((cut[-1], 4), np.int64), np.empty(cut[-1])
    for pair in range(len(pairs)):
        together[cut[pair] : cut[pair + 1]] = spans[pair]
        values[cut[pair] : cut[pair + 1]] = scores[pair]
    return together, values, cut


@njit(cache=True, nogil=True)
def _nearness(table, one, two):  # type: ignore[no-untyped-def]
    near = np.empty((len(one), len(two)))
    for i in range(len(one)):
        for j in range(len(two)):
            near[i, j] = _cosine(table, one[i], two[j])
    return near


@njit(cache=True, nogil=True)
def _joined(table, which, words, edges, article):  # type: ignore[no-untyped-def]
    """Length of the vector that each sentence of an article makes with the next."""
    first, last = edges[article], edges[article + 1]
    length = np.empty(max(0, last - first - 1))
    for i in range(first, last - 1):
        both = 2 * words[i] * words[i + 1] * _cosine(table, which[i], which[i + 1])
        length[i - first] = np.sqrt(max(1e-9, words[i] ** 2 + words[i + 1] ** 2 + both))
    return length


@njit(cache=True, nogil=True)
def _one_to_two(near, words, length, i, j):  # type: ignore[no-untyped-def]
    """Cosine of sentence ``i`` with sentences ``j`` and ``j + 1`` together."""
    return (words[j] * near[i, j] + words[j + 1] * near[i, j + 1]) / length[j]


@njit(cache=True, nogil=True)
def _aligned(near, of_a, of_b, length_a, length_b, least):  # type: ignore[no-untyped-def]
    """Passages in order, their cosines, and what all of them gain."""
    n, m = near.shape
    gain = np.zeros((n + 1, m + 1))
    step = np.zeros((n + 1, m + 1), np.int8)
    score = np.zeros((n + 1, m + 1))
    across = near.T
    for i in range(n + 1):
        for j in range(m + 1):
            if i and gain[i - 1, j] >= gain[i, j]:
                gain[i, j], step[i, j] = gain[i - 1, j], 1
            if j and (not step[i, j] or gain[i, j - 1] > gain[i, j]):
                gain[i, j], step[i, j] = gain[i, j - 1], 2
            if not i or not j:
                continue
            for kind in range(3, 6):  # one beside one, one beside two, two beside one
                ahead_a, ahead_b = (2 if kind == 5 else 1), (2 if kind == 4 else 1)
                if i < ahead_a or j < ahead_b:
                    continue
                value = near[i - 1, j - 1]
                if kind == 4:
                    value = _one_to_two(near, of_b, length_b, i - 1, j - 2)
                elif kind == 5:
                    value = _one_to_two(across, of_a, length_a, j - 1, i - 2)
                size = (of_a[i - ahead_a : i].sum() + of_b[j - ahead_b : j].sum()) / 2
                total = gain[i - ahead_a, j - ahead_b] + size * (value - least)
                if total > gain[i, j]:
                    gain[i, j], step[i, j], score[i, j] = total, kind, value
    return (*_traced(step, score), gain[n, m])


@njit(cache=True, nogil=True)
def _traced(step, score):  # type: ignore[no-untyped-def]
    i, j = step.shape[0] - 1, step.shape[1] - 1
    spans, values = np.empty((i + j, 4), np.int64), np.empty(i + j)
    at = i + j
    while i or j:
        kind = step[i, j]
        ahead_a = 0 if kind == 2 else 2 if kind == 5 else 1
        ahead_b = 0 if kind == 1 else 2 if kind == 4 else 1
        if kind > 2:
            at -= 1
            spans[at, 0], spans[at, 1], spans[at, 2], spans[at, 3] = i - ahead_a, i, j - ahead_b, j
            values[at] = score[i, j]
        i, j = i - ahead_a, j - ahead_b
    return spans[at:].copy(), values[at:].copy()


@njit(cache=True, nogil=True)
def _passages(row, spans, score, gain, of_a, of_b):  # type: ignore[no-untyped-def]
    """Gain, what is covered of either side, mean closeness."""
    covered_a = covered_b = together = 0.0
    for bead in range(len(spans)):
        size_a = of_a[spans[bead, 0] : spans[bead, 1]].sum()
        size_b = of_b[spans[bead, 2] : spans[bead, 3]].sum()
        covered_a += size_a
        covered_b += size_b
        together += (size_a + size_b) * score[bead]
    row[0], row[1], row[2] = gain, covered_a / of_a.sum(), covered_b / of_b.sum()
    row[3] = together / (covered_a + covered_b) if len(spans) else 0.0


@njit(cache=True, nogil=True)
def _sentences(row, near, of_a, of_b, least):  # type: ignore[no-untyped-def]
    """How near the nearest sentence is, which are nearest to one another, and in what order."""
    n, m = near.shape
    best_a, best_b = np.empty(n), np.empty(m)
    at_a, at_b = np.empty(n, np.int64), np.empty(m, np.int64)
    for i in range(n):
        at_a[i] = np.argmax(near[i])
        best_a[i] = near[i, at_a[i]]
    for j in range(m):
        at_b[j] = np.argmax(near[:, j])
        best_b[j] = near[at_b[j], j]
    row[4], row[5] = (best_a * of_a).sum() / of_a.sum(), (best_b * of_b).sum() / of_b.sum()
    place, count, words = np.empty(n, np.int64), 0, 0.0
    for i in range(n):
        j = at_a[i]
        if at_b[j] == i and near[i, j] >= least:
            place[count] = j
            count += 1
            words += min(of_a[i], of_b[j])
    row[6] = words / min(of_a.sum(), of_b.sum())
    later = 0
    for i in range(count):
        for j in range(i + 1, count):
            later += 1 if place[j] > place[i] else -1
    row[7] = later / (count * (count - 1) / 2) if count > 1 else 0.0
    all_a, all_b = (of_a * near.sum(axis=1)).sum() / m, (of_b * near.sum(axis=0)).sum() / n
    margin_a, margin_b = row[4] - all_a / of_a.sum(), row[5] - all_b / of_b.sum()
    row[8] = margin_a if n < m else margin_b if n > m else (margin_a + margin_b) / 2


@njit(cache=True, nogil=True)
def in_common(values, at, pairs):  # type: ignore[no-untyped-def]
    """How many values both of a pair have; those of a stand in order at ``at[a]`` to ``at[a + 1]``."""
    found = np.zeros(len(pairs))
    for pair in range(len(pairs)):
        i, end = at[pairs[pair, 0]], at[pairs[pair, 0] + 1]
        j, last = at[pairs[pair, 1]], at[pairs[pair, 1] + 1]
        while i < end and j < last:
            found[pair] += values[i] == values[j]
            i, j = i + (values[i] <= values[j]), j + (values[j] <= values[i])
    return found
