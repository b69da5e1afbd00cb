"""What is left of two sentences of one language once the words that both have are taken away.

A sub-editor who moves a phrase or turns a clause into the passive leaves nothing over; one who takes a synonym leaves a
word on either side that mean the same; where "burned" stands for "forged", the two that are left do not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from probata.text.guard_reading import Reading

__all__ = ["LEFTOVER", "left_over"]

Floats = npt.NDArray[np.float32]

LEFTOVER = (
    "left_none",
    "left_low",
    "left_high",
    "left_met",
    "left_worst",
    "left_around",
    "left_around_worst",
)
"""Names of the numbers that ``left_over`` returns: all zero for sentences of two languages."""

_BOTH = 0.8
"""Likeness in spelling from which two words are forms of one."""


def left_over(a: Reading, b: Reading, spelled: Floats, meaning: tuple[Floats, Floats]) -> dict[str, float]:
    """``spelled`` and ``meaning`` (each word alone, each in its context) have shape (words of a, words of b)."""
    if a.lang != b.lang or not spelled.size:
        return dict.fromkeys(LEFTOVER, 0.0)
    rows, columns = spelled.max(axis=1) < _BOTH, spelled.max(axis=0) < _BOTH
    low, high = sorted((int(rows.sum()), int(columns.sum())))
    row = {
        "left_none": float(high == 0),
        "left_low": float(np.log1p(low)),
        "left_high": float(np.log1p(high)),
    }
    for name, worst, likeness in zip(
        ("left_met", "left_around"), ("left_worst", "left_around_worst"), meaning, strict=True
    ):
        best = _best(likeness, rows, columns)
        row |= {name: float(best.mean()), worst: float(best.min())}
    return row


def _best(likeness: Floats, rows: npt.NDArray[np.bool_], columns: npt.NDArray[np.bool_]) -> Floats:
    """Likeness of the words left over to the likest such word of the other side, for the side with fewer of them.

    One where a side has none left over.
    """
    left = likeness[np.ix_(rows, columns)]
    if not left.size:
        return np.ones(1, np.float32)
    return np.asarray(left.max(axis=1) if left.shape[0] <= left.shape[1] else left.max(axis=0))
