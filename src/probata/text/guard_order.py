"""Who before whom: words in another order and words that changed places, in two sentences aligned."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from probata.text.guard_reading import Reading

__all__ = ["order"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_MATCH = 0.55


def order(a: Reading, b: Reading, likeness: Floats, verbatim: float) -> dict[str, float]:
    """Who before whom: pairs of words in another order, and words that changed sides round a third."""
    voice = float(a.passive != b.passive)
    swap = disorder = exchange = left_over = 0.0
    rows, columns = _mutual(likeness)
    if len(rows) >= 3:
        before_a = rows[:, None] < rows[None, :]
        before_b = columns[:, None] < columns[None, :]
        disorder = float((before_a != before_b).sum()) / (len(rows) * (len(rows) - 1))
        left = (
            before_a & ~before_b & ~np.eye(len(rows), dtype=bool)
        )  # left[x, v]: x precedes v in a, follows in b
        swap = float(np.log1p(np.minimum(left.sum(axis=0), left.sum(axis=1)).sum()))
        exchange, left_over = _exchange(columns.argsort().argsort())
    strict = max(0.0, verbatim - 0.6) * 2.5
    lead = min(_shift(likeness), _shift(likeness.T))
    across = float(a.lang != b.lang)
    return {
        "swap": swap,
        "swap_verbatim": swap * strict,
        "disorder": disorder,
        "disorder_verbatim": disorder * strict,
        "disorder_across": disorder * across,
        "exchange": exchange,
        "exchange_across": exchange * across,
        "exchange_voice": exchange * voice,
        "exchange_left": exchange * left_over,
        "lead_shift": lead,
        "lead_shift_across": lead * across,
        "voice": voice,
        "swap_voice": swap * voice,
    }


def _exchange(order: npt.NDArray[np.int64]) -> tuple[float, float]:
    """How much of the disorder goes away when two words (twice at most) change places, and how much stays.

    Two roles swapped leave all else in place: [4 1 2 3 0]. A phrase moved ([3 4 0 1 2]) is not mended so. Words that
    stand side by side do not count (an adjective before or behind its noun). Both from 0 to 1.
    """
    start = left = _inversions(order)
    if not start:
        return 0.0, 0.0
    for _ in range(2):
        best = (left, order)
        for i in range(len(order)):
            for j in range(i + 2, len(order)):
                if order[i] > order[j] + 1:
                    tried = order.copy()
                    tried[i], tried[j] = order[j], order[i]
                    best = min(best, (_inversions(tried), tried), key=lambda item: item[0])
        left, order = best
    pairs = len(order) * (len(order) - 1) / 2
    return (start - left) / start, left / pairs


def _inversions(order: npt.NDArray[np.int64]) -> int:
    return int(np.triu(order[:, None] > order[None, :], 1).sum())


def _shift(likeness: Floats) -> float:
    """How far from the start the first word of one side stands in the other (0: first or not there, 1: last)."""
    if likeness.shape[0] == 0 or likeness.shape[1] < 2 or likeness[0].max() < _MATCH:
        return 0.0
    return float(likeness[0].argmax() / (likeness.shape[1] - 1))


def _mutual(likeness: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Words that are each other's best match."""
    if not likeness.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    to_b, to_a = likeness.argmax(axis=1), likeness.argmax(axis=0)
    rows = np.arange(len(likeness))
    kept = (to_a[to_b] == rows) & (likeness[rows, to_b] >= _MATCH)
    return rows[kept].astype(np.int64), to_b[kept].astype(np.int64)
