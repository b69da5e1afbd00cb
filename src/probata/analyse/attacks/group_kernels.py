"""Numba kernels that the group tests share: Poisson tails, cohesive groups and their scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]

CAP = 12.0
"""Largest weight that one tie may carry: no single pair may make a group significant by itself."""


@njit(cache=True, nogil=True)
def poisson_weight(count: int, mean: float) -> float:
    """-log10 P(Poisson(mean) >= count), at most ``CAP``."""
    if mean <= 0.0:
        return CAP if count > 0 else 0.0
    term = np.exp(-mean)
    below = 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    tail = 1.0 - below
    if tail < 1e-10:  # sum the upper tail itself where 1 - below has lost its digits
        tail = 0.0
        for k in range(count, count + 60):
            tail += term
            term *= mean / (k + 1)
    if tail <= 10.0**-CAP:
        return CAP
    return float(-np.log10(tail))


@njit(cache=True, nogil=True)
def cohesive(n: int, first: Array, second: Array, weight: Array, least: float) -> Array:
    """Group nodes so that every merge joined halves whose mean tie was at least ``least``.

    Ties are taken from the strongest (order of the arrays); two clusters merge where the sum of the weights between
    them over the number of pairs between them reaches ``least`` (absent ties count 0). Deterministic.

    Returns:
        Label of each node: the smallest node of its cluster.
    """
    label = np.arange(n)
    size = np.ones(n, np.int64)
    following = np.full(n, -1, np.int64)
    last = np.arange(n)
    degree = np.zeros(n + 1, np.int64)
    for e in range(len(first)):
        degree[first[e] + 1] += 1
        degree[second[e] + 1] += 1
    start = np.cumsum(degree)
    place = start.copy()
    other = np.empty(2 * len(first), np.int64)
    strength = np.empty(2 * len(first), np.float64)
    for e in range(len(first)):
        for swap in range(2):
            u, v = (first[e], second[e]) if swap == 0 else (second[e], first[e])
            other[place[u]] = v
            strength[place[u]] = weight[e]
            place[u] += 1
    for e in range(len(first)):
        a, b = label[first[e]], label[second[e]]
        if a == b:
            continue
        if size[a] > size[b]:
            a, b = b, a
        between = 0.0
        node = a
        while node >= 0:
            for k in range(start[node], start[node + 1]):
                if label[other[k]] == b:
                    between += strength[k]
            node = following[node]
        if between < least * size[a] * size[b]:
            continue
        keep, gone = min(a, b), max(a, b)
        node = gone
        while node >= 0:
            label[node] = keep
            node = following[node]
        following[last[keep]] = gone
        last[keep] = last[gone]
        size[keep] += size[gone]
    return label


@njit(cache=True, nogil=True)
def group_scores(n: int, label: Array, first: Array, second: Array, weight: Array) -> tuple[Array, Array]:
    """Sum of the weights inside each cluster, and the number of its members (both indexed by label)."""
    score = np.zeros(n)
    size = np.zeros(n, np.int64)
    for node in range(n):
        size[label[node]] += 1
    for e in range(len(first)):
        if label[first[e]] == label[second[e]]:
            score[label[first[e]]] += weight[e]
    return score, size


@njit(cache=True, nogil=True)
def core_groups(n: int, first: Array, second: Array, weight: Array, least: float) -> Array:
    """Connected groups of the weighted core: nodes whose ties inside the core sum to at least ``least``.

    Suits chains and rings, in which a member is tied to few others but to those well (a weighted k-core,
    Batagelj & Zaversnik 2003).

    Returns:
        Label of each node: the smallest node of its group, or its own number outside every group.
    """
    alive = np.ones(n, np.bool_)
    changed = True
    while changed:
        changed = False
        degree = np.zeros(n)
        for e in range(len(first)):
            if alive[first[e]] and alive[second[e]]:
                degree[first[e]] += weight[e]
                degree[second[e]] += weight[e]
        for node in range(n):
            if alive[node] and degree[node] < least:
                alive[node] = False
                changed = True
    label = np.arange(n)
    for e in range(len(first)):
        if not (alive[first[e]] and alive[second[e]]):
            continue
        a, b = first[e], second[e]
        while label[a] != a:
            label[a] = label[label[a]]
            a = label[a]
        while label[b] != b:
            label[b] = label[label[b]]
            b = label[b]
        if a != b:
            label[max(a, b)] = min(a, b)
    for node in range(n):
        root = node
        while label[root] != root:
            root = label[root]
        label[node] = root
    return label


@njit(cache=True, nogil=True)
def cohesive_dense(weight: Array, first: Array, second: Array, least: float) -> tuple[Array, Array]:
    """As ``cohesive`` for a full matrix of weights, negative ones included; costs users times merges.

    Args:
        weight: symmetric, users x users, zero on the diagonal.
        first, second: pairs to try, strongest first.
        least: least mean weight between two clusters that merge.

    Returns:
        Label of each user (the smallest user of its cluster) and the sum of the weights inside each cluster.
    """
    n = len(weight)
    between = weight.copy()
    label, size, inside = np.arange(n), np.ones(n, np.int64), np.zeros(n)
    for e in range(len(first)):
        a, b = label[first[e]], label[second[e]]
        if a == b or between[a, b] < least * size[a] * size[b]:
            continue
        keep, gone = min(a, b), max(a, b)
        inside[keep] += inside[gone] + between[keep, gone]
        inside[gone] = 0.0
        size[keep] += size[gone]
        for k in range(n):
            between[keep, k] += between[gone, k]
            between[k, keep] = between[keep, k]
            if label[k] == gone:
                label[k] = keep
    return label, inside
