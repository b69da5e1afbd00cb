"""How well the words of two sentences meet where each is taken with what stands around it.

A word alone says too little of a claim: "bank" meets "bank" whether it lends or fails. Words in context
(``embed_words``) meet only where their neighbours agree, too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from probata.text.guard_reading import Reading

__all__ = ["CONTEXT", "in_context"]

Floats = npt.NDArray[np.float32]

_LOOSE, _LOST = 0.5, 0.4
"""Likeness below which a word in context is met loosely, and not at all."""

_ONE_SIDE = ("mean", "worst", "worst_three", "lost", "plain", "plain_worst", "loose")
CONTEXT = tuple(f"context_{name}_{end}" for end in ("low", "high") for name in _ONE_SIDE)
"""Names of the numbers that ``in_context`` returns: of the worse and of the better met side."""


def in_context(a: Reading, b: Reading, likeness: Floats) -> dict[str, float]:
    """``likeness`` of the content words in context, shape (words of a, words of b)."""
    if not likeness.size:
        return dict.fromkeys(CONTEXT, 0.0)
    sides = np.array([_side(a, likeness.max(axis=1)), _side(b, likeness.max(axis=0))])
    return dict(zip(CONTEXT, [*sides.min(axis=0).tolist(), *sides.max(axis=0).tolist()], strict=True))


def _side(side: Reading, best: Floats) -> list[float]:
    ordered = np.sort(best)
    plain = np.delete(best, list(side.names))
    plain = plain if len(plain) else best
    return [
        float(best.mean()),
        float(ordered[0]),
        float(ordered[:3].mean()),
        float(np.sqrt((best < _LOST).sum())),
        float(plain.mean()),
        float(plain.min()),
        float((best < _LOOSE).mean()),
    ]
